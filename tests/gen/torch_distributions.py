#!/usr/bin/env python3
"""torch_distributions.py - writes tests/vectors/torch_distributions.txt with the live PyTorch

One process for each CPU capability. A line: function, capability, dtype, seed, how many log-normals are drawn first,
double parameters, tensor, tensor, sizes, values, then the next 64-bit word, whether a normal waits, and which; numbers
as the hexadecimal of their bits.

SPDX-License-Identifier: MIT
"""

import os
import pathlib
import random
import struct
import subprocess
import sys
import warnings

import torch

OUT = pathlib.Path(__file__).resolve().parent.parent / "vectors/torch_distributions.txt"
CAPABILITIES = ["default", "avx2", "avx512"]
FLOATING = ["float32", "float64", "float16", "bfloat16"]
CODES = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


def words(tensor):
    bits = 8 * tensor.element_size()
    plain = tensor.contiguous().reshape(-1).view(CODES[tensor.element_size()]).tolist()
    return ",".join("%x" % (one % (1 << bits)) for one in plain) or "-"


def double(x):
    return "%x" % struct.unpack("<Q", struct.pack("<d", x))[0]


def state_after():
    blob = bytes(torch.get_rng_state().numpy())
    has_normal, normal = struct.unpack_from("<i", blob, 5040)[0], struct.unpack_from("<Q", blob, 5024)[0]
    word = torch.empty((), dtype=torch.int64).random_(-(2**63), None).item() % 2**64
    return "%x %d %x" % (word, has_normal, normal if has_normal else 0)


def line(rng, name, dtype, upstream, parameters=(), tensors=(), sizes=()):
    seed, n_warm = rng.getrandbits(rng.choice([8, 32, 64])), rng.randrange(3)
    torch.manual_seed(seed)
    for _ in range(n_warm):
        torch.empty(1, dtype=torch.float64).log_normal_()
    values = upstream()
    given = [words(one) for one in tensors] + ["-", "-"]
    fields = [name, torch.backends.cpu.get_cpu_capability().lower(), dtype, "%x" % seed, "%x" % n_warm]
    fields += [",".join(map(double, parameters)) or "-", *given[:2], ",".join("%x" % n for n in sizes) or "-"]
    return " ".join([*fields, words(values), state_after()])


def fills(rng):
    for name, dtypes, draw in (
        ("exponential", FLOATING, lambda: (10 ** rng.uniform(-3, 3),)),
        ("geometric", FLOATING + ["uint8", "int8", "int16", "int32", "int64"], lambda: (rng.choice([0.2, rng.random(), 1e-4, 1e-11]),)),
        ("cauchy", FLOATING, lambda: (rng.gauss(0, 3), 10 ** rng.uniform(-3, 3))),
        ("log_normal", FLOATING, lambda: (rng.gauss(0, 1), rng.random() + 0.1)),
    ):
        for dtype in dtypes:
            for n in (1, 17):
                parameters = draw()
                out = torch.empty(n, dtype=getattr(torch, dtype))
                yield line(rng, name, dtype, lambda: getattr(out, name + "_")(*parameters), parameters, (), (n,))


def of_tensors(rng):
    def many(n, low, high, dtype):
        return torch.tensor([10 ** rng.uniform(low, high) for _ in range(n)], dtype=torch.float64).to(getattr(torch, dtype))

    for dtype in FLOATING:
        rate = many(24, -2, 4, dtype)
        yield line(rng, "poisson", dtype, lambda: torch.poisson(rate), (), (rate,), (24,))
    for dtype in FLOATING[:2]:
        count, p = many(24, 0, 5, dtype).floor(), many(24, -3, 0, dtype)
        yield line(rng, "binomial", dtype, lambda: torch.binomial(count, p), (), (count, p), (24,))
        yield line(rng, "binomial", dtype, lambda: torch.binomial(count, 1 - p), (), (count, 1 - p), (24,))
        alpha = many(24, -3, 3, dtype)
        yield line(rng, "standard_gamma", dtype, lambda: torch._standard_gamma(alpha), (), (alpha,), (24,))
        for shape in ((2, 3), (1, 7), (1, 41), (2, 9)):
            alpha = many(shape[0] * shape[1], -2, 2, dtype)
            yield line(rng, "dirichlet", dtype, lambda: torch._sample_dirichlet(alpha.reshape(shape)), (), (alpha,), shape)
    for dtype in FLOATING:
        for n_rows, n_categories, n_samples, replacement in (
            (1, 5, 9, 1),
            (2, 9, 4, 1),
            (2, 6, 1, 1),
            (1, 6, 6, 0),
            (1, 40, 20, 0),
            (1, 130, 2, 0),
            (3, 7, 1, 0),
        ):
            weights = many(n_rows * n_categories, -2, 1, dtype)
            weights[:: rng.choice([2, 3, 99])] = 0 if n_categories > 5 else 1
            yield line(
                rng,
                "multinomial",
                dtype,
                lambda: torch.multinomial(weights.reshape(n_rows, n_categories), n_samples, bool(replacement)),
                (),
                (weights,),
                (n_rows, n_categories, n_samples, replacement),
            )


# What goes through MKL's logarithm or exponential is not among them: it depends on the processor.
SAMPLERS = {
    "Normal": (-1, 0), "Uniform": (-1, 1), "Exponential": (0,), "Gamma": (-1, 0), "Chi2": (0,), "StudentT": (0, -1, 0),
    "FisherSnedecor": (0, 0), "Beta": (-1, 0), "Laplace": (-1, 0), "Cauchy": (-1, 0), "HalfNormal": (0,), "HalfCauchy": (0,),
    "Bernoulli": (-1,), "Geometric": (-1,), "Poisson": (1,), "Binomial": (1, -1), "NegativeBinomial": (1, -1),
    "InverseGamma": (0, 0), "Weibull": (0, 0), "Kumaraswamy": (0, 0),
}  # fmt: skip


def samplers(rng):
    """The parameters one after the other in one tensor."""
    for name, scales in SAMPLERS.items():
        for dtype in FLOATING[:2]:
            if (name, dtype, torch.backends.cpu.get_cpu_capability()) == ("Laplace", "float32", "DEFAULT"):
                continue  # log1pf of libm, which is another one on other machines
            n = rng.choice([9, 37])
            given = [torch.tensor([rng.uniform(0.1, 0.9) * 10.0**scale for _ in range(n)]) for scale in scales]
            if name == "Binomial":
                given[0] = given[0].floor()
            if name == "NegativeBinomial":
                given[1] = given[1] + 0.1
            if name in ("Bernoulli", "Geometric"):
                given[0] = given[0] * 9
            given = [one.to(getattr(torch, dtype)) for one in given]
            sampler = getattr(torch.distributions, name)(*given)
            yield line(rng, name, dtype, sampler.sample, (), (torch.cat(given),), (n,))
    for dtype in FLOATING[:2]:
        given = torch.tensor([rng.gauss(0, 3) for _ in range(75)], dtype=getattr(torch, dtype))
        yield line(rng, "sigmoid", dtype, lambda: torch.sigmoid(given), (), (given,), (75,))
        given = given.abs().reshape(3, 25)
        yield line(rng, "normalize", dtype, lambda: given / given.sum(-1, keepdim=True), (), (given,), (3, 25))
        # The logarithm of a sum of 1 and nothing else: 0, by MKL too.
        given = torch.tensor([0.0, -200.0, -900.0, -1e30], dtype=getattr(torch, dtype))
        yield line(rng, "softmax", dtype, lambda: torch.distributions.Categorical(logits=given).probs, (), (given,), (1, 4))
    for dtype in FLOATING:
        for bounds in ((0.5, 2.0, -1.0, 3.0), (0.25, 1.5, 1.0, 1.75), (0.0, 0.02, 0.04, 0.5)):
            out = torch.empty(21, dtype=getattr(torch, dtype))
            yield line(rng, "trunc_normal", dtype, lambda: torch.nn.init.trunc_normal_(out, *bounds), bounds, (), (21,))


def main():
    if sys.argv[1:] == ["--worker"]:
        warnings.filterwarnings("ignore", "mean is more than 2 std")
        rng = random.Random("torch " + torch.backends.cpu.get_cpu_capability())
        print("\n".join([*fills(rng), *of_tensors(rng), *samplers(rng)]))
        return
    lines = [
        "# PyTorch %s, CPU, x86-64, glibc 2.36; made by tests/gen/torch_distributions.py, which says what the fields are."
        % torch.__version__.split("+")[0]
    ]
    for name in CAPABILITIES:
        environment = {**os.environ, "ATEN_CPU_CAPABILITY": name}
        command = [sys.executable, __file__, "--worker"]
        lines += subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.splitlines()
    OUT.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
