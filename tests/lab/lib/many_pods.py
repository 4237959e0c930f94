#!/usr/bin/env python3
"""Brings the number of a namespace's fixture pods to COUNT: pods of about 10 KB that nobody schedules, yet that look alive.

One pod is made by the API server; the others are its stored bytes with another name, uid and address, put straight into
etcd. The API server could make them, too, in minutes instead of seconds.

With --groups N the pods are shared among N labels fixture-group=group-000…, and each group gets a Deployment of no
replicas that selects it (its controller makes no pod and adopts none: the pods lack its pod-template-hash).

Usage: many_pods.py KUBECTL NAMESPACE COUNT [--release NAME] [--groups N]
"""

import argparse
import base64
import http.client
import json
import subprocess
import time

LABEL = "signal-lab/fixture"
# Stored strings carry their length, so that one may take another's place only at the same length.
TEMPLATE, TEMPLATE_ADDRESS, TEMPLATE_ID = "many-pods-00000", "10.245.100.100", "f" * 64
GROUP_LABEL, TEMPLATE_GROUP = "fixture-group", "group-000"
SINCE = "2026-01-01T00:00:00Z"
BATCH = 50


def container(kind):
    variables = [{"name": f"SETTING_{number:02d}", "value": f"value of setting {number}"} for number in range(14)]
    secret = {"secretKeyRef": {"name": "datafly-secrets", "key": "ENCRYPTION_KEY"}}
    probe = {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 10}
    return {
        "name": kind, "image": f"127.0.0.1:5000/datafly/{kind}:v1.2.0",
        "env": variables + [{"name": "ENCRYPTION_KEY", "valueFrom": secret}],
        "ports": [{"name": "http", "containerPort": 8080}], "readinessProbe": probe, "livenessProbe": probe,
        "resources": {"requests": {"memory": "16Mi", "cpu": "1m"}, "limits": {"memory": "64Mi", "cpu": "100m"}},
        "volumeMounts": [{"name": "settings", "mountPath": "/etc/settings"}],
        "securityContext": {"readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False},
    }


def pod(labels):
    return {
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": TEMPLATE, "labels": labels, "annotations": {"checksum/config": "0" * 64}},
        "spec": {
            "schedulerName": "nobody", "terminationGracePeriodSeconds": 0, "automountServiceAccountToken": False,
            "containers": [container("ingestion-gateway"), container("sidecar")],
            "volumes": [{"name": "settings", "configMap": {"name": "datafly-config"}}],
        },
    }


def container_status(kind):
    return {
        "name": kind, "image": f"127.0.0.1:5000/datafly/{kind}:v1.2.0",
        "imageID": f"127.0.0.1:5000/datafly/{kind}@sha256:" + "0" * 64, "containerID": f"containerd://{TEMPLATE_ID}",
        "ready": True, "started": True, "restartCount": 0, "state": {"running": {"startedAt": SINCE}}, "lastState": {},
    }


def status():
    kinds = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"]
    return {
        "phase": "Running", "startTime": SINCE, "podIP": TEMPLATE_ADDRESS, "podIPs": [{"ip": TEMPLATE_ADDRESS}],
        "hostIP": "10.99.0.1", "hostIPs": [{"ip": "10.99.0.1"}],
        "conditions": [{"type": kind, "status": "True", "lastTransitionTime": SINCE} for kind in kinds],
        "containerStatuses": [container_status("ingestion-gateway"), container_status("sidecar")],
    }


class Etcd:
    def __init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", 2379)

    def call(self, path, body):
        self.connection.request("POST", path, json.dumps(body))
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise SystemExit(f"etcd: {answer.decode()}")
        return json.loads(answer)

    def range(self, prefix, **options):
        return self.call("/v3/kv/range", {"key": encoded(prefix), "range_end": encoded(following(prefix)), **options}).get("kvs", [])

    def change(self, operations):
        for first in range(0, len(operations), BATCH):
            self.call("/v3/kv/txn", {"success": operations[first:first + BATCH]})


def encoded(data):
    return base64.b64encode(data).decode()


def following(prefix):
    """The first key after every one with this prefix."""
    return prefix[:-1] + bytes([prefix[-1] + 1])


def deployments(groups):
    """One Deployment for each group, as a part of the platform that is scaled to nothing."""
    def one(number):
        labels = {GROUP_LABEL: f"group-{number:03d}"}
        return {
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": f"group-{number:03d}", "labels": labels | {"app.kubernetes.io/part-of": "datafly"}},
            "spec": {"replicas": 0, "selector": {"matchLabels": labels},
                     "template": {"metadata": {"labels": labels}, "spec": pod(labels)["spec"]}},
        }
    return {"apiVersion": "v1", "kind": "List", "items": [one(number) for number in range(groups)]}


def copies(stored, uid, numbers, prefix, groups):
    """Operations that put the template's bytes under the names of these numbers."""
    for number in numbers:
        data = stored.replace(TEMPLATE.encode(), b"many-pods-%05d" % number)
        data = data.replace(uid.encode(), uid[:-12].encode() + b"%012x" % number)
        data = data.replace(TEMPLATE_ID.encode(), b"%064x" % number)
        if groups:
            data = data.replace(TEMPLATE_GROUP.encode(), b"group-%03d" % (number % groups))
        data = data.replace(TEMPLATE_ADDRESS.encode(), b"10.245.%d.%d" % (100 + number // 100, 100 + number % 100))
        yield {"requestPut": {"key": encoded(prefix + b"%05d" % number), "value": encoded(data)}}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kubectl")
    parser.add_argument("namespace")
    parser.add_argument("count", type=int)
    parser.add_argument("--release", help="the pods carry this release's labels")
    parser.add_argument("--groups", type=int, default=0, help="share them among so many Deployments, at most 1000")
    chosen = parser.parse_args()
    if not 0 <= chosen.count <= 15000:
        parser.error("COUNT is 0 to 15000")
    began = time.monotonic()
    labels = {LABEL: "many-pods", "app.kubernetes.io/name": "many-pods"}
    if chosen.release:
        labels |= {"app.kubernetes.io/instance": chosen.release, "app.kubernetes.io/part-of": "datafly",
                   "app.kubernetes.io/version": "1.2.0", "app.kubernetes.io/managed-by": "Helm"}

    if chosen.groups:
        labels[GROUP_LABEL] = TEMPLATE_GROUP

    def kubectl(*arguments, body=None):
        done = subprocess.run([chosen.kubectl, "--namespace", chosen.namespace, *arguments], capture_output=True, text=True,
                              check=True, input=json.dumps(body) if body else None)
        return done.stdout

    etcd = Etcd()
    prefix = f"/registry/pods/{chosen.namespace}/many-pods-".encode()
    etcd.call("/v3/kv/deleterange", {"key": encoded(prefix), "range_end": encoded(following(prefix))})
    if chosen.count:
        if not kubectl("get", "namespace", chosen.namespace, "--ignore-not-found"):
            kubectl("create", "namespace", chosen.namespace)
            kubectl("wait", "--for=create", "serviceaccount/default", "--timeout=30s")
        kubectl("create", "--filename=-", body=pod(labels))
        kubectl("patch", "pod", TEMPLATE, "--subresource=status", "--patch", json.dumps({"status": status()}))
        uid = kubectl("get", "pod", TEMPLATE, "--output=jsonpath={.metadata.uid}")
        stored = base64.b64decode(etcd.range(prefix)[0]["value"])
        etcd.change(list(copies(stored, uid, range(1, chosen.count), prefix, chosen.groups)))
        if chosen.groups:
            kubectl("apply", "--server-side", "--filename=-", body=deployments(chosen.groups))
    print(f"{chosen.count} fixture pods in {chosen.namespace}, after {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
