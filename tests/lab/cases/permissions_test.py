"""What `permissions` prints is enough: a person with these rights, and no others, gets a full preflight."""
import tempfile
import unittest

from lab_support import (BIN, HEALTHY, PROFILE, LabCase, case_namespace, healthy, in_lab, install, kubectl, lab, lab_environment, preflight, ready_to_change,
                         remove_namespace, settle, shell, signal)
from rollout_support import apply, container, deployment, namespace_object, pod, service_account, wait_until_ready
from small_charts import SETTINGS, hook, write_chart

OBJECTS = ("clusterrolebinding", "clusterrole", "rolebinding", "role")


class Permissions(LabCase):
    def grant(self, command):
        """Runs the command of the manual for a new person; his kubeconfig."""
        person = f"{command}-person"
        config = lab("kubeconfig-for", person)
        for kind in OBJECTS:
            self.addCleanup(kubectl, "-n", HEALTHY, "delete", "--ignore-not-found", kind, f"signal-{command}")
        shell(f"kubectl signal permissions {command} -n {HEALTHY} -o yaml --subject User/{person} | kubectl apply -f -")
        return config

    def without_rights_to_write(self, *arguments, **changes):
        """A preflight of somebody else's upgrade: the rights to make it are not asked for."""
        return healthy("--skip", "SIG-PERM", *arguments, **changes)

    def test_nobody_without_them_gets_far(self):
        config = lab("kubeconfig-for", "stranger")
        outcome = preflight(HEALTHY, KUBECONFIG=config)
        self.assert_sound(outcome)
        self.assertTrue(outcome.codes("unknown", requirement="required") or outcome.codes("fail"), outcome.explain())
        self.assertNotEqual(outcome.code, 0)
        self.assertIn("as user stranger", outcome.out.lower() + outcome.err.lower())

    def test_preflights_rights_are_enough_for_preflight(self):
        config = self.grant("preflight")
        def both():
            return self.without_rights_to_write(), self.without_rights_to_write(KUBECONFIG=config)

        def of_the_same(administrator, outcome):
            return {key: outcome.verdicts().get(key) for key in administrator.verdicts()}
        administrator, outcome = settle(both, lambda seen: of_the_same(*seen) == seen[0].verdicts() and not seen[1].codes("unknown", requirement="required"), 60)
        self.assert_only(outcome)
        self.assertEqual(outcome.codes("unknown", requirement="required"), set(), outcome.explain())
        self.assertEqual(of_the_same(administrator, outcome), administrator.verdicts())

    def test_preflights_rights_allow_no_change(self):
        config = self.grant("preflight")
        for verb, resource in (("create", "deployments"), ("delete", "pods"), ("patch", "secrets"), ("create", "pods/exec")):
            with self.subTest(f"{verb} {resource}"):
                answer = kubectls_word("auth", "can-i", verb, resource, config)
                self.assertEqual(answer, "no")

    def test_rights_to_follow_and_explain_are_enough(self):
        for command in ("rollout", "health", "diagnose"):
            with self.subTest(command):
                config = self.grant(command)
                seen = settle(lambda: signal(command, "-n", HEALTHY, "-o", "json", KUBECONFIG=config), lambda seen: seen.code == 0 and "forbidden" not in seen.out, 60)
                self.assertEqual(seen.code, 0, seen.out + seen.err)
                self.assertNotIn("forbidden", seen.out + seen.err)

    def test_rights_everywhere_are_enough_for_all_installations(self):
        config = lab("kubeconfig-for", "everywhere")
        for kind in ("clusterrolebinding", "clusterrole"):
            self.addCleanup(kubectl, "delete", "--ignore-not-found", kind, "signal-health-everywhere")
        shell("kubectl signal permissions health -A -o yaml --subject User/everywhere | kubectl apply -f -")
        seen = settle(lambda: signal("health", "-A", "-o", "json", KUBECONFIG=config), lambda seen: HEALTHY in seen.out, 60)
        self.assertIn(HEALTHY, {row["namespace"] for row in seen.report["sections"][0]["rows"]}, seen.err)
        findings = [one for installation in seen.report["installations"] for part in installation["sections"] for one in part.get("findings", [])]
        self.assertTrue(findings)
        self.assertEqual([one for one in findings if one.get("needs")], [], "a right is missing")

    def test_without_replicasets_a_rollout_still_finds_its_cause(self):
        namespace = case_namespace("no-replicasets")
        self.addCleanup(remove_namespace, namespace)
        config = lab("kubeconfig-for", "no-replicasets")
        apply(namespace_object(namespace), service_account(namespace), deployment(namespace, pod(), replicas=2))
        wait_until_ready(namespace)
        role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "seer", "namespace": namespace}, "rules": [
            {"apiGroups": [""], "resources": ["pods", "events", "secrets"], "verbs": ["get", "list", "watch"]},
            {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets", "daemonsets"], "verbs": ["get", "list", "watch"]}]}
        apply(role)
        kubectl("-n", namespace, "create", "rolebinding", "seer", "--role=seer", "--user=no-replicasets")
        self.addCleanup(kubectl, "-n", namespace, "delete", "--ignore-not-found", "rolebinding", "seer")
        apply(deployment(namespace, pod(container(image="127.0.0.1:5000/lab/act:gone")), replicas=2))
        outcome = settle(lambda: signal("rollout", "-n", namespace, "-o", "json", "--deadline", "60s", KUBECONFIG=config), lambda seen: seen.code == 3, 30)
        self.assertEqual(outcome.code, 3, outcome.out + outcome.err)
        self.assertEqual({row["class"] for section in outcome.report["sections"] if section["name"] == "objects" for row in section["rows"]},
                         {"image-not-found"})
        told = [finding["seen"] for finding in outcome.where(verdict="unknown", requirement="advisory") if "replicasets" in finding["needs"]]
        self.assertTrue(told and "told by their names" in told[0], outcome.out)

    def test_upgrades_rights_are_enough_for_a_target(self):
        config = self.grant("upgrade")
        outcome = settle(lambda: healthy("--to", "1.2.1", KUBECONFIG=config), lambda seen: not seen.codes("unknown", requirement="required"), 60)
        self.assert_only(outcome)

    def test_upgrades_and_rollbacks_rights_are_enough_for_them(self):
        namespace = case_namespace("rights")
        self.addCleanup(remove_namespace, namespace)
        install(namespace, "1.2.0", "--skip-crds")
        ready_to_change(namespace)
        helm = lab_environment()["SIGNAL_LAB_HELM4"]
        change = {"upgrade": ("oci://127.0.0.1:5000/charts/datafly", "--plain-http", "--version", "1.2.1", "--reset-then-reuse-values"), "rollback": ("1",)}
        for command, arguments in change.items():
            with self.subTest(command):
                person = f"{command}-changer"
                config = lab("kubeconfig-for", person)
                shell(f"kubectl signal permissions {command} -n {namespace} -o yaml --subject User/{person} | kubectl apply -f -")
                for kind in ("clusterrolebinding", "clusterrole"):
                    self.addCleanup(kubectl, "delete", "--ignore-not-found", kind, f"signal-{command}")
                settle(lambda: in_lab("kubectl", "-n", namespace, "auth", "can-i", "create", "leases", KUBECONFIG=config), lambda seen: seen.out.strip() == "yes", 60)
                done = in_lab(BIN / "helm-signal", command, "datafly", *arguments, "-n", namespace, "--yes", "-o", "json", "--config", PROFILE, timeout=300,
                              HELM_BIN=helm, KUBECONFIG=config)
                self.assertEqual((done.code, done.report["verdict"] if done.out else ""), (0, "verified"), done.err[-2000:] + done.out[-2000:])

    def test_upgrades_rights_are_enough_for_a_hook(self):
        """Of either Helm, which makes it anew, watches it to its end and deletes it."""
        for variable in ("SIGNAL_LAB_HELM3", "SIGNAL_LAB_HELM4"):
            with self.subTest(variable), tempfile.TemporaryDirectory(prefix="signal-lab-hook-") as folder:
                helm, namespace, person = lab_environment()[variable], case_namespace(f"hook-rights-{variable[-5:].lower()}"), f"hook-{variable[-5:].lower()}"
                self.addCleanup(remove_namespace, namespace)
                chart = write_chart(folder, SETTINGS, hook('exit, "0"'))
                in_lab(helm, "install", "datafly", chart, "-n", namespace, "--create-namespace", "--set", "run=1", check=True)
                config = lab("kubeconfig-for", person)
                shell(f"kubectl signal permissions upgrade -n {namespace} -o yaml --subject User/{person} | kubectl apply -f -")
                for kind in ("clusterrolebinding", "clusterrole"):
                    self.addCleanup(kubectl, "delete", "--ignore-not-found", kind, "signal-upgrade")
                settle(lambda: in_lab("kubectl", "-n", namespace, "auth", "can-i", "create", "leases", KUBECONFIG=config), lambda seen: seen.out.strip() == "yes", 60)
                for run in ("2", "3"):
                    done = in_lab(BIN / "helm-signal", "upgrade", "datafly", chart, "--set", f"run={run}", "-n", namespace, "--yes", "-o", "json",
                                  "--config", PROFILE, timeout=300, HELM_BIN=helm, KUBECONFIG=config)
                    self.assertEqual((done.code, done.report["verdict"] if done.out else ""), (0, "verified"), done.err[-2000:] + done.out[-2000:])

    def test_says_what_a_person_lacks(self):
        config = lab("kubeconfig-for", "stranger")
        outcome = signal("permissions", "preflight", "-n", HEALTHY, KUBECONFIG=config)
        self.assertIn("secrets", outcome.out)
        self.assertIn(outcome.code, (3, 5), outcome.out)


def kubectls_word(*arguments):
    """kubectl's own word, as the person whose kubeconfig comes last."""
    return in_lab("kubectl", "-n", HEALTHY, *arguments[:-1], KUBECONFIG=arguments[-1]).out.strip()


if __name__ == "__main__":
    unittest.main()
