"""helm signal diff: which calls of helm it makes, what it takes without a cluster, and remedies that can be pasted."""
import base64
import json
import unittest

from diff_leak_test import LeakCase

CONFIGMAP = "---\n# Source: shop/templates/{0}.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {0}}}\ndata: {{x: '{1}'}}\n"
# Each rendering has another number where DRAWN stands.
HELM = """#!/bin/sh
echo "$*" >> "$SHOP/calls"
n=$(wc -l < "$SHOP/calls")
case $1 in
  upgrade) sed "s/DRAWN/$n/g" "$SHOP/release.json";;
  template) sed "s/DRAWN/$n/" "$SHOP/manifest.yaml";;
esac
"""


class DiffFlags(LeakCase):
    def setUp(self):
        super().setUp()
        (self.home / "helm").write_text(HELM, encoding="utf-8")
        self.target({"templates/a.yaml": "x: 1"})

    def target(self, templates, drawn="DRAWN", **chart):
        files = [{"name": name, "data": base64.b64encode(text.encode()).decode()} for name, text in templates.items()]
        release = {"name": "shop", "namespace": "shop", "version": 3, "info": {"status": "pending-upgrade"}, "config": {}, "manifest": CONFIGMAP.format("a", drawn),
                   "hooks": [{"name": "h", "kind": "ConfigMap", "path": "shop/templates/h.yaml", "events": ["pre-upgrade"], "manifest": CONFIGMAP.format("h", drawn)}],
                   "chart": {"metadata": {"name": "shop", "version": "1.3.0"}, "templates": files, "values": {}, **chart}}
        (self.home / "release.json").write_text(json.dumps(release), encoding="utf-8")
        (self.home / "manifest.yaml").write_text(release["manifest"], encoding="utf-8")

    def calls(self):
        calls = self.home / "calls"
        lines = calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []
        calls.unlink(missing_ok=True)
        return lines

    def test_a_chart_that_draws_nothing_is_rendered_once(self):
        outcome = self.diff("upgrade", "shop", self.home / "chart", "-o", "summary")
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(len(self.calls()), 1)
        self.assertNotIn("rotates", outcome.out)

    def test_values_that_tpl_renders_are_proven_by_a_second_rendering(self):
        self.target({"templates/a.yaml": "x: {{ tpl .Values.t . }}"}, values={"t": "{{ randAlphaNum 8 }}"})
        outcome = self.diff("upgrade", "shop", self.home / "chart", "-o", "summary")
        self.assertEqual(len(self.calls()), 2)
        for name in ("ConfigMap/a", "ConfigMap/h"):
            self.assertRegex(outcome.out, rf"{name} .*rotates at every upgrade")

    def test_without_the_templates_it_is_rendered_twice(self):
        outcome = self.diff("upgrade", "shop", self.home / "chart", "--offline", "-o", "summary")
        self.assertEqual([call.split()[0] for call in self.calls()].count("template"), 2)
        self.assertRegex(outcome.out, "ConfigMap/a .*rotates at every upgrade")

    def test_install_and_offline_need_no_cluster(self):
        for world in ({"KUBECONFIG": str(self.home / "none")}, {"KUBECONFIG": None}):
            with self.subTest(world):
                outcome = self.run_signal("diff", "upgrade", "shop", self.home / "chart", "--install", "--offline", program="helm-signal",
                                          HELM_BIN=str(self.home / "helm"), SHOP=str(self.home), **world)
                self.assertEqual(outcome.code, 0, outcome.err)
                self.assertIn("no cluster was asked, so everything is told as new", outcome.out)
                self.assertIn("helm template", outcome.out)
                self.assertIn("1 to add", outcome.out)
                self.assertTrue(all("--is-upgrade" not in call for call in self.calls()))
        outcome = self.diff("upgrade", "shop", self.home / "chart", "--install", "--offline", "-s", "https://127.0.0.1:1")
        self.assertEqual(outcome.code, 0, outcome.err)

    def test_offline_alone_says_that_it_reads_the_record(self):
        outcome = self.diff("upgrade", "shop", self.home / "chart", "--offline", "-s", "https://127.0.0.1:1")
        self.assertEqual(outcome.code, 1)
        self.assertIn("the release's record", outcome.err)
        self.assertIn("with --install as well no cluster is asked", outcome.err)

    def test_helms_dry_run_is_taken_and_values_by_stdin_are_wrong_usage(self):
        for flag in ("--dry-run", "--dry-run=server"):
            self.assertEqual(self.diff("upgrade", "shop", self.home / "chart", flag).code, 0)
        self.assert_one_clear_line(self.diff("upgrade", "shop", self.home / "chart", "-f", "-"), 64, "-f -")

    def test_a_remedy_can_be_pasted(self):
        outcome = self.diff("rollback", "shop", "x")
        self.assert_one_clear_line(outcome, 64, "helm signal history shop -n shop")


if __name__ == "__main__":
    unittest.main()
