"""jax.config for oneseed.jax: the options that change jax.random's numbers. See oneseed.jax."""

# SPDX-License-Identifier: MIT
import os
import threading

# Kinds of keys: the library's code, the short name in key<...>, and words.
IMPLS = {
    "philox2x32": (3, "phx2", 1),
    "philox4x32": (4, "phx4", 2),
    "threefry2x32": (0, "fry", 2),
    "rbg": (1, "rbg", 4),
    "unsafe_rbg": (2, "urbg", 4),
    "threefry4x32": (5, "fry4", 4),
}

_OPTIONS = ("jax_enable_x64", "jax_threefry_partitionable", "jax_default_prng_impl", "jax_random_seed_offset", "oneseed_jax_version",
            "oneseed_jax_cpu")  # fmt: skip
_ORIGINAL, _X64, _CPU, _VERSION = 1 << 4, 1 << 5, 1 << 6, 1 << 8  # bits of the number that the extension takes
_CPUS = {"avx512": 0, "avx2": 1}  # as oneseed_jax_cpu counts


def _this_cpu():
    """What XLA compiles for on this machine: it rounds float64's gammas otherwise with AVX-512 than without."""
    try:
        with open("/proc/cpuinfo") as file:
            return "avx512" if any(" avx512f " in line + " " for line in file if line.startswith("flags")) else "avx2"
    except OSError:
        return "avx2"


class _Settings:
    """All options at once. Never changed, only replaced. `bits` is what the extension takes, without the kind of key."""

    __slots__ = ("values", "x64", "impl", "offset", "bits")

    def __init__(self, values):
        version = values["oneseed_jax_version"]
        partitionable = values["jax_threefry_partitionable"]
        if partitionable is None:  # jax's default, which 0.5 changed
            partitionable = version == 0 or version >= 500
        self.values = dict(values, jax_threefry_partitionable=partitionable)
        self.x64, self.impl, self.offset = values["jax_enable_x64"], values["jax_default_prng_impl"], values["jax_random_seed_offset"]
        self.bits = (0 if partitionable else _ORIGINAL) | (_X64 if self.x64 else 0) | version * _VERSION
        self.bits |= _CPUS[values["oneseed_jax_cpu"]] * _CPU


def _flag(name, value):
    if isinstance(value, str):
        words = {"y": True, "yes": True, "t": True, "true": True, "on": True, "1": True}
        words.update({"n": False, "no": False, "f": False, "false": False, "off": False, "0": False})
        if value.lower() not in words:
            raise ValueError("invalid truth value %r for environment %r" % (value.lower(), name.upper()))
        return words[value.lower()]
    return bool(value)


def _version(value):
    """435 of "0.4.35", 1002 of "0.10.2"; 0, the newest that is known, of None."""
    if value is None or isinstance(value, int):
        return value or 0
    parts = value.split(".")
    if len(parts) < 2 or not all(part.isdigit() for part in parts[:3]):
        raise ValueError('oneseed_jax_version: want a release of JAX as "0.4.35", got %r' % (value,))
    major, minor, patch = [int(part) for part in (parts + ["0"])[:3]]
    return major * 10000 + minor * 100 + patch


def _checked(name, value):
    if name == "jax_threefry_partitionable" and value is None:
        return None  # the release's default
    if name in ("jax_enable_x64", "jax_threefry_partitionable"):
        return _flag(name, value)
    if name == "jax_random_seed_offset":
        return int(value)
    if name == "oneseed_jax_version":
        return _version(value)
    if name == "oneseed_jax_cpu":
        if value not in (None, *_CPUS):
            raise ValueError("oneseed_jax_cpu: want one of %s, got %r" % (list(_CPUS), value))
        return value or _this_cpu()
    if value not in IMPLS:
        raise ValueError("new enum value must be in %s, got %s of type %s." % (list(IMPLS), value, type(value)))
    return value


def _from_environment():
    values = {"jax_enable_x64": False, "jax_threefry_partitionable": None, "jax_default_prng_impl": "threefry2x32"}
    values.update({"jax_random_seed_offset": 0, "oneseed_jax_version": 0, "oneseed_jax_cpu": _this_cpu()})
    for name in _OPTIONS:
        if name.startswith("jax_") and name.upper() in os.environ:
            values[name] = _checked(name, os.environ[name.upper()])
    return values


class _Local(threading.local):
    """Of each thread: options inside of `with` blocks, and the settings made of them and of the `base` of all threads."""

    overrides = {}
    base = None
    settings = None


class _Config:
    """jax.config: options by attribute, and update()."""

    def __init__(self):
        self._values = _from_environment()
        self._base = _Settings(self._values)
        self._local = _Local()

    def _now(self):
        """The settings of this thread."""
        local = self._local
        if not local.overrides:
            return self._base
        if local.base is not self._base:
            local.base, local.settings = self._base, _Settings({**self._values, **local.overrides})
        return local.settings

    def update(self, name, value):
        """Sets an option for all threads. Options: jax_enable_x64, jax_threefry_partitionable, jax_default_prng_impl,
        jax_random_seed_offset; oneseed_jax_version, the release of JAX whose numbers are drawn ("0.4.35"); and oneseed_jax_cpu, the
        processor that XLA compiled for, "avx512" or "avx2" (by default this one), which float64's gammas depend on."""
        if name not in _OPTIONS:
            raise AttributeError("Unrecognized config option: %s" % name)
        values = dict(self._values)
        values[name] = _checked(name, value)
        self._values, self._base = values, _Settings(values)

    def __getattr__(self, name):
        if name in _OPTIONS:
            return self._now().values[name]
        raise AttributeError("%r object has no attribute %r" % (type(self).__name__, name))


config = _Config()


class _With:
    """with option(value): the option has it in this thread, inside of the block."""

    def __init__(self, name, value):
        self._change = {name: _checked(name, value)}

    def __enter__(self):
        local = config._local
        self._before = local.overrides
        local.overrides, local.base = {**local.overrides, **self._change}, None
        return self

    def __exit__(self, *exception):
        config._local.overrides, config._local.base = self._before, None
        return False


def enable_x64(new_val=True):
    """with enable_x64(): 64-bit types are there, as with jax_enable_x64."""
    return _With("jax_enable_x64", new_val)


def threefry_partitionable(new_val=True):
    """with threefry_partitionable(False): the original way to count, JAX's default before 0.5."""
    return _With("jax_threefry_partitionable", new_val)


def default_prng_impl(new_val):
    """with default_prng_impl("rbg"): the kind of key where none is named."""
    return _With("jax_default_prng_impl", new_val)
