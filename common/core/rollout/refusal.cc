#include "common/core/rollout/refusal.h"

#include "common/core/base/one_line.h"
#include "common/core/base/text.h"

namespace datafly::rollout {

namespace {

using enum CauseClass;

struct Pattern {
  std::string_view needle;
  std::string_view words;  ///< what it means; the name follows
  CauseClass id;
  char name_ends_with;  ///< the name stands right behind the needle, up to this
};

/// Admission's messages (plugin/pkg/admission/resourcequota, pod-security-admission,
/// apiserver/pkg/admission/plugin/webhook, serviceaccount, limitranger, priority).
constexpr Pattern kPatterns[] = {
    {"exceeded quota: ", "no room in the quota", QuotaExceeded, ','},
    {"failed quota: ", "the pod does not name what it wants, as it must under the quota",
     QuotaDemands, ':'},
    {"violates PodSecurity \"", "refused by Pod Security level", PodSecurity, '"'},
    {"ValidatingAdmissionPolicy '", "refused by the admission policy", WebhookDenied, '\''},
    {"admission webhook \"", "refused by the admission webhook", WebhookDenied, '"'},
    {"failed calling webhook \"", "the admission webhook does not answer:", WebhookUnreachable,
     '"'},
    {"error looking up service account ", "there is no service account", ServiceAccountMissing,
     ':'},
    {"no PriorityClass with name ", "there is no PriorityClass", PriorityClassMissing, ' '},
    {" usage per Container is ", "outside the LimitRange", LimitRange, '\0'},
    {" usage per Pod is ", "outside the LimitRange", LimitRange, '\0'},
    {" max limit to request ratio per ", "outside the LimitRange", LimitRange, '\0'},
};

std::string NameIn(std::string_view message, const Pattern& pattern) {
  if (pattern.name_ends_with == '\0') return {};
  std::string_view rest = message.substr(message.find(pattern.needle) + pattern.needle.size());
  return OneLine(Trim(rest.substr(0, rest.find(pattern.name_ends_with))));
}

}  // namespace

Refusal ClassifyRefusal(std::string_view message) {
  for (const Pattern& pattern : kPatterns) {
    if (message.find(pattern.needle) == std::string_view::npos) continue;
    return {pattern.id, pattern.words, NameIn(message, pattern)};
  }
  return {};
}

const kinds::Condition* FindReplicaFailure(const std::vector<kinds::Condition>& conditions) {
  const kinds::Condition* failure = FindCondition(conditions, "ReplicaFailure");
  return failure != nullptr && failure->status == "True" ? failure : nullptr;
}

Cause RefusalCause(std::string_view message, std::optional<Time> since) {
  const Refusal refusal = ClassifyRefusal(message);
  std::string summary =
      refusal.words.empty() ? "the API server refuses its pods" : std::string(refusal.words);
  if (!refusal.name.empty()) summary += " " + refusal.name;
  Cause cause = MakeCause(refusal.id, {}, refusal.name, std::move(summary), OneLine(message));
  cause.since = since;
  return cause;
}

}  // namespace datafly::rollout
