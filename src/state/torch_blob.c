/* torch_blob.c - the bytes of torch.get_rng_state() on the CPU.
 * SPDX-License-Identifier: MIT
 *
 * The layout is torch's struct CPUGeneratorImplState, aten/src/ATen/CPUGeneratorImpl.cpp, 1.6 to 2.13, little-endian: the state of
 * 5048 bytes that Torch 7 had, then the cached normal of floats. */
#include <math.h>   /* sin, sqrt */
#include <string.h> /* memcpy, memset */

#include "common/bits.h" /* load64_le */
#include "state/state.h" /* struct state */

enum {
    AT_SEED = 0,
    AT_LEFT = 8, /* words of the block that are left, and one */
    AT_SEEDED = 12,
    AT_NEXT = 16,
    AT_WORDS = 24,
    AT_NORMAL_X = 5016,
    AT_NORMAL_Y = 5024,
    AT_NORMAL_RHO = 5032,
    AT_HAS_NORMAL = 5040,
    AT_FLOAT_NORMAL = 5048,
    AT_HAS_FLOAT_NORMAL = 5052,
    N = 624
};

static double double_at(const uint8_t *at)
{
    uint64_t bits = load64_le(at);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

const char *state_from_torch(const uint8_t *bytes, size_t n, struct state *state)
{
    if (n != TORCH_BLOB_NBYTES && n != TORCH_OLD_BLOB_NBYTES)
        return "torch's state has 5056 bytes";
    uint32_t left = load32_le(bytes + AT_LEFT);
    uint64_t next = load64_le(bytes + AT_NEXT);
    if (load32_le(bytes + AT_SEEDED) == 0 || left < 1 || left > N || next > N)
        return "not a state of torch's: left, seeded or next is out of range";
    /* A new block is made when left goes to 0, and next goes on: other pairs read words twice or beyond the block. */
    if (left != 1 && left + next != N + 1)
        return "not a state that torch comes to: left and next do not belong together";
    *state = (struct state){.source = STATE_TORCH, .seed = load64_le(bytes + AT_SEED)};
    state->generator.kind = ONESEED_NUMPY_MT19937;
    oneseed_mt19937 *mt = &state->generator.engine.mt19937;
    for (size_t i = 0; i < N; i++) {
        uint64_t word = load64_le(bytes + AT_WORDS + 8 * i);
        if (word >> 32 != 0)
            return "not a state of torch's: a word has more than 32 bits";
        mt->words[i] = (uint32_t)word;
    }
    mt->position = left == 1 ? N : (uint32_t)next;
    uint32_t has_normal = load32_le(bytes + AT_HAS_NORMAL);
    state->generator.has_gauss = has_normal != 0;
    state->generator.gauss = has_normal != 0 ? double_at(bytes + AT_NORMAL_Y) : 0.0;
    if (n == TORCH_BLOB_NBYTES) {
        uint32_t bits = load32_le(bytes + AT_FLOAT_NORMAL);
        state->has_float_normal = bytes[AT_HAS_FLOAT_NORMAL] != 0;
        if (state->has_float_normal)
            memcpy(&state->float_normal, &bits, sizeof bits);
    } else if (has_normal != 0) {
        /* The old state keeps the two uniforms: torch 2.6 makes of them what it caches. libm: sin. */
        state->generator.gauss =
            double_at(bytes + AT_NORMAL_RHO) * sin(2.0 * 3.14159265358979323846 * double_at(bytes + AT_NORMAL_X));
    }
    return NULL;
}

void state_to_torch(const struct state *state, uint8_t bytes_out[TORCH_BLOB_NBYTES])
{
    oneseed_mt19937 mt = state->generator.engine.mt19937;
    uint32_t next = mt.position;
    if (mt.position ==
        0) { /* torch has no state before the first word of a block: it is the one behind the block before */
        state_previous_block(mt.words);
        next = N;
    }
    if (mt.position == N) { /* torch seeds with next 0 */
        struct state_seed seed;
        state_find_seed(&mt, 0, &seed);
        next = seed.kind == SEED_WORD ? 0 : N;
    }
    memset(bytes_out, 0, TORCH_BLOB_NBYTES);
    store64_le(bytes_out + AT_SEED, state->seed);
    store32_le(bytes_out + AT_LEFT, mt.position == 0 || mt.position == N ? 1 : N + 1 - next);
    store32_le(bytes_out + AT_SEEDED, 1);
    store64_le(bytes_out + AT_NEXT, next);
    for (size_t i = 0; i < N; i++)
        store64_le(bytes_out + AT_WORDS + 8 * i, mt.words[i]);
    if (state->source != STATE_TORCH)
        return;
    if (state->generator.has_gauss) {
        uint64_t bits;
        memcpy(&bits, &state->generator.gauss, sizeof bits);
        store64_le(bytes_out + AT_NORMAL_Y, bits);
        store32_le(bytes_out + AT_HAS_NORMAL, 1);
    }
    if (state->has_float_normal) {
        uint32_t bits;
        memcpy(&bits, &state->float_normal, sizeof bits);
        store32_le(bytes_out + AT_FLOAT_NORMAL, bits);
        bytes_out[AT_HAS_FLOAT_NORMAL] = 1;
    }
}
