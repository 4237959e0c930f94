#include <functional>

#include "common/gather/rollout_watch.h"
#include "common/io/system/fakes.h"
#include "tests/faults/harness.h"

/// What a watch may go through while a rollout is followed, on the scripted server: nothing is
/// lost, nothing that is gone stays.
namespace datafly::testing {
namespace {

using rollout::RolloutState;

constexpr const char* kNothing = R"({"kind":"List","metadata":{"resourceVersion":"5"},"items":[]})";

std::string List(const std::string& items) {
  return fmt::format(R"({{"kind":"List","metadata":{{"resourceVersion":"5"}},"items":[{}]}})",
                     items);
}

std::string Deployment(int available) {
  return fmt::format(
      R"({{"kind":"Deployment","metadata":{{"name":"gateway","uid":"d","generation":1}},)"
      R"("spec":{{"replicas":1}},"status":{{"observedGeneration":1,"replicas":1,)"
      R"("updatedReplicas":1,"readyReplicas":{0},"availableReplicas":{0}}}}})",
      available);
}

constexpr const char* kReplicaSet =
    R"({"kind":"ReplicaSet","metadata":{"name":"gateway-1","uid":"r",)"
    R"("annotations":{"deployment.kubernetes.io/revision":"1"},)"
    R"("ownerReferences":[{"kind":"Deployment","name":"gateway","uid":"d","controller":true}]}})";

constexpr const char* kBadPod =
    R"({"kind":"Pod","metadata":{"name":"gateway-1-x","uid":"p",)"
    R"("ownerReferences":[{"kind":"ReplicaSet","name":"gateway-1","uid":"r","controller":true}]},)"
    R"("spec":{"nodeName":"n"},"status":{"phase":"Pending","containerStatuses":[{"name":"app",)"
    R"("state":{"waiting":{"reason":"ErrImagePull","message":"app:v9: not found"}}}]}})";

Reply Stalled(std::string body = {}) {
  Reply reply;
  reply.body = std::move(body);
  reply.declare_length = false;
  reply.then = Reply::Then::Stall;
  return reply;
}

std::string WatchLine(const std::string& type, const std::string& object) {
  return fmt::format("{{\"type\":\"{}\",\"object\":{}}}\n", type, object);
}

constexpr const char* kExpired =
    R"({"type":"ERROR","object":{"kind":"Status","reason":"Expired","code":410}})"
    "\n";

bool Asks(const SeenRequest& request, std::string_view plural) {
  return request.path.find(fmt::format("/{}?", plural)) != std::string::npos;
}
bool Watches(const SeenRequest& request) {
  return request.path.find("watch=1") != std::string::npos;
}

Reply Whole(std::string body, int status = 200) {
  Reply reply;
  reply.body = std::move(body);
  reply.status = status;
  return reply;
}

/// The quiet cluster: one Deployment and its ReplicaSet, watches that say nothing.
Reply Quiet(const SeenRequest& request, int available) {
  if (Watches(request)) return Stalled();
  if (Asks(request, "deployments")) return Whole(List(Deployment(available)));
  if (Asks(request, "replicasets")) return Whole(List(kReplicaSet));
  return Whole(kNothing);
}

class RolloutWatchHarness : public KubeHarness {
 public:
  explicit RolloutWatchHarness(const ScriptedServer& server)
      : KubeHarness(server), watch(io, "x", tracker) {
    tracker.Follow({"Deployment/gateway"});
  }
  bool Reach(RolloutState state) {
    return Reach([&] { return tracker.Look(now).state == state; });
  }
  bool Reach(const std::function<bool()>& state) {
    const auto reached = [&] {
      watch.Advance();
      return watch.Listed() && state();
    };
    // The relists are paced by time, not by descriptors: turn until it is so.
    const Instant end = loop.Now() + kPatience;
    while (loop.Now() < end) {
      const Instant turn = std::min(end, loop.Now() + std::chrono::milliseconds(100));
      if (!loop.RunUntil(turn, reached)) return false;
      if (reached()) return true;
    }
    return false;
  }

  FakeFileSystem files;
  FakeEnvironment environment;
  FakeClock clock;
  FakeProcessRunner processes;
  System system{files, environment, clock, processes, loop};
  gather::Io io{loop, http, client, system, loop.Now() + kPatience};
  rollout::Tracker tracker{{"migrate", std::chrono::hours(1)}};
  gather::RolloutWatch watch;
  const Time now = *ParseTime("2026-11-26T12:00:00Z");
};

TEST(RolloutWatch, ListsThenFollows) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (Watches(request) && Asks(request, "pods")) return Stalled(WatchLine("ADDED", kBadPod));
    return Quiet(request, 0);
  });
  RolloutWatchHarness harness(server);
  EXPECT_TRUE(harness.Reach(RolloutState::Failed));
}

TEST(RolloutWatch, AnExpiredWatchIsReplacedByAListAndWhatIsGoneIsTakenAway) {
  std::atomic<int> pod_lists{0};
  std::atomic<int> deployment_lists{0};
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    if (Asks(request, "pods") && !Watches(request))
      return Whole(++pod_lists == 1 ? List(kBadPod) : kNothing);
    if (Asks(request, "deployments") && !Watches(request))
      return Whole(List(Deployment(++deployment_lists == 1 ? 0 : 1)));
    // Each kind by itself: the two lists come back in either order.
    if (Asks(request, "pods") && pod_lists == 1) return Stalled(kExpired);
    if (Asks(request, "deployments") && deployment_lists == 1) return Stalled(kExpired);
    return Quiet(request, 1);
  });
  RolloutWatchHarness harness(server);
  EXPECT_TRUE(harness.Reach([&] {
    return harness.tracker.Look(harness.now).state == RolloutState::Complete &&
           harness.tracker.FindPod("gateway-1-x") == nullptr;
  }));
}

TEST(RolloutWatch, AServerThatIsAwayIsWaitedFor) {
  std::atomic<int> refused{0};
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    if (Asks(request, "pods") && !Watches(request) && ++refused <= 2)
      return Whole(R"({"kind":"Status","reason":"ServiceUnavailable","code":503})", 503);
    return Quiet(request, 1);
  });
  RolloutWatchHarness harness(server);
  EXPECT_TRUE(harness.loop.RunUntil(harness.loop.Now() + kPatience, [&] {
    harness.watch.Advance();
    return harness.watch.FindSilence().has_value();
  }));
  ASSERT_TRUE(harness.watch.FindSilence());
  EXPECT_TRUE(harness.Reach(RolloutState::Complete));
  EXPECT_FALSE(harness.watch.FindSilence());
}

// The watches are taken up again by themselves and then say nothing: only a sign of life tells that
// the server is back.
TEST(RolloutWatch, AConnectionThatBreaksAgainAndAgainIsSilenceUntilTheServerIsHeard) {
  std::atomic<bool> away{false};
  ScriptedServer server(Trusted(), [&](const SeenRequest& request) {
    Reply reply = Quiet(request, 0);
    if (!away) return reply;
    reply.send_headers = false;
    reply.then = Reply::Then::Reset;
    return reply;
  });
  RolloutWatchHarness harness(server);
  ASSERT_TRUE(harness.Reach([] { return true; }));
  EXPECT_FALSE(harness.watch.FindSilence());
  const auto reach = [&](bool silent) {
    return harness.Reach([&] { return harness.watch.FindSilence().has_value() == silent; });
  };
  away = true;
  ASSERT_TRUE(reach(true));
  EXPECT_THAT(harness.watch.FindSilence()->why, ::testing::HasSubstr(" by 127.0.0.1:"));
  away = false;
  EXPECT_TRUE(reach(false));
}

TEST(RolloutWatch, AServerThatHoldsItsConnectionAndSaysNothingIsSilent) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (!request.path.starts_with("/version")) return Quiet(request, 0);
    Reply mute = Stalled();
    mute.send_headers = false;
    return mute;
  });
  RolloutWatchHarness harness(server);
  ASSERT_TRUE(harness.Reach([&] { return harness.watch.FindSilence().has_value(); }));
  EXPECT_EQ(harness.watch.FindSilence()->why, "the server does not answer");
}

TEST(RolloutWatch, WhatMayNotBeReadIsSaidAndTheRestGoesOn) {
  ScriptedServer server(Trusted(), [](const SeenRequest& request) {
    if (Asks(request, "events"))
      return Whole(R"({"kind":"Status","reason":"Forbidden","code":403})", 403);
    return Quiet(request, 1);
  });
  RolloutWatchHarness harness(server);
  EXPECT_TRUE(harness.Reach(RolloutState::Complete));
  ASSERT_EQ(harness.watch.Refused().size(), 1U);
  EXPECT_EQ(harness.watch.Refused()[0].kind, "Event");
  EXPECT_EQ(harness.watch.Refused()[0].absence.needs, "list events in x");
}

}  // namespace
}  // namespace datafly::testing
