#pragma once

#include "common/core/facts/describe_diff.h"
#include "common/core/facts/describe_kinds.h"
#include "common/core/facts/describe_rollout.h"
#include "common/core/facts/facts.h"

/// The descriptions of facts.h (describe.h says how).
namespace datafly {

constexpr std::string_view NameOf(OwnerFacts::Kind kind) {
  using enum OwnerFacts::Kind;
  switch (kind) {
    case Helm:
      return "helm";
    case Flux:
      return "flux";
    case ArgoCd:
      return "argocd";
  }
  return {};
}

constexpr std::string_view NameOf(ImageFacts::State state) {
  using enum ImageFacts::State;
  switch (state) {
    case Exists:
      return "exists";
    case NoSuchTag:
      return "no-such-tag";
    case PullSecretRefused:
      return "pull-secret-refused";
    case Unauthorized:
      return "unauthorized";
    case NoAnswer:
      return "no-answer";
  }
  return {};
}

constexpr std::string_view NameOf(DryRunFacts::Cause cause) {
  using enum DryRunFacts::Cause;
  switch (cause) {
    case None:
      return "none";
    case Immutable:
      return "immutable";
    case Admission:
      return "admission";
    case Quota:
      return "quota";
    case Invalid:
      return "invalid";
    case Conflict:
      return "conflict";
    case Forbidden:
      return "forbidden";
    case NotServed:
      return "not-served";
    case Other:
      return "other";
  }
  return {};
}

constexpr std::string_view NameOf(ContinuityFacts::State state) {
  using enum ContinuityFacts::State;
  switch (state) {
    case Same:
      return "same";
    case Changed:
      return "changed";
    case Added:
      return "added";
    case Removed:
      return "removed";
    case Rotates:
      return "rotates";
  }
  return {};
}

/// Not a switch: ToString(AbsenceKind) has the names, and nothing beyond the last one.
inline std::string_view NameOf(AbsenceKind kind) { return ToString(kind); }

template <class V>
constexpr void Describe(V& v, Type<Absence>) {
  v.Name("Absence");
  v.Field("kind", &Absence::kind);
  v.Field("reason", &Absence::reason);
  v.Field("needs", &Absence::needs);
}
static_assert(DescribedWhole<Absence>);

template <class V>
constexpr void Describe(V& v, Type<Scope>) {
  v.Name("Scope");
  v.Field("context", &Scope::context);
  v.Field("server", &Scope::server);
  v.Field("namespace", &Scope::name_space);
  v.Field("release", &Scope::release);
  v.Field("user", &Scope::user);
}
static_assert(DescribedWhole<Scope>);

template <class V>
constexpr void Describe(V& v, Type<RenderedObject>) {
  using S = RenderedObject;
  v.Name("RenderedObject");
  v.Field("apiVersion", &S::api_version);
  v.Field("kind", &S::kind);
  v.Field("namespace", &S::name_space);
  v.Field("name", &S::name);
}
static_assert(DescribedWhole<RenderedObject>);

template <class V>
constexpr void Describe(V& v, Type<Rendered>) {
  using S = Rendered;
  v.Name("Rendered");
  v.Field("objects", &S::objects);
  v.Field("hooks", &S::hooks);
  v.Field("workloads", &S::workloads);
  v.Field("hpas", &S::hpas);
  v.Field("pdbs", &S::pdbs);
  v.Field("hasMigrateContainer", &S::has_migrate_container);
}
static_assert(DescribedWhole<Rendered>);

template <class V>
constexpr void Describe(V& v, Type<RevisionSummary>) {
  using S = RevisionSummary;
  v.Name("RevisionSummary");
  v.Field("revision", &S::revision);
  v.Field("status", &S::status);
  v.Field("modifiedAt", &S::modified_at);
}
static_assert(DescribedWhole<RevisionSummary>);

template <class V>
constexpr void Describe(V& v, Type<ReleaseFacts>) {
  using S = ReleaseFacts;
  v.Name("Release");
  v.Field("name", &S::name);
  v.Field("revision", &S::revision);
  v.Field("status", &S::status);
  v.Field("labelStatus", &S::label_status);
  v.Field("chartName", &S::chart_name);
  v.Field("chartVersion", &S::chart_version);
  v.Field("appVersion", &S::app_version);
  v.Field("description", &S::description);
  v.Field("lastDeployed", &S::last_deployed);
  v.Field("applyMethod", &S::apply_method);
  v.Field("encodedSize", &S::encoded_size);
  v.Field("history", &S::history);
  v.Field("rendered", &S::rendered);
  v.Field("renderedRevision", &S::rendered_revision);
  v.Field("migrationsEnabled", &S::migrations_enabled);
  v.Field("migrationFiles", &S::migration_files);
  v.Field("rollback", &S::rollback);
  v.Field("rollbackRevision", &S::rollback_revision);
}
static_assert(DescribedWhole<ReleaseFacts>);

template <class V>
constexpr void Describe(V& v, Type<OwnerFacts>) {
  using S = OwnerFacts;
  v.Name("Owner");
  v.Field("kind", &S::kind);
  v.Field("object", &S::object);
  v.Field("evidence", &S::evidence);
}
static_assert(DescribedWhole<OwnerFacts>);

template <class V>
constexpr void Describe(V& v, Type<ServedApis>) {
  v.Name("ServedApis");
  v.Field("groupVersions", &ServedApis::group_versions);
}
static_assert(DescribedWhole<ServedApis>);

template <class V>
constexpr void Describe(V& v, Type<AccessRule>) {
  using S = AccessRule;
  v.Name("AccessRule");
  v.Field("verbs", &S::verbs);
  v.Field("apiGroups", &S::groups);
  v.Field("resources", &S::resources);
  v.Field("resourceNames", &S::names);
}
static_assert(DescribedWhole<AccessRule>);

template <class V>
constexpr void Describe(V& v, Type<AccessReview>) {
  v.Name("AccessReview");
  v.Field("rules", &AccessReview::rules);
  v.Field("incomplete", &AccessReview::incomplete);
}
static_assert(DescribedWhole<AccessReview>);

template <class V>
constexpr void Describe(V& v, Type<AccessAnswer>) {
  using S = AccessAnswer;
  v.Name("AccessAnswer");
  v.Field("verb", &S::verb);
  v.Field("apiGroup", &S::group);
  v.Field("resource", &S::resource);
  v.Field("namespace", &S::name_space);
  v.Field("name", &S::name);
  v.Field("allowed", &S::allowed);
  v.Field("reason", &S::reason);
}
static_assert(DescribedWhole<AccessAnswer>);

template <class V>
constexpr void Describe(V& v, Type<ImageFacts>) {
  using S = ImageFacts;
  v.Name("Image");
  v.Field("reference", &S::reference);
  v.Field("usedBy", &S::used_by);
  v.Field("state", &S::state);
  v.Field("detail", &S::detail);
  v.Field("platforms", &S::platforms);
}
static_assert(DescribedWhole<ImageFacts>);

template <class V>
constexpr void Describe(V& v, Type<CrdFacts>) {
  using S = CrdFacts;
  v.Name("Crd");
  v.Field("name", &S::name);
  v.Field("exists", &S::exists);
  v.Field("same", &S::same);
  v.Field("targetVersions", &S::target_versions);
  v.Field("liveVersions", &S::live_versions);
}
static_assert(DescribedWhole<CrdFacts>);

template <class V>
constexpr void Describe(V& v, Type<DryRunFacts>) {
  using S = DryRunFacts;
  v.Name("DryRun");
  v.Field("object", &S::object);
  v.Field("ok", &S::ok);
  v.Field("cause", &S::cause);
  v.Field("message", &S::message);
}
static_assert(DescribedWhole<DryRunFacts>);

template <class V>
constexpr void Describe(V& v, Type<ContinuityFacts>) {
  using S = ContinuityFacts;
  v.Name("Continuity");
  v.Field("object", &S::object);
  v.Field("key", &S::key);
  v.Field("state", &S::state);
}
static_assert(DescribedWhole<ContinuityFacts>);

template <class V>
constexpr void Describe(V& v, Type<ValuesFacts>) {
  using S = ValuesFacts;
  v.Name("Values");
  v.Field("unknownKeys", &S::unknown_keys);
  v.Field("changedDefaults", &S::changed_defaults);
  v.Field("newKeys", &S::new_keys);
  v.Field("continuity", &S::continuity);
}
static_assert(DescribedWhole<ValuesFacts>);

template <class V>
constexpr void Describe(V& v, Type<TargetFacts>) {
  using S = TargetFacts;
  v.Name("Target");
  v.Field("requested", &S::requested);
  v.Field("chartName", &S::chart_name);
  v.Field("chartVersion", &S::chart_version);
  v.Field("appVersion", &S::app_version);
  v.Field("kubeVersionRange", &S::kube_version_range);
  v.Field("releaseNotesUrl", &S::release_notes_url);
  v.Field("rendered", &S::rendered);
  v.Field("values", &S::values);
  v.Field("crds", &S::crds);
  v.Field("images", &S::images);
  v.Field("dryRun", &S::dry_run);
  v.Field("changes", &S::changes);
  v.Field("migrationFiles", &S::migration_files);
  v.Field("estimatedRecordSize", &S::estimated_record_size);
}
static_assert(DescribedWhole<TargetFacts>);

template <class V>
constexpr void Describe(V& v, Type<BackupEvidence>) {
  using S = BackupEvidence;
  v.Name("BackupEvidence");
  v.Field("source", &S::source);
  v.Field("good", &S::good);
  v.Field("detail", &S::detail);
  v.Field("dataTime", &S::data_time);
}
static_assert(DescribedWhole<BackupEvidence>);

template <class V>
constexpr void Describe(V& v, Type<ClusterProfile>) {
  v.Name("ClusterProfile");
  v.Field("asks", &ClusterProfile::asks);
  v.Field("refused", &ClusterProfile::refused);
}
static_assert(DescribedWhole<ClusterProfile>);

template <class V>
constexpr void Describe(V& v, Type<kinds::Certificate>) {
  using S = kinds::Certificate;
  v.Name("Certificate");
  v.Field("notBefore", &S::not_before);
  v.Field("notAfter", &S::not_after);
  v.Field("dnsNames", &S::dns_names);
}
static_assert(DescribedWhole<kinds::Certificate>);

template <class V>
constexpr void Describe(V& v, Type<TlsSecretFacts>) {
  using S = TlsSecretFacts;
  v.Name("TlsSecret");
  v.Field("secret", &S::secret);
  v.Field("usedBy", &S::used_by);
  v.Field("certificate", &S::certificate);
}
static_assert(DescribedWhole<TlsSecretFacts>);

template <class V>
constexpr void Describe(V& v, Type<Facts>) {
  using S = Facts;
  v.Name("Facts");
  v.Field("takenAt", &S::taken_at);
  v.Field("toolVersion", &S::tool_version);
  v.Field("scope", &S::scope);
  v.Field("serverVersion", &S::server_version);
  v.Field("servedApis", &S::served_apis);
  v.Field("recordStore", &S::record_store);
  v.Field("release", &S::release);
  v.Field("otherReleases", &S::other_releases);
  v.Field("owner", &S::owner);
  v.Field("workloads", &S::workloads);
  v.Field("unlistedWorkloadKinds", &S::unlisted_workload_kinds);
  v.Field("pods", &S::pods);
  v.Field("replicaSets", &S::replica_sets);
  v.Field("events", &S::events);
  v.Field("endpointSlices", &S::endpoint_slices);
  v.Field("tlsSecrets", &S::tls_secrets);
  v.Field("hpas", &S::hpas);
  v.Field("pdbs", &S::pdbs);
  v.Field("quotas", &S::quotas);
  v.Field("nodes", &S::nodes);
  v.Field("requestsByNode", &S::requests_by_node);
  v.Field("access", &S::access);
  v.Field("accessAnswers", &S::access_answers);
  v.Field("images", &S::images);
  v.Field("backups", &S::backups);
  v.Field("metricsServed", &S::metrics_served);
  v.Field("target", &S::target);
  v.Field("clusterProfile", &S::cluster_profile);
}
static_assert(DescribedWhole<Facts>);

}  // namespace datafly
