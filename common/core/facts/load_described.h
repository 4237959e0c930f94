#pragma once

#include <limits>

#include "common/core/base/text.h"
#include "common/core/facts/describe.h"
#include "common/core/kinds/json_value.h"

/// JSON as described structs (describe.h). Private to the codecs of facts/ (snapshot, recording):
/// templates, to be included where one is loaded. A missing field keeps its default, a missing Fact
/// is absent, an unknown field is ignored, a repeated one an error.
namespace datafly::described {

using kinds::json::Value;

inline constexpr std::size_t kMapNode = 64;

template <class T>
void Load(const Value& json, T& out);

template <class T>
class FieldLoader {
 public:
  FieldLoader(const Value& json, T& object) : json_(json), object_(object) {}
  void Name(std::string_view) {}
  template <class F>
  void Field(std::string_view name, F T::*field) {
    if (const auto child = json_.Child(name)) {
      Load(*child, object_.*field);
    } else if constexpr (kIsFact<F>) {
      object_.*field = Absence{AbsenceKind::Snapshot, "the snapshot was taken without it", {}};
    }
  }

 private:
  const Value& json_;
  T& object_;
};

/// Two members of one name: whichever we took, another reader would take the other.
inline void RefuseRepeatedKeys(const Value& json) {
  std::vector<std::string_view> keys;
  json.ForEachMember([&](std::string_view key, const Value&) { keys.push_back(key); });
  std::sort(keys.begin(), keys.end());
  const auto repeated = std::adjacent_find(keys.begin(), keys.end());
  if (repeated != keys.end()) {
    json.Expected(fmt::format("each field once, not \"{}\" twice",
                              Truncate(EscapeForTerminal(repeated->substr(0, 200)), 40)));
  }
}

template <class T>
void LoadStruct(const Value& json, T& out) {
  RefuseRepeatedKeys(json);
  FieldLoader<T> loader(json, out);
  Describe(loader, Type<T>{});
}

template <class E>
void LoadEnum(const Value& json, E& out) {
  std::string name;
  ReadJson(json, name);
  if (json.session().failed()) return;
  for (std::size_t i = 0; i < CountValues<E>(); ++i) {
    if (NameOf(static_cast<E>(i)) == name) {
      out = static_cast<E>(i);
      return;
    }
  }
  json.Expected("one of the names in docs/schemas/snapshot.schema.json");
}

template <class T>
void LoadFact(const Value& json, Fact<T>& out) {
  RefuseRepeatedKeys(json);
  const auto value = json.Child("value");
  const auto absent = json.Child("absent");
  if (value.has_value() == absent.has_value()) return json.Expected("a value or the absent reason");
  if (value) {
    T loaded{};
    Load(*value, loaded);
    out = Fact<T>(std::move(loaded));
  } else {
    Absence absence;
    Load(*absent, absence);
    out = Fact<T>(std::move(absence));
  }
}

template <class T>
void LoadList(const Value& json, std::vector<T>& out) {
  json.ForEach([&](const Value& item) {
    if (json.session().Spend(sizeof(T))) Load(item, out.emplace_back());
  });
}

inline void LoadSet(const Value& json, std::set<std::string>& out) {
  std::vector<std::string> list;
  LoadList(json, list);
  out.insert(list.begin(), list.end());
}

template <class T>
void LoadMap(const Value& json, std::map<std::string, T>& out) {
  RefuseRepeatedKeys(json);
  json.ForEachMember([&](std::string_view key, const Value& value) {
    if (json.session().Spend(kMapNode + sizeof(T))) Load(value, out[std::string(key)]);
  });
}

template <class T>
void LoadNumber(const Value& json, T& out) {
  std::int64_t number = 0;
  ReadJson(json, number);
  using Limits = std::numeric_limits<T>;
  if (std::cmp_less(number, Limits::min()) || std::cmp_greater(number, Limits::max())) {
    return json.Expected("a smaller number");
  }
  out = static_cast<T>(number);
}

inline void LoadCharacter(const Value& json, char& out) {
  std::string text;
  ReadJson(json, text);
  if (json.session().failed()) return;
  if (text.size() != 1) return json.Expected("a string of one character");
  out = text[0];
}

template <class T>
void Load(const Value& json, T& out) {
  if constexpr (Described<T>) {
    LoadStruct(json, out);
  } else if constexpr (NamedEnum<T>) {
    LoadEnum(json, out);
  } else if constexpr (kIsFact<T>) {
    LoadFact(json, out);
  } else if constexpr (kIsOptional<T>) {
    Load(json, out.emplace());
  } else if constexpr (kIsVector<T>) {
    LoadList(json, out);
  } else if constexpr (kIsStringSet<T>) {
    LoadSet(json, out);
  } else if constexpr (kIsMap<T>) {
    LoadMap(json, out);
  } else if constexpr (std::is_same_v<T, char>) {
    LoadCharacter(json, out);
  } else if constexpr (kIsNumber<T>) {
    LoadNumber(json, out);
  } else {
    ReadJson(json, out);  // string, bool, Time, Quantity
  }
}

}  // namespace datafly::described
