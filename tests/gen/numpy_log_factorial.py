"""Prints src/dialects/numpy_log_factorial.c: log(k!) for k < 126, correctly rounded, as NumPy's table has it.

    tests/gen/numpy_log_factorial.py >src/dialects/numpy_log_factorial.c
    tests/gen/numpy_log_factorial.py --compare logfactorial.c        # of numpy/random/src/distributions, 1.18 to 2.5
"""

import math
import re
import sys
from decimal import Decimal, getcontext

getcontext().prec = 60
values = [float(Decimal(math.factorial(k)).ln()) for k in range(126)]

if sys.argv[1:2] == ["--compare"]:
    body = re.search(r"logfact\[\] = \{(.*?)\};", open(sys.argv[2]).read(), re.S).group(1)
    equal = values == [float(word) for word in body.split(",") if word.strip()]
    print("equal" if equal else "different")
    sys.exit(not equal)

print("""/* numpy_log_factorial.c - log(k!) as NumPy's hypergeometric has it. Made by tests/gen/numpy_log_factorial.py.
 * SPDX-License-Identifier: MIT */
#include "dialects/numpy_generator.h"

#include <math.h> /* log */

/* clang-format off */
static const double table[126] = {""")
for start in range(0, 126, 5):
    print("    " + " ".join("%s," % value.hex() for value in values[start : start + 5]))
print("""};
/* clang-format on */

/* Stirling's series beyond the table. libm: log. */
double numpy_log_factorial(int64_t k)
{
    if (k < (int64_t)(sizeof table / sizeof *table))
        return table[k];
    double x = (double)k;
    return (x + 0.5) * log(x) - x + (0.9189385332046728 + (1.0 / x) * (1 / 12.0 - 1 / (360.0 * x * x)));
}""")
