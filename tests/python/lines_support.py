# lines_support.py - the interpreters that tests of digests and lines run under, and how to load the extension in them.
# SPDX-License-Identifier: MIT
import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys

from recording import RECORDER

BUILD = RECORDER.parents[2]
PRELOAD = RECORDER.parent / "liboneseed_preload.so"

VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")

# A script that begins with this has the extension as `core`.
LOAD = """
import importlib.machinery, importlib.util
_spec = importlib.util.spec_from_file_location(
    "_core", %r, loader=importlib.machinery.ExtensionFileLoader("_core", %r))
core = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(core)
""" % ((str(RECORDER / "_core.abi3.so"),) * 2)


def _works(path):
    done = subprocess.run([path, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True)
    return done.returncode == 0 and done.stdout.strip()


@functools.lru_cache(maxsize=None)
def pythons():
    """{version: path}: the running interpreter, and others of the machine, on PATH or kept by pyenv."""
    found = {"%d.%d" % sys.version_info[:2]: sys.executable}
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv") / "versions"
    for version in VERSIONS:
        candidates = [str(p) for p in sorted(pyenv.glob(version + ".*/bin/python"))]
        candidates += filter(None, [shutil.which("python" + version)])
        for path in candidates:
            if version not in found and _works(path) == str(tuple(map(int, version.split(".")))):
                found[version] = path
    return found


def python_of(version):
    """Path of the interpreter; tests that are parametrised over versions only name those that are there."""
    return pythons()[version]


def ids():
    return sorted(pythons(), key=lambda v: tuple(map(int, v.split("."))))


def trace_lines(python, script, folder, name, hash_seed=None, **keys):
    """Runs the script (a path) with its lines recorded in folder/name. (stdout, line events by lane, stderr)."""
    done = record(python, script, folder, name, hash_seed, **keys)
    return done.stdout, events_of(folder / name / "trace"), done.stderr


def record(python, script, folder, name, hash_seed=None, **keys):
    trace = folder / name / "trace"
    session = folder / name / "session"
    trace.mkdir(parents=True)
    session.mkdir()
    words = {"trace": trace, "session": session, "record": "lines", **keys}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ONESEED_", "LD_PRELOAD", "PYTHON"))}
    environment.update(
        ONESEED_CONFIG=" ".join("%s=%s" % pair for pair in words.items()),
        ONESEED_LANE="0 - 0000000000",
        LD_PRELOAD=str(PRELOAD),
        PYTHONPATH=str(RECORDER),
    )
    if hash_seed is not None:
        environment["PYTHONHASHSEED"] = str(hash_seed)
    command = [python, str(script)]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    return done


def events_of(trace, kind="line"):
    """{lane: [event]} of one kind; None: of all."""
    done = subprocess.run([str(BUILD / "trace_dump"), str(trace)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lanes = {}
    for text in done.stdout.splitlines():
        event = json.loads(text)
        if kind in (None, event["kind"]):
            lanes.setdefault(event["lane"], []).append(event)
    return lanes


def place(event):
    """(file name, line, function)"""
    file, line, function = event["site"].rsplit(":", 2)
    return pathlib.Path(file).name, int(line), function


def first_difference(one, other):
    """What check says of two runs: the first line whose inputs agree and whose result differs, lane by lane."""
    for lane in one:
        for a, b in zip(one[lane], other.get(lane, [])):
            if a["site"] == b["site"] and a["in"] == b["in"] and a["out"] != b["out"]:
                return a
            if a["site"] != b["site"]:
                break
    return None
