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

std::vector<RenderedObject> ReduceHooks(const std::vector<release::Hook>& hooks) {
  constexpr std::array<std::string_view, 4> kRun = {"pre-upgrade", "post-upgrade", "pre-rollback",
                                                    "post-rollback"};
  std::vector<RenderedObject> reduced;
  for (const release::Hook& hook : hooks) {
    const bool runs = std::any_of(kRun.begin(), kRun.end(), [&](std::string_view event) {
      return std::find(hook.events.begin(), hook.events.end(), event) != hook.events.end();
    });
    if (!runs) continue;
    const auto objects = manifest::ParseManifest(hook.manifest);
    if (!objects) continue;
    for (const manifest::Object& object : *objects)
      reduced.push_back({object.api_version, object.kind, object.name_space, object.name});
  }
  return reduced;
}

Result<Rendered> ReduceRecord(const release::ReleaseRecord& record, const Profile& profile) {
  ASSIGN_OR_RETURN(Rendered rendered, ReduceManifest(record.manifest, profile));
  rendered.hooks = ReduceHooks(record.hooks);
  return rendered;
}

}  // namespace datafly::gather
