"""JAX's random numbers, from liboneseed: the same bits, without JAX.

    from oneseed import jax
    key = jax.random.key(0); jax.random.normal(key, (3,))       # as JAX's lines do
    jax.random.PRNGKey(0)                                       # keys as arrays of uint32 are taken, too
    jax.config.update("jax_enable_x64", True)                   # or with jax.enable_x64(): ...
    jax.config.update("oneseed_jax_version", "0.4.35")          # the numbers that this release draws

Functions, arguments, defaults and errors are those of JAX 0.10; results are NumPy's arrays of JAX's shapes and dtypes. A dtype is
a name, NumPy's or one of ml_dtypes; "bfloat16" by name gives the bits of the values, as uint16. Numbers are those of JAX on a CPU,
where jitted code draws as other code does. The options are jax_enable_x64, jax_threefry_partitionable,
jax_default_prng_impl and jax_random_seed_offset, also from the environment, as JAX takes them.

NumPy is needed, JAX is not. Calls from several threads are safe.
"""

# SPDX-License-Identifier: MIT
import sys as _sys

from . import _jax_random as random
from ._jax_config import config, default_prng_impl, enable_x64, threefry_partitionable  # noqa: F401

_sys.modules[__name__ + ".random"] = random  # import oneseed.jax.random as jr

__version__ = "0.10.2"  # of the JAX whose numbers are drawn where no other release is asked for
