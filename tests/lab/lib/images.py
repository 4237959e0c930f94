#!/usr/bin/env python3
"""Writes the stand-in's images straight into a registry: one program, one layer, a configuration for each service.

Usage: images.py --program FILE --migrations FOLDER --registry URL [--ca FILE --user NAME --password-file FILE] VERSION-FOLDER…
"""

import argparse
import base64
import gzip
import hashlib
import http.client
import io
import json
import pathlib
import re
import ssl
import tarfile
import urllib.parse

SERVICES = ["ingestion-gateway", "event-processor", "delivery-workers", "identity-hub", "management-api", "management-ui"]
TOOLS = ["pause", "drain", "leak", "migrate", "act"]
OCI = "application/vnd.oci.image"
# The head of an ELF file for s390x: 64 bits, big-endian, an executable (machine 22).
FOREIGN_PROGRAM = b"\x7fELF\x02\x02\x01" + bytes(9) + b"\x00\x02\x00\x16" + bytes(44)


class Registry:
    """One connection to a registry, with Basic or Bearer authentication where the registry asks for it."""

    def __init__(self, url, ca=None, user=None, password=None):
        self.url = urllib.parse.urlsplit(url)
        self.tls = ssl.create_default_context(cafile=ca) if self.url.scheme == "https" else None
        self.basic = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode() if user else None
        self.authorization = {}
        self.connection = self.connect(self.url.netloc)

    def connect(self, place):
        if self.tls:
            return http.client.HTTPSConnection(place, context=self.tls)
        return http.client.HTTPConnection(place)

    def request(self, method, repository, path, body=None, headers=None):
        for attempt in range(2):
            sent = dict(headers or {})
            if repository in self.authorization:
                sent["Authorization"] = self.authorization[repository]
            self.connection.request(method, path, body=body, headers=sent)
            response = self.connection.getresponse()
            response.body = response.read()
            if response.status != 401 or attempt:
                return response
            self.authorization[repository] = self.authorize(response.headers["WWW-Authenticate"], repository)

    def authorize(self, challenge, repository):
        if challenge.startswith("Basic"):
            return self.basic
        fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        realm = urllib.parse.urlsplit(fields["realm"])
        query = urllib.parse.urlencode({"service": fields["service"], "scope": f"repository:{repository}:pull,push"})
        connection = self.connect(realm.netloc)
        connection.request("GET", f"{realm.path}?{query}", headers={"Authorization": self.basic})
        return "Bearer " + json.loads(connection.getresponse().read())["token"]

    def blob(self, repository, data):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        if self.request("HEAD", repository, f"/v2/{repository}/blobs/{digest}").status != 200:
            begun = self.request("POST", repository, f"/v2/{repository}/blobs/uploads/")
            place = urllib.parse.urlsplit(begun.headers["Location"])
            query = f"{place.query}&digest={digest}" if place.query else f"digest={digest}"
            done = self.request("PUT", repository, f"{place.path}?{query}", data,
                                {"Content-Type": "application/octet-stream"})
            assert done.status == 201, (done.status, done.body)
        return {"digest": digest, "size": len(data)}

    def manifest(self, repository, reference, document):
        data = json.dumps(document).encode()
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        done = self.request("PUT", repository, f"/v2/{repository}/manifests/{reference or digest}", data,
                            {"Content-Type": document["mediaType"]})
        assert done.status == 201, (done.status, done.body)
        return {"mediaType": document["mediaType"], "digest": digest, "size": len(data)}


def layer(entries):
    """A layer of (path, content or link target, mode); the same input gives the same bytes."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for path, content, mode in entries:
            info = tarfile.TarInfo(path)
            info.mode = mode
            if isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
                tar.addfile(info)
            elif content is None:
                info.type = tarfile.DIRTYPE
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    data = gzip.compress(plain.getvalue(), compresslevel=1, mtime=0)
    return data, "sha256:" + hashlib.sha256(plain.getvalue()).hexdigest()


def push_image(registry, repository, tag, name, layers, environment, platforms=("linux/amd64",), user="65532:65532"):
    """A manifest where there is one platform, an index of manifests where there are several."""
    pushed = []
    for platform in platforms:
        system, architecture = platform.split("/")
        config = {
            "architecture": architecture, "os": system,
            "config": {"Entrypoint": [f"/app/{name}"], "User": user, "WorkingDir": "/app",
                       "Env": [f"{key}={value}" for key, value in environment.items()]},
            "rootfs": {"type": "layers", "diff_ids": [diff for _, diff in layers]},
        }
        document = {
            "schemaVersion": 2, "mediaType": f"{OCI}.manifest.v1+json",
            "config": {"mediaType": f"{OCI}.config.v1+json", **registry.blob(repository, json.dumps(config).encode())},
            "layers": [{"mediaType": f"{OCI}.layer.v1.tar+gzip", **registry.blob(repository, data)} for data, _ in layers],
        }
        reference = tag if len(platforms) == 1 else None
        pushed.append({**registry.manifest(repository, reference, document),
                       "platform": {"os": system, "architecture": architecture}})
    if len(platforms) > 1:
        registry.manifest(repository, tag, {"schemaVersion": 2, "mediaType": f"{OCI}.index.v1+json", "manifests": pushed})


def settings(folder):
    """The lines NAME=VALUE of a version's file `image`."""
    lines = (folder / "image").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--migrations", type=pathlib.Path, required=True)
    parser.add_argument("--registry", required=True)
    parser.add_argument("--ca")
    parser.add_argument("--user")
    parser.add_argument("--password-file", type=pathlib.Path)
    parser.add_argument("versions", nargs="+", type=pathlib.Path)
    chosen = parser.parse_args()
    password = chosen.password_file.read_text().strip() if chosen.password_file else None
    registry = Registry(chosen.registry, chosen.ca, chosen.user, password)

    program = layer([("app", None, 0o755), ("app/standin", chosen.program.read_bytes(), 0o755)] +
                    [(f"app/{name}", "standin", 0o777) for name in SERVICES + TOOLS])
    push_image(registry, "lab/pause", "1", "pause", [program], {})
    # For containers that misbehave in ways that the platform does not: nothing to execute, a program of another machine.
    odd_files = layer([("app/data", b"no program", 0o644), ("app/foreign", FOREIGN_PROGRAM, 0o755)])
    push_image(registry, "lab/act", "1", "act", [program, odd_files], {})
    push_image(registry, "lab/act", "root", "act", [program, odd_files], {}, user="")
    for folder in chosen.versions:
        version, image = folder.name, settings(folder)
        files = sorted(chosen.migrations.glob("*.sql"))
        known = [file for file in files if int(file.name[:6]) <= int(image["MIGRATIONS"])]
        migrations = layer([("app/database", None, 0o755), ("app/database/migrations", None, 0o755)] +
                           [(f"app/database/migrations/{file.name}", file.read_bytes(), 0o644) for file in known])
        for service in SERVICES:
            if service == image.get("MISSING"):
                continue
            environment = {"STANDIN_VERSION": version}
            if service == image.get("FAULT_SERVICE"):
                environment["STANDIN_FAULT"] = image["FAULT"]
            layers = [program, migrations] if service == "management-api" else [program]
            push_image(registry, f"datafly/{service}", f"v{version}", service, layers, environment,
                       image.get("PLATFORMS", "linux/amd64").split())


if __name__ == "__main__":
    main()
