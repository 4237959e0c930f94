#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "common/core/base/result.h"
#include "common/core/base/time.h"
#include "common/core/journal/operation.h"

/// The coordination.k8s.io/v1 Lease as an object: what one says, and how what we write is spelt.
namespace datafly::operations {

/// The annotation that names the holder's process.
inline constexpr const char* kLeaseProcess = "signal.dataflysignal.com/process";

/// metav1.MicroTime.
std::string MicroTime(Time time);
/// "HOST PID STARTED", as the annotation has it.
std::string ToText(const journal::ProcessId& process);

/// What an existing object says; missing fields are as Kubernetes' own leader election reads them.
struct LeaseSeen {
  std::string resource_version, holder;
  std::int64_t transitions = 0;
  Time renewed;
  Millis duration{0};
  journal::ProcessId process;
  nlohmann::json object;
};

/// An API server's reply. Errors: it is no Lease.
Result<LeaseSeen> ReadLease(const std::string& reply);

/// Its holder ran on this machine and is no more.
bool IsOrphaned(const LeaseSeen& seen);

}  // namespace datafly::operations
