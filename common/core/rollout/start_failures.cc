#include "common/core/rollout/start_failures.h"

#include "common/core/base/one_line.h"

namespace datafly::rollout {

namespace {

using enum CauseClass;

struct Pattern {
  std::string_view needle;
  CauseClass id;
};

/// The kubelet's (pkg/kubelet/kuberuntime) and runc's words; keys before objects, since "couldn't
/// find key K in ConfigMap ns/n" names both.
constexpr Pattern kPatterns[] = {
    {"couldn't find key ", ConfigKeyMissing},
    {"references non-existent", ConfigKeyMissing},
    {"runAsNonRoot", RunsAsRoot},
    {"breaks non-root policy", RunsAsRoot},  // runAsUser 0 beside runAsNonRoot
    {"exec format error", WrongArchitecture},
    {"permission denied", CommandNotExecutable},
    {"executable file not found", CommandNotFound},
    {"no such file or directory", CommandNotFound},
};

bool SaysNotFound(std::string_view message, std::string_view kind) {
  const std::size_t at = message.find(kind);
  return at != std::string_view::npos && message.find("not found", at) != std::string_view::npos;
}

CauseClass ClassOf(const kinds::ContainerState& state) {
  for (const Pattern& pattern : kPatterns) {
    if (state.message.find(pattern.needle) != std::string::npos) return pattern.id;
  }
  if (SaysNotFound(state.message, "secret \"")) return SecretMissing;
  if (SaysNotFound(state.message, "configmap \"")) return ConfigMapMissing;
  // The kubelet waits for a moment with RunContainerError after a StartError.
  const bool start = IsStartError(state) || state.reason == "RunContainerError";
  return start ? StartFails : CreateFails;
}

/// `secret "datafly-secrets" not found` -> "datafly-secrets"; the reason when nothing is quoted.
std::string SubjectOf(const kinds::ContainerState& state) {
  const std::size_t open = state.message.find('"');
  const std::size_t close = open == std::string::npos ? open : state.message.find('"', open + 1);
  if (close == std::string::npos) return OneLine(state.message);
  return OneLine(std::string_view(state.message).substr(open + 1, close - open - 1));
}

}  // namespace

bool IsCreateReason(std::string_view reason) {
  constexpr std::string_view kReasons[] = {"CreateContainerConfigError", "CreateContainerError",
                                           "RunContainerError",          "PreCreateHookError",
                                           "PreStartHookError",          "PostStartHookError",
                                           "CreatePodSandboxError",      "ConfigPodSandboxError"};
  return std::find(std::begin(kReasons), std::end(kReasons), reason) != std::end(kReasons);
}

bool IsStartError(const kinds::ContainerState& end) {
  return end.reason == "StartError" || end.reason == "ContainerCannotRun";
}

Cause StartCause(const kinds::ContainerStatus& container, const kinds::ContainerState& state) {
  return MakeCause(ClassOf(state), container.name, SubjectOf(state),
                   fmt::format("container {} cannot be started: {}", container.name, state.reason),
                   OneLine(state.message));
}

}  // namespace datafly::rollout
