"""Runs the real binaries in a closed world: an empty HOME, no KUBECONFIG, no terminal unless a test asks for one."""
import os
import pathlib
import pty
import select
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("SIGNAL_BIN_DIR", ROOT / "build" / "dev" / "bin"))
SNAPSHOTS = ROOT / "examples" / "snapshots"
TIMEOUT = 60


class Outcome:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


class CliCase(unittest.TestCase):
    """Each test has a folder of its own, which is also HOME."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="signal-cli-")
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)

    def environment(self, **changes):
        world = {"PATH": os.environ["PATH"], "HOME": str(self.home), "TZ": "Europe/Kyiv", "LC_ALL": "C.UTF-8", "TERM": "xterm"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                world[name] = os.environ[name]
        world.update(changes)
        return {name: value for name, value in world.items() if value is not None}

    def run_signal(self, *arguments, program="kubectl-signal", stdin=subprocess.DEVNULL, **environment):
        done = subprocess.run([str(BIN / program), *map(str, arguments)], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=self.environment(**environment), cwd=self.home, timeout=TIMEOUT)
        outcome = Outcome(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
        self.assertNotIn("Sanitizer", outcome.err, "a sanitizer spoke")
        self.assertGreaterEqual(outcome.code, 0, f"ended by signal {-outcome.code}: {outcome.err}")
        return outcome

    def run_in_terminal(self, *arguments, columns=80, program="kubectl-signal", **environment):
        """The same on a pseudo terminal of that width; stdout and stderr together, as a person sees them."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.home)
            os.execve(str(BIN / program), [str(BIN / program), *map(str, arguments)], self.environment(COLUMNS=str(columns), **environment))
        output = b""
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            if select.select([terminal], [], [], 0.5)[0]:
                try:
                    chunk = os.read(terminal, 65536)
                except OSError:
                    break
                if not chunk:
                    break
                output += chunk
        os.close(terminal)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return Outcome(code, output.decode(errors="replace").replace("\r\n", "\n"), "")

    def assert_one_clear_line(self, outcome, code, *words):
        """An error is one line that names the matter, at most one more with the remedy, nothing on stdout."""
        self.assertEqual(outcome.code, code, outcome.err)
        self.assertEqual(outcome.out, "")
        lines = outcome.err.splitlines()
        self.assertTrue(lines and lines[0].startswith("error: "), outcome.err)
        self.assertLessEqual(len(lines), 2, outcome.err)
        for word in words:
            self.assertIn(word, outcome.err)
