"""No secret leaves `helm signal diff`: some 200 of them, in every place of a release, against every output, log and error."""
import itertools
import json
import os
import re
import unittest
import urllib.parse

from fake_api import FakeApi, kubeconfig
from planted import WORD, Secrets, Version, b64, stored
from support import CliCase

FORMATS = ("text", "summary", "json", "yaml", "markdown", "html")
RECORD = re.compile(r"^/api/v1/namespaces/shop/secrets/sh\.helm\.release\.v1\.shop\.v(\d+)$")
# Helm tells on stderr what it was told when HELM_DEBUG is on; ours must not be handed on.
HELM = """#!/bin/sh
if [ "$HELM_DEBUG" = 1 ] || [ "$HELM_DEBUG" = true ]; then echo "debug: $*" >&2; fi
for word; do case $word in -f|--values) sent=1;; esac; done
if [ "$1 $2" = "show values" ]; then cat "$SHOP/defaults.yaml"; exit; fi
if [ -f "$SHOP/error" ]; then cat "$SHOP/error" >&2; exit 1; fi
case $1 in
  upgrade) cat "$SHOP/release.json";;
  template) cat "$SHOP/manifest.yaml";;
  version) echo v3.22.0;;
esac
"""


class ShopApi(FakeApi):
    """One release with its records, and its live objects as hands have changed them."""

    def __init__(self, records, live):
        super().__init__()
        self.records, self.live = records, live

    def answer(self, path):
        record = RECORD.match(path)
        if record and int(record.group(1)) in self.records:
            revision = int(record.group(1))
            return 200, {"kind": "Secret", "metadata": self.metadata(revision), "data": {"release": stored(self.records[revision])}}
        if path == "/api/v1/namespaces/shop/secrets":
            return 200, self.listed([{"metadata": self.metadata(revision)} for revision in self.records] + self.items("Secret"))
        if path == "/apis/example.com/v1":
            return 200, {"kind": "APIResourceList", "resources": [{"name": "widgets", "kind": "Widget", "namespaced": True}]}
        parts = path.split("/")
        for kind, plural in (("Secret", "secrets"), ("ConfigMap", "configmaps"), ("Deployment", "deployments"), ("Service", "services"), ("Widget", "widgets")):
            if plural in parts:
                name = parts[parts.index(plural) + 1:]
                if not name:
                    return 200, self.listed(self.items(kind))
                found = [one for one in self.of(kind) if one["metadata"]["name"] == name[0]]
                return (200, found[0]) if found else (404, {"kind": "Status", "reason": "NotFound", "code": 404, "message": "not found"})
        return super().answer(path)

    def metadata(self, revision):
        status = self.records[revision]["info"]["status"]
        return {"namespace": "shop", "name": f"sh.helm.release.v1.shop.v{revision}",
                "labels": {"owner": "helm", "name": "shop", "version": str(revision), "status": status}}

    def items(self, kind):
        """As a list has them: without their kind."""
        return [{name: value for name, value in one.items() if name not in ("kind", "apiVersion")} for one in self.of(kind)]

    def of(self, kind):
        return [one for one in self.live if one["kind"] == kind]


def as_stored(one):
    """The API server keeps stringData in data."""
    for key, value in one.pop("stringData", {}).items():
        one.setdefault("data", {})[key] = b64(value)
    return one


class LeakCase(CliCase):
    def setUp(self):
        super().setUp()
        self.secrets = Secrets()
        self.records = {1: Version(self.secrets, "revision 1", "1.1.0").release(1, "superseded"),
                        2: Version(self.secrets, "revision 2", "1.2.0").release(2)}
        target = Version(self.secrets, "target", "1.3.0").release(3, "pending-upgrade")
        self.live = list(map(as_stored, Version(self.secrets, "by hand", "1.2.9").objects()))
        self.api = ShopApi(self.records, self.live)
        self.addCleanup(self.api.close)
        (self.home / "kubeconfig").write_text(kubeconfig({"prod": self.api.url}), encoding="utf-8")
        helm = self.home / "helm"
        helm.write_text(HELM, encoding="utf-8")
        helm.chmod(0o755)
        (self.home / "release.json").write_text(json.dumps(target), encoding="utf-8")
        defaults = target["chart"]["values"]
        (self.home / "defaults.yaml").write_text(json.dumps(defaults), encoding="utf-8")
        self.defaults = defaults["db"]["password"]
        (self.home / "manifest.yaml").write_text(target["manifest"], encoding="utf-8")
        (self.home / "chart").mkdir()

    def diff(self, *arguments, **environment):
        return self.run_signal("diff", *arguments, "--kubeconfig", self.home / "kubeconfig", "-n", "shop", program="helm-signal",
                               HELM_BIN=str(self.home / "helm"), SHOP=str(self.home), **environment)

    def assert_no_secret(self, outcome, *files, planted=None):
        said = outcome.out + "\n" + outcome.err + "".join((self.home / name).read_text(encoding="utf-8") for name in files)
        found = (planted or self.secrets).found_in(said)
        self.assertEqual(found, {}, "\n".join(f"{place}: {secret!r} as {form}" for secret, (place, form) in found.items()))

    def ways(self):
        yield "upgrade", "shop", self.home / "chart"
        yield "upgrade", "shop", self.home / "chart", "--no-live"
        yield "upgrade", "shop", self.home / "chart", "--offline"
        yield "rollback", "shop"
        yield "rollback", "shop", "1"
        yield "revision", "shop", "1", "2"


class Leaks(LeakCase):
    def test_the_search_finds_what_is_there(self):
        """Each secret is in the plain release, so that the search can fail."""
        self.assertGreaterEqual(len(self.secrets.places), 200)
        plain = "".join(map(json.dumps, (*self.records.values(), self.live))) + (self.home / "release.json").read_text(encoding="utf-8")
        self.assertEqual(set(self.secrets.found_in(plain)), set(self.secrets.places))
        for form in (stored(self.records[2]), urllib.parse.quote(plain, safe="")):
            self.assertGreater(len(self.secrets.found_in(form)), 30)

    def test_no_output_holds_a_secret(self):
        for way in self.ways():
            for form in FORMATS:
                with self.subTest(way=way, form=form):
                    outcome = self.diff(*way, "-o", form, "--detailed-exitcode")
                    self.assertEqual(outcome.code, 2, outcome.err)
                    self.assertIn("Deployment", outcome.out)
                    self.assert_no_secret(outcome)

    def test_no_report_holds_a_secret(self):
        reports = [(form, f"report.{form}") for form in FORMATS]
        flags = [word for form, name in reports for word in ("--report", f"{form}={name}")]
        outcome = self.diff("upgrade", "shop", self.home / "chart", *flags)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assert_no_secret(outcome, *(name for _, name in reports))
        for _, name in reports:
            self.assertEqual((self.home / name).stat().st_mode & 0o777, 0o600)

    def test_no_terminal_shows_a_secret(self):
        os.environ["COLUMNS"] = "120"
        outcome = self.run_in_terminal("diff", "upgrade", "shop", self.home / "chart", "--kubeconfig", self.home / "kubeconfig", "-n", "shop",
                                       program="helm-signal", columns=120, HELM_BIN=str(self.home / "helm"), SHOP=str(self.home))
        self.assertIn("Deployment", outcome.out)
        self.assert_no_secret(outcome)

    def test_no_log_holds_a_secret(self):
        given = self.secrets.new("--set", WORD), self.secrets.new("--set-string", WORD), self.secrets.new("-f", WORD)
        (self.home / "values.yaml").write_text(f"password: {given[2]}\nother: {given[2]}\n", encoding="utf-8")
        for flags in (["-v"], ["-vv"], ["-vv", "--log-format", "json"]):
            with self.subTest(flags):
                outcome = self.diff("upgrade", "shop", self.home / "chart", *flags, "--set", f"a.password={given[0]}", "--set", f"b={given[0]}",
                                    "--set-string", f"c={given[1]}", "-f", "values.yaml", HELM_DEBUG="1")
                self.assertEqual(outcome.code, 0, outcome.err)
                self.assert_no_secret(outcome)


class Flags(LeakCase):
    def test_colour_and_headline_are_chosen(self):
        """As with every command of both programs; Helm 4 hands --color on."""
        plain = self.diff("revision", "shop", "1", "2", "--color", "never")
        self.assertEqual(plain.code, 0, plain.err)
        self.assertIn("Diff of release", plain.out)
        self.assertNotIn("\x1b[", plain.out)
        chosen = self.diff("revision", "shop", "1", "2", "--color", "always", "--no-headers")
        self.assertEqual(chosen.code, 0, chosen.err)
        self.assertNotIn("Diff of release", chosen.out)
        self.assertIn("\x1b[", chosen.out)
        self.assertEqual(self.diff("revision", "shop", "1", "2", "--color", "green").code, 64)


class HelmErrors(LeakCase):
    """What Helm says may quote what it was given."""

    def given(self):
        new = self.secrets.new
        return {"set": new("error, --set", WORD), "plain": new("error, --set of no telling name", WORD), "string": new("error, --set-string", WORD),
                "file": new("error, --set-file", WORD), "values": new("error, -f", WORD), "current": self.records[2]["config"]["adminPassword"],
                "current default": self.records[2]["chart"]["values"]["db"]["password"], "default": self.defaults}

    ERRORS = {
        "a template fails with it": 'Error: UPGRADE FAILED: execution error at (shop/templates/x.yaml:3:4): bad password {0}',
        "a template fails with a pair": 'Error: execution error at (shop/templates/x.yaml:3:4): password: {0}',
        "a schema quotes it": "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nshop:\n"
                              "- at '/password': '{0}' does not match pattern '^[a-z]+$'\n",
        "a line that is no YAML": 'Error: YAML parse error on shop/templates/x.yaml: error converting YAML to JSON: yaml: line 7: '
                                  'could not find expected \':\': "key {0}"',
        "an argument": 'Error: failed parsing --set data: key "{0}" has no value',
        "a debug line before": 'install.go:222: [debug] --set x={0}\nError: boom',
        "base64": 'Error: cannot decode {1}',
        "the server": 'Error: UPGRADE FAILED: cannot patch "shop": Secret in version "v1" cannot be handled: illegal base64: {{"data":{{"a":"{0}"}}}}',
    }

    def test_no_error_holds_a_secret(self):
        given = self.given()
        (self.home / "secret.txt").write_text(given["file"], encoding="utf-8")
        (self.home / "values.yaml").write_text(f"auth:\n  password: {given['values']}\n", encoding="utf-8")
        (self.home / "more, values.yaml").write_text("more: values\n", encoding="utf-8")
        flags = ["--set", f"a.password={given['set']},b.c={given['plain']}", "--set-string", f"c={given['string']}", "--set-file", "d=secret.txt",
                 "-f", '"more, values.yaml",values.yaml']
        ways = itertools.cycle((["-v"], ["--log-format", "json", "-vv"], ["--offline"], []))
        for what, text in self.ERRORS.items():
            for name, secret in given.items():
                way = next(ways)
                with self.subTest(error=what, secret=name, way=way):
                    (self.home / "error").write_text(text.format(secret, b64(secret)), encoding="utf-8")
                    outcome = self.diff("upgrade", "shop", self.home / "chart", *flags, *way, HELM_DEBUG="1")
                    self.assertEqual(outcome.code, 1, outcome.out)
                    self.assertIn("error: ", outcome.err)
                    self.assert_no_secret(outcome)


if __name__ == "__main__":
    unittest.main()
