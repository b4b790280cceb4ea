/* torch_sampler.c - torch.utils.data: the order in which samplers give indices, and random_split.
 * SPDX-License-Identifier: MIT
 *
 * After torch/utils/data/sampler.py, distributed.py and dataset.py of 2.13. */
#include "oneseed.h" /* oneseed_torch_sampler */

#include <math.h>   /* fabs, floor, isfinite */
#include <string.h> /* memcpy */

#include "dialects/torch.h" /* oneseed_torch */

/* ---- sizes ---- */

static int64_t num_samples(const oneseed_torch_sampler *s)
{
    return s->kind == ONESEED_TORCH_RANDOM && s->num_samples == 0 ? s->n_data : s->num_samples;
}

/* Indices of each rank: ceil(n / replicas), or what is left when the incomplete round is dropped. */
static int64_t num_distributed(const oneseed_torch_sampler *s)
{
    int64_t n_whole = s->n_data / s->num_replicas;
    return n_whole + (!s->drop_last && s->n_data % s->num_replicas != 0);
}

/* More indices than any memory holds; below, the bytes of work and indices fit a size_t, and lengths are exact as doubles. */
static const int64_t n_indices_max = INT64_C(1) << 53;

static oneseed_status check_length(int64_t n)
{
    return n < 0 ? ONESEED_TORCH_NEGATIVE_DIMENSION : n > n_indices_max ? ONESEED_TORCH_STORAGE_SIZE : ONESEED_OK;
}

static oneseed_status check_kind(const oneseed_torch_sampler *s)
{
    switch (s->kind) {
    case ONESEED_TORCH_RANDOM:
        if (num_samples(s) <= 0)
            return ONESEED_TORCH_NUM_SAMPLES;
        if (s->n_data == 0)
            return s->replacement ? ONESEED_TORCH_RANDOM_RANGE : ONESEED_TORCH_SAMPLER_EMPTY;
        return ONESEED_OK;
    case ONESEED_TORCH_WEIGHTED_RANDOM:
        return s->num_samples <= 0 ? ONESEED_TORCH_NUM_SAMPLES : ONESEED_OK;
    case ONESEED_TORCH_DISTRIBUTED:
        return s->rank < 0 || s->rank >= s->num_replicas ? ONESEED_TORCH_RANK : ONESEED_OK;
    case ONESEED_TORCH_SEQUENTIAL:
    case ONESEED_TORCH_SUBSET_RANDOM:
        return ONESEED_OK;
    }
    return ONESEED_TORCH_LAYER_KIND;
}

static oneseed_status check(const oneseed_torch_sampler *s)
{
    oneseed_status status = check_length(s->n_data);
    if (!status)
        status = check_kind(s);
    return !status && s->num_samples > n_indices_max ? ONESEED_TORCH_STORAGE_SIZE : status;
}

oneseed_status oneseed_torch_sampler_size(const oneseed_torch_sampler *sampler, int64_t *n_out, size_t *n_work_out)
{
    const oneseed_torch_sampler *s = sampler;
    oneseed_status status = check(s);
    if (status)
        return status;
    size_t n_data = (size_t)s->n_data;
    *n_out = s->n_data;
    *n_work_out = 0;
    if (s->kind == ONESEED_TORCH_RANDOM) {
        *n_out = num_samples(s);
        *n_work_out = s->replacement ? 0 : n_data;
    } else if (s->kind == ONESEED_TORCH_WEIGHTED_RANDOM) {
        *n_out = s->num_samples;
        *n_work_out = 2 * n_data;
    } else if (s->kind == ONESEED_TORCH_DISTRIBUTED) {
        *n_out = num_distributed(s);
        *n_work_out = s->shuffle ? n_data : 0;
    }
    return ONESEED_OK;
}

/* ---- samplers ---- */

/* torch.Generator().manual_seed(seed), of the same torch on the same machine. */
static oneseed_torch own_generator(const oneseed_torch *like, uint64_t seed)
{
    oneseed_torch own = {.version = like->version, .cpu = like->cpu, .has_mkl = like->has_mkl};
    oneseed_torch_manual_seed(&own, seed);
    return own;
}

static void range(int64_t *out, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = i;
}

static oneseed_status fill_permutation(oneseed_torch *generator, int64_t *out, int64_t n)
{
    return oneseed_torch_randperm_fill(generator, ONESEED_TORCH_INT64, out, (size_t)n);
}

/* With replacement, pieces of 32: a large range draws two words for each, and never less than a piece. */
static oneseed_status fill_replaced(oneseed_torch *generator, const oneseed_torch_sampler *s, int64_t *out)
{
    oneseed_status status = ONESEED_OK;
    for (int64_t n = num_samples(s), n_now; n > 0 && !status; n -= n_now, out += n_now) {
        n_now = n < 32 ? n : 32;
        status = oneseed_torch_randint_fill(generator, ONESEED_TORCH_INT64, 0, s->n_data, out, (size_t)n_now);
    }
    return status;
}

/* Whole permutations, and the head of one more, which is drawn even where no index of it is taken. */
static oneseed_status fill_permutations(oneseed_torch *generator, const oneseed_torch_sampler *s, int64_t *work,
                                        int64_t *out)
{
    int64_t n = num_samples(s);
    oneseed_status status = ONESEED_OK;
    for (; n >= s->n_data && !status; n -= s->n_data, out += s->n_data)
        status = fill_permutation(generator, out, s->n_data);
    if (!status)
        status = fill_permutation(generator, work, s->n_data);
    if (!status)
        memcpy(out, work, (size_t)n * sizeof *out);
    return status;
}

static oneseed_status fill_random(oneseed_torch *global, oneseed_torch *generator, const oneseed_torch_sampler *s,
                                  int64_t *work, int64_t *out)
{
    oneseed_torch own;
    if (!generator) {
        own = own_generator(global, (uint64_t)oneseed_torch_loader_base_seed(global)); /* drawn as that one is */
        generator = &own;
    }
    return s->replacement ? fill_replaced(generator, s, out) : fill_permutations(generator, s, work, out);
}

static oneseed_status fill_subset(oneseed_torch *generator, const oneseed_torch_sampler *s, int64_t *out)
{
    oneseed_status status = fill_permutation(generator, out, s->n_data);
    for (int64_t i = 0; i < s->n_data && !status; i++)
        out[i] = s->indices[out[i]];
    return status;
}

/* A rank takes every num_replicas-th; behind the last index the list begins again. */
static oneseed_status fill_distributed(const oneseed_torch *like, const oneseed_torch_sampler *s, int64_t *work,
                                       int64_t *out)
{
    oneseed_torch own = own_generator(like, s->seed + s->epoch);
    oneseed_status status = s->shuffle ? fill_permutation(&own, work, s->n_data) : ONESEED_OK;
    int64_t n = num_distributed(s);
    for (int64_t i = 0; i < n && !status; i++) {
        int64_t at = (s->rank + i * s->num_replicas) % s->n_data;
        out[i] = s->shuffle ? work[at] : at;
    }
    return status;
}

oneseed_status oneseed_torch_sampler_fill(oneseed_torch *global, oneseed_torch *generator,
                                          const oneseed_torch_sampler *sampler, int64_t *work, int64_t *out)
{
    const oneseed_torch_sampler *s = sampler;
    oneseed_status status = check(s);
    if (status)
        return status;
    oneseed_torch *drawn_from = generator ? generator : global;
    switch (s->kind) {
    case ONESEED_TORCH_RANDOM:
        return fill_random(global, generator, s, work, out);
    case ONESEED_TORCH_SUBSET_RANDOM:
        return fill_subset(drawn_from, s, out);
    case ONESEED_TORCH_WEIGHTED_RANDOM:
        return oneseed_torch_multinomial_fill(drawn_from, ONESEED_TORCH_FLOAT64, s->weights, 1, (size_t)s->n_data,
                                              s->num_samples, s->replacement, work, out);
    case ONESEED_TORCH_DISTRIBUTED:
        return fill_distributed(global, s, work, out);
    default:
        range(out, s->n_data);
        return ONESEED_OK;
    }
}

/* ---- random_split ---- */

/* sum() of floats: from CPython 3.12 on Neumaier's, before that one by one (Python/bltinmodule.c). */
static double python_sum(const double *x, size_t n, bool is_compensated)
{
    double sum = 0.0, lost = 0.0;
    for (size_t i = 0; i < n; i++) {
        double next = sum + x[i];
        lost += fabs(sum) >= fabs(x[i]) ? (sum - next) + x[i] : (x[i] - next) + sum;
        sum = next;
    }
    return is_compensated && isfinite(lost) ? sum + lost : sum;
}

/* math.isclose(sum, 1) and sum <= 1 */
static bool are_fractions(double sum)
{
    return sum <= 1.0 && 1.0 - sum <= 1e-9;
}

/* floor(n * fraction) each; of what is left one more to each from the first on, round and round. */
static oneseed_status lengths_of_fractions(const double *fractions, size_t n, int64_t n_data, int64_t *out)
{
    for (size_t i = 0; i < n; i++)
        if (fractions[i] < 0.0 || fractions[i] > 1.0)
            return ONESEED_TORCH_SPLIT_FRACTION;
    int64_t left = n_data, n_lengths = (int64_t)n;
    for (size_t i = 0; i < n; i++) {
        out[i] = (int64_t)floor((double)n_data * fractions[i]);
        left -= out[i];
    }
    for (int64_t i = 0; i < n_lengths && left > 0; i++)
        out[i] += left / n_lengths + (i < left % n_lengths);
    return left < 0 ? ONESEED_TORCH_SPLIT_SUM : ONESEED_OK;
}

static oneseed_status whole_lengths(const double *lengths, size_t n, int64_t n_data, int64_t *out)
{
    int64_t left = n_data;
    for (size_t i = 0; i < n; i++)
        if (!(lengths[i] >= 0.0 && lengths[i] <= (double)left) || floor(lengths[i]) != lengths[i])
            return ONESEED_TORCH_SPLIT_SUM;
        else
            left -= (int64_t)lengths[i];
    if (left != 0)
        return ONESEED_TORCH_SPLIT_SUM;
    for (size_t i = 0; i < n; i++)
        out[i] = (int64_t)lengths[i];
    return ONESEED_OK;
}

oneseed_status oneseed_torch_random_split_fill(oneseed_torch *state, const double *lengths, size_t n_lengths,
                                               uint32_t python_version, int64_t n_data, int64_t *lengths_out,
                                               int64_t *out)
{
    oneseed_status status = check_length(n_data);
    if (status)
        return status;
    double sum = python_sum(lengths, n_lengths, python_version == 0 || python_version >= 312);
    status = are_fractions(sum) ? lengths_of_fractions(lengths, n_lengths, n_data, lengths_out)
                                : whole_lengths(lengths, n_lengths, n_data, lengths_out);
    return status ? status : fill_permutation(state, out, n_data);
}
