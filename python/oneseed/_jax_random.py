"""jax.random for oneseed.jax: the samplers. See oneseed.jax."""

# SPDX-License-Identifier: MIT
import math
import operator
import warnings

from . import _streams
from ._arrays import BFLOAT16, BOOL, UINT32, Dtype, empty, name_of, np, table
from ._jax_config import config
from ._jax_keys import PRNGKey, clone, fold_in, key, key_data, key_dtype, key_impl, split, use, wrap_key_data

__all__ = [
    "PRNGKey", "ball", "bernoulli", "beta", "binomial", "bits", "categorical", "cauchy", "chisquare", "choice", "clone",
    "dirichlet", "double_sided_maxwell", "exponential", "f", "fold_in", "gamma", "generalized_normal", "geometric", "gumbel", "key",
    "key_data", "key_dtype", "key_impl", "laplace", "loggamma", "logistic", "lognormal", "maxwell", "normal", "pareto",
    "permutation", "poisson", "rademacher", "randint", "rayleigh", "split", "t", "triangular", "truncated_normal", "uniform",
    "wald", "weibull_min", "wrap_key_data",
]  # fmt: skip

_draw = _streams._jax_draw
_samplers = _streams._jax_samplers
_MODES = {None: 0, "low": 0, "high": 1, "highest": 2}  # as oneseed_jax_mode counts

# ---- dtypes ----

_CODES = table(
    [BFLOAT16, "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
)  # as oneseed_jax_dtype counts
_NARROW = {"float64": "float32", "int64": "int32", "uint64": "uint32", "complex128": "complex64"}
_known = {}  # what a caller gave as dtype, with x64 or not: the Dtype


def _find_dtype(dtype, x64):
    """(the Dtype that jax makes of one, without x64 never one of 64 bits; the name that it had when jax warns of that)."""
    name, numpy = name_of(dtype)
    explicit = None
    if not x64 and name in _NARROW:
        explicit = None if dtype in (float, int, complex) else name
        name, numpy = _NARROW[name], np.dtype(_NARROW[name])
    return Dtype(name, numpy, _CODES.get(name)), explicit


def _dtype(dtype, default):
    wanted, x64 = default if dtype is None else dtype, config._now().x64
    try:
        return _known[wanted, x64]
    except (KeyError, TypeError):  # not met before, or nothing that a dict takes
        found, explicit = _find_dtype(wanted, x64)
    if explicit is not None:
        warnings.warn(
            "Explicitly requested dtype %s is not available, and will be truncated to dtype %s. To enable more dtypes, set the "
            "jax_enable_x64 configuration option or the JAX_ENABLE_X64 shell environment variable. See "
            "https://github.com/jax-ml/jax#current-gotchas for more." % (explicit, found.name),
            stacklevel=4,
        )
    elif getattr(wanted, "__hash__", None):
        _known[wanted, x64] = found
    return found


def _floating(dtype, function, also_complex=False):
    found = _dtype(dtype, float)
    if found.kind == "f":
        return found
    if also_complex and found.kind == "c":
        raise NotImplementedError("%s: oneseed.jax knows no complex dtypes" % function)
    what = "float or complex" if also_complex else "float"
    raise ValueError("dtype argument to `%s` must be a %s dtype, got %s" % (function, what, found.name))


# ---- shapes and parameters ----


def _shape(shape):
    if type(shape) is tuple:
        try:
            return tuple(map(operator.index, shape))
        except TypeError:
            pass
    if isinstance(shape, int):
        return (operator.index(shape),)
    shape = tuple(shape)
    try:
        return tuple(map(operator.index, shape))
    except TypeError:
        text = "".join(shape) if all(isinstance(n, str) for n in shape) else shape
        raise TypeError("Shapes must be 1D sequences of concrete values of integer type, got %s." % (text,)) from None


def _common_shape(*shapes):
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError("Incompatible shapes for broadcasting: shapes=%s" % list(shapes)) from None


def _shape_for(function, shape, *parameters):
    """The shape of the result: the parameters', broadcast, or the one that was asked for, which they must fit."""
    if shape is None:
        return _common_shape(*map(np.shape, parameters))
    shape = _shape(shape)
    if any(map(np.ndim, parameters)):
        made = _common_shape(shape, *map(np.shape, parameters))
        if made != shape:
            raise ValueError(
                "%s parameter shapes must be broadcast-compatible with shape argument, and the result of broadcasting the shapes must "
                "equal the shape argument, but got result %s for shape argument %s." % (function, made, shape)
            )
    return shape


def _real(value, shape):
    """A parameter for the extension: a float, or an array of float64 in the shape of the result."""
    if type(value) is float or type(value) is int:
        return float(value)
    array = _array(value)
    if array.dtype.kind == "c":
        array = array.real
    if not array.ndim:
        return float(array)
    try:
        return np.ascontiguousarray(np.broadcast_to(array, shape), np.float64)
    except ValueError:
        raise TypeError("mul got incompatible shapes for broadcasting: %s, %s." % (shape, array.shape)) from None


def _array(value):
    if isinstance(value, (list, tuple)):
        raise TypeError("Cannot determine dtype of %s" % (value,))
    if value is None:
        raise ValueError("None is not a valid value for jnp.array")
    array = np.asarray(value)
    if array.dtype.kind not in "biufc" and array.dtype.name != BFLOAT16:
        raise TypeError(
            "Value %r with dtype %s is not a valid JAX array type. Only arrays of numeric types are supported by JAX."
            % (value, array.dtype)
        )
    return array


def _safe(function, dtype, *parameters):
    """jax refuses a complex parameter for a real result."""
    for value in parameters:
        if np.iscomplexobj(value):
            raise TypeError(
                "In arguments to %s, cannot safely cast argument of type %s to %s"
                % (function, "complex128" if config._now().x64 else "complex64", dtype.name)
            )


def _plain_sharding(out_sharding, function):
    if out_sharding is not None:
        raise NotImplementedError("%s: oneseed.jax knows no shardings" % function)


# ---- numbers of a dtype alone ----


def _give(handle, function, key, shape, dtype, out_sharding, *parameters):
    words, bits, _, _ = use(key, function)
    _plain_sharding(out_sharding, function)
    out = empty(_shape(shape), dtype.numpy)
    _draw(handle, words, bits, dtype.code, out, *parameters)
    return out


def bits(key, shape=(), dtype=None, *, out_sharding=None):
    """Random bits: an unsigned dtype, uint32 if none is given (with x64 uint64)."""
    found = _dtype(dtype, "uint64") if dtype is not None or config._now().x64 else _dtype(None, "uint32")
    if found.kind != "u":
        raise ValueError("dtype argument to `bits` must be an unsigned int dtype, got %s" % found.name)
    return _give(_samplers["bits"], "bits", key, shape, found, out_sharding)


_NORMAL, _EXPONENTIAL, _LAPLACE = _samplers["normal"], _samplers["exponential"], _samplers["laplace"]
_LOGISTIC, _CAUCHY, _GUMBEL, _UNIFORM = _samplers["logistic"], _samplers["cauchy"], _samplers["gumbel"], _samplers["uniform"]


def uniform(key, shape=(), dtype=None, minval=0.0, maxval=1.0, *, out_sharding=None):
    """Uniform from minval up to, not including, maxval."""
    words, bits, _, _ = use(key, "uniform")
    found = _dtype(dtype, float)
    shape = _shape(shape)
    _floating(dtype, "uniform")
    _plain_sharding(out_sharding, "uniform")
    out = empty(shape, found.numpy)
    _draw(_UNIFORM, words, bits, found.code, out, _real(minval, shape), _real(maxval, shape))
    return out


def normal(key, shape=(), dtype=None, *, out_sharding=None):
    """Standard normals."""
    return _give(_NORMAL, "normal", key, shape, _floating(dtype, "normal", True), out_sharding)


def exponential(key, shape=(), dtype=None, *, out_sharding=None):
    """Exponentials of rate 1."""
    return _give(_EXPONENTIAL, "exponential", key, shape, _floating(dtype, "exponential"), out_sharding)


def laplace(key, shape=(), dtype=None, *, out_sharding=None):
    """Of Laplace's distribution with mean 0 and scale 1."""
    return _give(_LAPLACE, "laplace", key, shape, _floating(dtype, "laplace"), out_sharding)


def logistic(key, shape=(), dtype=None, *, out_sharding=None):
    """Of the logistic distribution with mean 0 and scale 1."""
    return _give(_LOGISTIC, "logistic", key, shape, _floating(dtype, "logistic"), out_sharding)


def cauchy(key, shape=(), dtype=None, *, out_sharding=None):
    """Of Cauchy's distribution with location 0 and scale 1."""
    return _give(_CAUCHY, "cauchy", key, shape, _floating(dtype, "cauchy"), out_sharding)


def gumbel(key, shape=(), dtype=None, mode=None, *, out_sharding=None):
    """Of Gumbel's distribution with location 0 and scale 1. mode: "low" (the default), "high" or "highest"."""
    found = _floating(dtype, "gumbel")
    return _give(_GUMBEL, "gumbel", key, shape, found, out_sharding, _mode(mode))


def _mode(mode):
    if mode not in _MODES:
        raise ValueError("Must provide valid mode for gumbel got: %s" % mode)
    return _MODES[mode]


def maxwell(key, shape=(), dtype=None, *, out_sharding=None):
    """Of Maxwell's distribution with scale 1."""
    return _give(_samplers["maxwell"], "maxwell", key, shape, _floating(dtype, "maxwell"), out_sharding)


# ---- numbers of a dtype with parameters ----


def _distribution(name, called=None):
    """A function that draws `name` of parameters which may be arrays; `called` in jax's messages."""
    handle, called = _samplers[name], called or name

    def give(key, shape, dtype, out_sharding, *parameters):
        words, bits, _, _ = use(key, name)
        found = _floating(dtype, called)
        shape = _shape_for(called, shape, *parameters)
        _safe(name, found, *parameters)
        _plain_sharding(out_sharding, name)
        out = empty(shape, found.numpy)
        _draw(handle, words, bits, found.code, out, *[_real(value, shape) for value in parameters])
        return out

    return give


_truncated_normal, _pareto, _rayleigh, _lognormal, _weibull_min = map(
    _distribution, ["truncated_normal", "pareto", "rayleigh", "lognormal", "weibull_min"]
)
_gamma, _chisquare, _t, _beta, _f, _wald, _triangular, _generalized_normal = map(
    _distribution, ["gamma", "chisquare", "t", "beta", "f", "wald", "triangular", "generalized_normal"]
)
_loggamma = _distribution("loggamma", "gamma")


def truncated_normal(key, lower, upper, shape=None, dtype=None, *, out_sharding=None):
    """Standard normals between lower and upper."""
    return _truncated_normal(key, shape, dtype, out_sharding, lower, upper)


def pareto(key, b, shape=None, dtype=None, *, out_sharding=None):
    """Of Pareto's distribution with the shape parameter b."""
    return _pareto(key, shape, dtype, out_sharding, b)


def rayleigh(key, scale, shape=None, dtype=None, *, out_sharding=None):
    """Of Rayleigh's distribution."""
    return _rayleigh(key, shape, dtype, out_sharding, scale)


def lognormal(key, sigma=1.0, shape=None, dtype=None, *, out_sharding=None):
    """Exponentials of normals with standard deviation sigma."""
    _floating(dtype, "lognormal", True)
    return _lognormal(key, shape, dtype, out_sharding, sigma)


def weibull_min(key, scale, concentration, shape=(), dtype=None):
    """Of Weibull's distribution. With the shape () one number is drawn, for all parameters."""
    shape = _shape(shape)
    made = _common_shape(shape, np.shape(scale), np.shape(concentration))
    if made == shape:
        return _weibull_min(key, shape, dtype, None, scale, concentration)
    if shape:
        raise NotImplementedError("weibull_min: oneseed.jax knows parameters that fit the shape")
    words, bits, _, _ = use(key, "weibull_min")
    found = _floating(dtype, "weibull_min")
    out = empty(made, found.numpy)
    values, scale, concentration = out.reshape(-1), _real(scale, made), _real(concentration, made)
    columns = [np.broadcast_to(column, made).reshape(-1).copy() for column in (scale, concentration)]
    for k in range(len(values)):
        _draw(_samplers["weibull_min"], words, bits, found.code, values[k : k + 1], *[column[k : k + 1] for column in columns])
    return out


def gamma(key, a, shape=None, dtype=None, *, out_sharding=None):
    """Gammas with shape parameter a and scale 1."""
    return _gamma(key, shape, dtype, out_sharding, a)


def loggamma(key, a, shape=None, dtype=None, *, out_sharding=None):
    """Logarithms of gammas, drawn as such."""
    return _loggamma(key, shape, dtype, out_sharding, a)


def beta(key, a, b, shape=None, dtype=None, *, out_sharding=None):
    """Of the beta distribution."""
    return _beta(key, shape, dtype, out_sharding, a, b)


def chisquare(key, df, shape=None, dtype=None, *, out_sharding=None):
    """Of the chi-square distribution with df degrees of freedom."""
    return _chisquare(key, shape, dtype, out_sharding, df)


def t(key, df, shape=None, dtype=None, *, out_sharding=None):
    """Of Student's distribution with df degrees of freedom."""
    return _t(key, shape, dtype, out_sharding, df)


def f(key, dfnum, dfden, shape=None, dtype=None, *, out_sharding=None):
    """Of Fisher's distribution."""
    return _f(key, shape, dtype, out_sharding, dfnum, dfden)


def wald(key, mean, shape=None, dtype=None, *, out_sharding=None):
    """Of Wald's distribution with the mean and scale 1."""
    return _wald(key, shape, dtype, out_sharding, mean)


def triangular(key, left, mode, right, shape=None, dtype=None, *, out_sharding=None):
    """Of the triangular distribution."""
    return _triangular(key, shape, dtype, out_sharding, left, mode, right)


def geometric(key, p, shape=None, dtype=None, *, out_sharding=None):
    """How many trials the first success takes, integers."""
    words, bits, _, _ = use(key, "geometric")
    found = _dtype(dtype, int)
    if found.kind not in "iu":
        raise ValueError("dtype argument to `geometric` must be an int dtype, got %s" % found.name)
    shape = _shape_for("geometric", shape, p)
    _plain_sharding(out_sharding, "geometric")
    out = empty(shape, found.numpy)
    _draw(_samplers["geometric"], words, bits, found.code, out, _real(p, shape), _dtype_of(p).code)
    return out


def _dtype_of(p):
    """The floating Dtype that jax computes with of a parameter."""
    return _dtype(None, float) if isinstance(p, (int, float)) and not isinstance(p, np.generic) else _inexact(np.asarray(p))


def generalized_normal(key, p, shape=(), dtype=None, *, out_sharding=None):
    """Of the generalized normal distribution with the exponent p, a number."""
    return _generalized_normal(key, _shape(shape), dtype, out_sharding, _number(p, "generalized_normal"))


def _number(value, function):
    if np.ndim(value):
        raise NotImplementedError("%s: oneseed.jax knows it with a number p" % function)
    return _real(value, ())


def ball(key, d, p=2, shape=(), dtype=None, *, out_sharding=None):
    """Points of the unit ball of dimension d in the norm p."""
    shape = _shape(shape)
    words, bits, _, _ = use(key, "ball")
    found, d = _floating(dtype, "ball"), operator.index(d)
    _plain_sharding(out_sharding, "ball")
    out = empty((*shape, d), found.numpy)
    _draw(_samplers["ball"], words, bits, found.code, out, d, _number(p, "ball"))
    return out


def dirichlet(key, alpha, shape=None, dtype=None, *, out_sharding=None):
    """Rows that add up to 1, by Dirichlet's distribution with the concentrations alpha."""
    words, bits, _, _ = use(key, "dirichlet")
    found = _floating(dtype, "dirichlet")
    _plain_sharding(out_sharding, "dirichlet")
    alpha = _array(alpha)
    if alpha.ndim < 1:
        raise ValueError("dirichlet requires alpha.ndim >= 1, got alpha.ndim == %d" % alpha.ndim)
    shape = _shape_for("dirichlet", shape, np.empty(alpha.shape[:-1]))
    if alpha.ndim > 1:
        raise NotImplementedError("dirichlet: oneseed.jax knows one row of concentrations")
    out = empty((*shape, len(alpha)), found.numpy)
    _draw(_samplers["dirichlet"], words, bits, found.code, out, np.ascontiguousarray(alpha, np.float64))
    return out


def double_sided_maxwell(key, loc, scale, shape=(), dtype=None):
    """Of Maxwell's distribution with a random sign, for each pair of loc and scale."""
    words, bits, _, _ = use(key, "double_sided_maxwell")
    found = _floating(dtype, "double_sided_maxwell")
    each = _common_shape(np.shape(loc), np.shape(scale))
    shape = (_shape(shape) or each) + each
    out = empty(shape, found.numpy)
    _draw(_samplers["double_sided_maxwell"], words, bits, found.code, out, _real(loc, shape), _real(scale, shape))
    return out


def poisson(key, lam, shape=None, dtype=None, *, out_sharding=None):
    """Poisson's numbers with rate lam, integers."""
    words, bits, impl, _ = use(key, "poisson")
    found = _dtype(dtype, int)
    if impl != "threefry2x32":
        raise NotImplementedError("`poisson` is only implemented for the threefry2x32 RNG, not %s" % impl)
    shape = np.shape(lam) if shape is None else _shape(shape)
    _plain_sharding(out_sharding, "poisson")
    if np.ndim(lam) and _common_shape(shape, np.shape(lam)) != shape:
        raise ValueError("Incompatible shapes for broadcasting: %s and requested shape %s" % (np.shape(lam), shape))
    if found.kind not in "iu":
        raise ValueError("Invalid integer data type %r." % found.kind)
    out = empty(shape, found.numpy)
    _draw(_samplers["poisson"], words, bits, found.code, out, _real(lam, shape))
    return out


def _inexact(array):
    """The Dtype of an array that jax promotes to a floating one."""
    return _dtype(None, array.dtype if array.dtype.kind == "f" or array.dtype.name == BFLOAT16 else float)


def binomial(key, n, p, shape=None, dtype=None):
    """Successes in n trials with probability p, of a floating dtype."""
    words, bits, _, _ = use(key, "binomial")
    for k, value in enumerate((n, p)):
        if not hasattr(value, "__array__") and not isinstance(value, (int, float, complex)):
            raise TypeError("binomial requires ndarray or scalar arguments, got %s at position %d." % (type(value), k))
    found = _floating(dtype, "binomial")
    shape = _shape_for("binomial", shape, n, p)
    out = empty(shape, found.numpy)
    _draw(_samplers["binomial"], words, bits, found.code, out, _real(n, shape), _real(p, shape), _dtype_of(p).code)
    return out


# ---- integers and truth ----


def _integer(value, name, shape):
    """A bound for the extension: an int, or an array of int64 in the shape of the result. jax's default integers first."""
    now = config._now()
    if isinstance(value, int):
        limit = 2**63 if now.x64 else 2**31
        if not -limit <= value < limit:
            raise OverflowError(
                "An overflow was encountered while parsing an argument to a jitted computation, whose argument path is %s. "
                "Got <class 'int'> with value %d" % (name, value)
            )
        return int(value)
    array = _array(value)
    if array.dtype.kind not in "iu":
        array = array.astype(np.int64 if now.x64 else np.int32)
    elif array.dtype.itemsize == 8 and not now.x64:
        array = array.astype(np.int32 if array.dtype.kind == "i" else np.uint32)
    elif array.dtype == np.uint64 and (array >= 2**63).any():
        raise NotImplementedError("randint: oneseed.jax knows bounds below 2**63")
    if not array.ndim:
        return int(array)
    return np.ascontiguousarray(np.broadcast_to(array, shape), np.int64)


def randint(key, shape, minval, maxval, dtype=None, *, out_sharding=None):
    """Integers from minval to maxval - 1."""
    words, bits, _, _ = use(key, "randint")
    found = _dtype(dtype, int)
    shape = _shape(shape)
    if found.kind not in "iu":
        raise TypeError("randint only accepts integer dtypes, got %s" % found.name)
    _plain_sharding(out_sharding, "randint")
    _shape_for("randint", shape, minval, maxval)
    out = empty(shape, found.numpy)
    low, high = _integer(minval, "minval", shape), _integer(maxval, "maxval", shape)
    _draw(_samplers["randint"], words, bits, found.code, out, low, high)
    return out


def bernoulli(key, p=0.5, shape=None, mode="low", *, out_sharding=None):
    """True with probability p."""
    if shape is not None:
        shape = _shape(shape)
    if mode not in ("high", "low"):
        raise ValueError("got mode=%r, expected 'high' or 'low'" % (mode,))
    words, bits, _, _ = use(key, "bernoulli")
    given = float if type(p) is float else _array(p).dtype
    found = _dtype(np.float32 if given == np.float64 and not config._now().x64 else given, float)
    if found.kind != "f":
        raise TypeError("bernoulli probability `p` must have a floating dtype, got %s." % found.name)
    _plain_sharding(out_sharding, "bernoulli")
    shape = _shape_for("bernoulli", shape, p)
    out = empty(shape, BOOL)
    _draw(_samplers["bernoulli"], words, bits, found.code, out, _real(p, shape), _MODES[mode])
    return out


def rademacher(key, shape=(), dtype=None, *, out_sharding=None):
    """-1 and 1, each with probability 1/2."""
    found = _dtype(dtype, int)
    ones = bernoulli(key, 0.5, _shape(shape), out_sharding=out_sharding)
    if found.name == BFLOAT16:
        return np.where(ones, np.uint16(0x3F80), np.uint16(0xBF80))
    return (2 * ones.astype(np.int8) - 1).astype(found.numpy)


# ---- orders ----


def _indices(key, n):
    words, bits, _, _ = use(key, "permutation")
    out = empty(n, UINT32)
    _draw(_samplers["permutation"], words, bits, _CODES["uint32"], out)
    return out


def _axis_of(axis, ndim):
    axis = operator.index(axis)
    if not -ndim <= axis < ndim:
        raise ValueError("axis %d is out of bounds for array of dimension %d" % (axis, ndim))
    return axis % ndim


def _values(function, value):
    """An array as jax has it: without x64 nothing of 64 bits."""
    if not hasattr(value, "__array__") and not isinstance(value, (int, float, complex)):
        raise TypeError("%s requires ndarray or scalar arguments, got %s at position 0." % (function, type(value)))
    array = np.asarray(value)
    if not config._now().x64 and array.dtype.name in _NARROW:
        array = array.astype(_NARROW[array.dtype.name])
    return array


def permutation(key, x, axis=0, independent=False, *, out_sharding=None):
    """The numbers below x in a random order, or an array with its slices along the axis in one."""
    use(key, "permutation")
    array = _values("permutation", x)
    axis = _axis_of(axis, array.ndim or 1)
    _plain_sharding(out_sharding, "permutation")
    if not array.ndim:
        if array.dtype.kind not in "iu":
            raise TypeError("x must be an integer or at least 1-dimensional")
        indices, wanted = _indices(key, max(0, int(x))), _dtype(None, int).numpy
        return indices.view(wanted) if wanted.itemsize == indices.itemsize else indices.astype(wanted)
    if independent and array.ndim > 1:
        words, bits, _, _ = use(key, "permutation")
        index = np.empty(array.shape, np.uint32)
        outer, inner = math.prod(array.shape[:axis]), math.prod(array.shape[axis + 1 :])
        _streams._jax_lines(words, bits, outer, array.shape[axis], inner, index)
        return np.take_along_axis(array, index.astype(np.intp), axis)
    return array.take(_indices(key, array.shape[axis]), axis)


def choice(key, a, shape=(), replace=True, p=None, axis=0, mode=None):
    """Numbers below a, or slices of an array a along the axis, drawn with or without replacement."""
    use(key, "choice")
    if not isinstance(shape, (tuple, list, range, str)):
        raise TypeError("shape argument of jax.random.choice must be a sequence, got %s" % (shape,))
    array = _values("choice", a)
    if array.ndim:
        axis = _axis_of(axis, array.ndim)
    n_inputs = array.shape[axis] if array.ndim else int(a)
    n_draws = math.prod(shape)
    if n_draws == 0:
        return np.zeros(shape, array.dtype)
    if n_inputs <= 0:
        raise ValueError("a must be greater than 0 unless no samples are taken")
    if not replace and n_draws > n_inputs:
        raise ValueError(
            "Cannot take a larger sample (size %d) than population (size %d) when 'replace=False'" % (n_draws, n_inputs)
        )
    if p is not None:
        index = _weighted(key, p, n_inputs, n_draws, replace, mode)
    elif replace:
        index = randint(key, shape, 0, n_inputs).reshape(-1)
    else:
        index = permutation(key, n_inputs)[:n_draws]
    if not array.ndim:
        return index.reshape(shape)
    return array.take(index, axis).reshape(array.shape[:axis] + tuple(shape) + array.shape[axis + 1 :])


def _weighted(key, p, n_inputs, n_draws, replace, mode):
    """Indices by the weights p."""
    words, bits, _, _ = use(key, "choice")
    p = _values("choice", p)
    found = _inexact(p)
    if p.shape != (n_inputs,):
        raise ValueError(
            "p must be None or a 1D vector with the same size as a.shape[axis]. p has shape %s and a.shape[axis] is %d."
            % (p.shape, n_inputs)
        )
    index, weights = np.empty(n_draws, np.uint32), np.ascontiguousarray(p, np.float64)
    _streams._jax_choice(words, bits, found.code, 0 if replace else _mode(mode), replace, weights, n_inputs, index)
    return index.astype(_dtype(None, int).numpy)


def categorical(key, logits, axis=-1, shape=None, replace=True, mode=None, *, out_sharding=None):
    """Classes by the logits along an axis."""
    words, bits, _, _ = use(key, "categorical")
    logits = _values("categorical", logits)
    batch = tuple(np.delete(logits.shape, axis).tolist())
    shape = batch if shape is None else _shape_for("categorical", shape, np.empty(batch))
    _plain_sharding(out_sharding, "categorical")
    prefix, behind = shape[: len(shape) - len(batch)], shape[len(shape) - len(batch) :]
    n_draws, axis = math.prod(prefix), axis % logits.ndim
    found = _floating(logits.dtype, "gumbel")
    n_classes = logits.shape[axis]
    if not replace:
        if n_draws > n_classes:
            message = "Number of samples without replacement (%d) cannot exceed number of categories (%d)."
            raise ValueError(message % (n_draws, n_classes))
        assert shape == prefix + batch
    lines = np.broadcast_to(logits, (*behind[:axis], n_classes, *behind[axis:]))
    n_outer, n_inner = math.prod(behind[:axis]), math.prod(behind[axis:])
    out, numbers = np.empty(shape, np.uint32), np.ascontiguousarray(lines, np.float64)
    _streams._jax_categorical(
        words, bits, found.code, _mode(mode), replace, numbers, n_outer, n_classes, n_inner, n_draws, out
    )
    return out.astype(_dtype(None, int).numpy if replace else np.int32)
