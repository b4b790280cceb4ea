/* philox4x64_lanes.c - Philox4x64-10 of 16 counters at a time in AVX-512.
 * SPDX-License-Identifier: MIT */
#include "engines/lanes.h"      /* lane_put */
#include "engines/philox4x64.h" /* PHILOX4X64_BLOCK */

#if SIMD_HAS_VARIANTS && ONESEED_SIMD_MOST > 1
enum { LANES = 16, WORDS = LANES * PHILOX4X64_BLOCK };

/* A number times m: the low half of the product, and the high one. A product of 64 bits is made of four of 32. */
SIMD_TARGET_AVX512 SIMD_BODY __m512i multiply(__m512i x, __m512i m, __m512i m_high, __m512i *high)
{
    const __m512i halves = _mm512_set1_epi64(0xffffffff);
    __m512i x_high = _mm512_shuffle_epi32(x, (_MM_PERM_ENUM)0xf5); /* not a shift, of which only one port is capable */
    __m512i bottom = _mm512_mul_epu32(x, m), top = _mm512_mul_epu32(x_high, m_high);
    __m512i t = _mm512_add_epi64(_mm512_mul_epu32(x, m_high), _mm512_srli_epi64(bottom, 32));
    __m512i u = _mm512_add_epi64(_mm512_mul_epu32(x_high, m), _mm512_and_si512(t, halves));
    *high = _mm512_add_epi64(_mm512_add_epi64(top, _mm512_srli_epi64(t, 32)), _mm512_srli_epi64(u, 32));
    return _mm512_mask_shuffle_epi32(bottom, 0xaaaa, u, (_MM_PERM_ENUM)0xa0);
}

struct counters {
    __m512i c0, c1, c2, c3;
};

SIMD_TARGET_AVX512 SIMD_BODY void round_of(struct counters *c, __m512i k0, __m512i k1)
{
    const __m512i m0 = _mm512_set1_epi64((long long)0xd2e7470ee14c6c93u), m0_high = _mm512_srli_epi64(m0, 32);
    const __m512i m1 = _mm512_set1_epi64((long long)0xca5a826395121157u), m1_high = _mm512_srli_epi64(m1, 32);
    __m512i high0, low0 = multiply(c->c0, m0, m0_high, &high0), high1, low1 = multiply(c->c2, m1, m1_high, &high1);
    c->c0 = _mm512_ternarylogic_epi64(high1, c->c1, k0, 0x96);
    c->c1 = low1;
    c->c2 = _mm512_ternarylogic_epi64(high0, c->c3, k1, 0x96);
    c->c3 = low0;
}

/* Two at once: the products of one wait for each other. */
SIMD_TARGET_AVX512 SIMD_BODY void rounds(struct counters c[2], const uint64_t key[2])
{
    uint64_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        const __m512i all_k0 = _mm512_set1_epi64((long long)k0), all_k1 = _mm512_set1_epi64((long long)k1);
        round_of(&c[0], all_k0, all_k1);
        round_of(&c[1], all_k0, all_k1);
        k0 += 0x9e3779b97f4a7c15u;
        k1 += 0xbb67ae8584caa73bu;
    }
}

/* Which counter a lane has: so that words come into their order by exchanges of pairs and of quarters. */
SIMD_TARGET_AVX512 SIMD_BODY __m512i offsets(void)
{
    return _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
}

SIMD_TARGET_AVX512 SIMD_BODY struct counters load(const uint64_t counter[4], uint64_t ahead)
{
    const uint64_t first = counter[0] + ahead;
    return (struct counters){_mm512_add_epi64(_mm512_set1_epi64((long long)first), offsets()),
                             _mm512_set1_epi64((long long)counter[1]), _mm512_set1_epi64((long long)counter[2]),
                             _mm512_set1_epi64((long long)counter[3])};
}

SIMD_TARGET_AVX512 SIMD_BODY void put(char *out, const struct counters *c, enum lane_form form, bool streams)
{
    const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    const __m512i second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    __m512i even01 = _mm512_unpacklo_epi64(c->c0, c->c1), even23 = _mm512_unpacklo_epi64(c->c2, c->c3);
    __m512i odd01 = _mm512_unpackhi_epi64(c->c0, c->c1), odd23 = _mm512_unpackhi_epi64(c->c2, c->c3);
    lane_put(out, _mm512_permutex2var_epi64(even01, first, even23), form, streams);
    lane_put(out + 64, _mm512_permutex2var_epi64(even01, second, even23), form, streams);
    lane_put(out + 128, _mm512_permutex2var_epi64(odd01, first, odd23), form, streams);
    lane_put(out + 192, _mm512_permutex2var_epi64(odd01, second, odd23), form, streams);
}

/* The counters behind one, whose lowest word does not overflow on the way. */
SIMD_TARGET_AVX512 SIMD_BODY void fill_body(uint64_t counter[4], const uint64_t key[2], char *out, size_t n,
                                            enum lane_form form, bool streams)
{
    for (size_t k = 0; k < n; k += WORDS) {
        struct counters c[2] = {load(counter, 1), load(counter, 1 + 8)};
        rounds(c, key);
        put(out + k * LANE_NBYTES, &c[0], form, streams);
        put(out + (k + WORDS / 2) * LANE_NBYTES, &c[1], form, streams);
        counter[0] += LANES;
    }
}

SIMD_TARGET_AVX512 static void fill(uint64_t counter[4], const uint64_t key[2], char *out, size_t n,
                                    enum lane_form form, bool streams)
{
    LANE_EACH(form, streams, fill_body, counter, key, out, n);
}

size_t philox4x64_fill_lanes(oneseed_philox4x64 *state, enum lane_form form, void *out, size_t n)
{
    /* Whole blocks, but for the last one, which is the buffer's afterwards; and no carry out of the lowest word. */
    size_t n_lanes = n > PHILOX4X64_BLOCK ? (n - PHILOX4X64_BLOCK) / WORDS * WORDS : 0;
    if (state->position != PHILOX4X64_BLOCK || simd_level() != SIMD_AVX512 ||
        state->counter[0] > UINT64_MAX - n_lanes / PHILOX4X64_BLOCK)
        return 0;
    if (n_lanes > 0)
        fill(state->counter, state->key, out, n_lanes, form, lanes_stream(out, n_lanes));
    return n_lanes;
}
#else
size_t philox4x64_fill_lanes(oneseed_philox4x64 *state, enum lane_form form, void *out, size_t n)
{
    (void)state;
    (void)form;
    (void)out;
    (void)n;
    return 0;
}
#endif
