#include "common/core/report/diff_words.h"

namespace datafly::report {

using diff::FieldOp;
using diff::ResourceChange;
using diff::ResourceOp;
using diff::RiskClass;

namespace {

void AddOnce(std::vector<std::string>& words, std::string word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
}

/// Pods of all together; nothing when they are not known of one.
std::optional<std::size_t> PodsOf(const AlikeObjects& objects) {
  std::size_t pods = 0;
  for (const ResourceChange* object : objects) {
    if (!object->restarting_pods) return std::nullopt;
    pods += *object->restarting_pods;
  }
  return pods;
}

std::string JoinNames(const AlikeObjects& objects, const ObjectNames& names) {
  std::vector<std::string> all;
  for (const ResourceChange* object : objects) all.push_back(names.Of(*object));
  return fmt::format("{}", fmt::join(all, ", "));
}

}  // namespace

std::string_view MarkOf(const ResourceChange& object) {
  switch (object.op) {
    case ResourceOp::Added:
    case ResourceOp::Recreated:
      return "+";
    case ResourceOp::Removed:
      return "-";
    case ResourceOp::Changed:
      return "~";
    case ResourceOp::Kept:
    case ResourceOp::Unchanged:
      return "=";
  }
  return "?";
}

std::string_view Mark(FieldOp op) {
  switch (op) {
    case FieldOp::Added:
      return "+";
    case FieldOp::Removed:
      return "-";
    case FieldOp::Changed:
      return "~";
    case FieldOp::Reordered:
      return "↕";
  }
  return "?";
}

std::string Counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string Words(RiskClass risk, std::optional<std::size_t> pods) {
  switch (risk) {
    case RiskClass::RestartsPods:
      if (pods == 0U) return "restarts no running pod";
      return pods ? "restarts " + Counted(*pods, "pod") : "restarts pods";
    case RiskClass::ReplacesObject:
      return "cannot be changed in place";
    case RiskClass::DropsData:
      return "drops data";
    case RiskClass::ChangesSecret:
      return "changes a secret";
    case RiskClass::ChangesSelector:
      return "changes what it selects";
    case RiskClass::ScalesAgainstHpa:
      return "scales against its HPA";
    case RiskClass::Conflicts:
      return "conflicts";
    case RiskClass::Refused:
      return "is refused";
    case RiskClass::TakesOver:
      return "takes over a foreign object";
    case RiskClass::InterruptsTraffic:
      return "may interrupt traffic";
    case RiskClass::UndoesHandChange:
      return "undoes a change by hand";
    case RiskClass::RotatesAtEveryUpgrade:
      return std::string(kRotates);
  }
  return "risk";
}

std::vector<std::string> Tags(const ResourceChange& object, bool three_way) {
  std::vector<std::string> tags;
  for (const bool grave : {true, false}) {
    for (const diff::Risk& risk : object.risks) {
      if (diff::IsGrave(risk.risk) == grave) {
        AddOnce(tags, Words(risk.risk, object.restarting_pods));
      }
    }
  }
  if (object.op == ResourceOp::Removed && !object.writes) tags.emplace_back("gone already");
  if (three_way && !object.live_known) tags.emplace_back("live object not known");
  return tags;
}

ObjectNames::ObjectNames(const diff::ReleaseDiff& diff) : name_space_(diff.name_space) {
  for (const ResourceChange& object : diff.resources) {
    auto [known, added] = groups_.emplace(object.id.kind, object.id.group);
    if (!added && known->second != object.id.group) ambiguous_.push_back(object.id.kind);
  }
}

std::string ObjectNames::Of(const ResourceChange& object) const {
  const manifest::ObjectId& id = object.id;
  const bool grouped = !id.group.empty() &&
                       std::find(ambiguous_.begin(), ambiguous_.end(), id.kind) != ambiguous_.end();
  std::string name = grouped ? fmt::format("{}.{}/{}", id.kind, id.group, id.name)
                             : fmt::format("{}/{}", id.kind, id.name);
  const bool elsewhere = !id.name_space.empty() && id.name_space != name_space_;
  return elsewhere ? fmt::format("{} (namespace {})", name, id.name_space) : name;
}

std::string RiskInWords(const RiskLine& line, const ObjectNames& names) {
  if (line.of.size() == 1) {
    const auto& [object, risk] = line.of.front();
    const std::string name = names.Of(*object);
    const std::string words = Words(line.risk, object->restarting_pods);
    const bool named = risk->reason.find(name) != std::string::npos;
    return named ? fmt::format("{}: {}", words, risk->reason)
                 : fmt::format("{} {}: {}", name, words, risk->reason);
  }
  AlikeObjects objects;
  for (const auto& [object, risk] : line.of) objects.push_back(object);
  return fmt::format("{} on {}: {}", Words(line.risk, PodsOf(objects)),
                     Counted(objects.size(), "object"), JoinNames(objects, names));
}

std::string AlikeInWords(const AlikeObjects& alike, const ObjectNames& names) {
  std::vector<std::string> risks;
  for (const diff::Risk& risk : alike.front()->risks) {
    AddOnce(risks, Words(risk.risk, PodsOf(alike)));
  }
  std::string words = Counted(alike.size(), "object");
  if (!risks.empty()) words += fmt::format(" ({})", fmt::join(risks, ", "));
  return fmt::format("{}, as above and in nothing else: {}", words, JoinNames(alike, names));
}

EntryWords InWords(const ObjectEntry& entry, const ObjectNames& names, bool three_way) {
  EntryWords words{MarkOf(*entry.object), names.Of(*entry.object), Tags(*entry.object, three_way)};
  if (entry.old_object != nullptr) {
    words.mark = "~";
    words.name = fmt::format("{} → {}", names.Of(*entry.old_object), words.name);
    for (std::string& tag : Tags(*entry.old_object, three_way)) AddOnce(words.tags, std::move(tag));
  }
  if (entry.shares) words.tags.emplace_back(entry.fields.empty() ? "as above" : "and as above");
  return words;
}

std::string TitleOf(const ObjectGroup& group) {
  std::string title = fmt::format("{} ({})", group.title, group.size);
  return group.note.empty() ? title : fmt::format("{}: {}", title, group.note);
}

std::string WhereShared(const SharedField& shared) {
  return fmt::format("on {}", Counted(shared.on.size(), "object"));
}

std::string TitleOf(const diff::ReleaseDiff& diff) {
  return fmt::format("Diff of release {} in namespace {}", diff.release, diff.name_space);
}

std::string GraveTitle(const FoldedDiff& folded) {
  return fmt::format("{} to stop at", Counted(folded.grave.size(), "thing"));
}

std::string SideInWords(const diff::Side& side) {
  std::string words = side.title;
  const std::string chart = side.version.empty() ? side.chart : side.chart + " " + side.version;
  const bool told = chart.empty() || words.find(chart) != std::string::npos;
  auto add = [&words](std::string_view more) {
    words += words.empty() ? "" : " · ";
    words += more;
  };
  if (!told) add(chart);
  if (!side.app_version.empty()) add("app " + side.app_version);
  return words;
}

std::string BasisInWords(const diff::ReleaseDiff& diff) {
  std::string words = diff.three_way ? "three ways: with the live objects of the cluster"
                                     : "two ways: the live objects were not looked at";
  if (diff.rendered_offline) {
    words +=
        " · rendered by helm template, which sees no cluster: lookups are empty, capabilities may "
        "differ";
  }
  return words;
}

FieldOp OpOf(const diff::ImageChange& image) {
  if (image.old_tag.empty()) return FieldOp::Added;
  return image.new_tag.empty() ? FieldOp::Removed : FieldOp::Changed;
}

std::string TagsInWords(const diff::ImageChange& image) {
  switch (OpOf(image)) {
    case FieldOp::Added:
      return image.new_tag + " (new)";
    case FieldOp::Removed:
      return image.old_tag + " (no longer used)";
    default:
      return fmt::format("{} → {}", image.old_tag, image.new_tag);
  }
}

Telling Tell(const diff::ImageChange& image) {
  Telling telling;
  telling.rest.push_back({Piece::Role::Words, TagsInWords(image)});
  return telling;
}

std::string HookInWords(const diff::HookChange& hook) {
  std::string words = hook.object;
  if (!hook.events.empty()) words += fmt::format(" ({})", fmt::join(hook.events, ", "));
  if (hook.unstable) words += fmt::format(": {}", kRotates);
  return words;
}

std::string CrdInWords(const diff::CrdChange& crd) {
  return crd.note.empty() ? crd.name : fmt::format("{}: {}", crd.name, crd.note);
}

std::string ChartFieldInWords(const diff::ChartField& field) {
  if (field.old_value.empty()) return fmt::format("{}: {} (new)", field.field, field.new_value);
  if (field.new_value.empty()) return fmt::format("{}: {} (gone)", field.field, field.old_value);
  return fmt::format("{}: {} → {}", field.field, field.old_value, field.new_value);
}

namespace {

/// What differs beside the objects: "values, defaults and NOTES.txt".
std::string OtherChanges(const diff::ReleaseDiff& diff) {
  const bool version = std::any_of(diff.chart.begin(), diff.chart.end(),
                                   [](const auto& field) { return field.field == "version"; });
  const std::pair<bool, std::string_view> all[] = {
      {!diff.values.empty(), "values"},
      {!diff.defaults.empty(), "defaults"},
      {!diff.chart.empty(), version ? "the chart's version" : "the chart's own data"},
      {!diff.hooks.empty(), "hooks"},
      {!diff.crds.empty(), "CRDs of crds/"},
      {diff.notes_changed, "NOTES.txt"},
  };
  std::vector<std::string_view> words;
  for (const auto& [differs, what] : all)
    if (differs) words.push_back(what);
  if (words.size() < 2) return std::string(words.empty() ? "" : words.front());
  const std::string_view last = words.back();
  words.pop_back();
  return fmt::format("{} and {}", fmt::join(words, ", "), last);
}

std::string WithoutObjects(const diff::ReleaseDiff& diff) {
  const std::string others = OtherChanges(diff);
  if (others.empty()) return "Plan: no object changes";
  return fmt::format("Plan: no object changes; different: {}", others);
}

}  // namespace

std::string PlanInWords(const diff::ReleaseDiff& diff) {
  const bool all_seen = diff.unknown.empty();
  if (!diff::Differs(diff)) return all_seen ? "No changes." : "No changes in what could be seen.";
  const diff::Counts counts = diff::CountOf(diff);
  std::vector<std::string> parts;
  auto add = [&parts](std::size_t count, std::string_view what) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, what));
  };
  add(counts.added, "to add");
  add(counts.changed, "to change");
  add(counts.recreated, "to make again");
  add(counts.removed, "to remove");
  add(counts.kept, "to leave behind");
  std::string plan =
      parts.empty() ? WithoutObjects(diff) : fmt::format("Plan: {}", fmt::join(parts, ", "));
  if (counts.restarts > 0) {
    plan += fmt::format("; pods of {} restart", Counted(counts.restarts, "workload"));
  }
  if (counts.grave > 0) plan += fmt::format("; {} to stop at", Counted(counts.grave, "risk"));
  return plan + ".";
}

}  // namespace datafly::report
