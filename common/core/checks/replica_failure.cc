#include "common/core/checks/replica_failure.h"

#include "common/core/base/text.h"
#include "common/core/rollout/refusal.h"

namespace datafly::checks {

namespace {

using enum rollout::CauseClass;

std::string Remedy(const kinds::Workload& workload, const rollout::Refusal& refusal,
                   const Scope& scope) {
  const std::string name = ShellQuote(refusal.name);
  const std::string kubectl = Kubectl(scope);
  switch (refusal.id) {
    case QuotaExceeded:
    case QuotaDemands:
      return kubectl + " describe resourcequota " + name;
    case WebhookDenied:
    case WebhookUnreachable:
      return fmt::format(
          "Ask who runs the webhook {}; its Service is named by: kubectl get "
          "validatingwebhookconfigurations,mutatingwebhookconfigurations",
          refusal.name);
    case ServiceAccountMissing: {
      const std::size_t slash = refusal.name.find('/');
      return kubectl + " create serviceaccount " +
             ShellQuote(slash == std::string::npos ? refusal.name : refusal.name.substr(slash + 1));
    }
    case PodSecurity:
      return fmt::format("kubectl get namespace {} --show-labels", ShellQuote(scope.name_space));
    case LimitRange:
      return kubectl + " describe limitrange";
    default:
      return kubectl + " describe " + ShellQuote(ToLower(workload.kind) + "/" + workload.meta.name);
  }
}

}  // namespace

std::optional<Finding> FindReplicaFailure(const kinds::Workload& workload, const Scope& scope) {
  const kinds::Condition* failure = rollout::FindReplicaFailure(workload.conditions);
  if (failure == nullptr) return std::nullopt;
  const rollout::Cause cause = rollout::RefusalCause(failure->message, std::nullopt);
  Finding finding = Make(kReplicaFailureCode, CheckVerdict::Fail, workload.Id(), cause.summary,
                         Remedy(workload, rollout::ClassifyRefusal(failure->message), scope));
  finding.evidence.push_back(cause.detail);
  return finding;
}

}  // namespace datafly::checks
