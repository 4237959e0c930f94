#pragma once

#include "common/core/base/time.h"
#include "common/io/system/system.h"
#include "common/operations/observer.h"

namespace datafly::commands {

/// For the kill matrix of tests/lab: HELM_SIGNAL_KILL_AT=N:before|after ends this process by
/// SIGKILL at its Nth write, HELM_SIGNAL_STOP_AT stops it by SIGSTOP. Only in builds for tests
/// (SIGNAL_TEST_SEAMS); in a release it looks at nothing.
class KillAt : public operations::StepObserver {
 public:
  explicit KillAt(const Environment& environment);
  void Before(std::string_view step) override;
  void After(std::string_view step) override;

 private:
  int signal_ = 0, step_ = 0, seen_ = 0;
  bool after_ = false;
};

/// How long the lease holds: `otherwise`, or in builds for tests HELM_SIGNAL_LEASE seconds, so that
/// what is stopped for longer need not be waited for so long.
Millis LeaseDuration(const Environment& environment, Millis otherwise);

}  // namespace datafly::commands
