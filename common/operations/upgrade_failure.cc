#include "common/operations/upgrade_failure.h"

#include "common/core/base/text.h"
#include "common/gather/rendered.h"
#include "common/gather/target.h"
#include "common/operations/lock_reads.h"
#include "common/operations/rollback.h"
#include "common/operations/rollback_gates.h"
#include "common/operations/upgrade_gates.h"

namespace datafly::operations {
namespace {

constexpr int kExitRolledBack = 6, kExitNeedsPerson = 7;

/// The flags of an upgrade that its rollback needs as well, of those that `helm rollback` knows.
std::vector<std::string> FlagsForRollback(const std::vector<std::string>& given) {
  constexpr std::string_view kKnown[] = {"--timeout",        "--history-max", "--cleanup-on-fail",
                                         "--no-hooks",       "--force",       "--force-replace",
                                         "--force-conflicts"};
  std::vector<std::string> flags;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string_view name = std::string_view(given[i]).substr(0, given[i].find('='));
    const bool takes = name == "--timeout" || name == "--history-max";
    const bool apart = takes && name.size() == given[i].size() && i + 1 < given.size();
    const bool known = std::find(std::begin(kKnown), std::end(kKnown), name) != std::end(kKnown);
    if (known) flags.push_back(given[i]);
    if (known && apart) flags.push_back(given[i + 1]);
    if (apart) ++i;
  }
  return flags;
}

/// A hook of an upgrade that changes the schema is called so, as far as can be seen from here.
bool MayMigrate(const release::Hook& hook) {
  const bool of_upgrades =
      std::any_of(hook.events.begin(), hook.events.end(),
                  [](const std::string& event) { return event.ends_with("-upgrade"); });
  return of_upgrades && ToLower(hook.manifest).find("migrat") != std::string::npos;
}

class Failing {
 public:
  Failing(const Work& work, const UpgradeRequest& request, Judged judged,
          const journal::Operation& failed, const Applied& applied)
      : work_(work),
        request_(request),
        judged_(std::move(judged)),
        failed_(failed),
        applied_(applied) {}

  Upgraded Run() {
    judged_.document.verdict = "failed";
    judged_.document.verdict_detail = applied_.reason;
    if (applied_.end == Applied::End::NotBegun || applied_.end == Applied::End::Refused)
      return EndWith(UpgradeEnd::NotBegun, std::move(judged_.document));
    const auto decided = Decide();
    if (!decided) return Stop(decided.error().message);
    if (!decided->empty()) return Stop(*decided);
    return Back();
  }

 private:
  /// Why it stays; "" when it goes back.
  Result<std::string> Decide() {
    ASSIGN_OR_RETURN(
        const auto records,
        gather::RecordReads::List(work_.io, work_.helm, work_.name_space, work_.release));
    ASSIGN_OR_RETURN(const auto journal, Journal::Read(work_.io, work_.name_space, work_.release));
    ASSIGN_OR_RETURN(const auto back,
                     ChooseWayBack(records.history(), journal, judged_.Today().revision));
    back_to_ = back.revision;
    if (applied_.end != Applied::End::RolloutFailed && applied_.end != Applied::End::HelmFailed)
      return std::string("no cause is certain");
    if (applied_.maker != journal::Maker::Ours)
      return fmt::format("whether revision {} is this run's cannot be told", failed_.to_revision);
    if (auto hook = RunningHook(records); !hook) {
      return Fail(hook.error());
    } else if (!hook->empty()) {
      return std::move(*hook);
    }
    ASSIGN_OR_RETURN(const auto payloads, records.Read({back_to_}));
    ASSIGN_OR_RETURN(const bool another_schema, MayMeetAnotherSchema(records, payloads.front()));
    if (another_schema)
      return std::string(
          "the target may have brought migrations, which this version cannot undo: the old code "
          "may not know the new schema");
    if (request_.on_failure == OnFailure::Stop) return std::string("--on-failure stop");
    ASSIGN_OR_RETURN(way_back_, JudgeRollback(work_, back, request_.diff, {}));
    if (way_back_.document.exit_code == 3)
      return fmt::format("the way back is shut ({}); helm signal rollback tells why",
                         way_back_.document.verdict_detail);
    if (request_.on_failure == OnFailure::Rollback) return std::string();
    // What it is answered by.
    work_.dialogue.ShowPlan(judged_.document);
    ASSIGN_OR_RETURN(const bool yes, work_.dialogue.Ask(fmt::format(
                                         "Roll {} back to revision {} ({})?", work_.release,
                                         back_to_, payloads.front().chart.version)));
    return std::string(yes ? "" : "the rollback was declined");
  }

  /// Helm calls a revision failed when its hook took too long, and leaves the hook at work; going
  /// back would cut it. "": none runs.
  Result<std::string> RunningHook(const gather::RecordReads& records) {
    ASSIGN_OR_RETURN(const auto failed, records.Read({failed_.to_revision}));
    ASSIGN_OR_RETURN(const auto running, RunningHooks(work_.io, failed.front(), work_.name_space));
    if (running.empty()) return std::string();
    return fmt::format("hook {} of revision {} still runs", fmt::join(running, ", "),
                       failed_.to_revision);
  }

  /// Whatever has run its migrations since the revision to go back to must have known exactly its
  /// files; charts that do not name theirs may have brought any.
  [[nodiscard]] Result<bool> MayMeetAnotherSchema(const gather::RecordReads& records,
                                                  const release::ReleaseRecord& back_to) const {
    const auto known = gather::MigrationFilesOf(back_to.chart);
    const auto differs = [&](bool migrates, const std::vector<std::string>& files) {
      return migrates && (known.empty() || files != known);
    };
    const TargetFacts& target = *judged_.cluster.facts.target;
    if (differs(target.rendered.has_migrate_container, target.migration_files)) return true;
    const auto& hooks = judged_.target.hooks;
    if (RunsHooks(request_.render) && std::any_of(hooks.begin(), hooks.end(), MayMigrate))
      return true;
    std::vector<std::int64_t> between;
    for (const release::RevisionLabel& revision : records.history())
      if (revision.revision > back_to.revision && revision.revision < failed_.to_revision)
        between.push_back(revision.revision);
    ASSIGN_OR_RETURN(const auto payloads, records.Read(between));
    for (const release::ReleaseRecord& record : payloads) {
      ASSIGN_OR_RETURN(const Rendered rendered,
                       gather::ReduceManifest(record.manifest, work_.profile));
      if (differs(rendered.has_migrate_container, gather::MigrationFilesOf(record.chart)))
        return true;
    }
    return false;
  }

  Upgraded Stop(const std::string& why) {
    std::string next = fmt::format("It stays as it is: {}.\n", why);
    if (back_to_ != 0)
      next += fmt::format(
          "To go back, where the schema allows it: helm signal rollback {} {} -n {}{}\n",
          work_.release, back_to_, work_.name_space,
          request_.context.empty() ? "" : " --kube-context " + ShellQuote(request_.context));
    judged_.document.sections.push_back({"next", "What now", report::Text{next}});
    return EndWith(UpgradeEnd::NeedsPerson, std::move(judged_.document));
  }

  Upgraded Back() {
    RollbackStep step;
    step.back_to = back_to_;
    step.newest = failed_.to_revision;
    step.because = failed_.id;
    step.rollout_deadline = request_.rollout_deadline;
    step.apply_flags = FlagsForRollback(request_.apply_flags);
    for (std::string& flag : FlagsForRollback(request_.render.flags))
      step.apply_flags.push_back(std::move(flag));
    if (way_back_.forces_conflicts && !request_.diff.force_conflicts)
      step.apply_flags.emplace_back("--force-conflicts");
    const auto applied = RollBack(work_, step);
    const bool complete = applied && applied->end == Applied::End::Complete;
    std::string& detail = judged_.document.verdict_detail;
    judged_.document.verdict = complete ? "rolled back" : "failed, and the rollback failed too";
    if (complete)
      detail += fmt::format("; revision {} is back, and every workload came up", back_to_);
    else
      detail = fmt::format("{}; the rollback to revision {}: {}", detail, back_to_,
                           applied ? applied->reason : applied.error().message);
    return EndWith(complete ? UpgradeEnd::RolledBack : UpgradeEnd::NeedsPerson,
                   std::move(judged_.document));
  }

  const Work& work_;
  const UpgradeRequest& request_;
  Judged judged_;
  const journal::Operation& failed_;
  const Applied& applied_;
  std::int64_t back_to_ = 0;
  JudgedRollback way_back_;
};

}  // namespace

Upgraded EndWith(UpgradeEnd end, report::Document document) {
  switch (end) {
    case UpgradeEnd::Declined:
      document.verdict = "declined";
      document.verdict_detail = "nothing was done";
      document.exit_code = 1;
      break;
    case UpgradeEnd::NotBegun:
      document.verdict = "not begun";
      document.exit_code = 1;
      break;
    case UpgradeEnd::RolledBack:
      document.exit_code = kExitRolledBack;
      break;
    case UpgradeEnd::NeedsPerson:
      document.exit_code = kExitNeedsPerson;
      break;
    default:
      break;
  }
  return Upgraded{end, std::move(document)};
}

Upgraded AfterFailure(const Work& work, const UpgradeRequest& request, Judged judged,
                      const journal::Operation& failed, const Applied& applied) {
  return Failing(work, request, std::move(judged), failed, applied).Run();
}

}  // namespace datafly::operations
