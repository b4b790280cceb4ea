/* python_seed.c - random.seed(), getstate() and setstate() of CPython 3.9 to 3.15.
 * SPDX-License-Identifier: MIT
 *
 * Lib/random.py seed(); Modules/_randommodule.c random_seed(). All seeds become one integer, and its 32-bit words the key of
 * init_by_array (mt19937ar.c, 2002). */
#include <string.h> /* memcpy */

#include "dialects/python_hash.h"  /* python_hash_f64 */
#include "dialects/python_state.h" /* python_is_at_least */
#include "oneseed.h"               /* oneseed_python_seed */

enum { DIGEST_BYTES = 64 };

static void seed_words(oneseed_python *state, const uint32_t *words, size_t n_words)
{
    while (n_words > 1 && words[n_words - 1] == 0)
        n_words--;
    oneseed_mt19937_seed_array(&state->mt19937, words, n_words);
    state->has_gauss = 0;
    state->gauss_next = 0;
}

void oneseed_python_seed(oneseed_python *state, const uint32_t *words, size_t n_words)
{
    seed_words(state, words, n_words);
}

static void seed_u64(oneseed_python *state, uint64_t n)
{
    uint32_t words[2] = {(uint32_t)n, (uint32_t)(n >> 32)};
    seed_words(state, words, 2);
}

void oneseed_python_seed_i64(oneseed_python *state, int64_t n)
{
    seed_u64(state, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

oneseed_status oneseed_python_seed_f64(oneseed_python *state, double x)
{
    if (x != x && python_is_at_least(state->version, 310))
        return ONESEED_PYTHON_NAN_SEED;
    seed_u64(state, (uint64_t)python_hash_f64(x));
    return ONESEED_OK;
}

/* ---- version 2: the bytes and their SHA-512, as one big-endian integer ---- */

struct bytes_and_digest {
    const uint8_t *bytes;
    size_t n_bytes; /* without leading zeros */
    uint8_t digest[DIGEST_BYTES];
};

/* Byte k from the end. */
static uint32_t byte_from_end(const struct bytes_and_digest *n, size_t k)
{
    if (k < DIGEST_BYTES)
        return n->digest[DIGEST_BYTES - 1 - k];
    k -= DIGEST_BYTES;
    return k < n->n_bytes ? n->bytes[n->n_bytes - 1 - k] : 0;
}

static uint32_t word_from_end(const struct bytes_and_digest *n, size_t k)
{
    return byte_from_end(n, 4 * k) | byte_from_end(n, 4 * k + 1) << 8 | byte_from_end(n, 4 * k + 2) << 16 |
           byte_from_end(n, 4 * k + 3) << 24;
}

/* init_by_array with a key that is nowhere in memory as words: one longer than the block. The engine's takes an array. */
static void seed_long(oneseed_mt19937 *mt, const struct bytes_and_digest *key, size_t n_words)
{
    uint32_t *x = mt->words;
    size_t i = 1, j = 0;

    oneseed_mt19937_seed(mt, 19650218);
    for (size_t n = n_words > MT19937_N ? n_words : MT19937_N; n > 0; n--) {
        x[i] = (x[i] ^ (x[i - 1] ^ x[i - 1] >> 30) * 1664525u) + word_from_end(key, j) + (uint32_t)j;
        if (++i == MT19937_N) {
            x[0] = x[MT19937_N - 1];
            i = 1;
        }
        if (++j == n_words)
            j = 0;
    }
    for (int n = MT19937_N - 1; n > 0; n--) {
        x[i] = (x[i] ^ (x[i - 1] ^ x[i - 1] >> 30) * 1566083941u) - (uint32_t)i;
        if (++i == MT19937_N) {
            x[0] = x[MT19937_N - 1];
            i = 1;
        }
    }
    x[0] = 0x80000000u;
}

static void seed_version_2(oneseed_python *state, const uint8_t *bytes, size_t n_bytes)
{
    struct bytes_and_digest n = {.bytes = bytes, .n_bytes = n_bytes};
    oneseed_sha512 sha512;

    oneseed_sha512_start(&sha512);
    oneseed_sha512_add(&sha512, bytes, n_bytes);
    oneseed_sha512_finish(&sha512, n.digest);
    while (n.n_bytes > 0 && *n.bytes == 0) {
        n.bytes++;
        n.n_bytes--;
    }
    size_t n_words = (n.n_bytes + DIGEST_BYTES + 3) / 4;
    while (n_words > 1 && word_from_end(&n, n_words - 1) == 0) /* a digest that begins with zeros */
        n_words--;
    if (n_words <= MT19937_N) {
        uint32_t words[MT19937_N];
        for (size_t k = 0; k < n_words; k++)
            words[k] = word_from_end(&n, k);
        oneseed_mt19937_seed_array(&state->mt19937, words, n_words);
    } else {
        seed_long(&state->mt19937, &n, n_words);
    }
    state->has_gauss = 0;
    state->gauss_next = 0;
}

/* ---- version 1: the string hash of Python 2, over code points ---- */

struct hash_1 {
    uint64_t x;
    uint64_t n_codes;
};

static void hash_1_add(struct hash_1 *hash, uint32_t code)
{
    if (hash->n_codes++ == 0)
        hash->x = (uint64_t)code << 7;
    hash->x = 1000003 * hash->x ^ code;
}

oneseed_status oneseed_python_seed_bytes(oneseed_python *state, const void *bytes, size_t n_bytes, int seed_version)
{
    if (seed_version == 2) {
        seed_version_2(state, bytes, n_bytes);
        return ONESEED_OK;
    }
    if (seed_version != 1)
        return ONESEED_PYTHON_SEED_VERSION;
    struct hash_1 hash = {0};
    for (size_t k = 0; k < n_bytes; k++)
        hash_1_add(&hash, ((const uint8_t *)bytes)[k]);
    seed_u64(state, hash.x ^ hash.n_codes);
    return ONESEED_OK;
}

oneseed_status oneseed_python_seed_str(oneseed_python *state, const char *utf8, size_t n_bytes, int seed_version)
{
    if (seed_version != 1 && seed_version != 2)
        return ONESEED_PYTHON_SEED_VERSION;
    struct hash_1 hash = {0};
    for (size_t at = 0; at < n_bytes;) {
        uint32_t code;
        size_t n = python_decode(utf8 + at, n_bytes - at, seed_version == 1, &code);
        if (n == 0)
            return ONESEED_PYTHON_UTF8;
        hash_1_add(&hash, code);
        at += n;
    }
    if (seed_version == 1)
        seed_u64(state, hash.x ^ hash.n_codes);
    else
        seed_version_2(state, (const uint8_t *)utf8, n_bytes);
    return ONESEED_OK;
}

/* ---- the state ---- */

void oneseed_python_getstate(const oneseed_python *state, uint32_t words_out[625])
{
    memcpy(words_out, state->mt19937.words, sizeof state->mt19937.words);
    words_out[MT19937_N] = state->mt19937.position;
}

oneseed_status oneseed_python_setstate(oneseed_python *state, const uint32_t words[625])
{
    if (words[MT19937_N] > MT19937_N)
        return ONESEED_INVALID_STATE;
    memcpy(state->mt19937.words, words, sizeof state->mt19937.words);
    state->mt19937.position = words[MT19937_N];
    return ONESEED_OK;
}
