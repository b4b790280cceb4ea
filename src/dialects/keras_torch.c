/* keras_torch.c - keras.random on the torch backend: a fresh generator for each call.
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/backend/torch/random.py of 3.0 to 3.15. */
#include "dialects/keras_torch.h"

#include "dialects/keras.h"              /* keras_scale */
#include "dialects/torch.h"              /* torch_softmax_row */
#include "dialects/torch_distribution.h" /* torch_distribution_invalid */

/* values * factor + summand. Beside tensors of the half types a factor stays a float, a summand is rounded to the dtype. */
static void scale(oneseed_keras_dtype dtype, double factor, double summand, void *values, size_t n)
{
    if (dtype != ONESEED_KERAS_FLOAT64)
        for (size_t i = 0; i < n; i++)
            keras_store(dtype, values, i, (double)((float)keras_load(dtype, values, i) * (float)factor));
    keras_scale(dtype, dtype == ONESEED_KERAS_FLOAT64 ? factor : 1, summand, values, n);
}

/* (maxval - minval) * rand + minval */
oneseed_status keras_torch_uniform(oneseed_torch *rng, oneseed_keras_dtype dtype, double minval, double maxval,
                                   void *out, size_t n)
{
    const oneseed_status status = oneseed_torch_rand_fill(rng, keras_torch_dtype(dtype), out, n);
    if (status == ONESEED_OK)
        scale(dtype, maxval - minval, minval, out, n);
    return status;
}

oneseed_status keras_torch_normal(oneseed_torch *rng, oneseed_keras_dtype dtype, double mean, double stddev, void *out,
                                  size_t n)
{
    return oneseed_torch_normal_fill(rng, keras_torch_dtype(dtype), mean, stddev, out, n);
}

/* Of each four normals the first that is inside of -2 to 2, or the first of all. */
static void choose(oneseed_keras_dtype dtype, const void *normals, void *out, size_t begin, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < 4 && !(keras_load(dtype, normals, 4 * i + k) > -2 && keras_load(dtype, normals, 4 * i + k) < 2))
            k++;
        keras_store(dtype, out, begin + i, keras_load(dtype, normals, 4 * i + k % 4));
    }
}

/* One tensor of 4 n normals. torch makes them 16 by 16, and those at the end anew when they are less: a piece that is a
 * multiple of 16 can be drawn alone as long as 16 are left. */
oneseed_status keras_torch_truncated_normal(oneseed_torch *rng, oneseed_keras_dtype dtype, double mean, double stddev,
                                            void *out, size_t n)
{
    double normals[KERAS_PIECE + 16]; /* of any dtype */
    for (size_t i = 0; i < n;) {
        const size_t n_left = 4 * (n - i), n_now = n_left <= KERAS_PIECE + 16 ? n_left : KERAS_PIECE;
        const oneseed_status status = oneseed_torch_normal_fill(rng, keras_torch_dtype(dtype), 0, 1, normals, n_now);
        if (status)
            return status;
        choose(dtype, normals, out, i, n_now / 4);
        i += n_now / 4;
    }
    scale(dtype, stddev, mean, out, n);
    return ONESEED_OK;
}

oneseed_status keras_torch_randint(oneseed_torch *rng, oneseed_keras_dtype dtype, int64_t minval, int64_t maxval,
                                   void *out, size_t n)
{
    return oneseed_torch_randint_fill(rng, keras_torch_dtype(dtype), minval, maxval, out, n);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* torch.distributions draws element by element, in the parameters' float32. Piece by piece, after all parameters were checked. */
oneseed_status keras_torch_distribution(oneseed_torch *rng, oneseed_torch_distribution which, oneseed_keras_dtype dtype,
                                        struct keras_parameter a, struct keras_parameter b, void *out, size_t n)
{
    enum { PIECE = 64 };
    const oneseed_torch_dtype sampled = ONESEED_TORCH_FLOAT32;
    float first[PIECE], second[PIECE], work[3 * PIECE], values[PIECE];
    const void *const parameters[] = {first, second};
    for (int is_check = 1; is_check >= 0; is_check--)
        for (size_t i = 0; i < n; i += PIECE) {
            const size_t n_now = least(n - i, PIECE);
            oneseed_status status = ONESEED_OK;
            for (size_t k = 0; k < n_now; k++) {
                first[k] = (float)keras_parameter_at(a, i + k);
                second[k] = (float)keras_parameter_at(b, i + k);
            }
            if (is_check && torch_distribution_invalid(&torch_distributions[which], sampled, parameters, n_now) >= 0)
                return ONESEED_TORCH_PARAMETER;
            if (!is_check)
                status = oneseed_torch_distribution_fill(rng, which, sampled, parameters, n_now, work, values, n_now);
            if (status)
                return status;
            for (size_t k = 0; k < n_now && !is_check; k++)
                keras_store(dtype, out, i + k, (double)values[k]);
        }
    return ONESEED_OK;
}

/* torch.bernoulli of a tensor of 1 - rate, which is float32 whatever the inputs are. */
oneseed_status keras_torch_keep(oneseed_torch *rng, double rate, uint8_t *out, size_t n)
{
    float p[KERAS_PIECE];
    for (size_t k = 0; k < KERAS_PIECE; k++)
        p[k] = (float)(1 - rate);
    for (size_t i = 0; i < n; i += KERAS_PIECE) {
        const size_t n_now = least(n - i, KERAS_PIECE);
        const oneseed_status status =
            oneseed_torch_bernoulli_tensor_fill(rng, ONESEED_TORCH_FLOAT32, p, ONESEED_TORCH_UINT8, out + i, n_now);
        if (status)
            return status;
    }
    return ONESEED_OK;
}

/* argsort of uniforms of the shape up to the axis; what lies behind the axis goes along. */
oneseed_status keras_torch_shuffle(oneseed_torch *rng, size_t n_outer, size_t n, size_t n_inner,
                                   struct torch_ranked *space, uint32_t *out)
{
    for (size_t outer = 0; outer < n_outer; outer++) {
        for (size_t i = 0; i < n; i++) {
            float uniform;
            const oneseed_status status = oneseed_torch_rand_fill(rng, ONESEED_TORCH_FLOAT32, &uniform, 1);
            if (status)
                return status;
            space[i] = (struct torch_ranked){-(double)uniform, (int64_t)i}; /* the largest comes first */
        }
        torch_sort(space, n);
        for (size_t k = 0; k < n * n_inner; k++)
            out[outer * n * n_inner + k] = (uint32_t)space[k / n_inner].index;
    }
    return ONESEED_OK;
}

oneseed_status keras_torch_categorical(oneseed_torch *rng, oneseed_keras_dtype dtype, const void *logits, size_t n_rows,
                                       size_t n_classes, double *space, int64_t *out, size_t n_samples)
{
    const oneseed_torch_dtype sampled = keras_torch_dtype(dtype);
    const size_t row_bytes = n_classes * oneseed_keras_dtype_size(dtype);
    char *const p = (char *)(space + 2 * n_classes);
    for (size_t row = 0; row < n_rows; row++)
        torch_softmax_row(rng, sampled, (const char *)logits + row * row_bytes, n_classes, p + row * row_bytes);
    return oneseed_torch_multinomial_fill(rng, sampled, p, n_rows, n_classes, (int64_t)n_samples, 1, space, out);
}
