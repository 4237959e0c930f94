#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "common/core/kinds/decode.h"

namespace datafly::kinds {

/// A mutable copy of a text with room for simdjson behind it, as the API client hands pages over.
class Page {
 public:
  explicit Page(std::string_view text) : text_(text) { text_.reserve(text.size() + 64); }
  /// `spare` bytes behind the text are promised.
  [[nodiscard]] PaddedJson Padded(std::size_t spare = 64) const {
    return {text_.data(), text_.size(), text_.size() + spare};
  }

 private:
  std::string text_;
};

inline std::string ListOf(std::string_view item) {
  return fmt::format(R"({{"kind":"List","apiVersion":"v1","metadata":{{}},"items":[{}]}})", item);
}

inline std::string FormatAmounts(const ResourceList& amounts) {
  std::string text;
  for (const auto& [name, amount] : amounts) {
    text += fmt::format("{}{}={}m", text.empty() ? "" : " ", name, amount.milli);
  }
  return text;
}

inline Time At(std::string_view text) { return ParseTime(text).value(); }

}  // namespace datafly::kinds
