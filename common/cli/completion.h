#pragma once

#include <string>
#include <vector>

#include "common/cli/session.h"

namespace datafly::cli {

/// The hidden command by which shells ask for candidates.
inline constexpr const char* kCompleteCommand = "__complete";

/// `completion`: prints (or with --install DIR writes) the executable by which kubectl completes a
/// plugin: `kubectl_complete-signal` on PATH is called with the words so far and prints
/// "candidate<TAB>description" lines (kubectl pkg/cmd/plugin: plugin_completion.go).
Command CompletionCommand();

/// `__complete WORD… LAST`: the candidates for the last word, one a line, then ":4" (cobra: do not
/// fall back to files). Returns the exit code.
int PrintCandidates(const CommandLine& root, const std::vector<Command>& commands,
                    const std::vector<std::string>& arguments);

}  // namespace datafly::cli
