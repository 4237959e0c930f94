// Whether a value is the same in two manifests, without keeping the value.
#include <nlohmann/json.hpp>

#include "common/core/base/base64.h"
#include "common/core/base/digest.h"
#include "common/core/manifest/manifest.h"

namespace datafly::manifest {
namespace {

using Json = nlohmann::json;

Result<Json> Parse(const Object& object) {
  Json json = Json::parse(object.json, nullptr, false);
  if (!json.is_object())
    return Fail(Error::InvalidInput(fmt::format("{} is not a JSON object", ObjectName(object))));
  return json;
}

const Json& At(const Json& object, std::string_view key) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

std::string TextOf(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The bytes behind a base64 value; a value that is not base64 counts as it is.
std::string BytesOf(const Json& value) {
  const std::string text = TextOf(value);
  return DecodeBase64(text).value_or(text);
}

using Digests = std::map<std::string, std::string>;

void AddData(const Json& map, bool encoded, Digests& out) {
  if (!map.is_object()) return;
  for (const auto& [key, value] : map.items())
    out[key] = Sha256Hex(encoded ? BytesOf(value) : TextOf(value));
}

std::vector<KeyDigest> Listed(const Digests& digests) {
  std::vector<KeyDigest> list;
  for (const auto& [key, digest] : digests) list.push_back({key, digest});
  return list;
}

/// The pod spec of anything that makes pods; null for other kinds.
const Json& PodSpecOf(const Json& object) {
  const Json& spec = At(object, "spec");
  if (At(object, "kind") == "Pod") return spec;
  const Json& job = At(At(spec, "jobTemplate"), "spec");
  return At(At(job.is_null() ? spec : job, "template"), "spec");
}

void AddEnvironment(const Json& container, Digests& out) {
  const Json& env = At(container, "env");
  if (!env.is_array()) return;
  for (const auto& variable : env) {
    const Json& from = At(variable, "valueFrom");
    const std::string value =
        from.is_null() ? "value:" + TextOf(At(variable, "value")) : "from:" + TextOf(from);
    out[TextOf(At(container, "name")) + "/" + TextOf(At(variable, "name"))] = Sha256Hex(value);
  }
}

}  // namespace

Result<std::vector<KeyDigest>> DataDigests(const Object& object) {
  ASSIGN_OR_RETURN(const Json json, Parse(object));
  Digests digests;
  AddData(At(json, "data"), object.kind == "Secret", digests);
  AddData(At(json, "binaryData"), true, digests);
  AddData(At(json, "stringData"), false, digests);  // wins over data, as on the server
  return Listed(digests);
}

Result<std::vector<KeyDigest>> EnvDigests(const Object& object) {
  ASSIGN_OR_RETURN(const Json json, Parse(object));
  Digests digests;
  for (const std::string_view list : {"initContainers", "containers"}) {
    const Json& containers = At(PodSpecOf(json), list);
    if (!containers.is_array()) continue;
    for (const auto& container : containers) AddEnvironment(container, digests);
  }
  return Listed(digests);
}

}  // namespace datafly::manifest
