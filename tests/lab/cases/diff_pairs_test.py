"""What `helm signal diff upgrade` says will change is what Helm then changes: no more, no less, for pairs of charts, under Helm 3 and 4, client- and server-side.

Each pair is also held against what a person expects of Helm, so that the oracle is no judge in its own cause.
Ten pairs by default; SIGNAL_SOAK=1 or SIGNAL_PAIRS=all for all of them, SIGNAL_PAIRS=NAME,… for some; SIGNAL_WAYS=WAY,… for some ways.
"""
import os
import re
import unittest

from diff_pairs_support import Runs, pairs
from lab_support import BIN, in_lab

# Classes of risk that say: Helm will not get this object through.
REFUSALS = {"immutable", "conflict", "invalid", "forbidden"}


def wanted_runs():
    names = os.environ.get("SIGNAL_PAIRS", "all" if os.environ.get("SIGNAL_SOAK") == "1" else "")
    ways = os.environ.get("SIGNAL_WAYS", "")
    chosen = [pair for pair in pairs() if (names == "all" or pair.name in names.split(",") or (not names and pair.in_ci))]
    return [(pair, way) for pair in chosen for way in pair.ways if not ways or way in ways.split(",")]


def has_diff():
    return in_lab(BIN / "helm-signal", "diff", "upgrade", "--help").code == 0 if BIN.is_dir() else False


class DiffPairs(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.with_diff = has_diff()
        cls.runs = Runs(wanted_runs(), cls.with_diff)
        cls.addClassCleanup(cls.runs.close)

    def assert_helm(self, pair, way):
        """Helm does what the pair expects of it."""
        observed = self.runs.result(pair, way)
        expected = pair.expectation(way)
        fails = expected.pop("fails")
        story = f"{pair.text['trait']}\n{observed.upgrade.err.strip()}"
        self.assertEqual(observed.failed, fails is not None, story)
        if fails:
            self.assertRegex(observed.upgrade.err, re.compile(fails, re.IGNORECASE), story)
        self.assertEqual(observed.summary(), expected, story)
        if way != "helm3-then-4-server":
            self.assertEqual(observed.names(observed.touched), [], f"only managedFields changed\n{story}")

    def assert_diff(self, pair, way):
        """The diff has said so before."""
        if not self.with_diff:
            self.fail("helm-signal has no `diff upgrade`")
        observed = self.runs.result(pair, way)
        self.assertEqual(observed.diff.code, 0, observed.diff.err)
        if observed.failed:
            self.assert_failure_was_seen(observed)
        else:
            self.assertEqual(observed.predicted(), observed.summary(), pair.text["trait"])

    def assert_failure_was_seen(self, observed):
        """An upgrade that Helm breaks off changes a part of what it wanted to change; the object that breaks it was named."""
        risks = {risk["class"] for resource in observed.diff.report["resources"] for risk in resource.get("risks", [])}
        self.assertTrue(risks & REFUSALS, f"{sorted(risks)}\n{observed.upgrade.err}")
        for how, names in observed.summary().items():
            self.assertLessEqual(set(names), set(observed.predicted()[how]), how)


def add_tests():
    for pair, way in wanted_runs():
        name = f"{pair.name}_{way}".replace("-", "_")
        setattr(DiffPairs, f"test_{name}_helm", lambda self, pair=pair, way=way: self.assert_helm(pair, way))
        setattr(DiffPairs, f"test_{name}_diff", lambda self, pair=pair, way=way: self.assert_diff(pair, way))


add_tests()

if __name__ == "__main__":
    unittest.main()
