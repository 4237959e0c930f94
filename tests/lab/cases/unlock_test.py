"""helm signal unlock and history on locks that a killed helm really left, under Helm 3 and Helm 4."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile

from lab_support import BIN, LabCase, case_namespace, in_lab, kubectl, lab_environment, remove_namespace, settle
from small_charts import SETTINGS, hook, write_chart


class UnlockCase:
    """The tests, for one Helm."""

    variable = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="signal-lab-unlock-")
        self.addCleanup(folder.cleanup)
        self.chart = pathlib.Path(folder.name)
        # The upgrade waits for this hook for ever.
        write_chart(self.chart, SETTINGS, hook("sleep"))
        self.helm = lab_environment()[self.variable]
        self.namespace = case_namespace(f"unlock-{self.variable[-5:].lower()}")
        self.addCleanup(remove_namespace, self.namespace)
        in_lab(self.helm, "install", "datafly", self.chart, "-n", self.namespace, "--create-namespace", "--set", "run=1", check=True)

    def kill_an_upgrade(self):
        """A helm that dies while its hook runs."""
        world = lab_environment()
        helm = subprocess.Popen(["/usr/bin/nsenter", f"--net={world['SIGNAL_LAB_NETNS']}", self.helm, "upgrade", "datafly", str(self.chart),
                                 "-n", self.namespace, "--set", "run=2"], env=world, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        running = settle(lambda: kubectl("-n", self.namespace, "get", "jobs", "-o", "json"),
                         lambda outcome: any(job.get("status", {}).get("active") for job in json.loads(outcome.out)["items"]), 120)
        self.assertTrue(json.loads(running.out)["items"], "the hook has not begun")
        os.kill(helm.pid, signal.SIGKILL)
        helm.wait()

    def signal(self, command, *arguments):
        return in_lab(BIN / "helm-signal", command, "datafly", "-n", self.namespace, "-o", "json", *arguments)

    def statuses(self):
        history = json.loads(in_lab(self.helm, "history", "datafly", "-n", self.namespace, "-o", "json", check=True).out)
        return {row["revision"]: row["status"] for row in history}

    def test_a_lock_is_freed_by_evidence_and_not_before(self):
        self.kill_an_upgrade()
        self.assertEqual(self.statuses(), {1: "deployed", 2: "pending-upgrade"})

        refused = self.signal("unlock", "--idle", "1s", "--yes-destroy", "datafly")
        self.assertEqual(refused.code, 3, refused.err)
        self.assertIn("hook Job/prepare still runs", refused.out)
        self.assertEqual(self.statuses()[2], "pending-upgrade")

        kubectl("-n", self.namespace, "delete", "job", "prepare")
        young = self.signal("unlock", "--yes-destroy", "datafly")
        self.assertEqual(young.code, 3, young.err)
        self.assertIn("it may still be at work", young.out)

        # The hook's pod ends in its own time, and helm's silence is counted in whole seconds.
        asked = settle(lambda: self.signal("unlock", "--idle", "1s"), lambda outcome: outcome.code == 1, 30)
        self.assertEqual(asked.code, 1, asked.out)
        self.assertIn("--yes-destroy=datafly", asked.err)
        wrong = self.signal("unlock", "--idle", "1s", "--yes-destroy", "another")
        self.assertEqual(wrong.code, 1, wrong.out)
        self.assertEqual(self.statuses()[2], "pending-upgrade")

        freed = self.signal("unlock", "--idle", "1s", "--yes-destroy", "datafly")
        self.assertEqual((freed.code, freed.report["verdict"]), (0, "freed"), freed.err)
        self.assertEqual(self.statuses(), {1: "deployed", 2: "failed"})
        self.assertEqual(self.signal("unlock").report["verdict"], "not locked")

        # Helm goes on from there as after a failure of its own.
        write_chart(self.chart, SETTINGS, hook("exit"))
        in_lab(self.helm, "upgrade", "datafly", self.chart, "-n", self.namespace, "--set", "run=3", "--no-hooks", check=True)
        self.assertEqual(self.statuses(), {1: "superseded", 2: "failed", 3: "deployed"})
        self.assert_told()

    def assert_told(self):
        history = self.signal("history")
        self.assertEqual(history.code, 0, history.err)
        sections = {section["name"]: section["rows"] for section in history.report["sections"]}
        self.assertEqual([(row["revision"], row["status"], row["verdict"]) for row in sections["revisions"]],
                         [("3", "deployed", "-"), ("2", "failed", "-"), ("1", "superseded", "-")])
        self.assertIn("freed by helm signal unlock", sections["revisions"][1]["why"])
        self.assertEqual(len(sections["operations"]), 1)
        self.assertIn("unlock of datafly of revision 2: verified", sections["operations"][0]["operation"])
        lease = json.loads(kubectl("-n", self.namespace, "get", "lease", "signal-datafly", "-o", "json").out)
        self.assertEqual(lease["spec"].get("holderIdentity", ""), "")


class Helm3(UnlockCase, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(UnlockCase, LabCase):
    variable = "SIGNAL_LAB_HELM4"
