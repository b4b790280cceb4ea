"""torch_draws.py - the core of liboneseed's PyTorch compared with the live package: python tests/conformance/torch_draws.py

Everything is compared once for each CPU capability that torch has on this machine (ATEN_CPU_CAPABILITY). By hand, other versions: a list
of interpreters in ONESEED_TORCH_PYTHONS, separated by colons, is compared too.

SPDX-License-Identifier: MIT
"""

import ctypes
import os
import subprocess
import sys
import warnings

import frame

import torch

CAPABILITIES = {"default": 1, "avx2": 2, "avx512": 3}
MAX = 4 * 1000 * 1000  # bytes of a tensor that a random size may make
VERSION = tuple(int(word) for word in torch.__version__.split("+")[0].split("a")[0].split(".")[:3])
NUMBER = VERSION[0] * 10000 + VERSION[1] * 100 + VERSION[2]
FLOATS = ("float32", "float64", "float16", "bfloat16")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64", "bool")
LATE = tuple(name for name in ("uint16", "uint32", "uint64") if hasattr(torch, name))
CODES = {name: k for k, name in enumerate(FLOATS + INTEGERS + ("uint16", "uint32", "uint64"))}

LIB = frame.library()
LIB.oneseed_status_text.restype = ctypes.c_char_p
LIB.oneseed_torch_random_u32.restype = ctypes.c_uint32
LIB.oneseed_torch_random_u64.restype = ctypes.c_uint64
LIB.oneseed_torch_normal.restype = ctypes.c_double


class State(ctypes.Structure):
    """oneseed_torch"""

    _fields_ = [
        ("initial_seed", ctypes.c_uint64),
        ("version", ctypes.c_uint32),
        ("cpu", ctypes.c_uint32),
        ("has_mkl", ctypes.c_uint32),
        ("has_normal", ctypes.c_uint32),
        ("normal", ctypes.c_double),
        ("has_normal_f32", ctypes.c_uint32),
        ("normal_f32", ctypes.c_float),
        ("words", ctypes.c_uint32 * 624),
        ("position", ctypes.c_uint32),
    ]


# ---- both sides ----


def capability():
    return os.environ.get("ATEN_CPU_CAPABILITY", "")


def argument(value):
    """A plain value as the C function takes it: float is double, int is int64_t or size_t, a tensor is its memory."""
    if isinstance(value, torch.Tensor):
        return ctypes.c_void_p(value.data_ptr())
    if isinstance(value, float):
        return ctypes.c_double(value)
    return ctypes.c_int64(value) if value < 2**63 else ctypes.c_uint64(value)


def memory(tensor):
    return ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size())


def has_mkl():
    return torch.backends.mkl.is_available()


class Pair:
    """A torch.Generator and our state, seeded alike."""

    def __init__(self, case, draws=True):
        random = case.random
        self.case = case
        self.state = State(version=NUMBER, cpu=CAPABILITIES[capability()], has_mkl=has_mkl())
        self.theirs = torch.Generator()
        seed = random.choice((0, 1, -1, 2**64 - 1, case.seed(), case.seed(), case.seed()))
        self.theirs.manual_seed(seed)
        LIB.oneseed_torch_manual_seed(ctypes.byref(self.state), ctypes.c_uint64(seed % 2**64))
        self.same_state("seed %d" % seed)
        if draws and random.random() < 0.5:
            n = random.choice((1, 2, 3, 622, 623, 624, random.randrange(1, 1500)))
            torch.rand(n, generator=self.theirs)
            for _ in range(n):
                LIB.oneseed_torch_random_u32(ctypes.byref(self.state))
        if draws and random.random() < 0.3:
            torch.randn(1, generator=self.theirs)
            LIB.oneseed_torch_normal(ctypes.byref(self.state))

    def blob(self):
        found = (ctypes.c_uint8 * 5056)()
        LIB.oneseed_torch_get_state(ctypes.byref(self.state), found)
        return bytes(found)

    def same_state(self, what):
        self.case.same_state(self.blob(), memory(self.theirs.get_state()), what)

    def call(self, name, *arguments):
        """The message of the refusal, or None."""
        status = getattr(LIB, "oneseed_torch_" + name)(ctypes.byref(self.state), *[argument(one) for one in arguments])
        return LIB.oneseed_status_text(status).decode() if status else None

    def same(self, what, want, name, dtype, *arguments):
        """Our call with what it writes compared to `want`, a tensor that is dense."""
        found = torch.empty(want.numel(), dtype=want.dtype)
        refused = self.call(name, CODES[dtype], *arguments, found, want.numel())
        if refused:
            return self.case.wrong("%s: refused: %s" % (what, refused))
        same = plain if want.dtype.is_floating_point else memory
        self.case.same(same(found), same(want), want.numel(), what)


def plain(tensor):
    """The bits, with one NaN for all: which one it is depends on whether a value is converted alone or in a vector."""
    return memory(tensor.clone().masked_fill_(tensor.isnan(), float("nan")))


def dense(tensor):
    """The values in the order of their memory, whatever the strides."""
    order = sorted(range(tensor.dim()), key=lambda k: -tensor.stride(k))
    return tensor.permute(order).contiguous()


def size(random, most):
    k = 1 << random.randrange(12)
    small = random.choice((0, 1, 2, 15, 16, 17, 31, 32, 33, k - 1, k, k + 1))
    return small if random.random() < 0.5 else random.randrange(1, max(2, most))


def sizes(case, whole=False, most=None):
    """Sizes of several calls on one generator, of case.n values together; first of a full run 2^20."""
    if whole and case.number == 0 and case.n >= 1000:
        yield (1 << 20) + case.random.randrange(17)
    left = case.n
    while left > 0:
        n = min(size(case.random, min(2 * left, MAX // 8)), most or MAX)
        left -= max(n, 1 if most else case.n // 20, 1)
        yield n


def noncontiguous(random, n, dtype):
    """A tensor of about n values whose memory is in another order or has holes."""
    kind = random.randrange(3)
    if kind == 0:
        return torch.empty(max(2, n // 7), 7, dtype=dtype).t()
    if kind == 1:
        return torch.empty(2 * n + 2, dtype=dtype)[:: 2 if n else 1]
    return torch.empty(2, 3, max(2, n // 24), 4, dtype=dtype).to(memory_format=torch.channels_last)


# ---- parameters ----

BOUNDS = ((2.0, 7.5), (-0.1, 0.3), (0.0, 1.0), (-1.0, 1.0), (0.5, 0.5), (-0.0, 0.0), (0.25, 0.375), (0.0, 1e-40), (1e-3, 60000.0))


def bounds(random):
    if random.random() < 0.4:
        return random.choice(BOUNDS)
    return tuple(sorted((random.uniform(-3, 3) * 10 ** random.randrange(-3, 4), random.gauss(0, 1))))


def mean_and_std(random):
    if random.random() < 0.3:
        return random.choice(((0.0, 1.0), (2.0, 7.5), (-0.1, 0.3), (5.0, 0.0), (0.0, 1e-3), (1e4, 1e-4)))
    return random.gauss(0, 2), abs(random.gauss(0, 2))


def probability(random):
    return random.choice((0.0, 1.0, 0.5, 0.1, 0.2, 1e-9, 1 - 1e-9, random.random(), random.random(), random.random()))


def limits(dtype):
    """The bounds that randint takes, as far as torch takes them."""
    if dtype in FLOATS:
        largest = {"float16": 65504, "bfloat16": 2**63, "float32": 2**63, "float64": 2**63}[dtype]
        return max(-largest, -(2**63)), min(largest, 2**63 - 1)
    if dtype == "bool":
        return 0, 2
    info = torch.iinfo(getattr(torch, dtype))
    return info.min, min(info.max + 1, 2**63 - 1)


def integer_bounds(random, dtype):
    low, high = limits(dtype)
    while True:
        near = random.choice((0, 0, low, high, 2**28, 2**24, 2**32))
        width = random.choice(
            (1, 2, 10, 100, 2**28 - 1, 2**28, 2**28 + 1, 2**32 - 1, 2**32, 2**32 + 1, random.getrandbits(random.randrange(1, 64)) + 1)
        )
        a = near + random.choice((0, 0, 1, -1, -width, random.randrange(-50, 50)))
        if low <= a and a + width <= high:
            return a, a + width


# ---- rows ----


def fill(name, theirs, parameters, dtype, layouts=True, whole=False):
    """A function that fills a tensor in the order of its memory: theirs(tensor, *parameters, generator=…)."""

    def compare(row):
        for case in row.cases():
            pair = Pair(case)
            for n in sizes(case, whole):
                values = parameters(case.random)
                what = "%s(%s) of %d %s" % (name, ", ".join(map(repr, values)), n, dtype)
                tensor = torch.empty(n, dtype=getattr(torch, dtype))
                if layouts and n < 1 << 20 and case.random.random() < 0.2:
                    tensor = noncontiguous(case.random, n, tensor.dtype)
                    what += ", not contiguous"
                own = name
                if name == "normal" and not tensor.is_contiguous():
                    own = "normal_noncontiguous"
                try:
                    theirs(tensor, *values, generator=pair.theirs)
                except RuntimeError as error:
                    refused = pair.call(own + "_fill", CODES[dtype], *values, dense(tensor), tensor.numel())
                    if not refused or not str(error).startswith(refused):
                        case.wrong("%s: %r instead of %r" % (what, refused, str(error)))
                    continue
                by_index = name == "bernoulli" and has_mkl() and NUMBER < 20700  # MKL fills a copy
                pair.same(what, tensor.contiguous() if by_index else dense(tensor), own + "_fill", dtype, *values)
                pair.same_state(what)

    return compare


def made(name, theirs, dtype, whole=False, most=None):
    """A function that makes a tensor of at most so many values: theirs(n, dtype=…, generator=…)."""

    def compare(row):
        for case in row.cases():
            pair = Pair(case)
            for n in sizes(case, whole, most):
                what = "%s(%d) of %s" % (name, n, dtype)
                pair.same(what, theirs(n, dtype=getattr(torch, dtype), generator=pair.theirs), name + "_fill", dtype)
                pair.same_state(what)

    return compare


def real(random, dtype, n, scale=3.0):
    """n values of a floating dtype, some of them special."""
    values = torch.tensor([random.gauss(0, scale) for _ in range(min(n, 50))] + [0.0, -0.0], dtype=torch.float64)
    return values.repeat(n // len(values) + 1)[:n].to(getattr(torch, dtype))


def normal_tensors(dtype):
    def compare(row):
        for case in row.cases():
            random, pair = case.random, Pair(case)
            for n in sizes(case):
                mean, std = mean_and_std(random)
                means = real(random, dtype, n) if random.random() < 0.6 else mean
                stds = real(random, dtype, n).abs() if means is mean or random.random() < 0.5 else std
                want = torch.normal(means, stds, generator=pair.theirs)
                has_means, has_stds = isinstance(means, torch.Tensor), isinstance(stds, torch.Tensor)
                nothing = torch.empty(0)
                what = "normal of %d %s, means %s, stds %s" % (n, dtype, has_means or mean, has_stds or std)
                pair.same(
                    what,
                    want,
                    "normal_tensors_fill",
                    dtype,
                    means if has_means else nothing,
                    mean,
                    stds if has_stds else nothing,
                    std,
                )
                pair.same_state(what)

    return compare


def random_from(dtype):
    def parameters(random):
        low, high = limits(dtype)
        if dtype in FLOATS:
            high = 2 ** {"float16": 11, "bfloat16": 8, "float32": 24, "float64": 53}[dtype]
            low = max(low, -(2**62))
        full = dtype in ("int64", "float32", "float64", "bfloat16") and random.random() < 0.1
        return (-(2**63) if full else random.choice((0 if low <= 0 else low, high - 1, random.randrange(max(low, -(2**63) + 1), high))),)

    return parameters


def bernoulli_tensor(p_dtype):
    def compare(row):
        for case in row.cases():
            random, pair = case.random, Pair(case)
            for n in sizes(case):
                p = torch.tensor([probability(random) for _ in range(min(n, 40) or 1)], dtype=torch.float64)
                p = p.repeat(n // len(p) + 1)[:n].to(getattr(torch, p_dtype))
                dtype = random.choice([name for name in FLOATS + INTEGERS if NUMBER >= 20200 or name != "float16"])
                what = "bernoulli of %d %s into %s" % (n, p_dtype, dtype)
                want = torch.empty(n, dtype=getattr(torch, dtype)).bernoulli_(p, generator=pair.theirs)
                pair.same(what, want, "bernoulli_tensor_fill", p_dtype, p, CODES[dtype])
                if dtype == p_dtype:
                    want = torch.bernoulli(p, generator=pair.theirs)
                    pair.same(what, want, "bernoulli_tensor_fill", p_dtype, p, CODES[dtype])
                pair.same_state(what)

    return compare


def bernoulli_with_p(p_first, p, generator):
    return torch.bernoulli(p_first, p, generator=generator)


class Default:
    """Torch's default generator in the state of a pair's, for functions that take no generator."""

    def __init__(self, pair):
        self.pair = pair

    def __enter__(self):
        torch.set_rng_state(self.pair.theirs.get_state())

    def __exit__(self, *exception):
        self.pair.theirs.set_state(torch.get_rng_state())


def with_special(random, dtype, n):
    values = real(random, dtype, n)
    if n and random.random() < 0.1:
        values[random.randrange(n)] = random.choice((float("inf"), float("-inf")))
    return values


def dropout(name, theirs, dtype):
    def compare(row):
        for case in row.cases():
            random, pair = case.random, Pair(case)
            for n in sizes(case):
                p, values = probability(random), with_special(random, dtype, n)
                what = "%s(%r) of %d %s" % (name, p, n, dtype)
                with Default(pair):
                    want = theirs(values, p)
                pair.same(what, want, name + "_fill", dtype, p, values)
                pair.same_state(what)

    return compare


def feature_dropout(name, theirs, dtype):
    def compare(row):
        for case in row.cases():
            random, pair = case.random, Pair(case)
            for n in sizes(case):
                p, map_size = probability(random), random.randrange(1, 12)
                shape = (random.randrange(1, 4), max(1, n // 20), map_size, random.randrange(1, 4))
                n_maps, map_size = shape[0] * shape[1], shape[2] * shape[3]
                values = with_special(random, dtype, n_maps * map_size)
                what = "%s(%r) of %r %s" % (name, p, shape, dtype)
                with Default(pair):
                    want = theirs(values.reshape(shape), p)
                found = torch.empty(values.numel(), dtype=values.dtype)
                refused = pair.call(name + "_fill", CODES[dtype], p, values, found, n_maps, map_size)
                if refused:
                    case.wrong("%s: refused: %s" % (what, refused))
                case.same(plain(found), plain(want.contiguous()), want.numel(), what)
                pair.same_state(what)

    return compare


def native_dropout(dtype):
    def compare(row):
        for case in row.cases():
            random, pair = case.random, Pair(case)
            for n in sizes(case):
                p, values = probability(random), with_special(random, dtype, n)
                what = "native_dropout(%r) of %d %s" % (p, n, dtype)
                with Default(pair):
                    want, want_mask = torch.native_dropout(values, p, True)
                found, mask = torch.empty_like(values), torch.empty(n, dtype=torch.bool)
                pair.call("native_dropout_fill", CODES[dtype], p, values, found, mask, n)
                case.same(plain(found), plain(want), n, what)
                case.same(memory(mask), memory(want_mask), n, what + ", mask")
                pair.same_state(what)

    return compare


def rrelu(dtype):
    def compare(row):
        for case in row.cases():
            random, pair = case.random, Pair(case)
            for n in sizes(case):
                lower = random.choice((0.125, random.random(), -random.random()))
                upper = random.choice((lower, lower + 1 / 3 - 0.125, lower + random.random()))
                values = with_special(random, dtype, n)
                noise, own_noise, found = torch.zeros_like(values), torch.zeros_like(values), torch.empty_like(values)
                what = "rrelu(%r, %r) of %d %s" % (lower, upper, n, dtype)
                want = torch._C._nn.rrelu_with_noise(values, noise, lower, upper, True, pair.theirs)
                refused = pair.call("rrelu_fill", CODES[dtype], lower, upper, values, own_noise, found, n)
                if refused:
                    case.wrong("%s: refused: %s" % (what, refused))
                case.same(plain(found), plain(want), n, what)
                case.same(memory(own_noise), memory(noise), n, what + ", noise")
                pair.same_state(what)

    return compare


def set_state(row):
    """Both take the bytes of the other and go on alike."""
    for case in row.cases():
        pair = Pair(case)
        theirs = torch.Generator()
        theirs.set_state(torch.frombuffer(bytearray(pair.blob()), dtype=torch.uint8))
        ours = Pair(case)
        ours.theirs = theirs
        wrong = ours.call("set_state", pair.theirs.get_state(), 5056)
        if wrong:
            case.wrong("set_state: %s" % wrong)
        ours.same_state("set_state")
        ours.same("randn(7) after set_state", torch.randn(7, generator=theirs), "randn_fill", "float32")
        ours.same("rand after set_state", torch.rand(case.n, generator=theirs), "rand_fill", "float32")
        ours.same_state("rand after set_state")


NAN, INFINITY = float("nan"), float("inf")


def refusals(row):
    """What torch refuses is refused in its words, and nothing is drawn."""
    fills = {
        "uniform": [(a, b) for a in (0.0, NAN, 2.0, -3e38, 1e39, -INFINITY, 1e5) for b in (NAN, 1.0, -1.0, 3e38, INFINITY)],
        "normal": [(0.0, std) for std in (-1.0, NAN, -0.0, -1e-320, 0.5)],
        "bernoulli": [(p,) for p in (-0.1, 1.1, NAN, -0.0, 0.5, INFINITY)],
        "randint": [
            (a, b)
            for a in (-(2**63), -1, 0, 5, 128, 255, 2049, 2**24, 2**31, 2**32, 2**63 - 2)
            for b in (-5, 0, 1, 2, 5, 6, 128, 129, 256, 257, 65505, 2**16, 2**16 + 1, 2**24 + 1, 2**25, 2**31, 2**32 + 1, 2**63 - 1)
        ],
        "random_from": [
            (a,) for a in (-(2**63), -(2**63) + 1, -1, 0, 1, 2, 127, 128, 256, 2047, 2048, 2049, 2**24 - 1, 2**24, 2**31, 2**53, 2**63 - 1)
        ],
        "random": [()],
    }
    theirs = {
        "randint": lambda tensor, low, high, generator: tensor.random_(low, high, generator=generator),
        "random_from": lambda tensor, low, generator: tensor.random_(low, None, generator=generator),
    }
    for case in row.cases(factor=0.1 if row.options.short else 1.0):
        for name, parameters in fills.items():
            for dtype in FLOATS + INTEGERS + LATE:
                values = case.random.choice(parameters)
                if values == (2**63 - 1,) and dtype in FLOATS:
                    continue  # from + 1 overflows, and torch never returns
                pair, n = Pair(case), case.random.choice((0, 1, 20))
                before = pair.blob()
                tensor = torch.empty(n, dtype=getattr(torch, dtype))
                what = "%s%r of %d %s" % (name, values, n, dtype)
                found = torch.empty(n, dtype=tensor.dtype)
                refused = pair.call(name + "_fill", CODES[dtype], *values, found, n)
                try:
                    theirs.get(name, getattr(torch.Tensor, name + "_", None))(tensor, *values, generator=pair.theirs)
                except (RuntimeError, NotImplementedError) as error:
                    if not refused:
                        case.wrong("%s: accepted; torch: %s" % (what, error))
                    elif (
                        not str(error).replace("Double", "Float").startswith(refused)
                        and not ("not implemented for" in str(error) and "not implemented for" in refused)
                        and not refused.startswith("uniform_ expects to-from")
                    ):
                        case.wrong("%s: %r instead of %r" % (what, refused, str(error)))
                    if pair.blob() != before:
                        case.wrong("%s: something was drawn" % what)
                else:
                    if refused:
                        case.wrong("%s: refused: %s" % (what, refused))
                    else:
                        case.same(memory(found), memory(tensor), n, what)
                row.values += 1


def randperm_refusals(row):
    for case in row.cases(factor=0.1 if row.options.short else 1.0):
        for dtype in FLOATS + INTEGERS + LATE:
            n = case.random.choice((0, 1, 127, 128, 129, 255, 256, 257, 2048, 2049, 2050, 32768, 32769, 65536, 70000))
            pair = Pair(case)
            found = torch.empty(n, dtype=getattr(torch, dtype))
            refused = pair.call("randperm_fill", CODES[dtype], found, n)
            row.values += 1
            try:
                torch.randperm(n, dtype=found.dtype, generator=pair.theirs)
                if refused:
                    case.wrong("randperm(%d, %s): refused: %s" % (n, dtype, refused))
            except (RuntimeError, NotImplementedError) as error:
                words = refused or "accepted"
                if words.split(" this ")[0] not in str(error).replace("to type", "to") and "not implemented" not in words + str(error):
                    case.wrong("randperm(%d, %s): %r instead of %r" % (n, dtype, words, str(error)))


def table():
    functional, found = torch.nn.functional, {"get_state, set_state": set_state}
    for dtype in FLOATS:
        found["rand %s" % dtype] = made("rand", torch.rand, dtype)
        found["uniform_ %s" % dtype] = fill("uniform", torch.Tensor.uniform_, bounds, dtype)
        found["randn %s" % dtype] = made("randn", torch.randn, dtype, whole=True)
        found["normal_ %s" % dtype] = fill("normal", torch.Tensor.normal_, mean_and_std, dtype, whole=True)
        found["normal(tensors) %s" % dtype] = normal_tensors(dtype)
    for dtype in FLOATS + INTEGERS + LATE:
        found["randint, random_(from, to) %s" % dtype] = fill(
            "randint", torch.Tensor.random_, lambda random, dtype=dtype: integer_bounds(random, dtype), dtype
        )
        if dtype not in LATE:
            found["random_() %s" % dtype] = fill("random", torch.Tensor.random_, lambda random: (), dtype)
        if dtype not in LATE and (NUMBER >= 20200 or dtype != "float16"):
            found["bernoulli_(p) %s" % dtype] = fill("bernoulli", torch.Tensor.bernoulli_, lambda random: (probability(random),), dtype)
        if dtype != "uint64":
            found["random_(from, None) %s" % dtype] = fill(
                "random_from", lambda tensor, low, generator: tensor.random_(low, None, generator=generator), random_from(dtype), dtype
            )
    for dtype in ("float32", "float64", "bfloat16", "int32", "int64"):
        found["randperm %s" % dtype] = made("randperm", torch.randperm, dtype)
    for dtype, most in (("float16", 2049), ("uint8", 256), ("int8", 128), ("int16", 32768)):
        found["randperm %s" % dtype] = made("randperm", torch.randperm, dtype, most=most)
    for dtype in [name for name in FLOATS if NUMBER >= 20200 or name != "float16"]:
        found["bernoulli(%s tensor)" % dtype] = bernoulli_tensor(dtype)
        found["dropout %s" % dtype] = dropout("dropout", functional.dropout, dtype)
        found["dropout2d %s" % dtype] = feature_dropout("feature_dropout", functional.dropout2d, dtype)
        found["alpha_dropout %s" % dtype] = dropout("alpha_dropout", lambda values, p: functional.alpha_dropout(values, p, True), dtype)
        found["feature_alpha_dropout %s" % dtype] = feature_dropout(
            "feature_alpha_dropout", lambda values, p: functional.feature_alpha_dropout(values, p, True), dtype
        )
        found["native_dropout %s" % dtype] = native_dropout(dtype)
    for dtype in ("float32", "float64", "bfloat16"):
        found["rrelu %s" % dtype] = rrelu(dtype)
    found["refusals"] = refusals
    found["randperm: refusals"] = randperm_refusals
    return found


def in_workers(arguments):
    """The comparison in every interpreter, once for each capability, one after the other; the number of failures."""
    n_wrong = 0
    others = [path for path in os.environ.get("ONESEED_TORCH_PYTHONS", "").split(":") if path]
    for path in [sys.executable] + others:
        for name in CAPABILITIES:
            environment = dict(os.environ, ATEN_CPU_CAPABILITY=name)
            n_wrong += subprocess.run([path, __file__, "--worker", *arguments], env=environment).returncode != 0
    return n_wrong


def has_capability():
    """Whether torch chose what was asked for; older releases say NO AVX for the default one."""
    names = {"default": ("DEFAULT", "NO AVX")}.get(capability(), (capability().upper(),))
    if hasattr(torch.backends, "cpu"):
        return torch.backends.cpu.get_cpu_capability() in names
    return any("CPU capability usage: %s\n" % name in torch.__config__.show() for name in names)


def main():
    found = frame.options()
    if not found.worker:
        sys.exit(1 if in_workers(sys.argv[1:]) else 0)
    if not has_capability():
        print("PyTorch %s: this processor has no %s" % (torch.__version__, capability()), file=sys.stderr)
        sys.exit(1 if capability() == "default" else 0)  # the rows say which capabilities were compared
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    upstream = {"PyTorch": ".".join(map(str, VERSION)), "cpu": capability()}
    sys.exit(1 if frame.compare("torch", table(), upstream, found) else 0)


if __name__ == "__main__":
    main()
