#include "common/core/diff/comparison.h"

#include "common/core/diff/comparison_walk.h"
#include "common/core/diff/embedded.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

std::optional<std::string> TextOf(const Json* value) {
  if (IsAbsent(value)) return std::nullopt;
  return value->dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool AllAre(const Versions& at, bool (Json::*is)() const noexcept) {
  const auto fits = [&](const Json* value) { return IsAbsent(value) || (value->*is)(); };
  return fits(at.before) && fits(at.after) && fits(at.live);
}

const Json& ParentOf(const Json* parent) {
  static const Json kNone;
  return parent == nullptr ? kNone : *parent;
}

}  // namespace

const Json* MemberOf(const Json* object, const std::string& key) {
  if (object == nullptr || !object->is_object()) return nullptr;
  const auto found = object->find(key);
  return found == object->end() || found->is_null() ? nullptr : &*found;
}

/// Nothing below is told where all are the same; to see that costs less than to walk through it.
/// Server-side apply may refuse even what lives so: an item that is there twice.
bool Comparison::IsAllTheSame(const Versions& at) const {
  if (IsServerSide() || IsAbsent(at.before) || IsAbsent(at.after)) return false;
  if (at.before != at.after && *at.before != *at.after) return false;
  return !three_way_ || (!IsAbsent(at.live) && *at.live == *at.after);
}

void Comparison::Compare(const Place& place, const Versions& at, const Versions& parent) {
  if (IsAbsent(at.before) && IsAbsent(at.after)) return;
  if (IsAllTheSame(at)) return;
  if (!IsAbsent(at.after) && CanDescend(at)) {
    if (at.after->is_object()) return CompareMaps(place, at);
    if (at.after->is_array()) return CompareLists(place, at);
  }
  CompareValues(place, at, parent);
}

/// A whole map or list that one side lacks is told as one value, unless the live side can tell
/// which parts of it are news.
bool Comparison::CanDescend(const Versions& at) const {
  const Json* other = three_way_ ? at.live : at.before;
  if (IsAbsent(other)) return false;
  return AllAre(at, &Json::is_object) || AllAre(at, &Json::is_array);
}

void Comparison::CompareMaps(const Place& place, const Versions& at) {
  std::set<std::string> keys;
  for (const Json* side : {at.before, at.after}) {
    if (IsAbsent(side)) continue;
    for (const auto& [key, value] : side->items()) keys.insert(key);
  }
  for (const std::string& key : keys) {
    const Versions member{MemberOf(at.before, key), MemberOf(at.after, key), MemberOf(at.live, key),
                          at.owners.Member(key)};
    Compare(place.Member(key), member, at);
  }
  if (three_way_ && IsServerSide()) TakeBackMembers(place, at, keys);
}

/// What Helm applied once and neither manifest has any more goes, where nobody else owns it.
void Comparison::TakeBackMembers(const Place& place, const Versions& at,
                                 const std::set<std::string>& told) {
  if (IsAbsent(at.live) || at.owners.applied == nullptr || at.owners.applied->empty()) return;
  for (const auto& [key, value] : at.live->items()) {
    const Owners owners = at.owners.Member(key);
    if (told.count(key) != 0 || owners.applied == nullptr || owners.others != nullptr) continue;
    const Place member = place.Member(key);
    if (IsDefault(member, value, *at.live) || IsAllocated(member)) continue;
    AddValue(member, {nullptr, nullptr, &value, owners}, FieldOp::Removed, Origin::Drift,
             Effect::Writes);
  }
}

void Comparison::CompareValues(const Place& place, const Versions& at, const Versions& parent) {
  if (three_way_) {
    IsAbsent(at.after) ? RemoveLive(place, at, parent) : SetLive(place, at, parent);
  } else {
    IsAbsent(at.after) ? Remove(place, at, parent) : Set(place, at, parent);
  }
}

void Comparison::Remove(const Place& place, const Versions& at, const Versions& parent) {
  if (IsDefault(place, *at.before, ParentOf(parent.before))) return;
  AddValue(place, at, FieldOp::Removed, Origin::Chart, Effect::Writes);
}

void Comparison::Set(const Place& place, const Versions& at, const Versions& parent) {
  if (IsAbsent(at.before)) {
    if (IsDefault(place, *at.after, ParentOf(parent.after))) return;
    return AddValue(place, at, FieldOp::Added, Origin::Chart, Effect::Writes);
  }
  if (*at.before == *at.after) return;
  if (LeavesToServer(place, *at.before, *at.after, ParentOf(parent.after)) ||
      LeavesToServer(place, *at.after, *at.before, ParentOf(parent.before)))
    return;
  const bool same = SameStored(place, *at.before, *at.after);
  AddValue(place, at, FieldOp::Changed, Origin::Chart, same ? Effect::Spelling : Effect::Writes);
}

void Comparison::RemoveLive(const Place& place, const Versions& at, const Versions& parent) {
  if (IsAbsent(at.live) || IsDefault(place, *at.live, ParentOf(parent.live))) return;
  if (IsAllocated(place)) return;
  const bool by_chart = LivesAs(place, *at.before, *at.live);
  Effect effect = Effect::Writes;
  // What another manager has set since is that one's to remove.
  const bool keeps =
      at.owners.known ? at.owners.others != nullptr || at.owners.helm == nullptr : !by_chart;
  if (IsServerSide() && keeps) effect = Effect::Stays;
  if (StaysByTwin(place, parent)) effect = Effect::Stays;
  AddValue(place, at, FieldOp::Removed, by_chart ? Origin::Chart : Origin::Both, effect);
}

void Comparison::SetLive(const Place& place, const Versions& at, const Versions& parent) {
  const bool moved = IsAbsent(at.before) || !SameStored(place, *at.before, *at.after);
  if (IsAbsent(at.live)) return SetMissing(place, at, parent, moved);
  if (LeavesToServer(place, *at.after, *at.live, ParentOf(parent.live))) return;
  const bool untouched = IsUntouched(place, at, parent);
  if (MeansNothing(place, *at.after) && StaysByTwin(place, parent))
    return AddValue(place, at, FieldOp::Changed, untouched ? Origin::Chart : Origin::Both,
                    Effect::Stays);
  if (SameStored(place, *at.after, *at.live)) {
    // Adopted, or the server's own default.
    if (IsAbsent(at.before) || (untouched && MeansNothing(place, *at.before))) return;
    if (moved) return AddValue(place, at, FieldOp::Changed, Origin::Chart, Effect::Already);
    if (*at.before != *at.after)
      AddValue(place, at, FieldOp::Changed, Origin::Chart, Effect::Spelling);
    return;
  }
  if (!moved) return AddValue(place, at, FieldOp::Changed, Origin::Drift, Undone(at.owners));
  const FieldOp op = IsAbsent(at.before) && untouched ? FieldOp::Added : FieldOp::Changed;
  AddValue(place, at, op, untouched ? Origin::Chart : Origin::Both,
           untouched ? Effect::Writes : Taken(at.owners));
}

/// A service account's name does not go: the API fills it in again from its deprecated twin, which
/// only the live object has (kubernetes/kubernetes#72519). Server-side apply takes the twin along
/// where Helm owns it too, as it does after a client-side upgrade.
bool Comparison::StaysByTwin(const Place& place, const Versions& parent) const {
  if (!place.typed || !place.Is("spec.serviceAccountName")) return false;
  if (IsAbsent(MemberOf(parent.live, "serviceAccount"))) return false;
  return !IsServerSide() || parent.owners.Member("serviceAccount").helm == nullptr;
}

/// Whether what lives is what the old manifest and the server have made of it.
bool Comparison::IsUntouched(const Place& place, const Versions& at, const Versions& parent) const {
  if (IsAbsent(at.before)) return IsDefault(place, *at.live, ParentOf(parent.live));
  return LeavesToServer(place, *at.before, *at.live, ParentOf(parent.live)) ||
         LivesAs(place, *at.before, *at.live);
}

void Comparison::SetMissing(const Place& place, const Versions& at, const Versions& parent,
                            bool moved) {
  if (IsDefault(place, *at.after, ParentOf(parent.after))) return;
  // Of a typed object the API server shows no empty list: nobody has taken it away.
  if (!moved && rules_.typed && at.after->is_array() && at.after->empty())
    return AddValue(place, at, FieldOp::Added, Origin::Chart, Effect::Writes);
  // What nobody has, nobody owns: server-side apply puts it back without a conflict.
  if (!moved)
    return AddValue(place, at, FieldOp::Added, Origin::Drift,
                    IsServerSide() ? Effect::Writes : Undone(at.owners));
  const bool untouched = IsAbsent(at.before) || MeansNothing(place, *at.before);
  AddValue(place, at, IsAbsent(at.before) ? FieldOp::Added : FieldOp::Changed,
           untouched ? Origin::Chart : Origin::Both, Effect::Writes);
}

/// A manifest that says "" or 0 where the server fills in a default, or keeps what it allocated.
bool Comparison::LeavesToServer(const Place& place, const Json& said, const Json& stored,
                                const Json& parent) {
  return MeansNothing(place, said) && (IsDefault(place, stored, parent) || IsAllocated(place));
}

/// What becomes of a field that somebody changed by hand while the chart stays as it is.
Effect Comparison::Undone(const Owners& owners) const {
  if (IsServerSide()) return Taken(owners);
  return rules_.typed || list_is_replaced_ ? Effect::Writes : Effect::Stays;
}

/// What becomes of it where the chart changes it too: server-side apply refuses what another
/// manager owns; without managedFields, whoever changed it counts as one.
Effect Comparison::Taken(const Owners& owners) const {
  const bool anothers = !owners.known || owners.others != nullptr;
  const bool refused = IsServerSide() && anothers && !rules_.force_conflicts;
  return refused ? Effect::Conflicts : Effect::Writes;
}

void Comparison::AddValue(const Place& place, const Versions& at, FieldOp op, Origin origin,
                          Effect effect) {
  FieldChange change;
  change.path = place.path;
  change.op = op;
  change.origin = origin;
  change.effect = effect;
  const Json* old = origin == Origin::Drift ? at.live : at.before;
  change.old_value = TextOf(old);
  change.new_value = TextOf(at.after);
  if (origin != Origin::Chart) change.live_value = TextOf(at.live);
  if (old != nullptr && at.after != nullptr && !old->is_null() && !at.after->is_null()) {
    change.formatting_only = SameByValue(*old, *at.after);
    OpenText(*old, *at.after, change);
  }
  changes_.push_back(std::move(change));
}

std::vector<FieldChange> CompareObjects(const Versions& versions, const ComparisonRules& rules) {
  Comparison comparison(rules, versions.live != nullptr);
  comparison.Compare(Place{{}, {}, rules.typed, rules.kind}, versions, {});
  return comparison.Take();
}

}  // namespace datafly::diff
