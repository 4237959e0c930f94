#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/io/system/system.h"

namespace datafly::helm {

/// How a helm was run whose output is looked at.
struct HelmRun {
  std::string helm;          ///< the program
  std::string_view by_hand;  ///< the command to try by hand, for the remedy
  /// Takes out of helm's words what must not be shown, before anything is cut: half a secret is not
  /// found. May be empty.
  std::function<std::string(std::string_view)> mask = {};
  bool keep_words = false;  ///< the caller masks and cuts
};

/// Why helm did not do it, if it did not: no such program, or Helm's own words (redacted, on one
/// line) for an exit code other than 0.
Result<void> CheckOutput(const Result<CommandOutput>& output, const HelmRun& run);

}  // namespace datafly::helm
