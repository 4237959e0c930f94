#pragma once

#include <string>
#include <string_view>

#include "common/core/report/layout.h"

namespace datafly::report {

/// The lines of -o text that are no fields. Text that comes in here has been through
/// EscapeForTerminal, unless it says otherwise.
class LinePrinter {
 public:
  explicit LinePrinter(const RenderOptions& options);

  /// An empty line, unless it would be the first.
  void AddGap();
  /// In bold, or in its tone, after a gap.
  void AddTitle(const std::string& title, Cell::Tone tone = Cell::Tone::Plain);
  /// A title that --no-headers leaves out.
  void AddSectionTitle(const std::string& title);
  void AddLine(std::string line);
  /// `text`, which is escaped here, after `lead`, which is `lead_width` wide; its further lines
  /// stand below its first.
  void AddWrapped(std::string lead, std::size_t lead_width, std::string_view text,
                  Cell::Tone tone = Cell::Tone::Plain, std::size_t max_lines = 0);
  /// "  ~ text", the mark in its colour.
  void AddItem(std::string_view mark, std::string_view text, std::size_t max_lines = 0);
  void Add(const std::string& lines) { out_ += lines; }

  /// Columns left beside `used`; 0 = unlimited.
  [[nodiscard]] std::size_t Left(std::size_t used) const;
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] const Pen& pen() const { return pen_; }
  /// How many lines a list of names may take: on a terminal a few, else all it needs (0).
  [[nodiscard]] std::size_t MaxNameLines() const { return width_ == 0 ? 0 : 3; }
  std::string Take() { return std::move(out_); }

 private:
  std::size_t width_;
  bool no_headers_;
  Pen pen_;
  std::string out_;
};

/// Good for "+", bad for "-" and "×", dim for "=".
Cell::Tone ToneOfMark(std::string_view mark);

}  // namespace datafly::report
