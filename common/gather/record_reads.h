#pragma once

#include <string>
#include <vector>

#include "common/core/release/history.h"
#include "common/core/release/record.h"
#include "common/gather/gather.h"
#include "common/io/helm/helm_records.h"

namespace datafly::gather {

/// The records of one release, for who compares whole revisions. The labels come first, payloads by
/// revision when they are asked for. Where HELM_DRIVER names a store outside the cluster, helm is
/// asked; its records are partial.
class RecordReads {
 public:
  /// Lists the release's revisions. Errors: no right to list; no connection; with a store outside
  /// the cluster whatever helm says.
  static Result<RecordReads> List(Io& io, const helm::HelmCalls& calls, std::string name_space,
                                  const std::string& release);

  /// Ascending; empty when nothing of that name is installed.
  [[nodiscard]] const release::History& history() const { return history_; }
  /// The payloads of these revisions, in the same order, read side by side. Error::NotFound for one
  /// that is not in the history (naming those that are).
  [[nodiscard]] Result<std::vector<release::ReleaseRecord>> Read(
      const std::vector<std::int64_t>& revisions) const;

 private:
  RecordReads(Io& io, const helm::HelmCalls& calls, std::string plural, std::string name_space)
      : io_(&io), calls_(&calls), plural_(std::move(plural)), name_space_(std::move(name_space)) {}
  Result<void> ListInCluster(const std::string& release);
  Result<void> ListByHelm(const std::string& release);
  [[nodiscard]] Result<release::RevisionLabel> Find(std::int64_t revision) const;
  [[nodiscard]] Millis Left() const;

  Io* io_;
  const helm::HelmCalls* calls_;
  std::string plural_;  ///< "" when no object of the cluster holds the records
  std::string name_space_;
  release::History history_;
};

}  // namespace datafly::gather
