"""keras.random for oneseed.keras: seeds and samplers. See oneseed.keras."""

# SPDX-License-Identifier: MIT
import math
import operator
import random as _python_random

from . import _keras_config as _config
from . import _streams
from ._arrays import BFLOAT16, BOOL, empty, np

_draw = _streams._keras_draw
_samplers = _streams._keras_samplers
_global = None  # the SeedGenerator of calls without a seed

# ---- seeds ----


class SeedGenerator:
    """Seeds, one after the other: a pair of numbers that each call of keras.random moves on."""

    def __init__(self, seed=None, name=None):
        self.name = "seed_generator" if name is None else name
        self._initial_seed = seed
        if seed is None:
            seed = make_default_seed()
        if not isinstance(seed, int):
            raise ValueError("Argument `seed` must be an integer. Received: seed=%s" % (seed,))
        self._pair = _streams._keras_seed(_config.which(), True, _fitting(seed))

    @property
    def state(self):
        """The pair, in the backend's dtype of seeds."""
        return _array_of(self._pair)

    def next(self, ordered=True):
        """The pair to draw with; the state moves on."""
        return _array_of(self._next(ordered))

    def _next(self, ordered):
        pair, self._pair = _streams._keras_next(_config.which(), *self._pair, ordered)
        return pair

    def get_config(self):
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def _array_of(pair):
    return np.array(pair, np.int64).astype(_config.SEED_DTYPES[_config.backend()])


def _fitting(seed):
    if not -(2**63) <= seed < 2**63:
        raise ValueError("Can't convert Python sequence with out-of-range integer to Tensor.")
    return int(seed)


def make_default_seed():
    """The seed of what gets none: a number of Python's global generator."""
    return _python_random.randint(1, int(1e9))


def _forget_global():
    global _global
    _global = None


def _global_generator():
    global _global
    if _global is None:
        _global = SeedGenerator()
    return _global


def _pair_of(seed):
    """The pair to draw with, of what a caller gives as seed."""
    if isinstance(seed, SeedGenerator):
        return seed._next(True)
    if isinstance(seed, int):
        return _streams._keras_seed(_config.which(), False, _fitting(seed))
    if seed is None:
        return _global_generator()._next(False)
    raise ValueError(
        "Argument `seed` must be either an integer or an instance of `SeedGenerator`. Received: seed=%s (of type %s)" % (seed, type(seed))
    )


# ---- samplers ----


def _shape_of(shape):
    if isinstance(shape, int) and _config.backend() != "tensorflow":
        return (int(shape),)
    return tuple(operator.index(n) for n in shape)


def _number(value, function):
    if np.ndim(value):
        raise NotImplementedError("%s: oneseed.keras knows it with numbers as parameters" % function)
    return float(value)


def _result(dtype):
    """The dtype that comes out of a call that asks for one."""
    code = _streams._keras_result_dtype(_config.which(), dtype.code)
    return dtype if code == dtype.code else _config.as_dtype(_config.DTYPES[code])


def _give(name, shape, dtype, seed, *parameters):
    made = _result(dtype)
    out = empty(_shape_of(shape), made.numpy)
    _draw(_samplers[name], _config.which(), *_pair_of(seed), made.code, out, parameters)
    return out


def _floating(dtype, function):
    found = _config.as_dtype(dtype)
    if found.kind != "f":
        raise TypeError("%s: dtype must be a floating one, got %s" % (function, found.name))
    return found


def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normals."""
    mean, stddev = _number(mean, "normal"), _number(stddev, "normal")
    return _give("normal", shape, _floating(dtype, "normal"), seed, mean, stddev)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normals that are at most two standard deviations from the mean."""
    mean, stddev = _number(mean, "truncated_normal"), _number(stddev, "truncated_normal")
    return _give("truncated_normal", shape, _floating(dtype, "truncated_normal"), seed, mean, stddev)


def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    """Uniform from minval up to, not including, maxval."""
    if dtype and _config.as_dtype(dtype).kind != "f":
        raise ValueError("`keras.random.uniform` requires a floating point `dtype`. Received: dtype=%s " % (dtype,))
    minval, maxval = _number(minval, "uniform"), _number(maxval, "uniform")
    return _give("uniform", shape, _config.as_dtype(dtype), seed, minval, maxval)


def randint(shape, minval, maxval, dtype="int32", seed=None):
    """Integers from minval to maxval - 1."""
    if dtype and _config.as_dtype(dtype).kind not in "iu":
        raise ValueError("`keras.random.randint` requires an integer `dtype`. Received: dtype=%s " % (dtype,))
    return _give("randint", shape, _config.as_dtype(dtype), seed, operator.index(minval), operator.index(maxval))


def _parameter(value, shape):
    array = np.asarray(value)
    if not array.ndim:
        return float(array)
    return np.ascontiguousarray(np.broadcast_to(array, shape), np.float64)


def gamma(shape, alpha, dtype=None, seed=None):
    """Gammas with shape parameter alpha and scale 1."""
    shape = _shape_of(shape)
    return _give("gamma", shape, _floating(dtype, "gamma"), seed, _parameter(alpha, shape))


class TypePromotionError(ValueError):
    """As JAX's."""


def _require_safe_cast(given, name):
    """JAX's beta takes no array of another floating dtype for values of a half type."""
    if isinstance(given, (int, float)) and not isinstance(given, np.generic):
        return
    found = np.asarray(given).dtype.name
    if found == "float64" and not int.from_bytes(_config.which()[16:20], "little"):
        found = "float32"
    if "float" in found and found != name:
        raise TypePromotionError("In arguments to beta, cannot safely cast argument of type %s to %s" % (found, name))


def beta(shape, alpha, beta, dtype=None, seed=None):
    """Of the beta distribution."""
    shape, found = _shape_of(shape), _floating(dtype, "beta")
    if _config.backend() == "jax" and found.name in ("float16", "bfloat16"):
        for given in (alpha, beta):
            _require_safe_cast(given, found.name)
    return _give("beta", shape, found, seed, _parameter(alpha, shape), _parameter(beta, shape))


def binomial(shape, counts, probabilities, dtype=None, seed=None):
    """Successes in `counts` trials, as floats."""
    shape = _shape_of(shape)
    return _give("binomial", shape, _floating(dtype, "binomial"), seed, _parameter(counts, shape), _parameter(probabilities, shape))


def categorical(logits, num_samples, dtype="int32", seed=None):
    """Classes by the logits in rows."""
    array = _tensor(logits)
    if array.ndim != 2:
        raise ValueError("`logits` should be a 2-D tensor with shape [batch_size, num_classes]. Received: logits=%s" % (logits,))
    name = array.dtype.name
    found, made = _config.as_dtype(name if name in ("float32", "float64") else "float32"), _config.as_dtype(dtype)
    if _config.backend() == "jax" and not int.from_bytes(_config.which()[16:20], "little"):
        found = _config.as_dtype("float32")
    out, n_samples = np.empty((len(array), operator.index(num_samples)), np.int64), operator.index(num_samples)
    numbers = np.ascontiguousarray(array, found.numpy)
    _streams._keras_categorical(_config.which(), *_pair_of(seed), found.code, numbers, *array.shape, n_samples, out)
    return out.astype(_result(made).numpy)


def _tensor(value):
    """A value as an array, Python's floats in the default dtype."""
    if hasattr(value, "__array__"):
        return np.asarray(value)
    array = np.asarray(value)
    if _config.backend() == "numpy":
        return array
    name = {"float64": _config.floatx(), "int64": "int32"}.get(array.dtype.name, array.dtype.name)
    return array.astype(name)


def dropout(inputs, rate, noise_shape=None, seed=None):
    """Zeros with probability rate, the rest larger by 1 / (1 - rate)."""
    array = _tensor(inputs)
    dtype = _config.as_dtype(array.dtype)
    if rate == 1.0:
        return np.zeros_like(array)
    if rate == 0.0:
        return array
    if not 0 <= rate < 1 and _config.backend() == "tensorflow":
        raise ValueError("`rate` must be a scalar tensor or a float in the range [0, 1). Received: rate=%s" % (rate,))
    unseeded = seed is None or isinstance(seed, SeedGenerator) and seed._initial_seed is None
    if _config.backend() == "torch" and unseeded and noise_shape is None:
        return _torch_dropout(array, rate)
    shape = array.shape
    if noise_shape is not None:
        shape = tuple(array.shape[k] if n is None else operator.index(n) for k, n in enumerate(noise_shape))
    out = empty(array.shape, array.dtype)
    if shape == array.shape:
        numbers = np.ascontiguousarray(array)
        _streams._keras_dropout(_config.which(), *_pair_of(seed), dtype.code, float(rate), numbers, out)
        return out
    if dtype.name == BFLOAT16 or array.dtype.name == BFLOAT16:
        raise NotImplementedError("dropout: oneseed.keras knows a noise_shape of float16, float32 and float64")
    keep = empty(shape, BOOL)
    _draw(_samplers["keep"], _config.which(), *_pair_of(seed), dtype.code, keep, (float(rate),))
    larger = array * array.dtype.type(1 / (1 - rate)) if _config.backend() == "tensorflow" else array / array.dtype.type(1 - rate)
    return np.where(np.broadcast_to(keep, array.shape), larger, array.dtype.type(0))


def _torch_dropout(array, rate):
    """Without a seed Keras asks PyTorch's own generator."""
    from . import torch

    return np.array(torch.dropout(torch.tensor(array), rate, True))


def shuffle(x, axis=0, seed=None):
    """An array with its elements along the axis in a random order."""
    array = _tensor(x)
    if _config.backend() == "jax" and array.dtype.name in _config.DTYPES:  # without x64 nothing of 64 bits
        array = array.astype(_result(_config.as_dtype(array.dtype)).numpy, copy=False)
    axis = axis % array.ndim
    outer, n, inner = math.prod(array.shape[:axis]), array.shape[axis], math.prod(array.shape[axis + 1 :])
    index = np.empty(array.shape, np.uint32)
    _streams._keras_shuffle(_config.which(), *_pair_of(seed), outer, n, inner, index)
    return np.take_along_axis(array, index.astype(np.intp), axis)
