#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "common/core/profile/profile.h"

namespace datafly::profile {

/// One key of the profile. The table of these is the one description from which reading, writing,
/// tightening, `config explain` and `config init` are made: a new member of Profile is one line.
struct Field {
  std::string_view key;      ///< "platform.minimums.nodes"
  std::string_view type;     ///< "whole number"
  std::string_view meaning;  ///< one or two sentences
  std::string_view
      cluster;  ///< what the in-cluster ConfigMap may do with it: "may raise it"; or ""

  /// Sets the member from a YAML value whose scalars are text. Errors say what is expected.
  Result<void> (*read)(const nlohmann::json& value, Profile& profile);
  nlohmann::json (*write)(const Profile& profile);
  /// Takes of the value what is stricter. The reason why something was left out, or "".
  Result<std::string> (*tighten)(const nlohmann::json& value, Profile& profile);
};

/// In the order in which `config view` shows them; keys of one group stand together.
std::span<const Field> AllFields();

}  // namespace datafly::profile
