"""oneseed.numpy.RandomState: numpy.random.RandomState of liboneseed."""

# SPDX-License-Identifier: MIT
import operator
from warnings import warn

from ._numpy_bits import MT19937, BitGenerator, bit_generator_of, make_bit_generator
from ._numpy_generator import check_covariance, check_normal_shapes, normal_arguments, pvals_error
from ._numpy_shapes import as_shape, length, np, shapes
from ._numpy_shared import Distributions, c_integer, count_up, is_array, plain_vector, population, quicken, safe_array, table, weights


class RandomState(Distributions):
    """RandomState(seed=None): numpy.random.RandomState, 1.17 to 2.5. seed: an int below 2**32, an array of such, None for the system's
    entropy, or a bit generator. Its methods are also functions of oneseed.numpy, over one RandomState. Results are NumPy's arrays, or
    without NumPy memoryviews of the same kind and shape; one value is a float or int.
    """

    _is_legacy = True
    _table = table(True)
    _poisson_lam_max = 2.0**63 - 10 * (2.0**63) ** 0.5

    def __init__(self, seed=None):
        if isinstance(seed, BitGenerator):
            self._use(seed)
            return
        if isinstance(seed, type) and issubclass(seed, BitGenerator):
            raise ValueError("Invalid bit generator. The bit generator must be instantized.")
        if hasattr(seed, "capsule"):
            raise TypeError("RandomState: want a bit generator of oneseed.numpy, got %r; make one with its state" % (type(seed),))
        bit_generator = MT19937()
        if seed is not None:
            bit_generator._legacy_seeding(seed)
        self._use(bit_generator)

    def _use(self, bit_generator):
        if not isinstance(bit_generator, BitGenerator):
            raise TypeError("want a bit generator of oneseed.numpy, got %r" % (type(bit_generator),))
        self._bit_generator = bit_generator
        self._lock = bit_generator.lock
        self._state = bit_generator._state.view()  # with a cached normal of its own

    def __str__(self):
        return "%s(%s)" % (type(self).__name__, type(self._bit_generator).__name__)

    def __repr__(self):
        return "%s at 0x%X" % (self, id(self))

    def __getstate__(self):
        return self.get_state(legacy=False)

    def __setstate__(self, state):
        self.set_state(state)

    def __reduce__(self):
        kind = () if type(self) is RandomState else (make_bit_generator, type(self))
        return make_random_state, (self._bit_generator, *kind), self.get_state(legacy=False)

    # ---- state ----

    def seed(self, seed=None):
        """Seeds anew, as RandomState(seed) does. TypeError over another bit generator than MT19937."""
        bit_generator = self._bit_generator
        if not isinstance(bit_generator, MT19937):
            raise TypeError("can only re-seed a MT19937 BitGenerator")
        with self._lock:
            if type(seed) is int and 0 <= seed < 4294967296:  # the usual call, without _legacy_seeding's questions
                bit_generator._state.seed_legacy(seed)
                bit_generator._seed_seq = None
            else:
                bit_generator._legacy_seeding(seed)
            self._state.set_gauss(0, 0.0)

    def get_state(self, legacy=True):
        """('MT19937', 624 words, position, has_gauss, gauss); with legacy=False, or over another bit generator, a dict."""
        with self._lock:
            state = self._bit_generator.state
            state["has_gauss"], state["gauss"] = self._state.gauss()
        if state["bit_generator"] != "MT19937" and legacy:
            warn(
                "get_state and legacy can only be used with the MT19937 BitGenerator. To silence this warning, set `legacy` to False.",
                RuntimeWarning,
                stacklevel=2,
            )
            legacy = False
        if legacy and not isinstance(self._bit_generator, MT19937):
            raise ValueError("legacy can only be True when the underlying bitgenerator is an instance of MT19937.")
        if legacy:
            inner = state["state"]
            return state["bit_generator"], inner["key"], inner["pos"], state["has_gauss"], state["gauss"]
        return state

    def set_state(self, state):
        """Takes what get_state() gives, and NumPy's; without has_gauss and gauss no normal is kept."""
        if isinstance(state, dict):
            if "bit_generator" not in state or "state" not in state:
                raise ValueError("state dictionary is not valid.")
        else:
            if not isinstance(state, (tuple, list)):
                raise TypeError("state must be a dict or a tuple.")
            if state[0] != "MT19937":
                raise ValueError("set_state can only be used with legacy MT19937 state instances.")
            given = state
            state = {"bit_generator": given[0], "state": {"key": given[1], "pos": given[2]}}
            if len(given) > 3:
                state["has_gauss"], state["gauss"] = given[3], given[4]
        has_gauss, gauss = operator.index(state.get("has_gauss", 0)), float(state.get("gauss", 0.0))
        with self._lock:
            self._bit_generator.state = state
            self._state.set_gauss(has_gauss, gauss)

    # ---- floats ----

    def random_sample(self, size=None):
        """Uniform on [0, 1): 53 bits."""
        return self._draw("random_sample", (), size)

    def random(self, size=None):
        """random_sample(size)."""
        return self.random_sample(size=size)

    def rand(self, *args):
        """random_sample(args)."""
        return self.random_sample(size=args) if args else self.random_sample()

    def randn(self, *args):
        """standard_normal(args)."""
        return self.standard_normal(size=args) if args else self.standard_normal()

    def standard_normal(self, size=None):
        """Standard normal, by the polar method: the second of a pair is kept for the next call."""
        return self._draw("standard_normal", (), size)

    def standard_exponential(self, size=None):
        """Exponential with mean 1: -log(1 - U)."""
        return self._draw("standard_exponential", (), size)

    def standard_gamma(self, shape, size=None):
        """Gamma with scale 1, shape >= 0."""
        return self._draw("standard_gamma", (shape,), size)

    # ---- integers ----

    def tomaxint(self, size=None):
        """Integers from 0 to 2**63 - 1."""
        out = shapes.empty("q", 1 if size is None else size)
        with self._lock:
            self._state.tomaxint(out)
        return int(out[0]) if size is None else out

    def randint(self, low, high=None, size=None, dtype=int):
        """Integers from low to high - 1 (from 0 to low - 1 without high), by masked rejection. dtype: any integer or bool. ValueError
        where a bound does not fit the dtype or nothing lies between. One value is a scalar of the dtype, a Python number with dtype int
        or bool.
        """
        if high is None:
            low, high = 0, low
        given = dtype
        if np and dtype is not int:
            dtype = np.dtype(dtype)
            if not dtype.isnative:
                warn(
                    "Providing a dtype with a non-native byteorder is not supported. If you require platform-independent byteorder, "
                    "call byteswap when required.\nIn future version, providing byteorder will raise a ValueError",
                    DeprecationWarning,
                    stacklevel=2,
                )
                dtype = dtype.newbyteorder()
        name = "int64" if dtype is int else shapes.integer_dtype(dtype, "randint")
        result = self._integers(low, high, size, name, False)
        if size is not None or result.shape != (1,) or is_array(low) or is_array(high):
            return result
        return given(result[0]) if given is int or given is bool else result[0]

    def random_integers(self, low, high=None, size=None):
        """randint(low, high + 1), or randint(1, low + 1) without high; deprecated in NumPy, as here."""
        if high is None:
            warn("This function is deprecated. Please call randint(1, %s + 1) instead" % low, DeprecationWarning, stacklevel=2)
            low, high = 1, low
        else:
            warn("This function is deprecated. Please call randint(%s, %s + 1) instead" % (low, high), DeprecationWarning, stacklevel=2)
        return self.randint(low, int(high) + 1, size=size, dtype="l" if np else "int64")

    # ---- orders ----

    def choice(self, a, size=None, replace=True, p=None):
        """Items of the sequence a (an int: of range(a)), with the probabilities p. ValueError: an empty population, p that is negative,
        NaN or does not sum to 1, a sample without replacement that is larger than the population.
        """
        if np:
            a = np.asarray(a)
        if not (a.ndim if np else hasattr(a, "__len__")):
            try:
                n_population = population(a)
            except TypeError:
                raise ValueError("a must be 1-dimensional or an integer") from None
            if n_population <= 0 and (size is None or length(as_shape(size)) != 0):
                raise ValueError("a must be greater than 0 unless no samples are taken")
            a = None
        elif np and a.ndim != 1:
            raise ValueError("a must be 1-dimensional")
        else:
            n_population = len(a)
            if n_population == 0 and (size is None or length(as_shape(size)) != 0):
                raise ValueError("'a' cannot be empty unless no samples are taken")
        tolerance = 0.0
        if p is not None:
            p, tolerance = weights(p, n_population, ("'p' must be 1-dimensional", "'a' and 'p' must have same size"))
        shape = () if size is None else as_shape(size)
        if any(extent < 0 for extent in shape):
            raise ValueError("negative dimensions are not allowed" if replace else "Negative dimensions are not allowed")
        indices = self._indices(max(n_population, 0), p, tolerance, replace, True, shape)
        if size is None:
            index = int(indices.item(0) if np else indices[0])
            return index if a is None else a[index]
        if a is None:
            return indices
        if not np:
            return [a[index] for index in indices.cast("B").cast("q")]
        if not shape:
            result = np.empty((), a.dtype)
            result[()] = a[indices]
            return result
        return a[indices]

    def shuffle(self, x):
        """Shuffles an array along its first axis, or a sequence, in place. ValueError: a read-only array."""
        if not np or not isinstance(x, np.ndarray):
            self._shuffle_sequence(x)
            return
        if not x.flags.writeable:
            raise ValueError("array is read-only")
        if not x.ndim:
            raise TypeError("len() of unsized object")
        if not x.size:
            return
        if type(x) is np.ndarray and x.flags.c_contiguous:
            self._shuffle_memory(x)
        elif type(x) is np.ndarray:
            order = np.arange(len(x))
            self._shuffle_memory(order)
            x[...] = x.take(order, axis=0)
        else:
            if x.ndim == 1 and x.dtype.type is np.object_:
                warn(
                    "Shuffling a one dimensional array subclass containing objects gives incorrect results for most array subclasses.  "
                    "Please use the new random number API instead: https://numpy.org/doc/stable/reference/random/index.html\n"
                    "The new API fixes this issue. This version will not be fixed due to stability guarantees of the API.",
                    UserWarning,
                    stacklevel=2,
                )
            self._shuffle_subclass(x)

    def _shuffle_subclass(self, x):
        """Items by x[i], which of some subclasses are copies, or say less than the item: what NumPy does is kept."""
        spare = np.empty_like(x[0, ...])
        partners = self._swap(len(x))
        for i in range(len(x) - 1, 0, -1):
            j = partners[i]
            if i != j:
                spare[...] = x[j]
                x[j] = x[i]
                x[i] = spare

    def permutation(self, x):
        """range(x) of an int, or a copy of an array, in random order along the first axis."""
        if not np:
            if isinstance(x, int):
                order = shapes.empty("q", max(x, 0))
                count_up(order)
                if len(order):
                    self._shuffle_memory(order)
                return order
            x = list(x)
            self._shuffle_items(x, False)
            return x
        if isinstance(x, (int, np.integer)):
            array = np.arange(x, dtype=np.result_type(x, np.int_))
            self.shuffle(array)
            return array
        array = np.asarray(x)
        if array.ndim < 1:
            raise IndexError("x must be an integer or at least 1-dimensional")
        if array.ndim == 1:
            if np.may_share_memory(array, x):
                array = np.array(array)
            self.shuffle(array)
            return array
        order = np.arange(len(array))
        self.shuffle(order)
        return array[order]

    # ---- vectors ----

    def multinomial(self, n, pvals, size=None):
        """Counts of n >= 0 experiments with the probabilities pvals: shape size + (len(pvals),). ValueError: pvals outside [0, 1], or
        with a sum (but for the last) above 1.
        """
        n, given = c_integer(n), pvals
        if np:
            pvals = safe_array(pvals, np.float64, 1)
            if not pvals.ndim:
                raise TypeError("pvals must be a 1-d sequence")
        else:
            pvals = plain_vector(pvals, float)
        d = len(pvals)
        out = shapes.empty("q", (d,) if size is None else (*as_shape(size), d))
        try:
            with self._lock:
                self._state.multinomial(True, n, pvals, out)
        except ValueError as error:
            raise ValueError(pvals_error(str(error), given, 1) if np else str(error)) from None
        return out

    def multivariate_normal(self, mean, cov, size=None, check_valid="warn", tol=1e-8):
        """Normal vectors with this mean and covariance: shape size + (len(mean),). Needs NumPy. The factor (by svd) and the product are
        LAPACK's and BLAS's: on one machine they are NumPy's.
        """
        mean, cov, shape = normal_arguments(mean, cov, size)
        check_normal_shapes(mean, cov)
        shape.append(len(mean))
        x = self.standard_normal(shape).reshape(-1, len(mean))
        cov = cov.astype(np.double)
        _, s, v = np.linalg.svd(cov)
        check_covariance(check_valid, lambda: np.allclose(np.dot(v.T * s, v), cov, rtol=tol, atol=tol))
        x = np.dot(x, np.sqrt(s)[:, None] * v)
        x += mean
        return x.reshape(tuple(shape))


quicken(
    RandomState,
    {
        "rand": "extents",
        "randn": "extents",
        "tomaxint": "tomaxint",
        "randint": "randint",
        "multinomial": "multinomial",
        "shuffle": "shuffle",
        "permutation": "permutation",
    },
    ("rand", "randn", "random", "permutation"),
)


def make_random_state(bit_generator="MT19937", make=make_bit_generator, kind=RandomState):
    """For unpickling."""
    return kind(bit_generator_of(bit_generator, make))
