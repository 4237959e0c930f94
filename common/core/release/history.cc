#include "common/core/release/history.h"

#include <charconv>

namespace datafly::release {
namespace {

std::string LabelOf(const kinds::ObjectMeta& meta, const std::string& key) {
  const auto found = meta.labels.find(key);
  return found == meta.labels.end() ? std::string{} : found->second;
}

std::optional<std::int64_t> Number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Labels hold Unix seconds.
std::optional<Time> TimeLabel(const kinds::ObjectMeta& meta, const std::string& key) {
  constexpr std::int64_t kYear9999 = 253'402'300'799;
  const auto seconds = Number(LabelOf(meta, key));
  if (!seconds || *seconds < 0 || *seconds > kYear9999) return std::nullopt;
  return Time{std::chrono::seconds{*seconds}};
}

/// The newest that is known. Helm 4 carries the labels of the revision before on to the next one,
/// its modifiedAt included (seen with 4.2.4): the object itself is then younger than its label.
std::optional<Time> LastWrite(const kinds::ObjectMeta& meta) {
  std::optional<Time> last;
  for (const auto& time : {TimeLabel(meta, "createdAt"), TimeLabel(meta, "modifiedAt"),
                           meta.creation == Time{} ? std::optional<Time>() : meta.creation}) {
    if (time && (!last || *time > *last)) last = time;
  }
  return last;
}

template <class Wanted>
const RevisionLabel* NewestThat(const History& history, Wanted wanted) {
  const auto found = std::find_if(history.rbegin(), history.rend(), wanted);
  return found == history.rend() ? nullptr : &*found;
}

/// The last one before the newest that has the status.
const RevisionLabel* LastBeforeNewest(const History& history, Status status) {
  const RevisionLabel* newest = Newest(history);
  return NewestThat(history, [newest, status](const auto& label) {
    return &label != newest && label.status == status;
  });
}

}  // namespace

std::optional<RevisionLabel> ReadRevisionLabel(const kinds::ObjectMeta& meta) {
  const auto revision = Number(LabelOf(meta, "version"));
  RevisionLabel label;
  label.release = LabelOf(meta, "name");
  if (LabelOf(meta, "owner") != "helm" || label.release.empty() || !revision || *revision <= 0)
    return std::nullopt;
  label.object_name = meta.name;
  label.uid = meta.uid;
  label.name_space = meta.name_space;
  label.revision = *revision;
  label.status = ParseStatus(LabelOf(meta, "status"));
  label.modified_at = LastWrite(meta);
  label.made_by = LabelOf(meta, kMadeBy);
  return label;
}

std::vector<History> GroupByRelease(const std::vector<kinds::ObjectMeta>& records) {
  std::map<std::pair<std::string, std::string>, History> groups;
  for (const auto& meta : records)
    if (auto label = ReadRevisionLabel(meta))
      groups[{label->name_space, label->release}].push_back(std::move(*label));
  std::vector<History> histories;
  for (auto& [key, history] : groups) {
    std::sort(history.begin(), history.end(),
              [](const auto& a, const auto& b) { return a.revision < b.revision; });
    histories.push_back(std::move(history));
  }
  return histories;
}

const RevisionLabel* Newest(const History& history) {
  return history.empty() ? nullptr : &history.back();
}

const RevisionLabel* NewestDeployed(const History& history) {
  return NewestThat(history, [](const auto& label) { return label.status == Status::Deployed; });
}

const RevisionLabel* PendingLock(const History& history) {
  const RevisionLabel* newest = Newest(history);
  return newest != nullptr && IsPending(newest->status) ? newest : nullptr;
}

const RevisionLabel* RollbackTarget(const History& history) {
  const RevisionLabel* deployed = LastBeforeNewest(history, Status::Deployed);
  return deployed != nullptr ? deployed : LastBeforeNewest(history, Status::Superseded);
}

// helm pkg/storage.removeLeastRecent: room for the new one is made before it is created.
History AfterPruning(const History& history, std::int64_t max_history) {
  if (max_history <= 0 || static_cast<std::int64_t>(history.size()) < max_history) return history;
  auto overage = static_cast<std::int64_t>(history.size()) - (max_history - 1);
  const RevisionLabel* deployed = NewestDeployed(history);
  History left;
  for (const auto& label : history) {
    const bool goes = overage > 0 && &label != deployed;
    if (goes) --overage;
    if (!goes) left.push_back(label);
  }
  return left;
}

}  // namespace datafly::release
