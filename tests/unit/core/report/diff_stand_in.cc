// Stands in for common/core/diff/*.cc until they are there; goes away with their arrival (the
// linker will say so: multiple definitions).
#include "common/core/diff/redact.h"

namespace datafly::diff {

namespace {

template <class Enum, std::size_t N>
std::string_view NameOf(Enum value, const std::array<std::string_view, N>& names) {
  return names.at(static_cast<std::size_t>(value));
}

void DropSecrets(FieldChange& field) {
  if (field.secret) {
    field.old_value = field.new_value = field.live_value = std::nullopt;
    field.lines.clear();
    field.inside.clear();
  }
  for (FieldChange& inner : field.inside) DropSecrets(inner);
}
void DropSecrets(ValueChange& value) {
  if (value.secret) value.old_value = value.new_value = std::nullopt;
}

}  // namespace

std::string_view ToString(FieldOp op) {
  return NameOf(op, std::array<std::string_view, 4>{"added", "removed", "changed", "reordered"});
}
std::string_view ToString(Origin origin) {
  return NameOf(origin, std::array<std::string_view, 3>{"chart", "drift", "both"});
}
std::string_view ToString(Effect effect) {
  return NameOf(effect, std::array<std::string_view, 5>{"writes", "already", "spelling", "stays",
                                                        "conflicts"});
}
std::string_view ToString(RiskClass risk) {
  return NameOf(risk, std::array<std::string_view, 11>{
                          "restarts-pods", "replaces-object", "drops-data", "changes-secret",
                          "changes-selector", "scales-against-hpa", "conflicts", "takes-over",
                          "interrupts-traffic", "undoes-hand-change", "rotates-at-every-upgrade"});
}
std::string_view ToString(ResourceOp op) {
  return NameOf(op, std::array<std::string_view, 6>{"added", "removed", "changed", "recreated",
                                                    "kept", "unchanged"});
}

bool IsGrave(RiskClass risk) {
  return risk == RiskClass::ReplacesObject || risk == RiskClass::DropsData ||
         risk == RiskClass::Conflicts || risk == RiskClass::TakesOver ||
         risk == RiskClass::ChangesSelector;
}

Counts CountOf(const ReleaseDiff& diff) {
  Counts counts;
  counts.unchanged = diff.unchanged;
  for (const ResourceChange& object : diff.resources) {
    const bool silent = object.op == ResourceOp::Changed && !object.writes;
    counts.added += object.op == ResourceOp::Added ? 1 : 0;
    counts.removed += object.op == ResourceOp::Removed ? 1 : 0;
    counts.changed += object.op == ResourceOp::Changed && !silent ? 1 : 0;
    counts.recreated += object.op == ResourceOp::Recreated ? 1 : 0;
    counts.kept += object.op == ResourceOp::Kept ? 1 : 0;
    counts.unchanged += object.op == ResourceOp::Unchanged || silent ? 1 : 0;
    for (const Risk& risk : object.risks) {
      counts.grave += IsGrave(risk.risk) ? 1 : 0;
      counts.restarts += risk.risk == RiskClass::RestartsPods ? 1 : 0;
    }
  }
  return counts;
}

bool Differs(const ReleaseDiff& diff) {
  return !diff.resources.empty() || !diff.values.empty() || !diff.defaults.empty() ||
         !diff.chart.empty() || !diff.images.empty() || !diff.hooks.empty() || !diff.crds.empty() ||
         diff.notes_changed;
}

ShownDiff Redact(ReleaseDiff diff, const KnownSecrets&) {
  for (ResourceChange& object : diff.resources) {
    for (FieldChange& field : object.fields) DropSecrets(field);
  }
  for (HookChange& hook : diff.hooks) {
    for (FieldChange& field : hook.fields) DropSecrets(field);
  }
  for (ValueChange& value : diff.values) DropSecrets(value);
  for (ValueChange& value : diff.defaults) DropSecrets(value);
  return ShownDiff(std::move(diff));
}

}  // namespace datafly::diff
