#pragma once

#include "common/cli/session.h"
#include "common/core/report/document.h"

namespace datafly::cli {

/// How a table is shown on this screen now.
report::RenderOptions ScreenOptions(const Session& session, const SharedFlags& flags);

/// Shows the document on stdout by -o and writes the --report files (0600). The exit code is the
/// document's, or CouldNotDo when an output failed.
ExitStatus Show(Session& session, const SharedFlags& flags, const OutputPlan& plan,
                const report::Document& document);

}  // namespace datafly::cli
