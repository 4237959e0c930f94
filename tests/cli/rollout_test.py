"""`rollout` by the real binary: an API server that is away when the following begins, one that may not be watched, a recording that is kept."""
import json
import signal
import subprocess
import threading
import time
import unittest

from fake_api import FakeApi, Release, kubeconfig
from support import BIN, TIMEOUT, CliCase

FOLLOWED = ("/deployments", "/statefulsets", "/daemonsets", "/replicasets", "/pods", "/events")


def deployment(ready=1, message=""):
    conditions = [{"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable", "message": message}] if message else []
    return {"kind": "Deployment", "apiVersion": "apps/v1",
            "metadata": {"name": "gateway", "namespace": "datafly", "uid": "d", "generation": 1, "annotations": {"meta.helm.sh/release-name": "datafly"}},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "gateway"}}},
            "status": {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": ready, "availableReplicas": ready,
                       "conditions": conditions}}


class RolloutApi(FakeApi):
    """One Deployment. `away`: seconds for which nothing that is followed can be read, from the second list of Deployments on (the first is of the
    look before the following). Watches get no stream, so that everything is listed again each second."""

    def __init__(self, shown, away=0.0, refused=(), **more):
        self.shown, self.away, self.refused, self.lists, self.away_until = shown, away, refused, 0, 0.0
        super().__init__(Release("datafly"), **more)

    def answer(self, path):
        if path.endswith("/deployments"):
            self.lists += 1
            if self.lists == 2:
                self.away_until = time.monotonic() + self.away
        # The look before the following reads no events; the lists that follow come in any order.
        following = path.endswith(FOLLOWED) and (self.lists >= 2 or path.endswith("/events"))
        if following and time.monotonic() < self.away_until:
            return 503, {"kind": "Status", "reason": "ServiceUnavailable", "code": 503, "message": "apiserver is shutting down"}
        if following and path.endswith(self.refused or ("-",)):
            return self.refuse(path)
        if path.endswith("/deployments"):
            return 200, self.listed([self.shown])
        return super().answer(path)


class RolloutCase(CliCase):
    def serve(self, *arguments, **more):
        self.api = RolloutApi(*arguments, **more)
        self.addCleanup(self.api.close)
        (self.home / "kubeconfig").write_text(kubeconfig({"prod": self.api.url}), encoding="utf-8")

    def arguments(self, *more):
        return ("rollout", "--kubeconfig", self.home / "kubeconfig", "--deadline", "15s", *more)


class Rollout(RolloutCase):
    def test_a_server_that_is_away_at_the_beginning_is_asked_again(self):
        self.serve(deployment(), away=3.5)
        outcome = self.run_signal(*self.arguments())
        self.assertEqual(outcome.code, 0, outcome.out + outcome.err)
        self.assertIn("complete", outcome.out)
        self.assertRegex(outcome.err, r"nothing has been heard since \d\d:\d\d:\d\dZ: .*apiserver is shutting down; trying again\n")

    def start(self, *more):
        child = subprocess.Popen([str(BIN / "kubectl-signal"), *map(str, self.arguments(*more))], env=self.environment(), cwd=self.home,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        end = time.monotonic() + TIMEOUT
        while self.api.lists < 3 and time.monotonic() < end:
            time.sleep(0.05)
        return child

    def test_a_server_that_goes_away_and_comes_back_is_told_and_nothing_is_lost(self):
        self.serve(deployment(ready=0))
        child = self.start("--deadline", "40s")
        port = self.api.server.server_port
        self.api.close()
        time.sleep(4)
        self.api = RolloutApi(deployment(ready=1), port=port)
        self.addCleanup(self.api.close)
        out, err = child.communicate(timeout=TIMEOUT)
        self.assertEqual(child.returncode, 0, out + err)
        self.assertRegex(err, rf"Z nothing has been heard since \d\d:\d\d:\d\dZ: connection refused by 127.0.0.1:{port}; trying again\n")
        self.assertRegex(err, r"Z heard again after \d+s")

    def test_no_grace_runs_out_while_the_server_is_away(self):
        refused = deployment(ready=0)
        refused["status"].update(updatedReplicas=0, conditions=[
            {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "lastTransitionTime": time.strftime("%FT%TZ", time.gmtime()),
             "message": 'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1'}])
        self.serve(refused)
        child = self.start("--deadline", "60s")
        port = self.api.server.server_port
        self.api.close()
        time.sleep(12)  # the class has a grace of ten seconds
        self.api = RolloutApi(deployment(ready=1), port=port)
        self.addCleanup(self.api.close)
        out, err = child.communicate(timeout=TIMEOUT)
        self.assertEqual(child.returncode, 0, out + err)
        self.assertIn("in-doubt", err)
        self.assertNotIn(" failed:", err)

    def test_a_server_that_stays_away_is_no_verdict_about_the_workloads(self):
        self.serve(deployment(ready=0))
        child = self.start("-o", "json", "--deadline", "6s")
        self.api.close()
        out, err = child.communicate(timeout=TIMEOUT)
        self.assertEqual(child.returncode, 5, out + err)
        document = json.loads(out)
        self.assertEqual(document["verdict"], "not known")
        self.assertRegex(document["verdictDetail"], "nothing has been heard since .*: connection refused")

    def test_workloads_that_may_not_be_followed_are_not_known(self):
        self.serve(deployment(ready=0), refused=("/deployments",))
        began = time.monotonic()
        outcome = self.run_signal(*self.arguments("-o", "json"))
        self.assertEqual(outcome.code, 5, outcome.out + outcome.err)
        self.assertEqual(json.loads(outcome.out)["verdict"], "not known")
        self.assertIn("deployments in datafly", outcome.out)
        self.assertLess(time.monotonic() - began, 12, "there is nothing to wait for")

    def test_events_that_may_not_be_read_are_told_and_decide_nothing(self):
        self.serve(deployment(), refused=("/events",))
        outcome = self.run_signal(*self.arguments("-o", "json"))
        self.assertEqual(outcome.code, 0, outcome.out + outcome.err)
        unknown = [finding for section in json.loads(outcome.out)["sections"] for finding in section.get("findings", [])]
        self.assertEqual([(one["verdict"], one["requirement"]) for one in unknown], [("unknown", "advisory")], unknown)

    def test_workloads_of_before_are_not_complete_while_helm_is_at_work(self):
        self.serve(deployment())
        release = self.api.releases[0]
        release.status = "pending-upgrade"
        began = time.monotonic()
        threading.Timer(3, setattr, (release, "status", "deployed")).start()
        outcome = self.run_signal(*self.arguments())
        self.assertEqual(outcome.code, 0, outcome.out + outcome.err)
        self.assertGreater(time.monotonic() - began, 3, "helm had not applied anything")

    def test_a_lock_that_a_dead_helm_left_is_not_waited_for(self):
        self.serve(deployment())
        release = self.api.releases[0]
        release.status, release.labels = "pending-upgrade", {"modifiedAt": str(int(time.time()) - 1200)}
        outcome = self.run_signal(*self.arguments("-o", "json"))
        self.assertEqual(outcome.code, 5, outcome.out + outcome.err)
        self.assertIn("revision 1 is pending-upgrade for 20m", outcome.out)

    def test_an_interrupt_keeps_the_recording_and_no_secret_is_in_it(self):
        self.serve(deployment(ready=0, message="cannot reach postgres://signal:hunter2@db/events"))
        file = self.home / "seen.jsonl"
        child = self.start("--record", file)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=TIMEOUT)
        self.assertEqual(child.returncode, 130, err)
        recorded = file.read_text(encoding="utf-8")
        self.assertIn("gateway", recorded)
        self.assertIn("postgres://", recorded)
        self.assertNotIn("hunter2", recorded)


if __name__ == "__main__":
    unittest.main()
