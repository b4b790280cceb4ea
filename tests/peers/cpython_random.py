"""cpython_random.py - CPython's own test_random.py, from each interpreter that is found, against oneseed.python.

    python tests/peers/cpython_random.py [--least 95]

The interpreters' `random` is replaced by a module of the same names, with Random and the functions from oneseed.python. Left out:
tests of SystemRandom, which is Python's own, and of the module's command line. Each failure is printed with its last line.

SPDX-License-Identifier: MIT
"""

import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "conformance"))
import frame

LEFT_OUT = {
    "SystemRandom_TestBasicOps": "SystemRandom is Python's own",
    "CommandLineTest": "the command line is Python's own",
}


def worker():
    import importlib
    import types
    import unittest

    sys.path.insert(0, frame.PACKAGE)
    import random

    import oneseed.python as ours

    replaced = types.ModuleType("random")
    replaced.__dict__.update(vars(random))
    replaced.__dict__.update({name: getattr(ours, name) for name in random.__all__ if name != "SystemRandom"})
    replaced._inst = ours._inst
    sys.modules["random"] = replaced
    tests = importlib.import_module("test.test_random")

    n_out = 0
    suite = unittest.TestSuite()
    for group in unittest.defaultTestLoader.loadTestsFromModule(tests):
        for test in group if isinstance(group, unittest.TestSuite) else [group]:
            if type(test).__name__ in LEFT_OUT:
                n_out += 1
            elif type(test).__module__ == tests.__name__:
                suite.addTest(test)
    result = unittest.TestResult()
    suite.run(result)
    version = "CPython %d.%d.%d" % sys.version_info[:3]
    for test, text in result.failures + result.errors:
        print("%s: %s: %s" % (version, test.id(), text.strip().splitlines()[-1]))
    for test, reason in result.skipped:
        print("%s: %s: left out: %s" % (version, test.id(), reason))
    n_failed = len({test.id() for test, _ in result.failures + result.errors})
    n_out += len(result.skipped)
    n_passed = result.testsRun - n_failed - len(result.skipped)
    print("%s: test_random.py: %d %d %d" % (version, n_passed, n_failed, n_out))


def main():
    import subprocess

    least = float(sys.argv[sys.argv.index("--least") + 1]) if "--least" in sys.argv else 95.0
    n_passed = n_failed = n_out = n_few = 0
    found = frame.interpreters()
    for path in found:
        asked = subprocess.run([path, os.path.abspath(__file__), "--worker"], capture_output=True, text=True)
        lines = asked.stdout.splitlines()
        sys.stdout.write("".join(line + "\n" for line in lines[:-1]))
        if asked.returncode or not lines:
            print("%s: %s" % (path, asked.stderr.strip()[-2000:]))
            n_few += 1
            continue
        name, _, counts = lines[-1].rpartition(": ")
        passed, failed, out = map(int, counts.split())
        print("%s: %d of %d passed, %d left out" % (name, passed, passed + failed, out))
        n_few += 100.0 * passed < least * (passed + failed)
        n_passed, n_failed, n_out = n_passed + passed, n_failed + failed, n_out + out
    print("left out: " + "; ".join("%s (%s)" % item for item in LEFT_OUT.items()))
    print("%d passed, %d failed" % (n_passed, n_failed))
    sys.exit(1 if n_few or not found else 0)


if __name__ == "__main__":
    worker() if "--worker" in sys.argv else main()
