#include "common/core/kinds/meta.h"

namespace datafly::kinds {

const Condition* FindCondition(const std::vector<Condition>& conditions, std::string_view type) {
  for (const Condition& condition : conditions) {
    if (condition.type == type) return &condition;
  }
  return nullptr;
}

std::int64_t IntOrPercent::Resolve(std::int64_t total, bool round_up) const {
  if (!percent) return value;
  // Both come from the cluster; the bounds keep the product inside an int64 (no pod count or
  // percentage of a working object comes near them).
  constexpr std::int64_t kBound = 1'000'000'000;
  const std::int64_t product =
      std::clamp<std::int64_t>(value, 0, kBound) * std::clamp<std::int64_t>(total, 0, kBound);
  return round_up ? (product + 99) / 100 : product / 100;
}

namespace {

/// metav1.LabelSelectorAsSelector, one requirement: NotIn also matches when the key is absent.
bool Holds(const LabelSelector::Expression& expression,
           const std::map<std::string, std::string>& labels) {
  const auto found = labels.find(expression.key);
  const bool has = found != labels.end();
  if (expression.op == "Exists") return has;
  if (expression.op == "DoesNotExist") return !has;
  const bool listed = has && std::find(expression.values.begin(), expression.values.end(),
                                       found->second) != expression.values.end();
  if (expression.op == "In") return listed;
  if (expression.op == "NotIn") return !listed;
  return false;
}

}  // namespace

bool LabelSelector::Matches(const std::map<std::string, std::string>& labels) const {
  for (const auto& [key, value] : match_labels) {
    const auto found = labels.find(key);
    if (found == labels.end() || found->second != value) return false;
  }
  return std::all_of(expressions.begin(), expressions.end(),
                     [&](const Expression& expression) { return Holds(expression, labels); });
}

}  // namespace datafly::kinds
