#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/conflicts.h"
#include "common/core/checks/families.h"
#include "common/core/checks/target.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using Cause = DryRunFacts::Cause;

constexpr std::string_view kSource =
    "server-side dry-run (dryRun=All) of each object of the target's manifest";

constexpr std::array kSpecs = {
    CheckSpec{"SIG-DRY-001", "The target changes no immutable field", Requirement::Advisory, true,
              "The server refuses the change (a selector, a volume claim, a Job's template), and "
              "the upgrade stops in its middle.",
              "Delete the object before the upgrade, so that it is made anew, in a window if it "
              "serves traffic; or keep the field as it is.",
              kSource},
    CheckSpec{"SIG-DRY-002", "No admission policy refuses the target", Requirement::Advisory, true,
              "A webhook, a policy or Pod Security refuses the object as it is rendered.",
              "Change what the policy names in the values, or have the policy's owner allow it.",
              kSource},
    CheckSpec{"SIG-DRY-003", "No quota refuses the target", Requirement::Advisory, true,
              "A quota on the number or size of objects has no room for what the target adds.",
              "Have the quota raised, or remove what uses it up; kubectl describe resourcequota "
              "shows both.",
              kSource},
    CheckSpec{"SIG-DRY-004", "No other field manager owns what the target sets",
              Requirement::Advisory, true,
              "Under server-side apply a field that another manager owns is a conflict, and fails "
              "the upgrade.",
              "Take the field out of the chart's values, or let Helm take it over with "
              "--force-conflicts.",
              kSource},
    CheckSpec{"SIG-DRY-005", "The server finds every object valid", Requirement::Advisory, true,
              "An object that fails validation is refused; what comes after it in the upgrade is "
              "not applied.",
              "Correct the value that leads to the field that the server names.", kSource},
    CheckSpec{"SIG-DRY-006", "The server could judge every object", Requirement::Advisory, true,
              "What was not tried may fail in the upgrade.",
              "Grant the right that is missing, or let somebody run the preflight who has it.",
              kSource},
};

bool Targets(const kinds::Hpa& hpa, const std::string& object) {
  return hpa.target_kind + "/" + hpa.target_name == object;
}

/// replicas set by the chart under an HPA: judged with the HPAs, by its own code.
bool IsHpaClash(const Facts& facts, const DryRunFacts& item) {
  if (item.cause != Cause::Conflict || !IsReplicasOnly(item.message)) return false;
  auto targets = [&](const kinds::Hpa& hpa) { return Targets(hpa, item.object); };
  const auto& rendered = facts.target->rendered.hpas;
  if (std::any_of(rendered.begin(), rendered.end(), targets)) return true;
  return facts.hpas && std::any_of(facts.hpas->begin(), facts.hpas->end(), targets);
}

/// The command that shows or repairs, where there is one; else the catalogue's words.
std::string RemedyFor(const Facts& facts, const DryRunFacts& item) {
  switch (item.cause) {
    case Cause::Immutable:
      return fmt::format("{} delete {} --cascade=orphan", Kubectl(facts.scope),
                         ShellQuote(item.object));
    case Cause::Quota:
      return Kubectl(facts.scope) + " describe resourcequota";
    default:
      return {};
  }
}

std::string Tried(const Facts& facts) {
  return Count(std::ssize(*facts.target->dry_run), "object") + " tried";
}

std::vector<Finding> OfCause(const Input& input, std::string_view code, Cause cause) {
  const Facts& facts = input.facts;
  const bool forced = cause == Cause::Conflict && input.forces_conflicts;
  std::vector<Finding> out;
  for (const DryRunFacts& item : *facts.target->dry_run) {
    if (item.ok || item.cause != cause) continue;
    if (IsHpaClash(facts, item)) {
      out.push_back(MakeSkipped(code, "replicas under an HPA: judged with the HPAs", item.object));
      continue;
    }
    out.push_back(Make(code, forced ? CheckVerdict::Warn : CheckVerdict::Fail, item.object,
                       item.message, RemedyFor(facts, item)));
    if (forced) out.back().evidence.emplace_back("helm takes the field over (--force-conflicts)");
  }
  if (out.empty()) out.push_back(Make(code, CheckVerdict::Pass, {}, Tried(facts)));
  return out;
}

Finding NotJudged(const Facts& facts, const DryRunFacts& item) {
  constexpr std::string_view kCode = "SIG-DRY-006";
  if (item.cause == Cause::NotServed) {
    return MakeSkipped(kCode, "its API version is not served (SIG-API-002)", item.object);
  }
  bool forbidden = item.cause == Cause::Forbidden;
  AbsenceKind kind = forbidden ? AbsenceKind::Forbidden : AbsenceKind::Invalid;
  return MakeUnknown(kCode, item.object,
                     {kind, item.message, forbidden ? "patch " + item.object : std::string{}},
                     facts.scope);
}

bool CouldNotJudge(const DryRunFacts& item) {
  return !item.ok && (item.cause == Cause::Forbidden || item.cause == Cause::NotServed ||
                      item.cause == Cause::Other || item.cause == Cause::None);
}

std::vector<Finding> AllJudged(const Facts& facts) {
  std::vector<Finding> out;
  const auto& items = *facts.target->dry_run;
  for (const DryRunFacts& item : items) {
    if (CouldNotJudge(item)) out.push_back(NotJudged(facts, item));
  }
  if (out.empty()) {
    out.push_back(Make("SIG-DRY-006", CheckVerdict::Pass, {}, Tried(facts)));
  }
  return out;
}

void Append(std::vector<Finding>& out, std::vector<Finding> more) {
  std::move(more.begin(), more.end(), std::back_inserter(out));
}

std::vector<Finding> NotDone(const Facts& facts) {
  std::vector<Finding> out;
  for (std::size_t i = 0; i + 1 < kSpecs.size(); ++i) {
    out.push_back(MakeSkipped(kSpecs[i].code, "no dry-run was made (SIG-DRY-006)"));
  }
  out.push_back(MakeUnknown("SIG-DRY-006", {}, facts.target->dry_run.absence(), facts.scope));
  return out;
}

std::vector<Finding> JudgeDryRun(const Input& input) {
  const Facts& facts = input.facts;
  std::vector<Finding> out;
  if (!facts.target) {
    for (const CheckSpec& spec : kSpecs) out.push_back(SkippedWithoutTarget(spec.code, facts));
    return out;
  }
  if (!facts.target->dry_run) return NotDone(facts);
  Append(out, OfCause(input, "SIG-DRY-001", Cause::Immutable));
  Append(out, OfCause(input, "SIG-DRY-002", Cause::Admission));
  Append(out, OfCause(input, "SIG-DRY-003", Cause::Quota));
  Append(out, OfCause(input, "SIG-DRY-004", Cause::Conflict));
  Append(out, OfCause(input, "SIG-DRY-005", Cause::Invalid));
  Append(out, AllJudged(facts));
  return out;
}

}  // namespace

const Family kDryRunFamily{"dry-run", "Dry-run on the server", kSpecs, JudgeDryRun};

}  // namespace datafly::checks
