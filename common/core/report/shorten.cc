#include "common/core/report/shorten.h"

#include "common/core/base/text.h"

namespace datafly::report {

namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Bytes of the longest prefix of at most `columns`.
std::size_t PrefixBytes(std::string_view text, std::size_t columns) {
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at + 1;
    while (end < text.size() && IsContinuation(text[end])) ++end;
    used += DisplayWidth(text.substr(at, end - at));
    if (used > columns) break;
    at = end;
  }
  return at;
}

/// Where the longest suffix of at most `columns` begins.
std::size_t SuffixStart(std::string_view text, std::size_t columns) {
  std::size_t used = 0;
  std::size_t end = text.size();
  while (end > 0) {
    std::size_t at = end - 1;
    while (at > 0 && IsContinuation(text[at])) --at;
    used += DisplayWidth(text.substr(at, end - at));
    if (used > columns) break;
    end = at;
  }
  return end;
}

/// Bytes that both begin with, at the end of a character.
std::size_t CommonPrefix(std::string_view left, std::string_view right) {
  std::size_t at = 0;
  while (at < left.size() && at < right.size() && left[at] == right[at]) ++at;
  while (at > 0 && at < left.size() && IsContinuation(left[at])) --at;
  return at;
}

/// Cut in two places: what stands before `focus` to `lead_columns`, the rest to what is left.
std::string CutAround(std::string_view text, std::size_t focus, std::size_t lead_columns,
                      std::size_t columns) {
  constexpr std::size_t kTwoCuts = 6;  // narrower than this, one cut is all there is room for
  if (columns < kTwoCuts || DisplayWidth(text) <= columns) return CutMiddle(text, columns);
  std::string lead = CutMiddle(text.substr(0, focus), lead_columns);
  return lead + CutMiddle(text.substr(focus), columns - DisplayWidth(lead));
}

/// Where the parts of a path begin: after each dot that is not within brackets.
std::vector<std::size_t> PartStarts(std::string_view path) {
  std::vector<std::size_t> starts = {0};
  int depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < path.size(); ++at) {
    const char c = path[at];
    if (quoted && c == '\\') {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == '[') {
      ++depth;
    } else if (!quoted && c == ']') {
      --depth;
    } else if (!quoted && depth == 0 && c == '.') {
      starts.push_back(at + 1);
    }
  }
  return starts;
}

}  // namespace

std::string CutMiddle(std::string_view text, std::size_t columns) {
  if (columns == 0 || DisplayWidth(text) <= columns) return std::string(text);
  const std::size_t tail = (columns - 1) / 2;
  const std::size_t head = columns - 1 - tail;
  return fmt::format("{}…{}", text.substr(0, PrefixBytes(text, head)),
                     text.substr(SuffixStart(text, tail)));
}

std::pair<std::string, std::string> CutAlike(std::string_view left, std::string_view right,
                                             std::size_t columns) {
  if (columns == 0) return {std::string(left), std::string(right)};
  const std::size_t focus = CommonPrefix(left, right);
  const std::size_t rest =
      std::max(DisplayWidth(left.substr(focus)), DisplayWidth(right.substr(focus)));
  const std::size_t lead = std::max<std::size_t>(columns - std::min(rest, columns * 2 / 3), 1);
  return {CutAround(left, focus, lead, columns), CutAround(right, focus, lead, columns)};
}

std::string ShortenPath(std::string_view path, std::size_t columns) {
  if (columns == 0 || DisplayWidth(path) <= columns) return std::string(path);
  std::vector<std::size_t> starts = PartStarts(path);
  if (starts.size() > 2) {
    std::string_view first = path.substr(0, starts[1] - 1);
    for (std::size_t i = 2; i < starts.size(); ++i) {
      std::string shorter = fmt::format("{}…{}", first, path.substr(starts[i]));
      if (DisplayWidth(shorter) <= columns) return shorter;
    }
  }
  if (starts.size() > 1) {
    std::string last = fmt::format("…{}", path.substr(starts.back()));
    if (DisplayWidth(last) <= columns) return last;
  }
  return CutMiddle(path, columns);
}

std::size_t LeastPathWidth(std::string_view path) {
  std::vector<std::size_t> starts = PartStarts(path);
  const std::size_t cut = starts.size() > 1 ? 1 : 0;
  return std::min(DisplayWidth(path), cut + DisplayWidth(path.substr(starts.back())));
}

}  // namespace datafly::report
