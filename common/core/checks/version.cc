#include "common/core/base/semver.h"
#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/removed_apis.h"
#include "common/core/checks/target.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

/// How helm's words begin (within those of io/helm) when the cause lies on this machine and not in
/// the chart: os/exec's and helm's pkg/cli/values, the same in Helm 3 and 4.
struct LocalCause {
  std::string_view beginning, remedy;
};
constexpr std::array kLocalCauses = {
    LocalCause{"helm: executable ",
               "Install Helm 3.18 or later on this machine, or name it: HELM_BIN=/path/to/helm."},
    LocalCause{"helm: failed to parse ", "Mend the YAML of the values file that -f names."},
    LocalCause{"helm: open ",
               "Look at the file that it names: -f wants a values file that can be read."},
    LocalCause{"helm: failed parsing --set data", "Mend what --set says: KEY=VALUE."},
};

constexpr std::array kSpecs = {
    CheckSpec{"SIG-VER-001", "The target's version and the step to it are known",
              Requirement::Required, false,
              "The class of the step says what may change: a patch fixes, a minor may migrate the "
              "database, a major may break. It has to be the chart that is installed today.",
              "Name a chart that exists, as --to VERSION or --to oci://REGISTRY/CHART; helm show "
              "chart tells what it is.",
              "the product's docs: deployment/upgrades, version policy; semver.org 2.0.0"},
    CheckSpec{"SIG-VER-002", "The step is not a downgrade", Requirement::Required, false,
              "An older chart meets a newer database schema, whose migrations the older image does "
              "not hold. Going back is a rollback, with the schema in view.",
              "Go back with helm rollback to a revision of helm history instead of upgrading to an "
              "older chart.",
              "the product's docs: deployment/upgrades, rollback"},
    CheckSpec{
        "SIG-VER-003", "No version is skipped", Requirement::Advisory, true,
        "Whether versions may be skipped is not documented: each minor may bring migrations "
        "and release notes of its own.",
        "Go one minor at a time, or read the notes of every version between and acknowledge "
        "it.",
        "the product's docs: deployment/upgrades; the profile's versions.skippedMinorsAllowed"},
    CheckSpec{"SIG-VER-004", "A patch carries no migrations", Requirement::Advisory, true,
              "By the version policy a patch migrates nothing, so that it can be rolled back "
              "freely. One that does cannot.",
              "Treat it as a minor: read its release notes, back up the database, plan the way "
              "back; then acknowledge it.",
              "the product's docs: deployment/upgrades, version policy"},
    CheckSpec{"SIG-VER-005", "The target supports this Kubernetes version", Requirement::Required,
              false,
              "Helm refuses a chart whose kubeVersion does not match the server, after the gates "
              "and before anything is done.",
              "Upgrade Kubernetes first, or choose a chart that supports this version.",
              "Chart.yaml's kubeVersion against GET /version"},
};

/// Both ends of the step, when both can be read.
struct Step {
  SemVer from;
  SemVer to;
  VersionStep kind;
};

std::optional<Step> ReadStep(const Facts& facts) {
  auto from = SemVer::Parse(facts.release->chart_version);
  auto to = SemVer::Parse(facts.target->chart_version);
  if (!from || !to) return std::nullopt;
  return Step{*from, *to, ClassifyStep(*from, *to)};
}

std::string Arrow(const Facts& facts) {
  return fmt::format("{} -> {}", facts.release->chart_version, facts.target->chart_version);
}

std::string UnreadableVersion(const Facts& facts) {
  bool target_is_bad = !SemVer::Parse(facts.target->chart_version);
  return fmt::format("{} version \"{}\" is not a version by semver.org",
                     target_is_bad ? "the target's" : "today's",
                     target_is_bad ? facts.target->chart_version : facts.release->chart_version);
}

Finding SameVersion(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-VER-001";
  const TargetFacts& target = *facts.target;
  const ReleaseFacts& release = *facts.release;
  if (target.app_version != release.app_version) {
    return Make(kCode, CheckVerdict::Warn, ChartObject(target),
                fmt::format("same chart version, but appVersion {} -> {}: it was published anew "
                            "under the old version",
                            release.app_version, target.app_version),
                "Ask for a chart with a version of its own; what a version means must not change.");
  }
  return Make(kCode, CheckVerdict::Pass, ChartObject(target),
              "same version: only values can change");
}

Finding StepKnown(const Facts& facts, const std::optional<Step>& step) {
  constexpr std::string_view kCode = "SIG-VER-001";
  const TargetFacts& target = *facts.target;
  if (target.chart_name != facts.release->chart_name) {
    return Make(kCode, CheckVerdict::Fail, ChartObject(target),
                fmt::format("the release is of chart {}", facts.release->chart_name));
  }
  if (!step) {
    return MakeUnknown(kCode, ChartObject(target),
                       {AbsenceKind::Invalid, UnreadableVersion(facts), {}}, facts.scope);
  }
  if (step->kind == VersionStep::Same) return SameVersion(facts);
  return Make(kCode, CheckVerdict::Pass, ChartObject(target),
              fmt::format("a {} step: {}", ToString(step->kind), Arrow(facts)));
}

Finding NoDowngrade(const Facts& facts, const Step& step) {
  constexpr std::string_view kCode = "SIG-VER-002";
  std::string object = ChartObject(*facts.target);
  if (step.kind != VersionStep::Downgrade) {
    return Make(kCode, CheckVerdict::Pass, object, "not older than today's");
  }
  return Make(kCode, CheckVerdict::Fail, object, "a downgrade: " + Arrow(facts),
              fmt::format("Choose the revision to go back to with helm rollback: {} history {}",
                          Helm(facts.scope), ShellQuote(facts.release->name)));
}

/// Minors that lie between: of the same major, or of the new one from its .0 on.
std::uint64_t SkippedMinors(const Step& step) {
  if (step.to.major > step.from.major) return step.to.minor;
  return step.to.minor > step.from.minor ? step.to.minor - step.from.minor - 1 : 0;
}

/// The next version to go to: "1.4" after 1.3.2, "2.0" after 1.9.0 on the way to 3.1.
std::string NextStop(const Step& step) {
  if (step.to.major > step.from.major) return fmt::format("{}.0", step.from.major + 1);
  return fmt::format("{}.{}", step.from.major, step.from.minor + 1);
}

Finding NothingSkipped(const Facts& facts, const Profile& profile, const Step& step) {
  constexpr std::string_view kCode = "SIG-VER-003";
  std::string object = ChartObject(*facts.target);
  if (step.kind != VersionStep::Minor && step.kind != VersionStep::Major) {
    return MakeSkipped(kCode, StepIs(step.kind), object);
  }
  std::uint64_t majors = step.to.major > step.from.major ? step.to.major - step.from.major - 1 : 0;
  std::uint64_t minors = SkippedMinors(step);
  auto allowed =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, profile.skipped_minors_allowed));
  if (majors == 0 && minors <= allowed) {
    return Make(kCode, CheckVerdict::Pass, object, Arrow(facts));
  }
  std::string seen = majors > 0
                         ? fmt::format("{} skips {}", Arrow(facts),
                                       Count(static_cast<std::int64_t>(majors), "major version"))
                         : fmt::format("{} skips {}", Arrow(facts),
                                       Count(static_cast<std::int64_t>(minors), "minor version"));
  return Make(
      kCode, CheckVerdict::Warn, object, seen,
      fmt::format("Go to {}.x first, one minor at a time; or read the notes of each version "
                  "between and add --ack {}=REASON.",
                  NextStop(step), kCode));
}

std::vector<std::string> NewMigrations(const Facts& facts) {
  const auto& known = facts.release->migration_files;
  std::vector<std::string> added;
  for (const std::string& file : facts.target->migration_files) {
    if (std::find(known.begin(), known.end(), file) == known.end()) added.push_back(file);
  }
  return added;
}

Finding PatchMigratesNothing(const Facts& facts, const Step& step) {
  constexpr std::string_view kCode = "SIG-VER-004";
  std::string object = ChartObject(*facts.target);
  if (step.kind != VersionStep::Patch) {
    return MakeSkipped(kCode, StepIs(step.kind), object);
  }
  if (facts.target->migration_files.empty() || facts.release->migration_files.empty()) {
    return MakeUnknown(kCode, object,
                       {AbsenceKind::NotAvailable, "the charts do not name their migrations", {}},
                       facts.scope);
  }
  std::vector<std::string> added = NewMigrations(facts);
  if (added.empty()) {
    return Make(kCode, CheckVerdict::Pass, object, "the same migrations as today's chart");
  }
  Finding finding =
      Make(kCode, CheckVerdict::Fail, object,
           fmt::format("a patch with {}", Count(std::ssize(added), "new migration file")));
  finding.evidence = std::move(added);
  return finding;
}

Finding KubernetesSupported(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-VER-005";
  const TargetFacts& target = *facts.target;
  std::string object = ChartObject(target);
  if (target.kube_version_range.empty()) {
    return Make(kCode, CheckVerdict::Pass, object, "the chart sets no kubeVersion");
  }
  if (!facts.server_version) {
    return MakeUnknown(kCode, object, facts.server_version.absence(), facts.scope);
  }
  const std::string& git_version = facts.server_version->git_version;
  auto range = SemVerRange::Parse(target.kube_version_range);
  auto server = SemVer::Parse(git_version);
  if (!range || !server) {
    return MakeUnknown(kCode, object,
                       {AbsenceKind::Invalid,
                        fmt::format("kubeVersion \"{}\" and server {} cannot be compared",
                                    target.kube_version_range, git_version),
                        {}},
                       facts.scope);
  }
  std::string seen =
      fmt::format("server {}, the chart wants {}", git_version, target.kube_version_range);
  return Make(kCode, range->Contains(*server) ? CheckVerdict::Pass : CheckVerdict::Fail, object,
              seen);
}

/// The codes that compare two versions, when one of them cannot be read.
void SkipSteps(std::vector<Finding>& out) {
  for (std::string_view code : {"SIG-VER-002", "SIG-VER-003", "SIG-VER-004"}) {
    out.push_back(MakeSkipped(code, "the step is not known (SIG-VER-001)"));
  }
}

/// Why there is no target: not asked for, refused by the server's API versions (which SIG-API
/// says), or not known.
Finding NoTarget(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-VER-001";
  const Absence& absence = facts.target.absence();
  if (absence.kind == AbsenceKind::NotAsked) return SkippedWithoutTarget(kCode, facts);
  if (!MissingKindsIn(absence.reason).empty()) {
    std::string_view code = IsAboutTodaysManifest(absence.reason) ? "SIG-API-001" : "SIG-API-002";
    return MakeSkipped(kCode, fmt::format("helm cannot render the target ({})", code));
  }
  Finding finding = MakeUnknown(kCode, "target", absence, facts.scope);
  const bool locked = facts.release && facts.release->status.starts_with("pending-");
  if (locked && finding.remedy.empty())
    finding.remedy = "End the pending state first (SIG-REL-003).";
  for (const LocalCause& cause : kLocalCauses) {
    if (absence.reason.starts_with(cause.beginning)) finding.remedy = cause.remedy;
  }
  if (finding.remedy.empty()) finding.remedy = kSpecs.front().remedy;
  return finding;
}

std::vector<Finding> WithoutTarget(const Facts& facts) {
  std::vector<Finding> out{NoTarget(facts)};
  for (std::size_t i = 1; i < kSpecs.size(); ++i) {
    out.push_back(SkippedWithoutTarget(kSpecs[i].code, facts));
  }
  return out;
}

std::vector<Finding> WithoutRelease(const Facts& facts) {
  std::vector<Finding> out;
  for (std::size_t i = 0; i + 1 < kSpecs.size(); ++i) {
    out.push_back(SkippedWithoutRelease(kSpecs[i].code));
  }
  out.push_back(KubernetesSupported(facts));
  return out;
}

std::vector<Finding> JudgeVersion(const Input& input) {
  const Facts& facts = input.facts;
  if (!facts.target) return WithoutTarget(facts);
  if (!facts.release) return WithoutRelease(facts);
  std::optional<Step> step = ReadStep(facts);
  std::vector<Finding> out{StepKnown(facts, step)};
  if (!step || facts.target->chart_name != facts.release->chart_name) {
    SkipSteps(out);
  } else {
    out.push_back(NoDowngrade(facts, *step));
    out.push_back(NothingSkipped(facts, input.profile, *step));
    out.push_back(PatchMigratesNothing(facts, *step));
  }
  out.push_back(KubernetesSupported(facts));
  return out;
}

}  // namespace

const Family kVersionFamily{"version", "Version step", kSpecs, JudgeVersion};

}  // namespace datafly::checks
