"""Keys of oneseed.jax: arrays of keys, and what makes keys of seeds and of keys."""

# SPDX-License-Identifier: MIT
import math
import operator

from . import _streams
from ._arrays import np
from ._jax_config import IMPLS, config

_seed, _split, _fold_in = _streams._jax_seed, _streams._jax_split, _streams._jax_fold_in
_UINT32 = np.dtype("uint32")


class KeyTy:
    """The dtype of an array of keys."""

    __slots__ = ("_impl",)

    def __init__(self, impl):
        self._impl = impl

    @property
    def name(self):
        return "key<%s>" % IMPLS[self._impl][1]

    @property
    def itemsize(self):
        return 4 * IMPLS[self._impl][2]

    def __repr__(self):
        return self.name

    def __eq__(self, other):
        return type(other) is KeyTy and self._impl == other._impl

    def __hash__(self):
        return hash(self._impl)


class PRNGKeyArray:
    """Keys of one kind: what key(), split() and wrap_key_data() give. Indices, iteration, reshape() and the like give keys again."""

    __slots__ = ("_impl", "_words")
    __hash__ = None
    __array_priority__ = 100

    def __init__(self, impl, words):
        self._impl, self._words = impl, words

    shape = property(lambda self: self._words.shape[:-1])
    ndim = property(lambda self: self._words.ndim - 1)
    size = property(lambda self: math.prod(self.shape))
    dtype = property(lambda self: KeyTy(self._impl))
    itemsize = property(lambda self: 4 * self._words.shape[-1])
    nbytes = property(lambda self: self._words.nbytes)

    def __len__(self):
        if not self.ndim:
            raise TypeError("len() of unsized object")
        return len(self._words)

    def __iter__(self):
        if not self.ndim:
            raise TypeError("iteration over a 0-d key array")
        return (PRNGKeyArray(self._impl, words) for words in self._words)

    def __bool__(self):
        raise TypeError("key array cannot be converted to boolean.")

    def __repr__(self):
        return "Array(%s, dtype=%s) overlaying:\n%s" % (self.shape, self.dtype.name, self._words)

    def __array__(self, dtype=None, copy=None):
        raise TypeError(
            "JAX array with PRNGKey dtype cannot be converted to a NumPy array. Use jax.random.key_data(arr) if you wish to extract "
            "the underlying integer array."
        )

    def __eq__(self, other):
        if not isinstance(other, PRNGKeyArray) or other._impl != self._impl:
            return NotImplemented
        return np.asarray((self._words == other._words).all(-1))

    def __ne__(self, other):
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else ~equal

    def __reduce__(self):
        return PRNGKeyArray, (self._impl, self._words)

    def __getitem__(self, index):
        index = index if isinstance(index, tuple) else (index,)
        n = sum(1 for item in index if item is not None and item is not Ellipsis)
        if n > self.ndim:
            raise IndexError("Too many indices: array is %d-dimensional, but %d were indexed" % (self.ndim, n))
        if not any(item is Ellipsis for item in index):
            index += (Ellipsis,)
        # jax clamps what NumPy refuses.
        clamped, axis, behind = [], 0, False
        for item in index:
            behind = behind or item is Ellipsis
            if isinstance(item, (int, np.integer)) and not isinstance(item, bool) and not behind and self.shape[axis]:
                item = min(max(operator.index(item), -self.shape[axis]), self.shape[axis] - 1)
            axis += item is not None and item is not Ellipsis
            clamped.append(item)
        return PRNGKeyArray(self._impl, np.ascontiguousarray(self._words[(*clamped, slice(None))]))

    def reshape(self, *shape):
        shape = shape[0] if len(shape) == 1 and not isinstance(shape[0], (int, np.integer)) else shape
        shape = np.empty(self.shape, np.int8).reshape(shape).shape  # without a -1
        return PRNGKeyArray(self._impl, self._words.reshape((*shape, self._words.shape[-1])))

    def ravel(self):
        return self.reshape(-1)

    flatten = ravel

    def squeeze(self):
        return self.reshape([n for n in self.shape if n != 1])

    def transpose(self):
        axes = (*range(self.ndim - 1, -1, -1), self.ndim)
        return PRNGKeyArray(self._impl, np.ascontiguousarray(self._words.transpose(axes)))

    T = property(transpose)

    def copy(self):
        return PRNGKeyArray(self._impl, self._words.copy())


# ---- what a caller gives ----


def _impl_of(spec):
    """The name of a kind of key."""
    if spec is None:
        return config._now().impl
    if isinstance(spec, KeyTy):
        return spec._impl
    if type(spec) is str:
        if spec in IMPLS:
            return spec
        known = ", ".join('"%s"' % name for name in IMPLS)
        raise ValueError('unrecognized PRNG implementation "%s". Did you mean one of: %s?' % (spec, known))
    raise TypeError("unrecognized type %s for specifying PRNG implementation." % type(spec))


def _which(function, impl, dtype):
    if dtype is None:
        return _impl_of(impl)
    if impl is not None:
        raise ValueError("Cannot specify both `impl` and `dtype` arguments to jax.random.%s" % function)
    return _impl_of(dtype)


def _words_of(data, impl):
    """Words of keys of that kind, as a contiguous array."""
    before = "JAX encountered invalid PRNG key data: expected "
    if not all(hasattr(data, name) for name in ("ndim", "shape", "dtype")):
        raise TypeError("%skey_data to have ndim, shape, and dtype attributes. Got %s" % (before, data))
    if data.ndim < 1:
        raise TypeError("%skey_data.ndim >= 1; got ndim=%d" % (before, data.ndim))
    if tuple(data.shape[-1:]) != (IMPLS[impl][2],):
        wanted = (IMPLS[impl][2],)
        raise TypeError("%skey_data.shape to end with %s; got shape=%s for impl=%s" % (before, wanted, tuple(data.shape), impl))
    if data.dtype != _UINT32:
        raise TypeError("%skey_data.dtype = uint32; got dtype=%s" % (before, data.dtype))
    return np.ascontiguousarray(data)


def use(key, function):
    """(words, settings for the extension, kind, whether it is typed) of what must be a single key."""
    now = config._now()
    if type(key) is PRNGKeyArray:
        words, impl, typed = key._words, key._impl, True
    elif hasattr(key, "__array__") or isinstance(key, (int, float, complex)):
        impl, typed = now.impl, False
        words = _words_of(key, impl)
    else:
        raise TypeError("unexpected PRNG key type %s" % type(key))
    if words.ndim != 1:
        raise ValueError(
            "%s accepts a single key, but was given a key array of shape %s != (). Use jax.vmap for batching."
            % (function, words.shape[:-1] if typed else tuple(np.shape(key)))
        )
    return words, now.bits | IMPLS[impl][0], impl, typed


def _any(key):
    """Words and kind of one key or many."""
    if type(key) is PRNGKeyArray:
        return key._words, key._impl
    if not hasattr(key, "__array__") and not isinstance(key, (int, float, complex)):
        raise TypeError("unexpected PRNG key type %s" % type(key))
    impl = config._now().impl
    return _words_of(key, impl), impl


# ---- functions ----


def _seeded(function, seed, impl):
    now = config._now()
    bits = now.bits | IMPLS[impl][0]
    if type(seed) is PRNGKeyArray:
        raise TypeError("%s accepts a scalar seed, but was given a PRNG key." % function)
    if isinstance(seed, int):
        number = int(seed)
        if not -(2**63) <= number < 2**63:
            raise OverflowError("Python int too large to convert to C long")
    else:
        if seed is None:
            raise ValueError("None is not a valid value for jnp.array")
        array = np.asarray(seed)
        if array.ndim:
            raise TypeError(
                "%s accepts a scalar seed, but was given an array of shape %s != (). Use jax.vmap for batching" % (function, array.shape)
            )
        if array.dtype.kind not in "biufc":
            raise TypeError(
                "Value %r with dtype %s is not a valid JAX array type. Only arrays of numeric types are supported by JAX."
                % (seed, array.dtype)
            )
        if array.dtype.kind not in "iu":
            raise TypeError("PRNG key seed must be an integer; got %r" % (seed,))
        number = int(array)
        if array.dtype.itemsize < 8:  # jax shifts a number of 32 bits by 32: the high word is 0
            bits &= ~(1 << 5)
    number = (number + now.offset + 2**63) % 2**64 - 2**63
    words = np.empty(IMPLS[impl][2], _UINT32)
    _seed(bits, number, words)
    return words


def key(seed, *, impl=None, dtype=None):
    """A key, of an integer. impl: "threefry2x32" (the default), "rbg", "unsafe_rbg", "philox2x32", "philox4x32" or "threefry4x32"."""
    impl = _which("key", impl, dtype)
    return PRNGKeyArray(impl, _seeded("key", seed, impl))


def PRNGKey(seed, *, impl=None):
    """key() as its words: an array of uint32."""
    return _seeded("PRNGKey", seed, _impl_of(impl))


def wrap_key_data(key_bits_array, *, impl=None, dtype=None):
    """Keys of an array of words, shape (..., 2), or (..., 4) for the kinds of four words."""
    impl = _which("wrap_key_data", impl, dtype)
    return PRNGKeyArray(impl, _words_of(key_bits_array, impl))


def key_data(keys):
    """The words of keys: an array of uint32, of one dimension more."""
    return _any(keys)[0].copy()


def key_impl(keys):
    """The name of the kind of these keys."""
    return _any(keys)[1]


def key_dtype(impl_spec=None):
    """The dtype of keys of that kind."""
    return KeyTy(_impl_of(impl_spec))


def clone(key):
    """The same key again."""
    return key.copy()


def _give(words, impl, typed):
    return PRNGKeyArray(impl, words) if typed else words


def split(key, num=2):
    """num new keys of one; num: an integer or a shape. The words of keys for a key of words."""
    words, bits, impl, typed = use(key, "split")
    shape = tuple(operator.index(n) for n in num) if isinstance(num, (tuple, list, str, range)) else (operator.index(num),)
    out = np.empty((*shape, words.shape[0]), _UINT32)
    _split(words, bits, out)
    return _give(out, impl, typed)


def fold_in(key, data):
    """A new key, of a key and an integer from 0 to 2**32 - 1."""
    words, bits, impl, typed = use(key, "fold_in")
    if data is None:
        raise ValueError("None is not a valid value for jnp.array")
    if np.ndim(data):
        raise TypeError(
            "fold_in accepts a scalar, but was given an array ofshape %s != (). Use jax.vmap for batching." % (np.shape(data),)
        )
    if isinstance(data, int) and not 0 <= data < 2**32:
        raise OverflowError("Python integer %d out of bounds for uint32" % data)
    out = np.empty(words.shape[0], _UINT32)
    _fold_in(words, bits, int(data) % 2**32, out)
    return _give(out, impl, typed)
