/* torch_integers.c - torch.randint, random_ and randperm.
 *
 * Words modulo the range, without rejection (ATen/core/TransformationHelper.h).
 *
 * SPDX-License-Identifier: MIT */
#include "dialects/torch.h"

enum { CHUNK = 512 };

/* ---- bounds ---- */

/* static_cast<int64_t> of a floating value as x86 does it: what does not fit is INT64_MIN. */
static int64_t integer_of(double value)
{
    return value >= -0x1p63 && value < 0x1p63 ? (int64_t)value : INT64_MIN;
}

/* The integer as the dtype holds it. */
static int64_t rounded(oneseed_torch_dtype dtype, int64_t value)
{
    uint64_t memory;
    torch_store_integer(dtype, &memory, 0, value);
    return integer_of(torch_load(dtype, &memory, 0));
}

/* The distance of neighbours in the dtype at this magnitude. */
static int64_t step_at(oneseed_torch_dtype dtype, int64_t value)
{
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int n = 0;
    while (magnitude >>= 1)
        n++;
    return (int64_t)1 << (n - torch_digits(dtype) + 1);
}

/* What comes of the bounds when they must be values of a floating dtype (native/DistributionTemplates.h, update_from and update_to). */
static int64_t from_in(oneseed_torch_dtype dtype, int64_t from)
{
    int64_t next = from == INT64_MAX ? INT64_MIN : rounded(dtype, from + 1);
    return next < from && from != INT64_MAX ? next + step_at(dtype, from + 1) : from;
}

static int64_t to_in(oneseed_torch_dtype dtype, int64_t to)
{
    int64_t previous = rounded(dtype, to - 1);
    return previous >= to ? previous - step_at(dtype, to - 1) : to;
}

/* The limits of a dtype, as far as an int64_t can express them: of UINT64 the lower half. */
static void limits_of(oneseed_torch_dtype dtype, double *lowest, double *highest)
{
    *lowest = 0;
    switch (dtype) {
    case ONESEED_TORCH_BOOL:
        *highest = 1;
        return;
    case ONESEED_TORCH_UINT8:
        *highest = UINT8_MAX;
        return;
    case ONESEED_TORCH_UINT16:
        *highest = UINT16_MAX;
        return;
    case ONESEED_TORCH_UINT32:
        *highest = UINT32_MAX;
        return;
    case ONESEED_TORCH_UINT64:
        *highest = 0x1p63;
        return;
    case ONESEED_TORCH_INT8:
        *highest = INT8_MAX;
        break;
    case ONESEED_TORCH_INT16:
        *highest = INT16_MAX;
        break;
    case ONESEED_TORCH_INT32:
        *highest = INT32_MAX;
        break;
    case ONESEED_TORCH_INT64:
        *highest = 0x1p63;
        break;
    default:
        *highest = torch_largest(dtype);
        *lowest = -*highest;
        return;
    }
    *lowest = dtype == ONESEED_TORCH_INT64 ? -0x1p63 : -*highest - 1;
}

static oneseed_status check_range(oneseed_torch_dtype dtype, int64_t from, int64_t to_inclusive)
{
    double lowest, highest;
    limits_of(dtype, &lowest, &highest);
    if (!((double)from >= lowest && (double)from <= highest))
        return ONESEED_TORCH_FROM_BOUNDS;
    if (!((double)to_inclusive >= lowest && (double)to_inclusive <= highest))
        return ONESEED_TORCH_TO_1_BOUNDS;
    return ONESEED_OK;
}

/* ---- filling ---- */

/* Whether a value of this range takes two words: since 2.7 from 2^28 on, whatever the dtype. */
static bool takes_two_words(const oneseed_torch *state, oneseed_torch_dtype dtype, uint64_t range)
{
    if (torch_version(state) >= 20700)
        return range >= (uint64_t)1 << 28;
    return range >= (uint64_t)1 << 32 && (dtype == ONESEED_TORCH_INT64 || dtype == ONESEED_TORCH_FLOAT64 ||
                                          dtype == ONESEED_TORCH_FLOAT32 || dtype == ONESEED_TORCH_BFLOAT16);
}

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
    if (oneseed_torch_dtype_size(dtype) == 0)
        return ONESEED_TORCH_DTYPE;
    if (low >= high)
        return ONESEED_TORCH_RANDOM_RANGE;
    if (torch_is_floating(dtype)) {
        low = from_in(dtype, low);
        high = to_in(dtype, high);
        if (low >= high)
            return ONESEED_TORCH_RANDOM_CAST;
    }
    oneseed_status status = check_range(dtype, low, high - 1);
    if (status)
        return status;
    uint64_t range = (uint64_t)high - (uint64_t)low;
    fill(state, dtype, takes_two_words(state, dtype, range), range, low, out, n);
    return ONESEED_OK;
}

/* The largest integer that random_ gives for a dtype. */
static uint64_t largest_integer(oneseed_torch_dtype dtype)
{
    switch (dtype) {
    case ONESEED_TORCH_BOOL:
        return 1;
    case ONESEED_TORCH_UINT8:
        return UINT8_MAX;
    case ONESEED_TORCH_INT8:
        return INT8_MAX;
    case ONESEED_TORCH_INT16:
        return INT16_MAX;
    case ONESEED_TORCH_INT32:
        return INT32_MAX;
    case ONESEED_TORCH_UINT16:
        return UINT16_MAX;
    case ONESEED_TORCH_UINT32:
        return UINT32_MAX;
    case ONESEED_TORCH_UINT64:
        return UINT64_MAX;
    case ONESEED_TORCH_INT64:
        return INT64_MAX;
    default:
        return (uint64_t)1 << torch_digits(dtype);
    }
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
    fill(state, dtype, two_words, largest_integer(dtype) + 1, 0, out, n);
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
    int64_t highest = (int64_t)largest_integer(dtype);
    if (torch_is_floating(dtype)) {
        from = from_in(dtype, from);
        if (from >= highest)
            return ONESEED_TORCH_RANDOM_CAST_MAX;
    }
    oneseed_status status = check_range(dtype, from, highest);
    if (status)
        return status;
    uint64_t range = (uint64_t)highest - (uint64_t)from + 1;
    fill(state, dtype, takes_two_words(state, dtype, range), range, from, out, n);
    return ONESEED_OK;
}

/* ---- randperm ---- */

/* Refuses an n whose numbers the dtype does not have. */
static oneseed_status check_randperm(oneseed_torch_dtype dtype, size_t n)
{
    switch (dtype) {
    case ONESEED_TORCH_BOOL:
    case ONESEED_TORCH_UINT16:
    case ONESEED_TORCH_UINT32:
    case ONESEED_TORCH_UINT64:
        return ONESEED_TORCH_DTYPE;
    case ONESEED_TORCH_BFLOAT16:
        return ONESEED_OK;
    case ONESEED_TORCH_FLOAT16:
    case ONESEED_TORCH_FLOAT32:
    case ONESEED_TORCH_FLOAT64:
        return n > largest_integer(dtype) + 1 ? ONESEED_TORCH_RANDPERM_PRECISION : ONESEED_OK;
    default:
        return n > largest_integer(dtype) + 1 ? ONESEED_TORCH_RANDPERM_OVERFLOW : ONESEED_OK;
    }
}

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
    oneseed_status status = check_randperm(dtype, n);
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
