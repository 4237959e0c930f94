#include "common/core/diff/risks.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace datafly::diff {
namespace {

using Json = nlohmann::json;

struct Given {
  std::string kind, path;
  std::string live = "{}", before = "{}", after = "{}";
  Effect effect = Effect::Writes;
  Origin origin = Origin::Chart;
  bool replaces = false;
};

Risks RisksWith(const Given& given) {
  ResourceChange change;
  change.id.kind = given.kind;
  change.id.name = "x";
  FieldChange field;
  field.path = given.path;
  field.op = FieldOp::Changed;
  field.effect = given.effect;
  field.origin = given.origin;
  if (!given.path.empty()) change.fields = {field};
  change.op = given.path.empty() ? ResourceOp::Unchanged : ResourceOp::Changed;
  const std::set<std::string> scaled{"Deployment/x"};
  const Json live = Json::parse(given.live);
  return RisksOf(change, {scaled, given.replaces, false, &live, &given.before, &given.after});
}

/// "class: reason"; one line each.
std::string Told(const Given& given) {
  std::string told;
  for (const Risk& risk : RisksWith(given).all)
    told += fmt::format("{}: {}\n", ToString(risk.risk), risk.reason);
  return told;
}

bool ToldImmutable(const Given& given) {
  return Told(given).find("replaces-object: ") != std::string::npos;
}

TEST(Risks, KnowWhatTheApiServerRefuses) {
  const std::string suspended = R"({"spec":{"suspend":true}})";
  const std::vector<Given> refused{
      {"PersistentVolume", "spec.nfs.path"},
      {"PersistentVolume", "spec.hostPath.path"},
      {"PersistentVolume", "spec.csi.volumeHandle"},
      {"PersistentVolume", "spec.volumeMode"},
      {"PersistentVolume", "spec.nodeAffinity.required", R"({"spec":{"nodeAffinity":{}}})"},
      {"CustomResourceDefinition", "spec.names.kind"},
      {"CustomResourceDefinition", "spec.names.plural"},
      {"CustomResourceDefinition", "spec.group"},
      {"CustomResourceDefinition", "spec.scope"},
      {"IngressClass", "spec.controller"},
      {"RuntimeClass", "handler"},
      {"ResourceQuota", "spec.scopes"},
      {"EndpointSlice", "addressType"},
      {"Job", "spec.template.spec.nodeSelector.a"},
      {"Job", "spec.template.spec.nodeSelector.a",
       R"({"spec":{"suspend":true},"status":{"startTime":"2026-11-27T00:00:00Z"}})"},
      {"Job", "spec.template.spec.containers[name=a].image", suspended},
      {"Job", "spec.completions"},
      {"Deployment", "spec.selector.matchLabels.a"},
      {"StatefulSet", "spec.serviceName"},
      {"Secret", "type"},
      {"ConfigMap", "data.a", R"({"immutable":true})"}};
  for (const Given& given : refused) EXPECT_TRUE(ToldImmutable(given)) << given.kind << given.path;
  const std::vector<Given> taken{{"PersistentVolume", "spec.capacity.storage"},
                                 {"PersistentVolume", "spec.persistentVolumeReclaimPolicy"},
                                 {"PersistentVolume", "spec.nodeAffinity"},
                                 {"CustomResourceDefinition", "spec.names.shortNames"},
                                 {"IngressClass", "spec.parameters"},
                                 {"RuntimeClass", "overhead.podFixed"},
                                 {"ResourceQuota", "spec.hard.pods"},
                                 {"EndpointSlice", "endpoints"},
                                 {"Job", "spec.template.spec.nodeSelector.a", suspended},
                                 {"Job", "spec.template.spec.tolerations", suspended},
                                 {"Job", "spec.template.metadata.labels.a", suspended},
                                 {"Job", "spec.template.spec.affinity.nodeAffinity", suspended},
                                 {"Job", "spec.parallelism"},
                                 {"ConfigMap", "data.a"}};
  for (const Given& given : taken) EXPECT_FALSE(ToldImmutable(given)) << given.kind << given.path;
}

TEST(Risks, SayThatForceDoesNotHelp) {
  EXPECT_EQ(Told({"IngressClass", "spec.controller"}),
            "replaces-object: spec.controller is immutable: the upgrade fails, with --force as "
            "well, until the object is deleted\n");
}

TEST(Risks, AForcedJobLacksItsSelector) {
  Given job{"Job", ""};
  EXPECT_EQ(Told(job), "");
  job.replaces = true;
  EXPECT_EQ(Told(job).substr(0, 21), "refused: --force puts");
  job.after = R"({"spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}}}})";
  EXPECT_EQ(Told(job), "");
}

TEST(Risks, SayWhichPodsAreReplaced) {
  const std::string replicas = R"({"spec":{"replicas":3}})";
  const std::string on_delete = R"({"spec":{"updateStrategy":{"type":"OnDelete"}}})";
  const std::string rolling = R"({"spec":{"updateStrategy":{"type":"RollingUpdate"}}})";
  const std::string partition =
      R"({"spec":{"replicas":3,"updateStrategy":{"rollingUpdate":{"partition":2}}}})";
  const std::string paused = R"({"spec":{"replicas":3,"paused":true}})";
  const std::string deleted =
      "updateStrategy is OnDelete: each pod keeps the old template until it is deleted";
  struct Case {
    Given given;
    std::string words;
    std::optional<std::size_t> pods;
  };
  const std::vector<Case> cases{
      {{"Deployment", "", replicas}, "its 3 pods are replaced", 3},
      {{"Deployment", "", R"({"spec":{"replicas":1}})"}, "its 1 pod is replaced", 1},
      {{"Deployment", "", R"({"spec":{"replicas":0}})"}, "no pod of it runs now", 0},
      {{"DaemonSet", ""}, "its pods are replaced", std::nullopt},
      {{"Deployment", "", paused}, "it is paused: its pods are replaced once it is resumed", 0},
      {{"Deployment", "", paused, "{}", R"({"spec":{"paused":false}})"},
       "its 3 pods are replaced",
       3},
      {{"StatefulSet", "", on_delete}, deleted, 0},
      {{"DaemonSet", "", replicas, "{}", on_delete}, deleted, 0},
      {{"DaemonSet", "", on_delete, on_delete, rolling}, "its pods are replaced", std::nullopt},
      {{"DaemonSet", "", on_delete, on_delete, "{}"}, "its pods are replaced", std::nullopt},
      {{"StatefulSet", "", partition},
       "updateStrategy has partition 2: only its pods from that ordinal on are replaced (1 now)",
       1},
      {{"StatefulSet", "", replicas, "{}", partition},
       "updateStrategy has partition 2: only its pods from that ordinal on are replaced (1 now)",
       1},
      {{"ReplicaSet", "", replicas},
       "a ReplicaSet replaces no pod: each keeps the old template until it is deleted",
       0}};
  for (auto [given, words, pods] : cases) {
    given.path = "spec.template.spec.x";
    EXPECT_EQ(Told(given), "restarts-pods: spec.template.spec.x changes: " + words + "\n");
    EXPECT_EQ(RisksWith(given).restarting_pods, pods) << words;
  }
}

TEST(Risks, ReplicasAgainstAnHpaAreTheRenderedOnes) {
  const std::string two = R"({"spec":{"replicas":2}})", none = "{}";
  const std::string now =
      "scales-against-hpa: spec.replicas is rendered though an HPA scales it: the upgrade sets the "
      "count back\n";
  EXPECT_EQ(Told({"Deployment", "spec.replicas", R"({"spec":{"replicas":5}})", two, two}), now);
  // The live number is the rendered one, so that nothing is written.
  const std::string later =
      "scales-against-hpa: spec.replicas is now rendered though an HPA scales it: each upgrade "
      "sets "
      "the count back to 2\n";
  EXPECT_EQ(Told({"Deployment", "", two, none, two}), later);
  EXPECT_EQ(Told({"Deployment", "spec.replicas", two, none, two, Effect::Already}), later);
  EXPECT_EQ(Told({"Deployment", "", two, two, two}), "");
  EXPECT_EQ(Told({"Deployment", "", two, none, none}), "");
  EXPECT_EQ(Told({"StatefulSet", "", two, none, two}), "");
}

TEST(Risks, WhatConflictsIsNotUndone) {
  const Given conflict{"ConfigMap", "data.a", "{}", "{}", "{}", Effect::Conflicts, Origin::Drift};
  EXPECT_EQ(Told(conflict),
            "conflicts: data.a was set by another manager; server-side apply refuses it\n");
  Given written = conflict;
  written.effect = Effect::Writes;
  EXPECT_EQ(Told(written),
            "undoes-hand-change: data.a was changed in the cluster by hand; that is undone\n");
}

}  // namespace
}  // namespace datafly::diff
