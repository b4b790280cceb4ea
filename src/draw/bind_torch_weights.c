/* bind_torch_weights.c - draws whose parameters are tensors: poisson, binomial, multinomial, gamma, dirichlet.
 * SPDX-License-Identifier: MIT */
#include "draw/bind_torch.h"
#include "draw/syntax.h" /* tree_memory */

/* The elements of a tensor in C order, broadcast to a shape. */
static const char *elements(vm *m, struct array *a, int n_dims, const int64_t *shape)
{
    const struct array *wide = array_broadcast(m, a, n_dims, shape);
    return array_bytes(array_is_contiguous(wide) ? wide : array_copy(m, wide));
}

static _Noreturn void refuse_kernel(vm *m, const char *kernel, dtype dt)
{
    fail(m, "NotImplementedError: \"%s\" not implemented for '%s'", kernel, torch_scalar_name(dt));
}

static struct torch_generator *cpu_generator(vm *m, value generator, const struct tensor *t, const char *function)
{
    if (t->device != DEVICE_CPU)
        fail(m, "%s() of a tensor on the device 'cuda' is not supported", function);
    return torch_drawing(m, generator, DEVICE_CPU);
}

typedef oneseed_status (*one_parameter_fill)(oneseed_torch *state, oneseed_torch_dtype dtype, const void *parameter,
                                             void *out, size_t n);

static value draw_each(vm *m, const struct arguments *arguments, const char *function, const char *kernel,
                       const char *grad_fn, one_parameter_fill fill)
{
    value a[2];
    take_arguments(m, function, "input generator=", arguments, a);
    struct array *given = tensor_values(m, a[0], "argument 'input' (position 1)");
    struct torch_generator *g = cpu_generator(m, a[1], a[0].u.tensor, function);
    dtype dt = (dtype)given->dt;
    struct array *out = array_new(m, dt, given->n_dims, given->shape, 0);
    size_t n = (size_t)array_size(out);
    step(m, n);
    oneseed_status status = fill(&g->state, torch_library_dtype(m, dt), elements(m, given, given->n_dims, given->shape),
                                 out->buffer->bytes, n);
    if (status == ONESEED_TORCH_DTYPE)
        refuse_kernel(m, kernel, dt);
    torch_refuse(m, status, &(struct torch_draw){.dt = dt});
    return tensor_result(m, out, grad_fn, a, 1);
}

static value torch_poisson(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return draw_each(m, arguments, "poisson", "poisson_cpu", "PoissonBackward0", oneseed_torch_poisson_fill);
}

static value torch_standard_gamma(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return draw_each(m, arguments, "_standard_gamma", "gamma_cpu", "StandardGammaBackward0",
                     oneseed_torch_standard_gamma_fill);
}

static value torch_binomial(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    int64_t shape[MAX_DIMS];
    (void)self;
    take_arguments(m, "binomial", "count prob generator=", arguments, a);
    struct array *operands[] = {tensor_values(m, a[0], "binomial(): argument 'count' (position 1)"),
                                tensor_values(m, a[1], "binomial(): argument 'prob' (position 2)")};
    dtype dt = (dtype)operands[0]->dt;
    if (!dtype_is_float(dt))
        value_error(m, "binomial only supports floating-point dtypes for count, got: %s", torch_scalar_name(dt));
    if (operands[1]->dt != dt)
        fail(m, "RuntimeError: Found dtype %s but expected %s", torch_scalar_name((dtype)operands[1]->dt),
             torch_scalar_name(dt));
    struct torch_generator *g = cpu_generator(m, a[2], a[0].u.tensor, "binomial");
    int n_dims = torch_broadcast(m, operands, 2, shape);
    struct array *out = array_new(m, dt, n_dims, shape, 0);
    size_t n = (size_t)array_size(out);
    step(m, n);
    oneseed_status status =
        oneseed_torch_binomial_fill(&g->state, torch_library_dtype(m, dt), elements(m, operands[0], n_dims, shape),
                                    elements(m, operands[1], n_dims, shape), out->buffer->bytes, n);
    if (status == ONESEED_TORCH_DTYPE)
        refuse_kernel(m, "binomial_cpu", dt);
    torch_refuse(m, status, &(struct torch_draw){.dt = dt});
    return tensor_result(m, out, "NotImplemented", a, 2);
}

static value torch_sample_dirichlet(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "_sample_dirichlet", "input generator=", arguments, a);
    struct array *given = tensor_values(m, a[0], "argument 'input' (position 1)");
    struct torch_generator *g = cpu_generator(m, a[1], a[0].u.tensor, "_sample_dirichlet");
    dtype dt = (dtype)given->dt;
    if (given->n_dims == 0)
        fail(m, "_sample_dirichlet() of a tensor without dimensions is not supported");
    struct array *out = array_new(m, dt, given->n_dims, given->shape, 0);
    size_t n_categories = (size_t)given->shape[given->n_dims - 1], n = (size_t)array_size(out);
    double *work = tree_memory(m, (n_categories + 1) * sizeof *work);
    step(m, n);
    oneseed_status status = oneseed_torch_dirichlet_fill(
        &g->state, torch_library_dtype(m, dt), elements(m, given, given->n_dims, given->shape),
        n_categories > 0 ? n / n_categories : 0, n_categories, work, out->buffer->bytes);
    if (status == ONESEED_TORCH_DTYPE)
        refuse_kernel(m, "dirichlet", dt);
    torch_refuse(m, status, &(struct torch_draw){.dt = dt});
    return tensor_result(m, out, "DirichletBackward0", a, 1);
}

value torch_multinomial_of(vm *m, struct torch_generator *g, struct array *weights, int64_t n_samples, bool replacement)
{
    if (weights->n_dims != 1 && weights->n_dims != 2)
        fail(m, "RuntimeError: prob_dist must be 1 or 2 dim");
    if (weights->n_dims == 2 && !array_is_contiguous(weights) && (!replacement || n_samples == 1))
        fail(m,
             "multinomial() without replacement, or of one sample, of rows that are not contiguous is not supported: "
             "call contiguous() first");
    dtype dt = (dtype)weights->dt;
    bool rows = weights->n_dims == 2;
    int64_t n_rows = rows ? weights->shape[0] : 1, n_categories = weights->shape[weights->n_dims - 1];
    if (n_samples > ((int64_t)1 << 48))
        fail(m, "it needs more memory than there is");
    int64_t shape[] = {rows ? n_rows : n_samples, n_samples};
    for (int i = 0; i < 2; i++)
        shape[i] = shape[i] < 0 ? 0 : shape[i];
    struct array *out = array_new(m, DT_INT64, rows ? 2 : 1, shape, 0);
    void *work = tree_memory(m, ((size_t)n_categories + 1) * 16);
    step(m, (uint64_t)array_size(out) + (uint64_t)array_size(weights));
    oneseed_status status = oneseed_torch_multinomial_fill(
        &g->state, torch_library_dtype(m, dt), elements(m, weights, weights->n_dims, weights->shape), (size_t)n_rows,
        (size_t)n_categories, n_samples, replacement, work, (int64_t *)(void *)out->buffer->bytes);
    if (status == ONESEED_TORCH_MULTINOMIAL_DTYPE)
        fail(m, "RuntimeError: %s%s", oneseed_status_text(status), torch_scalar_name(dt));
    torch_refuse(m, status, &(struct torch_draw){.dt = dt});
    return make_tensor(m, out);
}

static value torch_multinomial(vm *m, value self, const struct arguments *arguments)
{
    value a[5];
    (void)self;
    take_arguments(m, "multinomial", "input num_samples replacement= * generator= out=", arguments, a);
    struct array *weights = tensor_values(m, a[0], "multinomial(): argument 'input' (position 1)");
    if (!is_none(a[4]))
        fail(m, "multinomial(out=…) is not supported");
    int64_t n_samples = torch_int(m, "multinomial", a[1], "num_samples");
    struct torch_generator *g = cpu_generator(m, a[3], a[0].u.tensor, "multinomial");
    return torch_multinomial_of(m, g, weights, n_samples, a[2].kind != V_NOTHING && truth(m, a[2]));
}

value tensor_multinomial(vm *m, value self, const struct arguments *arguments)
{
    value shifted = make_sequence(m, V_LIST, 1);
    shifted.u.seq->items[0] = self;
    for (size_t i = 0; i < arguments->n_positional; i++)
        append(m, shifted, arguments->positional[i]);
    struct arguments all = *arguments;
    all.positional = shifted.u.seq->items;
    all.n_positional = shifted.u.seq->n;
    return torch_multinomial(m, NONE, &all);
}

const struct native torch_weights_functions[] = {{"poisson", torch_poisson, NATIVE_FUNCTION, 0},
                                                 {"binomial", torch_binomial, NATIVE_FUNCTION, 0},
                                                 {"multinomial", torch_multinomial, NATIVE_FUNCTION, 0},
                                                 {"_standard_gamma", torch_standard_gamma, NATIVE_FUNCTION, 0},
                                                 {"_sample_dirichlet", torch_sample_dirichlet, NATIVE_FUNCTION, 0},
                                                 {NULL, NULL, NATIVE_FUNCTION, 0}};
