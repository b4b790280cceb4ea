/* numpy_legacy.h - inside RandomState: its normal, its gamma, and what defines one of its distributions.
 * SPDX-License-Identifier: MIT
 *
 * Formulas after numpy/random/src/legacy/legacy-distributions.c and numpy/random/mtrand.pyx (1.17 to 2.5). */
#ifndef ONESEED_DIALECTS_NUMPY_LEGACY_H
#define ONESEED_DIALECTS_NUMPY_LEGACY_H

#include "dialects/numpy_method.h" /* numpy_number */
#include "dialects/numpy_shared.h" /* numpy_next_double */

/* libm: log. */
static inline double legacy_gauss(struct numpy_doubles *doubles)
{
    oneseed_numpy *state = doubles->state;
    if (state->has_gauss) {
        double kept = state->gauss;
        state->has_gauss = 0;
        state->gauss = 0.0;
        return kept;
    }
    double x1, x2, square;
    do {
        x1 = 2.0 * numpy_double(doubles) - 1.0;
        x2 = 2.0 * numpy_double(doubles) - 1.0;
        square = x1 * x1 + x2 * x2;
    } while (square >= 1.0 || square == 0.0);
    double f = sqrt(-2.0 * log(square) / square);
    state->gauss = f * x1;
    state->has_gauss = 1;
    return f * x2;
}

/* libm: log. */
static inline double legacy_exponential(struct numpy_doubles *doubles)
{
    return -log(1.0 - numpy_double(doubles));
}

/* Above 1 Marsaglia and Tsang (2000), b and c of theirs; below 1 Ahrens and Dieter (1974). */
struct legacy_gamma {
    double shape, b, c;
};

struct legacy_gamma legacy_gamma_prepare(double shape);
/* shape >= 0, or NaN. libm: log, pow. */
double legacy_gamma_draw(struct numpy_doubles *doubles, const struct legacy_gamma *gamma);

/* 2 * gamma(df / 2) */
static inline double legacy_chisquare(struct numpy_doubles *doubles, double df)
{
    struct legacy_gamma gamma = legacy_gamma_prepare(df / 2.0);
    return 2.0 * legacy_gamma_draw(doubles, &gamma);
}

/* The functions of the table's rows. */
#define LEGACY_DECLARE(T, name)                                                                                        \
    oneseed_status numpy_legacy_check_##name(const oneseed_numpy *state, const numpy_number *parameters);              \
    T numpy_legacy_draw_##name(oneseed_numpy *state, const numpy_number *parameters);                                  \
    void numpy_legacy_fill_##name(oneseed_numpy *state, const numpy_number *parameters, T *out, size_t n);
#define LEGACY_F64_METHODS(X)                                                                                          \
    X(standard_gamma)                                                                                                  \
    X(standard_t)                                                                                                      \
    X(chisquare)                                                                                                       \
    X(exponential)                                                                                                     \
    X(pareto)                                                                                                          \
    X(weibull)                                                                                                         \
    X(power)                                                                                                           \
    X(rayleigh)                                                                                                        \
    X(uniform)                                                                                                         \
    X(normal)                                                                                                          \
    X(lognormal)                                                                                                       \
    X(laplace)                                                                                                         \
    X(gumbel)                                                                                                          \
    X(logistic)                                                                                                        \
    X(gamma)                                                                                                           \
    X(beta)                                                                                                            \
    X(f)                                                                                                               \
    X(noncentral_chisquare)                                                                                            \
    X(noncentral_f)                                                                                                    \
    X(wald)                                                                                                            \
    X(vonmises)                                                                                                        \
    X(triangular)
#define LEGACY_I64_METHODS(X)                                                                                          \
    X(binomial)                                                                                                        \
    X(negative_binomial)                                                                                               \
    X(poisson)                                                                                                         \
    X(zipf)                                                                                                            \
    X(geometric)                                                                                                       \
    X(logseries)                                                                                                       \
    X(hypergeometric)
#define LEGACY_DECLARE_F64(name) LEGACY_DECLARE(double, name)
#define LEGACY_DECLARE_I64(name) LEGACY_DECLARE(int64_t, name)
LEGACY_F64_METHODS(LEGACY_DECLARE_F64)
LEGACY_I64_METHODS(LEGACY_DECLARE_I64)

/* One distribution: its public scalar and fill forms, and the functions of its row in the table. `check` is an expression
 * of the parameters, `prepare` is done once for a call, `one` gives one value, `each` fills `out` with n. The lists in
 * between are those of the functions' parameters and arguments. */
#define LEGACY_METHOD(T, refused, name, scalar, fill, checked, arguments, state_and_arguments, from_table, check,      \
                      prepare, one, each)                                                                              \
    static oneseed_status check_##name checked                                                                         \
    {                                                                                                                  \
        return check;                                                                                                  \
    }                                                                                                                  \
    static T draw_##name scalar                                                                                        \
    {                                                                                                                  \
        prepare;                                                                                                       \
        one;                                                                                                           \
    }                                                                                                                  \
    static void loop_##name fill                                                                                       \
    {                                                                                                                  \
        prepare;                                                                                                       \
        each;                                                                                                          \
    }                                                                                                                  \
    T oneseed_numpy_legacy_##name scalar                                                                               \
    {                                                                                                                  \
        return check_##name arguments ? refused : draw_##name state_and_arguments;                                     \
    }                                                                                                                  \
    oneseed_status oneseed_numpy_legacy_##name##_fill fill                                                             \
    {                                                                                                                  \
        oneseed_status status = check_##name arguments;                                                                \
        if (status == ONESEED_OK)                                                                                      \
            loop_##name(LEGACY_LIST state_and_arguments, out, n);                                                      \
        return status;                                                                                                 \
    }                                                                                                                  \
    oneseed_status numpy_legacy_check_##name(const oneseed_numpy *state, const numpy_number *p)                        \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        return check_##name from_table;                                                                                \
    }                                                                                                                  \
    T numpy_legacy_draw_##name(oneseed_numpy *state, const numpy_number *p)                                            \
    {                                                                                                                  \
        return draw_##name(state, LEGACY_LIST from_table);                                                             \
    }                                                                                                                  \
    void numpy_legacy_fill_##name(oneseed_numpy *state, const numpy_number *p, T *out, size_t n)                       \
    {                                                                                                                  \
        loop_##name(state, LEGACY_LIST from_table, out, n);                                                            \
    }
#define LEGACY_LIST(...) __VA_ARGS__

/* `one` and `each` from an expression of `doubles`, of which each value takes one at least. */
#define LEGACY_ONE(draw)                                                                                               \
    struct numpy_doubles supply;                                                                                       \
    struct numpy_doubles *doubles = &supply;                                                                           \
    numpy_doubles_start(doubles, state);                                                                               \
    return draw
#define LEGACY_EACH(draw)                                                                                              \
    struct numpy_doubles supply;                                                                                       \
    struct numpy_doubles *doubles = &supply;                                                                           \
    numpy_doubles_start(doubles, state);                                                                               \
    for (size_t i = 0; i < n; i++) {                                                                                   \
        doubles->n_least = n - i;                                                                                      \
        out[i] = draw;                                                                                                 \
    }
/* The same from an expression of one value `x` of another distribution, whose fill is quicker. */
#define LEGACY_ONE_OF(source, draw)                                                                                    \
    const double x = oneseed_numpy_legacy_##source(state);                                                             \
    return draw
#define LEGACY_EACH_OF(source, draw)                                                                                   \
    oneseed_numpy_legacy_##source##_fill(state, out, n);                                                               \
    for (size_t i = 0; i < n; i++) {                                                                                   \
        const double x = out[i];                                                                                       \
        out[i] = draw;                                                                                                 \
    }

/* `member` is f or i of numpy_number: the parameter is a double or an int64_t. */
#define LEGACY_METHOD_1(T, refused, name, Ta, a, a_member, check, prepare, one, each)                                  \
    LEGACY_METHOD(T, refused, name, (oneseed_numpy * state, Ta a), (oneseed_numpy * state, Ta a, T * out, size_t n),   \
                  (Ta a), (a), (state, a), (p[0].a_member), check, prepare, one, each)
#define LEGACY_METHOD_2(T, refused, name, Ta, a, a_member, Tb, b, b_member, check, prepare, one, each)                 \
    LEGACY_METHOD(T, refused, name, (oneseed_numpy * state, Ta a, Tb b),                                               \
                  (oneseed_numpy * state, Ta a, Tb b, T * out, size_t n), (Ta a, Tb b), (a, b), (state, a, b),         \
                  (p[0].a_member, p[1].b_member), check, prepare, one, each)
#define LEGACY_METHOD_3(T, refused, name, Ta, a, b, c, member, check, prepare, one, each)                              \
    LEGACY_METHOD(T, refused, name, (oneseed_numpy * state, Ta a, Ta b, Ta c),                                         \
                  (oneseed_numpy * state, Ta a, Ta b, Ta c, T * out, size_t n), (Ta a, Ta b, Ta c), (a, b, c),         \
                  (state, a, b, c), (p[0].member, p[1].member, p[2].member), check, prepare, one, each)

/* The usual cases: all parameters are doubles; a value is an expression of `doubles`. */
#define LEGACY_F64_1(name, a, check, prepare, draw)                                                                    \
    LEGACY_METHOD_1(double, (double)NAN, name, double, a, f, check, prepare, LEGACY_ONE(draw), LEGACY_EACH(draw))
#define LEGACY_F64_2(name, a, b, check, prepare, draw)                                                                 \
    LEGACY_METHOD_2(double, (double)NAN, name, double, a, f, double, b, f, check, prepare, LEGACY_ONE(draw),           \
                    LEGACY_EACH(draw))
#define LEGACY_F64_3(name, a, b, c, check, prepare, draw)                                                              \
    LEGACY_METHOD_3(double, (double)NAN, name, double, a, b, c, f, check, prepare, LEGACY_ONE(draw), LEGACY_EACH(draw))
#define LEGACY_F64_2_OF(source, name, a, b, check, prepare, draw)                                                      \
    LEGACY_METHOD_2(double, (double)NAN, name, double, a, f, double, b, f, check, prepare,                             \
                    LEGACY_ONE_OF(source, draw), LEGACY_EACH_OF(source, draw))
#define LEGACY_I64_1(name, a, check, prepare, draw)                                                                    \
    LEGACY_METHOD_1(int64_t, INT64_MIN, name, double, a, f, check, prepare, LEGACY_ONE(draw), LEGACY_EACH(draw))
#define LEGACY_I64_2(name, Ta, a, a_member, b, check, prepare, draw)                                                   \
    LEGACY_METHOD_2(int64_t, INT64_MIN, name, Ta, a, a_member, double, b, f, check, prepare, LEGACY_ONE(draw),         \
                    LEGACY_EACH(draw))

/* For `prepare` where there is nothing to. */
#define LEGACY_NOTHING ((void)0)

#endif
