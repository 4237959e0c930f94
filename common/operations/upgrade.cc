#include "common/operations/upgrade.h"

#include "common/core/base/text.h"
#include "common/core/report/judgement.h"
#include "common/operations/actor.h"
#include "common/operations/helm_words.h"
#include "common/operations/rollback.h"

namespace datafly::operations {
namespace {

using journal::Operation;
using journal::Phase;
using journal::Verdict;

/// What was judged longer ago says little about now.
constexpr std::chrono::minutes kGatesHold{5};
constexpr std::chrono::minutes kGathering{2};
constexpr int kExitRolledBack = 6, kExitNeedsPerson = 7;

/// Families about how the platform stands today. After an upgrade that failed or died half way they
/// cannot be well, and going on is what mends them.
bool IsAboutToday(std::string_view family) {
  return family == "release" || family == "workloads" || family == "pods" || family == "hpa";
}

void GoOnInspite(std::vector<checks::FamilyResult>& results) {
  for (checks::FamilyResult& result : results) {
    if (!IsAboutToday(result.family->name)) continue;
    for (Finding& finding : result.findings) {
      if (finding.verdict != CheckVerdict::Fail) continue;
      finding.verdict = CheckVerdict::Warn;
      finding.evidence.emplace_back(
          "an earlier upgrade failed or was cut short: going on is what mends it");
    }
  }
}

/// Nobody else's controller may own what is changed by hand.
Result<void> CheckOwner(const Facts& facts) {
  if (!facts.owner || facts.owner->kind == OwnerFacts::Kind::Helm) return {};
  return Fail(Error::Unsupported(
      fmt::format("the release is owned by {}: it would undo the upgrade", facts.owner->object),
      "kubectl signal explain SIG-OWN-001; kubectl signal preflight names the exact steps"));
}

/// The gates and the changes as they were judged.
struct Judged {
  gather::Gathered cluster;
  release::ReleaseRecord target;
  report::Document document;
  std::int64_t newest_revision = 0;
  Instant at{};
};

class Upgrading {
 public:
  Upgrading(const Work& work, const UpgradeRequest& request) : work_(work), request_(request) {}

  Result<Upgraded> Run() {
    LookedBack looked;
    if (!request_.dry_run) {
      ASSIGN_OR_RETURN(looked, LookBack(work_));
    }
    ASSIGN_OR_RETURN(ended_badly_, EndedBadly());
    ended_badly_ = ended_badly_ || looked.repaired;
    ASSIGN_OR_RETURN(Judged judged, Judge());
    if (looked.followed && IsDoneAlready(*looked.followed, judged))
      return AlreadyThere(std::move(judged));
    for (;;) {
      const int exit = judged.document.exit_code;
      if (exit == 3) return End(UpgradeEnd::GatesShut, std::move(judged.document));
      if (exit == 5) return End(UpgradeEnd::NotChecked, std::move(judged.document));
      if (request_.dry_run) return End(UpgradeEnd::DryRun, std::move(judged.document));
      work_.dialogue.ShowPlan(judged.document);
      ASSIGN_OR_RETURN(const bool yes, work_.dialogue.Confirm(Question(judged)));
      if (!yes) return End(UpgradeEnd::Declined, std::move(judged.document));
      if (work_.io.loop.Now() - judged.at < kGatesHold) break;
      work_.dialogue.Tell("the gates were judged more than 5 minutes ago: judging again");
      ASSIGN_OR_RETURN(judged, Judge());
    }
    TRY(CheckUnmoved(judged));
    return Act(std::move(judged));
  }

 private:
  /// Whether the newest revision is one of ours that failed or was stopped.
  Result<bool> EndedBadly() const {
    ASSIGN_OR_RETURN(const auto records, Records());
    ASSIGN_OR_RETURN(const auto journal, Journal::Read(work_.io, work_.name_space, work_.release));
    const auto* newest = release::Newest(records.history());
    const auto* made = newest == nullptr ? nullptr : journal.OfRevision(newest->revision);
    return made != nullptr &&
           (made->verdict == Verdict::Failed || made->verdict == Verdict::Stopped);
  }

  // --- gates

  Result<Judged> Judge() {
    work_.dialogue.Tell("judging the release and the target …");
    gather::Io io{work_.io.loop, work_.io.http, work_.io.kube, work_.io.system,
                  std::min(work_.io.deadline, work_.io.loop.Now() + kGathering)};
    gather::ClusterRequest cluster{work_.name_space, work_.release};
    cluster.other_pods = true;
    Judged judged;
    ASSIGN_OR_RETURN(judged.cluster, gather::GatherCluster(io, work_.profile, cluster));
    TRY(CheckOwner(judged.cluster.facts));
    if (!judged.cluster.facts.release)
      return Fail(Error::NotFound(fmt::format("release {} cannot be upgraded: {}", work_.release,
                                              judged.cluster.facts.release.absence().reason),
                                  "a first install has nothing to be held against: helm install"));
    judged.newest_revision = judged.cluster.facts.release->revision;
    TRY(RenderTarget(io, judged));
    judged.document = Documented(judged.cluster.facts);
    judged.at = work_.io.loop.Now();
    return judged;
  }

  Result<void> RenderTarget(gather::Io& io, Judged& judged) {
    gather::TargetRequest target;
    target.to = request_.render.chart;
    target.as_given = gather::TargetRequest::AsGiven{request_.render, work_.helm.environment};
    target.diff = request_.diff;
    ASSIGN_OR_RETURN(auto rendered,
                     gather::RenderAndGatherTarget(io, work_.io.system.processes, work_.profile,
                                                   judged.cluster, target));
    if (!rendered)
      return Fail(Error::InvalidInput(rendered.absence().reason,
                                      "the same by hand: helm upgrade --dry-run=server"));
    judged.cluster.facts.target = rendered->facts;
    judged.target = std::move(rendered->record);
    return {};
  }

  report::Document Documented(const Facts& facts) {
    auto results = checks::JudgeAll({facts, work_.profile}, {}, request_.acks);
    if (ended_badly_) GoOnInspite(results);
    report::Document document = report::JudgementDocument(
        "UpgradeReport",
        fmt::format("Upgrade of release {} to {}", work_.release, facts.target->chart_version),
        facts, results, /*fail_on_warn=*/false);
    report::AddChanges(document, facts);
    return document;
  }

  [[nodiscard]] std::string Question(const Judged& judged) const {
    return fmt::format(
        "Upgrade {} in namespace {} on {} ({}) from {} to {}?", work_.release, work_.name_space,
        request_.context.empty() ? "this cluster" : "context " + request_.context, request_.server,
        judged.cluster.facts.release->chart_version, judged.target.chart.version);
  }

  /// Between the judging and the answer somebody may have upgraded.
  Result<void> CheckUnmoved(const Judged& judged) {
    ASSIGN_OR_RETURN(const auto records, Records());
    const auto* newest = release::Newest(records.history());
    if (newest != nullptr && newest->revision == judged.newest_revision &&
        !release::IsPending(newest->status))
      return {};
    return Fail(Error{ErrorKind::Conflict,
                      "the release has moved since it was judged; nothing was done",
                      "look with: helm signal history, then try again",
                      0,
                      {}});
  }

  [[nodiscard]] Result<gather::RecordReads> Records() const {
    return gather::RecordReads::List(work_.io, work_.helm, work_.name_space, work_.release);
  }

  // --- an earlier run that had come to its end without us

  static bool IsDoneAlready(const Operation& followed, const Judged& judged) {
    return followed.kind == journal::Kind::Upgrade && followed.verdict == Verdict::Verified &&
           followed.to_revision == judged.newest_revision &&
           followed.to_version == judged.target.chart.version &&
           judged.cluster.facts.target->changes && !Writes(*judged.cluster.facts.target->changes);
  }
  static bool Writes(const diff::ReleaseDiff& changes) {
    return std::any_of(changes.resources.begin(), changes.resources.end(),
                       [](const auto& change) { return change.writes; });
  }
  static Result<Upgraded> AlreadyThere(Judged judged) {
    judged.document.verdict = "verified";
    judged.document.verdict_detail = fmt::format(
        "an earlier run had applied {}, and its workloads came up: nothing was left to do",
        judged.target.chart.version);
    judged.document.exit_code = 0;
    return End(UpgradeEnd::Verified, std::move(judged.document));
  }

  // --- acting

  Result<Upgraded> Act(Judged judged) {
    JournalWriter writer(work_.io, *work_.lease, work_.observer);
    TRY(writer.Begin(OperationOf(judged)));
    auto applied = Apply(work_.io, writer, work_.dialogue, work_.profile, StepOf(judged));
    if (!applied) return Broken(writer, applied.error());
    const bool complete = applied->end == Applied::End::Complete;
    TRY(writer.Write("done", [&](Operation& entry) {
      entry.phase = Phase::Done;
      entry.verdict = complete                                    ? Verdict::Verified
                      : applied->end == Applied::End::NotComplete ? Verdict::Stopped
                                                                  : Verdict::Failed;
      entry.reason = applied->reason;
    }));
    AddRollout(judged.document, judged.cluster.facts.scope, *applied);
    TRY(AddWhatWasApplied(judged, writer.operation()));
    if (complete) return Verified(std::move(judged));
    return Failed(std::move(judged), writer.operation(), *applied);
  }

  Operation OperationOf(const Judged& judged) const {
    Operation operation;
    operation.id = NewOperationId();
    operation.release = work_.release;
    operation.name_space = work_.name_space;
    operation.from_revision = judged.newest_revision;
    operation.to_revision = judged.newest_revision + 1;
    operation.from_version = judged.cluster.facts.release->chart_version;
    operation.chart = request_.render.chart;
    operation.to_version = judged.target.chart.version;
    operation.who = work_.who;
    operation.runner = ThisProcess();
    operation.started_at = work_.io.kube.ServerTime().value_or(work_.io.system.clock.Now());
    for (const checks::Acknowledgement& ack : request_.acks)
      operation.acks.push_back(fmt::format("{}: {}", ack.code, ack.reason));
    return operation;
  }

  ApplyStep StepOf(const Judged& judged) const {
    ApplyStep step;
    step.what = fmt::format("helm upgrade {} to {}", work_.release, judged.target.chart.version);
    step.helm.helm = work_.helm.helm;
    step.helm.environment = work_.helm.environment;
    const gather::Gathered& today = judged.cluster;
    step.helm.mask = MaskOf(work_.io.system.files, request_.render,
                            {today.newest ? &*today.newest : nullptr,
                             today.deployed ? &*today.deployed : nullptr, &judged.target});
    helm::RenderRequest render = request_.render;
    // The version that was judged, whatever the source offers by now; a folder or an archive has
    // one.
    const bool is_file = work_.io.system.files.Exists(render.chart);
    if (!is_file) render.version = judged.target.chart.version;
    step.helm.arguments = helm::UpgradeArguments(render, request_.apply_flags);
    step.name_space = work_.name_space;
    step.rollout_deadline = request_.rollout_deadline;
    for (const kinds::Workload& workload : judged.cluster.facts.target->rendered.workloads)
      step.workloads.push_back(workload.Id());
    return step;
  }

  /// Interrupted, or the lease is lost: what is left is written down, if it still may be.
  Result<Upgraded> Broken(JournalWriter& writer, const Error& error) {
    if (error.kind != ErrorKind::Interrupted) return Fail(error);
    work_.io.loop.TakeInterrupt();
    work_.dialogue.Tell("interrupted: helm is ended, and the journal closed");
    const auto helm = writer.operation().helm;
    TRY(work_.io.loop.RunUntil(work_.io.loop.Now() + std::chrono::seconds(15),
                               [&] { return !helm || !IsRunning(*helm); }));
    TRY(writer.Write("interrupted", [](Operation& entry) {
      entry.phase = Phase::Done;
      entry.verdict = Verdict::Stopped;
      entry.reason = "interrupted";
    }));
    return Fail(Error::Interrupted());
  }

  static void AddRollout(report::Document& document, const Scope& scope, const Applied& applied) {
    if (!applied.rollout) return;
    const RolloutFollow::End& end = *applied.rollout;
    report::Document rollout =
        report::RolloutDocument(scope, end.progress, end.outcome, end.excerpts);
    for (report::Section& section : rollout.sections)
      document.sections.push_back(std::move(section));
  }

  /// What Helm recorded against what was shown.
  Result<void> AddWhatWasApplied(Judged& judged, const Operation& operation) {
    ASSIGN_OR_RETURN(const auto records, Records());
    const auto* newest = release::Newest(records.history());
    if (newest == nullptr || newest->revision != operation.to_revision) return {};
    ASSIGN_OR_RETURN(const auto payloads, records.Read({newest->revision}));
    if (payloads.front().manifest == judged.target.manifest) return {};
    judged.document.sections.push_back(
        {"applied", "What was applied",
         report::Text{"Helm has applied another manifest than the one that was judged and shown: "
                      "something in it differs at each rendering, or its values or its chart have "
                      "changed meanwhile.\nhelm signal diff revision shows what it changed."}});
    return {};
  }

  static Result<Upgraded> End(UpgradeEnd end, report::Document document) {
    switch (end) {
      case UpgradeEnd::Declined:
        document.verdict = "declined";
        document.verdict_detail = "nothing was done";
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

  static Result<Upgraded> Verified(Judged judged) {
    judged.document.verdict = "verified";
    judged.document.verdict_detail =
        fmt::format("{} is applied, and every workload came up", judged.target.chart.version);
    judged.document.exit_code = 0;
    return End(UpgradeEnd::Verified, std::move(judged.document));
  }

  // --- when it failed

  /// Why it must not be rolled back by itself; "" when it may.
  [[nodiscard]] std::string WhyNotBack(const Judged& judged, const Applied& applied) const {
    const bool certain =
        applied.end == Applied::End::RolloutFailed || applied.end == Applied::End::HelmFailed;
    if (!certain) return "no cause is certain";
    const TargetFacts& target = *judged.cluster.facts.target;
    if (!target.rendered.has_migrate_container) return {};
    const auto& known = judged.cluster.facts.release->migration_files;
    const bool same = !known.empty() && target.migration_files == known;
    return same ? ""
                : "the target may have brought migrations, which this version cannot undo: the old "
                  "code may not know the new schema";
  }

  Result<Upgraded> Failed(Judged judged, const Operation& failed, const Applied& applied) {
    judged.document.verdict = "failed";
    judged.document.verdict_detail = applied.reason;
    const auto* deployed = judged.cluster.deployed ? &*judged.cluster.deployed
                           : judged.cluster.newest ? &*judged.cluster.newest
                                                   : nullptr;
    const std::int64_t back_to = deployed == nullptr ? 0 : deployed->revision;
    const std::string why_not = WhyNotBack(judged, applied);
    if (back_to == 0) return Stop(std::move(judged), 0, "there is no revision to go back to");
    if (!why_not.empty()) return Stop(std::move(judged), back_to, why_not);
    if (request_.on_failure == OnFailure::Stop)
      return Stop(std::move(judged), back_to, "--on-failure stop");
    if (request_.on_failure == OnFailure::Ask) {
      work_.dialogue.Tell(fmt::format("the upgrade failed: {}", applied.reason));
      ASSIGN_OR_RETURN(const bool yes, work_.dialogue.Confirm(fmt::format(
                                           "Roll {} back to revision {} ({})?", work_.release,
                                           back_to, deployed->chart.version)));
      if (!yes) return Stop(std::move(judged), back_to, "the rollback was declined");
    }
    return Back(std::move(judged), failed, back_to);
  }

  Result<Upgraded> Stop(Judged judged, std::int64_t back_to, const std::string& why) {
    std::string next = fmt::format("It stays as it is: {}.\n", why);
    if (back_to != 0)
      next += fmt::format("To go back: helm signal rollback {} {} -n {}\n", work_.release, back_to,
                          work_.name_space);
    judged.document.sections.push_back({"next", "What now", report::Text{next}});
    return End(UpgradeEnd::NeedsPerson, std::move(judged.document));
  }

  Result<Upgraded> Back(Judged judged, const Operation& failed, std::int64_t back_to) {
    RollbackStep step;
    step.back_to = back_to;
    step.because = failed.id;
    step.rollout_deadline = request_.rollout_deadline;
    ASSIGN_OR_RETURN(const Applied applied, RollBack(work_, step));
    const bool complete = applied.end == Applied::End::Complete;
    judged.document.verdict = complete ? "rolled back" : "failed, and the rollback failed too";
    judged.document.verdict_detail =
        complete ? fmt::format("{}; revision {} is back, and every workload came up",
                               judged.document.verdict_detail, back_to)
                 : applied.reason;
    return End(complete ? UpgradeEnd::RolledBack : UpgradeEnd::NeedsPerson,
               std::move(judged.document));
  }

  const Work& work_;
  const UpgradeRequest& request_;
  bool ended_badly_ = false;
};

}  // namespace

Result<Upgraded> Upgrade(const Work& work, const UpgradeRequest& request) {
  return Upgrading(work, request).Run();
}

}  // namespace datafly::operations
