#include "common/gather/backup_reads.h"

namespace datafly::gather {

BackupReads::BackupReads(Io& io, const Fact<ServedApis>& served, const std::string& name_space) {
  if (!served) {
    absence_ = served.absence();
    return;
  }
  for (const backups::Source& source : backups::Sources()) {
    if (served->group_versions.count(std::string(source.group_version)) != 0)
      Start(io, source, name_space);
  }
}

void BackupReads::Start(Io& io, const backups::Source& source, const std::string& name_space) {
  auto pages = std::make_shared<std::vector<std::string>>();
  const kube::Resource resource{std::string(source.group_version), std::string(source.plural),
                                source.all_namespaces ? std::string() : name_space};
  auto pending = io.kube.StartList(
      resource, {},
      [pages](kube::Client::PageBuffer page) -> Result<void> {
        pages->emplace_back(page.data, page.size);
        return {};
      },
      [pages] { pages->clear(); });
  reads_.push_back({&source, std::move(pages), std::move(pending)});
}

bool BackupReads::Done() const {
  return std::all_of(reads_.begin(), reads_.end(),
                     [](const Read& read) { return read.pending.Done(); });
}

Fact<std::vector<BackupEvidence>> BackupReads::Take(const std::string& name_space, Time now) {
  if (absence_) return *absence_;
  std::vector<BackupEvidence> all;
  std::optional<Absence> missing;
  for (Read& read : reads_) {
    const auto outcome = read.pending.Take();
    // One tool that may not be read hides only its own evidence; if nothing else is found, that is
    // what the judge hears.
    if (!outcome) {
      missing = Absence::From(outcome.error(), fmt::format("list {}", read.source->plural));
      continue;
    }
    for (const std::string& page : *read.pages) {
      auto evidence = backups::ReadEvidence(*read.source, page, name_space, now);
      if (!evidence) {
        missing = Absence::From(evidence.error());
        continue;
      }
      std::move(evidence->begin(), evidence->end(), std::back_inserter(all));
    }
  }
  if (all.empty() && missing) return *missing;
  return all;
}

}  // namespace datafly::gather
