#include "common/gather/log_excerpts.h"

#include "common/core/base/one_line.h"
#include "common/core/base/text.h"

namespace datafly::gather {
namespace {

// Enough to see a stack's top; evidence, not the log.
constexpr int kLines = 15;
constexpr int kMaxBytes = 64 << 10;

std::string PathOf(const LogRequest& request, const std::string& name_space) {
  const kube::Resource pods{"v1", "pods", name_space};
  return fmt::format("{}?container={}&tailLines={}&limitBytes={}{}", pods.Path(request.pod, "log"),
                     kube::EncodeSegment(request.container), kLines, kMaxBytes,
                     request.previous ? "&previous=true" : "");
}

std::vector<std::string> LinesOf(const std::string& raw, const Mask& mask) {
  const std::string log = mask ? mask(raw) : raw;
  std::vector<std::string> lines;
  for (const std::string_view line : Split(log, '\n')) {
    if (!Trim(line).empty()) lines.push_back(OneLine(line));
  }
  if (lines.empty()) lines.emplace_back("(the log is empty)");
  return lines;
}

}  // namespace

std::optional<LogRequest> LogThatTells(const rollout::Cause& cause, const kinds::Pod& pod) {
  using enum rollout::CauseClass;
  const bool ends_or_unready = cause.id >= CrashLoop && cause.id <= ReadinessFails;
  if (!ends_or_unready || cause.container.empty()) return std::nullopt;
  const auto status =
      std::find_if(pod.containers.begin(), pod.containers.end(),
                   [&](const kinds::ContainerStatus& c) { return c.name == cause.container; });
  const bool runs_again = status != pod.containers.end() && status->restart_count > 0 &&
                          status->state.kind == kinds::ContainerState::Kind::Running;
  return LogRequest{pod.meta.name, cause.container, runs_again && cause.id != ReadinessFails};
}

Result<std::map<std::string, std::vector<std::string>>> ReadLogExcerpts(
    Io& io, const std::string& name_space, const std::vector<LogRequest>& requests,
    const Mask& mask) {
  std::vector<Pending<std::string>> replies;
  replies.reserve(requests.size());
  for (const LogRequest& request : requests)
    replies.push_back(io.kube.StartGet(PathOf(request, name_space), "*/*"));
  TRY(io.loop.WaitAll(io.deadline, replies));
  std::map<std::string, std::vector<std::string>> excerpts;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto reply = replies[i].Take();
    auto& lines = excerpts["Pod/" + requests[i].pod];
    lines = reply ? LinesOf(*reply, mask)
                  : std::vector<std::string>{"(not read: " + OneLine(reply.error().message) + ")"};
  }
  return excerpts;
}

}  // namespace datafly::gather
