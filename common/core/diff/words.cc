#include "common/core/diff/release_diff.h"

namespace datafly::diff {

std::string_view ToString(FieldOp op) {
  switch (op) {
    case FieldOp::Added:
      return "added";
    case FieldOp::Removed:
      return "removed";
    case FieldOp::Changed:
      return "changed";
    case FieldOp::Reordered:
      return "reordered";
  }
  return {};
}

std::string_view ToString(Origin origin) {
  switch (origin) {
    case Origin::Chart:
      return "chart";
    case Origin::Drift:
      return "drift";
    case Origin::Both:
      return "both";
  }
  return {};
}

std::string_view ToString(Effect effect) {
  switch (effect) {
    case Effect::Writes:
      return "writes";
    case Effect::Already:
      return "already";
    case Effect::Spelling:
      return "spelling";
    case Effect::Stays:
      return "stays";
    case Effect::Conflicts:
      return "conflicts";
  }
  return {};
}

std::string_view ToString(RiskClass risk) {
  switch (risk) {
    case RiskClass::RestartsPods:
      return "restarts-pods";
    case RiskClass::ReplacesObject:
      return "replaces-object";
    case RiskClass::DropsData:
      return "drops-data";
    case RiskClass::ChangesSecret:
      return "changes-secret";
    case RiskClass::ChangesSelector:
      return "changes-selector";
    case RiskClass::ScalesAgainstHpa:
      return "scales-against-hpa";
    case RiskClass::Conflicts:
      return "conflicts";
    case RiskClass::Refused:
      return "refused";
    case RiskClass::TakesOver:
      return "takes-over";
    case RiskClass::InterruptsTraffic:
      return "interrupts-traffic";
    case RiskClass::UndoesHandChange:
      return "undoes-hand-change";
    case RiskClass::RotatesAtEveryUpgrade:
      return "rotates-at-every-upgrade";
  }
  return {};
}

bool IsGrave(RiskClass risk) {
  return risk == RiskClass::ReplacesObject || risk == RiskClass::DropsData ||
         risk == RiskClass::Conflicts || risk == RiskClass::Refused || risk == RiskClass::TakesOver;
}

std::string_view ToString(ResourceOp op) {
  switch (op) {
    case ResourceOp::Added:
      return "added";
    case ResourceOp::Removed:
      return "removed";
    case ResourceOp::Changed:
      return "changed";
    case ResourceOp::Recreated:
      return "recreated";
    case ResourceOp::Kept:
      return "kept";
    case ResourceOp::Unchanged:
      return "unchanged";
  }
  return {};
}

Counts CountOf(const ReleaseDiff& diff) {
  Counts counts;
  counts.unchanged = diff.unchanged;
  for (const ResourceChange& resource : diff.resources) {
    switch (resource.op) {
      case ResourceOp::Added:
        ++counts.added;
        break;
      case ResourceOp::Removed:
        ++counts.removed;
        break;
      case ResourceOp::Changed:
        ++counts.changed;
        break;
      case ResourceOp::Recreated:
        ++counts.recreated;
        break;
      case ResourceOp::Kept:
        ++counts.kept;
        break;
      case ResourceOp::Unchanged:
        ++counts.unchanged;
        break;
    }
    for (const Risk& risk : resource.risks) {
      if (IsGrave(risk.risk)) ++counts.grave;
      if (risk.risk == RiskClass::RestartsPods && resource.restarting_pods != 0U) ++counts.restarts;
    }
  }
  return counts;
}

bool Differs(const ReleaseDiff& diff) {
  const bool writes =
      std::any_of(diff.resources.begin(), diff.resources.end(), [](const ResourceChange& resource) {
        return resource.writes || resource.op != ResourceOp::Unchanged;
      });
  return writes || !diff.values.empty() || !diff.defaults.empty() || !diff.chart.empty() ||
         !diff.hooks.empty() || !diff.crds.empty() || diff.notes_changed;
}

}  // namespace datafly::diff
