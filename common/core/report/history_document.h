#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/facts/facts.h"
#include "common/core/journal/operation.h"
#include "common/core/report/document.h"

namespace datafly::report {

/// One revision of a release, as Helm's record and our journal know it.
struct HistoryRow {
  std::int64_t revision = 0;
  std::string status;           ///< Helm's: "deployed"
  std::optional<Time> updated;  ///< when Helm last wrote the record
  std::string chart_version, app_version, description;
  std::optional<journal::Operation> operation;  ///< ours, when it made the revision
};

struct HistoryReport {
  Time taken_at;
  std::string tool_version;
  Scope scope;
  std::vector<HistoryRow> rows;            ///< oldest first
  std::vector<journal::Operation> others;  ///< that made no revision which is still there
  std::vector<std::string> strange;        ///< of the journal, not understood
  std::optional<Absence> no_journal;       ///< why it could not be read
};

/// A row per revision, newest first; below, what was begun and not ended. Exit code 5 when the
/// journal could not be read: then nothing tells what was verified.
Document HistoryDocument(const HistoryReport& report);

}  // namespace datafly::report
