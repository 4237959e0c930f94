#include <unistd.h>

#include <atomic>
#include <thread>

#include "common/io/system/process_identity.h"
#include "tests/faults/operations_scene.h"

/// The lease on a release: held, lost, taken over, and answers that never come.
namespace datafly::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

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

}  // namespace
}  // namespace datafly::testing
