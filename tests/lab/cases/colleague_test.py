"""Somebody else's helm beside ours, at the worst moment: what they made is never freed, called ours or taken back. And a hook that is still at work after its
helm has given up is never cut, nor a secret shown that helm has only just made. With Helm 3 and Helm 4."""
import json
import pathlib
import signal
import subprocess
import tempfile

from lab_support import LabCase, PROFILE, in_lab, kubectl, lab_environment, settle
from rollout_support import ACT
from small_charts import SETTINGS, hook, write_chart
from small_release import WORKER, SmallRelease
from upgrade_support import CANNOT, NEEDS_PERSON, SHUT, VERIFIED

# Somebody's own upgrade of the same chart is through when this one begins to change something, and fails.
SOONER = """#!/bin/sh
changes=
for word; do case $word in upgrade|rollback) changes=1;; --dry-run*|template) exec {helm} "$@";; esac; done
[ "$changes" ] || exec {helm} "$@"
{helm} upgrade datafly {theirs} -n {namespace} --set run=theirs >&2
echo "Error: the network was lost" >&2
exit 1
"""
# Helm does its work whole, and is killed before it can say so.
KILLED = """#!/bin/sh
for word; do case $word in --dry-run*|template) exec {helm} "$@";; esac; done
[ "$1" = upgrade ] || exec {helm} "$@"
{helm} "$@" >&2
kill -9 $$
"""
# A Secret that nobody could have learnt before, and a pod that tells it when it ends.
DRAWN = """\
apiVersion: v1
kind: Secret
metadata: {name: drawn}
stringData: {word: {{ randAlphaNum 20 | quote }}}
"""
TELLS = f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: tells}}
spec:
  selector: {{matchLabels: {{app: tells}}}}
  template:
    metadata: {{labels: {{app: tells}}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: main
        image: "{ACT}"
        args: [need, "/said/$(WORD)"]
        terminationMessagePolicy: FallbackToLogsOnError
        readinessProbe: {{tcpSocket: {{port: 1}}}}
        env: [{{name: WORD, valueFrom: {{secretKeyRef: {{name: drawn, key: word}}}}}}]
"""


class ColleagueCase(SmallRelease):
    about = "colleague"

    def setUp(self):
        write_chart(self.folder, SETTINGS, WORKER)
        super().setUp()

    def theirs(self, *objects, version="1.0.0"):
        """A chart of theirs; by default the same as ours."""
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="signal-lab-theirs-"))
        return write_chart(folder, SETTINGS, WORKER, *objects, version=version)

    def their_upgrade(self):
        """Under way: its hook runs for ever."""
        world = lab_environment()
        helm = subprocess.Popen(["/usr/bin/nsenter", f"--net={world['SIGNAL_LAB_NETNS']}", self.helm, "upgrade", "datafly", self.theirs(hook("sleep")),
                                 "-n", self.namespace, "--set", "run=theirs"], env=world, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (helm.kill(), helm.wait()))
        self.assertTrue(settle(self.pending, bool, 60), "their helm has not begun")
        return helm

    def pending(self):
        return kubectl("-n", self.namespace, "get", "secrets", "-l", "owner=helm,status=pending-upgrade", "-o", "name").out.strip()

    def assert_left_alone(self, helm):
        """Their lock is a gate that is shut; their revision is what it was."""
        outcome = self.upgrade_to("again")
        self.assertEqual(outcome.code, SHUT, outcome.err[-2000:])
        self.assertIn("SIG-REL-003", outcome.codes("fail"))
        self.assertTrue(self.pending())
        self.assertIsNone(helm.poll())

    def test_a_lock_of_theirs_after_a_run_that_was_killed_before_it_began(self):
        self.assertIn(self.upgrade_to(1, HELM_SIGNAL_KILL_AT="2:after").code, (-signal.SIGKILL, 128 + signal.SIGKILL))
        self.assert_left_alone(self.their_upgrade())

    def test_a_lock_of_theirs_after_a_run_that_was_interrupted_before_helm_wrote(self):
        first = self.stopped(4, "before", "upgrade", self.folder, "--config", PROFILE, "--yes", "--set", "run=1")
        first.send_signal(signal.SIGINT)
        first.send_signal(signal.SIGCONT)
        self.assertEqual(first.wait(timeout=60), 130, self.words())
        self.assertEqual([json.loads(entry["data"]["operation"])["verdict"] for entry in self.entries()], ["abandoned"])
        self.assert_left_alone(self.their_upgrade())

    def test_what_they_made_meanwhile_is_not_what_was_asked_for(self):
        self.assert_end(self.upgrade_to("good"), VERIFIED, "verified")
        self.assert_end(self.upgrade_to("bad"), VERIFIED, "verified")
        self.assertIn(self.rollback("2", HELM_SIGNAL_KILL_AT="2:after").code, (-signal.SIGKILL, 128 + signal.SIGKILL))
        in_lab(self.helm, "upgrade", "datafly", self.folder, "-n", self.namespace, "--set", "run=theirs", check=True)
        self.assert_end(self.rollback("2"), VERIFIED, "verified")
        self.assertEqual(self.applied(), "good", "it says that it has gone back, and has not")

    def test_they_were_sooner(self):
        """Helm fails, and the revision that it meant to make is there: the same chart, and not its own."""
        for version in ("1.0.0", "1.0.1"):
            with self.subTest(version):
                theirs = self.theirs(version=version)
                helm = theirs / "helm"
                helm.write_text(SOONER.format(helm=self.helm, theirs=theirs, namespace=self.namespace))
                helm.chmod(0o755)
                before = int(self.revisions()[0]["revision"])
                outcome = self.upgrade_to(1, "--on-failure", "rollback", helm=helm)
                self.assert_end(outcome, CANNOT, "not begun")
                self.assertIn(f"somebody else has made revision {before + 1} (chart datafly {version})", outcome.report["verdictDetail"])
                newest = self.revisions()[0]
                self.assertEqual((newest["revision"], newest["status"], newest["chart"], self.applied()), (str(before + 1), "deployed", version, "theirs"), newest)
                self.assertNotEqual(newest["verdict"], "failed")
                self.assert_free()
                kubectl("-n", self.namespace, "rollout", "status", "deployment/worker", "--timeout=120s")

    def test_a_helm_that_was_killed_has_told_nothing_of_the_release(self):
        """Helm's own record says deployed: nothing in the release has failed for certain, and nobody goes back from it."""
        helm = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="signal-lab-killed-"))) / "helm"
        helm.write_text(KILLED.format(helm=self.helm))
        helm.chmod(0o755)
        self.assert_end(self.upgrade_to("good"), VERIFIED, "verified")
        outcome = self.upgrade_to("whole", "--on-failure", "rollback", helm=helm)
        self.assert_end(outcome, NEEDS_PERSON, "failed")
        self.assertIn("Helm has not written revision 3 down as failed, but as deployed", outcome.report["verdictDetail"])
        self.assertEqual((self.revisions()[0]["revision"], self.applied()), ("3", "whole"))
        self.assert_free()

    def job(self):
        seen = kubectl("-n", self.namespace, "get", "job", "prepare", "--ignore-not-found", "-o", "jsonpath={.metadata.uid} {.status.active}").out.split()
        return seen[0] if len(seen) == 2 else None

    def test_a_hook_that_helm_gave_up_is_not_cut_by_the_way_back(self):
        write_chart(self.folder, SETTINGS, WORKER, hook("sleep", "pre-upgrade,pre-rollback"))
        outcome = self.upgrade_to(1, "--timeout", "5s", "--on-failure", "rollback")
        self.assert_end(outcome, NEEDS_PERSON, "failed")
        self.assertIn("hook Job/prepare of revision 2 still runs", outcome.out)
        self.assertTrue(self.job(), "the hook was cut in its middle")

    def test_a_secret_that_helm_has_just_made_is_not_shown(self):
        write_chart(self.folder, SETTINGS, WORKER, DRAWN, TELLS)
        outcome = self.upgrade_to(1, "--on-failure", "stop")
        self.assert_end(outcome, NEEDS_PERSON, "failed")
        word = kubectl("-n", self.namespace, "get", "secret", "drawn", "-o", "go-template={{.data.word | base64decode}}").out
        self.assertEqual(len(word), 20)
        self.assertIn("/said/", outcome.out, "the pod's last words are shown")
        self.assertNotIn(word, outcome.out + outcome.err)
        self.assertNotIn(word, json.dumps(self.entries()))


class Helm3(ColleagueCase, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(ColleagueCase, LabCase):
    variable = "SIGNAL_LAB_HELM4"
