"""The healthy platform passes; with the documented minimums a cluster of one small node does not, and that is all."""
import unittest

from lab_support import HEALTHY, NOT_AVAILABLE_YET, SINGLE_BY_DEFAULT, LabCase, in_lab, preflight, settle, signal


def metrics_have_come(outcome):
    """A young platform's autoscalers have no metrics for some seconds."""
    return not any(code.startswith("SIG-HPA") for code in outcome.codes("warn") | outcome.codes("fail"))


class HealthyPlatform(LabCase):
    @classmethod
    def setUpClass(cls):
        cls.healthy = settle(lambda: preflight(HEALTHY), metrics_have_come)

    def test_passes_with_the_labs_profile(self):
        self.assert_only(self.healthy)
        self.assertEqual(self.healthy.code, 0, self.healthy.explain())
        self.assertEqual(self.healthy.codes("unknown"), NOT_AVAILABLE_YET, self.healthy.explain())

    def test_warns_of_nothing_but_services_with_one_replica(self):
        self.assertEqual(self.healthy.pairs("warn"), {("SIG-ZDT-001", name) for name in SINGLE_BY_DEFAULT}, self.healthy.explain())

    def test_each_family_was_judged(self):
        passed = {code.rsplit("-", 1)[0] for code in self.healthy.codes("pass")}
        self.assertLessEqual({"SIG-OWN", "SIG-REL", "SIG-WRK", "SIG-POD", "SIG-HPA", "SIG-ZDT", "SIG-IMG", "SIG-CAP", "SIG-API", "SIG-PLT",
                              "SIG-PERM", "SIG-BAK", "SIG-MIG"}, passed)

    def test_the_documented_minimums_fail_here_and_nothing_else_does(self):
        outcome = preflight(HEALTHY, profile=None)
        self.assertEqual(outcome.code, 3)
        self.assertEqual({code.rsplit("-", 1)[0] for code in outcome.codes("fail")}, {"SIG-PLT"}, outcome.explain())
        self.assertIn("SIG-PLT-002", outcome.codes("fail"), outcome.explain())
        self.assertEqual(outcome.codes("unknown", requirement="required"), set())

    def test_works_through_kubectl(self):
        through = in_lab("kubectl", "signal", "preflight", "-n", HEALTHY, "-o", "json")
        direct = signal("preflight", "-n", HEALTHY, "-o", "json")
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
