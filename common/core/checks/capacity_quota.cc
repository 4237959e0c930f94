#include "common/core/checks/capacity_quota.h"

#include "common/core/base/text.h"
#include "common/core/checks/wording.h"
#include "common/core/rollout/refusal.h"

namespace datafly::checks {

namespace {

using kinds::ContainerSpec;
using kinds::ResourceList;
using kinds::ResourceQuota;
using kinds::Workload;

enum class Coverage { Counts, CountsNot, NotKnown };

bool IsBestEffort(const kinds::PodTemplate& pod) {
  const auto names_any = [](const ResourceList& list) {
    return std::any_of(list.begin(), list.end(), [](const auto& one) {
      return (one.first == "cpu" || one.first == "memory") && one.second.milli > 0;
    });
  };
  return !names_any(pod.EffectiveRequests()) && !names_any(pod.EffectiveLimits());
}

/// Whether a quota counts the pods of a workload, by its scopes. Priority classes and
/// cross-namespace affinity are not in the facts.
Coverage CountsPod(const ResourceQuota& quota, const kinds::PodTemplate& pod) {
  if (quota.has_scope_selector) return Coverage::NotKnown;
  for (const std::string& scope : quota.scopes) {
    if (scope == "Terminating") return Coverage::CountsNot;  // pods with activeDeadlineSeconds
    if (scope == "NotTerminating") continue;
    if (scope != "BestEffort" && scope != "NotBestEffort") return Coverage::NotKnown;
    if (IsBestEffort(pod) != (scope == "BestEffort")) return Coverage::CountsNot;
  }
  return Coverage::Counts;
}

Quantity Get(const ResourceList& list, const std::string& name) {
  const auto found = list.find(name);
  return found == list.end() ? Quantity{} : found->second;
}

/// What one new pod adds to a quota's key; nothing for keys that pods do not touch.
std::optional<Quantity> PodAdds(const std::string& key, const kinds::PodTemplate& pod) {
  constexpr std::string_view kRequests = "requests.";
  constexpr std::string_view kLimits = "limits.";
  if (key == "pods" || key == "count/pods") return Quantity::FromUnits(1);
  if (key == "cpu" || key == "memory" || key == "ephemeral-storage") {
    return Get(pod.EffectiveRequests(), key);
  }
  if (key == "requests.storage") return std::nullopt;  // of claims, not of pods
  if (key.starts_with(kRequests)) {
    return Get(pod.EffectiveRequests(), key.substr(kRequests.size()));
  }
  if (key.starts_with(kLimits)) return Get(pod.EffectiveLimits(), key.substr(kLimits.size()));
  return std::nullopt;
}

/// Each Deployment whose template changes gets one more ReplicaSet.
bool CountsReplicaSets(const std::string& key) { return key == "count/replicasets.apps"; }

struct Surge {
  Quantity needed;  ///< without which the rollout stands still
  Quantity whole;   ///< all surge pods at once
};

void AddSurge(const PlannedWorkload& planned, const std::string& key, Surge& surge) {
  const Workload& workload = *planned.workload;
  if (CountsReplicaSets(key)) {
    if (workload.kind != "Deployment") return;
    surge.needed += Quantity::FromUnits(1);
    surge.whole += Quantity::FromUnits(1);
    return;
  }
  const auto adds = PodAdds(key, workload.pod);
  const std::int64_t replicas = planned.RolloutReplicas();
  const std::int64_t pods = SurgePods(workload, replicas);
  if (!adds || pods == 0) return;
  if (UnavailablePods(workload, replicas) == 0) surge.needed += *adds;
  surge.whole += *adds * pods;
}

Surge SurgeOf(const ResourceQuota& quota, const std::string& key,
              const std::vector<PlannedWorkload>& workloads) {
  Surge surge;
  for (const PlannedWorkload& planned : workloads) {
    if (CountsPod(quota, planned.workload->pod) == Coverage::Counts) AddSurge(planned, key, surge);
  }
  return surge;
}

std::string Format(const std::string& key, Quantity amount) {
  if (key.ends_with("memory") || key.ends_with("storage")) return FormatBytes(amount);
  return FormatCpu(amount);
}

std::string QuotaId(const ResourceQuota& quota) { return "ResourceQuota/" + quota.meta.name; }

/// Room for the whole surge, in a form that kubectl takes.
std::string RaiseQuota(const ResourceQuota& quota, const std::string& key, Quantity wanted,
                       const datafly::Scope& scope) {
  return fmt::format("{} patch resourcequota {} -p '{{\"spec\":{{\"hard\":{{\"{}\":\"{}\"}}}}}}'",
                     Kubectl(scope), ShellQuote(quota.meta.name), key,
                     key.ends_with("memory") || key.ends_with("storage")
                         ? std::to_string(wanted.Units())
                         : FormatCpu(wanted));
}

std::optional<Finding> JudgeKey(const ResourceQuota& quota, const std::string& key, Quantity hard,
                                const std::vector<PlannedWorkload>& workloads,
                                const datafly::Scope& scope) {
  const Quantity used = Get(quota.used, key);
  const Surge surge = SurgeOf(quota, key, workloads);
  if (surge.whole.milli <= 0 || used + surge.whole <= hard) return std::nullopt;
  const bool stands_still = surge.needed.milli > 0 && used + surge.needed > hard;
  return Make(kSurgeFitsQuota, stands_still ? CheckVerdict::Fail : CheckVerdict::Warn,
              QuotaId(quota),
              fmt::format("{}: {} of {} used, the surge needs {}{}", key, Format(key, used),
                          Format(key, hard), Format(key, surge.whole),
                          stands_still ? "" : " at once and can do with less"),
              RaiseQuota(quota, key, used + surge.whole, scope));
}

std::optional<Finding> UnknownScope(const ResourceQuota& quota,
                                    const std::vector<PlannedWorkload>& workloads,
                                    const datafly::Scope& scope) {
  const bool unknown =
      std::any_of(workloads.begin(), workloads.end(), [&](const PlannedWorkload& planned) {
        return CountsPod(quota, planned.workload->pod) == Coverage::NotKnown;
      });
  if (!unknown) return std::nullopt;
  Finding finding = MakeUnknown(
      kSurgeFitsQuota, QuotaId(quota),
      {AbsenceKind::NotAvailable, "its scopes (priority class, affinity) are not judged", {}},
      scope);
  finding.requirement = Requirement::Advisory;
  return finding;
}

/// A controller already hits a quota: its own code says so.
bool QuotaRefusesPods(const Input& input) {
  const auto workloads = WorkloadsOfRelease(input.facts, input.profile.part_of_label);
  return std::any_of(workloads.begin(), workloads.end(), [](const Workload* workload) {
    const kinds::Condition* failure = rollout::FindReplicaFailure(workload->conditions);
    if (failure == nullptr) return false;
    const rollout::CauseClass id = rollout::ClassifyRefusal(failure->message).id;
    return id == rollout::CauseClass::QuotaExceeded || id == rollout::CauseClass::QuotaDemands;
  });
}

/// The resource of a key that makes naming it an obligation, and whether it is the limit.
struct Demand {
  std::string resource;
  bool limit = false;
};
std::optional<Demand> DemandOf(const std::string& key) {
  if (key == "cpu" || key == "memory") return Demand{key, false};
  if (key == "requests.cpu" || key == "requests.memory") return Demand{key.substr(9), false};
  if (key == "limits.cpu" || key == "limits.memory") return Demand{key.substr(7), true};
  return std::nullopt;
}

bool Names(const ContainerSpec& container, const Demand& demand) {
  if (container.limits.contains(demand.resource)) return true;
  return !demand.limit && container.requests.contains(demand.resource);
}

std::vector<std::string> ContainersWithout(const Workload& workload, const Demand& demand) {
  std::vector<std::string> out;
  for (const auto* list : {&workload.pod.init_containers, &workload.pod.containers}) {
    for (const ContainerSpec& container : *list) {
      if (!Names(container, demand)) out.push_back(container.name);
    }
  }
  return out;
}

/// Today's pods request what today's template does not name: a LimitRange fills it in.
bool IsDefaulted(const PlannedWorkload& planned, const Demand& demand, const Facts& facts) {
  if (planned.live == nullptr) return false;
  if (planned.live->pod.EffectiveRequests().contains(demand.resource)) return false;
  const auto pods = PodsOf(facts, *planned.live);
  return std::any_of(pods.begin(), pods.end(), [&](const kinds::Pod* pod) {
    return pod->requests.contains(demand.resource);
  });
}

void JudgeDemand(const ResourceQuota& quota, const std::string& key,
                 const std::vector<PlannedWorkload>& workloads, const Input& input,
                 std::vector<Finding>& out) {
  const auto demand = DemandOf(key);
  if (!demand) return;
  for (const PlannedWorkload& planned : workloads) {
    if (CountsPod(quota, planned.workload->pod) != Coverage::Counts) continue;
    const auto without = ContainersWithout(*planned.workload, *demand);
    if (without.empty() || IsDefaulted(planned, *demand, input.facts)) continue;
    out.push_back(Make(
        kQuotaDemands, CheckVerdict::Fail, planned.workload->Id(),
        fmt::format("quota {} counts {}, and container {} names none", quota.meta.name, key,
                    JoinNames(without)),
        fmt::format("Give container {} a {} for {} in the values, or the namespace a "
                    "LimitRange with a default.",
                    JoinNames(without), demand->limit ? "limit" : "request", demand->resource)));
  }
}

}  // namespace

std::vector<Finding> JudgeSurgeAgainstQuotas(const std::vector<PlannedWorkload>& workloads,
                                             const Input& input) {
  if (QuotaRefusesPods(input)) {
    return {Make(kSurgeFitsQuota, CheckVerdict::Skipped, {},
                 "a quota refuses pods already; see SIG-WRK-005")};
  }
  std::vector<Finding> out;
  for (const ResourceQuota& quota : *input.facts.quotas) {
    if (auto finding = UnknownScope(quota, workloads, input.facts.scope)) {
      out.push_back(std::move(*finding));
      continue;
    }
    for (const auto& [key, hard] : quota.hard) {
      auto finding = JudgeKey(quota, key, hard, workloads, input.facts.scope);
      if (finding) out.push_back(std::move(*finding));
    }
  }
  if (out.empty()) {
    out.push_back(Make(kSurgeFitsQuota, CheckVerdict::Pass, {},
                       "room in " + Count(std::ssize(*input.facts.quotas), "quota")));
  }
  return out;
}

std::vector<Finding> JudgeQuotaDemands(const std::vector<PlannedWorkload>& workloads,
                                       const Input& input) {
  if (QuotaRefusesPods(input)) {
    return {Make(kQuotaDemands, CheckVerdict::Skipped, {},
                 "a quota refuses pods already; see SIG-WRK-005")};
  }
  std::vector<Finding> out;
  for (const ResourceQuota& quota : *input.facts.quotas) {
    for (const auto& [key, hard] : quota.hard) JudgeDemand(quota, key, workloads, input, out);
  }
  if (out.empty()) {
    out.push_back(
        Make(kQuotaDemands, CheckVerdict::Pass, {}, "each container names what is counted"));
  }
  return out;
}

}  // namespace datafly::checks
