"""Sources: each draws from a stream of its own, and changing one leaves all others as they were, bit for bit."""
import json
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
import seeding_support
import tool
from warm_support import Warm, cold, write

TRAINING_IN_BRIEF = """
import numpy as np, torch
print("v:", torch.nn.Linear(1, 1).weight.item() + np.random.permutation(1000)[0])
"""
NAMES = ["init", "order", "split", "dropout", "augment", "other"]
TORCH = """
import hashlib, json, random
import numpy as np, torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, Dataset, random_split, WeightedRandomSampler

seen = {}
def note(name, *tensors):
    digest = seen.setdefault(name, hashlib.md5())
    for tensor in tensors:
        digest.update(torch.as_tensor(tensor).detach().contiguous().numpy().tobytes())

class Noisy(Dataset):
    def __getitem__(self, i):
        drawn = torch.tensor([i, 1e6 * random.random(), 1e6 * np.random.rand(), 1e6 * torch.rand(1).item()])
        return drawn
    def __len__(self):
        return 24

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.randn(4))
        self.body = nn.Sequential(nn.Linear(4, 8), nn.Dropout(), nn.Linear(8, 8), nn.LSTM(8, 8, 2, dropout=0.3))
        self.attention = nn.MultiheadAttention(8, 2, dropout=0.4)
        self.custom = Custom()
    def forward(self, x):
        x = self.body(x * self.scale)[0]
        return self.attention(x, x, x)[0]

class Custom(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.empty(3))
        self.reset_parameters()
    def reset_parameters(self):
        self.w.data.uniform_(-1, 1)
        self.w.data += float(np.random.rand())

note("other", torch.rand(3), np.random.rand(3), np.array([random.random()]))
train, test = random_split(range(40), [30, 10])
note("split", torch.tensor(list(train)), torch.tensor(list(test)))
model = Model()
note("init", *model.parameters())
model.apply(lambda module: isinstance(module, nn.Linear) and module.weight.data.normal_())
note("init", *model.parameters())
for workers in WORKERS:
    loader = DataLoader(Noisy(), batch_size=6, shuffle=True, num_workers=workers)
    for epoch in range(2):
        for batch in loader:
            note("order", batch[:, 0])
            order = batch[:, 0].argsort()
            note("order+augment", batch[order][:, 1:])
            note("dropout", *(F.dropout(torch.ones(6), p) for p in (0.2, 0.6)))
            with torch.no_grad():
                for parameter in model.parameters():
                    parameter.fill_(0.5)
            note("dropout", model(torch.ones(2, 5, 4)))
            note("other", torch.rand(1), torch.randn(2))
model.eval()
F.dropout(torch.ones(3), training=False)
note("order", torch.randperm(9), np.random.permutation(9), torch.tensor(list(WeightedRandomSampler([1.0, 2.0, 3.0], 9))))
letters = list(range(20))
random.shuffle(letters)
note("order", torch.tensor(letters))
note("other", torch.rand(3), np.random.rand(3), np.array([random.random()]), np.random.default_rng().random(2))
print(json.dumps({name: digest.hexdigest() for name, digest in seen.items()}))
"""
SKLEARN = """
import hashlib, json, random
import numpy as np
from sklearn.model_selection import KFold, RepeatedKFold, ShuffleSplit, StratifiedKFold, cross_val_score, train_test_split
from sklearn.linear_model import SGDClassifier
from sklearn.dummy import DummyClassifier

seen = {}
def note(name, *arrays):
    for array in arrays:
        seen.setdefault(name, hashlib.md5()).update(np.ascontiguousarray(array).tobytes())

x = np.arange(60.0).reshape(30, 2)
y = np.arange(30) % 2
note("other", np.random.rand(2))
note("split", *train_test_split(x, y))
for splitter in (KFold(3, shuffle=True), ShuffleSplit(3), RepeatedKFold(n_splits=2, n_repeats=2), StratifiedKFold(3, shuffle=True)):
    for train, test in splitter.split(x, y):
        note("split", train, test)
        note("other", np.random.rand())
fixed = KFold(3, shuffle=True, random_state=0)
note("fixed", *(part for parts in fixed.split(x) for part in parts))
indices = np.arange(30)
np.random.shuffle(indices)
note("order", indices)
note("other", SGDClassifier(max_iter=5, tol=None).fit(x / 60, y).coef_)
print(json.dumps({name: digest.hexdigest() for name, digest in seen.items()}))
"""


KERAS = """
import hashlib, json, os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

def digest(*arrays):
    return hashlib.md5(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)).hexdigest()

class Look(keras.layers.Layer):
    seen = []
    def call(self, x):
        self.seen.append(x.detach().numpy().ravel().copy())
        return x

layers = keras.layers
model = keras.Sequential([keras.Input((4,)), layers.Dense(8), layers.Dropout(0.5), layers.Dense(2)])
out = {"init": digest(*model.get_weights())}
model.set_weights([np.ones_like(weight) for weight in model.get_weights()])
out["dropout"] = digest(model(np.ones((3, 4), "float32"), training=True).detach().numpy())
x = np.arange(12, dtype="float32").reshape(12, 1)
model = keras.Sequential([keras.Input((1,)), Look(), layers.Dense(1, kernel_initializer="ones")])
model.compile("sgd", "mse")
Look.seen.clear()
model.fit(x, x, batch_size=3, verbose=0)
out["order"] = digest(*Look.seen)
print(json.dumps(out))
"""
POOL = """
import json, multiprocessing, random, time
import numpy as np
def work(n):
    time.sleep(0.05 * (n % 3))
    drawn = [random.random()]
    order = list(range(9))
    random.shuffle(order)
    return drawn + order + [random.random()]
if __name__ == "__main__":
    with multiprocessing.Pool(3) as pool:
        tasks = pool.map(work, range(8), chunksize=1)
    print(json.dumps({"other": [[task[0], task[-1]] for task in tasks], "order": [task[1:-1] for task in tasks]}))
"""


def values(**changed):
    return ",".join(f"{name}={value}" for name, value in changed.items())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    write(folder, TORCH.replace("WORKERS", "(0,)"), "training.py")
    write(folder, TORCH.replace("WORKERS", "(2,)"), "workers.py")
    write(folder, SKLEARN, "splits.py")
    return folder


@pytest.fixture(scope="module")
def warm(folder):
    with Warm(folder, "torch,numpy,sklearn.model_selection,sklearn.linear_model", "training.py") as started:
        assert "ready" in started.first
        yield started


def forked(warm, script, seed=1, **changed):
    ended = warm.run(seed, script, sources=values(**changed) or "init=1")
    assert ended.status == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.mark.parametrize("script", ["training.py", "workers.py"])
def test_one_source_changes_only_itself(warm, script):
    base = forked(warm, script)
    assert set(base) == {"other", "split", "init", "order", "order+augment", "dropout"}
    for name in NAMES:
        changed = forked(warm, script, **{"init": 1, name: 77})
        expected = {"augment": {"order+augment"}, "order": {"order", "order+augment"}}.get(name, {name})
        assert {key for key in base if base[key] != changed[key]} == expected, name


def test_a_value_is_the_streams_whatever_the_root_seed_is(warm):
    one = forked(warm, "training.py", seed=1, init=5, order=6)
    two = forked(warm, "training.py", seed=2, init=5, order=6)
    assert {name for name in one if one[name] == two[name]} == {"init", "order"}
    same = forked(warm, "training.py", seed=3, **dict.fromkeys(NAMES, 9))
    assert same == forked(warm, "training.py", seed=4, **dict.fromkeys(NAMES, 9))
    # A source without a value takes the run's seed.
    assert forked(warm, "training.py", seed=9, init=9) == same | {"other": forked(warm, "training.py", seed=9, init=9)["other"]}


def test_warm_equals_cold(warm):
    sources = values(init=3, order=2, other=4)
    fresh = cold(warm.folder, 1, "training.py", sources=sources)
    assert warm.run(1, "training.py", sources=sources) == fresh
    assert {"torch.default@init", "torch.default@order", "torch.default@dropout"} <= set(fresh.final)


def test_scikit_learn(warm):
    base = forked(warm, "splits.py", init=1)
    for name in ("split", "order", "other"):
        changed = forked(warm, "splits.py", **{name: 77})
        assert {key for key in base if base[key] != changed[key]} == {name}


def test_keras(warm):
    write(warm.folder, KERAS, "with_keras.py")
    base = forked(warm, "with_keras.py", init=1)
    for name in ("init", "dropout", "order"):
        changed = forked(warm, "with_keras.py", **{name: 77})
        assert {key for key in base if base[key] != changed[key]} == {name}


def test_tasks_of_a_pool(warm):
    """Each task has its streams, whichever worker takes it."""
    write(warm.folder, POOL, "pool.py")
    base, again = (forked(warm, "pool.py", init=1) for _ in range(2))
    assert base == again
    assert len({tuple(order) for order in base["order"]}) == 8 == len({tuple(drawn) for drawn in base["other"]})
    for name in ("other", "order"):
        changed = forked(warm, "pool.py", **{name: 77})
        assert {key for key in base if base[key] != changed[key]} == {name}


EXPLICIT = """
import json, random
import numpy as np, torch
import oneseed

@oneseed.source("split")
def split():
    return [random.random(), np.random.rand(), torch.rand(1).item()]

out = {}
with oneseed.source("init"):
    out["init"] = [random.random(), np.random.rand(), torch.rand(1).item(), np.random.default_rng().random()]
    with oneseed.source("order"):
        out["order"] = [random.random(), np.random.rand(), torch.rand(1).item()]
        with oneseed.source("init"):
            out["init"] += [random.random()]
    out["init"] += torch.nn.functional.dropout(torch.ones(40)).tolist()  # the block wins
out["split"] = split() + split()
try:
    with oneseed.source("augment"):
        random.random()
        raise ValueError
except ValueError:
    out["other"] = [random.random(), np.random.rand(), torch.rand(1).item(), np.random.default_rng().random()]
print(json.dumps(out))
"""


def stream(value, name):
    """Three seeds, as docs/seeding.md says."""
    words = np.random.SeedSequence(value, spawn_key=(NAMES.index(name),)).generate_state(6, np.uint32).tolist()
    return [low | high << 32 for low, high in zip(words[::2], words[1::2])]


def first_draws(value, name):
    import random

    import torch

    python, numpy, torch_seed = stream(value, name)
    numpy = numpy if numpy < 2**32 else [numpy & 0xFFFFFFFF, numpy >> 32]
    torch_draw = torch.rand(1, generator=torch.Generator().manual_seed(torch_seed)).item()
    return [random.Random(python).random(), np.random.RandomState(numpy).rand(), torch_draw]


def test_blocks_and_seeds(warm):
    package = str(seeding_support.SUPPORT.parent)
    write(warm.folder, f"import sys\nsys.path.append({package!r})\n" + EXPLICIT, "blocks.py")
    out = forked(warm, "blocks.py", init=5, order=6)
    assert out["init"][:3] == first_draws(5, "init")
    assert out["order"][:3] == first_draws(6, "order")
    assert out["split"][:3] == first_draws(1, "split")
    assert len(set(out["split"])) == 6
    other = forked(warm, "blocks.py", init=7, order=6)
    assert {name for name in out if out[name] != other[name]} == {"init"}
    assert out["init"][3] != other["init"][3]  # default_rng() of the block


def test_without_a_scan_a_block_does_nothing(warm):
    blocks = (warm.folder / "blocks.py").read_text()
    write(warm.folder, blocks, "plain_blocks.py")
    ended = warm.run(1, "plain_blocks.py")
    assert ended.status == 0, ended.stderr
    out = json.loads(ended.stdout)
    import random

    expected = random.Random(1)
    drawn = [out["init"][0], out["order"][0], out["init"][4], out["split"][0], out["split"][3]]
    assert drawn == [expected.random() for _ in drawn]


def test_other_names_are_refused(tmp_path):
    package = str(seeding_support.SUPPORT.parent)
    code = "import oneseed\nwith oneseed.source('inti'): pass"
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": package}, capture_output=True, text=True)
    message = "ValueError: oneseed.source: 'inti': want one of init, order, split, dropout, augment, other"
    assert done.stderr.splitlines()[-1] == message


def test_run_gives_a_run_of_a_scan_again(tmp_path):
    """Base runs and varied runs of a study, from their seeds and sources alone."""
    path = seeding_support.script(tmp_path, TRAINING_IN_BRIEF)
    words = [tool.TOOL, "scan", "-o", "s.db", "--seeds", "4:7", "--vary-source", "init,order", "-m", "v", "--", sys.executable, path]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    with sqlite3.connect(tmp_path / "s.db") as study:
        rows = study.execute("select seed, sources, m0 from run").fetchall()
    study.close()
    assert len(rows) == 9 and len({value for _, _, value in rows}) == 6  # each value of init with each of order
    for seed, sources, value in rows:
        varied = ",".join(sources if name == sources.partition("=")[0] else name for name in ("init", "order"))
        again = seeding_support.under_run(path, seed=seed, options=["--vary-source", varied]).stdout
        assert float(again.split()[1]) == value, (seed, sources)


@pytest.mark.parametrize("text", ["", "lr", "init=", "init=x", "init=-1", "init=18446744073709551616"])
def test_run_refuses_other_sources(text):
    done = subprocess.run([tool.TOOL, "run", "--vary-source", text, "true"], capture_output=True, text=True)
    assert done.returncode == 125 and "--vary-source" in done.stderr
