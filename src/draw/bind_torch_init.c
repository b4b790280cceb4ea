/* bind_torch_init.c - torch.nn.init.
 * SPDX-License-Identifier: MIT */
#include <math.h>   /* ceil, NAN */
#include <string.h> /* strcmp */

#include "draw/bind_torch.h"
#include "draw/syntax.h" /* tree_memory */

static void refuse_init(vm *m, oneseed_status status, const struct torch_draw *draw)
{
    switch (status) {
    case ONESEED_TORCH_FAN_DIMENSIONS:
    case ONESEED_TORCH_DIRAC_DIMENSIONS:
    case ONESEED_TORCH_DIRAC_GROUPS:
        value_error(m, "%s", oneseed_status_text(status));
    case ONESEED_TORCH_FAN_ZERO:
        fail(m, "ZeroDivisionError: %s", oneseed_status_text(status));
    case ONESEED_TORCH_SLOPE_OVERFLOW:
        fail(m, "OverflowError: %s", oneseed_status_text(status));
    default:
        torch_refuse(m, status, draw);
    }
}

/* The tensor of a call; unlike a method it may be a leaf that requires grad: init works under no_grad. */
static struct array *target_of(vm *m, value v, const char *function)
{
    struct array *a = tensor_of(m, v, "the tensor of torch.nn.init")->array;
    if (v.u.tensor->device != DEVICE_CPU)
        fail(m, "nn.init.%s() of a tensor on the device 'cuda' is not supported", function);
    if (!array_is_contiguous(a))
        fail(m, "nn.init.%s() of a tensor that is not contiguous is not supported", function);
    (void)torch_library_dtype(m, (dtype)a->dt);
    step(m, (uint64_t)array_size(a));
    return a;
}

static value written_to(value v)
{
    tensor_written(v.u.tensor);
    return v;
}

static double optional(vm *m, const char *function, value v, const char *name, double otherwise)
{
    return v.kind == V_NOTHING ? otherwise : torch_double(m, function, v, name);
}

static value fill_two(vm *m, const struct arguments *arguments, const char *function, const char *names,
                      torch_method method)
{
    value a[4];
    take_arguments(m, function, names, arguments, a);
    struct array *target = tensor_of(m, a[0], "the tensor of torch.nn.init")->array;
    struct torch_draw draw = {.generator = torch_drawing(m, a[3], a[0].u.tensor->device),
                              .method = method,
                              .dt = (dtype)target->dt,
                              .a = optional(m, function, a[1], "the first parameter", 0),
                              .b = optional(m, function, a[2], "the second parameter", 1)};
    (void)torch_library_dtype(m, draw.dt);
    torch_fill(m, &draw, target);
    return written_to(a[0]);
}

static value init_uniform(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return fill_two(m, arguments, "uniform_", "tensor a= b= generator=", TORCH_UNIFORM);
}

static value init_normal(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return fill_two(m, arguments, "normal_", "tensor mean= std= generator=", TORCH_NORMAL);
}

static value init_trunc_normal(vm *m, value self, const struct arguments *arguments)
{
    value a[6];
    (void)self;
    take_arguments(m, "trunc_normal_", "tensor mean= std= a= b= generator=", arguments, a);
    struct array *target = target_of(m, a[0], "trunc_normal_");
    struct torch_generator *g = torch_drawing(m, a[5], DEVICE_CPU);
    size_t n = (size_t)array_size(target);
    struct torch_draw draw = {.generator = g,
                              .method = TORCH_NORMAL,
                              .dt = (dtype)target->dt,
                              .a = optional(m, "trunc_normal_", a[1], "mean", 0),
                              .b = optional(m, "trunc_normal_", a[2], "std", 1)};
    double low = optional(m, "trunc_normal_", a[3], "a", -2), high = optional(m, "trunc_normal_", a[4], "b", 2);
    if (n > 0 && g->state.version != 0 && g->state.version < 21200 && g->state.has_mkl)
        say_once(m, NOTE_TRUNC_NORMAL,
                 "trunc_normal_: before 2.12 torch's erfinv is MKL's in the wheels: single values may differ in the "
                 "last bit");
    void *work = tree_memory(m, 3 * n * target->item_nbytes + 8);
    refuse_init(m,
                oneseed_torch_trunc_normal_fill(&g->state, torch_library_dtype(m, draw.dt), draw.a, draw.b, low, high,
                                                work, array_bytes(target), n),
                &draw);
    return written_to(a[0]);
}

static value init_sparse(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "sparse_", "tensor sparsity std= generator=", arguments, a);
    const struct array *target = target_of(m, a[0], "sparse_");
    if (target->n_dims != 2)
        value_error(m, "Only tensors with 2 dimensions are supported");
    /* The rows that become zeros are the default generator's. */
    struct torch_generator *global = torch_drawing(m, NONE, DEVICE_CPU), *g = torch_drawing(m, a[3], DEVICE_CPU);
    struct torch_draw draw = {.method = TORCH_NORMAL, .dt = (dtype)target->dt};
    draw.b = optional(m, "sparse_", a[2], "std", 0.01);
    int64_t *work = tree_memory(m, ((size_t)target->shape[0] + 1) * sizeof *work);
    refuse_init(m,
                oneseed_torch_init_sparse_fill(
                    &g->state, &global->state, torch_library_dtype(m, draw.dt), target->shape[0], target->shape[1],
                    torch_double(m, "sparse_", a[1], "sparsity"), draw.b, work, array_bytes(target)),
                &draw);
    return written_to(a[0]);
}

static value xavier(vm *m, const struct arguments *arguments, const char *function, bool normal)
{
    value a[3];
    take_arguments(m, function, "tensor gain= generator=", arguments, a);
    struct array *target = target_of(m, a[0], function);
    struct torch_generator *g = torch_drawing(m, a[2], DEVICE_CPU);
    struct torch_draw draw = {.method = normal ? TORCH_NORMAL : TORCH_UNIFORM, .dt = (dtype)target->dt};
    double gain = optional(m, function, a[1], "gain", 1);
    refuse_init(
        m,
        (normal ? oneseed_torch_init_xavier_normal_fill : oneseed_torch_init_xavier_uniform_fill)(
            &g->state, torch_library_dtype(m, draw.dt), target->shape, target->n_dims, gain, array_bytes(target)),
        &draw);
    return written_to(a[0]);
}

static value init_xavier_uniform(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return xavier(m, arguments, "xavier_uniform_", false);
}

static value init_xavier_normal(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return xavier(m, arguments, "xavier_normal_", true);
}

static oneseed_torch_nonlinearity nonlinearity_of(vm *m, value v, oneseed_torch_nonlinearity otherwise)
{
    static const struct {
        const char *name;
        oneseed_torch_nonlinearity which;
    } known[] = {{"linear", ONESEED_TORCH_GAIN_LINEAR},
                 {"conv1d", ONESEED_TORCH_GAIN_LINEAR},
                 {"conv2d", ONESEED_TORCH_GAIN_LINEAR},
                 {"conv3d", ONESEED_TORCH_GAIN_LINEAR},
                 {"conv_transpose1d", ONESEED_TORCH_GAIN_LINEAR},
                 {"conv_transpose2d", ONESEED_TORCH_GAIN_LINEAR},
                 {"conv_transpose3d", ONESEED_TORCH_GAIN_LINEAR},
                 {"sigmoid", ONESEED_TORCH_GAIN_LINEAR},
                 {"tanh", ONESEED_TORCH_GAIN_TANH},
                 {"relu", ONESEED_TORCH_GAIN_RELU},
                 {"leaky_relu", ONESEED_TORCH_GAIN_LEAKY_RELU},
                 {"selu", ONESEED_TORCH_GAIN_SELU}};
    if (v.kind == V_NOTHING)
        return otherwise;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (is_text(v) && strcmp(v.u.text->bytes, known[i].name) == 0)
            return known[i].which;
    struct writer w = writer_start(m);
    put_str(&w, v);
    value_error(m, "Unsupported nonlinearity %.*s", (int)w.n, written(&w));
}

static oneseed_torch_fan_mode mode_of(vm *m, value v)
{
    if (v.kind == V_NOTHING || (is_text(v) && strcmp(v.u.text->bytes, "fan_in") == 0))
        return ONESEED_TORCH_FAN_IN;
    if (is_text(v) && strcmp(v.u.text->bytes, "fan_out") == 0)
        return ONESEED_TORCH_FAN_OUT;
    struct writer w = writer_start(m);
    put_str(&w, v);
    value_error(m, "Mode %.*s not supported, please use one of ['fan_in', 'fan_out']", (int)w.n, written(&w));
}

static value kaiming(vm *m, const struct arguments *arguments, const char *function, bool normal)
{
    value a[5];
    take_arguments(m, function, "tensor a= mode= nonlinearity= generator=", arguments, a);
    struct array *target = target_of(m, a[0], function);
    struct torch_generator *g = torch_drawing(m, a[4], DEVICE_CPU);
    struct torch_draw draw = {.method = normal ? TORCH_NORMAL : TORCH_UNIFORM, .dt = (dtype)target->dt};
    double slope = optional(m, function, a[1], "a", 0);
    oneseed_torch_fan_mode mode = mode_of(m, a[2]);
    oneseed_torch_nonlinearity nonlinearity = nonlinearity_of(m, a[3], ONESEED_TORCH_GAIN_LEAKY_RELU);
    refuse_init(m,
                (normal ? oneseed_torch_init_kaiming_normal_fill : oneseed_torch_init_kaiming_uniform_fill)(
                    &g->state, torch_library_dtype(m, draw.dt), target->shape, target->n_dims, slope, mode,
                    nonlinearity, array_bytes(target)),
                &draw);
    return written_to(a[0]);
}

static value init_kaiming_uniform(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return kaiming(m, arguments, "kaiming_uniform_", false);
}

static value init_kaiming_normal(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return kaiming(m, arguments, "kaiming_normal_", true);
}

static value init_calculate_gain(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    double gain;
    (void)self;
    take_arguments(m, "calculate_gain", "nonlinearity param=", arguments, a);
    oneseed_torch_nonlinearity nonlinearity = nonlinearity_of(m, a[0], ONESEED_TORCH_GAIN_LINEAR);
    bool leaky = nonlinearity == ONESEED_TORCH_GAIN_LEAKY_RELU;
    if (leaky && !is_none(a[1]) && (!is_number(a[1]) || a[1].kind == V_BOOL)) {
        struct writer w = writer_start(m);
        put_str(&w, a[1]);
        value_error(m, "negative_slope %.*s not a valid number", (int)w.n, written(&w));
    }
    double slope = leaky && !is_none(a[1]) ? to_double(m, a[1], "param") : (double)NAN;
    refuse_init(m, oneseed_torch_init_gain(nonlinearity, slope, &gain), &(struct torch_draw){.dt = DT_FLOAT32});
    return nonlinearity == ONESEED_TORCH_GAIN_LINEAR ? INT(1) : FLOAT(gain);
}

/* --- Without a draw -------------------------------------------------------------------------------------------------------- */

static value constant(vm *m, value v, const char *function, double x)
{
    struct array *target = target_of(m, v, function);
    size_t n = (size_t)array_size(target);
    for (size_t i = 0; i < n; i++)
        tensor_store(target->dt, array_bytes(target) + i * target->item_nbytes, x);
    return written_to(v);
}

static value init_constant(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "constant_", "tensor val", arguments, a);
    return constant(m, a[0], "constant_", torch_double(m, "constant_", a[1], "val"));
}

static value init_ones(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "ones_", "tensor", arguments, &v);
    return constant(m, v, "ones_", 1);
}

static value init_zeros(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "zeros_", "tensor", arguments, &v);
    return constant(m, v, "zeros_", 0);
}

static value init_eye(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "eye_", "tensor", arguments, &v);
    struct array *target = target_of(m, v, "eye_");
    if (target->n_dims != 2)
        value_error(m, "Only tensors with 2 dimensions are supported");
    refuse_init(m,
                oneseed_torch_init_eye_fill(torch_library_dtype(m, (dtype)target->dt), target->shape[0],
                                            target->shape[1], array_bytes(target)),
                &(struct torch_draw){.dt = (dtype)target->dt});
    return written_to(v);
}

static value init_dirac(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "dirac_", "tensor groups=", arguments, a);
    struct array *target = target_of(m, a[0], "dirac_");
    int64_t groups = a[1].kind == V_NOTHING ? 1 : torch_int(m, "dirac_", a[1], "groups");
    refuse_init(m,
                oneseed_torch_init_dirac_fill(torch_library_dtype(m, (dtype)target->dt), target->shape, target->n_dims,
                                              groups, array_bytes(target)),
                &(struct torch_draw){.dt = (dtype)target->dt});
    return written_to(a[0]);
}

static value init_orthogonal(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "orthogonal_", "tensor gain= generator=", arguments, a);
    if (tensor_of(m, a[0], "the tensor of torch.nn.init")->array->n_dims < 2)
        value_error(m, "Only tensors with 2 or more dimensions are supported");
    fail(m, "nn.init.orthogonal_(): its QR is LAPACK's, whose bits depend on the machine (the library's "
            "oneseed_torch_init_orthogonal_fill() has the values)");
}

#define FUNCTION(name, function)                                                                                       \
    {                                                                                                                  \
        name, function, NATIVE_FUNCTION, 0                                                                             \
    }
const struct native torch_init_functions[] = {FUNCTION("uniform_", init_uniform),
                                              FUNCTION("normal_", init_normal),
                                              FUNCTION("trunc_normal_", init_trunc_normal),
                                              FUNCTION("sparse_", init_sparse),
                                              FUNCTION("xavier_uniform_", init_xavier_uniform),
                                              FUNCTION("xavier_normal_", init_xavier_normal),
                                              FUNCTION("kaiming_uniform_", init_kaiming_uniform),
                                              FUNCTION("kaiming_normal_", init_kaiming_normal),
                                              FUNCTION("calculate_gain", init_calculate_gain),
                                              FUNCTION("constant_", init_constant),
                                              FUNCTION("ones_", init_ones),
                                              FUNCTION("zeros_", init_zeros),
                                              FUNCTION("eye_", init_eye),
                                              FUNCTION("dirac_", init_dirac),
                                              FUNCTION("orthogonal_", init_orthogonal),
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
