#pragma once

#include <string>
#include <string_view>

#include "common/core/base/text.h"

namespace datafly::commands {

/// Whether the user's word means this object: "gateway" and "deployment/gateway" both mean
/// "Deployment/gateway".
inline bool MeansObject(std::string_view word, std::string_view id) {
  const std::string wanted = ToLower(word);
  const std::string lower = ToLower(id);
  return lower == wanted || lower.ends_with("/" + wanted);
}

}  // namespace datafly::commands
