#include "plugins/helm-signal/kill_at.h"

#include <signal.h>

#include <cstdlib>

namespace datafly::commands {

#ifdef SIGNAL_TEST_SEAMS

KillAt::KillAt(const Environment& environment) {
  const std::string kill = environment.Get("HELM_SIGNAL_KILL_AT").value_or("");
  const std::string stop = environment.Get("HELM_SIGNAL_STOP_AT").value_or("");
  const std::string& at = kill.empty() ? stop : kill;
  const auto colon = at.find(':');
  if (colon == std::string::npos) return;
  signal_ = kill.empty() ? SIGSTOP : SIGKILL;
  step_ = std::atoi(at.substr(0, colon).c_str());
  after_ = at.substr(colon + 1) == "after";
}

void KillAt::Before(std::string_view) {
  ++seen_;
  if (seen_ == step_ && !after_) ::raise(signal_);
}

void KillAt::After(std::string_view) {
  if (seen_ == step_ && after_) ::raise(signal_);
}

Millis LeaseDuration(const Environment& environment, Millis otherwise) {
  const int seconds = std::atoi(environment.Get("HELM_SIGNAL_LEASE").value_or("").c_str());
  return seconds > 0 ? Millis(seconds * 1000) : otherwise;
}

#else

KillAt::KillAt(const Environment&) {}
void KillAt::Before(std::string_view) {}
void KillAt::After(std::string_view) {}
Millis LeaseDuration(const Environment&, Millis otherwise) { return otherwise; }

#endif

}  // namespace datafly::commands
