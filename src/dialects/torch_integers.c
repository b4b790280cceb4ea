/* torch_integers.c - torch.randint, random_ and randperm.
 *
 * Words modulo the range, without rejection (ATen/core/TransformationHelper.h).
 *
 * SPDX-License-Identifier: MIT */
#include "dialects/torch.h"

enum { CHUNK = 512 };

/* ---- filling ---- */

/* n values of words modulo the range (0: the words as they are), plus the base. */
static void fill(oneseed_torch *state, oneseed_torch_dtype dtype, bool two_words, uint64_t range, int64_t base,
                 void *out, size_t n)
{
    size_t size = oneseed_torch_dtype_size(dtype);
    uint32_t words[CHUNK];
    uint64_t values[CHUNK];
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CHUNK ? n - done : CHUNK;
        if (two_words) {
            oneseed_torch_random_u64_fill(state, values, m);
        } else {
            oneseed_mt19937_fill_u32(&state->mt19937, words, m);
            for (size_t i = 0; i < m; i++)
                values[i] = words[i];
        }
        if (range > UINT32_MAX || (two_words && range))
            for (size_t i = 0; i < m; i++)
                values[i] %= range;
        else if (range)
            for (size_t i = 0; i < m; i++)
                values[i] = (uint32_t)values[i] % (uint32_t)range;
        for (size_t i = 0; i < m; i++)
            values[i] += (uint64_t)base;
        torch_store_integers(dtype, (char *)out + size * done, values, m);
    }
}

oneseed_status oneseed_torch_randint_fill(oneseed_torch *state, oneseed_torch_dtype dtype, int64_t low, int64_t high,
                                          void *out, size_t n)
{
    uint64_t range;
    int64_t base;
    oneseed_status status = torch_range_of(dtype, low, high, &range, &base);
    if (status)
        return status;
    fill(state, dtype, torch_takes_two_words(torch_version(state), dtype, range), range, base, out, n);
    return ONESEED_OK;
}

static bool is_late_unsigned(oneseed_torch_dtype dtype)
{
    return dtype == ONESEED_TORCH_UINT16 || dtype == ONESEED_TORCH_UINT32 || dtype == ONESEED_TORCH_UINT64;
}

oneseed_status oneseed_torch_random_fill(oneseed_torch *state, oneseed_torch_dtype dtype, void *out, size_t n)
{
    if (torch_is_none(state, n))
        return ONESEED_OK;
    if (oneseed_torch_dtype_size(dtype) == 0 || is_late_unsigned(dtype))
        return ONESEED_TORCH_DTYPE;
    bool two_words = dtype == ONESEED_TORCH_INT64 || dtype == ONESEED_TORCH_FLOAT64;
    fill(state, dtype, two_words, torch_largest_integer(dtype) + 1, 0, out, n);
    return ONESEED_OK;
}

static oneseed_status full_range(oneseed_torch *state, oneseed_torch_dtype dtype, void *out, size_t n)
{
    if (torch_is_none(state, n))
        return ONESEED_OK;
    switch (dtype) {
    case ONESEED_TORCH_INT64:
    case ONESEED_TORCH_FLOAT64:
    case ONESEED_TORCH_FLOAT32:
    case ONESEED_TORCH_BFLOAT16:
        fill(state, dtype, true, 0, 0, out, n);
        return ONESEED_OK;
    case ONESEED_TORCH_UINT8:
    case ONESEED_TORCH_INT8:
    case ONESEED_TORCH_INT16:
    case ONESEED_TORCH_INT32:
        return ONESEED_TORCH_RANDOM_FULL;
    default:
        return ONESEED_TORCH_DTYPE;
    }
}

oneseed_status oneseed_torch_random_from_fill(oneseed_torch *state, oneseed_torch_dtype dtype, int64_t from, void *out,
                                              size_t n)
{
    if (oneseed_torch_dtype_size(dtype) == 0)
        return ONESEED_TORCH_DTYPE;
    if (from == INT64_MIN)
        return full_range(state, dtype, out, n);
    uint64_t range;
    int64_t base;
    oneseed_status status = torch_range_from(dtype, from, &range, &base);
    if (status)
        return status;
    fill(state, dtype, torch_takes_two_words(torch_version(state), dtype, range), range, base, out, n);
    return ONESEED_OK;
}

/* ---- randperm ---- */

/* The exchanges of i with i + word % (n - i), for items of each size. */
#define EXCHANGES(type)                                                                                                \
    static void exchanges_##type(oneseed_torch *state, type *items, size_t n)                                          \
    {                                                                                                                  \
        for (size_t i = 0; i + 1 < n; i++) {                                                                           \
            size_t other = i + (n - i <= UINT32_MAX ? torch_u32(state) % (uint32_t)(n - i) : torch_u32(state));        \
            type kept = items[i];                                                                                      \
            items[i] = items[other];                                                                                   \
            items[other] = kept;                                                                                       \
        }                                                                                                              \
    }
EXCHANGES(uint8_t)
EXCHANGES(uint16_t)
EXCHANGES(uint32_t)
EXCHANGES(uint64_t)
#undef EXCHANGES

/* Since 2.6, where one word would no longer be even enough: from (2^32 - 1) / 20 items on, inside out. */
enum { LARGE = 214748364 };

static void inside_out(oneseed_torch *state, oneseed_torch_dtype dtype, char *out, size_t n)
{
    size_t size = oneseed_torch_dtype_size(dtype);
    for (size_t i = 0; i < n; i++) {
        size_t other = (size_t)(torch_u64(state) % (i + 1));
        memmove(out + size * i, out + size * other, size);
        torch_store_integer(dtype, out, other, (int64_t)i);
    }
}

oneseed_status oneseed_torch_randperm_fill(oneseed_torch *state, oneseed_torch_dtype dtype, void *out, size_t n)
{
    if (oneseed_torch_dtype_size(dtype) == 0)
        return ONESEED_TORCH_DTYPE;
    oneseed_status status = torch_check_randperm(dtype, n);
    if (status)
        return status;
    if (n >= LARGE && torch_version(state) >= 20600) {
        inside_out(state, dtype, out, n);
        return ONESEED_OK;
    }
    for (size_t i = 0; i < n; i++)
        torch_store_integer(dtype, out, i, (int64_t)i);
    switch (oneseed_torch_dtype_size(dtype)) {
    case 1:
        exchanges_uint8_t(state, out, n);
        break;
    case 2:
        exchanges_uint16_t(state, out, n);
        break;
    case 4:
        exchanges_uint32_t(state, out, n);
        break;
    default:
        exchanges_uint64_t(state, out, n);
        break;
    }
    return ONESEED_OK;
}
