"""torch_draws.py - makes tests/vectors/torch_<version>_<capability>.txt: python tests/gen/torch_draws.py

By hand, with the PyTorch that is installed and the capability in ATEN_CPU_CAPABILITY (default, avx2). Needs torch only. A line is a call
on a fresh generator that first drew `words` words and, when `cached` is 1, one value of randn:

    version cpu has_mkl function dtype seed words cached a b n values next normal

a and b are 64 bits, of a double or of an integer. Values are hexadecimal numbers, of more than 17 the FNV-1a digest of their
bytes, lowest first. next is the word that the generator gives afterwards, modulo 2^20, normal the cached value (- for none).

SPDX-License-Identifier: MIT
"""

import ctypes
import os
import struct
import sys

import torch

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "vectors")
VERSION = torch.__version__.split("+")[0]
MAJOR, MINOR, PATCH = (int(word) for word in VERSION.split("."))
NUMBER = MAJOR * 10000 + MINOR * 100 + PATCH
CPU = os.environ["ATEN_CPU_CAPABILITY"]
FLOATS = ("float32", "float64", "float16", "bfloat16")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64", "bool")
LATE = tuple(name for name in ("uint16", "uint32", "uint64") if hasattr(torch, name))
SIZES = (1, 3, 15, 16, 17, 31, 33, 1000)


def memory(tensor):
    return ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size())


def values_of(tensor):
    data, size = memory(tensor), tensor.element_size()
    if tensor.numel() > 17:
        digest = 0xCBF29CE484222325
        for byte in data:
            digest = (digest ^ byte) * 0x100000001B3 % 2**64
        return "#%x" % digest
    return ",".join("%x" % int.from_bytes(data[k : k + size], "little") for k in range(0, len(data), size)) or "-"


def bits(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0] if isinstance(value, float) else value % 2**64


def input_of(n, dtype):
    """What the dropouts are given: test_torch_draws.c makes the same."""
    return torch.tensor([(i * 7 % 31 - 15) / 8 for i in range(n)], dtype=torch.float64).to(dtype)


def probabilities(n, dtype):
    return torch.tensor([i % 9 / 8 for i in range(n)], dtype=torch.float64).to(dtype)


def rrelu(n, dtype, a, b, generator):
    values = input_of(n, dtype)
    return torch._C._nn.rrelu_with_noise(values, torch.zeros_like(values), a, b, True, generator)


def with_default(function):
    """For functions that draw from the default generator alone."""

    def call(n, dtype, a, b, generator):
        torch.set_rng_state(generator.get_state())
        made = function(n, dtype, a, b)
        generator.set_state(torch.get_rng_state())
        return made

    return call


nn = torch.nn.functional
CALLS = {
    "rand": lambda n, dtype, a, b, g: torch.rand(n, dtype=dtype, generator=g),
    "uniform": lambda n, dtype, a, b, g: torch.empty(n, dtype=dtype).uniform_(a, b, generator=g),
    "randn": lambda n, dtype, a, b, g: torch.randn(n, dtype=dtype, generator=g),
    "normal": lambda n, dtype, a, b, g: torch.empty(n, dtype=dtype).normal_(a, b, generator=g),
    "normal_noncontiguous": lambda n, dtype, a, b, g: torch.empty(2 * n, dtype=dtype)[::2].normal_(a, b, generator=g).contiguous(),
    "randint": lambda n, dtype, a, b, g: torch.empty(n, dtype=dtype).random_(a, b, generator=g),
    "random_from": lambda n, dtype, a, b, g: torch.empty(n, dtype=dtype).random_(a, None, generator=g),
    "random": lambda n, dtype, a, b, g: torch.empty(n, dtype=dtype).random_(generator=g),
    "randperm": lambda n, dtype, a, b, g: torch.randperm(n, dtype=dtype, generator=g),
    "bernoulli": lambda n, dtype, a, b, g: torch.empty(n, dtype=dtype).bernoulli_(a, generator=g),
    "bernoulli_tensor": lambda n, dtype, a, b, g: torch.bernoulli(probabilities(n, dtype), generator=g),
    "dropout": with_default(lambda n, dtype, a, b: nn.dropout(input_of(n, dtype), a)),
    "alpha_dropout": with_default(lambda n, dtype, a, b: nn.alpha_dropout(input_of(n, dtype), a, True)),
    "feature_dropout": with_default(lambda n, dtype, a, b: nn.dropout2d(input_of(5 * n, dtype).reshape(1, n, 5, 1), a).flatten()),
    "native_dropout": with_default(lambda n, dtype, a, b: torch.native_dropout(input_of(n, dtype), a, True)[0]),
    "rrelu": rrelu,
}


def cases():
    for dtype in FLOATS:
        for name, parameters in (
            ("rand", ((0, 0),)),
            ("uniform", ((2.0, 7.5), (-0.1, 0.3), (1.0, 1.0))),
            ("randn", ((0, 0),)),
            ("normal", ((0.0, 1.0), (2.0, 7.5), (-0.1, 0.3))),
            ("normal_noncontiguous", ((0.0, 1.0), (2.0, 7.5))),
            ("dropout", ((0.5, 0), (0.1, 0), (1.0, 0))),
            ("alpha_dropout", ((0.5, 0), (0.1, 0))),
            ("feature_dropout", ((0.3, 0),)),
            ("native_dropout", ((0.3, 0), (1.0, 0))),
            ("bernoulli_tensor", ((0, 0),)),
            ("rrelu", ((0.125, 1 / 3),)),
        ):
            for parameter in parameters:
                yield name, dtype, parameter
    for dtype in FLOATS + INTEGERS + LATE:
        bounds = [(0, 2)]
        if dtype != "bool":
            bounds += [(3, 100), (0, 127)]
        if dtype in ("int32", "int64", "float32", "float64", "uint32", "uint64"):
            bounds += [(0, 2**28 - 1), (0, 2**28), (5, 2**31 - 1)]
        if dtype in ("int8", "int16", "int32", "int64", "float32", "float64", "float16", "bfloat16"):
            bounds += [(-100, -3)]
        if dtype in ("int64", "float32", "float64"):
            bounds += [(-(2**40), 2**33), (0, 2**32), (0, 2**32 - 1), (-(2**63), 2**63 - 1)]
        for pair in bounds:
            yield "randint", dtype, pair
        if dtype not in LATE:
            yield "random", dtype, (0, 0)
            yield "bernoulli", dtype, (0.3, 0)
            yield "random_from", dtype, (1 if dtype != "bool" else 0, 0)
        if dtype in ("int64", "float32", "float64", "bfloat16"):
            yield "random_from", dtype, (-(2**63), 0)
        if dtype not in LATE + ("bool",):
            yield "randperm", dtype, (0, 0)


def main():
    path = os.path.join(FOLDER, "torch_%s_%s.txt" % (VERSION, CPU))
    out = open(path, "w")
    out.write(
        "# PyTorch %s (%s), x86-64 Linux, ATEN_CPU_CAPABILITY=%s: python tests/gen/torch_draws.py\n"
        "# version cpu has_mkl function dtype seed words cached a b n values next normal\n"
        % (VERSION, "with MKL" if torch.backends.mkl.is_available() else "without MKL", CPU)
    )
    for k, (name, dtype, (a, b)) in enumerate(cases()):
        for i, n in enumerate(SIZES):
            if (k + i) % 2 and n not in (16, 17):  # half of them
                continue
            if name == "randperm" and n > 100 and dtype in ("uint8", "int8"):
                continue
            seed, words, cached = (k * 7919 + i) * 2654435761, (0, 1, 623, 624)[(k + i) // 2 % 4], k % 3 == 1
            generator = torch.Generator()
            generator.manual_seed(seed)
            torch.rand(words, generator=generator)
            if cached:
                torch.randn(1, generator=generator)
            try:
                made = CALLS[name](n, getattr(torch, dtype), a, b, generator)
            except RuntimeError as error:
                print("%s %s: %s" % (name, dtype, error), file=sys.stderr)
                continue
            blob = memory(generator.get_state())
            normal = blob[5024:5032] if blob[5040] else None
            word = torch.empty(1, dtype=torch.int64).random_(2**20, generator=generator)
            fields = (
                NUMBER, CPU, int(torch.backends.mkl.is_available()), name, dtype, "%x" % seed, words, int(cached),
                "%x" % bits(a), "%x" % bits(b), n, values_of(made), "%x" % int(word),
                normal[::-1].hex() if normal else "-",
            )  # fmt: skip
            out.write(" ".join(map(str, fields)) + "\n")
    out.close()
    print(path, os.path.getsize(path))


main()
