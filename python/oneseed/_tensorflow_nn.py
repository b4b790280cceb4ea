"""tf.nn for oneseed.tensorflow: dropout. See oneseed.tensorflow."""

# SPDX-License-Identifier: MIT
import numbers

from . import _streams
from ._arrays import BOOL, empty, np
from ._tensorflow_core import Arithmetic, as_dtype, context, invalid, shape_of, shape_text, stateless_place, tensor

_draw, _dropout = _streams._tensorflow_draw, _streams._tensorflow_dropout
_KEEP = _streams._tensorflow_samplers["keep"]


def dropout(x, rate, noise_shape=None, seed=None, name=None):
    """Zeros with probability rate, the rest larger by 1 / (1 - rate)."""

    def place(dtype, extents):
        return context.kernel(("RandomUniform", dtype.name, False), seed), True

    return _drop(x, rate, noise_shape, place, lambda: context.operation_seed(seed))


def _drop(x, rate, noise_shape, place_of, skip):
    if not isinstance(rate, numbers.Real):
        raise ValueError("`rate` must be a scalar or scalar tensor. Received: rate=%s" % (rate,))
    if rate < 0 or rate >= 1:
        raise ValueError("`rate` must be a scalar tensor or a float in the range [0, 1). Received: rate=%s" % (rate,))
    array = tensor(x)
    dtype = None if array.dtype.kind == "O" else as_dtype(array.dtype)
    if dtype is None or dtype.kind != "f":
        raise ValueError(
            "`x.dtype` must be a floating point tensor as `x` will be scaled. Received: x_dtype=<dtype: '%s'>"
            % ("string" if dtype is None else dtype.name)
        )
    if rate == 0:
        skip()
        return array
    extents = _noise_shape(array, noise_shape)
    place, moves = place_of(dtype, extents)
    if extents == array.shape:
        out = empty(array.shape, array.dtype)
        _dropout(place, moves, dtype.code, float(rate), np.ascontiguousarray(array), out)
        return out
    keep = empty(extents, BOOL)
    _draw(_KEEP, place, moves, dtype.code, keep, float(rate))
    return _scaled(array, keep, rate, dtype)


def _scaled(array, keep, rate, dtype):
    as_numbers = Arithmetic(dtype)
    scale = as_numbers.take(1 / (1 - float(rate)))
    larger = as_numbers.step(as_numbers.values(array) * scale)
    try:
        return as_numbers.give(np.where(keep, larger, larger.dtype.type(0)))
    except ValueError:
        shapes = shape_text(keep.shape), shape_text(array.shape)
        raise invalid("SelectV2", "condition %s, then %s, and else [] must be broadcastable", *shapes) from None


def _noise_shape(array, noise_shape):
    if noise_shape is None:
        return array.shape
    given = list(noise_shape)
    if len(given) == array.ndim:
        given = [array.shape[k] if n is None else n for k, n in enumerate(given)]
    return shape_of("RandomUniform", given)[0]


class experimental:
    """tf.nn.experimental."""

    @staticmethod
    def stateless_dropout(x, rate, seed, rng_alg=None, noise_shape=None, name=None):
        """dropout() as a function of the seed."""

        def place(dtype, extents):
            return stateless_place(seed, rng_alg, "StatelessRandomUniformV2"), False

        return _drop(x, rate, noise_shape, place, lambda: None)

    @staticmethod
    def general_dropout(x, rate, uniform_sampler, noise_shape=None, name=None):
        """dropout() with the numbers of a function such as a generator's uniform."""
        array = tensor(x)
        if not 0 < rate < 1 or array.dtype.kind != "f" and array.dtype.name != "bfloat16":
            return _drop(x, rate, noise_shape, None, lambda: None)
        dtype = as_dtype(array.dtype)
        as_numbers = Arithmetic(dtype)
        drawn = as_numbers.values(uniform_sampler(shape=_noise_shape(array, noise_shape), dtype=array.dtype))
        return _scaled(array, drawn >= as_numbers.take(rate), rate, dtype)
