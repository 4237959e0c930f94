#include "common/core/diff/text_lines.h"

#include "common/core/base/text.h"

namespace datafly::diff {
namespace {

using Lines = std::vector<std::string_view>;

/// Beyond it the search for the shortest script costs more than it tells.
constexpr int kMostEdits = 2000;

Lines LinesOf(std::string_view text) {
  Lines lines = Split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

/// Myers' greedy algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986): the furthest
/// x for each diagonal, kept for each number of edits.
std::optional<std::vector<std::vector<int>>> Trace(const Lines& a, const Lines& b) {
  const int n = static_cast<int>(a.size());
  const int m = static_cast<int>(b.size());
  const int most = std::min(n + m, kMostEdits);
  std::vector<std::vector<int>> trace;
  std::vector<int> furthest(std::size_t{2} * static_cast<std::size_t>(most) + 3, 0);
  const auto at = [&](int k) -> int& {
    const int place = k + most + 1;
    return furthest[static_cast<std::size_t>(place)];
  };
  for (int d = 0; d <= most; ++d) {
    for (int k = -d; k <= d; k += 2) {
      int x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (x < n && x - k < m &&
             a[static_cast<std::size_t>(x)] == b[static_cast<std::size_t>(x - k)])
        ++x;
      at(k) = x;
      if (x >= n && x - k >= m) {
        trace.emplace_back(furthest.begin() + (most + 1 - d), furthest.begin() + (most + 2 + d));
        return trace;
      }
    }
    trace.emplace_back(furthest.begin() + (most + 1 - d), furthest.begin() + (most + 2 + d));
  }
  return std::nullopt;
}

std::vector<TextLine> Whole(const Lines& a, const Lines& b) {
  std::vector<TextLine> out;
  for (const auto line : a) out.push_back({'-', std::string(line)});
  for (const auto line : b) out.push_back({'+', std::string(line)});
  return out;
}

/// Walks the trace back from the end.
std::vector<TextLine> Script(const Lines& a, const Lines& b) {
  const auto trace = Trace(a, b);
  if (!trace) return Whole(a, b);
  std::vector<TextLine> reversed;
  int x = static_cast<int>(a.size());
  int y = static_cast<int>(b.size());
  const auto take = [&](char mark) {
    reversed.push_back({mark, std::string(mark == '+' ? b[static_cast<std::size_t>(y - 1)]
                                                      : a[static_cast<std::size_t>(x - 1)])});
    if (mark != '+') --x;
    if (mark != '-') --y;
  };
  for (int d = static_cast<int>(trace->size()) - 1; d > 0; --d) {
    const auto& before = (*trace)[static_cast<std::size_t>(d - 1)];  // diagonals -(d-1) … d-1
    const auto at = [&](int k) {
      const int index = k + d - 1;
      return index >= 0 && index < static_cast<int>(before.size())
                 ? before[static_cast<std::size_t>(index)]
                 : -1;
    };
    const int k = x - y;
    const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
    const int start_x = down ? at(k + 1) : at(k - 1) + 1;
    while (x > start_x) take(' ');
    take(down ? '+' : '-');
  }
  while (x > 0) take(' ');
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

}  // namespace

std::vector<TextLine> DiffLines(std::string_view before, std::string_view after) {
  Lines a = LinesOf(before);
  Lines b = LinesOf(after);
  std::size_t head = 0;
  while (head < std::min(a.size(), b.size()) && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < std::min(a.size(), b.size()) - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  std::vector<TextLine> lines;
  for (std::size_t i = 0; i < head; ++i) lines.push_back({' ', std::string(a[i])});
  const Lines middle_a(a.begin() + static_cast<long>(head), a.end() - static_cast<long>(tail));
  const Lines middle_b(b.begin() + static_cast<long>(head), b.end() - static_cast<long>(tail));
  for (auto& line : Script(middle_a, middle_b)) lines.push_back(std::move(line));
  for (std::size_t i = a.size() - tail; i < a.size(); ++i)
    lines.push_back({' ', std::string(a[i])});
  return lines;
}

}  // namespace datafly::diff
