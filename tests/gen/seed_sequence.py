"""seed_sequence.py - writes tests/vectors/seed_sequence.txt from the installed NumPy: python seed_sequence.py > FILE

SPDX-License-Identifier: MIT
"""

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


print("# numpy.random.SeedSequence(entropy, spawn_key=key).generate_state(n), 32-bit words in hexadecimal.")
print(f"# Made by tests/gen/seed_sequence.py with NumPy {np.__version__}. Columns: entropy key state; - = no words.")
case = 0
for entropy in ENTROPIES:
    for key in KEYS:
        n = LENGTHS[case % len(LENGTHS)]
        case += 1
        state = np.random.SeedSequence(entropy, spawn_key=key).generate_state(n)
        print(text(words(entropy)), text(words(key)), text(state.tolist()))
for k, child in enumerate(np.random.SeedSequence(42).spawn(3)):  # a spawned child is its parent with a longer key
    for j, grandchild in enumerate(child.spawn(2)):
        print(text(words(42)), text([k, j]), text(grandchild.generate_state(8).tolist()))
