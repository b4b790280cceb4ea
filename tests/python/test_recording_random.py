# test_recording_random.py - Python's random under the recorder: nothing changes, everything is seen.
# SPDX-License-Identifier: MIT
import subprocess

import lines_support
import pytest
import recording
from recording import draws, line, recorded, seeds


def test_nothing_a_program_can_see_changes(tmp_path):
    events = recorded(
        """
import sys
before = sorted(sys.modules)
import copy, pickle, random, _random
from random import random as early
random.seed(5)
print(before, sorted(sys.modules))
for f in (random.random, random.Random.random, random.seed, random.getrandbits, _random.Random, random.Random):
    print(repr(f).split(" at 0x")[0], f.__name__, f.__qualname__, f.__doc__, type(f), getattr(f, "__text_signature__", 0))
print(random.random.__self__ is random._inst, early == random.random, _random.Random.random is _random.Random.random)
print([early() for _ in range(5)], random.getrandbits(100), random.gauss(0, 1), random.sample(range(50), 9))
print(hash(pickle.dumps(random.getstate())), hash(pickle.dumps(random.Random(3))))
r = copy.copy(random.Random(8)); print(r.random(), random.Random("x").random(), random.Random(2.5).random())
class Own(random.Random):
    def __new__(cls, *a): return super().__new__(cls)
print(Own(4).random(), isinstance(Own(), random.Random))
for bad in (lambda: random.getrandbits(-1), lambda: random.getrandbits("a"), lambda: random.Random([])):
    try: print(bad())
    except Exception as e: print(type(e), e)
""",
        tmp_path,
    )
    assert draws(events)


def test_words_are_counted(tmp_path):
    events = recorded(
        """
import random
random.seed(1)
random.random()
random.getrandbits(1)
random.getrandbits(32)
random.getrandbits(33)
random.getrandbits(1000)
[random.random() for _ in range(10000)]
random.randbytes(7)
""",
        tmp_path,
    )
    by_line = {}
    for e in draws(events, "python.global"):
        by_line[line(e)[0]] = by_line.get(line(e)[0], 0) + e["words"]
    assert by_line == {4: 2, 5: 1, 6: 1, 7: 2, 8: 32, 9: 20000, 10: 2}
    # 10,000 draws of one line are a few events, not 10,000.
    assert len([e for e in draws(events) if line(e)[0] == 9]) == 3


def test_seeds_and_generators_have_names(tmp_path):
    events = recorded(
        """
import random
random.seed(7)
a = random.Random(1)
b = random.Random("text")
for _ in range(3):
    c = random.Random(2); c.random(); del c
b.random(); a.random()
""",
        tmp_path,
    )
    named = [(e["generator"], e["name"]) for e in seeds(events)]
    # The first is the hidden instance, made when random was imported: nobody gave it a seed.
    assert named[0] == ("python.Random#1", "os")
    assert named[1:] == [("python.global", "program")] + [("python.Random#%d" % k, "program") for k in range(2, 7)]
    assert [e["generator"] for e in draws(events)] == ["python.Random#%d" % k for k in (4, 5, 6, 3, 2)]
    same = [e for e in seeds(events) if e["generator"] in ("python.Random#4", "python.Random#5")]
    assert same[0]["out"] == same[1]["out"]


def test_state_before_and_result_are_digested_in_order(tmp_path):
    def both(body):
        events = draws(recorded("import random\nrandom.seed(1)\n" + body, tmp_path), "python.global")
        return [(e["in"], e["out"]) for e in events]

    one = both("x = [random.random() for _ in range(3)]\nrandom.random()\n")
    assert one == both("x = [random.random() for _ in range(3)]\nrandom.random()\n")
    more = both("x = [random.random() for _ in range(4)]\nrandom.random()\n")
    assert one[0][0] == more[0][0] and one[0][1] != more[0][1] and one[1] != more[1]


def test_sites(tmp_path):
    (tmp_path / "helper.py").write_text("import random\n\n\ndef draw():\n    return random.random()\n")
    events = recorded(
        """
import random, threading, helper
def direct():
    random.random()
def through_library(x):
    random.shuffle(x)
direct()
through_library([1, 2, 3])
helper.draw()
t = threading.Thread(target=direct); t.start(); t.join()
exec("random.random()")
""",
        tmp_path,
    )
    main = next(e["thread"] for e in events)
    sites = [e["site"] for e in draws(events, "python.global") if e["thread"] == main]
    sites += [e["site"] for e in draws(events, "python.global") if e["thread"] != main]
    script = str(tmp_path / "script.py")
    assert sites[0] == script + ":4:direct"
    assert sites[1].startswith(script + ":6:through_library|") and sites[1].endswith(":shuffle")
    assert sites[2] == str(tmp_path / "helper.py") + ":5:draw"
    assert sites[3].startswith(script + ":11:<module>")
    assert sites[4].startswith(script + ":4:direct") and len(sites) == 5


def test_ends_that_run_no_cleanup(tmp_path):
    events = recorded(
        """
import os, random
random.seed(1)
if os.fork() == 0:
    random.seed(2)
    random.random()
    os._exit(0)
os.wait()
random.random()
""",
        tmp_path,
    )
    assert sorted(line(e)[0] for e in draws(events, "python.global")) == [6, 9]


def test_state_that_is_set_is_a_seed(tmp_path):
    events = recorded(
        "import random\ns = random.getstate()\nrandom.random()\nrandom.setstate(s)\nrandom.random()\n", tmp_path
    )
    assert [e["name"] for e in seeds(events, "python.global")] == ["program"]


@pytest.mark.parametrize("version", lines_support.ids())
def test_frames_can_be_read_without_the_lock_of_the_interpreter(version):
    # On interpreters that are not known yet (after 3.15), draws have sites all the same; only file accesses lose theirs.
    text = lines_support.LOAD + "print(core.layouts(), core.available(), core.site())"
    done = subprocess.run([lines_support.python_of(version), "-c", text], capture_output=True, text=True)
    assert done.stdout == "(True, True) False 0\n", done.stderr


@pytest.mark.parametrize("version", lines_support.ids())
def test_a_library_class_that_draws_when_it_is_made(version, tmp_path):
    """From 3.12 on the interpreter calls a busy __init__ through a frame of its own, whose code object cannot be written."""
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages/table.py").write_text(
        "import random\nclass Table:\n    def __init__(self):\n        self.x = random.random()\n"
    )
    script = "import sys\nsys.path.insert(0, 'site-packages')\nimport table\ndef make():\n    return table.Table()\n"
    script += "for _ in range(30):\n    make()\n"
    _, events = recording.run(script, tmp_path, "draws", lines_support.python_of(version))
    (event,) = draws(events, "python.global")  # 30 draws at one place
    user, _, library = event["site"].partition("|")
    assert user == str(tmp_path / "script.py") + ":5:make" and library.endswith("site-packages/table.py:4:__init__")
