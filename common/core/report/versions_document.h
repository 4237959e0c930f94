#pragma once

#include <string>
#include <vector>

#include "common/core/charts/versions.h"
#include "common/core/facts/facts.h"
#include "common/core/report/document.h"

namespace datafly::report {

/// What `helm signal versions` found out.
struct VersionsReport {
  Time taken_at;
  std::string tool_version;
  Scope scope;
  std::string source;                ///< "oci://host/charts/datafly"
  Fact<std::string> today;           ///< the release's chart version
  Fact<std::string> server_version;  ///< of the cluster
  charts::Chosen chosen;
  std::size_t unreadable = 0;  ///< entries that are no versions
  std::string stale;           ///< the source did not answer: why, and what was read instead
};

/// One table, newest first, and what could not be found out. Exit code 5 when today's version is
/// not known, is no version, or the source did not answer itself; else 0.
Document VersionsDocument(const VersionsReport& report);

}  // namespace datafly::report
