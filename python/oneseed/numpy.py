"""NumPy's `numpy.random`, from liboneseed: the same numbers, also those of another release of NumPy, and faster.

    from oneseed.numpy import RandomState, default_rng
    RandomState(1).random_sample(3)            # as np.random.RandomState(1).random_sample(3)
    default_rng(1).standard_normal(3)          # as np.random.default_rng(1).standard_normal(3)
    bits = PCG64(1); bits.version = "1.26"     # as NumPy 1.26 draws
    seed(17); randn(3)                         # as np.random.seed(17); np.random.randn(3)

Arguments, defaults, broadcasting and errors are NumPy's. Where NumPy is installed, results are its arrays; without it they are
memoryviews of the same kind and shape over memory of their own, parameters may be nested sequences, and multivariate_normal, which
needs LAPACK, and arguments along axes are refused. Calls from several threads are safe: every bit generator has a lock, and the
numbers are drawn without the GIL.
"""

# SPDX-License-Identifier: MIT
from ._numpy_bits import MT19937, PCG64, PCG64DXSM, SFC64, BitGenerator, Philox, SeedSequence
from ._numpy_generator import Generator, default_rng
from ._numpy_legacy import RandomState

_rand = RandomState()

_FUNCTIONS = [
    "beta", "binomial", "bytes", "chisquare", "choice", "dirichlet", "exponential", "f", "gamma", "geometric", "get_state", "gumbel",
    "hypergeometric", "laplace", "logistic", "lognormal", "logseries", "multinomial", "multivariate_normal", "negative_binomial",
    "noncentral_chisquare", "noncentral_f", "normal", "pareto", "permutation", "poisson", "power", "rand", "randint", "randn", "random",
    "random_integers", "random_sample", "rayleigh", "set_state", "shuffle", "standard_cauchy", "standard_exponential", "standard_gamma",
    "standard_normal", "standard_t", "triangular", "uniform", "vonmises", "wald", "weibull", "zipf",
]
globals().update((name, getattr(_rand, name)) for name in _FUNCTIONS)


def seed(seed=None):
    """Seeds the RandomState behind the functions."""
    if isinstance(_rand._bit_generator, MT19937):
        return _rand.seed(seed)
    _rand.set_state(type(_rand._bit_generator)(seed).state)


def get_bit_generator():
    """The bit generator behind the functions."""
    return _rand._bit_generator


def set_bit_generator(bitgen):
    """Puts another bit generator behind the functions."""
    _rand._use(bitgen)


def sample(*args, **kwargs):
    """random_sample()."""
    return _rand.random_sample(*args, **kwargs)


def ranf(*args, **kwargs):
    """random_sample()."""
    return _rand.random_sample(*args, **kwargs)


__all__ = [
    "BitGenerator", "Generator", "MT19937", "PCG64", "PCG64DXSM", "Philox", "RandomState", "SFC64", "SeedSequence", "default_rng",
    "get_bit_generator", "ranf", "sample", "seed", "set_bit_generator",
]
__all__ += _FUNCTIONS
