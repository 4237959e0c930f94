"""Whatever keeps a rollout from its end is named exactly, and at once: every class that one node can show, on the real kubelet and registry.

A row is a release of one Deployment that cannot become Ready. While `rollout` follows it, a witness with watches of its own notes when the API
first shows the cause; from then on, the class's grace aside, the verdict takes less than two seconds (measured, and held to that in soak).
Nothing else may be named beside it.
"""
import base64
import calendar
import concurrent.futures
import dataclasses
import json
import os
import re
import sys
import time
import typing
import unittest

from lab_support import LabCase, LabError, in_lab, install, lab_environment, remove_namespace, settle
from preflight_sabotage_test import tests_of
from rollout_support import (ACT_AS_ROOT, NEVER_READY, STARTS_FOR_LONG, VERDICT_WITHIN, Helper, Witness, apply, both, cannot_start, change_template,
                             container, deployment, ends_after_migrations, ends_again, event, follow, grace_of, namespace_object, not_pulled, of, pod, probe,
                             refused, runs_unready, service_account, stateful_set, unschedulable, wait_until_ready, waiting)

AT_ONCE = 6
PREFIX = f"fails-{os.getpid()}-"


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    visible: typing.Callable  # of a World: the API shows the cause
    pod: typing.Any = dataclasses.field(default_factory=pod)  # or a function of the namespace that makes it
    spec: dict = dataclasses.field(default_factory=dict)  # of the workload, beyond the template
    make: typing.Callable = deployment
    before: typing.Callable = lambda namespace: ()  # objects that are there first
    labels: dict = dataclasses.field(default_factory=dict)  # of the namespace
    then: typing.Optional[typing.Callable] = None  # what is done to the namespace when the workload is there, before it is followed
    expect: str = ""  # the class; the case's name when empty
    grace: typing.Optional[float] = None  # seconds; the class's own when None
    after: typing.Optional[typing.Callable] = None  # so that the namespace can go

    @property
    def cause(self):
        return self.expect or self.name

    @property
    def recording(self):
        """Begins with its class, by which the replay knows how it must end."""
        return "fail-" + (self.name if self.name.startswith(self.cause) else f"{self.cause}-{self.name}")


def image(reference, **more):
    return pod(container(image=reference, imagePullPolicy="Always", **more))


def with_volume(**source):
    return pod(container(volumeMounts=[{"name": "data", "mountPath": "/data"}]), volumes=[{"name": "data", **source}])


def fills_its_volume(code):
    """More than it may; told to end for it, it ends with that code."""
    return pod(container("fill", "/data/cache", 8, code, volumeMounts=[{"name": "data", "mountPath": "/data"}], **STARTS_FOR_LONG),
               securityContext={"fsGroup": 65532}, volumes=[{"name": "data", "emptyDir": {"sizeLimit": "1Mi"}}])


def claim(namespace):
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": namespace},
            "spec": {"storageClassName": "nowhere", "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}


def quota(**hard):
    """A quota whose use is counted: before that, it refuses with other words."""
    def make(namespace):
        apply({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "limits", "namespace": namespace}, "spec": {"hard": hard}})
        in_lab("kubectl", "-n", namespace, "wait", "resourcequota/limits", "--for=jsonpath={.status.hard}", "--timeout=30s", check=True)
        return ()
    return make


def limit_range(**limits):
    spec = {"limits": [{"type": "Container", **limits}]}
    return lambda namespace: [{"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "sizes", "namespace": namespace}, "spec": spec}]


def runtime_class(handler):
    def make(namespace):
        return [{"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": namespace}, "handler": handler}]
    return make


def wait_until_refused(namespace, words):
    """The API server learns of webhooks and policies by watches of its own, and compiles the latter: any pod is refused when it has."""
    one = json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "probe", "namespace": namespace}, "spec": pod()})
    seen = settle(lambda: in_lab("kubectl", "create", "--dry-run=server", "-f", "-", stdin=one), lambda outcome: words in outcome.err, 60)
    if words not in seen.err:
        raise LabError(f"pods are not refused in {namespace}: {seen.err}{seen.out}")


def webhook(client):
    """An admission webhook for the pods of that namespace. `client` says where it is."""
    def make(namespace):
        rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"], "scope": "Namespaced"}
        hook = {"name": "pods.house.example", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Fail", "timeoutSeconds": 5,
                "rules": [rule], "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}, "clientConfig": client(namespace)}
        found = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": namespace}}
        apply({**found, "webhooks": [hook]}, *service_of(namespace))
        wait_until_refused(namespace, "pods.house.example")
        return ()
    return make


def service_of(namespace):
    spec = {"selector": {"app": "nobody"}, "ports": [{"port": 443}]}
    return [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "house", "namespace": namespace}, "spec": spec}]


def denying_webhook(_):
    world = lab_environment()
    with open(world["SIGNAL_LAB_CA"], "rb") as file:
        authority = file.read()
    return {"url": f"https://127.0.0.1:{Ports.webhook}/deny", "caBundle": base64.b64encode(authority).decode()}


def lost_webhook(namespace):
    return {"service": {"namespace": namespace, "name": "house", "path": "/", "port": 443}}


def admission_policy(namespace):
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
    kind = {"apiVersion": "admissionregistration.k8s.io/v1"}
    selector = {"matchLabels": {"kubernetes.io/metadata.name": namespace}}
    policy = {**kind, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": namespace}, "spec": {
        "failurePolicy": "Fail", "matchConstraints": {"resourceRules": [rule], "namespaceSelector": selector},
        "validations": [{"expression": "false", "message": "pods need a cost centre"}]}}
    binding = {**kind, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": namespace},
               "spec": {"policyName": namespace, "validationActions": ["Deny"]}}
    apply(policy, binding)
    wait_until_refused(namespace, "cost centre")
    return ()


class Ports:
    """Of the servers that are no use; taken when the class begins."""
    registry = webhook = 0


def from_the_bad_registry(repository):
    """A pod whose image comes from a registry of which only the running test knows the port."""
    return lambda _: image(f"127.0.0.1:{Ports.registry}/{repository}:1")


def change_when_ready(namespace, name="deployment/worker"):
    wait_until_ready(namespace, name)
    change_template(namespace, name)


def give_the_account(namespace):
    """The first refusal is over, the next one begins; the ReplicaSet's condition keeps the words of the first."""
    in_lab("kubectl", "-n", namespace, "wait", "replicaset", "--all", "--for=condition=ReplicaFailure", "--timeout=30s", check=True)
    in_lab("kubectl", "-n", namespace, "create", "serviceaccount", "late", check=True)


def remove_finalizers(namespace):
    """Of pods that nobody makes anew."""
    in_lab("kubectl", "-n", namespace, "delete", "statefulset/worker", "--cascade=orphan", check=True)
    for one in json.loads(in_lab("kubectl", "-n", namespace, "get", "pods", "-o", "json").out)["items"]:
        in_lab("kubectl", "-n", namespace, "patch", "pod", one["metadata"]["name"], "--type=merge", "--patch", '{"metadata": {"finalizers": null}}')


def remove_cluster_objects(namespace):
    in_lab("kubectl", "delete", "--ignore-not-found", "--wait=false", f"validatingwebhookconfiguration/{namespace}", f"runtimeclass/{namespace}",
           f"validatingadmissionpolicybinding/{namespace}", f"validatingadmissionpolicy/{namespace}")


def should_be_gone(world):
    """A pod is past the time that it was given to end; that time itself, since nothing changes then."""
    for one in world.all("Pod"):
        if "deletionTimestamp" in one["metadata"]:
            return float(calendar.timegm(time.strptime(one["metadata"]["deletionTimestamp"], "%Y-%m-%dT%H:%M:%SZ")))
    return False


def evicted(world):
    return any(one["status"].get("reason") == "Evicted" for one in world.all("Pod"))


def deadline_exceeded(world):
    return any(one.get("reason") == "ProgressDeadlineExceeded" for one in world.conditions("Deployment", "Progressing"))


def is_paused(world):
    return any(one["spec"].get("paused") and one["status"].get("observedGeneration") == one["metadata"]["generation"] for one in world.all("Deployment"))


def not_ready_gates(world):
    return any(one["status"] == "False" and one.get("reason") == "ReadinessGatesNotReady" for one in world.conditions("Pod", "Ready"))


PRIVATE = "127.0.0.1:5443/datafly/identity-hub:v1.2.0"
ABORTS = [{"name": "GOTRACEBACK", "value": "crash"}]
SHARES_PROCESSES = {"shareProcessNamespace": True}
ANTI_AFFINITY = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
    {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "worker"}}}]}}
SPREAD = [{"maxSkew": 1, "topologyKey": "no.such/zone", "whenUnsatisfiable": "DoNotSchedule",
           "labelSelector": {"matchLabels": {"app.kubernetes.io/name": "worker"}}}]
MORE_THAN_HALF = {"requests": {"cpu": "1100m"}}

# The long graces first: they cost nothing but time.
CASES = [
    Case("image-rate-limited", not_pulled("429"), from_the_bad_registry("limited/app")),
    Case("evicted", evicted, fills_its_volume(1)),
    # Its phase is Succeeded or Failed, as it comes.
    Case("evicted-gracefully", both(lambda world: any(one["status"]["phase"] in ("Succeeded", "Failed") for one in world.all("Pod")), event("Evicted")),
         fills_its_volume(0), expect="evicted"),
    Case("stuck-terminating", should_be_gone, spec={"finalizers": ["lab.example/held"]}, make=stateful_set,
         then=lambda namespace: change_when_ready(namespace, "statefulset/worker"), after=remove_finalizers),
    Case("claim-unbound", unschedulable("unbound immediate PersistentVolumeClaims"), with_volume(persistentVolumeClaim={"claimName": "data"}),
         before=lambda namespace: [claim(namespace)]),
    Case("readiness-gate", not_ready_gates, pod(readinessGates=[{"conditionType": "lab.example/balanced"}])),
    Case("scheduling-gated", lambda world: any(one.get("reason") == "SchedulingGated" for one in world.conditions("Pod", "PodScheduled")),
         pod(schedulingGates=[{"name": "lab.example/capacity"}])),
    Case("surge-does-not-fit", unschedulable("Insufficient cpu"), pod(container(resources=MORE_THAN_HALF)), then=change_when_ready),
    Case("insufficient-resources", unschedulable("Insufficient cpu"), pod(container(resources={"requests": {"cpu": "500"}}))),
    Case("node-selector", unschedulable("node affinity/selector"), pod(nodeSelector={"lab.example/disk": "fast"})),
    Case("pod-affinity", unschedulable("anti-affinity"), pod(affinity=ANTI_AFFINITY), {"replicas": 2}),
    Case("topology-spread", unschedulable("topology spread"), pod(topologySpreadConstraints=SPREAD)),
    Case("host-ports", unschedulable("free ports"), pod(container(ports=[{"containerPort": 8080, "hostPort": 18080}])), {"replicas": 2}),
    Case("readiness-fails", runs_unready, pod(container(readinessProbe=probe("exit", 1, periodSeconds=2)))),
    Case("image-registry-unreachable", not_pulled("connection refused"), image("127.0.0.1:5999/datafly/app:1")),
    Case("image-registry-fails", not_pulled("503"), from_the_bad_registry("datafly/app")),
    Case("image-registry-dns", not_pulled("lookup"), image("no-such-registry.example/datafly/app:1")),
    Case("volume-mount-fails", event("FailedMount", "hostPath type check failed"), with_volume(hostPath={"path": "/no/such/folder", "type": "Directory"})),
    Case("sandbox-fails", event("FailedCreatePodSandBox"), lambda namespace: pod(runtimeClassName=namespace), before=runtime_class("no-such-handler"),
         after=remove_cluster_objects),
    Case("webhook-unreachable", refused("failed calling webhook"), before=webhook(lost_webhook), after=remove_cluster_objects),
    Case("create-refused", refused("RuntimeClass"), pod(runtimeClassName="no-such-class")),
    Case("webhook-denied-by-policy", refused("ValidatingAdmissionPolicy"), before=admission_policy, expect="webhook-denied", after=remove_cluster_objects),
    Case("quota-exceeded", refused("exceeded quota"), before=quota(pods="0")),
    Case("quota-behind-another-refusal", event("FailedCreate", "exceeded quota"), pod(serviceAccountName="late"), before=quota(pods="0"),
         then=give_the_account, expect="quota-exceeded"),
    Case("claim-missing", unschedulable("persistentvolumeclaim"), with_volume(persistentVolumeClaim={"claimName": "nobody"})),
    Case("volume-source-missing", event("FailedMount", "not found"), with_volume(secret={"secretName": "nobody"})),
    Case("create-fails", waiting("CreateContainerConfigError", "CreateContainerError"),
         pod(container(volumeMounts=[{"name": "data", "mountPath": "/data", "subPathExpr": "$(NOBODY)"}]), volumes=[{"name": "data", "emptyDir": {}}])),
    Case("config-map-missing", waiting("CreateContainerConfigError", text="configmap"), pod(container(envFrom=[{"configMapRef": {"name": "nobody"}}]))),
    Case("secret-missing", waiting("CreateContainerConfigError", text="secret"), pod(container(envFrom=[{"secretRef": {"name": "nobody"}}]))),
    Case("config-key-missing", waiting("CreateContainerConfigError", text="couldn't find key"),
         pod(container(env=[{"name": "KEY", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "nobody"}}}])),
         before=lambda namespace: [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", "namespace": namespace}, "data": {"a": "b"}}]),
    Case("service-account-missing", refused("service account"), pod(serviceAccountName="nobody")),
    Case("image-pull-secret-missing", both(not_pulled(), event("FailedToRetrieveImagePullSecret")),
         dict(image(PRIVATE), imagePullSecrets=[{"name": "nobody"}])),
    Case("progress-deadline", deadline_exceeded, pod(initContainers=[container("sleep", name="prepare")]), {"progressDeadlineSeconds": 5}),
    Case("oom-killed", ends_again(reason="OOMKilled"), pod(container("eat", resources={"limits": {"memory": "48Mi"}}, **NEVER_READY))),
    Case("liveness-killed", event("Killing", "failed liveness probe"), pod(container(livenessProbe=probe("exit", 1, failureThreshold=2), **NEVER_READY))),
    Case("startup-killed", event("Killing", "failed startup probe"), pod(container(startupProbe=probe("exit", 1, failureThreshold=2)))),
    Case("crash-loop", ends_again(exitCode=3), pod(container("exit", 3, **NEVER_READY))),
    Case("ends-normally", ends_again(exitCode=0), pod(container("exit", 0, **NEVER_READY))),
    Case("crash-by-signal", ends_again(exitCode=134), pod(container("panic", env=ABORTS, **NEVER_READY), **SHARES_PROCESSES)),
    Case("killed", ends_again(exitCode=137), pod(container("kill", 9, **NEVER_READY), **SHARES_PROCESSES)),
    Case("init-fails", ends_again(exitCode=1), pod(initContainers=[container("exit", 1, name="prepare")])),
    Case("migration-fails", ends_again(exitCode=1), pod(initContainers=[container("exit", 1, name="migrate")])),
    Case("image-not-found", not_pulled("not found"), image("127.0.0.1:5000/datafly/event-processor:v0.0.9")),
    Case("image-unauthorized", not_pulled(), image(PRIVATE)),
    Case("image-registry-tls", not_pulled("x509"), image("10.99.0.1:6443/datafly/app:1")),
    Case("image-platform", not_pulled("no match for platform"), image("127.0.0.1:5000/datafly/identity-hub:v1.3.1-other-platform")),
    Case("image-name-invalid", waiting("InvalidImageName"), image("127.0.0.1:5000/Datafly/app:1")),
    Case("image-never-pull", waiting("ErrImageNeverPull"), pod(container(image="127.0.0.1:5000/datafly/absent:1", imagePullPolicy="Never"))),
    Case("runs-as-root", waiting("CreateContainerConfigError"), pod(container(image=ACT_AS_ROOT, securityContext={"runAsNonRoot": True}))),
    Case("runs-as-root-by-user", waiting("CreateContainerConfigError"), pod(container(securityContext={"runAsNonRoot": True, "runAsUser": 0})),
         expect="runs-as-root"),
    Case("command-not-found", cannot_start("no such file"), pod(dict(container(), command=["/app/nobody"]))),
    Case("command-not-in-path", cannot_start("executable file not found"), pod(dict(container(), command=["nobody"])), expect="command-not-found"),
    Case("command-not-executable", cannot_start("permission denied"), pod(dict(container(), command=["/app/data"]))),
    Case("wrong-architecture", both(ends_again(), cannot_start("exec format error")),
         pod(dict(container(**NEVER_READY), command=["/app/foreign"], terminationMessagePolicy="FallbackToLogsOnError"))),
    Case("start-fails", cannot_start("not a directory"), pod(container(workingDir="/app/data"))),
    Case("quota-demands", refused("failed quota"), before=quota(**{"limits.cpu": "10"})),
    Case("limit-range", refused("maximum memory usage"), pod(container(resources={"limits": {"memory": "64Mi"}})), before=limit_range(max={"memory": "32Mi"})),
    Case("limit-range-ratio", refused("ratio per Container"), pod(container(resources={"requests": {"memory": "8Mi"}, "limits": {"memory": "64Mi"}})),
         before=limit_range(maxLimitRequestRatio={"memory": "2"}), expect="limit-range"),
    Case("pod-security", refused("violates PodSecurity"), labels={"pod-security.kubernetes.io/enforce": "restricted"}),
    Case("webhook-denied", refused("denied the request"), before=webhook(denying_webhook), after=remove_cluster_objects),
    Case("priority-class-missing", refused("PriorityClass"), pod(priorityClassName="nobody")),
    Case("paused", is_paused, spec={"paused": True}),
]

# An upgrade of the whole platform from 1.2.0; one workload fails. (With 1.3.1-oom every pod is Ready first, and the rollout complete.)
UPGRADES = [
    Case("1.3.1-never-ready", of("delivery-workers", runs_unready), expect="readiness-fails"),
    Case("1.3.1-config-error", waiting("CreateContainerConfigError"), expect="config-key-missing"),
    Case("1.3.1-crash-on-start", both(of("event-processor", ends_again(exitCode=1)), ends_after_migrations), expect="crash-loop"),
    Case("1.3.1-migration-fails", ends_again(exitCode=1), expect="migration-fails"),
    Case("1.3.1-image-missing", not_pulled("not found"), expect="image-not-found"),
    Case("1.3.1-other-platform", not_pulled("no match for platform"), expect="image-platform"),
]


class Measured:
    """The figures of all cases, printed when a class is through."""
    lines = []

    @classmethod
    def show(cls):
        print("seconds from visible to verdict, grace aside", *sorted(cls.lines), sep="\n  ", file=sys.stderr, flush=True)
        cls.lines.clear()


class FailingRollout(LabCase):
    """Runs its table's rows side by side; each test judges one."""
    table = ()
    at_once = AT_ONCE

    @classmethod
    def setUpClass(cls):
        cls.witness = Witness(PREFIX)
        cls.addClassCleanup(cls.witness.stop)
        cls.addClassCleanup(Measured.show)
        world = lab_environment()
        pki = world["SIGNAL_LAB_STATE"] + "/pki"
        servers = Helper("bad_server.py", f"{pki}/registry.crt", f"{pki}/registry.key")
        cls.addClassCleanup(servers.stop)
        Ports.registry, Ports.webhook = map(int, servers.first_line.split())
        only = os.environ.get("SIGNAL_ONLY", "")
        cls.pool = concurrent.futures.ThreadPoolExecutor(cls.at_once)
        cls.addClassCleanup(cls.pool.shutdown, cancel_futures=True)
        cls.runs = {case.name: cls.pool.submit(cls.run_case, case) for case in cls.table if re.search(only, case.name)}

    @classmethod
    def run_case(cls, case):
        namespace = PREFIX + case.name.replace(".", "-")
        try:
            began, outcome = cls.provoke(case, namespace)
            # The witness's own watches may be a moment behind the program's.
            deadline = time.monotonic() + 30
            while (visible := cls.witness.first_time(namespace, case.visible, began)) is None and time.monotonic() < deadline:
                time.sleep(0.1)
            return outcome, visible
        finally:
            cls.remove(case, namespace)

    @classmethod
    def remove(cls, case, namespace):
        if case.after:
            case.after(namespace)
        remove_namespace(namespace)

    @classmethod
    def provoke(cls, case, namespace):
        """Since when it fails, and how it was followed."""
        began = time.time()
        apply(namespace_object(namespace, **case.labels), service_account(namespace))
        template = case.pod(namespace) if callable(case.pod) else case.pod
        apply(*case.before(namespace), case.make(namespace, template, **case.spec))
        if case.then:
            case.then(namespace)
        return began, follow(namespace, record=case.recording)

    def judge(self, case):
        if case.name not in self.runs:
            self.skipTest("not among SIGNAL_ONLY")
        outcome, visible = self.runs[case.name].result()
        story = f"{outcome.story()}"
        self.assertEqual(outcome.code, 3, story)
        self.assertEqual(outcome.classes, {case.cause}, story)
        self.assertIsNotNone(visible, f"the API never showed it to the witness\n{story}")
        grace = grace_of(case.cause) if case.grace is None else case.grace
        # What was there before the command began counts from its beginning; a grace runs from when it was there.
        late = outcome.ended - max(visible + grace, outcome.began)
        Measured.lines.append(f"{case.name:28} {late:6.2f}  (grace {grace} s, followed for {outcome.ended - outcome.began:.1f} s)")
        self.assertLess(late, VERDICT_WITHIN, story)


@tests_of(CASES, lambda self, case: self.judge(case))
class OneWorkload(FailingRollout):
    table = CASES


@tests_of(UPGRADES, lambda self, case: self.judge(case))
class UpgradeOfThePlatform(FailingRollout):
    table = UPGRADES
    at_once = 2

    @classmethod
    def provoke(cls, case, namespace):
        install(namespace)
        began = time.time()
        install(namespace, case.name, "--no-wait")
        return began, follow(namespace, record=case.recording)


if __name__ == "__main__":
    unittest.main()
