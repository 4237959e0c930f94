#include "common/gather/release_reads.h"

#include "common/core/release/values.h"
#include "common/gather/rendered.h"

namespace datafly::gather {
namespace {

constexpr std::size_t kMaxCandidates = 8;

std::int64_t RevisionOf(const release::RevisionLabel* label) {
  return label == nullptr ? 0 : label->revision;
}

}  // namespace

ReleaseReads::ReleaseReads(Io& io, const ClusterRequest& request, release::RecordStore store,
                           Fact<std::vector<kinds::ObjectMeta>> records)
    : io_(io),
      request_(request),
      records_(std::move(records)),
      plural_(release::ResourceOf(store)) {
  if (!records_) return;
  for (release::History& history : release::GroupByRelease(*records_)) {
    const std::string& name = history.front().release;
    if (!request_.release.empty() && name != request_.release) continue;
    if (candidates_.size() == kMaxCandidates) break;
    Candidate candidate;
    candidate.name = name;
    candidate.history = std::move(history);
    Choose(candidate);
    candidates_.push_back(std::move(candidate));
  }
}

void ReleaseReads::Choose(Candidate& candidate) {
  const auto* newest = release::Newest(candidate.history);
  const auto* deployed = release::NewestDeployed(candidate.history);
  const auto* rollback = release::RollbackTarget(candidate.history);
  candidate.newest = RevisionOf(newest);
  candidate.deployed = RevisionOf(deployed);
  candidate.rollback = RevisionOf(rollback);
  for (const release::RevisionLabel* label : {newest, deployed, rollback}) {
    if (label != nullptr && candidate.payloads.count(label->revision) == 0)
      StartPayload(candidate, *label);
  }
}

void ReleaseReads::StartPayload(Candidate& candidate, const release::RevisionLabel& label) {
  const kube::Resource resource{"v1", plural_, request_.name_space};
  candidate.payloads.emplace(label.revision, io_.kube.StartGet(resource.Path(label.object_name)));
}

bool ReleaseReads::Done() const {
  for (const Candidate& candidate : candidates_) {
    for (const auto& [revision, payload] : candidate.payloads) {
      if (!payload.Done()) return false;
    }
  }
  return true;
}

Result<void> ReleaseReads::Decode(Candidate& candidate) {
  for (auto& [revision, payload] : candidate.payloads) {
    auto reply = payload.Take();
    // Between the list and the read a revision may be pruned; only the newest must be there.
    if (!reply && revision != candidate.newest) continue;
    if (!reply) return Fail(reply.error());
    auto record = release::DecodeReleaseObject(*reply);
    if (!record)
      return Fail(record.error().Within(
          fmt::format("revision {} of release {}", revision, candidate.name)));
    candidate.records.emplace(revision, *std::move(record));
  }
  return {};
}

Fact<ReleaseFacts> ReleaseReads::Describe(const Candidate& candidate, const Profile& profile) {
  const release::ReleaseRecord& newest = candidate.records.at(candidate.newest);
  ReleaseFacts facts;
  facts.name = candidate.name;
  facts.revision = candidate.newest;
  facts.status = release::ToString(newest.status);
  facts.label_status = release::ToString(candidate.history.back().status);
  facts.chart_name = newest.chart.name;
  facts.chart_version = newest.chart.version;
  facts.app_version = newest.chart.app_version;
  facts.description = newest.description;
  facts.last_deployed = newest.last_deployed;
  facts.apply_method = newest.apply_method;
  facts.encoded_size = newest.encoded_size;
  for (const auto& label : candidate.history) facts.history.push_back(SummaryOf(label));

  const auto deployed = candidate.records.find(candidate.deployed);
  const release::ReleaseRecord& today =
      deployed == candidate.records.end() ? newest : deployed->second;
  facts.rendered_revision = today.revision;
  auto rendered = ReduceRecord(today, profile);
  if (!rendered) return Absence::From(rendered.error().Within("the manifest of the release"));
  facts.rendered = *std::move(rendered);
  if (&today != &newest) {
    // What runs is the deployed revision's chart; a pending or failed newest one names what was
    // tried.
    facts.chart_version = today.chart.version;
    facts.app_version = today.chart.app_version;
  }
  const auto values =
      release::CoalesceValues(today.chart.default_values_json, today.user_values_json);
  facts.migrations_enabled =
      values && release::BoolAt(*values, "migrations.enabled").value_or(false);

  const auto back = candidate.records.find(candidate.rollback);
  facts.rollback_revision = candidate.rollback;
  if (back == candidate.records.end()) {
    facts.rollback = Absence{AbsenceKind::NotFound, "there is no earlier good revision", {}};
  } else {
    auto reduced = ReduceRecord(back->second, profile);
    if (reduced)
      facts.rollback = *std::move(reduced);
    else
      facts.rollback =
          Absence::From(reduced.error().Within("the manifest of the revision to go back to"));
  }
  return facts;
}

void ReleaseReads::Keep(Candidate& candidate, Gathered& gathered) {
  if (candidate.deployed != candidate.newest) {
    if (const auto found = candidate.records.find(candidate.deployed);
        found != candidate.records.end()) {
      gathered.deployed = std::move(found->second);
    }
  }
  gathered.newest = std::move(candidate.records.at(candidate.newest));
}

void ReleaseReads::Store(const Profile& profile, Gathered& gathered) {
  Facts& facts = gathered.facts;
  facts.scope.release = request_.release;
  if (!records_) {
    facts.release = records_.absence();
    return;
  }
  std::vector<Candidate*> ours;
  for (Candidate& candidate : candidates_) {
    const auto decoded = Decode(candidate);
    if (!decoded && !request_.release.empty()) {
      facts.release =
          Absence::From(decoded.error(), fmt::format("get {} in {}", plural_, request_.name_space));
      return;
    }
    if (!decoded || candidate.records.count(candidate.newest) == 0) continue;
    const bool named = !request_.release.empty();
    if (named || candidate.records.at(candidate.newest).chart.name == profile.chart)
      ours.push_back(&candidate);
  }
  if (ours.empty()) {
    facts.release = Absence{
        AbsenceKind::NotFound,
        request_.release.empty()
            ? fmt::format("no release of chart {} in namespace {}", profile.chart,
                          request_.name_space)
            : fmt::format("no release {} in namespace {}", request_.release, request_.name_space),
        {}};
    return;
  }
  if (ours.size() > 1) {
    for (const Candidate* candidate : ours) facts.other_releases.push_back(candidate->name);
    facts.release = Absence{
        AbsenceKind::NotAsked, "several releases of the chart: name one with --release", {}};
    return;
  }
  facts.scope.release = ours.front()->name;
  facts.release = Describe(*ours.front(), profile);
  Keep(*ours.front(), gathered);
}

}  // namespace datafly::gather
