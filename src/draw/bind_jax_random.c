/* bind_jax_random.c - the samplers of jax.random: arguments and errors as JAX's, values of the library.
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

enum { MAX_PARAMETERS = 3 };

struct sampling {
    const char *function;
    oneseed_jax_key key;
    dtype dt;
    bool has_shape;
    int n_dims;
    int64_t shape[MAX_DIMS];
    size_t n;
    struct array *parameters[MAX_PARAMETERS];
};

static dtype float_argument(vm *m, const char *function, value v)
{
    dtype dt = jax_dtype_from(m, v, jax_float(m));
    bool complex_too = strcmp(function, "normal") == 0 || strcmp(function, "lognormal") == 0;
    if (!dtype_is_float(dt))
        value_error(m, "dtype argument to `%s` must be a float %sdtype, got %s", function,
                    complex_too ? "or complex " : "", dtype_name(dt));
    return dt;
}

static void take_shape(vm *m, struct sampling *s, value shape)
{
    s->has_shape = !is_none(shape);
    if (s->has_shape)
        s->n_dims = jax_shape_argument(m, shape, s->shape);
    s->n = jax_shape_size(m, s->n_dims, s->shape);
}

static const char *repr_text(vm *m, value v)
{
    struct writer w = writer_start(m);
    put_repr(&w, v);
    return written(&w);
}

/* A parameter as an array; what jit does not take is refused. */
static struct array *parameter(vm *m, const char *function, value v)
{
    if (!is_number(v) && v.kind != V_ARRAY && !is_jax_numbers(v))
        type_error(m,
                   "Error interpreting argument to %s() as an abstract array. The problematic value is of type <class "
                   "'%s'>",
                   function, type_name(v));
    return jax_data(jax_from(m, v, DT_NONE));
}

/* The shape of the result: the parameters' own where none was asked for, or the one that was when they fit it. */
static void fit_parameters(vm *m, struct sampling *s, size_t n)
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
        put_format(&w, "%s", repr_text(m, shape_tuple(m, s->shape, s->n_dims)));
    for (size_t i = 0; i < n; i++)
        put_format(&w, "%s%s", s->has_shape || i ? ", " : "",
                   repr_text(m, shape_tuple(m, s->parameters[i]->shape, s->parameters[i]->n_dims)));
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

static bool is_scalar(const struct array *a)
{
    return array_size(a) == 1;
}

static double scalar_of(const struct array *a)
{
    return load_double(a->dt, array_bytes(a));
}

static struct array *new_values(vm *m, const struct sampling *s, dtype dt)
{
    step(m, s->n);
    return array_new(m, dt, s->n_dims, s->shape, 0);
}

/* --- Samplers of a shape and a dtype -------------------------------------------------------------------------------------- */

typedef oneseed_status (*fill_plain)(const oneseed_jax_key *key, oneseed_jax_dtype dtype, void *out, size_t n);

static value draw_plain(vm *m, const struct arguments *arguments, const char *name, fill_plain fill)
{
    value a[3];
    take_arguments(m, name, "key shape= dtype=", arguments, a);
    struct sampling s = {.function = name, .key = jax_key_argument(m, name, a[0], NULL)};
    s.dt = float_argument(m, name, a[2]);
    if (a[1].kind == V_NONE)
        type_error(m, "'NoneType' object is not iterable");
    take_shape(m, &s, a[1]);
    struct array *out = new_values(m, &s, s.dt);
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

static value random_gumbel(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "gumbel", "key shape= dtype= mode=", arguments, a);
    if (is_text(a[3]) && (strcmp(a[3].u.text->bytes, "high") == 0 || strcmp(a[3].u.text->bytes, "highest") == 0))
        fail(m, "gumbel() in the mode '%s' is not supported ('low', JAX's default, is)", a[3].u.text->bytes);
    if (!is_none(a[3]) && !(is_text(a[3]) && strcmp(a[3].u.text->bytes, "low") == 0)) {
        struct writer w = writer_start(m);
        put_str(&w, a[3]);
        value_error(m, "Must provide valid mode for gumbel got: %.100s", written(&w));
    }
    struct arguments rest = {.positional = a, .n_positional = a[1].kind == V_NOTHING ? 1 : 2};
    const char *const dtype_name_of[] = {"dtype"};
    rest.names = dtype_name_of;
    rest.named = &a[2];
    rest.n_named = a[2].kind != V_NOTHING;
    return draw_plain(m, &rest, "gumbel", oneseed_jax_gumbel_fill);
}

/* --- Samplers with parameters --------------------------------------------------------------------------------------------- */

typedef oneseed_status (*fill_one)(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double a, void *out, size_t n);
typedef oneseed_status (*fill_two)(const oneseed_jax_key *key, oneseed_jax_dtype dtype, double a, double b, void *out,
                                   size_t n);

/* What JAX does beside the draw. */
enum { SHAPE_OF_PARAMETERS = 1, SAFE_CAST = 2 };

static struct sampling read_sampling(vm *m, const char *name, const char *names, const struct arguments *arguments,
                                     size_t n_parameters, unsigned flags, value *a)
{
    take_arguments(m, name, names, arguments, a);
    struct sampling s = {.function = name, .key = jax_key_argument(m, name, a[0], NULL)};
    s.dt = float_argument(m, name, a[2 + n_parameters]);
    take_shape(m, &s, a[1 + n_parameters]);
    s.has_shape = s.has_shape || !(flags & SHAPE_OF_PARAMETERS);
    for (size_t i = 0; i < n_parameters; i++)
        s.parameters[i] = a[1 + i].kind == V_NOTHING ? NULL : parameter(m, name, a[1 + i]);
    return s;
}

static void refuse_arrays(vm *m, const struct sampling *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_scalar(s->parameters[i]))
            fail(m, "%s() with parameters that are arrays is not supported", s->function);
}

static value draw_one(vm *m, const struct arguments *arguments, const char *name, const char *names, double otherwise,
                      unsigned flags, fill_one fill)
{
    value a[4];
    struct sampling s = read_sampling(m, name, names, arguments, 1, flags, a);
    if (!s.parameters[0])
        s.parameters[0] = array_from(m, FLOAT(otherwise), DT_FLOAT64);
    fit_parameters(m, &s, 1);
    if (flags & SAFE_CAST)
        check_safe(m, &s, a[1].kind == V_NOTHING ? scalar_float(DT_FLOAT32, otherwise) : a[1]);
    refuse_arrays(m, &s, 1);
    struct array *out = new_values(m, &s, s.dt);
    jax_refuse(m, fill(&s.key, jax_library_dtype(m, s.dt), scalar_of(s.parameters[0]), out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

static value draw_two(vm *m, const struct arguments *arguments, const char *name, const char *names, unsigned flags,
                      fill_two fill)
{
    value a[5];
    struct sampling s = read_sampling(m, name, names, arguments, 2, flags, a);
    fit_parameters(m, &s, 2);
    refuse_arrays(m, &s, 2);
    struct array *out = new_values(m, &s, s.dt);
    jax_refuse(m, fill(&s.key, jax_library_dtype(m, s.dt), scalar_of(s.parameters[0]), scalar_of(s.parameters[1]),
                       out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

#define ONE(name, parameter, otherwise, flags)                                                                         \
    static value random_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return draw_one(m, arguments, #name, "key " parameter " shape= dtype=", otherwise, flags,                      \
                        oneseed_jax_##name##_fill);                                                                    \
    }
#define TWO(name, parameters, flags)                                                                                   \
    static value random_##name(vm *m, value self, const struct arguments *arguments)                                   \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return draw_two(m, arguments, #name, "key " parameters " shape= dtype=", flags, oneseed_jax_##name##_fill);    \
    }
ONE(rayleigh, "scale", 1, SHAPE_OF_PARAMETERS | SAFE_CAST)
ONE(pareto, "b", 1, SHAPE_OF_PARAMETERS | SAFE_CAST)
ONE(lognormal, "sigma=", 1, SHAPE_OF_PARAMETERS | SAFE_CAST)
TWO(truncated_normal, "lower upper", SHAPE_OF_PARAMETERS)
TWO(weibull_min, "scale concentration", 0)

static value random_uniform(vm *m, value self, const struct arguments *arguments)
{
    value a[5];
    (void)self;
    take_arguments(m, "uniform", "key shape= dtype= minval= maxval=", arguments, a);
    struct sampling s = {.function = "uniform", .key = jax_key_argument(m, "uniform", a[0], NULL)};
    s.dt = float_argument(m, "uniform", a[2]);
    if (a[1].kind == V_NONE)
        type_error(m, "'NoneType' object is not iterable");
    take_shape(m, &s, a[1]);
    s.parameters[0] = parameter(m, "uniform", a[3].kind == V_NOTHING ? FLOAT(0) : a[3]);
    s.parameters[1] = parameter(m, "uniform", a[4].kind == V_NOTHING ? FLOAT(1) : a[4]);
    refuse_arrays(m, &s, 2);
    struct array *out = new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_uniform_fill(&s.key, jax_library_dtype(m, s.dt), scalar_of(s.parameters[0]),
                                           scalar_of(s.parameters[1]), out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

/* --- Bits, integers, booleans ------------------------------------------------------------------------------------------------ */

static value random_bits(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "bits", "key shape= dtype=", arguments, a);
    struct sampling s = {.function = "bits", .key = jax_key_argument(m, "bits", a[0], NULL)};
    s.dt = jax_dtype_from(m, a[2], jax_canonical(m, DT_UINT64));
    if (!dtype_is_unsigned(s.dt))
        value_error(m, "dtype argument to `bits` must be an unsigned int dtype, got %s", dtype_name(s.dt));
    take_shape(m, &s, a[1]);
    struct array *out = new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_bits_fill(&s.key, 8 * (unsigned)dtype_nbytes(s.dt), out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

/* A bound as 64 bits: a number of Python must fit int. */
static int64_t bound_of(vm *m, const struct array *a)
{
    if (dtype_is_float(a->dt))
        return load_integer(jax_int(m), array_bytes(jax_cast(m, array_copy(m, a), jax_int(m))));
    return load_integer(a->dt, array_bytes(a));
}

static void check_bound(vm *m, value v, const char *name)
{
    bool fits = v.kind != V_BIG && (v.kind != V_INT || m->jax.has_x64 || (v.u.i >= INT32_MIN && v.u.i <= INT32_MAX));
    if (!fits)
        fail(m,
             "OverflowError: An overflow was encountered while parsing an argument to a jitted computation, whose "
             "argument path is %s. Got <class 'int'> with value %s",
             name, repr_text(m, v));
}

static value draw_integers(vm *m, value key, value shape, value low, value high, value dt)
{
    struct sampling s = {.function = "randint", .key = jax_key_argument(m, "randint", key, NULL)};
    s.dt = jax_dtype_from(m, dt, jax_int(m));
    if (!dtype_is_integer(s.dt))
        type_error(m, "randint only accepts integer dtypes, got %s", dtype_name(s.dt));
    take_shape(m, &s, shape);
    s.has_shape = true;
    check_bound(m, low, "minval");
    check_bound(m, high, "maxval");
    s.parameters[0] = parameter(m, "randint", low);
    s.parameters[1] = parameter(m, "randint", high);
    fit_parameters(m, &s, 2);
    refuse_arrays(m, &s, 2);
    struct array *out = new_values(m, &s, s.dt);
    jax_refuse(m, oneseed_jax_randint_fill(&s.key, jax_library_dtype(m, s.dt), bound_of(m, s.parameters[0]),
                                           bound_of(m, s.parameters[1]), out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

static value random_randint(vm *m, value self, const struct arguments *arguments)
{
    value a[5];
    (void)self;
    take_arguments(m, "randint", "key shape minval maxval dtype=", arguments, a);
    return draw_integers(m, a[0], a[1], a[2], a[3], a[4]);
}

static value random_bernoulli(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "bernoulli", "key p= shape= mode=", arguments, a);
    struct sampling s = {.function = "bernoulli"};
    take_shape(m, &s, a[2]);
    if (a[3].kind != V_NOTHING && !(is_text(a[3]) && strcmp(a[3].u.text->bytes, "low") == 0)) {
        if (is_text(a[3]) && strcmp(a[3].u.text->bytes, "high") == 0)
            fail(m, "bernoulli() in the mode 'high' is not supported ('low', JAX's default, is)");
        value_error(m, "got mode=%s, expected 'high' or 'low'", repr_text(m, a[3]));
    }
    s.key = jax_key_argument(m, "bernoulli", a[0], NULL);
    s.parameters[0] = parameter(m, "bernoulli", a[1].kind == V_NOTHING ? FLOAT(0.5) : a[1]);
    dtype dt = s.parameters[0]->dt;
    if (!dtype_is_float(dt))
        type_error(m, "bernoulli probability `p` must have a floating dtype, got %s.", dtype_name(dt));
    fit_parameters(m, &s, 1);
    refuse_arrays(m, &s, 1);
    struct array *out = new_values(m, &s, DT_BOOL);
    jax_refuse(m, oneseed_jax_bernoulli_fill(&s.key, jax_library_dtype(m, dt), scalar_of(s.parameters[0]),
                                             (uint8_t *)out->buffer->bytes, s.n));
    return make_jax(m, out, false);
}

static value random_rademacher(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "rademacher", "key shape= dtype=", arguments, a);
    struct sampling s = {.function = "rademacher", .key = jax_key_argument(m, "rademacher", a[0], NULL)};
    s.dt = jax_dtype_from(m, a[2], jax_int(m));
    take_shape(m, &s, a[1]);
    struct array *bits = new_values(m, &s, DT_BOOL), *out = array_new(m, s.dt, s.n_dims, s.shape, 0);
    jax_refuse(m, oneseed_jax_bernoulli_fill(&s.key, jax_library_dtype(m, jax_float(m)), 0.5,
                                             (uint8_t *)bits->buffer->bytes, s.n));
    for (size_t i = 0; i < s.n; i++)
        store_integer(s.dt, out->buffer->bytes + i * out->item_nbytes, bits->buffer->bytes[i] ? 1 : -1);
    return make_jax(m, out, false);
}

/* --- Orders and choices -------------------------------------------------------------------------------------------------------- */

static int64_t *permutation_order(vm *m, const oneseed_jax_key *key, int64_t n)
{
    if (n > UINT32_MAX)
        fail(m, "a permutation of more than 2**32 - 1 numbers is not supported");
    int64_t n_space = (int64_t)oneseed_jax_permutation_space((size_t)n), one = n + 1;
    uint64_t *space = (uint64_t *)(void *)array_new(m, DT_UINT64, 1, &n_space, 0)->buffer->bytes;
    uint32_t *order = (uint32_t *)(void *)array_new(m, DT_UINT32, 1, &one, 0)->buffer->bytes;
    int64_t *out = (int64_t *)(void *)array_new(m, DT_INT64, 1, &one, 0)->buffer->bytes;
    step(m, (uint64_t)n);
    jax_refuse(m, oneseed_jax_permutation(key, space, order, (size_t)n));
    for (int64_t i = 0; i < n; i++)
        out[i] = order[i];
    return out;
}

static int axis_argument(vm *m, value v, int n_dims)
{
    int64_t axis = v.kind == V_NOTHING ? 0 : to_int64(m, v, "axis");
    if (axis < -n_dims || axis >= n_dims)
        value_error(m, "axis %lld is out of bounds for array of dimension %d", (long long)axis, n_dims);
    return (int)(axis < 0 ? axis + n_dims : axis);
}

/* jnp.arange(n). */
static value whole_range(vm *m, int64_t n)
{
    struct array *a = array_new(m, jax_int(m), 1, &n, 0);
    for (int64_t i = 0; i < n; i++)
        store_integer(a->dt, a->buffer->bytes + i * a->item_nbytes, i);
    return make_jax(m, a, false);
}

static value permuted(vm *m, const oneseed_jax_key *key, value x, int axis)
{
    const int64_t n = jax_data(x)->shape[axis];
    return jax_take(m, x, permutation_order(m, key, n), (size_t)n, axis);
}

static value random_permutation(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "permutation", "key x axis= independent=", arguments, a);
    oneseed_jax_key key = jax_key_argument(m, "permutation", a[0], NULL);
    value x = jax_argument(m, a[1], "permutation", 0);
    if (is_jax_keys(x))
        fail(m, "permutation() of keys is not supported: JAX's own fails");
    int axis = axis_argument(m, a[2], jax_n_dims(x) ? jax_n_dims(x) : 1);
    if (jax_n_dims(x) == 0) {
        if (!dtype_is_integer(jax_data(x)->dt))
            type_error(m, "x must be an integer or at least 1-dimensional");
        int64_t n = load_integer(jax_data(x)->dt, array_bytes(jax_data(x)));
        return permuted(m, &key, whole_range(m, n < 0 ? 0 : n), 0);
    }
    if (a[3].kind != V_NOTHING && truth(m, a[3]) && jax_n_dims(x) > 1)
        fail(m, "permutation(…, independent=True) is not supported");
    return permuted(m, &key, x, axis);
}

static value with_shape(vm *m, value taken, int axis, const struct sampling *s, bool is_range)
{
    value shape = make_sequence(m, V_TUPLE, 0);
    const struct array *a = jax_data(taken);
    for (int i = 0; !is_range && i < axis; i++)
        append(m, shape, INT(a->shape[i]));
    for (int i = 0; i < s->n_dims; i++)
        append(m, shape, INT(s->shape[i]));
    for (int i = axis + 1; !is_range && i < a->n_dims; i++)
        append(m, shape, INT(a->shape[i]));
    return jax_reshape(m, taken, shape);
}

static value random_choice(vm *m, value self, const struct arguments *arguments)
{
    value a[7];
    (void)self;
    take_arguments(m, "choice", "key a shape= replace= p= axis= mode=", arguments, a);
    oneseed_jax_key key = jax_key_argument(m, "choice", a[0], NULL);
    struct sampling s = {.function = "choice"};
    if (a[2].kind != V_NOTHING && !is_sequence(a[2]))
        type_error(m, "shape argument of jax.random.choice must be a sequence, got %s", repr_text(m, a[2]));
    take_shape(m, &s, a[2]);
    value from = jax_argument(m, a[1], "choice", 0);
    if (is_jax_keys(from))
        fail(m, "choice() of keys is not supported");
    struct array *data = jax_data(from);
    bool is_range = data->n_dims == 0, replace = a[3].kind == V_NOTHING || truth(m, a[3]);
    int axis = is_range ? 0 : axis_argument(m, a[5], data->n_dims);
    int64_t n = is_range ? load_integer(data->dt, array_bytes(data)) : data->shape[axis];
    if (is_range && !dtype_is_integer(data->dt))
        type_error(m, "The error occurred in jax.random.choice(): a number that is no integer");
    if (s.n == 0)
        return make_jax(m, array_new(m, data->dt, s.n_dims, s.shape, 0), false);
    if (n <= 0)
        value_error(m, "a must be greater than 0 unless no samples are taken");
    if (!replace && s.n > (uint64_t)n)
        value_error(m, "Cannot take a larger sample (size %zu) than population (size %lld) when 'replace=False'", s.n,
                    (long long)n);
    if (!is_none(a[4]))
        fail(m, "choice() with p= is not supported");
    if (replace) {
        value which = draw_integers(m, a[0], shape_tuple(m, s.shape, s.n_dims), INT(0), INT(n), NOTHING);
        if (is_range)
            return which;
        const struct array *indices = jax_data(which);
        int64_t n_indices = (int64_t)s.n,
                *order = (int64_t *)(void *)array_new(m, DT_INT64, 1, &n_indices, 0)->buffer->bytes;
        for (size_t i = 0; i < s.n; i++)
            order[i] = load_integer(indices->dt, array_bytes(indices) + i * indices->item_nbytes);
        return with_shape(m, jax_take(m, from, order, s.n, axis), axis, &s, false);
    }
    value all = is_range ? whole_range(m, n) : from;
    return with_shape(m, jax_take(m, all, permutation_order(m, &key, n), s.n, axis), axis, &s, is_range);
}

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, random_##name, NATIVE_FUNCTION, 0                                                                       \
    }
const struct native jax_random_functions[] = {FUNCTION(normal),
                                              FUNCTION(uniform),
                                              FUNCTION(randint),
                                              FUNCTION(bits),
                                              FUNCTION(bernoulli),
                                              FUNCTION(rademacher),
                                              FUNCTION(permutation),
                                              FUNCTION(choice),
                                              FUNCTION(exponential),
                                              FUNCTION(gumbel),
                                              FUNCTION(laplace),
                                              FUNCTION(logistic),
                                              FUNCTION(cauchy),
                                              FUNCTION(rayleigh),
                                              FUNCTION(pareto),
                                              FUNCTION(lognormal),
                                              FUNCTION(truncated_normal),
                                              FUNCTION(weibull_min),
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
