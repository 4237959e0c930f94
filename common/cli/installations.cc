#include "common/cli/installations.h"

#include "common/core/kinds/selector.h"
#include "common/gather/installations.h"

namespace datafly::cli {
namespace {

constexpr const char* kGroup = "Many installations (one row each)";

/// No answer at all; a refusal is an answer (a user may not even read /version).
bool IsSilence(const Error& error) {
  return error.kind != ErrorKind::Forbidden && error.kind != ErrorKind::NotFound;
}

Error NoneFound(const InstallationChoice& choice, const SharedFlags& flags, const Profile& profile,
                const std::string& name_space) {
  std::string what = flags.release.empty() ? fmt::format("release of chart {}", profile.chart)
                                           : fmt::format("release {}", flags.release);
  if (choice.selector) what += " that the selector chooses";
  return Error::NotFound(
      fmt::format("no {} in {}", what,
                  name_space.empty() ? "any namespace" : "namespace " + name_space),
      "`helm list -A` shows what there is; the chart's name is chart.name of the profile");
}

}  // namespace

void DeclareInstallationFlags(CommandLine& command, InstallationFlags& flags) {
  command.AddFlag("-A,--all-namespaces", flags.all_namespaces,
                  "Every release of the platform's chart in the cluster; beats -n, as in kubectl",
                  kGroup);
  command.AddOption("-l,--selector", flags.selector,
                    "The releases whose labels match: those of Helm's newest record (helm upgrade "
                    "--labels), and of the namespace where the record has none of that name. "
                    "a=b, a!=b, a in (b,c), a notin (b,c), a, !a, joined by commas",
                    "SELECTOR", kGroup);
}

Result<InstallationChoice> ResolveInstallations(const SharedFlags& shared,
                                                const InstallationFlags& flags) {
  InstallationChoice choice;
  choice.all_namespaces = flags.all_namespaces;
  if (!flags.selector.empty()) {
    ASSIGN_OR_RETURN(choice.selector, kinds::ParseSelector(flags.selector));
  }
  for (const std::string& context : shared.contexts) {
    const auto& known = choice.contexts;
    if (std::find(known.begin(), known.end(), context) == known.end())
      choice.contexts.push_back(context);
  }
  return choice;
}

Instant Share(Instant now, Instant deadline, std::size_t left) {
  if (now >= deadline || left <= 1) return deadline;
  return now + (deadline - now) / static_cast<std::int64_t>(left);
}

Result<Clusters> Clusters::Open(Session& session, const SharedFlags& flags,
                                const InstallationChoice& choice) {
  Clusters clusters;
  if (choice.contexts.size() <= 1) {
    ASSIGN_OR_RETURN(Cluster cluster, Connect(session, flags));
    std::string context = cluster.config().context;
    clusters.entries_.push_back(
        std::make_unique<Entry>(Entry{std::move(context), std::move(cluster), {}}));
    return clusters;
  }
  for (const std::string& context : choice.contexts) {
    clusters.entries_.push_back(
        std::make_unique<Entry>(Entry{context, ConnectTo(session, flags, context), {}}));
  }
  return clusters;
}

// All at once, so that several clusters that do not answer cost the time of one, and the handshakes
// of the others overlap.
Result<void> Clusters::Knock(Session& session, Instant deadline) {
  std::vector<std::pair<Entry*, Pending<std::string>>> knocks;
  for (auto& entry : entries_) {
    entry->failure.reset();
    if (!entry->cluster) entry->failure = entry->cluster.error();
    if (entry->cluster)
      knocks.emplace_back(entry.get(), entry->cluster->kube->StartGet("/version"));
  }
  TRY(session.loop.RunUntil(deadline, [&] {
    return std::all_of(knocks.begin(), knocks.end(),
                       [](const auto& knock) { return knock.second.Done(); });
  }));
  for (auto& [entry, knock] : knocks) {
    const auto reply = knock.Take();
    if (!reply && IsSilence(reply.error())) entry->failure = reply.error();
  }
  return {};
}

Result<void> Clusters::FindIn(Session& session, Entry& entry, const SharedFlags& flags,
                              const InstallationChoice& choice, const Profile& profile,
                              Instant deadline, std::vector<Installation>& found) {
  const Cluster& cluster = *entry.cluster;
  const std::string own = cluster.config().default_namespace;
  if (!choice.all_namespaces && !choice.selector) {
    found.push_back({&cluster, entry.context, own, flags.release, {}});
    return {};
  }
  const System system{session.files, session.environment, session.clock, session.processes,
                      session.loop};
  gather::Io io{session.loop, *cluster.http, *cluster.kube, system, deadline};
  const gather::InstallationQuery query{choice.all_namespaces ? "" : own, flags.release,
                                        choice.selector};
  ASSIGN_OR_RETURN(auto releases, gather::FindInstallations(io, profile, query));
  if (releases.empty()) return Fail(NoneFound(choice, flags, profile, query.name_space));
  for (auto& release : releases) {
    found.push_back({&cluster, entry.context, std::move(release.name_space),
                     std::move(release.release), std::move(release.unreadable)});
  }
  return {};
}

Result<std::vector<Installation>> Clusters::Find(Session& session, const SharedFlags& flags,
                                                 const InstallationChoice& choice,
                                                 const Profile& profile, Instant deadline) {
  std::vector<Installation> found;
  const bool several = entries_.size() > 1;
  if (several) TRY(Knock(session, Share(session.loop.Now(), deadline, 2)));
  std::size_t left = entries_.size();
  for (auto& entry : entries_) {
    const Instant until = Share(session.loop.Now(), deadline, 1 + left--);
    Result<void> searched = {};
    if (entry->failure)
      searched = Fail(*entry->failure);
    else
      searched = FindIn(session, *entry, flags, choice, profile, until, found);
    if (searched) continue;
    if (!several || searched.error().kind == ErrorKind::Interrupted) return Fail(searched.error());
    found.push_back({nullptr, entry->context, {}, {}, searched.error()});
  }
  return found;
}

}  // namespace datafly::cli
