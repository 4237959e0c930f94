#include "common/core/diff/known_secrets.h"

#include <cstring>
#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/core/base/text.h"
#include "common/core/diff/encodings.h"
#include "common/core/diff/harmless.h"
#include "common/core/diff/secret_keys.h"
#include "common/core/diff/secret_shapes.h"

namespace datafly::diff {
namespace {

constexpr std::size_t kShortest = 4;
constexpr std::size_t kShortestLine = 8;
// Shorter values are masked only where they stand as a word.
constexpr std::size_t kShortestInWord = 8;
constexpr std::size_t kFilterBits = 20;
constexpr std::size_t kLongestOrdinary = 64;
constexpr std::size_t kOverlap = 64;
constexpr int kDeepest = 3;
constexpr std::string_view kMask = "***";

std::size_t HashOfStart(std::string_view text) {
  std::uint32_t word = 0;
  std::memcpy(&word, text.data(), sizeof word);
  return (word * 2654435761U) >> (32 - kFilterBits);
}

bool IsWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool IsRunChar(char c) { return IsWordChar(c) || c == '+' || c == '/' || c == '-' || c == '_'; }

/// A user's name, a host: letters, digits and the signs of names.
bool IsOrdinary(std::string_view value) {
  return value.size() <= kLongestOrdinary && !LooksRandom(value) &&
         std::all_of(value.begin(), value.end(), [](char c) {
           return IsWordChar(c) || c == '-' || c == '_' || c == '.' || c == '@';
         });
}

std::size_t CommonPrefix(std::string_view a, std::string_view b) {
  const auto end = std::min(a.size(), b.size());
  std::size_t at = 0;
  while (at < end && a[at] == b[at]) ++at;
  return at;
}

bool IsPrintable(std::string_view text) {
  return !FindInvalidUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
  });
}

}  // namespace

void KnownSecrets::Spare(std::string_view name) { spared_.emplace(name); }

void KnownSecrets::Add(std::string_view value, std::string_view key) {
  const auto trimmed = Trim(value);
  if (NamesNoSecret(key) && IsOrdinary(trimmed)) return;
  AddValue(trimmed);
  AddWithin(trimmed, kDeepest);
}

void KnownSecrets::AddValue(std::string_view value) {
  if (value.size() < kShortest || IsCommonWord(value) || values_.contains(value)) return;
  bytes_ += value.size();
  if (full()) return;
  values_.emplace(value);
  for (auto& needle : EncodingsOf(value)) AddNeedle(std::move(needle.text), needle.in_run);
  if (value.find('\n') != std::string_view::npos) AddLines(value);
}

void KnownSecrets::AddLines(std::string_view value) {
  for (const auto line : Split(value, '\n')) {
    const auto trimmed = Trim(line);
    // "-----BEGIN CERTIFICATE-----" tells nothing.
    if (trimmed.size() < kShortestLine || trimmed.starts_with("-----")) continue;
    const auto separator = trimmed.find_first_of(":=");
    if (separator != std::string_view::npos && IsHarmless(Trim(trimmed.substr(separator + 1))))
      continue;  // "port: 8080"
    for (auto& needle : EscapesOf(trimmed)) AddNeedle(std::move(needle.text), needle.in_run);
  }
}

void KnownSecrets::AddWithin(std::string_view value, int depth) {
  if (depth == 0 || value.size() < kShortest) return;
  for (const auto& secret : SecretsWithin(value)) {
    AddValue(Trim(secret));
    AddDecoded(Trim(secret), depth);
  }
  AddDecoded(value, depth);
}

/// What a base64 text holds: a value that was encoded once too often, "user:password" of a
/// registry.
void KnownSecrets::AddDecoded(std::string_view value, int depth) {
  if (value.size() % 4 != 0) return;
  const auto decoded = DecodeBase64(value);
  if (!decoded || decoded->size() < kShortest || !IsPrintable(*decoded)) return;
  const auto text = Trim(*decoded);
  AddValue(text);
  if (const auto colon = text.find(':'); colon != std::string_view::npos)
    AddValue(text.substr(colon + 1));
  AddWithin(text, depth - 1);
}

void KnownSecrets::AddNeedle(std::string text, bool in_run) {
  if (starts_.empty()) starts_.resize(std::size_t{1} << kFilterBits);
  starts_[HashOfStart(text)] = true;
  const auto [at, added] = needles_.try_emplace(std::move(text), in_run);
  if (!added) at->second = at->second && in_run;
}

bool KnownSecrets::MayStart(std::string_view text, std::size_t at) const {
  return at + kShortest <= text.size() && starts_[HashOfStart(text.substr(at))];
}

/// The longest needle that starts at `at`, with all of its run, but nothing before `from`. Every
/// needle that the text starts with is a prefix of the one just before the text in the order of the
/// alphabet, or that one.
std::optional<KnownSecrets::Span> KnownSecrets::Match(std::string_view text, std::size_t at,
                                                      std::size_t from) const {
  const auto rest = text.substr(at);
  for (std::string_view bound = rest;;) {
    auto found = needles_.upper_bound(bound);
    if (found == needles_.begin()) return std::nullopt;
    --found;
    const auto common = CommonPrefix(found->first, rest);
    if (common < kShortest) return std::nullopt;
    if (common == found->first.size()) {
      Span span{at, at + common};
      if (found->second) {
        while (span.begin > from && IsRunChar(text[span.begin - 1])) --span.begin;
        while (span.end < text.size() && (IsRunChar(text[span.end]) || text[span.end] == '='))
          ++span.end;
        return span;
      }
      const bool is_word = (at == 0 || !IsWordChar(text[at - 1])) &&
                           (span.end == text.size() || !IsWordChar(text[span.end]));
      const bool escaped = at > 0 && text[at - 1] == 'n' && at > 1 && text[at - 2] == '\\';
      if (common >= kShortestInWord || is_word || escaped) return span;
      bound = rest.substr(0, common - 1);
    } else {
      bound = rest.substr(0, common);
    }
  }
}

std::vector<KnownSecrets::Span> KnownSecrets::FindAll(std::string_view text) const {
  std::vector<Span> spans;
  if (needles_.empty()) return spans;
  for (std::size_t at = 0; at + kShortest <= text.size(); ++at) {
    if (!MayStart(text, at)) continue;
    const auto span = Match(text, at, spans.empty() ? 0 : std::min(at, spans.back().end));
    if (!span || spared_.contains(text.substr(span->begin, span->end - span->begin))) continue;
    if (!spans.empty() && span->begin <= spans.back().end) {
      spans.back().end = std::max(spans.back().end, span->end);
    } else {
      spans.push_back(*span);
    }
    // Of what may overlap, only the end of a long one is looked at.
    if (span->end > at + kOverlap) at = span->end - kOverlap - 1;
  }
  return spans;
}

bool KnownSecrets::Holds(std::string_view text) const { return !FindAll(text).empty(); }

std::string KnownSecrets::Mask(std::string_view text) const {
  std::string out;
  std::size_t copied = 0;
  for (const auto& span : FindAll(text)) {
    out += text.substr(copied, span.begin - copied);
    out += kMask;
    copied = span.end;
  }
  out += text.substr(copied);
  return out;
}

}  // namespace datafly::diff
