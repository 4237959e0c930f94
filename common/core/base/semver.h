#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"

namespace datafly {

/// A version by Semantic Versioning 2.0.0 (semver.org). A leading "v" is accepted on reading and
/// not kept.
struct SemVer {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  std::string prerelease;  ///< without the dash: "rc.1"
  std::string build;       ///< without the plus; no part in comparisons

  static Result<SemVer> Parse(std::string_view text);
  [[nodiscard]] std::string ToString() const;
};

/// -1, 0, 1 by SemVer precedence (section 11): build ignored, a prerelease is lower than its
/// release.
int Compare(const SemVer& a, const SemVer& b);
inline bool operator==(const SemVer& a, const SemVer& b) { return Compare(a, b) == 0; }
inline bool operator<(const SemVer& a, const SemVer& b) { return Compare(a, b) < 0; }

/// What a step from one version to another is, by the guide's version policy.
enum class VersionStep { Same, Patch, Minor, Major, Downgrade };
std::string_view ToString(VersionStep step);
VersionStep ClassifyStep(const SemVer& from, const SemVer& to);

/// A range as Helm's Chart.yaml `kubeVersion` has it (Masterminds/semver): ">=1.28.0-0", ">= 1.28,
/// < 2.0 || ^3", "1.2 - 1.4", "~1.2", "*".
class SemVerRange {
 public:
  static Result<SemVerRange> Parse(std::string_view text);
  /// As Masterminds 3.4: a prerelease version matches only a list of which some comparator itself
  /// names a prerelease (">=1.28.0-0").
  [[nodiscard]] bool Contains(const SemVer& version) const;

 private:
  /// From inclusive, to exclusive, by precedence; absent bounds are open. `excluded` turns it round
  /// ("!=").
  struct Interval {
    std::optional<SemVer> from;
    std::optional<SemVer> to;
    bool excluded = false;
    [[nodiscard]] bool Contains(const SemVer& version) const;
  };
  struct AllOf {
    std::vector<Interval> intervals;
    bool names_prerelease = false;
  };
  static bool AddComparator(AllOf& list, std::string_view word);
  bool AddList(std::string_view text);

  std::vector<AllOf> any_of_;
};

}  // namespace datafly
