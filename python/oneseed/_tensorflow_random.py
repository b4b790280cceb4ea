"""tf.random for oneseed.tensorflow: operations with the eager context's seeds, and stateless ones. See oneseed.tensorflow."""

# SPDX-License-Identifier: MIT
import enum

from ._arrays import np
from ._tensorflow_core import InvalidArgumentError as _InvalidArgumentError
from ._tensorflow_core import as_dtype, context, integer, names, shape_of, stateless_place, stateless_seed, tensor
from ._tensorflow_draws import full_integers, normals, shuffled, uniform_floats, uniform_integers
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


def uniform(shape, minval=0, maxval=None, dtype="float32", seed=None, name=None):
    """Uniform from minval up to, not including, maxval: floats, in [0, 1) by default, or int32 and int64 with a maxval."""
    found = as_dtype(dtype)
    if found.name not in (*_FLOATS, "int32", "int64"):
        raise ValueError(
            "Argument `dtype` got invalid value %r. Accepted dtypes are %s." % (found, names(*_FLOATS, "int32", "int64"))
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


def normal(shape, mean=0.0, stddev=1.0, dtype="float32", seed=None, name=None):
    """Normals."""
    found = as_dtype(dtype)
    mean, stddev = _parameters(found, mean, stddev)
    if found.kind != "f":
        context.operation_seed(seed)
    place, extents = _kernel("RandomStandardNormal", shape, _floating(found, "RandomStandardNormal"), seed)
    return normals(place, True, extents, found, mean, stddev, False)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype="float32", seed=None, name=None):
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


# ---- stateless ----


def stateless_uniform(shape, seed, minval=0, maxval=None, dtype="float32", name=None, alg="auto_select"):
    """uniform() as a function of the seed, a pair of integers. With minval and maxval None: integers of all values."""
    found = as_dtype(dtype)
    accepted = (*_FLOATS, "int32", "int64", "uint32", "uint64")
    if found.name not in accepted:
        raise ValueError("Argument `dtype` got invalid value %r. Accepted dtypes are %s." % (found, names(*accepted)))
    if found.is_integer:
        if (minval is None) != (maxval is None):
            raise ValueError(
                "For integer `dtype` argument %r, argument `minval` and `maxval` must be both None or not None. Got `minval`=%s and "
                "`maxval`=%s." % (found, minval, maxval)
            )
        if minval is not None and found.kind == "u":
            raise ValueError(
                "Argument `dtype` got invalid value %r when argument `minval` is not None. Please don't use unsigned integers in this "
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


def stateless_normal(shape, seed, mean=0.0, stddev=1.0, dtype="float32", name=None, alg="auto_select"):
    """normal() as a function of the seed."""
    return _stateless_normals("StatelessRandomNormalV2", shape, seed, mean, stddev, dtype, alg, False)


def stateless_truncated_normal(shape, seed, mean=0.0, stddev=1.0, dtype="float32", name=None, alg="auto_select"):
    """truncated_normal() as a function of the seed."""
    return _stateless_normals("StatelessTruncatedNormalV2", shape, seed, mean, stddev, dtype, alg, True)


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

    stateless_split = staticmethod(split)
    stateless_fold_in = staticmethod(fold_in)

    @staticmethod
    def stateless_shuffle(value, seed, alg="auto_select", name=None):
        """shuffle() as a function of the seed."""
        place = stateless_place(seed, alg, "StatelessShuffle")
        return shuffled(tensor(value), place, False)
