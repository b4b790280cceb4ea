"""Draws of oneseed.tensorflow from a place in a stream, which moves or stays: what operations and generators have in common."""

# SPDX-License-Identifier: MIT
import os

from . import _streams
from ._arrays import UINT32, empty, np
from ._tensorflow_core import Arithmetic, InvalidArgumentError, broadcast_shapes, c_name, integer, invalid, is_scalar, shape_text

_draw, _reject = _streams._tensorflow_draw, _streams._tensorflow_reject
_samplers = _streams._tensorflow_samplers
_UNIFORM, _RANGE, _INT, _FULL_INT = (_samplers["uniform" + kind] for kind in ("", "_range", "_int", "_full_int"))
_NORMAL, _TRUNCATED, _SHUFFLE = (_samplers[name] for name in ("normal", "truncated_normal", "shuffle"))
_SHUFFLE_ROWS = {nbytes: _samplers["shuffle%d" % nbytes] for nbytes in (1, 2, 4, 8)}


def uniform_floats(place, moves, shape, dtype, minval, maxval):
    """minval None: the numbers of the kernel itself, times maxval where that is not None."""
    out = empty(shape, dtype.numpy)
    if minval is None and maxval is None:
        _draw(_UNIFORM, place, moves, dtype.code, out)
        return out
    if minval is None and is_scalar(maxval):
        _draw(_RANGE, place, moves, dtype.code, out, -0.0, float(maxval))
        return out
    if minval is not None and is_scalar(minval) and is_scalar(maxval):
        _draw(_RANGE, place, moves, dtype.code, out, float(minval), float(maxval))
        return out
    _draw(_UNIFORM, place, moves, dtype.code, out)
    as_numbers = Arithmetic(dtype)
    drawn, high = as_numbers.values(out), as_numbers.take(maxval)
    if minval is None:
        broadcast_shapes("Mul", drawn.shape, high.shape)
        return as_numbers.give(as_numbers.step(drawn * high))
    low = as_numbers.take(minval)
    width = as_numbers.step(high - low)
    broadcast_shapes("Mul", drawn.shape, width.shape)
    return as_numbers.give(as_numbers.step(as_numbers.step(drawn * width) + low))


def uniform_integers(place, moves, shape, dtype, minval, maxval, operation):
    low, high = integer(minval, dtype), integer(maxval, dtype)
    for name, bound in (("minval", low), ("maxval", high)):
        if bound.ndim:
            raise invalid(operation, "%s must be 0-D, got shape %s", name, shape_text(bound.shape))
    out = empty(shape, dtype.numpy)
    if out.size:
        if not low < high:
            raise invalid(operation, "Need minval < maxval, got %d >= %d", low, high)
        _draw(_INT, place, moves, dtype.code, out, int(low), int(high))
    return out


def full_integers(place, moves, shape, dtype):
    out = empty(shape, dtype.numpy)
    _draw(_FULL_INT, place, moves, dtype.code, out)
    return out


def normals(place, moves, shape, dtype, mean, stddev, is_truncated):
    out = empty(shape, dtype.numpy)
    handle = _TRUNCATED if is_truncated else _NORMAL
    if is_scalar(mean) and is_scalar(stddev):
        _draw(handle, place, moves, dtype.code, out, float(mean), float(stddev))
        return out
    _draw(handle, place, moves, dtype.code, out, -0.0, 1.0)
    as_numbers = Arithmetic(dtype)
    drawn, mean, stddev = as_numbers.values(out), as_numbers.take(mean), as_numbers.take(stddev)
    broadcast_shapes("Mul", drawn.shape, stddev.shape)
    wide = as_numbers.step(drawn * stddev)
    broadcast_shapes("AddV2", wide.shape, mean.shape)
    return as_numbers.give(as_numbers.step(wide + mean))


def shuffled(array, place, moves):
    if array.size <= 1:
        return array.copy()
    nbytes = array.itemsize * (array.size // len(array))
    if nbytes in _SHUFFLE_ROWS and array.dtype.kind in "biufc":
        out = empty(array.shape, array.dtype)
        out[...] = array
        _draw(_SHUFFLE_ROWS[nbytes], place, moves, 0, out)
        return out
    indices = empty(array.shape[0], UINT32)
    _draw(_SHUFFLE, place, moves, 0, indices)
    return array[indices]


# ---- gamma, poisson, binomial: a set of parameters gives samples ----

GAMMA, POISSON, BINOMIAL = 0, 1, 2


def rejected(kind, place, moves, shape, dtype, first, second=None, parameter_dtype=None):
    """Samples of that shape for each set of parameters, whose shape ends the result's."""
    out = empty(shape + first.shape, dtype.numpy)
    n_samples = 1
    for extent in shape:
        n_samples *= extent
    sets = [None if numbers is None else np.ascontiguousarray(numbers, np.float64) for numbers in (first, second)]
    _reject(kind, place, moves, dtype.code, 0 if parameter_dtype is None else parameter_dtype.code, *sets, n_samples, out)
    return out


def samples_shape(operation, shape, sets):
    """The part of the shape before the parameters' own."""
    before = shape[: len(shape) - len(sets)]
    if len(sets) > len(shape) or before + sets != shape:
        raise invalid(operation, "Shape passed in must end with broadcasted shape.")
    return before


def of_attribute(attribute, name, known):
    """The dtype of an operation's attribute is none that it has."""
    if name not in known:
        message = "Value for attr '%s' of %s is not in the list of allowed values: %s"
        raise InvalidArgumentError(message % (attribute, c_name(name), ", ".join(map(c_name, known))))


def categories(place, moves, operation, logits, num_samples, dtype):
    """Classes by the logits in rows. Several rows depend on TensorFlow's threads, of which it has one for each processor."""
    n_samples = np.asarray(num_samples)
    if logits.ndim != 2:
        raise invalid(operation, "logits should be a matrix, got shape %s", shape_text(logits.shape))
    if n_samples.ndim:
        raise invalid(operation, "num_samples should be a scalar, got shape %s", shape_text(n_samples.shape))
    if n_samples < 0:
        raise invalid(operation, "num_samples should be non-negative, got %d", n_samples)
    if not logits.shape[1]:
        raise invalid(operation, "num_classes should be positive, got 0")
    n_samples = int(n_samples)
    out = empty((len(logits), n_samples), dtype.numpy)
    n_threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    numbers = np.ascontiguousarray(logits, np.float64)
    _streams._tensorflow_categorical(place, moves, dtype.code, numbers, *logits.shape, n_samples, n_threads, out)
    return out
