"""-A, -l and several --context: one row each, the worst exit code, one document; against API servers of the test's own."""
import json
import unittest
import xml.etree.ElementTree

from fake_api import FakeApi, Release, kubeconfig
from support import SNAPSHOTS, CliCase


class ManyCase(CliCase):
    def serve(self, *releases, **options):
        api = FakeApi(*releases, **options)
        self.addCleanup(api.close)
        return api

    def preflight(self, contexts, *arguments, **environment):
        path = self.home / "kubeconfig"
        path.write_text(kubeconfig({name: getattr(api, "url", api) for name, api in contexts.items()}), encoding="utf-8")
        return self.run_signal("preflight", "--kubeconfig", path, "--only", "SIG-REL", "--deadline", "20s", *arguments, **environment)

    def rows(self, outcome):
        """{namespace or context: (verdict, worst)} of a JSON report."""
        report = json.loads(outcome.out)
        self.assertEqual(report["exitCode"], outcome.code)
        return {(row["context"], row["namespace"]): (row["verdict"], row["worst"]) for row in report["sections"][0]["rows"]}


class AllNamespaces(ManyCase):
    def test_a_row_for_each_of_the_chart_and_the_worst_exit_code(self):
        api = self.serve(Release("a"), Release("b", status="pending-upgrade"), Release("c", name="x", chart="other"))
        outcome = self.preflight({"prod": api}, "-A", "-o", "json")
        self.assertEqual((outcome.code, outcome.err), (3, ""))
        rows = self.rows(outcome)
        self.assertEqual(sorted(rows), [("prod", "a"), ("prod", "b")])
        self.assertTrue(rows["prod", "b"][0] == "no-go" and rows["prod", "b"][1].startswith("SIG-REL-003"), rows)
        report = json.loads(outcome.out)
        self.assertEqual((report["schemaVersion"], report["kind"]), ("1", "PreflightReport"))
        self.assertEqual([one["context"]["namespace"] for one in report["installations"]], ["a", "b"])
        self.assertTrue(all(one["sections"][0]["findings"] for one in report["installations"]))
        self.assertEqual(sum(asked.startswith("GET /api/v1/secrets?") for asked in api.seen), 1)

    def test_one_that_may_not_be_read_is_a_row_with_the_reason(self):
        api = self.serve(Release("a"), Release("b"), forbidden=["/api/v1/namespaces/b/secrets/"])
        outcome = self.preflight({"prod": api}, "-A", "-o", "json")
        self.assertEqual(outcome.code, 5, outcome.err)
        rows = self.rows(outcome)
        self.assertEqual(rows["prod", "b"], ("not known", "forbidden: needs get on secrets in b, as user ann"))
        self.assertNotEqual(rows["prod", "a"][0], "not known")

    def test_every_format_holds_all_of_them(self):
        api = self.serve(Release("a"), Release("b"), forbidden=["/api/v1/namespaces/b/secrets/"])
        for form in ("table", "wide", "json", "yaml", "junit", "markdown", "html"):
            with self.subTest(form):
                outcome = self.preflight({"prod": api}, "-A", "-o", form)
                self.assertEqual(outcome.code, 5, outcome.err)
                self.assertIn("needs get on secrets in b", outcome.out)
                if form == "junit":
                    names = [suite.get("name") for suite in xml.etree.ElementTree.fromstring(outcome.out)]
                    self.assertTrue(any(name.startswith("prod/a/datafly: ") for name in names), names)
                    self.assertIn("prod/b/datafly", names)

    def test_without_cluster_wide_rights_one_line_names_the_verb(self):
        api = self.serve(Release("a"), forbidden=["/api/v1/secrets"])
        self.assert_one_clear_line(self.preflight({"prod": api}, "-A"), 1, "needs list on secrets in the whole cluster", "-n")

    def test_it_beats_the_namespace_and_a_release_narrows_it(self):
        api = self.serve(Release("a"), Release("b", name="second"))
        self.assertEqual(len(self.rows(self.preflight({"prod": api}, "-A", "-n", "a", "-o", "json"))), 2)
        self.assertEqual(sorted(self.rows(self.preflight({"prod": api}, "-A", "--release", "second", "-o", "json"))), [("prod", "b")])

    def test_nothing_found_is_said(self):
        self.assert_one_clear_line(self.preflight({"prod": self.serve()}, "-A"), 1, "no release of chart datafly in any namespace")


class PermissionsEverywhere(ManyCase):
    def permissions(self, *arguments):
        api = self.serve(Release("datafly"))
        (self.home / "kubeconfig").write_text(kubeconfig({"prod": api.url}), encoding="utf-8")
        return self.run_signal("permissions", "--kubeconfig", self.home / "kubeconfig", *arguments)

    def test_the_role_is_one_for_the_whole_cluster(self):
        outcome = self.permissions("health", "-A", "-o", "yaml", "--subject", "Group/ops")
        self.assertEqual(outcome.code, 0, outcome.err)
        kinds = [line.split(": ")[1] for line in outcome.out.splitlines() if line.startswith("kind: ")]
        self.assertEqual(kinds, ["ClusterRole", "ClusterRoleBinding"])
        for resource in ('"secrets"', '"pods"', '"deployments"', '"ingresses"', '"namespaces"', '"nodes"'):
            self.assertIn(resource, outcome.out)
        self.assertNotIn("namespace:", outcome.out)
        one = self.permissions("health", "-o", "yaml").out
        self.assertIn("kind: Role\n", one)
        self.assertNotIn('"namespaces"', one)

    def test_every_need_is_cluster_wide(self):
        outcome = self.permissions("preflight", "-A", "-o", "json")
        rows = [row for section in json.loads(outcome.out)["sections"] for row in section["rows"]]
        self.assertEqual({row["namespace"] for row in rows}, {"(cluster)"})

    def test_only_what_takes_it(self):
        for command in ("rollout", "upgrade"):
            self.assert_one_clear_line(self.run_signal("permissions", command, "-A"), 64, command, "-A")


class Selectors(ManyCase):
    def test_labels_of_records_and_of_namespaces(self):
        api = self.serve(Release("a", labels={"team": "data"}), Release("b"), namespaces={"a": {"env": "prod"}, "b": {"env": "stage"}})
        for selector, expected in [("team=data", ["a"]), ("env=stage", ["b"]), ("env in (prod,stage)", ["a", "b"]), ("env,!team", ["b"])]:
            with self.subTest(selector):
                rows = self.rows(self.preflight({"prod": api}, "-A", "-l", selector, "-o", "json"))
                self.assertEqual(sorted(namespace for _, namespace in rows), expected)

    def test_one_that_cannot_be_read_is_wrong_usage(self):
        self.assert_one_clear_line(self.run_signal("preflight", "-A", "-l", "a in b"), 64, "selector", "a in b")


class Contexts(ManyCase):
    def test_a_dead_one_and_an_unknown_one_are_rows(self):
        good = self.serve(Release("datafly"))
        outcome = self.preflight({"prod": good, "dead": "http://127.0.0.1:1"}, "--context", "prod", "--context", "dead", "--context", "typo", "-o", "json")
        rows = self.rows(outcome)
        self.assertEqual(outcome.code, 5)
        self.assertIn("127.0.0.1:1", rows["dead", "-"][1])
        self.assertIn("typo", rows["typo", "-"][1])
        self.assertEqual(rows["prod", "datafly"][0][:2], "go")

    def test_none_that_answers_is_work_that_could_not_be_done(self):
        outcome = self.preflight({"x": "http://127.0.0.1:1", "y": "http://127.0.0.1:1"}, "--context", "x", "--context", "y")
        self.assertEqual(outcome.code, 1)
        self.assertIn("127.0.0.1:1", outcome.out)

    def test_one_keeps_its_meaning(self):
        prod, stage = self.serve(Release("datafly")), self.serve(Release("datafly", name="staged"))
        outcome = self.preflight({"prod": prod, "stage": stage}, "--context", "stage", "-o", "json")
        report = json.loads(outcome.out)
        self.assertEqual(report["context"]["release"], "staged")
        self.assertNotIn("installations", report)
        self.assertEqual(prod.seen, [])

    def test_commands_that_look_at_one_refuse_several(self):
        for command in (("snapshot", "-o", "x.snapshot"), ("permissions", "upgrade")):
            with self.subTest(command):
                outcome = self.run_signal(*command, "--context", "a", "--context", "b")
                self.assert_one_clear_line(outcome, 64, "--context", command[0])

    def test_a_snapshot_is_one_installation(self):
        for arguments in (("-A",), ("-l", "a=b"), ("--context", "a", "--context", "b")):
            with self.subTest(arguments):
                outcome = self.run_signal("preflight", "--from", SNAPSHOTS / "healthy.snapshot", *arguments)
                self.assert_one_clear_line(outcome, 64, "--from")


class Requests(ManyCase):
    """What -v says of them."""

    def test_each_is_a_line_without_credentials(self):
        api = self.serve(Release("datafly"))
        outcome = self.preflight({"prod": api}, "-v", "--token", "s3cret-t0ken")
        lines = outcome.err.splitlines()
        self.assertEqual(len([line for line in lines if " status=" in line]), len(api.seen))
        self.assertRegex(outcome.err, rf"info GET {api.url}/version status=200 took_ms=\d+ bytes=\d+")
        self.assertNotIn("s3cret", outcome.err)
        self.assertNotIn("?", outcome.err)
        self.assertIn("query=", self.preflight({"prod": api}, "-vv").err)

    def test_json_lines(self):
        outcome = self.preflight({"prod": self.serve(Release("datafly"))}, "-v", "--log-format", "json")
        records = [json.loads(line) for line in outcome.err.splitlines()]
        self.assertTrue(any(record.get("status") == 200 and record["method"] == "GET" for record in records), outcome.err)
        self.assertTrue(all(record["level"] == "info" and record["time"].endswith("Z") for record in records))

    def test_nothing_without_it(self):
        self.assertEqual(self.preflight({"prod": self.serve(Release("datafly"))}).err, "")


if __name__ == "__main__":
    unittest.main()
