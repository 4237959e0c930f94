"""An API server of a few Helm releases on 127.0.0.1, over plain HTTP: enough for a preflight of `--only SIG-REL` by the real binary."""
import base64
import contextlib
import gzip
import http.server
import json
import re
import socket
import threading

RECORD = re.compile(r"^/api/v1/namespaces/([^/]+)/secrets/sh\.helm\.release\.v1\.([^/]+)\.v(\d+)$")
LIST = re.compile(r"^/api/v1/(?:namespaces/([^/]+)/)?secrets$")


class Release:
    def __init__(self, namespace, name="datafly", chart="datafly", status="deployed", labels=None):
        self.namespace, self.name, self.chart, self.status, self.labels = namespace, name, chart, status, labels or {}

    def metadata(self):
        labels = {"owner": "helm", "name": self.name, "version": "1", "status": self.status, **self.labels}
        return {"namespace": self.namespace, "name": f"sh.helm.release.v1.{self.name}.v1", "labels": labels}

    def record(self):
        release = {"name": self.name, "namespace": self.namespace, "version": 1, "manifest": "", "config": {},
                   "info": {"status": self.status, "last_deployed": "2026-11-26T00:00:00Z"},
                   "chart": {"metadata": {"name": self.chart, "version": "1.2.0", "appVersion": "1.2.0"}, "values": {}}}
        stored = base64.b64encode(gzip.compress(json.dumps(release).encode()))
        return {"kind": "Secret", "metadata": self.metadata(), "data": {"release": base64.b64encode(stored).decode()}}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that is interrupted drops its connections: no news."""


class FakeApi:
    """`releases` and `forbidden` (path prefixes that are answered 403) may be changed while it runs; `seen` is what was asked for. `port`: that of one
    that was closed, to come back as it."""

    def __init__(self, *releases, forbidden=(), namespaces=None, port=0):
        self.releases, self.forbidden, self.namespaces = list(releases), list(forbidden), namespaces or {}
        self.seen, self.connections, self.sockets = [], 0, []
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                api.connections += 1
                api.sockets.append(self.connection)

            def do_GET(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                api.seen.append(f"{self.command} {self.path}")
                status, body = api.answer(self.path.partition("?")[0])
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        for one in self.sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def answer(self, path):
        for prefix in self.forbidden:
            if path.startswith(prefix):
                return self.refuse(path)
        record, listing = RECORD.match(path), LIST.match(path)
        if record:
            for release in self.releases:
                if (release.namespace, release.name) == record.group(1, 2):
                    return 200, release.record()
            return 404, {"kind": "Status", "reason": "NotFound", "code": 404, "message": "not found"}
        if listing:
            wanted = listing.group(1)
            return 200, self.listed([{"metadata": release.metadata()} for release in self.releases if wanted in (None, release.namespace)])
        if path == "/version":
            return 200, {"major": "1", "minor": "30", "gitVersion": "v1.30.0", "platform": "linux/amd64"}
        if path == "/api":
            return 200, {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            return 200, {"kind": "APIGroupList", "groups": []}
        if "selfsubject" in path:
            rule = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}
            return 201, {"kind": "SelfSubjectRulesReview", "status": {"resourceRules": [rule], "nonResourceRules": [], "incomplete": False}}
        if path == "/api/v1/namespaces":
            return 200, self.listed([{"metadata": {"name": name, "labels": labels}} for name, labels in self.namespaces.items()])
        return 200, self.listed([])

    @staticmethod
    def listed(items):
        return {"kind": "List", "metadata": {"resourceVersion": "1"}, "items": items}

    @staticmethod
    def refuse(path):
        parts = path.split("/")
        space = parts[4] if "namespaces" in parts and len(parts) > 4 else ""
        resource = parts[5] if space and len(parts) > 5 else parts[-1]
        verb = "get" if len(parts) > 6 else "list"
        where = f'in the namespace "{space}"' if space else "at the cluster scope"
        return 403, {"kind": "Status", "reason": "Forbidden", "code": 403,
                     "message": f'{resource} is forbidden: User "ann" cannot {verb} resource "{resource}" in API group "" {where}'}


def kubeconfig(contexts):
    """{name: server} -> the text of a kubeconfig; the first context is the current one."""
    names = list(contexts)
    return json.dumps({
        "apiVersion": "v1", "kind": "Config", "current-context": names[0],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "ann", "namespace": "datafly"}} for name in names],
        "clusters": [{"name": name, "cluster": {"server": contexts[name]}} for name in names],
        "users": [{"name": "ann", "user": {}}],
    })
