"""torch.distributions over oneseed.torch's generators: sample() of each, with torch's parameters.

Parameters are numbers, Arrays or tensors and broadcast; sample(sample_shape, generator=None) draws as torch's sample() does, from the
default generator unless another is given, which torch does not take. Nothing else of torch's distributions is here (no log_prob).
docs/torch.md says which are exact and which may have single values one unit in the last place away.
"""

# SPDX-License-Identifier: MIT
import math as _math

from . import _streams

_torch = _streams.torch
# The order of oneseed_torch_distribution in oneseed.h.
_NAMES = (
    "Normal Uniform Exponential Gamma Chi2 StudentT FisherSnedecor Beta Laplace Cauchy HalfNormal HalfCauchy LogNormal Gumbel Pareto "
    "Bernoulli Geometric Poisson Binomial NegativeBinomial InverseGamma Weibull Kumaraswamy"
).split()
_NORMALIZE, _SOFTMAX, _SIGMOID = range(3)

_positive = ("GreaterThan(lower_bound=0.0)", lambda value: value > 0)
_not_negative = ("GreaterThanEq(lower_bound=0.0)", lambda value: value >= 0)
_probability = ("Interval(lower_bound=0.0, upper_bound=1.0)", lambda value: 0 <= value <= 1)
_real = ("Real()", lambda value: value == value)
_count = ("IntegerGreaterThan(lower_bound=0)", lambda value: value >= 0 and value == int(value))


def _flat(array):
    return array.reshape(array.numel()).tolist()


def _check(distribution, name, array, constraint):
    words, holds = constraint
    if not all(holds(value) for value in _flat(array)):
        raise ValueError(
            "Expected parameter %s (Tensor of shape %s) of distribution %s to satisfy the constraint %s, but found invalid values"
            % (name, tuple(array.shape), distribution, words)
        )


def _broadcast(shapes):
    ndim = max(len(shape) for shape in shapes)
    wide = [1] * ndim
    for shape in shapes:
        for k, size in enumerate((1,) * (ndim - len(shape)) + tuple(shape)):
            if size != 1 and wide[k] not in (1, size):
                raise RuntimeError(
                    "The size of tensor a (%d) must match the size of tensor b (%d) at non-singleton dimension %d" % (wide[k], size, k)
                )
            wide[k] = wide[k] if size == 1 else size
    return tuple(wide)


def _arrays(parameters):
    """Numbers become Arrays of the others' dtype."""
    dtype = None
    for value in parameters:
        if not isinstance(value, (int, float)):
            dtype = dtype or _torch["_as_array"](value).dtype
    dtype = dtype or _torch["get_default_dtype"]()
    return [
        _torch["_tensor"](value, dtype) if isinstance(value, (int, float)) else _torch["_as_array"](value) for value in parameters
    ]


def _shape(sample_shape):
    return (sample_shape,) if isinstance(sample_shape, int) else tuple(sample_shape)


class Distribution:
    """What all distributions are: batch_shape, event_shape, sample()."""

    batch_shape = ()
    event_shape = ()

    def sample(self, sample_shape=(), generator=None):
        """An Array of the shape sample_shape + batch_shape + event_shape."""
        raise NotImplementedError

    def sample_n(self, n, generator=None):
        """sample((n,))."""
        return self.sample((n,), generator)


class _Simple(Distribution):
    """One whose samples the library draws from parameters that broadcast."""

    _constraints = {}

    def _set(self, validate_args, **parameters):
        self._parameters = tuple(_arrays(parameters.values()))
        for name, array in zip(parameters, self._parameters):
            setattr(self, name, array)
            if validate_args is not False:
                _check(type(self).__name__, name, array, self._constraints.get(name, _real))
        self.batch_shape = _broadcast([array.shape for array in self._parameters])

    def sample(self, sample_shape=(), generator=None):
        which, shape = _NAMES.index(type(self).__name__), _shape(sample_shape) + self.batch_shape
        return _torch["_distribution"](which, self._parameters, shape, _math.prod(self.batch_shape), generator)


def _probs(probs, logits):
    """Of the one or the other."""
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")
    return _arrays([probs])[0] if logits is None else _torch["_probabilities"](_SIGMOID, _arrays([logits])[0])


class Normal(_Simple):
    _constraints = {"scale": _positive}

    def __init__(self, loc, scale, validate_args=None):
        self._set(validate_args, loc=loc, scale=scale)


class Uniform(_Simple):
    def __init__(self, low, high, validate_args=None):
        self._set(validate_args, low=low, high=high)
        wide = [_flat(_torch["_expand"](array, self.batch_shape)) for array in self._parameters]
        if validate_args is not False and not all(a < b for a, b in zip(*wide)):
            raise ValueError("Uniform is not defined when low>= high")


class Exponential(_Simple):
    _constraints = {"rate": _positive}

    def __init__(self, rate, validate_args=None):
        self._set(validate_args, rate=rate)


class Gamma(_Simple):
    _constraints = {"concentration": _positive, "rate": _positive}

    def __init__(self, concentration, rate, validate_args=None):
        self._set(validate_args, concentration=concentration, rate=rate)


class Chi2(_Simple):
    _constraints = {"df": _positive}

    def __init__(self, df, validate_args=None):
        self._set(validate_args, df=df)


class StudentT(_Simple):
    _constraints = {"df": _positive, "scale": _positive}

    def __init__(self, df, loc=0.0, scale=1.0, validate_args=None):
        self._set(validate_args, df=df, loc=loc, scale=scale)


class FisherSnedecor(_Simple):
    _constraints = {"df1": _positive, "df2": _positive}

    def __init__(self, df1, df2, validate_args=None):
        self._set(validate_args, df1=df1, df2=df2)


class Beta(_Simple):
    _constraints = {"concentration1": _positive, "concentration0": _positive}

    def __init__(self, concentration1, concentration0, validate_args=None):
        self._set(validate_args, concentration1=concentration1, concentration0=concentration0)


class Laplace(_Simple):
    _constraints = {"scale": _positive}

    def __init__(self, loc, scale, validate_args=None):
        self._set(validate_args, loc=loc, scale=scale)


class Cauchy(_Simple):
    _constraints = {"scale": _positive}

    def __init__(self, loc, scale, validate_args=None):
        self._set(validate_args, loc=loc, scale=scale)


class HalfNormal(_Simple):
    _constraints = {"scale": _positive}

    def __init__(self, scale, validate_args=None):
        self._set(validate_args, scale=scale)


class HalfCauchy(_Simple):
    _constraints = {"scale": _positive}

    def __init__(self, scale, validate_args=None):
        self._set(validate_args, scale=scale)


class LogNormal(_Simple):
    _constraints = {"scale": _positive}

    def __init__(self, loc, scale, validate_args=None):
        self._set(validate_args, loc=loc, scale=scale)


class Gumbel(_Simple):
    _constraints = {"scale": _positive}

    def __init__(self, loc, scale, validate_args=None):
        self._set(validate_args, loc=loc, scale=scale)


class Pareto(_Simple):
    _constraints = {"scale": _positive, "alpha": _positive}

    def __init__(self, scale, alpha, validate_args=None):
        self._set(validate_args, scale=scale, alpha=alpha)


class InverseGamma(_Simple):
    _constraints = {"concentration": _positive, "rate": _positive}

    def __init__(self, concentration, rate, validate_args=None):
        self._set(validate_args, concentration=concentration, rate=rate)


class Weibull(_Simple):
    _constraints = {"scale": _positive, "concentration": _positive}

    def __init__(self, scale, concentration, validate_args=None):
        self._set(validate_args, scale=scale, concentration=concentration)


class Kumaraswamy(_Simple):
    _constraints = {"concentration1": _positive, "concentration0": _positive}

    def __init__(self, concentration1, concentration0, validate_args=None):
        self._set(validate_args, concentration1=concentration1, concentration0=concentration0)


class Bernoulli(_Simple):
    _constraints = {"probs": _probability}

    def __init__(self, probs=None, logits=None, validate_args=None):
        self._set(validate_args, probs=_probs(probs, logits))


class Geometric(_Simple):
    _constraints = {"probs": _probability}

    def __init__(self, probs=None, logits=None, validate_args=None):
        self._set(validate_args, probs=_probs(probs, logits))
        if validate_args is not False:
            _check("Geometric", "probs", self.probs, _positive)


class Poisson(_Simple):
    _constraints = {"rate": _not_negative}

    def __init__(self, rate, validate_args=None):
        self._set(validate_args, rate=rate)


class Binomial(_Simple):
    _constraints = {"total_count": _count, "probs": _probability}

    def __init__(self, total_count=1, probs=None, logits=None, validate_args=None):
        self._set(validate_args, total_count=total_count, probs=_probs(probs, logits))


class NegativeBinomial(_Simple):
    _constraints = {"total_count": _not_negative, "probs": ("HalfOpenInterval(lower_bound=0.0, upper_bound=1.0)", lambda p: 0 <= p < 1)}

    def __init__(self, total_count, probs=None, logits=None, validate_args=None):
        if probs is None:
            raise NotImplementedError("NegativeBinomial: oneseed.torch knows it by probs")
        if logits is not None:
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        self._set(validate_args, total_count=total_count, probs=probs)


# ---- of rows ----


class Dirichlet(Distribution):
    """Rows that add up to 1."""

    def __init__(self, concentration, validate_args=None):
        self.concentration = _torch["_as_array"](concentration)
        if self.concentration.ndim < 1:
            raise ValueError("`concentration` parameter must be at least one-dimensional.")
        if validate_args is not False:
            _check("Dirichlet", "concentration", self.concentration, _positive)
        self.batch_shape, self.event_shape = self.concentration.shape[:-1], self.concentration.shape[-1:]

    def sample(self, sample_shape=(), generator=None):
        wide = _torch["_expand"](self.concentration, _shape(sample_shape) + self.concentration.shape)
        return _torch["_sample_dirichlet"](wide, generator=generator)


class Categorical(Distribution):
    """Indices, by probabilities that need not add up to 1, or by logits."""

    def __init__(self, probs=None, logits=None, validate_args=None):
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        given = _torch["_as_array"](logits if probs is None else probs)
        if given.ndim < 1:
            raise ValueError("`%s` parameter must be at least one-dimensional." % ("logits" if probs is None else "probs"))
        if validate_args is not False:
            _check("Categorical", "logits" if probs is None else "probs", given, _real if probs is None else _not_negative)
        self.probs = _torch["_probabilities"](_SOFTMAX if probs is None else _NORMALIZE, given)
        self.batch_shape, self._n = given.shape[:-1], given.shape[-1]

    def sample(self, sample_shape=(), generator=None):
        shape = _shape(sample_shape)
        n = 1
        for size in shape:
            n *= size
        drawn = _torch["multinomial"](self.probs.reshape(-1, self._n), n, True, generator=generator)
        return drawn.t().reshape(shape + self.batch_shape)


class OneHotCategorical(Distribution):
    """A one among zeros, at the index that Categorical draws."""

    def __init__(self, probs=None, logits=None, validate_args=None):
        self._categorical = Categorical(probs, logits, validate_args)
        self.batch_shape, self.event_shape = self._categorical.batch_shape, (self._categorical._n,)

    def sample(self, sample_shape=(), generator=None):
        drawn = self._categorical.sample(sample_shape, generator)
        return _counted(drawn, self._categorical, drawn.shape)


class Multinomial(Distribution):
    """How often each index came in total_count draws of Categorical."""

    def __init__(self, total_count=1, probs=None, logits=None, validate_args=None):
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        self.total_count, self._categorical = total_count, Categorical(probs, logits, validate_args)
        self.batch_shape, self.event_shape = self._categorical.batch_shape, (self._categorical._n,)

    def sample(self, sample_shape=(), generator=None):
        drawn = self._categorical.sample((self.total_count,) + _shape(sample_shape), generator)
        return _counted(drawn, self._categorical, drawn.shape[1:])


def _counted(indices, categorical, shape):
    """How often each index is among those that are of the same place in `shape`, the last dimensions of their own."""
    width, n_rows = categorical._n, 1
    for size in shape:
        n_rows *= size
    counts = [0] * (n_rows * width)
    for k, index in enumerate(_flat(indices)):
        counts[k % n_rows * width + index] += 1
    return _torch["_tensor"](counts, categorical.probs.dtype).reshape(tuple(shape) + (width,))
