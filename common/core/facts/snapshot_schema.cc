#include <nlohmann/json.hpp>

#include "common/core/facts/describe_facts.h"
#include "common/core/facts/snapshot.h"

namespace datafly {

namespace {

using Json = nlohmann::ordered_json;

/// What the "$defs" hold so far: each described struct once.
struct Definitions {
  std::map<std::string, Json> by_name;
};

template <class T>
Json SchemaOf(Definitions& definitions);

struct NameFinder {
  std::string name;
  constexpr void Name(std::string_view text) { name = text; }
  template <class T, class F>
  constexpr void Field(std::string_view, F T::*) {}
};

class PropertyCollector {
 public:
  explicit PropertyCollector(Definitions& definitions) : definitions_(definitions) {}
  void Name(std::string_view) {}
  template <class T, class F>
  void Field(std::string_view name, F T::*) {
    properties_[std::string(name)] = SchemaOf<F>(definitions_);
  }
  Json Take() { return std::move(properties_); }

 private:
  Definitions& definitions_;
  Json properties_ = Json::object();
};

template <class T>
Json PropertiesOf(Definitions& definitions) {
  PropertyCollector collector(definitions);
  Describe(collector, Type<T>{});
  return collector.Take();
}

template <class T>
Json ReferenceTo(Definitions& definitions) {
  NameFinder finder;
  Describe(finder, Type<T>{});
  if (!definitions.by_name.contains(finder.name)) {
    definitions.by_name[finder.name];  // known from here on: a struct may hold lists of itself
    Json properties = PropertiesOf<T>(definitions);
    definitions.by_name[finder.name] = {{"type", "object"}, {"properties", std::move(properties)}};
  }
  return {{"$ref", "#/$defs/" + finder.name}};
}

template <class E>
Json EnumSchema() {
  Json names = Json::array();
  for (std::size_t i = 0; i < CountValues<E>(); ++i) names.push_back(NameOf(static_cast<E>(i)));
  return {{"enum", std::move(names)}};
}

template <class T>
Json FactSchema(Definitions& definitions, Type<Fact<T>>) {
  Json value = {{"type", "object"},
                {"required", {"value"}},
                {"properties", {{"value", SchemaOf<T>(definitions)}}}};
  Json absent = {{"type", "object"},
                 {"required", {"absent"}},
                 {"properties", {{"absent", SchemaOf<Absence>(definitions)}}}};
  return {{"oneOf", {std::move(value), std::move(absent)}}};
}

template <class T>
Json NumberSchema() {
  Json schema = {{"type", "integer"}};
  if (std::is_unsigned_v<T>) schema["minimum"] = 0;
  return schema;
}

template <class T>
Json SchemaOf(Definitions& definitions) {
  if constexpr (Described<T>) {
    return ReferenceTo<T>(definitions);
  } else if constexpr (NamedEnum<T>) {
    return EnumSchema<T>();
  } else if constexpr (kIsFact<T>) {
    return FactSchema(definitions, Type<T>{});
  } else if constexpr (kIsOptional<T>) {
    return SchemaOf<typename T::value_type>(definitions);
  } else if constexpr (kIsVector<T> || kIsStringSet<T>) {
    return {{"type", "array"}, {"items", SchemaOf<typename T::value_type>(definitions)}};
  } else if constexpr (kIsMap<T>) {
    return {{"type", "object"},
            {"additionalProperties", SchemaOf<typename T::mapped_type>(definitions)}};
  } else if constexpr (std::is_same_v<T, Time>) {
    return {{"type", "string"}, {"format", "date-time"}};
  } else if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::is_same_v<T, char>) {
    return {{"type", "string"}, {"minLength", 1}, {"maxLength", 1}};
  } else if constexpr (kIsNumber<T>) {
    return NumberSchema<T>();
  } else {
    return {{"type", "string"}};  // std::string, Quantity
  }
}

}  // namespace

std::string SnapshotSchema() {
  Definitions definitions;
  Json properties = {{"kind", {{"const", "SignalSnapshot"}}},
                     {"schemaVersion", {{"const", kSnapshotSchemaVersion}}}};
  properties.update(PropertiesOf<Facts>(definitions));
  properties["targets"] = SchemaOf<std::map<std::string, TargetFacts>>(definitions);
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "A snapshot of kubectl signal"},
                 {"type", "object"},
                 {"required", {"kind", "schemaVersion", "takenAt"}},
                 {"properties", std::move(properties)},
                 {"$defs", definitions.by_name}};
  return schema.dump(2) + "\n";
}

}  // namespace datafly
