"""test_torch_streams.py - oneseed.torch against the live torch: bits, dtypes, layouts, errors and their words, and the state afterwards."""

# SPDX-License-Identifier: MIT
import copy
import os
import pickle
import random
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
m.rand(3)|m.rand(2, 3)|m.rand((2, 3))|m.rand([4])|m.rand(())|m.rand([])|m.rand(0)|m.rand(2, 0, 3)|m.rand(size=(2,))|m.rand(17, dtype=m.float64)
m.rand(17, dtype=m.float16)|m.rand(17, dtype=m.bfloat16)|m.rand(2, dtype=float)|m.rand(3, generator=g)|m.rand(3, out=m.empty(3))
m.rand(3, out=m.zeros(6)[::2])|m.rand(3, out=m.zeros(3, dtype=m.float64))|m.rand(2, layout=m.strided, device="cpu", requires_grad=False)
m.rand(2, pin_memory=False)|m.rand(1000)|m.rand(5000)|m.rand(625)
m.rand(-1)|m.rand(True)|m.rand(1.5)|m.rand('a')|m.rand(2, 'a')|m.rand((2, 1.5))|m.rand(2, dtype=m.int64)|m.rand(2, dtype=m.bool)
m.rand(2, foo=1)|m.rand()|m.rand(2, generator=3)|m.rand(2, dtype='a')|m.rand(2, names=None)|m.rand(range(2))|m.rand(None)|m.rand(2**62)
m.rand(2**40, 2**40)|m.rand(2, 0, -1)|m.rand(2, size=(2,))|m.rand((2,), (3,))
m.rand(2, out=m.empty(2, dtype=m.float64), dtype=m.float32)
m.randn(3)|m.randn(15)|m.randn(16)|m.randn(17)|m.randn(2, 3, 5)|m.randn(33, dtype=m.float64)|m.randn(33, dtype=m.float16)
m.randn(33, dtype=m.bfloat16)|m.randn(7, dtype=m.float16)|m.randn(7, dtype=m.bfloat16)|m.randn(20, generator=g)|m.randn(())
m.randn(20, out=m.empty(40)[::2])|m.randn(5, out=m.empty(5, dtype=m.float64))|m.randn(2, dtype=m.int32)|m.randn(6000)
m.randint(10, (5,))|m.randint(3, 10, (5,))|m.randint(3, 10, (2, 2), generator=g)|m.randint(high=5, size=(2,))|m.randint(low=1, high=5, size=(2,))
m.randint(1, high=5, size=(2,))|m.randint(1, 5, size=(2,))|m.randint(5, size=(2,))|m.randint(2**40, (4,))|m.randint(2**28, (4,))
m.randint(2**28 - 1, (4,))|m.randint(-2**63, 2**63 - 1, (4,))|m.randint(0, 2, (9,), dtype=m.bool)|m.randint(0, 256, (9,), dtype=m.uint8)
m.randint(-128, 128, (9,), dtype=m.int8)|m.randint(0, 2**31, (9,), dtype=m.int32)|m.randint(0, 100, (9,), dtype=m.float32)
m.randint(0, 100, (9,), dtype=m.float16)|m.randint(0, 100, (9,), dtype=m.bfloat16)|m.randint(0, 100, (9,), dtype=m.float64)
m.randint(0, 9, (9,), dtype=m.int16)|m.randint(0, 9, (9,), dtype=m.uint16)|m.randint(0, 9, (9,), dtype=m.uint32)|m.randint(0, 9, (9,), dtype=m.uint64)
m.randint(0, 2**24 + 2, (3,), dtype=m.float32)|m.randint(0, 2, (2,), out=m.empty(2))|m.randint(5, [3])|m.randint(0, 5, ())
m.randint(5, 5, (3,))|m.randint(5, 3)|m.randint(5.5, (3,))|m.randint(0, 2**63, (3,))|m.randint(0, 300, (3,), dtype=m.uint8)
m.randint(-1, 3, (3,), dtype=m.uint8)|m.randint(0, 2**63 - 1, (3,), dtype=m.int32)|m.randint(0, 3, (3,), dtype=m.bool)
m.randint(0, 70000, (3,), dtype=m.float16)|m.randint(0.0, 2, (2,))|m.randint(3, (2,), 5)|m.randint((2,), 5)|m.randint(1, 2, 3)
m.randint(True, (2,))|m.randint(0)|m.randint(5, (-1,))|m.randint(-3, (2,))
m.randperm(0)|m.randperm(1)|m.randperm(10)|m.randperm(1000)|m.randperm(10, generator=g)|m.randperm(5, dtype=m.float32)|m.randperm(n=5)
m.randperm(100, dtype=m.uint8)|m.randperm(9, dtype=m.float16)|m.randperm(9, dtype=m.bfloat16)|m.randperm(9, dtype=m.int16)
m.randperm(5, out=m.empty(5))|m.randperm(5, out=m.empty(5, dtype=m.int64))|m.randperm(-1)|m.randperm(300, dtype=m.uint8)
m.randperm(5, dtype=m.bool)|m.randperm(3000, dtype=m.float16)|m.randperm(300, dtype=m.bfloat16)|m.randperm(2.5)|m.randperm(True)|m.randperm()
m.randperm(200, dtype=m.int8)|m.randperm(40000, dtype=m.int16)
m.normal(0.0, 1.0, (3,))|m.normal(0, 1, (3,))|m.normal(2, 3, (20,))|m.normal(mean=0.5, std=2.0, size=(2,))|m.normal(2, 3, (2,), dtype=m.float64)
m.normal(2, 3, (2,), out=m.empty(2))|m.normal(m.zeros(2), m.ones(2))|m.normal(m.zeros(2, 1), m.ones(3))|m.normal(m.zeros(20), m.full((20,), 2.0))
m.normal(m.ones(20), 3.0)|m.normal(m.ones(2), 3)|m.normal(1, m.ones(2))|m.normal(1.5, m.full((20,), 0.1))|m.normal(m.zeros(2))
m.normal(m.tensor([[1.0, 2.0], [3.0, 4.0]]).t(), 2.0)|m.normal(m.tensor(1.0), m.tensor([1.0, 2.0]))|m.normal(m.zeros(3), std=2.0, generator=g)
m.normal(m.zeros(18, dtype=m.float64), m.ones(18, dtype=m.float64))|m.normal(m.zeros(18, dtype=m.bfloat16), 0.3)
m.normal(0.0, -1.0, (3,))|m.normal(m.zeros(3), -1.0)|m.normal(m.zeros(3), m.tensor([1.0, -1, 1]))|m.normal(0.0, m.tensor([1.0, -1, 1]))
m.normal(0.0, 1.0)|m.normal(m.zeros(2), m.ones(3))|m.normal(m.zeros(2, dtype=m.int64), 1.0)|m.normal(0, 1, 3)|m.normal()|m.normal(0, 1, ('a',))
m.empty(20).normal_()|m.empty(3).normal_(1, 2)|m.empty(20).normal_(1, std=0.1)|m.empty(20).normal_(mean=3)|m.empty(5, 7).t().normal_()
m.empty(40)[::2].normal_(1, 2)|m.empty(8, 6)[:, ::2].t().normal_()|m.empty(20, dtype=m.float64).normal_(1, 2)|m.empty(20, dtype=m.bfloat16).normal_(1, 2)
m.empty(3).normal_(0, -1)|m.empty(3, dtype=m.int64).normal_()|m.empty(3).normal_(0, float('nan'))|m.empty(3).normal_(float('nan'))
m.empty(3).normal_('a')|m.empty(3).normal_(1, 2, 3)|m.empty(3).normal_(generator=g)|m.empty(0).normal_()|m.empty(20, 0).normal_()
m.empty(9).uniform_()|m.empty(9).uniform_(2, 7.5)|m.empty(9).uniform_(-0.1, 0.3, generator=g)|m.empty(3, 5).t().uniform_(1, 2)
m.empty(9).uniform_(1)|m.empty(9, dtype=m.float64).uniform_(-3, to=3)|m.empty(9, dtype=m.float16).uniform_(-3, 3)|m.empty(9).uniform_(True, 2)
m.empty(9, dtype=m.bfloat16).uniform_(0.1, 0.2)|m.empty(3).uniform_(2, 1)|m.empty(3).uniform_(0, float('inf'))|m.empty(3).uniform_(0, float('nan'))
m.empty(3).uniform_(-3e38, 3e38)|m.empty(3).uniform_(0, 1e39)|m.empty(3, dtype=m.int64).uniform_()|m.empty(3).uniform_('a')|m.empty(3).uniform_(-1e39)
m.empty(3, dtype=m.float16).uniform_(0, 70000)|m.empty(9).uniform_(1, 1)|m.empty(2, 3, 4).permute(2, 0, 1).uniform_()
m.empty(9).exponential_()|m.empty(9).exponential_(2.5)|m.empty(9, dtype=m.float64).exponential_(lambd=0.1)|m.empty(3).exponential_(0)
m.empty(3).exponential_(-1)|m.empty(3, dtype=m.int64).exponential_()|m.empty(9, dtype=m.bfloat16).exponential_(generator=g)|m.empty(4, 5).t().exponential_()
m.empty(9).geometric_(0.3)|m.empty(9, dtype=m.int64).geometric_(0.5)|m.empty(9, dtype=m.uint8).geometric_(p=0.1)|m.empty(3).geometric_(0)
m.empty(3).geometric_(1)|m.empty(3).geometric_()|m.empty(3, dtype=m.bool).geometric_(0.5)|m.empty(3).geometric_(0.5, generator=g)
m.empty(9).cauchy_()|m.empty(9).cauchy_(1, 2)|m.empty(9, dtype=m.float64).cauchy_(sigma=3)|m.empty(3).cauchy_(0, 0)|m.empty(3).cauchy_(0, -1)
m.empty(3, dtype=m.int64).cauchy_(0, 1)|m.empty(9).log_normal_()|m.empty(9).log_normal_(0.5, 0.1)|m.empty(20, dtype=m.float64).log_normal_(mean=1)
m.empty(3).log_normal_(0, -1)|m.empty(3, dtype=m.int64).log_normal_(0, 1)|m.empty(9).random_(5)|m.empty(9).random_(3, 7)|m.empty(9).random_()
m.empty(9).random_(2, None)|m.empty(2).random_(to=3)|m.empty(2).random_(**{'from': 1, 'to': 3})|m.empty(9, dtype=m.int64).random_()
m.empty(9, dtype=m.float64).random_()|m.empty(9, dtype=m.float16).random_()|m.empty(9, dtype=m.bfloat16).random_()|m.empty(9, dtype=m.uint8).random_()
m.empty(9, dtype=m.int8).random_()|m.empty(9, dtype=m.int16).random_()|m.empty(9, dtype=m.int32).random_()|m.empty(9, dtype=m.bool).random_()
m.empty(3, dtype=m.uint16).random_()|m.empty(3, dtype=m.uint16).random_(5)|m.empty(3, dtype=m.uint64).random_(2, 5)|m.empty(3).random_(5, 5)
m.empty(3).random_(0)|m.empty(3).random_(-1)|m.empty(3, dtype=m.uint8).random_(300)|m.empty(3, dtype=m.uint8).random_(-5, 3)|m.empty(3).random_(1.5)
m.empty(3).random_(1, 2.5)|m.empty(3).random_(None)|m.empty(3).random_(1, 2, 3)|m.empty(3, dtype=m.float16).random_(2049, None)
m.empty(3).random_(2**24 + 1, None)|m.empty(3, dtype=m.uint8).random_(255, None)|m.empty(3, dtype=m.uint8).random_(256, None)
m.empty(3, dtype=m.bool).random_(2, None)|m.empty(3, dtype=m.int32).random_(-2**63, None)|m.empty(3, dtype=m.int64).random_(-2**63, None)
m.empty(3, dtype=m.uint64).random_(-1, None)|m.empty(3, dtype=m.uint64).random_(0, None)|m.empty(3).random_(2**24 + 1, 2**24 + 2)
m.empty(9).bernoulli_()|m.empty(9).bernoulli_(0.25)|m.empty(9).bernoulli_(1)|m.empty(9, dtype=m.bool).bernoulli_(p=0.5)|m.empty(9, dtype=m.int64).bernoulli_(0.3)
m.empty(3).bernoulli_(m.tensor([0.5, 0.1, 0.9]))|m.empty(3).bernoulli_(m.tensor(0.5))|m.empty(2, 3).bernoulli_(m.tensor([0.5, 0.1, 0.9]))
m.empty(3, 2).t().bernoulli_(m.tensor([[0.5, 0.1, 0.9], [0.2, 0.3, 0.4]]))|m.empty(3).bernoulli_(m.tensor([0.5, 0.1, 0.9], dtype=m.float64))
m.empty(3).bernoulli_(2)|m.empty(3).bernoulli_(float('nan'))|m.empty(3).bernoulli_(m.tensor([0.5, 2, 0.5]))|m.empty(3).bernoulli_(m.tensor([1, 0, 1]))
m.empty(3).bernoulli_('a')|m.empty(3, dtype=m.uint16).bernoulli_(0.5)|m.empty(2).bernoulli_(m.tensor([0.5, 0.5, 0.5]))
m.bernoulli(m.tensor([0.5, 0.1, 0.9]))|m.bernoulli(m.tensor([[0.5, 0.1, 0.9], [0.2, 0.3, 0.4]]).t())|m.bernoulli(m.empty(3), 0.3)|m.bernoulli(m.empty(0))
m.bernoulli(m.tensor([0.5, 0.1], dtype=m.float64), generator=g)|m.bernoulli(m.tensor([0.5, 0.1]), out=m.empty(2, dtype=m.float64))
m.bernoulli(m.tensor([1, 0, 1]))|m.bernoulli(m.tensor([1.0, 0, 1.5]))|m.bernoulli(m.tensor([1.0, 0]), 1.3)|m.bernoulli(0.5)|m.bernoulli(m.empty(4, 5).t(), 0.5)
m.poisson(m.tensor([1.0, 5.0, 20.0]))|m.poisson(m.tensor([[1.0, 5.0], [20.0, 100.0]], dtype=m.float64).t())|m.poisson(m.tensor([1, 2]))
m.poisson(m.tensor([-1.0, 2]))|m.poisson(m.tensor([float('nan'), 2]))|m.poisson(m.tensor([3.0]), generator=g)|m.poisson(m.empty(0))|m.poisson(5)
m.binomial(m.tensor([10.0, 20]), m.tensor([0.5, 0.3]))|m.binomial(m.tensor([10.0, 20]), m.tensor(0.5))|m.binomial(m.tensor([10.0, 20]), m.tensor([0.5, 1.5]))
m.binomial(m.tensor([-10.0, 20]), m.tensor([0.5, 0.5]))|m.binomial(m.tensor([10, 20]), m.tensor([0.5, 0.5]))|m.binomial(m.tensor([10.0]), m.tensor([1]))
m.binomial(m.full((40,), 100.0), m.full((40,), 0.37), generator=g)|m.binomial(m.tensor([[10.0, 20], [30, 40]]).t(), m.tensor([0.5, 0.1]))
m.multinomial(m.tensor([0.1, 0.2]), 3)|m.multinomial(m.tensor([0.1, 0.2]), 3, True)|m.multinomial(m.tensor([0.1, -0.2]), 1)
m.multinomial(m.tensor([0.0, 0.0]), 1)|m.multinomial(m.tensor([0.1, 0.5, 0.4]), 2)|m.multinomial(m.tensor([1, 2]), 2)|m.multinomial(m.tensor([1.0, 2]), 0)
m.multinomial(m.tensor(1.0), 1)|m.multinomial(m.zeros(2, 2, 2), 1)|m.multinomial(m.tensor([float('inf'), 2]), 1)
m.multinomial(m.tensor([float('nan'), 2]), 1, True)|m.multinomial(m.ones(3, 5), 4)|m.multinomial(m.ones(3, 5), 9, replacement=True, generator=g)
m.multinomial(m.ones(5, 3).t(), 2, True)|m.multinomial(m.tensor([0.1, 0.2], dtype=m.float64), 2)|m.multinomial(m.ones(3), 2, out=m.empty(2, dtype=m.int64))
m.multinomial(m.ones(3), 1.5)|m.multinomial(m.ones(3), 1, 2)|m.multinomial([0.5, 0.5], 1)|m.multinomial(m.ones(3), -1)
m._standard_gamma(m.tensor([0.5, 1.0, 7.0]))|m._standard_gamma(m.tensor([0.5, 1.0], dtype=m.float64), generator=g)|m._standard_gamma(m.tensor([1, 2]))
m._standard_gamma(m.tensor([[0.5, 1.0], [2.0, 3.0]]).t())|m._sample_dirichlet(m.tensor([1.0, 2]))|m._sample_dirichlet(m.ones(3, 4, dtype=m.float64))
m._sample_dirichlet(m.tensor([[0.5, 1.0], [2.0, 3.0]]).t())|m._sample_dirichlet(m.tensor([1, 2]))
m.rand_like(m.zeros(2, 3))|m.rand_like(m.zeros(3, dtype=m.float64))|m.rand_like(m.zeros(3, 4).t())|m.rand_like(m.zeros(3), dtype=m.float64)
m.rand_like(m.zeros(2), memory_format=m.preserve_format)|m.rand_like(m.zeros(2, dtype=m.int64))|m.rand_like([1])|m.rand_like(m.zeros(2), generator=g)
m.randn_like(m.zeros(20))|m.randn_like(m.zeros(4, 5).t())|m.randn_like(m.zeros(8, 10)[::2, ::2].t())|m.randn_like(m.zeros(3), dtype=m.bfloat16)
m.randint_like(m.zeros(3), 5)|m.randint_like(m.zeros(3), 2, 5)|m.randint_like(m.zeros(2), 3, 6, dtype=m.int8)|m.randint_like(m.zeros(2, dtype=m.int64), low=3, high=6)
m.randint_like(m.zeros(2), 5, 5)|m.randint_like(m.zeros(2), 5, generator=g)|m.randint_like(m.zeros(2))
g.get_state()|g.initial_seed()|g.manual_seed(2**64 - 1).initial_seed()|g.manual_seed(-1).initial_seed()|g.manual_seed(-2**63).initial_seed()
g.manual_seed(1.5)|g.manual_seed('a')|g.manual_seed(2**64)|g.manual_seed(-2**63 - 1)|g.manual_seed(True)|g.get_offset()|g.clone_state().get_state()
g.set_state(m.zeros(5056, dtype=m.uint8))|g.set_state(m.zeros(56, dtype=m.uint8))|g.set_state(m.zeros(5056))|g.set_state([1])|g.set_state(None)
g.manual_seed(7).get_state()|g.set_state(g.manual_seed(3).get_state()).get_state()|m.manual_seed(5).get_state()|m.manual_seed('12').initial_seed()
m.manual_seed(1.7).initial_seed()|m.manual_seed('a')|m.initial_seed()|m.get_rng_state()|m.Generator().initial_seed()|m.Generator('cpu').get_state()
m.Generator(device='cpu').initial_seed()
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
            assert str(got).split("\n")[0].startswith(str(want).split("\n")[0].split(" Target sizes")[0].strip()), (call, str(got), str(want))
        elif "received an invalid combination" in str(want):
            assert str(got).split(", but expected")[0].replace("Array", "Tensor") == str(want).split(", but expected")[0] or "takes" in str(want), (call, str(got))
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
    for call in (lambda: ours.rand(3, requires_grad=True), lambda: ours.rand(3, pin_memory=True), lambda: ours.rand(3, layout="torch.sparse_coo"),
                 lambda: ours.rand(3, device="mps"), lambda: ours.rand(3, out=ours.empty(4)), lambda: ours.Generator("xpu")):  # fmt: skip
        with pytest.raises(RuntimeError, match="oneseed.torch"):
            call()
    with pytest.raises(TypeError, match="same dtype"):
        ours.normal(ours.zeros(3), ours.ones(3, dtype="float64"))
    for words in ({"version": "1.12"}, {"version": "3"}, {"version": "2.x"}, {"cpu": "sse"}, {"cpu": 3}, {"gpu": "h200"}, {"device": "cuda", "cpu": "avx2"},
                  {"device": "cuda", "gpu": "pear"}, {"device": "cuda", "gpu": "sms:0x/threads:3"}, {"device": "cuda", "cuda": "x"}):  # fmt: skip
        with pytest.raises(ValueError):
            ours.Generator(1, **words)
