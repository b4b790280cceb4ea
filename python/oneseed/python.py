"""Python's `random`, from liboneseed: the same numbers, also those of another Python version, and faster.

    from oneseed.python import Random
    Random(42).randint(0, 10)                      # 10, as random.Random(42).randint(0, 10)
    Random(42, version="3.9").paretovariate(3.0)   # as Python 3.9 draws it
    Random(42).fill(1000000, "gauss", 0.0, 1.0)    # as a million calls of gauss(0.0, 1.0)
    Random(42).fill_list(1000, "randint", 1, 6)    # [randint(1, 6) for _ in range(1000)]

Arguments, defaults, errors and their messages are those of the running Python: calls that the library does not take (numbers of
other types, subclasses with a generator of their own, everything that is refused) go to Python's own methods, over this generator.
"""

# SPDX-License-Identifier: MIT
import os as _os
import random as _random
import sys as _sys

from . import _streams

__all__ = _random.__all__ + ["hash_str", "set_order"]

_VERSIONS = range(309, 316)  # of Python, as the library counts them


def _version(version):
    """309 to 315 of "3.9", 309 or None (the running one; the newest known for a later one)."""
    if version is None:
        return min(_sys.version_info[0] * 100 + _sys.version_info[1], _VERSIONS[-1])
    if isinstance(version, str):
        major, _, minor = version.partition(".")
        number = int(major) * 100 + int(minor) if major.isdigit() and minor.isdigit() else -1
    else:
        number = version
    if number not in _VERSIONS:
        raise ValueError('version: want "3.9" to "3.14", got %r' % (version,))
    return number


class Random(_streams.PythonRandom):
    """random.Random of liboneseed. `version` ("3.9" to "3.14") chooses the Python whose stream it is; the default is the running one."""

    VERSION = 3  # of the state
    _upstream = _random.Random
    # For subclasses that override random() or getrandbits(): Python's own rules and methods.
    __init_subclass__ = classmethod(_random.Random.__init_subclass__.__func__)
    _randbelow = _streams.PythonRandom._randbelow
    _randbelow_with_getrandbits = _random.Random._randbelow_with_getrandbits
    _randbelow_without_getrandbits = _random.Random._randbelow_without_getrandbits

    def __init__(self, x=None, *, version=None):
        self._version = _version(version)
        self.seed(x)

    @property
    def version(self):
        """The Python whose stream this is."""
        return "%d.%d" % divmod(self._version, 100)

    def setstate(self, state):
        """Takes a state of getstate(), also of Python's random; with version 2 its words may be negative."""
        version = state[0]
        if version not in (2, 3):
            raise ValueError(
                "state with version %s passed to Random.setstate() of version %s" % (version, self.VERSION)
            )
        _, words, gauss_next = state
        if version == 2:
            try:
                words = tuple(word % 2**32 for word in words)
            except ValueError as error:
                raise TypeError from error
        self._set_words(words)
        self.gauss_next = gauss_next

    def __getstate__(self):
        return self.getstate()

    def __setstate__(self, state):
        self.setstate(state)

    def __reduce__(self):
        return _made, (self.__class__, self._version), self.getstate()

    def fill(self, n, method="random", *parameters):
        """The results of n calls of a method with these parameters: a NumPy array, or without NumPy a memoryview.

        The method is one of the distributions, random, randrange (with start, stop and step), randint, or getrandbits (up to 64
        bits); all parameters are given. Results and parameters are 64-bit floats and integers. Where Python raises in the middle
        of a draw the value is NaN, infinite, or -2**63.
        """
        form, data = self._fill(n, method, parameters)
        try:
            import numpy
        except ImportError:
            return memoryview(data).cast(form)
        return numpy.frombuffer(data, {"d": "f8", "q": "i8", "Q": "u8"}[form])

    def fill_list(self, n, method="random", *parameters, out=None):
        """As fill(), as a list: [method(*parameters) for _ in range(n)].

        `out`, a list of n items, gets them in place of its own and is returned. Floats that only this list holds are used again,
        which is several times as fast as new ones.
        """
        return self._fill_list(n, method, parameters, out)

    def _seed_with_other(self, seed):
        """Seeds of other types: Python up to 3.10 took their hash, later it refuses them."""
        if _sys.version_info >= (3, 11):
            self._upstream.seed(self, seed)  # raises
            raise TypeError("a seed of type %s" % type(seed).__name__)
        from warnings import warn

        warn(
            "Seeding based on hashing is deprecated\nsince Python 3.9 and will be removed in a subsequent version. The only \n"
            "supported seed types are: None, int, float, str, bytes, and bytearray.",
            DeprecationWarning,
            3,
        )


def _made(kind, version):
    """For unpickling."""
    made = kind.__new__(kind)
    made._version = version
    return made


SystemRandom = _random.SystemRandom

# The functions of the module: one generator, which takes a seed from the system at its first draw, and anew in a forked child.
_inst = _made(Random, _version(None))
globals().update((name, getattr(_inst, name)) for name in _random.__all__ if name not in ("Random", "SystemRandom"))

if hasattr(_os, "fork"):
    _os.register_at_fork(after_in_child=_inst._forget)


# ---- hashes ----


def hash_str(text, hash_seed, version=None):
    """hash(text) of a str or bytes under PYTHONHASHSEED=hash_seed (0 to 2**32 - 1) in that version of Python, 64-bit."""
    return _streams._hash(text, _hash_seed(hash_seed), _version(version))


_KINDS = {"added": 0, "literal": 1, "compiled": 3}


def set_order(texts, hash_seed, kind="added", known=True, version=None):
    """The order in which a set of these strings is walked under PYTHONHASHSEED=hash_seed in that version of Python.

    kind is how the set was made: "added" one by one, as set(texts) does; "literal", a literal of constants in a script or a fresh
    module; "compiled", such a literal in a module from a .pyc file. For literals, known says that at least one of the strings is a
    name that the compiling process had met before, as almost every word is; see oneseed_python_set_kind in oneseed.h.
    """
    texts = list(texts)
    if kind not in _KINDS:
        raise ValueError("kind: want %s, got %r" % (", ".join(map(repr, _KINDS)), kind))
    number = _KINDS[kind] + (kind != "added" and bool(known))
    return [texts[k] for k in _streams._set_order(texts, _hash_seed(hash_seed), _version(version), number)]


def _hash_seed(number):
    if not 0 <= number < 2**32:
        raise ValueError("hash_seed: want 0 to 2**32 - 1, got %r" % (number,))
    return number
