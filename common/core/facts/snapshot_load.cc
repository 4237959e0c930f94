#include <limits>

#include "common/core/base/gzip.h"
#include "common/core/base/semver.h"
#include "common/core/base/text.h"
#include "common/core/facts/describe_facts.h"
#include "common/core/facts/snapshot.h"
#include "common/core/kinds/json_value.h"

namespace datafly {

using kinds::json::Value;

namespace {

/// 40,000 pods; a file is a user's, but it may come from somebody else.
constexpr std::size_t kMaxText = std::size_t{128} << 20;
constexpr std::size_t kMapNode = 64;
constexpr std::string_view kTakeAgain = "take it again with `kubectl signal snapshot -o FILE`";

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
void RefuseRepeatedKeys(const Value& json) {
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

void LoadSet(const Value& json, std::set<std::string>& out) {
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
  } else if constexpr (kIsNumber<T>) {
    LoadNumber(json, out);
  } else {
    ReadJson(json, out);  // string, bool, Time, Quantity
  }
}

/// "use kubectl-signal 0.9.0 or later", when the file names a version that can be one.
std::string RemedyForNewer(const Value& root) {
  std::string version;
  root.Field("toolVersion", version);
  const auto parsed = version.size() < 40 ? SemVer::Parse(version) : Fail(Error::InvalidInput(""));
  if (!parsed) return "use a newer kubectl-signal";
  return fmt::format("use kubectl-signal {} or later", parsed->ToString());
}

Error NewerSchema(const Value& root, std::int64_t schema) {
  return Error::InvalidInput(
      fmt::format("the snapshot is from a newer version (schema {}; this one reads {})", schema,
                  kSnapshotSchemaVersion),
      RemedyForNewer(root));
}

/// Whether this is a snapshot that we can read; else the session has failed.
bool CheckHeader(const Value& root) {
  std::string kind;
  std::int64_t schema = 0;
  if (root.element().is_object()) root.Field("kind", kind);
  if (kind != "SignalSnapshot") {
    root.session().Fail(Error::InvalidInput("this is not a snapshot of kubectl signal",
                                            "give a file that `kubectl signal snapshot` wrote"));
    return false;
  }
  root.Field("schemaVersion", schema);
  if (!root.session().failed() && schema > kSnapshotSchemaVersion) {
    root.session().Fail(NewerSchema(root, schema));
  } else if (schema < 1) {
    root.Expected("a schemaVersion");
  }
  return !root.session().failed();
}

void LoadDocument(const Value& root, Snapshot& out) {
  if (!CheckHeader(root)) return;
  LoadStruct(root, out.facts);
  if (!root.Has("takenAt")) root.Expected("takenAt, the time that it is judged by");
  if (const auto targets = root.Child("targets")) LoadMap(*targets, out.targets);
}

/// Errors of the JSON reader in the words of a user with a file.
Error ForUser(Error error) {
  if (error.kind != ErrorKind::Protocol) return error;
  return Error::InvalidInput(fmt::format("the snapshot cannot be read: {}", error.message),
                             std::string(kTakeAgain));
}

Result<Snapshot> LoadText(std::string_view text) {
  if (text.size() > kMaxText) return Fail(Error::TooLarge("the snapshot is larger than 128 MiB"));
  simdjson::dom::parser parser;
  Snapshot out;
  const auto done = kinds::json::Parse(parser, text, text.size(),
                                       [&](const Value& root) { LoadDocument(root, out); });
  if (!done) return Fail(ForUser(done.error()));
  return out;
}

}  // namespace

Result<Snapshot> LoadSnapshot(std::string_view bytes) {
  if (bytes.empty()) {
    return Fail(Error::InvalidInput("the snapshot is empty", std::string(kTakeAgain)));
  }
  if (!IsGzip(bytes)) return LoadText(bytes);
  const auto text = Gunzip(bytes, kMaxText);
  if (!text) {
    Error error = text.error().Within("the snapshot cannot be read");
    error.remedy = kTakeAgain;
    return Fail(std::move(error));
  }
  return LoadText(*text);
}

}  // namespace datafly
