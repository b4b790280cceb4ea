/* jnp_functions.c - jax.numpy: making arrays, shapes, elementwise functions and reductions, as far as one value is right everywhere.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* ceil, floor, log, sqrt */
#include <string.h> /* memcpy, strcmp */

#include "dialects/jax_math.h" /* xla_log_f32 */
#include "draw/bind_jax.h"

/* --- Making arrays -------------------------------------------------------------------------------------------------------- */

static value jnp_array(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "array", "object dtype= copy=", arguments, a);
    return jax_from(m, a[0], jax_dtype_from(m, a[1], DT_NONE));
}

static struct array *filled(vm *m, int n_dims, const int64_t *shape, struct array *with)
{
    struct array *out = array_new(m, with->dt, n_dims, shape, 0);
    struct cursor c = cursor_start(array_broadcast(m, with, n_dims, shape));
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (; cursor_more(&c); cursor_next(&c), at += out->item_nbytes)
        memcpy(at, with->buffer->bytes + c.offset, out->item_nbytes);
    return out;
}

static value constant(vm *m, const struct arguments *arguments, const char *name, int64_t number)
{
    value a[2];
    int64_t shape[MAX_DIMS];
    take_arguments(m, name, "shape dtype=", arguments, a);
    int n_dims = jax_shape_argument(m, a[0], shape);
    (void)jax_shape_size(m, n_dims, shape);
    dtype dt = jax_dtype_from(m, a[1], jax_float(m));
    return make_jax(m, filled(m, n_dims, shape, jax_data(jax_from(m, INT(number), dt))), false);
}

static value jnp_zeros(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return constant(m, arguments, "zeros", 0);
}

static value jnp_ones(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return constant(m, arguments, "ones", 1);
}

static value jnp_full(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    int64_t shape[MAX_DIMS];
    (void)self;
    take_arguments(m, "full", "shape fill_value dtype=", arguments, a);
    int n_dims = jax_shape_argument(m, a[0], shape);
    (void)jax_shape_size(m, n_dims, shape);
    value with = jax_from(m, jax_argument(m, a[1], "full", 0), jax_dtype_from(m, a[2], DT_NONE));
    return make_jax(m, filled(m, n_dims, shape, jax_data(with)), jax_of(with)->is_weak);
}

static value constant_like(vm *m, const struct arguments *arguments, const char *name, int64_t number)
{
    value a[3];
    int64_t shape[MAX_DIMS];
    take_arguments(m, name, "a dtype= shape=", arguments, a);
    value like = jax_argument(m, a[0], name, 0);
    (void)jax_numbers_of(m, like, name);
    const struct array *from = jax_data(like);
    int n_dims = from->n_dims;
    memcpy(shape, from->shape, sizeof shape);
    if (!is_none(a[2]))
        n_dims = jax_shape_argument(m, a[2], shape);
    (void)jax_shape_size(m, n_dims, shape);
    dtype dt = jax_dtype_from(m, a[1], from->dt);
    bool weak = jax_of(like)->is_weak && is_none(a[1]);
    return make_jax(m, filled(m, n_dims, shape, jax_data(jax_from(m, INT(number), dt))), weak);
}

static value jnp_zeros_like(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return constant_like(m, arguments, "zeros_like", 0);
}

static value jnp_ones_like(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return constant_like(m, arguments, "ones_like", 1);
}

static value jnp_eye(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "eye", "N M= k= dtype=", arguments, a);
    int64_t n = to_int64(m, a[0], "N"), k = a[2].kind == V_NOTHING ? 0 : to_int64(m, a[2], "k");
    int64_t shape[2] = {n, is_none(a[1]) ? n : to_int64(m, a[1], "M")};
    struct array *out = array_new(m, jax_dtype_from(m, a[3], jax_float(m)), 2, shape, 0);
    for (int64_t i = 0; i < n; i++)
        if (k > -n && k < shape[1] && i + k >= 0 && i + k < shape[1])
            store_integer(out->dt, out->buffer->bytes + (i * shape[1] + i + k) * out->item_nbytes, 1);
    return make_jax(m, out, false);
}

static value scalar_argument(vm *m, value v, const char *name)
{
    value number = object_number(m, v);
    if (!is_number(number))
        type_error(m, "arange requires ndarray or scalar arguments, got <class '%s'> (%s)", type_name(v), name);
    return number;
}

/* jax/_src/numpy/lax_numpy.py: _arange. */
static value jnp_arange(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    struct jax_type types[3];
    size_t n_types = 0;
    (void)self;
    take_arguments(m, "arange", "start stop= step= dtype=", arguments, a);
    for (int i = 0; i < 3; i++)
        if (!is_none(a[i])) {
            types[n_types++] = jax_type_of(m, a[i]);
            a[i] = scalar_argument(m, a[i], "start, stop, step");
        }
    dtype dt = jax_dtype_from(m, a[3], jax_promote(m, types, n_types).dt);
    value start = is_none(a[1]) ? INT(0) : a[0], stop = is_none(a[1]) ? a[0] : a[1];
    bool has_step = !is_none(a[2]);
    double first = to_double(m, start, "start"), by = has_step ? to_double(m, a[2], "step") : 1;
    double span = ceil((to_double(m, stop, "stop") - first) / by);
    if (by == 0)
        fail(m, "ZeroDivisionError: division by zero");
    if (!(span < 1e12) || (dtype_is_float(dt) && dtype_nbytes(dt) < 4 && has_step))
        fail(m, "this range is not supported");
    int64_t n = span > 0 ? (int64_t)span : 0;
    struct array *out = array_new(m, dt, 1, &n, 0);
    step(m, (uint64_t)n);
    for (int64_t i = 0; i < n; i++) {
        char *at = out->buffer->bytes + i * out->item_nbytes;
        if (dtype_is_float(dt) && dt != DT_FLOAT64)
            store_double(dt, at, (float)first + (has_step ? (float)by * (float)i : (float)i));
        else if (dtype_is_float(dt))
            store_double(dt, at, first + (has_step ? by * (double)i : (double)i));
        else
            store_integer(dt, at, (int64_t)first + (int64_t)by * i);
    }
    return make_jax(m, out, false);
}

/* --- Joining -------------------------------------------------------------------------------------------------------------------- */

/* The items of a list or of an array's first axis, as JAX's. */
static value items_of(vm *m, value v, const char *function)
{
    value list = to_list(m, v);
    if (list.u.seq->n == 0)
        value_error(m, "Need at least one array to %s.", function);
    for (size_t i = 0; i < list.u.seq->n; i++)
        list.u.seq->items[i] = jax_argument(m, list.u.seq->items[i], function, (int)i);
    return list;
}

static int axis_from(vm *m, value v, int n_dims, int otherwise)
{
    int64_t axis = v.kind == V_NOTHING ? otherwise : to_int64(m, v, "axis");
    if (axis < -n_dims || axis >= n_dims)
        value_error(m, "axis %lld is out of bounds for array of dimension %d", (long long)axis, n_dims);
    return (int)(axis < 0 ? axis + n_dims : axis);
}

/* One after another along the axis; all of one type, of keys or of numbers. */
static value joined(vm *m, value list, int axis, const char *function)
{
    enum { MOST = 64 };
    const struct sequence *s = list.u.seq;
    value first = s->items[0];
    struct array *a = jax_data(first);
    int64_t shape[MAX_DIMS], total = 0;
    struct jax_type type = {DT_UINT32, false};
    for (size_t i = 0; i < s->n; i++) {
        value v = s->items[i];
        if (is_jax_keys(v) != is_jax_keys(first) || (is_jax_keys(v) && jax_of(v)->impl != jax_of(first)->impl))
            type_error(m, "%s of keys and what is no such key", function);
        if (jax_n_dims(v) != jax_n_dims(first))
            type_error(m, "Cannot concatenate arrays with different numbers of dimensions: got %d and %d.",
                       jax_n_dims(first), jax_n_dims(v));
        for (int k = 0; k < a->n_dims; k++)
            if (k != axis && jax_data(v)->shape[k] != a->shape[k])
                type_error(m,
                           "Cannot concatenate arrays with shapes that differ in dimensions other than the one being "
                           "concatenated: concatenating along dimension %d.",
                           axis);
        total += jax_data(v)->shape[axis];
        struct jax_type both[2] = {type, is_jax_keys(v) ? type : jax_type_of(m, v)};
        type = i == 0 ? both[1] : jax_promote(m, both, 2);
    }
    memcpy(shape, a->shape, sizeof shape);
    shape[axis] = total;
    struct array *out = array_new(m, type.dt, a->n_dims, shape, 0), *part = array_view(m, out);
    step(m, (uint64_t)array_size(out));
    for (size_t i = 0; i < s->n; i++) {
        struct array *from = jax_cast(m, jax_data(s->items[i]), type.dt);
        part->shape[axis] = from->shape[axis];
        struct cursor to = cursor_start(part);
        for (struct cursor c = cursor_start(from); cursor_more(&c); cursor_next(&c), cursor_next(&to))
            memcpy(part->buffer->bytes + to.offset, from->buffer->bytes + c.offset, from->item_nbytes);
        part->offset += from->shape[axis] * part->strides[axis];
    }
    return is_jax_keys(first) ? make_jax_keys(m, out, jax_of(first)->impl) : make_jax(m, out, type.is_weak);
}

static value jnp_concatenate(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "concatenate", "arrays axis= dtype=", arguments, a);
    value list = items_of(m, a[0], "concatenate");
    if (jax_n_dims(list.u.seq->items[0]) == 0)
        value_error(m, "Zero-dimensional arrays cannot be concatenated.");
    value out = joined(m, list, axis_from(m, a[1], jax_n_dims(list.u.seq->items[0]), 0), "concatenate");
    return is_none(a[2]) ? out : jax_from(m, out, jax_dtype_from(m, a[2], DT_NONE));
}

static value with_new_axis(vm *m, value v, int axis)
{
    struct array *a = jax_data(v), *out = array_view(m, a);
    if (a->n_dims + 1 > MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    for (int i = a->n_dims; i > axis; i--) {
        out->shape[i] = a->shape[i - 1];
        out->strides[i] = a->strides[i - 1];
    }
    out->shape[axis] = 1;
    out->strides[axis] = 0;
    out->n_dims++;
    return make_jax_like(m, out, v);
}

static value jnp_stack(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "stack", "arrays axis=", arguments, a);
    value list = items_of(m, a[0], "stack");
    int axis = axis_from(m, a[1], jax_n_dims(list.u.seq->items[0]) + 1, 0);
    for (size_t i = 0; i < list.u.seq->n; i++) {
        const struct array *x = jax_data(list.u.seq->items[0]), *y = jax_data(list.u.seq->items[i]);
        bool same = jax_n_dims(list.u.seq->items[0]) == jax_n_dims(list.u.seq->items[i]);
        for (int k = 0; same && k < jax_n_dims(list.u.seq->items[0]); k++)
            same = x->shape[k] == y->shape[k];
        if (!same)
            value_error(m, "All input arrays must have the same shape.");
    }
    for (size_t i = 0; i < list.u.seq->n; i++)
        list.u.seq->items[i] = with_new_axis(m, list.u.seq->items[i], axis);
    return joined(m, list, axis, "stack");
}

static value stacked_along(vm *m, const struct arguments *arguments, const char *name, bool rows)
{
    value v;
    take_arguments(m, name, "tup", arguments, &v);
    value list = items_of(m, v, name);
    int n_dims = 0;
    for (size_t i = 0; i < list.u.seq->n; i++) {
        value item = list.u.seq->items[i];
        while (jax_n_dims(item) < (rows ? 2 : 1))
            item = with_new_axis(m, item, 0);
        list.u.seq->items[i] = item;
        n_dims = jax_n_dims(item);
    }
    return joined(m, list, rows || n_dims == 1 ? 0 : 1, name);
}

static value jnp_vstack(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return stacked_along(m, arguments, "vstack", true);
}

static value jnp_hstack(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return stacked_along(m, arguments, "hstack", false);
}

static value jnp_expand_dims(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "expand_dims", "a axis", arguments, a);
    value v = jax_argument(m, a[0], "expand_dims", 0);
    return with_new_axis(m, v, axis_from(m, a[1], jax_n_dims(v) + 1, 0));
}

static value jnp_broadcast_to(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    int64_t shape[MAX_DIMS];
    (void)self;
    take_arguments(m, "broadcast_to", "array shape", arguments, a);
    value v = jax_argument(m, a[0], "broadcast_to", 0);
    (void)jax_numbers_of(m, v, "broadcast_to");
    int n_dims = jax_shape_argument(m, a[1], shape);
    (void)jax_shape_size(m, n_dims, shape);
    return make_jax(m, array_broadcast(m, jax_data(v), n_dims, shape), jax_of(v)->is_weak);
}

/* --- Elementwise ------------------------------------------------------------------------------------------------------------------- */

static value map_floats(vm *m, const struct arguments *arguments, const char *name, double (*function)(double),
                        bool keeps_integers)
{
    value v;
    take_arguments(m, name, "x", arguments, &v);
    value x = jax_argument(m, v, name, 0);
    (void)jax_numbers_of(m, x, name);
    struct array *a = jax_data(x);
    if (!dtype_is_float(a->dt) && keeps_integers)
        return x;
    bool weak = jax_of(x)->is_weak;
    struct array *out = dtype_is_float(a->dt) ? array_copy(m, a) : jax_cast(m, a, jax_float(m));
    out = out == a ? array_copy(m, out) : out;
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes)
        store_double(out->dt, at,
                     round_to(out->dt == DT_FLOAT64 ? DT_FLOAT64 : DT_FLOAT32, function(load_double(out->dt, at))));
    return make_jax(m, out, weak);
}

static double square_root(double x)
{
    return sqrt(fabs(x) < 0x1p-126 ? copysign(0, x) : x);
}

#define MAP(name, function, keeps)                                                                                     \
    static value jnp_##name(vm *m, value self, const struct arguments *arguments)                                      \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return map_floats(m, arguments, #name, function, keeps);                                                       \
    }
MAP(sqrt, square_root, false)
MAP(floor, floor, true)
MAP(ceil, ceil, true)
MAP(trunc, trunc, true)

/* XLA's functions: float32 and what is computed in it, float64. */
struct transcendental {
    const char *name;
    float (*f32)(float);
    double (*f64)(double);
};

/* Lengths that LLVM computes by vectors, the rest of 16 values and more among them. */
static bool in_whole_vectors(const struct array *a)
{
    int64_t n = array_size(a);
    return a->n_dims == 0 || (a->n_dims == 1 && (n <= 2 || n == 4 || n == 8 || n >= 16));
}

static value map_transcendental(vm *m, const struct arguments *arguments, const struct transcendental *t)
{
    value v;
    take_arguments(m, t->name, "x", arguments, &v);
    value x = jax_argument(m, v, t->name, 0);
    (void)jax_numbers_of(m, x, t->name);
    struct array *a = jax_data(x);
    if (a->dt == DT_FLOAT16)
        fail(m, "%s() of float16 is not supported: it depends on the processor", t->name);
    if (!in_whole_vectors(a))
        fail(m, "%s() of so many values is not supported: XLA computes what is left beside whole vectors otherwise",
             t->name);
    bool weak = jax_of(x)->is_weak;
    struct array *out = array_copy(m, dtype_is_float(a->dt) ? a : jax_cast(m, a, jax_float(m)));
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes) {
        double y = load_double(out->dt, at);
        store_double(out->dt, at, out->dt == DT_FLOAT64 ? t->f64(y) : (double)t->f32((float)y));
    }
    return make_jax(m, out, weak);
}

#define TRANSCENDENTAL(name, f32, f64)                                                                                 \
    static value jnp_##name(vm *m, value self, const struct arguments *arguments)                                      \
    {                                                                                                                  \
        static const struct transcendental t = {#name, f32, f64};                                                      \
        (void)self;                                                                                                    \
        return map_transcendental(m, arguments, &t);                                                                   \
    }
TRANSCENDENTAL(exp, xla_exp_f32, xla_exp_f64)
TRANSCENDENTAL(log, xla_log_f32, log) /* libm's log */
TRANSCENDENTAL(log1p, xla_log1p_f32, xla_log1p_f64)

static value jnp_square(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "square", "x", arguments, &v);
    v = jax_argument(m, v, "square", 0);
    return jax_operate(m, OP_MULTIPLY, v, v);
}

static value jnp_negative(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "negative", "x", arguments, &v);
    return jax_operate_unary(m, OP_NEGATE, jax_argument(m, v, "negative", 0));
}

static value two(vm *m, const struct arguments *arguments, const char *name, operator op)
{
    value a[2];
    take_arguments(m, name, "x1 x2", arguments, a);
    for (int i = 0; i < 2; i++)
        if (a[i].kind == V_NONE || is_sequence(a[i]) || is_text(a[i]))
            type_error(m, "%s requires ndarray or scalar arguments, got <class '%s'> at position %d.", name,
                       type_name(a[i]), i);
    if (!is_jax(a[0]) && !is_jax(a[1]))
        a[0] = jax_argument(m, a[0], name, 0);
    return jax_operate(m, op, a[0], a[1]);
}

#define TWO(name, op)                                                                                                  \
    static value jnp_##name(vm *m, value self, const struct arguments *arguments)                                      \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return two(m, arguments, #name, op);                                                                           \
    }
TWO(add, OP_ADD)
TWO(subtract, OP_SUBTRACT)
TWO(multiply, OP_MULTIPLY)
TWO(divide, OP_DIVIDE)
TWO(floor_divide, OP_FLOOR_DIVIDE)
TWO(mod, OP_MODULO)
TWO(power, OP_POWER)
TWO(equal, OP_EQ)
TWO(not_equal, OP_NE)
TWO(less, OP_LT)
TWO(less_equal, OP_LE)
TWO(greater, OP_GT)
TWO(greater_equal, OP_GE)
TWO(dot, OP_MATRIX)
TWO(matmul, OP_MATRIX)

/* Elements of x where the condition holds, else of y; both in their common type. */
static value chosen(vm *m, struct array *condition, value x, value y, const char *name)
{
    struct jax_type types[2] = {jax_type_of(m, x), jax_type_of(m, y)}, type = jax_promote(m, types, 2);
    struct array *arrays[3] = {condition, jax_cast(m, jax_data(jax_from(m, x, DT_NONE)), type.dt),
                               jax_cast(m, jax_data(jax_from(m, y, DT_NONE)), type.dt)};
    int64_t shape[MAX_DIMS];
    int n_dims;
    if (!shapes_agree(arrays, 3, &n_dims, shape))
        value_error(m, "Incompatible shapes for broadcasting: the arguments of %s", name);
    struct cursor c[3];
    for (int i = 0; i < 3; i++)
        c[i] = cursor_start(array_broadcast(m, arrays[i], n_dims, shape));
    struct array *out = array_new(m, type.dt, n_dims, shape, 0);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (; cursor_more(&c[0]); at += out->item_nbytes) {
        int which = arrays[0]->buffer->bytes[c[0].offset] ? 1 : 2;
        memcpy(at, arrays[which]->buffer->bytes + c[which].offset, out->item_nbytes);
        for (int i = 0; i < 3; i++)
            cursor_next(&c[i]);
    }
    return make_jax(m, out, type.is_weak);
}

static value jnp_where(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "where", "condition x= y=", arguments, a);
    if (a[1].kind == V_NOTHING || a[2].kind == V_NOTHING)
        fail(m, "jnp.where() of one argument is not supported");
    value condition = jax_argument(m, a[0], "where", 0);
    for (int i = 1; i < 3; i++)
        if (!is_number(a[i]))
            a[i] = jax_argument(m, a[i], "where", i);
    return chosen(m, jax_cast(m, jax_data(condition), DT_BOOL), a[1], a[2], "where");
}

/* The larger or smaller; a NaN of either wins. */
static value extreme(vm *m, value x, value y, operator op)
{
    struct array *first = jax_data(jax_operate(m, op, x, y));
    struct array *nan = jax_data(jax_operate(m, OP_NE, x, x));
    value other = chosen(m, first, x, y, "maximum");
    return chosen(m, nan, x, other, "maximum");
}

static value extreme_of(vm *m, const struct arguments *arguments, const char *name, operator op)
{
    value a[2];
    take_arguments(m, name, "x1 x2", arguments, a);
    struct jax_type types[2];
    for (int i = 0; i < 2; i++) {
        a[i] = jax_argument(m, a[i], name, i);
        types[i] = jax_type_of(m, a[i]);
    }
    struct jax_type type = jax_promote(m, types, 2);
    for (int i = 0; i < 2; i++)
        a[i] = make_jax(m, jax_cast(m, jax_data(a[i]), type.dt), type.is_weak);
    return extreme(m, a[0], a[1], op);
}

static value jnp_maximum(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return extreme_of(m, arguments, "maximum", OP_GT);
}

static value jnp_minimum(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return extreme_of(m, arguments, "minimum", OP_LT);
}

static value jnp_clip(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "clip", "arr min= max=", arguments, a);
    value v = jax_argument(m, a[0], "clip", 0);
    for (int i = 1; i < 3; i++) {
        if (is_none(a[i]))
            continue;
        struct jax_type types[2] = {jax_type_of(m, v), jax_type_of(m, a[i])}, type = jax_promote(m, types, 2);
        value bound = make_jax(m, jax_data(jax_from(m, a[i], type.dt)), type.is_weak);
        v = extreme(m, make_jax(m, jax_cast(m, jax_data(v), type.dt), type.is_weak), bound, i == 1 ? OP_GT : OP_LT);
    }
    return v;
}

static value jnp_isnan(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "isnan", "x", arguments, &v);
    v = jax_argument(m, v, "isnan", 0);
    return jax_operate(m, OP_NE, v, v);
}

static value jnp_array_equal(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "array_equal", "a1 a2", arguments, a);
    const struct array *x = jax_data(a[0] = jax_from(m, a[0], DT_NONE)),
                       *y = jax_data(a[1] = jax_from(m, a[1], DT_NONE));
    bool same = x->n_dims == y->n_dims;
    for (int i = 0; same && i < x->n_dims; i++)
        same = x->shape[i] == y->shape[i];
    if (same && array_size(x) > 0)
        return jax_reduce(m, "all", jax_operate(m, OP_EQ, a[0], a[1]), NONE, NOTHING);
    return jax_from(m, BOOL(same), DT_NONE);
}

/* --- The methods of arrays as functions --------------------------------------------------------------------------------------------- */

static value by_method(vm *m, const char *name, const struct arguments *arguments)
{
    if (arguments->n_positional == 0)
        type_error(m, "%s() missing 1 required positional argument", name);
    value v = jax_argument(m, arguments->positional[0], name, 0);
    const struct native *method = find_native(is_jax_keys(v) ? jax_keys_methods : jax_array_methods, name);
    if (!method)
        type_error(m, "%s does not accept keys.", name);
    struct arguments rest = *arguments;
    rest.positional++;
    rest.n_positional--;
    return method->call(m, v, &rest);
}

#define METHOD_OF(name, method)                                                                                        \
    static value jnp_##name(vm *m, value self, const struct arguments *arguments)                                      \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return by_method(m, method, arguments);                                                                        \
    }
static value by_numpy(vm *m, const char *name, const struct arguments *arguments, dtype dt)
{
    value v = jax_argument(m, arguments->n_positional ? arguments->positional[0] : NONE, name, 0);
    (void)jax_numbers_of(m, v, name);
    if (arguments->n_positional > 1 || arguments->n_named > 0)
        fail(m, "jnp.%s() of more than the array is not supported", name);
    value plain = array_value(jax_data(v));
    struct arguments one = {.positional = &plain, .n_positional = 1};
    struct array *out = array_from(m, find_native(numpy_functions, name)->call(m, NONE, &one), DT_NONE);
    return make_jax(m, jax_cast(m, out, dt == DT_NONE ? jax_data(v)->dt : dt), false);
}

static value jnp_unique(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return by_numpy(m, "unique", arguments, DT_NONE);
}

static value jnp_bincount(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return by_numpy(m, "bincount", arguments, jax_int(m));
}

METHOD_OF(sum, "sum")
METHOD_OF(prod, "prod")
METHOD_OF(mean, "mean")
METHOD_OF(min, "min")
METHOD_OF(max, "max")
METHOD_OF(any, "any")
METHOD_OF(all, "all")
METHOD_OF(argmax, "argmax")
METHOD_OF(argmin, "argmin")
METHOD_OF(argsort, "argsort")
METHOD_OF(sort, "sort")
METHOD_OF(cumsum, "cumsum")
METHOD_OF(round, "round")
METHOD_OF(reshape, "reshape")
METHOD_OF(ravel, "ravel")
METHOD_OF(transpose, "transpose")
METHOD_OF(squeeze, "squeeze")
METHOD_OF(swapaxes, "swapaxes")
METHOD_OF(abs, "__abs__")

static value property_of(vm *m, const char *name, const struct arguments *arguments)
{
    value v;
    take_arguments(m, name, "a", arguments, &v);
    return get_attribute(m, jax_argument(m, v, name, 0), name);
}

static value jnp_shape(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return property_of(m, "shape", arguments);
}

static value jnp_ndim(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return property_of(m, "ndim", arguments);
}

static value jnp_size(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return property_of(m, "size", arguments);
}

/* --- Types ---------------------------------------------------------------------------------------------------------------------------- */

static value converted(vm *m, const struct arguments *arguments, dtype dt)
{
    value v;
    take_arguments(m, dtype_name(dt), "x", arguments, &v);
    return jax_from(m, v, jax_canonical(m, dt));
}

#define TYPE_FUNCTION(name, dt)                                                                                        \
    static value jnp_type_##name(vm *m, value self, const struct arguments *arguments)                                 \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return converted(m, arguments, dt);                                                                            \
    }
TYPE_FUNCTION(bool, DT_BOOL)
TYPE_FUNCTION(int8, DT_INT8)
TYPE_FUNCTION(int16, DT_INT16)
TYPE_FUNCTION(int32, DT_INT32)
TYPE_FUNCTION(int64, DT_INT64)
TYPE_FUNCTION(uint8, DT_UINT8)
TYPE_FUNCTION(uint16, DT_UINT16)
TYPE_FUNCTION(uint32, DT_UINT32)
TYPE_FUNCTION(uint64, DT_UINT64)
TYPE_FUNCTION(float16, DT_FLOAT16)
TYPE_FUNCTION(float32, DT_FLOAT32)
TYPE_FUNCTION(float64, DT_FLOAT64)
TYPE_FUNCTION(bfloat16, DT_BFLOAT16)

#define TYPE(name, dt)                                                                                                 \
    {                                                                                                                  \
#name, jnp_type_##name, NATIVE_CLASS, dt + 1                                                                   \
    }
#define KIND(name)                                                                                                     \
    {                                                                                                                  \
#name, NULL, NATIVE_CLASS, 0                                                                                   \
    }
const struct native jnp_types[] = {TYPE(bool, DT_BOOL),
                                   TYPE(int8, DT_INT8),
                                   TYPE(int16, DT_INT16),
                                   TYPE(int32, DT_INT32),
                                   TYPE(int64, DT_INT64),
                                   TYPE(uint8, DT_UINT8),
                                   TYPE(uint16, DT_UINT16),
                                   TYPE(uint32, DT_UINT32),
                                   TYPE(uint64, DT_UINT64),
                                   TYPE(float16, DT_FLOAT16),
                                   TYPE(float32, DT_FLOAT32),
                                   TYPE(float64, DT_FLOAT64),
                                   TYPE(bfloat16, DT_BFLOAT16),
                                   KIND(floating),
                                   KIND(inexact),
                                   KIND(integer),
                                   KIND(signedinteger),
                                   KIND(unsignedinteger),
                                   KIND(number),
                                   KIND(generic),
                                   {NULL, NULL, NATIVE_FUNCTION, 0}};

static value jnp_dtype(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "dtype", "dtype", arguments, &v);
    return is_text(v) && strcmp(v.u.text->bytes, "bfloat16") == 0 ? DTYPE(DT_BFLOAT16) : DTYPE(dtype_from(m, v));
}

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, jnp_##name, NATIVE_FUNCTION, 0                                                                          \
    }
const struct native jnp_functions[] = {FUNCTION(array),
                                       {"asarray", jnp_array, NATIVE_FUNCTION, 0},
                                       FUNCTION(zeros),
                                       FUNCTION(ones),
                                       {"empty", jnp_zeros, NATIVE_FUNCTION, 0},
                                       FUNCTION(full),
                                       FUNCTION(zeros_like),
                                       FUNCTION(ones_like),
                                       FUNCTION(eye),
                                       FUNCTION(arange),
                                       FUNCTION(concatenate),
                                       FUNCTION(stack),
                                       FUNCTION(vstack),
                                       FUNCTION(hstack),
                                       FUNCTION(expand_dims),
                                       FUNCTION(broadcast_to),
                                       FUNCTION(reshape),
                                       FUNCTION(ravel),
                                       FUNCTION(transpose),
                                       FUNCTION(squeeze),
                                       FUNCTION(swapaxes),
                                       FUNCTION(shape),
                                       FUNCTION(ndim),
                                       FUNCTION(size),
                                       FUNCTION(where),
                                       FUNCTION(maximum),
                                       FUNCTION(minimum),
                                       FUNCTION(clip),
                                       FUNCTION(sqrt),
                                       FUNCTION(exp),
                                       FUNCTION(log),
                                       FUNCTION(log1p),
                                       FUNCTION(square),
                                       FUNCTION(abs),
                                       FUNCTION(negative),
                                       FUNCTION(floor),
                                       FUNCTION(ceil),
                                       FUNCTION(trunc),
                                       FUNCTION(round),
                                       FUNCTION(isnan),
                                       FUNCTION(add),
                                       FUNCTION(subtract),
                                       FUNCTION(multiply),
                                       FUNCTION(divide),
                                       {"true_divide", jnp_divide, NATIVE_FUNCTION, 0},
                                       FUNCTION(floor_divide),
                                       FUNCTION(mod),
                                       {"remainder", jnp_mod, NATIVE_FUNCTION, 0},
                                       FUNCTION(power),
                                       FUNCTION(equal),
                                       FUNCTION(not_equal),
                                       FUNCTION(less),
                                       FUNCTION(less_equal),
                                       FUNCTION(greater),
                                       FUNCTION(greater_equal),
                                       FUNCTION(dot),
                                       FUNCTION(matmul),
                                       FUNCTION(array_equal),
                                       FUNCTION(sum),
                                       FUNCTION(prod),
                                       FUNCTION(mean),
                                       FUNCTION(min),
                                       FUNCTION(max),
                                       FUNCTION(any),
                                       FUNCTION(all),
                                       FUNCTION(argmax),
                                       FUNCTION(argmin),
                                       FUNCTION(argsort),
                                       FUNCTION(sort),
                                       FUNCTION(cumsum),
                                       FUNCTION(unique),
                                       FUNCTION(bincount),
                                       FUNCTION(dtype),
                                       {"issubdtype", jax_issubdtype, NATIVE_FUNCTION, 0},
                                       {NULL, NULL, NATIVE_FUNCTION, 0}};

static value numpy_lookup(vm *m, const char *name)
{
    const struct native *type = find_native(jnp_types, name);
    if (type)
        return NATIVE(type);
    if (strcmp(name, "ndarray") == 0)
        return NATIVE(&jax_classes[JAX_CLASS_ANY]);
    if (strcmp(name, "bool_") == 0)
        return NATIVE(find_native(jnp_types, "bool"));
    if (strcmp(name, "newaxis") == 0)
        return NONE;
    if (strcmp(name, "float_") == 0 || strcmp(name, "int_") == 0)
        return NATIVE(find_native(jnp_types, name[0] == 'f' ? (m->jax.has_x64 ? "float64" : "float32")
                                                            : (m->jax.has_x64 ? "int64" : "int32")));
    return strcmp(name, "pi") == 0 || strcmp(name, "inf") == 0 || strcmp(name, "nan") == 0 || strcmp(name, "e") == 0
               ? module_math.lookup(m, name)
               : NOTHING;
}

const struct module module_jax_numpy = {"jax.numpy", jnp_functions, numpy_lookup, NULL};
