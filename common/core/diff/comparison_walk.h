#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "common/core/diff/comparison.h"
#include "common/core/diff/field_rules.h"

/// The walk behind CompareObjects, private to comparison.cc (maps and values) and
/// comparison_lists.cc.
namespace datafly::diff {

inline bool IsAbsent(const nlohmann::json* value) { return value == nullptr || value->is_null(); }

/// The member, or null when there is none or it is null.
const nlohmann::json* MemberOf(const nlohmann::json* object, const std::string& key);

/// One walk over the versions of an object.
class Comparison {
 public:
  Comparison(const ComparisonRules& rules, bool three_way) : rules_(rules), three_way_(three_way) {}

  /// `parent` holds the thing that is compared; defaults depend on it.
  void Compare(const Place& place, const Versions& at, const Versions& parent);
  std::vector<FieldChange> Take() { return std::move(changes_); }

 private:
  using Json = nlohmann::json;

  [[nodiscard]] bool IsAllTheSame(const Versions& at) const;
  [[nodiscard]] bool CanDescend(const Versions& at) const;
  [[nodiscard]] bool IsServerSide() const { return rules_.method == ApplyMethod::ServerSide; }
  void CompareMaps(const Place& place, const Versions& at);
  void TakeBackMembers(const Place& place, const Versions& at, const std::set<std::string>& told);

  /// A list whose items are told apart by keys.
  struct Keyed {
    std::vector<std::string> order;
    std::map<std::string, const Json*> items;
    [[nodiscard]] const Json* Find(const std::string& key) const;
    [[nodiscard]] bool Has(const std::string& key) const { return items.count(key) != 0; }
  };
  struct KeyedVersions {
    Keyed before, after, live;
  };
  void CompareLists(const Place& place, const Versions& at);
  [[nodiscard]] bool Index(const ListIdentity& identity, const Json* list, Keyed& out) const;
  void CompareKeyed(const Place& place, const Versions& at, const ListIdentity& identity,
                    const KeyedVersions& lists);
  [[nodiscard]] bool IsLostPort(const Place& place, const KeyedVersions& lists,
                                const std::string& key) const;
  void TellExtras(const Place& place, const Versions& at, const ListIdentity& identity,
                  const KeyedVersions& lists);
  void CompareOrder(const Place& place, const ListIdentity& identity, const KeyedVersions& lists);
  void CompareByPlace(const Place& place, const Versions& at);
  [[nodiscard]] bool SameList(const Place& place, const Versions& at) const;
  [[nodiscard]] bool Covers(const Place& place, const Json* before, const Json& after,
                            const Json& live) const;
  [[nodiscard]] bool CoversMap(const Place& place, const Json* before, const Json& after,
                               const Json& live) const;

  /// Whether the live value is what the manifest says, and beside it only the server's defaults.
  [[nodiscard]] bool LivesAs(const Place& place, const Json& manifest, const Json& live) const {
    return Covers(place, &live, manifest, live);
  }

  void CompareValues(const Place& place, const Versions& at, const Versions& parent);
  void Remove(const Place& place, const Versions& at, const Versions& parent);
  void Set(const Place& place, const Versions& at, const Versions& parent);
  void RemoveLive(const Place& place, const Versions& at, const Versions& parent);
  void SetLive(const Place& place, const Versions& at, const Versions& parent);
  void SetMissing(const Place& place, const Versions& at, const Versions& parent, bool moved);
  [[nodiscard]] bool StaysByTwin(const Place& place, const Versions& parent) const;
  [[nodiscard]] bool IsUntouched(const Place& place, const Versions& at,
                                 const Versions& parent) const;
  [[nodiscard]] static bool LeavesToServer(const Place& place, const Json& said, const Json& stored,
                                           const Json& parent);
  [[nodiscard]] Effect Undone(const Owners& owners) const;
  [[nodiscard]] Effect Taken(const Owners& owners) const;
  void AddValue(const Place& place, const Versions& at, FieldOp op, Origin origin, Effect effect);

  const ComparisonRules& rules_;
  bool three_way_;
  /// Within a list that the patch replaces as one.
  bool list_is_replaced_ = false;
  std::vector<FieldChange> changes_;
};

}  // namespace datafly::diff
