/* state_engine.c - what the engines of states say: names, next values, and how far two states are apart.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* malloc */
#include <string.h> /* memcmp, memcpy */

#include "state/state.h" /* struct state */

/* 64 MiB: with it 10^12 words take a fifth of a second. Below NEAR words drawing is quicker. */
enum { FAR_WORDS = 1 << 23, NEAR = 100000000 };

const char *state_source_name(enum state_source source)
{
    static const char *const names[] = {"python", "numpy", "numpy-generator", "torch", "torch-cuda"};
    return names[source];
}

const char *state_engine_name(const struct state *state)
{
    static const char *const names[] = {"MT19937", "PCG64", "PCG64DXSM", "Philox4x64-10", "SFC64"};
    return state->source == STATE_TORCH_CUDA ? "Philox4x32-10" : names[state->generator.kind];
}

const char *state_decimal(char out[80], const uint64_t *words, size_t n_words)
{
    uint32_t parts[8];
    char *at = out + 79;
    *at = '\0';
    for (size_t i = 0; i < 2 * n_words; i++)
        parts[i] = (uint32_t)(words[i / 2] >> 32 * (i % 2));
    bool more;
    do {
        uint64_t rest = 0;
        more = false;
        for (size_t i = 2 * n_words; i-- > 0;) {
            rest = rest << 32 | parts[i];
            parts[i] = (uint32_t)(rest / 10);
            rest %= 10;
            more = more || parts[i] != 0;
        }
        *--at = (char)('0' + rest);
    } while (more);
    return at;
}

/* --- Next values -------------------------------------------------------------------------------------------------- */

uint64_t state_next_word(struct state *state, unsigned *bits_out)
{
    uint64_t word;
    *bits_out = state->generator.kind == ONESEED_NUMPY_MT19937 ? 32 : 64;
    oneseed_numpy_random_raw_fill(&state->generator, &word, 1);
    return word;
}

double state_next_double(struct state *state)
{
    if (state->source != STATE_TORCH) /* Python's random() is NumPy's */
        return oneseed_numpy_next_double(&state->generator);
    /* torch.rand(dtype=float64): the first word is the upper half, 53 bits from below. */
    uint64_t high = oneseed_mt19937_next_u32(&state->generator.engine.mt19937);
    uint64_t low = oneseed_mt19937_next_u32(&state->generator.engine.mt19937);
    return (double)((high << 32 | low) & (((uint64_t)1 << 53) - 1)) * (1.0 / 9007199254740992.0);
}

/* --- Distances ---------------------------------------------------------------------------------------------------- */

/* Puts a number in two's complement as a sign and a magnitude. */
static void set_signed(struct state_distance *out, const uint64_t *words, size_t n)
{
    memset(out->words, 0, sizeof out->words);
    out->kind = DISTANCE_FOUND;
    out->negative = words[n - 1] >> 63 != 0;
    uint64_t carry = 1;
    for (size_t i = 0; i < n; i++) {
        out->words[i] = out->negative ? ~words[i] + carry : words[i];
        carry = carry && out->words[i] == 0;
    }
}

static void set_other(struct state_distance *out, const char *why)
{
    out->kind = DISTANCE_OTHER;
    (void)snprintf(out->why, sizeof out->why, "%s", why);
}

/* Both directions by `search`, the nearer one first, when the search is by drawing. */
static bool find_mt19937(const oneseed_mt19937 *from, const oneseed_mt19937 *to, uint64_t max_words,
                         struct state_distance *out)
{
    uint64_t near = max_words < NEAR / 100 ? max_words : NEAR / 100, words = ONESEED_TOO_FAR;
    uint64_t *memory = NULL;
    for (int step = 0; step < 2 && words == ONESEED_TOO_FAR; step++) {
        bool far = step == 1 && max_words > NEAR;
        if (far) {
            memory = malloc(FAR_WORDS * sizeof *memory);
            if (!memory)
                return false;
        }
        for (int back = 0; back < 2 && words == ONESEED_TOO_FAR; back++) {
            const oneseed_mt19937 *first = back ? to : from, *second = back ? from : to;
            words = far ? oneseed_mt19937_distance_far(first, second, max_words, memory, FAR_WORDS)
                        : oneseed_mt19937_distance(first, second, step == 0 ? near : max_words);
            out->negative = back == 1;
        }
    }
    free(memory);
    out->kind = words == ONESEED_TOO_FAR ? DISTANCE_TOO_FAR : DISTANCE_FOUND;
    out->words[0] = words;
    return true;
}

static void find_sfc64(const oneseed_sfc64 *from, const oneseed_sfc64 *to, uint64_t max_words,
                       struct state_distance *out)
{
    uint64_t words = oneseed_sfc64_distance(from, to, max_words);
    if (words == ONESEED_TOO_FAR) {
        words = oneseed_sfc64_distance(to, from, max_words);
        out->negative = true;
    }
    out->words[0] = words;
    out->kind = DISTANCE_FOUND;
    if (words != ONESEED_TOO_FAR)
        return;
    uint64_t ahead = to->state[3] - from->state[3], behind = from->state[3] - to->state[3]; /* what the counters say */
    if ((ahead < behind ? ahead : behind) <= max_words)
        set_other(out, "the counters of SFC64 are so far apart, but the states are of different sequences");
    else
        out->kind = DISTANCE_TOO_FAR;
}

static void find_cuda(const struct state *from, const struct state *to, struct state_distance *out)
{
    uint64_t ahead = to->offset - from->offset;
    out->negative = to->offset < from->offset;
    out->words[0] = out->negative ? from->offset - to->offset : ahead;
    out->kind = DISTANCE_FOUND;
    if (from->seed != to->seed)
        set_other(out, "the seeds are different");
}

bool state_distance(const struct state *from, const struct state *to, uint64_t max_words, struct state_distance *out)
{
    uint64_t words[4];
    *out = (struct state_distance){.kind = DISTANCE_OTHER};
    bool from_cuda = from->source == STATE_TORCH_CUDA, to_cuda = to->source == STATE_TORCH_CUDA;
    if (from_cuda != to_cuda || (!from_cuda && from->generator.kind != to->generator.kind)) {
        (void)snprintf(out->why, sizeof out->why, "different engines: %s and %s", state_engine_name(from),
                       state_engine_name(to));
        return true;
    }
    if (from_cuda) {
        find_cuda(from, to, out);
        return true;
    }
    const oneseed_numpy *a = &from->generator, *b = &to->generator;
    switch (a->kind) {
    case ONESEED_NUMPY_MT19937:
        return find_mt19937(&a->engine.mt19937, &b->engine.mt19937, max_words, out);
    case ONESEED_NUMPY_PCG64:
    case ONESEED_NUMPY_PCG64DXSM:
        if (a->kind == ONESEED_NUMPY_PCG64 ? oneseed_pcg64_distance(&a->engine.pcg64, &b->engine.pcg64, words)
                                           : oneseed_pcg64dxsm_distance(&a->engine.pcg64, &b->engine.pcg64, words))
            set_signed(out, words, 2);
        else
            set_other(out, "the increments are different: these are different streams of PCG");
        return true;
    case ONESEED_NUMPY_PHILOX:
        if (oneseed_philox4x64_distance(&a->engine.philox, &b->engine.philox, words))
            set_signed(out, words, 4);
        else
            set_other(out, "the keys are different, or a buffer is not that of its counter");
        return true;
    case ONESEED_NUMPY_SFC64:
    default:
        find_sfc64(&a->engine.sfc64, &b->engine.sfc64, max_words, out);
        return true;
    }
}
