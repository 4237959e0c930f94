#include "common/cli/live_screen.h"

#include "common/core/base/text.h"

namespace datafly::cli {
namespace {

// ECMA-48 and, for the first two, DEC private modes. A terminal that does not know one ignores it.
constexpr std::string_view kBeginUpdate = "\x1b[?2026h";  // show nothing until the end
constexpr std::string_view kEndUpdate = "\x1b[?2026l";
constexpr std::string_view kNoWrap = "\x1b[?7l";  // a line that is too long is cut, not wrapped
constexpr std::string_view kWrap = "\x1b[?7h";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kEndOfLine = "\x1b[0m\x1b[K\n";  // the rest of the old line goes
constexpr std::string_view kClearBelow = "\x1b[J";

}  // namespace

std::string ComposeFrame(std::string_view text, int rows, bool first) {
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::vector<std::string_view> lines = Split(text, '\n');
  // The cursor rests on the last row, so that row stays free.
  const auto room = static_cast<std::size_t>(std::max(rows - 1, 0));
  std::string more;
  if (room > 0 && lines.size() > room) {
    more = fmt::format("… {} more lines", lines.size() - room + 1);
    lines.resize(room - 1);
    lines.push_back(more);
  }
  std::string frame(kBeginUpdate);
  if (first) frame.append(static_cast<std::size_t>(std::max(rows, 0)), '\n');
  frame.append(kNoWrap).append(kHome);
  for (const std::string_view line : lines) frame.append(line).append(kEndOfLine);
  return frame.append(kClearBelow).append(kWrap).append(kEndUpdate);
}

bool LiveScreen::Show(std::string_view text) {
  const bool first = !std::exchange(shown_, true);
  return terminal_.Out(ComposeFrame(text, terminal_.height(), first));
}

bool LiveScreen::Clear() {
  if (!std::exchange(shown_, false)) return true;
  return terminal_.Out(fmt::format("{}{}", kHome, kClearBelow));
}

}  // namespace datafly::cli
