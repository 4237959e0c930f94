#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/quantity.h"
#include "common/core/base/time.h"

/// The few Kubernetes kinds in use, as small structs: what a check reads, nothing else. No
/// environment values, no Secret data, no last-applied annotation ever gets in here, so that a
/// snapshot of them is safe to hand over. Fields are named as in the API; the docs name the source
/// field.
namespace datafly::kinds {

struct OwnerReference {
  std::string kind;
  std::string name;
  std::string uid;
};

/// metav1.ObjectMeta. `annotations` holds only those of kKeptAnnotationPrefixes (kinds/decode.h).
struct ObjectMeta {
  std::string name;
  std::string name_space;
  std::string uid;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  Time creation;
  std::optional<Time> deletion;  ///< deletionTimestamp: the object is on its way out
  std::int64_t generation = 0;
  std::optional<OwnerReference> controller;  ///< the owner reference with controller: true
};

/// A status condition of any kind.
struct Condition {
  std::string type;
  std::string status;  ///< "True", "False", "Unknown"
  std::string reason;
  std::string message;
  std::optional<Time> last_transition;
};
/// The condition of that type, or nullptr.
const Condition* FindCondition(const std::vector<Condition>& conditions, std::string_view type);

/// intstr.IntOrString: "25%" or 1.
struct IntOrPercent {
  std::int64_t value = 0;
  bool percent = false;
  /// Of `total`; a percentage is rounded up (maxSurge) or down (maxUnavailable), as the Deployment
  /// controller does.
  [[nodiscard]] std::int64_t Resolve(std::int64_t total, bool round_up) const;
};

/// metav1.LabelSelector.
struct LabelSelector {
  struct Expression {
    std::string key;
    std::string op;  ///< In, NotIn, Exists, DoesNotExist
    std::vector<std::string> values;
  };
  std::map<std::string, std::string> match_labels;
  std::vector<Expression> expressions;
  [[nodiscard]] bool Matches(const std::map<std::string, std::string>& labels) const;
  [[nodiscard]] bool Empty() const { return match_labels.empty() && expressions.empty(); }
};

/// "cpu", "memory", "pods", "requests.cpu", … -> amount.
using ResourceList = std::map<std::string, Quantity>;

}  // namespace datafly::kinds
