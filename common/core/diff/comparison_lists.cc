// Lists: by their keys where the API or their items have any, else by place.
#include "common/core/diff/comparison_walk.h"

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

/// The first key that a list has twice; "" when it has none twice.
std::string TwiceIn(const ListIdentity& identity, const Json& list) {
  std::set<std::string> keys;
  for (const Json& item : list) {
    std::string key = ItemKey(identity, item);
    if (!key.empty() && !keys.insert(key).second) return key;
  }
  return {};
}

/// A side that has items, to tell the list's keys by.
const Json& AnyItems(const Versions& at) {
  for (const Json* side : {at.after, at.live, at.before})
    if (!IsAbsent(side) && !side->empty()) return *side;
  return *at.after;
}

Owners OwnersOfItem(const Versions& list, const Json* item) {
  return item == nullptr ? Owners{nullptr, nullptr, nullptr, list.owners.known}
                         : list.owners.Item(*item);
}

std::vector<std::string> Common(const std::vector<std::string>& order,
                                const std::vector<std::string>& other) {
  std::vector<std::string> common;
  for (const std::string& key : order)
    if (std::find(other.begin(), other.end(), key) != other.end()) common.push_back(key);
  return common;
}

std::string OrderText(const std::vector<std::string>& keys) {
  Json names = Json::array();
  for (const std::string& key : keys) names.push_back(key.substr(key.find('=') + 1));
  return names.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

const Comparison::Json* Comparison::Keyed::Find(const std::string& key) const {
  const auto found = items.find(key);
  return found == items.end() ? nullptr : found->second;
}

void Comparison::CompareLists(const Place& place, const Versions& at) {
  const ListIdentity identity = IdentityOf(place, AnyItems(at));
  if (IsServerSide() && identity.merges) {
    if (const std::string twice = TwiceIn(identity, *at.after); !twice.empty())
      return AddValue(place.Item(twice), at, FieldOp::Changed, Origin::Chart, Effect::Conflicts);
  }
  const bool lives_so = three_way_ && SameList(place, at);
  const bool was_replaced = list_is_replaced_;
  // A JSON merge patch holds a list only when the two manifests differ in it.
  const bool in_patch = rules_.typed || IsAbsent(at.before) || *at.before != *at.after;
  if (!identity.merges && three_way_ && in_patch && !lives_so) list_is_replaced_ = true;
  KeyedVersions lists;
  const bool keyed = !identity.keys.empty() && Index(identity, at.before, lists.before) &&
                     Index(identity, at.after, lists.after) && Index(identity, at.live, lists.live);
  if (keyed) {
    CompareKeyed(place, at, identity, lists);
  } else if (!lives_so) {
    CompareByPlace(place, at);
  } else if (!IsAbsent(at.before) && *at.before != *at.after &&
             !LivesAs(place, *at.before, *at.live)) {
    AddValue(place, at, FieldOp::Changed, Origin::Chart, Effect::Already);
  }
  list_is_replaced_ = was_replaced;
}

/// False when a key is missing or twice there: then the list has no keys. Of a list that the
/// server merges by its keys, client-side only the first of a name counts; the others are lost
/// without a word.
bool Comparison::Index(const ListIdentity& identity, const Json* list, Keyed& out) const {
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

void Comparison::CompareKeyed(const Place& place, const Versions& at, const ListIdentity& identity,
                              const KeyedVersions& lists) {
  std::vector<std::string> keys = lists.before.order;
  for (const std::string& key : lists.after.order)
    if (!lists.before.Has(key)) keys.push_back(key);
  for (const std::string& key : keys) {
    if (IsLostPort(place, lists, key)) {
      AddValue(place.Item(key), {nullptr, lists.after.Find(key), nullptr}, FieldOp::Added,
               Origin::Chart, Effect::Stays);
      continue;
    }
    const Json* live = lists.live.Find(key);
    Compare(place.Item(key),
            {lists.before.Find(key), lists.after.Find(key), live, OwnersOfItem(at, live)}, at);
  }
  if (three_way_) TellExtras(place, at, identity, lists);
  CompareOrder(place, identity, lists);
}

/// A second protocol of a container's port: the strategic merge knows ports by their number alone
/// and drops it without a word.
bool Comparison::IsLostPort(const Place& place, const KeyedVersions& lists,
                            const std::string& key) const {
  const bool merged_by_number =
      three_way_ && rules_.method == ApplyMethod::ClientSide &&
      (place.Is("containers[].ports") || place.Is("initContainers[].ports"));
  if (!merged_by_number || lists.live.Has(key)) return false;
  const std::string number = key.substr(0, key.find(','));
  return std::any_of(
      lists.live.order.begin(), lists.live.order.end(),
      [&](const std::string& live) { return live.substr(0, live.find(',')) == number; });
}

/// Items that only the live list has. Where the list is merged they stay, but for what Helm applied
/// once and nobody else owns; where it is replaced they go.
void Comparison::TellExtras(const Place& place, const Versions& at, const ListIdentity& identity,
                            const KeyedVersions& lists) {
  for (const std::string& key : lists.live.order) {
    if (lists.before.Has(key) || lists.after.Has(key)) continue;
    const Json* live = lists.live.Find(key);
    const Owners owners = OwnersOfItem(at, live);
    const bool taken_back = IsServerSide() && owners.applied != nullptr && owners.others == nullptr;
    if (!identity.merges && !list_is_replaced_) continue;
    const Effect kept = taken_back ? Effect::Writes : Effect::Stays;
    AddValue(place.Item(key), {nullptr, nullptr, live, owners}, FieldOp::Removed, Origin::Drift,
             identity.merges ? kept : Undone({}));
  }
}

void Comparison::CompareOrder(const Place& place, const ListIdentity& identity,
                              const KeyedVersions& lists) {
  const bool moved = Common(lists.before.order, lists.after.order) !=
                     Common(lists.after.order, lists.before.order);
  const bool lives_otherwise = three_way_ && Common(lists.live.order, lists.after.order) !=
                                                 Common(lists.after.order, lists.live.order);
  if (!moved && !lives_otherwise) return;
  FieldChange change;
  change.path = place.path;
  change.op = FieldOp::Reordered;
  change.origin = moved ? Origin::Chart : Origin::Drift;
  change.old_value = OrderText(moved ? Common(lists.before.order, lists.after.order)
                                     : Common(lists.live.order, lists.after.order));
  change.new_value =
      OrderText(Common(lists.after.order, moved ? lists.before.order : lists.live.order));
  change.effect = three_way_ && !lives_otherwise ? Effect::Already : Effect::Writes;
  // A merged list keeps the order that the server has, unless the patch says an order.
  if (change.origin == Origin::Drift) change.effect = identity.merges ? Effect::Stays : Undone({});
  changes_.push_back(std::move(change));
}

/// Items told apart by their place alone.
void Comparison::CompareByPlace(const Place& place, const Versions& at) {
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
bool Comparison::SameList(const Place& place, const Versions& at) const {
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

bool Comparison::Covers(const Place& place, const Json* before, const Json& after,
                        const Json& live) const {
  if (after.is_object() && live.is_object()) return CoversMap(place, before, after, live);
  if (after.is_array() && live.is_array()) return SameList(place, {before, &after, &live});
  return SameStored(place, after, live);
}

bool Comparison::CoversMap(const Place& place, const Json* before, const Json& after,
                           const Json& live) const {
  for (const auto& [key, value] : after.items()) {
    const Json* there = MemberOf(&live, key);
    if (there == nullptr) {
      if (!MeansNothing(place.Member(key), value)) return false;
    } else if (!LeavesToServer(place.Member(key), value, *there, live) &&
               !Covers(place.Member(key), MemberOf(before, key), value, *there)) {
      return false;
    }
  }
  if (before == nullptr || !before->is_object()) return true;
  for (const auto& [key, value] : before->items()) {
    const Json* there = MemberOf(&live, key);
    const Place member = place.Member(key);
    if (!after.contains(key) && there != nullptr && !IsDefault(member, *there, live) &&
        !IsAllocated(member))
      return false;
  }
  return true;
}

}  // namespace datafly::diff
