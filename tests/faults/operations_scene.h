#pragma once

#include <nlohmann/json.hpp>

#include "common/io/system/fakes.h"
#include "common/operations/lease.h"
#include "tests/faults/harness.h"
#include "tests/faults/object_store.h"

/// What the tests of lease, journal and unlock share: a server that keeps objects, with somebody
/// else at the same objects and answers that get lost.
namespace datafly::testing {

inline const std::string kLease =
    "/apis/coordination.k8s.io/v1/namespaces/prod/leases/signal-datafly";

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
  [[nodiscard]] nlohmann::json Spec() const {
    return nlohmann::json::parse(store.Get(kLease))["spec"];
  }
  /// Somebody else takes the lease, as after a long sleep of ours.
  void TakeAway() {
    nlohmann::json object = nlohmann::json::parse(store.Get(kLease));
    object["spec"]["holderIdentity"] = "lee on desktop";
    store.Put(kLease, object.dump());
  }
  void TurnFor(Millis time) {
    ASSERT_TRUE(harness.loop.RunUntil(harness.loop.Now() + time, [] { return false; }));
  }
};

/// No answer, and the connection stays.
inline Reply Silence() {
  Reply reply;
  reply.then = Reply::Then::Stall;
  reply.send_headers = false;
  return reply;
}

}  // namespace datafly::testing
