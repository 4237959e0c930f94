#pragma once

#include "common/core/facts/describe.h"
#include "common/core/facts/json_writer.h"

/// Described structs (describe.h) as JSON. Private to the codecs of facts/ (snapshot, recording):
/// templates, to be included where one is saved.
namespace datafly::described {

/// The string that Quantity::Parse reads back to the same amount.
inline std::string Exact(Quantity quantity) {
  if (quantity.milli % 1000 == 0) return fmt::format("{}", quantity.milli / 1000);
  return fmt::format("{}m", quantity.milli);
}

/// A missing field loads as its default, which is empty for every string, list and map.
template <class T>
bool IsEmpty(const T& value) {
  if constexpr (kIsOptional<T>) {
    return !value.has_value();
  } else if constexpr (requires { value.empty(); }) {
    return value.empty();
  } else {
    return false;
  }
}

template <class T>
void Write(JsonWriter& out, const T& value);

/// Writes the fields of one struct; an open object is expected.
template <class T>
class FieldWriter {
 public:
  FieldWriter(JsonWriter& out, const T& object) : out_(out), object_(object) {}
  void Name(std::string_view) {}
  template <class F>
  void Field(std::string_view name, F T::*field) {
    if (IsEmpty(object_.*field)) return;
    out_.Key(name);
    Write(out_, object_.*field);
  }

 private:
  JsonWriter& out_;
  const T& object_;
};

template <class T>
void WriteFields(JsonWriter& out, const T& object) {
  FieldWriter<T> writer(out, object);
  Describe(writer, Type<T>{});
}

template <class T>
void WriteStruct(JsonWriter& out, const T& object) {
  out.BeginObject();
  WriteFields(out, object);
  out.EndObject();
}

template <class T>
void WriteFact(JsonWriter& out, const Fact<T>& fact) {
  out.BeginObject();
  out.Key(fact ? "value" : "absent");
  if (fact) {
    Write(out, *fact);
  } else {
    Write(out, fact.absence());
  }
  out.EndObject();
}

template <class T>
void WriteList(JsonWriter& out, const T& list) {
  out.BeginArray();
  for (const auto& item : list) Write(out, item);
  out.EndArray();
}

template <class T>
void WriteMap(JsonWriter& out, const std::map<std::string, T>& map) {
  out.BeginObject();
  for (const auto& [key, value] : map) {
    out.Key(key);
    Write(out, value);
  }
  out.EndObject();
}

template <class T>
void WriteNumber(JsonWriter& out, T number) {
  if constexpr (std::is_signed_v<T>) {
    out.Number(static_cast<std::int64_t>(number));
  } else {
    out.Number(static_cast<std::uint64_t>(number));
  }
}

template <class T>
void Write(JsonWriter& out, const T& value) {
  if constexpr (Described<T>) {
    WriteStruct(out, value);
  } else if constexpr (NamedEnum<T>) {
    out.String(NameOf(value));
  } else if constexpr (kIsFact<T>) {
    WriteFact(out, value);
  } else if constexpr (kIsOptional<T>) {
    Write(out, *value);
  } else if constexpr (kIsVector<T> || kIsStringSet<T>) {
    WriteList(out, value);
  } else if constexpr (kIsMap<T>) {
    WriteMap(out, value);
  } else if constexpr (std::is_same_v<T, Quantity>) {
    out.String(Exact(value));
  } else if constexpr (std::is_same_v<T, Time>) {
    out.String(FormatTime(value));
  } else if constexpr (std::is_same_v<T, bool>) {
    out.Bool(value);
  } else if constexpr (std::is_same_v<T, char>) {
    out.String(std::string_view(&value, 1));
  } else if constexpr (kIsNumber<T>) {
    WriteNumber(out, value);
  } else {
    static_assert(std::is_same_v<T, std::string>, "describe the struct, or name the enum");
    out.String(value);
  }
}

}  // namespace datafly::described
