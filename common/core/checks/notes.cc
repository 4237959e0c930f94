#include "common/core/base/semver.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/target.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

constexpr std::string_view kGuide = "the product's docs: deployment/upgrades, major versions";

constexpr std::array kSpecs = {
    CheckSpec{"SIG-NOTE-001", "The release notes are read", Requirement::Advisory, true,
              "The upgrade guide's first step. What a version changes in configuration and "
              "behaviour, no tool can tell from its chart.",
              "Read the release notes of the target and of every version between, then add --ack "
              "SIG-NOTE-001=read.",
              "the product's docs: deployment/upgrades, pre-upgrade checklist"},
    CheckSpec{"SIG-MAJ-001", "Major: the migration guide is followed", Requirement::Required, true,
              "A major version breaks something: its migration guide says what, and in which order "
              "to go.",
              "Follow the migration guide in the release notes, then add --ack SIG-MAJ-001=REASON.",
              kGuide},
    CheckSpec{"SIG-MAJ-002", "Major: the upgrade was tested in staging", Requirement::Required,
              true,
              "A breaking change that meets your configuration is found in staging, or by your "
              "customers.",
              "Do the same upgrade in staging, then add --ack SIG-MAJ-002=REASON.", kGuide},
    CheckSpec{"SIG-MAJ-003", "Major: a maintenance window is agreed", Requirement::Required, true,
              "A major may need services to stop; the product promises no zero-downtime upgrade "
              "across one.",
              "Agree on a window, then add --ack SIG-MAJ-003=REASON.", kGuide},
    CheckSpec{"SIG-MAJ-004", "Major: the database is backed up", Requirement::Required, true,
              "Migrations of a major may not be revertible; the backup is the way back.",
              "Back up PostgreSQL, and ENCRYPTION_KEY apart from it, then add --ack "
              "SIG-MAJ-004=REASON.",
              kGuide},
    CheckSpec{"SIG-MAJ-005", "Major: Kafka's topic data is backed up", Requirement::Required, true,
              "Events in flight may be unreadable for the other version's code.",
              "Back up or drain the topics, then add --ack SIG-MAJ-005=REASON.", kGuide},
    CheckSpec{"SIG-MAJ-006", "Major: Redis' state is backed up", Requirement::Required, true,
              "Redis holds vendor identities and deduplication keys besides its caches; those are "
              "not rebuilt from the database.",
              "Save Redis' state, then add --ack SIG-MAJ-006=REASON.", kGuide},
};

/// The notes' address with the target's version in it, or empty.
std::string NotesUrl(const TargetFacts& target, const Profile& profile) {
  std::string url =
      profile.release_notes_url.empty() ? target.release_notes_url : profile.release_notes_url;
  constexpr std::string_view kPlace = "{version}";
  for (auto at = url.find(kPlace); at != std::string::npos;
       at = url.find(kPlace, at + target.chart_version.size())) {
    url.replace(at, kPlace.size(), target.chart_version);
  }
  return url;
}

Finding Notes(const TargetFacts& target, const Profile& profile, std::optional<VersionStep> step) {
  constexpr std::string_view kCode = "SIG-NOTE-001";
  if (step == VersionStep::Same) {
    return Make(kCode, CheckVerdict::Pass, ChartObject(target), "the version stays");
  }
  std::string url = NotesUrl(target, profile);
  if (url.empty()) {
    return Make(kCode, CheckVerdict::Warn, ChartObject(target),
                "neither the chart nor the profile names its release notes",
                "Ask the vendor for the release notes, read them, then add --ack "
                "SIG-NOTE-001=read.");
  }
  return Make(kCode, CheckVerdict::Warn, ChartObject(target), "release notes to be read: " + url,
              fmt::format("Read {} and add --ack SIG-NOTE-001=read.", url));
}

std::optional<VersionStep> StepOf(const Facts& facts) {
  if (!facts.release) return std::nullopt;
  auto from = SemVer::Parse(facts.release->chart_version);
  auto to = SemVer::Parse(facts.target->chart_version);
  if (!from || !to) return std::nullopt;
  return ClassifyStep(*from, *to);
}

Finding Major(std::string_view code, const Facts& facts, std::optional<VersionStep> step) {
  std::string object = ChartObject(*facts.target);
  if (!step) return MakeSkipped(code, "the step is not known (SIG-VER-001)", object);
  if (*step != VersionStep::Major) {
    return MakeSkipped(code, StepIs(*step), object);
  }
  return Make(code, CheckVerdict::Fail, object, "a major step, and nobody has confirmed it");
}

std::vector<Finding> JudgeNotes(const Input& input) {
  const Facts& facts = input.facts;
  std::vector<Finding> out;
  if (!facts.target) {
    for (const CheckSpec& spec : kSpecs) out.push_back(SkippedWithoutTarget(spec.code, facts));
    return out;
  }
  std::optional<VersionStep> step = StepOf(facts);
  out.push_back(Notes(*facts.target, input.profile, step));
  for (std::size_t i = 1; i < kSpecs.size(); ++i) {
    out.push_back(Major(kSpecs[i].code, facts, step));
  }
  return out;
}

}  // namespace

const Family kNotesFamily{"notes", "Release notes", kSpecs, JudgeNotes};

}  // namespace datafly::checks
