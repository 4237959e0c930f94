"""An API server that is no use, on 127.0.0.1 over TLS: each connection meets the same fault. Certificates are made with the openssl command."""
import contextlib
import gzip
import socket
import ssl
import subprocess
import threading
import time


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Authority:
    """A certificate authority with its files in `folder`."""

    def __init__(self, folder, name="cluster CA"):
        self.stem = folder / name.replace(" ", "-")
        self.certificate, self.key = self.stem.with_suffix(".crt"), self.stem.with_suffix(".key")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                "-keyout", self.key, "-out", self.certificate)

    def issue(self, name="127.0.0.1", days=2):
        """The files of a server's certificate and key; `days` below 0: it has expired."""
        request, certificate, key = (self.stem.with_name(f"{self.stem.name}-{name}-{days}{end}") for end in (".csr", ".crt", ".key"))
        extension = request.with_suffix(".ext")
        extension.write_text(f"subjectAltName={'IP' if name[0].isdigit() else 'DNS'}:{name}\n", encoding="utf-8")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=kube-apiserver", "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", days, "-extfile", extension,
                "-out", certificate)
        return certificate, key


def reply(body, *headers, length=None, status="200 OK"):
    """A whole HTTP/1.1 reply, or what claims to be one: `length` is what it declares."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body) if length is None else length}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def always(sent):
    """Every request gets these bytes."""
    return lambda connection: connection.sendall(sent)


def once(sent):
    """The same, and the connection ends after them."""
    def answer(connection):
        connection.sendall(sent)
        return "close"
    return answer


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


def trickle(connection):
    connection.sendall(CHUNKED)
    while True:
        connection.sendall(b"1\r\n \r\n")
        time.sleep(0.05)


def flood(connection):
    connection.sendall(CHUNKED)
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    while True:
        connection.sendall(chunk)


def flood_of_headers(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Long: " + b"a" * 10000 + b"\r\n")


def gzip_bomb(megabytes):
    """JSON in gzip that is a thousandth of what it becomes."""
    return gzip.compress(b'{"items":["' + b" " * (megabytes << 20) + b'"]}')


class FaultyApi:
    """`answer(connection)` comes after each request's head and writes what it likes, "close" ends the connection; None: nothing comes.
    `handshake=False`: not even TLS."""

    def __init__(self, certificate, key, answer=None, handshake=True):
        self.answer, self.handshake, self.sockets = answer, handshake, []
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        return f"https://127.0.0.1:{self.listener.getsockname()[1]}"

    def accept(self):
        with contextlib.suppress(OSError):  # closed: the test is over
            while True:
                connection = self.listener.accept()[0]
                self.sockets.append(connection)
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        if not self.handshake:
            return
        with contextlib.suppress(OSError):  # the client went away
            tls = self.tls.wrap_socket(connection, server_side=True)
            self.sockets.append(tls)
            while self.heard(tls):
                if self.answer and self.answer(tls) == "close":
                    tls.close()
                    return

    @staticmethod
    def heard(connection):
        """Reads a request to the end of its head (a body that follows is read as part of the next)."""
        head = b""
        while b"\r\n\r\n" not in head:
            more = connection.recv(65536)
            if not more:
                return False
            head += more
        return True

    def close(self):
        for one in [self.listener, *self.sockets]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
