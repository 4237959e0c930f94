#include "common/core/report/health_services.h"

#include <map>
#include <set>

#include "common/core/base/one_line.h"
#include "common/core/checks/wording.h"
#include "common/core/facts/pod_index.h"
#include "common/core/rollout/completion.h"

namespace datafly::report {

namespace {

using kinds::Pod;
using kinds::Workload;
using Tone = Cell::Tone;

Cell Unknown(const Absence& absence) {
  return {absence.kind == AbsenceKind::Forbidden ? "forbidden" : "unknown", Tone::Warn};
}

/// "v1.2.0" of "registry:5000/app:v1.2.0@sha256:…"; the digest's beginning when there is no tag.
std::string TagOf(std::string_view image) {
  const std::size_t at = image.find('@');
  const std::string_view name = image.substr(0, at);
  const std::size_t colon = name.rfind(':');
  const std::size_t slash = name.rfind('/');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash))
    return std::string(name.substr(colon + 1));
  if (at == std::string_view::npos) return "latest";
  constexpr std::size_t kShown = 19;  // "sha256:" and twelve digits, as docker shows them
  return std::string(image.substr(at + 1, kShown));
}

/// Of the first container: what the running pods have, which may be more than one during a rollout.
std::string VersionsOf(const Workload& workload, const std::vector<const Pod*>& pods) {
  std::set<std::string> tags;
  for (const Pod* pod : pods) {
    for (const kinds::ContainerStatus& container : pod->containers) {
      const bool first = !workload.pod.containers.empty() &&
                         container.name == workload.pod.containers.front().name;
      if (first && !container.init) tags.insert(TagOf(container.image));
    }
  }
  if (tags.empty() && !workload.pod.containers.empty())
    tags.insert(TagOf(workload.pod.containers.front().image));
  return fmt::format("{}", fmt::join(tags, ", "));
}

struct Restarts {
  std::int64_t count = 0;
  std::optional<Time> last;
};

Restarts RestartsOf(const std::vector<const Pod*>& pods) {
  Restarts restarts;
  for (const Pod* pod : pods) {
    for (const kinds::ContainerStatus& container : pod->containers) {
      restarts.count += container.restart_count;
      const auto& finished = container.last_state.finished_at;
      if (container.restart_count > 0 && finished)
        restarts.last = std::max(restarts.last.value_or(*finished), *finished);
    }
  }
  return restarts;
}

/// As kubectl's RESTARTS: "3 (5m ago)".
Cell RestartsCell(const checks::Input& input, const std::vector<const Pod*>& pods) {
  const Restarts restarts = RestartsOf(pods);
  std::string text = std::to_string(restarts.count);
  if (!restarts.last) return {text};
  const Millis ago = std::max(Millis{0}, input.facts.taken_at - *restarts.last);
  const bool recent = ago <= input.profile.restart_window;
  return {fmt::format("{} ({} ago)", text, FormatAge(ago)), recent ? Tone::Warn : Tone::Plain};
}

Cell HpaCell(const Facts& facts, const Workload& workload) {
  if (!facts.hpas) return Unknown(facts.hpas.absence());
  for (const kinds::Hpa& hpa : *facts.hpas) {
    if (hpa.target_kind != workload.kind || hpa.target_name != workload.meta.name) continue;
    const kinds::Condition* active = FindCondition(hpa.conditions, "ScalingActive");
    const bool blind = active != nullptr && active->status == "False";
    const bool full = hpa.current_replicas >= hpa.max_replicas;
    // What it wants and the workload does not ask for has been undone, or may not be written.
    const bool undone =
        hpa.desired_replicas != 0 && hpa.desired_replicas != workload.DesiredReplicas();
    return {fmt::format("{} in {}-{}{}{}", hpa.current_replicas, hpa.min_replicas, hpa.max_replicas,
                        undone ? fmt::format(", wants {}", hpa.desired_replicas) : "",
                        blind ? ", no metrics" : ""),
            blind  ? Tone::Bad
            : full ? Tone::Warn
                   : Tone::Plain};
  }
  return {"-", Tone::Dim};
}

/// status.disruptionsAllowed, as in kubectl's ALLOWED DISRUPTIONS.
Cell PdbCell(const Facts& facts, const Workload& workload) {
  if (!facts.pdbs) return Unknown(facts.pdbs.absence());
  for (const kinds::Pdb& pdb : *facts.pdbs) {
    if (pdb.selector.Empty() || !pdb.selector.Matches(workload.pod.labels)) continue;
    return {std::to_string(pdb.disruptions_allowed),
            pdb.disruptions_allowed == 0 ? Tone::Warn : Tone::Plain};
  }
  return {"-", Tone::Dim};
}

/// How many of the workload's pods take traffic, of those that stand behind any Service; "-" when
/// none does (a consumer has no Service).
Cell EndpointsCell(const Facts& facts, const std::vector<const Pod*>& pods) {
  if (!facts.endpoint_slices) return Unknown(facts.endpoint_slices.absence());
  std::set<std::string_view> names;
  for (const Pod* pod : pods) names.insert(pod->meta.name);
  std::set<std::string_view> ready;
  std::set<std::string_view> all;
  for (const kinds::EndpointSlice& slice : *facts.endpoint_slices) {
    for (const kinds::Endpoint& endpoint : slice.endpoints) {
      if (names.count(endpoint.pod) == 0) continue;
      all.insert(endpoint.pod);
      if (endpoint.ready) ready.insert(endpoint.pod);
    }
  }
  if (all.empty()) return {"-", Tone::Dim};
  return {fmt::format("{}/{}", ready.size(), all.size()), ready.empty() ? Tone::Bad : Tone::Plain};
}

Cell StateCell(const Workload& workload) {
  if (rollout::IsStale(workload)) return {"not observed yet", Tone::Warn};
  if (workload.paused) return {"paused", Tone::Bad};
  const std::string waits = rollout::WaitsFor(workload);
  if (waits.empty()) return {"complete", Tone::Good};
  return {waits, Tone::Bad};
}

std::vector<Cell> RowOf(const checks::Input& input, const PodIndex& index,
                        const Workload& workload) {
  const Facts& facts = input.facts;
  const std::int64_t desired = workload.DesiredReplicas();
  const auto pods = index.Of(workload);
  const Cell restarts = facts.pods ? RestartsCell(input, pods) : Unknown(facts.pods.absence());
  return {{workload.meta.name},
          {workload.kind},
          {fmt::format("{}/{}", workload.ready_replicas, desired),
           workload.ready_replicas >= desired ? Tone::Good : Tone::Bad},
          {fmt::format("{}/{}", workload.updated_replicas, desired)},
          {VersionsOf(workload, pods)},
          restarts,
          HpaCell(facts, workload),
          PdbCell(facts, workload),
          EndpointsCell(facts, pods),
          StateCell(workload)};
}

std::set<std::string> ImageIds(const std::vector<const Pod*>& pods, std::string_view container) {
  std::set<std::string> ids;
  for (const Pod* pod : pods) {
    for (const kinds::ContainerStatus& status : pod->containers) {
      if (status.name == container && !status.image_id.empty()) ids.insert(status.image_id);
    }
  }
  return ids;
}

/// One tag that stands for two images: it was pushed again between two pulls.
void AddImageDifference(const Workload& workload, const std::vector<const Pod*>& pods,
                        Table& table) {
  for (const kinds::ContainerSpec& container : workload.pod.containers) {
    const auto ids = ImageIds(pods, container.name);
    if (ids.size() < 2) continue;
    table.rows.push_back({{workload.Id()},
                          {"image of " + container.name},
                          {fmt::format("{} images behind {}", ids.size(), container.image)}});
  }
}

/// One pod that restarts while its brothers do not points at its node or its share of the load.
void AddRestartDifference(const Workload& workload, const std::vector<const Pod*>& pods,
                          Table& table) {
  constexpr std::int64_t kFarApart = 3;
  const auto restarts = [](const Pod* pod) { return RestartsOf({pod}).count; };
  const auto [least, most] =
      std::minmax_element(pods.begin(), pods.end(),
                          [&](const Pod* a, const Pod* b) { return restarts(a) < restarts(b); });
  if (pods.size() < 2 || restarts(*most) - restarts(*least) < kFarApart) return;
  table.rows.push_back({{workload.Id()},
                        {"restarts"},
                        {fmt::format("{}: {}; {}: {}", (*most)->meta.name, restarts(*most),
                                     (*least)->meta.name, restarts(*least))}});
}

std::set<std::string> NamesOfRelease(const checks::Input& input) {
  std::set<std::string> names;
  const PodIndex index(input.facts);
  for (const Workload* workload : WorkloadsOfRelease(input.facts, input.profile.part_of_label)) {
    names.insert(workload->meta.name);
    for (const Pod* pod : index.Of(*workload)) {
      names.insert(pod->meta.name);
      if (pod->meta.controller) names.insert(pod->meta.controller->name);
    }
  }
  return names;
}

}  // namespace

Table ServicesTable(const checks::Input& input) {
  Table table{{{.title = "SERVICE"},
               {.title = "KIND", .wide_only = true},
               {.title = "READY", .right_aligned = true},
               {.title = "UPDATED", .wide_only = true, .right_aligned = true},
               {.title = "VERSION", .shrink_order = 1},
               {.title = "RESTARTS", .right_aligned = true},
               {.title = "HPA"},
               {.title = "PDB", .right_aligned = true},
               {.title = "ENDPOINTS"},
               {.title = "STATE", .shrink_order = 2}},
              {}};
  const PodIndex index(input.facts);
  for (const Workload* workload : WorkloadsOfRelease(input.facts, input.profile.part_of_label))
    table.rows.push_back(RowOf(input, index, *workload));
  return table;
}

Table DifferencesTable(const checks::Input& input) {
  Table table{{{"SERVICE"}, {"WHAT"}, {"PODS DIFFER IN"}}, {}};
  const PodIndex index(input.facts);
  for (const Workload* workload : WorkloadsOfRelease(input.facts, input.profile.part_of_label)) {
    if (!rollout::WaitsFor(*workload).empty()) continue;  // a rollout differs on purpose
    const auto pods = index.Of(*workload);
    AddImageDifference(*workload, pods, table);
    AddRestartDifference(*workload, pods, table);
  }
  return table;
}

Table WarningsTable(const checks::Input& input, std::size_t most) {
  Table table{{{"LAST SEEN"}, {"OBJECT"}, {"REASON"}, {.title = "MESSAGE", .shrink_order = 1}}, {}};
  const Facts& facts = input.facts;
  if (!facts.events) return table;
  const std::set<std::string> names = NamesOfRelease(input);
  std::vector<const kinds::Event*> warnings;
  for (const kinds::Event& event : *facts.events) {
    if (event.type == "Warning" && names.count(event.involved.name) > 0) warnings.push_back(&event);
  }
  std::stable_sort(warnings.begin(), warnings.end(),
                   [](const auto* a, const auto* b) { return a->last_seen > b->last_seen; });
  if (warnings.size() > most) warnings.resize(most);
  for (const kinds::Event* event : warnings) {
    const Millis ago =
        event->last_seen ? std::max(Millis{0}, facts.taken_at - *event->last_seen) : Millis{0};
    table.rows.push_back({{event->last_seen ? FormatAge(ago) : "unknown"},
                          {event->involved.kind + "/" + event->involved.name},
                          {event->reason},
                          {OneLine(event->message)}});
  }
  return table;
}

}  // namespace datafly::report
