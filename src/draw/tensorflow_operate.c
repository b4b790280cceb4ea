/* tensorflow_operate.c - operators and indices of TensorFlow's eager tensors.
 * SPDX-License-Identifier: MIT */
#include <math.h> /* floor, fmod, copysign */

#include "draw/sequences.h" /* slice_bounds */
#include "draw/tensorflow_eager.h"

/* --- One element --------------------------------------------------------------------------------------------------------- */

static bool is_comparison(operator op)
{
    return op >= OP_EQ && op <= OP_GE;
}

static const char *kernel_name(operator op)
{
    switch (op) {
    case OP_ADD:
        return "AddV2";
    case OP_SUBTRACT:
        return "Sub";
    case OP_MULTIPLY:
        return "Mul";
    case OP_DIVIDE:
        return "RealDiv";
    case OP_FLOOR_DIVIDE:
        return "FloorDiv";
    case OP_MODULO:
        return "FloorMod";
    case OP_POWER:
        return "Pow";
    case OP_EQ:
        return "Equal";
    case OP_NE:
        return "NotEqual";
    case OP_LT:
        return "Less";
    case OP_LE:
        return "LessEqual";
    case OP_GT:
        return "Greater";
    case OP_GE:
        return "GreaterEqual";
    case OP_AND:
        return "BitwiseAnd";
    case OP_OR:
        return "BitwiseOr";
    default:
        return "BitwiseXor";
    }
}

double tensorflow_flush(dtype dt, double x)
{
    double least = dt == DT_FLOAT64   ? 0x1p-1022
                   : dt == DT_FLOAT16 ? 0
                                      : 0x1.ffffffp-127; /* what rounds to it is none */
    return fabs(x) < least ? copysign(0, x) : x;
}

/* Sums, products and quotients of floats and halves in double, then rounded: as if rounded once. */
static double operate_floats(operator op, dtype dt, double x, double y)
{
    switch (op) {
    case OP_ADD:
        return x + y;
    case OP_SUBTRACT:
        return x - y;
    case OP_MULTIPLY:
        return x * y;
    case OP_DIVIDE:
        return x / y;
    case OP_FLOOR_DIVIDE:
        return floor(round_to(dt, x / y)); /* google_floor_div_real */
    default: {
        double rest = fmod(x, y); /* google_floor_fmod: the divisor's sign */
        return rest != 0 && (rest < 0) != (y < 0) ? round_to(dt, rest + y) : rest;
    }
    }
}

static int64_t power_of_integer(int64_t x, int64_t n)
{
    uint64_t result = 1, base = (uint64_t)x;
    for (; n > 0; n >>= 1, base *= base)
        if (n & 1)
            result *= base;
    return (int64_t)result;
}

static int64_t operate_integers(vm *m, operator op, dtype dt, int64_t x, int64_t y)
{
    uint64_t u = (uint64_t)x, v = (uint64_t)y;
    bool division = op == OP_FLOOR_DIVIDE || op == OP_MODULO;
    if (division && y == 0)
        invalid_argument(m, "Integer division by zero [Op:%s]", kernel_name(op));
    if (op == OP_POWER && y < 0 && !dtype_is_unsigned(dt))
        invalid_argument(m, "Integers to negative integer powers are not allowed [Op:Pow]");
    switch (op) {
    case OP_ADD:
        return (int64_t)(u + v);
    case OP_SUBTRACT:
        return (int64_t)(u - v);
    case OP_MULTIPLY:
        return (int64_t)(u * v);
    case OP_FLOOR_DIVIDE:
    case OP_MODULO: {
        if (dtype_is_unsigned(dt))
            return (int64_t)(op == OP_MODULO ? u % v : u / v);
        int64_t quotient = y == -1 ? (int64_t)(0 - u) : x / y, rest = y == -1 ? 0 : x % y;
        bool below = rest != 0 && (rest < 0) != (y < 0);
        return op == OP_MODULO ? rest + (below ? y : 0) : quotient - below;
    }
    case OP_POWER:
        return power_of_integer(x, y);
    case OP_AND:
        return (int64_t)(u & v);
    case OP_OR:
        return (int64_t)(u | v);
    default:
        return (int64_t)(u ^ v);
    }
}

static int order_of_elements(dtype dt, const char *x, const char *y)
{
    if (dtype_is_float(dt)) {
        double a = tensorflow_flush(dt, load_double(dt, x)), b = tensorflow_flush(dt, load_double(dt, y));
        return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
    }
    int64_t a = load_integer(dt, x), b = load_integer(dt, y);
    if (dt == DT_UINT64)
        return (uint64_t)a < (uint64_t)b ? -1 : (uint64_t)a > (uint64_t)b;
    return a < b ? -1 : a > b;
}

/* --- All elements ---------------------------------------------------------------------------------------------------------- */

static void require_kernel(vm *m, operator op, dtype dt)
{
    bool logical = op == OP_AND || op == OP_OR || op == OP_XOR;
    bool good = op == OP_EQ || op == OP_NE ? true : logical ? !dtype_is_float(dt) : dt != DT_BOOL;
    if (!good)
        invalid_argument(m, "Value for attr 'T' of %s is not in the list of allowed values [Op:%s]", dtype_name(dt),
                         kernel_name(op));
    if (op == OP_POWER && dtype_is_float(dt))
        fail(m, "powers of float tensors are not supported: the last bits of Eigen's pow depend on the machine "
                "(tf.square and tf.sqrt are here)");
}

struct array *tensorflow_elementwise(vm *m, operator op, struct array *a, struct array *b)
{
    dtype dt = (dtype)a->dt;
    struct array *both[] = {a, b};
    int64_t shape[MAX_DIMS];
    int n_dims;
    require_kernel(m, op, dt);
    if (!shapes_agree(both, 2, &n_dims, shape))
        invalid_argument(m, "Incompatible shapes: %s vs. %s [Op:%s]", tensorflow_shape_text(m, a->shape, a->n_dims),
                         tensorflow_shape_text(m, b->shape, b->n_dims), kernel_name(op));
    struct array *x = array_broadcast(m, a, n_dims, shape), *y = array_broadcast(m, b, n_dims, shape);
    struct array *out = array_new(m, is_comparison(op) ? DT_BOOL : dt, n_dims, shape, 0);
    struct cursor cx = cursor_start(x), cy = cursor_start(y);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (; cursor_more(&cx); cursor_next(&cx), cursor_next(&cy), at += out->item_nbytes) {
        const char *p = x->buffer->bytes + cx.offset, *q = y->buffer->bytes + cy.offset;
        if (is_comparison(op))
            *at = order_holds(op, order_of_elements(dt, p, q));
        else if (dtype_is_float(dt))
            store_double(dt, at,
                         tensorflow_flush(dt, operate_floats(op, dt, tensorflow_flush(dt, load_double(dt, p)),
                                                             tensorflow_flush(dt, load_double(dt, q)))));
        else
            store_integer(dt, at, operate_integers(m, op, dt, load_integer(dt, p), load_integer(dt, q)));
    }
    return out;
}

/* What tf.truediv makes of integers. */
static dtype quotient_dtype(vm *m, dtype dt)
{
    if (dt == DT_BOOL)
        type_error(m, "`x` and `y` must have the same dtype, got tf.bool");
    return dtype_is_float(dt) ? dt : dtype_nbytes(dt) <= 2 ? DT_FLOAT32 : DT_FLOAT64;
}

/* Would the value convert to the dtype? What cannot is converted as it is found, and the kernel refuses it. */
static struct array *right_operand(vm *m, operator op, value v, dtype dt)
{
    bool equal = is_comparison(op);
    if (!equal && v.kind == V_FLOAT && !dtype_is_float(dt))
        return tensorflow_convert(m, v, DT_NONE);
    return equal && is_tensorflow_tensor(v) ? tensorflow_array(v) : tensorflow_convert_hint(m, v, dt);
}

value tensorflow_operate(vm *m, operator op, value a, value b)
{
    bool left = is_tensorflow_tensor(a);
    value other = left ? b : a;
    bool convertible = is_tensorflow_tensor(other) || is_number(other) || is_sequence(other) || other.kind == V_ARRAY ||
                       other.kind == V_RANGE;
    if (!convertible && (op == OP_EQ || op == OP_NE))
        return BOOL(op == OP_NE);
    if (!convertible)
        (void)tensorflow_convert(m, other, DT_NONE); /* refuses it */
    struct array *x, *y;
    if (left) {
        x = tensorflow_array(a);
        y = right_operand(m, op, b, (dtype)x->dt);
    } else {
        y = tensorflow_array(b);
        x = tensorflow_convert(m, a, (dtype)y->dt);
    }
    if (op == OP_MATRIX) {
        const value both[] = {tensorflow_tensor(m, x), tensorflow_tensor(m, y)};
        struct arguments arguments = {.positional = both, .n_positional = 2};
        return find_native(tensorflow_math_functions, "matmul")->call(m, NONE, &arguments);
    }
    if (x->dt != y->dt)
        invalid_argument(m,
                         "cannot compute %s as input #1(zero-based) was expected to be a %s tensor but is a %s tensor "
                         "[Op:%s]",
                         kernel_name(op), dtype_name(x->dt), dtype_name(y->dt), kernel_name(op));
    struct array *both[] = {x, y};
    int64_t shape[MAX_DIMS];
    int n_dims;
    if ((op == OP_EQ || op == OP_NE) && !shapes_agree(both, 2, &n_dims, shape))
        return tensorflow_scalar(m, DT_BOOL, BOOL(op == OP_NE));
    if (op == OP_DIVIDE) {
        dtype dt = quotient_dtype(m, (dtype)x->dt);
        x = x->dt == dt ? x : tensorflow_cast(m, x, dt);
        y = y->dt == dt ? y : tensorflow_cast(m, y, dt);
    }
    return tensorflow_tensor(m, tensorflow_elementwise(m, op, x, y));
}

value tensorflow_operate_unary(vm *m, operator op, value v)
{
    const struct array *a = tensorflow_array(v);
    if (op == OP_PLUS)
        type_error(m, "bad operand type for unary +: '%s'", type_name(v));
    bool good = op == OP_NEGATE ? a->dt != DT_BOOL && !dtype_is_unsigned(a->dt) : !dtype_is_float(a->dt);
    if (!good)
        invalid_argument(m, "Value for attr 'T' of %s is not in the list of allowed values [Op:%s]", dtype_name(a->dt),
                         op == OP_NEGATE ? "Neg" : "Invert");
    struct array *out = array_new(m, (dtype)a->dt, a->n_dims, a->shape, 0);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), at += out->item_nbytes) {
        const char *from = a->buffer->bytes + c.offset;
        if (dtype_is_float(a->dt)) {
            store_double(a->dt, at, -load_double(a->dt, from));
            continue;
        }
        int64_t i = load_integer(a->dt, from);
        store_integer(a->dt, at, op == OP_NEGATE ? (int64_t)(0 - (uint64_t)i) : a->dt == DT_BOOL ? !i : ~i);
    }
    return tensorflow_tensor(m, out);
}

/* --- Indices ------------------------------------------------------------------------------------------------------------- */

/* As an int, a slice, None or Ellipsis; all else TensorFlow refuses. */
static value index_part(vm *m, value v)
{
    if (v.kind == V_SLICE || v.kind == V_NONE || v.kind == V_ELLIPSIS)
        return v;
    const struct array *a = object_array(m, v);
    if (a && a->n_dims == 0 && (a->dt == DT_INT32 || a->dt == DT_INT64))
        return INT(load_integer(a->dt, array_bytes(a)));
    if (is_integer(v) && v.kind != V_BOOL)
        return INT(to_int64(m, v, "an index"));
    struct writer w = writer_start(m);
    put_repr(&w, v);
    type_error(m,
               "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 "
               "tensors are valid indices, got %.80s",
               written(&w));
}

value tensorflow_item(vm *m, value tensor, value index)
{
    const struct array *a = tensorflow_array(tensor);
    bool several = is_sequence(index);
    size_t n = several ? index.u.seq->n : 1, n_axes = 0, axis = 0;
    value parts = make_sequence(m, V_TUPLE, n);
    for (size_t i = 0; i < n; i++) {
        value part = parts.u.seq->items[i] = index_part(m, several ? index.u.seq->items[i] : index);
        n_axes += part.kind == V_INT || part.kind == V_SLICE;
    }
    if (n_axes > a->n_dims)
        invalid_argument(m, "Index out of range using input dim %d; input has only %d dims [Op:StridedSlice]",
                         a->n_dims, a->n_dims);
    for (size_t i = 0; i < n; i++) {
        value part = parts.u.seq->items[i];
        if (part.kind == V_ELLIPSIS)
            axis += a->n_dims - n_axes;
        if (part.kind == V_INT && (part.u.i >= a->shape[axis] || part.u.i < -a->shape[axis]))
            invalid_argument(m, "slice index %lld of dimension %zu out of bounds. [Op:StridedSlice]",
                             (long long)part.u.i, axis);
        axis += part.kind == V_INT || part.kind == V_SLICE;
    }
    return tensorflow_tensor(m, array_copy(m, array_from(m, array_get(m, a, parts), (dtype)a->dt)));
}
