# seeding_others.py - the global seeds of TensorFlow, Keras, CuPy and the old gym.
# SPDX-License-Identifier: MIT
#
# gymnasium, scikit-learn and PennyLane draw through NumPy (SeedSequence, np.random) and need nothing here. JAX has no
# global generator: a key cannot be made without a seed.
imports = load("imports")
seeding = load("seeding")


def tensorflow(module):
    seeding.add_global("tensorflow.global", "tf.random.set_seed", module.random.set_seed)


def keras(module):
    """keras.utils.set_random_seed() seeds random, NumPy and the backend, which we have done where they were imported, and
    may have been seeded by the program since; what is Keras's own is the seed that it remembers."""
    try:
        from keras.src.backend.common import global_state
    except ImportError:
        return  # Keras 2 and the first of Keras 3 remember none: unseeded layers draw from `random`

    seeding.add_global(
        "keras.global",
        "keras.utils.set_random_seed",
        lambda value: global_state.set_global_attribute("global_random_seed", value),
    )


def cupy(module):
    """A RandomState without a seed takes it from the OS; the first one on a device is that device's global generator."""
    original = module.RandomState.seed
    known = set()

    def seed(self, seed=None):
        if seed is None:
            device = module.cuda.Device().id
            if device not in known and seeding.active():
                known.add(device)
                seed = seeding.global_seed("cupy.global")
            else:
                seed = seeding.unseeded("cupy.RandomState")
        return original(self, seed)

    module.RandomState.seed = imports.like(original, seed)


def gym(module):
    """gym before 0.22 takes seeds of its environments from os.urandom()."""
    original = getattr(module, "create_seed", None)
    if original is None:
        return

    def create_seed(a=None, max_bytes=8):
        value = seeding.unseeded("gym.np_random") if a is None else None
        return original(a, max_bytes) if value is None else value % 2 ** (8 * max_bytes)

    module.create_seed = imports.like(original, create_seed)
