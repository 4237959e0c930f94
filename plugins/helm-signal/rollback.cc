#include "common/operations/rollback.h"
#include "common/operations/applied_sections.h"
#include "common/operations/rollback_gates.h"

#include "common/core/base/text.h"
#include "common/core/diff/redact.h"
#include "common/core/report/judgement.h"
#include "common/gather/release_diff.h"
#include "plugins/helm-signal/apply_flags.h"
#include "plugins/helm-signal/changing.h"
#include "plugins/helm-signal/commands.h"
#include "plugins/helm-signal/revision.h"

namespace datafly::commands {
namespace {

struct Options {
  ChangingFlags changing;
  ApplyFlags apply_flags;
  std::string revision;
  std::vector<std::string> acks;
};

void Declare(cli::CommandLine& line, Options& options) {
  line.AddPositional("RELEASE", options.changing.release, "The release", true);
  line.AddPositional("REVISION", options.revision,
                     "Default: the newest one before the last that helm signal saw come up whole",
                     false);
  DeclareChangingFlags(line, options.changing);
  line.AddList("--ack", options.acks, "Acknowledge a finding: CODE=REASON (repeatable)",
               "CODE=REASON");
  options.apply_flags.Declare(line, ApplyFlags::Of::Rollback);
  line.SetFooter(
      "Helm's own rollback without a revision takes the one before the last, even a failed one. "
      "This takes the newest that was\n"
      "verified, says what it skipped, shows what changes, asks once, runs helm rollback and "
      "follows every workload to its end.\n"
      "It begins nothing while an image or an API of that revision is gone, or data would be lost. "
      "Changes of the database's\n"
      "schema are not undone.\n\n"
      "Exit codes: 0 verified; 3 a gate is shut, 4 there are warnings (only with --fail-on warn): "
      "nothing was begun; 7 it\n"
      "failed and needs a person; 1 it could not be done or was declined; 64 wrong usage; 130 "
      "interrupted.");
}

void AddEnd(report::Document& document, const Scope& scope, const operations::Applied& applied) {
  operations::AddApplied(document, scope, applied);
  const bool complete = applied.end == operations::Applied::End::Complete;
  document.verdict = complete ? "verified" : "failed";
  document.verdict_detail = complete ? "every workload came up" : applied.reason;
  document.exit_code = complete ? 0 : 7;
  const bool untouched = applied.end == operations::Applied::End::NotBegun ||
                         applied.end == operations::Applied::End::Refused;
  if (untouched) {
    document.verdict = "not begun";
    document.exit_code = 1;
  }
}

/// A rollback that was killed after helm had ended is what is asked for again: going on from there
/// would lead to the revision that it came from.
bool IsTheSame(const journal::Operation& followed, std::int64_t asked) {
  return followed.kind == journal::Kind::Rollback &&
         followed.verdict == journal::Verdict::Verified &&
         (asked == 0 || asked == followed.back_to);
}

report::Document DoneBefore(const operations::Work& work, const journal::Operation& followed) {
  report::Document document;
  document.kind = "RollbackReport";
  document.title =
      fmt::format("Rollback of release {} to revision {}", work.release, followed.back_to);
  document.taken_at = work.io.kube.ServerTime().value_or(work.io.system.clock.Now());
  document.context = {{"namespace", work.name_space}, {"release", work.release}};
  document.verdict = "verified";
  document.verdict_detail = fmt::format(
      "an earlier run had gone back to revision {}, and its workloads came up: nothing was left to "
      "do",
      followed.back_to);
  return document;
}

Result<report::Document> Work(const operations::Work& work, const Options& options,
                              std::int64_t asked, const ChangingPlan& plan,
                              const std::vector<checks::Acknowledgement>& acks,
                              const cli::Cluster& cluster) {
  operations::LookedBack looked;
  if (!plan.dry_run) {
    ASSIGN_OR_RETURN(looked, operations::LookBack(work));
  }
  if (looked.followed && IsTheSame(*looked.followed, asked))
    return DoneBefore(work, *looked.followed);
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
  ASSIGN_OR_RETURN(const auto journal,
                   operations::Journal::Read(work.io, work.name_space, work.release));
  ASSIGN_OR_RETURN(const auto target,
                   operations::ChooseRollback(records.history(), journal, asked));
  gather::DiffOptions diff;
  diff.force_conflicts = options.apply_flags.force_conflicts;
  diff.replaces = options.apply_flags.Replaces();
  ASSIGN_OR_RETURN(auto judged,
                   operations::JudgeRollback(work, target, diff, acks, plan.output.fail_on_warn));
  report::Document& document = judged.document;
  // A required check that is not known hinders nobody who goes back (Soften).
  const bool shut = document.exit_code == 3 || document.exit_code == 4;
  if (plan.dry_run || shut) return std::move(document);
  work.dialogue.ShowPlan(document);
  ASSIGN_OR_RETURN(
      const bool yes,
      work.dialogue.Confirm(fmt::format(
          "Roll {} in namespace {} on {} ({}) back to revision {}?", work.release, work.name_space,
          cluster.config().context.empty() ? "this cluster" : "context " + cluster.config().context,
          cluster.config().server, target.revision)));
  if (!yes) {
    document.verdict = "declined";
    document.verdict_detail = "nothing was done";
    document.exit_code = 1;
    return std::move(document);
  }
  TRY(operations::CheckUnmoved(work, judged));
  operations::RollbackStep step;
  for (const checks::Acknowledgement& ack : acks)
    step.acks.push_back(fmt::format("{}: {}", ack.code, ack.reason));
  step.back_to = target.revision;
  step.newest = judged.newest_revision;
  step.over_dead_lock = true;  // JudgeRollback lets no other pass
  step.apply_flags = options.apply_flags.Arguments();
  if (judged.forces_conflicts && !diff.force_conflicts)
    step.apply_flags.emplace_back("--force-conflicts");
  step.rollout_deadline = plan.rollout_deadline;
  step.soak = plan.soak;
  ASSIGN_OR_RETURN(const auto applied, operations::RollBack(work, step));
  Scope scope;
  scope.name_space = work.name_space;
  scope.release = work.release;
  scope.context = cluster.config().context;
  AddEnd(document, scope, applied);
  return std::move(document);
}

cli::ExitStatus Run(Options& options, cli::Session& session) {
  const auto plan = ResolveChanging(options.changing);
  if (!plan) return cli::ReportUsage(session, plan.error());
  if (const auto sound = options.apply_flags.Check(); !sound)
    return cli::ReportUsage(session, sound.error());
  const auto acks = checks::ParseAcknowledgements(options.acks);
  if (!acks) return cli::ReportUsage(session, acks.error());
  const auto asked =
      ParseRevision(options.revision, options.changing.release, options.changing.shared);
  if (!asked) return cli::ReportUsage(session, asked.error());
  return RunChanging(session, options.changing, *plan,
                     [&](const operations::Work& work, const cli::Cluster& cluster) {
                       return Work(work, options, *asked, *plan, *acks, cluster);
                     });
}

}  // namespace

cli::Command RollbackCommand() {
  auto options = std::make_shared<Options>();
  cli::Command command;
  command.name = "rollback";
  command.group = "When it went wrong";
  command.summary = "Go back to the newest revision that was seen to come up whole";
  command.shared = &options->changing.shared;
  command.helm = &options->changing.helm;
  command.declare = [options](cli::CommandLine& line) { Declare(line, *options); };
  command.run = [options](cli::Session& session) { return Run(*options, session); };
  return command;
}

}  // namespace datafly::commands
