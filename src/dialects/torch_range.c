/* torch_range.c - the ranges of PyTorch's random integers: bounds as a dtype holds them, what is refused, how many words it takes.
 * SPDX-License-Identifier: MIT
 *
 * native/DistributionTemplates.h (random_from_to, update_from, update_to), the same on the CPU and on CUDA. */
#include "dialects/torch.h" /* torch_store_integer */

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

oneseed_status torch_range_of(oneseed_torch_dtype dtype, int64_t low, int64_t high, uint64_t *range_out,
                              int64_t *base_out)
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
    *range_out = (uint64_t)high - (uint64_t)low;
    *base_out = low;
    return check_range(dtype, low, high - 1);
}

oneseed_status torch_range_from(oneseed_torch_dtype dtype, int64_t from, uint64_t *range_out, int64_t *base_out)
{
    if (oneseed_torch_dtype_size(dtype) == 0)
        return ONESEED_TORCH_DTYPE;
    int64_t highest = (int64_t)torch_largest_integer(dtype);
    if (torch_is_floating(dtype)) {
        from = from_in(dtype, from);
        if (from >= highest)
            return ONESEED_TORCH_RANDOM_CAST_MAX;
    }
    *range_out = (uint64_t)highest - (uint64_t)from + 1;
    *base_out = from;
    return check_range(dtype, from, highest);
}

bool torch_takes_two_words(uint32_t version, oneseed_torch_dtype dtype, uint64_t range)
{
    if (version >= 20700)
        return range >= (uint64_t)1 << 28;
    return range >= (uint64_t)1 << 32 && (dtype == ONESEED_TORCH_INT64 || dtype == ONESEED_TORCH_FLOAT64 ||
                                          dtype == ONESEED_TORCH_FLOAT32 || dtype == ONESEED_TORCH_BFLOAT16);
}

uint64_t torch_largest_integer(oneseed_torch_dtype dtype)
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

oneseed_status torch_check_randperm(oneseed_torch_dtype dtype, size_t n)
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
        return n > torch_largest_integer(dtype) + 1 ? ONESEED_TORCH_RANDPERM_PRECISION : ONESEED_OK;
    default:
        return n > torch_largest_integer(dtype) + 1 ? ONESEED_TORCH_RANDPERM_OVERFLOW : ONESEED_OK;
    }
}
