"""Wrong usage: exit 64, one line, a remedy. Help and version: exit 0 on stdout."""
import unittest

from support import CliCase


class UsageTest(CliCase):
    def test_an_unknown_command_is_named_with_the_nearest(self):
        self.assert_one_clear_line(self.run_signal("preflihgt"), 64, "preflihgt", "preflight")

    def test_an_unknown_flag_is_named_with_the_nearest(self):
        self.assert_one_clear_line(self.run_signal("preflight", "--namespce", "x"), 64, "--namespce", "--namespace")

    def test_bad_values_of_flags(self):
        for arguments, word in [
            (("preflight", "-o", "xml"), "xml"),
            (("preflight", "--color", "maybe"), "--color"),
            (("preflight", "--report", "html"), "FORMAT=FILE"),
            (("preflight", "--deadline", "soon"), "--deadline"),
            (("preflight", "--wait-for", "soon"), "--wait-for"),
            (("preflight", "--ack", "SIG-REL-001"), "CODE=REASON"),
            (("preflight", "--ack", "SIG-XXX-999=because"), "SIG-XXX-999"),
            (("preflight", "--only", "SIG-XXX"), "SIG-XXX"),
            (("preflight", "--fail-on", "never"), "--fail-on"),
            (("preflight", "--log-format", "xml"), "--log-format"),
            (("preflight", "--backup-taken-at", "yesterday"), "yesterday"),
            (("preflight", "-f", "values.yaml"), "--to"),
            (("preflight", "--set", "a=b"), "--to"),
            (("snapshot", "-o", "x", "--set", "a=b"), "--to"),
            (("explain", "SIG-XXX-999"), "SIG-XXX-999"),
            (("config", "explain", "no.such.key"), "no.such.key"),
            (("snapshot",), "-o FILE"),
        ]:
            with self.subTest(arguments=arguments):
                self.assert_one_clear_line(self.run_signal(*arguments), 64, word)

    def test_bad_values_of_helms_flags(self):
        """What helm would refuse only once it has been started."""
        for arguments, word in [
            (("--wait=sideways",), "--wait"), (("--no-hooks=x",), "--no-hooks"), (("--timeout", "soon"), "--timeout"), (("--labels", "foo"), "--labels"),
            (("--history-max", "x"), "--history-max"), (("--wait-for-jobs",), "--wait-for-jobs"), (("--yes=maybe",), "--yes"), (("--force=2x",), "--force"), (("-f", "values.yaml,-"), "-f -"),
        ]:
            with self.subTest(arguments=arguments):
                self.assert_one_clear_line(self.run_signal("upgrade", "r", "x", *arguments, program="helm-signal"), 64, word)
        self.assert_one_clear_line(self.run_signal("rollback", "r", "--recreate-pods", program="helm-signal"), 64, "--recreate-pods")

    def test_helm_4s_words_for_wait_are_taken(self):
        for arguments in (("upgrade", "r", "x", "--wait=watcher"), ("upgrade", "r", "x", "--wait"), ("rollback", "r", "--wait=hookOnly"), ("upgrade", "r", "x", "--wait=legacy"),
                          ("diff", "upgrade", "r", "x", "--wait=watcher")):
            with self.subTest(arguments=arguments):
                outcome = self.run_signal(*arguments, program="helm-signal")
                self.assertEqual(outcome.code, 1, outcome.err)
                self.assertNotIn("--wait", outcome.err)

    def test_a_lock_cannot_be_acknowledged(self):
        self.assert_one_clear_line(self.run_signal("preflight", "--ack", "SIG-REL-003=I know"), 64, "SIG-REL-003")

    def test_help_and_version(self):
        for program in ("kubectl-signal", "helm-signal"):
            for arguments in (("--help",), ("help",), ("version", "--help"), ()):
                with self.subTest(program=program, arguments=arguments):
                    outcome = self.run_signal(*arguments, program=program)
                    self.assertEqual((outcome.code, outcome.err), (0, ""))
                    self.assertIn(program.replace("-", " "), outcome.out)
            outcome = self.run_signal("version", program=program)
            self.assertEqual(outcome.code, 0)
            self.assertRegex(outcome.out, rf"^{program} \d+\.\d+\.\d+\n$")

    def test_every_command_explains_itself(self):
        for command in ("preflight", "snapshot", "permissions", "explain", "config", "completion"):
            with self.subTest(command=command):
                outcome = self.run_signal(command, "--help")
                self.assertEqual(outcome.code, 0)
                self.assertIn(f"kubectl signal {command}", outcome.out)

    def test_completion_offers_commands_and_flags(self):
        self.assertIn("preflight\t", self.run_signal("__complete", "pre").out)
        self.assertIn("--namespace\t", self.run_signal("__complete", "preflight", "--names").out)
        self.assertTrue(self.run_signal("__complete", "").out.endswith(":4\n"))

    def test_completion_offers_files_where_a_flag_wants_its_value(self):
        for words in (("preflight", "--from", ""), ("preflight", "-f", "val"), ("snapshot", "-o", "")):
            with self.subTest(words=words):
                self.assertEqual(self.run_signal("__complete", *words).out, ":0\n")
        self.assertTrue(self.run_signal("__complete", "preflight", "--watch", "").out.endswith(":4\n"))


if __name__ == "__main__":
    unittest.main()
