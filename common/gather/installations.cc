#include "common/gather/installations.h"

#include "common/core/kinds/decode.h"
#include "common/core/release/history.h"

namespace datafly::gather {
namespace {

constexpr std::size_t kPadding = 64;  ///< simdjson's

using Labels = std::map<std::string, std::string>;

/// One release by its newest record.
struct Candidate {
  std::string record;  ///< name of the object
  std::int64_t revision = 0;
  Labels labels;
  release::Status status = release::Status::Unknown;
  Pending<std::string> chart;  ///< the name of its chart, when it was asked for
};
/// By namespace and release.
using Candidates = std::map<std::pair<std::string, std::string>, Candidate>;

/// "secrets" or "configmaps" (helm pkg/action Configuration.Init); other drivers keep no object
/// that could be listed.
Result<std::string> RecordsPlural(const Environment& environment) {
  const std::string driver = environment.Get("HELM_DRIVER").value_or("");
  if (driver.empty() || driver == "secret" || driver == "secrets") return "secrets";
  if (driver == "configmap" || driver == "configmaps") return "configmaps";
  return Fail(
      Error::Unsupported(fmt::format("releases cannot be searched for with HELM_DRIVER={}", driver),
                         "name each with -n and --release"));
}

/// Metadata under way. A gather::Listing would give an Absence; here the Error is the answer.
struct MetadataList {
  std::shared_ptr<std::vector<kinds::ObjectMeta>> items =
      std::make_shared<std::vector<kinds::ObjectMeta>>();
  Pending<kube::ListOutcome> pending;

  Result<std::vector<kinds::ObjectMeta>> Take() {
    TRY(pending.Take());
    return std::move(*items);
  }
};

MetadataList StartMetadata(Io& io, const kube::Resource& resource, std::string labels) {
  MetadataList list;
  kube::ListOptions options;
  options.metadata_only = true;
  options.label_selector = std::move(labels);
  list.pending = io.kube.StartList(
      resource, options,
      [items = list.items,
       decoder = std::make_shared<kinds::Decoder>()](kube::Client::PageBuffer page) {
        return decoder->Metadata({page.data, page.size, page.capacity}, *items);
      },
      [items = list.items] { items->clear(); });
  return list;
}

/// One namespace, read as a list of one: whoever may only see this one may get it, but not list.
MetadataList StartOneNamespace(Io& io, const std::string& name) {
  MetadataList list;
  list.pending = Transform<kube::ListOutcome>(
      io.kube.StartGet(kube::Resource{"v1", "namespaces", ""}.Path(name)),
      [items = list.items](Result<std::string> reply) -> Result<kube::ListOutcome> {
        if (!reply) return Fail(reply.error());
        std::string text = fmt::format(R"({{"items":[{}]}})", *reply);
        const std::size_t size = text.size();
        text.resize(size + kPadding);
        TRY(kinds::Decoder().Metadata({text.data(), size, text.size()}, *items));
        return kube::ListOutcome{};
      });
  return list;
}

/// The missing right is in the message; what else the user can do is not the same everywhere.
Error Explain(Error error, const InstallationQuery& query) {
  if (error.kind != ErrorKind::Forbidden) return error;
  error.remedy = query.name_space.empty()
                     ? "looking in all namespaces needs that right in a ClusterRole; without it, "
                       "name the namespace with -n"
                     : "a selector looks at the labels of Helm's records and of the namespace; "
                       "without that right, name the release with --release";
  return error;
}

Candidates NewestOfEach(const std::vector<kinds::ObjectMeta>& records, const std::string& release) {
  Candidates candidates;
  for (const kinds::ObjectMeta& meta : records) {
    const auto label = release::ReadRevisionLabel(meta);
    if (!label || (!release.empty() && label->release != release)) continue;
    Candidate& candidate = candidates[{meta.name_space, label->release}];
    if (label->revision <= candidate.revision) continue;
    candidate.record = meta.name;
    candidate.revision = label->revision;
    candidate.labels = meta.labels;
    candidate.status = label->status;
  }
  // `helm uninstall --keep-history` leaves records of what is no installation any more.
  if (release.empty()) {
    std::erase_if(candidates, [](const auto& entry) {
      return entry.second.status == release::Status::Uninstalled;
    });
  }
  return candidates;
}

void KeepSelected(Candidates& candidates, const std::vector<kinds::ObjectMeta>& namespaces,
                  const kinds::LabelSelector& selector) {
  std::map<std::string, Labels> by_namespace;
  for (const kinds::ObjectMeta& meta : namespaces) by_namespace[meta.name] = meta.labels;
  std::erase_if(candidates, [&](const auto& entry) {
    Labels labels = entry.second.labels;
    labels.merge(Labels(by_namespace[entry.first.first]));  // what a record says stays
    return !selector.Matches(labels);
  });
}

/// Only the name of the chart is kept of a payload, as it arrives: a cluster may hold hundreds.
void StartCharts(Io& io, const std::string& plural, Candidates& candidates) {
  for (auto& [key, candidate] : candidates) {
    const kube::Resource resource{"v1", plural, key.first};
    candidate.chart = Transform<std::string>(
        io.kube.StartGet(resource.Path(candidate.record)),
        [](Result<std::string> reply) -> Result<std::string> {
          if (!reply) return Fail(reply.error());
          ASSIGN_OR_RETURN(const auto record, release::DecodeReleaseObject(*reply));
          return record.chart.name;
        });
  }
}

std::vector<InstallationFound> TakeOurs(Candidates& candidates, const std::string& chart) {
  std::vector<InstallationFound> found;
  for (auto& [key, candidate] : candidates) {
    const auto name = candidate.chart.Take();
    if (name && *name != chart) continue;
    // Uninstalled or pruned between the two bursts.
    if (!name && name.error().kind == ErrorKind::NotFound) continue;
    found.push_back(
        {key.first, key.second, name ? std::nullopt : std::optional<Error>(name.error())});
  }
  return found;
}

/// What the first burst brings: the newest record of every release that is meant.
Result<Candidates> FindCandidates(Io& io, const std::string& plural,
                                  const InstallationQuery& query) {
  MetadataList records = StartMetadata(io, {"v1", plural, query.name_space}, "owner=helm");
  if (!query.selector) {
    TRY(io.loop.Wait(io.deadline, records.pending));
    ASSIGN_OR_RETURN(const auto metas, records.Take());
    return NewestOfEach(metas, query.release);
  }
  MetadataList namespaces = query.name_space.empty()
                                ? StartMetadata(io, {"v1", "namespaces", ""}, "")
                                : StartOneNamespace(io, query.name_space);
  TRY(io.loop.Wait(io.deadline, records.pending, namespaces.pending));
  ASSIGN_OR_RETURN(const auto metas, records.Take());
  ASSIGN_OR_RETURN(const auto labels, namespaces.Take());
  Candidates candidates = NewestOfEach(metas, query.release);
  KeepSelected(candidates, labels, *query.selector);
  return candidates;
}

}  // namespace

Result<std::vector<InstallationFound>> FindInstallations(Io& io, const Profile& profile,
                                                         const InstallationQuery& query) {
  ASSIGN_OR_RETURN(const std::string plural, RecordsPlural(io.system.environment));
  auto chosen = FindCandidates(io, plural, query);
  if (!chosen) return Fail(Explain(std::move(chosen.error()), query));
  Candidates candidates = *std::move(chosen);
  std::vector<InstallationFound> found;
  if (!query.release.empty()) {
    for (const auto& [key, candidate] : candidates) found.push_back({key.first, key.second, {}});
    return found;
  }
  StartCharts(io, plural, candidates);
  TRY(io.loop.RunUntil(io.deadline, [&] {
    return std::all_of(candidates.begin(), candidates.end(),
                       [](const auto& entry) { return entry.second.chart.Done(); });
  }));
  return TakeOurs(candidates, profile.chart);
}

}  // namespace datafly::gather
