/* builtins.c - Python's builtin functions.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* fabs, nearbyint */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* strtod */
#include <string.h> /* strlen */

#include "draw/iterators.h"    /* builtin_zip */
#include "draw/jax_array.h"    /* jax_classes */
#include "draw/ndarray.h"      /* array_reduce, DT_* */
#include "draw/object.h"       /* object_number */
#include "draw/sequences.h"    /* sort_values */
#include "draw/tensor.h"       /* tensor_item */
#include "draw/torch_module.h" /* is_torch_nn */

/* --- Output ---------------------------------------------------------------------------------------------------------- */

static value builtin_print(vm *m, value self, const struct arguments *arguments)
{
    struct writer w = writer_start(m);
    value separator = NOTHING, end = NOTHING, flush = NOTHING;
    (void)self;
    for (size_t i = 0; i < arguments->n_named; i++) {
        value *to = strcmp(arguments->names[i], "sep") == 0     ? &separator
                    : strcmp(arguments->names[i], "end") == 0   ? &end
                    : strcmp(arguments->names[i], "flush") == 0 ? &flush
                                                                : NULL;
        if (!to)
            type_error(m, "print() got an unexpected keyword argument '%s' (supported: sep, end, flush)",
                       arguments->names[i]);
        *to = arguments->named[i];
        if (to != &flush && !is_text(*to) && to->kind != V_NONE)
            type_error(m, "%s must be None or a string", arguments->names[i]);
    }
    for (size_t i = 0; i < arguments->n_positional; i++) {
        if (i > 0 && is_text(separator))
            put_str(&w, separator);
        else if (i > 0)
            put_text(&w, " ");
        put_str(&w, arguments->positional[i]);
    }
    if (is_text(end))
        put_str(&w, end);
    else
        put_text(&w, "\n");
    print_out(m, written(&w), w.n);
    return NONE;
}

static value builtin_repr(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "repr", "object", arguments, &v);
    struct writer w = writer_start(m);
    put_repr(&w, v);
    return make_text(m, V_STR, written(&w), w.n);
}

static value builtin_str(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "str", "object=", arguments, &v);
    struct writer w = writer_start(m);
    if (v.kind != V_NOTHING)
        put_str(&w, v);
    return make_text(m, V_STR, written(&w), w.n);
}

static value builtin_format(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "format", "value format_spec=", arguments, a);
    struct writer w = writer_start(m);
    bool has_spec = is_text(a[1]);
    put_formatted(&w, a[0], has_spec ? a[1].u.text->bytes : "", has_spec ? a[1].u.text->nbytes : 0);
    return make_text(m, V_STR, written(&w), w.n);
}

/* --- Containers ------------------------------------------------------------------------------------------------------ */

static value builtin_len(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "len", "obj", arguments, &v);
    return INT((int64_t)value_length(m, v));
}

static value builtin_range(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "range", "start stop= step=", arguments, a);
    int64_t first = to_int64(m, a[0], "range()"), by = a[2].kind == V_NOTHING ? 1 : to_int64(m, a[2], "range()");
    if (by == 0)
        value_error(m, "range() arg 3 must not be zero");
    if (a[1].kind == V_NOTHING)
        return make_range(m, 0, first, 1);
    return make_range(m, first, to_int64(m, a[1], "range()"), by);
}

static value builtin_list(vm *m, value self, const struct arguments *arguments)
{
    value over;
    (void)self;
    take_arguments(m, "list", "iterable=", arguments, &over);
    return over.kind == V_NOTHING ? make_sequence(m, V_LIST, 0) : to_list(m, over);
}

static value builtin_tuple(vm *m, value self, const struct arguments *arguments)
{
    value list = builtin_list(m, self, arguments);
    list.kind = V_TUPLE;
    list.u.o->kind = V_TUPLE;
    return list;
}

static value builtin_set(vm *m, value self, const struct arguments *arguments)
{
    value over, set = make_set(m);
    (void)self;
    take_arguments(m, "set", "iterable=", arguments, &over);
    if (over.kind == V_SET) {
        set_merge(m, set.u.set, over.u.set);
    } else if (over.kind != V_NOTHING) {
        struct walk walk = walk_start(m, over);
        for (value item; walk_next(m, &walk, &item);)
            set_add(m, set.u.set, item);
    }
    return set;
}

static value builtin_frozenset(vm *m, value self, const struct arguments *arguments)
{
    value set = builtin_set(m, self, arguments);
    set.u.set->frozen = true;
    return set;
}

static value builtin_dict(vm *m, value self, const struct arguments *arguments)
{
    value dict = make_dict(m);
    (void)self;
    if (arguments->n_positional > 1)
        type_error(m, "dict expected at most 1 argument, got %zu", arguments->n_positional);
    if (arguments->n_positional == 1 && arguments->positional[0].kind == V_DICT) {
        const struct dict *from = arguments->positional[0].u.dict;
        for (size_t i = 0; i < from->n_entries; i++)
            if (from->entries[i].used)
                dict_put(m, dict.u.dict, from->entries[i].key, from->entries[i].item);
    } else if (arguments->n_positional == 1) {
        struct walk walk = walk_start(m, arguments->positional[0]);
        for (value item; walk_next(m, &walk, &item);) {
            value pair = to_list(m, item);
            if (pair.u.seq->n != 2)
                value_error(m, "dictionary update sequence element has length %zu; 2 is required", pair.u.seq->n);
            dict_put(m, dict.u.dict, pair.u.seq->items[0], pair.u.seq->items[1]);
        }
    }
    for (size_t i = 0; i < arguments->n_named; i++)
        dict_put(m, dict.u.dict, make_str(m, arguments->names[i]), arguments->named[i]);
    return dict;
}

static value builtin_sorted(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "sorted", "iterable * key= reverse=", arguments, a);
    /* The order of a set does not matter when it is sorted by itself; equal items of one are equal to print but for 1 and True. */
    value list;
    if (a[0].kind == V_SET && is_none(a[1])) {
        list = make_sequence(m, V_LIST, 0);
        for (size_t i = 0; i <= a[0].u.set->mask; i++)
            if (a[0].u.set->slots[i].state == 1)
                append(m, list, a[0].u.set->slots[i].key);
    } else {
        list = to_list(m, a[0]);
    }
    sort_values(m, list.u.seq->items, list.u.seq->n, a[1], a[2].kind != V_NOTHING && truth(m, a[2]));
    return list;
}

/* --- Numbers --------------------------------------------------------------------------------------------------------- */

/* Since 3.12 sum() of floats compensates (Neumaier). */
static value sum_floats(vm *m, struct walk *walk, double sum, bool *goes_on, value *next)
{
    bool compensates = m->settings.python_version == 0 || m->settings.python_version >= 312;
    double lost = 0;
    *goes_on = false;
    for (value item; walk_next(m, walk, &item);) {
        double x;
        if (item.kind == V_FLOAT) {
            x = item.u.f;
        } else if (item.kind == V_INT || item.kind == V_BOOL) {
            sum += (double)item.u.i; /* added as it is, even where floats are compensated */
            continue;
        } else {
            *goes_on = true;
            *next = item;
            break;
        }
        double total = sum + x;
        if (compensates)
            lost += fabs(sum) >= fabs(x) ? (sum - total) + x : (x - total) + sum;
        sum = total;
    }
    return FLOAT(compensates && lost != 0 && isfinite(lost) ? sum + lost : sum);
}

static value builtin_sum(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "sum", "iterable start=", arguments, a);
    value sum = a[1].kind == V_NOTHING ? INT(0) : a[1];
    struct walk walk = walk_start(m, a[0]);
    for (value item; walk_next(m, &walk, &item);) {
        sum = operate(m, OP_ADD, sum, item);
        bool goes_on = sum.kind == V_FLOAT;
        while (sum.kind == V_FLOAT && goes_on) {
            value next;
            sum = sum_floats(m, &walk, sum.u.f, &goes_on, &next);
            if (goes_on)
                sum = operate(m, OP_ADD, sum, next);
        }
    }
    return sum;
}

static value extreme(vm *m, const char *name, const struct arguments *arguments, int wanted)
{
    value a[3], over, best = NOTHING, best_key = NOTHING, item;
    bool several = arguments->n_positional > 1;
    struct arguments first = *arguments;
    if (several)
        first.n_positional = 1;
    take_arguments(m, name, "iterable * key= default=", &first, a);
    over = a[0];
    if (several) {
        if (a[2].kind != V_NOTHING)
            type_error(m, "Cannot specify a default for %s() with multiple positional arguments", name);
        over = make_sequence(m, V_LIST, 0);
        for (size_t i = 0; i < arguments->n_positional; i++)
            append(m, over, arguments->positional[i]);
    }
    if (over.kind == V_SET && is_none(a[1])) {
        struct arguments one = {.positional = &over, .n_positional = 1};
        over = builtin_sorted(m, NONE, &one);
    }
    struct walk walk = walk_start(m, over);
    while (walk_next(m, &walk, &item)) {
        struct arguments one = {.positional = &item, .n_positional = 1};
        value key = is_none(a[1]) ? item : call(m, a[1], &one);
        if (best.kind == V_NOTHING || values_compare(m, key, best_key) == wanted) {
            best = item;
            best_key = key;
        }
    }
    if (best.kind == V_NOTHING && a[2].kind != V_NOTHING)
        return a[2];
    if (best.kind == V_NOTHING)
        value_error(m, "%s() iterable argument is empty", name);
    return best;
}

static value builtin_min(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return extreme(m, "min", arguments, -1);
}

static value builtin_max(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return extreme(m, "max", arguments, 1);
}

static value builtin_abs(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "abs", "x", arguments, &v);
    if (v.kind == V_TENSOR)
        return tensor_map(m, v, DT_NONE, MAP_ABS, 0);
    if (v.kind == V_OBJECT && find_native(methods_of(v), "__abs__"))
        return find_native(methods_of(v), "__abs__")->call(m, v, &(struct arguments){0});
    if (v.kind == V_FLOAT)
        return FLOAT(fabs(v.u.f));
    if (v.kind == V_SCALAR && dtype_is_float(v.dt))
        return scalar_float(v.dt, fabs(v.u.f));
    if (v.kind == V_ARRAY && v.u.array->dt == DT_STR)
        type_error(m, "abs() of an array of strings");
    if (v.kind == V_ARRAY) {
        struct array *out = array_copy(m, v.u.array);
        char *at = array_bytes(out);
        for (int64_t n = array_size(out); n > 0; n--, at += out->item_nbytes) {
            if (dtype_is_float(out->dt))
                store_double(out->dt, at, fabs(load_double(out->dt, at)));
            else if (!dtype_is_unsigned(out->dt) && load_integer(out->dt, at) < 0)
                store_integer(out->dt, at, (int64_t)(0 - (uint64_t)load_integer(out->dt, at)));
        }
        return array_or_scalar(m, out);
    }
    if (!is_integer(v))
        type_error(m, "bad operand type for abs(): '%s'", type_name(v));
    value plain = plain_integer(m, v);
    if (v.kind == V_SCALAR)
        return plain.kind == V_INT && plain.u.i < 0 ? operate_unary(m, OP_NEGATE, v) : v;
    return big_compare(plain, INT(0)) < 0 ? big_negate(m, plain) : plain;
}

static value builtin_int(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "int", "x= base=", arguments, a);
    if (a[0].kind == V_NOTHING)
        return INT(0);
    if (a[0].kind == V_TENSOR) {
        (void)to_double(m, a[0], "int()'s argument"); /* refuses all but one element */
        a[0] = tensor_item(m, a[0]);
    }
    a[0] = object_number(m, a[0]);
    if (a[0].kind == V_ARRAY && array_size(a[0].u.array) == 1)
        a[0] = array_item(m, a[0].u.array, a[0].u.array->offset);
    if (is_integer(a[0]))
        return plain_integer(m, a[0]);
    if (is_number(a[0]))
        return big_from_double(m, a[0].u.f);
    if (!is_text(a[0]))
        type_error(m, "int() argument must be a string or a number, not '%s'", type_name(a[0]));
    const char *at = a[0].u.text->bytes, *end = at + a[0].u.text->nbytes;
    int64_t base = a[1].kind == V_NOTHING ? 10 : to_int64(m, a[1], "base");
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    if (base != 2 && base != 8 && base != 10 && base != 16)
        value_error(m, "int() of a string takes the bases 2, 8, 10 and 16 here");
    char mark = base == 16 ? 'x' : base == 8 ? 'o' : 'b';
    if (base != 10 && end - at > 2 && at[0] == '0' && (at[1] | 32) == mark)
        at += 2;
    bool good = at < end;
    for (const char *c = at; good && c < end; c++) {
        int digit = *c >= '0' && *c <= '9'                 ? *c - '0'
                    : (*c | 32) >= 'a' && (*c | 32) <= 'f' ? (*c | 32) - 'a' + 10
                                                           : 99;
        good = digit < base;
    }
    if (!good)
        value_error(m, "invalid literal for int() with base %lld", (long long)base);
    value v = big_from_digits(m, at, (size_t)(end - at), (unsigned)base);
    return negative ? big_negate(m, v) : v;
}

static value builtin_float(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "float", "x=", arguments, &v);
    if (v.kind == V_NOTHING)
        return FLOAT(0);
    if (!is_text(v))
        return FLOAT(to_double(m, v, "float()'s argument"));
    char *end;
    double x = strtod(v.u.text->bytes, &end);
    if (end != v.u.text->bytes + v.u.text->nbytes || v.u.text->nbytes == 0 || strpbrk(v.u.text->bytes, "xX("))
        value_error(m, "could not convert string to float");
    return FLOAT(x);
}

static value builtin_bool(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "bool", "x=", arguments, &v);
    return BOOL(v.kind != V_NOTHING && truth(m, v));
}

/* Correctly rounded at the decimal place, as Python: through the decimal text. */
static value builtin_round(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "round", "number ndigits=", arguments, a);
    if (a[0].kind == V_TENSOR)
        type_error(m, "type Tensor doesn't define __round__ method");
    if (a[0].kind == V_OBJECT) {
        const struct native *own = find_native(methods_of(a[0]), "__round__");
        if (!own)
            type_error(m, "type %s doesn't define __round__ method", type_name(a[0]));
        return own->call(m, a[0], &(struct arguments){.positional = a + 1, .n_positional = a[1].kind != V_NOTHING});
    }
    value v = scalar_item(m, a[0]);
    if (is_integer(v)) {
        if (!is_none(a[1]) && to_int64(m, a[1], "ndigits") < 0)
            fail(m, "round() of an int to tens is not supported");
        return plain_integer(m, v);
    }
    double x = to_double(m, v, "round()'s argument");
    if (a[0].kind == V_SCALAR && !is_none(a[1]))
        return call_round(m, a[0], a[1]);
    if (is_none(a[1]))
        return big_from_double(m, nearbyint(x));
    int64_t n = to_int64(m, a[1], "ndigits");
    if (n < 0 || !isfinite(x) || n > 300) {
        if (n < 0)
            fail(m, "round() to tens is not supported");
        return FLOAT(x);
    }
    char text[700];
    (void)snprintf(text, sizeof text, "%.*f", (int)n, x);
    return FLOAT(strtod(text, NULL));
}

/* base ** exponent % modulus, by squaring; the exponent >= 0. */
static value power_modulo(vm *m, value base, value exponent, value modulus)
{
    uint32_t small[2];
    size_t n;
    bool negative;
    const uint32_t *limbs = big_limbs(exponent, small, &n, &negative);
    value result = big_operate(m, OP_MODULO, INT(1), modulus);
    base = big_operate(m, OP_MODULO, base, modulus);
    for (uint64_t i = big_bit_length(exponent); i-- > 0;) {
        step(m, 1 + big_bit_length(modulus) / 64);
        result = big_operate(m, OP_MODULO, big_operate(m, OP_MULTIPLY, result, result), modulus);
        if (limbs[i / 32] >> i % 32 & 1)
            result = big_operate(m, OP_MODULO, big_operate(m, OP_MULTIPLY, result, base), modulus);
    }
    return result;
}

/* By Euclid's algorithm. */
static value inverse_modulo(vm *m, value a, value modulus)
{
    value r = modulus, next_r = big_operate(m, OP_MODULO, a, modulus), t = INT(0), next_t = INT(1);
    while (big_compare(next_r, INT(0)) != 0) {
        value q = big_operate(m, OP_FLOOR_DIVIDE, r, next_r), old_r = r, old_t = t;
        step(m, 1);
        r = next_r;
        next_r = big_operate(m, OP_SUBTRACT, old_r, big_operate(m, OP_MULTIPLY, q, next_r));
        t = next_t;
        next_t = big_operate(m, OP_SUBTRACT, old_t, big_operate(m, OP_MULTIPLY, q, next_t));
    }
    if (big_compare(r, INT(1)) != 0 && big_compare(r, INT(-1)) != 0)
        value_error(m, "base is not invertible for the given modulus");
    return big_operate(m, OP_MODULO, big_operate(m, OP_MULTIPLY, t, r), modulus);
}

static value builtin_pow(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "pow", "base exp mod=", arguments, a);
    if (is_none(a[2]))
        return operate(m, OP_POWER, a[0], a[1]);
    for (int i = 0; i < 3; i++) {
        if (!is_integer(a[i]))
            type_error(m, "pow() 3rd argument not allowed unless all arguments are integers");
        a[i] = plain_integer(m, a[i]);
    }
    if (big_compare(a[2], INT(0)) == 0)
        value_error(m, "pow() 3rd argument cannot be 0");
    if (big_compare(a[1], INT(0)) < 0) {
        a[0] = inverse_modulo(m, a[0], a[2]);
        a[1] = big_negate(m, a[1]);
    }
    return power_modulo(m, a[0], a[1], a[2]);
}

static value builtin_divmod(vm *m, value self, const struct arguments *arguments)
{
    value a[2], pair = make_sequence(m, V_TUPLE, 2);
    (void)self;
    take_arguments(m, "divmod", "a b", arguments, a);
    if (a[0].kind == V_TENSOR || a[1].kind == V_TENSOR)
        type_error(m, "unsupported operand type(s) for divmod(): '%s' and '%s'", type_name(a[0]), type_name(a[1]));
    pair.u.seq->items[0] = operate(m, OP_FLOOR_DIVIDE, a[0], a[1]);
    pair.u.seq->items[1] = operate(m, OP_MODULO, a[0], a[1]);
    return pair;
}

static value in_base(vm *m, const char *name, const struct arguments *arguments, unsigned base, const char *prefix)
{
    value v;
    take_arguments(m, name, "number", arguments, &v);
    if (!is_integer(v))
        type_error(m, "'%s' object cannot be interpreted as an integer", type_name(v));
    v = plain_integer(m, v);
    struct writer w = writer_start(m);
    put_text(&w, big_compare(v, INT(0)) < 0 ? "-" : "");
    put_text(&w, prefix);
    put_big_base(&w, v, base, false);
    return make_text(m, V_STR, written(&w), w.n);
}

static value builtin_hex(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return in_base(m, "hex", arguments, 16, "0x");
}

static value builtin_bin(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return in_base(m, "bin", arguments, 2, "0b");
}

static value builtin_hash(vm *m, value self, const struct arguments *arguments)
{
    value v;
    bool seeded = false;
    (void)self;
    take_arguments(m, "hash", "obj", arguments, &v);
    int64_t hash = value_hash(m, v, &seeded);
    if (seeded && !m->settings.has_hash_seed && !(v.kind == V_STR && v.u.text->nbytes == 0))
        fail(m, "the hash of a str or bytes depends on PYTHONHASHSEED: give it with --with hashseed=N");
    return INT(hash);
}

static value builtin_ord(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "ord", "c", arguments, &v);
    if (!is_text(v) || v.u.text->n_points != 1 || v.u.text->nbytes != 1)
        type_error(m, "ord() expected an ASCII character");
    return INT(v.u.text->bytes[0]);
}

static value builtin_chr(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "chr", "i", arguments, &v);
    int64_t i = to_int64(m, v, "chr()");
    if (i < 0 || i > 127)
        value_error(m, "chr() takes ASCII codes here");
    return make_text(m, V_STR, &(char){(char)i}, 1);
}

static value all_or_any(vm *m, const char *name, const struct arguments *arguments, bool until)
{
    value over, item;
    take_arguments(m, name, "iterable", arguments, &over);
    struct walk walk = walk_start(m, over);
    while (walk_next(m, &walk, &item))
        if (truth(m, item) == until)
            return BOOL(until);
    return BOOL(!until);
}

static value builtin_any(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return all_or_any(m, "any", arguments, true);
}

static value builtin_all(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return all_or_any(m, "all", arguments, false);
}

static value builtin_bytes(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "bytes", "source=", arguments, &v);
    if (v.kind == V_BYTES)
        return v;
    struct writer w = writer_start(m);
    if (is_integer(v)) {
        for (int64_t n = to_int64(m, v, "bytes()"); n > 0; n--) {
            step(m, 1);
            put(&w, "", 1);
        }
    } else if (v.kind != V_NOTHING) {
        struct walk walk = walk_start(m, v);
        for (value item; walk_next(m, &walk, &item);) {
            int64_t byte = to_int64(m, item, "a byte");
            if (byte < 0 || byte > 255)
                value_error(m, "bytes must be in range(0, 256)");
            put(&w, &(char){(char)byte}, 1);
        }
    }
    return make_text(m, V_BYTES, written(&w), w.n);
}

/* nn.Linear of an object of it; NULL: it was made by another function. */
static const struct native *torch_nn_class_of(vm *m, value v)
{
    const char *name = torch_nn_of(v)->type;
    if (!module_has(m, &module_torch_nn, name))
        return NULL;
    value found = get_attribute(m, MODULE(&module_torch_nn), name);
    return found.kind == V_NATIVE ? found.u.native : NULL;
}

static value builtin_type(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "type", "object", arguments, &v);
    if (v.kind == V_TENSOR && v.u.tensor->is_parameter)
        fail(m, "type() of a Parameter is not supported");
    if (is_jax(v))
        return NATIVE(&jax_classes[is_jax_keys(v) ? JAX_CLASS_KEYS : JAX_CLASS_NUMBERS]);
    const struct native *native = v.kind == V_TENSOR   ? tensor_function_named("Tensor")
                                  : is_torch_nn(v)     ? torch_nn_class_of(m, v)
                                  : v.kind == V_SCALAR ? find_native(numpy_functions, dtype_name(v.dt))
                                                       : find_native(builtins, type_name(v));
    if (!native || native->sort != NATIVE_CLASS)
        fail(m, "type() of a %s is not supported", type_name(v));
    return NATIVE(native);
}

static bool is_instance(vm *m, value v, value class)
{
    if (class.kind == V_TUPLE) {
        for (size_t i = 0; i < class.u.seq->n; i++)
            if (is_instance(m, v, class.u.seq->items[i]))
                return true;
        return false;
    }
    if (class.kind != V_NATIVE || class.u.native->sort != NATIVE_CLASS)
        type_error(m, "isinstance() arg 2 must be a type or a tuple of types");
    bool of_jax, is_one = is_jax_instance(v, class.u.native, &of_jax);
    if (of_jax)
        return is_one;
    const char *name = class.u.native->name, *own = type_name(v);
    if (find_native(builtins, name) != class.u.native) { /* of a module: NumPy's scalars have its name in front */
        bool scalar = v.kind == V_SCALAR && class.u.native->dt != 0;
        const char *dot = strrchr(own, '.');
        return scalar ? v.dt == class.u.native->dt - 1 : v.kind > V_BIG && strcmp(name, dot ? dot + 1 : own) == 0;
    }
    bool float64 = v.kind == V_SCALAR && v.dt == DT_FLOAT64 && strcmp(name, "float") == 0;
    return strcmp(name, own) == 0 || float64 || (v.kind == V_BOOL && strcmp(name, "int") == 0) ||
           (v.kind == V_NPSTR && strcmp(name, "str") == 0);
}

static value builtin_isinstance(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "isinstance", "obj class_or_tuple", arguments, a);
    return BOOL(is_instance(m, a[0], a[1]));
}

static value builtin_callable(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "callable", "obj", arguments, &v);
    return BOOL(v.kind == V_NATIVE || v.kind == V_METHOD || v.kind == V_FUNCTION);
}

#define CLASS(name, dt)                                                                                                \
    {                                                                                                                  \
#name, builtin_##name, NATIVE_CLASS, dt                                                                        \
    }
#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, builtin_##name, NATIVE_FUNCTION, 0                                                                      \
    }
const struct native builtins[] = {FUNCTION(print),
                                  FUNCTION(repr),
                                  FUNCTION(len),
                                  FUNCTION(sorted),
                                  FUNCTION(sum),
                                  FUNCTION(min),
                                  FUNCTION(max),
                                  FUNCTION(abs),
                                  FUNCTION(round),
                                  FUNCTION(pow),
                                  FUNCTION(divmod),
                                  FUNCTION(hex),
                                  FUNCTION(bin),
                                  FUNCTION(hash),
                                  FUNCTION(ord),
                                  FUNCTION(chr),
                                  FUNCTION(any),
                                  FUNCTION(all),
                                  FUNCTION(next),
                                  FUNCTION(iter),
                                  FUNCTION(format),
                                  FUNCTION(type),
                                  FUNCTION(isinstance),
                                  FUNCTION(callable),
                                  CLASS(int, DT_INT64 + 1),
                                  CLASS(float, DT_FLOAT64 + 1),
                                  CLASS(bool, DT_BOOL + 1),
                                  CLASS(str, DT_STR + 1),
                                  CLASS(bytes, 0),
                                  CLASS(list, 0),
                                  CLASS(tuple, 0),
                                  CLASS(set, 0),
                                  CLASS(frozenset, 0),
                                  CLASS(dict, 0),
                                  CLASS(range, 0),
                                  CLASS(enumerate, 0),
                                  CLASS(zip, 0),
                                  CLASS(map, 0),
                                  CLASS(filter, 0),
                                  CLASS(reversed, 0),
                                  {NULL, NULL, NATIVE_FUNCTION, 0}};
