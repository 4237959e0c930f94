#pragma once

#include <string_view>

namespace datafly::operations {

/// Told before and after every write of an operation ("journal: planned", "helm upgrade", "lease:
/// acquire"): the seam at which tests kill the process.
class StepObserver {
 public:
  virtual ~StepObserver() = default;
  virtual void Before(std::string_view step) = 0;
  virtual void After(std::string_view step) = 0;
};

}  // namespace datafly::operations
