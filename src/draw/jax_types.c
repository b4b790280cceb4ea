/* jax_types.c - JAX's types: which there are without x64, and the lattice that operands are promoted on.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan, trunc */
#include <string.h> /* strcmp */

#include "draw/jax_array.h"

dtype jax_canonical(const vm *m, dtype dt)
{
    if (m->jax.has_x64)
        return dt;
    return dt == DT_INT64 ? DT_INT32 : dt == DT_UINT64 ? DT_UINT32 : dt == DT_FLOAT64 ? DT_FLOAT32 : dt;
}

dtype jax_float(const vm *m)
{
    return m->jax.has_x64 ? DT_FLOAT64 : DT_FLOAT32;
}

dtype jax_int(const vm *m)
{
    return m->jax.has_x64 ? DT_INT64 : DT_INT32;
}

dtype jax_dtype_from(vm *m, value v, dtype otherwise)
{
    if (is_none(v))
        return otherwise;
    if (is_text(v) && strcmp(v.u.text->bytes, "bfloat16") == 0)
        return DT_BFLOAT16;
    if (is_key_dtype(v, &(unsigned){0}))
        type_error(m, "a dtype of keys is not one of numbers");
    dtype dt = dtype_from(m, v);
    if (dt == DT_STR)
        type_error(m, "JAX only supports number, bool, and string dtypes, got dtype str in array");
    return jax_canonical(m, dt);
}

struct jax_type jax_type_of(vm *m, value v)
{
    if (is_jax_numbers(v))
        return (struct jax_type){jax_data(v)->dt, jax_of(v)->is_weak};
    if (v.kind == V_ARRAY)
        return (struct jax_type){jax_canonical(m, v.u.array->dt), false};
    if (v.kind == V_SCALAR)
        return (struct jax_type){jax_canonical(m, v.dt), false};
    if (v.kind == V_BOOL)
        return (struct jax_type){DT_BOOL, false};
    if (v.kind == V_FLOAT)
        return (struct jax_type){jax_float(m), true};
    return (struct jax_type){jax_int(m), true};
}

/* --- Promotion --------------------------------------------------------------------------------------------------------- */

/* jax/_src/dtypes.py: what each type is promoted to next. "*": a weak type. */
enum node { BOOLEAN, INT_, U8, U16, U32, U64, I8, I16, I32, I64, FLOAT_, BF16, F16, F32, F64, N_NODES };
#define BIT(n) (1U << (n))
static const uint32_t next[N_NODES] = {
    [BOOLEAN] = BIT(INT_),
    [INT_] = BIT(U8) | BIT(I8),
    [U8] = BIT(I16) | BIT(U16),
    [U16] = BIT(I32) | BIT(U32),
    [U32] = BIT(I64) | BIT(U64),
    [U64] = BIT(FLOAT_),
    [I8] = BIT(I16),
    [I16] = BIT(I32),
    [I32] = BIT(I64),
    [I64] = BIT(FLOAT_),
    [FLOAT_] = BIT(BF16) | BIT(F16),
    [BF16] = BIT(F32),
    [F16] = BIT(F32),
    [F32] = BIT(F64),
};

/* All that is at or above a type: edges lead to later nodes only, but for uint8 to int16. */
static uint32_t above(enum node n)
{
    uint32_t all = BIT(n);
    for (int turn = 0; turn < N_NODES; turn++)
        for (int i = 0; i < N_NODES; i++)
            if (all & BIT(i))
                all |= next[i];
    return all;
}

static enum node node_of(struct jax_type type)
{
    static const uint8_t nodes[] = {
        [DT_BOOL] = BOOLEAN, [DT_INT8] = I8,     [DT_UINT8] = U8,     [DT_INT16] = I16,  [DT_UINT16] = U16,
        [DT_INT32] = I32,    [DT_UINT32] = U32,  [DT_INT64] = I64,    [DT_UINT64] = U64, [DT_FLOAT16] = F16,
        [DT_FLOAT32] = F32,  [DT_FLOAT64] = F64, [DT_BFLOAT16] = BF16};
    if (type.is_weak)
        return dtype_is_float(type.dt) ? FLOAT_ : INT_;
    return (enum node)nodes[type.dt];
}

static struct jax_type least_upper(const vm *m, const enum node *nodes, size_t n)
{
    static const uint8_t types[] = {
        [BOOLEAN] = DT_BOOL, [U8] = DT_UINT8,    [U16] = DT_UINT16, [U32] = DT_UINT32, [U64] = DT_UINT64,
        [I8] = DT_INT8,      [I16] = DT_INT16,   [I32] = DT_INT32,  [I64] = DT_INT64,  [BF16] = DT_BFLOAT16,
        [F16] = DT_FLOAT16,  [F32] = DT_FLOAT32, [F64] = DT_FLOAT64};
    uint32_t common = BIT(N_NODES) - 1;
    for (size_t i = 0; i < n; i++)
        common &= above(nodes[i]);
    for (int i = 0; i < N_NODES; i++)
        if ((common & BIT(i)) && above((enum node)i) == common) {
            bool is_weak = i == INT_ || i == FLOAT_;
            dtype dt = i == INT_ ? jax_int(m) : i == FLOAT_ ? jax_float(m) : (dtype)types[i];
            return (struct jax_type){jax_canonical(m, dt), is_weak};
        }
    return (struct jax_type){DT_NONE, false}; /* float64 is above all */
}

struct jax_type jax_promote(const vm *m, const struct jax_type *types, size_t n)
{
    enum { MOST = 64 };
    enum node nodes[MOST];
    bool all_weak = true, one_type = true;
    if (n == 1)
        return types[0];
    for (size_t i = 0; i < n && i < MOST; i++) {
        all_weak = all_weak && types[i].is_weak;
        one_type = one_type && types[i].dt == types[0].dt;
    }
    if (one_type && !all_weak)
        return (struct jax_type){types[0].dt, false};
    for (size_t i = 0; i < n && i < MOST; i++)
        nodes[i] = node_of((struct jax_type){types[i].dt, types[i].is_weak && !all_weak});
    struct jax_type type = least_upper(m, nodes, n < MOST ? n : MOST);
    type.is_weak = (type.is_weak || all_weak) && type.dt != DT_BOOL;
    return type;
}

/* --- Conversion ---------------------------------------------------------------------------------------------------------- */

/* As XLA converts on CPUs: toward zero, to the nearest that there is, NaN to 0. */
static int64_t saturate(double x, dtype dt)
{
    int bits = 8 * (int)dtype_nbytes(dt);
    bool is_unsigned = dtype_is_unsigned(dt);
    double most = ldexp(1, bits - !is_unsigned), least = is_unsigned ? 0 : -most;
    x = trunc(x);
    if (isnan(x))
        return 0;
    if (x <= least)
        return is_unsigned ? 0 : (int64_t)((uint64_t)-1 << (bits - 1));
    if (x >= most)
        return is_unsigned ? (int64_t)(UINT64_MAX >> (64 - bits)) : (int64_t)(UINT64_MAX >> (65 - bits));
    return is_unsigned ? (int64_t)(uint64_t)x : (int64_t)x;
}

static double from_integer(unsigned from, dtype to, int64_t i)
{
    bool wide = from == DT_UINT64;
    if (to == DT_FLOAT64)
        return wide ? (double)(uint64_t)i : (double)i;
    return (double)(wide ? (float)(uint64_t)i : (float)i);
}

struct array *jax_cast(vm *m, struct array *a, dtype dt)
{
    if (a->dt == dt)
        return a;
    if (a->dt == DT_STR)
        type_error(m,
                   "Value with dtype <U%u is not a valid JAX array type. Only arrays of numeric types are supported "
                   "by JAX.",
                   a->item_nbytes / 4);
    struct array *out = array_new(m, dt, a->n_dims, a->shape, 0);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(a));
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), at += out->item_nbytes) {
        const char *from = a->buffer->bytes + c.offset;
        if (dtype_is_float(a->dt) && dtype_is_integer(dt))
            store_integer(dt, at, saturate(load_double(a->dt, from), dt));
        else if (dtype_is_float(a->dt))
            store_double(dt, at, load_double(a->dt, from));
        else if (dtype_is_float(dt))
            store_double(dt, at, from_integer(a->dt, dt, load_integer(a->dt, from)));
        else
            store_integer(dt, at, load_integer(a->dt, from));
    }
    return out;
}
