/* sklearn_fold.c - scikit-learn's k folds: KFold, StratifiedKFold, GroupKFold.
 * SPDX-License-Identifier: MIT */
#include "dialects/sklearn.h"

static oneseed_status check_splits(size_t n_samples, size_t n_splits)
{
    if (n_splits < 2)
        return ONESEED_SKLEARN_N_SPLITS;
    return n_splits > n_samples ? ONESEED_SKLEARN_SPLITS_ABOVE_SAMPLES : ONESEED_OK;
}

/* The folds of n items in the order given: the first n % n_splits folds have one more. */
static void deal(const int64_t *items, size_t n, size_t n_splits, int64_t *folds)
{
    size_t next = 0;
    for (size_t fold = 0; fold < n_splits; fold++)
        for (size_t left = n / n_splits + (fold < n % n_splits); left > 0; left--)
            folds[items[next++]] = (int64_t)fold;
}

oneseed_status oneseed_sklearn_kfold_fill(oneseed_numpy *state, size_t n_samples, size_t n_splits, int64_t *work,
                                          int64_t *folds)
{
    oneseed_status status = check_splits(n_samples, n_splits);
    if (status)
        return status;
    sklearn_range(work, n_samples);
    if (state)
        oneseed_numpy_legacy_shuffle(state, work, n_samples, sizeof *work);
    deal(work, n_samples, n_splits, folds);
    return ONESEED_OK;
}

/* How many of the places 0 to end - 1 are a fold's, when the folds take turns. */
static size_t n_turns(size_t end, size_t fold, size_t n_splits)
{
    return end > fold ? (end - fold - 1) / n_splits + 1 : 0;
}

oneseed_status oneseed_sklearn_stratified_kfold_fill(oneseed_numpy *state, const int64_t *classes, size_t n_samples,
                                                     size_t n_classes, size_t n_splits, int64_t *work, int64_t *folds)
{
    int64_t *dealt = work, *counts = work + n_samples, *appeared = counts + n_classes, *cursors = appeared + n_classes;
    oneseed_status status = check_splits(n_samples, n_splits);
    if (status)
        return status;
    if (!sklearn_count(classes, n_samples, n_classes, counts))
        return ONESEED_SKLEARN_CODES;
    bool some_suffice = false;
    for (size_t k = 0; k < n_classes; k++) {
        some_suffice |= counts[k] >= (int64_t)n_splits;
        cursors[k] = -1;
    }
    if (!some_suffice)
        return ONESEED_SKLEARN_SPLITS_ABOVE_MEMBERS;
    /* The classes take their turns, and their draws, in the order in which they first appear. */
    size_t n_appeared = 0;
    for (size_t i = 0; i < n_samples; i++)
        if (cursors[classes[i]] < 0) {
            appeared[n_appeared++] = classes[i];
            cursors[classes[i]] = 0;
        }
    size_t start = 0;
    for (size_t a = 0; a < n_appeared; a++) {
        size_t end = start + (size_t)counts[appeared[a]], place = start;
        for (size_t fold = 0; fold < n_splits; fold++)
            for (size_t n = n_turns(end, fold, n_splits) - n_turns(start, fold, n_splits); n > 0; n--)
                dealt[place++] = (int64_t)fold;
        if (state)
            oneseed_numpy_legacy_shuffle(state, dealt + start, end - start, sizeof *dealt);
        cursors[appeared[a]] = (int64_t)start;
        start = end;
    }
    for (size_t i = 0; i < n_samples; i++)
        folds[i] = dealt[cursors[classes[i]]++];
    return ONESEED_OK;
}

/* numpy.argsort(sizes, kind="stable")[::-1]: of equal sizes the last first. */
static bool is_larger(int64_t a, int64_t b, const void *context)
{
    const int64_t *sizes = context;
    return sizes[a] != sizes[b] ? sizes[a] > sizes[b] : a > b;
}

/* The largest group first, each to the lightest fold. */
static void balance(const int64_t *sizes, size_t n_groups, size_t n_splits, int64_t *order, int64_t *weights,
                    int64_t *fold_of_group)
{
    sklearn_range(order, n_groups);
    sklearn_sort(order, n_groups, is_larger, sizes);
    for (size_t fold = 0; fold < n_splits; fold++)
        weights[fold] = 0;
    for (size_t i = 0; i < n_groups; i++) {
        size_t lightest = 0;
        for (size_t fold = 1; fold < n_splits; fold++)
            if (weights[fold] < weights[lightest])
                lightest = fold;
        weights[lightest] += sizes[order[i]];
        fold_of_group[order[i]] = (int64_t)lightest;
    }
}

oneseed_status oneseed_sklearn_group_kfold_fill(oneseed_numpy *state, const int64_t *groups, size_t n_samples,
                                                size_t n_groups, size_t n_splits, int64_t *work, int64_t *folds)
{
    int64_t *sizes = work, *order = work + n_groups, *fold_of_group = order + n_groups;
    int64_t *weights = fold_of_group + n_groups;
    oneseed_status status = check_splits(n_samples, n_splits);
    if (status)
        return status;
    if (!sklearn_count(groups, n_samples, n_groups, sizes))
        return ONESEED_SKLEARN_CODES;
    if (n_splits > n_groups)
        return ONESEED_SKLEARN_SPLITS_ABOVE_GROUPS;
    if (state) {
        oneseed_numpy_legacy_permutation_fill(state, order, n_groups);
        deal(order, n_groups, n_splits, fold_of_group);
    } else {
        balance(sizes, n_groups, n_splits, order, weights, fold_of_group);
    }
    for (size_t i = 0; i < n_samples; i++)
        folds[i] = fold_of_group[groups[i]];
    return ONESEED_OK;
}

size_t oneseed_sklearn_fold_fill(const int64_t *folds, size_t n_samples, int64_t fold, int64_t *train, int64_t *test)
{
    size_t n_test = 0, n_train = 0;
    for (size_t i = 0; i < n_samples; i++)
        if (folds[i] == fold)
            test[n_test++] = (int64_t)i;
        else
            train[n_train++] = (int64_t)i;
    return n_test;
}
