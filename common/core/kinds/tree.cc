#include "common/core/kinds/tree.h"

namespace datafly::kinds {
namespace {

using Json = nlohmann::json;
using simdjson::dom::element_type;

Json ObjectOf(simdjson::dom::object object) {
  Json::object_t members;
  for (const auto& [key, value] : object) members.insert_or_assign(std::string(key), ToTree(value));
  return members;
}

Json ArrayOf(simdjson::dom::array array) {
  Json::array_t items;
  items.reserve(array.size());
  for (const simdjson::dom::element item : array) items.push_back(ToTree(item));
  return items;
}

/// nlohmann holds what is not negative as unsigned.
Json Whole(std::int64_t number) {
  return number < 0 ? Json(number) : Json(static_cast<std::uint64_t>(number));
}

}  // namespace

// The type was asked for: what is got is there. As deep as simdjson parses, 1,024 levels.
Json ToTree(simdjson::dom::element value) {
  switch (value.type()) {
    case element_type::OBJECT:
      return ObjectOf(value.get_object().value_unsafe());
    case element_type::ARRAY:
      return ArrayOf(value.get_array().value_unsafe());
    case element_type::STRING:
      return std::string(value.get_string().value_unsafe());
    case element_type::INT64:
      return Whole(value.get_int64().value_unsafe());
    case element_type::UINT64:
      return value.get_uint64().value_unsafe();
    case element_type::DOUBLE:
      return value.get_double().value_unsafe();
    case element_type::BOOL:
      return value.get_bool().value_unsafe();
    case element_type::NULL_VALUE:
      break;
  }
  return nullptr;
}

}  // namespace datafly::kinds
