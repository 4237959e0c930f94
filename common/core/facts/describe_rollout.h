#pragma once

#include "common/core/facts/describe_kinds.h"
#include "common/core/kinds/endpoint_slices.h"
#include "common/core/kinds/events.h"
#include "common/core/kinds/replica_sets.h"

/// The descriptions of the kinds that following a rollout needs beside workloads and pods.
namespace datafly {

template <class V>
constexpr void Describe(V& v, Type<kinds::InvolvedObject>) {
  using S = kinds::InvolvedObject;
  v.Name("InvolvedObject");
  v.Field("kind", &S::kind);
  v.Field("name", &S::name);
  v.Field("uid", &S::uid);
  v.Field("fieldPath", &S::field_path);
}
static_assert(DescribedWhole<kinds::InvolvedObject>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Event>) {
  using S = kinds::Event;
  v.Name("Event");
  v.Field("metadata", &S::meta);
  v.Field("type", &S::type);
  v.Field("reason", &S::reason);
  v.Field("message", &S::message);
  v.Field("involvedObject", &S::involved);
  v.Field("firstSeen", &S::first_seen);
  v.Field("lastSeen", &S::last_seen);
  v.Field("count", &S::count);
}
static_assert(DescribedWhole<kinds::Event>);

template <class V>
constexpr void Describe(V& v, Type<kinds::ReplicaSet>) {
  using S = kinds::ReplicaSet;
  v.Name("ReplicaSet");
  v.Field("metadata", &S::meta);
  v.Field("replicas", &S::replicas);
  v.Field("observedGeneration", &S::observed_generation);
  v.Field("statusReplicas", &S::status_replicas);
  v.Field("readyReplicas", &S::ready_replicas);
  v.Field("availableReplicas", &S::available_replicas);
  v.Field("conditions", &S::conditions);
}
static_assert(DescribedWhole<kinds::ReplicaSet>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Endpoint>) {
  using S = kinds::Endpoint;
  v.Name("Endpoint");
  v.Field("pod", &S::pod);
  v.Field("ready", &S::ready);
}
static_assert(DescribedWhole<kinds::Endpoint>);

template <class V>
constexpr void Describe(V& v, Type<kinds::EndpointSlice>) {
  using S = kinds::EndpointSlice;
  v.Name("EndpointSlice");
  v.Field("metadata", &S::meta);
  v.Field("service", &S::service);
  v.Field("endpoints", &S::endpoints);
}
static_assert(DescribedWhole<kinds::EndpointSlice>);

}  // namespace datafly
