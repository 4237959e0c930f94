#pragma once

#include <string>

#include "common/cli/session.h"

namespace datafly::cli {

/// Asks on the terminal (the question on stderr) and reads one line from stdin, while the loop
/// turns: leases are renewed meanwhile. Errors: stdin or stderr is no terminal, end of input, the
/// deadline, an interrupt.
Result<std::string> AskLine(Session& session, const std::string& question, Instant deadline);

/// A destructive step: the release's name must be typed, or have come by --yes-destroy=NAME
/// (`given`; "" = was not given). --yes does not cover it. Errors as AskLine; InvalidInput for
/// another name.
Result<void> ConfirmDestruction(Session& session, const std::string& what,
                                const std::string& release, const std::string& given,
                                Instant deadline);

}  // namespace datafly::cli
