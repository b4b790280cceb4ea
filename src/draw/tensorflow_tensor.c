/* tensorflow_tensor.c - eager tensors, shapes and variables of TensorFlow as values: conversion, methods, printing.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan */
#include <string.h> /* strcmp, strchr */

#include "draw/tensorflow_eager.h"

static const struct object_class tensor_class, variable_class, shape_class;

/* --- Making ------------------------------------------------------------------------------------------------------------ */

value tensorflow_tensor(vm *m, struct array *a)
{
    value v = new_instance(m, &tensor_class, sizeof(struct instance), 1);
    instance_of(v)->held[0] = array_value(a);
    return v;
}

/* held: the array, its name. */
value tensorflow_variable(vm *m, struct array *a, const char *name)
{
    value v = new_instance(m, &variable_class, sizeof(struct instance), 2);
    instance_of(v)->held[0] = array_value(a);
    instance_of(v)->held[1] = make_str(m, name); /* with ":0" */
    return v;
}

bool is_tensorflow_tensor(value v)
{
    return v.kind == V_OBJECT && (instance_of(v)->class == &tensor_class || instance_of(v)->class == &variable_class);
}

struct array *tensorflow_array(value tensor)
{
    return instance_of(tensor)->held[0].u.array;
}

value tensorflow_scalar(vm *m, dtype dt, value number)
{
    struct array *a = array_new(m, dt, 0, NULL, 0);
    array_put_item(m, a, 0, number);
    return tensorflow_tensor(m, a);
}

/* held: a tuple. */
value tensorflow_shape(vm *m, const int64_t *shape, int n_dims)
{
    value v = new_instance(m, &shape_class, sizeof(struct instance), 1);
    instance_of(v)->held[0] = shape_tuple(m, shape, n_dims);
    return v;
}

static bool is_shape(value v)
{
    return v.kind == V_OBJECT && instance_of(v)->class == &shape_class;
}

/* --- Conversion ---------------------------------------------------------------------------------------------------------- */

/* What a value nested in sequences is, first of all. */
typedef enum leaf { LEAF_NONE, LEAF_BOOL, LEAF_INT, LEAF_FLOAT, LEAF_NUMPY, LEAF_TENSOR, LEAF_TEXT } leaf;

struct leaves {
    leaf first;
    bool wide, mixed; /* an integer that int32 does not hold; bool and numbers together */
    dtype dt;         /* of NumPy's values and tensors */
};

static leaf leaf_of(vm *m, value v)
{
    if (is_tensorflow_tensor(v))
        return LEAF_TENSOR;
    if (v.kind == V_ARRAY || v.kind == V_SCALAR || object_array(m, v))
        return LEAF_NUMPY;
    if (v.kind == V_BOOL)
        return LEAF_BOOL;
    if (v.kind == V_INT || v.kind == V_BIG)
        return LEAF_INT;
    if (v.kind == V_FLOAT)
        return LEAF_FLOAT;
    if (is_text(v) || v.kind == V_BYTES)
        return LEAF_TEXT;
    struct writer w = writer_start(m);
    put_repr(&w, v);
    value_error(m, "Attempt to convert a value (%.80s) with an unsupported type (<class '%s'>) to a Tensor.",
                written(&w), type_name(v));
}

static dtype leaf_dtype(vm *m, value v)
{
    return v.kind == V_SCALAR ? (dtype)v.dt : (dtype)array_from(m, v, DT_NONE)->dt;
}

static void find_leaves(vm *m, struct leaves *l, value v, bool nested)
{
    if (is_shape(v))
        v = instance_of(v)->held[0];
    if (v.kind == V_RANGE)
        v = to_list(m, v);
    if (is_sequence(v)) {
        enter(m);
        for (size_t i = 0; i < v.u.seq->n; i++)
            find_leaves(m, l, v.u.seq->items[i], true);
        leave(m);
        return;
    }
    leaf kind = leaf_of(m, v);
    if (nested && v.kind == V_SCALAR && dtype_is_integer(v.dt)) /* among others an int as Python's */
        kind = LEAF_INT;
    if (nested && kind == LEAF_TENSOR && tensorflow_array(v)->n_dims == 0)
        value_error(m, "TypeError: Scalar tensor has no `len()`");
    if (kind == LEAF_INT && (v.kind == V_BIG || v.u.i > INT32_MAX || v.u.i < INT32_MIN))
        l->wide = true;
    if (kind == LEAF_NUMPY || kind == LEAF_TENSOR)
        l->dt = l->first == LEAF_NONE || l->dt == DT_NONE ? leaf_dtype(m, v) : promote(m, l->dt, leaf_dtype(m, v));
    if (l->first == LEAF_NONE)
        l->first = kind;
    else if (l->first == LEAF_INT && kind == LEAF_FLOAT)
        l->first = LEAF_FLOAT;
    else if (l->first == LEAF_BOOL && kind != LEAF_BOOL)
        l->mixed = true;
    else if ((l->first == LEAF_INT || l->first == LEAF_FLOAT) && (kind == LEAF_TENSOR || kind == LEAF_NUMPY))
        l->first = kind;
}

/* The dtype of what Python's numbers become where no other is asked for. */
static dtype found_dtype(vm *m, const struct leaves *l)
{
    if (l->mixed)
        value_error(m, "Can't convert Python sequence with mixed types to Tensor.");
    switch (l->first) {
    case LEAF_BOOL:
        return DT_BOOL;
    case LEAF_INT:
        return l->wide ? DT_INT64 : DT_INT32;
    case LEAF_NUMPY:
    case LEAF_TENSOR:
        return l->dt;
    default:
        return DT_FLOAT32;
    }
}

/* Python's numbers go in as C's casts have them; a float becomes no integer. */
static void require_fit(vm *m, value v, dtype dt, leaf first)
{
    if (is_shape(v))
        v = instance_of(v)->held[0];
    if (is_sequence(v)) {
        enter(m);
        for (size_t i = 0; i < v.u.seq->n; i++)
            require_fit(m, v.u.seq->items[i], dt, first);
        leave(m);
        return;
    }
    bool fits = v.kind == V_FLOAT  ? dtype_is_float(dt)
                : v.kind == V_BOOL ? dt == DT_BOOL || first != LEAF_BOOL
                : v.kind == V_INT  ? dt != DT_BOOL
                                   : !is_text(v) && v.kind != V_BYTES;
    if (fits)
        return;
    struct writer w = writer_start(m);
    put_repr(&w, v);
    type_error(m, "Cannot convert %.80s to EagerTensor of dtype %s", written(&w), dtype_name(dt));
}

struct array *tensorflow_cast(vm *m, const struct array *a, dtype dt)
{
    if (a->dt == dt)
        return array_copy(m, a);
    struct array *out = array_new(m, dt, a->n_dims, a->shape, 0);
    char *at = out->buffer->bytes;
    step(m, (uint64_t)array_size(out));
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c), at += out->item_nbytes) {
        const char *from = a->buffer->bytes + c.offset;
        if (!dtype_is_float(a->dt) && !dtype_is_float(dt)) {
            store_integer(dt, at, load_integer(a->dt, from));
        } else if (!dtype_is_float(a->dt) && dtype_nbytes(dt) <= 4) { /* rounded to float once, then to a half */
            int64_t i = load_integer(a->dt, from);
            store_double(dt, at, (double)(a->dt == DT_UINT64 ? (float)(uint64_t)i : (float)i));
        } else {
            double x = tensorflow_flush((dtype)a->dt, load_double(a->dt, from));
            if (dtype_nbytes(dt) == 2 && dtype_is_float(dt))
                x = (double)(float)x; /* a half comes from a float */
            bool to_integer = dtype_is_integer(dt);
            if (to_integer && dt != DT_INT32 && dt != DT_INT64 && !(x > -2147483649.0 && x < 2147483648.0))
                value_error(m, "a float that %s cannot hold: what a cast makes of it depends on the machine",
                            dtype_name(dt));
            /* As cvttss2si: what does not fit is the least integer. */
            bool fits = dt == DT_INT32 ? x > -2147483649.0 && x < 2147483648.0 : true;
            if (to_integer && (!fits || isnan(x)))
                store_integer(dt, at, dt == DT_INT32 ? INT32_MIN : INT64_MIN);
            else
                store_double(dt, at, tensorflow_flush(dt, x));
        }
    }
    return out;
}

/* A Python number into each place; those that the dtype does not hold wrap. */
static void fill_numbers(vm *m, struct array *out, int64_t *offset, value v)
{
    if (is_shape(v))
        v = instance_of(v)->held[0];
    if (is_sequence(v)) {
        for (size_t i = 0; i < v.u.seq->n; i++)
            fill_numbers(m, out, offset, v.u.seq->items[i]);
        return;
    }
    char *at = out->buffer->bytes + *offset;
    if (dtype_is_float(out->dt)) {
        double x = to_double(m, v, "a number");
        store_double(out->dt, at, dtype_nbytes(out->dt) == 2 ? (double)(float)x : x);
    } else {
        value plain = plain_integer(m, v);
        uint64_t u = 0;
        if (plain.kind == V_BIG && !(out->dt == DT_UINT64 && fits_u64(plain, &u)))
            value_error(m, "Can't convert Python sequence with out-of-range integer to Tensor.");
        store_integer(out->dt, at, plain.kind == V_BIG ? (int64_t)u : plain.u.i);
    }
    *offset += out->item_nbytes;
}

/* The shape of nested sequences of Python's numbers. */
static int nested_shape(vm *m, value v, int64_t shape[MAX_DIMS])
{
    int n_dims = 0;
    if (is_shape(v))
        v = instance_of(v)->held[0];
    for (; is_sequence(v); n_dims++) {
        if (n_dims == MAX_DIMS)
            value_error(m, "more than %d dimensions", MAX_DIMS);
        shape[n_dims] = (int64_t)v.u.seq->n;
        if (v.u.seq->n == 0)
            return n_dims + 1;
        v = v.u.seq->items[0];
    }
    return n_dims;
}

static void require_rectangle(vm *m, value v, const int64_t *shape, int n_dims)
{
    if (is_shape(v))
        v = instance_of(v)->held[0];
    if (is_sequence(v) != (n_dims > 0) || (n_dims > 0 && (int64_t)v.u.seq->n != shape[0]))
        value_error(m, "Can't convert non-rectangular Python sequence to Tensor.");
    enter(m);
    for (size_t i = 0; n_dims > 0 && i < v.u.seq->n; i++)
        require_rectangle(m, v.u.seq->items[i], shape + 1, n_dims - 1);
    leave(m);
}

static struct array *convert(vm *m, value v, dtype dt, bool is_hint)
{
    if (is_tensorflow_tensor(v)) {
        struct array *a = tensorflow_array(v);
        if (dt != DT_NONE && !is_hint && a->dt != dt)
            value_error(m, "Tensor conversion requested dtype %s for Tensor with dtype %s", dtype_name(dt),
                        dtype_name(a->dt));
        return a;
    }
    if (v.kind == V_RANGE)
        v = to_list(m, v);
    struct leaves l = {.dt = DT_NONE};
    find_leaves(m, &l, v, false);
    if (l.first == LEAF_NUMPY || l.first == LEAF_TENSOR) {
        struct array *a = array_from(m, v, DT_NONE);
        if (l.dt != DT_NONE && a->dt != l.dt && is_sequence(v))
            a = tensorflow_cast(m, a, l.dt);
        if (a->dt == DT_STR)
            fail(m, "tensors of strings are not supported");
        return dt == DT_NONE || a->dt == dt ? array_copy(m, a) : tensorflow_cast(m, a, dt);
    }
    if (l.first == LEAF_TEXT && dt == DT_NONE)
        fail(m, "tensors of strings are not supported");
    dtype own = found_dtype(m, &l);
    if (dt == DT_NONE)
        dt = own;
    require_fit(m, v, dt, l.first);
    int64_t shape[MAX_DIMS], offset = 0;
    int n_dims = nested_shape(m, v, shape);
    require_rectangle(m, v, shape, n_dims);
    struct array *out = array_new(m, dt, n_dims, shape, 0);
    step(m, (uint64_t)array_size(out));
    fill_numbers(m, out, &offset, v);
    return out;
}

struct array *tensorflow_convert(vm *m, value v, dtype dt)
{
    return convert(m, v, dt, false);
}

struct array *tensorflow_convert_hint(vm *m, value v, dtype hint)
{
    return convert(m, v, hint, true);
}

const char *tensorflow_shape_text(vm *m, const int64_t *shape, int n_dims)
{
    struct writer w = writer_start(m);
    put_text(&w, "[");
    for (int i = 0; i < n_dims; i++)
        put_format(&w, i ? ",%lld" : "%lld", (long long)shape[i]);
    put_text(&w, "]");
    put(&w, "", 1);
    return written(&w);
}

int tensorflow_shape_from(vm *m, value v, int64_t shape[MAX_DIMS], bool *is_long_out)
{
    bool empty = is_sequence(v) && v.u.seq->n == 0;
    const struct array *a = empty ? NULL : tensorflow_convert(m, v, DT_NONE);
    *is_long_out = false;
    if (empty)
        return 0;
    if (a->dt != DT_INT32 && a->dt != DT_INT64 && array_size(a) > 0)
        invalid_argument(m, "Value for attr 'T' of %s is not in the list of allowed values: int32, int64",
                         dtype_name(a->dt));
    if (a->n_dims != 1)
        invalid_argument(m, "shape must be a vector of {int32,int64}, got shape %s",
                         tensorflow_shape_text(m, a->shape, a->n_dims));
    if (a->shape[0] > MAX_DIMS)
        fail(m, "more than %d dimensions are not supported", MAX_DIMS);
    *is_long_out = a->dt == DT_INT64;
    for (int64_t i = 0; i < a->shape[0]; i++) {
        shape[i] = load_integer(a->dt, array_bytes(a) + i * a->strides[0]);
        if (shape[i] < 0)
            invalid_argument(m, "Dimension %lld must be >= 0", (long long)shape[i]);
    }
    return (int)a->shape[0];
}

/* --- Printing ------------------------------------------------------------------------------------------------------------ */

/* ops.numpy_text of TensorFlow 2.21: the NumPy value, on lines of its own when it has more than one. */
static void put_numpy(struct writer *w, const struct array *a, bool repr)
{
    struct writer text = writer_start(w->m);
    if (a->n_dims > 0)
        put_array(&text, a, repr);
    else if (repr)
        put_repr(&text, scalar_item(w->m, array_item(w->m, a, a->offset)));
    else
        put_str(&text, array_item(w->m, a, a->offset));
    if (memchr(written(&text), '\n', text.n))
        put_text(w, "\n");
    put(w, written(&text), text.n);
}

static void put_dims(struct writer *w, const struct array *a)
{
    put_repr(w, shape_tuple(w->m, a->shape, a->n_dims));
}

static void put_tensor_repr(struct writer *w, value v)
{
    const struct array *a = tensorflow_array(v);
    put_text(w, "<tf.Tensor: shape=");
    put_dims(w, a);
    put_format(w, ", dtype=%s, numpy=", dtype_name(a->dt));
    put_numpy(w, a, true);
    put_text(w, ">");
}

static void put_tensor_str(struct writer *w, value v)
{
    const struct array *a = tensorflow_array(v);
    put_text(w, "tf.Tensor(");
    put_numpy(w, a, false);
    put_text(w, ", shape=");
    put_dims(w, a);
    put_format(w, ", dtype=%s)", dtype_name(a->dt));
}

static void put_variable(struct writer *w, value v)
{
    const struct array *a = tensorflow_array(v);
    put_format(w, "<tf.Variable '%s' shape=", instance_of(v)->held[1].u.text->bytes);
    put_dims(w, a);
    put_format(w, " dtype=%s, numpy=", dtype_name(a->dt));
    put_numpy(w, a, true);
    put_text(w, ">");
}

static void put_tensor_shape(struct writer *w, value v)
{
    put_text(w, "TensorShape(");
    put_repr(w, to_list(w->m, instance_of(v)->held[0]));
    put_text(w, ")");
}

static void put_tensor_shape_str(struct writer *w, value v)
{
    put_repr(w, instance_of(v)->held[0]);
}

/* --- Methods of tensors -------------------------------------------------------------------------------------------------- */

static value tensor_numpy_method(vm *m, value self, const struct arguments *arguments)
{
    const struct array *a = tensorflow_array(self);
    take_none(m, "numpy", arguments);
    return a->n_dims == 0 ? array_item(m, a, a->offset) : array_value(array_copy(m, a));
}

static value tensor_shape_property(vm *m, value self, const struct arguments *arguments)
{
    const struct array *a = tensorflow_array(self);
    take_none(m, "shape", arguments);
    return tensorflow_shape(m, a->shape, a->n_dims);
}

static value tensor_dtype_property(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "dtype", arguments);
    return tensorflow_dtype((dtype)tensorflow_array(self)->dt);
}

static value tensor_ndim(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "ndim", arguments);
    return INT(tensorflow_array(self)->n_dims);
}

static value tensor_device(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "device", arguments);
    return make_str(m, "/job:localhost/replica:0/task:0/device:CPU:0");
}

static value tensor_abs(vm *m, value self, const struct arguments *arguments)
{
    struct arguments one = {.positional = &self, .n_positional = 1};
    (void)arguments;
    return find_native(tensorflow_math_functions, "abs")->call(m, NONE, &one);
}

static value variable_assign(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "assign", "value use_locking=", arguments, a);
    struct array *own = tensorflow_array(self), *given = tensorflow_convert(m, a[0], (dtype)own->dt);
    bool same = own->n_dims == given->n_dims;
    for (int i = 0; same && i < own->n_dims; i++)
        same = own->shape[i] == given->shape[i];
    if (!same)
        value_error(m, "Cannot assign value to variable '%s': Shape mismatch.",
                    instance_of(self)->held[1].u.text->bytes);
    instance_of(self)->held[0] = array_value(array_copy(m, given));
    return tensorflow_variable(m, tensorflow_array(self), "UnreadVariable");
}

static value variable_change(vm *m, value self, operator op, const struct arguments *arguments)
{
    value v[2];
    take_arguments(m, op == OP_ADD ? "assign_add" : "assign_sub", "delta use_locking=", arguments, v);
    struct array *own = tensorflow_array(self);
    value changed =
        tensorflow_tensor(m, tensorflow_elementwise(m, op, own, tensorflow_convert(m, v[0], (dtype)own->dt)));
    struct arguments one = {.positional = &changed, .n_positional = 1};
    return variable_assign(m, self, &one);
}

static value variable_assign_add(vm *m, value self, const struct arguments *arguments)
{
    return variable_change(m, self, OP_ADD, arguments);
}

static value variable_assign_sub(vm *m, value self, const struct arguments *arguments)
{
    return variable_change(m, self, OP_SUBTRACT, arguments);
}

static value variable_value(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "value", arguments);
    return tensorflow_tensor(m, tensorflow_array(self));
}

#define TENSOR_METHODS                                                                                                 \
    {"numpy", tensor_numpy_method, NATIVE_FUNCTION, 0}, {"shape", tensor_shape_property, NATIVE_PROPERTY, 0},          \
        {"get_shape", tensor_shape_property, NATIVE_FUNCTION, 0},                                                      \
        {"dtype", tensor_dtype_property, NATIVE_PROPERTY, 0}, {"ndim", tensor_ndim, NATIVE_PROPERTY, 0},               \
        {"device", tensor_device, NATIVE_PROPERTY, 0},                                                                 \
    {                                                                                                                  \
        "__abs__", tensor_abs, NATIVE_FUNCTION, 0                                                                      \
    }
static const struct native tensor_methods[] = {TENSOR_METHODS, {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct native variable_methods[] = {TENSOR_METHODS,
                                                 {"assign", variable_assign, NATIVE_FUNCTION, 0},
                                                 {"assign_add", variable_assign_add, NATIVE_FUNCTION, 0},
                                                 {"assign_sub", variable_assign_sub, NATIVE_FUNCTION, 0},
                                                 {"value", variable_value, NATIVE_FUNCTION, 0},
                                                 {"read_value", variable_value, NATIVE_FUNCTION, 0},
                                                 {NULL, NULL, NATIVE_FUNCTION, 0}};

static struct array *array_of_tensor(vm *m, value self)
{
    (void)m;
    return tensorflow_array(self);
}

static uint64_t tensor_length(vm *m, value self)
{
    const struct array *a = tensorflow_array(self);
    if (a->n_dims == 0)
        type_error(m, "Scalar tensor has no `len()`");
    return (uint64_t)a->shape[0];
}

static value tensor_iterate(vm *m, value self)
{
    const struct array *a = tensorflow_array(self);
    value list = make_sequence(m, V_LIST, 0);
    if (a->n_dims == 0)
        type_error(m, "Cannot iterate over a scalar tensor.");
    step(m, (uint64_t)a->shape[0]);
    for (int64_t i = 0; i < a->shape[0]; i++)
        append(m, list, tensorflow_item(m, self, INT(i)));
    return list;
}

static const struct object_class tensor_class = {.name = "tensorflow.python.framework.ops.EagerTensor",
                                                 .methods = tensor_methods,
                                                 .put = put_tensor_repr,
                                                 .put_str = put_tensor_str,
                                                 .iterate = tensor_iterate,
                                                 .length = tensor_length,
                                                 .item = tensorflow_item,
                                                 .array = array_of_tensor,
                                                 .operate = tensorflow_operate,
                                                 .operate_unary = tensorflow_operate_unary};
static const struct object_class variable_class = {.name = "ResourceVariable",
                                                   .methods = variable_methods,
                                                   .put = put_variable,
                                                   .iterate = tensor_iterate,
                                                   .length = tensor_length,
                                                   .item = tensorflow_item,
                                                   .array = array_of_tensor,
                                                   .operate = tensorflow_operate,
                                                   .operate_unary = tensorflow_operate_unary};

/* --- tf.TensorShape -------------------------------------------------------------------------------------------------------- */

static value shape_list(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "as_list", arguments);
    return to_list(m, instance_of(self)->held[0]);
}

static value shape_rank(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "rank", arguments);
    return INT((int64_t)instance_of(self)->held[0].u.seq->n);
}

static value shape_size(vm *m, value self, const struct arguments *arguments)
{
    const struct sequence *dims = instance_of(self)->held[0].u.seq;
    value n = INT(1);
    take_none(m, "num_elements", arguments);
    for (size_t i = 0; i < dims->n; i++)
        n = operate(m, OP_MULTIPLY, n, dims->items[i]);
    return n;
}

static const struct native shape_methods[] = {{"as_list", shape_list, NATIVE_FUNCTION, 0},
                                              {"rank", shape_rank, NATIVE_PROPERTY, 0},
                                              {"ndims", shape_rank, NATIVE_PROPERTY, 0},
                                              {"num_elements", shape_size, NATIVE_FUNCTION, 0},
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};

static value shape_of_tuple(vm *m, value tuple)
{
    value v = new_instance(m, &shape_class, sizeof(struct instance), 1);
    instance_of(v)->held[0] = tuple;
    return v;
}

static value shape_iterate(vm *m, value self)
{
    return to_list(m, instance_of(self)->held[0]);
}

static uint64_t shape_length(vm *m, value self)
{
    (void)m;
    return instance_of(self)->held[0].u.seq->n;
}

static value shape_item(vm *m, value self, value index)
{
    value item = get_item(m, instance_of(self)->held[0], index);
    return index.kind == V_SLICE ? shape_of_tuple(m, item) : item;
}

static value dims_of(vm *m, value v)
{
    if (is_shape(v))
        return instance_of(v)->held[0];
    value tuple = make_sequence(m, V_TUPLE, 0);
    struct walk walk = walk_start(m, v);
    for (value item; walk_next(m, &walk, &item);)
        append(m, tuple, item);
    return tuple;
}

static value shape_operate(vm *m, operator op, value a, value b)
{
    bool comparable = (is_shape(a) || is_sequence(a)) && (is_shape(b) || is_sequence(b));
    if ((op == OP_EQ || op == OP_NE) && !comparable)
        return BOOL(op == OP_NE);
    if (op == OP_EQ || op == OP_NE)
        return operate(m, op, dims_of(m, a), dims_of(m, b));
    if (op == OP_ADD)
        return shape_of_tuple(m, operate(m, op, dims_of(m, a), dims_of(m, b)));
    type_error(m, "unsupported operand type(s) for %s: '%s' and '%s'", operator_text(op), type_name(a), type_name(b));
}

static const struct object_class shape_class = {.name = "TensorShape",
                                                .methods = shape_methods,
                                                .put = put_tensor_shape,
                                                .put_str = put_tensor_shape_str,
                                                .iterate = shape_iterate,
                                                .length = shape_length,
                                                .item = shape_item,
                                                .operate = shape_operate};
