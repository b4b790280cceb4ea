# lines_support.py - the interpreters that tests of digests and lines run under, and how to load the extension in them.
# SPDX-License-Identifier: MIT
import functools
import os
import pathlib
import shutil
import subprocess
import sys

from recording import RECORDER, ROOT

VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")

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


__all__ = ["LOAD", "ROOT", "ids", "python_of", "pythons"]
