/* threefry2x32.c - Threefry-2x32 with 20 rounds, a function of key and counter.
 * SPDX-License-Identifier: MIT
 *
 * J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011. It has no stream of its own: JAX and
 * XLA each count as they like. */
#include "engines/threefry2x32.h"

#include "common/simd.h" /* SIMD_VARIANTS */

void oneseed_threefry2x32_block(const uint32_t key[2], const uint32_t counter[2], uint32_t out[2])
{
    threefry2x32_block(key, counter, out);
}

/* ---- many counters ----
 *
 * The high half of the counter is the same in a run: runs end where the low half begins anew. */

SIMD_BODY void mixed_body(const uint32_t key[2], uint32_t high, uint32_t low, uint32_t *out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const uint32_t counter[2] = {high, low + (uint32_t)k};
        uint32_t block[2];
        threefry2x32_block(key, counter, block);
        out[k] = block[0] ^ block[1];
    }
}

SIMD_BODY void wide_body(const uint32_t key[2], uint32_t high, uint32_t low, uint64_t *out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const uint32_t counter[2] = {high, low + (uint32_t)k};
        uint32_t block[2];
        threefry2x32_block(key, counter, block);
        out[k] = (uint64_t)block[0] << 32 | block[1];
    }
}

SIMD_BODY void threefry2x32_fill_apart_body(const uint32_t key[2], uint32_t word0, uint32_t word1,
                                            uint32_t *restrict out0, uint32_t *restrict out1, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const uint32_t counter[2] = {word0 + (uint32_t)k, word1 + (uint32_t)k};
        uint32_t block[2];
        threefry2x32_block(key, counter, block);
        out0[k] = block[0];
        out1[k] = block[1];
    }
}

SIMD_VARIANTS(static void, mixed, (const uint32_t key[2], uint32_t high, uint32_t low, uint32_t *out, size_t n),
              (key, high, low, out, n))
SIMD_VARIANTS(static void, wide, (const uint32_t key[2], uint32_t high, uint32_t low, uint64_t *out, size_t n),
              (key, high, low, out, n))
SIMD_VARIANTS(void, threefry2x32_fill_apart,
              (const uint32_t key[2], uint32_t word0, uint32_t word1, uint32_t *out0, uint32_t *out1, size_t n),
              (key, word0, word1, out0, out1, n))

static size_t run_of(uint64_t first, size_t n)
{
    const uint64_t left = (UINT64_C(1) << 32) - (uint32_t)first;
    return n < left ? n : (size_t)left;
}

void threefry2x32_fill_mixed(const uint32_t key[2], uint64_t first, uint32_t *out, size_t n)
{
    for (size_t n_run; n > 0; n -= n_run, out += n_run, first += n_run) {
        n_run = run_of(first, n);
        mixed(key, (uint32_t)(first >> 32), (uint32_t)first, out, n_run);
    }
}

void threefry2x32_fill_wide(const uint32_t key[2], uint64_t first, uint64_t *out, size_t n)
{
    for (size_t n_run; n > 0; n -= n_run, out += n_run, first += n_run) {
        n_run = run_of(first, n);
        wide(key, (uint32_t)(first >> 32), (uint32_t)first, out, n_run);
    }
}
