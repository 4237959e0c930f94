#pragma once

#include "common/core/plan/plan.h"
#include "common/operations/pinned_chart.h"
#include "common/operations/upgrade_gates.h"

namespace datafly::operations {

/// What was judged, as a plan to be saved and applied exactly so. `request` is as the user gave it.
/// Errors: the records may not be read; interrupted.
Result<plan::Plan> PlanOf(const Work& work, const UpgradeRequest& request, const PinnedChart& chart,
                          const Judged& judged);

/// Which plan it is, for the journal: who made it, and when.
std::string NameOf(const plan::Plan& plan);

/// What the plan's flags mean for the gates and for applying, as if they had been given.
void TakeFlags(const plan::Plan& plan, UpgradeRequest& request);

/// The rendering of a plan: its chart from where it came, and its values, which go by standard
/// input.
helm::RenderRequest RenderingOf(const plan::Plan& plan, const Work& work);

/// Whether the chart is the one that was planned, by its digest. Errors: Conflict.
Result<void> CheckChart(const plan::Plan& plan, const PinnedChart& chart);

/// Whether what is about to be applied is what was planned: every object of the rendering, save for
/// fields that come out otherwise at each rendering (where something differs, `render` is rendered
/// once more to prove it). Errors: Conflict, naming what is different.
Result<void> CheckRendering(const plan::Plan& plan, const Judged& judged, const Work& work,
                            const helm::RenderRequest& render);

/// Whether the release still is as it was. Errors: Conflict; the records may not be read.
Result<void> CheckNotMovedOn(const plan::Plan& plan, const Work& work);

}  // namespace datafly::operations
