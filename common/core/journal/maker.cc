#include "common/core/journal/maker.h"

#include <fmt/format.h>

namespace datafly::journal {
namespace {

/// Labels tell whole seconds.
constexpr std::chrono::seconds kRounding{1};
/// A rollback writes its record as soon as it is started, and renders nothing before.
constexpr std::chrono::minutes kWritesWithin{1};

/// Helm's own words (helm pkg/action/rollback.go).
bool TellsOfThatRollback(const Operation& operation, const std::string& description) {
  return description == fmt::format("Rollback to {}", operation.back_to) ||
         description.starts_with(fmt::format("Rollback \"{}\" failed", operation.release));
}

/// Helm 4 writes what --description gives instead; while it is pending, its status tells as well.
bool IsThatRollback(const Operation& operation, const release::RevisionLabel& label,
                    const release::ReleaseRecord& record) {
  return label.status == release::Status::PendingRollback ||
         TellsOfThatRollback(operation, record.description);
}

bool IsOfThatTime(const Operation& operation, const release::RevisionLabel& label) {
  if (!label.modified_at) return false;
  if (*label.modified_at + kRounding < operation.started_at) return false;
  return !release::IsPending(label.status) ||
         *label.modified_at <= operation.changed_at + kWritesWithin;
}

Maker OfRollback(const Operation& operation, const release::RevisionLabel& label,
                 const release::ReleaseRecord& record) {
  const bool ours = IsOfThatTime(operation, label) &&
                    record.chart.version == operation.to_version &&
                    IsThatRollback(operation, label, record);
  return ours ? Maker::Ours : Maker::Foreign;
}

}  // namespace

std::string MarkOf(const Operation& operation) {
  return fmt::format("{}.r{}", operation.id, operation.to_revision);
}

Maker MakerOf(const Operation& operation, const release::RevisionLabel& label,
              const release::ReleaseRecord& record) {
  // No helm is started before this phase is left.
  if (operation.phase == Phase::Planned) return Maker::Foreign;
  if (label.revision != operation.to_revision) return Maker::Foreign;
  if (operation.kind == Kind::Rollback) return OfRollback(operation, label, record);
  if (!label.made_by) return Maker::Unclear;
  return *label.made_by == MarkOf(operation) ? Maker::Ours : Maker::Foreign;
}

}  // namespace datafly::journal
