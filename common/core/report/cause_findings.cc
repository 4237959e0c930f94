#include "common/core/report/cause_findings.h"

#include "common/core/base/text.h"
#include "common/core/checks/check.h"
#include "common/core/checks/wording.h"

namespace datafly::report {

namespace {

using rollout::Cause;
using rollout::CauseGroup;
using enum rollout::CauseClass;

constexpr std::string_view kPod = "Pod/";

std::string_view PodName(const Cause& cause) {
  const std::string_view object = cause.object;
  return object.starts_with(kPod) ? object.substr(kPod.size()) : std::string_view();
}

std::string Lower(std::string_view workload_id) { return ShellQuote(ToLower(workload_id)); }

std::string LogsCommand(const Cause& cause, const Scope& scope) {
  const bool init = cause.id == InitFails || cause.id == MigrationFails;
  return fmt::format("{} logs {} -c {}{}", checks::Kubectl(scope), ShellQuote(PodName(cause)),
                     ShellQuote(cause.container), init ? "" : " --previous");
}

std::string CommandFor(const Cause& cause, const Scope& scope) {
  const std::string kubectl = checks::Kubectl(scope);
  const bool ends = cause.id >= CrashLoop && cause.id <= MigrationFails;
  if (ends && !cause.container.empty() && !PodName(cause).empty()) return LogsCommand(cause, scope);
  switch (cause.id) {
    case QuotaExceeded:
    case QuotaDemands:
      return kubectl + " describe resourcequota " + ShellQuote(cause.subject);
    case LimitRange:
      return kubectl + " describe limitrange";
    case Paused:
      return kubectl + " rollout resume " + Lower(cause.workload);
    default:
      break;
  }
  if (!PodName(cause).empty())
    return fmt::format("{} describe pod {}", kubectl, ShellQuote(PodName(cause)));
  return kubectl + " describe " + Lower(cause.workload);
}

std::string ObjectOf(const CauseGroup& group) {
  const auto workloads = group.Workloads();
  return workloads.empty() ? group.members.front().object : checks::JoinNames(workloads);
}

std::string SeenOf(const CauseGroup& group) {
  const Cause& first = group.members.front();
  if (PodName(first).empty()) return first.summary;
  return fmt::format("{}: {}", checks::Count(std::ssize(group.members), "pod"), first.summary);
}

std::vector<std::string> EvidenceOf(const CauseGroup& group, const Excerpts& excerpts) {
  std::vector<std::string> lines;
  for (const Cause& cause : group.members) {
    std::string line = cause.object;
    if (!cause.detail.empty()) line += ": " + cause.detail;
    lines.push_back(std::move(line));
  }
  checks::BoundEvidence(lines, 6);
  // One log tells for all: like causes have like logs.
  for (const Cause& cause : group.members) {
    const auto found = excerpts.find(cause.object);
    if (found == excerpts.end()) continue;
    lines.push_back(fmt::format("last lines of {}, container {}:", cause.object, cause.container));
    for (const std::string& line : found->second) lines.push_back("  " + line);
    break;
  }
  return lines;
}

}  // namespace

ReportedFinding CauseFinding(const CauseGroup& group, CheckVerdict verdict, const Scope& scope,
                             const Excerpts& excerpts) {
  const rollout::CauseSpec& spec = group.spec();
  ReportedFinding reported;
  reported.title = spec.title;
  reported.why = spec.hint;
  reported.docs = "docs/checks.md#" + ToLower(spec.code);
  Finding& finding = reported.finding;
  finding.code = spec.code;
  finding.verdict = verdict;
  finding.object = ObjectOf(group);
  finding.seen = SeenOf(group);
  finding.remedy = CommandFor(group.members.front(), scope);
  finding.evidence = EvidenceOf(group, excerpts);
  return reported;
}

Table CauseTable(const std::vector<CauseGroup>& groups) {
  Table table{{{"CLASS"}, {"WORKLOAD"}, {"OBJECT"}, {"CONTAINER"}, {"SINCE"}, {"SUMMARY"}}, {}};
  for (const CauseGroup& group : groups) {
    for (const Cause& cause : group.members) {
      table.rows.push_back({{std::string(group.spec().name)},
                            {cause.workload},
                            {cause.object},
                            {cause.container},
                            {cause.since ? FormatTime(*cause.since) : ""},
                            {cause.summary}});
    }
  }
  return table;
}

}  // namespace datafly::report
