#pragma once

#include "common/operations/upgrade_gates.h"

namespace datafly::operations {

/// What follows an upgrade that did not come up: by `on_failure` the release goes back, or stays
/// and the report says what to do. Never back on a cause that is not certain, where somebody else
/// is at work, or where code could meet a schema that it does not know. `judged.document` has the
/// evidence already. No error: what goes wrong from here on is told in the report, which ends with
/// exit code 6 or 7.
Upgraded AfterFailure(const Work& work, const UpgradeRequest& request, Judged judged,
                      const journal::Operation& failed, const Applied& applied);

/// The report as it ends; the exit code is set by `end`.
Upgraded EndWith(UpgradeEnd end, report::Document document);

}  // namespace datafly::operations
