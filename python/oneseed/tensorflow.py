"""TensorFlow's random numbers, from liboneseed: the same bits, without TensorFlow.

    from oneseed import tensorflow as tf
    tf.random.set_seed(5); tf.random.normal([2, 2], seed=1)         # as TensorFlow's lines do in eager mode
    tf.random.stateless_uniform([3], seed=[1, 2])
    tf.random.Generator.from_seed(1234).normal([2, 3])

Functions, arguments, defaults and errors are those of TensorFlow 2.21 on CPUs; results are NumPy's arrays of its shapes and
dtypes. dtypes are names ("float32", also tf.float32), NumPy's or TensorFlow's own; "bfloat16" by name gives the bits of the values, as
uint16. tf.random.set_seed() and what operations take from it is of all threads, as in TensorFlow.

NumPy is needed, TensorFlow is not.
"""

# SPDX-License-Identifier: MIT
from . import _tensorflow_core as _core
from . import _tensorflow_data as data  # noqa: F401
from . import _tensorflow_nn as nn  # noqa: F401
from . import _tensorflow_random as random  # noqa: F401

__version__ = "2.21.0"  # of the TensorFlow whose numbers are drawn

bfloat16, half, float16 = _core.as_dtype("bfloat16"), _core.as_dtype("float16"), _core.as_dtype("float16")
float32, float64, double = _core.FLOAT32, _core.as_dtype("float64"), _core.as_dtype("float64")
int32, int64, uint32, uint64 = _core.INT32, _core.INT64, _core.as_dtype("uint32"), _core.UINT64


def constant(value, dtype=None):
    """A tensor of numbers: an array with TensorFlow's default dtypes."""
    array = _core.tensor(value)
    return array if dtype is None else array.astype(_core.as_dtype(dtype).numpy)


convert_to_tensor = constant


class errors:
    """tf.errors."""

    OpError = _core.OpError
    InvalidArgumentError = _core.InvalidArgumentError
    NotFoundError = _core.NotFoundError
    UnimplementedError = _core.UnimplementedError
