#include "common/gather/cluster_profile.h"

#include <nlohmann/json.hpp>

#include "common/io/kube/client.h"

namespace datafly::gather {
namespace {

using nlohmann::json;

Absence Invalid(std::string_view why) {
  return {AbsenceKind::Invalid, fmt::format("ConfigMap {}: {}", kClusterProfileName, why), {}};
}

}  // namespace

std::string ClusterProfilePath(const std::string& name_space) {
  return kube::Resource{"v1", "configmaps", name_space}.Path(kClusterProfileName);
}

Fact<ClusterProfile> DecodeClusterProfile(const Result<std::string>& reply,
                                          const std::string& name_space) {
  if (!reply) {
    return Absence::From(reply.error(),
                         fmt::format("get configmaps/{} in {}", kClusterProfileName, name_space));
  }
  const json object = json::parse(*reply, nullptr, /*allow_exceptions=*/false);
  const json::json_pointer document(fmt::format("/data/{}", kClusterProfileKey));
  if (!object.is_object() || !object.contains(document) || !object[document].is_string())
    return Invalid(fmt::format("it has no key {}", kClusterProfileKey));
  auto profile = ReadClusterProfile(object[document].get_ref<const std::string&>());
  if (!profile) return Invalid(profile.error().message);
  return *std::move(profile);
}

}  // namespace datafly::gather
