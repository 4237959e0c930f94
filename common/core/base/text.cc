#include "common/core/base/text.h"

namespace datafly {
namespace {

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char LowerOf(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr char32_t kReplacement = 0xFFFD;

/// One code point and the bytes it takes. Anything that is not well-formed UTF-8 is U+FFFD and one
/// byte.
struct CodePoint {
  char32_t value = kReplacement;
  std::size_t bytes = 1;
  bool valid = false;
};

std::size_t LengthByLead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

CodePoint DecodeAt(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = LengthByLead(lead);
  if (length == 0 || at + length > text.size()) return {};
  char32_t value = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0) != 0x80) return {};
    value = value << 6 | (next & 0x3F);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return {};
  return {value, length, true};
}

/// Marks that change the direction of what follows, so that text reads as something else.
bool IsBidiControl(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
         c == 0x200F || c == 0x061C;
}

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array<Range, 26> kZeroWidth{
    {{0x0300, 0x036F},  {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
     {0x0670, 0x0670},  {0x06D6, 0x06DC}, {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948},
     {0x094D, 0x094D},  {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF},
     {0x1DC0, 0x1DFF},  {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064}, {0x2066, 0x2069},
     {0x20D0, 0x20FF},  {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF},
     {0xE0100, 0xE01EF}}};

constexpr std::array<Range, 32> kWide{
    {{0x1100, 0x115F},   {0x231A, 0x231B},  {0x2329, 0x232A}, {0x23E9, 0x23EC}, {0x23F0, 0x23F0},
     {0x23F3, 0x23F3},   {0x25FD, 0x25FE},  {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267F, 0x267F},
     {0x26A1, 0x26A1},   {0x26C4, 0x26C5},  {0x26D4, 0x26D4}, {0x2705, 0x2705}, {0x270A, 0x270B},
     {0x2728, 0x2728},   {0x274C, 0x274C},  {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797},
     {0x2B50, 0x2B50},   {0x2B55, 0x2B55},  {0x2E80, 0x303E}, {0x3041, 0xA4CF}, {0xA960, 0xA97F},
     {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},  {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6},
     {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool InTable(const std::array<Range, N>& table, char32_t c) {
  const auto at = std::lower_bound(table.begin(), table.end(), c,
                                   [](const Range& range, char32_t v) { return range.last < v; });
  return at != table.end() && at->first <= c;
}

std::size_t WidthOf(char32_t c) {
  if (c < 0x300) return 1;
  if (InTable(kZeroWidth, c)) return 0;
  return InTable(kWide, c) ? 2 : 1;
}

void AppendEscaped(std::string& out, std::string_view bytes, CodePoint point,
                   std::string_view newline) {
  const char32_t c = point.value;
  if (!point.valid) {
    out += "\xEF\xBF\xBD";
  } else if (c == '\n' || c == 0x2028 || c == 0x2029) {
    out += newline;
  } else if (c == '\t') {
    out += ' ';
  } else if (c < 0x20 || c == 0x7F) {
    out += '^';
    out += static_cast<char>(c ^ 0x40);
  } else if (c >= 0x80 && c < 0xA0) {
    out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
  } else if (!IsBidiControl(c)) {
    out += bytes;
  }
}

}  // namespace

std::string EscapeForTerminal(std::string_view text, std::string_view replacement_for_newline) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto point = DecodeAt(text, at);
    AppendEscaped(out, text.substr(at, point.bytes), point, replacement_for_newline);
    at += point.bytes;
  }
  return out;
}

std::optional<std::size_t> FindInvalidUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const auto point = DecodeAt(text, at);
    if (!point.valid) return at;
    at += point.bytes;
  }
  return std::nullopt;
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = DecodeAt(text, at);
    width += WidthOf(point.value);
    at += point.bytes;
  }
  return width;
}

std::string Truncate(std::string_view text, std::size_t columns) {
  if (DisplayWidth(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::size_t width = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto point = DecodeAt(text, at);
    const std::size_t wider = width + WidthOf(point.value);
    if (wider > columns - 1) break;
    width = wider;
    at += point.bytes;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::string ToLower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), LowerOf);
  return out;
}

std::string ShellQuote(std::string_view argument) {
  const auto harmless = [](char c) {
    return IsAlnum(c) || std::string_view("-_./:=@%+,").find(c) != std::string_view::npos;
  };
  const bool plain = !argument.empty() && std::all_of(argument.begin(), argument.end(), harmless);
  if (plain) return std::string(argument);
  std::string out = "'";
  for (const char c : argument) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

namespace {

constexpr std::size_t kLongestWord = 128;

/// Levenshtein, with a swap of neighbours as one edit.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

std::string NearestWord(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kLongestWord) return {};
  // In a word of three letters two edits leave nothing of it.
  const std::size_t limit = word.size() <= 3 ? 1 : std::max<std::size_t>(2, word.size() / 3);
  std::size_t best = limit + 1;
  std::string nearest;
  for (const auto& candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    const std::size_t distance = EditDistance(word, candidate);
    const bool completes = distance == best && candidate.starts_with(word);
    if (distance >= best && !completes) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

}  // namespace datafly
