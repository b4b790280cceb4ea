# startup.py - what `oneseed run` adds to the start of a command.
# SPDX-License-Identifier: MIT
#
#   python bench/startup.py [--rounds N] [--tool PATH] [--json]
#
# Bare and under `run` alternate, each first in every other pair; of the pairs' differences and ratios the median counts.
# Time is wall time from before the start of the process to its end.
import argparse
import json
import os
import pathlib
import shutil
import statistics
import sys
import time

COMMANDS = {
    "true": [shutil.which("true")],
    "python -c pass": [sys.executable, "-c", "pass"],
    "python -c 'import numpy'": [sys.executable, "-c", "import numpy"],
}
BUDGET_MS = {"python -c pass": 80}


def seconds(command):
    begun = time.perf_counter()
    _, status = os.waitpid(os.posix_spawn(command[0], command, os.environ), 0)
    taken = time.perf_counter() - begun
    if status != 0:
        raise SystemExit(f"startup: {' '.join(command)}: wait status {status}")
    return taken


def measure(command, tool, n_rounds):
    under = [tool, "run", "--", *command]
    seconds(command), seconds(under)  # what is read from the disk only once
    pairs = []
    for i in range(n_rounds):
        if i % 2:
            run, bare = seconds(under), seconds(command)
        else:
            bare, run = seconds(command), seconds(under)
        pairs.append((bare, run))
    return {
        "bare_ms": 1e3 * statistics.median(bare for bare, run in pairs),
        "run_ms": 1e3 * statistics.median(run for bare, run in pairs),
        "added_ms": 1e3 * statistics.median(run - bare for bare, run in pairs),
        "ratio": statistics.median(run / bare for bare, run in pairs),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--tool", default=str(pathlib.Path(__file__).resolve().parents[1] / "build/oneseed"))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = {name: measure(command, options.tool, options.rounds) for name, command in COMMANDS.items()}
    for name, row in rows.items():
        row["budget_ms"] = BUDGET_MS.get(name)
    if options.json:
        print(json.dumps({"format": "oneseed-bench/1", "bench": "startup", "rounds": options.rounds, "commands": rows}, indent=1))
        return
    print(f"{'command':26} {'bare/ms':>9} {'run/ms':>9} {'added/ms':>9} {'ratio':>7} {'budget/ms':>10}")
    for name, row in rows.items():
        times = f"{row['bare_ms']:9.2f} {row['run_ms']:9.2f} {row['added_ms']:9.2f}"
        print(f"{name:26} {times} {row['ratio']:7.2f} {row['budget_ms'] or '':>10}")


if __name__ == "__main__":
    main()
