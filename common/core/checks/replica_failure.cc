#include "common/core/checks/replica_failure.h"

#include "common/core/base/text.h"
#include "common/core/checks/wording.h"

namespace datafly::checks {

namespace {

struct Pattern {
  std::string_view needle;
  RefusalClass kind;
  std::string_view words;  ///< what it means; the name follows
  char name_ends_with;     ///< the name stands right behind the needle, up to this
};

/// Admission's messages (plugin/pkg/admission/resourcequota, pod-security-admission,
/// apiserver/pkg/admission/plugin/webhook, serviceaccount, limitranger, priority).
constexpr Pattern kPatterns[] = {
    {"exceeded quota: ", RefusalClass::Quota, "no room in the quota", ','},
    {"failed quota: ", RefusalClass::QuotaDemands,
     "the pod does not name what it wants, as it must under the quota", ':'},
    {"violates PodSecurity \"", RefusalClass::PodSecurity, "refused by Pod Security level", '"'},
    {"admission webhook \"", RefusalClass::WebhookDenied, "refused by the admission webhook", '"'},
    {"failed calling webhook \"", RefusalClass::WebhookFailing,
     "the admission webhook does not answer:", '"'},
    {"error looking up service account ", RefusalClass::ServiceAccount,
     "there is no service account", ':'},
    {"no PriorityClass with name ", RefusalClass::PriorityClass, "there is no PriorityClass", ' '},
    {" usage per Container is ", RefusalClass::LimitRange, "outside the LimitRange", '\0'},
    {" usage per Pod is ", RefusalClass::LimitRange, "outside the LimitRange", '\0'},
};

const Pattern* FindPattern(std::string_view message) {
  for (const Pattern& pattern : kPatterns) {
    if (message.find(pattern.needle) != std::string_view::npos) return &pattern;
  }
  return nullptr;
}

std::string NameIn(std::string_view message, const Pattern& pattern) {
  if (pattern.name_ends_with == '\0') return {};
  std::string_view rest = message.substr(message.find(pattern.needle) + pattern.needle.size());
  return OneLine(Trim(rest.substr(0, rest.find(pattern.name_ends_with))));
}

std::string Remedy(const kinds::Workload& workload, const Refusal& refusal, const Scope& scope) {
  const std::string name = ShellQuote(refusal.name);
  const std::string kubectl = Kubectl(scope);
  switch (refusal.kind) {
    case RefusalClass::Quota:
    case RefusalClass::QuotaDemands:
      return kubectl + " describe resourcequota " + name;
    case RefusalClass::WebhookDenied:
    case RefusalClass::WebhookFailing:
      return fmt::format(
          "Ask who runs the webhook {}; its Service is named by: kubectl get "
          "validatingwebhookconfigurations,mutatingwebhookconfigurations",
          refusal.name);
    case RefusalClass::ServiceAccount: {
      const std::size_t slash = refusal.name.find('/');
      return kubectl + " create serviceaccount " +
             ShellQuote(slash == std::string::npos ? refusal.name : refusal.name.substr(slash + 1));
    }
    case RefusalClass::PodSecurity:
      return fmt::format("kubectl get namespace {} --show-labels", ShellQuote(scope.name_space));
    case RefusalClass::LimitRange:
      return kubectl + " describe limitrange";
    default:
      return kubectl + " describe " + ShellQuote(ToLower(workload.kind) + "/" + workload.meta.name);
  }
}

}  // namespace

Refusal ClassifyRefusal(std::string_view message) {
  const Pattern* pattern = FindPattern(message);
  if (pattern == nullptr) return {};
  return {pattern->kind, NameIn(message, *pattern)};
}

std::optional<std::string_view> ReplicaFailureMessage(const kinds::Workload& workload) {
  const kinds::Condition* failure = FindCondition(workload.conditions, "ReplicaFailure");
  if (failure == nullptr || failure->status != "True") return std::nullopt;
  return failure->message;
}

std::optional<Finding> FindReplicaFailure(const kinds::Workload& workload, const Scope& scope) {
  const auto message = ReplicaFailureMessage(workload);
  if (!message) return std::nullopt;
  const Pattern* pattern = FindPattern(*message);
  const Refusal refusal = ClassifyRefusal(*message);
  std::string seen =
      pattern == nullptr ? "the API server refuses its pods" : std::string(pattern->words);
  if (!refusal.name.empty()) seen += " " + refusal.name;
  Finding finding = Make(kReplicaFailureCode, CheckVerdict::Fail, workload.Id(), seen,
                         Remedy(workload, refusal, scope));
  finding.evidence.push_back(OneLine(*message));
  return finding;
}

}  // namespace datafly::checks
