"""torch.nn.functional's functions that draw, over oneseed.torch's arrays. generator= is their addition to torch's arguments."""

# SPDX-License-Identifier: MIT
from . import _streams


def _check_p(p):
    if p < 0.0 or p > 1.0:
        raise ValueError("dropout probability has to be between 0 and 1, but got %s" % (p,))


def dropout(input, p=0.5, training=True, inplace=False, *, generator=None):
    """Zeros with probability p, the rest larger by 1 / (1 - p)."""
    _check_p(p)
    return _streams.torch["_dropout"](0, input, p, training, inplace, generator)


def alpha_dropout(input, p=0.5, training=False, inplace=False, *, generator=None):
    """Dropout that keeps mean and variance behind SELU."""
    _check_p(p)
    return _streams.torch["_dropout"](1, input, p, training, inplace, generator)


def _feature_dropout(name, dims, input, p, training, inplace, generator):
    _check_p(p)
    ndim = _streams.torch["_as_array"](input).ndim
    if name == "dropout1d" and ndim not in dims:
        raise RuntimeError(
            "dropout1d: Expected 2D or 3D input, but received a %dD input. "
            "Note that dropout1d exists to provide channel-wise dropout on inputs with 1 "
            "spatial dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs)." % ndim
        )
    unbatched = name != "dropout2d" and ndim != dims[1]  # dropout2d takes three dimensions for batch, channel and length
    return _streams.torch["_dropout"](3 if unbatched else 2, input, p, training, inplace, generator)


def dropout1d(input, p=0.5, training=True, inplace=False, *, generator=None):
    """Dropout of whole channels."""
    return _feature_dropout("dropout1d", (2, 3), input, p, training, inplace, generator)


def dropout2d(input, p=0.5, training=True, inplace=False, *, generator=None):
    """Dropout of whole channels."""
    return _feature_dropout("dropout2d", (3, 4), input, p, training, inplace, generator)


def dropout3d(input, p=0.5, training=True, inplace=False, *, generator=None):
    """Dropout of whole channels."""
    return _feature_dropout("dropout3d", (4, 5), input, p, training, inplace, generator)


def feature_alpha_dropout(input, p=0.5, training=False, inplace=False, *, generator=None):
    """alpha_dropout() of whole channels."""
    _check_p(p)
    return _streams.torch["_dropout"](4, input, p, training, inplace, generator)


def rrelu(input, lower=1.0 / 8, upper=1.0 / 3, training=False, inplace=False, *, generator=None):
    """Values that are not positive times a random slope; without training times the mean slope."""
    return _streams.torch["_rrelu"](input, lower, upper, training, inplace, generator)
