"""An upgrade whose hook is at work while it is killed, interrupted, overtaken or takes its time: the hook is never cut in its middle, and what helm never
began is not called failed. With Helm 3 and Helm 4."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from lab_support import BIN, LabCase, PROFILE, kubectl, lab_environment, settle
from small_charts import SETTINGS, hook, write_chart
from small_release import WORKER, SmallRelease
from upgrade_support import CANNOT, NEEDS_PERSON, SHUT, VERIFIED

class HooksCase(SmallRelease):
    about = "hooks"

    def setUp(self):
        self.chart_with(SETTINGS, WORKER)
        super().setUp()

    def chart_with(self, *objects):
        write_chart(self.folder, *objects)

    def start(self, run, *arguments, **changes):
        world = dict(lab_environment(), HELM_BIN=self.helm, **changes)
        # Under nohup a child would ignore the terminal's end as we do.
        ours = subprocess.Popen(["/usr/bin/env", "--default-signal=HUP", "/usr/bin/nsenter", f"--net={world['SIGNAL_LAB_NETNS']}", BIN / "helm-signal", "upgrade", "datafly", self.folder, "--config", PROFILE,
                                 "--yes", "--set", f"run={run}", "-n", self.namespace, "-o", "json", *arguments], env=world, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (ours.kill(), ours.wait(), ours.stdout.close(), ours.stderr.close()))
        return ours

    def job(self):
        """Its uid while it has active pods, else nothing."""
        seen = kubectl("-n", self.namespace, "get", "job", "prepare", "--ignore-not-found", "-o", "json").out
        job = json.loads(seen) if seen.strip() else {}
        return job["metadata"]["uid"] if job.get("status", {}).get("active") else None

    def begin(self, *arguments, **changes):
        """An upgrade whose hook runs for ever, and the hook's uid."""
        self.chart_with(SETTINGS, WORKER, hook("sleep"))
        ours = self.start(1, *arguments, **changes)
        uid = settle(self.job, bool, 60)
        self.assertTrue(uid, "the hook has not begun")
        return ours, uid

    def go_on_beside_the_hook(self, uid):
        """The next run waits for the hook, and goes on when it has ended."""
        self.chart_with(SETTINGS, WORKER, hook('exit, "0"'))
        ours = self.start(2)
        told = ""
        while "still runs: waiting for its end" not in told:
            line = ours.stderr.readline()
            self.assertTrue(line, f"it did not wait for the hook: {told}")
            told += line
        self.assertIn("hook Job/prepare", told)
        self.assertEqual(self.job(), uid, "the hook was cut in its middle")
        kubectl("-n", self.namespace, "delete", "job", "prepare", "--wait=true")
        out, err = ours.communicate(timeout=180)
        self.assertEqual(ours.returncode, VERIFIED, f"{err[-2000:]}\n{out[-2000:]}")
        self.assert_good_end(2)

    def test_both_killed(self):
        ours, uid = self.begin()
        children = subprocess.run(["pgrep", "-P", str(ours.pid)], stdout=subprocess.PIPE, text=True).stdout.split()
        for process in (ours.pid, *map(int, children)):
            os.kill(process, signal.SIGKILL)
        ours.wait()
        self.go_on_beside_the_hook(uid)

    def test_interrupted(self):
        ours, uid = self.begin()
        ours.send_signal(signal.SIGINT)
        _, err = ours.communicate(timeout=60)
        self.assertEqual(ours.returncode, 130, err)
        self.assertRegex(err, r"(the release is at revision 2, which is failed|revision 2 stays pending until it has ended)")
        self.go_on_beside_the_hook(uid)

    def test_the_terminal_is_closed(self):
        ours, uid = self.begin()
        ours.send_signal(signal.SIGHUP)
        ours.communicate(timeout=60)
        self.assertNotEqual(ours.returncode, 0)
        self.go_on_beside_the_hook(uid)

    def test_a_lost_lease_stops_at_once(self):
        ours, _ = self.begin(HELM_SIGNAL_LEASE="5s")
        kubectl("-n", self.namespace, "delete", "lease", "signal-datafly")
        _, err = ours.communicate(timeout=60)
        self.assertEqual(ours.returncode, CANNOT, err)
        self.assertIn("the lease on the release is lost: it was deleted", err)
        self.assertEqual(subprocess.run(["pgrep", "-f", f"upgrade datafly {self.folder}"], stdout=subprocess.PIPE).stdout, b"", "its helm works on")

    def test_a_journal_that_was_deleted_by_hand_costs_no_safety(self):
        ours, _ = self.begin()
        children = subprocess.run(["pgrep", "-P", str(ours.pid)], stdout=subprocess.PIPE, text=True).stdout.split()
        for process in (ours.pid, *map(int, children)):
            os.kill(process, signal.SIGKILL)
        ours.wait()
        kubectl("-n", self.namespace, "delete", "configmaps", "-l", "signal.dataflysignal.com/role=operation")
        self.chart_with(SETTINGS, WORKER, hook('exit, "0"'))
        shut = self.upgrade_to(2)
        self.assertEqual(shut.code, SHUT, shut.err)
        self.assertIn("SIG-REL-003", shut.codes("fail"))
        refused = self.unlock()
        self.assertEqual(refused.code, SHUT, refused.err)
        self.assertIn("hook Job/prepare still runs", refused.out)
        kubectl("-n", self.namespace, "delete", "job", "prepare")
        # Without the journal helm's death is told by its silence alone, in whole seconds.
        freed = settle(self.unlock, lambda outcome: outcome.code == 0, 30)
        self.assertEqual(freed.report["verdict"], "freed", freed.out)
        self.assert_end(self.upgrade_to(2), VERIFIED, "verified")
        self.assert_good_end(2)

    def test_the_workloads_deadline_is_not_the_hooks(self):
        # Time enough for two pods on a busy machine, and less than the hook takes.
        self.chart_with(SETTINGS, WORKER, hook('exit, "0", "27"'))
        self.assert_end(self.upgrade_to(1, "--rollout-deadline", "25s"), VERIFIED, "verified")

    def test_what_helm_refused_before_it_began_is_not_failed(self):
        before = self.revisions()
        # Helm wants a unit.
        outcome = self.upgrade_to(1, "--timeout", "300", "--on-failure", "rollback")
        self.assert_end(outcome, CANNOT, "not begun")
        self.assertIn("--timeout", outcome.out)
        self.assertEqual(self.revisions(), before)
        self.assert_end(self.upgrade_to(2), VERIFIED, "verified")

    def test_what_surprises_is_told(self):
        """Hooks afterwards no longer wait for the pods; what was applied is held against what was shown."""
        drawn = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: drawn}\ndata: {word: {{ randAlphaNum 8 | quote }}}\n'
        self.chart_with(SETTINGS, WORKER, drawn, hook('exit, "0"', "post-upgrade"))
        outcome = self.upgrade_to(1)
        self.assert_end(outcome, VERIFIED, "verified")
        sections = {section["name"]: section.get("text", "") for section in outcome.report["sections"]}
        self.assertIn("Job/prepare", sections["post-upgrade-hooks"])
        self.assertIn("ConfigMap/drawn", sections["applied"])
        self.assertNotIn("ConfigMap/settings", sections["applied"])

    def test_warnings_shut_the_gates_when_that_is_asked(self):
        self.assert_end(self.upgrade_to(1), VERIFIED, "verified")
        self.assert_end(self.upgrade_to(2), VERIFIED, "verified")
        before = self.revisions()
        self.assertEqual(self.upgrade_to(3, "--fail-on", "warn").code, 4)
        self.assertEqual(self.upgrade_to(3, "--fail-on", "warn", "--dry-run").code, 4)
        self.assertEqual(self.rollback("--fail-on", "warn").code, 4)
        self.assertEqual((self.revisions(), self.applied()), (before, "2"))

    def test_the_way_back_can_be_pasted_whatever_the_context_is_called(self):
        self.chart_with(SETTINGS, WORKER, hook('exit, "1"'))
        known = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="signal-lab-hooks-"))) / "kubeconfig"
        shutil.copyfile(lab_environment()["KUBECONFIG"], known)
        kubectl("--kubeconfig", known, "config", "rename-context", "signal-lab", "my lab")
        outcome = self.upgrade_to(1, "--on-failure", "stop", KUBECONFIG=str(known))
        self.assert_end(outcome, NEEDS_PERSON, "failed")
        told = next(section["text"] for section in outcome.report["sections"] if section["name"] == "next")
        self.assertIn(f"helm signal rollback datafly 1 -n {self.namespace} --kube-context 'my lab'\n", told)

    def test_nobody_answers_whether_to_go_back(self):
        """--yes is for what was shown, not for what follows a failure."""
        self.chart_with(SETTINGS, WORKER, hook('exit, "1"'))
        outcome = self.upgrade_to(1, "--on-failure", "ask")
        self.assert_end(outcome, NEEDS_PERSON, "failed")
        self.assertEqual([row["status"] for row in self.revisions()], ["failed", "deployed"])
        self.assertIn("cannot go on, ending with 1", outcome.out)
        self.assertIn("cannot go on, ending with 1", outcome.err, "the evidence comes before the question")


class Helm3(HooksCase, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(HooksCase, LabCase):
    variable = "SIGNAL_LAB_HELM4"
