# own_seeds_others.py - the program's own seeds of PyTorch, TensorFlow, Keras, JAX and CuPy.
# SPDX-License-Identifier: MIT
import sys

imports = load("imports")
own_seeds = load("own_seeds")

_TORCH = 1 << 64
_SIGNED = 1 << 63


def _wrap(owner, name, limit, *others):
    """A function in the place of owner.name whose first argument, the seed, may become another; also in `others`."""
    original = getattr(owner, name, None)
    if original is None:
        return

    def function(seed, *args, **kwargs):
        return original(_other(seed, limit, sys._getframe(1)), *args, **kwargs)

    imports.like(original, function)
    for place in (owner, *others):
        if getattr(place, name, None) is original:
            setattr(place, name, function)


def _other(seed, limit, frame):
    number = own_seeds.index(seed)
    other = None if number is None else own_seeds.shifted(number, limit, frame)
    return seed if other is None else other


def torch(module):
    """torch.manual_seed() may reach a device only when that is first used, so the functions are changed and not what they
    call; a torch.Generator of the program's own is seeded by its method."""
    _wrap(module.random, "manual_seed", _TORCH, module)
    for name in ("manual_seed", "manual_seed_all"):
        _wrap(module.cuda.random, name, _TORCH, module.cuda)
    cuda = module.cuda

    def manual_seed(generator, seed):
        number = own_seeds.index(seed)
        if number is None or any(generator is other for other in cuda.default_generators):
            return None
        return own_seeds.shifted(number, _TORCH, sys._getframe(1))

    if not core.hook_seed(vars(module._C.Generator)["manual_seed"], "manual_seed", manual_seed):
        core.note("torch.Generator.manual_seed: seeds of the program's own are left as they are here")


def tensorflow(module):
    _wrap(module.random, "set_seed", _SIGNED)


def jax(module):
    for name in ("key", "PRNGKey"):
        _wrap(module, name, _SIGNED, sys.modules.get("jax._src.random"))


def cupy(module):
    original = module.RandomState.seed

    def seed(self, seed=None):
        return original(self, _other(seed, 1 << 32, sys._getframe(1)))

    module.RandomState.seed = imports.like(original, seed)


def keras_generator(module):
    _wrap_constructor(module.SeedGenerator, "_initial_seed")


def keras_initializer(module):
    _wrap_constructor(module.RandomInitializer, "_init_seed")


def _wrap_constructor(kind, attribute):
    """The seed that the object says it was given (get_config()) stays the program's: copies are made from it."""
    original = kind.__init__

    def __init__(self, seed=None, *args, **kwargs):
        other = _other(seed, 1 << 31, sys._getframe(1))
        original(self, other, *args, **kwargs)
        if other is not seed:
            setattr(self, attribute, seed)

    imports.like(original, __init__)
    imports.keep_signature(__init__)
    kind.__init__ = __init__


parts = {
    "torch": torch,
    "tensorflow": tensorflow,
    "jax.random": jax,
    "cupy.random._generator": cupy,
    "keras.src.random.seed_generator": keras_generator,
    "keras.src.initializers.random_initializers": keras_initializer,
}
