/* sklearn_split.c - scikit-learn's splits by permutation: train_test_split and the ShuffleSplits.
 * SPDX-License-Identifier: MIT */
#include "dialects/sklearn.h"

#include <math.h> /* ceil, floor */

/* One of the two sizes is refused by itself. */
static bool is_refused(oneseed_sklearn_size size, int64_t n_samples)
{
    if (size.kind == ONESEED_SKLEARN_SIZE_COUNT)
        return size.count <= 0 || size.count >= n_samples;
    return size.kind == ONESEED_SKLEARN_SIZE_FRACTION && !(size.fraction > 0.0 && size.fraction < 1.0);
}

oneseed_status oneseed_sklearn_split_sizes(int64_t n_samples, oneseed_sklearn_size test, oneseed_sklearn_size train,
                                           double default_test, int64_t *n_train_out, int64_t *n_test_out)
{
    if (test.kind == ONESEED_SKLEARN_SIZE_NONE && train.kind == ONESEED_SKLEARN_SIZE_NONE)
        test = (oneseed_sklearn_size){.kind = ONESEED_SKLEARN_SIZE_FRACTION, .fraction = default_test};
    if (is_refused(test, n_samples))
        return ONESEED_SKLEARN_TEST_SIZE;
    if (is_refused(train, n_samples))
        return ONESEED_SKLEARN_TRAIN_SIZE;
    if (test.kind == ONESEED_SKLEARN_SIZE_FRACTION && train.kind == ONESEED_SKLEARN_SIZE_FRACTION &&
        train.fraction + test.fraction > 1.0)
        return ONESEED_SKLEARN_FRACTIONS_SUM;
    int64_t n_test = test.count, n_train = train.count;
    if (test.kind == ONESEED_SKLEARN_SIZE_FRACTION)
        n_test = (int64_t)ceil(test.fraction * (double)n_samples);
    if (train.kind == ONESEED_SKLEARN_SIZE_FRACTION)
        n_train = (int64_t)floor(train.fraction * (double)n_samples);
    if (train.kind == ONESEED_SKLEARN_SIZE_NONE)
        n_train = n_samples - n_test;
    else if (test.kind == ONESEED_SKLEARN_SIZE_NONE)
        n_test = n_samples - n_train;
    if (n_train > n_samples - n_test)
        return ONESEED_SKLEARN_SIZES_SUM;
    if (n_train <= 0)
        return ONESEED_SKLEARN_TRAIN_EMPTY;
    *n_train_out = n_train;
    *n_test_out = n_test;
    return ONESEED_OK;
}

static oneseed_status check_sizes(size_t n, size_t n_train, size_t n_test)
{
    if (n_train > n || n_test > n - n_train)
        return ONESEED_SKLEARN_SIZES_SUM;
    return n_train == 0 ? ONESEED_SKLEARN_TRAIN_EMPTY : ONESEED_OK;
}

oneseed_status oneseed_sklearn_ordered_split_fill(size_t n_samples, size_t n_train, size_t n_test, int64_t *train,
                                                  int64_t *test)
{
    oneseed_status status = check_sizes(n_samples, n_train, n_test);
    if (status)
        return status;
    sklearn_range(train, n_train);
    for (size_t i = 0; i < n_test; i++)
        test[i] = (int64_t)(n_train + i);
    return ONESEED_OK;
}

oneseed_status oneseed_sklearn_shuffle_split_fill(oneseed_numpy *state, size_t n_samples, size_t n_train, size_t n_test,
                                                  int64_t *work, int64_t *train, int64_t *test)
{
    oneseed_status status = check_sizes(n_samples, n_train, n_test);
    if (status)
        return status;
    oneseed_numpy_legacy_permutation_fill(state, work, n_samples);
    for (size_t i = 0; i < n_test; i++)
        test[i] = work[i];
    for (size_t i = 0; i < n_train; i++)
        train[i] = work[n_test + i];
    return ONESEED_OK;
}

/* The samples of the chosen groups. */
static size_t members(const int64_t *groups, size_t n_samples, const int64_t *marks, int64_t mark, int64_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < n_samples; i++)
        if (marks[groups[i]] == mark)
            out[n++] = (int64_t)i;
    return n;
}

oneseed_status oneseed_sklearn_group_shuffle_split_fill(oneseed_numpy *state, const int64_t *groups, size_t n_samples,
                                                        size_t n_groups, size_t n_train, size_t n_test, int64_t *work,
                                                        int64_t *train, int64_t *test, size_t n_out[2])
{
    enum { OTHER, TRAIN, TEST };
    int64_t *permutation = work, *marks = work + n_groups;
    oneseed_status status = check_sizes(n_groups, n_train, n_test);
    if (status)
        return status;
    if (!sklearn_count(groups, n_samples, n_groups, marks))
        return ONESEED_SKLEARN_CODES;
    oneseed_numpy_legacy_permutation_fill(state, permutation, n_groups);
    for (size_t i = 0; i < n_groups; i++)
        marks[permutation[i]] = i < n_test ? TEST : i < n_test + n_train ? TRAIN : OTHER;
    n_out[0] = members(groups, n_samples, marks, TRAIN, train);
    n_out[1] = members(groups, n_samples, marks, TEST, test);
    return ONESEED_OK;
}

/* ---- stratified ---- */

size_t oneseed_sklearn_stratified_work(size_t n_samples, size_t n_classes)
{
    return n_samples + 5 * n_classes;
}

static oneseed_status check_classes(const int64_t *counts, size_t n_classes, size_t n_train, size_t n_test)
{
    for (size_t k = 0; k < n_classes; k++)
        if (counts[k] < 2)
            return ONESEED_SKLEARN_CLASS_OF_ONE;
    if (n_train < n_classes)
        return ONESEED_SKLEARN_TRAIN_BELOW_CLASSES;
    return n_test < n_classes ? ONESEED_SKLEARN_TEST_BELOW_CLASSES : ONESEED_OK;
}

oneseed_status oneseed_sklearn_stratified_shuffle_split_fill(oneseed_numpy *state, const int64_t *classes,
                                                             size_t n_samples, size_t n_classes, size_t n_train,
                                                             size_t n_test, int64_t *work, int64_t *train,
                                                             int64_t *test)
{
    int64_t *order = work, *counts = work + n_samples, *rest = counts + n_classes, *n_of_train = rest + n_classes;
    int64_t *n_of_test = n_of_train + n_classes, *mode_work = n_of_test + n_classes;
    oneseed_status status = check_sizes(n_samples, n_train, n_test);
    if (status)
        return status;
    if (!sklearn_count(classes, n_samples, n_classes, counts))
        return ONESEED_SKLEARN_CODES;
    status = check_classes(counts, n_classes, n_train, n_test);
    if (status)
        return status;
    sklearn_group(classes, n_samples, counts, n_classes, rest, order);
    oneseed_sklearn_approximate_mode_fill(state, counts, n_classes, (int64_t)n_train, mode_work, n_of_train);
    for (size_t k = 0; k < n_classes; k++)
        rest[k] = counts[k] - n_of_train[k];
    oneseed_sklearn_approximate_mode_fill(state, rest, n_classes, (int64_t)n_test, mode_work, n_of_test);
    size_t filled_train = 0, filled_test = 0;
    for (size_t k = 0; k < n_classes; k++) {
        /* A permutation of the class; what is behind its end is cut off, as by a slice. */
        oneseed_numpy_legacy_shuffle(state, order, (size_t)counts[k], sizeof *order);
        for (int64_t i = 0; i < counts[k]; i++)
            if (i < n_of_train[k])
                train[filled_train++] = order[i];
            else if (i < n_of_train[k] + n_of_test[k])
                test[filled_test++] = order[i];
        order += counts[k];
    }
    oneseed_numpy_legacy_shuffle(state, train, filled_train, sizeof *train);
    oneseed_numpy_legacy_shuffle(state, test, filled_test, sizeof *test);
    return ONESEED_OK;
}
