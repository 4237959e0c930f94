#include <functional>

#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/target.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using diff::ResourceChange;
using diff::ResourceOp;
using diff::Risk;
using diff::RiskClass;

constexpr std::string_view kSource =
    "the release's record against the target's rendering and the live objects, as helm signal diff";

constexpr std::array kSpecs = {
    CheckSpec{"SIG-CHG-001", "What the step changes is known", Requirement::Advisory, true,
              "A kind that cannot be read may have been changed by hand, and the upgrade undoes "
              "that without a word.",
              "Grant list on the kinds that are named.", kSource},
    CheckSpec{"SIG-CHG-002", "Helm can make every change", Requirement::Advisory, true,
              "An immutable field, another field manager or another owner stops the upgrade in its "
              "middle.",
              "Look at the change, and delete or adopt the object before the upgrade.", kSource},
    CheckSpec{"SIG-CHG-003", "Nothing that holds data is deleted", Requirement::Advisory, true,
              "A claim, a CRD or a namespace takes along what is in it, and no rollback brings it "
              "back.",
              "Keep it: annotate the object with helm.sh/resource-policy: keep before the upgrade.",
              kSource},
    CheckSpec{"SIG-CHG-004", "Nothing that was changed by hand is undone", Requirement::Advisory,
              true,
              "Somebody changed it in the cluster for a reason, and Helm writes the chart's value "
              "over it.",
              "Put it into the values if it has to stay.", kSource},
    CheckSpec{"SIG-CHG-005", "Clients keep their way to the pods", Requirement::Advisory, true,
              "A Service of another type, port or selector can lose its clients or its pods while "
              "the upgrade runs.",
              "Look at the change, and plan a window if clients notice it.", kSource},
    CheckSpec{"SIG-CHG-006", "Nothing else is made anew at each rendering", Requirement::Advisory,
              true,
              "What differs at every rendering changes at every upgrade, and restarts what reads "
              "it.",
              "Set the value in the values, where the chart has one for it.",
              "two renderings of the target with the same input"},
};

std::string NameOf(const ResourceChange& change) {
  return fmt::format("{}/{}", change.id.kind, change.id.name);
}

/// The command that shows the changes in full.
std::string DiffCommand(const Input& input) {
  const Scope& scope = input.facts.scope;
  std::string command = fmt::format("helm signal diff upgrade {} {}", ShellQuote(scope.release),
                                    ChartArguments(*input.facts.target, input.profile));
  if (!scope.context.empty()) command += " --kube-context " + ShellQuote(scope.context);
  return command + " -n " + ShellQuote(scope.name_space);
}

/// "2 added, 12 changed; the pods of 6 workloads restart"
std::string InNumbers(const diff::ReleaseDiff& changes) {
  const diff::Counts counts = diff::CountOf(changes);
  std::vector<std::string> parts;
  auto add = [&](std::size_t number, std::string_view word) {
    if (number != 0) parts.push_back(fmt::format("{} {}", number, word));
  };
  add(counts.added, "added");
  add(counts.changed, "changed");
  add(counts.removed, "removed");
  add(counts.recreated, "made again");
  if (parts.empty()) return "no object changes";
  std::string text = fmt::format("objects: {}", fmt::join(parts, ", "));
  if (counts.restarts != 0)
    text += fmt::format("; the pods of {} restart",
                        Count(static_cast<std::int64_t>(counts.restarts), "workload"));
  return text;
}

std::vector<Finding> Known(const Input& input) {
  constexpr std::string_view kCode = "SIG-CHG-001";
  const diff::ReleaseDiff& changes = *input.facts.target->changes;
  std::vector<Finding> out;
  for (const std::string& unknown : changes.unknown)
    out.push_back(
        MakeUnknown(kCode, {}, {AbsenceKind::NotAvailable, unknown, {}}, input.facts.scope));
  if (changes.rendered_offline) {
    out.push_back(MakeUnknown(kCode, ChartObject(*input.facts.target),
                              {AbsenceKind::NotAvailable,
                               "rendered without the cluster, so that lookups found nothing; as "
                               "far as it goes, " +
                                   InNumbers(changes),
                               {}},
                              input.facts.scope));
  } else {
    out.push_back(
        Make(kCode, CheckVerdict::Pass, ChartObject(*input.facts.target), InNumbers(changes)));
  }
  out.back().evidence = changes.notes;
  return out;
}

using Judge = std::function<Finding(const ResourceChange&, const Risk&)>;

/// One finding for each risk of one of the classes; a pass when there is none.
std::vector<Finding> OfRisks(const Input& input, std::string_view code,
                             std::initializer_list<RiskClass> classes, std::string_view none,
                             const Judge& judge) {
  std::vector<Finding> out;
  for (const ResourceChange& change : input.facts.target->changes->resources) {
    for (const Risk& risk : change.risks) {
      if (std::find(classes.begin(), classes.end(), risk.risk) != classes.end())
        out.push_back(judge(change, risk));
    }
  }
  if (out.empty()) out.push_back(Make(code, CheckVerdict::Pass, {}, std::string(none)));
  return out;
}

/// The server's word on the object, where it was asked.
const DryRunFacts* TriedOn(const Facts& facts, const ResourceChange& change) {
  if (!facts.target->dry_run) return nullptr;
  for (const DryRunFacts& item : *facts.target->dry_run) {
    if (item.object == NameOf(change)) return &item;
  }
  return nullptr;
}

/// Which check tells of the same refusal with the server's words, or "".
std::string_view ToldBy(DryRunFacts::Cause cause) {
  switch (cause) {
    case DryRunFacts::Cause::Immutable:
      return "SIG-DRY-001";
    case DryRunFacts::Cause::Conflict:
      return "SIG-DRY-004";
    case DryRunFacts::Cause::Invalid:
      return "SIG-DRY-005";
    default:
      return {};
  }
}

std::vector<Finding> Possible(const Input& input) {
  constexpr std::string_view kCode = "SIG-CHG-002";
  const auto judge = [&](const ResourceChange& change, const Risk& risk) {
    const DryRunFacts* tried = TriedOn(input.facts, change);
    const std::string_view told = tried != nullptr ? ToldBy(tried->cause) : std::string_view();
    if (!told.empty())
      return MakeSkipped(kCode, fmt::format("the server refuses it ({})", told), NameOf(change));
    // What we foresee and the server does not is no more than a warning.
    const bool taken = tried != nullptr && tried->ok && risk.risk != RiskClass::TakesOver;
    Finding finding = Make(kCode, taken ? CheckVerdict::Warn : CheckVerdict::Fail, NameOf(change),
                           risk.reason, DiffCommand(input));
    if (taken) finding.evidence.emplace_back("the server's dry-run took the object");
    return finding;
  };
  return OfRisks(
      input, kCode,
      {RiskClass::ReplacesObject, RiskClass::Conflicts, RiskClass::Refused, RiskClass::TakesOver},
      "none is refused", judge);
}

std::vector<Finding> KeepsData(const Input& input) {
  constexpr std::string_view kCode = "SIG-CHG-003";
  const auto judge = [&](const ResourceChange& change, const Risk& risk) {
    return Make(kCode, CheckVerdict::Fail, NameOf(change), risk.reason,
                fmt::format("{} annotate {} helm.sh/resource-policy=keep",
                            Kubectl(input.facts.scope), ShellQuote(NameOf(change))));
  };
  return OfRisks(input, kCode, {RiskClass::DropsData}, "none is", judge);
}

Judge Warns(const Input& input, std::string_view code) {
  return [&input, code](const ResourceChange& change, const Risk& risk) {
    return Make(code, CheckVerdict::Warn, NameOf(change), risk.reason, DiffCommand(input));
  };
}

std::vector<Finding> ByHand(const Input& input) {
  constexpr std::string_view kCode = "SIG-CHG-004";
  const auto& changes = *input.facts.target->changes;
  std::vector<Finding> out = OfRisks(
      input, kCode, {RiskClass::UndoesHandChange},
      changes.three_way ? "none found" : "the live objects were not asked", Warns(input, kCode));
  for (const ResourceChange& change : changes.resources) {
    if (change.op != ResourceOp::Recreated) continue;
    if (out.front().verdict == CheckVerdict::Pass) out.clear();
    out.push_back(Make(kCode, CheckVerdict::Warn, NameOf(change),
                       "was deleted from the cluster by hand; the upgrade makes it again",
                       DiffCommand(input)));
  }
  return out;
}

/// Secrets that change are told with the values (SIG-VAL-004, SIG-VAL-006).
bool IsToldAsSecret(const ResourceChange& change) {
  return change.id.kind == "Secret" && change.op == ResourceOp::Changed;
}

std::vector<Finding> Stable(const Input& input) {
  constexpr std::string_view kCode = "SIG-CHG-006";
  const auto judge = [&](const ResourceChange& change, const Risk& risk) {
    if (IsToldAsSecret(change))
      return MakeSkipped(kCode, "a secret: judged with the values", NameOf(change));
    return Warns(input, kCode)(change, risk);
  };
  return OfRisks(input, kCode, {RiskClass::RotatesAtEveryUpgrade}, "nothing is", judge);
}

void Append(std::vector<Finding>& out, std::vector<Finding> more) {
  std::move(more.begin(), more.end(), std::back_inserter(out));
}

std::vector<Finding> NotKnown(const Facts& facts) {
  std::vector<Finding> out{
      MakeUnknown("SIG-CHG-001", {}, facts.target->changes.absence(), facts.scope)};
  for (std::size_t i = 1; i < kSpecs.size(); ++i)
    out.push_back(MakeSkipped(kSpecs[i].code, "the changes are not known (SIG-CHG-001)"));
  return out;
}

/// What a lookup would have found may hold more: that nothing was seen is no pass.
std::vector<Finding> OnlyWhatWasFound(std::vector<Finding> findings) {
  for (Finding& finding : findings) {
    if (finding.verdict == CheckVerdict::Pass)
      finding = MakeSkipped(finding.code, "not all changes are known (SIG-CHG-001)");
  }
  return findings;
}

std::vector<Finding> JudgeChanges(const Input& input) {
  const Facts& facts = input.facts;
  std::vector<Finding> out;
  if (!facts.target) {
    for (const CheckSpec& spec : kSpecs) out.push_back(SkippedWithoutTarget(spec.code, facts));
    return out;
  }
  if (!facts.target->changes) return NotKnown(facts);
  Append(out, Known(input));
  Append(out, Possible(input));
  Append(out, KeepsData(input));
  Append(out, ByHand(input));
  Append(out,
         OfRisks(input, "SIG-CHG-005", {RiskClass::ChangesSelector, RiskClass::InterruptsTraffic},
                 "they do", Warns(input, "SIG-CHG-005")));
  Append(out, Stable(input));
  return facts.target->changes->rendered_offline ? OnlyWhatWasFound(std::move(out)) : out;
}

}  // namespace

const Family kChangesFamily{"changes", "What the step changes", kSpecs, JudgeChanges};

}  // namespace datafly::checks
