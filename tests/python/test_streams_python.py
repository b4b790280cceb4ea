"""test_streams_python.py - oneseed.python beside random: values, states, errors, subclasses, threads, versions, hashes, sets."""

# SPDX-License-Identifier: MIT
import copy
import gc
import os
import pickle
import random
import subprocess
import sys
import threading
import warnings
import weakref

import pytest

import oneseed.python
from oneseed.python import Random, hash_str, set_order

PLAIN = [
    "random()",
    "uniform(1, 5)",
    "uniform(-2.5, 3.5)",
    "triangular()",
    "triangular(1, 5, 2)",
    "triangular(-1.0, 1.0)",
    "normalvariate(0, 1)",
    "gauss(0.5, 2)",
    "lognormvariate(0, 1)",
    "expovariate(2)",
    "vonmisesvariate(1, 4)",
    "vonmisesvariate(0.0, 0.0)",
    "gammavariate(2.5, 1)",
    "gammavariate(1, 1)",
    "gammavariate(0.5, 2.0)",
    "betavariate(2, 3)",
    "paretovariate(3)",
    "weibullvariate(1, 2)",
    "getrandbits(0)",
    "getrandbits(100)",
    "randbytes(7)",
    "randrange(10)",
    "randrange(-5, 5)",
    "randrange(0, 100, 7)",
    "randrange(5, -5, -3)",
    "randint(0, 10)",
    "randint(-2**63, 2**63 - 1)",
    "choice('abc')",
    "choice([1, 2, 3])",
    "choice(range(10**10))",
    "choices('ab', k=3)",
    "choices([1, 2], [1, 2], k=4)",
    "choices((1, 2, 3), [0.5, 1, 0.5], k=4)",
    "choices([1, 2], cum_weights=[1, 4], k=4)",
    "sample(range(1000), 10)",
    "sample([1, 2, 3], 3)",
    "sample(range(10**12), 5)",
    "uniform(a=1, b=2)",
    "uniform(1, b=2.5)",
    "triangular(high=2)",
    "triangular(0.0, mode=0.5, high=2)",
    "gauss(mu=1, sigma=2)",
    "expovariate(lambd=3)",
    "choice(seq=[1, 2, 3])",
    "sample(k=2, population='abc')",
    "sample([1, 2, 3], k=2, counts=None)",
    "choices(population=[1, 2], weights=None, k=3)",
    "randint(b=10, a=-3)",
    "randrange(start=3, stop=9)",
    "randrange(3, stop=9, step=2)",
    "randbytes(n=5)",
    "randrange(10**30)",
    "randrange(2**64)",
    "randrange(-10**30, 10**30)",
    "randrange(10**30, 10**30 + 7)",
    "randint(0, 10**40)",
    "randint(-2**63 - 1, 2**63)",
    "randint(-2**64, -2**64)",
    "getrandbits(65)",
    "getrandbits(127)",
    "getrandbits(128)",
    "getrandbits(129)",
    "getrandbits(2048)",
    "getrandbits(2049)",
    "getrandbits(True)",
]
OTHER = [
    "uniform(10**400, 0)",
    "uniform(10**20, 1)",
    "uniform('a', 1)",
    "uniform(1)",
    "uniform(float('inf'), 0.0)",
    "triangular(5, 5, 5)",
    "triangular(0, 1, 2)",
    "gauss()",
    "normalvariate()",
    "gauss(1j, 2)",
    "expovariate(0)",
    "expovariate()",
    "expovariate(0.0)",
    "gammavariate(0, 1)",
    "gammavariate(1, -1)",
    "betavariate(1, 0)",
    "betavariate(-1, 1)",
    "paretovariate(0)",
    "paretovariate(1e-3)",
    "weibullvariate(1, 0)",
    "weibullvariate(1, 1e-3)",
    "lognormvariate(1000, 1)",
    "lognormvariate(0)",
    "randrange(0)",
    "randrange(5, 5)",
    "randrange(5, 3)",
    "randrange(0, 5, 0)",
    "randrange(0, 5, -1)",
    "randrange(1, None, 2)",
    "randrange(1.5)",
    "randrange('a')",
    "randrange(0, 10**30, 7)",
    "randrange(True)",
    "randint(5, 4)",
    "randint(1.5, 2)",
    "choice([])",
    "choice({})",
    "choice({0: 1})",
    "choice(5)",
    "choices([])",
    "choices([1], [0])",
    "choices([1, 2], [1])",
    "choices([1], [float('inf')])",
    "choices([1, 2], 3)",
    "choices([1], [1], cum_weights=[1])",
    "choices([1, 2], [2**60, 2**60], k=3)",
    "choices('ab', [1, 2], k=3)",
    "choices([1, 2], k=-1)",
    "sample({1, 2}, 1)",
    "sample([1, 2], 3)",
    "sample([1], -1)",
    "sample('abc', 2)",
    "sample([1, 2], 3, counts=[2, 2])",
    "sample([1, 2], 1, counts=[0, 0])",
    "sample([1, 2], 1, counts=[1])",
    "getrandbits(-1)",
    "getrandbits(1.5)",
    "getrandbits()",
    "getrandbits(2**31)",
    "getrandbits(10**30)",
    "randbytes(-1)",
    "randbytes('a')",
    "shuffle((1, 2))",
    "shuffle('ab')",
    "nothing()",
    "uniform(1, a=2)",
    "uniform(1, 2, 3)",
    "uniform(1, c=2)",
    "uniform(1, 2, b=3)",
    "triangular(1, 2, 1.5, 4)",
    "choice()",
    "choice([1], [2])",
    "choice(sequence=[1])",
    "shuffle()",
    "sample([1, 2], 1, None)",
    "choices([1, 2], None, None)",
    "choices([1, 2], k=1.0)",
    "randrange()",
    "randrange(stop=5)",
    "randrange(10, None)",
    "randrange(-10**30)",
    "randrange(10**30, 5)",
    "randrange(0, 10**30, step=-1)",
    "randint(10**30, -10**30)",
    "randint(10**30)",
    "randint(1, 2, 3)",
    "randbytes()",
    "getrandbits(1 << 40)",
    "getrandbits(-10**30)",
    "getrandbits(-2**40)",
]
if sys.version_info >= (3, 12):
    PLAIN += [
        "binomialvariate()",
        "binomialvariate(10, 0.3)",
        "binomialvariate(1000, 0.7)",
        "binomialvariate(n=5, p=0.5)",
        "binomialvariate(7, 1)",
    ]
    OTHER += [
        "binomialvariate(-1, 0.5)",
        "binomialvariate(3, 1.5)",
        "binomialvariate(2.5, 0.5)",
        "binomialvariate('a')",
    ]


def outcome(r, call):
    """The value and its type, or the error and its message."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = eval("r." + call, {"r": r})
        except Exception as error:
            return type(error), str(error).replace("_streams.PythonRandom", "_random.Random")
        huge = type(value) is int and value.bit_length() > 10**4  # 2**31 bits are drawn from 3.14 on
        return type(value), hash(value) if huge else repr(value)


def pair(seed):
    return Random(seed), random.Random(seed)


@pytest.mark.parametrize("call", PLAIN + OTHER)
def test_calls_are_pythons(call):
    ours, theirs = pair(call)
    for _ in range(200 if call in PLAIN else 3):
        want = outcome(theirs, call)
        got = outcome(ours, call)
        if call in ("getrandbits()", "nothing()"):  # the interpreter names the method and the class
            want, got = want[0], got[0]
        assert got == want
        assert ours.getstate() == theirs.getstate()


class WithoutPython(Random):
    _upstream = None


@pytest.mark.parametrize("call", PLAIN)
def test_plain_calls_never_go_to_python(call):
    ours, theirs = WithoutPython(call), random.Random(call)
    for _ in range(50):
        assert outcome(ours, call) == outcome(theirs, call)


def test_shuffle():
    ours, theirs = pair(1)
    for items in ([], [1], list(range(100)), bytearray(b"abcdef"), ["a", "b"]):
        a, b = items[:], items[:]
        ours.shuffle(a)
        theirs.shuffle(b)
        assert a == b
    assert ours.getstate() == theirs.getstate()


SEEDS = [
    0,
    1,
    -1,
    2**32,
    2**64,
    -(3**300),
    True,
    1.5,
    -0.0,
    float("inf"),
    "",
    "seed",
    "λ",
    b"",
    b"seed",
    bytearray(b"seed"),
    bytes(600),
]


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("seed", SEEDS, ids=repr)
def test_seeds(seed, version):
    if version == 3 and isinstance(seed, (str, bytes)):
        assert outcome(Random(0), "seed(%r, 3)" % seed) == outcome(random.Random(0), "seed(%r, 3)" % seed)
    ours, theirs = Random(5), random.Random(5)
    ours.gauss(0, 1)
    try:
        theirs.seed(seed, version)
    except TypeError as error:
        with pytest.raises(TypeError, match=str(error)):
            ours.seed(seed, version)
        return
    ours.seed(seed, version)
    assert ours.getstate() == theirs.getstate()


def test_seeds_of_other_types():
    for seed in ([], {}, (1, 2), 1j, object):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert outcome(Random(0), "seed(%r)" % (seed,))[0] == outcome(random.Random(0), "seed(%r)" % (seed,))[0]
    assert Random().random() != Random().random()
    made = Random.__new__(Random)  # never seeded: from the system, not a fixed state
    assert made.random() != Random.__new__(Random).random()


def test_states_go_both_ways():
    ours, theirs = pair(3)
    ours.gauss(0, 1)
    theirs.setstate(ours.getstate())
    assert [ours.gauss(0, 1) for _ in range(700)] == [theirs.gauss(0, 1) for _ in range(700)]
    ours.setstate(theirs.getstate())
    assert ours.random() == theirs.random()
    words = theirs.getstate()[1]
    ours.setstate((2, tuple(word - 2**32 for word in words[:624]) + words[624:], None))
    assert ours.random() == theirs.random()
    before = ours.getstate()
    for state in (
        (3, (0,) * 624, None),
        (3, [0] * 625, None),
        (3, (0,) * 624 + (625,), None),
        (3, ("a",) * 625, None),
        (1, (), None),
        (3, (0,) * 624 + (-1,), None),
    ):
        for r in (ours, theirs):
            with pytest.raises((ValueError, TypeError)) as raised:
                r.setstate(state)
            r.message = str(raised.value)
        assert ours.message == theirs.message
        assert ours.getstate() == before


def test_copies_are_alike_and_apart():
    for make in (copy.copy, copy.deepcopy, lambda r: pickle.loads(pickle.dumps(r))):
        ours = Random(3, version="3.9")
        ours.gauss(0, 1)
        other = make(ours)
        assert (other.version, other.getstate()) == ("3.9", ours.getstate())
        ours.random()
        assert other.getstate() != ours.getstate()


def test_subclasses_with_a_generator_of_their_own():
    def classes(base):
        class OwnRandom(base):
            def random(self):
                return 0.25

        class OwnBits(base):
            def getrandbits(self, k):
                return 1 if k else 0

        class Both(OwnRandom, OwnBits):
            pass

        class OwnBelow(base):
            def _randbelow(self, n):
                return n - 1

        return OwnRandom, OwnBits, Both, OwnBelow

    for ours, theirs in zip(classes(Random), classes(random.Random)):
        for call in (
            "gauss(0, 1)",
            "randrange(10)",
            "choice('abc')",
            "choices('abc', k=2)",
            "uniform(0, 1)",
            "expovariate(1)",
            "randint(5, 6)",
            "random()",
            "triangular(1, 2, 1.5)",
        ):
            if call == "gauss(0, 1)":
                ours.seeded, theirs.seeded = ours(1), theirs(1)
            assert outcome(ours.seeded, call) == outcome(theirs.seeded, call), (ours, call)


def test_what_is_put_in_place_of_a_method():
    ours, theirs = pair(1)
    for r in (ours, theirs):
        r.random = lambda: 0.5
    assert ours.uniform(0, 2) == theirs.uniform(0, 2) == 1.0
    for r in (ours, theirs):
        del r.random
        r.other = 3
    assert ours.uniform(0, 2) == theirs.uniform(0, 2) and vars(ours) == {"other": 3}
    for r in (ours, theirs):
        r.__dict__["getrandbits"] = lambda k: 1
    assert ours.randrange(4) == theirs.randrange(4) == 1
    for r in (ours, theirs):
        r.__dict__ = {"random": lambda: 0.25}
    assert ours.uniform(0, 2) == theirs.uniform(0, 2) == 0.5
    with pytest.raises(TypeError):
        ours.__dict__ = 5


def test_classes_that_look_attributes_up_by_rules_of_their_own():
    def classes(base):
        class Asked(base):
            def __getattribute__(self, name):
                return (lambda: 0.125) if name == "random" else base.__getattribute__(self, name)

        class Changed(base):
            pass

        return Asked, Changed

    for ours, theirs in zip(classes(Random), classes(random.Random)):
        for kind in (ours, theirs):
            if kind.__name__ == "Changed":
                kind.random = lambda self: 0.75
        assert ours(1).uniform(0, 8) == theirs(1).uniform(0, 8) in (1.0, 6.0)
        assert ours(1).gauss(0, 1) == theirs(1).gauss(0, 1)
    kept = Random.random
    try:
        Random.random = lambda self: 0.5
        assert Random(1).uniform(0, 2) == 1.0
    finally:
        del Random.random
    assert Random.random is kept and Random(1).uniform(0, 2) == random.Random(1).uniform(0, 2)


def test_generators_that_hold_themselves_are_collected():
    class Told(Random):
        pass

    for kind in (Random, Told):
        r = kind(1)
        r.own, r.method = r, r.random
        gone = weakref.ref(r)
        del r
        gc.collect()
        assert gone() is None


def test_the_stream_of_another_version():
    new, old = Random(1, version="3.10"), Random(1, version=309)
    assert (new.version, old.version) == ("3.10", "3.9")
    assert [new.paretovariate(3.0) for _ in range(50)] != [old.paretovariate(3.0) for _ in range(50)]
    u = 1.0 - random.Random(1).random()
    assert Random(1, version="3.9").paretovariate(3.0) == 1.0 / u ** (1.0 / 3.0)
    # The result of CPython 3.12.1
    assert [Random(42, version="3.13").binomialvariate(100, 0.3) for _ in range(2)] == [32, 32]
    with pytest.raises(AttributeError):
        Random(42, version="3.11").binomialvariate(100, 0.3)
    for wrong in ("3.8", "2.7", "x", 316, 3.9):
        with pytest.raises(ValueError, match="version"):
            Random(1, version=wrong)


FILLS = {
    "random": (),
    "uniform": (-1.0, 3.0),
    "triangular": (0.0, 1.0, 0.3),
    "normalvariate": (0.0, 1.0),
    "gauss": (1.0, 2.0),
    "lognormvariate": (0.0, 0.5),
    "expovariate": (2.0,),
    "vonmisesvariate": (1.0, 2.0),
    "gammavariate": (2.0, 1.0),
    "betavariate": (0.5, 2.0),
    "paretovariate": (3.0,),
    "weibullvariate": (1.0, 2.0),
    "randrange": (0, 100, 3),
    "randint": (-5, 5),
    "getrandbits": (64,),
}


@pytest.mark.parametrize("method", FILLS)
def test_a_fill_is_many_calls(method):
    ours, theirs = pair(2)
    for n in (0, 1, 7, 1000):
        assert list(ours.fill(n, method, *FILLS[method])) == [getattr(theirs, method)(*FILLS[method]) for _ in range(n)]
    assert ours.getstate() == theirs.getstate()
    if FILLS[method]:
        with pytest.raises(TypeError, match="parameters"):
            ours.fill(1, method)


def test_fills_that_are_refused():
    r = Random(1)
    before = r.getstate()
    for call in (
        (1, "no"),
        (-1, "random"),
        (1, "expovariate", 0.0),
        (1, "randint", 5, 4),
        (1, "getrandbits", 65),
        (1, "getrandbits", -1),
    ):
        with pytest.raises(ValueError):
            r.fill(*call)
    assert r.getstate() == before


@pytest.mark.parametrize("method", FILLS)
def test_a_list_is_many_calls(method):
    ours, theirs = pair(2)
    for n in (0, 1, 7, 511, 512, 513, 2000):
        one_by_one = [getattr(theirs, method)(*FILLS[method]) for _ in range(2 * n)]
        made = ours.fill_list(n, method, *FILLS[method])
        assert made == one_by_one[:n] and all(type(x) is type(one_by_one[0]) for x in made)
        assert ours.fill_list(n, method, *FILLS[method], out=made) is made and made == one_by_one[n:]
    assert ours.getstate() == theirs.getstate()


def test_a_list_takes_the_place_of_any_items_but_changes_no_float_that_others_hold():
    ours, theirs = pair(4)
    kept = [k + 0.5 for k in range(100)]
    items = [kept[k] if k % 4 == 0 else [None, "x", float(k)][k % 4 - 1] for k in range(100)] + [float("2.5")] * 2
    seen = items[3]
    assert ours.fill_list(102, out=items) == [theirs.random() for _ in range(102)]
    assert kept == [k + 0.5 for k in range(100)] and seen == 3.0 and len(set(map(id, items))) == 102
    constants = [0.125, 0.25]
    assert ours.fill_list(2, "gauss", 0.0, 1.0, out=constants) == [theirs.gauss(0.0, 1.0) for _ in range(2)]
    assert (0.125, 0.25) == (1 / 8, 1 / 4)


def test_lists_that_are_refused():
    r, items = Random(1), [1.0, 2.0]
    before = r.getstate()
    for error, call, out in (
        (ValueError, (1, "no"), None),
        (ValueError, (-1, "random"), None),
        (ValueError, (0, "expovariate", 0.0), None),
        (ValueError, (2, "expovariate", 0.0), items),
        (ValueError, (3,), items),
        (ValueError, (1,), items),
        (TypeError, (2,), (1.0, 2.0)),
        (TypeError, (2, "gauss", 0.0), items),
    ):
        with pytest.raises(error):
            r.fill_list(*call, out=out)
    assert r.getstate() == before and items == [1.0, 2.0]


def test_a_list_that_its_items_make_shorter():
    r = Random(1)
    items = []

    class Last:
        def __del__(self):
            items.clear()
            r.random()

    items += [Last(), 1.0, 2.0]
    with pytest.raises(IndexError):
        r.fill_list(3, out=items)
    assert items == []


@pytest.mark.parametrize("n", [0, 1, 2, 127, 128, 129, 1000, 70000])
def test_a_shuffled_list_keeps_its_objects_and_their_counts(n):
    ours, theirs = pair(6)
    items = [object() for _ in range(n)]
    want, counts = list(items), [sys.getrefcount(x) for x in items]
    ours.shuffle(items)
    theirs.shuffle(want)
    assert list(map(id, items)) == list(map(id, want)) and ours.getstate() == theirs.getstate()
    assert [sys.getrefcount(x) for x in items] == counts


def test_threads_take_all_numbers_once():
    ours, theirs = pair(9)
    parts = []

    def work():
        for _ in range(5):
            parts.append(list(ours.fill(20000)))
            parts.append([ours.random()])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(x for part in parts for x in part) == sorted(theirs.random() for _ in range(4 * 5 * 20001))


def test_others_run_while_it_fills():
    counted, filled = [], threading.Event()

    def count():
        while not filled.is_set():
            counted.append(None)
            filled.wait(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    before = len(counted)
    Random(1).fill(20_000_000)
    during = len(counted) - before
    filled.set()
    thread.join()
    assert during >= 5


def test_functions_of_the_module():
    oneseed.python.seed(11)
    random_ = random.Random(11)
    assert oneseed.python.randint(0, 100) == random_.randint(0, 100)
    assert oneseed.python.sample(range(50), 5) == random_.sample(range(50), 5)
    assert set(random.__all__) <= set(dir(oneseed.python))
    oneseed.python.setstate(random_.getstate())
    assert oneseed.python.random() == random_.random()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, repr(oneseed.python.random()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 100).decode() != repr(oneseed.python.random())  # as random: a child starts anew


TEXTS = ["train", "test", "val", "é", "λx", "\U0001f600", "", "self", "a longer text than one block"]


@pytest.mark.parametrize("hash_seed", [0, 1, 2**32 - 1])
def test_hashes_and_orders(hash_seed):
    program = "texts = %a; print([hash(t) for t in texts], hash(b'bytes'), list(set(texts)), list(%s))" % (
        TEXTS,
        "{%s}" % ", ".join(map(ascii, TEXTS)),
    )
    asked = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout == "%s %s %s %s\n" % (
        [hash_str(text, hash_seed) for text in TEXTS],
        hash_str(b"bytes", hash_seed),
        set_order(TEXTS, hash_seed),
        set_order(TEXTS, hash_seed, "literal"),
    )


def test_hashes_of_other_versions():
    assert hash_str("a", 0, "3.10") == -7583489610679606711  # SipHash-2-4 with a key of zeros
    assert hash_str("a", 0, "3.11") == hash_str("a", 0, "3.14") != hash_str("a", 0, "3.10")
    assert set_order(["b", "a", "b"], 0, version="3.9") in (["a", "b"], ["b", "a"])
    with pytest.raises(ValueError, match="hash_seed"):
        hash_str("a", -1)
    with pytest.raises(ValueError, match="kind"):
        set_order([], 0, "no")
    with pytest.raises((TypeError, AttributeError)):
        set_order([1], 0)
    with pytest.raises(TypeError):
        hash_str(1, 0)
