"""tf.random for oneseed.tensorflow: operations with the eager context's seeds, and stateless ones. See oneseed.tensorflow."""

# SPDX-License-Identifier: MIT
import enum

from . import _streams
from ._arrays import np
from ._tensorflow_core import (
    FLOAT32, INT32, INT64, as_dtype, broadcast_shapes, context, integer, invalid, is_tensorflows, names, shape_of, stateless_place,
    stateless_seed, tensor, v1_place,
)  # fmt: skip
from ._tensorflow_core import InvalidArgumentError as _InvalidArgumentError
from ._tensorflow_core import NotFoundError as _NotFoundError
from ._tensorflow_draws import (
    BINOMIAL, GAMMA, POISSON, categories, full_integers, normals, of_attribute, rejected, samples_shape, shuffled, uniform_floats,
    uniform_integers,
)  # fmt: skip
from ._tensorflow_generator import Generator, create_rng_state, get_global_generator, set_global_generator  # noqa: F401

_FLOATS = ("float16", "bfloat16", "float32", "float64")


class Algorithm(enum.Enum):
    """Of stateless operations and generators."""

    PHILOX = 1
    THREEFRY = 2
    AUTO_SELECT = 3


def set_seed(seed):
    """Sets the global seed: operations begin anew."""
    context.set_seed(seed)


def _floating(dtype, operation):
    if dtype.kind == "f":
        return dtype
    raise _InvalidArgumentError(
        "Value for attr 'dtype' of %s is not in the list of allowed values: half, bfloat16, float, double" % dtype.name
    )


def _parameters(dtype, mean, stddev):
    return tensor(mean, dtype), tensor(stddev, dtype)


# ---- with the seeds of the eager context ----


def uniform(shape, minval=0, maxval=None, dtype=FLOAT32, seed=None, name=None):
    """Uniform from minval up to, not including, maxval: floats, in [0, 1) by default, or int32 and int64 with a maxval."""
    found = as_dtype(dtype)
    if found.name not in (*_FLOATS, "int32", "int64"):
        raise ValueError(
            "Argument `dtype` got invalid value %s. Accepted dtypes are %s." % (found, names(*_FLOATS, "int32", "int64"))
        )
    if maxval is None:
        if found.is_integer:
            raise ValueError("Must specify maxval for integer dtype tf.%s" % found.name)
        maxval = 1
    is_whole, from_zero, to_one = found.is_integer, isinstance(minval, int) and minval == 0, isinstance(maxval, int) and maxval == 1
    operation = "RandomUniformInt" if is_whole else "RandomUniform"
    if type(shape) not in (tuple, list):
        tensor(shape)
    if is_whole:
        minval, maxval = integer(minval, found), integer(maxval, found)
    elif not (from_zero and to_one):
        minval, maxval = _parameters(found, minval, maxval)
    place, extents = _kernel(operation, shape, found, seed)
    if is_whole:
        return uniform_integers(place, True, extents, found, minval, maxval, operation)
    return uniform_floats(place, True, extents, found, None if from_zero else minval, None if from_zero and to_one else maxval)


def _kernel(operation, shape, dtype, seed):
    """(place, shape) of an operation, which takes its seed before it looks at the shape."""
    try:
        extents, is_wide = shape_of(operation, shape)
    except _InvalidArgumentError:
        context.operation_seed(seed)
        raise
    return context.kernel((operation, dtype.name, is_wide), seed), extents


def normal(shape, mean=0.0, stddev=1.0, dtype=FLOAT32, seed=None, name=None):
    """Normals."""
    found = as_dtype(dtype)
    mean, stddev = _parameters(found, mean, stddev)
    if found.kind != "f":
        context.operation_seed(seed)
    place, extents = _kernel("RandomStandardNormal", shape, _floating(found, "RandomStandardNormal"), seed)
    return normals(place, True, extents, found, mean, stddev, False)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=FLOAT32, seed=None, name=None):
    """Normals that are at most two standard deviations from the mean."""
    found = as_dtype(dtype)
    mean, stddev = _parameters(found, mean, stddev)
    if found.kind != "f":
        context.operation_seed(seed)
    place, extents = _kernel("TruncatedNormal", shape, _floating(found, "TruncatedNormal"), seed)
    return normals(place, True, extents, found, mean, stddev, True)


def shuffle(value, seed=None, name=None):
    """A tensor with its rows in a random order."""
    if value is None:  # the seed comes before the tensor
        context.operation_seed(seed)
    array = tensor(value)
    return shuffled(array, context.kernel(("RandomShuffle", array.dtype.name), seed), True)


_REJECTION_DTYPES = ("float16", "float32", "float64", "int32", "int64")


def _gamma_parameters(alpha, beta, dtype):
    """alpha and beta in their common shape; beta None where it is 1."""
    alpha = np.asarray(tensor(alpha, dtype))
    if beta is None:
        return alpha, None
    beta = np.asarray(tensor(beta, dtype))
    shape = broadcast_shapes("BroadcastArgs", alpha.shape, beta.shape)
    return np.broadcast_to(alpha, shape), np.broadcast_to(beta, shape)


def gamma(shape, alpha, beta=None, dtype=FLOAT32, seed=None, name=None):
    """Gammas with shape parameter alpha and rate beta; `shape` of them for each."""
    found, extents = as_dtype(dtype), tensor(shape, INT32)
    alpha, beta = _gamma_parameters(alpha, beta, found)
    place = context.kernel(("RandomGamma", found.name), seed)
    of_attribute("T", found.name, _REJECTION_DTYPES[:3])
    return rejected(GAMMA, place, True, _gamma_shape(extents), found, alpha, beta)


def _gamma_shape(extents):
    extents = np.asarray(extents)
    if extents.ndim:
        return shape_of("RandomGamma", extents.astype(np.int32))[0]
    text = "shape must be a vector of {int32,int64}, got shape: Tensor<type: int32 shape: [] values: %d> [Op:RandomGamma]"
    raise _InvalidArgumentError(text % extents)


def poisson(shape, lam, dtype=FLOAT32, seed=None, name=None):
    """Poisson's numbers with rate lam; `shape` of them for each."""
    found, extents = as_dtype(dtype), np.asarray(tensor(shape, INT32))
    pair = context.operation_seed(seed)
    # A number of Python's is float64 on TensorFlow's fast path, on which a dtype by name is not.
    is_number = isinstance(lam, (int, float)) and not isinstance(lam, np.generic)
    rates = np.float64(lam) if is_number and is_tensorflows(dtype) else tensor(lam)
    of_attribute("R", rates.dtype.name, _REJECTION_DTYPES)
    of_attribute("dtype", found.name, _REJECTION_DTYPES)
    place = context.kernel_of(("RandomPoissonV2", rates.dtype.name, found.name), pair)
    return rejected(POISSON, place, True, shape_of("RandomPoissonV2", extents.astype(np.int32))[0], found, rates)


def _class_dtype(dtype):
    found = as_dtype(dtype) if dtype else INT64
    if found.name not in ("int32", "int64"):
        raise ValueError("Argument `dtype` got invalid value %s. Accepted dtypes are %s." % (found, names("int32", "int64")))
    return found


def _logits(logits, operation):
    if logits.dtype.kind != "f" and logits.dtype.name != "bfloat16":
        raise _NotFoundError("Could not find device for node: {{node %s}}" % operation)
    return logits


def categorical(logits, num_samples, dtype=None, seed=None, name=None):
    """Classes by the logits in rows, num_samples for each."""
    logits, found = tensor(logits), _class_dtype(dtype)
    pair = context.operation_seed(seed)
    num_samples = tensor(num_samples, INT32)
    place = context.kernel_of(("Multinomial", _logits(logits, "Multinomial").dtype.name, found.name), pair)
    return categories(place, True, "Multinomial", logits, num_samples, found)


# ---- stateless ----


def stateless_uniform(shape, seed, minval=0, maxval=None, dtype=FLOAT32, name=None, alg="auto_select"):
    """uniform() as a function of the seed, a pair of integers. With minval and maxval None: integers of all values."""
    found = as_dtype(dtype)
    accepted = (*_FLOATS, "int32", "int64", "uint32", "uint64")
    if found.name not in accepted:
        raise ValueError("Argument `dtype` got invalid value %s. Accepted dtypes are %s." % (found, names(*accepted)))
    if found.is_integer:
        if (minval is None) != (maxval is None):
            raise ValueError(
                "For integer `dtype` argument %s, argument `minval` and `maxval` must be both None or not None. Got `minval`=%s and "
                "`maxval`=%s." % (found, minval, maxval)
            )
        if minval is not None and found.kind == "u":
            raise ValueError(
                "Argument `dtype` got invalid value %s when argument `minval` is not None. Please don't use unsigned integers in this "
                "case." % found
            )
    elif maxval is None:
        maxval = 1
    if found.is_integer and minval is None:
        operation = "StatelessRandomUniformFullIntV2"
        place = stateless_place(seed, alg, operation)
        return full_integers(place, False, shape_of(operation, shape)[0], found)
    if found.is_integer:
        operation = "StatelessRandomUniformIntV2"
        minval, maxval = integer(minval, found), integer(maxval, found)
        place = stateless_place(seed, alg, operation)
        return uniform_integers(place, False, shape_of(operation, shape)[0], found, minval, maxval, operation)
    minval, maxval = _parameters(found, minval, maxval)
    place = stateless_place(seed, alg, "StatelessRandomUniformV2")
    return uniform_floats(place, False, shape_of("StatelessRandomUniformV2", shape)[0], found, minval, maxval)


def _stateless_normals(operation, shape, seed, mean, stddev, dtype, alg, is_truncated):
    found = as_dtype(dtype)
    mean, stddev = _parameters(found, mean, stddev)
    place = stateless_place(seed, alg, operation)
    _floating(found, operation)
    return normals(place, False, shape_of(operation, shape)[0], found, mean, stddev, is_truncated)


def stateless_normal(shape, seed, mean=0.0, stddev=1.0, dtype=FLOAT32, name=None, alg="auto_select"):
    """normal() as a function of the seed."""
    return _stateless_normals("StatelessRandomNormalV2", shape, seed, mean, stddev, dtype, alg, False)


def stateless_truncated_normal(shape, seed, mean=0.0, stddev=1.0, dtype=FLOAT32, name=None, alg="auto_select"):
    """truncated_normal() as a function of the seed."""
    return _stateless_normals("StatelessTruncatedNormalV2", shape, seed, mean, stddev, dtype, alg, True)


def stateless_gamma(shape, seed, alpha, beta=None, dtype=FLOAT32, name=None):
    """gamma() as a function of the seed; the shape is the result's."""
    operation, found = "StatelessRandomGammaV3", as_dtype(dtype)
    alpha, beta = _gamma_parameters(alpha, beta, found)
    place = stateless_place(seed, None, operation)
    of_attribute("dtype", found.name, _REJECTION_DTYPES[:3])
    extents = samples_shape(operation, shape_of(operation, shape)[0], alpha.shape)
    return rejected(GAMMA, place, False, extents, found, alpha, beta)


def stateless_poisson(shape, seed, lam, dtype=INT32, name=None):
    """poisson() as a function of the seed; the shape is the result's."""
    operation, found, rates = "StatelessRandomPoisson", as_dtype(dtype), tensor(lam)
    of_attribute("Rtype", rates.dtype.name, _REJECTION_DTYPES)
    of_attribute("dtype", found.name, _REJECTION_DTYPES)
    place = v1_place(seed, operation)
    extents = samples_shape(operation, shape_of(operation, shape)[0], rates.shape)
    return rejected(POISSON, place, False, extents, found, rates)


def stateless_binomial(shape, seed, counts, probs, output_dtype=INT32, name=None):
    """Successes in `counts` trials of probability `probs`."""
    operation, found = "StatelessRandomBinomial", as_dtype(output_dtype)
    probs = tensor(probs)
    counts = tensor(counts) if hasattr(counts, "dtype") else np.asarray(counts).astype(probs.dtype)
    if counts.dtype != probs.dtype:
        counts, probs = counts.astype(np.float64), probs.astype(np.float64)
    of_attribute("dtype", found.name, _REJECTION_DTYPES)
    place = v1_place(seed, operation)
    sets = broadcast_shapes("BroadcastArgs", counts.shape, probs.shape)
    if np.ndim(shape) != 1:
        raise _InvalidArgumentError("Input shape should be a vector, got shape: [] [Op:%s]" % operation)
    extents = samples_shape(operation, shape_of(operation, shape)[0], sets)
    counts, probs = np.broadcast_to(counts, sets), np.broadcast_to(probs, sets)
    return rejected(BINOMIAL, place, False, extents, found, counts, probs, as_dtype(probs.dtype))


def stateless_categorical(logits, num_samples, seed, dtype=None, name=None):
    """categorical() as a function of the seed."""
    operation = "StatelessMultinomial"
    logits, found = tensor(logits), _class_dtype(dtype)
    place = v1_place(seed, operation)
    return categories(place, False, operation, _logits(logits, operation), tensor(num_samples, INT32), found)


def split(seed, num=2, alg="auto_select"):
    """num new seeds of one, in rows."""
    _, dtype = stateless_seed(seed, any_integer=False)
    return stateless_uniform([num, 2], seed, None, None, dtype, alg=alg)


def fold_in(seed, data, alg="auto_select"):
    """A new seed, of a seed and an integer."""
    data = tensor(data)
    first = stateless_uniform([], seed, None, None, data.dtype, alg=alg)
    return np.stack([first, data])


class experimental:
    """tf.random.experimental."""

    @staticmethod
    def index_shuffle(index, seed, max_index):
        """Where a permutation of 0 to max_index, which the seed chooses, sends an index or several."""
        operation = "RandomIndexShuffle"
        indices, given = tensor(index), tensor(seed)
        of_attribute("Tseed", given.dtype.name, ("int32", "uint32", "int64", "uint64"))
        if given.shape != (2,):
            message = "Seed must be a vector of size [3] or a matrix of size [%d, 3] but got [%d]."
            raise invalid(operation, message, indices.size, given.size + 1)
        if indices.ndim > 1:
            raise invalid(operation, "Index bust be a scalar or vector.")
        largest = int(max_index)
        for number in indices.reshape(-1).tolist():
            if number < 0:
                raise invalid(operation, "index must be >= 0 but was %d", number)
            if number > largest:
                raise invalid(operation, "max_index must be >= index, but %d < %d", largest, number)
        numbers = np.array(indices, np.uint64).reshape(-1)
        out = np.empty_like(numbers)
        _streams._tensorflow_index_shuffle(*given.tolist(), largest, numbers, out)
        return out.astype(indices.dtype).reshape(indices.shape)

    stateless_split = staticmethod(split)
    stateless_fold_in = staticmethod(fold_in)

    @staticmethod
    def stateless_shuffle(value, seed, alg="auto_select", name=None):
        """shuffle() as a function of the seed."""
        place = stateless_place(seed, alg, "StatelessShuffle")
        return shuffled(tensor(value), place, False)
