# seeding_torch.py - PyTorch's default generators, on all devices.
# SPDX-License-Identifier: MIT

seeding = load("seeding")


def install(name, torch):
    # torch.manual_seed() reaches the CPU and, now or when it is first used, every device.
    seeding.add_global("torch.default", torch.manual_seed, lambda value: torch.initial_seed() == value)
    original = torch.random.seed

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

    seed.__doc__ = original.__doc__
    seed.__module__ = original.__module__
    seed.__qualname__ = original.__qualname__
    torch.seed = torch.random.seed = seed
