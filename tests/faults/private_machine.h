#pragma once

#include <functional>
#include <map>
#include <string>

namespace datafly::testing {

/// Runs `body` on a thread of its own that sees these files in place of the machine's (their
/// folders under /etc are empty but for them), in a network namespace of its own when
/// `own_network`, whose loopback is up. False, and nothing was run, when this process has no right
/// to do so.
bool OnPrivateMachine(const std::map<std::string, std::string>& files,
                      const std::function<void()>& body, bool own_network = false);

void WriteFile(const std::string& path, const std::string& text);

}  // namespace datafly::testing
