"""What surrounds helm signal upgrade and rollback: saved plans, the pinned chart, the values rule, hooks that fail, the soak, conflicts over replicas,
gates of the way back, releases of somebody else's."""
import base64
import json
import os
import pathlib
import tempfile
import threading

from lab_support import BIN, LabCase, PROFILE, case_namespace, in_lab, install, kubectl, lab_environment, ready_to_change, remove_namespace, settle

CHART = ("oci://127.0.0.1:5000/charts/datafly", "--plain-http")
GOOD, CANNOT, SHUT, NEEDS_PERSON, USAGE = 0, 1, 3, 7, 64
HOOK = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: prepare
  annotations: {helm.sh/hook: pre-upgrade}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: main, image: "127.0.0.1:5000/lab/act:1", command: [/app/act, need, "%s"]}
"""


class OnARelease(LabCase):
    """A release of its own for each class; helm 4, which applies it server-side."""

    version = "1.2.0"

    @classmethod
    def setUpClass(cls):
        cls.helm = lab_environment()["SIGNAL_LAB_HELM4"]
        cls.namespace = case_namespace(cls.__name__.lower())
        cls.addClassCleanup(remove_namespace, cls.namespace)
        install(cls.namespace, cls.version, "--skip-crds")
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="signal-lab-details-"))

    def setUp(self):
        # The test before may have changed the release by helm alone, which does not wait.
        ready_to_change(self.namespace)

    def signal(self, command, *arguments, namespace=None, **changes):
        return in_lab(BIN / "helm-signal", command, *arguments, "-n", namespace or self.namespace, "-o", "json", timeout=300, HELM_BIN=self.helm, **changes)

    def upgrade(self, version, *arguments, chart=CHART, **changes):
        words = (*chart, "--version", version) if version else chart
        return self.signal("upgrade", "datafly", *words, "--config", PROFILE, "--yes", *arguments, **changes)

    def newest(self):
        history = json.loads(in_lab(self.helm, "history", "datafly", "-n", self.namespace, "-o", "json", check=True).out)
        return history[-1]

    def text_of(self, outcome, name):
        return next((section["text"] for section in outcome.report["sections"] if section["name"] == name), "")

    def unpack(self, version):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        in_lab(self.helm, "pull", *CHART, "--version", version, "--untar", "--destination", folder, check=True)
        return folder / "datafly"

    def assert_ended(self, outcome, code, verdict):
        self.assertEqual((outcome.code, outcome.report["verdict"] if outcome.out else ""), (code, verdict),
                         outcome.explain() if outcome.out else outcome.err[-3000:])


class Plans(OnARelease):
    def plan(self, name, version, *arguments, chart=CHART, rule="--reset-then-reuse-values"):
        file, key = pathlib.Path(self.folder) / name, pathlib.Path(self.folder) / "plan.key"
        if not key.exists():
            key.write_bytes(base64.b64encode(os.urandom(32)))
        words = (*chart, "--version", version) if version else chart
        outcome = self.signal("plan", "datafly", *words, "--config", PROFILE, rule, "--save", file, "--plan-key", key, *arguments)
        return outcome, ("--plan", file, "--plan-key", key)

    def apply(self, given, *arguments):
        return self.signal("upgrade", *given, "--config", PROFILE, "--yes", *arguments)

    def test_1_what_was_saved_is_applied_once_and_hides_what_is_secret(self):
        saved, given = self.plan("good", "1.2.1", "--set", "extra.password=planted-secret-of-the-plan,ingestionGateway.maxBatchSize=321")
        self.assertEqual(saved.code, GOOD, saved.err)
        text = given[1].read_text()
        self.assertEqual(given[1].stat().st_mode & 0o777, 0o600)
        for secret in ("planted-secret-of-the-plan", base64.b64encode(b"planted-secret-of-the-plan").decode()):
            self.assertNotIn(secret, text)
        self.assertEqual(json.loads(text)["header"]["chartVersion"], "1.2.1")
        before = self.newest()["revision"]
        self.assert_ended(self.apply(given), GOOD, "verified")
        self.assertEqual(self.newest()["revision"], before + 1)
        values = json.loads(in_lab(self.helm, "get", "values", "datafly", "-n", self.namespace, "-o", "json", check=True).out)
        self.assertEqual(values["ingestionGateway"]["maxBatchSize"], 321)
        again = self.apply(given)
        self.assertEqual(again.code, CANNOT, again.err)
        self.assertIn("moved on", again.err)
        self.assertEqual(self.newest()["revision"], before + 1)

    def test_2_without_its_key_or_changed_or_with_more_it_is_refused(self):
        _, given = self.plan("refused", "1.2.1")
        for arguments, code, words in ((given[:2], CANNOT, "no key is given"), ((*given, "--set", "a=b"), USAGE, "not given again"),
                                       (("another", *given), USAGE, "the plan is for release datafly")):
            outcome = self.apply(arguments)
            self.assertEqual((outcome.code, words in outcome.err), (code, True), outcome.err)
        given[1].write_text(given[1].read_text().replace('"chartVersion": "1.2.1"', '"chartVersion": "1.3.0"'))
        edited = self.apply(given)
        self.assertEqual(edited.code, CANNOT)
        self.assertIn("changed", edited.err)

    def test_3_without_a_key_secrets_are_not_saved(self):
        file = pathlib.Path(self.folder) / "open"
        outcome = self.signal("plan", "datafly", *CHART, "--version", "1.2.1", "--config", PROFILE, "--save", file)
        self.assertEqual(outcome.code, CANNOT)
        self.assertIn("--plan-key FILE", outcome.err)
        self.assertFalse(file.exists())

    def test_4_a_chart_that_changed_meanwhile_is_not_applied(self):
        chart = self.unpack("1.2.1")
        inside, _ = self.plan(chart / "a.plan", "", chart=(chart,))
        self.assertEqual((inside.code, (chart / "a.plan").exists()), (USAGE, False), inside.err)
        self.assertIn("--save: the plan would lie in the chart's folder", inside.err)
        saved, given = self.plan("folder", "", chart=(chart,))
        self.assertEqual(saved.code, GOOD, saved.err)
        before = self.newest()["revision"]
        (chart / "templates" / "more.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n")
        outcome = self.apply(given)
        self.assertEqual(outcome.code, CANNOT)
        self.assertIn("is not the one of the plan", outcome.err)
        self.assertEqual(self.newest()["revision"], before)
        (chart / "templates" / "more.yaml").unlink()
        self.assert_ended(self.apply(given), GOOD, "verified")

    def test_5_a_null_that_takes_a_default_away_comes_back_from_a_plan(self):
        chart = self.unpack("1.2.1")
        with (chart / "values.yaml").open("a") as values:
            values.write("\nadded: default\n")
        (chart / "templates" / "more.yaml").write_text(
            'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\ndata: {added: {{ .Values.added | default "absent" | quote }}}\n')
        added = ("-n", self.namespace, "get", "configmap", "more", "-o", "jsonpath={.data.added}")
        for arguments, applied in (((), "default"), (("--set", "added=null"), "absent")):
            saved, given = self.plan(f"null-{applied}", "", *arguments, chart=(chart,), rule="--reuse-values" if arguments else "--reset-then-reuse-values")
            self.assertEqual(saved.code, GOOD, saved.err)
            self.assert_ended(self.apply(given), GOOD, "verified")
            self.assertEqual(kubectl(*added).out, applied)


class Surroundings(OnARelease):
    def test_1_what_the_values_rule_takes_away_is_told(self):
        in_lab(self.helm, "upgrade", "datafly", *CHART, "--version", "1.2.0", "-n", self.namespace, "--set", "deliveryWorkers.retryMaxAttempts=7", "--force-conflicts",
               check=True)
        dropped = self.upgrade("1.2.0", "--dry-run", "--set", "ingestionGateway.maxBatchSize=100")
        self.assertIn("lost: deliveryWorkers", self.text_of(dropped, "values-rule"))
        kept = self.upgrade("1.2.0", "--dry-run=server", "--reset-then-reuse-values", "--set", "ingestionGateway.maxBatchSize=100")
        self.assertEqual(self.text_of(kept, "values-rule"), "")
        old = self.upgrade("1.3.0", "--dry-run", "--reuse-values")
        self.assertRegex(self.text_of(old, "values-rule"), "(lost|revived): ")

    def test_2_a_hook_that_fails_tells_its_last_words_without_the_secrets(self):
        chart = self.unpack("1.2.0")
        (chart / "templates" / "hook.yaml").write_text(HOOK % "/connecting-with/{{ .Values.extra.password }}")
        outcome = self.upgrade("", "--reset-then-reuse-values", "--set", "extra.password=planted-secret-of-the-hook", "--on-failure", "stop", chart=(chart,))
        self.assert_ended(outcome, NEEDS_PERSON, "failed")
        told = self.text_of(outcome, "hooks")
        self.assertIn("Job/prepare", told)
        self.assertIn("container main exited with code 1", told)
        self.assertIn("/connecting-with/", told)
        self.assertNotIn("planted-secret-of-the-hook", outcome.out + outcome.err)

    def test_3_what_fails_while_it_soaks_has_failed(self):
        good = self.upgrade("1.2.0", "--reset-then-reuse-values", "--set", "ingestionGateway.maxBatchSize=101", "--soak", "3s")
        self.assert_ended(good, GOOD, "verified")
        self.assertIn("watching them for 3s", good.err)

        def spoil():
            settle(lambda: kubectl("-n", self.namespace, "get", "configmaps", "-l", "signal.dataflysignal.com/phase=following", "-o", "name"), lambda seen: seen.out.strip(), 120)
            kubectl("-n", self.namespace, "set", "image", "deployment/identity-hub", "*=127.0.0.1:5000/lab/act:no-such-tag")
        other = threading.Thread(target=spoil)
        other.start()
        outcome = self.upgrade("1.2.0", "--reset-then-reuse-values", "--set", "ingestionGateway.maxBatchSize=102", "--soak", "90s", "--on-failure", "stop")
        other.join()
        self.assert_ended(outcome, NEEDS_PERSON, "failed")
        self.assertIn("SIG-POD-", outcome.out)
        self.assertIn("identity-hub", outcome.report["verdictDetail"])
        kubectl("-n", self.namespace, "rollout", "undo", "deployment/identity-hub")
        kubectl("-n", self.namespace, "rollout", "status", "deployment/identity-hub", "--timeout=120s")

    def test_4_conflicts_over_replicas_alone_are_forced(self):
        kubectl("-n", self.namespace, "scale", "deployment/identity-hub", "--replicas=2")
        kubectl("-n", self.namespace, "rollout", "status", "deployment/identity-hub", "--timeout=120s")
        outcome = self.upgrade("1.2.0", "--reset-then-reuse-values", "--set", "ingestionGateway.maxBatchSize=103")
        self.assert_ended(outcome, GOOD, "verified")
        self.assertEqual(kubectl("-n", self.namespace, "get", "deployment", "identity-hub", "-o", "jsonpath={.spec.replicas}").out, "1")
        kubectl("-n", self.namespace, "set", "env", "deployment/identity-hub", "--field-manager=somebody", "PORT=1")
        in_lab("kubectl", "-n", self.namespace, "apply", "--server-side", "--field-manager=somebody", "--force-conflicts", "-f", "-", check=True, stdin=json.dumps(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": self.config_map()}, "data": {self.config_key(): "somebody's"}}))
        refused = self.upgrade("1.2.0", "--reset-then-reuse-values", "--set", "ingestionGateway.maxBatchSize=104")
        self.assertEqual(refused.code, SHUT, refused.err)
        self.assertIn("SIG-DRY-004", refused.codes("fail"))

    def config_map(self):
        return next(name for name in kubectl("-n", self.namespace, "get", "configmaps", "-l", "app.kubernetes.io/managed-by=Helm", "-o", "jsonpath={.items[*].metadata.name}").out.split())

    def config_key(self):
        return next(iter(json.loads(kubectl("-n", self.namespace, "get", "configmap", self.config_map(), "-o", "json").out)["data"]))


class TheWayBack(OnARelease):
    def test_1_an_image_that_is_gone_shuts_the_gate(self):
        in_lab(self.helm, "upgrade", "datafly", *CHART, "--version", "1.2.0", "-n", self.namespace, "--set", "image.tag=v0.0.0-gone", check=True)
        in_lab(self.helm, "upgrade", "datafly", *CHART, "--version", "1.2.0", "-n", self.namespace, "--set", "image.tag=", check=True)
        kubectl("-n", self.namespace, "rollout", "status", "deployment", "--selector", "app.kubernetes.io/part-of=datafly", "--timeout=120s")
        ready_to_change(self.namespace)
        before = self.newest()["revision"]
        outcome = self.signal("rollback", "datafly", "2", "--yes", "--config", PROFILE)
        self.assertEqual(outcome.code, SHUT, outcome.err)
        self.assertIn("SIG-IMG-001", outcome.codes("fail"))
        self.assertEqual(self.newest()["revision"], before)
        dry = self.signal("rollback", "datafly", "1", "--dry-run", "--config", PROFILE)
        self.assertEqual(dry.code, GOOD, dry.explain())
        self.assert_ended(self.signal("rollback", "datafly", "1", "--yes", "--config", PROFILE), GOOD, "verified")

    def assert_refused(self, *steps):
        before = self.newest()["revision"]
        for command in (("upgrade", "datafly", *CHART, "--version", "1.2.1", "--yes"), ("rollback", "datafly", "1", "--yes")):
            outcome = self.signal(*command)
            self.assertEqual(outcome.code, CANNOT, outcome.err)
            for step in steps:
                self.assertIn(step, outcome.err)
        self.assertEqual(self.newest()["revision"], before)

    def test_2_what_flux_owns_is_refused_with_the_steps(self):
        owner = "helm.toolkit.fluxcd.io/name"
        kubectl("-n", self.namespace, "label", "deployments", "--all", f"{owner}=datafly", "helm.toolkit.fluxcd.io/namespace=flux-system")
        self.addCleanup(kubectl, "-n", self.namespace, "label", "deployments", "--all", f"{owner}-", "helm.toolkit.fluxcd.io/namespace-")
        self.assert_refused("flux suspend helmrelease datafly -n flux-system", "pull request")

    def test_3_what_argo_cd_owns_is_refused_with_the_steps(self):
        tracked = f"argocd.argoproj.io/tracking-id=platform:apps/Deployment:{self.namespace}/identity-hub"
        kubectl("-n", self.namespace, "annotate", "deployment", "identity-hub", tracked)
        self.addCleanup(kubectl, "-n", self.namespace, "annotate", "deployment", "identity-hub", "argocd.argoproj.io/tracking-id-")
        self.assert_refused("-n argocd patch applications.argoproj.io platform --type merge", "Argo CD renders the chart itself")


if __name__ == "__main__":
    import unittest
    unittest.main()
