/* sklearn.h - what the files of scikit-learn's dialect share: counting codes, sorting, rearranging rows and columns.
 * SPDX-License-Identifier: MIT
 *
 * Order of draws and formulas after scikit-learn 1.9.1: sklearn/model_selection/_split.py, utils/extmath.py,
 * utils/_indexing.py, utils/_random.pyx, datasets/_samples_generator.py, ensemble/_forest.py. */
#ifndef ONESEED_DIALECTS_SKLEARN_H
#define ONESEED_DIALECTS_SKLEARN_H

#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_numpy, oneseed_status */

/* How many there are of each code; false when a code is not below n_codes. */
bool sklearn_count(const int64_t *codes, size_t n, size_t n_codes, int64_t *counts);
/* The indices of the codes, those of code 0 first, each code's in ascending order; cursors has n_codes entries. */
void sklearn_group(const int64_t *codes, size_t n, const int64_t *counts, size_t n_codes, int64_t *cursors,
                   int64_t *order);

/* Sorts in place without memory (qsort of some libcs allocates). `is_before` is a strict total order. */
typedef bool (*sklearn_order)(int64_t a, int64_t b, const void *context);
void sklearn_sort(int64_t *items, size_t n, sklearn_order is_before, const void *context);

/* 0 to n - 1, and those shuffled. */
void sklearn_range(int64_t *out, size_t n);

/* utils.shuffle of arrays together: rows of X, and rows of y (y_nbytes each), change places alike. */
void sklearn_shuffle_rows(oneseed_numpy *state, double *X, size_t n_samples, size_t n_features, void *y,
                          size_t y_nbytes);
/* Makes of a permutation of n the exchanges by which swap_columns brings column permutation[i] to place i. */
void sklearn_swaps_of(int64_t *permutation, size_t n);
void sklearn_swap_columns(double *X, size_t n_samples, size_t n_features, const int64_t *swaps);

/* The product of a data set's parameters, or the default: sums by fma. libm: fma, where the processor has none. */
void sklearn_multiply(const oneseed_sklearn_product *product, const double *a, size_t a_stride, const double *b,
                      size_t n_rows, size_t n_inner, size_t n_columns, double *out);

#endif
