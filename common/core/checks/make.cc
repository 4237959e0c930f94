#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/check.h"

namespace datafly::checks {

namespace {

bool NeedsRemedy(CheckVerdict verdict) {
  return verdict == CheckVerdict::Warn || verdict == CheckVerdict::Fail;
}

std::string_view WordsFor(AbsenceKind kind) {
  switch (kind) {
    case AbsenceKind::NotAsked:
      return "not asked for";
    case AbsenceKind::Forbidden:
      return "forbidden";
    case AbsenceKind::NotFound:
      return "not found";
    case AbsenceKind::NotServed:
      return "the server does not serve this API";
    case AbsenceKind::Unreachable:
      return "no connection to what knows it";
    case AbsenceKind::TimedOut:
      return "no answer in time";
    case AbsenceKind::Invalid:
      return "the answer could not be understood";
    case AbsenceKind::Snapshot:
      return "snapshot: only a live cluster can answer";
    case AbsenceKind::NotAvailable:
      return "not available yet";
  }
  return "not known";
}

std::string RemedyFor(const Absence& absence, const Scope& scope) {
  switch (absence.kind) {
    case AbsenceKind::Forbidden:
      return fmt::format(
          "Ask an administrator for the missing right; the whole Role is printed by: {} -o yaml",
          KubectlSignal(scope, "permissions preflight"));
    case AbsenceKind::Unreachable:
    case AbsenceKind::TimedOut:
      return fmt::format("Try again when it answers: {}", KubectlSignal(scope, "preflight"));
    case AbsenceKind::Snapshot:
      return "Run the same command against the live cluster.";
    default:
      return {};
  }
}

void AppendFlag(std::string& command, std::string_view flag, std::string_view value) {
  if (!value.empty()) command += fmt::format(" {} {}", flag, ShellQuote(value));
}

}  // namespace

Finding Make(std::string_view code, CheckVerdict verdict, std::string object, std::string seen,
             std::string remedy) {
  Finding finding;
  finding.code = code;
  finding.verdict = verdict;
  finding.object = std::move(object);
  finding.seen = std::move(seen);
  finding.remedy = std::move(remedy);
  if (const CheckSpec* spec = FindSpec(code)) {
    finding.requirement = spec->requirement;
    if (NeedsRemedy(verdict) && finding.remedy.empty()) finding.remedy = spec->remedy;
  }
  return finding;
}

Finding MakeUnknown(std::string_view code, std::string object, const Absence& absence,
                    const Scope& scope) {
  std::string seen = absence.reason.empty() ? std::string(WordsFor(absence.kind)) : absence.reason;
  Finding finding = Make(code, CheckVerdict::Unknown, std::move(object), std::move(seen),
                         RemedyFor(absence, scope));
  finding.needs = absence.needs;
  return finding;
}

std::string Kubectl(const Scope& scope) {
  std::string command = "kubectl";
  AppendFlag(command, "--context", scope.context);
  AppendFlag(command, "-n", scope.name_space);
  return command;
}

std::string KubectlSignal(const Scope& scope, std::string_view command) {
  std::string line = fmt::format("kubectl signal {}", command);
  AppendFlag(line, "--context", scope.context);
  AppendFlag(line, "-n", scope.name_space);
  AppendFlag(line, "--release", scope.release);
  return line;
}

std::string Helm(const Scope& scope) {
  std::string command = "helm";
  AppendFlag(command, "--kube-context", scope.context);
  AppendFlag(command, "-n", scope.name_space);
  return command;
}

Finding MakeSkipped(std::string_view code, std::string why, std::string object) {
  return Make(code, CheckVerdict::Skipped, std::move(object), std::move(why));
}

Finding SkippedWithoutRelease(std::string_view code) {
  return MakeSkipped(code, "the release is not known (SIG-REL-001)");
}

Finding SkippedWithoutTarget(std::string_view code, const Facts& facts) {
  bool not_asked = facts.target.absence().kind == AbsenceKind::NotAsked;
  return MakeSkipped(code,
                     not_asked ? "no target: give --to" : "the target is not known (SIG-VER-001)");
}

std::string ReleaseObject(const Facts& facts) {
  const std::string& name = facts.release ? facts.release->name : facts.scope.release;
  return name.empty() ? "release" : "release " + name;
}

}  // namespace datafly::checks
