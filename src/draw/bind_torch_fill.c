/* bind_torch_fill.c - draws into the memory of PyTorch's tensors: the order of TensorIterator, blocks, refusals.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <string.h> /* memcpy */

#include "draw/bind_torch.h"
#include "draw/syntax.h" /* tree_memory */

enum { LAZY_FROM = 1 << 20, NORMAL_BLOCK = 16 };

/* --- Dtypes ---------------------------------------------------------------------------------------------------------- */

static const struct {
    oneseed_torch_dtype library;
    const char *scalar, *cpp;
} dtypes[] = {[DT_BOOL] = {ONESEED_TORCH_BOOL, "Bool", "bool"},
              [DT_INT8] = {ONESEED_TORCH_INT8, "Char", "signed char"},
              [DT_UINT8] = {ONESEED_TORCH_UINT8, "Byte", "unsigned char"},
              [DT_INT16] = {ONESEED_TORCH_INT16, "Short", "short int"},
              [DT_UINT16] = {ONESEED_TORCH_UINT16, "UInt16", "short unsigned int"},
              [DT_INT32] = {ONESEED_TORCH_INT32, "Int", "int"},
              [DT_UINT32] = {ONESEED_TORCH_UINT32, "UInt32", "unsigned int"},
              [DT_INT64] = {ONESEED_TORCH_INT64, "Long", "long int"},
              [DT_UINT64] = {ONESEED_TORCH_UINT64, "UInt64", "long unsigned int"},
              [DT_FLOAT16] = {ONESEED_TORCH_FLOAT16, "Half", "c10::Half"},
              [DT_FLOAT32] = {ONESEED_TORCH_FLOAT32, "Float", "float"},
              [DT_FLOAT64] = {ONESEED_TORCH_FLOAT64, "Double", "double"},
              [DT_BFLOAT16] = {ONESEED_TORCH_BFLOAT16, "BFloat16", "c10::BFloat16"}};

oneseed_torch_dtype torch_library_dtype(vm *m, dtype dt)
{
    if (dt > DT_BFLOAT16)
        fail(m, "a tensor of %s cannot be drawn", dtype_name(dt));
    return dtypes[dt].library;
}

const char *torch_scalar_name(dtype dt)
{
    return dtypes[dt].scalar;
}

/* --- Refusals -------------------------------------------------------------------------------------------------------- */

static _Noreturn void refuse_dtype(vm *m, const struct torch_draw *draw)
{
    static const char *const kernels[] = {[TORCH_RAND] = "check_uniform_bounds",
                                          [TORCH_UNIFORM] = "check_uniform_bounds",
                                          [TORCH_RANDN] = "normal_kernel_cpu",
                                          [TORCH_NORMAL] = "normal_kernel_cpu",
                                          [TORCH_RANDINT] = "random_from_to",
                                          [TORCH_RANDOM] = "random_kernel_cpu",
                                          [TORCH_RANDOM_FROM] = "random_update_from_to",
                                          [TORCH_BERNOULLI] = "bernoulli_scalar_cpu_",
                                          [TORCH_GEOMETRIC] = "geometric_cpu",
                                          [TORCH_LOG_NORMAL] = "log_normal_cpu"};
    fail(m, "NotImplementedError: \"%s\" not implemented for '%s'", kernels[draw->method], dtypes[draw->dt].scalar);
}

void torch_refuse(vm *m, oneseed_status status, const struct torch_draw *draw)
{
    const char *text = oneseed_status_text(status);
    switch (status) {
    case ONESEED_OK:
        return;
    case ONESEED_TORCH_DTYPE:
        refuse_dtype(m, draw);
    case ONESEED_TORCH_EXPONENTIAL_DTYPE:
        fail(m, "RuntimeError: %s%s", text, dtypes[draw->dt].scalar);
    case ONESEED_TORCH_CAUCHY_DTYPE:
    case ONESEED_TORCH_FROM_BOUNDS:
    case ONESEED_TORCH_TO_BOUNDS:
    case ONESEED_TORCH_TO_1_BOUNDS:
        fail(m, "RuntimeError: %s%s", text, dtypes[draw->dt].cpp);
    case ONESEED_TORCH_UNIFORM_RANGE:
        fail(m, "RuntimeError: %s%g > to=%g", text, draw->a, draw->b);
    case ONESEED_TORCH_UNIFORM_WIDTH:
        fail(m, "RuntimeError: %s%g and from=%g which result in to-from to exceed the limit", text, draw->b, draw->a);
    case ONESEED_TORCH_STD:
        fail(m, "RuntimeError: %s%g", text, draw->b);
    case ONESEED_TORCH_RANDOM_RANGE:
    case ONESEED_TORCH_RANDOM_CAST:
        fail(m, "RuntimeError: %s%lld >= to=%lld", text, (long long)draw->low, (long long)draw->high);
    default:
        break;
    }
    size_t n = strlen(text);
    if (n > 0 && text[n - 1] == '=') /* the parameter in question is the last one */
        fail(m, "RuntimeError: %s%g", text,
             draw->method == TORCH_CAUCHY || draw->method == TORCH_LOG_NORMAL ? draw->b : draw->a);
    fail(m, "RuntimeError: %s", text);
}

/* --- Filling --------------------------------------------------------------------------------------------------------- */

static oneseed_status fill_cpu(const struct torch_draw *draw, oneseed_torch *s, bool contiguous, void *out, size_t n)
{
    oneseed_torch_dtype dt = dtypes[draw->dt].library;
    switch (draw->method) {
    case TORCH_RAND:
        return oneseed_torch_rand_fill(s, dt, out, n);
    case TORCH_UNIFORM:
        return oneseed_torch_uniform_fill(s, dt, draw->a, draw->b, out, n);
    case TORCH_RANDN:
    case TORCH_NORMAL:
        if (!contiguous)
            return oneseed_torch_normal_noncontiguous_fill(s, dt, draw->a, draw->b, out, n);
        return draw->method == TORCH_RANDN ? oneseed_torch_randn_fill(s, dt, out, n)
                                           : oneseed_torch_normal_fill(s, dt, draw->a, draw->b, out, n);
    case TORCH_RANDINT:
        return oneseed_torch_randint_fill(s, dt, draw->low, draw->high, out, n);
    case TORCH_RANDOM:
        return oneseed_torch_random_fill(s, dt, out, n);
    case TORCH_RANDOM_FROM:
        return oneseed_torch_random_from_fill(s, dt, draw->low, out, n);
    case TORCH_BERNOULLI:
        return oneseed_torch_bernoulli_fill(s, dt, draw->a, out, n);
    case TORCH_EXPONENTIAL:
        return oneseed_torch_exponential_fill(s, dt, draw->a, out, n);
    case TORCH_GEOMETRIC:
        return oneseed_torch_geometric_fill(s, dt, draw->a, out, n);
    case TORCH_CAUCHY:
        return oneseed_torch_cauchy_fill(s, dt, draw->a, draw->b, out, n);
    case TORCH_LOG_NORMAL:
        return oneseed_torch_log_normal_fill(s, dt, draw->a, draw->b, out, n);
    default:
        break;
    }
    return ONESEED_TORCH_DTYPE;
}

struct output {
    const struct torch_draw *draw;
    bool contiguous;
    char *bytes;
};

static oneseed_status fill_part(oneseed_torch *state, void *argument, size_t begin, size_t n)
{
    const struct output *output = argument;
    size_t nbytes = oneseed_torch_dtype_size(dtypes[output->draw->dt].library);
    return fill_cpu(output->draw, state, output->contiguous, n > 0 ? output->bytes + begin * nbytes : output->bytes, n);
}

static void fill(vm *m, const struct torch_draw *draw, bool contiguous, void *out, size_t n)
{
    struct output output = {draw, contiguous, out};
    oneseed_threads threads = draw_threads(m);
    oneseed_status status = draw->generator->device == DEVICE_CUDA
                                ? torch_cuda_fill(m, draw, contiguous, out, n)
                                : oneseed_torch_parallel(&draw->generator->state, fill_part, &output, n, &threads);
    torch_refuse(m, status, draw);
}

void torch_fill_block(vm *m, const struct torch_draw *draw, void *out, size_t n)
{
    fill(m, draw, true, out, n);
}

/* An element that lies where another one lies cannot be written twice. */
static void require_no_overlap(vm *m, const struct array *a)
{
    for (int i = 0; i < a->n_dims; i++)
        if (a->strides[i] == 0 && a->shape[i] > 1)
            fail(m, "RuntimeError: unsupported operation: more than one element of the written-to tensor refers to a "
                    "single memory location. Please clone() the tensor before performing the operation.");
}

void torch_fill(vm *m, const struct torch_draw *draw, struct array *out)
{
    size_t n = (size_t)array_size(out);
    require_no_overlap(m, out);
    step(m, n);
    if (array_is_contiguous(out)) {
        fill(m, draw, true, array_bytes(out), n);
    } else {
        int64_t length = (int64_t)n;
        struct array *values = array_new(m, (dtype)out->dt, 1, &length, 0);
        fill(m, draw, false, values->buffer->bytes, n);
        torch_from_memory_order(m, out, values);
    }
    out->buffer->unknown = false;
}

/* --- The order of memory --------------------------------------------------------------------------------------------- */

/* TensorIteratorBase::reorder_dimensions (ATen/TensorIterator.cpp, 1.13 to 2.13) for one operand: an insertion sort by strides, which
 * leaves dimensions alone whose stride is 0; equal strides go by size. */
static int swaps(const struct array *a, int inner, int outer)
{
    int64_t x = a->strides[inner], y = a->strides[outer];
    if (x == 0 || y == 0)
        return 0;
    if (x != y)
        return x < y ? -1 : 1;
    return a->shape[inner] > a->shape[outer] ? 1 : 0;
}

/* The dimensions of a tensor, slowest first, as they are walked. */
static void walked_dims(const struct array *a, int order_out[MAX_DIMS])
{
    int order[MAX_DIMS], n = a->n_dims; /* fastest first */
    for (int i = 0; i < n; i++)
        order[i] = n - 1 - i;
    for (int i = 1; i < n; i++)
        for (int outer = i, inner = i - 1; inner >= 0; inner--) {
            int comparison = swaps(a, order[inner], order[outer]);
            if (comparison < 0)
                break;
            if (comparison > 0) {
                int held = order[inner];
                order[inner] = order[outer];
                order[outer] = held;
                outer = inner;
            }
        }
    for (int i = 0; i < n; i++)
        order_out[i] = order[n - 1 - i];
}

struct array *torch_order_as(vm *m, const struct array *a, const struct array *reference)
{
    int order[MAX_DIMS];
    walked_dims(reference, order);
    struct array *view = array_view(m, a);
    for (int i = 0; i < a->n_dims; i++) {
        view->shape[i] = a->shape[order[i]];
        view->strides[i] = a->strides[order[i]];
    }
    return view;
}

struct array *torch_memory_order(vm *m, const struct array *a)
{
    return torch_order_as(m, a, a);
}

struct array *torch_in_memory_order(vm *m, struct array *a)
{
    if (array_is_contiguous(a))
        return a;
    return array_copy(m, torch_memory_order(m, a));
}

void torch_from_memory_order(vm *m, struct array *target, const struct array *values)
{
    const struct array *ordered = torch_memory_order(m, target);
    const char *from = array_bytes(values);
    size_t width = target->item_nbytes;
    for (struct cursor c = cursor_start(ordered); cursor_more(&c); cursor_next(&c), from += width)
        memcpy(target->buffer->bytes + c.offset, from, width);
}

struct array *torch_empty_like(vm *m, const struct array *a, dtype dt)
{
    struct array *from = array_view(m, a);
    if (!tensor_is_dense(a) || array_size(a) == 0)
        return tensor_like(m, dt, a->n_dims, a->shape, &from, 1);
    struct array *out = array_new(m, dt, a->n_dims, a->shape, 0);
    for (int i = 0; i < a->n_dims; i++)
        out->strides[i] = a->strides[i] / (int64_t)a->item_nbytes * (int64_t)out->item_nbytes;
    return out;
}

/* --- New tensors, in blocks where the line allows it ------------------------------------------------------------------ */

/* What a block cannot begin anew: up to 2.6 one word may stand for a whole tensor (MKL). And a print that shows every value. */
static bool is_whole(vm *m, const struct torch_draw *draw, size_t n)
{
    uint32_t version = draw->generator->state.version;
    return draw->generator->device != DEVICE_CPU ||
           (version != 0 && version < 20700 && draw->method >= TORCH_BERNOULLI) || (double)n <= m->torch.threshold ||
           m->torch.edgeitems < 1 || m->torch.edgeitems > 100;
}

value torch_draw_new(vm *m, const struct torch_draw *draw, value generator, int n_dims, const int64_t *shape)
{
    size_t n = shape_n(m, n_dims, shape);
    if (m->lazy && n >= LAZY_FROM && !is_whole(m, draw, n)) {
        fill(m, draw, true, NULL, 0); /* refused before anything is written */
        struct torch_stream *s = new_holder(m, V_STREAM, sizeof *s, 1);
        s->draw = *draw;
        s->stream.holder.held[0] = generator;
        s->stream.plan = (struct plan){.torch = &s->draw, .dt = draw->dt};
        s->stream.n_dims = n_dims;
        memcpy(s->stream.shape, shape, (size_t)n_dims * sizeof *shape);
        s->stream.n = n;
        return object_value(V_STREAM, s);
    }
    struct array *a = array_new(m, draw->dt, n_dims, shape, 0);
    torch_fill(m, draw, a);
    return make_tensor(m, a);
}

size_t torch_block_length(const struct torch_draw *draw, uint64_t n_left, size_t n)
{
    bool normal = draw->method == TORCH_RANDN || draw->method == TORCH_NORMAL;
    if (n_left <= n)
        return (size_t)n_left;
    return normal && n_left - n < NORMAL_BLOCK ? n - NORMAL_BLOCK : n;
}

/* --- Large draws as text: only the edges are kept --------------------------------------------------------------------- */

/* One more than the edges where something is left out: the print never looks at it. */
static int64_t n_kept(const vm *m, int64_t n)
{
    return n > 2 * m->torch.edgeitems ? 2 * m->torch.edgeitems + 1 : n;
}

static uint64_t position_of(const vm *m, const struct stream *s, uint64_t k)
{
    uint64_t position = 0, stride = 1;
    for (int i = s->n_dims; i-- > 0;) {
        int64_t kept = n_kept(m, s->shape[i]), at = (int64_t)(k % (uint64_t)kept), edge = m->torch.edgeitems;
        position += stride * (uint64_t)(kept < s->shape[i] && at > edge ? s->shape[i] - kept + at : at);
        stride *= (uint64_t)s->shape[i];
        k /= (uint64_t)kept;
    }
    return position;
}

void put_torch_stream(struct writer *w, struct stream *s)
{
    vm *m = w->m;
    int64_t shape[MAX_DIMS];
    for (int i = 0; i < s->n_dims; i++)
        shape[i] = n_kept(m, s->shape[i]);
    struct array *edges = array_new(m, s->plan.dt, s->n_dims, shape, 0);
    size_t item = edges->item_nbytes;
    size_t length = block_length(m);
    char *block = tree_memory(m, length * item);
    uint64_t n = (uint64_t)array_size(edges), k = 0;
    for (size_t got; (got = stream_next(m, s, block, length)) > 0;) {
        uint64_t start = s->n_done - got;
        for (uint64_t at; k < n && (at = position_of(m, s, k)) < s->n_done; k++)
            memcpy(edges->buffer->bytes + k * item, block + (at - start) * item, item);
    }
    double threshold = m->torch.threshold;
    m->torch.threshold = -1; /* a summary, whatever is left */
    put_tensor(w, make_tensor(m, edges).u.tensor);
    m->torch.threshold = threshold;
}

/* --- Broadcasting ------------------------------------------------------------------------------------------------------ */

int torch_broadcast(vm *m, struct array *const *arrays, size_t n, int64_t shape_out[MAX_DIMS])
{
    int n_dims = 0;
    for (size_t i = 0; i < n; i++)
        n_dims = arrays[i]->n_dims > n_dims ? arrays[i]->n_dims : n_dims;
    for (int axis = 0; axis < n_dims; axis++)
        shape_out[axis] = 1;
    for (size_t i = 0; i < n; i++)
        for (int k = 1; k <= arrays[i]->n_dims; k++) {
            int64_t size = arrays[i]->shape[arrays[i]->n_dims - k], *common = &shape_out[n_dims - k];
            if (*common != 1 && size != 1 && *common != size)
                fail(
                    m,
                    "RuntimeError: The size of tensor a (%lld) must match the size of tensor b (%lld) at non-singleton "
                    "dimension %d",
                    (long long)*common, (long long)size, n_dims - k);
            *common = size != 1 ? size : *common;
        }
    return n_dims;
}
