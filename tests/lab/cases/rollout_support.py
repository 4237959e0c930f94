"""What the cases about `kubectl signal rollout` share: small releases of one Deployment, the command with its times, and an independent witness."""
import atexit
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

import lab_support
from lab_support import BIN, LAB, PROFILE, ROOT, in_lab, lab_environment

ACT = "127.0.0.1:5000/lab/act:1"
ACT_AS_ROOT = "127.0.0.1:5000/lab/act:root"
# Set to a folder, each command followed here leaves its recording there, for tests/fixtures/rollouts.
RECORDINGS = os.environ.get("SIGNAL_RECORDINGS")
IN_SOAK = os.environ.get("SIGNAL_SOAK") == "1"
# Seconds from when a cause can be seen to the verdict, its grace aside. Two are what the command promises. On CI's two cores, six rollouts at
# once starve a process for longer than that now and then: there a verdict must only be sooner than a next list or a deadline would bring it.
# The figures are printed in either case.
VERDICT_WITHIN = 2.0 if IN_SOAK else 15.0


def grace_of(name):
    """Seconds that a class may last, as the table of common/core/rollout/cause.cc has it."""
    table = (ROOT / "common/core/rollout/cause.cc").read_text()
    row = re.search(rf'"{re.escape(name)}",\s*"SIG-[A-Z]+-\d+",\s*seconds\((\d+)\)', table)
    if row is None:
        raise AssertionError(f"there is no class {name}")
    return int(row.group(1))


class Followed(lab_support.Outcome):
    """One run of `rollout`: `began` and `ended` are seconds of the machine's clock."""

    def __init__(self, code, out, err, began, ended):
        super().__init__(code, out, err)
        self.began, self.ended = began, ended

    def table(self, name):
        return [row for section in self.report["sections"] if section["name"] == name for row in section["rows"]]

    @property
    def classes(self):
        return {row["class"] for row in self.table("objects")}

    def story(self):
        """What an assertion's message shows."""
        lines = [f"exit code {self.code} after {self.ended - self.began:.1f} s: {self.report['verdictDetail']}"]
        lines += ["  {class} {object} {container}: {summary}".format(**row) for row in self.table("objects")]
        return "\n".join(lines + [self.err[-3000:]])


def recording_flags(name):
    if not RECORDINGS:
        return []
    pathlib.Path(RECORDINGS).mkdir(parents=True, exist_ok=True)
    return ["--record", pathlib.Path(RECORDINGS).resolve() / f"{name}.jsonl"]


def follow(namespace, *arguments, record="", deadline="4m"):
    """`rollout -o json` to its end; `record` is the name of the recording, where recordings are wanted. The longest grace of a class is two minutes."""
    command = ["rollout", "-n", namespace, "-o", "json", "--deadline", deadline, "--config", PROFILE, *arguments]
    began = time.time()
    outcome = lab_support.signal(*command, *(recording_flags(record) if record else []), timeout=900)
    return Followed(outcome.code, outcome.out, outcome.err, began, time.time())


class Onlooker:
    """`rollout --watch` beside whatever happens: it says each state that a workload is in, and so each alarm."""

    def __init__(self, namespace):
        command = ["/usr/bin/nsenter", f"--net={lab_environment()['SIGNAL_LAB_NETNS']}", BIN / "kubectl-signal", "rollout", "-n", namespace, "--watch",
                   "-o", "json", "--deadline", "15m", "--config", PROFILE]
        self.said = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, env=lab_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.said)
        atexit.register(self.stop)

    def lines(self):
        """What it has said so far."""
        self.said.flush()
        return pathlib.Path(f"/proc/self/fd/{self.said.fileno()}").read_text().splitlines()

    def wait_until_it_looks(self):
        deadline = time.monotonic() + 20
        while not self.lines() and time.monotonic() < deadline:
            time.sleep(0.05)

    def alarms(self):
        return [line for line in self.lines() if re.search(r"^\S+ \w+/\S+ failed:", line)]

    def stop(self):
        atexit.unregister(self.stop)
        if self.process.poll() is None:
            self.process.send_signal(2)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Helper:
    """A program of tests/lab/lib beside the tests, inside the lab's network; it ends when its input ends."""

    def __init__(self, name, *arguments):
        command = ["/usr/bin/nsenter", f"--net={lab_environment()['SIGNAL_LAB_NETNS']}", sys.executable, LAB / "lib" / name, *arguments]
        self.process = subprocess.Popen(command, env=lab_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self.stop)
        self.first_line = self.process.stdout.readline()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
        atexit.unregister(self.stop)


class Witness(Helper):
    """Sees what the API server says about namespaces of this test, by watches of its own, and remembers when."""

    def __init__(self, prefix):
        super().__init__("watch_api.py", prefix)
        self.lock = threading.Lock()
        self.seen = {}  # namespace -> [(seconds, kind, change, object)]
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            change = json.loads(line)
            with self.lock:
                self.seen.setdefault(change["object"]["metadata"]["namespace"], []).append((change["at"], change["kind"], change["type"], change["object"]))

    def stop(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.reader.join(60)
        super().stop()

    def first_time(self, namespace, is_visible, after=0.0):
        """When the objects of the namespace first showed it, `after` that time. `is_visible` gets a World, and may name a (later) time itself."""
        with self.lock:
            changes = list(self.seen.get(namespace, ()))
        world = World()
        for at, kind, how, item in changes:
            world.put(kind, how, item)
            shown = at >= after and is_visible(world)
            if shown:
                return max(at, shown) if isinstance(shown, float) else at
        return None


class World:
    """The objects of one namespace as they were at a time."""

    def __init__(self):
        self.objects = {}

    def put(self, kind, how, item):
        of_kind = self.objects.setdefault(kind, {})
        if how == "DELETED":
            of_kind.pop(item["metadata"]["uid"], None)
        else:
            of_kind[item["metadata"]["uid"]] = item

    def all(self, kind):
        return list(self.objects.get(kind, {}).values())

    def containers(self):
        """Of pods that are not on their way out."""
        for one in self.all("Pod"):
            if "deletionTimestamp" not in one["metadata"]:
                yield from one["status"].get("initContainerStatuses", [])
                yield from one["status"].get("containerStatuses", [])

    def of(self, workload):
        """Only the pods of this workload, everything else as it is."""
        part = World()
        part.objects = dict(self.objects, Pod={uid: one for uid, one in self.objects.get("Pod", {}).items()
                                               if one["metadata"]["labels"]["app.kubernetes.io/name"] == workload})
        return part

    def conditions(self, kind, name):
        for item in self.all(kind):
            yield from (one for one in item["status"].get("conditions", []) if one["type"] == name)


# What a witness is asked: each returns a function of a World.


def waiting(*reasons, text=""):
    """A container waits for one of these reasons, with these words."""
    def shown(world):
        states = [container["state"].get("waiting", {}) for container in world.containers()]
        return any(state.get("reason") in reasons and text in state.get("message", "") for state in states)
    return shown


def not_pulled(text=""):
    return waiting("ErrImagePull", "ImagePullBackOff", text=text)


def event(reason, text=""):
    return lambda world: any(one.get("reason") == reason and text in one.get("message", "") for one in world.all("Event"))


def unschedulable(text):
    return lambda world: any(one["status"] == "False" and text in one.get("message", "") for one in world.conditions("Pod", "PodScheduled"))


def refused(text):
    """The ReplicaSet cannot make a pod: its condition says so."""
    return lambda world: any(one["status"] == "True" and text in one.get("message", "") for one in world.conditions("ReplicaSet", "ReplicaFailure"))


def ends_again(**how):
    """A container has ended twice, or is said to be in a loop; its end has these fields."""
    def shown(world):
        for container in world.containers():
            ends = [container[state]["terminated"] for state in ("state", "lastState") if "terminated" in container.get(state, {})]
            loops = container["state"].get("waiting", {}).get("reason") == "CrashLoopBackOff"
            again = loops or container["restartCount"] + ("terminated" in container["state"]) >= 2
            if again and any(all(end.get(name) == value for name, value in how.items()) for end in ends):
                return True
        return False
    return shown


def of(workload, shown):
    return lambda world: shown(world.of(workload))


def ends_after_migrations(world):
    """An end of a container later than that of the newest `migrate`: before, it may have been for want of the schema."""
    if any(one["name"] == "migrate" and "terminated" not in one["state"] for one in world.containers()):
        return False
    ends = [(container["name"], container[state]["terminated"]["finishedAt"]) for container in world.containers() for state in ("state", "lastState")
            if "terminated" in container.get(state, {})]
    through = max((at for name, at in ends if name == "migrate"), default=None)
    return through is not None and any(name != "migrate" and at > through for name, at in ends)


def cannot_start(text):
    """The runtime could not start it (StartError), or the kubelet says so."""
    def shown(world):
        for container in world.containers():
            for state in (container.get("state", {}), container.get("lastState", {})):
                if text in state.get("terminated", {}).get("message", "") or text in state.get("waiting", {}).get("message", ""):
                    return True
        return False
    return shown


def runs_unready(world):
    return any("running" in container["state"] and not container["ready"] for container in world.containers())


def both(*shown):
    return lambda world: all(one(world) for one in shown)


# A release of one Deployment.


def container(*command, **more):
    return {"name": "main", "image": ACT, "command": ["/app/act", *map(str, command)] if command else ["/app/act", "sleep"], **more}


def probe(*command, **more):
    return {"exec": {"command": ["/app/act", *map(str, command)]}, "periodSeconds": 1, "timeoutSeconds": 5, **more}


# The pod stays out of Ready, so that the rollout is not complete before it fails.
NEVER_READY = {"readinessProbe": probe("exit", 1, periodSeconds=5)}
STARTS_FOR_LONG = {"startupProbe": probe("exit", 1, periodSeconds=5, failureThreshold=600)}


def pod(*containers, **more):
    return {"serviceAccountName": "datafly", "automountServiceAccountToken": False, "terminationGracePeriodSeconds": 1, "enableServiceLinks": False,
            "containers": list(containers) or [container()], **more}


def workload(kind, namespace, template, name="worker", finalizers=(), **more):
    """A workload of the release; `finalizers` are its pods'."""
    names = {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "datafly"}
    release = {"meta.helm.sh/release-name": "datafly", "meta.helm.sh/release-namespace": namespace}
    spec = {"replicas": 1, "selector": {"matchLabels": names}, **more,
            "template": {"metadata": {"labels": names, "finalizers": list(finalizers)}, "spec": template}}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": namespace, "labels": names, "annotations": release}, "spec": spec}


def deployment(namespace, template, strategy=None, **more):
    """By default with the chart's strategy."""
    return workload("Deployment", namespace, template, strategy=strategy or {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}, **more)


def stateful_set(namespace, template, **more):
    return workload("StatefulSet", namespace, template, serviceName="worker", **more)


def namespace_object(name, **labels):
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def service_account(namespace):
    """The pods' own: the namespace's default one takes a moment, and pods made before it are refused."""
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "datafly", "namespace": namespace}}


def apply(*objects):
    """These, in this order."""
    in_lab("kubectl", "apply", "-f", "-", check=True, stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)}))


def change_template(namespace, name="deployment/worker"):
    patch = {"spec": {"template": {"metadata": {"annotations": {"changed": str(time.time())}}}}}
    in_lab("kubectl", "-n", namespace, "patch", name, "--patch", json.dumps(patch), check=True)


def wait_until_ready(namespace, name="deployment/worker"):
    in_lab("kubectl", "-n", namespace, "rollout", "status", name, "--timeout=120s", check=True)
