"""No secret leaves `helm signal diff` when real Helms, 3 and 4, render real charts against the real API server."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "cli"))
from planted import WORD, Secrets, Version  # noqa: E402

from lab_support import BIN, in_lab, kubectl, lab_environment, remove_namespace  # noqa: E402

FORMATS = ("text", "summary", "json", "yaml", "markdown", "html")
CRD = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.leak.example.com"},
       "spec": {"group": "leak.example.com", "scope": "Namespaced", "names": {"kind": "Widget", "plural": "widgets"},
                "versions": [{"name": "v1", "served": True, "storage": True,
                              "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]}}
# What makes Helm quote a value, each in a chart of its own: a file and its text.
BROKEN = {
    "fails with it": ("templates/x.yaml", '{{ fail (printf "bad %s" .Values.password) }}'),
    "fails with another": ("templates/x.yaml", '{{ fail .Values.other }}'),
    "fails with the stored one": ("templates/x.yaml", '{{ fail (index (lookup "v1" "Secret" .Release.Namespace "shop").data "copied" | b64dec) }}'),
    "schema": ("values.schema.json", json.dumps({"properties": {"password": {"pattern": "^never$"}, "other": {"enum": ["never"]}}})),
    "no YAML": ("templates/x.yaml", "a: b\n{{ .Values.password }}: [\n"),
    "no number": ("templates/x.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: {{ .Values.password | quote }}}]}\n"),
    "no base64": ("templates/x.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata: {a: {{ .Values.password | quote }}}\n"),
    "not a label": ("templates/x.yaml", 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, labels: {a: {{ printf "%s !" .Values.password | quote }}}}\n'),
}


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def objects_of(version, namespace):
    for one in version.objects():
        one["metadata"]["namespace"] = namespace
        if one["kind"] == "Widget":
            one["apiVersion"] = "leak.example.com/v1"
        if one["kind"] == "Deployment":
            one["spec"]["replicas"] = 0
            for container in one["spec"]["template"]["spec"]["initContainers"]:
                del container["readinessProbe"], container["lifecycle"]
        yield one


def as_template(text):
    """Text that Helm renders as it is."""
    return "{{`" + text.replace("`", "`}}{{\"`\"}}{{`") + "`}}"


def chart(folder, version, namespace, extra=()):
    release = version.release(1)
    files = {"Chart.yaml": json.dumps({"apiVersion": "v2", **release["chart"]["metadata"]}), "values.yaml": json.dumps(release["chart"]["values"]),
             "templates/NOTES.txt": release["info"]["notes"], "crds/widget.yaml": json.dumps(CRD),
             "templates/hooks.yaml": "".join("---\n" + as_template(one["manifest"]) + "\n" for one in release["hooks"])}
    for at, one in enumerate(objects_of(version, namespace)):
        files[f"templates/{at}.yaml"] = as_template(json.dumps(one))
    files["values-given.yaml"] = json.dumps(release["config"])
    return write(folder, {**files, **dict(extra)})


class DiffLeaks(unittest.TestCase):
    def run_with(self, major):
        secrets, namespace = Secrets(), f"case-leak-helm{major}-{os.getpid()}"
        self.addCleanup(remove_namespace, namespace)
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="signal-leak-")))
        old, new = (chart(folder / name, Version(secrets, name, number), namespace) for name, number in (("old", "1.2.0"), ("new", "1.3.0")))
        helm = lab_environment()[f"SIGNAL_LAB_HELM{major}"]
        kubectl("create", "namespace", namespace)
        in_lab(helm, "install", "shop", old, "-n", namespace, "--no-hooks", "-f", old / "values-given.yaml", check=True)
        in_lab("kubectl", "apply", "-f", "-", "--server-side", "--force-conflicts", "--validate=false", check=True,
               stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects_of(Version(secrets, "by hand", "1.2.9"), namespace))}))

        def diff(*arguments):
            return in_lab(BIN / "helm-signal", "diff", *arguments, HELM_BIN=str(helm), HELM_NAMESPACE=namespace, HELM_DEBUG="true")

        def check(outcome, *codes):
            self.assertIn(outcome.code, codes, outcome.err)
            found = secrets.found_in(outcome.out + outcome.err)
            self.assertEqual(found, {}, "\n".join(f"{place}: {secret!r} as {form}" for secret, (place, form) in found.items()))

        given = secrets.new("--set", WORD), secrets.new("--set of no telling name", WORD)
        flags = ["--set", f"password={given[0]},other={given[1]}", "-f", new / "values-given.yaml"]
        for form in FORMATS:
            for more in ([], ["--no-live"], ["--offline"]):
                with self.subTest(form=form, more=more):
                    check(diff("upgrade", "shop", new, *flags, "-o", form, "-vv", "--detailed-exitcode", *more), 2)
        refused = set()
        for what, (name, text) in BROKEN.items():
            with self.subTest(broken=what):
                broken = chart(folder / what.replace(" ", "-"), Version(secrets, what), namespace, {name: text}.items())
                # Some of it only the server refuses, which a diff does not ask.
                outcome = diff("upgrade", "shop", broken, *flags, "-v")
                check(outcome, 0, 1)
                refused.add(what) if outcome.code == 1 else None
        self.assertGreaterEqual(refused, {"fails with it", "fails with another", "fails with the stored one", "schema", "no YAML"})
        in_lab(helm, "upgrade", "shop", new, "-n", namespace, "--no-hooks", *flags, *(["--force-conflicts"] if major == "4" else []), check=True)
        for form in FORMATS:
            with self.subTest(form=form, after="the upgrade"):
                check(diff("rollback", "shop", "-o", form, "--detailed-exitcode"), 2)
                check(diff("revision", "shop", "1", "2", "-o", form, "--detailed-exitcode"), 2)

    def test_helm_3(self):
        self.run_with("3")

    def test_helm_4(self):
        self.run_with("4")

    @classmethod
    def tearDownClass(cls):
        in_lab("kubectl", "delete", "customresourcedefinition", CRD["metadata"]["name"], "--ignore-not-found", "--wait=false")


if __name__ == "__main__":
    unittest.main()
