"""jax.random for oneseed.jax: the samplers. See oneseed.jax."""

# SPDX-License-Identifier: MIT
import math
import operator
import warnings

from . import _streams
from ._arrays import BFLOAT16, Dtype, name_of, np, table
from ._jax_config import config
from ._jax_keys import PRNGKey, clone, fold_in, key, key_data, key_dtype, key_impl, split, use, wrap_key_data

__all__ = [
    "PRNGKey", "bernoulli", "bits", "cauchy", "choice", "clone", "exponential", "fold_in", "gumbel", "key", "key_data", "key_dtype",
    "key_impl", "laplace", "logistic", "lognormal", "normal", "pareto", "permutation", "rademacher", "randint", "rayleigh", "split",
    "truncated_normal", "uniform", "weibull_min", "wrap_key_data",
]  # fmt: skip

_draw = _streams._jax_draw
_samplers = _streams._jax_samplers

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
    return np.ascontiguousarray(np.broadcast_to(array, shape), np.float64)


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
    out = np.empty(_shape(shape), dtype.numpy)
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
    out = np.empty(shape, found.numpy)
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
    """Of Gumbel's distribution with location 0 and scale 1. mode: "low" (the default)."""
    found = _floating(dtype, "gumbel")
    if mode not in (None, "highest", "high", "low"):
        raise ValueError("Must provide valid mode for gumbel got: %s" % mode)
    if mode not in (None, "low"):
        raise NotImplementedError("gumbel: oneseed.jax knows mode 'low'")
    return _give(_GUMBEL, "gumbel", key, shape, found, out_sharding)


# ---- numbers of a dtype with parameters ----


def _distribution(name):
    """A function that draws `name` of parameters which may be arrays."""
    handle = _samplers[name]

    def give(key, shape, dtype, out_sharding, *parameters):
        words, bits, _, _ = use(key, name)
        found = _floating(dtype, name)
        shape = _shape_for(name, shape, *parameters)
        _safe(name, found, *parameters)
        _plain_sharding(out_sharding, name)
        out = np.empty(shape, found.numpy)
        _draw(handle, words, bits, found.code, out, *[_real(value, shape) for value in parameters])
        return out

    return give


_truncated_normal, _pareto, _rayleigh, _lognormal, _weibull_min = map(
    _distribution, ["truncated_normal", "pareto", "rayleigh", "lognormal", "weibull_min"]
)


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
    """Of Weibull's distribution."""
    return _weibull_min(key, shape, dtype, None, scale, concentration)


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
    out = np.empty(shape, found.numpy)
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
    if mode == "high":
        raise NotImplementedError("bernoulli: oneseed.jax knows mode 'low'")
    _plain_sharding(out_sharding, "bernoulli")
    shape = _shape_for("bernoulli", shape, p)
    out = np.empty(shape, np.bool_)
    _draw(_samplers["bernoulli"], words, bits, found.code, out, _real(p, shape))
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
    out = np.empty(n, np.uint32)
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
        return _indices(key, max(0, int(x))).astype(_dtype(None, int).numpy)
    if independent and array.ndim > 1:
        raise NotImplementedError("permutation: oneseed.jax knows independent=False")
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
        raise NotImplementedError("choice: oneseed.jax knows p=None")
    if replace:
        index = randint(key, shape, 0, n_inputs).reshape(-1)
    else:
        index = permutation(key, n_inputs)[:n_draws]
    if not array.ndim:
        return index.reshape(shape)
    return array.take(index, axis).reshape(array.shape[:axis] + tuple(shape) + array.shape[axis + 1 :])
