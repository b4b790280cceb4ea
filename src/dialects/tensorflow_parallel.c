/* tensorflow_parallel.c - TensorFlow's uniforms, integers and normals on threads: a block of words makes two or four values.
 * SPDX-License-Identifier: MIT */
#include "common/parallel.h"     /* parallel_pieces */
#include "dialects/tensorflow.h" /* tensorflow_group */

struct call {
    oneseed_status (*fill)(const struct call *call, const oneseed_tensorflow_philox *place, void *out, size_t n);
    const oneseed_tensorflow_philox *place;
    oneseed_tensorflow_dtype dtype;
    double a, b;
    int64_t low, high;
    char *out;
};

static void fill_piece(void *argument, size_t begin, size_t n)
{
    const struct call *call = argument;
    oneseed_tensorflow_philox place = *call->place;
    oneseed_tensorflow_philox_skip(&place, begin / tensorflow_group(call->dtype));
    (void)call->fill(call, &place, call->out + begin * oneseed_tensorflow_dtype_size(call->dtype), n);
}

/* Of one value, too, what is refused is refused. */
static oneseed_status fill_pieces(struct call *call, size_t n, const oneseed_threads *threads)
{
    uint64_t value;
    oneseed_status status = call->fill(call, call->place, n > 0 ? (void *)&value : call->out, n > 0);
    if (status == ONESEED_OK)
        parallel_pieces(fill_piece, call, n, threads);
    return status;
}

/* `parameters` of the function between dtype and out, `members` of the call that hold them, `arguments` that they are in it. */
#define PARALLEL(name, parameters, members, arguments)                                                                 \
    static oneseed_status name##_fill(const struct call *call, const oneseed_tensorflow_philox *place, void *out,      \
                                      size_t n)                                                                        \
    {                                                                                                                  \
        return oneseed_tensorflow_##name##_fill(place, call->dtype LIST arguments, out, n);                            \
    }                                                                                                                  \
    oneseed_status oneseed_tensorflow_##name##_fill_parallel(const oneseed_tensorflow_philox *place,                   \
                                                             oneseed_tensorflow_dtype dtype LIST parameters,           \
                                                             void *out, size_t n, const oneseed_threads *threads)      \
    {                                                                                                                  \
        struct call call = {.fill = name##_fill, .place = place, .dtype = dtype, .out = out LIST members};             \
        return fill_pieces(&call, n, threads);                                                                         \
    }
#define LIST(...) __VA_ARGS__

PARALLEL(uniform, (), (), ())
PARALLEL(uniform_full_int, (), (), ())
PARALLEL(uniform_range, (, double minval, double maxval), (, .a = minval, .b = maxval), (, call->a, call->b))
PARALLEL(uniform_int, (, int64_t minval, int64_t maxval), (, .low = minval, .high = maxval), (, call->low, call->high))
PARALLEL(normal, (, double mean, double stddev), (, .a = mean, .b = stddev), (, call->a, call->b))
PARALLEL(xla_uniform, (, double minval, double maxval), (, .a = minval, .b = maxval), (, call->a, call->b))
PARALLEL(xla_normal, (, double mean, double stddev), (, .a = mean, .b = stddev), (, call->a, call->b))
