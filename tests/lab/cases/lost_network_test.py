"""upgrade, rollback and unlock that lose their network before and after each of their writes: they end by themselves and say so, and the same command again
reaches the good end.

The network is lost in two ways: nothing arrives any more and nobody says so, or every connection is reset and refused. A seeded one of the points for each
command and Helm, of upgrade for each way; all of them with SIGNAL_SOAK=1.
"""
import itertools
import pathlib
import signal

from lab_support import LabCase, PROFILE, in_lab, lab_environment, settle
from rollout_support import Helper
from small_release import LEASE, SmallRelease, sample
from stop_matrix_test import WRITES
from upgrade_support import VERIFIED

WAYS = {"mute": signal.SIGSTOP, "refused": signal.SIGKILL}


def points(command, ways, helm):
    """(way, which write, "before" or "after"): before the lease is held nothing has begun, and after the last write nothing is left to lose."""
    writes = list(itertools.product(range(1, len(WRITES[command]) + 1), ("before", "after")))[1:-1]
    return sample([(way, at, when) for way in ways for at, when in writes], f"network {command} {ways} {helm}", most=1)


class LostNetwork(SmallRelease):
    """The tests, for one Helm."""

    about = "network"

    def connect(self):
        """A network of its own for the command; whoever looks afterwards uses another."""
        self.forwarder = Helper("forwarder.py")
        self.addCleanup(self.forwarder.stop)
        self.addCleanup(self.forwarder.process.kill)
        config = pathlib.Path(self.folder) / f"{self.namespace}.kubeconfig"
        config.write_bytes(pathlib.Path(lab_environment()["KUBECONFIG"]).read_bytes())
        server = f"https://127.0.0.1:{self.forwarder.first_line.strip()}"
        in_lab("kubectl", "config", "set-cluster", "signal-lab", "--server", server, KUBECONFIG=str(config), check=True)
        self.config = str(config)

    def lose(self, point, command, *arguments):
        """The command loses its network there, and ends: well only where its work was done by then."""
        way, at, when = point
        self.connect()
        first = self.stopped(at, when, command, *arguments, KUBECONFIG=self.config)
        self.forwarder.process.send_signal(WAYS[way])
        first.send_signal(signal.SIGCONT)
        code = first.wait(timeout=280)
        # What is left from here on is to write so.
        done = WRITES[command].index("done") + 1
        if at < done:
            self.assertGreater(code, 0, self.words())
        if at < done or (at, when) == (done, "before"):
            self.assertRegex(self.words(), "127.0.0.1:|the lease on the release is lost", "it says what it could not reach")

    def again(self, command):
        """Once the lease of the one that was cut off is over."""
        return settle(command, lambda outcome: "is being changed by" not in outcome.err, 60)

    def at_each(self, recovers, command, *ways):
        for point in points(command, ways, self.variable):
            way, at, when = point
            with self.subTest(f"{way}, {when} write {at}: {WRITES[command][at - 1]}"):
                recovers(point)

    def upgrade_recovers(self, point):
        self.lose(point, "upgrade", self.folder, "--config", PROFILE, "--yes", "--set", "run=first-" + "-".join(map(str, point)))
        run = "second-" + "-".join(map(str, point))
        self.assert_end(self.again(lambda: self.upgrade_to(run, **LEASE)), VERIFIED, "verified")
        self.assert_good_end(run)

    def test_upgrade_when_nothing_arrives_any_more(self):
        self.at_each(self.upgrade_recovers, "upgrade", "mute")

    def test_upgrade_when_every_connection_is_refused(self):
        self.at_each(self.upgrade_recovers, "upgrade", "refused")

    def rollback_recovers(self, point):
        for run in ("good", "bad"):
            self.assert_end(self.upgrade_to(run), VERIFIED, "verified")
        good = str(int(self.revisions()[0]["revision"]) - 1)
        self.lose(point, "rollback", good, "--config", PROFILE, "--yes")
        self.assert_end(self.again(lambda: self.rollback(good, **LEASE)), VERIFIED, "verified")
        self.assert_good_end("good")

    def test_rollback(self):
        self.at_each(self.rollback_recovers, "rollback", *WAYS)

    def unlock_recovers(self, point):
        self.lock()
        self.lose(point, "unlock", "--idle", "1s", "--yes-destroy", "datafly")
        freed = self.again(lambda: self.unlock(**LEASE))
        self.assertEqual(freed.code, 0, freed.err[-3000:])
        self.assertIn(freed.report["verdict"], ("freed", "not locked"))
        self.assertEqual(self.revisions()[0]["status"], "failed")
        run = "-".join(map(str, point))
        self.assert_end(self.upgrade_to(run, **LEASE), VERIFIED, "verified")
        self.assert_good_end(run)

    def test_unlock(self):
        self.assert_end(self.upgrade_to(1), VERIFIED, "verified")
        self.at_each(self.unlock_recovers, "unlock", *WAYS)


class Helm3(LostNetwork, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(LostNetwork, LabCase):
    variable = "SIGNAL_LAB_HELM4"
