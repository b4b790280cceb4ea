"""What oneseed.tensorflow's functions have in common: errors, dtypes, tensors as NumPy's arrays, shapes, and the eager context."""

# SPDX-License-Identifier: MIT
import os
import random
import struct

from . import _streams
from ._arrays import BFLOAT16, Dtype, np, table

_MAXINT32 = 2**31 - 1
_place = _streams._tensorflow_place
new_place = bytearray  # a copy of a place

# ---- errors ----


class OpError(Exception):
    """What an operation of TensorFlow's raises."""


class InvalidArgumentError(OpError):
    """An operation's argument is refused."""


class NotFoundError(OpError):
    """There is no kernel for such arguments."""


class UnimplementedError(OpError):
    """TensorFlow does not have this on CPUs."""


def invalid(operation, message, *values):
    return InvalidArgumentError("%s [Op:%s]" % (message % values, operation))


# ---- dtypes ----

_CODES = table([BFLOAT16, "float16", "float32", "float64", "int32", "int64", "uint32", "uint64"])  # as oneseed_tensorflow_dtype counts
_NAMES = {"half": "float16", "float": "float32", "double": "float64"}
_known = {}


class TensorflowDtype(Dtype):
    """A dtype with the names that it has in TensorFlow's messages."""

    __slots__ = ()

    def __repr__(self):
        return "tf." + self.name

    def __str__(self):
        return "<dtype: '%s'>" % self.name

    as_numpy_dtype = property(lambda self: self.numpy.type)

    is_integer = property(lambda self: self.kind in "iu")
    is_floating = property(lambda self: self.kind == "f")


def names(*dtypes):
    """(tf.float32, tf.float64) in messages."""
    return "(%s)" % ", ".join("tf." + name for name in dtypes)


_ALL = (BFLOAT16, "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool",
        "complex64", "complex128")  # fmt: skip


def _find_dtype(dtype):
    refused = TypeError("Cannot convert the argument `type_value`: %r to a TensorFlow DType." % (dtype,))
    if isinstance(dtype, str):
        name = _NAMES.get(dtype, dtype)
        if name not in _ALL:
            raise refused
        return TensorflowDtype(name, np.dtype("uint16" if name == BFLOAT16 else name), _CODES.get(name))
    if dtype is None or dtype is int:
        raise refused
    try:
        found = np.dtype("float32" if dtype is float else getattr(dtype, "as_numpy_dtype", dtype))  # as tf.DType has it
    except TypeError:
        raise refused from None
    if found.name not in _ALL:
        raise refused
    return TensorflowDtype(found.name, found, _CODES.get(found.name))


def as_dtype(dtype):
    if type(dtype) is TensorflowDtype:
        return dtype
    try:
        return _known[dtype]
    except (KeyError, TypeError):
        pass
    found = _find_dtype(dtype)
    if getattr(dtype, "__hash__", None):
        _known[dtype] = found
    return found


FLOAT32, INT32, INT64, UINT64 = map(as_dtype, ("float32", "int32", "int64", "uint64"))  # defaults


def is_tensorflows(dtype):
    """Whether it is a dtype of TensorFlow's, or of ours, and not a name."""
    return type(dtype) is TensorflowDtype or hasattr(dtype, "as_numpy_dtype")


# ---- tensors ----

_DEFAULTS = {"float64": "float32", "int64": "int32"}  # of Python's numbers


def tensor(value, dtype=None):
    """A value as an array: arrays as they are, Python's numbers in TensorFlow's default dtypes, or in `dtype`, which has to hold them."""
    if value is None:
        raise ValueError("Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor.")
    if dtype is None:
        if hasattr(value, "__array__"):
            return np.asarray(value)
        array = np.asarray(value)
        if array.dtype.kind in "US":
            return np.array([_bytes(item) for item in array.ravel().tolist()] + [None], object)[:-1].reshape(array.shape)
        if array.dtype.name == "int64" and array.size and not -(2**31) <= array.min() <= array.max() < 2**31:
            return array
        return array.astype(_DEFAULTS.get(array.dtype.name, array.dtype))
    if type(value) is float and dtype.kind == "f":
        return value
    array = np.asarray(value)
    fits = {"f": "biuf", "i": "biu", "u": "biu", "c": "biufc"}.get(dtype.kind, "")
    if array.dtype.kind == "f" and dtype.kind in "iu" and hasattr(value, "dtype"):
        fits = "f"  # numbers of NumPy's are cast
    if array.dtype.kind == "O" and isinstance(value, int) and dtype.kind == "f":
        return float(value)
    if not array.size:
        return array.astype(dtype.numpy)
    if array.dtype.kind not in fits and array.dtype.name != BFLOAT16:
        if array.dtype.kind == "O":
            raise ValueError("Can't convert Python sequence with out-of-range integer to Tensor.")
        raise TypeError("Cannot convert %r to EagerTensor of dtype %s" % (value, c_name(dtype.name)))
    return array


_C_NAMES = {"float32": "float", "float64": "double", "float16": "half", "object": "string"}


def c_name(name):
    """The name of a dtype in the messages of kernels."""
    return _C_NAMES.get(name, name)


def _bytes(item):
    return item.encode() if isinstance(item, str) else item


def integer(value, dtype):
    """A bound of integers: cast as TensorFlow casts, which drops high bits."""
    array = tensor(value, dtype)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("Can't convert Python sequence with out-of-range integer to Tensor.")
    return np.asarray(array).astype("int64").astype(dtype.numpy)


def is_scalar(value):
    return type(value) is float or type(value) is int or not np.ndim(value)


def shape_of(operation, shape):
    """(shape, whether its numbers are int64) of a shape tensor."""
    if type(shape) is tuple or type(shape) is list:
        for n in shape:
            if type(n) is not int or n < 0:
                break
        else:
            return _checked(operation, shape), False
    given = tensor(shape) if not isinstance(shape, (tuple, list)) or len(shape) else np.zeros(0, np.int32)
    if given.dtype.name not in ("int32", "int64"):
        message = "Value for attr 'T' of %s is not in the list of allowed values: int32, int64"
        raise InvalidArgumentError(message % c_name(given.dtype.name))
    if given.ndim != 1:
        raise invalid(operation, "shape must be a vector of {int32,int64}, got shape %s", shape_text(given.shape))
    return _checked(operation, given.tolist()), given.dtype.name == "int64"


def shape_text(shape):
    return "[%s]" % ",".join(map(str, shape))


def _checked(operation, shape):
    n = 1
    for extent in shape:
        if extent < 0:
            raise invalid(operation, "Dimension %d must be >= 0", extent)
        n *= extent
    if n >= 2**63:
        raise invalid(operation, "Shape %s would have more than 2**63 - 1 elements", shape_text(shape))
    return tuple(shape)


# ---- arithmetic in a dtype, one rounding for each step ----


def _to_bfloat16(values):
    bits = np.asarray(values, np.float32).view(np.uint32)
    rounded = ((bits + np.uint32(0x7FFF) + (bits >> np.uint32(16) & np.uint32(1))) >> np.uint32(16)).astype(np.uint16)
    return np.where(np.isnan(values), np.uint16(0x7FC0), rounded)


def _of_bfloat16(bits):
    return (np.asarray(bits).astype(np.uint32) << np.uint32(16)).view(np.float32)


class Arithmetic:
    """Numbers of a floating dtype as NumPy computes with them: bfloat16, of which NumPy knows nothing, as float32 that is rounded."""

    def __init__(self, dtype):
        self._is_bfloat16 = dtype.name == BFLOAT16
        self._dtype = dtype

    def take(self, value):
        """A parameter; by way of float32 to the half types, as TensorFlow converts Python's numbers."""
        if self._is_bfloat16:
            array = np.asarray(value)
            if array.dtype.name == BFLOAT16:
                return array.astype(np.float32)
            return _of_bfloat16(_to_bfloat16(array.astype(np.float32)))
        array = np.asarray(value)
        if self._dtype.name == "float16" and array.dtype.kind != "f":
            array = array.astype(np.float32)
        if self._dtype.name == "float16" and type(value) is float:
            array = array.astype(np.float32)
        return array.astype(self._dtype.numpy)

    def values(self, drawn):
        """What was drawn."""
        if not self._is_bfloat16:
            return drawn
        return drawn.astype(np.float32) if drawn.dtype.name == BFLOAT16 else _of_bfloat16(drawn)

    def step(self, value):
        """After each operation."""
        return _of_bfloat16(_to_bfloat16(value)) if self._is_bfloat16 else value

    def give(self, value):
        if not self._is_bfloat16:
            return value
        return _to_bfloat16(value).view(self._dtype.numpy) if self._dtype.numpy != np.uint16 else _to_bfloat16(value)


def broadcast_shapes(operation, first, second):
    try:
        return np.broadcast_shapes(first, second)
    except ValueError:
        raise invalid(operation, "Incompatible shapes: %s vs. %s", shape_text(first), shape_text(second)) from None


# ---- the eager context ----


class _Context:
    """The global seed, the generator of operations' seeds, and the kernels that were used since it was set."""

    def __init__(self):
        self.seed, self.generator, self.kernels = None, None, {}

    def set_seed(self, seed):
        self.seed = seed
        try:
            hash(seed)
            self.generator = random.Random(seed)
        except TypeError:
            self.generator = random.Random(int(np.array(seed)))
        self.kernels = {}

    def operation_seed(self, seed):
        """(seed, seed2) of an operation whose argument is `seed`; None for seeds of the system's."""
        if self.seed is not None:
            if seed is None:
                seed = self.generator.randint(0, _MAXINT32)
            pair = (self.seed % _MAXINT32, seed % _MAXINT32)
        elif seed is not None:
            pair = (87654321, seed % _MAXINT32)
        else:
            return None
        return (0, _MAXINT32) if pair == (0, 0) else (int(pair[0]), int(pair[1]))

    def kernel(self, attributes, seed):
        """The place of the kernel with these attributes: the draws move it."""
        return self.kernel_of(attributes, self.operation_seed(seed))

    def kernel_of(self, attributes, pair):
        if pair is None or pair == (0, 0):  # of fractions
            return _place(False, *struct.unpack("qq", os.urandom(16)))
        kernels, key = self.kernels, (attributes, pair)
        if key not in kernels:
            kernels[key] = _place(False, *pair)
        return kernels[key]


context = _Context()


# ---- algorithms and seeds of stateless operations ----

PHILOX, THREEFRY, AUTO_SELECT = 1, 2, 3


def _unsupported(alg):
    if isinstance(alg, str):
        known = ("philox", "threefry", "auto_select")
    elif isinstance(alg, int):
        known = (PHILOX, THREEFRY, AUTO_SELECT)
    else:
        known = ("Algorithm.PHILOX", "Algorithm.THREEFRY", "Algorithm.AUTO_SELECT")
    return ValueError(
        "Argument `alg` got unsupported value %s. Supported values are %s for the Philox algorithm, %s for the ThreeFry algorithm, and "
        "%s for auto-selection." % (alg, *known)
    )


def algorithm(alg):
    """The number of an algorithm, which may be none of the three."""
    if isinstance(alg, int):
        return int(alg)
    if hasattr(alg, "value"):  # of the enumeration Algorithm
        return alg.value
    if not isinstance(alg, str):
        raise TypeError("Can't convert argument `alg` (of value %s and type %s) to int." % (alg, type(alg)))
    known = {"philox": PHILOX, "threefry": THREEFRY, "autoselect": AUTO_SELECT}
    try:
        return known[alg.strip().lower().replace("-", "").replace("_", "")]
    except KeyError:
        raise _unsupported(alg) from None


def known_algorithm(alg):
    if alg not in (PHILOX, THREEFRY, AUTO_SELECT):
        raise _unsupported(alg)
    return alg


def stateless_seed(seed, operation="StatelessRandomGetKeyCounter", any_integer=True):
    """(the pair, its dtype) of an operation's seed."""
    if type(seed) in (list, tuple) and len(seed) == 2 and all(type(number) is int and -(2**31) <= number < 2**31 for number in seed):
        return tuple(seed), "int32"
    given = tensor(seed)
    kinds = ("int32", "int64", "uint32", "uint64", "int8", "int16", "uint8", "uint16") if any_integer else ("int32", "int64")
    if given.dtype.name not in kinds:
        message = "Value for attr 'Tseed' of %s is not in the list of allowed values: int32, int64"
        raise InvalidArgumentError(message % c_name(given.dtype.name))
    if given.shape != (2,):
        raise invalid(operation, "seed must have shape [2], not %s", shape_text(given.shape))
    first, second = given.tolist()
    return (first, second), given.dtype.name


def stateless_place(seed, alg, operation):
    """The place of a stateless operation."""
    number = known_algorithm(algorithm(AUTO_SELECT if alg is None else alg))
    (first, second), _ = stateless_seed(seed)
    if number == THREEFRY:
        message = "counter must be a vector with length at least 2; got shape: [1]. (Note that batched counters are not supported yet.)"
        raise invalid(operation, message)
    return _place(True, first, second)


def v1_place(seed, operation):
    """The place of a stateless operation that has no `alg`."""
    (first, second), _ = stateless_seed(seed, operation)
    return _place(True, first, second)
