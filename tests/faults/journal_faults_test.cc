#include <thread>

#include "common/operations/journal.h"
#include "tests/faults/operations_scene.h"

/// The journal under its lease: what is written, and by whom no longer.
namespace datafly::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

journal::Operation Planned() {
  journal::Operation operation;
  operation.id = "3fa9c1";
  operation.release = "datafly";
  operation.name_space = "prod";
  operation.from_revision = 3;
  operation.to_revision = 4;
  return operation;
}

const std::string kEntry = "/api/v1/namespaces/prod/configmaps/signal-datafly-r4-upgrade-3fa9c1";

std::string PhaseIn(const ObjectStore& store) {
  return Json::parse(store.Get(kEntry))["metadata"]["labels"].value(
      "signal.dataflysignal.com/phase", "");
}

void ToApplying(journal::Operation& operation) { operation.phase = journal::Phase::Applying; }

TEST(JournalWriter, WritesEachPhaseUnderTheLease) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  operations::JournalWriter writer(scene.io, *lease, nullptr);
  ASSERT_TRUE(writer.Begin(Planned()).has_value());
  EXPECT_EQ(PhaseIn(scene.store), "planned");
  ASSERT_TRUE(writer.Write("applying", ToApplying).has_value());
  EXPECT_EQ(PhaseIn(scene.store), "applying");
  const Json entry = Json::parse(scene.store.Get(kEntry));
  EXPECT_THAT(entry["data"].value("summary", ""), HasSubstr("upgrade of datafly"));
  EXPECT_EQ(journal::FromJson(entry["data"].value("operation", ""))->epoch, 1);
}

TEST(JournalWriter, WithoutTheLeaseNothingIsWritten) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  operations::JournalWriter writer(scene.io, *lease, nullptr);
  ASSERT_TRUE(writer.Begin(Planned()).has_value());
  scene.TakeAway();
  EXPECT_FALSE(writer.Write("applying", ToApplying).has_value());
  EXPECT_EQ(PhaseIn(scene.store), "planned");
}

TEST(JournalWriter, WhoSleptBeforeItsFirstWriteLeavesNothing) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  operations::JournalWriter writer(scene.io, *lease, nullptr);
  scene.fault = [&](const SeenRequest& request) -> std::optional<Reply> {
    // Between the proof and the write the lease is taken away.
    if (request.method == "POST") scene.TakeAway();
    return std::nullopt;
  };
  const auto begun = writer.Begin(Planned());
  ASSERT_FALSE(begun.has_value());
  EXPECT_EQ(begun.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(scene.store.Get(kEntry), "");
}

TEST(JournalWriter, WhoLearnsOfItsLossWhileItWritesLeavesNothing) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request(Millis(600))).value();
  operations::JournalWriter writer(scene.io, *lease, nullptr);
  scene.fault = [&](const SeenRequest& request) -> std::optional<Reply> {
    if (request.method != "POST") return std::nullopt;
    // Written at once, and the answer takes so long that a renewal is refused meanwhile.
    scene.TakeAway();
    Reply reply = scene.store.Answer(request);
    reply.bytes_per_tick = 1;
    return reply;
  };
  const auto begun = writer.Begin(Planned());
  ASSERT_FALSE(begun.has_value());
  EXPECT_EQ(begun.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(scene.store.Get(kEntry), "");
}

TEST(JournalWriter, WhoSleptAfterItsFirstWriteLeavesWhatAnotherHasClosed) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  operations::JournalWriter writer(scene.io, *lease, nullptr);
  scene.fault = [&](const SeenRequest& request) -> std::optional<Reply> {
    if (request.method != "POST") return std::nullopt;
    const Reply reply = scene.store.Answer(request);
    scene.store.Put(kEntry, scene.store.Get(kEntry));  // with another resourceVersion
    scene.TakeAway();
    return reply;
  };
  EXPECT_FALSE(writer.Begin(Planned()).has_value());
  EXPECT_NE(scene.store.Get(kEntry), "");
}

TEST(JournalWriter, AWriteThatNobodyAnswersEndsWithTheLease) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request(Millis(3000))).value();
  operations::JournalWriter writer(scene.io, *lease, nullptr);
  ASSERT_TRUE(writer.Begin(Planned()).has_value());
  std::atomic<bool> silent{false};
  scene.fault = [&](const SeenRequest& request) -> std::optional<Reply> {
    // The lease is proven, then the network is lost.
    if (request.path.find("configmaps") != std::string::npos) silent = true;
    if (silent) return Silence();
    return std::nullopt;
  };
  const auto written = writer.Write("applying", [](auto&) {});
  ASSERT_FALSE(written.has_value());
  EXPECT_THAT(written.error().message, HasSubstr("the lease on the release is lost"));
}

TEST(JournalWriter, WithoutTheLeaseNothingElseIsDone) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  operations::JournalWriter writer(scene.io, *lease, nullptr);
  int done = 0;
  ASSERT_TRUE(writer.Act("helm", [&] { ++done; }).has_value());
  EXPECT_EQ(done, 1);
  scene.TakeAway();
  const auto refused = writer.Act("helm", [&] { ++done; });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(done, 1);
}

TEST(JournalWriter, WhoWasOvertakenCannotWriteOn) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  operations::JournalWriter writer(scene.io, *lease, nullptr);
  ASSERT_TRUE(writer.Begin(Planned()).has_value());
  Json entry = Json::parse(scene.store.Get(kEntry));
  entry["data"]["summary"] = "closed by somebody else";
  scene.store.Put(kEntry, entry.dump());
  const auto written = writer.Write("applying", ToApplying);
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(Json::parse(scene.store.Get(kEntry))["data"]["summary"], "closed by somebody else");
}

TEST(JournalWriter, AWriteWhoseAnswerIsLostIsReadBack) {
  for (const char* method : {"POST", "PUT"}) {
    SCOPED_TRACE(method);
    Scene scene;
    const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
    operations::JournalWriter writer(scene.io, *lease, nullptr);
    bool lost = false;
    scene.fault = [&](const SeenRequest& request) -> std::optional<Reply> {
      if (lost || request.method != method || request.path.find("configmaps") == std::string::npos)
        return std::nullopt;
      lost = true;
      Reply reply = scene.store.Answer(request);
      reply.then = Reply::Then::Reset;
      reply.cut_at = 5;
      return reply;
    };
    ASSERT_TRUE(writer.Begin(Planned()).has_value());
    const auto written = writer.Write("applying", ToApplying);
    ASSERT_TRUE(written.has_value()) << written.error().message;
    EXPECT_TRUE(lost);
    EXPECT_EQ(PhaseIn(scene.store), "applying");
  }
}

class Recorder : public operations::StepObserver {
 public:
  void Before(std::string_view step) override { seen.push_back("before " + std::string(step)); }
  void After(std::string_view step) override { seen.push_back("after " + std::string(step)); }
  std::vector<std::string> seen;
};

TEST(StepObserver, IsToldOfEveryWrite) {
  Scene scene;
  Recorder recorder;
  auto request = scene.Request();
  request.observer = &recorder;
  const auto lease = operations::Lease::Acquire(scene.io, request).value();
  operations::JournalWriter writer(scene.io, *lease, &recorder);
  ASSERT_TRUE(writer.Begin(Planned()).has_value());
  ASSERT_TRUE(writer.Act("helm", [&] { recorder.seen.emplace_back("helm"); }).has_value());
  ASSERT_TRUE(lease->Release().has_value());
  EXPECT_THAT(recorder.seen,
              ElementsAre("before lease: acquire", "after lease: acquire",
                          "before journal: planned", "after journal: planned", "before helm",
                          "helm", "after helm", "before lease: release", "after lease: release"));
}

}  // namespace
}  // namespace datafly::testing
