/* state_report.c - the answers of `oneseed state`, for people and for programs.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h> /* PRIu64 */
#include <stdio.h>    /* printf */
#include <stdlib.h>   /* strtod, free */
#include <string.h>   /* strlen */

#include "cli/cli.h"          /* message */
#include "cli/state_report.h" /* state_show_text */
#include "state/write.h"      /* out_text */

enum { N_NEXT = 3, MAX_KEY_WORDS_SHOWN = 8 };

/* The shortest digits that give the number back. */
static const char *digits_of(char out[32], double number)
{
    for (int precision = 15; precision <= 17; precision++) {
        (void)snprintf(out, 32, "%.*g", precision, number);
        if (strtod(out, NULL) == number)
            break;
    }
    return out;
}

/* --- Seeds -------------------------------------------------------------------------------------------------------- */

/* UTF-8 without anything that a terminal or a Python literal takes for more than itself: else the integer is shown. */
static bool is_plain_text(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0';) {
        if (*c < 0x20 || *c == 0x7f || *c == '\'' || *c == '\\')
            return false;
        size_t n = *c < 0x80                 ? 1
                   : *c >= 0xc2 && *c < 0xe0 ? 2
                   : *c >= 0xe0 && *c < 0xf0 ? 3
                   : *c >= 0xf0 && *c < 0xf4 ? 4
                                             : 0;
        uint32_t code = n > 1 ? *c & (0x7fu >> n) : *c;
        for (size_t i = 1; i < n; i++) {
            if ((c[i] & 0xc0) != 0x80)
                return false;
            code = code << 6 | (c[i] & 0x3fu);
        }
        bool is_shortest = n < 3 || (n == 3 ? code >= 0x800 : code >= 0x10000);
        bool is_surrogate = code >= 0xd800 && code < 0xe000, is_control = code >= 0x80 && code < 0xa0;
        if (n == 0 || !is_shortest || is_surrogate || is_control)
            return false;
        c += n;
    }
    return true;
}

/* The key of init_by_array as one integer: decimal up to 256 bits, else hexadecimal. */
static void key_integer(struct out *out, const struct state_seed *seed)
{
    uint64_t words[4] = {0, 0, 0, 0};
    char text[80];
    if (seed->n_words <= 8) {
        for (size_t i = 0; i < seed->n_words; i++)
            words[i / 2] |= (uint64_t)seed->words[i] << 32 * (i % 2);
        out_text(out, "%s", state_decimal(text, words, 4));
        return;
    }
    out_text(out, "0x%" PRIx32, seed->words[seed->n_words - 1]);
    for (size_t i = seed->n_words - 1; i-- > 0;)
        out_text(out, "%08" PRIx32, seed->words[i]);
}

/* The call that makes this seeding. */
static void seed_call(struct out *out, const struct state *state, const struct state_seed *seed)
{
    if (seed->kind == SEED_WORD) {
        out_text(
            out, state->source == STATE_TORCH ? "torch.manual_seed(%" PRIu64 ")" : "numpy.random.seed(%" PRIu64 ")",
            state->source == STATE_TORCH && (uint32_t)state->seed == seed->words[0] ? state->seed : seed->words[0]);
    } else if (state->source == STATE_NUMPY && seed->n_words <= MAX_KEY_WORDS_SHOWN) {
        out_text(out, "numpy.random.seed([");
        for (size_t i = 0; i < seed->n_words; i++)
            out_text(out, "%s%" PRIu32, i ? ", " : "", seed->words[i]);
        out_text(out, "])");
    } else {
        out_text(out, "random.seed(");
        if (seed->is_text && is_plain_text(seed->text))
            out_text(out, "'%s'", seed->text);
        else
            key_integer(out, seed);
        out_text(out, ")");
    }
}

/* --- For people --------------------------------------------------------------------------------------------------- */

static const char *source_sentence(enum state_source source)
{
    switch (source) {
    case STATE_PYTHON:
        return "Python's random";
    case STATE_NUMPY:
        return "NumPy's RandomState";
    case STATE_NUMPY_GENERATOR:
        return "a bit generator of NumPy's";
    case STATE_TORCH:
        return "torch on the CPU";
    case STATE_TORCH_CUDA:
    default:
        return "torch on CUDA";
    }
}

static void show_seed(struct out *out, const struct state *state, const struct state_seed *seed, uint64_t max_words)
{
    if (state->source == STATE_TORCH)
        out_text(out, "initial seed  %" PRIu64 "\n", state->seed);
    if (seed->kind != SEED_UNKNOWN) {
        out_text(out, "seed          ");
        seed_call(out, state, seed);
        out_text(out, "\nwords drawn   %" PRIu64 " of 32 bits since\n", seed->n_drawn);
    } else if (state->generator.kind == ONESEED_NUMPY_MT19937) {
        /* What SeedSequence makes is 624 words of its own, which no search can find. */
        if (state->source == STATE_NUMPY_GENERATOR)
            out_text(out, "seed          cannot be told: a SeedSequence made the words\n");
        else
            out_text(out, "seed          not found within %" PRIu64 " words\n", max_words);
    } else {
        out_text(out, "seed          cannot be told from the state\n");
        if (state->generator.kind == ONESEED_NUMPY_SFC64) /* its counter begins at 1, and 12 words are thrown away */
            out_text(out, "words drawn   %" PRIu64 " of 64 bits since it was seeded\n",
                     state->generator.engine.sfc64.state[3] - 13);
    }
}

static void show_engine(struct out *out, const struct state *state)
{
    const oneseed_numpy *generator = &state->generator;
    char a[80], b[80];
    switch (generator->kind) {
    case ONESEED_NUMPY_MT19937:
        out_text(out, "position      %" PRIu32 " of 624\n", generator->engine.mt19937.position);
        return;
    case ONESEED_NUMPY_PCG64:
    case ONESEED_NUMPY_PCG64DXSM:
        out_text(out, "state         %s\nincrement     %s\n", state_decimal(a, generator->engine.pcg64.state, 2),
                 state_decimal(b, generator->engine.pcg64.increment, 2));
        break;
    case ONESEED_NUMPY_PHILOX:
        out_text(out, "key           %s\ncounter       %s\nposition      %" PRIu32 " of 4\n",
                 state_decimal(a, generator->engine.philox.key, 2),
                 state_decimal(b, generator->engine.philox.counter, 4), generator->engine.philox.position);
        break;
    case ONESEED_NUMPY_SFC64:
    default:
        out_text(out, "counter       %" PRIu64 "\n", generator->engine.sfc64.state[3]);
    }
    if (generator->has_uint32)
        out_text(out, "half word     %" PRIu32 ", for the next 32-bit draw\n", generator->uinteger);
    else
        out_text(out, "half word     none\n");
}

/* Everything that is given out draws from a copy. */
static void show_next(struct out *out, const struct state *state)
{
    struct state copy = *state;
    unsigned bits = 0;
    out_text(out, "next words    ");
    for (int i = 0; i < N_NEXT; i++)
        out_text(out, "%s%" PRIu64, i ? " " : "", state_next_word(&copy, &bits));
    copy = *state;
    out_text(out, "\nnext doubles  ");
    for (int i = 0; i < N_NEXT; i++) {
        char digits[32];
        out_text(out, "%s%s", i ? " " : "", digits_of(digits, state_next_double(&copy)));
    }
    out_text(out, "\n");
}

static bool print(struct out *out)
{
    if (!out->failed)
        (void)fwrite(out->bytes, 1, out->n, stdout);
    bool ok = !out->failed;
    free(out->bytes);
    return ok;
}

/* torch.rand(3, dtype=torch.float64, device="cuda"): so few are the same on every GPU. */
static void cuda_doubles(const struct state *state, double out[N_NEXT])
{
    oneseed_torch_cuda generator = {.seed = state->seed, .offset = state->offset};
    (void)oneseed_torch_cuda_rand_fill(&generator, ONESEED_TORCH_FLOAT64, out, N_NEXT);
}

bool state_show_text(const struct state *state, const struct state_seed *seed, uint64_t max_words)
{
    struct out out = {.bytes = NULL};
    out_text(&out, "engine        %s\nstate of      %s\n", state_engine_name(state), source_sentence(state->source));
    if (state->source == STATE_TORCH_CUDA) {
        double doubles[N_NEXT];
        char number[32];
        out_text(&out, "initial seed  %" PRIu64 "\noffset        %" PRIu64 "\nnext doubles  ", state->seed,
                 state->offset);
        cuda_doubles(state, doubles);
        for (int i = 0; i < N_NEXT; i++)
            out_text(&out, "%s%s", i ? " " : "", digits_of(number, doubles[i]));
        out_text(&out, "\n");
        return print(&out);
    }
    char digits[32];
    show_seed(&out, state, seed, max_words);
    show_engine(&out, state);
    if (state->source != STATE_NUMPY_GENERATOR) {
        if (state->generator.has_gauss)
            out_text(&out, "normal        %s is cached\n", digits_of(digits, state->generator.gauss));
        else
            out_text(&out, "normal        none is cached\n");
    }
    show_next(&out, state);
    return print(&out);
}

/* --- For programs ------------------------------------------------------------------------------------------------- */

static void json_seed(struct out *out, const struct state *state, const struct state_seed *seed)
{
    struct out call = {.bytes = NULL};
    if (seed->kind == SEED_UNKNOWN) {
        out_text(out, ",\n  \"seed\": null,\n  \"words_drawn\": null");
        return;
    }
    seed_call(&call, state, seed);
    out_bytes(&call, "", 1);
    out_text(out, ",\n  \"seed\": ");
    out_json_text(out, call.failed ? "" : (const char *)call.bytes);
    out->failed = out->failed || call.failed;
    free(call.bytes);
    out_text(out, ",\n  \"seed_words\": [");
    for (size_t i = 0; i < seed->n_words; i++)
        out_text(out, "%s%" PRIu32, i ? ", " : "", seed->words[i]);
    out_text(out, "],\n  \"seeding\": \"%s\",\n  \"words_drawn\": \"%" PRIu64 "\"",
             seed->kind == SEED_WORD ? "init_genrand" : "init_by_array", seed->n_drawn);
}

static void json_doubles(struct out *out, const double doubles[N_NEXT])
{
    out_text(out, "\"next_doubles\": [");
    for (int i = 0; i < N_NEXT; i++) {
        uint64_t bits;
        memcpy(&bits, &doubles[i], sizeof bits);
        out_text(out, "%s{\"value\": %.17g, \"bits\": \"%016" PRIx64 "\"}", i ? ", " : "", doubles[i], bits);
    }
    out_text(out, "]");
}

bool state_show_json(const struct state *state, const struct state_seed *seed)
{
    struct out out = {.bytes = NULL};
    out_text(&out, "{\n");
    state_write_json(&out, state);
    double doubles[N_NEXT];
    if (state->source == STATE_TORCH_CUDA) {
        cuda_doubles(state, doubles);
        out_text(&out, ",\n  ");
    } else {
        struct state copy = *state;
        unsigned bits = 0;
        json_seed(&out, state, seed);
        out_text(&out, ",\n  \"next_words\": [");
        for (int i = 0; i < N_NEXT; i++)
            out_text(&out, "%s\"%" PRIu64 "\"", i ? ", " : "", state_next_word(&copy, &bits));
        out_text(&out, "],\n  \"word_bits\": %u,\n  ", bits);
        copy = *state;
        for (int i = 0; i < N_NEXT; i++)
            doubles[i] = state_next_double(&copy);
    }
    json_doubles(&out, doubles);
    out_text(&out, "\n}\n");
    return print(&out);
}

/* --- Lists ---------------------------------------------------------------------------------------------------------- */

void state_list_begin(struct state_list *list, bool json)
{
    *list = (struct state_list){.json = json};
    if (json)
        out_text(&list->out, "{\n\"format\": \"oneseed-state-list/1\",\n\"states\": [");
}

void state_list_add(void *context, const char *name, const struct state *state)
{
    struct state_list *list = context;
    struct out *out = &list->out;
    if (list->json) {
        out_text(out, "%s{\n  \"member\": ", list->n ? ", " : "");
        if (name[0])
            out_json_text(out, name);
        else
            out_text(out, "null");
        out_text(out, ",\n");
        state_write_json(out, state);
        out_text(out, "\n}");
    } else {
        out_text(out, "%-24s  %-13s  %s", name[0] ? name : "-", state_engine_name(state),
                 source_sentence(state->source));
        if (state->source == STATE_TORCH || state->source == STATE_TORCH_CUDA)
            out_text(out, ", initial seed %" PRIu64, state->seed);
        if (state->source == STATE_TORCH_CUDA)
            out_text(out, ", offset %" PRIu64, state->offset);
        if (state->generator.has_gauss)
            out_text(out, ", a normal is cached");
        out_text(out, "\n");
    }
    list->n++;
}

bool state_list_end(struct state_list *list, bool is_complete)
{
    if (list->json)
        out_text(&list->out, "]\n}\n");
    if (is_complete)
        return print(&list->out);
    free(list->out.bytes);
    return true;
}

/* --- Distances ---------------------------------------------------------------------------------------------------- */

void state_distance_text(const struct state_distance *distance, uint64_t max_words)
{
    char text[80];
    if (distance->kind == DISTANCE_FOUND)
        printf("%s%s\n", distance->negative ? "-" : "", state_decimal(text, distance->words, 4));
    else if (distance->kind == DISTANCE_TOO_FAR)
        message("more than %" PRIu64 " words apart, or not on one sequence", max_words);
    else
        message("not on one sequence: %s", distance->why);
}

void state_distance_json(const struct state *state, const struct state_distance *distance, uint64_t max_words)
{
    static const char *const verdicts[] = {"found", "not-found", "other-sequence"};
    char text[80];
    bool is_32 = state->source == STATE_TORCH_CUDA || state->generator.kind == ONESEED_NUMPY_MT19937;
    printf("{\n  \"format\": \"oneseed-state-distance/1\",\n  \"verdict\": \"%s\",\n  \"engine\": \"%s\",\n  "
           "\"word_bits\": %d,\n  \"words\": ",
           verdicts[distance->kind], state_engine_name(state), is_32 ? 32 : 64);
    if (distance->kind == DISTANCE_FOUND)
        printf("\"%s%s\"", distance->negative ? "-" : "", state_decimal(text, distance->words, 4));
    else
        printf("null");
    printf(",\n  \"max_words\": \"%" PRIu64 "\",\n  \"reason\": ", max_words);
    if (distance->kind == DISTANCE_OTHER)
        printf("\"%s\"\n}\n", distance->why);
    else
        printf("null\n}\n");
}
