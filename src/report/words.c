/* words.c - sentences that `oneseed stats` and the page say alike.
 * SPDX-License-Identifier: MIT */
#include "report/words.h"

#include <math.h>   /* isfinite */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* free */

#include "common/array.h" /* text_format */

char *words_count(double n)
{
    char digits[32], text[48], *to = text;
    if (!isfinite(n) || n > 1e15)
        return text_copy("more than 10^15");
    const int length = snprintf(digits, sizeof digits, "%.0f", fmax(0, ceil(n - 1e-9)));
    for (int k = 0; k < length; k++) {
        if (k > 0 && (length - k) % 3 == 0)
            *to++ = ',';
        *to++ = digits[k];
    }
    *to = '\0';
    return text_copy(text);
}

/* ---- shares of the variance ---- */

char *words_beyond(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all)
{
    if (!stats_shares_beyond(shares, n_sources, all))
        return NULL;
    return text_copy(
        "A share below 0 % or above 100 % is chance: an unbiased estimate also falls beyond what a share can be.");
}

char *words_replications(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all)
{
    const struct stats_more_replications more = stats_more_replications(shares, n_sources, all);
    if (more.for_points == 0)
        return NULL;
    char *n = words_count((double)all->n), *intervals = words_count((double)more.for_intervals),
         *start = words_count((double)more.for_start), *points = words_count((double)more.for_points), *text;
    if (more.for_intervals > 0)
        text = text_format(
            "%s replications are too few for intervals: %s more give them, %s more are a good start (%zu runs each).",
            n, intervals, start, n_sources + 1);
    else if (more.for_start > 0)
        text = text_format("%s replications are few: %s more are a good start, %s more tell large shares to ± 5 points "
                           "(%zu runs each).",
                           n, start, points, n_sources + 1);
    else
        text =
            text_format("%s more replications tell large shares to ± 5 points (%zu runs each).", points, n_sources + 1);
    free(n);
    free(intervals);
    free(start);
    free(points);
    return text;
}
