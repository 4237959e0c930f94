#include "common/operations/unlock.h"

#include <nlohmann/json.hpp>

#include "common/core/journal/recovery.h"
#include "common/core/release/record_edit.h"
#include "common/operations/actor.h"

namespace datafly::operations {
namespace {

using Json = nlohmann::json;

Error Moved() {
  return {ErrorKind::Conflict,
          "the release's record was written meanwhile: somebody is at work on it",
          "look again: helm signal unlock",
          0,
          {}};
}

/// The record's object with payload and labels changed; nothing else of it.
Result<std::string> Freed(const std::string& reply, const UnlockRequest& request, Time now) {
  Json object = Json::parse(reply, nullptr, false);
  const Json::json_pointer payload("/data/release");
  if (!object.is_object() || !object.contains(payload) || !object[payload].is_string())
    return Fail(Error::Protocol("the release's record cannot be understood"));
  ASSIGN_OR_RETURN(const auto record, release::DecodeReleaseObject(reply));
  if (!release::IsPending(record.status)) return Fail(Moved());
  const std::string description = fmt::format("was {}; freed by helm signal unlock ({})",
                                              release::ToString(record.status), request.who);
  ASSIGN_OR_RETURN(object[payload],
                   release::StoredWithStatus(object[payload].get_ref<const std::string&>(),
                                             request.store, release::Status::Failed, description));
  Json& labels = object["metadata"]["labels"];
  labels["status"] = release::ToString(release::Status::Failed);
  labels["modifiedAt"] = fmt::format(
      "{}", std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
  return object.dump();
}

Result<void> WriteRecord(gather::Io& io, Lease& lease, const UnlockRequest& request) {
  const kube::Resource place{"v1", std::string(release::ResourceOf(request.store)),
                             request.lock.name_space};
  const std::string path = place.Path(request.lock.object_name);
  auto get = io.kube.StartGet(path);
  TRY(io.loop.Wait(io.deadline, get));
  ASSIGN_OR_RETURN(const std::string reply, get.Take());
  const Time now = io.kube.ServerTime().value_or(io.system.clock.Now());
  ASSIGN_OR_RETURN(const std::string freed, Freed(reply, request, now));
  TRY(lease.Check());
  if (request.observer != nullptr) request.observer->Before("record: failed");
  auto put = io.kube.StartReplace(path, freed);
  TRY(io.loop.Wait(io.deadline, put));
  const auto written = put.Take();
  if (!written)
    return Fail(written.error().kind == ErrorKind::Conflict ? Moved() : written.error());
  if (request.observer != nullptr) request.observer->After("record: failed");
  return {};
}

bool IsUnsettledUnlock(const journal::Operation& operation) {
  return operation.kind == journal::Kind::Unlock && operation.phase != journal::Phase::Done;
}

}  // namespace

Result<void> FreeLock(gather::Io& io, Lease& lease, const UnlockRequest& request) {
  if (release::ResourceOf(request.store).empty())
    return Fail(Error::Unsupported("the release's records are not in the cluster (HELM_DRIVER)",
                                   "free it there: helm rollback does it"));
  journal::Operation operation;
  operation.id = NewOperationId();
  operation.kind = journal::Kind::Unlock;
  operation.release = request.lock.release;
  operation.name_space = request.lock.name_space;
  operation.phase = journal::Phase::Applying;
  operation.from_revision = operation.to_revision = request.lock.revision;
  operation.who = request.who;
  operation.runner = ThisProcess();
  operation.started_at = io.kube.ServerTime().value_or(io.system.clock.Now());
  JournalWriter writer(io, lease, request.observer);
  TRY(writer.Begin(operation));
  auto written = WriteRecord(io, lease, request);
  TRY(writer.Write("done", [&](journal::Operation& entry) {
    entry.phase = journal::Phase::Done;
    entry.verdict = written ? journal::Verdict::Verified : journal::Verdict::Failed;
    if (!written) entry.reason = written.error().message;
  }));
  return written;
}

bool HasUnsettledUnlock(const Journal& journal) {
  return std::any_of(journal.operations().begin(), journal.operations().end(), IsUnsettledUnlock);
}

Result<void> SettleUnlocks(gather::Io& io, Lease& lease, const Journal& journal,
                           const release::History& history, StepObserver* observer) {
  for (const journal::Operation& operation : journal.operations()) {
    if (!IsUnsettledUnlock(operation)) continue;
    journal::Evidence evidence;
    evidence.history = history;
    const journal::Recovery recovery = journal::Recover(operation, evidence);
    JournalWriter writer(io, lease, observer);
    TRY(writer.Adopt(operation));
    TRY(writer.Write("closed", [&](journal::Operation& entry) {
      const bool freed = recovery.next == journal::Next::Overtake;
      entry.phase = journal::Phase::Done;
      entry.verdict = freed ? journal::Verdict::Verified : journal::Verdict::Abandoned;
      if (!freed) entry.reason = recovery.told;
    }));
  }
  return {};
}

}  // namespace datafly::operations
