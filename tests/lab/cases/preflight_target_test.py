"""Preflight with a target: which version each name means, what each step asks of a person, with Helm 3 and 4, and helm runs once."""
import datetime
import pathlib
import stat
import tempfile
import unittest

from lab_support import HEALTHY, LabCase, case_namespace, healthy, in_lab, lab_environment, preflight, remove_namespace, settle_alike, shell
from small_charts import SETTINGS, write_chart

BASE = "1.2.0"
MAJOR = {f"SIG-MAJ-00{number}" for number in range(1, 7)}
# 2.0.0 has another consumer group by default: a real break, which this value averts.
KEEP_GROUP = ("--set", "eventProcessor.consumerGroup=event-processor")

# --to, the chart version that it means, the step, and what fails
STEPS = [
    ("1.2.0", "1.2.0", "same version", set()),
    ("1.2.1", "1.2.1", "patch", set()),
    ("1.3.0", "1.3.0", "minor", set()),
    ("2.0.0", "2.0.0", "major", MAJOR | {"SIG-VAL-005"}),
    ("latest", "2.0.0", "major", MAJOR | {"SIG-VAL-005"}),
    ("latest-minor", "1.3.0", "minor", set()),
    ("latest-patch", "1.2.1", "patch", set()),
    ("oci://127.0.0.1:5000/charts/datafly:1.3.0", "1.3.0", "minor", set()),
]


class Target(LabCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="signal-lab-target-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        environment = lab_environment()
        cls.helms = {"Helm 3": environment["SIGNAL_LAB_HELM3"], "Helm 4": environment["SIGNAL_LAB_HELM4"]}
        in_lab("helm", "pull", environment["SIGNAL_LAB_CHART"], "--version", "1.3.0", "--plain-http", "--destination", cls.folder, check=True)
        in_lab("tar", "-xzf", cls.folder / "datafly-1.3.0.tgz", "-C", cls.folder, check=True)

    def assert_step(self, outcome, version, step):
        known = outcome.where(code="SIG-VER-001")[0]
        self.assertEqual(known["verdict"], "pass", outcome.explain())
        self.assertEqual(known["object"], f"chart datafly {version}")
        self.assertIn(step, known["seen"])

    def test_each_name_of_a_target(self):
        for to, version, step, fails in STEPS:
            with self.subTest(to):
                outcome = healthy("--to", to)
                self.assert_only(outcome, fails)
                self.assert_step(outcome, version, step)

    def test_both_helms_render_the_same(self):
        outcomes = dict(zip(self.helms, settle_alike(*(lambda program=program: healthy("--to", "1.3.0", HELM_BIN=program) for program in self.helms.values()))))
        for name, outcome in outcomes.items():
            with self.subTest(name):
                self.assert_only(outcome)
                self.assert_step(outcome, "1.3.0", "minor")
        self.assertEqual(outcomes["Helm 3"].verdicts(), outcomes["Helm 4"].verdicts())

    def test_a_chart_in_a_file_or_a_folder(self):
        for chart in (self.folder / "datafly-1.3.0.tgz", self.folder / "datafly"):
            with self.subTest(chart.name):
                outcome = healthy("--to", chart)
                self.assert_only(outcome)
                self.assert_step(outcome, "1.3.0", "minor")

    def test_helm_runs_once_and_again_where_its_chart_can_draw_random_values(self):
        counter = self.folder / "runs"
        wrapper = self.folder / "counting-helm"
        wrapper.write_text(f"#!/bin/sh\necho run >>'{counter}'\nexec '{self.helms['Helm 4']}' \"$@\"\n")
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
        # The stand-in's secret.yaml has randAlphaNum for what it finds nowhere: only a second rendering proves that it did not use it.
        outcome = healthy("--to", "1.3.0", HELM_BIN=str(wrapper))
        self.assert_only(outcome)
        self.assertEqual(counter.read_text().count("run"), 2)
        counter.unlink()
        namespace = case_namespace("without-random")
        self.addCleanup(remove_namespace, namespace)
        chart = write_chart(self.folder / "without-random", SETTINGS)
        in_lab(self.helms["Helm 4"], "install", "datafly", chart, "-n", namespace, "--create-namespace", "--set", "run=1", check=True)
        values = self.folder / "run.yaml"
        values.write_text("run: 2\n")
        outcome = preflight(namespace, "--to", chart, "-f", values, HELM_BIN=str(wrapper))
        # The comparison was made, and had no need of a second rendering.
        self.assertIn("SIG-CHG-001", outcome.codes("pass"), outcome.explain())
        self.assertEqual(counter.read_text().count("run"), 1)

    def test_a_major_asks_a_person_and_passes_when_everything_is_acknowledged(self):
        asked = healthy("--to", "2.0.0", *KEEP_GROUP)
        self.assert_only(asked, MAJOR)
        answers = [word for code in sorted(MAJOR | {"SIG-NOTE-001"}) for word in ("--ack", f"{code}=agreed in change 4711")]
        acknowledged = healthy("--to", "2.0.0", *KEEP_GROUP, *answers)
        self.assert_only(acknowledged)
        self.assertEqual(acknowledged.code, 0, acknowledged.explain())
        for code in MAJOR:
            self.assertEqual(acknowledged.where(code=code)[0]["acknowledged"], "agreed in change 4711")

    def test_one_acknowledgement_stands_for_no_other(self):
        outcome = healthy("--to", "2.0.0", *KEEP_GROUP, "--ack", "SIG-MAJ-001=read")
        self.assert_only(outcome, MAJOR - {"SIG-MAJ-001"})

    def test_a_version_that_does_not_exist(self):
        for name, program in self.helms.items():
            with self.subTest(name):
                outcome = healthy("--to", "9.9.9", HELM_BIN=program)
                self.assert_only(outcome, required_unknowns={"SIG-VER-001"})
                self.assertEqual(outcome.code, 5)
                seen = outcome.where(code="SIG-VER-001")[0]
                self.assertIn("9.9.9", seen["seen"])
                self.assertIn("not found", seen["seen"])
                self.assertTrue(seen["remedy"])

    def test_a_chart_that_is_not_there(self):
        outcome = healthy("--to", "/nowhere/datafly")
        self.assert_only(outcome, required_unknowns={"SIG-VER-001"})

    def test_values_that_are_no_yaml(self):
        values = self.folder / "broken.yaml"
        values.write_text("eventProcessor:\n  workers: [1, 2\n")
        for name, program in self.helms.items():
            with self.subTest(name):
                outcome = healthy("--to", "1.3.0", "-f", values, HELM_BIN=program)
                self.assert_only(outcome, required_unknowns={"SIG-VER-001"})
                self.assertEqual(outcome.code, 5, outcome.explain())
                seen = outcome.where(code="SIG-VER-001")[0]["seen"]
                self.assertIn("broken.yaml", seen)
                self.assertIn("YAML", seen.upper())

    def test_values_that_the_target_does_not_know(self):
        values = self.folder / "values.yaml"
        values.write_text("eventProcesor:\n  workers: 8\n")
        outcome = healthy("--to", "1.3.0", "-f", values)
        self.assertEqual(outcome.where(code="SIG-VAL-001")[0]["verdict"], "warn", outcome.explain())
        self.assertIn("eventProcesor", str(outcome.where(code="SIG-VAL-001")))

    def test_a_backup_that_is_claimed_is_shown_as_a_claim(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        fresh, old = ((now - datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ") for minutes in (10, 600))
        outcome = healthy("--to", "1.2.1", "--backup-taken-at", fresh)
        backup = outcome.where(code="SIG-BAK-001")[0]
        self.assertEqual(backup["verdict"], "pass", outcome.explain())
        self.assertIn("claim", backup["seen"])
        outcome = healthy("--to", "1.2.1", "--backup-taken-at", old)
        self.assert_only(outcome, {"SIG-BAK-001"})

    def test_the_printed_command_brings_the_targets_crds(self):
        before = healthy("--to", "1.3.0")
        stale = before.where(code="SIG-CRD-002", verdict="warn")
        self.assertEqual(len(stale), 1, before.explain())
        chart = lab_environment()["SIGNAL_LAB_CHART"]
        self.addCleanup(shell, f"helm show crds {chart} --version {BASE} --plain-http | kubectl apply --server-side --force-conflicts -f -")
        shell(stale[0]["remedy"])
        after = healthy("--to", "1.3.0")
        self.assert_only(after)
        self.assertEqual(after.where(code="SIG-CRD-002")[0]["verdict"], "pass", after.explain())


if __name__ == "__main__":
    unittest.main()
