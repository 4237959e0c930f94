#pragma once

#include "common/cli/session.h"
#include "common/core/report/document.h"

namespace datafly::cli {

/// How a table is shown on this screen now.
report::RenderOptions ScreenOptions(const Session& session, const SharedFlags& flags);

/// Shows the document on stdout by -o and writes the --report files (0600), each where it can be
/// written. The exit code is the document's; where that is 0 and an output failed, CouldNotDo.
ExitStatus Show(Session& session, const SharedFlags& flags, const OutputPlan& plan,
                const report::Document& document);

}  // namespace datafly::cli
