#include "common/io/system/process_identity.h"

#include <sys/utsname.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "common/core/base/text.h"

namespace datafly {
namespace {

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// proc(5), /proc/PID/stat: fields 3 and 4, the first behind the name.
constexpr std::size_t kState = 0;
constexpr std::size_t kParent = 1;

/// The fields behind the program's name, which stands in brackets and may hold anything, brackets
/// too; none where there is no such process.
std::vector<std::string> FieldsOf(const std::string& pid) {
  const std::string stat = FirstLine(fmt::format("/proc/{}/stat", pid));
  const auto name_end = stat.rfind(") ");
  std::vector<std::string> fields;
  if (name_end == std::string::npos) return fields;
  for (const std::string_view field : Split(std::string_view(stat).substr(name_end + 2), ' '))
    fields.emplace_back(field);
  return fields;
}

}  // namespace

std::string ThisMachine() {
  utsname names{};
  const std::string name = ::uname(&names) == 0 ? names.nodename : "unknown";
  return fmt::format("{}/{}", name, FirstLine("/proc/sys/kernel/random/boot_id"));
}

std::optional<std::string> StartOfProcess(std::int64_t pid) {
  const auto fields = FieldsOf(fmt::format("{}", pid));
  constexpr std::size_t kStartTime = 19;
  // A zombie has ended; only its parent has not asked yet.
  if (fields.size() <= kStartTime || fields[kState] == "Z") return std::nullopt;
  return fields[kStartTime];
}

bool HasLiveChild(std::int64_t pid) {
  std::error_code error;
  std::filesystem::directory_iterator entries("/proc", error);
  if (error) return true;
  const std::string parent = fmt::format("{}", pid);
  for (; entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    if (error) return true;
    const std::string name = entries->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto fields = FieldsOf(name);
    if (fields.size() > kParent && fields[kParent] == parent && fields[kState] != "Z") return true;
  }
  return false;
}

}  // namespace datafly
