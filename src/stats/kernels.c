/* kernels.c - the kernel density estimate: at given points, or at points that show all of it.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* exp */
#include <string.h> /* memmove */

#include "stats/stats_inside.h"

enum { BINS = 4096 };
static const double reach = 9;              /* bandwidths: beyond, a kernel is less than 10^-17 of its height */
static const double fine_enough = 1.0 / 16; /* bandwidths between kernels that stand for values beside them */

/* Sorted places, each with a weight and with the sum of the weights before it. */
struct kernels {
    const double *at;
    double *own, *before; /* NULL: the values themselves, 1 each */
    size_t n;
    double total, h;
};

static void free_kernels(struct kernels *kernels)
{
    free(kernels->own);
}

/* Each value is shared between the two points of an even grid beside it. */
static void share_on_grid(const double *sorted, size_t n, struct kernels *kernels)
{
    double *at = kernels->own, *weights = at + BINS;
    const double step = (sorted[n - 1] - sorted[0]) / (BINS - 1);
    for (size_t k = 0; k < BINS; k++)
        at[k] = sorted[0] + step * (double)k;
    for (size_t k = 0; k < n; k++) {
        const double place = (sorted[k] - sorted[0]) / step;
        const size_t below = place < BINS - 2 ? (size_t)place : BINS - 2;
        weights[below + 1] += place - (double)below;
        weights[below] += 1 - (place - (double)below);
    }
    kernels->n = BINS;
}

/* Where the grid would be too coarse for the bandwidth: neighbours become one at their mean. */
static void gather(const double *sorted, size_t n, struct kernels *kernels)
{
    double *at = kernels->own, *weights = at + n;
    size_t n_at = 0;
    for (size_t k = 0; k < n; n_at++) {
        const size_t first = k;
        double sum = 0;
        for (; k < n && sorted[k] - sorted[first] <= fine_enough * kernels->h; k++)
            sum += sorted[k] - sorted[first];
        at[n_at] = sorted[first] + sum / (double)(k - first);
        weights[n_at] = (double)(k - first);
    }
    memmove(at + n_at, weights, n_at * sizeof *weights);
    kernels->n = n_at;
}

static struct kernels kernels_of(const double *sorted, size_t n, double bandwidth)
{
    struct kernels kernels = {sorted, NULL, NULL, n, (double)n, bandwidth};
    if (n <= STATS_KDE_EXACT || !(sorted[n - 1] > sorted[0]) || !(bandwidth > 0))
        return kernels;
    const bool even = (sorted[n - 1] - sorted[0]) / (BINS - 1) <= fine_enough * bandwidth;
    kernels.own = stats_room(even ? BINS : n, 3 * sizeof *kernels.own);
    if (even)
        share_on_grid(sorted, n, &kernels);
    else
        gather(sorted, n, &kernels);
    kernels.at = kernels.own;
    kernels.before = kernels.own + 2 * kernels.n;
    for (size_t k = 1; k < kernels.n; k++)
        kernels.before[k] = kernels.before[k - 1] + kernels.own[kernels.n + k - 1];
    return kernels;
}

/* The first kernel at x or beyond. */
static size_t find(const struct kernels *kernels, double x)
{
    size_t low = 0, high = kernels->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (kernels->at[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The density at x, and the share of it below x (NULL: not wanted). */
static double density_at(const struct kernels *kernels, double x, double *below_out)
{
    const double h = kernels->h, scale = 1 / (h * sqrt(2 * 3.14159265358979323846) * kernels->total);
    const size_t first = find(kernels, x - reach * h);
    const double *weights = kernels->own ? kernels->own + kernels->n : NULL;
    double sum = 0, below = 0;
    if (first < kernels->n)
        below = kernels->before ? kernels->before[first] : (double)first;
    else
        below = kernels->total;
    for (size_t k = first; k < kernels->n; k++) {
        const double d = (x - kernels->at[k]) / h, weight = weights ? weights[k] : 1;
        if (d < -reach)
            break;
        sum += weight * exp(-0.5 * d * d);
        if (below_out)
            below += weight * stats_normal_cdf(d);
    }
    if (below_out)
        *below_out = below / kernels->total;
    return sum * scale;
}

void stats_kde(const double *sorted, size_t n, double bandwidth, const double *points, size_t n_points,
               double *density_out)
{
    struct kernels kernels = kernels_of(sorted, n, bandwidth);
    for (size_t k = 0; k < n_points; k++)
        density_out[k] = n && bandwidth > 0 ? density_at(&kernels, points[k], NULL) : NAN;
    free_kernels(&kernels);
}

/* ---- points that show all of it ---- */

static const double good_enough = 0.005; /* of the area: what straight lines between the points may miss */

enum { SAMPLES_MOST = 2 };

struct curve_point {
    double x, density[SAMPLES_MOST], below[SAMPLES_MOST];
};

struct curves {
    struct kernels kernels[SAMPLES_MOST];
    size_t n;
};

static struct curve_point point_at(const struct curves *curves, double x)
{
    struct curve_point point = {.x = x};
    for (size_t k = 0; k < curves->n; k++)
        point.density[k] = density_at(&curves->kernels[k], x, &point.below[k]);
    return point;
}

/* What straight lines miss of the areas between two points: the estimates' integrals are known. */
static double missed(const struct curves *curves, const struct curve_point *a, const struct curve_point *b)
{
    double sum = 0;
    for (size_t k = 0; k < curves->n; k++)
        sum += fabs(b->below[k] - a->below[k] - (a->density[k] + b->density[k]) / 2 * (b->x - a->x));
    return sum;
}

/* Fills points from n on: each in the middle of where most is missed. Gives how many there are. */
static size_t refine(const struct curves *curves, struct curve_point *points, size_t n)
{
    double *errors = stats_room(STATS_CURVE_MOST, sizeof *errors);
    for (size_t k = 0; k + 1 < n; k++)
        errors[k] = missed(curves, &points[k], &points[k + 1]);
    for (; n < STATS_CURVE_MOST; n++) {
        size_t worst = 0;
        double sum = 0;
        for (size_t k = 0; k + 1 < n; k++) {
            sum += errors[k];
            worst = errors[k] > errors[worst] ? k : worst;
        }
        const double middle = points[worst].x + (points[worst + 1].x - points[worst].x) / 2;
        if (!(sum > good_enough) || !(middle > points[worst].x) || !(middle < points[worst + 1].x))
            break;
        memmove(points + worst + 2, points + worst + 1, (n - worst - 1) * sizeof *points);
        memmove(errors + worst + 2, errors + worst + 1, (n - worst - 1) * sizeof *errors);
        points[worst + 1] = point_at(curves, middle);
        errors[worst] = missed(curves, &points[worst], &points[worst + 1]);
        errors[worst + 1] = missed(curves, &points[worst + 1], &points[worst + 2]);
    }
    free(errors);
    return n;
}

size_t stats_curves(const struct stats_sample *samples, size_t n_samples, size_t n_least, double *points_out)
{
    struct curves curves = {.n = 0};
    double low = INFINITY, high = -INFINITY, *densities[SAMPLES_MOST];
    for (size_t k = 0; k < n_samples; k++) {
        const struct stats_sample *sample = &samples[k];
        for (size_t j = 0; j < STATS_CURVE_MOST; j++)
            sample->density_out[j] = NAN;
        if (sample->n > 0) {
            low = fmin(low, sample->sorted[0]);
            high = fmax(high, sample->sorted[sample->n - 1]);
        }
        if (sample->n == 0 || !(sample->bandwidth > 0) || !isfinite(sample->bandwidth))
            continue;
        low = fmin(low, sample->sorted[0] - 3 * sample->bandwidth);
        high = fmax(high, sample->sorted[sample->n - 1] + 3 * sample->bandwidth);
        densities[curves.n] = sample->density_out;
        curves.kernels[curves.n++] = kernels_of(sample->sorted, sample->n, sample->bandwidth);
    }
    if (curves.n == 0)
        return 0;
    struct curve_point *points = stats_room(STATS_CURVE_MOST, sizeof *points);
    for (size_t k = 0; k < n_least; k++)
        points[k] = point_at(&curves, low + (high - low) * (double)k / (double)(n_least - 1));
    const size_t n_points = refine(&curves, points, n_least);
    for (size_t k = 0; k < n_points; k++) {
        points_out[k] = points[k].x;
        for (size_t j = 0; j < curves.n; j++)
            densities[j][k] = points[k].density[j];
    }
    free(points);
    for (size_t k = 0; k < curves.n; k++)
        free_kernels(&curves.kernels[k]);
    return n_points;
}
