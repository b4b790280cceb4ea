/* bind_tensorflow_counts.c - tf.random's gamma, Poisson and binomial variates, for arrays of parameters.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/bind_tensorflow.h"

/* Parameters broadcast against each other, as doubles. */
struct sets {
    struct array *values[2]; /* float64, contiguous */
    int n_dims;
    int64_t shape[MAX_DIMS];
    size_t n;
};

static struct sets broadcast_sets(vm *m, struct array *const *given, size_t n)
{
    struct sets s = {.n = 1};
    if (!shapes_agree(given, n, &s.n_dims, s.shape))
        invalid_argument(m, "Incompatible shapes: %s vs. %s [Op:BroadcastArgs]",
                         tensorflow_shape_text(m, given[0]->shape, given[0]->n_dims),
                         tensorflow_shape_text(m, given[1]->shape, given[1]->n_dims));
    for (size_t i = 0; i < n; i++)
        s.values[i] = tensorflow_cast(m, array_copy(m, array_broadcast(m, given[i], s.n_dims, s.shape)), DT_FLOAT64);
    for (int i = 0; i < s.n_dims; i++)
        s.n *= (size_t)s.shape[i];
    return s;
}

static const double *doubles(const struct array *a)
{
    return (const double *)(const void *)a->buffer->bytes;
}

/* The result of a stateful operation: the shape, then that of the parameters. */
static struct array *result_of(vm *m, dtype dt, const struct sets *s, int n_dims, const int64_t *shape, size_t *n_out)
{
    int64_t full[MAX_DIMS];
    if (n_dims + s->n_dims > MAX_DIMS)
        fail(m, "more than %d dimensions are not supported", MAX_DIMS);
    *n_out = 1;
    for (int i = 0; i < n_dims; i++)
        *n_out *= (size_t)shape[i];
    memcpy(full, shape, (size_t)n_dims * sizeof *full);
    memcpy(full + n_dims, s->shape, (size_t)s->n_dims * sizeof *full);
    struct array *out = array_new(m, dt, n_dims + s->n_dims, full, 0);
    step(m, 16 * (uint64_t)array_size(out));
    return out;
}

/* The same where `shape` is the whole shape, and ends with the parameters'. */
static struct array *whole_result(vm *m, dtype dt, const struct sets *s, int n_dims, const int64_t *shape,
                                  size_t *n_out)
{
    int first = n_dims - s->n_dims;
    bool ends = first >= 0;
    for (int i = 0; ends && i < s->n_dims; i++)
        ends = shape[first + i] == s->shape[i];
    if (!ends)
        invalid_argument(m, "Shape passed in must end with broadcasted shape.");
    return result_of(m, dt, s, first, shape, n_out);
}

static void refuse_counts(vm *m, oneseed_status status)
{
    if (status == ONESEED_TENSORFLOW_FLOAT_DTYPE || status == ONESEED_TENSORFLOW_INTEGER_DTYPE)
        invalid_argument(m, "%s", oneseed_status_text(status));
    if (status != ONESEED_OK)
        fail(m, "%s", oneseed_status_text(status));
}

/* --- Gamma ------------------------------------------------------------------------------------------------------------------------------ */

static struct sets gamma_sets(vm *m, value alpha, value beta, dtype dt)
{
    if (dt != DT_FLOAT16 && dt != DT_FLOAT32 && dt != DT_FLOAT64)
        invalid_argument(m, "Value for attr 'T' of %s is not in the list of allowed values: half, float, double",
                         dtype_name(dt));
    struct array *both[] = {tensorflow_convert(m, alpha, dt), tensorflow_convert(m, is_none(beta) ? INT(1) : beta, dt)};
    return broadcast_sets(m, both, 2);
}

static value tf_gamma(vm *m, value self, const struct arguments *arguments)
{
    value v[6];
    int64_t shape[MAX_DIMS];
    bool is_long;
    size_t n;
    (void)self;
    take_arguments(m, "gamma", "shape alpha beta= dtype= seed= name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[3], DT_FLOAT32);
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    struct sets s = gamma_sets(m, v[1], v[2], dt);
    struct array *out = result_of(m, dt, &s, n_dims, shape, &n);
    philox_place *place = tensorflow_kernel(m, TF_RANDOM_GAMMA, dt, DT_INT32, v[4]);
    refuse_counts(m, oneseed_tensorflow_gamma_fill(place, tensorflow_library_dtype(dt), doubles(s.values[0]),
                                                   doubles(s.values[1]), s.n, n, out->buffer->bytes));
    oneseed_tensorflow_reserve(place, (uint64_t)s.n * n);
    return tensorflow_tensor(m, out);
}

static value tf_stateless_gamma(vm *m, value self, const struct arguments *arguments)
{
    value v[6];
    int64_t shape[MAX_DIMS];
    bool is_long;
    size_t n;
    (void)self;
    take_arguments(m, "stateless_gamma", "shape seed alpha beta= dtype= name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[4], DT_FLOAT32);
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    struct sets s = gamma_sets(m, v[2], v[3], dt);
    philox_place place = tensorflow_stateless_place(m, v[1], NOTHING);
    struct array *out = whole_result(m, dt, &s, n_dims, shape, &n);
    refuse_counts(m, oneseed_tensorflow_gamma_fill(&place, tensorflow_library_dtype(dt), doubles(s.values[0]),
                                                   doubles(s.values[1]), s.n, n, out->buffer->bytes));
    return tensorflow_tensor(m, out);
}

/* --- Poisson ---------------------------------------------------------------------------------------------------------------------------- */

static void require_parameter(vm *m, const struct array *a, const char *attribute)
{
    if (a->dt != DT_FLOAT16 && a->dt != DT_FLOAT32 && a->dt != DT_FLOAT64 && a->dt != DT_INT32 && a->dt != DT_INT64)
        invalid_argument(m,
                         "Value for attr '%s' of %s is not in the list of allowed values: half, float, double, int32, "
                         "int64",
                         attribute, dtype_name(a->dt));
}

static bool has_dtype(vm *m, value v)
{
    return v.kind == V_ARRAY || v.kind == V_SCALAR || object_array(m, v) != NULL;
}

static value tf_poisson(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    int64_t shape[MAX_DIMS];
    bool is_long;
    size_t n;
    (void)self;
    take_arguments(m, "poisson", "shape lam dtype= seed= name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[2], DT_FLOAT32);
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    /* The kernel's attribute R is double where the rate has no dtype of its own. */
    struct array *rate = tensorflow_convert(m, v[1], has_dtype(m, v[1]) ? DT_NONE : DT_FLOAT64);
    require_parameter(m, rate, "R");
    struct sets s = broadcast_sets(m, &rate, 1);
    struct array *out = result_of(m, dt, &s, n_dims, shape, &n);
    /* dtype and R are one key: no rate has more than 16 dtypes. */
    philox_place *place = tensorflow_kernel(m, TF_RANDOM_POISSON, dt, (dtype)rate->dt, v[3]);
    refuse_counts(m, oneseed_tensorflow_poisson_fill(place, tensorflow_library_dtype(dt), doubles(s.values[0]), s.n, n,
                                                     out->buffer->bytes));
    oneseed_tensorflow_reserve(place, (uint64_t)s.n * n);
    return tensorflow_tensor(m, out);
}

static value tf_stateless_poisson(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    int64_t shape[MAX_DIMS];
    bool is_long;
    size_t n;
    (void)self;
    take_arguments(m, "stateless_poisson", "shape seed lam dtype= name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[3], DT_INT32);
    int n_dims = tensorflow_shape_from(m, v[0], shape, &is_long);
    struct array *rate = tensorflow_convert(m, v[2], DT_NONE);
    require_parameter(m, rate, "Rtype");
    struct sets s = broadcast_sets(m, &rate, 1);
    philox_place place = tensorflow_stateless_place(m, v[1], NOTHING);
    struct array *out = whole_result(m, dt, &s, n_dims, shape, &n);
    refuse_counts(m, oneseed_tensorflow_poisson_fill(&place, tensorflow_library_dtype(dt), doubles(s.values[0]), s.n, n,
                                                     out->buffer->bytes));
    return tensorflow_tensor(m, out);
}

/* --- Binomial --------------------------------------------------------------------------------------------------------------------------- */

static struct array *binomial_at(vm *m, const philox_place *place, value shape_value, struct array *const both[2],
                                 dtype dt, size_t *n_sets_out, size_t *n_samples_out)
{
    int64_t shape[MAX_DIMS];
    bool is_long;
    int n_dims = tensorflow_shape_from(m, shape_value, shape, &is_long);
    require_parameter(m, both[0], "T");
    if (both[0]->dt != both[1]->dt)
        invalid_argument(m, "counts and probs have different dtypes: %s and %s", dtype_name(both[0]->dt),
                         dtype_name(both[1]->dt));
    struct sets s = broadcast_sets(m, both, 2);
    struct array *out = whole_result(m, dt, &s, n_dims, shape, n_samples_out);
    *n_sets_out = s.n;
    refuse_counts(m, oneseed_tensorflow_binomial_fill(place, tensorflow_library_dtype((dtype)both[0]->dt),
                                                      doubles(s.values[0]), doubles(s.values[1]), s.n, *n_samples_out,
                                                      tensorflow_library_dtype(dt), out->buffer->bytes));
    return out;
}

static value tf_stateless_binomial(vm *m, value self, const struct arguments *arguments)
{
    value v[6];
    size_t n_sets, n_samples;
    (void)self;
    take_arguments(m, "stateless_binomial", "shape seed counts probs output_dtype= name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[4], DT_INT32);
    struct array *probs = tensorflow_convert_hint(m, v[3], has_dtype(m, v[3]) ? DT_NONE : DT_FLOAT32);
    struct array *counts =
        has_dtype(m, v[2]) ? tensorflow_convert(m, v[2], DT_NONE) : tensorflow_convert_hint(m, v[2], (dtype)probs->dt);
    struct array *both[] = {counts, probs};
    philox_place place = tensorflow_stateless_place(m, v[1], NOTHING);
    return tensorflow_tensor(m, binomial_at(m, &place, v[0], both, dt, &n_sets, &n_samples));
}

value tensorflow_generator_binomial(vm *m, value self, const struct arguments *arguments)
{
    value v[5];
    size_t n_sets, n_samples;
    take_arguments(m, "binomial", "shape counts probs dtype= name=", arguments, v);
    dtype dt = tensorflow_dtype_from(m, v[3], DT_INT32);
    struct array *both[] = {tensorflow_convert(m, v[1], DT_NONE), tensorflow_convert(m, v[2], DT_NONE)};
    philox_place place = tensorflow_generator_place(m, self);
    struct array *out = binomial_at(m, &place, v[0], both, dt, &n_sets, &n_samples);
    oneseed_tensorflow_binomial_reserve(&place, n_sets, n_samples);
    tensorflow_generator_set_place(m, self, &place);
    return tensorflow_tensor(m, out);
}

#define ENTRY(name)                                                                                                    \
    {                                                                                                                  \
#name, tf_##name, NATIVE_FUNCTION, 0                                                                           \
    }
const struct native tensorflow_count_functions[] = {ENTRY(gamma),
                                                    ENTRY(stateless_gamma),
                                                    ENTRY(poisson),
                                                    ENTRY(stateless_poisson),
                                                    ENTRY(stateless_binomial),
                                                    {NULL, NULL, NATIVE_FUNCTION, 0}};
