# test_seeding_package.py - oneseed.seed() in a process that the tool did not start.
# SPDX-License-Identifier: MIT
import ast
import sys

import pytest
from seeding_support import SUPPORT, bare, execute, script, under_run

PATH = str(SUPPORT.parent)


def python(path, *arguments):
    return execute([sys.executable, path, *arguments], PYTHONPATH=PATH).stdout


def test_it_seeds_like_run(tmp_path):
    draw = (
        "import random, numpy as np\n"
        "print(random.random(), np.random.rand(), random.Random().random(), np.random.default_rng().random())\n"
        "import torch\nprint(torch.rand(2).tolist())\n"
    )
    own = script(tmp_path, "import oneseed\noneseed.seed(42)\n" + draw, "own.py")
    assert python(own) == under_run(script(tmp_path, draw), seed=42).stdout


def test_children_and_a_second_call(tmp_path):
    path = script(
        tmp_path,
        "import os, random, multiprocessing, oneseed, numpy as np\n"
        "def draw(i=0):\n    return random.random(), float(np.random.rand()), random.Random().random()\n"
        "oneseed.seed(1)\n"
        "if __name__ == '__main__':\n"
        "    first = draw()\n"
        "    for method in ('fork', 'spawn'):\n"
        "        with multiprocessing.get_context(method).Pool(2) as pool:\n"
        "            print(pool.map(draw, range(4), chunksize=1))\n"
        "    oneseed.seed(1)\n"
        "    assert draw() == first\n",
    )
    first = python(path)
    assert first == python(path)
    forked, spawned = map(ast.literal_eval, first.splitlines())
    assert len({number for task in forked for number in task}) == 12


REPORT = """
import random, sys
import numpy as np
random.random()
rng = np.random.default_rng(3)
before = rng.bit_generator.state
import oneseed
report = oneseed.seed(42)
assert str(report) == repr(report)
print(report)
print(report.seed, [name for name, call in report.set], rng.bit_generator.state == before)
"""


def test_the_report_tells_what_was_set_and_what_came_too_late(tmp_path):
    text = python(script(tmp_path, REPORT))
    assert "random.seed(42)" in text and "np.random.seed(42)" in text
    assert "42 ['python.global', 'numpy.global'] True" in text
    late = [line for line in text.splitlines() if "too late" in line]
    assert any("hash-seed" in line for line in late)
    assert any("python.global has drawn" in line for line in late)
    assert not any("numpy.global" in line for line in late)
    assert any("1 numpy.random.Generator" in line for line in late)


def test_a_fixed_hash_seed_is_not_reported(tmp_path):
    path = script(tmp_path, "import oneseed; print(oneseed.seed(42))")
    done = execute([sys.executable, path], PYTHONPATH=PATH, PYTHONHASHSEED="0")
    assert "hash-seed" not in done.stdout and "address" in done.stdout


@pytest.mark.parametrize("value, error", [(-1, "ValueError"), (2**64, "ValueError"), (1.5, "TypeError"), ("'a'", "TypeError")])
def test_numbers_that_are_no_seeds_are_refused(tmp_path, value, error):
    path = script(
        tmp_path,
        "import oneseed\ntry:\n    oneseed.seed(%s)\nexcept Exception as e:\n    print(type(e).__name__, e)" % value,
    )
    assert python(path).startswith(error + " oneseed.seed: number: ")


def test_restarting_under_the_tool_happens_once(tmp_path):
    path = script(
        tmp_path,
        "import os, sys, random\n"
        "with open(sys.argv[1], 'a') as f: f.write('started %s\\n' % sys.argv[2])\n"
        "import oneseed\noneseed.seed(42, reexec=True)\n"
        "print(hash('a'), id(object()), random.random(), sys.argv[2], 'ONESEED_RESTARTED' in os.environ)",
    )
    log = tmp_path / "log"
    first, second = (python(path, str(log), "x y") for _ in range(2))
    assert log.read_text() == "started x y\n" * 4  # each: as written, and under the tool
    assert first == second
    assert first.split()[2:] == ["0.6394267984578837", "x", "y", "False"]


def test_restarting_needs_a_script(tmp_path):
    done = execute(
        [sys.executable, "-c", "import subprocess, sys; print(subprocess.run([sys.executable, '-'], text=True, "
         "stdout=-1, stderr=-1, input='import oneseed; oneseed.seed(1, reexec=True)').stderr)"],
        PYTHONPATH=PATH,
    )
    assert "there is no script to start again" in done.stdout


def test_under_the_tool_it_is_the_programs_own_seeding(tmp_path):
    text = "import random, oneseed\noneseed.seed(7)\nprint(random.random(), random.Random().random())"
    text += "\nimport numpy as np\nprint(np.random.rand())"
    path = script(tmp_path, text)
    expected = python(path)
    assert under_run(path, seed=42, PYTHONPATH=PATH).stdout == expected


def test_without_its_extension_the_import_says_so(tmp_path):
    package = tmp_path / "oneseed"
    (package / "recorder").mkdir(parents=True)
    for name in ("__init__.py", "_local.py"):
        (package / name).write_text((SUPPORT / name).read_text())
    path = script(tmp_path, "try:\n    import oneseed\nexcept ImportError as e:\n    print(e)")
    assert bare(path).startswith("oneseed: its extension _core is not there for this platform and Python (")
