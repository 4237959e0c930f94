#include "common/operations/saved_plan.h"

#include "common/core/base/text.h"
#include "common/core/diff/release_differ.h"
#include "common/core/diff/secret_shapes.h"
#include "common/gather/helm_rendering.h"

namespace datafly::operations {
namespace {

/// At most so many differences are named.
constexpr std::size_t kMostNamed = 5;

std::string HooksOf(const release::ReleaseRecord& record) {
  std::string text;
  for (const release::Hook& hook : record.hooks) text += "---\n" + hook.manifest + "\n";
  return text;
}

/// A record of which only what is rendered counts, hooks as any other object.
release::ReleaseRecord Rendered(const release::ReleaseRecord& like, std::string manifest,
                                const std::string& hooks) {
  release::ReleaseRecord record;
  record.name = like.name;
  record.name_space = like.name_space;
  record.apply_method = like.apply_method;
  record.manifest = std::move(manifest) + "\n" + hooks;
  return record;
}

Result<std::vector<diff::ResourceChange>> Compare(const plan::Plan& plan,
                                                  const release::ReleaseRecord& before,
                                                  const release::ReleaseRecord& after) {
  diff::DiffRequest request;
  request.release = plan.release;
  request.name_space = plan.name_space;
  ASSIGN_OR_RETURN(auto differ, diff::ReleaseDiffer::Make(request, &before, after));
  ASSIGN_OR_RETURN(diff::ReleaseDiff found, differ.Finish());
  std::erase_if(found.resources, [](const auto& resource) { return !resource.writes; });
  return std::move(found.resources);
}

/// Whether the resource differs in the same fields, or in more, from one rendering to the next: a
/// new object and a hook may hold random values as any other.
bool IsExplained(const diff::ResourceChange& resource,
                 const std::vector<diff::ResourceChange>& rotating) {
  if (resource.op != diff::ResourceOp::Changed) return false;
  const auto same = std::find_if(rotating.begin(), rotating.end(), [&](const auto& other) {
    return other.id == resource.id && other.op == diff::ResourceOp::Changed;
  });
  if (same == rotating.end()) return false;
  return std::all_of(resource.fields.begin(), resource.fields.end(), [&](const auto& field) {
    return std::any_of(same->fields.begin(), same->fields.end(),
                       [&](const auto& other) { return other.path == field.path; });
  });
}

/// What differs between the plan and now, save for what comes out otherwise at each rendering:
/// where something does, the same is rendered once more to tell.
Result<std::vector<std::string>> Differences(const plan::Plan& plan, const Judged& judged,
                                             const Work& work, const helm::RenderRequest& render) {
  const release::ReleaseRecord& target = judged.target;
  const auto now = Rendered(target, target.manifest, HooksOf(target));
  ASSIGN_OR_RETURN(const auto found,
                   Compare(plan, Rendered(target, plan.manifest, plan.hooks), now));
  std::vector<std::string> names;
  if (found.empty()) return names;
  gather::HelmRendering rendering(work.io, render, work.helm.environment);
  rendering.Start();
  ASSIGN_OR_RETURN(const auto again, rendering.Wait(&judged.Today()));
  ASSIGN_OR_RETURN(const auto rotating,
                   Compare(plan, now, Rendered(target, again.manifest, HooksOf(again))));
  for (const diff::ResourceChange& resource : found) {
    if (IsExplained(resource, rotating)) continue;
    std::string name = fmt::format("{}/{}", resource.id.kind, resource.id.name);
    if (resource.op != diff::ResourceOp::Changed)
      name += fmt::format(" ({})", diff::ToString(resource.op));
    names.push_back(std::move(name));
  }
  return names;
}

/// It is applied from another folder, perhaps.
std::string AbsoluteWhereLocal(const FileSystem& files, const std::string& chart) {
  return files.Exists(chart) ? AbsolutePath(chart) : chart;
}

Error Differs(std::string what) {
  return {ErrorKind::Conflict,
          std::move(what) + "; nothing was done",
          "make the plan anew: helm signal plan RELEASE CHART --save FILE",
          0,
          {}};
}

}  // namespace

Result<plan::Plan> PlanOf(const Work& work, const UpgradeRequest& request, const PinnedChart& chart,
                          const Judged& judged) {
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
  const auto* newest = release::Newest(records.history());
  const helm::RenderRequest& render = request.render;
  plan::Plan plan;
  plan.release = work.release;
  plan.name_space = work.name_space;
  plan.server = request.server;
  plan.from_revision = judged.newest_revision;
  if (newest != nullptr && newest->revision == judged.newest_revision)
    plan.release_uid = newest->uid;
  plan.from_version = judged.cluster.facts.release->chart_version;
  plan.chart = AbsoluteWhereLocal(work.io.system.files, render.chart);
  plan.chart_name = judged.target.chart.name;
  plan.chart_version = judged.target.chart.version;
  plan.chart_digest = chart.digest();
  plan.made_by = work.who;
  plan.made_at = work.io.kube.ServerTime().value_or(work.io.system.clock.Now());
  plan.fetch_flags = render.fetch_flags;
  if (render.plain_http) plan.fetch_flags.emplace_back("--plain-http");
  plan.render_flags = render.flags;
  plan.render_flags.insert(plan.render_flags.end(), render.upgrade_flags.begin(),
                           render.upgrade_flags.end());
  plan.apply_flags = request.apply_flags;
  plan.values_json = judged.target.user_values_json;
  plan.manifest = judged.target.manifest;
  plan.hooks = HooksOf(judged.target);
  return plan;
}

std::string NameOf(const plan::Plan& plan) {
  return fmt::format("{} at {}", plan.made_by, FormatTime(plan.made_at));
}

void TakeFlags(const plan::Plan& plan, UpgradeRequest& request) {
  const auto has = [](const std::vector<std::string>& flags, std::string_view name) {
    return std::any_of(flags.begin(), flags.end(), [&](const std::string& flag) {
      return flag == name || flag == fmt::format("{}=true", name);
    });
  };
  request.apply_flags = plan.apply_flags;
  request.render.flags = plan.render_flags;  // a rollback asks for those that it needs as well
  request.diff.force_conflicts = has(plan.apply_flags, "--force-conflicts");
  request.diff.replaces =
      has(plan.apply_flags, "--force") || has(plan.apply_flags, "--force-replace");
  request.diff.take_ownership = has(plan.render_flags, "--take-ownership");
  if (has(plan.render_flags, "--reuse-values"))
    request.values_rule = release::ValuesStep::Rule::Reuse;
}

helm::RenderRequest RenderingOf(const plan::Plan& plan, const Work& work) {
  helm::RenderRequest render;
  render.helm = work.helm.helm;
  render.release = plan.release;
  render.name_space = plan.name_space;
  render.chart = plan.chart;
  // A folder or a file has its version; Helm is asked for that of a source that has many.
  if (!work.io.system.files.Exists(plan.chart)) render.version = plan.chart_version;
  render.fetch_flags = plan.fetch_flags;
  // Helm's rule has made these values; only --reuse-values does more, it keeps the old defaults.
  bool reuses = false;
  for (const std::string& flag : plan.render_flags) {
    const bool resets = flag == "--reset-values" || flag == "--reset-then-reuse-values";
    reuses = reuses || flag == "--reuse-values";
    if (!resets) render.upgrade_flags.push_back(flag);
  }
  if (!reuses) render.upgrade_flags.emplace_back("--reset-values");
  render.resolved_values = plan.values_json;  // JSON is YAML
  return render;
}

Result<void> CheckChart(const plan::Plan& plan, const PinnedChart& chart) {
  if (chart.digest() == plan.chart_digest) return {};
  return Fail(Differs(fmt::format("the chart {} is not the one of the plan: {} then, {} now",
                                  EscapeForTerminal(diff::MaskNamed(plan.chart)), plan.chart_digest,
                                  chart.digest())));
}

Result<void> CheckRendering(const plan::Plan& plan, const Judged& judged, const Work& work,
                            const helm::RenderRequest& render) {
  ASSIGN_OR_RETURN(const auto names, Differences(plan, judged, work, render));
  if (names.empty()) return {};
  const std::vector<std::string> first(
      names.begin(),
      names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMostNamed)));
  return Fail(Differs(fmt::format(
      "the chart does not render as in the plan any more: {}{}", fmt::join(first, ", "),
      names.size() > kMostNamed ? fmt::format(" and {} more", names.size() - kMostNamed) : "")));
}

Result<void> CheckNotMovedOn(const plan::Plan& plan, const Work& work) {
  ASSIGN_OR_RETURN(const auto records,
                   gather::RecordReads::List(work.io, work.helm, work.name_space, work.release));
  const auto* newest = release::Newest(records.history());
  return plan::CheckStillFits(plan, newest == nullptr ? 0 : newest->revision,
                              newest == nullptr ? std::string_view() : newest->uid);
}

}  // namespace datafly::operations
