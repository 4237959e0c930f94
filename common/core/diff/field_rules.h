#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

/// What Kubernetes knows of the fields of its own kinds, as far as a comparison needs it: which
/// lists are maps in disguise, what stands for nothing, what the server fills in, what is the same
/// by value. Sources: k8s.io/api types (patchMergeKey, listType, omitempty) and the defaults of
/// their versions (pkg/apis/*/v1/defaults.go), Kubernetes 1.28 to 1.36.
namespace datafly::diff {

/// Where in an object a comparison stands.
struct Place {
  std::string path;            ///< as shown: spec.containers[name=app].image
  std::string pattern;         ///< for the rules: spec.containers[].image
  bool typed = true;           ///< a kind of Kubernetes' own, which the server decodes by its type
  std::string_view kind = {};  ///< of the object
  /// Under a key that is the user's own: a label, a key of data. No rule speaks of it.
  bool under_own_key = false;

  [[nodiscard]] Place Member(std::string_view key) const;
  [[nodiscard]] Place Item(std::string_view key) const;  ///< of a list; `key` as "name=app" or "0"
  [[nodiscard]] std::string_view Field() const;          ///< the last of the pattern: image
  [[nodiscard]] bool Is(std::string_view pattern_tail) const;  ///< ends in these whole steps
};

/// Whether Helm and the server know the type of this API group's objects: Helm then merges by
/// strategic patch, else by plain JSON merge patch.
bool IsBuiltInGroup(std::string_view group);

/// How the items of a list are told apart.
struct ListIdentity {
  std::vector<std::string_view> keys;  ///< none: by their place
  /// Items that only the live object has stay (patchStrategy merge, listType map); else the list is
  /// replaced as one.
  bool merges = false;
};
ListIdentity IdentityOf(const Place& list, const nlohmann::json& items);
/// "name=app", "containerPort=53,protocol=UDP"; "" for an item without the key.
std::string ItemKey(const ListIdentity& identity, const nlohmann::json& item);

/// Whether the server stores the same for this value and for none: empty maps and lists, zero
/// values of fields that are left out when they are zero.
bool MeansNothing(const Place& place, const nlohmann::json& value);

/// Whether this is what the server fills in when the field is not given, or given as nothing;
/// `parent` is the object or item that holds it.
bool IsDefault(const Place& place, const nlohmann::json& value, const nlohmann::json& parent);

/// What the server has allocated stays when a manifest no longer says it, or says "" or 0
/// (patchAllocatedValues of the Service's strategy).
bool IsAllocated(const Place& place);

/// Whether the server stores the same for both (quantities of typed fields).
bool SameStored(const Place& place, const nlohmann::json& a, const nlohmann::json& b);

/// Whether both read as the same quantity or duration, whatever the server makes of them.
bool SameByValue(const nlohmann::json& a, const nlohmann::json& b);

}  // namespace datafly::diff
