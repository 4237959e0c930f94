#include "common/core/report/rollout_document.h"

#include "common/core/base/text.h"
#include "common/core/checks/check.h"
#include "common/core/checks/wording.h"
#include "common/core/report/judgement.h"

namespace datafly::report {

namespace {

using rollout::Progress;
using rollout::RolloutState;
using rollout::WorkloadProgress;
using Tone = Cell::Tone;

Tone ToneOf(RolloutState state) {
  switch (state) {
    case RolloutState::Complete:
      return Tone::Good;
    case RolloutState::Progressing:
    case RolloutState::WaitingForSchema:
      return Tone::Plain;
    case RolloutState::InDoubt:
      return Tone::Warn;
    case RolloutState::Failed:
      return Tone::Bad;
  }
  return Tone::Plain;
}

std::string Of(std::int64_t part, std::int64_t whole) { return fmt::format("{}/{}", part, whole); }

std::vector<Cell> RowOf(const WorkloadProgress& workload) {
  return {{workload.id},
          {std::string(ToString(workload.state)), ToneOf(workload.state)},
          {Of(workload.updated, workload.desired)},
          {Of(workload.ready, workload.desired)},
          {Of(workload.available, workload.desired)},
          {std::to_string(workload.old)},
          {workload.note}};
}

std::vector<rollout::CauseGroup> CertainGroups(const Progress& progress) {
  std::vector<rollout::Cause> causes;
  for (const WorkloadProgress& workload : progress.workloads) {
    for (const rollout::Standing& standing : workload.causes) {
      if (standing.CertainAt(progress.at)) causes.push_back(standing.cause);
    }
  }
  return GroupCauses(causes);
}

ReportedFinding RefusedFinding(const Absence& absence, Requirement requirement) {
  ReportedFinding reported;
  reported.title = "What a rollout is made of can be read";
  reported.finding.code = "SIG-WRK-001";
  reported.finding.verdict = CheckVerdict::Unknown;
  reported.finding.seen = absence.reason;
  reported.finding.needs = absence.needs;
  reported.finding.requirement = requirement;
  return reported;
}

ReportedFinding LockFinding(const Scope& scope, const std::string& lock) {
  ReportedFinding reported;
  reported.title = "Helm has done its part of the change";
  reported.finding.code = "SIG-REL-003";
  reported.finding.verdict = CheckVerdict::Unknown;
  reported.finding.object = "release " + scope.release;
  reported.finding.seen = lock + ": what it is to change may not have been applied";
  reported.finding.remedy =
      fmt::format("{} history {}", checks::Helm(scope), ShellQuote(scope.release));
  return reported;
}

void AddCauses(Document& document, const std::vector<rollout::CauseGroup>& groups,
               const Scope& scope, const RolloutOutcome& outcome, const Excerpts& excerpts) {
  std::vector<ReportedFinding> findings;
  for (const auto& group : groups)
    findings.push_back(CauseFinding(group, CheckVerdict::Fail, scope, excerpts));
  for (const Absence& absence : outcome.blind)
    findings.push_back(RefusedFinding(absence, Requirement::Required));
  if (!outcome.lock.empty()) findings.push_back(LockFinding(scope, outcome.lock));
  for (const Absence& absence : outcome.partly)
    findings.push_back(RefusedFinding(absence, Requirement::Advisory));
  if (!findings.empty()) document.sections.push_back({"causes", "Causes", std::move(findings)});
}

std::size_t CountIn(const Progress& progress, RolloutState state) {
  return static_cast<std::size_t>(
      std::count_if(progress.workloads.begin(), progress.workloads.end(),
                    [&](const WorkloadProgress& w) { return w.state == state; }));
}

void Judge(Document& document, const Progress& progress, const RolloutOutcome& outcome) {
  const std::size_t all = progress.workloads.size() + progress.missing.size();
  const std::size_t done = CountIn(progress, RolloutState::Complete);
  const std::string of_all = fmt::format("{} of {} workloads are complete", done, all);
  if (!outcome.silence.empty()) {
    document.verdict = "not known";
    document.verdict_detail = outcome.silence;
    document.exit_code = 5;
  } else if (progress.state == RolloutState::Failed) {
    const std::size_t failed = CountIn(progress, RolloutState::Failed);
    document.verdict = "failed";
    document.verdict_detail =
        fmt::format("{} will not complete by waiting",
                    checks::Count(static_cast<std::int64_t>(failed), "workload"));
    document.exit_code = 3;
  } else if (progress.workloads.empty() || !outcome.blind.empty()) {
    // What was last seen of a workload that cannot be followed may be long past.
    document.verdict = "not known";
    document.verdict_detail = progress.workloads.empty()
                                  ? "no workload of the release could be read"
                                  : "not every workload can be followed";
    document.exit_code = 5;
  } else if (progress.state == RolloutState::Complete && !outcome.lock.empty()) {
    document.verdict = "not known";
    document.verdict_detail = fmt::format("{}, but {}", of_all, outcome.lock);
    document.exit_code = 5;
  } else if (progress.state == RolloutState::Complete) {
    document.verdict = "complete";
    document.verdict_detail = of_all;
    document.exit_code = 0;
  } else {
    document.verdict = outcome.deadline_passed ? "not complete" : "progressing";
    document.verdict_detail = outcome.deadline_passed
                                  ? fmt::format("{} after {}, and no cause is certain", of_all,
                                                FormatDuration(outcome.deadline))
                                  : of_all;
    document.exit_code = 3;
  }
}

}  // namespace

Table RolloutTable(const Progress& progress) {
  Table table{{{.title = "WORKLOAD"},
               {.title = "STATE"},
               {.title = "UPDATED", .right_aligned = true},
               {.title = "READY", .right_aligned = true},
               {.title = "AVAILABLE", .right_aligned = true},
               {.title = "OLD", .right_aligned = true},
               {.title = "NOTE", .shrink_order = 1}},
              {}};
  for (const WorkloadProgress& workload : progress.workloads) table.rows.push_back(RowOf(workload));
  for (const std::string& id : progress.missing) {
    table.rows.push_back(
        {{id}, {"missing", Tone::Warn}, {""}, {""}, {""}, {""}, {"not in the cluster"}});
  }
  return table;
}

Document RolloutDocument(const Scope& scope, const Progress& progress,
                         const RolloutOutcome& outcome, const Excerpts& excerpts) {
  Document document;
  document.kind = "RolloutReport";
  document.title =
      scope.release.empty() ? "Rollout" : fmt::format("Rollout of release {}", scope.release);
  document.taken_at = progress.at;
  AddScope(document, scope);
  document.sections.push_back({"workloads", "Workloads", RolloutTable(progress)});
  const auto groups = CertainGroups(progress);
  AddCauses(document, groups, scope, outcome, excerpts);
  if (!groups.empty())
    document.sections.push_back({"objects", "Objects that fail", CauseTable(groups), true});
  Judge(document, progress, outcome);
  return document;
}

}  // namespace datafly::report
