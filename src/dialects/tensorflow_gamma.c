/* tensorflow_gamma.c - TensorFlow's gamma variates.
 * SPDX-License-Identifier: MIT
 *
 * core/kernels/random_op.cc and stateless_random_gamma_op.cc of TensorFlow 2.21 (doubles since 1.13): Marsaglia and Tsang
 * 2000 from normals and uniforms; the division and the least value are python/ops/random_ops.py's. libm: log, log1p, pow, sin,
 * cos. */
#include <math.h> /* pow */

#include "dialects/tensorflow_pairs.h" /* tensorflow_pairs_normal */

struct gamma {
    double alpha, d, c;
};

static struct gamma prepare(double alpha)
{
    double d = alpha + (alpha < 1.0 ? 2.0 / 3 : -1.0 / 3);
    return (struct gamma){alpha, d, 1.0 / 3 / sqrt(d)};
}

static double draw(const struct gamma *gamma, struct tensorflow_pairs *pairs)
{
    if (gamma->alpha == 1.0)
        return -log1p(-tensorflow_pairs_uniform(pairs));
    for (;;) {
        double x = tensorflow_pairs_normal(pairs), v = 1.0 + gamma->c * x;
        if (v <= 0.0)
            continue;
        v = v * v * v;
        double u = tensorflow_pairs_uniform(pairs);
        if (u < 1.0 - 0.0331 * (x * x) * (x * x) || log(u) < 0.5 * x * x + gamma->d * (1.0 - v + log(v))) {
            double value = gamma->d * v;
            return gamma->alpha < 1.0 ? value * pow(tensorflow_pairs_uniform(pairs), 1.0 / gamma->alpha) : value;
        }
    }
}

/* numpy.finfo(dtype).tiny */
static double least(oneseed_tensorflow_dtype dtype)
{
    return dtype == ONESEED_TENSORFLOW_FLOAT16 ? 0x1p-14 : dtype == ONESEED_TENSORFLOW_FLOAT32 ? 0x1p-126 : 0x1p-1022;
}

/* A double as a kernel gives it in the dtype. */
static double cast(oneseed_tensorflow_dtype dtype, double x)
{
    return tensorflow_round(dtype, tensorflow_flush(dtype, x));
}

oneseed_status oneseed_tensorflow_gamma_fill(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype dtype,
                                             const double *alpha, const double *beta, size_t n_alpha, size_t n_samples,
                                             void *out)
{
    if (!tensorflow_dtype_is_float(dtype) || dtype == ONESEED_TENSORFLOW_BFLOAT16)
        return ONESEED_TENSORFLOW_DTYPE;
    double tiny = least(dtype);
    for (size_t k = 0; k < n_alpha; k++) {
        struct gamma gamma = prepare(tensorflow_round(dtype, alpha[k]));
        double divisor = beta != NULL ? tensorflow_flush(dtype, tensorflow_round(dtype, beta[k])) : 1.0;
        for (size_t i = 0; i < n_samples; i++) {
            struct tensorflow_pairs pairs =
                tensorflow_pairs_at(place, ((uint64_t)k * n_samples + i) * TENSORFLOW_RESERVED);
            double value = cast(dtype, cast(dtype, draw(&gamma, &pairs)) / divisor);
            value = value < tiny ? tiny : value;
            tensorflow_store(dtype, &value, out, i * n_alpha + k, 1);
        }
    }
    return ONESEED_OK;
}
