"""test_streams_keras.py - oneseed.keras against the live Keras on three backends: bits, dtypes, shapes, errors and their words, and what
Keras, Python and NumPy draw afterwards."""

# SPDX-License-Identifier: MIT
import os
import pathlib
import subprocess
import sys

import frameworks_beside
import numpy as np
import pytest

from oneseed import keras

# What both are asked. Names: keras, r is keras.random, np.
CALLS = """
r.normal((2,))|r.normal((2,),seed=1)|r.normal((2,),seed=1.5)|r.normal((2,),seed='a')|~r.normal((2,),seed=-1)|~r.normal((2,),seed=2**32)
~r.normal((2,),seed=2**70)|r.normal((2,),seed=np.int64(3))|r.normal((2,),dtype='float16',seed=1)|r.normal((2,),dtype='float64',seed=1)
r.normal((2,),dtype=np.float32,seed=1)|r.normal([2],seed=1)|r.normal((2,),mean=3,stddev=2,seed=1)|r.uniform((2,),dtype='int32')
r.uniform((2,),0,5,seed=1)|r.uniform((2,),1,0,seed=1)|r.randint((2,),0,5,seed=1)|r.randint((2,),0,5,dtype='float32',seed=1)
r.randint((2,),0,5,dtype='int64',seed=1)|r.randint((2,),0,5,dtype='uint8',seed=1)|~r.randint((2,),5,5,seed=1)
r.truncated_normal((2,),seed=1)|r.categorical([1.,2.,3.],4,seed=1)|r.categorical(np.array([[1.,2.,3.]]),4,seed=1)
r.dropout(np.ones(5,'float32'),.5,seed=1)|r.dropout(np.ones(5,'float32'),.5)
r.dropout(np.ones((2,3),'float32'),.5,noise_shape=(2,1),seed=1)|r.dropout(np.ones((2,3),'float32'),.5,noise_shape=(None,1),seed=1)
r.dropout(np.ones(5,'float32'),0.,seed=1)|r.dropout(np.ones(5,'float32'),1.,seed=1)|~r.dropout(np.ones(5,'float32'),1.5,seed=1)
r.shuffle(np.arange(5),seed=1)|r.shuffle(np.arange(6.).reshape(2,3),axis=1,seed=1)|r.shuffle(np.array([1, 2, 3]), seed=1)
r.beta((3,), np.array([1., 2., 3.], np.float32), 2., dtype='float16', seed=1)
r.beta((3,), np.array([1., 2., 3.], np.float16), 2., dtype='float16', seed=1)
r.gamma((3,),2.,seed=1)|r.gamma((3,), np.array([1., 2., 3.]), seed=1)|r.beta((3,),2.,3.,seed=1)|r.binomial((3,),10.,.5,seed=1)
r.binomial((3,),10,.5,seed=1)|r.SeedGenerator(5).state|[r.SeedGenerator(5).next(),r.SeedGenerator(5).next(ordered=False)]
r.SeedGenerator(1.5)|~r.SeedGenerator(-1).state|~r.SeedGenerator(2**40).state|r.SeedGenerator().state|[r.normal((2,)),r.normal((2,))]
r.categorical(np.array([[1., 2., 3.]], np.float32), 4, 'int64', seed=1)|keras.initializers.GlorotUniform()((2,3))
keras.initializers.GlorotUniform(seed=3)((2,3))|keras.initializers.get('he_normal')((2,3))|keras.utils.set_random_seed(-1)
keras.utils.set_random_seed(1.5)|keras.utils.set_random_seed(2**32)|[r.normal((3,), seed=g) for g in [r.SeedGenerator(4)] * 3]
[r.uniform((3,)), r.normal((3,)), r.uniform((2,), seed=3)]|r.normal((1000,), seed=5)|r.truncated_normal((1000,), 1., 3., seed=5)
r.shuffle(np.arange(24.).reshape(2, 3, 4), axis=1, seed=5)|keras.initializers.RandomNormal(seed=3)((2, 3, 4))
keras.initializers.RandomUniform(seed=3)((2, 3, 4))|keras.initializers.TruncatedNormal(seed=3)((2, 3, 4))
keras.initializers.GlorotNormal(seed=3)((2, 3, 4))|keras.initializers.HeUniform(seed=3)((2, 3, 4))
keras.initializers.LecunNormal(seed=3)((2, 3, 4))|keras.initializers.LecunUniform(seed=3)((2, 3, 4))
[g((2, 3)) for g in [keras.initializers.GlorotUniform()] * 2]
keras.initializers.VarianceScaling(0.5, 'fan_out', 'untruncated_normal', seed=2)((5,))|keras.initializers.VarianceScaling(-1.)
keras.initializers.GlorotUniform(seed=1.5)|keras.initializers.HeNormal(seed=1)((3, 3), dtype='float16')
keras.initializers.get('glorot_uniform')((4, 4))
"""
HAS_FP16 = " avx512_fp16 " in pathlib.Path("/proc/cpuinfo").read_text().replace("\n", " ")
ASKED = [call for line in CALLS.strip().splitlines() for call in line.split("|")]


@pytest.fixture(scope="module", params=["tensorflow", "jax", "numpy"])
def answers(request):
    # Of JAX's float16 the library has what processors with AVX512-FP16 compute.
    asked = [call for call in ASKED if HAS_FP16 or request.param != "jax" or "float16" not in call]
    found = frameworks_beside.disagreements("keras-" + request.param, [("keras.utils.set_random_seed(7)", call) for call in asked])
    return {**dict.fromkeys(ASKED), **dict(zip(asked, found))}


@pytest.mark.parametrize("call", ASKED)
def test_as_keras(answers, call):
    assert answers[call] is None, call + "\n  ours: " + answers[call]


# ---- what Keras has no part in ----


@pytest.fixture(autouse=True)
def settings():
    yield
    keras.config.set_backend("tensorflow")
    keras.config.set_floatx("float32")
    keras.config.set_version(None)


def test_backends_are_switched():
    first = {}
    for name in ("tensorflow", "jax", "torch", "numpy"):
        keras.config.set_backend(name)
        assert keras.config.backend() == name
        first[name] = keras.random.normal((3,), seed=42).tolist()
    assert len({str(numbers) for numbers in first.values()}) == 4
    assert str(np.float32(first["numpy"])) == "[ 0.3047171 -1.0399841  0.7504512]"
    with pytest.raises(ValueError, match="^Unable to import backend : theano$"):
        keras.config.set_backend("theano")


def test_the_torch_backend_draws_from_a_generator_of_the_sum_of_the_pair():
    from oneseed import torch

    keras.config.set_backend("torch")
    seeds = keras.random.SeedGenerator(7)
    seeds.next()
    got = keras.random.normal((20,), seed=seeds)
    assert got.tobytes() == bytes(torch.normal(0.0, 1.0, (20,), generator=torch.Generator(8)))
    torch.manual_seed(3)
    want = np.array(torch.dropout(torch.ones(9), 0.5, True))
    torch.manual_seed(3)
    assert keras.random.dropout(np.ones(9, np.float32), 0.5).tolist() == want.tolist()


def test_a_release_keeps_its_global_seed_generator():
    def numbers():
        keras.utils.set_random_seed(3)
        return keras.random.normal((2,)).tolist()

    assert numbers() == numbers()
    keras.config.set_version("3.4.1")
    numbers()
    assert numbers() != numbers()
    with pytest.raises(ValueError, match="want a release of Keras"):
        keras.config.set_version("new")


def test_the_default_dtype_and_jaxs_options_count():
    from oneseed import jax

    keras.config.set_floatx("float16")
    assert keras.random.uniform((2,), seed=1).dtype == np.float16
    keras.config.set_backend("jax")
    keras.config.set_floatx("float32")
    partitionable = keras.random.uniform((3,), seed=42).tolist()
    with jax.threefry_partitionable(False):
        assert keras.random.uniform((3,), seed=42).tolist() != partitionable
    assert str(np.float32(partitionable)) == "[0.56672966 0.06554866 0.38167238]"
    with pytest.raises(ValueError, match="^Unknown `floatx` value: int32"):
        keras.config.set_floatx("int32")


def test_what_is_not_known_is_refused():
    with pytest.raises(NotImplementedError, match="^normal: oneseed.keras knows it with numbers as parameters$"):
        keras.random.normal((2,), mean=[1.0, 2.0])


def test_the_extension_refuses_what_the_package_never_asks():
    from oneseed import _streams

    which, out = keras.config.which(), np.empty(3, np.float32)
    for arguments in [(99, which, 0, 0, 2, out, (0.0, 1.0)), (0, b"", 0, 0, 2, out, (0.0, 1.0)), (0, which, 0, 0, 99, out, (0.0, 1.0)),
                      (0, which, 0, 0, 2, out, ()), (0, which, 0, 0, 2, b"123", (0.0, 1.0)), (0, b"\xff" * 32, 0, 0, 2, out, (0.0, 1.0))]:
        with pytest.raises((ValueError, TypeError, BufferError)):
            _streams._keras_draw(*arguments)


LAYERS = """
import numpy as np
import keras as live
from oneseed import keras as ours

def weights(keras):
    keras.utils.set_random_seed(1)
    layers = keras.layers
    made = [(layers.Dense(3), (None, 4)), (layers.Dropout(0.5), (None, 4)), (layers.Conv2D(4, 3), (None, 8, 8, 3)),
            (layers.Embedding(7, 5), (None,)), (layers.LSTM(4), (None, 5, 3)), (layers.GRU(4), (None, 5, 3)),
            (layers.BatchNormalization(), (None, 4)), (layers.Conv1D(4, (2,), groups=2), (None, 8, 4)),
            (layers.Flatten(), (None, 4)), (layers.Dense(2, use_bias=False), (None, 3))]
    for layer, shape in made:
        layer.build(shape)
    return [np.asarray(weight) for layer, _ in made for weight in layer.get_weights()]

mine, theirs = weights(ours), weights(live)
assert len(mine) == len(theirs) == 18 and [one.shape for one in mine] == [one.shape for one in theirs]
# An orthogonal matrix is LAPACK's or Eigen's: close, not equal.
ORTHOGONAL = {6, 9}
for k, (one, other) in enumerate(zip(mine, theirs)):
    assert one.dtype == other.dtype
    assert np.abs(one - other).max() < 1e-6 if k in ORTHOGONAL else one.tobytes() == other.tobytes(), (k, one, other)
print("equal")
"""


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_initial_weights_of_layers(backend):
    environment = {**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": str(frameworks_beside.PACKAGE), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([frameworks_beside.PYTHON, "-W", "ignore", "-c", LAYERS], env=environment, capture_output=True, text=True)
    assert done.stdout.endswith("equal\n"), done.stderr[-2000:]


def test_modules_are_imported_by_their_names():
    lines = "from oneseed.keras.layers import Dense\nfrom oneseed.keras.random import SeedGenerator\nimport oneseed.jax.random as jr\n"
    done = subprocess.run([sys.executable, "-c", lines + "print(jr.key(0), Dense(2), SeedGenerator(1))"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_layers_refuse_as_keras_does():
    with pytest.raises(NotImplementedError, match="not with kernel_initializer=$"):
        keras.layers.Dense(3, kernel_initializer="zeros")
    with pytest.raises(ValueError, match="^Invalid value received for argument `rate`"):
        keras.layers.Dropout(2)
    with pytest.raises(AttributeError, match="^'Dense' object has no attribute 'foo'$"):
        keras.layers.Dense(3).foo  # noqa: B018
    keras.utils.set_random_seed(1)
    dense = keras.layers.Dense(3)
    dense.build((None, 4))
    assert dense.kernel is dense.weights[0] and dense.bias.tolist() == [0.0, 0.0, 0.0]
