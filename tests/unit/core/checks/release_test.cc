#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

void SetStatus(World& world, std::string_view status) {
  world.facts.release->status = world.facts.release->label_status = status;
  world.facts.release->history.back().status = status;
}

/// Revision 3 is the deployed one again, 4 is what came after it.
void AfterGood(World& world, std::string_view status) {
  SetStatus(world, status);
  world.facts.release->history[2].status = "deployed";
}

void FirstInstall(World& world, std::string_view status) {
  world.facts.release->revision = 1;
  world.facts.release->history.resize(1);
  SetStatus(world, status);
  world.facts.release->rollback = Absence{AbsenceKind::NotFound, "no earlier revision", ""};
}

void LongHistory(World& world, std::string_view good) {
  world.facts.release->history.clear();
  for (std::int64_t revision = 1; revision <= 12; ++revision) {
    world.facts.release->history.push_back(
        {revision, revision == 1 ? std::string(good) : "failed", std::nullopt});
  }
  world.facts.release->revision = 12;
  world.facts.release->status = world.facts.release->label_status = "failed";
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"found", "SIG-REL-001", CheckVerdict::Pass, [](World&) {}, "datafly 1.3.0, revision 4"},
      {"not found", "SIG-REL-001", CheckVerdict::Fail,
       [](World& w) {
         w.facts.release = Absence{AbsenceKind::NotFound, "no release", ""};
       },
       "not found in namespace datafly", "helm --kube-context prod list --all-namespaces"},
      {"several, none named", "SIG-REL-001", CheckVerdict::Fail,
       [](World& w) {
         w.facts.release = Absence{AbsenceKind::NotFound, "no release", ""};
         w.facts.other_releases = {"blue", "green"};
       },
       "namespace datafly has blue, green",
       "kubectl signal preflight --context prod -n datafly --release blue"},
      {"rendered by Argo CD", "SIG-REL-001", CheckVerdict::Pass,
       [](World& w) {
         w.facts.release = Absence{AbsenceKind::NotFound, "no release", ""};
         w.facts.owner =
             OwnerFacts{OwnerFacts::Kind::ArgoCd, "Application argocd/datafly", "label"};
       },
       "by design: Application argocd/datafly"},
      {"forbidden", "SIG-REL-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.release = Absence{AbsenceKind::Forbidden, "forbidden: secrets", "list secrets"};
       },
       "forbidden", "-n datafly --release datafly -o yaml"},
      {"records in a database", "SIG-REL-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.record_store = release::RecordStore::Sql;
         w.facts.release = Absence{AbsenceKind::NotAvailable, "in a SQL database", ""};
       },
       "in a SQL database", "helm --kube-context prod -n datafly list"},

      {"deployed", "SIG-REL-002", CheckVerdict::Pass, [](World&) {}, "revision 4 is deployed"},
      {"failed", "SIG-REL-002", CheckVerdict::Fail, [](World& w) { AfterGood(w, "failed"); },
       "revision 4 is failed", "helm --kube-context prod -n datafly rollback datafly 3"},
      {"failed first install", "SIG-REL-002", CheckVerdict::Fail,
       [](World& w) { FirstInstall(w, "failed"); }, "revision 1 is failed",
       "helm --kube-context prod -n datafly uninstall datafly"},
      {"uninstalling", "SIG-REL-002", CheckVerdict::Fail,
       [](World& w) { SetStatus(w, "uninstalling"); }, "revision 4 is uninstalling"},
      {"no status", "SIG-REL-002", CheckVerdict::Unknown,
       [](World& w) { w.facts.release->status.clear(); }, "names no status"},
      {"not judged under a lock",
       "SIG-REL-002",
       CheckVerdict::Skipped,
       [](World& w) { AfterGood(w, "pending-upgrade"); },
       "SIG-REL-003",
       "",
       {"SIG-REL-003"}},

      {"no lock", "SIG-REL-003", CheckVerdict::Pass, [](World&) {}},
      {"pending upgrade", "SIG-REL-003", CheckVerdict::Fail,
       [](World& w) { AfterGood(w, "pending-upgrade"); }, "revision 4 is pending-upgrade",
       "helm --kube-context prod -n datafly rollback datafly 3"},
      {"pending in the payload only", "SIG-REL-003", CheckVerdict::Fail,
       [](World& w) { w.facts.release->status = "pending-rollback"; }, "pending-rollback",
       "rollback datafly 3"},
      {"pending first install", "SIG-REL-003", CheckVerdict::Fail,
       [](World& w) { FirstInstall(w, "pending-install"); }, "revision 1 is pending-install",
       "uninstall datafly"},
      {"no status, no lock known", "SIG-REL-003", CheckVerdict::Skipped,
       [](World& w) { w.facts.release->status.clear(); }},

      {"label agrees", "SIG-REL-004", CheckVerdict::Pass, [](World&) {}, "both say deployed"},
      {"label lies", "SIG-REL-004", CheckVerdict::Warn,
       [](World& w) { w.facts.release->label_status = "pending-upgrade"; },
       "the label says pending-upgrade, the payload deployed",
       "kubectl --context prod -n datafly label secret sh.helm.release.v1.datafly.v4 "
       "status=deployed --overwrite"},
      {"label of a ConfigMap lies", "SIG-REL-004", CheckVerdict::Warn,
       [](World& w) {
         w.facts.record_store = release::RecordStore::ConfigMaps;
         w.facts.release->label_status = "failed";
       },
       "the label says failed",
       "kubectl --context prod -n datafly label configmap sh.helm.release.v1.datafly.v4"},
      {"no label", "SIG-REL-004", CheckVerdict::Unknown,
       [](World& w) { w.facts.release->label_status.clear(); }},

      {"history", "SIG-REL-005", CheckVerdict::Pass, [](World&) {}, "revision 4 stays"},
      {"deployed one is spared",
       "SIG-REL-005",
       CheckVerdict::Pass,
       [](World& w) { LongHistory(w, "deployed"); },
       "revision 1 stays",
       "",
       {"SIG-REL-002"}},
      {"superseded one is pruned",
       "SIG-REL-005",
       CheckVerdict::Fail,
       [](World& w) { LongHistory(w, "superseded"); },
       "prunes revision 1, the last good one, by --history-max 10",
       "--history-max 14",
       {"SIG-REL-002"}},
      {"unlimited history",
       "SIG-REL-005",
       CheckVerdict::Pass,
       [](World& w) {
         LongHistory(w, "superseded");
         w.profile.history_max = 0;
       },
       "",
       "",
       {"SIG-REL-002"}},
      {"nothing good",
       "SIG-REL-005",
       CheckVerdict::Skipped,
       [](World& w) { FirstInstall(w, "failed"); },
       "ever deployed",
       "",
       {"SIG-REL-002"}},

      {"small record", "SIG-REL-006", CheckVerdict::Pass, [](World&) {},
       "today's record takes 40000 bytes"},
      {"target's record counts", "SIG-REL-006", CheckVerdict::Fail,
       [](World& w) {
         AddTarget(w);
         w.facts.target->estimated_record_size = (1U << 20U) + 1;
       },
       "the target's record takes 1048577 bytes"},
      {"at the limit", "SIG-REL-006", CheckVerdict::Warn,
       [](World& w) { w.facts.release->encoded_size = 1U << 20U; }, "100 %"},
      {"just below 90 %", "SIG-REL-006", CheckVerdict::Pass,
       [](World& w) { w.facts.release->encoded_size = 943'000; }},
      {"size not known", "SIG-REL-006", CheckVerdict::Unknown,
       [](World& w) { w.facts.release->encoded_size = 0; }},

      {"alone", "SIG-REL-007", CheckVerdict::Pass,
       [](World& w) { w.facts.other_releases = {"datafly"}; }},
      {"another one", "SIG-REL-007", CheckVerdict::Warn,
       [](World& w) {
         w.facts.other_releases = {"datafly", "old one"};
       },
       "also has old one", "helm --kube-context prod -n datafly status 'old one'"},
      {"release not known", "SIG-REL-007", CheckVerdict::Skipped,
       [](World& w) {
         w.facts.release = Absence{AbsenceKind::TimedOut, "", ""};
       },
       "SIG-REL-001"},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(ReleaseChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

TEST(ReleaseChecks, ALockSaysHowOldItIsAndWhatCannotBeProven) {
  World world = HealthyWorld();
  AfterGood(world, "pending-upgrade");
  world.facts.release->last_deployed = world.facts.taken_at - Millis{3 * 3600 * 1000};
  world.facts.release->label_status = "deployed";
  Finding finding = FindingsOf(world, "SIG-REL-003").front();
  std::string evidence = fmt::format("{}", fmt::join(finding.evidence, "\n"));
  EXPECT_NE(evidence.find("taken 3h"), std::string::npos) << evidence;
  EXPECT_NE(evidence.find("the record's label says deployed"), std::string::npos) << evidence;
  EXPECT_NE(evidence.find("cannot prove"), std::string::npos) << evidence;
}

}  // namespace
}  // namespace datafly::checks
