"""upgrade, rollback and unlock killed before and after each of their writes, under Helm 3 and Helm 4: the same command again always reaches the good end.

A seeded sample of two for each command and Helm; all of them with SIGNAL_SOAK=1.
"""
import json
import pathlib
import signal
import sys
import tempfile

from lab_support import BIN, LAB, PROFILE, LabCase, in_lab, kubectl, lab_environment
from small_charts import SETTINGS, hook, write_chart
from small_release import WORKER, SmallRelease, sample
from upgrade_support import NEEDS_PERSON, ROLLED_BACK, VERIFIED

# Of a command that has nothing to clear up.
WRITES = {
    "upgrade": ("lease: acquire", "planned", "applying", "helm", "helm started", "following", "done", "lease: release"),
    "rollback": ("lease: acquire", "planned", "applying", "helm", "helm started", "following", "done", "lease: release"),
    # As the API server sees it: the lease is renewed before each write.
    "unlock": ("lease: acquire", "renewal", "planned", "renewal", "renewal", "record: failed", "renewal", "done", "lease: release"),
    # An upgrade that fails, and goes back by itself.
    "way back": ("lease: acquire", "planned", "applying", "helm", "helm started", "done",
                 "planned", "applying", "helm", "helm started", "following", "done", "lease: release"),
}
# What the next run writes of its own accord, by how the one before it ended: where that was killed, and whether its helm died as well, its hook at work.
RECOVERIES = {
    "abandons": ("2:after", False, ("lease: acquire", "closed")),
    "follows": ("6:after", False, ("lease: acquire", "closed")),
    "repairs": ("5:after", True, ("lease: acquire", "record: failed", "closed")),
    "frees": (None, True, ("lease: acquire", "record: failed")),
}
# When something is to change, helm dies once it has made its revision; told to end by us, it does not hear it.
DYING_HELM = """#!/bin/sh
changes=
for word; do case $word in upgrade|rollback) changes=1;; --dry-run*|template) exec {helm} "$@";; esac; done
[ "$changes" ] || exec {helm} "$@"
trap '' TERM INT HUP
{helm} "$@" & pid=$!
until [ "$(kubectl get secrets -n {namespace} -l owner=helm,status=pending-upgrade -o name)" ]; do :; done
kill -9 $pid
exit 1
"""


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

    def fail_and_go_back(self, **changes):
        """An upgrade whose hook fails."""
        folder = write_chart(self.enterContext(tempfile.TemporaryDirectory(prefix="signal-lab-failing-")), SETTINGS, WORKER, hook('exit, "1"'))
        return self.signal("upgrade", folder, "--config", PROFILE, "--yes", "--on-failure", "rollback", "--set", "run=failing", **changes)

    def test_an_upgrade_that_goes_back_by_itself(self):
        """Killed on its way back: again it fails, and is back where it began."""
        self.assert_end(self.upgrade_to("good"), VERIFIED, "verified")
        for at, when in points("way back", self.variable, since=(6, "after")):
            with self.subTest(f"{when} write {at}: {WRITES['way back'][at - 1]}"):
                self.assert_killed(self.fail_and_go_back(HELM_SIGNAL_KILL_AT=f"{at}:{when}"))
                self.assert_end(self.fail_and_go_back(), ROLLED_BACK, "rolled back")
                self.assert_good_end("good")

    def leave_it_unfinished(self, killed_at, helm_dies):
        """An upgrade that has not come to its end, in one way or the other."""
        changes = {"HELM_SIGNAL_KILL_AT": killed_at} if killed_at else {}
        if helm_dies:
            helm = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="signal-lab-dying-"))) / "helm"
            helm.write_text(DYING_HELM.format(helm=self.helm, namespace=self.namespace))
            helm.chmod(0o755)
            changes["helm"] = helm
        outcome = self.upgrade_to("unfinished", "--on-failure", "stop", **changes)
        if killed_at:
            self.assert_killed(outcome)
        else:
            self.assert_end(outcome, NEEDS_PERSON, "failed")

    def test_what_sets_right_is_killed_as_well(self):
        """The run after the killed one, at its own writes about it; the third one reaches the good end."""
        plain = self.folder
        self.addCleanup(setattr, type(self), "folder", plain)
        every = [(name, at, when) for name, (_, _, writes) in RECOVERIES.items() for at in range(2, len(writes) + 1) for when in ("before", "after")]
        for name, at, when in sample(every, f"recovery {self.variable}", most=1):
            killed_at, helm_dies, writes = RECOVERIES[name]
            with self.subTest(f"{name}, {when} write {at}: {writes[at - 1]}"):
                type(self).folder = plain
                self.assert_end(self.upgrade_to("good"), VERIFIED, "verified")
                if helm_dies:
                    # Its hook is at work for as long as it takes to see the revision.
                    type(self).folder = write_chart(self.enterContext(tempfile.TemporaryDirectory(prefix="signal-lab-hooked-")), SETTINGS, WORKER, hook('exit, "0", "5"'))
                self.leave_it_unfinished(killed_at, helm_dies)
                self.assert_killed(self.upgrade_to("again", HELM_SIGNAL_KILL_AT=f"{at}:{when}"))
                self.assert_end(self.upgrade_to("again"), VERIFIED, "verified")
                self.assert_good_end("again")

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
