#include "common/core/report/diff_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/core/report/diff_samples.h"

namespace datafly::report {
namespace {

using diff::Effect;
using diff::FieldChange;
using diff::FieldOp;
using diff::Origin;
using testing::HasSubstr;
using Value = std::optional<std::string>;
constexpr std::nullopt_t kNone = std::nullopt;

TEST(Telling, SaysWhoMovedAFieldAndWhatHelmDoes) {
  struct Case {
    Origin origin;
    Effect effect;
    Value old_value, new_value, live;
    std::string told;
  };
  // The values of a drift are as the differ gives them: the old one is the live one.
  const Case cases[] = {
      {Origin::Chart, Effect::Writes, "2", "3", kNone, "2 → 3"},
      {Origin::Chart, Effect::Writes, kNone, "3", kNone, "3"},
      {Origin::Chart, Effect::Writes, "2", kNone, kNone, "2"},
      {Origin::Chart, Effect::Writes, kNone, kNone, kNone, "added"},
      {Origin::Chart, Effect::Already, "2", "3", kNone, "2 → 3, the cluster has it already"},
      {Origin::Chart, Effect::Spelling, "1", "\"1\"", kNone, "1 → \"1\", the same by value"},
      {Origin::Chart, Effect::Stays, "2", "3", kNone, "2 → 3, Helm does not touch it"},
      {Origin::Chart, Effect::Conflicts, "2", "3", kNone,
       "2 → 3, Helm fails here: another manager owns it"},
      {Origin::Both, Effect::Writes, "2", "3", "5", "2 → 3, cluster has 5 (changed by hand)"},
      {Origin::Both, Effect::Writes, "2", "3", kNone, "2 → 3, removed by hand in the cluster"},
      {Origin::Both, Effect::Already, "2", "3", "3", "2 → 3, the cluster has it already"},
      {Origin::Both, Effect::Conflicts, "2", "3", "5",
       "2 → 3, cluster has 5 (changed by hand), Helm fails here: another manager owns it"},
      {Origin::Drift, Effect::Writes, "5", "2", "5",
       "cluster has 5 (changed by hand), Helm sets 2"},
      {Origin::Drift, Effect::Writes, "5", kNone, "5",
       "cluster has 5 (added by hand), Helm removes it"},
      {Origin::Drift, Effect::Writes, "5", kNone, kNone,
       "cluster has 5 (added by hand), Helm removes it"},
      {Origin::Drift, Effect::Writes, kNone, "2", kNone,
       "removed by hand in the cluster, Helm sets 2"},
      {Origin::Drift, Effect::Stays, "5", "2", "5",
       "cluster has 5 (changed by hand), chart says 2, Helm leaves it"},
      {Origin::Drift, Effect::Stays, "5", kNone, "5",
       "cluster has 5 (added by hand), Helm leaves it"},
      {Origin::Drift, Effect::Conflicts, "5", "2", "5",
       "cluster has 5 (changed by hand), chart says 2, Helm fails here: another manager owns it"},
  };
  for (const Case& c : cases) {
    FieldChange field = samples::Field("a", c.old_value, c.new_value);
    field.origin = c.origin;
    field.effect = c.effect;
    field.live_value = c.live;
    EXPECT_EQ(InOneLine(Tell(field)), c.told);
  }
}

TEST(Telling, OfTextsAndOrders) {
  FieldChange lines = samples::Field("a", kNone, kNone);
  lines.op = FieldOp::Changed;
  lines.lines = {{'-', "x"}};
  EXPECT_EQ(InOneLine(Tell(lines)), "");
  lines.live_value = "\"x\\ny\"";
  lines.origin = Origin::Drift;
  EXPECT_EQ(InOneLine(Tell(lines)),
            "changed by hand in the cluster (- cluster, + chart), Helm sets it back");
  lines.origin = Origin::Both;
  EXPECT_EQ(InOneLine(Tell(lines)), "changed by hand in the cluster too");

  FieldChange inside = samples::Field("a", kNone, kNone);
  inside.inside = {samples::Field("b", "1", "2")};
  EXPECT_EQ(InOneLine(Tell(inside)), "inside its text");

  FieldChange order = samples::Field("a", "[1,2]", "[2,1]");
  order.op = FieldOp::Reordered;
  EXPECT_EQ(InOneLine(Tell(order)), "[1,2] → [2,1], reordered");
  order.origin = Origin::Drift;
  EXPECT_EQ(InOneLine(Tell(order)), "cluster has [1,2] (reordered by hand), Helm sets [2,1]");

  FieldChange rotates = samples::Field("a", "1", "2");
  rotates.unstable = true;
  EXPECT_EQ(InOneLine(Tell(rotates)), "1 → 2, rotates at every upgrade");
}

TEST(Telling, OfSecrets) {
  FieldChange field = samples::Field("a", "1", "2");
  field.secret = true;
  EXPECT_EQ(InOneLine(Tell(field)), "changed (secret)");
  field.origin = Origin::Both;
  EXPECT_EQ(InOneLine(Tell(field)), "changed (secret), changed by hand in the cluster too");
  field.origin = Origin::Drift;
  EXPECT_EQ(InOneLine(Tell(field)), "changed by hand in the cluster (secret), Helm sets it back");
  field.unstable = true;
  field.origin = Origin::Chart;
  EXPECT_EQ(InOneLine(Tell(field)), "changed (secret), rotates at every upgrade");
}

TEST(Words, OfPods) {
  EXPECT_EQ(Words(diff::RiskClass::RestartsPods, kNone), "restarts pods");
  EXPECT_EQ(Words(diff::RiskClass::RestartsPods, 0), "restarts no running pod");
  EXPECT_EQ(Words(diff::RiskClass::RestartsPods, 1), "restarts 1 pod");
}

TEST(Words, OfARiskNameItsObjectOnce) {
  diff::ReleaseDiff diff = samples::NoChanges();
  const diff::ResourceChange object =
      samples::Object(diff::ResourceOp::Removed, "PersistentVolumeClaim", "spool");
  const ObjectNames names(diff);
  const diff::Risk plain = {diff::RiskClass::DropsData, "its volume goes with it"};
  const diff::Risk naming = {diff::RiskClass::DropsData,
                             "PersistentVolumeClaim/spool is deleted: its volume goes with it"};
  EXPECT_EQ(RiskInWords({plain.risk, {{&object, &plain}}}, names),
            "PersistentVolumeClaim/spool drops data: its volume goes with it");
  EXPECT_EQ(RiskInWords({naming.risk, {{&object, &naming}}}, names),
            "drops data: PersistentVolumeClaim/spool is deleted: its volume goes with it");
}

TEST(Words, OfSidesAndImages) {
  EXPECT_EQ(SideInWords({"revision 3", "signal", "1.2.0", "7", 3}),
            "revision 3 · signal 1.2.0 · app 7");
  EXPECT_EQ(SideInWords({"signal 1.2.0, rendered by helm", "signal", "1.2.0", "", 0}),
            "signal 1.2.0, rendered by helm");
  EXPECT_EQ(SideInWords({}), "");
  EXPECT_EQ(TagsInWords({"x", "1", "2", {}}), "1 → 2");
  EXPECT_EQ(TagsInWords({"x", "", "2", {}}), "2 (new)");
  EXPECT_EQ(TagsInWords({"x", "1", "", {}}), "1 (no longer used)");
}

TEST(Plan, CountsWhatHappens) {
  diff::ReleaseDiff diff = samples::NoChanges();
  EXPECT_EQ(PlanInWords(diff), "No changes.");
  diff.values = {{"a", FieldOp::Changed, "1", "2"}};
  EXPECT_EQ(PlanInWords(diff), "Plan: no object changes; different: values.");
  diff.notes_changed = true;
  diff.chart = {{"version", "1.2.0", "1.3.0"}};
  EXPECT_EQ(PlanInWords(diff),
            "Plan: no object changes; different: values, the chart's version and NOTES.txt.");
  diff.chart = {{"home", "", "https://a"}};
  diff.values.clear();
  diff.defaults = {{"a", FieldOp::Changed, "1", "2"}};
  diff.hooks = {{"Job/a", {}, FieldOp::Added, {}}};
  diff.crds = {{"a.b", FieldOp::Added, ""}};
  diff.notes_changed = false;
  EXPECT_EQ(PlanInWords(diff),
            "Plan: no object changes; different: defaults, the chart's own data, hooks and CRDs of "
            "crds/.");
  diff.resources = {samples::Object(diff::ResourceOp::Added, "ConfigMap", "a"),
                    samples::Object(diff::ResourceOp::Changed, "Deployment", "b")};
  EXPECT_EQ(PlanInWords(diff), "Plan: 1 to add, 1 to change.");
  diff.resources[1].risks = {{diff::RiskClass::RestartsPods, "x"},
                             {diff::RiskClass::DropsData, "y"}};
  EXPECT_EQ(PlanInWords(diff),
            "Plan: 1 to add, 1 to change; pods of 1 workload restart; 1 risk to stop at.");
}

}  // namespace
}  // namespace datafly::report
