"""torch_cuda_recorded_common.py - liboneseed's torch_cuda against what tests/gen/torch_cuda.py recorded on a GPU.

    python tests/conformance/torch_cuda_recorded_common.py FILE...

prints a row for each function: digests where the draws are exact, else the first and last values within the bounds of torch_cuda.py.

SPDX-License-Identifier: MIT
"""

import hashlib
import math
import sys

import numpy

import frame
from torch_cuda_common import State, of_dtype, of_half, ours, to_half

EXACT = ["rand", "uniform", "randint", "random", "random_from", "bernoulli", "bernoulli_tensor", "native_dropout", "randperm"]
FLOATS = ["float32", "float64", "float16", "bfloat16"]


def read(path):
    """torch's version and CUDA's, the GPU's name and shape, the cases as lists of words."""
    about = {"device": "?", "version": 0, "cuda": 0, "shape": (0, 0)}
    cases = []
    with open(path) as file:
        for line in file:
            words = line.split()
            if line.startswith("# device "):
                about["device"] = line[9:].split(",")[0].strip()
                about["version"] = number(line.partition(" torch ")[2].split(",")[0].split("+")[0].strip(), (10000, 100, 1))
                cuda = line.rpartition(" CUDA ")[2].strip() if ", CUDA " in line else ""
                about["cuda"] = number(cuda, (1000, 10)) if cuda else 0
            elif line.startswith("# shape: "):
                about["shape"] = (int(words[2]), int(words[3]))
            elif words and words[0] != "#":
                cases.append(words)
    return about, cases


def number(text, weights):
    return sum(int(part) * weight for part, weight in zip(text.split("."), weights))


def drawn(state, function, dtype, n, parameters):
    """What liboneseed draws: arrays, of dropout the result and the mask."""
    out = of_dtype("int64" if function == "randperm" else dtype, n)
    if function == "randperm":
        status, parts = ours(state, "randperm_fill", "int64", out, n, numpy.zeros(3 * n, numpy.uint64)), (out,)
    elif function == "native_dropout":
        given = (numpy.arange(n) % 7 - 3).astype("float64" if dtype == "float64" else "float32")
        given = to_half(dtype, given) if dtype in ("float16", "bfloat16") else given
        mask = numpy.zeros(n, numpy.uint8)
        status, parts = ours(state, "native_dropout_fill", dtype, parameters[0], given, out, mask, n), (out, mask)
    elif function == "bernoulli_tensor":
        p = ((numpy.arange(n) % 17) / 16).astype(numpy.float32)
        status, parts = ours(state, "bernoulli_tensor_fill", "float32", p, dtype, out, n), (out,)
    else:
        status, parts = ours(state, function + "_fill", dtype, *parameters, out, n), (out,)
    return status, parts


def digest(parts):
    return "+".join(hashlib.sha256(part.tobytes()).hexdigest()[:16] for part in parts)


def numbers(text, dtype):
    """Values from their bits."""
    plain = {"float32": "uint32", "float64": "uint64", "float16": "uint16", "bfloat16": "uint16"}[dtype]
    return as_doubles(numpy.array([int(word, 16) for word in text.split(",")], plain), dtype)


def as_doubles(values, dtype):
    if dtype in ("float16", "bfloat16"):
        return of_half(dtype, values).astype(numpy.float64)
    return values.view(dtype).astype(numpy.float64)


def is_near(function, dtype, got, want):
    """As near as torch_cuda.py asks of float32; half types are off by a rounding more; counts by one."""
    rounding = {"float16": 2.0**-10, "bfloat16": 2.0**-7}.get(dtype, 0)
    for a, b in zip(got, want):
        bound = {"cauchy": 1e-5 * (1 + b * b), "geometric": 1.0}.get(function, 2e-5 * (1 + abs(b)))
        if not (a == b or abs(a - b) <= bound + 2 * rounding * abs(b) or math.isnan(a) and math.isnan(b)):
            return False
    return True


def compare(row, files, function):
    """The cases of one function in all files."""
    n_equal = 0
    for about, cases in files:
        for number_of_case, words in enumerate(cases):
            name, dtype, seed, offset, n, text, recorded, after, first, last = words
            if name != function or (int(n) > 1 << 24 and row.options.cases < frame.FULL["cases"]):
                continue
            case = frame.Case(row, number_of_case, 0)
            row.n_cases += 1
            row.values += int(n)
            state = State(int(seed), int(offset), about["version"], about["cuda"], *about["shape"])
            parameters = [] if text == "-" else [float(p) if "." in p or "e" in p else int(p) for p in text.split(",")]
            status, parts = drawn(state, name, dtype, int(n), parameters)
            what = "%s on %s" % (" ".join(words[:6]), about["device"])
            if status:
                case.wrong("%s: refused with %d" % (what, status))
            same = digest(parts) == recorded
            n_equal += same
            if function in EXACT and not same:
                case.wrong("%s: other values" % what)
            elif not same and dtype in FLOATS:
                got = as_doubles(parts[0], dtype)
                if not (is_near(function, dtype, got[:4], numbers(first, dtype)) and is_near(function, dtype, got[-4:], numbers(last, dtype))):
                    case.wrong("%s: values that are not near" % what)
            case.same_state(state.offset, int(after), what)
    devices = ", ".join(sorted({about["device"] for about, _ in files}))
    row.condition = "recorded on %s" % devices
    if function not in EXACT:
        row.condition += "; all bits equal in %d of %d tensors, near in the others" % (n_equal, row.n_cases)


def rows(paths):
    """A function of each name for frame.main()."""
    files = [read(path) for path in paths]
    names = sorted({words[0] for _, cases in files for words in cases})
    return {"%s, recorded" % name: (lambda row, name=name: compare(row, files, name)) for name in names}


def main():
    paths = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    sys.argv = sys.argv[:1] + [argument for argument in sys.argv[1:] if argument.startswith("-")]
    devices = ", ".join(read(path)[0]["device"] for path in paths)
    frame.main("torch_cuda", rows(paths), upstream={"PyTorch on CUDA": devices})


if __name__ == "__main__":
    main()
