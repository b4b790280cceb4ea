"""test_torch_streams.py - oneseed.torch against the live torch: bits, dtypes, layouts, errors and their words, and the state afterwards."""

# SPDX-License-Identifier: MIT
import copy
import gc
import hashlib
import os
import pickle
import resource
import subprocess
import sys
import threading
import warnings

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import oneseed.torch as ours

warnings.filterwarnings("ignore", message=".*out of bounds.*precision limitations.*")

# What both are asked. Names: m the module, g a generator.
CALLS = """
m.rand(3)|m.rand(2, 3)|m.rand((2, 3))|m.rand([4])|m.rand(())|m.rand([])|m.rand(0)|m.rand(2, 0, 3)|m.rand(size=(2,))
m.rand(17, dtype=m.float64)|m.rand(17, dtype=m.float16)|m.rand(17, dtype=m.bfloat16)|m.rand(2, dtype=float)
m.rand(3, generator=g)|m.rand(3, out=m.empty(3))|m.rand(3, out=m.zeros(6)[::2])
m.rand(3, out=m.zeros(3, dtype=m.float64))|m.rand(2, layout=m.strided, device="cpu", requires_grad=False)
m.rand(2, pin_memory=False)|m.rand(1000)|m.rand(5000)|m.rand(625)|m.rand(-1)|m.rand(True)|m.rand(1.5)|m.rand('a')
m.rand(2, 'a')|m.rand((2, 1.5))|m.rand(2, dtype=m.int64)|m.rand(2, dtype=m.bool)|m.rand(2, foo=1)|m.rand()
m.rand(2, generator=3)|m.rand(2, dtype='a')|m.rand(2, names=None)|m.rand(range(2))|m.rand(None)|m.rand(2**62)
m.rand(2**40, 2**40)|m.rand(2, 0, -1)|m.rand(2, size=(2,))|m.rand((2,), (3,))
m.rand(2, out=m.empty(2, dtype=m.float64), dtype=m.float32)|m.randn(3)|m.randn(15)|m.randn(16)|m.randn(17)
m.randn(2, 3, 5)|m.randn(33, dtype=m.float64)|m.randn(33, dtype=m.float16)|m.randn(33, dtype=m.bfloat16)
m.randn(7, dtype=m.float16)|m.randn(7, dtype=m.bfloat16)|m.randn(20, generator=g)|m.randn(())
m.randn(20, out=m.empty(40)[::2])|m.randn(5, out=m.empty(5, dtype=m.float64))|m.randn(2, dtype=m.int32)|m.randn(6000)
m.randint(10, (5,))|m.randint(3, 10, (5,))|m.randint(3, 10, (2, 2), generator=g)|m.randint(high=5, size=(2,))
m.randint(low=1, high=5, size=(2,))|m.randint(1, high=5, size=(2,))|m.randint(1, 5, size=(2,))|m.randint(5, size=(2,))
m.randint(2**40, (4,))|m.randint(2**28, (4,))|m.randint(2**28 - 1, (4,))|m.randint(-2**63, 2**63 - 1, (4,))
m.randint(0, 2, (9,), dtype=m.bool)|m.randint(0, 256, (9,), dtype=m.uint8)|m.randint(-128, 128, (9,), dtype=m.int8)
m.randint(0, 2**31, (9,), dtype=m.int32)|m.randint(0, 100, (9,), dtype=m.float32)
m.randint(0, 100, (9,), dtype=m.float16)|m.randint(0, 100, (9,), dtype=m.bfloat16)
m.randint(0, 100, (9,), dtype=m.float64)|m.randint(0, 9, (9,), dtype=m.int16)|m.randint(0, 9, (9,), dtype=m.uint16)
m.randint(0, 9, (9,), dtype=m.uint32)|m.randint(0, 9, (9,), dtype=m.uint64)
m.randint(0, 2**24 + 2, (3,), dtype=m.float32)|m.randint(0, 2, (2,), out=m.empty(2))|m.randint(5, [3])
m.randint(0, 5, ())|m.randint(5, 5, (3,))|m.randint(5, 3)|m.randint(5.5, (3,))|m.randint(0, 2**63, (3,))
m.randint(0, 300, (3,), dtype=m.uint8)|m.randint(-1, 3, (3,), dtype=m.uint8)
m.randint(0, 2**63 - 1, (3,), dtype=m.int32)|m.randint(0, 3, (3,), dtype=m.bool)
m.randint(0, 70000, (3,), dtype=m.float16)|m.randint(0.0, 2, (2,))|m.randint(3, (2,), 5)|m.randint((2,), 5)
m.randint(1, 2, 3)|m.randint(True, (2,))|m.randint(0)|m.randint(5, (-1,))|m.randint(-3, (2,))|m.randperm(0)
m.randperm(1)|m.randperm(10)|m.randperm(1000)|m.randperm(10, generator=g)|m.randperm(5, dtype=m.float32)|m.randperm(n=5)
m.randperm(100, dtype=m.uint8)|m.randperm(9, dtype=m.float16)|m.randperm(9, dtype=m.bfloat16)
m.randperm(9, dtype=m.int16)|m.randperm(5, out=m.empty(5))|m.randperm(5, out=m.empty(5, dtype=m.int64))|m.randperm(-1)
m.randperm(300, dtype=m.uint8)|m.randperm(5, dtype=m.bool)|m.randperm(3000, dtype=m.float16)
m.randperm(300, dtype=m.bfloat16)|m.randperm(2.5)|m.randperm(True)|m.randperm()|m.randperm(200, dtype=m.int8)
m.randperm(40000, dtype=m.int16)|m.normal(0.0, 1.0, (3,))|m.normal(0, 1, (3,))|m.normal(2, 3, (20,))
m.normal(mean=0.5, std=2.0, size=(2,))|m.normal(2, 3, (2,), dtype=m.float64)|m.normal(2, 3, (2,), out=m.empty(2))
m.normal(m.zeros(2), m.ones(2))|m.normal(m.zeros(2, 1), m.ones(3))|m.normal(m.zeros(20), m.full((20,), 2.0))
m.normal(m.ones(20), 3.0)|m.normal(m.ones(2), 3)|m.normal(1, m.ones(2))|m.normal(1.5, m.full((20,), 0.1))
m.normal(m.zeros(2))|m.normal(m.tensor([[1.0, 2.0], [3.0, 4.0]]).t(), 2.0)|m.normal(m.tensor(1.0), m.tensor([1.0, 2.0]))
m.normal(m.zeros(3), std=2.0, generator=g)|m.normal(m.zeros(18, dtype=m.float64), m.ones(18, dtype=m.float64))
m.normal(m.zeros(18, dtype=m.bfloat16), 0.3)|m.normal(0.0, -1.0, (3,))|m.normal(m.zeros(3), -1.0)
m.normal(m.zeros(3), m.tensor([1.0, -1, 1]))|m.normal(0.0, m.tensor([1.0, -1, 1]))|m.normal(0.0, 1.0)
m.normal(m.zeros(2), m.ones(3))|m.normal(m.zeros(2, dtype=m.int64), 1.0)|m.normal(0, 1, 3)|m.normal()
m.normal(0, 1, ('a',))|m.empty(20).normal_()|m.empty(3).normal_(1, 2)|m.empty(20).normal_(1, std=0.1)
m.empty(20).normal_(mean=3)|m.empty(5, 7).t().normal_()|m.empty(40)[::2].normal_(1, 2)
m.empty(8, 6)[:, ::2].t().normal_()|m.empty(20, dtype=m.float64).normal_(1, 2)
m.empty(20, dtype=m.bfloat16).normal_(1, 2)|m.empty(3).normal_(0, -1)|m.empty(3, dtype=m.int64).normal_()
m.empty(3).normal_(0, float('nan'))|m.empty(3).normal_(float('nan'))|m.empty(3).normal_('a')|m.empty(3).normal_(1, 2, 3)
m.empty(3).normal_(generator=g)|m.empty(0).normal_()|m.empty(20, 0).normal_()|m.empty(9).uniform_()
m.empty(9).uniform_(2, 7.5)|m.empty(9).uniform_(-0.1, 0.3, generator=g)|m.empty(3, 5).t().uniform_(1, 2)
m.empty(9).uniform_(1)|m.empty(9, dtype=m.float64).uniform_(-3, to=3)|m.empty(9, dtype=m.float16).uniform_(-3, 3)
m.empty(9).uniform_(True, 2)|m.empty(9, dtype=m.bfloat16).uniform_(0.1, 0.2)|m.empty(3).uniform_(2, 1)
m.empty(3).uniform_(0, float('inf'))|m.empty(3).uniform_(0, float('nan'))|m.empty(3).uniform_(-3e38, 3e38)
m.empty(3).uniform_(0, 1e39)|m.empty(3, dtype=m.int64).uniform_()|m.empty(3).uniform_('a')|m.empty(3).uniform_(-1e39)
m.empty(3, dtype=m.float16).uniform_(0, 70000)|m.empty(9).uniform_(1, 1)|m.empty(2, 3, 4).permute(2, 0, 1).uniform_()
m.empty(9).exponential_()|m.empty(9).exponential_(2.5)|m.empty(9, dtype=m.float64).exponential_(lambd=0.1)
m.empty(3).exponential_(0)|m.empty(3).exponential_(-1)|m.empty(3, dtype=m.int64).exponential_()
m.empty(9, dtype=m.bfloat16).exponential_(generator=g)|m.empty(4, 5).t().exponential_()|m.empty(9).geometric_(0.3)
m.empty(9, dtype=m.int64).geometric_(0.5)|m.empty(9, dtype=m.uint8).geometric_(p=0.1)|m.empty(3).geometric_(0)
m.empty(3).geometric_(1)|m.empty(3).geometric_()|m.empty(3, dtype=m.bool).geometric_(0.5)
m.empty(3).geometric_(0.5, generator=g)|m.empty(9).cauchy_()|m.empty(9).cauchy_(1, 2)
m.empty(9, dtype=m.float64).cauchy_(sigma=3)|m.empty(3).cauchy_(0, 0)|m.empty(3).cauchy_(0, -1)
m.empty(3, dtype=m.int64).cauchy_(0, 1)|m.empty(9).log_normal_()|m.empty(9).log_normal_(0.5, 0.1)
m.empty(20, dtype=m.float64).log_normal_(mean=1)|m.empty(3).log_normal_(0, -1)
m.empty(3, dtype=m.int64).log_normal_(0, 1)|m.empty(9).random_(5)|m.empty(9).random_(3, 7)|m.empty(9).random_()
m.empty(9).random_(2, None)|m.empty(2).random_(to=3)|m.empty(2).random_(**{'from': 1, 'to': 3})
m.empty(9, dtype=m.int64).random_()|m.empty(9, dtype=m.float64).random_()|m.empty(9, dtype=m.float16).random_()
m.empty(9, dtype=m.bfloat16).random_()|m.empty(9, dtype=m.uint8).random_()|m.empty(9, dtype=m.int8).random_()
m.empty(9, dtype=m.int16).random_()|m.empty(9, dtype=m.int32).random_()|m.empty(9, dtype=m.bool).random_()
m.empty(3, dtype=m.uint16).random_()|m.empty(3, dtype=m.uint16).random_(5)|m.empty(3, dtype=m.uint64).random_(2, 5)
m.empty(3).random_(5, 5)|m.empty(3).random_(0)|m.empty(3).random_(-1)|m.empty(3, dtype=m.uint8).random_(300)
m.empty(3, dtype=m.uint8).random_(-5, 3)|m.empty(3).random_(1.5)|m.empty(3).random_(1, 2.5)|m.empty(3).random_(None)
m.empty(3).random_(1, 2, 3)|m.empty(3, dtype=m.float16).random_(2049, None)|m.empty(3).random_(2**24 + 1, None)
m.empty(3, dtype=m.uint8).random_(255, None)|m.empty(3, dtype=m.uint8).random_(256, None)
m.empty(3, dtype=m.bool).random_(2, None)|m.empty(3, dtype=m.int32).random_(-2**63, None)
m.empty(3, dtype=m.int64).random_(-2**63, None)|m.empty(3, dtype=m.uint64).random_(-1, None)
m.empty(3, dtype=m.uint64).random_(0, None)|m.empty(3).random_(2**24 + 1, 2**24 + 2)|m.empty(9).bernoulli_()
m.empty(9).bernoulli_(0.25)|m.empty(9).bernoulli_(1)|m.empty(9, dtype=m.bool).bernoulli_(p=0.5)
m.empty(9, dtype=m.int64).bernoulli_(0.3)|m.empty(3).bernoulli_(m.tensor([0.5, 0.1, 0.9]))
m.empty(3).bernoulli_(m.tensor(0.5))|m.empty(2, 3).bernoulli_(m.tensor([0.5, 0.1, 0.9]))
m.empty(3, 2).t().bernoulli_(m.tensor([[0.5, 0.1, 0.9], [0.2, 0.3, 0.4]]))
m.empty(3).bernoulli_(m.tensor([0.5, 0.1, 0.9], dtype=m.float64))|m.empty(3).bernoulli_(2)
m.empty(3).bernoulli_(float('nan'))|m.empty(3).bernoulli_(m.tensor([0.5, 2, 0.5]))
m.empty(3).bernoulli_(m.tensor([1, 0, 1]))|m.empty(3).bernoulli_('a')|m.empty(3, dtype=m.uint16).bernoulli_(0.5)
m.empty(2).bernoulli_(m.tensor([0.5, 0.5, 0.5]))|m.bernoulli(m.tensor([0.5, 0.1, 0.9]))
m.bernoulli(m.tensor([[0.5, 0.1, 0.9], [0.2, 0.3, 0.4]]).t())|m.bernoulli(m.empty(3), 0.3)|m.bernoulli(m.empty(0))
m.bernoulli(m.tensor([0.5, 0.1], dtype=m.float64), generator=g)
m.bernoulli(m.tensor([0.5, 0.1]), out=m.empty(2, dtype=m.float64))|m.bernoulli(m.tensor([1, 0, 1]))
m.bernoulli(m.tensor([1.0, 0, 1.5]))|m.bernoulli(m.tensor([1.0, 0]), 1.3)|m.bernoulli(0.5)
m.bernoulli(m.empty(4, 5).t(), 0.5)|m.poisson(m.tensor([1.0, 5.0, 20.0]))
m.poisson(m.tensor([[1.0, 5.0], [20.0, 100.0]], dtype=m.float64).t())|m.poisson(m.tensor([1, 2]))
m.poisson(m.tensor([-1.0, 2]))|m.poisson(m.tensor([float('nan'), 2]))|m.poisson(m.tensor([3.0]), generator=g)
m.poisson(m.empty(0))|m.poisson(m.tensor([2.0]), g)|m.binomial(m.tensor([9.0]), m.tensor([0.5]), g)
m._standard_gamma(m.tensor([2.0]), g)|m._sample_dirichlet(m.tensor([2.0, 1]), g)|m.bernoulli(m.tensor([0.5]), g)
m.poisson(m.tensor([2.0]), 3)|m.poisson(5)|m.binomial(m.tensor([10.0, 20]), m.tensor([0.5, 0.3]))
m.binomial(m.tensor([10.0, 20]), m.tensor(0.5))|m.binomial(m.tensor([10.0, 20]), m.tensor([0.5, 1.5]))
m.binomial(m.tensor([-10.0, 20]), m.tensor([0.5, 0.5]))|m.binomial(m.tensor([10, 20]), m.tensor([0.5, 0.5]))
m.binomial(m.tensor([10.0]), m.tensor([1]))|m.binomial(m.full((40,), 100.0), m.full((40,), 0.37), generator=g)
m.binomial(m.tensor([[10.0, 20], [30, 40]]).t(), m.tensor([0.5, 0.1]))|m.multinomial(m.tensor([0.1, 0.2]), 3)
m.multinomial(m.tensor([0.1, 0.2]), 3, True)|m.multinomial(m.tensor([0.1, -0.2]), 1)
m.multinomial(m.tensor([0.0, 0.0]), 1)|m.multinomial(m.tensor([0.1, 0.5, 0.4]), 2)|m.multinomial(m.tensor([1, 2]), 2)
m.multinomial(m.tensor([1.0, 2]), 0)|m.multinomial(m.tensor(1.0), 1)|m.multinomial(m.zeros(2, 2, 2), 1)
m.multinomial(m.tensor([float('inf'), 2]), 1)|m.multinomial(m.tensor([float('nan'), 2]), 1, True)
m.multinomial(m.ones(3, 5), 4)|m.multinomial(m.ones(3, 5), 9, replacement=True, generator=g)
m.multinomial(m.ones(5, 3).t(), 2, True)|m.multinomial(m.tensor([0.1, 0.2], dtype=m.float64), 2)
m.multinomial(m.ones(3), 2, out=m.empty(2, dtype=m.int64))|m.multinomial(m.ones(3), 1.5)|m.multinomial(m.ones(3), 1, 2)
m.multinomial([0.5, 0.5], 1)|m.multinomial(m.ones(3), -1)|m._standard_gamma(m.tensor([0.5, 1.0, 7.0]))
m._standard_gamma(m.tensor([0.5, 1.0], dtype=m.float64), generator=g)|m._standard_gamma(m.tensor([1, 2]))
m._standard_gamma(m.tensor([[0.5, 1.0], [2.0, 3.0]]).t())|m._sample_dirichlet(m.tensor([1.0, 2]))
m._sample_dirichlet(m.ones(3, 4, dtype=m.float64))|m._sample_dirichlet(m.tensor([[0.5, 1.0], [2.0, 3.0]]).t())
m._sample_dirichlet(m.tensor([1, 2]))|m.rand_like(m.zeros(2, 3))|m.rand_like(m.zeros(3, dtype=m.float64))
m.rand_like(m.zeros(3, 4).t())|m.rand_like(m.zeros(3), dtype=m.float64)
m.rand_like(m.zeros(2), memory_format=m.preserve_format)|m.rand_like(m.zeros(2, dtype=m.int64))|m.rand_like([1])
m.rand_like(m.zeros(2), generator=g)|m.randn_like(m.zeros(20))|m.randn_like(m.zeros(4, 5).t())
m.randn_like(m.zeros(8, 10)[::2, ::2].t())|m.randn_like(m.zeros(3), dtype=m.bfloat16)|m.randint_like(m.zeros(3), 5)
m.randint_like(m.zeros(3), 2, 5)|m.randint_like(m.zeros(2), 3, 6, dtype=m.int8)
m.randint_like(m.zeros(2, dtype=m.int64), low=3, high=6)|m.randint_like(m.zeros(2), 5, 5)
m.randint_like(m.zeros(2), 5, generator=g)|m.randint_like(m.zeros(2))|g.get_state()|g.initial_seed()
g.manual_seed(2**64 - 1).initial_seed()|g.manual_seed(-1).initial_seed()|g.manual_seed(-2**63).initial_seed()
g.manual_seed(1.5)|g.manual_seed('a')|g.manual_seed(2**64)|g.manual_seed(-2**63 - 1)|g.manual_seed(True)|g.get_offset()
g.clone_state().get_state()|g.set_state(m.zeros(5056, dtype=m.uint8))|g.set_state(m.zeros(56, dtype=m.uint8))
g.set_state(m.zeros(5056))|g.set_state([1])|g.set_state(None)|g.manual_seed(7).get_state()
g.set_state(g.manual_seed(3).get_state()).get_state()|m.manual_seed(5).get_state()|m.manual_seed('12').initial_seed()
m.manual_seed(1.7).initial_seed()|m.manual_seed('a')|m.initial_seed()|m.get_rng_state()|m.Generator().initial_seed()
m.Generator('cpu').get_state()|m.Generator(device='cpu').initial_seed()
"""
LINES = [call for line in CALLS.strip().splitlines() for call in line.split("|")]


def bytes_of(value):
    """What a result is, as it can be compared: kind, shape, strides where they count, bits."""
    if isinstance(value, ours.Array):
        value = torch.from_dlpack(value)
    if isinstance(value, torch.Tensor):
        strides = [stride for stride, size in zip(value.stride(), value.shape) if size > 1] if value.numel() else []
        flat = value.detach().contiguous().reshape(-1)
        bits = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
        return str(value.dtype), tuple(value.shape), strides, bits
    if isinstance(value, (list, tuple)):
        return [bytes_of(item) for item in value]
    return value


def outcome(call, m, **names):
    try:
        return bytes_of(eval(call, {"m": m, **names}))
    except Exception as error:
        return error


def alike(got, want, call):
    if isinstance(want, Exception):
        assert isinstance(got, Exception), (call, got, want)
        assert type(got).__name__ == type(want).__name__, (call, repr(got), repr(want))
        if not isinstance(want, TypeError):
            first = str(want).split("\n")[0].split(" Target sizes")[0].strip()
            assert str(got).split("\n")[0].startswith(first), (call, str(got), str(want))
        elif "received an invalid combination" in str(want):
            words = str(want).split(", but expected")[0].replace("torch._C.Generator", "Generator")
            assert str(got).split(", but expected")[0].replace("Array", "Tensor") == words, call
        return
    if isinstance(got, Exception):
        raise got
    assert got == want, call


@pytest.mark.parametrize("call", LINES)
def test_calls(call):
    for seed in (0, 12345678901, -3):
        theirs, mine = torch.Generator().manual_seed(seed), ours.Generator(seed)
        torch.manual_seed(seed + 1)
        ours.manual_seed(seed + 1)
        want, got = outcome(call, torch, g=theirs), outcome(call, ours, g=mine)
        alike(got, want, call)
        if isinstance(want, Exception) and "p_in >= 0" in str(want):
            continue  # torch has drawn for those before it
        assert bytes_of(mine.get_state()) == bytes_of(theirs.get_state()), call
        assert bytes_of(ours.get_rng_state()) == bytes_of(torch.get_rng_state()), call


def test_every_refused_call_has_left_the_state_alone():
    for call in LINES:
        generator = ours.Generator(5)
        ours.manual_seed(6)
        before = ours.get_rng_state().tolist(), generator.get_state().tolist()
        if isinstance(outcome(call, ours, g=generator), Exception):
            assert (ours.get_rng_state().tolist(), generator.get_state().tolist()) == before, call


def test_what_is_not_known_is_refused():
    for n in (1, 2):
        with pytest.raises(NotImplementedError, match="contiguous weights"):
            ours.multinomial(ours.ones(5, 3).t(), n)
    with pytest.raises(NotImplementedError, match="contiguous weights"):
        ours.multinomial(ours.ones(5, 3).t(), 1, True)
    for call in (
        lambda: ours.rand(3, requires_grad=True), lambda: ours.rand(3, pin_memory=True), lambda: ours.rand(3, layout="torch.sparse_coo"),
        lambda: ours.rand(3, device="mps"), lambda: ours.rand(3, out=ours.empty(4)), lambda: ours.Generator("xpu"),
    ):  # fmt: skip
        with pytest.raises(RuntimeError, match="oneseed.torch"):
            call()
    with pytest.raises(TypeError, match="same dtype"):
        ours.normal(ours.zeros(3), ours.ones(3, dtype="float64"))
    for words in (
        {"version": "1.12"}, {"version": "3"}, {"version": "2.x"}, {"cpu": "sse"}, {"cpu": 3}, {"gpu": "h200"}, {"cuda": "12.8"},
        {"device": "cuda", "cpu": "avx2"}, {"device": "cuda", "gpu": "pear"}, {"device": "cuda", "gpu": "sms:0x/threads:3"},
        {"device": "cuda", "cuda": "x"},
    ):  # fmt: skip
        with pytest.raises(ValueError):
            ours.Generator(1, **words)


def test_no_call_leaks():
    """Neither one that draws nor one that is refused."""
    calls = [call for call in LINES if "2**40" not in call and "2**62" not in call]
    generator = ours.Generator(1)

    def everything(times):
        for _ in range(times):
            for call in calls:
                outcome(call, ours, g=generator)
        gc.collect()

    everything(8)
    before, objects = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(gc.get_objects())
    counted = [sys.getrefcount(item) for item in (ours.Array, ours.Generator, generator, ours.float32, ours.default_generator, None)]
    everything(30)
    after = [sys.getrefcount(item) for item in (ours.Array, ours.Generator, generator, ours.float32, ours.default_generator, None)]
    assert abs(len(gc.get_objects()) - objects) < 50 and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4000
    assert all(abs(b - a) < 20 for a, b in zip(counted, after)), (counted, after)


# ---- generators ----


def test_states_go_both_ways():
    theirs, mine = torch.Generator().manual_seed(3), ours.Generator(3)
    for draw in ("m.randn(3, generator=g)", "m.rand(700, generator=g)", "m.randn(5, generator=g)"):
        eval(draw, {"m": torch, "g": theirs})
        theirs.set_state(torch.from_dlpack(mine.set_state(theirs.get_state()).get_state()))
        assert bytes_of(mine.get_state()) == bytes_of(theirs.get_state())
        assert bytes_of(ours.randn(7, generator=mine)) == bytes_of(torch.randn(7, generator=theirs))
    state = torch.get_rng_state()
    torch.set_rng_state(torch.from_dlpack(ours.Generator(9).get_state()))
    assert bytes_of(torch.rand(5)) == bytes_of(ours.rand(5, generator=ours.Generator(9)))
    torch.set_rng_state(state)
    for form in (bytes, bytearray, memoryview):
        assert bytes_of(ours.Generator(1).set_state(form(bytes(mine.get_state()))).get_state()) == bytes_of(mine.get_state())


def test_generators_are_copied():
    generator = ours.Generator(5, version="2.6.0", cpu="default", mkl=True)
    ours.randn(3, generator=generator)
    for twin in (generator.clone_state(), copy.copy(generator), copy.deepcopy(generator), pickle.loads(pickle.dumps(generator))):
        assert (twin.version, twin.cpu, twin.mkl, twin.device) == ("2.6.0", "default", True, "cpu") and twin is not generator
        assert bytes_of(twin.get_state()) == bytes_of(generator.get_state())
    gpu = ours.Generator(5, device="cuda", gpu="h200", cuda="12.8", version="2.6")
    ours.rand(3, generator=gpu)
    for twin in (gpu.clone_state(), pickle.loads(pickle.dumps(gpu))):
        assert (twin.device, twin.gpu, twin.version, twin.get_offset()) == ("cuda", (132, 2048), "2.6.0", 4)


def test_seeds_from_the_system():
    generator = ours.Generator()
    first, second = generator.seed(), generator.seed()
    assert first != second and generator.initial_seed() == second
    ours.manual_seed(4)
    with ours.fork_rng():
        inner = ours.rand(3).tolist()
    assert inner == ours.rand(3).tolist()
    assert ours.seed() == ours.initial_seed() != 4


KERNELS = """m.rand(40)|m.randn(100)|m.randn(9)|m.empty(500).uniform_(2, 7.5)|m.empty(50).normal_(1, 0.3)|m.empty(9).cauchy_(1, 2)
m.empty(9).log_normal_()|m.empty(50, dtype=m.float64).normal_(1, 0.3)|m.randn(40, dtype=m.bfloat16)|m.empty(40).exponential_(0.7)"""


@pytest.mark.parametrize("cpu", ["default", "avx2", "avx512"])
def test_each_capability_of_the_cpu(cpu):
    """torch chooses its kernels when it is loaded: in a process of its own."""
    calls = [call for line in KERNELS.splitlines() for call in line.split("|")]
    code = (
        "import sys, torch, hashlib\n"
        "print(torch.backends.cpu.get_cpu_capability().lower())\n"
        "for call in sys.argv[1:]:\n"
        "    torch.manual_seed(1)\n"
        "    x = eval(call, {'m': torch})\n"
        "    print(hashlib.sha256(x.view(torch.uint8).numpy().tobytes()).hexdigest())\n"
    )
    environment = dict(os.environ, ATEN_CPU_CAPABILITY=cpu)
    run = subprocess.run([sys.executable, "-c", code, *calls], env=environment, capture_output=True, text=True, check=True)
    used, *digests = run.stdout.split()
    ours_too = "import oneseed.torch as m; print(m.default_generator.cpu, m.Generator().cpu)"
    here = subprocess.run([sys.executable, "-c", ours_too], env=environment, capture_output=True, text=True, check=True)
    assert here.stdout.split() == [used, used]
    for call, want in zip(calls, digests):
        generator = ours.Generator(1, cpu=used)
        words = call[:-1] + (", " if call[-2] != "(" else "") + "generator=g)"
        got = torch.from_dlpack(eval(words, {"m": ours, "g": generator}))
        assert hashlib.sha256(got.view(torch.uint8).numpy().tobytes()).hexdigest() == want, (cpu, call)


def test_versions_differ_where_torch_did():
    """A range of 2**28 takes 64-bit words since 2.7; bfloat16 has 256 uniforms up to some release before 2.13."""
    old, new = ours.Generator(1, version="2.6.0"), ours.Generator(1, version="2.13.0")
    assert ours.randint(2**28, (8,), generator=old).tolist() != ours.randint(2**28, (8,), generator=new).tolist()
    assert all(value * 256 % 1 == 0 for value in ours.rand(100, dtype="bfloat16", generator=old).tolist())
    assert bytes_of(ours.rand(100, generator=new.manual_seed(2))) == bytes_of(ours.rand(100, generator=old.manual_seed(2)))


# ---- shapes, layouts, parameters at random ----


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_layout(data):
    """Methods that fill, over views of any strides."""
    shape = data.draw(st.lists(st.integers(0, 6), min_size=1, max_size=4))
    order = data.draw(st.permutations(range(len(shape))))
    steps = data.draw(st.lists(st.integers(1, 3), min_size=len(shape), max_size=len(shape)))
    dtype = data.draw(st.sampled_from(["float32", "float64", "bfloat16", "float16"]))
    method = data.draw(st.sampled_from(["uniform_(1, 3)", "normal_()", "normal_(1, 2)", "random_(100)", "bernoulli_(0.4)", "exponential_()",
                                        "cauchy_()", "log_normal_()", "geometric_(0.2)"]))  # fmt: skip
    seed = data.draw(st.integers(-(2**63), 2**64 - 1))
    index = tuple(slice(None, None, step) for step in steps)
    theirs, mine = torch.Generator().manual_seed(seed), ours.Generator(seed)
    whole, twin = torch.zeros(shape, dtype=getattr(torch, dtype)), ours.zeros(shape, dtype=dtype)
    names = {"x": whole.permute(order)[index], "g": theirs}
    words = "x." + method[:-1] + (", " if method[-2] != "(" else "") + "generator=g)"
    eval(words, names)
    eval(words, {"x": twin.permute(*order)[index], "g": mine})
    assert bytes_of(twin) == bytes_of(whole) and bytes_of(mine.get_state()) == bytes_of(theirs.get_state())


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(-(2**63), 2**64 - 1), low=st.integers(-(2**62), 2**61), width=st.integers(1, 2**61), n=st.integers(0, 40))
def test_any_integers(seed, low, width, n):
    theirs, mine = torch.Generator().manual_seed(seed), ours.Generator(seed)
    assert bytes_of(ours.randint(low, low + width, (n,), generator=mine)) == bytes_of(
        torch.randint(low, low + width, (n,), generator=theirs)
    )
    assert bytes_of(mine.get_state()) == bytes_of(theirs.get_state())


# ---- CUDA ----


def test_cuda_generators_count_words():
    generator = ours.Generator(7, device="cuda", gpu="h200")
    assert generator.device == "cuda" and generator.get_state().tolist() == [7] + [0] * 15 and generator.gpu == (132, 2048)
    first = ours.rand(4, generator=generator)
    assert generator.get_offset() == 4 and generator.get_state().tolist()[8:] == [4] + [0] * 7
    assert ours.rand(4, device="cuda", generator=generator.manual_seed(7)).tolist() == first.tolist()
    assert ours.empty(4).uniform_(generator=generator.set_offset(0)).tolist() == first.tolist()
    for call in (
        "randn(9, generator=g)", "randint(9, (5,), generator=g)", "randperm(9, generator=g)", "empty(5).exponential_(generator=g)",
        "empty(5).random_(generator=g)", "multinomial(m.ones(3), 2, generator=g)", "native_dropout(m.ones(9), 0.5, True, generator=g)",
        "bernoulli(m.ones(3), 0.5, generator=g)", "nn.functional.dropout(m.ones(9), generator=g)",
    ):  # fmt: skip
        before = generator.get_offset()
        eval("m." + call, {"m": ours, "g": generator})
        assert generator.get_offset() > before and generator.get_offset() % 4 == 0
    with pytest.raises(RuntimeError):
        generator.set_offset(3)
    for call in ("rand(3, device='cpu', generator=g)", "rand(3, device='cuda', generator=c)"):
        with pytest.raises(RuntimeError, match="device type for generator but found"):
            eval("m." + call, {"m": ours, "g": generator, "c": ours.Generator(1)})
    for call in ("binomial(m.ones(3), m.ones(3), g)", "nn.Linear(2, 3, generator=g)", "poisson(m.ones(3), generator=g)"):
        with pytest.raises(NotImplementedError, match="not known of generators of CUDA"):
            eval("m." + call, {"m": ours, "g": generator})
    dropout = ours.nn.functional.dropout
    for wrong in (lambda: ours.empty(3, 4).t().normal_(generator=generator), lambda: dropout(ours.ones(9)[1:], generator=generator)):
        with pytest.raises(NotImplementedError, match="contiguous arrays"):
            wrong()
    with pytest.raises(RuntimeError):
        ours.rand(10**6, generator=ours.Generator(7, device="cuda"))  # another GPU would give other values
    ours.manual_seed(7)
    assert ours.rand(4, device="cuda").tolist() == first.tolist()
    assert ours.gpus()["h200"][1:] == (132, 2048)


# ---- threads ----


def test_threads_share_a_generator():
    """Each call is drawn as a whole: together the threads have what one thread would have, in some order."""
    generator, n = ours.Generator(11), 5000
    rows = []

    def draw():
        for _ in range(20):
            rows.append(bytes(ours.rand(n, generator=generator)))

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = ours.Generator(11)
    assert sorted(rows) == sorted(bytes(ours.rand(n, generator=alone)) for _ in range(80))
    assert bytes_of(alone.get_state()) == bytes_of(generator.get_state())


# ---- without torch, without NumPy ----

WITHOUT = """
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "numpy"):
            raise ImportError(name + " is not installed")
sys.meta_path.insert(0, Gone())
from oneseed import torch as m
m.manual_seed(17)
print(m.randn(5).tolist(), m.rand(2, 2).tolist(), m.randint(100, (3,)).tolist(), m.randperm(5).tolist())
print(m.tensor([0.5]).bernoulli_().tolist(), m.nn.Linear(3, 2).weight.tolist())
print(list(m.utils.data.DataLoader(5, batch_size=2, shuffle=True)), m.distributions.Normal(0.0, 1.0).sample().item())
print(memoryview(m.rand(3)).tolist())
print(bytes(m.get_rng_state())[:8].hex(), m.Generator(3).set_state(bytes(m.get_rng_state())).initial_seed())
try:
    m.rand(3).numpy()
except ImportError as error:
    print(error)
assert "torch" not in sys.modules and "numpy" not in sys.modules
"""


def test_without_torch_and_numpy():
    run = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    torch.manual_seed(17)
    want = [torch.randn(5).tolist(), torch.rand(2, 2).tolist(), torch.randint(100, (3,)).tolist(), torch.randperm(5).tolist(), "\n"]
    want += [torch.tensor([0.5]).bernoulli_().tolist(), torch.nn.Linear(3, 2).weight.tolist(), "\n"]
    want += [[batch.tolist() for batch in torch.utils.data.DataLoader(torch.arange(5), batch_size=2, shuffle=True)]]
    want += [torch.distributions.Normal(0.0, 1.0).sample().item(), "\n", torch.rand(3).tolist(), "\n"]
    lines = " ".join(map(str, want)).replace(" \n ", "\n").replace(" \n", "\n")
    assert run.stdout == lines + "1100000000000000 17\nnumpy is not installed\n"
