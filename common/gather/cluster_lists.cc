#include "common/gather/cluster_lists.h"

#include "common/core/base/text.h"
#include "common/core/facts/decode_access.h"
#include "common/gather/cluster_profile.h"
#include "common/gather/release_lock.h"

namespace datafly::gather {
namespace {

std::string RulesReviewBody(const std::string& name_space) {
  return fmt::format(
      R"({{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","spec":{{"namespace":"{}"}}}})",
      name_space);
}

Result<release::RecordStore> RecordStoreOf(const Environment& environment) {
  return release::ParseRecordStore(environment.Get("HELM_DRIVER").value_or(""));
}

Absence NotInCluster(release::RecordStore store) {
  if (store == release::RecordStore::Memory) {
    return {AbsenceKind::NotAvailable,
            "HELM_DRIVER=memory: such records end with the helm that wrote them",
            {}};
  }
  return {AbsenceKind::NotAvailable,
          "HELM_DRIVER=sql: the records are in a SQL database, which this tool does not read",
          {}};
}

/// What answers, but not as an API server does: without a version nothing else of it is to be
/// believed.
Error NoApiServer(const std::string& server) {
  return Error::Protocol(
      fmt::format("what answers at {} is no Kubernetes API server (GET /version gives no version)",
                  RedactCredentials(EscapeForTerminal(server))),
      "set server in the kubeconfig to the API server itself; a login page or a proxy in between "
      "answers like this, too");
}

kube::ListOptions LargeObjectOptions() {
  kube::ListOptions options;
  options.page_size = kPageOfLargeObjects;
  return options;
}

}  // namespace

template <class T>
Listing<T> ClusterLists::List(std::string group_version, std::string plural, bool namespaced,
                              DecodeMethod<T> decode, kube::ListOptions options) {
  kube::Resource resource{std::move(group_version), std::move(plural),
                          namespaced ? request_.name_space : std::string()};
  return Listing<T>(io_.kube, std::move(resource), std::move(options),
                    [decoder = decoder_, decode](kinds::PaddedJson page, std::vector<T>& out) {
                      return ((*decoder).*decode)(page, out);
                    });
}

Listing<kinds::Workload> ClusterLists::ListWorkloads(std::string plural, std::string kind) {
  return Listing<kinds::Workload>(io_.kube,
                                  kube::Resource{"apps/v1", std::move(plural), request_.name_space},
                                  LargeObjectOptions(),
                                  [decoder = decoder_, kind = std::move(kind)](
                                      kinds::PaddedJson page, std::vector<kinds::Workload>& out) {
                                    return decoder->Workloads(page, kind, out);
                                  });
}

Listing<kinds::ObjectMeta> ClusterLists::ListRecords() {
  if (!record_store_) {
    const Error& error = record_store_.error();
    return Listing<kinds::ObjectMeta>(
        Absence{AbsenceKind::Invalid, fmt::format("{}: {}", error.message, error.remedy), {}});
  }
  const std::string resource(release::ResourceOf(*record_store_));
  if (resource.empty()) return Listing<kinds::ObjectMeta>(NotInCluster(*record_store_));
  return List<kinds::ObjectMeta>("v1", resource, true, &kinds::Decoder::Metadata,
                                 RecordLabelOptions());
}

ClusterLists::ClusterLists(Io& io, const ClusterRequest& request)
    : io_(io),
      request_(request),
      record_store_(RecordStoreOf(io.system.environment)),
      version_reply_(io.kube.StartGet("/version")),
      groups_reply_(io.kube.StartGet("/apis")),
      core_versions_reply_(io.kube.StartGet("/api")),
      rules_reply_(io.kube.StartReview("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                                       RulesReviewBody(request.name_space))),
      profile_reply_(io.kube.StartGet(ClusterProfilePath(request.name_space))),
      records_(ListRecords()),
      deployments_(ListWorkloads("deployments", "Deployment")),
      stateful_sets_(ListWorkloads("statefulsets", "StatefulSet")),
      daemon_sets_(ListWorkloads("daemonsets", "DaemonSet")),
      pods_(List<kinds::Pod>("v1", "pods", true, &kinds::Decoder::Pods, LargeObjectOptions())),
      hpas_(List<kinds::Hpa>("autoscaling/v2", "horizontalpodautoscalers", true,
                             &kinds::Decoder::Hpas)),
      pdbs_(List<kinds::Pdb>("policy/v1", "poddisruptionbudgets", true, &kinds::Decoder::Pdbs)),
      quotas_(List<kinds::ResourceQuota>("v1", "resourcequotas", true, &kinds::Decoder::Quotas)),
      nodes_(List<kinds::Node>("v1", "nodes", false, &kinds::Decoder::Nodes)) {}

bool ClusterLists::Done() const {
  return version_reply_.Done() && groups_reply_.Done() && core_versions_reply_.Done() &&
         rules_reply_.Done() && profile_reply_.Done() && records_.Done() && deployments_.Done() &&
         stateful_sets_.Done() && daemon_sets_.Done() && pods_.Done() && hpas_.Done() &&
         pdbs_.Done() && quotas_.Done() && nodes_.Done();
}

std::optional<Error> ClusterLists::ConnectionFailure() {
  auto reply = version_reply_.Take();
  if (reply) {
    version_ = kinds::DecodeServerVersion(*reply);
    return version_ ? std::nullopt : std::optional(NoApiServer(io_.kube.config().server));
  }
  version_ = Fail(reply.error());
  switch (reply.error().kind) {
    case ErrorKind::Forbidden:
    case ErrorKind::NotFound:
      return std::nullopt;  // an answer, if not the one we hoped for
    default:
      return reply.error();
  }
}

// The platform is Deployments; a right that is missing on the other kinds does not hide those, and
// is kept beside them.
void ClusterLists::StoreWorkloads(Facts& facts) {
  facts.workloads = deployments_.Take();
  if (!facts.workloads) return;
  const std::pair<const char*, Listing<kinds::Workload>*> others[] = {
      {"StatefulSet", &stateful_sets_}, {"DaemonSet", &daemon_sets_}};
  for (const auto& [kind, listing] : others) {
    auto items = listing->Take();
    if (items)
      std::move(items->begin(), items->end(), std::back_inserter(*facts.workloads));
    else
      facts.unlisted_workload_kinds.emplace(kind, items.absence());
  }
}

Fact<ServedApis> ClusterLists::TakeServedApis() {
  ServedApis served;
  for (Pending<std::string>* reply : {&core_versions_reply_, &groups_reply_}) {
    auto text = reply->Take();
    if (!text) return Absence::From(text.error(), "get /apis");
    if (auto added = AddServedApis(*text, served); !added) return Absence::From(added.error());
  }
  return served;
}

Fact<AccessReview> ClusterLists::TakeAccess() {
  auto reply = rules_reply_.Take();
  if (!reply) return Absence::From(reply.error(), "create selfsubjectrulesreviews");
  auto review = DecodeAccessReview(*reply);
  if (!review) return Absence::From(review.error());
  return *std::move(review);
}

void ClusterLists::Store(Facts& facts) {
  facts.server_version =
      version_ ? Fact<kinds::ServerVersion>(*version_)
               : Fact<kinds::ServerVersion>(Absence::From(version_.error(), "get /version"));
  facts.served_apis = TakeServedApis();
  facts.access = TakeAccess();
  facts.cluster_profile = DecodeClusterProfile(profile_reply_.Take(), request_.name_space);
  facts.record_store = record_store_.value_or(release::RecordStore::Secrets);
  StoreWorkloads(facts);
  facts.pods = pods_.Take();
  facts.hpas = hpas_.Take();
  facts.pdbs = pdbs_.Take();
  facts.quotas = quotas_.Take();
  facts.nodes = nodes_.Take();
  if (facts.served_apis) {
    const auto& served = facts.served_apis->group_versions;
    facts.metrics_served =
        served.count("metrics.k8s.io/v1beta1") + served.count("metrics.k8s.io/v1") > 0;
  } else {
    facts.metrics_served = facts.served_apis.absence();
  }
}

}  // namespace datafly::gather
