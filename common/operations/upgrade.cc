#include "common/operations/upgrade.h"

#include "common/core/base/text.h"
#include "common/core/diff/secret_shapes.h"
#include "common/core/report/judgement.h"
#include "common/operations/actor.h"
#include "common/operations/applied_sections.h"
#include "common/operations/leftovers.h"
#include "common/operations/masks.h"
#include "common/operations/pinned_chart.h"
#include "common/operations/rollback.h"
#include "common/operations/saved_plan.h"
#include "common/operations/upgrade_failure.h"
#include "common/operations/upgrade_gates.h"

namespace datafly::operations {
namespace {

using journal::Operation;
using journal::Phase;
using journal::Verdict;

class Upgrading {
 public:
  Upgrading(const Work& work, const UpgradeRequest& request)
      : work_(work), request_(request), render_(request.render) {}

  Result<Upgraded> Run() {
    LookedBack looked;
    if (!request_.dry_run) {
      ASSIGN_OR_RETURN(looked, LookBack(work_));
    }
    if (looked.followed && IsOfPlan(*looked.followed)) return AppliedBefore(*looked.followed);
    TRY(TakePlan());
    ASSIGN_OR_RETURN(chart_, PinnedChart::Pin(work_.io, render_, work_.helm.environment));
    if (request_.plan != nullptr) TRY(CheckChart(*request_.plan, chart_));
    ASSIGN_OR_RETURN(ended_badly_, EndedBadly());
    ended_badly_ = ended_badly_ || looked.repaired;
    ASSIGN_OR_RETURN(Judged judged, Judge());
    if (looked.followed && IsDoneAlready(*looked.followed, judged))
      return AlreadyThere(std::move(judged));
    for (;;) {
      const int exit = judged.document.exit_code;
      if (exit == 3 || exit == 4) return EndWith(UpgradeEnd::GatesShut, std::move(judged.document));
      if (exit == 5) return EndWith(UpgradeEnd::NotChecked, std::move(judged.document));
      if (request_.dry_run) return EndWith(UpgradeEnd::DryRun, std::move(judged.document));
      work_.dialogue.ShowPlan(judged.document);
      ASSIGN_OR_RETURN(const bool yes, work_.dialogue.Confirm(Question(judged)));
      if (!yes) return EndWith(UpgradeEnd::Declined, std::move(judged.document));
      if (work_.io.loop.Now() - judged.at < kGatesHold) break;
      work_.dialogue.Tell("the gates were judged more than 5 minutes ago: judging again");
      ASSIGN_OR_RETURN(judged, Judge());
    }
    TRY(CheckUnmoved(judged));
    TRY(chart_.CheckUnchanged(work_.io.system.files));
    return Act(std::move(judged));
  }

 private:
  /// Whether the newest revision is one of ours that failed or was stopped.
  Result<bool> EndedBadly() const {
    ASSIGN_OR_RETURN(const auto records, Records());
    ASSIGN_OR_RETURN(const auto journal, Journal::Read(work_.io, work_.name_space, work_.release));
    const auto* newest = release::Newest(records.history());
    if (newest != nullptr && journal.WasFreed(newest->revision)) return true;
    const auto* made = newest == nullptr ? nullptr : journal.OfRevision(newest->revision);
    return made != nullptr &&
           (made->verdict == Verdict::Failed || made->verdict == Verdict::Stopped);
  }

  // --- gates

  /// Instead of a chart, values and flags that were given.
  Result<void> TakePlan() {
    if (request_.plan == nullptr) return {};
    TakeFlags(*request_.plan, request_);
    TRY(CheckNotMovedOn(*request_.plan, work_));
    render_ = RenderingOf(*request_.plan, work_);
    render_.mask = [&files = work_.io.system.files, given = render_](std::string_view words) {
      return gather::GivenValues(files, given, nullptr).Mask(words);
    };
    return {};
  }

  Result<Judged> Judge() {
    work_.dialogue.Tell("judging the release and the target …");
    ASSIGN_OR_RETURN(Judged judged, JudgeUpgrade(work_, request_, render_, ended_badly_));
    if (request_.plan != nullptr) TRY(CheckRendering(*request_.plan, judged, work_, render_));
    return judged;
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
  /// The plan is applied, and could not say so any more: it was killed while it followed.
  [[nodiscard]] bool IsOfPlan(const Operation& followed) const {
    return request_.plan != nullptr && followed.kind == journal::Kind::Upgrade &&
           followed.verdict == Verdict::Verified && followed.plan == NameOf(*request_.plan);
  }
  Result<Upgraded> AppliedBefore(const Operation& followed) const {
    report::Document document;
    document.kind = "UpgradeReport";
    document.title = fmt::format("Upgrade of release {} to {}", work_.release, followed.to_version);
    document.taken_at = work_.io.kube.ServerTime().value_or(work_.io.system.clock.Now());
    document.context = {{"namespace", work_.name_space}, {"release", work_.release}};
    document.verdict = "verified";
    document.verdict_detail =
        "an earlier run had applied this plan, and its workloads came up: nothing was left to do";
    return EndWith(UpgradeEnd::Verified, std::move(document));
  }
  static Result<Upgraded> AlreadyThere(Judged judged) {
    judged.document.verdict = "verified";
    judged.document.verdict_detail = fmt::format(
        "an earlier run had applied {}, and its workloads came up: nothing was left to do",
        judged.target.chart.version);
    judged.document.exit_code = 0;
    return EndWith(UpgradeEnd::Verified, std::move(judged.document));
  }

  // --- acting

  Result<Upgraded> Act(Judged judged) {
    const Operation operation = OperationOf(judged);
    ASSIGN_OR_RETURN(ApplyStep step, StepOf(judged, operation));
    JournalWriter writer(work_.io, *work_.lease, work_.observer);
    TRY(writer.Begin(operation));
    auto applied = Apply(work_.io, writer, work_.dialogue, work_.profile, std::move(step));
    if (!applied) return Broken(std::move(judged), writer, applied.error());
    const auto begun = CheckBegun(work_, writer.operation(), *applied);
    if (!begun && begun.error().kind == ErrorKind::Interrupted)
      return Broken(std::move(judged), writer, begun.error());
    const auto closed = writer.Write("done", [&](Operation& entry) {
      entry.phase = Phase::Done;
      entry.verdict = VerdictOf(applied->end);
      entry.reason = applied->reason;
    });
    // Another run has gone on from here while this one slept: what came up then was not ours.
    if (!closed && closed.error().kind == ErrorKind::Conflict) return Fail(closed.error());
    AddApplied(judged.document, judged.cluster.facts.scope, *applied);
    const auto compared =
        HasActed(applied->end) ? AddWhatWasApplied(judged, writer.operation()) : Result<void>();
    if (applied->end == Applied::End::Complete)
      return Verified(std::move(judged), compared, closed);
    // From here on the report is worth more than an error.
    if (!closed) {
      judged.document.verdict = "failed";
      judged.document.verdict_detail = fmt::format("{}; the journal could not be closed: {}",
                                                   applied->reason, closed.error().message);
      return EndWith(UpgradeEnd::NeedsPerson, std::move(judged.document));
    }
    if (const auto freed = FreeOwnPending(work_, writer.operation()); !freed)
      work_.dialogue.Tell("the revision may be left pending: " + freed.error().message);
    return AfterFailure(work_, request_, std::move(judged), writer.operation(), *applied);
  }

  Operation OperationOf(const Judged& judged) const {
    Operation operation;
    operation.id = NewOperationId();
    operation.release = work_.release;
    operation.name_space = work_.name_space;
    operation.from_revision = judged.newest_revision;
    operation.to_revision = judged.newest_revision + 1;
    operation.from_version = judged.cluster.facts.release->chart_version;
    operation.chart = diff::MaskNamed(render_.ShownChart());
    if (request_.plan != nullptr) operation.plan = NameOf(*request_.plan);
    operation.chart_digest = chart_.digest();
    operation.to_version = judged.target.chart.version;
    operation.helm_timeout = HookTimeout(request_.apply_flags);
    operation.who = work_.who;
    operation.runner = ThisProcess();
    operation.started_at = work_.io.kube.ServerTime().value_or(work_.io.system.clock.Now());
    for (const checks::Acknowledgement& ack : request_.acks)
      operation.acks.push_back(fmt::format("{}: {}", ack.code, ack.reason));
    return operation;
  }

  [[nodiscard]] Result<ApplyStep> StepOf(const Judged& judged, const Operation& operation) const {
    ApplyStep step;
    step.what = fmt::format("helm upgrade {} to {}", work_.release, judged.target.chart.version);
    step.helm.helm = work_.helm.helm;
    step.helm.environment = work_.helm.environment;
    const gather::Gathered& today = judged.cluster;
    const std::vector<const release::ReleaseRecord*> records = {
        today.newest ? &*today.newest : nullptr, today.deployed ? &*today.deployed : nullptr,
        &judged.target};
    step.helm.mask = MaskForHelm(work_.io.system.files, render_, records);
    ASSIGN_OR_RETURN(step.mask, MaskForPods(work_.io, work_.dialogue, work_.name_space, records));
    step.learn_again = [&work = work_, revision = operation.to_revision] {
      return MaskOfRevision(work, revision);
    };
    std::vector<std::string> flags = request_.apply_flags;
    flags.push_back(fmt::format("--labels={}={}", release::kMadeBy, journal::MarkOf(operation)));
    if (judged.forces_conflicts && !request_.diff.force_conflicts)
      flags.emplace_back("--force-conflicts");
    step.helm.arguments = helm::UpgradeArguments(render_, flags);
    step.helm.stdin_bytes = render_.resolved_values;
    step.hooks = judged.target.hooks;
    step.soak = request_.soak;
    step.helm_timeout = HookTimeout(request_.apply_flags);
    step.name_space = work_.name_space;
    step.rollout_deadline = request_.rollout_deadline;
    for (const kinds::Workload& workload : judged.cluster.facts.target->rendered.workloads)
      step.workloads.push_back(workload.Id());
    return step;
  }

  /// Interrupted, or the lease is lost: what is left is written down, if it still may be. Of
  /// another error once helm was started, the report tells: it is worth more.
  Result<Upgraded> Broken(Judged judged, JournalWriter& writer, const Error& error) {
    if (error.kind == ErrorKind::Interrupted) TRY(CloseInterrupted(work_, writer));
    const bool told = error.kind == ErrorKind::Interrupted || error.kind == ErrorKind::Conflict;
    if (told || !writer.operation().helm) return Fail(error);
    work_.dialogue.EndRollout();
    judged.document.verdict = "not known";
    judged.document.verdict_detail =
        fmt::format("helm was started, and how it ended could not be seen: {}", error.message);
    judged.document.sections.push_back(
        {"next", "What now",
         report::Text{"The same command again looks what helm has done, and goes on from there.\n"
                      "helm signal history tells how it stands."}});
    return EndWith(UpgradeEnd::NeedsPerson, std::move(judged.document));
  }

  static bool HasActed(Applied::End end) {
    return end != Applied::End::NotBegun && end != Applied::End::Refused;
  }

  /// What Helm recorded against what was shown.
  Result<void> AddWhatWasApplied(Judged& judged, const Operation& operation) {
    ASSIGN_OR_RETURN(const auto records, Records());
    const auto* newest = release::Newest(records.history());
    if (newest == nullptr || newest->revision != operation.to_revision) return {};
    ASSIGN_OR_RETURN(const auto payloads, records.Read({newest->revision}));
    AddDifference(judged.document, judged.target, payloads.front());
    return {};
  }

  /// It was seen, whatever may be written of it any more.
  static Result<Upgraded> Verified(Judged judged, const Result<void>& compared,
                                   const Result<void>& closed) {
    std::string open;
    if (!compared)
      open =
          "what was applied could not be compared with what was shown: " + compared.error().message;
    if (!closed) open += "\nthe journal could not be closed: " + closed.error().message;
    if (!open.empty())
      judged.document.sections.push_back({"open", "What stays open", report::Text{open}});
    judged.document.verdict = "verified";
    judged.document.verdict_detail =
        fmt::format("{} is applied, and every workload came up", judged.target.chart.version);
    judged.document.exit_code = 0;
    return EndWith(UpgradeEnd::Verified, std::move(judged.document));
  }

  const Work& work_;
  UpgradeRequest request_;      ///< with a plan: its flags
  helm::RenderRequest render_;  ///< of the pinned chart
  PinnedChart chart_;
  bool ended_badly_ = false;
};

}  // namespace

Result<Upgraded> Upgrade(const Work& work, const UpgradeRequest& request) {
  return Upgrading(work, request).Run();
}

Result<Planned> PlanUpgrade(const Work& work, const UpgradeRequest& request) {
  helm::RenderRequest render = request.render;
  ASSIGN_OR_RETURN(const auto chart, PinnedChart::Pin(work.io, render, work.helm.environment));
  work.dialogue.Tell("judging the release and the target …");
  ASSIGN_OR_RETURN(Judged judged, JudgeUpgrade(work, request, render, /*ended_badly=*/false));
  ASSIGN_OR_RETURN(plan::Plan plan, PlanOf(work, request, chart, judged));
  return Planned{std::move(plan), std::move(judged.document)};
}

}  // namespace datafly::operations
