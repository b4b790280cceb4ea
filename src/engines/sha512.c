/* sha512.c - SHA-512.
 * SPDX-License-Identifier: MIT
 *
 * FIPS 180-4. The tables are made by tests/gen/sha512_constants.py. */
#include <string.h> /* memcpy, memset */

#include "common/bits.h" /* rotr64 */
#include "oneseed.h"     /* oneseed_sha512 */

enum { BLOCK = 128 };

static const uint64_t initial[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static const uint64_t round_constants[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
    0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
    0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
    0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
    0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
    0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
    0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
    0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
    0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
    0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
    0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
    0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static uint64_t load64_be(const uint8_t *from)
{
    uint64_t value = 0;
    for (int k = 0; k < 8; k++)
        value = value << 8 | from[k];
    return value;
}

static void store64_be(uint8_t *to, uint64_t value)
{
    for (int k = 7; k >= 0; k--, value >>= 8)
        to[k] = (uint8_t)value;
}

/* Round k of eight: a is s[-k % 8], and so on; what the next round calls e and a is put in the places of d and h. */
static inline void round_of(uint64_t s[8], int k, uint64_t added)
{
    uint64_t a = s[(8 - k) & 7], b = s[(9 - k) & 7], c = s[(10 - k) & 7];
    uint64_t e = s[(12 - k) & 7], f = s[(13 - k) & 7], g = s[(14 - k) & 7];
    uint64_t one = s[(15 - k) & 7] + (rotr64(e, 14) ^ rotr64(e, 18) ^ rotr64(e, 41)) + ((e & f) ^ (~e & g)) + added;
    uint64_t two = (rotr64(a, 28) ^ rotr64(a, 34) ^ rotr64(a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
    s[(11 - k) & 7] += one;
    s[(15 - k) & 7] = one + two;
}

static void add_block(uint64_t h[8], const uint8_t block[BLOCK])
{
    uint64_t w[80], s[8];
    for (int t = 0; t < 16; t++)
        w[t] = load64_be(block + 8 * t);
    for (int t = 16; t < 80; t++) {
        uint64_t near = rotr64(w[t - 15], 1) ^ rotr64(w[t - 15], 8) ^ w[t - 15] >> 7;
        uint64_t far = rotr64(w[t - 2], 19) ^ rotr64(w[t - 2], 61) ^ w[t - 2] >> 6;
        w[t] = far + w[t - 7] + near + w[t - 16];
    }
    memcpy(s, h, sizeof s);
    for (int t = 0; t < 80; t += 8)
        for (int k = 0; k < 8; k++) /* unrolled: the places of a to h move by one each round */
            round_of(s, k, round_constants[t + k] + w[t + k]);
    for (int k = 0; k < 8; k++)
        h[k] += s[k];
}

void oneseed_sha512_start(oneseed_sha512 *state)
{
    memcpy(state->h, initial, sizeof state->h);
    state->n_bytes = 0;
}

void oneseed_sha512_add(oneseed_sha512 *state, const void *bytes, size_t n_bytes)
{
    const uint8_t *from = bytes;
    while (n_bytes > 0) {
        size_t used = state->n_bytes % BLOCK;
        size_t n_now = BLOCK - used < n_bytes ? BLOCK - used : n_bytes;
        memcpy(state->block + used, from, n_now);
        state->n_bytes += n_now;
        from += n_now;
        n_bytes -= n_now;
        if (used + n_now == BLOCK)
            add_block(state->h, state->block);
    }
}

void oneseed_sha512_finish(oneseed_sha512 *state, uint8_t digest[64])
{
    size_t used = state->n_bytes % BLOCK;
    state->block[used++] = 0x80;
    if (used > BLOCK - 16) {
        memset(state->block + used, 0, BLOCK - used);
        add_block(state->h, state->block);
        used = 0;
    }
    memset(state->block + used, 0, BLOCK - used);
    store64_be(state->block + BLOCK - 16, state->n_bytes >> 61); /* the length in bits, 128 of them */
    store64_be(state->block + BLOCK - 8, state->n_bytes << 3);
    add_block(state->h, state->block);
    for (int k = 0; k < 8; k++)
        store64_be(digest + 8 * k, state->h[k]);
}
