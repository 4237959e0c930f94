#include "common/operations/journal.h"

#include <nlohmann/json.hpp>
#include <tuple>

#include "common/core/base/text.h"

namespace datafly::operations {
namespace {

using journal::Operation;
using journal::Phase;
using Json = nlohmann::json;

constexpr std::string_view kReleaseLabel = "signal.dataflysignal.com/release";
constexpr std::string_view kRoleLabel = "signal.dataflysignal.com/role";
constexpr std::string_view kRole = "operation";

constexpr std::chrono::seconds kLastAnswer{5};

/// One that another helm signal wrote, or a hand: never a reason to fail, always one to tell.
void TakeEntry(const Json& object, std::vector<Operation>& operations,
               std::vector<std::string>& strange) {
  if (!object.is_object()) return;
  const std::string name = object.value(Json::json_pointer("/metadata/name"), "");
  const Json::json_pointer place("/data/operation");
  if (!object.contains(place) || !object[place].is_string()) {
    strange.push_back(fmt::format("ConfigMap {} has no operation in it", name));
    return;
  }
  auto operation = journal::FromJson(object[place].get_ref<const std::string&>());
  if (operation) {
    operations.push_back(*std::move(operation));
  } else {
    strange.push_back(fmt::format("ConfigMap {}: {}", name, operation.error().message));
  }
}

void TakePage(std::string_view page, std::vector<Operation>& operations,
              std::vector<std::string>& strange) {
  const Json list = Json::parse(page, nullptr, false);
  if (!list.is_object() || !list.contains("items") || !list["items"].is_array()) return;
  for (const Json& item : list["items"]) TakeEntry(item, operations, strange);
}

/// Times are in whole seconds; of two that began in the same one the lease's epoch tells.
bool BeganBefore(const Operation& a, const Operation& b) {
  return std::tie(a.started_at, a.epoch) < std::tie(b.started_at, b.epoch);
}

}  // namespace

Result<Journal> Journal::Read(gather::Io& io, const std::string& name_space,
                              const std::string& release) {
  Journal journal;
  kube::ListOptions options;
  options.label_selector = fmt::format("{}={},{}={}", kRoleLabel, kRole, kReleaseLabel, release);
  auto list = io.kube.StartList(
      {"v1", "configmaps", name_space}, options,
      [&](kube::Client::PageBuffer page) -> Result<void> {
        TakePage({page.data, page.size}, journal.operations_, journal.strange_);
        return {};
      },
      [&] {
        journal.operations_.clear();
        journal.strange_.clear();
      });
  TRY(io.loop.Wait(io.deadline, list));
  TRY(list.Take());
  std::stable_sort(journal.operations_.begin(), journal.operations_.end(), BeganBefore);
  return journal;
}

Journal::Journal(std::vector<Operation> operations) : operations_(std::move(operations)) {
  std::stable_sort(operations_.begin(), operations_.end(), BeganBefore);
}

const Operation* Journal::Unfinished() const {
  const auto found = std::find_if(operations_.rbegin(), operations_.rend(),
                                  [](const auto& one) { return one.phase != Phase::Done; });
  return found == operations_.rend() ? nullptr : &*found;
}

const Operation* Journal::OfRevision(std::int64_t revision) const {
  const Operation* abandoned = nullptr;
  for (auto one = operations_.rbegin(); one != operations_.rend(); ++one) {
    if (one->to_revision != revision || one->kind == journal::Kind::Unlock) continue;
    // It had meant to make that revision, and had not begun.
    if (one->verdict != journal::Verdict::Abandoned) return &*one;
    if (abandoned == nullptr) abandoned = &*one;
  }
  return abandoned;
}

bool Journal::WasFreed(std::int64_t revision) const {
  return std::any_of(operations_.begin(), operations_.end(), [&](const Operation& one) {
    return one.kind == journal::Kind::Unlock && one.to_revision == revision &&
           one.verdict == journal::Verdict::Verified;
  });
}

bool Journal::IsVerified(std::int64_t revision) const {
  const Operation* operation = OfRevision(revision);
  return operation != nullptr && operation->verdict == journal::Verdict::Verified;
}

Time JournalWriter::Now() const { return io_->kube.ServerTime().value_or(io_->system.clock.Now()); }

kube::Resource JournalWriter::Place() const { return {"v1", "configmaps", operation_.name_space}; }

std::string JournalWriter::Body() const {
  Json metadata = {{"name", journal::ObjectName(operation_)},
                   {"namespace", operation_.name_space},
                   {"labels",
                    {{"app.kubernetes.io/managed-by", "helm-signal"},
                     {kRoleLabel, kRole},
                     {kReleaseLabel, operation_.release},
                     {"signal.dataflysignal.com/operation", journal::ToString(operation_.kind)},
                     {"signal.dataflysignal.com/phase", journal::ToString(operation_.phase)}}}};
  if (!resource_version_.empty()) metadata["resourceVersion"] = resource_version_;
  return Json{
      {"apiVersion", "v1"},
      {"kind", "ConfigMap"},
      {"metadata", std::move(metadata)},
      {"data",
       {{"summary", journal::InWords(operation_)}, {"operation", journal::ToJson(operation_)}}}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<void> JournalWriter::TakeReply(Result<std::string> reply) {
  if (!reply) return Fail(reply.error().Within("the journal cannot be written"));
  const Json object = Json::parse(*reply, nullptr, false);
  resource_version_ =
      object.is_object() ? object.value(Json::json_pointer("/metadata/resourceVersion"), "") : "";
  if (resource_version_.empty())
    return Fail(Error::Protocol("the API server's ConfigMap cannot be understood"));
  return {};
}

Result<void> JournalWriter::ReadBack() {
  auto get = io_->kube.StartGet(Place().Path(journal::ObjectName(operation_)));
  TRY(io_->loop.Wait(io_->deadline, get));
  ASSIGN_OR_RETURN(const std::string reply, get.Take());
  const Json object = Json::parse(reply, nullptr, false);
  const Json::json_pointer place("/data/operation");
  const bool ours = object.is_object() && object.contains(place) &&
                    object[place] == Json(journal::ToJson(operation_));
  if (!ours)
    return Fail(Error{ErrorKind::Conflict,
                      "the journal was written by somebody else meanwhile",
                      "look with: helm signal history",
                      0,
                      {}});
  return TakeReply(reply);
}

Result<void> JournalWriter::Begin(Operation operation) {
  operation_ = std::move(operation);
  resource_version_.clear();
  TRY(Write("planned", [](Operation&) {}));
  // A new object has no resourceVersion that would stop a run which slept since its lease was
  // proven: what it leaves then it takes away again.
  auto held = lease_->Check();
  if (!held) RemoveUnlessTouched();
  return held;
}

/// An entry that somebody else has closed meanwhile stays, as history. A failure is no harm: the
/// next run closes what is left.
void JournalWriter::RemoveUnlessTouched() {
  const Json options = {{"apiVersion", "v1"},
                        {"kind", "DeleteOptions"},
                        {"preconditions", {{"resourceVersion", resource_version_}}}};
  auto gone = io_->kube.StartDelete(Place().Path(journal::ObjectName(operation_)), options.dump());
  static_cast<void>(io_->loop.Wait(io_->deadline, gone));
  static_cast<void>(gone.Take());
}

Result<void> JournalWriter::Adopt(const Operation& operation) {
  operation_ = operation;
  auto get = io_->kube.StartGet(Place().Path(journal::ObjectName(operation_)));
  TRY(io_->loop.Wait(io_->deadline, get));
  TRY(TakeReply(get.Take()));
  return {};
}

Result<void> JournalWriter::Act(std::string_view step, const std::function<void()>& act) {
  if (observer_ != nullptr) observer_->Before(step);
  TRY(lease_->Check());
  act();
  if (observer_ != nullptr) observer_->After(step);
  return {};
}

/// While nothing is heard, the lease may run out, and then it is somebody else's turn. But whoever
/// learns that it is lost still wants to know whether the write has arrived.
Result<void> JournalWriter::WaitUnderTheLease(const Pending<std::string>& written) {
  TRY(io_->loop.RunUntil(io_->deadline, [&] { return written.Done() || lease_->Lost(); }));
  TRY(io_->loop.Wait(std::min(io_->deadline, io_->loop.Now() + kLastAnswer), written));
  return written.Done() ? Result<void>() : lease_->Check();
}

Result<void> JournalWriter::Write(std::string_view step,
                                  const std::function<void(Operation&)>& change) {
  TRY(lease_->Check());
  change(operation_);
  operation_.epoch = lease_->epoch();
  operation_.changed_at = Now();
  const std::string told = fmt::format("journal: {}", step);
  if (observer_ != nullptr) observer_->Before(told);
  const bool is_new = resource_version_.empty();
  auto pending =
      is_new ? io_->kube.StartCreate(Place().Path(), Body())
             : io_->kube.StartReplace(Place().Path(journal::ObjectName(operation_)), Body());
  TRY(WaitUnderTheLease(pending));
  auto reply = pending.Take();
  // It may have arrived: the connection broke behind it, or it was sent twice.
  const bool unclear =
      !reply && (reply.error().MayPass() || reply.error().kind == ErrorKind::Conflict);
  if (unclear) {
    TRY(ReadBack());
  } else {
    TRY(TakeReply(std::move(reply)));
  }
  if (observer_ != nullptr) observer_->After(told);
  return {};
}

Result<void> PruneJournal(gather::Io& io, const std::string& name_space, const std::string& release,
                          std::size_t keep) {
  ASSIGN_OR_RETURN(const Journal journal, Journal::Read(io, name_space, release));
  const auto& operations = journal.operations();
  std::size_t over = operations.size() > keep ? operations.size() - keep : 0;
  std::vector<Pending<std::string>> gone;
  for (const Operation& operation : operations) {
    if (over == 0) break;
    if (operation.phase != Phase::Done) continue;
    --over;
    gone.push_back(
        io.kube.StartDelete(kube::Resource{"v1", "configmaps", operation.name_space}.Path(
                                journal::ObjectName(operation)),
                            {}));
  }
  return io.loop.WaitAll(std::min(io.deadline, io.loop.Now() + std::chrono::seconds(3)), gone);
}

}  // namespace datafly::operations
