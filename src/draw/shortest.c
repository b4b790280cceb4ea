/* shortest.c - the shortest decimal that reads back as the same float, and Python's way to write it.
 * SPDX-License-Identifier: MIT
 *
 * glibc's printf and strtod round correctly (ties to even) at every length, so the shortest is found by trying. Where the float is
 * a power of two its lower neighbour is nearer than its upper one, and the nearest decimal of a length may miss while the next
 * one above hits. */
#include <math.h>   /* frexp, isnan, nextafter */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* strtod, strtof */
#include <string.h> /* memcpy, strlen */

#include "draw/vm.h"

/* The float16 next to x > 0, as a double; 65536 stands for what rounds to infinity. */
static double half_neighbour(double x, int direction)
{
    int exponent;
    double fraction = frexp(x, &exponent); /* in [0.5, 1) */
    int unit = exponent - 11 < -24 ? -24 : exponent - 11;
    if (direction < 0 && fraction == 0.5 && unit > -24)
        unit--;
    return x + direction * ldexp(1, unit);
}

static bool reads_back(const char *text, double x, int width)
{
    if (width == 64)
        return strtod(text, NULL) == x;
    if (width == 32)
        return strtof(text, NULL) == (float)x;
    /* At most 5 digits decide, so the double of the text is on the same side of the halfway point. */
    double d = strtod(text, NULL), low = (x + half_neighbour(x, -1)) / 2, high = (x + half_neighbour(x, 1)) / 2;
    int exponent;
    bool even = fmod(ldexp(frexp(x, &exponent), 11), 2) == 0;
    if (x < 6.103515625e-05) /* subnormal: units of 2^-24 */
        even = fmod(ldexp(x, 24), 2) == 0;
    return (d > low && d < high) || (even && (d == low || d == high));
}

static void format_digits(double x, int n, char *text, size_t size)
{
    (void)snprintf(text, size, "%.*e", n - 1, x);
}

/* One more in the last digit of "D.DDDe+XX". */
static void next_above(char *text, size_t size, int n)
{
    char *e = strchr(text, 'e');
    int exponent = atoi(e + 1);
    char digits[32] = "";
    int k = 0;
    for (char *c = text; c < e; c++)
        if (*c != '.')
            digits[k++] = *c;
    int i = n - 1;
    while (i >= 0 && digits[i] == '9')
        digits[i--] = '0';
    if (i >= 0) {
        digits[i]++;
    } else {
        memmove(digits + 1, digits, (size_t)n - 1);
        digits[0] = '1';
        exponent++;
    }
    (void)snprintf(text, size, "%c.%.*se%d", digits[0], n - 1, digits + 1, exponent);
}

int shortest_digits(double x, int width, char *digits_out, int *point_out)
{
    const int longest = width == 64 ? 17 : width == 32 ? 9 : 5;
    int exponent;
    bool power_of_two = frexp(x, &exponent) == 0.5;
    char text[48], best[48];
    /* Lengths at which the nearest decimal reads back are not always an upper set, but below 15, 6 and 3 digits a decimal that
     * reads back is the only one near, so the search begins there and goes down only from a hit. */
    int sure = width == 64 ? 15 : width == 32 ? 6 : 3, n = sure;
    format_digits(x, n, text, sizeof text);
    if (reads_back(text, x, width)) {
        memcpy(best, text, sizeof best);
        /* Trailing zeros of the nearest decimal of 15 digits are what is left when fewer digits are enough. */
    } else {
        for (n = sure + 1; n <= longest; n++) {
            format_digits(x, n, text, sizeof text);
            if (reads_back(text, x, width))
                break;
            if (power_of_two) {
                next_above(text, sizeof text, n);
                if (reads_back(text, x, width))
                    break;
            }
        }
        memcpy(best, text, sizeof best);
    }
    /* Subnormals carry fewer digits: a shorter decimal may do although its zeros do not show. */
    double least_normal = width == 64 ? 2.2250738585072014e-308 : width == 32 ? 1.17549435e-38 : 6.103515625e-05;
    for (int k = 1; x < least_normal && k <= sure; k++) {
        format_digits(x, k, text, sizeof text);
        if (reads_back(text, x, width)) {
            memcpy(best, text, sizeof best);
            break;
        }
    }
    char *e = strchr(best, 'e');
    *point_out = atoi(e + 1) + 1;
    int count = 0;
    for (char *c = best; c < e; c++)
        if (*c != '.')
            digits_out[count++] = *c;
    while (count > 1 && digits_out[count - 1] == '0')
        count--;
    digits_out[count] = '\0';
    return count;
}

void float_repr_below(double x, int width, double most, char out[FLOAT_TEXT])
{
    if (isnan(x)) {
        strcpy(out, "nan");
        return;
    }
    const char *sign = signbit(x) ? "-" : "";
    if (isinf(x)) {
        (void)snprintf(out, FLOAT_TEXT, "%sinf", sign);
        return;
    }
    if (x == 0) {
        (void)snprintf(out, FLOAT_TEXT, "%s0.0", sign);
        return;
    }
    char digits[24];
    int point, n = shortest_digits(fabs(x), width, digits, &point);
    if (fabs(x) >= most || fabs(x) < 1e-4) {
        (void)snprintf(out, FLOAT_TEXT, "%s%c%s%se%c%02d", sign, digits[0], n > 1 ? "." : "", digits + 1,
                       point - 1 < 0 ? '-' : '+', abs(point - 1));
        return;
    }
    static const char zeros[] = "000000000000000000000000";
    if (point <= 0)
        (void)snprintf(out, FLOAT_TEXT, "%s0.%.*s%s", sign, -point, zeros, digits);
    else if (n <= point)
        (void)snprintf(out, FLOAT_TEXT, "%s%s%.*s.0", sign, digits, point - n, zeros);
    else
        (void)snprintf(out, FLOAT_TEXT, "%s%.*s.%s", sign, point, digits, digits + point);
}

void float_repr(double x, int width, char out[FLOAT_TEXT])
{
    float_repr_below(x, width, 1e16, out);
}
