#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "common/io/helm/helm_program.h"

namespace datafly::helm {

/// One helm that changes the release.
struct ApplyRequest {
  std::string helm;                    ///< the program
  std::vector<std::string> arguments;  ///< "upgrade", "datafly", …
  std::vector<std::pair<std::string, std::string>> environment;
  std::string stdin_bytes;  ///< values that go by standard input, or ""
  Millis timeout{0};        ///< of the process; Helm's own --timeout had better come first
  std::function<std::string(std::string_view words)> mask;  ///< as RenderRequest::mask
  std::function<void(std::int64_t pid)> on_started;
};

/// `helm upgrade` with the very arguments of a rendering, without --dry-run. Never --wait, --atomic
/// or --rollback-on-failure: following the rollout and going back are ours.
std::vector<std::string> UpgradeArguments(const RenderRequest& request,
                                          const std::vector<std::string>& apply_flags);
std::vector<std::string> RollbackArguments(const std::string& release,
                                           const std::string& name_space, std::int64_t revision,
                                           const std::vector<std::string>& apply_flags);

/// Runs it in a process group of its own, without our standard input, told to end when we die.
/// Resolves when it has ended; helm's own words, masked, are the error of one that failed. Its
/// output is not kept: it holds NOTES, which may hold secrets.
Pending<std::monostate> StartApply(ProcessRunner& processes, const ApplyRequest& request);

}  // namespace datafly::helm
