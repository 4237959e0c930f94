#include "common/operations/lock_reads.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/manifest/manifest.h"
#include "common/core/manifest/resource_names.h"
#include "common/io/system/process_identity.h"
#include "common/operations/actor.h"

namespace datafly::operations {
namespace {

using journal::Child;
using journal::LockEvidence;
using Json = nlohmann::json;

constexpr const char* kMetadataOnly =
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

std::string PathOf(const manifest::Object& object, const std::string& name_space) {
  const auto resource =
      manifest::ResourceNameOf(manifest::GroupOf(object.api_version), object.kind);
  std::string own = object.name_space.empty() ? name_space : object.name_space;
  if (!resource.namespaced) own.clear();
  return kube::Resource{object.api_version, resource.plural, own}.Path(object.name);
}

/// Helm's field manager is the program's name: "helm", "helm3"; ours is "helm-signal".
bool IsHelm(std::string_view manager) {
  return manager.starts_with("helm") && manager != "helm-signal";
}

std::optional<Time> LastWriteOf(const Json& object) {
  std::optional<Time> last;
  const Json::json_pointer place("/metadata/managedFields");
  if (!object.is_object() || !object.contains(place) || !object[place].is_array()) return last;
  for (const Json& entry : object[place]) {
    if (!entry.is_object() || !IsHelm(entry.value("manager", ""))) continue;
    const auto time = ParseTime(entry.value("time", ""));
    if (time && (!last || *time > *last)) last = *time;
  }
  return last;
}

struct Asked {
  std::string name;  ///< "Deployment/gateway"
  Pending<std::string> reply;
};

void Note(LockEvidence& evidence, const std::string& name, const Error& error) {
  constexpr std::size_t kMostNotes = 5;
  if (error.kind == ErrorKind::NotFound || evidence.unread.size() >= kMostNotes) return;
  evidence.unread.push_back(fmt::format("{} could not be read: {}", name, error.message));
}

void TakeObject(Asked& asked, LockEvidence& evidence) {
  const auto reply = asked.reply.Take();
  if (!reply) return Note(evidence, asked.name, reply.error());
  const auto written = LastWriteOf(Json::parse(*reply, nullptr, false));
  if (!written || (evidence.last_write && *written <= *evidence.last_write)) return;
  evidence.last_write = written;
  evidence.last_written = asked.name;
}

/// A Job has, when it says so: between two attempts none of its pods is active (batch/v1
/// JobStatus.conditions). Suspended, it waits for a hand. A Pod has by its phase.
bool HasEnded(const Json& hook) {
  const auto text = [&](const char* place) {
    const Json::json_pointer pointer(place);
    return hook.is_object() && hook.contains(pointer) && hook[pointer].is_string()
               ? hook[pointer].get<std::string>()
               : std::string();
  };
  const std::string phase = text("/status/phase");
  if (phase == "Succeeded" || phase == "Failed") return true;
  const Json::json_pointer suspend("/spec/suspend");
  if (hook.is_object() && hook.contains(suspend) && hook[suspend] == true) return true;
  const Json::json_pointer conditions("/status/conditions");
  if (!hook.is_object() || !hook.contains(conditions) || !hook[conditions].is_array()) return false;
  return std::any_of(hook[conditions].begin(), hook[conditions].end(), [](const Json& condition) {
    return condition.is_object() && condition.value("status", "") == "True" &&
           (condition.value("type", "") == "Complete" || condition.value("type", "") == "Failed");
  });
}

void TakeHook(Asked& asked, LockEvidence& evidence) {
  const auto reply = asked.reply.Take();
  if (!reply) return Note(evidence, asked.name, reply.error());
  if (!HasEnded(Json::parse(*reply, nullptr, false))) evidence.running_hooks.push_back(asked.name);
}

std::vector<Asked> AskObjects(gather::Io& io, const release::ReleaseRecord& record,
                              const std::string& name_space, LockEvidence& evidence) {
  std::vector<Asked> asked;
  const auto objects = manifest::ParseManifest(record.manifest);
  if (!objects) {
    evidence.unread.push_back("the revision's manifest: " + objects.error().message);
    return asked;
  }
  for (const manifest::Object& object : *objects)
    asked.push_back({manifest::ObjectName(object),
                     io.kube.StartGet(PathOf(object, name_space), kMetadataOnly)});
  return asked;
}

std::vector<Asked> AskHooks(gather::Io& io, const release::ReleaseRecord& record,
                            const std::string& name_space, LockEvidence& evidence) {
  std::vector<Asked> asked;
  for (const release::Hook& hook : record.hooks) {
    if (hook.kind != "Job" && hook.kind != "Pod") continue;
    const auto objects = manifest::ParseManifest(hook.manifest);
    if (!objects) {
      evidence.unread.push_back(
          fmt::format("hook {} of the revision: {}", hook.name, objects.error().message));
      continue;
    }
    for (const manifest::Object& object : *objects)
      asked.push_back({manifest::ObjectName(object), io.kube.StartGet(PathOf(object, name_space))});
  }
  return asked;
}

}  // namespace

Child ChildOf(const journal::Operation& operation) {
  if (operation.runner.host != ThisMachine()) return Child::Elsewhere;
  if (operation.helm) return HelmRuns(*operation.helm) ? Child::Alive : Child::Gone;
  // Between its start and the note of its process it is a child of whoever started it, who may be
  // stopped; who has lost the lease starts none any more.
  const bool may_have_started = operation.phase == journal::Phase::Applying;
  return may_have_started && IsRunning(operation.runner) && HasLiveChild(operation.runner.pid)
             ? Child::Alive
             : Child::Gone;
}

Result<std::vector<std::string>> RunningHooks(gather::Io& io, const release::ReleaseRecord& record,
                                              const std::string& name_space) {
  LockEvidence evidence;
  auto hooks = AskHooks(io, record, name_space, evidence);
  for (Asked& asked : hooks) TRY(io.loop.Wait(io.deadline, asked.reply));
  for (Asked& asked : hooks) TakeHook(asked, evidence);
  if (!evidence.unread.empty())
    return Fail(Error{
        ErrorKind::Conflict,
        "whether a hook of the last revision still runs cannot be seen: " + evidence.unread.front(),
        "try again when it can be read; permissions upgrade tells the rights",
        0,
        {}});
  return std::move(evidence.running_hooks);
}

Result<LockEvidence> ReadLockEvidence(gather::Io& io, const release::RevisionLabel& lock,
                                      const release::ReleaseRecord& record,
                                      const Journal& journal) {
  LockEvidence evidence;
  evidence.revision = lock.revision;
  evidence.status = release::ToString(lock.status);
  evidence.locked_at = lock.modified_at;
  const journal::Operation* operation = journal.OfRevision(lock.revision);
  if (operation != nullptr && operation->phase != journal::Phase::Done) {
    evidence.operation = *operation;
    evidence.child = ChildOf(*operation);
  }
  auto objects = AskObjects(io, record, lock.name_space, evidence);
  auto hooks = AskHooks(io, record, lock.name_space, evidence);
  for (auto* list : {&objects, &hooks})
    for (Asked& asked : *list) TRY(io.loop.Wait(io.deadline, asked.reply));
  for (Asked& asked : objects) TakeObject(asked, evidence);
  for (Asked& asked : hooks) TakeHook(asked, evidence);
  evidence.now = io.kube.ServerTime().value_or(io.system.clock.Now());
  return evidence;
}

}  // namespace datafly::operations
