"""seed_sequence.py - writes tests/vectors/seed_sequence.txt and seed_sequence_pool.txt: python seed_sequence.py FOLDER

SPDX-License-Identifier: MIT
"""

import pathlib
import sys

import numpy as np

ENTROPIES = [
    0, 1, 2, 17, 42, 2**31, 2**32 - 1, 2**32, 2**64 - 1, 2**64, 2**96 + 5, 2**127 + 3, 2**128 - 1, 2**128,
    2**200 - 1, 3**300, [0], [0, 0], [1, 0], [1, 0, 0, 0, 0], [1, 2, 3, 4], [1, 2, 3, 4, 5], [2**40, 0, 7], [],
    list(range(100)),
]
KEYS = [(), (0,), (1,), (0, 0), (3, 1, 4, 1, 5), (2**32 - 1,), (2**40, 2), tuple(range(20))]
LENGTHS = [0, 1, 2, 4, 5, 8, 17]


def words(value):
    """The 32-bit words of an integer or a sequence, least significant first, as NumPy's _coerce_to_uint32_array."""
    if isinstance(value, (list, tuple)):
        return [word for item in value for word in words(item)]
    out = [value & 0xFFFFFFFF]
    while value := value >> 32:
        out.append(value & 0xFFFFFFFF)
    return out


def text(numbers):
    return ",".join(f"{number:08x}" for number in numbers) or "-"


folder = pathlib.Path(sys.argv[1])
with open(folder / "seed_sequence.txt", "w") as file:
    print("# numpy.random.SeedSequence(entropy, spawn_key=key).generate_state(n), 32-bit words in hexadecimal.", file=file)
    print(f"# Made by tests/gen/seed_sequence.py with NumPy {np.__version__}. Columns: entropy key state; - = no words.", file=file)
    case = 0
    for entropy in ENTROPIES:
        for key in KEYS:
            n = LENGTHS[case % len(LENGTHS)]
            case += 1
            state = np.random.SeedSequence(entropy, spawn_key=key).generate_state(n)
            print(text(words(entropy)), text(words(key)), text(state.tolist()), file=file)
    for k, child in enumerate(np.random.SeedSequence(42).spawn(3)):  # a spawned child is its parent with a longer key
        for j, grandchild in enumerate(child.spawn(2)):
            print(text(words(42)), text([k, j]), text(grandchild.generate_state(8).tolist()), file=file)

with open(folder / "seed_sequence_pool.txt", "w") as file:
    print("# numpy.random.SeedSequence(entropy, spawn_key=key, pool_size=P): its pool, generate_state(n, uint64). Hexadecimal.", file=file)
    print(f"# Made by tests/gen/seed_sequence.py with NumPy {np.__version__}. Columns: entropy key pool state; - = no words.", file=file)
    for case, entropy in enumerate(ENTROPIES):
        for k, size in enumerate((4, 5, 8, 32)):
            key = KEYS[(case + k) % len(KEYS)]
            sequence = np.random.SeedSequence(entropy, spawn_key=key, pool_size=size)
            state = sequence.generate_state(LENGTHS[case % len(LENGTHS)], np.uint64).tolist()
            state_text = ",".join(f"{n:016x}" for n in state) or "-"
            print(text(words(entropy)), text(words(key)), text(sequence.pool.tolist()), state_text, file=file)
