/* bind_jax_random.c - the samplers of jax.random that give floats, and counts: arguments and errors as JAX's, values of the library.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy, strcmp */

#include "draw/bind_jax.h"

/* --- Arguments that samplers share ------------------------------------------------------------------------------------- */

oneseed_jax_dtype jax_library_dtype(vm *m, dtype dt)
{
    static const uint8_t names[] = {
        [DT_INT8] = ONESEED_JAX_INT8,       [DT_UINT8] = ONESEED_JAX_UINT8,     [DT_INT16] = ONESEED_JAX_INT16,
        [DT_UINT16] = ONESEED_JAX_UINT16,   [DT_INT32] = ONESEED_JAX_INT32,     [DT_UINT32] = ONESEED_JAX_UINT32,
        [DT_INT64] = ONESEED_JAX_INT64,     [DT_UINT64] = ONESEED_JAX_UINT64,   [DT_FLOAT16] = ONESEED_JAX_FLOAT16,
        [DT_FLOAT32] = ONESEED_JAX_FLOAT32, [DT_FLOAT64] = ONESEED_JAX_FLOAT64, [DT_BFLOAT16] = ONESEED_JAX_BFLOAT16};
    if (dt == DT_BOOL || dt > DT_BFLOAT16)
        type_error(m, "a draw of dtype %s is not supported", dtype_name(dt));
    return (oneseed_jax_dtype)names[dt];
}

void jax_refuse(vm *m, oneseed_status status)
{
    if (status != ONESEED_OK)
        value_error(m, "%s", oneseed_status_text(status));
}

dtype jax_float_argument(vm *m, const char *function, value v)
{
    dtype dt = jax_dtype_from(m, v, jax_float(m));
    bool complex_too = strcmp(function, "normal") == 0 || strcmp(function, "lognormal") == 0;
    if (!dtype_is_float(dt))
        value_error(m, "dtype argument to `%s` must be a float %sdtype, got %s", function,
                    complex_too ? "or complex " : "", dtype_name(dt));
    return dt;
}

void jax_take_shape(vm *m, struct sampling *s, value shape)
{
    s->has_shape = !is_none(shape);
    if (s->has_shape)
        s->n_dims = jax_shape_argument(m, shape, s->shape);
    s->n = jax_shape_size(m, s->n_dims, s->shape);
}

const char *jax_repr_text(vm *m, value v)
{
    struct writer w = writer_start(m);
    put_repr(&w, v);
    return written(&w);
}

/* A parameter as an array; what jit does not take is refused. */
struct array *jax_parameter_array(vm *m, const char *function, value v)
{
    if (!is_number(v) && v.kind != V_ARRAY && !is_jax_numbers(v))
        type_error(m,
                   "Error interpreting argument to %s() as an abstract array. The problematic value is of type <class "
                   "'%s'>",
                   function, type_name(v));
    return jax_data(jax_from(m, v, DT_NONE));
}

/* The shape of the result: the parameters' own where none was asked for, or the one that was when they fit it. */
void jax_fit_parameters(vm *m, struct sampling *s, size_t n)
{
    int64_t common[MAX_DIMS];
    int n_common;
    bool agree = shapes_agree(s->parameters, n, &n_common, common), fits = agree && n_common <= s->n_dims;
    for (int i = 0; fits && i < n_common; i++)
        fits = common[i] == 1 || common[i] == s->shape[s->n_dims - n_common + i];
    if (!s->has_shape && agree) {
        memcpy(s->shape, common, sizeof common);
        s->n_dims = n_common;
        s->n = jax_shape_size(m, n_common, common);
        return;
    }
    if (fits)
        return;
    struct writer w = writer_start(m);
    if (s->has_shape)
        put_format(&w, "%s", jax_repr_text(m, shape_tuple(m, s->shape, s->n_dims)));
    for (size_t i = 0; i < n; i++)
        put_format(&w, "%s%s", s->has_shape || i ? ", " : "",
                   jax_repr_text(m, shape_tuple(m, s->parameters[i]->shape, s->parameters[i]->n_dims)));
    value_error(m, "Incompatible shapes for broadcasting: shapes=[%s]", written(&w));
}

/* jax/_src/dtypes.py: safe_to_cast. */
static void check_safe(vm *m, const struct sampling *s, value v)
{
    struct jax_type types[2] = {jax_type_of(m, v), {s->dt, false}};
    if (v.kind != V_NOTHING && jax_promote(m, types, 2).dt != s->dt)
        fail(m, "TypePromotionError: In arguments to %s, cannot safely cast argument of type %s to %s", s->function,
             dtype_name(types[0].dt), dtype_name(s->dt));
}

/* One number, or one for each value. */
struct jax_numbers jax_numbers_from(vm *m, const struct sampling *s, const struct array *a)
{
    bool one = array_size(a) == 1;
    int64_t n = one ? 1 : (int64_t)s->n, room = n + 1, k = 0;
    struct array *out = array_new(m, DT_FLOAT64, 1, &room, 0);
    step(m, (uint64_t)n);
    for (struct cursor c = cursor_start(one ? a : array_broadcast(m, a, s->n_dims, s->shape)); k < n;
         cursor_next(&c), k++)
        store_double(DT_FLOAT64, out->buffer->bytes + 8 * k, load_double(a->dt, a->buffer->bytes + c.offset));
    return (struct jax_numbers){(const double *)(const void *)out->buffer->bytes, (size_t)n};
}

struct array *jax_new_values(vm *m, const struct sampling *s, dtype dt)
{
    step(m, s->n);
    return array_new(m, dt, s->n_dims, s->shape, 0);
}

/* --- Samplers of a shape and a dtype -------------------------------------------------------------------------------------- */

typedef oneseed_status (*fill_plain)(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n);

/* Of key, shape and dtype. */
static struct sampling plain_sampling(vm *m, const char *name, const value *a)
{
    struct sampling s = {.function = name, .key = jax_key_argument(m, name, a[0], NULL)};
    s.dt = jax_float_argument(m, name, a[2]);
    if (a[1].kind == V_NONE)
        type_error(m, "'NoneType' object is not iterable");
    jax_take_shape(m, &s, a[1]);
    return s;
}

static value draw_plain(vm *m, const struct arguments *arguments, const char *name, fill_plain fill)
{
    value a[3];
    take_arguments(m, name, "key shape= dtype=", arguments, a);
    struct sampling s = plain_sampling(m, name, a);
    struct array *out = jax_new_values(m, &s, s.dt);
    jax_refuse(m, fill(&s.key, jax_library_dtype(m, s.dt), out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

#define PLAIN(name)                                                                                                    \
    static value random_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return draw_plain(m, arguments, #name, oneseed_jax_##name##_fill);                                             \
    }
PLAIN(normal)
PLAIN(exponential)
PLAIN(laplace)
PLAIN(logistic)
PLAIN(cauchy)
PLAIN(maxwell)

oneseed_jax_mode jax_mode_argument(value v, bool *known_out)
{
    static const char *const names[] = {"low", "high", "highest"};
    *known_out = true;
    if (is_none(v))
        return ONESEED_JAX_LOW;
    for (int i = 0; is_text(v) && i < 3; i++)
        if (strcmp(names[i], v.u.text->bytes) == 0)
            return (oneseed_jax_mode)i;
    *known_out = false;
    return ONESEED_JAX_LOW;
}

oneseed_jax_mode jax_gumbel_mode(vm *m, value v)
{
    bool known;
    oneseed_jax_mode mode = jax_mode_argument(v, &known);
    if (!known) {
        struct writer w = writer_start(m);
        put_str(&w, v);
        value_error(m, "Must provide valid mode for gumbel got: %.100s", written(&w));
    }
    return mode;
}

static value random_gumbel(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "gumbel", "key shape= dtype= mode=", arguments, a);
    struct sampling s = plain_sampling(m, "gumbel", a);
    oneseed_jax_mode mode = jax_gumbel_mode(m, a[3]);
    struct array *out = jax_new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_gumbel_mode_fill(&s.key, jax_library_dtype(m, s.dt), mode, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

/* --- Samplers with parameters --------------------------------------------------------------------------------------------- */

typedef oneseed_status (*fill_one)(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *a, size_t n_a,
                                   void *out, size_t n);
typedef oneseed_status (*fill_two)(const oneseed_jax_key *key, oneseed_jax_dtype dtype, const double *a, size_t n_a,
                                   const double *b, size_t n_b, void *out, size_t n);

/* What JAX does beside the draw: the shape is the parameters' own where none was asked for; a parameter must be safe to cast. */
enum { SHAPE_OF_PARAMETERS = 1, SAFE_CAST = 2 };

struct sampler {
    const char *name, *arguments;
    size_t n_parameters;
    unsigned flags;
    fill_one one;
    fill_two two;
};

static value draw_with(vm *m, const struct sampler *sampler, const struct arguments *arguments)
{
    value a[5];
    size_t n = sampler->n_parameters;
    take_arguments(m, sampler->name, sampler->arguments, arguments, a);
    struct sampling s = {.function = sampler->name, .key = jax_key_argument(m, sampler->name, a[0], NULL)};
    s.dt = jax_float_argument(m, strcmp(s.function, "loggamma") == 0 ? "gamma" : s.function, a[2 + n]);
    jax_take_shape(m, &s, a[1 + n]);
    s.has_shape = s.has_shape || !(sampler->flags & SHAPE_OF_PARAMETERS);
    for (size_t i = 0; i < n; i++) {
        if (a[1 + i].kind == V_NOTHING) /* lognormal's sigma */
            a[1 + i] = scalar_float(DT_FLOAT32, 1);
        s.parameters[i] = jax_parameter_array(m, s.function, a[1 + i]);
    }
    jax_fit_parameters(m, &s, n);
    for (size_t i = 0; i < n && (sampler->flags & SAFE_CAST); i++)
        check_safe(m, &s, a[1 + i]);
    struct jax_numbers p[2] = {{NULL, 0}, {NULL, 0}};
    for (size_t i = 0; i < n; i++)
        p[i] = jax_numbers_from(m, &s, s.parameters[i]);
    struct array *out = jax_new_values(m, &s, s.dt);
    oneseed_jax_dtype dt = jax_library_dtype(m, s.dt);
    jax_refuse(m, n == 1 ? sampler->one(&s.key, dt, p[0].values, p[0].n, out->buffer->bytes, s.n)
                         : sampler->two(&s.key, dt, p[0].values, p[0].n, p[1].values, p[1].n, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

#define ONE(name, parameter, flags, fill)                                                                              \
    static value random_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        static const struct sampler sampler = {#name, "key " parameter " shape= dtype=", 1, flags, fill, NULL};        \
        (void)self;                                                                                                    \
        return draw_with(m, &sampler, arguments);                                                                      \
    }
#define TWO(name, parameters, flags, fill)                                                                             \
    static value random_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        static const struct sampler sampler = {#name, "key " parameters " shape= dtype=", 2, flags, NULL, fill};       \
        (void)self;                                                                                                    \
        return draw_with(m, &sampler, arguments);                                                                      \
    }
ONE(rayleigh, "scale", SHAPE_OF_PARAMETERS | SAFE_CAST, oneseed_jax_rayleigh_each_fill)
ONE(pareto, "b", SHAPE_OF_PARAMETERS | SAFE_CAST, oneseed_jax_pareto_each_fill)
ONE(lognormal, "sigma=", SHAPE_OF_PARAMETERS | SAFE_CAST, oneseed_jax_lognormal_each_fill)
ONE(gamma, "a", SHAPE_OF_PARAMETERS, oneseed_jax_gamma_fill)
ONE(loggamma, "a", SHAPE_OF_PARAMETERS, oneseed_jax_loggamma_fill)
ONE(chisquare, "df", SHAPE_OF_PARAMETERS | SAFE_CAST, oneseed_jax_chisquare_fill)
ONE(t, "df", SHAPE_OF_PARAMETERS | SAFE_CAST, oneseed_jax_t_fill)
ONE(wald, "mean", SHAPE_OF_PARAMETERS | SAFE_CAST, oneseed_jax_wald_fill)
TWO(f, "dfnum dfden", SHAPE_OF_PARAMETERS | SAFE_CAST, oneseed_jax_f_fill)
TWO(beta, "a b", SHAPE_OF_PARAMETERS | SAFE_CAST, oneseed_jax_beta_fill)
TWO(truncated_normal, "lower upper", SHAPE_OF_PARAMETERS, oneseed_jax_truncated_normal_each_fill)
TWO(weibull_min, "scale concentration", 0, oneseed_jax_weibull_min_each_fill)

static value random_uniform(vm *m, value self, const struct arguments *arguments)
{
    value a[5];
    (void)self;
    take_arguments(m, "uniform", "key shape= dtype= minval= maxval=", arguments, a);
    struct sampling s = plain_sampling(m, "uniform", a);
    struct jax_numbers p[2];
    int64_t shape[MAX_DIMS];
    int n_dims;
    for (int i = 0; i < 2; i++)
        s.parameters[i] = jax_parameter_array(m, "uniform", a[3 + i].kind == V_NOTHING ? FLOAT(i) : a[3 + i]);
    struct array asked = {.n_dims = (uint8_t)s.n_dims}, *all[3] = {&asked, s.parameters[0], s.parameters[1]};
    memcpy(asked.shape, s.shape, sizeof asked.shape);
    if (!shapes_agree(all, 3, &n_dims, shape))
        type_error(m, "mul got incompatible shapes for broadcasting: %s and those of minval and maxval.",
                   jax_repr_text(m, shape_tuple(m, s.shape, s.n_dims)));
    if (n_dims != s.n_dims || memcmp(shape, s.shape, (size_t)n_dims * sizeof *shape) != 0)
        value_error(m, "Cannot lower jaxpr with verifier errors: minval and maxval are larger than the shape");
    for (int i = 0; i < 2; i++)
        p[i] = jax_numbers_from(m, &s, s.parameters[i]);
    struct array *out = jax_new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_uniform_each_fill(&s.key, jax_library_dtype(m, s.dt), p[0].values, p[0].n, p[1].values,
                                                p[1].n, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

/* The parameters' own shape comes behind the one that is asked for, and is that one, too, where none is. */
static value random_double_sided_maxwell(vm *m, value self, const struct arguments *arguments)
{
    value a[5];
    int64_t common[MAX_DIMS];
    int n_common;
    (void)self;
    take_arguments(m, "double_sided_maxwell", "key loc scale shape= dtype=", arguments, a);
    const value plain[3] = {a[0], a[3], a[4]};
    struct sampling s = plain_sampling(m, "double_sided_maxwell", plain);
    struct jax_numbers p[2];
    for (int i = 0; i < 2; i++)
        s.parameters[i] = jax_parameter_array(m, "double_sided_maxwell", a[1 + i]);
    if (!shapes_agree(s.parameters, 2, &n_common, common))
        value_error(m, "Incompatible shapes for broadcasting: those of loc and scale");
    for (int turn = s.n_dims > 0; turn < 2; turn++) {
        if (s.n_dims + n_common > MAX_DIMS)
            value_error(m, "more than %d dimensions", MAX_DIMS);
        memcpy(s.shape + s.n_dims, common, (size_t)n_common * sizeof *common);
        s.n_dims += n_common;
    }
    s.n = jax_shape_size(m, s.n_dims, s.shape);
    for (int i = 0; i < 2; i++)
        p[i] = jax_numbers_from(m, &s, s.parameters[i]);
    struct array *out = jax_new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_double_sided_maxwell_fill(&s.key, jax_library_dtype(m, s.dt), p[0].values, p[0].n,
                                                        p[1].values, p[1].n, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

static double number_argument(vm *m, value v, const char *name)
{
    const struct array *a = jax_parameter_array(m, name, v);
    if (array_size(a) != 1)
        fail(m, "%s() with a parameter that is an array is not supported", name);
    return load_double(a->dt, array_bytes(a));
}

static value random_generalized_normal(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "generalized_normal", "key p shape= dtype=", arguments, a);
    const value plain[3] = {a[0], a[2], a[3]};
    struct sampling s = plain_sampling(m, "generalized_normal", plain);
    double p = number_argument(m, a[1], "generalized_normal");
    struct array *out = jax_new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_generalized_normal_fill(&s.key, jax_library_dtype(m, s.dt), p, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

/* The shape with one axis more. */
static struct array *with_axis(vm *m, struct sampling *s, int64_t n)
{
    if (s->n_dims >= MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    s->shape[s->n_dims++] = n;
    struct sampling all = *s;
    all.n = jax_shape_size(m, s->n_dims, s->shape);
    return jax_new_values(m, &all, s->dt);
}

static value random_ball(vm *m, value self, const struct arguments *arguments)
{
    value a[5];
    (void)self;
    take_arguments(m, "ball", "key d p= shape= dtype=", arguments, a);
    const value plain[3] = {a[0], a[3], a[4]};
    struct sampling s = plain_sampling(m, "ball", plain);
    int64_t d = to_int64(m, a[1], "d");
    double p = a[2].kind == V_NOTHING ? 2 : number_argument(m, a[2], "ball");
    if (d < 0)
        fail(m, "MLIRError: Invalid type: invalid tensor dimension size");
    struct array *out = with_axis(m, &s, d);
    jax_refuse(m, oneseed_jax_ball_fill(&s.key, jax_library_dtype(m, s.dt), (size_t)d, p, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

static value random_dirichlet(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "dirichlet", "key alpha shape= dtype=", arguments, a);
    const value plain[3] = {a[0], is_none(a[2]) ? NOTHING : a[2], a[3]};
    struct sampling s = plain_sampling(m, "dirichlet", plain);
    const struct array *alpha = jax_parameter_array(m, "dirichlet", a[1]);
    if (alpha->n_dims == 0)
        value_error(m, "dirichlet requires alpha.ndim >= 1, got alpha.ndim == 0");
    if (alpha->n_dims > 1)
        fail(m, "dirichlet() with an alpha of more than one axis is not supported");
    struct sampling row = {.n_dims = 1, .shape = {alpha->shape[0]}, .n = (size_t)alpha->shape[0]};
    struct jax_numbers weights = jax_numbers_from(m, &row, alpha);
    struct array *out = with_axis(m, &s, alpha->shape[0]);
    jax_refuse(m, oneseed_jax_dirichlet_fill(&s.key, jax_library_dtype(m, s.dt), weights.values, weights.n,
                                             out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

static value random_triangular(vm *m, value self, const struct arguments *arguments)
{
    value a[6];
    (void)self;
    take_arguments(m, "triangular", "key left mode right shape= dtype=", arguments, a);
    struct sampling s = {.function = "triangular", .key = jax_key_argument(m, "triangular", a[0], NULL)};
    struct jax_numbers p[3];
    s.dt = jax_float_argument(m, "triangular", a[5]);
    jax_take_shape(m, &s, a[4]);
    for (int i = 0; i < 3; i++)
        s.parameters[i] = jax_parameter_array(m, "triangular", a[1 + i]);
    jax_fit_parameters(m, &s, 3);
    for (int i = 0; i < 3; i++) {
        check_safe(m, &s, a[1 + i]);
        p[i] = jax_numbers_from(m, &s, s.parameters[i]);
    }
    struct array *out = jax_new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_triangular_fill(&s.key, jax_library_dtype(m, s.dt), p[0].values, p[0].n, p[1].values,
                                              p[1].n, p[2].values, p[2].n, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

/* --- Counts ------------------------------------------------------------------------------------------------------------------ */

static value random_poisson(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "poisson", "key lam shape= dtype=", arguments, a);
    struct sampling s = {.function = "poisson", .key = jax_key_argument(m, "poisson", a[0], NULL)};
    s.dt = jax_dtype_from(m, a[3], jax_int(m));
    if (s.key.impl != ONESEED_JAX_THREEFRY2X32)
        fail(m, "NotImplementedError: `poisson` is only implemented for the threefry2x32 RNG, not %s",
             jax_impl_tag(s.key.impl));
    jax_take_shape(m, &s, a[2]);
    s.parameters[0] = jax_parameter_array(m, "poisson", a[1]);
    jax_fit_parameters(m, &s, 1);
    struct jax_numbers lam = jax_numbers_from(m, &s, s.parameters[0]);
    struct array *out = jax_new_values(m, &s, s.dt);
    jax_refuse(
        m, oneseed_jax_poisson_fill(&s.key, jax_library_dtype(m, s.dt), lam.values, lam.n, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

static value random_geometric(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "geometric", "key p shape= dtype=", arguments, a);
    struct sampling s = {.function = "geometric", .key = jax_key_argument(m, "geometric", a[0], NULL)};
    s.dt = jax_dtype_from(m, a[3], jax_int(m));
    if (!dtype_is_integer(s.dt))
        value_error(m, "dtype argument to `geometric` must be an int dtype, got %s", dtype_name(s.dt));
    jax_take_shape(m, &s, a[2]);
    s.parameters[0] = jax_parameter_array(m, "geometric", a[1]);
    jax_fit_parameters(m, &s, 1);
    dtype p_dt = dtype_is_float(s.parameters[0]->dt) ? (dtype)s.parameters[0]->dt : jax_float(m);
    struct jax_numbers p = jax_numbers_from(m, &s, s.parameters[0]);
    struct array *out = jax_new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_geometric_fill(&s.key, jax_library_dtype(m, s.dt), jax_library_dtype(m, p_dt), p.values,
                                             p.n, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

static value random_binomial(vm *m, value self, const struct arguments *arguments)
{
    value a[5];
    (void)self;
    take_arguments(m, "binomial", "key n p shape= dtype=", arguments, a);
    struct sampling s = {.function = "binomial", .key = jax_key_argument(m, "binomial", a[0], NULL)};
    for (int i = 0; i < 2; i++)
        s.parameters[i] = jax_data(jax_argument(m, a[1 + i], "binomial", i));
    s.dt = jax_float_argument(m, "binomial", a[4]);
    jax_take_shape(m, &s, a[3]);
    jax_fit_parameters(m, &s, 2);
    struct jax_numbers count = jax_numbers_from(m, &s, s.parameters[0]), p = jax_numbers_from(m, &s, s.parameters[1]);
    struct array *out = jax_new_values(m, &s, s.dt);
    dtype p_dt = dtype_is_float(s.parameters[1]->dt) ? (dtype)s.parameters[1]->dt : jax_float(m);
    jax_refuse(m, oneseed_jax_binomial_fill(&s.key, jax_library_dtype(m, s.dt), jax_library_dtype(m, p_dt),
                                            count.values, count.n, p.values, p.n, out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, random_##name, NATIVE_FUNCTION, 0                                                                       \
    }
const struct native jax_random_functions[] = {FUNCTION(normal),
                                              FUNCTION(uniform),
                                              FUNCTION(exponential),
                                              FUNCTION(gumbel),
                                              FUNCTION(laplace),
                                              FUNCTION(logistic),
                                              FUNCTION(cauchy),
                                              FUNCTION(maxwell),
                                              FUNCTION(rayleigh),
                                              FUNCTION(pareto),
                                              FUNCTION(lognormal),
                                              FUNCTION(truncated_normal),
                                              FUNCTION(weibull_min),
                                              FUNCTION(gamma),
                                              FUNCTION(loggamma),
                                              FUNCTION(beta),
                                              FUNCTION(chisquare),
                                              FUNCTION(t),
                                              FUNCTION(f),
                                              FUNCTION(dirichlet),
                                              FUNCTION(poisson),
                                              FUNCTION(binomial),
                                              FUNCTION(geometric),
                                              FUNCTION(wald),
                                              FUNCTION(triangular),
                                              FUNCTION(double_sided_maxwell),
                                              FUNCTION(generalized_normal),
                                              FUNCTION(ball),
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
