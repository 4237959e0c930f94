#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/report/document.h"

/// Lines and columns of a terminal. Text that comes in here has been through EscapeForTerminal.
namespace datafly::report {

/// Greedy lines of at most `width` columns, broken at spaces; a longer word is cut. `width` 0 = one
/// line. At most `max_lines` (0 = all), the last one then ends in "…". Never empty: empty text is
/// one empty line.
std::vector<std::string> Wrap(std::string_view text, std::size_t width, std::size_t max_lines = 0);

/// Filled up with spaces to `columns`; never cut.
std::string PadRight(std::string_view text, std::size_t columns);
std::string PadLeft(std::string_view text, std::size_t columns);

/// Puts SGR sequences around text, or leaves it as it is when colour is off.
class Pen {
 public:
  explicit Pen(bool color) : color_(color) {}
  [[nodiscard]] std::string Bold(std::string_view text) const { return Paint("1", text); }
  [[nodiscard]] std::string Dim(std::string_view text) const { return Paint("2", text); }
  [[nodiscard]] std::string Tone(Cell::Tone tone, std::string_view text) const;
  [[nodiscard]] std::string Verdict(CheckVerdict verdict, std::string_view text) const;

 private:
  [[nodiscard]] std::string Paint(std::string_view sgr, std::string_view text) const;
  bool color_;
};

}  // namespace datafly::report
