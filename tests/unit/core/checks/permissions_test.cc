#include <gtest/gtest.h>

#include "common/core/checks/needs.h"
#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

const std::vector<std::string> kAllVerbs = {"get",    "list",  "watch", "create",
                                            "update", "patch", "delete"};

std::vector<std::string> VerbsBut(std::string_view missing) {
  std::vector<std::string> verbs = kAllVerbs;
  std::erase(verbs, missing);
  return verbs;
}

/// Rules as an administrator of the namespace has them; one verb may be missing on one resource.
AccessReview AdminBut(std::string_view resource, std::string_view verb) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> resources = {
      {"", {"secrets", "configmaps", "services", "serviceaccounts", "pods", "resourcequotas"}},
      {"apps", {"deployments", "statefulsets", "daemonsets"}},
      {"autoscaling", {"horizontalpodautoscalers"}},
      {"policy", {"poddisruptionbudgets"}}};
  AccessReview review;
  for (const auto& [group, names] : resources) {
    for (const std::string& name : names) {
      review.rules.push_back({name == resource ? VerbsBut(verb) : kAllVerbs, {group}, {name}, {}});
    }
  }
  return review;
}

std::function<void(World&)> Missing(std::string resource, std::string verb) {
  return [=](World& world) { world.facts.access = AdminBut(resource, verb); };
}

void AddClusterObject(World& world) {
  world.facts.release->rendered.objects.push_back(
      {"scheduling.k8s.io/v1", "PriorityClass", "", "datafly"});
  world.facts.served_apis->group_versions.insert("scheduling.k8s.io/v1");
}

void AnswerPriorityClasses(World& world, bool allowed) {
  AddClusterObject(world);
  for (std::string verb : {"get", "create", "patch", "delete"}) {
    world.facts.access_answers->push_back(
        {verb, "scheduling.k8s.io", "priorityclasses", "", "", allowed, ""});
  }
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"everything", "SIG-PERM-001", CheckVerdict::Pass, [](World&) {}},
      {"namespace's administrator", "SIG-PERM-001", CheckVerdict::Pass, Missing("", "")},
      {"no update of records", "SIG-PERM-001", CheckVerdict::Fail, Missing("secrets", "update"),
       "you may not update",
       "kubectl signal permissions upgrade --context prod -n datafly --release datafly -o yaml "
       "--subject User/NAME | kubectl "
       "--context prod apply -f -"},
      {"records in ConfigMaps", "SIG-PERM-001", CheckVerdict::Pass,
       [](World& w) {
         w.facts.record_store = release::RecordStore::ConfigMaps;
         w.facts.access = AdminBut("secrets", "update");
       }},
      {"no update of records in ConfigMaps", "SIG-PERM-001", CheckVerdict::Fail,
       [](World& w) {
         w.facts.record_store = release::RecordStore::ConfigMaps;
         w.facts.access = AdminBut("configmaps", "update");
       },
       "you may not update"},
      {"records in a database", "SIG-PERM-001", CheckVerdict::Skipped,
       [](World& w) { w.facts.record_store = release::RecordStore::Sql; }, "SIG-REL-001"},
      {"rights not known", "SIG-PERM-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.access = Absence{AbsenceKind::TimedOut, "", ""};
         w.facts.access_answers = Absence{AbsenceKind::TimedOut, "", ""};
       }},

      {"administrator may change objects", "SIG-PERM-002", CheckVerdict::Pass, Missing("", "")},
      {"no patch of deployments", "SIG-PERM-002", CheckVerdict::Fail,
       Missing("deployments", "patch"), "you may not patch"},
      {"a verb that helm does not use", "SIG-PERM-002", CheckVerdict::Pass,
       Missing("deployments", "update")},
      {"kind of the target only", "SIG-PERM-002", CheckVerdict::Fail,
       [](World& w) {
         AddTarget(w);
         w.facts.access = AdminBut("", "");
         w.facts.target->rendered.objects.push_back({"networking.k8s.io/v1", "Ingress", "", "app"});
       },
       "you may not create, delete, get, patch"},
      {"incomplete rules prove no denial", "SIG-PERM-002", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.access = AdminBut("deployments", "patch");
         w.facts.access->incomplete = true;
       },
       "not proven", "kubectl --context prod -n datafly auth can-i patch deployments.apps"},
      {"an answer proves what the rules do not", "SIG-PERM-002", CheckVerdict::Pass,
       [](World& w) {
         w.facts.access = AdminBut("deployments", "patch");
         w.facts.access_answers->push_back(
             {"patch", "apps", "deployments", "datafly", "", true, ""});
       }},
      {"an answer for another namespace proves nothing", "SIG-PERM-002", CheckVerdict::Fail,
       [](World& w) {
         w.facts.access = AdminBut("deployments", "patch");
         w.facts.access_answers->push_back({"patch", "apps", "deployments", "other", "", true, ""});
       }},
      {"release not known", "SIG-PERM-002", CheckVerdict::Skipped,
       [](World& w) {
         w.facts.release = Absence{AbsenceKind::TimedOut, "", ""};
       }},

      {"nothing outside", "SIG-PERM-003", CheckVerdict::Skipped, [](World&) {}},
      {"cluster-wide, not asked", "SIG-PERM-003", CheckVerdict::Unknown, AddClusterObject,
       "not proven"},
      {"cluster-wide, allowed", "SIG-PERM-003", CheckVerdict::Pass,
       [](World& w) { AnswerPriorityClasses(w, true); }},
      {"cluster-wide, denied", "SIG-PERM-003", CheckVerdict::Fail,
       [](World& w) {
         w.facts.access = AdminBut("", "");
         AnswerPriorityClasses(w, false);
       },
       "you may not create, delete, get, patch"},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(PermissionChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

Need Named(std::string verb, std::vector<std::string> names) {
  Need need;
  need.verb = std::move(verb);
  need.group = "apps";
  need.resource = "deployments";
  need.name_space = "datafly";
  need.names = std::move(names);
  return need;
}

TEST(GrantOf, RulesForNamedObjectsCoverOnlyThose) {
  World world = HealthyWorld();
  world.facts.access = AccessReview{{{{"*"}, {"apps"}, {"deployments"}, {"a", "b"}}}, false};
  EXPECT_EQ(GrantOf(Named("patch", {"a"}), world.facts), Grant::Yes);
  EXPECT_EQ(GrantOf(Named("patch", {"a", "b"}), world.facts), Grant::Yes);
  EXPECT_EQ(GrantOf(Named("patch", {"a", "c"}), world.facts), Grant::No);
  EXPECT_EQ(GrantOf(Named("patch", {}), world.facts), Grant::No);
  EXPECT_EQ(GrantOf(Named("create", {"a"}), world.facts), Grant::No) << "a create has no name yet";
}

TEST(GrantOf, AnotherNamespaceIsNotProvenByTheReview) {
  World world = HealthyWorld();
  Need need = Named("patch", {});
  need.name_space = "other";
  EXPECT_EQ(GrantOf(need, world.facts), Grant::Unknown);
}

TEST(GrantOf, AnAnswerOutweighsTheRules) {
  World world = HealthyWorld();
  world.facts.access_answers->push_back(
      {"patch", "apps", "deployments", "datafly", "", false, "no"});
  EXPECT_EQ(GrantOf(Named("patch", {}), world.facts), Grant::No);
  EXPECT_EQ(GrantOf(Named("delete", {}), world.facts), Grant::Yes);
}

TEST(NeedsOfUpgrade, AreHelmsCallsOnEachKindOnce) {
  World world = HealthyWorld();
  std::map<std::string, std::set<std::string>> verbs;
  for (const Need& need : NeedsOfUpgrade(world.facts)) {
    EXPECT_EQ(need.name_space, "datafly");
    EXPECT_TRUE(verbs[need.resource].insert(need.verb).second) << need.verb << " twice";
    bool named = need.resource == "deployments" && need.verb == "patch";
    if (named) {
      EXPECT_EQ(need.names.size(), 6U);
    }
    bool record = need.resource == "secrets" && need.verb == "get";
    if (record) {
      EXPECT_TRUE(need.names.empty()) << "any record";
    }
  }
  EXPECT_EQ(verbs["deployments"], (std::set<std::string>{"get", "create", "patch", "delete"}));
  EXPECT_EQ(verbs["secrets"],
            (std::set<std::string>{"get", "list", "create", "update", "patch", "delete"}));
}

TEST(NeedsOfUpgrade, AHookIsMadeAnewAndWatched) {
  World world = HealthyWorld();
  world.facts.release->rendered.hooks = {{"batch/v1", "Job", "", "prepare"},
                                         {"v1", "ConfigMap", "", "prepare-settings"}};
  std::map<std::string, std::vector<std::string>> verbs;
  for (const Need& need : NeedsOfUpgrade(world.facts)) {
    if (need.resource == "jobs") {
      verbs[need.verb] = need.names;
      EXPECT_EQ(need.group, "batch");
      EXPECT_FALSE(need.optional);
    }
    if (need.resource == "configmaps" && need.verb == "watch") ADD_FAILURE() << "it never ends";
  }
  const std::map<std::string, std::vector<std::string>> wanted = {
      {"create", {}}, {"delete", {"prepare"}}, {"get", {"prepare"}},
      {"list", {}},   {"patch", {"prepare"}},  {"watch", {}}};
  EXPECT_EQ(verbs, wanted);
}

TEST(NeedsOfCommand, ReadingNeedsNoWriting) {
  World world = HealthyWorld();
  auto needs = NeedsOfCommand("preflight", world.facts);
  ASSERT_TRUE(needs.has_value());
  bool pods = false;
  for (const Need& need : *needs) {
    EXPECT_TRUE(need.verb == "get" || need.verb == "list") << need.verb << " " << need.resource;
    pods = pods || (need.resource == "pods" && need.name_space == "datafly" && !need.optional);
    EXPECT_TRUE(need.optional || !need.name_space.empty())
        << "what a namespace cannot give is optional";
  }
  EXPECT_TRUE(pods);
}

const Need* FindNeed(const std::vector<Need>& needs, std::string_view verb,
                     std::string_view resource) {
  const auto found = std::find_if(needs.begin(), needs.end(), [&](const Need& need) {
    return need.verb == verb && need.resource == resource && !need.name_space.empty();
  });
  return found == needs.end() ? nullptr : &*found;
}

TEST(NeedsOfCommand, TheClustersProfileIsOneNamedAdvisoryRead) {
  const auto needs = NeedsOfCommand("preflight", HealthyWorld().facts).value();
  const Need* need = FindNeed(needs, "get", "configmaps");
  ASSERT_NE(need, nullptr);
  EXPECT_TRUE(need->optional);
  EXPECT_EQ(need->names, std::vector<std::string>{"signal-profile"});
  EXPECT_NE(RoleYaml(needs, "x")
                .find("resources: [\"configmaps\"]\n    verbs: [\"get\"]\n"
                      "    resourceNames: [\"signal-profile\"]\n"),
            std::string::npos)
      << RoleYaml(needs, "x");
}

TEST(NeedsOfCommand, RecordsAreReadWhereHelmKeepsThem) {
  Facts facts = HealthyWorld().facts;
  facts.record_store = release::RecordStore::ConfigMaps;
  auto needs = NeedsOfCommand("preflight", facts).value();
  ASSERT_NE(FindNeed(needs, "list", "configmaps"), nullptr);
  EXPECT_FALSE(FindNeed(needs, "get", "configmaps")->optional);
  EXPECT_TRUE(FindNeed(needs, "get", "configmaps")->names.empty());
  EXPECT_EQ(FindNeed(needs, "list", "secrets"), nullptr);
  facts.record_store = release::RecordStore::Sql;
  needs = NeedsOfCommand("preflight", facts).value();
  EXPECT_EQ(FindNeed(needs, "list", "configmaps"), nullptr);
  EXPECT_EQ(FindNeed(needs, "list", "secrets"), nullptr);
}

bool HasNeed(const std::vector<Need>& needs, std::string_view verb, std::string_view resource) {
  return std::any_of(needs.begin(), needs.end(), [&](const Need& need) {
    return need.verb == verb && need.resource == resource;
  });
}

TEST(NeedsOfCommand, FollowingARolloutNeedsWatchesAndLookingDoesNot) {
  const Facts facts = HealthyWorld().facts;
  const auto rollout = NeedsOfCommand("rollout", facts).value();
  const auto health = NeedsOfCommand("health", facts).value();
  for (const char* resource : {"pods", "events", "deployments", "replicasets"}) {
    EXPECT_TRUE(HasNeed(rollout, "watch", resource)) << resource;
    EXPECT_FALSE(HasNeed(health, "watch", resource)) << resource;
  }
  EXPECT_TRUE(HasNeed(rollout, "get", "pods/log"));
  EXPECT_TRUE(HasNeed(health, "list", "endpointslices"));
  EXPECT_FALSE(HasNeed(NeedsOfCommand("preflight", facts).value(), "list", "events"));
}

TEST(NeedsOfCommand, ChangingNeedsTheLeaseAndTheJournal) {
  Facts facts = HealthyWorld().facts;
  for (const char* command : {"upgrade", "rollback", "unlock"}) {
    const auto needs = NeedsOfCommand(command, facts).value();
    for (const char* verb : {"get", "create", "update"}) {
      EXPECT_TRUE(HasNeed(needs, verb, "leases")) << command << verb;
      ASSERT_NE(FindNeed(needs, verb, "configmaps"), nullptr) << command << verb;
      EXPECT_FALSE(FindNeed(needs, verb, "configmaps")->optional) << command << verb;
    }
    EXPECT_EQ(FindNeed(needs, "update", "leases")->names,
              std::vector<std::string>{"signal-" + facts.scope.release});
    EXPECT_TRUE(FindNeed(needs, "create", "leases")->names.empty());
    EXPECT_TRUE(HasNeed(needs, "update", "secrets")) << command;
  }
  EXPECT_TRUE(HasNeed(NeedsOfCommand("upgrade", facts).value(), "watch", "pods"));
  const auto history = NeedsOfCommand("history", facts).value();
  for (const Need& need : history)
    EXPECT_TRUE(need.verb == "get" || need.verb == "list") << need.verb << need.resource;
}

TEST(NeedsOfCommand, UnknownCommandsNameTheNearest) {
  auto needs = NeedsOfCommand("preflght", HealthyWorld().facts);
  ASSERT_FALSE(needs.has_value());
  EXPECT_EQ(needs.error().kind, ErrorKind::NotFound);
  EXPECT_NE(needs.error().remedy.find("preflight"), std::string::npos);
  for (const std::string& command : CommandsWithNeeds()) {
    EXPECT_TRUE(NeedsOfCommand(command, HealthyWorld().facts).has_value()) << command;
  }
}

Need Simple(std::string verb, std::string group, std::string resource, std::string name_space) {
  Need need;
  need.verb = std::move(verb);
  need.group = std::move(group);
  need.resource = std::move(resource);
  need.name_space = std::move(name_space);
  return need;
}

TEST(RoleYaml, GroupsByApiGroupAndVerbs) {
  std::vector<Need> needs = {Simple("list", "", "pods", "ns"), Simple("get", "", "services", "ns"),
                             Simple("get", "", "pods", "ns"), Simple("list", "", "services", "ns"),
                             Simple("get", "apps", "deployments", "ns")};
  EXPECT_EQ(RoleYaml(needs, "signal-preflight"),
            "---\n"
            "apiVersion: rbac.authorization.k8s.io/v1\n"
            "kind: Role\n"
            "metadata:\n"
            "  name: \"signal-preflight\"\n"
            "  namespace: \"ns\"\n"
            "rules:\n"
            "  - apiGroups: [\"\"]\n"
            "    resources: [\"pods\", \"services\"]\n"
            "    verbs: [\"get\", \"list\"]\n"
            "  - apiGroups: [\"apps\"]\n"
            "    resources: [\"deployments\"]\n"
            "    verbs: [\"get\"]\n");
}

TEST(RoleYaml, ClusterWideNeedsAndABinding) {
  Need nodes = Simple("list", "", "nodes", "");
  nodes.guessed = true;
  std::string yaml = RoleYaml({nodes}, "reader", "ServiceAccount/ci/runner");
  EXPECT_NE(yaml.find("kind: ClusterRole\n"), std::string::npos);
  EXPECT_EQ(yaml.find("namespace: \"\""), std::string::npos);
  EXPECT_NE(yaml.find("guessed from its kind"), std::string::npos);
  EXPECT_NE(yaml.find("---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n"),
            std::string::npos);
  EXPECT_NE(yaml.find("  - kind: ServiceAccount\n    namespace: \"ci\"\n    name: \"runner\"\n"),
            std::string::npos);
  std::string user = RoleYaml({nodes}, "reader", "User/system:serviceaccount:a/b");
  EXPECT_NE(user.find("kind: User\n    name: \"system:serviceaccount:a/b\"\n"), std::string::npos);
}

TEST(RoleYaml, WhatOneCanDoWithoutComesLastAndSaysSo) {
  Need nodes = Simple("list", "", "nodes", "");
  nodes.optional = true;
  std::string yaml = RoleYaml({nodes, Simple("list", "", "pods", "ns")}, "reader");
  auto role = yaml.find("kind: Role\n");
  auto remark = yaml.find("# Only advisory answers");
  auto cluster_role = yaml.find("kind: ClusterRole\n");
  EXPECT_LT(role, remark);
  EXPECT_LT(remark, cluster_role);
  EXPECT_NE(cluster_role, std::string::npos);
}

TEST(RoleYaml, IsNothingForNothing) { EXPECT_TRUE(RoleYaml({}, "x").empty()); }

/// The needs of a command with -A are its needs in each namespace.
TEST(AcrossNamespaces, EveryNeedIsClusterWideAndOfNoOtherNames) {
  World world = HealthyWorld();
  world.facts.record_store = release::RecordStore::ConfigMaps;
  world.facts.tls_secrets =
      std::vector<TlsSecretFacts>{{"web", {"Ingress/datafly"}, kinds::Certificate{}}};
  const auto needs = NeedsOfCommand("health", world.facts).value();
  const auto everywhere = AcrossNamespaces(needs);
  const auto find = [&](std::string_view resource, std::string_view verb) {
    return std::find_if(everywhere.begin(), everywhere.end(), [&](const Need& need) {
      return need.resource == resource && need.verb == verb;
    });
  };
  for (const Need& need : needs) {
    const auto found = find(need.resource, need.verb);
    ASSERT_NE(found, everywhere.end()) << need.Resource();
    EXPECT_EQ(found->name_space, "");
    EXPECT_LE(found->optional, need.optional);
  }
  EXPECT_TRUE(find("secrets", "get")->names.empty()) << "elsewhere they have other names";
  EXPECT_NE(find("namespaces", "list"), everywhere.end());
  const std::string role = RoleYaml(everywhere, "x");
  EXPECT_EQ(role.find("kind: Role\n"), std::string::npos);
  EXPECT_NE(role.find("kind: ClusterRole\n"), std::string::npos);
}

}  // namespace
}  // namespace datafly::checks
