#pragma once

#include "common/core/kinds/meta.h"

namespace datafly::kinds {

/// core/v1 ObjectReference, as events name what they are about.
struct InvolvedObject {
  std::string kind;
  std::string name;
  std::string uid;
  std::string field_path;  ///< "spec.containers{gateway}", "spec.initContainers{migrate}", or empty
};

/// core/v1 Event. Of its times only the newest and the oldest are kept; writers fill different
/// fields (events.k8s.io fills eventTime and series, the older recorder firstTimestamp,
/// lastTimestamp and count).
struct Event {
  ObjectMeta meta;
  std::string type;  ///< "Normal", "Warning"
  std::string reason;
  std::string message;
  InvolvedObject involved;
  std::optional<Time> first_seen;
  std::optional<Time> last_seen;
  std::int64_t count = 1;
};

/// "gateway" of "spec.containers{gateway}"; empty when the event is not about a container.
std::string_view ContainerOf(const Event& event);

}  // namespace datafly::kinds
