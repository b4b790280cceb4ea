/* operators.c - operators of Python's own values; arrays and NumPy's scalars are handed on.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* fmod, pow, floor: Python's float operators */
#include <string.h> /* memcmp */

#include "draw/iterators.h"        /* struct iterator */
#include "draw/jax_array.h"        /* is_jax_keys */
#include "draw/ndarray.h"          /* array_operate */
#include "draw/object.h"           /* struct object_class */
#include "draw/tensor.h"           /* tensor_operate */
#include "draw/tensorflow_eager.h" /* tensorflow_dtype_equals */

const char *operator_text(operator op)
{
    static const char *const texts[] = {
        "",   "+",  "-", "*",  "/", "//", "%",  "**",     "@",  "<<",     ">>", "&", "|", "^",
        "==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not", "-",  "+", "~", "not"};
    return texts[op];
}

const char *type_name(value v)
{
    static const char *const names[] = {[V_NOTHING] = "nothing",
                                        [V_NONE] = "NoneType",
                                        [V_ELLIPSIS] = "ellipsis",
                                        [V_BOOL] = "bool",
                                        [V_INT] = "int",
                                        [V_FLOAT] = "float",
                                        [V_NATIVE] = "builtin_function_or_method",
                                        [V_DTYPE] = "dtype",
                                        [V_MODULE] = "module",
                                        [V_TORCH_DTYPE] = "torch.dtype",
                                        [V_DEVICE] = "torch.device",
                                        [V_CONTEXT] = "context manager",
                                        [V_BIG] = "int",
                                        [V_STR] = "str",
                                        [V_NPSTR] = "str_",
                                        [V_BYTES] = "bytes",
                                        [V_LIST] = "list",
                                        [V_TUPLE] = "tuple",
                                        [V_DICT] = "dict",
                                        [V_SET] = "set",
                                        [V_RANGE] = "range",
                                        [V_SLICE] = "slice",
                                        [V_BUFFER] = "buffer",
                                        [V_ARRAY] = "numpy.ndarray",
                                        [V_TENSOR] = "Tensor",
                                        [V_STREAM] = "stream",
                                        [V_FUNCTION] = "function",
                                        [V_METHOD] = "method",
                                        [V_PYTHON] = "random.Random",
                                        [V_BITGEN] = "BitGenerator",
                                        [V_RANDOMSTATE] = "RandomState",
                                        [V_GENERATOR] = "Generator",
                                        [V_SEEDSEQ] = "SeedSequence",
                                        [V_SPLITTER] = "splitter",
                                        [V_TORCH] = "Generator"};
    if (v.kind == V_SCALAR) {
        static const char *const scalars[] = {"numpy.bool",   "numpy.int8",    "numpy.uint8",   "numpy.int16",
                                              "numpy.uint16", "numpy.int32",   "numpy.uint32",  "numpy.int64",
                                              "numpy.uint64", "numpy.float16", "numpy.float32", "numpy.float64",
                                              "bfloat16"};
        return scalars[v.dt];
    }
    if (v.kind == V_OBJECT)
        return instance_of(v)->class->type ? instance_of(v)->class->type(v) : instance_of(v)->class->name;
    if (v.kind == V_ITERATOR)
        return v.u.iterator->type;
    if (v.kind == V_VIEW)
        return view_type(v.u.view);
    if (v.kind == V_SET && v.u.set->frozen)
        return "frozenset";
    return names[v.kind];
}

/* --- Conversions ----------------------------------------------------------------------------------------------------- */

value plain_integer(vm *m, value v)
{
    if (v.kind == V_SCALAR && v.dt == DT_UINT64 && v.u.i < 0)
        return big_from_u64(m, (uint64_t)v.u.i);
    return v.kind == V_BIG ? v : INT(v.u.i);
}

int64_t to_int64(vm *m, value v, const char *what)
{
    if (v.kind == V_TENSOR) {
        const struct array *a = tensor_values(m, v, what);
        if (array_size(a) != 1 || dtype_is_float(a->dt))
            type_error(m, "only integer tensors of a single element can be converted to an index");
        v = tensor_item(m, v);
    }
    if (v.kind == V_ARRAY && v.u.array->n_dims == 0)
        v = array_item(m, v.u.array, v.u.array->offset);
    v = object_number(m, v);
    if (!is_integer(v))
        type_error(m, "'%s' object cannot be interpreted as an integer (%s)", type_name(v), what);
    v = plain_integer(m, v);
    if (v.kind == V_BIG)
        fail(m, "OverflowError: %s: Python int too large to convert to C long", what);
    return v.u.i;
}

double to_double(vm *m, value v, const char *what)
{
    if (v.kind == V_TENSOR) {
        if (array_size(tensor_values(m, v, what)) != 1)
            value_error(m, "only one element tensors can be converted to Python scalars");
        v = tensor_item(m, v);
    }
    if (v.kind == V_ARRAY && array_size(v.u.array) == 1 && v.u.array->n_dims == 0)
        v = array_item(m, v.u.array, v.u.array->offset);
    v = object_number(m, v);
    if (v.kind == V_FLOAT || (v.kind == V_SCALAR && dtype_is_float(v.dt)))
        return v.u.f;
    if (!is_integer(v))
        type_error(m, "%s must be a number, not '%s'", what, type_name(v));
    v = plain_integer(m, v);
    return v.kind == V_BIG ? big_to_double(m, v) : (double)v.u.i;
}

bool truth(vm *m, value v)
{
    struct array *own = object_array(m, v);
    if (own)
        v = array_value(own);
    if (is_jax_keys(v))
        type_error(m, "key array cannot be converted to boolean.");
    switch (v.kind) {
    case V_NONE:
        return false;
    case V_BOOL:
    case V_INT:
        return v.u.i != 0;
    case V_FLOAT:
        return v.u.f != 0;
    case V_SCALAR:
        return dtype_is_float(v.dt) ? v.u.f != 0 : v.u.i != 0;
    case V_ARRAY:
        if (array_size(v.u.array) != 1)
            value_error(m,
                        "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()");
        return truth(m, scalar_item(m, array_item(m, v.u.array, v.u.array->offset)));
    case V_TENSOR: {
        int64_t n = array_size(tensor_values(m, v, "a tensor"));
        if (n != 1)
            fail(m, "RuntimeError: Boolean value of Tensor with %s is ambiguous",
                 n ? "more than one value" : "no values");
        return truth(m, tensor_item(m, v));
    }
    case V_STR:
    case V_NPSTR:
    case V_BYTES:
    case V_LIST:
    case V_TUPLE:
    case V_DICT:
    case V_SET:
    case V_RANGE:
    case V_VIEW:
        return value_length(m, v) != 0;
    default:
        return true;
    }
}

/* --- Equality and order ---------------------------------------------------------------------------------------------- */

/* An integer with a double, exactly. */
static int compare_integer_double(vm *m, value i, double x)
{
    if (isnan(x))
        return 2;
    if (isinf(x))
        return x > 0 ? -1 : 1;
    int order = big_compare(i, big_from_double(m, x));
    double rest = x - trunc(x);
    return order != 0 ? order : rest > 0 ? -1 : rest < 0;
}

static bool is_float(value v)
{
    return v.kind == V_FLOAT || (v.kind == V_SCALAR && dtype_is_float(v.dt));
}

/* The class whose operators take a and b; NULL: neither's. */
static const struct object_class *operating_class(value a, value b)
{
    if (a.kind == V_OBJECT && instance_of(a)->class->operate)
        return instance_of(a)->class;
    return b.kind == V_OBJECT && instance_of(b)->class->operate ? instance_of(b)->class : NULL;
}

/* -1, 0, 1; 2: unordered. Numbers, texts, bytes, sequences. */
static int order_of(vm *m, value a, value b)
{
    if (a.kind == V_TENSOR || b.kind == V_TENSOR || operating_class(a, b))
        return truth(m, operate(m, OP_LT, a, b))   ? -1
               : truth(m, operate(m, OP_GT, a, b)) ? 1
               : truth(m, operate(m, OP_EQ, a, b)) ? 0
                                                   : 2;
    if (is_number(a) && is_number(b)) {
        if (is_float(a) && is_float(b))
            return a.u.f < b.u.f ? -1 : a.u.f > b.u.f ? 1 : a.u.f == b.u.f ? 0 : 2;
        if (is_float(b))
            return compare_integer_double(m, plain_integer(m, a), b.u.f);
        if (is_float(a)) {
            int c = compare_integer_double(m, plain_integer(m, b), a.u.f);
            return c == 2 ? 2 : -c;
        }
        return big_compare(plain_integer(m, a), plain_integer(m, b));
    }
    if ((is_text(a) && is_text(b)) || (a.kind == V_BYTES && b.kind == V_BYTES)) {
        size_t n_a = a.u.text->nbytes, n_b = b.u.text->nbytes, n = n_a < n_b ? n_a : n_b;
        int c = memcmp(a.u.text->bytes, b.u.text->bytes, n); /* UTF-8 sorts as its code points do */
        return c != 0 ? (c < 0 ? -1 : 1) : n_a < n_b ? -1 : n_a > n_b;
    }
    if (a.kind == b.kind && (a.kind == V_LIST || a.kind == V_TUPLE)) {
        enter(m);
        size_t n = a.u.seq->n < b.u.seq->n ? a.u.seq->n : b.u.seq->n, i = 0;
        while (i < n && values_equal(m, a.u.seq->items[i], b.u.seq->items[i]))
            i++;
        int c = i < n ? order_of(m, a.u.seq->items[i], b.u.seq->items[i])
                      : (a.u.seq->n < b.u.seq->n ? -1 : a.u.seq->n > b.u.seq->n);
        leave(m);
        return c;
    }
    type_error(m, "'<' not supported between instances of '%s' and '%s'", type_name(a), type_name(b));
}

static bool equal_sequences(vm *m, const struct sequence *a, const struct sequence *b)
{
    if (a->n != b->n)
        return false;
    enter(m);
    bool equal = true;
    for (size_t i = 0; equal && i < a->n; i++)
        equal = values_equal(m, a->items[i], b->items[i]);
    leave(m);
    return equal;
}

static bool equal_dicts(vm *m, const struct dict *a, const struct dict *b)
{
    bool equal = a->n == b->n;
    enter(m);
    for (size_t i = 0; equal && i < a->n_entries; i++) {
        value item;
        if (a->entries[i].used)
            equal = dict_get(m, b, a->entries[i].key, &item) && values_equal(m, a->entries[i].item, item);
    }
    leave(m);
    return equal;
}

static bool is_subset(vm *m, const struct set *a, const struct set *b)
{
    for (size_t i = 0; i <= a->mask; i++)
        if (a->slots[i].state == 1 && !set_has(m, b, a->slots[i].key))
            return false;
    return true;
}

/* NumPy makes a dtype of the other first: of a type, or of its name. */
static bool equals_dtype(vm *m, value v, value other)
{
    bool names_one = is_text(other) || other.kind == V_NONE || (other.kind == V_NATIVE && other.u.native->dt != 0);
    return names_one && dtype_from(m, other) == (dtype)v.dt && (v.dt != DT_STR || v.u.i == 0);
}

bool values_equal(vm *m, value a, value b)
{
    step(m, 1);
    if (is_number(a) && is_number(b))
        return order_of(m, a, b) == 0;
    if (is_text(a) && is_text(b))
        return a.u.text->nbytes == b.u.text->nbytes && memcmp(a.u.text->bytes, b.u.text->bytes, a.u.text->nbytes) == 0;
    if (a.kind == V_TENSOR || b.kind == V_TENSOR)
        return (a.kind == b.kind && a.u.o == b.u.o) || truth(m, tensor_operate(m, OP_EQ, a, b));
    if (operating_class(a, b))
        return (a.kind == b.kind && a.u.o == b.u.o) || truth(m, operate(m, OP_EQ, a, b));
    if (a.kind == V_ARRAY || b.kind == V_ARRAY)
        return truth(m, array_operate(m, OP_EQ, a, b));
    if (is_tensorflow_dtype(a) || is_tensorflow_dtype(b))
        return tensorflow_dtype_equals(m, a, b);
    if (a.kind == V_DTYPE && b.kind != V_DTYPE)
        return equals_dtype(m, a, b);
    if (b.kind == V_DTYPE && a.kind != V_DTYPE)
        return equals_dtype(m, b, a);
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case V_NONE:
    case V_ELLIPSIS:
        return true;
    case V_BYTES:
        return order_of(m, a, b) == 0;
    case V_LIST:
    case V_TUPLE:
        return equal_sequences(m, a.u.seq, b.u.seq);
    case V_DICT:
        return equal_dicts(m, a.u.dict, b.u.dict);
    case V_SET:
        return a.u.set->used == b.u.set->used && is_subset(m, a.u.set, b.u.set);
    case V_RANGE:
        return a.u.range->n == b.u.range->n &&
               (a.u.range->n == 0 ||
                (a.u.range->start == b.u.range->start && (a.u.range->n == 1 || a.u.range->step == b.u.range->step)));
    case V_TORCH_DTYPE:
        return a.dt == b.dt;
    case V_DTYPE:
    case V_DEVICE:
        return a.dt == b.dt && a.u.i == b.u.i;
    case V_NATIVE:
        return a.u.native == b.u.native;
    default:
        return a.u.o == b.u.o;
    }
}

int values_compare(vm *m, value a, value b)
{
    step(m, 1);
    return order_of(m, a, b);
}

static value compare(vm *m, operator op, value a, value b)
{
    if (op == OP_EQ || op == OP_NE)
        return BOOL(values_equal(m, a, b) == (op == OP_EQ));
    if (a.kind == V_SET && b.kind == V_SET) {
        const struct set *small = op == OP_LT || op == OP_LE ? a.u.set : b.u.set,
                         *large = small == a.u.set ? b.u.set : a.u.set;
        bool strict = op == OP_LT || op == OP_GT;
        return BOOL(is_subset(m, small, large) && (!strict || small->used < large->used));
    }
    int c = order_of(m, a, b);
    bool yes = op == OP_LT ? c == -1 : op == OP_LE ? c == -1 || c == 0 : op == OP_GT ? c == 1 : c == 1 || c == 0;
    return BOOL(yes);
}

static bool contains(vm *m, value container, value item)
{
    if (container.kind == V_SET)
        return set_has(m, container.u.set, item);
    if (container.kind == V_DICT)
        return dict_get(m, container.u.dict, item, &(value){0});
    if (container.kind == V_VIEW && container.u.view->what == VIEW_KEYS)
        return dict_get(m, container.u.view->dict.u.dict, item, &(value){0});
    if (is_text(container) || container.kind == V_BYTES) {
        if (!(is_text(item) || item.kind == V_BYTES))
            type_error(m, "'in <string>' requires string as left operand, not %s", type_name(item));
        return memmem(container.u.text->bytes, container.u.text->nbytes, item.u.text->bytes, item.u.text->nbytes) !=
               NULL;
    }
    if (container.kind == V_TENSOR) {
        if (item.kind != V_TENSOR && !is_number(item))
            fail(m, "RuntimeError: Tensor.__contains__ only supports Tensor or scalar, but you passed in a %s.",
                 type_name(item));
        const struct array *equal = tensor_operate(m, OP_EQ, container, item).u.tensor->array;
        for (struct cursor c = cursor_start(equal); cursor_more(&c); cursor_next(&c))
            if (equal->buffer->bytes[c.offset])
                return true;
        return false;
    }
    if (container.kind == V_ARRAY)
        return truth(
            m, array_reduce(m, "any", array_from(m, array_operate(m, OP_EQ, container, item), DT_NONE), NONE, NONE));
    struct walk walk = walk_start(m, container);
    for (value v; walk_next(m, &walk, &v);)
        if (values_equal(m, v, item))
            return true;
    return false;
}

/* --- Numbers --------------------------------------------------------------------------------------------------------- */

static value operate_floats(vm *m, operator op, double a, double b)
{
    if (b == 0 && (op == OP_DIVIDE || op == OP_FLOOR_DIVIDE || op == OP_MODULO))
        fail(m, "ZeroDivisionError: %s",
             op == OP_DIVIDE   ? "division by zero"
             : op == OP_MODULO ? "float modulo by zero"
                               : "float floor division by zero");
    switch (op) {
    case OP_ADD:
        return FLOAT(a + b);
    case OP_SUBTRACT:
        return FLOAT(a - b);
    case OP_MULTIPLY:
        return FLOAT(a * b);
    case OP_DIVIDE:
        return FLOAT(a / b);
    case OP_FLOOR_DIVIDE:
    case OP_MODULO: { /* Objects/floatobject.c: float_divmod */
        double mod = fmod(a, b), div = (a - mod) / b;
        if (mod != 0) {
            if ((b < 0) != (mod < 0)) {
                mod += b;
                div -= 1;
            }
        } else {
            mod = copysign(0, b);
        }
        double whole = div != 0 ? floor(div) : copysign(0, a / b);
        if (div != 0 && div - whole > 0.5)
            whole += 1;
        return FLOAT(op == OP_MODULO ? mod : whole);
    }
    case OP_POWER: { /* libm's pow, as in CPython */
        if (a == 0 && b < 0)
            fail(m, "ZeroDivisionError: 0.0 cannot be raised to a negative power");
        if (a < 0 && isfinite(a) && isfinite(b) && b != floor(b))
            fail(m, "a negative number to a fraction is complex: not supported");
        double x = pow(a, b);
        if (isinf(x) && isfinite(a) && isfinite(b))
            fail(m, "OverflowError: (34, 'Numerical result out of range')");
        return FLOAT(x);
    }
    default:
        type_error(m, "unsupported operand type(s) for %s: 'float'", operator_text(op));
    }
}

static value operate_integers(vm *m, operator op, value a, value b)
{
    bool bools = a.kind == V_BOOL && b.kind == V_BOOL;
    a = plain_integer(m, a);
    b = plain_integer(m, b);
    if (op == OP_DIVIDE)
        return FLOAT(big_true_divide(m, a, b));
    if (op == OP_POWER && big_compare(b, INT(0)) < 0)
        return operate_floats(m, op, to_double(m, a, "the base"), to_double(m, b, "the exponent"));
    int64_t x;
    if (a.kind == V_INT && b.kind == V_INT) {
        if (op == OP_ADD && !__builtin_add_overflow(a.u.i, b.u.i, &x))
            return INT(x);
        if (op == OP_SUBTRACT && !__builtin_sub_overflow(a.u.i, b.u.i, &x))
            return INT(x);
        if (op == OP_MULTIPLY && !__builtin_mul_overflow(a.u.i, b.u.i, &x))
            return INT(x);
        if ((op == OP_FLOOR_DIVIDE || op == OP_MODULO) && b.u.i != 0 && b.u.i != -1) {
            int64_t q = a.u.i / b.u.i, r = a.u.i % b.u.i;
            bool down = r != 0 && (r < 0) != (b.u.i < 0);
            return INT(op == OP_MODULO ? (down ? r + b.u.i : r) : (down ? q - 1 : q));
        }
        if (op == OP_AND || op == OP_OR || op == OP_XOR) {
            x = op == OP_AND ? a.u.i & b.u.i : op == OP_OR ? a.u.i | b.u.i : a.u.i ^ b.u.i;
            return bools ? BOOL(x) : INT(x);
        }
    }
    return big_operate(m, op, a, b);
}

/* --- Sequences ------------------------------------------------------------------------------------------------------- */

/* What is made of a torch.Size is one. */
static void keep_size(value out, value from)
{
    if (from.kind == V_TUPLE && from.u.seq->type == torch_size_type)
        out.u.seq->type = torch_size_type;
}

static value repeat(vm *m, value sequence, value times)
{
    int64_t n = to_int64(m, times, "a repetition");
    n = n < 0 ? 0 : n;
    if (is_text(sequence) || sequence.kind == V_BYTES) {
        struct writer w = writer_start(m);
        if (sequence.u.text->nbytes > 0 && n > (int64_t)((size_t)1 << 40) / (int64_t)sequence.u.text->nbytes)
            fail(m, "MemoryError: a string of that length");
        for (int64_t i = 0; i < n; i++) {
            step(m, 1);
            put(&w, sequence.u.text->bytes, sequence.u.text->nbytes);
        }
        return make_text(m, sequence.kind == V_BYTES ? V_BYTES : V_STR, written(&w), w.n);
    }
    size_t length = sequence.u.seq->n;
    if (length == 0)
        return make_sequence(m, sequence.kind, 0);
    if (n > (int64_t)((size_t)1 << 40) / (int64_t)length)
        fail(m, "MemoryError: a list of that length");
    step(m, length * (uint64_t)n);
    value out = make_sequence(m, sequence.kind, length * (size_t)n);
    for (size_t i = 0; i < out.u.seq->n; i++)
        out.u.seq->items[i] = sequence.u.seq->items[i % length];
    keep_size(out, sequence);
    return out;
}

static value concatenate(vm *m, value a, value b)
{
    if (is_text(a) || a.kind == V_BYTES) {
        struct writer w = writer_start(m);
        put(&w, a.u.text->bytes, a.u.text->nbytes);
        put(&w, b.u.text->bytes, b.u.text->nbytes);
        return make_text(m, a.kind == V_BYTES ? V_BYTES : V_STR, written(&w), w.n);
    }
    value out = make_sequence(m, a.kind, a.u.seq->n + b.u.seq->n);
    for (size_t i = 0; i < out.u.seq->n; i++)
        out.u.seq->items[i] = i < a.u.seq->n ? a.u.seq->items[i] : b.u.seq->items[i - a.u.seq->n];
    keep_size(out, a);
    keep_size(out, b);
    return out;
}

static value operate_sets(vm *m, operator op, const struct set *a, const struct set *b)
{
    value out = make_set(m);
    struct set *set = out.u.set;
    if (op == OP_OR) {
        set_merge(m, set, a);
        set_merge(m, set, b);
    } else if (op == OP_AND) { /* the smaller is walked, b when they are equal */
        const struct set *walked = a->used < b->used ? a : b, *other = walked == a ? b : a;
        for (size_t i = 0; i <= walked->mask; i++)
            if (walked->slots[i].state == 1 && set_has(m, other, walked->slots[i].key))
                set_add(m, set, walked->slots[i].key);
    } else if (op == OP_SUBTRACT) {
        if (a->used >> 2 > b->used) {
            set_merge(m, set, a);
            for (size_t i = 0; i <= b->mask; i++)
                if (b->slots[i].state == 1)
                    set_remove(m, set, b->slots[i].key);
        } else {
            for (size_t i = 0; i <= a->mask; i++)
                if (a->slots[i].state == 1 && !set_has(m, b, a->slots[i].key))
                    set_add(m, set, a->slots[i].key);
        }
    } else {
        type_error(m, "unsupported operand type(s) for %s: 'set' and 'set' (supported: | & -)", operator_text(op));
    }
    set->frozen = a->frozen;
    return out;
}

/* --- All operators --------------------------------------------------------------------------------------------------- */

static bool is_same(value a, value b)
{
    if (a.kind != b.kind)
        return false;
    if (a.kind == V_TORCH_DTYPE)
        return a.dt == b.dt;
    return a.kind == V_NONE || a.kind == V_ELLIPSIS || a.u.o == b.u.o;
}

value operate(vm *m, operator op, value a, value b)
{
    if (op == OP_IN || op == OP_NOT_IN)
        return BOOL(contains(m, b, a) == (op == OP_IN));
    if (op == OP_IS || op == OP_IS_NOT)
        return BOOL(is_same(a, b) == (op == OP_IS));
    if (op == OP_MODULO && a.kind == V_STR)
        return percent_format(m, a, b);
    if (a.kind == V_TENSOR || b.kind == V_TENSOR)
        return tensor_operate(m, op, a, b);
    if (operating_class(a, b))
        return operating_class(a, b)->operate(m, op, a, b);
    if (a.kind == V_ARRAY || b.kind == V_ARRAY)
        return array_operate(m, op, a, b);
    if ((a.kind == V_SCALAR && (is_number(b) || is_sequence(b))) ||
        (b.kind == V_SCALAR && (is_number(a) || (is_sequence(a) && op != OP_MULTIPLY))))
        return array_operate(m, op, a, b);
    if (op >= OP_EQ && op <= OP_GE)
        return compare(m, op, a, b);
    if (op == OP_MODULO && a.kind == V_NPSTR)
        return percent_format(m, a, b);
    if (is_integer(a) && is_integer(b))
        return operate_integers(m, op, a, b);
    if (is_number(a) && is_number(b))
        return operate_floats(m, op, to_double(m, a, "an operand"), to_double(m, b, "an operand"));
    bool sequence_a = is_text(a) || a.kind == V_BYTES || a.kind == V_LIST || a.kind == V_TUPLE;
    bool sequence_b = is_text(b) || b.kind == V_BYTES || b.kind == V_LIST || b.kind == V_TUPLE;
    if (op == OP_MULTIPLY && sequence_a && is_integer(b))
        return repeat(m, a, b);
    if (op == OP_MULTIPLY && sequence_b && is_integer(a))
        return repeat(m, b, a);
    if (op == OP_ADD && sequence_a && (a.kind == b.kind || (is_text(a) && is_text(b))))
        return concatenate(m, a, b);
    if (a.kind == V_SET && b.kind == V_SET)
        return operate_sets(m, op, a.u.set, b.u.set);
    type_error(m, "unsupported operand type(s) for %s: '%s' and '%s'", operator_text(op), type_name(a), type_name(b));
}

value operate_unary(vm *m, operator op, value v)
{
    if (v.kind == V_TENSOR)
        return tensor_operate_unary(m, op, v);
    if (v.kind == V_OBJECT && instance_of(v)->class->operate_unary)
        return instance_of(v)->class->operate_unary(m, op, v);
    if (v.kind == V_ARRAY || v.kind == V_SCALAR)
        return array_operate_unary(m, op, v);
    if (v.kind == V_FLOAT && op != OP_INVERT)
        return FLOAT(op == OP_NEGATE ? -v.u.f : v.u.f);
    if (!is_integer(v))
        type_error(m, "bad operand type for unary %s: '%s'", operator_text(op), type_name(v));
    v = plain_integer(m, v);
    if (op == OP_PLUS)
        return v;
    value negative = big_negate(m, v);
    return op == OP_NEGATE ? negative : big_operate(m, OP_SUBTRACT, negative, INT(1));
}
