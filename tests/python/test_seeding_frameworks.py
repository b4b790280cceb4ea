# test_seeding_frameworks.py - TensorFlow, Keras, JAX and PennyLane under `oneseed run`, in an environment that knows nothing of oneseed.
# SPDX-License-Identifier: MIT
import os
import pathlib
import subprocess

import pytest
from tool import TOOL

PYTHON = str(pathlib.Path(__file__).parents[2] / ".venv-frameworks/bin/python")
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""}

TENSORFLOW = """
import tensorflow as tf
if SEED is not None:
    tf.random.set_seed(SEED)
print("uniform", tf.random.uniform([3]).numpy().tolist())
print("normal", tf.random.normal([3]).numpy().tolist())
print("shuffle", list(tf.data.Dataset.range(20).shuffle(20).as_numpy_iterator()))
print("dropout", tf.nn.dropout(tf.ones([12]), 0.5).numpy().tolist())
print("function", tf.function(lambda: tf.random.uniform([2]))().numpy().tolist())
"""
KERAS = """
import keras, numpy as np
if SEED is not None:
    keras.utils.set_random_seed(SEED)
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
model.compile("adam", "mse")
rng = np.random.RandomState(0)
x, y = rng.rand(64, 4), rng.rand(64)
print("loss", model.fit(x, y, epochs=2, batch_size=16, verbose=0).history["loss"])
print("normal", np.asarray(keras.random.normal((3,))).tolist())
"""
JAX = """
import random, jax
key = jax.random.key(SEED if SEED is not None else random.randrange(2**31))
print("normal", jax.random.normal(key, (3,)).tolist())
"""
PENNYLANE = """
import pennylane as qml, numpy as np
if SEED is not None:
    np.random.seed(SEED)
device = qml.device("default.qubit", wires=1)
@qml.set_shots(20)
@qml.qnode(device)
def flips():
    qml.Hadamard(0)
    return qml.sample()
print("shots", flips().ravel().tolist())
"""
SCRIPTS = {"tensorflow": TENSORFLOW, "keras": KERAS, "jax": JAX, "pennylane": PENNYLANE}


def printed(tmp_path, name, seed=None, root=None, options=()):
    path = tmp_path / f"use_{name}.py"
    path.write_text(f"SEED = {seed}\n{SCRIPTS[name]}")
    command = [PYTHON, str(path)]
    if root is not None:
        command = [TOOL, "run", "--level", "seeds", "--seed", str(root), *options, "--", *command]
    done = subprocess.run(command, env={**os.environ, **QUIET}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", SCRIPTS)
def test_unseeded_it_repeats_and_follows_the_root_seed(tmp_path, name):
    one = printed(tmp_path, name, root=5)
    assert one == printed(tmp_path, name, root=5)
    assert one != printed(tmp_path, name, root=6)


def test_the_root_seed_is_what_set_seed_would_be_given(tmp_path):
    """Not so for Keras: it takes its seeds from `random`, and importing TensorFlow draws from that."""
    assert printed(tmp_path, "tensorflow", root=5) == printed(tmp_path, "tensorflow", seed=5)


@pytest.mark.parametrize("name", SCRIPTS)
def test_recording_leaves_a_seeded_script_alone(tmp_path, name):
    assert printed(tmp_path, name, seed=3) == printed(tmp_path, name, seed=3, root=9, options=["--record", str(tmp_path / "trace")])
