"""`health` tells when the certificates of the release's Ingresses end: real Secrets, read by name, of which the key never gets anywhere."""
import base64
import json
import pathlib
import subprocess
import tempfile
import time
import unittest
import uuid

from lab_support import PROFILE, LabCase, case_namespace, in_lab, install, kubectl, lab, lab_environment, remove_namespace, settle, signal

HOST = "data.example.com"
CONFIG = """[ca]
default_ca = mine
[mine]
new_certs_dir = .
database = index
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
[names]
subjectAltName = DNS:{host}
"""


def certificate(folder, days):
    """A self-signed one for HOST that ends in so many days, also in the past; its key beside it."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=folder))
    (folder / "config").write_text(CONFIG.format(host=HOST))
    (folder / "index").touch()

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def date(days_from_now):
        return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days_from_now * 86400))

    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "request.pem", "-subj",
            f"/CN={HOST}")
    openssl("ca", "-selfsign", "-config", "config", "-keyfile", "key.pem", "-in", "request.pem", "-out", "chain.pem", "-batch", "-notext", "-extensions",
            "names", "-startdate", date(min(days, 0) - 30), "-enddate", date(days))
    return folder / "chain.pem", folder / "key.pem"


class Certificates(LabCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="signal-lab-certificates-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.namespace = case_namespace("certificates")
        cls.addClassCleanup(remove_namespace, cls.namespace)
        install(cls.namespace, "1.2.0", "--set", "ingress.enabled=true")

    def put(self, days):
        chain, key = certificate(self.folder, days)
        made = kubectl("-n", self.namespace, "create", "secret", "tls", "web", f"--cert={chain}", f"--key={key}", "--dry-run=client", "-o", "yaml").out
        in_lab("kubectl", "apply", "-f", "-", check=True, stdin=made)
        return key.read_text()

    def name_secrets(self, *names):
        """The Ingress takes its TLS from these."""
        patch = {"spec": {"tls": [{"hosts": [HOST], "secretName": name} for name in names] or None}}
        kubectl("-n", self.namespace, "patch", "ingress", "ingress", "--type=merge", "--patch", json.dumps(patch))

    def health(self, **changes):
        return signal("health", "-n", self.namespace, "-o", "json", "--config", PROFILE, **changes)

    def tls(self, outcome):
        return {(one["code"], one["object"]): one["verdict"] for one in outcome.findings if one["code"].startswith("SIG-TLS")}

    def test_without_tls_there_is_nothing_to_say(self):
        self.name_secrets()
        self.assertEqual(set(self.tls(self.health()).values()), {"skipped"})

    def test_dates_decide(self):
        self.name_secrets("web")
        # Half days: an age of whole days is told differently a second later.
        for days, verdict, words in ((90, "pass", "none expires before"), (12.5, "warn", "expires in 12d"), (-9.5, "fail", "expired 9d ago")):
            with self.subTest(days):
                key = self.put(days)
                outcome = self.health()
                found, = outcome.where(code="SIG-TLS-001")
                self.assertEqual(found["verdict"], verdict, outcome.explain())
                self.assertIn(words, found["seen"])
                self.assertEqual(outcome.where(code="SIG-TLS-002")[0]["verdict"], "pass")
                if verdict != "pass":
                    self.assertEqual((found["object"], found["evidence"]), ("Secret/web", [HOST]))
                if verdict == "fail":
                    self.assertEqual(outcome.code, 3)
                self.assertNotIn(key.splitlines()[1], outcome.out)

    def test_a_secret_that_is_not_there_is_named(self):
        self.put(90)
        self.name_secrets("web", "forgotten")
        outcome = self.health()
        self.assertEqual(self.tls(outcome), {("SIG-TLS-001", ""): "pass", ("SIG-TLS-002", "Secret/forgotten"): "warn"}, outcome.explain())

    def test_a_snapshot_holds_dates_and_names_only(self):
        key = self.put(13)
        self.name_secrets("web")
        file = pathlib.Path(self.folder) / "it.snapshot"
        taken = signal("snapshot", "-n", self.namespace, "-o", file, "--config", PROFILE)
        self.assertEqual(taken.code, 0, taken.err)
        offline = signal("health", "--from", file, "-o", "json", KUBECONFIG="/nonexistent")
        self.assertEqual(self.tls(offline)["SIG-TLS-001", "Secret/web"], "warn")
        raw = in_lab("sh", "-c", f"gunzip -c < {file} 2>/dev/null || cat {file}").out
        self.assertIn(HOST, raw)
        for secret in (key.splitlines()[1], base64.b64encode(key.encode()).decode()[40:80], "BEGIN CERTIFICATE", "BEGIN PRIVATE"):
            self.assertNotIn(secret, raw)

    def test_who_may_not_read_it_is_told_which_right_is_missing(self):
        """Records in ConfigMaps: else the right to read them is the right to all Secrets."""
        self.put(90)
        self.name_secrets("web")
        config = lab("kubeconfig-for", "no-secrets")
        kubectl("-n", self.namespace, "create", "rolebinding", "view", "--clusterrole=view", "--user=no-secrets")
        outcome = settle(lambda: self.health(KUBECONFIG=config), lambda seen: "list pods" not in seen.out, 20)
        found, = outcome.where(code="SIG-TLS-001")
        self.assertEqual((found["verdict"], found["requirement"], found["needs"]), ("unknown", "advisory", f"get secrets/web in {self.namespace}"),
                         outcome.explain())

    def test_only_the_named_secret_is_read(self):
        self.put(90)
        self.name_secrets("web")
        before = len(self.reads())
        self.health()
        self.assertEqual({name for name in self.reads()[before:] if not name.startswith("sh.helm")}, {"web"})

    def reads(self):
        """All up to now: the audit log is written a moment later, and what was asked for before a request of our own stands before it."""
        mark = f"mark-{uuid.uuid4()}"
        kubectl("get", "--raw", f"/api/v1/namespaces/{mark}/configmaps")
        log = pathlib.Path(lab_environment()["SIGNAL_LAB_AUDIT_LOG"])
        text = settle(log.read_text, lambda text: mark in text, 30)
        self.assertTrue(mark in text, f"{log} does not tell of a request")
        lines = text.splitlines()
        entries = (json.loads(line) for line in lines if f'"{self.namespace}"' in line and '"secrets"' in line)
        return [one["objectRef"]["name"] for one in entries
                if one["verb"] == "get" and one["objectRef"].get("name") and "kubectl-signal" in one.get("userAgent", "")]


if __name__ == "__main__":
    unittest.main()
