"""The shots of PennyLane's devices, from liboneseed: the same samples as the simulators draw, from probabilities that are given.

    from oneseed import pennylane as qml
    device = qml.device("default.qubit", wires=2, seed=42)
    device.sample([0.5, 0, 0, 0.5], shots=10)                   # what qml.sample() gives for a Bell state
    device.states([0.5, 0, 0, 0.5], shots=10)                   # the same as numbers of states

There are no circuits here: the probabilities of all states come from the caller, wire 0 being the highest bit. Each call is an
execution of one circuit that measures one group of commuting observables; execute() takes several circuits. Devices are those of
PennyLane 0.45: "default.qubit", whose seed is an integer, "global" (NumPy's global generator, the default), a Generator or a key of
oneseed.jax, and "lightning.qubit".

NumPy is needed, PennyLane is not.
"""

# SPDX-License-Identifier: MIT
import operator

from . import _streams
from ._arrays import np
from .numpy import Generator, default_rng

__version__ = "0.45.1"  # of the PennyLane whose shots are drawn


def device(name, wires, *, seed="global", c_dtype=None, max_workers=None):
    """A device: "default.qubit" or "lightning.qubit", with a number of wires."""
    if name == "default.qubit":
        return DefaultQubit(wires, seed, max_workers)
    if name == "lightning.qubit":
        return LightningQubit(wires, seed, "complex128" if c_dtype is None else getattr(c_dtype, "__name__", str(c_dtype)))
    raise NotImplementedError("device %s: oneseed.pennylane knows default.qubit and lightning.qubit" % name)


def _is_key(seed):
    return type(seed).__name__ == "PRNGKeyArray" or getattr(seed, "dtype", None) == np.uint32


class _Device:
    def __init__(self, wires):
        self.n_wires = operator.index(wires) if not hasattr(wires, "__len__") else len(wires)

    def states(self, probabilities, shots):
        """An execution of one circuit: for each shot the number of the state."""
        return self.execute([probabilities], shots)[0]

    def sample(self, probabilities, shots):
        """The same as bits, a row for each shot, a column for each wire."""
        states = self.states(probabilities, shots)
        return states[:, None] >> np.arange(self.n_wires - 1, -1, -1) & 1

    def counts(self, probabilities, shots):
        """The same as a dictionary: how often each state came, by its bits."""
        found, numbers = np.unique(self.states(probabilities, shots), return_counts=True)
        return {format(state, "0%db" % self.n_wires): number for state, number in zip(found.tolist(), numbers)}

    def _probabilities(self, given):
        numbers = np.ascontiguousarray(given, np.float64)
        if numbers.shape != (2**self.n_wires,):
            raise ValueError("probabilities: want %d of them, got shape %s" % (2**self.n_wires, numbers.shape))
        return numbers


class DefaultQubit(_Device):
    """default.qubit: each circuit draws from the device's own generator, or from keys that are split off the device's key."""

    def __init__(self, wires, seed, max_workers=None):
        super().__init__(wires)
        self._key, self._generator, self._max_workers = None, None, max_workers
        if isinstance(seed, str):
            if seed != "global":
                raise ValueError("seed: want \"global\", an integer, a Generator or a key, got %r" % seed)
            seed = np.random.randint(0, high=10000000)
        if _is_key(seed):
            self._key = seed
        else:
            self._generator = seed if isinstance(seed, (Generator, np.random.Generator)) else default_rng(seed)

    def execute(self, circuits, shots):
        """Circuits in one batch, each given by its probabilities: the states of each."""
        circuits = [self._checked(probabilities) for probabilities in circuits]
        if self._key is not None:
            return self._execute_with_key(circuits, shots)
        if self._max_workers is None:
            return [_choose(self._generator, probabilities, shots) for probabilities in circuits]
        seeds = self._generator.integers(2**31 - 1, size=len(circuits))
        self._generator_after_workers()
        return [_choose(default_rng(int(seed)), probabilities, shots) for seed, probabilities in zip(seeds, circuits)]

    def _generator_after_workers(self):
        self._generator = default_rng(int(self._generator.integers(2**31 - 1)))

    def _execute_with_key(self, circuits, shots):
        from . import _jax_random as jax

        made, key = [], self._key
        for probabilities in circuits:
            key, of_circuit = jax.split(key)
            _, measured = jax.split(of_circuit)  # the other one is for operations
            _, of_group = jax.split(measured)
            of_sample, _ = jax.split(of_group)
            _, last = jax.split(of_sample)
            made.append(jax.choice(last, len(probabilities), (shots,), p=probabilities).astype(np.int64))
        return made

    def _checked(self, given):
        numbers = self._probabilities(given)
        total = np.sum(numbers)
        if abs(total - 1) > 1e-6:
            raise ValueError("probabilities do not sum to 1")
        return numbers / total


def _choose(generator, probabilities, shots):
    return np.asarray(generator.choice(len(probabilities), shots, p=probabilities))


class LightningQubit(_Device):
    """lightning.qubit: each circuit seeds a generator of C++ with a number of the device's generator."""

    def __init__(self, wires, seed, c_dtype):
        super().__init__(wires)
        if c_dtype not in ("complex64", "complex128"):
            raise TypeError("Unsupported complex type: %s" % c_dtype)
        self._is_complex64 = c_dtype == "complex64"
        if isinstance(seed, str) and seed == "global":
            seed = np.random.randint(2**31 - 1)
        self._generator = default_rng(seed)

    def execute(self, circuits, shots):
        """Circuits one after the other, each given by its probabilities: the states of each."""
        return [self._draw(self._probabilities(probabilities), shots) for probabilities in circuits]

    def _draw(self, probabilities, shots):
        seed, out = int(self._generator.integers(0, 2**31 - 1)), np.empty(shots, np.int64)
        _streams._pennylane_lightning(seed, self._is_complex64, probabilities, out)
        return out
