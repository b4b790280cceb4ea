/* torch_bernoulli.c - bernoulli_ and torch.bernoulli.
 * SPDX-License-Identifier: MIT */
#include "dialects/torch.h"

static bool is_mkl(const oneseed_torch *state)
{
    return torch_version(state) < 20700 && state->has_mkl;
}

struct torch_coin torch_coin(oneseed_torch *state, double p)
{
    struct torch_coin coin = {p, is_mkl(state), 0};
    if (coin.is_mkl) {
        coin.x = torch_u32(state) % TORCH_MCG31_MODULUS;
        coin.x = coin.x ? coin.x : 1;
    }
    return coin;
}

/* float16 since 2.2. */
static bool takes_bernoulli(const oneseed_torch *state, oneseed_torch_dtype dtype)
{
    if (dtype == ONESEED_TORCH_FLOAT16)
        return torch_version(state) >= 20200;
    return oneseed_torch_dtype_size(dtype) != 0 && dtype != ONESEED_TORCH_UINT16 && dtype != ONESEED_TORCH_UINT32 &&
           dtype != ONESEED_TORCH_UINT64;
}

oneseed_status oneseed_torch_bernoulli_fill(oneseed_torch *state, oneseed_torch_dtype dtype, double p, void *out,
                                            size_t n)
{
    if (!(p >= 0 && p <= 1))
        return ONESEED_TORCH_BERNOULLI_P;
    if (torch_is_none(state, n))
        return ONESEED_OK;
    if (!takes_bernoulli(state, dtype))
        return ONESEED_TORCH_DTYPE;
    struct torch_coin coin = torch_coin(state, p);
    for (size_t i = 0; i < n; i++)
        torch_store_integer(dtype, out, i, torch_toss(state, &coin));
    return ONESEED_OK;
}

oneseed_status oneseed_torch_bernoulli_tensor_fill(oneseed_torch *state, oneseed_torch_dtype p_dtype, const void *p,
                                                   oneseed_torch_dtype dtype, void *out, size_t n)
{
    if (torch_is_none(state, n))
        return ONESEED_OK;
    if (!takes_bernoulli(state, dtype) || !torch_is_floating(p_dtype))
        return ONESEED_TORCH_DTYPE;
    for (size_t i = 0; i < n; i++) {
        double one = torch_load(p_dtype, p, i);
        if (!(one >= 0 && one <= 1))
            return ONESEED_TORCH_BERNOULLI_P_TENSOR;
    }
    bool is_double = p_dtype == ONESEED_TORCH_FLOAT64; /* else the uniform is a float, one word */
    for (size_t i = 0; i < n; i++) {
        double uniform = is_double ? torch_f64(state) : (double)torch_f32(state);
        torch_store_integer(dtype, out, i, uniform < torch_load(p_dtype, p, i));
    }
    return ONESEED_OK;
}
