"""Each thing that can be wrong with a platform is found by its own code, and nothing else fails beside it.

A row says how a release is broken, and which code has to say so: `fails` are the only codes that may fail, `warns` the only findings that may warn
beyond those of the healthy platform. Where the finding prints a command that mends, it is run as printed, and the check passes then.
"""
import dataclasses
import typing
import unittest

import lab_support
from lab_support import (SINGLE_BY_DEFAULT, LabCase, Preparations, case_namespace, healthy, install, lab, preflight, remove_namespace, sabotage,
                         settle, shell)


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    fails: frozenset = frozenset()
    warns: frozenset = frozenset()  # (code, object)
    version: typing.Optional[str] = None  # the base is upgraded to this one
    target: tuple = ()  # arguments of preflight
    mends: bool = False  # the printed remedies are commands that end it
    says: str = ""  # words of the finding


def failing(name, code, **more):
    return Case(name, fails=frozenset({code}), **more)


def warning(name, *pairs, **more):
    return Case(name, warns=frozenset(pairs), **more)


VERSIONS = [
    failing("crash-on-start", "SIG-POD-002", version="1.3.1-crash-on-start", says="event-processor"),
    failing("migration-fails", "SIG-POD-004", version="1.3.1-migration-fails", says="migrations"),
    failing("image-missing", "SIG-POD-005", version="1.3.1-image-missing", says="event-processor"),
    failing("other-platform", "SIG-POD-009", version="1.3.1-other-platform"),
    failing("never-ready", "SIG-POD-015", version="1.3.1-never-ready", says="readiness"),
    failing("config-error", "SIG-POD-011", version="1.3.1-config-error", says="CreateContainerConfigError"),
    failing("oom", "SIG-POD-012", version="1.3.1-oom", says="memory"),
]

SCALED = tuple(("SIG-HPA-005", f"HorizontalPodAutoscaler/{name}") for name in ("event-processor", "ingestion-gateway"))
WITH_TWO_REPLICAS = ("delivery-workers", "event-processor", "ingestion-gateway")

SABOTAGES = [
    failing("pod-oom-killed", "SIG-POD-012", mends=True, says="OOMKilled"),
    failing("pending-upgrade-lock", "SIG-REL-003", mends=True, says="pending-upgrade"),
    failing("hpa-without-metrics", "SIG-HPA-002"),
    warning("hpa-replicas-rendered", *SCALED),
    warning("replicas-one", ("SIG-ZDT-001", "Deployment/delivery-workers"), mends=True),
    warning("no-pdb", *(("SIG-ZDT-006", f"Deployment/{name}") for name in WITH_TWO_REPLICAS), mends=True),
    failing("missing-tag", "SIG-POD-005", says="no such tag"),
    failing("private-registry-no-secret", "SIG-POD-006"),
    failing("quota-without-room", "SIG-CAP-002", mends=True),
]

# Judged on the healthy release, which stays as it is: what the step to a target would break.
TARGETS = [
    failing("removed-api", "SIG-API-002", target=("--to", "1.3.1-removed-api"), says="policy/v1"),
    failing("image-missing", "SIG-IMG-001", target=("--to", "1.3.1-image-missing")),
    failing("tag-missing", "SIG-IMG-001", target=("--to", "1.2.1", "--set", "image.tag=v0.0.9")),
    failing("other-platform", "SIG-IMG-005", target=("--to", "1.3.1-other-platform")),
    warning("private-registry", ("SIG-IMG-004", "registry 127.0.0.1:5443"), target=("--to", "1.2.0", "--set", "image.registry=127.0.0.1:5443")),
    warning("replicas-under-an-autoscaler", *SCALED, target=("--to", "1.3.1-hpa-replicas")),
    warning("one-worker", ("SIG-ZDT-001", "Deployment/delivery-workers"), target=("--to", "1.2.1", "--set", "deliveryWorkers.replicas=1")),
    failing("one-gateway", "SIG-ZDT-001", target=("--to", "1.2.1", "--set", "autoscaling.ingestionGateway.minReplicas=1")),
    warning("no-pdb", *(("SIG-ZDT-006", f"Deployment/{name}") for name in WITH_TWO_REPLICAS), target=("--to", "1.2.1", "--set", "pdb.enabled=false")),
]

# What every target asks of a person, and the CRD that helm upgrade leaves behind.
ASKED_OF_A_PERSON = ("SIG-NOTE-", "SIG-CRD-002")
# A young autoscaler has no metrics yet, in a namespace of seconds.
OF_YOUTH = ("SIG-HPA-002",)


def unexpected_warnings(outcome, case):
    usual = {("SIG-ZDT-001", name) for name in SINGLE_BY_DEFAULT}
    return {(code, subject) for code, subject in outcome.pairs("warn") - usual - case.warns if not code.startswith(ASKED_OF_A_PERSON + OF_YOUTH)}


def shows(outcome, case):
    return outcome.codes("fail") == case.fails and case.warns <= outcome.pairs("warn") and not unexpected_warnings(outcome, case)


CASES = {case.name: case for case in VERSIONS + SABOTAGES}


def prepare(name):
    case = CASES[name]
    namespace = case_namespace(name)
    install(namespace)
    if case.version:
        install(namespace, case.version, "--no-wait")
    else:
        sabotage(name, "apply", namespace)
    return namespace


def tests_of(table, judge):
    """A class decorator: one test method for each row, in the table's order."""
    def add(cls):
        for number, row in enumerate(table):
            def test(self, row=row):
                judge(self, row)
            setattr(cls, f"test_{number:02d}_{row.name.replace('-', '_')}", test)
        return cls
    return add


@tests_of(VERSIONS + SABOTAGES, lambda self, case: self.judge_and_remove(case))
class BrokenPlatform(LabCase):
    @classmethod
    def setUpClass(cls):
        cls.preparations = Preparations(list(CASES), prepare)
        cls.addClassCleanup(cls.remove_all)

    @classmethod
    def remove_all(cls):
        for name in cls.preparations.close():
            remove_namespace(case_namespace(name))

    def judge_and_remove(self, case):
        namespace = self.preparations.result(case.name)
        try:
            self.judge(case, namespace)
        finally:
            remove_namespace(namespace)

    def judge(self, case, namespace):
        outcome = settle(lambda: preflight(namespace), lambda seen: shows(seen, case))
        self.assert_only(outcome, case.fails)
        self.assertLessEqual(case.warns, outcome.pairs("warn"), outcome.explain())
        self.assertEqual(unexpected_warnings(outcome, case), set(), outcome.explain())
        self.assertEqual(outcome.code, 3 if case.fails else 0, outcome.explain())
        found = [finding for finding in outcome.findings if finding["code"] in case.fails or (finding["code"], finding["object"]) in case.warns]
        self.assertTrue(any(case.says in finding["seen"] for finding in found), outcome.explain())
        if case.name == "pending-upgrade-lock":
            self.judge_a_target_beside_the_lock(case, namespace)
        if case.mends:
            self.mend(case, namespace, found)

    def judge_a_target_beside_the_lock(self, case, namespace):
        """Helm refuses to render it: helm template does, and what that does not tell is unknown."""
        outcome = preflight(namespace, "--to", "1.2.1")
        values = {f"SIG-VAL-00{number}" for number in range(1, 7)}
        self.assert_only(outcome, case.fails, values)
        self.assertLessEqual({"SIG-VER-001", "SIG-IMG-001", "SIG-API-002"}, outcome.codes("pass"), outcome.explain())
        self.assertLessEqual({"SIG-CRD-001", "SIG-CHG-001"}, outcome.codes("unknown"), outcome.explain())

    def mend(self, case, namespace, found):
        wrong = {(finding["code"], finding["object"]) for finding in found}
        for remedy in dict.fromkeys(finding["remedy"] for finding in found if finding["verdict"] in ("fail", "warn")):
            shell(remedy)
        after = settle(lambda: preflight(namespace), lambda seen: not wrong & (seen.pairs("fail") | seen.pairs("warn")) and not seen.codes("fail"))
        self.assertEqual(wrong & (after.pairs("fail") | after.pairs("warn")), set(), after.explain())
        self.assert_only(after)
        self.assertLessEqual({code for code, _ in wrong}, after.codes("pass") | after.codes("warn"), "the check passes now")


@tests_of(TARGETS, lambda self, case: self.judge(case))
class BrokenTarget(LabCase):
    def judge(self, case):
        outcome = healthy(*case.target)
        self.assert_only(outcome, case.fails)
        self.assertEqual(unexpected_warnings(outcome, case), set(), outcome.explain())
        self.assertLessEqual(case.warns, outcome.pairs("warn"), outcome.explain())
        self.assertTrue(all(any(case.says in finding["seen"] for finding in outcome.where(code=code)) for code in case.fails), outcome.explain())


class LimitedPerson(LabCase):
    """Two who may not see everything: what they cannot see is unknown, with the right that is missing, and nothing fails for it."""

    @classmethod
    def setUpClass(cls):
        cls.namespace = case_namespace("limited")
        cls.addClassCleanup(remove_namespace, cls.namespace)
        install(cls.namespace)

    def test_who_has_only_the_namespace(self):
        config = sabotage("namespace-only-user", "apply", self.namespace)
        self.addCleanup(sabotage, "namespace-only-user", "revert", self.namespace)
        outcome = settle(lambda: preflight(self.namespace, KUBECONFIG=config), lambda seen: not seen.codes("fail"), 60)
        self.assert_only(outcome)
        self.assertEqual(outcome.code, 0, outcome.explain())
        nodes = outcome.where(code="SIG-PLT-002")[0]
        self.assertEqual((nodes["verdict"], nodes["requirement"]), ("unknown", "advisory"), nodes)
        self.assertIn("list nodes", nodes["needs"])

    def test_whose_role_lacks_one_verb_of_reading(self):
        config = sabotage("role-without-one-verb", "apply", self.namespace)
        self.addCleanup(sabotage, "role-without-one-verb", "revert", self.namespace)
        # May read, and so cannot upgrade: the rights are another matter.
        outcome = settle(lambda: preflight(self.namespace, "--skip", "SIG-PERM", KUBECONFIG=config), lambda seen: not seen.codes("fail"), 60)
        self.assert_only(outcome)
        budgets = outcome.where(code="SIG-ZDT-006")[0]
        self.assertEqual(budgets["verdict"], "unknown", outcome.explain())
        self.assertIn("list poddisruptionbudgets", budgets["needs"])

    def test_whose_role_lacks_one_verb_of_upgrading(self):
        person = f"one-verb-{self.namespace}"
        config = lab("kubeconfig-for", person)
        self.grant(person, without=("deployments", "patch"))
        self.addCleanup(self.revoke)
        outcome = settle(lambda: preflight(self.namespace, KUBECONFIG=config), lambda seen: seen.codes("fail") == {"SIG-PERM-002"}, 60)
        self.assert_only(outcome, {"SIG-PERM-002"})
        denied = outcome.where(code="SIG-PERM-002", verdict="fail")
        self.assertEqual([(finding["object"], finding["seen"]) for finding in denied], [("deployments.apps", "you may not patch")])
        # An administrator runs what the remedy prints, with the person's name in the place that it leaves.
        command = denied[0]["remedy"].split(": ", 1)[1]
        self.assertIn("User/NAME", command)
        shell(command.replace("User/NAME", f"User/{person}"))
        after = settle(lambda: preflight(self.namespace, KUBECONFIG=config), lambda seen: not seen.codes("fail"), 60)
        self.assert_only(after)
        self.assertEqual(after.where(code="SIG-PERM-002")[0]["verdict"], "pass", after.explain())

    def grant(self, person, without):
        """The rights of an upgrade less one verb of one resource."""
        resource, verb = without
        printed = lab_support.signal("permissions", "upgrade", "-n", self.namespace, "-o", "yaml", "--subject", f"User/{person}")
        rights = lab_support.kubectl("create", "--dry-run=client", "-o", "json", "-f", "-", stdin=printed.out)
        objects = lab_support.stream_of_json(rights.out)
        for one in objects:
            rules = one.get("rules", [])
            one["metadata"]["name"] = "almost-" + one["metadata"]["name"] + "-" + self.namespace
            if "roleRef" in one:
                one["roleRef"]["name"] = one["metadata"]["name"]
            for rule in [rule for rule in rules if resource in rule["resources"] and verb in rule["verbs"]]:
                rules.remove(rule)
                rules.append(dict(rule, verbs=[other for other in rule["verbs"] if other != verb]))
                if len(rule["resources"]) > 1:
                    rules.append(dict(rule, resources=[other for other in rule["resources"] if other != resource]))
        lab_support.kubectl("apply", "-f", "-", stdin=lab_support.json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))

    def revoke(self):
        for name in (f"almost-signal-upgrade-{self.namespace}", "signal-upgrade"):
            lab_support.kubectl("delete", "--ignore-not-found", f"clusterrolebinding/{name}", f"clusterrole/{name}")


class WithoutAnyMetrics(LabCase):
    """The whole cluster's metrics are gone: one cause, and each autoscaler says so by the same code."""

    def test_the_autoscalers_say_so(self):
        namespace = case_namespace("metrics")
        self.addCleanup(remove_namespace, namespace)
        install(namespace)
        self.addCleanup(sabotage, "metrics-server-down", "revert", namespace)
        sabotage("metrics-server-down", "apply", namespace)
        outcome = settle(lambda: preflight(namespace), lambda seen: seen.codes("fail") == {"SIG-HPA-002"}, 60)
        self.assert_only(outcome, {"SIG-HPA-002"})
        self.assertEqual({finding["object"] for finding in outcome.where(code="SIG-HPA-002")},
                         {"HorizontalPodAutoscaler/event-processor", "HorizontalPodAutoscaler/ingestion-gateway"}, outcome.explain())


if __name__ == "__main__":
    unittest.main()
