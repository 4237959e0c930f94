"""upgrade, rollback and unlock stopped (SIGSTOP) before and after each of their writes, for longer than their lease, as a laptop that sleeps: the next run
takes over and reaches a good end, and the one that wakes up then changes nothing any more.

A seeded one for each command and Helm; all of them with SIGNAL_SOAK=1. The lease holds for five seconds here (HELM_SIGNAL_LEASE, in builds for tests);
upgrade_test has one of its real length.
"""
import signal

from lab_support import LabCase, PROFILE
from small_release import LEASE, SmallRelease, sample
from upgrade_support import VERIFIED

WRITES = {
    "upgrade": ("lease: acquire", "planned", "applying", "helm", "helm started", "following", "done", "lease: release"),
    "rollback": ("lease: acquire", "planned", "applying", "helm", "helm started", "following", "done", "lease: release"),
    "unlock": ("lease: acquire", "planned", "record: failed", "done", "lease: release"),
}


def points(command, helm):
    """All but those before the lease is held: who stops there has begun nothing, and begins when it wakes up."""
    every = [(at, when) for at in range(1, len(WRITES[command]) + 1) for when in ("before", "after")][1:]
    return sample(every, f"stop {command} {helm}", most=1)


class StopMatrix(SmallRelease):
    """The tests, for one Helm."""

    about = "stop"

    def wakes_up(self, first, command, at):
        """Nothing of the release changes any more; before its last write, it says that it was overtaken."""
        before = self.revisions(), self.applied(), [entry["data"] for entry in self.entries()]
        first.send_signal(signal.SIGCONT)
        code = first.wait(timeout=60)
        self.assertEqual((self.revisions(), self.applied(), [entry["data"] for entry in self.entries()]), before, self.words())
        done = len(WRITES[command]) - 1
        if at < done:
            self.assertNotIn(code, (0, -signal.SIGKILL), self.words())
            self.assertRegex(self.words(), "lease on the release is lost|written meanwhile|has moved meanwhile|somebody else")

    def test_upgrade(self):
        for run, (at, when) in enumerate(points("upgrade", self.variable), start=1):
            with self.subTest(f"{when} write {at}: {WRITES['upgrade'][at - 1]}"):
                first = self.stopped(at, when, "upgrade", self.folder, "--config", PROFILE, "--yes", "--set", f"run=first-{run}")
                self.assert_end(self.upgrade_to(f"second-{run}", **LEASE), VERIFIED, "verified")
                self.wakes_up(first, "upgrade", at)
                self.assert_good_end(f"second-{run}")

    def test_rollback(self):
        for at, when in points("rollback", self.variable):
            with self.subTest(f"{when} write {at}: {WRITES['rollback'][at - 1]}"):
                for run in ("good", "bad"):
                    self.assert_end(self.upgrade_to(run), VERIFIED, "verified")
                good = str(int(self.revisions()[0]["revision"]) - 1)
                first = self.stopped(at, when, "rollback", good, "--config", PROFILE, "--yes")
                self.assert_end(self.rollback(good, **LEASE), VERIFIED, "verified")
                self.wakes_up(first, "rollback", at)
                self.assert_good_end("good")

    def test_unlock(self):
        self.assert_end(self.upgrade_to(1), VERIFIED, "verified")
        for at, when in points("unlock", self.variable):
            with self.subTest(f"{when} write {at}: {WRITES['unlock'][at - 1]}"):
                self.lock()
                first = self.stopped(at, when, "unlock", "--idle", "1s", "--yes-destroy", "datafly")
                again = self.unlock(**LEASE)
                self.assertEqual(again.code, 0, again.err[-3000:])
                self.assertIn(again.report["verdict"], ("freed", "not locked"))
                self.wakes_up(first, "unlock", at)
                self.assertEqual(self.revisions()[0]["status"], "failed")
                self.assert_end(self.upgrade_to(f"{at}-{when}", **LEASE), VERIFIED, "verified")
                self.assert_good_end(f"{at}-{when}")


class Helm3(StopMatrix, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(StopMatrix, LabCase):
    variable = "SIGNAL_LAB_HELM4"
