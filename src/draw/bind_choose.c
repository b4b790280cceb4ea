/* bind_choose.c - choice, shuffle, permutation and the distributions over several cells, of RandomState and of Generator.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy, strcmp */

#include "draw/bind.h"
#include "draw/bind_choose.h"
#include "draw/syntax.h" /* tree_memory */

static int64_t *identity(vm *m, size_t n)
{
    int64_t *order = tree_memory(m, (n + 1) * sizeof *order);
    for (size_t i = 0; i < n; i++)
        order[i] = (int64_t)i;
    return order;
}

static void shuffle_indices(oneseed_numpy *state, int64_t *order, size_t n, bool legacy)
{
    if (legacy)
        oneseed_numpy_legacy_shuffle(state, order, n, sizeof *order);
    else
        oneseed_numpy_shuffle(state, order, n, sizeof *order);
}

static int wrap_axis(vm *m, value axis, int n_dims)
{
    int64_t k = is_none(axis) ? 0 : to_int64(m, axis, "axis");
    if (k < -n_dims || k >= n_dims)
        fail(m, "AxisError: axis %lld is out of bounds for array of dimension %d", (long long)k, n_dims);
    return (int)(k < 0 ? k + n_dims : k);
}

/* --- shuffle, permutation, permuted ---------------------------------------------------------------------------------- */

static value shuffle(vm *m, value self, value x, value axis, bool legacy)
{
    struct bitgen *b = drawing(m, self);
    if (x.kind == V_ARRAY) {
        struct array *a = x.u.array;
        if (a->n_dims == 0)
            type_error(m, "cannot shuffle a 0-dimensional array");
        int k = wrap_axis(m, axis, a->n_dims);
        size_t n = (size_t)a->shape[k];
        int64_t *order = identity(m, n);
        shuffle_indices(&b->state, order, n, legacy);
        struct array *rows = take_rows(m, a, order, n, k);
        struct cursor d = cursor_start(a);
        for (struct cursor c = cursor_start(rows); cursor_more(&c); cursor_next(&c), cursor_next(&d))
            memcpy(a->buffer->bytes + d.offset, rows->buffer->bytes + c.offset, a->item_nbytes);
        return NONE;
    }
    if (x.kind != V_LIST)
        type_error(m, "shuffle() takes a list or an array here, not '%s'", type_name(x));
    if (!is_none(axis) && to_int64(m, axis, "axis") != 0)
        fail(m, "NotImplementedError: Axis argument is only supported on ndarray objects");
    size_t n = x.u.seq->n;
    int64_t *order = identity(m, n);
    shuffle_indices(&b->state, order, n, legacy);
    reorder(m, x, order, n);
    return NONE;
}

static value permutation(vm *m, value self, value x, value axis, bool legacy)
{
    struct bitgen *b = drawing(m, self);
    if (is_integer(x) || (x.kind == V_ARRAY && x.u.array->n_dims == 0)) {
        int64_t n = to_int64(m, x, "x");
        if (n < 0)
            value_error(m, "negative dimensions are not allowed");
        struct array *out = array_new(m, DT_INT64, 1, &n, 0);
        int64_t *order = (int64_t *)(void *)out->buffer->bytes;
        for (int64_t i = 0; i < n; i++)
            order[i] = i;
        shuffle_indices(&b->state, order, (size_t)n, legacy);
        return array_value(out);
    }
    struct array *a = array_from(m, x, DT_NONE);
    if (a->n_dims == 0)
        fail(m, "AxisError: x must be an integer or at least 1-dimensional");
    int k = wrap_axis(m, axis, a->n_dims);
    size_t n = (size_t)a->shape[k];
    int64_t *order = identity(m, n);
    shuffle_indices(&b->state, order, n, legacy);
    return array_value(take_rows(m, a, order, n, k));
}

value legacy_shuffle(vm *m, value self, const struct arguments *arguments)
{
    value x;
    take_arguments(m, "shuffle", "x", arguments, &x);
    return shuffle(m, self, x, NONE, true);
}

value legacy_permutation(vm *m, value self, const struct arguments *arguments)
{
    value x;
    take_arguments(m, "permutation", "x", arguments, &x);
    return permutation(m, self, x, NONE, true);
}

value generator_shuffle(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "shuffle", "x axis=", arguments, a);
    return shuffle(m, self, a[0], a[1], false);
}

value generator_permutation(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "permutation", "x axis=", arguments, a);
    return permutation(m, self, a[0], a[1], false);
}

value generator_permuted(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, "permuted", "x * axis= out=", arguments, a);
    struct bitgen *b = drawing(m, self);
    struct array *out = array_copy(m, array_from(m, a[0], DT_NONE));
    if (is_none(a[1])) {
        oneseed_numpy_shuffle(&b->state, out->buffer->bytes, (size_t)array_size(out), out->item_nbytes);
    } else {
        int k = wrap_axis(m, a[1], out->n_dims);
        size_t n_outer = shape_n(m, k, out->shape), n_inner = shape_n(m, out->n_dims - k - 1, out->shape + k + 1);
        oneseed_numpy_permuted(&b->state, out->buffer->bytes, n_outer, (size_t)out->shape[k], n_inner,
                               out->item_nbytes);
    }
    if (is_none(a[2]))
        return array_value(out);
    if (a[2].kind != V_ARRAY)
        type_error(m, "out must be a numpy array");
    array_assign_in_place(m, a[2].u.array, array_value(out), true);
    return a[2];
}

/* --- choice ---------------------------------------------------------------------------------------------------------- */

struct choosing {
    value a, size, replace, p, axis, shuffle;
    bool legacy;
};

/* n indices below n_population. */
static int64_t *choose(vm *m, oneseed_numpy *state, const struct choosing *c, size_t n_population, size_t n)
{
    int64_t *out = tree_memory(m, (n + 1) * sizeof *out);
    bool replace = c->replace.kind == V_NOTHING || truth(m, c->replace),
         shuffled = c->shuffle.kind == V_NOTHING || truth(m, c->shuffle);
    oneseed_status status;
    step(m, n + n_population / 8);
    if (!is_none(c->p)) {
        struct array *p = array_from(m, c->p, DT_NONE);
        double epsilon = p->dt == DT_FLOAT32   ? 0.00034526698300124393
                         : p->dt == DT_FLOAT16 ? 0.03125
                                               : 0; /* roots of their eps */
        p = array_as(m, p, DT_FLOAT64);
        if (p->n_dims != 1)
            value_error(m, "%s must be 1-dimensional", c->legacy ? "'p'" : "p");
        if ((size_t)p->shape[0] != n_population)
            value_error(m, "%s must have same size", c->legacy ? "'a' and 'p'" : "a and p");
        const double *weights = (const double *)(const void *)array_bytes(p);
        double *work = tree_memory(m, 2 * (n_population + 1) * sizeof *work);
        status =
            c->legacy
                ? (replace
                       ? oneseed_numpy_legacy_choice_weighted_fill(state, weights, n_population, epsilon, work, out, n)
                       : oneseed_numpy_legacy_choice_weighted_distinct_fill(state, weights, n_population, epsilon, work,
                                                                            out, n))
                : (replace ? oneseed_numpy_choice_weighted_fill(state, weights, n_population, epsilon, work, out, n)
                           : oneseed_numpy_choice_weighted_distinct_fill(state, weights, n_population, epsilon, work,
                                                                         out, n));
    } else if (replace) {
        status = c->legacy ? oneseed_numpy_legacy_choice_fill(state, n_population, out, n)
                           : oneseed_numpy_choice_fill(state, n_population, out, n);
    } else if (c->legacy) {
        int64_t *work = tree_memory(m, (n_population + 1) * sizeof *work);
        status = oneseed_numpy_legacy_choice_distinct_fill(state, n_population, work, out, n);
    } else {
        size_t n_work = n <= n_population ? oneseed_numpy_choice_distinct_work(n_population, n, shuffled) : 0;
        int64_t *work = tree_memory(m, (n_work + 1) * sizeof *work);
        status = oneseed_numpy_choice_distinct_fill(state, n_population, shuffled, work, out, n);
    }
    refuse(m, status, false);
    return out;
}

static value run_choice(vm *m, value self, const struct choosing *c)
{
    struct bitgen *b = drawing(m, self);
    bool of_integer = is_integer(c->a) || (c->a.kind == V_ARRAY && c->a.u.array->n_dims == 0);
    struct array *a = of_integer ? NULL : array_from(m, c->a, DT_NONE);
    int64_t population, shape[MAX_DIMS];
    int axis = 0, n_dims = size_shape(m, c->size, shape);
    if (of_integer) {
        population = to_int64(m, c->a, "a");
    } else {
        if (a->n_dims == 0 || (c->legacy && a->n_dims != 1))
            value_error(m, "%s", c->legacy ? "a must be 1-dimensional" : "a must be a sequence or an integer");
        axis = wrap_axis(m, c->axis, a->n_dims);
        population = a->shape[axis];
    }
    size_t n = n_dims < 0 ? 1 : shape_n(m, n_dims, shape);
    if (population < 0 || (population == 0 && n > 0))
        refuse(m, c->legacy ? ONESEED_NUMPY_LEGACY_EMPTY_POPULATION : ONESEED_NUMPY_EMPTY_POPULATION, false);
    if (!of_integer && population == 0 && n > 0)
        value_error(m, "'a' cannot be empty unless no samples are taken");
    int64_t *order = choose(m, &b->state, c, (size_t)population, n);
    if (of_integer && n_dims < 0)
        return INT(order[0]);
    if (of_integer) {
        struct array *out = array_new(m, DT_INT64, n_dims, shape, 0);
        memcpy(out->buffer->bytes, order, n * sizeof *order);
        return array_value(out);
    }
    struct array *rows = take_rows(m, a, order, n, axis);
    int64_t full[MAX_DIMS];
    int n_full = 0;
    if ((n_dims < 0 ? 0 : n_dims) + a->n_dims - 1 > MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    for (int i = 0; i < a->n_dims; i++) {
        for (int k = 0; i == axis && k < n_dims; k++)
            full[n_full++] = shape[k];
        if (i != axis)
            full[n_full++] = a->shape[i];
    }
    return array_or_scalar(m, array_reshape(m, rows, n_full, full));
}

value legacy_choice(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    take_arguments(m, "choice", "a size= replace= p=", arguments, a);
    return run_choice(m, self, &(struct choosing){a[0], a[1], a[2], a[3], NONE, NOTHING, true});
}

value generator_choice(vm *m, value self, const struct arguments *arguments)
{
    value a[6];
    take_arguments(m, "choice", "a size= replace= p= axis= shuffle=", arguments, a);
    return run_choice(m, self, &(struct choosing){a[0], a[1], a[2], a[3], a[4], a[5], false});
}

/* --- Several cells --------------------------------------------------------------------------------------------------- */

/* The shape of the draws with one more axis. */
static struct array *rows_for(vm *m, value size, dtype dt, int64_t n_cells, size_t *n_draws)
{
    int64_t shape[MAX_DIMS];
    int n_dims = size_shape(m, size, shape);
    n_dims = n_dims < 0 ? 0 : n_dims;
    if (n_dims == MAX_DIMS)
        value_error(m, "more than %d dimensions", MAX_DIMS);
    *n_draws = shape_n(m, n_dims, shape);
    shape[n_dims] = n_cells;
    step(m, *n_draws);
    return array_new(m, dt, n_dims + 1, shape, 0);
}

static value multinomial(vm *m, value self, const struct arguments *arguments, bool legacy)
{
    value a[3];
    size_t n_draws;
    take_arguments(m, "multinomial", "n pvals size=", arguments, a);
    struct bitgen *b = drawing(m, self);
    struct array *p = array_as(m, array_from(m, a[1], DT_NONE), DT_FLOAT64);
    if (p->n_dims != 1 || (a[0].kind == V_ARRAY && a[0].u.array->n_dims > 0) || is_sequence(a[0]))
        fail(m, "multinomial() of several n or rows of pvals is not supported");
    struct array *out = rows_for(m, a[2], DT_INT64, p->shape[0], &n_draws);
    const double *pvals = (const double *)(const void *)array_bytes(p);
    int64_t n = to_int64(m, a[0], "n"), *to = (int64_t *)(void *)out->buffer->bytes;
    refuse(m,
           legacy ? oneseed_numpy_legacy_multinomial_fill(&b->state, n, pvals, (size_t)p->shape[0], to, n_draws)
                  : oneseed_numpy_multinomial_fill(&b->state, n, pvals, (size_t)p->shape[0], to, n_draws),
           false);
    return array_value(out);
}

static value dirichlet(vm *m, value self, const struct arguments *arguments, bool legacy)
{
    value a[2];
    size_t n_draws;
    take_arguments(m, "dirichlet", "alpha size=", arguments, a);
    struct bitgen *b = drawing(m, self);
    struct array *alpha = array_as(m, array_from(m, a[0], DT_NONE), DT_FLOAT64);
    if (alpha->n_dims != 1)
        value_error(m, "object too deep for desired array: alpha is one-dimensional");
    size_t n = (size_t)alpha->shape[0];
    struct array *out = rows_for(m, a[1], DT_FLOAT64, alpha->shape[0], &n_draws);
    const double *from = (const double *)(const void *)array_bytes(alpha);
    double *to = (double *)(void *)out->buffer->bytes, *work = tree_memory(m, (n + 1) * sizeof *work);
    refuse(m,
           legacy ? oneseed_numpy_legacy_dirichlet_fill(&b->state, from, n, to, n_draws)
                  : oneseed_numpy_dirichlet_fill(&b->state, from, n, work, to, n_draws),
           false);
    return array_value(out);
}

value legacy_multinomial(vm *m, value self, const struct arguments *arguments)
{
    return multinomial(m, self, arguments, true);
}

value generator_multinomial(vm *m, value self, const struct arguments *arguments)
{
    return multinomial(m, self, arguments, false);
}

value legacy_dirichlet(vm *m, value self, const struct arguments *arguments)
{
    return dirichlet(m, self, arguments, true);
}

value generator_dirichlet(vm *m, value self, const struct arguments *arguments)
{
    return dirichlet(m, self, arguments, false);
}

value generator_multivariate_hypergeometric(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    size_t n_draws;
    take_arguments(m, "multivariate_hypergeometric", "colors nsample size= method=", arguments, a);
    struct bitgen *b = drawing(m, self);
    struct array *colors = array_as(m, array_from(m, a[0], DT_NONE), DT_INT64);
    bool count = is_text(a[3]) && strcmp(a[3].u.text->bytes, "count") == 0;
    if (!count && a[3].kind != V_NOTHING && !(is_text(a[3]) && strcmp(a[3].u.text->bytes, "marginals") == 0))
        value_error(m, "method must be \"count\" or \"marginals\".");
    if (colors->n_dims != 1)
        refuse(m, ONESEED_NUMPY_COLORS_INVALID, false);
    size_t n = (size_t)colors->shape[0];
    const int64_t *from = (const int64_t *)(const void *)array_bytes(colors);
    struct array *out = rows_for(m, a[2], DT_INT64, colors->shape[0], &n_draws);
    int64_t nsample = to_int64(m, a[1], "nsample"), *to = (int64_t *)(void *)out->buffer->bytes;
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++) {
        total += from[i] > 0 ? (uint64_t)from[i] : 0;
        if (total > INT64_MAX || from[i] < 0)
            total = 0;
    }
    if (count && total > (uint64_t)1 << 40)
        fail(m, "MemoryError: method=\"count\" of %llu items", (unsigned long long)total);
    int64_t *work = tree_memory(m, (count ? (size_t)total + 1 : 1) * sizeof *work);
    refuse(m,
           count ? oneseed_numpy_multivariate_hypergeometric_count_fill(&b->state, from, n, nsample, work, to, n_draws)
                 : oneseed_numpy_multivariate_hypergeometric_fill(&b->state, from, n, nsample, to, n_draws),
           false);
    return array_value(out);
}

value multivariate_normal(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    (void)arguments;
    fail(m, "multivariate_normal() is not supported: its bits depend on the LAPACK and BLAS libraries behind NumPy");
}
