#include "common/core/checks/conflicts.h"

#include <algorithm>
#include <vector>

#include "common/core/base/text.h"

namespace datafly::checks {
namespace {

/// The fields that the words name: ".spec.replicas". A line end may have been escaped.
std::vector<std::string> FieldsIn(std::string_view message) {
  std::string text(message);
  for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at))
    text.replace(at, 2, "  ");
  std::vector<std::string> fields;
  std::string word;
  for (const char c : text + " ") {
    const bool ends = c == ' ' || c == '\n' || c == ',' || c == '\t';
    if (!ends)
      word += c;
    else if (const std::string whole = std::exchange(word, {}); whole.starts_with('.'))
      fields.push_back(whole);
  }
  return fields;
}

}  // namespace

bool IsReplicasOnly(std::string_view message) {
  const auto fields = FieldsIn(message);
  return !fields.empty() && std::all_of(fields.begin(), fields.end(), [](const auto& field) {
    return field == ".spec.replicas";
  });
}

bool ConflictOnlyOnReplicas(const TargetFacts& target) {
  if (!target.dry_run) return false;
  bool any = false;
  for (const DryRunFacts& item : *target.dry_run) {
    if (item.ok) continue;
    // One that could not be judged may have a conflict that nobody saw.
    if (item.cause != DryRunFacts::Cause::Conflict || !IsReplicasOnly(item.message)) return false;
    any = true;
  }
  return any;
}

}  // namespace datafly::checks
