"""keras.initializers for oneseed.keras: those that draw. See oneseed.keras."""

# SPDX-License-Identifier: MIT
import math

from . import _keras_random as _random

_TRUNCATED = 0.87962566103423978  # the standard deviation of a normal that is cut at two of its own


def compute_fans(shape):
    """(fan in, fan out) of a weight's shape."""
    shape = tuple(shape)
    if len(shape) < 1:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    if len(shape) == 2:
        return shape
    field = math.prod(shape[:-2])
    return int(shape[-2] * field), int(shape[-1] * field)


class RandomInitializer:
    """Draws the same numbers at each call: its seed is chosen when it is made."""

    def __init__(self, seed=None):
        self._init_seed = seed
        if seed is None:
            seed = _random.make_default_seed()
        elif not isinstance(seed, (int, _random.SeedGenerator)):
            message = "`seed` argument should be an instance of `keras.random.SeedGenerator()` or an integer. Received: seed=%s"
            raise ValueError(message % (seed,))
        self.seed = seed


class RandomNormal(RandomInitializer):
    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean, self.stddev = mean, stddev
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        return _random.normal(shape, self.mean, self.stddev, dtype, self.seed)


class TruncatedNormal(RandomNormal):
    def __call__(self, shape, dtype=None):
        return _random.truncated_normal(shape, self.mean, self.stddev, dtype, self.seed)


class RandomUniform(RandomInitializer):
    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        self.minval, self.maxval = minval, maxval
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        return _random.uniform(shape, self.minval, self.maxval, dtype, self.seed)


class VarianceScaling(RandomInitializer):
    """Normals or uniforms with a variance that the shape decides."""

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None):
        if scale <= 0.0:
            raise ValueError("Argument `scale` must be positive float. Received: scale=%s" % scale)
        allowed = {"fan_in", "fan_out", "fan_avg"}
        if mode not in allowed:
            raise ValueError("Invalid `mode` argument: %s. Please use one of %s" % (mode, allowed))
        distribution = "truncated_normal" if distribution.lower() == "normal" else distribution.lower()
        allowed = {"uniform", "truncated_normal", "untruncated_normal"}
        if distribution not in allowed:
            raise ValueError("Invalid `distribution` argument: %s.Please use one of %s" % (distribution, allowed))
        self.scale, self.mode, self.distribution = scale, mode, distribution
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        fan_in, fan_out = compute_fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[self.mode]
        scale = self.scale / max(1.0, fan)
        if self.distribution == "truncated_normal":
            return _random.truncated_normal(shape, 0.0, math.sqrt(scale) / _TRUNCATED, dtype, self.seed)
        if self.distribution == "untruncated_normal":
            return _random.normal(shape, 0.0, math.sqrt(scale), dtype, self.seed)
        limit = math.sqrt(3.0 * scale)
        return _random.uniform(shape, -limit, limit, dtype, self.seed)


def _scaled(name, scale, mode, distribution):
    def make(self, seed=None):
        VarianceScaling.__init__(self, scale, mode, distribution, seed)

    return type(name, (VarianceScaling,), {"__init__": make, "__doc__": "VarianceScaling(%s, %r, %r)" % (scale, mode, distribution)})


GlorotUniform = _scaled("GlorotUniform", 1.0, "fan_avg", "uniform")
GlorotNormal = _scaled("GlorotNormal", 1.0, "fan_avg", "truncated_normal")
HeNormal = _scaled("HeNormal", 2.0, "fan_in", "truncated_normal")
HeUniform = _scaled("HeUniform", 2.0, "fan_in", "uniform")
LecunNormal = _scaled("LecunNormal", 1.0, "fan_in", "truncated_normal")
LecunUniform = _scaled("LecunUniform", 1.0, "fan_in", "uniform")

_KNOWN = {
    "random_normal": RandomNormal, "truncated_normal": TruncatedNormal, "random_uniform": RandomUniform,
    "variance_scaling": VarianceScaling, "glorot_uniform": GlorotUniform, "glorot_normal": GlorotNormal, "he_normal": HeNormal,
    "he_uniform": HeUniform, "lecun_normal": LecunNormal, "lecun_uniform": LecunUniform,
}  # fmt: skip
_KNOWN.update({made.__name__: made for made in list(_KNOWN.values())})


def get(identifier):
    """An initializer by its name, or a callable as it is."""
    if callable(identifier) and not isinstance(identifier, type):
        return identifier
    made = identifier if isinstance(identifier, type) else _KNOWN.get(identifier)
    if made is None:
        raise ValueError("Could not interpret initializer identifier: %s" % (identifier,))
    return made()
