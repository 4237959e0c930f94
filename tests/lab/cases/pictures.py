"""Pictures of the objects of a release, by which two moments are compared: what has somebody changed between them?

The lab's API server is reached from outside of its network through one `kubectl proxy`.
"""
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time

from lab_support import LabError, lab_environment

PROXY_STARTS_WITHIN = 60

# Kinds that others than Helm write without being asked, or that are no objects of a release.
NOT_PICTURED = {"bindings", "componentstatuses", "controllerrevisions", "csistoragecapacities", "endpoints", "endpointslices", "events", "ipaddresses", "leases",
                "localsubjectaccessreviews", "nodes", "replicasets", "persistentvolumes", "certificatesigningrequests", "csinodes", "volumeattachments",
                "flowschemas", "podtemplates", "prioritylevelconfigurations", "replicationcontrollers", "resourceclaims", "resourceclaimtemplates",
                "deviceclasses", "resourceslices", "apiservices", "servicecidrs", "volumeattributesclasses"}
# No generation to tell by, and a resourceVersion that moves with the status; a PriorityClass has a generation that never moves.
BY_CONTENT = {"HorizontalPodAutoscaler", "PersistentVolumeClaim", "PriorityClass", "ResourceQuota"}
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
        self.of_thread, self.connections = threading.local(), []
        deadline = time.monotonic() + PROXY_STARTS_WITHIN
        while not os.path.exists(self.path):
            if time.monotonic() > deadline or self.proxy.poll() is not None:
                raise LabError("kubectl proxy did not start")
            time.sleep(0.05)
        self.pictured = [kind for kind in self.kinds() if kind["name"] not in NOT_PICTURED]

    def close(self):
        for connection in self.connections:
            connection.close()
        self.proxy.terminate()
        self.proxy.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, method, path, body=None):
        """The answer's document; None when there is no such thing."""
        connection = self.connection()
        connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        if response.status == 404:
            return None
        if response.status >= 300:
            raise LabError(f"{method} {path}: {response.status} {answer[:300]}")
        return json.loads(answer)

    def connection(self):
        """Each thread has one of its own, and keeps it."""
        if not hasattr(self.of_thread, "connection"):
            self.of_thread.connection = OverUnixSocket(self.path)
            self.connections.append(self.of_thread.connection)
        return self.of_thread.connection

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
        annotations = {name: value for name, value in meta.get("annotations", {}).items() if name not in CONTROLLERS_ANNOTATIONS}
        self.uid, self.generation, self.version = meta["uid"], meta.get("generation"), meta["resourceVersion"]
        self.by_content = item["kind"] in BY_CONTENT
        self.is_hook = "helm.sh/hook" in annotations
        self.metadata = {"labels": meta.get("labels") or {}, "annotations": annotations}
        self.content = json.dumps({**item, "status": None, "metadata": self.metadata}, sort_keys=True)
        self.owners = [dict(entry, time=None) for entry in meta.get("managedFields", []) if entry["manager"] != "kube-controller-manager"]

    def differs(self, other):
        """By generation, and by labels and annotations, which have none; by resourceVersion where there is no generation."""
        if self.uid != other.uid or self.metadata != other.metadata:
            return True
        if self.by_content:
            return self.content != other.content
        if self.generation is not None:
            return self.generation != other.generation
        return self.content != other.content or self.version != other.version and self.owners == other.owners

    def is_touched(self, other):
        """The API server's bookkeeping of who owns which field is all that has changed."""
        return self.owners != other.owners and not self.differs(other)


def picture(api, namespaces, beyond=True):
    """identity -> Seen, of every object in these namespaces; and `beyond` them, of the cluster-scoped ones and custom resources that name the first."""
    word, seen = namespaces[0], {}
    for kind in api.pictured + (api.kinds(api.groups_of(word)) if beyond else []):
        for namespace in (namespaces if kind["namespaced"] else namespaces[:1] if beyond else []):
            for item in api.list(kind, namespace):
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
