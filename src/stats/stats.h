/* stats.h - what the values of many runs say: moments, intervals, tests, outliers, curves, comparisons, shares of the variance.
 * SPDX-License-Identifier: MIT
 *
 * Numbers in, numbers out; docs/stats.md has each estimator with its source. Same values, same order, same answer: what is simulated
 * draws from PCG64 with a fixed seed. What cannot be computed (too few values, no spread) is nan. */
#ifndef ONESEED_STATS_H
#define ONESEED_STATS_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

/* A zeroed struct means the defaults. */
struct stats_options {
    double level;                 /* of intervals; 0 = 0.95 */
    uint64_t seed;                /* of what is simulated; 0 = STATS_SEED */
    size_t n_resamples;           /* of a bootstrap; 0 = STATS_RESAMPLES */
    size_t n_bootstrap_most;      /* from more values on intervals have a closed form; 0 = STATS_BOOTSTRAP_MOST */
    bool no_intervals;            /* for a live table: no bootstrap (mean_t is there), no outliers, no normality */
    bool (*is_missing)(double x); /* values that are not there; NULL = all are. study_is_missing() fits */
};
enum { STATS_SEED = 1, STATS_RESAMPLES = 10000, STATS_BOOTSTRAP_MOST = 2000 };

enum stats_method {
    STATS_NONE,     /* no interval: low and high are nan */
    STATS_T,        /* Student's t; of a trimmed mean Tukey and McLaughlin's */
    STATS_BCA,      /* bootstrap, bias-corrected and accelerated, with the expanded level for small n */
    STATS_ABC,      /* its closed form for many values */
    STATS_EXACT,    /* all permutations, or an exact distribution */
    STATS_MONTE,    /* a sample of the permutations */
    STATS_NORMAL,   /* a normal approximation, for many values */
    STATS_SHAPIRO,  /* Shapiro-Wilk */
    STATS_DAGOSTINO /* D'Agostino and Pearson's K^2 */
};
const char *stats_method_name(enum stats_method method); /* "bca", "shapiro-wilk", … */

struct stats_interval {
    double low, high;
    enum stats_method method;
};

struct stats_test {
    double statistic, p;
    enum stats_method method; /* STATS_NONE: not possible */
};

/* A value that the others do not explain (generalized ESD test at 5 %), most extreme first. */
struct stats_outlier {
    size_t at; /* its place among the values given */
    double value;
    bool high;  /* above the others, else below */
    double sds; /* how many standard deviations of the others it is from their mean */
    double
        p_any; /* probability that any of n draws from the others' normal distribution is at least as far out, on that side */
};

enum { STATS_N_QUANTILES = 9 };
extern const double stats_quantile_levels[STATS_N_QUANTILES]; /* 0.01 0.05 0.1 0.25 0.5 0.75 0.9 0.95 0.99 */

struct stats_summary {
    size_t n;                              /* finite values: all below is about them */
    size_t n_nan, n_infinite, n_missing;   /* the others */
    double mean, sd, min, max;             /* sd with n-1 */
    bool spread;                           /* there are values that differ by more than rounding */
    size_t min_at, max_at;                 /* their places among the values given, the first of equals */
    double quantiles[STATS_N_QUANTILES];   /* type 7, as NumPy's and R's default */
    double iqm;                            /* mean of the inner half: trim_mean(x, 0.25) */
    struct stats_interval mean_ci, iqm_ci; /* bootstrap */
    struct stats_interval mean_t;          /* Student's */
    double skewness, kurtosis;             /* g1 and g2 (excess) */
    struct stats_test normality;           /* of p < 0.05: not normal */
    struct stats_test others_normality;    /* the same without the outliers, which are judged against it */
    struct stats_outlier lowest, highest;  /* the extremes, be they outliers or not */
    double expected_lowest,
        expected_highest; /* of n draws from the normal distribution of the values that are no outliers */
    struct stats_outlier *outliers;
    size_t n_outliers;
    bool more_outliers; /* there may be more than were looked for */
    double *sorted;     /* the n finite values, ascending */
};
/* options may be NULL. Always fills *out; stats_summary_clear frees what it holds. Running out of memory ends the tool. */
void stats_summarize(const double *values, size_t n, const struct stats_options *options, struct stats_summary *out);
void stats_summary_clear(struct stats_summary *summary);

/* Is there more between the lowest and the highest of some values than sums in another order leave (10^-12 of them)? */
bool stats_spread(double low, double high);

/* ---- one number after the other, for a live table and for --until ---- */

struct stats_running { /* zeroed = empty */
    size_t n;
    double mean, m2, min, max;
};
void stats_running_add(struct stats_running *running, double value); /* what is not finite is left out */
double stats_running_sd(const struct stats_running *running);
/* Half the width of Student's interval of the mean; infinite for n < 2. */
double stats_running_half_width(const struct stats_running *running, double level);
/* May a scan that looks after every run stop at this half-width? Needs STATS_UNTIL_LEAST values, and pays for the looking: docs/stats.md
 * (Stopping) has the rule and what it covers. */
enum { STATS_UNTIL_LEAST = 10 };
bool stats_may_stop(const struct stats_running *running, double level, double half_width);

/* ---- of sorted finite values (stats_summary.sorted) ---- */

/* The quantile of type 7. */
double stats_quantile(const double *sorted, size_t n, double p);

/* Where a new run falls: outside of low … high with this probability, whatever the distribution is. */
struct stats_prediction {
    double low, high; /* two of the values */
    double outside;
    bool at_most; /* there are equal values: the probability is at most that */
};
/* The one whose probability is nearest to `outside`; nan for fewer than 2 values. */
struct stats_prediction stats_predict(const double *sorted, size_t n, double outside);

struct stats_value {
    double value;
    size_t n;
};
/* How many different values there are; the lowest of them, at most so many, with their numbers. */
size_t stats_distinct(const double *sorted, size_t n, struct stats_value *values_out, size_t most);

struct stats_histogram {
    double low, width; /* bin k is [low + k width, low + (k+1) width), the last one closed */
    size_t n_bins;
    size_t *counts;
};
/* n_bins 0: Freedman and Diaconis's (Sturges's where the quartiles are equal), at most STATS_BINS_MOST. */
enum { STATS_BINS_MOST = 512 };
void stats_histogram(const double *sorted, size_t n, size_t n_bins, struct stats_histogram *out);
void stats_histogram_clear(struct stats_histogram *histogram);

/* Bandwidth of a Gaussian KDE: Sheather and Jones's (R's bw.SJ), or Silverman's (R's bw.nrd0) where that has no solution. nan: no spread. */
double stats_bandwidth(const double *sorted, size_t n);
/* Density at the given points. Exact up to STATS_KDE_EXACT values, else from 4096 bins (linear binning). */
enum { STATS_KDE_EXACT = 5000 };
void stats_kde(const double *sorted, size_t n, double bandwidth, const double *points, size_t n_points,
               double *density_out);
/* The densities of one or two samples at points that straight lines between show all of: n_least (2 or more) even ones from 3 bandwidths below
 * the lowest value to 3 above the highest, and more where one is steep. Gives how many, at most STATS_CURVE_MOST; 0: no density. A sample
 * without spread (its bandwidth is nan) has none: its densities are nan, but the points reach to it. */
struct stats_sample {
    const double *sorted;
    size_t n;
    double bandwidth;
    double *density_out;
};
enum { STATS_CURVE_MOST = 1024 };
size_t stats_curves(const struct stats_sample *samples, size_t n_samples, size_t n_least, double *points_out);

/* Expected best of k runs drawn without replacement, 1 <= k <= n: unbiased (a U-statistic), and the best of all for k = n. */
double stats_best_of(const double *sorted, size_t n, size_t k, bool maximize);
/* Both ends at once. */
void stats_extremes_of(const double *sorted, size_t n, size_t k, double *highest_out, double *lowest_out);
/* Points for a curve: 1, 2, 5, 10, … up to and with n. Gives how many (at most 64). */
size_t stats_best_of_points(size_t n, size_t *points_out);
/* Expected maximum of n standard normal values. */
double stats_normal_expected_max(double n);

/* ---- how many runs ---- */

/* The least n whose Student interval of a mean is at most that wide (half), if the sd stays the same. */
double stats_n_for_half_width(double sd, double half_width, double level);
/* Runs of each of two variants for a difference of their means to be found (two-sided t test at alpha) with this power. As real
 * number: round up. paired: sd is that of the differences. */
double stats_n_for_difference(double difference, double sd, double alpha, double power, bool paired);
/* The difference that so many runs of each find. */
double stats_difference_for_n(double n, double sd, double alpha, double power, bool paired);
double stats_power(double n, double difference, double sd, double alpha, bool paired);

/* ---- A against B ---- */

struct stats_comparison {
    size_t n_a, n_b; /* finite values that took part */
    bool paired;     /* then n_a pairs */
    double mean_a, mean_b, sd_a, sd_b;
    bool one_value_a, one_value_b; /* several values, all equal: how often it was run says nothing */
    double difference;             /* mean of B minus mean of A */
    struct stats_interval ci;      /* of the difference */
    double p_b_above; /* any run of B is above any run of A (ties half): Mann and Whitney's U / (n_a n_b) */
    struct stats_interval p_b_above_ci;
    size_t n_b_above, n_equal;     /* pairs; 0 when not paired */
    double cohen_d;                /* difference / pooled sd */
    double hedges_g;               /* the same without its bias */
    double cohen_dz;               /* paired: difference / sd of differences; else nan */
    struct stats_test permutation; /* two-sided, of no difference; statistic = difference */
    double aso_b_above,
        aso_a_above;          /* almost stochastic order: upper bound of the violation of "B above A", "A above B" */
    double violation_b_above; /* the estimate without its bound */
    double n_for_this;        /* runs of each that would find this difference with 80 % power */
};
/* paired: a[k] and b[k] belong together, n_a == n_b; a pair with a value that is not finite is left out. Of one run (or pair) there is no
 * interval and no test, and none where all values of A, or all of B, are equal: that value may be one run's, shown many times. No interval
 * where no difference differs from pair to pair. */
void stats_compare(const double *a, size_t n_a, const double *b, size_t n_b, bool paired,
                   const struct stats_options *options, struct stats_comparison *out);

/* The least p that so many runs can have in the permutation test. */
double stats_permutation_least(size_t n_a, size_t n_b, bool paired);

/* Fisher's exact test, two-sided: p of hits_a of n_a and hits_b of n_b having the same rate. */
double stats_fisher(size_t hits_a, size_t n_a, size_t hits_b, size_t n_b);

/* ---- shares of the variance by source (docs/scan.md, Sources) ---- */

/* The plan. Replication r (0 … n-1) with its seed is a base run. For source i (0 … n_sources-1, in the order of their sorted names) it has one
 * varied run: all as in r, but source i has the seed of the replication that this gives. Needs n >= 3; more replications change
 * nothing but the last blocks. */
size_t stats_sources_plan(size_t r, size_t n, size_t i, size_t n_sources);
enum { STATS_SOURCES_BLOCK = 5 };

/* One varied run: everything as in replication `base`, but `source` as in replication `from`. */
struct stats_varied {
    size_t source, base, from;
    double value;
};
struct stats_share {
    size_t n_total, n_first; /* differences that took part */
    double first, total;     /* of the variance; first can be below 0 and total above 1: they are estimates */
    struct stats_interval first_ci, total_ci;
};
struct stats_shares {
    size_t n;        /* base runs with a value */
    double variance; /* of one run */
    double rest;     /* 1 - all first-order shares: interactions, and noise that no source decides */
    struct stats_interval rest_ci;
};
/* base[r] may be nan: not known. False: not enough to say anything (fewer than 3 base runs, no variance). */
bool stats_variance_shares(const double *base, size_t n, const struct stats_varied *varied, size_t n_varied,
                           size_t n_sources, const struct stats_options *options, struct stats_share *shares_out,
                           struct stats_shares *out);

/* Has any of them an interval? Without, they are a hint. */
bool stats_shares_sure(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all);

/* Is any estimate or bound below 0 or above 1? */
bool stats_shares_beyond(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all);

/* Replications that there are intervals from, that are a good start, and that tell a share of one half to 5 points (docs/stats.md). */
enum { STATS_SHARES_INTERVALS = 16, STATS_SHARES_START = 200, STATS_SHARES_POINTS = 1000 };
/* How many more that is; 0: they are there, but for a tenth that may have failed. */
struct stats_more_replications {
    size_t for_intervals, for_start, for_points;
};
struct stats_more_replications stats_more_replications(const struct stats_share *shares, size_t n_sources,
                                                       const struct stats_shares *all);

/* ---- distributions ---- */

double stats_normal_cdf(double x);
double stats_normal_quantile(double p);
double stats_t_cdf(double t, double df);
double stats_t_quantile(double p, double df);

#endif
