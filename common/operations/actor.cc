#include "common/operations/actor.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <random>

#include "common/io/system/process_identity.h"

namespace datafly::operations {

std::string WhoActs(const System& system) {
  utsname names{};
  const std::string machine = ::uname(&names) == 0 ? names.nodename : "an unknown machine";
  const std::string user = system.environment.Get("USER").value_or(
      system.environment.Get("LOGNAME").value_or(fmt::format("uid {}", ::getuid())));
  return fmt::format("{} on {}", user, machine);
}

journal::ProcessId ThisProcess() {
  return {ThisMachine(), ::getpid(), StartOfProcess(::getpid()).value_or("")};
}

bool IsRunning(const journal::ProcessId& process) {
  return ProcessRuns(process.pid, process.started);
}

bool HelmRuns(const journal::ProcessId& helm) { return GroupRuns(helm.pid, helm.started); }

std::string NewOperationId() {
  std::random_device random;
  return fmt::format("{:06x}", random() & 0xffffffU);
}

}  // namespace datafly::operations
