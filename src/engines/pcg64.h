/* pcg64.h - PCG64 and PCG64DXSM: what the dialects inline.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_PCG64_H
#define ONESEED_ENGINES_PCG64_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* uint64_t */

#include "common/bits.h" /* mul64_wide, rotr64 */
#include "oneseed.h"     /* oneseed_pcg64 */

/* PCG's default 128-bit multiplier 2549297995355413924 * 2^64 + 4865540595714422341, and the cheap one of DXSM. */
#define PCG64_MULTIPLIER_HIGH  0x2360ed051fc65da4u
#define PCG64_MULTIPLIER_LOW   0x4385df649fccf645u
#define PCG64_CHEAP_MULTIPLIER 0xda942042e4dd58b5u

static inline void pcg64_step(oneseed_pcg64 *pcg)
{
    uint64_t high, low = mul64_wide(pcg->state[0], PCG64_MULTIPLIER_LOW, &high);
    high += pcg->state[0] * PCG64_MULTIPLIER_HIGH + pcg->state[1] * PCG64_MULTIPLIER_LOW + pcg->increment[1];
    pcg->state[0] = low + pcg->increment[0];
    pcg->state[1] = high + (pcg->state[0] < low);
}

static inline void pcg64dxsm_step(oneseed_pcg64 *pcg)
{
    uint64_t high, low = mul64_wide(pcg->state[0], PCG64_CHEAP_MULTIPLIER, &high);
    high += pcg->state[1] * PCG64_CHEAP_MULTIPLIER + pcg->increment[1];
    pcg->state[0] = low + pcg->increment[0];
    pcg->state[1] = high + (pcg->state[0] < low);
}

/* XSL-RR: the state after the step, its halves folded, rotated by its upper 6 bits. */
static inline uint64_t pcg64_next(oneseed_pcg64 *pcg)
{
    pcg64_step(pcg);
    return rotr64(pcg->state[1] ^ pcg->state[0], (unsigned)(pcg->state[1] >> 58));
}

/* Stores a word as the k-th of some output. */
typedef void pcg64_store(void *out, size_t k, uint64_t word);

/* What n calls of pcg64_next give. Every second state is a generator of its own (its step is two steps), and two of those that do not
 * wait for each other take 0.8 of the time of one. Inlined with its `store`. */
static inline void pcg64_fill(oneseed_pcg64 *state, pcg64_store *store, void *out, size_t n)
{
    oneseed_pcg64 last = *state, lanes[2];
    const uint64_t low = PCG64_MULTIPLIER_LOW, high = PCG64_MULTIPLIER_HIGH;
    uint64_t squared[2], increment[2];
    size_t n_pairs = n / 2;

    squared[0] = mul64_wide(low, low, &squared[1]);
    squared[1] += 2 * low * high;
    lanes[0] = (oneseed_pcg64){{0, 0}, {state->increment[0], state->increment[1]}};
    pcg64_step(&lanes[0]); /* from 0: the increment */
    pcg64_step(&lanes[0]); /* and that of two steps */
    increment[0] = lanes[0].state[0];
    increment[1] = lanes[0].state[1];
    lanes[0] = *state;
    pcg64_step(&lanes[0]);
    lanes[1] = lanes[0];
    pcg64_step(&lanes[1]);
    for (size_t k = 0; k < n_pairs; k++)
        for (int i = 0; i < 2; i++) {
            uint64_t *s = lanes[i].state, top, bottom = mul64_wide(s[0], squared[0], &top);
            store(out, 2 * k + (size_t)i, rotr64(s[1] ^ s[0], (unsigned)(s[1] >> 58)));
            last.state[0] = s[0];
            last.state[1] = s[1];
            top += s[0] * squared[1] + s[1] * squared[0] + increment[1];
            s[0] = bottom + increment[0];
            s[1] = top + (s[0] < bottom);
        }
    if (n % 2 != 0)
        store(out, n - 1, pcg64_next(&last));
    *state = last;
}

/* DXSM, of the state before the step. */
static inline uint64_t pcg64dxsm_next(oneseed_pcg64 *pcg)
{
    uint64_t high = pcg->state[1], low = pcg->state[0] | 1;
    pcg64dxsm_step(pcg);
    high ^= high >> 32;
    high *= PCG64_CHEAP_MULTIPLIER;
    high ^= high >> 48;
    return high * low;
}

#endif
