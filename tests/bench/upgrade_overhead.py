"""What `helm signal upgrade` adds to a healthy upgrade: all its wall time, less the time in which a helm of its own ran, less the rollout's.

The rollout's time is from the end of `helm upgrade` to the moment when the last Deployment is whole, by a watch of kubectl's.
"""
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import threading
import time

NAMESPACE = "bench-upgrade"
# Stands in for helm: says when it ran, and how.
WRAPPER = """#!/bin/sh
started=$(date +%s.%N)
"$REAL_HELM" "$@"
code=$?
echo "$started $(date +%s.%N) $*" >>"$HELM_TIMES"
exit $code
"""


def is_whole(deployment):
    spec, status = deployment["spec"], deployment.get("status", {})
    wanted = spec.get("replicas", 1)
    counts = [status.get(name, 0) for name in ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")]
    return status.get("observedGeneration") == deployment["metadata"]["generation"] and counts == [wanted] * 4


class Watcher:
    """Since when every Deployment of the namespace has been whole."""

    def __init__(self, kubectl):
        self.deployments, self.whole_since = {}, None
        self.process = subprocess.Popen([kubectl, "-n", NAMESPACE, "get", "deployments", "-o", "json", "--watch", "--output-watch-events"],
                                        stdout=subprocess.PIPE, text=True)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        decoder, text = json.JSONDecoder(), ""
        for line in self.process.stdout:
            text += line
            try:
                event, end = decoder.raw_decode(text)
            except ValueError:
                continue
            text = text[end:].lstrip()
            self.deployments[event["object"]["metadata"]["name"]] = event["object"]
            whole = all(map(is_whole, self.deployments.values()))
            self.whole_since = (self.whole_since or time.time()) if whole else None

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.thread.join()


def union(intervals):
    total, reached = 0.0, 0.0
    for start, end in sorted(intervals):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def one_upgrade(signal, profile, kubectl, helm, folder, batch):
    times = folder / f"times-{batch}"
    watcher = Watcher(kubectl)
    started = time.time()
    subprocess.run([*signal, "upgrade", "datafly", "oci://127.0.0.1:5000/charts/datafly", "--plain-http", "--version", "1.2.0", "-n", NAMESPACE,
                    "--reset-then-reuse-values", "--set", f"ingestionGateway.maxBatchSize={batch}", "--yes", *profile], check=True,
                   env=dict(os.environ, HELM_BIN=str(folder / "helm"), REAL_HELM=helm, HELM_TIMES=str(times)),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ended = time.time()
    watcher.stop()
    runs = [line.split(" ", 2) for line in times.read_text().splitlines()]
    applied = max(float(end) for _, end, words in runs if words.startswith("upgrade ") and "--dry-run" not in words)
    helms = union((float(start), float(end)) for start, end, _ in runs)
    rollout = max(0.0, (watcher.whole_since or ended) - applied)
    return ended - started, helms, rollout


def measure(signal, lab, profile, runs=5):
    """Prints one row: medians of overhead, whole time, helm's and the rollout's."""
    kubectl, helm = os.environ["SIGNAL_LAB_KUBECTL"], os.environ["SIGNAL_LAB_HELM4"]
    subprocess.run([lab, "install", NAMESPACE, "1.2.0", "--skip-crds"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(prefix="signal-bench-") as name:
        folder = pathlib.Path(name)
        (folder / "helm").write_text(WRAPPER)
        (folder / "helm").chmod(0o755)
        try:
            rows = [one_upgrade(signal, profile, kubectl, helm, folder, 1000 + at) for at in range(runs)]
        finally:
            subprocess.run([kubectl, "delete", "namespace", NAMESPACE, "--wait=false"], stdout=subprocess.DEVNULL)
    overhead = [whole - helms - rollout for whole, helms, rollout in rows]
    whole, helms, rollout = (statistics.median(column) for column in zip(*rows))
    print(f"| upgrade, healthy | overhead | {statistics.median(overhead):.2f} s (most {max(overhead):.2f} s) | whole {whole:.1f} s, helm {helms:.1f} s, "
          f"rollout {rollout:.1f} s | |", flush=True)
