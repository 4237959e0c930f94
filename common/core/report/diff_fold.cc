#include "common/core/report/diff_fold.h"

namespace datafly::report {

namespace {

using diff::FieldChange;
using diff::ReleaseDiff;
using diff::ResourceChange;
using diff::ResourceOp;

constexpr std::size_t kShared = 3;     ///< fewer objects with one change tell it each for itself
constexpr std::size_t kRiskLines = 3;  ///< more than these of one class that is not grave are one

enum Place : std::size_t { kChanged, kRenamed, kAdded, kRecreated, kRemoved, kKept, kNotWritten };

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kGroups = {{
    {"Changed", ""},
    {"Renamed", "the old object is deleted, a new one is made"},
    {"Added", ""},
    {"Made again", "deleted from the cluster by hand"},
    {"Removed", ""},
    {"Left behind", "out of the manifest, kept by helm.sh/resource-policy"},
    {"Not written", "Helm changes nothing here"},
}};

Place PlaceOf(const ResourceChange& object) {
  switch (object.op) {
    case ResourceOp::Added:
      return kAdded;
    case ResourceOp::Removed:
      return kRemoved;
    case ResourceOp::Changed:
      return kChanged;
    case ResourceOp::Recreated:
      return kRecreated;
    case ResourceOp::Kept:
      return kKept;
    case ResourceOp::Unchanged:
      return kNotWritten;
  }
  return kChanged;
}

bool HasGraveRisk(const ResourceChange& object) {
  return std::any_of(object.risks.begin(), object.risks.end(),
                     [](const diff::Risk& risk) { return diff::IsGrave(risk.risk); });
}

std::vector<diff::RiskClass> RiskClasses(const ResourceChange& object) {
  std::vector<diff::RiskClass> classes;
  for (const diff::Risk& risk : object.risks) classes.push_back(risk.risk);
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  return classes;
}

/// All that makes two simple changes the same one.
auto KeyOf(const FieldChange& field) {
  return std::tie(field.path, field.op, field.origin, field.effect, field.old_value,
                  field.new_value, field.live_value, field.secret, field.unstable,
                  field.formatting_only);
}
struct ByMeaning {
  bool operator()(const FieldChange* left, const FieldChange* right) const {
    return KeyOf(*left) < KeyOf(*right);
  }
};

/// Texts are told where they stand. That two secrets changed at one path does not make them one.
bool MayBeShared(const FieldChange& field) {
  return field.lines.empty() && field.inside.empty() && !field.secret;
}

class Folder {
 public:
  Folder(const ReleaseDiff& diff, bool quiet) : diff_(diff), quiet_(quiet) {}

  FoldedDiff Fold() {
    for (std::size_t i = 0; i < kGroups.size(); ++i) {
      groups_[i].title = kGroups[i].first;
      groups_[i].note = kGroups[i].second;
    }
    PairRenamed();
    for (const ResourceChange& object : diff_.resources) AddEntry(object);
    TakeShared();
    for (ObjectGroup& group : groups_) AddGroup(std::move(group));
    AddRisks();
    return std::move(folded_);
  }

 private:
  void PairRenamed() {
    std::multimap<std::string, const ResourceChange*> gone;
    for (const ResourceChange& object : diff_.resources) {
      if (object.op != ResourceOp::Removed || object.renamed_to.empty()) continue;
      gone.emplace(fmt::format("{}/{}", object.id.kind, object.id.name), &object);
    }
    for (const ResourceChange& object : diff_.resources) {
      if (object.op != ResourceOp::Added || object.renamed_from.empty()) continue;
      auto [first, last] = gone.equal_range(object.renamed_from);
      auto same_place = std::find_if(first, last, [&object](const auto& candidate) {
        return candidate.second->id.name_space == object.id.name_space;
      });
      if (same_place == last) continue;
      renamed_[&object] = same_place->second;
      paired_.insert(same_place->second);
      gone.erase(same_place);
    }
  }

  /// "apiVersion" is told like any other field.
  void AddApiVersion(ObjectEntry& entry) {
    const ResourceChange& object = *entry.object;
    if (object.old_api_version.empty() || object.old_api_version == object.api_version) return;
    FieldChange& field = folded_.made.emplace_back();
    field.path = "apiVersion";
    field.old_value = fmt::format("\"{}\"", object.old_api_version);
    field.new_value = fmt::format("\"{}\"", object.api_version);
    entry.fields.push_back(&field);
  }

  void AddFields(ObjectEntry& entry) {
    AddApiVersion(entry);
    const bool of_old = entry.object->fields.empty() && entry.old_object != nullptr;
    const std::vector<FieldChange>& fields =
        of_old ? entry.old_object->fields : entry.object->fields;
    for (const bool drift : {false, true}) {
      for (const FieldChange& field : fields) {
        if ((field.origin == diff::Origin::Drift) != drift) continue;
        if (!quiet_ || IsLoud(field)) entry.fields.push_back(&field);
      }
    }
  }

  void AddEntry(const ResourceChange& object) {
    if (paired_.contains(&object) || (quiet_ && !IsLoud(object))) return;
    ObjectEntry entry;
    entry.object = &object;
    auto renamed = renamed_.find(&object);
    if (renamed != renamed_.end()) entry.old_object = renamed->second;
    AddFields(entry);
    groups_[entry.old_object == nullptr ? PlaceOf(object) : kRenamed].entries.push_back(
        std::move(entry));
  }

  /// Of changed objects only: what a new object holds says nothing about others.
  void TakeShared() {
    std::map<const FieldChange*, std::size_t, ByMeaning> places;
    std::vector<SharedField> candidates;
    for (Place place : {kChanged, kNotWritten}) {
      for (const ObjectEntry& entry : groups_[place].entries) {
        for (const FieldChange* field : entry.fields) {
          if (!MayBeShared(*field)) continue;
          auto [known, added] = places.emplace(field, candidates.size());
          if (added) candidates.push_back({field, {}});
          candidates[known->second].on.push_back(entry.object);
        }
      }
    }
    for (Place place : {kChanged, kNotWritten}) {
      for (ObjectEntry& entry : groups_[place].entries) {
        entry.shares =
            0 < std::erase_if(entry.fields, [&](const FieldChange* field) {
              return MayBeShared(*field) && candidates[places.at(field)].on.size() >= kShared;
            });
      }
    }
    for (SharedField& candidate : candidates) {
      if (candidate.on.size() >= kShared) folded_.shared.push_back(std::move(candidate));
    }
  }

  /// What is to be said of one object alone is not said of many.
  [[nodiscard]] bool IsAlike(const ObjectEntry& entry) const {
    const bool not_seen = diff_.three_way && !entry.object->live_known;
    return entry.shares && entry.fields.empty() && !HasGraveRisk(*entry.object) && !not_seen;
  }

  void AddGroup(ObjectGroup group) {
    if (group.entries.empty()) return;
    group.size = group.entries.size();
    std::map<std::vector<diff::RiskClass>, std::size_t> places;
    for (const ObjectEntry& entry : group.entries) {
      if (!IsAlike(entry)) continue;
      auto [place, added] = places.emplace(RiskClasses(*entry.object), group.alike.size());
      if (added) group.alike.emplace_back();
      group.alike[place->second].push_back(entry.object);
    }
    std::erase_if(group.entries, [&](const ObjectEntry& entry) {
      return IsAlike(entry) && group.alike[places[RiskClasses(*entry.object)]].size() >= kShared;
    });
    std::erase_if(group.alike, [](const AlikeObjects& alike) { return alike.size() < kShared; });
    folded_.groups.push_back(std::move(group));
  }

  void AddRisks() {
    std::map<diff::RiskClass, RiskLine> others;
    for (const ResourceChange& object : diff_.resources) {
      for (const diff::Risk& risk : object.risks) {
        if (diff::IsGrave(risk.risk)) {
          folded_.grave.push_back({risk.risk, {{&object, &risk}}});
        } else {
          others[risk.risk].risk = risk.risk;
          others[risk.risk].of.emplace_back(&object, &risk);
        }
      }
    }
    for (auto& [risk, line] : others) AddOther(std::move(line));
  }

  void AddOther(RiskLine line) {
    if (line.of.size() > kRiskLines) return folded_.other.push_back(std::move(line));
    for (const auto& one : line.of) folded_.other.push_back({line.risk, {one}});
  }

  const ReleaseDiff& diff_;
  bool quiet_;
  std::array<ObjectGroup, kGroups.size()> groups_;
  std::map<const ResourceChange*, const ResourceChange*> renamed_;  ///< new -> old; only looked up
  std::set<const ResourceChange*> paired_;                          ///< old ones; only looked up
  FoldedDiff folded_;
};

}  // namespace

bool IsLoud(const ResourceChange& object) {
  return object.writes || object.op == ResourceOp::Changed || !object.risks.empty();
}

bool IsLoud(const FieldChange& field) {
  return field.effect == diff::Effect::Writes || field.effect == diff::Effect::Conflicts;
}

FoldedDiff FoldDiff(const ReleaseDiff& diff, bool quiet) { return Folder(diff, quiet).Fold(); }

}  // namespace datafly::report
