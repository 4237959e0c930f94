"""The recorded clusters of examples/snapshots: each is judged by its own code, offline, with and without a target."""
import json
import unittest

from support import ROOT, SNAPSHOTS, CliCase

PROFILE = ROOT / "tests" / "lab" / "profile.yaml"


class RecordedClusters(CliCase):
    def preflight(self, name, *arguments):
        outcome = self.run_signal("preflight", "--from", SNAPSHOTS / f"{name}.snapshot", "--config", PROFILE, "-o", "json", *arguments)
        self.assertEqual(outcome.err, "")
        report = json.loads(outcome.out)
        self.assertEqual(report["exitCode"], outcome.code)
        findings = [finding for section in report["sections"] for finding in section.get("findings", [])]
        return outcome.code, sorted({finding["code"] for finding in findings if finding["verdict"] == "fail"})

    def test_today(self):
        for name, code, failing in [
            ("healthy", 0, []),
            ("crashloop", 3, ["SIG-POD-002"]),
            ("image-missing", 3, ["SIG-POD-005"]),
            ("pending-upgrade", 3, ["SIG-REL-003"]),
        ]:
            with self.subTest(name):
                self.assertEqual(self.preflight(name), (code, failing))

    def test_the_step(self):
        for name, to, code, failing in [
            ("healthy", "1.2.1", 0, []),
            ("healthy", "1.3.0", 0, []),
            ("crashloop", "1.3.0", 3, ["SIG-POD-002", "SIG-VER-002"]),
            ("image-missing", "1.3.0", 3, ["SIG-POD-005", "SIG-VER-002"]),
            ("pending-upgrade", "1.3.0", 3, ["SIG-REL-003"]),
        ]:
            with self.subTest(name=name, to=to):
                self.assertEqual(self.preflight(name, "--to", to), (code, failing))

    def test_a_major_wants_its_acknowledgements(self):
        code, failing = self.preflight("healthy", "--to", "2.0.0")
        self.assertEqual(code, 3)
        self.assertTrue(set(failing) >= {"SIG-MAJ-001", "SIG-MAJ-006"}, failing)

    def test_warnings_count_when_asked(self):
        self.assertEqual(self.preflight("healthy", "--fail-on", "warn")[0], 4)

    def test_a_target_that_was_not_recorded_is_named(self):
        outcome = self.run_signal("preflight", "--from", SNAPSHOTS / "healthy.snapshot", "--to", "9.9.9")
        self.assert_one_clear_line(outcome, 1, "9.9.9", "1.3.0")

    def test_a_report_that_cannot_be_written_swallows_neither_the_others_nor_the_exit_code(self):
        for name, code in [("healthy", 1), ("crashloop", 3)]:
            with self.subTest(name):
                beside = self.home / f"{name}.json"
                outcome = self.run_signal("preflight", "--from", SNAPSHOTS / f"{name}.snapshot", "--config", PROFILE, "-o", "json",
                                          "--report", f"junit={self.home}/no/such/folder.xml", "--report", f"json={beside}")
                self.assertEqual(outcome.code, code, outcome.err)
                self.assertIn("cannot write the report", outcome.err)
                self.assertEqual(json.loads(outcome.out)["kind"], "PreflightReport")
                self.assertTrue(beside.exists())

    def test_a_snapshot_of_something_else_is_not_judged_in_its_place(self):
        for flag, value in (("-n", "other"), ("--release", "other"), ("--context", "other")):
            for command in (("preflight",), ("health",), ("diagnose",), ("permissions", "preflight")):
                with self.subTest(flag=flag, command=command):
                    outcome = self.run_signal(*command, "--from", SNAPSHOTS / "healthy.snapshot", flag, value)
                    self.assert_one_clear_line(outcome, 1, "datafly" if flag != "--context" else "signal-lab", "other")
        same = self.run_signal("preflight", "--from", SNAPSHOTS / "healthy.snapshot", "--config", PROFILE, "-n", "datafly", "--release", "datafly", "-q")
        self.assertEqual(same.code, 0, same.err)

    def test_a_target_that_failed_then_is_not_told_unasked(self):
        outcome = self.run_signal("preflight", "--from", SNAPSHOTS / "pending-upgrade.snapshot", "--config", PROFILE, "--only", "SIG-VER", "-o", "json")
        self.assertEqual({finding["verdict"] for section in json.loads(outcome.out)["sections"] for finding in section["findings"]}, {"skipped"})
        self.assertNotIn("UPGRADE FAILED", outcome.out)

    def test_every_format_and_report_file(self):
        for name, start in [("table", "Preflight"), ("wide", "Preflight"), ("json", "{"), ("yaml", ""), ("junit", "<?xml"), ("markdown", "#"),
                            ("html", "<!")]:
            with self.subTest(name):
                path = self.home / f"report.{name}"
                outcome = self.run_signal("preflight", "--from", SNAPSHOTS / "healthy.snapshot", "--config", PROFILE, "-o", name, "--report", f"{name}={path}")
                self.assertEqual(outcome.code, 0, outcome.err)
                self.assertTrue(outcome.out.lower().startswith(start.lower()), outcome.out[:80])
                self.assertTrue(path.read_text(encoding="utf-8").lower().startswith(start.lower()))
                self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_a_narrow_terminal_and_a_pipe(self):
        arguments = ("preflight", "--from", SNAPSHOTS / "healthy.snapshot", "--config", PROFILE)
        narrow = self.run_in_terminal(*arguments, columns=60, NO_COLOR="1")
        self.assertEqual(narrow.code, 0)
        self.assertNotIn("\x1b", narrow.out)
        self.assertIn("\x1b[", self.run_in_terminal(*arguments).out)
        self.assertNotIn("\x1b", self.run_signal(*arguments).out)


if __name__ == "__main__":
    unittest.main()
