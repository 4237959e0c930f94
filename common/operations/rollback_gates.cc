#include "common/operations/rollback_gates.h"

#include "common/core/base/text.h"
#include "common/core/checks/conflicts.h"
#include "common/core/report/judgement.h"
#include "common/gather/target.h"
#include "common/io/helm/helm_program.h"
#include "common/operations/lock_reads.h"
#include "common/operations/owner_gate.h"

namespace datafly::operations {
namespace {

constexpr std::chrono::minutes kGathering{2};

/// What tells of a way back. The rest is about versions that go up, or about how things stand
/// today, which is why somebody goes back.
const std::vector<std::string> kJudged = {"SIG-IMG", "SIG-API", "SIG-CRD", "SIG-DRY", "SIG-CHG",
                                          "SIG-HPA", "SIG-MIG", "SIG-VAL", "SIG-ZDT", "SIG-PERM"};

/// Those that can shut the gate: without them helm stops in its middle, or data is lost.
bool Blocks(std::string_view code) {
  return code.starts_with("SIG-IMG") || code.starts_with("SIG-API") ||
         code.starts_with("SIG-DRY") || code == "SIG-CHG-002" || code == "SIG-CHG-003" ||
         code == "SIG-HPA-005";
}

void Soften(std::vector<checks::FamilyResult>& results) {
  for (checks::FamilyResult& result : results) {
    for (Finding& finding : result.findings) {
      if (finding.verdict == CheckVerdict::Fail && !Blocks(finding.code))
        finding.verdict = CheckVerdict::Warn;
      if (finding.verdict == CheckVerdict::Unknown) finding.requirement = Requirement::Advisory;
    }
  }
}

std::string WhyThere(const RollbackTarget& target) {
  std::string why = target.verified
                        ? fmt::format("revision {} was seen to come up whole", target.revision)
                        : fmt::format("revision {} was named; helm signal has not seen it come up",
                                      target.revision);
  for (const std::string& skipped : target.skipped) why += "\nskipped " + skipped;
  return why;
}

report::Document Documented(const Work& work, const RollbackTarget& target, const Facts& facts,
                            std::span<const checks::FamilyResult> results, bool fail_on_warn) {
  report::Document document = report::JudgementDocument(
      "RollbackReport",
      fmt::format("Rollback of release {} to revision {} ({})", work.release, target.revision,
                  facts.target->chart_version),
      facts, results, fail_on_warn);
  document.sections.insert(document.sections.begin(),
                           {"target", "Where it goes", report::Text{WhyThere(target)}});
  report::AddChanges(document, facts);
  return document;
}

/// What this version cannot judge and a person must: code that goes back may not know the schema
/// that newer code has made. "" where the charts name the same files of migrations, or none runs.
std::string SchemaInDoubt(const gather::Gathered& cluster, const release::ReleaseRecord& back_to) {
  const Facts& facts = cluster.facts;
  const bool migrates = facts.release && facts.release->rendered.has_migrate_container;
  if (!migrates || !cluster.newest) return {};
  const auto known = gather::MigrationFilesOf(back_to.chart);
  const auto today = gather::MigrationFilesOf(cluster.newest->chart);
  if (!known.empty() && known == today) return {};
  return fmt::format(
      "Revision {} ({}) runs migrations, and {}. Going back does not undo what they have done to "
      "the "
      "database: the code of revision {} ({}) must know today's schema.",
      cluster.newest->revision, cluster.newest->chart.version,
      known.empty() || today.empty()
          ? std::string("not both charts name their files")
          : fmt::format("its chart names other files ({}) than that of revision {} ({})",
                        fmt::join(today, ", "), back_to.revision, fmt::join(known, ", ")),
      back_to.revision, back_to.chart.version);
}

/// helm rollback has no pending check of its own: it would run beside whoever holds the lock.
Result<void> CheckNobodyAtWork(const Work& work, gather::Io& io) {
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(io, work.helm, work.name_space, work.release));
  const auto* lock = release::PendingLock(records.history());
  if (lock == nullptr) return {};
  ASSIGN_OR_RETURN(const auto payloads, records.Read({lock->revision}));
  ASSIGN_OR_RETURN(const auto journal, Journal::Read(io, work.name_space, work.release));
  ASSIGN_OR_RETURN(const auto evidence, ReadLockEvidence(io, *lock, payloads.front(), journal));
  const journal::LockJudgement judgement = journal::JudgeLock(evidence);
  // What could not be asked would be passed over here; unlock shows it to a person.
  if (judgement.dead && evidence.unread.empty()) return {};
  std::vector<std::string> told = judgement.found;
  told.insert(told.end(), evidence.unread.begin(), evidence.unread.end());
  return Fail(
      Error{ErrorKind::Conflict,
            fmt::format("somebody may be at work on the release: {}", fmt::join(told, "; ")),
            "wait for its end; helm signal unlock tells the evidence and frees a dead lock",
            0,
            {}});
}

/// Whether helm is a version that knows server-side apply: Helm 4.
Result<bool> AppliesServerSide(const Work& work, gather::Io& io) {
  auto version = helm::StartVersion(io.system.processes, work.helm.helm, work.helm.environment);
  TRY(io.loop.Wait(io.deadline, version));
  ASSIGN_OR_RETURN(const std::string told, version.Take());
  return !told.starts_with("v2.") && !told.starts_with("v3.");
}

}  // namespace

Result<void> CheckUnmoved(const Work& work, const JudgedRollback& judged) {
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
  const auto* newest = release::Newest(records.history());
  // The question may have waited for long: a hook may have begun again, or a helm written.
  if (newest != nullptr && newest->revision == judged.newest_revision)
    return CheckNobodyAtWork(work, work.io);
  return Fail(Error{ErrorKind::Conflict,
                    "the release has moved since it was judged; nothing was done",
                    "look with: helm signal history, then try again",
                    0,
                    {}});
}

Result<JudgedRollback> JudgeRollback(const Work& work, const RollbackTarget& target,
                                     const gather::DiffOptions& options,
                                     std::span<const checks::Acknowledgement> acks,
                                     bool fail_on_warn) {
  gather::Io io{work.io.loop, work.io.http, work.io.kube, work.io.system,
                std::min(work.io.deadline, work.io.loop.Now() + kGathering)};
  ASSIGN_OR_RETURN(auto cluster,
                   gather::GatherCluster(io, work.profile, {work.name_space, work.release}));
  TRY(RefuseForeignOwner(cluster.facts, work.profile, {}));
  TRY(CheckNobodyAtWork(work, io));
  ASSIGN_OR_RETURN(auto recorded, gather::GatherRecordedTarget(io, work.profile, cluster, work.helm,
                                                               target.revision, options));
  if (!recorded)
    return Fail(Error::NotFound(fmt::format("revision {} cannot be gone back to: {}",
                                            target.revision, recorded.absence().reason),
                                "helm signal history shows the revisions"));
  JudgedRollback judged;
  cluster.facts.target = std::move(recorded->facts);
  const Facts& facts = cluster.facts;
  judged.newest_revision = facts.release ? facts.release->revision : 0;
  // Helm 3 patches client-side and meets no conflict: neither does it know the flag.
  const bool only_replicas = !options.replaces && checks::ConflictOnlyOnReplicas(*facts.target);
  if (only_replicas) {
    ASSIGN_OR_RETURN(judged.forces_conflicts, AppliesServerSide(work, io));
  }
  const bool forces = only_replicas || options.force_conflicts;
  auto results =
      checks::JudgeAll({facts, work.profile, nullptr, forces}, {.only = kJudged, .skip = {}}, acks);
  Soften(results);
  judged.document = Documented(work, target, facts, results, fail_on_warn);
  if (auto doubt = SchemaInDoubt(cluster, recorded->record); !doubt.empty())
    judged.document.sections.insert(
        judged.document.sections.begin() + 1,
        {"schema", "The database's schema", report::Text{std::move(doubt)}});
  return judged;
}

}  // namespace datafly::operations
