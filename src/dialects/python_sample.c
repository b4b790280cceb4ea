/* python_sample.c - sample() and choices() of CPython 3.9 to 3.15, as indices.
 * SPDX-License-Identifier: MIT
 *
 * Lib/random.py. No libm but floor. */
#include <math.h>   /* floor, isfinite */
#include <string.h> /* memset */

#include "dialects/python_state.h" /* python_next_double */
#include "oneseed.h"               /* oneseed_python_sample */

/* ---- sample() ---- */

/* Up to this many items Python shuffles a list of them, above it keeps a set of what it chose: 21, and for more than 5 the power
 * of 4 that is at least 3k. Python has it from log(3k) / log(4); 3k is never a power of 4, and the quotient is on the right side of
 * the integers for all k below 10^14. */
static uint64_t list_limit(uint64_t k)
{
    uint64_t power = 1;
    if (k <= 5)
        return 21;
    if (k > UINT64_MAX / 12)
        return UINT64_MAX;
    while (power < 3 * k)
        power *= 4;
    return 21 + power;
}

/* Slots of a table of k numbers, at most half full. */
static size_t n_slots(uint64_t k)
{
    size_t n = 1;
    while (n / 2 < k)
        n *= 2;
    return n;
}

size_t oneseed_python_sample_space(uint64_t n_items, uint64_t k)
{
    if (k > n_items)
        return 0;
    return n_items <= list_limit(k) ? (size_t)n_items : n_slots(k);
}

/* True when j is new; slots hold number + 1, or 0. */
static bool remember(uint64_t *slots, size_t n, uint64_t j)
{
    size_t at = (size_t)(j * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (n - 1); /* 2^64 / golden ratio spreads neighbours */
    while (slots[at] != 0) {
        if (slots[at] == j + 1)
            return false;
        at = (at + 1) & (n - 1);
    }
    slots[at] = j + 1;
    return true;
}

oneseed_status oneseed_python_sample(oneseed_python *state, uint64_t n_items, uint64_t k, uint64_t *space,
                                     uint64_t *out)
{
    if (k > n_items)
        return ONESEED_PYTHON_SAMPLE_SIZE;
    if (n_items <= list_limit(k)) {
        for (uint64_t i = 0; i < n_items; i++)
            space[i] = i;
        for (uint64_t i = 0; i < k; i++) {
            uint64_t j = oneseed_python_randbelow(state, n_items - i);
            out[i] = space[j];
            space[j] = space[n_items - i - 1];
        }
        return ONESEED_OK;
    }
    size_t n = n_slots(k);
    memset(space, 0, n * sizeof *space);
    for (uint64_t i = 0; i < k; i++) {
        do
            out[i] = oneseed_python_randbelow(state, n_items);
        while (!remember(space, n, out[i]));
    }
    return ONESEED_OK;
}

oneseed_status oneseed_python_sample_counts(oneseed_python *state, const uint64_t *counts, size_t n_items, uint64_t k,
                                            uint64_t *space, uint64_t *out)
{
    uint64_t total = 0;
    for (size_t i = 0; i < n_items; i++) {
        if (counts[i] > UINT64_MAX - total)
            return ONESEED_PYTHON_COUNTS_RANGE;
        total += counts[i];
    }
    if (total == 0 && !python_is_at_least(state->version, 314)) /* 3.14 lets nothing be sampled from nothing */
        return ONESEED_PYTHON_COUNTS_TOTAL;
    if (k > total)
        return ONESEED_PYTHON_SAMPLE_SIZE;
    for (size_t i = 0; i < n_items; i++)
        space[i] = counts[i] + (i > 0 ? space[i - 1] : 0);
    oneseed_status status = oneseed_python_sample(state, total, k, space + n_items, out);
    for (uint64_t i = 0; i < k && status == ONESEED_OK; i++) {
        size_t low = 0, high = n_items - 1; /* the last sum is not looked at */
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (out[i] < space[middle])
                high = middle;
            else
                low = middle + 1;
        }
        out[i] = low;
    }
    return status;
}

/* ---- choices() ---- */

oneseed_status oneseed_python_choices_fill(oneseed_python *state, uint64_t n_items, int64_t *out, size_t n)
{
    if (n_items == 0)
        return ONESEED_PYTHON_EMPTY_SEQUENCE;
    for (size_t k = 0; k < n; k++)
        out[k] = (int64_t)floor(python_next_double(state) * (double)n_items);
    return ONESEED_OK;
}

void oneseed_python_accumulate(const double *weights, size_t n_items, double *cum_weights_out)
{
    for (size_t k = 0; k < n_items; k++)
        cum_weights_out[k] = k > 0 ? cum_weights_out[k - 1] + weights[k] : weights[k];
}

oneseed_status oneseed_python_choices_cum_weights_fill(oneseed_python *state, const double *cum_weights, size_t n_items,
                                                       int64_t *out, size_t n)
{
    if (n_items == 0)
        return ONESEED_PYTHON_EMPTY_SEQUENCE;
    double total = cum_weights[n_items - 1] + 0.0;
    if (total <= 0.0)
        return ONESEED_PYTHON_WEIGHTS_TOTAL;
    if (!isfinite(total) && python_is_at_least(state->version, 310))
        return ONESEED_PYTHON_WEIGHTS_FINITE;
    for (size_t k = 0; k < n; k++) {
        double x = python_next_double(state) * total;
        size_t low = 0, high = n_items - 1;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (x < cum_weights[middle])
                high = middle;
            else
                low = middle + 1;
        }
        out[k] = (int64_t)low;
    }
    return ONESEED_OK;
}
