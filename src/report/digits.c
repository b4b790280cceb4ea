/* digits.c - numbers for people: as many digits as are worth reading.
 * SPDX-License-Identifier: MIT */
#include "report/digits.h"

#include <math.h>   /* log10 */
#include <string.h> /* strspn */

#include "common/array.h" /* text_format */

enum { DECIMALS_MOST = 9, DIGITS_LEAST = 3, DIGITS_MOST = 17, DIGITS_ALONE = 9, PLAIN_FROM = 8, ZEROS_MOST = 5 };

struct digits digits_of(double spread, double largest)
{
    struct digits digits = {-1, DIGITS_ALONE, false};
    if (!(spread > 0) || !isfinite(spread))
        return digits;
    const double decimals = 1 - floor(log10(spread));
    const double most = ceil(log10(fmax(fabs(largest) / spread, 1))) + 2;
    digits.most = (int)fmin(DIGITS_MOST, fmax(DIGITS_LEAST, most));
    const bool plain = fabs(largest) < 1e9 || (fabs(largest) < 1e15 && digits.most >= PLAIN_FROM);
    if (decimals <= DECIMALS_MOST && plain)
        digits.decimals = decimals > 0 ? (int)decimals : 0;
    return digits;
}

/* Is a value below two digits of the spread? */
static bool is_small(struct digits digits, double value)
{
    return fabs(value) < 10 * pow(10, -digits.decimals);
}

struct digits digits_widened(struct digits digits, double low, double high, double middle)
{
    const bool near_zero = low * high >= 0 && is_small(digits, fmin(fabs(low), fabs(high)));
    digits.small = digits.decimals >= 0 && (near_zero || middle < 5 * pow(10, -digits.decimals));
    return digits;
}

char *digits_text(struct digits digits, double value)
{
    if (isnan(value))
        return text_copy("nan");
    if (digits.decimals < 0)
        return text_format("%.*g", digits.most, value);
    if (digits.small && (is_small(digits, value) || digits.decimals > ZEROS_MOST))
        return text_format("%.3g", value);
    char *text = text_format("%.*f", digits.decimals, value);
    if (text[0] == '-' && strspn(text + 1, "0.") == strlen(text + 1)) /* no -0.00 */
        memmove(text, text + 1, strlen(text));
    return text;
}
