"""The oracle of `helm signal diff`: a pair of charts is installed and upgraded on the lab, and what Helm changed is seen by pictures of every object before and after.

A pair is one file of tests/lab/pairs (its README says what may stand in it). Each run has a namespace of its own and its own copy of the charts.
"""
import concurrent.futures
import functools
import hashlib
import os
import pathlib
import shutil
import tempfile
import time

import yaml

from lab_support import BIN, LAB, LabError, in_lab, lab_environment
from pictures import Api, picture

PAIRS = LAB / "pairs"
RELEASE = "app"
SETTLES_WITHIN = 120

# Classes of risk that say: the API server will not let Helm change this object.
REFUSALS = {"replaces-object", "conflicts", "refused"}

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

class Pair:
    """One file of tests/lab/pairs."""

    def __init__(self, path):
        self.name = path.stem
        self.text = yaml.safe_load(path.read_text())
        unknown = set(self.text) - {"trait", "because", "ci", "also", "except", "before", "both", "old", "new", "steps", "flags", "rollback", "expect", "in"}
        if unknown:
            raise LabError(f"{path}: unknown {sorted(unknown)}")

    @property
    def in_ci(self):
        return self.text.get("ci", False)

    @property
    def is_rollback(self):
        return self.text.get("rollback", False)

    @property
    def ways(self):
        return [*(way for way in EVERYWHERE if way not in self.text.get("except", [])), *self.text.get("also", [])]

    def flags(self, step):
        return self.text.get("flags", {}).get(step, "").split()

    def expectation(self, way):
        """What a person expects of Helm: lists `added`, `removed`, `changed`, `touched`, `refused`, and `fails`, words of Helm's error or None."""
        known = {"added": [], "removed": [], "changed": [], "touched": [], "refused": [], "fails": None, **self.text.get("expect", {}), **self.text.get("in", {}).get(way, {})}
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

    def __init__(self, namespace, before, after, done, diff):
        self.namespace, self.done, self.diff = namespace, done, diff
        before, after = ({one: seen for one, seen in picture.items() if not seen.is_hook} for picture in (before, after))
        both = before.keys() & after.keys()
        self.added = after.keys() - before.keys()
        self.removed = before.keys() - after.keys()
        self.changed = {one for one in both if before[one].differs(after[one])}
        self.touched = {one for one in both if before[one].is_touched(after[one])}

    @property
    def failed(self):
        return self.done.code != 0

    def name(self, one):
        _, kind, namespace, name = one
        name = name.replace(self.namespace, "NAMESPACE")
        return f"{kind}/{name}" if namespace in ("", self.namespace) else f"{kind}/{namespace.replace(self.namespace, 'NAMESPACE')}/{name}"

    def names(self, ones):
        return sorted(map(self.name, ones))

    def summary(self, *sets):
        return {name: self.names(getattr(self, name)) for name in sets or ("added", "removed", "changed")}

    def predicted(self):
        """The objects that the diff says Helm will write and the API server will take, in the same three sets."""
        sets = {"added": set(), "removed": set(), "changed": set()}
        for resource in self.diff.report["resources"]:
            if resource["writes"] and not is_refused(resource):
                change = "added" if resource["change"] == "recreated" else resource["change"]
                sets[change].add(identity_in_diff(resource))
        return {name: self.names(ones) for name, ones in sets.items()}

    def refused(self):
        return self.names(identity_in_diff(resource) for resource in self.diff.report["resources"] if is_refused(resource))


def identity_in_diff(resource):
    return resource["apiVersion"].rpartition("/")[0], resource["kind"], resource.get("namespace", ""), resource["name"]


def is_refused(resource):
    return any(risk["class"] in REFUSALS for risk in resource.get("risks", []))


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

    def __init__(self, api, pair, way):
        self.api, self.pair, self.way = api, pair, way
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
                return self.act_between_pictures()
            finally:
                self.remove()

    def act_between_pictures(self):
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
        before = self.picture()
        diff, done = self.roll_back() if pair.is_rollback else self.upgrade(new)
        return Observed(self.namespace, before, self.picture(), done, diff)

    def namespaces(self):
        """The run's own, and a second one for the pairs that speak of it."""
        return [self.namespace, f"{self.namespace}-other"] if "NAMESPACE-other" in str(self.pair.text) else [self.namespace]

    def upgrade(self, chart):
        """What the diff says, and then how Helm's upgrade ended."""
        flags = self.pair.flags("upgrade")
        return (self.ask_diff("upgrade", RELEASE, chart, *self.upgrades[1:], *flags),
                self.helm(self.upgrades, "upgrade", RELEASE, chart, *flags, check=False))

    def roll_back(self):
        """The same for the way back, on which Helm goes as the revision was applied."""
        return self.ask_diff("rollback", RELEASE, "1"), self.helm(self.upgrades[:1], "rollback", RELEASE, "1", check=False)

    def ask_diff(self, *arguments):
        """As Helm would start the plugin."""
        return in_lab(BIN / "helm-signal", "diff", *arguments, "-o", "json", HELM_BIN=str(helm_program(self.upgrades[0])), HELM_NAMESPACE=self.namespace)

    def settle(self):
        """Controllers have seen what was installed, so that they write nothing more but status."""
        deadline = time.monotonic() + SETTLES_WITHIN
        while not all(map(is_seen_by_controller, self.controlled())):
            if time.monotonic() > deadline:
                raise LabError(f"{self.namespace} does not settle")
            time.sleep(0.1)

    def controlled(self):
        for kind in self.api.pictured:
            if kind["kind"] in ("Deployment", "StatefulSet", "DaemonSet") or kind["kind"] == "CustomResourceDefinition" and self.reaches_beyond():
                for item in self.api.list(kind, self.namespace):
                    if kind["namespaced"] or self.namespace in item["metadata"]["name"]:
                        yield item

    def picture(self):
        return picture(self.api, self.namespaces(), self.reaches_beyond())

    def reaches_beyond(self):
        """What a pair has outside of namespaces bears the namespace's name."""
        return "NAMESPACE" in str(self.pair.text) or ".Release.Namespace" in str(self.pair.text)

    def remove(self):
        for kind in self.api.pictured:
            if not kind["namespaced"] and (kind["kind"] == "Namespace" or self.reaches_beyond()):
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

    def __init__(self, wanted, at_once=4):
        self.api = Api()
        for major in ("3", "4"):
            helm_program(major)  # before the threads, which share it
        self.pool = concurrent.futures.ThreadPoolExecutor(at_once)
        self.started = {(pair.name, way): self.pool.submit(Run(self.api, pair, way).observe) for pair, way in wanted}

    def result(self, pair, way):
        return self.started[pair.name, way].result()

    def close(self):
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.api.close()
        remove_programs()
