/* jax_parallel.c - JAX's bits, uniforms and normals on threads: each value is one of the key and its number.
 * SPDX-License-Identifier: MIT */
#include "common/parallel.h" /* parallel_pieces */
#include "dialects/jax.h"    /* jax_uniform_part */

struct call {
    const oneseed_jax_key *key;
    oneseed_jax_dtype dtype;
    unsigned width;
    double minval, maxval;
    char *out;
    size_t n;
};

static void bits_piece(void *argument, size_t begin, size_t n)
{
    const struct call *call = argument;
    jax_bits_part(call->key, call->width, call->n, begin, call->out + begin * (call->width / 8), n);
}

oneseed_status oneseed_jax_bits_fill_parallel(const oneseed_jax_key *key, unsigned width, void *out, size_t n,
                                              const oneseed_threads *threads)
{
    struct call call = {.key = key, .width = width, .out = out, .n = n};
    oneseed_status status = oneseed_jax_bits_fill(key, width, out, 0);
    if (status == ONESEED_OK)
        parallel_pieces(bits_piece, &call, n, threads);
    return status;
}

static void uniform_piece(void *argument, size_t begin, size_t n)
{
    const struct call *call = argument;
    char *out = call->out + begin * jax_dtype_size(call->dtype);
    jax_uniform_part(call->key, call->dtype, call->minval, call->maxval, call->n, begin, out, n);
}

oneseed_status oneseed_jax_uniform_fill_parallel(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double minval,
                                                 double maxval, void *out, size_t n, const oneseed_threads *threads)
{
    struct call call = {.key = key, .dtype = dtype, .minval = minval, .maxval = maxval, .out = out, .n = n};
    oneseed_status status = oneseed_jax_uniform_fill(key, dtype, minval, maxval, out, 0);
    if (status == ONESEED_OK)
        parallel_pieces(uniform_piece, &call, n, threads);
    return status;
}

static void normal_piece(void *argument, size_t begin, size_t n)
{
    const struct call *call = argument;
    jax_normal_part(call->key, call->dtype, call->n, begin, call->out + begin * jax_dtype_size(call->dtype), n);
}

oneseed_status oneseed_jax_normal_fill_parallel(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out,
                                                size_t n, const oneseed_threads *threads)
{
    struct call call = {.key = key, .dtype = dtype, .out = out, .n = n};
    oneseed_status status = oneseed_jax_normal_fill(key, dtype, out, 0);
    if (status == ONESEED_OK)
        parallel_pieces(normal_piece, &call, n, threads);
    return status;
}
