"""Prints src/dialects/numpy_ziggurat_tables.c: NumPy's ziggurats for normals and exponentials, f64 and f32, 256 layers each.

They are constructed (Marsaglia and Tsang 2000; Doornik 2005 for the layers): x[255] is where the tail begins, v the area of a layer,
and f(x[i]) = f(x[i + 1]) + v / x[i + 1]. NumPy's tables were made in four ways, which decide last bits: three in exact arithmetic,
the normal of f64 in doubles, with one value of f (number 38) that is one double higher than the correctly rounded one.

    tests/gen/numpy_ziggurat.py >src/dialects/numpy_ziggurat_tables.c
    tests/gen/numpy_ziggurat.py --compare ziggurat_constants.h        # of numpy/random/src/distributions, 1.17 to 2.5
"""

import math
import re
import struct
import sys
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, getcontext

getcontext().prec = 60
NORMAL_R = Decimal("3.6541528853610087963519472518")
EXPONENTIAL_R = Decimal("7.6971174701310497140446280481")
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")


def erfc(x):
    """By its continued fraction (Abramowitz and Stegun 7.1.14), from the far end."""
    tail = x
    for k in range(3000, 0, -1):
        tail = x + Decimal(k) / 2 / tail
    return (-x * x).exp() / PI.sqrt() / tail


def normal_f(x):
    return (-x * x / 2).exp()


def exponential_f(x):
    return (-x).exp()


def layers(start, v, f, inverse):
    x = [None] * 256
    x[255] = start
    for i in range(254, 0, -1):
        x[i] = inverse(f(x[i + 1]) + v / x[i + 1])
    return x


def exact_normal():
    v = NORMAL_R * normal_f(NORMAL_R) + (PI / 2).sqrt() * erfc(NORMAL_R / Decimal(2).sqrt())
    return v, layers(NORMAL_R, v, normal_f, lambda y: (-2 * y.ln()).sqrt())


def exact_exponential():
    v = (EXPONENTIAL_R + 1) * exponential_f(EXPONENTIAL_R)
    return v, layers(EXPONENTIAL_R, v, exponential_f, lambda y: -y.ln())


def nearest(value):
    return int(value.to_integral_value(ROUND_HALF_EVEN))


def f32(value):
    """By way of nine decimal digits, as NumPy's tables were written."""
    return struct.unpack("<f", struct.pack("<f", float("%.8e" % value)))[0]


def exponential_f64():
    v, x = exact_exponential()
    f = exponential_f
    even_floor = lambda ratio: 2 * int((ratio * 2**52).to_integral_value(ROUND_FLOOR))
    k = [even_floor(EXPONENTIAL_R * f(EXPONENTIAL_R) / v), 0] + [even_floor(x[i - 1] / x[i]) for i in range(2, 256)]
    w = [float(v / f(EXPONENTIAL_R) / 2**53)] + [float(x[i] / 2**53) for i in range(1, 256)]
    return k, w, [1.0] + [float(f(x[i])) for i in range(1, 256)]


def exponential_f32():
    v, x = exact_exponential()
    f = exponential_f
    k = [nearest(EXPONENTIAL_R * f(EXPONENTIAL_R) / v * 2**23), 0]
    k += [nearest(x[i - 1] / x[i] * 2**23) for i in range(2, 256)]
    w = [f32(v / f(EXPONENTIAL_R) / 2**23)] + [f32(x[i] / 2**23) for i in range(1, 256)]
    return k, w, [1.0] + [f32(f(x[i])) for i in range(1, 256)]


def normal_f32():
    v, x = exact_normal()
    f = normal_f
    k = [nearest(NORMAL_R * f(NORMAL_R) / v * 2**23), 0] + [nearest(x[i - 1] / x[i] * 2**23) for i in range(2, 256)]
    single = lambda value: struct.unpack("<f", struct.pack("<f", float(value)))[0]
    w = [single(v / f(NORMAL_R) / 2**23)] + [single(x[i] / 2**23) for i in range(1, 256)]
    return k, w, [1.0] + [single(f(x[i])) for i in range(1, 256)]


def normal_f64():
    """In doubles; exp and log correctly rounded."""
    exp = lambda value: float(Decimal(value).exp())
    log = lambda value: float(Decimal(value).ln())
    v = 0.0049286732339746519
    x, f = [0.0] * 256, [1.0] * 256
    x[255] = float(NORMAL_R)
    f[255] = exp(-0.5 * x[255] * x[255])
    for i in range(254, 0, -1):
        x[i] = math.sqrt(-2 * log(f[i + 1] + v / x[i + 1]))
        f[i] = exp(-0.5 * x[i] * x[i])
        if i == 38:
            f[i] = math.nextafter(f[i], 2.0)
    k = [round(x[255] * f[255] / v * 2.0**52), 0] + [round(x[i - 1] / x[i] * 2.0**52) for i in range(2, 256)]
    return k, [v / f[255] / 2.0**52] + [x[i] / 2.0**52 for i in range(1, 256)], f


def all_tables():
    """(our name, NumPy's, C type, values)"""
    for name, letter, suffix, numbers in (
        ("normal", "i", "double", normal_f64()),
        ("normal", "i", "float", normal_f32()),
        ("exponential", "e", "double", exponential_f64()),
        ("exponential", "e", "float", exponential_f32()),
    ):
        integer = "uint64_t" if suffix == "double" else "uint32_t"
        for part, values in zip("kwf", numbers):
            size = "f64" if suffix == "double" else "f32"
            yield "numpy_%s_%s_%s" % (name, part, size), part + letter + "_" + suffix, integer if part == "k" else suffix, values


def compare(path):
    text = open(path).read()
    wrong = 0
    for name, theirs, ctype, values in all_tables():
        body = re.search(r"\b%s\[\] = \{(.*?)\};" % theirs, text, re.S).group(1)
        numbers = [word.strip() for word in body.split(",") if word.strip()]
        if ctype[0] == "u":
            numbers = [int(word.rstrip("UL"), 16) for word in numbers]
        elif ctype == "double":
            numbers = [float(word) for word in numbers]
        else:
            numbers = [struct.unpack("<f", struct.pack("<f", float(word.rstrip("Ff"))))[0] for word in numbers]
        different = [i for i in range(256) if numbers[i] != values[i]]
        wrong += len(different) + abs(len(numbers) - 256)
        print("%s = %s: %s" % (name, theirs, "equal" if not different else "different at %s" % different))
    return 1 if wrong else 0


def literal(value, ctype):
    if ctype == "uint64_t":
        return "0x%014xu" % value
    if ctype == "uint32_t":
        return "0x%06xu" % value
    mantissa, exponent = value.hex().split("p")
    mantissa = mantissa.rstrip("0") if "." in mantissa else mantissa
    return mantissa.rstrip(".") + "p" + exponent + ("f" if ctype == "float" else "")


def main():
    if sys.argv[1:2] == ["--compare"]:
        return compare(sys.argv[2])
    print("/* numpy_ziggurat_tables.c - the layers of NumPy's ziggurats. Made by tests/gen/numpy_ziggurat.py.")
    print(" * SPDX-License-Identifier: MIT */")
    print('#include "dialects/numpy_ziggurat.h"')
    print("\n/* clang-format off */")
    for name, _, ctype, values in all_tables():
        print("const %s %s[256] = {" % (ctype, name))
        line = "   "
        for value in values:
            word = " " + literal(value, ctype) + ","
            if len(line) + len(word) > 120:
                print(line)
                line = "   "
            line += word
        print(line + "\n};")
    print("/* clang-format on */")
    return 0


if __name__ == "__main__":
    sys.exit(main())
