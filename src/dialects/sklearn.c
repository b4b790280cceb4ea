/* sklearn.c - what the files of scikit-learn's dialect share.
 * SPDX-License-Identifier: MIT */
#include "dialects/sklearn.h"

#include <math.h> /* fma */

bool sklearn_count(const int64_t *codes, size_t n, size_t n_codes, int64_t *counts)
{
    for (size_t code = 0; code < n_codes; code++)
        counts[code] = 0;
    for (size_t i = 0; i < n; i++) {
        if ((uint64_t)codes[i] >= n_codes)
            return false;
        counts[codes[i]]++;
    }
    return true;
}

void sklearn_group(const int64_t *codes, size_t n, const int64_t *counts, size_t n_codes, int64_t *cursors,
                   int64_t *order)
{
    int64_t start = 0;
    for (size_t code = 0; code < n_codes; code++) {
        cursors[code] = start;
        start += counts[code];
    }
    for (size_t i = 0; i < n; i++)
        order[cursors[codes[i]]++] = (int64_t)i;
}

static void exchange(int64_t *items, size_t i, size_t j)
{
    int64_t kept = items[i];
    items[i] = items[j];
    items[j] = kept;
}

/* Of the heap below `top`, whose last item comes first. */
static void sift(int64_t *items, size_t top, size_t n, sklearn_order is_before, const void *context)
{
    for (size_t child; (child = 2 * top + 1) < n; top = child) {
        if (child + 1 < n && is_before(items[child], items[child + 1], context))
            child++;
        if (!is_before(items[top], items[child], context))
            return;
        exchange(items, top, child);
    }
}

void sklearn_sort(int64_t *items, size_t n, sklearn_order is_before, const void *context)
{
    for (size_t top = n / 2; top-- > 0;)
        sift(items, top, n, is_before, context);
    for (size_t last = n; last-- > 1;) {
        exchange(items, 0, last);
        sift(items, 0, last, is_before, context);
    }
}

void sklearn_range(int64_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (int64_t)i;
}

void sklearn_shuffle_rows(oneseed_numpy *state, double *X, size_t n_samples, size_t n_features, void *y,
                          size_t y_nbytes)
{
    oneseed_numpy again = *state; /* the same exchanges twice */
    oneseed_numpy_legacy_shuffle(&again, y, n_samples, y_nbytes);
    oneseed_numpy_legacy_shuffle(state, X, n_samples, n_features * sizeof *X);
}

void sklearn_swaps_of(int64_t *permutation, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t from = permutation[i];
        while (from < (int64_t)i) /* it was exchanged before: follow it */
            from = permutation[from];
        permutation[i] = from;
    }
}

void sklearn_swap_columns(double *X, size_t n_samples, size_t n_features, const int64_t *swaps)
{
    for (size_t i = 0; i < n_samples; i++) {
        double *row = X + i * n_features;
        for (size_t j = 0; j < n_features; j++) {
            double kept = row[j];
            row[j] = row[swaps[j]];
            row[swaps[j]] = kept;
        }
    }
}

void sklearn_multiply(const oneseed_sklearn_product *product, const double *a, size_t a_stride, const double *b,
                      size_t n_rows, size_t n_inner, size_t n_columns, double *out)
{
    if (product->multiply) {
        product->multiply(product->context, a, a_stride, b, n_rows, n_inner, n_columns, out);
        return;
    }
    for (size_t i = 0; i < n_rows; i++)
        for (size_t j = 0; j < n_columns; j++) {
            double sum = 0.0;
            for (size_t k = 0; k < n_inner; k++)
                sum = fma(a[i * a_stride + k], b[k * n_columns + j], sum);
            out[i * n_columns + j] = sum;
        }
}
