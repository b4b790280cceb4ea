/* numpy_sum.c - NumPy's pairwise sum: halves of a multiple of 8, from 128 values on eight sums side by side.
 * SPDX-License-Identifier: MIT */
#include "dialects/numpy_sum.h"

#include <stdbool.h> /* bool */

static double add(bool is_f32, double a, double b)
{
    return is_f32 ? (double)((float)a + (float)b) : a + b;
}

static double sum_of(bool is_f32, const double *values, size_t n)
{
    double lanes[8];
    size_t i = 0;
    if (n > 128) {
        const size_t half = n / 2 - n / 2 % 8;
        return add(is_f32, sum_of(is_f32, values, half), sum_of(is_f32, values + half, n - half));
    }
    if (n < 8) {
        double sum = -0.0;
        for (; i < n; i++)
            sum = add(is_f32, sum, values[i]);
        return sum;
    }
    for (; i < 8; i++)
        lanes[i] = values[i];
    for (; i < n - n % 8; i++)
        lanes[i % 8] = add(is_f32, lanes[i % 8], values[i]);
    for (size_t step = 1; step < 8; step *= 2)
        for (size_t k = 0; k < 8; k += 2 * step)
            lanes[k] = add(is_f32, lanes[k], lanes[k + step]);
    for (; i < n; i++)
        lanes[0] = add(is_f32, lanes[0], values[i]);
    return lanes[0];
}

double numpy_sum_f64(const double *values, size_t n)
{
    return sum_of(false, values, n);
}

double numpy_sum_f32(const double *values, size_t n)
{
    return sum_of(true, values, n);
}
