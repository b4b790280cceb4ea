/* torch_init.c - torch.nn.init: fans, gains, and the fills that need them.
 * SPDX-License-Identifier: MIT
 *
 * After torch/nn/init.py of 2.13 (1.13 to 2.13 compute alike). Python computes in doubles, in this order; the tensor's
 * uniform_ and normal_ round the bounds to its dtype. */
#include "dialects/torch_init.h"

#include <math.h> /* sqrt, pow, isnan, isinf */

size_t torch_numel(const int64_t *shape, int n_dims)
{
    size_t n = 1;
    for (int i = 0; i < n_dims; i++)
        n *= (size_t)shape[i];
    return n;
}

/* ---- fans and gains ---- */

oneseed_status oneseed_torch_init_fans(const int64_t *shape, int n_dims, int64_t *fan_in_out, int64_t *fan_out_out)
{
    if (n_dims < 2)
        return ONESEED_TORCH_FAN_DIMENSIONS;
    int64_t field = 1;
    for (int i = 2; i < n_dims; i++)
        field *= shape[i];
    *fan_in_out = shape[1] * field;
    *fan_out_out = shape[0] * field;
    return ONESEED_OK;
}

/* CPython's a**2: libm's pow, which is not always a * a; compilers make that of a constant exponent. */
static double square_of(double a)
{
    const volatile double two = 2.0;
    return pow(a, two);
}

/* Python's OverflowError is an infinity in libm. */
static oneseed_status leaky_gain(double a, double *gain_out)
{
    double square = square_of(a);
    if (isinf(square) && !isinf(a))
        return ONESEED_TORCH_SLOPE_OVERFLOW;
    *gain_out = sqrt(2.0 / (1.0 + square));
    return ONESEED_OK;
}

oneseed_status oneseed_torch_init_gain(oneseed_torch_nonlinearity nonlinearity, double param, double *gain_out)
{
    switch (nonlinearity) {
    case ONESEED_TORCH_GAIN_LINEAR:
        *gain_out = 1.0;
        return ONESEED_OK;
    case ONESEED_TORCH_GAIN_TANH:
        *gain_out = 5.0 / 3;
        return ONESEED_OK;
    case ONESEED_TORCH_GAIN_RELU:
        *gain_out = sqrt(2.0);
        return ONESEED_OK;
    case ONESEED_TORCH_GAIN_LEAKY_RELU:
        return leaky_gain(isnan(param) ? 0.01 : param, gain_out);
    case ONESEED_TORCH_GAIN_SELU:
        *gain_out = 3.0 / 4;
        return ONESEED_OK;
    }
    return ONESEED_TORCH_NONLINEARITY;
}

double torch_xavier_std(double gain, double fan_in, double fan_out)
{
    return gain * sqrt(2.0 / (fan_in + fan_out));
}

double torch_leaky_std(double a, double fan)
{
    return sqrt(2.0 / (1.0 + square_of(a))) / sqrt(fan);
}

static oneseed_status xavier(const int64_t *shape, int n_dims, double gain, double *std_out)
{
    int64_t fan_in, fan_out;
    oneseed_status status = oneseed_torch_init_fans(shape, n_dims, &fan_in, &fan_out);
    if (status)
        return status;
    if (fan_in + fan_out == 0)
        return ONESEED_TORCH_FAN_ZERO;
    *std_out = torch_xavier_std(gain, (double)fan_in, (double)fan_out);
    return ONESEED_OK;
}

static oneseed_status kaiming(const int64_t *shape, int n_dims, double a, oneseed_torch_fan_mode mode,
                              oneseed_torch_nonlinearity nonlinearity, double *std_out)
{
    int64_t fan_in, fan_out;
    double gain;
    oneseed_status status = oneseed_torch_init_fans(shape, n_dims, &fan_in, &fan_out);
    if (!status)
        status = oneseed_torch_init_gain(nonlinearity, a, &gain);
    if (status)
        return status;
    *std_out = gain / sqrt((double)(mode == ONESEED_TORCH_FAN_IN ? fan_in : fan_out));
    return ONESEED_OK;
}

/* ---- fills ---- */

oneseed_status oneseed_torch_init_xavier_uniform_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                      const int64_t *shape, int n_dims, double gain, void *out)
{
    double std;
    oneseed_status status = xavier(shape, n_dims, gain, &std);
    double bound = status ? 0.0 : torch_sqrt_3 * std;
    return status ? status : oneseed_torch_uniform_fill(state, dtype, -bound, bound, out, torch_numel(shape, n_dims));
}

oneseed_status oneseed_torch_init_xavier_normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                     const int64_t *shape, int n_dims, double gain, void *out)
{
    double std;
    oneseed_status status = xavier(shape, n_dims, gain, &std);
    return status ? status : oneseed_torch_normal_fill(state, dtype, 0.0, std, out, torch_numel(shape, n_dims));
}

oneseed_status oneseed_torch_init_kaiming_uniform_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                       const int64_t *shape, int n_dims, double a,
                                                       oneseed_torch_fan_mode mode,
                                                       oneseed_torch_nonlinearity nonlinearity, void *out)
{
    size_t n = torch_numel(shape, n_dims);
    double std;
    if (n == 0) /* torch warns and does nothing */
        return ONESEED_OK;
    oneseed_status status = kaiming(shape, n_dims, a, mode, nonlinearity, &std);
    double bound = status ? 0.0 : torch_sqrt_3 * std;
    return status ? status : oneseed_torch_uniform_fill(state, dtype, -bound, bound, out, n);
}

oneseed_status oneseed_torch_init_kaiming_normal_fill(oneseed_torch *state, oneseed_torch_dtype dtype,
                                                      const int64_t *shape, int n_dims, double a,
                                                      oneseed_torch_fan_mode mode,
                                                      oneseed_torch_nonlinearity nonlinearity, void *out)
{
    size_t n = torch_numel(shape, n_dims);
    double std;
    if (n == 0)
        return ONESEED_OK;
    oneseed_status status = kaiming(shape, n_dims, a, mode, nonlinearity, &std);
    return status ? status : oneseed_torch_normal_fill(state, dtype, 0.0, std, out, n);
}
