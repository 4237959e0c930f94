#include "common/core/release/record_edit.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "common/core/base/base64.h"
#include "common/core/base/gzip.h"

namespace datafly::release {
namespace {

constexpr std::size_t kMaxJson = std::size_t{64} << 20U;

/// Where a value stands in the text.
struct Range {
  std::size_t begin = 0, end = 0;
};

/// Steps over JSON text that is known to be valid.
class Steps {
 public:
  Steps(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] char Here() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  void Step() { ++at_; }

  void SkipString() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  void SkipValue() {
    if (Here() == '"') return SkipString();
    if (Here() != '{' && Here() != '[') {
      at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
      return;
    }
    int depth = 0;
    do {
      const char c = Here();
      if (c == '\0') return;
      if (c == '"') {
        SkipString();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
    } while (depth > 0);
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

/// The value of a member of the object that begins at `begin`. Keys with escapes match none of
/// ours.
std::optional<Range> FindMember(std::string_view text, std::size_t begin, std::string_view key) {
  Steps steps(text, begin);
  if (steps.Here() != '{') return std::nullopt;
  steps.Step();
  while (steps.Here() == '"') {
    const std::size_t name = steps.at() + 1;
    steps.SkipString();
    const bool found = text.substr(name, steps.at() - 1 - name) == key;
    if (steps.Here() != ':') return std::nullopt;
    steps.Step();
    static_cast<void>(steps.Here());  // over the white space
    const std::size_t value = steps.at();
    steps.SkipValue();
    if (found) return Range{value, steps.at()};
    if (steps.Here() == ',') steps.Step();
  }
  return std::nullopt;
}

std::string Quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Error Unreadable(std::string_view why) {
  return Error::Protocol(fmt::format("the release record cannot be changed: {}", why));
}

}  // namespace

Result<std::string> WithStatus(std::string_view release_json, Status status,
                               std::string_view description) {
  if (!nlohmann::json::accept(release_json)) return Fail(Unreadable("it is no JSON"));
  const auto info = FindMember(release_json, 0, "info");
  const auto found = info ? FindMember(release_json, info->begin, "status") : std::nullopt;
  if (!found) return Fail(Unreadable("it has no info.status"));
  std::string text(release_json);
  const std::string value = Quoted(ToString(status));
  const auto words = FindMember(text, info->begin, "description");
  // The later place first, so that the earlier one stays where it is.
  auto replace = [&](const Range& range, const std::string& with) {
    text.replace(range.begin, range.end - range.begin, with);
  };
  if (words && words->begin > found->begin) replace(*words, Quoted(description));
  replace(*found, words ? value : fmt::format("{},\"description\":{}", value, Quoted(description)));
  if (words && words->begin < found->begin) replace(*words, Quoted(description));
  return text;
}

Result<std::string> StoredWithStatus(std::string_view data_release, RecordStore store,
                                     Status status, std::string_view description) {
  std::string stored(data_release);
  if (store == RecordStore::Secrets) {
    ASSIGN_OR_RETURN(stored, DecodeBase64(stored));
  }
  ASSIGN_OR_RETURN(std::string bytes, DecodeBase64(stored));
  const bool zipped = IsGzip(bytes);
  if (zipped) {
    ASSIGN_OR_RETURN(bytes, Gunzip(bytes, kMaxJson));
  }
  ASSIGN_OR_RETURN(std::string changed, WithStatus(bytes, status, description));
  if (zipped) {
    ASSIGN_OR_RETURN(changed, Gzip(changed));
  }
  std::string encoded = EncodeBase64(changed);
  return store == RecordStore::Secrets ? EncodeBase64(encoded) : encoded;
}

}  // namespace datafly::release
