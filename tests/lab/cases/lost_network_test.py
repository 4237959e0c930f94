"""An upgrade that loses its network before and after each of its writes: it ends by itself and says so, and the same command again reaches the good end.

The network is lost in two ways: nothing arrives any more and nobody says so, or every connection is reset and refused. A seeded one of the points for each
way and Helm; all of them with SIGNAL_SOAK=1.
"""
import pathlib
import signal

from lab_support import LabCase, PROFILE, in_lab, lab_environment, settle
from rollout_support import Helper
from small_release import LEASE, SmallRelease, sample
from stop_matrix_test import WRITES
from upgrade_support import VERIFIED

# From here on the upgrade is verified; what is left is to write so.
DONE = WRITES["upgrade"].index("done") + 1
# Before the lease is held nothing has begun, and after the last write nothing is left to lose.
POINTS = [(at, when) for at in range(1, len(WRITES["upgrade"]) + 1) for when in ("before", "after")][1:-1]


class LostNetwork(SmallRelease):
    """The tests, for one Helm."""

    about = "network"

    def connect(self):
        """A network of its own for the upgrade; whoever looks afterwards uses another."""
        self.forwarder = Helper("forwarder.py")
        self.addCleanup(self.forwarder.stop)
        self.addCleanup(self.forwarder.process.kill)
        config = pathlib.Path(self.folder) / f"{self.namespace}.kubeconfig"
        config.write_bytes(pathlib.Path(lab_environment()["KUBECONFIG"]).read_bytes())
        server = f"https://127.0.0.1:{self.forwarder.first_line.strip()}"
        in_lab("kubectl", "config", "set-cluster", "signal-lab", "--server", server, KUBECONFIG=str(config), check=True)
        self.config = str(config)

    def lose(self, at, when, how):
        """How the upgrade ends that loses its network there."""
        self.connect()
        first = self.stopped(at, when, "upgrade", self.folder, "--config", PROFILE, "--yes", "--set", f"run=first-{at}-{when}", KUBECONFIG=self.config)
        self.forwarder.process.send_signal(how)
        first.send_signal(signal.SIGCONT)
        return first.wait(timeout=280)

    def assert_recovers(self, at, when, how):
        code = self.lose(at, when, how)
        if at < DONE:
            self.assertGreater(code, 0, self.words())
        if at < DONE or (at, when) == (DONE, "before"):
            self.assertRegex(self.words(), "127.0.0.1:|the lease on the release is lost", "it says what it could not reach")
        run = f"second-{at}-{when}"
        again = settle(lambda: self.upgrade_to(run, **LEASE), lambda outcome: "is being changed by" not in outcome.err, 60)
        self.assert_end(again, VERIFIED, "verified")
        self.assert_good_end(run)

    def test_nothing_arrives_any_more(self):
        for at, when in sample(POINTS, f"mute {self.variable}", most=1):
            with self.subTest(f"{when} write {at}: {WRITES['upgrade'][at - 1]}"):
                self.assert_recovers(at, when, signal.SIGSTOP)

    def test_every_connection_is_refused(self):
        for at, when in sample(POINTS, f"refused {self.variable}", most=1):
            with self.subTest(f"{when} write {at}: {WRITES['upgrade'][at - 1]}"):
                self.assert_recovers(at, when, signal.SIGKILL)


class Helm3(LostNetwork, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(LostNetwork, LabCase):
    variable = "SIGNAL_LAB_HELM4"
