#include "common/core/rollout/scheduling.h"

#include <charconv>

#include "common/core/base/text.h"

namespace datafly::rollout {

namespace {

using enum CauseClass;

struct Pattern {
  std::string_view needle;
  CauseClass id;
};

/// Words of the scheduler's plugins (pkg/scheduler/framework/plugins), in the order in which
/// ClassifyScheduling prefers them.
constexpr Pattern kPatterns[] = {
    {"persistentvolumeclaim \"", ClaimMissing},
    {"unbound immediate PersistentVolumeClaims", ClaimUnbound},
    {"didn't find available persistent volumes to bind", ClaimUnbound},
    {"PersistentVolume's node affinity", ClaimUnbound},
    {"Insufficient ", InsufficientResources},
    {"Too many pods", TooManyPods},
    {"didn't have free ports", HostPorts},
    {"pod topology spread constraints", TopologySpread},
    {"pod affinity", PodAffinity},
    {"pod anti-affinity", PodAffinity},
    {"node affinity/selector", NodeSelector},
    {"were unschedulable", NodesCordoned},
    {"untolerated taint", UntoleratedTaint},
};

std::size_t RankOf(CauseClass id) {
  for (std::size_t i = 0; i < std::size(kPatterns); ++i) {
    if (kPatterns[i].id == id) return i;
  }
  return std::size(kPatterns);
}

SchedulingReason ParseReason(std::string_view text) {
  SchedulingReason reason;
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, reason.nodes);
  const bool counted = code == std::errc{} && stop != end && *stop == ' ';
  if (!counted) reason.nodes = 0;
  reason.words = counted ? std::string(stop + 1, end) : std::string(text);
  for (const Pattern& pattern : kPatterns) {
    if (reason.words.find(pattern.needle) == std::string::npos) continue;
    reason.id = pattern.id;
    break;
  }
  return reason;
}

/// Commas between reasons, not those inside "{key: value, …}".
std::vector<std::string_view> SplitReasons(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}') --depth;
    if (text[i] != ',' || depth > 0) continue;
    parts.push_back(Trim(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  parts.push_back(Trim(text.substr(begin)));
  return parts;
}

}  // namespace

std::string_view WithoutPreemption(std::string_view message) {
  const std::size_t tail = message.find(" preemption:");
  std::string_view head = message.substr(0, tail);
  while (!head.empty() && (head.back() == '.' || head.back() == ' ')) head.remove_suffix(1);
  return head;
}

std::vector<SchedulingReason> ParseSchedulingReasons(std::string_view message) {
  std::string_view head = WithoutPreemption(message);
  constexpr std::string_view kAvailable = "nodes are available: ";
  const std::size_t at = head.find(kAvailable);
  if (at != std::string_view::npos) head.remove_prefix(at + kAvailable.size());
  std::vector<SchedulingReason> reasons;
  for (const std::string_view part : SplitReasons(head)) {
    if (!part.empty()) reasons.push_back(ParseReason(part));
  }
  return reasons;
}

CauseClass ClassifyScheduling(const std::vector<SchedulingReason>& reasons) {
  CauseClass best = Unschedulable;
  for (const SchedulingReason& reason : reasons) {
    if (RankOf(reason.id) < RankOf(best)) best = reason.id;
  }
  return best;
}

}  // namespace datafly::rollout
