#include "common/gather/target_values.h"

#include <gtest/gtest.h>

namespace datafly::gather {
namespace {

using State = ContinuityFacts::State;

constexpr std::string_view kManifest = R"(apiVersion: v1
kind: Secret
metadata: {{name: keys}}
stringData:
  ENCRYPTION_KEY: "{}"
  tls.key: "{}"
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: worker}}
spec:
  template:
    spec:
      containers:
      - name: app
        env:
        - name: KAFKA_CONSUMER_GROUP
          value: "{}"
)";

release::ReleaseRecord Record(std::string_view key, std::string_view tls, std::string_view group) {
  release::ReleaseRecord record;
  record.chart.default_values_json = record.user_values_json = "{}";
  record.manifest = fmt::format(kManifest, key, tls, group);
  return record;
}

/// What the diff says of two renderings of the target.
Fact<diff::ReleaseDiff> Unstable(std::string kind, std::string name, std::string path) {
  diff::ResourceChange change;
  change.id = {"", std::move(kind), "datafly", std::move(name)};
  diff::FieldChange field;
  field.path = std::move(path);
  field.unstable = true;
  change.fields = {field};
  diff::ReleaseDiff changes;
  changes.resources = {change};
  return changes;
}

/// "Secret/keys ENCRYPTION_KEY" -> its state.
std::map<std::string, State> Continuity(const release::ReleaseRecord& today,
                                        const release::ReleaseRecord& target,
                                        const Fact<diff::ReleaseDiff>& changes) {
  const auto objects = manifest::ParseManifest(target.manifest).value();
  std::map<std::string, State> states;
  for (const auto& item :
       CompareValues(&today, target, objects, DefaultProfile(), changes).continuity)
    states[item.object + " " + item.key] = item.state;
  return states;
}

TEST(CompareValues, WhatChangesRotatesOnlyIfTwoRenderingsDiffer) {
  const auto today = Record("a", "b", "workers");
  const auto target = Record("x", "b", "workers");
  const auto changed = Continuity(today, target, diff::ReleaseDiff{});
  EXPECT_EQ(changed.at("Secret/keys ENCRYPTION_KEY"), State::Changed);
  EXPECT_EQ(changed.at("Secret/keys tls.key"), State::Same);
  EXPECT_EQ(changed.at("Deployment/worker app/KAFKA_CONSUMER_GROUP"), State::Same);

  const auto rotates = Continuity(today, target, Unstable("Secret", "keys", "data.ENCRYPTION_KEY"));
  EXPECT_EQ(rotates.at("Secret/keys ENCRYPTION_KEY"), State::Rotates);
  EXPECT_EQ(rotates.at("Secret/keys tls.key"), State::Same);
}

TEST(CompareValues, AnotherObjectsOrKeysRotationIsNotThisOnes) {
  const auto today = Record("a", "b", "workers");
  const auto target = Record("x", "y", "others");
  const auto one = Continuity(today, target, Unstable("Secret", "keys", R"(data["tls.key"])"));
  EXPECT_EQ(one.at("Secret/keys ENCRYPTION_KEY"), State::Changed);
  EXPECT_EQ(one.at("Secret/keys tls.key"), State::Rotates);
  const auto other = Continuity(today, target, Unstable("Secret", "other", "data.ENCRYPTION_KEY"));
  EXPECT_EQ(other.at("Secret/keys ENCRYPTION_KEY"), State::Changed);
  const auto env = Continuity(
      today, target,
      Unstable("Deployment", "worker",
               "spec.template.spec.containers[name=app].env[name=KAFKA_CONSUMER_GROUP].value"));
  EXPECT_EQ(env.at("Deployment/worker app/KAFKA_CONSUMER_GROUP"), State::Rotates);
}

TEST(CompareValues, WithoutADiffNothingIsSaidToRotate) {
  const auto states = Continuity(Record("a", "b", "workers"), Record("x", "b", "workers"),
                                 Absence{AbsenceKind::TimedOut, "", ""});
  EXPECT_EQ(states.at("Secret/keys ENCRYPTION_KEY"), State::Changed);
}

}  // namespace
}  // namespace datafly::gather
