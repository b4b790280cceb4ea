"""numpy_bits.py - writes tests/vectors/numpy_bits.txt and numpy_testsets.txt from the installed NumPy: python numpy_bits.py FOLDER

SPDX-License-Identifier: MIT
"""
import hashlib
import pathlib
import platform
import random
import struct
import sys

import numpy as np

KINDS = ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"]
ENTROPIES = [0, 1, 17, 42, 12345, 2**31, 2**32 - 1, 2**32, 2**64 - 1, 2**64, 2**127 + 3, 3**300]
KEYS = [(), (), (0,), (1, 2), (2**32 - 1, 0, 7, 8, 9)]
folder = pathlib.Path(sys.argv[1])
chance = random.Random(1)


def words(value):
    out = [value & 0xFFFFFFFF]
    while value := value >> 32:
        out.append(value & 0xFFFFFFFF)
    return out


def text(numbers, digits):
    return ",".join(f"{int(number):0{digits}x}" for number in numbers) or "-"


def bits(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def state_words(state):
    inner = state["state"]
    if state["bit_generator"] == "MT19937":
        digest = hashlib.sha512(inner["key"].astype("<u4").tobytes()).digest()
        return [inner["pos"], int.from_bytes(digest[:8], "big")]
    halves = [state["has_uint32"], state["uinteger"]]
    if "inc" in inner:
        return halves + [inner["state"] % 2**64, inner["state"] >> 64, inner["inc"] % 2**64, inner["inc"] >> 64]
    if "counter" in inner:
        return halves + [*inner["counter"], *inner["key"], *state["buffer"], state["buffer_pos"]]
    return halves + [*inner["state"]]


def run(generator):
    """A random script, its outputs, and the generator that stands behind it."""
    raw = generator.ctypes
    script, out = [], []
    for _ in range(chance.randrange(1, 25)):
        op = chance.choice("qiiddraj" if hasattr(generator, "advance") else "qiidrrj")
        if op == "j" and (not hasattr(generator, "jumped") or chance.random() < 0.7):
            op = "d"
        if op == "q":
            out.append(raw.next_uint64(raw.state_address))
        elif op == "i":
            out.append(raw.next_uint32(raw.state_address))
        elif op == "d":
            out.append(bits(raw.next_double(raw.state_address)))
        elif op == "r":
            n = chance.choice([0, 1, 3, 4, 9, 30, 700])
            drawn = generator.random_raw(n)
            op += f"{n:x}"
            out.append(np.bitwise_xor.reduce(drawn) if n else 0)
        elif op == "a":
            delta = chance.choice([1, -1]) * chance.getrandbits(chance.choice([1, 4, 40, 64, 128, 250]))
            generator.advance(delta)
            op += text([delta >> 64 * k & 2**64 - 1 for k in range(4)], 1).replace(",", ":")
        else:
            n = chance.randrange(-2, 4)
            generator = generator.jumped(n)
            op += f"{n % 2**64:x}"
            raw = generator.ctypes
        script.append(op)
    return script, out, generator


with open(folder / "numpy_bits.txt", "w") as file:
    about = f"NumPy {np.__version__} ({platform.machine()})"
    print(f"# Bit generators of {about}, seeded, drawn from, and their states. All hexadecimal.", file=file)
    print("# Made by tests/gen/numpy_bits.py. Columns: kind entropy spawn_key script outputs state; - = none.", file=file)
    print("# Words have 32 bits. Script: q next_uint64, i next_uint32, d next_double (its bits), rN the exclusive or of", file=file)
    print("# random_raw(N), aD advance(D, four words of 64 bits, lowest first), jN jumped(N, modulo 2^64).", file=file)
    print("# State: what the dictionary holds; MT19937: pos, 64 bits of SHA-512 of the key.", file=file)
    for kind in KINDS:
        for case in range(60):
            entropy, key = ENTROPIES[case % len(ENTROPIES)], KEYS[case % len(KEYS)]
            generator = getattr(np.random, kind)(np.random.SeedSequence(entropy, spawn_key=key))
            script, out, generator = run(generator)
            after = text(state_words(generator.state), 1)
            print(kind, text(words(entropy), 8), text(key, 8), ",".join(script), text(out, 1), after, file=file)

with open(folder / "numpy_testsets.txt", "w") as file:
    print(f"# NumPy {np.__version__}: numpy/random/tests/data/<engine>-testset-1.csv and -2.csv, as columns: kind seed words.", file=file)
    print("# Made by tests/gen/numpy_bits.py. The words are those of random_raw(); all hexadecimal.", file=file)
    data = pathlib.Path(np.random.__file__).parent / "tests/data"
    for kind in KINDS:
        for k in (1, 2):
            lines = (data / f"{kind.lower()}-testset-{k}.csv").read_text().splitlines()
            rows = [line.split(",")[1].strip() for line in lines]
            print(kind, f"{int(rows[0], 0):x}", text((int(row, 0) for row in rows[1:]), 1), file=file)
