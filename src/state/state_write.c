/* state_write.c - states as pickles, JSON, C and C++.
 * SPDX-License-Identifier: MIT
 *
 * Pickles are of protocol 2, which every Python 3 loads; arrays are what NumPy itself writes at that protocol, under the module's
 * old name, which NumPy 1 and 2 both know. */
#include <inttypes.h> /* PRIu64 */
#include <math.h>     /* isfinite */
#include <stdarg.h>   /* va_list */
#include <stdio.h>    /* vsnprintf */
#include <stdlib.h>   /* realloc, free */
#include <string.h>   /* memcpy */

#include "common/bits.h" /* store32_le */
#include "state/state.h" /* struct state */
#include "state/write.h" /* state_write_json */

enum { N = 624 };

const char *const state_target_names[N_TARGETS] = {"python", "numpy", "numpy-generator", "torch", "json", "c", "cxx"};

void out_bytes(struct out *out, const void *bytes, size_t n)
{
    if (out->failed)
        return;
    if (n > out->capacity - out->n) {
        size_t capacity = 2 * (out->n + n) + 1024;
        uint8_t *grown = realloc(out->bytes, capacity);
        if (!grown) {
            out->failed = true;
            return;
        }
        out->bytes = grown;
        out->capacity = capacity;
    }
    memcpy(out->bytes + out->n, bytes, n);
    out->n += n;
}

void out_text(struct out *out, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= sizeof text)
        out->failed = true;
    else
        out_bytes(out, text, (size_t)n);
}

/* --- Pickles ------------------------------------------------------------------------------------------------------ */

static void opcodes(struct out *out, const char *text)
{
    out_bytes(out, text, strlen(text));
}

static void byte(struct out *out, uint8_t value)
{
    out_bytes(out, &value, 1);
}

static void put_u32(struct out *out, uint32_t number)
{
    uint8_t bytes[8] = {0x8a, 5}; /* LONG1: a fifth byte for the sign */
    if (number < 256) {
        byte(out, 'K');
        byte(out, (uint8_t)number);
    } else if (number < 65536) {
        bytes[0] = 'M';
        store16_le(bytes + 1, (uint16_t)number);
        out_bytes(out, bytes, 3);
    } else if (number <= INT32_MAX) {
        bytes[0] = 'J';
        store32_le(bytes + 1, number);
        out_bytes(out, bytes, 5);
    } else {
        store32_le(bytes + 2, number);
        out_bytes(out, bytes, 7);
    }
}

static void put_u128(struct out *out, const uint64_t number[2])
{
    uint8_t bytes[19] = {0x8a, 17};
    store64_le(bytes + 2, number[0]);
    store64_le(bytes + 10, number[1]);
    out_bytes(out, bytes, sizeof bytes);
}

static void put_double(struct out *out, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    byte(out, 'G');
    for (int i = 7; i >= 0; i--)
        byte(out, (uint8_t)(bits >> 8 * i));
}

static void put_unicode(struct out *out, const char *text)
{
    uint8_t head[5] = {'X'};
    store32_le(head + 1, (uint32_t)strlen(text));
    out_bytes(out, head, sizeof head);
    opcodes(out, text);
}

/* _codecs.encode(text, 'latin1'): what protocol 2 has for bytes. */
static void put_bytes(struct out *out, const uint8_t *bytes, size_t n)
{
    uint8_t head[5] = {'X'}, two[2];
    size_t n_utf8 = n;
    for (size_t i = 0; i < n; i++)
        n_utf8 += bytes[i] >> 7;
    opcodes(out, "c_codecs\nencode\n");
    store32_le(head + 1, (uint32_t)n_utf8);
    out_bytes(out, head, sizeof head);
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] < 0x80) {
            byte(out, bytes[i]);
        } else {
            two[0] = (uint8_t)(0xc0 | bytes[i] >> 6);
            two[1] = (uint8_t)(0x80 | (bytes[i] & 0x3f));
            out_bytes(out, two, 2);
        }
    }
    put_unicode(out, "latin1");
    opcodes(out, "\x86R");
}

/* One dimension, dtype u4 or u8. */
static void put_array(struct out *out, const char *dtype, const uint8_t *bytes, size_t n_items, size_t n)
{
    opcodes(out, "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n");
    put_u32(out, 0);
    byte(out, 0x85);
    put_bytes(out, (const uint8_t *)"b", 1);
    opcodes(out, "\x87R(");
    put_u32(out, 1);
    put_u32(out, (uint32_t)n_items);
    byte(out, 0x85);
    opcodes(out, "cnumpy\ndtype\n");
    put_unicode(out, dtype);
    opcodes(out, "\x89\x88\x87R(");
    put_u32(out, 3);
    put_unicode(out, "<");
    opcodes(out, "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff");
    put_u32(out, 0);
    opcodes(out, "tb\x89");
    put_bytes(out, bytes, n);
    opcodes(out, "tb");
}

static void put_array64(struct out *out, const uint64_t *numbers, size_t n)
{
    uint8_t bytes[4 * 8];
    for (size_t i = 0; i < n; i++)
        store64_le(bytes + 8 * i, numbers[i]);
    put_array(out, "u8", bytes, n, 8 * n);
}

static void put_key(struct out *out, const oneseed_mt19937 *mt)
{
    uint8_t bytes[4 * N];
    for (size_t i = 0; i < N; i++)
        store32_le(bytes + 4 * i, mt->words[i]);
    put_array(out, "u4", bytes, N, sizeof bytes);
}

static void put_python(struct out *out, const struct state *state)
{
    const oneseed_mt19937 *mt = &state->generator.engine.mt19937;
    opcodes(out, "\x80\x02");
    put_u32(out, 3);
    byte(out, '(');
    for (size_t i = 0; i < N; i++)
        put_u32(out, mt->words[i]);
    put_u32(out, mt->position);
    byte(out, 't');
    if (state->source == STATE_PYTHON && state->generator.has_gauss)
        put_double(out, state->generator.gauss);
    else
        byte(out, 'N');
    opcodes(out, "\x87.");
}

static void put_numpy(struct out *out, const struct state *state)
{
    bool has_normal = state->source == STATE_NUMPY && state->generator.has_gauss;
    opcodes(out, "\x80\x02(");
    put_unicode(out, "MT19937");
    put_key(out, &state->generator.engine.mt19937);
    put_u32(out, state->generator.engine.mt19937.position);
    put_u32(out, has_normal);
    put_double(out, state->source == STATE_NUMPY ? state->generator.gauss : 0.0);
    opcodes(out, "t.");
}

static void put_numpy_generator(struct out *out, const struct state *state)
{
    static const char *const names[] = {"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"};
    const oneseed_numpy *generator = &state->generator;
    opcodes(out, "\x80\x02}(");
    put_unicode(out, "bit_generator");
    put_unicode(out, names[generator->kind]);
    put_unicode(out, "state");
    opcodes(out, "}(");
    switch (generator->kind) {
    case ONESEED_NUMPY_MT19937:
        put_unicode(out, "key");
        put_key(out, &generator->engine.mt19937);
        put_unicode(out, "pos");
        put_u32(out, generator->engine.mt19937.position);
        break;
    case ONESEED_NUMPY_PCG64:
    case ONESEED_NUMPY_PCG64DXSM:
        put_unicode(out, "state");
        put_u128(out, generator->engine.pcg64.state);
        put_unicode(out, "inc");
        put_u128(out, generator->engine.pcg64.increment);
        break;
    case ONESEED_NUMPY_PHILOX:
        put_unicode(out, "counter");
        put_array64(out, generator->engine.philox.counter, 4);
        put_unicode(out, "key");
        put_array64(out, generator->engine.philox.key, 2);
        break;
    case ONESEED_NUMPY_SFC64:
    default:
        put_unicode(out, "state");
        put_array64(out, generator->engine.sfc64.state, 4);
    }
    byte(out, 'u');
    if (generator->kind == ONESEED_NUMPY_PHILOX) {
        put_unicode(out, "buffer");
        put_array64(out, generator->engine.philox.buffer, 4);
        put_unicode(out, "buffer_pos");
        put_u32(out, generator->engine.philox.position);
    }
    if (generator->kind != ONESEED_NUMPY_MT19937) {
        put_unicode(out, "has_uint32");
        put_u32(out, generator->has_uint32);
        put_unicode(out, "uinteger");
        put_u32(out, generator->uinteger);
    }
    opcodes(out, "u.");
}

/* --- Text --------------------------------------------------------------------------------------------------------- */

static void text_words(struct out *out, const uint32_t *words, size_t n, const char *suffix)
{
    for (size_t i = 0; i < n; i++)
        out_text(out, "%s%" PRIu32 "%s", i == 0 ? "" : i % 8 == 0 ? ",\n    " : ", ", words[i], suffix);
}

static void text_words64(struct out *out, const uint64_t *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out_text(out, "%sUINT64_C(%" PRIu64 ")", i == 0 ? "" : ", ", words[i]);
}

static void text_mt19937(struct out *out, const oneseed_mt19937 *mt)
{
    out_text(out, "{{\n    ");
    text_words(out, mt->words, N, "u");
    out_text(out, "\n}, %" PRIu32 "}", mt->position);
}

static void text_engine(struct out *out, const oneseed_numpy *generator)
{
    switch (generator->kind) {
    case ONESEED_NUMPY_MT19937:
        out_text(out, "{.mt19937 = ");
        text_mt19937(out, &generator->engine.mt19937);
        break;
    case ONESEED_NUMPY_PCG64:
    case ONESEED_NUMPY_PCG64DXSM:
        out_text(out, "{.pcg64 = {{");
        text_words64(out, generator->engine.pcg64.state, 2);
        out_text(out, "},\n    {");
        text_words64(out, generator->engine.pcg64.increment, 2);
        out_text(out, "}}");
        break;
    case ONESEED_NUMPY_PHILOX:
        out_text(out, "{.philox = {{");
        text_words64(out, generator->engine.philox.counter, 4);
        out_text(out, "},\n    {");
        text_words64(out, generator->engine.philox.key, 2);
        out_text(out, "},\n    {");
        text_words64(out, generator->engine.philox.buffer, 4);
        out_text(out, "}, %" PRIu32 "}", generator->engine.philox.position);
        break;
    case ONESEED_NUMPY_SFC64:
    default:
        out_text(out, "{.sfc64 = {{");
        text_words64(out, generator->engine.sfc64.state, 4);
        out_text(out, "}}");
    }
    out_text(out, "}");
}

/* The struct that the source's own functions take, all that is cached with it: to go on, copy it. It is C++20 as well: that asks for all
 * members, in their order, each name of its own braces. */
static void put_c(struct out *out, const struct state *state)
{
    static const char *const kinds[] = {"MT19937", "PCG64", "PCG64DXSM", "PHILOX", "SFC64"};
    const oneseed_numpy *generator = &state->generator;
    out_text(out, "#include \"oneseed.h\"\n\n");
    switch (state->source) {
    case STATE_TORCH_CUDA:
        out_text(out,
                 "static const oneseed_torch_cuda state = {.seed = UINT64_C(%" PRIu64 "), .offset = UINT64_C(%" PRIu64
                 "), .version = 0, .cuda = 0,\n    .n_sms = 0, .threads_per_sm = 0",
                 state->seed, state->offset);
        break;
    case STATE_PYTHON:
        out_text(out, "static const oneseed_python state = {.mt19937 = ");
        text_mt19937(out, &generator->engine.mt19937);
        out_text(out, ", .version = 0, .has_gauss = %" PRIu32 ", .gauss_next = %a", generator->has_gauss,
                 generator->gauss);
        break;
    case STATE_TORCH:
        out_text(out,
                 "static const oneseed_torch state = {.initial_seed = UINT64_C(%" PRIu64 "), .version = 0, "
                 ".cpu = ONESEED_TORCH_CPU_HERE, .has_mkl = 1,\n    .has_normal = %" PRIu32
                 ", .normal = %a, .has_normal_f32 = %d, .normal_f32 = %af, .mt19937 = ",
                 state->seed, generator->has_gauss, generator->gauss, state->has_float_normal,
                 (double)state->float_normal);
        text_mt19937(out, &generator->engine.mt19937);
        break;
    case STATE_NUMPY:
    case STATE_NUMPY_GENERATOR:
    default:
        out_text(out,
                 "static const oneseed_numpy state = {.kind = ONESEED_NUMPY_%s, .version = 0, .has_uint32 = %" PRIu32
                 ", .uinteger = %" PRIu32 "u,\n    .has_gauss = %" PRIu32 ", .gauss = %a, .engine = ",
                 kinds[generator->kind], generator->has_uint32, generator->uinteger, generator->has_gauss,
                 generator->gauss);
        text_engine(out, generator);
    }
    out_text(out, "};\n");
}

/* libstdc++'s operator>>: the words and the position, with spaces. */
static void put_cxx(struct out *out, const struct state *state)
{
    for (size_t i = 0; i < N; i++)
        out_text(out, "%" PRIu32 " ", state->generator.engine.mt19937.words[i]);
    out_text(out, "%" PRIu32 "\n", state->generator.engine.mt19937.position);
}

/* --- What a target cannot hold ------------------------------------------------------------------------------------ */

static const char *owner_of(enum state_source source)
{
    return source == STATE_PYTHON ? "Python" : source == STATE_TORCH ? "torch" : "NumPy";
}

static void lose(char *losses, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void lose(char *losses, const char *format, ...)
{
    size_t n = strlen(losses);
    va_list arguments;
    if (n > 0 && n < STATE_ERROR_NBYTES - 1)
        losses[n++] = '\n';
    va_start(arguments, format);
    (void)vsnprintf(losses + n, STATE_ERROR_NBYTES - n, format, arguments);
    va_end(arguments);
}

/* False: the target cannot hold the state at all. */
static bool weigh(const struct state *state, enum state_target target, char *losses)
{
    const oneseed_numpy *generator = &state->generator;
    losses[0] = '\0';
    if (target == TARGET_JSON)
        return true;
    if (target == TARGET_C) {
        bool is_finite = isfinite(generator->gauss) && isfinite(state->float_normal);
        if (!is_finite)
            lose(losses, "a cached normal that is no number: --to c holds none");
        return is_finite;
    }
    if (state->source == STATE_TORCH_CUDA) {
        if (target == TARGET_TORCH)
            return true;
        lose(losses,
             "a CUDA state is a seed and an offset of Philox4x32-10: --to torch, json and c hold it, --to %s does not",
             state_target_names[target]);
        return false;
    }
    if (target != TARGET_NUMPY_GENERATOR && generator->kind != ONESEED_NUMPY_MT19937) {
        lose(losses, "a state of %s: --to %s holds MT19937 only; numpy-generator, json and c hold it",
             state_engine_name(state), state_target_names[target]);
        return false;
    }
    bool keeps_normal = (target == TARGET_PYTHON && state->source == STATE_PYTHON) ||
                        (target == TARGET_NUMPY && state->source == STATE_NUMPY) ||
                        (target == TARGET_TORCH && state->source == STATE_TORCH);
    if (generator->has_gauss && !keeps_normal)
        lose(losses, "left out: the cached normal %.17g, which only %s continues with", generator->gauss,
             owner_of(state->source));
    if (state->has_float_normal && target != TARGET_TORCH)
        lose(losses, "left out: torch's cached normal of floats");
    if (generator->has_uint32 && generator->kind != ONESEED_NUMPY_MT19937 && target != TARGET_NUMPY_GENERATOR)
        lose(losses, "left out: the half word %" PRIu32 ", which NumPy's next 32-bit draw takes", generator->uinteger);
    return true;
}

bool state_write(const struct state *state, enum state_target target, uint8_t **bytes_out, size_t *n_out,
                 char losses_out[STATE_ERROR_NBYTES])
{
    struct out out = {.bytes = NULL};
    uint8_t blob[TORCH_BLOB_NBYTES];
    if (!weigh(state, target, losses_out))
        return false;
    struct state copy = *state;
    switch (target) {
    case TARGET_PYTHON:
        put_python(&out, state);
        break;
    case TARGET_NUMPY:
        put_numpy(&out, state);
        break;
    case TARGET_NUMPY_GENERATOR:
        put_numpy_generator(&out, state);
        break;
    case TARGET_TORCH:
        if (state->source == STATE_TORCH_CUDA) {
            store64_le(blob, state->seed);
            store64_le(blob + 8, state->offset);
            out_bytes(&out, blob, TORCH_CUDA_NBYTES);
            break;
        }
        if (state->source != STATE_TORCH) {
            struct state_seed seed;
            state_find_seed(&state->generator.engine.mt19937, STATE_SEED_WORDS, &seed);
            copy.seed = seed.kind == SEED_WORD ? seed.words[0] : 0;
            if (seed.kind != SEED_WORD)
                lose(losses_out, "no torch.manual_seed() gives this state: torch.initial_seed() will say 0");
        }
        state_to_torch(&copy, blob);
        out_bytes(&out, blob, sizeof blob);
        break;
    case TARGET_C:
        put_c(&out, state);
        break;
    case TARGET_CXX:
        put_cxx(&out, state);
        break;
    case TARGET_JSON:
    default:
        out_text(&out, "{\n");
        state_write_json(&out, state);
        out_text(&out, "\n}\n");
    }
    if (out.failed) {
        free(out.bytes);
        (void)snprintf(losses_out, STATE_ERROR_NBYTES, "no memory");
        return false;
    }
    *bytes_out = out.bytes;
    *n_out = out.n;
    return true;
}
