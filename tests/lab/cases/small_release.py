"""A release of one ConfigMap and one Deployment, whose `run` tells what is applied: for cases that change a release many times."""
import base64
import gzip
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time
import uuid

from lab_support import BIN, PROFILE, case_namespace, in_lab, kubectl, lab_environment, remove_namespace
from rollout_support import ACT
from small_charts import SETTINGS, write_chart
from upgrade_support import UpgradeCase

# Five seconds, in builds for tests.
LEASE = {"HELM_SIGNAL_LEASE": "5"}
WORKER = f"""\
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
      containers: [{{name: main, image: "{ACT}", args: [sleep], env: [{{name: RUN, value: {{{{ .Values.run | quote }}}}}}]}}]
"""


def sample(points, seed, most=2):
    """As many as this run has time for: all of them with SIGNAL_SOAK=1, else a seeded few."""
    return points if os.environ.get("SIGNAL_SOAK") == "1" else sorted(random.Random(seed).sample(points, min(most, len(points))))


class SmallRelease(UpgradeCase):
    """The release and its changes, for one Helm; a fresh one for each test."""

    about = "small"
    # See tests/run_tests.py.
    beside_others = True

    @classmethod
    def setUpClass(cls):
        cls.helm = lab_environment()[cls.variable]
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="signal-lab-small-")))
        write_chart(cls.folder, SETTINGS, WORKER)

    def setUp(self):
        self.namespace = case_namespace(f"{self.about}-{self.variable[-5:].lower()}-{uuid.uuid4().hex[:6]}")
        self.addCleanup(remove_namespace, self.namespace)
        in_lab(self.helm, "install", "datafly", self.folder, "-n", self.namespace, "--create-namespace", "--set", "run=0", check=True)
        kubectl("-n", self.namespace, "rollout", "status", "deployment/worker", "--timeout=120s")

    def upgrade_to(self, run, *arguments, **changes):
        return self.signal("upgrade", self.folder, "--config", PROFILE, "--yes", "--set", f"run={run}", *arguments, **changes)

    def applied(self):
        return kubectl("-n", self.namespace, "get", "configmap", "settings", "-o", "jsonpath={.data.run}").out

    def assert_good_end(self, run):
        self.assertEqual(self.applied(), str(run))
        newest = self.revisions()[0]
        self.assertEqual((newest["status"], newest["verdict"]), ("deployed", "verified"), newest)
        self.assert_free()

    def rollback(self, *arguments, **changes):
        return self.signal("rollback", *arguments, "--config", PROFILE, "--yes", **changes)

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

    def stopped(self, at, when, command, *arguments, **changes):
        """The command, stopped (SIGSTOP) at one of its writes; what it says goes into a file, for nobody reads a pipe meanwhile."""
        world = dict(lab_environment(), HELM_BIN=self.helm, HELM_SIGNAL_STOP_AT=f"{at}:{when}", **LEASE, **changes)
        self.told = self.enterContext(tempfile.TemporaryFile("w+"))
        first = subprocess.Popen(["/usr/bin/nsenter", f"--net={world['SIGNAL_LAB_NETNS']}", BIN / "helm-signal", command, "datafly", *map(str, arguments), "-n", self.namespace],
                                 env=world, stdin=subprocess.DEVNULL, stdout=self.told, stderr=self.told)
        self.addCleanup(lambda: (first.kill(), first.wait()))
        _, status = os.waitpid(first.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status), f"it has ended: {self.words()}")
        return first

    def words(self):
        self.told.seek(0)
        return self.told.read()
