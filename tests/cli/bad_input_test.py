"""Bad input from files: one clear line with the remedy, exit 1, nothing on stdout, no crash (the sanitizer build runs this)."""
import base64
import gzip
import json
import os
import unittest

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
