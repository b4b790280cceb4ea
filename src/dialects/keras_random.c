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
