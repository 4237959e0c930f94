#include "common/core/base/text.h"
#include "common/core/checks/check.h"

namespace datafly::checks {

Result<std::vector<Acknowledgement>> ParseAcknowledgements(const std::vector<std::string>& texts) {
  std::vector<Acknowledgement> acks;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals + 1 == text.size()) {
      return Fail(Error::InvalidInput(
          "--ack wants CODE=REASON, for example --ack SIG-NOTE-001='read by Kim'"));
    }
    const std::string code = text.substr(0, equals);
    const CheckSpec* spec = FindSpec(code);
    if (spec == nullptr)
      return Fail(Error::InvalidInput(
          fmt::format("--ack: no check has the code \"{}\"", EscapeForTerminal(code))));
    if (!spec->ackable)
      return Fail(Error::InvalidInput(fmt::format("--ack: {} cannot be acknowledged", code)));
    acks.push_back({code, text.substr(equals + 1)});
  }
  return acks;
}

}  // namespace datafly::checks
