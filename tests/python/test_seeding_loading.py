# test_seeding_loading.py - the recorder in a Python process: it acts, and the program sees nothing of it.
# SPDX-License-Identifier: MIT
import os
import pathlib
import resource
import shutil
import subprocess
import sys

import pytest
import tool
from seeding_support import SUPPORT, bare, environment, execute, script, under_run

VIEW = """
import os, sys
print(sorted(sys.modules))
print(sys.path, sorted(sys.path_importer_cache), [type(hook) for hook in sys.path_hooks])
print([getattr(finder, "__name__", type(finder).__name__) for finder in sys.meta_path])
print(os.environ.get("PYTHONPATH"), sorted(name for name in os.environ if "ONESEED" in name), "LD_PRELOAD" in os.environ)
import random, importlib.util
print([importlib.util.find_spec(name) for name in ("recorder", "_core", "seeding")], type(random.seed), random.Random.seed.__qualname__)
"""


@pytest.mark.parametrize("path", [None, "", "/nowhere", "/nowhere:/neither"])
def test_a_program_sees_the_interpreter_as_it_is_without_us(tmp_path, path):
    view = script(tmp_path, VIEW)
    variables = {} if path is None else {"PYTHONPATH": path}
    assert under_run(view, level="seeds", **variables).stdout == bare(view, **variables)


def test_children_see_it_too(tmp_path):
    view = script(tmp_path, VIEW)
    parent = script(tmp_path, "import subprocess, sys; subprocess.run([sys.executable, %r])" % view, "parent.py")
    assert under_run(parent, level="seeds", PYTHONPATH="/nowhere").stdout == bare(parent, PYTHONPATH="/nowhere")


def test_a_sitecustomize_of_the_user_still_runs(tmp_path):
    script(tmp_path, "import sys; sys.flag = 'user ' + __name__ + ' ' + __file__", "sitecustomize.py")
    path = script(tmp_path, "import sys; print(sys.flag, sys.modules['sitecustomize'].__file__)")
    expected = bare(path, PYTHONPATH=str(tmp_path))
    assert "user sitecustomize" in expected
    assert under_run(path, PYTHONPATH=str(tmp_path)).stdout == expected


def test_an_error_in_a_sitecustomize_of_the_user_is_the_users(tmp_path):
    script(tmp_path, "raise ValueError('mine')", "sitecustomize.py")
    path = script(tmp_path, "import random; print(random.random())")
    done = under_run(path, PYTHONPATH=str(tmp_path))
    assert "ValueError: mine" in done.stderr
    assert done.stdout == "0.6394267984578837\n"


def test_tracebacks_of_failing_imports_are_as_before(tmp_path):
    script(tmp_path, "def f():\n    1 / 0\nf()\n", "broken.py")
    script(tmp_path, "import broken\n", "outer.py")
    script(tmp_path, "x = = 1\n", "wrong.py")
    path = script(
        tmp_path,
        "import importlib, traceback\n"
        "for name in ('outer', 'wrong', 'absent', 'absent.more'):\n"
        "    try:\n        importlib.import_module(name)\n"
        "    except Exception:\n        print(traceback.format_exc())\n"
        "try:\n    import outer\nexcept Exception:\n    print(traceback.format_exc())\n",
    )
    assert under_run(path).stdout == bare(path)


@pytest.mark.parametrize("flag", ["-I", "-E", "-S"])
def test_a_python_that_does_not_load_us_is_told(flag):
    done = tool.run(sys.executable, flag, "-c", "import random; print(random.random())")
    assert done.returncode == 0
    assert done.stdout != "0.6394267984578837\n"
    assert flag in done.stderr


def test_a_recorder_that_cannot_start_is_noted_once_and_the_program_runs(tmp_path):
    broken = tmp_path / "recorder"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text((SUPPORT / "recorder/sitecustomize.py").read_text())
    (broken / "_core.abi3.so").symlink_to(SUPPORT / "recorder/_core.abi3.so")
    (broken / "recorder.py").write_text("raise RuntimeError('no')")
    (tmp_path / "session").mkdir()
    path = script(tmp_path, "import sys; print('ran', 'sitecustomize' in sys.modules)")
    done = execute(
        [sys.executable, path],
        LD_PRELOAD=str(SUPPORT / "liboneseed_preload.so"),
        PYTHONPATH=str(broken),
        ONESEED_CONFIG="seed=1 controls=unseeded-rng session=%s" % (tmp_path / "session"),
        ONESEED_LANE="0 - 0",
    )
    assert done.stdout.startswith("ran") and done.stderr == ""
    assert (tmp_path / "session/notes").read_text().count("RuntimeError: no") == 1


def older_pythons():
    root = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv")
    return [str(path) for version in ("2.7", "3.6", "3.7", "3.8") for path in sorted(root.glob("versions/%s.*/bin/python" % version))[:1]]


@pytest.mark.parametrize("python", older_pythons())
def test_a_python_that_is_too_old_is_told(python):
    done = tool.run(python, "-c", "import sys; print(sys.version_info[:2])")
    version = done.stdout.strip("()\n").replace(", ", ".")
    assert done.returncode == 0
    assert done.stderr == (f"oneseed: not controlled: the generators of CPython {version} "
                           "(the recorder needs CPython 3.9 or later, with the GIL)\n")


def test_an_extension_that_cannot_be_loaded_is_told(tmp_path):
    support, temporary = tmp_path / "support", tmp_path / "a folder, 100%"
    shutil.copytree(SUPPORT, support)
    (support / "recorder/_core.abi3.so").write_text("no library")
    temporary.mkdir()
    done = tool.run(sys.executable, "-c", "print('ran')", env=environment(ONESEED_SUPPORT=str(support), TMPDIR=str(temporary)))
    assert (done.returncode, done.stdout) == (0, "ran\n")
    assert done.stderr.startswith("oneseed: not controlled: recorder: not started in a Python process: ImportError: ")


def test_the_start_is_quick(tmp_path):
    """Processor time of starting everything, against a bare start; the least of several, since the machine may be busy."""

    def least(command):
        times = []
        for _ in range(8):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, env=environment(), check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return min(times)

    python = [sys.executable, "-c", "pass"]
    loaded = least([tool.TOOL, "run", "--", *python])
    without = least([tool.TOOL, "run", "--", sys.executable, "-E", "-c", "pass"])
    assert loaded - without < 0.025
