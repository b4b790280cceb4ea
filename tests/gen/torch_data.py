"""torch_data.py - writes tests/vectors/torch_data.txt: the order of samplers and loaders, random_split, seeds of workers.

    python tests/gen/torch_data.py > tests/vectors/torch_data.txt
    python tests/gen/torch_data.py > tests/vectors/torch_data_1.13.txt    (with PyTorch 1.13.1)

Needs PyTorch alone. SPDX-License-Identifier: MIT
"""

import platform
import random
import struct

import torch
from torch.utils import data
from torch.utils.data._utils import worker

HEAD = """# PyTorch %s, %s %s: torch.utils.data after torch.manual_seed(seed); lists are hexadecimal.
# Made by: python tests/gen/torch_data.py
# sampler seed kind has_generator n_data num_samples replacement shuffle drop_last num_replicas,rank,seed,epoch weights indices following:
#   the indices of one pass, and the next 32 bits of the default generator; a generator is torch.Generator().manual_seed(seed + 1)
# loader seed has_generator n_data base_seeds indices following: three epochs of DataLoader(shuffle=True), one after the other
# split seed n_data lengths(bits of doubles) lengths indices following
# worker base_seed worker_id seed numpy_seeds"""


def hexes(values):
    return ",".join("%x" % (value & 0xFFFFFFFFFFFFFFFF) for value in values) or "-"


def doubles(values):
    return hexes(struct.unpack("<Q", struct.pack("<d", value))[0] for value in values)


def following():
    return "%x" % torch.empty((), dtype=torch.int32).random_(0, 2**20).item()


def generator_of(seed, has_generator):
    return torch.Generator().manual_seed(seed + 1) if has_generator else None


def sampler(r):
    seed, kind, has_generator, n = r.getrandbits(48), r.randrange(1, 5), r.randrange(2), r.choice((1, 5, 31, 64, 100))
    num_samples, replacement, shuffle, drop_last = 0, r.randrange(2), r.randrange(2), r.randrange(2)
    replicas = r.choice((1, 3, 8))
    numbers = replicas, r.randrange(replicas), r.getrandbits(20), r.randrange(9)
    weights, indices = [], []
    torch.manual_seed(seed)
    generator = generator_of(seed, has_generator)
    if kind == 1:
        num_samples = r.choice((0, n, 7, 2 * n, 2 * n + 3, 33))
        made = data.RandomSampler(range(n), bool(replacement), num_samples or None, generator)
    elif kind == 2:
        indices = [r.randrange(1000) for _ in range(n)]
        made = data.SubsetRandomSampler(indices, generator)
    elif kind == 3:
        weights = [r.random() for _ in range(n)]
        num_samples = r.randint(1, 2 * n if replacement else n)
        made = data.WeightedRandomSampler(weights, num_samples, bool(replacement), generator)
    else:
        made = data.DistributedSampler(range(n), *numbers[:2], bool(shuffle), numbers[2], bool(drop_last))
        made.set_epoch(numbers[3])
    order = hexes(made)
    fields = (seed, kind, has_generator, n, num_samples, replacement, shuffle, drop_last)
    print("sampler", *("%x" % x for x in fields), hexes(numbers), doubles(weights), hexes(indices), order, following())


def loader(r):
    seed, has_generator, n = r.getrandbits(48), r.randrange(2), r.choice((1, 5, 64, 100))
    torch.manual_seed(seed)
    made = data.DataLoader(range(n), 8, shuffle=True, generator=generator_of(seed, has_generator), collate_fn=list)
    base_seeds, order = [], []
    for _ in range(3):
        iterator = iter(made)
        base_seeds.append(iterator._base_seed)
        order += [i for batch in iterator for i in batch]
    print("loader %x %x %x" % (seed, has_generator, n), hexes(base_seeds), hexes(order), following())


def split(r):
    seed, n = r.getrandbits(48), r.choice((0, 1, 10, 100))
    lengths = r.choice(([0.8, 0.2], [0.7, 0.2, 0.1], [1 / 3] * 3, [0.1] * 10, [n], [n // 2, n - n // 2]))
    torch.manual_seed(seed)
    parts = data.random_split(range(n), lengths)
    order = [i for part in parts for i in part.indices]
    print("split %x %x" % (seed, n), doubles(lengths), hexes(map(len, parts)), hexes(order), following())


def seeds(r):
    base_seed, worker_id = r.getrandbits(r.choice((31, 63))), r.randrange(64)
    print(
        "worker %x %x %x" % (base_seed, worker_id, base_seed + worker_id),
        hexes(worker._generate_state(base_seed, worker_id)),
    )


if __name__ == "__main__":
    print(HEAD % (torch.__version__.split("+")[0], platform.system(), platform.machine()))
    numbers = random.Random(1)
    for make, n_cases in ((sampler, 120), (loader, 20), (split, 30), (seeds, 30)):
        for _ in range(n_cases):
            make(numbers)
