/* bind_generator.c - numpy.random.Generator.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/bind.h"
#include "draw/bind_choose.h"
#include "draw/syntax.h" /* tree_memory */

static value generator_integers(vm *m, value self, const struct arguments *arguments)
{
    return draw_integers(m, self, arguments, false);
}

/* The four methods that draw float32, too, and into an array that is given. */
struct real {
    const char *name;
    void (*f64)(oneseed_numpy *state, double *out, size_t n);
    void (*f32)(oneseed_numpy *state, float *out, size_t n);
};

static value draw_real(vm *m, value self, const struct real *real, value size, value dt_value, value out)
{
    struct bitgen *b = drawing(m, self);
    dtype dt = dt_value.kind == V_NOTHING
                   ? (is_none(out) ? DT_FLOAT64 : (dtype)(out.kind == V_ARRAY ? out.u.array->dt : DT_NONE))
                   : dtype_from(m, dt_value);
    if (dt != DT_FLOAT64 && dt != DT_FLOAT32)
        type_error(m, "Unsupported dtype dtype('%s') for %s", dtype_name(dt), real->name);
    struct plan plan = {.state = &b->state,
                        .dt = dt,
                        .fill_f64 = dt == DT_FLOAT64 ? real->f64 : NULL,
                        .fill_f32 = dt == DT_FLOAT32 ? real->f32 : NULL};
    int64_t shape[MAX_DIMS];
    int n_dims = size_shape(m, size, shape);
    if (!is_none(out)) {
        if (out.kind != V_ARRAY || out.u.array->dt != dt || !array_is_contiguous(out.u.array))
            type_error(m, "Supplied output array has the wrong type or is not contiguous");
        bool fits = n_dims < 0 || n_dims == out.u.array->n_dims;
        for (int i = 0; fits && i < n_dims; i++)
            fits = shape[i] == out.u.array->shape[i];
        if (!fits)
            value_error(m, "size must match out.shape when used together");
        plan_fill(&plan, array_bytes(out.u.array), (size_t)array_size(out.u.array));
        return out;
    }
    if (n_dims >= 0)
        return plan_run(m, self, &plan, n_dims, shape);
    char one[8];
    plan_fill(&plan, one, 1);
    return FLOAT(load_double(dt, one)); /* NumPy gives a Python float for float32, too */
}

static value generator_random(vm *m, value self, const struct arguments *arguments)
{
    static const struct real real = {"random", oneseed_numpy_random_fill, oneseed_numpy_random_f32_fill};
    value a[3];
    take_arguments(m, "random", "size= dtype= out=", arguments, a);
    return draw_real(m, self, &real, a[0], a[1], a[2]);
}

static value generator_standard_normal(vm *m, value self, const struct arguments *arguments)
{
    static const struct real real = {"standard_normal", oneseed_numpy_standard_normal_fill,
                                     oneseed_numpy_standard_normal_f32_fill};
    value a[3];
    take_arguments(m, "standard_normal", "size= dtype= out=", arguments, a);
    return draw_real(m, self, &real, a[0], a[1], a[2]);
}

static value generator_standard_exponential(vm *m, value self, const struct arguments *arguments)
{
    static const struct real ziggurat = {"standard_exponential", oneseed_numpy_standard_exponential_fill,
                                         oneseed_numpy_standard_exponential_f32_fill};
    static const struct real inverse = {"standard_exponential", oneseed_numpy_standard_exponential_inv_fill,
                                        oneseed_numpy_standard_exponential_inv_f32_fill};
    value a[4];
    take_arguments(m, "standard_exponential", "size= dtype= method= out=", arguments, a);
    bool zig = a[2].kind == V_NOTHING || (is_text(a[2]) && strcmp(a[2].u.text->bytes, "zig") == 0);
    return draw_real(m, self, zig ? &ziggurat : &inverse, a[0], a[1], a[3]);
}

static value generator_standard_gamma(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    take_arguments(m, "standard_gamma", "shape size= dtype= out=", arguments, a);
    dtype dt = a[2].kind == V_NOTHING ? DT_FLOAT64 : dtype_from(m, a[2]);
    if (!is_none(a[3]))
        fail(m, "standard_gamma(out=…) is not supported");
    if (dt == DT_FLOAT64) {
        value two[] = {a[0], a[1].kind == V_NOTHING ? NONE : a[1]};
        struct arguments passed = {.positional = two, .n_positional = 2};
        return draw_method(m, self, &passed, numpy_generator_method("standard_gamma"));
    }
    if (dt != DT_FLOAT32)
        type_error(m, "Unsupported dtype dtype('%s') for standard_gamma", dtype_name(dt));
    if (!is_number(a[0]))
        fail(m, "standard_gamma() of float32 takes one shape here");
    int64_t shape[MAX_DIMS];
    oneseed_numpy *state = &drawing(m, self)->state;
    double gamma = to_double(m, a[0], "shape");
    int n_dims = size_shape(m, a[1], shape);
    struct array *out = array_new(m, DT_FLOAT32, n_dims < 0 ? 0 : n_dims, shape, 0);
    step(m, (uint64_t)array_size(out));
    refuse(m,
           oneseed_numpy_standard_gamma_f32_fill(state, gamma, (float *)(void *)out->buffer->bytes,
                                                 (size_t)array_size(out)),
           false);
    return n_dims < 0 ? FLOAT(load_double(DT_FLOAT32, out->buffer->bytes)) : array_value(out);
}

static value generator_bytes(vm *m, value self, const struct arguments *arguments)
{
    value a;
    take_arguments(m, "bytes", "length", arguments, &a);
    int64_t n = to_int64(m, a, "length");
    if (n < 0)
        value_error(m, "negative dimensions are not allowed");
    char *out = tree_memory(m, (size_t)n + 8);
    oneseed_numpy_bytes_fill(&drawing(m, self)->state, out, (size_t)n);
    return make_text(m, V_BYTES, out, (size_t)n);
}

static value generator_bit_generator(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return ((struct facade *)(void *)self.u.o)->holder.held[0];
}

static value generator_spawn(vm *m, value self, const struct arguments *arguments)
{
    value bitgen = generator_bit_generator(m, self, arguments);
    value list = find_native(bitgen_methods, "spawn")->call(m, bitgen, arguments);
    for (size_t i = 0; i < list.u.seq->n; i++)
        list.u.seq->items[i] = new_facade(m, V_GENERATOR, list.u.seq->items[i]);
    return list;
}

#define ROWS(X)                                                                                                        \
    X(standard_cauchy)                                                                                                 \
    X(standard_t)                                                                                                      \
    X(uniform)                                                                                                         \
    X(normal)                                                                                                          \
    X(exponential)                                                                                                     \
    X(gamma)                                                                                                           \
    X(beta)                                                                                                            \
    X(chisquare)                                                                                                       \
    X(f)                                                                                                               \
    X(noncentral_chisquare)                                                                                            \
    X(noncentral_f)                                                                                                    \
    X(vonmises)                                                                                                        \
    X(pareto)                                                                                                          \
    X(weibull)                                                                                                         \
    X(power)                                                                                                           \
    X(laplace)                                                                                                         \
    X(gumbel)                                                                                                          \
    X(logistic)                                                                                                        \
    X(lognormal)                                                                                                       \
    X(rayleigh)                                                                                                        \
    X(wald)                                                                                                            \
    X(triangular)                                                                                                      \
    X(binomial)                                                                                                        \
    X(negative_binomial)                                                                                               \
    X(poisson)                                                                                                         \
    X(zipf)                                                                                                            \
    X(geometric)                                                                                                       \
    X(hypergeometric)                                                                                                  \
    X(logseries)

#define ROW(name)                                                                                                      \
    static value row_##name(vm *m, value self, const struct arguments *arguments)                                      \
    {                                                                                                                  \
        return draw_method(m, self, arguments, numpy_generator_method(#name));                                         \
    }
ROWS(ROW)
#define ENTRY(name) {#name, row_##name, NATIVE_FUNCTION, 0},

const struct native generator_methods[] = {
    ROWS(ENTRY){"random", generator_random, NATIVE_FUNCTION, 0},
    {"standard_normal", generator_standard_normal, NATIVE_FUNCTION, 0},
    {"standard_exponential", generator_standard_exponential, NATIVE_FUNCTION, 0},
    {"standard_gamma", generator_standard_gamma, NATIVE_FUNCTION, 0},
    {"integers", generator_integers, NATIVE_FUNCTION, 0},
    {"bytes", generator_bytes, NATIVE_FUNCTION, 0},
    {"choice", generator_choice, NATIVE_FUNCTION, 0},
    {"shuffle", generator_shuffle, NATIVE_FUNCTION, 0},
    {"permutation", generator_permutation, NATIVE_FUNCTION, 0},
    {"permuted", generator_permuted, NATIVE_FUNCTION, 0},
    {"multinomial", generator_multinomial, NATIVE_FUNCTION, 0},
    {"dirichlet", generator_dirichlet, NATIVE_FUNCTION, 0},
    {"multivariate_hypergeometric", generator_multivariate_hypergeometric, NATIVE_FUNCTION, 0},
    {"multivariate_normal", multivariate_normal, NATIVE_FUNCTION, 0},
    {"spawn", generator_spawn, NATIVE_FUNCTION, 0},
    {"bit_generator", generator_bit_generator, NATIVE_PROPERTY, 0},
    {NULL, NULL, NATIVE_FUNCTION, 0}};
