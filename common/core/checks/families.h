#pragma once

#include "common/core/checks/check.h"

/// The families, one per file of this folder. Append a line here and one in catalogue.cc, where the
/// order of a report is.
namespace datafly::checks {

extern const Family kReleaseFamily;      ///< release.cc
extern const Family kOwnerFamily;        ///< owner.cc
extern const Family kVersionFamily;      ///< version.cc
extern const Family kNotesFamily;        ///< notes.cc: release notes, and what a major wants
extern const Family kValuesFamily;       ///< values.cc
extern const Family kChangesFamily;      ///< changes.cc
extern const Family kApisFamily;         ///< apis.cc
extern const Family kCrdsFamily;         ///< crds.cc
extern const Family kDryRunFamily;       ///< dry_run.cc
extern const Family kLagFamily;          ///< lag.cc
extern const Family kMigrationsFamily;   ///< migrations.cc
extern const Family kPermissionsFamily;  ///< permissions.cc
extern const Family kProfileFamily;      ///< cluster_profile.cc

extern const Family kWorkloadsFamily;     ///< workloads.cc
extern const Family kPodsFamily;          ///< pods.cc
extern const Family kSetupFamily;         ///< setup.cc
extern const Family kHpaFamily;           ///< hpa.cc
extern const Family kDowntimeFamily;      ///< downtime.cc
extern const Family kImagesFamily;        ///< images.cc
extern const Family kCapacityFamily;      ///< capacity.cc, capacity_nodes.cc, capacity_quota.cc
extern const Family kPlatformFamily;      ///< platform.cc
extern const Family kCertificatesFamily;  ///< certificates.cc
extern const Family kBackupsFamily;       ///< backups.cc

}  // namespace datafly::checks
