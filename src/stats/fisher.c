/* fisher.c - do two groups have the same rate? Fisher's exact test, two-sided.
 * SPDX-License-Identifier: MIT
 *
 * R. A. Fisher, "Statistical Methods for Research Workers", 1934: with the margins fixed the number of hits of A is hypergeometric; p is the
 * probability of all numbers that are no more probable than the one that was seen. */
#include <math.h> /* lgamma_r, exp */

#include "stats/stats.h"

static double log_factorial(double n)
{
    int sign; /* lgamma() may write it to a global variable */
    return lgamma_r(n + 1, &sign);
}

static double log_choose(double n, double k)
{
    return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

double stats_fisher(size_t hits_a, size_t n_a, size_t hits_b, size_t n_b)
{
    const double a = (double)n_a, b = (double)n_b, hits = (double)hits_a + (double)hits_b;
    const double least = fmax(0, hits - b), most = fmin(hits, a), all = log_choose(a + b, hits);
    const double seen = log_choose(a, (double)hits_a) + log_choose(b, (double)hits_b) - all;
    const double middle = a + b > 0 ? fmin(most, fmax(least, floor(hits * a / (a + b)))) : 0;
    double p = 0;
    for (int step = -1; step <= 1; step += 2) { /* from the middle outward, until nothing is added */
        for (double k = step < 0 ? middle : middle + 1; k >= least && k <= most; k += step) {
            const double one = log_choose(a, k) + log_choose(b, hits - k) - all;
            if (one < -745) /* below exp()'s range */
                break;
            if (one <= seen + 1e-7) /* equal but for rounding */
                p += exp(one);
        }
    }
    return fmin(1, p);
}
