"""numpy_random.py - NumPy's own tests of numpy.random, from the installed package, against oneseed.numpy.

    python tests/peers/numpy_random.py [--least 95] [--names]

`numpy.random` is replaced by a module of the same names, with the classes and functions of oneseed.numpy. For each file: passed,
failed, left out (what NumPy's own marks skip, with their reason). A failure must be in KNOWN, with its reason; one that
is not there, and one there that passes, are errors. --names prints the names of the tests that failed, and why.

SPDX-License-Identifier: MIT
"""

import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "conformance"))

FILES = [
    "test_randomstate", "test_random", "test_generator_mt19937", "test_direct", "test_smoke", "test_seed_sequence", "test_regression",
    "test_randomstate_regression", "test_generator_mt19937_regressions",
]

# Tests that fail, by file and name (parameters are cut off), with the reason. The list is part of what the runner checks.
KNOWN = {}


def replace():
    """numpy.random by a module that has ours."""
    import types

    import frame

    sys.path.insert(0, frame.PACKAGE)
    import numpy
    import numpy.random as upstream

    import oneseed._numpy_bits as bits
    import oneseed._numpy_generator as generator
    import oneseed._numpy_legacy as legacy
    import oneseed.numpy as ours

    def module(name, *sources):
        made = types.ModuleType(name)
        for source in sources:
            made.__dict__.update({key: value for key, value in source.items() if not key.startswith("__")})
        sys.modules[name] = made
        return made

    known = {name: getattr(ours, name) for name in ours.__all__}
    random = module("numpy.random", vars(upstream), known)
    random.__path__, random.__spec__, random.__file__ = upstream.__path__, upstream.__spec__, upstream.__file__
    numpy.random = random
    mtrand = module("numpy.random.mtrand", vars(upstream.mtrand), known)
    mtrand._rand = ours._rand
    random.mtrand = mtrand
    seeds = ("BitGenerator", "ISeedSequence", "ISpawnableSeedSequence", "SeedSequence", "SeedlessSeedSequence")
    random.bit_generator = module("numpy.random.bit_generator", {name: getattr(bits, name) for name in seeds})
    random._pickle = module("numpy.random._pickle", vars(upstream._pickle))
    random._pickle.__dict__.update(
        __bit_generator_ctor=bits.make_bit_generator, __generator_ctor=generator.make_generator, __randomstate_ctor=legacy.make_random_state
    )
    random._common = module("numpy.random._common", vars(upstream._common), {"interface": bits.interface})


class Report:
    """A pytest plugin: what became of each test."""

    def __init__(self):
        self.results = {}

    def pytest_collection_modifyitems(self, items):
        """That the tests have ours in their hands."""
        from oneseed.numpy import Generator, RandomState

        for item in items:
            for name, ours in (("Generator", Generator), ("RandomState", RandomState)):
                if getattr(item.module, name, ours) is not ours:
                    raise RuntimeError("%s has NumPy's own %s" % (item.module.__name__, name))

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.partition("::")[2]
        if report.failed:
            lines = [line for line in str(report.longrepr).splitlines() if line.startswith("E ")]
            self.results[name] = ("failed", (lines or ["?"])[0][1:].strip())
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "expected to fail by NumPy"
            self.results.setdefault(name, ("out", reason))
        elif report.when == "call":
            self.results.setdefault(name, ("passed", ""))


def worker(name):
    import io
    import contextlib

    import numpy
    import pytest

    folder = os.path.join(os.path.dirname(numpy.random.__file__), "tests")
    replace()
    report = Report()
    with contextlib.redirect_stdout(io.StringIO()) as text:
        code = pytest.main(
            ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--import-mode=importlib", "-W", "ignore::pytest.PytestUnknownMarkWarning",
             os.path.join(folder, name + ".py")],
            plugins=[report],
        )
    if code not in (0, 1) or not report.results:
        print(text.getvalue()[-2000:])
        sys.exit(2)
    import json

    json.dump({"version": numpy.__version__, "results": report.results}, sys.__stdout__)


def judge(name, results, shows_names):
    """Prints a file's counts; whether it is as it must be, and the counts."""
    passed = [test for test, (what, _) in results.items() if what == "passed"]
    failed = [test for test, (what, _) in results.items() if what == "failed"]
    out = [test for test, (what, _) in results.items() if what == "out"]
    known = KNOWN.get(name, {})
    wrong = []
    for test in failed:
        base = test.partition("[")[0]
        reason = known.get(test, known.get(base))
        if reason is None:
            wrong.append("%s: %s: failed: %s" % (name, test, results[test][1]))
        if shows_names or reason is not None:
            print("%s: %s: %s" % (name, test, reason or results[test][1]))
    for test in known:
        if not any(test in (found, found.partition("[")[0]) for found in failed):
            wrong.append("%s: %s: is in the list of failures, and did not fail" % (name, test))
    for reason in sorted({results[test][1] for test in out}):
        print("%s: left out: %d: %s" % (name, sum(results[test][1] == reason for test in out), reason))
    for line in wrong:
        print(line)
    return not wrong, len(passed), len(failed), len(out)


def main():
    import json
    import subprocess

    least = float(sys.argv[sys.argv.index("--least") + 1]) if "--least" in sys.argv else 95.0
    total, n_wrong = [0, 0, 0], 0
    for name in FILES:
        asked = subprocess.run([sys.executable, os.path.abspath(__file__), "--worker", name], capture_output=True, text=True)
        if asked.returncode:
            print("%s: %s" % (name, (asked.stdout + asked.stderr).strip()[-2000:]))
            n_wrong += 1
            continue
        answer = json.loads(asked.stdout)
        is_right, *counts = judge(name, answer["results"], "--names" in sys.argv)
        passed, failed, out = counts
        print("NumPy %s: %s.py: %d of %d passed, %d left out" % (answer["version"], name, passed, passed + failed, out))
        n_wrong += not is_right or 100.0 * passed < least * (passed + failed)
        total = [a + b for a, b in zip(total, counts)]
    print("%d passed, %d failed" % (total[0], max(total[1], n_wrong)))
    sys.exit(1 if n_wrong else 0)


if __name__ == "__main__":
    worker(sys.argv[-1]) if "--worker" in sys.argv else main()
