#pragma once

#include "common/io/system/system.h"
#include "common/operations/observer.h"

namespace datafly::commands {

/// For the kill matrix of tests/lab: HELM_SIGNAL_KILL_AT=N:before|after ends this process by
/// SIGKILL at its Nth write. Only in builds for tests (SIGNAL_TEST_SEAMS); in a release it looks
/// at nothing.
class KillAt : public operations::StepObserver {
 public:
  explicit KillAt(const Environment& environment);
  void Before(std::string_view step) override;
  void After(std::string_view step) override;

 private:
  int step_ = 0, seen_ = 0;
  bool after_ = false;
};

}  // namespace datafly::commands
