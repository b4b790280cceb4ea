"""PyTorch's random numbers on the CPU, from liboneseed: the same bits, also those of another release or CPU, without torch.

    from oneseed import torch
    torch.manual_seed(17); torch.randn(5)             # as PyTorch's lines do
    g = torch.Generator(1); torch.rand(3, generator=g)    # as with torch.Generator().manual_seed(1)
    torch.Generator(1, version="2.6.0", cpu="avx2")   # as PyTorch 2.6.0 draws on a processor with AVX2

Functions, arguments, defaults and errors are torch's; what is refused has drawn nothing. Results are of the class Array:
torch.from_dlpack(array) and numpy.asarray(array) share their memory. Where torch takes a tensor, these take an Array, a tensor of
torch's or of another library (by DLPack), or a buffer such as NumPy's arrays; `out=` fills any of them in place. dtypes are names,
torch.float32 is "torch.float32"; torch's own dtypes are taken, too.

Neither torch nor NumPy is needed. Calls from several threads are safe: each generator has a lock, and many numbers are drawn without
the GIL.
"""

# SPDX-License-Identifier: MIT
import builtins as _builtins

from . import _streams
from . import _torch_data as _data
from . import _torch_distributions as distributions  # noqa: F401
from . import _torch_nn as nn  # noqa: F401
from ._torch_print import set_printoptions  # noqa: F401

__version__ = "2.13.0"  # of the PyTorch whose stream is drawn where no other release is asked for

globals().update(_streams.torch)
Array = _streams.torch["Array"]
Generator = _streams.torch["Generator"]

# torch's other names of the dtypes.
float = _streams.torch["float32"]
double = _streams.torch["float64"]
half = _streams.torch["float16"]
short = _streams.torch["int16"]
int = _streams.torch["int32"]
int64 = _streams.torch["int64"]
long = _streams.torch["int64"]
strided = "torch.strided"
preserve_format = "torch.preserve_format"

_default = _streams.torch["default_generator"]
_empty = _streams.torch["empty"]


# ---- the default generator ----


def manual_seed(seed):
    """Seeds the default generators, of the CPU and of CUDA; seed: -2**63 to 2**64 - 1. The CPU's generator."""
    _streams.torch["_default_cuda"].manual_seed(_builtins.int(seed))
    return _default.manual_seed(_builtins.int(seed))


def seed():
    """Seeds the default generator with a number from the system, which it gives back."""
    return _default.seed()


def initial_seed():
    """The number the default generator was seeded with."""
    return _default.initial_seed()


def get_rng_state():
    """The state of the default generator: torch's 5056 bytes, an Array of uint8."""
    return _default.get_state()


def set_rng_state(new_state):
    """Sets the state of the default generator: an Array, torch's tensor, bytes or another buffer."""
    _default.set_state(new_state)


# ---- threads ----


def set_num_threads(num_threads):
    """On how many threads large arrays are drawn, 1 (the default) to 256: the same bits, sooner. torch's own threads draw nothing."""
    _streams._set_num_threads(0, num_threads)


def get_num_threads():
    """What set_num_threads() said, or 1."""
    return _streams._get_num_threads(0)


class fork_rng:
    """with fork_rng(): the default generator is afterwards as it was before."""

    def __init__(self, devices=None, enabled=True):
        self._enabled = enabled

    def __enter__(self):
        self._state = _default.get_state() if self._enabled else None
        return self

    def __exit__(self, *exception):
        if self._enabled:
            _default.set_state(self._state)
        return False


# ---- arrays ----


def tensor(data, *, dtype=None, device=None, requires_grad=False):
    """An Array with a copy of numbers in nested lists or tuples, of a tensor, or of a buffer."""
    _plain(device, requires_grad)
    return _streams.torch["_tensor"](data, dtype)


def as_tensor(data, dtype=None, device=None):
    """data as an Array: over the same memory where it has some and the dtype is its own, else a copy."""
    _plain(device, False)
    if isinstance(data, (list, tuple, _builtins.int, _builtins.float)):
        return tensor(data, dtype=dtype)
    array = _streams.torch["_as_array"](data)
    return array if dtype is None or _empty(0, dtype=dtype).dtype == array.dtype else tensor(array, dtype=dtype)


def zeros(*size, **options):
    """An Array of zeros; arguments as those of empty()."""
    return _empty(*size, **options).zero_()


def ones(*size, **options):
    """An Array of ones; arguments as those of empty()."""
    return _empty(*size, **options).fill_(1)


def full(size, fill_value, **options):
    """An Array of one value. Its dtype is the value's, if none is given: int64, bool or the default dtype."""
    kind = type(fill_value)
    if options.get("dtype") is None and kind is not _builtins.float:
        options["dtype"] = int64 if kind is _builtins.int else tensor(fill_value).dtype
    return _empty(size, **options).fill_(fill_value)


def zeros_like(input, **options):
    """Zeros of the shape, dtype and layout of an array."""
    return _streams.torch["empty_like"](input, **options).zero_()


def ones_like(input, **options):
    """Ones of the shape, dtype and layout of an array."""
    return _streams.torch["empty_like"](input, **options).fill_(1)


def is_tensor(obj):
    """Whether it is an Array."""
    return isinstance(obj, Array)


def _plain(device, requires_grad):
    _empty(0, device=device, requires_grad=requires_grad)


# ---- dropout, as torch has it beside torch.nn.functional ----


def _dropout(kind, input, p, train, inplace, generator):
    if p < 0 or p > 1:
        raise RuntimeError("dropout probability has to be between 0 and 1, but got %g" % p)
    return _streams.torch["_dropout"](kind, input, p, train, inplace, generator)


def dropout(input, p, train, *, generator=None):
    """Zeros with probability p, the rest larger by 1 / (1 - p)."""
    return _dropout(0, input, p, train, False, generator)


def dropout_(input, p, train, *, generator=None):
    """dropout() in place."""
    return _dropout(0, input, p, train, True, generator)


def alpha_dropout(input, p, train, *, generator=None):
    """Dropout that keeps mean and variance behind SELU."""
    return _dropout(1, input, p, train, False, generator)


def alpha_dropout_(input, p, train, *, generator=None):
    """alpha_dropout() in place."""
    return _dropout(1, input, p, train, True, generator)


def feature_dropout(input, p, train, *, generator=None):
    """Dropout of whole channels."""
    return _dropout(2, input, p, train, False, generator)


def feature_dropout_(input, p, train, *, generator=None):
    """feature_dropout() in place."""
    return _dropout(2, input, p, train, True, generator)


def feature_alpha_dropout(input, p, train, *, generator=None):
    """alpha_dropout() of whole channels."""
    return _dropout(4, input, p, train, False, generator)


def feature_alpha_dropout_(input, p, train, *, generator=None):
    """feature_alpha_dropout() in place."""
    return _dropout(4, input, p, train, True, generator)


def native_dropout(input, p, train, *, generator=None):
    """(values, mask); it draws for p 0 and 1, too."""
    array = _streams.torch["_as_array"](input)
    if not array.numel():
        return array, _streams.torch["empty_like"](array)
    if train is not None and not train:
        return array.clone(), ones_like(array, dtype="bool")
    return _streams.torch["_native_dropout"](array, p, generator)


def rrelu(input, lower=1.0 / 8, upper=1.0 / 3, training=False, *, generator=None):
    """Values that are not positive times a random slope, in training."""
    return _streams.torch["_rrelu"](input, lower, upper, training, False, generator)


# ---- for pickle ----


def _rebuild_array(data, shape, dtype):
    array = _empty(shape, dtype=dtype)
    array._set_bytes(data)
    return array


def _rebuild_generator(device, version, cpu, mkl, gpu, cuda, state):
    if device == "cpu":
        generator = Generator(version=version or None, cpu=cpu, mkl=_builtins.bool(mkl))
    else:
        cuda = "%d.%d" % (cuda // 1000, cuda % 1000 // 10) if cuda else None
        generator = Generator(device=device, version=version or None, gpu=gpu if gpu[0] else None, cuda=cuda)
    return generator.set_state(state)


class _Utils:
    """torch.utils, as far as it draws."""

    data = _data


utils = _Utils
