#include "common/operations/applied_sections.h"

namespace datafly::operations {
namespace {

void AddHooks(report::Document& document, const Applied& applied) {
  std::string text;
  for (const gather::HookEvidence& hook : applied.hooks) {
    text += fmt::format("{}{} (pod {}): {}\n", text.empty() ? "" : "\n", hook.object, hook.pod,
                        hook.seen);
    for (const std::string& line : hook.log) text += fmt::format("  {}\n", line);
  }
  if (!text.empty())
    document.sections.push_back({"hooks", "Hooks that failed", report::Text{std::move(text)}});
}

}  // namespace

void AddApplied(report::Document& document, const Scope& scope, const Applied& applied) {
  AddHooks(document, applied);
  if (!applied.rollout) return;
  const RolloutFollow::End& end = *applied.rollout;
  report::Document rollout =
      report::RolloutDocument(scope, end.progress, end.outcome, end.excerpts);
  for (report::Section& section : rollout.sections) document.sections.push_back(std::move(section));
}

}  // namespace datafly::operations
