"""torch_distributions.py - PyTorch's distributions on the CPU against the live package, for each capability.

SPDX-License-Identifier: MIT
"""

import math

import torch
from torch_common import (
    buffer_of, bytes_of, call, dtype_number, lib, main, refused, room, same_state, state_bytes, warmed,
)

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
            lib.oneseed_torch_dirichlet_fill, state, dtype_number(alpha), buffer_of(alpha), n_rows, n_categories,
            room(8 * n_categories), got,
        )
        case.same(got, bytes_of(torch._sample_dirichlet(alpha)), alpha.numel(), what)
        same_state(case, state, what)


def weights_of(case, n_rows, n_categories):
    weights = torch.stack([spread(case, n_categories, -4, 2) for _ in range(n_rows)]) if n_rows else torch.ones(0, n_categories, dtype=torch.float64)
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
                lib.oneseed_torch_multinomial_fill, state, dtype_number(weights), buffer_of(weights), n_rows, n_categories,
                n_samples, replacement, room(16 * n_categories), got,
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
}

if __name__ == "__main__":
    main("torch", FUNCTIONS)
