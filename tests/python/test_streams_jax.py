"""test_streams_jax.py - oneseed.jax against the live JAX: keys, bits, dtypes, shapes, errors and their words."""

# SPDX-License-Identifier: MIT
import os
import pathlib
import pickle
import subprocess
import sys
import threading
import warnings

import frameworks_beside
import numpy as np
import pytest

from oneseed import jax

# What both are asked. Names: jax, r is jax.random, np, and k a key.
CALLS = """
k|r.split(k)|r.split(k, 3)[1]|r.split(k, (2, 2))|r.split(k, 0)|~r.split(k, 1.5)|r.split(k, 'a')|~r.split(k, -1)|k.shape|k.ndim|k.size
k[0]|r.split(k)[5]|r.split(k)[-1]|r.split(k)[-7]|r.split(k)[0:1]|r.split(k, (2, 3))[1]|r.split(k, (2, 3))[:, 1]|r.split(k, (2, 3))[1, 2]
r.split(k, (2, 3))[..., 1]|r.split(k, (2, 3))[None]|r.split(k, (2, 3))[0, 0, 0]|len(k)|len(r.split(k, 3))|list(r.split(k, 3))
r.split(k, 4).reshape(2, 2)|r.split(k, 4).reshape((2, -1))|r.split(k, (2, 3)).T|r.split(k, (2, 3)).ravel()|r.split(k, (2, 1)).squeeze()
r.split(k, 4).nbytes|k.itemsize|repr(k.dtype)|str(k)|repr(r.split(k, (2, 2)))|k == k|k != k|r.split(k) == r.split(k, 2)|r.split(k) == k
hash(k)|bool(k)|np.asarray(k)|iter(k)|r.key_data(k)|r.key_data(r.split(k, 4))|r.key_impl(k)|r.clone(k)|repr(r.key_dtype())
repr(r.key_dtype('rbg'))|r.PRNGKey(0)|r.PRNGKey(7)|r.split(r.PRNGKey(7), 3)|r.fold_in(r.PRNGKey(7), 3)|r.key(0, impl='rbg')
r.key(5, impl='unsafe_rbg')|r.key(0, impl=3)|r.split(r.key(5, impl='rbg'), 3)|r.fold_in(r.key(5, impl='rbg'), 3)
r.split(r.key(5, impl='unsafe_rbg'), 3)|r.fold_in(r.key(5, impl='unsafe_rbg'), 3)|~r.key(1.5)|r.key('a')|r.key(True)|r.key(None)
r.key(2**63)|r.key(-2**63)|r.key(-2**63 - 1)|r.key(2**62 + 5)|r.key(-5)|r.key(np.uint64(2**63))|r.key(np.uint64(2**40 + 1))
r.key(np.int32(-5))|r.key(np.int8(-5))|r.key(np.uint32(2**32 - 1))|r.key(np.int64(-2**40))|r.key(np.array(3))|r.key(np.array([1, 2]))
r.key(k)|r.key(1, dtype=k.dtype)|r.key(1, dtype='rbg', impl='rbg')|r.key(1, dtype='rbg')|r.wrap_key_data(np.array([1, 2], np.uint32))
r.wrap_key_data(np.array([1, 2]))|~r.wrap_key_data(np.array([1, 2, 3], np.uint32))|r.wrap_key_data(np.array([[1, 2]], np.uint32))
r.wrap_key_data([1, 2])|r.wrap_key_data(np.uint32(1))|r.wrap_key_data(np.zeros(4, np.uint32), impl='rbg')|r.fold_in(k, 1)
r.fold_in(k, -1)|r.fold_in(k, 2**32)|r.fold_in(k, 2**32 - 1)|r.fold_in(k, 1.5)|r.fold_in(k, True)|r.fold_in(k, np.int64(2**33 + 1))
r.fold_in(k, np.array([1, 2]))|r.fold_in(k, None)|r.key_data(5)|~r.normal(r.PRNGKey(1, impl='rbg'), (2,))|r.bits(k)|r.bits(k, (5,))
r.bits(k, (5,), 'uint8')|r.bits(k, (5,), 'uint16')|r.bits(k, (3,), 'uint64')|r.bits(k, (2,), 'int32')|r.bits(k, (2,), float)
r.uniform(k)|r.uniform(k, (3,))|r.uniform(k, (2, 0))|r.uniform(k, np.array([2, 3]))|r.uniform(k, ((2,),))|r.uniform(k, None)
r.uniform(k, 'a')|r.uniform(k, (1.5,))|r.uniform(k, np.int64(2))|~r.uniform(k, (-1,))|r.uniform(k, (1000,))
r.uniform(k, (17,), 'float16')|r.uniform(k, (17,), 'bfloat16')|r.uniform(k, (17,), 'float64')|r.uniform(k, (3,), 'int32')
r.uniform(k, (3,), int)|r.uniform(k, (3,), 'foo')|r.uniform(k, (17,), minval=-3, maxval=4)|r.uniform(k, (17,), None, -1.5, 2.5)
r.uniform(k, (3,), minval=np.float16(1), maxval=np.float64(3.3))|r.uniform(k, (257,), 'float16', -1, 1)
r.uniform(k, (257,), 'bfloat16', -1, 1)|r.uniform(3, (3,))|r.uniform(np.array([1, 2]), (3,))
r.uniform(np.array([1, 2], np.uint32), (3,))|r.uniform([1, 2], (3,))|r.uniform(r.split(k), (3,))|r.uniform(None)|r.uniform()
r.uniform(k, foo=1)|r.uniform(k, key=k)|r.normal(k, (1000,))|r.normal(k, (17,), 'float16')|r.normal(k, (17,), 'bfloat16')
r.normal(k, (17,), 'float64')|r.normal(k, (3,), 'int32')|r.normal(k, (3,), bool)|r.normal(r.key(3, impl='rbg'), (300,))
r.normal(r.key(3, impl='unsafe_rbg'), (300,))|r.exponential(k, (300,))|r.exponential(k, (2,), 'int32')|r.laplace(k, (300,))
r.logistic(k, (300,))|r.cauchy(k, (300,))|r.gumbel(k, (300,))|r.gumbel(k, (2,), mode='zz')|r.truncated_normal(k, -1, 1, (300,))
r.truncated_normal(k, -1.5, 0.5, (30,), 'float16')|r.truncated_normal(k, -1, np.array([1., 2., 3.]), (2,))|r.pareto(k, 1.5, (300,))
r.pareto(k, True, (2,))|~r.pareto(k, 'a', (2,))|r.pareto(k, [1., 2.], (2,))|r.rayleigh(k, 2.0, (300,))|r.lognormal(k, 2., (300,))
r.weibull_min(k, 1., 2., (300,))|r.bernoulli(k, 0.3, (100,))|r.bernoulli(k, 1)|r.bernoulli(k, np.float16(0.3), (100,))
r.bernoulli(k, np.float64(0.3), (100,))|r.bernoulli(k, 0.5, (3,), mode='x')|r.rademacher(k, (30,))|r.rademacher(k, (3,), 'float32')
r.rademacher(k, (3,), 'uint8')|r.rademacher(k, (9,), 'bfloat16')|r.randint(k, (9,), 0, 10)|r.randint(k, (2,), 0.5, 10)
r.randint(k, (2,), 0, 10, 'float32')|r.randint(k, (2,), 0, np.int64(2**40))|r.randint(k, (2,), 0, 300, 'uint8')
r.randint(k, (9,), 0, 256, np.uint8)|r.randint(k, (9,), -200, 200, np.int8)|r.randint(k, (9,), 0, 1000, np.int16)
r.randint(k, (9,), -5, 10, np.uint32)|r.randint(k, (9,), 0, 2**31 - 1, np.uint32)
r.randint(k, (9,), np.uint32(0), np.uint32(2**32 - 1), np.uint32)|r.randint(k, (9,), 0, np.uint32(2**32 - 1), np.int32)
r.randint(k, (9,), -2**31, 2**31 - 1)|r.randint(k, (9,), 0, 10, 'int64')|r.randint(k, (2,), np.array([1, 2, 3]), 10)
~r.randint(k, (2,), 'a', 10)|r.permutation(k, 5)|r.permutation(k, np.arange(4.))|r.permutation(k, [1, 2, 3])|r.permutation(k, 2.5)
r.permutation(k, 5, axis=1)|r.permutation(k, -5)|r.permutation(k, 0)|r.permutation(k, np.array([True, False]))
r.permutation(k, np.arange(6).reshape(2, 3))|r.permutation(k, np.arange(6).reshape(2, 3), axis=-1)|r.permutation(k, np.int8(9))
r.permutation(k, np.arange(6).reshape(2, 3), axis=2)|r.permutation(k, True)|r.permutation(k, np.array([], np.int32))|r.choice(k, 5, 3)
r.choice(k, 5, (30,))|r.choice(k, np.arange(3.), (5,))|r.choice(k, [1, 2], (1,))|r.choice(k, 0, (1,))
r.choice(k, 5, (7,), replace=False)|r.choice(k, 5, (2, 2), False)|r.choice(k, np.arange(6).reshape(2, 3), (2,), axis=1)
r.choice(k, np.arange(6).reshape(2, 3), (2,), False, axis=1)|r.choice(k, np.arange(6).reshape(2, 3), (4,))|r.choice(k, 5, (0,))
r.choice(k, 3, (3,), axis=4)|r.choice(k, np.arange(3), (3,), axis=4)|r.choice(k, 0, (0,))|r.choice(k, 5.0, (2,))
"""
PARAMETERS = """
r.wald(k, 2., (300,))|r.wald(k, np.arange(1., 4))|r.triangular(k, -1., 0.5, 2., (300,))
r.triangular(k, np.zeros(3), 1, np.arange(2., 5))|r.geometric(k, 0.3, (300,))|r.geometric(k, np.array([.1, .9]))
r.geometric(k, 0.3, (3,), float)|r.uniform(k, (2, 3), minval=np.zeros((2, 1)), maxval=np.arange(3.))
r.uniform(k, (2,), minval=np.array([0., 1., 2.]))|r.maxwell(k, (300,))|r.uniform(k, (257,), 'float16', np.linspace(-1, 1, 257), 2.)
r.truncated_normal(k, np.linspace(-3, 0, 300), 1.)|r.gumbel(k, (300,), mode='high')|r.pareto(k, np.linspace(.5, 3, 300))
r.rayleigh(k, np.array([1., 2.]))|r.lognormal(k, np.linspace(.1, 3, 300))|r.weibull_min(k, np.ones(300), 2., (300,))
r.weibull_min(k, np.ones(3), 2.)|r.gumbel(k, (300,), mode='highest')|r.maxwell(k, (3,), 'int32')
r.double_sided_maxwell(k, np.arange(3.), 2., (4,))|r.gamma(k, 0.5, (300,))|r.gamma(k, np.linspace(.1, 9, 300))
r.gamma(k, 2.5, (3,), 'int32')|r.gamma(k, np.ones(3), (2,))|r.loggamma(k, 0.5, (300,))|r.loggamma(k, 0.5, (3,), 'int32')
r.beta(k, 0.5, 2., (300,))|r.chisquare(k, 3., (300,))|r.t(k, 3., (300,))|r.f(k, 3., 5., (300,))|r.generalized_normal(k, 3., (30,))
r.ball(k, 3, 2, (30,))|r.dirichlet(k, np.arange(1., 4), (30,))|r.dirichlet(k, 1.)|r.dirichlet(k, np.ones(3), (2, 2), 'float16')
r.poisson(k, 3., (300,))|r.poisson(k, np.linspace(0, 90, 300))|r.poisson(k, 3., dtype='float32')|~r.poisson(k, np.ones(3), (2,))
~r.poisson(r.key(0, impl='rbg'), 3.)|r.binomial(k, 10, 0.3, (300,))|r.binomial(k, np.arange(9.), 0.3)|r.binomial(k, [1], 0.5)
r.binomial(k, 10, 0.3, (3,), 'int32')|r.bernoulli(k, np.linspace(0, 1, 300))|r.bernoulli(k, np.array([.5, .2]), (3,))
r.bernoulli(k, 0.3, (300,), mode='high')|r.randint(k, (2,), np.array([1, 2]), 10)
r.randint(k, (2, 3), np.array([[1], [2]]), np.array([5, 6, 7]))|r.randint(k, (2,), np.array([1, 2]), 10, 'int8')
r.permutation(k, np.arange(24).reshape(2, 3, 4), axis=1, independent=True)|r.choice(k, 3, (9,), p=np.array([.2, .3, .5]))
r.choice(k, 3, (2,), False, np.array([.2, .3, .5]))|r.choice(k, 3, (3,), p=np.array([.5, .5]))|r.choice(k, 3, (3,), p=[.2, .3, .5])
r.choice(k, 3, (2,), False, np.array([.2, .3, .5]), mode='high')|r.categorical(k, np.arange(6.).reshape(2, 3))
r.categorical(k, np.arange(6.).reshape(2, 3), shape=(5, 2))|r.categorical(k, np.arange(3.).reshape(1, 3), shape=(7,))
r.categorical(k, np.arange(3))|r.categorical(k, np.arange(6.).reshape(2, 3), shape=(2, 2), replace=False)
r.categorical(k, np.arange(3.), shape=(4,), replace=False)|r.categorical(k, np.arange(6.).reshape(2, 3), axis=0, shape=(4, 3))
~r.categorical(k, np.arange(6.).reshape(2, 3), shape=(3,))|r.categorical(k, [1., 2.])
r.categorical(k, np.arange(6.).reshape(2, 3), axis=5)|r.key(5, impl='philox2x32')|r.key(5, impl='philox4x32')
r.key(5, impl='threefry4x32')|r.split(r.key(5, impl='philox4x32'), 3)|r.fold_in(r.key(5, impl='philox4x32'), 3)
r.normal(r.key(5, impl='philox4x32'), (30,))|r.normal(r.key(5, impl='threefry4x32'), (30,))
"""
WITH_X64 = """
k|r.key(2**40 + 1)|r.key(-5)|r.key(-2**63)|r.key(np.int32(-5))|r.key(np.uint32(2**32 - 1))|r.key(np.int64(-5))|r.key(np.uint64(2**63))
r.uniform(k, (30,))|r.normal(k, (300,))|r.normal(k, (30,), 'float32')|r.normal(k, (30,), 'float16')|r.bits(k, (3,))
r.bits(k, (3,), 'uint32')|r.randint(k, (9,), 0, 10)|r.randint(k, (9,), 0, 2**40)|r.randint(k, (9,), -2**63, 2**63 - 1)
r.randint(k, (9,), 0, 10, 'int32')|r.permutation(k, 9)|r.permutation(k, np.arange(4.))|r.choice(k, np.arange(9.), (3,))
r.bernoulli(k, 0.3, (100,))|r.rademacher(k, (9,))|r.bernoulli(k, np.float32(0.3), (100,))|r.exponential(k, (100,))
r.uniform(k, (100,), minval=-3, maxval=4)|r.pareto(k, 1.5, (100,))|r.truncated_normal(k, -1, 2, (100,))
r.truncated_normal(k, -1, 2, (100,), 'float32')|r.split(k, 3)|r.fold_in(k, 2**32 - 1)|r.gamma(k, 0.5, (100,))|r.poisson(k, 30., (100,))
r.binomial(k, 100, .3, (100,))|r.beta(k, .5, 2., (100,))|r.categorical(k, np.arange(6.).reshape(2, 3), shape=(5, 2))
r.choice(k, 3, (9,), p=np.array([.2, .3, .5]))|r.maxwell(k, (100,))
"""
ORIGINAL = """
r.split(k)|r.split(k, 3)|r.fold_in(k, 9)|r.bits(k, (5,))|r.bits(k, (5,), 'uint8')|r.bits(k, (5,), 'uint16')|r.uniform(k, (7,))
r.normal(k, (300,))|r.randint(k, (9,), 0, 10)|r.randint(k, (9,), 0, 10, 'int8')|r.permutation(k, 50)|r.choice(k, 50, (9,), False)
r.bernoulli(k, 0.3, (100,))|r.split(r.key(5, impl='rbg'), 3)|r.normal(r.key(5, impl='rbg'), (30,))
r.split(r.key(5, impl='unsafe_rbg'), 3)
"""
RBG = "k|r.PRNGKey(3)|r.split(r.PRNGKey(3))|r.normal(r.PRNGKey(3), (30,))|r.key_impl(r.PRNGKey(3))|r.key_dtype().name|r.normal(k, (30,))"
_OFF = 'jax.config.update("jax_enable_x64", False); jax.config.update("jax_threefry_partitionable", True)\n'
_OFF += 'jax.config.update("jax_default_prng_impl", "threefry2x32")\n'
SETS = {
    "plain": (_OFF + "k = r.key(7)", CALLS),
    "parameters": (_OFF + "k = r.key(7)", PARAMETERS),
    "x64": (_OFF + 'jax.config.update("jax_enable_x64", True); k = r.key(2**40 + 7)', WITH_X64),
    "original": (_OFF + 'jax.config.update("jax_threefry_partitionable", False); k = r.key(7)', ORIGINAL),
    "rbg": (_OFF + 'jax.config.update("jax_default_prng_impl", "rbg"); k = r.key(7)', RBG),
}
# The library's float16 is that of processors with AVX512-FP16; elsewhere XLA rounds what it computes twice. uniform is exact anywhere.
HAS_FP16 = " avx512_fp16 " in pathlib.Path("/proc/cpuinfo").read_text().replace("\n", " ")
ASKED = [(name, call) for name, (_, calls) in SETS.items() for line in calls.strip().splitlines() for call in line.split("|")
         if HAS_FP16 or "float16" not in call or "r.uniform(k, (17,)" in call]


@pytest.fixture(scope="module")
def answers():
    calls = [(SETS[name][0], call) for name, call in ASKED]
    return dict(zip(ASKED, frameworks_beside.disagreements("jax", calls)))


@pytest.mark.parametrize("name, call", ASKED)
def test_as_jax(answers, name, call):
    assert answers[name, call] is None, call + "\n  ours: " + answers[name, call]


# ---- what JAX has no part in ----


@pytest.fixture(autouse=True)
def options():
    before = dict(jax.config._values)
    yield
    for name, value in before.items():
        jax.config.update(name, value)


def test_what_this_processor_lets_compare(capsys):
    with capsys.disabled():
        if not HAS_FP16:
            print("\nno AVX512-FP16 here: float16 is compared in uniform alone")
    assert HAS_FP16 == any("float16" in call and "r.uniform" not in call for _, call in ASKED)


def test_options_are_of_all_threads_and_blocks_of_their_own():
    key = jax.random.key(0)
    partitionable = jax.random.uniform(key, (3,)).tolist()
    seen = []
    with jax.threefry_partitionable(False), jax.enable_x64():
        original = jax.random.uniform(key, (3,), np.float32).tolist()
        assert jax.random.uniform(key).dtype == np.float64 and jax.config.jax_enable_x64
        thread = threading.Thread(target=lambda: seen.append(jax.random.uniform(key, (3,))))
        thread.start()
        thread.join()
        jax.config.update("jax_default_prng_impl", "rbg")
        assert jax.random.key(0).shape == () and jax.random.key_impl(jax.random.key(0)) == "rbg"
    assert original != partitionable == seen[0].tolist() and seen[0].dtype == np.float32
    assert not jax.config.jax_enable_x64 and jax.config.jax_threefry_partitionable
    jax.config.update("jax_threefry_partitionable", False)
    assert jax.random.uniform(key, (3,)).tolist() == original


def test_an_older_release_counts_in_the_original_way_unless_told_otherwise():
    key = jax.random.key(0)
    jax.config.update("oneseed_jax_version", "0.4.35")
    assert not jax.config.jax_threefry_partitionable
    assert jax.random.uniform(key).item() == np.float32(0.41845703)
    eighths = jax.random.randint(jax.random.key(0), (30,), 0, 100, "uint8").tolist()
    jax.config.update("jax_threefry_partitionable", True)
    assert jax.random.uniform(key).item() == np.float32(0.947667)
    jax.config.update("oneseed_jax_version", "0.7.2")
    jax.config.update("jax_threefry_partitionable", False)
    assert jax.random.randint(jax.random.key(0), (30,), 0, 100, "uint8").tolist() != eighths
    for version in ("0", "new", "0.x"):
        with pytest.raises(ValueError, match="want a release of JAX"):
            jax.config.update("oneseed_jax_version", version)


def test_options_are_refused_as_jax_refuses_them():
    with pytest.raises(AttributeError, match="^Unrecognized config option: foo$"):
        jax.config.update("foo", 1)
    with pytest.raises(ValueError, match="^new enum value must be in .*, got a of type <class 'str'>.$"):
        jax.config.update("jax_default_prng_impl", "a")
    with pytest.raises(ValueError, match="^oneseed_jax_cpu: want one of"):
        jax.config.update("oneseed_jax_cpu", "sse")
    with pytest.raises(AttributeError):
        jax.config.foo  # noqa: B018


def test_the_environment_counts():
    lines = "from oneseed import jax; print(jax.random.uniform(jax.random.key(0)), jax.random.key_data(jax.random.key(1)))"
    settings = {"JAX_ENABLE_X64": "true", "JAX_THREEFRY_PARTITIONABLE": "0", "JAX_RANDOM_SEED_OFFSET": "2", "JAX_DEFAULT_PRNG_IMPL": "rbg"}
    done = subprocess.run([sys.executable, "-c", lines], env={**os.environ, **settings}, capture_output=True, text=True)
    with jax.enable_x64(), jax.threefry_partitionable(False):
        want = jax.random.uniform(jax.random.key(2, impl="rbg"))
    assert done.stdout == "%s [0 3 0 3]\n" % want, done.stderr
    done = subprocess.run([sys.executable, "-c", lines], env={**os.environ, "JAX_ENABLE_X64": "x"}, capture_output=True, text=True)
    assert "ValueError: invalid truth value 'x' for environment 'JAX_ENABLE_X64'" in done.stderr


def test_numbers_of_64_bits_that_are_not_there_are_said():
    with pytest.warns(UserWarning, match="^Explicitly requested dtype float64 is not available, and will be truncated to dtype float32"):
        assert jax.random.normal(jax.random.key(0), (3,), "float64").dtype == np.float32
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        jax.random.normal(jax.random.key(0), (3,), float)


def test_what_is_not_known_is_refused():
    key, refused = jax.random.key(0), pytest.raises(NotImplementedError, match="oneseed.jax knows")
    with refused:
        jax.random.normal(key, (3,), "complex64")
    with refused:
        jax.random.normal(key, (3,), out_sharding=1)


def test_keys_are_pickled_and_copied():
    keys = jax.random.split(jax.random.key(5, impl="rbg"), 3)
    again = pickle.loads(pickle.dumps(keys))
    assert (again == keys).all() and repr(again) == repr(keys) and (keys.copy() != keys).sum() == 0
    assert jax.random.key(0).__eq__(3) is NotImplemented


def test_many_threads_draw_what_one_draws():
    keys = list(jax.random.split(jax.random.key(3), 8))
    want = [jax.random.normal(key, (20000,)).tobytes() for key in keys]
    got = [None] * len(keys)

    def work(k):
        got[k] = jax.random.normal(keys[k], (20000,)).tobytes()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(len(keys))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == want


def test_without_numpy_it_says_what_is_needed():
    lines = "import sys; sys.modules['numpy'] = None\ntry:\n    import oneseed.jax\nexcept ImportError as error:\n    print(error)"
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True)
    assert "pip install numpy" in done.stdout, done.stderr


def test_the_extension_refuses_what_the_package_never_asks():
    from oneseed import _streams

    words, out = np.zeros(2, np.uint32), np.empty(3, np.float32)
    normal = _streams._jax_samplers["normal"]
    for arguments in [(99, words, 0, 2, out), (normal, words[:1], 0, 2, out), (normal, words, 15, 2, out), (normal, words, 0, 99, out),
                      (normal, words, 0, 2), (normal, words, 0, 2, b"123"), (normal, "a", 0, 2, out), ()]:  # fmt: skip
        with pytest.raises((ValueError, TypeError, BufferError)):
            _streams._jax_draw(*arguments)
    with pytest.raises((ValueError, BufferError)):
        _streams._jax_seed(15, 0, np.zeros(4, np.uint32))
