#include "common/gather/helm_rendering.h"

#include <nlohmann/json.hpp>

#include "common/core/diff/rotation.h"
#include "common/core/manifest/yaml.h"
#include "common/gather/given_values.h"

namespace datafly::gather {
namespace {

using release::ReleaseRecord;

/// The values that `helm template` must be told, since it does not reuse the release's own.
std::string KeptValues(const ReleaseRecord* current, const helm::RenderRequest& render) {
  using enum helm::RenderRequest::OwnValues;
  const bool keeps =
      render.own_values == Keep || (render.own_values == Default && !render.GivesValues());
  if (current == nullptr || !keeps) return {};
  const auto values = nlohmann::json::parse(current->user_values_json, nullptr, false);
  return values.is_object() && !values.empty() ? yaml::Emit(values) : std::string();
}

}  // namespace

void KnowLittle(ReleaseRecord& partial, const ReleaseRecord& other) {
  const std::string version =
      partial.chart.version.empty() ? other.chart.version : partial.chart.version;
  const std::string app_version =
      partial.chart.version.empty() ? other.chart.app_version : partial.chart.app_version;
  partial.chart = other.chart;
  partial.chart.version = version;
  partial.chart.app_version = app_version;
  partial.notes = other.notes;
}

helm::RenderRequest HelmRendering::Timed() const {
  helm::RenderRequest timed = request_;
  const auto left = std::chrono::duration_cast<Millis>(io_.deadline - io_.loop.Now());
  timed.timeout = std::max(left, Millis(1));
  timed.mask = {};
  timed.keep_words = true;  // MaskHelmsError masks and cuts them
  return timed;
}

Pending<ReleaseRecord> HelmRendering::Render() {
  if (offline_)
    return helm::StartTemplate(io_.system.processes, Timed(), kept_values_, environment_);
  return helm::StartRender(io_.system.processes, Timed(), environment_);
}

void HelmRendering::Start() {
  offline_ = false;
  first_ = Render();
}

void HelmRendering::StartOffline(const ReleaseRecord* current) {
  offline_ = true;
  request_.installs = current == nullptr;
  kept_values_ = KeptValues(current, request_);
  first_ = Render();
}

void HelmRendering::Foretell(const ReleaseRecord* current) {
  // Of a partial record no templates are known; the target's own will tell.
  if (current == nullptr || current->partial || !diff::MayRotate(*current)) return;
  second_ = Render();
  foretold_ = true;
}

Result<ReleaseRecord> HelmRendering::Wait(const ReleaseRecord* current) {
  TRY(io_.loop.Wait(io_.deadline, first_));
  auto rendered = first_.Take();
  if (!rendered) {
    ASSIGN_OR_RETURN(Error masked,
                     MaskHelmsError(io_, request_, environment_, current, rendered.error()));
    return Fail(std::move(masked));
  }
  if (offline_ && current != nullptr) {
    rendered->user_values_json = current->user_values_json;
    rendered->apply_method = current->apply_method;
    KnowLittle(*rendered, *current);
    rendered->chart.templates.clear();  // not known, so that it is rendered twice
    rendered->chart.files.clear();
  }
  return rendered;
}

Pending<ReleaseRecord> HelmRendering::Again() {
  if (std::exchange(foretold_, false)) return std::move(second_);
  return Render();
}

}  // namespace datafly::gather
