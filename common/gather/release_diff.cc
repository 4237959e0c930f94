#include "common/gather/release_diff.h"

#include "common/core/base/text.h"
#include "common/core/diff/release_differ.h"
#include "common/gather/given_values.h"
#include "common/gather/helm_rendering.h"
#include "common/gather/live_objects.h"
#include "common/gather/record_reads.h"
#include "common/io/helm/helm_output.h"

namespace datafly::gather {
namespace {

using release::ReleaseRecord;

std::string TitleOf(const ReleaseRecord& record) {
  return fmt::format("revision {} ({})", record.revision, release::ToString(record.status));
}

Error NoRelease(const std::string& release, const std::string& name_space) {
  return Error::NotFound(fmt::format("no release {} in namespace {}", release, name_space),
                         "helm list -A shows where it is; --install compares with nothing");
}

/// By the context that is at work, to be pasted.
std::string HistoryOf(const Io& io, const std::string& name_space, const std::string& release) {
  helm::Environment environment;
  const std::string& context = io.kube.config().context;
  if (!context.empty()) environment.emplace_back("HELM_KUBECONTEXT", context);
  return helm::Pasted({"history", release, "--namespace", name_space}, environment);
}

/// What Helm takes for the current state of an upgrade: the newest deployed record, without one the
/// last.
const release::RevisionLabel* CurrentOf(const release::History& history) {
  const auto* deployed = release::NewestDeployed(history);
  return deployed != nullptr ? deployed : release::Newest(history);
}

Result<std::optional<ReleaseRecord>> ReadCurrent(const RecordReads& records) {
  const auto* current = CurrentOf(records.history());
  if (current == nullptr) return std::optional<ReleaseRecord>();
  ASSIGN_OR_RETURN(auto read, records.Read({current->revision}));
  return std::optional<ReleaseRecord>(std::move(read.front()));
}

/// The two sides, how they are applied, and what the reader must know of them.
struct Sides {
  const ReleaseRecord* before = nullptr;
  const ReleaseRecord* after = nullptr;
  std::string old_title, new_title;
  bool offline = false;
};

diff::DiffRequest RequestFor(const std::string& release, const std::string& name_space,
                             const Sides& sides, const DiffOptions& options) {
  diff::DiffRequest request;
  request.release = release;
  request.name_space = name_space;
  request.three_way = options.live;
  // Helm 4 says in the record how it applies; Helm 3 always does it client-side.
  const bool server_side = sides.after->apply_method == "ssa";
  request.method = server_side ? diff::ApplyMethod::ServerSide : diff::ApplyMethod::ClientSide;
  request.hands_over =
      server_side && sides.before != nullptr && sides.before->apply_method != "ssa";
  request.force_conflicts = options.force_conflicts;
  request.replaces = options.replaces;
  request.take_ownership = options.take_ownership;
  return request;
}

Result<FoundDiff> FinishDiff(diff::ReleaseDiffer& differ, const Sides& sides) {
  ASSIGN_OR_RETURN(diff::ReleaseDiff found, differ.Finish());
  found.old_side.title = sides.old_title;
  found.new_side.title = sides.new_title;
  found.rendered_offline = sides.offline;
  return FoundDiff{std::move(found), differ.secrets()};
}

Result<void> CompareAgain(Io& io, Pending<ReleaseRecord>& again, diff::ReleaseDiffer& differ) {
  TRY(io.loop.Wait(io.deadline, again));
  ASSIGN_OR_RETURN(const ReleaseRecord second, again.Take());
  return differ.CompareRenderings(second);
}

class UpgradeDiff {
 public:
  UpgradeDiff(Io& io, const helm::RenderRequest& render,
              const std::vector<std::pair<std::string, std::string>>& environment,
              const DiffOptions& options)
      : io_(io), rendering_(io, render, environment), options_(options) {}

  Result<FoundDiff> Run() {
    if (!options_.offline) rendering_.Start();
    if (AsksNoCluster()) {
      rendering_.StartOffline(nullptr);
    } else {
      TRY(StartOnToday());
    }
    rendering_.Foretell(Current());
    ASSIGN_OR_RETURN(target_, rendering_.Wait(Current()));
    if (current_ && current_->partial) KnowLittle(*current_, target_);
    return Compare();
  }

 private:
  /// `--install --offline`: nothing is installed as far as this diff knows.
  [[nodiscard]] bool AsksNoCluster() const { return options_.offline && options_.install; }

  /// Reads what is installed, and renders offline where Helm would refuse.
  Result<void> StartOnToday() {
    const helm::RenderRequest& request = rendering_.request();
    const helm::HelmCalls calls{request.helm, rendering_.environment()};
    auto records = RecordReads::List(io_, calls, request.name_space, request.release);
    if (!records) return Fail(AboutTheRecord(records.error()));
    if (records->history().empty() && !options_.install)
      return Fail(NoRelease(request.release, request.name_space));
    ASSIGN_OR_RETURN(current_, ReadCurrent(*records));
    TRY(ReadLast(*records));
    // Helm refuses to render on top of a pending release.
    if (const auto* lock = release::PendingLock(records->history())) pending_ = *lock;
    if (options_.offline || pending_) rendering_.StartOffline(Current());
    return {};
  }

  /// The newest revision, where it is not the one to compare with: it had failed.
  Result<void> ReadLast(const RecordReads& records) {
    const auto* last = release::Newest(records.history());
    if (last == nullptr || !current_ || last->revision == current_->revision) return {};
    ASSIGN_OR_RETURN(auto read, records.Read({last->revision}));
    last_ = std::move(read.front());
    return {};
  }

  [[nodiscard]] Error AboutTheRecord(Error error) const {
    if (!options_.offline || error.kind == ErrorKind::Interrupted) return error;
    error.remedy =
        "with --offline the release's record is still read from the cluster; with --install as "
        "well no cluster is asked, and everything is told as new";
    return error.Within("the release's record");
  }

  [[nodiscard]] const ReleaseRecord* Current() const { return current_ ? &*current_ : nullptr; }

  Result<FoundDiff> Compare() {
    const helm::RenderRequest& request = rendering_.request();
    const Rendering rendering{Current(),
                              target_,
                              request.name_space,
                              request.release,
                              request.ShownChart(),
                              rendering_.offline(),
                              [this] { return rendering_.Again(); }};
    auto found = DiffRendering(io_, rendering, options_);
    if (!found) {
      ASSIGN_OR_RETURN(Error masked, MaskHelmsError(io_, request, rendering_.environment(),
                                                    Current(), found.error()));
      return Fail(std::move(masked));
    }
    if (rendering_.offline())
      TRY(LearnNamedValues(io_, request, rendering_.environment(), found->secrets));
    if (last_) LearnRecord(*last_, found->secrets);
    AddNotes(found->diff);
    return found;
  }

  void AddNotes(diff::ReleaseDiff& diff) const {
    if (pending_)
      diff.notes.push_back(fmt::format(
          "the release is {} (revision {}): Helm refuses to upgrade it; rendered by helm template",
          release::ToString(pending_->status), pending_->revision));
    if (AsksNoCluster())
      diff.notes.emplace_back(
          "no cluster was asked, so everything is told as new, whatever is installed; without "
          "--install it is compared with the release's record");
    if (rendering_.offline())
      diff.notes.emplace_back(
          "helm template asks no cluster: lookups are empty, and values, defaults and the chart's "
          "own data are not compared");
  }

  Io& io_;
  HelmRendering rendering_;
  const DiffOptions& options_;
  std::optional<ReleaseRecord> current_, last_;
  ReleaseRecord target_;
  std::optional<release::RevisionLabel> pending_;
};

/// Two records by their revisions.
Result<std::pair<ReleaseRecord, ReleaseRecord>> ReadBoth(const RecordReads& records,
                                                         std::int64_t first, std::int64_t second) {
  ASSIGN_OR_RETURN(auto both, records.Read({first, second}));
  return std::pair(std::move(both[0]), std::move(both[1]));
}

Result<FoundDiff> DiffRecords(Io& io, const ReleaseRecord& before, const ReleaseRecord& after,
                              const std::string& name_space, const DiffOptions& options) {
  const Sides sides{&before, &after, TitleOf(before), TitleOf(after), false};
  ASSIGN_OR_RETURN(auto differ,
                   diff::ReleaseDiffer::Make(RequestFor(before.name, name_space, sides, options),
                                             &before, after));
  if (options.live) TRY(CompareLiveObjects(io, differ));
  return FinishDiff(differ, sides);
}

std::string TitleOfBefore(const Rendering& rendering) {
  if (rendering.before != nullptr) return TitleOf(*rendering.before);
  return rendering.offline ? "nothing: no cluster was asked" : "nothing installed";
}

}  // namespace

Result<FoundDiff> DiffRendering(Io& io, const Rendering& rendering, const DiffOptions& options) {
  const ReleaseRecord* before = rendering.before;
  const Sides sides{before, &rendering.after, TitleOfBefore(rendering),
                    fmt::format("{} as helm renders it", rendering.chart), rendering.offline};
  ASSIGN_OR_RETURN(
      auto differ,
      diff::ReleaseDiffer::Make(RequestFor(rendering.release, rendering.name_space, sides, options),
                                sides.before, *sides.after));
  std::vector<Pending<ReleaseRecord>> again(differ.FurtherRenderings());
  for (auto& pending : again) pending = rendering.again();
  if (options.live) TRY(CompareLiveObjects(io, differ));
  for (auto& pending : again) TRY(CompareAgain(io, pending, differ));
  return FinishDiff(differ, sides);
}

Result<FoundDiff> DiffUpgrade(Io& io, const helm::RenderRequest& render,
                              const std::vector<std::pair<std::string, std::string>>& environment,
                              const DiffOptions& options) {
  return UpgradeDiff(io, render, environment, options).Run();
}

Result<FoundDiff> DiffRollback(Io& io, const helm::HelmCalls& calls, const std::string& name_space,
                               const std::string& release, std::int64_t revision,
                               const DiffOptions& options) {
  ASSIGN_OR_RETURN(const RecordReads records, RecordReads::List(io, calls, name_space, release));
  const auto* last = release::Newest(records.history());
  if (last == nullptr) return Fail(NoRelease(release, name_space));
  const auto* target = release::RollbackTarget(records.history());
  if (revision == 0 && target == nullptr)
    return Fail(Error::NotFound(
        fmt::format("release {} has no earlier good revision", release),
        "name one of those that this shows: " + HistoryOf(io, name_space, release)));
  ASSIGN_OR_RETURN(auto both,
                   ReadBoth(records, last->revision, revision != 0 ? revision : target->revision));
  // Helm applies a rollback as the last revision was applied.
  both.second.apply_method = both.first.apply_method;
  return DiffRecords(io, both.first, both.second, name_space, options);
}

Result<FoundDiff> DiffRevisions(Io& io, const helm::HelmCalls& calls, const std::string& name_space,
                                const std::string& release, std::int64_t from, std::int64_t to) {
  ASSIGN_OR_RETURN(const RecordReads records, RecordReads::List(io, calls, name_space, release));
  const auto* last = release::Newest(records.history());
  if (last == nullptr) return Fail(NoRelease(release, name_space));
  ASSIGN_OR_RETURN(const auto both, ReadBoth(records, from, to != 0 ? to : last->revision));
  DiffOptions options;
  options.live = false;
  return DiffRecords(io, both.first, both.second, name_space, options);
}

}  // namespace datafly::gather
