#include "common/core/checks/capacity_nodes.h"

#include "common/core/base/text.h"
#include "common/core/checks/pod_causes.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using kinds::Node;
using kinds::Pod;
using kinds::PodTemplate;
using kinds::ResourceList;

/// A node and what is left of it.
struct Room {
  const Node* node;
  ResourceList free;
};

bool IsUsable(const Node& node) {
  const kinds::Condition* ready = FindCondition(node.conditions, "Ready");
  return !node.unschedulable && ready != nullptr && ready->status == "True";
}

void Subtract(ResourceList& free, const ResourceList& used) {
  for (const auto& [name, amount] : used) {
    const auto found = free.find(name);
    if (found != free.end()) found->second = found->second - amount;
  }
}

bool IsFinished(const Pod& pod) { return pod.phase == "Succeeded" || pod.phase == "Failed"; }

/// What a pod takes of a node: its requests, and one place.
ResourceList Needs(ResourceList requests) {
  requests["pods"] = Quantity::FromUnits(1);
  return requests;
}

std::vector<Room> Rooms(const Facts& facts) {
  std::vector<Room> rooms;
  std::map<std::string_view, ResourceList*> by_name;
  for (const Node& node : *facts.nodes) {
    if (IsUsable(node)) rooms.push_back({&node, node.allocatable});
  }
  for (Room& room : rooms) {
    by_name[room.node->meta.name] = &room.free;
    const auto others = facts.requests_by_node->find(room.node->meta.name);
    if (others != facts.requests_by_node->end()) Subtract(room.free, others->second);
  }
  for (const Pod& pod : *facts.pods) {
    const auto found = by_name.find(pod.node);
    if (found != by_name.end() && !IsFinished(pod)) Subtract(*found->second, Needs(pod.requests));
  }
  return rooms;
}

bool Fits(const ResourceList& free, const ResourceList& needs) {
  return std::all_of(needs.begin(), needs.end(), [&](const auto& need) {
    if (need.second.milli <= 0) return true;
    const auto found = free.find(need.first);
    return found != free.end() && found->second >= need.second;
  });
}

bool IsTainted(const Node& node) {
  return std::any_of(node.taints.begin(), node.taints.end(), [](const kinds::Taint& taint) {
    return taint.effect == "NoSchedule" || taint.effect == "NoExecute";
  });
}

bool Selects(const PodTemplate& pod, const Node& node) {
  return std::all_of(pod.node_selector.begin(), pod.node_selector.end(), [&](const auto& wanted) {
    const auto found = node.meta.labels.find(wanted.first);
    return found != node.meta.labels.end() && found->second == wanted.second;
  });
}

/// Certainly allowed: nothing about this node and pod depends on a rule that is not judged.
bool IsCertain(const PlannedWorkload& planned, const Node& node, const Facts& facts) {
  const PodTemplate& pod = planned.workload->pod;
  if (IsTainted(node) || pod.has_node_affinity) return false;
  if (!pod.has_pod_anti_affinity || planned.live == nullptr) return !pod.has_pod_anti_affinity;
  // A rule to keep its pods apart, if it is a strict one, allows the nodes without any of them.
  const auto pods = PodsOf(facts, *planned.live);
  return std::none_of(pods.begin(), pods.end(),
                      [&](const Pod* one) { return one->node == node.meta.name; });
}

bool IsPossible(const PlannedWorkload& planned, const Node& node) {
  const PodTemplate& pod = planned.workload->pod;
  return Selects(pod, node) && (!IsTainted(node) || pod.tolerates_anything);
}

enum class Placement { Certain, Possible, None };

/// Takes the room on the first node that fits, those that are certain first.
Placement Place(const PlannedWorkload& planned, const Facts& facts, std::vector<Room>& rooms) {
  const ResourceList needs = Needs(planned.workload->pod.EffectiveRequests());
  Room* possible = nullptr;
  for (Room& room : rooms) {
    if (!IsPossible(planned, *room.node) || !Fits(room.free, needs)) continue;
    if (IsCertain(planned, *room.node, facts)) {
      Subtract(room.free, needs);
      return Placement::Certain;
    }
    if (possible == nullptr) possible = &room;
  }
  if (possible == nullptr) return Placement::None;
  Subtract(possible->free, needs);
  return Placement::Possible;
}

std::string Requests(const PlannedWorkload& planned) {
  std::vector<std::string> parts;
  for (const auto& [name, amount] : planned.workload->pod.EffectiveRequests()) {
    const std::string text = name == "cpu"      ? FormatCpu(amount)
                             : name == "memory" ? FormatBytes(amount)
                                                : std::to_string(amount.Units());
    parts.push_back(fmt::format("{} {}", text, name));
  }
  return parts.empty() ? "no requests" : fmt::format("{}", fmt::join(parts, ", "));
}

struct Outcome {
  std::int64_t placed = 0;
  std::vector<std::string> unplaced, uncertain;
  bool blocks = false;  ///< one that does not fit may stop no old pod first
};

Outcome PlaceAll(const std::vector<PlannedWorkload>& workloads, const Facts& facts) {
  Outcome outcome;
  std::vector<Room> rooms = Rooms(facts);
  for (const PlannedWorkload& planned : workloads) {
    const std::int64_t replicas = planned.RolloutReplicas();
    if (SurgePods(*planned.workload, replicas) == 0) continue;
    const Placement placement = Place(planned, facts, rooms);
    const std::string line = planned.workload->Id() + ": " + Requests(planned);
    if (placement == Placement::Certain) ++outcome.placed;
    if (placement == Placement::Possible) outcome.uncertain.push_back(line);
    if (placement != Placement::None) continue;
    outcome.unplaced.push_back(line);
    outcome.blocks |= UnavailablePods(*planned.workload, replicas) == 0;
  }
  return outcome;
}

/// The pods already say that the nodes are full: then that is the one failing code.
bool PodsAreUnschedulable(const Input& input) {
  for (const kinds::Workload* workload :
       WorkloadsOfRelease(input.facts, input.profile.part_of_label)) {
    for (const Pod* pod : PodsOf(input.facts, *workload)) {
      const auto cause = FindPodCause(*pod, input);
      if (cause && cause->code == kPodUnschedulable) return true;
    }
  }
  return false;
}

bool NoUsableNode(const Facts& facts) {
  return std::none_of(facts.nodes->begin(), facts.nodes->end(), IsUsable);
}

const Absence* MissingInput(const Facts& facts) {
  if (!facts.nodes) return &facts.nodes.absence();
  if (!facts.requests_by_node) return &facts.requests_by_node.absence();
  return facts.pods ? nullptr : &facts.pods.absence();
}

Finding Skip(std::string why) {
  return Make(kSurgeFitsNodes, CheckVerdict::Skipped, {}, std::move(why));
}

Finding NotPlaced(Outcome outcome) {
  Finding finding =
      Make(kSurgeFitsNodes, outcome.blocks ? CheckVerdict::Fail : CheckVerdict::Warn, "nodes",
           fmt::format("no room for {} beside today's pods",
                       Count(std::ssize(outcome.unplaced), "surge pod")));
  finding.evidence = std::move(outcome.unplaced);
  BoundEvidence(finding.evidence);
  return finding;
}

Finding NotCertain(Outcome outcome, const Scope& scope) {
  Finding finding = MakeUnknown(kSurgeFitsNodes, "nodes",
                                {AbsenceKind::NotAvailable,
                                 fmt::format("there is room, but affinity or taints decide for {}",
                                             Count(std::ssize(outcome.uncertain), "surge pod")),
                                 {}},
                                scope);
  finding.evidence = std::move(outcome.uncertain);
  BoundEvidence(finding.evidence);
  return finding;
}

}  // namespace

Finding JudgeSurgeAgainstNodes(const std::vector<PlannedWorkload>& workloads, const Input& input) {
  const Facts& facts = input.facts;
  if (const Absence* missing = MissingInput(facts)) {
    if (missing->kind == AbsenceKind::NotAsked)
      return Skip("the whole cluster's pods are " + missing->reason);
    return MakeUnknown(kSurgeFitsNodes, "nodes", *missing, facts.scope);
  }
  if (NoUsableNode(facts)) return Skip("no node takes a pod; see SIG-PLT-005");
  Outcome outcome = PlaceAll(workloads, facts);
  if (!outcome.unplaced.empty() && PodsAreUnschedulable(input)) {
    return Skip("the nodes are full; see SIG-POD-013");
  }
  if (!outcome.unplaced.empty()) return NotPlaced(std::move(outcome));
  if (!outcome.uncertain.empty()) return NotCertain(std::move(outcome), facts.scope);
  return Make(kSurgeFitsNodes, CheckVerdict::Pass, "nodes",
              fmt::format("room for {}", Count(outcome.placed, "surge pod")));
}

}  // namespace datafly::checks
