/* jax_array.c - JAX's arrays as values: made of numbers, lists and arrays, and printed.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/bind_jax.h" /* jax_impl_tag */
#include "draw/jax_array.h"

/* --- Making ------------------------------------------------------------------------------------------------------------ */

bool is_jax_numbers(value v)
{
    return v.kind == V_OBJECT && instance_of(v)->class == &jax_array_class;
}

bool is_jax_keys(value v)
{
    return v.kind == V_OBJECT && instance_of(v)->class == &jax_keys_class;
}

int jax_n_dims(value v)
{
    return jax_data(v)->n_dims - is_jax_keys(v);
}

value make_jax(vm *m, struct array *numbers, bool is_weak)
{
    value v = new_instance(m, &jax_array_class, sizeof(struct jax_array), 1);
    jax_of(v)->instance.held[0] = array_value(numbers);
    jax_of(v)->is_weak = is_weak;
    return v;
}

value make_jax_keys(vm *m, struct array *words, unsigned impl)
{
    value v = new_instance(m, &jax_keys_class, sizeof(struct jax_array), 1);
    jax_of(v)->instance.held[0] = array_value(words);
    jax_of(v)->impl = (uint8_t)impl;
    return v;
}

value make_jax_like(vm *m, struct array *data, value like)
{
    return is_jax_keys(like) ? make_jax_keys(m, data, jax_of(like)->impl) : make_jax(m, data, jax_of(like)->is_weak);
}

struct jax_array *jax_numbers_of(vm *m, value v, const char *function)
{
    if (is_jax_keys(v))
        type_error(m, "%s does not accept dtype key<%s>.", function, jax_impl_tag(jax_of(v)->impl));
    return jax_of(jax_argument(m, v, function, 0));
}

/* --- jnp.asarray ----------------------------------------------------------------------------------------------------------- */

static void refuse_text(vm *m, value v)
{
    struct writer w = writer_start(m);
    put_repr(&w, v);
    type_error(m,
               "Value %.100s with dtype <U%zu is not a valid JAX array type. Only arrays of numeric types are "
               "supported by JAX.",
               written(&w), v.u.text->n_points ? v.u.text->n_points : 1);
}

/* A number of Python that is to be of that type: what does not fit is refused. */
static void check_fits(vm *m, value v, dtype dt, const char *words)
{
    uint64_t bits;
    if (!is_integer(v) || v.kind == V_SCALAR || dtype_is_float(dt) || dt == DT_BOOL)
        return;
    int n_bits = 8 * (int)dtype_nbytes(dt);
    bool is_unsigned = dtype_is_unsigned(dt), fits = v.kind != V_BIG;
    if (is_unsigned)
        fits = fits_u64(plain_integer(m, v), &bits) && (n_bits == 64 || bits >> n_bits == 0);
    else if (n_bits < 64)
        fits = fits && v.u.i < (int64_t)1 << (n_bits - 1) && v.u.i >= -((int64_t)1 << (n_bits - 1));
    if (!fits) {
        struct writer w = writer_start(m);
        put_repr(&w, v);
        fail(m, "OverflowError: Python %s %.100s %s %s", words, written(&w),
             words[3] ? "out of bounds for" : "too large to convert to", dtype_name(dt));
    }
}

/* What nested sequences hold. */
struct leaves {
    int64_t shape[MAX_DIMS];
    int n_dims;               /* -1: no leaf was seen */
    struct jax_type types[2]; /* of all together, and of the next */
    size_t n;
    bool with_keys;
    unsigned impl;
};

static bool is_nested(value v)
{
    return is_sequence(v) || v.kind == V_RANGE;
}

static _Noreturn void refuse_ragged(vm *m, int depth)
{
    value_error(m,
                "setting an array element with a sequence. The requested array has an inhomogeneous shape after %d "
                "dimensions.",
                depth);
}

static void find_leaf(vm *m, struct leaves *l, value v, int depth)
{
    const struct array *a = is_jax(v) ? jax_data(v) : v.kind == V_ARRAY ? v.u.array : NULL;
    int n = a ? a->n_dims - is_jax_keys(v) : 0;
    if (is_text(v))
        refuse_text(m, v);
    if (v.kind == V_NONE)
        value_error(m, "None is not a valid value for jnp.array");
    if (!a && !is_number(v))
        type_error(m, "Unexpected input type for array: %s", type_name(v));
    if (depth + n > MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    if (l->n_dims >= 0 && l->n_dims != depth + n)
        refuse_ragged(m, depth);
    for (int i = 0; i < n; i++) {
        if (l->n_dims >= 0 && l->shape[depth + i] != a->shape[i])
            refuse_ragged(m, depth + i);
        l->shape[depth + i] = a->shape[i];
    }
    l->n_dims = depth + n;
    if (l->n > 0 && l->with_keys != is_jax_keys(v))
        type_error(m, "an array of keys and numbers is not supported");
    l->with_keys = is_jax_keys(v);
    l->impl = l->with_keys ? jax_of(v)->impl : 0;
    l->types[l->n > 0] = l->with_keys ? (struct jax_type){DT_UINT32, false} : jax_type_of(m, v);
    l->types[0] = jax_promote(m, l->types, l->n > 0 ? 2 : 1);
    l->n++;
}

static void find_leaves(vm *m, struct leaves *l, value v, int depth)
{
    if (!is_nested(v)) {
        find_leaf(m, l, v, depth);
        return;
    }
    int64_t n = (int64_t)value_length(m, v);
    if (depth >= MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    if (l->n_dims >= 0 && (depth >= l->n_dims || l->shape[depth] != n))
        refuse_ragged(m, depth);
    l->shape[depth] = n;
    if (n == 0)
        l->n_dims = l->n_dims < 0 ? depth + 1 : l->n_dims;
    enter(m);
    if (v.kind == V_RANGE && n > 0)
        find_leaf(m, l, INT(0), depth + 1);
    for (int64_t i = 0; v.kind != V_RANGE && i < n; i++)
        find_leaves(m, l, v.u.seq->items[i], depth + 1);
    leave(m);
}

static void put_leaf(vm *m, struct array *out, int64_t *offset, value v)
{
    if (is_jax(v) || v.kind == V_ARRAY) {
        struct array *a = jax_cast(m, is_jax(v) ? jax_data(v) : v.u.array, out->dt);
        for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), *offset += out->item_nbytes)
            memcpy(out->buffer->bytes + *offset, a->buffer->bytes + c.offset, out->item_nbytes);
        return;
    }
    if (v.kind == V_SCALAR) {
        const struct array *a = jax_cast(m, array_from(m, v, DT_NONE), out->dt);
        memcpy(out->buffer->bytes + *offset, array_bytes(a), out->item_nbytes);
    } else {
        check_fits(m, v, out->dt, "integer");
        array_put_item(m, out, *offset, v);
    }
    *offset += out->item_nbytes;
}

static void put_leaves(vm *m, struct array *out, int64_t *offset, value v)
{
    if (v.kind == V_RANGE) {
        for (uint64_t i = 0; i < v.u.range->n; i++)
            put_leaf(m, out, offset, INT(range_item(v.u.range, i)));
    } else if (is_sequence(v)) {
        for (size_t i = 0; i < v.u.seq->n; i++)
            put_leaves(m, out, offset, v.u.seq->items[i]);
    } else {
        put_leaf(m, out, offset, v);
    }
}

static value from_nested(vm *m, value v, dtype dt)
{
    struct leaves l = {.n_dims = -1};
    find_leaves(m, &l, v, 0);
    if (l.with_keys) {
        l.shape[l.n_dims] = jax_impl_n_words(l.impl);
        if (l.n_dims + 1 > MAX_DIMS)
            value_error(m, "more than %d dimensions", MAX_DIMS);
    }
    dtype found = l.n > 0 ? l.types[0].dt : jax_float(m);
    struct array *out = array_new(m, dt == DT_NONE ? found : dt, l.n_dims + l.with_keys, l.shape, 0);
    int64_t offset = 0;
    step(m, (uint64_t)array_size(out));
    if (array_size(out) > 0)
        put_leaves(m, out, &offset, v);
    return l.with_keys ? make_jax_keys(m, out, l.impl) : make_jax(m, out, false);
}

value jax_from(vm *m, value v, dtype dt)
{
    if (v.kind == V_TENSOR)
        v = array_value(array_from(m, v, DT_NONE));
    if (is_jax_keys(v))
        return v;
    if (is_jax_numbers(v)) {
        struct array *a = jax_data(v);
        return dt == DT_NONE ? v : make_jax(m, jax_cast(m, a, dt), false);
    }
    if (v.kind == V_ARRAY) {
        struct array *a = v.u.array;
        dtype to = dt == DT_NONE ? jax_canonical(m, a->dt) : dt;
        return make_jax(m, a->dt == to ? array_copy(m, a) : jax_cast(m, a, to), false);
    }
    if (is_nested(v))
        return from_nested(m, v, dt);
    if (is_text(v))
        refuse_text(m, v);
    if (v.kind == V_NONE || v.kind == V_NOTHING)
        value_error(m, "None is not a valid value for jnp.array");
    if (!is_number(v))
        type_error(m, "Unexpected input type for array: <class '%s'>", type_name(v));
    struct jax_type type = jax_type_of(m, v);
    struct array *a = array_new(m, dt == DT_NONE ? type.dt : dt, 0, NULL, 0);
    int64_t offset = 0;
    if (dt == DT_NONE)
        check_fits(m, v, a->dt, "int");
    put_leaf(m, a, &offset, v);
    return make_jax(m, a, dt == DT_NONE && type.is_weak);
}

value jax_argument(vm *m, value v, const char *function, int position)
{
    if (v.kind != V_ARRAY && !is_number(v) && !is_jax(v))
        type_error(m, "%s requires ndarray or scalar arguments, got <class '%s'> at position %d.", function,
                   type_name(v), position);
    return jax_from(m, v, DT_NONE);
}

/* --- Printing -------------------------------------------------------------------------------------------------------------- */

static void put_shape_tuple(struct writer *w, const int64_t *shape, int n_dims)
{
    put_text(w, "(");
    for (int i = 0; i < n_dims; i++)
        put_format(w, i + 1 < n_dims ? "%lld, " : n_dims == 1 ? "%lld," : "%lld", (long long)shape[i]);
    put_text(w, ")");
}

static void check_traced(vm *m)
{
    if (m->jax.n_traced > 0)
        fail(m, "a value within jax.vmap prints as a tracer, which is not supported");
}

/* jax/_src/array.py: __repr__ of ArrayImpl. */
static void put_numbers(struct writer *w, value v)
{
    enum { LINE_WIDTH = 75 };
    const struct array *a = jax_data(v);
    struct writer type = writer_start(w->m), text = writer_start(w->m);
    check_traced(w->m);
    put_format(&type, "dtype=%s%s", dtype_name(a->dt), jax_of(v)->is_weak ? ", weak_type=True" : "");
    if (array_size(a) == 0) {
        put_text(&text, "[], shape=");
        put_shape_tuple(&text, a->shape, a->n_dims);
    } else {
        put_array_text(&text, a, 6);
    }
    size_t line = text.n;
    while (line > 0 && written(&text)[line - 1] != '\n')
        line--;
    size_t last = text.n - line + 2;
    put_text(w, "Array(");
    put(w, written(&text), text.n);
    put_format(w, ",%s", last + type.n + 2 > LINE_WIDTH ? "      " : " ");
    put(w, written(&type), type.n);
    put_text(w, ")");
}

static void put_numbers_str(struct writer *w, value v)
{
    check_traced(w->m);
    put_array(w, jax_data(v), false);
}

static void put_keys(struct writer *w, value v)
{
    const struct array *a = jax_data(v);
    check_traced(w->m);
    put_text(w, "Array(");
    put_shape_tuple(w, a->shape, a->n_dims - 1);
    put_format(w, ", dtype=key<%s>) overlaying:\n", jax_impl_tag(jax_of(v)->impl));
    put_array(w, a, false);
}

/* --- What Python does with them ---------------------------------------------------------------------------------------------- */

static struct array *numbers_array(vm *m, value v)
{
    return array_copy(m, jax_data(v)); /* np.asarray() of one: nothing that is written there comes back */
}

static uint64_t jax_length(vm *m, value v)
{
    if (jax_n_dims(v) == 0)
        type_error(m, "len() of unsized object");
    return (uint64_t)jax_data(v)->shape[0];
}

static value jax_iterate(vm *m, value v)
{
    if (jax_n_dims(v) == 0)
        type_error(m, "iteration over a 0-d %sarray", is_jax_keys(v) ? "key " : "");
    int64_t n = jax_data(v)->shape[0];
    value list = make_sequence(m, V_LIST, (size_t)n);
    for (int64_t i = 0; i < n; i++)
        list.u.seq->items[i] = jax_get(m, v, INT(i));
    return list;
}

static void jax_set_item(vm *m, value v, value index, value item)
{
    (void)v;
    (void)index;
    (void)item;
    type_error(m, "JAX arrays are immutable and do not support in-place item assignment. Instead of x[idx] = y, use x "
                  "= x.at[idx].set(y) or another .at[] method: "
                  "https://docs.jax.dev/en/latest/_autosummary/jax.numpy.ndarray.at.html");
}

const struct object_class jax_array_class = {.name = "jaxlib._jax.ArrayImpl",
                                             .methods = jax_array_methods,
                                             .put = put_numbers,
                                             .put_str = put_numbers_str,
                                             .array = numbers_array,
                                             .operate = jax_operate,
                                             .operate_unary = jax_operate_unary,
                                             .iterate = jax_iterate,
                                             .length = jax_length,
                                             .item = jax_get,
                                             .set_item = jax_set_item};

const struct object_class jax_keys_class = {.name = "jax._src.random.prng.PRNGKeyArray",
                                            .methods = jax_keys_methods,
                                            .put = put_keys,
                                            .operate = jax_operate,
                                            .operate_unary = jax_operate_unary,
                                            .iterate = jax_iterate,
                                            .length = jax_length,
                                            .item = jax_get,
                                            .set_item = jax_set_item};

/* --- Dtypes of keys ------------------------------------------------------------------------------------------------------------ */

struct key_dtype {
    struct instance instance;
    unsigned impl;
};

static void put_key_dtype(struct writer *w, value v)
{
    put_format(w, "key<%s>", jax_impl_tag(((struct key_dtype *)(void *)v.u.o)->impl));
}

static value operate_key_dtypes(vm *m, operator op, value a, value b)
{
    unsigned x = 99, y = 99;
    bool same = is_key_dtype(a, &x) && is_key_dtype(b, &y) && x == y;
    if (op != OP_EQ && op != OP_NE)
        type_error(m, "unsupported operand type(s) for %s: '%s' and '%s'", operator_text(op), type_name(a),
                   type_name(b));
    return BOOL(same == (op == OP_EQ));
}

static value key_dtype_attribute(vm *m, value v, const char *name)
{
    unsigned impl = ((struct key_dtype *)(void *)v.u.o)->impl;
    if (strcmp(name, "itemsize") == 0)
        return INT(4 * (int64_t)jax_impl_n_words(impl));
    if (strcmp(name, "name") != 0)
        return NOTHING;
    struct writer w = writer_start(m);
    put_key_dtype(&w, v);
    return make_text(m, V_STR, written(&w), w.n);
}

static const struct native none[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class key_dtype_class = {.name = "KeyTy",
                                                    .methods = none,
                                                    .put = put_key_dtype,
                                                    .operate = operate_key_dtypes,
                                                    .attribute = key_dtype_attribute};

value make_key_dtype(vm *m, unsigned impl)
{
    value v = new_instance(m, &key_dtype_class, sizeof(struct key_dtype), 0);
    ((struct key_dtype *)(void *)v.u.o)->impl = impl;
    return v;
}

bool is_key_dtype(value v, unsigned *impl_out)
{
    if (v.kind != V_OBJECT || instance_of(v)->class != &key_dtype_class)
        return false;
    *impl_out = ((struct key_dtype *)(void *)v.u.o)->impl;
    return true;
}

/* --- Classes -------------------------------------------------------------------------------------------------------------------- */

const struct native jax_classes[] = {{"Array", NULL, NATIVE_CLASS, 0},
                                     {"ArrayImpl", NULL, NATIVE_CLASS, 0},
                                     {"PRNGKeyArray", NULL, NATIVE_CLASS, 0},
                                     {NULL, NULL, NATIVE_FUNCTION, 0}};

bool put_jax_class(struct writer *w, const struct native *native)
{
    static const char *const homes[] = {"jax.jaxlib._jax", "jaxlib._jax", "jax._src.random.prng"};
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
        if (native == &jax_classes[i]) {
            put_format(w, "<class '%s.%s'>", homes[i], native->name);
            return true;
        }
    if (find_native(jnp_types, native->name) != native || native->dt == 0)
        return false;
    put_format(w, "<class 'jax.numpy.%s'>", native->name);
    return true;
}

bool is_jax_instance(value v, const struct native *class, bool *known_out)
{
    *known_out = find_native(jax_classes, class->name) == class;
    return class == &jax_classes[JAX_CLASS_ANY]       ? is_jax(v)
           : class == &jax_classes[JAX_CLASS_NUMBERS] ? is_jax_numbers(v)
                                                      : class == &jax_classes[JAX_CLASS_KEYS] && is_jax_keys(v);
}
