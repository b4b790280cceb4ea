/* python_modules.c - Python's math and itertools, as far as scripts that draw need them.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* Python's math module is libm */
#include <string.h> /* strcmp */

#include "draw/iterators.h" /* new_iterator */

/* --- math ------------------------------------------------------------------------------------------------------------ */

#define MATH(name, domain)                                                                                             \
    static value math_##name(vm *m, value self, const struct arguments *arguments)                                     \
    {                                                                                                                  \
        value v;                                                                                                       \
        (void)self;                                                                                                    \
        take_arguments(m, #name, "x", arguments, &v);                                                                  \
        double x = to_double(m, v, #name "()'s argument");                                                             \
        if (!(domain))                                                                                                 \
            value_error(m, "math domain error");                                                                       \
        return FLOAT(name(x));                                                                                         \
    }
MATH(sqrt, x >= 0 || isnan(x))
MATH(exp, x < 709.78 || isinf(x) || isnan(x))
MATH(log, x > 0 || isnan(x))
MATH(log2, x > 0 || isnan(x))
MATH(log10, x > 0 || isnan(x))
MATH(sin, isfinite(x))
MATH(cos, isfinite(x))
MATH(tan, isfinite(x))

static value math_floor(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "floor", "x", arguments, &v);
    double x = to_double(m, v, "floor()'s argument");
    return is_integer(v) ? plain_integer(m, v) : big_from_double(m, floor(x));
}

static value math_ceil(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "ceil", "x", arguments, &v);
    double x = to_double(m, v, "ceil()'s argument");
    return is_integer(v) ? plain_integer(m, v) : big_from_double(m, ceil(x));
}

static value natural(vm *m, value v, const char *name)
{
    if (!is_integer(v))
        type_error(m, "'%s' object cannot be interpreted as an integer", type_name(v));
    v = plain_integer(m, v);
    if (big_compare(v, INT(0)) < 0)
        value_error(m, "%s must be a non-negative integer", name);
    return v;
}

static value math_factorial(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "factorial", "n", arguments, &v);
    int64_t n = to_int64(m, natural(m, v, "factorial()'s argument"), "factorial()'s argument");
    value result = INT(1);
    for (int64_t i = 2; i <= n; i++) {
        step(m, 1 + (uint64_t)i / 8);
        result = big_operate(m, OP_MULTIPLY, result, INT(i));
    }
    return result;
}

static value math_comb(vm *m, value self, const struct arguments *arguments)
{
    value a[2], result = INT(1);
    (void)self;
    take_arguments(m, "comb", "n k", arguments, a);
    value n = natural(m, a[0], "n"), rest = big_operate(m, OP_SUBTRACT, n, natural(m, a[1], "k"));
    if (big_compare(rest, INT(0)) < 0)
        return INT(0);
    value smaller = big_compare(rest, plain_integer(m, a[1])) < 0 ? rest : plain_integer(m, a[1]);
    int64_t k = to_int64(m, smaller, "k");
    for (int64_t i = 1; i <= k; i++) {
        step(m, 1 + (uint64_t)i / 8);
        value factor = big_operate(m, OP_ADD, big_operate(m, OP_SUBTRACT, n, INT(k)), INT(i));
        result = big_operate(m, OP_FLOOR_DIVIDE, big_operate(m, OP_MULTIPLY, result, factor), INT(i));
    }
    return result;
}

static value math_gcd(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "gcd", "a b", arguments, a);
    for (int i = 0; i < 2; i++) {
        if (!is_integer(a[i]))
            type_error(m, "'%s' object cannot be interpreted as an integer", type_name(a[i]));
        a[i] = plain_integer(m, a[i]);
        a[i] = big_compare(a[i], INT(0)) < 0 ? big_negate(m, a[i]) : a[i];
    }
    while (big_compare(a[1], INT(0)) != 0) {
        value rest = big_operate(m, OP_MODULO, a[0], a[1]);
        step(m, 1);
        a[0] = a[1];
        a[1] = rest;
    }
    return a[0];
}

static const struct native math_functions[] = {
    {"sqrt", math_sqrt, NATIVE_FUNCTION, 0},   {"exp", math_exp, NATIVE_FUNCTION, 0},
    {"log", math_log, NATIVE_FUNCTION, 0},     {"log2", math_log2, NATIVE_FUNCTION, 0},
    {"log10", math_log10, NATIVE_FUNCTION, 0}, {"sin", math_sin, NATIVE_FUNCTION, 0},
    {"cos", math_cos, NATIVE_FUNCTION, 0},     {"tan", math_tan, NATIVE_FUNCTION, 0},
    {"floor", math_floor, NATIVE_FUNCTION, 0}, {"ceil", math_ceil, NATIVE_FUNCTION, 0},
    {"comb", math_comb, NATIVE_FUNCTION, 0},   {"factorial", math_factorial, NATIVE_FUNCTION, 0},
    {"gcd", math_gcd, NATIVE_FUNCTION, 0},     {NULL, NULL, NATIVE_FUNCTION, 0}};

static value math_constant(vm *m, const char *name)
{
    (void)m;
    if (strcmp(name, "pi") == 0)
        return FLOAT(3.141592653589793);
    if (strcmp(name, "e") == 0)
        return FLOAT(2.718281828459045);
    if (strcmp(name, "inf") == 0)
        return FLOAT((double)INFINITY);
    if (strcmp(name, "nan") == 0)
        return FLOAT((double)NAN);
    return NOTHING;
}

const struct module module_math = {"math", math_functions, math_constant, NULL};

/* --- itertools ------------------------------------------------------------------------------------------------------- */

static bool next_of_accumulate(vm *m, struct iterator *it, value *item_out)
{
    if (!walk_next(m, &it->walks[0], item_out))
        return false;
    *item_out = it->i++ == 0 ? *item_out : operate(m, OP_ADD, it->held[0], *item_out);
    it->held[0] = *item_out;
    return true;
}

static value itertools_accumulate(vm *m, value self, const struct arguments *arguments)
{
    value over;
    (void)self;
    take_arguments(m, "accumulate", "iterable", arguments, &over);
    struct iterator *it = new_iterator(m, "itertools.accumulate", next_of_accumulate, 1);
    it->walks[0] = walk_start(m, over);
    return iterator_value(it);
}

/* --- itertools: what ends, and what does not ------------------------------------------------------------------------------ */

static bool next_of_count(vm *m, struct iterator *it, value *item_out)
{
    *item_out = it->held[0];
    it->held[0] = operate(m, OP_ADD, it->held[0], it->held[1]);
    return true;
}

static value itertools_count(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "count", "start= step=", arguments, a);
    struct iterator *it = new_iterator(m, "itertools.count", next_of_count, 0);
    it->held[0] = a[0].kind == V_NOTHING ? INT(0) : a[0];
    it->held[1] = a[1].kind == V_NOTHING ? INT(1) : a[1];
    return iterator_value(it);
}

static bool next_of_repeat(vm *m, struct iterator *it, value *item_out)
{
    (void)m;
    *item_out = it->held[0];
    return it->n < 0 || it->i++ < it->n;
}

static value itertools_repeat(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "repeat", "object times=", arguments, a);
    struct iterator *it = new_iterator(m, "itertools.repeat", next_of_repeat, 0);
    it->held[0] = a[0];
    it->n = a[1].kind == V_NOTHING ? -1 : to_int64(m, a[1], "times");
    if (a[1].kind != V_NOTHING && it->n < 0)
        it->n = 0;
    return iterator_value(it);
}

/* Remembers what it walked, and gives it again. */
static bool next_of_cycle(vm *m, struct iterator *it, value *item_out)
{
    if (it->n == 0 && walk_next(m, &it->walks[0], item_out)) {
        append(m, it->held[0], *item_out);
        return true;
    }
    it->n = (int64_t)it->held[0].u.seq->n;
    it->done = it->n == 0;
    if (it->done)
        return false;
    step(m, 1);
    *item_out = it->held[0].u.seq->items[it->i++ % it->n];
    return true;
}

static value itertools_cycle(vm *m, value self, const struct arguments *arguments)
{
    value over;
    (void)self;
    take_arguments(m, "cycle", "iterable", arguments, &over);
    struct iterator *it = new_iterator(m, "itertools.cycle", next_of_cycle, 1);
    it->walks[0] = walk_start(m, over);
    it->held[0] = make_sequence(m, V_LIST, 0);
    return iterator_value(it);
}

static bool next_of_chain(vm *m, struct iterator *it, value *item_out)
{
    for (;;) {
        if (it->n_begun > 0 && walk_next(m, &it->walks[0], item_out))
            return true;
        struct sequence *rest = it->held[0].u.seq;
        if (it->n_begun == rest->n)
            return false;
        it->walks[0] = walk_start(m, rest->items[it->n_begun++]);
    }
}

static value itertools_chain(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    if (arguments->n_named > 0)
        type_error(m, "chain() takes no keyword arguments");
    struct iterator *it = new_iterator(m, "itertools.chain", next_of_chain, 1);
    it->held[0] = make_sequence(m, V_LIST, 0);
    for (size_t i = 0; i < arguments->n_positional; i++)
        append(m, it->held[0], arguments->positional[i]);
    return iterator_value(it);
}

/* i: the number of the next item of the source; held: start, stop (None: no end), step. */
static bool next_of_islice(vm *m, struct iterator *it, value *item_out)
{
    value start = it->held[0], stop = it->held[1];
    while (stop.kind == V_NONE || start.u.i < stop.u.i || it->i < stop.u.i) {
        if (stop.kind != V_NONE && it->i >= stop.u.i)
            break;
        it->done = !walk_next(m, &it->walks[0], item_out);
        if (it->done)
            return false;
        if (it->i++ != start.u.i)
            continue;
        it->held[0] = INT(start.u.i + it->held[2].u.i);
        return true;
    }
    it->done = true;
    return false;
}

static value itertools_islice(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "islice", "iterable stop stop2= step=", arguments, a);
    bool two = arguments->n_positional > 2;
    value start = two ? a[1] : INT(0), stop = two ? a[2] : a[1], by = a[3].kind == V_NOTHING ? INT(1) : a[3];
    struct iterator *it = new_iterator(m, "itertools.islice", next_of_islice, 1);
    it->walks[0] = walk_start(m, a[0]);
    it->held[0] = INT(is_none(start) ? 0 : to_int64(m, start, "start"));
    it->held[1] = is_none(stop) ? NONE : INT(to_int64(m, stop, "stop"));
    it->held[2] = INT(is_none(by) ? 1 : to_int64(m, by, "step"));
    if (it->held[0].u.i < 0 || (it->held[1].kind == V_INT && it->held[1].u.i < 0) || it->held[2].u.i < 1 ||
        it->held[2].u.i > INT64_MAX / 4 || it->held[0].u.i > INT64_MAX / 4)
        value_error(m, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    return iterator_value(it);
}

static bool next_of_takewhile(vm *m, struct iterator *it, value *item_out)
{
    struct arguments one = {.positional = item_out, .n_positional = 1};
    it->done = !walk_next(m, &it->walks[0], item_out) || !truth(m, call(m, it->held[0], &one));
    return !it->done;
}

static value itertools_takewhile(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "takewhile", "predicate iterable", arguments, a);
    struct iterator *it = new_iterator(m, "itertools.takewhile", next_of_takewhile, 1);
    it->held[0] = a[0];
    it->walks[0] = walk_start(m, a[1]);
    return iterator_value(it);
}

/* --- itertools: products and choices, of pools that are made at the call --------------------------------------------------- */

/* held: the pools, the indices into them (NULL before the first). */
static value chosen(vm *m, const struct iterator *it)
{
    const struct sequence *indices = it->held[1].u.seq, *pools = it->held[0].u.seq;
    value tuple = make_sequence(m, V_TUPLE, indices->n);
    step(m, 1 + indices->n);
    for (size_t i = 0; i < indices->n; i++)
        tuple.u.seq->items[i] = pools->items[pools->n == 1 ? 0 : i].u.seq->items[indices->items[i].u.i];
    return tuple;
}

static bool next_of_product(vm *m, struct iterator *it, value *item_out)
{
    const struct sequence *pools = it->held[0].u.seq;
    value *indices = it->held[1].u.seq->items;
    if (it->i++ == 0) {
        for (size_t i = 0; i < pools->n; i++)
            it->done = it->done || pools->items[i].u.seq->n == 0;
    } else {
        size_t i = pools->n;
        while (i > 0 && ++indices[i - 1].u.i == (int64_t)pools->items[i - 1].u.seq->n)
            indices[--i].u.i = 0;
        it->done = i == 0;
    }
    if (!it->done)
        *item_out = chosen(m, it);
    return !it->done;
}

static value zeros(vm *m, size_t n)
{
    value list = make_sequence(m, V_LIST, n);
    for (size_t i = 0; i < n; i++)
        list.u.seq->items[i] = INT(0);
    return list;
}

static value itertools_product(vm *m, value self, const struct arguments *arguments)
{
    value repeat;
    (void)self;
    struct arguments keywords = *arguments;
    keywords.n_positional = 0;
    take_arguments(m, "product", "* repeat=", &keywords, &repeat);
    int64_t times = repeat.kind == V_NOTHING ? 1 : to_int64(m, repeat, "repeat");
    if (times < 0)
        value_error(m, "repeat argument cannot be negative");
    struct iterator *it = new_iterator(m, "itertools.product", next_of_product, 0);
    it->held[0] = make_sequence(m, V_LIST, 0);
    for (size_t i = 0; i < arguments->n_positional; i++)
        append(m, it->held[0], to_list(m, arguments->positional[i]));
    for (size_t n = it->held[0].u.seq->n, k = n; n > 0 && times > 0 && k < n * (size_t)times; k++) {
        step(m, 1);
        append(m, it->held[0], it->held[0].u.seq->items[k - n]);
    }
    if (times == 0)
        it->held[0] = make_sequence(m, V_LIST, 0);
    it->held[1] = zeros(m, it->held[0].u.seq->n);
    return iterator_value(it);
}

static bool next_of_combinations(vm *m, struct iterator *it, value *item_out)
{
    int64_t n = (int64_t)it->held[0].u.seq->items[0].u.seq->n, r = it->n, i = r;
    value *indices = it->held[1].u.seq->items;
    if (it->i++ == 0) {
        it->done = r > n;
    } else {
        while (i > 0 && indices[i - 1].u.i == i - 1 + n - r)
            i--;
        it->done = i == 0;
        if (!it->done)
            indices[i - 1].u.i++;
        for (; !it->done && i < r; i++)
            indices[i].u.i = indices[i - 1].u.i + 1;
    }
    if (!it->done)
        *item_out = chosen(m, it);
    return !it->done;
}

/* In lexicographic order: the next tuple of distinct indices. */
static bool next_of_permutations(vm *m, struct iterator *it, value *item_out)
{
    int64_t n = (int64_t)it->held[0].u.seq->items[0].u.seq->n, r = it->n, i = r;
    value *indices = it->held[1].u.seq->items;
    bool found = it->i++ == 0;
    it->done = r > n;
    while (!it->done && !found && i-- > 0) {
        for (int64_t next = indices[i].u.i + 1; next < n && !found; next++) {
            found = true;
            for (int64_t k = 0; k < i; k++)
                found = found && indices[k].u.i != next;
            indices[i].u.i = found ? next : indices[i].u.i;
        }
    }
    it->done = it->done || !found;
    for (int64_t k = i + 1; !it->done && k < r && it->i > 1; k++) { /* the least ones that are left */
        int64_t least = 0;
        for (int64_t j = 0; j < k;)
            if (indices[j].u.i == least) {
                least++;
                j = 0;
            } else {
                j++;
            }
        step(m, (uint64_t)k);
        indices[k].u.i = least;
    }
    if (!it->done)
        *item_out = chosen(m, it);
    return !it->done;
}

static value choices_of(vm *m, const char *name, const char *type, const struct arguments *arguments,
                        bool (*next)(vm *m, struct iterator *iterator, value *item_out))
{
    value a[2];
    take_arguments(m, name, next == next_of_permutations ? "iterable r=" : "iterable r", arguments, a);
    value pool = to_list(m, a[0]);
    struct iterator *it = new_iterator(m, type, next, 0);
    it->held[0] = make_sequence(m, V_LIST, 0);
    append(m, it->held[0], pool);
    it->n = is_none(a[1]) ? (int64_t)pool.u.seq->n : to_int64(m, a[1], "r");
    if (it->n < 0)
        value_error(m, "r must be non-negative");
    it->done = it->n > (int64_t)pool.u.seq->n;
    it->held[1] = zeros(m, it->done ? 0 : (size_t)it->n);
    for (size_t i = 0; i < it->held[1].u.seq->n; i++)
        it->held[1].u.seq->items[i] = INT((int64_t)i);
    return iterator_value(it);
}

static value itertools_combinations(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return choices_of(m, "combinations", "itertools.combinations", arguments, next_of_combinations);
}

static value itertools_permutations(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return choices_of(m, "permutations", "itertools.permutations", arguments, next_of_permutations);
}

static const struct native itertools_functions[] = {{"accumulate", itertools_accumulate, NATIVE_FUNCTION, 0},
                                                    {"count", itertools_count, NATIVE_FUNCTION, 0},
                                                    {"repeat", itertools_repeat, NATIVE_FUNCTION, 0},
                                                    {"cycle", itertools_cycle, NATIVE_FUNCTION, 0},
                                                    {"chain", itertools_chain, NATIVE_FUNCTION, 0},
                                                    {"islice", itertools_islice, NATIVE_FUNCTION, 0},
                                                    {"takewhile", itertools_takewhile, NATIVE_FUNCTION, 0},
                                                    {"product", itertools_product, NATIVE_FUNCTION, 0},
                                                    {"combinations", itertools_combinations, NATIVE_FUNCTION, 0},
                                                    {"permutations", itertools_permutations, NATIVE_FUNCTION, 0},
                                                    {NULL, NULL, NATIVE_FUNCTION, 0}};
/* --- collections ------------------------------------------------------------------------------------------------------ */

static value collections_ordered_dict(vm *m, value self, const struct arguments *arguments)
{
    value dict = find_native(builtins, "dict")->call(m, self, arguments);
    dict.u.dict->ordered = true;
    return dict;
}

static const struct native collections_functions[] = {{"OrderedDict", collections_ordered_dict, NATIVE_FUNCTION, 0},
                                                      {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct module module_collections = {"collections", collections_functions, NULL, NULL};
const struct module module_itertools = {"itertools", itertools_functions, NULL, NULL};
