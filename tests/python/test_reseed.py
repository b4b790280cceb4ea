"""`--reseed`: a script that seeds itself gives in run K what it gives with K added to each of its seeds, bit for bit."""
import sqlite3
import subprocess
import sys

import frameworks_beside
import lines_support
import pytest
import seeding_support
from tool import TOOL

PYTHON = """
import random
random.seed(42 + $); own = random.Random(7 + $)
print(random.random(), own.random())
random.seed(-5 - $); print(random.random())
random.seed(0.5 + $); print(random.random())
"""
NUMPY = """
import random
import numpy as np
np.random.seed(42 + $); legacy = np.random.RandomState(42 + $); several = np.random.RandomState([1 + $, 2])
sequence = np.random.SeedSequence(5 + $); children = sequence.spawn(2)
print(np.random.rand(), legacy.rand(), several.rand(), legacy.randint(2**31 - 1))
print(np.random.default_rng(42 + $).random(), np.random.default_rng([1 + $, 2]).random())
print(np.random.Generator(np.random.Philox(3 + $)).random())
print([np.random.default_rng(child).random() for child in children + children[0].spawn(1)], np.random.MT19937(4 + $).random_raw())
print(np.random.RandomState(legacy.randint(2**31 - 1)).rand(), np.random.default_rng(sequence.generate_state(1)[0]).random())
np.random.seed(np.int64(9 + $)); print(np.random.rand())
legacy.seed(3 + $); print(legacy.rand(), np.random.default_rng(seed=8 + $).random(), np.random.SeedSequence(entropy=8 + $).entropy)
"""
SKLEARN = """
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.ensemble import BaggingClassifier, RandomForestClassifier
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import KFold, cross_val_score, train_test_split
X, y = load_iris(return_X_y=True)
a, b, c, d = train_test_split(X, y, random_state=42 + $)
bag = BaggingClassifier(n_estimators=3, random_state=$)
for model in (RandomForestClassifier(4, random_state=3 + $), bag, SGDClassifier(random_state=1 + $)):
    print(model.fit(a, c).predict(b).tolist())
print(KMeans(3, n_init=2, random_state=4 + $).fit(X).inertia_)
print(cross_val_score(RandomForestClassifier(3, random_state=6 + $), X, y, cv=KFold(3, shuffle=True, random_state=9 + $)).tolist())
"""
TORCH = """
import torch
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler
torch.manual_seed(42 + $)
own = torch.Generator().manual_seed(7 + $)
data = TensorDataset(torch.arange(8))
print(torch.randn(2).tolist(), torch.rand(2, generator=own).tolist())
print([batch[0].tolist() for batch in DataLoader(data, batch_size=4, shuffle=True)])
print([batch[0].tolist() for batch in DataLoader(data, batch_size=4, shuffle=True, num_workers=1)])
print([batch[0].tolist() for batch in DataLoader(data, batch_size=4, shuffle=True, generator=own)])
print(list(DistributedSampler(data, num_replicas=2, rank=0, seed=$)))
torch.random.manual_seed(-3 + $); print(torch.rand(1).item())
torch.default_generator.manual_seed(1 + $); print(torch.rand(1).item(), torch.initial_seed())
"""
BESIDE = """
import os
os.environ["KERAS_BACKEND"] = "tensorflow"
import jax, keras, tensorflow as tf
tf.random.set_seed(1 + $)
print(tf.random.normal([2]).numpy(), jax.random.normal(jax.random.key(3 + $), (2,)), jax.random.uniform(jax.random.PRNGKey(4 + $)))
print(jax.jit(lambda seed: jax.random.uniform(jax.random.key(seed)))(11))
keras.utils.set_random_seed(9 + $)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dropout(0.5, seed=3 + $)])
print(model.get_weights()[0].tolist(), model(tf.ones((1, 3)), training=True).numpy(), tf.random.uniform([1]).numpy())
initializer = keras.initializers.GlorotUniform(seed=5 + $)
print(initializer((2, 2)).numpy(), type(initializer).from_config(initializer.get_config())((2, 2)).numpy())
print(keras.random.normal((2,), seed=keras.random.SeedGenerator(1 + $)).numpy())
"""


QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}


def told(text, seed, python=sys.executable, options=("--reseed",)):
    """What the script prints in a run with this seed."""
    words = [TOOL, "run", "--seed", str(seed), *options, "--", python, "-W", "ignore", "-c", text.replace("$", "0")]
    return seeding_support.execute(words, **QUIET).stdout


def edited(text, seed, python=sys.executable):
    """What it prints by itself, with the seed added to its own."""
    return seeding_support.execute([python, "-W", "ignore", "-c", text.replace("$", str(seed))], **QUIET).stdout


@pytest.mark.parametrize("seed", [0, 6])
@pytest.mark.parametrize("text", [PYTHON, NUMPY, SKLEARN, TORCH], ids=["python", "numpy", "sklearn", "torch"])
def test_as_if_edited(text, seed):
    assert told(text, seed) == edited(text, seed)


def test_frameworks():
    python = str(frameworks_beside.PYTHON)
    assert told(BESIDE, 5, python) == edited(BESIDE, 5, python)


@pytest.mark.parametrize("version", lines_support.ids())
def test_versions(version):
    python = lines_support.python_of(version)
    assert told(PYTHON, 3, python) == edited(PYTHON, 3, python)


def test_text_and_bytes():
    text = "import random\nfor seed in ('abc', b'abc'):\n    random.seed(seed); print(random.random())"
    plain = edited(text, 0)
    assert told(text, 0) == plain
    assert told(text, 3) == told(text, 3) and not set(told(text, 3).split()) & set(plain.split())


def test_wraps():
    assert told("import numpy as np\nnp.random.seed(2**32 - 1); print(np.random.rand())", 3) == edited(
        "import numpy as np\nnp.random.seed(2); print(np.random.rand())", 0)
    assert told("import torch\ntorch.manual_seed(2**64 - 1); print(torch.initial_seed())", 3) == "2\n"


def test_bad_seeds_fail_as_before():
    text = """
import numpy as np
for seed in (-1, 2**32, 1.5, 'a'):
    try:
        np.random.seed(seed)
    except Exception as e:
        print(repr(e))
"""
    assert told(text, 3) == edited(text, 0) != ""


def test_unseeded_generators_are_as_without():
    text = "import random, numpy as np\nprint(random.random(), np.random.rand(), np.random.default_rng().random(), " \
           "[np.random.default_rng(s).random() for s in np.random.SeedSequence().spawn(2)], random.Random().random())"
    assert told(text, 9) == told(text, 9, options=())


def test_own_seed_wins_without_the_option():
    assert told(NUMPY, 6, options=()) == edited(NUMPY, 0)


def test_generators_with_seeds_of_libraries_at_import(tmp_path):
    """A constant that a library gives a generator of its own, when it is imported, is not the program's."""
    library = tmp_path / "site-packages"
    library.mkdir()
    (library / "mylib.py").write_text("import numpy as np\nTABLE = np.random.RandomState(1).rand()\n"
                                      "def make(seed):\n    return np.random.RandomState(seed).rand()\n")
    text = f"import sys; sys.path.insert(0, {str(library)!r}); import mylib; print(mylib.TABLE, mylib.make(5 + $))"
    assert told(text, 3) == edited(text, 3)


def test_c(tmp_path):
    source = tmp_path / "draws.c"
    source.write_text("#include <stdio.h>\n#include <stdlib.h>\nint main(int n, char **v) { unsigned k = atoi(v[n - 1]); srand(42 + k);"
                      ' int a = rand(); srandom(7 + k); long b = random(); srand48(3 + k); printf("%d %ld %f\\n", a, b, drand48()); }')
    program = str(tmp_path / "draws")
    subprocess.run(["cc", "-o", program, str(source)], check=True)
    told_c = seeding_support.execute([TOOL, "run", "--seed", "6", "--reseed", "--", program, "0"]).stdout
    assert told_c == seeding_support.execute([program, "6"]).stdout


def test_children(tmp_path):
    """Forked and spawned processes shift by the same number."""
    path = seeding_support.script(tmp_path, """
import multiprocessing, numpy as np
def draw(seed):
    np.random.seed(seed)
    return np.random.rand()
if __name__ == "__main__":
    for how in ("fork", "spawn"):
        with multiprocessing.get_context(how).Pool(2) as pool:
            print(pool.map(draw, [$, 1 + $]))
""")
    text = open(path).read()
    one = seeding_support.script(tmp_path, text.replace("$", "0"), "a.py")
    other = seeding_support.script(tmp_path, text.replace("$", "4"), "b.py")
    assert seeding_support.under_run(one, seed=4, options=["--reseed"]).stdout == seeding_support.bare(other)


# ---- scans ----

TRAIN = """
import random
import numpy as np
np.random.seed(42)
rng = np.random.default_rng(
    7)
print("acc", np.random.rand() + rng.random())
"""


def scan(folder, *options, text=TRAIN, seeds="0:4", **settings):
    path = seeding_support.script(folder, text, "train.py")
    return subprocess.run([TOOL, "scan", "-o", "study.db", "--seeds", seeds, "-m", "acc=acc (.*)", *options, "--", sys.executable, path],
                          cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, **settings)


def values(folder, name="study.db"):
    with sqlite3.connect(folder / name) as study:
        return study.execute("select seed, acc from runs where repeat = 0 order by seed").fetchall()


def test_scan_names_the_line(tmp_path):
    done = scan(tmp_path, "--jobs", "2")
    assert done.returncode == 0
    notes = [line for line in done.stderr.splitlines() if "--reseed" in line]
    assert len(notes) == 1, done.stderr
    assert notes[0].startswith("oneseed: train.py:4 (and 1 more place) seeds a generator with 42 in every run")
    assert len({value for _, value in values(tmp_path)}) == 1


def test_scan_is_silent_where_seeds_follow(tmp_path):
    done = scan(tmp_path, text="import os, numpy as np\nnp.random.seed(int(os.environ['ONESEED_SEED']))\nprint('acc', np.random.rand())")
    assert done.returncode == 0 and "--reseed" not in done.stderr


@pytest.mark.parametrize("warm", [False, True])
def test_scan_reseeds(tmp_path, warm):
    done = scan(tmp_path, "--reseed", *(["--preload", "numpy"] if warm else []))
    assert done.returncode == 0 and "seeds a generator" not in done.stderr, done.stderr
    expected = [(k, float(edited(TRAIN.replace("(42)", "(42 + $)").replace("7)", "7 + $)"), k).split()[1])) for k in range(4)]
    assert values(tmp_path) == expected


def test_resume_knows(tmp_path):
    assert scan(tmp_path, "--reseed", seeds="0:2").returncode == 0
    done = subprocess.run([TOOL, "scan", "--resume", "study.db", "--seeds", "0:4"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len({value for _, value in values(tmp_path)}) == 4
    done = subprocess.run([TOOL, "scan", "--resume", "study.db", "--reseed"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and "--reseed" in done.stderr


def test_a_source_shifts_what_is_seeded_in_its_code(tmp_path):
    """The split's own seed follows the source `split`, the others' the run."""
    text = """
import numpy as np
from sklearn.model_selection import train_test_split
print("acc", train_test_split(list(range(1000)), random_state=1)[0][0] + np.random.default_rng(2).random())
"""
    done = scan(tmp_path, "--reseed", "--vary-source", "split", text=text, seeds="0:3")
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "study.db") as study:
        rows = study.execute("select seed, sources, m0 from run").fetchall()
    assert len(rows) == 6 and len({acc for _, _, acc in rows}) == 6
    for seed, sources, acc in rows:
        split = int(sources.partition("=")[2]) if sources else seed
        wanted = edited(text.replace("random_state=1", f"random_state={1 + split}").replace("(2)", f"({2 + seed})"), 0)
        assert acc == float(wanted.split()[1]), (seed, sources)


def test_explain():
    done = seeding_support.execute([TOOL, "run", "--seed", "7", "--reseed", "--vary-source", "init,order=2", "--explain"])
    assert "Seeds that the program gives itself: 7 is added" in done.stdout and "Streams of their own: init=7,order=2" in done.stdout


def test_bare_is_refused(tmp_path):
    done = scan(tmp_path, "--reseed", "--level", "bare")
    assert done.returncode == 2 and "--reseed" in done.stderr or "{seed}" in done.stderr
