#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/core/base/fact.h"
#include "common/core/base/time.h"
#include "common/core/diff/release_diff.h"
#include "common/core/kinds/cluster.h"
#include "common/core/kinds/endpoint_slices.h"
#include "common/core/kinds/events.h"
#include "common/core/kinds/ingress.h"
#include "common/core/kinds/pods.h"
#include "common/core/kinds/replica_sets.h"
#include "common/core/kinds/workloads.h"
#include "common/core/profile/cluster_profile.h"
#include "common/core/release/history.h"
#include "common/core/release/record_store.h"

/// Everything that a judge may look at. Gathering fills it, a snapshot stores it, judging reads it.
/// It holds no release payload and no secret: where those matter, the gatherer compares and only
/// the outcome is here. Of the user's values it holds what a diff may show of those that change.
namespace datafly {

/// Which release on which cluster, and how to say so in a remedy.
struct Scope {
  std::string context;  ///< kubeconfig context ("" in cluster)
  std::string server;   ///< "https://host:port"
  std::string name_space;
  std::string release;  ///< "" when none was found
  std::string user;     ///< the kubeconfig's user entry
};

/// One document of a rendered manifest, by identity.
struct RenderedObject {
  std::string api_version;
  std::string kind;
  std::string name_space;  ///< "" = the release's
  std::string name;
};

/// Reduced form of a rendered manifest (today's or the target's).
struct Rendered {
  std::vector<RenderedObject> objects;
  std::vector<RenderedObject> hooks;  ///< that an upgrade or a rollback runs beside the manifest
  std::vector<kinds::Workload> workloads;
  std::vector<kinds::Hpa> hpas;
  std::vector<kinds::Pdb> pdbs;
  bool has_migrate_container =
      false;  ///< an init container of the profile's name on the profile's workload
};

/// Metadata of one revision, from the labels of its record.
struct RevisionSummary {
  std::int64_t revision = 0;
  std::string status;  ///< "deployed", "superseded", "failed", "pending-upgrade", …
  std::optional<Time> modified_at;
};

struct ReleaseFacts {
  std::string name;
  std::int64_t revision = 0;  ///< of the newest record
  std::string status;         ///< from the newest payload (the label can lie)
  std::string label_status;   ///< from the newest record's label
  std::string chart_name;
  std::string chart_version;
  std::string app_version;
  std::string description;
  std::optional<Time> last_deployed;
  std::string apply_method;  ///< "ssa", "csa" or ""
  std::size_t encoded_size =
      0;  ///< bytes of the newest record as stored; the limit of a Secret is 1 MiB
  std::vector<RevisionSummary> history;  ///< ascending
  Rendered rendered;  ///< of the newest deployed revision (or the newest, when none is)
  std::int64_t rendered_revision = 0;
  bool migrations_enabled = false;  ///< values: migrations.enabled, user over default
  Fact<Rendered> rollback;  ///< of the revision a rollback would go to; NotFound when there is none
  std::int64_t rollback_revision = 0;
  std::vector<std::string>
      migration_files;  ///< as TargetFacts::migration_files, of the newest record's chart
};

/// Somebody else's controller owns the release.
struct OwnerFacts {
  enum class Kind { Helm, Flux, ArgoCd } kind = Kind::Helm;
  std::string object;    ///< "HelmRelease flux-system/datafly", "Application argocd/datafly"
  std::string evidence;  ///< the label or annotation that says so
};

/// GET /apis and /api: "apps/v1", "v1", …
struct ServedApis {
  std::set<std::string> group_versions;
};

/// SelfSubjectRulesReview of the namespace.
struct AccessRule {
  std::vector<std::string> verbs, groups, resources, names;
};
struct AccessReview {
  std::vector<AccessRule> rules;
  bool incomplete = false;  ///< what no rule grants is then not proven to be denied
};
/// One SelfSubjectAccessReview.
struct AccessAnswer {
  std::string verb, group, resource, name_space, name;
  bool allowed = false;
  std::string reason;
};

/// One image as the registry answers for it.
struct ImageFacts {
  std::string reference;             ///< as written in the pod spec
  std::vector<std::string> used_by;  ///< "Deployment/event-processor"
  enum class State {
    Exists,
    NoSuchTag,          ///< a definite 404
    PullSecretRefused,  ///< 401/403 although a pull secret of the release was offered
    Unauthorized,       ///< 401/403 and the release has no pull secret for this registry
    NoAnswer,           ///< unreachable from here, TLS, 5xx, rate limit: no word about the image
  } state = State::Exists;
  std::string detail;                  ///< the registry's words, made safe
  std::vector<std::string> platforms;  ///< "linux/amd64"; empty = the registry does not say
};

/// A CRD in the target chart's crds/ folder, against the cluster's. Helm installs those once and
/// never upgrades them.
struct CrdFacts {
  std::string name;
  bool exists = false;
  bool same = false;  ///< spec equal, defaults aside
  std::vector<std::string> target_versions, live_versions;
};

/// One object of the target's manifest sent as a server-side dry-run.
struct DryRunFacts {
  std::string object;  ///< "Deployment/event-processor"
  bool ok = false;
  enum class Cause {
    None,
    Immutable,
    Admission,
    Quota,
    Invalid,
    Conflict,
    Forbidden,
    NotServed,
    Other
  } cause = Cause::None;
  std::string message;  ///< the server's words, made safe
};

/// Continuity of one Secret key or env value between today's manifest and the target's: only the
/// outcome.
struct ContinuityFacts {
  std::string object;  ///< "Secret/datafly-secrets"
  std::string key;
  enum class State {
    Same,
    Changed,
    Added,
    Removed,
    Rotates
  } state = State::Same;  ///< Rotates: changed although no input to it did
};

struct ValuesFacts {
  std::vector<std::string>
      unknown_keys;  ///< dotted paths set by the user that the target's defaults do not know
  std::vector<std::string>
      changed_defaults;  ///< dotted paths whose default changed while the user overrides them
  std::vector<std::string> new_keys;  ///< defaults that the target adds
  std::vector<ContinuityFacts> continuity;
};

/// The chart that `--to` names, rendered with the user's values by the user's helm.
struct TargetFacts {
  std::string requested;  ///< as given
  std::string chart_name, chart_version, app_version, kube_version_range;
  std::string release_notes_url;  ///< from the chart's annotations or home; may be empty
  Rendered rendered;
  ValuesFacts values;
  Fact<std::vector<CrdFacts>> crds;
  Fact<std::vector<ImageFacts>> images;
  Fact<std::vector<DryRunFacts>> dry_run;
  /// What the step would change, three ways; as Redact (core/diff/redact.h) left it, and nothing
  /// else may stand here.
  Fact<diff::ReleaseDiff> changes;
  std::vector<std::string> migration_files;  ///< annotation of the chart, if it names them
  std::size_t estimated_record_size = 0;     ///< bytes the new release record would take
};

/// One sign of a backup, by the rules of one backup tool.
struct BackupEvidence {
  std::string source;             ///< "velero.io/v1 Backup velero/nightly-0711"
  bool good = false;              ///< finished and usable by that tool's own fields
  std::string detail;             ///< why it is good or not
  std::optional<Time> data_time;  ///< how old the data in it is
};

/// A TLS Secret that Ingresses of the release name. Of its data only the certificate's dates and
/// names are known.
struct TlsSecretFacts {
  std::string secret;
  std::vector<std::string> used_by;      ///< "Ingress/datafly"
  Fact<kinds::Certificate> certificate;  ///< Invalid: of another type, or no certificate in it
};

struct Facts {
  Time taken_at;
  std::string tool_version;
  Scope scope;

  Fact<kinds::ServerVersion> server_version;
  Fact<ServedApis> served_apis;
  release::RecordStore record_store = release::RecordStore::Secrets;  ///< by HELM_DRIVER
  Fact<ReleaseFacts> release;
  std::vector<std::string>
      other_releases;  ///< of the platform's chart in the namespace, when several
  Fact<OwnerFacts> owner;
  Fact<std::vector<kinds::Workload>>
      workloads;  ///< every Deployment, StatefulSet, DaemonSet of the namespace
  Fact<std::vector<kinds::ReplicaSet>> replica_sets;  ///< these three only where causes are
  Fact<std::vector<kinds::Event>> events;             ///< looked for (health, diagnose, snapshot)
  Fact<std::vector<kinds::EndpointSlice>> endpoint_slices;
  Fact<std::vector<TlsSecretFacts>> tls_secrets;  ///< only for health and a snapshot
  std::map<std::string, Absence>
      unlisted_workload_kinds;         ///< "DaemonSet" -> why `workloads` holds none of that kind
  Fact<std::vector<kinds::Pod>> pods;  ///< of the namespace
  Fact<std::vector<kinds::Hpa>> hpas;
  Fact<std::vector<kinds::Pdb>> pdbs;
  Fact<std::vector<kinds::ResourceQuota>> quotas;
  Fact<std::vector<kinds::Node>> nodes;
  Fact<std::map<std::string, kinds::ResourceList>>
      requests_by_node;  ///< of pods in other namespaces
  Fact<AccessReview> access;
  Fact<std::vector<AccessAnswer>> access_answers;
  Fact<std::vector<ImageFacts>> images;  ///< of today's workloads
  Fact<std::vector<BackupEvidence>> backups;
  Fact<bool> metrics_served;             ///< metrics.k8s.io in /apis
  Fact<TargetFacts> target;              ///< NotAsked without --to
  Fact<ClusterProfile> cluster_profile;  ///< NotFound: the namespace has no such ConfigMap
};

/// The workloads of the release: named in its manifest, or carrying its meta.helm.sh/release-name
/// annotation; without a release, the part-of label.
std::vector<const kinds::Workload*> WorkloadsOfRelease(const Facts& facts,
                                                       std::string_view part_of_label);
/// The release's history as the rules of release/history.h take it.
release::History HistoryOf(const ReleaseFacts& release);
/// One of its labels as it stands in facts.
RevisionSummary SummaryOf(const release::RevisionLabel& label);

/// The pods that a workload's selector matches and that are not finished.
std::vector<const kinds::Pod*> PodsOf(const Facts& facts, const kinds::Workload& workload);

}  // namespace datafly
