"""numpy_common.py - what the comparisons with NumPy share: the state as ctypes has it, bit generators, interpreters.

SPDX-License-Identifier: MIT
"""

import ctypes
import os
import subprocess
import sys

import frame

KINDS = ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"]
lib = frame.library()


class Mt19937(ctypes.Structure):
    _fields_ = [("words", ctypes.c_uint32 * 624), ("position", ctypes.c_uint32)]


class Pcg64(ctypes.Structure):
    _fields_ = [("state", ctypes.c_uint64 * 2), ("increment", ctypes.c_uint64 * 2)]


class Philox(ctypes.Structure):
    _fields_ = [("counter", ctypes.c_uint64 * 4), ("key", ctypes.c_uint64 * 2), ("buffer", ctypes.c_uint64 * 4), ("position", ctypes.c_uint32)]


class Sfc64(ctypes.Structure):
    _fields_ = [("state", ctypes.c_uint64 * 4)]


class Engine(ctypes.Union):
    _fields_ = [("mt19937", Mt19937), ("pcg64", Pcg64), ("philox", Philox), ("sfc64", Sfc64)]


class State(ctypes.Structure):
    """oneseed_numpy."""

    _fields_ = [
        ("kind", ctypes.c_int), ("version", ctypes.c_uint32), ("has_uint32", ctypes.c_uint32), ("uinteger", ctypes.c_uint32),
        ("has_gauss", ctypes.c_uint32), ("gauss", ctypes.c_double), ("engine", Engine),
    ]


def version_number(version):
    """1.26.4 is 12604."""
    major, minor, patch = (int(part) for part in version.split(".")[:3])
    return major * 10000 + minor * 100 + patch


def words_of(n):
    """An integer as 32-bit words, the low one first; 0 is one word."""
    words = [n & 0xFFFFFFFF]
    while n >> 32:
        n >>= 32
        words.append(n & 0xFFFFFFFF)
    return (ctypes.c_uint32 * len(words))(*words)


def seeded(kind, seed, version, key=()):
    state = State()
    words = words_of(seed)
    key_words = (ctypes.c_uint32 * len(key))(*key)
    lib.oneseed_numpy_seed(
        ctypes.byref(state), KINDS.index(kind), words, ctypes.c_size_t(len(words)), key_words, ctypes.c_size_t(len(key))
    )
    state.version = version
    return state


def ours(state):
    """A state as plain values, as theirs() gives them."""
    kind = KINDS[state.kind]
    if kind == "MT19937":
        return kind, tuple(state.engine.mt19937.words), state.engine.mt19937.position
    halves = (state.has_uint32, state.uinteger)
    if kind == "Philox":
        engine = state.engine.philox
        return kind, halves, tuple(engine.counter), tuple(engine.key), tuple(engine.buffer), engine.position
    if kind == "SFC64":
        return kind, halves, tuple(state.engine.sfc64.state)
    engine = state.engine.pcg64
    return kind, halves, engine.state[0] | engine.state[1] << 64, engine.increment[0] | engine.increment[1] << 64


def theirs(bit_generator):
    """What a bit generator of NumPy holds, as plain values."""
    state = bit_generator.state
    kind, inner = state["bit_generator"], state["state"]
    if kind == "MT19937":
        return kind, tuple(int(word) for word in inner["key"]), inner["pos"]
    halves = (state["has_uint32"], state["uinteger"])
    if kind == "Philox":
        lists = (tuple(int(word) for word in words) for words in (inner["counter"], inner["key"], state["buffer"]))
        return (kind, halves, *lists, state["buffer_pos"])
    if kind == "SFC64":
        return kind, halves, tuple(int(word) for word in inner["state"])
    return kind, halves, inner["state"], inner["inc"]


def status_text(status):
    lib.oneseed_status_text.restype = ctypes.c_char_p
    return lib.oneseed_status_text(status).decode()


def status_array_text(status):
    lib.oneseed_status_array_text.restype = ctypes.c_char_p
    return lib.oneseed_status_array_text(status).decode()


def pythons():
    """Interpreters with the NumPys to compare with: this one, and the one that scripts/setup made for 1.26. The variable
    ONESEED_NUMPY_PYTHONS names others, with `:` between them."""
    given = os.environ.get("ONESEED_NUMPY_PYTHONS")
    if given:
        return given.split(os.pathsep)
    return [sys.executable, os.path.join(frame.ROOT, ".venv-numpy126", "bin", "python")]


def in_pythons(script, arguments):
    """Runs a script as a worker in each; the number of failures. An interpreter that is not there is one."""
    n_wrong = 0
    for path in pythons():
        try:
            n_wrong += subprocess.run([path, script, "--worker", *arguments]).returncode != 0
        except OSError as error:
            n_wrong += 1
            print("oneseed: %s: %s: make it with scripts/setup" % (path, error.strerror), file=sys.stderr)
    return n_wrong
