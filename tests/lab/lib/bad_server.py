#!/usr/bin/env python3
"""Servers that are no use: a registry that limits, a registry that fails, and an admission webhook that denies.

Usage: bad_server.py CERTIFICATE KEY     prints the two ports that it took, "REGISTRY WEBHOOK", and serves until its standard input ends

The registry answers 429 to repositories under /v2/limited/ and 503 to all others; the webhook speaks TLS with the certificate.
"""
import http.server
import json
import os
import ssl
import sys
import threading


class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Registry(Quiet):
    def do_GET(self):
        if self.path.startswith("/v2/limited/"):
            self.answer(429, {"errors": [{"code": "TOOMANYREQUESTS", "message": "You have reached your pull rate limit."}]})
        else:
            self.answer(503, {"errors": [{"code": "UNAVAILABLE", "message": "the storage is away"}]})

    do_HEAD = do_GET


class Webhook(Quiet):
    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = {"code": 403, "message": "no pod may come from outside the house"}
        self.answer(200, {"apiVersion": review["apiVersion"], "kind": review["kind"],
                          "response": {"uid": review["request"]["uid"], "allowed": False, "status": status}})


def serve(handler, tls=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def main():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*sys.argv[1:3])
    print(serve(Registry), serve(Webhook, tls), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
