"""mt19937_polynomial.py - prints the exponents in src/engines/mt19937_jump.c: python mt19937_polynomial.py

SPDX-License-Identifier: MIT

The characteristic polynomial of MT19937's recurrence, from the formula in appendix A of Matsumoto and Nishimura, "Mersenne
Twister", 1998, with w, n, m, r = 32, 624, 397, 31 and the matrix a. A polynomial over GF(2) is a Python integer here.
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
