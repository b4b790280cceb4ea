/* torch_dropout.c - the dropout functions of torch.nn.functional in training, and rrelu.
 *
 * A mask of bernoulli_(1 - p), then operations on tensors, each rounded to the dtype (ATen/native/Dropout.cpp).
 *
 * SPDX-License-Identifier: MIT */
#include <float.h> /* DBL_MAX */

#include "dialects/torch.h"

/* ---- operations on values of a floating dtype ---- */

/* A result as the dtype holds it. Of two floats a double has the product exactly, and a sum or quotient so closely that it is rounded
 * as the float operation is (Figueroa 1995); half types are computed in float and rounded once more. */
static double rounded(oneseed_torch_dtype dtype, double value)
{
    if (dtype == ONESEED_TORCH_FLOAT64)
        return value;
    float narrow = (float)value;
    if (torch_is_half(dtype))
        narrow = torch_from_half(dtype, torch_to_half(dtype, narrow));
    return (double)narrow;
}

/* The type in which a dtype is computed: double for double, float for all others. */
static double computed(oneseed_torch_dtype dtype, double value)
{
    return dtype == ONESEED_TORCH_FLOAT64 ? value : (double)(float)value;
}

/* ---- masks ---- */

/* What dropped (0) and kept (1) values go through: a product, and if there is one, a sum. */
struct effect {
    double factor[2];
    double term[2];
    bool has_term;
};

/* One toss for each map of values. */
static void drop(oneseed_torch *state, oneseed_torch_dtype dtype, double p, const struct effect *effect, const void *in,
                 void *out, size_t n_maps, size_t map_size)
{
    struct torch_coin coin = torch_coin(state, 1 - p);
    for (size_t map = 0; map < n_maps; map++) {
        bool kept = torch_toss(state, &coin);
        for (size_t i = map * map_size; i < (map + 1) * map_size; i++) {
            double value = rounded(dtype, torch_load(dtype, in, i) * effect->factor[kept]);
            torch_store(dtype, out, i, effect->has_term ? rounded(dtype, value + effect->term[kept]) : value);
        }
    }
}

/* Products with zero, whose signs and NaNs stay. */
static void multiply_by_zero(oneseed_torch_dtype dtype, const void *in, void *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (torch_is_floating(dtype))
            torch_store(dtype, out, i, torch_load(dtype, in, i) * 0.0);
        else
            torch_store_integer(dtype, out, i, 0);
}

/* What all functions of torch.dropout's kind do first: refuse, and answer where nothing is drawn. True: the call is done. */
static bool is_answered(oneseed_torch_dtype dtype, double p, const void *in, void *out, size_t n,
                        oneseed_status *status)
{
    *status = ONESEED_OK;
    if (!(p >= 0 && p <= 1))
        *status = ONESEED_TORCH_DROPOUT_P;
    else if (oneseed_torch_dtype_size(dtype) == 0)
        *status = ONESEED_TORCH_DTYPE;
    else if (p == 0 || n == 0)
        memmove(out, in, n * oneseed_torch_dtype_size(dtype));
    else if (p == 1)
        multiply_by_zero(dtype, in, out, n);
    else if (!torch_is_floating(dtype))
        *status = ONESEED_TORCH_RESULT_TYPE;
    else
        return false;
    return true;
}

oneseed_status oneseed_torch_feature_dropout_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p,
                                                  const void *in, void *out, size_t n_maps, size_t map_size)
{
    oneseed_status status;
    if (is_answered(dtype, p, in, out, n_maps * map_size, &status))
        return status;
    double divisor = torch_version(state) >= 20100 ? computed(dtype, 1 - p) : rounded(dtype, 1 - p);
    const struct effect effect = {.factor = {0, rounded(dtype, 1 / divisor)}};
    drop(state, dtype, p, &effect, in, out, n_maps, map_size);
    return ONESEED_OK;
}

oneseed_status oneseed_torch_dropout_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p, const void *in,
                                          void *out, size_t n)
{
    return oneseed_torch_feature_dropout_fill(state, dtype, p, in, out, n, 1);
}

oneseed_status oneseed_torch_feature_alpha_dropout_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p,
                                                        const void *in, void *out, size_t n_maps, size_t map_size)
{
    oneseed_status status;
    if (is_answered(dtype, p, in, out, n_maps * map_size, &status))
        return status;
    const double alpha = 1.7580993408473766, a = 1. / sqrt((alpha * alpha * p + 1) * (1 - p));
    double slope = rounded(dtype, alpha * a), shift = rounded(dtype, alpha * a * p);
    const struct effect effect = {
        .factor = {0, rounded(dtype, a)}, .term = {rounded(dtype, shift - slope), shift}, .has_term = true};
    drop(state, dtype, p, &effect, in, out, n_maps, map_size);
    return ONESEED_OK;
}

oneseed_status oneseed_torch_alpha_dropout_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p,
                                                const void *in, void *out, size_t n)
{
    return oneseed_torch_feature_alpha_dropout_fill(state, dtype, p, in, out, n, 1);
}

oneseed_status oneseed_torch_native_dropout_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p,
                                                 const void *in, void *out, uint8_t *mask, size_t n)
{
    if (n == 0)
        return ONESEED_OK;
    if (!(1 - p >= 0 && 1 - p <= 1))
        return ONESEED_TORCH_BERNOULLI_P;
    if (!torch_is_floating(dtype))
        return ONESEED_TORCH_RESULT_TYPE;
    double scale = rounded(dtype, 1 - p == 0 ? 0 : 1 / (1 - p));
    struct torch_coin coin = torch_coin(state, 1 - p);
    for (size_t i = 0; i < n; i++) {
        mask[i] = torch_toss(state, &coin);
        torch_store(dtype, out, i, rounded(dtype, torch_load(dtype, in, i) * mask[i]) * scale);
    }
    return ONESEED_OK;
}

oneseed_status oneseed_torch_rrelu_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double lower, double upper,
                                        const void *in, void *noise, void *out, size_t n)
{
    if (!(fabs(lower) <= DBL_MAX))
        return ONESEED_TORCH_RRELU_LOWER;
    if (!(fabs(upper) <= DBL_MAX))
        return ONESEED_TORCH_RRELU_UPPER;
    if (!(lower <= upper))
        return ONESEED_TORCH_RRELU_BOUNDS;
    if (!torch_is_floating(dtype) || dtype == ONESEED_TORCH_FLOAT16)
        return ONESEED_TORCH_DTYPE;
    bool is_rounded = torch_version(state) < 20100; /* bfloat16 in each step */
    lower = is_rounded ? rounded(dtype, lower) : computed(dtype, lower);
    upper = is_rounded ? rounded(dtype, upper) : computed(dtype, upper);
    for (size_t i = 0; i < n; i++) {
        double value = torch_load(dtype, in, i), slope = 1;
        if (value <= 0) {
            slope = computed(dtype, torch_f64(state) * (upper - lower) + lower);
            slope = is_rounded ? rounded(dtype, slope) : slope;
            value = computed(dtype, value * slope);
        }
        torch_store(dtype, noise, i, slope);
        torch_store(dtype, out, i, value);
    }
    return ONESEED_OK;
}
