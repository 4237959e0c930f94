#include "common/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace datafly::cli {
namespace {

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// COLUMNS beats the window size, as in ls(1).
int ForcedColumns(const Environment& environment) {
  return std::max(std::atoi(environment.Get("COLUMNS").value_or("0").c_str()), 0);
}

winsize WindowOf(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0) return {};
  return size;
}

bool IsSmart(const Environment& environment) {
  const std::string term = environment.Get("TERM").value_or("");
  return !term.empty() && term != "dumb";
}

bool WantsColor(const Environment& environment, ColorChoice choice, bool tty) {
  if (choice == ColorChoice::Always) return true;
  if (choice == ColorChoice::Never || !tty) return false;
  return environment.Get("TERM").value_or("") != "dumb" && !environment.Get("NO_COLOR");
}

}  // namespace

Terminal::Terminal(const Environment& environment, ColorChoice choice)
    : stdin_tty_(::isatty(STDIN_FILENO) == 1),
      stdout_tty_(::isatty(STDOUT_FILENO) == 1),
      stderr_tty_(::isatty(STDERR_FILENO) == 1),
      color_(WantsColor(environment, choice, stdout_tty_)),
      can_redraw_(stdout_tty_ && IsSmart(environment)),
      forced_columns_(ForcedColumns(environment)) {}

// A terminal that does not tell its size gets the classic 80 x 24.
int Terminal::width() const {
  if (!stdout_tty_) return 0;
  if (forced_columns_ > 0) return forced_columns_;
  const int columns = WindowOf(STDOUT_FILENO).ws_col;
  return columns > 0 ? columns : 80;
}

int Terminal::height() const {
  if (!stdout_tty_) return 0;
  const int rows = WindowOf(STDOUT_FILENO).ws_row;
  return rows > 0 ? rows : 24;
}

bool Terminal::Out(std::string_view text) { return WriteAll(STDOUT_FILENO, text); }

void Terminal::Err(std::string_view line) { WriteAll(STDERR_FILENO, fmt::format("{}\n", line)); }

}  // namespace datafly::cli
