"""The oracle of `helm signal diff`: a pair of charts is installed and upgraded on the lab, and what Helm changed is seen by pictures of every object before and after.

A pair is one file of tests/lab/pairs (its README says what may stand in it). Each run has a namespace of its own and its own copy of the charts.
"""
import concurrent.futures
import functools
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

import yaml

from lab_support import BIN, LAB, LabError, in_lab, lab_environment

PAIRS = LAB / "pairs"
RELEASE = "app"
SETTLES_WITHIN = 30

# How a release comes into being and is upgraded: program and flags of each step.
WAYS = {
    "helm3": (("3",), ("3",)),
    "helm4-client": (("4", "--server-side=false"), ("4", "--server-side=false")),
    "helm4-server": (("4",), ("4",)),
    # Helm 4 goes on client-side with a release that Helm 3 has made, unless it is told otherwise.
    "helm3-then-4": (("3",), ("4",)),
    "helm3-then-4-server": (("3",), ("4", "--server-side=true")),
}
EVERYWHERE = ("helm3", "helm4-client", "helm4-server")

# Kinds that others than Helm write without being asked, or that are no objects of a release.
NOT_PICTURED = {"bindings", "componentstatuses", "controllerrevisions", "csistoragecapacities", "endpoints", "endpointslices", "events", "ipaddresses", "leases",
                "localsubjectaccessreviews", "nodes", "replicasets", "persistentvolumes", "certificatesigningrequests", "csinodes", "volumeattachments",
                "flowschemas", "prioritylevelconfigurations", "resourceslices", "apiservices", "servicecidrs"}
# Their controllers write the status, which moves the resourceVersion, and there is no generation to tell by.
BY_CONTENT = {"HorizontalPodAutoscaler", "PersistentVolumeClaim", "ResourceQuota", "Namespace", "Pod", "ReplicationController"}
# Written into every namespace by the controller manager.
OF_EVERY_NAMESPACE = {("ConfigMap", "kube-root-ca.crt"), ("ServiceAccount", "default")}
# Written by controllers into objects of others.
CONTROLLERS_ANNOTATIONS = {"deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation"}


class OverUnixSocket(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Api:
    """The lab's API server, reached from outside of its network through one `kubectl proxy`."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="signal-pairs-api-")
        self.path = f"{self.folder}/socket"
        world = lab_environment()
        self.proxy = subprocess.Popen(["/usr/bin/nsenter", f"--net={world['SIGNAL_LAB_NETNS']}", "kubectl", "proxy", f"--unix-socket={self.path}"],
                                      env=world, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.connections = threading.local()
        deadline = time.monotonic() + SETTLES_WITHIN
        while not os.path.exists(self.path):
            if time.monotonic() > deadline or self.proxy.poll() is not None:
                raise LabError("kubectl proxy did not start")
            time.sleep(0.05)
        self.pictured = [kind for kind in self.kinds() if kind["name"] not in NOT_PICTURED]

    def close(self):
        self.proxy.terminate()
        self.proxy.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, method, path, body=None):
        """The answer's document; None when there is no such thing. One connection a thread."""
        connection = getattr(self.connections, "one", None) or OverUnixSocket(self.path)
        self.connections.one = connection
        connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        if response.status == 404:
            return None
        if response.status >= 300:
            raise LabError(f"{method} {path}: {response.status} {answer[:300]}")
        return json.loads(answer)

    def get(self, path):
        return self.send("GET", path)

    def create_namespace(self, name):
        self.send("POST", "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def delete(self, kind, name):
        """A cluster-scoped object, without waiting for its end."""
        self.send("DELETE", f"{kind['base']}/{kind['name']}/{name}")

    def kinds(self, groups=None):
        """What can be listed, each as discovery has it, with its `base`; of all groups but metrics, or of these."""
        if groups is None:
            groups = [group["preferredVersion"]["groupVersion"] for group in self.get("/apis")["groups"] if "metrics" not in group["name"]]
            # Groups of custom resources belong to somebody else, or to one pair.
            groups = [group for group in groups if "example.com" not in group]
            groups.insert(0, "v1")
        found = []
        for group in groups:
            base = f"/api/{group}" if group == "v1" else f"/apis/{group}"
            for kind in (self.get(base) or {"resources": []})["resources"]:
                if "/" not in kind["name"] and "list" in kind["verbs"]:
                    found.append(dict(kind, base=base, apiVersion=group))
        return found

    def list(self, kind, namespace):
        place = f"/namespaces/{namespace}" if kind["namespaced"] else ""
        answer = self.get(f"{kind['base']}{place}/{kind['name']}")
        for item in (answer or {"items": []})["items"]:
            yield dict(item, kind=kind["kind"], apiVersion=kind["apiVersion"])

    def groups_of(self, word):
        """Custom resources' groups that have this in the name, in every served version's preferred one."""
        return [group["preferredVersion"]["groupVersion"] for group in self.get("/apis")["groups"] if word in group["name"]]


def identity(item):
    """(group, kind, namespace, name), whatever the version."""
    meta = item["metadata"]
    group = item["apiVersion"].rpartition("/")[0]
    return group, item["kind"], meta.get("namespace", ""), meta["name"]


class Seen:
    """One object at one moment, reduced to what tells whether somebody has changed it."""

    def __init__(self, item):
        meta = item["metadata"]
        self.uid, self.generation, self.version = meta["uid"], meta.get("generation"), meta["resourceVersion"]
        self.by_content = item["kind"] in BY_CONTENT
        self.hook = "helm.sh/hook" in meta.get("annotations", {})
        annotations = {name: value for name, value in meta.get("annotations", {}).items() if name not in CONTROLLERS_ANNOTATIONS}
        content = {name: value for name, value in item.items() if name not in ("status", "metadata")}
        content["metadata"] = {"labels": meta.get("labels") or {}, "annotations": annotations}
        self.content = json.dumps(content, sort_keys=True)

    def differs(self, other):
        """By generation, and by metadata, which has no generation; by resourceVersion where there is no generation."""
        if self.uid != other.uid or self.generation != other.generation or self.content != other.content:
            return True
        return self.generation is None and not self.by_content and self.version != other.version

    def only_touched(self, other):
        """Nothing but server-side bookkeeping (managedFields) has changed."""
        return self.uid == other.uid and self.content == other.content and self.generation == other.generation and self.version != other.version


def picture(api, namespaces):
    """identity -> Seen, of every object in these namespaces and of the cluster-scoped ones that name the first of them."""
    word, seen = namespaces[0], {}
    kinds = api.pictured + api.kinds(api.groups_of(word))
    for kind in kinds:
        for namespace in namespaces if kind["namespaced"] else namespaces[:1]:
            for item in api.list(kind, namespace):
                meta = item["metadata"]
                if is_of_release(item, kind, word):
                    seen[identity(item)] = Seen(item)
    return seen


def is_of_release(item, kind, word):
    meta = item["metadata"]
    if meta.get("ownerReferences") or meta.get("deletionTimestamp") or item.get("type") == "helm.sh/release.v1":
        return False
    if not kind["namespaced"]:
        return word in meta["name"] and item["kind"] != "Namespace"
    return (item["kind"], meta["name"]) not in OF_EVERY_NAMESPACE


class Pair:
    """One file of tests/lab/pairs."""

    def __init__(self, path):
        self.name = path.stem
        self.text = yaml.safe_load(path.read_text())
        unknown = set(self.text) - {"trait", "because", "ci", "also", "except", "before", "both", "old", "new", "steps", "flags", "expect", "in"}
        if unknown:
            raise LabError(f"{path}: unknown {sorted(unknown)}")

    @property
    def in_ci(self):
        return self.text.get("ci", False)

    @property
    def ways(self):
        return [*(way for way in EVERYWHERE if way not in self.text.get("except", [])), *self.text.get("also", [])]

    def flags(self, step):
        return self.text.get("flags", {}).get(step, "").split()

    def expectation(self, way):
        """What a person expects of Helm: {"added": […], "removed": […], "changed": […], "fails": "words of Helm's error" or None}."""
        known = {"added": [], "removed": [], "changed": [], "fails": None, **self.text.get("expect", {}), **self.text.get("in", {}).get(way, {})}
        return {name: sorted(value) if isinstance(value, list) else value for name, value in known.items()}

    def write_chart(self, version, folder, namespace):
        """The chart `old` or `new`; NAMESPACE in a text becomes the run's namespace (files of crds/ are no templates)."""
        files = {"Chart.yaml": {"apiVersion": "v2", "name": "app", "version": {"old": "1.0.0", "new": "1.1.0"}[version]}}
        files.update(self.text.get("both", {}))
        files.update(self.text.get(version) or {})
        for name, text in files.items():
            if text is None:
                continue
            path = folder / version / (name if "/" in name or name in ("Chart.yaml", "values.yaml", "values.schema.json") else f"templates/{name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            text = text if isinstance(text, str) else yaml.safe_dump(text)
            path.write_text(text.replace("NAMESPACE", namespace))
        return folder / version


def pairs():
    return [Pair(path) for path in sorted(PAIRS.glob("*.yaml"))]


class Observed:
    """What one run has shown. Names are Kind/name, or Kind/namespace/name outside of the release's namespace."""

    def __init__(self, namespace, before, after, upgrade, diff):
        self.namespace, self.upgrade, self.diff = namespace, upgrade, diff
        self.touched = {one for one in before.keys() & after.keys() if before[one].only_touched(after[one])}
        hooks = {one for one, seen in {**before, **after}.items() if seen.hook}
        self.added = after.keys() - before.keys() - hooks
        self.removed = before.keys() - after.keys() - hooks
        self.changed = {one for one in before.keys() & after.keys() if before[one].differs(after[one])} - hooks - self.touched

    @property
    def failed(self):
        return self.upgrade.code != 0

    def name(self, one):
        _, kind, namespace, name = one
        name = name.replace(self.namespace, "NAMESPACE")
        return f"{kind}/{name}" if namespace in ("", self.namespace) else f"{kind}/{namespace.replace(self.namespace, 'NAMESPACE')}/{name}"

    def names(self, ones):
        return sorted(map(self.name, ones))

    def summary(self):
        return {name: self.names(getattr(self, name)) for name in ("added", "removed", "changed")}

    def predicted(self):
        """The objects that the diff says Helm will write, in the same three sets."""
        sets = {"added": set(), "removed": set(), "changed": set()}
        for resource in self.diff.report["resources"]:
            if resource["writes"]:
                group = resource["apiVersion"].rpartition("/")[0]
                one = (group, resource["kind"], resource.get("namespace", ""), resource["name"])
                sets[resource["change"] if resource["change"] in sets else "changed"].add(one)
        return {name: self.names(ones) for name, ones in sets.items()}


@functools.lru_cache(maxsize=None)
def helm_program(major):
    """Helm under its own name: it calls itself by it in managedFields."""
    folder = pathlib.Path(tempfile.gettempdir()) / f"signal-pairs-{os.getpid()}-helm{major}"
    folder.mkdir(exist_ok=True)
    program = folder / "helm"
    program.unlink(missing_ok=True)
    program.symlink_to(lab_environment()[f"SIGNAL_LAB_HELM{major}"])
    return program


def remove_programs():
    for major in ("3", "4"):
        shutil.rmtree(pathlib.Path(tempfile.gettempdir()) / f"signal-pairs-{os.getpid()}-helm{major}", ignore_errors=True)


class Run:
    """One pair in one way."""

    def __init__(self, api, pair, way, with_diff):
        self.api, self.pair, self.way, self.with_diff = api, pair, way, with_diff
        self.namespace = f"pair-{hashlib.sha256(f'{pair.name} {way}'.encode()).hexdigest()[:8]}-{os.getpid()}"
        self.installs, self.upgrades = WAYS[way]

    def helm(self, step, *arguments, check=True):
        return in_lab(helm_program(step[0]), *arguments, "-n", self.namespace, *step[1:], check=check)

    def shell(self, command):
        """kubectl works in the run's namespace; $CHARTS is the folder of `old` and `new`, `upgrade` is Helm's with this way's flags."""
        major, *flags = self.upgrades
        preamble = f'kubectl() {{ command kubectl -n {self.namespace} "$@"; }}\n'
        preamble += f'upgrade() {{ {helm_program(major)} upgrade {RELEASE} -n {self.namespace} {" ".join(flags)} "$@"; }}\n'
        in_lab("/bin/bash", "-e", "-o", "pipefail", "-c", preamble + command.replace("NAMESPACE", self.namespace), check=True, CHARTS=str(self.folder))

    def observe(self):
        with tempfile.TemporaryDirectory(prefix="signal-pair-") as folder:
            self.folder = pathlib.Path(folder)
            try:
                return self.upgrade_between_pictures()
            finally:
                self.remove()

    def upgrade_between_pictures(self):
        pair = self.pair
        old, new = (pair.write_chart(version, self.folder, self.namespace) for version in ("old", "new"))
        for namespace in self.namespaces():
            self.api.create_namespace(namespace)
        for command in pair.text.get("before", []):
            self.shell(command)
        self.helm(self.installs, "install", RELEASE, old, *pair.flags("install"))
        for command in pair.text.get("steps", []):
            self.shell(command)
        self.settle()
        before = picture(self.api, self.namespaces())
        diff = self.ask_diff(new) if self.with_diff else None
        upgrade = self.helm(self.upgrades, "upgrade", RELEASE, new, *pair.flags("upgrade"), check=False)
        return Observed(self.namespace, before, self.after(), upgrade, diff)

    def namespaces(self):
        """The run's own, and a second one for the pairs that speak of it."""
        return [self.namespace, f"{self.namespace}-other"] if "NAMESPACE-other" in str(self.pair.text) else [self.namespace]

    def ask_diff(self, chart):
        """As Helm would start the plugin."""
        major, *flags = self.upgrades
        return in_lab(BIN / "helm-signal", "diff", "upgrade", RELEASE, chart, *flags, *self.pair.flags("upgrade"), "-o", "json",
                      HELM_BIN=str(helm_program(major)), HELM_NAMESPACE=self.namespace)

    def settle(self):
        """Controllers have seen what was installed, so that they write nothing more but status."""
        deadline = time.monotonic() + SETTLES_WITHIN
        while not all(map(is_seen_by_controller, self.controlled())):
            if time.monotonic() > deadline:
                raise LabError(f"{self.namespace} does not settle")
            time.sleep(0.1)

    def controlled(self):
        for kind in self.api.pictured:
            if kind["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "CustomResourceDefinition"):
                for item in self.api.list(kind, self.namespace):
                    if kind["namespaced"] or self.namespace in item["metadata"]["name"]:
                        yield item

    def after(self):
        return picture(self.api, self.namespaces())

    def remove(self):
        for kind in self.api.pictured:
            if not kind["namespaced"]:
                for item in self.api.list(kind, ""):
                    if self.namespace in item["metadata"]["name"]:
                        self.api.delete(kind, item["metadata"]["name"])


def is_seen_by_controller(item):
    status = item.get("status", {})
    if item["kind"] == "CustomResourceDefinition":
        return any(condition["type"] == "Established" and condition["status"] == "True" for condition in status.get("conditions", []))
    return status.get("observedGeneration", 0) >= item["metadata"]["generation"]


class Runs:
    """Runs of pairs, several at once; each result is there when it is asked for."""

    def __init__(self, wanted, with_diff, at_once=4):
        self.api = Api()
        self.pool = concurrent.futures.ThreadPoolExecutor(at_once)
        self.started = {(pair.name, way): self.pool.submit(Run(self.api, pair, way, with_diff).observe) for pair, way in wanted}

    def result(self, pair, way):
        return self.started[pair.name, way].result()

    def close(self):
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.api.close()
        remove_programs()
