#include "common/core/diff/release_differ.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace datafly::diff {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Json = nlohmann::json;

release::ReleaseRecord Record(std::string manifest) {
  release::ReleaseRecord record;
  record.name = "app";
  record.name_space = "ns";
  record.manifest = std::move(manifest);
  record.chart.default_values_json = record.user_values_json = "{}";
  return record;
}

std::string ConfigMap(const std::string& name, const std::string& data,
                      const std::string& annotations = "{}") {
  return fmt::format(
      "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {}, annotations: {}}}\ndata: {}\n",
      name, annotations, data);
}

Json Live(const std::string& name, const Json& data, bool ours = true) {
  Json object = {{"apiVersion", "v1"},
                 {"kind", "ConfigMap"},
                 {"metadata", {{"name", name}, {"namespace", "ns"}}},
                 {"data", data}};
  if (ours) {
    object["metadata"]["labels"] = {{"app.kubernetes.io/managed-by", "Helm"}};
    object["metadata"]["annotations"] = {{"meta.helm.sh/release-name", "app"},
                                         {"meta.helm.sh/release-namespace", "ns"}};
  }
  return object;
}

DiffRequest Request(bool three_way) {
  DiffRequest request;
  request.release = "app";
  request.name_space = "ns";
  request.three_way = three_way;
  return request;
}

/// "changed writes a"; one per object.
std::vector<std::string> Told(const ReleaseDiff& diff) {
  std::vector<std::string> told;
  for (const ResourceChange& resource : diff.resources) {
    std::string text = fmt::format("{} {} {}", ToString(resource.op),
                                   resource.writes ? "writes" : "leaves", resource.id.name);
    for (const Risk& risk : resource.risks) text += fmt::format(" {}", ToString(risk.risk));
    if (!resource.renamed_from.empty()) text += " from " + resource.renamed_from;
    told.push_back(std::move(text));
  }
  return told;
}

ReleaseDiff TwoWays(const std::string& before, const std::string& after) {
  const auto old_record = Record(before);
  const auto new_record = Record(after);
  auto differ = ReleaseDiffer::Make(Request(false), &old_record, new_record);
  EXPECT_TRUE(differ.has_value());
  return differ->Finish().value();
}

ReleaseDiff ThreeWays(const std::string& before, const std::string& after,
                      const std::vector<Json>& live, DiffRequest request = Request(true)) {
  const auto old_record = Record(before);
  const auto new_record = Record(after);
  auto differ = ReleaseDiffer::Make(std::move(request), &old_record, new_record);
  EXPECT_TRUE(differ.has_value());
  for (const KindToList& kind : differ->ToList())
    for (const Json& object : live) differ->OnLive(kind, object);
  return differ->Finish().value();
}

TEST(ReleaseDiffer, TellsWhatComesAndGoes) {
  const auto diff = TwoWays(ConfigMap("a", "{x: '1'}") + ConfigMap("b", "{y: '1'}"),
                            ConfigMap("a", "{x: '2'}") + ConfigMap("c", "{z: '1'}"));
  EXPECT_THAT(Told(diff), ElementsAre("changed writes a", "removed writes b", "added writes c"));
}

TEST(ReleaseDiffer, WhatIsByteIdenticalIsCountedAlone) {
  const std::string same = ConfigMap("a", "{x: '1'}");
  const auto diff = TwoWays(same + ConfigMap("b", "{x: '1'}"), same + ConfigMap("b", "{x: '2'}"));
  EXPECT_THAT(Told(diff), ElementsAre("changed writes b"));
  EXPECT_EQ(diff.unchanged, 1U);
}

TEST(ReleaseDiffer, AnObjectThatIsSaidTwiceIsNotGone) {
  const std::string a = ConfigMap("a", "{x: '1'}");
  EXPECT_THAT(Told(TwoWays(a + ConfigMap("a", "{x: '2'}"), a)), ElementsAre("changed writes a"));
}

TEST(ReleaseDiffer, FindsRenames) {
  const auto diff = TwoWays(ConfigMap("old", "{x: '1', y: '2', z: '3'}"),
                            ConfigMap("new", "{x: '1', y: '2', z: '4'}"));
  EXPECT_THAT(Told(diff), ElementsAre("added writes new from ConfigMap/old", "removed writes old"));
}

TEST(ReleaseDiffer, AsksForEachKindOnce) {
  const auto old_record = Record(ConfigMap("a", "{}") + ConfigMap("b", "{}"));
  const auto new_record = Record(ConfigMap("a", "{}") + ConfigMap("c", "{}"));
  const auto differ = ReleaseDiffer::Make(Request(true), &old_record, new_record);
  const auto kinds = differ->ToList();
  ASSERT_EQ(kinds.size(), 1U);
  EXPECT_EQ(kinds[0].plural, "configmaps");
  EXPECT_EQ(kinds[0].name_space, "ns");
  EXPECT_THAT(kinds[0].names, ElementsAre("a", "b", "c"));
}

TEST(ReleaseDiffer, LiveObjectsDecide) {
  const std::string before = ConfigMap("a", "{x: '1'}") + ConfigMap("gone", "{x: '1'}") +
                             ConfigMap("kept", "{x: '1'}") + ConfigMap("left", "{x: '1'}");
  const std::string after = ConfigMap("a", "{x: '1'}") + ConfigMap("gone", "{x: '1'}");
  Json kept = Live("kept", {{"x", "1"}});
  kept["metadata"]["annotations"]["helm.sh/resource-policy"] = "keep";
  const auto diff = ThreeWays(before, after, {Live("a", {{"x", "by hand"}}), kept});
  EXPECT_THAT(Told(diff),
              ElementsAre("changed writes a undoes-hand-change", "recreated writes gone",
                          "kept leaves kept", "removed leaves left"));
}

TEST(ReleaseDiffer, AStrangersObjectIsNotTakenOverUnasked) {
  const auto stranger = Live("a", {{"x", "1"}}, /*ours=*/false);
  EXPECT_THAT(Told(ThreeWays("", ConfigMap("a", "{x: '1'}"), {stranger}))[0],
              testing::HasSubstr("takes-over"));
  EXPECT_THAT(Told(ThreeWays("", ConfigMap("a", "{x: '1'}"), {Live("a", {{"x", "1"}})})),
              IsEmpty());
}

TEST(ReleaseDiffer, WhatCouldNotBeReadIsToldAndComparedTwoWays) {
  const auto old_record = Record(ConfigMap("a", "{x: '1'}"));
  const auto new_record = Record(ConfigMap("a", "{x: '2'}"));
  auto differ = ReleaseDiffer::Make(Request(true), &old_record, new_record);
  for (const KindToList& kind : differ->ToList()) differ->OnUnknown(kind, "forbidden");
  const auto diff = differ->Finish().value();
  EXPECT_THAT(Told(diff), ElementsAre("changed writes a"));
  EXPECT_FALSE(diff.resources[0].live_known);
  EXPECT_THAT(diff.unknown, ElementsAre("live ConfigMap objects are not known: forbidden"));
}

TEST(ReleaseDiffer, AGuessedNameThatIsNotFoundProvesNothing) {
  const std::string thing =
      "---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {x: 1}\n";
  const auto record = Record(thing);
  auto differ = ReleaseDiffer::Make(Request(true), &record, record);
  EXPECT_THAT(differ->CustomGroupVersions(), ElementsAre("example.com/v1"));
  differ->OnUnresolved("example.com/v1", "the server did not answer");
  EXPECT_THAT(differ->ToList(), IsEmpty());
  const auto diff = differ->Finish().value();
  EXPECT_THAT(Told(diff), IsEmpty());
  EXPECT_THAT(diff.unknown,
              ElementsAre("live Thing objects are not known: the server did not answer"));
}

TEST(ReleaseDiffer, ACrdThatCannotBeReadIsTold) {
  const auto record = Record(ConfigMap("a", "{}"));
  auto differ = ReleaseDiffer::Make(Request(true), &record, record);
  differ->OnUnreadCrd("things.example.com", "forbidden");
  EXPECT_THAT(differ->Finish()->notes,
              ElementsAre(testing::HasSubstr("things.example.com could not be read")));
}

TEST(ReleaseDiffer, ManyLoneObjectsDoNotHideThatOneIsSaidTwice) {
  const std::string twice = ConfigMap("a", "{x: '1'}");
  std::string before = twice + ConfigMap("a", "{x: '2'}");
  for (int i = 0; i < 60; ++i) before += ConfigMap(fmt::format("gone-{}", i), "{}");
  const auto told = Told(TwoWays(before, twice));
  EXPECT_EQ(told.size(), 61U);
  EXPECT_EQ(told.front(), "changed writes a");
}

TEST(ReleaseDiffer, WhatRotatesIsProvenByASecondRendering) {
  const auto old_record = Record(ConfigMap("a", "{x: one, z: '1'}"));
  auto first = Record(ConfigMap("a", "{x: two, z: '2'}"));
  first.chart.templates = {{"t.yaml", "x: {{ randAlphaNum 5 }}"}};
  auto differ = ReleaseDiffer::Make(Request(false), &old_record, first);
  EXPECT_TRUE(differ->MayRotate());
  ASSERT_TRUE(differ->CompareRenderings(Record(ConfigMap("a", "{x: three, z: '2'}"))).has_value());
  const auto diff = differ->Finish().value();
  ASSERT_EQ(diff.resources[0].fields.size(), 2U);
  EXPECT_TRUE(diff.resources[0].fields[0].unstable);
  EXPECT_FALSE(diff.resources[0].fields[1].unstable);
  EXPECT_THAT(Told(diff), ElementsAre("changed writes a rotates-at-every-upgrade"));
}

TEST(ReleaseDiffer, ANewObjectThatRotatesIsToldAsSuch) {
  const auto old_record = Record("");
  auto first = Record(ConfigMap("a", "{x: two}") + ConfigMap("b", "{x: two}"));
  first.chart.templates = {{"t.yaml", "x: {{ randAlphaNum 5 }}"}};
  auto differ = ReleaseDiffer::Make(Request(false), &old_record, first);
  const auto again = Record(ConfigMap("a", "{x: three}") + ConfigMap("b", "{x: two}"));
  ASSERT_TRUE(differ->CompareRenderings(again).has_value());
  EXPECT_THAT(Told(differ->Finish().value()),
              ElementsAre("added writes a rotates-at-every-upgrade", "added writes b"));
}

TEST(ReleaseDiffer, StableTemplatesAreRenderedOnce) {
  const auto old_record = Record(ConfigMap("a", "{x: one}"));
  auto target = Record(ConfigMap("a", "{x: two}"));
  target.chart.templates = {
      {"t.yaml", "x: {{ .Values.now }} {{ lookup \"v1\" \"Secret\" \"\" \"\" }}"}};
  EXPECT_FALSE(ReleaseDiffer::Make(Request(false), &old_record, target)->MayRotate());
  EXPECT_FALSE(ReleaseDiffer::Make(Request(false), &target, target)->MayRotate());
  // What the templates of dependencies do is not known.
  target.chart.dependencies = {"common"};
  EXPECT_TRUE(ReleaseDiffer::Make(Request(false), &old_record, target)->MayRotate());
}

TEST(ReleaseDiffer, TheOrderOfAMapIsRenderedMoreThanTwiceAndAllOfThemCount) {
  const auto old_record = Record(ConfigMap("a", "{x: 'a,b'}"));
  auto first = Record(ConfigMap("a", "{x: 'b,a'}"));
  first.chart.templates = {{"t.yaml", "x: {{ keys .Values.m | join \",\" }}"}};
  auto differ = ReleaseDiffer::Make(Request(false), &old_record, first);
  EXPECT_EQ(differ->FurtherRenderings(), 4U);
  for (const char* again : {"b,a", "a,b", "b,a"}) {
    const auto record = Record(ConfigMap("a", fmt::format("{{x: '{}'}}", again)));
    ASSERT_TRUE(differ->CompareRenderings(record).has_value());
  }
  EXPECT_THAT(Told(differ->Finish().value()),
              ElementsAre("changed writes a rotates-at-every-upgrade"));
}

struct RotatingCase {
  const char* what;
  void (*make)(release::ReleaseRecord&);
  bool may_rotate;
};

TEST(ReleaseDiffer, WhatATemplateDoesNotHoldItselfMayRotateAsWell) {
  using release::ReleaseRecord;
  constexpr const char* kDraws = "x-{{ randAlphaNum 8 }}";
  for (const RotatingCase& c : {
           RotatingCase{"no tpl",
                        [](ReleaseRecord& r) {
                          r.chart.files = {{"a.txt", kDraws}};
                        },
                        false},
           {"tpl of what is stable",
            [](ReleaseRecord& r) { r.chart.templates[0].data = "x: {{ tpl .Values.t . }}"; },
            false},
           {"tpl of a file",
            [](ReleaseRecord& r) {
              r.chart.templates[0].data = "x: {{ tpl (.Files.Get \"a.txt\") . }}";
              r.chart.files = {{"a.txt", kDraws}};
            },
            true},
           {"tpl of a default",
            [](ReleaseRecord& r) {
              r.chart.templates[0].data = "x: {{ tpl .Values.t . }}";
              r.chart.default_values_json = R"({"t":"{{ randAlphaNum 8 }}"})";
            },
            true},
           {"tpl of a value",
            [](ReleaseRecord& r) {
              r.chart.templates[0].data = "x: {{ tpl .Values.t . }}";
              r.user_values_json = R"({"t":"{{ now | date \"2006\" }}"})";
            },
            true},
           {"a chart in charts/ that Chart.yaml does not name",
            [](ReleaseRecord& r) { r.manifest += "# Source: app/charts/sub/templates/a.yaml\n"; },
            true},
           {"its hook",
            [](ReleaseRecord& r) { r.hooks[0].path = "app/charts/sub/templates/a.yaml"; }, true},
           {"helm template tells no templates", [](ReleaseRecord& r) { r.chart.templates.clear(); },
            true},
       }) {
    const auto old_record = Record(ConfigMap("a", "{x: one}"));
    auto target = Record(ConfigMap("a", "{x: two}"));
    target.chart.name = "app";
    target.chart.templates = {{"t.yaml", "x: {{ .Values.x }}"}};
    target.hooks = {{"h", "Job", "app/templates/h.yaml", {"pre-upgrade"}, 0, "kind: Job"}};
    c.make(target);
    EXPECT_EQ(ReleaseDiffer::Make(Request(false), &old_record, target)->MayRotate(), c.may_rotate)
        << c.what;
  }
}

release::Hook HookNamed(const std::string& name, const std::string& data) {
  return {name, "ConfigMap", "app/templates/h.yaml", {"pre-upgrade"}, 0, ConfigMap(name, data)};
}

TEST(ReleaseDiffer, HooksThatRotateAreToldAsSuch) {
  const std::string same = ConfigMap("a", "{x: one}");
  auto old_record = Record(same);
  auto first = Record(same);
  auto again = Record(same);
  first.chart.templates = {{"t.yaml", "x: {{ randAlphaNum 5 }}"}};
  old_record.hooks = {HookNamed("changed", "{x: one, z: '1'}"), HookNamed("stable", "{x: one}")};
  first.hooks = {HookNamed("changed", "{x: two, z: '2'}"), HookNamed("stable", "{x: two}"),
                 HookNamed("new", "{x: two}"), HookNamed("name-two", "{}")};
  again.hooks = {HookNamed("changed", "{x: three, z: '2'}"), HookNamed("stable", "{x: two}"),
                 HookNamed("new", "{x: three}"), HookNamed("name-three", "{}")};
  auto differ = ReleaseDiffer::Make(Request(false), &old_record, first);
  EXPECT_TRUE(differ->MayRotate()) << "hooks alone differ";
  ASSERT_TRUE(differ->CompareRenderings(again).has_value());
  std::vector<std::string> told;
  const auto diff = differ->Finish().value();
  for (const HookChange& hook : diff.hooks) {
    std::string text = fmt::format("{} {}", hook.object, hook.unstable);
    for (const FieldChange& field : hook.fields)
      text += fmt::format(" {} {}", field.path, field.unstable);
    told.push_back(std::move(text));
  }
  EXPECT_THAT(told, ElementsAre("ConfigMap/changed true data.x true data.z false",
                                "ConfigMap/stable false data.x false", "ConfigMap/new true",
                                "ConfigMap/name-two true"));
}

TEST(ReleaseDiffer, ServerSideApplyAsksWhoOwnsTheField) {
  DiffRequest request = Request(true);
  request.method = ApplyMethod::ServerSide;
  const std::string manifest = ConfigMap("a", "{x: '1'}");
  const auto owned_by = [](const std::string& manager) {
    Json object = Live("a", {{"x", "by hand"}});
    object["metadata"]["managedFields"] =
        Json::array({{{"manager", manager},
                      {"operation", "Apply"},
                      {"fieldsV1", {{"f:data", {{"f:x", Json::object()}}}}}}});
    return object;
  };
  EXPECT_THAT(Told(ThreeWays(manifest, manifest, {owned_by("kubectl")}, request)),
              ElementsAre("changed leaves a conflicts"));
  EXPECT_THAT(Told(ThreeWays(manifest, manifest, {owned_by("helm")}, request)),
              ElementsAre("changed writes a undoes-hand-change"));
}

TEST(ReleaseDiffer, KnowsTheSecretsOfBothChartsDefaults) {
  auto before = Record("");
  auto after = Record("");
  before.chart.default_values_json = R"({"db":{"password":"hunter71","host":"db-1"}})";
  after.chart.default_values_json =
      R"({"secrets":{"existingSecret":"app-keys","key":"hunter72"},"url":"redis://:hunter73@h",)"
      R"("env":[{"name":"API_TOKEN","value":"hunter74"}],"auth":{"username":"bobby"}})";
  const auto differ = ReleaseDiffer::Make(Request(false), &before, after);
  EXPECT_EQ(differ->secrets().Mask("hunter71 db-1 app-keys hunter72 hunter73 hunter74 bobby"),
            "*** db-1 app-keys *** *** *** bobby");
}

TEST(ReleaseDiffer, AnUnquotedNumberIsRefused) {
  const auto diff = TwoWays(ConfigMap("a", "{x: '1'}"), ConfigMap("a", "{x: 2}"));
  EXPECT_THAT(Told(diff), ElementsAre("changed writes a refused"));
}

TEST(ReleaseDiffer, AReplacedObjectLosesItsRevisionByNobodysHand) {
  const auto told = [](const std::string& annotation) {
    Json live = Live("a", {{"x", "1"}});
    live["metadata"]["annotations"][annotation] = "1";
    auto request = Request(true);
    request.replaces = true;
    const std::string manifest = ConfigMap("a", "{x: '1'}");
    return Told(ThreeWays(manifest, manifest, {live}, request));
  };
  EXPECT_THAT(told("deployment.kubernetes.io/revision"), ElementsAre("changed writes a"));
  EXPECT_THAT(told("example.com/note"), ElementsAre("changed writes a undoes-hand-change"));
}

}  // namespace
}  // namespace datafly::diff
