#include "plugins/helm-signal/kill_at.h"

#include <signal.h>

#include <cstdlib>

namespace datafly::commands {

#ifdef SIGNAL_TEST_SEAMS

KillAt::KillAt(const Environment& environment) {
  const std::string at = environment.Get("HELM_SIGNAL_KILL_AT").value_or("");
  const auto colon = at.find(':');
  if (colon == std::string::npos) return;
  step_ = std::atoi(at.substr(0, colon).c_str());
  after_ = at.substr(colon + 1) == "after";
}

void KillAt::Before(std::string_view) {
  ++seen_;
  if (seen_ == step_ && !after_) ::raise(SIGKILL);
}

void KillAt::After(std::string_view) {
  if (seen_ == step_ && after_) ::raise(SIGKILL);
}

#else

KillAt::KillAt(const Environment&) {}
void KillAt::Before(std::string_view) {}
void KillAt::After(std::string_view) {}

#endif

}  // namespace datafly::commands
