"""test_numpy_classes.py - oneseed.numpy against the live NumPy: values, types, shapes, errors and their words, and the state afterwards."""

# SPDX-License-Identifier: MIT
import copy
import json
import os
import pickle
import struct
import subprocess
import sys
import threading
import time
import warnings
from random import Random

import numpy as np
import pytest

import oneseed.numpy as ours

KINDS = ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"]

# What both APIs have. Names: g the generator, np NumPy.
BOTH = """
g.normal()|g.normal(size=3)|g.normal(1, 2, (2, 3))|g.normal([1, 2], [[1], [3]])|g.normal([1, 2], 1.5, size=(3, 2))
g.normal([1, 2], size=3)|g.normal(size=())|g.normal(size=0)|g.normal(size=(2, 0))|g.normal(size=-1)|g.normal(size=1.5)
g.normal(size=[2, 3])|g.normal(size=np.int64(2))|g.normal(0, -1)|g.normal(0, -0.0)|g.normal([0], [-1])|g.normal(0, np.nan)
g.normal(1j)|g.normal('1')|g.normal(None)|g.normal(loc=np.float32(2))|g.normal(np.array([1], dtype=object))
g.normal(np.array(2.5), 1)|g.normal(np.array([1, 2], np.int8))|g.normal(x=1)|g.normal(1, 2, 3, 4)|g.normal([], 1)
g.normal(np.ones((2, 1)), np.ones(3))|g.normal(np.ones(2), np.ones(3))|g.normal(True, 1)|g.normal(2**70)|g.normal(10**400)
g.normal(np.ones((3, 4)).T[::2], 1)|g.normal(np.array([1, 2], '>f8'))|g.normal(np.float64(1), np.float64(2))|g.normal((1, 2))
g.normal(range(3))|g.uniform()|g.uniform(2, 3, 4)|g.uniform(0, np.inf)|g.uniform([0, 1], np.inf)|g.uniform(-1e308, 1e308)
g.uniform([1, 2], [3, 4])|g.uniform(1, 1)|g.standard_normal()|g.standard_normal(5)|g.standard_normal((2, 2))
g.standard_cauchy(3)|g.standard_cauchy()|g.standard_exponential(4)|g.standard_t(3, 4)|g.standard_t(0)|g.standard_t([1, 2])
g.standard_t([0, 1])|g.standard_gamma(2, 3)|g.standard_gamma([0.5, 2, 0])|g.standard_gamma(-1)|g.beta(2, 3, 4)|g.beta(0, 1)
g.beta([1, 2], 0)|g.beta(0.5, 0.5, (2, 2))|g.chisquare(3, 2)|g.chisquare(-1)|g.exponential(2, 3)|g.exponential(-1)|g.f(2, 3, 4)
g.f(0, 3)|g.f(2, 0)|g.gamma(2, 3, 4)|g.gamma(-1)|g.gamma(2, -1)|g.gamma([1, 2], [3, 4])|g.gumbel(1, 2, 3)|g.gumbel(1, -2)
g.laplace(1, 2, 3)|g.laplace(0, -1)|g.logistic(1, 2, 3)|g.logistic(0, -1)|g.lognormal(1, 2, 3)|g.lognormal(1, -2)|g.pareto(2, 3)
g.pareto(0)|g.noncentral_chisquare(2, 3, 4)|g.noncentral_chisquare(0, 3)|g.noncentral_chisquare(2, -3)
g.noncentral_chisquare([0.5, 2], 3)|g.noncentral_f(2, 3, 1, 4)|g.noncentral_f([0], 3, 1)|g.noncentral_f(2, [3, 4], [[1], [2]])
g.noncentral_f(2, 3, -1)|g.power(2, 3)|g.power(0)|g.rayleigh(2, 3)|g.rayleigh(-1)|g.triangular(1, 2, 3, 4)|g.triangular(3, 2, 1)
g.triangular(1, 4, 3)|g.triangular(1, 1, 1)|g.triangular([3], 1, 2)|g.triangular(1, [2, 2.5], [3, 4])|g.vonmises(1, 2, 3)
g.vonmises(1, -2)|g.vonmises([0, 1], [1e-9, 100])|g.wald(1, 2, 3)|g.wald(0, 1)|g.wald(1, 0)|g.weibull(2, 3)|g.weibull(-1)
g.weibull(0, 3)|g.binomial(10, 0.5)|g.binomial(10, 0.5, 3)|g.binomial([10, 100], 0.3)|g.binomial(100, [0.1, 0.9], (3, 2))
g.binomial(-1, 0.5)|g.binomial(10, 1.5)|g.binomial(10, [1.5])|g.binomial(10, np.nan)|g.binomial(10, [np.nan])
g.binomial([-1], 0.5)|g.binomial(0, 0.5)|g.binomial(3.7, 0.5)|g.binomial([3.7], 0.5)|g.binomial(np.array([3.7]), 0.5)
g.binomial('3', 0.5)|g.binomial(2**70, 0.5)|g.binomial(True, 0.5)|g.negative_binomial(5, 0.5, 3)|g.negative_binomial(0, 0.5)
g.negative_binomial(1.5, 0.2)|g.negative_binomial(1, 2)|g.negative_binomial([1, 2], 0.5)|g.poisson()|g.poisson(3, 4)
g.poisson(-1)|g.poisson([-1])|g.poisson([1, 50])|g.poisson(1e20)|g.poisson([np.nan])|g.poisson(np.nan)|g.poisson(size=2)
g.zipf(2, 3)|g.zipf(1)|g.zipf([1])|g.zipf([2, 3])|g.geometric(0.1, 3)|g.geometric(0)|g.geometric([0.5, 2])|g.geometric(0.5)
g.logseries(0.5, 3)|g.logseries(1)|g.hypergeometric(5, 6, 7)|g.hypergeometric(5, 6, 7, 3)|g.hypergeometric(5, 6, 12)
g.hypergeometric(-5, 6, 1)|g.hypergeometric([5, 50], 60, 20)|g.hypergeometric(5, -6, -7)|g.hypergeometric(5, 6, 0)
g.hypergeometric([5], 6, [-1])|g.hypergeometric(3.7, 2, 1)|g.hypergeometric([[5], [6]], [7, 8], 3, (2, 2))
g.dirichlet([1, 2, 3])|g.dirichlet([1, 2, 3], 2)|g.dirichlet((0.01, 0.02), (2, 2))|g.dirichlet([1, -1])|g.dirichlet(3.)
g.dirichlet([[1.]])|g.dirichlet([])|g.dirichlet(np.array([1, 2]))|g.dirichlet([0.5, 0.5], size=())|g.dirichlet([1, 2], size=0)
g.multinomial(10, [0.2, 0.3, 0.5])|g.multinomial(0, [0.5, 0.5])|g.multinomial(10, [0.2, 0.3, 0.5], 2)
g.multinomial(10, [0.2, 0.3, 0.5], (2, 2))|g.multinomial(10, [0.9, 0.9, 0.1])|g.multinomial(-1, [0.5, 0.5])
g.multinomial(10, [1.5, 0])|g.multinomial(10, [np.nan, 0])|g.multinomial(100, np.array([0.99, 0.99, 1.0, 0.1]) * 1.1)
g.multinomial(5, [0.0, 1.0])|g.multinomial(10, np.float32([0.99, 0.99, 1e-7, 0]))|g.multinomial(10, [1.0])
g.multinomial(10, (0.5, 0.5), size=1)|g.choice(5)|g.choice(5, 3)|g.choice(5, (2, 2))|g.choice(5, 3, replace=False)
g.choice(5, 6, False)|g.choice(5, 3, p=[0.1, 0.2, 0.3, 0.2, 0.2])|g.choice(5, 3, False, [0.1, 0.2, 0.3, 0.2, 0.2])|g.choice(0)
g.choice(0, 0)|g.choice(0, size=(0, 2))|g.choice([])|g.choice([], 0)|g.choice(-1)|g.choice(1.5)|g.choice(['a', 'bb', 'c'])
g.choice(['a', 'bb', 'c'], 4)|g.choice(np.arange(4.0), ())|g.choice(5, ())|g.choice(5, p=[0.5, 0.5])|g.choice(2, p=[0.5, 0.6])
g.choice(2, p=[-0.5, 1.5])|g.choice(2, p=[np.nan, 1])|g.choice(2, p=[[0.5, 0.5]])|g.choice(4, 3, False, [0.5, 0.5, 0, 0])
g.choice(5, -1)|g.choice(5, -1, False)|g.choice([None, 1], 3)|g.choice('abc')|g.choice(5, p=1)|g.choice(5, 0, False)
g.choice(2, 3, p=np.float32([0.3, 0.7]))|g.choice(2, 3, p=np.float16([0.3, 0.7]))|g.bytes(0)|g.bytes(7)|g.bytes(-1)|g.bytes(1.5)
g.bytes(length=4)|str(g)|repr(g)[:20]|done(g.shuffle, list(range(9)))|done(g.shuffle, np.arange(9))
done(g.shuffle, np.arange(18).reshape(9, 2))|done(g.shuffle, np.arange(9)[::-2])
done(g.shuffle, np.arange(24).reshape(4, 3, 2).T)|done(g.shuffle, np.array(['a', 'bb', 'c']))
done(g.shuffle, np.array([1, 'x', None], object))|done(g.shuffle, np.arange(5).astype('M8[D]'))
done(g.shuffle, np.arange(3, dtype=[('a', 'i4'), ('b', 'f8')][0][1]))|done(g.shuffle, bytearray(b'abcdef'))|done(g.shuffle, [])
done(g.shuffle, np.array([]))|g.shuffle(3)|g.shuffle(np.array(3))|g.shuffle((1, 2, 3))|g.shuffle(frozen(np.arange(3)))
done(g.shuffle, np.ma.masked_array(range(8), [1, 0] * 4))|done(g.shuffle, np.zeros(4, [('a', 'i4'), ('b', 'O')]))
done(g.shuffle, {0: 1, 1: 2, 2: 3})|done(g.shuffle, np.arange(12).reshape(3, 4).view(np.matrix))
done(g.shuffle, np.empty((3, 0)))|done(g.shuffle, [[1, 2], [3], [4, 5]])|g.permutation(9)|g.permutation(0)
g.permutation([3, 1, 2])|g.permutation(np.arange(12).reshape(4, 3))|g.permutation(np.int32(4))|g.permutation('abc')
g.permutation(2.5)|g.permutation(-3)|g.permutation((1, 2.5, 3))|g.permutation(np.array(['a', 'b']))|g.permutation(True)
g.multivariate_normal([0, 1], [[2, 0.5], [0.5, 1]])|g.multivariate_normal([0, 1], [[2, 0.5], [0.5, 1]], 3)
g.multivariate_normal([0, 1], [[2, 0.5], [0.5, 1]], (2, 2))|g.multivariate_normal([0], [[1, 2]])
g.multivariate_normal([[0]], [[1]])|g.multivariate_normal([0, 1], [[1]])
g.multivariate_normal([0, 0], [[1, 2], [2, 1]], check_valid='raise')|g.multivariate_normal([0, 0], [[1, 2], [2, 1]])
g.multivariate_normal([0, 0], [[1, 0], [0, 1]], check_valid='x')
"""

GENERATOR = """
g.random()|g.random(3)|g.random((2, 3), np.float32)|g.random(dtype='f4')|g.random(dtype=int)|g.random(4, dtype='d')|g.random(-1)
g.random(dtype=np.float16)|done(g.random, out=np.zeros(5))|done(g.random, out=np.zeros((2, 3), order='F'))
g.random(out=np.zeros(5, 'f4'))|done(g.random, 5, 'f4', np.zeros(5, 'f4'))|g.random(4, out=np.zeros(5))
g.random((5,), out=np.zeros(5))|g.random(out=np.zeros(10)[::2])|g.random(out=np.zeros(5, '>f8'))
g.random(out=frozen(np.zeros(3)))|g.standard_normal(3, 'f4')|g.standard_normal(dtype='f4')|g.standard_normal(dtype='i4')
done(g.standard_normal, out=np.zeros(4))|g.standard_exponential(3, method='inv')|g.standard_exponential(3, 'f4')
g.standard_exponential(3, 'f4', 'inv')|g.standard_exponential(method='inv')|g.standard_exponential(dtype='f4', method='inv')
g.standard_exponential(dtype='i4')|g.standard_exponential()|g.standard_exponential((2, 2), method='x')
g.standard_gamma(2, dtype='f4')|g.standard_gamma([1, 2], dtype='f4')|g.standard_gamma(2, 3, 'f4')
g.standard_gamma(-1, dtype='f4')|g.standard_gamma([-1], dtype='f4')|g.standard_gamma(2, out=np.zeros(3))
g.standard_gamma([1, 2, 3], out=np.zeros(3))|g.standard_gamma([1, 2], out=np.zeros(3))|g.standard_gamma(2, dtype='i4')
g.standard_gamma(2, out=np.zeros((2, 3), order='F'))|g.standard_gamma(2, 3, out=np.zeros(4))
g.standard_gamma([1, 2], (3, 2), 'f4')|g.standard_gamma(0.5, 5, 'f4')|g.integers(10)|g.integers(10, size=3)
g.integers(3, 10, (2, 2))|g.integers(5, 5)|g.integers(5, 5, endpoint=True)|g.integers(0)|g.integers(-1)
g.integers(0, endpoint=True)|g.integers(-1, endpoint=True)|g.integers(5, 3, endpoint=True)|g.integers(2**63)
g.integers(2**63 + 1)|g.integers(2**64, dtype='u8')|g.integers(2**64 + 1, dtype='u8')|g.integers([5, 3], [9, 4])
g.integers([5, 3], [9, 3])|g.integers(0, [2**64], dtype='u8')|g.integers([1, 2], 2**63, dtype='i8')|g.integers(0, [2**63, 5])
g.integers([0.5], [3.5])|g.integers(0.5, 3.5)|g.integers(np.nan, 3)|g.integers('a', 3)|g.integers([], [])
g.integers(0, 0, size=0)|g.integers(0, [0, 5])|g.integers([-1], 5, dtype='u8')|g.integers(0, 300, 3, dtype='u1')
g.integers(0, 256, 9, dtype='u1')|g.integers([0], [257], dtype='u1')|g.integers([-1], [2], dtype='u1')
g.integers(0, 2, 9, dtype=bool)|g.integers(0, 2, dtype=bool)|g.integers(0, 2, dtype='?')|g.integers(0, 3, dtype=bool)
g.integers(0, 5, dtype=int)|g.integers(5, dtype='i2')|g.integers([0, 1], [2, 2], dtype=bool)|g.integers(5, dtype='>i4')
g.integers(5, dtype=float)|g.integers(5, dtype=object)|g.integers([1, 2], 4, (3, 2), 'i1')
g.integers(np.array([1, 2], 'u1'), 4, dtype='u8')|g.integers(np.uint64(2), np.uint64(2**64 - 1), dtype='u8')
g.integers(np.array(3), 9)|g.integers([3], 9)|g.integers(-2**63, 2**63 - 1, endpoint=True)|g.integers(0, 2**32, 3)
g.integers(0, 2**32 - 1, 3, endpoint=True)|g.integers([0], [2**63 - 1], endpoint=True)
g.integers(0, [10, 20], dtype='i4', endpoint=True)|g.integers([[0], [5]], [6, 9], dtype='u2')|g.integers(5, size=())
g.integers(low=2, high=7, size=2, dtype=np.uint32)|g.integers(0, 2**16, 7, dtype='u2')|g.integers(-5, 5, 7, dtype='i1')
g.integers(True)|g.integers(np.True_, 5)|g.integers(None)|g.integers(1, None)|g.choice(20000, 900, False)[:5]
g.choice(20000, 300, False, shuffle=False)[:5]|g.choice(20000, 2000, False, shuffle=False)[-5:]
g.choice(10, 4, False, shuffle=False)|g.choice(np.arange(12).reshape(3, 4), 2, axis=1)|g.choice(np.arange(12).reshape(3, 4))
g.choice(np.arange(12).reshape(3, 4), (2, 2), axis=-1)|g.choice([[1, 2], [3, 4]], ())
done(g.shuffle, np.arange(12).reshape(3, 4), axis=1)|done(g.shuffle, np.arange(24).reshape(2, 3, 4), axis=1)
g.shuffle([1, 2], axis=1)|g.shuffle(np.arange(3), axis=1)|done(g.shuffle, np.arange(24).reshape(2, 3, 4)[:, ::2], axis=2)
done(g.shuffle, np.arange(12).reshape(3, 4).T, axis=1)|g.shuffle(np.arange(3), axis=slice(1))
g.permutation(np.arange(12).reshape(3, 4), axis=1)|g.permutation(np.arange(12).reshape(3, 4), axis=2)
g.permutation([[1, 2], [3, 4]], axis=-1)|g.permuted(np.arange(6))|g.permuted(np.arange(12).reshape(3, 4))
g.permuted(np.arange(12).reshape(3, 4), axis=1)|g.permuted(np.arange(12).reshape(3, 4), axis=0)|g.permuted([3, 1, 2])
g.permuted(np.arange(24).reshape(2, 3, 4)[:, ::2])|g.permuted(np.arange(24).reshape(2, 3, 4), axis=1)
g.permuted(np.arange(3), axis=1)|g.permuted(np.arange(12).reshape(3, 4).T)|g.permuted(np.arange(12).reshape(3, 4).T, axis=1)
g.permuted([], axis=0)|g.permuted(np.array(['a', 'b', 'c'], object))|g.permuted(np.arange(6), out=np.zeros(6, int))
g.permuted(np.arange(6), out=np.zeros(5, int))|g.permuted(np.arange(6), out=[1])
g.permuted(np.arange(6), out=frozen(np.zeros(6, int)))|g.permuted(np.arange(6.0), out=np.zeros(6, int))
g.permuted(np.arange(12).reshape(3, 4), axis=1, out=np.zeros((3, 8), int)[:, ::2])|g.permuted(3)
g.multinomial([3, 10], [0.2, 0.3, 0.5])|g.multinomial([[3], [10]], [[0.2, 0.8], [0.5, 0.5]])
g.multinomial(5, [[0.2, 0.8], [0.5, 0.5]])|g.multinomial([3, -1], [0.5, 0.5])|g.multinomial([3, 4], [0.5, 0.5], 3)
g.multinomial([3, 4], [0.5, 0.5], (3, 2))|g.multinomial(5, [])|g.multinomial(5, 0.5)|g.multinomial(5, [[0.9, 0.9, 0]])
g.multinomial(3.7, [0.5, 0.5])|g.multivariate_hypergeometric([3, 4, 5], 6)|g.multivariate_hypergeometric([3, 4, 5], 6, 2)
g.multivariate_hypergeometric([3, 4, 5], 6, (2, 2), 'count')|g.multivariate_hypergeometric([3, 4, 5], 13)
g.multivariate_hypergeometric([3, -4], 2)|g.multivariate_hypergeometric([3, 4], -1)|g.multivariate_hypergeometric([3, 4], 1.5)
g.multivariate_hypergeometric([[3]], 1)|g.multivariate_hypergeometric([10**9, 1], 1)|g.multivariate_hypergeometric([], 0)
g.multivariate_hypergeometric([3], 1, method='x')|g.multivariate_hypergeometric([1.5, 2], 1)
g.multivariate_hypergeometric([2**62, 2**62], 1)|g.multivariate_hypergeometric([0, 0], 0, 2, 'count')
g.multivariate_hypergeometric([2**62, 5], 1, method='count')|g.multivariate_normal([0, 1], [[2, 0.5], [0.5, 1]], method='eigh')
g.multivariate_normal([0, 1], [[2, 0.5], [0.5, 1]], 3, method='cholesky')|g.multivariate_normal([0], [[1j]])
g.multivariate_normal([0], [[1]], method='x')
g.multivariate_normal([0, 0], [[1, 2], [2, 1]], check_valid='raise', method='eigh')|g.spawn(-1)|len(g.spawn(1.5))
g.uniform(2, 1)|g.uniform([2], 1)|[child.random() for child in g.spawn(2)]|g.bit_generator.random_raw()
g.bit_generator.random_raw(3)|g.bit_generator.random_raw((2, 2), False)
"""

LEGACY = """
g.random_sample()|g.random_sample(3)|g.random(2)|g.rand()|g.rand(2, 3)|g.rand(0)|g.rand(-1)|g.randn()|g.randn(3)|g.randn(2, 1)
g.rand(1.5)|g.randn((2, 3))|g.tomaxint()|g.tomaxint(3)|g.tomaxint((2, 2))|g.standard_exponential()|g.uniform(2, 1)
g.uniform([2, 3], 1)|g.standard_gamma(2)|g.randint(10)|g.randint(10, size=3)|g.randint(3, 10, (2, 2))|g.randint(5, 5)
g.randint(0)|g.randint(-1)|g.randint(2**63)|g.randint(2**63 + 1)|g.randint(2**64, dtype='u8')|g.randint([5, 3], [9, 4])
g.randint([5, 3], [9, 3])|g.randint(0, [2**64], dtype='u8')|g.randint(0.5, 3.5)|g.randint([0.5], [3.5])|g.randint('a')
g.randint([], [])|g.randint(0, 256, 9, dtype='u1')|g.randint(0, 257, 9, dtype='u1')|g.randint(0, 2, 40, dtype=bool)
g.randint(0, 2, dtype=bool)|g.randint(5, dtype='i2')|g.randint(5, dtype=np.int64)|g.randint(5, dtype='>i4')
g.randint(5, dtype=float)|g.randint([1, 2], 4, (3, 2), 'i1')|g.randint(np.array(3), 9)|g.randint([3], 9)|g.randint(5, size=())
g.randint(0, 2**32, 3)|g.randint(-2**31, 2**31, 3, 'i4')|g.randint(0, 65536, 7, 'u2')|g.randint(low=2, high=7)
g.randint(0, 0, size=0)|g.randint(3, size=(0, 2))|g.randint(0, 1, 3)|g.random_integers(5)|g.random_integers(2, 5, 3)
g.random_integers(5, 2)|g.permutation(np.uint8(5))|g.permutation(np.array(5))|g.choice(np.ones((2, 2)))|g.choice(100, 5, False)
g.multinomial(3.7, [0.5, 0.5])|g.multinomial([3], [0.5, 0.5])|g.multinomial(5, 0.5)|g.multinomial(5, [])
g.multinomial(5, [[0.5, 0.5]])|g.seed(5)|g.seed(-1)|g.seed([])|g.seed([1, -1])|g.seed(2**32)|g.seed([2**32])|g.seed([1, 2, 3])
g.seed(1.5)|g.seed([1.5])|g.seed(np.array([5]))|g.seed([5])|g.seed(np.array([[1, 2]]))|g.seed('a')|g.seed(np.int8(3))
g.seed(np.array(7))|g.get_state()|g.get_state(legacy=False)|g.set_state(('MT19937', [1] * 624, 5))
g.set_state(('MT19937', np.arange(1, 625), 5, 1, 0.5))|g.set_state(3)|g.set_state(('x', 1, 2))|g.set_state({})
done(g.shuffle, np.array([1, 'x', None], object).view(Sub))|done(g.shuffle, np.arange(6).view(Sub))
"""


class Sub(np.ndarray):
    pass


def frozen(array):
    array.flags.writeable = False
    return array


def done(method, *args, **kwargs):
    """What a method does to its argument, and gives."""
    result = method(*args, **kwargs)
    return list(args), kwargs, result


def lines(text):
    return [line.strip() for line in text.replace("\n", "|").split("|") if line.strip()]


def plain(value):
    """A value with its types, comparable, floats as bits."""
    if isinstance(value, np.ndarray):
        whole, value = value, np.ma.filled(value, 0) if isinstance(value, np.ma.MaskedArray) else value  # nothing is promised under a mask
        content = value.tolist() if value.dtype.hasobject else np.ascontiguousarray(value).tobytes()
        mask = np.ma.getmaskarray(whole).tobytes() if isinstance(whole, np.ma.MaskedArray) else None
        return type(whole).__name__, value.dtype.str, value.shape, repr(content), mask
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [plain(item) for item in value]
    if isinstance(value, dict):
        return sorted((str(key), plain(item)) for key, item in value.items())
    if isinstance(value, float):
        return type(value).__name__, struct.pack("d", value)
    return type(value).__name__, repr(value)


def outcome(line, generator):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = plain(eval(line, {"g": generator, "np": np, "done": done, "frozen": frozen, "Sub": Sub}))
        except Exception as error:
            kind = "AxisError" if type(error).__name__ == "AxisError" else type(error).__name__
            result = "raised", kind, str(error)
    told = sorted({(warning.category.__name__, str(warning.message)) for warning in caught})
    return result, told


# Refusals with other words, of another type, or with another state afterwards, than of the NumPy that is there.
WORDS = {
    "g.normal(1, 2, 3, 4)": "the number of arguments is counted by Cython",
    "g.normal(x=1)": "the names of arguments are checked by Cython",
    "g.shuffle((1, 2, 3))": "NumPy draws a word before it finds that a tuple cannot be changed",
    "g.spawn(-1)": "NumPy 2.4 fails to convert the number",
    "g.set_state(('MT19937', [1] * 624, 5))": "SFC64 of NumPy prints a name of its source",
    "g.set_state(('MT19937', np.arange(1, 625), 5, 1, 0.5))": "SFC64 of NumPy prints a name of its source",
}


@pytest.mark.parametrize("kind", KINDS)
def test_generator_is_numpys(kind):
    wrong = []
    for line in lines(BOTH) + lines(GENERATOR):
        pair = [module.Generator(getattr(module, kind)(17)) for module in (ours, np.random)]
        compare(line, pair, lambda g: g.bit_generator.state, wrong)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_random_state_is_numpys(kind):
    wrong = []
    for line in lines(BOTH) + lines(LEGACY):
        pair = [module.RandomState(getattr(module, kind)(17)) for module in (ours, np.random)]
        compare(line, pair, lambda g: g.get_state(legacy=False), wrong)
    assert not wrong, "\n".join(wrong)


def compare(line, pair, state, wrong):
    (got, got_told), (want, want_told) = (outcome(line, generator) for generator in pair)
    if got[0] == want[0] == "raised" and line in WORDS:
        return
    if got != want:
        wrong.append("%s: %s, NumPy: %s" % (line, str(got)[:300], str(want)[:300]))
    elif got_told != want_told:
        wrong.append("%s: warns %s, NumPy: %s" % (line, got_told, want_told))
    elif plain(state(pair[0])) != plain(state(pair[1])):
        wrong.append("%s: the state afterwards" % line)


# ---- beyond single calls ----


def test_functions_are_numpys():
    """np.random's functions, over one RandomState: all names, the same numbers."""
    missing = [name for name in np.random.mtrand.__all__ if not hasattr(ours, name)]
    assert not missing
    for module in (ours, np.random):
        module.seed(17)
    try:
        for line in lines(BOTH + LEGACY):
            if any(word in line for word in ("_state", "g.seed(", "(g)", "tomaxint")) or line in WORDS:
                continue
            got, want = outcome(line, ours), outcome(line, np.random)
            assert got == want, line
        assert plain(ours.get_state()) == plain(np.random.get_state())
        assert ours.sample(2).tolist() == np.random.sample(2).tolist() and ours.ranf() == np.random.ranf()
    finally:
        ours.seed()


@pytest.mark.parametrize("kind", KINDS)
def test_bit_generators_are_numpys(kind):
    theirs_type, our_type = getattr(np.random, kind), getattr(ours, kind)
    for seed in (0, 1, 2**40, 2**200 + 5, [1, 2, 3], [2**70, 0], np.array([1, 2**31], np.uint32), range(5), (3,)):
        theirs, mine = theirs_type(seed), our_type(seed)
        assert plain(mine.state) == plain(theirs.state)
        assert plain(mine.random_raw(700)) == plain(theirs.random_raw(700))
        if hasattr(theirs, "advance"):
            for delta in (0, 1, 2**64, 2**127 + 9, -5, 2**300 + 1):
                assert plain(mine.advance(delta).state) == plain(theirs.advance(delta).state)
        assert hasattr(mine, "advance") == hasattr(theirs, "advance") and hasattr(mine, "jumped") == hasattr(theirs, "jumped")
        if hasattr(theirs, "jumped"):
            for jumps in (1, 3):
                assert plain(mine.jumped(jumps).state) == plain(theirs.jumped(jumps).state)
        [child], [theirs_child] = mine.spawn(1), theirs.spawn(1)
        assert plain(child.state) == plain(theirs_child.state)
        assert mine.seed_seq.n_children_spawned == 1
    state = theirs_type(5).state
    mine.state = state
    assert plain(mine.state) == plain(state)
    for wrong in (3, {}, dict(state, bit_generator="other"), {"bit_generator": kind}):
        before = plain(mine.state)
        with pytest.raises((TypeError, ValueError, KeyError)):
            mine.state = wrong
        assert plain(mine.state) == before
    for wrong in (-1, 1.5, "x", [1.5], [-1]):
        raised = []
        for kind_type in (our_type, theirs_type):
            with pytest.raises((TypeError, ValueError)) as caught:
                kind_type(wrong)
            raised.append((caught.type, str(caught.value)))
        assert raised[0] == raised[1]


def test_states_that_no_engine_has_are_refused():
    mine = ours.MT19937(1)
    before = plain(mine.state)
    for position in (625, 10**6):
        state = mine.state
        state["state"]["pos"] = position
        with pytest.raises(ValueError):
            mine.state = state
    with pytest.raises(ValueError):
        mine.state = ("MT19937", [1] * 600, 5)
    even = ours.PCG64(1)
    state = even.state
    state["state"]["inc"] -= 1
    with pytest.raises(ValueError):
        even.state = state
    assert plain(mine.state) == before


def test_seed_sequences_are_numpys():
    for arguments in ({"entropy": 5}, {"entropy": [1, 2**40]}, {"entropy": 7, "spawn_key": (1, 2**35)}, {"entropy": 9, "pool_size": 8}):
        mine, theirs = ours.SeedSequence(**arguments), np.random.SeedSequence(**arguments)
        for _ in range(2):
            assert plain(mine.pool) == plain(theirs.pool) and plain(mine.state) == plain(theirs.state) and repr(mine) == repr(theirs)
            for dtype in (np.uint32, np.uint64, "uint32"):
                assert plain(mine.generate_state(9, dtype)) == plain(theirs.generate_state(9, dtype))
            mine, theirs = mine.spawn(3)[2], theirs.spawn(3)[2]
    with pytest.raises(ValueError):
        ours.SeedSequence(1).generate_state(3, np.int8)
    assert ours.SeedSequence().entropy != ours.SeedSequence().entropy


def test_philox_takes_counters_and_keys():
    as_arrays = {"key": np.array([1, 2], np.uint64), "counter": [1, 2, 3, 4]}
    for arguments in ({"key": 5}, {"key": [1, 2]}, {"counter": 2**200, "seed": 3}, as_arrays):
        assert plain(ours.Philox(**arguments).state) == plain(np.random.Philox(**arguments).state)
    for arguments in ({"key": -1}, {"key": 2**128}, {"counter": [1]}, {"seed": 1, "key": 1}):
        with pytest.raises(ValueError) as mine:
            ours.Philox(**arguments)
        with pytest.raises(ValueError) as theirs:
            np.random.Philox(**arguments)
        assert str(mine.value) == str(theirs.value)


def test_copies_and_pickles_go_on_alike():
    for made in (ours.default_rng(3), ours.RandomState(3), ours.Generator(ours.MT19937(3)), ours.RandomState(ours.PCG64(3))):
        made.standard_normal()  # a kept normal, a half word
        made._bit_generator.version = "1.26"
        twins = [pickle.loads(pickle.dumps(made)), copy.deepcopy(made)]
        want = made.standard_normal(5).tolist()
        for twin in twins:
            assert type(twin) is type(made) and twin._bit_generator.version == 12600 and twin.standard_normal(5).tolist() == want
    class_made = pickle.loads(pickle.dumps(ours.SFC64(1)))
    assert plain(class_made.state) == plain(ours.SFC64(1).state)


def test_a_subclass_stays_one():
    twin = pickle.loads(pickle.dumps(Own(5)))
    assert type(twin) is Own and twin.randint(100) == ours.RandomState(5).randint(100)


class Own(ours.RandomState):
    pass


def test_default_rng_takes_what_numpys_takes():
    bits = ours.PCG64(1)
    assert ours.default_rng(bits).bit_generator is bits
    generator = ours.default_rng(bits)
    assert ours.default_rng(generator) is generator
    state = ours.RandomState(1)
    assert ours.default_rng(state).bit_generator is state._bit_generator
    assert ours.default_rng(ours.SeedSequence(5)).random() == np.random.default_rng(5).random()
    for wrong in (np.random.PCG64(1), np.random.default_rng(1)):
        with pytest.raises(TypeError):
            ours.default_rng(wrong)
    with pytest.raises(TypeError):
        ours.Generator(np.random.PCG64(1))
    with pytest.raises(ValueError):
        ours.Generator(ours.PCG64)


def test_numpys_generator_draws_from_ours():
    for kind in KINDS:
        mine, theirs = np.random.Generator(getattr(ours, kind)(5)), np.random.Generator(getattr(np.random, kind)(5))
        assert mine.standard_normal(100).tolist() == theirs.standard_normal(100).tolist()
        assert mine.integers(10, size=9).tolist() == theirs.integers(10, size=9).tolist()
    bits = ours.PCG64(5)
    assert bits.ctypes.next_uint64(bits.ctypes.state) == int(np.random.PCG64(5).random_raw())
    assert bits.ctypes is bits.ctypes


def test_two_views_keep_their_own_normal():
    bits, theirs = ours.MT19937(3), np.random.MT19937(3)
    got, want = [], []
    for values, module, shared in ((got, ours, bits), (want, np.random, theirs)):
        a, b, g = module.RandomState(shared), module.RandomState(shared), module.Generator(shared)
        for _ in range(5):
            values += [a.standard_normal(), b.standard_normal(), g.random(), b.standard_normal()]
    assert got == want


def test_versions_choose_the_stream():
    bits = ours.PCG64(1)
    assert bits.version == int("%d%02d%02d" % tuple(int(part) for part in np.__version__.split(".")[:3]))
    bits.version = "2.3.3"
    old = ours.Generator(bits).wald(1, 2, 200).tolist()
    bits = ours.PCG64(1)
    bits.version = 20304
    assert old != ours.Generator(bits).wald(1, 2, 200).tolist()
    for wrong in ("x", "2"):
        with pytest.raises(ValueError):
            bits.version = wrong


# ---- parameters of any shape and layout ----

# From which numbers each parameter of a method is taken.
RANGES = {
    "uniform": [(-5, 0), (0, 5)], "normal": [(-5, 5), (0, 3)], "lognormal": [(-2, 2), (0, 1)], "exponential": [(0, 5)],
    "gamma": [(0, 4), (0, 3)], "beta": [(0.1, 3), (0.1, 3)], "chisquare": [(0.1, 9)], "noncentral_chisquare": [(0.1, 9), (0, 9)],
    "f": [(0.5, 9), (0.5, 9)], "noncentral_f": [(0.5, 9), (0.5, 9), (0, 5)], "standard_t": [(0.5, 9)], "vonmises": [(-3, 3), (0, 9)],
    "pareto": [(0.5, 9)], "weibull": [(0, 9)], "power": [(0.5, 9)], "laplace": [(-5, 5), (0, 5)], "gumbel": [(-5, 5), (0, 5)],
    "logistic": [(-5, 5), (0, 5)], "rayleigh": [(0, 5)], "wald": [(0.5, 5), (0.5, 5)], "triangular": [(-5, -1), (-1, 1), (1, 5)],
    "standard_gamma": [(0, 5)], "binomial": [(0, 200, int), (0, 1)], "negative_binomial": [(1, 50), (0.01, 1)], "poisson": [(0, 40)],
    "zipf": [(1.1, 4)], "geometric": [(0.01, 1)], "hypergeometric": [(1, 50, int), (1, 50, int), (1, 20, int)], "logseries": [(0, 0.99)],
}  # fmt: skip
LAYOUTS = [
    lambda x: x, np.asfortranarray, lambda x: np.repeat(x, 2, axis=-1)[..., ::2], lambda x: x[::-1], lambda x: x.astype(np.float32),
    lambda x: x.astype(">f8"), lambda x: x.tolist(), lambda x: frozen(x.copy()), lambda x: x.astype(np.int64) + 1,
]  # fmt: skip


def parameter(random, shape, low, high, kind=float):
    """A number, or an array of any layout whose shape broadcasts to `shape`."""
    if random.randrange(4) == 0:
        return kind(random.uniform(low, high))
    own = tuple(1 if random.randrange(4) == 0 else extent for extent in shape[random.randrange(len(shape)) :])
    values = np.array([random.uniform(low, high) for _ in range(int(np.prod(own)))]).reshape(own)
    if kind is int:
        return [lambda x: x, np.asfortranarray, lambda x: x[::-1], lambda x: x.tolist(), lambda x: x.astype(np.int16)][random.randrange(5)](
            values.astype(np.int64)
        )
    layout = LAYOUTS[random.randrange(len(LAYOUTS) - (high < 2 or low < 0))]
    return layout(values)


@pytest.mark.parametrize("name", sorted(RANGES))
def test_parameters_of_any_layout(name):
    random = Random(name)
    for case in range(60):
        shape = tuple(random.randrange(4) for _ in range(random.randrange(1, 4)))
        parameters = [parameter(random, shape, *limits) for limits in RANGES[name]]
        size = random.choice([None, None, shape, (2, *shape), 3])
        kind = KINDS[case % 5]
        for api in ("Generator", "RandomState"):
            results = []
            for module in (ours, np.random):
                made = getattr(module, api)(getattr(module, kind)(case))
                line = "g.%s(*p, size=s)" % name
                try:
                    with np.errstate(all="ignore"):
                        result = plain(eval(line, {"g": made, "p": parameters, "s": size}))
                except ValueError as error:
                    result = str(error).partition("  Mismatch")[0]  # NumPy's binomial takes p first
                results.append((result, plain(made._bit_generator.state)))
            assert results[0] == results[1], (name, parameters, size)


# ---- threads, forks, buffers ----


def test_threads_share_a_generator():
    """Every value of the stream is drawn once, whoever draws it."""
    generator = ours.default_rng(7)
    drawn = []

    def work():
        mine = [generator.random(500) for _ in range(20)] + [generator.random() for _ in range(200)]
        drawn.extend(mine)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    values = np.concatenate([np.atleast_1d(part) for part in drawn])
    assert sorted(values.tolist()) == sorted(np.random.default_rng(7).random(len(values)).tolist())


def test_fills_run_without_the_gil():
    """While one thread fills, another goes on."""
    span, ticks = [], []

    def fill():
        generator = ours.default_rng(1)
        span.append(time.monotonic())
        generator.gamma(2.5, size=5000000)
        span.append(time.monotonic())

    thread = threading.Thread(target=fill)
    thread.start()
    while thread.is_alive():
        ticks.append(time.monotonic())
    middle = [span[0] + (span[1] - span[0]) * part for part in (0.1, 0.9)]
    assert sum(middle[0] < tick < middle[1] for tick in ticks) > 100


def test_the_lock_is_held_by_calls():
    generator = ours.default_rng(1)
    done_in = []
    with generator.bit_generator.lock:
        thread = threading.Thread(target=lambda: done_in.append(generator.random(3)))
        thread.start()
        thread.join(0.2)
        assert not done_in
        generator.random()  # whoever holds it may draw
    thread.join()
    assert len(done_in) == 1


def test_a_fork_goes_on_alike():
    generator = ours.default_rng(3)
    generator.random(5)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, generator.random(10).tobytes())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 100) == generator.random(10).tobytes()
    os.close(reading)
    os.close(writing)


def test_out_is_filled_in_place():
    generator, theirs = ours.default_rng(5), np.random.default_rng(5)
    whole = np.zeros((4, 6))
    part = whole[1:3]
    assert generator.random(out=part) is part
    assert whole[1:3].tolist() == theirs.random((2, 6)).tolist() and not whole[0].any() and not whole[3].any()
    with pytest.raises(TypeError):
        generator.random(out=[0.0])
    with pytest.raises(TypeError):
        generator.random(out=bytearray(8))


REFUSED = """
g.normal([0] * 100, [1] * 99 + [-1])|g.choice(5, 9, False)|g.binomial(5, [0.5, 2])|g.dirichlet([1, -1])|g.multinomial(5, [2, 2])
g.poisson([1, np.nan])|g.shuffle((1, 2))|g.hypergeometric([5, 5], [5, 5], [5, 11])|g.uniform([0, 0], [1, np.inf])|g.zipf([2, 1])
"""


def test_a_refusal_draws_nothing():
    for made in (ours.default_rng(1), ours.RandomState(1)):
        state = made._bit_generator.state
        for line in lines(REFUSED):
            with pytest.raises((ValueError, OverflowError, TypeError)):
                eval(line, {"g": made, "np": np})
        assert plain(made._bit_generator.state) == plain(state)


def test_much_memory_is_refused():
    with pytest.raises((MemoryError, ValueError)):
        ours.default_rng(1).random(2**62)
    with pytest.raises((MemoryError, ValueError)):
        ours.RandomState(1).permutation(2**61)


# ---- without NumPy ----

WITHOUT = r"""
import sys
sys.modules["numpy"] = None  # as if it were not installed
import json
from oneseed.numpy import Generator, PCG64, MT19937, Philox, RandomState, SeedSequence, default_rng
import oneseed.numpy as o

def plain(value):
    if isinstance(value, memoryview):
        return [value.format, list(value.shape), list(value.cast("B").cast(value.format)) if value.nbytes else []]
    return [type(value).__name__, value] if not isinstance(value, list) else value

def tried(call):
    try:
        return plain(call())
    except Exception as error:
        return ["raised", type(error).__name__]

rows = []
for line in json.load(sys.stdin):
    g, r = default_rng(5), RandomState(5)
    rows.append(tried(lambda: eval(line)))
json.dump(rows, sys.stdout)
"""

PLAIN = """
g.random()|g.random(3)|g.random((2, 3))|g.normal(1, 2, (2, 2, 2))|g.normal([1, 2], [[1], [3]])|g.poisson(3)|g.poisson([1, 2, 3])
g.integers(10)|g.integers(0, 300, 4)|g.integers(5, size=3, dtype='int8')|g.integers(5, size=3, dtype='uint32')
g.integers(0, 2, 4, dtype='bool')|g.integers([1, 2], [5, 6])|g.integers(5, 5)|g.choice(10)|g.choice(10, 3)
g.choice(10, 3, False)|g.choice(5, 2, p=[0.1, 0.2, 0.3, 0.2, 0.2])|g.permutation(5)|g.permuted([1, 2, 3])|g.random(3, 'float32')
g.standard_normal(3)|g.standard_normal(dtype='float32')|g.standard_gamma(2, 3)|g.standard_gamma(2, 3, 'float32')
g.standard_exponential(2, method='inv')|g.dirichlet([1, 2, 3])|g.dirichlet([1, 2], 2)|g.multinomial(10, [0.2, 0.3, 0.5])
g.multinomial(10, [0.2, 0.8], 2)|g.multivariate_hypergeometric([3, 4, 5], 6)
g.multivariate_hypergeometric([3, 4], 3, method='count')|g.bytes(5).hex()|g.normal(0, -1)|g.normal([1, 2], [1, 2, 3])
g.random(-1)|g.random((2, 0))|g.hypergeometric(5, [6, 7], 3)|g.integers(10, dtype='float')|g.binomial([5, 6], 0.5, (3, 2))
r.random_sample()|r.random_sample(3)|r.rand(2, 2)|r.randn(3)|r.randint(10)|r.randint(0, 9, (2, 2))|r.randint([1, 2], 5)
r.choice(5, 3, False)|r.permutation(6)|r.tomaxint()|r.multinomial(9, [0.5, 0.5])|r.dirichlet([1, 2])|r.bytes(4).hex()
r.binomial(10, 0.5, 3)|r.uniform([0, 1], 2)|r.normal(size=4)|r.seed([])|r.seed(2**32)|r.exponential(-1)
list(SeedSequence(5).generate_state(4))|list(SeedSequence([1, 2**70], spawn_key=(3,)).generate_state(4, 'uint64'))
PCG64(3).random_raw()|list(MT19937(3).random_raw(4))|list(Philox(key=5).random_raw(3))|PCG64(3).state['state']['state']
list(MT19937(1).state['state']['key'])[:5]|RandomState([1, 2, 3]).randint(1000)|list(r.get_state()[1])[:3]
"""


def test_without_numpy_the_numbers_are_the_same():
    asked = lines(PLAIN)
    run = subprocess.run([sys.executable, "-c", WITHOUT], input=json.dumps(asked), capture_output=True, text=True, env=dict(os.environ))
    assert run.returncode == 0, run.stderr
    names = {name: getattr(np.random, name) for name in ("SeedSequence", "PCG64", "MT19937", "Philox", "RandomState")}
    for line, got in zip(asked, json.loads(run.stdout)):
        if line == "g.permuted([1, 2, 3])":
            line = "list(g.permutation([1, 2, 3]))"
        try:
            want = eval(line, dict(names, g=np.random.default_rng(5), r=np.random.RandomState(5)))
        except Exception as error:
            assert got == ["raised", type(error).__name__], line
            continue
        if isinstance(want, np.ndarray):
            kind, shape, flat = got
            assert np.dtype(kind) == want.dtype and flat == want.ravel().tolist(), line
            assert shape == list(want.shape) or not want.size, line
        elif isinstance(want, list):
            assert got == [int(item) for item in want], line
        else:
            assert got[1] == want and got[0] == {"int64": "int"}.get(type(want).__name__, type(want).__name__), line


def test_without_numpy_what_needs_it_says_so():
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from oneseed.numpy import default_rng\n"
        "import array\n"
        "g = default_rng(1)\n"
        "for call in (lambda: g.multivariate_normal([0], [[1]]), lambda: g.permuted([1], axis=0), lambda: g.shuffle([1, 2], axis=1)):\n"
        "    try:\n        call()\n    except (ImportError, NotImplementedError) as error:\n        print(type(error).__name__)\n"
        "x = array.array('d', range(5)); g.shuffle(x); print(sorted(x) == [0, 1, 2, 3, 4])\n"
        "out = array.array('d', [0] * 4); print(g.random(out=out) is out, all(0 < v < 1 for v in out))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.split() == ["ImportError", "NotImplementedError", "NotImplementedError", "True", "True", "True"], run.stderr
