#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"

namespace datafly::report {

/// The error of a name that is none of `names`: lists them and names the nearest.
Error UnknownFormat(std::string_view name, const std::vector<std::string>& names);

/// The format of this name, as ToString() has it.
template <class Format, std::size_t N>
Result<Format> FormatNamed(std::string_view name, const std::array<Format, N>& formats) {
  std::vector<std::string> names;
  for (const Format format : formats) {
    if (name == ToString(format)) return format;
    names.emplace_back(ToString(format));
  }
  return Fail(UnknownFormat(name, names));
}

}  // namespace datafly::report
