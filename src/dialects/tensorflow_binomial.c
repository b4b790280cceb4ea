/* tensorflow_binomial.c - TensorFlow's binomial variates.
 * SPDX-License-Identifier: MIT
 *
 * core/kernels/random_binomial_op.cc of TensorFlow 2.21: below a mean of 10 sums of geometric variates, else transformed
 * rejection (Hoermann 1993, BTRS). libm: log, log1p, sqrt (exact). */
#include <math.h> /* log1p */

#include "dialects/tensorflow_pairs.h" /* tensorflow_pairs_uniform */

/* How many blocks a value has for itself, by the method. */
enum { BLOCKS_OF_SUM = 42, BLOCKS_OF_REJECTION = 256 };

static double draw_sum(double count, double p, struct tensorflow_pairs *pairs)
{
    double sum = 0.0, scale = log1p(-p);
    for (double n = 0.0;; n += 1.0) {
        sum += ceil(log(tensorflow_pairs_uniform(pairs)) / scale);
        if (sum > count)
            return n;
    }
}

/* What Stirling's approximation of log k! leaves. */
static double stirling_rest(double k)
{
    static const double rests[10] = {0.0810614667953272,  0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
                                     0.0166446911898211,  0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
                                     0.00925546218271273, 0.00833056343336287};
    if (k <= 9.0)
        return rests[(int)k];
    double square = (k + 1.0) * (k + 1.0);
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1.0);
}

static double draw_rejection(double count, double p, struct tensorflow_pairs *pairs)
{
    double deviation = sqrt(count * p * (1.0 - p)), b = 1.15 + 2.53 * deviation;
    double a = -0.0873 + 0.0248 * b + 0.01 * p, c = count * p + 0.5, box = 0.92 - 4.2 / b, odds = p / (1.0 - p);
    double alpha = (2.83 + 5.1 / b) * deviation, mode = floor((count + 1.0) * p);
    for (;;) {
        double u = tensorflow_pairs_uniform(pairs), v = tensorflow_pairs_uniform(pairs);
        u -= 0.5;
        double edge = 0.5 - fabs(u), k = floor((2.0 * a / edge + b) * u + c);
        if (edge >= 0.07 && v <= box)
            return k;
        if (k < 0.0 || k > count)
            continue;
        v = log(v * alpha / (a / (edge * edge) + b));
        double bound = (mode + 0.5) * log((mode + 1.0) / (odds * (count - mode + 1.0))) +
                       (count + 1.0) * log((count - mode + 1.0) / (count - k + 1.0)) +
                       (k + 0.5) * log(odds * (count - k + 1.0) / (k + 1.0)) + stirling_rest(mode) +
                       stirling_rest(count - mode) - stirling_rest(k) - stirling_rest(count - k);
        if (v <= bound)
            return k;
    }
}

struct binomial {
    double count, p; /* p at most a half; mirrored: of the failures */
    bool is_constant, is_mirrored, is_rejection;
    double constant;
};

static struct binomial prepare(oneseed_tensorflow_dtype dtype, double count, double p)
{
    if (count <= 0.0 || p <= 0.0)
        return (struct binomial){.is_constant = true, .constant = 0.0};
    if (p >= 1.0)
        return (struct binomial){.is_constant = true, .constant = count};
    if (isnan(p))
        return (struct binomial){.is_constant = true, .constant = p};
    bool is_mirrored = p > 0.5;
    p = is_mirrored ? tensorflow_round(dtype, 1.0 - p) : p;
    return (struct binomial){
        .count = count, .p = p, .is_mirrored = is_mirrored, .is_rejection = tensorflow_round(dtype, count * p) >= 10.0};
}

static double draw(const struct binomial *binomial, const oneseed_tensorflow_philox *place, uint64_t number)
{
    if (binomial->is_constant)
        return binomial->constant;
    struct tensorflow_pairs pairs =
        tensorflow_pairs_at(place, number * (binomial->is_rejection ? BLOCKS_OF_REJECTION : BLOCKS_OF_SUM));
    double value = binomial->is_rejection ? draw_rejection(binomial->count, binomial->p, &pairs)
                                          : draw_sum(binomial->count, binomial->p, &pairs);
    return binomial->is_mirrored ? binomial->count - value : value;
}

static oneseed_status check(oneseed_tensorflow_dtype dtype, double count, double p)
{
    if (isnan(p) && !(count <= 0.0) && tensorflow_dtype_is_integer(dtype))
        return ONESEED_TENSORFLOW_UNDEFINED;
    return isnan(count) && p > 0.0 && p < 1.0 ? ONESEED_TENSORFLOW_ENDLESS : ONESEED_OK;
}

double tensorflow_binomial_at(const oneseed_tensorflow_philox *place, oneseed_tensorflow_dtype parameter_dtype,
                              double count, double p, uint64_t number)
{
    struct binomial binomial =
        prepare(parameter_dtype, tensorflow_round(parameter_dtype, count), tensorflow_round(parameter_dtype, p));
    return draw(&binomial, place, number);
}

static double parameter(oneseed_tensorflow_dtype dtype, double x)
{
    return tensorflow_flush(dtype, tensorflow_round(dtype, x));
}

oneseed_status oneseed_tensorflow_binomial_fill(const oneseed_tensorflow_philox *place,
                                                oneseed_tensorflow_dtype parameter_dtype, const double *counts,
                                                const double *probs, size_t n_batches, size_t n_samples,
                                                oneseed_tensorflow_dtype dtype, void *out)
{
    if (dtype < ONESEED_TENSORFLOW_FLOAT16 || dtype > ONESEED_TENSORFLOW_INT64 ||
        parameter_dtype < ONESEED_TENSORFLOW_FLOAT16 || parameter_dtype > ONESEED_TENSORFLOW_FLOAT64)
        return ONESEED_TENSORFLOW_DTYPE;
    for (size_t k = 0; k < n_batches && n_samples > 0; k++) {
        oneseed_status status = check(dtype, counts[k], probs[k]);
        if (status != ONESEED_OK)
            return status;
    }
    for (size_t k = 0; k < n_batches; k++) {
        struct binomial binomial =
            prepare(parameter_dtype, parameter(parameter_dtype, counts[k]), parameter(parameter_dtype, probs[k]));
        for (size_t i = 0; i < n_samples; i++)
            tensorflow_store_cast(dtype, draw(&binomial, place, (uint64_t)k * n_samples + i), out, i * n_batches + k);
    }
    return ONESEED_OK;
}

void oneseed_tensorflow_binomial_reserve(oneseed_tensorflow_philox *place, uint64_t n_batches, uint64_t n_samples)
{
    oneseed_tensorflow_reserve(place, n_batches * 200 * (n_samples + 3) / 4);
}

oneseed_status oneseed_tensorflow_generator_binomial_fill(oneseed_tensorflow_generator *generator,
                                                          oneseed_tensorflow_dtype parameter_dtype,
                                                          const double *counts, const double *probs, size_t n_batches,
                                                          size_t n_samples, oneseed_tensorflow_dtype dtype, void *out)
{
    if (generator->algorithm > ONESEED_TENSORFLOW_ALGORITHM_PHILOX)
        return ONESEED_TENSORFLOW_ALGORITHM;
    oneseed_tensorflow_philox place;
    oneseed_tensorflow_generator_place(generator, &place);
    oneseed_status status =
        oneseed_tensorflow_binomial_fill(&place, parameter_dtype, counts, probs, n_batches, n_samples, dtype, out);
    if (status != ONESEED_OK)
        return status;
    oneseed_tensorflow_binomial_reserve(&place, n_batches, n_samples);
    oneseed_tensorflow_generator_move(generator, &place);
    return ONESEED_OK;
}
