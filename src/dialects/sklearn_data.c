/* sklearn_data.c - scikit-learn's data sets by a formula: make_blobs, make_moons, make_circles, make_regression.
 * SPDX-License-Identifier: MIT */
#include "dialects/sklearn.h"

#include <math.h> /* sin, cos, isnan */

#include "dialects/numpy_legacy.h" /* numpy_legacy_check_normal */

static const double pi = 3.14159265358979323846;

/* numpy.random's own refusal of a scale. */
static oneseed_status check_scale(const oneseed_numpy *state, double scale)
{
    return numpy_legacy_check_normal(state, (const numpy_number[]){{.f = 0.0}, {.f = scale}});
}

/* ---- make_blobs ---- */

oneseed_status oneseed_sklearn_blob_centers_fill(oneseed_numpy *state, double low, double high, size_t n_centers,
                                                 size_t n_features, double *centers)
{
    return oneseed_numpy_legacy_uniform_fill(state, low, high, centers, n_centers * n_features);
}

void oneseed_sklearn_blob_sizes_fill(int64_t n_samples, size_t n_centers, int64_t *n_per_center)
{
    for (size_t k = 0; k < n_centers; k++)
        n_per_center[k] = n_samples / (int64_t)n_centers + ((int64_t)k < n_samples % (int64_t)n_centers);
}

oneseed_status oneseed_sklearn_make_blobs_fill(oneseed_numpy *state, const double *centers, const double *cluster_std,
                                               const int64_t *n_per_center, size_t n_centers, size_t n_features,
                                               int shuffle, double *X, int64_t *y)
{
    for (size_t k = 0; k < n_centers; k++) {
        oneseed_status status = check_scale(state, cluster_std[k]);
        if (status || n_per_center[k] < 0)
            return status ? status : ONESEED_SKLEARN_PARAMETER;
    }
    size_t n_samples = 0;
    double *next = X;
    for (size_t k = 0; k < n_centers; k++)
        for (int64_t i = 0; i < n_per_center[k]; i++) {
            for (size_t j = 0; j < n_features; j++)
                *next++ = oneseed_numpy_legacy_normal(state, centers[k * n_features + j], cluster_std[k]);
            y[n_samples++] = (int64_t)k;
        }
    if (shuffle)
        sklearn_shuffle_rows(state, X, n_samples, n_features, y, sizeof *y);
    return ONESEED_OK;
}

/* ---- make_moons, make_circles ---- */

/* Entry i of numpy.linspace(0, stop, n), whose last entry, when it is an end point, is `stop` itself. */
static double linspace(double stop, size_t n, size_t i, bool with_end)
{
    if (with_end && n > 1 && i == n - 1)
        return stop;
    size_t n_steps = with_end ? n - 1 : n;
    return n_steps > 0 ? (double)i * (stop / (double)n_steps) : 0.0;
}

static oneseed_status check_noise(const oneseed_numpy *state, double noise)
{
    if (isnan(noise))
        return ONESEED_OK;
    return noise < 0.0 ? ONESEED_SKLEARN_PARAMETER : check_scale(state, noise);
}

static void shuffle_and_disturb(oneseed_numpy *state, size_t n_samples, int shuffle, double noise, double *X,
                                int64_t *y)
{
    if (shuffle)
        sklearn_shuffle_rows(state, X, n_samples, 2, y, sizeof *y);
    if (!isnan(noise))
        for (size_t i = 0; i < 2 * n_samples; i++)
            X[i] += oneseed_numpy_legacy_normal(state, 0.0, noise);
}

oneseed_status oneseed_sklearn_make_moons_fill(oneseed_numpy *state, size_t n_outer, size_t n_inner, int shuffle,
                                               double noise, double *X, int64_t *y)
{
    oneseed_status status = check_noise(state, noise);
    if (status)
        return status;
    for (size_t i = 0; i < n_outer + n_inner; i++) {
        bool is_inner = i >= n_outer;
        double t = is_inner ? linspace(pi, n_inner, i - n_outer, true) : linspace(pi, n_outer, i, true);
        X[2 * i] = is_inner ? 1.0 - cos(t) : cos(t);
        X[2 * i + 1] = is_inner ? 1.0 - sin(t) - 0.5 : sin(t);
        y[i] = is_inner;
    }
    shuffle_and_disturb(state, n_outer + n_inner, shuffle, noise, X, y);
    return ONESEED_OK;
}

oneseed_status oneseed_sklearn_make_circles_fill(oneseed_numpy *state, size_t n_outer, size_t n_inner, int shuffle,
                                                 double noise, double factor, double *X, int64_t *y)
{
    oneseed_status status = check_noise(state, noise);
    if (status)
        return status;
    if (!(factor >= 0.0 && factor < 1.0))
        return ONESEED_SKLEARN_PARAMETER;
    for (size_t i = 0; i < n_outer + n_inner; i++) {
        bool is_inner = i >= n_outer;
        double t = is_inner ? linspace(2.0 * pi, n_inner, i - n_outer, false) : linspace(2.0 * pi, n_outer, i, false);
        X[2 * i] = is_inner ? cos(t) * factor : cos(t);
        X[2 * i + 1] = is_inner ? sin(t) * factor : sin(t);
        y[i] = is_inner;
    }
    shuffle_and_disturb(state, n_outer + n_inner, shuffle, noise, X, y);
    return ONESEED_OK;
}

/* ---- make_regression ---- */

static bool is_regression(const oneseed_sklearn_regression *p)
{
    return p->n_samples > 0 && p->n_features > 0 && p->n_targets > 0 && p->noise >= 0.0 && isfinite(p->bias);
}

oneseed_status oneseed_sklearn_make_regression_fill(oneseed_numpy *state, const oneseed_sklearn_regression *parameters,
                                                    int64_t *work, double *X, double *y, double *coefficients)
{
    const oneseed_sklearn_regression *p = parameters;
    if (!is_regression(p))
        return ONESEED_SKLEARN_PARAMETER;
    size_t n_informative = p->n_informative < p->n_features ? p->n_informative : p->n_features;
    size_t n_y = p->n_samples * p->n_targets;
    oneseed_numpy_legacy_standard_normal_fill(state, X, p->n_samples * p->n_features);
    for (size_t i = 0; i < p->n_features * p->n_targets; i++)
        coefficients[i] = i < n_informative * p->n_targets ? 100.0 * oneseed_numpy_legacy_random_sample(state) : 0.0;
    sklearn_multiply(&p->product, X, p->n_features, coefficients, p->n_samples, p->n_features, p->n_targets, y);
    for (size_t i = 0; i < n_y; i++)
        y[i] += p->bias;
    if (p->noise > 0.0)
        for (size_t i = 0; i < n_y; i++)
            y[i] += oneseed_numpy_legacy_normal(state, 0.0, p->noise);
    if (!p->shuffle)
        return ONESEED_OK;
    sklearn_shuffle_rows(state, X, p->n_samples, p->n_features, y, p->n_targets * sizeof *y);
    oneseed_numpy_legacy_permutation_fill(state, work, p->n_features);
    sklearn_swaps_of(work, p->n_features);
    sklearn_swap_columns(X, p->n_samples, p->n_features, work);
    for (size_t target = 0; target < p->n_targets; target++)
        for (size_t j = 0; j < p->n_features; j++) {
            double *here = coefficients + j * p->n_targets + target;
            double *there = coefficients + (size_t)work[j] * p->n_targets + target, kept = *here;
            *here = *there;
            *there = kept;
        }
    return ONESEED_OK;
}
