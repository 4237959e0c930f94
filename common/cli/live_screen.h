#pragma once

#include <string>
#include <string_view>

#include "common/cli/terminal.h"

namespace datafly::cli {

/// One screen that is drawn again and again in place, without flicker, for --watch. The whole
/// screen is written at once, over the last one; nothing is cleared before it is drawn. Only for a
/// terminal that can_redraw().
class LiveScreen {
 public:
  explicit LiveScreen(Terminal& terminal) : terminal_(terminal) {}

  /// Puts `text` in the place of what is shown; what does not fit below is cut, and said so. Text
  /// is a rendered report: colours are its only escape sequences. False when the terminal is gone.
  bool Show(std::string_view text);
  /// Takes what is shown away, so that a last report can be printed in its place; nothing before
  /// the first Show().
  bool Clear();

 private:
  Terminal& terminal_;
  bool shown_ = false;
};

/// The bytes of one such drawing on a terminal of `rows` lines (0 = unknown, nothing is cut). The
/// `first` one pushes what is on screen up into the terminal's history instead of drawing over it.
std::string ComposeFrame(std::string_view text, int rows, bool first);

}  // namespace datafly::cli
