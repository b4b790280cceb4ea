"""torch_distributions.py - PyTorch's distributions on the CPU against the live package, for each capability.

SPDX-License-Identifier: MIT
"""

import ctypes
import math
import warnings

import torch
from torch_common import (
    DTYPES,
    buffer_of,
    bytes_of,
    call,
    dtype_number,
    lib,
    main,
    refused,
    room,
    same_state,
    state_bytes,
    warmed,
)

warnings.filterwarnings("ignore", "mean is more than 2 std")
FLOATING = [torch.float32, torch.float64, torch.float16, torch.bfloat16]
REAL = [torch.float32, torch.float64] * 8 + [torch.float16]  # the last one is refused
SMALL_SIZES = [0, 1, 2, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129]


def size_of(case):
    return case.random.choice(SMALL_SIZES) if case.number % 2 else case.random.randrange(2 * case.n, 4 * case.n)


def positive(case, low=-8.0, high=8.0):
    """A parameter over many orders of magnitude."""
    return 10.0 ** case.random.uniform(low, high) if case.number % 3 else case.random.uniform(0.01, 5)


def fill(name, dtypes, parameters):
    """A row of tensor.name_(*parameters)."""
    function = getattr(lib, "oneseed_torch_%s_fill" % name)

    def row_of(row):
        for case in row.cases():
            dtype = case.random.choice(dtypes)
            given = parameters(case)
            n = size_of(case)
            state = warmed(case)
            out = torch.empty(n, dtype=dtype)
            got = room(n * out.element_size())
            what = "%s%s %s %d" % (name, given, dtype, n)
            before = state_bytes(state)
            status = call(function, state, dtype_number(out), *given, got, n)
            try:
                getattr(out, name + "_")(*given)
            except (RuntimeError, NotImplementedError) as error:
                refused(case, state, status, error, what)
                case.same_state(state_bytes(state), before, what)
                continue
            case.same(got, bytes_of(out), n, what)
            same_state(case, state, what)

    return row_of


def exponential(case):
    return (case.random.choice([1.0, 0.5, positive(case), math.inf, 0.0, -1.0, math.nan] + [positive(case)] * 30),)


def geometric(case):
    p = case.random.random() if case.number % 4 else 10.0 ** case.random.uniform(-9, 0)
    return (case.random.choice([0.0, 1.0, -1.0, math.nan, 5e-324] + [p] * 40),)


def cauchy(case):
    return case.random.choice([0.0, case.random.gauss(0, 5)]), case.random.choice([1.0, 0.0, -1.0, math.nan] + [positive(case)] * 30)


def log_normal(case):
    std = case.random.choice([1.0, 0.0, -1.0, math.nan] + [positive(case, -3, 1)] * 30)
    return case.random.choice([0.0, 1.0, case.random.gauss(0, 3)]), std


def tensors(name, upstream, dtypes, parameters, work=None):
    """A row of a function of tensors that gives one value for each of their elements."""
    function = getattr(lib, "oneseed_torch_%s_fill" % name)

    def row_of(row):
        for case in row.cases():
            dtype = case.random.choice(dtypes)
            n = size_of(case)
            given = [one.to(dtype) for one in parameters(case, n)]
            state = warmed(case)
            got = room(n * given[0].element_size())
            what = "%s %s %d" % (name, dtype, n)
            before = state_bytes(state)
            status = call(function, state, dtype_number(given[0]), *map(buffer_of, given), got, n)
            try:
                want = upstream(*given)
            except (RuntimeError, NotImplementedError) as error:
                refused(case, state, status, error, what)
                case.same_state(state_bytes(state), before, what)
                continue
            case.same(got, bytes_of(want), n, what)
            same_state(case, state, what)

    return row_of


def spread(case, n, low, high):
    """n parameters, all of one kind or over many orders of magnitude."""
    torch_random = torch.Generator().manual_seed(case.random.getrandbits(60))
    u = torch.rand(n, generator=torch_random, dtype=torch.float64)
    kind = case.random.randrange(3)
    if kind == 0:
        return torch.full((n,), 10.0 ** case.random.uniform(low, high), dtype=torch.float64)
    return 10.0 ** (low + (high - low) * u) if kind == 1 else u * 10.0 ** min(high, 2)


def rates(case, n):
    rate = spread(case, n, -3, 4)
    if case.number % 7 == 0 and n:
        rate[case.random.randrange(n)] = case.random.choice([0.0, 9.999999, 10.0, -1.0, math.nan, 1e18, 1e30])
    return [rate]


def counts(case, n):
    count = spread(case, n, 0, 7).floor()
    p = spread(case, n, -6, 0).clamp(0, 1)
    p = 1 - p if case.random.random() < 0.4 else p
    if case.number % 7 == 0 and n:
        p[case.random.randrange(n)] = case.random.choice([0.0, 1.0, 0.5, -0.5, 1.5])
        count[case.random.randrange(n)] = case.random.choice([0.0, -3.0, 2.0**24, 1e12, 2.5])
    return [count, p]


def alphas(case, n):
    alpha = spread(case, n, -4, 5)
    if case.number % 7 == 0 and n:
        alpha[case.random.randrange(n)] = case.random.choice([0.0, 1.0, 1 / 3, 1e-30, 1e30, -0.5])
    return [alpha]


def dirichlet(row):
    for case in row.cases():
        dtype = case.random.choice([torch.float32, torch.float64])
        n_categories = case.random.choice([1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 64, 100, 257, 1000, case.n])
        n_rows = case.random.choice([0, 1, 1, 2, 1 + case.n // n_categories])
        alpha = spread(case, n_rows * n_categories, -3, 4).to(dtype).reshape(n_rows, n_categories)
        state = warmed(case)
        got = room(alpha.numel() * alpha.element_size())
        what = "dirichlet %s %d x %d" % (dtype, n_rows, n_categories)
        call(
            lib.oneseed_torch_dirichlet_fill,
            state,
            dtype_number(alpha),
            buffer_of(alpha),
            n_rows,
            n_categories,
            room(8 * n_categories),
            got,
        )
        case.same(got, bytes_of(torch._sample_dirichlet(alpha)), alpha.numel(), what)
        same_state(case, state, what)


def weights_of(case, n_rows, n_categories):
    weights = (
        torch.stack([spread(case, n_categories, -4, 2) for _ in range(n_rows)])
        if n_rows
        else torch.ones(0, n_categories, dtype=torch.float64)
    )
    kind = case.random.randrange(5)
    if kind == 0:
        weights = weights * (spread(case, n_categories, -1, 0) > 0.3)
    if kind == 1:
        weights = weights.round()
    if case.number % 11 == 0 and weights.numel():
        weights[-1, case.random.randrange(n_categories)] = case.random.choice([0.0, -1.0, math.inf, math.nan])
    return weights


def multinomial(replacement):
    def row_of(row):
        for case in row.cases(1, 2 * row.options.values):
            dtype = case.random.choice(FLOATING)
            n_categories = case.random.choice([1, 2, 3, 5, 10, 16, 17, 18, 33, 64, 65, 100, 500, 1500, case.n])
            n_samples = case.random.choice([1, 2, 3, max(1, n_categories // 65), n_categories // 2 + 1, n_categories])
            n_samples = case.n if replacement and case.number % 2 else n_samples
            n_rows = case.random.choice([0, 1, 2, 1 + 2 * case.n // n_samples])
            n_rows = min(n_rows, 1 + 20 * case.n // n_categories)
            if case.number % 23 == 0:
                n_samples = case.random.choice([0, -2, n_categories + 1])
            weights = weights_of(case, n_rows, n_categories).to(dtype)
            state = warmed(case)
            n = max(0, n_rows * n_samples)
            got = room(8 * n)
            what = "multinomial %s %d x %d, %d, %s" % (dtype, n_rows, n_categories, n_samples, replacement)
            before = state_bytes(state)
            status = call(
                lib.oneseed_torch_multinomial_fill,
                state,
                dtype_number(weights),
                buffer_of(weights),
                n_rows,
                n_categories,
                n_samples,
                replacement,
                room(16 * n_categories),
                got,
            )
            try:
                want = torch.multinomial(weights, n_samples, replacement)
            except RuntimeError as error:
                refused(case, state, status, error, what)
                case.same_state(state_bytes(state), before, what)
                continue
            case.same(got, bytes_of(want), n, what)
            same_state(case, state, what)

    return row_of


# ---- nn.init.trunc_normal_ ----


def trunc_normal(row):
    for case in row.cases():
        dtype = case.random.choice(FLOATING)
        n = size_of(case)
        mean, std = case.random.choice([0.0, 0.5, case.random.gauss(0, 2)]), case.random.choice([1.0, 0.02, positive(case, -2, 1)])
        # Wide ones are drawn as normals, narrow ones and tails as uniforms.
        low = mean + std * case.random.uniform(-3, 2)
        high = low + std * (case.random.uniform(0.05, 0.8) if case.number % 2 else case.random.uniform(1, 5))
        given = (mean, std, low, high) if case.number % 5 else (0.0, 1.0, -2.0, 2.0)
        if case.number % 50 == 7:
            given = case.random.choice([(0.0, 1.0, 2.0, -2.0), (0.0, 1.0, 2.0, math.inf), (0.0, -1.0, -2.0, 2.0)])
        state = warmed(case)
        out = torch.empty(n, dtype=dtype)
        got, work = room(n * out.element_size()), room(3 * n * out.element_size())
        what = "trunc_normal%s %s %d" % (given, dtype, n)
        status = call(lib.oneseed_torch_trunc_normal_fill, state, dtype_number(out), *given, work, got, n)
        try:
            torch.nn.init.trunc_normal_(out, *given)
        except RuntimeError as error:
            refused(case, state, status, error, what)
        else:
            case.same(got, bytes_of(out), n, what)
            same_state(case, state, what)


# ---- torch.distributions ----


def around(case, n):
    return (case.random.gauss(0, 3) + spread(case, n, -2, 2)) * case.random.choice([1, -1])


def chances(case, n):
    return (spread(case, n, -5, 0) if case.number % 2 else spread(case, n, -1, 0)).clamp(1e-7, 1 - 1e-7)


KINDS = {
    "loc": around, "scale": lambda case, n: spread(case, n, -3, 3), "rate": lambda case, n: spread(case, n, -2, 3),
    "concentration": lambda case, n: spread(case, n, -2, 3), "df": lambda case, n: spread(case, n, -1, 3),
    "alpha": lambda case, n: spread(case, n, -1, 2), "probs": chances,
    "total_count": lambda case, n: spread(case, n, 0, 4).floor(), "low": around,
}  # fmt: skip


def parameters_of(case, names, n):
    """n values of each parameter, by its name."""
    given = [KINDS[name.rstrip("012")](case, n) for name in names if name != "high"]
    return given + [given[0] + spread(case, n, -3, 3)] if "high" in names else given


def distribution(number, name, names, share=0.0):
    """A row of torch.distributions: `share` of the values may have other last bits, and are counted."""
    function = lib.oneseed_torch_distribution_fill

    def row_of(row):
        n_other, farthest = 0, 0.0
        for case in row.cases():
            dtype = case.random.choice([torch.float32, torch.float64])
            shape = case.random.choice([(), (1,), (max(1, size_of(case)),), (3, 1 + case.n // 2), (7, 16)])
            batch = shape[case.random.randrange(len(shape) + 1) :]
            # Parameters of the shape of a batch, the sample's shape before it.
            n_batch = math.prod(batch)
            given = [one.to(dtype).reshape(batch) for one in parameters_of(case, names, n_batch)]
            n = math.prod(shape)
            state = warmed(case)
            values = [one.expand(shape).clone(memory_format=torch.contiguous_format) for one in given]
            buffers = [buffer_of(one) for one in values]
            pointers = (ctypes.c_void_p * len(buffers))(*map(ctypes.addressof, buffers))
            size = given[0].element_size()
            got = room(n * size)
            what = "%s %s %s + %s" % (name, dtype, shape[: len(shape) - len(batch)], batch)
            status = call(function, state, number, DTYPES.index(str(dtype)[6:]), pointers, n_batch, room(3 * n * size), got, n)
            try:
                sampler = getattr(torch.distributions, name)(**dict(zip(names, given)))
            except ValueError as error:
                refused(case, state, status, error, what)
                continue
            # rsample() gives the same values, where there is one.
            draw = sampler.rsample if sampler.has_rsample and case.number % 3 == 0 else sampler.sample
            want = draw(shape[: len(shape) - len(batch)])
            if share:
                ours = torch.frombuffer(got, dtype=dtype, count=n).reshape(shape) if n else want
                other = (ours != want) & ~(ours.isnan() & want.isnan())
                n_other += int(other.sum())
                near = torch.maximum(want.abs(), values[-1].reshape(shape))[other]
                far = ((ours - want).abs()[other] / near / torch.finfo(dtype).eps).max().item() if other.any() else 0.0
                farthest = max(farthest, far)
                row.values += n
                if not far < 64:
                    case.wrong("%s: %g units in the last place away" % (what, far))
            else:
                case.same(got, bytes_of(want), n, what)
            same_state(case, state, what)
        if share:
            found = n_other / max(1, row.values)
            row.condition = "but for %.1f %% of the values, whose last bits are MKL's" % (100 * found)
            if found > share:
                row.differs(case, "%.3f of the values" % found)

    return row_of


DISTRIBUTIONS = [
    ("Normal", ["loc", "scale"]), ("Uniform", ["low", "high"]), ("Exponential", ["rate"]),
    ("Gamma", ["concentration", "rate"]), ("Chi2", ["df"]), ("StudentT", ["df", "loc", "scale"]),
    ("FisherSnedecor", ["df1", "df2"]), ("Beta", ["concentration1", "concentration0"]), ("Laplace", ["loc", "scale"]),
    ("Cauchy", ["loc", "scale"]), ("HalfNormal", ["scale"]), ("HalfCauchy", ["scale"]),
    ("LogNormal", ["loc", "scale"], 0.1), ("Gumbel", ["loc", "scale"], 0.1), ("Pareto", ["scale", "alpha"], 0.1),
    ("Bernoulli", ["probs"]), ("Geometric", ["probs"]), ("Poisson", ["rate"]), ("Binomial", ["total_count", "probs"]),
    ("NegativeBinomial", ["total_count", "probs"]), ("InverseGamma", ["concentration", "rate"]),
    ("Weibull", ["scale", "concentration"]), ("Kumaraswamy", ["concentration1", "concentration0"]),
]  # fmt: skip


def categorical(by):
    """Categorical, OneHotCategorical, Multinomial: one multinomial with replacement, its rows and columns exchanged."""
    function = {"probs": lib.oneseed_torch_normalize_fill, "logits": lib.oneseed_torch_softmax_fill}[by]

    def row_of(row):
        for case in row.cases():
            dtype = case.random.choice([torch.float32, torch.float64])
            n_categories = case.random.choice([1, 2, 3, 5, 8, 10, 17, 33, 100, 1000])
            n_rows = case.random.choice([1, 1, 2, 5])
            n_samples = case.random.choice([1, 2, 1 + 4 * case.n // n_rows])
            weights = weights_of(case, n_rows, n_categories).abs().clamp(max=1e9).nan_to_num(1.0).to(dtype)
            weights[:, -1] += 1
            given = weights if by == "probs" else weights.clamp(min=1e-6).log()
            state = warmed(case)
            size = given.element_size()
            probs, got = room(given.numel() * size), room(8 * n_rows * n_samples)
            number = DTYPES.index(str(dtype)[6:])
            plain = [ctypes.c_int(number), buffer_of(given), ctypes.c_size_t(n_rows), ctypes.c_size_t(n_categories), probs]
            function(*([ctypes.byref(state)] if by == "logits" else []), *plain)
            call(
                lib.oneseed_torch_multinomial_fill, state, number, probs, n_rows, n_categories, n_samples, True,
                room(16 * n_categories), got,
            )  # fmt: skip
            kind = case.random.choice(["Categorical", "Categorical", "OneHotCategorical", "Multinomial"])
            what = "%s %s %d x %d, %d" % (kind, dtype, n_rows, n_categories, n_samples)
            ours = torch.frombuffer(got, dtype=torch.int64).reshape(n_rows, n_samples).T.contiguous()
            if kind == "Multinomial":
                want = torch.distributions.Multinomial(n_samples, **{by: given}, validate_args=False).sample()
                ours = torch.nn.functional.one_hot(ours, n_categories).sum(0).to(dtype)
            else:
                want = getattr(torch.distributions, kind)(**{by: given}, validate_args=False).sample((n_samples,))
                ours = torch.nn.functional.one_hot(ours, n_categories).to(dtype) if kind[0] == "O" else ours
            case.same(bytes_of(ours), bytes_of(want), n_rows * n_samples, what)
            same_state(case, state, what)

    return row_of


def bernoulli_of_logits(row):
    for case in row.cases():
        dtype = case.random.choice([torch.float32, torch.float64])
        n = max(1, size_of(case))
        logits = (around(case, n) * 0.1).to(dtype)
        number = DTYPES.index(str(dtype)[6:])
        state = warmed(case)
        probs, got, work = (room(n * logits.element_size()) for _ in range(3))
        call(lib.oneseed_torch_sigmoid_fill, state, number, buffer_of(logits), probs, n)
        sampler = torch.distributions.Bernoulli(logits=logits)
        case.same(probs, bytes_of(sampler.probs), n, "sigmoid %s %d" % (dtype, n))
        pointers = (ctypes.c_void_p * 1)(ctypes.addressof(probs))
        which = [one[0] for one in DISTRIBUTIONS].index("Bernoulli")
        call(lib.oneseed_torch_distribution_fill, state, which, number, pointers, n, work, got, n)
        case.same(got, bytes_of(sampler.sample()), n, "Bernoulli(logits) %s %d" % (dtype, n))
        same_state(case, state, "Bernoulli(logits)")


FUNCTIONS = {
    "Tensor.exponential_": fill("exponential", FLOATING + [torch.int64], exponential),
    "Tensor.geometric_": fill(
        "geometric", FLOATING + [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool], geometric
    ),
    "Tensor.cauchy_": fill("cauchy", FLOATING + [torch.int32], cauchy),
    "Tensor.log_normal_": fill("log_normal", FLOATING + [torch.uint8], log_normal),
    "torch.poisson": tensors("poisson", torch.poisson, FLOATING, rates),
    "torch.binomial": tensors("binomial", torch.binomial, REAL, counts),
    "torch._standard_gamma": tensors("standard_gamma", torch._standard_gamma, REAL, alphas),
    "torch._sample_dirichlet": dirichlet,
    "torch.multinomial(replacement=True)": multinomial(True),
    "torch.multinomial": multinomial(False),
    "nn.init.trunc_normal_": trunc_normal,
    **{"distributions.%s" % one[0]: distribution(number, *one) for number, one in enumerate(DISTRIBUTIONS)},
    "distributions.Categorical(probs)": categorical("probs"),
    "distributions.Categorical(logits)": categorical("logits"),
    "distributions.Bernoulli(logits)": bernoulli_of_logits,
}

if __name__ == "__main__":
    main("torch", FUNCTIONS)
