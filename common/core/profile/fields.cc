#include "common/core/profile/fields.h"

#include "common/core/profile/codecs.h"

namespace datafly::profile {

namespace {

// A field is a codec and an accessor; the templates below make its functions. The rule of
// tightening is its own argument, so that a new field cannot forget to say one.

template <class Codec, auto kMember>
Result<void> Read(const Json& value, Profile& profile) {
  ASSIGN_OR_RETURN(kMember(profile), Codec::Read(value));
  return {};
}

template <class Codec, auto kMember>
Json Write(const Profile& profile) {
  return Codec::Write(kMember(profile));
}

/// Names of things, addresses, commands and claims come only from the user's own file and flags.
template <class Codec, auto kMember>
Result<std::string> TightenNever(const Json&, Profile&) {
  return "only your own --config file may set it";
}

/// `kStricter` is the sign of Compare(wanted, now) that is stricter.
template <class Codec, auto kMember, int kStricter>
Result<std::string> TightenOrdered(const Json& value, Profile& profile) {
  ASSIGN_OR_RETURN(auto wanted, Codec::Read(value));
  int order = Codec::Compare(wanted, kMember(profile));
  if (order == -kStricter)
    return kStricter > 0 ? "it may only be raised" : "it may only be lowered";
  kMember(profile) = std::move(wanted);
  return "";
}

template <class Codec, auto kMember>
Result<std::string> TightenExtends(const Json& value, Profile& profile) {
  ASSIGN_OR_RETURN(std::vector<std::string> wanted, Codec::Read(value));
  std::vector<std::string>& now = kMember(profile);
  bool leaves_out = std::any_of(now.begin(), now.end(), [&](const std::string& entry) {
    return std::find(wanted.begin(), wanted.end(), entry) == wanted.end();
  });
  for (std::string& entry : wanted) {
    if (std::find(now.begin(), now.end(), entry) == now.end()) now.push_back(std::move(entry));
  }
  return leaves_out ? "entries may only be added" : "";
}

Result<void> ReadServices(const Json& value, Profile& profile) {
  ASSIGN_OR_RETURN(auto changes, ServicesCodec::Read(value));
  MergeServices(changes, profile.services);
  return {};
}

/// Only `servesTraffic: true` is stricter; a title is shown to people, so it is the user's.
Result<std::string> TightenServices(const Json& value, Profile& profile) {
  ASSIGN_OR_RETURN(auto changes, ServicesCodec::Read(value));
  std::vector<ServicesCodec::Change> stricter;
  bool left_out = false;
  for (ServicesCodec::Change& change : changes) {
    left_out = left_out || change.title || !change.serves_traffic.value_or(true);
    change.title.reset();
    if (change.serves_traffic.value_or(false)) stricter.push_back(std::move(change));
  }
  MergeServices(stricter, profile.services);
  return left_out ? "only servesTraffic: true is taken" : "";
}

template <class Codec, auto kMember>
constexpr Field Own(std::string_view key, std::string_view meaning) {
  return {key,
          Codec::kType,
          meaning,
          "",
          Read<Codec, kMember>,
          Write<Codec, kMember>,
          TightenNever<Codec, kMember>};
}
template <class Codec, auto kMember>
constexpr Field HigherIsStricter(std::string_view key, std::string_view meaning) {
  return {key,
          Codec::kType,
          meaning,
          "may raise it",
          Read<Codec, kMember>,
          Write<Codec, kMember>,
          TightenOrdered<Codec, kMember, 1>};
}
template <class Codec, auto kMember>
constexpr Field LowerIsStricter(std::string_view key, std::string_view meaning) {
  return {key,
          Codec::kType,
          meaning,
          "may lower it",
          Read<Codec, kMember>,
          Write<Codec, kMember>,
          TightenOrdered<Codec, kMember, -1>};
}
template <class Codec, auto kMember>
constexpr Field MoreIsStricter(std::string_view key, std::string_view meaning) {
  return {key,
          Codec::kType,
          meaning,
          "may add entries",
          Read<Codec, kMember>,
          Write<Codec, kMember>,
          TightenExtends<Codec, kMember>};
}

#define MEMBER(name) [](auto& p) -> auto& { return p.name; }

constexpr Field kFields[] = {
    Own<TextCodec, MEMBER(chart)>(
        "chart.name", "Name in Chart.yaml by which a release of the platform is recognised."),
    Own<TextCodec, MEMBER(chart_ref)>(
        "chart.ref",
        "Where the chart's versions are published: oci://, repository/name, or a path."),
    Own<SwitchCodec, MEMBER(registry_plain_http)>(
        "chart.plainHttp", "The registry of chart.ref is served without TLS (a lab)."),
    Own<TextCodec, MEMBER(release_notes_url)>(
        "chart.releaseNotesUrl",
        "Address of a version's release notes; {version} is replaced. Empty: as the chart's "
        "annotations or home say."),
    Own<TextCodec, MEMBER(part_of_label)>(
        "platform.partOfLabel",
        "Value of the label app.kubernetes.io/part-of on the platform's objects."),
    HigherIsStricter<VersionCodec, MEMBER(minimums.kubernetes)>("platform.minimums.kubernetes",
                                                                "An older Kubernetes fails."),
    HigherIsStricter<VersionCodec, MEMBER(minimums.kubernetes_recommended)>(
        "platform.minimums.kubernetesRecommended", "An older Kubernetes warns."),
    HigherIsStricter<CountCodec, MEMBER(minimums.nodes)>("platform.minimums.nodes",
                                                         "Fewer schedulable, Ready nodes fail."),
    HigherIsStricter<CountCodec, MEMBER(minimums.nodes_recommended)>(
        "platform.minimums.nodesRecommended", "Fewer schedulable, Ready nodes warn."),
    HigherIsStricter<CpuCodec, MEMBER(minimums.node_cpu)>("platform.minimums.nodeCpu",
                                                          "CPU that each node should have."),
    HigherIsStricter<MemoryCodec, MEMBER(minimums.node_memory)>(
        "platform.minimums.nodeMemory", "Memory that each node should have."),
    {"services", ServicesCodec::kType,
     "By Deployment name: the title to show, and whether fewer than 2 replicas lose events "
     "(servesTraffic: fails instead of warning). Laid over the built-in services; what runs is "
     "learnt from the cluster.",
     "may set servesTraffic: true", ReadServices,
     [](const Profile& p) { return ServicesCodec::Write(p.services); }, TightenServices},
    Own<TextCodec, MEMBER(migrate_container)>("migrations.container",
                                              "Init container that runs the database migrations."),
    Own<TextCodec, MEMBER(migrations_workload)>("migrations.workload",
                                                "Deployment whose pod carries that container."),
    MoreIsStricter<ListCodec, MEMBER(continuity_keys)>(
        "continuity.secretKeys",
        "Keys of Secrets that an upgrade must never change: data becomes unreadable, or every "
        "session ends."),
    MoreIsStricter<ListCodec, MEMBER(continuity_env)>(
        "continuity.env",
        "Environment variables that an upgrade must never change: a new consumer group starts "
        "from other offsets."),
    LowerIsStricter<CountCodec, MEMBER(restarts_warn)>(
        "restarts.warn", "This many restarts of one container within restarts.window warn."),
    HigherIsStricter<DurationCodec, MEMBER(restart_window)>("restarts.window",
                                                            "How far back restarts are counted."),
    LowerIsStricter<DurationCodec, MEMBER(backup_max_age)>(
        "backups.maxAge",
        "Data of the newest good backup may be this old. The default is the product's standard "
        "recovery point."),
    Own<TextCodec, MEMBER(backup_claim)>(
        "backups.claim",
        "Your word that a backup exists, where the cluster shows none: its time (RFC 3339) or a "
        "sentence. Reports label it as a claim."),
    Own<CountCodec, MEMBER(history_max)>("history.max",
                                         "The --history-max that upgrades of this release use."),
    LowerIsStricter<CountCodec, MEMBER(skipped_minors_allowed)>(
        "versions.skippedMinorsAllowed", "An upgrade that skips more minor versions warns."),
};

#undef MEMBER

}  // namespace

std::span<const Field> AllFields() { return kFields; }

}  // namespace datafly::profile
