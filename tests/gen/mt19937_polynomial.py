"""mt19937_polynomial.py - prints the tables in src/engines/mt19937_jump.c and src/dialects/numpy_jump_table.c: python mt19937_polynomial.py

SPDX-License-Identifier: MIT

The characteristic polynomial of MT19937's recurrence, from the formula in appendix A of Matsumoto and Nishimura, "Mersenne
Twister", 1998, with w, n, m, r = 32, 624, 397, 31 and the matrix a; and x^(2^128) modulo it, NumPy's jump. A polynomial over
GF(2) is a Python integer here.
"""

N, M, R, MATRIX = 624, 397, 31, 0x9908B0DF


def product(a, b):
    out = 0
    while b:
        low = b & -b
        out ^= a * low
        b ^= low
    return out


def power(a, n):
    out = 1
    for _ in range(n):
        out = product(out, a)
    return out


far, near = 1 << N | 1 << M, 1 << (N - 1) | 1 << (M - 1)
polynomial = product(far, power(near, R))
for i in range(R):
    if MATRIX >> i & 1:
        polynomial ^= product(far, power(near, R - 1 - i))
polynomial ^= MATRIX >> R & 1
exponents = [k for k in range(polynomial.bit_length()) if polynomial >> k & 1]
assert exponents[-1] == 19937
text = "".join(f"{k}," + ("\n" if i % 16 == 15 else " ") for i, k in enumerate(exponents[:-1]))
print(f"{len(exponents) - 1} exponents below 19937:\n{text}")

jump = 2
for _ in range(128):
    jump = int(f"{jump:b}", 4)  # the square: zeros between the bits
    while (over := jump.bit_length() - polynomial.bit_length()) >= 0:
        jump ^= polynomial << over
words = [f"0x{jump >> 64 * k & 2**64 - 1:016x}," for k in range(312)]
print(f"x^(2^128), degree {jump.bit_length() - 1}, {jump.bit_count()} terms:")
print("\n".join(" ".join(words[k : k + 6]) for k in range(0, 312, 6)))
