#include "plugins/helm-signal/revision.h"

#include <charconv>

#include "common/core/base/text.h"

namespace datafly::commands {

Result<std::int64_t> ParseRevision(const std::string& text) {
  if (text.empty()) return std::int64_t{0};
  std::int64_t revision = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (error != std::errc{} || end != text.data() + text.size() || revision <= 0)
    return Fail(
        Error::InvalidInput(fmt::format("\"{}\" is not a revision", EscapeForTerminal(text)),
                            "helm signal history shows the revisions, for example 3"));
  return revision;
}

}  // namespace datafly::commands
