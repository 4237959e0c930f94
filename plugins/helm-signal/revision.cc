#include "plugins/helm-signal/revision.h"

#include <charconv>

#include "common/core/base/text.h"

namespace datafly::commands {

namespace {

std::string HistoryOf(const std::string& release, const cli::SharedFlags& flags) {
  std::string command = "helm signal history " + ShellQuote(release);
  if (flags.connection.name_space) command += " -n " + ShellQuote(*flags.connection.name_space);
  if (!flags.contexts.empty()) command += " --context " + ShellQuote(flags.contexts.back());
  return EscapeForTerminal(command);
}

}  // namespace

Result<std::int64_t> ParseRevision(const std::string& text, const std::string& release,
                                   const cli::SharedFlags& flags) {
  if (text.empty()) return std::int64_t{0};
  std::int64_t revision = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (error != std::errc{} || end != text.data() + text.size() || revision <= 0)
    return Fail(
        Error::InvalidInput(fmt::format("\"{}\" is not a revision", EscapeForTerminal(text)),
                            "its revisions, for example 3, shows: " + HistoryOf(release, flags)));
  return revision;
}

}  // namespace datafly::commands
