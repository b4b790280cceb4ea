# seeding_torch.py - PyTorch's default generators, on all devices.
# SPDX-License-Identifier: MIT

imports = load("imports")
seeding = load("seeding")


def torch(module):
    # torch.manual_seed() reaches the CPU and, now or when it is first used, every device.
    seeding.add_global(
        "torch.default", "torch.manual_seed", module.manual_seed, lambda value: module.initial_seed() == value
    )
    original = module.random.seed

    def seed():
        value = seeding.unseeded("torch.default")
        if value is None:
            core.entropy_owner("torch.default")
            try:
                return original()
            finally:
                core.entropy_owner(None)
        seeding.give("torch.default", value)
        return value

    module.seed = module.random.seed = imports.like(original, seed)
