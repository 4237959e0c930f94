"""helm signal versions, run directly and under the real helm when one is at hand: what Helm hands to a plugin, and what is told without a cluster."""
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import threading
import unittest

from fake_api import FakeApi, Release, Server, kubeconfig
from support import BIN, ROOT, TIMEOUT, CliCase

INDEX = """apiVersion: v1
entries:
  datafly:
  - {version: 2.0.0, appVersion: 2.0.0, kubeVersion: ">=1.32.0-0", deprecated: true}
  - {version: 1.3.0, appVersion: 1.3.0, kubeVersion: ">=1.28.0-0", created: "2026-10-01T08:00:00Z"}
  - {version: 1.2.0, appVersion: 1.2.0}
  - {version: 1.4.0-rc.1}
generated: "2026-11-01T00:00:00Z"
"""


class Repository:
    """index.yaml over plain HTTP on the loopback; `seen` holds the credentials that came."""

    def __init__(self, index=INDEX):
        self.seen = []
        repository = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                repository.seen.append(self.headers.get("Authorization"))
                found = self.path == "/index.yaml"
                data = index.encode() if found else b"not here"
                self.send_response(200 if found else 404)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def helms():
    """Helm 3 and 4 of the lab, when it was built on this machine: by name."""
    found = {}
    for folder in sorted(pathlib.Path(os.path.expanduser("~/.cache/signal-lab")).glob("*/bin")):
        for name in ("helm3", "helm4"):
            if os.access(folder / name, os.X_OK):
                found[name] = folder / name
    return found


class VersionsCase(CliCase):
    def setUp(self):
        super().setUp()
        self.repository = Repository()
        self.addCleanup(self.repository.close)
        self.api = FakeApi(Release("datafly"))
        self.addCleanup(self.api.close)
        (self.home / "config").write_text(kubeconfig({"prod": self.api.url}))

    def versions(self, *arguments, **environment):
        world = {"KUBECONFIG": str(self.home / "config"), **environment}
        return self.run_signal("versions", "--repo", self.repository.url, *arguments, program="helm-signal", **world)

    def rows(self, outcome):
        return {row["version"]: row for row in json.loads(outcome.out)["sections"][0]["rows"]}


class VersionsTest(VersionsCase):
    def test_newer_versions_are_told_with_class_and_range(self):
        outcome = self.versions("-o", "json")
        self.assertEqual(outcome.code, 0, outcome.err)
        rows = self.rows(outcome)
        self.assertEqual(list(rows), ["2.0.0", "1.3.0"])
        self.assertEqual((rows["2.0.0"]["class"], rows["2.0.0"]["runsHere"], rows["2.0.0"]["note"]), ("major", "no", "deprecated"))
        self.assertEqual((rows["1.3.0"]["class"], rows["1.3.0"]["runsHere"], rows["1.3.0"]["created"]), ("minor", "yes", "2026-10-01T08:00:00Z"))

    def test_flags_choose(self):
        self.assertEqual(list(self.rows(self.versions("-l", "-o", "json"))), ["2.0.0", "1.3.0", "1.2.0"])
        self.assertEqual(list(self.rows(self.versions("--devel", "-o", "json"))), ["2.0.0", "1.4.0-rc.1", "1.3.0"])

    def test_a_table_without_headings_is_its_rows(self):
        lines = self.versions("--no-headers").out.splitlines()
        self.assertEqual([line.split()[0] for line in lines if line][:2], ["2.0.0", "1.3.0"])

    def test_without_a_cluster_it_still_lists_and_says_so(self):
        outcome = self.versions(KUBECONFIG=kubeconfig_of_nothing(self.home))
        self.assertEqual(outcome.code, 5, outcome.err)
        self.assertIn("1.3.0", outcome.out)
        self.assertIn("Today's version is not known", outcome.out)

    def test_without_a_release_it_still_lists_and_says_so(self):
        self.api.releases.clear()
        outcome = self.versions("-o", "json")
        self.assertEqual(outcome.code, 5)
        self.assertEqual(self.rows(outcome)["1.3.0"]["class"], "?")
        self.assertEqual(self.rows(outcome)["2.0.0"]["runsHere"], "no", "the cluster's version is known")

    def test_a_release_of_another_chart_is_told(self):
        self.api.releases.append(Release("datafly", name="stranger", chart="rot"))
        outcome = self.versions("stranger", "--chart", "datafly", "-o", "json")
        self.assertEqual(outcome.code, 5, outcome.err)
        self.assertEqual(self.rows(outcome)["1.3.0"]["class"], "?")
        self.assertIn("release stranger holds chart rot 1.2.0, and datafly is another chart", outcome.out)

    def test_several_releases_want_a_name(self):
        self.api.releases.append(Release("datafly", name="second"))
        self.assertIn("datafly, second; name one", self.versions().out)
        self.assertEqual(self.versions("second").code, 0)
        self.assertEqual(self.versions("--release", "second").code, 0)
        self.assert_one_clear_line(self.versions("second", "--release", "datafly"), 64, "two releases")

    def test_a_source_that_is_not_there_is_one_line(self):
        self.assert_one_clear_line(self.versions("--chart", "datafyl"), 1, "no chart \"datafyl\"", "did you mean datafly?")
        self.assert_one_clear_line(self.run_signal("versions", "--chart", "signal/datafly", program="helm-signal"), 1, "repositories.yaml", "helm repo add")
        self.assert_one_clear_line(self.run_signal("versions", "--chart", "./x", program="helm-signal"), 1, "has no list of versions")
        self.assert_one_clear_line(self.versions("--username", "ann"), 64, "--password")
        self.assert_one_clear_line(self.versions("--qps", "many"), 64, "--qps")

    def test_a_password_goes_to_the_repository_and_nowhere_else(self):
        outcome = self.versions("--username", "ann", "--password", "hunter2", "-vv")
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(self.repository.seen, ["Basic YW5uOmh1bnRlcjI="])
        self.assertNotIn("hunter2", outcome.out + outcome.err)

    def test_repositories_of_helm_are_known(self):
        (self.home / "r.yaml").write_text(f"repositories: [{{name: signal, url: '{self.repository.url}', username: ann, password: hunter2}}]")
        outcome = self.run_signal("versions", "--chart", "signal/datafly", "-o", "json", program="helm-signal",
                                  KUBECONFIG=str(self.home / "config"), HELM_REPOSITORY_CONFIG=str(self.home / "r.yaml"))
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertIn("1.3.0", self.rows(outcome))
        self.assertEqual(self.repository.seen, ["Basic YW5uOmh1bnRlcjI="])

    def test_a_silent_repository_is_told_from_helms_cache(self):
        self.repository.close()
        (self.home / "r.yaml").write_text(f"repositories: [{{name: signal, url: '{self.repository.url}'}}]")
        (self.home / "signal-index.yaml").write_text(INDEX)
        arguments = ("--repository-config", self.home / "r.yaml", "--repository-cache", self.home)
        outcome = self.run_signal("versions", "--chart", "signal/datafly", *arguments, program="helm-signal", KUBECONFIG=str(self.home / "config"))
        self.assertEqual(outcome.code, 5, outcome.err)
        self.assertIn("as of 2026-11-01T00:00:00Z", outcome.out)
        self.assertIn("1.3.0", outcome.out)


class EnvironmentTest(VersionsCase):
    def setUp(self):
        super().setUp()
        self.stage = FakeApi(Release("elsewhere"))
        self.addCleanup(self.stage.close)
        (self.home / "config").write_text(kubeconfig({"prod": self.api.url, "stage": self.stage.url}))

    def test_what_helm_says_is_taken_and_a_flag_stands(self):
        outcome = self.versions("-o", "json", HELM_KUBECONTEXT="stage", HELM_NAMESPACE="elsewhere")
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(json.loads(outcome.out)["context"]["namespace"], "elsewhere")
        outcome = self.versions("-o", "json", "--context", "prod", "-n", "datafly", HELM_KUBECONTEXT="stage", HELM_NAMESPACE="elsewhere")
        self.assertEqual(json.loads(outcome.out)["context"]["context"], "prod")

    def test_debug_is_v(self):
        self.assertIn("/version status=200", self.versions(HELM_DEBUG="true").err)
        self.assertEqual(self.versions(HELM_DEBUG="false").err, "")

    def test_flags_that_helm_passes_on_are_taken_before_and_behind_the_command(self):
        flags = ("-nelsewhere", "--debug=true", "--burst-limit", "20", "--qps", "5", "--kube-context", "stage", "--color", "never", "--content-cache", "x")
        behind = self.versions("-o", "json", *flags)
        before = self.run_signal(*flags, "versions", "--repo", self.repository.url, "-o", "json", program="helm-signal", KUBECONFIG=str(self.home / "config"))
        for outcome in (behind, before):
            self.assertEqual(outcome.code, 0, outcome.err)
            self.assertEqual(json.loads(outcome.out)["context"]["namespace"], "elsewhere")
        self.assertEqual(self.run_signal("--debug=true", "version", program="helm-signal").code, 0)


class RealHelmTest(VersionsCase):
    """Through Helm 3 and Helm 4, as a user runs it."""

    def run_helm(self, helm, *arguments):
        plugin = self.home / "plugins" / "signal"
        if not plugin.exists():
            (plugin / "bin").mkdir(parents=True)
            shutil.copy(ROOT / "plugin.yaml", plugin)
            (plugin / "bin" / "helm-signal").symlink_to(BIN / "helm-signal")
        done = subprocess.run([str(helm), *arguments], env=self.environment(HELM_PLUGINS=str(plugin.parent), KUBECONFIG=str(self.home / "config")),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=TIMEOUT)
        return done

    def test_connection_flags_of_helm_reach_the_plugin(self):
        if not helms():
            self.skipTest("no helm of the lab on this machine")
        stage = FakeApi(Release("elsewhere"))
        self.addCleanup(stage.close)
        (self.home / "config").write_text(kubeconfig({"prod": self.api.url, "stage": stage.url}))
        versions = ("signal", "versions", "--repo", self.repository.url, "-o", "json")
        for name, helm in helms().items():
            for arguments in (
                ("--kube-context", "stage", "-n", "elsewhere", *versions),
                (*versions, "--kube-context=stage", "--namespace", "elsewhere"),
                ("--debug=true", "-nelsewhere", "--burst-limit", "30", "--kube-context", "stage", *versions),
                ("--kube-as-group", "a", "--kube-as-group", "b", "--kube-as-user", "kim", "--kube-context", "stage", "-n", "elsewhere", *versions),
            ):
                with self.subTest(helm=name, arguments=arguments):
                    done = self.run_helm(helm, *arguments)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    context = json.loads(done.stdout)["context"]
                    self.assertEqual((context["context"], context["namespace"], context["today"]), ("stage", "elsewhere", "1.2.0"))


def kubeconfig_of_nothing(home):
    path = home / "nothing"
    path.write_text(kubeconfig({"prod": "http://127.0.0.1:1"}))
    return str(path)


if __name__ == "__main__":
    unittest.main()
