#include "common/gather/gather.h"

#include "common/gather/access_reads.h"
#include "common/gather/backup_reads.h"
#include "common/gather/cause_lists.h"
#include "common/gather/cluster_lists.h"
#include "common/gather/evidence_mask.h"
#include "common/gather/other_pods.h"
#include "common/gather/owner.h"
#include "common/gather/release_reads.h"
#include "common/gather/tls_secrets.h"

namespace datafly::gather {
namespace {

Scope ScopeOf(const kube::RestConfig& config, const ClusterRequest& request) {
  return {config.context, config.server, request.name_space, request.release, config.user_name};
}

// Two releases of the chart and no word which is meant: judging one of them would be a guess.
Result<void> CheckOneRelease(const Facts& facts, const Profile& profile) {
  if (facts.release || facts.other_releases.size() < 2) return {};
  return Fail(Error::InvalidInput(
      fmt::format("namespace {} holds several releases of chart {}: {}", facts.scope.name_space,
                  profile.chart, fmt::join(facts.other_releases, ", ")),
      "name one with --release"));
}

}  // namespace

Result<Gathered> GatherCluster(Io& io, const Profile& profile, const ClusterRequest& request) {
  Gathered gathered;
  Facts& facts = gathered.facts;
  facts.taken_at = io.system.clock.Now();
  facts.scope = ScopeOf(io.kube.config(), request);

  ClusterLists lists(io, request);
  std::optional<CauseLists> causes;
  if (request.causes) causes.emplace(io, request.name_space);
  const std::string why = "read by health and for a snapshot";
  Listing<kinds::Ingress> ingresses =
      request.certificates ? ListIngresses(io, request.name_space)
                           : Listing<kinds::Ingress>(Absence{AbsenceKind::NotAsked, why, {}});
  std::optional<OtherPods> other_pods;
  if (request.other_pods) other_pods.emplace(io, request.name_space);
  TRY(io.loop.Wait(io.deadline, lists));
  if (auto failure = lists.ConnectionFailure()) return Fail(*std::move(failure));
  // Objects carry the server's times: they are judged by its clock, not by this machine's.
  facts.taken_at = io.kube.ServerTime().value_or(facts.taken_at);
  lists.Store(facts);
  if (causes) {
    TRY(io.loop.Wait(io.deadline, *causes));
    causes->Store(facts);
  }

  // A list of few objects, under way since the first burst.
  TRY(io.loop.Wait(io.deadline, ingresses));
  TlsSecretReads tls_secrets(io, request, profile, ingresses.Take());

  LastWordsMask last_words(io, facts);
  ReleaseReads release(io, request, facts.record_store, lists.TakeRecords());
  BackupReads backups(io, facts.served_apis, request.name_space);
  AccessReads access(io, facts, request);
  TRY(io.loop.Wait(io.deadline, release, backups, access, tls_secrets));
  release.Store(profile, gathered);
  TRY(last_words.Apply(io, gathered));
  facts.backups = backups.Take(request.name_space, facts.taken_at);
  facts.access_answers = access.Take();
  facts.tls_secrets = tls_secrets.Take(facts.scope.release);
  facts.owner = DetectOwner(facts.workloads, facts.scope.release);
  if (other_pods) {
    TRY(io.loop.Wait(io.deadline, *other_pods));
    facts.requests_by_node = other_pods->Take();
  } else {
    facts.requests_by_node = Absence{AbsenceKind::NotAsked, "judged with --to", {}};
  }
  TRY(CheckOneRelease(facts, profile));
  return gathered;
}

}  // namespace datafly::gather
