#!/usr/bin/env python3
"""A network that can be lost: carries TCP connections to the API server.

Usage: forwarder.py     prints the port that it took on 127.0.0.1, and carries until its standard input ends

Stopped (SIGSTOP), nothing that is sent arrives, and nothing says so; ended, every connection is reset and new ones are refused.
"""
import os
import socket
import socketserver
import sys
import threading
import urllib.parse

UPSTREAM = urllib.parse.urlsplit(os.environ["SIGNAL_LAB_SERVER"])


def carry(source, sink):
    try:
        while data := source.recv(1 << 16):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Connection(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.create_connection((UPSTREAM.hostname, UPSTREAM.port)) as upstream:
            back = threading.Thread(target=carry, args=(upstream, self.request), daemon=True)
            back.start()
            carry(self.request, upstream)
            back.join()


class Forwarder(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    server = Forwarder(("127.0.0.1", 0), Connection)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
