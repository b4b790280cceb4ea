"""torch.nn.init over oneseed.torch's arrays: each function fills its tensor, an Array or one of torch's, and gives it back.

The generator is a keyword of all that draw, as in torch since 2.1; without it the default generator draws. orthogonal_ draws as torch does,
but its numbers come from a QR of its own: they agree up to rounding.
"""

# SPDX-License-Identifier: MIT
import math as _math
import warnings as _warnings

from . import _streams

_GAIN_1 = {"linear", "sigmoid"} | {"conv" + kind + "%dd" % n for kind in ("", "_transpose") for n in (1, 2, 3)}


def _array(tensor):
    return _streams.torch["_as_array"](tensor)


def calculate_gain(nonlinearity, param=None):
    """The gain that is recommended for a nonlinearity; param is the slope of leaky_relu."""
    if nonlinearity in _GAIN_1:
        return 1
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return _math.sqrt(2.0)
    if nonlinearity == "selu":
        return 3.0 / 4
    if nonlinearity != "leaky_relu":
        raise ValueError("Unsupported nonlinearity %s" % (nonlinearity,))
    if param is None:
        param = 0.01
    elif isinstance(param, bool) or not isinstance(param, (int, float)):
        raise ValueError("negative_slope %s not a valid number" % (param,))
    return _math.sqrt(2.0 / (1 + param**2))


def uniform_(tensor, a=0.0, b=1.0, generator=None):
    """Uniforms in [a, b)."""
    _array(tensor).uniform_(a, b, generator=generator)
    return tensor


def normal_(tensor, mean=0.0, std=1.0, generator=None):
    """Normals."""
    _array(tensor).normal_(mean, std, generator=generator)
    return tensor


def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None):
    """Normals that lie in [a, b]."""
    if mean < a - 2 * std or mean > b + 2 * std:
        _warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.", stacklevel=2
        )
    _streams.torch["_trunc_normal"](tensor, mean, std, a, b, generator)
    return tensor


def constant_(tensor, val):
    """One value everywhere."""
    _array(tensor).fill_(val)
    return tensor


def ones_(tensor):
    """Ones."""
    return constant_(tensor, 1.0)


def zeros_(tensor):
    """Zeros."""
    return constant_(tensor, 0.0)


def eye_(tensor):
    """Ones on the diagonal of a matrix, else zeros."""
    array = _array(tensor)
    if array.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    array.zero_()
    for k in range(min(array.shape)):
        array[k, k] = 1
    return tensor


def dirac_(tensor, groups=1):
    """The weight of a convolution that keeps as many channels as it can."""
    array = _array(tensor)
    if array.ndim not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    if array.shape[0] % groups:
        raise ValueError("dim 0 must be divisible by groups")
    array.zero_()
    per_group = array.shape[0] // groups
    middle = tuple(size // 2 for size in array.shape[2:])
    for group in range(groups):
        for k in range(min(per_group, array.shape[1])):
            array[(group * per_group + k, k) + middle] = 1
    return tensor


# ---- by the number of inputs and outputs ----


def _calculate_fan_in_and_fan_out(tensor):
    array = _array(tensor)
    if array.ndim < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    field = _math.prod(array.shape[2:])
    return array.shape[1] * field, array.shape[0] * field


def _fan(tensor, mode):
    mode = mode.lower()
    if mode not in ("fan_in", "fan_out"):
        raise ValueError("Mode %s not supported, please use one of %s" % (mode, ["fan_in", "fan_out"]))
    return _calculate_fan_in_and_fan_out(tensor)[mode == "fan_out"]


def _xavier_std(tensor, gain):
    return gain * _math.sqrt(2.0 / float(sum(_calculate_fan_in_and_fan_out(tensor))))


def xavier_uniform_(tensor, gain=1.0, generator=None):
    """Glorot's uniforms."""
    bound = _math.sqrt(3.0) * _xavier_std(tensor, gain)
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor, gain=1.0, generator=None):
    """Glorot's normals."""
    return normal_(tensor, 0.0, _xavier_std(tensor, gain), generator)


def _kaiming_std(tensor, a, mode, nonlinearity):
    """None for an array without elements."""
    if 0 in _array(tensor).shape:
        _warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=3)
        return None
    fan = _fan(tensor, mode)
    return calculate_gain(nonlinearity, a) / _math.sqrt(fan)


def kaiming_uniform_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None):
    """He's uniforms."""
    std = _kaiming_std(tensor, a, mode, nonlinearity)
    return tensor if std is None else uniform_(tensor, -_math.sqrt(3.0) * std, _math.sqrt(3.0) * std, generator)


def kaiming_normal_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None):
    """He's normals."""
    std = _kaiming_std(tensor, a, mode, nonlinearity)
    return tensor if std is None else normal_(tensor, 0, std, generator)


# ---- matrices ----


def orthogonal_(tensor, gain=1, generator=None):
    """Rows (or columns, whichever are fewer) that are orthogonal and gain long; equal to torch's up to rounding."""
    array = _array(tensor)
    if array.ndim < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if array.numel():
        _streams.torch["_orthogonal"](array, gain, generator)
    return tensor


def sparse_(tensor, sparsity, std=0.01, generator=None):
    """Normals in a matrix, of which a fraction in each column is zero. Which ones the default generator draws, as in torch."""
    array = _array(tensor)
    if array.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = array.shape
    n_zeros = _math.ceil(sparsity * rows)
    array.normal_(0, std, generator=generator)
    for column in range(columns):
        for row in _streams.torch["randperm"](rows).tolist()[:n_zeros]:
            array[row, column] = 0
    return tensor
