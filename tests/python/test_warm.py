"""A warm Python: each forked run is, bit for bit, what a fresh Python gives."""
import os
import signal

import pytest
from lines_support import ids, python_of
from warm_support import Warm, cold, write

import tool

TRAINING = """
import random, sys
import numpy as np, torch
import sklearn.model_selection as selection
from sklearn.linear_model import SGDClassifier

print(sys.argv, sys.path[0], __name__, __file__, __spec__, [name for name in globals() if name[:2] == "__"])
print(getattr(sys, "orig_argv", None), {"some", "texts", "in", "a", "set"})
print(random.random(), np.random.rand(), torch.rand(2).tolist(), random.gauss(0, 1))
print(np.random.default_rng().random(), random.Random().random())
x = np.random.randn(60, 5)
y = (x.sum(1) > 0).astype(int)
parts = selection.train_test_split(x, y)
print(SGDClassifier(max_iter=20, tol=None).fit(parts[0], parts[2]).coef_.tolist())
model = torch.nn.Sequential(torch.nn.Linear(5, 64), torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.Linear(64, 2))
data = torch.utils.data.TensorDataset(torch.tensor(x, dtype=torch.float32), torch.tensor(y))
steps = torch.optim.SGD(model.parameters(), lr=0.1)
for inputs, targets in torch.utils.data.DataLoader(data, batch_size=16, shuffle=True):
    loss = torch.nn.functional.cross_entropy(model(inputs), targets)
    steps.zero_grad(); loss.backward(); steps.step()
    print(loss.item().hex())
print((np.random.rand(200, 200) @ np.random.rand(200, 200)).sum().hex())
"""
CHILDREN = """
import multiprocessing, os, random, subprocess, sys
import numpy as np
def work(n):
    return n, random.random(), np.random.rand()
if __name__ == "__main__":
    if os.fork() == 0:
        print("fork", random.random(), np.random.rand(), flush=True)
        os._exit(0)
    os.wait()
    for kind in ("fork", "spawn"):
        with multiprocessing.get_context(kind).Pool(2) as pool:
            print(kind, pool.map(work, range(4), chunksize=1), flush=True)
    code = "import random, os; print(random.random(), os.environ['SOME'])"
    print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
    print(random.random())
"""
END = """
import atexit, random, sys, threading, time
class Last:
    def __del__(self):
        print("deleted", random.random())
last = Last()
file = open("left", "w")
file.write("written at the end")
atexit.register(lambda: print("atexit", random.random()))
def late():
    time.sleep(0.1)
    print("thread")
threading.Thread(target=late).start()
print("main")
"""

DRAWS = """
import random, numpy as np
first = [random.random(), np.random.rand()]
kept = random.Random()
kept.random()
"""
DRAWN = """
import draws, random, numpy as np
print(random.random(), np.random.rand(), draws.kept.random(), random.Random().random())
"""
HANGS = """
import os, subprocess, time
print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("warm")
    write(folder, TRAINING, "train.py")
    with Warm(folder, "torch,sklearn.model_selection,numpy", "train.py") as started:
        assert started.first == {"ready": ["torch", "sklearn.model_selection", "numpy"]}
        yield started


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    """For scripts that import none of the large libraries: what is imported first must be imported by the script."""
    with Warm(tmp_path_factory.mktemp("light"), "random,multiprocessing.pool,threading,subprocess") as started:
        yield started


def both(warm, seed, *argv, **environment):
    forked = warm.run(seed, *argv, environment={"SOME": "thing", **environment})
    fresh = cold(warm.folder, seed, *argv, SOME="thing", **environment)
    assert forked == fresh
    return forked


def test_a_training(warm):
    ended = both(warm, 2**63 - 1, "train.py", "--x", "1")
    assert ended.status == 0 and ended.stderr == ""
    assert list(ended.final) == ["python.global", "numpy.global", "torch.default"]


def test_seeds_differ_and_repeat(light):
    write(light.folder, "import random\nprint(random.random())", "random_number.py")
    runs = [light.run(seed, "random_number.py") for seed in (1, 2, 1)]
    assert runs[0] == runs[2]
    assert runs[0].final != runs[1].final and runs[0].stdout != runs[1].stdout


def test_children_have_their_places(light):
    write(light.folder, CHILDREN, "children.py")
    ended = both(light, 5, "children.py")
    assert ended.stdout.count("thing") == 1 and ended.status == 0


def test_the_end(light):
    write(light.folder, END, "end.py")
    ended = both(light, 3, "end.py")
    lines = [line.split()[0] for line in ended.stdout.splitlines()]
    assert lines == ["main", "thread", "atexit", "deleted"]
    assert (light.folder / "left").read_text() == "written at the end"


@pytest.mark.parametrize(
    "code, status",
    [
        ("import sys; sys.exit(3)", 3),
        ("import sys; print('out'); sys.exit('a text')", 1),
        ("import sys; sys.exit(None)", 0),
        ("1 / 0", 1),
        ("def f():\n    raise KeyError('x') from ValueError('y')\nf()", 1),
        ("a = (1,\n", 1),
        ("raise KeyboardInterrupt", 130),
        ("import os; os._exit(9)", 9),
        ("import os; os.kill(os.getpid(), 9)", 137),
        ("import os; os.abort()", 134),
        ("import sys\nsys.excepthook = lambda *what: print('hook', what[1])\n1 / 0", 1),
        ("import sys; sys.stdout.close()", 0),
    ],
)
def test_status_and_messages(light, code, status):
    write(light.folder, code, "ends.py")
    ended = both(light, 1, "ends.py")
    assert ended.status == status
    if status in (9, 137, 134):
        assert ended.final is None


def test_modules_commands_and_folders(light):
    text = "import random, sys\nfrom . import other\nprint(sys.argv, __spec__.name, other.x, random.random())\n"
    write(light.folder, "x = 4", "pkg/other.py")
    write(light.folder, "", "pkg/__init__.py")
    write(light.folder, text, "pkg/__main__.py")
    write(light.folder, "import sys\nprint(sys.argv, sys.path[0], __spec__.name, sys.modules['__main__'] is not None)", "app/__main__.py")
    for argv in (["-m", "pkg", "a"], ["-c", "import sys; print(sys.argv, sys.path[0], __name__, dir())", "b"], ["app", "c"]):
        assert both(light, 4, *argv).status == 0
    both(light, 4, "-m", "not_there")
    missing = both(light, 4, "not_there.py")
    assert missing.status == 2 and "can't open file" in missing.stderr


BETWEEN = """
import random
import numpy as np
print(random.random(), np.random.rand(), random.Random().random())
import draws
print(random.random(), np.random.rand(), random.Random().random())
import uses
print(random.random(), random.Random().random(), uses.draws is draws)
"""


def test_an_import_draws_where_the_script_has_it(tmp_path):
    write(tmp_path, DRAWS, "draws.py")
    write(tmp_path, "import draws\n", "uses.py")
    write(tmp_path, BETWEEN, "between.py")
    write(tmp_path, BETWEEN.replace("import draws", "import uses, draws", 1), "through.py")
    write(tmp_path, BETWEEN.replace("import draws", "draws = None").replace("import uses", "class uses: draws = None"), "never.py")
    with Warm(tmp_path, "draws,uses,numpy.random", "between.py") as started:
        for script in ("between.py", "through.py", "never.py"):
            assert both(started, 3, script).status == 0


LATE = """
import random
print(random.random(), random.Random().random())
if later:
    import draws.more
    print(draws.more.kept.random())
print(random.random(), random.Random().random())
"""


def test_modules_that_are_needed_later(tmp_path):
    """What the first run imports besides of a preloaded package is there for the next ones, with its effects in their place."""
    write(tmp_path, "", "draws/__init__.py")
    write(tmp_path, "import random, time\ntime.sleep(0.4)\nkept = random.Random()", "draws/more.py")
    write(tmp_path, "later = True" + LATE, "with.py")
    write(tmp_path, "later = False" + LATE, "without.py")
    with Warm(tmp_path, "draws", "with.py") as started:
        first, *others = [both(started, seed, "with.py") for seed in (1, 2, 3)]
        assert first.message["seconds"] > 0.4 > max(other.message["seconds"] for other in others)
        both(started, 2, "without.py")


def test_a_package_beside_the_script(tmp_path):
    write(tmp_path, "import os\nplace = os.path.basename(__file__)\nn = 0\n", "mine.py")
    write(tmp_path, "import mine\nmine.n += 1\nprint(mine.place, mine.n)\n")
    with Warm(tmp_path, "mine", "script.py") as started:
        assert started.first == {"ready": ["mine"]}
        for _ in range(2):
            assert both(started, 1, "script.py").stdout == "mine.py 1\n"


def test_a_preloaded_module_that_calls_import_with_names(tmp_path):
    write(tmp_path, "module = __import__(name='json', globals=globals(), fromlist=['decoder'], level=0)", "loads.py")
    write(tmp_path, "import loads\nprint(loads.module.decoder.__name__)\n")
    with Warm(tmp_path, "loads", "script.py") as started:
        assert started.first == {"ready": ["loads"]}
        assert both(started, 1, "script.py").stdout == "json.decoder\n"


def test_imports_that_draw_and_make_generators(tmp_path):
    write(tmp_path, DRAWS, "draws.py")
    write(tmp_path, DRAWN)
    with Warm(tmp_path, "draws", "script.py") as started:
        assert started.first == {"ready": ["draws"]}
        assert both(started, 1, "script.py").stdout != both(started, 2, "script.py").stdout


@pytest.mark.parametrize(
    "text, reason",
    [
        ("raise ValueError('no')", "mine cannot be imported: ValueError: no"),
        ("import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()", "starts threads (1)"),
        ("import torch\ntorch.rand(1)", "draws from torch.default"),
        ("import numpy as np\nrng = np.random.default_rng()", "makes a generator of NumPy without a seed"),
    ],
)
def test_refused(tmp_path, text, reason):
    write(tmp_path, text, "mine.py")
    with Warm(tmp_path, "random,mine", "script.py") as started:
        assert reason in started.first["refused"] and "\n" not in started.first["refused"]
        assert started.read() is None
        assert started.process.wait(20) == 0


def test_refused_when_the_hash_follows_the_seed(tmp_path):
    with Warm(tmp_path, "random", PYTHONHASHSEED="") as started:
        assert "PYTHONHASHSEED" in started.first["refused"]
    with Warm(tmp_path, "random", level="seeds", PYTHONHASHSEED="") as started:
        assert "PYTHONHASHSEED" in started.first["refused"]


def test_what_a_run_tells(light):
    write(light.folder, "import time\nkept = b'x' * (80 << 20)\ntime.sleep(0.3)", "large.py")
    message = light.run(1, "large.py").message
    small = light.run(1, "-c", "pass").message
    assert set(message) == {"status", "peak_kib", "seconds"}
    assert 0.3 <= message["seconds"] < 5 and message["peak_kib"] - small["peak_kib"] > 70 << 10


def test_a_run_that_is_killed_and_what_it_leaves(light):
    write(light.folder, HANGS, "hangs.py")
    pid = light.start(1, "hangs.py")
    assert tool.until(lambda: (light.out / "stdout").exists() and (light.out / "stdout").read_text().endswith("\n"))
    assert os.getpgid(pid) == pid
    os.kill(pid, signal.SIGKILL)
    ended = light.end()
    assert ended.status == 137
    assert tool.gone(int(ended.stdout))
    assert light.run(1, "-c", "print(1)").stdout == "1\n"


def test_it_ends_with_its_worker(tmp_path):
    started = Warm(tmp_path, "random")
    pid = started.start(1, "-c", "import time; time.sleep(60)")
    assert started.close() == 0
    assert tool.gone(pid)


@pytest.mark.parametrize("version", ids())
def test_interpreters(tmp_path, version):
    python = (python_of(version),)
    write(tmp_path, "import random, sys\nprint(random.random(), __file__, sorted(globals()))\n1 / 0")
    with Warm(tmp_path, "random,json", "script.py", python=python) as started:
        assert started.run(1, "script.py") == cold(tmp_path, 1, "script.py", python=python)
