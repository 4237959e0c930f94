#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace datafly::diff {

/// Values that are known to be secret (data of Secrets, user values under keys that smell of one),
/// so that they are masked wherever a chart copied them: ConfigMaps, annotations, arguments, NOTES.
class KnownSecrets {
 public:
  /// The value as it is used: a Secret's data decoded. `key` is the name it has there. Left alone
  /// are values of fewer than 4 bytes (masking "1" or "on" would eat the text), words that are no
  /// secret anywhere ("true", "default", "postgres"), and ordinary words under a key that says who
  /// or where ("username", "host"). Of a DSN, a document or a base64 text the secrets within are
  /// known as well. Beyond 8 MiB of values in all nothing more is learnt: `full()`.
  void Add(std::string_view value, std::string_view key = {});
  /// A word that the reader chose as a name (release, namespace, chart) stays readable, even when
  /// it is somebody's password as well.
  void Spare(std::string_view name);
  /// The text with "***" in place of each known value, in any of its encodings (encodings.h). Takes
  /// time in proportion to the text, however many values there are.
  [[nodiscard]] std::string Mask(std::string_view text) const;
  /// Whether Mask would change the text.
  [[nodiscard]] bool Holds(std::string_view text) const;
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] bool full() const { return bytes_ > kMostBytes; }

 private:
  static constexpr std::size_t kMostBytes = std::size_t{8} << 20;
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  void AddValue(std::string_view value);
  void AddLines(std::string_view value);
  void AddWithin(std::string_view value, int depth);
  void AddDecoded(std::string_view value, int depth);
  void AddNeedle(std::string text, bool in_run);
  [[nodiscard]] bool MayStart(std::string_view text, std::size_t at) const;
  [[nodiscard]] std::optional<Span> Match(std::string_view text, std::size_t at,
                                          std::size_t from) const;
  [[nodiscard]] std::vector<Span> FindAll(std::string_view text) const;

  std::set<std::string, std::less<>> values_;
  std::set<std::string, std::less<>> spared_;
  std::map<std::string, bool, std::less<>> needles_;  ///< text -> Needle::in_run
  std::vector<bool> starts_;  ///< which hashes of four bytes a needle starts with
  std::size_t bytes_ = 0;
};

}  // namespace datafly::diff
