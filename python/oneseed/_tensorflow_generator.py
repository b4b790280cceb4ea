"""tf.random.Generator for oneseed.tensorflow."""

# SPDX-License-Identifier: MIT
import os
import struct

from . import _streams
from ._arrays import np
from ._tensorflow_core import (
    AUTO_SELECT, FLOAT32, INT32, PHILOX, THREEFRY, UINT64, InvalidArgumentError, NotFoundError, UnimplementedError, algorithm, as_dtype,
    broadcast_shapes, c_name, integer, invalid, known_algorithm, new_place, shape_of, shape_text, tensor,
)  # fmt: skip
from ._tensorflow_draws import (
    BINOMIAL, full_integers, normals, of_attribute, rejected, samples_shape, uniform_floats, uniform_integers,
)  # fmt: skip

_reserve = _streams._tensorflow_reserve
_SPAN = 2**64


def _signed(number):
    return number - _SPAN if isinstance(number, int) and number >= 2**63 else number


def _int64(value):
    """Numbers of a state."""
    if isinstance(value, (list, tuple)):
        value = [_signed(item) for item in value]
    array = np.asarray(tensor(_signed(value)))
    if array.dtype.kind == "O":
        raise UnimplementedError("Cast string to int64 is not supported [Op:Cast]")
    return array.astype(np.int64)


def _state_size(alg):
    return 2 if known_algorithm(alg) == THREEFRY else 3


def _check(shape, size):
    if shape != size:
        raise ValueError("Shapes %s and %s are incompatible" % (shape, list(size)))


def create_rng_state(seed, alg):
    """The state of a generator with that seed: an integer of any size, or numbers of 64 bits."""
    size = _state_size(algorithm(alg))
    if isinstance(seed, int):
        seed = [_signed(seed >> 64 * k & _SPAN - 1) for k in range(size)]
    numbers = _int64(seed).reshape(-1)[:size]
    return np.concatenate([np.zeros(size - len(numbers), np.int64), numbers])


class Generator:
    """A generator with a state of its own: tf.random.Generator."""

    def __init__(self, copy_from=None, state=None, alg=None):
        if copy_from is not None:
            assert (alg or state) is None
            self._alg, self._numbers, self._place = copy_from._alg, copy_from._numbers, new_place(copy_from._place)
            return
        assert alg is not None and state is not None
        self._alg = algorithm(alg)
        self.reset(state)

    @classmethod
    def from_state(cls, state, alg):
        """A generator with that state."""
        return cls(alg=alg, state=state)

    @classmethod
    def from_seed(cls, seed, alg=None):
        """A generator with a seed: an integer of any size."""
        alg = PHILOX if alg is None else algorithm(alg)
        return cls(state=create_rng_state(seed, alg), alg=alg)

    @classmethod
    def from_non_deterministic_state(cls, alg=None):
        """A generator with a state of the system's."""
        alg = PHILOX if alg is None else algorithm(alg)
        size = _state_size(alg)
        return cls(state=list(struct.unpack("%dq" % size, os.urandom(8 * size))), alg=alg)

    @classmethod
    def from_key_counter(cls, key, counter, alg):
        """A generator with that key and counter."""
        made = cls(state=[0] * _state_size(algorithm(alg)), alg=alg)
        made.reset_from_key_counter(key, counter)
        return made

    def reset(self, state):
        """Sets the state."""
        numbers = _int64(state)
        _check(numbers.shape, (_state_size(self._alg),))
        self._numbers = None if numbers.size == 3 else numbers  # of an algorithm that nothing is drawn with
        words = struct.pack("qqq", *numbers.tolist()) if numbers.size == 3 else bytes(24)
        self._place = new_place(words[16:] + words[:16])  # the key first

    def reset_from_seed(self, seed):
        """Sets the state of that seed."""
        self.reset(create_rng_state(seed, self._alg))

    def reset_from_key_counter(self, key, counter):
        """Sets key and counter."""
        counter, key = _int64(counter), _int64(key)
        _check(counter.shape, (_state_size(self._alg) - 1,))
        _check(key.shape, ())
        self.reset(np.concatenate([counter, key.reshape(1)]))

    @property
    def state(self):
        """The counter's two numbers, then the key: an array of int64."""
        if self._numbers is not None:
            return self._numbers.copy()
        words = bytes(self._place)
        return np.frombuffer(words[8:] + words[:8], np.int64).copy()

    @property
    def key(self):
        return self.state[-1]

    @property
    def algorithm(self):
        return self._alg

    def skip(self, delta):
        """Forward as if `delta` numbers had been drawn; the state before."""
        self._usable()
        before = self.state
        _reserve(self._place, int(delta) % _SPAN)
        return before

    def _usable(self):
        if self._alg not in (PHILOX, AUTO_SELECT):
            raise UnimplementedError("Non-XLA devices don't support the ThreeFry algorithm. [Op:RngReadAndSkip]")

    def _shape(self, operation, shape):
        """A generator moves before its operation looks at the shape."""
        self._usable()
        given = tensor(shape) if not isinstance(shape, (tuple, list)) or len(shape) else np.zeros(0, np.int32)
        if given.ndim != 1:
            _reserve(self._place, int(given.prod()) % _SPAN)
            raise invalid(operation, "shape must be a vector of {int32,int64}, got shape %s", shape_text(given.shape))
        return shape_of(operation, shape)[0]

    def normal(self, shape, mean=0.0, stddev=1.0, dtype=FLOAT32, name=None):
        """Normals."""
        return self._normals("StatelessRandomNormalV2", shape, mean, stddev, dtype, False)

    def truncated_normal(self, shape, mean=0.0, stddev=1.0, dtype=FLOAT32, name=None):
        """Normals that are at most two standard deviations from the mean."""
        return self._normals("StatelessTruncatedNormalV2", shape, mean, stddev, dtype, True)

    def _normals(self, operation, shape, mean, stddev, dtype, is_truncated):
        found = as_dtype(dtype)
        mean, stddev = tensor(mean, found), tensor(stddev, found)
        return normals(self._place, True, self._shape(operation, shape), found, mean, stddev, is_truncated)

    def uniform(self, shape, minval=0, maxval=None, dtype=FLOAT32, name=None):
        """Uniform from minval up to, not including, maxval; integers of all values with both None."""
        found = as_dtype(dtype)
        if found.is_integer:
            if (minval is None) != (maxval is None):
                raise ValueError(
                    "For integer dtype %s, minval and maxval must be both `None` or both non-`None`; got minval=%s and maxval=%s"
                    % (found, minval, maxval)
                )
        elif maxval is None:
            maxval = 1
        if found.is_integer and minval is None:
            return self.uniform_full_int(shape, dtype)
        if found.is_integer:
            operation = "StatelessRandomUniformIntV2"
            minval, maxval = integer(minval, found), integer(maxval, found)
            if found.name not in ("int32", "int64"):
                raise NotFoundError("Could not find device for node: {{node %s}}" % operation)
            extents = self._shape(operation, shape)
            before = new_place(self._place)
            _reserve(self._place, int(np.prod(extents, dtype=np.int64)))
            return uniform_integers(before, False, extents, found, minval, maxval, operation)
        minval, maxval = tensor(minval, found), tensor(maxval, found)
        return uniform_floats(self._place, True, self._shape("StatelessRandomUniformV2", shape), found, minval, maxval)

    def uniform_full_int(self, shape, dtype=UINT64, name=None):
        """Integers of all values."""
        found = as_dtype(dtype)
        return full_integers(self._place, True, self._shape("StatelessRandomUniformFullIntV2", shape), found)

    def binomial(self, shape, counts, probs, dtype=INT32, name=None):
        """Successes in `counts` trials of probability `probs`, all of one floating dtype."""
        operation, found = "StatefulRandomBinomial", as_dtype(dtype)
        counts, probs = tensor(counts), tensor(probs)
        self._usable()
        if counts.dtype.name not in ("float16", "float32", "float64"):
            raise InvalidArgumentError("No OpKernel was registered to support Op '%s'" % operation)
        if counts.dtype.name != probs.dtype.name:
            raise InvalidArgumentError(
                "cannot compute %s as input #4(zero-based) was expected to be a %s tensor but is a %s tensor [Op:%s]"
                % (operation, c_name(counts.dtype.name), c_name(probs.dtype.name), operation)
            )
        of_attribute("dtype", found.name, ("float16", "float32", "float64", "int32", "int64"))
        if self._alg != PHILOX:
            raise invalid(operation, "Unsupported algorithm id: %d", self._alg)
        sets = broadcast_shapes("BroadcastArgs", counts.shape, probs.shape)
        extents = samples_shape(operation, shape_of(operation, shape)[0], sets)
        counts, probs = np.broadcast_to(counts, sets), np.broadcast_to(probs, sets)
        return rejected(BINOMIAL, self._place, True, extents, found, counts, probs, as_dtype(probs.dtype))

    def make_seeds(self, count=1):
        """Seeds for stateless operations, in columns."""
        keys = self.uniform_full_int([count], "int64")
        return np.stack([keys, np.zeros_like(keys)])

    def split(self, count=1):
        """New generators, each of a key of its own."""
        zeros = [0] * (_state_size(self._alg) - 1)
        return [Generator(state=[*zeros, key], alg=self._alg) for key in self.uniform_full_int([count], "int64").tolist()]


_global = None


def get_global_generator():
    """The generator of all of the program, at first with a state of the system's."""
    global _global
    if _global is None:
        _global = Generator.from_non_deterministic_state()
    return _global


def set_global_generator(generator):
    """Puts another in its place."""
    global _global
    _global = generator
