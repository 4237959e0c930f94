#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace datafly::diff {

/// Values that are known to be secret (data of Secrets, user values under keys that smell of one),
/// so that they are masked wherever a chart copied them: ConfigMaps, annotations, arguments, NOTES.
class KnownSecrets {
 public:
  /// Values of fewer than 4 bytes are left alone: masking "1" or "on" would eat the text. So are
  /// words that are no secret anywhere ("true", "default", "postgres").
  void Add(std::string_view value);
  /// The text with "***" in place of each known value, as it is or in base64 (once, twice, at any
  /// alignment), URL-escaped, JSON-escaped, hex.
  [[nodiscard]] std::string Mask(std::string_view text) const;
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  std::unordered_set<std::string> values_;
  std::vector<std::string> needles_;  ///< each value in each of its encodings, longest first
};

}  // namespace datafly::diff
