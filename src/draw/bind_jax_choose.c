/* bind_jax_choose.c - jax.random's bits, integers, coins, orders and choices.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy, strcmp */

#include "draw/bind_jax.h"

/* --- Bits, integers, booleans ------------------------------------------------------------------------------------------------ */

static value random_bits(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "bits", "key shape= dtype=", arguments, a);
    struct sampling s = {.function = "bits", .key = jax_key_argument(m, "bits", a[0], NULL)};
    s.dt = jax_dtype_from(m, a[2], jax_canonical(m, DT_UINT64));
    if (!dtype_is_unsigned(s.dt))
        value_error(m, "dtype argument to `bits` must be an unsigned int dtype, got %s", dtype_name(s.dt));
    jax_take_shape(m, &s, a[1]);
    struct array *out = jax_new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_bits_fill(&s.key, 8 * (unsigned)dtype_nbytes(s.dt), out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

struct bounds {
    const int64_t *values;
    size_t n;
};

/* One bound, or one for each value. */
static struct bounds bounds_from(vm *m, const struct sampling *s, struct array *a)
{
    bool one = array_size(a) == 1;
    int64_t n = one ? 1 : (int64_t)s->n, room = n + 1, k = 0;
    struct array *out = array_new(m, DT_INT64, 1, &room, 0);
    a = dtype_is_float(a->dt) ? jax_cast(m, a, jax_int(m)) : a;
    step(m, (uint64_t)n);
    for (struct cursor c = cursor_start(one ? a : array_broadcast(m, a, s->n_dims, s->shape)); k < n;
         cursor_next(&c), k++)
        store_integer(DT_INT64, out->buffer->bytes + 8 * k, load_integer(a->dt, a->buffer->bytes + c.offset));
    return (struct bounds){(const int64_t *)(const void *)out->buffer->bytes, (size_t)n};
}

static void check_bound(vm *m, value v, const char *name)
{
    bool fits = v.kind != V_BIG && (v.kind != V_INT || m->jax.has_x64 || (v.u.i >= INT32_MIN && v.u.i <= INT32_MAX));
    if (!fits)
        fail(m,
             "OverflowError: An overflow was encountered while parsing an argument to a jitted computation, whose "
             "argument path is %s. Got <class 'int'> with value %s",
             name, jax_repr_text(m, v));
}

static value draw_integers(vm *m, value key, value shape, value low, value high, value dt)
{
    struct sampling s = {.function = "randint", .key = jax_key_argument(m, "randint", key, NULL)};
    s.dt = jax_dtype_from(m, dt, jax_int(m));
    if (!dtype_is_integer(s.dt))
        type_error(m, "randint only accepts integer dtypes, got %s", dtype_name(s.dt));
    jax_take_shape(m, &s, shape);
    s.has_shape = true;
    check_bound(m, low, "minval");
    check_bound(m, high, "maxval");
    s.parameters[0] = jax_parameter_array(m, "randint", low);
    s.parameters[1] = jax_parameter_array(m, "randint", high);
    jax_fit_parameters(m, &s, 2);
    struct bounds from = bounds_from(m, &s, s.parameters[0]), to = bounds_from(m, &s, s.parameters[1]);
    struct array *out = jax_new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_randint_each_fill(&s.key, jax_library_dtype(m, s.dt), from.values, from.n, to.values,
                                                to.n, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

static value random_randint(vm *m, value self, const struct arguments *arguments)
{
    value a[5];
    (void)self;
    take_arguments(m, "randint", "key shape minval maxval dtype=", arguments, a);
    return draw_integers(m, a[0], a[1], a[2], a[3], a[4]);
}

static value random_bernoulli(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "bernoulli", "key p= shape= mode=", arguments, a);
    struct sampling s = {.function = "bernoulli"};
    jax_take_shape(m, &s, a[2]);
    bool known;
    oneseed_jax_mode mode = jax_mode_argument(a[3], &known);
    if (!known || mode == ONESEED_JAX_HIGHEST || a[3].kind == V_NONE)
        value_error(m, "got mode=%s, expected 'high' or 'low'", jax_repr_text(m, a[3]));
    s.key = jax_key_argument(m, "bernoulli", a[0], NULL);
    s.parameters[0] = jax_parameter_array(m, "bernoulli", a[1].kind == V_NOTHING ? FLOAT(0.5) : a[1]);
    dtype dt = s.parameters[0]->dt;
    if (!dtype_is_float(dt))
        type_error(m, "bernoulli probability `p` must have a floating dtype, got %s.", dtype_name(dt));
    jax_fit_parameters(m, &s, 1);
    struct jax_numbers p = jax_numbers_from(m, &s, s.parameters[0]);
    struct array *out = jax_new_values(m, &s, DT_BOOL);
    jax_refuse(m, oneseed_jax_bernoulli_each_fill(&s.key, jax_library_dtype(m, dt), mode, p.values, p.n,
                                                  (uint8_t *)out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

static value random_rademacher(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "rademacher", "key shape= dtype=", arguments, a);
    struct sampling s = {.function = "rademacher", .key = jax_key_argument(m, "rademacher", a[0], NULL)};
    s.dt = jax_dtype_from(m, a[2], jax_int(m));
    jax_take_shape(m, &s, a[1]);
    struct array *bits = jax_new_values(m, &s, DT_BOOL), *out = array_new(m, s.dt, s.n_dims, s.shape, 0);
    jax_refuse(m, oneseed_jax_bernoulli_fill(&s.key, jax_library_dtype(m, jax_float(m)), 0.5,
                                             (uint8_t *)bits->buffer->bytes, s.n));
    for (size_t i = 0; i < s.n; i++)
        store_integer(s.dt, out->buffer->bytes + i * out->item_nbytes, bits->buffer->bytes[i] ? 1 : -1);
    return make_jax(m, out, false);
}

/* --- Orders and choices -------------------------------------------------------------------------------------------------------- */

static int64_t *permutation_order(vm *m, const oneseed_jax_key *key, int64_t n)
{
    if (n > UINT32_MAX)
        fail(m, "a permutation of more than 2**32 - 1 numbers is not supported");
    int64_t n_space = (int64_t)oneseed_jax_permutation_space((size_t)n), one = n + 1;
    uint64_t *space = (uint64_t *)(void *)array_new(m, DT_UINT64, 1, &n_space, 0)->buffer->bytes;
    uint32_t *order = (uint32_t *)(void *)array_new(m, DT_UINT32, 1, &one, 0)->buffer->bytes;
    int64_t *out = (int64_t *)(void *)array_new(m, DT_INT64, 1, &one, 0)->buffer->bytes;
    step(m, (uint64_t)n);
    jax_refuse(m, oneseed_jax_permutation(key, space, order, (size_t)n));
    for (int64_t i = 0; i < n; i++)
        out[i] = order[i];
    return out;
}

static int axis_argument(vm *m, value v, int n_dims)
{
    int64_t axis = v.kind == V_NOTHING ? 0 : to_int64(m, v, "axis");
    if (axis < -n_dims || axis >= n_dims)
        value_error(m, "axis %lld is out of bounds for array of dimension %d", (long long)axis, n_dims);
    return (int)(axis < 0 ? axis + n_dims : axis);
}

/* jnp.arange(n). */
static value whole_range(vm *m, int64_t n)
{
    struct array *a = array_new(m, jax_int(m), 1, &n, 0);
    for (int64_t i = 0; i < n; i++)
        store_integer(a->dt, a->buffer->bytes + i * a->item_nbytes, i);
    return make_jax(m, a, false);
}

static value permuted(vm *m, const oneseed_jax_key *key, value x, int axis)
{
    const int64_t n = jax_data(x)->shape[axis];
    return jax_take(m, x, permutation_order(m, key, n), (size_t)n, axis);
}

static uint64_t *work_space(vm *m, size_t n)
{
    int64_t n_space = (int64_t)n + 1;
    return (uint64_t *)(void *)array_new(m, DT_UINT64, 1, &n_space, 0)->buffer->bytes;
}

static uint32_t *new_indices(vm *m, size_t n)
{
    int64_t n_indices = (int64_t)n + 1;
    return (uint32_t *)(void *)array_new(m, DT_UINT32, 1, &n_indices, 0)->buffer->bytes;
}

/* Lengths of the axes before, at and behind one. */
static void around_axis(const struct array *a, int axis, size_t n[3])
{
    n[0] = n[2] = 1;
    n[1] = (size_t)a->shape[axis];
    for (int i = 0; i < a->n_dims; i++)
        n[i < axis ? 0 : 2] *= i == axis ? 1 : (size_t)a->shape[i];
}

/* independent=True: each line along the axis in an order of its own. */
static value permuted_lines(vm *m, const oneseed_jax_key *key, value x, int axis)
{
    struct array *a = array_copy(m, jax_data(x)), *out = array_copy(m, a);
    size_t lengths[3], n = (size_t)array_size(a), width = a->item_nbytes;
    around_axis(a, axis, lengths);
    if (n > UINT32_MAX)
        fail(m, "a permutation of more than 2**32 - 1 numbers is not supported");
    uint32_t *from = new_indices(m, n);
    step(m, n);
    jax_refuse(m, oneseed_jax_permutation_lines(key, lengths[0], lengths[1], lengths[2],
                                                work_space(m, oneseed_jax_permutation_space(n)), from));
    for (size_t i = 0; i < n; i++) {
        size_t inner = i % lengths[2], outer = i / lengths[2] / (lengths[1] ? lengths[1] : 1);
        memcpy(out->buffer->bytes + i * width,
               a->buffer->bytes + ((outer * lengths[1] + from[i]) * lengths[2] + inner) * width, width);
    }
    return make_jax_like(m, out, x);
}

static value random_permutation(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "permutation", "key x axis= independent=", arguments, a);
    oneseed_jax_key key = jax_key_argument(m, "permutation", a[0], NULL);
    value x = jax_argument(m, a[1], "permutation", 0);
    if (is_jax_keys(x))
        fail(m, "permutation() of keys is not supported: JAX's own fails");
    int axis = axis_argument(m, a[2], jax_n_dims(x) ? jax_n_dims(x) : 1);
    if (jax_n_dims(x) == 0) {
        if (!dtype_is_integer(jax_data(x)->dt))
            type_error(m, "x must be an integer or at least 1-dimensional");
        int64_t n = load_integer(jax_data(x)->dt, array_bytes(jax_data(x)));
        return permuted(m, &key, whole_range(m, n < 0 ? 0 : n), 0);
    }
    if (a[3].kind != V_NOTHING && truth(m, a[3]) && jax_n_dims(x) > 1)
        return permuted_lines(m, &key, x, axis);
    return permuted(m, &key, x, axis);
}

static value with_shape(vm *m, value taken, int axis, const struct sampling *s, bool is_range)
{
    value shape = make_sequence(m, V_TUPLE, 0);
    const struct array *a = jax_data(taken);
    for (int i = 0; !is_range && i < axis; i++)
        append(m, shape, INT(a->shape[i]));
    for (int i = 0; i < s->n_dims; i++)
        append(m, shape, INT(s->shape[i]));
    for (int i = axis + 1; !is_range && i < a->n_dims; i++)
        append(m, shape, INT(a->shape[i]));
    return jax_reshape(m, taken, shape);
}

/* The items of those indices, in the shape that was asked for; of a range the indices themselves. */
static value chosen(vm *m, value from, const uint32_t *which, const struct sampling *s, int axis, bool is_range)
{
    int64_t n = (int64_t)s->n;
    int64_t *order = (int64_t *)(void *)array_new(m, DT_INT64, 1, &n, 0)->buffer->bytes;
    for (size_t i = 0; i < s->n; i++)
        order[i] = which[i];
    if (!is_range)
        return with_shape(m, jax_take(m, from, order, s->n, axis), axis, s, false);
    struct array *out = jax_new_values(m, s, jax_int(m));
    for (size_t i = 0; i < s->n; i++)
        store_integer(out->dt, out->buffer->bytes + i * out->item_nbytes, order[i]);
    return make_jax(m, out, false);
}

/* choice() with p: n of so many classes. */
static uint32_t *weighted_indices(vm *m, const oneseed_jax_key *key, const struct sampling *s, value p,
                                  int64_t n_classes, bool replace, value mode)
{
    struct array *weights = jax_data(jax_argument(m, p, "choice", 0));
    dtype dt = dtype_is_float(weights->dt) ? (dtype)weights->dt : jax_float(m);
    if (weights->n_dims != 1 || weights->shape[0] != n_classes)
        value_error(m,
                    "p must be None or a 1D vector with the same size as a.shape[axis]. p has shape %s and "
                    "a.shape[axis] is %lld.",
                    jax_repr_text(m, shape_tuple(m, weights->shape, weights->n_dims)), (long long)n_classes);
    struct sampling row = {.n_dims = 1, .shape = {n_classes}, .n = (size_t)n_classes};
    struct jax_numbers numbers = jax_numbers_from(m, &row, jax_cast(m, weights, dt));
    uint32_t *out = new_indices(m, s->n);
    double first = numbers.n == 1 ? numbers.values[0] : 0;
    const double *values = numbers.n == 1 ? &first : numbers.values;
    step(m, s->n + (uint64_t)n_classes);
    if (replace)
        jax_refuse(m, oneseed_jax_choice_fill(key, jax_library_dtype(m, dt), values, (size_t)n_classes,
                                              (double *)(void *)work_space(m, (size_t)n_classes), out, s->n));
    else
        jax_refuse(m, oneseed_jax_choice_choose(
                          key, jax_library_dtype(m, dt), jax_gumbel_mode(m, mode), values, (size_t)n_classes,
                          work_space(m, oneseed_jax_categorical_space((size_t)n_classes)), out, s->n));
    return out;
}

static value random_choice(vm *m, value self, const struct arguments *arguments)
{
    value a[7];
    (void)self;
    take_arguments(m, "choice", "key a shape= replace= p= axis= mode=", arguments, a);
    oneseed_jax_key key = jax_key_argument(m, "choice", a[0], NULL);
    struct sampling s = {.function = "choice"};
    if (a[2].kind != V_NOTHING && !is_sequence(a[2]))
        type_error(m, "shape argument of jax.random.choice must be a sequence, got %s", jax_repr_text(m, a[2]));
    jax_take_shape(m, &s, a[2]);
    value from = jax_argument(m, a[1], "choice", 0);
    if (is_jax_keys(from))
        fail(m, "choice() of keys is not supported");
    struct array *data = jax_data(from);
    bool is_range = data->n_dims == 0, replace = a[3].kind == V_NOTHING || truth(m, a[3]);
    int axis = is_range ? 0 : axis_argument(m, a[5], data->n_dims);
    int64_t n = is_range ? load_integer(data->dt, array_bytes(data)) : data->shape[axis];
    if (is_range && !dtype_is_integer(data->dt))
        type_error(m, "The error occurred in jax.random.choice(): a number that is no integer");
    if (s.n == 0)
        return make_jax(m, array_new(m, data->dt, s.n_dims, s.shape, 0), false);
    if (n <= 0)
        value_error(m, "a must be greater than 0 unless no samples are taken");
    if (!replace && s.n > (uint64_t)n)
        value_error(m, "Cannot take a larger sample (size %zu) than population (size %lld) when 'replace=False'", s.n,
                    (long long)n);
    if (!is_none(a[4])) {
        uint32_t *which = weighted_indices(m, &key, &s, a[4], n, replace, a[6]);
        return chosen(m, from, which, &s, axis, is_range);
    }
    if (replace) {
        value drawn = draw_integers(m, a[0], shape_tuple(m, s.shape, s.n_dims), INT(0), INT(n), NOTHING);
        const struct array *indices = jax_data(drawn);
        uint32_t *which = new_indices(m, s.n);
        for (size_t i = 0; i < s.n; i++)
            which[i] = (uint32_t)load_integer(indices->dt, array_bytes(indices) + i * indices->item_nbytes);
        return is_range ? drawn : chosen(m, from, which, &s, axis, false);
    }
    value all = is_range ? whole_range(m, n) : from;
    return with_shape(m, jax_take(m, all, permutation_order(m, &key, n), s.n, axis), axis, &s, is_range);
}

/* --- jax.random.categorical -------------------------------------------------------------------------------------------------- */

/* The logits broadcast to the shape that is asked for, without what that has in front: *n_draws_out. */
static struct array *fit_logits(vm *m, struct sampling *s, struct array *logits, int axis, size_t *n_draws_out)
{
    struct array batch = {.n_dims = (uint8_t)(logits->n_dims - 1)}, asked = {.n_dims = (uint8_t)s->n_dims};
    int64_t shape[MAX_DIMS];
    int n_dims, k = 0;
    for (int i = 0; i < logits->n_dims; i++)
        if (i != axis)
            batch.shape[k++] = logits->shape[i];
    if (!s->has_shape) {
        memcpy(s->shape, batch.shape, sizeof s->shape);
        s->n_dims = k;
    }
    memcpy(asked.shape, s->shape, sizeof asked.shape);
    asked.n_dims = (uint8_t)s->n_dims;
    struct array *both[2] = {&asked, &batch};
    if (!shapes_agree(both, 2, &n_dims, shape))
        value_error(m, "Incompatible shapes for broadcasting: shapes=[%s, %s]",
                    jax_repr_text(m, shape_tuple(m, s->shape, s->n_dims)),
                    jax_repr_text(m, shape_tuple(m, batch.shape, batch.n_dims)));
    if (n_dims != s->n_dims || memcmp(shape, s->shape, (size_t)n_dims * sizeof *shape) != 0)
        value_error(m,
                    "categorical parameter shapes must be broadcast-compatible with shape argument, and the result of "
                    "broadcasting the shapes must equal the shape argument, but got result %s for shape argument %s.",
                    jax_repr_text(m, shape_tuple(m, shape, n_dims)),
                    jax_repr_text(m, shape_tuple(m, s->shape, s->n_dims)));
    s->n = jax_shape_size(m, s->n_dims, s->shape);
    int n_front = s->n_dims - batch.n_dims;
    *n_draws_out = jax_shape_size(m, n_front, s->shape);
    for (int i = 0; i < logits->n_dims; i++)
        shape[i] = i == axis ? logits->shape[i] : s->shape[n_front + i - (i > axis)];
    return array_broadcast(m, logits, logits->n_dims, shape);
}

static value random_categorical(vm *m, value self, const struct arguments *arguments)
{
    value a[6];
    (void)self;
    take_arguments(m, "categorical", "key logits axis= shape= replace= mode=", arguments, a);
    struct sampling s = {.function = "categorical", .key = jax_key_argument(m, "categorical", a[0], NULL)};
    struct array *logits = jax_data(jax_argument(m, a[1], "categorical", 0));
    int64_t axis = a[2].kind == V_NOTHING ? -1 : to_int64(m, a[2], "axis");
    if (axis < -logits->n_dims || axis >= logits->n_dims)
        fail(m, "IndexError: index %lld is out of bounds for axis 0 with size %d", (long long)axis, logits->n_dims);
    axis += axis < 0 ? logits->n_dims : 0;
    jax_take_shape(m, &s, a[3]);
    oneseed_jax_mode mode = jax_gumbel_mode(m, a[5]);
    if (!dtype_is_float(logits->dt))
        value_error(m, "dtype argument to `gumbel` must be a float dtype, got %s", dtype_name(logits->dt));
    size_t n_draws, lengths[3];
    bool replace = a[4].kind == V_NOTHING || truth(m, a[4]);
    logits = array_copy(m, fit_logits(m, &s, logits, (int)axis, &n_draws));
    around_axis(logits, (int)axis, lengths);
    if (!replace && n_draws > lengths[1])
        value_error(m, "Number of samples without replacement (%zu) cannot exceed number of categories (%zu).", n_draws,
                    lengths[1]);
    struct sampling all = {.n_dims = logits->n_dims, .n = (size_t)array_size(logits)};
    memcpy(all.shape, logits->shape, sizeof all.shape);
    struct jax_numbers numbers = jax_numbers_from(m, &all, logits);
    uint32_t *which = new_indices(m, s.n);
    oneseed_jax_dtype dt = jax_library_dtype(m, (dtype)logits->dt);
    step(m, s.n * (lengths[1] + 1));
    if (replace)
        jax_refuse(m, oneseed_jax_categorical_fill(&s.key, dt, mode, numbers.values, lengths[0], lengths[1], lengths[2],
                                                   which, n_draws));
    else
        jax_refuse(m, oneseed_jax_categorical_choose(
                          &s.key, dt, mode, numbers.values, lengths[0], lengths[1], lengths[2],
                          work_space(m, oneseed_jax_categorical_space(lengths[1])), which, n_draws));
    struct array *out = jax_new_values(m, &s, replace ? jax_int(m) : DT_INT32);
    for (size_t i = 0; i < s.n; i++)
        store_integer(out->dt, out->buffer->bytes + i * out->item_nbytes, which[i]);
    return make_jax(m, out, false);
}

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, random_##name, NATIVE_FUNCTION, 0                                                                       \
    }
const struct native jax_choose_functions[] = {
    FUNCTION(bits),        FUNCTION(randint), FUNCTION(bernoulli),   FUNCTION(rademacher),
    FUNCTION(permutation), FUNCTION(choice),  FUNCTION(categorical), {NULL, NULL, NATIVE_FUNCTION, 0}};
