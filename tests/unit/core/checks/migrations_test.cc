#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"later work", "SIG-LAG-001", CheckVerdict::Unknown, [](World&) {}, "not available yet"},
      {"later work too", "SIG-MIG-001", CheckVerdict::Unknown, [](World&) {}, "not available yet"},
      {"init container", "SIG-MIG-002", CheckVerdict::Pass, [](World&) {},
       "init container migrate of management-api"},
      {"nobody today", "SIG-MIG-002", CheckVerdict::Warn,
       [](World& w) { w.facts.release->rendered.has_migrate_container = false; },
       "nobody: today's manifest"},
      {"the target's manifest counts", "SIG-MIG-002", CheckVerdict::Fail,
       [](World& w) {
         AddTarget(w);
         w.facts.target->rendered.has_migrate_container = false;
       },
       "nobody: the target's manifest has no init container migrate of management-api, and the "
       "target brings migrations",
       "migrations.enabled"},
      {"nobody, and perhaps nothing to do", "SIG-MIG-002", CheckVerdict::Warn,
       [](World& w) {
         AddTarget(w);
         w.facts.target->rendered.has_migrate_container = false;
         w.facts.target->migration_files = w.facts.release->migration_files;
       }},
      {"release not known", "SIG-MIG-002", CheckVerdict::Skipped,
       [](World& w) {
         w.facts.release = Absence{AbsenceKind::TimedOut, "", ""};
       }},
  };
  return cases;
}

/// The two codes of later work have one outcome only, so they are not registered.
const bool kRegistered = Register({Cases().begin() + 2, Cases().end()});

TEST(MigrationChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

TEST(MigrationChecks, LaterWorkIsAdvisory) {
  EXPECT_EQ(FindSpec("SIG-LAG-001")->requirement, Requirement::Advisory);
  EXPECT_EQ(FindSpec("SIG-MIG-001")->requirement, Requirement::Advisory);
}

}  // namespace
}  // namespace datafly::checks
