"""Runs the real plugin against the real cluster of the lab: what all cases here share.

Everything happens inside the lab's network namespace, with the environment that `lab exec` gives. A case has a namespace of its own, installed by
`lab install`, broken by a script of sabotage/ or a broken version, and removed when its class ends, also after a failure.
"""
import atexit
import concurrent.futures
import functools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

LAB = pathlib.Path(__file__).resolve().parent.parent
ROOT = LAB.parent.parent
BIN = pathlib.Path(os.environ.get("SIGNAL_BIN_DIR", ROOT / "build" / "dev" / "bin"))
PROFILE = LAB / "profile.yaml"
HEALTHY = "datafly"  # the namespace that `lab up` fills; cases only read it
COMMAND_TIMEOUT = 180
SETTLES_WITHIN = 240

# What no check can tell yet; advisory, and so without weight.
NOT_AVAILABLE_YET = {"SIG-LAG-001", "SIG-MIG-001"}
# Services of one replica by the chart's default.
SINGLE_BY_DEFAULT = {"Deployment/identity-hub", "Deployment/management-api", "Deployment/management-ui"}

# Quick pods: nothing to drain, one second to end. A busy machine may take its time to start them.
QUICK = ("--set", "rollout.drainSeconds=0,rollout.terminationGracePeriodSeconds=1,rollout.progressDeadlineSeconds=600")


class LabError(Exception):
    """A preparation failed: what ran and what it said."""


@functools.lru_cache(maxsize=None)
def lab_environment():
    """The environment inside the lab; `helm` (Helm 4) and `kubectl signal` are on its PATH, as on an administrator's machine."""
    raw = subprocess.run([str(LAB / "lab"), "exec", "env", "-0"], stdout=subprocess.PIPE, check=True).stdout.decode()
    world = dict(line.split("=", 1) for line in raw.split("\0") if "=" in line)
    world["PATH"] = f"{programs_folder(world['SIGNAL_LAB_HELM4'])}:{BIN}:{world['PATH']}"
    world["SSL_CERT_FILE"] = world["SIGNAL_LAB_REGISTRY_CA"]  # the machine trusts the authority that the registries' certificates come from
    world.pop("HELM_BIN", None)
    return world


def programs_folder(helm):
    """A folder that has only `helm`."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="signal-lab-cases-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "helm").symlink_to(helm)
    return folder


class Outcome:
    """How a command ended. `report` is the parsed document when it printed one."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @functools.cached_property
    def report(self):
        try:
            return json.loads(self.out)
        except ValueError as error:
            raise AssertionError(f"no report (exit code {self.code}): {error}\n{self.err}\n{self.out[:2000]}") from error

    @functools.cached_property
    def findings(self):
        return [finding for section in self.report["sections"] for finding in section.get("findings", [])]

    def where(self, **wanted):
        """The findings whose fields have these values: where(verdict="fail", code="SIG-REL-003")."""
        return [finding for finding in self.findings if all(finding[name] == value for name, value in wanted.items())]

    def codes(self, verdict, **wanted):
        return {finding["code"] for finding in self.where(verdict=verdict, **wanted)}

    def pairs(self, verdict):
        return {(finding["code"], finding["object"]) for finding in self.where(verdict=verdict)}

    def verdicts(self):
        """Everything that was judged, in a form that can be compared: (code, object) -> verdict."""
        return {(finding["code"], finding["object"]): finding["verdict"] for finding in self.findings}

    def explain(self):
        """What an assertion's message shows: all that did not pass."""
        lines = [f"exit code {self.code}: {self.report['verdictDetail']} {self.err}".rstrip()]
        for finding in self.findings:
            if finding["verdict"] in ("fail", "warn", "unknown"):
                lines.append("  {verdict:7} {code} {object}: {seen} -> {remedy}".format(**finding))
        return "\n".join(lines)


def in_lab(*command, check=False, timeout=COMMAND_TIMEOUT, stdin=None, **changes):
    """One command inside the lab's network; keyword arguments change its environment (None removes)."""
    environment = dict(lab_environment(), **changes)
    environment = {name: value for name, value in environment.items() if value is not None}
    # The shell that starts the namespace's program is ours: the program's own PATH may be empty.
    done = subprocess.run(["/usr/bin/nsenter", f"--net={environment['SIGNAL_LAB_NETNS']}", *map(str, command)], input=stdin,
                          stdin=subprocess.DEVNULL if stdin is None else None, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=environment, text=True, errors="replace", timeout=timeout)
    if check and done.returncode != 0:
        raise LabError(f"{' '.join(map(str, command))}\nended with {done.returncode}: {done.stderr}{done.stdout}")
    return Outcome(done.returncode, done.stdout, done.stderr)


def signal(*arguments, **changes):
    """kubectl-signal, as it stands."""
    return in_lab(BIN / "kubectl-signal", *arguments, **changes)


def preflight(namespace, *arguments, profile=PROFILE, **changes):
    """`preflight -o json` with the lab's profile."""
    config = ["--config", profile] if profile else []
    return signal("preflight", "-n", namespace, "-o", "json", "--deadline", "2m", *config, *arguments, **changes)


def calm(outcome):
    """No probe was late, no autoscaler waits for its first metrics or is at its maximum: on a busy machine these come and go, and are not what a case is
    about."""
    passing = ("SIG-POD-015", "SIG-WRK-002", "SIG-HPA-002", "SIG-HPA-003")
    return not outcome.codes("fail") & set(passing) and not outcome.codes("warn") & set(passing)


def ready_to_change(namespace):
    """Preflight of a release just installed, when its autoscalers have looked and every replica that they ask for is Ready.

    An autoscaler that has not looked yet is a warning: the gates would be open, and shut a moment later, when it has made its second pod.
    """
    return settle(lambda: preflight(namespace), lambda outcome: outcome.code == 0 and "has not looked at it yet" not in outcome.out, 120)


def healthy(*arguments, **changes):
    """Preflight of the healthy platform at a calm moment."""
    return settle(lambda: preflight(HEALTHY, *arguments, **changes), calm, 60)


def shell(command, **changes):
    """A command as a report prints it, in a shell."""
    return in_lab("/bin/bash", "-o", "pipefail", "-c", command, check=True, **changes)


def kubectl(*arguments, **changes):
    return in_lab("kubectl", *arguments, check=True, **changes)


def stream_of_json(text):
    """The documents that kubectl prints one after the other for several objects."""
    decoder, documents, at = json.JSONDecoder(), [], 0
    while text[at:].strip():
        document, length = decoder.raw_decode(text[at:].lstrip())
        at += len(text[at:]) - len(text[at:].lstrip()) + length
        documents += document["items"] if document.get("kind") == "List" else [document]
    return documents


def lab(*arguments):
    """A command of tests/lab/lab; its output without the line's end."""
    done = subprocess.run([str(LAB / "lab"), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=COMMAND_TIMEOUT)
    if done.returncode != 0:
        raise LabError(f"lab {' '.join(map(str, arguments))}\nended with {done.returncode}: {done.stderr}{done.stdout}")
    return done.stdout.strip()


def sabotage(name, action, namespace, *arguments):
    """Breaks or mends; what it prints is a kubeconfig's path, for the cases that are about rights."""
    return in_lab(LAB / "sabotage" / name, action, namespace, *arguments, check=True).out.strip()


def case_namespace(name):
    return f"case-{name.replace('.', '-')}-{os.getpid()}"


def remove_namespace(namespace):
    in_lab("kubectl", "delete", "namespace", namespace, "--ignore-not-found", "--wait=false")


def install(namespace, version="1.2.0", *arguments):
    """Release datafly there; every pod is Ready afterwards, unless `--no-wait` comes first."""
    wait = "--no-wait" not in arguments
    lab("install", namespace, version, *(["--no-wait"] if wait else []), *arguments, *QUICK)
    if wait:
        kubectl("-n", namespace, "rollout", "status", "deployment", "--selector", "app.kubernetes.io/part-of=datafly", f"--timeout={SETTLES_WITHIN}s",
                timeout=SETTLES_WITHIN + 30)


def settle(judge, is_settled, within=SETTLES_WITHIN):
    """Judges again until the cluster shows what is awaited; the last outcome, settled or not: the caller asserts on it."""
    deadline = time.monotonic() + within
    while True:
        outcome = judge()
        if is_settled(outcome) or time.monotonic() > deadline:
            return outcome
        time.sleep(0.5)


def settle_alike(*looks, within=60):
    """Outcomes of looks that must tell the same of one cluster; looked again, all of them, where it has changed between the one and the other."""
    def look():
        return [one() for one in looks]
    return settle(look, lambda outcomes: all(one.verdicts() == outcomes[0].verdicts() for one in outcomes), within)


class Preparations:
    """The slow beginnings of cases: each runs while the case before it is judged."""

    def __init__(self, names, prepare, at_once=2):
        self.names, self.prepare, self.at_once = names, prepare, at_once
        self.pool = concurrent.futures.ThreadPoolExecutor(at_once)
        self.started = {}

    def result(self, name):
        at = self.names.index(name)
        for wanted in self.names[at:at + self.at_once]:
            if wanted not in self.started:
                self.started[wanted] = self.pool.submit(self.prepare, wanted)
        return self.started[name].result()

    def close(self):
        """Waits for what runs; the names that were begun."""
        self.pool.shutdown(wait=True, cancel_futures=True)
        return list(self.started)


class LabCase(unittest.TestCase):
    maxDiff = None

    def assert_sound(self, outcome):
        """A report, whatever its verdict: no crash, nothing unprintable, and each finding complete."""
        self.assertIn(outcome.code, (0, 3, 4, 5), outcome.err)
        self.assertEqual(outcome.code, outcome.report["exitCode"])
        for finding in outcome.findings:
            self.assertTrue(finding["seen"], finding)
            self.assertFalse(any(ord(letter) < 32 for letter in finding["seen"] + finding["object"]), finding)
            if finding["verdict"] in ("fail", "warn"):
                self.assertTrue(finding["remedy"], finding)

    def assert_only(self, outcome, fails=(), required_unknowns=()):
        """These codes fail and no others; of the required checks only these are unknown."""
        self.assert_sound(outcome)
        self.assertEqual(outcome.codes("fail"), set(fails), outcome.explain())
        self.assertEqual(outcome.codes("unknown", requirement="required"), set(required_unknowns), outcome.explain())
