"""torch_cuda.py - liboneseed's torch_cuda against a second implementation and what was published of PyTorch on GPUs.

There is no GPU here: rows say so. tests/gen/torch_cuda.py records the same functions on one; what it recorded is compared where it was committed.

SPDX-License-Identifier: MIT
"""

import glob
import os

import numpy

import frame
import torch_cuda_common as cuda
from torch_cuda_common import Generator, State, of_dtype, ours

FLOATS = ["float32", "float64", "float16", "bfloat16"]
INTEGERS = ["uint8", "int8", "int16", "int32", "int64"]
NOT_MEASURED = "not measured on a GPU: equal to a second implementation by the public sources"


def fresh(case):
    """A state of either, with a GPU so small that threads draw several times, and an offset behind 32 bits now and then."""
    r = case.random
    state = State(case.seed(), 4 * r.getrandbits(r.choice((0, 8, 40))), r.choice((0, 0, 20700, 20600, 20300, 20001)), r.choice((0, 12060)),
                  r.randrange(1, 4), r.choice((1024, 1536, 2048)))
    return state, Generator(state)


def size(case):
    """Around a block, around the GPU's threads, or any."""
    edge = case.random.choice((256, 1024, 2048, 4096, 8192))
    return case.random.choice((case.n, case.n, 1, edge - 1, edge, edge + 1))


def check(case, state, generator, status, got, want, what):
    if status != 0:
        case.wrong("%s: refused with %d" % (what, status))
    case.same(numpy.ascontiguousarray(got), numpy.ascontiguousarray(want), len(want), what)
    case.same_state((state.seed, state.offset), (generator.seed, generator.offset), what)


def fills(row, draw):
    """draw gives what is compared of one case: dtype, arguments of the fill, what is expected as a function of the generator."""
    row.condition = NOT_MEASURED
    for case in row.cases():
        state, generator = fresh(case)
        n = size(case)
        function, dtype, arguments, expected = draw(case, generator, n)
        got = of_dtype(dtype, n)
        status = ours(state, function + "_fill", dtype, *arguments, got, n)
        check(case, state, generator, status, got, expected(), "%s %s %s n=%d" % (function, dtype, arguments, n))


def rand(row):
    def draw(case, generator, n):
        dtype = case.random.choice(FLOATS)
        return "rand", dtype, (), lambda: cuda.uniform(generator, dtype, 0, 1, n)

    fills(row, draw)


def uniform(row):
    def draw(case, generator, n):
        dtype = case.random.choice(FLOATS)
        low = float(numpy.float32(case.random.uniform(-10, 10)))
        high = low + float(numpy.float32(case.random.uniform(0, 20)))
        return "uniform", dtype, (low, high), lambda: cuda.uniform(generator, dtype, low, high, n)

    fills(row, draw)


def randint(row):
    def draw(case, generator, n):
        dtype = case.random.choice(INTEGERS + ["float64", "bool"])
        most = {"uint8": 255, "int8": 127, "int16": 2**15 - 1, "bool": 1, "float64": 2**52}.get(dtype, 2**31 - 1 if dtype == "int32" else 2**62)
        least = 0 if dtype in ("uint8", "bool") else -most
        low = case.random.randrange(least, most)
        high = case.random.randrange(low + 1, most + 2)
        if case.random.random() < 0.3 and most > 2**28:
            low, high = 0, 2**28 + case.random.randrange(-1, 2)
        return "randint", dtype, (low, high), lambda: cuda.randint(generator, dtype, low, high, n)

    fills(row, draw)


def random_(row):
    def draw(case, generator, n):
        dtype = case.random.choice(INTEGERS + FLOATS + ["bool"])
        most = {"float32": 2**24, "float64": 2**53, "float16": 2**11, "bfloat16": 2**8, "uint8": 255, "int8": 127, "int16": 2**15 - 1,
                "int32": 2**31 - 1, "int64": 2**63 - 1, "bool": 1}[dtype]
        two = dtype in ("int64", "float64")
        return "random", dtype, (), lambda: cuda.integers(dtype, (cuda.random_words(generator, two, n) % numpy.uint64(most + 1)).view("int64"))

    fills(row, draw)


def random_from(row):
    def draw(case, generator, n):
        if case.random.random() < 0.3:
            return "random_from", "int64", (-2**63,), lambda: cuda.random_words(generator, True, n).view("int64")
        dtype = case.random.choice(["int16", "int32", "int64"])
        most = {"int16": 2**15, "int32": 2**31, "int64": 2**63}[dtype]
        low = case.random.randrange(-most + 1, most - 1)
        return "random_from", dtype, (low,), lambda: cuda.randint(generator, dtype, low, most, n)

    fills(row, draw)


def bernoulli(row):
    def draw(case, generator, n):
        dtype = case.random.choice(INTEGERS + FLOATS + ["bool"])
        p = case.random.choice((0.0, 1.0, 0.5, case.random.random()))

        def expected():
            hits = generator.uniform_f64(n) < p if dtype == "float64" else generator.uniform_f32(n) < numpy.float32(p)
            return cuda.integers(dtype, hits.astype(numpy.int64))

        return "bernoulli", dtype, (p,), expected

    fills(row, draw)


def bernoulli_tensor(row):
    row.condition = NOT_MEASURED
    for case in row.cases():
        state, generator = fresh(case)
        n, p_dtype, dtype = size(case), case.random.choice(["float32", "float64"]), case.random.choice(FLOATS + INTEGERS)
        p = numpy.array([case.random.choice((0, 1, case.random.random())) for _ in range(n)], p_dtype)
        got = of_dtype(dtype, n)
        status = ours(state, "bernoulli_tensor_fill", p_dtype, p, dtype, got, n)
        index = numpy.arange(n, dtype=numpy.uint64)
        words = cuda.philox(generator.seed, generator.take(10) // 4, index // numpy.uint64(4))
        u = cuda.uniform_f32(numpy.choose((index % numpy.uint64(4)).astype(int), words))
        hits = u <= p if dtype == "float64" else u <= p.astype(numpy.float32)
        check(case, state, generator, status, got, cuda.integers(dtype, hits.astype(numpy.int64)), "bernoulli_ of a tensor, %s n=%d" % (dtype, n))


def dropout(row):
    row.condition = NOT_MEASURED
    for case in row.cases():
        state, generator = fresh(case)
        n, dtype = size(case), case.random.choice(FLOATS)
        p = case.random.choice((0.5, 0.1, case.random.random()))
        given = numpy.random.RandomState(case.number).standard_normal(n).astype("float64" if dtype == "float64" else "float32")
        source = cuda.to_half(dtype, given) if dtype in ("float16", "bfloat16") else given
        got, mask = of_dtype(dtype, n), numpy.zeros(n, numpy.uint8)
        status = ours(state, "native_dropout_fill", dtype, p, source, got, mask, n)
        keeps = cuda.dropout(generator, dtype, p, n)
        case.same(mask, keeps.astype(numpy.uint8), n, "the mask of native_dropout, %s n=%d" % (dtype, n))
        if dtype == "float64":
            want = given * keeps * (1 / (1 - p))
        else:
            single = cuda.of_half(dtype, source) if dtype != "float32" else given
            want = single * keeps.astype(numpy.float32) * numpy.float32(1 / float(numpy.float32(1 - p)))
            want = cuda.to_half(dtype, want) if dtype != "float32" else want
        check(case, state, generator, status, got, want, "native_dropout %s p=%r n=%d" % (dtype, p, n))


def randperm(row):
    row.condition = NOT_MEASURED
    for case in row.cases():
        state, generator = fresh(case)
        n = case.random.choice((case.n, case.random.randrange(1, 4 * case.n), 30080, 30081)) if case.number % 50 == 0 else size(case)
        got, memory = numpy.zeros(n, numpy.int64), numpy.zeros(3 * n, numpy.uint64)
        status = ours(state, "randperm_fill", "int64", got, n, memory)
        check(case, state, generator, status, got, cuda.randperm(generator, n), "randperm(%d)" % n)


def box_muller(generator, dtype, n):
    """The normals, in doubles all along."""
    if dtype == "float64":
        words, which = generator.words(n, 2)
        u, v = cuda.uniform_f64(words[0], words[1]), cuda.uniform_f64(words[2], words[3])
        which = which.astype(int)
    else:
        words, which = generator.words(n, 4)
        which = which.astype(int)
        pairs = which // 2
        u = cuda.uniform_f32(numpy.choose(pairs * 2, words)).astype(numpy.float64)
        v = cuda.uniform_f32(numpy.choose(pairs * 2 + 1, words)).astype(numpy.float64)
        which = which % 2
    angle = 2 * numpy.pi * v
    return numpy.sqrt(-2 * numpy.log(u)) * numpy.where(which == 0, numpy.sin(angle), numpy.cos(angle))


def near(row, condition, draw):
    """Values that are modelled: within a bound of the same mathematics in doubles, and the state exact."""
    row.condition = condition
    for case in row.cases():
        state, generator = fresh(case)
        n = size(case)
        function, dtype, arguments, expected, bound = draw(case, generator, n)
        got = numpy.zeros(n, dtype)
        if ours(state, function + "_fill", dtype, *arguments, got, n) != 0:
            case.wrong("%s: refused" % function)
        want = expected()
        far = numpy.flatnonzero(~(numpy.abs(got - want) <= bound(want)))
        row.values += n
        if len(far):
            case.wrong("%s %s: value %d is %r, near %r was expected" % (function, dtype, far[0], got[far[0]], want[far[0]]))
        case.same_state((state.seed, state.offset), (generator.seed, generator.offset), function)


SINGLE = "not exact: words exact, the GPU's approximate functions modelled; within %s of the same mathematics in doubles; not measured on a GPU"


def normal(row):
    def draw(case, generator, n):
        mean, std = case.random.uniform(-3, 3), case.random.uniform(0, 5)
        return ("normal", "float32", (mean, std), lambda: mean + std * box_muller(generator, "float32", n),
                lambda want: 2e-6 * (1 + abs(mean) + std))

    near(row, SINGLE % "2e-6 (1 + |mean| + std)", draw)


def normal_double(row):
    def draw(case, generator, n):
        return "normal", "float64", (0.0, 1.0), lambda: box_muller(generator, "float64", n), lambda want: 4e-15

    near(row, "not measured on a GPU: by CUDA's published algorithms, a reciprocal of the GPU's taken as correctly rounded; within 4e-15 of libm's", draw)


def exponential(row):
    def draw(case, generator, n):
        rate = case.random.uniform(0.1, 10)
        return ("exponential", "float32", (rate,), lambda: -numpy.log(generator.uniform_f32(n).astype(numpy.float64)) / rate,
                lambda want: 6e-7 * (want + 0.2 / rate))

    near(row, SINGLE % "6e-7 (value + 0.2 / lambda)", draw)


def multinomial(row):
    """Rows of softmax-like weights, one sample of each: the largest quotient, unless another is nearer to it than the models tell."""
    row.condition = "not measured on a GPU: words exact; near ties of quotients, within 2e-6 of their size, may be decided the other way"
    for case in row.cases():
        state, generator = fresh(case)
        n_categories = case.random.choice((2, 10, 100, 1000))
        n_rows = max(1, case.n // n_categories)
        n = n_rows * n_categories
        weights = numpy.random.RandomState(case.number).gamma(0.5, size=(n_rows, n_categories)).astype(numpy.float32) + numpy.float32(1e-3)
        got, memory, work = numpy.zeros(n_rows, numpy.int64), numpy.zeros(n, numpy.float32), numpy.zeros(2 * n_categories)
        if ours(state, "multinomial_fill", "float32", weights, n_rows, n_categories, 1, 1, memory, work, got) != 0:
            case.wrong("multinomial: refused")
        quotients = weights / -numpy.log(generator.uniform_f32(n).astype(numpy.float64).clip(1e-30, 1 - 2.0**-24)).reshape(n_rows, -1)
        chosen = quotients[numpy.arange(n_rows), got]
        row.values += n
        if not numpy.all(chosen >= quotients.max(axis=1) * (1 - 2e-6)):
            case.wrong("multinomial of %d rows of %d: another index" % (n_rows, n_categories))
        case.same_state((state.seed, state.offset), (generator.seed, generator.offset), "multinomial")


def cauchy(row):
    def draw(case, generator, n):
        return ("cauchy", "float32", (0.0, 1.0),
                lambda: numpy.tan(numpy.pi * (generator.uniform_f32(n).astype(numpy.float64).clip(2.0**-23, 1 - 2.0**-23) - 0.5)),
                lambda want: 1e-6 * (1 + want**2))

    near(row, SINGLE % "1e-6 (1 + value^2)", draw)


def log_normal(row):
    def draw(case, generator, n):
        mean, std = case.random.uniform(-1, 1), case.random.uniform(0.1, 2)
        return ("log_normal", "float32", (mean, std), lambda: numpy.exp(mean + std * box_muller(generator, "float32", n)),
                lambda want: 6e-6 * (1 + std) * want)

    near(row, SINGLE % "6e-6 (1 + std) value", draw)


def geometric(row):
    def draw(case, generator, n):
        p = case.random.uniform(0.05, 0.95)

        def expected():
            ratio = numpy.log(generator.uniform_f32(n).astype(numpy.float64)) / numpy.log(float(numpy.float32(1) - numpy.float32(p)))
            return numpy.ceil(ratio - 1e-5 * (1 + ratio))  # at a border either neighbour will do

        return "geometric", "float32", (p,), expected, lambda want: 1.0

    near(row, "not exact: at an integer's border the neighbour may come; not measured on a GPU", draw)


def published(row):
    """tests/vectors/torch_cuda_published.txt: how many digits torch printed are ours."""
    row.condition = "values of torch 1.11 to 2.7 that others printed on their GPUs, to the digits printed; up to element 9483263"
    case = frame.Case(row, 0, 0)
    row.n_cases = 0
    folder = os.path.join(frame.ROOT, "tests", "vectors")
    with open(os.path.join(folder, "torch_cuda_published.txt")) as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    for function, gpu, version, seed, before, parameters, n, values in lines:
        row.n_cases += 1
        name, _, suffix = function.partition("_")
        dtype = {"": "int64" if name == "randint" else "float32", "f64": "float64", "f16": "float16"}[suffix]
        state = State(int(seed), 0, int(version), 0, *(shape(gpu) if gpu != "-" else (0, 0)))
        convert = int if name == "randint" else float
        arguments = [] if parameters == "-" else [convert(x) for x in parameters.split(",")]
        for count in ([int(before)] if before != "-" else []) + [int(n)]:
            got = of_dtype(dtype, count)
            if ours(state, name + "_fill", dtype, *arguments, got, count) != 0:
                case.wrong("%s: refused" % function)
        got = got.view("float16") if dtype == "float16" else got
        for item in values.split(","):
            index, text = item.split(":")
            digits = len(text.partition(".")[2])
            row.values += 1
            if "%.*f" % (digits, got[int(index)]) != text:
                case.wrong("%s, element %s: %.*f, published %s" % (function, index, digits, got[int(index)], text))


def shape(gpu):
    class Gpu(frame.ctypes.Structure):
        _fields_ = [("name", frame.ctypes.c_char_p), ("title", frame.ctypes.c_char_p), ("n_sms", frame.ctypes.c_uint32),
                    ("threads_per_sm", frame.ctypes.c_uint32), ("capability", frame.ctypes.c_uint32)]

    find = cuda.lib.oneseed_gpu_find
    find.restype = frame.ctypes.POINTER(Gpu)
    found = find(gpu.encode())[0]
    return found.n_sms, found.threads_per_sm


def main():
    functions = {
        "rand on CUDA": rand, "uniform_ on CUDA": uniform, "randint on CUDA": randint, "random_ on CUDA": random_,
        "random_(from, None) on CUDA": random_from, "bernoulli_ on CUDA": bernoulli, "bernoulli_ of a tensor on CUDA": bernoulli_tensor,
        "dropout on CUDA": dropout, "randperm on CUDA": randperm, "normal_ on CUDA": normal, "normal_ on CUDA, float64": normal_double,
        "exponential_ on CUDA": exponential, "multinomial on CUDA, one sample": multinomial, "cauchy_ on CUDA": cauchy, "log_normal_ on CUDA": log_normal, "geometric_ on CUDA": geometric,
        "published values": published,
    }
    recorded = sorted(glob.glob(os.path.join(frame.ROOT, "tests", "vectors", "torch_cuda_recorded_*.txt")))
    if recorded:
        import torch_cuda_recorded_common

        functions.update(torch_cuda_recorded_common.rows(recorded))
    frame.main("torch_cuda", functions, upstream={"PyTorch on CUDA": "1.13 to 2.13, by its sources"})


if __name__ == "__main__":
    main()
