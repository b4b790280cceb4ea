/* variance_shares.c - which source the variance comes from: the plan of the runs, and the shares.
 * SPDX-License-Identifier: MIT
 *
 * With A(r) the base run of replication r, C(i,r) its varied run, in which source i has the value of replication p = plan(r), and
 * D(i,r) = A(r) - C(i,r): the mean of D(i,r)^2 / 2 is the total variance of i (M. J. W. Jansen, 1999). Its first-order variance has two
 * estimates: the mean of -D(i,r) D(i,p) (A. B. Owen, "Better estimation of small Sobol' sensitivity indices", 2013: it costs no run
 * more, as C(i,p) is there), precise where i does little, and the covariance of A(p) and C(i,r), which share i alone (A. Janon et al.,
 * 2014), precise where it does much. They are averaged with weights by their spread. */
#include <math.h>   /* sqrt */
#include <string.h> /* memset */

#include "stats/stats_inside.h"

enum { SHARES_RESAMPLES = 2000, LEAST_BLOCKS = 8 };

size_t stats_sources_plan(size_t r, size_t n, size_t i, size_t n_sources)
{
    (void)n_sources;
    if (n < 2)
        return r;
    /* Whole blocks; 1 or 2 replications too many belong to the last one, 3 or 4 make one of their own. */
    const size_t rest = n % STATS_SOURCES_BLOCK, n_whole = n / STATS_SOURCES_BLOCK;
    const bool joins = n_whole > 0 && rest < 3;
    const size_t n_blocks = n_whole + (joins || rest == 0 ? 0 : 1);
    const size_t block = r / STATS_SOURCES_BLOCK < n_blocks ? r / STATS_SOURCES_BLOCK : n_blocks - 1;
    const size_t begin = block * STATS_SOURCES_BLOCK, length = block + 1 < n_blocks ? STATS_SOURCES_BLOCK : n - begin;
    size_t shift = 1 + i % (length - 1);
    if (2 * shift == length) /* and back: three different replications are needed */
        shift = 1;
    return begin + (r - begin + shift) % length;
}

/* ---- sums by block ---- */

struct sums {
    double n_total, total, n_first, first, n_shared, shared;
};

/* Blocks of replications that have nothing to do with each other, and what each adds to the estimates. */
struct blocks {
    size_t n, n_sources;
    double *n_base, *base, *squares; /* of base runs, about their mean */
    struct sums *sums;               /* [block * n_sources + source] */
};

/* Each replication's block: joined with all from which it takes values. */
static size_t find(size_t *parent, size_t r)
{
    while (parent[r] != r)
        r = parent[r] = parent[parent[r]];
    return r;
}

static size_t find_blocks(size_t n, const struct stats_varied *varied, size_t n_varied, size_t *block_of)
{
    size_t *parent = stats_room(n, sizeof *parent), n_blocks = 0;
    for (size_t r = 0; r < n; r++)
        parent[r] = r;
    for (size_t k = 0; k < n_varied; k++) {
        const size_t a = find(parent, varied[k].base), b = find(parent, varied[k].from);
        parent[a > b ? a : b] = a > b ? b : a;
    }
    for (size_t r = 0; r < n; r++) {
        const size_t root = find(parent, r);
        block_of[r] = root == r ? n_blocks++ : block_of[root];
    }
    /* Too few blocks: each replication is one, and the intervals are a little off. */
    for (size_t r = 0; r < n && n_blocks < LEAST_BLOCKS && n >= STATS_SHARES_INTERVALS; r++)
        block_of[r] = r;
    n_blocks = block_of[n - 1] + 1 > n_blocks ? block_of[n - 1] + 1 : n_blocks;
    free(parent);
    return n_blocks;
}

static void add_first(struct sums *sums, double product)
{
    sums->n_first++;
    sums->first += product;
}

static void fill_blocks(struct blocks *blocks, const size_t *block_of, const double *base, size_t n, double mean,
                        const struct stats_varied *varied, size_t n_varied)
{
    const size_t n_sources = blocks->n_sources;
    /* The varied run of each source and replication; n_varied = none. */
    size_t *place = stats_room(n * n_sources, sizeof *place);
    for (size_t k = 0; k < n * n_sources; k++)
        place[k] = n_varied;
    for (size_t k = 0; k < n_varied; k++)
        place[varied[k].source * n + varied[k].base] = k;
    for (size_t r = 0; r < n; r++) {
        if (!isfinite(base[r]))
            continue;
        blocks->n_base[block_of[r]]++;
        blocks->base[block_of[r]] += base[r] - mean;
        blocks->squares[block_of[r]] += (base[r] - mean) * (base[r] - mean);
    }
    for (size_t k = 0; k < n_varied; k++) {
        const struct stats_varied *run = &varied[k];
        if (!isfinite(run->value) || run->from == run->base)
            continue;
        struct sums *sums = &blocks->sums[block_of[run->base] * n_sources + run->source];
        if (isfinite(base[run->from])) {
            sums->n_shared++;
            sums->shared += (base[run->from] - mean) * (run->value - mean);
        }
        if (!isfinite(base[run->base]))
            continue;
        const double d = base[run->base] - run->value;
        const size_t other = place[run->source * n + run->from];
        sums->n_total++;
        sums->total += d * d / 2;
        if (other < n_varied && varied[other].from != run->base && isfinite(varied[other].value) &&
            isfinite(base[run->from]))
            add_first(sums, -d * (base[run->from] - varied[other].value));
    }
    free(place);
}

/* ---- estimates of any weighting of the blocks ---- */

struct estimate {
    double variance, *first, *first_by_products, *first_by_covariance, *total, rest;
};

/* weights[block]: how often it counts. by_products: how much of the first-order share is the products' estimate, for each source. */
static void estimate(const struct blocks *blocks, const uint32_t *weights, const double *by_products,
                     struct estimate *out)
{
    double n = 0, sum = 0, squares = 0;
    for (size_t block = 0; block < blocks->n; block++) {
        n += weights[block] * blocks->n_base[block];
        sum += weights[block] * blocks->base[block];
        squares += weights[block] * blocks->squares[block];
    }
    out->variance = n > 1 ? (squares - sum * sum / n) / (n - 1) : NAN;
    out->rest = 1;
    for (size_t i = 0; i < blocks->n_sources; i++) {
        struct sums all = {0, 0, 0, 0, 0, 0};
        for (size_t block = 0; block < blocks->n; block++) {
            const struct sums *sums = &blocks->sums[block * blocks->n_sources + i];
            const double weight = weights[block];
            all.n_total += weight * sums->n_total;
            all.total += weight * sums->total;
            all.n_first += weight * sums->n_first;
            all.first += weight * sums->first;
            all.n_shared += weight * sums->n_shared;
            all.shared += weight * sums->shared;
        }
        out->total[i] = all.total / all.n_total / out->variance;
        out->first_by_products[i] = all.first / all.n_first / out->variance;
        /* About the mean of this weighting; that of the pairs is nearly the same. */
        out->first_by_covariance[i] = (all.shared / all.n_shared - sum / n * (sum / n)) / out->variance;
        const double w = all.n_first > 0 ? by_products[i] : 0;
        out->first[i] =
            (w > 0 ? w * out->first_by_products[i] : 0) + (w < 1 ? (1 - w) * out->first_by_covariance[i] : 0);
        out->rest -= out->first[i];
    }
}

static struct estimate estimate_room(size_t n_sources)
{
    double *room = stats_room(n_sources, 4 * sizeof *room);
    return (struct estimate){.first = room,
                             .first_by_products = room + n_sources,
                             .first_by_covariance = room + 2 * n_sources,
                             .total = room + 3 * n_sources};
}

/* Leaves each block out. values[k * (n + 1) …] with k = 2 i: first of source i, 2 i + 1: total, 2 n_sources: the rest. Gives the weights, too,
 * when `weights_out` is there. */
static void leave_out(const struct blocks *blocks, const double *by_products, double *values, double *weights_out)
{
    uint32_t *weights = stats_room(blocks->n, sizeof *weights);
    struct estimate one = estimate_room(blocks->n_sources);
    double *spread = stats_room(blocks->n_sources, 4 * sizeof *spread);
    for (size_t block = 0; block < blocks->n; block++)
        weights[block] = 1;
    for (size_t block = 0; block < blocks->n; block++) {
        weights[block] = 0;
        estimate(blocks, weights, by_products, &one);
        weights[block] = 1;
        for (size_t i = 0; i < blocks->n_sources; i++) {
            values[2 * i * blocks->n + block] = one.first[i];
            values[(2 * i + 1) * blocks->n + block] = one.total[i];
            const double both[2] = {one.first_by_products[i], one.first_by_covariance[i]};
            for (int k = 0; k < 2; k++) {
                spread[4 * i + 2 * (size_t)k] += both[k];
                spread[4 * i + 2 * (size_t)k + 1] += both[k] * both[k];
            }
        }
        values[2 * blocks->n_sources * blocks->n + block] = one.rest;
    }
    for (size_t i = 0; weights_out && i < blocks->n_sources; i++) {
        const double *s = &spread[4 * i], n = (double)blocks->n;
        const double products = s[1] / n - s[0] / n * (s[0] / n), covariance = s[3] / n - s[2] / n * (s[2] / n);
        weights_out[i] = products >= 0 && covariance > 0 ? covariance / (products + covariance) : products >= 0 ? 1 : 0;
    }
    free(one.first);
    free(weights);
    free(spread);
}

static void bootstrap(const struct blocks *blocks, const double *by_products, const struct estimate *seen,
                      const struct stats_options *options, struct stats_share *shares, struct stats_shares *out)
{
    const size_t n_values = 2 * blocks->n_sources + 1;
    double *jackknife = stats_room(n_values * blocks->n, sizeof *jackknife);
    double *distribution = stats_room(n_values * SHARES_RESAMPLES, sizeof *distribution);
    uint32_t *places = stats_room(blocks->n, 2 * sizeof *places), *weights = places + blocks->n;
    struct estimate one = estimate_room(blocks->n_sources);
    struct stats_stream stream;
    stats_stream_start(&stream, options->seed, STATS_FOR_SHARES);
    leave_out(blocks, by_products, jackknife, NULL);
    for (size_t b = 0; b < SHARES_RESAMPLES; b++) {
        memset(weights, 0, blocks->n * sizeof *weights);
        stats_places(&stream, (uint32_t)blocks->n, places, blocks->n);
        for (size_t k = 0; k < blocks->n; k++)
            weights[places[k]]++;
        estimate(blocks, weights, by_products, &one);
        for (size_t i = 0; i < blocks->n_sources; i++) {
            distribution[2 * i * SHARES_RESAMPLES + b] = one.first[i];
            distribution[(2 * i + 1) * SHARES_RESAMPLES + b] = one.total[i];
        }
        distribution[2 * blocks->n_sources * SHARES_RESAMPLES + b] = one.rest;
    }
    const double z = stats_expanded_z(options->level, (double)blocks->n);
    for (size_t k = 0; k < n_values; k++) {
        const size_t i = k / 2;
        const double value = i == blocks->n_sources ? seen->rest : k % 2 ? seen->total[i] : seen->first[i];
        struct stats_interval interval = {NAN, NAN, STATS_NONE};
        bool whole = isfinite(value);
        for (size_t b = 0; b < SHARES_RESAMPLES && whole; b++)
            whole = isfinite(distribution[k * SHARES_RESAMPLES + b]);
        if (whole)
            interval = stats_bca(distribution + k * SHARES_RESAMPLES, SHARES_RESAMPLES, value,
                                 stats_jackknife(jackknife + k * blocks->n, blocks->n), z);
        if (i == blocks->n_sources)
            out->rest_ci = interval;
        else if (k % 2)
            shares[i].total_ci = interval;
        else
            shares[i].first_ci = interval;
    }
    free(jackknife);
    free(distribution);
    free(places);
    free(one.first);
}

/* Without what cannot be used: places beyond the arrays. */
static size_t usable(const struct stats_varied *varied, size_t n_varied, size_t n, size_t n_sources,
                     struct stats_varied *out)
{
    size_t n_out = 0;
    for (size_t k = 0; k < n_varied; k++)
        if (varied[k].source < n_sources && varied[k].base < n && varied[k].from < n)
            out[n_out++] = varied[k];
    return n_out;
}

bool stats_variance_shares(const double *base, size_t n, const struct stats_varied *varied, size_t n_varied,
                           size_t n_sources, const struct stats_options *options, struct stats_share *shares_out,
                           struct stats_shares *out)
{
    const struct stats_options all = stats_defaults(options);
    const struct stats_interval none = {NAN, NAN, STATS_NONE};
    double mean = 0;
    *out = (struct stats_shares){.variance = NAN, .rest = NAN, .rest_ci = none};
    for (size_t i = 0; i < n_sources; i++)
        shares_out[i] = (struct stats_share){.first = NAN, .total = NAN, .first_ci = none, .total_ci = none};
    for (size_t r = 0; r < n; r++) {
        if (isfinite(base[r]))
            mean += (base[r] - mean) / (double)++out->n;
    }
    if (out->n < 3 || n_sources == 0)
        return false;
    struct stats_varied *runs = stats_room(n_varied, sizeof *runs);
    size_t *block_of = stats_room(n, sizeof *block_of);
    const size_t n_runs = usable(varied, n_varied, n, n_sources, runs);
    struct blocks blocks = {.n = find_blocks(n, runs, n_runs, block_of), .n_sources = n_sources};
    blocks.n_base = stats_room(blocks.n, 3 * sizeof *blocks.n_base);
    blocks.base = blocks.n_base + blocks.n;
    blocks.squares = blocks.base + blocks.n;
    blocks.sums = stats_room(blocks.n * n_sources, sizeof *blocks.sums);
    fill_blocks(&blocks, block_of, base, n, mean, runs, n_runs);

    struct estimate seen = estimate_room(n_sources);
    double *by_products = stats_room(n_sources, sizeof *by_products);
    double *values = stats_room((2 * n_sources + 1) * blocks.n, sizeof *values);
    uint32_t *once = stats_room(blocks.n, sizeof *once);
    for (size_t block = 0; block < blocks.n; block++)
        once[block] = 1;
    for (size_t i = 0; i < n_sources; i++)
        by_products[i] = 0.5;
    if (blocks.n >= LEAST_BLOCKS)
        leave_out(&blocks, by_products, values, by_products);
    estimate(&blocks, once, by_products, &seen);
    out->variance = seen.variance;
    const bool ok = seen.variance > 0;
    for (size_t i = 0; i < n_sources; i++) {
        for (size_t block = 0; block < blocks.n; block++) {
            shares_out[i].n_total += (size_t)blocks.sums[block * n_sources + i].n_total;
            shares_out[i].n_first += (size_t)blocks.sums[block * n_sources + i].n_shared;
        }
        if (ok) {
            shares_out[i].first = seen.first[i];
            shares_out[i].total = seen.total[i];
        }
    }
    if (ok) {
        out->rest = seen.rest;
        if (blocks.n >= LEAST_BLOCKS)
            bootstrap(&blocks, by_products, &seen, &all, shares_out, out);
    }
    free(seen.first);
    free(by_products);
    free(values);
    free(once);
    free(blocks.n_base);
    free(blocks.sums);
    free(block_of);
    free(runs);
    return ok;
}

/* ---- what to make of them ---- */

static bool beyond(double value, struct stats_interval interval)
{
    return value < 0 || value > 1 || interval.low < 0 || interval.high > 1; /* nan is not */
}

bool stats_shares_beyond(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all)
{
    bool any = beyond(all->rest, all->rest_ci);
    for (size_t i = 0; i < n_sources; i++)
        any = any || beyond(shares[i].first, shares[i].first_ci) || beyond(shares[i].total, shares[i].total_ci);
    return any;
}

bool stats_shares_sure(const struct stats_share *shares, size_t n_sources, const struct stats_shares *all)
{
    bool sure = all->rest_ci.method != STATS_NONE;
    for (size_t i = 0; i < n_sources; i++)
        sure = sure || shares[i].first_ci.method != STATS_NONE || shares[i].total_ci.method != STATS_NONE;
    return sure;
}

static size_t missing_of(size_t n, size_t wanted)
{
    return n < wanted - wanted / 10 ? wanted - n : 0;
}

struct stats_more_replications stats_more_replications(const struct stats_share *shares, size_t n_sources,
                                                       const struct stats_shares *all)
{
    const bool sure = stats_shares_sure(shares, n_sources, all);
    return (struct stats_more_replications){
        .for_intervals = !sure && all->n < STATS_SHARES_INTERVALS ? STATS_SHARES_INTERVALS - all->n : 0,
        .for_start = missing_of(all->n, STATS_SHARES_START),
        .for_points = missing_of(all->n, STATS_SHARES_POINTS)};
}
