#include "common/gather/release_today.h"

#include "common/core/base/text.h"
#include "common/gather/lists.h"
#include "common/gather/release_lock.h"

namespace datafly::gather {
namespace {

constexpr std::size_t kMaxCandidates = 8;

using Chart = ReleaseToday::Chart;

struct Candidate {
  std::string release;
  Pending<std::string> payload;
};

Fact<std::string> VersionOf(const Result<std::string>& reply) {
  if (!reply) return Absence::From(reply.error(), "get /version");
  const auto version = kinds::DecodeServerVersion(*reply);
  if (!version) return Absence::From(version.error());
  return version->git_version;
}

// Of each release that may be meant, the record of what runs.
std::vector<Candidate> StartPayloads(Io& io, const ClusterRequest& request,
                                     const std::string& plural,
                                     const std::vector<kinds::ObjectMeta>& records) {
  std::vector<Candidate> candidates;
  for (const release::History& history : release::GroupByRelease(records)) {
    const auto* newest = release::Newest(history);
    const auto* deployed = release::NewestDeployed(history);
    const bool named = newest->release == request.release;
    if (!request.release.empty() && !named) continue;
    if (!named && newest->status == release::Status::Uninstalled) continue;
    if (candidates.size() == kMaxCandidates) break;
    const auto* today = deployed != nullptr ? deployed : newest;
    const kube::Resource resource{"v1", plural, request.name_space};
    candidates.push_back({newest->release, io.kube.StartGet(resource.Path(today->object_name))});
  }
  return candidates;
}

Result<Chart> TakeChart(Candidate& candidate) {
  ASSIGN_OR_RETURN(const std::string object, candidate.payload.Take());
  ASSIGN_OR_RETURN(const auto record, release::DecodeReleaseObject(object));
  return Chart{record.chart.name, record.chart.version, record.chart.app_version};
}

Absence NoRelease(const Profile& profile, const ClusterRequest& request) {
  const std::string what =
      request.release.empty() ? "release of chart " + profile.chart : "release " + request.release;
  return {
      AbsenceKind::NotFound, fmt::format("no {} in namespace {}", what, request.name_space), {}};
}

void Settle(ReleaseToday& today, const Profile& profile, const ClusterRequest& request,
            std::vector<Candidate>& candidates) {
  std::vector<std::string> names;
  std::optional<Error> unreadable;
  for (Candidate& candidate : candidates) {
    auto chart = TakeChart(candidate);
    if (!chart) unreadable = chart.error().Within("the record of release " + candidate.release);
    if (!chart || (request.release.empty() && chart->name != profile.chart)) continue;
    names.push_back(candidate.release);
    today.chart = *std::move(chart);
  }
  if (names.size() == 1) {
    today.scope.release = names.front();
  } else if (names.size() > 1) {
    today.chart = Absence{AbsenceKind::NotAsked,
                          fmt::format("namespace {} holds several releases of chart {}: {}; name "
                                      "one",
                                      request.name_space, profile.chart, fmt::join(names, ", ")),
                          {}};
  } else {
    today.chart = unreadable ? Absence::From(*unreadable, "get of Helm's record")
                             : NoRelease(profile, request);
  }
}

Result<std::string> RecordsOf(const Environment& environment) {
  const std::string driver = environment.Get("HELM_DRIVER").value_or("");
  ASSIGN_OR_RETURN(const auto store, release::ParseRecordStore(driver));
  const std::string plural(release::ResourceOf(store));
  if (plural.empty()) {
    return Fail(Error::Unsupported(
        fmt::format("HELM_DRIVER={}: the release's record is not in the cluster", driver)));
  }
  return plural;
}

}  // namespace

Result<ReleaseToday> GatherReleaseToday(Io& io, const Profile& profile,
                                        const ClusterRequest& request) {
  ReleaseToday today;
  const kube::RestConfig& config = io.kube.config();
  today.scope = {config.context, config.server, request.name_space, request.release,
                 config.user_name};
  auto version = io.kube.StartGet("/version");
  const auto plural = RecordsOf(io.system.environment);
  if (!plural) {
    TRY(io.loop.Wait(io.deadline, version));
    today.server_version = VersionOf(version.Take());
    today.chart = Absence::From(plural.error());
    return today;
  }
  Listing<kinds::ObjectMeta> records(
      io.kube, {"v1", *plural, request.name_space}, RecordLabelOptions(),
      [decoder = std::make_shared<kinds::Decoder>()](kinds::PaddedJson page,
                                                     std::vector<kinds::ObjectMeta>& out) {
        return decoder->Metadata(page, out);
      });
  TRY(io.loop.Wait(io.deadline, version, records));
  today.server_version = VersionOf(version.Take());
  const auto metas = records.Take();
  if (!metas) {
    today.chart = metas.absence();
    return today;
  }
  auto candidates = StartPayloads(io, request, *plural, *metas);
  TRY(io.loop.RunUntil(io.deadline, [&] {
    return std::all_of(candidates.begin(), candidates.end(),
                       [](const Candidate& candidate) { return candidate.payload.Done(); });
  }));
  Settle(today, profile, request, candidates);
  return today;
}

}  // namespace datafly::gather
