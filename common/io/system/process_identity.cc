#include "common/io/system/process_identity.h"

#include <signal.h>
#include <sys/utsname.h>

#include <cerrno>
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

// proc(5), /proc/PID/stat: fields 3 to 5, the first behind the name.
constexpr std::size_t kState = 0;
constexpr std::size_t kParent = 1;
constexpr std::size_t kGroup = 2;

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

bool Exists(std::int64_t pid) { return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM; }

/// Whether a process that has not ended has this number in that field; true where nothing can be
/// seen.
bool AnyRuns(std::size_t field, std::int64_t number) {
  std::error_code error;
  std::filesystem::directory_iterator entries("/proc", error);
  if (error) return true;
  const std::string wanted = fmt::format("{}", number);
  for (; entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    if (error) return true;
    const std::string name = entries->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto fields = FieldsOf(name);
    if (fields.size() > field && fields[field] == wanted && fields[kState] != "Z") return true;
  }
  return false;
}

}  // namespace

std::string ThisMachine() {
  utsname names{};
  const std::string name = ::uname(&names) == 0 ? names.nodename : "unknown";
  std::error_code ignored;
  return fmt::format("{}/{}/{}", name, FirstLine("/proc/sys/kernel/random/boot_id"),
                     std::filesystem::read_symlink("/proc/self/ns/pid", ignored).string());
}

std::optional<std::string> StartOfProcess(std::int64_t pid) {
  const auto fields = FieldsOf(fmt::format("{}", pid));
  constexpr std::size_t kStartTime = 19;
  // A zombie has ended; only its parent has not asked yet.
  if (fields.size() <= kStartTime || fields[kState] == "Z") return std::nullopt;
  return fields[kStartTime];
}

bool ProcessRuns(std::int64_t pid, const std::string& started) {
  if (pid <= 0) return false;
  if (FieldsOf(fmt::format("{}", pid)).empty()) return Exists(pid);
  const auto start = StartOfProcess(pid);
  return start && (started.empty() || *start == started);
}

bool GroupRuns(std::int64_t pid, const std::string& started) {
  if (pid <= 0) return false;
  if (ProcessRuns(pid, started)) return true;
  // Another process has the number by now: there is no such group any more.
  if (StartOfProcess(pid)) return false;
  return AnyRuns(kGroup, pid);
}

bool HasLiveChild(std::int64_t pid) { return AnyRuns(kParent, pid); }

}  // namespace datafly
