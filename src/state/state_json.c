/* state_json.c - our own form of a state, "oneseed-state/1".
 * SPDX-License-Identifier: MIT
 *
 * Numbers that may need more than 32 bits are strings of decimal digits; of floats the bits count. */
#include <inttypes.h> /* PRIu64 */
#include <string.h>   /* memcpy */

#include "state/write.h" /* out_text */

void out_json_text(struct out *out, const char *text)
{
    out_text(out, "\"");
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            out_text(out, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            out_text(out, "\\u%04x", (unsigned)*c);
        else
            out_bytes(out, c, 1);
    }
    out_text(out, "\"");
}

static void numbers(struct out *out, const char *name, const uint64_t *words, size_t n)
{
    out_text(out, ",\n  \"%s\": [", name);
    for (size_t i = 0; i < n; i++)
        out_text(out, "%s\"%" PRIu64 "\"", i ? ", " : "", words[i]);
    out_text(out, "]");
}

static void number128(struct out *out, const char *name, const uint64_t number[2])
{
    char text[80];
    out_text(out, ",\n  \"%s\": \"%s\"", name, state_decimal(text, number, 2));
}

/* JSON has no NaN: the value is then null, and the bits are there. */
static void normal(struct out *out, const char *name, bool has, double value, unsigned n_digits, uint64_t bits)
{
    out_text(out, ",\n  \"%s\": ", name);
    if (!has)
        out_text(out, "null");
    else if (value - value != 0.0)
        out_text(out, "{\"value\": null, \"bits\": \"%0*" PRIx64 "\"}", (int)n_digits, bits);
    else
        out_text(out, "{\"value\": %.17g, \"bits\": \"%0*" PRIx64 "\"}", value, (int)n_digits, bits);
}

static void engine(struct out *out, const oneseed_numpy *generator)
{
    switch (generator->kind) {
    case ONESEED_NUMPY_MT19937:
        out_text(out, ",\n  \"words\": [");
        for (size_t i = 0; i < 624; i++)
            out_text(out, "%s%" PRIu32,
                     i == 0       ? ""
                     : i % 8 == 0 ? ",\n    "
                                  : ", ",
                     generator->engine.mt19937.words[i]);
        out_text(out, "],\n  \"position\": %" PRIu32, generator->engine.mt19937.position);
        return;
    case ONESEED_NUMPY_PCG64:
    case ONESEED_NUMPY_PCG64DXSM:
        number128(out, "state", generator->engine.pcg64.state);
        number128(out, "increment", generator->engine.pcg64.increment);
        break;
    case ONESEED_NUMPY_PHILOX:
        numbers(out, "counter", generator->engine.philox.counter, 4);
        numbers(out, "key", generator->engine.philox.key, 2);
        numbers(out, "buffer", generator->engine.philox.buffer, 4);
        out_text(out, ",\n  \"position\": %" PRIu32, generator->engine.philox.position);
        break;
    case ONESEED_NUMPY_SFC64:
    default:
        numbers(out, "state", generator->engine.sfc64.state, 4);
    }
    out_text(out, ",\n  \"has_uint32\": %" PRIu32 ",\n  \"uinteger\": %" PRIu32, generator->has_uint32,
             generator->uinteger);
}

void state_write_json(struct out *out, const struct state *state)
{
    const oneseed_numpy *generator = &state->generator;
    out_text(out, "  \"format\": \"oneseed-state/1\",\n  \"source\": \"%s\",\n  \"engine\": \"%s\"",
             state_source_name(state->source), state_engine_name(state));
    if (state->source == STATE_TORCH || state->source == STATE_TORCH_CUDA)
        out_text(out, ",\n  \"initial_seed\": \"%" PRIu64 "\"", state->seed);
    if (state->source == STATE_TORCH_CUDA) {
        out_text(out, ",\n  \"offset\": \"%" PRIu64 "\"", state->offset);
        return;
    }
    engine(out, generator);
    uint64_t bits;
    uint32_t half;
    memcpy(&bits, &generator->gauss, sizeof bits);
    memcpy(&half, &state->float_normal, sizeof half);
    normal(out, "normal", generator->has_gauss != 0, generator->gauss, 16, bits);
    if (state->source == STATE_TORCH)
        normal(out, "float_normal", state->has_float_normal, (double)state->float_normal, 8, half);
}
