"""run.py - the score of `oneseed check` on planted causes and on negative controls.

SPDX-License-Identifier: MIT

    python tests/cases/run.py [--tool build/oneseed] [--jobs 2] [--only PATTERN]
                              [--repeat-controls N] [--json OUT]
    python tests/cases/run.py --plain [--times N]      do the cases themselves do what they promise?

README.md says how a case is made. Exit status: 0 when the thresholds hold, 1 when not, 2 when a case is broken.
"""

import argparse
import concurrent.futures
import fnmatch
import glob
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

CHANNELS = (
    "unseeded-rng", "draw-count", "hash-seed", "address", "os-entropy", "clock", "file-order", "file-content",
    "environment", "child-process", "thread-order", "op", "uninitialised-memory", "unknown",
)
KEYS = {
    "command", "channel", "file", "line_of", "fix_has", "alternatives", "requires", "build", "args", "second", "why",
    "verdict",
}
ITEMS = ("verdict", "channel", "call site", "fix")
THRESHOLDS = {"verdict": 98.0, "channel": 95.0, "call site": 95.0, "fix": 95.0}
SLOW_S = 30.0

# Settings of the caller's shell that would close, or open, a channel for the cases.
NOT_INHERITED = (
    "PYTHONHASHSEED", "PYTHONPATH", "PYTHONSTARTUP", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    "CUBLAS_WORKSPACE_CONFIG",
)

# For --plain: the second run of a case that is checked with `--vary file-order` lists folders backwards.
BACKWARDS = """
import os
_listdir, _scandir = os.listdir, os.scandir
class _Backwards(list):
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def __next__(self):
        if not self: raise StopIteration
        return self.pop(0)
    def close(self): pass
os.listdir = lambda *path: sorted(_listdir(*path), reverse=True)
os.scandir = lambda *path: _Backwards(sorted(_scandir(*path), key=lambda entry: entry.name, reverse=True))
"""


class BrokenCase(Exception):
    """The case contradicts its own folder: not a judgement about the tool."""


class Case:
    def __init__(self, folder):
        self.folder = folder
        self.name = os.path.basename(folder)
        with open(os.path.join(folder, "case.json"), encoding="utf-8") as file:
            self.data = json.load(file)
        self.verdict = self.data.get("verdict", "diverged")
        self.is_control = self.verdict == "same"
        self.args = self.data.get("args", [])
        self.validate()

    def validate(self):
        unknown = set(self.data) - KEYS
        if unknown:
            raise BrokenCase(f"{self.name}: unknown keys {sorted(unknown)}")
        if not self.data.get("command") or not self.data.get("why"):
            raise BrokenCase(f"{self.name}: a command and a why are needed")
        if self.is_control != self.name.startswith("control_"):
            raise BrokenCase(f"{self.name}: controls, and only they, are named control_* and have the verdict same")
        if self.is_control:
            return
        for answers in self.causes():
            for answer in answers:
                if answer["channel"] not in CHANNELS:
                    raise BrokenCase(f"{self.name}: no channel {answer['channel']!r}")
                if answer["file"]:
                    self.line_number(answer["file"], answer["line_of"])

    def line_number(self, file, text):
        with open(os.path.join(self.folder, file), encoding="utf-8") as source:
            lines = [number for number, line in enumerate(source, 1) if text in line]
        if len(lines) != 1:
            raise BrokenCase(f"{self.name}: {text!r} is in {len(lines)} lines of {file}, not in one")
        return lines[0]

    def causes(self):
        """The planted causes, first one first: for each its right answers, the planned one before the alternatives."""
        planted = [self.data] + ([self.data["second"]] if "second" in self.data else [])
        for cause in planted:
            main = {key: cause.get(key) for key in ("channel", "file", "line_of")}
            main["fix_has"] = cause.get("fix_has", [])
            yield [main] + [{**main, **other} for other in cause.get("alternatives", [])]

    def copy_to(self, folder):
        """A fresh copy, built: what an earlier run left behind cannot reach it."""
        work = os.path.join(folder, self.name)
        shutil.copytree(self.folder, work, ignore=shutil.ignore_patterns("case.json", "__pycache__"))
        build = self.data.get("build", [])
        for command in build if build and isinstance(build[0], list) else [build] if build else []:
            done = subprocess.run(command, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode:
                raise BrokenCase(f"{self.name}: build failed: {' '.join(command)}\n{done.stdout}")
        return work

    def command(self):
        return [word.replace("{python}", sys.executable) for word in self.data["command"]]

    def missing(self):
        return [name for name in self.data.get("requires", []) if not importable(name)]


_importable = {}


def importable(name):
    if name not in _importable:
        _importable[name] = subprocess.run([sys.executable, "-c", f"import {name}"], stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL).returncode == 0
    return _importable[name]


def environment():
    return {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}


def run_command(argv, folder, timeout_s, extra=None):
    """(status or None after a time-out, stdout, stderr). The whole process group ends with the command."""
    process = subprocess.Popen(argv, cwd=folder, env={**environment(), **(extra or {})}, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        stdout, stderr = process.communicate(timeout=timeout_s)
        status = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        stdout, stderr = process.communicate()
        status = None
    return status, stdout, stderr


# --- judging -------------------------------------------------------------------------------------------------------


def site_matches(case, found, answer):
    if not answer["file"]:  # nobody can know a line
        return True
    line = found.get("line")
    return (isinstance(found.get("file"), str) and os.path.basename(found["file"]) == os.path.basename(answer["file"])
            and isinstance(line, int) and abs(line - case.line_number(answer["file"], answer["line_of"])) <= 1)


def fix_matches(found, answer):
    fix = (found.get("fix") or "").lower()
    return not answer["fix_has"] or any(word.lower() in fix for word in answer["fix_has"])


def fitness(case, found, answer):
    """Channel, call site and fix of a reported cause against one right answer."""
    return found.get("channel") == answer["channel"], site_matches(case, found, answer), fix_matches(found, answer)


def describe(found):
    if not found:
        return "nothing"
    return f"{found.get('channel')} at {os.path.basename(found.get('file') or '?')}:{found.get('line')}"


def judge(case, answer):
    """Item -> True, False or None (not asked), and what was found instead."""
    if case.is_control:
        return {"verdict": answer.get("verdict") == "same"}, describe(answer.get("first"))
    result = {item: True for item in ITEMS}
    result["verdict"] = answer.get("verdict") == case.verdict
    planted = list(case.causes())
    found = [answer.get("first") or {}] if len(planted) == 1 else answer.get("causes") or [{}]
    remarks = []
    for answers in planted:
        # The reported cause that fits one of the right answers best stands for the planted one.
        (channel, site, fix), best = max(((fitness(case, cause, right), cause) for cause in found for right in answers),
                                         key=lambda pair: (sum(pair[0]), pair[0]))
        result["channel"] = result["channel"] and channel
        result["call site"] = result["call site"] and site
        result["fix"] = result["fix"] and fix
        remarks.append(describe(best) + ("" if fix else f", fix {best.get('fix')!r}"))
    if not any(right["file"] for answers in planted for right in answers):
        result["call site"] = None
    if not any(right["fix_has"] for answers in planted for right in answers):
        result["fix"] = None
    return result, "; ".join(remarks)


def check(case, options):
    row = {"case": case.name, "seconds": 0.0, "items": {}, "remark": "", "right": False, "control": case.is_control,
           "false_alarm": False}
    row["items"] = {"verdict": False} if case.is_control else {item: False for item in ITEMS}
    if case.missing():
        row["remark"] = f"missing: {', '.join(case.missing())}"
        return row
    with tempfile.TemporaryDirectory(prefix="oneseed-case-") as temporary:
        work = case.copy_to(os.path.realpath(temporary))
        argv = [options.tool, "check", "--json", *case.args, "--", *case.command()]
        start = time.monotonic()
        status, stdout, stderr = run_command(argv, work, options.timeout)
        row["seconds"] = round(time.monotonic() - start, 2)
    if status is None:
        row["remark"] = f"no answer after {options.timeout:g} s"
        return row
    try:
        answer = json.loads(stdout)
    except ValueError:
        last = stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        row["remark"] = f"no JSON (status {status}): {last[0]}"
        return row
    row["answer"] = answer
    row["items"], row["remark"] = judge(case, answer)
    row["false_alarm"] = case.is_control and answer.get("verdict") == "diverged"
    row["right"] = all(value is not False for value in row["items"].values())
    if not row["items"]["verdict"]:
        row["remark"] = f"verdict {answer.get('verdict')}; " + row["remark"]
    return row


def percent(right, asked):
    return 100.0 * right / asked if asked else 100.0


def print_score(rows, options):
    """Prints the table. True when the thresholds hold."""
    for row in rows:
        if not row["right"]:
            lost = ", ".join(item for item, value in row["items"].items() if value is False)
            print(f"FAILED {row['case']}: {lost}: {row['remark']}")
    slow = [row for row in rows if row["seconds"] > SLOW_S]
    for row in sorted(slow, key=lambda row: -row["seconds"]):
        print(f"slow   {row['case']}: {row['seconds']:.1f} s")
    holds = True
    for item in ITEMS:
        values = [row["items"][item] for row in rows if row["items"].get(item) is not None]
        share = percent(sum(values), len(values))
        holds = holds and share >= (THRESHOLDS[item] if options.floor is None else options.floor)
        print(f"{item:<13} {sum(values)}/{len(values)} ({share:.1f} %, at least {THRESHOLDS[item]:g})")
    controls = [row for row in rows if row["control"]]
    alarms = sum(row["false_alarm"] for row in controls)
    print(f"{'false alarms':<13} {alarms}/{len(controls)} (none allowed)")
    seconds = [row["seconds"] for row in rows]
    if seconds:
        print(f"{'time':<13} {sum(seconds):.0f} s in all, {sorted(seconds)[len(seconds) // 2]:.1f} s median, "
              f"{max(seconds):.1f} s at most")
    passed = sum(row["right"] for row in rows)
    print(f"{passed} passed, {len(rows) - passed} failed")
    return holds and alarms == 0


# --- do the cases keep their promise? ------------------------------------------------------------------------------


def output_patterns(case):
    return [value for option, value in zip(case.args, case.args[1:]) if option == "--output"]


def observe(case, work, extra):
    """What the check compares: exit status, stdout and the output files. Gives a digest and the seconds it took."""
    start = time.monotonic()
    status, stdout, stderr = run_command(case.command(), work, 120, extra)
    seconds = time.monotonic() - start
    if status != 0:
        last = stderr.decode(errors="replace").strip().splitlines()[-1:] or [""]
        raise BrokenCase(f"{case.name}: status {status}: {last[0]}")
    digest = hashlib.sha256(stdout)
    for pattern in output_patterns(case):
        files = sorted(glob.glob(os.path.join(work, pattern), recursive=True))
        if not files:
            raise BrokenCase(f"{case.name}: no file {pattern} was written")
        for path in files:
            with open(path, "rb") as file:
                digest.update(file.read())
    if not stdout.strip():
        raise BrokenCase(f"{case.name}: nothing on stdout")
    return digest.hexdigest(), seconds


def plain(case, options):
    """Runs the command in pairs without oneseed. At least 19 of 20 pairs must differ, or none for a control."""
    row = {"case": case.name, "right": False, "remark": ""}
    if case.missing():
        row["remark"] = f"missing: {', '.join(case.missing())}"
        return row
    differing, seconds = 0, []
    varies = "--vary" in case.args
    # The first run would compile the modules and the second load them: a difference of memory that nobody planted.
    base = {"PYTHONDONTWRITEBYTECODE": "1"}
    for _ in range(options.times):
        with tempfile.TemporaryDirectory(prefix="oneseed-case-") as temporary:
            work = case.copy_to(os.path.realpath(temporary))
            hook = dict(base)
            if varies:
                with open(os.path.join(temporary, "sitecustomize.py"), "w", encoding="utf-8") as file:
                    file.write(BACKWARDS)
                hook["PYTHONPATH"] = temporary
            a, seconds_a = observe(case, work, base)
            b, seconds_b = observe(case, work, hook)
            differing += a != b
            seconds += [seconds_a, seconds_b]
    needed = -(-options.times * 19 // 20)
    row["right"] = differing == 0 if case.is_control else differing >= needed
    row["remark"] = f"{differing} of {options.times} pairs differ{' when varied' if varies else ''}"
    row["seconds"] = max(seconds)
    return row


# --- command line --------------------------------------------------------------------------------------------------


def load_cases(pattern):
    folders = sorted(os.path.dirname(path) for path in glob.glob(os.path.join(HERE, "*", "case.json")))
    return [Case(folder) for folder in folders if fnmatch.fnmatch(os.path.basename(folder), pattern)]


def parse_arguments():
    parser = argparse.ArgumentParser(description="The score of `oneseed check` on planted causes and controls.")
    parser.add_argument("--tool", default=os.path.join(ROOT, "build", "oneseed"))
    parser.add_argument("--jobs", type=int, default=2, help="cases at a time (default 2)")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="names of cases, as a shell pattern")
    parser.add_argument("--repeat-controls", type=int, default=1, metavar="N", help="check every control N times")
    parser.add_argument("--timeout", type=float, default=300.0, help="seconds per case (default 300)")
    parser.add_argument("--json", metavar="OUT", help="write all answers and the score to this file")
    parser.add_argument("--floor", type=float, metavar="PERCENT",
                        help="exit 1 below this share instead of below the targets (a false alarm always counts)")
    parser.add_argument("--plain", action="store_true", help="run the cases in pairs without the tool")
    parser.add_argument("--times", type=int, default=3, help="pairs per case with --plain (default 3)")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    if not re.fullmatch(r"[\w*?\[\]!-]+", options.only):
        parser.error("--only takes a shell pattern of case names")
    return options


def guarded(work, case, options):
    try:
        return work(case, options)
    except BrokenCase as error:
        return {"case": case.name, "right": False, "broken": True, "remark": str(error), "control": case.is_control,
                "seconds": 0.0, "false_alarm": False,
                "items": {"verdict": False} if case.is_control else {item: False for item in ITEMS}}


def run_all(work, cases, options):
    rows = []
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        for row in pool.map(lambda case: guarded(work, case, options), cases):
            mark = "ok    " if row["right"] else "FAILED"
            print(f"{mark} {row['case']:<40} {row.get('seconds', 0.0):6.1f} s  {row['remark']}", flush=True)
            rows.append(row)
    return rows


def main():
    options = parse_arguments()
    try:
        cases = load_cases(options.only)
    except (BrokenCase, ValueError, OSError) as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    if not cases:
        print(f"run.py: no case is named {options.only}", file=sys.stderr)
        return 2
    if options.plain:
        rows = run_all(plain, cases, options)
        passed = sum(row["right"] for row in rows)
        print(f"{passed} passed, {len(rows) - passed} failed")
        return 0 if passed == len(rows) else 1
    if not os.access(options.tool, os.X_OK):
        print(f"run.py: no tool at {options.tool}: build it, or name it with --tool", file=sys.stderr)
        return 2
    again = [case for case in cases if case.is_control for _ in range(options.repeat_controls - 1)]
    rows = run_all(check, cases + again, options)
    print()
    holds = print_score(rows, options)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"format": "oneseed-score/1", "python": sys.version.split()[0], "holds": holds, "rows": rows},
                      file, indent=1)
            file.write("\n")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
