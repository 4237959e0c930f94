#!/usr/bin/env python3
"""Watches the API server for a test and stamps what it says with the time of arrival, independently of the program under test.

Usage: watch_api.py NAMESPACE-PREFIX     with KUBECONFIG and kubectl, inside the lab's network

A line of JSON for every object of a rollout in namespaces that begin so: {"at": seconds, "kind": "Pod", "type": "MODIFIED", "object": {…}}.
Watches that end, also with the API server, begin again with a list.
"""
import base64
import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

KINDS = {"Pod": "/api/v1/pods", "Event": "/api/v1/events", "ReplicaSet": "/apis/apps/v1/replicasets", "Deployment": "/apis/apps/v1/deployments"}
output = threading.Lock()


def connect():
    """Where the API server is, and the client's TLS."""
    config = json.loads(subprocess.run(["kubectl", "config", "view", "--raw", "--flatten", "-o", "json"], stdout=subprocess.PIPE, check=True).stdout)
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    tls = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
    with tempfile.NamedTemporaryFile() as pair:
        pair.write(base64.b64decode(user["client-certificate-data"]) + b"\n" + base64.b64decode(user["client-key-data"]))
        pair.flush()
        tls.load_cert_chain(pair.name)
    return urllib.parse.urlsplit(cluster["server"]).netloc, tls


class Kind(threading.Thread):
    def __init__(self, place, tls, kind, prefix):
        super().__init__(daemon=True)
        self.place, self.tls, self.kind, self.prefix = place, tls, kind, prefix

    def run(self):
        while True:
            try:
                self.watch(self.list())
            except (OSError, http.client.HTTPException, ValueError, KeyError):
                time.sleep(0.1)

    def get(self, query=""):
        connection = http.client.HTTPSConnection(self.place, context=self.tls, timeout=330)
        connection.request("GET", KINDS[self.kind] + query)
        response = connection.getresponse()
        if response.status != 200:
            raise OSError(f"{response.status}")
        return response

    def list(self):
        answer = json.loads(self.get().read())
        for item in answer["items"]:
            self.tell("LISTED", item, time.time())
        return answer["metadata"]["resourceVersion"]

    def watch(self, version):
        stream = self.get(f"?watch=true&resourceVersion={version}&timeoutSeconds=300")
        for line in iter(stream.readline, b""):
            at = time.time()
            change = json.loads(line)
            if change["type"] == "ERROR":
                return
            self.tell(change["type"], change["object"], at)

    def tell(self, how, item, at):
        if not item["metadata"]["namespace"].startswith(self.prefix):
            return
        item["metadata"].pop("managedFields", None)
        line = json.dumps({"at": at, "kind": self.kind, "type": how, "object": item}, separators=(",", ":"))
        with output:
            print(line, flush=True)


def main():
    place, tls = connect()
    for kind in KINDS:
        Kind(place, tls, kind, sys.argv[1]).start()
    print(json.dumps({"at": time.time(), "kind": "", "type": "BEGUN", "object": {"metadata": {"namespace": ""}}}), flush=True)
    # Whoever started this ends it by closing its standard input.
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
