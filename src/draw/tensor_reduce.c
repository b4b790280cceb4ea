/* tensor_reduce.c - sums, means, deviations, extremes of tensors, all elements or along axes.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* isnan, sqrt */
#include <string.h> /* strcmp, memcpy */

#include "draw/bind_torch.h" /* torch_empty_like */
#include "draw/tensor_methods.h"

/* --- Axes ------------------------------------------------------------------------------------------------------------ */

/* As take_arguments; NumPy's words for the axis do, too. */
static void take_named(vm *m, const char *function, const char *names, const struct arguments *arguments, value *out)
{
    struct arguments renamed = *arguments;
    const char *named[8];
    for (size_t i = 0; i < arguments->n_named && i < 8; i++)
        named[i] = strcmp(arguments->names[i], "axis") == 0       ? "dim"
                   : strcmp(arguments->names[i], "keepdims") == 0 ? "keepdim"
                                                                  : arguments->names[i];
    if (arguments->n_named <= 8)
        renamed.names = named;
    take_arguments(m, function, names, &renamed, out);
}

/* What is reduced, and the shape of the result. */
struct reduction {
    const struct array *a;
    bool reduced[MAX_DIMS], all, keeps;
    int n_out;
    int64_t shape[MAX_DIMS];      /* without the reduced axes */
    int64_t kept_shape[MAX_DIMS]; /* as the caller sees it */
    int n_kept;
};

static struct reduction reduction_of(vm *m, value self, value dim, value keepdim)
{
    struct reduction r = {.a = tensor_values(m, self, "a tensor"), .keeps = !is_none(keepdim) && truth(m, keepdim)};
    const struct array *a = r.a;
    r.all = is_none(dim) || (is_sequence(dim) && dim.u.seq->n == 0);
    for (int i = 0; i < a->n_dims; i++)
        r.reduced[i] = r.all;
    if (!r.all && is_sequence(dim)) {
        for (size_t i = 0; i < dim.u.seq->n; i++) {
            int axis = torch_axis(m, dim.u.seq->items[i], a->n_dims);
            if (r.reduced[axis] && a->n_dims > 0)
                fail(m, "RuntimeError: dim %d appears multiple times in the list of dims", axis);
            r.reduced[axis] = true;
        }
    } else if (!r.all) {
        r.reduced[torch_axis(m, dim, a->n_dims)] = true;
    }
    for (int i = 0; i < a->n_dims; i++) {
        if (!r.reduced[i])
            r.shape[r.n_out++] = a->shape[i];
        if (!r.reduced[i] || r.keeps)
            r.kept_shape[r.n_kept++] = r.reduced[i] ? 1 : a->shape[i];
    }
    step(m, (uint64_t)array_size(a));
    return r;
}

static struct array *result_for(vm *m, const struct reduction *r, dtype dt)
{
    return array_new(m, dt, r->n_out, r->shape, 0);
}

static value finish(vm *m, const struct reduction *r, struct array *out, const char *grad_fn, value self)
{
    int64_t shape[MAX_DIMS];
    memcpy(shape, r->kept_shape, sizeof shape);
    return tensor_result(m, array_reshape(m, out, r->n_kept, shape), grad_fn, &self, 1);
}

static int64_t n_reduced(const struct reduction *r)
{
    int64_t n = 1;
    for (int i = 0; i < r->a->n_dims; i++)
        n *= r->reduced[i] ? r->a->shape[i] : 1;
    return n;
}

/* The array with the reduced axes last: each result's elements one after another. */
static struct array *lanes_of(vm *m, const struct reduction *r)
{
    struct array *view = array_view(m, r->a);
    int n = 0;
    for (int turn = 0; turn < 2; turn++)
        for (int i = 0; i < r->a->n_dims; i++)
            if (r->reduced[i] == (turn == 1)) {
                view->shape[n] = r->a->shape[i];
                view->strides[n++] = r->a->strides[i];
            }
    return array_copy(m, view);
}

/* --- Sums ------------------------------------------------------------------------------------------------------------ */

static void require_cpu(vm *m, value self, const char *name)
{
    if (self.u.tensor->device != DEVICE_CPU && dtype_is_float(self.u.tensor->array->dt) &&
        !tensor_sum_is_exact(self.u.tensor->array))
        fail(m, "%s() of floats on a GPU is not supported (the order of summation)", name);
}

static struct array *sum_of(vm *m, const struct reduction *r, dtype dt)
{
    struct array *out = result_for(m, r, dt);
    if (dtype_is_float(dt) && dtype_nbytes(dt) == 2) { /* half types are summed as float32 */
        struct reduction wide = *r;
        wide.a = torch_cast_like(m, r->a, DT_FLOAT32);
        return tensor_cast(m, sum_of(m, &wide, DT_FLOAT32), dt);
    }
    if (dtype_is_float(dt)) {
        tensor_sum_floats(m, r->a, r->reduced, out);
        return out;
    }
    const struct array *lanes = lanes_of(m, r);
    const char *at = array_bytes(lanes);
    int64_t n = n_reduced(r), n_out = array_size(out);
    for (int64_t k = 0; k < n_out; k++) {
        uint64_t sum = 0;
        for (int64_t i = 0; i < n; i++, at += lanes->item_nbytes)
            sum += (uint64_t)load_integer(lanes->dt, at);
        store_integer(dt, out->buffer->bytes + k * out->item_nbytes, (int64_t)sum);
    }
    return out;
}

/* What is summed as another dtype is converted first. */
static value as_dtype(vm *m, value self, dtype dt)
{
    const struct array *a = tensor_values(m, self, "a tensor");
    return a->dt == dt ? self : tensor_result(m, torch_cast_like(m, a, dt), NULL, &self, 1);
}

static value tensor_sum(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_named(m, "sum", "dim= keepdim= * dtype=", arguments, a);
    require_cpu(m, self, "sum");
    dtype from = (dtype)tensor_values(m, self, "a tensor")->dt;
    dtype dt = torch_dtype_from(m, a[2], dtype_is_float(from) ? from : DT_INT64);
    value source = as_dtype(m, self, dt);
    struct reduction r = reduction_of(m, source, a[0], a[1]);
    return finish(m, &r, sum_of(m, &r, dt), r.all && !r.keeps ? "SumBackward0" : "SumBackward1", self);
}

static value tensor_mean(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_named(m, "mean", "dim= keepdim= * dtype=", arguments, a);
    require_cpu(m, self, "mean");
    dtype dt = torch_dtype_from(m, a[2], (dtype)tensor_values(m, self, "a tensor")->dt);
    if (!dtype_is_float(dt))
        fail(m,
             "RuntimeError: mean(): could not infer output dtype. Input dtype must be either a floating point or "
             "complex "
             "dtype. Got: %s",
             torch_scalar_name(dt));
    dtype acc = dt == DT_FLOAT64 ? DT_FLOAT64 : DT_FLOAT32; /* half types: sum and quotient are float32's */
    value source = as_dtype(m, self, acc);
    struct reduction r = reduction_of(m, source, a[0], a[1]);
    struct array *out = sum_of(m, &r, acc);
    double n = round_to(acc, (double)n_reduced(&r));
    char *at = out->buffer->bytes;
    for (int64_t left = array_size(out); left > 0; left--, at += out->item_nbytes)
        store_double(acc, at, load_double(acc, at) / n);
    if (dt != acc)
        out = tensor_cast(m, out, dt);
    return finish(m, &r, out, r.all && !r.keeps ? "MeanBackward0" : "MeanBackward1", self);
}

/* ATen/native/ReduceOps.cpp: std_var_all_cpu, where there is one result. The mean as above, then squares in double, one after the other. */
static double squares_of_all(vm *m, const struct reduction *r)
{
    const struct array *a = torch_memory_order(m, r->a);
    struct reduction all = *r;
    dtype dt = (dtype)a->dt;
    int n_axes = 0;
    for (int i = 0; i < a->n_dims; i++)
        n_axes += a->shape[i] > 1;
    if (n_axes > 1 && !array_is_contiguous(a))
        fail(m, "a deviation of all elements of a tensor with gaps is not supported (the order of summation)");
    all.a = a;
    for (int i = 0; i < a->n_dims; i++)
        all.reduced[i] = true;
    all.n_out = 0;
    double mean = load_double(dt, sum_of(m, &all, dt)->buffer->bytes), total = 0;
    mean = round_to(dt, mean / round_to(dt, (double)array_size(a)));
    for (struct cursor c = cursor_start(a); cursor_more(&c); cursor_next(&c)) {
        double d = load_double(dt, a->buffer->bytes + c.offset) - mean;
        total += d * d;
    }
    return total;
}

/* WelfordOps in double; GCC contracts nothing here. */
static double squares_of_lane(dtype dt, const char *at, int64_t n)
{
    double mean = 0, total = 0;
    for (int64_t i = 0; i < n; i++, at += dtype_nbytes(dt)) {
        double x = load_double(dt, at), delta = x - mean;
        mean += delta / (double)(i + 1);
        total += delta * (x - mean);
    }
    return total;
}

static value deviation(vm *m, value self, const struct arguments *arguments, const char *name, bool root)
{
    value a[4];
    take_named(m, name, "dim= unbiased= keepdim= * correction=", arguments, a);
    if (self.u.tensor->device != DEVICE_CPU)
        fail(m, "%s() on a GPU is not supported (the order of its roundings)", name);
    if (a[0].kind == V_BOOL) { /* std(False) */
        a[1] = a[0];
        a[0] = NOTHING;
    }
    const struct array *from = tensor_values(m, self, "a tensor");
    dtype dt = (dtype)from->dt;
    if (!dtype_is_float(dt))
        fail(m, "RuntimeError: std and var only support floating point and complex dtypes");
    if (dtype_nbytes(dt) == 2)
        fail(m, "%s() of %s is not supported (the order of its roundings)", name, dtype_name(dt));
    struct reduction r = reduction_of(m, self, a[0], a[2]);
    double correction = !is_none(a[3]) ? to_double(m, a[3], "correction") : is_none(a[1]) || truth(m, a[1]) ? 1 : 0;
    struct array *out = result_for(m, &r, dt);
    int64_t n_out = array_size(out), n = n_reduced(&r);
    int n_axes = 0;
    for (int i = 0; i < from->n_dims; i++)
        n_axes += r.reduced[i];
    if (n_out > 1 && n_axes > 1 && !array_is_contiguous(from))
        fail(m, "%s() along several axes of a tensor that is not contiguous is not supported (the order of summation)",
             name);
    const char *lane = n_out > 1 ? array_bytes(lanes_of(m, &r)) : NULL;
    double left = (double)n - correction;
    for (int64_t k = 0; k < n_out; k++) {
        double total = n_out == 1 ? squares_of_all(m, &r) : squares_of_lane(dt, lane + k * n * from->item_nbytes, n);
        double variance = n == 0 ? (double)NAN : total / (left > 0 ? left : 0);
        store_double(dt, out->buffer->bytes + k * out->item_nbytes, root ? sqrt(variance) : variance);
    }
    return finish(m, &r, out, root ? "StdBackward0" : "VarBackward0", self);
}

static value tensor_std(vm *m, value self, const struct arguments *arguments)
{
    return deviation(m, self, arguments, "std", true);
}

static value tensor_var(vm *m, value self, const struct arguments *arguments)
{
    return deviation(m, self, arguments, "var", false);
}

static value tensor_prod(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_named(m, "prod", "dim= keepdim= * dtype=", arguments, a);
    dtype from = (dtype)tensor_values(m, self, "a tensor")->dt;
    dtype dt = torch_dtype_from(m, a[2], dtype_is_float(from) ? from : DT_INT64);
    if (dtype_is_float(dt))
        fail(m, "prod() of floats is not supported (the order of multiplication)");
    struct reduction r = reduction_of(m, self, a[0], a[1]);
    const struct array *lanes = lanes_of(m, &r);
    struct array *out = result_for(m, &r, dt);
    const char *at = array_bytes(lanes);
    int64_t n = n_reduced(&r);
    for (int64_t k = 0; k < array_size(out); k++) {
        uint64_t product = 1;
        for (int64_t i = 0; i < n; i++, at += lanes->item_nbytes)
            product *= (uint64_t)load_integer(lanes->dt, at);
        store_integer(dt, out->buffer->bytes + k * out->item_nbytes, (int64_t)product);
    }
    return finish(m, &r, out, NULL, self);
}

/* Sums up to each place, in double for all floats (ATen/native/cpu/ReduceOpsKernel.cpp: cumsum_cpu_kernel). */
static value running(vm *m, value self, const struct arguments *arguments, const char *name, bool product)
{
    value a[2];
    take_named(m, name, "dim * dtype=", arguments, a);
    require_cpu(m, self, name);
    dtype from = (dtype)tensor_values(m, self, "a tensor")->dt;
    dtype dt = torch_dtype_from(m, a[1], dtype_is_float(from) ? from : DT_INT64);
    if (dt == DT_FLOAT16 || dt == DT_BFLOAT16)
        fail(m, "%s() of %s is not supported", name, dtype_name(dt));
    struct array *out = tensor_cast(m, tensor_values(m, self, "a tensor"), dt);
    int axis = torch_axis(m, a[0], out->n_dims);
    int64_t n = out->n_dims > 0 ? out->shape[axis] : 1, by = out->n_dims > 0 ? out->strides[axis] : 0;
    struct array *firsts = array_view(m, out);
    if (out->n_dims > 0)
        firsts->shape[axis] = n > 0 ? 1 : 0;
    step(m, (uint64_t)array_size(out));
    for (struct cursor c = cursor_start(firsts); cursor_more(&c); cursor_next(&c)) {
        char *at = out->buffer->bytes + c.offset;
        double x = product;
        uint64_t u = product;
        for (int64_t i = 0; i < n; i++, at += by) {
            if (dtype_is_float(dt)) {
                x = product ? x * load_double(dt, at) : x + load_double(dt, at);
                store_double(dt, at, x);
            } else {
                uint64_t y = (uint64_t)load_integer(dt, at);
                u = product ? u * y : u + y;
                store_integer(dt, at, (int64_t)u);
            }
        }
    }
    return tensor_result(m, out, product ? "CumprodBackward0" : "CumsumBackward0", &self, 1);
}

static value tensor_cumsum(vm *m, value self, const struct arguments *arguments)
{
    return running(m, self, arguments, "cumsum", false);
}

static value tensor_cumprod(vm *m, value self, const struct arguments *arguments)
{
    return running(m, self, arguments, "cumprod", true);
}

/* --- Extremes -------------------------------------------------------------------------------------------------------- */

/* The first extreme of a lane; the first nan, where there is one. */
static int64_t best_of(unsigned dt, const char *at, int64_t n, bool most)
{
    size_t size = dtype_nbytes((dtype)dt);
    int64_t best = 0;
    for (int64_t i = 0; i < n; i++) {
        const char *x = at + (size_t)i * size, *y = at + (size_t)best * size;
        bool better;
        if (dtype_is_float(dt)) {
            double u = load_double(dt, x), v = load_double(dt, y);
            if (isnan(v))
                return best;
            better = isnan(u) || (most ? u > v : u < v);
        } else if (dt == DT_UINT64) {
            uint64_t u = (uint64_t)load_integer(dt, x), v = (uint64_t)load_integer(dt, y);
            better = most ? u > v : u < v;
        } else {
            int64_t u = load_integer(dt, x), v = load_integer(dt, y);
            better = most ? u > v : u < v;
        }
        if (better)
            best = i;
    }
    return best;
}

static void extremes(vm *m, const struct reduction *r, bool most, struct array **values_out, struct array **indices_out)
{
    const struct array *lanes = lanes_of(m, r);
    struct array *values = result_for(m, r, (dtype)r->a->dt), *indices = result_for(m, r, DT_INT64);
    int64_t n = n_reduced(r), n_out = array_size(values);
    const char *at = array_bytes(lanes);
    for (int64_t k = 0; k < n_out; k++, at += n * lanes->item_nbytes) {
        int64_t best = best_of(lanes->dt, at, n, most);
        memcpy(values->buffer->bytes + k * values->item_nbytes, at + best * lanes->item_nbytes, values->item_nbytes);
        store_integer(DT_INT64, indices->buffer->bytes + 8 * k, best);
    }
    *values_out = values;
    *indices_out = indices;
}

static void require_elements(vm *m, const struct reduction *r, const char *name, const char *error)
{
    if (r->all && array_size(r->a) == 0)
        fail(m,
             "%s: %s(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with "
             "the "
             "'dim' argument.",
             error, name);
    for (int i = 0; !r->all && i < r->a->n_dims; i++)
        if (r->reduced[i] && r->a->shape[i] == 0)
            fail(m, "IndexError: %s(): Expected reduction dim %d to have non-zero size.", name, i);
}

static value extreme(vm *m, value self, const struct arguments *arguments, const char *name, bool most)
{
    value a[2];
    struct array *values, *indices;
    if (arguments->n_positional == 1 && arguments->positional[0].kind == V_TENSOR) /* of two tensors */
        return tensor_method_named(most ? "maximum" : "minimum")->call(m, self, arguments);
    take_named(m, name, "dim= keepdim=", arguments, a);
    struct reduction r = reduction_of(m, self, a[0], a[1]);
    require_elements(m, &r, name, "RuntimeError");
    extremes(m, &r, most, &values, &indices);
    if (r.all)
        return finish(m, &r, values, most ? "MaxBackward1" : "MinBackward1", self);
    value both[] = {finish(m, &r, values, most ? "MaxBackward0" : "MinBackward0", self),
                    finish(m, &r, indices, NULL, self)};
    return make_return_type(m, name, both, 2);
}

static value tensor_max(vm *m, value self, const struct arguments *arguments)
{
    return extreme(m, self, arguments, "max", true);
}

static value tensor_min(vm *m, value self, const struct arguments *arguments)
{
    return extreme(m, self, arguments, "min", false);
}

static value extreme_values(vm *m, value self, const struct arguments *arguments, const char *name, bool most)
{
    value a[2];
    struct array *values, *indices;
    take_named(m, name, "dim= keepdim=", arguments, a);
    struct reduction r = reduction_of(m, self, a[0], a[1]);
    require_elements(m, &r, name, "IndexError");
    extremes(m, &r, most, &values, &indices);
    return finish(m, &r, values, most ? "AmaxBackward0" : "AminBackward0", self);
}

static value tensor_amax(vm *m, value self, const struct arguments *arguments)
{
    return extreme_values(m, self, arguments, "amax", true);
}

static value tensor_amin(vm *m, value self, const struct arguments *arguments)
{
    return extreme_values(m, self, arguments, "amin", false);
}

static value position(vm *m, value self, const struct arguments *arguments, const char *name, bool most)
{
    value a[2];
    struct array *values, *indices;
    take_named(m, name, "dim= keepdim=", arguments, a);
    struct reduction r = reduction_of(m, self, a[0], a[1]);
    if (r.all && array_size(r.a) == 0)
        fail(m, "IndexError: %s(): Expected reduction dim to be specified for input.numel() == 0.", name);
    require_elements(m, &r, name, "IndexError");
    if (r.a->dt == DT_BOOL)
        fail(m, "RuntimeError: %s(): does not support bool input", name);
    extremes(m, &r, most, &values, &indices);
    return finish(m, &r, indices, NULL, self);
}

static value tensor_argmax(vm *m, value self, const struct arguments *arguments)
{
    return position(m, self, arguments, "argmax", true);
}

static value tensor_argmin(vm *m, value self, const struct arguments *arguments)
{
    return position(m, self, arguments, "argmin", false);
}

/* The lower one of the two in the middle; nan, where there is one. */
static value tensor_median(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "median", arguments); /* along an axis the index of equals depends on the machine */
    struct array *a = tensor_values(m, self, "a tensor");
    int64_t n = array_size(a), all = -1;
    struct array *out = array_new(m, (dtype)a->dt, 0, NULL, 0);
    if (n == 0) {
        if (!dtype_is_float(a->dt))
            fail(m, "median() of no integers is not supported");
        store_double(a->dt, out->buffer->bytes, (double)NAN);
        return tensor_result(m, out, "MedianBackward0", &self, 1);
    }
    struct arguments none = {0};
    value flat = tensor_reshaped(m, tensor_result(m, a, NULL, &self, 1), 1, &all);
    const struct array *sorted = tensor_method_named("sort")->call(m, flat, &none).u.seq->items[0].u.tensor->array;
    const char *last = sorted->buffer->bytes + (n - 1) * sorted->item_nbytes;
    bool is_nan = dtype_is_float(a->dt) && isnan(load_double(a->dt, last));
    memcpy(out->buffer->bytes, is_nan ? last : sorted->buffer->bytes + (n - 1) / 2 * sorted->item_nbytes,
           a->item_nbytes);
    return tensor_result(m, out, "MedianBackward0", &self, 1);
}

/* --- Truths ---------------------------------------------------------------------------------------------------------- */

typedef enum question { ASK_ANY, ASK_ALL, ASK_COUNT } question;

static value asked(vm *m, value self, const struct arguments *arguments, const char *name, question q)
{
    value a[2];
    a[1] = NOTHING;
    take_named(m, name, q == ASK_COUNT ? "dim=" : "dim= keepdim=", arguments, a);
    struct reduction r = reduction_of(m, self, a[0], a[1]);
    const struct array *lanes = lanes_of(m, &r);
    dtype dt = q == ASK_COUNT ? DT_INT64 : r.a->dt == DT_UINT8 ? DT_UINT8 : DT_BOOL;
    struct array *out = result_for(m, &r, dt);
    const char *at = array_bytes(lanes);
    int64_t n = n_reduced(&r);
    for (int64_t k = 0; k < array_size(out); k++) {
        int64_t count = 0;
        for (int64_t i = 0; i < n; i++, at += lanes->item_nbytes)
            count += load_double(lanes->dt, at) != 0;
        store_integer(dt, out->buffer->bytes + k * out->item_nbytes,
                      q == ASK_COUNT ? count
                      : q == ASK_ANY ? count > 0
                                     : count == n);
    }
    return finish(m, &r, out, NULL, self);
}

static value tensor_any(vm *m, value self, const struct arguments *arguments)
{
    return asked(m, self, arguments, "any", ASK_ANY);
}

static value tensor_all(vm *m, value self, const struct arguments *arguments)
{
    return asked(m, self, arguments, "all", ASK_ALL);
}

static value tensor_count_nonzero(vm *m, value self, const struct arguments *arguments)
{
    return asked(m, self, arguments, "count_nonzero", ASK_COUNT);
}

/* --- Tables ---------------------------------------------------------------------------------------------------------- */

FUNCTION_OF(sum)
FUNCTION_OF(mean)
FUNCTION_OF(std)
FUNCTION_OF(var)
FUNCTION_OF(prod)
FUNCTION_OF(cumsum)
FUNCTION_OF(cumprod)
FUNCTION_OF(max)
FUNCTION_OF(min)
FUNCTION_OF(amax)
FUNCTION_OF(amin)
FUNCTION_OF(argmax)
FUNCTION_OF(argmin)
FUNCTION_OF(median)
FUNCTION_OF(any)
FUNCTION_OF(all)
FUNCTION_OF(count_nonzero)

const struct native tensor_reduce_methods[] = {
    METHOD(sum),     METHOD(mean),          METHOD(std),
    METHOD(var),     METHOD(prod),          METHOD(cumsum),
    METHOD(cumprod), METHOD(max),           METHOD(min),
    METHOD(amax),    METHOD(amin),          METHOD(argmax),
    METHOD(argmin),  METHOD(median),        METHOD(any),
    METHOD(all),     METHOD(count_nonzero), {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native torch_reduce_functions[] = {
    FUNCTION(sum),     FUNCTION(mean),          FUNCTION(std),
    FUNCTION(var),     FUNCTION(prod),          FUNCTION(cumsum),
    FUNCTION(cumprod), FUNCTION(max),           FUNCTION(min),
    FUNCTION(amax),    FUNCTION(amin),          FUNCTION(argmax),
    FUNCTION(argmin),  FUNCTION(median),        FUNCTION(any),
    FUNCTION(all),     FUNCTION(count_nonzero), {NULL, NULL, NATIVE_FUNCTION, 0}};
