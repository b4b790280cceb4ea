# test_seeding_children.py - children of every kind: the same in every run, different from each other, on a busy machine.
# SPDX-License-Identifier: MIT
import ast
import os
import subprocess
import sys

import pytest
from seeding_support import bare, controlled, script, under_run

DRAW = """
import os, random, sys, time
import numpy as np
np.random.rand()  # NumPy imports its generators at the first use: here, so that forked children have copies

def draw(i=0):
    numbers = [random.random(), float(np.random.rand()), float(np.random.default_rng().random()), random.Random().random()]
    end = time.perf_counter() + random.SystemRandom().random() / 200
    while time.perf_counter() < end:  # takes some time, another one in each run: tasks are spread differently
        pass
    return numbers
"""

KINDS = {
    "os.fork": """
for i in range(3):
    if os.fork() == 0:
        print(draw(), flush=True)
        os._exit(0)
    os.wait()
print(draw())
""",
    "subprocess": """
import subprocess
if sys.argv[1:]:
    print(draw())
else:
    for i in range(3):
        subprocess.run([sys.executable, __file__, "child"])
        subprocess.run(["true"])
    print(draw())
""",
    "Process": """
import multiprocessing
def child(queue, i):
    queue.put((i, draw()))
for method in ("fork", "spawn", "forkserver"):
    if __name__ == "__main__":
        context = multiprocessing.get_context(method)
        queue = context.SimpleQueue()
        processes = [context.Process(target=child, args=(queue, i)) for i in range(3)]
        [p.start() for p in processes]
        numbers = [queue.get() for p in processes]
        [p.join() for p in processes]
        [print(n) for i, n in sorted(numbers)]
""",
    "Pool": """
import multiprocessing
for method in ("fork", "spawn", "forkserver"):
    if __name__ == "__main__":
        with multiprocessing.get_context(method).Pool(3) as pool:
            if method == "fork":  # spawned and forked pools of one parent count their tasks on
                [print(n) for n in pool.map(draw, range(6), chunksize=1)]
                [print(n) for n in pool.map(draw, range(6), chunksize=2)]
                print(pool.apply(draw))
            else:
                [print(n) for n in pool.imap(draw, range(6))]
""",
    "ProcessPoolExecutor": """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
for method in ("fork", "spawn", "forkserver"):
    if __name__ == "__main__":
        with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context(method)) as pool:
            [print(n) for n in pool.map(draw, range(6))]
if __name__ == "__main__":
    import subprocess  # its place does not depend on how many workers there were
    subprocess.run([sys.executable, "-c", "import random; print([random.random()])"])
""",
    "joblib": """
from joblib import Parallel, delayed
for backend in ("loky", "multiprocessing"):
    [print(n) for n in Parallel(n_jobs=3, backend=backend)(delayed(draw)(i) for i in range(25))]
[print(n[2:]) for n in Parallel(n_jobs=3, backend="threading")(delayed(draw)(i) for i in range(25))]
""",
    "DataLoader": """
import torch
from torch.utils.data import DataLoader, Dataset
class Augmented(Dataset):
    def __len__(self):
        return 6
    def __getitem__(self, i):
        return torch.tensor(draw() + [torch.rand(1).item()], dtype=torch.float64)
for options in ({}, {"num_workers": 2}, {"num_workers": 2, "persistent_workers": True}):
    loader = DataLoader(Augmented(), batch_size=2, shuffle=True, **options)
    for epoch in range(2):
        [print(row) for batch in loader for row in batch.tolist()]
""",
    "torch.multiprocessing.spawn": """
import torch
import torch.multiprocessing
def child(rank, queue):
    queue.put((rank, draw() + [torch.rand(1).item()]))
if __name__ == "__main__":
    queue = torch.multiprocessing.get_context("spawn").SimpleQueue()
    torch.multiprocessing.spawn(child, args=(queue,), nprocs=2)
    [print(n) for rank, n in sorted(queue.get() for _ in range(2))]
""",
}


@pytest.fixture(scope="module")
def busy_machine():
    """Others want the processors too, for as long as this module's tests run."""
    spin = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(10000))"
    others = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(min(os.cpu_count() or 1, 4))]
    yield
    for other in others:
        other.kill()
        other.wait()


def rows(stdout):
    """The lists of numbers that were printed."""
    return [ast.literal_eval(line) for line in stdout.splitlines()]


@pytest.mark.parametrize("kind", KINDS)
def test_children_have_streams_of_their_own_in_every_run(tmp_path, busy_machine, kind):
    path = script(tmp_path, DRAW + KINDS[kind])
    first, second = (under_run(path, level="seeds").stdout for _ in range(2))
    assert first == second
    numbers = [number for row in rows(first) for number in row]
    assert len(numbers) > 6
    assert len(set(numbers)) == len(numbers)


def test_a_worker_seeded_by_the_program_keeps_its_stream(tmp_path):
    text = (
        DRAW
        + """
import multiprocessing
def begin():
    random.seed(5); np.random.seed(6)
def two(i):
    return random.random(), float(np.random.rand())
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(1, begin) as pool:
        print(pool.map(two, range(5), chunksize=1))
"""
    )
    path = script(tmp_path, text)
    assert under_run(path).stdout == bare(path)


@pytest.mark.parametrize("where", ["Pool", "Process"])
def test_the_classic_bug_is_gone_and_told(tmp_path, where):
    text = """
import multiprocessing, numpy as np
np.random.seed(0)
def augment(i):
    return float(np.random.rand())
def put(queue):
    queue.put(augment(0))
context = multiprocessing.get_context("fork")
if "Pool" == %r:
    barrier = context.Barrier(2)  # both workers take part in each round
    def both(i):
        barrier.wait()
        return augment(i)
    with context.Pool(2) as pool:
        print(sorted(pool.map(both, range(4), chunksize=1))[:2])
else:
    queue = context.SimpleQueue()
    processes = [context.Process(target=put, args=(queue,)) for _ in range(2)]
    [p.start() for p in processes]
    [p.join() for p in processes]
    print(sorted([queue.get(), queue.get()]))
"""
    path = script(tmp_path, text % where)
    one, other = ast.literal_eval(bare(path))
    assert one == other  # the bug
    done = under_run(path)
    one, other = ast.literal_eval(done.stdout)
    assert one != other
    assert done.stderr.count("the same NumPy stream") == 1
    assert done.stdout == under_run(path).stdout


def test_a_single_worker_is_no_bug(tmp_path):
    text = """
import multiprocessing, numpy as np
np.random.rand()
context = multiprocessing.get_context("fork")
process = context.Process(target=np.random.rand)
process.start()
process.join()
"""
    assert under_run(script(tmp_path, text)).stderr == ""


def test_each_control_acts_on_its_own_processes(tmp_path):
    text = DRAW + KINDS["os.fork"]
    path = script(tmp_path, text)

    def equal(controls):
        first, second = (rows(controlled(path, controls).stdout) for _ in range(2))
        return [one == other for one, other in zip(first, second)]

    assert equal("unseeded-rng,child-process") == [True] * 4
    assert equal("child-process") == [True, True, True, False]
    assert equal("unseeded-rng") == [False, False, False, True]
