/* pennylane.c - PennyLane's devices: where their generators come from, and shots of given probabilities.
 * SPDX-License-Identifier: MIT
 *
 * After PennyLane 0.45: pennylane/devices/default_qubit.py, devices/qubit/{simulate,sampling}.py; PennyLane-Lightning 0.45:
 * lightning_base/lightning_base.py, core/simulators/lightning_qubit/measurements/MeasurementKernels.hpp. */
#include <math.h>    /* fabs */
#include <stdbool.h> /* bool */

#include "dialects/numpy_sum.h" /* numpy_sum_f64 */
#include "engines/mt19937.h"    /* mt19937_next */
#include "oneseed.h"

enum { SEEDS = 2147483647 };

int64_t oneseed_pennylane_global_seed(oneseed_numpy *global)
{
    return oneseed_numpy_legacy_randint(global, 0, 10000000);
}

int64_t oneseed_pennylane_lightning_global_seed(oneseed_numpy *global)
{
    return oneseed_numpy_legacy_randint(global, 0, SEEDS);
}

void oneseed_pennylane_worker_seeds(oneseed_numpy *device, int64_t *out, size_t n)
{
    (void)oneseed_numpy_integers_fill(device, 0, SEEDS, out, n); /* a range that nothing refuses */
}

void oneseed_pennylane_renew(oneseed_numpy *device)
{
    const uint32_t version = device->version, word = (uint32_t)oneseed_numpy_integers(device, 0, SEEDS);
    oneseed_numpy_seed(device, ONESEED_NUMPY_PCG64, &word, 1, NULL, 0);
    device->version = version;
}

oneseed_status oneseed_pennylane_sample_fill(oneseed_numpy *device, const double *p, size_t n_states, double *work,
                                             int64_t *out, size_t n_shots)
{
    const double norm = numpy_sum_f64(p, n_states);
    if (fabs(norm - 1) > 1e-6)
        return ONESEED_PENNYLANE_PROBABILITIES;
    for (size_t i = 0; i < n_states; i++)
        work[i] = p[i] / norm;
    const oneseed_status status =
        oneseed_numpy_choice_weighted_fill(device, work, n_states, 0, work + n_states, out, n_shots);
    if (status != ONESEED_NUMPY_PROBABILITIES_NAN)
        return status;
    for (size_t i = 0; i < n_shots; i++) /* PennyLane catches that error */
        out[i] = 0;
    return ONESEED_OK;
}

/* (key, out) = split(key) */
static void split(oneseed_jax_key *key, oneseed_jax_key *out)
{
    oneseed_jax_key two[2];
    oneseed_jax_split(key, two, 2);
    *key = two[0];
    *out = two[1];
}

void oneseed_pennylane_circuit_key(oneseed_jax_key *device, oneseed_jax_key *measured_out)
{
    oneseed_jax_key circuit;
    split(device, &circuit);
    split(&circuit, measured_out); /* the other one is for operations */
}

oneseed_status oneseed_pennylane_sample_key_fill(oneseed_jax_key *measured, const double *p, size_t n_states,
                                                 double *work, uint32_t *out, size_t n_shots)
{
    const oneseed_jax_dtype dtype = measured->has_x64 ? ONESEED_JAX_FLOAT64 : ONESEED_JAX_FLOAT32;
    oneseed_jax_key after = *measured, group, unused, sampled;
    split(&after, &group);
    split(&group, &unused);
    split(&group, &sampled);
    const oneseed_status status = oneseed_jax_choice_fill(&sampled, dtype, p, n_states, work, out, n_shots);
    if (status == ONESEED_OK)
        *measured = after;
    return status;
}

uint32_t oneseed_pennylane_lightning_seed(oneseed_numpy *device)
{
    return (uint32_t)oneseed_numpy_integers(device, 0, SEEDS);
}

/* libstdc++'s std::uniform_real_distribution over std::mt19937: two words for a double, one for a float. */
static double uniform(oneseed_mt19937 *engine, bool is_f32)
{
    const uint32_t low = mt19937_next(engine);
    if (is_f32) {
        const float u = (float)low * 0x1p-32f;
        return (double)(u < 1 ? u : 1 - 0x1p-24f);
    }
    const double u = ((double)low + (double)mt19937_next(engine) * 0x1p32) * 0x1p-64;
    return u < 1 ? u : 1 - 0x1p-53;
}

/* Walker's alias tables: what is above 1 fills what is below, last in first out. Two stacks share one array. */
static void make_aliases(const double *p, size_t n, double *bucket, int64_t *partner, int64_t *stacks)
{
    size_t n_under = 0, over = n; /* under from the front, over from the back */
    for (size_t i = 0; i < n; i++) {
        bucket[i] = (double)n * p[i];
        partner[i] = -1;
        if (bucket[i] < 1)
            stacks[n_under++] = (int64_t)i;
        else
            stacks[--over] = (int64_t)i;
    }
    while (n_under > 0 && over < n) {
        const int64_t high = stacks[over++], low = stacks[--n_under];
        partner[low] = high;
        bucket[high] += bucket[low] - 1;
        if (bucket[high] < 1)
            stacks[n_under++] = high;
        else
            stacks[--over] = high;
    }
}

oneseed_status oneseed_pennylane_lightning_sample_fill(uint32_t seed, int is_complex64, const double *p,
                                                       size_t n_states, uint64_t *work, int64_t *out, size_t n_shots)
{
    double *const bucket = (double *)(void *)work;
    int64_t *const partner = (int64_t *)(void *)(work + n_states);
    oneseed_mt19937 engine;
    make_aliases(p, n_states, bucket, partner, (int64_t *)(void *)(work + 2 * n_states));
    oneseed_mt19937_seed(&engine, seed);
    for (size_t i = 0; i < n_shots; i++) {
        const double place = uniform(&engine, is_complex64) * (double)n_states;
        const size_t k = (size_t)place;
        out[i] = uniform(&engine, is_complex64) >= bucket[k] && partner[k] >= 0 ? partner[k] : (int64_t)k;
    }
    return ONESEED_OK;
}

void oneseed_pennylane_bits(const int64_t *states, size_t n_shots, size_t n_wires, int64_t *out)
{
    for (size_t i = 0; i < n_shots; i++)
        for (size_t w = 0; w < n_wires; w++)
            out[i * n_wires + w] = states[i] >> (n_wires - 1 - w) & 1;
}
