/* jax_index.c - x[…] of JAX's arrays and keys, and x.at[…]: what lies beyond an axis is clamped when it is read, left out when it is
 * written.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy, strcmp */

#include "draw/jax_array.h"

/* Indices as array_get takes them: JAX's arrays as NumPy's, integers clamped to their axis. */
struct indices {
    value items[MAX_DIMS + 1];
    size_t n;
    bool outside; /* one of the integers lies beyond its axis */
};

static int64_t clamp(int64_t i, int64_t n, bool *outside)
{
    i += i < 0 ? n : 0;
    *outside = *outside || i < 0 || i >= n;
    return i < 0 ? 0 : i >= n ? n - 1 : i;
}

static value clamp_index(vm *m, value v, int64_t n, bool *outside)
{
    struct array *a = is_jax_numbers(v) ? jax_data(v) : v.kind == V_ARRAY ? v.u.array : NULL;
    if (v.kind == V_FLOAT || (a && dtype_is_float(a->dt)))
        type_error(m, "Indexer must have integer or boolean type, got indexer with type %s",
                   a ? dtype_name(a->dt) : "float");
    if (a && a->dt == DT_BOOL)
        return array_value(a);
    if (!a || a->n_dims == 0) {
        int64_t i = to_int64(m, v, "an index");
        return n > 0 ? INT(clamp(i, n, outside)) : INT(i);
    }
    struct array *out = array_new(m, DT_INT64, a->n_dims, a->shape, 0);
    char *at = out->buffer->bytes;
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), at += 8) {
        int64_t i = load_integer(a->dt, a->buffer->bytes + c.offset);
        store_integer(DT_INT64, at, n > 0 ? clamp(i, n, outside) : i);
    }
    return array_value(out);
}

static int axes_of(value v)
{
    const struct array *a = is_jax_numbers(v) ? jax_data(v) : v.kind == V_ARRAY ? v.u.array : NULL;
    return v.kind == V_NONE || v.kind == V_ELLIPSIS ? 0 : a && a->dt == DT_BOOL ? a->n_dims : v.kind == V_BOOL ? 0 : 1;
}

static struct indices read_indices(vm *m, value index, const struct array *a, int n_dims)
{
    const value *items = index.kind == V_TUPLE ? index.u.seq->items : &index;
    size_t n = index.kind == V_TUPLE ? index.u.seq->n : 1;
    struct indices out = {.n = n};
    int n_used = 0, axis = 0;
    if (n > MAX_DIMS)
        fail(m, "IndexError: Too many indices");
    for (size_t i = 0; i < n; i++) {
        if (items[i].kind == V_LIST)
            type_error(m, "Using a non-tuple sequence for multidimensional indexing is not allowed; use "
                          "`arr[array(seq)]` instead of `arr[seq]`. See https://github.com/jax-ml/jax/issues/4564 for "
                          "more information.");
        if (is_text(items[i]))
            type_error(m, "JAX does not support string indexing; got idx=%.40s", items[i].u.text->bytes);
        n_used += axes_of(items[i]);
    }
    if (n_used > n_dims)
        fail(m, "IndexError: Too many indices: array is %d-dimensional, but %d were indexed", n_dims, n_used);
    for (size_t i = 0; i < n; i++) {
        bool plain = items[i].kind == V_NONE || items[i].kind == V_ELLIPSIS || items[i].kind == V_SLICE;
        out.items[i] = plain ? items[i] : clamp_index(m, items[i], a->shape[axis], &out.outside);
        axis += items[i].kind == V_ELLIPSIS ? n_dims - n_used : axes_of(items[i]);
    }
    return out;
}

static value as_index(vm *m, const struct indices *in, bool with_words)
{
    bool ellipsis = false;
    size_t n = in->n;
    for (size_t i = 0; i < n; i++)
        ellipsis = ellipsis || in->items[i].kind == V_ELLIPSIS;
    if (n == 1 && !(with_words && ellipsis))
        return in->items[0];
    value tuple = make_sequence(m, V_TUPLE, n + (with_words && ellipsis));
    for (size_t i = 0; i < n; i++)
        tuple.u.seq->items[i] = in->items[i];
    if (with_words && ellipsis) /* the axis of a key's words */
        tuple.u.seq->items[n] = make_slice(m, NONE, NONE, NONE);
    return tuple;
}

value jax_get(vm *m, value v, value index)
{
    struct array *a = jax_data(v);
    struct indices in = read_indices(m, index, a, jax_n_dims(v));
    value got = array_get(m, a, as_index(m, &in, is_jax_keys(v)));
    return make_jax_like(m, array_from(m, got, DT_NONE), v);
}

value jax_take(vm *m, value v, const int64_t *order, size_t n, int axis)
{
    struct array *a = jax_data(v), *out;
    int64_t shape[MAX_DIMS], inner = a->item_nbytes, outer = 1;
    memcpy(shape, a->shape, sizeof shape);
    shape[axis] = (int64_t)n;
    out = array_new(m, a->dt, a->n_dims, shape, 0);
    a = array_is_contiguous(a) ? a : array_copy(m, a);
    for (int i = 0; i < axis; i++)
        outer *= a->shape[i];
    for (int i = axis + 1; i < a->n_dims; i++)
        inner *= a->shape[i];
    step(m, (uint64_t)array_size(out));
    char *to = out->buffer->bytes;
    for (int64_t i = 0; i < outer; i++)
        for (size_t k = 0; k < n; k++, to += inner)
            memcpy(to, array_bytes(a) + (i * a->shape[axis] + order[k]) * inner, (size_t)inner);
    return make_jax_like(m, out, v);
}

/* --- x.at[…] --------------------------------------------------------------------------------------------------------------- */

/* Held: the array; then the index, of what .at[…] gives. */
/* Elements that an index names twice: sums and products take them in turn, which array_set does not. */
static bool names_twice(vm *m, const struct indices *in)
{
    for (size_t i = 0; i < in->n; i++) {
        if (in->items[i].kind != V_ARRAY || in->items[i].u.array->dt == DT_BOOL)
            continue;
        const struct array *a = in->items[i].u.array;
        int64_t n = array_size(a);
        step(m, (uint64_t)n * (uint64_t)n);
        for (int64_t k = 0; k < n; k++)
            for (int64_t j = 0; j < k; j++)
                if (load_integer(DT_INT64, a->buffer->bytes + 8 * k) ==
                    load_integer(DT_INT64, a->buffer->bytes + 8 * j))
                    return true;
    }
    return false;
}

static value update(vm *m, value self, const struct arguments *arguments, const char *name, operator op)
{
    value given;
    take_arguments(m, name, "values", arguments, &given);
    value v = instance_of(self)->held[0];
    if (is_jax_keys(v))
        fail(m, ".at[…].%s() of keys is not supported", name);
    struct array *a = array_copy(m, jax_data(v));
    struct indices in = read_indices(m, instance_of(self)->held[1], a, a->n_dims);
    value index = as_index(m, &in, false);
    if (in.outside) {
        for (size_t i = 0; i < in.n; i++)
            if (in.items[i].kind == V_ARRAY)
                fail(m, ".at[…].%s() with an array of indices beyond the axis is not supported", name);
        return v; /* nothing is there to be written */
    }
    if (op != OP_NONE && names_twice(m, &in))
        fail(m, ".at[…].%s() with an index that is there twice is not supported", name);
    value item = make_jax(m, jax_data(jax_from(m, given, DT_NONE)), false);
    if (op != OP_NONE) {
        value old = make_jax(m, array_from(m, array_get(m, a, index), DT_NONE), false);
        item = jax_operate(m, op, old, make_jax(m, jax_cast(m, jax_data(item), a->dt), false));
    }
    array_set(m, a, index, array_value(jax_cast(m, jax_data(item), a->dt)));
    return make_jax(m, a, jax_of(v)->is_weak && jax_type_of(m, given).is_weak);
}

#define UPDATE(name, op)                                                                                               \
    static value update_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        return update(m, self, arguments, #name, op);                                                                  \
    }
UPDATE(set, OP_NONE)
UPDATE(add, OP_ADD)
UPDATE(subtract, OP_SUBTRACT)
UPDATE(multiply, OP_MULTIPLY)
UPDATE(divide, OP_DIVIDE)

static value update_get(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "get", arguments);
    return jax_get(m, instance_of(self)->held[0], instance_of(self)->held[1]);
}

#define METHOD(name)                                                                                                   \
    {                                                                                                                  \
#name, update_##name, NATIVE_FUNCTION, 0                                                                       \
    }
static const struct native update_methods[] = {METHOD(set),
                                               METHOD(add),
                                               METHOD(subtract),
                                               METHOD(multiply),
                                               METHOD(divide),
                                               METHOD(get),
                                               {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class update_class = {.name = "_IndexUpdateRef", .methods = update_methods};

static value at_item(vm *m, value self, value index)
{
    value reference = new_instance(m, &update_class, sizeof(struct instance), 2);
    instance_of(reference)->held[0] = instance_of(self)->held[0];
    instance_of(reference)->held[1] = index;
    return reference;
}

static const struct native none[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class at_class = {.name = "_IndexUpdateHelper", .methods = none, .item = at_item};

value jax_at(vm *m, value v)
{
    value at = new_instance(m, &at_class, sizeof(struct instance), 1);
    instance_of(at)->held[0] = v;
    return at;
}
