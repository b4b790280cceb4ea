/* bind_legacy.c - RandomState and the functions of np.random.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy, strcmp */

#include "dialects/numpy_legacy.h" /* LEGACY_F64_METHODS */
#include "draw/bind.h"
#include "draw/bind_choose.h"
#include "draw/syntax.h" /* tree_memory */

/* An int, and an array with one element, go through init_genrand; lists and longer arrays through init_by_array. */
void seed_legacy(vm *m, struct bitgen *b, value seed)
{
    if (is_none(seed)) { /* from the system's entropy: a state may still be set */
        account(m, b);
        b->seeded = false;
        return;
    }
    if (seed.kind == V_ARRAY && array_size(seed.u.array) == 1)
        seed = array_item(m, seed.u.array, seed.u.array->offset);
    account(m, b);
    uint32_t version = m->settings.numpy_version;
    if (is_integer(seed)) {
        uint64_t n;
        if (!fits_u64(plain_integer(m, seed), &n) || n > UINT32_MAX)
            value_error(m, "Seed must be between 0 and 2**32 - 1");
        oneseed_numpy_legacy_seed(&b->state, (uint32_t)n);
    } else if (seed.kind == V_FLOAT || seed.kind == V_SCALAR) {
        type_error(m, "Cannot cast scalar from dtype('float64') to dtype('int64') according to the rule 'safe'");
    } else {
        value list = to_list(m, seed);
        size_t n = list.u.seq->n;
        uint32_t *words = tree_memory(m, (n + 1) * sizeof *words);
        for (size_t i = 0; i < n; i++) {
            value item = list.u.seq->items[i];
            uint64_t word;
            if (item.kind == V_ARRAY || is_sequence(item))
                value_error(m, "Seed array must be 1-d");
            if (!is_integer(item))
                type_error(m, "a seed array of integers is needed");
            if (!fits_u64(plain_integer(m, item), &word) || word > UINT32_MAX)
                value_error(m, "Seed values must be between 0 and 2**32 - 1");
            words[i] = (uint32_t)word;
        }
        refuse(m, oneseed_numpy_legacy_seed_array(&b->state, words, n), false);
    }
    b->state.version = version;
    b->state.has_gauss = 0;
    b->counted = b->state;
    b->seeded = true;
    b->holder.held[0] = NONE;
}

static struct bitgen *bitgen_behind(value self)
{
    return bitgen_of(((struct facade *)(void *)self.u.o)->holder.held[0]);
}

static value legacy_seed(vm *m, value self, const struct arguments *arguments)
{
    value seed;
    take_arguments(m, "seed", "seed=", arguments, &seed);
    if (bitgen_behind(self)->state.kind != ONESEED_NUMPY_MT19937)
        type_error(m, "can only re-seed a MT19937 BitGenerator");
    seed_legacy(m, bitgen_behind(self), seed);
    return NONE;
}

static value legacy_get_state(vm *m, value self, const struct arguments *arguments)
{
    value legacy;
    take_arguments(m, "get_state", "legacy=", arguments, &legacy);
    const struct bitgen *b = drawing(m, self);
    value state = bitgen_state(m, ((struct facade *)(void *)self.u.o)->holder.held[0]);
    bool as_tuple = legacy.kind == V_NOTHING || truth(m, legacy);
    if (as_tuple && b->state.kind != ONESEED_NUMPY_MT19937)
        as_tuple = false;
    if (!as_tuple) {
        dict_put(m, state.u.dict, make_str(m, "has_gauss"), INT(b->state.has_gauss));
        dict_put(m, state.u.dict, make_str(m, "gauss"), FLOAT(b->state.has_gauss ? b->state.gauss : 0));
        return state;
    }
    value inner = get_item(m, state, make_str(m, "state")), tuple = make_sequence(m, V_TUPLE, 5);
    value *items = tuple.u.seq->items;
    items[0] = make_str(m, "MT19937");
    items[1] = get_item(m, inner, make_str(m, "key"));
    items[2] = INT(b->state.engine.mt19937.position);
    items[3] = INT(b->state.has_gauss);
    items[4] = FLOAT(b->state.has_gauss ? b->state.gauss : 0);
    return tuple;
}

static value legacy_set_state(vm *m, value self, const struct arguments *arguments)
{
    value state;
    take_arguments(m, "set_state", "state", arguments, &state);
    struct bitgen *b = bitgen_behind(self);
    if (state.kind == V_DICT) {
        value has_gauss, gauss;
        bitgen_set_state(m, ((struct facade *)(void *)self.u.o)->holder.held[0], state);
        bool given = dict_get(m, state.u.dict, make_str(m, "has_gauss"), &has_gauss);
        b->state.has_gauss = given && to_int64(m, has_gauss, "has_gauss") != 0;
        if (given && dict_get(m, state.u.dict, make_str(m, "gauss"), &gauss))
            b->state.gauss = to_double(m, gauss, "gauss");
        return NONE;
    }
    if (b->state.kind != ONESEED_NUMPY_MT19937 || (state.kind != V_TUPLE && state.kind != V_LIST) ||
        (state.u.seq->n != 3 && state.u.seq->n != 5))
        value_error(m, "set_state can only be used with legacy MT19937 state instances: a tuple of 3 or 5.");
    const value *items = state.u.seq->items;
    if (!is_text(items[0]) || strcmp(items[0].u.text->bytes, "MT19937") != 0)
        value_error(m, "set_state can only be used with legacy MT19937 state instances.");
    struct array *key = array_as(m, array_from(m, items[1], DT_NONE), DT_UINT32);
    if (array_size(key) != 624)
        value_error(m, "a key of 624 words is needed");
    int64_t position = to_int64(m, items[2], "the position");
    bool full = state.u.seq->n == 5;
    account(m, b);
    refuse(m,
           oneseed_numpy_legacy_set_state(&b->state, (const uint32_t *)(const void *)array_bytes(key),
                                          position < 0 || position > 624 ? 625 : (uint32_t)position,
                                          full && to_int64(m, items[3], "has_gauss") != 0,
                                          full ? to_double(m, items[4], "gauss") : 0),
           false);
    b->counted = b->state;
    b->seeded = true;
    return NONE;
}

static value draw_dimensions(vm *m, value self, const struct arguments *arguments, const char *name)
{
    const numpy_method *method = numpy_legacy_method(name);
    struct arguments one = {0};
    if (arguments->n_named > 0)
        type_error(m, "%s() takes no keyword arguments", name);
    if (arguments->n_positional == 0)
        return draw_method(m, self, &one, method);
    value size = make_sequence(m, V_TUPLE, arguments->n_positional);
    memcpy(size.u.seq->items, arguments->positional, arguments->n_positional * sizeof(value));
    for (size_t i = 0; i < arguments->n_positional; i++)
        if (!is_integer(size.u.seq->items[i]))
            type_error(m, "'%s' object cannot be interpreted as an integer", type_name(size.u.seq->items[i]));
    one = (struct arguments){.positional = &size, .n_positional = 1};
    return draw_method(m, self, &one, method);
}

static value legacy_rand(vm *m, value self, const struct arguments *arguments)
{
    return draw_dimensions(m, self, arguments, "random_sample");
}

static value legacy_randn(vm *m, value self, const struct arguments *arguments)
{
    return draw_dimensions(m, self, arguments, "standard_normal");
}

static value legacy_randint(vm *m, value self, const struct arguments *arguments)
{
    return draw_integers(m, self, arguments, true);
}

static value legacy_random_integers(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, "random_integers", "low high= size=", arguments, a);
    value low = is_none(a[1]) ? INT(1) : a[0], high = is_none(a[1]) ? a[0] : a[1];
    value two[] = {low, operate(m, OP_ADD, high, INT(1)), a[2].kind == V_NOTHING ? NONE : a[2]};
    struct arguments passed = {.positional = two, .n_positional = 3};
    value drawn = draw_integers(m, self, &passed, true); /* of dtype 'l', so that one integer is NumPy's, too */
    return drawn.kind == V_INT ? scalar_int(DT_INT64, drawn.u.i) : drawn;
}

static value legacy_bytes(vm *m, value self, const struct arguments *arguments)
{
    value a;
    take_arguments(m, "bytes", "length", arguments, &a);
    int64_t n = to_int64(m, a, "length");
    if (n < 0)
        value_error(m, "negative dimensions are not allowed");
    char *out = tree_memory(m, (size_t)n + 8);
    oneseed_numpy_legacy_bytes_fill(&drawing(m, self)->state, out, (size_t)n);
    return make_text(m, V_BYTES, out, (size_t)n);
}

static value legacy_tomaxint(vm *m, value self, const struct arguments *arguments)
{
    value a;
    int64_t shape[MAX_DIMS];
    take_arguments(m, "tomaxint", "size=", arguments, &a);
    oneseed_numpy *state = &drawing(m, self)->state;
    int n_dims = size_shape(m, a, shape);
    if (n_dims < 0)
        return INT(oneseed_numpy_legacy_tomaxint(state));
    struct array *out = array_new(m, DT_INT64, n_dims, shape, 0);
    step(m, (uint64_t)array_size(out));
    oneseed_numpy_legacy_tomaxint_fill(state, (int64_t *)(void *)out->buffer->bytes, (size_t)array_size(out));
    return array_value(out);
}

static value legacy_bit_generator(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return ((struct facade *)(void *)self.u.o)->holder.held[0];
}

#define ROWS(X)                                                                                                        \
    X(random_sample)                                                                                                   \
    X(random)                                                                                                          \
    X(standard_normal)                                                                                                 \
    X(standard_exponential)                                                                                            \
    X(standard_cauchy)                                                                                                 \
    LEGACY_F64_METHODS(X)                                                                                              \
    LEGACY_I64_METHODS(X)

#define ROW(name)                                                                                                      \
    static value row_##name(vm *m, value self, const struct arguments *arguments)                                      \
    {                                                                                                                  \
        return draw_method(m, self, arguments, numpy_legacy_method(#name));                                            \
    }
ROWS(ROW)
#define ENTRY(name) {#name, row_##name, NATIVE_FUNCTION, 0},

const struct native legacy_methods[] = {ROWS(ENTRY){"seed", legacy_seed, NATIVE_FUNCTION, 0},
                                        {"sample", row_random_sample, NATIVE_FUNCTION, 0},
                                        {"ranf", row_random_sample, NATIVE_FUNCTION, 0},
                                        {"rand", legacy_rand, NATIVE_FUNCTION, 0},
                                        {"randn", legacy_randn, NATIVE_FUNCTION, 0},
                                        {"randint", legacy_randint, NATIVE_FUNCTION, 0},
                                        {"random_integers", legacy_random_integers, NATIVE_FUNCTION, 0},
                                        {"tomaxint", legacy_tomaxint, NATIVE_FUNCTION, 0},
                                        {"bytes", legacy_bytes, NATIVE_FUNCTION, 0},
                                        {"choice", legacy_choice, NATIVE_FUNCTION, 0},
                                        {"shuffle", legacy_shuffle, NATIVE_FUNCTION, 0},
                                        {"permutation", legacy_permutation, NATIVE_FUNCTION, 0},
                                        {"multinomial", legacy_multinomial, NATIVE_FUNCTION, 0},
                                        {"dirichlet", legacy_dirichlet, NATIVE_FUNCTION, 0},
                                        {"multivariate_normal", multivariate_normal, NATIVE_FUNCTION, 0},
                                        {"get_state", legacy_get_state, NATIVE_FUNCTION, 0},
                                        {"set_state", legacy_set_state, NATIVE_FUNCTION, 0},
                                        {"_bit_generator", legacy_bit_generator, NATIVE_PROPERTY, 0},
                                        {NULL, NULL, NATIVE_FUNCTION, 0}};
