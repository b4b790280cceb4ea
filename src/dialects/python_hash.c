/* python_hash.c - hash() of CPython 3.9 to 3.15 on 64-bit builds.
 * SPDX-License-Identifier: MIT
 *
 * Python/pyhash.c, Python/bootstrap_hash.c, Objects/tupleobject.c, Objects/setobject.c, Objects/longobject.c. Integers only, and
 * frexp, which is exact. */
#include "dialects/python_hash.h"

#include <math.h> /* frexp, isfinite */

#include "dialects/python_state.h" /* python_is_at_least */
#include "engines/siphash.h"       /* siphash_add */
#include "oneseed.h"               /* oneseed_python_hash_str */

/* -1 is CPython's error value. */
static int64_t not_minus_1(uint64_t hash)
{
    return hash == UINT64_MAX ? -2 : (int64_t)hash;
}

/* ---- bytes and text ---- */

void oneseed_python_hash_key(uint32_t hash_seed, uint8_t key_out[16])
{
    uint32_t x = hash_seed;
    for (int k = 0; k < 16; k++) {
        x = x * 214013 + 2531011;
        key_out[k] = hash_seed == 0 ? 0 : (uint8_t)(x >> 16);
    }
}

int64_t oneseed_python_hash_bytes(uint32_t version, const uint8_t key[16], const void *bytes, size_t n_bytes)
{
    if (n_bytes == 0)
        return 0;
    if (python_is_at_least(version, 311))
        return not_minus_1(oneseed_siphash13(key, bytes, n_bytes));
    return not_minus_1(oneseed_siphash24(key, bytes, n_bytes));
}

/* RFC 3629: the shortest form only. */
size_t python_decode(const char *utf8, size_t n_bytes, bool with_surrogates, uint32_t *code_out)
{
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    const uint8_t *p = (const uint8_t *)utf8;
    size_t n_more = p[0] < 0x80 ? 0 : p[0] < 0xc0 ? 4 : p[0] < 0xe0 ? 1 : p[0] < 0xf0 ? 2 : p[0] < 0xf8 ? 3 : 4;
    if (n_more == 4 || n_more >= n_bytes)
        return 0;
    uint32_t code = n_more == 0 ? p[0] : p[0] & (0x3fu >> n_more);
    for (size_t k = 1; k <= n_more; k++) {
        if ((p[k] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[k] & 0x3f);
    }
    bool is_surrogate = code >= 0xd800 && code < 0xe000;
    if (code < smallest[n_more] || code > 0x10ffff || (is_surrogate && !with_surrogates))
        return 0;
    *code_out = code;
    return n_more + 1;
}

/* CPython hashes a text as it keeps it: units of 1, 2 or 4 bytes by its greatest code point. */
static uint64_t hash_units(const uint8_t key[16], const char *utf8, size_t n_bytes, unsigned unit, int n_each,
                           int n_last)
{
    uint64_t v[4], word = 0, n = 0;

    siphash_start(v, key);
    for (size_t at = 0; at < n_bytes; n += unit) {
        uint32_t code = 0;
        at += python_decode(utf8 + at, n_bytes - at, true, &code);
        word |= (uint64_t)code << (8 * (n % 8));
        if ((n + unit) % 8 == 0) {
            siphash_add(v, word, n_each);
            word = 0;
        }
    }
    return siphash_finish(v, word, n, n_each, n_last);
}

oneseed_status oneseed_python_hash_str(uint32_t version, const uint8_t key[16], const char *utf8, size_t n_bytes,
                                       int64_t *hash_out)
{
    uint32_t greatest = 0;
    for (size_t at = 0; at < n_bytes;) {
        uint32_t code;
        size_t n = python_decode(utf8 + at, n_bytes - at, true, &code);
        if (n == 0)
            return ONESEED_PYTHON_UTF8;
        greatest = code > greatest ? code : greatest;
        at += n;
    }
    if (greatest < 0x80)
        *hash_out = oneseed_python_hash_bytes(version, key, utf8, n_bytes);
    else {
        unsigned unit = greatest < 0x100 ? 1 : greatest < 0x10000 ? 2 : 4;
        bool is_13 = python_is_at_least(version, 311);
        *hash_out = not_minus_1(hash_units(key, utf8, n_bytes, unit, is_13 ? 1 : 2, is_13 ? 3 : 4));
    }
    return ONESEED_OK;
}

/* ---- numbers: the residue modulo 2^61 - 1 ---- */

enum { HASH_BITS = 61 };
static const uint64_t modulus = (UINT64_C(1) << HASH_BITS) - 1;

/* x * 2^n, x below the modulus: a rotation of its 61 bits. */
static uint64_t times_power(uint64_t x, unsigned n)
{
    return (x << n & modulus) | x >> (HASH_BITS - n);
}

static int64_t signed_residue(uint64_t x, bool is_negative)
{
    return not_minus_1(is_negative ? 0 - x : x);
}

int64_t oneseed_python_hash_int(const uint32_t *words, size_t n_words, int is_negative)
{
    uint64_t x = 0;
    while (n_words-- > 0) {
        x = times_power(x, 32) + words[n_words];
        x = x >= modulus ? x - modulus : x;
    }
    return signed_residue(x, is_negative != 0);
}

int64_t oneseed_python_hash_i64(int64_t n)
{
    uint64_t x = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    return signed_residue(x % modulus, n < 0);
}

int64_t python_hash_f64(double x)
{
    if (!isfinite(x))
        return x > 0 ? 314159 : x < 0 ? -314159 : 0;
    int exponent;
    double mantissa = frexp(x < 0 ? -x : x, &exponent);
    uint64_t whole = (uint64_t)(mantissa * 9007199254740992.0); /* 2^53: x = whole * 2^(exponent - 53) */
    exponent = (exponent - 53) % HASH_BITS;
    if (exponent < 0)
        exponent += HASH_BITS;
    return signed_residue(times_power(whole, (unsigned)exponent), x < 0);
}

int64_t oneseed_python_hash_f64(double x)
{
    return python_hash_f64(x);
}

/* ---- tuple and frozenset ---- */

/* xxHash's rounds (Y. Collet) over the items' hashes, as in tupleobject.c since 3.8. */
int64_t oneseed_python_hash_tuple(const int64_t *hashes, size_t n)
{
    const uint64_t p1 = 11400714785074694791u, p2 = 14029467366897019727u, p5 = 2870177450012600261u;
    uint64_t x = p5;
    for (size_t k = 0; k < n; k++) {
        x += (uint64_t)hashes[k] * p2;
        x = rotl64(x, 31) * p1;
    }
    x += n ^ (p5 ^ 3527539u);
    return x == UINT64_MAX ? 1546275796 : (int64_t)x;
}

int64_t oneseed_python_hash_frozenset(const int64_t *hashes, size_t n)
{
    uint64_t x = 0;
    for (size_t k = 0; k < n; k++) {
        uint64_t h = (uint64_t)hashes[k];
        x ^= (h ^ 89869747u ^ h << 16) * 3644798167u;
    }
    x ^= ((uint64_t)n + 1) * 1927868237u;
    x ^= x >> 11 ^ x >> 25;
    x = x * 69069u + 907133923u;
    return x == UINT64_MAX ? 590923713 : (int64_t)x;
}
