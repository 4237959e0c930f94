"""A snapshot of the real cluster: the same verdicts offline, and no secret in it."""
import base64
import gzip
import json
import operator
import pathlib
import stat
import tempfile
import unittest

from lab_support import (HEALTHY, PROFILE, LabCase, calm, case_namespace, healthy, install, kubectl, lab, lab_environment, preflight, remove_namespace, settle,
                         signal)

TARGET = "1.3.0"
# Values of a user's own environment and of his values file, which no report needs.
OF_THE_USER = ("hunter2-of-the-environment", "hunter3-of-the-values")


class Snapshot(LabCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="signal-lab-snapshot-")
        cls.addClassCleanup(folder.cleanup)
        cls.file = pathlib.Path(folder.name) / "healthy.snapshot"
        cls.taken = settle(cls.take, lambda taken: taken.code == 0 and calm(cls.offline()))

    @classmethod
    def take(cls):
        return signal("snapshot", "-n", HEALTHY, "-o", cls.file, "--to", TARGET, "--config", PROFILE, "--deadline", "2m")

    @classmethod
    def offline(cls, *arguments):
        """Nothing but the file: no cluster, no helm, no program."""
        return signal("preflight", "--from", cls.file, "-o", "json", "--config", PROFILE, *arguments, KUBECONFIG="/nonexistent", HELM_BIN="/nonexistent",
                      PATH="/nonexistent")

    def test_is_written_for_its_owner_alone(self):
        self.assertEqual(self.taken.code, 0, self.taken.err)
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)

    # Events and certificates are in a snapshot, for health and diagnose; a live preflight does not read them.
    ONLY_RECORDED = ("SIG-DIA-001", "SIG-DIA-002", "SIG-TLS-001", "SIG-TLS-002")

    def recorded(self, outcome):
        return {key: verdict for key, verdict in outcome.verdicts().items() if key[0] not in self.ONLY_RECORDED}

    def test_gives_the_live_clusters_verdicts(self):
        offline = self.offline()
        self.assert_only(offline)

        def both(live):
            # A snapshot also holds what only a target asks for: it may know more.
            more = {key for key, verdict in live.verdicts().items() if verdict == "skipped"}
            return ({key: verdict for key, verdict in self.recorded(offline).items() if key not in more | {("SIG-CAP-001", "nodes")}},
                    {key: verdict for key, verdict in live.verdicts().items() if key not in more})
        self.assertEqual(*both(settle(healthy, lambda live: operator.eq(*both(live)), 60)))

    def test_gives_the_live_clusters_verdicts_on_its_target(self):
        offline = self.offline("--to", TARGET)
        self.assert_only(offline)
        live = settle(lambda: healthy("--to", TARGET), lambda live: self.recorded(offline) == live.verdicts(), 60)
        self.assertEqual(self.recorded(offline), live.verdicts())

    def test_a_target_that_could_not_be_recorded_does_not_hide_behind_one_that_could(self):
        taken = signal("snapshot", "-n", HEALTHY, "-o", self.file.with_name("two.snapshot"), "--to", "9.9.9", "--to", TARGET, "--config", PROFILE, "--deadline", "2m")
        self.assertEqual(taken.code, 0, taken.err)
        self.assertIn("a target could not be recorded", taken.err)
        self.assertIn("9.9.9", taken.err)

    def test_a_target_that_it_does_not_hold_is_named(self):
        offline = signal("preflight", "--from", self.file, "--to", "2.0.0", "-o", "json", "--config", PROFILE)
        self.assertNotEqual(offline.code, 0)
        self.assertIn("2.0.0", offline.out + offline.err)

    def test_does_not_overwrite_what_it_cannot_replace(self):
        outcome = signal("snapshot", "-n", HEALTHY, "-o", self.file.parent / "no-such-folder" / "x.snapshot")
        self.assertEqual(outcome.code, 1, outcome.err)
        self.assertEqual(outcome.out, "")
        self.assertIn("no-such-folder", outcome.err)


class Secrets(LabCase):
    """A release that uses a private registry and has secrets in each place where one may lie."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="signal-lab-snapshot-")
        cls.addClassCleanup(folder.cleanup)
        cls.file = pathlib.Path(folder.name) / "private.snapshot"
        cls.namespace = case_namespace("secrets")
        cls.addClassCleanup(remove_namespace, cls.namespace)
        kubectl("create", "namespace", cls.namespace)
        lab("pull-secret", cls.namespace)
        install(cls.namespace, "1.2.0", "--no-wait", "--set", f"imagePullSecrets[0].name=datafly-registry,image.registry={cls.registry()}",
                "--set-string", f"observability.token={OF_THE_USER[1]}")
        kubectl("-n", cls.namespace, "set", "env", "deployment/identity-hub", f"VENDOR_PASSWORD={OF_THE_USER[0]}")
        cls.taken = signal("snapshot", "-n", cls.namespace, "-o", cls.file, "--to", TARGET, "--config", PROFILE)

    @staticmethod
    def registry():
        return lab_environment()["SIGNAL_LAB_TLS_REGISTRY"]

    def secrets(self):
        """Everything that must not be found, by what it is."""
        found = {f"the user's {text}": text for text in OF_THE_USER}
        listed = json.loads(kubectl("-n", self.namespace, "get", "secrets", "-o", "json").out)["items"]
        for secret in listed:
            for key, value in secret.get("data", {}).items():
                found[f"{secret['metadata']['name']}/{key}, encoded"] = value
                found[f"{secret['metadata']['name']}/{key}"] = base64.b64decode(value).decode(errors="replace")
        found["the registry's password"] = pathlib.Path(lab_environment()["SIGNAL_LAB_REGISTRY_PASSWORD_FILE"]).read_text().strip()
        for user in json.loads(kubectl("config", "view", "--raw", "-o", "json").out)["users"]:
            found |= {f"the kubeconfig's {key}": value for key, value in user["user"].items()}
        return found

    def test_no_secret_is_in_it(self):
        self.assertEqual(self.taken.code, 0, self.taken.err)
        content = self.file.read_bytes()
        texts = [content.decode(errors="replace")]
        if content[:2] == b"\x1f\x8b":
            texts.append(gzip.decompress(content).decode(errors="replace"))
        self.assertTrue(any("identity-hub" in text for text in texts), "it holds the platform, in a form that can be searched")
        secrets = self.secrets()
        self.assertTrue({"ENCRYPTION_KEY", "JWT_SECRET", ".dockerconfigjson"} <= {name.split("/")[-1] for name in secrets})
        for name, value in secrets.items():
            with self.subTest(name):
                self.assertGreaterEqual(len(value), 8, "long enough to be sought")
                self.assertFalse(any(value in text for text in texts), f"{name} is in the snapshot")

    def test_the_private_images_are_judged_with_the_pull_secret(self):
        outcome = preflight(self.namespace, "--to", TARGET)
        self.assertFalse([code for code in outcome.codes("fail") | outcome.codes("warn") if code.startswith("SIG-IMG")], outcome.explain())
        self.assertEqual(outcome.where(code="SIG-IMG-001")[0]["verdict"], "pass", outcome.explain())

    def test_nothing_that_is_printed_holds_a_secret(self):
        secrets = self.secrets()
        for arguments in (("-o", "json"), ("-o", "html"), ("-o", "table", "-v", "-v"), ("--to", TARGET, "-o", "json")):
            outcome = signal("preflight", "-n", self.namespace, "--config", PROFILE, *arguments)
            for name, value in secrets.items():
                with self.subTest(f"{' '.join(arguments)}: {name}"):
                    self.assertNotIn(value, outcome.out + outcome.err)


if __name__ == "__main__":
    unittest.main()
