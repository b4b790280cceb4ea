"""oneseed.log(): one line of JSON per call, nothing without a scan."""
import json
import math
import os
import subprocess
import sys

import pytest
import seeding_support
import tool
from lines_support import ids, python_of

PACKAGE = str(seeding_support.SUPPORT.parent)


def logged(tmp_path, code, under=(), **variables):
    """The lines that a program logs, parsed."""
    path = tmp_path / "log"
    variables = {"ONESEED_LOG": str(path), "PYTHONPATH": PACKAGE, **variables}
    seeding_support.execute([*under, sys.executable, "-c", "import oneseed\n" + code], folder=tmp_path, **variables)
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else None


def test_a_line_for_each_call(tmp_path):
    assert logged(tmp_path, "oneseed.log(acc=0.1, n=3, step=7); oneseed.log(acc=1 / 3)") == [
        {"acc": 0.1, "n": 3, "step": 7},
        {"acc": 1 / 3},
    ]


def test_numbers_of_libraries(tmp_path):
    code = """
import decimal, fractions, numpy as np, torch
oneseed.log(a=np.float32(0.1), b=np.int64(5), c=torch.tensor(2.5, requires_grad=True), d=np.array(4.0), e=torch.tensor([7]),
            f=fractions.Fraction(1, 3), g=decimal.Decimal("0.5"), h=True, i=2**70, step=np.int64(2))
"""
    (line,) = logged(tmp_path, code)
    assert line.pop("a") == float.fromhex("0x1.99999a0000000p-4")
    assert line == {"b": 5, "c": 2.5, "d": 4, "e": 7, "f": 1 / 3, "g": 0.5, "h": 1, "i": 2.0**70, "step": 2}


def test_what_json_has_no_number_for(tmp_path):
    (line,) = logged(tmp_path, "oneseed.log(a=float('nan'), b=float('inf'), c=-float('inf'), d=-0.0)")
    assert line == {"a": "nan", "b": "inf", "c": "-inf", "d": 0.0}
    assert math.isnan(float(line["a"])) and math.copysign(1, line["d"]) < 0


def test_names_of_any_kind(tmp_path):
    names = ["val/acc", 'a "quoted" one', "Größe", "new\nline", "back\\slash"]
    assert logged(tmp_path, f"for name in {names!r}: oneseed.log(**{{name: 1}})") == [{name: 1} for name in names]


@pytest.mark.parametrize(
    "value, kind", [("'0.9'", "str"), ("[1, 2]", "list"), ("None", "NoneType"), ("1j", "complex"), ("10**400", "int")]
)
def test_no_number(tmp_path, value, kind):
    code = f"""
try:
    oneseed.log(ok=1, acc={value})
except TypeError as error:
    oneseed.log(**{{str(error): 1}})
"""
    message = f"oneseed.log: acc: want a number that float() takes, got {kind}"
    assert logged(tmp_path, code) == [{message: 1}]


def test_nothing_without_a_scan(tmp_path):
    code = """
import os
del os.environ["ONESEED_LOG"]
oneseed.log(acc="no number, and nobody looks", step=object())
os.environ["ONESEED_LOG"] = ""
oneseed.log(acc=1)
"""
    assert logged(tmp_path, code) is None
    assert list(tmp_path.iterdir()) == []


def test_threads_and_processes_write_whole_lines(tmp_path):
    code = """
import os, threading
def work(name):
    for step in range(300):
        oneseed.log(**{name * 40: step}, step=step)
pids = []
for process in "ab":
    pid = os.fork()
    if pid == 0:
        threads = [threading.Thread(target=work, args=(process + thread,)) for thread in "xy"]
        [thread.start() for thread in threads], [thread.join() for thread in threads]
        os._exit(0)
    pids.append(pid)
[os.waitpid(pid, 0) for pid in pids]
"""
    lines = logged(tmp_path, code)
    assert len(lines) == 1200
    for name in ("ax", "ay", "bx", "by"):
        assert [line["step"] for line in lines if name * 40 in line] == list(range(300))


def test_importing_seeds_nothing(tmp_path):
    code = """
import random, sys
assert not any(name.split(".")[0] in ("numpy", "torch", "json") for name in sys.modules), sorted(sys.modules)
random.seed(5)
oneseed.log(same=random.random())
"""
    (line,) = logged(tmp_path, code)
    done = subprocess.run([sys.executable, "-c", "import random; random.seed(5); print(random.random())"], capture_output=True)
    assert line == {"same": float(done.stdout)}


@pytest.mark.parametrize("level", ["seeds", "process", "portable"])
def test_under_the_tool(tmp_path, level):
    under = [tool.TOOL, "run", "--level", level, "--seed", "5", "--"]
    code = "import random; oneseed.log(a=random.random())"
    (line,) = logged(tmp_path, code, under=under)
    assert line == {"a": 0.6229016948897019}  # random.seed(5)


def test_a_file_that_cannot_be_written(tmp_path):
    code = """
try:
    oneseed.log(acc=1)
except OSError as error:
    print(error)
"""
    done = seeding_support.execute(
        [sys.executable, "-c", "import oneseed" + code], ONESEED_LOG="/dev/full", PYTHONPATH=PACKAGE
    )
    assert "No space left" in done.stdout


# ---- a Python that does not have the package ----

PYTHON = os.path.realpath(sys.executable)  # outside of its virtual environment, which may have the package
VIEW = "import sys\nprint(sys.path, [type(hook) for hook in sys.path_hooks], sys.meta_path[-1])\n"


def without_package(tmp_path, *command, under=("run",), **variables):
    """What a program logs that is run by the tool, and what it prints; nothing of the tree is on its path."""
    path = tmp_path / "log"
    done = seeding_support.execute([tool.TOOL, *under, "--", *command], folder=tmp_path, ONESEED_LOG=str(path), **variables)
    return [json.loads(line) for line in path.read_text().splitlines()], done.stdout


@pytest.mark.parametrize("version", ids())
def test_every_python_has_it_under_the_tool(tmp_path, version):
    python = os.path.realpath(python_of(version))
    logs = "import oneseed\nimport oneseed.python\noneseed.log(x=1)\n" + VIEW
    lines, out = without_package(tmp_path, python, seeding_support.script(tmp_path, logs))
    assert lines == [{"x": 1}]
    assert out == seeding_support.execute([python, seeding_support.script(tmp_path, VIEW)]).stdout


CHILDREN = """
import concurrent.futures, multiprocessing, os, subprocess, sys

def work(number):
    import oneseed
    oneseed.log(**{sys.argv[1]: number})
    return multiprocessing.get_start_method()

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.Pool(2) as pool:
        assert pool.map(work, range(4)) == [sys.argv[1]] * 4
    alone = [sys.executable, "-c", "import oneseed; oneseed.log(alone=1)"]
    subprocess.run(alone, env={"ONESEED_LOG": os.environ["ONESEED_LOG"]}, check=True)
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_children_have_it_too(tmp_path, method):
    lines, _ = without_package(tmp_path, PYTHON, seeding_support.script(tmp_path, CHILDREN), method)
    assert sorted(lines, key=str) == sorted([{method: k} for k in range(4)] + [{"alone": 1}], key=str)


def test_a_warm_start_has_it(tmp_path):
    script = seeding_support.script(tmp_path, "import oneseed, random\noneseed.log(x=random.random())\n")
    scan = ["scan", "-o", "s.db", "--seeds", "0:4", "--preload", "json", "--json"]
    done = seeding_support.execute([tool.TOOL, *scan, "--", PYTHON, script], folder=tmp_path)
    answer = json.loads(done.stdout)
    assert (answer["done"], answer["metrics"]["x"]["n"]) == (4, 4)


def test_a_package_of_the_program_wins(tmp_path):
    (tmp_path / "oneseed.py").write_text("log = lambda **values: print('mine', values)\n")
    script = seeding_support.script(tmp_path, "import oneseed\noneseed.log(x=1)\n")
    done = seeding_support.execute([tool.TOOL, "run", "--", PYTHON, script], folder=tmp_path)
    assert done.stdout == "mine {'x': 1}\n"


def test_nothing_else_is_found(tmp_path):
    code = "import importlib.util as u; print(u.find_spec('recorder'), u.find_spec('_core'), u.find_spec('oneseed').name)\n"
    code += "try:\n    import oneseed.nothing\nexcept ModuleNotFoundError as error:\n    print(error)\n"
    done = seeding_support.execute([tool.TOOL, "run", "--", PYTHON, "-c", code], folder=tmp_path)
    assert done.stdout == "None None oneseed\nNo module named 'oneseed.nothing'\n"
