"""What preflight costs the API server: one connection, four round trips in sequence, and no child process."""
import json
import sys
import tempfile
import unittest

from lab_support import BIN, HEALTHY, PROFILE, ROOT, LabCase, healthy, in_lab, settle_alike

# Run inside the lab's network: the proxy, the command through it, and what the proxy saw.
MEASURE = """
import json, subprocess, sys
sys.path.insert(0, sys.argv[1])
from delay_proxy import DelayProxy, round_trips
with DelayProxy("127.0.0.1", int(sys.argv[2]), rtt=float(sys.argv[3])) as proxy:
    command = [word.replace("PORT", str(proxy.port)) for word in sys.argv[4:]]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
print(json.dumps({"code": done.returncode, "out": done.stdout, "err": done.stderr, "connections": proxy.connections,
                  "round_trips": round_trips(proxy.chunks)}))
"""
# Far more than a busy machine needs to write what it has to say, so that what is sent in one go is seen as one.
RTT = 0.4


class Connection(LabCase):
    def measure(self, *arguments):
        command = [BIN / "kubectl-signal", *arguments, "--server", "https://127.0.0.1:PORT", "--tls-server-name", "localhost"]
        done = in_lab(sys.executable, "-c", MEASURE, ROOT / "tests" / "bench", "6443", RTT, *command, check=True)
        seen = json.loads(done.out)
        self.assertIn(seen["code"], (0, 3), seen["err"])
        return seen

    def test_one_connection_and_four_round_trips(self):
        seen = self.measure("preflight", "-n", HEALTHY, "-o", "json", "--config", PROFILE)
        self.assertGreaterEqual(len(json.loads(seen["out"])["sections"]), 10, "it judged the cluster")
        self.assertEqual(seen["connections"], 1)
        self.assertLessEqual(seen["round_trips"], 4)
        # TCP, TLS and one question: fewer cannot be, and the measure would be broken.
        self.assertGreaterEqual(seen["round_trips"], 3)

    def test_the_measure_sees_more_when_there_is_more(self):
        """kubectl asks for one resource after the other: the yardstick is not blind."""
        done = in_lab(sys.executable, "-c", MEASURE, ROOT / "tests" / "bench", "6443", RTT, "kubectl", "get", "pods", "-n", HEALTHY, "--server",
                      "https://127.0.0.1:PORT", "--tls-server-name", "localhost", "--cache-dir", self.empty_folder(), check=True)
        seen = json.loads(done.out)
        self.assertEqual(seen["code"], 0, seen["err"])
        self.assertGreater(seen["round_trips"], 4)

    def test_no_program_is_needed(self):
        empty = self.empty_folder()
        outcome, usual = settle_alike(lambda: healthy(PATH=empty, HELM_BIN="/nonexistent"), healthy)
        self.assertEqual(outcome.code, 0, outcome.explain())
        self.assertEqual(outcome.verdicts(), usual.verdicts())

    def empty_folder(self):
        folder = tempfile.TemporaryDirectory(prefix="signal-lab-empty-")
        self.addCleanup(folder.cleanup)
        return folder.name


if __name__ == "__main__":
    unittest.main()
