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

// COLUMNS beats the window size, as in ls(1); a terminal that tells neither gets the classic 80.
int WidthOf(int fd, const Environment& environment) {
  if (const auto columns = environment.Get("COLUMNS")) {
    const int value = std::atoi(columns->c_str());
    if (value > 0) return value;
  }
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
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
      width_(stdout_tty_ ? WidthOf(STDOUT_FILENO, environment) : 0) {}

bool Terminal::Out(std::string_view text) { return WriteAll(STDOUT_FILENO, text); }

void Terminal::Err(std::string_view line) { WriteAll(STDERR_FILENO, fmt::format("{}\n", line)); }

}  // namespace datafly::cli
