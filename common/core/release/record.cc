#include "common/core/release/record.h"

#include <simdjson.h>

#include "common/core/base/base64.h"
#include "common/core/base/gzip.h"
#include "common/core/base/text.h"

namespace datafly::release {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

/// A Secret holds at most 1 MiB; a record that Helm wrote unpacks to a few MiB.
constexpr std::size_t kMaxEncoded = std::size_t{16} << 20;
constexpr std::size_t kMaxJson = std::size_t{64} << 20;

Error Unreadable(std::string_view why) {
  return Error::Protocol(fmt::format("the release record cannot be read: {}", why));
}

Error UnreadableGzip(const Error& error) {
  return error.kind == ErrorKind::TooLarge ? error.Within("the release record is too large")
                                           : Unreadable(error.message);
}

/// The member, or nothing when the value is no object or has none (or null).
std::optional<element> Member(element value, std::string_view key) {
  element found;
  if (value[key].get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return found;
}

std::string Text(std::optional<element> value) {
  std::string_view text;
  if (!value || value->get_string().get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}
std::string TextAt(element value, std::string_view key) { return Text(Member(value, key)); }

std::int64_t NumberAt(element value, std::string_view key) {
  std::int64_t number = 0;
  if (const auto found = Member(value, key))
    if (found->get_int64().get(number) != simdjson::SUCCESS) number = 0;
  return number;
}

/// The value as JSON text; what is not an object counts as an empty one.
std::string ObjectTextAt(element value, std::string_view key) {
  const auto found = Member(value, key);
  if (!found || !found->is_object()) return "{}";
  return simdjson::minify(*found);
}

template <class Visit>
void ForEachIn(element value, std::string_view key, Visit visit) {
  const auto found = Member(value, key);
  array items;
  if (!found || found->get_array().get(items) != simdjson::SUCCESS) return;
  for (const auto item : items) visit(item);
}

/// Go writes a time that never was as "" or as year 1.
std::optional<Time> TimeAt(element value, std::string_view key) {
  const std::string text = TextAt(value, key);
  if (text.empty() || text.starts_with("0001-")) return std::nullopt;
  const auto time = ParseTime(text);
  return time ? std::optional<Time>(*time) : std::nullopt;
}

bool IsCrdFile(std::string_view name) {
  return name.starts_with("crds/") &&
         (name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json"));
}

void ReadFiles(element chart, ChartInfo& out) {
  ForEachIn(chart, "files", [&](element file) {
    ChartFile read{TextAt(file, "name"),
                   DecodeBase64(TextAt(file, "data")).value_or(std::string{})};
    if (IsCrdFile(read.name))
      out.crds.push_back(std::move(read));
    else if (read.data.find("{{") != std::string::npos)
      out.files.push_back(std::move(read));
  });
}

void ReadTemplates(element chart, ChartInfo& out) {
  ForEachIn(chart, "templates", [&](element file) {
    out.templates.push_back(
        {TextAt(file, "name"), DecodeBase64(TextAt(file, "data")).value_or(std::string{})});
  });
}

void ReadAnnotations(element metadata, ChartInfo& out) {
  const auto found = Member(metadata, "annotations");
  object annotations;
  if (!found || found->get_object().get(annotations) != simdjson::SUCCESS) return;
  for (const auto& [key, value] : annotations) out.annotations.emplace_back(key, Text(value));
}

ChartInfo ReadChart(element release) {
  ChartInfo out;
  out.default_values_json = "{}";
  const auto chart = Member(release, "chart");
  if (!chart) return out;
  out.default_values_json = ObjectTextAt(*chart, "values");
  ReadFiles(*chart, out);
  ReadTemplates(*chart, out);
  const auto metadata = Member(*chart, "metadata");
  if (!metadata) return out;
  out.name = TextAt(*metadata, "name");
  out.version = TextAt(*metadata, "version");
  out.app_version = TextAt(*metadata, "appVersion");
  out.kube_version = TextAt(*metadata, "kubeVersion");
  out.home = TextAt(*metadata, "home");
  ReadAnnotations(*metadata, out);
  ForEachIn(*metadata, "dependencies",
            [&](element chart_of) { out.dependencies.push_back(TextAt(chart_of, "name")); });
  return out;
}

Hook ReadHook(element value) {
  Hook hook{TextAt(value, "name"), TextAt(value, "kind"), TextAt(value, "path"), {}, 0, {}};
  hook.weight = NumberAt(value, "weight");
  hook.manifest = TextAt(value, "manifest");
  ForEachIn(value, "events", [&](element event) { hook.events.push_back(Text(event)); });
  return hook;
}

void ReadInfo(element release, ReleaseRecord& out) {
  const auto info = Member(release, "info");
  if (!info) return;
  out.status = ParseStatus(TextAt(*info, "status"));
  out.description = TextAt(*info, "description");
  out.notes = TextAt(*info, "notes");
  out.first_deployed = TimeAt(*info, "first_deployed");
  out.last_deployed = TimeAt(*info, "last_deployed");
}

Result<ReleaseRecord> ReadRelease(element release) {
  ReleaseRecord out;
  if (!release.is_object()) return Fail(Unreadable("it is not a JSON object"));
  out.name = TextAt(release, "name");
  out.name_space = TextAt(release, "namespace");
  out.revision = NumberAt(release, "version");
  if (out.name.empty() || out.revision <= 0)
    return Fail(Unreadable("it has no name or no revision"));
  ReadInfo(release, out);
  out.chart = ReadChart(release);
  out.user_values_json = ObjectTextAt(release, "config");
  out.manifest = TextAt(release, "manifest");
  out.apply_method = TextAt(release, "apply_method");
  ForEachIn(release, "hooks", [&](element hook) { out.hooks.push_back(ReadHook(hook)); });
  return out;
}

/// Parses the JSON and hands its root to `read` while the parser lives. `padded`: the buffer goes
/// on for SIMDJSON_PADDING bytes behind it, so that it need not be copied.
template <class Read>
auto WithJson(std::string_view json, bool padded, Read read) -> decltype(read(element{})) {
  if (json.empty()) return Fail(Unreadable("it is empty"));
  if (json.size() > kMaxJson) return Fail(Error::TooLarge("the release record is beyond 64 MiB"));
  if (json.empty()) return Fail(Unreadable("it is empty"));  // simdjson copies from a null pointer
  try {
    simdjson::dom::parser parser;
    element root;
    if (const auto error = parser.parse(json.data(), json.size(), !padded).get(root))
      return Fail(Unreadable(simdjson::error_message(error)));
    return read(root);
  } catch (
      const std::exception& exception) {  // simdjson's minify throws where a value is inconsistent
    return Fail(Unreadable(exception.what()));
  }
}

/// `encoded` is what Helm stored: base64 of JSON, gzipped or not.
Result<ReleaseRecord> DecodeStored(std::string_view encoded) {
  if (encoded.size() > kMaxEncoded)
    return Fail(Error::TooLarge("the release record is beyond 16 MiB"));
  auto bytes = DecodeBase64(encoded);
  if (!bytes) return Fail(Unreadable(bytes.error().message));
  if (IsGzip(*bytes)) {
    auto json = Gunzip(*bytes, kMaxJson);
    if (!json) return Fail(UnreadableGzip(json.error()));
    bytes = std::move(json);
  }
  bytes->reserve(bytes->size() + simdjson::SIMDJSON_PADDING);
  auto record = WithJson(*bytes, /*padded=*/true, ReadRelease);
  if (record) record->encoded_size = encoded.size();
  return record;
}

Result<ReleaseRecord> DecodeObject(element root) {
  const auto data = Member(root, "data");
  const auto release = data ? Member(*data, "release") : std::nullopt;
  std::string_view text;
  if (!release || release->get_string().get(text) != simdjson::SUCCESS)
    return Fail(Unreadable("the object has no data.release"));
  // Items of a list do not say their kind; only Secrets have a type.
  const bool config_map = TextAt(root, "kind") == "ConfigMap" ||
                          (TextAt(root, "kind").empty() && !Member(root, "type"));
  return config_map ? DecodeConfigMapRelease(text) : DecodeSecretRelease(text);
}

constexpr std::array<std::pair<Status, std::string_view>, 9> kStatusNames{
    {{Status::Unknown, "unknown"},
     {Status::Deployed, "deployed"},
     {Status::Uninstalled, "uninstalled"},
     {Status::Superseded, "superseded"},
     {Status::Failed, "failed"},
     {Status::Uninstalling, "uninstalling"},
     {Status::PendingInstall, "pending-install"},
     {Status::PendingUpgrade, "pending-upgrade"},
     {Status::PendingRollback, "pending-rollback"}}};

/// From the first line that opens an object to the last brace: helm may print warnings around it.
std::string_view FindJson(std::string_view text) {
  std::size_t begin = text.starts_with('{') ? 0 : text.find("\n{");
  if (begin == std::string_view::npos) return {};
  if (text[begin] == '\n') ++begin;
  return text.substr(begin, text.rfind('}') + 1 - begin);
}

}  // namespace

std::string_view ToString(Status status) {
  for (const auto& [known, name] : kStatusNames)
    if (known == status) return name;
  return "unknown";
}

Status ParseStatus(std::string_view text) {
  for (const auto& [known, name] : kStatusNames)
    if (name == text) return known;
  return Status::Unknown;
}

Result<ReleaseRecord> DecodeSecretRelease(std::string_view data_release) {
  if (data_release.size() > kMaxEncoded * 2)
    return Fail(Error::TooLarge("the release record is beyond 16 MiB"));
  const auto stored = DecodeBase64(data_release);
  if (!stored) return Fail(Unreadable(stored.error().message));
  return DecodeStored(*stored);
}

Result<ReleaseRecord> DecodeConfigMapRelease(std::string_view data_release) {
  return DecodeStored(data_release);
}

Result<ReleaseRecord> DecodeReleaseObject(std::string_view object_json) {
  return WithJson(object_json, /*padded=*/false, DecodeObject);
}

Result<ReleaseRecord> DecodeReleaseJson(const std::string& text) {
  const std::string_view json = FindJson(text);
  if (json.empty()) return Fail(Unreadable("it is empty"));
  const auto end = static_cast<std::size_t>(json.data() + json.size() - text.data());
  const bool padded = text.capacity() - end >= simdjson::SIMDJSON_PADDING;
  return WithJson(json, padded, ReadRelease);
}

std::size_t EncodedSizeOf(std::string_view release_json) {
  const auto gzip = Gzip(release_json);
  return ((gzip ? gzip->size() : release_json.size()) + 2) / 3 * 4;
}

}  // namespace datafly::release
