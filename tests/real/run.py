"""run.py - scripts of a kind that people really run: equal under `oneseed run`, explained by `oneseed check`.

SPDX-License-Identifier: MIT

    python tests/real/run.py [--tool build/oneseed] [--times 20] [--only NAME]

Each script runs N times under `oneseed run --seed 1`, while another process keeps the machine busy: stdout and all
written files must be equal, byte for byte. Then `oneseed check` looks at the script as written: the runs must differ,
and the first cause must be one that is known to be there.
"""

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# What the authors of the scripts forgot: channel and text of the line.
KNOWN = {
    "image_classifier": [
        ("unseeded-rng", "self.rng = np.random.default_rng()"),
        ("hash-seed", "self.classes = list(set(names))"),
        ("unseeded-rng", "self.body = nn.Sequential("),
    ],
    "sklearn_pipeline": [
        ("hash-seed", "codes[name] = {value: i for i, value in enumerate({row[name] for row in rows})}"),
        ("child-process", "return chosen.fit(x, y)"),
        ("unseeded-rng", "return chosen.fit(x, y)"),
    ],
    "rl_loop": [
        ("unseeded-rng", "self.rng = np.random.RandomState()"),
        ("unseeded-rng", "self._np_random = np.random.default_rng()"),
    ],
}


def line_number(script, text):
    with open(script, encoding="utf-8") as file:
        lines = [number for number, line in enumerate(file, 1) if text in line]
    if len(lines) != 1:
        raise SystemExit(f"run.py: {text!r} is in {len(lines)} lines of {script}, not in one")
    return lines[0]


def run(argv, folder, timeout_s):
    """(status or None after a time-out, stdout, stderr); the whole process group ends with the command."""
    process = subprocess.Popen(argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, start_new_session=True)
    try:
        stdout, stderr = process.communicate(timeout=timeout_s)
        return process.returncode, stdout, stderr
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return (None, *process.communicate())


def written_files(folder):
    for root, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(root, name)
            with open(path, "rb") as file:
                yield os.path.relpath(path, folder), hashlib.sha256(file.read()).hexdigest()


def equal_under_run(script, options):
    """(holds, remark)"""
    first = None
    for number in range(options.times):
        with tempfile.TemporaryDirectory(prefix="oneseed-real-") as folder:
            argv = [options.tool, "run", "--seed", "1", "--", sys.executable, script]
            status, stdout, stderr = run(argv, folder, options.timeout)
            if status != 0:
                last = stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
                return False, f"run {number + 1}: status {status}: {last[0]}"
            seen = {"stdout": hashlib.sha256(stdout).hexdigest(), **dict(written_files(folder))}
        if len(seen) < 2:
            return False, "the script wrote no file"
        first = first or seen
        differing = sorted(name for name in first.keys() | seen.keys() if first.get(name) != seen.get(name))
        if differing:
            return False, f"run {number + 1} differs from run 1 in {', '.join(differing)}"
    return True, f"{options.times} of {options.times} runs equal ({len(first) - 1} files and stdout)"


def explained_by_check(name, script, options):
    """(holds, remark)"""
    with tempfile.TemporaryDirectory(prefix="oneseed-real-") as folder:
        argv = [options.tool, "check", "--json", "--", sys.executable, script]
        status, stdout, stderr = run(argv, folder, options.timeout)
    try:
        answer = json.loads(stdout)
    except ValueError:
        last = stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        return False, f"no JSON (status {status}): {last[0]}"
    causes = answer.get("causes") or []
    told = ", ".join(f"{cause.get('channel')}:{cause.get('line')}" for cause in causes)
    if answer.get("verdict") != "diverged" or status != 1:
        return False, f"verdict {answer.get('verdict')}, status {status}"
    known = [(channel, line_number(script, text)) for channel, text in KNOWN[name]]
    first = answer.get("first") or {}
    if os.path.basename(first.get("file") or "") != os.path.basename(script) or not any(
            first.get("channel") == channel and abs((first.get("line") or -9) - line) <= 1 for channel, line in known):
        return False, f"the first cause is not one of {known}: {told or 'none'}"
    return True, f"diverged: {told}"


def main():
    parser = argparse.ArgumentParser(description="Real scripts: equal under run, explained by check.")
    parser.add_argument("--tool", default=os.path.join(ROOT, "build", "oneseed"))
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--timeout", type=float, default=600.0, help="seconds per command (default 600)")
    parser.add_argument("--only", choices=sorted(KNOWN))
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    if options.times < 2:
        parser.error("--times needs at least 2")
    if not os.access(options.tool, os.X_OK):
        print(f"run.py: no tool at {options.tool}: build it, or name it with --tool", file=sys.stderr)
        return 2
    passed = failed = 0
    for name in [options.only] if options.only else sorted(KNOWN):
        script = os.path.join(HERE, name + ".py")
        for what in ("run", "check"):
            start = time.monotonic()
            if what == "run":
                busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
                try:
                    holds, remark = equal_under_run(script, options)
                finally:
                    busy.kill()
                    busy.wait()
            else:
                holds, remark = explained_by_check(name, script, options)
            passed, failed = passed + holds, failed + (not holds)
            print(f"{'ok    ' if holds else 'FAILED'} {name} {what:<6} {time.monotonic() - start:6.1f} s  {remark}",
                  flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
