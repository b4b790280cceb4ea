"""Runs the tool as a user would, for the tests of `oneseed run`."""
import os
import pathlib
import subprocess
import sys
import time

TOOL = os.environ.get("ONESEED_TOOL") or str(pathlib.Path(__file__).parents[2] / "build" / "oneseed")
SEEDS = ["run", "--level", "seeds"]


def command(*arguments, options=()):
    return [TOOL, "run", *options, "--", *arguments]


def python(code, *arguments):
    return [sys.executable, "-c", code, *arguments]


def run(*arguments, options=(), timeout=60, **settings):
    settings.setdefault("stdin", subprocess.DEVNULL)
    settings.setdefault("stdout", subprocess.PIPE)
    settings.setdefault("stderr", subprocess.PIPE)
    return subprocess.run(command(*arguments, options=options), timeout=timeout, text=True, **settings)


def alive(pid):
    """Is the process there and not only waiting to be reaped?"""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(condition, seconds=10):
    """Waits for a condition; its last value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.02)


def gone(pid, seconds=10):
    return until(lambda: not alive(pid), seconds)
