"""The healthy platform passes; with the documented minimums a cluster of one small node does not, and that is all."""
import unittest

from lab_support import HEALTHY, NOT_AVAILABLE_YET, SINGLE_BY_DEFAULT, LabCase, healthy, in_lab, settle_alike, signal


class HealthyPlatform(LabCase):
    @classmethod
    def setUpClass(cls):
        cls.platform = healthy()

    def test_passes_with_the_labs_profile(self):
        self.assert_only(self.platform)
        self.assertEqual(self.platform.code, 0, self.platform.explain())
        self.assertEqual(self.platform.codes("unknown"), NOT_AVAILABLE_YET, self.platform.explain())

    def test_warns_of_nothing_but_services_with_one_replica(self):
        self.assertEqual(self.platform.pairs("warn"), {("SIG-ZDT-001", name) for name in SINGLE_BY_DEFAULT}, self.platform.explain())

    def test_each_family_was_judged(self):
        passed = {code.rsplit("-", 1)[0] for code in self.platform.codes("pass")}
        self.assertLessEqual({"SIG-OWN", "SIG-REL", "SIG-WRK", "SIG-POD", "SIG-HPA", "SIG-ZDT", "SIG-CAP", "SIG-API", "SIG-PLT",
                              "SIG-PERM", "SIG-BAK", "SIG-MIG"}, passed)

    def test_the_documented_minimums_fail_here_and_nothing_else_does(self):
        outcome = healthy(profile=None)
        self.assertEqual(outcome.code, 3)
        self.assertEqual({code.rsplit("-", 1)[0] for code in outcome.codes("fail")}, {"SIG-PLT"}, outcome.explain())
        self.assertIn("SIG-PLT-002", outcome.codes("fail"), outcome.explain())
        self.assertEqual(outcome.codes("unknown", requirement="required"), set())

    def test_what_needs_a_target_is_skipped_without_one_and_judged_with_it(self):
        families = ("SIG-VER", "SIG-NOTE", "SIG-VAL", "SIG-CRD", "SIG-DRY", "SIG-IMG")
        for finding in self.platform.findings:
            # Pods that run show by themselves that their images fit the nodes.
            if finding["code"].startswith(families) and finding["code"] != "SIG-IMG-005":
                self.assertEqual(finding["verdict"], "skipped", finding)
        with_target = healthy("--to", "1.2.1")
        self.assertLessEqual(set(families), {code.rsplit("-", 1)[0] for code in with_target.codes("pass") | with_target.codes("warn")})

    def test_works_through_kubectl(self):
        arguments = ("preflight", "-n", HEALTHY, "-o", "json")
        through, direct = settle_alike(lambda: in_lab("kubectl", "signal", *arguments), lambda: signal(*arguments))
        self.assertEqual(through.verdicts(), direct.verdicts())
        self.assertEqual(through.code, direct.code)

    def test_every_way_to_print_it_ends_with_the_same_code(self):
        for form in ("table", "wide", "json", "yaml", "junit", "markdown", "html"):
            with self.subTest(form):
                outcome = signal("preflight", "-n", HEALTHY, "-o", form)
                self.assertEqual(outcome.code, 3, outcome.err)
                self.assertIn("SIG-PLT-002", outcome.out)


if __name__ == "__main__":
    unittest.main()
