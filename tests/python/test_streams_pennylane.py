"""test_streams_pennylane.py - oneseed.pennylane against the live PennyLane: the shots of circuits whose probabilities are exact."""

# SPDX-License-Identifier: MIT
import json
import os
import subprocess

import frameworks_beside
import numpy as np
import pytest

from oneseed import pennylane as qml

# Runs in the interpreter of the frameworks: circuits on live devices and the same shots of ours.
BESIDE = """
import json, warnings
import numpy as np, jax, pennylane as live
from oneseed import jax as our_jax, pennylane as ours
warnings.simplefilter("ignore")
answers = []

def circuits(device, shots, measure):
    @live.set_shots(shots)
    @live.qnode(device)
    def bell():
        live.Hadamard(0), live.CNOT([0, 1])
        return measure(wires=[0, 1])

    @live.set_shots(shots)
    @live.qnode(device)
    def spread():
        live.Hadamard(0), live.Hadamard(1)
        return measure(wires=[0, 1])

    return bell, spread

def beside(what, name, live_seed, our_seed=None, **options):
    np.random.seed(9)
    device = live.device(name, wires=2, **({} if live_seed is None else {"seed": live_seed}), **options)
    np.random.seed(9)
    mine = ours.device(name, 2, **({} if live_seed is None else {"seed": live_seed if our_seed is None else our_seed}), **options)
    exact = [np.asarray(circuit()) for circuit in circuits(live.device(name, wires=2, **options), None, live.probs)]
    bell, spread = circuits(device, 500, live.sample)
    for k in range(6):
        want = np.asarray(spread() if k % 2 else bell())
        got = mine.sample(exact[k % 2], 500)
        answers.append([what, k, bool(want.tolist() == got.tolist())])

beside("an integer", "default.qubit", 42)
beside("global", "default.qubit", None)
beside("a key", "default.qubit", jax.random.key(5), our_jax.random.key(5))
beside("an old key", "default.qubit", jax.random.PRNGKey(5), our_jax.random.PRNGKey(5))
beside("a generator", "default.qubit", np.random.default_rng(3), np.random.default_rng(3))
for dtype in (np.complex128, np.complex64):
    beside("lightning", "lightning.qubit", 42, c_dtype=dtype)
beside("lightning, global", "lightning.qubit", None)
print(json.dumps(answers))
"""


def test_as_pennylane():
    environment = {**os.environ, "PYTHONPATH": str(frameworks_beside.PACKAGE)}
    done = subprocess.run([frameworks_beside.PYTHON, "-c", BESIDE], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    answers = json.loads(done.stdout.splitlines()[-1])
    assert len(answers) == 48 and [answer for answer in answers if not answer[2]] == []


def test_computed_numbers():
    device = qml.device("default.qubit", wires=2, seed=42)
    assert device.states([0.5, 0, 0, 0.5], 10).tolist() == [3, 0, 3, 3, 0, 3, 3, 3, 0, 0]
    assert device.states([0.5, 0, 0, 0.5], 10).tolist() == [0, 3, 3, 3, 0, 0, 3, 0, 3, 3]
    assert qml.device("default.qubit", wires=2, seed=42).counts([0.5, 0, 0, 0.5], 10) == {"00": 4, "11": 6}
    assert qml.device("lightning.qubit", wires=2, seed=42).states([0.5, 0, 0, 0.5], 10).tolist() == [3, 0, 3, 3, 3, 0, 0, 0, 0, 3]


def test_workers_have_generators_of_their_own():
    device = qml.device("default.qubit", wires=1, seed=3, max_workers=2)
    generator = np.random.default_rng(3)
    seeds = generator.integers(2**31 - 1, size=2)
    want = [np.random.default_rng(seed).choice(2, 50, p=[0.5, 0.5]).tolist() for seed in seeds]
    assert [states.tolist() for states in device.execute([[0.5, 0.5]] * 2, 50)] == want
    generator = np.random.default_rng(generator.integers(2**31 - 1))
    seeds = generator.integers(2**31 - 1, size=1)
    assert device.states([0.5, 0.5], 50).tolist() == np.random.default_rng(seeds[0]).choice(2, 50, p=[0.5, 0.5]).tolist()


def test_what_is_refused():
    device = qml.device("default.qubit", wires=1, seed=3)
    with pytest.raises(ValueError, match="^probabilities do not sum to 1$"):
        device.states([0.5, 0.6], 3)
    with pytest.raises(ValueError, match="want 2 of them"):
        device.states([0.5, 0.25, 0.25], 3)
    with pytest.raises(ValueError, match='want "global"'):
        qml.device("default.qubit", wires=1, seed="x")
    with pytest.raises(NotImplementedError):
        qml.device("default.mixed", wires=1)
    with pytest.raises(TypeError, match="^Unsupported complex type: float32$"):
        qml.device("lightning.qubit", wires=1, c_dtype="float32")
