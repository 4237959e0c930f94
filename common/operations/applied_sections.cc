#include "common/operations/applied_sections.h"

#include <map>

#include "common/core/manifest/manifest.h"

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

/// With the hooks.
std::string WholeManifest(const release::ReleaseRecord& record) {
  std::string text = record.manifest;
  for (const release::Hook& hook : record.hooks) text += "\n---\n" + hook.manifest;
  return text;
}

constexpr std::size_t kMostNamed = 10;

}  // namespace

void AddApplied(report::Document& document, const Scope& scope, const Applied& applied) {
  AddHooks(document, applied);
  if (!applied.rollout) return;
  const RolloutFollow::End& end = *applied.rollout;
  report::Document rollout =
      report::RolloutDocument(scope, end.progress, end.outcome, end.excerpts);
  for (report::Section& section : rollout.sections) document.sections.push_back(std::move(section));
}

std::vector<std::string> ObjectsThatDiffer(std::string_view shown, std::string_view applied) {
  const auto before = manifest::ParseManifest(shown);
  const auto after = manifest::ParseManifest(applied);
  if (!before || !after) return {"the manifest"};
  std::map<manifest::ObjectId, std::pair<std::string, std::string>> texts;
  std::map<manifest::ObjectId, std::string> names;
  for (const auto* side : {&*before, &*after}) {
    for (const manifest::Object& object : *side) {
      const auto id = manifest::IdOf(object);
      names[id] = manifest::ObjectName(object);
      (side == &*before ? texts[id].first : texts[id].second) += object.json;
    }
  }
  std::vector<std::string> differ;
  for (const auto& [id, text] : texts)
    if (text.first != text.second) differ.push_back(names[id]);
  return differ;
}

void AddDifference(report::Document& document, const release::ReleaseRecord& shown,
                   const release::ReleaseRecord& applied) {
  auto names = ObjectsThatDiffer(WholeManifest(shown), WholeManifest(applied));
  if (names.empty()) return;
  const std::size_t more = names.size() > kMostNamed ? names.size() - kMostNamed : 0;
  names.resize(names.size() - more);
  document.sections.push_back(
      {"applied", "What was applied",
       report::Text{fmt::format(
           "Helm has applied something else than what was judged and shown: {}{}.\nIt differs at "
           "each rendering, or its values or its chart have changed meanwhile.\nhelm signal diff "
           "revision shows what it changed.",
           fmt::join(names, ", "), more == 0 ? "" : fmt::format(" and {} more", more))}});
}

}  // namespace datafly::operations
