#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/target.h"

namespace datafly::checks {

namespace {

constexpr std::array kSpecs = {
    CheckSpec{"SIG-VAL-001", "The target's chart knows every value that is set",
              Requirement::Required, true,
              "A key that the chart does not know does nothing, and nobody says so: a typing "
              "error, or a key that was renamed.",
              "Compare with helm show values of the target, and rename or remove the key.",
              "the release's values against the target's values.yaml"},
    CheckSpec{"SIG-VAL-002", "No default changed under a value that is set", Requirement::Required,
              true,
              "The vendor changed a default, your own value hides the change. Perhaps it has to "
              "follow.",
              "Look at the new default with helm show values, and decide whether your value still "
              "holds.",
              "today's values.yaml against the target's, where the user overrides"},
    CheckSpec{"SIG-VAL-003", "New values of the target", Requirement::Required, true,
              "What the target can do and today's chart cannot; each comes with a default.",
              "Nothing has to be done; helm show values describes them.",
              "the target's values.yaml against today's"},
    CheckSpec{"SIG-VAL-004", "ENCRYPTION_KEY and JWT_SECRET stay as they are",
              Requirement::Required, false,
              "With another ENCRYPTION_KEY the stored vendor credentials cannot be read again, "
              "ever; with another JWT_SECRET every session ends and services distrust each other.",
              "Give the target the value that is live today, or the existing Secret's name; have "
              "the key backed up before.",
              "the product's docs: reference/environment-vars, security/encryption"},
    CheckSpec{"SIG-VAL-005", "The consumer group stays the same", Requirement::Required, true,
              "A consumer group of another name starts without offsets: it skips what was not yet "
              "consumed, or reads everything again.",
              "Set the consumer group to today's name in the values; or move the offsets, and "
              "acknowledge it.",
              "the product's docs: reference/environment-vars, KAFKA_CONSUMER_GROUP"},
    CheckSpec{"SIG-VAL-006", "No secret changes at each rendering", Requirement::Required, true,
              "A value made anew at every upgrade restarts its readers each time, and is lost when "
              "the release is rolled back.",
              "Set the value in the values or in a Secret of your own, so that the chart makes "
              "none.",
              "two renderings of the target with the same input"},
};

using State = ContinuityFacts::State;

/// The name itself: an env value's key is "container/NAME"; the keys of Secrets and ConfigMaps hold
/// no slash.
std::string NameOf(const ContinuityFacts& item) { return item.key.substr(item.key.rfind('/') + 1); }

bool IsOneOf(const std::vector<std::string>& names, const ContinuityFacts& item) {
  return std::find(names.begin(), names.end(), NameOf(item)) != names.end();
}

/// More than these do not fit on the line; all of them are evidence then.
constexpr std::size_t kShownPaths = 4;

std::string Some(const std::vector<std::string>& paths) {
  std::vector<std::string> shown(
      paths.begin(),
      paths.begin() + static_cast<std::ptrdiff_t>(std::min(kShownPaths, paths.size())));
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (paths.size() > kShownPaths) text += fmt::format(" and {} more", paths.size() - kShownPaths);
  return text;
}

std::string ShowValues(const Input& input) {
  return fmt::format("helm show values {}", ChartArguments(*input.facts.target, input.profile));
}

Finding Paths(const Input& input, std::string_view code, const std::vector<std::string>& paths,
              CheckVerdict when_any, std::string_view none) {
  std::string object = ChartObject(*input.facts.target);
  if (paths.empty()) return Make(code, CheckVerdict::Pass, object, std::string(none));
  std::string remedy = when_any == CheckVerdict::Pass ? "" : ShowValues(input);
  Finding finding = Make(code, when_any, object, Some(paths), std::move(remedy));
  if (paths.size() > kShownPaths) finding.evidence = paths;
  return finding;
}

std::string_view Words(State state) {
  switch (state) {
    case State::Same:
      return "stays";
    case State::Changed:
      return "changed";
    case State::Added:
      return "is new in the chart's manifest";
    case State::Removed:
      return "is no longer in the manifest";
    case State::Rotates:
      return "is made anew at each rendering";
  }
  return "changed";
}

std::string Describe(const ContinuityFacts& item) {
  return fmt::format("{} {}", NameOf(item), Words(item.state));
}

/// How bad it is for a key that must not change. One that the chart newly sets may hold today's
/// value, which is outside the manifest.
CheckVerdict VerdictOfKey(State state) {
  if (state == State::Same) return CheckVerdict::Pass;
  return state == State::Added ? CheckVerdict::Warn : CheckVerdict::Fail;
}

std::string KeyRemedy(const Input& input, const ContinuityFacts& item) {
  if (item.state == State::Added) {
    return fmt::format(
        "Make sure that the value is the one that the pods use today; {} holds it "
        "after the upgrade.",
        item.object);
  }
  if (!item.object.starts_with("Secret/")) {
    return fmt::format("Set it to today's value in the values (-f); see: {}", ShowValues(input));
  }
  return fmt::format(
      "Give {} its present value by the values (-f), or name the existing Secret "
      "there; see: {}",
      NameOf(item), ShowValues(input));
}

using Matches = std::function<bool(const ContinuityFacts&)>;

/// One finding per item that is not as it was; one pass when all are.
std::vector<Finding> Continuity(const Input& input, std::string_view code, const Matches& matches,
                                CheckVerdict (*verdict_of)(State)) {
  std::vector<Finding> out;
  std::vector<std::string> same;
  for (const ContinuityFacts& item : input.facts.target->values.continuity) {
    if (!matches(item)) continue;
    CheckVerdict verdict = verdict_of(item.state);
    if (verdict == CheckVerdict::Pass) {
      same.push_back(NameOf(item));
    } else {
      out.push_back(Make(code, verdict, item.object, Describe(item), KeyRemedy(input, item)));
    }
  }
  if (!out.empty()) return out;
  std::string seen = same.empty() ? "the chart's manifest does not set it"
                                  : Some(same) + (same.size() == 1 ? " stays" : " stay");
  return {Make(code, CheckVerdict::Pass, ChartObject(*input.facts.target), seen)};
}

CheckVerdict VerdictOfOther(State state) {
  return state == State::Rotates ? CheckVerdict::Warn : CheckVerdict::Pass;
}

void Append(std::vector<Finding>& out, std::vector<Finding> more) {
  std::move(more.begin(), more.end(), std::back_inserter(out));
}

std::vector<Finding> OtherSecrets(const Input& input) {
  const auto& changes = input.facts.target->changes;
  if (!changes)
    return {MakeUnknown("SIG-VAL-006", ChartObject(*input.facts.target), changes.absence(),
                        input.facts.scope)};
  const Profile& profile = input.profile;
  auto other = [&](const ContinuityFacts& item) {
    return !IsOneOf(profile.continuity_keys, item) && !IsOneOf(profile.continuity_env, item) &&
           item.state == State::Rotates;
  };
  const auto& items = input.facts.target->values.continuity;
  if (std::none_of(items.begin(), items.end(), other)) {
    return {Make("SIG-VAL-006", CheckVerdict::Pass, ChartObject(*input.facts.target), "none does")};
  }
  return Continuity(input, "SIG-VAL-006", other, VerdictOfOther);
}

/// Rendered by `helm template`: it tells no defaults, and what its lookups would find is missing.
std::vector<Finding> NotCompared(const Input& input) {
  std::vector<Finding> out;
  for (const CheckSpec& spec : kSpecs) {
    out.push_back(MakeUnknown(spec.code, ChartObject(*input.facts.target),
                              {AbsenceKind::NotAvailable,
                               "the release is pending, so the target is rendered without the "
                               "cluster",
                               {}},
                              input.facts.scope));
    out.back().remedy = "End the pending state first (SIG-REL-003).";
  }
  return out;
}

std::vector<Finding> JudgeValues(const Input& input) {
  std::vector<Finding> out;
  if (!input.facts.target) {
    for (const CheckSpec& spec : kSpecs) {
      out.push_back(SkippedWithoutTarget(spec.code, input.facts));
    }
    return out;
  }
  const auto& changes = input.facts.target->changes;
  if (changes && changes->rendered_offline) return NotCompared(input);
  const ValuesFacts& values = input.facts.target->values;
  const Profile& profile = input.profile;
  out.push_back(Paths(input, "SIG-VAL-001", values.unknown_keys, CheckVerdict::Warn, "all known"));
  out.push_back(Paths(input, "SIG-VAL-002", values.changed_defaults, CheckVerdict::Warn, "none"));
  out.push_back(Paths(input, "SIG-VAL-003", values.new_keys, CheckVerdict::Pass, "none"));
  Append(out,
         Continuity(
             input, "SIG-VAL-004",
             [&](const ContinuityFacts& item) { return IsOneOf(profile.continuity_keys, item); },
             VerdictOfKey));
  Append(out,
         Continuity(
             input, "SIG-VAL-005",
             [&](const ContinuityFacts& item) { return IsOneOf(profile.continuity_env, item); },
             VerdictOfKey));
  Append(out, OtherSecrets(input));
  return out;
}

}  // namespace

const Family kValuesFamily{"values", "Values and secrets", kSpecs, JudgeValues};

}  // namespace datafly::checks
