/* digits.h - numbers for people: as many digits as are worth reading.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_REPORT_DIGITS_H
#define ONESEED_REPORT_DIGITS_H

#include <stdbool.h> /* bool */

/* How the values of one spread are written: two digits of it. */
struct digits {
    int decimals; /* -1: too large or too small for plain digits */
    int most;     /* then: so many that tell the values apart */
    bool small;   /* values far below the spread have digits of their own */
};

/* largest: of the numbers that are written. */
struct digits digits_of(double spread, double largest);
/* Where values cover orders of magnitude, decimals that fit the spread leave nothing of the small ones: of values from low to high, and
 * `middle`, the distance of their quartiles (nan: not known). */
struct digits digits_widened(struct digits digits, double low, double high, double middle);
/* The caller frees it. */
char *digits_text(struct digits digits, double value);

#endif
