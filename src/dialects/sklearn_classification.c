/* sklearn_classification.c - scikit-learn's make_classification.
 * SPDX-License-Identifier: MIT */
#include "dialects/sklearn.h"

#include <math.h> /* fabs */

/* sample_without_replacement makes at most 30 of a vertex' coordinates. */
enum { VERTEX_BITS = 30 };

/* No memory has so many numbers: what is below does not overflow when it is added. */
#define MOST 0x1p56

typedef const oneseed_sklearn_classification parameters;

static size_t n_clusters_of(parameters *p)
{
    return p->n_classes * p->n_clusters_per_class;
}

static size_t n_vertex_bits(parameters *p)
{
    return p->n_informative < VERTEX_BITS ? p->n_informative : VERTEX_BITS;
}

static size_t n_largest_product(parameters *p)
{
    return p->n_informative > p->n_redundant ? p->n_informative : p->n_redundant;
}

static oneseed_status check(parameters *p)
{
    if (p->n_samples == 0 || p->n_features == 0 || p->n_informative == 0 || p->n_classes == 0 ||
        p->n_clusters_per_class == 0 || !(p->flip_y >= 0.0 && p->flip_y <= 1.0) || !(p->class_sep > 0.0))
        return ONESEED_SKLEARN_PARAMETER;
    if (p->n_informative > p->n_features || p->n_redundant > p->n_features - p->n_informative ||
        p->n_repeated > p->n_features - p->n_informative - p->n_redundant)
        return ONESEED_SKLEARN_FEATURES;
    if ((double)p->n_features * (double)p->n_features > MOST || (double)p->n_samples * (double)p->n_features > MOST ||
        (double)p->n_classes * (double)p->n_clusters_per_class > MOST)
        return ONESEED_SKLEARN_PARAMETER;
    if (p->n_informative < 63 && n_clusters_of(p) > (size_t)1 << p->n_informative)
        return ONESEED_SKLEARN_CLUSTERS;
    if (n_clusters_of(p) > (size_t)1 << n_vertex_bits(p)) /* no more vertices are drawn from */
        return ONESEED_SKLEARN_POPULATION;
    for (size_t k = 0; p->weights && k < p->n_classes; k++)
        if (!(fabs(p->weights[k]) * (double)p->n_samples < 0x1p53)) /* NaN too */
            return ONESEED_SKLEARN_PARAMETER;
    if ((double)n_clusters_of(p) * (double)p->n_informative > MOST)
        return ONESEED_SKLEARN_PARAMETER;
    return ONESEED_OK;
}

static size_t n_vertex_work(parameters *p)
{
    return oneseed_sklearn_sample_work((uint64_t)1 << n_vertex_bits(p), n_clusters_of(p), ONESEED_SKLEARN_AUTO);
}

oneseed_status oneseed_sklearn_classification_work(const oneseed_sklearn_classification *p, size_t *n_work,
                                                   size_t *n_work_real)
{
    oneseed_status status = check(p);
    if (status)
        return status;
    *n_work = 2 * n_clusters_of(p) + n_vertex_work(p) + p->n_features;
    *n_work_real = n_clusters_of(p) * p->n_informative + p->n_informative * n_largest_product(p) +
                   p->n_samples * n_largest_product(p) + 2 * p->n_features;
    return ONESEED_OK;
}

/* Row by row the corners' coordinates, 0 or 1; those beyond VERTEX_BITS are drawn first and stand first. */
static oneseed_status draw_vertices(oneseed_numpy *state, parameters *p, int64_t *vertices, int64_t *work,
                                    double *centroids)
{
    size_t n_bits = n_vertex_bits(p), n_more = p->n_informative - n_bits;
    for (size_t k = 0; k < n_clusters_of(p); k++)
        for (size_t j = 0; j < n_more; j++)
            centroids[k * p->n_informative + j] = (double)oneseed_numpy_legacy_randint(state, 0, 2);
    oneseed_status status = oneseed_sklearn_sample_without_replacement_fill(
        state, (uint64_t)1 << n_bits, ONESEED_SKLEARN_AUTO, work, vertices, n_clusters_of(p));
    if (status)
        return status;
    for (size_t k = 0; k < n_clusters_of(p); k++)
        for (size_t bit = 0; bit < n_bits; bit++)
            centroids[k * p->n_informative + n_more + bit] = (double)(vertices[k] >> (n_bits - 1 - bit) & 1);
    return ONESEED_OK;
}

static void place_centroids(oneseed_numpy *state, parameters *p, double *centroids)
{
    size_t n_clusters = n_clusters_of(p);
    for (size_t i = 0; i < n_clusters * p->n_informative; i++) {
        centroids[i] *= 2.0 * p->class_sep;
        centroids[i] -= p->class_sep;
    }
    if (p->hypercube)
        return;
    for (size_t k = 0; k < n_clusters; k++) {
        double factor = oneseed_numpy_legacy_random_sample(state);
        for (size_t j = 0; j < p->n_informative; j++)
            centroids[k * p->n_informative + j] *= factor;
    }
    for (size_t j = 0; j < p->n_informative; j++) {
        double factor = oneseed_numpy_legacy_random_sample(state);
        for (size_t k = 0; k < n_clusters; k++)
            centroids[k * p->n_informative + j] *= factor;
    }
}

/* The samples of each cluster: its share cut off, and the rest in turns. A negative weight makes a negative share. */
static void share_samples(parameters *p, int64_t *sizes)
{
    size_t n_clusters = n_clusters_of(p);
    int64_t n_left = (int64_t)p->n_samples;
    for (size_t k = 0; k < n_clusters; k++) {
        double weight = p->weights ? p->weights[k % p->n_classes] : 1.0 / (double)p->n_classes;
        sizes[k] = (int64_t)((double)p->n_samples * weight / (double)p->n_clusters_per_class);
        n_left -= sizes[k];
    }
    for (size_t k = 0; n_left > 0; k = k + 1 < n_clusters ? k + 1 : 0, n_left--)
        sizes[k]++;
}

/* Where a slice begins or ends in Python: counted from the end when it is negative, cut off at both ends. */
static size_t slice_bound(int64_t bound, size_t n)
{
    if (bound < 0)
        bound += (int64_t)n;
    return bound < 0 ? 0 : (uint64_t)bound < n ? (size_t)bound : n;
}

static void fill_matrix(oneseed_numpy *state, double *matrix, size_t n)
{
    for (size_t i = 0; i < n; i++)
        matrix[i] = 2.0 * oneseed_numpy_legacy_random_sample(state) - 1.0;
}

/* The informative columns, and the classes. */
static void fill_clusters(oneseed_numpy *state, parameters *p, const int64_t *sizes, const double *centroids,
                          double *matrix, double *product, double *X, int64_t *y)
{
    size_t n_informative = p->n_informative;
    int64_t stop = 0;
    for (size_t i = 0; i < p->n_samples; i++) {
        oneseed_numpy_legacy_standard_normal_fill(state, X + i * p->n_features, n_informative);
        y[i] = 0;
    }
    for (size_t k = 0; k < n_clusters_of(p); k++) {
        size_t first = slice_bound(stop, p->n_samples), end = slice_bound(stop += sizes[k], p->n_samples);
        size_t n = end > first ? end - first : 0;
        double *rows = X + first * p->n_features;
        fill_matrix(state, matrix, n_informative * n_informative);
        if (n > 0)
            sklearn_multiply(&p->product, rows, p->n_features, matrix, n, n_informative, n_informative, product);
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n_informative; j++)
                rows[i * p->n_features + j] = product[i * n_informative + j] + centroids[k * n_informative + j];
            y[first + i] = (int64_t)(k % p->n_classes);
        }
    }
}

static void fill_redundant(oneseed_numpy *state, parameters *p, double *matrix, double *product, double *X)
{
    if (p->n_redundant == 0)
        return;
    fill_matrix(state, matrix, p->n_informative * p->n_redundant);
    sklearn_multiply(&p->product, X, p->n_features, matrix, p->n_samples, p->n_informative, p->n_redundant, product);
    for (size_t i = 0; i < p->n_samples; i++)
        for (size_t j = 0; j < p->n_redundant; j++)
            X[i * p->n_features + p->n_informative + j] = product[i * p->n_redundant + j];
}

static void fill_repeated_and_random(oneseed_numpy *state, parameters *p, double *X)
{
    size_t n_useful = p->n_informative + p->n_redundant;
    for (size_t j = n_useful; j < n_useful + p->n_repeated; j++) {
        double place = (double)(n_useful - 1) * oneseed_numpy_legacy_random_sample(state) + 0.5;
        for (size_t i = 0; i < p->n_samples; i++)
            X[i * p->n_features + j] = X[i * p->n_features + (size_t)place];
    }
    size_t first = n_useful + p->n_repeated;
    for (size_t i = 0; i < p->n_samples; i++)
        oneseed_numpy_legacy_standard_normal_fill(state, X + i * p->n_features + first, p->n_features - first);
}

/* All coins are thrown before the first class is drawn: a copy of the state throws them again. */
static void flip_classes(oneseed_numpy *state, parameters *p, int64_t *y)
{
    oneseed_numpy again = *state;
    for (size_t i = 0; i < p->n_samples; i++)
        (void)oneseed_numpy_legacy_random_sample(state);
    for (size_t i = 0; i < p->n_samples; i++)
        if (oneseed_numpy_legacy_random_sample(&again) < p->flip_y)
            y[i] = oneseed_numpy_legacy_randint(state, 0, (int64_t)p->n_classes);
}

/* The random shift is drawn for all columns before the random scale is; `drawn` has room for both. */
static void shift_and_scale(oneseed_numpy *state, parameters *p, double *drawn, double *X)
{
    size_t n_features = p->n_features;
    const double *shift = p->shift, *scale = p->scale;
    if (!shift) {
        shift = drawn;
        for (size_t j = 0; j < n_features; j++)
            drawn[j] = (2.0 * oneseed_numpy_legacy_random_sample(state) - 1.0) * p->class_sep;
    }
    if (!scale) {
        scale = drawn + n_features;
        for (size_t j = 0; j < n_features; j++)
            drawn[n_features + j] = 1.0 + 100.0 * oneseed_numpy_legacy_random_sample(state);
    }
    for (size_t i = 0; i < p->n_samples; i++)
        for (size_t j = 0; j < n_features; j++)
            X[i * n_features + j] = (X[i * n_features + j] + shift[j]) * scale[j];
}

oneseed_status oneseed_sklearn_make_classification_fill(oneseed_numpy *state, const oneseed_sklearn_classification *p,
                                                        int64_t *work, double *work_real, double *X, int64_t *y,
                                                        int64_t *columns)
{
    oneseed_status status = check(p);
    if (status)
        return status;
    int64_t *vertices = work, *sizes = vertices + n_clusters_of(p), *swaps = sizes + n_clusters_of(p);
    double *centroids = work_real, *matrix = centroids + n_clusters_of(p) * p->n_informative;
    double *product = matrix + p->n_informative * n_largest_product(p);
    share_samples(p, sizes);
    status = draw_vertices(state, p, vertices, swaps + p->n_features, centroids);
    if (status)
        return status;
    place_centroids(state, p, centroids);
    fill_clusters(state, p, sizes, centroids, matrix, product, X, y);
    fill_redundant(state, p, matrix, product, X);
    fill_repeated_and_random(state, p, X);
    flip_classes(state, p, y);
    shift_and_scale(state, p, product + p->n_samples * n_largest_product(p), X);
    sklearn_range(columns, p->n_features);
    if (!p->shuffle)
        return ONESEED_OK;
    sklearn_shuffle_rows(state, X, p->n_samples, p->n_features, y, sizeof *y);
    oneseed_numpy_legacy_shuffle(state, columns, p->n_features, sizeof *columns);
    for (size_t j = 0; j < p->n_features; j++)
        swaps[j] = columns[j];
    sklearn_swaps_of(swaps, p->n_features);
    sklearn_swap_columns(X, p->n_samples, p->n_features, swaps);
    return ONESEED_OK;
}
