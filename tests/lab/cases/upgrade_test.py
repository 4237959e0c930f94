"""helm signal upgrade, rollback and history on the stand-in platform, under Helm 3 and Helm 4: good steps, shut gates, failures that are caught, runs that
are killed at each of their writes, two at the same moment, and a gateway that answers all the while."""
import ast
import concurrent.futures
import json
import os
import random
import signal
import subprocess
import sys
import unittest

from lab_support import BIN, LabCase, PROFILE, case_namespace, in_lab, install, kubectl, lab, lab_environment, preflight, remove_namespace, settle

CHART = ("oci://127.0.0.1:5000/charts/datafly", "--plain-http")
# Of an upgrade without anything to clear up: the lease, planned, applying, helm's process, following, done, the lease again.
WRITES = 7
VERIFIED, CANNOT, SHUT, ROLLED_BACK, NEEDS_PERSON = 0, 1, 3, 6, 7


class UpgradeCase:
    """The tests, for one Helm; a release of its own for each class, since tests go on where the one before ended."""

    variable = ""

    @classmethod
    def setUpClass(cls):
        cls.helm = lab_environment()[cls.variable]
        cls.namespace = case_namespace(f"up-{cls.variable[-5:].lower()}")
        cls.addClassCleanup(remove_namespace, cls.namespace)
        install(cls.namespace, "1.2.0", "--helm", cls.variable[-1], "--skip-crds")
        cls.batch = 0

    def signal(self, command, *arguments, timeout=300, **changes):
        return in_lab(BIN / "helm-signal", command, "datafly", *arguments, "-n", self.namespace, "-o", "json", timeout=timeout, HELM_BIN=self.helm, **changes)

    def upgrade(self, version, *arguments, **changes):
        return self.signal("upgrade", *CHART, "--version", version, "--config", PROFILE, "--reset-then-reuse-values", "--yes", *arguments, **changes)

    def another(self, *arguments, **changes):
        """An upgrade that changes one number, of whatever version is there."""
        return self.upgrade(self.version(), "--set", f"ingestionGateway.maxBatchSize={type(self).batch}", *arguments, **changes)

    def revisions(self):
        history = self.signal("history", "-o", "json")
        self.assertEqual(history.code, 0, history.err)
        return next(section["rows"] for section in history.report["sections"] if section["name"] == "revisions")

    def version(self):
        return self.revisions()[0]["chart"]

    def assert_end(self, outcome, code, verdict):
        self.assertEqual((outcome.code, outcome.report["verdict"] if outcome.out else ""), (code, verdict), f"{outcome.err[-3000:]}\n{outcome.out[-3000:]}")

    def assert_free(self):
        """No lock of Helm's, no lease, no entry of the journal that is not closed."""
        self.assertFalse(self.revisions()[0]["status"].startswith("pending"), self.revisions())
        lease = json.loads(kubectl("-n", self.namespace, "get", "lease", "signal-datafly", "-o", "json").out)
        self.assertEqual(lease["spec"].get("holderIdentity", ""), "")
        entries = json.loads(kubectl("-n", self.namespace, "get", "configmaps", "-l", "signal.dataflysignal.com/role=operation", "-o", "json").out)["items"]
        self.assertTrue(entries)
        self.assertEqual({entry["metadata"]["labels"]["signal.dataflysignal.com/phase"] for entry in entries}, {"done"})

    def test_1_a_patch_and_a_minor(self):
        for version in ("1.2.1", "1.3.0"):
            self.assert_end(self.upgrade(version), VERIFIED, "verified")
            newest = self.revisions()[0]
            self.assertEqual((newest["chart"], newest["status"], newest["how"], newest["verdict"]), (version, "deployed", "upgrade", "verified"))
        self.assert_free()

    def test_2_a_shut_gate_begins_nothing(self):
        before = self.revisions()
        outcome = self.upgrade("2.0.0")
        self.assertEqual(outcome.code, SHUT, outcome.err)
        self.assertIn("SIG-MAJ-001", outcome.codes("fail"))
        missing = self.upgrade("1.3.1-image-missing")
        self.assertEqual(missing.code, SHUT, missing.err)
        self.assertEqual(self.revisions(), before)
        self.assert_free()

    def test_3_what_cannot_be_done_is_said(self):
        asked = self.signal("upgrade", *CHART, "--version", "1.3.0", "--config", PROFILE, "--reset-then-reuse-values")
        self.assertEqual(asked.code, CANNOT)
        self.assertIn("--yes", asked.err)
        self.assertEqual(self.signal("upgrade", *CHART, "--install").code, 64)
        nowhere = in_lab(BIN / "helm-signal", "upgrade", "nothing", *CHART, "-n", self.namespace, "--yes", HELM_BIN=self.helm)
        self.assertEqual(nowhere.code, CANNOT)
        self.assertIn("no release nothing", nowhere.err)
        dry = self.another("--dry-run")
        self.assertEqual(dry.code, VERIFIED, dry.err)
        self.assert_free()

    def test_4_a_failure_is_caught_and_stays_where_migrations_may_have_run(self):
        outcome = self.upgrade("1.3.1-crash-on-start", "--on-failure", "rollback")
        self.assert_end(outcome, NEEDS_PERSON, "failed")
        self.assertIn("may have brought migrations", outcome.out)
        self.assertIn("SIG-POD-002", outcome.out)
        self.assertEqual(self.revisions()[0]["verdict"], "failed")
        self.assert_free()

    def test_5_back_to_the_newest_that_was_verified(self):
        outcome = self.signal("rollback", "--yes")
        self.assert_end(outcome, VERIFIED, "verified")
        newest = self.revisions()[0]
        self.assertEqual((newest["chart"], newest["status"], newest["verdict"]), ("1.3.0", "deployed", "verified"))
        self.assertIn("rollback to", newest["how"])
        self.assert_free()

    def test_6_without_migrations_it_goes_back_by_itself(self):
        self.assert_end(self.upgrade("1.3.0", "--set", "migrations.enabled=false", "--ack", "SIG-MIG-002=the lab has no database"), VERIFIED, "verified")
        outcome = self.upgrade("1.3.1-crash-on-start", "--on-failure", "rollback", "--ack", "SIG-MIG-002=the lab has no database")
        self.assert_end(outcome, ROLLED_BACK, "rolled back")
        newest = self.revisions()[0]
        self.assertEqual((newest["chart"], newest["verdict"]), ("1.3.0", "verified"))
        self.assert_end(self.upgrade("1.3.0", "--set", "migrations.enabled=true"), VERIFIED, "verified")
        self.assert_free()

    def test_7_killed_at_a_write_and_run_again(self):
        matrix = [(at, when) for at in range(1, WRITES + 1) for when in ("before", "after")]
        if os.environ.get("SIGNAL_SOAK") != "1":
            matrix = random.Random(self.variable).sample(matrix, 4)
        for at, when in matrix:
            type(self).batch += 1
            with self.subTest(at=at, when=when):
                killed = self.another(HELM_SIGNAL_KILL_AT=f"{at}:{when}")
                self.assertEqual(killed.code, -signal.SIGKILL, killed.err)
                self.assert_end(self.another(), VERIFIED, "verified")
                self.assert_free()

    def begin(self):
        """An upgrade that runs on, whose helm has made its revision and is at work on it. A helm that was done before it was seen: another try."""
        for _ in range(4):
            ours = self.start()
            while ours.poll() is None:
                if in_lab("kubectl", "-n", self.namespace, "get", "secrets", "-l", "owner=helm,status=pending-upgrade", "-o", "name").out.strip():
                    return ours
        self.fail("helm was done too soon, four times")

    def start(self):
        type(self).batch += 1
        world = dict(lab_environment(), HELM_BIN=self.helm)
        ours = subprocess.Popen(["/usr/bin/nsenter", f"--net={world['SIGNAL_LAB_NETNS']}", BIN / "helm-signal", "upgrade", "datafly", *CHART, "--version", self.version(),
                                 "--config", str(PROFILE), "--reset-then-reuse-values", "--yes", "--set", f"ingestionGateway.maxBatchSize={self.batch}", "-n", self.namespace],
                                env=world, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (ours.kill(), ours.wait()))
        return ours

    def test_8_interrupted(self):
        """Ctrl-C: helm is ended, the journal closed, the lease free."""
        ours = self.begin()
        ours.send_signal(signal.SIGINT)
        self.assertEqual(ours.wait(timeout=60), 130)
        self.assert_free()
        entries = json.loads(kubectl("-n", self.namespace, "get", "configmaps", "-l", "signal.dataflysignal.com/role=operation", "-o", "json").out)["items"]
        self.assertIn("stopped", [json.loads(entry["data"]["operation"])["verdict"] for entry in entries])
        self.assert_end(self.another(), VERIFIED, "verified")

    def test_8_stopped_for_longer_than_its_lease(self):
        """A laptop that slept: another run takes over, and the first one writes nothing any more."""
        ours = self.begin()
        ours.send_signal(signal.SIGSTOP)
        taken = self.another()
        self.assert_end(taken, VERIFIED, "verified")
        before = self.revisions()
        ours.send_signal(signal.SIGCONT)
        self.assertNotEqual(ours.wait(timeout=60), 0)
        self.assertEqual(self.revisions(), before)
        self.assert_free()

    def test_8_helm_killed_in_its_middle(self):
        """Both die at once, as on a machine that loses its power: the revision stays pending."""
        ours = self.begin()
        children = subprocess.run(["pgrep", "-P", str(ours.pid)], stdout=subprocess.PIPE, text=True).stdout.split()
        for process in (ours.pid, *map(int, children)):
            os.kill(process, signal.SIGKILL)
        ours.wait()
        again = self.another()
        self.assert_end(again, VERIFIED, "verified")
        self.assertIn("an earlier run has left this", again.err)
        self.assert_free()

    def test_9_of_two_at_the_same_moment_one_acts(self):
        before = int(self.revisions()[0]["revision"])
        type(self).batch += 1
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(lambda _: self.another(), range(2)))
        self.assertEqual(sorted(outcome.code for outcome in outcomes), [VERIFIED, CANNOT], [outcome.err[-500:] for outcome in outcomes])
        loser = max(outcomes, key=lambda outcome: outcome.code)
        self.assertIn("is being changed by", loser.err)
        self.assertEqual(int(self.revisions()[0]["revision"]), before + 1)
        self.assert_free()


class Helm3(UpgradeCase, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(UpgradeCase, LabCase):
    variable = "SIGNAL_LAB_HELM4"


# Sends an event each 20 ms on a connection of its own, until its standard input ends; then tells how many got which answer.
PRODUCER = """
import collections, http.client, select, sys, time
host, port = sys.argv[1], int(sys.argv[2])
answers = collections.Counter()
while not select.select([sys.stdin], [], [], 0.02)[0]:
    try:
        connection = http.client.HTTPConnection(host, port, timeout=5)
        connection.request("POST", "/v1/t", body="{\\"event\\": \\"lab\\"}", headers={"Authorization": "Bearer dk_lab"})
        answers[connection.getresponse().status] += 1
    except OSError as error:
        answers[type(error).__name__] += 1
    finally:
        connection.close()
print(dict(answers))
"""


class WithTraffic(LabCase):
    """Two replicas of the gateway, and a producer that does not stop: every event is answered with 200 during an upgrade and a rollback."""

    def setUp(self):
        self.namespace = case_namespace("traffic")
        self.addCleanup(remove_namespace, self.namespace)
        lab("install", self.namespace, "1.2.0", "--skip-crds")
        kubectl("-n", self.namespace, "rollout", "status", "deployment", "--selector", "app.kubernetes.io/part-of=datafly", "--timeout=120s")
        # The gateway has its second replica once its autoscaler has looked.
        gates = settle(lambda: preflight(self.namespace), lambda outcome: outcome.code == 0, 120)
        self.assertEqual(gates.code, 0, gates.explain())

    def produce(self):
        address = kubectl("-n", self.namespace, "get", "service", "ingestion-gateway-svc", "-o", "jsonpath={.spec.clusterIP} {.spec.ports[0].port}").out.split()
        world = lab_environment()
        return subprocess.Popen(["/usr/bin/nsenter", f"--net={world['SIGNAL_LAB_NETNS']}", sys.executable, "-c", PRODUCER, *address], env=world,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def test_no_event_is_refused(self):
        change = [("upgrade", *CHART, "--version", "1.2.1", "--config", PROFILE, "--reset-then-reuse-values"), ("upgrade", *CHART, "--version", "1.3.0",
                  "--config", PROFILE, "--reset-then-reuse-values"), ("rollback",)]
        for command, *arguments in change:
            with self.subTest(command=command, arguments=arguments):
                producer = self.produce()
                self.addCleanup(producer.kill)
                done = in_lab(BIN / "helm-signal", command, "datafly", *arguments, "-n", self.namespace, "--yes", "-o", "json", timeout=300)
                self.assertEqual((done.code, done.report["verdict"]), (0, "verified"), done.err[-2000:])
                answers = ast.literal_eval(producer.communicate("", timeout=30)[0])
                self.assertGreater(answers.get(200, 0), 100, answers)
                self.assertEqual(set(answers), {200}, answers)
