/* bind_torch_dropout.c - bernoulli, the dropouts and rrelu.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* memcpy */

#include "draw/bind_torch.h"
#include "draw/syntax.h" /* tree_memory */

/* --- bernoulli ------------------------------------------------------------------------------------------------------- */

/* Probabilities that broadcast to the target, which is written in the order of its memory. */
static void fill_from_probabilities(vm *m, struct torch_generator *g, struct array *p, struct array *target)
{
    struct array *wide = array_broadcast(m, p, target->n_dims, target->shape);
    const struct array *ordered = torch_order_as(m, wide, target);
    const struct array *values = array_is_contiguous(ordered) ? ordered : array_copy(m, ordered);
    int64_t n = array_size(target);
    struct array *out = array_new(m, (dtype)target->dt, 1, &n, 0);
    step(m, (uint64_t)n);
    bool real = dtype_is_float(p->dt);
    oneseed_status status =
        oneseed_torch_bernoulli_tensor_fill(&g->state, torch_library_dtype(m, (dtype)p->dt), array_bytes(values),
                                            torch_library_dtype(m, (dtype)target->dt), out->buffer->bytes, (size_t)n);
    if (status == ONESEED_TORCH_DTYPE)
        fail(m, "NotImplementedError: \"%s\" not implemented for '%s'",
             real ? "bernoulli_tensor_cpu_self_" : "bernoulli_tensor_cpu_p_",
             torch_scalar_name((dtype)(real ? target->dt : p->dt)));
    torch_refuse(m, status, &(struct torch_draw){.dt = (dtype)target->dt});
    torch_from_memory_order(m, target, out);
    target->buffer->unknown = false;
}

static void require_cpu(vm *m, const struct tensor *t, const char *function)
{
    if (t->device != DEVICE_CPU)
        fail(m, "%s() of a tensor on the device 'cuda' is not supported", function);
}

static value bernoulli_of(vm *m, value input, value p, value generator)
{
    struct array *given = tensor_of(m, input, "bernoulli(): argument 'input' (position 1)")->array;
    require_cpu(m, input.u.tensor, "bernoulli");
    struct torch_generator *g = torch_drawing(m, generator, DEVICE_CPU);
    struct array *out = array_new(m, (dtype)given->dt, given->n_dims, given->shape, 0);
    if (is_none(p)) {
        fill_from_probabilities(m, g, tensor_values(m, input, "a tensor of probabilities"), out);
    } else {
        struct torch_draw draw = {.generator = g, .method = TORCH_BERNOULLI, .dt = (dtype)given->dt};
        draw.a = torch_double(m, "bernoulli", p, "p");
        torch_fill(m, &draw, out);
    }
    return tensor_result(m, out, "BernoulliBackward0", &input, 1);
}

static value torch_bernoulli(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "bernoulli", "input p= * generator= out=", arguments, a);
    if (!is_none(a[3]))
        fail(m, "bernoulli(out=…) is not supported: bernoulli_() writes into a tensor");
    return bernoulli_of(m, a[0], a[1], a[2]);
}

value tensor_bernoulli(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "bernoulli", "p= * generator=", arguments, a);
    return bernoulli_of(m, self, a[0], a[1]);
}

value tensor_bernoulli_in_place(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "bernoulli_", "p= * generator=", arguments, a);
    struct tensor *t = self.u.tensor;
    tensor_check_in_place(m, t);
    require_cpu(m, t, "bernoulli_");
    struct torch_generator *g = torch_drawing(m, a[1], t->device);
    bool many = a[0].kind == V_TENSOR;
    if (many) {
        struct array *p = tensor_values(m, a[0], "a tensor of probabilities");
        int64_t shape[MAX_DIMS];
        struct array *both[] = {t->array, p};
        int n_dims = torch_broadcast(m, both, 2, shape);
        if (n_dims != t->array->n_dims || memcmp(shape, t->array->shape, (size_t)n_dims * sizeof *shape) != 0)
            fail(m, "RuntimeError: The probabilities of bernoulli_() do not expand to the tensor's sizes");
        fill_from_probabilities(m, g, p, t->array);
    } else {
        struct torch_draw draw = {.generator = g, .method = TORCH_BERNOULLI, .dt = (dtype)t->array->dt, .a = 0.5};
        (void)torch_library_dtype(m, draw.dt);
        if (a[0].kind != V_NOTHING)
            draw.a = torch_double(m, "bernoulli_", a[0], "p");
        torch_fill(m, &draw, t->array);
    }
    tensor_written(t);
    if (t->grad_fn)
        t->grad_fn = many ? "BernoulliBackward1" : "BernoulliBackward2";
    return self;
}

/* --- Dropouts -------------------------------------------------------------------------------------------------------- */

typedef enum dropout { DROPOUT, FEATURE_DROPOUT, ALPHA_DROPOUT, FEATURE_ALPHA_DROPOUT } dropout;

struct dropout_call {
    dropout kind;
    value input, p;
    bool train, inplace, of_module; /* of torch.nn: a ValueError, not a RuntimeError */
};

/* Dimensions of the first two count as maps; a contiguous copy is what the library takes. */
static oneseed_status drop_maps(const struct dropout_call *call, oneseed_torch *s, oneseed_torch_dtype dt, double p,
                                const struct array *in, void *out)
{
    size_t n = (size_t)array_size(in), n_maps = (size_t)(in->shape[0] * in->shape[1]);
    size_t map_size = n_maps > 0 ? n / n_maps : 0;
    return (call->kind == FEATURE_DROPOUT
                ? oneseed_torch_feature_dropout_fill
                : oneseed_torch_feature_alpha_dropout_fill)(s, dt, p, array_bytes(in), out, n_maps, map_size);
}

static _Noreturn void refuse_p(vm *m, const struct dropout_call *call)
{
    struct writer w = writer_start(m);
    put_str(&w, call->p);
    fail(m, "%s: dropout probability has to be between 0 and 1, but got %.*s",
         call->of_module ? "ValueError" : "RuntimeError", (int)w.n, written(&w));
}

static value drop(vm *m, const struct dropout_call *call)
{
    struct array *in = tensor_values(m, call->input, "the input of dropout");
    double p = torch_double(m, "dropout", call->p, "p");
    bool maps = call->kind == FEATURE_DROPOUT || call->kind == FEATURE_ALPHA_DROPOUT;
    if (!(p >= 0 && p <= 1))
        refuse_p(m, call);
    if (call->inplace)
        tensor_check_in_place(m, call->input.u.tensor);
    if (!call->train || p == 0 || array_size(in) == 0)
        return call->input;
    if (maps && in->n_dims < 2)
        fail(m, "RuntimeError: Feature dropout requires at least 2 dimensions in the input");
    require_cpu(m, call->input.u.tensor, "dropout");
    dtype dt = (dtype)in->dt;
    oneseed_torch scratch = {0}; /* with p 1 nothing is drawn: no seed is needed */
    oneseed_torch *s = p < 1 ? &torch_drawing(m, NONE, DEVICE_CPU)->state : &scratch;
    size_t n = (size_t)array_size(in);
    /* 1.13 drew in the order of the indices. */
    bool by_index = maps || (s->version != 0 && s->version < 20000);
    struct array *from = by_index ? (array_is_contiguous(in) ? in : array_copy(m, in)) : torch_in_memory_order(m, in);
    struct array *values = array_new(m, dt, from->n_dims, from->shape, 0);
    oneseed_torch_dtype library = torch_library_dtype(m, dt);
    step(m, n);
    oneseed_status status =
        maps ? drop_maps(call, s, library, p, from, values->buffer->bytes)
             : (call->kind == DROPOUT ? oneseed_torch_dropout_fill : oneseed_torch_alpha_dropout_fill)(
                   s, library, p, array_bytes(from), values->buffer->bytes, n);
    if (status == ONESEED_TORCH_RESULT_TYPE)
        fail(m, "RuntimeError: %s%s", oneseed_status_text(status), torch_scalar_name(dt));
    torch_refuse(m, status, &(struct torch_draw){.method = TORCH_BERNOULLI, .dt = dt, .a = p});
    struct array *out = call->inplace ? in : torch_empty_like(m, in, dt);
    if (by_index)
        tensor_copy(m, out, values);
    else
        torch_from_memory_order(m, out, values);
    bool alpha = call->kind == ALPHA_DROPOUT || call->kind == FEATURE_ALPHA_DROPOUT;
    if (call->inplace) {
        if (call->input.u.tensor->grad_fn)
            call->input.u.tensor->grad_fn = alpha ? "AddBackward0" : "MulBackward0";
        return call->input;
    }
    return tensor_result(m, out, alpha && p < 1 ? "AddBackward0" : "MulBackward0", &call->input, 1);
}

value torch_dropout_of(vm *m, const char *type, value input, value p, bool train, bool inplace)
{
    struct dropout_call call = {.input = input, .p = p, .train = train, .inplace = inplace, .of_module = true};
    int n_dims = tensor_of(m, input, "the input of dropout")->array->n_dims;
    call.kind = strcmp(type, "Dropout") == 0               ? DROPOUT
                : strcmp(type, "AlphaDropout") == 0        ? ALPHA_DROPOUT
                : strcmp(type, "FeatureAlphaDropout") == 0 ? FEATURE_ALPHA_DROPOUT
                                                           : FEATURE_DROPOUT;
    char last = type[strlen(type) - 2]; /* Dropout1d, Dropout2d, Dropout3d */
    int batched = call.kind != FEATURE_DROPOUT ? 0 : last == '1' ? 3 : last == '3' ? 5 : 0;
    if (batched == 0)
        return drop(m, &call);
    if (n_dims != batched && n_dims != batched - 1)
        fail(m, "RuntimeError: %s: Expected %dD or %dD input, but received a %dD input.",
             last == '1' ? "dropout1d" : "dropout3d", batched - 1, batched, n_dims);
    if (n_dims == batched)
        return drop(m, &call);
    /* One sample: its first dimension are the channels. */
    if (inplace)
        fail(m, "a dropout in place of one sample without a batch is not supported");
    int64_t shape[MAX_DIMS] = {1};
    memcpy(shape + 1, input.u.tensor->array->shape, (size_t)n_dims * sizeof *shape);
    call.input =
        tensor_result(m, array_reshape(m, input.u.tensor->array, n_dims + 1, shape), "UnsqueezeBackward0", &input, 1);
    value dropped = drop(m, &call);
    struct array *out = array_reshape(m, dropped.u.tensor->array, n_dims, shape + 1);
    return tensor_result(m, out, "SqueezeBackward1", &dropped, 1);
}

static value functional(vm *m, const struct arguments *arguments, const char *function, const char *type,
                        bool train_by_default)
{
    value a[4];
    take_arguments(m, function, "input p= training= inplace=", arguments, a);
    return torch_dropout_of(m, type, a[0], a[1].kind == V_NOTHING ? FLOAT(0.5) : a[1],
                            a[2].kind == V_NOTHING ? train_by_default : truth(m, a[2]),
                            a[3].kind != V_NOTHING && truth(m, a[3]));
}

#define FUNCTIONAL(name, type, train)                                                                                  \
    static value functional_##name(vm *m, value self, const struct arguments *arguments)                               \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return functional(m, arguments, #name, type, train);                                                           \
    }
FUNCTIONAL(dropout, "Dropout", true)
FUNCTIONAL(dropout1d, "Dropout1d", true)
FUNCTIONAL(dropout2d, "Dropout2d", true)
FUNCTIONAL(dropout3d, "Dropout3d", true)
FUNCTIONAL(alpha_dropout, "AlphaDropout", false)
FUNCTIONAL(feature_alpha_dropout, "FeatureAlphaDropout", false)

static value plain_dropout(vm *m, const struct arguments *arguments, const char *function, dropout kind, bool inplace)
{
    value a[3];
    take_arguments(m, function, "input p train", arguments, a);
    struct dropout_call call = {.kind = kind, .input = a[0], .p = a[1], .train = truth(m, a[2]), .inplace = inplace};
    return drop(m, &call);
}

#define PLAIN(name, kind, inplace)                                                                                     \
    static value plain_of_##name(vm *m, value self, const struct arguments *arguments)                                 \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return plain_dropout(m, arguments, #name, kind, inplace);                                                      \
    }
PLAIN(dropout, DROPOUT, false)
PLAIN(dropout_, DROPOUT, true)
PLAIN(feature_dropout, FEATURE_DROPOUT, false)
PLAIN(alpha_dropout, ALPHA_DROPOUT, false)
PLAIN(feature_alpha_dropout, FEATURE_ALPHA_DROPOUT, false)

static value torch_native_dropout(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "native_dropout", "input p train", arguments, a);
    struct array *in = tensor_values(m, a[0], "the input of native_dropout");
    require_cpu(m, a[0].u.tensor, "native_dropout");
    if (!truth(m, a[2]) || !array_is_contiguous(in))
        fail(m, "native_dropout() of a contiguous tensor, in training, is supported");
    double p = torch_double(m, "native_dropout", a[1], "p");
    size_t n = (size_t)array_size(in);
    struct array *out = array_new(m, (dtype)in->dt, in->n_dims, in->shape, 0);
    struct array *mask = array_new(m, DT_BOOL, in->n_dims, in->shape, 0);
    step(m, n);
    torch_refuse(m,
                 oneseed_torch_native_dropout_fill(&torch_drawing(m, NONE, DEVICE_CPU)->state,
                                                   torch_library_dtype(m, (dtype)in->dt), p, array_bytes(in),
                                                   out->buffer->bytes, (uint8_t *)mask->buffer->bytes, n),
                 &(struct torch_draw){.method = TORCH_BERNOULLI, .dt = (dtype)in->dt, .a = 1 - p});
    value pair = make_sequence(m, V_TUPLE, 2);
    pair.u.seq->items[0] = tensor_result(m, out, "NativeDropoutBackward0", a, 1);
    pair.u.seq->items[1] = make_tensor(m, mask);
    return pair;
}

value torch_rrelu_of(vm *m, value input, double lower, double upper, bool inplace)
{
    struct array *in = tensor_values(m, input, "the input of rrelu");
    require_cpu(m, input.u.tensor, "rrelu");
    if (inplace || !array_is_contiguous(in))
        fail(m, "rrelu() in place, or of a tensor that is not contiguous, is not supported");
    size_t n = (size_t)array_size(in);
    struct array *out = array_new(m, (dtype)in->dt, in->n_dims, in->shape, 0);
    step(m, n);
    struct torch_draw draw = {.method = TORCH_UNIFORM, .dt = (dtype)in->dt, .a = lower, .b = upper};
    oneseed_status status = oneseed_torch_rrelu_fill(&torch_drawing(m, NONE, DEVICE_CPU)->state,
                                                     torch_library_dtype(m, draw.dt), lower, upper, array_bytes(in),
                                                     tree_memory(m, n * in->item_nbytes + 8), out->buffer->bytes, n);
    if (status == ONESEED_TORCH_DTYPE)
        fail(m, "NotImplementedError: \"rrelu_with_noise_out_cpu\" not implemented for '%s'",
             torch_scalar_name(draw.dt));
    if (status == ONESEED_TORCH_RRELU_LOWER || status == ONESEED_TORCH_RRELU_UPPER)
        fail(m, "RuntimeError: %s%g", oneseed_status_text(status), status == ONESEED_TORCH_RRELU_LOWER ? lower : upper);
    torch_refuse(m, status, &draw);
    return tensor_result(m, out, "RreluWithNoiseBackward0", &input, 1);
}

static value rrelu(vm *m, const struct arguments *arguments)
{
    value a[5];
    take_arguments(m, "rrelu", "input lower= upper= training= inplace=", arguments, a);
    if (a[3].kind == V_NOTHING || !truth(m, a[3]))
        fail(m, "rrelu() is supported in training, where it draws");
    return torch_rrelu_of(m, a[0], a[1].kind == V_NOTHING ? 0.125 : torch_double(m, "rrelu", a[1], "lower"),
                          a[2].kind == V_NOTHING ? 1.0 / 3 : torch_double(m, "rrelu", a[2], "upper"),
                          a[4].kind != V_NOTHING && truth(m, a[4]));
}

static value torch_rrelu(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return rrelu(m, arguments);
}

const struct native torch_dropout_functions[] = {
    {"bernoulli", torch_bernoulli, NATIVE_FUNCTION, 0},
    {"dropout", plain_of_dropout, NATIVE_FUNCTION, 0},
    {"dropout_", plain_of_dropout_, NATIVE_FUNCTION, 0},
    {"feature_dropout", plain_of_feature_dropout, NATIVE_FUNCTION, 0},
    {"alpha_dropout", plain_of_alpha_dropout, NATIVE_FUNCTION, 0},
    {"feature_alpha_dropout", plain_of_feature_alpha_dropout, NATIVE_FUNCTION, 0},
    {"native_dropout", torch_native_dropout, NATIVE_FUNCTION, 0},
    {"rrelu", torch_rrelu, NATIVE_FUNCTION, 0},
    {NULL, NULL, NATIVE_FUNCTION, 0}};

const struct native torch_functional_functions[] = {
    {"dropout", functional_dropout, NATIVE_FUNCTION, 0},
    {"dropout1d", functional_dropout1d, NATIVE_FUNCTION, 0},
    {"dropout2d", functional_dropout2d, NATIVE_FUNCTION, 0},
    {"dropout3d", functional_dropout3d, NATIVE_FUNCTION, 0},
    {"alpha_dropout", functional_alpha_dropout, NATIVE_FUNCTION, 0},
    {"feature_alpha_dropout", functional_feature_alpha_dropout, NATIVE_FUNCTION, 0},
    {"rrelu", torch_rrelu, NATIVE_FUNCTION, 0},
    {NULL, NULL, NATIVE_FUNCTION, 0}};
