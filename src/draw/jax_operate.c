/* jax_operate.c - operators of JAX's arrays: promotion, broadcasting, and XLA's eager elementwise arithmetic on CPUs.
 * SPDX-License-Identifier: MIT
 *
 * Each operation is rounded to its dtype once; float16 and bfloat16 are computed in float32. Sums, products and quotients of those are
 * computed in double, which rounds to the same. A divisor that is broadcast is inverted first (XLA's algebraic simplifier takes it out of
 * the loop), so that a quotient is rounded twice. XLA's CPU threads take denormal numbers as 0 and make none. Powers are those that
 * JAX writes as products; the others are XLA's pow and refused. */
#include <math.h>   /* fmod, nearbyint, sqrt */
#include <string.h> /* memcpy */

#include "draw/jax_array.h"
#include "draw/numpy_make.h" /* integer_product */

static const char *operation_name(operator op)
{
    static const char *const names[] = {[OP_ADD] = "add",
                                        [OP_SUBTRACT] = "sub",
                                        [OP_MULTIPLY] = "mul",
                                        [OP_DIVIDE] = "div",
                                        [OP_FLOOR_DIVIDE] = "div",
                                        [OP_MODULO] = "rem",
                                        [OP_POWER] = "pow",
                                        [OP_LEFT] = "shift_left",
                                        [OP_RIGHT] = "shift_right_arithmetic",
                                        [OP_AND] = "and",
                                        [OP_OR] = "or",
                                        [OP_XOR] = "xor",
                                        [OP_EQ] = "eq",
                                        [OP_NE] = "ne",
                                        [OP_LT] = "lt",
                                        [OP_LE] = "le",
                                        [OP_GT] = "gt",
                                        [OP_GE] = "ge",
                                        [OP_MATRIX] = "dot_general",
                                        [OP_BOOL_NOT] = ""};
    return names[op];
}

static bool is_comparison(operator op)
{
    return op >= OP_EQ && op <= OP_GE;
}

/* --- Shapes ------------------------------------------------------------------------------------------------------------ */

static const char *shape_text(vm *m, const struct array *a)
{
    struct writer w = writer_start(m);
    put_repr(&w, shape_tuple(m, a->shape, a->n_dims));
    return written(&w);
}

int jax_broadcast_shape(vm *m, const char *function, struct array *const *arrays, size_t n, int64_t shape[MAX_DIMS])
{
    int n_dims;
    if (shapes_agree(arrays, n, &n_dims, shape))
        return n_dims;
    struct writer w = writer_start(m);
    for (size_t i = 0; i < n; i++)
        put_format(&w, i ? ", %s" : "%s", shape_text(m, arrays[i]));
    type_error(m, "%s got incompatible shapes for broadcasting: %s.", function, written(&w));
}

/* --- One pair of elements ---------------------------------------------------------------------------------------------- */

/* What a CPU with denormals off makes of x. */
static double flush(unsigned dt, double x)
{
    double least = dt == DT_FLOAT64 ? 0x1p-1022 : 0x1p-126;
    return dt != DT_FLOAT16 && fabs(x) < least ? copysign(0, x) : x;
}

static double sign_of(double x)
{
    return x > 0 ? 1 : x < 0 ? -1 : x;
}

/* jnp.floor_divide and jnp.remainder: CPython's float_divmod, step by step in the dtype. */
static double divide_floor(unsigned dt, double a, double b)
{
    double mod = fmod(a, b), from = b == 0 ? a : round_to(dt, a - mod), div = round_to(dt, from / b);
    bool correct = mod != 0 && sign_of(b) != sign_of(mod); /* a NaN differs from all */
    return nearbyint(correct ? round_to(dt, div - 1) : div);
}

static double remainder_floor(double a, double b)
{
    double mod = fmod(a, b);
    return mod != 0 && (mod < 0) != (b < 0) ? mod + b : mod;
}

static double operate_floats(vm *m, operator op, unsigned dt, double a, double b)
{
    a = flush(dt, a);
    b = flush(dt, b);
    switch (op) {
    case OP_ADD:
        return a + b;
    case OP_SUBTRACT:
        return a - b;
    case OP_MULTIPLY:
        return a * b;
    case OP_DIVIDE:
        return a / b;
    case OP_MODULO:
        return remainder_floor(a, b);
    case OP_FLOOR_DIVIDE:
        return divide_floor(dt, a, b);
    default:
        type_error(m,
                   "%s does not accept dtype %s at position 0. Accepted dtypes at position 0 are subtypes of "
                   "integer, bool.",
                   op == OP_POWER ? "pow" : operation_name(op), dtype_name((dtype)dt));
    }
}

static int64_t integer_power(int64_t a, int64_t b)
{
    uint64_t result = 1, base = (uint64_t)a;
    for (; b > 0; b >>= 1, base *= base)
        if (b & 1)
            result *= base;
    return (int64_t)result;
}

static int64_t divide_integers(bool is_unsigned, int64_t a, int64_t b, bool remainder)
{
    uint64_t ua = (uint64_t)a, ub = (uint64_t)b;
    if (is_unsigned)
        return (int64_t)(b == 0 ? (remainder ? 0 : UINT64_MAX) : remainder ? ua % ub : ua / ub);
    if (b ==
        0) /* XLA's quotient by 0 is -1; JAX then rounds down where the signs differ and the remainder, a, is not 0 */
        return remainder ? 0 : a == 0 ? -1 : -2;
    if (b == -1)
        return remainder ? 0 : (int64_t)(0 - ua);
    int64_t q = a / b, r = a % b;
    bool down = r != 0 && (r < 0) != (b < 0);
    return remainder ? (down ? r + b : r) : q - down;
}

static int64_t operate_integers(operator op, unsigned dt, int64_t a, int64_t b)
{
    int64_t bits = 8 * (int64_t)dtype_nbytes((dtype)dt);
    bool is_unsigned = dtype_is_unsigned(dt), beyond = b < 0 || b >= bits;
    switch (op) {
    case OP_ADD:
        return dt == DT_BOOL ? a | b : (int64_t)((uint64_t)a + (uint64_t)b);
    case OP_SUBTRACT:
        return (int64_t)((uint64_t)a - (uint64_t)b);
    case OP_MULTIPLY:
        return (int64_t)((uint64_t)a * (uint64_t)b);
    case OP_FLOOR_DIVIDE:
    case OP_MODULO:
        return divide_integers(is_unsigned, a, b, op == OP_MODULO);
    case OP_POWER:
        return integer_power(a, b);
    case OP_AND:
        return a & b;
    case OP_OR:
        return a | b;
    case OP_XOR:
        return a ^ b;
    case OP_LEFT:
        return beyond ? 0 : (int64_t)((uint64_t)a << b);
    default: /* OP_RIGHT */
        if (is_unsigned)
            return beyond ? 0 : (int64_t)((uint64_t)a >> b);
        return a >> (beyond ? 63 : b);
    }
}

static bool compare(operator op, unsigned dt, const char *x, const char *y)
{
    int order;
    if (dtype_is_float(dt)) {
        double a = flush(dt, load_double(dt, x)), b = flush(dt, load_double(dt, y));
        order = a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
    } else {
        int64_t a = load_integer(dt, x), b = load_integer(dt, y);
        order = a == b ? 0 : dt == DT_UINT64 ? ((uint64_t)a < (uint64_t)b ? -1 : 1) : a < b ? -1 : 1;
    }
    return op == OP_EQ   ? order == 0
           : op == OP_NE ? order != 0
           : op == OP_LT ? order == -1
           : op == OP_LE ? order == -1 || order == 0
           : op == OP_GT ? order == 1
                         : order == 1 || order == 0;
}

/* --- Arrays -------------------------------------------------------------------------------------------------------------- */

/* 1 / b, in float32 for the narrower types. */
static struct array *inverse(vm *m, struct array *b)
{
    struct array *out = array_copy(m, jax_cast(m, b, b->dt == DT_FLOAT64 ? DT_FLOAT64 : DT_FLOAT32));
    char *at = out->buffer->bytes;
    if (b->dt == DT_FLOAT16)
        fail(m, "a quotient of float16 by what is broadcast is not supported: it depends on the processor");
    for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes)
        store_double(out->dt, at, flush(out->dt, round_to(out->dt, 1 / flush(out->dt, load_double(out->dt, at)))));
    return out;
}

static struct array *elementwise(vm *m, operator op, const char *name, struct array *a, struct array *b)
{
    struct array *arrays[2] = {a, b};
    int64_t shape[MAX_DIMS], size = 1;
    unsigned dt = a->dt;
    int n_dims = jax_broadcast_shape(m, name, arrays, 2, shape);
    for (int i = 0; i < n_dims; i++)
        size *= shape[i];
    if (op == OP_DIVIDE && dtype_is_float(dt) && array_size(b) < size) {
        b = inverse(m, b);
        op = OP_MULTIPLY;
    }
    struct array *out = array_new(m, is_comparison(op) ? DT_BOOL : (dtype)dt, n_dims, shape, 0);
    struct cursor c = cursor_start(array_broadcast(m, a, n_dims, shape));
    struct cursor d = cursor_start(array_broadcast(m, b, n_dims, shape));
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (; cursor_more(&c); cursor_next(&c), cursor_next(&d), at += out->item_nbytes) {
        const char *x = a->buffer->bytes + c.offset, *y = b->buffer->bytes + d.offset;
        if (is_comparison(op))
            *at = compare(op, dt, x, y);
        else if (dtype_is_float(dt))
            store_double(dt, at,
                         flush(dt, round_to(dt == DT_FLOAT64 ? DT_FLOAT64 : DT_FLOAT32,
                                            operate_floats(m, op, dt, load_double(dt, x), load_double(b->dt, y)))));
        else
            store_integer(dt, at, operate_integers(op, dt, load_integer(dt, x), load_integer(dt, y)));
    }
    return out;
}

/* The operand in that type; a number of Python must fit it where it decides nothing. */
static struct array *operand(vm *m, value v, dtype dt)
{
    if (v.kind == V_BIG || (v.kind == V_INT && !m->jax.has_x64 && (v.u.i > INT32_MAX || v.u.i < INT32_MIN)))
        (void)jax_from(m, v, DT_NONE); /* refuses what int does not hold */
    struct array *a = v.kind == V_FLOAT || v.kind == V_INT || v.kind == V_BOOL
                          ? array_from(m, v, v.kind == V_INT ? DT_INT64 : DT_NONE)
                          : jax_data(jax_from(m, v, DT_NONE));
    if (v.kind == V_FLOAT && !m->jax.has_x64)
        a = jax_cast(m, a, DT_FLOAT32);
    return jax_cast(m, a, dt);
}

value jax_elementwise(vm *m, operator op, const char *name, value a, value b)
{
    struct jax_type types[2] = {jax_type_of(m, a), jax_type_of(m, b)}, type = jax_promote(m, types, 2);
    if (op == OP_DIVIDE && !dtype_is_float(type.dt))
        type = (struct jax_type){jax_float(m), type.is_weak};
    if (type.dt == DT_BOOL && (op == OP_FLOOR_DIVIDE || op == OP_MODULO || op == OP_POWER))
        type = (struct jax_type){jax_int(m), false};
    if (type.dt == DT_BOOL && op == OP_SUBTRACT)
        type_error(m, "sub does not accept dtype bool at position 0. Accepted dtypes at position 0 are subtypes of "
                      "number.");
    struct array *out = elementwise(m, op, name, operand(m, a, type.dt), operand(m, b, type.dt));
    return make_jax(m, out, type.is_weak);
}

/* x ** n for an int n: JAX's products, in this order. */
static value integer_pow(vm *m, value v, int64_t n)
{
    struct jax_type type = jax_type_of(m, v);
    if (n < 0 && !dtype_is_float(type.dt))
        type_error(m, "Integers cannot be raised to negative powers, got integer_pow(%s, %lld)", dtype_name(type.dt),
                   (long long)n);
    if (n < -4096 || n > 4096)
        fail(m, "a power of %lld is not supported", (long long)n);
    struct array *x = jax_data(v), *product = NULL;
    for (int64_t left = n < 0 ? -n : n; left > 0;) {
        if (left & 1)
            product = product ? elementwise(m, OP_MULTIPLY, "mul", product, x) : x;
        left >>= 1;
        if (left > 0)
            x = elementwise(m, OP_MULTIPLY, "mul", x, x);
    }
    value one = make_jax(m, jax_cast(m, array_from(m, INT(1), DT_NONE), type.dt), type.is_weak);
    if (!product)
        product = elementwise(m, OP_ADD, "add", jax_data(one), elementwise(m, OP_SUBTRACT, "sub", x, x));
    if (n < 0)
        product = elementwise(m, OP_DIVIDE, "div", jax_data(one), product);
    return make_jax(m, product, type.is_weak);
}

static value power(vm *m, value a, value b)
{
    struct jax_type x = jax_type_of(m, a), y = jax_type_of(m, b);
    if ((b.kind == V_INT || b.kind == V_BOOL) && is_jax_numbers(a) && x.dt != DT_BOOL)
        return integer_pow(m, a, b.u.i);
    if (dtype_is_float(x.dt) || dtype_is_float(y.dt))
        fail(m, "** of floats is XLA's pow, which is not supported: only a power that is an int of Python is");
    return jax_elementwise(m, OP_POWER, "pow", a, b);
}

/* --- @ --------------------------------------------------------------------------------------------------------------------- */

/* Integers: the sum of products has one value in whatever order. */
static value matrix_product(vm *m, value a, value b)
{
    struct jax_type types[2] = {jax_type_of(m, a), jax_type_of(m, b)}, type = jax_promote(m, types, 2);
    if (dtype_is_float(type.dt))
        fail(m, "@ of floats is not supported: how XLA sums the products depends on the processor");
    struct array *x = operand(m, a, type.dt), *y = operand(m, b, type.dt);
    if (x->n_dims == 0 || y->n_dims == 0)
        value_error(m, "matmul input operand %d must have ndim at least 1, but it has ndim 0", x->n_dims != 0);
    value product = integer_product(m, array_value(x), array_value(y));
    return make_jax(m, jax_cast(m, array_from(m, product, DT_NONE), type.dt), type.is_weak);
}

/* --- Operators ------------------------------------------------------------------------------------------------------------- */

/* Keys are compared, and nothing else. */
static value operate_keys(vm *m, operator op, value a, value b)
{
    struct writer w = writer_start(m);
    const value both[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        if (is_jax_keys(both[i]))
            put_repr(&w, make_key_dtype(m, jax_of(both[i])->impl));
        else if (is_number(both[i]) || both[i].kind == V_ARRAY || is_jax_numbers(both[i]))
            put_text(&w, dtype_name(jax_type_of(m, both[i]).dt));
        else
            type_error(m, "unsupported operand type(s) for %s: '%s' and '%s'", operator_text(op), type_name(a),
                       type_name(b));
        put_text(&w, i ? "." : ", ");
    }
    if (!is_jax_keys(a) || !is_jax_keys(b) || jax_of(a)->impl != jax_of(b)->impl || (op != OP_EQ && op != OP_NE))
        type_error(m, "%s does not accept dtypes %s", operation_name(op), written(&w));
    struct array *words = elementwise(m, OP_EQ, "eq", jax_data(a), jax_data(b));
    int n_words = (int)words->shape[words->n_dims - 1];
    struct array *out = array_new(m, DT_BOOL, words->n_dims - 1, words->shape, 0);
    for (int64_t i = 0; i < array_size(out); i++) {
        bool same = true;
        for (int k = 0; k < n_words; k++)
            same = same && words->buffer->bytes[i * n_words + k];
        out->buffer->bytes[i] = same == (op == OP_EQ);
    }
    return make_jax(m, out, false);
}

static void refuse_operands(vm *m, operator op, value a, value b)
{
    bool good = (is_number(a) || a.kind == V_ARRAY || is_jax(a)) && (is_number(b) || b.kind == V_ARRAY || is_jax(b));
    if (!good)
        type_error(m, "unsupported operand type(s) for %s: '%s' and '%s'", operator_text(op), type_name(a),
                   type_name(b));
}

value jax_operate(vm *m, operator op, value a, value b)
{
    bool foreign =
        (!is_number(a) && a.kind != V_ARRAY && !is_jax(a)) || (!is_number(b) && b.kind != V_ARRAY && !is_jax(b));
    if (foreign && (op == OP_EQ || op == OP_NE))
        return BOOL(op == OP_NE);
    if (is_jax_keys(a) || is_jax_keys(b))
        return operate_keys(m, op, a, b);
    refuse_operands(m, op, a, b);
    if (op == OP_POWER)
        return power(m, a, b);
    if (op == OP_MATRIX)
        return matrix_product(m, a, b);
    return jax_elementwise(m, op, operation_name(op), a, b);
}

value jax_operate_unary(vm *m, operator op, value v)
{
    if (is_jax_keys(v))
        type_error(m, "%s does not accept dtype key.", op == OP_INVERT ? "not" : "neg");
    struct array *a = jax_data(v);
    if (op == OP_PLUS)
        return v;
    if (op == OP_NEGATE && a->dt == DT_BOOL)
        type_error(m, "neg does not accept dtype bool at position 0. Accepted dtypes at position 0 are subtypes of "
                      "number.");
    if (op == OP_INVERT && dtype_is_float(a->dt))
        type_error(m,
                   "not does not accept dtype %s at position 0. Accepted dtypes at position 0 are subtypes of "
                   "integer, bool.",
                   dtype_name(a->dt));
    struct array *out = array_copy(m, a);
    char *at = out->buffer->bytes;
    for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes) {
        if (dtype_is_float(out->dt))
            store_double(out->dt, at, -load_double(out->dt, at));
        else if (out->dt == DT_BOOL)
            *at = !*at;
        else
            store_integer(out->dt, at,
                          op == OP_NEGATE ? (int64_t)(0 - (uint64_t)load_integer(out->dt, at))
                                          : ~load_integer(out->dt, at));
    }
    return make_jax(m, out, jax_of(v)->is_weak);
}
