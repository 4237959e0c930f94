#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace datafly::diff {

/// An object as it is compared: without what the server or Helm own (status, uid, generation,
/// managedFields and so on), a Secret's stringData moved into its data (base64).
void Normalize(nlohmann::json& object);

/// The same of a live object that is not changed; what is left out is not copied first.
nlohmann::json NormalizedCopy(const nlohmann::json& live);

/// Takes out of a Secret's old manifest the keys of stringData that the new one has no more: no way
/// of applying removes them from the live Secret, since that has them in data.
void DropLostStringData(nlohmann::json& before, const nlohmann::json& after);

/// Sets what Helm sets on every object of a release before it applies it: the label
/// app.kubernetes.io/managed-by and the two meta.helm.sh annotations.
void AddOwnership(nlohmann::json& object, const std::string& release,
                  const std::string& name_space);

/// Whether the live object carries the ownership of this release (Helm's own test for adopting it).
bool IsOwnedBy(const nlohmann::json& live, const std::string& release,
               const std::string& name_space);

/// helm.sh/resource-policy: keep.
bool IsKept(const nlohmann::json& object);

}  // namespace datafly::diff
