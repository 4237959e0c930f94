#pragma once

#include "common/core/checks/check.h"

/// The families, one per file of this folder. Append a line here and one in catalogue.cc, where the
/// order of a report is.
namespace datafly::checks {

extern const Family kReleaseFamily;  ///< release.cc
extern const Family kVersionFamily;  ///< version.cc
extern const Family kWorkloadsFamily;  ///< workloads.cc
extern const Family kPodsFamily;       ///< pods.cc

}  // namespace datafly::checks
