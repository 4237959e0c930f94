#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

constexpr std::string_view kFresh = "SIG-BAK-001";
constexpr std::string_view kAttempts = "SIG-BAK-002";

constexpr std::array kSpecs = {
    CheckSpec{kFresh, "The database has a fresh backup", Requirement::Required, true,
              "An upgrade may migrate the database, and going back may need the data as it was. "
              "helm rollback reverts no migration.",
              "Take a backup of the database now. When it is taken outside the cluster, say so "
              "with backups.claim in the profile.",
              "the product's docs: deployment/upgrades, deployment/backup-dr; each backup tool's "
              "own status fields against the profile's backups.maxAge"},
    CheckSpec{kAttempts, "The latest backups succeeded", Requirement::Advisory, true,
              "A backup that fails or is paused makes the next one old.",
              "Look at the object that the finding names.", "each backup tool's own status fields"},
};

/// Clocks differ a little; a backup from further in the future proves nothing.
constexpr Millis kClockSkew{5 * 60 * 1000};

using Evidence = std::vector<BackupEvidence>;

bool IsBelievable(const BackupEvidence& one, Time now) {
  return one.good && one.data_time && *one.data_time <= now + kClockSkew;
}

const BackupEvidence* NewestGood(const Facts& facts) {
  if (!facts.backups) return nullptr;
  const BackupEvidence* newest = nullptr;
  for (const BackupEvidence& one : *facts.backups) {
    if (!IsBelievable(one, facts.taken_at)) continue;
    if (newest == nullptr || *one.data_time > *newest->data_time) newest = &one;
  }
  return newest;
}

Millis AgeOf(Time time, Time now) { return std::max(Millis{0}, now - time); }

std::string Line(const BackupEvidence& one, Time now) {
  const std::string age =
      one.data_time ? ", " + FormatAge(AgeOf(*one.data_time, now)) + " ago" : std::string();
  return fmt::format("{}: {}{}", OneLine(one.source), OneLine(one.detail), age);
}

/// Before an upgrade a missing backup stops it; a look at today's state only says so.
Finding Weighed(const Facts& facts, std::string object, std::string seen, std::string remedy = {}) {
  const bool upgrades = facts.target.Known();
  Finding finding = Make(kFresh, upgrades ? CheckVerdict::Fail : CheckVerdict::Warn,
                         std::move(object), std::move(seen), std::move(remedy));
  finding.requirement = upgrades ? Requirement::Required : Requirement::Advisory;
  return finding;
}

void AddFailures(const Facts& facts, Finding& finding) {
  if (!facts.backups) return;
  for (const BackupEvidence& one : *facts.backups) {
    if (!IsBelievable(one, facts.taken_at)) finding.evidence.push_back(Line(one, facts.taken_at));
  }
  BoundEvidence(finding.evidence);
}

/// A backup from before the last upgrade may hold the schema of before it.
bool IsBeforeLastUpgrade(Time data_time, const Facts& facts) {
  return facts.release && facts.release->last_deployed && facts.release->revision > 1 &&
         data_time < *facts.release->last_deployed;
}

/// What can be started by a command: a CronJob of the cluster.
std::string RunNow(const BackupEvidence& one, const Scope& scope) {
  constexpr std::string_view kCronJob = "batch/v1 CronJob ";
  if (!one.source.starts_with(kCronJob)) return {};
  const std::string_view name = std::string_view(one.source).substr(kCronJob.size());
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return {};
  return fmt::format("{} create job datafly-backup-now --from=cronjob/{}", Kubectl(scope),
                     ShellQuote(name.substr(slash + 1)));
}

Finding JudgeAge(const BackupEvidence& newest, const Input& input) {
  const Facts& facts = input.facts;
  const Millis age = AgeOf(*newest.data_time, facts.taken_at);
  const std::string source = OneLine(newest.source);
  if (age > input.profile.backup_max_age) {
    Finding finding =
        Weighed(facts, source,
                fmt::format("the newest good backup is {} old; at most {}", FormatAge(age),
                            FormatDuration(input.profile.backup_max_age)),
                RunNow(newest, facts.scope));
    AddFailures(facts, finding);
    return finding;
  }
  const std::string seen = fmt::format("{} old: {}", FormatAge(age), OneLine(newest.detail));
  if (!IsBeforeLastUpgrade(*newest.data_time, facts)) {
    return Make(kFresh, CheckVerdict::Pass, source, seen);
  }
  return Make(kFresh, CheckVerdict::Warn, source,
              seen + "; taken before the last upgrade of the release", RunNow(newest, facts.scope));
}

/// The user's word: a time that is judged like any other, or a sentence that is only repeated.
Finding JudgeClaim(const Input& input) {
  const Facts& facts = input.facts;
  const std::string& claim = input.profile.backup_claim;
  const std::string said = fmt::format("claimed by the user, not proven: {}", OneLine(claim));
  const auto time = ParseTime(Trim(claim));
  if (!time) return Make(kFresh, CheckVerdict::Pass, "claim", said);
  if (*time > facts.taken_at + kClockSkew) {
    return Weighed(facts, "claim", said + ", which is in the future");
  }
  const Millis age = AgeOf(*time, facts.taken_at);
  if (age <= input.profile.backup_max_age) {
    return Make(kFresh, CheckVerdict::Pass, "claim",
                fmt::format("{}, {} old", said, FormatAge(age)));
  }
  return Weighed(facts, "claim",
                 fmt::format("{}, {} old; at most {}", said, FormatAge(age),
                             FormatDuration(input.profile.backup_max_age)));
}

Finding NothingFound(const Facts& facts) {
  Finding finding = Weighed(facts, {},
                            facts.backups->empty() ? "no sign of a backup in the cluster"
                                                   : "no good backup among what was found");
  AddFailures(facts, finding);
  return finding;
}

Finding NotKnown(const Facts& facts) {
  Finding finding = MakeUnknown(kFresh, "backups", facts.backups.absence(), facts.scope);
  finding.requirement = facts.target ? Requirement::Required : Requirement::Advisory;
  return finding;
}

/// Evidence first; a claim fills in where the cluster shows nothing fresh.
Finding JudgeFresh(const Input& input) {
  const Facts& facts = input.facts;
  const BackupEvidence* newest = NewestGood(facts);
  if (newest != nullptr) {
    Finding finding = JudgeAge(*newest, input);
    if (finding.verdict == CheckVerdict::Pass || input.profile.backup_claim.empty()) return finding;
  }
  if (!input.profile.backup_claim.empty()) return JudgeClaim(input);
  return facts.backups ? NothingFound(facts) : NotKnown(facts);
}

std::vector<Finding> JudgeAttempts(const Facts& facts) {
  if (!facts.backups) return {MakeSkipped(kAttempts, "the backups are not known (SIG-BAK-001)")};
  const BackupEvidence* newest = NewestGood(facts);
  if (newest == nullptr) {
    return {MakeSkipped(kAttempts, "the cluster shows no good backup (SIG-BAK-001)")};
  }
  std::vector<Finding> out;
  for (const BackupEvidence& one : *facts.backups) {
    const bool later = !one.data_time || *one.data_time > *newest->data_time;
    if (one.good || !later || out.size() >= 5) continue;
    out.push_back(Make(kAttempts, CheckVerdict::Warn, OneLine(one.source),
                       one.data_time
                           ? "newer than the last good backup, and not good: " + OneLine(one.detail)
                           : OneLine(one.detail)));
  }
  if (out.empty()) out.push_back(Make(kAttempts, CheckVerdict::Pass, {}, "no failure since"));
  return out;
}

std::vector<Finding> JudgeBackups(const Input& input) {
  std::vector<Finding> out{JudgeFresh(input)};
  for (Finding& finding : JudgeAttempts(input.facts)) out.push_back(std::move(finding));
  return out;
}

}  // namespace

const Family kBackupsFamily{"backups", "Backups", kSpecs, JudgeBackups};

}  // namespace datafly::checks
