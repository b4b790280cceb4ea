"""keras.config for oneseed.keras: the backend, the default dtype, and which Keras. See oneseed.keras."""

# SPDX-License-Identifier: MIT
import os
import struct

from . import _jax_config
from ._arrays import BFLOAT16, Dtype, np, table

BACKENDS = table(["tensorflow", "jax", "torch", "numpy"])  # as oneseed_keras_backend counts
DTYPES = [BFLOAT16, "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
_codes = table(DTYPES)  # as oneseed_keras_dtype counts
SEED_DTYPES = {"tensorflow": "int64", "jax": "uint32", "torch": "int32", "numpy": "uint32"}


class _Settings:
    """What set_backend() and the other functions set, for all threads."""

    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    floatx = os.environ.get("KERAS_FLOATX") or "float32"
    version = 0


def _has_fp16():
    """Whether this processor has AVX512-FP16, with which XLA divides float16 otherwise."""
    try:
        with open("/proc/cpuinfo") as file:
            return int(any(line.startswith("flags") and " avx512_fp16 " in line + " " for line in file))
    except OSError:
        return 0


_N_THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1  # of TensorFlow
_FP16 = _has_fp16()


def _check_backend(name):
    if name not in BACKENDS:
        raise ValueError("Unable to import backend : %s" % name)


_check_backend(_Settings.backend)


def backend():
    """The name of the backend whose numbers are drawn: "tensorflow", "jax", "torch" or "numpy"."""
    return _Settings.backend


def set_backend(backend):
    """Another backend, at once."""
    _check_backend(backend)
    _Settings.backend = backend


def floatx():
    """The default dtype of floats."""
    return _Settings.floatx


def set_floatx(value):
    """Another default dtype: "bfloat16", "float16", "float32" or "float64"."""
    if value not in ("bfloat16", "float16", "float32", "float64"):
        accepted = {"bfloat16", "float16", "float32", "float64"}
        raise ValueError("Unknown `floatx` value: %s. Expected one of %s" % (value, accepted))
    _Settings.floatx = value


def set_version(version):
    """The release of Keras whose numbers are drawn, as "3.4.1"; None is the newest that is known."""
    if version is None:
        _Settings.version = 0
        return
    parts = version.split(".")
    if len(parts) < 2 or not all(part.isdigit() for part in parts[:3]):
        raise ValueError('version: want a release of Keras as "3.4.1", got %r' % (version,))
    major, minor, patch = [int(part) for part in (parts + ["0"])[:3]]
    _Settings.version = major * 10000 + minor * 100 + patch


def drops_global_seed():
    """Whether set_random_seed() begins the global SeedGenerator anew."""
    return not _Settings.version or _Settings.version >= 31300


def which():
    """The settings as the extension takes them."""
    jax = _jax_config.config._now()
    name = _Settings.backend
    of_jax = (int(not jax.values["jax_threefry_partitionable"]), int(jax.x64)) if name == "jax" else (0, 0)
    backend_version = jax.values["oneseed_jax_version"] if name == "jax" else 0
    return struct.pack("8I", BACKENDS[name], _Settings.version, backend_version, *of_jax, 0, _N_THREADS, _FP16)


def as_dtype(dtype):
    """A dtype by its name, NumPy's or a backend's."""
    if dtype is None:
        dtype = _Settings.floatx
    name = getattr(dtype, "name", None) or (dtype if isinstance(dtype, str) else None)
    if name is None or name.split(".")[-1] not in _codes:
        try:
            name = np.dtype(dtype).name
        except TypeError:
            name = None
    name = name.split(".")[-1] if name else name
    if name not in _codes:
        raise ValueError("Invalid dtype: %s" % (dtype,))
    given = dtype if isinstance(dtype, np.dtype) else getattr(dtype, "as_numpy_dtype", None)
    numpy = np.dtype("uint16") if name == BFLOAT16 else np.dtype(name)
    return Dtype(name, np.dtype(given) if name == BFLOAT16 and given is not None else numpy, _codes[name])
