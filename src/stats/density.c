/* density.c - histograms, and the bandwidth of a kernel density estimate.
 * SPDX-License-Identifier: MIT
 *
 * D. Freedman and P. Diaconis, 1981 (bins); S. J. Sheather and M. C. Jones, "A reliable data-based bandwidth selection method for kernel
 * density estimation", 1991, as R's bw.SJ(method = "ste") solves it, on 1000 bins; B. W. Silverman, 1986, as R's bw.nrd0. */
#include <math.h>   /* exp */
#include <string.h> /* memset */

#include "stats/stats_inside.h"

enum { SJ_BINS = 1000, SJ_LEAST = 10 };
static const double sj_wider = 1.01;

static double standard_deviation(const double *sorted, size_t n)
{
    const struct stats_moments moments = stats_moments_of(sorted, n);
    return n > 1 ? sqrt(moments.m2 * ((double)n / (double)(n - 1))) : NAN;
}

static double quartile_range(const double *sorted, size_t n)
{
    return stats_quantile(sorted, n, 0.75) - stats_quantile(sorted, n, 0.25);
}

static size_t freedman_diaconis(const double *sorted, size_t n)
{
    const double range = sorted[n - 1] - sorted[0], width = 2 * quartile_range(sorted, n) / cbrt((double)n);
    const double bins = width > 0 ? ceil(range / width) : ceil(log2((double)n) + 1);
    return bins >= STATS_BINS_MOST ? STATS_BINS_MOST : bins >= 1 ? (size_t)bins : 1;
}

void stats_histogram(const double *sorted, size_t n, size_t n_bins, struct stats_histogram *out)
{
    memset(out, 0, sizeof *out);
    if (n == 0)
        return;
    const double range = sorted[n - 1] - sorted[0];
    out->n_bins = stats_spread(sorted[0], sorted[n - 1]) && isfinite(range)
                      ? (n_bins ? n_bins : freedman_diaconis(sorted, n))
                      : 1;
    out->low = sorted[0];
    out->width = range / (double)out->n_bins;
    out->counts = stats_room(out->n_bins, sizeof *out->counts);
    size_t begin = 0;
    for (size_t bin = 0; bin < out->n_bins; bin++) { /* each edge is looked for among the sorted values */
        const double edge = out->low + range * ((double)(bin + 1) / (double)out->n_bins);
        size_t low = begin, high = n;
        while (low < high && bin + 1 < out->n_bins) {
            const size_t middle = low + (high - low) / 2;
            if (sorted[middle] < edge)
                low = middle + 1;
            else
                high = middle;
        }
        const size_t end = bin + 1 < out->n_bins ? low : n;
        out->counts[bin] = end - begin;
        begin = end;
    }
}

void stats_histogram_clear(struct stats_histogram *histogram)
{
    free(histogram->counts);
    memset(histogram, 0, sizeof *histogram);
}

/* ---- bandwidth ---- */

/* Pairs of values by how many bins lie between them. */
struct pairs {
    double n, width;
    double counts[SJ_BINS];
};

static void count_pairs(const double *sorted, size_t n, struct pairs *pairs)
{
    double bins[SJ_BINS] = {0};
    /* R's bins: of a range that is 1 % wider, counted from 0 towards both sides, by truncation. */
    pairs->n = (double)n;
    pairs->width = (sorted[n - 1] - sorted[0]) * sj_wider / SJ_BINS;
    for (size_t k = 0; k < n; k++) {
        const double bin = floor((sorted[k] - sorted[0]) / pairs->width);
        bins[bin < SJ_BINS ? (size_t)bin : SJ_BINS - 1]++;
    }
    memset(pairs->counts, 0, sizeof pairs->counts);
    for (size_t i = 0; i < SJ_BINS; i++) {
        if (bins[i] == 0)
            continue;
        pairs->counts[0] += bins[i] * (bins[i] - 1) / 2;
        for (size_t j = 0; j < i; j++)
            pairs->counts[i - j] += bins[i] * bins[j];
    }
}

/* The estimated integrals of f'' squared and f''' squared: sums of the kernel's 4th and 6th derivative over pairs. */
static double roughness(const struct pairs *pairs, double h, int order)
{
    const double root = 1 / sqrt(2 * 3.14159265358979323846);
    double sum = 0;
    for (size_t k = 0; k < SJ_BINS; k++) {
        const double x = (double)k * pairs->width / h, d = x * x;
        if (d >= 1000)
            break;
        const double factor = order == 4 ? d * d - 6 * d + 3 : d * d * d - 15 * d * d + 45 * d - 15;
        sum += exp(-d / 2) * factor * pairs->counts[k];
    }
    const double n = pairs->n;
    sum = 2 * sum + n * (order == 4 ? 3 : -15);
    return sum / (n * (n - 1) * pow(h, order + 1)) * root;
}

struct sj {
    struct pairs pairs;
    double c1, alpha;
};

static double sj_error(const struct sj *sj, double h)
{
    return pow(sj->c1 / roughness(&sj->pairs, sj->alpha * pow(h, 5.0 / 7), 4), 0.2) - h;
}

/* nan where there is no solution. */
static double sheather_jones(const double *sorted, size_t n, double scale)
{
    struct sj *sj = stats_room(1, sizeof *sj);
    const double count = (double)n;
    double h = NAN;
    count_pairs(sorted, n, &sj->pairs);
    const double a = 1.24 * scale * pow(count, -1.0 / 7), b = 1.23 * scale * pow(count, -1.0 / 9);
    const double third = -roughness(&sj->pairs, b, 6), second = roughness(&sj->pairs, a, 4);
    sj->c1 = 1 / (2 * sqrt(3.14159265358979323846) * count);
    sj->alpha = 1.357 * pow(second / third, 1.0 / 7);
    const double most = 1.144 * scale * pow(count, -0.2);
    double low = 0.1 * most, high = most;
    if (isfinite(sj->alpha) && sj->alpha > 0) {
        for (int k = 0; k < 50 && sj_error(sj, low) * sj_error(sj, high) > 0; k++) {
            if (k % 2)
                low /= 1.2;
            else
                high *= 1.2;
        }
        double at_low = sj_error(sj, low);
        if (at_low * sj_error(sj, high) <= 0) {
            for (int k = 0; k < 100 && high - low > 1e-13 * high; k++) {
                const double middle = low + (high - low) / 2, at_middle = sj_error(sj, middle);
                if (at_low * at_middle <= 0) {
                    high = middle;
                } else {
                    low = middle;
                    at_low = at_middle;
                }
            }
            h = low + (high - low) / 2;
        }
    }
    free(sj);
    return h;
}

double stats_bandwidth(const double *sorted, size_t n)
{
    if (n < 2 || !stats_spread(sorted[0], sorted[n - 1]))
        return NAN;
    const double sd = standard_deviation(sorted, n), quartiles = quartile_range(sorted, n);
    const double robust = quartiles / 1.34, least = robust > 0 && robust < sd ? robust : sd;
    const double sj_scale = quartiles > 0 ? fmin(sd, quartiles / 1.349) : sd;
    double h = NAN;
    if (!isfinite(sd))
        return NAN;
    if (n >= SJ_LEAST)
        h = sheather_jones(sorted, n, sj_scale);
    /* A long tail makes its bins so wide that most values are in a few: what is finer than a bin comes from nothing. */
    if (h < (sorted[n - 1] - sorted[0]) * sj_wider / SJ_BINS && robust > 0 && robust < sd / 3)
        h = NAN;
    return h > 0 ? h : 0.9 * least * pow((double)n, -0.2);
}
