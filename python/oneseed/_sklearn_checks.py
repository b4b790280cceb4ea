"""What oneseed.sklearn's functions have in common: parameters, generators, samples, labels."""

# SPDX-License-Identifier: MIT
import math
import numbers
from array import array
from contextlib import nullcontext

from . import _streams
from ._numpy_shapes import nested, np, shapes
from .numpy import RandomState, _rand


INF = float("inf")


class InvalidParameterError(ValueError, TypeError):
    """A parameter of another type or outside its range; the message is scikit-learn's."""


# ---- parameters: (text, test) pairs, as scikit-learn words them ----


def _whole(low, high=None):
    text = "an int in the range [%d, %s" % (low, "inf)" if high is None else "%d]" % high)
    return text, lambda v: isinstance(v, numbers.Integral) and low <= v and (high is None or v <= high)


def _real(low, high, brackets="[]", kind=numbers.Real):
    """Numbers from low to high; a round bracket leaves the bound out."""

    def is_in(v):
        if not isinstance(v, numbers.Real) or (kind is float and isinstance(v, numbers.Integral)) or v != v:
            return False
        return (low <= v if brackets[0] == "[" else low < v) and (v <= high if brackets[1] == "]" else v < high)

    return "a float in the range %s%s, %s%s" % (brackets[0], low, high, brackets[1]), is_in


def _is_bool(value):
    return isinstance(value, bool) or (np is not None and isinstance(value, np.bool_))


def is_sparse(value):
    return hasattr(value, "tocsr") and hasattr(value, "nnz")


def _is_array_like(value):
    if is_sparse(value) or isinstance(value, (str, bytes)):
        return False
    return hasattr(value, "__len__") or (hasattr(value, "shape") and getattr(value, "ndim", 1) > 0)


BOOL = ("an instance of 'bool' or an instance of 'numpy.bool'", _is_bool)
NONE = ("None", lambda v: v is None)
ARRAY = ("an array-like", _is_array_like)
SPARSE = ("a sparse array or matrix", is_sparse)
TUPLE = ("an instance of 'tuple'", lambda v: isinstance(v, tuple))
FRACTION = _real(0.0, 1.0, "()", float)
COUNT, COUNT_OR_NOTHING = _whole(1), _whole(0)
NOT_NEGATIVE, POSITIVE, ANY_REAL = _real(0.0, INF, "[)"), _real(0.0, INF, "()"), _real(-INF, INF, "()")
UP_TO_1, BELOW_1 = _real(0.0, 1.0), _real(0.0, 1.0, "[)")
RANDOM_STATE = (
    _whole(0, 2**32 - 1), ("an instance of 'oneseed.numpy.RandomState'", lambda v: isinstance(v, RandomState)), NONE,
)


def _advice(value):
    """What to do with a generator of NumPy's own, whose state is out of reach; "" for everything else."""
    theirs = type(value).__module__.startswith("numpy.random") and hasattr(value, "get_state")
    return " This is NumPy's own: make r = oneseed.numpy.RandomState(0), then r.set_state(its get_state())." if theirs else ""


def check(caller, value, name, *constraints):
    """Refuses a value that none of the constraints allows."""
    if any(allows(value) for _, allows in constraints):
        return
    texts = [text for text, _ in constraints]
    text = texts[0] if len(texts) == 1 else "%s or %s" % (", ".join(texts[:-1]), texts[-1])
    raise InvalidParameterError("The %r parameter of %s must be %s. Got %r instead.%s"
                                % (name, caller, text, value, _advice(value)))


# ---- generators ----


class _Fresh:
    """The generator of one call: RandomState(seed), without what the object needs besides."""

    def __init__(self, seed):
        self._state = _streams.NumpyState(0)
        self._state.seed_legacy(int(seed))
        self._lock = nullcontext()


def check_random_state(seed):
    """scikit-learn's rule: an int is a new RandomState, a RandomState is itself, None is the one behind oneseed.numpy's functions."""
    if seed is None:
        return _rand
    if isinstance(seed, numbers.Integral):
        return RandomState(int(seed))
    if isinstance(seed, RandomState):
        return seed
    raise ValueError("%r cannot be used to seed a numpy.random.RandomState instance%s" % (seed, _advice(seed)))


def generator(seed):
    """The same for our own calls: what has a _state and a _lock."""
    if not isinstance(seed, numbers.Integral):
        return check_random_state(seed)
    if not 0 <= seed < 2**32:
        raise ValueError("Seed must be between 0 and 2**32 - 1")
    return _Fresh(seed)


def draw(rng, method, *arguments):
    """A method of the generator's state."""
    with rng._lock:
        return getattr(rng._state, method)(*arguments)


# ---- samples ----


def n_samples_of(x):
    if not hasattr(x, "__len__") and not hasattr(x, "shape"):
        raise TypeError("Expected sequence or array-like, got %s" % type(x))
    if hasattr(x, "shape"):
        if len(x.shape) == 0:
            raise TypeError(
                "Input should have at least 1 dimension i.e. satisfy `len(x.shape) > 0`, got scalar %r instead." % (x,)
            )
        if isinstance(x.shape[0], numbers.Integral):
            return int(x.shape[0])
    return len(x)


def check_lengths(*arrays):
    lengths = [n_samples_of(x) for x in arrays if x is not None]
    if len(set(lengths)) > 1:
        raise ValueError("Found input variables with inconsistent numbers of samples: %r" % lengths)


def indexable(*arrays):
    """The arrays, made such that samples can be taken by index; all of one length."""
    made = []
    for x in arrays:
        if is_sparse(x):
            x = x.tocsr()
        elif x is not None and not hasattr(x, "__getitem__") and not hasattr(x, "iloc"):
            x = np.array(x) if np else list(x)
        made.append(x)
    check_lengths(*made)
    return made


def take(x, indices):
    """The samples with these indices."""
    if hasattr(x, "iloc"):
        return x.take(indices, axis=0)
    if isinstance(x, memoryview):
        return _take_of_memory(x, indices)
    if hasattr(x, "shape"):
        return x[indices]
    return [x[i] for i in (indices.tolist() if hasattr(indices, "tolist") else indices)]


def _take_of_memory(x, indices):
    row = x.nbytes // len(x)
    data = x.cast("B")
    taken = bytearray().join(data[row * i : row * i + row] for i in indices)
    flat = memoryview(taken).cast(x.format)
    return flat if x.ndim == 1 or not len(flat) else flat.cast("B").cast(x.format, (len(indices), *x.shape[1:]))


def empty(kind, *shape):
    return shapes.empty(kind, shape)


def floats(values, n=None):
    """Numbers as contiguous doubles; n repeats one number."""
    if np:
        made = np.asarray(values, np.float64)
        return np.ascontiguousarray(made if n is None else np.broadcast_to(made, (n,)))
    flat, shape = nested(values) if hasattr(values, "__len__") else ([values], (1,))
    if n is not None and len(flat) == 1:
        flat = flat * n
    if n is not None and len(flat) != n:
        raise ValueError("want %d numbers, got %d" % (n, len(flat)))
    return memoryview(array("d", map(float, flat)))


def where(values, value):
    """(indices of the others, indices of the value), both ascending."""
    if np:
        mask = values == value
        return np.flatnonzero(~mask), np.flatnonzero(mask)
    found = array("q"), array("q")
    for i, v in enumerate(values):
        found[v == value].append(i)
    return memoryview(found[0]), memoryview(found[1])


# ---- labels ----


def check_labels(y, name):
    """As numpy.asarray makes them, without NumPy as a list; NaN, infinity and more than two dimensions are refused."""
    if not np:
        if not hasattr(y, "__len__"):
            raise TypeError("Expected sequence or array-like, got %s" % type(y))
        y = y.tolist() if hasattr(y, "tolist") else list(y)
        bad = [v for v in y if isinstance(v, float) and not math.isfinite(v)]
        is_nan = any(v != v for v in bad)
    else:
        y = np.asarray(y)
        n_samples_of(y)
        if y.ndim > 2:
            raise ValueError("Found array with dim %d, while dim <= 2 is required." % y.ndim)
        bad = y.dtype.kind == "f" and not np.isfinite(y).all()
        is_nan = bad and np.isnan(y).any()
    if bad:
        what = "NaN" if is_nan else "infinity or a value too large for dtype('float64')"
        raise ValueError("Input %s contains %s." % (name, what))
    return y


def encode(y):
    """(labels in sorted order, code of each sample, number of each). Rows of two dimensions are one label: their texts."""
    if np:
        if y.ndim == 2:
            y = np.array([" ".join(row.astype("str")) for row in y])
        labels, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
        return labels, np.ascontiguousarray(codes.reshape(-1), np.int64), counts
    labels = sorted(set(y))
    code_of = {label: k for k, label in enumerate(labels)}
    codes = array("q", [code_of[label] for label in y])
    counts = [0] * len(labels)
    for code in codes:
        counts[code] += 1
    return labels, codes, counts


def _is_whole(values):
    return all(float(v).is_integer() for v in values if isinstance(v, float))


def target_type(y):
    """scikit-learn's type_of_target, for what its splitters tell apart."""
    if not np:
        return "binary" if _is_whole(y) and len(set(y)) <= 2 else "multiclass" if _is_whole(y) else "continuous"
    if y.dtype == object and y.size and not isinstance(y.flat[0], str):
        return "unknown"
    continuous = y.dtype.kind == "f" and bool((y != y.astype(int)).any())
    if y.ndim == 2 and y.shape[1] > 1:
        if continuous:
            return "continuous-multioutput"
        return "multilabel-indicator" if y.dtype.kind in "biuf" and len(np.unique(y)) < 3 else "multiclass-multioutput"
    return "continuous" if continuous else "binary" if len(np.unique(y)) <= 2 else "multiclass"
