/* bind_seed.c - SeedSequence and the bit generators of NumPy.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy, strcmp */

#include "draw/bind.h"
#include "draw/syntax.h" /* tree_memory */

void *new_holder(vm *m, value_kind kind, size_t nbytes, size_t n_held)
{
    struct holder *h = heap_object(m, kind, nbytes);
    h->n_held = n_held;
    for (size_t i = 0; i < n_held; i++)
        h->held[i] = NONE;
    return h;
}

uint32_t *integer_words(vm *m, value v, size_t *n_out)
{
    uint32_t small[2];
    bool negative;
    value plain = plain_integer(m, v);
    const uint32_t *limbs = big_limbs(plain, small, n_out, &negative);
    if (negative)
        value_error(m, "expected non-negative integer");
    uint32_t *words = tree_memory(m, *n_out * sizeof *words);
    memcpy(words, limbs, *n_out * sizeof *words);
    return words;
}

/* --- SeedSequence ---------------------------------------------------------------------------------------------------- */

static void add_words(vm *m, struct writer *w, value v)
{
    if (is_integer(v)) {
        size_t n;
        const uint32_t *words = integer_words(m, v, &n);
        put(w, (const char *)words, n * sizeof *words);
        return;
    }
    if (v.kind == V_ARRAY && v.u.array->n_dims == 0) {
        add_words(m, w, array_item(m, v.u.array, v.u.array->offset));
        return;
    }
    if (!is_sequence(v) && v.kind != V_RANGE && v.kind != V_ARRAY) {
        struct writer text = writer_start(m);
        put_str(&text, v);
        type_error(m, "SeedSequence expects int or sequence of ints for entropy not %.60s", written(&text));
    }
    struct walk walk = walk_start(m, v);
    enter(m);
    for (value item; walk_next(m, &walk, &item);)
        add_words(m, w, item);
    leave(m);
}

value new_seedseq(vm *m, value entropy, value key, uint32_t n_pool)
{
    if (is_none(entropy))
        fail(m, "no seed is given: without one every run would draw other numbers");
    struct seedseq *s = new_holder(m, V_SEEDSEQ, sizeof *s, 4);
    struct writer w = writer_start(m);
    add_words(m, &w, entropy);
    size_t n_entropy = w.n / 4;
    add_words(m, &w, key);
    s->words = (uint32_t *)(void *)w.buffer->bytes; /* realloc's alignment */
    s->n_words = n_entropy;
    s->n_key = w.n / 4 - n_entropy;
    s->n_pool = n_pool;
    s->holder.held[0] = entropy;
    s->holder.held[1] = key;
    s->holder.held[2] = object_value(V_BUFFER, w.buffer);
    return object_value(V_SEEDSEQ, s);
}

static uint32_t *pool_of(vm *m, const struct seedseq *s)
{
    uint32_t *pool = tree_memory(m, s->n_pool * sizeof *pool);
    oneseed_seed_sequence_pool(s->words, s->n_words, s->words + s->n_words, s->n_key, m->settings.numpy_version, pool,
                               s->n_pool);
    return pool;
}

static value seedseq_generate_state(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "generate_state", "n_words dtype=", arguments, a);
    int64_t n = to_int64(m, a[0], "n_words");
    dtype dt = a[1].kind == V_NOTHING ? DT_UINT32 : dtype_from(m, a[1]);
    if (dt != DT_UINT32 && dt != DT_UINT64)
        value_error(m, "only support uint32 or uint64");
    struct array *out = array_new(m, dt, 1, &n, 0);
    const struct seedseq *s = seedseq_of(self);
    const uint32_t *pool = pool_of(m, s);
    if (dt == DT_UINT32)
        oneseed_seed_sequence_generate_u32(pool, s->n_pool, (uint32_t *)(void *)out->buffer->bytes, (size_t)n);
    else
        oneseed_seed_sequence_generate_u64(pool, s->n_pool, (uint64_t *)(void *)out->buffer->bytes, (size_t)n);
    return array_value(out);
}

static value seedseq_spawn(vm *m, value self, const struct arguments *arguments)
{
    value a;
    take_arguments(m, "spawn", "n_children", arguments, &a);
    int64_t n = to_int64(m, a, "n_children");
    struct seedseq *s = seedseq_of(self);
    value list = make_sequence(m, V_LIST, 0);
    for (int64_t i = 0; i < n; i++) {
        value key = make_sequence(m, V_TUPLE, 0);
        const struct sequence *own = s->holder.held[1].u.seq;
        for (size_t k = 0; k < own->n; k++)
            append(m, key, own->items[k]);
        append(m, key, INT(s->n_spawned++));
        append(m, list, new_seedseq(m, s->holder.held[0], key, s->n_pool));
    }
    return list;
}

static value seedseq_entropy(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return seedseq_of(self)->holder.held[0];
}

static value seedseq_spawn_key(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return seedseq_of(self)->holder.held[1];
}

static value seedseq_children(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT(seedseq_of(self)->n_spawned);
}

static value seedseq_pool_size(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return INT(seedseq_of(self)->n_pool);
}

static value seedseq_pool(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    const struct seedseq *s = seedseq_of(self);
    int64_t n = s->n_pool;
    struct array *out = array_new(m, DT_UINT32, 1, &n, 0);
    memcpy(out->buffer->bytes, pool_of(m, s), out->buffer->nbytes);
    return array_value(out);
}

const struct native seedseq_methods[] = {{"generate_state", seedseq_generate_state, NATIVE_FUNCTION, 0},
                                         {"spawn", seedseq_spawn, NATIVE_FUNCTION, 0},
                                         {"entropy", seedseq_entropy, NATIVE_PROPERTY, 0},
                                         {"spawn_key", seedseq_spawn_key, NATIVE_PROPERTY, 0},
                                         {"n_children_spawned", seedseq_children, NATIVE_PROPERTY, 0},
                                         {"pool_size", seedseq_pool_size, NATIVE_PROPERTY, 0},
                                         {"pool", seedseq_pool, NATIVE_PROPERTY, 0},
                                         {NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- Bit generators -------------------------------------------------------------------------------------------------- */

static const char *const kind_names[] = {"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"};

void seed_from_seedseq(vm *m, struct bitgen *b, oneseed_numpy_kind kind, value seedseq)
{
    const struct seedseq *s = seedseq_of(seedseq);
    oneseed_numpy_seed_pool(&b->state, kind, pool_of(m, s), s->n_pool);
    b->state.version = m->settings.numpy_version;
    b->holder.held[0] = seedseq;
    b->seeded = true;
}

value new_bitgen(vm *m, oneseed_numpy_kind kind, value seed)
{
    struct bitgen *b = new_holder(m, V_BITGEN, sizeof *b, 1);
    if (seed.kind != V_SEEDSEQ)
        seed = new_seedseq(m, seed, make_sequence(m, V_TUPLE, 0), 4);
    seed_from_seedseq(m, b, kind, seed);
    value v = object_value(V_BITGEN, b);
    b->n_words = INT(0);
    b->counted = b->state;
    keep(m, v, kind_names[kind]);
    return v;
}

static value big_from_u64s(vm *m, const uint64_t *words, size_t n)
{
    uint32_t limbs[8];
    for (size_t i = 0; i < n; i++) {
        limbs[2 * i] = (uint32_t)words[i];
        limbs[2 * i + 1] = (uint32_t)(words[i] >> 32);
    }
    return big_from_limbs(m, limbs, 2 * n, false);
}

static value u64_array(vm *m, const uint64_t *words, int64_t n)
{
    struct array *a = array_new(m, DT_UINT64, 1, &n, 0);
    memcpy(a->buffer->bytes, words, (size_t)n * 8);
    return array_value(a);
}

static void put_key(vm *m, value dict, const char *key, value item)
{
    dict_put(m, dict.u.dict, make_str(m, key), item);
}

value bitgen_state(vm *m, value v)
{
    const oneseed_numpy *s = &bitgen_of(v)->state;
    value outer = make_dict(m), inner = make_dict(m);
    put_key(m, outer, "bit_generator", make_str(m, kind_names[s->kind]));
    put_key(m, outer, "state", inner);
    switch (s->kind) {
    case ONESEED_NUMPY_MT19937: {
        int64_t n = 624;
        struct array *key = array_new(m, DT_UINT32, 1, &n, 0);
        memcpy(key->buffer->bytes, s->engine.mt19937.words, 624 * 4);
        put_key(m, inner, "key", array_value(key));
        put_key(m, inner, "pos", INT(s->engine.mt19937.position));
        return outer;
    }
    case ONESEED_NUMPY_PCG64:
    case ONESEED_NUMPY_PCG64DXSM:
        put_key(m, inner, "state", big_from_u64s(m, s->engine.pcg64.state, 2));
        put_key(m, inner, "inc", big_from_u64s(m, s->engine.pcg64.increment, 2));
        break;
    case ONESEED_NUMPY_PHILOX:
        put_key(m, inner, "counter", u64_array(m, s->engine.philox.counter, 4));
        put_key(m, inner, "key", u64_array(m, s->engine.philox.key, 2));
        put_key(m, outer, "buffer", u64_array(m, s->engine.philox.buffer, 4));
        put_key(m, outer, "buffer_pos", INT(s->engine.philox.position));
        break;
    case ONESEED_NUMPY_SFC64:
        put_key(m, inner, "state", u64_array(m, s->engine.sfc64.state, 4));
        break;
    }
    put_key(m, outer, "has_uint32", INT(s->has_uint32));
    put_key(m, outer, "uinteger", INT(s->uinteger));
    return outer;
}

static value take_key(vm *m, value dict, const char *key)
{
    value item;
    if (dict.kind != V_DICT || !dict_get(m, dict.u.dict, make_str(m, key), &item))
        value_error(m, "the state has no '%s'", key);
    return item;
}

static void take_u64s(vm *m, value v, uint64_t *out, size_t n)
{
    value list = v.kind == V_ARRAY ? array_to_list(m, v.u.array) : v;
    if (is_integer(list)) { /* a big integer as little-endian words */
        size_t n_limbs;
        const uint32_t *limbs = integer_words(m, list, &n_limbs);
        if (n_limbs > 2 * n)
            value_error(m, "an integer of more than %zu bits", 64 * n);
        for (size_t i = 0; i < n; i++)
            out[i] = (2 * i < n_limbs ? limbs[2 * i] : 0) | (uint64_t)(2 * i + 1 < n_limbs ? limbs[2 * i + 1] : 0)
                                                                << 32;
        return;
    }
    if (!is_sequence(list) || list.u.seq->n != n)
        value_error(m, "expected %zu integers of 64 bits", n);
    for (size_t i = 0; i < n; i++)
        if (!is_integer(list.u.seq->items[i]) || !fits_u64(plain_integer(m, list.u.seq->items[i]), &out[i]))
            value_error(m, "expected %zu integers of 64 bits", n);
}

void bitgen_set_state(vm *m, value v, value state)
{
    struct bitgen *b = bitgen_of(v);
    value name = take_key(m, state, "bit_generator"), inner = take_key(m, state, "state");
    oneseed_numpy s = b->state;
    if (!is_text(name) || strcmp(name.u.text->bytes, kind_names[s.kind]) != 0)
        value_error(m, "state must be for a %s PRNG", kind_names[s.kind]);
    if (s.kind == ONESEED_NUMPY_MT19937) {
        struct array *key = array_as(m, array_from(m, take_key(m, inner, "key"), DT_NONE), DT_UINT32);
        if (array_size(key) != 624)
            value_error(m, "key of %lld words: 624 are needed", (long long)array_size(key));
        memcpy(s.engine.mt19937.words, array_bytes(key), 624 * 4);
        s.engine.mt19937.position = (uint32_t)to_int64(m, take_key(m, inner, "pos"), "pos");
    } else {
        s.has_uint32 = (uint32_t)to_int64(m, take_key(m, state, "has_uint32"), "has_uint32");
        s.uinteger = (uint32_t)to_int64(m, take_key(m, state, "uinteger"), "uinteger");
    }
    if (s.kind == ONESEED_NUMPY_PCG64 || s.kind == ONESEED_NUMPY_PCG64DXSM) {
        take_u64s(m, take_key(m, inner, "state"), s.engine.pcg64.state, 2);
        take_u64s(m, take_key(m, inner, "inc"), s.engine.pcg64.increment, 2);
    } else if (s.kind == ONESEED_NUMPY_PHILOX) {
        take_u64s(m, take_key(m, inner, "counter"), s.engine.philox.counter, 4);
        take_u64s(m, take_key(m, inner, "key"), s.engine.philox.key, 2);
        take_u64s(m, take_key(m, state, "buffer"), s.engine.philox.buffer, 4);
        s.engine.philox.position = (uint32_t)to_int64(m, take_key(m, state, "buffer_pos"), "buffer_pos");
    } else if (s.kind == ONESEED_NUMPY_SFC64) {
        take_u64s(m, take_key(m, inner, "state"), s.engine.sfc64.state, 4);
    }
    if (!oneseed_numpy_is_valid(&s))
        value_error(m, "%s", oneseed_status_text(ONESEED_INVALID_STATE));
    account(m, b);
    b->state = b->counted = s;
    b->seeded = true;
}

static value bitgen_state_property(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    (void)drawing(m, self);
    return bitgen_state(m, self);
}

static value bitgen_seed_seq(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    return drawing(m, self)->holder.held[0];
}

static value bitgen_random_raw(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    int64_t shape[MAX_DIMS];
    take_arguments(m, "random_raw", "size= output=", arguments, a);
    struct bitgen *b = drawing(m, self);
    int n_dims = size_shape(m, a[0], shape);
    bool output = a[1].kind == V_NOTHING || truth(m, a[1]);
    if (n_dims < 0) {
        uint64_t word;
        oneseed_numpy_random_raw_fill(&b->state, &word, 1);
        return output ? big_from_u64(m, word) : NONE;
    }
    struct plan plan = {.state = &b->state, .raw = true, .dt = DT_UINT64};
    m->lazy = m->lazy && output; /* what is not given is drawn all the same */
    value v = plan_run(m, self, &plan, n_dims, shape);
    return output ? v : NONE;
}

static value bitgen_advance(vm *m, value self, const struct arguments *arguments)
{
    value a;
    uint64_t delta[4] = {0};
    take_arguments(m, "advance", "delta", arguments, &a);
    struct bitgen *b = drawing(m, self);
    if (!is_integer(a))
        type_error(m, "delta must be an integer");
    value plain = plain_integer(m, a);
    bool negative = big_compare(plain, INT(0)) < 0;
    take_u64s(m, negative ? big_negate(m, plain) : plain, delta, 4);
    bool carry = negative;
    for (int i = 0; negative && i < 4; i++) {
        delta[i] = ~delta[i] + (carry ? 1 : 0);
        carry = carry && delta[i] == 0;
    }
    account(m, b);
    if (!oneseed_numpy_advance(&b->state, delta))
        fail(m, "AttributeError: '%s' object has no attribute 'advance'", kind_names[b->state.kind]);
    b->counted = b->state;
    return self;
}

static value bitgen_jumped(vm *m, value self, const struct arguments *arguments)
{
    value a;
    take_arguments(m, "jumped", "jumps=", arguments, &a);
    int64_t n = a.kind == V_NOTHING ? 1 : to_int64(m, a, "jumps");
    struct bitgen *b = drawing(m, self), *copy = new_holder(m, V_BITGEN, sizeof *copy, 1);
    if (b->state.kind == ONESEED_NUMPY_MT19937) /* 7 ms each */
        step(m, n > 0 && n < INT64_MAX / 1000000 ? (uint64_t)n * 1000000 : 1000000);
    copy->state = b->state;
    copy->seeded = true;
    copy->n_words = INT(0);
    copy->holder.held[0] = b->holder.held[0];
    if (!oneseed_numpy_jump(&copy->state, n))
        fail(m, "AttributeError: '%s' object has no attribute 'jumped'", kind_names[b->state.kind]);
    copy->counted = copy->state;
    keep(m, object_value(V_BITGEN, copy), kind_names[b->state.kind]);
    return object_value(V_BITGEN, copy);
}

static value bitgen_spawn(vm *m, value self, const struct arguments *arguments)
{
    const struct bitgen *b = drawing(m, self);
    if (b->holder.held[0].kind != V_SEEDSEQ)
        type_error(m, "The underlying SeedSequence does not implement spawning.");
    value list = seedseq_spawn(m, b->holder.held[0], arguments);
    for (size_t i = 0; i < list.u.seq->n; i++)
        list.u.seq->items[i] = new_bitgen(m, b->state.kind, list.u.seq->items[i]);
    return list;
}

static value bitgen_legacy_seeding(vm *m, value self, const struct arguments *arguments)
{
    value a;
    struct bitgen *b = bitgen_of(self);
    take_arguments(m, "_legacy_seeding", "seed", arguments, &a);
    if (b->state.kind != ONESEED_NUMPY_MT19937)
        fail(m, "AttributeError: '%s' object has no attribute '_legacy_seeding'", kind_names[b->state.kind]);
    seed_legacy(m, b, a);
    return NONE;
}

const struct native bitgen_methods[] = {{"random_raw", bitgen_random_raw, NATIVE_FUNCTION, 0},
                                        {"advance", bitgen_advance, NATIVE_FUNCTION, 0},
                                        {"jumped", bitgen_jumped, NATIVE_FUNCTION, 0},
                                        {"spawn", bitgen_spawn, NATIVE_FUNCTION, 0},
                                        {"_legacy_seeding", bitgen_legacy_seeding, NATIVE_FUNCTION, 0},
                                        {"state", bitgen_state_property, NATIVE_PROPERTY, 0},
                                        {"seed_seq", bitgen_seed_seq, NATIVE_PROPERTY, 0},
                                        {NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- Classes of numpy.random ----------------------------------------------------------------------------------------- */

/* From the system's entropy: nothing can be drawn before a state is set. */
static value unseeded_bitgen(vm *m, oneseed_numpy_kind kind)
{
    value v = new_bitgen(m, kind, INT(0));
    bitgen_of(v)->holder.held[0] = NONE;
    bitgen_of(v)->seeded = false;
    return v;
}

static value make_kind(vm *m, const struct arguments *arguments, oneseed_numpy_kind kind)
{
    value seed;
    take_arguments(m, kind_names[kind], "seed=", arguments, &seed);
    return is_none(seed) ? unseeded_bitgen(m, kind) : new_bitgen(m, kind, seed);
}

#define KIND(name, kind)                                                                                               \
    static value make_##name(vm *m, value self, const struct arguments *arguments)                                     \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return make_kind(m, arguments, kind);                                                                          \
    }
KIND(pcg64, ONESEED_NUMPY_PCG64)
KIND(pcg64dxsm, ONESEED_NUMPY_PCG64DXSM)
KIND(mt19937, ONESEED_NUMPY_MT19937)
KIND(sfc64, ONESEED_NUMPY_SFC64)

static value make_philox(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "Philox", "seed= counter= key=", arguments, a);
    if (!is_none(a[0]) && !is_none(a[2]))
        value_error(m, "seed and key cannot be both used");
    value v = new_bitgen(m, ONESEED_NUMPY_PHILOX, is_none(a[2]) ? a[0] : INT(0));
    struct bitgen *b = bitgen_of(v);
    uint64_t counter[4] = {0}, key[2] = {b->state.engine.philox.key[0], b->state.engine.philox.key[1]};
    if (!is_none(a[1]))
        take_u64s(m, a[1], counter, 4);
    if (!is_none(a[2])) {
        take_u64s(m, a[2], key, 2);
        b->holder.held[0] = NONE;
    }
    oneseed_philox4x64_seed(&b->state.engine.philox, key, counter);
    b->counted = b->state;
    return v;
}

static value make_seedseq(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "SeedSequence", "entropy= * spawn_key= pool_size=", arguments, a);
    value key = make_sequence(m, V_TUPLE, 0);
    if (a[1].kind != V_NOTHING) {
        struct walk walk = walk_start(m, a[1]);
        for (value item; walk_next(m, &walk, &item);)
            append(m, key, item);
    }
    int64_t n_pool = a[2].kind == V_NOTHING ? 4 : to_int64(m, a[2], "pool_size");
    if (n_pool < 4 || n_pool > 65536)
        value_error(m, "The size of the entropy pool should be at least 4");
    return new_seedseq(m, a[0], key, (uint32_t)n_pool);
}

value new_facade(vm *m, value_kind kind, value bitgen)
{
    struct facade *f = new_holder(m, kind, sizeof *f, 1);
    f->holder.held[0] = bitgen;
    return object_value(kind, f);
}

static value make_generator(vm *m, value self, const struct arguments *arguments)
{
    value a;
    (void)self;
    take_arguments(m, "Generator", "bit_generator", arguments, &a);
    if (a.kind != V_BITGEN)
        type_error(m, "Generator() takes a bit generator, not '%s'", type_name(a));
    return new_facade(m, V_GENERATOR, a);
}

static value default_rng(vm *m, value self, const struct arguments *arguments)
{
    value a;
    (void)self;
    take_arguments(m, "default_rng", "seed=", arguments, &a);
    if (a.kind == V_GENERATOR)
        return a;
    if (a.kind == V_BITGEN)
        return new_facade(m, V_GENERATOR, a);
    if (a.kind == V_RANDOMSTATE) /* since 2.2 */
        return new_facade(m, V_GENERATOR, ((struct facade *)(void *)a.u.o)->holder.held[0]);
    value bitgen = is_none(a) ? unseeded_bitgen(m, ONESEED_NUMPY_PCG64) : new_bitgen(m, ONESEED_NUMPY_PCG64, a);
    return new_facade(m, V_GENERATOR, bitgen);
}

static value make_randomstate(vm *m, value self, const struct arguments *arguments)
{
    value a;
    (void)self;
    take_arguments(m, "RandomState", "seed=", arguments, &a);
    if (a.kind == V_BITGEN)
        return new_facade(m, V_RANDOMSTATE, a);
    value bitgen = unseeded_bitgen(m, ONESEED_NUMPY_MT19937);
    if (is_none(a))
        bitgen_of(bitgen)->label = "RandomState";
    else
        seed_legacy(m, bitgen_of(bitgen), a);
    return new_facade(m, V_RANDOMSTATE, bitgen);
}

static const struct native numpy_random_functions[] = {{"default_rng", default_rng, NATIVE_FUNCTION, 0},
                                                       {"Generator", make_generator, NATIVE_CLASS, 0},
                                                       {"RandomState", make_randomstate, NATIVE_CLASS, 0},
                                                       {"SeedSequence", make_seedseq, NATIVE_CLASS, 0},
                                                       {"PCG64", make_pcg64, NATIVE_CLASS, 0},
                                                       {"PCG64DXSM", make_pcg64dxsm, NATIVE_CLASS, 0},
                                                       {"MT19937", make_mt19937, NATIVE_CLASS, 0},
                                                       {"Philox", make_philox, NATIVE_CLASS, 0},
                                                       {"SFC64", make_sfc64, NATIVE_CLASS, 0},
                                                       {NULL, NULL, NATIVE_FUNCTION, 0}};

/* np.random itself is a RandomState. */
static value global_randomstate(vm *m)
{
    if (m->globals.numpy.kind == V_NOTHING) {
        value bitgen = unseeded_bitgen(m, ONESEED_NUMPY_MT19937);
        bitgen_of(bitgen)->label = "np.random";
        m->globals.numpy = new_facade(m, V_RANDOMSTATE, bitgen);
    }
    return m->globals.numpy;
}

const struct module module_numpy_random = {"numpy.random", numpy_random_functions, NULL, global_randomstate};
