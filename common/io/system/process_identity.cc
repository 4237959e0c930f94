#include "common/io/system/process_identity.h"

#include <sys/utsname.h>

#include <fstream>

#include "common/core/base/text.h"

namespace datafly {
namespace {

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

std::string ThisMachine() {
  utsname names{};
  const std::string name = ::uname(&names) == 0 ? names.nodename : "unknown";
  return fmt::format("{}/{}", name, FirstLine("/proc/sys/kernel/random/boot_id"));
}

std::optional<std::string> StartOfProcess(std::int64_t pid) {
  const std::string stat = FirstLine(fmt::format("/proc/{}/stat", pid));
  // The second field is the program's name in brackets and may hold anything, brackets too; field
  // 22 is the 20th after it.
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  constexpr std::size_t kStartTime = 20;
  std::size_t at = name_end;
  for (std::size_t field = 0; field < kStartTime; ++field) {
    at = stat.find(' ', at + 1);
    if (at == std::string::npos) return std::nullopt;
  }
  // A zombie has ended; only its parent has not asked yet.
  if (stat.size() > name_end + 2 && stat[name_end + 2] == 'Z') return std::nullopt;
  return stat.substr(at + 1, stat.find(' ', at + 1) - at - 1);
}

}  // namespace datafly
