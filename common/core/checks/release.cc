#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

/// The API server's bound on the data of a Secret or ConfigMap (core/v1 MaxSecretSize).
constexpr std::size_t kRecordLimit = std::size_t{1} << 20U;
constexpr std::size_t kRecordWarn = kRecordLimit / 10 * 9;

constexpr std::array kSpecs = {
    CheckSpec{"SIG-REL-001", "The Helm release is found", Requirement::Required, false,
              "Everything else is judged against the release's own record: what it holds, which "
              "version it is, where a rollback would go.",
              "Name the namespace and the release: -n NAMESPACE --release NAME; helm list "
              "--all-namespaces shows them all.",
              "Helm's release records: Secrets sh.helm.release.v1.<release>.v<revision>"},
    CheckSpec{"SIG-REL-002", "The newest revision is deployed", Requirement::Required, true,
              "After a failed upgrade the cluster may hold parts of two versions, and the next "
              "upgrade compares with an older manifest than the one that is live.",
              "See what failed with helm history, then go back to the last good revision with helm "
              "rollback RELEASE REVISION.",
              "info.status in the payload of the newest release record"},
    CheckSpec{
        "SIG-REL-003", "No operation holds the release's lock", Requirement::Required, false,
        "A release in a pending state refuses every upgrade: \"another operation "
        "(install/upgrade/rollback) is in progress\". It stays so when helm was killed.",
        "Make sure that no helm is at work, then go back to the last good revision: helm "
        "rollback RELEASE REVISION ends the pending state.",
        "Helm's IsPending: pending-install, pending-upgrade, pending-rollback in the payload"},
    CheckSpec{"SIG-REL-004", "The newest record's label agrees with its payload",
              Requirement::Advisory, true,
              "Helm finds the deployed revision by the label and the lock by the payload. When "
              "they disagree, somebody edited one of them, and the next upgrade may compare with "
              "the wrong revision.",
              "Set the label to what the payload says: kubectl label secret "
              "sh.helm.release.v1.RELEASE.vREVISION status=STATUS --overwrite",
              "Helm's storage drivers: label status against info.status"},
    CheckSpec{"SIG-REL-005", "The last good revision survives the next upgrade",
              Requirement::Advisory, true,
              "Each upgrade prunes the history to --history-max, oldest first, and spares only the "
              "revision that is labelled deployed. A revision that is gone cannot be rolled back "
              "to.",
              "Give the upgrade a larger --history-max (or HELM_MAX_HISTORY), or 0 for no limit.",
              "Helm's storage.Create and its history-max, default 10"},
    CheckSpec{"SIG-REL-006", "The release record fits into a Secret", Requirement::Advisory, true,
              "Helm stores chart, values and manifest in one Secret of at most 1 MiB. If the next "
              "one does not fit, the upgrade fails when it starts, or worse, when it ends.",
              "Make the record smaller: keep large files out of the chart (.helmignore) and out of "
              "the values.",
              "Kubernetes' MaxSecretSize, 1 MiB; helm issue 9788"},
    CheckSpec{"SIG-REL-007", "It is the only release of the chart in the namespace",
              Requirement::Advisory, true,
              "The product documents one installation in a namespace: two share label selectors, "
              "topics and database, and a command without --release cannot know which is meant.",
              "Name the one that is meant with --release; remove a left-over one with helm "
              "uninstall after looking at it with helm status.",
              "the product's docs: deployment/kubernetes, one namespace per installation"},
};

bool IsPending(std::string_view status) { return status.starts_with("pending-"); }

std::string Revision(std::int64_t revision) { return fmt::format("revision {}", revision); }

/// Where a rollback would go.
std::optional<std::int64_t> LastGoodBefore(const ReleaseFacts& release) {
  const release::History history = HistoryOf(release);
  const release::RevisionLabel* target = release::RollbackTarget(history);
  if (target == nullptr) return std::nullopt;
  return target->revision;
}

std::string HistoryCommand(const Facts& facts) {
  return fmt::format("{} history {}", Helm(facts.scope), ShellQuote(facts.release->name));
}

std::string RollbackCommand(const Facts& facts, std::int64_t revision) {
  return fmt::format("{} rollback {} {}", Helm(facts.scope), ShellQuote(facts.release->name),
                     revision);
}

std::string UninstallCommand(const Facts& facts) {
  return fmt::format("{} uninstall {}", Helm(facts.scope), ShellQuote(facts.release->name));
}

/// Rolling back, or what is left to do when there is no revision to go to.
std::string WayBack(const Facts& facts) {
  if (auto good = LastGoodBefore(*facts.release)) return RollbackCommand(facts, *good);
  return fmt::format("No revision was ever deployed; remove what there is and install again: {}",
                     UninstallCommand(facts));
}

std::string ListOf(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

Finding NotFound(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-REL-001";
  if (facts.owner && facts.owner->kind == OwnerFacts::Kind::ArgoCd) {
    return Make(kCode, CheckVerdict::Pass, ReleaseObject(facts),
                fmt::format("none, by design: {} renders the chart itself", facts.owner->object));
  }
  if (!facts.other_releases.empty()) {
    Scope scope = facts.scope;
    scope.release = facts.other_releases.front();
    return Make(kCode, CheckVerdict::Fail, ReleaseObject(facts),
                fmt::format("not found; namespace {} has {}", facts.scope.name_space,
                            ListOf(facts.other_releases)),
                KubectlSignal(scope, "preflight"));
  }
  Scope everywhere = facts.scope;
  everywhere.name_space.clear();
  return Make(kCode, CheckVerdict::Fail, ReleaseObject(facts),
              fmt::format("not found in namespace {}", facts.scope.name_space),
              Helm(everywhere) + " list --all-namespaces");
}

Finding Found(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-REL-001";
  if (!facts.release) {
    const Absence& absence = facts.release.absence();
    if (absence.kind == AbsenceKind::NotFound) return NotFound(facts);
    Finding finding = MakeUnknown(kCode, ReleaseObject(facts), absence, facts.scope);
    const bool only_helm_reads = release::ResourceOf(facts.record_store).empty();
    if (only_helm_reads && finding.remedy.empty()) finding.remedy = Helm(facts.scope) + " list";
    return finding;
  }
  const ReleaseFacts& release = *facts.release;
  return Make(kCode, CheckVerdict::Pass, ReleaseObject(facts),
              fmt::format("{} {}, {}", release.chart_name, release.chart_version,
                          Revision(release.revision)));
}

Finding Deployed(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-REL-002";
  const ReleaseFacts& release = *facts.release;
  std::string object = ReleaseObject(facts);
  if (release.status == "deployed") {
    return Make(kCode, CheckVerdict::Pass, object, Revision(release.revision) + " is deployed");
  }
  if (IsPending(release.status)) {
    return MakeSkipped(kCode, "an operation holds the lock (SIG-REL-003)", object);
  }
  if (release.status.empty() || release.status == "unknown") {
    return MakeUnknown(kCode, object, {AbsenceKind::Invalid, "the record names no status", {}},
                       facts.scope);
  }
  Finding finding =
      Make(kCode, CheckVerdict::Fail, object,
           fmt::format("{} is {}", Revision(release.revision), release.status), WayBack(facts));
  if (!release.description.empty()) finding.evidence.push_back(release.description);
  finding.evidence.push_back("look first: " + HistoryCommand(facts));
  finding.evidence.push_back("a rollback does not revert database migrations");
  return finding;
}

/// Nothing in the cluster proves that a helm has ended; what can be known is said.
std::vector<std::string> LockEvidence(const Facts& facts) {
  const ReleaseFacts& release = *facts.release;
  std::vector<std::string> evidence;
  if (release.last_deployed) {
    evidence.push_back(fmt::format("taken {} ago, at {}; helm's own --timeout is 5m by default",
                                   FormatAge(facts.taken_at - *release.last_deployed),
                                   FormatTime(*release.last_deployed)));
  }
  if (!release.description.empty()) evidence.push_back(release.description);
  if (!release.label_status.empty() && release.label_status != release.status) {
    evidence.push_back(
        fmt::format("the record's label says {}; helm goes by the payload", release.label_status));
  }
  evidence.emplace_back(
      "the cluster cannot prove that the helm that took the lock has ended: ask "
      "who runs one, and look for a running hook Job");
  evidence.push_back("look first: " + HistoryCommand(facts));
  return evidence;
}

Finding NoLock(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-REL-003";
  const ReleaseFacts& release = *facts.release;
  std::string object = ReleaseObject(facts);
  if (release.status.empty()) return MakeSkipped(kCode, "no status (SIG-REL-002)", object);
  if (!IsPending(release.status)) {
    return Make(kCode, CheckVerdict::Pass, object, "no pending state");
  }
  Finding finding =
      Make(kCode, CheckVerdict::Fail, object,
           fmt::format("{} is {}", Revision(release.revision), release.status), WayBack(facts));
  finding.evidence = LockEvidence(facts);
  return finding;
}

Finding LabelAgrees(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-REL-004";
  const ReleaseFacts& release = *facts.release;
  std::string object = ReleaseObject(facts);
  if (IsPending(release.status)) {
    return MakeSkipped(kCode, "an operation holds the lock (SIG-REL-003)", object);
  }
  if (release.label_status.empty() || release.status.empty()) {
    return MakeUnknown(kCode, object, {AbsenceKind::Invalid, "the record has no status label", {}},
                       facts.scope);
  }
  if (release.label_status == release.status) {
    return Make(kCode, CheckVerdict::Pass, object, "both say " + release.status);
  }
  std::string record = fmt::format("sh.helm.release.v1.{}.v{}", release.name, release.revision);
  std::string_view kind =
      facts.record_store == release::RecordStore::ConfigMaps ? "configmap" : "secret";
  return Make(kCode, CheckVerdict::Warn, object,
              fmt::format("{}: the label says {}, the payload {}", Revision(release.revision),
                          release.label_status, release.status),
              fmt::format("{} label {} {} status={} --overwrite", Kubectl(facts.scope), kind,
                          ShellQuote(record), ShellQuote(release.status)));
}

/// Whether Helm prunes the revision when it adds the next one.
bool PrunedByNextUpgrade(const ReleaseFacts& release, std::int64_t revision,
                         std::int64_t history_max) {
  const auto holds = [revision](const release::History& history) {
    return std::any_of(history.begin(), history.end(),
                       [&](const auto& label) { return label.revision == revision; });
  };
  const release::History history = HistoryOf(release);
  return holds(history) && !holds(release::AfterPruning(history, history_max));
}

std::optional<std::int64_t> LastGood(const ReleaseFacts& release) {
  if (release.status == "deployed") return release.revision;
  return LastGoodBefore(release);
}

Finding HistorySurvives(const Facts& facts, const Profile& profile) {
  constexpr std::string_view kCode = "SIG-REL-005";
  const ReleaseFacts& release = *facts.release;
  std::string object = ReleaseObject(facts);
  auto good = LastGood(release);
  if (!good) return MakeSkipped(kCode, "no revision was ever deployed", object);
  if (!PrunedByNextUpgrade(release, *good, profile.history_max)) {
    return Make(kCode, CheckVerdict::Pass, object,
                fmt::format("{} stays; the history holds {}", Revision(*good),
                            Count(std::ssize(release.history), "revision")));
  }
  return Make(kCode, CheckVerdict::Fail, object,
              fmt::format("the next upgrade prunes {}, the last good one, by --history-max {}",
                          Revision(*good), profile.history_max),
              fmt::format("Give the upgrade --history-max {}.", release.history.size() + 2));
}

Finding RecordFits(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-REL-006";
  std::string object = ReleaseObject(facts);
  std::size_t next = facts.target ? facts.target->estimated_record_size : 0;
  std::string_view whose = next > 0 ? "the target's" : "today's";
  std::size_t size = next > 0 ? next : facts.release->encoded_size;
  if (size == 0) {
    return MakeUnknown(kCode, object, {AbsenceKind::Invalid, "the record's size is not known", {}},
                       facts.scope);
  }
  auto percent = size / (kRecordLimit / 100);
  std::string seen = fmt::format("{} record takes {} bytes, {} % of 1 MiB", whose, size, percent);
  if (size > kRecordLimit) return Make(kCode, CheckVerdict::Fail, object, seen);
  if (size >= kRecordWarn) return Make(kCode, CheckVerdict::Warn, object, seen);
  return Make(kCode, CheckVerdict::Pass, object, seen);
}

Finding OnlyRelease(const Facts& facts) {
  constexpr std::string_view kCode = "SIG-REL-007";
  std::vector<std::string> others;
  for (const std::string& name : facts.other_releases) {
    if (name != facts.release->name) others.push_back(name);
  }
  if (others.empty()) {
    return Make(kCode, CheckVerdict::Pass, ReleaseObject(facts), "no other release of the chart");
  }
  return Make(kCode, CheckVerdict::Warn, ReleaseObject(facts),
              fmt::format("namespace {} also has {}", facts.scope.name_space, ListOf(others)),
              fmt::format("{} status {}", Helm(facts.scope), ShellQuote(others.front())));
}

std::vector<Finding> JudgeRelease(const Input& input) {
  const Facts& facts = input.facts;
  std::vector<Finding> out{Found(facts)};
  if (!facts.release) {
    for (std::size_t i = 1; i < kSpecs.size(); ++i) {
      out.push_back(SkippedWithoutRelease(kSpecs[i].code));
    }
    return out;
  }
  out.push_back(Deployed(facts));
  out.push_back(NoLock(facts));
  out.push_back(LabelAgrees(facts));
  out.push_back(HistorySurvives(facts, input.profile));
  out.push_back(RecordFits(facts));
  out.push_back(OnlyRelease(facts));
  return out;
}

}  // namespace

const Family kReleaseFamily{"release", "Release", kSpecs, JudgeRelease};

}  // namespace datafly::checks
