#include "common/core/rollout/autoscaling.h"

namespace datafly::rollout {

namespace {

constexpr Millis kSettles{2000};

bool IsWantOfRoom(CauseClass id) {
  return id == CauseClass::QuotaExceeded || id == CauseClass::InsufficientResources ||
         id == CauseClass::TooManyPods;
}

}  // namespace

std::optional<Time> DifferenceShowsAt(const Autoscaling& autoscaling) {
  if (!autoscaling.differs_since) return std::nullopt;
  return *autoscaling.differs_since + kSettles;
}

std::string DescribeAutoscaling(const Autoscaling& autoscaling, std::int64_t asked, Time now) {
  const auto shows_at = DifferenceShowsAt(autoscaling);
  if (shows_at && *shows_at <= now) {
    return fmt::format("its autoscaler wants {} replicas, {} are asked for", autoscaling.wanted,
                       asked);
  }
  const bool moved =
      autoscaling.wanted_first != 0 && autoscaling.wanted != autoscaling.wanted_first;
  if (!moved || autoscaling.wanted != asked) return {};
  return fmt::format("its autoscaler went from {} to {} replicas meanwhile",
                     autoscaling.wanted_first, autoscaling.wanted);
}

void AddAutoscaling(const Autoscaling& autoscaling, std::int64_t asked, Cause& cause) {
  if (!IsWantOfRoom(cause.id) || asked < 2) return;
  if (autoscaling.least >= asked) {
    cause.summary +=
        fmt::format("; its autoscaler asks for at least {} replicas", autoscaling.least);
  } else if (autoscaling.wanted == asked) {
    cause.summary += fmt::format("; its autoscaler asks for {} replicas", autoscaling.wanted);
  }
}

}  // namespace datafly::rollout
