/* prediction.c - where a new run falls, whatever the distribution: between two of the values that were seen, with a known probability.
 * SPDX-License-Identifier: MIT
 *
 * S. S. Wilks, "Determination of sample sizes for setting tolerance limits", 1941: a new value is as likely to come at any of the n+1 places
 * between n others, so it is below the i-th lowest with probability i / (n+1); below, with equal values among them, at most so. */
#include <math.h> /* round */

#include "stats/stats_inside.h"

struct stats_prediction stats_predict(const double *sorted, size_t n, double outside)
{
    struct stats_prediction prediction = {NAN, NAN, NAN, false};
    if (n < 2)
        return prediction;
    const double place = round(outside * ((double)n + 1) / 2), most = floor((double)n / 2);
    size_t low = (size_t)fmax(1, fmin(place, most)) - 1, high = n - 1 - low;
    prediction.low = sorted[low];
    prediction.high = sorted[high];
    for (size_t k = 1; k < n && !prediction.at_most; k++)
        prediction.at_most = sorted[k] == sorted[k - 1];
    while (low > 0 && sorted[low - 1] == prediction.low)
        low--;
    while (high + 1 < n && sorted[high + 1] == prediction.high)
        high++;
    prediction.outside = (double)(low + 1 + n - high) / ((double)n + 1);
    return prediction;
}

size_t stats_distinct(const double *sorted, size_t n, struct stats_value *values_out, size_t most)
{
    size_t n_values = 0;
    for (size_t k = 0; k < n; k++) {
        const bool new_one = k == 0 || sorted[k] != sorted[k - 1];
        n_values += new_one;
        if (n_values > most)
            continue;
        if (new_one)
            values_out[n_values - 1] = (struct stats_value){sorted[k], 0};
        values_out[n_values - 1].n++;
    }
    return n_values;
}
