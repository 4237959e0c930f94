"""upgrade, rollback and unlock killed before and after each of their writes, under Helm 3 and Helm 4: the same command again always reaches the good end.

A seeded sample of two for each command and Helm; all of them with SIGNAL_SOAK=1.
"""
import base64
import gzip
import json
import os
import pathlib
import random
import signal
import sys
import tempfile
import time
import uuid

from lab_support import BIN, LAB, LabCase, PROFILE, case_namespace, in_lab, kubectl, lab_environment, remove_namespace
from rollout_support import ACT
from upgrade_support import VERIFIED, UpgradeCase

# Of a command that has nothing to clear up.
WRITES = {
    "upgrade": ("lease: acquire", "planned", "applying", "helm started", "following", "done", "lease: release"),
    "rollback": ("lease: acquire", "planned", "applying", "helm started", "following", "done", "lease: release"),
    # As the API server sees it: the lease is renewed before each write.
    "unlock": ("lease: acquire", "renewal", "planned", "renewal", "record: failed", "renewal", "done", "lease: release"),
}
CHART = "apiVersion: v2\nname: datafly\nversion: 1.0.0\nappVersion: 1.0.0\n"
TEMPLATES = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings}}
data: {{run: {{{{ .Values.run | quote }}}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: worker}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: worker}}}}
  template:
    metadata: {{labels: {{app: worker}}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{{name: main, image: "{image}", args: [sleep], env: [{{name: RUN, value: {{{{ .Values.run | quote }}}}}}]}}]
"""


def points(command, helm, since=(1, "before"), until=(99, "before")):
    """(which write, "before" or "after") of those from one to before another, as many as this run has time for."""
    def order(point):
        return point[0], point[1] == "after"
    every = [(at, when) for at in range(1, len(WRITES[command]) + 1) for when in ("before", "after") if order(since) <= order((at, when)) < order(until)]
    return every if os.environ.get("SIGNAL_SOAK") == "1" else sorted(random.Random(f"{command} {helm}").sample(every, min(2, len(every))))


class KillMatrix(UpgradeCase):
    """The tests, for one Helm, on a release of one ConfigMap and one Deployment, whose `run` tells what is applied."""

    @classmethod
    def setUpClass(cls):
        cls.helm = lab_environment()[cls.variable]
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="signal-lab-kill-")))
        (cls.folder / "templates").mkdir()
        (cls.folder / "Chart.yaml").write_text(CHART)
        (cls.folder / "templates" / "all.yaml").write_text(TEMPLATES.format(image=ACT))

    def setUp(self):
        self.namespace = case_namespace(f"kill-{self.variable[-5:].lower()}-{uuid.uuid4().hex[:6]}")
        self.addCleanup(remove_namespace, self.namespace)
        in_lab(self.helm, "install", "datafly", self.folder, "-n", self.namespace, "--create-namespace", "--set", "run=0", check=True)
        kubectl("-n", self.namespace, "rollout", "status", "deployment/worker", "--timeout=120s")

    def upgrade_to(self, run, *arguments, **changes):
        return self.signal("upgrade", self.folder, "--config", PROFILE, "--yes", "--set", f"run={run}", *arguments, **changes)

    def applied(self):
        return kubectl("-n", self.namespace, "get", "configmap", "settings", "-o", "jsonpath={.data.run}").out

    def assert_killed(self, outcome):
        self.assertIn(outcome.code, (-signal.SIGKILL, 128 + signal.SIGKILL), f"not killed: {outcome.err[-3000:]}{outcome.out[-2000:]}")

    def assert_good_end(self, run):
        self.assertEqual(self.applied(), str(run))
        newest = self.revisions()[0]
        self.assertEqual((newest["status"], newest["verdict"]), ("deployed", "verified"), newest)
        self.assert_free()

    def test_upgrade(self):
        for run, (at, when) in enumerate(points("upgrade", self.variable), start=1):
            with self.subTest(f"{when} write {at}: {WRITES['upgrade'][at - 1]}"):
                self.assert_killed(self.upgrade_to(run, HELM_SIGNAL_KILL_AT=f"{at}:{when}"))
                self.assert_end(self.upgrade_to(run), VERIFIED, "verified")
                self.assert_good_end(run)

    def rollback(self, *arguments, **changes):
        return self.signal("rollback", *arguments, "--config", PROFILE, "--yes", **changes)

    def kill_a_rollback(self, at, when, *arguments):
        """From a bad revision to the good one before it."""
        for run in ("good", "bad"):
            self.assert_end(self.upgrade_to(run), VERIFIED, "verified")
        good = str(int(self.revisions()[0]["revision"]) - 1)
        self.assert_killed(self.rollback(*(argument.format(good=good) for argument in arguments), HELM_SIGNAL_KILL_AT=f"{at}:{when}"))
        return good

    def test_rollback(self):
        for at, when in points("rollback", self.variable):
            with self.subTest(f"{when} write {at}: {WRITES['rollback'][at - 1]}"):
                good = self.kill_a_rollback(at, when, "{good}")
                self.assert_end(self.rollback(good), VERIFIED, "verified")
                self.assert_good_end("good")

    def test_rollback_to_what_was_verified(self):
        """Without a revision, and before helm has made one: the same is meant again."""
        for at, when in points("rollback", self.variable, until=(4, "before")):
            with self.subTest(f"{when} write {at}: {WRITES['rollback'][at - 1]}"):
                self.kill_a_rollback(at, when)
                self.assert_end(self.rollback(), VERIFIED, "verified")
                self.assert_good_end("good")

    def test_rollback_again_does_not_go_to_the_bad_one(self):
        for at, when in points("rollback", self.variable, since=(5, "before"), until=(6, "after")):
            with self.subTest(f"{when} write {at}: {WRITES['rollback'][at - 1]}"):
                self.kill_a_rollback(at, when)
                self.assert_end(self.rollback(), VERIFIED, "verified")
                self.assert_good_end("good")

    def test_the_run_that_made_a_revision_is_told(self):
        """Also where a killed one, of the same second, meant to make it."""
        self.assert_killed(self.upgrade_to(1, HELM_SIGNAL_KILL_AT="3:before"))
        self.assert_end(self.upgrade_to(1), VERIFIED, "verified")
        abandoned, made = self.entries()
        operation = dict(json.loads(abandoned["data"]["operation"]), startedAt=json.loads(made["data"]["operation"])["startedAt"])
        abandoned["data"]["operation"] = json.dumps(operation)
        kubectl("-n", self.namespace, "delete", "configmap", abandoned["metadata"]["name"])
        abandoned["metadata"] = {"name": made["metadata"]["name"] + "z", "namespace": self.namespace, "labels": abandoned["metadata"]["labels"]}
        kubectl("create", "-f", "-", stdin=json.dumps(abandoned))
        self.assertEqual(self.revisions()[0]["verdict"], "verified")

    def lock(self):
        """As a helm leaves it that died somewhere else: a newest record that says pending, in payload and label."""
        newest = int(self.revisions()[0]["revision"])
        record = json.loads(kubectl("-n", self.namespace, "get", "secret", f"sh.helm.release.v1.datafly.v{newest}", "-o", "json").out)
        release = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(record["data"]["release"]))))
        release["version"], release["info"]["status"] = newest + 1, "pending-upgrade"
        labels = dict(record["metadata"]["labels"], status="pending-upgrade", version=str(newest + 1))
        record["metadata"] = {"name": f"sh.helm.release.v1.datafly.v{newest + 1}", "namespace": self.namespace, "labels": labels}
        record["data"]["release"] = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(release).encode()))).decode()
        kubectl("create", "-f", "-", stdin=json.dumps(record))
        time.sleep(2.1)  # --idle 1s, of times in whole seconds

    def unlock(self, **changes):
        return self.signal("unlock", "--idle", "1s", "--yes-destroy", "datafly", **changes)

    def unlock_killed(self, at, when):
        world = lab_environment()
        keys = pathlib.Path(world["SIGNAL_LAB_STATE"]) / "pki"
        return in_lab(sys.executable, LAB / "lib" / "killing_proxy.py", f"{at}:{when}", keys / "admin.crt", keys / "admin.key", world["SIGNAL_LAB_CA"],
                      BIN / "helm-signal", "unlock", "datafly", "-n", self.namespace, "-o", "json", "--idle", "1s", "--yes-destroy", "datafly", HELM_BIN=self.helm)

    def unlock_again(self, at, when):
        self.lock()
        self.assert_killed(self.unlock_killed(at, when))
        again = self.unlock()
        self.assertEqual(again.code, 0, again.err[-3000:])
        self.assertIn(again.report["verdict"], ("freed", "not locked"))
        self.assertEqual(self.revisions()[0]["status"], "failed")

    def test_unlock(self):
        """The next one frees the release, where this has not; what is left of lease and journal, the next change of the release clears up."""
        self.assert_end(self.upgrade_to(1), VERIFIED, "verified")
        for at, when in points("unlock", self.variable):
            with self.subTest(f"{when} write {at}: {WRITES['unlock'][at - 1]}"):
                self.unlock_again(at, when)
                if at < 3 or (at, when) == (3, "before"):
                    self.assert_free()
                self.assert_end(self.upgrade_to(f"{at}-{when}"), VERIFIED, "verified")
                self.assert_good_end(f"{at}-{when}")

    def test_unlock_clears_up_after_itself(self):
        self.assert_end(self.upgrade_to(1), VERIFIED, "verified")
        for at, when in points("unlock", self.variable, since=(3, "after"), until=(8, "after")):
            with self.subTest(f"{when} write {at}: {WRITES['unlock'][at - 1]}"):
                self.unlock_again(at, when)
                self.assert_free()

    def test_each_command_makes_that_many_writes(self):
        """A write too few here, and a part of the matrix is not killed at; one too many, and it is not tried."""
        self.assert_end(self.upgrade_to(1), VERIFIED, "verified")
        past = len(WRITES["upgrade"]) + 1
        self.assert_end(self.upgrade_to(2, HELM_SIGNAL_KILL_AT=f"{past}:before"), VERIFIED, "verified")
        past = len(WRITES["rollback"]) + 1
        self.assert_end(self.rollback(HELM_SIGNAL_KILL_AT=f"{past}:before"), VERIFIED, "verified")
        self.lock()
        self.assertEqual(self.unlock_killed(len(WRITES["unlock"]) + 1, "before").code, 0)


class Helm3(KillMatrix, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(KillMatrix, LabCase):
    variable = "SIGNAL_LAB_HELM4"
