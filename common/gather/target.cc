#include "common/gather/target.h"

#include "common/core/diff/redact.h"
#include "common/core/diff/secret_shapes.h"
#include "common/core/facts/profile_in_force.h"
#include "common/gather/given_values.h"
#include "common/gather/offline_target.h"
#include "common/gather/record_reads.h"
#include "common/gather/release_diff.h"
#include "common/gather/rendered.h"
#include "common/gather/target_chart.h"
#include "common/gather/target_cluster.h"
#include "common/gather/target_images.h"
#include "common/gather/target_values.h"

namespace datafly::gather {
namespace {

const release::ReleaseRecord* TodayOf(const Gathered& cluster) {
  if (cluster.deployed) return &*cluster.deployed;
  return cluster.newest ? &*cluster.newest : nullptr;
}

// latest…: the newest of the registry's tags.
Result<ChartChoice> ResolveNewest(Io& io, const Profile& profile, const Gathered& cluster,
                                  ChartChoice choice) {
  if (choice.newest == ChartChoice::Newest::No) return choice;
  constexpr std::string_view kOci = "oci://";
  if (choice.chart.compare(0, kOci.size(), kOci) != 0) {
    return Fail(Error::Unsupported(
        fmt::format("the newest version of {} is not known: only oci:// charts can be asked",
                    choice.chart),
        "name the version: --to 1.3.0"));
  }
  const release::ReleaseRecord* today = TodayOf(cluster);
  if (today == nullptr)
    return Fail(
        Error::NotFound("no release, so no version to go on from", "name the version: --to 1.3.0"));
  ASSIGN_OR_RETURN(const SemVer version, SemVer::Parse(today->chart.version));
  ASSIGN_OR_RETURN(const auto repository,
                   registry::ImageReference::Parse(choice.chart.substr(kOci.size())));
  registry::Client client(io.http, RegistryTrust(io.system, profile));
  auto tags = client.StartTags(repository, std::nullopt);
  TRY(io.loop.Wait(io.deadline, tags));
  ASSIGN_OR_RETURN(const auto names, tags.Take());
  const auto newest = NewestTag(names, choice.newest, version);
  if (!newest)
    return Fail(Error::NotFound(fmt::format("{} offers no released version from {} on",
                                            choice.chart, today->chart.version)));
  choice.version = *newest;
  return choice;
}

std::string ReleaseNotesUrl(const release::ChartInfo& chart, const Profile& profile) {
  if (!profile.release_notes_url.empty()) {
    std::string url = profile.release_notes_url;
    constexpr std::string_view kPlace = "{version}";
    if (const auto at = url.find(kPlace); at != std::string::npos)
      url.replace(at, kPlace.size(), chart.version);
    return url;
  }
  for (const auto& [key, value] : chart.annotations) {
    if (key == "datafly.io/release-notes" || key == "artifacthub.io/releaseNotes") return value;
  }
  return chart.home;
}

TargetFacts Describe(const release::ReleaseRecord& record, const std::string& requested,
                     const Profile& profile) {
  TargetFacts facts;
  facts.requested = requested;
  facts.chart_name = record.chart.name;
  facts.chart_version = record.chart.version;
  facts.app_version = record.chart.app_version;
  facts.kube_version_range = record.chart.kube_version;
  facts.release_notes_url = ReleaseNotesUrl(record.chart, profile);
  facts.migration_files = MigrationFilesOf(record.chart);
  facts.estimated_record_size = record.encoded_size;
  return facts;
}

/// Absent: there is no such chart or nothing to upgrade, or helm cannot be told of the connection.
Result<Fact<HelmRendering>> PlanRendering(Io& io, const Profile& profile, const Gathered& cluster,
                                          const TargetRequest& request) {
  const Scope& scope = cluster.facts.scope;
  if (scope.release.empty())
    return Fact<HelmRendering>(
        Absence{AbsenceKind::NotFound, "there is no release to upgrade", {}});
  if (request.as_given)
    return Fact<HelmRendering>(
        HelmRendering(io, request.as_given->render, request.as_given->environment));
  auto choice = ResolveNewest(io, profile, cluster, ChooseChart(request.to, profile));
  if (!choice) {
    if (choice.error().kind == ErrorKind::Interrupted) return Fail(choice.error());
    return Fact<HelmRendering>(Absence::From(choice.error()));
  }
  auto environment = helm::ConnectionEnvironment(request.connection, scope.name_space);
  if (!environment) return Fact<HelmRendering>(Absence::From(environment.error()));
  const bool ours = choice->chart == profile.chart_ref;
  helm::RenderRequest render;
  render.helm = request.helm;
  render.release = scope.release;
  render.name_space = scope.name_space;
  render.chart = choice->chart;
  render.version = choice->version;
  render.plain_http = ours && profile.registry_plain_http;
  render.values_files = request.values_files;
  render.sets = request.sets;
  return Fact<HelmRendering>(HelmRendering(io, std::move(render), *std::move(environment)));
}

Result<Fact<release::ReleaseRecord>> Render(Io& io, HelmRendering& rendering,
                                            const Gathered& cluster) {
  const release::ReleaseRecord* today = TodayOf(cluster);
  const bool pending = cluster.newest && release::IsPending(cluster.newest->status);
  if (!pending) {
    rendering.Start();
    rendering.Foretell(today);
  }
  auto record = pending ? RenderOffline(io, rendering, today) : rendering.Wait(today);
  if (record) return Fact<release::ReleaseRecord>(*std::move(record));
  if (record.error().kind == ErrorKind::Interrupted) return Fail(record.error());
  return Fact<release::ReleaseRecord>(Absence::From(record.error()));
}

/// Fit to be stored.
Result<Fact<diff::ReleaseDiff>> ToFact(Result<FoundDiff> found) {
  if (found) return Fact<diff::ReleaseDiff>(Redact(std::move(found->diff), found->secrets).get());
  if (found.error().kind == ErrorKind::Interrupted) return Fail(found.error());
  return Fact<diff::ReleaseDiff>(Absence::From(found.error()));
}

/// The same comparison as `helm signal diff upgrade`.
Result<Fact<diff::ReleaseDiff>> Changes(Io& io, const Gathered& cluster, HelmRendering& target,
                                        const release::ReleaseRecord& record,
                                        const DiffOptions& options) {
  const helm::RenderRequest& request = target.request();
  const Rendering rendering{TodayOf(cluster),
                            record,
                            request.name_space,
                            request.release,
                            request.ShownChart(),
                            target.offline(),
                            [&] { return target.Again(); }};
  auto found = DiffRendering(io, rendering, options);
  if (found && target.offline())
    TRY(LearnNamedValues(io, request, target.environment(), found->secrets));
  if (found && cluster.newest) LearnRecord(*cluster.newest, found->secrets);
  if (found) return ToFact(std::move(found));
  ASSIGN_OR_RETURN(Error masked, MaskHelmsError(io, request, target.environment(), TodayOf(cluster),
                                                found.error()));
  return ToFact(Fail(std::move(masked)));
}

using FindChanges = std::function<Result<Fact<diff::ReleaseDiff>>()>;

/// The server quotes in its refusal what it does not take.
void MaskRefusals(Fact<std::vector<DryRunFacts>>& dry_run, const diff::KnownSecrets& secrets) {
  if (!dry_run) return;
  for (DryRunFacts& item : *dry_run) item.message = diff::MaskLikely(secrets.Mask(item.message));
}

/// What the manifest of `record` meets in the cluster and in the registries. `find_changes` runs
/// while the answers are waited for.
Result<Fact<RenderedTarget>> AskAbout(Io& io, const Profile& profile, const Gathered& cluster,
                                      const release::ReleaseRecord& record,
                                      const helm::RenderRequest& given,
                                      const std::string& requested,
                                      const FindChanges& find_changes) {
  const auto objects = manifest::ParseManifest(record.manifest);
  if (!objects)
    return Fact<RenderedTarget>(Absence::From(objects.error().Within("the target's manifest")));
  auto rendered = Reduce(*objects, profile);
  if (!rendered)
    return Fact<RenderedTarget>(Absence::From(rendered.error().Within("the target's manifest")));

  TargetFacts facts = Describe(record, requested, profile);
  facts.rendered = *std::move(rendered);
  facts.rendered.hooks = ReduceHooks(record.hooks);
  const std::string& name_space = cluster.facts.scope.name_space;
  const bool ssa = cluster.newest && cluster.newest->apply_method == "ssa";
  CrdReads crds(io, record.chart);
  DryRuns dry_runs(io, *objects, name_space, ssa);
  ImageLookUps images(io, profile, name_space, facts.rendered.workloads);
  TRY(images.Start());
  ASSIGN_OR_RETURN(facts.changes, find_changes());
  facts.values = CompareValues(TodayOf(cluster), record, *objects, profile, facts.changes);
  TRY(io.loop.Wait(io.deadline, crds, dry_runs, images));
  facts.crds = crds.Take();
  facts.dry_run = dry_runs.Take();
  MaskRefusals(facts.dry_run, GivenValues(io.system.files, given, &record));
  facts.images = images.Take();
  return Fact<RenderedTarget>(RenderedTarget{std::move(facts), record});
}

}  // namespace

std::vector<std::string> MigrationFilesOf(const release::ChartInfo& chart) {
  std::vector<std::string> files;
  for (const auto& [key, value] : chart.annotations) {
    if (key != "datafly.io/migrations") continue;
    std::string word;
    for (const char c : value + ",") {
      if (c != ',' && c != '\n' && c != ' ')
        word += c;
      else if (!word.empty())
        files.push_back(std::exchange(word, {}));
    }
  }
  return files;
}

Result<Fact<RenderedTarget>> RenderAndGatherTarget(Io& io, const Profile& own,
                                                   const Gathered& cluster,
                                                   const TargetRequest& request) {
  // The cluster may add keys that an upgrade must never change.
  const Profile profile = ProfileInForce(cluster.facts, own).profile;
  ASSIGN_OR_RETURN(Fact<HelmRendering> rendering, PlanRendering(io, profile, cluster, request));
  if (!rendering) return Fact<RenderedTarget>(rendering.absence());
  ASSIGN_OR_RETURN(const Fact<release::ReleaseRecord> record, Render(io, *rendering, cluster));
  if (!record) return Fact<RenderedTarget>(record.absence());
  ASSIGN_OR_RETURN(auto target,
                   AskAbout(io, profile, cluster, *record, rendering->request(), request.to, [&] {
                     return Changes(io, cluster, *rendering, *record, request.diff);
                   }));
  if (target && rendering->offline()) {
    // What is not marked as rendered offline would be judged as if it were whole.
    if (!target->facts.changes) return Fact<RenderedTarget>(target->facts.changes.absence());
    KnowOnlyTheManifest(target->facts);
  }
  return target;
}

Result<Fact<RenderedTarget>> GatherRecordedTarget(Io& io, const Profile& own,
                                                  const Gathered& cluster,
                                                  const helm::HelmCalls& calls,
                                                  std::int64_t revision,
                                                  const DiffOptions& options) {
  const Profile profile = ProfileInForce(cluster.facts, own).profile;
  const Scope& scope = cluster.facts.scope;
  const auto read = [&]() -> Result<release::ReleaseRecord> {
    ASSIGN_OR_RETURN(const auto records,
                     RecordReads::List(io, calls, scope.name_space, scope.release));
    ASSIGN_OR_RETURN(auto payloads, records.Read({revision}));
    return std::move(payloads.front());
  };
  const auto record = read();
  if (!record) {
    if (record.error().kind == ErrorKind::Interrupted) return Fail(record.error());
    return Fact<RenderedTarget>(Absence::From(record.error()));
  }
  const helm::RenderRequest nothing_given;
  return AskAbout(
      io, profile, cluster, *record, nothing_given, fmt::format("revision {}", revision), [&] {
        return ToFact(DiffRollback(io, calls, scope.name_space, scope.release, revision, options));
      });
}

Result<Fact<TargetFacts>> GatherTarget(Io& io, const Profile& own, const Gathered& cluster,
                                       const TargetRequest& request) {
  ASSIGN_OR_RETURN(auto target, RenderAndGatherTarget(io, own, cluster, request));
  if (!target) return Fact<TargetFacts>(target.absence());
  return Fact<TargetFacts>(std::move(target->facts));
}

}  // namespace datafly::gather
