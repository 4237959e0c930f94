"""What the cases about changing the platform's release share: the commands, and what must hold when they have ended."""
import json

from lab_support import BIN, PROFILE, case_namespace, in_lab, install, kubectl, lab_environment, ready_to_change, remove_namespace

CHART = ("oci://127.0.0.1:5000/charts/datafly", "--plain-http")
VERIFIED, CANNOT, SHUT, ROLLED_BACK, NEEDS_PERSON = 0, 1, 3, 6, 7


class UpgradeCase:
    """For one Helm; a release of its own for each class, since tests go on where the one before ended."""

    variable = ""
    about = "up"

    @classmethod
    def setUpClass(cls):
        cls.helm = lab_environment()[cls.variable]
        cls.namespace = case_namespace(f"{cls.about}-{cls.variable[-5:].lower()}")
        cls.addClassCleanup(remove_namespace, cls.namespace)
        install(cls.namespace, "1.2.0", "--helm", cls.variable[-1], "--skip-crds")
        ready_to_change(cls.namespace)
        cls.batch = 0

    def signal(self, command, *arguments, timeout=300, helm=None, **changes):
        return in_lab(BIN / "helm-signal", command, "datafly", *arguments, "-n", self.namespace, "-o", "json", timeout=timeout, HELM_BIN=str(helm or self.helm), **changes)

    def upgrade(self, version, *arguments, **changes):
        return self.signal("upgrade", *CHART, "--version", version, "--config", PROFILE, "--reset-then-reuse-values", "--yes", *arguments, **changes)

    def another(self, *arguments, **changes):
        """An upgrade that changes one number, of whatever version is there."""
        return self.upgrade(self.version(), "--set", f"ingestionGateway.maxBatchSize={type(self).batch}", *arguments, **changes)

    def revisions(self):
        history = self.signal("history", "-o", "json")
        self.assertEqual(history.code, 0, history.err)
        return next(section["rows"] for section in history.report["sections"] if section["name"] == "revisions")

    def version(self):
        return self.revisions()[0]["chart"]

    def assert_end(self, outcome, code, verdict):
        self.assertEqual((outcome.code, outcome.report["verdict"] if outcome.out else ""), (code, verdict),
                         outcome.explain() if outcome.out else outcome.err[-3000:])

    def assert_free(self):
        """No lock of Helm's, no lease, no entry of the journal that is not closed."""
        self.assertFalse(self.revisions()[0]["status"].startswith("pending"), self.revisions())
        lease = json.loads(kubectl("-n", self.namespace, "get", "lease", "signal-datafly", "-o", "json").out)
        self.assertEqual(lease["spec"].get("holderIdentity", ""), "")
        entries = self.entries()
        self.assertTrue(entries)
        self.assertEqual({entry["metadata"]["labels"]["signal.dataflysignal.com/phase"] for entry in entries}, {"done"})

    def entries(self):
        """The journal's ConfigMaps, oldest first."""
        listed = json.loads(kubectl("-n", self.namespace, "get", "configmaps", "-l", "signal.dataflysignal.com/role=operation", "-o", "json").out)["items"]
        return sorted(listed, key=lambda entry: json.loads(entry["data"]["operation"])["startedAt"])
