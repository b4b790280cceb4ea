"""oneseed.numpy.Generator: numpy.random.Generator of liboneseed."""

# SPDX-License-Identifier: MIT
import operator

from ._numpy_bits import PCG64, BitGenerator, bit_generator_of, make_bit_generator
from ._numpy_shapes import as_shape, length, np, shapes
from ._numpy_shared import Distributions, c_integer, count_up, is_array, plain_vector, population, quicken, safe_array, table, weights

_FLOAT64 = "float64" if np is None else np.float64
_INT64 = "int64" if np is None else np.int64


class Generator(Distributions):
    """Generator(bit_generator): the methods of numpy.random.Generator, same numbers, 1.19 to 2.5. Results are NumPy's arrays, or
    without NumPy memoryviews of the same kind and shape; one value is a float or int.

    From any thread: every call holds the bit generator's lock and draws without the GIL.
    """

    _is_legacy = False
    _table = table(False)
    _random = _table["random"][0]
    _poisson_lam_max = 2.0**63 - 10 * (2.0**63) ** 0.5

    def __init__(self, bit_generator):
        if not isinstance(bit_generator, BitGenerator):
            if isinstance(bit_generator, type):
                raise ValueError("Invalid bit generator. The bit generator must be instantiated.")
            if hasattr(bit_generator, "capsule"):
                raise TypeError(
                    "Generator: want a bit generator of oneseed.numpy, got %r; make one with its state" % (type(bit_generator),)
                )
            raise AttributeError("%r object has no attribute 'capsule'" % type(bit_generator).__name__)
        self._bit_generator = bit_generator
        self._lock = bit_generator.lock
        self._state = bit_generator._state

    @property
    def bit_generator(self):
        """The bit generator whose words are drawn."""
        return self._bit_generator

    def spawn(self, n_children):
        """A list of n_children generators whose streams are independent of this one's. TypeError where the seed is not known."""
        n_children = c_integer(n_children)
        if n_children < 0:
            raise ValueError("n_children must be non-negative")
        return [type(self)(child) for child in self._bit_generator.spawn(n_children)]

    def __str__(self):
        return "%s(%s)" % (type(self).__name__, type(self._bit_generator).__name__)

    def __repr__(self):
        return "%s at 0x%X" % (self, id(self))

    def __getstate__(self):
        return None

    def __setstate__(self, state):
        if isinstance(state, dict):  # before NumPy 2.0
            self._bit_generator.state = state

    def __reduce__(self):
        kind = () if type(self) is Generator else (make_bit_generator, type(self))
        return make_generator, (self._bit_generator, *kind), None

    # ---- floats ----

    def _standard(self, name, size, kind, out, variant=None):
        """Fills of no parameters; variant: the name of what is not in the table."""
        if out is None and size is None:
            if variant is None:
                with self._lock:
                    return self._state.draw(self._table[name][0], ())
            one = shapes.empty(kind, 1)
            with self._lock:
                self._state.fill_variant(variant, one)
            return shapes.scalar(one)
        if out is None:
            memory = out = shapes.empty(kind, size)
        else:
            _check_out(out, kind, size, False)
            memory = _in_memory_order(out)
        with self._lock:
            if variant is None:
                self._state.fill(self._table[name][0], memory)
            else:
                self._state.fill_variant(variant, memory)
        return out

    def random(self, size=None, dtype=_FLOAT64, out=None):
        """Uniform on [0, 1): 53 bits, or 24 with dtype float32 (23 before NumPy 1.22). out: a contiguous array to fill."""
        if size is None and out is None and dtype is _FLOAT64:
            with self._lock:
                return self._state.draw(self._random, ())
        kind = shapes.real_dtype(dtype, "random")
        return self._standard("random", size, kind, out, None if kind == "d" else "random_f32")

    def standard_normal(self, size=None, dtype=_FLOAT64, out=None):
        """Standard normal, by ziggurat; dtype float64 or float32; out: a contiguous array to fill."""
        kind = shapes.real_dtype(dtype, "standard_normal")
        return self._standard("standard_normal", size, kind, out, None if kind == "d" else "standard_normal_f32")

    def standard_exponential(self, size=None, dtype=_FLOAT64, method="zig", out=None):
        """Exponential with mean 1: by ziggurat, or method 'inv': -log1p(-U); dtype float64 or float32; out: an array to fill."""
        kind = shapes.real_dtype(dtype, "standard_exponential")
        inverse = "" if method == "zig" else "_inv"
        variant = None if kind == "d" and not inverse else "standard_exponential" + inverse + ("" if kind == "d" else "_f32")
        return self._standard("standard_exponential", size, kind, out, variant)

    def standard_gamma(self, shape, size=None, dtype=_FLOAT64, out=None):
        """Gamma with scale 1, shape >= 0 (a number or an array); dtype float64 or float32; out: a C-contiguous array to fill."""
        kind = shapes.real_dtype(dtype, "standard_gamma")
        if out is None and kind == "d":
            return self._draw("standard_gamma", (shape,), size)
        _check_out(out, kind, size, True)
        value = shapes.parameter(shape, "d") if kind == "d" else _shape_f32(shape)
        is_scalar = isinstance(value, float)
        if is_scalar and size is None and out is None:
            one = shapes.empty(kind, 1)
            with self._lock:
                self._state.fill_gamma_f32(one, value)
            return shapes.scalar(one)
        if out is not None:
            size = out.shape
        if not is_scalar:
            size, (value,) = shapes.broadcast([value], size)
        if out is None:
            out = shapes.empty(kind, size)
        with self._lock:
            if kind == "d":
                self._state.fill(self._table["standard_gamma"][0], out, value)
            else:
                self._state.fill_gamma_f32(out, value)
        return out

    # ---- integers ----

    def integers(self, low, high=None, size=None, dtype=_INT64, endpoint=False):
        """Integers from low to high - 1 (from 0 to low - 1 without high; endpoint: high is possible), by Lemire's method. dtype: any
        integer or bool. ValueError where a bound does not fit the dtype or nothing lies between. One value is a scalar of the dtype,
        a Python number with dtype int or bool.
        """
        if high is None:
            low, high = 0, low
        name = shapes.integer_dtype(dtype, "integers")
        result = self._integers(low, high, size, name, bool(endpoint))
        return result if size is not None or result.shape != (1,) else _one(result, low, high, dtype)

    # ---- orders ----

    def choice(self, a, size=None, replace=True, p=None, axis=0, shuffle=True):
        """Items of a (an int: of range(a)) along an axis, with the probabilities p. Without replacement the order is random only with
        shuffle. ValueError: an empty population, p that is negative, NaN or does not sum to 1, a sample larger than the population.
        """
        given = a
        if np:
            a = np.asarray(a)
        if not (a.ndim if np else hasattr(a, "__len__")):
            try:
                n_population = population(a)
            except TypeError:
                raise ValueError("a must be a sequence or an integer, not %s" % type(given)) from None
            if n_population <= 0 and _n(size) != 0:
                raise ValueError("a must be a positive integer unless no samples are taken")
            a = None
        else:
            n_population = a.shape[axis] if np else len(a)
            if n_population == 0 and _n(size) != 0:
                raise ValueError("a cannot be empty unless no samples are taken")
        tolerance = 0.0
        if p is not None:
            p, tolerance = weights(p, n_population, ("p must be 1-dimensional", "a and p must have same size"))
        shape = () if size is None else as_shape(size)
        if any(extent < 0 for extent in shape):
            raise ValueError("negative dimensions are not allowed")
        indices = self._indices(max(n_population, 0), p, tolerance, replace, bool(shuffle), shape)
        if size is None:
            index = int(indices.item(0) if np else indices[0])
            return index if a is None else a.take(index, axis=axis) if np else a[index]
        if a is None:
            return indices
        if not np:
            return [a[index] for index in indices.cast("B").cast("q")]
        if not shape and a.ndim == 1:
            result = np.empty((), a.dtype)
            result[()] = a[indices]
            return result
        return a.take(indices, axis=axis)

    def shuffle(self, x, axis=0):
        """Shuffles an array along an axis, or a sequence, in place. ValueError: a read-only array."""
        if not np or not isinstance(x, np.ndarray):
            if axis != 0:
                raise NotImplementedError("Axis argument is only supported on ndarray objects")
            self._shuffle_sequence(x)
            return
        if not x.flags.writeable:
            raise ValueError("array is read-only")
        len(x)  # a number in an array is refused
        axis = _axis(axis, x.ndim)
        if not x.size:
            return
        if type(x) is not np.ndarray:
            self._shuffle_items(np.swapaxes(x, 0, axis), True)
        elif x.flags.c_contiguous:
            self._along(x, axis, False)
        else:
            order = np.arange(x.shape[axis])
            self._shuffle_memory(order)
            x[...] = x.take(order, axis=axis)

    def _along(self, x, axis, is_permuted):
        """Memory in C order."""
        with self._lock:
            self._state.shuffle_axis(
                is_permuted, x, length(x.shape[:axis]), x.shape[axis], length(x.shape[axis + 1 :]), x.itemsize, x.dtype.hasobject
            )

    def permutation(self, x, axis=0):
        """range(x) of an int, or a copy of an array, in random order along an axis."""
        if isinstance(x, (int, np.integer) if np else int):
            order = np.arange(x) if np else shapes.empty("q", max(x, 0))
            if len(order):
                if not np:
                    count_up(order)
                self._shuffle_memory(order)
            return order
        if not np:
            x = list(x)
            self._shuffle_items(x, False)
            return x
        array = np.asarray(x)
        axis = _axis(axis, array.ndim)
        if array.ndim == 1:
            if np.may_share_memory(array, x):
                array = np.array(array)
            self.shuffle(array)
            return array
        order = np.arange(array.shape[axis])
        self._shuffle_memory(order)
        return array.take(order, axis=axis)

    def permuted(self, x, *, axis=None, out=None):
        """A copy of x (or out, which takes it) in which each line along the axis is shuffled for itself; axis None: all items."""
        if not np:
            if axis is not None or out is not None:
                raise NotImplementedError("permuted: axis and out need NumPy")
            return self.permutation(x)
        x = np.asarray(x)
        if out is None:
            out = x.copy(order="K")
        else:
            if type(out) is not np.ndarray:
                raise TypeError("out must be a numpy array")
            if not out.flags.writeable:
                raise ValueError("out is read-only")
            if out.shape != x.shape:
                raise ValueError("out must have the same shape as x")
            np.copyto(out, x, casting="safe")
        if axis is not None:
            axis = _axis(axis, out.ndim)
            if not out.size:
                return out
            work = out if out.flags.c_contiguous else np.ascontiguousarray(out)
            self._along(work, axis, True)
        elif out.ndim <= 1 or out.flags.c_contiguous or out.flags.f_contiguous:
            self.shuffle(out if out.ndim <= 1 else out.ravel(order="A"))
            return out
        else:
            work = np.ascontiguousarray(out)
            self.shuffle(work.ravel())
        if work is not out:
            out[...] = work
        return out

    # ---- vectors ----

    def multinomial(self, n, pvals, size=None):
        """Counts of n >= 0 experiments with the probabilities pvals, along its last axis; n and the rows of pvals broadcast. ValueError:
        pvals outside [0, 1], or with a sum (but for the last) above 1.
        """
        if not np:
            pvals = plain_vector(pvals, float)
            out = shapes.empty("q", (len(pvals),) if size is None else (*as_shape(size), len(pvals)))
            if not len(pvals):
                raise ValueError("pvals must have at least 1 dimension and the last dimension of pvals must be greater than 0.")
            with self._lock:
                self._state.multinomial(False, operator.index(n), pvals, out)
            return out
        given, counts, pvals = pvals, safe_array(n, np.int64, None), safe_array(pvals, np.float64, None)
        d = pvals.shape[-1] if pvals.ndim else 0
        if d == 0:
            raise ValueError("pvals must have at least 1 dimension and the last dimension of pvals must be greater than 0.")
        try:
            return self._multinomial(counts, pvals, size, d)
        except ValueError as error:
            raise ValueError(pvals_error(str(error), given, pvals.ndim)) from None

    def _multinomial(self, counts, pvals, size, d):
        if not counts.ndim and pvals.ndim == 1:
            out = np.zeros((d,) if size is None else (*as_shape(size), d), np.int64)
            with self._lock:
                self._state.multinomial(False, int(counts), pvals, out)
            return out
        rows = np.arange(length(pvals.shape[:-1])).reshape(pvals.shape[:-1])
        shape = np.broadcast(counts, rows, *(() if size is None else (np.empty(size, np.int8),))).shape
        if size is not None and shape != as_shape(size):
            raise ValueError("Output size %s is not compatible with broadcast dimensions of inputs %s." % (as_shape(size), shape))
        _, (counts, rows) = shapes.broadcast([counts, rows], shape)
        out = np.zeros((*shape, d), np.int64)
        with self._lock:
            self._state.multinomials(counts, pvals.reshape(-1, d)[rows], out, d)
        return out

    def multivariate_hypergeometric(self, colors, nsample, size=None, method="marginals"):
        """Counts of each colour in a sample of nsample, colors being how many there are: shape size + (len(colors),). method 'count'
        (memory for sum(colors)) or 'marginals' (sum(colors) below 10**9). From NumPy 1.18.
        """
        if method not in ("count", "marginals"):
            raise ValueError('method must be "count" or "marginals".')
        try:
            nsample = operator.index(nsample)
        except TypeError:
            raise ValueError("nsample must be an integer") from None
        if nsample < 0:
            raise ValueError("nsample must be nonnegative.")
        if nsample >= 2**63:
            raise ValueError("nsample must not exceed %d" % (2**63 - 1))
        colors = _colors(colors)
        total = sum(int(color) for color in colors)
        if total >= 2**63:
            raise ValueError("sum(colors) must not exceed the maximum value of a 64 bit signed integer (%d)" % (2**63 - 1))
        if method == "count" and total > (2**63 - 1) // 8:
            raise ValueError("When method is 'count', sum(colors) must not exceed %d" % ((2**63 - 1) // 8))
        if method == "marginals" and total >= 1000000000:
            raise ValueError('When method is "marginals", sum(colors) must be less than 1000000000.')
        if nsample > total:
            raise ValueError("nsample > sum(colors)")
        out = shapes.empty("q", (len(colors),) if size is None else (*as_shape(size), len(colors)))
        if len(colors):
            with self._lock:
                self._state.multivariate_hypergeometric(colors, nsample, max(total, 1) if method == "count" else 0, out)
        return out

    def multivariate_normal(self, mean, cov, size=None, check_valid="warn", tol=1e-8, *, method="svd"):
        """Normal vectors with this mean and covariance: shape size + (len(mean),). method: how NumPy's linalg makes the factor, 'svd',
        'eigh' or 'cholesky'. Needs NumPy. The factor and the product are LAPACK's and BLAS's: on one machine they are NumPy's.
        """
        if method not in ("eigh", "svd", "cholesky"):
            raise ValueError("method must be one of {'eigh', 'svd', 'cholesky'}")
        mean, cov, shape = normal_arguments(mean, cov, size)
        if mean.dtype.kind == "c" or cov.dtype.kind == "c":
            raise TypeError("mean and cov must not be complex")
        check_normal_shapes(mean, cov)
        shape.append(len(mean))
        x = self.standard_normal(shape).reshape(-1, len(mean))
        cov = cov.astype(np.double)
        if method == "cholesky":
            factor = np.linalg.cholesky(cov)
        elif method == "eigh":
            s, u = np.linalg.eigh(cov)
            check_covariance(check_valid, lambda: not np.any(s < -tol))
            factor = u * np.sqrt(abs(s))
        else:
            u, s, vh = np.linalg.svd(cov)
            check_covariance(check_valid, lambda: np.allclose(np.dot(vh.T * s, vh), cov, rtol=tol, atol=tol))
            factor = u * np.sqrt(s)
        return (mean + x @ factor.T).reshape(tuple(shape))


quicken(
    Generator,
    {
        "random": "standard",
        "standard_normal": "standard",
        "standard_exponential": "exponential",
        "standard_gamma": "gamma",
        "integers": "integers",
        "multinomial": "multinomial",
        "shuffle": "shuffle",
        "permutation": "permutation",
    },
    ("permutation",),
)


def make_generator(bit_generator="MT19937", make=make_bit_generator, kind=Generator):
    """For unpickling."""
    return kind(bit_generator_of(bit_generator, make))


# ---- multivariate_normal, of RandomState too ----


def normal_arguments(mean, cov, size):
    """(mean, cov, shape as a list)."""
    if not np:
        raise ImportError("multivariate_normal: NumPy's linalg makes the factor: install numpy")
    return np.array(mean), np.array(cov), [] if size is None else list(as_shape(size))


def check_normal_shapes(mean, cov):
    if mean.ndim != 1:
        raise ValueError("mean must be 1 dimensional")
    if cov.ndim != 2 or cov.shape[0] != cov.shape[1]:
        raise ValueError("cov must be 2 dimensional and square")
    if mean.shape[0] != cov.shape[0]:
        raise ValueError("mean and cov must have same length")


def check_covariance(check_valid, is_semidefinite):
    from warnings import warn

    if check_valid == "ignore":
        return
    if check_valid not in ("warn", "raise"):
        raise ValueError("check_valid must equal 'warn', 'raise', or 'ignore'")
    if is_semidefinite():
        return
    if check_valid == "raise":
        raise ValueError("covariance is not symmetric positive-semidefinite.")
    warn("covariance is not symmetric positive-semidefinite.", RuntimeWarning, stacklevel=3)


# ---- checks of arguments ----


def _n(size):
    return 1 if size is None else length(as_shape(size))


def _axis(axis, ndim):
    """An axis counted from the front; NumPy's AxisError where there is none."""
    axis = operator.index(axis)
    if not -ndim <= axis < ndim:
        try:
            from numpy.exceptions import AxisError
        except ImportError:  # before 1.25
            from numpy import AxisError

        raise AxisError(axis, ndim)
    return axis % ndim


def _one(result, low, high, dtype):
    """The only element, unless the bounds were an array of one."""
    if is_array(low) or is_array(high):
        return result
    if dtype is int or dtype is bool:
        return dtype(result[0])
    return result[0]


def _check_out(out, kind, size, needs_c_order):
    if out is None:
        return
    if not np:
        view = memoryview(out)
        if view.format != kind or not view.c_contiguous or view.readonly:
            raise ValueError("Supplied output array must be contiguous, writable, and of kind %r." % kind)
        shape = view.shape
    else:
        if not isinstance(out, np.ndarray):
            raise TypeError("Cannot convert %s to numpy.ndarray" % type(out).__name__)
        flags = out.flags
        if not (flags.c_contiguous or (flags.f_contiguous and not needs_c_order)) or not flags.behaved or not out.dtype.isnative:
            raise ValueError(
                "Supplied output array must be %scontiguous, writable, aligned, and in machine byte-order."
                % ("C-" if needs_c_order else "")
            )
        wanted = np.dtype(kind)
        if out.dtype != wanted:
            raise TypeError("Supplied output array has the wrong type. Expected %s, got %s" % (wanted, out.dtype))
        shape = out.shape
    if size is not None:
        try:
            size = tuple(size)
        except TypeError:
            size = (size,)
        if size != shape:
            raise ValueError("size must match out.shape when used together")


def _in_memory_order(out):
    return out if not np or out.flags.c_contiguous else out.T


def _shape_f32(shape):
    if not np:
        value = shapes.parameter(shape, "d")
        if not isinstance(value, float):
            raise TypeError("standard_gamma: float32 of several shapes needs NumPy")
        return value
    array = np.asarray(shape, np.float32)
    return array if array.ndim else shapes.parameter(shape, "d")


def _colors(colors):
    message = "colors must be a one-dimensional sequence of nonnegative integers not exceeding %d." % (2**63 - 1)
    if not np:
        if not all(isinstance(color, int) and 0 <= color < 2**63 for color in colors):
            raise ValueError(message)
        return plain_vector(colors, int)
    try:
        colors = np.asarray(colors)
        is_wrong = (
            colors.ndim != 1
            or (colors.size and not np.issubdtype(colors.dtype, np.integer))
            or bool(np.any((colors < 0) | (colors > 2**63 - 1)))
        )
    except ValueError:
        is_wrong = True
    if is_wrong:
        raise ValueError(message)
    return np.ascontiguousarray(colors, np.int64)


def pvals_error(message, pvals, ndim):
    """NumPy's message for what it casts to float64 before it adds."""
    if not message.startswith("sum(pvals"):
        return message
    rows = "[:-1]" if ndim == 1 else "[...,:-1]"
    is_close = isinstance(pvals, np.ndarray) and np.issubdtype(pvals.dtype, np.floating) and pvals.dtype != float and pvals.sum() < 1.0001
    if not is_close:
        return "sum(pvals%s) > 1.0" % rows
    return (
        "sum(pvals%s.astype(np.float64)) > 1.0. The pvals array is cast to 64-bit floating point prior to checking the sum. Precision "
        "changes when casting may cause problems even if the sum of the original pvals is valid." % rows
    )


def default_rng(seed=None):
    """A Generator over PCG64(seed). seed: None (the system's entropy), an int, a sequence of ints, a SeedSequence, a bit generator (used
    as it is), a Generator (given back) or a RandomState (a Generator over its bit generator).
    """
    if seed is None or type(seed) is int:
        return Generator(PCG64(seed))
    from ._numpy_legacy import RandomState

    if isinstance(seed, BitGenerator):
        return Generator(seed)
    if isinstance(seed, Generator):
        return seed
    if isinstance(seed, RandomState):
        return Generator(seed._bit_generator)
    return Generator(PCG64(seed))
