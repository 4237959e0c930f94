#include "common/gather/rendered.h"

#include "common/core/kinds/decode.h"

namespace datafly::gather {
namespace {

bool IsWorkload(const manifest::Object& object) {
  return manifest::GroupOf(object.api_version) == "apps" &&
         (object.kind == "Deployment" || object.kind == "StatefulSet" ||
          object.kind == "DaemonSet");
}

template <class T>
Result<void> Append(const manifest::Object& object, Result<T> decoded, std::vector<T>& out) {
  if (!decoded) return Fail(decoded.error().Within(manifest::ObjectName(object)));
  out.push_back(*std::move(decoded));
  return {};
}

Result<void> AddObject(const manifest::Object& object, Rendered& rendered) {
  rendered.objects.push_back({object.api_version, object.kind, object.name_space, object.name});
  if (IsWorkload(object))
    return Append(object, kinds::DecodeWorkload(object.json), rendered.workloads);
  // Only the shapes that the decoders know; an older version of these kinds is judged by the
  // removed-API check.
  if (object.kind == "HorizontalPodAutoscaler" && object.api_version == "autoscaling/v2") {
    return Append(object, kinds::DecodeHpa(object.json), rendered.hpas);
  }
  if (object.kind == "PodDisruptionBudget")
    return Append(object, kinds::DecodePdb(object.json), rendered.pdbs);
  return {};
}

bool HasMigrateContainer(const Rendered& rendered, const Profile& profile) {
  for (const kinds::Workload& workload : rendered.workloads) {
    if (workload.meta.name.find(profile.migrations_workload) == std::string::npos) continue;
    for (const kinds::ContainerSpec& container : workload.pod.init_containers) {
      if (container.name == profile.migrate_container) return true;
    }
  }
  return false;
}

}  // namespace

Result<Rendered> Reduce(const std::vector<manifest::Object>& objects, const Profile& profile) {
  Rendered rendered;
  for (const manifest::Object& object : objects) TRY(AddObject(object, rendered));
  rendered.has_migrate_container = HasMigrateContainer(rendered, profile);
  return rendered;
}

Result<Rendered> ReduceManifest(std::string_view manifest_yaml, const Profile& profile) {
  ASSIGN_OR_RETURN(const auto objects, manifest::ParseManifest(manifest_yaml));
  return Reduce(objects, profile);
}

}  // namespace datafly::gather
