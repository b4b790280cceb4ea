/* python_integers.c - random(), bits, ranges, and what picks from sequences, of CPython 3.9 to 3.15.
 * SPDX-License-Identifier: MIT
 *
 * Lib/random.py; Modules/_randommodule.c for random() and getrandbits(). No libm but floor. */
#include <math.h>   /* floor, isfinite */
#include <string.h> /* memcpy, memset */

#include "common/bits.h"           /* store32_le */
#include "common/simd.h"           /* simd_output */
#include "dialects/python_state.h" /* python_next_double */
#include "oneseed.h"               /* oneseed_python_random */

/* ---- random() and bits ---- */

double oneseed_python_random(oneseed_python *state)
{
    return python_next_double(state);
}

oneseed_status oneseed_python_random_fill(oneseed_python *state, double *out, size_t n)
{
    enum { CHUNK = 512 };
    double buffer[CHUNK];
    size_t n_made = mt19937_fill_doubles(&state->mt19937, MT19937_RES53, out, n);
    out += n_made;
    n -= n_made;
    struct simd_output output = simd_output(out, n * sizeof *out);
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CHUNK ? n - done : CHUNK;
        double *values = simd_output_place(&output, buffer);
        mt19937_fill_f64(&state->mt19937, MT19937_RES53, values, m);
        simd_output_put(&output, values, m * sizeof *out);
    }
    simd_output_end(&output);
    return ONESEED_OK;
}

/* k is 0 to 64. */
static inline uint64_t bits(oneseed_python *state, uint32_t k)
{
    if (k == 0)
        return 0;
    if (k <= 32)
        return mt19937_next(&state->mt19937) >> (32 - k);
    uint64_t low = mt19937_next(&state->mt19937);
    return low | (uint64_t)(mt19937_next(&state->mt19937) >> (64 - k)) << 32;
}

uint64_t oneseed_python_getrandbits(oneseed_python *state, uint32_t k)
{
    return k <= 64 ? bits(state, k) : 0;
}

oneseed_status oneseed_python_getrandbits_fill(oneseed_python *state, uint32_t k, uint64_t *out, size_t n)
{
    if (k > 64)
        return ONESEED_PYTHON_BITS;
    for (size_t i = 0; i < n; i++)
        out[i] = bits(state, k);
    return ONESEED_OK;
}

void oneseed_python_getrandbits_words(oneseed_python *state, uint64_t k, uint32_t *out)
{
    oneseed_mt19937_fill_u32(&state->mt19937, out, (size_t)(k / 32));
    out += k / 32;
    k %= 32;
    if (k > 0)
        *out = mt19937_next(&state->mt19937) >> (32 - k);
}

/* getrandbits(8 * n) as little-endian bytes: the last word gives its upper bytes. */
void oneseed_python_randbytes(oneseed_python *state, void *out, size_t n_bytes)
{
    uint8_t *to = out;
    for (; n_bytes >= 4; n_bytes -= 4, to += 4)
        store32_le(to, mt19937_next(&state->mt19937));
    if (n_bytes > 0) {
        uint32_t word = mt19937_next(&state->mt19937) >> (32 - 8 * n_bytes);
        for (size_t k = 0; k < n_bytes; k++)
            to[k] = (uint8_t)(word >> (8 * k));
    }
}

/* ---- ranges ---- */

static uint32_t bit_length(uint64_t n)
{
    uint32_t length = 0;
    for (uint32_t step = 32; step > 0; step /= 2)
        if (n >> step) {
            n >>= step;
            length += step;
        }
    return length + (uint32_t)n;
}

/* n is at least 1 and has k bits. */
static inline uint64_t below(oneseed_python *state, uint64_t n, uint32_t k)
{
    uint64_t drawn;
    do
        drawn = bits(state, k);
    while (drawn >= n);
    return drawn;
}

uint64_t oneseed_python_randbelow(oneseed_python *state, uint64_t n)
{
    return n > 0 ? below(state, n, bit_length(n)) : 0;
}

oneseed_status oneseed_python_randbelow_fill(oneseed_python *state, uint64_t n, uint64_t *out, size_t n_out)
{
    uint32_t k = bit_length(n);
    for (size_t i = 0; i < n_out; i++)
        out[i] = n > 0 ? below(state, n, k) : 0;
    return ONESEED_OK;
}

/* From the highest word down, as memcmp would: negative, 0, positive. */
static int compare_words(const uint32_t *a, const uint32_t *b, size_t n_words)
{
    while (n_words-- > 0)
        if (a[n_words] != b[n_words])
            return a[n_words] < b[n_words] ? -1 : 1;
    return 0;
}

static uint64_t words_bit_length(const uint32_t *n, size_t n_words)
{
    while (n_words > 0 && n[n_words - 1] == 0)
        n_words--;
    return n_words > 0 ? 32 * (uint64_t)(n_words - 1) + bit_length(n[n_words - 1]) : 0;
}

void oneseed_python_randbelow_words(oneseed_python *state, const uint32_t *n, size_t n_words, uint32_t *out)
{
    uint64_t k = words_bit_length(n, n_words);
    memset(out, 0, n_words * sizeof *out);
    if (k == 0)
        return;
    do
        oneseed_python_getrandbits_words(state, k, out);
    while (compare_words(out, n, n_words) >= 0);
}

/* How many values a range has. 2^64 (randint over all of int64_t) is `is_whole`. */
struct range {
    uint64_t n;
    uint64_t start, step; /* modulo 2^64 */
    uint32_t n_bits;
    bool is_whole;
};

static oneseed_status make_range(int64_t start, int64_t stop, int64_t step, struct range *range)
{
    if (step == 0)
        return ONESEED_PYTHON_ZERO_STEP;
    if (step > 0 ? start >= stop : start <= stop)
        return ONESEED_PYTHON_EMPTY_RANGE;
    uint64_t width = step > 0 ? (uint64_t)stop - (uint64_t)start : (uint64_t)start - (uint64_t)stop;
    uint64_t size = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    uint64_t n = (width - 1) / size + 1;
    *range = (struct range){.n = n, .start = (uint64_t)start, .step = (uint64_t)step, .n_bits = bit_length(n)};
    return ONESEED_OK;
}

static oneseed_status make_closed_range(int64_t low, int64_t high, struct range *range)
{
    if (low > high)
        return ONESEED_PYTHON_EMPTY_RANGE;
    uint64_t n = (uint64_t)high - (uint64_t)low + 1;
    *range = (struct range){.n = n, .start = (uint64_t)low, .step = 1, .n_bits = bit_length(n), .is_whole = n == 0};
    return ONESEED_OK;
}

static inline int64_t draw_range(oneseed_python *state, const struct range *range)
{
    uint64_t drawn;
    if (range->is_whole) { /* below 2^64: 65 bits until the highest is 0 */
        uint32_t high;
        do {
            drawn = bits(state, 64);
            high = mt19937_next(&state->mt19937) >> 31;
        } while (high);
    } else {
        drawn = below(state, range->n, range->n_bits);
    }
    return (int64_t)(range->start + range->step * drawn);
}

static oneseed_status fill_range(oneseed_python *state, const struct range *range, int64_t *out, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = draw_range(state, range);
    return ONESEED_OK;
}

int64_t oneseed_python_randrange(oneseed_python *state, int64_t start, int64_t stop, int64_t step)
{
    struct range range;
    return make_range(start, stop, step, &range) ? INT64_MIN : draw_range(state, &range);
}

oneseed_status oneseed_python_randrange_fill(oneseed_python *state, int64_t start, int64_t stop, int64_t step,
                                             int64_t *out, size_t n)
{
    struct range range;
    oneseed_status status = make_range(start, stop, step, &range);
    return status ? status : fill_range(state, &range, out, n);
}

int64_t oneseed_python_randint(oneseed_python *state, int64_t low, int64_t high)
{
    struct range range;
    return make_closed_range(low, high, &range) ? INT64_MIN : draw_range(state, &range);
}

oneseed_status oneseed_python_randint_fill(oneseed_python *state, int64_t low, int64_t high, int64_t *out, size_t n)
{
    struct range range;
    oneseed_status status = make_closed_range(low, high, &range);
    return status ? status : fill_range(state, &range, out, n);
}

/* Word k of high - low + 1, with the carry of the words before in *carry (it begins as 1); modulo 2^32. */
static uint32_t width_word(const uint32_t *low, const uint32_t *high, size_t k, int64_t *carry)
{
    int64_t sum = (int64_t)high[k] - low[k] + *carry;
    *carry = sum < 0 ? -1 : sum >> 32;
    return (uint32_t)(uint64_t)sum;
}

/* out < high - low + 1. The width has n_words words and, only for the whole range, a bit above them. */
static bool is_below_width(const uint32_t *out, const uint32_t *low, const uint32_t *high, size_t n_words)
{
    int64_t carry = 1, borrow = 0;
    for (size_t k = 0; k < n_words; k++) {
        int64_t difference = (int64_t)out[k] - width_word(low, high, k, &carry) + borrow;
        borrow = difference < 0 ? -1 : 0;
    }
    return borrow < 0;
}

oneseed_status oneseed_python_randint_words(oneseed_python *state, const uint32_t *low, const uint32_t *high,
                                            size_t n_words, uint32_t *out)
{
    if (n_words == 0)
        return ONESEED_PYTHON_EMPTY_RANGE;
    uint32_t sign = 0x80000000u, top_low = low[n_words - 1] ^ sign, top_high = high[n_words - 1] ^ sign;
    if (top_low > top_high || (top_low == top_high && compare_words(low, high, n_words - 1) > 0))
        return ONESEED_PYTHON_EMPTY_RANGE;

    uint64_t n_bits = 0;
    int64_t carry = 1;
    for (size_t k = 0; k < n_words; k++) {
        uint32_t word = width_word(low, high, k, &carry);
        if (word)
            n_bits = 32 * (uint64_t)k + bit_length(word);
    }
    bool is_whole = n_bits == 0;
    bool is_drawn = false;
    while (!is_drawn) {
        memset(out, 0, n_words * sizeof *out);
        oneseed_python_getrandbits_words(state, is_whole ? 32 * (uint64_t)n_words : n_bits, out);
        is_drawn = is_whole ? !(mt19937_next(&state->mt19937) >> 31) : is_below_width(out, low, high, n_words);
    }
    uint64_t sum = 0;
    for (size_t k = 0; k < n_words; k++) {
        sum = (sum >> 32) + out[k] + low[k];
        out[k] = (uint32_t)sum;
    }
    return ONESEED_OK;
}

/* ---- one item, all items ---- */

int64_t oneseed_python_choice(oneseed_python *state, uint64_t n_items)
{
    return n_items > 0 ? (int64_t)below(state, n_items, bit_length(n_items)) : INT64_MIN;
}

oneseed_status oneseed_python_choice_fill(oneseed_python *state, uint64_t n_items, int64_t *out, size_t n)
{
    if (n_items == 0)
        return ONESEED_PYTHON_EMPTY_SEQUENCE;
    uint32_t k = bit_length(n_items);
    for (size_t i = 0; i < n; i++)
        out[i] = (int64_t)below(state, n_items, k);
    return ONESEED_OK;
}
