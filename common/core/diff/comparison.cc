#include "common/core/diff/comparison.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "common/core/diff/embedded.h"
#include "common/core/diff/field_rules.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

bool IsAbsent(const Json* value) { return value == nullptr || value->is_null(); }

const Json* MemberOf(const Json* object, const std::string& key) {
  if (object == nullptr || !object->is_object()) return nullptr;
  const auto found = object->find(key);
  return found == object->end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> TextOf(const Json* value) {
  if (IsAbsent(value)) return std::nullopt;
  return value->dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What the server has allocated stays when a manifest no longer says it.
bool IsAllocated(const Place& place) {
  return place.Is("spec.clusterIP") || place.Is("spec.clusterIPs") ||
         place.Is("ports[].nodePort") || place.Is("spec.healthCheckNodePort");
}

bool AllAre(const Versions& at, bool (Json::*is)() const noexcept) {
  const auto fits = [&](const Json* value) { return IsAbsent(value) || (value->*is)(); };
  return fits(at.before) && fits(at.after) && fits(at.live);
}

/// One walk over the versions of an object.
class Comparison {
 public:
  Comparison(const ComparisonRules& rules, bool three_way) : rules_(rules), three_way_(three_way) {}

  void Compare(const Place& place, const Versions& at, const Versions& parent) {
    if (IsAbsent(at.before) && IsAbsent(at.after)) return;
    if (!IsAbsent(at.after) && CanDescend(at)) {
      if (at.after->is_object()) return CompareMaps(place, at);
      if (at.after->is_array()) return CompareLists(place, at);
    }
    CompareValues(place, at, parent);
  }

  std::vector<FieldChange> Take() { return std::move(changes_); }

 private:
  /// A whole map or list that one side lacks is told as one value, unless the live side can tell
  /// which parts of it are news.
  bool CanDescend(const Versions& at) const {
    const Json* other = three_way_ ? at.live : at.before;
    if (IsAbsent(other)) return false;
    return AllAre(at, &Json::is_object) || AllAre(at, &Json::is_array);
  }

  void CompareMaps(const Place& place, const Versions& at) {
    std::set<std::string> keys;
    for (const Json* side : {at.before, at.after}) {
      if (IsAbsent(side)) continue;
      for (const auto& [key, value] : side->items()) keys.insert(key);
    }
    for (const std::string& key : keys) {
      const Versions member{MemberOf(at.before, key), MemberOf(at.after, key),
                            MemberOf(at.live, key), at.owners.Member(key)};
      Compare(place.Member(key), member, at);
    }
    if (three_way_ && IsServerSide()) TakeBackMembers(place, at, keys);
  }

  [[nodiscard]] bool IsServerSide() const { return rules_.method == ApplyMethod::ServerSide; }

  /// What Helm applied once and neither manifest has any more goes, where nobody else owns it.
  void TakeBackMembers(const Place& place, const Versions& at, const std::set<std::string>& told) {
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

  // --- lists

  void CompareLists(const Place& place, const Versions& at) {
    const ListIdentity identity = IdentityOf(place, at.after->empty() ? *OtherOf(at) : *at.after);
    Keyed before, after, live;
    const bool keyed = !identity.keys.empty() && Index(identity, at.before, before) &&
                       Index(identity, at.after, after) && Index(identity, at.live, live);
    if (IsServerSide() && identity.merges) {
      if (const std::string twice = TwiceIn(identity, *at.after); !twice.empty())
        return AddValue(place.Item(twice), at, FieldOp::Changed, Origin::Chart, Effect::Conflicts);
    }
    const bool was_drifting = list_is_replaced_;
    // A JSON merge patch holds a list only when the two manifests differ in it.
    const bool in_patch = rules_.typed || IsAbsent(at.before) || *at.before != *at.after;
    if (!identity.merges && three_way_ && in_patch && !SameList(place, at))
      list_is_replaced_ = true;
    if (keyed) {
      CompareKeyed(place, at, identity, {before, after, live});
    } else if (!three_way_ || !SameList(place, at)) {
      CompareByPlace(place, at);
    } else if (!IsAbsent(at.before) && *at.before != *at.after) {
      AddValue(place, at, FieldOp::Changed, Origin::Chart, Effect::Already);
    }
    list_is_replaced_ = was_drifting;
  }

  const Json* OtherOf(const Versions& at) const {
    for (const Json* side : {at.live, at.before})
      if (!IsAbsent(side) && !side->empty()) return side;
    return at.after;
  }

  struct Keyed {
    std::vector<std::string> order;
    std::map<std::string, const Json*> items;
  };
  struct Indexed {
    const Keyed &before, &after, &live;
  };

  /// False when a key is missing or twice there: then the list has no keys. Of a list that the
  /// server merges by its keys, client-side only the first of a name counts; the others are lost
  /// without a word.
  bool Index(const ListIdentity& identity, const Json* list, Keyed& out) const {
    if (IsAbsent(list)) return true;
    for (const Json& item : *list) {
      std::string key = ItemKey(identity, item);
      if (key.empty()) return false;
      if (!out.items.emplace(key, &item).second) {
        if (!identity.merges || !three_way_ || IsServerSide()) return false;
        continue;
      }
      out.order.push_back(std::move(key));
    }
    return true;
  }

  /// The first key that a list has twice; "" when it has none twice.
  static std::string TwiceIn(const ListIdentity& identity, const Json& list) {
    std::set<std::string> keys;
    for (const Json& item : list) {
      const std::string key = ItemKey(identity, item);
      if (!key.empty() && !keys.insert(key).second) return key;
    }
    return {};
  }

  static const Json* Find(const Keyed& list, const std::string& key) {
    const auto found = list.items.find(key);
    return found == list.items.end() ? nullptr : found->second;
  }

  void CompareKeyed(const Place& place, const Versions& at, const ListIdentity& identity,
                    const Indexed& lists) {
    std::vector<std::string> keys = lists.before.order;
    for (const std::string& key : lists.after.order)
      if (lists.before.items.count(key) == 0) keys.push_back(key);
    for (const std::string& key : keys) {
      if (IsLostPort(place, lists, key)) {
        AddValue(place.Item(key), {nullptr, Find(lists.after, key), nullptr}, FieldOp::Added,
                 Origin::Chart, Effect::Stays);
        continue;
      }
      const Json* live = Find(lists.live, key);
      Compare(place.Item(key),
              {Find(lists.before, key), Find(lists.after, key), live, OwnersOfItem(at, live)}, at);
    }
    if (three_way_) TellExtras(place, identity, lists);
    CompareOrder(place, identity, lists);
  }

  static Owners OwnersOfItem(const Versions& list, const Json* item) {
    return item == nullptr ? Owners{nullptr, nullptr, nullptr, list.owners.known}
                           : list.owners.Item(*item);
  }

  /// A second protocol of a container's port: the strategic merge knows ports by their number alone
  /// and drops it without a word.
  bool IsLostPort(const Place& place, const Indexed& lists, const std::string& key) const {
    const bool merged_by_number =
        three_way_ && rules_.method == ApplyMethod::ClientSide &&
        (place.Is("containers[].ports") || place.Is("initContainers[].ports"));
    if (!merged_by_number || lists.live.items.count(key) != 0) return false;
    const std::string number = key.substr(0, key.find(','));
    return std::any_of(
        lists.live.order.begin(), lists.live.order.end(),
        [&](const std::string& live) { return live.substr(0, live.find(',')) == number; });
  }

  /// Items that only the live list has.
  void TellExtras(const Place& place, const ListIdentity& identity, const Indexed& lists) {
    for (const std::string& key : lists.live.order) {
      if (lists.before.items.count(key) != 0 || lists.after.items.count(key) != 0) continue;
      const Versions extra{nullptr, nullptr, Find(lists.live, key)};
      const bool goes = !identity.merges && list_is_replaced_;
      if (goes) {
        AddValue(place.Item(key), extra, FieldOp::Removed, Origin::Drift, Undone({}));
      } else if (identity.merges) {
        AddValue(place.Item(key), extra, FieldOp::Removed, Origin::Drift, Effect::Stays);
      }
    }
  }

  static std::vector<std::string> Common(const Keyed& order, const Keyed& other) {
    std::vector<std::string> common;
    for (const std::string& key : order.order)
      if (other.items.count(key) != 0) common.push_back(key);
    return common;
  }

  void CompareOrder(const Place& place, const ListIdentity& identity, const Indexed& lists) {
    const bool moved = Common(lists.before, lists.after) != Common(lists.after, lists.before);
    const bool lives_otherwise =
        three_way_ && Common(lists.live, lists.after) != Common(lists.after, lists.live);
    if (!moved && !lives_otherwise) return;
    FieldChange change;
    change.path = place.path;
    change.op = FieldOp::Reordered;
    change.origin = moved ? Origin::Chart : Origin::Drift;
    change.old_value =
        OrderText(moved ? Common(lists.before, lists.after) : Common(lists.live, lists.after));
    change.new_value = OrderText(Common(lists.after, moved ? lists.before : lists.live));
    change.effect = three_way_ && !lives_otherwise ? Effect::Already : Effect::Writes;
    // A merged list keeps the order that the server has, unless the patch says an order.
    if (change.origin == Origin::Drift)
      change.effect = identity.merges ? Effect::Stays : Undone({});
    changes_.push_back(std::move(change));
  }

  static std::string OrderText(const std::vector<std::string>& keys) {
    Json names = Json::array();
    for (const std::string& key : keys) names.push_back(key.substr(key.find('=') + 1));
    return names.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  /// Items told apart by their place alone.
  void CompareByPlace(const Place& place, const Versions& at) {
    const auto size = [](const Json* list) { return IsAbsent(list) ? 0 : list->size(); };
    const std::size_t sizes[] = {size(at.before), size(at.after), size(at.live)};
    const bool same_length = sizes[1] == (three_way_ ? sizes[2] : sizes[0]) &&
                             (IsAbsent(at.before) || sizes[0] == sizes[1]);
    const bool maps = sizes[1] > 0 && at.after->front().is_object();
    if (!same_length || !maps) return CompareValues(place, at, {});
    for (std::size_t i = 0; i < sizes[1]; ++i) {
      const auto item = [&](const Json* list) { return IsAbsent(list) ? nullptr : &(*list)[i]; };
      Compare(place.Item(std::to_string(i)),
              {item(at.before), item(at.after), item(at.live), at.owners}, at);
    }
  }

  /// Whether the live list is what the new manifest says; what only the live items have counts as
  /// filled in by the server, unless the old manifest had it too.
  bool SameList(const Place& place, const Versions& at) const {
    if (IsAbsent(at.live) || !at.live->is_array() || at.live->size() != at.after->size())
      return false;
    const bool before_fits =
        !IsAbsent(at.before) && at.before->is_array() && at.before->size() == at.after->size();
    for (std::size_t i = 0; i < at.after->size(); ++i) {
      const Json* before = before_fits ? &(*at.before)[i] : nullptr;
      if (!Covers(place.Item({}), before, (*at.after)[i], (*at.live)[i])) return false;
    }
    return true;
  }

  bool Covers(const Place& place, const Json* before, const Json& after, const Json& live) const {
    if (after.is_object() && live.is_object()) return CoversMap(place, before, after, live);
    if (after.is_array() && live.is_array()) return SameList(place, {before, &after, &live});
    return SameStored(place, after, live);
  }

  bool CoversMap(const Place& place, const Json* before, const Json& after,
                 const Json& live) const {
    for (const auto& [key, value] : after.items()) {
      const Json* there = MemberOf(&live, key);
      if (there == nullptr) {
        if (!MeansNothing(place.Member(key), value)) return false;
      } else if (!Covers(place.Member(key), MemberOf(before, key), value, *there)) {
        return false;
      }
    }
    if (before == nullptr || !before->is_object()) return true;
    for (const auto& [key, value] : before->items()) {
      const Json* there = MemberOf(&live, key);
      if (!after.contains(key) && there != nullptr && !IsDefault(place.Member(key), *there, live))
        return false;
    }
    return true;
  }

  // --- single values

  void CompareValues(const Place& place, const Versions& at, const Versions& parent) {
    if (three_way_) {
      IsAbsent(at.after) ? RemoveLive(place, at, parent) : SetLive(place, at, parent);
    } else {
      IsAbsent(at.after) ? Remove(place, at, parent) : Set(place, at, parent);
    }
  }

  static const Json& ParentOf(const Json* parent) {
    static const Json kNone;
    return parent == nullptr ? kNone : *parent;
  }

  void Remove(const Place& place, const Versions& at, const Versions& parent) {
    if (IsDefault(place, *at.before, ParentOf(parent.before))) return;
    AddValue(place, at, FieldOp::Removed, Origin::Chart, Effect::Writes);
  }

  void Set(const Place& place, const Versions& at, const Versions& parent) {
    if (IsAbsent(at.before)) {
      if (IsDefault(place, *at.after, ParentOf(parent.after))) return;
      return AddValue(place, at, FieldOp::Added, Origin::Chart, Effect::Writes);
    }
    if (*at.before == *at.after) return;
    const bool same = SameStored(place, *at.before, *at.after);
    AddValue(place, at, FieldOp::Changed, Origin::Chart, same ? Effect::Spelling : Effect::Writes);
  }

  void RemoveLive(const Place& place, const Versions& at, const Versions& parent) {
    if (IsAbsent(at.live) || IsDefault(place, *at.live, ParentOf(parent.live))) return;
    if (place.typed && IsAllocated(place)) return;
    const bool by_chart = SameStored(place, *at.before, *at.live);
    Effect effect = Effect::Writes;
    // What another manager has set since is that one's to remove.
    const bool keeps =
        at.owners.known ? at.owners.others != nullptr || at.owners.helm == nullptr : !by_chart;
    if (IsServerSide() && keeps) effect = Effect::Stays;
    // The API fills it in again from its deprecated twin, which only the live object has
    // (kubernetes/kubernetes#72519).
    if (place.Is("spec.serviceAccountName") && rules_.method == ApplyMethod::ClientSide)
      effect = Effect::Stays;
    AddValue(place, at, FieldOp::Removed, by_chart ? Origin::Chart : Origin::Both, effect);
  }

  void SetLive(const Place& place, const Versions& at, const Versions& parent) {
    const bool moved = IsAbsent(at.before) || !SameStored(place, *at.before, *at.after);
    if (IsAbsent(at.live)) return SetMissing(place, at, parent, moved);
    if (SameStored(place, *at.after, *at.live)) {
      if (IsAbsent(at.before)) return;  // adopted, or the server's own default
      if (moved) return AddValue(place, at, FieldOp::Changed, Origin::Chart, Effect::Already);
      if (*at.before != *at.after)
        AddValue(place, at, FieldOp::Changed, Origin::Chart, Effect::Spelling);
      return;
    }
    if (!moved) return AddValue(place, at, FieldOp::Changed, Origin::Drift, Undone(at.owners));
    const bool untouched = IsAbsent(at.before) ? IsDefault(place, *at.live, ParentOf(parent.live))
                                               : SameStored(place, *at.before, *at.live);
    const FieldOp op = IsAbsent(at.before) && untouched ? FieldOp::Added : FieldOp::Changed;
    AddValue(place, at, op, untouched ? Origin::Chart : Origin::Both,
             untouched ? Effect::Writes : Taken(at.owners));
  }

  void SetMissing(const Place& place, const Versions& at, const Versions& parent, bool moved) {
    if (IsDefault(place, *at.after, ParentOf(parent.after))) return;
    // What nobody has, nobody owns: server-side apply puts it back without a conflict.
    if (!moved)
      return AddValue(place, at, FieldOp::Added, Origin::Drift,
                      IsServerSide() ? Effect::Writes : Undone(at.owners));
    const FieldOp op = IsAbsent(at.before) ? FieldOp::Added : FieldOp::Changed;
    AddValue(place, at, op, IsAbsent(at.before) ? Origin::Chart : Origin::Both, Effect::Writes);
  }

  /// What becomes of a field that somebody changed by hand while the chart stays as it is.
  [[nodiscard]] Effect Undone(const Owners& owners) const {
    if (IsServerSide()) return Taken(owners);
    return rules_.typed || list_is_replaced_ ? Effect::Writes : Effect::Stays;
  }

  /// What becomes of it where the chart changes it too: server-side apply refuses what another
  /// manager owns; without managedFields, whoever changed it counts as one.
  [[nodiscard]] Effect Taken(const Owners& owners) const {
    const bool anothers = !owners.known || owners.others != nullptr;
    const bool refused = IsServerSide() && anothers && !rules_.force_conflicts;
    return refused ? Effect::Conflicts : Effect::Writes;
  }

  void AddValue(const Place& place, const Versions& at, FieldOp op, Origin origin, Effect effect) {
    FieldChange change;
    change.path = place.path;
    change.op = op;
    change.origin = origin;
    change.effect = effect;
    const Json* old = origin == Origin::Drift ? at.live : at.before;
    change.old_value = TextOf(old);
    change.new_value = TextOf(at.after);
    if (origin != Origin::Chart) change.live_value = TextOf(at.live);
    if (!IsAbsent(old) && !IsAbsent(at.after)) {
      change.formatting_only = SameByValue(*old, *at.after);
      OpenText(*old, *at.after, change);
    }
    changes_.push_back(std::move(change));
  }

  const ComparisonRules& rules_;
  bool three_way_;
  /// Within a list that the patch replaces as one.
  bool list_is_replaced_ = false;
  std::vector<FieldChange> changes_;
};

}  // namespace

std::vector<FieldChange> CompareObjects(const Versions& versions, const ComparisonRules& rules) {
  Comparison comparison(rules, versions.live != nullptr);
  comparison.Compare(Place{{}, {}, rules.typed}, versions, {});
  return comparison.Take();
}

}  // namespace datafly::diff
