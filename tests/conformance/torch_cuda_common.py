"""torch_cuda_common.py - PyTorch's CUDA generator: the state as ctypes has it, and its draws a second time, in NumPy.

The second implementation is written from the public sources (ATen/native/cuda/DistributionTemplates.h, Dropout.cu, Randperm.cu, cuRAND's
headers), apart from liboneseed's: whole arrays, with the place of each element computed from its index.

SPDX-License-Identifier: MIT
"""

import ctypes
import math

import numpy

import frame

lib = frame.library()
DTYPES = ["float32", "float64", "float16", "bfloat16", "uint8", "int8", "int16", "int32", "int64", "bool"]
NEWEST = 21300
CUDA_NEWEST = 13000


class State(ctypes.Structure):
    """oneseed_torch_cuda."""

    _fields_ = [
        ("seed", ctypes.c_uint64), ("offset", ctypes.c_uint64), ("version", ctypes.c_uint32), ("cuda", ctypes.c_uint32),
        ("n_sms", ctypes.c_uint32), ("threads_per_sm", ctypes.c_uint32),
    ]


def of_dtype(dtype, n):
    """An array for n values; the two half types as their bits."""
    return numpy.zeros(n, {"bfloat16": "uint16", "float16": "uint16"}.get(dtype, dtype))


def pointer(array):
    return None if array is None else array.ctypes.data_as(ctypes.c_void_p)


def ours(state, function, *arguments):
    """Calls oneseed_torch_cuda_<function>; a bool is a dtype's number, arrays are pointers. The status."""
    plain = []
    for argument in arguments:
        if isinstance(argument, str):
            plain.append(ctypes.c_int(DTYPES.index(argument)))
        elif isinstance(argument, numpy.ndarray) or argument is None:
            plain.append(pointer(argument))
        elif isinstance(argument, float):
            plain.append(ctypes.c_double(argument))
        else:
            plain.append(ctypes.c_int64(argument) if argument < 2**63 else ctypes.c_uint64(argument))
    return getattr(lib, "oneseed_torch_cuda_" + function)(ctypes.byref(state), *plain)


def philox(seed, block, subsequence):
    """Four arrays of words for arrays of blocks and subsequences."""
    mask = numpy.uint64(0xFFFFFFFF)
    shift = numpy.uint64(32)
    block, subsequence = (numpy.asarray(x, numpy.uint64) for x in (block, subsequence))
    c = [block & mask, block >> shift, subsequence & mask, subsequence >> shift]
    k = [seed & 0xFFFFFFFF, seed >> 32]
    for _ in range(10):
        a, b = numpy.uint64(0xD2511F53) * c[0], numpy.uint64(0xCD9E8D57) * c[2]
        c = [(b >> shift) ^ c[1] ^ numpy.uint64(k[0]), b & mask, (a >> shift) ^ c[3] ^ numpy.uint64(k[1]), a & mask]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


class Generator:
    """Seed, offset, version and shape, as oneseed_torch_cuda has them."""

    def __init__(self, state):
        self.seed, self.offset = state.seed, state.offset
        self.version = state.version or NEWEST
        self.cuda = state.cuda or CUDA_NEWEST
        self.cap = 256 * state.n_sms * (state.threads_per_sm // 256)

    def threads(self, n):
        return min(256 * -(-n // 256), self.cap)

    def take(self, increment):
        offset, self.offset = self.offset, (self.offset + -(-increment // 4) * 4) % 2**64
        return offset

    def words(self, n, unroll):
        """For each element the block's four words, and which of its thread's values it is."""
        threads, counted = self.threads(n), unroll if self.version >= 20400 else 4
        offset = self.take(((n - 1) // (threads * counted) + 1) * 4) if n else self.offset
        index = numpy.arange(n, dtype=numpy.uint64)
        turn = index // numpy.uint64(max(threads, 1))
        block = numpy.uint64(offset // 4) + turn // numpy.uint64(unroll)
        return philox(self.seed, block, index % numpy.uint64(max(threads, 1))), turn % numpy.uint64(unroll)

    def one_word(self, n):
        words, which = self.words(n, 4)
        return numpy.choose(which.astype(int), words) if n else numpy.zeros(0, numpy.uint64)

    def two_words(self, n):
        """The first and the second word of each element."""
        words, which = self.words(n, 2)
        first = which == 0
        return numpy.where(first, words[0], words[2]), numpy.where(first, words[1], words[3])

    def uniform_f32(self, n):
        return uniform_f32(self.one_word(n))

    def uniform_f64(self, n):
        return uniform_f64(*self.two_words(n))


def uniform_f32(words):
    """word * 2^-32 + 2^-33 of the word as a float, rounded once: the double sum of a float and 2^-33 is exact or beyond ties."""
    return (words.astype(numpy.float32).astype(numpy.float64) * 2.0**-32 + 2.0**-33).astype(numpy.float32)


def uniform_f64(low, high):
    """bits * 2^-53 + 2^-54, rounded once: in integers, 2 * bits + 1 to 53 bits, ties to even."""
    bits = low ^ (high << numpy.uint64(21))
    return ((bits << numpy.uint64(1)) + numpy.uint64(1)).astype(numpy.float64) * 2.0**-54


def fma_f32(a, b, c):
    """In doubles the product of floats is exact; so is the sum here, where it is not it is far from a tie for the cases compared."""
    return (a.astype(numpy.float64) * float(b) + float(c)).astype(numpy.float32)


def fma_f64(a, b, c):
    """By integers as large as it takes."""
    from fractions import Fraction

    b, c = Fraction(float(b)), Fraction(float(c))
    return numpy.array([float(Fraction(x) * b + c) for x in a.tolist()], numpy.float64)


def to_half(dtype, values):
    """Floats as the bits of a half type, to nearest."""
    if dtype == "float16":
        with numpy.errstate(over="ignore"):
            return values.astype(numpy.float16).view(numpy.uint16)
    bits = values.astype(numpy.float32).view(numpy.uint32).astype(numpy.uint64)
    return ((bits + 0x7FFF + (bits >> numpy.uint64(16) & numpy.uint64(1))) >> numpy.uint64(16)).astype(numpy.uint16)


def of_half(dtype, bits):
    if dtype == "float16":
        return bits.view(numpy.float16).astype(numpy.float32)
    return (bits.astype(numpy.uint32) << numpy.uint32(16)).view(numpy.float32)


def rounded(dtype, value):
    """A number as the dtype has it, as a float or double."""
    if dtype == "float64":
        return float(value)
    single = numpy.array([value], numpy.float32)
    return float(single[0] if dtype == "float32" else of_half(dtype, to_half(dtype, single))[0])


def uniform(generator, dtype, low, high, n):
    low, high = rounded(dtype, low), rounded(dtype, high)
    width = rounded(dtype, high - low)
    old = generator.version < 20100
    u = generator.uniform_f64(n) if dtype == "float64" else generator.uniform_f32(n)
    if old:
        u[u == 1] = 0
    if dtype == "float64":
        values = fma_f64(u, width, low)
    else:
        values = fma_f32(u, width, low)
    if dtype in ("float16", "bfloat16"):
        bits = to_half(dtype, values)
        if not old:
            bits[of_half(dtype, bits) == high] = to_half(dtype, numpy.array([low], numpy.float32))[0]
        return bits
    if not old:
        values[values == high] = low
    return values


def integers(dtype, values):
    """int64 values cast to the dtype."""
    if dtype in ("float16", "bfloat16"):
        return to_half(dtype, values.astype(numpy.float32))
    return values != 0 if dtype == "bool" else values.astype(dtype)


def random_words(generator, two_words, n):
    if two_words:
        first, second = generator.two_words(n)
        return first << numpy.uint64(32) | second
    return generator.one_word(n)


def randint(generator, dtype, low, high, n):
    """Integer dtypes, and floating ones while the bounds are among their integers."""
    span = high - low
    wide = ("int64", "float64", "float32", "bfloat16")
    two = span >= 2**28 if generator.version >= 20700 else span >= 2**32 and dtype in wide
    values = random_words(generator, two, n) % numpy.uint64(span) + numpy.uint64(low % 2**64)
    return integers(dtype, values.view(numpy.int64))


def randperm(generator, n):
    if n == 0:
        return numpy.zeros(0, numpy.int64)
    bits = min(64, math.ceil(math.log2(n - (6 * n * n + 1) / (12 * math.log(0.9)))))
    span = 2**32 - 1 if bits <= 32 else 2**64 - 1
    two = bits > 32 or generator.version >= 20700
    keys = random_words(generator, two, n) % numpy.uint64(span) & numpy.uint64(2**bits - 1)
    order = numpy.argsort(keys, kind="stable")
    offset = generator.take(n)
    keys = keys[order]
    begins = numpy.flatnonzero(numpy.concatenate([[True], keys[1:] != keys[:-1]]))
    for begin, end in zip(begins, numpy.append(begins[1:], n)):
        for count, i in enumerate(range(end - begin - 1, 0, -1)):
            word = int(philox(generator.seed, offset // 4 + count // 4, begin)[count % 4])
            other = begin + word % (i + 1)
            order[begin + i], order[other] = order[other], order[begin + i]
    return order


def vector_size(generator, dtype, n):
    size = 4
    if generator.version >= 20700 and generator.cuda >= 12080:
        size = 16 // {"float64": 8, "float32": 4}.get(dtype, 2)
    while n % size:
        size //= 2
    return size


def dropout(generator, dtype, p, n):
    """The mask."""
    size = vector_size(generator, dtype, n)
    threads = generator.threads(n)
    kept = numpy.float64(1 - p) if dtype == "float64" else numpy.float32(1 - p)
    if size == 1:
        return generator.uniform_f32(n) < kept
    offset = generator.take(((n - 1) // (threads * 4) + 1) * 4)
    index = numpy.arange(n, dtype=numpy.uint64)
    vector, place = index // numpy.uint64(size), index % numpy.uint64(size)
    blocks = -(-size // 4)
    block = numpy.uint64(offset // 4) + vector // numpy.uint64(threads) * numpy.uint64(blocks) + place // numpy.uint64(4)
    words = philox(generator.seed, block, vector % numpy.uint64(threads))
    return uniform_f32(numpy.choose((place % numpy.uint64(4)).astype(int), words)) < kept
