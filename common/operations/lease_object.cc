#include "common/operations/lease_object.h"

#include "common/core/base/text.h"
#include "common/io/system/process_identity.h"
#include "common/operations/actor.h"

namespace datafly::operations {
namespace {

using Json = nlohmann::json;

journal::ProcessId ProcessOf(const Json& object) {
  const Json::json_pointer annotations("/metadata/annotations");
  if (!object.contains(annotations) || !object[annotations].is_object()) return {};
  const auto found = object[annotations].find(kLeaseProcess);
  if (found == object[annotations].end() || !found->is_string()) return {};
  const auto words = Split(found->get_ref<const std::string&>(), ' ');
  if (words.size() != 3) return {};
  return {std::string(words[0]), std::atoll(std::string(words[1]).c_str()), std::string(words[2])};
}

}  // namespace

std::string MicroTime(Time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time - seconds);
  std::string text = FormatTime(Time(seconds));
  if (!text.empty() && text.back() == 'Z') text.pop_back();
  return fmt::format("{}.{:06}Z", text, micros.count());
}

std::string ToText(const journal::ProcessId& process) {
  return fmt::format("{} {} {}", process.host, process.pid, process.started);
}

Result<LeaseSeen> ReadLease(const std::string& reply) {
  LeaseSeen seen;
  seen.object = Json::parse(reply, nullptr, false);
  if (!seen.object.is_object() || !seen.object.contains("metadata"))
    return Fail(Error::Protocol("the API server's Lease cannot be understood"));
  seen.resource_version = seen.object["metadata"].value("resourceVersion", "");
  const Json spec = seen.object.value("spec", Json::object());
  if (!spec.is_object()) return Fail(Error::Protocol("the Lease has no spec"));
  auto text = [&](const char* key) {
    return spec.contains(key) && spec[key].is_string() ? spec[key].get<std::string>() : "";
  };
  auto number = [&](const char* key) {
    return spec.contains(key) && spec[key].is_number_integer() ? spec[key].get<std::int64_t>() : 0;
  };
  seen.holder = text("holderIdentity");
  seen.transitions = number("leaseTransitions");
  seen.duration = Millis(number("leaseDurationSeconds") * 1000);
  if (const auto renewed = ParseTime(text("renewTime"))) seen.renewed = *renewed;
  seen.process = ProcessOf(seen.object);
  return seen;
}

bool IsOrphaned(const LeaseSeen& seen) {
  return !seen.process.host.empty() && seen.process.host == ThisMachine() &&
         !IsRunning(seen.process);
}

}  // namespace datafly::operations
