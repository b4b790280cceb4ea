/* tensorflow_categorical.c - TensorFlow's categorical samples.
 * SPDX-License-Identifier: MIT
 *
 * core/kernels/multinomial_op.cc of TensorFlow 2.21 (doubles since 1.5). libm: exp, log. */
#include <math.h> /* exp */

#include "dialects/tensorflow.h"        /* tensorflow_double */
#include "dialects/tensorflow_shards.h" /* tensorflow_piece_size */

/* What is not finite counts as a class of no weight. */
static void cumulate(const double *logits, size_t n, double *sums)
{
    double largest = -INFINITY, sum = 0.0;
    for (size_t k = 0; k < n; k++)
        if (isfinite(logits[k]) && logits[k] > largest)
            largest = logits[k];
    for (size_t k = 0; k < n; k++) {
        if (isfinite(logits[k]))
            sum += exp(logits[k] - largest);
        sums[k] = sum;
    }
}

/* The first class whose sum is larger; n when there is none. */
static size_t found(const double *sums, size_t n, double x)
{
    size_t begin = 0, end = n;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (sums[middle] > x)
            end = middle;
        else
            begin = middle + 1;
    }
    return begin;
}

/* The kernel's guess of a row's cycles, an integer. */
static double cost_of(size_t n_classes, size_t n_samples)
{
    return trunc(50.0 * ((double)n_samples * log((double)n_classes) / log(2.0) + (double)n_classes));
}

static void sample_row(struct tensorflow_words *words, const double *sums, size_t n_classes, size_t n_samples,
                       oneseed_tensorflow_dtype dtype, void *out, size_t begin)
{
    for (size_t k = 0; k < n_samples; k++) {
        uint32_t high = tensorflow_word(words), low = tensorflow_word(words);
        size_t chosen = found(sums, n_classes, tensorflow_double(high, low) * sums[n_classes - 1]);
        if (dtype == ONESEED_TENSORFLOW_INT32)
            ((int32_t *)out)[begin + k] = (int32_t)chosen;
        else
            ((int64_t *)out)[begin + k] = (int64_t)chosen;
    }
}

oneseed_status oneseed_tensorflow_categorical_fill(const oneseed_tensorflow_philox *place, const double *logits,
                                                   size_t n_rows, size_t n_classes, size_t n_samples,
                                                   unsigned n_threads, oneseed_tensorflow_dtype dtype, double *space,
                                                   void *out)
{
    if (dtype != ONESEED_TENSORFLOW_INT32 && dtype != ONESEED_TENSORFLOW_INT64)
        return ONESEED_TENSORFLOW_DTYPE;
    if (n_classes == 0)
        return ONESEED_TENSORFLOW_CLASSES;
    uint64_t piece = tensorflow_piece_size(n_rows, cost_of(n_classes, n_samples), n_threads);
    struct tensorflow_words words = tensorflow_words_at(place);
    for (size_t row = 0; row < n_rows; row++) {
        if (row % piece == 0) {
            oneseed_tensorflow_philox begin = *place;
            oneseed_tensorflow_philox_skip(&begin, (uint64_t)row * (n_samples + 3) / 4);
            words = tensorflow_words_at(&begin);
        }
        cumulate(logits + row * n_classes, n_classes, space);
        sample_row(&words, space, n_classes, n_samples, dtype, out, row * n_samples);
    }
    return ONESEED_OK;
}

void oneseed_tensorflow_categorical_reserve(oneseed_tensorflow_philox *place, uint64_t n_rows, uint64_t n_samples)
{
    oneseed_tensorflow_reserve(place, n_rows * ((n_samples + 3) / 4 * 4 * 2));
}
