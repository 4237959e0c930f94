#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/io/system/system.h"

namespace datafly::helm {

/// How a helm was run whose output is looked at.
struct HelmRun {
  std::string helm;    ///< the program
  std::string remedy;  ///< what to do when it fails, such as ByHand
  /// Takes out of helm's words what must not be shown, before anything is cut: half a secret is not
  /// found. May be empty.
  std::function<std::string(std::string_view)> mask = {};
  bool keep_words = false;  ///< the caller masks and cuts
};

using Environment = std::vector<std::pair<std::string, std::string>>;

/// "helm history app --namespace prod --kube-context eu": a command that can be pasted, at the
/// cluster that the variables of a helm child name. Without credentials.
std::string Pasted(std::vector<std::string> words, const Environment& environment);
/// The remedy that names it: "the same by hand: helm …".
std::string ByHand(std::vector<std::string> words, const Environment& environment);

/// Why helm did not do it, if it did not: no such program, or Helm's own words (redacted, on one
/// line) for an exit code other than 0.
Result<void> CheckOutput(const Result<CommandOutput>& output, const HelmRun& run);

}  // namespace datafly::helm
