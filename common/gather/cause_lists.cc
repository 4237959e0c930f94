#include "common/gather/cause_lists.h"

namespace datafly::gather {
namespace {

template <class T>
Listing<T> List(Io& io, kube::Resource resource, std::shared_ptr<kinds::Decoder> decoder,
                Result<void> (kinds::Decoder::*decode)(kinds::PaddedJson, std::vector<T>&)) {
  kube::ListOptions options;
  options.page_size = kPageOfLargeObjects;
  return Listing<T>(
      io.kube, std::move(resource), std::move(options),
      [decoder = std::move(decoder), decode](kinds::PaddedJson page, std::vector<T>& out) {
        return ((*decoder).*decode)(page, out);
      });
}

}  // namespace

CauseLists::CauseLists(Io& io, const std::string& name_space)
    : replica_sets_(
          List(io, {"apps/v1", "replicasets", name_space}, decoder_, &kinds::Decoder::ReplicaSets)),
      events_(List(io, {"v1", "events", name_space}, decoder_, &kinds::Decoder::Events)),
      endpoint_slices_(List(io, {"discovery.k8s.io/v1", "endpointslices", name_space}, decoder_,
                            &kinds::Decoder::EndpointSlices)) {}

void CauseLists::Store(Facts& facts) {
  facts.replica_sets = replica_sets_.Take();
  facts.events = events_.Take();
  facts.endpoint_slices = endpoint_slices_.Take();
}

}  // namespace datafly::gather
