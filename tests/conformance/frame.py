"""frame.py - what the comparisons with the live packages share: cases, rows of results, options, interpreters.

A dialect's script compares bits and counts:

    def normal(row):
        for case in row.cases():                      # case.random: a random.Random of its own for parameters
            ...
            case.same(got, want, n_values, "loc=1.0")  # two buffers: bits of the values
            case.same_state(got_state, want_state)     # and of the generator afterwards

    frame.main("numpy", {"Generator.normal": normal}, upstream={"NumPy": numpy.__version__})

It prints one JSON row for each function and ends with 1 when a row differs. Python 3.9 and the standard library are enough.

SPDX-License-Identifier: MIT
"""

import argparse
import ctypes
import glob
import json
import os
import random
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIBRARY = os.environ.get("ONESEED_LIBRARY", os.path.join(ROOT, "build", "liboneseed.so"))
PACKAGE = os.environ.get("ONESEED_PACKAGE", os.path.join(ROOT, "build", "lib"))  # for `import oneseed`

# What a full run compares at least for each function and upstream version, and a short one.
FULL = {"cases": 500, "values": 1000000}
SHORT = {"cases": 40, "values": 4000}


def library():
    """liboneseed; functions take and give plain ctypes values."""
    return ctypes.CDLL(LIBRARY)


class Case:
    """One set of parameters. `n` is how many values to compare with it."""

    def __init__(self, row, number, n):
        self.row = row
        self.n = n
        self.random = random.Random("%s %s %d" % (row.dialect, row.function, number))
        self.number = number

    def seed(self):
        """A seed of 0 to 64 bits, small ones as often as large ones."""
        return self.random.getrandbits(self.random.randrange(65))

    def same(self, got, want, n_values, what):
        """Two buffers of the same n_values values, as bits."""
        self.row.values += n_values
        got, want = bytes(got), bytes(want)
        if got != want:
            self.row.differs(self, "%s: %s" % (what, first_difference(got, want, n_values)))

    def same_state(self, got, want, what=""):
        if got != want:
            self.row.differs(self, "%s: the state afterwards" % what)

    def wrong(self, what):
        """Something that is no value: a refusal that is missing, another message."""
        self.row.differs(self, what)


def first_difference(got, want, n_values):
    if len(got) != len(want):
        return "%d bytes instead of %d" % (len(got), len(want))
    size = max(1, len(want) // max(1, n_values))
    for k in range(0, len(want), size):
        if got[k : k + size] != want[k : k + size]:
            return "value %d of %d: %s instead of %s" % (
                k // size,
                n_values,
                got[k : k + size][::-1].hex(),
                want[k : k + size][::-1].hex(),
            )
    return "no difference"


class Row:
    """The result of one function."""

    def __init__(self, dialect, function, options):
        self.dialect = dialect
        self.function = function
        self.options = options
        self.n_cases = 0
        self.values = 0
        self.n_wrong = 0
        self.first = None
        self.condition = None  # under which it is exact, in a few words

    def cases(self, factor=1.0, values=None):
        """The cases; `factor` takes more or fewer of them, `values` another sum of values."""
        n_cases = max(1, int(self.options.cases * factor))
        n = max(1, (values or self.options.values) // n_cases)
        for k in range(n_cases):
            if self.options.case is None or k == self.options.case:
                self.n_cases += 1
                yield Case(self, k, n)

    def differs(self, case, what):
        self.n_wrong += 1
        self.first = self.first or "case %d: %s" % (case.number, what)

    def result(self, upstream, seconds):
        return {
            "dialect": self.dialect,
            "function": self.function,
            "upstream": upstream,
            "cases": self.n_cases,
            "values": self.values,
            "wrong": self.n_wrong,
            "first": self.first,
            "condition": self.condition,
            "seconds": round(seconds, 2),
        }


def options(arguments=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true", help="fewer cases")
    parser.add_argument("--cases", type=int, help="cases for each function and upstream version")
    parser.add_argument("--values", type=int, help="values for each function and upstream version")
    parser.add_argument("--only", action="append", help="a function's name")
    parser.add_argument("--case", type=int, help="this case alone")
    parser.add_argument("--worker", action="store_true", help="compare in this interpreter only")
    found = parser.parse_args(arguments)
    size = SHORT if found.short else FULL
    found.cases = found.cases or size["cases"]
    found.values = found.values or size["values"]
    return found


def compare(dialect, functions, upstream, found):
    """Runs the functions and prints their rows; the number of rows that differ."""
    n_wrong = 0
    for name, function in functions.items():
        if found.only and name not in found.only:
            continue
        row = Row(dialect, name, found)
        begun = time.perf_counter()
        function(row)
        if row.values == 0:
            row.differs(Case(row, 0, 0), "nothing was compared")
        print(json.dumps(row.result(upstream, time.perf_counter() - begun)), flush=True)
        n_wrong += row.n_wrong > 0
    return n_wrong


def main(dialect, functions, upstream):
    sys.exit(1 if compare(dialect, functions, upstream, options()) else 0)


# ---- several interpreters ----


def interpreters(versions=("3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")):
    """The CPythons that are found: those of pyenv, one of each version, and this one."""
    found = {}
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    for path in sorted(glob.glob(os.path.join(root, "versions", "3.*", "bin", "python"))) + [sys.executable]:
        asked = subprocess.run(
            [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2], sys.implementation.name)"],
            capture_output=True,
            text=True,
        )
        version, name = (asked.stdout.split() + ["", ""])[:2]
        if name == "cpython" and version in versions:
            found.setdefault(version, path)
    return [found[version] for version in versions if version in found]


def in_interpreters(script, found_options, arguments):
    """Runs a script as a worker in each interpreter, two at a time, and prints their rows; the number of failures."""
    n_wrong = 0
    waiting = interpreters()
    running = []
    while waiting or running:
        while waiting and len(running) < min(2, os.cpu_count() or 1):
            path = waiting.pop(0)
            running.append(
                (path, subprocess.Popen([path, script, "--worker", *arguments], stdout=subprocess.PIPE, text=True))
            )
        path, process = running.pop(0)
        out = process.communicate()[0]
        sys.stdout.write(out)
        sys.stdout.flush()
        if process.returncode:
            n_wrong += 1
            print("%s: ended with %d" % (path, process.returncode), file=sys.stderr)
    return n_wrong
