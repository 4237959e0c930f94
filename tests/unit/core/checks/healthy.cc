#include "tests/unit/core/checks/healthy.h"

#include <gtest/gtest.h>

namespace datafly::checks {

namespace {

struct Shape {
  std::string_view name;
  std::int64_t replicas;
  std::int64_t cpu_milli;
  std::int64_t memory_mi;
};

/// knowledge of deployment/kubernetes: names and requests; two replicas of each, so that nothing is
/// to be said about them.
constexpr std::array<Shape, 6> kShapes = {{{"ingestion-gateway", 2, 250, 256},
                                           {"event-processor", 2, 500, 512},
                                           {"delivery-workers", 2, 250, 256},
                                           {"identity-hub", 2, 100, 128},
                                           {"management-api", 2, 250, 256},
                                           {"management-ui", 2, 100, 128}}};

Time At(std::string_view text) { return *ParseTime(text); }

kinds::ResourceList Resources(const Shape& shape, std::int64_t factor) {
  return {{"cpu", Quantity{shape.cpu_milli * factor}},
          {"memory", Quantity::FromUnits(shape.memory_mi * factor * (1LL << 20U))}};
}

std::string Image(std::string_view service) {
  return fmt::format("ghcr.io/datafly/{}:v1.3.0", service);
}

kinds::ContainerSpec Container(const Shape& shape) {
  kinds::ContainerSpec container;
  container.name = shape.name;
  container.image = Image(shape.name);
  container.requests = Resources(shape, 1);
  container.limits = Resources(shape, 2);
  container.readiness = kinds::Probe{"httpGet", 0, 5, 1, 3, 1};
  container.liveness = kinds::Probe{"httpGet", 5, 10, 1, 3, 1};
  container.has_pre_stop = true;
  container.env_names = {"PORT", "ENCRYPTION_KEY", "JWT_SECRET"};
  return container;
}

kinds::Condition True(std::string type, std::string reason) {
  return {std::move(type), "True", std::move(reason), "", At("2026-11-20T10:00:00Z")};
}

kinds::ObjectMeta Meta(std::string_view name) {
  kinds::ObjectMeta meta;
  meta.name = name;
  meta.name_space = "datafly";
  meta.uid = fmt::format("uid-{}", name);
  meta.labels = {{"app.kubernetes.io/part-of", "datafly"},
                 {"app.kubernetes.io/name", std::string(name)}};
  meta.annotations = {{"meta.helm.sh/release-name", "datafly"},
                      {"meta.helm.sh/release-namespace", "datafly"}};
  meta.creation = At("2026-10-01T08:00:00Z");
  meta.generation = 4;
  return meta;
}

kinds::Workload Rendered1(const Shape& shape) {
  kinds::Workload workload;
  workload.kind = "Deployment";
  workload.meta.name = shape.name;
  workload.replicas = shape.replicas;
  workload.selector.match_labels = {{"app.kubernetes.io/name", std::string(shape.name)}};
  workload.strategy = "RollingUpdate";
  workload.max_surge = {1, false};
  workload.max_unavailable = {0, false};
  workload.progress_deadline_seconds = 600;
  workload.pod.labels = {{"app.kubernetes.io/part-of", "datafly"},
                         {"app.kubernetes.io/name", std::string(shape.name)}};
  workload.pod.containers = {Container(shape)};
  workload.pod.service_account = "datafly";
  workload.pod.has_topology_spread = true;
  return workload;
}

kinds::Workload Live(const Shape& shape) {
  kinds::Workload workload = Rendered1(shape);
  workload.meta = Meta(shape.name);
  workload.observed_generation = 4;
  workload.status_replicas = workload.updated_replicas = shape.replicas;
  workload.ready_replicas = workload.available_replicas = shape.replicas;
  workload.conditions = {True("Available", "MinimumReplicasAvailable"),
                         True("Progressing", "NewReplicaSetAvailable")};
  return workload;
}

kinds::Pod PodOf(const Shape& shape, std::int64_t index) {
  kinds::Pod pod;
  pod.meta = Meta(fmt::format("{}-7d9c5b6f4d-{}", shape.name, index));
  pod.meta.labels["app.kubernetes.io/name"] = shape.name;
  pod.meta.controller =
      kinds::OwnerReference{"ReplicaSet", fmt::format("{}-7d9c5b6f4d", shape.name), "uid"};
  pod.node = fmt::format("node{}", index % 3 + 1);
  pod.phase = "Running";
  pod.start_time = At("2026-11-20T10:00:00Z");
  pod.requests = Resources(shape, 1);
  pod.conditions = {True("PodScheduled", ""), True("Initialized", ""), True("ContainersReady", ""),
                    True("Ready", "")};
  kinds::ContainerStatus status;
  status.name = shape.name;
  status.image = Image(shape.name);
  status.image_id = fmt::format("ghcr.io/datafly/{}@sha256:{}", shape.name, std::string(64, 'a'));
  status.ready = true;
  status.state.kind = kinds::ContainerState::Kind::Running;
  status.state.started_at = At("2026-11-20T10:00:00Z");
  pod.containers = {status};
  return pod;
}

kinds::Hpa HpaOf(std::string_view name) {
  kinds::Hpa hpa;
  hpa.meta = Meta(name);
  hpa.target_kind = "Deployment";
  hpa.target_name = name;
  hpa.min_replicas = 2;
  hpa.max_replicas = 4;
  hpa.current_replicas = hpa.desired_replicas = 2;
  hpa.metrics = {"cpu 80%"};
  hpa.conditions = {True("AbleToScale", "ReadyForNewScale"),
                    True("ScalingActive", "ValidMetricFound"),
                    {"ScalingLimited", "False", "DesiredWithinRange", "", std::nullopt}};
  return hpa;
}

kinds::Pdb PdbOf(std::string_view name) {
  kinds::Pdb pdb;
  pdb.meta = Meta(name);
  pdb.selector.match_labels = {{"app.kubernetes.io/name", std::string(name)}};
  pdb.max_unavailable = kinds::IntOrPercent{1, false};
  pdb.disruptions_allowed = 1;
  pdb.current_healthy = pdb.expected_pods = 2;
  pdb.desired_healthy = 1;
  pdb.conditions = {True("DisruptionAllowed", "SufficientPods")};
  return pdb;
}

kinds::Node NodeNamed(std::string name) {
  kinds::Node node;
  node.meta.name = std::move(name);
  node.capacity = {{"cpu", Quantity{8000}},
                   {"memory", Quantity::FromUnits(16LL << 30U)},
                   {"pods", Quantity::FromUnits(110)}};
  node.allocatable = node.capacity;
  node.conditions = {True("Ready", "KubeletReady")};
  node.os = "linux";
  node.architecture = "amd64";
  node.kubelet_version = "v1.36.3";
  node.container_runtime = "containerd://2.0.0";
  return node;
}

bool Scaled(std::string_view name) {
  return name == "ingestion-gateway" || name == "event-processor";
}

/// As the chart renders it: replicas left to the HPA where there is one, migrations in an init
/// container.
Rendered RenderedPlatform() {
  Rendered rendered;
  for (const Shape& shape : kShapes) {
    kinds::Workload workload = Rendered1(shape);
    if (Scaled(shape.name)) {
      workload.replicas.reset();
      rendered.hpas.push_back(HpaOf(shape.name));
      rendered.objects.push_back(
          {"autoscaling/v2", "HorizontalPodAutoscaler", "", std::string(shape.name)});
    }
    if (shape.name == "management-api") {
      workload.pod.init_containers = {Container(shape)};
      workload.pod.init_containers.front().name = "migrate";
    }
    rendered.objects.push_back({"apps/v1", "Deployment", "", std::string(shape.name)});
    rendered.objects.push_back({"policy/v1", "PodDisruptionBudget", "", std::string(shape.name)});
    rendered.objects.push_back({"v1", "Service", "", fmt::format("{}-svc", shape.name)});
    rendered.workloads.push_back(std::move(workload));
    rendered.pdbs.push_back(PdbOf(shape.name));
  }
  rendered.objects.push_back({"v1", "ConfigMap", "", "datafly-config"});
  rendered.objects.push_back({"v1", "Secret", "", "datafly-secrets"});
  rendered.objects.push_back({"v1", "ServiceAccount", "", "datafly"});
  rendered.has_migrate_container = true;
  return rendered;
}

ReleaseFacts Release() {
  ReleaseFacts release;
  release.name = "datafly";
  release.revision = 4;
  release.status = release.label_status = "deployed";
  release.chart_name = "datafly";
  release.chart_version = release.app_version = "1.3.0";
  release.description = "Upgrade complete";
  release.last_deployed = At("2026-11-20T10:00:00Z");
  release.apply_method = "csa";
  release.encoded_size = 40'000;
  for (std::int64_t revision = 1; revision <= 4; ++revision) {
    release.history.push_back(
        {revision, revision == 4 ? "deployed" : "superseded", At("2026-11-20T10:00:00Z")});
  }
  release.rendered = RenderedPlatform();
  release.rendered_revision = 4;
  release.migrations_enabled = true;
  release.rollback = RenderedPlatform();
  release.rollback_revision = 3;
  release.migration_files = {"000001_create_organisations", "000002_users"};
  return release;
}

std::vector<ImageFacts> Images(const Rendered& rendered) {
  std::vector<ImageFacts> images;
  for (const kinds::Workload& workload : rendered.workloads) {
    images.push_back({workload.pod.containers.front().image,
                      {workload.Id()},
                      ImageFacts::State::Exists,
                      "",
                      {"linux/amd64", "linux/arm64"}});
  }
  return images;
}

Profile HealthyProfile() {
  Profile profile;
  for (const Shape& shape : kShapes) {
    profile.services.push_back(
        {std::string(shape.name), std::string(shape.name), shape.name == "ingestion-gateway"});
  }
  profile.continuity_keys = {"ENCRYPTION_KEY", "JWT_SECRET"};
  profile.continuity_env = {"KAFKA_CONSUMER_GROUP"};
  profile.release_notes_url = "https://docs.dataflysignal.com/releases/{version}";
  return profile;
}

void FillLists(Facts& facts) {
  std::vector<kinds::Workload> workloads;
  std::vector<kinds::Pod> pods;
  std::vector<kinds::Hpa> hpas;
  std::vector<kinds::Pdb> pdbs;
  for (const Shape& shape : kShapes) {
    workloads.push_back(Live(shape));
    for (std::int64_t i = 0; i < shape.replicas; ++i) pods.push_back(PodOf(shape, i));
    if (Scaled(shape.name)) hpas.push_back(HpaOf(shape.name));
    pdbs.push_back(PdbOf(shape.name));
  }
  facts.workloads = workloads;
  facts.pods = pods;
  facts.hpas = hpas;
  facts.pdbs = pdbs;
  facts.quotas = std::vector<kinds::ResourceQuota>{};
  std::vector<kinds::Node> nodes;
  for (int i = 1; i <= 5; ++i) nodes.push_back(NodeNamed(fmt::format("node{}", i)));
  facts.nodes = nodes;
  facts.requests_by_node = std::map<std::string, kinds::ResourceList>{};
}

}  // namespace

World HealthyWorld() {
  World world;
  world.profile = HealthyProfile();
  Facts& facts = world.facts;
  facts.taken_at = At("2026-11-26T10:00:00Z");
  facts.scope = {"prod", "https://10.0.0.1:6443", "datafly", "datafly", "admin"};
  facts.server_version = kinds::ServerVersion{"v1.36.3", "linux/amd64"};
  facts.served_apis = ServedApis{{"v1", "apps/v1", "autoscaling/v2", "policy/v1", "batch/v1",
                                  "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1",
                                  "apiextensions.k8s.io/v1", "metrics.k8s.io/v1beta1"}};
  facts.release = Release();
  facts.owner = OwnerFacts{};
  FillLists(facts);
  facts.access = AccessReview{{{{"*"}, {"*"}, {"*"}, {}}}, false};
  facts.access_answers = std::vector<AccessAnswer>{};
  facts.images = Images(facts.release->rendered);
  facts.backups = std::vector<BackupEvidence>{
      {"velero.io/v1 Backup velero/nightly", true, "Completed", At("2026-11-26T09:30:00Z")}};
  facts.metrics_served = true;
  facts.cluster_profile = Absence{AbsenceKind::NotFound, "no such ConfigMap", ""};
  return world;
}

/// One Deployment gets another image.
diff::ReleaseDiff GoodChanges() {
  diff::ResourceChange change;
  change.id = {"apps", "Deployment", "datafly", "identity-hub"};
  change.api_version = "apps/v1";
  change.live_known = true;
  change.restarting_pods = 2;
  change.risks = {{diff::RiskClass::RestartsPods, "its 2 pods are replaced"}};
  diff::ReleaseDiff changes;
  changes.release = changes.name_space = "datafly";
  changes.three_way = true;
  changes.resources = {change};
  return changes;
}

void AddTarget(World& world) {
  TargetFacts target;
  target.requested = "1.4.0";
  target.chart_name = "datafly";
  target.chart_version = target.app_version = "1.4.0";
  target.kube_version_range = ">=1.28.0-0";
  target.rendered = RenderedPlatform();
  target.crds = std::vector<CrdFacts>{};
  target.images = Images(target.rendered);
  std::vector<DryRunFacts> dry_run;
  for (const RenderedObject& object : target.rendered.objects) {
    dry_run.push_back({object.kind + "/" + object.name, true, DryRunFacts::Cause::None, ""});
  }
  target.dry_run = dry_run;
  target.changes = GoodChanges();
  target.migration_files = {"000001_create_organisations", "000002_users", "000003_sources"};
  target.estimated_record_size = 42'000;
  world.facts.target = target;
}

kinds::Workload& WorkloadNamed(World& world, std::string_view name) {
  auto& workloads = *world.facts.workloads;
  auto found =
      std::find_if(workloads.begin(), workloads.end(),
                   [&](const kinds::Workload& workload) { return workload.meta.name == name; });
  EXPECT_NE(found, workloads.end()) << name;
  return *found;
}

}  // namespace datafly::checks
