/* numpy_shared.c - what NumPy's Generator and RandomState compute alike.
 * SPDX-License-Identifier: MIT */
#include "common/simd.h"             /* simd_fetch, SIMD_BODY: inlined for sure */
#include "dialects/numpy_partners.h" /* numpy_choose_partners */
#include "dialects/numpy_shared.h"

#include <stdlib.h> /* llabs */
#include <string.h> /* memcpy */

static void swap_bytes(unsigned char *a, unsigned char *b, size_t n_bytes)
{
    unsigned char part[256];
    while (n_bytes > 0) {
        size_t n = n_bytes < sizeof part ? n_bytes : sizeof part;
        memcpy(part, a, n);
        memcpy(a, b, n);
        memcpy(b, part, n);
        a += n;
        b += n;
        n_bytes -= n;
    }
}

/* Where n_bytes is a constant 4 or 8 these are loads and stores. */
static inline void swap_items(unsigned char *items, size_t i, size_t j, size_t n_bytes)
{
    unsigned char *a = items + i * n_bytes, *b = items + j * n_bytes;
    if (n_bytes <= 8) {
        unsigned char of_a[8], of_b[8];
        memcpy(of_a, a, n_bytes);
        memcpy(of_b, b, n_bytes);
        memcpy(a, of_b, n_bytes);
        memcpy(b, of_a, n_bytes);
    } else if (i != j) {
        swap_bytes(a, b, n_bytes);
    }
}

double numpy_doubles_more(struct numpy_doubles *doubles)
{
    if (doubles->n_least <= 1)
        return numpy_next_double(doubles->state);
    doubles->n = doubles->n_least < NUMPY_DOUBLES ? (unsigned)doubles->n_least : NUMPY_DOUBLES;
    numpy_fill_double(doubles->state, doubles->values, doubles->n);
    doubles->at = 1;
    return doubles->values[0];
}

/* Partners are chosen together, and the items of those so far ahead are fetched: a large array's are in no cache. */
enum { SHUFFLE_BLOCK = 1024, SHUFFLE_AHEAD = 32 };

/* Partners of the positions from i down, by masked rejection: their number. Each position takes one word at least, so that as many
 * words as there are positions are made in bulk. */
static size_t choose_partners(oneseed_numpy *state, uint32_t i, uint32_t *partners)
{
    uint32_t words[SHUFFLE_BLOCK];
    size_t n_words = i < SHUFFLE_BLOCK ? i : SHUFFLE_BLOCK;
    numpy_fill_u32(state, words, n_words);
    return numpy_choose_partners(words, n_words, i, partners);
}

/* One copy of the loop for each common size: `n_bytes` is a constant in them. */
SIMD_BODY void shuffle_sized(oneseed_numpy *state, unsigned char *items, size_t n, size_t n_bytes)
{
    uint32_t partners[SHUFFLE_BLOCK + SHUFFLE_AHEAD + NUMPY_PARTNERS_SPARE];
    size_t i = n == 0 ? 0 : n - 1;
    for (; i > UINT32_MAX; i--)
        swap_items(items, i, (size_t)numpy_interval(state, i), n_bytes);
    while (i > 0) {
        size_t n_partners = choose_partners(state, (uint32_t)i, partners);
        for (size_t k = 0; k < SHUFFLE_AHEAD; k++) {
            simd_fetch(items + n_bytes * partners[k < n_partners ? k : 0]);
            partners[n_partners + k] = 0;
        }
        for (size_t k = 0; k < n_partners; k++) {
            simd_fetch(items + n_bytes * partners[k + SHUFFLE_AHEAD]);
            swap_items(items, i--, partners[k], n_bytes);
        }
    }
}

void numpy_shuffle(oneseed_numpy *state, void *items, size_t n, size_t n_bytes)
{
    if (n_bytes == 8)
        shuffle_sized(state, items, n, 8);
    else if (n_bytes == 4)
        shuffle_sized(state, items, n, 4);
    else
        shuffle_sized(state, items, n, n_bytes);
}

double numpy_kahan_sum(const double *values, size_t n)
{
    if (n == 0)
        return 0.0;
    double sum = values[0], carry = 0.0;
    for (size_t i = 1; i < n; i++) {
        double y = values[i] - carry, next = sum + y;
        carry = next - sum - y;
        sum = next;
    }
    return sum;
}

double numpy_loggam(const oneseed_numpy *state, double x)
{
    /* Coefficients of Stirling's series: B(2k) / (2k (2k - 1)). */
    static const double series[10] = {8.333333333333333e-02,  -2.777777777777778e-03, 7.936507936507937e-04,
                                      -5.952380952380952e-04, 8.417508417508418e-04,  -1.917526917526918e-03,
                                      6.410256410256410e-03,  -2.955065359477124e-02, 1.796443723688307e-01,
                                      -1.39243221690590e+00};
    const double log_2_pi = 1.8378770664093453;
    bool is_old = numpy_before(state, 12000); /* 1.20 changed the last bits */
    if (x == 1.0 || x == 2.0)
        return 0.0;
    int64_t n = x < 7.0 || (is_old && x == 7.0) ? (int64_t)(7 - x) : 0;
    double at = x + (double)n;
    double square = is_old ? 1.0 / (at * at) : 1.0 / at * (1.0 / at);
    double sum = series[9];
    for (int k = 8; k >= 0; k--)
        sum = sum * square + series[k];
    double result = sum / at + 0.5 * log_2_pi + (at - 0.5) * log(at) - at;
    for (int64_t k = 1; k <= n; k++) {
        result -= log(at - 1.0);
        at -= 1.0;
    }
    return result;
}

double numpy_laplace_from(struct numpy_doubles *doubles, double loc, double scale)
{
    double u;
    do
        u = numpy_double(doubles);
    while (!(u > 0.0));
    return u >= 0.5 ? loc - scale * log(2.0 - u - u) : loc + scale * log(u + u);
}

double numpy_gumbel_from(struct numpy_doubles *doubles, double loc, double scale)
{
    double u;
    do
        u = 1.0 - numpy_double(doubles);
    while (!(u < 1.0));
    return loc - scale * log(-log(u));
}

double numpy_logistic_from(struct numpy_doubles *doubles, double loc, double scale)
{
    double u;
    do
        u = numpy_double(doubles);
    while (!(u > 0.0));
    return loc + scale * log(u / (1.0 - u));
}

double numpy_triangular_from(struct numpy_doubles *doubles, double left, double mode, double right)
{
    double base = right - left, left_base = mode - left;
    double u = numpy_double(doubles);
    if (u <= left_base / base)
        return left + sqrt(u * (left_base * base));
    return right - sqrt((1.0 - u) * ((right - mode) * base));
}

struct numpy_poisson numpy_poisson_prepare(double lam)
{
    struct numpy_poisson poisson = {.lam = lam};
    if (lam >= 10) {
        poisson.log_lam = log(lam);
        poisson.b = 0.931 + 2.53 * sqrt(lam);
        poisson.a = -0.059 + 0.02483 * poisson.b;
        poisson.log_inverse_alpha = log(1.1239 + 1.1328 / (poisson.b - 3.4));
        poisson.vr = 0.9277 - 3.6224 / (poisson.b - 2);
    } else {
        poisson.limit = exp(-lam);
    }
    return poisson;
}

static int64_t poisson_by_product(struct numpy_doubles *doubles, double limit)
{
    int64_t count = 0;
    double product = 1.0;
    for (;;) {
        product *= numpy_double(doubles);
        if (!(product > limit))
            return count;
        count++;
    }
}

static int64_t poisson_by_rejection(struct numpy_doubles *doubles, const struct numpy_poisson *poisson)
{
    double a = poisson->a, b = poisson->b;
    for (;;) {
        double u = numpy_double(doubles) - 0.5;
        double v = numpy_double(doubles);
        double us = 0.5 - fabs(u);
        int64_t k = numpy_to_i64(floor((2 * a / us + b) * u + poisson->lam + 0.43));
        if (us >= 0.07 && v <= poisson->vr)
            return k;
        if (k < 0 || (us < 0.013 && v > us))
            continue;
        if (log(v) + poisson->log_inverse_alpha - log(a / (us * us) + b) <=
            -poisson->lam + (double)k * poisson->log_lam -
                numpy_loggam(doubles->state,
                             numpy_before(doubles->state, 20400) ? (double)numpy_wrap_add(k, 1) : (double)k + 1))
            return k;
    }
}

int64_t numpy_poisson_from(struct numpy_doubles *doubles, const struct numpy_poisson *poisson)
{
    if (poisson->lam >= 10)
        return poisson_by_rejection(doubles, poisson);
    return poisson->lam == 0 ? 0 : poisson_by_product(doubles, poisson->limit);
}

static void prepare_inversion(struct numpy_binomial *b, bool is_log1p)
{
    double n = (double)b->n;
    b->q = 1.0 - b->p;
    b->r = exp(n * (is_log1p ? log1p(-b->p) : log(b->q)));
    double mean = n * b->p;
    double bound = mean + 10.0 * sqrt(mean * b->q + 1);
    b->m = numpy_to_i64(n < bound ? n : bound);
}

static void prepare_btpe(struct numpy_binomial *b)
{
    double n = (double)b->n, p = b->p;
    b->r = p < 1.0 - p ? p : 1.0 - p;
    b->q = 1.0 - b->r;
    double fm = n * b->r + b->r;
    b->m = numpy_to_i64(floor(fm));
    b->p1 = floor(2.195 * sqrt(n * b->r * b->q) - 4.6 * b->q) + 0.5;
    b->xm = (double)b->m + 0.5;
    b->xl = b->xm - b->p1;
    b->xr = b->xm + b->p1;
    b->c = 0.134 + 20.5 / (15.3 + (double)b->m);
    double a = (fm - b->xl) / (fm - b->xl * b->r);
    b->laml = a * (1.0 + a / 2.0);
    a = (b->xr - fm) / (b->xr * b->q);
    b->lamr = a * (1.0 + a / 2.0);
    b->p2 = b->p1 * (1.0 + 2.0 * b->c);
    b->p3 = b->p2 + b->c / b->laml;
    b->p4 = b->p3 + b->c / b->lamr;
}

struct numpy_binomial numpy_binomial_prepare(int64_t n, double p, enum numpy_binomial_form form)
{
    struct numpy_binomial b = {.n = n, .flipped = !(p <= 0.5), .is_corrected = form == NUMPY_BINOMIAL_CORRECTED};
    b.p = b.flipped ? 1.0 - p : p;
    b.is_btpe = !(b.p * (double)n <= 30.0);
    if (b.is_btpe)
        prepare_btpe(&b);
    else
        prepare_inversion(&b, form != NUMPY_BINOMIAL_LEGACY);
    return b;
}

static double next_chance(const struct numpy_binomial *b, double chance, int64_t x)
{
    return (double)(b->n - x + 1) * b->p * chance / ((double)x * b->q);
}

void numpy_binomial_tabulate(struct numpy_binomial *b, double chances[NUMPY_BINOMIAL_CHANCES])
{
    if (b->is_btpe || b->m < 0 || b->m >= NUMPY_BINOMIAL_CHANCES)
        return;
    chances[0] = b->r;
    for (int64_t x = 1; x <= b->m; x++)
        chances[x] = next_chance(b, chances[x - 1], x);
    b->chances = chances;
}

static int64_t draw_tabulated(struct numpy_doubles *doubles, const struct numpy_binomial *b)
{
    for (;;) {
        double u = numpy_double(doubles);
        for (int64_t x = 0; x <= b->m; x++) {
            if (!(u > b->chances[x]))
                return x;
            u -= b->chances[x];
        }
    }
}

static int64_t draw_inversion(struct numpy_doubles *doubles, const struct numpy_binomial *b)
{
    int64_t x = 0;
    double chance = b->r, u = numpy_double(doubles);
    while (u > chance) {
        x++;
        if (x > b->m) {
            x = 0;
            chance = b->r;
            u = numpy_double(doubles);
        } else {
            u -= chance;
            chance = next_chance(b, chance, x);
        }
    }
    return x;
}

/* One term of Stirling's series as BTPE writes it; the constant should be 13860 (= 166320 / 12). */
static double stirling_term(double x, double constant)
{
    double square = x * x;
    return (constant - (462. - (132. - (99. - 140. / square) / square) / square) / square) / x / 166320.;
}

/* BTPE's step 5.3: log v against the exact ratio of probabilities. */
static bool is_below_ratio(const struct numpy_binomial *b, int64_t y, double log_v, bool is_old)
{
    double n = (double)b->n, m = (double)b->m;
    double x1 = (double)y + 1, f1 = m + 1, z = n + 1 - m, w = n - (double)y + 1;
    if (is_old) { /* before 2.4 these were counted in integers, which differs beyond 2^53 */
        x1 = (double)numpy_wrap_add(y, 1);
        f1 = (double)numpy_wrap_add(b->m, 1);
        z = (double)numpy_wrap_subtract(numpy_wrap_add(b->n, 1), b->m);
        w = (double)numpy_wrap_add(numpy_wrap_subtract(b->n, y), 1);
    }
    double bound = b->xm * log(f1 / x1) + ((double)numpy_wrap_subtract(b->n, b->m) + 0.5) * log(z / w) +
                   (double)numpy_wrap_subtract(y, b->m) * log(w * b->r / (x1 * b->q));
    if (b->is_corrected)
        bound = bound + stirling_term(f1, 13860.) + stirling_term(z, 13860.) - stirling_term(x1, 13860.) -
                stirling_term(w, 13860.);
    else /* as the paper prints it */
        bound = bound + stirling_term(f1, 13680.) + stirling_term(z, 13680.) + stirling_term(x1, 13680.) +
                stirling_term(w, 13680.);
    return !(log_v > bound);
}

/* BTPE's step 5: is y taken, whose v is given? */
static bool is_taken(const struct numpy_binomial *b, int64_t y, double v, bool is_old)
{
    double nrq = (double)b->n * b->r * b->q;
    int64_t k = llabs(numpy_wrap_subtract(y, b->m));
    if (!(k > 20 && (double)k < nrq / 2.0 - 1)) {
        double s = b->r / b->q, a = s * (double)numpy_wrap_add(b->n, 1), f = 1.0;
        for (int64_t i = b->m + 1; i <= y; i++)
            f *= a / (double)i - s;
        for (int64_t i = y + 1; i <= b->m; i++)
            f /= a / (double)i - s;
        return !(v > f);
    }
    double kd = (double)k;
    double rho = kd / nrq * ((kd * (kd / 3.0 + 0.625) + 0.16666666666666666) / nrq + 0.5);
    double t = (double)(int64_t)(-(uint64_t)k * (uint64_t)k) / (2 * nrq);
    double log_v = log(v);
    if (log_v < t - rho)
        return true;
    return !(log_v > t + rho) && is_below_ratio(b, y, log_v, is_old);
}

static int64_t draw_btpe(struct numpy_doubles *doubles, const struct numpy_binomial *b)
{
    for (;;) {
        double u = numpy_double(doubles) * b->p4;
        double v = numpy_double(doubles);
        int64_t y;
        if (!(u > b->p1))
            return numpy_to_i64(floor(b->xm - b->p1 * v + u));
        if (!(u > b->p2)) {
            double x = b->xl + (u - b->p1) / b->c;
            v = v * b->c + 1.0 - fabs((double)b->m - x + 0.5) / b->p1;
            if (v > 1.0)
                continue;
            y = numpy_to_i64(floor(x));
        } else if (!(u > b->p3)) {
            y = numpy_to_i64(floor(b->xl + log(v) / b->laml));
            if (y < 0 || v == 0.0)
                continue;
            v = v * (u - b->p2) * b->laml;
        } else {
            y = numpy_to_i64(floor(b->xr - log(v) / b->lamr));
            if (y > b->n || v == 0.0)
                continue;
            v = v * (u - b->p3) * b->lamr;
        }
        if (is_taken(b, y, v, numpy_before(doubles->state, 20400)))
            return y;
    }
}

int64_t numpy_binomial_from(struct numpy_doubles *doubles, const struct numpy_binomial *b)
{
    int64_t y;
    if (b->is_btpe)
        y = draw_btpe(doubles, b);
    else
        y = b->chances ? draw_tabulated(doubles, b) : draw_inversion(doubles, b);
    return b->flipped ? b->n - y : y;
}

int64_t numpy_geometric_search_from(struct numpy_doubles *doubles, double p)
{
    int64_t x = 1;
    double sum = p, product = p, q = 1.0 - p, u = numpy_double(doubles);
    while (u > sum) {
        product *= q;
        sum += product;
        x++;
    }
    return x;
}
