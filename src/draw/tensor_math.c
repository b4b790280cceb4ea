/* tensor_math.c - arithmetic and comparisons of tensors by name, in place too; clamp, where, allclose and their kin.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan, isfinite */
#include <string.h> /* strcmp */

#include "draw/tensor_methods.h"

/* --- Operators by name ----------------------------------------------------------------------------------------------- */

static value in_place(vm *m, value self, value result)
{
    tensor_assign_in_place(m, self, result);
    return self;
}

static value with_other(vm *m, operator op, const char *name, value self, const struct arguments *arguments)
{
    value other;
    take_arguments(m, name, op == OP_POWER ? "exponent" : "other", arguments, &other);
    return tensor_operate(m, op, self, other);
}

/* add and sub: other is multiplied by alpha in the same step, which some kernels fuse. */
static value with_alpha(vm *m, operator op, const char *name, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, name, "other * alpha=", arguments, a);
    if (a[1].kind != V_NOTHING && !(is_number(a[1]) && to_double(m, a[1], "alpha") == 1))
        fail(m, "%s() with an alpha other than 1 is not supported", name);
    return tensor_operate(m, op, self, a[0]);
}

static value divided(vm *m, const char *name, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, name, "other * rounding_mode=", arguments, a);
    if (is_none(a[1]))
        return tensor_operate(m, OP_DIVIDE, self, a[0]);
    if (!is_text(a[1]) || strcmp(a[1].u.text->bytes, "floor") != 0)
        fail(m, "%s() with that rounding_mode is not supported ('floor' is)", name);
    return tensor_operate(m, OP_FLOOR_DIVIDE, self, a[0]);
}

#define OPERATOR(name, op, read)                                                                                       \
    static value tensor_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        return read(m, op, #name, self, arguments);                                                                    \
    }                                                                                                                  \
    static value tensor_##name##_(vm *m, value self, const struct arguments *arguments)                                \
    {                                                                                                                  \
        return in_place(m, self, read(m, op, #name "_", self, arguments));                                             \
    }                                                                                                                  \
    static value torch_##name(vm *m, value self, const struct arguments *arguments)                                    \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return as_function(m, arguments, #name, op, tensor_##name);                                                    \
    }

/* torch.add(1, t): a number may come first. */
static value as_function(vm *m, const struct arguments *arguments, const char *name, operator op,
                         native_function method)
{
    const value *p = arguments->positional;
    if (arguments->n_positional == 2 && arguments->n_named == 0 && p[0].kind != V_TENSOR && p[1].kind == V_TENSOR)
        return tensor_operate(m, op, p[0], p[1]);
    return as_method(m, arguments, name, method);
}

OPERATOR(add, OP_ADD, with_alpha)
OPERATOR(sub, OP_SUBTRACT, with_alpha)
OPERATOR(mul, OP_MULTIPLY, with_other)
OPERATOR(floor_divide, OP_FLOOR_DIVIDE, with_other)
OPERATOR(remainder, OP_MODULO, with_other)
OPERATOR(pow, OP_POWER, with_other)
OPERATOR(eq, OP_EQ, with_other)
OPERATOR(ne, OP_NE, with_other)
OPERATOR(lt, OP_LT, with_other)
OPERATOR(le, OP_LE, with_other)
OPERATOR(gt, OP_GT, with_other)
OPERATOR(ge, OP_GE, with_other)
OPERATOR(bitwise_and, OP_AND, with_other)
OPERATOR(bitwise_or, OP_OR, with_other)
OPERATOR(bitwise_xor, OP_XOR, with_other)

static value tensor_div(vm *m, value self, const struct arguments *arguments)
{
    return divided(m, "div", self, arguments);
}

static value tensor_div_(vm *m, value self, const struct arguments *arguments)
{
    return in_place(m, self, divided(m, "div_", self, arguments));
}

FUNCTION_OF(div)

/* --- One operand ----------------------------------------------------------------------------------------------------- */

static void require_numbers(vm *m, value self, const char *name)
{
    if (self.u.tensor->array->dt == DT_BOOL)
        fail(m, "NotImplementedError: \"%s\" of a bool tensor is not supported", name);
}

#define MAP(name, function)                                                                                            \
    static value tensor_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        take_none(m, #name, arguments);                                                                                \
        require_numbers(m, self, #name);                                                                               \
        return tensor_map(m, self, DT_NONE, function, 2);                                                              \
    }                                                                                                                  \
    static value tensor_##name##_(vm *m, value self, const struct arguments *arguments)                                \
    {                                                                                                                  \
        return in_place(m, self, tensor_##name(m, self, arguments));                                                   \
    }                                                                                                                  \
    FUNCTION_OF(name)
MAP(neg, MAP_NEGATE)
MAP(abs, MAP_ABS)
MAP(sqrt, MAP_SQRT)
MAP(rsqrt, MAP_RSQRT)
MAP(reciprocal, MAP_RECIPROCAL)
MAP(square, MAP_POWER)
MAP(floor, MAP_FLOOR)
MAP(ceil, MAP_CEIL)
MAP(trunc, MAP_TRUNC)
MAP(frac, MAP_FRAC)
MAP(sign, MAP_SIGN)
MAP(relu, MAP_RELU)

/* ATen/native/cpu/UnaryOpsKernel.cpp: round_decimals_kernel. Scaled, rounded to even, scaled back. */
static value tensor_round(vm *m, value self, const struct arguments *arguments)
{
    value digits;
    take_arguments(m, "round", "* decimals=", arguments, &digits);
    require_numbers(m, self, "round");
    int64_t d = is_none(digits) ? 0 : to_int64(m, digits, "decimals"), n = d < 0 ? -d : d;
    if (d == 0)
        return tensor_map(m, self, DT_NONE, MAP_ROUND, 0);
    const struct array *a = tensor_values(m, self, "a tensor");
    dtype dt = (dtype)a->dt;
    if ((dt != DT_FLOAT32 && dt != DT_FLOAT64) || n > 10)
        fail(m, "round() of %s to %lld decimals is not supported", dtype_name(dt), (long long)d);
    double scale = 1;
    for (int64_t i = 0; i < n; i++)
        scale *= 10;
    value out = tensor_map(m, self, DT_NONE, MAP_ROUND, 0);
    struct array *to = out.u.tensor->array;
    struct cursor c = cursor_start(a);
    for (struct cursor k = cursor_start(to); cursor_more(&k); cursor_next(&k), cursor_next(&c)) {
        double x = load_double(dt, a->buffer->bytes + c.offset);
        x = nearbyint(round_to(dt, d > 0 ? x * scale : x / scale));
        store_double(dt, to->buffer->bytes + k.offset, d > 0 ? x / scale : x * scale);
    }
    return tensor_result(m, to, "RoundBackward1", &self, 1);
}

static value tensor_round_(vm *m, value self, const struct arguments *arguments)
{
    return in_place(m, self, tensor_round(m, self, arguments));
}

FUNCTION_OF(round)

typedef bool (*predicate)(double x);
static bool is_nan(double x)
{
    return isnan(x);
}
static bool is_infinite(double x)
{
    return isinf(x);
}
static bool is_finite(double x)
{
    return isfinite(x);
}
static bool is_zero(double x)
{
    return x == 0;
}

static value tested(vm *m, value self, predicate holds)
{
    struct array *a = tensor_values(m, self, "a tensor");
    struct array *out = tensor_like(m, DT_BOOL, a->n_dims, a->shape, &a, 1);
    struct cursor to = cursor_start(out);
    step(m, (uint64_t)array_size(a));
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), cursor_next(&to))
        out->buffer->bytes[to.offset] = holds(load_double(a->dt, a->buffer->bytes + c.offset));
    return tensor_result(m, out, NULL, &self, 1);
}

#define TEST(name, holds)                                                                                              \
    static value tensor_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        take_none(m, #name, arguments);                                                                                \
        return tested(m, self, holds);                                                                                 \
    }                                                                                                                  \
    FUNCTION_OF(name)
TEST(isnan, is_nan)
TEST(isinf, is_infinite)
TEST(isfinite, is_finite)
TEST(logical_not, is_zero)

/* --- Two operands, element by element -------------------------------------------------------------------------------- */

typedef enum choice { CHOOSE_LESS, CHOOSE_MORE } choice;

/* minimum and maximum: nan wins; the first of equals (0 and -0) is torch's choice of the processor's instruction: refused by
 * nobody, they compare equal. */
static value chosen(vm *m, value a, value b, choice which, const char *grad_fn)
{
    const value both[] = {a, b};
    dtype dt = torch_result_dtype(m, both, 2);
    struct array *x = a.kind == V_TENSOR ? tensor_values(m, a, "a tensor") : array_from(m, a, DT_NONE);
    struct array *y = b.kind == V_TENSOR ? tensor_values(m, b, "a tensor") : array_from(m, b, DT_NONE);
    int64_t shape[MAX_DIMS];
    int n_dims;
    tensor_broadcast_shapes(m, x, y, &n_dims, shape);
    x = x->dt == dt ? x : torch_cast_like(m, x, dt);
    y = y->dt == dt ? y : torch_cast_like(m, y, dt);
    struct array *views[] = {array_broadcast(m, x, n_dims, shape), array_broadcast(m, y, n_dims, shape)};
    struct array *out = tensor_like(m, dt, n_dims, shape, views, b.kind == V_TENSOR && a.kind == V_TENSOR ? 2 : 1);
    struct cursor d = cursor_start(views[1]), to = cursor_start(out);
    step(m, (uint64_t)array_size(out));
    for (struct cursor c = cursor_start(views[0]); cursor_more(&c);
         cursor_next(&c), cursor_next(&d), cursor_next(&to)) {
        const char *p = views[0]->buffer->bytes + c.offset, *q = views[1]->buffer->bytes + d.offset;
        double u = load_double(dt, p), v = load_double(dt, q);
        bool second = dtype_is_float(dt) ? isnan(v) || (!isnan(u) && (which == CHOOSE_LESS ? v < u : v > u))
                      : dt == DT_UINT64
                          ? (which == CHOOSE_LESS) == ((uint64_t)load_integer(dt, q) < (uint64_t)load_integer(dt, p))
                          : (which == CHOOSE_LESS) == (load_integer(dt, q) < load_integer(dt, p));
        memcpy(out->buffer->bytes + to.offset, second ? q : p, out->item_nbytes);
    }
    return tensor_result(m, out, grad_fn, both, 2);
}

static value tensor_maximum(vm *m, value self, const struct arguments *arguments)
{
    value other;
    take_arguments(m, "maximum", "other", arguments, &other);
    (void)tensor_of(m, other, "maximum(): argument 'other'");
    return chosen(m, self, other, CHOOSE_MORE, "MaximumBackward0");
}

static value tensor_minimum(vm *m, value self, const struct arguments *arguments)
{
    value other;
    take_arguments(m, "minimum", "other", arguments, &other);
    (void)tensor_of(m, other, "minimum(): argument 'other'");
    return chosen(m, self, other, CHOOSE_LESS, "MinimumBackward0");
}

FUNCTION_OF(maximum)
FUNCTION_OF(minimum)

static value tensor_clamp(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "clamp", "min= max=", arguments, a);
    if (is_none(a[0]) && is_none(a[1]))
        fail(m, "RuntimeError: torch.clamp: At least one of 'min' or 'max' must not be None");
    value out = self;
    const char *grad_fn = a[0].kind == V_TENSOR || a[1].kind == V_TENSOR ? "ClampBackward0" : "ClampBackward1";
    if (!is_none(a[0]))
        out = chosen(m, out, a[0], CHOOSE_MORE, grad_fn);
    if (!is_none(a[1]))
        out = chosen(m, out, a[1], CHOOSE_LESS, grad_fn);
    return out;
}

static value tensor_clamp_(vm *m, value self, const struct arguments *arguments)
{
    return in_place(m, self, tensor_clamp(m, self, arguments));
}

FUNCTION_OF(clamp)

static value logical(vm *m, operator op, value self, value other)
{
    value truths[] = {tested(m, self, is_zero), tested(m, other, is_zero)};
    for (int i = 0; i < 2; i++)
        truths[i] = tensor_operate_unary(m, OP_INVERT, truths[i]);
    return tensor_operate(m, op, truths[0], truths[1]);
}

#define LOGICAL(name, op)                                                                                              \
    static value tensor_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        value other;                                                                                                   \
        take_arguments(m, #name, "other", arguments, &other);                                                          \
        (void)tensor_values(m, other, #name "(): argument 'other'");                                                   \
        return logical(m, op, self, other);                                                                            \
    }                                                                                                                  \
    FUNCTION_OF(name)
LOGICAL(logical_and, OP_AND)
LOGICAL(logical_or, OP_OR)
LOGICAL(logical_xor, OP_XOR)

/* --- Are they equal? ------------------------------------------------------------------------------------------------- */

static bool all_true(const struct array *a)
{
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c))
        if (!a->buffer->bytes[c.offset])
            return false;
    return true;
}

static value tensor_equal(vm *m, value self, const struct arguments *arguments)
{
    value other;
    take_arguments(m, "equal", "other", arguments, &other);
    const struct array *a = tensor_values(m, self, "a tensor"),
                       *b = tensor_values(m, other, "equal(): argument 'other'");
    bool same = a->n_dims == b->n_dims;
    for (int i = 0; same && i < a->n_dims; i++)
        same = a->shape[i] == b->shape[i];
    return BOOL(same && all_true(tensor_operate(m, OP_EQ, self, other).u.tensor->array));
}

/* ATen/native/TensorCompare.cpp: equal, or finite and |self - other| <= atol + |rtol * other|. */
static value tensor_isclose(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    take_arguments(m, "isclose", "other rtol= atol= equal_nan=", arguments, a);
    (void)tensor_values(m, a[0], "isclose(): argument 'other'");
    value rtol = a[1].kind == V_NOTHING ? FLOAT(1e-05) : a[1], atol = a[2].kind == V_NOTHING ? FLOAT(1e-08) : a[2];
    if (self.u.tensor->array->dt != a[0].u.tensor->array->dt)
        fail(m, "RuntimeError: %s did not match %s", torch_scalar_name((dtype)self.u.tensor->array->dt),
             torch_scalar_name((dtype)a[0].u.tensor->array->dt));
    value x = tensor_result(m, self.u.tensor->array, NULL, &self, 1),
          y = tensor_result(m, a[0].u.tensor->array, NULL, &self, 1);
    value close = tensor_operate(m, OP_EQ, x, y);
    if (!is_none(a[3]) && truth(m, a[3]))
        close = tensor_operate(m, OP_OR, close, tensor_operate(m, OP_AND, tested(m, x, is_nan), tested(m, y, is_nan)));
    if (!dtype_is_float(x.u.tensor->array->dt))
        fail(m, "isclose() of integers is not supported");
    value allowed = tensor_map(m, tensor_operate(m, OP_MULTIPLY, y, rtol), DT_NONE, MAP_ABS, 0);
    allowed = tensor_operate(m, OP_ADD, allowed, atol);
    value apart = tensor_map(m, tensor_operate(m, OP_SUBTRACT, x, y), DT_NONE, MAP_ABS, 0);
    value within = tensor_operate(m, OP_AND, tested(m, apart, is_finite), tensor_operate(m, OP_LE, apart, allowed));
    return tensor_operate(m, OP_OR, close, within);
}

static value tensor_allclose(vm *m, value self, const struct arguments *arguments)
{
    return BOOL(all_true(tensor_isclose(m, self, arguments).u.tensor->array));
}

FUNCTION_OF(equal)
FUNCTION_OF(isclose)
FUNCTION_OF(allclose)

/* --- Writing --------------------------------------------------------------------------------------------------------- */

static value filled(vm *m, value self, value with)
{
    struct tensor *t = self.u.tensor;
    tensor_check_in_place(m, t);
    struct array *from =
        with.kind == V_TENSOR ? tensor_values(m, with, "the value") : array_from(m, scalar_item(m, with), DT_NONE);
    tensor_copy(m, t->array, from);
    tensor_written(t);
    return self;
}

static value tensor_fill_(vm *m, value self, const struct arguments *arguments)
{
    value with;
    take_arguments(m, "fill_", "value", arguments, &with);
    if (with.kind == V_TENSOR && with.u.tensor->array->n_dims > 0)
        fail(m, "RuntimeError: fill_ only supports 0-dimension value tensor but got tensor with %d dimensions.",
             with.u.tensor->array->n_dims);
    if (with.kind != V_TENSOR && !is_number(with))
        type_error(m, "fill_(): argument 'value' (position 1) must be Number, not %s", type_name(with));
    return filled(m, self, with);
}

static value tensor_zero_(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "zero_", arguments);
    return filled(m, self, INT(0));
}

static value tensor_copy_(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "copy_", "src non_blocking=", arguments, a);
    (void)tensor_of(m, a[0], "copy_(): argument 'src' (position 1)");
    return filled(m, self, a[0]);
}

static struct array *mask_for(vm *m, value mask, const struct array *a)
{
    struct array *b = tensor_values(m, mask, "the mask");
    if (b->dt != DT_BOOL)
        fail(m, "RuntimeError: masked_fill_ only supports boolean masks, but got mask with dtype %s",
             dtype_name((dtype)b->dt));
    return array_broadcast(m, b, a->n_dims, a->shape);
}

static value masked(vm *m, value self, struct array *into, value mask, value with)
{
    struct array *chosen = mask_for(m, mask, into);
    struct array *one =
        with.kind == V_TENSOR ? tensor_values(m, with, "the value") : array_from(m, scalar_item(m, with), DT_NONE);
    if (array_size(one) != 1 || one->n_dims != 0)
        fail(m,
             "RuntimeError: masked_fill_ only supports a 0-dimensional value tensor, but got tensor with %d "
             "dimension(s).",
             one->n_dims);
    if (!torch_can_cast((dtype)one->dt, (dtype)into->dt) && into->dt != DT_BOOL)
        fail(m, "RuntimeError: value cannot be converted to type %s without overflow",
             torch_scalar_name((dtype)into->dt));
    one = tensor_cast(m, one, (dtype)into->dt);
    struct cursor c = cursor_start(chosen);
    for (struct cursor to = cursor_start(into); cursor_more(&to); cursor_next(&to), cursor_next(&c))
        if (chosen->buffer->bytes[c.offset])
            memcpy(into->buffer->bytes + to.offset, one->buffer->bytes, into->item_nbytes);
    return self;
}

static value tensor_masked_fill_(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "masked_fill_", "mask value", arguments, a);
    tensor_check_in_place(m, self.u.tensor);
    return masked(m, self, tensor_values(m, self, "a tensor"), a[0], a[1]);
}

static value tensor_masked_fill(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "masked_fill", "mask value", arguments, a);
    struct array *from = tensor_values(m, self, "a tensor"), *b = tensor_values(m, a[0], "the mask");
    int64_t shape[MAX_DIMS];
    int n_dims;
    tensor_broadcast_shapes(m, from, b, &n_dims, shape);
    struct array *out = array_copy(m, array_broadcast(m, from, n_dims, shape));
    return masked(m, tensor_result(m, out, "MaskedFillBackward0", &self, 1), out, a[0], a[1]);
}

static value tensor_masked_select(vm *m, value self, const struct arguments *arguments)
{
    value mask;
    take_arguments(m, "masked_select", "mask", arguments, &mask);
    struct array *a = tensor_values(m, self, "a tensor"), *b = tensor_values(m, mask, "the mask");
    int64_t shape[MAX_DIMS], n = 0;
    int n_dims;
    if (b->dt != DT_BOOL)
        fail(m, "RuntimeError: masked_select: expected BoolTensor for mask");
    tensor_broadcast_shapes(m, a, b, &n_dims, shape);
    a = array_broadcast(m, a, n_dims, shape);
    b = array_broadcast(m, b, n_dims, shape);
    for (struct cursor c = cursor_start(b); cursor_more(&c); cursor_next(&c))
        n += b->buffer->bytes[c.offset] != 0;
    struct array *out = array_new(m, (dtype)a->dt, 1, &n, 0);
    char *to = out->buffer->bytes;
    struct cursor d = cursor_start(b);
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), cursor_next(&d))
        if (b->buffer->bytes[d.offset]) {
            memcpy(to, a->buffer->bytes + c.offset, out->item_nbytes);
            to += out->item_nbytes;
        }
    return tensor_result(m, out, "MaskedSelectBackward0", &self, 1);
}

FUNCTION_OF(masked_fill)
FUNCTION_OF(masked_select)

/* torch.where(condition, x, y); of a condition alone, its positions. */
static value torch_where(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "where", "condition input= other=", arguments, a);
    struct array *condition = tensor_values(m, a[0], "where(): argument 'condition'");
    if (a[1].kind == V_NOTHING) {
        value positions = tensor_nonzero_tuple(m, a[0]);
        return positions;
    }
    if (condition->dt != DT_BOOL)
        fail(m, "RuntimeError: where expected condition to be a boolean tensor, but got a tensor with dtype %s",
             torch_scalar_name((dtype)condition->dt));
    dtype dt = torch_result_dtype(m, a + 1, 2);
    struct array *parts[3] = {condition, NULL, NULL};
    int64_t shape[MAX_DIMS];
    int n_dims;
    for (int i = 1; i < 3; i++) {
        struct array *from = a[i].kind == V_TENSOR ? tensor_values(m, a[i], "where(): an argument")
                                                   : array_from(m, scalar_item(m, a[i]), DT_NONE);
        parts[i] = tensor_cast(m, from, dt);
    }
    tensor_broadcast_shapes(m, parts[1], parts[2], &n_dims, shape);
    struct array *both = array_view(m, parts[1]);
    both->n_dims = (uint8_t)n_dims;
    memcpy(both->shape, shape, sizeof shape);
    tensor_broadcast_shapes(m, condition, both, &n_dims, shape);
    struct cursor c[3];
    for (int i = 0; i < 3; i++) {
        parts[i] = array_broadcast(m, parts[i], n_dims, shape);
        c[i] = cursor_start(parts[i]);
    }
    struct array *out = array_new(m, dt, n_dims, shape, 0);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes) {
        int k = parts[0]->buffer->bytes[c[0].offset] ? 1 : 2;
        memcpy(at, parts[k]->buffer->bytes + c[k].offset, out->item_nbytes);
        for (int i = 0; i < 3; i++)
            cursor_next(&c[i]);
    }
    return tensor_result(m, out, "WhereBackward0", a + 1, 2);
}

static value torch_result_type(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "result_type", "tensor1 tensor2", arguments, a);
    return TORCH_DTYPE(torch_result_dtype(m, a, 2));
}

/* --- Tables ---------------------------------------------------------------------------------------------------------- */

#define BOTH(name) METHOD(name), METHOD(name##_)
#define ALIAS(name, function)                                                                                          \
    {                                                                                                                  \
        name, function, NATIVE_FUNCTION, 0                                                                             \
    }
const struct native tensor_math_methods[] = {BOTH(add),
                                             BOTH(sub),
                                             BOTH(mul),
                                             BOTH(div),
                                             BOTH(floor_divide),
                                             BOTH(remainder),
                                             BOTH(pow),
                                             BOTH(eq),
                                             BOTH(ne),
                                             BOTH(lt),
                                             BOTH(le),
                                             BOTH(gt),
                                             BOTH(ge),
                                             BOTH(bitwise_and),
                                             BOTH(bitwise_or),
                                             BOTH(bitwise_xor),
                                             BOTH(neg),
                                             BOTH(abs),
                                             BOTH(sqrt),
                                             BOTH(rsqrt),
                                             BOTH(reciprocal),
                                             BOTH(square),
                                             BOTH(floor),
                                             BOTH(ceil),
                                             BOTH(round),
                                             BOTH(trunc),
                                             BOTH(frac),
                                             BOTH(sign),
                                             BOTH(relu),
                                             BOTH(clamp),
                                             ALIAS("true_divide", tensor_div),
                                             ALIAS("divide", tensor_div),
                                             ALIAS("multiply", tensor_mul),
                                             ALIAS("subtract", tensor_sub),
                                             ALIAS("negative", tensor_neg),
                                             ALIAS("absolute", tensor_abs),
                                             ALIAS("clip", tensor_clamp),
                                             METHOD(maximum),
                                             METHOD(minimum),
                                             METHOD(isnan),
                                             METHOD(isinf),
                                             METHOD(isfinite),
                                             METHOD(logical_not),
                                             METHOD(logical_and),
                                             METHOD(logical_or),
                                             METHOD(logical_xor),
                                             METHOD(equal),
                                             METHOD(isclose),
                                             METHOD(allclose),
                                             METHOD(fill_),
                                             METHOD(zero_),
                                             METHOD(copy_),
                                             BOTH(masked_fill),
                                             METHOD(masked_select),
                                             {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native torch_math_functions[] = {FUNCTION(add),
                                              FUNCTION(sub),
                                              FUNCTION(mul),
                                              FUNCTION(div),
                                              FUNCTION(floor_divide),
                                              FUNCTION(remainder),
                                              FUNCTION(pow),
                                              FUNCTION(eq),
                                              FUNCTION(ne),
                                              FUNCTION(lt),
                                              FUNCTION(le),
                                              FUNCTION(gt),
                                              FUNCTION(ge),
                                              FUNCTION(bitwise_and),
                                              FUNCTION(bitwise_or),
                                              FUNCTION(bitwise_xor),
                                              FUNCTION(neg),
                                              FUNCTION(abs),
                                              FUNCTION(sqrt),
                                              FUNCTION(rsqrt),
                                              FUNCTION(reciprocal),
                                              FUNCTION(square),
                                              FUNCTION(floor),
                                              FUNCTION(ceil),
                                              FUNCTION(round),
                                              FUNCTION(trunc),
                                              FUNCTION(frac),
                                              FUNCTION(sign),
                                              FUNCTION(relu),
                                              FUNCTION(clamp),
                                              ALIAS("true_divide", torch_div),
                                              ALIAS("multiply", torch_mul),
                                              ALIAS("subtract", torch_sub),
                                              ALIAS("absolute", torch_abs),
                                              ALIAS("clip", torch_clamp),
                                              FUNCTION(maximum),
                                              FUNCTION(minimum),
                                              FUNCTION(isnan),
                                              FUNCTION(isinf),
                                              FUNCTION(isfinite),
                                              FUNCTION(logical_not),
                                              FUNCTION(logical_and),
                                              FUNCTION(logical_or),
                                              FUNCTION(logical_xor),
                                              FUNCTION(equal),
                                              FUNCTION(isclose),
                                              FUNCTION(allclose),
                                              FUNCTION(masked_fill),
                                              FUNCTION(masked_select),
                                              FUNCTION(where),
                                              FUNCTION(result_type),
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
