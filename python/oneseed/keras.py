"""Keras 3's random numbers on its four backends, from liboneseed: the same bits, without Keras and without a backend.

    from oneseed import keras
    keras.utils.set_random_seed(1); keras.random.normal((3,))       # as Keras does on TensorFlow
    keras.config.set_backend("jax")                                 # or "torch", "numpy"; KERAS_BACKEND counts, too
    keras.initializers.GlorotUniform(seed=3)((3, 4))
    dense = keras.layers.Dense(3); dense.build((None, 4)); dense.kernel     # initial weights
    keras.config.set_version("3.4.1")                               # the numbers of that release

Functions, arguments, defaults and errors are those of Keras 3.15; results are NumPy's arrays. As in Keras, set_random_seed() seeds
Python's and NumPy's global generators, and what gets no seed takes one from Python's; it seeds oneseed.tensorflow and, on the
torch backend, oneseed.torch as Keras seeds those.

NumPy is needed, nothing else is.
"""

# SPDX-License-Identifier: MIT
import random as _python_random
import sys as _sys

from . import _keras_config as config
from . import _keras_initializers as initializers
from . import _keras_layers as layers
from . import _keras_random as random
from ._arrays import np as _np

# from oneseed.keras.layers import Dense
for _name, _module in {"config": config, "initializers": initializers, "layers": layers, "random": random}.items():
    _sys.modules["%s.%s" % (__name__, _name)] = _module

__version__ = "3.15.1"  # of the Keras whose numbers are drawn where no other release is asked for


class utils:
    """keras.utils, as far as it seeds."""

    @staticmethod
    def set_random_seed(seed):
        """Seeds all that Keras seeds."""
        from . import tensorflow

        if not isinstance(seed, int):
            raise ValueError("Expected `seed` argument to be an integer. Received: seed=%s (of type %s)" % (seed, type(seed)))
        if config.drops_global_seed():
            random._forget_global()
        _python_random.seed(seed)
        _np.random.seed(seed)
        tensorflow.random.set_seed(seed)
        if config.backend() == "torch":
            from . import torch

            torch.manual_seed(seed)
