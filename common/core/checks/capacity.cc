#include "common/core/checks/absent.h"
#include "common/core/checks/capacity_nodes.h"
#include "common/core/checks/capacity_quota.h"
#include "common/core/checks/families.h"
#include "common/core/checks/planned.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

constexpr std::array kSpecs = {
    CheckSpec{kSurgeFitsNodes, "The surge of the rollout fits the nodes", Requirement::Advisory,
              true,
              "A rollout starts a new pod before it stops an old one. A pod that finds no room "
              "waits for ever, and the rollout with it.",
              "Free or add capacity, or lower the requests in the values.",
              "requests of one surge pod per workload against allocatable less the requests of all "
              "pods, first fit on Ready, uncordoned nodes"},
    CheckSpec{kSurgeFitsQuota, "The surge of the rollout fits the quotas", Requirement::Required,
              true,
              "A quota without room for the surge refuses the new pods; the rollout stands still "
              "with nothing to see among the pods.",
              "Raise the quota, at least for the upgrade.",
              "core/v1 ResourceQuota status.hard and status.used"},
    CheckSpec{kQuotaDemands, "Every pod names what the quotas demand", Requirement::Required, true,
              "Under a quota on a resource, a container that names no request or limit for it is "
              "refused.",
              "Name the missing requests or limits in the values.",
              "core/v1 ResourceQuota: must specify; LimitRange defaults"},
};

std::vector<Finding> AllSkipped(Finding first, std::string_view why) {
  std::vector<Finding> out{std::move(first)};
  for (const CheckSpec& spec : std::span(kSpecs).subspan(1)) {
    out.push_back(MakeSkipped(spec.code, std::string(why)));
  }
  return out;
}

std::vector<Finding> JudgeQuotas(const std::vector<PlannedWorkload>& workloads,
                                 const Input& input) {
  const Facts& facts = input.facts;
  if (!facts.quotas) {
    return {MakeUnknown(kSurgeFitsQuota, "quotas", facts.quotas.absence(), facts.scope),
            MakeSkipped(kQuotaDemands, "the quotas are not known (SIG-CAP-002)")};
  }
  if (facts.quotas->empty()) {
    return {Make(kSurgeFitsQuota, CheckVerdict::Pass, {}, "no quota in the namespace"),
            Make(kQuotaDemands, CheckVerdict::Pass, {}, "no quota in the namespace")};
  }
  std::vector<Finding> out = JudgeSurgeAgainstQuotas(workloads, input);
  std::vector<Finding> demands = JudgeQuotaDemands(workloads, input);
  std::move(demands.begin(), demands.end(), std::back_inserter(out));
  return out;
}

std::vector<Finding> JudgeCapacity(const Input& input) {
  if (const Absence* missing = MissingPlan(input.facts)) {
    return AllSkipped(MakeUnknown(kSurgeFitsNodes, "workloads", *missing, input.facts.scope),
                      "the workloads are not known (SIG-CAP-001)");
  }
  const auto workloads = PlannedWorkloads(input);
  if (workloads.empty()) {
    constexpr std::string_view kNone = "there are no workloads; see SIG-WRK-001";
    return AllSkipped(MakeSkipped(kSurgeFitsNodes, std::string(kNone)), kNone);
  }
  std::vector<Finding> out{JudgeSurgeAgainstNodes(workloads, input)};
  for (Finding& finding : JudgeQuotas(workloads, input)) out.push_back(std::move(finding));
  return out;
}

}  // namespace

const Family kCapacityFamily{"capacity", "Capacity", kSpecs, JudgeCapacity};

}  // namespace datafly::checks
