/* mt19937_doubles.c - uniform doubles of two words each, tempered and converted in one go.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "common/bits.h"     /* load_pair */
#include "common/simd.h"     /* SIMD_VARIANTS */
#include "engines/mt19937.h" /* mt19937_fill_f64 */

/* The whole number high * 2^`shift` + low, exact when it is below 2^53, by numbers whose last place is 2^shift and 1: vectors have no
 * conversion of 64-bit integers before AVX-512. `high` is below 2^52, and so is `low`. */
SIMD_BODY double whole_number(uint64_t high, uint64_t low, unsigned shift)
{
    const uint64_t above_bits = (uint64_t)(1023 + 52 + shift) << 52, ones_bits = (uint64_t)(1023 + 52) << 52;
    double above, ones, both = 0x1p52 * (double)((uint64_t)1 << shift) + 0x1p52;
    high |= above_bits;
    low |= ones_bits;
    memcpy(&above, &high, sizeof above);
    memcpy(&ones, &low, sizeof ones);
    return (above - both) + ones;
}

SIMD_BODY void res53_body(const uint32_t *restrict words, double *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        uint64_t y = mt19937_temper_two(load_pair(words + 2 * k));
        out[k] = whole_number(y >> 37, y >> 6 & 0x3ffffff, 26) * 0x1p-53;
    }
}
SIMD_VARIANTS(static void, res53, (const uint32_t *words, double *out, size_t n), (words, out, n))

SIMD_BODY void low53_body(const uint32_t *restrict words, double *restrict out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        uint64_t y = mt19937_temper_two(load_pair(words + 2 * k));
        out[k] = whole_number(y >> 32 & 0x1fffff, y & 0xffffffffu, 32) * 0x1p-53;
    }
}
SIMD_VARIANTS(static void, low53, (const uint32_t *words, double *out, size_t n), (words, out, n))

/* A pair that lies in two blocks is put together first. */
void mt19937_fill_f64(oneseed_mt19937 *state, enum mt19937_doubles kind, double *out, size_t n)
{
    enum { MANY = 2048 }; /* for fewer the lanes' copies of the state cost more than they give */
    void (*make)(const uint32_t *words, double *out, size_t n) = kind == MT19937_LOW53 ? low53 : res53;
    size_t done = n >= MANY ? mt19937_fill_doubles(state, kind, out, n) : 0;
    for (size_t n_now; done < n; done += n_now) {
        if (state->position >= MT19937_N) {
            mt19937_next_block(state->words);
            state->position = 0;
        }
        n_now = (MT19937_N - state->position) / 2;
        n_now = n_now < n - done ? n_now : n - done;
        if (n_now > 0) {
            make(state->words + state->position, out + done, n_now);
            state->position += 2 * (uint32_t)n_now;
        } else {
            uint32_t pair[2] = {state->words[MT19937_N - 1], 0};
            mt19937_next_block(state->words);
            pair[1] = state->words[0];
            state->position = 1;
            n_now = 1;
            make(pair, out + done, 1);
        }
    }
}
