#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/checks/check.h"
#include "common/core/plan/plan.h"
#include "common/core/release/values_rule.h"
#include "common/gather/target.h"
#include "common/operations/apply.h"
#include "common/operations/look_back.h"

namespace datafly::operations {

enum class OnFailure { Ask, Rollback, Stop };

struct UpgradeRequest {
  helm::RenderRequest render;            ///< chart and values, as for the diff
  std::vector<std::string> apply_flags;  ///< further arguments for the real helm upgrade
  gather::DiffOptions diff;
  std::vector<checks::Acknowledgement> acks;
  OnFailure on_failure = OnFailure::Stop;
  bool dry_run = false;       ///< gates and changes only
  bool fail_on_warn = false;  ///< warnings shut the gates, too
  Millis rollout_deadline{600'000};
  Millis soak{0};  ///< watched on so long after everything has come up
  release::ValuesStep::Rule values_rule = release::ValuesStep::Rule::Default;  ///< as told to helm
  std::string context, server;                                                 ///< for the question
  /// Apply exactly this: `render`, its values and `apply_flags` come from it. Else nullptr.
  const plan::Plan* plan = nullptr;
};

/// How it ended, in the order of a run.
enum class UpgradeEnd {
  GatesShut,    ///< a check failed, or warns with fail_on_warn: nothing was begun
  NotChecked,   ///< something required could not be checked: nothing was begun
  DryRun,       ///< the gates are open, and nothing was to be done
  Declined,     ///< the question was answered with no
  NotBegun,     ///< helm ended before it had made a revision: it has changed nothing
  Verified,     ///< every workload came up
  RolledBack,   ///< it failed, and the release is back where it was
  NeedsPerson,  ///< it failed, or its end is not known, and it stays as it is
};

struct Upgraded {
  UpgradeEnd end = UpgradeEnd::GatesShut;
  report::Document document;  ///< kind UpgradeReport, exit code included
};

/// The whole upgrade under a lease that the caller has taken: pins the chart, looks back, gathers
/// and judges with the target, shows the plan, asks once, writes the journal, runs helm, follows,
/// and when it fails does what `on_failure` says. An automatic rollback happens only on a certain
/// cause within the release, and never where the target may carry migrations that nobody could
/// undo. Errors: no such release, a chart that does not render, the release moved while it was
/// judged, the lease is lost, interrupted (the journal then says so).
Result<Upgraded> Upgrade(const Work& work, const UpgradeRequest& request);

/// What `plan --save` makes: the gates and the changes as Upgrade judges them, and the plan to
/// apply them later. Changes nothing. Errors as Upgrade's up to its question.
struct Planned {
  plan::Plan plan;
  report::Document document;  ///< kind UpgradeReport, exit code included
};
Result<Planned> PlanUpgrade(const Work& work, const UpgradeRequest& request);

}  // namespace datafly::operations
