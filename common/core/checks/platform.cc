#include <charconv>

#include "common/core/base/text.h"
#include "common/core/checks/absent.h"
#include "common/core/checks/families.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

using kinds::Condition;
using kinds::Node;

constexpr std::string_view kVersion = "SIG-PLT-001";
constexpr std::string_view kCount = "SIG-PLT-002";
constexpr std::string_view kSize = "SIG-PLT-003";
constexpr std::string_view kConditions = "SIG-PLT-004";
constexpr std::string_view kSchedulable = "SIG-PLT-005";

constexpr std::array kSpecs = {
    CheckSpec{kVersion, "Kubernetes is new enough", Requirement::Required, true,
              "The product is tested from its documented minimum on.",
              "Upgrade Kubernetes to the documented minimum, or lower platform.minimums.kubernetes "
              "in the "
              "profile for a test system.",
              "the product's docs: deployment/customer-hosted; GET /version"},
    CheckSpec{kCount, "There are enough nodes", Requirement::Advisory, true,
              "With fewer nodes than documented the replicas cannot be spread, and one node's loss "
              "takes too much.",
              "Add nodes, or lower platform.minimums.nodes in the profile for a test system.",
              "the product's docs: deployment/customer-hosted"},
    CheckSpec{
        kSize, "The nodes are big enough", Requirement::Advisory, true,
        "The documented sizes leave room for the surge of an upgrade.",
        "Use bigger nodes, or lower platform.minimums.nodeCpu and nodeMemory in the profile for a "
        "test system.",
        "the product's docs: deployment/customer-hosted; node.status.capacity"},
    CheckSpec{kConditions, "The nodes are healthy", Requirement::Advisory, true,
              "A node that is not Ready or under pressure evicts pods and takes no new ones.",
              "Look at the node with kubectl describe node.",
              "node.status.conditions: Ready, MemoryPressure, DiskPressure, PIDPressure"},
    CheckSpec{kSchedulable, "The nodes take pods", Requirement::Advisory, true,
              "The surge pods of an upgrade go to nodes that are neither cordoned nor down.",
              "Uncordon the nodes with kubectl uncordon.", "node.spec.unschedulable"},
};

/// "v1.36.3", "1.28", "v1.28.5-gke.1": builds of vendors are no prereleases, only major.minor
/// counts.
std::optional<std::pair<int, int>> MajorMinor(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const char* end = text.data() + text.size();
  std::pair<int, int> version;
  const auto major = std::from_chars(text.data(), end, version.first);
  if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') return std::nullopt;
  const auto minor = std::from_chars(major.ptr + 1, end, version.second);
  if (minor.ec != std::errc{}) return std::nullopt;
  return version;
}

Finding JudgeVersion(const Input& input) {
  const Facts& facts = input.facts;
  const PlatformMinimums& minimums = input.profile.minimums;
  if (!facts.server_version) {
    return MakeUnknown(kVersion, "server", facts.server_version.absence(), facts.scope);
  }
  const std::string& git_version = facts.server_version->git_version;
  const auto server = MajorMinor(git_version);
  const auto least = MajorMinor(minimums.kubernetes);
  if (!server || !least) {
    return MakeUnknown(kVersion, "server",
                       {AbsenceKind::Invalid,
                        fmt::format("server version {} and minimum {} cannot be compared",
                                    OneLine(git_version), minimums.kubernetes),
                        {}},
                       facts.scope);
  }
  const auto recommended = MajorMinor(minimums.kubernetes_recommended);
  const bool below = recommended && *server < *recommended;
  const CheckVerdict verdict = *server < *least ? CheckVerdict::Fail
                               : below          ? CheckVerdict::Warn
                                                : CheckVerdict::Pass;
  return Make(kVersion, verdict, {},
              fmt::format("Kubernetes {}; {} or newer, {} recommended", OneLine(git_version),
                          minimums.kubernetes, minimums.kubernetes_recommended));
}

/// Nodes for workloads: not those that only run the control plane.
std::vector<const Node*> Workers(const std::vector<Node>& nodes) {
  std::vector<const Node*> out;
  for (const Node& node : nodes) {
    const bool control_plane =
        std::any_of(node.taints.begin(), node.taints.end(), [](const kinds::Taint& taint) {
          return taint.key == "node-role.kubernetes.io/control-plane" ||
                 taint.key == "node-role.kubernetes.io/master";
        });
    if (!control_plane) out.push_back(&node);
  }
  return out;
}

Finding JudgeCount(const std::vector<const Node*>& nodes, const Input& input) {
  const PlatformMinimums& minimums = input.profile.minimums;
  const std::int64_t count = std::ssize(nodes);
  const CheckVerdict verdict = count < minimums.nodes               ? CheckVerdict::Fail
                               : count < minimums.nodes_recommended ? CheckVerdict::Warn
                                                                    : CheckVerdict::Pass;
  return Make(kCount, verdict, {},
              fmt::format("{}; at least {}, {} recommended", Count(count, "node"), minimums.nodes,
                          minimums.nodes_recommended));
}

Quantity Capacity(const Node& node, const char* resource) {
  const auto found = node.capacity.find(resource);
  return found == node.capacity.end() ? Quantity{} : found->second;
}

/// A machine of "8 GB" shows less than 8 GiB of it: the kernel and the firmware keep some.
bool IsBigEnough(const Node& node, const PlatformMinimums& minimums) {
  const std::int64_t memory = minimums.node_memory.milli / 10 * 9;
  return Capacity(node, "cpu") >= minimums.node_cpu && Capacity(node, "memory").milli >= memory;
}

std::string SizeLine(const Node& node) {
  return fmt::format("node {}: {} cpu, {} memory", node.meta.name, FormatCpu(Capacity(node, "cpu")),
                     FormatBytes(Capacity(node, "memory")));
}

/// Small nodes beside enough big ones only warn.
Finding JudgeSize(const std::vector<const Node*>& nodes, const Input& input) {
  const PlatformMinimums& minimums = input.profile.minimums;
  std::vector<std::string> small;
  for (const Node* node : nodes) {
    if (!IsBigEnough(*node, minimums)) small.push_back(SizeLine(*node));
  }
  const std::string wanted =
      fmt::format("at least {} CPU and {} of memory each", FormatCpu(minimums.node_cpu),
                  FormatBytes(minimums.node_memory));
  if (small.empty()) return Make(kSize, CheckVerdict::Pass, {}, wanted);
  const std::int64_t big = std::ssize(nodes) - std::ssize(small);
  const bool enough = big >= std::min(minimums.nodes, std::ssize(nodes));
  Finding finding = Make(kSize, enough ? CheckVerdict::Warn : CheckVerdict::Fail, "nodes",
                         fmt::format("{} of {} smaller than documented: {}", small.size(),
                                     Count(std::ssize(nodes), "node"), wanted));
  finding.evidence = std::move(small);
  BoundEvidence(finding.evidence);
  return finding;
}

bool IsReadyNode(const Node& node) {
  const Condition* ready = FindCondition(node.conditions, "Ready");
  return ready != nullptr && ready->status == "True";
}

std::string ConditionFault(const Node& node) {
  if (!IsReadyNode(node)) {
    const Condition* ready = FindCondition(node.conditions, "Ready");
    return ready == nullptr ? "no word of it" : "not Ready (" + OneLine(ready->reason) + ")";
  }
  for (const char* type : {"MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"}) {
    const Condition* condition = FindCondition(node.conditions, type);
    if (condition != nullptr && condition->status == "True") return type;
  }
  return {};
}

std::vector<Finding> JudgeConditions(const std::vector<const Node*>& nodes) {
  std::vector<Finding> out;
  constexpr std::size_t kShown = 10;
  for (const Node* node : nodes) {
    const std::string fault = ConditionFault(*node);
    if (fault.empty() || out.size() >= kShown) continue;
    out.push_back(Make(kConditions, CheckVerdict::Warn, "node/" + node->meta.name, fault,
                       "kubectl describe node " + ShellQuote(node->meta.name)));
  }
  if (out.empty()) {
    out.push_back(Make(kConditions, CheckVerdict::Pass, {}, Count(std::ssize(nodes), "node")));
  }
  return out;
}

std::string WithContext(const Scope& scope, std::string_view rest) {
  return scope.context.empty()
             ? fmt::format("kubectl {}", rest)
             : fmt::format("kubectl --context {} {}", ShellQuote(scope.context), rest);
}

/// Too few nodes in all is SIG-PLT-002's; this is about nodes that are there and take nothing.
CheckVerdict WeighUsable(std::int64_t usable, std::int64_t total, std::int64_t minimum) {
  if (usable == total) return CheckVerdict::Pass;
  const bool too_few = usable == 0 || (total >= minimum && usable < minimum);
  return too_few ? CheckVerdict::Fail : CheckVerdict::Warn;
}

Finding JudgeSchedulable(const std::vector<const Node*>& nodes, const Input& input) {
  std::vector<std::string> cordoned;
  std::int64_t usable = 0;
  for (const Node* node : nodes) {
    if (node->unschedulable) cordoned.push_back(ShellQuote(node->meta.name));
    if (!node->unschedulable && IsReadyNode(*node)) ++usable;
  }
  const CheckVerdict verdict = WeighUsable(usable, std::ssize(nodes), input.profile.minimums.nodes);
  const std::string uncordon =
      cordoned.empty()
          ? ""
          : WithContext(input.facts.scope, fmt::format("uncordon {}", fmt::join(cordoned, " ")));
  return Make(kSchedulable, verdict, {},
              fmt::format("{} of {} can take pods", usable, Count(std::ssize(nodes), "node")),
              verdict == CheckVerdict::Pass ? "" : uncordon);
}

std::vector<Finding> JudgePlatform(const Input& input) {
  const Facts& facts = input.facts;
  std::vector<Finding> out{JudgeVersion(input)};
  if (!facts.nodes) {
    out.push_back(MakeUnknown(kCount, "nodes", facts.nodes.absence(), facts.scope));
    for (const std::string_view code : {kSize, kConditions, kSchedulable}) {
      out.push_back(MakeSkipped(code, "the nodes are not known (SIG-PLT-002)"));
    }
    return out;
  }
  const auto nodes = Workers(*facts.nodes);
  out.push_back(JudgeCount(nodes, input));
  out.push_back(JudgeSize(nodes, input));
  for (Finding& finding : JudgeConditions(nodes)) out.push_back(std::move(finding));
  out.push_back(JudgeSchedulable(nodes, input));
  return out;
}

}  // namespace

const Family kPlatformFamily{"platform", "Platform", kSpecs, JudgePlatform};

}  // namespace datafly::checks
