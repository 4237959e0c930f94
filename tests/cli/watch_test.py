"""--watch: lines for what changes in a pipe, one screen drawn in place on a terminal, 130 when interrupted."""
import os
import pty
import select
import signal
import subprocess
import time
import unittest

from fake_api import FakeApi, Release, kubeconfig
from support import BIN, SNAPSHOTS, TIMEOUT, CliCase


class WatchCase(CliCase):
    def setUp(self):
        super().setUp()
        self.release = Release("datafly")
        self.api = FakeApi(self.release)
        self.addCleanup(self.api.close)
        self.config = self.home / "kubeconfig"
        self.config.write_text(kubeconfig({"prod": self.api.url}), encoding="utf-8")

    def command(self, *arguments):
        return [str(BIN / "kubectl-signal"), "preflight", "--kubeconfig", str(self.config), "--only", "SIG-REL", "--interval", "100ms", *arguments]

    def looks(self):
        return sum(asked.startswith("GET /version") for asked in self.api.seen)

    def wait_until(self, condition):
        end = time.monotonic() + TIMEOUT
        while not condition():
            self.assertLess(time.monotonic(), end, "waited too long")
            time.sleep(0.02)

    def wait_for_looks(self, more):
        """Then the server may be changed: between two looks, for one that sees both would have a line of its own."""
        target = self.looks() + more
        self.wait_until(lambda: self.looks() >= target and self.is_between_looks())

    def is_between_looks(self):
        """Nothing is asked for longer than within a look, and for less than the interval."""
        before = len(self.api.seen)
        time.sleep(0.05)
        return len(self.api.seen) == before


class InAPipe(WatchCase):
    def start(self, *arguments):
        child = subprocess.Popen(self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment(), cwd=self.home)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        return child

    def test_a_line_for_each_change_and_130_at_the_end(self):
        child = self.start("--watch")
        self.wait_for_looks(3)
        self.release.status = "pending-upgrade"
        self.wait_for_looks(3)
        self.api.forbidden = ["/"]
        self.wait_for_looks(3)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=TIMEOUT)
        self.assertEqual(child.returncode, 130, err)
        lines = out.decode().splitlines()
        self.assertEqual(len(lines), 3, lines)
        self.assertRegex(lines[0], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ go")
        self.assertRegex(lines[1], r"Z no-go: ")
        self.assertRegex(lines[2], r"Z not known: ")
        self.assertNotIn(b"\x1b", out)

    def test_many_have_a_line_each(self):
        self.api.releases.append(Release("second"))
        child = self.start("--watch", "-A")
        self.wait_for_looks(4)
        self.api.releases.pop()
        self.wait_for_looks(4)
        child.send_signal(signal.SIGTERM)
        lines = child.communicate(timeout=TIMEOUT)[0].decode().splitlines()
        self.assertEqual(child.returncode, 130)
        self.assertEqual([line.split(" ")[1] for line in lines[:2]], ["prod/datafly/datafly", "prod/second/datafly"])
        self.assertTrue(lines[-1].endswith("prod/second/datafly gone"), lines)

    def test_with_wait_for_it_ends_when_all_is_good(self):
        self.release.status = "pending-upgrade"
        child = self.start("--watch", "--wait-for", "1m")
        self.wait_for_looks(2)
        self.release.status = "deployed"
        out = child.communicate(timeout=TIMEOUT)[0].decode()
        self.assertEqual(child.returncode, 0, out)
        self.assertEqual(len(out.splitlines()), 2, out)

    def test_a_first_look_that_fails_ends_it(self):
        self.config.write_text(kubeconfig({"prod": "http://127.0.0.1:1"}), encoding="utf-8")
        self.assert_one_clear_line(self.run_signal("preflight", "--kubeconfig", self.config, "--watch"), 1, "127.0.0.1:1")


class WaitsForAServerThatIsAway(WatchCase):
    """--wait-for, when a look fails."""

    def start(self, *arguments):
        child = subprocess.Popen(self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment(), cwd=self.home, text=True)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        return child

    def test_it_is_asked_again_until_it_is_there(self):
        for watch in ([], ["--watch"]):
            with self.subTest(watch=watch):
                port = self.api.server.server_port
                self.api.close()
                child = self.start("--wait-for", "1m", *watch)
                time.sleep(1.5)
                self.assertIsNone(child.poll(), "it did not wait")
                self.api = FakeApi(self.release, port=port)
                self.addCleanup(self.api.close)
                out, err = child.communicate(timeout=TIMEOUT)
                self.assertEqual(child.returncode, 0, out + err)
                self.assertIn(f"not known: connection refused by 127.0.0.1:{port}", out if watch else err)

    def test_one_that_stays_away_is_the_error_in_the_end(self):
        self.api.close()
        for watch in ([], ["--watch"]):
            with self.subTest(watch=watch):
                began = time.monotonic()
                child = self.start("--wait-for", "2s", *watch)
                out, err = child.communicate(timeout=TIMEOUT)
                self.assertGreaterEqual(time.monotonic() - began, 2)
                self.assertEqual(child.returncode, 1, out + err)
                self.assertRegex(err.splitlines()[-2], "^error: connection refused")

    def test_what_no_waiting_mends_ends_it_at_once(self):
        self.api.answer = lambda path: (401, {"kind": "Status", "reason": "Unauthorized", "code": 401, "message": "Unauthorized"})
        for watch in ([], ["--watch"]):
            with self.subTest(watch=watch):
                began = time.monotonic()
                child = self.start("--wait-for", "50s", *watch)
                out, err = child.communicate(timeout=TIMEOUT)
                self.assertEqual(child.returncode, 1, out + err)
                self.assertRegex(err, "^error: .*(?i:unauthorized|authenticat|credentials)")
                self.assertLess(time.monotonic() - began, 30)


class OnATerminal(WatchCase):
    def watch(self, *arguments, **environment):
        """Runs it until three looks were drawn, interrupts it; what it wrote, and how it ended."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(str(BIN / "kubectl-signal"), self.command("--watch", *arguments), self.environment(COLUMNS="80", **environment))
        output, interrupted, target = b"", False, self.looks() + 4
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            if not interrupted and self.looks() >= target:
                os.kill(pid, signal.SIGINT)
                interrupted = True
            if select.select([terminal], [], [], 0.05)[0]:
                try:
                    output += os.read(terminal, 65536)
                except OSError:
                    break
        os.close(terminal)
        return output.decode().replace("\r\n", "\n"), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def test_each_look_is_one_update_drawn_over_the_last(self):
        output, code = self.watch()
        self.assertEqual(code, 130)
        frames = output.split("\x1b[?2026h")[1:]
        self.assertGreaterEqual(len(frames), 3)
        for frame in frames:
            self.assertIn("\x1b[H", frame)
            self.assertIn("\x1b[J", frame)
            self.assertIn("again every 100ms; Ctrl-C ends", frame)
            self.assertEqual(frame.count("\x1b[?2026l"), 1)
        self.assertNotIn("\x1b[2J", output)

    def test_a_dumb_terminal_gets_lines(self):
        output, code = self.watch(TERM="dumb")
        self.assertEqual(code, 130)
        self.assertNotIn("\x1b", output)
        self.assertEqual(len(output.splitlines()), 1, output)

    def test_with_v_nothing_is_drawn_over(self):
        self.assertNotIn("\x1b[H", self.watch("-v")[0])


class Usage(CliCase):
    def test_what_cannot_be_watched_is_refused(self):
        snapshot = SNAPSHOTS / "healthy.snapshot"
        for arguments, word in [
            (("--watch", "--from", snapshot), "--watch"),
            (("--wait-for", "1m", "--from", snapshot), "--wait-for"),
            (("--watch", "-o", "json"), "--watch"),
            (("--watch", "--report", "html=x.html"), "--report"),
            (("--interval", "1ms"), "--interval"),
        ]:
            with self.subTest(arguments=arguments):
                self.assert_one_clear_line(self.run_signal("preflight", *arguments), 64, word)


if __name__ == "__main__":
    unittest.main()
