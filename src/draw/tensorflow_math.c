/* tensorflow_math.c - functions of TensorFlow that compute with tensors, where IEEE 754 decides every bit.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* floor, sqrt, nearbyint */
#include <string.h> /* strcmp */

#include "draw/tensor.h"         /* tensor_matmul_of */
#include "draw/tensor_methods.h" /* tensor_sum_is_exact */
#include "draw/tensorflow_eager.h"

/* --- Two operands ---------------------------------------------------------------------------------------------------------- */

static value operate_on(vm *m, const char *name, operator op, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, name, "x y name=", arguments, a);
    if (!is_tensorflow_tensor(a[0]))
        a[0] = tensorflow_tensor(m, is_tensorflow_tensor(a[1])
                                        ? tensorflow_convert(m, a[0], (dtype)tensorflow_array(a[1])->dt)
                                        : tensorflow_convert(m, a[0], DT_NONE));
    return tensorflow_operate(m, op, a[0], a[1]);
}

#define BINARY(name, op)                                                                                               \
    static value tf_##name(vm *m, value self, const struct arguments *arguments)                                       \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return operate_on(m, #name, op, arguments);                                                                    \
    }
BINARY(add, OP_ADD)
BINARY(subtract, OP_SUBTRACT)
BINARY(multiply, OP_MULTIPLY)
BINARY(divide, OP_DIVIDE)
BINARY(truediv, OP_DIVIDE)
BINARY(floordiv, OP_FLOOR_DIVIDE)
BINARY(floormod, OP_MODULO)
BINARY(pow, OP_POWER)
BINARY(equal, OP_EQ)
BINARY(not_equal, OP_NE)
BINARY(less, OP_LT)
BINARY(less_equal, OP_LE)
BINARY(greater, OP_GT)
BINARY(greater_equal, OP_GE)
BINARY(logical_and, OP_AND)
BINARY(logical_or, OP_OR)
BINARY(logical_xor, OP_XOR)

/* Elements of x where `mask` is set, of y elsewhere; all of one shape. */
static struct array *choose(vm *m, const struct array *mask, const struct array *x, const struct array *y)
{
    struct array *out = array_new(m, (dtype)x->dt, mask->n_dims, mask->shape, 0);
    struct cursor c = cursor_start(mask), cx = cursor_start(x), cy = cursor_start(y);
    char *at = out->buffer->bytes;
    for (; cursor_more(&c); cursor_next(&c), cursor_next(&cx), cursor_next(&cy), at += out->item_nbytes)
        memcpy(at, mask->buffer->bytes[c.offset] ? x->buffer->bytes + cx.offset : y->buffer->bytes + cy.offset,
               out->item_nbytes);
    return out;
}

static struct array *extreme_of(vm *m, struct array *x, struct array *y, operator op)
{
    struct array *mask = tensorflow_elementwise(m, op, x, y);
    return choose(m, mask, array_broadcast(m, x, mask->n_dims, mask->shape),
                  array_broadcast(m, y, mask->n_dims, mask->shape));
}

static value extreme(vm *m, const char *name, operator op, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, name, "x y name=", arguments, a);
    bool by_second = is_tensorflow_tensor(a[1]) && !is_tensorflow_tensor(a[0]);
    struct array *x = tensorflow_convert(m, a[0], by_second ? (dtype)tensorflow_array(a[1])->dt : DT_NONE);
    return tensorflow_tensor(m, extreme_of(m, x, tensorflow_convert(m, a[1], (dtype)x->dt), op));
}

static value tf_maximum(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return extreme(m, "maximum", OP_GT, arguments);
}

static value tf_minimum(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return extreme(m, "minimum", OP_LT, arguments);
}

static value tf_clip_by_value(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "clip_by_value", "t clip_value_min clip_value_max name=", arguments, a);
    struct array *x = tensorflow_convert(m, a[0], DT_NONE);
    x = extreme_of(m, x, tensorflow_convert(m, a[2], (dtype)x->dt), OP_LT);
    return tensorflow_tensor(m, extreme_of(m, x, tensorflow_convert(m, a[1], (dtype)x->dt), OP_GT));
}

static value tf_where(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "where", "condition x= y= name=", arguments, a);
    if (is_none(a[1]) || is_none(a[2]))
        fail(m, "where() of a condition alone is not supported");
    struct array *parts[3] = {tensorflow_convert(m, a[0], DT_BOOL), NULL, NULL};
    bool by_second = is_tensorflow_tensor(a[2]) && !is_tensorflow_tensor(a[1]);
    parts[1] = tensorflow_convert(m, a[1], by_second ? (dtype)tensorflow_array(a[2])->dt : DT_NONE);
    parts[2] = tensorflow_convert(m, a[2], (dtype)parts[1]->dt);
    int64_t shape[MAX_DIMS];
    int n_dims;
    if (!shapes_agree(parts, 3, &n_dims, shape))
        invalid_argument(m, "condition, x and y have incompatible shapes [Op:SelectV2]");
    for (int i = 0; i < 3; i++)
        parts[i] = array_broadcast(m, parts[i], n_dims, shape);
    return tensorflow_tensor(m, choose(m, parts[0], parts[1], parts[2]));
}

static value tf_matmul(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "matmul", "a b", arguments, a);
    struct array *x = tensorflow_convert(m, a[0], DT_NONE), *y = tensorflow_convert(m, a[1], (dtype)x->dt);
    if (x->n_dims < 2 || y->n_dims < 2)
        invalid_argument(m, "In[%d] ndims must be >= 2 [Op:MatMul]", x->n_dims >= 2);
    if (x->n_dims != 2 || y->n_dims != 2)
        fail(m, "matmul() of more than two dimensions is not supported");
    if (x->shape[1] != y->shape[0])
        invalid_argument(m, "Matrix size-incompatible: In[0]: %s, In[1]: %s [Op:MatMul]",
                         tensorflow_shape_text(m, x->shape, 2), tensorflow_shape_text(m, y->shape, 2));
    value product = tensor_matmul_of(m, make_tensor(m, x), make_tensor(m, y));
    return tensorflow_tensor(m, product.u.tensor->array);
}

/* --- One operand ------------------------------------------------------------------------------------------------------------- */

typedef enum mapping {
    MAP_TO_ABS,
    MAP_TO_SIGN,
    MAP_TO_SQUARE,
    MAP_TO_SQRT,
    MAP_TO_FLOOR,
    MAP_TO_CEIL,
    MAP_TO_ROUND
} mapping;

static double map_float(mapping how, double x)
{
    switch (how) {
    case MAP_TO_ABS:
        return fabs(x);
    case MAP_TO_SIGN:
        return isnan(x) ? x : (x > 0) - (x < 0);
    case MAP_TO_SQUARE:
        return x * x;
    case MAP_TO_SQRT:
        return sqrt(x);
    case MAP_TO_FLOOR:
        return floor(x);
    case MAP_TO_CEIL:
        return ceil(x);
    default:
        return nearbyint(x); /* halves to even */
    }
}

static value map(vm *m, const char *name, mapping how, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, name, "x name=", arguments, a);
    const struct array *from = tensorflow_convert(m, a[0], DT_NONE);
    bool floats = how == MAP_TO_SQRT || how == MAP_TO_FLOOR || how == MAP_TO_CEIL;
    if (from->dt == DT_BOOL || (floats && !dtype_is_float(from->dt)))
        invalid_argument(m, "Value for attr 'T' of %s is not in the list of allowed values", dtype_name(from->dt));
    struct array *out = array_copy(m, from);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes) {
        if (dtype_is_float(out->dt)) {
            double x = load_double(out->dt, at);
            bool by_bits = how == MAP_TO_ABS; /* no arithmetic: subnormal numbers stay */
            store_double(out->dt, at,
                         by_bits
                             ? fabs(x)
                             : tensorflow_flush((dtype)out->dt, map_float(how, tensorflow_flush((dtype)out->dt, x))));
            continue;
        }
        int64_t i = load_integer(out->dt, at);
        bool negative = i < 0 && !dtype_is_unsigned(out->dt);
        uint64_t u = (uint64_t)i;
        store_integer(out->dt, at,
                      how == MAP_TO_ABS      ? (int64_t)(negative ? 0 - u : u)
                      : how == MAP_TO_SIGN   ? (negative ? -1 : i != 0)
                      : how == MAP_TO_SQUARE ? (int64_t)(u * u)
                                             : i);
    }
    return tensorflow_tensor(m, out);
}

#define UNARY(name, how)                                                                                               \
    static value tf_##name(vm *m, value self, const struct arguments *arguments)                                       \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return map(m, #name, how, arguments);                                                                          \
    }
UNARY(abs, MAP_TO_ABS)
UNARY(sign, MAP_TO_SIGN)
UNARY(square, MAP_TO_SQUARE)
UNARY(sqrt, MAP_TO_SQRT)
UNARY(floor, MAP_TO_FLOOR)
UNARY(ceil, MAP_TO_CEIL)
UNARY(round, MAP_TO_ROUND)

static value unary_operator(vm *m, const char *name, operator op, dtype dt, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, name, "x name=", arguments, a);
    return tensorflow_operate_unary(m, op, tensorflow_tensor(m, tensorflow_convert(m, a[0], dt)));
}

static value tf_negative(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return unary_operator(m, "negative", OP_NEGATE, DT_NONE, arguments);
}

static value tf_logical_not(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return unary_operator(m, "logical_not", OP_INVERT, DT_BOOL, arguments);
}

/* --- Reductions ---------------------------------------------------------------------------------------------------------------- */

/* The axes that go: all, or those that an int or a sequence names. */
static void find_axes(vm *m, const struct array *a, value axis, bool reduced[MAX_DIMS])
{
    const struct array *axes = is_none(axis) ? NULL : tensorflow_convert(m, axis, DT_NONE);
    for (int i = 0; i < a->n_dims; i++)
        reduced[i] = axes == NULL;
    for (struct cursor c = cursor_start(axes ? axes : a); axes && cursor_more(&c); cursor_next(&c)) {
        int64_t i = load_integer(axes->dt, axes->buffer->bytes + c.offset);
        if (i >= a->n_dims || i < -a->n_dims)
            invalid_argument(m, "Invalid reduction dimension (%lld for input with %d dimension(s)", (long long)i,
                             a->n_dims);
        reduced[i < 0 ? i + a->n_dims : i] = true;
    }
}

typedef enum reduction {
    REDUCE_SUM,
    REDUCE_MEAN,
    REDUCE_PROD,
    REDUCE_MAX,
    REDUCE_MIN,
    REDUCE_ALL,
    REDUCE_ANY
} reduction;

static void start_lane(reduction how, dtype dt, char *at)
{
    if (how == REDUCE_PROD || how == REDUCE_ALL)
        store_integer(dt, at, 1);
}

static void add_to_lane(reduction how, dtype dt, char *at, const char *from, bool first)
{
    if (how == REDUCE_MAX || how == REDUCE_MIN) {
        int order = dtype_is_float(dt)
                        ? (load_double(dt, from) > load_double(dt, at)) - (load_double(dt, from) < load_double(dt, at))
                    : dt == DT_UINT64 ? ((uint64_t)load_integer(dt, from) > (uint64_t)load_integer(dt, at)) -
                                            ((uint64_t)load_integer(dt, from) < (uint64_t)load_integer(dt, at))
                                      : (load_integer(dt, from) > load_integer(dt, at)) -
                                            (load_integer(dt, from) < load_integer(dt, at));
        if (first || order == (how == REDUCE_MAX ? 1 : -1))
            memcpy(at, from, dtype_nbytes(dt));
        return;
    }
    if (dtype_is_float(dt)) {
        store_double(dt, at, load_double(dt, at) + load_double(dt, from));
        return;
    }
    uint64_t x = (uint64_t)load_integer(dt, at), y = (uint64_t)load_integer(dt, from);
    store_integer(dt, at,
                  (int64_t)(how == REDUCE_PROD  ? x * y
                            : how == REDUCE_ALL ? (x & y)
                            : how == REDUCE_ANY ? (x | y)
                                                : x + y));
}

/* Eigen's order of summation depends on its vectors and threads: floats are summed where no order matters. */
static void require_any_order(vm *m, const struct array *a, reduction how, const char *name)
{
    bool sums = how == REDUCE_SUM || how == REDUCE_MEAN || how == REDUCE_PROD;
    if (!sums || !dtype_is_float(a->dt))
        return;
    if (how == REDUCE_PROD || dtype_nbytes((dtype)a->dt) == 2 || !tensor_sum_is_exact(a))
        fail(m,
             "%s() of these floats is not supported: the order of summation decides the last bits, and it depends on "
             "the "
             "machine (np.sum(t) is NumPy's)",
             name);
}

static value reduce(vm *m, const char *name, reduction how, const struct arguments *arguments)
{
    value v[4];
    bool reduced[MAX_DIMS];
    int64_t shape[MAX_DIMS], strides[MAX_DIMS] = {0}, lane = 1, n_each = 1;
    int n_dims = 0;
    take_arguments(m, name, "input_tensor axis= keepdims= name=", arguments, v);
    bool logical = how == REDUCE_ALL || how == REDUCE_ANY;
    const struct array *a = tensorflow_convert(m, v[0], logical ? DT_BOOL : DT_NONE);
    bool keep = v[2].kind != V_NOTHING && truth(m, v[2]);
    if (a->dt == DT_BOOL && !logical)
        invalid_argument(m, "Value for attr 'T' of bool is not in the list of allowed values [Op:%s]", name);
    find_axes(m, a, v[1], reduced);
    require_any_order(m, a, how, name);
    for (int i = a->n_dims; i-- > 0;) {
        n_each *= reduced[i] ? a->shape[i] : 1;
        strides[i] = reduced[i] ? 0 : lane;
        lane *= reduced[i] ? 1 : a->shape[i];
    }
    for (int i = 0; i < a->n_dims; i++)
        if (!reduced[i] || keep)
            shape[n_dims++] = reduced[i] ? 1 : a->shape[i];
    struct array *out = array_new(m, (dtype)a->dt, n_dims, shape, 0);
    if (n_each == 0 && how != REDUCE_SUM && how != REDUCE_ANY && how != REDUCE_ALL && how != REDUCE_PROD)
        fail(m, "%s() of no elements is not supported", name);
    for (int64_t i = 0; i < array_size(out); i++)
        start_lane(how, (dtype)a->dt, out->buffer->bytes + (size_t)i * out->item_nbytes);
    step(m, (uint64_t)array_size(a));
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c)) {
        int64_t k = 0;
        bool first = true;
        for (int i = 0; i < a->n_dims; i++) {
            k += c.index[i] * strides[i];
            first = first && (!reduced[i] || c.index[i] == 0);
        }
        add_to_lane(how, (dtype)a->dt, out->buffer->bytes + (size_t)k * out->item_nbytes, a->buffer->bytes + c.offset,
                    first);
    }
    char *at = out->buffer->bytes;
    for (int64_t i = 0; how == REDUCE_MEAN && i < array_size(out); i++, at += out->item_nbytes) {
        if (dtype_is_float(a->dt))
            store_double(a->dt, at, load_double(a->dt, at) / round_to(a->dt, (double)n_each));
        else if (dtype_is_unsigned(a->dt))
            store_integer(a->dt, at, (int64_t)((uint64_t)load_integer(a->dt, at) / (uint64_t)n_each));
        else
            store_integer(a->dt, at, load_integer(a->dt, at) / n_each);
    }
    return tensorflow_tensor(m, out);
}

#define REDUCTION(name, how)                                                                                           \
    static value tf_##name(vm *m, value self, const struct arguments *arguments)                                       \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return reduce(m, #name, how, arguments);                                                                       \
    }
REDUCTION(reduce_sum, REDUCE_SUM)
REDUCTION(reduce_mean, REDUCE_MEAN)
REDUCTION(reduce_prod, REDUCE_PROD)
REDUCTION(reduce_max, REDUCE_MAX)
REDUCTION(reduce_min, REDUCE_MIN)
REDUCTION(reduce_all, REDUCE_ALL)
REDUCTION(reduce_any, REDUCE_ANY)

static value argument_of(vm *m, const char *name, bool most, const struct arguments *arguments)
{
    value v[4];
    take_arguments(m, name, "input axis= output_type= name=", arguments, v);
    struct array *a = tensorflow_convert(m, v[0], DT_NONE);
    if (a->n_dims == 0)
        invalid_argument(m, "Expected dimension in the range [0, 0), but got 0 [Op:%s]", most ? "ArgMax" : "ArgMin");
    value index =
        array_reduce(m, most ? "argmax" : "argmin", a, is_none(v[1]) ? INT(0) : INT(to_int64(m, v[1], "axis")), NONE);
    return tensorflow_tensor(m, array_cast(m, array_from(m, index, DT_NONE), tensorflow_dtype_from(m, v[2], DT_INT64)));
}

static value tf_argmax(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return argument_of(m, "argmax", true, arguments);
}

static value tf_argmin(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return argument_of(m, "argmin", false, arguments);
}

#define ENTRY(name)                                                                                                    \
    {                                                                                                                  \
#name, tf_##name, NATIVE_FUNCTION, 0                                                                           \
    }
const struct native tensorflow_math_functions[] = {ENTRY(add),           ENTRY(subtract),
                                                   ENTRY(multiply),      ENTRY(divide),
                                                   ENTRY(truediv),       ENTRY(floordiv),
                                                   ENTRY(floormod),      {"mod", tf_floormod, NATIVE_FUNCTION, 0},
                                                   ENTRY(pow),           ENTRY(equal),
                                                   ENTRY(not_equal),     ENTRY(less),
                                                   ENTRY(less_equal),    ENTRY(greater),
                                                   ENTRY(greater_equal), ENTRY(logical_and),
                                                   ENTRY(logical_or),    ENTRY(logical_xor),
                                                   ENTRY(logical_not),   ENTRY(maximum),
                                                   ENTRY(minimum),       ENTRY(clip_by_value),
                                                   ENTRY(where),         ENTRY(matmul),
                                                   ENTRY(abs),           ENTRY(sign),
                                                   ENTRY(square),        ENTRY(sqrt),
                                                   ENTRY(floor),         ENTRY(ceil),
                                                   ENTRY(round),         ENTRY(negative),
                                                   ENTRY(reduce_sum),    ENTRY(reduce_mean),
                                                   ENTRY(reduce_prod),   ENTRY(reduce_max),
                                                   ENTRY(reduce_min),    ENTRY(reduce_all),
                                                   ENTRY(reduce_any),    ENTRY(argmax),
                                                   ENTRY(argmin),        {NULL, NULL, NATIVE_FUNCTION, 0}};
