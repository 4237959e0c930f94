#include "common/operations/upgrade_gates.h"

#include <nlohmann/json.hpp>

#include "common/core/base/text.h"
#include "common/core/checks/conflicts.h"
#include "common/core/manifest/yaml.h"
#include "common/core/report/judgement.h"
#include "common/operations/owner_gate.h"

namespace datafly::operations {
namespace {

constexpr std::chrono::minutes kGathering{2};

/// Codes about how the platform stands today. After an upgrade that failed or died half way they
/// cannot be well, and going on is what mends them. A lock, a record that is too large and replicas
/// that would shrink are none of these.
bool IsAboutToday(std::string_view code) {
  return code == "SIG-REL-002" || code.starts_with("SIG-WRK") || code.starts_with("SIG-POD") ||
         code == "SIG-HPA-001" || code == "SIG-HPA-002" || code == "SIG-HPA-003";
}

void GoOnInspite(std::vector<checks::FamilyResult>& results) {
  for (checks::FamilyResult& result : results) {
    for (Finding& finding : result.findings) {
      if (finding.verdict != CheckVerdict::Fail || !IsAboutToday(finding.code)) continue;
      finding.verdict = CheckVerdict::Warn;
      finding.evidence.emplace_back(
          "an earlier upgrade failed or was cut short: going on is what mends it");
    }
  }
}

class Judging {
 public:
  Judging(const Work& work, const UpgradeRequest& request, const helm::RenderRequest& render,
          bool ended_badly)
      : work_(work),
        request_(request),
        render_(render),
        ended_badly_(ended_badly),
        io_{work.io.loop, work.io.http, work.io.kube, work.io.system,
            std::min(work.io.deadline, work.io.loop.Now() + kGathering)} {}

  Result<Judged> Run() {
    gather::ClusterRequest cluster{work_.name_space, work_.release};
    cluster.other_pods = true;
    ASSIGN_OR_RETURN(judged_.cluster, gather::GatherCluster(io_, work_.profile, cluster));
    TRY(RefuseForeignOwner(judged_.cluster.facts, work_.profile, Wanted()));
    const auto& release = judged_.cluster.facts.release;
    if (!release)
      return Fail(Error::NotFound(
          fmt::format("release {} cannot be upgraded: {}", work_.release, release.absence().reason),
          "a first install has nothing to be held against: helm install"));
    judged_.newest_revision = release->revision;
    TRY(RenderTarget());
    // helm takes the flag only with server-side apply, and not together with --force-replace.
    judged_.forces_conflicts = judged_.target.apply_method == "ssa" && !request_.diff.replaces &&
                               checks::ConflictOnlyOnReplicas(*judged_.cluster.facts.target);
    Judge();
    TRY(TellValues());
    TellHooks();
    judged_.at = work_.io.loop.Now();
    return std::move(judged_);
  }

 private:
  /// The version that is asked for, as far as it was named.
  [[nodiscard]] std::string Wanted() const {
    return request_.plan != nullptr ? request_.plan->chart_version : request_.render.version;
  }

  Result<void> RenderTarget() {
    gather::TargetRequest target;
    target.to = render_.ShownChart();
    target.as_given = gather::TargetRequest::AsGiven{render_, work_.helm.environment};
    target.diff = request_.diff;
    ASSIGN_OR_RETURN(auto rendered,
                     gather::RenderAndGatherTarget(io_, work_.profile, judged_.cluster, target));
    if (!rendered)
      return Fail(Error::InvalidInput(rendered.absence().reason,
                                      "the same by hand: helm upgrade --dry-run=server"));
    judged_.cluster.facts.target = std::move(rendered->facts);
    judged_.target = std::move(rendered->record);
    return {};
  }

  void Judge() {
    const Facts& facts = judged_.cluster.facts;
    const bool forces = judged_.forces_conflicts || request_.diff.force_conflicts;
    auto results = checks::JudgeAll({facts, work_.profile, nullptr, forces}, {}, request_.acks);
    if (ended_badly_) GoOnInspite(results);
    judged_.document = report::JudgementDocument(
        "UpgradeReport",
        fmt::format("Upgrade of release {} to {}", work_.release, facts.target->chart_version),
        facts, results, request_.fail_on_warn);
    report::AddChanges(judged_.document, facts);
  }

  /// The defaults of the new chart, which a rendering with --reuse-values does not tell.
  Result<std::optional<std::string>> NewDefaults() {
    if (request_.values_rule != release::ValuesStep::Rule::Reuse)
      return std::optional<std::string>();
    helm::RenderRequest show = render_;
    show.timeout = Millis(30'000);
    auto shown = helm::StartShowValues(io_.system.processes, show, work_.helm.environment);
    TRY(io_.loop.Wait(io_.deadline, shown));
    const auto text = shown.Take();
    if (!text) return std::optional<std::string>();
    const auto values = yaml::ParseDocument(*text);
    if (!values || !values->is_object()) return std::optional<std::string>();
    return std::optional<std::string>(values->dump());
  }

  Result<void> TellValues() {
    // A plan's values were told when it was made.
    if (request_.plan != nullptr) return {};
    const release::ReleaseRecord& today = judged_.Today();
    if (today.partial) return {};
    release::ValuesStep step;
    step.rule = request_.values_rule;
    step.gives_values = render_.GivesValues();
    step.deployed_json = today.user_values_json;
    step.deployed_revision = today.revision;
    if (judged_.cluster.newest && judged_.cluster.newest->revision > today.revision) {
      step.newest_json = judged_.cluster.newest->user_values_json;
      step.newest_revision = judged_.cluster.newest->revision;
    }
    step.target_json = judged_.target.user_values_json;
    step.old_defaults_json = today.chart.default_values_json;
    ASSIGN_OR_RETURN(step.new_defaults_json, NewDefaults());
    const auto told = release::TellValuesRule(step);
    if (told.empty()) return {};
    AddText("values-rule", "What Helm's rule for values takes away",
            fmt::format("{}", fmt::join(told, "\n")));
    return {};
  }

  void TellHooks() {
    if (!RunsHooks(render_)) return;
    std::vector<std::string> names;
    for (const release::Hook& hook : judged_.target.hooks) {
      const auto& events = hook.events;
      if (std::find(events.begin(), events.end(), "post-upgrade") != events.end())
        names.push_back(fmt::format("{}/{}", hook.kind, hook.name));
    }
    if (names.empty()) return;
    AddText(
        "post-upgrade-hooks", "Hooks after the upgrade",
        fmt::format("{} run as soon as Helm has applied the objects, before the pods are ready: "
                    "helm signal follows the pods itself, where helm --wait would have held "
                    "these hooks back.",
                    fmt::join(names, ", ")));
  }

  void AddText(std::string name, std::string title, std::string text) {
    judged_.document.sections.push_back(
        {std::move(name), std::move(title), report::Text{std::move(text)}});
  }

  const Work& work_;
  const UpgradeRequest& request_;
  const helm::RenderRequest& render_;
  bool ended_badly_;
  gather::Io io_;
  Judged judged_;
};

}  // namespace

bool RunsHooks(const helm::RenderRequest& render) {
  const auto without = [](const std::vector<std::string>& flags) {
    return std::find(flags.begin(), flags.end(), "--no-hooks=true") != flags.end();
  };
  return !without(render.flags) && !without(render.upgrade_flags);
}

Result<Judged> JudgeUpgrade(const Work& work, const UpgradeRequest& request,
                            const helm::RenderRequest& render, bool ended_badly) {
  return Judging(work, request, render, ended_badly).Run();
}

}  // namespace datafly::operations
