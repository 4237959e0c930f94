#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace datafly::diff {

/// Who owns one field of a live object: Helm (manager "helm"), other managers, both or nobody.
/// Points into what ReadManagedFields gave.
struct Owners {
  const nlohmann::json* helm = nullptr;
  const nlohmann::json* applied = nullptr;  ///< by server-side apply of Helm's alone
  const nlohmann::json* others = nullptr;
  bool known = false;  ///< the object has managedFields at all

  /// Of a member, or of an item of a list, below this field.
  [[nodiscard]] Owners Member(std::string_view key) const;
  [[nodiscard]] Owners Item(const nlohmann::json& item) const;
};

/// What `metadata.managedFields` says: {"helm": tree, "applied": tree, "others": tree}; null when
/// there are none.
nlohmann::json ReadManagedFields(const nlohmann::json& live);
/// The owners of the object as a whole; `fields` is what ReadManagedFields gave.
Owners OwnersOf(const nlohmann::json& fields);

}  // namespace datafly::diff
