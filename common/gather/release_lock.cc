#include "common/gather/release_lock.h"

#include "common/gather/lists.h"

namespace datafly::gather {

kube::ListOptions RecordLabelOptions() {
  kube::ListOptions options;
  // Helm keeps each revision in an object of its own with these labels (helm pkg/storage/driver).
  options.label_selector = "owner=helm";
  options.metadata_only = true;
  return options;
}

Result<std::optional<release::RevisionLabel>> ReadReleaseLock(Io& io, release::RecordStore store,
                                                              const std::string& name_space,
                                                              const std::string& release) {
  const auto decoder = std::make_shared<kinds::Decoder>();
  auto records = std::make_shared<std::vector<kinds::ObjectMeta>>();
  kube::ListOptions options = RecordLabelOptions();
  options.label_selector += ",name=" + release;
  auto list = io.kube.StartList(
      {"v1", std::string(release::ResourceOf(store)), name_space}, options,
      [decoder, records](kube::Client::PageBuffer page) {
        return decoder->Metadata({page.data, page.size, page.capacity}, *records);
      },
      [records] { records->clear(); });
  TRY(io.loop.Wait(io.deadline, list));
  TRY(list.Take());
  for (const release::History& history : release::GroupByRelease(*records)) {
    if (const auto* lock = release::PendingLock(history)) return *lock;
  }
  return std::nullopt;
}

}  // namespace datafly::gather
