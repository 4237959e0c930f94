"""Exec over a WebSocket against the real API server: the spike in tests/faults, which needs the lab's network."""
import re
import unittest

from lab_support import ROOT, LabCase, in_lab

PROGRAM = ROOT / "build" / "dev" / "tests" / "test_faults"


class ExecInTheLab(LabCase):
    def test_all_three_pass_and_none_is_skipped(self):
        self.assertTrue(PROGRAM.is_file(), f"build it first: ./run build dev test_faults (looked for {PROGRAM})")
        outcome = in_lab(PROGRAM, "--gtest_filter=ExecInTheLab.*", "--gtest_color=no", SIGNAL_LAB="1")
        self.assertEqual(outcome.code, 0, outcome.out + outcome.err)
        self.assertEqual(re.findall(r"\[  PASSED  \] (\d+) test", outcome.out), ["3"], outcome.out)
        self.assertNotIn("SKIPPED", outcome.out)


if __name__ == "__main__":
    unittest.main()
