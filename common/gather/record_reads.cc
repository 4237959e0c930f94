#include "common/gather/record_reads.h"

#include "common/core/kinds/decode.h"
#include "common/core/release/record_store.h"

namespace datafly::gather {
namespace {

Error NotInCluster(release::RecordStore store) {
  return Error::Unsupported(
      fmt::format("Helm keeps its records in \"{}\", which is not in the cluster", NameOf(store)),
      "the releases of such a store cannot be compared yet; helm get manifest shows them");
}

std::string Revisions(const release::History& history) {
  std::string text;
  for (const auto& label : history)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", label.revision);
  return text;
}

}  // namespace

Result<RecordReads> RecordReads::List(Io& io, std::string name_space, const std::string& release) {
  ASSIGN_OR_RETURN(
      const release::RecordStore store,
      release::ParseRecordStore(io.system.environment.Get("HELM_DRIVER").value_or("")));
  const std::string plural(release::ResourceOf(store));
  if (plural.empty()) return Fail(NotInCluster(store));
  kube::ListOptions options;
  options.label_selector = fmt::format("owner=helm,name={}", release);
  options.metadata_only = true;
  RecordReads reads(io, plural, name_space);
  kinds::Decoder decoder;
  std::vector<kinds::ObjectMeta> records;
  auto list = io.kube.StartList(
      {"v1", plural, name_space}, options,
      [&](kube::Client::PageBuffer page) {
        return decoder.Metadata({page.data, page.size, page.capacity}, records);
      },
      [&] { records.clear(); });
  TRY(io.loop.Wait(io.deadline, list));
  if (const auto outcome = list.Take(); !outcome) return Fail(outcome.error());
  for (release::History& history : release::GroupByRelease(records))
    if (history.front().release == release) reads.history_ = std::move(history);
  return reads;
}

Result<Pending<release::ReleaseRecord>> RecordReads::Start(std::int64_t revision) const {
  for (const release::RevisionLabel& label : history_) {
    if (label.revision != revision) continue;
    return Transform<release::ReleaseRecord>(
        io_->kube.StartGet(kube::Resource{"v1", plural_, name_space_}.Path(label.object_name)),
        [revision](const Result<std::string>& reply) -> Result<release::ReleaseRecord> {
          if (!reply) return Fail(reply.error());
          auto record = release::DecodeReleaseObject(*reply);
          if (!record) return Fail(record.error().Within(fmt::format("revision {}", revision)));
          return record;
        });
  }
  return Fail(Error::NotFound(fmt::format("revision {} is not in the release's history", revision),
                              fmt::format("there are: {}", Revisions(history_))));
}

}  // namespace datafly::gather
