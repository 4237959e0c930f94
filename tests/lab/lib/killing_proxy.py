#!/usr/bin/env python3
"""Runs a command against the API server and kills it at one of its writes, for what has no way to do so itself.

    killing_proxy.py N:before|after CERTIFICATE KEY AUTHORITY COMMAND…

The command gets `--server http://…` of this proxy, which asks $SIGNAL_LAB_SERVER with the client certificate. At the Nth write the command is killed
(SIGKILL) before the server has heard of it, or after it has carried it out and before the command has heard of that. Ends as the command does: with
-9 as 137. Says on stderr which writes it saw.
"""
import http.client
import http.server
import os
import ssl
import subprocess
import sys
import threading
import urllib.parse

WRITES = {"POST", "PUT", "PATCH", "DELETE"}


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = 0
    lock = threading.Lock()

    def carry(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        at = self.count() if self.command in WRITES and "dryRun=" not in self.path else 0
        if at == self.server.at and self.server.when == "before":
            return self.end()
        connection = http.client.HTTPSConnection(self.server.upstream, context=self.server.trust)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "accept-encoding", "connection")}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        told = answer.read()
        if at == self.server.at:
            return self.end()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def count(self):
        with Proxy.lock:
            Proxy.seen += 1
            print(f"write {Proxy.seen}: {self.command} {self.path}", file=sys.stderr)
            return Proxy.seen

    def end(self):
        self.server.child.kill()
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = carry

    def log_message(self, *_):
        pass


def main():
    place, certificate, key, authority, *command = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.at, server.when = int(place.split(":")[0]), place.split(":")[1]
    server.upstream = urllib.parse.urlsplit(os.environ["SIGNAL_LAB_SERVER"]).netloc
    server.trust = ssl.create_default_context(cafile=authority)
    server.trust.load_cert_chain(certificate, key)
    server.child = subprocess.Popen([*command, "--server", f"http://127.0.0.1:{server.server_port}"])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    code = server.child.wait()
    sys.stderr.flush()
    os._exit(code if code >= 0 else 128 - code)


main()
