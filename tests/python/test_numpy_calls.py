"""test_numpy_calls.py - oneseed.numpy's methods that are drawn in C, against the live NumPy, and the memory of their results."""

# SPDX-License-Identifier: MIT
import inspect
import os
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

import oneseed.numpy as ours

# ---- memory of large results ----

HANDLER = (
    "from numpy._core.multiarray import get_handler_name"
    if np.__version__[0] > "1"
    else "from numpy.core.multiarray import get_handler_name"
)


def test_large_results_own_their_memory():
    scope = {}
    exec(HANDLER, scope)
    for size in (2**17, [2**9, 2**9], np.int64(2**20)):
        made, wanted = ours.default_rng(3).random(size), np.random.default_rng(3).random(size)
        assert scope["get_handler_name"](made) == "oneseed"
        flags = ("owndata", "writeable", "aligned", "c_contiguous", "f_contiguous")
        assert all(getattr(made.flags, name) == getattr(wanted.flags, name) for name in flags) and made.base is None
        assert made.shape == wanted.shape and made.tobytes() == wanted.tobytes()
        assert scope["get_handler_name"](made.copy()) == "default_allocator"
    assert scope["get_handler_name"](ours.default_rng(3).random(1000)) == "default_allocator"


def test_large_results_can_be_resized():
    made, wanted = ours.default_rng(3).integers(0, 99, 2**18), np.random.default_rng(3).integers(0, 99, 2**18)
    for n in (2**19, 2**20 + 1, 5, 2**18):
        made.resize(n, refcheck=False)
        wanted.resize(n, refcheck=False)
        assert np.array_equal(made, wanted), n


def test_memory_of_large_results_is_used_again():
    g, seen = ours.RandomState(1), set()
    for _ in range(20):
        seen.add(g.random_sample(2**20).ctypes.data)
    assert len(seen) == 1
    kept = [g.random_sample(2**20) for _ in range(8)]
    assert len({array.ctypes.data for array in kept}) == 8
    digests = [array.tobytes() for array in kept]
    del kept[::2]
    more = [g.random_sample(2**20) for _ in range(4)]
    assert [array.tobytes() for array in kept] == digests[1::2] and len(more) == 4


def test_large_results_from_threads_and_children():
    def draw(seed, out):
        for _ in range(10):
            out[seed] = ours.default_rng(seed).random(2**18)

    made = {}
    threads = [threading.Thread(target=draw, args=(seed, made)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(made[seed], np.random.default_rng(seed).random(2**18)) for seed in range(4))
    before, spare = made[0].tobytes(), ours.default_rng(5).random(2**18)
    del spare
    child = os.fork()
    if not child:
        made[0][:] = 1
        os._exit(0 if np.array_equal(ours.default_rng(7).random(2**18), np.random.default_rng(7).random(2**18)) else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert made[0].tobytes() == before


def test_handler_of_the_program_is_not_passed_over():
    code = (
        "import ctypes, os, sys, numpy as np, oneseed.numpy as on\n" + HANDLER + "\n"
        "core = np._core if np.__version__[0] > '1' else np.core\n"
        "api = ctypes.pythonapi; api.PyCapsule_GetPointer.restype = ctypes.c_void_p\n"
        "api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]\n"
        "table = ctypes.cast(api.PyCapsule_GetPointer(core._multiarray_umath._ARRAY_API, None), ctypes.POINTER(ctypes.c_void_p))\n"
        "get = ctypes.PYFUNCTYPE(ctypes.py_object)(table[305])\n"
        "put = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object)(table[304])\n"
        "own = api.PyCapsule_GetPointer(get(), b'mem_handler')\n"
        "copy = ctypes.create_string_buffer(ctypes.string_at(own, 176), 176); copy[:5] = b'mine\\0'\n"
        "api.PyCapsule_New.restype = ctypes.py_object\n"
        "api.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]\n"
        "name = ctypes.create_string_buffer(b'mem_handler')\n"
        "put(api.PyCapsule_New(ctypes.addressof(copy), ctypes.addressof(name), None))\n"
    )
    code += "x = on.default_rng(1).random(10**6); print(get_handler_name(x))\ndel x; sys.stdout.flush(); os._exit(0)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout == "mine\n", result.stderr


# ---- methods whose usual calls are C's ----


def test_methods_look_like_functions():
    for cls, name in ((ours.Generator, "normal"), (ours.RandomState, "randn"), (ours.Generator, "integers"), (ours.PCG64, "random_raw")):
        method = getattr(cls, name)
        assert method.__name__ == name and method.__doc__ and method.__qualname__.endswith("." + name)
        assert method.__module__.startswith("oneseed._numpy_") and inspect.isroutine(method)
        assert list(inspect.signature(method).parameters)[0] == "self"
    g = ours.default_rng(1)
    assert str(inspect.signature(g.normal)) == "(loc=0.0, scale=1.0, size=None)"
    assert ours.Generator.normal(g, 1, size=2).shape == (2,)
    assert pickle.loads(pickle.dumps(g.normal))() == g.normal()
    assert [f(3).shape for f in (g.random, vars(ours.Generator)["random"].__get__(g))] == [(3,), (3,)]


@pytest.mark.parametrize("self", [None, 5, object(), ours.Generator.__new__(ours.Generator)])
def test_methods_of_wrong_objects(self):
    for name in ("normal", "random", "integers"):
        with pytest.raises((AttributeError, TypeError)):
            getattr(ours.Generator, name)(self, 1)


def test_methods_that_a_class_below_changes():
    def classes(module):
        class Mine(module.RandomState):
            def random_sample(self, size=None):
                return "mine", size

            def shuffle(self, x):
                x[:] = 7

        class Other(module.RandomState):
            pass

        return Mine(3), Other(3)

    for mine, other in (classes(ours),):
        assert mine.rand(2) == ("mine", (2,)) and mine.random(4) == ("mine", 4) and mine.rand() == ("mine", None)
        assert list(mine.permutation(3)) == [7, 7, 7]
        np_other = np.random.RandomState(3)
        assert np.array_equal(other.rand(2, 3), np_other.rand(2, 3)) and other.randn() == np_other.randn()
        assert np.array_equal(other.permutation(9), np_other.permutation(9))


def test_calls_that_do_not_fit_say_what_functions_say():
    g, legacy = ours.default_rng(1), ours.RandomState(1)
    state = g.bit_generator.state
    for call in (
        lambda: g.normal(0, 1, 2, 3),
        lambda: g.normal(loc=0, wrong=1),
        lambda: g.normal(0, loc=1),
        lambda: g.gamma(),
        lambda: legacy.rand(2, size=3),
        lambda: legacy.rand(1.5),
        lambda: g.random(dtype="complex"),
        lambda: g.random(out=[1.0]),
        lambda: g.random(3, out=np.zeros(4)),
        lambda: g.integers(5, 5),
        lambda: g.integers(0, 300, dtype=np.uint8),
        lambda: g.shuffle(np.zeros((2, 2)), axis=2),
        lambda: g.shuffle((1, 2)),
        lambda: g.normal(0, -1),
        lambda: g.normal(size=(2, -1)),
    ):
        with pytest.raises((TypeError, ValueError)):
            call()
    assert g.bit_generator.state == state


def test_names_of_arguments_that_are_not_interned():
    name = "".join(["sc", "ale"])
    made = ours.default_rng(1).normal(**{name: 2.0, "".join(["si", "ze"]): 3})
    assert np.array_equal(made, np.random.default_rng(1).normal(scale=2.0, size=3))


def test_lists_and_arrays_are_shuffled_in_place():
    for n in (0, 1, 2, 255, 256, 257, 1000):
        for make in (ours.default_rng, ours.RandomState):
            theirs = np.random.default_rng(4) if make is ours.default_rng else np.random.RandomState(4)
            mine, a, b = make(4), list(map(str, range(n))), list(map(str, range(n)))
            mine.shuffle(a)
            theirs.shuffle(b)
            assert a == b, n
            for dtype in ("u1", "f4", "i8", "M8[s]", "c16", ">i4"):
                x, y = np.arange(n).astype(dtype), np.arange(n).astype(dtype)
                mine.shuffle(x)
                theirs.shuffle(y)
                assert x.tobytes() == y.tobytes() and mine.permutation(x).tobytes() == theirs.permutation(y).tobytes()
            x, y = np.arange(6 * n).reshape(n, 2, 3), np.arange(6 * n).reshape(n, 2, 3)
            mine.shuffle(x)
            theirs.shuffle(y)
            assert np.array_equal(x, y)


def test_parameters_that_are_arrays():
    a, b = np.linspace(0.5, 3, 12).reshape(3, 4), np.linspace(1, 2, 12).reshape(3, 4)
    n = np.arange(1, 13).reshape(3, 4)
    calls = (
        lambda g: g.normal(a, b),
        lambda g: g.normal(a),
        lambda g: g.normal(1, b),
        lambda g: g.gamma(a, 2.5),
        lambda g: g.binomial(n, 0.3),
        lambda g: g.binomial(n, b / 4),
        lambda g: g.binomial(7, b / 4),
        lambda g: g.normal(a[0], b),
        lambda g: g.normal(a, b.T.copy().T),
        lambda g: g.normal(a.astype("f4"), 1),
        lambda g: g.poisson(a[:0]),
        lambda g: g.normal(a, b, size=(3, 4)),
        lambda g: g.normal(a, -b),
        lambda g: g.triangular(a - 1, a, a + 1),
        lambda g: g.multinomial(9, [0.2, 0.3, 0.5], 7),
        lambda g: g.multinomial(9, (0.2, 0.3, 0.5)),
        lambda g: g.multinomial(0, (0.2, 0.8), (2, 3)),
        lambda g: g.multinomial(90, np.array([0.2, 0.3, 0.5]), 7),
        lambda g: g.multinomial(9, [1.0], 3),
        lambda g: g.multinomial(9, [0.7, 0.8, 0.1]),
        lambda g: g.multinomial(-9, [0.2, 0.8]),
    )
    bounds = (
        lambda f: f(0, n),
        lambda f: f(-n, n),
        lambda f: f(-n, 3),
        lambda f: f(n, n),
        lambda f: f(n),
        lambda f: f(0, n[:0]),
        lambda f: f(0, n[0], size=(3, 4)),
        lambda f: f(0, n, dtype=np.int32),
        lambda f: f(np.array([-(2**63)]), np.array([2**63 - 1])),
    )

    def result(call, g):
        try:
            made = call(g)
        except (ValueError, TypeError) as error:
            return type(error), str(error)
        return made.dtype, made.shape, made.tobytes()

    for make in ("default_rng", "RandomState"):
        mine, theirs = getattr(ours, make)(5), getattr(np.random, make)(5)
        for k, call in enumerate(calls):
            assert result(call, mine) == result(call, theirs), (make, k)
        for k, call in enumerate(bounds):
            name = "integers" if make == "default_rng" else "randint"
            assert result(call, getattr(mine, name)) == result(call, getattr(theirs, name)), (make, k)
        assert mine.random() == theirs.random()
    mine, theirs = ours.default_rng(5), np.random.default_rng(5)
    for call in (
        lambda g: g.integers(0, n, endpoint=True),
        lambda g: g.integers(n, n, endpoint=True),
        lambda g: g.integers(n + 1, n, endpoint=True),
    ):
        assert result(call, mine) == result(call, theirs)
