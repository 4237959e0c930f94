#pragma once

#include <array>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/base/result.h"
#include "common/core/kinds/cluster.h"
#include "common/core/kinds/endpoint_slices.h"
#include "common/core/kinds/events.h"
#include "common/core/kinds/ingress.h"
#include "common/core/kinds/pods.h"
#include "common/core/kinds/replica_sets.h"
#include "common/core/kinds/workloads.h"

/// JSON of the API server (or of a rendered manifest) -> structs, through simdjson's DOM. Unknown
/// fields are ignored, missing ones keep their default, a field of the wrong type is
/// Error::Protocol naming the path. The only adaptor for simdjson in this folder.
namespace datafly::kinds {

/// The only annotations that get into ObjectMeta; any other may hold anything
/// (last-applied-configuration holds environment values).
inline constexpr std::array<std::string_view, 7> kKeptAnnotationPrefixes{
    "meta.helm.sh/",
    "helm.toolkit.fluxcd.io/",
    "argocd.argoproj.io/",
    "kubectl.kubernetes.io/default-container",
    "deployment.kubernetes.io/revision",
    "deprecated.daemonset.template.generation",
    "cluster-autoscaler.kubernetes.io/safe-to-evict",
};

/// A mutable buffer with `size` bytes of JSON and at least simdjson's padding (64 bytes) of
/// capacity behind it.
struct PaddedJson {
  const char* data;
  std::size_t size;
  std::size_t capacity;
};

/// Appends the items of a List ("items": […]); on an error `out` holds the items before it. A reply
/// without "items" is an error, never an empty list. A Decoder keeps simdjson's buffers between
/// pages; not thread safe. Error::TooLarge beyond 512 MiB or an absurd number of elements.
class Decoder {
 public:
  Decoder();
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  Result<void> Pods(PaddedJson list, std::vector<Pod>& out);
  /// `kind`: what the items are ("Deployment"); items of a List do not say it.
  Result<void> Workloads(PaddedJson list, std::string_view kind, std::vector<Workload>& out);
  Result<void> Hpas(PaddedJson list, std::vector<Hpa>& out);
  Result<void> Pdbs(PaddedJson list, std::vector<Pdb>& out);
  Result<void> Quotas(PaddedJson list, std::vector<ResourceQuota>& out);
  Result<void> Nodes(PaddedJson list, std::vector<Node>& out);
  Result<void> ReplicaSets(PaddedJson list, std::vector<ReplicaSet>& out);
  Result<void> Events(PaddedJson list, std::vector<Event>& out);
  Result<void> EndpointSlices(PaddedJson list, std::vector<EndpointSlice>& out);
  Result<void> Ingresses(PaddedJson list, std::vector<Ingress>& out);
  /// Calls `visit` with each item's metadata.name and a function that gives the whole item: for who
  /// compares objects.
  using VisitItem =
      std::function<void(std::string_view name, const std::function<nlohmann::json()>&)>;
  Result<void> Items(PaddedJson list, const VisitItem& visit);
  /// A metav1.PartialObjectMetadataList, or any list of which only the metadata matters.
  Result<void> Metadata(PaddedJson list, std::vector<ObjectMeta>& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One object given as JSON text (copied into a padded buffer); for rendered manifests and watch
/// events. A Workload must name its kind.
Result<Workload> DecodeWorkload(std::string_view json);
Result<Hpa> DecodeHpa(std::string_view json);
Result<Pdb> DecodePdb(std::string_view json);
Result<Pod> DecodePod(std::string_view json);
Result<ReplicaSet> DecodeReplicaSet(std::string_view json);
Result<Event> DecodeEvent(std::string_view json);
Result<ServerVersion> DecodeServerVersion(std::string_view json);

/// The PEM text of tls.crt in a Secret of type kubernetes.io/tls; nothing else of it is kept.
/// Error::InvalidInput when it is of another type or has none; the message holds no data.
Result<std::string> DecodeTlsCertificate(std::string_view secret_json);

}  // namespace datafly::kinds
