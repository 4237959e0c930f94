#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"

namespace datafly {

/// A version by Semantic Versioning 2.0.0 (semver.org). A leading "v" is accepted on reading and not kept.
struct SemVer {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  std::string prerelease;  ///< without the dash: "rc.1"
  std::string build;       ///< without the plus; no part in comparisons

  static Result<SemVer> Parse(std::string_view text);
  [[nodiscard]] std::string ToString() const;
};

/// -1, 0, 1 by SemVer precedence (section 11): build ignored, a prerelease is lower than its release.
int Compare(const SemVer& a, const SemVer& b);
inline bool operator==(const SemVer& a, const SemVer& b) { return Compare(a, b) == 0; }
inline bool operator<(const SemVer& a, const SemVer& b) { return Compare(a, b) < 0; }

/// What a step from one version to another is, by the guide's version policy.
enum class VersionStep { Same, Patch, Minor, Major, Downgrade };
std::string_view ToString(VersionStep step);
VersionStep ClassifyStep(const SemVer& from, const SemVer& to);

/// A range as Helm's Chart.yaml `kubeVersion` has it (Masterminds/semver): ">=1.28.0-0", ">= 1.28, < 2.0 || ^3", "1.2 - 1.4", "~1.2", "*".
class SemVerRange {
 public:
  static Result<SemVerRange> Parse(std::string_view text);
  /// As Masterminds: a prerelease version matches only a comparator that itself names a prerelease.
  [[nodiscard]] bool Contains(const SemVer& version) const;

 private:
  enum class Operator { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };
  struct Comparator {
    Operator op;
    SemVer version;
    bool names_prerelease;
  };
  std::vector<std::vector<Comparator>> any_of_;  ///< any of the lists, all of a list
};

}  // namespace datafly
