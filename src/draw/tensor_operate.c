/* tensor_operate.c - operators of tensors: promotion, broadcasting, and torch's eager elementwise arithmetic.
 * SPDX-License-Identifier: MIT
 *
 * Each operation is rounded to the dtype of the result once; float16 and bfloat16 are computed in float32 (ATen's opmath). Sums,
 * products and quotients are computed in double and rounded to float32, which is the same (53 >= 2 * 24 + 2 bits).
 * Powers are those that ATen writes as products and roots; the others are SLEEF's or libm's and refused. */
#include <math.h>   /* fmod, floor, sqrt */
#include <string.h> /* memcpy */

#include "draw/tensor.h"

/* --- Promotion (ATen/native/TypeProperties.cpp, c10/core/ScalarType.h) ------------------------------------------------- */

static bool is_wide_unsigned(unsigned dt)
{
    return dt == DT_UINT16 || dt == DT_UINT32 || dt == DT_UINT64;
}

dtype torch_promote(vm *m, dtype a, dtype b)
{
    if (a == b || b == DT_BOOL)
        return a;
    if (a == DT_BOOL)
        return b;
    if (dtype_is_float(a) && dtype_is_float(b)) {
        if (a == DT_FLOAT64 || b == DT_FLOAT64)
            return DT_FLOAT64;
        return DT_FLOAT32; /* half and bfloat16 have nothing smaller in common */
    }
    if (dtype_is_float(a) || dtype_is_float(b))
        return dtype_is_float(a) ? a : b;
    if (is_wide_unsigned(a) || is_wide_unsigned(b))
        fail(
            m,
            "RuntimeError: Promotion for uint16, uint32, uint64 types is not supported, attempted to promote %s and %s",
            torch_scalar_name(a), torch_scalar_name(b));
    if (a == DT_UINT8 || b == DT_UINT8) {
        dtype other = a == DT_UINT8 ? b : a;
        return other == DT_INT8 ? DT_INT16 : other;
    }
    return a > b ? a : b;
}

/* Tensors with dimensions come before those without, and both before Python's numbers: those count by their kind only. */
enum rank { RANK_DIMENSIONS, RANK_ZERO, RANK_NUMBER, N_RANKS };

static int kind_of(dtype dt)
{
    return dt == DT_NONE ? -1 : dtype_is_float(dt) ? 2 : dt == DT_BOOL ? 0 : 1;
}

static dtype combine(vm *m, dtype higher, dtype lower)
{
    if (higher == DT_NONE || lower == DT_NONE)
        return higher == DT_NONE ? lower : higher;
    return kind_of(lower) > kind_of(higher)
               ? (kind_of(higher) == 0 || kind_of(lower) == 2 ? torch_promote(m, higher, lower) : higher)
               : higher;
}

struct operand {
    struct array *a;
    enum rank rank;
};

static dtype common_dtype(vm *m, const struct operand *operands, size_t n)
{
    dtype ranks[N_RANKS] = {DT_NONE, DT_NONE, DT_NONE};
    for (size_t i = 0; i < n; i++) {
        const struct operand *o = &operands[i];
        dtype dt = o->a->dt;
        if (o->rank == RANK_NUMBER)
            dt = dtype_is_float(dt) ? m->torch.default_dtype : dt == DT_BOOL ? DT_BOOL : DT_INT64;
        ranks[o->rank] = ranks[o->rank] == DT_NONE ? dt : torch_promote(m, ranks[o->rank], dt);
    }
    return combine(m, combine(m, ranks[RANK_DIMENSIONS], ranks[RANK_ZERO]), ranks[RANK_NUMBER]);
}

/* Python's and NumPy's numbers. */
static bool is_operand(value v)
{
    return v.kind == V_TENSOR || is_number(v);
}

static struct operand make_operand(vm *m, value v)
{
    struct operand o = {.rank = RANK_NUMBER};
    if (v.kind == V_TENSOR) {
        o.a = tensor_values(m, v, "a tensor");
        o.rank = o.a->n_dims > 0 ? RANK_DIMENSIONS : RANK_ZERO;
        return o;
    }
    uint64_t bits;
    if (v.kind == V_BIG && !fits_u64(v, &bits))
        fail(m, "OverflowError: int too big to convert");
    o.a = array_from(m, scalar_item(m, v), DT_NONE);
    return o;
}

dtype torch_result_dtype(vm *m, const value *values, size_t n)
{
    struct operand operands[4];
    for (size_t i = 0; i < n && i < 4; i++)
        operands[i] = make_operand(m, values[i]);
    return common_dtype(m, operands, n);
}

/* --- One pair of elements -------------------------------------------------------------------------------------------- */

static double round_once(dtype dt, double x)
{
    return dt == DT_FLOAT64 ? x : (double)(float)x;
}

/* c10::div_floor_floating */
static double divide_floor(dtype dt, double a, double b)
{
    if (b == 0)
        return a / b;
    double mod = fmod(a, b), div = round_once(dt, round_once(dt, a - mod) / b);
    if (mod != 0 && (b < 0) != (mod < 0))
        div = round_once(dt, div - 1);
    if (div == 0)
        return copysign(0, a / b);
    double whole = floor(div);
    return div - whole > 0.5 ? round_once(dt, whole + 1) : whole;
}

static double remainder_of(double a, double b)
{
    double mod = fmod(a, b);
    return mod != 0 && (b < 0) != (mod < 0) ? mod + b : mod;
}

static double operate_floats(vm *m, operator op, dtype dt, double a, double b)
{
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
        return remainder_of(a, b);
    case OP_FLOOR_DIVIDE:
        return divide_floor(dt, a, b);
    default: {
        static const char *const names[] = {[OP_LEFT] = "lshift_cpu",
                                            [OP_RIGHT] = "rshift_cpu",
                                            [OP_AND] = "bitwise_and_cpu",
                                            [OP_OR] = "bitwise_or_cpu",
                                            [OP_XOR] = "bitwise_xor_cpu"};
        fail(m, "NotImplementedError: \"%s\" not implemented for '%s'", names[op], torch_scalar_name(dt));
    }
    }
}

static int64_t power_of_integers(int64_t a, int64_t b)
{
    if (b < 0) /* of a tensor of exponents; a Python number is refused before */
        return a == 1 ? 1 : a == -1 ? (b % 2 != 0 ? -1 : 1) : 0;
    uint64_t result = 1, base = (uint64_t)a;
    for (; b > 0; b >>= 1, base *= base)
        if (b & 1)
            result *= base;
    return (int64_t)result;
}

static int64_t operate_integers(vm *m, operator op, dtype dt, int64_t a, int64_t b)
{
    int64_t bits = 8 * (int64_t)dtype_nbytes(dt);
    if ((op == OP_FLOOR_DIVIDE || op == OP_MODULO) && b == 0)
        fail(m, "RuntimeError: ZeroDivisionError");
    switch (op) {
    case OP_ADD:
        return (int64_t)((uint64_t)a + (uint64_t)b);
    case OP_SUBTRACT:
        return (int64_t)((uint64_t)a - (uint64_t)b);
    case OP_MULTIPLY:
        return (int64_t)((uint64_t)a * (uint64_t)b);
    case OP_FLOOR_DIVIDE:
        if (dt == DT_UINT64)
            return (int64_t)((uint64_t)a / (uint64_t)b);
        return b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b - (a % b != 0 && (a < 0) != (b < 0));
    case OP_MODULO:
        if (dt == DT_UINT64)
            return (int64_t)((uint64_t)a % (uint64_t)b);
        return b == -1 ? 0 : a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0);
    case OP_POWER:
        return power_of_integers(a, b);
    case OP_AND:
        return a & b;
    case OP_OR:
        return a | b;
    case OP_XOR:
        return a ^ b;
    case OP_LEFT:
        return b < 0 || b >= bits ? 0 : (int64_t)((uint64_t)a << b);
    default: /* OP_RIGHT */
        if (b < 0 || b >= bits)
            return a < 0 && !dtype_is_unsigned(dt) ? -1 : 0;
        return dt == DT_UINT64 ? (int64_t)((uint64_t)a >> b) : a >> b;
    }
}

static bool operate_bools(vm *m, operator op, bool a, bool b)
{
    switch (op) {
    case OP_ADD:
    case OP_OR:
        return a || b;
    case OP_MULTIPLY:
    case OP_AND:
        return a && b;
    case OP_XOR:
        return a != b;
    default: {
        const char *name = op == OP_FLOOR_DIVIDE ? "div_floor_cpu"
                           : op == OP_MODULO     ? "remainder_cpu"
                           : op == OP_POWER      ? "pow"
                           : op == OP_LEFT       ? "lshift_cpu"
                                                 : "rshift_cpu";
        fail(m, "NotImplementedError: \"%s\" not implemented for 'Bool'", name);
    }
    }
}

static bool compare(operator op, dtype dt, double x, double y, int64_t i, int64_t k)
{
    if (dtype_is_float(dt))
        return order_holds(op, x < y ? -1 : x > y ? 1 : x == y ? 0 : 2);
    if (dt == DT_UINT64)
        return order_holds(op, (uint64_t)i < (uint64_t)k ? -1 : (uint64_t)i > (uint64_t)k);
    return order_holds(op, i < k ? -1 : i > k);
}

/* --- Two operands ---------------------------------------------------------------------------------------------------- */

/* One operand's elements as the operation takes them. */
struct reader {
    const struct array *a;
    struct cursor c;
    dtype dt;
    bool keeps_float32; /* a number beside float16 or bfloat16 that the operation takes as it is */
};

static double read_float(const struct reader *r)
{
    const char *at = r->a->buffer->bytes + r->c.offset;
    double x;
    if (!dtype_is_float(r->a->dt) && r->dt != DT_FLOAT64) { /* to float in one step */
        int64_t i = load_integer(r->a->dt, at);
        x = r->a->dt == DT_UINT64 ? (double)(float)(uint64_t)i : (double)(float)i;
    } else {
        x = load_double(r->a->dt, at);
    }
    if (r->dt == DT_FLOAT64)
        return x;
    x = (double)(float)x;
    return r->keeps_float32 ? x : round_to(r->dt, x);
}

static int64_t read_integer(vm *m, const struct reader *r)
{
    char bytes[8] = {0};
    if (dtype_is_float(r->a->dt))
        fail(m, "a float here is not supported beside integers");
    store_integer(r->dt, bytes, load_integer(r->a->dt, r->a->buffer->bytes + r->c.offset));
    return load_integer(r->dt, bytes);
}

static bool is_reduced(dtype dt)
{
    return dt == DT_FLOAT16 || dt == DT_BFLOAT16;
}

static bool is_comparison(operator op)
{
    return op >= OP_EQ && op <= OP_GE;
}

static const char *grad_name(operator op, value a, value b)
{
    bool both = a.kind == V_TENSOR && b.kind == V_TENSOR;
    switch (op) {
    case OP_ADD:
        return "AddBackward0";
    case OP_SUBTRACT:
        return a.kind != V_TENSOR ? "RsubBackward1" : "SubBackward0";
    case OP_MULTIPLY:
        return "MulBackward0";
    case OP_DIVIDE:
        return "DivBackward0";
    case OP_POWER:
        return both ? "PowBackward1" : a.kind == V_TENSOR ? "PowBackward0" : "PowBackward2";
    case OP_MODULO:
        return both ? "RemainderBackward1" : a.kind == V_TENSOR ? "RemainderBackward0" : "NotImplemented";
    case OP_FLOOR_DIVIDE:
        return "NotImplemented";
    default:
        return NULL;
    }
}

/* Sums, differences, products and quotients of floats are IEEE's on a GPU, too. Where its kernels take another way (a quotient by a
 * number is a product with its reciprocal) nothing is promised. */
static void check_devices(vm *m, operator op, value a, value b, dtype dt)
{
    const struct tensor *x = a.kind == V_TENSOR ? a.u.tensor : NULL, *y = b.kind == V_TENSOR ? b.u.tensor : NULL;
    bool gpu_x = x && x->device != DEVICE_CPU, gpu_y = y && y->device != DEVICE_CPU;
    if (!gpu_x && !gpu_y)
        return;
    bool apart = x && y && (gpu_x != gpu_y || x->device_index != y->device_index);
    if (apart && !(!gpu_x && x->array->n_dims == 0) && !(!gpu_y && y->array->n_dims == 0))
        fail(m,
             "RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:%d and "
             "%s!",
             gpu_x ? x->device_index : y->device_index, gpu_x && gpu_y ? "another" : "cpu");
    if (!dtype_is_float(dt) || is_comparison(op))
        return;
    bool scalar = !gpu_x || !gpu_y;
    bool same = op == OP_ADD || op == OP_SUBTRACT || op == OP_MULTIPLY || (op == OP_DIVIDE && !scalar);
    if (op == OP_DIVIDE && !gpu_y) {
        int exponent;
        same = fabs(frexp(to_double(m, b, "the divisor"), &exponent)) == 0.5; /* its reciprocal is exact */
    }
    if (!same || (scalar && is_reduced(dt)))
        fail(m, "%s of %s with these operands on a GPU is not supported (its kernels round otherwise than the CPU's)",
             operator_text(op), dtype_name(dt));
}

static value elementwise(vm *m, operator op, value a, value b, dtype dt)
{
    check_devices(m, op, a, b, dt);
    struct operand o[2] = {make_operand(m, a), make_operand(m, b)};
    dtype out_dt = is_comparison(op) ? DT_BOOL : dt;
    int64_t shape[MAX_DIMS];
    int n_dims;
    tensor_broadcast_shapes(m, o[0].a, o[1].a, &n_dims, shape);
    struct array *views[2];
    for (int i = 0; i < 2; i++)
        views[i] = array_broadcast(m, o[i].a, n_dims, shape);
    struct array *out = tensor_like(m, out_dt, n_dims, shape, views, 2);
    struct reader r[2];
    for (int i = 0; i < 2; i++)
        r[i] = (struct reader){.a = views[i], .c = cursor_start(views[i]), .dt = dt};
    if (is_reduced(dt)) {
        if (op == OP_FLOOR_DIVIDE && (o[0].a->n_dims == 0 || o[1].a->n_dims == 0))
            fail(m, "// of %s with a number is not supported", dtype_name(dt));
        bool direct = op == OP_MULTIPLY || op == OP_DIVIDE;
        r[1].keeps_float32 = direct && o[1].a->n_dims == 0;
        r[0].keeps_float32 = op == OP_MULTIPLY && a.kind != V_TENSOR; /* 2 * t is t * 2 */
    }
    struct cursor to = cursor_start(out);
    step(m, (uint64_t)array_size(out));
    for (; cursor_more(&to); cursor_next(&to), cursor_next(&r[0].c), cursor_next(&r[1].c)) {
        char *at = out->buffer->bytes + to.offset;
        double x = 0, y = 0;
        int64_t i = 0, k = 0;
        if (dtype_is_float(dt)) {
            x = read_float(&r[0]);
            y = read_float(&r[1]);
        } else {
            i = read_integer(m, &r[0]);
            k = read_integer(m, &r[1]);
        }
        if (is_comparison(op))
            *at = compare(op, dt, x, y, i, k);
        else if (dtype_is_float(dt))
            tensor_store(dt, at, operate_floats(m, op, dt, x, y));
        else if (dt == DT_BOOL)
            *at = operate_bools(m, op, i != 0, k != 0);
        else
            store_integer(dt, at, operate_integers(m, op, dt, i, k));
    }
    const value both[] = {a, b};
    return tensor_result(m, out, grad_name(op, a, b), both, 2);
}

static value power(vm *m, value a, value b, dtype dt)
{
    if (!dtype_is_float(dt)) {
        if (b.kind != V_TENSOR && dt == DT_BOOL)
            fail(m, "NotImplementedError: \"pow\" not implemented for 'Bool'");
        if (b.kind != V_TENSOR && big_compare(plain_integer(m, b), INT(0)) < 0)
            fail(m, "RuntimeError: Integers to negative integer powers are not allowed.");
        return elementwise(m, OP_POWER, a, b, dt);
    }
    if (b.kind != V_TENSOR) {
        double e = to_double(m, b, "the exponent");
        bool known = e == 0 || e == 0.5 || e == 1 || e == 2 || e == -1;
        if (known || (dt != DT_BFLOAT16 && (e == 3 || e == -2)) || (!is_reduced(dt) && e == -0.5)) {
            value v = tensor_map(m, a, dt, MAP_POWER, e);
            return tensor_result(m, v.u.tensor->array, "PowBackward0", &a, 1);
        }
    }
    fail(m,
         "powers of float tensors other than -2, -1, -0.5, 0, 0.5, 1, 2 and 3 differ between machines: not supported");
}

value tensor_operate(vm *m, operator op, value a, value b)
{
    bool text = is_text(a) || a.kind == V_BYTES || is_text(b) || b.kind == V_BYTES;
    bool list = a.kind == V_LIST || a.kind == V_TUPLE || b.kind == V_LIST || b.kind == V_TUPLE;
    if (a.kind == V_ARRAY || b.kind == V_ARRAY)
        fail(m,
             "an operator on a tensor and an array is not supported: torch.from_numpy() makes a tensor of the array");
    if (op == OP_MODULO && is_text(a))
        return percent_format(m, a, b);
    if (op == OP_MULTIPLY && (text || list))
        return a.kind == V_TENSOR ? operate(m, op, INT(to_int64(m, a, "a repetition")), b)
                                  : operate(m, op, a, INT(to_int64(m, b, "a repetition")));
    if (!is_operand(a) || !is_operand(b)) {
        if (op == OP_EQ || op == OP_NE)
            return BOOL(op == OP_NE);
        if (is_comparison(op))
            type_error(m, "'%s' not supported between instances of '%s' and '%s'", operator_text(op), type_name(a),
                       type_name(b));
        type_error(m, "unsupported operand type(s) for %s: '%s' and '%s'", operator_text(op), type_name(a),
                   type_name(b));
    }
    if (op == OP_MATRIX && (a.kind != V_TENSOR || b.kind != V_TENSOR))
        type_error(m, "unsupported operand type(s) for @: '%s' and '%s'", type_name(a), type_name(b));
    if (op == OP_MATRIX)
        return tensor_matmul_of(m, a, b);
    struct operand o[2] = {make_operand(m, a), make_operand(m, b)};
    dtype dt = common_dtype(m, o, 2);
    if (op == OP_DIVIDE && a.kind != V_TENSOR) /* as Tensor.__rtruediv__ */
        return tensor_operate(m, OP_MULTIPLY, tensor_map(m, a.kind == V_TENSOR ? a : b, DT_NONE, MAP_RECIPROCAL, 0), a);
    if (op == OP_DIVIDE && !dtype_is_float(dt))
        dt = m->torch.default_dtype;
    if (op == OP_POWER)
        return power(m, a, b, dt);
    if (op == OP_SUBTRACT && (o[0].a->dt == DT_BOOL || o[1].a->dt == DT_BOOL)) {
        if (o[0].a->dt == DT_BOOL && o[1].a->dt == DT_BOOL)
            fail(m,
                 "RuntimeError: Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or "
                 "`logical_xor()` operator instead.");
        fail(m,
             "RuntimeError: Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to "
             "invert a mask, use the `~` or `logical_not()` operator instead.");
    }
    bool sums = op == OP_ADD || op == OP_SUBTRACT || op == OP_FLOOR_DIVIDE || op == OP_MODULO;
    if (is_wide_unsigned(dt) && sums)
        fail(m, "NotImplementedError: this operator is not implemented for '%s'", torch_scalar_name(dt));
    return elementwise(m, op, a, b, dt);
}

bool torch_can_cast(dtype from, dtype to)
{
    return !(dtype_is_float(from) && !dtype_is_float(to)) && !(to == DT_BOOL && from != DT_BOOL);
}

void tensor_assign_in_place(vm *m, value target, value result)
{
    struct tensor *t = target.u.tensor;
    const struct array *from = result.u.tensor->array, *a = t->array;
    tensor_check_in_place(m, t);
    if (!torch_can_cast((dtype)from->dt, (dtype)a->dt))
        fail(m, "RuntimeError: result type %s can't be cast to the desired output type %s", torch_scalar_name(from->dt),
             torch_scalar_name(a->dt));
    bool same = from->n_dims == a->n_dims;
    for (int i = 0; same && i < a->n_dims; i++)
        same = from->shape[i] == a->shape[i];
    if (!same) {
        struct writer w = writer_start(m);
        put_text(&w, "output with shape ");
        put_shape(&w, a->shape, a->n_dims);
        put_text(&w, " doesn't match the broadcast shape ");
        put_shape(&w, from->shape, from->n_dims);
        fail(m, "RuntimeError: %s", written(&w));
    }
    tensor_copy(m, t->array, from);
    if (result.u.tensor->requires_grad) {
        t->requires_grad = true;
        t->grad_fn = result.u.tensor->grad_fn;
    }
}

/* --- One operand ----------------------------------------------------------------------------------------------------- */

static double power_of(dtype dt, double x, double e)
{
    double square = round_once(dt, x * x);
    return e == 0     ? 1
           : e == 1   ? x
           : e == 2   ? square
           : e == 3   ? square * x
           : e == 0.5 ? sqrt(x)
           : e == -1  ? 1 / x
           : e == -2  ? 1 / square
                      : 1 / round_once(dt, sqrt(x));
}

/* Wheels take the root from MKL, which misses the nearest float for one argument in a hundred; what is a root exactly, it finds. */
static void require_exact_root(vm *m, dtype dt, double x, double root)
{
    if (!isfinite(root) || is_reduced(dt) || fma(root, root, -x) == 0)
        return;
    fail(m,
         "the square root of %s is MKL's, which does not always round to the nearest: not supported (exact roots are)",
         dtype_name(dt));
}

static double map_float(dtype dt, tensor_function function, double x, double parameter)
{
    switch (function) {
    case MAP_NEGATE:
        return -x;
    case MAP_ABS:
        return fabs(x);
    case MAP_SQRT:
        return sqrt(x);
    case MAP_RECIPROCAL:
        return 1 / x;
    case MAP_RSQRT:
        return 1 / round_once(dt, sqrt(x));
    case MAP_FLOOR:
        return floor(x);
    case MAP_CEIL:
        return ceil(x);
    case MAP_ROUND:
        return nearbyint(x);
    case MAP_TRUNC:
        return trunc(x);
    case MAP_FRAC:
        return x - trunc(x);
    case MAP_SIGN:
        return (x > 0) - (x < 0);
    case MAP_RELU:
        return x < 0 ? 0 : x;
    default:
        return power_of(dt, x, parameter);
    }
}

/* What functions of floats make of integers: floats. */
static bool makes_floats(tensor_function function)
{
    return function == MAP_SQRT || function == MAP_RECIPROCAL || function == MAP_RSQRT;
}

value tensor_map(vm *m, value v, dtype dt, tensor_function function, double parameter)
{
    static const char *const grads[] = {[MAP_NEGATE] = "NegBackward0",  [MAP_ABS] = "AbsBackward0",
                                        [MAP_SQRT] = "SqrtBackward0",   [MAP_RECIPROCAL] = "ReciprocalBackward0",
                                        [MAP_RSQRT] = "RsqrtBackward0", [MAP_FLOOR] = "FloorBackward0",
                                        [MAP_CEIL] = "CeilBackward0",   [MAP_ROUND] = "RoundBackward0",
                                        [MAP_TRUNC] = "TruncBackward0", [MAP_FRAC] = "FracBackward0",
                                        [MAP_SIGN] = "SignBackward0",   [MAP_RELU] = "ReluBackward0",
                                        [MAP_POWER] = "PowBackward0"};
    struct array *a = tensor_values(m, v, "a tensor");
    bool gpu = v.u.tensor->device != DEVICE_CPU;
    if (gpu && (function == MAP_RSQRT || (function == MAP_POWER && parameter != 2)))
        fail(m, "this function of a tensor on a GPU is not supported (its kernels round otherwise than the CPU's)");
    if (dt == DT_NONE)
        dt = makes_floats(function) && !dtype_is_float(a->dt) ? m->torch.default_dtype : (dtype)a->dt;
    struct array *from = a->dt == dt ? a : tensor_cast(m, a, dt);
    struct array *out = tensor_like(m, dt, a->n_dims, a->shape, &from, 1);
    struct cursor to = cursor_start(out);
    step(m, (uint64_t)array_size(out));
    for (struct cursor c = cursor_start(from); cursor_more(&c); cursor_next(&c), cursor_next(&to)) {
        const char *at = from->buffer->bytes + c.offset;
        char *into = out->buffer->bytes + to.offset;
        if (dtype_is_float(dt)) {
            double x = load_double(dt, at), y = map_float(dt, function, x, parameter);
            if (function == MAP_SQRT || (function == MAP_POWER && parameter == 0.5))
                require_exact_root(m, dt, x, round_to(dt, y));
            tensor_store(dt, into, y);
            continue;
        }
        int64_t i = load_integer(dt, at);
        bool negative = i < 0 && !dtype_is_unsigned(dt);
        int64_t mapped = function == MAP_NEGATE || (function == MAP_ABS && negative) ? (int64_t)(0 - (uint64_t)i)
                         : function == MAP_SIGN                                      ? (i != 0) - 2 * negative
                         : function == MAP_RELU && negative                          ? 0
                                                                                     : i;
        store_integer(dt, into, mapped);
    }
    return tensor_result(m, out, grads[function], &v, 1);
}

value tensor_operate_unary(vm *m, operator op, value v)
{
    struct array *a = tensor_values(m, v, "a tensor");
    if (op == OP_PLUS) {
        if (a->dt == DT_BOOL)
            fail(m, "RuntimeError: The `+` operator, on a bool tensor is not supported.");
        return v;
    }
    if (op == OP_NEGATE) {
        if (a->dt == DT_BOOL)
            fail(m, "RuntimeError: Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
                    "invert a mask, use the `~` or `logical_not()` operator instead.");
        return tensor_map(m, v, DT_NONE, MAP_NEGATE, 0);
    }
    if (dtype_is_float(a->dt))
        type_error(m, "~ (operator.invert) is only implemented on integer and Boolean-type tensors");
    struct array *out = tensor_like(m, (dtype)a->dt, a->n_dims, a->shape, &a, 1);
    struct cursor to = cursor_start(out);
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), cursor_next(&to)) {
        int64_t i = load_integer(a->dt, a->buffer->bytes + c.offset);
        store_integer(a->dt, out->buffer->bytes + to.offset, a->dt == DT_BOOL ? !i : ~i);
    }
    return tensor_result(m, out, NULL, &v, 1);
}
