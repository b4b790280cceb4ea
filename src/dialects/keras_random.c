/* keras_random.c - keras.random: a seed pair and parameters, given to the backend.
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/random/random.py and keras/src/backend/<backend>/random.py of 3.0 to 3.15. */
#include "dialects/keras.h"            /* keras_numpy */
#include "dialects/keras_jax.h"        /* keras_jax_normal */
#include "dialects/keras_numpy.h"      /* keras_numpy_uniform */
#include "dialects/keras_tensorflow.h" /* keras_tensorflow_randint */
#include "dialects/keras_torch.h"      /* keras_torch_uniform */

/* One call of the backend's; the generator of a pair is made where it is asked for. */
union generator {
    oneseed_numpy numpy;
    oneseed_torch torch;
    oneseed_jax_key jax;
    oneseed_tensorflow_philox tensorflow;
};

oneseed_status oneseed_keras_uniform_fill(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                          double minval, double maxval, void *out, size_t n)
{
    union generator rng;
    if (!keras_dtype_is_float(dtype))
        return ONESEED_KERAS_UNIFORM_DTYPE;
    dtype = oneseed_keras_result_dtype(keras, dtype);
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        keras_numpy(keras, seed, &rng.numpy);
        return keras_numpy_uniform(&rng.numpy, dtype, minval, maxval, out, n);
    case ONESEED_KERAS_TORCH:
        keras_torch(keras, seed, &rng.torch);
        return keras_torch_uniform(&rng.torch, dtype, minval, maxval, out, n);
    case ONESEED_KERAS_JAX:
        keras_jax(keras, seed, &rng.jax);
        return oneseed_jax_uniform_fill(&rng.jax, (oneseed_jax_dtype)dtype, minval, maxval, out, n);
    case ONESEED_KERAS_TENSORFLOW:
        keras_tensorflow(keras, seed, &rng.tensorflow);
        return keras_tensorflow_uniform(&rng.tensorflow, dtype, minval, maxval, out, n);
    }
    return ONESEED_INVALID_STATE;
}

oneseed_status oneseed_keras_normal_fill(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                         double mean, double stddev, void *out, size_t n)
{
    union generator rng;
    if (!keras_dtype_is_float(dtype))
        return ONESEED_KERAS_FLOAT_DTYPE;
    dtype = oneseed_keras_result_dtype(keras, dtype);
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        keras_numpy(keras, seed, &rng.numpy);
        return keras_numpy_normal(&rng.numpy, dtype, mean, stddev, out, n);
    case ONESEED_KERAS_TORCH:
        keras_torch(keras, seed, &rng.torch);
        return keras_torch_normal(&rng.torch, dtype, mean, stddev, out, n);
    case ONESEED_KERAS_JAX:
        keras_jax(keras, seed, &rng.jax);
        return keras_jax_normal(&rng.jax, dtype, mean, stddev, out, n);
    case ONESEED_KERAS_TENSORFLOW:
        keras_tensorflow(keras, seed, &rng.tensorflow);
        return oneseed_tensorflow_normal_fill(&rng.tensorflow, keras_tensorflow_dtype(dtype), mean, stddev, out, n);
    }
    return ONESEED_INVALID_STATE;
}

oneseed_status oneseed_keras_truncated_normal_fill(const oneseed_keras *keras, const int64_t seed[2],
                                                   oneseed_keras_dtype dtype, double mean, double stddev, void *out,
                                                   size_t n)
{
    union generator rng;
    if (!keras_dtype_is_float(dtype))
        return ONESEED_KERAS_FLOAT_DTYPE;
    dtype = oneseed_keras_result_dtype(keras, dtype);
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        keras_numpy(keras, seed, &rng.numpy);
        return keras_numpy_truncated_normal(&rng.numpy, dtype, mean, stddev, out, n);
    case ONESEED_KERAS_TORCH:
        keras_torch(keras, seed, &rng.torch);
        return keras_torch_truncated_normal(&rng.torch, dtype, mean, stddev, out, n);
    case ONESEED_KERAS_JAX:
        keras_jax(keras, seed, &rng.jax);
        return keras_jax_truncated_normal(&rng.jax, dtype, mean, stddev, out, n);
    case ONESEED_KERAS_TENSORFLOW:
        keras_tensorflow(keras, seed, &rng.tensorflow);
        return oneseed_tensorflow_truncated_normal_fill(&rng.tensorflow, keras_tensorflow_dtype(dtype), mean, stddev,
                                                        out, n);
    }
    return ONESEED_INVALID_STATE;
}

oneseed_status oneseed_keras_randint_fill(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                          int64_t minval, int64_t maxval, void *out, size_t n)
{
    union generator rng;
    if (keras_dtype_is_float(dtype) || dtype > ONESEED_KERAS_UINT64)
        return ONESEED_KERAS_RANDINT_DTYPE;
    dtype = oneseed_keras_result_dtype(keras, dtype);
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        keras_numpy(keras, seed, &rng.numpy);
        return keras_numpy_randint(&rng.numpy, dtype, minval, maxval, out, n);
    case ONESEED_KERAS_TORCH:
        keras_torch(keras, seed, &rng.torch);
        return keras_torch_randint(&rng.torch, dtype, minval, maxval, out, n);
    case ONESEED_KERAS_JAX:
        keras_jax(keras, seed, &rng.jax);
        return oneseed_jax_randint_fill(&rng.jax, (oneseed_jax_dtype)dtype, minval, maxval, out, n);
    case ONESEED_KERAS_TENSORFLOW:
        keras_tensorflow(keras, seed, &rng.tensorflow);
        return keras_tensorflow_randint(&rng.tensorflow, dtype, minval, maxval, out, n);
    }
    return ONESEED_INVALID_STATE;
}

oneseed_status oneseed_keras_gamma_fill(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                        const double *alpha, size_t n_alpha, void *out, size_t n)
{
    union generator rng;
    static const double ones[] = {1};
    const struct keras_parameter a = {alpha, n_alpha}, one = {ones, 1};
    if (!keras_dtype_is_float(dtype))
        return ONESEED_KERAS_FLOAT_DTYPE;
    dtype = oneseed_keras_result_dtype(keras, dtype);
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        keras_numpy(keras, seed, &rng.numpy);
        return keras_numpy_gamma(&rng.numpy, dtype, a, out, n);
    case ONESEED_KERAS_TORCH:
        keras_torch(keras, seed, &rng.torch);
        return keras_torch_distribution(&rng.torch, ONESEED_TORCH_DISTRIBUTION_GAMMA, dtype, a, one, out, n);
    case ONESEED_KERAS_JAX:
        keras_jax(keras, seed, &rng.jax);
        return oneseed_jax_gamma_fill(&rng.jax, (oneseed_jax_dtype)dtype, alpha, n_alpha, out, n);
    case ONESEED_KERAS_TENSORFLOW:
        keras_tensorflow(keras, seed, &rng.tensorflow);
        return keras_tensorflow_gamma(&rng.tensorflow, dtype, a, out, n);
    }
    return ONESEED_INVALID_STATE;
}

oneseed_status oneseed_keras_beta_fill(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                       const double *alpha, size_t n_alpha, const double *beta, size_t n_beta,
                                       void *out, size_t n)
{
    union generator rng;
    const struct keras_parameter a = {alpha, n_alpha}, b = {beta, n_beta};
    if (!keras_dtype_is_float(dtype))
        return ONESEED_KERAS_FLOAT_DTYPE;
    dtype = oneseed_keras_result_dtype(keras, dtype);
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        keras_numpy(keras, seed, &rng.numpy);
        return keras_numpy_beta(&rng.numpy, dtype, a, b, out, n);
    case ONESEED_KERAS_TORCH:
        keras_torch(keras, seed, &rng.torch);
        return keras_torch_distribution(&rng.torch, ONESEED_TORCH_DISTRIBUTION_BETA, dtype, a, b, out, n);
    case ONESEED_KERAS_JAX:
        keras_jax(keras, seed, &rng.jax);
        return oneseed_jax_beta_fill(&rng.jax, (oneseed_jax_dtype)dtype, alpha, n_alpha, beta, n_beta, out, n);
    case ONESEED_KERAS_TENSORFLOW:
        return keras_tensorflow_beta(keras, seed, dtype, a, b, out, n);
    }
    return ONESEED_INVALID_STATE;
}

oneseed_status oneseed_keras_binomial_fill(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                           const double *counts, size_t n_counts, const double *probabilities,
                                           size_t n_probabilities, void *out, size_t n)
{
    union generator rng;
    const struct keras_parameter a = {counts, n_counts}, b = {probabilities, n_probabilities};
    if (!keras_dtype_is_float(dtype))
        return ONESEED_KERAS_FLOAT_DTYPE;
    dtype = oneseed_keras_result_dtype(keras, dtype);
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        keras_numpy(keras, seed, &rng.numpy);
        return keras_numpy_binomial(&rng.numpy, dtype, a, b, out, n);
    case ONESEED_KERAS_TORCH:
        keras_torch(keras, seed, &rng.torch);
        return keras_torch_distribution(&rng.torch, ONESEED_TORCH_DISTRIBUTION_BINOMIAL, dtype, a, b, out, n);
    case ONESEED_KERAS_JAX:
        keras_jax(keras, seed, &rng.jax);
        return oneseed_jax_binomial_fill(&rng.jax, (oneseed_jax_dtype)dtype,
                                         keras->has_x64 && n_probabilities == 1 ? ONESEED_JAX_FLOAT64
                                                                                : ONESEED_JAX_FLOAT32,
                                         counts, n_counts, probabilities, n_probabilities, out, n);
    case ONESEED_KERAS_TENSORFLOW:
        keras_tensorflow(keras, seed, &rng.tensorflow);
        return keras_tensorflow_binomial(&rng.tensorflow, dtype, a, b, out, n);
    }
    return ONESEED_INVALID_STATE;
}

oneseed_status oneseed_keras_keep_fill(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                       double rate, uint8_t *out, size_t n)
{
    union generator rng;
    if (!keras_dtype_is_float(dtype))
        return ONESEED_KERAS_FLOAT_DTYPE;
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        keras_numpy(keras, seed, &rng.numpy);
        keras_numpy_keep(&rng.numpy, rate, out, n);
        return ONESEED_OK;
    case ONESEED_KERAS_TORCH:
        keras_torch(keras, seed, &rng.torch);
        return keras_torch_keep(&rng.torch, rate, out, n);
    case ONESEED_KERAS_JAX:
        keras_jax(keras, seed, &rng.jax);
        return oneseed_jax_bernoulli_fill(&rng.jax, keras->has_x64 ? ONESEED_JAX_FLOAT64 : ONESEED_JAX_FLOAT32,
                                          1 - rate, out, n);
    case ONESEED_KERAS_TENSORFLOW:
        keras_tensorflow(keras, seed, &rng.tensorflow);
        return oneseed_tensorflow_keep_fill(&rng.tensorflow, keras_tensorflow_dtype(dtype), rate, out, n);
    }
    return ONESEED_INVALID_STATE;
}

oneseed_status oneseed_keras_shuffle(const oneseed_keras *keras, const int64_t seed[2], size_t n_outer, size_t n,
                                     size_t n_inner, uint64_t *space, uint32_t *out)
{
    union generator rng;
    if (n > UINT32_MAX)
        return ONESEED_JAX_PERMUTATION_SIZE;
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        keras_numpy(keras, seed, &rng.numpy);
        keras_numpy_shuffle(&rng.numpy, n_outer, n, n_inner, out);
        return ONESEED_OK;
    case ONESEED_KERAS_TORCH:
        keras_torch(keras, seed, &rng.torch);
        return keras_torch_shuffle(&rng.torch, n_outer, n, n_inner, (struct torch_ranked *)(void *)space, out);
    case ONESEED_KERAS_JAX:
        keras_jax(keras, seed, &rng.jax);
        return oneseed_jax_permutation_lines(&rng.jax, n_outer, n, n_inner, space, out);
    case ONESEED_KERAS_TENSORFLOW:
        keras_tensorflow(keras, seed, &rng.tensorflow);
        keras_tensorflow_shuffle(keras, &rng.tensorflow, n_outer, n, n_inner, space, out);
        return ONESEED_OK;
    }
    return ONESEED_INVALID_STATE;
}

size_t oneseed_keras_shuffle_space(const oneseed_keras *keras, size_t n_outer, size_t n, size_t n_inner)
{
    return keras->backend == ONESEED_KERAS_NUMPY ? 0
           : keras->backend == ONESEED_KERAS_JAX ? oneseed_jax_permutation_space(n_outer * n * n_inner)
                                                 : 2 * n;
}

oneseed_status oneseed_keras_categorical_fill(const oneseed_keras *keras, const int64_t seed[2],
                                              oneseed_keras_dtype logits_dtype, const void *logits, size_t n_rows,
                                              size_t n_classes, uint64_t *space, int64_t *out, size_t n_samples)
{
    union generator rng;
    if (logits_dtype != ONESEED_KERAS_FLOAT32 && logits_dtype != ONESEED_KERAS_FLOAT64)
        return ONESEED_KERAS_FLOAT_DTYPE;
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        keras_numpy(keras, seed, &rng.numpy);
        return keras_numpy_categorical(&rng.numpy, logits_dtype, logits, n_rows, n_classes, (double *)(void *)space,
                                       out, n_samples);
    case ONESEED_KERAS_TORCH:
        keras_torch(keras, seed, &rng.torch);
        return keras_torch_categorical(&rng.torch, logits_dtype, logits, n_rows, n_classes, (double *)(void *)space,
                                       out, n_samples);
    case ONESEED_KERAS_JAX:
        keras_jax(keras, seed, &rng.jax);
        return keras_jax_categorical(&rng.jax, logits_dtype, logits, n_rows, n_classes, space, out, n_samples);
    case ONESEED_KERAS_TENSORFLOW:
        keras_tensorflow(keras, seed, &rng.tensorflow);
        return keras_tensorflow_categorical(keras, &rng.tensorflow, logits_dtype, logits, n_rows, n_classes,
                                            (double *)(void *)space, out, n_samples);
    }
    return ONESEED_INVALID_STATE;
}

size_t oneseed_keras_categorical_space(const oneseed_keras *keras, size_t n_rows, size_t n_classes, size_t n_samples)
{
    switch ((oneseed_keras_backend)keras->backend) {
    case ONESEED_KERAS_NUMPY:
        return 2 * n_classes;
    case ONESEED_KERAS_TORCH:
        return 2 * n_classes + n_rows * n_classes;
    case ONESEED_KERAS_JAX:
        return n_rows * (n_classes + 1) * n_samples;
    case ONESEED_KERAS_TENSORFLOW:
        return (n_rows + 1) * n_classes;
    }
    return 0;
}

/* Kept values are divided by 1 - rate, a Python float: rounded to the dtype; but a float beside PyTorch's
 * half types and ml_dtypes' bfloat16. */
static double divisor_of(const oneseed_keras *keras, oneseed_keras_dtype dtype, double rate)
{
    const bool is_torch = keras->backend == ONESEED_KERAS_TORCH;
    double divisor;
    if (dtype == ONESEED_KERAS_BFLOAT16 ? keras->backend != ONESEED_KERAS_JAX
                                        : is_torch && dtype != ONESEED_KERAS_FLOAT64)
        return (double)(float)(1 - rate);
    keras_store(dtype, &divisor, 0, 1 - rate);
    return keras_load(dtype, &divisor, 0);
}

static double quotient(const oneseed_keras *keras, oneseed_keras_dtype dtype, bool is_one, double x, double divisor)
{
    if (keras->backend == ONESEED_KERAS_JAX)
        return keras_jax_quotient(keras, dtype, is_one, x, divisor);
    return dtype == ONESEED_KERAS_FLOAT64 ? x / divisor : (double)((float)x / (float)divisor);
}

oneseed_status oneseed_keras_dropout_fill(const oneseed_keras *keras, const int64_t seed[2], oneseed_keras_dtype dtype,
                                          double rate, const void *in, void *out, size_t n)
{
    const bool is_shortcut = !keras_before(keras, 31400) && (rate == 0 || rate == 1);
    if (!keras_dtype_is_float(dtype))
        return ONESEED_KERAS_FLOAT_DTYPE;
    if (is_shortcut) {
        for (size_t i = 0; i < n; i++)
            keras_store(dtype, out, i, rate == 0 ? keras_load(dtype, in, i) : 0);
        return ONESEED_OK;
    }
    if (keras->backend == ONESEED_KERAS_TENSORFLOW) {
        oneseed_tensorflow_philox place;
        keras_tensorflow(keras, seed, &place);
        return oneseed_tensorflow_dropout_fill(&place, keras_tensorflow_dtype(dtype), rate, in, out, n);
    }
    /* The mask's bytes lie in `out`, where from the last value on none is overwritten before it was read. */
    uint8_t *const keep = out;
    const oneseed_status status = oneseed_keras_keep_fill(keras, seed, dtype, rate, keep, n);
    const double divisor = divisor_of(keras, dtype, rate);
    for (size_t i = status ? 0 : n; i-- > 0;)
        keras_store(dtype, out, i, keep[i] ? quotient(keras, dtype, n == 1, keras_load(dtype, in, i), divisor) : 0);
    return status;
}
