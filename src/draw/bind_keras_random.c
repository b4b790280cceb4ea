/* bind_keras_random.c - keras.random: functions of a seed, on whichever backend.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/bind_keras.h"
#include "draw/object.h" /* object_array */

/* What most functions take: a shape, a dtype, a seed. */
struct keras_call {
    oneseed_keras library;
    oneseed_keras_dtype dtype;
    int64_t seed[2], shape[MAX_DIMS];
    struct array *out;
    size_t n;
};

static struct keras_call begin(vm *m, value shape, value dt, dtype otherwise, value seed)
{
    struct keras_call c = {.library = keras_library(m)};
    dtype wanted = keras_dtype_from(m, dt, otherwise);
    int n_dims = keras_shape_from(m, shape, c.shape);
    c.dtype = keras_library_dtype(m, wanted);
    c.out = keras_result(m, wanted, n_dims, c.shape);
    c.n = (size_t)array_size(c.out);
    keras_draw_seed(m, seed, c.seed);
    return c;
}

static value finish(vm *m, const struct keras_call *c, oneseed_status status)
{
    keras_refuse(m, status);
    return keras_tensor(m, c->out);
}

static double number(vm *m, value v, double otherwise, const char *name)
{
    return v.kind == V_NOTHING ? otherwise : to_double(m, v, name);
}

static void require_float(vm *m, value dt, const char *function)
{
    dtype wanted = keras_dtype_from(m, dt, DT_NONE);
    if (dtype_is_float(wanted))
        return;
    if (keras_library(m).backend == ONESEED_KERAS_TENSORFLOW)
        type_error(m, "Cannot convert 0.0 to EagerTensor of dtype %s", dtype_name(wanted));
    if (keras_library(m).backend == ONESEED_KERAS_JAX)
        value_error(m, "dtype argument to `%s` must be a float or complex dtype, got %s", function, dtype_name(wanted));
    fail(m, "keras.random.%s() of an integer dtype is not supported", function);
}

static value keras_uniform(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    (void)self;
    take_arguments(m, "uniform", "shape minval= maxval= dtype= seed=", arguments, v);
    if (!is_none(v[3]) && !dtype_is_float(keras_dtype_from(m, v[3], DT_NONE)))
        value_error(m, "`keras.random.uniform` requires a floating point `dtype`. Received: dtype=%s ",
                    dtype_name(keras_dtype_from(m, v[3], DT_NONE)));
    struct keras_call c = begin(m, v[0], v[3], DT_NONE, v[4]);
    return finish(m, &c,
                  oneseed_keras_uniform_fill(&c.library, c.seed, c.dtype, number(m, v[1], 0, "minval"),
                                             number(m, v[2], 1, "maxval"), c.out->buffer->bytes, c.n));
}

static value keras_normal(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    (void)self;
    take_arguments(m, "normal", "shape mean= stddev= dtype= seed=", arguments, v);
    require_float(m, v[3], "normal");
    struct keras_call c = begin(m, v[0], v[3], DT_NONE, v[4]);
    return finish(m, &c,
                  oneseed_keras_normal_fill(&c.library, c.seed, c.dtype, number(m, v[1], 0, "mean"),
                                            number(m, v[2], 1, "stddev"), c.out->buffer->bytes, c.n));
}

static value keras_truncated_normal(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    (void)self;
    take_arguments(m, "truncated_normal", "shape mean= stddev= dtype= seed=", arguments, v);
    require_float(m, v[3], "truncated_normal");
    struct keras_call c = begin(m, v[0], v[3], DT_NONE, v[4]);
    return finish(m, &c,
                  oneseed_keras_truncated_normal_fill(&c.library, c.seed, c.dtype, number(m, v[1], 0, "mean"),
                                                      number(m, v[2], 1, "stddev"), c.out->buffer->bytes, c.n));
}

static value keras_randint(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    (void)self;
    take_arguments(m, "randint", "shape minval maxval dtype= seed=", arguments, v);
    if (!is_none(v[3]) && !dtype_is_integer(keras_dtype_from(m, v[3], DT_INT32)))
        value_error(m, "`keras.random.randint` requires an integer `dtype`. Received: dtype=%s ",
                    dtype_name(keras_dtype_from(m, v[3], DT_INT32)));
    int64_t low = to_int64(m, v[1], "minval"), high = to_int64(m, v[2], "maxval");
    struct keras_call c = begin(m, v[0], v[3], DT_INT32, v[4]);
    return finish(m, &c, oneseed_keras_randint_fill(&c.library, c.seed, c.dtype, low, high, c.out->buffer->bytes, c.n));
}

/* --- Parameters that may be arrays ----------------------------------------------------------------------------------------------------- */

/* One number, or an array of the shape of the result. TensorFlow and PyTorch draw otherwise for one that is broadcast. */
static const double *parameter(vm *m, const struct keras_call *c, value v, size_t *n_out)
{
    struct array *a = array_from(m, v, DT_NONE);
    if (is_sequence(v) && c->library.backend == ONESEED_KERAS_JAX)
        fail(m, "TracerArrayConversionError: JAX takes an array as a parameter, not a %s", type_name(v));
    bool one = is_number(v) && v.kind != V_SCALAR;
    bool same = a->n_dims == c->out->n_dims && memcmp(a->shape, c->shape, (size_t)a->n_dims * sizeof *a->shape) == 0;
    bool broadcasts = c->library.backend == ONESEED_KERAS_JAX || c->library.backend == ONESEED_KERAS_NUMPY;
    if (!one && !same && !broadcasts)
        fail(m, "a parameter that is an array of another shape than the result's is not supported on this backend");
    *n_out = one ? 1 : c->n;
    if (!one)
        a = array_broadcast(m, a, c->out->n_dims, c->shape);
    return (const double *)(const void *)array_cast(m, array_copy(m, a), DT_FLOAT64)->buffer->bytes;
}

static value keras_gamma(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    size_t n;
    (void)self;
    take_arguments(m, "gamma", "shape alpha dtype= seed=", arguments, v);
    struct keras_call c = begin(m, v[0], v[2], DT_NONE, v[3]);
    const double *alpha = parameter(m, &c, v[1], &n);
    return finish(m, &c, oneseed_keras_gamma_fill(&c.library, c.seed, c.dtype, alpha, n, c.out->buffer->bytes, c.n));
}

/* What JAX's beta refuses: an array of another floating dtype for values of a half type. Lists of Python's are float32. */
static void require_safe_cast(vm *m, const struct keras_call *c, value v)
{
    if (c->library.backend != ONESEED_KERAS_JAX ||
        ((dtype)c->out->dt != DT_FLOAT16 && (dtype)c->out->dt != DT_BFLOAT16) || (is_number(v) && v.kind != V_SCALAR))
        return;
    dtype given = (dtype)array_from(m, v, DT_NONE)->dt;
    if (!dtype_is_float(given) || given == (dtype)c->out->dt)
        return;
    if (given == DT_FLOAT64 && !c->library.has_x64)
        given = DT_FLOAT32;
    fail(m, "TypePromotionError: In arguments to beta, cannot safely cast argument of type %s to %s", dtype_name(given),
         dtype_name((dtype)c->out->dt));
}

static value keras_beta(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    size_t n[2];
    (void)self;
    take_arguments(m, "beta", "shape alpha beta dtype= seed=", arguments, v);
    struct keras_call c = begin(m, v[0], v[3], DT_NONE, v[4]);
    require_safe_cast(m, &c, v[1]);
    require_safe_cast(m, &c, v[2]);
    const double *alpha = parameter(m, &c, v[1], &n[0]), *beta = parameter(m, &c, v[2], &n[1]);
    return finish(
        m, &c,
        oneseed_keras_beta_fill(&c.library, c.seed, c.dtype, alpha, n[0], beta, n[1], c.out->buffer->bytes, c.n));
}

static value keras_binomial(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    size_t n[2];
    (void)self;
    take_arguments(m, "binomial", "shape counts probabilities dtype= seed=", arguments, v);
    struct keras_call c = begin(m, v[0], v[3], DT_NONE, v[4]);
    const double *counts = parameter(m, &c, v[1], &n[0]), *p = parameter(m, &c, v[2], &n[1]);
    return finish(
        m, &c,
        oneseed_keras_binomial_fill(&c.library, c.seed, c.dtype, counts, n[0], p, n[1], c.out->buffer->bytes, c.n));
}

/* --- Functions of tensors -------------------------------------------------------------------------------------------------------------------- */

/* Where the mask, of the noise's shape, is 0 nothing stays; what stays is divided by its share. */
static value drop(vm *m, struct array *x, struct array *mask, double rate)
{
    struct array *out = array_copy(m, x);
    struct cursor c = cursor_start(array_broadcast(m, mask, x->n_dims, x->shape));
    double keep = 1 - rate, scale = round_to(x->dt, 1 / keep), share = round_to(x->dt, keep);
    bool multiplies = keras_library(m).backend == ONESEED_KERAS_TENSORFLOW;
    char *at = out->buffer->bytes;
    for (; cursor_more(&c); cursor_next(&c), at += out->item_nbytes) {
        double kept = load_double(out->dt, at);
        store_double(out->dt, at, !mask->buffer->bytes[c.offset] ? 0 : multiplies ? kept * scale : kept / share);
    }
    return keras_tensor(m, out);
}

static value keras_dropout(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    int64_t pair[2], noise[MAX_DIMS];
    (void)self;
    take_arguments(m, "dropout", "inputs rate noise_shape= seed=", arguments, v);
    oneseed_keras k = keras_library(m);
    struct array *x = keras_array(m, v[0]);
    double rate = to_double(m, v[1], "rate");
    oneseed_keras_dtype dt = keras_library_dtype(m, (dtype)x->dt);
    if (k.backend == ONESEED_KERAS_TORCH && is_none(v[2]) && is_none(v[3])) {
        const value given[] = {v[0], v[1], BOOL(true)};
        struct arguments three = {.positional = given, .n_positional = 3};
        return call(m, get_attribute(m, MODULE(&module_torch_nn_functional), "dropout"), &three);
    }
    bool free_rate = (rate == 0 || rate == 1) && (k.version == 0 || k.version >= 31400);
    if (free_rate)
        pair[0] = pair[1] = 0;
    else
        keras_draw_seed(m, v[3], pair);
    x = array_is_contiguous(x) ? x : array_copy(m, x);
    step(m, (uint64_t)array_size(x));
    if (is_none(v[2])) {
        struct array *out = array_new(m, (dtype)x->dt, x->n_dims, x->shape, 0);
        keras_refuse(m, oneseed_keras_dropout_fill(&k, pair, dt, rate, array_bytes(x), out->buffer->bytes,
                                                   (size_t)array_size(x)));
        return keras_tensor(m, out);
    }
    value dims = to_list(m, v[2]);
    if ((int)dims.u.seq->n != x->n_dims)
        fail(m, "dropout() takes a noise_shape of as many dimensions as the inputs have here");
    for (int i = 0; i < x->n_dims; i++)
        noise[i] = is_none(dims.u.seq->items[i]) ? x->shape[i] : to_int64(m, dims.u.seq->items[i], "a size");
    struct array *mask = array_new(m, DT_BOOL, x->n_dims, noise, 0);
    keras_refuse(m,
                 oneseed_keras_keep_fill(&k, pair, dt, rate, (uint8_t *)mask->buffer->bytes, (size_t)array_size(mask)));
    return drop(m, x, mask, rate);
}

static void *work_words(vm *m, size_t n)
{
    int64_t words = (int64_t)(n > 0 ? n : 1);
    return array_new(m, DT_UINT64, 1, &words, 0)->buffer->bytes;
}

static value keras_shuffle(vm *m, value self, const struct arguments *arguments)
{
    value v[3];
    int64_t pair[2];
    (void)self;
    take_arguments(m, "shuffle", "x axis= seed=", arguments, v);
    oneseed_keras k = keras_library(m);
    struct array *x = array_copy(m, keras_array(m, v[0]));
    int64_t axis = v[1].kind == V_NOTHING ? 0 : to_int64(m, v[1], "axis");
    if (axis < 0)
        axis += x->n_dims;
    if (axis < 0 || axis >= x->n_dims)
        value_error(m, "axis %lld is out of bounds for an array of dimension %d", (long long)axis, x->n_dims);
    keras_draw_seed(m, v[2], pair);
    size_t n_outer = 1, n = (size_t)x->shape[axis], n_inner = 1;
    for (int i = 0; i < x->n_dims; i++) {
        n_outer *= i < axis ? (size_t)x->shape[i] : 1;
        n_inner *= i > axis ? (size_t)x->shape[i] : 1;
    }
    uint64_t *space = work_words(m, oneseed_keras_shuffle_space(&k, n_outer, n, n_inner));
    uint32_t *from = work_words(m, (size_t)array_size(x) / 2 + 1);
    step(m, 8 * (uint64_t)array_size(x));
    keras_refuse(m, oneseed_keras_shuffle(&k, pair, n_outer, n, n_inner, space, from));
    struct array *out = array_new(m, (dtype)x->dt, x->n_dims, x->shape, 0);
    for (size_t i = 0; i < (size_t)array_size(x); i++) {
        size_t inner = i % n_inner, outer = i / (n * n_inner);
        memcpy(out->buffer->bytes + i * x->item_nbytes,
               x->buffer->bytes + ((outer * n + from[i]) * n_inner + inner) * x->item_nbytes, x->item_nbytes);
    }
    return keras_tensor(m, out);
}

static value keras_categorical(vm *m, value self, const struct arguments *arguments)
{
    value v[4];
    int64_t pair[2], shape[2];
    (void)self;
    take_arguments(m, "categorical", "logits num_samples dtype= seed=", arguments, v);
    oneseed_keras k = keras_library(m);
    struct array *x = array_copy(m, keras_array(m, v[0]));
    if (x->n_dims != 2)
        value_error(m, "`logits` should be a 2-D tensor with shape [batch_size, num_classes].");
    dtype dt = keras_dtype_from(m, v[2], DT_INT32);
    shape[0] = x->shape[0];
    shape[1] = to_int64(m, v[1], "num_samples");
    if (shape[1] < 0)
        value_error(m, "num_samples must not be negative");
    struct array *samples = array_new(m, DT_INT64, 2, shape, 0);
    keras_draw_seed(m, v[3], pair);
    uint64_t *space =
        work_words(m, oneseed_keras_categorical_space(&k, (size_t)shape[0], (size_t)x->shape[1], (size_t)shape[1]));
    step(m, 8 * (uint64_t)(array_size(samples) + array_size(x)));
    keras_refuse(m, oneseed_keras_categorical_fill(&k, pair, keras_library_dtype(m, (dtype)x->dt), array_bytes(x),
                                                   (size_t)shape[0], (size_t)x->shape[1], space,
                                                   (int64_t *)(void *)samples->buffer->bytes, (size_t)shape[1]));
    struct array *out = keras_result(m, dt, 2, shape);
    return keras_tensor(m, array_cast(m, samples, (dtype)out->dt));
}

#define ENTRY(name)                                                                                                    \
    {                                                                                                                  \
#name, keras_##name, NATIVE_FUNCTION, 0                                                                        \
    }
const struct native keras_random_functions[] = {ENTRY(uniform),
                                                ENTRY(normal),
                                                ENTRY(truncated_normal),
                                                ENTRY(randint),
                                                ENTRY(gamma),
                                                ENTRY(beta),
                                                ENTRY(binomial),
                                                ENTRY(dropout),
                                                ENTRY(shuffle),
                                                ENTRY(categorical),
                                                {NULL, NULL, NATIVE_FUNCTION, 0}};
