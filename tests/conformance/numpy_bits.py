"""numpy_bits.py - SeedSequence and the bit generators compared with the live NumPy.

SPDX-License-Identifier: MIT
"""

import ctypes
import os
import sys

import frame
import numpy as np
from numpy_common import KINDS, in_pythons, lib, ours, seeded, theirs, version_number, words_of

VERSION = version_number(np.__version__)
HAVE = [kind for kind in KINDS if hasattr(np.random, kind)]  # PCG64DXSM since 1.21
SIZE = ctypes.c_size_t
lib.oneseed_numpy_next_u64.restype = ctypes.c_uint64
lib.oneseed_numpy_next_u32.restype = ctypes.c_uint32
lib.oneseed_numpy_next_double.restype = ctypes.c_double


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


def entropy_of(case):
    """An integer of up to 300 bits, or a list of some."""
    integers = [case.random.getrandbits(case.random.randrange(301)) for _ in range(case.random.randrange(5))]
    return integers if case.random.random() < 0.3 else case.random.getrandbits(case.random.randrange(301))


def words(entropy):
    return [word for n in (entropy if isinstance(entropy, (list, tuple)) else [entropy]) for word in words_of(n)]


def u32s(numbers):
    return (ctypes.c_uint32 * len(numbers))(*numbers)


def sequence(case):
    entropy = entropy_of(case)
    key = tuple(case.random.getrandbits(case.random.choice((8, 32, 70))) for _ in range(case.random.randrange(5)))
    return entropy, key, u32s(words(entropy)), u32s(words(key))


def generate_state(dtype, function):
    def compared(row):
        for case in row.cases():
            entropy, key, entropy_words, key_words = sequence(case)
            got = np.empty(case.n, dtype)
            function(entropy_words, SIZE(len(entropy_words)), key_words, SIZE(len(key_words)), pointer(got), SIZE(case.n))
            want = np.random.SeedSequence(entropy, spawn_key=key).generate_state(case.n, dtype)
            case.same(got.tobytes(), want.tobytes(), case.n, "SeedSequence(%r, spawn_key=%r)" % (entropy, key))

    return compared


def pool_size(row):
    for case in row.cases():
        entropy, key, entropy_words, key_words = sequence(case)
        size = case.random.randrange(4, 40)
        pool, got = np.empty(size, np.uint32), np.empty(case.n, np.uint32)
        lengths = SIZE(len(entropy_words)), SIZE(len(key_words))
        lib.oneseed_seed_sequence_pool(entropy_words, lengths[0], key_words, lengths[1], VERSION, pointer(pool), SIZE(size))
        lib.oneseed_seed_sequence_generate_u32(pointer(pool), SIZE(size), pointer(got), SIZE(case.n))
        theirs_now = np.random.SeedSequence(entropy, spawn_key=key, pool_size=size)
        case.same(pool.tobytes(), theirs_now.pool.tobytes(), size, "the pool of %r, %r, %d words" % (entropy, key, size))
        case.same(got.tobytes(), theirs_now.generate_state(case.n).tobytes(), case.n, "a pool of %d words" % size)


def spawn(row):
    for case in row.cases():
        entropy, key, entropy_words, _ = sequence(case)
        parent = np.random.SeedSequence(entropy, spawn_key=key)
        parent.spawn(case.random.randrange(3))
        first = parent.n_children_spawned
        for k, child in enumerate(parent.spawn(2)):
            child_words = u32s(words((*key, first + k)))
            got = np.empty(case.n // 2 + 1, np.uint32)
            lengths = SIZE(len(entropy_words)), SIZE(len(child_words))
            lib.oneseed_seed_sequence_u32(entropy_words, lengths[0], child_words, lengths[1], pointer(got), SIZE(got.size))
            case.same(got.tobytes(), child.generate_state(got.size).tobytes(), got.size, "child %d of %r, %r" % (first + k, entropy, key))


def pair(case, kind):
    seed, key = case.seed(), tuple(case.random.getrandbits(32) for _ in range(case.random.randrange(3)))
    generator = getattr(np.random, kind)(np.random.SeedSequence(seed, spawn_key=key))
    return seeded(kind, seed, VERSION, key), generator, "%s(%d, %r)" % (kind, seed, key)


def raw(case, state, generator, n, what):
    got = np.empty(n, np.uint64)
    lib.oneseed_numpy_random_raw_fill(ctypes.byref(state), pointer(got), SIZE(n))
    case.same(got.tobytes(), np.asarray(generator.random_raw(n), np.uint64).tobytes(), n, what + ": random_raw")


def random_raw(kind):
    def compared(row):
        for case in row.cases():
            state, generator, what = pair(case, kind)
            case.same_state(ours(state), theirs(generator), what + ": seeded")
            for n in (case.random.randrange(8), case.n, 1):
                raw(case, state, generator, n, what)
            case.same_state(ours(state), theirs(generator), what)

    return compared


def next_functions(kind):
    """next_uint64, next_uint32 and next_double in any order, through the functions that NumPy gives C."""

    def compared(row):
        for case in row.cases():
            state, generator, what = pair(case, kind)
            theirs_c, at = generator.ctypes, ctypes.byref(state)
            draws = case.random.choices("qid", k=case.n)
            got, want = np.empty(case.n), np.empty(case.n)
            for k, draw in enumerate(draws):
                if draw == "q":
                    got.view(np.uint64)[k] = lib.oneseed_numpy_next_u64(at)
                    want.view(np.uint64)[k] = theirs_c.next_uint64(theirs_c.state_address)
                elif draw == "i":
                    got[k], want[k] = lib.oneseed_numpy_next_u32(at), theirs_c.next_uint32(theirs_c.state_address)
                else:
                    got[k], want[k] = lib.oneseed_numpy_next_double(at), theirs_c.next_double(theirs_c.state_address)
            case.same(got.tobytes(), want.tobytes(), case.n, what + ": " + "".join(draws)[:40])
            case.same_state(ours(state), theirs(generator), what)

    return compared


def moved(kind, move):
    """Draws, a move, draws: the state after each."""

    def compared(row):
        for case in row.cases():
            state, generator, what = pair(case, kind)
            for _ in range(3):
                if case.random.random() < 0.5:
                    lib.oneseed_numpy_next_u32(ctypes.byref(state))
                    generator.ctypes.next_uint32(generator.ctypes.state_address)
                raw(case, state, generator, case.random.randrange(700), what)
                generator, how = move(case, state, generator)
                case.same_state(ours(state), theirs(generator), "%s: %s" % (what, how))
            raw(case, state, generator, case.n, what)
            case.same_state(ours(state), theirs(generator), what)

    return compared


def advance(case, state, generator):
    delta = case.random.choice((1, -1)) * case.random.getrandbits(case.random.choice((1, 3, 30, 64, 128, 256)))
    generator.advance(delta)
    if not lib.oneseed_numpy_advance(ctypes.byref(state), (ctypes.c_uint64 * 4)(*(delta >> 64 * k & 2**64 - 1 for k in range(4)))):
        case.wrong("advance was refused")
    return generator, "advance(%d)" % delta


def jumped(case, state, generator):
    n = case.random.choice((1, -1)) * case.random.getrandbits(case.random.choice((1, 3, 30, 63)))
    if "MT19937" in type(generator).__name__:
        n = case.random.randrange(-2, 3)
    if not lib.oneseed_numpy_jump(ctypes.byref(state), ctypes.c_int64(n)):
        case.wrong("jumped was refused")
    return generator.jumped(n), "jumped(%d)" % n


FUNCTIONS = {
    "SeedSequence.generate_state": generate_state(np.uint32, lib.oneseed_seed_sequence_u32),
    "SeedSequence.generate_state (uint64)": generate_state(np.uint64, lib.oneseed_seed_sequence_u64),
    "SeedSequence (pool_size)": pool_size, "SeedSequence.spawn": spawn,
    **{"%s.random_raw" % kind: random_raw(kind) for kind in HAVE},
    **{"%s, words and doubles for C" % kind: next_functions(kind) for kind in HAVE},
    **{"%s.advance" % kind: moved(kind, advance) for kind in HAVE if kind not in ("MT19937", "SFC64")},
    **{"%s.jumped" % kind: moved(kind, jumped) for kind in HAVE if kind != "SFC64"},
}

if __name__ == "__main__":
    found = frame.options()
    if not found.worker:
        sys.exit(1 if in_pythons(os.path.abspath(__file__), sys.argv[1:]) else 0)
    sys.exit(1 if frame.compare("numpy", FUNCTIONS, {"NumPy": np.__version__}, found) else 0)
