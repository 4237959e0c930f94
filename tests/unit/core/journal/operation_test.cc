#include "common/core/journal/operation.h"

#include <gtest/gtest.h>

namespace datafly::journal {
namespace {

Operation Sample() {
  Operation operation;
  operation.id = "3fa9c1";
  operation.kind = Kind::Rollback;
  operation.release = "datafly";
  operation.name_space = "prod";
  operation.phase = Phase::Done;
  operation.verdict = Verdict::Verified;
  operation.from_revision = 4;
  operation.to_revision = 5;
  operation.back_to = 3;
  operation.from_version = "1.3.0";
  operation.to_version = "1.2.0";
  operation.chart = "oci://example.com/datafly";
  operation.chart_digest = "sha256:00ff";
  operation.who = "kim on laptop";
  operation.epoch = 7;
  operation.runner = {"laptop/boot", 100, "12345"};
  operation.helm = ProcessId{"laptop/boot", 101, "12346"};
  operation.because = "aa00bb";
  operation.reason = "Deployment/gateway: the image is not in its registry";
  operation.started_at = Time(Millis(1'790'000'000'000));
  operation.changed_at = operation.started_at + Millis(60'000);
  operation.acks = {"SIG-MAJ-001: read by Kim"};
  operation.notes = {{operation.started_at, "planned \"by\" hand\n"}};
  return operation;
}

TEST(Operation, IsReadBackAsItWasWritten) {
  const Operation operation = Sample();
  const std::string json = ToJson(operation);
  const auto read = FromJson(json);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(ToJson(*read), json);
  EXPECT_EQ(read->helm, operation.helm);
  EXPECT_EQ(read->runner, operation.runner);
  EXPECT_EQ(read->changed_at, operation.changed_at);
  EXPECT_EQ(read->notes.at(0).text, operation.notes.at(0).text);
  Operation young;
  EXPECT_FALSE(FromJson(ToJson(young))->helm.has_value());
}

TEST(Operation, TellsItselfInOneSentence) {
  EXPECT_EQ(InWords(Sample()),
            "rollback of datafly from revision 4 (1.3.0) back to 3 (1.2.0): verified "
            "(Deployment/gateway: the image is not in its registry)");
  Operation upgrade = Sample();
  upgrade.kind = Kind::Upgrade;
  upgrade.phase = Phase::Applying;
  upgrade.reason.clear();
  EXPECT_EQ(InWords(upgrade), "upgrade of datafly from revision 4 (1.3.0) to 5 (1.2.0): applying");
  EXPECT_EQ(ObjectName(upgrade), "signal-datafly-r5-upgrade-3fa9c1");
}

TEST(Operation, WhatIsNotOursOrNewerIsAnError) {
  for (const char* text :
       {"", "[]", "{}", R"({"kind":"Other"})",
        R"({"kind":"SignalOperation","schemaVersion":2,"operation":"upgrade","phase":"done"})",
        R"({"kind":"SignalOperation","operation":"upgrade","phase":"flying","verdict":""})",
        R"({"kind":"SignalOperation","operation":"dance","phase":"done","verdict":""})"})
    EXPECT_FALSE(FromJson(text).has_value()) << text;
}

TEST(Operation, FieldsOfAnotherTypeAreAsIfMissing) {
  const auto read = FromJson(
      R"({"kind":"SignalOperation","operation":"upgrade","phase":"planned","verdict":"",)"
      R"("fromRevision":"x","helm":7,"notes":[1,{"text":2}],"acks":"no","startedAt":"never"})");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->from_revision, 0);
  EXPECT_FALSE(read->helm.has_value());
  EXPECT_TRUE(read->acks.empty());
}

TEST(Operation, KeepsTheLastNotes) {
  Operation operation;
  for (int i = 0; i < 100; ++i) AddNote(operation, Time{}, fmt::format("{}", i));
  EXPECT_EQ(operation.notes.size(), kMostNotes);
  EXPECT_EQ(operation.notes.back().text, "99");
}

}  // namespace
}  // namespace datafly::journal
