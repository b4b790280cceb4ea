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
from . import _streams
from ._numpy_bits import MT19937, PCG64, PCG64DXSM, SFC64, BitGenerator, Philox, SeedSequence
from ._numpy_generator import Generator, default_rng
from ._numpy_legacy import RandomState

_rand = RandomState()


def set_num_threads(num_threads):
    """On how many threads large arrays of one call are drawn, 1 (the default) to 256: the same bits, sooner. Not NumPy's."""
    _streams._set_num_threads(1, num_threads)


def get_num_threads():
    """What set_num_threads() said, or 1."""
    return _streams._get_num_threads(1)


__all__ = [
    "BitGenerator", "Generator", "MT19937", "PCG64", "PCG64DXSM", "Philox", "RandomState", "SFC64", "SeedSequence", "default_rng",
    "get_bit_generator", "get_num_threads", "ranf", "sample", "seed", "set_bit_generator", "set_num_threads",
    "beta", "binomial", "bytes", "chisquare", "choice", "dirichlet", "exponential", "f", "gamma", "geometric", "get_state", "gumbel",
    "hypergeometric", "laplace", "logistic", "lognormal", "logseries", "multinomial", "multivariate_normal", "negative_binomial",
    "noncentral_chisquare", "noncentral_f", "normal", "pareto", "permutation", "poisson", "power", "rand", "randint", "randn", "random",
    "random_integers", "random_sample", "rayleigh", "set_state", "shuffle", "standard_cauchy", "standard_exponential", "standard_gamma",
    "standard_normal", "standard_t", "triangular", "uniform", "vonmises", "wald", "weibull", "zipf",
]

# The methods of one RandomState.
beta = _rand.beta
binomial = _rand.binomial
bytes = _rand.bytes
chisquare = _rand.chisquare
choice = _rand.choice
dirichlet = _rand.dirichlet
exponential = _rand.exponential
f = _rand.f
gamma = _rand.gamma
geometric = _rand.geometric
get_state = _rand.get_state
gumbel = _rand.gumbel
hypergeometric = _rand.hypergeometric
laplace = _rand.laplace
logistic = _rand.logistic
lognormal = _rand.lognormal
logseries = _rand.logseries
multinomial = _rand.multinomial
multivariate_normal = _rand.multivariate_normal
negative_binomial = _rand.negative_binomial
noncentral_chisquare = _rand.noncentral_chisquare
noncentral_f = _rand.noncentral_f
normal = _rand.normal
pareto = _rand.pareto
permutation = _rand.permutation
poisson = _rand.poisson
power = _rand.power
rand = _rand.rand
randint = _rand.randint
randn = _rand.randn
random = _rand.random
random_integers = _rand.random_integers
random_sample = _rand.random_sample
rayleigh = _rand.rayleigh
set_state = _rand.set_state
shuffle = _rand.shuffle
standard_cauchy = _rand.standard_cauchy
standard_exponential = _rand.standard_exponential
standard_gamma = _rand.standard_gamma
standard_normal = _rand.standard_normal
standard_t = _rand.standard_t
triangular = _rand.triangular
uniform = _rand.uniform
vonmises = _rand.vonmises
wald = _rand.wald
weibull = _rand.weibull
zipf = _rand.zipf


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
