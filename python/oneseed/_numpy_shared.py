"""What oneseed.numpy's Generator and RandomState have in common: drawing from the library's tables, and the distributions whose
arguments are the same in both.

Every distribution: the parameters are numbers or arrays, which broadcast against each other; size is an int, a tuple of ints, or None
for one value (a float or int) where all parameters are numbers, else the shape they broadcast to. Results are arrays of float64 or
int64. What a parameter must not be is refused with ValueError before anything is drawn; a size that does not fit the parameters'
shapes is a ValueError, too. The values are those of NumPy 1.19 to 2.5; a generator's `version` chooses where releases differ.
"""

# SPDX-License-Identifier: MIT
import operator
from collections.abc import Sequence
from warnings import warn

from . import _streams
from ._numpy_shapes import INTEGERS, Plain, as_shape, length, np, shapes

_NUMBERS = (float, int)


def quicken(cls, kinds, homebound=()):
    """Puts a C method in the place of each function of the class that is in `kinds` ({name: kind of arguments}, see numpy_handlers.c) or
    in its table: the usual calls never come to Python. homebound: those that stand for another method, which a class below may have
    changed.
    """
    rows = getattr(cls, "_table", {})
    for name, kind in {**{name: "table" for name in rows if hasattr(cls, name)}, **kinds}.items():
        function = getattr(cls, name)
        code = function.__code__
        parameters = None if kind == "extents" else code.co_varnames[1 : code.co_argcount]
        row = name if name in rows else None
        method = _streams.NumpyMethod(_streams.NumpyDrawer, function, kind, row, parameters, getattr(cls, "_is_legacy", False))
        if name in homebound:
            method.home = cls
        setattr(cls, name, method)


class Distributions(_streams.NumpyDrawer):
    """Needs _table and _is_legacy, and its objects _state and _lock."""

    def _draw(self, name, parameters, size):
        handle, kinds, kind = self._table[name]
        if size is None:
            with self._lock:
                drawn = self._state.draw(handle, parameters)
            if drawn is not NotImplemented:
                return drawn
        values = [shapes.parameter(value, wanted) for value, wanted in zip(parameters, kinds)]
        is_scalar = all(type(value) in _NUMBERS for value in values)
        if is_scalar and size is None:
            with self._lock:
                return self._state.draw(handle, tuple(values))
        if not is_scalar:
            size, values = shapes.broadcast(values, size)
        out = shapes.empty(kind, size)
        with self._lock:
            self._state.fill(handle, out, *values)
        return out

    # ---- continuous ----

    def uniform(self, low=0.0, high=1.0, size=None):
        """low + (high - low) * U. OverflowError unless high - low is finite; Generator refuses high < low."""
        return self._draw("uniform", (low, high), size)

    def normal(self, loc=0.0, scale=1.0, size=None):
        """Normal with mean loc and standard deviation scale >= 0."""
        return self._draw("normal", (loc, scale), size)

    def lognormal(self, mean=0.0, sigma=1.0, size=None):
        """exp(normal(mean, sigma)), sigma >= 0."""
        return self._draw("lognormal", (mean, sigma), size)

    def exponential(self, scale=1.0, size=None):
        """Exponential with mean scale >= 0."""
        return self._draw("exponential", (scale,), size)

    def gamma(self, shape, scale=1.0, size=None):
        """Gamma, shape >= 0, scale >= 0."""
        return self._draw("gamma", (shape, scale), size)

    def beta(self, a, b, size=None):
        """Beta on [0, 1], a > 0, b > 0. Generator's changed in NumPy 2.1 for very small a and b."""
        return self._draw("beta", (a, b), size)

    def chisquare(self, df, size=None):
        """Chi-square with df > 0 degrees of freedom."""
        return self._draw("chisquare", (df,), size)

    def noncentral_chisquare(self, df, nonc, size=None):
        """Noncentral chi-square, df > 0, nonc >= 0."""
        return self._draw("noncentral_chisquare", (df, nonc), size)

    def f(self, dfnum, dfden, size=None):
        """F, dfnum > 0, dfden > 0."""
        return self._draw("f", (dfnum, dfden), size)

    def noncentral_f(self, dfnum, dfden, nonc, size=None):
        """Noncentral F, dfnum > 0, dfden > 0, nonc >= 0."""
        return self._draw("noncentral_f", (dfnum, dfden, nonc), size)

    def standard_t(self, df, size=None):
        """Student's t with df > 0 degrees of freedom."""
        return self._draw("standard_t", (df,), size)

    def standard_cauchy(self, size=None):
        """Cauchy: a normal over the next."""
        return self._draw("standard_cauchy", (), size)

    def vonmises(self, mu, kappa, size=None):
        """Von Mises on [-pi, pi], kappa >= 0."""
        return self._draw("vonmises", (mu, kappa), size)

    def pareto(self, a, size=None):
        """Pareto II (Lomax), a > 0."""
        return self._draw("pareto", (a,), size)

    def weibull(self, a, size=None):
        """Weibull, a >= 0."""
        return self._draw("weibull", (a,), size)

    def power(self, a, size=None):
        """Power on [0, 1] with exponent a - 1, a > 0."""
        return self._draw("power", (a,), size)

    def laplace(self, loc=0.0, scale=1.0, size=None):
        """Laplace, scale >= 0."""
        return self._draw("laplace", (loc, scale), size)

    def gumbel(self, loc=0.0, scale=1.0, size=None):
        """Gumbel, scale >= 0."""
        return self._draw("gumbel", (loc, scale), size)

    def logistic(self, loc=0.0, scale=1.0, size=None):
        """Logistic, scale >= 0."""
        return self._draw("logistic", (loc, scale), size)

    def rayleigh(self, scale=1.0, size=None):
        """Rayleigh with mode scale >= 0."""
        return self._draw("rayleigh", (scale,), size)

    def wald(self, mean, scale, size=None):
        """Wald (inverse Gaussian), mean > 0, scale > 0. Generator's changed in NumPy 2.3.4."""
        return self._draw("wald", (mean, scale), size)

    def triangular(self, left, mode, right, size=None):
        """Triangular on [left, right], left <= mode <= right, left < right."""
        return self._draw("triangular", (left, mode, right), size)

    # ---- discrete ----

    def binomial(self, n, p, size=None):
        """Successes in n >= 0 trials of probability p in [0, 1]. Generator's changed in NumPy 2.4 (last bits) and 2.5."""
        return self._draw("binomial", (n, p), size)

    def negative_binomial(self, n, p, size=None):
        """Failures before n > 0 successes of probability p in (0, 1]."""
        return self._draw("negative_binomial", (n, p), size)

    def poisson(self, lam=1.0, size=None):
        """Poisson with mean lam >= 0; lam above 2**63 - 10 * sqrt(2**63) is refused."""
        return self._draw("poisson", (lam,), size)

    def zipf(self, a, size=None):
        """Zipf, a > 1. Generator's changed in NumPy 2.1."""
        return self._draw("zipf", (a,), size)

    def geometric(self, p, size=None):
        """Trials up to the first success of probability p in (0, 1]."""
        return self._draw("geometric", (p,), size)

    def hypergeometric(self, ngood, nbad, nsample, size=None):
        """Good ones in a sample of nsample out of ngood + nbad (each >= 0; Generator: below 10**9; RandomState: nsample >= 1)."""
        return self._draw("hypergeometric", (ngood, nbad, nsample), size)

    def logseries(self, p, size=None):
        """Logarithmic series, p in [0, 1)."""
        return self._draw("logseries", (p,), size)

    # ---- vectors ----

    def dirichlet(self, alpha, size=None):
        """Rows of Dirichlet numbers: shape size + (len(alpha),). alpha > 0 (Generator: >= 0)."""
        k = len(alpha)
        if np:
            alpha = safe_array(alpha, np.float64, 1)
        else:
            alpha = plain_vector(alpha, float)
        out = shapes.empty("d", (k,) if size is None else (*as_shape(size), k))
        with self._lock:
            self._state.dirichlet(self._is_legacy, alpha, out)
        return out

    # ---- bits ----

    def bytes(self, length):
        """length random bytes. (Of a negative length NumPy draws what it cuts off again.)"""
        length = c_integer(length)
        n = length if length >= 0 else 4 * (int((length - 1) / 4) + 1)
        if n < 0:
            raise ValueError("negative dimensions are not allowed")
        if n == 0 and length < 0:
            return b""
        with self._lock:
            drawn = self._state.bytes(self._is_legacy, n)
        return drawn if length >= 0 else drawn[:length]

    def _integers(self, low, high, size, name, endpoint):
        """integers() and randint() of a dtype by its name."""
        kind, code, least, most = INTEGERS[name]
        if size is not None and not length(as_shape(size)):
            return shapes.empty(kind, size)
        if type(low) is not int or type(high) is not int:
            low, high = _bound(low), _bound(high)
        if type(low) is int and type(high) is int:
            high -= not endpoint
            if low < least:
                raise ValueError("low is out of bounds for " + name)
            if high > most:
                raise ValueError("high is out of bounds for " + name)
            if low > high:
                raise ValueError(_bounds_error(endpoint, low != 0))
        elif np:
            size, low, high = _array_bounds(low, high, size, name, endpoint)
        else:
            size, low, high = _plain_bounds(low, high, size, name, endpoint)
        out = shapes.empty(kind, 1 if size is None else size)
        with self._lock:
            self._state.integers(self._is_legacy, code, out, low, high)
        return out

    # ---- orders ----

    def _indices(self, n_population, p, tolerance, replace, shuffle, shape):
        out = shapes.empty("q", length(shape))
        if not n_population and p is None:
            return out.reshape(shape) if np else out
        with self._lock:
            self._state.choice(self._is_legacy, n_population, p, tolerance, not replace, shuffle, out)
        return out.reshape(shape) if np else out.cast("B").cast("q", shape) if len(shape) > 1 and len(out) else out

    def _swap(self, n):
        """With whom to exchange each of n items, from the last on to item 1."""
        partners = shapes.empty("q", n)
        with self._lock:
            self._state.swaps(partners)
        return partners.tolist()

    def _shuffle_memory(self, x):
        """A whole C-contiguous array of NumPy, or another buffer, along its first axis."""
        n, item_nbytes = (len(x), x.nbytes // len(x)) if len(x) else (0, 0)
        with self._lock:
            self._state.shuffle(self._is_legacy, x, n, item_nbytes, bool(np and isinstance(x, np.ndarray) and x.dtype.hasobject))

    def _shuffle_items(self, x, is_numpy):
        """What only Python can exchange. Of NumPy's arrays the items are views."""
        if is_numpy:
            spare = np.empty_like(x[0, ...])
        partners = self._swap(len(x))
        for i in range(len(x) - 1, 0, -1):
            j = partners[i]
            if not is_numpy:
                x[i], x[j] = x[j], x[i]
            elif i != j:
                spare[...] = x[j, ...]
                x[j, ...] = x[i, ...]
                x[i, ...] = spare

    def _shuffle_sequence(self, x):
        len(x)  # what has none is refused
        if type(x) is list:
            order = shapes.empty("q", len(x))
            count_up(order)
            self._shuffle_memory(order)
            x[:] = [x[k] for k in order.tolist()]
            return
        if not isinstance(x, Sequence):
            warn(
                "you are shuffling a '%s' object which is not a subclass of 'Sequence'; `shuffle` is not guaranteed to behave "
                "correctly. E.g., non-numpy array/tensor objects with view semantics may contain duplicates after shuffling."
                % type(x).__name__,
                UserWarning,
                stacklevel=3,
            )
        if not hasattr(type(x), "__setitem__"):
            raise TypeError("'%s' object does not support item assignment" % type(x).__name__)
        self._shuffle_items(x, False)


def table(is_legacy):
    """{method: (handle, kinds of the parameters, kind of the result)}."""
    return _streams._numpy_methods(is_legacy)


def count_up(order):
    """0, 1, 2, … into memory of int64."""
    if np:
        order[:] = np.arange(len(order))
    else:
        for k in range(len(order)):
            order[k] = k


def c_integer(number):
    """What C makes of a number: a float is cut."""
    if isinstance(number, float):
        return int(number)
    try:
        return operator.index(number)
    except TypeError:
        raise TypeError("an integer is required") from None


def is_array(bound):
    """Whether an argument is more than a number."""
    return bool(bound.ndim if hasattr(bound, "ndim") else hasattr(bound, "__len__") and not isinstance(bound, (str, bytes)))


def population(a):
    """The int that a number of choice()'s first argument is; TypeError for none."""
    return operator.index(a.item() if hasattr(a, "item") else a)


def safe_array(values, dtype, ndim):
    """As NumPy takes array arguments: sequences as they come, arrays safely; C-contiguous, of ndim dimensions where it is given."""
    if isinstance(values, np.ndarray) and not np.can_cast(values.dtype, dtype):
        raise TypeError("Cannot cast array data from %r to %r according to the rule 'safe'" % (values.dtype, np.dtype(dtype)))
    array = np.asarray(values, dtype, order="C")
    if ndim is not None and array.ndim > ndim:
        raise ValueError(
            "setting an array element with a sequence. The requested array would exceed the maximum number of dimension of %d." % ndim
        )
    return array


def plain_vector(values, convert):
    from array import array

    return array("d" if convert is float else "q", [convert(value) for value in values])


def weights(p, n_population, words):
    """(p as memory of float64, how far its sum may be from 1); words: NumPy's messages for a wrong shape and a wrong size."""
    tolerance = 2.0**-26
    if np:
        if isinstance(p, np.ndarray) and np.issubdtype(p.dtype, np.floating):
            tolerance = max(tolerance, float(np.sqrt(np.finfo(p.dtype).eps)))
        len(p)
        p = safe_array(p, np.float64, None)
        if p.ndim != 1:
            raise ValueError(words[0])
    else:
        p = plain_vector(p, float)
    if len(p) != n_population:
        raise ValueError(words[1])
    return p, tolerance


# ---- bounds of integers ----


def _bounds_error(endpoint, any_low):
    if any_low:
        return "low > high" if endpoint else "low >= high"
    return "high < 0" if endpoint else "high <= 0"


def _bound(value):
    """An int, or an array."""
    if type(value) is int:
        return value
    if np:
        array = np.asarray(value)
        return array if array.ndim else int(array)
    if hasattr(value, "__len__") and not isinstance(value, str):
        return shapes.parameter(value, "q")
    return int(value)


def _array_bounds(low, high, size, name, endpoint):
    """(shape, first, last): of arrays of NumPy's, both ends possible, as memory of 64-bit two's complements."""
    _, code, least, most = INTEGERS[name]
    low, high = np.asarray(low), np.asarray(high)
    first = _exact(low, name, lambda x: x < least, lambda x: x > most, "low is out of bounds for " + name, 0)
    past = 0 if endpoint else 1
    if code < 7:
        if not np.can_cast(high, np.dtype(name)) and np.any(np.greater(high, most + past)):
            raise ValueError("high is out of bounds for " + name)
        if np.any(np.greater_equal(low, high) if past else np.greater(low, high)):
            raise ValueError(_bounds_error(endpoint, np.any(low)))
        last = high.astype(np.int64).view(np.uint64) - np.uint64(past)
    else:
        if np.can_cast(high, np.dtype(name)):
            last, past_left = high.astype(np.dtype(name)), past
        else:
            ends = [int(item) - past for item in high.flat]
            if any(end > most for end in ends):
                raise ValueError("high is out of bounds for " + name)
            if any(end < least for end in ends):
                raise ValueError(_bounds_error(endpoint, np.any(low)))
            last, past_left = np.array(ends, np.dtype(name)).reshape(high.shape), 0
        typed = first.view(np.dtype(name))
        if np.any(np.greater_equal(typed, last) if past_left else np.greater(typed, last)):
            raise ValueError(_bounds_error(endpoint, np.any(low)))
        last = last.view(np.uint64) - np.uint64(past_left)
    shape, (first, last) = shapes.broadcast([first, np.asarray(last)], size)
    return shape, first, last


def _exact(low, name, is_below, is_above, message, past):
    """An array's integers as 64-bit two's complements, refused where they do not fit the dtype."""
    if np.can_cast(low, np.dtype(name)):
        wide = np.int64 if name != "uint64" else np.uint64
        return np.asarray(low.astype(wide)).view(np.uint64)
    if name in ("int64", "uint64"):
        items = [int(item) for item in low.flat]
        if any(is_below(item) or is_above(item) for item in items):
            raise ValueError(message)
        return np.array(items, np.dtype(name)).reshape(low.shape).view(np.uint64)
    if np.any(is_below(low)):
        raise ValueError(message)
    return np.asarray(low.astype(np.int64)).view(np.uint64)


def _plain_bounds(low, high, size, name, endpoint):
    _, _, least, most = INTEGERS[name]
    lows = low.flat if hasattr(low, "flat") else [low]
    highs = [item - (not endpoint) for item in (high.flat if hasattr(high, "flat") else [high])]
    if any(item < least for item in lows):
        raise ValueError("low is out of bounds for " + name)
    if any(item > most for item in highs):
        raise ValueError("high is out of bounds for " + name)
    shape, (first, last) = shapes.broadcast([_plain(low, lows), _plain(high, highs)], size)
    if any(a > b for a, b in zip(first, last)):
        raise ValueError(_bounds_error(endpoint, any(lows)))
    return shape, first, last


def _plain(value, flat):
    return Plain("q", flat, value.shape if hasattr(value, "shape") else ())
