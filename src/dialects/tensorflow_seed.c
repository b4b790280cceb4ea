/* tensorflow_seed.c - the seeds of TensorFlow's operations.
 * SPDX-License-Identifier: MIT
 *
 * python/framework/random_seed.py and python/eager/context.py of TensorFlow 2.21. */
#include <math.h>   /* fmod, isfinite */
#include <stddef.h> /* NULL */

#include "dialects/tensorflow.h"

/* A fraction is no 0 to get_seed(), so that (fraction, 0) stays and reaches the kernel as (0, 0). */
enum { MODULUS = INT32_MAX, DEFAULT_SEED = 87654321, SEED_IS_FRACTION = 2 };

/* Python's modulo, never negative. */
static int64_t truncated(int64_t seed)
{
    int64_t rest = seed % MODULUS;
    return rest < 0 ? rest + MODULUS : rest;
}

int64_t oneseed_tensorflow_seed_words(int is_negative, const uint32_t *words, size_t n_words)
{
    uint64_t rest = 0;
    for (size_t k = n_words; k-- > 0;)
        rest = (rest << 32 | words[k]) % MODULUS;
    return truncated(is_negative ? -(int64_t)rest : (int64_t)rest);
}

void oneseed_tensorflow_set_seed_words(oneseed_tensorflow_context *context, int is_negative, const uint32_t *words,
                                       size_t n_words)
{
    while (n_words > 1 && words[n_words - 1] == 0) /* as Python has the number */
        n_words--;
    oneseed_python_seed(&context->generator, words, n_words);
    context->seed = oneseed_tensorflow_seed_words(is_negative, words, n_words);
    context->has_seed = 1;
}

void oneseed_tensorflow_set_seed(oneseed_tensorflow_context *context, int64_t seed)
{
    uint64_t magnitude = seed < 0 ? 0 - (uint64_t)seed : (uint64_t)seed;
    const uint32_t words[2] = {(uint32_t)magnitude, (uint32_t)(magnitude >> 32)};
    oneseed_tensorflow_set_seed_words(context, seed < 0, words, 2);
}

/* Python takes the generator's seed from the float's hash; the kernel's attribute is what is before the point. */
oneseed_status oneseed_tensorflow_set_seed_f64(oneseed_tensorflow_context *context, double seed)
{
    oneseed_python generator = context->generator;
    if (!isfinite(seed))
        return ONESEED_TENSORFLOW_SEED;
    oneseed_python_seed_f64(&generator, seed);
    context->generator = generator;
    context->seed = oneseed_tensorflow_seed_f64(seed);
    context->has_seed = context->seed == 0 && fmod(seed, MODULUS) != 0 ? SEED_IS_FRACTION : 1;
    return ONESEED_OK;
}

int64_t oneseed_tensorflow_seed_f64(double seed)
{
    double rest = fmod(seed, MODULUS);
    return (int64_t)(rest < 0 ? rest + MODULUS : rest);
}

/* The kernels take (0, 0) for "no seed". */
static int attributes(int64_t seed, int64_t seed2, int64_t out[2])
{
    out[0] = seed;
    out[1] = seed == 0 && seed2 == 0 ? MODULUS : seed2;
    return 1;
}

static int unseeded(const int64_t *op_seed, int64_t out[2])
{
    if (op_seed)
        return attributes(DEFAULT_SEED, truncated(*op_seed), out);
    out[0] = out[1] = 0;
    return 0;
}

int oneseed_tensorflow_operation_seed(oneseed_tensorflow_context *context, const int64_t *op_seed, int64_t out[2])
{
    if (!context->has_seed)
        return unseeded(op_seed, out);
    int64_t seed2 = truncated(op_seed ? *op_seed : oneseed_python_randint(&context->generator, 0, MODULUS));
    if (context->has_seed == SEED_IS_FRACTION && seed2 == 0)
        return unseeded(NULL, out);
    return attributes(context->seed, seed2, out);
}

int oneseed_tensorflow_graph_seed(const int64_t *graph_seed, uint64_t *n_unseeded, const int64_t *op_seed,
                                  int64_t out[2])
{
    if (!graph_seed)
        return unseeded(op_seed, out);
    int64_t seed2 = op_seed ? truncated(*op_seed) : (int64_t)((*n_unseeded)++ % MODULUS);
    return attributes(truncated(*graph_seed), seed2, out);
}
