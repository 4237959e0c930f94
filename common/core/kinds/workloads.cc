#include "common/core/kinds/workloads.h"

namespace datafly::kinds {

namespace {

void Add(ResourceList& sum, const ResourceList& more) {
  for (const auto& [name, amount] : more) sum[name] += amount;
}

void RaiseTo(ResourceList& maximum, const ResourceList& other) {
  for (const auto& [name, amount] : other) {
    Quantity& current = maximum[name];
    current = std::max(current, amount);
  }
}

/// The API server's defaulting of pods: a resource with a limit and no request requests its limit.
ResourceList RequestsOf(const ContainerSpec& container) {
  ResourceList requests = container.requests;
  requests.insert(container.limits.begin(), container.limits.end());
  return requests;
}

ResourceList LimitsOf(const ContainerSpec& container) { return container.limits; }

/// k8s.io/component-helpers/resource AggregateContainerRequests: containers and native sidecars add
/// up; an init container needs its own beside the sidecars that were started before it.
template <class Amounts>
ResourceList Aggregate(const PodTemplate& pod, Amounts amounts) {
  ResourceList total;
  for (const ContainerSpec& container : pod.containers) Add(total, amounts(container));
  ResourceList sidecars;
  ResourceList init_peak;
  for (const ContainerSpec& container : pod.init_containers) {
    ResourceList needed = sidecars;
    Add(needed, amounts(container));
    if (container.restart_always) {
      Add(total, amounts(container));
      sidecars = needed;
    }
    RaiseTo(init_peak, needed);
  }
  RaiseTo(total, init_peak);
  return total;
}

}  // namespace

ResourceList PodTemplate::EffectiveRequests() const { return Aggregate(*this, RequestsOf); }

ResourceList PodTemplate::EffectiveLimits() const { return Aggregate(*this, LimitsOf); }

}  // namespace datafly::kinds
