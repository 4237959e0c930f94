"""helm signal upgrade, rollback and history on the stand-in platform, under Helm 3 and Helm 4: good steps, shut gates, failures that are caught, runs that
are stopped in their middle (kill_matrix_test.py kills them at each of their writes), two at the same moment, and a gateway that answers all the while."""
import ast
import concurrent.futures
import json
import os
import signal
import subprocess
import sys

from lab_support import BIN, LabCase, PROFILE, case_namespace, in_lab, kubectl, lab, lab_environment, ready_to_change, remove_namespace, settle
from upgrade_support import CANNOT, CHART, NEEDS_PERSON, ROLLED_BACK, SHUT, VERIFIED, UpgradeCase

# What a major step wants to be told.
MAJOR = [f"SIG-MAJ-00{number}" for number in range(1, 7)]


class Upgrades(UpgradeCase):
    """The tests, for one Helm."""

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

    def test_7_a_major_step_with_everything_acknowledged(self):
        """The codes are those of the refused run."""
        keep_group = ("--set", "eventProcessor.consumerGroup=event-processor")
        refused = self.upgrade("2.0.0", *keep_group)
        self.assertEqual(refused.code, SHUT, refused.err[-3000:])
        codes = sorted(refused.codes("fail"))
        self.assertEqual(codes, MAJOR, refused.explain())
        for missing in codes:
            with self.subTest(missing=missing):
                acks = [word for code in codes if code != missing for word in ("--ack", f"{code}=done")]
                outcome = self.upgrade("2.0.0", *keep_group, *acks, "--dry-run")
                self.assertEqual((outcome.code, outcome.codes("fail")), (SHUT, {missing}), outcome.err[-3000:])
        reasons = {code: f"done on day {at}" for at, code in enumerate(codes)}
        good = self.upgrade("2.0.0", *keep_group, *(word for code, reason in reasons.items() for word in ("--ack", f"{code}={reason}")))
        self.assert_end(good, VERIFIED, "verified")
        newest = self.revisions()[0]
        self.assertEqual((newest["chart"], newest["status"], newest["verdict"]), ("2.0.0", "deployed", "verified"))
        told = json.loads(self.entries()[-1]["data"]["operation"])
        self.assertEqual(sorted(told["acks"]), [f"{code}: {reason}" for code, reason in reasons.items()])
        self.assertTrue(told["who"])
        self.assert_free()

    def begin(self):
        """An upgrade that runs on, whose helm has made its revision and is at work on it. A helm that was done before it was seen: another try."""
        for _ in range(4):
            ready_to_change(self.namespace)  # else a gate may be shut, each time
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
        self.assertIn("stopped", [json.loads(entry["data"]["operation"])["verdict"] for entry in self.entries()])
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

    def test_8_the_api_server_restarts_in_its_middle(self):
        """Whatever became of helm: this run says so, and the next one goes on."""
        ours = self.begin()
        lab("restart-apiserver")
        self.assertIn(ours.wait(timeout=300), (VERIFIED, CANNOT, NEEDS_PERSON))
        # A lease whose last renewal was not heard of expires.
        again = settle(self.another, lambda outcome: "is being changed by" not in outcome.err, 90)
        self.assert_end(again, VERIFIED, "verified")
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


class Helm3(Upgrades, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(Upgrades, LabCase):
    variable = "SIGNAL_LAB_HELM4"


# Sends an event each 20 ms on a connection of its own, until its standard input ends; then tells how many got which answer.
PRODUCER = """
import collections, http.client, select, sys, time
host, port = sys.argv[1], int(sys.argv[2])
answers = collections.Counter()
while not select.select([sys.stdin], [], [], 0.02)[0]:
    try:
        connection = http.client.HTTPConnection(host, port, timeout=20)
        connection.request("POST", "/v1/t", body="{\\"event\\": \\"lab\\"}", headers={"Authorization": "Bearer dk_lab"})
        answers[connection.getresponse().status] += 1
    except OSError as error:
        answers[type(error).__name__] += 1
    finally:
        connection.close()
print(dict(answers))
"""


class WithTraffic(LabCase):
    """Two replicas of the gateway, and a producer that does not stop: every event is answered with 200 during each good upgrade and a rollback."""

    def setUp(self):
        self.namespace = case_namespace("traffic")
        self.addCleanup(remove_namespace, self.namespace)
        lab("install", self.namespace, "1.2.0", "--skip-crds")
        kubectl("-n", self.namespace, "rollout", "status", "deployment", "--selector", "app.kubernetes.io/part-of=datafly", "--timeout=120s")
        gates = ready_to_change(self.namespace)
        self.assertEqual(gates.code, 0, gates.explain())

    def produce(self):
        address = kubectl("-n", self.namespace, "get", "service", "ingestion-gateway-svc", "-o", "jsonpath={.spec.clusterIP} {.spec.ports[0].port}").out.split()
        world = lab_environment()
        return subprocess.Popen(["/usr/bin/nsenter", f"--net={world['SIGNAL_LAB_NETNS']}", sys.executable, "-c", PRODUCER, *address], env=world,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def test_no_event_is_refused(self):
        upgrade = ("upgrade", *CHART, "--config", PROFILE, "--reset-then-reuse-values", "--version")
        major = ("--set", "eventProcessor.consumerGroup=event-processor", *(word for code in MAJOR for word in ("--ack", f"{code}=done")))
        change = [(*upgrade, "1.2.1"), (*upgrade, "1.3.0"), ("rollback",), (*upgrade, "1.3.0"), (*upgrade, "2.0.0", *major)]
        for command, *arguments in change:
            with self.subTest(command=command, arguments=arguments):
                producer = self.produce()
                self.addCleanup(producer.kill)
                # On a busy machine the autoscaler is at its maximum for a moment: a gate that is shut has begun nothing.
                done = settle(lambda: in_lab(BIN / "helm-signal", command, "datafly", *arguments, "-n", self.namespace, "--yes", "-o", "json", timeout=300),
                              lambda outcome: outcome.code != SHUT, 120)
                self.assertEqual((done.code, done.report["verdict"]), (0, "verified"), done.err[-2000:])
                answers = ast.literal_eval(producer.communicate("", timeout=60)[0])
                self.assertGreater(answers.get(200, 0), 100, answers)
                self.assertEqual(set(answers), {200}, answers)
