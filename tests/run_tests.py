#!/usr/bin/env python3
"""Runs the test suites and closes with one line: N passed, N failed, N skipped.

  tests/run_tests.py [SUITE…]      suites: format unit sanitizers cli lab (all of them without an argument)

Long steps print what they do. A lab that cannot run on this machine counts as skipped; when CI=true it ends the run before the long suites, and a lab
test that is skipped counts as failed.
"""
import collections
import concurrent.futures
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import traceback
import unittest
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"
PROGRAM_TIMEOUT = 900
# What both builds (7 GB) and the lab take on a machine that has neither; a full disk fails in a hundred ways that name no cause.
DISK_NEEDED_GB = 10
# ExecInTheLab needs the lab's network: tests/lab/cases/exec_test.py runs it there.
ARGUMENTS = {"fuzz_seeds": [str(ROOT / "tests/fuzz/corpus")], "test_faults": ["--gtest_filter=-ExecInTheLab.*"]}


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []

    def add(self, passed=0, failed=0, skipped=0, names=()):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        self.failures += names

    def record(self, name, ok):
        self.add(passed=int(ok), failed=int(not ok), names=[] if ok else [name])


def say(text):
    print(f"==> {text}", flush=True)


def build(preset, *targets):
    """Configures and builds one preset; the compiler's own output is the progress."""
    return subprocess.run([str(ROOT / "run"), "build-quiet", preset, *targets], cwd=ROOT).returncode == 0


def test_programs(preset):
    listing = subprocess.run(["ctest", "--preset", preset, "--show-only=json-v1"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    programs = [find_program(preset, test["name"]) for test in json.loads(listing)["tests"]]
    return [program for program in programs if program is not None]


def find_program(preset, name):
    """The program of a test; tests that are scripts (include_arrows) are run by a suite of their own."""
    for folder in ("tests", "tests/fuzz"):
        path = ROOT / "build" / preset / folder / name
        if path.is_file():
            return path
    return None


def run_program(preset, path, tally):
    """One GoogleTest program (or a plain one, which counts as one test)."""
    name = path.name
    report = ROOT / "build" / preset / f"{name}.xml"
    report.unlink(missing_ok=True)
    started = time.monotonic()
    environment = dict(os.environ, GTEST_OUTPUT=f"xml:{report}", GTEST_BRIEF="1", ASAN_OPTIONS="detect_leaks=1", UBSAN_OPTIONS="print_stacktrace=1")
    try:
        done = subprocess.run([str(path), *ARGUMENTS.get(name, [])], cwd=ROOT, env=environment, timeout=PROGRAM_TIMEOUT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        code, output = done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as late:
        code, output = -1, (late.stdout or b"").decode(errors="replace") + f"\n{name}: no end after {PROGRAM_TIMEOUT} s\n"
    count_program(f"{preset}/{name}", report, code, tally)
    if code != 0:
        print(output[-20000:], flush=True)
    say(f"{preset}/{name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - started:.1f} s)")


def count_program(name, report, code, tally):
    if not report.is_file():
        tally.record(name, code == 0)
        return
    failed_here = 0
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        label = f"{name}: {case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None:
            failed_here += 1
            tally.record(label, False)
        elif case.find("skipped") is not None or case.get("result") == "skipped":
            tally.add(skipped=1)
        else:
            tally.record(label, True)
    if code != 0 and failed_here == 0:
        tally.record(f"{name} (exit code {code})", False)


def suite_format(tally):
    files = subprocess.run(["git", "ls-files", "*.cc", "*.h"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    done = subprocess.run(["clang-format-16", "--dry-run", "-Werror", *files], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr[-4000:], flush=True)
    tally.record("clang-format (mend with ./run format)", done.returncode == 0)


def suite_preset(preset, tally):
    if not build(preset):
        tally.record(f"build of {preset}", False)
        return
    for name in test_programs(preset):
        run_program(preset, name, tally)


def suite_unit(tally):
    arrows = subprocess.run([sys.executable, "tests/unit/include_arrows_test.py", str(ROOT)], cwd=ROOT)
    tally.record("include arrows", arrows.returncode == 0)
    suite_preset("dev", tally)


def suite_sanitizers(tally):
    suite_preset("asan", tally)


def forget_modules_of_tests():
    """Folders have modules of the same name: the ones of the suite before must not stand for this one's."""
    sys.path[:] = [place for place in sys.path if not pathlib.Path(place).is_relative_to(ROOT / "tests")]
    for name, module in list(sys.modules.items()):
        place = getattr(module, "__file__", None)
        if place and name != "__main__" and pathlib.Path(place).is_relative_to(ROOT / "tests"):
            del sys.modules[name]


class Timed(unittest.TextTestResult):
    """Also says which classes take long, their preparation included."""
    def __init__(self, *arguments, **changes):
        super().__init__(*arguments, **changes)
        self.seconds, self.since = collections.Counter(), time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        now = time.monotonic()
        self.seconds[f"{type(test).__module__}.{type(test).__name__}"] += now - self.since
        self.since = now

    def tell(self):
        for name, seconds in self.seconds.most_common(12):
            say(f"{name} took {seconds:.0f} s")


def tests_in(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from tests_in(one)
        else:
            yield one


def run_class(tests):
    """The result of one class beside others, and what it printed."""
    stream = io.StringIO()
    return unittest.TextTestRunner(stream=stream, verbosity=2, resultclass=Timed).run(unittest.TestSuite(tests)), stream


def run_beside_each_other(tests):
    """Two classes at a time; what each says is shown when it has ended."""
    classes = {}
    for test in tests:
        classes.setdefault(type(test), []).append(test)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for done in concurrent.futures.as_completed(pool.submit(run_class, tests) for tests in classes.values()):
            result, stream = done.result()
            print(stream.getvalue(), flush=True)
            yield result


def run_unittests(folder, pattern, tally, may_skip=True):
    """Classes that say `beside_others` wait for the cluster most of their time, and are about no load on it: they run two at a time."""
    forget_modules_of_tests()
    sys.path.insert(0, str(ROOT / "tests"))
    found = list(tests_in(unittest.defaultTestLoader.discover(str(ROOT / folder), pattern=pattern, top_level_dir=str(ROOT / folder))))
    alone, beside = ([test for test in found if getattr(test, "beside_others", False) == wanted] for wanted in (False, True))
    results = [unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Timed).run(unittest.TestSuite(alone))]
    results += run_beside_each_other(beside)
    for result in results:
        result.tell()
        bad = [str(test) for test, _ in result.failures + result.errors] + [str(test) for test in result.unexpectedSuccesses]
        passed = max(0, result.testsRun - len(bad) - len(result.skipped))
        if not may_skip:
            bad += [f"{test} (skipped: {why})" for test, why in result.skipped]
        tally.add(passed=passed, failed=len(bad), skipped=len(result.skipped) if may_skip else 0, names=bad)


def suite_cli(tally):
    if not build("asan", "kubectl-signal", "helm-signal"):
        tally.record("build of the plugins (asan)", False)
        return
    os.environ["SIGNAL_BIN_DIR"] = str(ROOT / "build" / "asan" / "bin")
    run_unittests("tests/cli", "*_test.py", tally)


def lab_obstacle():
    """Why the lab cannot run on this machine; empty when it can."""
    can_run = subprocess.run([str(ROOT / "tests/lab/lab"), "can-run"], cwd=ROOT, capture_output=True, text=True)
    if can_run.returncode == 0:
        return ""
    return f"{can_run.stdout} {can_run.stderr}".strip().removeprefix("lab: cannot run here: ") or "it does not say why"


def suite_lab(tally):
    obstacle = lab_obstacle()
    if obstacle:
        say(f"the lab cannot run here: {obstacle}")
        tally.add(failed=1, names=["the lab (required in CI)"]) if IN_CI else tally.add(skipped=1)
        return
    if not build("dev", "kubectl-signal", "helm-signal", "test_faults"):
        tally.record("build of the plugins and test_faults (dev)", False)
        return
    os.environ["SIGNAL_BIN_DIR"] = str(ROOT / "build" / "dev" / "bin")
    up = subprocess.run([str(ROOT / "tests/lab/lab"), "up"], cwd=ROOT)
    tally.record("lab up", up.returncode == 0)
    try:
        if up.returncode == 0:
            run_unittests("tests/lab/cases", "*_test.py", tally, may_skip=not IN_CI)
    finally:
        if os.environ.get("SIGNAL_KEEP_LAB") != "1":
            down = subprocess.run([str(ROOT / "tests/lab/lab"), "down"], cwd=ROOT)
            tally.record("lab down", down.returncode == 0)


SUITES = {"format": suite_format, "unit": suite_unit, "sanitizers": suite_sanitizers, "cli": suite_cli, "lab": suite_lab}


def main():
    wanted = sys.argv[1:] or list(SUITES)
    unknown = [name for name in wanted if name not in SUITES]
    if unknown:
        print(f"unknown suite {unknown[0]}; suites: {' '.join(SUITES)}", file=sys.stderr)
        return 64
    free_gb = shutil.disk_usage(ROOT).free / 1e9
    if free_gb < DISK_NEEDED_GB and not (ROOT / "build").exists():
        say(f"the disk of {ROOT} has {free_gb:.1f} GB free and a whole run takes up to {DISK_NEEDED_GB} GB: failures below may come from that")
    tally = Tally()
    obstacle = lab_obstacle() if IN_CI and "lab" in wanted else ""
    if obstacle:  # told now, and not after an hour of other suites
        say(f"nothing was run, since CI requires the lab, which cannot run here: {obstacle}")
        wanted = []
        tally.add(failed=1, names=["the lab (required in CI)"])
    for name in wanted:
        started = time.monotonic()
        say(f"suite {name}")
        try:
            SUITES[name](tally)
        except Exception:  # a suite that breaks must not take the others' results along
            traceback.print_exc(file=sys.stdout)
            tally.record(f"suite {name} (it broke off)", False)
        say(f"suite {name} took {time.monotonic() - started:.0f} s")
    for name in tally.failures:
        print(f"FAILED: {name}")
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
