"""Bad input from files and servers: one clear line with the remedy, exit 1, nothing on stdout, no crash (the sanitizer build runs this)."""
import base64
import gzip
import json
import os
import pathlib
import resource
import tempfile
import unittest

import faulty_api
from faulty_api import FaultyApi, reply
from support import CliCase

KUBECONFIG = """apiVersion: v1
kind: Config
current-context: {current}
contexts:
- name: prod
  context: {{cluster: prod, user: admin, namespace: datafly}}
clusters:
- name: prod
  cluster: {{server: "{server}"{more}}}
users:
- name: admin
  user: {{{user}}}
"""


class KubeconfigTest(CliCase):
    def kubeconfig(self, text):
        path = self.home / "kubeconfig"
        path.write_text(text, encoding="utf-8")
        return path

    def preflight(self, text, *arguments):
        return self.run_signal("preflight", "--kubeconfig", self.kubeconfig(text), "--deadline", "10s", *arguments)

    def test_unusable_kubeconfigs(self):
        usual = dict(current="prod", server="https://127.0.0.1:1", more="", user="token: x")
        cases = [
            ("not yaml", "a: [1, 2", ["kubeconfig"]),
            ("a list", "- 1\n- 2\n", ["kubeconfig"]),
            ("binary", "\x00\x01\x02", ["kubeconfig"]),
            ("deep", "a: " + "[" * 5000, ["kubeconfig"]),
            ("bad base64", KUBECONFIG.format(**{**usual, "more": ", certificate-authority-data: '%%%'"}), ["certificate-authority-data"]),
            ("CA is no PEM", KUBECONFIG.format(**{**usual, "more": ", certificate-authority-data: " + base64.b64encode(b"nonsense").decode()}), []),
            ("missing certificate", KUBECONFIG.format(**{**usual, "user": "client-certificate: nowhere.crt, client-key: nowhere.key"}), ["nowhere.crt"]),
            ("CA and insecure", KUBECONFIG.format(**{**usual, "more": ", insecure-skip-tls-verify: true, certificate-authority-data: " + base64.b64encode(b"x").decode()}), ["insecure"]),
        ]
        for name, text, words in cases:
            with self.subTest(name):
                self.assert_one_clear_line(self.preflight(text), 1, *words)

    def test_an_unknown_context_lists_the_known(self):
        text = KUBECONFIG.format(current="prod", server="https://127.0.0.1:1", more="", user="token: x")
        self.assert_one_clear_line(self.preflight(text, "--context", "stage"), 1, "stage", "prod")

    def test_a_namespace_that_would_ask_for_another_path(self):
        text = KUBECONFIG.format(current="prod", server="https://127.0.0.1:1", more="", user="token: x")
        for name in ("a/b", "..", "a%2fb"):
            with self.subTest(name):
                self.assert_one_clear_line(self.preflight(text, "-n", name), 1, "invalid namespace", name)

    def test_a_missing_file(self):
        self.assert_one_clear_line(self.run_signal("preflight", "--kubeconfig", self.home / "nowhere"), 1, "nowhere")

    def test_no_configuration_at_all(self):
        outcome = self.run_signal("preflight", "--deadline", "10s")
        self.assertEqual(outcome.code, 1)
        self.assertTrue(outcome.err.startswith("error: "), outcome.err)

    def test_nobody_listens(self):
        text = KUBECONFIG.format(current="prod", server="https://127.0.0.1:1", more="", user="token: x")
        self.assert_one_clear_line(self.preflight(text), 1, "127.0.0.1:1")

    def test_a_fifo_and_a_folder_are_no_kubeconfig(self):
        os.mkfifo(self.home / "fifo")
        for path in (self.home / "fifo", self.home):
            with self.subTest(path=path):
                self.assert_one_clear_line(self.run_signal("preflight", "--kubeconfig", path), 1)


class ServerTest(CliCase):
    """What answers is not the cluster's API server, or no longer what it was."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="signal-cli-pki-")
        cls.addClassCleanup(folder.cleanup)
        cls.cluster = faulty_api.Authority(pathlib.Path(folder.name), "cluster CA")
        cls.strange = faulty_api.Authority(pathlib.Path(folder.name), "strange CA")
        cls.good = cls.cluster.issue()

    def preflight(self, certificate, answer=None, deadline="10s", **how):
        server = FaultyApi(*certificate, answer, **how)
        self.addCleanup(server.close)
        more = f", certificate-authority: '{self.cluster.certificate}'"
        path = self.home / "kubeconfig"
        path.write_text(KUBECONFIG.format(current="prod", server=server.url, more=more, user="token: x"), encoding="utf-8")
        return self.run_signal("preflight", "--kubeconfig", path, "--deadline", deadline)

    def assert_refused(self, outcome, *words):
        """One clear line, and one with what can be done."""
        self.assert_one_clear_line(outcome, 1, *words)
        self.assertEqual(len(outcome.err.splitlines()), 2, f"no remedy: {outcome.err}")

    def test_certificates_that_prove_nothing(self):
        for name, certificate, words in [
            ("another CA", self.strange.issue(), ["is not signed by the kubeconfig's certificate authority", "strange CA"]),
            ("expired", self.cluster.issue(days=-1), ["has expired on", "renew the server's certificate"]),
            ("another name", self.cluster.issue("other.example"), ["only for other.example"]),
        ]:
            with self.subTest(name):
                self.assert_refused(self.preflight(certificate), *words)

    def test_a_server_that_accepts_and_stays_mute(self):
        self.assert_refused(self.preflight(self.good, handshake=False, deadline="1s"), "no answer from 127.0.0.1", "TLS handshake")
        self.assert_refused(self.preflight(self.good, deadline="3s"), "no answer from 127.0.0.1", "the reply is missing")

    def test_a_reply_that_is_cut(self):
        for name, sent in [("its head", b"HTTP/1.1 200"), ("its body", reply(b'{"items":[', length=5000))]:
            with self.subTest(name):
                self.assert_refused(self.preflight(self.good, faulty_api.once(sent), deadline="2s"), "no time left for another attempt", "by 127.0.0.1")

    def test_a_reply_that_never_ends(self):
        for name, answer, deadline, words in [
            ("slowly", faulty_api.trickle, "1s", ["no answer from 127.0.0.1"]),
            ("its head", faulty_api.flood_of_headers, "10s", ["of headers"]),
        ]:
            with self.subTest(name):
                self.assert_refused(self.preflight(self.good, answer, deadline), *words)

    def test_a_flood_does_not_take_the_memory(self):
        """Each of the burst's requests is answered without an end: all together they must not take a machine down."""
        self.assert_refused(self.preflight(self.good, faulty_api.flood, "30s"), "is longer than", "no true reply is so long")
        if "asan" not in os.environ.get("SIGNAL_BIN_DIR", ""):  # a sanitizer keeps what was freed
            self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 1 << 20, "KiB")

    def test_a_reply_that_is_no_api_servers(self):
        for name, sent, words in [
            ("a login page", reply(b"<html>Log in</html>"), ["is no Kubernetes API server"]),
            ("another service", reply(b'{"version":"2.4"}'), ["is no Kubernetes API server"]),
            ("other types", reply(b'{"gitVersion":[1],"items":7}'), ["is no Kubernetes API server"]),
            ("deep", reply(b"[" * 500000), ["is no Kubernetes API server"]),
            ("gzip that nobody asked for", reply(faulty_api.gzip_bomb(64), "Content-Encoding: gzip"), ["is no Kubernetes API server"]),
            ("not HTTP", b"SSH-2.0-OpenSSH\r\n", ["HTTP"]),
            ("another place", reply(b"", "Location: https://login.example/", status="302 Found"), ["redirects to https://login.example/"]),
        ]:
            with self.subTest(name):
                self.assert_refused(self.preflight(self.good, faulty_api.once(sent)), *words)

    def test_lists_that_cannot_be_read_are_no_pass(self):
        """The server is one, its lists are not: a report of what could not be checked."""
        outcome = self.preflight(self.good, faulty_api.always(reply(b'{"gitVersion":"v1.30.0","items":7}')))
        self.assertEqual(outcome.code, 5, outcome.err)
        self.assertIn("the server's answer is not a list", outcome.out)


class SnapshotTest(CliCase):
    def judge(self, content):
        path = self.home / "x.snapshot"
        path.write_bytes(content)
        return self.run_signal("preflight", "--from", path)

    def test_unusable_snapshots(self):
        header = {"kind": "SignalSnapshot", "schemaVersion": 1, "toolVersion": "0.1.0", "takenAt": "2026-11-26T00:00:00Z"}
        whole = gzip.compress(json.dumps(header).encode())
        for name, content, words in [
            ("empty", b"", []),
            ("garbage", b"\x00\xff" * 100, []),
            ("cut", whole[: len(whole) // 2], []),
            ("another kind", json.dumps({"kind": "List"}).encode(), []),
            ("newer", json.dumps({**header, "schemaVersion": 99}).encode(), ["newer"]),
            ("wrong types", json.dumps({**header, "pods": {"value": 7}}).encode(), []),
            ("deep", b"[" * 100000, []),
        ]:
            with self.subTest(name):
                self.assert_one_clear_line(self.judge(content), 1, "x.snapshot", *words)

    def test_a_missing_snapshot(self):
        self.assert_one_clear_line(self.run_signal("preflight", "--from", self.home / "none"), 1, "none")


class ProfileTest(CliCase):
    def test_unusable_profiles(self):
        for name, text, word in [
            ("not yaml", "a: [", "signal.yaml"),
            ("unknown key", "platform:\n  minimums:\n    nods: 1\n", "nodes"),
            ("wrong type", "platform:\n  minimums:\n    nodes: many\n", "nodes"),
        ]:
            with self.subTest(name):
                path = self.home / "signal.yaml"
                path.write_text(text, encoding="utf-8")
                self.assert_one_clear_line(self.run_signal("config", "view", "--config", path), 1, word)

    def test_init_writes_what_view_reads(self):
        self.assertEqual(self.run_signal("config", "init", "p.yaml").code, 0)
        self.assertEqual(os.stat(self.home / "p.yaml").st_mode & 0o777, 0o600)
        plain = self.run_signal("config", "view")
        self.assertEqual(self.run_signal("config", "view", "--config", "p.yaml").out, plain.out)
        self.assert_one_clear_line(self.run_signal("config", "init", "p.yaml"), 1, "p.yaml")


if __name__ == "__main__":
    unittest.main()
