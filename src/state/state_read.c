/* state_read.c - what kind of file it is, and the state in its plain data.
 * SPDX-License-Identifier: MIT
 *
 * Shapes as in CPython 3.9 to 3.13 (Lib/random.py: getstate), NumPy 1.19 to 2.4 (mtrand.pyx: get_state, and the `state` of each bit
 * generator in numpy/random/_*.pyx) and torch 2.13; the names of members as Hugging Face's Trainer and Accelerate write them. */
#include <stdio.h>  /* snprintf */
#include <string.h> /* memcpy, strlen */

#include "common/bits.h"   /* load64_le */
#include "state/archive.h" /* archive_read_zip */
#include "state/literal.h" /* literal_read */
#include "state/pickle.h"  /* pickle_read */
#include "state/state.h"   /* struct state */

enum { N = 624 };

static const struct value *item(const struct value *list, size_t i)
{
    return i < value_n_items(list) ? list->as.list.items[i] : NULL;
}

static bool fail(struct values *values, const char *why)
{
    values_fail(values, "%s", why);
    return false;
}

/* --- Parts -------------------------------------------------------------------------------------------------------- */

static bool read_words32(const struct value *value, uint32_t *out, size_t n)
{
    uint64_t numbers[N + 1];
    if (n > N + 1 || !value_to_numbers(value, 32, numbers, n))
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = (uint32_t)numbers[i];
    return true;
}

/* 128 bits, lowest half first. */
static bool read_u128(const struct value *value, uint64_t out[2])
{
    uint32_t words[4];
    if (!value_words(value, words, 4))
        return false;
    out[0] = words[0] | (uint64_t)words[1] << 32;
    out[1] = words[2] | (uint64_t)words[3] << 32;
    return true;
}

/* A number of at most max that may be missing: then it is 0. */
static bool read_optional(const struct value *value, uint64_t max, uint32_t *out)
{
    uint64_t number = 0;
    if (value && !value_to_u64(value, max, &number))
        return false;
    *out = (uint32_t)number;
    return true;
}

/* A cached normal: has_gauss and gauss, both or none. */
static bool read_normal(struct values *values, const struct value *has, const struct value *gauss, struct state *state)
{
    if (!has && !gauss)
        return true;
    if (!read_optional(has, 1, &state->generator.has_gauss) || !value_to_double(gauss, &state->generator.gauss))
        return fail(values, "has_gauss and gauss are not 0 or 1 and a number");
    return true;
}

/* --- Python ------------------------------------------------------------------------------------------------------- */

/* (3, (624 words and the position), gauss_next) */
static bool read_python(struct values *values, const struct value *list, struct state *state)
{
    uint32_t words[N + 1];
    uint64_t version;
    const struct value *normal = item(list, 2);
    if (!value_to_u64(item(list, 0), 3, &version) || version < 2)
        return fail(values, "random.getstate() of an unknown version: 2 and 3 are read");
    if (!read_words32(item(list, 1), words, N + 1))
        return fail(values, "random.getstate() has 625 numbers from 0 to 2**32 - 1, these are others");
    if (words[N] > N)
        return fail(values, "the position of random.getstate() is above 624");
    *state = (struct state){.source = STATE_PYTHON};
    state->generator.kind = ONESEED_NUMPY_MT19937;
    memcpy(state->generator.engine.mt19937.words, words, N * sizeof *words);
    state->generator.engine.mt19937.position = words[N];
    if (normal->type != VALUE_NONE) {
        state->generator.has_gauss = 1;
        if (!value_to_double(normal, &state->generator.gauss))
            return fail(values, "the third item of random.getstate() is neither None nor a number");
    }
    return true;
}

/* 624 words and the position, bare. */
static bool read_bare(struct values *values, const struct value *words, struct state *state)
{
    uint32_t three = 3;
    struct value version = {.type = VALUE_INT, .as.integer = {&three, 1, false}}, none = {.type = VALUE_NONE};
    struct value copy = *words, *items[] = {&version, &copy, &none};
    struct value list = {.type = VALUE_LIST, .as.list = {items, 3, 3}};
    return read_python(values, &list, state);
}

/* --- NumPy -------------------------------------------------------------------------------------------------------- */

static bool read_mt19937(struct values *values, const struct value *key, const struct value *position,
                         oneseed_mt19937 *mt)
{
    uint64_t number;
    if (!read_words32(key, mt->words, N))
        return fail(values, "the key of an MT19937 has 624 numbers from 0 to 2**32 - 1, this one is another");
    if (!value_to_u64(position, N, &number))
        return fail(values, "the position of an MT19937 is a number from 0 to 624, this one is another");
    mt->position = (uint32_t)number;
    return true;
}

/* ('MT19937', key, position, has_gauss, gauss); the last two may be missing. */
static bool read_numpy_tuple(struct values *values, const struct value *list, struct state *state)
{
    *state = (struct state){.source = STATE_NUMPY};
    state->generator.kind = ONESEED_NUMPY_MT19937;
    return read_mt19937(values, item(list, 1), item(list, 2), &state->generator.engine.mt19937) &&
           read_normal(values, item(list, 3), item(list, 4), state);
}

static bool read_philox(const struct value *inner, const struct value *dict, oneseed_philox4x64 *philox)
{
    uint64_t position;
    if (!value_to_numbers(value_member(inner, "counter"), 64, philox->counter, 4) ||
        !value_to_numbers(value_member(inner, "key"), 64, philox->key, 2) ||
        !value_to_numbers(value_member(dict, "buffer"), 64, philox->buffer, 4) ||
        !value_to_u64(value_member(dict, "buffer_pos"), 4, &position))
        return false;
    philox->position = (uint32_t)position;
    return true;
}

/* {'bit_generator': name, 'state': {...}, ...} */
static bool read_numpy_dict(struct values *values, const struct value *dict, struct state *state)
{
    const struct value *name = value_member(dict, "bit_generator"), *inner = value_member(dict, "state");
    const struct value *has = value_member(dict, "has_gauss"), *gauss = value_member(dict, "gauss");
    *state = (struct state){.source = has || gauss ? STATE_NUMPY : STATE_NUMPY_GENERATOR};
    oneseed_numpy *generator = &state->generator;
    if (!read_optional(value_member(dict, "has_uint32"), 1, &generator->has_uint32) ||
        !read_optional(value_member(dict, "uinteger"), UINT32_MAX, &generator->uinteger))
        return fail(values, "has_uint32 and uinteger are not 0 or 1 and a number of 32 bits");
    if (value_is_text(name, "MT19937")) {
        generator->kind = ONESEED_NUMPY_MT19937;
        generator->has_uint32 = generator->uinteger = 0; /* MT19937 has no half words */
        return read_mt19937(values, value_member(inner, "key"), value_member(inner, "pos"),
                            &generator->engine.mt19937) &&
               read_normal(values, has, gauss, state);
    }
    bool ok;
    if (value_is_text(name, "PCG64") || value_is_text(name, "PCG64DXSM")) {
        generator->kind = value_is_text(name, "PCG64") ? ONESEED_NUMPY_PCG64 : ONESEED_NUMPY_PCG64DXSM;
        ok = read_u128(value_member(inner, "state"), generator->engine.pcg64.state) &&
             read_u128(value_member(inner, "inc"), generator->engine.pcg64.increment);
    } else if (value_is_text(name, "Philox")) {
        generator->kind = ONESEED_NUMPY_PHILOX;
        ok = read_philox(inner, dict, &generator->engine.philox);
    } else if (value_is_text(name, "SFC64")) {
        generator->kind = ONESEED_NUMPY_SFC64;
        ok = value_to_numbers(value_member(inner, "state"), 64, generator->engine.sfc64.state, 4);
    } else {
        return fail(values, "a bit generator that is none of NumPy's");
    }
    if (!ok || !oneseed_numpy_is_valid(generator))
        return fail(values, "the numbers of this state are not those of its bit generator");
    return read_normal(values, has, gauss, state);
}

/* --- torch -------------------------------------------------------------------------------------------------------- */

static bool read_torch(struct values *values, const uint8_t *bytes, size_t n, struct state *state)
{
    const char *why = state_from_torch(bytes, n, state);
    return why ? fail(values, why) : true;
}

static bool is_cuda_nbytes(size_t n)
{
    return n == TORCH_CUDA_NBYTES || n == TORCH_OLD_CUDA_NBYTES;
}

/* torch asserts that an offset is a multiple of 4: a Philox block of 4 words. */
static bool read_cuda(struct values *values, const uint8_t *bytes, size_t n, struct state *state)
{
    size_t filler = n - TORCH_CUDA_NBYTES; /* of torch up to 2.0: where another generator's state had been */
    for (size_t i = 0; i < filler; i++)
        if (bytes[i] != 0xff)
            return fail(values, "816 bytes, but not those of a CUDA state of torch up to 2.0");
    bytes += filler;
    *state = (struct state){.source = STATE_TORCH_CUDA, .seed = load64_le(bytes), .offset = load64_le(bytes + 8)};
    return state->offset % 4 == 0 || fail(values, "the offset of a CUDA state is a multiple of 4, this one is not");
}

/* --- Our own JSON ------------------------------------------------------------------------------------------------- */

/* {"value": ..., "bits": "3ff0000000000000"}: the bits count. */
static bool read_bits(const struct value *object, uint64_t max, uint64_t *bits_out)
{
    const struct value *bits = value_member(object, "bits");
    char text[19] = "0x";
    if (!bits || bits->type != VALUE_TEXT || bits->as.text.n == 0 || bits->as.text.n > 16)
        return false;
    memcpy(text + 2, bits->as.text.bytes, bits->as.text.n);
    struct value hexadecimal = {.type = VALUE_TEXT, .as.text = {(const uint8_t *)text, bits->as.text.n + 2}};
    return value_to_u64(&hexadecimal, max, bits_out);
}

static bool read_own_normals(struct values *values, const struct value *dict, struct state *state)
{
    const struct value *normal = value_member(dict, "normal"), *float_normal = value_member(dict, "float_normal");
    uint64_t bits;
    if (normal && normal->type != VALUE_NONE) {
        if (!read_bits(normal, UINT64_MAX, &bits))
            return fail(values, "\"normal\" is neither null nor an object with 16 hexadecimal \"bits\"");
        state->generator.has_gauss = 1;
        memcpy(&state->generator.gauss, &bits, sizeof bits);
    }
    if (float_normal && float_normal->type != VALUE_NONE) {
        if (!read_bits(float_normal, UINT32_MAX, &bits))
            return fail(values, "\"float_normal\" is neither null nor an object with 8 hexadecimal \"bits\"");
        uint32_t half = (uint32_t)bits;
        state->has_float_normal = true;
        memcpy(&state->float_normal, &half, sizeof half);
    }
    return true;
}

static bool read_own_engine(const struct value *dict, oneseed_numpy *generator)
{
    const struct value *engine = value_member(dict, "engine"), *state = value_member(dict, "state");
    uint64_t position;
    if (value_is_text(engine, "MT19937")) {
        oneseed_mt19937 *mt = &generator->engine.mt19937;
        generator->kind = ONESEED_NUMPY_MT19937;
        if (!value_to_u64(value_member(dict, "position"), N, &position))
            return false;
        mt->position = (uint32_t)position;
        return read_words32(value_member(dict, "words"), mt->words, N);
    }
    if (!read_optional(value_member(dict, "has_uint32"), 1, &generator->has_uint32) ||
        !read_optional(value_member(dict, "uinteger"), UINT32_MAX, &generator->uinteger))
        return false;
    if (value_is_text(engine, "PCG64") || value_is_text(engine, "PCG64DXSM")) {
        generator->kind = value_is_text(engine, "PCG64") ? ONESEED_NUMPY_PCG64 : ONESEED_NUMPY_PCG64DXSM;
        if (!read_u128(state, generator->engine.pcg64.state) ||
            !read_u128(value_member(dict, "increment"), generator->engine.pcg64.increment))
            return false;
    } else if (value_is_text(engine, "Philox4x64-10")) {
        oneseed_philox4x64 *philox = &generator->engine.philox;
        generator->kind = ONESEED_NUMPY_PHILOX;
        if (!value_to_numbers(value_member(dict, "counter"), 64, philox->counter, 4) ||
            !value_to_numbers(value_member(dict, "key"), 64, philox->key, 2) ||
            !value_to_numbers(value_member(dict, "buffer"), 64, philox->buffer, 4) ||
            !value_to_u64(value_member(dict, "position"), 4, &position))
            return false;
        philox->position = (uint32_t)position;
    } else if (value_is_text(engine, "SFC64")) {
        generator->kind = ONESEED_NUMPY_SFC64;
        if (!value_to_numbers(state, 64, generator->engine.sfc64.state, 4))
            return false;
    } else {
        return false;
    }
    return oneseed_numpy_is_valid(generator);
}

static bool read_own(struct values *values, const struct value *dict, struct state *state)
{
    static const enum state_source sources[] = {STATE_PYTHON, STATE_NUMPY, STATE_NUMPY_GENERATOR, STATE_TORCH,
                                                STATE_TORCH_CUDA};
    const struct value *source = value_member(dict, "source"), *seed = value_member(dict, "initial_seed");
    if (!value_is_text(value_member(dict, "format"), "oneseed-state/1"))
        return fail(values, "a format that is not \"oneseed-state/1\"");
    size_t i = 0;
    while (i < sizeof sources / sizeof *sources && !value_is_text(source, state_source_name(sources[i])))
        i++;
    if (i == sizeof sources / sizeof *sources)
        return fail(values, "an unknown \"source\"");
    *state = (struct state){.source = sources[i]};
    if (seed && !value_to_u64(seed, UINT64_MAX, &state->seed))
        return fail(values, "\"initial_seed\" is no number of 64 bits");
    if (state->source == STATE_TORCH_CUDA) {
        if (!value_to_u64(value_member(dict, "offset"), UINT64_MAX, &state->offset) || state->offset % 4 != 0)
            return fail(values, "\"offset\" is no multiple of 4");
        return true;
    }
    if (!read_own_engine(dict, &state->generator))
        return fail(values, "the numbers of this state are not those of its \"engine\"");
    bool only_mt = state->source == STATE_PYTHON || state->source == STATE_TORCH;
    if (only_mt && state->generator.kind != ONESEED_NUMPY_MT19937)
        return fail(values, "an \"engine\" that this \"source\" does not have");
    return read_own_normals(values, dict, state);
}

/* --- Any of them -------------------------------------------------------------------------------------------------- */

static bool read_object(struct values *values, const struct value *object, struct state *state);

/* false without an error: it does not look like a state at all. */
static bool read_any(struct values *values, const struct value *value, struct state *state)
{
    size_t n = value_n_numbers(value);
    if (value->type == VALUE_OBJECT)
        return read_object(values, value, state);
    if (value->type == VALUE_DICT && value_member(value, "format"))
        return read_own(values, value, state);
    if (value->type == VALUE_DICT && value_member(value, "bit_generator"))
        return read_numpy_dict(values, value, state);
    if (value->type == VALUE_DICT && value_member(value, "key") &&
        value_member(value, "pos")) { /* numpy.savez(key=, pos=) */
        *state = (struct state){.source = STATE_NUMPY};
        state->generator.kind = ONESEED_NUMPY_MT19937;
        return read_mt19937(values, value_member(value, "key"), value_member(value, "pos"),
                            &state->generator.engine.mt19937) &&
               read_normal(values, value_member(value, "has_gauss"), value_member(value, "gauss"), state);
    }
    if (value->type == VALUE_DICT &&
        value_is_text(value_member(value, "arr_0"), "MT19937")) { /* numpy.savez(*get_state()) */
        static const char *const names[] = {"arr_0", "arr_1", "arr_2", "arr_3", "arr_4"};
        struct value list = {.type = VALUE_LIST}, items[5], *pointers[5];
        for (size_t i = 0; i < 5 && value_member(value, names[i]); i++) {
            items[i] = *value_member(value, names[i]);
            pointers[i] = &items[i];
            list.as.list.n = i + 1;
        }
        list.as.list.items = pointers;
        return read_numpy_tuple(values, &list, state);
    }
    if (value->type == VALUE_DICT && value_n_numbers(value_member(value, "arr_0")) == N &&
        value_member(value, "arr_1")) { /* numpy.savez(*get_state()[1:]) */
        *state = (struct state){.source = STATE_NUMPY};
        state->generator.kind = ONESEED_NUMPY_MT19937;
        return read_mt19937(values, value_member(value, "arr_0"), value_member(value, "arr_1"),
                            &state->generator.engine.mt19937) &&
               read_normal(values, value_member(value, "arr_2"), value_member(value, "arr_3"), state);
    }
    if (value->type == VALUE_LIST && n >= 3 && n <= 5 && value_is_text(item(value, 0), "MT19937"))
        return read_numpy_tuple(values, value, state);
    if (value->type == VALUE_LIST && n == 3 && value_n_numbers(item(value, 1)) > 5)
        return read_python(values, value, state);
    if (n == N + 1)
        return read_bare(values, value, state);
    if (n == N)
        return fail(values, "624 words without a position: put it behind them as number 625");
    if (n == TORCH_BLOB_NBYTES || n == TORCH_OLD_BLOB_NBYTES || is_cuda_nbytes(n)) {
        uint64_t numbers[TORCH_BLOB_NBYTES];
        uint8_t bytes[TORCH_BLOB_NBYTES];
        if (!value_to_numbers(value, 8, numbers, n))
            return fail(values, "numbers of torch's state that are no bytes");
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)numbers[i];
        return is_cuda_nbytes(n) ? read_cuda(values, bytes, n, state) : read_torch(values, bytes, n, state);
    }
    return false;
}

static bool is_bit_generator(const struct value *name)
{
    return value_is_text(name, "numpy.random._pickle __bit_generator_ctor") ||
           value_is_text(name, "oneseed._numpy_bits make_bit_generator");
}

/* torch.Generator pickles as (seed, offset or None, state): THPGenerator_reduce in torch/csrc/Generator.cpp. The state says all. */
static bool read_torch_generator(struct values *values, const struct value *own, struct state *state)
{
    size_t n = own ? value_n_numbers(own) : 0;
    bool is_blob = n == TORCH_BLOB_NBYTES || n == TORCH_OLD_BLOB_NBYTES || is_cuda_nbytes(n);
    if (own && is_blob && (own->type == VALUE_ARRAY || own->type == VALUE_BYTES))
        return read_any(values, own, state);
    return fail(values, "a pickled torch.Generator without its state, or of a device whose state is not known");
}

/* A pickled Random, RandomState, Generator or bit generator, of the frameworks' or of oneseed's own classes. */
static bool read_object(struct values *values, const struct value *object, struct state *state)
{
    const struct value *name = object->as.object.name, *own = object->as.object.state;
    if (value_is_text(name, "random Random") || value_is_text(name, "oneseed.python _made"))
        return own && own->type == VALUE_LIST && own->as.list.n == 3
                   ? read_python(values, own, state)
                   : fail(values, "a pickled Random without its state");
    if (value_is_text(name, "numpy.random._pickle __randomstate_ctor") ||
        value_is_text(name, "numpy.random __RandomState_ctor") ||
        value_is_text(name, "oneseed._numpy_legacy make_random_state")) {
        if (own && own->type == VALUE_LIST && value_is_text(item(own, 0), "MT19937"))
            return read_numpy_tuple(values, own, state);
        return own && own->type == VALUE_DICT ? read_numpy_dict(values, own, state)
                                              : fail(values, "a pickled RandomState without its state");
    }
    if (is_bit_generator(name)) {
        const struct value *dict = own && own->type == VALUE_LIST ? item(own, 0) : own;
        return dict && dict->type == VALUE_DICT ? read_numpy_dict(values, dict, state)
                                                : fail(values, "a pickled bit generator without its state");
    }
    if (value_is_text(name, "numpy.random._pickle __generator_ctor") ||
        value_is_text(name, "oneseed._numpy_generator make_generator")) {
        const struct value *inner = own && own->type == VALUE_DICT ? own : item(object->as.object.arguments, 0);
        if (inner && inner->type == VALUE_DICT)
            return read_numpy_dict(values, inner, state);
        if (inner && inner->type == VALUE_OBJECT && is_bit_generator(inner->as.object.name))
            return read_object(values, inner, state);
        return fail(values, "a pickled Generator without its state");
    }
    if (value_is_text(name, "torch._C Generator"))
        return read_torch_generator(values, item(own, 2), state);
    if (value_is_text(name, "oneseed.torch _rebuild_generator"))
        return read_torch_generator(values, item(object->as.object.arguments, 6), state);
    return false;
}

/* --- Files with several states ------------------------------------------------------------------------------------ */

struct member {
    char name[STATE_NAME_NBYTES];
    const struct value *value;
};

struct search {
    struct member *members;
    size_t n_members, n_seen;
    bool in_checkpoint; /* torch.save: generators' bytes are tensors, and a list of 16 numbers is something else */
};

enum { SEARCH_MAX_DEPTH = 6, SEARCH_MAX_SEEN = 1 << 17 };

static bool is_bare_blob(const struct value *value)
{
    size_t n = value_n_numbers(value);
    return value->type == VALUE_LIST && (is_cuda_nbytes(n) || n == TORCH_BLOB_NBYTES || n == TORCH_OLD_BLOB_NBYTES);
}

/* False: it is no state, or there are too many. */
static bool add_member(struct search *search, const char *name, const struct value *value)
{
    struct values scratch = {.blocks = NULL};
    struct state state;
    if (search->n_members == STATE_MAX_MEMBERS || (search->in_checkpoint && is_bare_blob(value)))
        return false;
    bool is_state = read_any(&scratch, value, &state);
    values_free(&scratch);
    if (!is_state)
        return false;
    struct member *member = &search->members[search->n_members++];
    (void)snprintf(member->name, sizeof member->name, "%s", name);
    member->value = value;
    return true;
}

static bool may_hold(const struct value *value)
{
    return value && (value->type == VALUE_DICT || value->type == VALUE_LIST || value->type == VALUE_ARRAY ||
                     value->type == VALUE_BYTES || value->type == VALUE_OBJECT);
}

static bool key_name(char out[64], const struct value *key)
{
    uint64_t number;
    if (key->type == VALUE_TEXT)
        value_printable(out, key->as.text.bytes, key->as.text.n);
    else if (key->type == VALUE_INT && value_to_u64(key, UINT64_MAX, &number))
        (void)snprintf(out, 64, "%llu", (unsigned long long)number);
    else
        return false;
    return true;
}

/* The states in dicts and lists and what these hold, by their keys and numbers with points between: rng.cuda.0. */
static void search_in(struct search *search, const struct value *value, const char *name, unsigned depth)
{
    size_t step = value->type == VALUE_DICT ? 2 : 1;
    if ((value->type != VALUE_DICT && value->type != VALUE_LIST) || depth == SEARCH_MAX_DEPTH)
        return;
    for (size_t i = 0; i + step <= value->as.list.n; i += step) {
        const struct value *inner = value->as.list.items[i + step - 1];
        char key[64], both[STATE_NAME_NBYTES];
        if (!may_hold(inner))
            continue;
        if (++search->n_seen > SEARCH_MAX_SEEN || search->n_members == STATE_MAX_MEMBERS)
            return;
        if (step == 1)
            (void)snprintf(key, sizeof key, "%zu", i);
        else if (!key_name(key, value->as.list.items[i]))
            continue;
        int n = snprintf(both, sizeof both, "%s%s%s", name, name[0] ? "." : "", key);
        if (n < (int)sizeof both && !add_member(search, both, inner))
            search_in(search, inner, both, depth + 1);
    }
}

static void say_members(struct values *values, const struct member *members, size_t n, const char *why)
{
    char text[160] = "";
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(text), more = strlen(members[i].name);
        if (length + more + 8 > sizeof text) { /* the error is one line */
            memcpy(text + length, ", ...", 6);
            break;
        }
        (void)strcat(i ? strcat(text, ", ") : text, members[i].name);
    }
    values_fail(values, "%s: choose with --member one of %s", why, text);
}

/* What a file holds: its only state, without a name, or states by their names. */
static bool visit_value(struct values *values, const struct value *value, bool in_checkpoint, state_visit *visit,
                        void *context)
{
    struct member members[STATE_MAX_MEMBERS];
    struct search search = {members, 0, 0, in_checkpoint};
    struct state state;
    if (read_any(values, value, &state)) {
        visit(context, "", &state);
        return true;
    }
    if (values->error[0] != '\0')
        return false;
    search_in(&search, value, "", 0);
    if (search.n_members == 0)
        return fail(values, "plain data, but no state of a random generator");
    for (size_t i = 0; i < search.n_members; i++) {
        if (!read_any(values, members[i].value, &state))
            return false;
        visit(context, members[i].name, &state);
    }
    return true;
}

static bool read_value(struct values *values, const struct value *value, bool in_checkpoint, const char *member,
                       struct state *state)
{
    struct member members[STATE_MAX_MEMBERS];
    struct search search = {members, 0, 0, in_checkpoint};
    bool is_state = read_any(values, value, state);
    if (member && is_state)
        return fail(values, "it is one state alone and has no members: leave --member away");
    if (is_state)
        return true;
    if (!member && values->error[0] != '\0')
        return false;
    values->error[0] = '\0';
    search_in(&search, value, "", 0);
    size_t n = search.n_members;
    for (size_t i = 0; i < n; i++) {
        if (member ? strcmp(members[i].name, member) == 0 : n == 1)
            return read_any(values, members[i].value, state);
    }
    if (n == 0)
        return fail(values,
                    member ? "there is no state among its members" : "plain data, but no state of a random generator");
    say_members(values, members, n, member ? "no state of that name" : "it holds several states");
    return false;
}

static bool is_text(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == 0x7f || (bytes[i] < 0x20 && (bytes[i] < '\t' || bytes[i] > '\r')))
            return false;
    }
    return n > 0;
}

/* A program, or how an object prints: why the first word of it is none says little. */
static const struct value *say_it_is_text(struct values *values)
{
    char why[VALUES_ERROR_NBYTES];
    memcpy(why, values->error, sizeof why);
    values->error[0] = '\0';
    return values_fail(values, "a text, but no saved state (%s): JSON and the print of a whole state are read", why);
}

static const struct value *read_file(struct values *values, const uint8_t *bytes, size_t n)
{
    if (archive_is_zip(bytes, n))
        return archive_read_zip(values, bytes, n);
    if (archive_is_npy(bytes, n))
        return archive_read_npy(values, bytes, n);
    if (pickle_is_torch(bytes, n))
        return pickle_read_torch(values, bytes, n, 0);
    /* A pickle ends with a point, and nothing that is printed does. */
    if (bytes[0] == 0x80 || bytes[n - 1] == '.')
        return pickle_read(values, bytes, n, NULL, 0, NULL);
    if (!is_text(bytes, n))
        return values_fail(values, "neither a pickle, JSON, .npy, .npz, torch's file nor a blob of 5056 or 16 bytes");
    const struct value *value = literal_read(values, bytes, n);
    return value ? value : say_it_is_text(values);
}

/* Torch's bytes without a frame. False without an error: they are something else. */
static bool read_raw(struct values *values, const uint8_t *bytes, size_t n, struct state *state)
{
    if ((n == TORCH_BLOB_NBYTES || n == TORCH_OLD_BLOB_NBYTES) && !state_from_torch(bytes, n, state))
        return true;
    bool is_old = n == TORCH_OLD_CUDA_NBYTES && bytes[0] == 0xff && bytes[n - TORCH_CUDA_NBYTES - 1] == 0xff;
    return (is_old || (n == TORCH_CUDA_NBYTES && !is_text(bytes, n))) && read_cuda(values, bytes, n, state);
}

bool state_is_checkpoint(const uint8_t *bytes, size_t n)
{
    return archive_is_zip(bytes, n) || pickle_is_torch(bytes, n);
}

bool state_read(const uint8_t *bytes, size_t n, const char *member, struct state *state, char error[STATE_ERROR_NBYTES])
{
    struct values values = {.blocks = NULL};
    struct state read;
    bool ok = false;
    error[0] = '\0';
    if (n == 0) {
        (void)snprintf(error, STATE_ERROR_NBYTES, "it is empty");
        return false;
    }
    if (!member && read_raw(&values, bytes, n, &read)) {
        ok = true;
    } else if (values.error[0] == '\0') {
        const struct value *value = read_file(&values, bytes, n);
        ok = value && read_value(&values, value, state_is_checkpoint(bytes, n), member, &read);
        if (!ok && (n == TORCH_BLOB_NBYTES || n == TORCH_OLD_BLOB_NBYTES) && bytes[0] != 0x80 && !is_text(bytes, n)) {
            values.error[0] = '\0'; /* as long as torch's, and broken: that is what is to be said */
            (void)read_torch(&values, bytes, n, &read);
        }
    }
    if (ok)
        *state = read;
    (void)snprintf(error, STATE_ERROR_NBYTES, "%s", ok ? "" : values.error);
    values_free(&values);
    return ok;
}

bool state_visit_all(const uint8_t *bytes, size_t n, state_visit *visit, void *context, char error[STATE_ERROR_NBYTES])
{
    struct values values = {.blocks = NULL};
    struct state read;
    bool ok = n > 0 && read_raw(&values, bytes, n, &read);
    if (ok) {
        visit(context, "", &read);
    } else if (n == 0) {
        values_fail(&values, "it is empty");
    } else if (values.error[0] == '\0') {
        const struct value *value = read_file(&values, bytes, n);
        ok = value && visit_value(&values, value, state_is_checkpoint(bytes, n), visit, context);
    }
    (void)snprintf(error, STATE_ERROR_NBYTES, "%s", ok ? "" : values.error);
    values_free(&values);
    return ok;
}
