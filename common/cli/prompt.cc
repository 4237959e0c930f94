#include "common/cli/prompt.h"

#include <poll.h>
#include <unistd.h>

#include "common/core/base/text.h"

namespace datafly::cli {
namespace {

constexpr std::size_t kMostTyped = 1000;

/// Reads from a terminal, which gives whole lines; forgets its watch when it goes.
class LineReader {
 public:
  explicit LineReader(Loop& loop) : loop_(loop) {
    loop_.WatchFd(STDIN_FILENO, POLLIN, [this](short) { Read(); });
  }
  ~LineReader() { loop_.WatchFd(STDIN_FILENO, 0, {}); }
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  [[nodiscard]] bool done() const { return done_; }
  [[nodiscard]] const std::string& line() const { return line_; }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  void Read() {
    std::array<char, 256> chunk{};
    const ssize_t got = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) return;
    ended_ = got <= 0;
    if (got > 0) line_.append(chunk.data(), static_cast<std::size_t>(got));
    const auto end = line_.find('\n');
    done_ = ended_ || end != std::string::npos || line_.size() > kMostTyped;
    if (end != std::string::npos) line_.resize(end);
  }

  Loop& loop_;
  std::string line_;
  bool done_ = false, ended_ = false;
};

}  // namespace

Result<std::string> AskLine(Session& session, const std::string& question, Instant deadline) {
  if (!session.terminal.stdin_is_tty() || !session.terminal.stderr_is_tty())
    return Fail(Error::InvalidInput("there is no terminal to ask on"));
  session.terminal.Err(question);
  const LineReader reader(session.loop);
  TRY(session.loop.RunUntil(deadline, [&] { return reader.done(); }));
  if (!reader.done()) return Fail(Error::TimedOut("nobody answered in time"));
  if (reader.ended() && reader.line().empty())
    return Fail(Error::InvalidInput("nothing was answered"));
  return std::string(Trim(reader.line()));
}

Result<void> ConfirmDestruction(Session& session, const std::string& what,
                                const std::string& release, const std::string& given,
                                Instant deadline) {
  const std::string remedy = fmt::format("--yes-destroy={} says so without a terminal", release);
  if (!given.empty()) {
    if (given == release) return {};
    return Fail(Error::InvalidInput(
        fmt::format("--yes-destroy names {}, not {}", EscapeForTerminal(given), release)));
  }
  auto typed = AskLine(
      session, fmt::format("{} Type the release's name ({}) to go on:", what, release), deadline);
  if (!typed) {
    if (typed.error().remedy.empty()) typed.error().remedy = remedy;
    return Fail(typed.error());
  }
  if (*typed == release) return {};
  return Fail(Error::InvalidInput("that is not the release's name: nothing was done"));
}

}  // namespace datafly::cli
