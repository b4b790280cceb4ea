/* bits.h - bytes and words: little-endian loads and stores, rotations, wide products.
 * SPDX-License-Identifier: MIT
 *
 * The only place that knows about byte order. Compilers turn each load and store into one instruction. */
#ifndef ONESEED_COMMON_BITS_H
#define ONESEED_COMMON_BITS_H

#include <stdint.h> /* uint32_t, uint64_t */
#include <string.h> /* memcpy */

static inline uint16_t load16_le(const void *from)
{
    const uint8_t *p = from;
    return (uint16_t)(p[0] | (uint16_t)(p[1] << 8));
}

static inline uint32_t load32_le(const void *from)
{
    const uint8_t *p = from;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t load64_le(const void *from)
{
    const uint8_t *p = from;
    return (uint64_t)load32_le(p) | (uint64_t)load32_le(p + 4) << 32;
}

static inline void store16_le(void *to, uint16_t value)
{
    uint8_t *p = to;
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static inline void store32_le(void *to, uint32_t value)
{
    uint8_t *p = to;
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
    p[2] = (uint8_t)(value >> 16);
    p[3] = (uint8_t)(value >> 24);
}

static inline void store64_le(void *to, uint64_t value)
{
    uint8_t *p = to;
    store32_le(p, (uint32_t)value);
    store32_le(p + 4, (uint32_t)(value >> 32));
}

/* A word in host order from one in little-endian order, and back (for values that must be stored in one
 * instruction). */
static inline uint64_t word64_le(uint64_t value)
{
    uint64_t word;
    store64_le(&word, value);
    return word;
}

static inline uint32_t word32_le(uint32_t value)
{
    uint32_t word;
    store32_le(&word, value);
    return word;
}

/* Two words of the host's as one, the first one above. One load and a rotation where they lie the other way round. */
static inline uint64_t load_pair(const uint32_t *words)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t pair;
    memcpy(&pair, words, sizeof pair);
    return pair << 32 | pair >> 32;
#else
    return (uint64_t)words[0] << 32 | words[1];
#endif
}

/* n is 0 ... width - 1. */
static inline uint32_t rotl32(uint32_t value, unsigned n)
{
    return value << n | value >> (-n & 31);
}

static inline uint64_t rotl64(uint64_t value, unsigned n)
{
    return value << n | value >> (-n & 63);
}

static inline uint64_t rotr64(uint64_t value, unsigned n)
{
    return value >> n | value << (-n & 63);
}

/* The 128-bit product: its low half, and the high one at high_out. Both forms are always compiled and compared. */
static inline uint64_t mul64_wide_portable(uint64_t a, uint64_t b, uint64_t *high_out)
{
    uint64_t a_low = a & 0xffffffffu, a_high = a >> 32, b_low = b & 0xffffffffu, b_high = b >> 32;
    uint64_t low = a_low * b_low, one = a_high * b_low + (low >> 32), two = a_low * b_high + (one & 0xffffffffu);
    *high_out = a_high * b_high + (one >> 32) + (two >> 32);
    return two << 32 | (low & 0xffffffffu);
}

static inline uint64_t mul64_wide(uint64_t a, uint64_t b, uint64_t *high_out)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 uint128;
    uint128 product = (uint128)a * b;
    *high_out = (uint64_t)(product >> 64);
    return (uint64_t)product;
#else
    return mul64_wide_portable(a, b, high_out);
#endif
}

#endif
