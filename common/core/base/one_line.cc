#include "common/core/base/one_line.h"

#include "common/core/base/text.h"

namespace datafly {

std::string OneLine(std::string_view text) {
  constexpr std::size_t kColumns = 300;
  return Truncate(EscapeForTerminal(RedactCredentials(text)), kColumns);
}

}  // namespace datafly
