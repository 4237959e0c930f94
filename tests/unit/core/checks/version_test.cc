#include <gtest/gtest.h>

#include "tests/unit/core/checks/cases.h"

namespace datafly::checks {
namespace {

void Versions(World& world, std::string_view from, std::string_view to) {
  AddTarget(world);
  world.facts.release->chart_version = world.facts.release->app_version = from;
  world.facts.target->chart_version = world.facts.target->app_version = to;
}

std::function<void(World&)> Step(std::string from, std::string to) {
  return [=](World& world) { Versions(world, from, to); };
}

void SetServer(World& world, std::string version, std::string range) {
  AddTarget(world);
  world.facts.server_version = kinds::ServerVersion{std::move(version), ""};
  world.facts.target->kube_version_range = std::move(range);
}

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"no target", "SIG-VER-001", CheckVerdict::Skipped, [](World&) {}, "give --to"},
      {"minor", "SIG-VER-001", CheckVerdict::Pass, Step("1.3.0", "1.4.0"),
       "a minor step: 1.3.0 -> 1.4.0"},
      {"patch",
       "SIG-VER-001",
       CheckVerdict::Pass,
       Step("1.3.0", "1.3.1"),
       "patch",
       "",
       {"SIG-VER-004"}},
      {"same", "SIG-VER-001", CheckVerdict::Pass, Step("1.3.0", "1.3.0"), "only values can change"},
      {"published anew", "SIG-VER-001", CheckVerdict::Warn,
       [](World& w) {
         Versions(w, "1.3.0", "1.3.0");
         w.facts.target->app_version = "1.3.0-hotfix";
       },
       "published anew"},
      {"another chart", "SIG-VER-001", CheckVerdict::Fail,
       [](World& w) {
         AddTarget(w);
         w.facts.target->chart_name = "nginx";
       },
       "the release is of chart datafly"},
      {"unreadable target version", "SIG-VER-001", CheckVerdict::Unknown, Step("1.3.0", "latest"),
       "the target's version \"latest\""},
      {"unreadable version of today", "SIG-VER-001", CheckVerdict::Unknown, Step("one", "1.4.0"),
       "today's version \"one\""},
      {"target not reached", "SIG-VER-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.target = Absence{AbsenceKind::Unreachable, "ghcr.io: no route to host", "ghcr.io"};
       },
       "no route to host"},
      {"helm refuses while the release is locked",
       "SIG-VER-001",
       CheckVerdict::Unknown,
       [](World& w) {
         w.facts.release->status = "pending-upgrade";
         w.facts.target = Absence{AbsenceKind::Invalid, "another operation is in progress", ""};
       },
       "another operation",
       "SIG-REL-003",
       {"SIG-REL-003"}},
      {"helm refuses the chart's name", "SIG-VER-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.target =
             Absence{AbsenceKind::Invalid, "helm: charts/datafly:9.9.9: not found", ""};
       },
       "9.9.9: not found", "Name a chart that exists"},
      {"no helm on this machine", "SIG-VER-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.target = Absence{AbsenceKind::NotFound, "helm: executable helm not found", ""};
       },
       "executable helm", "Install Helm 3.18 or later"},
      {"values that are no YAML", "SIG-VER-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.target = Absence{AbsenceKind::Invalid, "helm: failed to parse v.yaml: line 1", ""};
       },
       "v.yaml", "Mend the YAML"},
      {"values that are not there", "SIG-VER-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.target = Absence{AbsenceKind::Invalid, "helm: open v.yaml: no such file", ""};
       },
       "v.yaml", "-f wants a values file"},
      {"a --set that helm cannot read", "SIG-VER-001", CheckVerdict::Unknown,
       [](World& w) {
         w.facts.target =
             Absence{AbsenceKind::Invalid, "helm: failed parsing --set data: key a", ""};
       },
       "key a", "KEY=VALUE"},
      {"refused by the server's API versions",
       "SIG-VER-001",
       CheckVerdict::Skipped,
       [](World& w) {
         w.facts.target =
             Absence{AbsenceKind::Invalid,
                     "helm: no matches for kind \"Pipeline\" in version \"x.io/v1\"", ""};
       },
       "SIG-API-002",
       "",
       {"SIG-API-002"}},
      {"release not known", "SIG-VER-001", CheckVerdict::Skipped,
       [](World& w) {
         AddTarget(w);
         w.facts.release = Absence{AbsenceKind::Forbidden, "", "list secrets"};
       }},

      {"upwards", "SIG-VER-002", CheckVerdict::Pass, Step("1.3.0", "1.4.0")},
      {"downgrade", "SIG-VER-002", CheckVerdict::Fail, Step("1.4.0", "1.3.9"), "1.4.0 -> 1.3.9",
       "helm --kube-context prod -n datafly history datafly"},
      {"prerelease of today's", "SIG-VER-002", CheckVerdict::Fail, Step("1.4.0", "1.4.0-rc.1")},
      {"not judged on an unreadable version", "SIG-VER-002", CheckVerdict::Skipped,
       Step("1.4.0", "new"), "SIG-VER-001"},

      {"next minor", "SIG-VER-003", CheckVerdict::Pass, Step("1.3.2", "1.4.7")},
      {"two minors", "SIG-VER-003", CheckVerdict::Warn, Step("1.3.2", "1.5.0"), "skips 1 minor",
       "Go to 1.4.x first"},
      {"two minors allowed", "SIG-VER-003", CheckVerdict::Pass,
       [](World& w) {
         Versions(w, "1.3.2", "1.5.0");
         w.profile.skipped_minors_allowed = 1;
       }},
      {"next major",
       "SIG-VER-003",
       CheckVerdict::Pass,
       [](World& w) { Versions(w, "1.9.0", "2.0.0"); },
       "",
       "",
       {"SIG-MAJ-001", "SIG-MAJ-002", "SIG-MAJ-003", "SIG-MAJ-004", "SIG-MAJ-005", "SIG-MAJ-006"}},
      {"into the middle of a major",
       "SIG-VER-003",
       CheckVerdict::Warn,
       [](World& w) { Versions(w, "1.9.0", "2.2.0"); },
       "skips 2 minor",
       "Go to 2.0.x first",
       {"SIG-MAJ-001", "SIG-MAJ-002", "SIG-MAJ-003", "SIG-MAJ-004", "SIG-MAJ-005", "SIG-MAJ-006"}},
      {"a whole major",
       "SIG-VER-003",
       CheckVerdict::Warn,
       [](World& w) { Versions(w, "1.9.0", "3.0.0"); },
       "skips 1 major",
       "Go to 2.0.x first",
       {"SIG-MAJ-001", "SIG-MAJ-002", "SIG-MAJ-003", "SIG-MAJ-004", "SIG-MAJ-005", "SIG-MAJ-006"}},
      {"patch skips nothing",
       "SIG-VER-003",
       CheckVerdict::Skipped,
       Step("1.3.0", "1.3.9"),
       "patch",
       "",
       {"SIG-VER-004"}},

      {"patch with migrations", "SIG-VER-004", CheckVerdict::Fail, Step("1.3.0", "1.3.1"),
       "1 new migration"},
      {"patch without", "SIG-VER-004", CheckVerdict::Pass,
       [](World& w) {
         Versions(w, "1.3.0", "1.3.1");
         w.facts.target->migration_files.pop_back();
       }},
      {"charts are silent", "SIG-VER-004", CheckVerdict::Unknown,
       [](World& w) {
         Versions(w, "1.3.0", "1.3.1");
         w.facts.target->migration_files.clear();
       }},
      {"a minor may migrate", "SIG-VER-004", CheckVerdict::Skipped, Step("1.3.0", "1.4.0"),
       "minor"},

      {"supported", "SIG-VER-005", CheckVerdict::Pass,
       [](World& w) { SetServer(w, "v1.36.3", ">=1.28.0-0"); }, "server v1.36.3"},
      {"no range", "SIG-VER-005", CheckVerdict::Pass,
       [](World& w) { SetServer(w, "v1.36.3", ""); }},
      {"too old",
       "SIG-VER-005",
       CheckVerdict::Fail,
       [](World& w) { SetServer(w, "v1.27.9", ">=1.28.0-0"); },
       "server v1.27.9, the chart wants >=1.28.0-0",
       {},
       {"SIG-PLT-001"}},
      {"vendor's prerelease, as Helm sees it", "SIG-VER-005", CheckVerdict::Fail,
       [](World& w) { SetServer(w, "v1.30.1-eks-ae9a62a", ">=1.28.0"); }},
      {"unreadable server", "SIG-VER-005", CheckVerdict::Unknown,
       [](World& w) { SetServer(w, "unknown", ">=1.28.0"); }, "cannot be compared"},
      {"server version not known", "SIG-VER-005", CheckVerdict::Unknown,
       [](World& w) {
         AddTarget(w);
         w.facts.server_version = Absence{AbsenceKind::TimedOut, "", ""};
       }},
  };
  return cases;
}
const bool kRegistered = Register(Cases());

TEST(VersionChecks, Cases) {
  EXPECT_TRUE(kRegistered);
  RunCases(Cases());
}

}  // namespace
}  // namespace datafly::checks
