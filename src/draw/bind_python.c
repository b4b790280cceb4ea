/* bind_python.c - Python's random: the class Random, and the module's functions.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan, isfinite */
#include <string.h> /* memcpy */

#include "draw/bind.h"
#include "draw/syntax.h" /* tree_memory */

static bool python_before(const vm *m, uint32_t version)
{
    return m->settings.python_version != 0 && m->settings.python_version < version;
}

static oneseed_python *state_of(vm *m, value self)
{
    struct python_object *p = python_of(self);
    if (!p->seeded)
        fail(m, "%s has no seed: without %s every run would draw other numbers", p->label,
             strcmp(p->label, "random") == 0 ? "random.seed(N)" : "one");
    return &p->state;
}

value new_python(vm *m)
{
    struct python_object *p = new_holder(m, V_PYTHON, sizeof *p, 0);
    p->state.version = m->settings.python_version;
    p->n_words = INT(0);
    oneseed_python_seed_i64(&p->state, 0);
    p->counted = p->state;
    value v = object_value(V_PYTHON, p);
    keep(m, v, "random.Random");
    return v;
}

static void refuse_python(vm *m, oneseed_status status)
{
    if (status == ONESEED_OK)
        return;
    static const struct {
        oneseed_status status;
        const char *type;
    } types[] = {{ONESEED_PYTHON_EMPTY_SEQUENCE, "IndexError"},
                 {ONESEED_PYTHON_DIVISION, "ZeroDivisionError"},
                 {ONESEED_PYTHON_BINOMIAL_VERSION, "AttributeError"},
                 {ONESEED_PYTHON_SEED_VERSION, "TypeError"},
                 {ONESEED_PYTHON_ENDLESS, "refused"},
                 {ONESEED_PYTHON_NAN_SEED, "refused"}};
    const char *type = "ValueError";
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].status == status)
            type = types[i].type;
    fail(m, "%s: %s", type, oneseed_status_text(status));
}

/* --- Seeds and states ------------------------------------------------------------------------------------------------ */

static void seed_python(vm *m, struct python_object *p, value seed, int64_t version)
{
    account_python(m, p);
    if (is_none(seed)) { /* from the system's entropy: a state may still be set */
        p->seeded = false;
        return;
    }
    seed = scalar_item(m, seed);
    if (is_integer(seed)) {
        uint32_t small[2];
        size_t n;
        bool negative;
        value plain = plain_integer(m, seed);
        const uint32_t *limbs = big_limbs(plain, small, &n, &negative);
        oneseed_python_seed(&p->state, limbs, n);
    } else if (seed.kind == V_FLOAT) {
        refuse_python(m, oneseed_python_seed_f64(&p->state, seed.u.f));
    } else if (is_text(seed)) {
        refuse_python(m, oneseed_python_seed_str(&p->state, seed.u.text->bytes, seed.u.text->nbytes, (int)version));
    } else if (seed.kind == V_BYTES) {
        refuse_python(m, oneseed_python_seed_bytes(&p->state, seed.u.text->bytes, seed.u.text->nbytes, (int)version));
    } else {
        if (python_before(m, 311))
            fail(m, "a seed of type '%s' is not supported (before Python 3.11 its hash is the seed)", type_name(seed));
        type_error(m, "The only supported seed types are: None, int, float, str, bytes, and bytearray.");
    }
    p->counted = p->state;
    p->seeded = true;
}

static value python_seed(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "seed", "a= version=", arguments, a);
    int64_t version = a[1].kind == V_NOTHING ? 2 : to_int64(m, a[1], "version");
    if (version != 1 && version != 2)
        refuse_python(m, ONESEED_PYTHON_SEED_VERSION);
    seed_python(m, python_of(self), a[0], version);
    return NONE;
}

static value python_getstate(vm *m, value self, const struct arguments *arguments)
{
    uint32_t words[625];
    take_none(m, "getstate", arguments);
    const oneseed_python *s = state_of(m, self);
    oneseed_python_getstate(s, words);
    value outer = make_sequence(m, V_TUPLE, 3), inner = make_sequence(m, V_TUPLE, 625);
    for (int i = 0; i < 625; i++)
        inner.u.seq->items[i] = INT(words[i]);
    outer.u.seq->items[0] = INT(3);
    outer.u.seq->items[1] = inner;
    outer.u.seq->items[2] = s->has_gauss ? FLOAT(s->gauss_next) : NONE;
    return outer;
}

static value python_setstate(vm *m, value self, const struct arguments *arguments)
{
    value state;
    uint32_t words[625];
    take_arguments(m, "setstate", "state", arguments, &state);
    if (!is_sequence(state) || state.u.seq->n != 3)
        type_error(m, "state is not a tuple of three");
    const value *items = state.u.seq->items;
    int64_t version = to_int64(m, items[0], "version");
    if (version != 3 && version != 2)
        value_error(m, "state with version %lld passed to Random.setstate() of version 3", (long long)version);
    if (!is_sequence(items[1]) || items[1].u.seq->n != 625)
        value_error(m, "state vector is the wrong size");
    for (int i = 0; i < 625; i++) {
        int64_t word = to_int64(m, items[1].u.seq->items[i], "a word of the state");
        if (version == 3 && (word < 0 || word > UINT32_MAX))
            value_error(m, "a word of the state is no 32-bit integer");
        words[i] = (uint32_t)word;
    }
    struct python_object *p = python_of(self);
    account_python(m, p);
    refuse_python(m, oneseed_python_setstate(&p->state, words));
    p->state.has_gauss = items[2].kind != V_NONE;
    p->state.gauss_next = p->state.has_gauss ? to_double(m, items[2], "gauss_next") : 0;
    p->counted = p->state;
    p->seeded = true;
    return NONE;
}

/* --- Integers -------------------------------------------------------------------------------------------------------- */

static value python_random(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "random", arguments);
    return FLOAT(oneseed_python_random(state_of(m, self)));
}

static value python_getrandbits(vm *m, value self, const struct arguments *arguments)
{
    value a;
    take_arguments(m, "getrandbits", "k", arguments, &a);
    int64_t k = to_int64(m, a, "k");
    if (k < 0)
        value_error(m, "number of bits must be non-negative");
    if (k > 1 << 20)
        fail(m, "getrandbits() of more than %d bits is not supported", 1 << 20);
    size_t n = (size_t)(k + 31) / 32;
    uint32_t *words = tree_memory(m, (n + 1) * sizeof *words);
    oneseed_python_getrandbits_words(state_of(m, self), (uint64_t)k, words);
    return big_from_limbs(m, words, n, false);
}

static value python_randbytes(vm *m, value self, const struct arguments *arguments)
{
    value a;
    take_arguments(m, "randbytes", "n", arguments, &a);
    int64_t n = to_int64(m, a, "n");
    if (n < 0)
        value_error(m, "number of bits must be non-negative");
    char *out = tree_memory(m, (size_t)n + 8);
    oneseed_python_randbytes(state_of(m, self), out, (size_t)n);
    return make_text(m, V_BYTES, out, (size_t)n);
}

static value integer_argument(vm *m, value v)
{
    if (!is_integer(v))
        type_error(m, "'%s' object cannot be interpreted as an integer", type_name(v));
    return plain_integer(m, v);
}

/* 0 to n - 1; n > 0. */
static value randbelow(vm *m, oneseed_python *state, value n)
{
    uint64_t small;
    if (fits_u64(n, &small))
        return big_from_u64(m, oneseed_python_randbelow(state, small));
    uint32_t limbs[2];
    size_t n_limbs;
    bool negative;
    const uint32_t *words = big_limbs(n, limbs, &n_limbs, &negative);
    uint32_t *out = tree_memory(m, n_limbs * sizeof *out);
    oneseed_python_randbelow_words(state, words, n_limbs, out);
    return big_from_limbs(m, out, n_limbs, false);
}

static value draw_range(vm *m, value self, value start, value stop, value by)
{
    value width = big_operate(m, OP_SUBTRACT, stop, start);
    oneseed_python *state = state_of(m, self);
    int sign = big_compare(by, INT(0));
    if (sign == 0)
        refuse_python(m, ONESEED_PYTHON_ZERO_STEP);
    /* ceil(width / by) */
    value n =
        big_operate(m, OP_FLOOR_DIVIDE,
                    big_operate(m, sign > 0 ? OP_SUBTRACT : OP_ADD, big_operate(m, OP_ADD, width, by), INT(1)), by);
    if (big_compare(n, INT(0)) <= 0) {
        struct writer w = writer_start(m);
        put_text(&w, "empty range in randrange(");
        put_big(&w, start);
        put_text(&w, ", ");
        put_big(&w, stop);
        value_error(m, "%.200s)", written(&w));
    }
    value i = randbelow(m, state, n);
    return big_operate(m, OP_ADD, start, big_operate(m, OP_MULTIPLY, by, i));
}

static value python_randrange(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, "randrange", "start stop= step=", arguments, a);
    value start = integer_argument(m, a[0]), by = a[2].kind == V_NOTHING ? INT(1) : integer_argument(m, a[2]);
    if (is_none(a[1])) {
        if (a[2].kind != V_NOTHING && big_compare(by, INT(1)) != 0)
            type_error(m, "Missing a non-None stop argument");
        return draw_range(m, self, INT(0), start, INT(1));
    }
    return draw_range(m, self, start, integer_argument(m, a[1]), by);
}

static value python_randint(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "randint", "a b", arguments, a);
    value low = integer_argument(m, a[0]), high = integer_argument(m, a[1]);
    if (low.kind == V_INT && high.kind == V_INT && low.u.i <= high.u.i)
        return INT(oneseed_python_randint(state_of(m, self), low.u.i, high.u.i));
    return draw_range(m, self, low, big_operate(m, OP_ADD, high, INT(1)), INT(1));
}

/* --- Sequences ------------------------------------------------------------------------------------------------------- */

static value python_choice(vm *m, value self, const struct arguments *arguments)
{
    value a;
    take_arguments(m, "choice", "seq", arguments, &a);
    if (a.kind == V_SET || a.kind == V_DICT)
        type_error(m, "'%s' object is not subscriptable", type_name(a));
    uint64_t n = value_length(m, a);
    if (n == 0)
        refuse_python(m, ONESEED_PYTHON_EMPTY_SEQUENCE);
    return get_item(m, a, INT(oneseed_python_choice(state_of(m, self), n)));
}

static value python_shuffle(vm *m, value self, const struct arguments *arguments)
{
    value x;
    take_arguments(m, "shuffle", "x", arguments, &x);
    if (x.kind == V_LIST) {
        oneseed_python_shuffle(state_of(m, self), x.u.seq->items, x.u.seq->n, sizeof *x.u.seq->items);
        return NONE;
    }
    if (x.kind != V_ARRAY || x.u.array->n_dims != 1)
        type_error(m, "shuffle() takes a list here, not '%s'", type_name(x));
    size_t n = (size_t)x.u.array->shape[0];
    int64_t *order = tree_memory(m, (n + 1) * sizeof *order);
    for (size_t i = 0; i < n; i++)
        order[i] = (int64_t)i;
    oneseed_python_shuffle(state_of(m, self), order, n, sizeof *order);
    reorder(m, x, order, n);
    return NONE;
}

static value python_sample(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, "sample", "population k * counts=", arguments, a);
    if (a[0].kind == V_SET && python_before(m, 311))
        a[0] = to_list(m, a[0]);
    if (a[0].kind == V_SET || a[0].kind == V_DICT)
        type_error(m, "Population must be a sequence.  For dicts or sets, use sorted(d).");
    uint64_t n = value_length(m, a[0]);
    int64_t k = to_int64(m, a[1], "k");
    oneseed_python *state = state_of(m, self);
    if (k < 0 || k > INT64_C(1) << 40)
        refuse_python(m, ONESEED_PYTHON_SAMPLE_SIZE);
    uint64_t *out = tree_memory(m, ((size_t)k + 1) * sizeof *out);
    step(m, (uint64_t)k);
    if (is_none(a[2])) {
        if ((uint64_t)k > n)
            refuse_python(m, ONESEED_PYTHON_SAMPLE_SIZE);
        uint64_t *space = tree_memory(m, (oneseed_python_sample_space(n, (uint64_t)k) + 1) * sizeof *space);
        refuse_python(m, oneseed_python_sample(state, n, (uint64_t)k, space, out));
    } else {
        value list = to_list(m, a[2]);
        if (list.u.seq->n != n)
            value_error(m, "The number of counts does not match the population");
        uint64_t *counts = tree_memory(m, (n + 1) * sizeof *counts), total = 0;
        for (uint64_t i = 0; i < n; i++) {
            int64_t count = to_int64(m, list.u.seq->items[i], "a count");
            if (count < 0)
                value_error(m, "Counts must be non-negative");
            counts[i] = (uint64_t)count;
            if (total > UINT64_MAX - counts[i])
                refuse_python(m, ONESEED_PYTHON_COUNTS_RANGE);
            total += counts[i];
        }
        if ((uint64_t)k > total)
            refuse_python(m, total == 0 ? ONESEED_PYTHON_COUNTS_TOTAL : ONESEED_PYTHON_SAMPLE_SIZE);
        uint64_t *space = tree_memory(m, (n + oneseed_python_sample_space(total, (uint64_t)k) + 1) * sizeof *space);
        refuse_python(m, oneseed_python_sample_counts(state, counts, n, (uint64_t)k, space, out));
    }
    value result = make_sequence(m, V_LIST, (size_t)k);
    for (int64_t i = 0; i < k; i++)
        result.u.seq->items[i] = get_item(m, a[0], INT((int64_t)out[i]));
    return result;
}

static value python_choices(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    take_arguments(m, "choices", "population weights= * cum_weights= k=", arguments, a);
    uint64_t n = value_length(m, a[0]);
    int64_t k = a[3].kind == V_NOTHING ? 1 : to_int64(m, a[3], "k");
    oneseed_python *state = state_of(m, self);
    k = k < 0 ? 0 : k;
    int64_t *out = tree_memory(m, ((size_t)k + 1) * sizeof *out);
    step(m, (uint64_t)k);
    if (is_none(a[1]) && is_none(a[2])) {
        if (n == 0 && k > 0)
            refuse_python(m, ONESEED_PYTHON_EMPTY_SEQUENCE);
        if (k > 0)
            refuse_python(m, oneseed_python_choices_fill(state, n, out, (size_t)k));
    } else {
        if (!is_none(a[1]) && !is_none(a[2]))
            type_error(m, "Cannot specify both weights and cumulative weights");
        value list = to_list(m, is_none(a[1]) ? a[2] : a[1]);
        if (list.u.seq->n != n)
            value_error(m, "The number of weights does not match the population");
        double *weights = tree_memory(m, 2 * (n + 1) * sizeof *weights), *sums = weights + n;
        for (uint64_t i = 0; i < n; i++)
            weights[i] = to_double(m, list.u.seq->items[i], "a weight");
        if (is_none(a[2]))
            oneseed_python_accumulate(weights, n, sums);
        refuse_python(
            m, oneseed_python_choices_cum_weights_fill(state, is_none(a[2]) ? sums : weights, n, out, (size_t)k));
    }
    value result = make_sequence(m, V_LIST, (size_t)k);
    for (int64_t i = 0; i < k; i++)
        result.u.seq->items[i] = get_item(m, a[0], INT(out[i]));
    return result;
}

/* --- Real distributions ---------------------------------------------------------------------------------------------- */

/* Two parameters with the status of a fill of one, so that a refusal has its message. */
typedef oneseed_status (*fill_2)(oneseed_python *state, double a, double b, double *out, size_t n);
typedef oneseed_status (*fill_1)(oneseed_python *state, double a, double *out, size_t n);

static value checked_result(vm *m, double x)
{
    if (isinf(x))
        fail(m, "OverflowError: math range error");
    return FLOAT(x);
}

static value draw_2(vm *m, value self, const struct arguments *arguments, const char *name, const char *names,
                    fill_2 fill, const double *otherwise)
{
    value a[2];
    double x[2], out;
    take_arguments(m, name, names, arguments, a);
    for (int i = 0; i < 2; i++)
        x[i] = a[i].kind == V_NOTHING ? otherwise[i] : to_double(m, a[i], name);
    refuse_python(m, fill(state_of(m, self), x[0], x[1], &out, 1));
    return checked_result(m, out);
}

static value draw_1(vm *m, value self, const struct arguments *arguments, const char *name, const char *names,
                    fill_1 fill, double otherwise)
{
    value a;
    double out;
    take_arguments(m, name, names, arguments, &a);
    refuse_python(m, fill(state_of(m, self), a.kind == V_NOTHING ? otherwise : to_double(m, a, name), &out, 1));
    return checked_result(m, out);
}

static const double standard[2] = {0, 1};

#define TWO(name, names)                                                                                               \
    static value python_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        return draw_2(m, self, arguments, #name, names, oneseed_python_##name##_fill, standard);                       \
    }
#define ONE(name, names)                                                                                               \
    static value python_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        return draw_1(m, self, arguments, #name, names, oneseed_python_##name##_fill, 1);                              \
    }
TWO(lognormvariate, "mu sigma")
TWO(vonmisesvariate, "mu kappa")
TWO(gammavariate, "alpha beta")
TWO(betavariate, "alpha beta")
TWO(weibullvariate, "alpha beta")
ONE(paretovariate, "alpha")

static value python_uniform(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "uniform", "a b", arguments, a);
    /* b - a is made in the arguments' own type. */
    double low = to_double(m, a[0], "a"), span = to_double(m, operate(m, OP_SUBTRACT, a[1], a[0]), "b - a");
    return FLOAT(low + span * oneseed_python_random(state_of(m, self)));
}

static value python_triangular(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    double out;
    take_arguments(m, "triangular", "low= high= mode=", arguments, a);
    double low = a[0].kind == V_NOTHING ? 0 : to_double(m, a[0], "low"),
           high = a[1].kind == V_NOTHING ? 1 : to_double(m, a[1], "high");
    double mode = is_none(a[2]) ? (double)NAN : to_double(m, a[2], "mode");
    if (!is_none(a[2]) && isnan(mode))
        fail(m, "triangular() with a mode of nan is not supported");
    refuse_python(m, oneseed_python_triangular_fill(state_of(m, self), low, high, mode, &out, 1));
    if (isnan(out) && isfinite(low) && isfinite(high))
        value_error(m, "math domain error");
    return FLOAT(out);
}

static value python_normalvariate(vm *m, value self, const struct arguments *arguments)
{
    const char *names = python_before(m, 311) ? "mu sigma" : "mu= sigma=";
    return draw_2(m, self, arguments, "normalvariate", names, oneseed_python_normalvariate_fill, standard);
}

static value python_gauss(vm *m, value self, const struct arguments *arguments)
{
    const char *names = python_before(m, 311) ? "mu sigma" : "mu= sigma=";
    return draw_2(m, self, arguments, "gauss", names, oneseed_python_gauss_fill, standard);
}

static value python_expovariate(vm *m, value self, const struct arguments *arguments)
{
    const char *names = python_before(m, 312) ? "lambd" : "lambd=";
    return draw_1(m, self, arguments, "expovariate", names, oneseed_python_expovariate_fill, 1);
}

static value python_binomialvariate(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    int64_t out;
    take_arguments(m, "binomialvariate", "n= p=", arguments, a);
    int64_t n = a[0].kind == V_NOTHING ? 1 : to_int64(m, a[0], "n");
    double p = a[1].kind == V_NOTHING ? 0.5 : to_double(m, a[1], "p");
    refuse_python(m, oneseed_python_binomialvariate_fill(state_of(m, self), n, p, &out, 1));
    return INT(out);
}

#define ENTRY(name)                                                                                                    \
    {                                                                                                                  \
#name, python_##name, NATIVE_FUNCTION, 0                                                                       \
    }
const struct native python_methods[] = {ENTRY(seed),
                                        ENTRY(getstate),
                                        ENTRY(setstate),
                                        ENTRY(random),
                                        ENTRY(getrandbits),
                                        ENTRY(randbytes),
                                        ENTRY(randrange),
                                        ENTRY(randint),
                                        ENTRY(choice),
                                        ENTRY(shuffle),
                                        ENTRY(sample),
                                        ENTRY(choices),
                                        ENTRY(uniform),
                                        ENTRY(triangular),
                                        ENTRY(normalvariate),
                                        ENTRY(gauss),
                                        ENTRY(lognormvariate),
                                        ENTRY(expovariate),
                                        ENTRY(vonmisesvariate),
                                        ENTRY(gammavariate),
                                        ENTRY(betavariate),
                                        ENTRY(paretovariate),
                                        ENTRY(weibullvariate),
                                        ENTRY(binomialvariate),
                                        {NULL, NULL, NATIVE_FUNCTION, 0}};

static value make_random(vm *m, value self, const struct arguments *arguments)
{
    value seed;
    (void)self;
    take_arguments(m, "Random", "x=", arguments, &seed);
    value v = new_python(m);
    seed_python(m, python_of(v), seed, 2);
    return v;
}

static const struct native random_classes[] = {{"Random", make_random, NATIVE_CLASS, 0},
                                               {NULL, NULL, NATIVE_FUNCTION, 0}};

static value global_random(vm *m)
{
    if (m->globals.random.kind == V_NOTHING) {
        m->globals.random = new_python(m);
        python_of(m->globals.random)->label = "random";
    }
    return m->globals.random;
}

const struct module module_random = {"random", random_classes, NULL, global_random};
