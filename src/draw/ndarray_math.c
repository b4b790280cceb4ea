/* ndarray_math.c - elementwise operators of arrays and NumPy scalars, and reductions in NumPy's order of summation.
 * SPDX-License-Identifier: MIT
 *
 * Promotion is that of NumPy 2 (NEP 50): Python's int and float take the dtype of the array. What NumPy computes with vector
 * code that differs between machines (powers other than squares and roots) is refused. */
#include <math.h>   /* fmod, floor, sqrt */
#include <string.h> /* strcmp */

#include "draw/ndarray.h"
#include "draw/numpy_make.h" /* integer_product */

/* --- Promotion ------------------------------------------------------------------------------------------------------- */

dtype promote(vm *m, dtype a, dtype b)
{
    if (a == b)
        return a;
    if (a == DT_STR || b == DT_STR)
        type_error(m, "an array of numbers and strings is not supported");
    if (a > b) {
        dtype swap = a;
        a = b;
        b = swap;
    }
    if (a == DT_BOOL)
        return b;
    size_t size_a = dtype_nbytes(a), size_b = dtype_nbytes(b);
    if (dtype_is_float(b)) {
        if (dtype_is_float(a))
            return b;
        size_t needed = size_a == 1 ? 2 : size_a == 2 ? 4 : 8;
        return needed <= size_b ? b : needed == 4 ? DT_FLOAT32 : DT_FLOAT64;
    }
    if (dtype_is_unsigned(a) == dtype_is_unsigned(b))
        return size_a > size_b ? a : b;
    size_t size_unsigned = dtype_is_unsigned(a) ? size_a : size_b, size_signed = dtype_is_unsigned(a) ? size_b : size_a;
    if (size_signed > size_unsigned)
        return dtype_is_unsigned(a) ? b : a;
    return size_unsigned == 1 ? DT_INT16 : size_unsigned == 2 ? DT_INT32 : size_unsigned == 4 ? DT_INT64 : DT_FLOAT64;
}

/* Python's own numbers are weak: they take part with their kind only. */
static bool is_weak(value v)
{
    return v.kind == V_INT || v.kind == V_BIG || v.kind == V_FLOAT;
}

static dtype with_weak(dtype strong, value weak)
{
    if (weak.kind == V_FLOAT)
        return dtype_is_float(strong) ? strong : DT_FLOAT64;
    return strong == DT_BOOL ? DT_INT64 : strong;
}

static bool is_comparison(operator op)
{
    return op >= OP_EQ && op <= OP_GE;
}

/* --- One pair of elements -------------------------------------------------------------------------------------------- */

/* numpy/_core/src/npymath: npy_divmod. */
static double modulo(double a, double b, double *quotient_out)
{
    double mod = fmod(a, b), quotient;
    if (b == 0) {
        *quotient_out = a / b;
        return mod;
    }
    double div = (a - mod) / b;
    if (mod != 0) {
        if ((b < 0) != (mod < 0)) {
            mod += b;
            div -= 1;
        }
    } else {
        mod = copysign(0, b);
    }
    if (div != 0) {
        quotient = floor(div);
        if (div - quotient > 0.5)
            quotient += 1;
    } else {
        quotient = copysign(0, a / b);
    }
    *quotient_out = quotient;
    return mod;
}

static double operate_double(vm *m, operator op, double a, double b)
{
    double quotient;
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
        return modulo(a, b, &quotient);
    case OP_FLOOR_DIVIDE:
        (void)modulo(a, b, &quotient);
        return quotient;
    case OP_POWER:
        if (b == 2)
            return a * a;
        if (b == 1)
            return a;
        if (b == 0)
            return 1;
        if (b == 0.5)
            return sqrt(a);
        if (b == -1)
            return 1 / a;
        fail(m, "powers of floats in arrays other than -1, 0, 0.5, 1 and 2 differ between machines: not supported");
    default:
        type_error(m, "ufunc '%s' not supported for floats", operator_text(op));
    }
}

static int64_t power_integer(int64_t a, int64_t b)
{
    uint64_t result = 1, base = (uint64_t)a;
    for (; b > 0; b >>= 1, base *= base)
        if (b & 1)
            result *= base;
    return (int64_t)result;
}

static int64_t operate_unsigned(operator op, uint64_t a, uint64_t b)
{
    return (int64_t)(op == OP_FLOOR_DIVIDE ? (b ? a / b : 0) : op == OP_MODULO ? (b ? a % b : 0) : b < 64 ? a >> b : 0);
}

static int64_t operate_integer(vm *m, operator op, bool is_unsigned, int64_t a, int64_t b)
{
    if (is_unsigned && (op == OP_FLOOR_DIVIDE || op == OP_MODULO || op == OP_RIGHT))
        return operate_unsigned(op, (uint64_t)a, (uint64_t)b);
    switch (op) {
    case OP_ADD:
        return (int64_t)((uint64_t)a + (uint64_t)b);
    case OP_SUBTRACT:
        return (int64_t)((uint64_t)a - (uint64_t)b);
    case OP_MULTIPLY:
        return (int64_t)((uint64_t)a * (uint64_t)b);
    case OP_FLOOR_DIVIDE:
        if (b == 0)
            return 0;
        if (b == -1)
            return (int64_t)(0 - (uint64_t)a);
        return a / b - (a % b != 0 && (a < 0) != (b < 0));
    case OP_MODULO:
        if (b == 0 || b == -1)
            return 0;
        return a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0);
    case OP_POWER:
        if (b < 0 && !is_unsigned)
            value_error(m, "Integers to negative integer powers are not allowed.");
        return power_integer(a, b);
    case OP_AND:
        return a & b;
    case OP_OR:
        return a | b;
    case OP_XOR:
        return a ^ b;
    case OP_LEFT:
        return b >= 0 && b < 64 ? (int64_t)((uint64_t)a << b) : 0;
    case OP_RIGHT:
        return b >= 0 && b < 64 ? a >> b : a < 0 ? -1 : 0;
    default:
        type_error(m, "ufunc '%s' not supported for integers", operator_text(op));
    }
}

bool order_holds(operator op, int order)
{
    switch (op) {
    case OP_EQ:
        return order == 0;
    case OP_NE:
        return order != 0;
    case OP_LT:
        return order == -1;
    case OP_LE:
        return order == -1 || order == 0;
    case OP_GT:
        return order == 1;
    default:
        return order == 1 || order == 0;
    }
}

/* -1, 0, 1; 2: unordered. Integers of any signs are compared exactly, as NumPy 2 does. */
static int compare_elements(unsigned dt_a, const char *a, unsigned dt_b, const char *b)
{
    if (dtype_is_float(dt_a) || dtype_is_float(dt_b)) {
        double x = load_double(dt_a, a), y = load_double(dt_b, b);
        return x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
    }
    int64_t x = load_integer(dt_a, a), y = load_integer(dt_b, b);
    bool large_x = dt_a == DT_UINT64 && x < 0, large_y = dt_b == DT_UINT64 && y < 0;
    if (large_x != large_y)
        return large_x ? 1 : -1;
    return x < y ? -1 : x > y;
}

static int compare_characters(const char *a, size_t nbytes_a, const char *b, size_t nbytes_b)
{
    for (size_t i = 0; i < nbytes_a || i < nbytes_b; i += 4) {
        uint32_t x = 0, y = 0;
        if (i < nbytes_a)
            memcpy(&x, a + i, 4);
        if (i < nbytes_b)
            memcpy(&y, b + i, 4);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

/* --- Arrays ---------------------------------------------------------------------------------------------------------- */

/* A Python integer that the dtype of the array cannot hold is an error, except in comparisons. */
static struct array *operand(vm *m, value v, dtype strong, operator op)
{
    bool comparison = is_comparison(op);
    if (!is_weak(v))
        return array_from(m, v, DT_NONE);
    if (v.kind == V_BIG && strong == DT_BOOL)
        fail(m, "OverflowError: Python int too large to convert to C long");
    if (op == OP_DIVIDE && !dtype_is_float(strong)) /* both become floats */
        return array_from(m, FLOAT(to_double(m, v, "an operand")), DT_NONE);
    if (v.kind == V_FLOAT || comparison)
        return array_from(m, v, DT_NONE);
    dtype dt = with_weak(strong, v);
    return array_from(m, v, dt);
}

/* Before NumPy 2, Python's numbers were int64 and float64 among scalars, and a scalar beside an array counted by its value. */
static void check_old_promotion(vm *m, value a, value b, const struct array *x, const struct array *y)
{
    bool scalars = x->n_dims == 0 && y->n_dims == 0, arrays = x->n_dims > 0 && y->n_dims > 0;
    if (m->settings.numpy_version == 0 || m->settings.numpy_version >= 20000 || arrays)
        return;
    dtype strong = is_weak(a) ? (dtype)y->dt : (dtype)x->dt;
    bool usual = strong == DT_BOOL || strong == DT_INT64 || strong == DT_FLOAT64;
    if (is_weak(a) || is_weak(b) ? !scalars || usual : scalars || x->dt == y->dt)
        return;
    fail(m, "%s and %s here, by a NumPy before 2.0, are not supported (scalars counted by their values)",
         dtype_name(x->dt), dtype_name(y->dt));
}

static dtype result_dtype(vm *m, operator op, value a, value b, struct array *x, struct array *y)
{
    check_old_promotion(m, a, b, x, y);
    dtype dt = is_weak(a) ? with_weak(y->dt, a) : is_weak(b) ? with_weak(x->dt, b) : promote(m, x->dt, y->dt);
    if (op == OP_DIVIDE && !dtype_is_float(dt))
        return DT_FLOAT64;
    if (dt == DT_BOOL) {
        if (op == OP_SUBTRACT)
            type_error(
                m, "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator");
        if (op == OP_FLOOR_DIVIDE || op == OP_MODULO || op == OP_POWER || op == OP_LEFT || op == OP_RIGHT)
            return DT_INT8;
    }
    return dt;
}

static struct array *compare_arrays(vm *m, operator op, const struct array *x, const struct array *y, int n_dims,
                                    const int64_t *shape)
{
    struct array *out = array_new(m, DT_BOOL, n_dims, shape, 0);
    char *at = out->buffer->bytes;
    bool text = x->dt == DT_STR || y->dt == DT_STR;
    if (text && x->dt != y->dt)
        type_error(m, "str and numbers cannot be compared here");
    struct cursor d = cursor_start(y);
    for (struct cursor c = cursor_start(x); cursor_more(&c); cursor_next(&c), cursor_next(&d), at++) {
        const char *a = x->buffer->bytes + c.offset, *b = y->buffer->bytes + d.offset;
        *at = order_holds(op, text ? compare_characters(a, x->item_nbytes, b, y->item_nbytes)
                                   : compare_elements(x->dt, a, y->dt, b));
    }
    return out;
}

/* Before NumPy 2 an integer of Python took the least dtype that holds it. */
static void check_old_weak(vm *m, value weak, value other)
{
    if (m->settings.numpy_version == 0 || m->settings.numpy_version >= 20000 ||
        (weak.kind != V_INT && weak.kind != V_BIG))
        return;
    dtype dt = is_weak(other) ? DT_INT64 : (dtype)array_from(m, other, DT_NONE)->dt;
    bool usual = weak.kind == V_INT && (dt == DT_INT64 || dt == DT_FLOAT64),
         little = weak.kind == V_INT && weak.u.i >= -128 && weak.u.i <= 127;
    if (!usual && !little)
        fail(m, "an integer of this size and %s, by a NumPy before 2.0, are not supported", dtype_name(dt));
}

value array_operate(vm *m, operator op, value a, value b)
{
    check_old_weak(m, a, b);
    check_old_weak(m, b, a);
    if (op == OP_MATRIX)
        return integer_product(m, a, b);
    if (!(a.kind == V_ARRAY || is_number(a) || is_sequence(a) || is_text(a)) ||
        !(b.kind == V_ARRAY || is_number(b) || is_sequence(b) || is_text(b))) {
        if (op == OP_EQ || op == OP_NE)
            return BOOL(op == OP_NE);
        type_error(m, "unsupported operand types for %s: '%s' and '%s'", operator_text(op), type_name(a), type_name(b));
    }
    bool comparison = is_comparison(op);
    dtype strong_a = is_weak(a) ? DT_NONE : array_from(m, a, DT_NONE)->dt;
    struct array *y = operand(m, b, strong_a == DT_NONE ? DT_FLOAT64 : strong_a, op);
    struct array *x = operand(m, a, y->dt, op), *both[] = {x, y};
    int64_t shape[MAX_DIMS];
    int n_dims;
    if (!shapes_agree(both, 2, &n_dims, shape))
        value_error(m, "operands could not be broadcast together with shapes %s %s", dims_text(m, x->n_dims, x->shape),
                    dims_text(m, y->n_dims, y->shape));
    if (!comparison && (x->dt == DT_STR || y->dt == DT_STR))
        type_error(m, "unsupported operand types for %s: arithmetic of str arrays is not supported", operator_text(op));
    dtype dt = comparison ? DT_BOOL : result_dtype(m, op, a, b, x, y);
    x = array_broadcast(m, x, n_dims, shape);
    y = array_broadcast(m, y, n_dims, shape);
    if (comparison)
        return array_or_scalar(m, compare_arrays(m, op, x, y, n_dims, shape));
    struct array *out = array_new(m, dt, n_dims, shape, 0);
    char *at = out->buffer->bytes;
    bool floats = dtype_is_float(dt), bools = dt == DT_BOOL;
    step(m, (uint64_t)array_size(out));
    struct cursor d = cursor_start(y);
    for (struct cursor c = cursor_start(x); cursor_more(&c); cursor_next(&c), cursor_next(&d), at += out->item_nbytes) {
        const char *p = x->buffer->bytes + c.offset, *q = y->buffer->bytes + d.offset;
        if (floats) {
            store_double(
                dt, at,
                operate_double(m, op, round_to(dt, load_double(x->dt, p)), round_to(dt, load_double(y->dt, q))));
            continue;
        }
        int64_t i = load_integer(x->dt, p), k = load_integer(y->dt, q);
        operator logical = bools && op == OP_ADD ? OP_OR : bools && op == OP_MULTIPLY ? OP_AND : op;
        store_integer(dt, at, operate_integer(m, logical, dtype_is_unsigned(dt), i, k));
    }
    return array_or_scalar(m, out);
}

value array_operate_unary(vm *m, operator op, value v)
{
    struct array *a = array_from(m, v, DT_NONE);
    if (a->dt == DT_STR || (a->dt == DT_BOOL && op != OP_INVERT) || (dtype_is_float(a->dt) && op == OP_INVERT))
        type_error(m, "the unary operator %s is not supported for %s", operator_text(op), dtype_name(a->dt));
    struct array *out = array_copy(m, a);
    char *at = out->buffer->bytes;
    for (int64_t n = array_size(out); n > 0 && op != OP_PLUS; n--, at += out->item_nbytes) {
        if (dtype_is_float(a->dt)) {
            store_double(a->dt, at, -load_double(a->dt, at));
            continue;
        }
        int64_t i = load_integer(a->dt, at);
        store_integer(a->dt, at, op == OP_NEGATE ? (int64_t)(0 - (uint64_t)i) : a->dt == DT_BOOL ? !i : ~i);
    }
    return array_or_scalar(m, out);
}

/* --- Reductions ------------------------------------------------------------------------------------------------------ */

/* NumPy's pairwise summation (numpy/_core/src/umath/loops_utils.h.src): eight sums over blocks of 128, halves above. */
static double pairwise(unsigned dt, const double *x, int64_t n)
{
    if (n < 8) {
        double sum = -0.0;
        for (int64_t i = 0; i < n; i++)
            sum = round_to(dt, sum + x[i]);
        return sum;
    }
    if (n <= 128) {
        double r[8];
        for (int k = 0; k < 8; k++)
            r[k] = x[k];
        int64_t i = 8;
        for (; i < n - n % 8; i += 8)
            for (int k = 0; k < 8; k++)
                r[k] = round_to(dt, r[k] + x[i + k]);
        double sum = round_to(dt, round_to(dt, round_to(dt, r[0] + r[1]) + round_to(dt, r[2] + r[3])) +
                                      round_to(dt, round_to(dt, r[4] + r[5]) + round_to(dt, r[6] + r[7])));
        for (; i < n; i++)
            sum = round_to(dt, sum + x[i]);
        return sum;
    }
    int64_t half = n / 2;
    half -= half % 8;
    return round_to(dt, pairwise(dt, x, half) + pairwise(dt, x + half, n - half));
}

/* The elements that one result is made of, along `axis` (-1: all). */
struct lanes {
    struct array *source;
    int axis;
    int64_t n, n_lanes, stride;
};

/* The axis moved to the end: the lanes one after the other. */
static struct lanes make_lanes(vm *m, struct array *a, value axis, int n_out, int64_t *shape_out)
{
    struct lanes lanes = {.axis = -1};
    (void)n_out;
    if (is_none(axis)) {
        lanes.source = array_is_contiguous(a) ? a : array_copy(m, a);
        lanes.n = array_size(a);
        lanes.n_lanes = 1;
        return lanes;
    }
    int64_t k = to_int64(m, axis, "axis");
    if (k < -a->n_dims || k >= a->n_dims)
        fail(m, "AxisError: axis %lld is out of bounds for array of dimension %d", (long long)k, a->n_dims);
    lanes.axis = (int)(k < 0 ? k + a->n_dims : k);
    struct array *moved = array_view(m, a);
    int out = 0;
    lanes.n_lanes = 1;
    for (int i = 0; i < a->n_dims; i++)
        if (i != lanes.axis) {
            moved->shape[out] = shape_out[out] = a->shape[i];
            moved->strides[out++] = a->strides[i];
            lanes.n_lanes *= a->shape[i];
        }
    moved->shape[out] = lanes.n = a->shape[lanes.axis];
    moved->strides[out] = a->strides[lanes.axis];
    lanes.source = array_copy(m, moved);
    return lanes;
}

/* Along the last axis of a contiguous array NumPy sums pairwise (before 2.3 block by block of its buffer, see reduce_float); along
 * another it adds one row after the other. */
static double sum_lane(unsigned dt, const double *x, int64_t n, bool rows, int64_t block)
{
    if (!rows) {
        double sum = 0;
        for (int64_t done = 0, now; done < n; done += now) {
            now = n - done < block ? n - done : block;
            sum = round_to(dt, sum + pairwise(dt, x + done, now));
        }
        return sum;
    }
    double sum = n > 0 ? x[0] : 0;
    for (int64_t i = 1; i < n; i++)
        sum = round_to(dt, sum + x[i]);
    return sum;
}

static double variance(vm *m, unsigned dt, double *x, int64_t n, bool rows, int64_t block, double ddof, bool root)
{
    (void)m;
    double mean = round_to(dt, sum_lane(dt, x, n, rows, block) / (double)n);
    for (int64_t i = 0; i < n; i++) {
        double d = round_to(dt, x[i] - mean);
        x[i] = round_to(dt, d * d);
    }
    double left = (double)n - ddof, v = round_to(dt, sum_lane(dt, x, n, rows, block) / (left > 0 ? left : 0));
    return root ? round_to(dt, sqrt(v)) : v;
}

static value reduce_float(vm *m, const char *name, struct array *a, value axis, double ddof)
{
    int64_t shape[MAX_DIMS];
    bool sum = strcmp(name, "sum") == 0, mean = strcmp(name, "mean") == 0;
    if (a->n_dims > 1 && !array_is_contiguous(a))
        fail(m, "%s of an array that is not contiguous is not supported (the order of summation): copy it first", name);
    dtype out_dt = sum || dtype_is_float(a->dt) ? a->dt : DT_FLOAT64, dt = out_dt;
    if (out_dt == DT_FLOAT16) {
        if (sum)
            fail(m, "sum of float16 is not supported (the order of its roundings)");
        dt = DT_FLOAT32;
    }
    struct lanes lanes = make_lanes(m, a, axis, 0, shape);
    if (lanes.n == 0 && !sum)
        fail(m, "%s of an empty array is not supported", name);
    bool old = m->settings.numpy_version != 0 && m->settings.numpy_version < 20300;
    int64_t block = old ? 8192 : INT64_MAX;
    if (old && a->n_dims > 1 && !is_none(axis) && array_size(a) > block)
        fail(m, "%s of a larger array with axes, by a NumPy before 2.3, is not supported (the order of summation)",
             name);
    bool rows = lanes.axis >= 0 && lanes.axis != a->n_dims - 1 && lanes.n_lanes > 1;
    if (a->n_dims > 2 && lanes.axis >= 0 && lanes.axis != a->n_dims - 1 && lanes.axis != 0)
        fail(m, "%s along a middle axis is not supported (the order of summation)", name);
    struct array *out = array_new(m, out_dt, lanes.axis < 0 ? 0 : a->n_dims - 1, shape, 0);
    double *x = (double *)(void *)array_new(m, DT_FLOAT64, 1, &lanes.n, 0)->buffer->bytes;
    const char *from = array_bytes(lanes.source);
    for (int64_t k = 0; k < lanes.n_lanes; k++) {
        for (int64_t i = 0; i < lanes.n; i++, from += a->item_nbytes)
            x[i] = load_double(a->dt, from);
        double result = sum    ? sum_lane(dt, x, lanes.n, rows, block)
                        : mean ? round_to(dt, sum_lane(dt, x, lanes.n, rows, block) / (double)lanes.n)
                               : variance(m, dt, x, lanes.n, rows, block, ddof, strcmp(name, "std") == 0);
        store_double(out_dt, out->buffer->bytes + (size_t)k * out->item_nbytes, result);
    }
    return array_or_scalar(m, out);
}

static value reduce_integer(vm *m, const char *name, struct array *a, value axis)
{
    int64_t shape[MAX_DIMS];
    struct lanes lanes = make_lanes(m, a, axis, 0, shape);
    bool product = strcmp(name, "prod") == 0;
    dtype dt = dtype_is_unsigned(a->dt) ? DT_UINT64 : DT_INT64;
    struct array *out = array_new(m, dt, lanes.axis < 0 ? 0 : a->n_dims - 1, shape, 0);
    const char *from = array_bytes(lanes.source);
    for (int64_t k = 0; k < lanes.n_lanes; k++) {
        uint64_t sum = product;
        for (int64_t i = 0; i < lanes.n; i++, from += a->item_nbytes) {
            uint64_t x = (uint64_t)load_integer(a->dt, from);
            sum = product ? sum * x : sum + x;
        }
        store_integer(dt, out->buffer->bytes + 8 * k, (int64_t)sum);
    }
    return array_or_scalar(m, out);
}

/* min, max, argmin, argmax, any, all: no order matters, but nan wins, and the first of equals. */
static value reduce_choice(vm *m, const char *name, struct array *a, value axis)
{
    int64_t shape[MAX_DIMS];
    struct lanes lanes = make_lanes(m, a, axis, 0, shape);
    bool any = strcmp(name, "any") == 0, all = strcmp(name, "all") == 0, position = strncmp(name, "arg", 3) == 0;
    bool least = strcmp(position ? name + 3 : name, "min") == 0;
    if (lanes.n == 0 && !any && !all)
        value_error(m, "zero-size array to reduction operation %s which has no identity", name);
    dtype dt = position ? DT_INT64 : any || all ? DT_BOOL : a->dt;
    struct array *out = array_new(m, dt, lanes.axis < 0 ? 0 : a->n_dims - 1, shape, 0);
    const char *from = array_bytes(lanes.source);
    for (int64_t k = 0; k < lanes.n_lanes; k++, from += lanes.n * a->item_nbytes) {
        int64_t best = 0;
        bool result = all;
        for (int64_t i = 0; i < lanes.n; i++) {
            const char *x = from + i * a->item_nbytes, *y = from + best * a->item_nbytes;
            if (any || all) {
                bool yes = dtype_is_float(a->dt) ? load_double(a->dt, x) != 0 : load_integer(a->dt, x) != 0;
                result = any ? result || yes : result && yes;
                continue;
            }
            bool best_is_nan = dtype_is_float(a->dt) && isnan(load_double(a->dt, y));
            int order = compare_elements(a->dt, x, a->dt, y);
            if (!best_is_nan && (order == 2 || order == (least ? -1 : 1)))
                best = i;
        }
        char *at = out->buffer->bytes + (size_t)k * out->item_nbytes;
        if (position)
            store_integer(dt, at, best);
        else if (any || all)
            *at = result;
        else
            memcpy(at, from + best * a->item_nbytes, a->item_nbytes);
    }
    return array_or_scalar(m, out);
}

value array_reduce(vm *m, const char *name, struct array *a, value axis, value ddof)
{
    static const char *const sums[] = {"sum", "mean", "std", "var", "prod"};
    bool sums_up = false;
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        sums_up = sums_up || strcmp(name, sums[i]) == 0;
    if (a->dt == DT_STR)
        type_error(m, "%s of strings is not supported", name);
    step(m, (uint64_t)array_size(a));
    if (!sums_up)
        return reduce_choice(m, name, a, axis);
    bool product = strcmp(name, "prod") == 0;
    if (!dtype_is_float(a->dt) && (product || strcmp(name, "sum") == 0))
        return reduce_integer(m, name, a, axis);
    if (product)
        fail(m, "the product of floats is not supported (its order differs between machines)");
    if (!dtype_is_float(a->dt)) { /* converted in blocks of 8192: exact while all sums are */
        if (strcmp(name, "mean") != 0 && array_size(a) > 8192)
            fail(m, "%s of more than 8192 integers is not supported (the order of summation)", name);
        double bound = 0;
        for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c))
            bound += fabs(load_double(a->dt, a->buffer->bytes + c.offset));
        if (bound >= 9007199254740992.0)
            fail(m, "%s of integers this large is not supported (the order of summation)", name);
    }
    return reduce_float(m, name, a, axis, is_none(ddof) ? 0 : to_double(m, ddof, "ddof"));
}
