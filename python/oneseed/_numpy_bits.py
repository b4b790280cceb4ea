"""SeedSequence and the bit generators of oneseed.numpy."""

# SPDX-License-Identifier: MIT
import abc
import operator
import struct
from array import array
from collections import namedtuple
from secrets import randbits
from threading import RLock

from . import _streams
from ._numpy_shapes import length, newest_version, nested, np, shapes, uint32_words, version_number, words_of_int
from ._numpy_shared import quicken

_POOL = 4  # words of a SeedSequence's pool
_WORDS = {"uint32": 4, "uint64": 8}  # bytes

interface = namedtuple("interface", ["state_address", "state", "next_uint64", "next_uint32", "next_double", "bit_generator"])
_INTEGERS = (int, np.integer) if np else int
_REALS = (float, np.inexact) if np else float


class ISeedSequence(abc.ABC):
    """What bit generators are seeded from: generate_state(n_words, dtype)."""

    @abc.abstractmethod
    def generate_state(self, n_words, dtype="uint32"):
        """n_words words of that dtype, uint32 or uint64."""


class ISpawnableSeedSequence(ISeedSequence):
    """A seed sequence that has children: spawn(n_children)."""

    @abc.abstractmethod
    def spawn(self, n_children):
        """A list of seed sequences."""


def _words(x):
    """The 32-bit words of an entropy as bytes of this machine."""
    if type(x) is int and x >= 0:
        return words_of_int(x)
    if np and isinstance(x, np.ndarray) and x.dtype == np.uint32:
        return x.tobytes()
    if isinstance(x, str):
        if not (x.startswith("0x") or x.isdecimal()):
            raise ValueError("unrecognized seed string")
        x = int(x, 16 if x.startswith("0x") else 10)
    if isinstance(x, _INTEGERS):
        if x < 0:
            raise ValueError("expected non-negative integer")
        return words_of_int(x)
    if isinstance(x, _REALS):
        raise TypeError("seed must be integer")
    words = []
    for item in x:
        if hasattr(item, "__len__") and not isinstance(item, str) and newest_version() >= 20502:
            raise TypeError("SeedSequence does not accept nested sequences.")
        words.append(_words(item))
    return b"".join(words)


def _item_nbytes(dtype):
    if type(dtype) is str and dtype in _WORDS:
        return _WORDS[dtype]
    name = np.dtype(dtype).name if np else getattr(dtype, "__name__", dtype)
    if name not in _WORDS:
        raise ValueError("only support uint32 or uint64")
    return _WORDS[name]


class SeedlessSeedSequence:
    """A seed sequence of nothing, for bit generators that need no seed."""

    def generate_state(self, n_words, dtype="uint32"):
        raise NotImplementedError("seedless SeedSequences cannot generate state")

    def spawn(self, n_children):
        if n_children < 0:
            raise ValueError("n_children must be non-negative")
        return [self] * n_children


ISpawnableSeedSequence.register(SeedlessSeedSequence)


class SeedSequence:
    """SeedSequence(entropy=None, *, spawn_key=(), pool_size=4, n_children_spawned=0): numpy.random.SeedSequence, 1.17 to 2.x.

    entropy: an int that is not negative, a sequence of such, or None for the system's entropy. Errors: ValueError for a negative
    number and for a pool_size below 4, TypeError for floats and, as from NumPy 2.5.2 on, nested sequences.
    """

    def __init__(self, entropy=None, *, spawn_key=(), pool_size=_POOL, n_children_spawned=0):
        if pool_size < _POOL:
            raise ValueError("The size of the entropy pool should be at least %d" % _POOL)
        if entropy is None:
            entropy = randbits(pool_size * 32)
        elif type(entropy) is not int and not isinstance(
            entropy, (int, np.integer, list, tuple, range, np.ndarray) if np else (int, list, tuple, range, array)
        ):
            raise TypeError("SeedSequence expects int or sequence of ints for entropy not %s" % (entropy,))
        self.entropy = entropy
        self.spawn_key = tuple(spawn_key)
        self.pool_size = pool_size
        self.n_children_spawned = n_children_spawned
        self._pool = _streams._seed_pool(_words(entropy), _words(self.spawn_key), newest_version(), pool_size)

    @property
    def pool(self):
        """The mixed entropy: pool_size words of 32 bits."""
        return uint32_words(self._pool)

    @property
    def state(self):
        """The arguments that make the same sequence, as a dict."""
        names = ("entropy", "spawn_key", "pool_size", "n_children_spawned")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def generate_state(self, n_words, dtype="uint32"):
        """n_words words of dtype uint32 or uint64, as an array; equal for equal sequences, whatever was spawned."""
        item_nbytes = _item_nbytes(dtype)
        out = shapes.empty("I" if item_nbytes == 4 else "Q", n_words)
        _streams._seed_generate(self._pool, out, item_nbytes)
        return out

    def spawn(self, n_children):
        """A list of n_children new sequences, independent of each other and of this one."""
        if n_children < 0:
            raise ValueError("n_children must be non-negative")
        first = self.n_children_spawned
        self.n_children_spawned += n_children
        return [
            type(self)(self.entropy, spawn_key=(*self.spawn_key, k), pool_size=self.pool_size) for k in range(first, first + n_children)
        ]

    def __repr__(self):
        lines = ["%s(" % type(self).__name__, "    entropy=%r," % (self.entropy,)]
        if self.spawn_key:
            lines.append("    spawn_key=%r," % (self.spawn_key,))
        if self.pool_size != _POOL:
            lines.append("    pool_size=%r," % (self.pool_size,))
        if self.n_children_spawned:
            lines.append("    n_children_spawned=%r," % (self.n_children_spawned,))
        return "\n".join([*lines, ")"])


ISpawnableSeedSequence.register(SeedSequence)


class BitGenerator(_streams.NumpyDrawer):
    """The base of MT19937, PCG64, PCG64DXSM, Philox and SFC64. Their methods may be called from any thread: they hold `lock`.

    `version` (of NumPy, "2.4.6" or 20406) chooses the release whose stream the distributions over this generator follow; the
    default is the NumPy that is installed, without one the newest that is known. A capsule for NumPy's own Generator, SciPy and
    others is `capsule`; the generator must live as long as they use it.
    """

    _kind = -1
    _n_words, _word = 4, "uint64"

    def __init__(self, seed=None):
        if type(self) is BitGenerator:
            raise NotImplementedError("BitGenerator is a base class and cannot be instantized")
        self.lock = self._lock = RLock()
        self._state = _streams.NumpyState(self._kind)
        self._state.version = newest_version()
        self.capsule = self._state.capsule()
        is_sequence = seed is not None and type(seed) is not int and isinstance(seed, ISeedSequence)
        self._seed_seq = seed if is_sequence else SeedSequence(seed)
        self._seed_words(self._seed_seq.generate_state(self._n_words, self._word))

    def _seed_words(self, words):
        self._state.seed_words(words)

    @property
    def version(self):
        """The NumPy whose stream this is, as a number: 20406 is 2.4.6; 0 is the newest known. May be set to a number or a str."""
        return self._state.version

    @version.setter
    def version(self, version):
        self._state.version = version_number(version)

    @property
    def seed_seq(self):
        """The seed sequence that this was seeded from, or None."""
        return self._seed_seq

    @property
    def state(self):
        """The state as NumPy's dict; may be set to one. Errors: TypeError for what is no dict, ValueError for another generator's."""
        with self.lock:
            return self._to_dict(*self._state.get())

    @state.setter
    def state(self, value):
        if not isinstance(value, dict):
            raise TypeError("state must be a dict")
        if value.get("bit_generator", "") != type(self).__name__:
            raise ValueError("state must be for a %s %s" % (type(self).__name__, self._noun))
        engine, position, has_uint32, uinteger = self._from_dict(value)
        with self.lock:
            self._state.set(engine, position, has_uint32, uinteger)

    _noun = "PRNG"

    def spawn(self, n_children):
        """A list of n_children generators of this class, seeded by the children of seed_seq. TypeError where it has none."""
        n_children = int(n_children)
        if n_children < 0:
            raise ValueError("n_children must be non-negative")
        if not isinstance(self._seed_seq, ISpawnableSeedSequence):
            raise TypeError("The underlying SeedSequence does not implement spawning.")
        return [type(self)(seed=child) for child in self._seed_seq.spawn(n_children)]

    def random_raw(self, size=None, output=True):
        """Raw words: an int, or an array of uint64 (MT19937's words have 32 bits). output=False draws and gives None: of a tuple
        as many words as it has, but before NumPy 2.5.5 as many as its sum.
        """
        if not output:
            extents = [1] if size is None else [int(extent) for extent in nested(size)[0]]
            is_product = not 0 < self.version < 20505
            if is_product and any(extent < 0 for extent in extents):
                raise ValueError("negative dimensions are not allowed")
            with self.lock:
                self._state.raw(length(extents) if is_product else sum(extents))
            return None
        if size is None:
            with self.lock:
                return self._state.raw(None)
        out = shapes.empty("Q", size)
        with self.lock:
            self._state.raw(out)
        return out

    def _benchmark(self, cnt, method="uint64"):
        """Draws cnt words or doubles."""
        if method not in ("uint64", "double"):
            raise ValueError("Unknown method")
        with self.lock:
            self._state.raw(cnt if self._kind else 2 * cnt)

    def _jumped(self, jumps):
        made = type(self)()
        made.version = self.version
        with self.lock:
            made._state.set(*self._state.get())
        made._jump(operator.index(jumps))
        return made

    def _jump(self, jumps):
        self._state.jump(jumps)

    def _advance(self, delta):
        words = (operator.index(delta) % 2**256).to_bytes(32, "little")
        with self.lock:
            self._state.advance(struct.pack("=4Q", *struct.unpack("<4Q", words)))
        return self

    @property
    def ctypes(self):
        """Addresses of the state and the functions for ctypes, as NumPy's interface."""
        if not hasattr(self, "_ctypes"):
            import ctypes as c

            state, next_uint64, next_uint32, next_double, bitgen = self._state.addresses()
            self._ctypes = interface(
                state,
                c.c_void_p(state),
                c.cast(next_uint64, c.CFUNCTYPE(c.c_uint64, c.c_void_p)),
                c.cast(next_uint32, c.CFUNCTYPE(c.c_uint32, c.c_void_p)),
                c.cast(next_double, c.CFUNCTYPE(c.c_double, c.c_void_p)),
                c.c_void_p(bitgen),
            )
        return self._ctypes

    @property
    def cffi(self):
        """The same for cffi."""
        if not hasattr(self, "_cffi"):
            try:
                import cffi
            except ImportError as error:
                raise ImportError("cffi cannot be imported.") from error
            ffi = cffi.FFI()
            state, next_uint64, next_uint32, next_double, bitgen = self._state.addresses()
            self._cffi = interface(
                state,
                ffi.cast("void *", state),
                ffi.cast("uint64_t (*)(void *)", next_uint64),
                ffi.cast("uint32_t (*)(void *)", next_uint32),
                ffi.cast("double (*)(void *)", next_double),
                ffi.cast("void *", bitgen),
            )
        return self._cffi

    def __getstate__(self):
        return self.state if 0 < newest_version() < 20000 else (self.state, self._seed_seq)

    def __setstate__(self, state):
        if isinstance(state, dict):  # before NumPy 2.0
            self.state = state
        else:
            self._seed_seq = state[1]
            self.state = state[0]

    def __reduce__(self):
        return make_bit_generator, (type(self), self.version), (self.state, self._seed_seq)


quicken(BitGenerator, {"random_raw": "raw"})


def _u64(words, n, name):
    """Words as bytes of this machine, from an array, or from an int of that many words, the lowest first."""
    if isinstance(words, _INTEGERS) or (np and isinstance(words, np.ndarray) and words.ndim == 0):
        words = int(words)
        if not 0 <= words < 2 ** (64 * n):
            raise ValueError("%s must be positive and less than 2**%d." % (name, 64 * n))
        words = struct.unpack("<%dQ" % n, words.to_bytes(8 * n, "little"))
    words = [int(word) for word in words]
    if len(words) != n:
        raise ValueError("%s must have %d elements when using array form" % (name, n))
    return struct.pack("=%dQ" % n, *words)


def _u64_array(data, first, n):
    words = array("Q", data[8 * first : 8 * (first + n)])
    return np.frombuffer(words, np.uint64).copy() if np else words


class MT19937(BitGenerator):
    """MT19937(seed=None): the Mersenne Twister, words of 32 bits. jumped() and random_raw(); RandomState's default."""

    _kind = 0
    _n_words, _word = 624, "uint32"

    def _legacy_seeding(self, seed):
        """RandomState's seeding: an int below 2**32, an array of such (by init_by_array), or None."""
        if seed is None:
            seed = SeedSequence()
            with self.lock:
                self._seed_words(seed.generate_state(self._n_words, self._word))
            self._seed_seq = None
            return
        outside = "Seed must be between 0 and 2**32 - 1"
        if hasattr(seed, "squeeze"):
            seed = seed.squeeze()
        try:
            number = operator.index(seed)
        except TypeError:
            number = self._seed_array(seed, outside)
        else:
            if not 0 <= number < 2**32:
                raise ValueError(outside)
        with self.lock:
            self._state.seed_legacy(number)
        self._seed_seq = None

    @staticmethod
    def _seed_array(seed, outside):
        if np:
            seeds = np.asarray(seed)
            if not seeds.size:
                raise ValueError("Seed must be non-empty")
            seeds = seeds.astype(np.int64, casting="safe")
            shape, flat = seeds.shape, seeds.ravel().tolist()
        else:
            flat, shape = nested(seed)
            flat = [operator.index(item) for item in flat]
            if not flat:
                raise ValueError("Seed must be non-empty")
        if len(shape) != 1:
            raise ValueError("Seed array must be 1-d")
        if not all(0 <= item < 2**32 for item in flat):
            raise ValueError(outside)
        return array("I", flat)

    def jumped(self, jumps=1):
        """A new generator, 2**128 words times jumps further on."""
        return self._jumped(jumps)

    @property
    def state(self):
        """{'bit_generator': 'MT19937', 'state': {'key': 624 words, 'pos': 0 to 624}}; takes RandomState's tuples, too."""
        return BitGenerator.state.fget(self)

    @state.setter
    def state(self, value):
        if isinstance(value, tuple):
            if value[0] != "MT19937" or len(value) not in (3, 5):
                raise ValueError("state is not a legacy MT19937 state")
            value = {"bit_generator": type(self).__name__, "state": {"key": value[1], "pos": value[2]}}
        BitGenerator.state.fset(self, value)

    def _to_dict(self, engine, position, has_uint32, uinteger):
        return {"bit_generator": type(self).__name__, "state": {"key": uint32_words(engine), "pos": position}}

    def _from_dict(self, value):
        key = array("I", [int(word) for word in value["state"]["key"]])
        if len(key) != 624:
            raise ValueError("key must have 624 elements")
        position = int(value["state"]["pos"])
        if not 0 <= position <= 624:
            raise ValueError("state position must be between 0 and 624")
        return key.tobytes(), position, 0, 0


class _Pcg(BitGenerator):
    _noun = "RNG"

    def jumped(self, jumps=1):
        """A new generator, about 0.618 * 2**128 words times jumps further on."""
        return self._jumped(jumps)

    def advance(self, delta):
        """As if delta words had been drawn; modulo 2**128, so that a negative delta goes back. Gives the generator itself."""
        return self._advance(delta)

    def _to_dict(self, engine, position, has_uint32, uinteger):
        low, high, increment_low, increment_high = struct.unpack("=4Q", engine)
        return {
            "bit_generator": type(self).__name__,
            "state": {"state": high << 64 | low, "inc": increment_high << 64 | increment_low},
            "has_uint32": has_uint32,
            "uinteger": uinteger,
        }

    def _from_dict(self, value):
        state, increment = int(value["state"]["state"]), int(value["state"]["inc"])
        words = (state % 2**64, state >> 64, increment % 2**64, increment >> 64)
        return struct.pack("=4Q", *words), 0, int(value["has_uint32"]), int(value["uinteger"])


class PCG64(_Pcg):
    """PCG64(seed=None): O'Neill's permuted congruential generator with 128 bits, XSL-RR; default_rng's default."""

    _kind = 1


class PCG64DXSM(_Pcg):
    """PCG64DXSM(seed=None): the same with the output DXSM (NumPy from 1.21)."""

    _kind = 2


class Philox(BitGenerator):
    """Philox(seed=None, counter=None, key=None): the counter-based Philox4x64-10; seed or key (128 bits), counter has 256 bits."""

    _kind = 3
    _n_words = 2

    def __init__(self, seed=None, counter=None, key=None):
        if seed is not None and key is not None:
            raise ValueError("seed and key cannot be both used")
        super().__init__(seed)
        counter = _u64(0 if counter is None else counter, 4, "counter")
        if key is not None:
            self._seed_words(_u64(key, 2, "key"))
            self._seed_seq = None
        engine, position, has_uint32, uinteger = self._state.get()
        self._state.set(counter + engine[32:], position, has_uint32, uinteger)

    def jumped(self, jumps=1):
        """A new generator, 2**128 counts times jumps further on."""
        return self._jumped(jumps)

    def _jump(self, jumps):
        self._advance(jumps * 2**128)

    def advance(self, delta):
        """The counter plus delta (blocks of four words), modulo 2**256. Gives the generator itself."""
        return self._advance(delta)

    def _to_dict(self, engine, position, has_uint32, uinteger):
        return {
            "bit_generator": type(self).__name__,
            "state": {"counter": _u64_array(engine, 0, 4), "key": _u64_array(engine, 4, 2)},
            "buffer": _u64_array(engine, 6, 4),
            "buffer_pos": position,
            "has_uint32": has_uint32,
            "uinteger": uinteger,
        }

    def _from_dict(self, value):
        state = value["state"]
        engine = _u64(state["counter"], 4, "counter") + _u64(state["key"], 2, "key") + _u64(value["buffer"], 4, "buffer")
        position = int(value["buffer_pos"])
        if not (0 if 0 < self.version < 20505 else 1) <= position <= 4:
            raise ValueError("buffer_pos must be between 1 and 4")
        return engine, position, int(value["has_uint32"]), int(value["uinteger"])


class SFC64(BitGenerator):
    """SFC64(seed=None): Doty-Humphrey's small fast chaotic generator."""

    _kind = 4
    _n_words = 3

    def _to_dict(self, engine, position, has_uint32, uinteger):
        return {
            "bit_generator": type(self).__name__,
            "state": {"state": _u64_array(engine, 0, 4)},
            "has_uint32": has_uint32,
            "uinteger": uinteger,
        }

    def _from_dict(self, value):
        return _u64(value["state"]["state"], 4, "state"), 0, int(value["has_uint32"]), int(value["uinteger"])


def make_bit_generator(kind="MT19937", version=None):
    """For unpickling: of a class or a name, as NumPy's pickles have it."""
    if isinstance(kind, str):
        found = {known.__name__: known for known in (MT19937, PCG64, PCG64DXSM, Philox, SFC64)}.get(kind)
        if found is None:
            raise ValueError(kind + " is not a known BitGenerator module.")
        kind = found
    made = kind()
    made.version = version
    return made


def bit_generator_of(given, make=make_bit_generator):
    """The bit generator that an unpickled Generator or RandomState stands on: itself, or made by name."""
    return given if isinstance(given, BitGenerator) else make(given)
