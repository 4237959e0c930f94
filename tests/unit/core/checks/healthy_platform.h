#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/time.h"
#include "common/core/checks/families.h"

/// A healthy platform of the product's shape on one node, for the tests of the families: each test
/// breaks one thing of it.
namespace datafly::checks::test {

using kinds::ContainerState;
using kinds::ContainerStatus;
using kinds::Pod;
using kinds::Workload;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline const Time kNow = *ParseTime("2026-11-26T12:00:00Z");

inline Quantity Mebi(std::int64_t count) { return Quantity::FromUnits(count << 20); }
inline Quantity Gibi(std::int64_t count) { return Quantity::FromUnits(count << 30); }

/// The profile of a lab: the documented minimums lowered to one small node.
inline Profile LabProfile() {
  Profile profile;
  profile.services = {{"ingestion-gateway", "Ingestion Gateway", true},
                      {"event-processor", "Event Processor", false}};
  profile.minimums.nodes = 1;
  profile.minimums.nodes_recommended = 1;
  profile.minimums.node_cpu = Quantity{2000};
  profile.minimums.node_memory = Gibi(4);
  return profile;
}

inline kinds::ContainerSpec HealthyContainer(const std::string& name) {
  kinds::ContainerSpec spec;
  spec.name = name;
  spec.image = "registry.example/datafly/" + name + ":v1.2.0";
  spec.requests = {{"cpu", Quantity{100}}, {"memory", Mebi(128)}};
  spec.limits = {{"cpu", Quantity{500}}, {"memory", Mebi(256)}};
  spec.readiness = kinds::Probe{"httpGet", 0, 10, 1, 3, 1};
  spec.has_pre_stop = true;
  return spec;
}

/// As the API server shows a Deployment after its rollout.
inline Workload HealthyDeployment(const std::string& name, std::int64_t replicas) {
  Workload workload;
  workload.kind = "Deployment";
  workload.meta.name = name;
  workload.meta.name_space = "datafly";
  workload.meta.generation = 3;
  workload.replicas = replicas;
  workload.selector.match_labels = {{"app.kubernetes.io/name", name}};
  workload.strategy = "RollingUpdate";
  workload.max_surge = {1, false};
  workload.max_unavailable = {0, false};
  workload.pod.labels = workload.selector.match_labels;
  workload.pod.containers = {HealthyContainer(name)};
  workload.pod.has_topology_spread = true;
  workload.observed_generation = 3;
  workload.status_replicas = workload.updated_replicas = replicas;
  workload.ready_replicas = workload.available_replicas = replicas;
  workload.conditions = {{"Available", "True", "MinimumReplicasAvailable", "", {}},
                         {"Progressing", "True", "NewReplicaSetAvailable", "", {}}};
  return workload;
}

/// The same in a rendered manifest: no status.
inline Workload Rendered(Workload workload) {
  workload.observed_generation = workload.status_replicas = workload.updated_replicas = 0;
  workload.ready_replicas = workload.available_replicas = workload.meta.generation = 0;
  workload.conditions.clear();
  workload.meta.name_space.clear();
  return workload;
}

inline ContainerState RunningState() {
  ContainerState state;
  state.kind = ContainerState::Kind::Running;
  state.started_at = kNow - hours(5);
  return state;
}
inline ContainerState WaitingState(std::string reason, std::string message = {}) {
  ContainerState state;
  state.kind = ContainerState::Kind::Waiting;
  state.reason = std::move(reason);
  state.message = std::move(message);
  return state;
}
inline ContainerState TerminatedState(std::string reason, std::int32_t exit_code,
                                      Time finished = kNow - minutes(2)) {
  ContainerState state;
  state.kind = ContainerState::Kind::Terminated;
  state.reason = std::move(reason);
  state.exit_code = exit_code;
  state.finished_at = finished;
  return state;
}

inline Pod HealthyPod(const Workload& workload, int index) {
  Pod pod;
  pod.meta.name = workload.meta.name + "-7d9f-" + std::to_string(index);
  pod.meta.name_space = workload.meta.name_space;
  pod.meta.labels = workload.pod.labels;
  pod.meta.creation = kNow - hours(5);
  pod.node = "node1";
  pod.phase = "Running";
  pod.requests = workload.pod.EffectiveRequests();
  pod.conditions = {{"PodScheduled", "True", "", "", {}},
                    {"Initialized", "True", "", "", {}},
                    {"Ready", "True", "", "", kNow - hours(5)}};
  for (const kinds::ContainerSpec& spec : workload.pod.init_containers) {
    ContainerStatus status;
    status.name = spec.name;
    status.image = spec.image;
    status.init = true;
    status.state = TerminatedState("Completed", 0, kNow - hours(5));
    pod.containers.push_back(status);
  }
  for (const kinds::ContainerSpec& spec : workload.pod.containers) {
    ContainerStatus status;
    status.name = spec.name;
    status.image = spec.image;
    status.ready = status.started = true;
    status.state = RunningState();
    pod.containers.push_back(status);
  }
  return pod;
}

inline kinds::Hpa HealthyHpa(const std::string& target) {
  kinds::Hpa hpa;
  hpa.meta.name = target;
  hpa.meta.name_space = "datafly";
  hpa.target_kind = "Deployment";
  hpa.target_name = target;
  hpa.min_replicas = 2;
  hpa.max_replicas = 4;
  hpa.current_replicas = hpa.desired_replicas = 2;
  hpa.metrics = {"cpu 80%"};
  hpa.conditions = {{"AbleToScale", "True", "ReadyForNewScale", "", {}},
                    {"ScalingActive", "True", "ValidMetricFound", "", {}},
                    {"ScalingLimited", "True", "TooFewReplicas", "", {}}};
  return hpa;
}

inline kinds::Pdb HealthyPdb(const Workload& workload) {
  kinds::Pdb pdb;
  pdb.meta.name = workload.meta.name;
  pdb.meta.name_space = "datafly";
  pdb.selector = workload.selector;
  pdb.max_unavailable = kinds::IntOrPercent{1, false};
  pdb.disruptions_allowed = 1;
  pdb.expected_pods = pdb.current_healthy = workload.DesiredReplicas();
  pdb.desired_healthy = pdb.expected_pods - 1;
  pdb.conditions = {{"DisruptionAllowed", "True", "SufficientPods", "", {}}};
  return pdb;
}

inline kinds::Node HealthyNode(const std::string& name) {
  kinds::Node node;
  node.meta.name = name;
  node.capacity = {
      {"cpu", Quantity{4000}}, {"memory", Gibi(8)}, {"pods", Quantity::FromUnits(110)}};
  node.allocatable = node.capacity;
  node.conditions = {{"Ready", "True", "KubeletReady", "", {}},
                     {"MemoryPressure", "False", "", "", {}}};
  node.os = "linux";
  node.architecture = "amd64";
  return node;
}

inline ImageFacts HealthyImage(const std::string& service) {
  ImageFacts image;
  image.reference = "registry.example/datafly/" + service + ":v1.2.0";
  image.used_by = {"Deployment/" + service};
  image.platforms = {"linux/amd64"};
  return image;
}

/// The release as it is rendered: two autoscaled Deployments write no replicas.
inline ReleaseFacts HealthyRelease(const std::vector<Workload>& workloads) {
  ReleaseFacts release;
  release.name = "datafly";
  release.revision = release.rendered_revision = 4;
  release.status = release.label_status = "deployed";
  release.chart_name = "datafly";
  release.chart_version = "1.2.0";
  release.last_deployed = kNow - hours(5);
  for (const Workload& workload : workloads) {
    Workload rendered = Rendered(workload);
    const bool scaled =
        workload.meta.name == "ingestion-gateway" || workload.meta.name == "event-processor";
    if (scaled) rendered.replicas.reset();
    release.rendered.objects.push_back({"apps/v1", workload.kind, "", workload.meta.name});
    release.rendered.workloads.push_back(rendered);
    if (scaled) release.rendered.hpas.push_back(HealthyHpa(workload.meta.name));
    if (workload.DesiredReplicas() >= 2) release.rendered.pdbs.push_back(HealthyPdb(workload));
  }
  return release;
}

inline std::vector<Workload> HealthyWorkloads() {
  std::vector<Workload> workloads{
      HealthyDeployment("ingestion-gateway", 2), HealthyDeployment("event-processor", 2),
      HealthyDeployment("delivery-workers", 2),  HealthyDeployment("identity-hub", 1),
      HealthyDeployment("management-api", 1),    HealthyDeployment("management-ui", 1)};
  kinds::ContainerSpec migrate = HealthyContainer("migrate");
  migrate.readiness.reset();
  workloads[4].pod.init_containers = {migrate};
  return workloads;
}

inline Facts HealthyFacts() {
  Facts facts;
  facts.taken_at = kNow;
  facts.scope.context = "prod";
  facts.scope.name_space = "datafly";
  facts.scope.release = "datafly";
  facts.server_version = kinds::ServerVersion{"v1.36.3", "linux/amd64"};
  const std::vector<Workload> workloads = HealthyWorkloads();
  std::vector<Pod> pods;
  std::vector<kinds::Pdb> pdbs;
  std::vector<ImageFacts> images;
  for (const Workload& workload : workloads) {
    for (int i = 0; i < workload.DesiredReplicas(); ++i) pods.push_back(HealthyPod(workload, i));
    if (workload.DesiredReplicas() >= 2) pdbs.push_back(HealthyPdb(workload));
    images.push_back(HealthyImage(workload.meta.name));
  }
  facts.release = HealthyRelease(workloads);
  facts.workloads = workloads;
  facts.pods = pods;
  facts.pdbs = pdbs;
  facts.images = images;
  facts.hpas = std::vector{HealthyHpa("ingestion-gateway"), HealthyHpa("event-processor")};
  facts.quotas = std::vector<kinds::ResourceQuota>{};
  facts.nodes = std::vector{HealthyNode("node1")};
  facts.requests_by_node = std::map<std::string, kinds::ResourceList>{
      {"node1", {{"cpu", Quantity{200}}, {"memory", Mebi(256)}}}};
  facts.backups = std::vector<BackupEvidence>{
      {"batch/v1 CronJob datafly/postgres-backup", true, "last success", kNow - minutes(20)}};
  facts.metrics_served = true;
  return facts;
}

/// The same platform with a target of the same shape.
inline Facts HealthyFactsWithTarget() {
  Facts facts = HealthyFacts();
  TargetFacts target;
  target.requested = "1.3.0";
  target.chart_name = "datafly";
  target.chart_version = "1.3.0";
  target.rendered = facts.release->rendered;
  std::vector<ImageFacts> images = *facts.images;
  for (ImageFacts& image : images) image.reference.replace(image.reference.size() - 6, 6, "v1.3.0");
  target.images = images;
  facts.target = target;
  return facts;
}

inline Workload& WorkloadNamed(Facts& facts, std::string_view name) {
  return *std::find_if(facts.workloads->begin(), facts.workloads->end(),
                       [&](const Workload& workload) { return workload.meta.name == name; });
}
inline Workload& WorkloadNamed(datafly::Rendered& rendered, std::string_view name) {
  return *std::find_if(rendered.workloads.begin(), rendered.workloads.end(),
                       [&](const Workload& workload) { return workload.meta.name == name; });
}
/// The pod `index` of a workload.
inline Pod& PodNamed(Facts& facts, std::string_view workload, int index = 0) {
  const std::string name = std::string(workload) + "-7d9f-" + std::to_string(index);
  return *std::find_if(facts.pods->begin(), facts.pods->end(),
                       [&](const Pod& pod) { return pod.meta.name == name; });
}
/// Takes the Ready condition and the main container's readiness away, and tells the workload.
inline Pod& Unready(Facts& facts, std::string_view workload, int index = 0) {
  Pod& pod = PodNamed(facts, workload, index);
  for (kinds::Condition& condition : pod.conditions) {
    if (condition.type == "Ready") {
      condition.status = "False";
      condition.reason = "ContainersNotReady";
      condition.last_transition = kNow - minutes(3);
    }
  }
  for (ContainerStatus& container : pod.containers) container.ready = container.started = false;
  Workload& owner = WorkloadNamed(facts, workload);
  --owner.ready_replicas;
  --owner.available_replicas;
  return pod;
}

inline std::vector<Finding> Judge(const Family& family, const Facts& facts,
                                  const Profile& profile = LabProfile()) {
  return family.judge(Input{facts, profile});
}

inline std::vector<Finding> Of(const std::vector<Finding>& findings, std::string_view code) {
  std::vector<Finding> out;
  std::copy_if(findings.begin(), findings.end(), std::back_inserter(out),
               [&](const Finding& finding) { return finding.code == code; });
  return out;
}

/// The codes with that verdict, each once, in order.
inline std::vector<std::string> Codes(const std::vector<Finding>& findings, CheckVerdict verdict) {
  std::vector<std::string> codes;
  for (const Finding& finding : findings) {
    if (finding.verdict == verdict && (codes.empty() || codes.back() != finding.code)) {
      codes.push_back(finding.code);
    }
  }
  return codes;
}

/// The verdicts of one code, as words: "fail", "warn warn".
inline std::string Verdicts(const std::vector<Finding>& findings, std::string_view code) {
  std::string words;
  for (const Finding& finding : Of(findings, code)) {
    if (!words.empty()) words += ' ';
    words += ToString(finding.verdict);
  }
  return words;
}

/// All that a finding must hold: a known code, one line, a remedy where something is to be done.
inline void ExpectWellFormed(const std::vector<Finding>& findings, const Family& family) {
  std::size_t at = 0;
  for (const Finding& finding : findings) {
    const auto spec = std::find_if(family.catalogue.begin(), family.catalogue.end(),
                                   [&](const CheckSpec& one) { return one.code == finding.code; });
    ASSERT_NE(spec, family.catalogue.end()) << finding.code;
    const auto place = static_cast<std::size_t>(spec - family.catalogue.begin());
    EXPECT_GE(place, at) << finding.code << " is out of the catalogue's order";
    at = place;
    EXPECT_FALSE(finding.seen.empty()) << finding.code;
    EXPECT_EQ(finding.seen.find('\n'), std::string::npos) << finding.seen;
    const bool asks =
        finding.verdict == CheckVerdict::Warn || finding.verdict == CheckVerdict::Fail;
    EXPECT_TRUE(!asks || !finding.remedy.empty()) << finding.code << ": " << finding.seen;
    EXPECT_TRUE(finding.verdict != CheckVerdict::Pass || finding.remedy.empty()) << finding.code;
  }
  for (const CheckSpec& spec : family.catalogue) {
    EXPECT_FALSE(Of(findings, spec.code).empty()) << spec.code << " is not reported";
  }
}

}  // namespace datafly::checks::test
