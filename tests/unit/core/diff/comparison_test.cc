#include "common/core/diff/comparison.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/core/diff/normalize.h"
#include "common/core/manifest/yaml.h"

/// What Helm does to a field, by what the old manifest, the new one and the cluster say. The facts
/// were seen in the lab (Helm 3.22 and 4.3, Kubernetes 1.36); tests/lab/pairs holds them as charts.
namespace datafly::diff {
namespace {

using Json = nlohmann::json;

Json Parse(const std::string& yaml) {
  auto json = yaml::ParseDocument(yaml).value();
  return json.is_null() ? Json::object() : json;
}

/// "changed drift writes spec.replicas 5 -> 2"; one a line.
std::string Told(const std::vector<FieldChange>& changes) {
  std::string text;
  for (const FieldChange& change : changes) {
    if (!text.empty()) text += '\n';
    text += fmt::format("{} {} {} {}", ToString(change.op), ToString(change.origin),
                        ToString(change.effect), change.path);
    if (change.old_value || change.new_value)
      text += fmt::format(" {} -> {}", change.old_value.value_or("none"),
                          change.new_value.value_or("none"));
    for (const FieldChange& inner : change.inside)
      text += fmt::format(" [{} {}]", ToString(inner.op), inner.path);
    if (change.formatting_only) text += " (layout)";
  }
  return text;
}

struct Case {
  const char* name;
  std::string before, after;
  std::optional<std::string> live;
  std::string told;
  ComparisonRules rules = {};
};

void Expect(const std::vector<Case>& cases) {
  for (const Case& item : cases) {
    const Json before = Parse(item.before);
    const Json after = Parse(item.after);
    const Json live = item.live ? Parse(*item.live) : Json();
    const Versions versions{&before, &after, item.live ? &live : nullptr};
    EXPECT_EQ(Told(CompareObjects(versions, item.rules)), item.told) << item.name;
  }
}

const ComparisonRules kCustom{.typed = false};
const ComparisonRules kServerSide{.typed = true, .method = ApplyMethod::ServerSide};

TEST(Comparison, TwoWays) {
  Expect({
      {"equal", "spec: {replicas: 1}", "spec: {replicas: 1}", {}, ""},
      {"changed",
       "spec: {paused: true}",
       "spec: {replicas: 3, paused: true}",
       {},
       "added chart writes spec.replicas none -> 3"},
      {"the default, written or not", "spec: {}", "spec: {replicas: 1}", {}, ""},
      {"quantities by value",
       "spec: {resources: {limits: {cpu: 1000m, memory: 1Gi}}}",
       "spec: {resources: {limits: {cpu: '1', memory: 1024Mi}}}",
       {},
       "changed chart spelling spec.resources.limits.cpu \"1000m\" -> \"1\" (layout)\n"
       "changed chart spelling spec.resources.limits.memory \"1Gi\" -> \"1024Mi\" (layout)"},
      {"a custom resource stores what it is told",
       "spec: {limits: {cpu: 1000m}}",
       "spec: {limits: {cpu: '1'}}",
       {},
       "changed chart writes spec.limits.cpu \"1000m\" -> \"1\" (layout)",
       kCustom},
      {"a duration there",
       "spec: {every: 90m}",
       "spec: {every: 1h30m}",
       {},
       "changed chart writes spec.every \"90m\" -> \"1h30m\" (layout)",
       kCustom},
      {"null and empty are nothing",
       "metadata: {annotations: {}, labels: null}",
       "metadata: {}",
       {},
       ""},
      {"an empty affinity is something",
       "spec: {}",
       "spec: {affinity: {}}",
       {},
       "added chart writes spec.affinity none -> {}"},
      {"an empty text in data",
       "data: {a: ''}",
       "data: {}",
       {},
       "removed chart writes data.a \"\" -> none"},
      {"a key that is no word",
       "metadata: {annotations: {a.b/c: x}}",
       "metadata: {annotations: {a.b/c: z}}",
       {},
       "changed chart writes metadata.annotations[\"a.b/c\"] \"x\" -> \"z\""},
  });
}

TEST(Comparison, ListsByTheirKeys) {
  Expect({
      {"an item changes",
       "spec: {containers: [{name: a, image: x:1}, {name: b, image: y:1}]}",
       "spec: {containers: [{name: a, image: x:1}, {name: b, image: y:2}]}",
       {},
       "changed chart writes spec.containers[name=b].image \"y:1\" -> \"y:2\""},
      {"order of env has meaning",
       "spec: {containers: [{name: a, env: [{name: V, value: '1'}, {name: W, value: '2'}]}]}",
       "spec: {containers: [{name: a, env: [{name: W, value: '2'}, {name: V, value: '1'}]}]}",
       {},
       "reordered chart writes spec.containers[name=a].env [\"V\",\"W\"] -> [\"W\",\"V\"]"},
      {"two protocols of one port",
       "spec: {containers: [{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: "
       "53}]}]}",
       "spec: {containers: [{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: "
       "53, protocol: TCP}]}]}",
       {},
       ""},
      {"an item goes",
       "spec: {volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}]}",
       "spec: {volumes: [{name: a, emptyDir: {}}]}",
       {},
       "removed chart writes spec.volumes[name=b] {\"emptyDir\":{},\"name\":\"b\"} -> none"},
      {"a list of words",
       "spec: {args: [a, b]}",
       "spec: {args: [a, c]}",
       {},
       "changed chart writes spec.args [\"a\",\"b\"] -> [\"a\",\"c\"]"},
      {"items by place",
       "rules: [{verbs: [get]}, {verbs: [list]}]",
       "rules: [{verbs: [get]}, {verbs: [watch]}]",
       {},
       "changed chart writes rules[1].verbs [\"list\"] -> [\"watch\"]"},
  });
}

TEST(Comparison, ThreeWaysClientSide) {
  const std::string spec = "spec: {replicas: 2}";
  Expect({
      {"only the chart", spec, "spec: {replicas: 3}", spec,
       "changed chart writes spec.replicas 2 -> 3"},
      {"only a hand", spec, spec, "spec: {replicas: 5}",
       "changed drift writes spec.replicas 5 -> 2"},
      {"both", spec, "spec: {replicas: 3}", "spec: {replicas: 5}",
       "changed both writes spec.replicas 2 -> 3"},
      {"it is so already", spec, "spec: {replicas: 3}", "spec: {replicas: 3}",
       "changed chart already spec.replicas 2 -> 3"},
      {"what the server filled in is not drift", spec, spec,
       "spec: {replicas: 2, progressDeadlineSeconds: 600, other: 1}", ""},
      {"dropped, and the default is what lives", "spec: {replicas: 1}", "spec: {}",
       "spec: {replicas: 1}", ""},
      {"dropped after it was scaled", "spec: {replicas: 1}", "spec: {}", "spec: {replicas: 2}",
       "removed both writes spec.replicas 1 -> none"},
      {"a label that was taken off is put back", "metadata: {labels: {a: x}}",
       "metadata: {labels: {a: x}}", "metadata: {labels: {}}",
       "added drift writes metadata.labels.a none -> \"x\""},
      {"an env variable by hand stays",
       "spec: {containers: [{name: a, env: [{name: X, value: '1'}]}]}",
       "spec: {containers: [{name: a, env: [{name: X, value: '1'}]}]}",
       "spec: {containers: [{name: a, env: [{name: X, value: '1'}, {name: Z, value: q}]}]}",
       "removed drift stays spec.containers[name=a].env[name=Z] {\"name\":\"Z\",\"value\":\"q\"} "
       "-> "
       "none"},
      {"defaults within a list that is one value", "spec: {ingress: [{ports: [{port: 80}]}]}",
       "spec: {ingress: [{ports: [{port: 80}]}]}",
       "spec: {ingress: [{ports: [{port: 80, protocol: TCP}]}]}", ""},
      {"a service account name does not go", "spec: {serviceAccountName: x}", "spec: {}",
       "spec: {serviceAccountName: x, serviceAccount: x}",
       "removed chart stays spec.serviceAccountName \"x\" -> none"},
      {"a custom resource's drift is left alone", "spec: {size: 1}", "spec: {size: 1}",
       "spec: {size: 9}", "changed drift stays spec.size 9 -> 1", kCustom},
      {"but overwritten where the chart changes it", "spec: {size: 1}", "spec: {size: 2}",
       "spec: {size: 9}", "changed both writes spec.size 1 -> 2", kCustom},
  });
}

TEST(Comparison, ThreeWaysServerSide) {
  const std::string spec = "spec: {replicas: 2}";
  Expect({
      {"only the chart", spec, "spec: {replicas: 3}", spec,
       "changed chart writes spec.replicas 2 -> 3", kServerSide},
      {"a hand's value conflicts", spec, spec, "spec: {replicas: 5}",
       "changed drift conflicts spec.replicas 5 -> 2", kServerSide},
      {"unless it is taken over",
       spec,
       spec,
       "spec: {replicas: 5}",
       "changed drift writes spec.replicas 5 -> 2",
       {.typed = true, .method = ApplyMethod::ServerSide, .force_conflicts = true}},
      {"what nobody has is put back", "metadata: {labels: {a: x}}", "metadata: {labels: {a: x}}",
       "metadata: {labels: {}}", "added drift writes metadata.labels.a none -> \"x\"", kServerSide},
      {"what another manager scaled stays its own", "spec: {replicas: 1}", "spec: {}",
       "spec: {replicas: 2}", "removed both stays spec.replicas 1 -> none", kServerSide},
  });
}

TEST(Comparison, ServerSideApplyTakesBackItemsThatItAppliedOnce) {
  const std::string manifest = "spec: {containers: [{name: a, env: [{name: X, value: '1'}]}]}";
  const Json before = Parse(manifest);
  const Json live =
      Parse("spec: {containers: [{name: a, env: [{name: X, value: '1'}, {name: Z, value: q}]}]}");
  const auto told = [&](const std::string& manager) {
    const Json managed = ReadManagedFields(
        {{"metadata",
          {{"managedFields",
            Json::array(
                {{{"manager", manager},
                  {"operation", "Apply"},
                  {"fieldsV1", Parse(R"({f:spec: {f:containers: {'k:{"name":"a"}': )"
                                     R"({f:env: {'k:{"name":"Z"}': {f:value: {}}}}}}})")}}})}}}});
    return Told(CompareObjects({&before, &before, &live, OwnersOf(managed)}, kServerSide));
  };
  const std::string item =
      " spec.containers[name=a].env[name=Z] {\"name\":\"Z\",\"value\":\"q\"} -> none";
  EXPECT_EQ(told("helm"), "removed drift writes" + item);
  EXPECT_EQ(told("kubectl"), "removed drift stays" + item);
}

TEST(Comparison, TextsAreOpened) {
  Expect({
      {"JSON in a ConfigMap",
       R"(data: {a.json: '{"x": 1, "y": [1]}'})",
       R"(data: {a.json: '{"x": 2, "y": [1]}'})",
       {},
       "changed chart writes data[\"a.json\"] [changed x]"},
      {"its layout alone",
       R"(data: {a.json: '{"x": 1}'})",
       R"(data: {a.json: '{ "x": 1 }'})",
       {},
       "changed chart writes data[\"a.json\"] (layout)"},
      {"YAML",
       "data: {a: \"x: 1\\nz: 2\\n\"}",
       "data: {a: \"x: 1\\nz: 3\\n\"}",
       {},
       "changed chart writes data.a [changed z]"},
      {"another text",
       "data: {a: \"one\\ntwo\\n\"}",
       "data: {a: \"one\\nthree\\n\"}",
       {},
       "changed chart writes data.a"},
  });
}

TEST(Comparison, SecretsByWhatTheServerStores) {
  Json before = Parse("stringData: {user: a, key: x}");
  Json after = Parse("data: {user: YQ==}");
  DropLostStringData(before, after);
  Normalize(before);
  Normalize(after);
  EXPECT_EQ(Told(CompareObjects({&before, &after, nullptr}, {})), "");
}

}  // namespace
}  // namespace datafly::diff
