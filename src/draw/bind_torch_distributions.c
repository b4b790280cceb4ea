/* bind_torch_distributions.c - torch.distributions: the library's table of them, and those over categories.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <string.h> /* strcmp */

#include "dialects/torch_distribution.h" /* torch_distribution */
#include "draw/bind_torch.h"
#include "draw/object.h" /* struct instance */
#include "draw/syntax.h" /* tree_memory */

enum { MAX_PARAMETERS = 3 };

/* Held: the parameters as tensors of the batch shape; of Categorical and its kin the probabilities, or the logits; Dirichlet's
 * concentration. */
struct distribution {
    struct instance base;
    const torch_distribution *row; /* NULL: over categories */
    const char *type;
    bool logits;         /* held[0] are the logits as given (numbers are not normalised) */
    int64_t total_count; /* of Multinomial */
    dtype dt;
    int n_dims; /* of the batch */
    int64_t shape[MAX_DIMS];
};

static struct distribution *distribution_of(value v)
{
    return (struct distribution *)(void *)v.u.o;
}

/* --- Print ----------------------------------------------------------------------------------------------------------------- */

static bool prints_nothing(const char *type)
{
    /* Their parameters are those of a distribution inside. */
    static const char *const names[] = {"Chi2",      "Beta",        "HalfNormal",       "HalfCauchy",
                                        "LogNormal", "Multinomial", "OneHotCategorical"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], type) == 0)
            return true;
    return false;
}

static void put_one(struct writer *w, const char *name, value parameter, bool first)
{
    const struct array *a = parameter.u.tensor->array;
    put_format(w, "%s%s: ", first ? "" : ", ", name);
    if (array_size(a) != 1)
        put_str(w, make_size(w->m, a->shape, a->n_dims));
    else if (a->n_dims == 0)
        put_str(w, scalar_item(w->m, array_item(w->m, a, a->offset)));
    else
        put_str(w, parameter);
}

static void put_distribution(struct writer *w, value self)
{
    const struct distribution *d = distribution_of(self);
    put_format(w, "%s(", d->type);
    if (prints_nothing(d->type)) {
        put_text(w, ")");
        return;
    }
    if (!d->row) {
        put_one(w,
                strcmp(d->type, "Dirichlet") == 0 ? "concentration"
                : d->logits                       ? "logits"
                                                  : "probs",
                d->base.held[0], true);
    } else {
        bool backwards = strcmp(d->type, "Pareto") == 0;
        int n = d->row->n_parameters;
        for (int i = 0; i < n; i++) {
            int k = backwards ? n - 1 - i : i;
            const char *name = d->row->parameters[k].name;
            put_one(w, d->logits && strcmp(name, "probs") == 0 ? "logits" : name, d->base.held[k], i == 0);
        }
    }
    put_text(w, ")");
}

/* --- Making ---------------------------------------------------------------------------------------------------------------- */

static const struct object_class distribution_class;

static value new_distribution(vm *m, const char *type, const torch_distribution *row)
{
    value v = new_instance(m, &distribution_class, sizeof(struct distribution), MAX_PARAMETERS + 1);
    distribution_of(v)->type = type;
    distribution_of(v)->row = row;
    return v;
}

static void require_real(vm *m, const char *type, dtype dt)
{
    if (dt != DT_FLOAT32 && dt != DT_FLOAT64)
        fail(m, "%s() of %s is not supported (float32 and float64 are)", type, dtype_name(dt));
}

/* As broadcast_all(): numbers take the dtype of a tensor, or the default one. */
static void read_parameters(vm *m, struct distribution *d, const value *given, int n)
{
    struct array *arrays[MAX_PARAMETERS];
    d->dt = DT_NONE;
    for (int i = 0; i < n; i++) {
        bool count = strcmp(d->row->parameters[i].name, "total_count") == 0;
        if (given[i].kind == V_TENSOR && !(count && !dtype_is_float(given[i].u.tensor->array->dt))) {
            dtype dt = (dtype)given[i].u.tensor->array->dt;
            if (d->dt != DT_NONE && dt != d->dt)
                fail(m, "%s() of tensors of different dtypes is not supported", d->type);
            d->dt = dt;
            if (given[i].u.tensor->requires_grad || given[i].u.tensor->device != DEVICE_CPU)
                fail(m, "%s() of tensors that require grad, or on a GPU, is not supported", d->type);
        }
    }
    d->dt = d->dt == DT_NONE ? m->torch.default_dtype : d->dt;
    require_real(m, d->type, d->dt);
    for (int i = 0; i < n; i++) {
        if (given[i].kind == V_TENSOR) {
            arrays[i] = tensor_cast(m, tensor_values(m, given[i], "a parameter"), d->dt);
            continue;
        }
        double x = given[i].kind == V_NOTHING ? d->row->parameters[i].otherwise
                                              : torch_double(m, d->type, given[i], d->row->parameters[i].name);
        arrays[i] = array_new(m, d->dt, 0, NULL, 0);
        tensor_store(d->dt, array_bytes(arrays[i]), x);
    }
    d->n_dims = torch_broadcast(m, arrays, (size_t)n, d->shape);
    for (int i = 0; i < n; i++)
        d->base.held[i] = make_tensor(m, array_copy(m, array_broadcast(m, arrays[i], d->n_dims, d->shape)));
}

static void check_parameters(vm *m, value v)
{
    const struct distribution *d = distribution_of(v);
    const void *parameters[MAX_PARAMETERS];
    for (int i = 0; i < d->row->n_parameters; i++)
        parameters[i] = array_bytes(d->base.held[i].u.tensor->array);
    size_t n = shape_n(m, d->n_dims, d->shape);
    int invalid = torch_distribution_invalid(d->row, torch_library_dtype(m, d->dt), parameters, n);
    if (invalid < 0)
        return;
    struct writer w = writer_start(m);
    put_text(&w, "Expected parameter ");
    put_format(&w, "%s (Tensor of shape ", d->row->parameters[invalid].name);
    put_repr(&w, shape_tuple(m, d->shape, d->n_dims));
    put_text(&w, ") of distribution ");
    put_distribution(&w, v);
    const char *constraint = torch_constraint_text(d->row->parameters[invalid].constraint);
    put_format(&w, " to satisfy the constraint %s, but found invalid values", constraint ? constraint : "low < high");
    value_error(m, "%.*s", (int)w.n, written(&w));
}

/* probs= or logits= of Bernoulli; logits become probabilities by a sigmoid. */
static void read_logits(vm *m, struct distribution *d, value *given, int k, value logits)
{
    if ((given[k].kind == V_NOTHING || given[k].kind == V_NONE) == is_none(logits))
        value_error(m, "Either `probs` or `logits` must be specified, but not both.");
    if (is_none(logits))
        return;
    if (strcmp(d->type, "Bernoulli") != 0)
        fail(m, "%s(logits=…) is not supported: give probs", d->type);
    d->logits = true;
    given[k] = logits;
}

static value make_row(vm *m, const char *type, const struct arguments *arguments)
{
    const torch_distribution *row = torch_distribution_named(type);
    value v = new_distribution(m, row->name, row), given[MAX_PARAMETERS + 2];
    struct distribution *d = distribution_of(v);
    char names[160];
    size_t n = 0;
    int probs = -1;
    for (int i = 0; i < row->n_parameters; i++) {
        bool is_probs = strcmp(row->parameters[i].name, "probs") == 0;
        probs = is_probs ? i : probs;
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%s ", row->parameters[i].name,
                              row->parameters[i].is_required && !is_probs ? "" : "=");
    }
    (void)snprintf(names + n, sizeof names - n, "%svalidate_args=", probs >= 0 ? "logits= " : "");
    take_arguments(m, type, names, arguments, given);
    if (probs >= 0)
        read_logits(m, d, given, probs, given[row->n_parameters]);
    read_parameters(m, d, given, row->n_parameters);
    value asked = given[row->n_parameters + (probs >= 0)];
    if (!d->logits && (is_none(asked) || truth(m, asked)))
        check_parameters(m, v);
    return v;
}

/* --- Over categories ------------------------------------------------------------------------------------------------------- */

static value make_categories(vm *m, const char *type, const struct arguments *arguments)
{
    bool counted = strcmp(type, "Multinomial") == 0, dirichlet = strcmp(type, "Dirichlet") == 0;
    value v = new_distribution(m, type, NULL), a[4] = {NOTHING, NOTHING, NOTHING, NOTHING};
    struct distribution *d = distribution_of(v);
    if (dirichlet)
        take_arguments(m, type, "concentration validate_args=", arguments, a + 1);
    else
        take_arguments(m, type,
                       counted ? "total_count= probs= logits= validate_args=" : "probs= logits= validate_args=",
                       arguments, counted ? a : a + 1);
    value logits = dirichlet ? NOTHING : a[2];
    if (is_none(a[1]) == is_none(logits))
        value_error(m, "Either `probs` or `logits` must be specified, but not both.");
    d->total_count = a[0].kind == V_NOTHING ? 1 : torch_int(m, type, a[0], "total_count");
    d->logits = !is_none(logits);
    value given = d->logits ? logits : a[1];
    struct array *weights = tensor_values(m, given, dirichlet ? "concentration" : "probs");
    weights = array_is_contiguous(weights) ? weights : array_copy(m, weights);
    if (weights->n_dims < 1)
        value_error(m, "`%s` parameter must be at least one-dimensional.",
                    dirichlet   ? "concentration"
                    : d->logits ? "logits"
                                : "probs");
    d->dt = (dtype)weights->dt;
    require_real(m, type, d->dt);
    if (given.u.tensor->requires_grad || given.u.tensor->device != DEVICE_CPU)
        fail(m, "%s() of a tensor that requires grad, or on a GPU, is not supported", type);
    d->n_dims = weights->n_dims - 1;
    memcpy(d->shape, weights->shape, sizeof d->shape);
    size_t n_categories = (size_t)weights->shape[d->n_dims], n_rows = shape_n(m, d->n_dims, d->shape);
    struct array *probs = array_new(m, d->dt, weights->n_dims, weights->shape, 0);
    if (dirichlet) {
        memcpy(probs->buffer->bytes, array_bytes(weights), probs->buffer->nbytes);
    } else {
        oneseed_torch_dtype library = torch_library_dtype(m, d->dt);
        oneseed_torch kernels = torch_new_state(m, 0);
        oneseed_status status = d->logits ? oneseed_torch_softmax_fill(&kernels, library, array_bytes(weights), n_rows,
                                                                       n_categories, probs->buffer->bytes)
                                          : oneseed_torch_normalize_fill(library, array_bytes(weights), n_rows,
                                                                         n_categories, probs->buffer->bytes);
        torch_refuse(m, status, &(struct torch_draw){.dt = d->dt});
    }
    for (size_t i = 0; i < n_rows * n_categories; i++)
        if (!(load_double(d->dt, array_bytes(probs) + i * probs->item_nbytes) >= 0))
            value_error(
                m, "Expected parameter %s of distribution %s to satisfy the constraint %s, but found invalid values",
                dirichlet ? "concentration" : "probs", type,
                dirichlet ? "IndependentConstraint(GreaterThan(lower_bound=0.0), 1)" : "Simplex()");
    d->base.held[0] = make_tensor(m, probs);
    return v;
}

/* n draws of each row: [n][row], as Categorical.sample() transposes them. */
static struct array *sample_categories(vm *m, const struct distribution *d, int64_t n, size_t n_rows)
{
    struct array *probs = d->base.held[0].u.tensor->array;
    int64_t rows_shape[] = {(int64_t)n_rows, probs->shape[d->n_dims]};
    struct array *rows = array_reshape(m, probs, 2, rows_shape);
    value drawn = torch_multinomial_of(m, torch_drawing(m, NONE, DEVICE_CPU), rows, n, true);
    const int64_t *from = (const int64_t *)(const void *)array_bytes(drawn.u.tensor->array);
    int64_t shape[] = {n, (int64_t)n_rows};
    struct array *out = array_new(m, DT_INT64, 2, shape, 0);
    int64_t *to = (int64_t *)(void *)out->buffer->bytes;
    for (int64_t i = 0; i < n; i++)
        for (size_t row = 0; row < n_rows; row++)
            to[(size_t)i * n_rows + row] = from[row * (size_t)n + (size_t)i];
    return out;
}

/* How often each category came: of one draw a one-hot row. The draws of a row stand n_rows * n_samples apart. */
static struct array *count_categories(vm *m, const struct distribution *d, const struct array *drawn, int64_t n_draws,
                                      int64_t n_results, int n_dims, int64_t *shape)
{
    int64_t n_categories = d->base.held[0].u.tensor->array->shape[d->n_dims];
    shape[n_dims] = n_categories;
    struct array *out = array_new(m, d->dt, n_dims + 1, shape, 0);
    const int64_t *from = (const int64_t *)(const void *)array_bytes(drawn);
    for (int64_t k = 0; k < n_draws; k++)
        for (int64_t i = 0; i < n_results; i++) {
            char *at = out->buffer->bytes + (i * n_categories + from[k * n_results + i]) * (int64_t)out->item_nbytes;
            tensor_store(d->dt, at, load_double(d->dt, at) + 1);
        }
    return out;
}

static value sample_dirichlet(vm *m, const struct distribution *d, int n_dims, int64_t *shape)
{
    struct array *alpha = d->base.held[0].u.tensor->array;
    shape[n_dims] = alpha->shape[d->n_dims];
    value wide = make_tensor(m, array_copy(m, array_broadcast(m, alpha, n_dims + 1, shape)));
    struct arguments one = {.positional = &wide, .n_positional = 1};
    return find_native(torch_weights_functions, "_sample_dirichlet")->call(m, NONE, &one);
}

/* --- sample ------------------------------------------------------------------------------------------------------------------ */

/* Where torch calls torch.exp or torch.log for the value, which the wheels leave to MKL: see docs/torch.md. */
static void note_inexact(vm *m, const char *type)
{
    static const struct {
        const char *type, *text;
        note which;
    } inexact[] = {
        {"LogNormal",
         "LogNormal: torch's exp is MKL's, ours is rounded to nearest: 2 to 3 % of the values may differ in the last "
         "bit",
         NOTE_LOG_NORMAL},
        {"Pareto",
         "Pareto: torch's exp is MKL's, ours is rounded to nearest: 2 to 3 % of the values may differ in the last bit",
         NOTE_PARETO},
        {"Gumbel",
         "Gumbel: torch's log is MKL's, ours is rounded to nearest: 0.1 % of the values may differ in their last bits",
         NOTE_GUMBEL}};
    for (size_t i = 0; i < sizeof inexact / sizeof *inexact; i++)
        if (strcmp(type, inexact[i].type) == 0)
            say_once(m, inexact[i].which, inexact[i].text);
}

static value sample_row(vm *m, const struct distribution *d, int n_dims, const int64_t *shape)
{
    const void *parameters[MAX_PARAMETERS];
    struct array *out = array_new(m, d->dt, n_dims, shape, 0);
    size_t n = (size_t)array_size(out);
    void *work = tree_memory(m, 3 * n * out->item_nbytes + 16);
    for (int i = 0; i < d->row->n_parameters; i++) {
        struct array *a = d->base.held[i].u.tensor->array;
        if (d->logits && strcmp(d->row->parameters[i].name, "probs") == 0) {
            struct array *probs = array_new(m, d->dt, a->n_dims, a->shape, 0);
            oneseed_torch kernels = torch_new_state(m, 0);
            torch_refuse(m,
                         oneseed_torch_sigmoid_fill(&kernels, torch_library_dtype(m, d->dt), array_bytes(a),
                                                    probs->buffer->bytes, (size_t)array_size(a)),
                         &(struct torch_draw){.dt = d->dt});
            a = probs;
        }
        parameters[i] = array_bytes(array_copy(m, array_broadcast(m, a, n_dims, shape)));
    }
    step(m, n);
    if (n > 0)
        note_inexact(m, d->type);
    oneseed_torch_distribution which = (oneseed_torch_distribution)(d->row - torch_distributions);
    torch_refuse(m,
                 oneseed_torch_distribution_fill(&torch_drawing(m, NONE, DEVICE_CPU)->state, which,
                                                 torch_library_dtype(m, d->dt), parameters,
                                                 shape_n(m, d->n_dims, d->shape), work, out->buffer->bytes, n),
                 &(struct torch_draw){.dt = d->dt});
    return make_tensor(m, out);
}

static value sample(vm *m, value self, const struct arguments *arguments, const char *function)
{
    const struct distribution *d = distribution_of(self);
    value size;
    int64_t shape[MAX_DIMS];
    int n_dims = 0;
    take_arguments(m, function, "sample_shape=", arguments, &size);
    if (size.kind != V_NOTHING) {
        if (!is_sequence(size))
            type_error(m, "'%s' object is not iterable", type_name(size));
        n_dims = torch_size(m, function, size, shape);
    }
    if (n_dims + d->n_dims + 1 > MAX_DIMS)
        fail(m, "a sample of more than %d dimensions is not supported", MAX_DIMS - 1);
    int64_t n_samples = (int64_t)shape_n(m, n_dims, shape);
    memcpy(shape + n_dims, d->shape, (size_t)d->n_dims * sizeof *shape);
    int n_all = n_dims + d->n_dims;
    if (d->row)
        return sample_row(m, d, n_all, shape);
    if (strcmp(d->type, "Dirichlet") == 0)
        return sample_dirichlet(m, d, n_all, shape);
    size_t n_rows = shape_n(m, d->n_dims, d->shape);
    bool counted = strcmp(d->type, "Multinomial") == 0;
    int64_t n_draws = counted ? d->total_count : 1;
    struct array *drawn = sample_categories(m, d, n_draws * n_samples, n_rows);
    if (strcmp(d->type, "Categorical") == 0)
        return make_tensor(m, array_reshape(m, drawn, n_all, shape));
    return make_tensor(m, count_categories(m, d, drawn, n_draws, n_samples * (int64_t)n_rows, n_all, shape));
}

static value distribution_sample(vm *m, value self, const struct arguments *arguments)
{
    return sample(m, self, arguments, "sample");
}

/* The values of rsample() are those of sample(); that gradients go through it makes none. */
static value distribution_rsample(vm *m, value self, const struct arguments *arguments)
{
    static const char *const without[] = {"Bernoulli", "Geometric", "Poisson", "Binomial", "NegativeBinomial"};
    const struct distribution *d = distribution_of(self);
    bool has = d->row || strcmp(d->type, "Dirichlet") == 0;
    for (size_t i = 0; has && i < sizeof without / sizeof *without; i++)
        has = strcmp(d->type, without[i]) != 0;
    if (!has)
        fail(m, "NotImplementedError: %s has no rsample", d->type);
    return sample(m, self, arguments, "rsample");
}

static const struct native distribution_methods[] = {{"sample", distribution_sample, NATIVE_FUNCTION, 0},
                                                     {"rsample", distribution_rsample, NATIVE_FUNCTION, 0},
                                                     {NULL, NULL, NATIVE_FUNCTION, 0}};

static value distribution_attribute(vm *m, value self, const char *name)
{
    const struct distribution *d = distribution_of(self);
    if (strcmp(name, "batch_shape") == 0)
        return make_size(m, d->shape, d->n_dims);
    if (strcmp(name, "event_shape") == 0) {
        bool rows = !d->row && strcmp(d->type, "Categorical") != 0;
        return make_size(m, rows ? d->base.held[0].u.tensor->array->shape + d->n_dims : NULL, rows ? 1 : 0);
    }
    for (int i = 0; d->row && i < d->row->n_parameters; i++)
        if (strcmp(name, d->row->parameters[i].name) == 0 && !d->logits)
            return d->base.held[i];
    if (!d->row && !d->logits && strcmp(name, strcmp(d->type, "Dirichlet") == 0 ? "concentration" : "probs") == 0)
        return d->base.held[0];
    return NOTHING;
}

static const char *distribution_type(value self)
{
    return distribution_of(self)->type;
}

static const struct object_class distribution_class = {.name = "Distribution",
                                                       .type = distribution_type,
                                                       .methods = distribution_methods,
                                                       .put = put_distribution,
                                                       .attribute = distribution_attribute};

#define ROWS(X)                                                                                                        \
    X(Normal)                                                                                                          \
    X(Uniform)                                                                                                         \
    X(Exponential)                                                                                                     \
    X(Gamma)                                                                                                           \
    X(Chi2)                                                                                                            \
    X(StudentT)                                                                                                        \
    X(FisherSnedecor)                                                                                                  \
    X(Beta)                                                                                                            \
    X(Laplace)                                                                                                         \
    X(Cauchy)                                                                                                          \
    X(HalfNormal)                                                                                                      \
    X(HalfCauchy)                                                                                                      \
    X(LogNormal)                                                                                                       \
    X(Gumbel)                                                                                                          \
    X(Pareto)                                                                                                          \
    X(Bernoulli)                                                                                                       \
    X(Geometric)                                                                                                       \
    X(Poisson)                                                                                                         \
    X(Binomial)                                                                                                        \
    X(NegativeBinomial)                                                                                                \
    X(InverseGamma)                                                                                                    \
    X(Weibull)                                                                                                         \
    X(Kumaraswamy)
#define CATEGORIES(X) X(Categorical) X(OneHotCategorical) X(Multinomial) X(Dirichlet)

#define ROW(name)                                                                                                      \
    static value make_##name(vm *m, value self, const struct arguments *arguments)                                     \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return make_row(m, #name, arguments);                                                                          \
    }
ROWS(ROW)
#define OVER(name)                                                                                                     \
    static value make_##name(vm *m, value self, const struct arguments *arguments)                                     \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return make_categories(m, #name, arguments);                                                                   \
    }
CATEGORIES(OVER)
#define ENTRY(name) {#name, make_##name, NATIVE_CLASS, 0},
const struct native torch_distribution_classes[] = {ROWS(ENTRY) CATEGORIES(ENTRY){NULL, NULL, NATIVE_FUNCTION, 0}};
