#include "common/gather/hook_evidence.h"

#include "common/core/base/one_line.h"
#include "common/core/base/text.h"
#include "common/core/kinds/pods.h"
#include "common/gather/lists.h"

namespace datafly::gather {
namespace {

using kinds::ContainerState;
using kinds::ContainerStatus;
using kinds::Pod;

/// The label that the Job controller sets, beside its longer name since Kubernetes 1.27.
constexpr std::string_view kJobName = "job-name";

std::string SelectorOf(const std::vector<release::Hook>& hooks) {
  std::vector<std::string> jobs;
  for (const release::Hook& hook : hooks) {
    if (hook.kind == "Job") jobs.push_back(hook.name);
  }
  return jobs.empty() ? std::string() : fmt::format("{} in ({})", kJobName, fmt::join(jobs, ","));
}

Listing<Pod> ListPods(Io& io, kinds::Decoder& decoder, const std::string& name_space,
                      const kube::ListOptions& options) {
  return {io.kube, kube::Resource{"v1", "pods", name_space}, options,
          [&decoder](kinds::PaddedJson page, std::vector<Pod>& out) {
            return decoder.Pods(page, out);
          }};
}

/// How the container stands that keeps the pod from its end, or nothing.
std::optional<std::string> FaultOf(const ContainerStatus& container) {
  const ContainerState& state = container.state;
  const bool died =
      state.kind == ContainerState::Kind::Terminated && (state.exit_code != 0 || state.signal != 0);
  const bool died_before = state.kind == ContainerState::Kind::Waiting &&
                           container.last_state.kind == ContainerState::Kind::Terminated;
  if (died || died_before) {
    const ContainerState& end = died ? state : container.last_state;
    return fmt::format("container {} exited with code {}{}", container.name, end.exit_code,
                       end.reason.empty() || end.reason == "Error" ? "" : " (" + end.reason + ")");
  }
  const bool waits = state.kind == ContainerState::Kind::Waiting && !state.reason.empty() &&
                     state.reason != "PodInitializing" && state.reason != "ContainerCreating";
  if (!waits) return std::nullopt;
  return fmt::format("container {} waits: {}{}", container.name, state.reason,
                     state.message.empty() ? "" : ", " + OneLine(state.message));
}

struct Fault {
  HookEvidence evidence;
  LogRequest log;
};

std::optional<Fault> FaultOf(const Pod& pod) {
  for (const ContainerStatus& container : pod.containers) {
    const auto seen = FaultOf(container);
    if (!seen) continue;
    Fault fault;
    const auto job = std::find_if(pod.meta.labels.begin(), pod.meta.labels.end(),
                                  [](const auto& label) { return label.first == kJobName; });
    fault.evidence.object =
        job == pod.meta.labels.end() ? "Pod/" + pod.meta.name : "Job/" + job->second;
    fault.evidence.pod = pod.meta.name;
    fault.evidence.seen = *seen;
    fault.log = {pod.meta.name, container.name,
                 container.state.kind == ContainerState::Kind::Waiting};
    return fault;
  }
  return std::nullopt;
}

Result<std::vector<Pod>> PodsOf(Io& io, const std::string& name_space,
                                const std::vector<release::Hook>& hooks) {
  kinds::Decoder decoder;
  std::vector<Listing<Pod>> lists;
  kube::ListOptions options;
  options.label_selector = SelectorOf(hooks);
  if (!options.label_selector.empty()) lists.push_back(ListPods(io, decoder, name_space, options));
  for (const release::Hook& hook : hooks) {
    if (hook.kind != "Pod") continue;
    kube::ListOptions one;
    one.field_selector = "metadata.name=" + hook.name;
    lists.push_back(ListPods(io, decoder, name_space, one));
  }
  TRY(io.loop.RunUntil(io.deadline, [&] {
    return std::all_of(lists.begin(), lists.end(), [](const auto& list) { return list.Done(); });
  }));
  std::vector<Pod> pods;
  for (Listing<Pod>& list : lists) {
    if (!list.Done()) continue;
    auto found = list.Take();
    if (!found) continue;
    std::move(found->begin(), found->end(), std::back_inserter(pods));
  }
  return pods;
}

}  // namespace

Result<std::vector<HookEvidence>> ReadHookEvidence(Io& io, const std::string& name_space,
                                                   const std::vector<release::Hook>& hooks,
                                                   Time since, const Mask& mask) {
  ASSIGN_OR_RETURN(const std::vector<Pod> pods, PodsOf(io, name_space, hooks));
  std::vector<HookEvidence> found;
  std::vector<LogRequest> requests;
  for (const Pod& pod : pods) {
    if (found.size() == kMostLogs) break;
    if (pod.meta.creation < since) continue;  // of an earlier run
    if (auto fault = FaultOf(pod)) {
      found.push_back(std::move(fault->evidence));
      requests.push_back(std::move(fault->log));
    }
  }
  ASSIGN_OR_RETURN(const auto logs, ReadLogExcerpts(io, name_space, requests, mask));
  for (HookEvidence& evidence : found) {
    if (mask) evidence.seen = mask(evidence.seen);
    if (const auto log = logs.find("Pod/" + evidence.pod); log != logs.end())
      evidence.log = log->second;
  }
  return found;
}

}  // namespace datafly::gather
