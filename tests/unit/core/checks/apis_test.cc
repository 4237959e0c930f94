#include <gtest/gtest.h>

#include "common/core/checks/removed_apis.h"
#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

void AddObject(Rendered& rendered, std::string api_version, std::string kind) {
  rendered.objects.push_back({std::move(api_version), std::move(kind), "", "thing"});
}

void Server(World& world, std::string version, std::set<std::string> more = {}) {
  world.facts.server_version = kinds::ServerVersion{std::move(version), ""};
  world.facts.served_apis->group_versions.merge(more);
}

void NoDiscovery(World& world) {
  world.facts.served_apis = Absence{AbsenceKind::Forbidden, "", "get /apis"};
}

std::function<void(World&)> HelmSays(std::string which) {
  return [=](World& world) {
    world.facts.target = Absence{
        AbsenceKind::Invalid,
        fmt::format("helm: UPGRADE FAILED: unable to build kubernetes objects from {} release "
                    "manifest: [resource mapping not found for name: \"a\" namespace: \"\" from "
                    "\"\": no matches for kind \"PodDisruptionBudget\" in version "
                    "\"policy/v1beta1\" ensure CRDs are installed first]",
                    which),
        ""};
  };
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"all served", "SIG-API-001", CheckVerdict::Pass, [](World&) {}, "objects of"},
      {"removed", "SIG-API-001", CheckVerdict::Fail,
       [](World& w) {
         AddObject(w.facts.release->rendered, "policy/v1beta1", "PodDisruptionBudget");
       },
       "removed in Kubernetes 1.25, use policy/v1",
       "helm --kube-context prod -n datafly mapkubeapis datafly"},
      {"removed kind of a group version that is served for others", "SIG-API-001",
       CheckVerdict::Fail,
       [](World& w) {
         Server(w, "v1.36.3", {"networking.k8s.io/v1beta1"});
         AddObject(w.facts.release->rendered, "networking.k8s.io/v1beta1", "Ingress");
       },
       "removed in Kubernetes 1.22"},
      {"gone without replacement", "SIG-API-001", CheckVerdict::Fail,
       [](World& w) {
         AddObject(w.facts.release->rendered, "policy/v1beta1", "PodSecurityPolicy");
       },
       "removed in Kubernetes 1.25"},
      {"to be removed",
       "SIG-API-001",
       CheckVerdict::Warn,
       [](World& w) {
         Server(w, "v1.24.1", {"policy/v1beta1"});
         AddObject(w.facts.release->rendered, "policy/v1beta1", "PodDisruptionBudget");
       },
       "served today, will be removed in Kubernetes 1.25",
       {},
       {"SIG-PLT-001"}},
      {"without discovery the table is enough for Kubernetes' own", "SIG-API-001",
       CheckVerdict::Pass, NoDiscovery},
      {"without discovery nothing is known of others", "SIG-API-001", CheckVerdict::Unknown,
       [](World& w) {
         NoDiscovery(w);
         AddObject(w.facts.release->rendered, "monitoring.coreos.com/v1", "ServiceMonitor");
       },
       "forbidden"},
      {"release not known", "SIG-API-001", CheckVerdict::Skipped,
       [](World& w) {
         w.facts.release = Absence{AbsenceKind::TimedOut, "", ""};
       }},

      {"target served", "SIG-API-002", CheckVerdict::Pass, [](World& w) { AddTarget(w); }},
      {"target removed", "SIG-API-002", CheckVerdict::Fail,
       [](World& w) {
         AddTarget(w);
         AddObject(w.facts.target->rendered, "policy/v1beta1", "PodDisruptionBudget");
         w.facts.target->dry_run->push_back(
             {"PodDisruptionBudget/thing", false, DryRunFacts::Cause::NotServed, "404"});
       },
       "use policy/v1"},
      {"operator not installed", "SIG-API-002", CheckVerdict::Fail,
       [](World& w) {
         AddTarget(w);
         AddObject(w.facts.target->rendered, "monitoring.coreos.com/v1", "ServiceMonitor");
       },
       "the server does not serve it"},
      {"its own CRD is another code's",
       "SIG-API-002",
       CheckVerdict::Pass,
       [](World& w) {
         AddTarget(w);
         AddObject(w.facts.target->rendered, "datafly.example.com/v1", "Pipeline");
         w.facts.target->crds =
             std::vector<CrdFacts>{{"pipelines.datafly.example.com", false, false, {"v1"}, {}}};
       },
       "",
       "",
       {"SIG-CRD-001"}},
      {"helm cannot render it", "SIG-API-002", CheckVerdict::Fail, HelmSays("new"),
       "removed in Kubernetes 1.25, use policy/v1"},
      {"helm cannot read today's", "SIG-API-002", CheckVerdict::Skipped, HelmSays("current"),
       "SIG-API-001"},
      {"no target", "SIG-API-002", CheckVerdict::Skipped, [](World&) {}},

      {"way back served", "SIG-API-003", CheckVerdict::Pass, [](World&) {}},
      {"way back removed", "SIG-API-003", CheckVerdict::Warn,
       [](World& w) {
         AddObject(*w.facts.release->rollback, "autoscaling/v2beta2", "HorizontalPodAutoscaler");
       },
       "removed in Kubernetes 1.26, use autoscaling/v2", "history datafly"},
      {"no way back", "SIG-API-003", CheckVerdict::Skipped,
       [](World& w) {
         w.facts.release->rollback = Absence{AbsenceKind::NotFound, "", ""};
       }},
      {"way back not readable", "SIG-API-003", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.release->rollback = Absence{AbsenceKind::Invalid, "not gzip", ""};
       },
       "not gzip"},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(ApiChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

TEST(RemovedApis, EveryEntryIsUsable) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const RemovedApi& api : RemovedApis()) {
    EXPECT_TRUE(seen.insert({api.group_version, api.kind}).second)
        << api.group_version << " " << api.kind;
    EXPECT_GE(api.minor, 16);
    EXPECT_NE(api.group_version, api.replacement);
  }
}

TEST(RemovedApis, WellKnownOnes) {
  struct Known {
    std::string_view group_version, kind;
    int minor;
  };
  for (const Known& known :
       {Known{"extensions/v1beta1", "Deployment", 16}, Known{"extensions/v1beta1", "Ingress", 22},
        Known{"batch/v1beta1", "CronJob", 25},
        Known{"autoscaling/v2beta2", "HorizontalPodAutoscaler", 26},
        Known{"storage.k8s.io/v1beta1", "CSIStorageCapacity", 27},
        Known{"flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 32}}) {
    const RemovedApi* api = FindRemovedApi(known.group_version, known.kind);
    ASSERT_NE(api, nullptr) << known.kind;
    EXPECT_EQ(api->minor, known.minor) << known.kind;
  }
  EXPECT_EQ(FindRemovedApi("apps/v1", "Deployment"), nullptr);
}

TEST(RemovedApis, KindsNamedInHelmsError) {
  auto missing = MissingKindsIn(
      "[no matches for kind \"A\" in version \"x/v1\", no matches for kind \"B\" in version "
      "\"y/v2\"]");
  ASSERT_EQ(missing.size(), 2U);
  EXPECT_EQ(missing[0].kind, "A");
  EXPECT_EQ(missing[1].api_version, "y/v2");
  EXPECT_TRUE(MissingKindsIn("no matches for kind \"A\" in version \"x").empty());
  EXPECT_TRUE(MissingKindsIn("no matches for kind \"").empty());
  EXPECT_TRUE(MissingKindsIn("").empty());
}

TEST(RemovedApis, MinorOfVendorsVersions) {
  EXPECT_EQ(KubernetesMinor("v1.36.3"), 36);
  EXPECT_EQ(KubernetesMinor("v1.30.1-eks-ae9a62a"), 30);
  EXPECT_EQ(KubernetesMinor("v1.27+"), 27);
  EXPECT_EQ(KubernetesMinor("v2.0.0"), std::nullopt);
  EXPECT_EQ(KubernetesMinor("v1."), std::nullopt);
  EXPECT_EQ(KubernetesMinor("v1.-3"), std::nullopt);
  EXPECT_EQ(KubernetesMinor("v1.99999999999999999999"), std::nullopt);
  EXPECT_EQ(KubernetesMinor(""), std::nullopt);
}

}  // namespace
}  // namespace datafly::checks
