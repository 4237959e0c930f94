#include <unistd.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "common/core/base/base64.h"
#include "common/core/release/record.h"
#include "common/io/system/fakes.h"
#include "common/io/system/process_identity.h"
#include "common/operations/journal.h"
#include "common/operations/lease.h"
#include "common/operations/unlock.h"
#include "tests/faults/harness.h"
#include "tests/faults/object_store.h"

/// Lease, journal and unlock against a server that keeps objects, with somebody else at the same
/// objects and answers that get lost.
namespace datafly::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

const std::string kLease = "/apis/coordination.k8s.io/v1/namespaces/prod/leases/signal-datafly";
const std::string kRecord = "/api/v1/namespaces/prod/secrets/sh.helm.release.v1.datafly.v4";

/// A store behind a server, a client on it, and what may go wrong once.
class Scene {
 public:
  ObjectStore store;
  /// Replaces the answer to a request; nothing: the store answers.
  std::function<std::optional<Reply>(const SeenRequest&)> fault;
  ScriptedServer server{Trusted(), [this](const SeenRequest& request) {
                          if (fault) {
                            if (auto reply = fault(request)) return *reply;
                          }
                          return store.Answer(request);
                        }};
  KubeHarness harness{server};
  FakeFileSystem files;
  FakeEnvironment environment;
  FakeClock clock;
  FakeProcessRunner processes;
  System system{files, environment, clock, processes, harness.loop};
  gather::Io io{harness.loop, harness.http, harness.client, system, harness.loop.Now() + kPatience};

  operations::Lease::Request Request(Millis duration = Millis(30'000)) const {
    return {"prod", "datafly", "kim on laptop", {}, duration};
  }
  [[nodiscard]] Json Spec() const { return Json::parse(store.Get(kLease))["spec"]; }
  /// Somebody else takes the lease, as after a long sleep of ours.
  void TakeAway() {
    Json object = Json::parse(store.Get(kLease));
    object["spec"]["holderIdentity"] = "lee on desktop";
    store.Put(kLease, object.dump());
  }
  void TurnFor(Millis time) {
    ASSERT_TRUE(harness.loop.RunUntil(harness.loop.Now() + time, [] { return false; }));
  }
};

std::string Held(const std::string& holder, const std::string& renewed, int transitions) {
  return fmt::format(R"({{"metadata":{{"name":"signal-datafly"}},"spec":{{"holderIdentity":"{}",)"
                     R"("leaseDurationSeconds":30,"renewTime":"{}","leaseTransitions":{}}}}})",
                     holder, renewed, transitions);
}

TEST(Lease, IsMadeHeldAndFreed) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request());
  ASSERT_TRUE(lease.has_value()) << lease.error().message;
  EXPECT_EQ(scene.Spec()["holderIdentity"], "kim on laptop");
  EXPECT_EQ((*lease)->epoch(), 1);
  EXPECT_TRUE((*lease)->Check().has_value());
  EXPECT_TRUE((*lease)->Release().has_value());
  EXPECT_EQ(scene.Spec()["holderIdentity"], "");
  const auto next = operations::Lease::Acquire(scene.io, scene.Request());
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ((*next)->epoch(), 2);
}

TEST(Lease, TimesAreMicroTimesWhateverTheClockSays) {
  Scene scene;
  scene.fault = [](const SeenRequest& request) -> std::optional<Reply> {
    if (request.method == "GET" || request.method == "DELETE") return std::nullopt;
    const std::string renewed = Json::parse(request.body)["spec"].value("renewTime", "");
    const bool well_formed = renewed.size() == 27 && renewed[19] == '.' && renewed.back() == 'Z';
    if (well_formed) return std::nullopt;
    Reply refusal;
    refusal.status = 400;
    refusal.body =
        R"({"kind":"Status","reason":"BadRequest","message":"not a MicroTime","code":400})";
    return refusal;
  };
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request());
  ASSERT_TRUE(lease.has_value()) << lease.error().message;
  for (int i = 0; i < 20; ++i) ASSERT_TRUE((*lease)->Check().has_value());
}

TEST(Lease, OneThatIsHeldAndRenewedIsRefusedByItsHoldersName) {
  Scene scene;
  scene.store.Put(kLease, Held("lee on desktop", "2026-11-26T11:59:50.000000Z", 3));
  auto request = scene.Request();
  std::string waited_for;
  request.on_wait = [&](const std::string& holder) {
    waited_for = holder;
    scene.store.Put(kLease, Held("lee on desktop", "2026-11-26T11:59:55.000000Z", 3));
  };
  const auto lease = operations::Lease::Acquire(scene.io, request);
  EXPECT_EQ(waited_for, "lee on desktop");
  ASSERT_FALSE(lease.has_value());
  EXPECT_EQ(lease.error().kind, ErrorKind::Conflict);
  EXPECT_THAT(lease.error().message, HasSubstr("lee on desktop"));
  EXPECT_EQ(scene.Spec()["holderIdentity"], "lee on desktop");
}

TEST(Lease, OneThatHasExpiredIsTakenOver) {
  Scene scene;
  scene.store.Put(kLease, Held("lee on desktop", "2026-11-26T11:59:20.000000Z", 3));
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request());
  ASSERT_TRUE(lease.has_value()) << lease.error().message;
  EXPECT_EQ((*lease)->epoch(), 4);
  EXPECT_EQ(scene.Spec()["holderIdentity"], "kim on laptop");
}

TEST(Lease, OneThatIsNotRenewedIsWaitedFor) {
  Scene scene;
  scene.store.Put(kLease, Held("lee on desktop", "2026-11-26T11:59:50.000000Z", 3));
  auto request = scene.Request();
  request.on_wait = [&](const std::string&) {
    scene.store.SetNow("Thu, 26 Nov 2026 12:00:21 GMT");
  };
  const auto lease = operations::Lease::Acquire(scene.io, request);
  ASSERT_TRUE(lease.has_value()) << lease.error().message;
  EXPECT_EQ((*lease)->epoch(), 4);
}

TEST(Lease, OneOfADeadProcessOfThisMachineIsTakenAtOnce) {
  Scene scene;
  auto dead = scene.Request();
  dead.process = {ThisMachine(), 0x3fffffff, "1"};
  { const auto lease = operations::Lease::Acquire(scene.io, dead).value(); }
  auto request = scene.Request();
  request.on_wait = [](const std::string& holder) { FAIL() << holder; };
  const auto lease = operations::Lease::Acquire(scene.io, request);
  ASSERT_TRUE(lease.has_value()) << lease.error().message;
  EXPECT_EQ((*lease)->epoch(), 2);
  // One that lives is not, and neither is one of another machine.
  for (const journal::ProcessId& other : {journal::ProcessId{ThisMachine(), ::getpid(), ""},
                                          journal::ProcessId{"elsewhere/boot", 1, "1"}}) {
    Scene another;
    auto alive = another.Request();
    alive.process = other;
    const auto held = operations::Lease::Acquire(another.io, alive).value();
    auto next = another.Request();
    bool waits = false;
    next.on_wait = [&](const std::string&) {
      waits = true;
      another.store.SetNow("Thu, 26 Nov 2026 12:01:00 GMT");
    };
    static_cast<void>(operations::Lease::Acquire(another.io, next));
    EXPECT_TRUE(waits) << other.host;
  }
}

TEST(Lease, OnlyOneOfADeadProcessOfThisMachineIsLeftBehind) {
  Scene scene;
  const auto left = [&] { return operations::Lease::IsLeftBehind(scene.io, "prod", "datafly"); };
  EXPECT_FALSE(left().value()) << "there is none";
  auto request = scene.Request();
  request.process = {ThisMachine(), 0x3fffffff, "1"};
  auto lease = operations::Lease::Acquire(scene.io, request).value();
  EXPECT_TRUE(left().value());
  EXPECT_TRUE(lease->Release().has_value());
  EXPECT_FALSE(left().value()) << "it is free";
  request.process = {"elsewhere/boot", 1, "1"};
  lease = operations::Lease::Acquire(scene.io, request).value();
  EXPECT_FALSE(left().value()) << "it may live elsewhere";
}

TEST(Lease, OfTwoAtTheSameMomentOneWins) {
  Scene scene;
  Scene* const other = &scene;
  bool raced = false;
  scene.fault = [other, &raced](const SeenRequest& request) -> std::optional<Reply> {
    // Between our look and our write, somebody else's lease appears.
    if (request.method == "POST" && !raced) {
      raced = true;
      other->store.Put(kLease, Held("lee on desktop", "2026-11-26T12:00:00.000000Z", 1));
    }
    return std::nullopt;
  };
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request());
  ASSERT_FALSE(lease.has_value());
  EXPECT_EQ(lease.error().kind, ErrorKind::Conflict);
  EXPECT_THAT(lease.error().message, HasSubstr("lee on desktop"));
  EXPECT_EQ(scene.Spec()["holderIdentity"], "lee on desktop");
}

TEST(Lease, RenewsItselfWhileTheLoopTurns) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request(Millis(1500)));
  ASSERT_TRUE(lease.has_value());
  const auto before = scene.server.Count("PUT");
  ASSERT_TRUE(scene.harness.loop.RunUntil(scene.harness.loop.Now() + kPatience,
                                          [&] { return scene.server.Count("PUT") >= before + 3; }));
  EXPECT_GE(scene.server.Count("PUT"), before + 3);
  EXPECT_FALSE((*lease)->Lost());
}

TEST(Lease, OneThatWasTakenAwayIsLostForEver) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request());
  ASSERT_TRUE(lease.has_value());
  scene.TakeAway();
  const auto check = (*lease)->Check();
  ASSERT_FALSE(check.has_value());
  EXPECT_EQ(check.error().kind, ErrorKind::Conflict);
  EXPECT_TRUE((*lease)->Lost());
  EXPECT_FALSE((*lease)->Check().has_value());
  // What is lost is not freed: it is somebody else's.
  EXPECT_TRUE((*lease)->Release().has_value());
  EXPECT_EQ(scene.Spec()["holderIdentity"], "lee on desktop");
}

TEST(Lease, OneThatWasDeletedByHandIsLost) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request());
  ASSERT_TRUE(lease.has_value());
  scene.store.Remove(kLease);
  EXPECT_FALSE((*lease)->Check().has_value());
  EXPECT_TRUE((*lease)->Lost());
}

TEST(Lease, AServerThatFailsForAMomentCostsNothing) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request());
  ASSERT_TRUE(lease.has_value());
  int failures = 1;
  scene.fault = [&failures](const SeenRequest& request) -> std::optional<Reply> {
    if (request.method != "PUT" || failures-- <= 0) return std::nullopt;
    Reply reply;
    reply.status = 503;
    return reply;
  };
  EXPECT_TRUE((*lease)->Check().has_value());
}

/// No answer, and the connection stays.
Reply Silence() {
  Reply reply;
  reply.then = Reply::Then::Stall;
  reply.send_headers = false;
  return reply;
}

TEST(Lease, OneThatNobodyAnswersForIsLostWhenItsTimeIsOver) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request(Millis(600))).value();
  scene.fault = [](const SeenRequest&) { return std::optional(Silence()); };
  const Instant since = scene.harness.loop.Now();
  ASSERT_TRUE(scene.harness.loop.RunUntil(scene.harness.loop.Now() + kPatience,
                                          [&] { return lease->Lost(); }));
  EXPECT_TRUE(lease->Lost());
  // Asked again before that: one answer that is lost costs nothing.
  EXPECT_GE(scene.server.Count("PUT"), 2);
  EXPECT_GE(scene.harness.loop.Now() - since, Millis(300));
  EXPECT_THAT(lease->Check().error().message, HasSubstr("no answer from the API server"));
}

TEST(Lease, OneAnswerThatNeverComesCostsNothing) {
  for (const bool arrived : {false, true}) {
    Scene scene;
    const auto lease = operations::Lease::Acquire(scene.io, scene.Request(Millis(3000))).value();
    std::atomic<int> silent{1};
    scene.fault = [&](const SeenRequest& request) -> std::optional<Reply> {
      if (request.method != "PUT" || silent-- <= 0) return std::nullopt;
      // Written down, the next renewal knows an older version.
      if (arrived) static_cast<void>(scene.store.Answer(request));
      return Silence();
    };
    ASSERT_TRUE(scene.harness.loop.RunUntil(scene.harness.loop.Now() + kPatience,
                                            [&] { return scene.server.Count("PUT") >= 4; }));
    EXPECT_FALSE(lease->Lost()) << arrived;
    EXPECT_TRUE(lease->Check().has_value()) << arrived;
    EXPECT_EQ(scene.Spec()["leaseTransitions"], 1);
  }
}

TEST(Lease, ItIsFreedThoughARenewalHasArrivedUnheard) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request(Millis(3000))).value();
  std::atomic<int> silent{1};
  scene.fault = [&](const SeenRequest& request) -> std::optional<Reply> {
    if (request.method != "PUT" || silent-- <= 0) return std::nullopt;
    static_cast<void>(scene.store.Answer(request));
    return Silence();
  };
  ASSERT_TRUE(scene.harness.loop.RunUntil(scene.harness.loop.Now() + kPatience,
                                          [&] { return scene.server.Count("PUT") >= 1; }));
  EXPECT_TRUE(lease->Release().has_value());
  EXPECT_EQ(scene.Spec()["holderIdentity"], "");
}

TEST(Lease, WhoAsksMeanwhileDoesNotWaitForLonger) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request(Millis(900))).value();
  scene.fault = [](const SeenRequest&) { return std::optional(Silence()); };
  ASSERT_TRUE(scene.harness.loop.RunUntil(scene.harness.loop.Now() + kPatience,
                                          [&] { return scene.server.Count("PUT") >= 1; }));
  // A renewal is under way.
  EXPECT_FALSE(lease->Check().has_value());
  EXPECT_TRUE(lease->Lost());
}

TEST(Lease, OneThatNobodyTookDuringASleepIsKept) {
  Scene scene;
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request(Millis(3000))).value();
  std::atomic<int> silent{1};
  scene.fault = [&](const SeenRequest& request) -> std::optional<Reply> {
    if (request.method != "PUT" || silent-- <= 0) return std::nullopt;
    return Silence();
  };
  // Asked, and the whole process is stopped meanwhile.
  ASSERT_TRUE(scene.harness.loop.RunUntil(scene.harness.loop.Now() + kPatience,
                                          [&] { return scene.server.Count("PUT") >= 1; }));
  std::this_thread::sleep_for(Millis(4500));
  scene.TurnFor(Millis(1200));
  EXPECT_FALSE(lease->Lost());
  EXPECT_TRUE(lease->Check().has_value());
}

// --- the journal

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

// --- unlock

std::string RecordObject(const std::string& status) {
  const std::string payload = EncodeBase64(EncodeBase64(fmt::format(
      R"({{"name":"datafly","info":{{"status":"{}","description":"Preparing upgrade"}},"version":4}})",
      status)));
  return fmt::format(
      R"({{"metadata":{{"name":"sh.helm.release.v1.datafly.v4","labels":{{"owner":"helm",)"
      R"("name":"datafly","version":"4","status":"{}"}}}},"data":{{"release":"{}"}},"type":"helm.sh/release.v1"}})",
      status, payload);
}

operations::UnlockRequest Freeing() {
  operations::UnlockRequest request;
  request.lock.object_name = "sh.helm.release.v1.datafly.v4";
  request.lock.release = "datafly";
  request.lock.name_space = "prod";
  request.lock.revision = 4;
  request.lock.status = release::Status::PendingUpgrade;
  request.who = "kim on laptop";
  return request;
}

release::ReleaseRecord RecordIn(const ObjectStore& store) {
  return release::DecodeSecretRelease(Json::parse(store.Get(kRecord))["data"].value("release", ""))
      .value();
}

TEST(FreeLock, ChangesPayloadAndLabelTogether) {
  Scene scene;
  scene.store.Put(kRecord, RecordObject("pending-upgrade"));
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  const auto freed = operations::FreeLock(scene.io, *lease, Freeing());
  ASSERT_TRUE(freed.has_value()) << freed.error().message;
  EXPECT_EQ(RecordIn(scene.store).status, release::Status::Failed);
  EXPECT_THAT(RecordIn(scene.store).description, HasSubstr("kim on laptop"));
  const Json object = Json::parse(scene.store.Get(kRecord));
  EXPECT_EQ(object["metadata"]["labels"]["status"], "failed");
  EXPECT_EQ(object["type"], "helm.sh/release.v1");
}

TEST(FreeLock, AHelmThatEndsMeanwhileIsLeftAlone) {
  Scene scene;
  scene.store.Put(kRecord, RecordObject("pending-upgrade"));
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  bool ended = false;
  scene.fault = [&](const SeenRequest& request) -> std::optional<Reply> {
    if (request.method == "PUT" && request.path.find("/secrets/") != std::string::npos && !ended) {
      ended = true;
      scene.store.Put(kRecord, RecordObject("deployed"));
    }
    return std::nullopt;
  };
  const auto freed = operations::FreeLock(scene.io, *lease, Freeing());
  ASSERT_FALSE(freed.has_value());
  EXPECT_EQ(freed.error().kind, ErrorKind::Conflict);
  EXPECT_EQ(RecordIn(scene.store).status, release::Status::Deployed);
}

TEST(FreeLock, OneThatIsNoLongerPendingIsLeftAlone) {
  Scene scene;
  scene.store.Put(kRecord, RecordObject("deployed"));
  const auto lease = operations::Lease::Acquire(scene.io, scene.Request()).value();
  EXPECT_FALSE(operations::FreeLock(scene.io, *lease, Freeing()).has_value());
  EXPECT_EQ(RecordIn(scene.store).status, release::Status::Deployed);
}

}  // namespace
}  // namespace datafly::testing
