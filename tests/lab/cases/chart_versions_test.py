"""helm signal versions against what Helm itself writes and says: registries, logins, repositories, under Helm 3 and Helm 4."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

from lab_support import BIN, HEALTHY, LabCase, PROFILE, in_lab, lab_environment

HELMS = ("SIGNAL_LAB_HELM3", "SIGNAL_LAB_HELM4")
RELEASED = ["2.0.0", "1.3.0", "1.2.1"]
SERVE = "import functools, http.server, sys; handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1]); " \
        "server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler); print(server.server_port, flush=True); server.serve_forever()"


def versions(*arguments, **changes):
    return in_lab(BIN / "helm-signal", "versions", "-n", HEALTHY, "-o", "json", *arguments, **changes)


def rows(outcome):
    return {row["version"]: row for row in outcome.report["sections"][0]["rows"]}


class Versions(LabCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="signal-lab-versions-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.helm = lab_environment()["SIGNAL_LAB_HELM4"]
        for version in ("1.2.1", "1.3.0"):
            in_lab(cls.helm, "pull", "oci://127.0.0.1:5000/charts/datafly", "--version", version, "--plain-http", "-d", cls.folder, check=True)

    def serve(self, folder):
        """The folder over HTTP inside the lab; its URL."""
        netns = lab_environment()["SIGNAL_LAB_NETNS"]
        server = subprocess.Popen(["/usr/bin/nsenter", f"--net={netns}", sys.executable, "-c", SERVE, str(folder)], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(lambda: (server.kill(), server.wait(), server.stdout.close()))
        return f"http://127.0.0.1:{server.stdout.readline().strip()}"

    def test_the_labs_registry_offers_what_helm_shows(self):
        outcome = versions("--config", PROFILE)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(list(rows(outcome)), RELEASED)
        self.assertEqual([row["class"] for row in rows(outcome).values()], ["major", "minor", "patch"])
        for version, row in rows(outcome).items():
            shown = in_lab(self.helm, "show", "chart", "oci://127.0.0.1:5000/charts/datafly", "--version", version, "--plain-http", check=True).out
            self.assertIn(f"appVersion: {row['appVersion']}\n", shown.replace('"', ""))
            self.assertIn(f"kubeVersion: '{row['kubernetes']}'\n", shown)
            self.assertRegex(row["created"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_prereleases_and_older_ones_come_when_asked_for(self):
        outcome = versions("--config", PROFILE, "--versions", "--devel")
        self.assertIn("1.3.1-oom", rows(outcome))
        self.assertEqual(rows(outcome)["1.2.0"]["class"], "today")
        self.assertEqual(rows(outcome)["1.3.1-oom"]["preRelease"], "yes")

    def test_a_login_of_helm_opens_a_registry_with_tokens(self):
        world = lab_environment()
        for variable in HELMS:
            with self.subTest(variable):
                config = self.folder / f"{variable}.json"
                password = pathlib.Path(world["SIGNAL_LAB_REGISTRY_PASSWORD_FILE"]).read_text()
                login = (world[variable], "registry", "login", "127.0.0.1:5444", "-u", "signal", "--password-stdin", "--ca-file", world["SIGNAL_LAB_REGISTRY_CA"])
                in_lab(*login, stdin=password, HELM_REGISTRY_CONFIG=str(config), check=True)
                for version in ("1.2.1", "1.3.0"):
                    in_lab(world[variable], "push", self.folder / f"datafly-{version}.tgz", "oci://127.0.0.1:5444/charts", "--ca-file",
                           world["SIGNAL_LAB_REGISTRY_CA"], HELM_REGISTRY_CONFIG=str(config), check=True)
                chart = ("--chart", "oci://127.0.0.1:5444/charts/datafly")
                outcome = versions(*chart, HELM_REGISTRY_CONFIG=str(config))
                self.assertEqual(outcome.code, 0, outcome.err)
                self.assertEqual([row["appVersion"] for row in rows(outcome).values()], ["1.3.0", "1.2.1"])
                self.assertNotIn(password.strip(), versions(*chart, "-vv", HELM_REGISTRY_CONFIG=str(config)).err)
        refused = versions(*chart, HELM_REGISTRY_CONFIG="/nonexistent", HOME="/nonexistent")
        self.assertEqual(refused.code, 1)
        self.assertIn("helm registry login 127.0.0.1:5444", refused.err)

    def test_an_index_as_each_helm_writes_it_is_read(self):
        world = lab_environment()
        for variable in HELMS:
            for form in ((), ("--json",)):
                with self.subTest(variable, form=form):
                    in_lab(world[variable], "repo", "index", self.folder, *form, check=True)
                    url = self.serve(self.folder)
                    config = ("--repository-config", self.folder / "repositories.yaml", "--repository-cache", self.folder / "cache")
                    in_lab(world[variable], "repo", "add", "signal", url, *config, "--force-update", check=True)
                    for source in (("--repo", url), ("--chart", "signal/datafly", *config)):
                        outcome = versions(*source)
                        self.assertEqual(outcome.code, 0, outcome.err)
                        self.assertEqual({version: row["kubernetes"] for version, row in rows(outcome).items()}, {"1.3.0": ">=1.28.0-0", "1.2.1": ">=1.28.0-0"})

    def test_images_are_no_charts(self):
        outcome = versions("--chart", "oci://127.0.0.1:5000/datafly/management-api", "--plain-http", "--versions")
        self.assertEqual(outcome.code, 1)
        self.assertIn("offers no version of the chart", outcome.err)


if __name__ == "__main__":
    unittest.main()
