# draws.py - records seedings and draws of the known generators.
# SPDX-License-Identifier: MIT
#
# The hooks are in C (_core_draws.c and one file per library); here they are put in place when a library is imported.
imports = load("imports")


def install(the_core):
    # _random is executed before random.py makes the global generator.
    imports.after("_random", lambda module: the_core.hook_random_draws())
    imports.after("random", lambda module: the_core.name_generator(module._inst, "python.global"))
