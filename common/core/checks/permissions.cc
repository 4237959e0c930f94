#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/needs.h"

namespace datafly::checks {

namespace {

constexpr std::string_view kSource =
    "SelfSubjectRulesReview and SelfSubjectAccessReview, against the calls that helm makes";

constexpr std::array kSpecs = {
    CheckSpec{
        "SIG-PERM-001", "Release records may be read and written", Requirement::Required, true,
        "Helm keeps each revision in a Secret. Without every verb on them the upgrade does "
        "not start, or cannot mark how it ended and leaves a lock.",
        "Have the Role granted that kubectl signal permissions upgrade -o yaml prints.", kSource},
    CheckSpec{
        "SIG-PERM-002", "Every object of the release may be changed", Requirement::Required, true,
        "One missing verb stops the upgrade in its middle, with part of the objects new and "
        "part old; a rollback needs the same rights.",
        "Have the Role granted that kubectl signal permissions upgrade -o yaml prints.", kSource},
    CheckSpec{"SIG-PERM-003", "Objects outside the namespace may be changed", Requirement::Advisory,
              true,
              "Cluster-wide objects and those in other namespaces need rights that a Role in the "
              "namespace does not give.",
              "Have the ClusterRole granted that kubectl signal permissions upgrade -o yaml "
              "prints.",
              kSource},
};

bool IsRecord(const Need& need, const Facts& facts) {
  return need.group.empty() && need.resource == release::ResourceOf(facts.record_store);
}
bool IsHere(const Need& need, const Facts& facts) {
  return need.name_space == facts.scope.name_space;
}

/// What an administrator runs; the cluster's name for the user is not in the facts.
std::string RemedyFor(const Facts& facts) {
  std::string kubectl = "kubectl";
  if (!facts.scope.context.empty()) kubectl += " --context " + ShellQuote(facts.scope.context);
  return fmt::format(
      "An administrator grants it, with your user's name: {} -o yaml --subject User/NAME | {} "
      "apply -f -",
      KubectlSignal(facts.scope, "permissions upgrade"), kubectl);
}

/// Missing verbs of one resource in one namespace.
struct Gap {
  Need need;
  std::vector<std::string> denied;
  std::vector<std::string> unproven;
};

std::vector<Gap> GroupGaps(const std::vector<NeedGap>& gaps) {
  std::map<std::string, Gap> groups;
  for (const NeedGap& gap : gaps) {
    Gap& group = groups[gap.need.name_space + "/" + gap.need.Resource()];
    group.need = gap.need;
    (gap.grant == Grant::No ? group.denied : group.unproven).push_back(gap.need.verb);
  }
  std::vector<Gap> out;
  for (auto& [key, group] : groups) out.push_back(std::move(group));
  return out;
}

std::string Place(const Need& need) {
  return need.name_space.empty() ? "cluster-wide" : "in " + need.name_space;
}

std::string Object(const Need& need, const Facts& facts) {
  if (IsHere(need, facts)) return need.Resource();
  return fmt::format("{} {}", need.Resource(), Place(need));
}

Finding Denied(std::string_view code, const Gap& gap, const Facts& facts) {
  return Make(code, CheckVerdict::Fail, Object(gap.need, facts),
              fmt::format("you may not {}", fmt::join(gap.denied, ", ")), RemedyFor(facts));
}

Finding Unproven(std::string_view code, const Gap& gap, const Facts& facts) {
  std::string needs = fmt::format("{} {}", fmt::join(gap.unproven, ", "), gap.need.Resource());
  Absence absence{AbsenceKind::Invalid, "not proven: whether you may " + needs, needs};
  if (!facts.access && IsHere(gap.need, facts)) {
    absence = facts.access.absence();
    absence.needs = needs;
  }
  Finding finding = MakeUnknown(code, Object(gap.need, facts), absence, facts.scope);
  if (finding.remedy.empty()) {
    std::string kubectl = Kubectl(facts.scope);
    finding.remedy =
        fmt::format("{} auth can-i {} {}", kubectl, gap.unproven.front(), gap.need.Resource());
  }
  return finding;
}

std::vector<Finding> Judge(std::string_view code, const std::vector<Need>& needs,
                           const Facts& facts) {
  if (needs.empty()) return {MakeSkipped(code, "the release has no such objects")};
  std::vector<Finding> out;
  for (const Gap& gap : GroupGaps(MissingNeeds(needs, facts))) {
    if (!gap.denied.empty()) out.push_back(Denied(code, gap, facts));
    if (!gap.unproven.empty()) out.push_back(Unproven(code, gap, facts));
  }
  if (out.empty()) {
    out.push_back(
        Make(code, CheckVerdict::Pass, {}, fmt::format("you have all {} rights", needs.size())));
  }
  return out;
}

void Append(std::vector<Finding>& out, std::vector<Finding> more) {
  std::move(more.begin(), more.end(), std::back_inserter(out));
}

/// Nothing was asked: one line says so, instead of one for each resource.
std::vector<Finding> NothingKnown(const Facts& facts) {
  return {MakeUnknown("SIG-PERM-001", "own rights", facts.access.absence(), facts.scope),
          MakeSkipped("SIG-PERM-002", "own rights are not known (SIG-PERM-001)"),
          MakeSkipped("SIG-PERM-003", "own rights are not known (SIG-PERM-001)")};
}

std::vector<Finding> JudgePermissions(const Input& input) {
  const Facts& facts = input.facts;
  bool any_answer = facts.access_answers && !facts.access_answers->empty();
  if (!facts.access && !any_answer) return NothingKnown(facts);
  std::vector<Need> records;
  std::vector<Need> objects;
  std::vector<Need> outside;
  for (Need& need : NeedsOfUpgrade(facts)) {
    auto& list = !IsHere(need, facts) ? outside : IsRecord(need, facts) ? records : objects;
    list.push_back(std::move(need));
  }
  const bool in_cluster = !release::ResourceOf(facts.record_store).empty();
  std::vector<Finding> out = in_cluster
                                 ? Judge("SIG-PERM-001", records, facts)
                                 : std::vector{MakeSkipped("SIG-PERM-001",
                                                           "Helm's records are not in the cluster "
                                                           "(SIG-REL-001)")};
  if (facts.release || facts.target) {
    Append(out, Judge("SIG-PERM-002", objects, facts));
    Append(out, Judge("SIG-PERM-003", outside, facts));
  } else {
    out.push_back(SkippedWithoutRelease("SIG-PERM-002"));
    out.push_back(SkippedWithoutRelease("SIG-PERM-003"));
  }
  return out;
}

}  // namespace

const Family kPermissionsFamily{"permissions", "Own permissions", kSpecs, JudgePermissions};

}  // namespace datafly::checks
