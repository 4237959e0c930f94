"""upgrade, rollback and unlock killed before and after each of their writes, under Helm 3 and Helm 4: the same command again always reaches the good end.

A seeded sample of two for each command and Helm; all of them with SIGNAL_SOAK=1.
"""
import json
import pathlib
import signal
import sys

from lab_support import BIN, LAB, LabCase, in_lab, kubectl, lab_environment
from small_release import SmallRelease, sample
from upgrade_support import VERIFIED

# Of a command that has nothing to clear up.
WRITES = {
    "upgrade": ("lease: acquire", "planned", "applying", "helm", "helm started", "following", "done", "lease: release"),
    "rollback": ("lease: acquire", "planned", "applying", "helm", "helm started", "following", "done", "lease: release"),
    # As the API server sees it: the lease is renewed before each write.
    "unlock": ("lease: acquire", "renewal", "planned", "renewal", "renewal", "record: failed", "renewal", "done", "lease: release"),
}


def points(command, helm, since=(1, "before"), until=(99, "before")):
    """(which write, "before" or "after") of those from one to before another, as many as this run has time for."""
    def order(point):
        return point[0], point[1] == "after"
    every = [(at, when) for at in range(1, len(WRITES[command]) + 1) for when in ("before", "after") if order(since) <= order((at, when)) < order(until)]
    return sample(every, f"{command} {helm}")


class KillMatrix(SmallRelease):
    """The tests, for one Helm."""

    about = "kill"

    def assert_killed(self, outcome):
        self.assertIn(outcome.code, (-signal.SIGKILL, 128 + signal.SIGKILL), f"not killed: {outcome.err[-3000:]}{outcome.out[-2000:]}")

    def test_upgrade(self):
        for run, (at, when) in enumerate(points("upgrade", self.variable), start=1):
            with self.subTest(f"{when} write {at}: {WRITES['upgrade'][at - 1]}"):
                self.assert_killed(self.upgrade_to(run, HELM_SIGNAL_KILL_AT=f"{at}:{when}"))
                self.assert_end(self.upgrade_to(run), VERIFIED, "verified")
                self.assert_good_end(run)

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
        for at, when in points("rollback", self.variable, until=(4, "after")):
            with self.subTest(f"{when} write {at}: {WRITES['rollback'][at - 1]}"):
                self.kill_a_rollback(at, when)
                self.assert_end(self.rollback(), VERIFIED, "verified")
                self.assert_good_end("good")

    def test_rollback_again_does_not_go_to_the_bad_one(self):
        for at, when in points("rollback", self.variable, since=(6, "before"), until=(7, "after")):
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
        for at, when in points("unlock", self.variable, since=(3, "after"), until=(9, "after")):
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
