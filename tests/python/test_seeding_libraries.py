# test_seeding_libraries.py - which generator gets which seed in the first process.
# SPDX-License-Identifier: MIT
import sys

import pytest
from seeding_support import SUPPORT, bare, controlled, script, under_run

UNSEEDED = """
import random
def show(name, *values): print(name, *values)
show("random", random.random())
show("random.Random", random.Random().random(), random.Random().random())
random.seed()
show("random.seed()", random.random())
random.seed(None)
show("random.seed(None)", random.random())
show("random.SystemRandom is the OS's", isinstance(random.SystemRandom().random(), float))
import importlib
np = importlib.import_module("numpy")
show("numpy global", np.random.rand(), np.random.randn())
show("default_rng", np.random.default_rng().random(), np.random.default_rng().random())
show("SeedSequence", np.random.SeedSequence().entropy)
show("RandomState", np.random.RandomState().rand())
for kind in ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"):
    show(kind, getattr(np.random, kind)().random_raw())
np.random.seed()
show("np.random.seed()", np.random.rand())
def late():
    import torch
    return torch
torch = late()
show("torch", torch.rand(2).tolist(), torch.initial_seed())
show("torch.Generator", torch.rand(1, generator=torch.Generator()).item())
show("torch.seed()", torch.seed(), torch.rand(1).item())
from sklearn.ensemble import RandomForestClassifier
from sklearn.datasets import make_classification
x, y = make_classification(100)
show("sklearn", float(x.sum()), RandomForestClassifier(3).fit(x, y).predict_proba(x).sum(axis=0).tolist())
import gymnasium
env = gymnasium.make("CartPole-v1")
show("gymnasium", env.reset()[0].tolist(), env.action_space.sample(), env.unwrapped.np_random.random())
import scipy.stats
show("scipy", scipy.stats.norm.rvs())
"""
# What does not depend on the seed: a generator with a default seed of its own, and the OS.
FIXED = {"torch.Generator", "random.SystemRandom is the OS's"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    path = script(tmp_path_factory.mktemp("unseeded"), UNSEEDED)
    return [under_run(path, seed=seed).stdout.splitlines() for seed in (42, 42, 43)]


def test_two_runs_are_equal(runs):
    assert runs[0] == runs[1]
    assert len(runs[0]) == 21


def test_another_seed_gives_other_numbers_everywhere(runs):
    for one, other in zip(runs[0], runs[2]):
        assert (one == other) == any(one.startswith(name) for name in FIXED), one


SEEDED = """
import random, numpy as np, torch
SEED = %d
def set_seed(n):
    random.seed(n); np.random.seed(n); torch.manual_seed(n)
if %r:
    set_seed(SEED)
print(random.random(), random.gauss(0, 1), np.random.rand(3), np.random.randn(3), torch.randn(3), torch.initial_seed())
from sklearn.model_selection import train_test_split
print(train_test_split(range(20))[1])
"""


def test_a_hand_written_set_seed_gives_the_same_with_and_without(tmp_path):
    with_own = script(tmp_path, SEEDED % (42, True), "with.py")
    without = script(tmp_path, SEEDED % (42, False), "without.py")
    expected = bare(with_own)
    assert under_run(with_own, seed=7).stdout == expected  # the program's own seeding wins
    assert under_run(without, seed=42).stdout == expected  # the root seed goes as it is


def test_a_root_seed_of_64_bits(tmp_path):
    path = script(tmp_path, "import random, numpy as np\nprint(random.random(), np.random.rand())")
    seed = 2**64 - 2
    other = script(
        tmp_path,
        "import random, numpy as np\nrandom.seed(%d); np.random.seed([%d, %d])\nprint(random.random(), np.random.rand())"
        % (seed, seed % 2**32, seed >> 32),
        "other.py",
    )
    assert under_run(path, seed=seed).stdout == bare(other)


def test_derived_seeds_follow_the_published_rule(tmp_path):
    sys.path.insert(0, str(SUPPORT.parent))
    try:
        from oneseed.recorder import _core
    finally:
        sys.path.pop(0)
    import random

    import numpy as np

    path = script(
        tmp_path,
        "import random, numpy as np\n"
        "np.random.default_rng()\nprint(random.Random().random(), np.random.default_rng().random())",
    )
    first = random.Random(_core.derive_at(5, (), "python.Random", 0)).random()
    second = np.random.default_rng(_core.derive_at(5, (), "numpy.SeedSequence", 1)).random()
    assert under_run(path, seed=5).stdout == "%r %r\n" % (first, float(second))
    # The example of docs/seeding.md; the digest is xxhash.xxh3_64_intdigest("c.rand").
    digest = 0x085ae2f184fec0f6
    words = np.random.SeedSequence(42, spawn_key=(1, 3, digest & 0xFFFFFFFF, digest >> 32, 0, 0)).generate_state(2)
    assert _core.derive_at(42, (1, 3), "c.rand", 0) == int(words[0]) | int(words[1]) << 32


def test_threads_and_their_tasks_have_places(tmp_path):
    """Generators made in racing threads and tasks of thread pools get the same seeds in every run."""
    path = script(
        tmp_path,
        "import threading, random, time, numpy as np\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from multiprocessing.pool import ThreadPool\n"
        "def draw(i):\n"
        "    time.sleep(random.SystemRandom().random() / 100)\n"
        "    return i, random.Random().random(), np.random.default_rng().random()\n"
        "np.random\n"
        "results = []\n"
        "threads = [threading.Thread(target=lambda i=i: results.append(draw(i))) for i in range(6)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "print(sorted(results))\n"
        "with ThreadPoolExecutor(3) as pool: print(list(pool.map(draw, range(8))))\n"
        "with ThreadPool(3) as pool: print(pool.map(draw, range(8), chunksize=1))\n",
    )
    first, second = (under_run(path).stdout for _ in range(2))
    assert first == second
    values = [value for line in first.splitlines() for task in eval(line.replace("np.float64", "")) for value in task[1:]]
    assert len(set(values)) == len(values) == 44


def test_only_leaves_one_generator_alone(tmp_path):
    path = script(
        tmp_path,
        "import random, numpy as np\nprint(random.random(), np.random.rand())\n"
        "print(random.Random().random())\nprint(random.Random().random())\n",
    )
    first, second = (controlled(path, "unseeded-rng", "only=%s:3" % path).stdout.splitlines() for _ in range(2))
    assert [a == b for a, b in zip(first, second)] == [True, False, True]
    first, second = (controlled(path, "unseeded-rng", "only=numpy.global").stdout.split() for _ in range(2))
    assert [a == b for a, b in zip(first, second)] == [True, False, True, True]


def test_without_the_control_nothing_is_seeded(tmp_path):
    path = script(tmp_path, "import random, numpy as np\nprint(random.random(), np.random.rand(), random.Random().random())")
    first, second = (controlled(path, "hash-seed").stdout.split() for _ in range(2))
    assert not set(first) & set(second)
