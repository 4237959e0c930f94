#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/planned.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using kinds::ContainerSpec;
using kinds::Pdb;
using kinds::Workload;

constexpr std::string_view kReplicas = "SIG-ZDT-001";
constexpr std::string_view kStrategy = "SIG-ZDT-002";
constexpr std::string_view kReadiness = "SIG-ZDT-003";
constexpr std::string_view kGraceful = "SIG-ZDT-004";
constexpr std::string_view kSpread = "SIG-ZDT-005";
constexpr std::string_view kPdbMissing = "SIG-ZDT-006";
constexpr std::string_view kPdbBlocks = "SIG-ZDT-007";
constexpr std::string_view kPdbSeveral = "SIG-ZDT-008";

constexpr std::array kSpecs = {
    CheckSpec{kReplicas, "Every service has at least two replicas", Requirement::Required, true,
              "With one replica each restart and each node drain is an outage of the service. On "
              "the gateway that loses events, elsewhere it delays them.",
              "Raise the replicas (or the autoscaler's minimum) in the values.",
              "the product's docs: deployment/upgrades, zero downtime; spec.replicas, minReplicas"},
    CheckSpec{kStrategy, "Every rollout keeps pods serving", Requirement::Required, true,
              "Recreate, or a maxUnavailable of all pods, stops the old pods before the new ones "
              "are Ready.",
              "Use RollingUpdate with maxUnavailable 0 and maxSurge 1.",
              "apps/v1 DeploymentStrategy; the product's docs: deployment/upgrades"},
    CheckSpec{kReadiness, "Every service has a readiness probe", Requirement::Required, true,
              "Without one a pod gets traffic as soon as its process runs, and a rollout goes on "
              "over pods that do not work.",
              "Give the container a readinessProbe.", "core/v1 Container.readinessProbe"},
    CheckSpec{kGraceful, "Pods that take traffic end gracefully", Requirement::Advisory, true,
              "A pod that ends at once drops the requests that still come to it while its "
              "endpoint is being removed.",
              "Give the container a preStop hook and the pod a terminationGracePeriodSeconds "
              "above it.",
              "core/v1 Lifecycle.preStop, terminationGracePeriodSeconds"},
    CheckSpec{kSpread, "Replicas are spread over nodes", Requirement::Advisory, true,
              "Nothing keeps the replicas apart: the drain or loss of one node may take them all.",
              "Add topologySpreadConstraints or pod anti-affinity in the values.",
              "core/v1 TopologySpreadConstraint, PodAntiAffinity"},
    CheckSpec{
        kPdbMissing, "Every service with replicas has a PodDisruptionBudget", Requirement::Advisory,
        true, "A node drain may evict all replicas at once. (A rollout never asks a budget.)",
        "Switch pdb.enabled on in the values.",
        "policy/v1 PodDisruptionBudget; the product's docs: deployment/upgrades, pdb.enabled"},
    CheckSpec{kPdbBlocks, "No PodDisruptionBudget blocks every drain", Requirement::Advisory, true,
              "A budget that never allows a disruption makes node drains hang. (It does not stop "
              "a rollout.)",
              "Use maxUnavailable 1 instead of a minAvailable of all replicas.",
              "policy/v1 status.disruptionsAllowed; minAvailable against the replicas"},
    CheckSpec{kPdbSeveral, "No pod is under several PodDisruptionBudgets", Requirement::Advisory,
              true, "The eviction of a pod that two budgets select always fails.",
              "Keep one of them.", "policy/v1 eviction: more than one PodDisruptionBudget"},
};

std::string Target(const Workload& workload) {
  return ShellQuote(ToLower(workload.kind) + "/" + workload.meta.name);
}

bool ServesTraffic(const Workload& workload, const Profile& profile) {
  return std::any_of(profile.services.begin(), profile.services.end(),
                     [&](const ServiceProfile& service) {
                       return service.serves_traffic && service.deployment == workload.meta.name;
                     });
}

/// What costs events where traffic comes in fails there, and warns elsewhere.
CheckVerdict Weigh(const Workload& workload, const Profile& profile) {
  return ServesTraffic(workload, profile) ? CheckVerdict::Fail : CheckVerdict::Warn;
}

/// With a target a change of the live object would not last: it is the values that must change.
std::string LiveOrValues(const Facts& facts, std::string command, std::string sentence) {
  return facts.target ? std::move(sentence) : std::move(command);
}

using Findings = std::vector<Finding>;

void JudgeReplicas(const PlannedWorkload& planned, const Input& input, Findings& out) {
  const Workload& workload = *planned.workload;
  const std::int64_t replicas = planned.LowestReplicas();
  if (workload.kind == "DaemonSet" || replicas >= 2) return;
  const std::string kubectl = Kubectl(input.facts.scope);
  const std::string command =
      planned.hpa != nullptr
          ? fmt::format("{} patch hpa {} -p '{{\"spec\":{{\"minReplicas\":2}}}}'", kubectl,
                        ShellQuote(planned.hpa->meta.name))
          : fmt::format("{} scale {} --replicas=2", kubectl, Target(workload));
  out.push_back(Make(kReplicas, Weigh(workload, input.profile), workload.Id(),
                     planned.hpa != nullptr
                         ? fmt::format("its autoscaler goes down to {}", Count(replicas, "replica"))
                         : Count(replicas, "replica"),
                     LiveOrValues(input.facts, command,
                                  "Set at least 2 replicas in the values given with --to.")));
}

/// How the rollout stops too much at once, or empty.
std::string StrategyFault(const PlannedWorkload& planned) {
  const Workload& workload = *planned.workload;
  if (workload.kind != "Deployment") {
    return workload.strategy == "OnDelete" ? "OnDelete: an upgrade replaces no pod by itself" : "";
  }
  if (workload.strategy == "Recreate") return "Recreate: all pods stop before new ones start";
  const std::int64_t replicas = planned.RolloutReplicas();
  const std::int64_t unavailable = UnavailablePods(workload, replicas);
  if (replicas == 0 || unavailable < replicas) return {};
  return fmt::format("maxUnavailable lets {} of {} stop at once", unavailable,
                     Count(replicas, "replica"));
}

void JudgeStrategy(const PlannedWorkload& planned, const Input& input, Findings& out) {
  const std::string fault = StrategyFault(planned);
  if (fault.empty()) return;
  const Workload& workload = *planned.workload;
  const std::string command = fmt::format(
      "{} patch {} -p '{{\"spec\":{{\"strategy\":{{\"type\":\"RollingUpdate\",\"rollingUpdate\":{{"
      "\"maxUnavailable\":0,\"maxSurge\":1}}}}}}}}'",
      Kubectl(input.facts.scope), Target(workload));
  const bool by_command = workload.kind == "Deployment" && !input.facts.target;
  out.push_back(Make(kStrategy, Weigh(workload, input.profile), workload.Id(), fault,
                     by_command ? command : std::string()));
}

bool HasReadiness(const ContainerSpec& container) { return container.readiness.has_value(); }

void JudgeReadiness(const PlannedWorkload& planned, const Input& input, Findings& out) {
  const auto& containers = planned.workload->pod.containers;
  if (std::any_of(containers.begin(), containers.end(), HasReadiness)) return;
  out.push_back(Make(kReadiness, Weigh(*planned.workload, input.profile), planned.workload->Id(),
                     "no container has a readiness probe"));
}

void JudgeGraceful(const PlannedWorkload& planned, const Input& input, Findings& out) {
  const Workload& workload = *planned.workload;
  if (workload.pod.termination_grace_seconds <= 0) {
    out.push_back(Make(kGraceful, CheckVerdict::Warn, workload.Id(),
                       "terminationGracePeriodSeconds is 0: its processes are killed at once"));
    return;
  }
  if (!ServesTraffic(workload, input.profile)) return;
  const auto& containers = workload.pod.containers;
  const bool drains = std::any_of(containers.begin(), containers.end(),
                                  [](const ContainerSpec& one) { return one.has_pre_stop; });
  if (drains) return;
  out.push_back(
      Make(kGraceful, CheckVerdict::Warn, workload.Id(), "takes traffic and has no preStop hook"));
}

/// Nodes that are known of: by the list, or (without the right to it) by where pods run.
std::optional<std::size_t> KnownNodes(const Facts& facts) {
  if (facts.nodes) return facts.nodes->size();
  if (!facts.pods) return std::nullopt;
  std::set<std::string_view> names;
  for (const kinds::Pod& pod : *facts.pods) {
    if (!pod.node.empty()) names.insert(pod.node);
  }
  return names.size() > 1 ? std::optional(names.size()) : std::nullopt;
}

void JudgeSpread(const PlannedWorkload& planned, const Input&, Findings& out) {
  const Workload& workload = *planned.workload;
  const bool spread = workload.pod.has_pod_anti_affinity || workload.pod.has_topology_spread;
  if (workload.kind == "DaemonSet" || spread || planned.LowestReplicas() < 2) return;
  out.push_back(Make(kSpread, CheckVerdict::Warn, workload.Id(),
                     fmt::format("{}, neither anti-affinity nor topology spread",
                                 Count(planned.LowestReplicas(), "replica"))));
}

std::vector<const Pdb*> PdbsOf(const Workload& workload, const Input& input) {
  std::vector<const Pdb*> out;
  for (const Pdb* pdb : PlannedPdbs(input)) {
    if (pdb->selector.Matches(workload.pod.labels)) out.push_back(pdb);
  }
  return out;
}

std::string SelectorFlag(const kinds::LabelSelector& selector) {
  std::vector<std::string> pairs;
  for (const auto& [key, value] : selector.match_labels)
    pairs.push_back(fmt::format("{}={}", key, value));
  return fmt::format("{}", fmt::join(pairs, ","));
}

void JudgePdbMissing(const PlannedWorkload& planned, const Input& input, Findings& out) {
  const Workload& workload = *planned.workload;
  if (workload.kind == "DaemonSet" || planned.LowestReplicas() < 2) return;
  if (!PdbsOf(workload, input).empty()) return;
  std::string command;
  if (workload.selector.expressions.empty() && !input.facts.target) {
    command = fmt::format("{} create poddisruptionbudget {} --selector={} --max-unavailable=1",
                          Kubectl(input.facts.scope), ShellQuote(workload.meta.name),
                          ShellQuote(SelectorFlag(workload.selector)));
  }
  out.push_back(Make(kPdbMissing, CheckVerdict::Warn, workload.Id(),
                     "no PodDisruptionBudget selects its pods", command));
}

/// By its own numbers, whatever state the pods are in.
bool NeverAllows(const Pdb& pdb, std::int64_t replicas) {
  if (pdb.max_unavailable) return pdb.max_unavailable->Resolve(replicas, true) <= 0;
  return pdb.min_available && pdb.min_available->Resolve(replicas, true) >= replicas;
}

std::string BlockingWords(const Pdb& pdb) {
  const auto written = [](const kinds::IntOrPercent& value) {
    return fmt::format("{}{}", value.value, value.percent ? "%" : "");
  };
  return pdb.max_unavailable ? "maxUnavailable " + written(*pdb.max_unavailable)
                             : "minAvailable " + written(*pdb.min_available);
}

void JudgePdbBlocks(const PlannedWorkload& planned, const Input& input, Findings& out) {
  const std::int64_t replicas = planned.RolloutReplicas();
  if (replicas <= 0) return;
  for (const Pdb* pdb : PdbsOf(*planned.workload, input)) {
    if (!NeverAllows(*pdb, replicas)) continue;
    const std::string command = fmt::format(
        "{} patch pdb {} -p '{{\"spec\":{{\"minAvailable\":null,\"maxUnavailable\":1}}}}'",
        Kubectl(input.facts.scope), ShellQuote(pdb->meta.name));
    out.push_back(Make(kPdbBlocks, CheckVerdict::Warn, "PodDisruptionBudget/" + pdb->meta.name,
                       fmt::format("{} with {}: no pod may ever be evicted", BlockingWords(*pdb),
                                   Count(replicas, "replica")),
                       input.facts.target ? std::string() : command));
  }
}

void JudgePdbSeveral(const PlannedWorkload& planned, const Input& input, Findings& out) {
  const auto pdbs = PdbsOf(*planned.workload, input);
  if (pdbs.size() < 2) return;
  std::vector<std::string> names;
  for (const Pdb* pdb : pdbs) names.push_back(pdb->meta.name);
  out.push_back(
      Make(kPdbSeveral, CheckVerdict::Warn, planned.workload->Id(),
           "its pods are under " + JoinNames(names),
           fmt::format("{} delete pdb {}", Kubectl(input.facts.scope), ShellQuote(names.back()))));
}

using Judge = void (*)(const PlannedWorkload&, const Input&, Findings&);

struct Rule {
  std::string_view code;
  Judge judge;
  std::string_view passes;
};

constexpr Rule kRules[] = {
    {kReplicas, JudgeReplicas, "two replicas or more each"},
    {kStrategy, JudgeStrategy, "pods are replaced while others serve"},
    {kReadiness, JudgeReadiness, "each has one"},
    {kGraceful, JudgeGraceful, "what takes traffic drains before it ends"},
    {kSpread, JudgeSpread, "replicas are spread"},
    {kPdbMissing, JudgePdbMissing, "all with two replicas have a budget"},
    {kPdbBlocks, JudgePdbBlocks, "each budget allows a disruption"},
    {kPdbSeveral, JudgePdbSeveral, "one budget at most for each"},
};

bool IsAboutPdbs(std::string_view code) { return code >= kPdbMissing; }

/// A code that cannot be judged at all, or does not apply: its one finding.
std::optional<Finding> Precondition(std::string_view code, const Input& input) {
  const Facts& facts = input.facts;
  if (code == kSpread) {
    const auto nodes = KnownNodes(facts);
    if (!nodes) return MakeUnknown(code, "nodes", facts.nodes.absence(), facts.scope);
    if (*nodes < 2) return MakeSkipped(code, "there is only one node");
  }
  if (!IsAboutPdbs(code) || facts.pdbs) return std::nullopt;
  if (code == kPdbMissing) {
    return MakeUnknown(code, "budgets", facts.pdbs.absence(), facts.scope);
  }
  return MakeSkipped(code, "the budgets are not known (SIG-ZDT-006)");
}

std::vector<Finding> JudgeRule(const Rule& rule, const std::vector<PlannedWorkload>& workloads,
                               const Input& input) {
  if (auto finding = Precondition(rule.code, input)) return {*finding};
  Findings out;
  for (const PlannedWorkload& planned : workloads) rule.judge(planned, input, out);
  if (out.empty()) out.push_back(Make(rule.code, CheckVerdict::Pass, {}, std::string(rule.passes)));
  return out;
}

std::vector<Finding> AllSkipped(Finding first, std::string_view why) {
  std::vector<Finding> out{std::move(first)};
  for (const CheckSpec& spec : std::span(kSpecs).subspan(1)) {
    out.push_back(MakeSkipped(spec.code, std::string(why)));
  }
  return out;
}

std::vector<Finding> JudgeDowntime(const Input& input) {
  const Facts& facts = input.facts;
  if (const Absence* missing = MissingPlan(facts)) {
    return AllSkipped(MakeUnknown(kReplicas, "workloads", *missing, facts.scope),
                      "the workloads are not known (SIG-ZDT-001)");
  }
  const auto workloads = PlannedWorkloads(input);
  if (workloads.empty()) {
    constexpr std::string_view kNone = "there are no workloads; see SIG-WRK-001";
    return AllSkipped(MakeSkipped(kReplicas, std::string(kNone)), kNone);
  }
  std::vector<Finding> out;
  for (const Rule& rule : kRules) {
    std::vector<Finding> found = JudgeRule(rule, workloads, input);
    std::move(found.begin(), found.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace

const Family kDowntimeFamily{"downtime", "Zero downtime", kSpecs, JudgeDowntime};

}  // namespace datafly::checks
