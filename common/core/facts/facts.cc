#include "common/core/facts/facts.h"

#include "common/core/facts/pod_index.h"

namespace datafly {

namespace {

constexpr std::string_view kReleaseNameAnnotation = "meta.helm.sh/release-name";
constexpr std::string_view kReleaseNamespaceAnnotation = "meta.helm.sh/release-namespace";
constexpr std::string_view kPartOfLabel = "app.kubernetes.io/part-of";

bool Has(const std::map<std::string, std::string>& values, std::string_view key,
         std::string_view value) {
  auto found = values.find(std::string(key));
  return found != values.end() && found->second == value;
}

/// Helm writes both annotations; one that names another namespace belongs to a release there.
bool AnnotatedFor(const kinds::Workload& workload, const ReleaseFacts& release,
                  const Scope& scope) {
  const auto& annotations = workload.meta.annotations;
  if (!Has(annotations, kReleaseNameAnnotation, release.name)) return false;
  bool names_one = annotations.contains(std::string(kReleaseNamespaceAnnotation));
  return !names_one || Has(annotations, kReleaseNamespaceAnnotation, scope.name_space);
}

bool NamedIn(const Rendered& rendered, const kinds::Workload& workload, const Scope& scope) {
  return std::any_of(
      rendered.objects.begin(), rendered.objects.end(), [&](const RenderedObject& object) {
        const std::string& name_space =
            object.name_space.empty() ? scope.name_space : object.name_space;
        return object.kind == workload.kind && object.name == workload.meta.name &&
               (workload.meta.name_space.empty() || name_space == workload.meta.name_space);
      });
}

bool BelongsToRelease(const Facts& facts, const kinds::Workload& workload,
                      std::string_view part_of_label) {
  if (!facts.release) return Has(workload.meta.labels, kPartOfLabel, part_of_label);
  return NamedIn(facts.release->rendered, workload, facts.scope) ||
         AnnotatedFor(workload, *facts.release, facts.scope);
}

}  // namespace

std::vector<const kinds::Workload*> WorkloadsOfRelease(const Facts& facts,
                                                       std::string_view part_of_label) {
  std::vector<const kinds::Workload*> out;
  if (!facts.workloads) return out;
  for (const kinds::Workload& workload : *facts.workloads) {
    if (BelongsToRelease(facts, workload, part_of_label)) out.push_back(&workload);
  }
  return out;
}

release::History HistoryOf(const ReleaseFacts& release) {
  release::History history;
  for (const RevisionSummary& entry : release.history) {
    release::RevisionLabel label;
    label.release = release.name;
    label.revision = entry.revision;
    label.status = release::ParseStatus(entry.status);
    label.modified_at = entry.modified_at;
    history.push_back(std::move(label));
  }
  return history;
}

RevisionSummary SummaryOf(const release::RevisionLabel& label) {
  return {label.revision, std::string(release::ToString(label.status)), label.modified_at};
}

std::vector<const kinds::Pod*> PodsOf(const Facts& facts, const kinds::Workload& workload) {
  return PodIndex(facts).Of(workload);
}

}  // namespace datafly
