# test_recording_numpy.py - NumPy's generators under the recorder: nothing changes, every word is counted.
# SPDX-License-Identifier: MIT
import importlib.util

from recording import WORDS_UNKNOWN, draws, line, recorded, seeds

assert importlib.util.find_spec("numpy"), "numpy is the oracle of these tests: install it"


def words_by_line(events, generator=None):
    by_line = {}
    for e in draws(events, generator):
        assert not e["flags"] & WORDS_UNKNOWN
        by_line[line(e)[0]] = by_line.get(line(e)[0], 0) + e["words"]
    return by_line


def test_nothing_a_program_can_see_changes(tmp_path):
    events = recorded(
        """
import copy, pickle, sys, hashlib
import numpy as np
from numpy.random import rand, default_rng
def h(x): return hashlib.sha256(pickle.dumps(x)).hexdigest()
np.random.seed(3)
print(sorted(m for m in sys.modules if "numpy.random" in m))
print(rand(2), np.random.randn(3), np.random.permutation(5), np.random.choice(9, 3, replace=False))
print(np.random.normal(size=(2, 2)), np.random.beta(1, 2), h(np.random.get_state()))
for f in (np.random.rand, np.random.RandomState.rand, np.random.Generator.random, np.random.PCG64.__init__):
    print(repr(f).split(" at 0x")[0], f.__name__, f.__qualname__, f.__doc__[:40], type(f))
for B in (np.random.PCG64, np.random.PCG64DXSM, np.random.Philox, np.random.SFC64, np.random.MT19937):
    g = np.random.Generator(B(5))
    print(g.random(3), g.integers(0, 100, 5), h(g), h(B(6).state), h(copy.deepcopy(g)), copy.copy(g).random())
    p = pickle.loads(pickle.dumps(g)); print(p.random(2), g.random(2))
    print([c.random() for c in g.spawn(2)], g.bit_generator.random_raw(2))
    if hasattr(B, "jumped"): print(np.random.Generator(g.bit_generator.jumped()).random())
    s = g.bit_generator.state; a = g.random(4); g.bit_generator.state = s; print((g.random(4) == a).all())
    i = g.bit_generator.ctypes; print(i.next_double(i.state), i.next_uint64(i.state), i.next_uint32(i.state))
    r = np.random.RandomState(B(7)); print(r.standard_normal(), r.random_sample(2), h(r))
class Own(np.random.PCG64):
    def __init__(self, seed): super().__init__(seed + 1)
print(np.random.Generator(Own(1)).random(), np.random.Generator(np.random.PCG64(2)).random())
x = [1, 2, 3, 4]; default_rng(1).shuffle(x); print(x); o = np.empty(3); default_rng(2).random(out=o); print(o)
print(default_rng(3).permuted(np.arange(6).reshape(2, 3), axis=1), default_rng(4).multivariate_normal([0, 0], np.eye(2)))
for bad in (lambda: np.random.normal(0, -1), lambda: default_rng(-1), lambda: default_rng(1).integers(5, 1)):
    try: print(bad())
    except Exception as e: print(type(e), e)
""",
        tmp_path,
    )
    assert {e["generator"] for e in draws(events)} >= {"numpy.global", "numpy.PCG64#1", "numpy.SFC64#1"}


def test_words_are_counted(tmp_path):
    events = recorded(
        """
import numpy as np
np.random.seed(1)
np.random.rand(10)
np.random.randint(0, 2**32, 5)
np.random.rand(100000)
g = np.random.default_rng(1)
g.random(10)
g.random(100000)
g.integers(0, 2**32, 3, dtype=np.uint64)
g.integers(0, 2**32, 1, dtype=np.uint64)
p = np.random.Generator(np.random.Philox(1)); p.random(5); p.random(6); p.random(1001)
s = np.random.Generator(np.random.SFC64(1)); s.random(5); s.random(6)
d = np.random.Generator(np.random.PCG64DXSM(1)); d.random(5); d.random(6)
m = np.random.Generator(np.random.MT19937(1)); m.random(5); m.random(600)
g.bit_generator.random_raw(9)
g.random(0)
""",
        tmp_path,
    )
    # 32-bit draws take halves of 64-bit words: 3 take 2, and the next one finds a half left.
    expected = {4: 20, 5: 5, 6: 200000, 8: 10, 9: 100000, 10: 2, 11: 0, 12: 1012, 13: 11, 14: 11, 15: 1210, 16: 9, 17: 0}
    assert {k: v for k, v in words_by_line(events).items() if k > 3} == expected


def test_words_of_rejection_methods_agree_with_the_state(tmp_path):
    events = recorded(
        """
import numpy as np
g = np.random.default_rng(9)
for f in ("standard_normal", "standard_exponential", "standard_cauchy"):
    getattr(g, f)(100000)
h = np.random.default_rng(9)
h.bit_generator.advance(%d)
print(h.bit_generator.state == g.bit_generator.state)
"""
        % 0,
        tmp_path,
    )
    n = sum(e["words"] for e in draws(events))
    assert n > 400000
    script = (tmp_path / "script.py").read_text().replace("advance(0)", "advance(%d)" % n)
    check = script.replace("print(", "assert (")
    recorded(check, tmp_path)


def test_draws_of_compiled_code_are_counted(tmp_path):
    events = recorded(
        """
import numpy as np
g = np.random.default_rng(1)
i = g.bit_generator.ctypes
g.random()
for _ in range(7): i.next_double(i.state)
g.random()
m = np.random.MT19937(1); i = m.ctypes
m.random_raw()
for _ in range(700): i.next_uint64(i.state)
m.random_raw()
""",
        tmp_path,
    )
    assert [(e["name"], e["words"]) for e in draws(events)] == [
        ("random", 1), ("bitgen", 7), ("random", 1), ("random_raw", 1), ("bitgen", 1400), ("random_raw", 1),
    ]  # fmt: skip


def test_seeds(tmp_path):
    events = recorded(
        """
import numpy as np, numpy.random
np.random.seed(1)
np.random.default_rng(2)
np.random.default_rng()
np.random.RandomState(3)
np.random.set_state(np.random.get_state())
g = np.random.default_rng(4); g.random(); g.bit_generator.state = np.random.default_rng(5).bit_generator.state
g.random()
np.random.Philox(key=3)
np.random.seed()
""",
        tmp_path,
    )
    seen = [(line(e)[0], e["generator"], e["name"]) for e in seeds(events) if "numpy" in e["generator"]]
    assert [s for s in seen if s[0] > 2] == [
        (3, "numpy.global", "program"),
        (4, "numpy.PCG64#1", "program"),
        (5, "numpy.PCG64#2", "os"),
        (6, "numpy.MT19937#2", "os"),  # RandomState makes it first and seeds it then
        (6, "numpy.MT19937#2", "program"),
        (7, "numpy.global", "program"),
        (8, "numpy.PCG64#3", "program"),
        (8, "numpy.PCG64#4", "program"),
        (9, "numpy.PCG64#3", "program"),  # seen at the next draw
        (10, "numpy.Philox#1", "program"),
        (11, "numpy.global", "os"),
    ]


def test_names_do_not_follow_addresses(tmp_path):
    events = recorded(
        """
import numpy as np
for k in range(50):
    np.random.default_rng(k).random()
""",
        tmp_path,
    )
    assert [e["generator"] for e in draws(events)] == ["numpy.PCG64#%d" % (k + 1) for k in range(50)]


def test_sites_and_changed_arguments(tmp_path):
    (tmp_path / "augment.py").write_text(
        "import numpy as np\n\n\ndef noise(rng, x):\n    rng.shuffle(x)\n    return x + rng.normal(size=x.shape)\n"
    )
    events = recorded(
        """
import numpy as np, augment
rng = np.random.default_rng(0)
augment.noise(rng, np.arange(4))
augment.noise(np.random.default_rng(0), np.arange(4) + 1)
""",
        tmp_path,
    )
    a, b, c, d = draws(events)
    assert line(a) == line(c) == (5, "noise") and line(b) == line(d) == (6, "noise")
    assert a["in"] == c["in"] and a["out"] != c["out"] and b["in"] == d["in"] and b["out"] == d["out"]


def test_scikit_learn(tmp_path):
    import sklearn  # noqa: F401
    events = recorded(
        """
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.cluster import KMeans
from sklearn.linear_model import SGDClassifier
np.random.seed(0)
x = np.random.randn(200, 5); y = (x[:, 0] > 0).astype(int)
a, b, c, d = train_test_split(x, y)
print(RandomForestClassifier(5).fit(a, c).predict_proba(b).tobytes().hex()[:80])
print(SGDClassifier().fit(a, c).coef_.tobytes().hex(), KMeans(3, n_init=2).fit(a).inertia_)
print(np.random.get_state()[2])
""",
        tmp_path,
    )
    assert {line(e)[0] for e in draws(events, "numpy.global")} >= {8, 9, 10, 11}
    assert all("sklearn" in e["site"] for e in draws(events, "numpy.global") if line(e)[0] == 9)
