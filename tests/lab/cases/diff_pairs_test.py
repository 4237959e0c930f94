"""What `helm signal diff` says will change is what Helm then changes: no more, no less, for pairs of charts, under Helm 3 and 4, client- and server-side.

Each pair is also held against what a person expects of Helm, so that the oracle is no judge in its own cause.
Ten pairs by default; SIGNAL_SOAK=1 or SIGNAL_PAIRS=all for all of them, SIGNAL_PAIRS=NAME,… for some; SIGNAL_WAYS=WAY,… for some ways.
"""
import os
import re
import unittest

from diff_pairs_support import WAYS, Runs, pairs

def wanted_runs():
    known = {pair.name: pair for pair in pairs()}
    names = os.environ.get("SIGNAL_PAIRS", "all" if os.environ.get("SIGNAL_SOAK") == "1" else "in-ci")
    listed = {"all": known, "in-ci": [name for name, pair in known.items() if pair.in_ci]}.get(names) or names.split(",")
    ways = os.environ.get("SIGNAL_WAYS", ",".join(WAYS)).split(",")
    return [(known[name], way) for name in listed for way in known[name].ways if way in ways]


class DiffPairs(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.runs = Runs(wanted_runs())
        cls.addClassCleanup(cls.runs.close)

    def assert_helm(self, pair, way):
        """Helm does what the pair expects of it."""
        observed = self.runs.result(pair, way)
        expected = pair.expectation(way)
        fails, _ = expected.pop("fails"), expected.pop("refused")
        story = f"{pair.text['trait']}\n{observed.done.err.strip()}"
        self.assertEqual(observed.failed, fails is not None, story)
        if fails:
            self.assertRegex(observed.done.err, re.compile(fails, re.IGNORECASE), story)
        self.assertEqual(observed.summary(*expected), expected, story)

    def assert_diff(self, pair, way):
        """The diff has said so before."""
        observed = self.runs.result(pair, way)
        expected = pair.expectation(way)
        if observed.failed and not expected["refused"]:
            self.assert_refused_by_a_dry_run(observed, expected["fails"])
            return
        self.assertEqual(observed.diff.code, 0, observed.diff.err)
        self.assertEqual(observed.refused(), expected["refused"], observed.done.err)
        predicted = observed.predicted()
        if observed.failed:
            predicted["removed"] = []  # Helm deletes nothing once an object was refused
        self.assertEqual(predicted, observed.summary(), pair.text["trait"])

    def assert_refused_by_a_dry_run(self, observed, words):
        """The diff's own error is then Helm's, and nothing has changed."""
        self.assertEqual(observed.diff.code, 1, observed.diff.out)
        self.assertRegex(observed.diff.err, re.compile(words, re.IGNORECASE))
        self.assertEqual(observed.summary(), {"added": [], "removed": [], "changed": []})


def add_tests():
    for pair, way in wanted_runs():
        name = f"{pair.name}_{way}".replace("-", "_")
        setattr(DiffPairs, f"test_{name}_helm", lambda self, pair=pair, way=way: self.assert_helm(pair, way))
        setattr(DiffPairs, f"test_{name}_diff", lambda self, pair=pair, way=way: self.assert_diff(pair, way))


add_tests()

if __name__ == "__main__":
    unittest.main()
