# draws.py - records seedings and draws of the known generators.
# SPDX-License-Identifier: MIT
#
# The hooks are in C (_core_draws.c and one file per library); here they are put in place when a library is imported.
imports = load("imports")


def install(the_core):
    # _random is executed before random.py makes the global generator.
    imports.after("_random", lambda module: core.hook_random_draws())
    imports.after("random", lambda module: core.name_generator(module._inst, "python.global"))
    imports.after("numpy.random.bit_generator", _numpy_base)
    for name, types in _bit_generators.items():
        imports.after("numpy.random." + name, lambda module, types=types: _numpy_types(module, types))
    imports.after("numpy.random.mtrand", _numpy_legacy)
    imports.after("numpy.random._generator", lambda module: _numpy_draws(module.Generator))
    imports.after("torch", lambda module: load("draws_torch").install(module))


# ---- NumPy ----

_bit_generators = {
    "_mt19937": ("MT19937",),
    "_pcg64": ("PCG64", "PCG64DXSM"),  # the second one from 1.21 on
    "_philox": ("Philox",),
    "_sfc64": ("SFC64",),
}
_not_draws = {"seed", "get_state", "set_state", "spawn"}


def _numpy_base(module):
    functions = vars(module.BitGenerator)
    _hook(functions, "random_raw", "draw")
    _hook(functions, "__setstate__", "set_state")


def _numpy_types(module, types):
    for name in types:
        kind = getattr(module, name, None)
        if kind is None:
            continue
        if not core.hook_numpy_type(kind):
            core.note("seedings of numpy.random.%s cannot be followed here" % name)
        if "_legacy_seeding" in vars(kind):
            _hook(vars(kind), "_legacy_seeding", "legacy_seeding")


def _numpy_legacy(module):
    core.name_generator(module._rand._bit_generator, "numpy.global")
    functions = vars(module.RandomState)
    _hook(functions, "set_state", "set_state")
    _hook(functions, "__setstate__", "set_state")
    _numpy_draws(module.RandomState)


def _numpy_draws(kind):
    for name, function in vars(kind).items():
        if name[0] != "_" and name not in _not_draws and callable(function):
            _hook(vars(kind), name, "draw")


def _hook(functions, name, role):
    if not core.hook_numpy_method(functions[name], name, role):
        core.note("numpy.random: draws by %s cannot be followed here" % name)
