#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/core/base/text.h"
#include "common/core/report/diff_render.h"
#include "tests/unit/core/report/diff_samples.h"
#include "tests/unit/core/report/golden.h"

namespace datafly::report {
namespace {

using testing::HasSubstr;
using testing::Not;

RenderOptions Columns(int width) {
  RenderOptions options;
  options.width = width;
  return options;
}

std::string TextOf(const diff::ReleaseDiff& diff, const RenderOptions& options) {
  return RenderDiff(samples::Shown(diff), DiffFormat::Text, options);
}
std::string SummaryOf(const diff::ReleaseDiff& diff, const RenderOptions& options) {
  return RenderDiff(samples::Shown(diff), DiffFormat::Summary, options);
}

TEST(DiffText, MatchesGoldenFiles) {
  RenderOptions color = Columns(120);
  color.color = true;
  RenderOptions quiet = Columns(120);
  quiet.quiet = true;
  RenderOptions bare = Columns(120);
  bare.no_headers = true;
  ExpectGolden("diff-upgrade-80.txt", TextOf(samples::Upgrade(), Columns(80)));
  ExpectGolden("diff-upgrade-120.txt", TextOf(samples::Upgrade(), Columns(120)));
  ExpectGolden("diff-upgrade-0.txt", TextOf(samples::Upgrade(), Columns(0)));
  ExpectGolden("diff-upgrade-color.txt", TextOf(samples::Upgrade(), color));
  ExpectGolden("diff-upgrade-quiet.txt", TextOf(samples::Upgrade(), quiet));
  ExpectGolden("diff-upgrade-no-headers.txt", TextOf(samples::Upgrade(), bare));
  ExpectGolden("diff-label-80.txt", TextOf(samples::ChartLabel(40), Columns(80)));
  ExpectGolden("diff-long-80.txt", TextOf(samples::LongTexts(), Columns(80)));
  ExpectGolden("diff-long-120.txt", TextOf(samples::LongTexts(), Columns(120)));
  ExpectGolden("diff-hostile-120.txt", TextOf(samples::HostileDiff(), Columns(120)));
  ExpectGolden("diff-none-80.txt", TextOf(samples::NoChanges(), Columns(80)));
}

TEST(DiffSummary, MatchesGoldenFiles) {
  RenderOptions color = Columns(120);
  color.color = true;
  ExpectGolden("diff-summary-80.txt", SummaryOf(samples::Upgrade(), Columns(80)));
  ExpectGolden("diff-summary-120.txt", SummaryOf(samples::Upgrade(), Columns(120)));
  ExpectGolden("diff-summary-color.txt", SummaryOf(samples::Upgrade(), color));
}

}  // namespace
}  // namespace datafly::report
