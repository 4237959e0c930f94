#pragma once

#include <optional>
#include <string>

#include "common/core/release/history.h"
#include "common/core/release/record.h"
#include "common/gather/gather.h"

namespace datafly::gather {

/// The records of one release, for who compares whole revisions. The labels come first, payloads by
/// revision when they are asked for.
class RecordReads {
 public:
  /// Lists the labels of the release's records. Errors: HELM_DRIVER names a store that is not in
  /// the cluster (sql, memory); no right to list; the deadline.
  static Result<RecordReads> List(Io& io, std::string name_space, const std::string& release);

  /// Ascending; empty when nothing of that name is installed.
  [[nodiscard]] const release::History& history() const { return history_; }
  /// Puts the payload of a revision on the wire. Error::NotFound for one that is not in the history
  /// (naming those that are).
  Result<Pending<release::ReleaseRecord>> Start(std::int64_t revision) const;

 private:
  RecordReads(Io& io, std::string plural, std::string name_space)
      : io_(&io), plural_(std::move(plural)), name_space_(std::move(name_space)) {}
  Io* io_;
  std::string plural_, name_space_;
  release::History history_;
};

}  // namespace datafly::gather
