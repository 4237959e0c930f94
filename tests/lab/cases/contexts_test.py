"""A command changes only the cluster that it was pointed at, under Helm 3 and Helm 4: two API servers, both with a release of the same name and revision, and
what each has seen by its audit log."""
import json
import pathlib
import tempfile
import uuid

from lab_support import BIN, LabCase, PROFILE, case_namespace, in_lab, kubectl, lab, lab_environment, settle
from small_charts import SETTINGS, write_chart

LOGS = {"first": "SIGNAL_LAB_AUDIT_LOG", "second": "SIGNAL_LAB_SECOND_AUDIT_LOG"}
SERVERS = {"first": "SIGNAL_LAB_SERVER", "second": "SIGNAL_LAB_SECOND_SERVER"}
OTHER = {"first": "second", "second": "first"}
WRITES = {"create", "update", "patch", "delete", "deletecollection"}
# The second cluster has no node.
ACKS = {"first": (), "second": ("--ack", "SIG-PLT-002=an API server alone")}


def setUpModule():
    lab("second-apiserver", "up")


def tearDownModule():
    lab("second-apiserver", "down")


def contexts(current):
    """A kubeconfig with a context for each cluster."""
    given = json.loads(in_lab("kubectl", "config", "view", "--raw", "-o", "json", check=True).out)
    cluster, user = given["clusters"][0]["cluster"], given["users"][0]
    clusters = [{"name": name, "cluster": dict(cluster, server=lab_environment()[variable])} for name, variable in SERVERS.items()]
    return json.dumps({"apiVersion": "v1", "kind": "Config", "current-context": current, "users": [user], "clusters": clusters,
                       "contexts": [{"name": name, "context": {"cluster": name, "user": user["name"]}} for name in SERVERS]})


class AuditLog:
    """What people asked an API server for since this was made."""

    def __init__(self, context, kubeconfig):
        self.context, self.kubeconfig = context, kubeconfig
        self.path = pathlib.Path(lab_environment()[LOGS[context]])
        self.from_byte = self.path.stat().st_size

    def seen(self):
        """Every request up to now: those before one of our own are written before it."""
        mark = f"mark-{uuid.uuid4()}"
        in_lab("kubectl", "--context", self.context, "get", "--raw", f"/api/v1/namespaces/{mark}/configmaps", KUBECONFIG=self.kubeconfig, check=True)
        text = settle(self.text, lambda text: mark in text, 30)
        if mark not in text:
            raise AssertionError(f"{self.path} does not tell of a request")
        events = map(json.loads, text[:text.index(mark)].splitlines()[:-1])
        return [event for event in events if event["user"]["username"] == "admin"]

    def text(self):
        size = self.path.stat().st_size
        with self.path.open("rb") as file:
            # A log that was rotated meanwhile begins anew.
            file.seek(self.from_byte if size >= self.from_byte else 0)
            return file.read().decode()

    @staticmethod
    def resources_written(events):
        return {event["objectRef"]["resource"] for event in events
                if event["verb"] in WRITES and "dryRun=" not in event["requestURI"] and event["objectRef"].get("apiGroup") != "authorization.k8s.io"}


class ContextsCase:
    """The tests, for one Helm."""

    variable = ""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="signal-lab-contexts-")))
        write_chart(self.folder / "chart", SETTINGS)
        self.kubeconfigs = {current: self.folder / f"current-is-{current}" for current in SERVERS}
        for current, path in self.kubeconfigs.items():
            path.write_text(contexts(current))
            path.chmod(0o600)
        self.helm = lab_environment()[self.variable]
        self.namespace = case_namespace(f"contexts-{self.variable[-5:].lower()}-{uuid.uuid4().hex[:6]}")
        for context in SERVERS:
            self.addCleanup(self.kubectl, context, "delete", "namespace", self.namespace, "--ignore-not-found", "--wait=false")
            in_lab(self.helm, "install", "datafly", self.folder / "chart", "-n", self.namespace, "--create-namespace", "--set", "run=1", "--kube-context", context,
                   KUBECONFIG=str(self.kubeconfigs[context]), check=True)

    def kubectl(self, context, *arguments):
        return kubectl("--context", context, *arguments, KUBECONFIG=str(self.kubeconfigs[context]))

    def objects(self, context):
        """All that a command could have touched: (kind, name) -> resourceVersion."""
        listed = json.loads(self.kubectl(context, "-n", self.namespace, "get", "configmaps,secrets,leases", "-o", "json").out)["items"]
        return {(one["kind"], one["metadata"]["name"]): one["metadata"]["resourceVersion"] for one in listed}

    def signal(self, command, *arguments, **changes):
        return in_lab(BIN / "helm-signal", command, "datafly", *arguments, "-n", self.namespace, "--config", PROFILE, "--yes", "-o", "json",
                      **{"HELM_BIN": self.helm, **changes})

    def upgrade(self, *arguments, **changes):
        return self.signal("upgrade", self.folder / "chart", *arguments, **changes)

    def assert_changes_only(self, target, change):
        """One command; the other cluster is not even asked."""
        other = OTHER[target]
        untouched = self.objects(other)
        logs = {context: AuditLog(context, str(self.kubeconfigs[context])) for context in SERVERS}
        outcome = change()
        seen = {context: log.seen() for context, log in logs.items()}
        self.assertEqual((outcome.code, outcome.report["verdict"]), (0, "verified"), outcome.err)
        self.assertEqual([f"{event['verb']} {event['requestURI']}" for event in seen[other]], [])
        self.assertEqual(self.objects(other), untouched)
        self.assertEqual(AuditLog.resources_written(seen[target]), {"leases", "configmaps", "secrets"})

    def value(self, context):
        return self.kubectl(context, "-n", self.namespace, "get", "configmap", "settings", "-o", "jsonpath={.data.run}").out

    def test_the_named_context_is_changed_and_not_the_current_one(self):
        run = 1
        for target in SERVERS:
            current = OTHER[target]
            server = lab_environment()[SERVERS[target]]
            ways = {"--kube-context": (["--kube-context", target], {}), "--context": (["--context", target], {}), "--server": (["--server", server], {}),
                    "as helm tells its plugins": ([], {"HELM_KUBECONTEXT": target}), "a server, as helm tells it": ([], {"HELM_KUBEAPISERVER": server})}
            for way, (flags, variables) in ways.items():
                run += 1
                with self.subTest(target=target, way=way):
                    before = self.value(current)
                    self.assert_changes_only(target, lambda: self.upgrade("--set", f"run={run}", *ACKS[target], *flags,
                                                                          KUBECONFIG=str(self.kubeconfigs[current]), **variables))
                    self.assertEqual((self.value(target), self.value(current)), (str(run), before))

    def test_without_a_name_the_current_one_is_changed(self):
        for target in SERVERS:
            with self.subTest(target):
                self.assert_changes_only(target, lambda: self.upgrade("--set", "run=2", *ACKS[target], KUBECONFIG=str(self.kubeconfigs[target])))

    def test_a_rollback_too(self):
        for target in SERVERS:
            with self.subTest(target):
                there = dict(KUBECONFIG=str(self.kubeconfigs[OTHER[target]]))
                self.assertEqual(self.upgrade("--set", "run=2", *ACKS[target], "--kube-context", target, **there).code, 0)
                self.assert_changes_only(target, lambda: self.signal("rollback", "1", "--kube-context", target, **there))
                self.assertEqual(self.value(target), "1")

    def assert_refused(self, helm):
        """A helm that means the second cluster, whatever it is told: nothing is written."""
        wrapper = self.folder / "helm"
        wrapper.write_text(f'#!/bin/sh\nexport HELM_KUBECONTEXT=second\nexec {helm} "$@"\n')
        wrapper.chmod(0o755)
        untouched = self.objects("second")
        outcome = self.upgrade("--set", "run=9", "--kube-context", "first", KUBECONFIG=str(self.kubeconfigs["second"]), HELM_BIN=str(wrapper))
        self.assertEqual(self.objects("second"), untouched)
        self.assertEqual(outcome.code, 1, outcome.err)
        self.assertIn("helm is at work on another cluster", outcome.err)

    def test_a_helm_that_means_another_cluster_is_refused(self):
        done = in_lab(self.helm, "upgrade", "datafly", self.folder / "chart", "-n", self.namespace, "--set", "run=1", KUBECONFIG=str(self.kubeconfigs["second"]))
        self.assertEqual(done.code, 0, done.err)
        self.assert_refused(self.helm)

    def test_also_where_both_have_the_same_revision(self):
        self.assert_refused(self.helm)


class Helm3(ContextsCase, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(ContextsCase, LabCase):
    variable = "SIGNAL_LAB_HELM4"
