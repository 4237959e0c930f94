#include "common/gather/record_reads.h"

#include <deque>

#include "common/core/kinds/decode.h"
#include "common/core/release/record_store.h"

namespace datafly::gather {
namespace {

using release::ReleaseRecord;

std::string Revisions(const release::History& history) {
  std::string text;
  for (const auto& label : history)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", label.revision);
  return text;
}

Result<ReleaseRecord> Decode(Pending<std::string>& payload, std::int64_t revision) {
  ASSIGN_OR_RETURN(const std::string reply, payload.Take());
  auto record = release::DecodeReleaseObject(reply);
  if (!record) return Fail(record.error().Within(fmt::format("revision {}", revision)));
  return record;
}

}  // namespace

Result<RecordReads> RecordReads::List(Io& io, const helm::HelmCalls& calls, std::string name_space,
                                      const std::string& release) {
  ASSIGN_OR_RETURN(
      const release::RecordStore store,
      release::ParseRecordStore(io.system.environment.Get("HELM_DRIVER").value_or("")));
  RecordReads reads(io, calls, std::string(release::ResourceOf(store)), std::move(name_space));
  TRY(reads.plural_.empty() ? reads.ListByHelm(release) : reads.ListInCluster(release));
  return reads;
}

Millis RecordReads::Left() const {
  const auto left = std::chrono::duration_cast<Millis>(io_->deadline - io_->loop.Now());
  return std::max(left, Millis(1));
}

Result<void> RecordReads::ListByHelm(const std::string& release) {
  auto pending = helm::StartHistory(io_->system.processes, *calls_, release, Left());
  TRY(io_->loop.Wait(io_->deadline, pending));
  ASSIGN_OR_RETURN(history_, pending.Take());
  return {};
}

Result<void> RecordReads::ListInCluster(const std::string& release) {
  kube::ListOptions options;
  options.label_selector = fmt::format("owner=helm,name={}", release);
  options.metadata_only = true;
  kinds::Decoder decoder;
  std::vector<kinds::ObjectMeta> records;
  auto list = io_->kube.StartList(
      {"v1", plural_, name_space_}, options,
      [&](kube::Client::PageBuffer page) {
        return decoder.Metadata({page.data, page.size, page.capacity}, records);
      },
      [&] { records.clear(); });
  TRY(io_->loop.Wait(io_->deadline, list));
  if (const auto outcome = list.Take(); !outcome) return Fail(outcome.error());
  for (release::History& history : release::GroupByRelease(records))
    if (history.front().release == release) history_ = std::move(history);
  return {};
}

Result<release::RevisionLabel> RecordReads::Find(std::int64_t revision) const {
  for (const release::RevisionLabel& label : history_)
    if (label.revision == revision) return label;
  return Fail(Error::NotFound(fmt::format("revision {} is not in the release's history", revision),
                              fmt::format("there are: {}", Revisions(history_))));
}

Result<std::vector<ReleaseRecord>> RecordReads::Read(
    const std::vector<std::int64_t>& revisions) const {
  std::vector<Pending<std::string>> payloads;
  std::deque<helm::RecordByHelm> by_helm;
  for (const std::int64_t revision : revisions) {
    ASSIGN_OR_RETURN(const release::RevisionLabel label, Find(revision));
    if (plural_.empty()) {
      by_helm.emplace_back(io_->system.processes, *calls_, label.release, revision, Left());
    } else {
      payloads.push_back(
          io_->kube.StartGet(kube::Resource{"v1", plural_, name_space_}.Path(label.object_name)));
    }
  }
  for (auto& payload : payloads) TRY(io_->loop.Wait(io_->deadline, payload));
  for (auto& record : by_helm) TRY(io_->loop.Wait(io_->deadline, record));
  std::vector<ReleaseRecord> records;
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    ASSIGN_OR_RETURN(auto record,
                     plural_.empty() ? by_helm[i].Take() : Decode(payloads[i], revisions[i]));
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace datafly::gather
