#pragma once

#include <string>
#include <string_view>

#include "common/io/system/system.h"

namespace datafly::cli {

enum class ColorChoice { Auto, Always, Never };

/// Every decision about TTYs, widths and colours, and the only place that writes to stdout and
/// stderr. Results go to stdout, all else to stderr.
class Terminal {
 public:
  /// Reads isatty once. Colour on Auto: a TTY, TERM is not "dumb", NO_COLOR unset (its presence
  /// counts, even empty: no-color.org).
  Terminal(const Environment& environment, ColorChoice choice);

  [[nodiscard]] bool stdout_is_tty() const { return stdout_tty_; }
  [[nodiscard]] bool stderr_is_tty() const { return stderr_tty_; }
  [[nodiscard]] bool stdin_is_tty() const { return stdin_tty_; }
  [[nodiscard]] bool color() const { return color_; }
  /// Columns and lines of the terminal, each time asked for anew: a window may have been resized. 0
  /// when stdout is not one (then nothing is cut).
  [[nodiscard]] int width() const;
  [[nodiscard]] int height() const;
  /// Whether stdout is a terminal that can draw over what it shows (TERM is set and not "dumb").
  [[nodiscard]] bool can_redraw() const { return can_redraw_; }

  /// Whole text to stdout. False when the reader is gone or the disk is full; the caller then ends
  /// with CouldNotDo.
  bool Out(std::string_view text);
  /// One line to stderr.
  void Err(std::string_view line);

 private:
  bool stdin_tty_ = false;
  bool stdout_tty_ = false;
  bool stderr_tty_ = false;
  bool color_ = false;
  bool can_redraw_ = false;
  int forced_columns_ = 0;  ///< $COLUMNS, or 0
};

}  // namespace datafly::cli
