"""sha512_constants.py - prints the constants in src/engines/sha512.c: python sha512_constants.py

SPDX-License-Identifier: MIT

FIPS 180-4, 4.2.3 and 5.3.5: the first 64 bits of the fractional parts of the cube roots of the first 80 primes, and of the
square roots of the first 8.
"""


def root(value, degree):
    low, high = 0, 1 << (value.bit_length() // degree + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= value else (low, middle)
    return low


primes = [n for n in range(2, 420) if all(n % d for d in range(2, n))][:80]
for degree, some in ((2, primes[:8]), (3, primes)):
    words = [root(prime << (64 * degree), degree) % 2**64 for prime in some]
    print("".join(f"0x{word:016x}," + ("\n" if i % 4 == 3 else " ") for i, word in enumerate(words)))
