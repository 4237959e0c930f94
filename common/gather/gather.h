#pragma once

#include <string>

#include "common/core/checks/needs.h"
#include "common/core/facts/facts.h"
#include "common/core/profile/profile.h"
#include "common/core/release/record.h"
#include "common/io/http/client.h"
#include "common/io/kube/client.h"
#include "common/io/loop/loop.h"
#include "common/io/system/system.h"

namespace datafly::gather {

/// What gatherers need of the outside world; passed down by reference.
struct Io {
  Loop& loop;
  http::Client& http;
  kube::Client& kube;
  const System& system;
  Instant deadline;
};

/// What the user asked to look at.
struct ClusterRequest {
  std::string name_space;
  std::string release;        ///< "" = the one release of the platform's chart in the namespace
  bool causes = false;        ///< also ReplicaSets, events and EndpointSlices
  bool certificates = false;  ///< also the TLS Secrets that the release's Ingresses name
  bool other_pods = false;    ///< also sum up the requests of pods in other namespaces (for the
                              ///< surge; only with a target)
  /// Rights to ask for one by one where the rules review leaves them open, beside an upgrade's own.
  std::function<std::vector<checks::Need>(const Facts&)> questions = {};
};

/// What a cluster gave: the facts, and beside them the release's payloads, which hold the user's
/// values and therefore stay in memory.
struct Gathered {
  Facts facts;
  std::optional<release::ReleaseRecord> newest;  ///< of the release
  std::optional<release::ReleaseRecord>
      deployed;  ///< the newest deployed one, when that is another
};

/// Reads the cluster's side of Facts in at most two bursts on one connection:
///   1. version, APIs, release records' labels, workloads, pods, HPAs, PDBs, quotas, nodes, own
///   rights, the cluster's own profile; where asked for, what tells causes, and the Ingresses;
///   2. the payloads of the release's records, backups of the tools that are installed, what the
///   first burst left open about own rights, the TLS Secrets of the Ingresses, and the namespace's
///   Secrets where pods have left words that may hold one.
/// An Error means that the API server could not be asked at all (no connection, no identity);
/// everything else is an Absence inside the facts.
Result<Gathered> GatherCluster(Io& io, const Profile& profile, const ClusterRequest& request);

}  // namespace datafly::gather
