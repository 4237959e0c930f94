"""No secret leaves the commands that change a release, under Helm 3 and Helm 4: not what they print, not their reports, not their journal and lease, and no file
that they leave. Planted as for the diff, and also in the words of a failing helm and in the logs of failing hooks and pods."""
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "cli"))
import diff_leak_test  # noqa: E402
import diff_secrets_test  # noqa: E402
from diff_secrets_test import BROKEN, CRD, as_template, chart  # noqa: E402
from planted import WORD, Secrets, Version, b64, hidden_texts, traces  # noqa: E402

from lab_support import BIN, LabCase, PROFILE, in_lab, kubectl, lab_environment, remove_namespace, settle  # noqa: E402
from rollout_support import ACT  # noqa: E402

FORMATS = ("table", "wide", "json", "yaml", "junit", "markdown", "html")
VERIFIED, CANNOT, SHUT, ROLLED_BACK, NEEDS_PERSON = 0, 1, 3, 6, 7
OURS = "signal-shop"
# Says what it cannot, as Helm says it, but only when something is to change.
FAILING_HELM = """#!/bin/sh
changes=
for word; do case $word in upgrade|rollback) changes=1;; --dry-run*|template) exec {helm} "$@";; esac; done
if [ "$changes" ]; then cat {words} >&2; exit 1; fi
exec {helm} "$@"
"""


class Planted(Secrets):
    """Searches megabytes: only what begins like a trace is compared with all of them."""

    BEGINNING = 8

    def __init__(self):
        super().__init__()
        self.beginnings = {}

    def found_in(self, text):
        for secret in self.places.keys() - self.beginnings.keys():
            self.beginnings[secret] = {trace[:self.BEGINNING] for _, trace in traces(secret)}
        assert all(len(beginning) == self.BEGINNING for beginnings in self.beginnings.values() for beginning in beginnings)
        there = set()
        for one in (text, *hidden_texts(text)):
            there.update(one[at:at + self.BEGINNING] for at in range(len(one)))
        likely = Secrets()
        likely.places = {secret: place for secret, place in self.places.items() if not self.beginnings[secret].isdisjoint(there)}
        return likely.found_in(text) if likely.places else {}


class Release(Version):
    """With images that the lab's registry has: nobody waits for the addresses of others."""

    def deployment(self):
        one = super().deployment()
        for container in one["spec"]["template"]["spec"]["containers"] + one["spec"]["template"]["spec"]["initContainers"]:
            container["image"] = ACT
        return one


def says(secrets, place, bare="", *more):
    """Arguments that make `act` end with 1, and its last words tell secrets: in shapes that give them away, and bare where the release holds them."""
    def new(what):
        return secrets.new(f"{place}, {what}", WORD)
    words = f"cannot reach postgres://signal:{new('DSN')}@db:5432/x with password={new('password')} and Authorization: Bearer {new('header')} {bare}"
    return {"image": ACT, "args": ["need", words], "terminationMessagePolicy": "FallbackToLogsOnError",
            "readinessProbe": {"tcpSocket": {"port": 1}},
            "env": [{"name": "MODE", "value": new("bare env")}, {"name": "FROM", "valueFrom": {"secretKeyRef": {"name": "shop", "key": "password"}}}, *more]}


def job(name, events, container):
    pod = {"restartPolicy": "Never", "terminationGracePeriodSeconds": 0, "containers": [{"name": "main", **container}]}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name, "annotations": {
        "helm.sh/hook": events, "helm.sh/hook-delete-policy": "before-hook-creation"}}, "spec": {"backoffLimit": 0, "template": {"spec": pod}}}


def deployment(name, container):
    labels = {"app": name}
    pod = {"terminationGracePeriodSeconds": 0, "containers": [{"name": "main", **container}]}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "labels": labels},
            "spec": {"replicas": 2, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}}


class LeaksCase:
    """The tests, for one Helm; one release, and each test goes on where the one before ended."""

    variable = ""

    @classmethod
    def setUpClass(cls):
        cls.helm = lab_environment()[cls.variable]
        cls.secrets = Planted()
        cls.namespace = f"case-changing-leaks-{cls.variable[-5:].lower()}-{os.getpid()}"
        cls.addClassCleanup(remove_namespace, cls.namespace)
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="signal-changing-leaks-")))
        cls.temporary = cls.folder / "tmp"
        cls.temporary.mkdir()
        kubectl("create", "namespace", cls.namespace)
        cls.old = cls.chart("old", "1.2.0")
        in_lab(cls.helm, "install", "shop", cls.old, "-n", cls.namespace, "--no-hooks", "-f", cls.old / "values-given.yaml", check=True)
        cls.pair = itertools.cycle([cls.chart("one", "1.3.0"), cls.chart("other", "1.3.0")])
        cls.given = {"set": cls.secrets.new("--set", WORD), "plain": cls.secrets.new("--set of no telling name", WORD)}

    @classmethod
    def tearDownClass(cls):
        in_lab("kubectl", "delete", "customresourcedefinition", CRD["metadata"]["name"], "--ignore-not-found", "--wait=false")

    @classmethod
    def chart(cls, name, version, *objects, **files):
        """A chart of that many secrets, with these objects beside."""
        files.update({f"templates/more-{at}.yaml": as_template(json.dumps(one)) for at, one in enumerate(objects)})
        return chart(cls.folder / name, Release(cls.secrets, name, version), cls.namespace, files.items())

    def signal(self, command, *arguments, helm=None, **changes):
        """One run, and the search of all that it has left."""
        reports = {form: self.folder / f"report.{form}" for form in FORMATS}
        flags = [word for form, path in reports.items() for word in ("--report", f"{form}={path}")]
        outcome = in_lab(BIN / "helm-signal", command, "shop", *arguments, *flags, "-n", self.namespace, "--config", PROFILE, "-vv", timeout=400,
                         HELM_BIN=str(helm or self.helm), HELM_DEBUG="true", TMPDIR=str(self.temporary), **changes)
        said = {"stdout": outcome.out, "stderr": outcome.err, "journal and lease": self.written_down()}
        for form, path in reports.items():
            if path.exists():
                said[f"report as {form}"] = path.read_text(encoding="utf-8")
                path.unlink()
        said.update({str(path): path.read_bytes().decode("latin-1") for path in self.temporary.rglob("*") if path.is_file()})
        self.assert_no_secret(said)
        return outcome

    def written_down(self):
        listed = json.loads(kubectl("-n", self.namespace, "get", "configmaps,leases", "-o", "json").out)["items"]
        return json.dumps([one for one in listed if one["metadata"]["name"].startswith(OURS)])

    def assert_no_secret(self, said):
        if not self.secrets.found_in("\n".join(said.values())):
            return
        found = [f"{where}: {place}: {secret!r} as {form}" for where, text in said.items() for secret, (place, form) in self.secrets.found_in(text).items()]
        with self.subTest("no secret is found"):
            self.fail("\n".join(found))

    def assert_tells(self, form, outcome, word):
        """It did say something; JUnit has findings and the verdict alone."""
        if form != "junit":
            self.assertIn(word.lower(), outcome.out.lower())

    def upgrade(self, folder, *arguments, **changes):
        return self.signal("upgrade", folder, "-f", folder / "values-given.yaml", "--set", f"password={self.given['set']},other={self.given['plain']}",
                           "--yes", *self.forced(), *arguments, **changes)

    def forced(self):
        """Helm 4 applies on the server, where some of this was applied by hand."""
        return ["--force-conflicts"] if self.variable[-1] == "4" else []

    def rollback(self, *arguments, **changes):
        return self.signal("rollback", "--yes", *self.forced(), *arguments, **changes)

    def operations(self):
        return [json.loads(one["data"]["operation"]) for one in json.loads(self.written_down()) if one["kind"] == "ConfigMap"]

    def test_0_the_search_finds_what_is_there(self):
        self.assertGreaterEqual(len(self.secrets.places), 200)
        release = in_lab(self.helm, "get", "manifest", "shop", "-n", self.namespace, check=True).out
        self.assertGreater(len(self.secrets.found_in(release)), 80)

    def test_1_a_dry_run(self):
        live = list(diff_secrets_test.objects_of(Release(self.secrets, "by hand", "1.2.9"), self.namespace))
        in_lab("kubectl", "apply", "-f", "-", "--server-side", "--force-conflicts", "--validate=false", check=True,
               stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": live}))
        for form in FORMATS:
            outcome = self.upgrade(next(self.pair), "--dry-run", "--no-hooks", "-o", form)
            self.assertEqual(outcome.code, VERIFIED, outcome.err[-2000:])
            self.assertIn("SIG-VAL-001", outcome.out)
            self.assert_tells(form, outcome, "Deployment")
            outcome = self.upgrade(next(self.pair), "--dry-run", "-o", form, "--log-format", "json")
            self.assertEqual(outcome.code, VERIFIED, outcome.err[-2000:])

    def test_2_a_good_one(self):
        for form in FORMATS:
            outcome = self.upgrade(next(self.pair), "--no-hooks", "-o", form)
            self.assertEqual(outcome.code, VERIFIED, outcome.err[-2000:])
            self.assert_tells(form, outcome, "verified")

    def test_21_a_plan_and_what_it_applies(self):
        key, file = self.folder / "plan.key", self.temporary / "shop.plan"
        key.write_bytes(b64(os.urandom(32).hex()).encode())
        for form in ("json", "table", "html"):
            folder = next(self.pair)
            words = ("-f", folder / "values-given.yaml", "--set", f"password={self.given['set']},other={self.given['plain']}", "--no-hooks", *self.forced())
            planned = self.signal("plan", folder, *words, "--save", file, "--plan-key", key, "-o", form)
            self.assertEqual(planned.code, VERIFIED, planned.err[-2000:])
            self.assertIn("Deployment", planned.out)
            refused = self.signal("upgrade", "--plan", file, "--yes", "-o", form)
            self.assertEqual(refused.code, CANNOT, refused.err[-2000:])
            applied = self.signal("upgrade", "--plan", file, "--plan-key", key, "--yes", "-o", form)
            self.assertEqual(applied.code, VERIFIED, applied.err[-2000:])
            self.assert_tells(form, applied, "verified")
        file.unlink()

    def refuse(self, *names):
        for what, form in zip(names, itertools.cycle(FORMATS)):
            name, text = BROKEN[what]
            outcome = self.upgrade(self.chart(what.replace(" ", "-"), "1.3.0", **{name: text}), "--no-hooks", "-o", form)
            self.assertIn(outcome.code, (CANNOT, SHUT, NEEDS_PERSON), f"{what}: {outcome.err[-2000:]}")

    def mend(self):
        """The release as a good helm leaves it."""
        folder = next(self.pair)
        in_lab(self.helm, "upgrade", "shop", folder, "-n", self.namespace, "--no-hooks", "-f", folder / "values-given.yaml", *self.forced(), check=True)

    def test_31_a_target_that_helm_cannot_render(self):
        self.refuse("fails with it", "fails with another", "schema", "no YAML")

    def test_32_a_target_that_quotes_a_stored_secret(self):
        self.refuse("fails with the stored one")

    def test_33_a_target_that_the_server_refuses(self):
        self.addCleanup(self.mend)
        self.refuse("no base64", "not a label", "no number")

    def test_34_after_a_revision_that_was_applied_by_half(self):
        self.addCleanup(self.mend)
        name, text = BROKEN["no number"]
        half = self.chart("half", "1.3.0", **{name: text})
        failed = in_lab(BIN / "helm-signal", "upgrade", "shop", half, "-n", self.namespace, "--config", PROFILE, "--no-hooks", "-f", half / "values-given.yaml",
                        "--set", "password=word", "--yes", *self.forced(), HELM_BIN=self.helm)
        self.assertNotEqual(failed.code, 0)
        for form in FORMATS:
            self.upgrade(next(self.pair), "--dry-run", "--no-hooks", "-o", form)

    def test_4_a_helm_that_fails_before_it_has_made_a_revision(self):
        words, helm = self.folder / "words", self.folder / "failing-helm"
        helm.write_text(FAILING_HELM.format(helm=self.helm, words=words))
        helm.chmod(0o755)
        kinds = itertools.cycle(self.given.values())
        for text, form in zip(diff_leak_test.HelmErrors.ERRORS.values(), itertools.cycle(FORMATS)):
            secret = next(kinds)
            words.write_text(text.format(secret, b64(secret)))
            outcome = self.upgrade(next(self.pair), "--no-hooks", "-o", form, helm=helm)
            self.assertEqual(outcome.code, CANNOT, outcome.err[-2000:])
            self.assertEqual(max(self.operations(), key=lambda one: one["startedAt"])["verdict"], "abandoned")

    def test_5_a_hook_that_fails(self):
        hooked = self.chart("hooked", "1.3.0", job("prepare", "pre-upgrade", says(self.secrets, "log of a hook")), **{"templates/hooks.yaml": ""})
        for form in FORMATS:
            outcome = self.upgrade(hooked, "-o", form, "--on-failure", "stop")
            self.assertEqual(outcome.code, NEEDS_PERSON, outcome.err[-2000:])

    def crash(self, name, *bare):
        crashing = self.chart(name, "1.3.0", deployment("crash", says(self.secrets, f"log of a pod ({name})", *bare)))
        # Going back first: afterwards Helm calls the crashing revision deployed.
        for form, on_failure, code in (("json", "rollback", ROLLED_BACK), ("table", "stop", NEEDS_PERSON)):
            outcome = self.upgrade(crashing, "--no-hooks", "-o", form, "--on-failure", on_failure)
            self.assertEqual(outcome.code, code, f"{outcome.err[-3000:]}\n{outcome.out[-3000:]}")
            self.assertIn("Deployment/crash", outcome.out)
            self.assertIn("cannot reach", outcome.out, "the log is shown")
        self.assertEqual(self.upgrade(next(self.pair), "--no-hooks").code, VERIFIED)

    def test_61_pods_that_crash(self):
        self.crash("crashing")

    def test_62_pods_that_tell_what_the_release_knows(self):
        self.crash("telling", "in mode $(MODE) with $(FROM)")

    def test_63_pods_that_tell_a_secret_that_the_release_only_refers_to(self):
        token = self.secrets.new("a Secret of somebody else", WORD)
        kubectl("-n", self.namespace, "create", "secret", "generic", "elsewhere", f"--from-literal=token={token}")
        self.crash("referring", "at $(TOKEN)", {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "elsewhere", "key": "token"}}})

    def test_7_a_rollback(self):
        for _ in range(2):
            self.assertEqual(self.upgrade(next(self.pair), "--no-hooks").code, VERIFIED)
        for form in FORMATS:
            for more in (["--dry-run"], []):
                outcome = self.rollback("--no-hooks", "-o", form, *more)
                self.assertEqual(outcome.code, VERIFIED, outcome.err[-2000:])
                if form not in ("table", "junit"):  # which leave the fields out
                    self.assertIn("Secret", outcome.out)

    def fail_to_go_back(self):
        self.addCleanup(settle, lambda: self.signal("unlock", "--idle", "1s", "--yes-destroy", "shop"), lambda outcome: outcome.code == 0, 60)
        back = self.chart("back", "1.3.0", job("prepare", "pre-rollback", says(self.secrets, "log of a hook, going back")), **{"templates/hooks.yaml": ""})
        for folder in (back, next(self.pair)):
            self.assertEqual(self.upgrade(folder, "--no-hooks").code, VERIFIED)
        self.assertEqual(self.rollback("-o", "table").code, NEEDS_PERSON)

    def test_71_a_hook_that_fails_going_back(self):
        self.fail_to_go_back()

    def test_72_a_hook_that_fails_going_back_leaves_no_lock(self):
        self.fail_to_go_back()
        self.assertEqual(self.newest_status(), "failed")

    def newest_status(self):
        return json.loads(in_lab(self.helm, "history", "shop", "-n", self.namespace, "-o", "json", check=True).out)[-1]["status"]

    def test_8_a_lock(self):
        sleeper = dict(says(self.secrets, "log of a killed hook"), args=["sleep", "0", f"--password={self.secrets.new('args of a hook', WORD)}"])
        folder = self.chart("sleeping", "1.3.0", job("sleeper", "pre-upgrade", sleeper), **{"templates/hooks.yaml": ""})
        world = lab_environment()
        helm = subprocess.Popen(["/usr/bin/nsenter", f"--net={world['SIGNAL_LAB_NETNS']}", self.helm, "upgrade", "shop", str(folder), "-n", self.namespace,
                                 "-f", str(folder / "values-given.yaml")], env=world, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (helm.kill(), helm.wait()))
        settle(lambda: kubectl("-n", self.namespace, "get", "jobs", "sleeper", "--ignore-not-found", "-o", "jsonpath={.status.active}"),
               lambda outcome: outcome.out == "1", 120)
        helm.kill()
        helm.wait()
        for form in FORMATS:
            outcome = self.signal("unlock", "--idle", "1s", "-o", form, "--yes-destroy", "shop")
            self.assertEqual(outcome.code, SHUT, outcome.err[-2000:])
            self.assert_tells(form, outcome, "Job/sleeper")
        kubectl("-n", self.namespace, "delete", "job", "sleeper")
        for form in FORMATS:
            freeable = settle(lambda: self.signal("unlock", "--idle", "1s", "-o", form, "--dry-run"), lambda outcome: outcome.code == 0, 60)
            self.assertEqual(freeable.code, 0, freeable.err[-2000:])
        self.assertEqual(self.signal("unlock", "--idle", "1s", "-o", "html", "--yes-destroy", "shop").code, 0)

    def test_9_the_history(self):
        for form in FORMATS:
            outcome = self.signal("history", "-o", form)
            self.assertEqual(outcome.code, 0, outcome.err[-2000:])
            self.assert_tells(form, outcome, "rollback to")
            self.assert_tells(form, outcome, "freed by")

    def test_9_the_history_of_a_telling_description(self):
        folder = next(self.pair)
        outcome = self.upgrade(folder, "--no-hooks", "--description", f"with password={self.secrets.new('--description', WORD)}")
        self.assertEqual(outcome.code, VERIFIED, outcome.err[-2000:])
        self.signal("history", "-o", "json")


class Helm3(LeaksCase, LabCase):
    variable = "SIGNAL_LAB_HELM3"


class Helm4(LeaksCase, LabCase):
    variable = "SIGNAL_LAB_HELM4"
