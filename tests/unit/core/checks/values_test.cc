#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

using State = ContinuityFacts::State;

ValuesFacts& Values(World& world) {
  if (!world.facts.target) AddTarget(world);
  return world.facts.target->values;
}

std::function<void(World&)> Item(std::string object, std::string key, State state) {
  return [=](World& world) { Values(world).continuity.push_back({object, key, state}); };
}
std::function<void(World&)> Key(std::string key, State state) {
  return Item("Secret/datafly-secrets", std::move(key), state);
}
std::function<void(World&)> Group(State state) {
  return Item("ConfigMap/event-processor-config", "KAFKA_CONSUMER_GROUP", state);
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"no target", "SIG-VAL-001", CheckVerdict::Skipped, [](World&) {}, "give --to"},
      {"all known", "SIG-VAL-001", CheckVerdict::Pass, [](World& w) { AddTarget(w); }},
      {"unknown keys", "SIG-VAL-001", CheckVerdict::Warn,
       [](World& w) {
         Values(w).unknown_keys = {"a.b", "c", "d", "e", "f.g"};
       },
       "a.b, c, d, e and 1 more",
       "helm show values oci://ghcr.io/datafly/charts/datafly --version 1.4.0"},
      {"unknown keys of a folder's chart", "SIG-VAL-001", CheckVerdict::Warn,
       [](World& w) {
         Values(w).unknown_keys = {"a"};
         w.facts.target->requested = "./my charts/datafly";
       },
       "a", "helm show values './my charts/datafly'"},
      {"unknown keys of a plain registry's chart", "SIG-VAL-001", CheckVerdict::Warn,
       [](World& w) {
         Values(w).unknown_keys = {"a"};
         w.profile.registry_plain_http = true;
       },
       "a", "--version 1.4.0 --plain-http"},
      {"no changed default", "SIG-VAL-002", CheckVerdict::Pass, [](World& w) { AddTarget(w); }},
      {"changed default", "SIG-VAL-002", CheckVerdict::Warn,
       [](World& w) { Values(w).changed_defaults = {"ingestionGateway.maxBatchSize"}; },
       "ingestionGateway.maxBatchSize", "helm show values"},
      {"no new key", "SIG-VAL-003", CheckVerdict::Pass, [](World& w) { AddTarget(w); }, "none"},
      {"new keys are told", "SIG-VAL-003", CheckVerdict::Pass,
       [](World& w) { Values(w).new_keys = {"eventProcessor.botPreFilter"}; },
       "eventProcessor.botPreFilter"},
      {"no target for new keys", "SIG-VAL-003", CheckVerdict::Skipped, [](World&) {}},

      {"key stays", "SIG-VAL-004", CheckVerdict::Pass, Key("ENCRYPTION_KEY", State::Same),
       "ENCRYPTION_KEY stays"},
      {"key outside the chart", "SIG-VAL-004", CheckVerdict::Pass, [](World& w) { AddTarget(w); },
       "does not set it"},
      {"key changes", "SIG-VAL-004", CheckVerdict::Fail, Key("ENCRYPTION_KEY", State::Changed),
       "ENCRYPTION_KEY changed", "Give ENCRYPTION_KEY its present value"},
      {"key disappears", "SIG-VAL-004", CheckVerdict::Fail, Key("JWT_SECRET", State::Removed),
       "JWT_SECRET is no longer in the manifest"},
      {"key rotates", "SIG-VAL-004", CheckVerdict::Fail, Key("JWT_SECRET", State::Rotates),
       "at each rendering"},
      {"key is newly set", "SIG-VAL-004", CheckVerdict::Warn, Key("JWT_SECRET", State::Added),
       "is new"},

      {"group stays", "SIG-VAL-005", CheckVerdict::Pass, Group(State::Same)},
      {"group changes", "SIG-VAL-005", CheckVerdict::Fail, Group(State::Changed),
       "KAFKA_CONSUMER_GROUP changed"},
      {"group changes in an env value", "SIG-VAL-005", CheckVerdict::Fail,
       Item("Deployment/event-processor", "event-processor/KAFKA_CONSUMER_GROUP", State::Changed),
       "KAFKA_CONSUMER_GROUP changed", "Set it to today's value in the values"},
      {"group is no longer set", "SIG-VAL-005", CheckVerdict::Fail, Group(State::Removed)},
      {"group is newly set", "SIG-VAL-005", CheckVerdict::Warn, Group(State::Added)},

      {"nothing rotates", "SIG-VAL-006", CheckVerdict::Pass, Key("SMTP_PASSWORD", State::Changed)},
      {"another secret rotates", "SIG-VAL-006", CheckVerdict::Warn,
       Key("SESSION_SALT", State::Rotates), "SESSION_SALT is made anew"},
      {"not known whether one rotates", "SIG-VAL-006", CheckVerdict::Unknown,
       [](World& w) {
         AddTarget(w);
         w.facts.target->changes = Absence{AbsenceKind::TimedOut, "no answer in time", ""};
       },
       "no answer"},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(ValuesChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

TEST(ValuesChecks, ALostKeyCannotBeAcknowledged) { EXPECT_FALSE(FindSpec("SIG-VAL-004")->ackable); }

}  // namespace
}  // namespace datafly::checks
