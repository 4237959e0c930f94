#include "common/core/base/gzip.h"
#include "common/core/base/semver.h"
#include "common/core/facts/describe_facts.h"
#include "common/core/facts/load_described.h"
#include "common/core/facts/snapshot.h"

namespace datafly {

using kinds::json::Value;

namespace {

/// 40,000 pods; a file is a user's, but it may come from somebody else.
constexpr std::size_t kMaxText = std::size_t{128} << 20;
constexpr std::string_view kTakeAgain = "take it again with `kubectl signal snapshot -o FILE`";

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
  described::LoadStruct(root, out.facts);
  if (!root.Has("takenAt")) root.Expected("takenAt, the time that it is judged by");
  if (const auto targets = root.Child("targets")) described::LoadMap(*targets, out.targets);
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
