#pragma once

#include "common/core/facts/facts.h"
#include "common/gather/gather.h"
#include "common/gather/lists.h"

namespace datafly::gather {

/// The first burst: every list of the namespace and the few cluster-wide reads. Start puts all on
/// the wire; Store moves what came into Facts.
class ClusterLists {
 public:
  ClusterLists(Io& io, const ClusterRequest& request);

  [[nodiscard]] bool Done() const;
  void Store(Facts& facts);
  /// Why the API server cannot be asked at all, or nothing: judged by GET /version, which every
  /// identity may read.
  [[nodiscard]] std::optional<Error> ConnectionFailure();
  /// Metadata of every Helm record of the namespace (labels owner=helm), or why there is none to be
  /// had: HELM_DRIVER may name a store that is not in the cluster.
  Fact<std::vector<kinds::ObjectMeta>> TakeRecords() { return records_.Take(); }

 private:
  template <class T>
  using DecodeMethod = Result<void> (kinds::Decoder::*)(kinds::PaddedJson, std::vector<T>&);
  template <class T>
  Listing<T> List(std::string group_version, std::string plural, bool namespaced,
                  DecodeMethod<T> decode, kube::ListOptions options = {});
  Listing<kinds::Workload> ListWorkloads(std::string plural, std::string kind);
  Listing<kinds::ObjectMeta> ListRecords();
  void StoreWorkloads(Facts& facts);
  Fact<ServedApis> TakeServedApis();
  Fact<AccessReview> TakeAccess();

  Io& io_;
  const ClusterRequest& request_;
  std::shared_ptr<kinds::Decoder> decoder_ = std::make_shared<kinds::Decoder>();
  Result<release::RecordStore> record_store_;
  Result<kinds::ServerVersion> version_ = Fail(Error::Internal("not asked"));

  Pending<std::string> version_reply_;
  Pending<std::string> groups_reply_;
  Pending<std::string> core_versions_reply_;
  Pending<std::string> rules_reply_;
  Pending<std::string> profile_reply_;
  Listing<kinds::ObjectMeta> records_;
  Listing<kinds::Workload> deployments_;
  Listing<kinds::Workload> stateful_sets_;
  Listing<kinds::Workload> daemon_sets_;
  Listing<kinds::Pod> pods_;
  Listing<kinds::Hpa> hpas_;
  Listing<kinds::Pdb> pdbs_;
  Listing<kinds::ResourceQuota> quotas_;
  Listing<kinds::Node> nodes_;
};

}  // namespace datafly::gather
