/* torch_plain.c - the modules of torch.nn without parameters, and the containers.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <string.h> /* strcmp */

#include "draw/torch_module.h"

/* X(name, arguments, extra_repr): PyTorch 2.13. */
#define PLAIN(X)                                                                                                       \
    X(ReLU, "inplace=False", "<inplace|inplace=True>")                                                                 \
    X(ReLU6, "inplace=False", "<inplace|inplace=True>")                                                                \
    X(SELU, "inplace=False", "<inplace|inplace=True>")                                                                 \
    X(SiLU, "inplace=False", "<inplace|inplace=True>")                                                                 \
    X(Mish, "inplace=False", "<inplace|inplace=True>")                                                                 \
    X(Hardswish, "inplace=False", "")                                                                                  \
    X(Hardsigmoid, "inplace=False", "")                                                                                \
    X(LeakyReLU, "negative_slope=0.01 inplace=False", "negative_slope={negative_slope}<inplace|, inplace=True>")       \
    X(ELU, "alpha=1.0 inplace=False", "alpha={alpha}<inplace|, inplace=True>")                                         \
    X(CELU, "alpha=1.0 inplace=False", "alpha={alpha}<inplace|, inplace=True>")                                        \
    X(GELU, "approximate=none", "approximate={approximate!r}")                                                         \
    X(Hardtanh, "min_val=-1.0 max_val=1.0 inplace=False",                                                              \
      "min_val={min_val}, max_val={max_val}<inplace|, inplace=True>")                                                  \
    X(RReLU, "lower=0.125 upper=0.3333333333333333 inplace=False",                                                     \
      "lower={lower}, upper={upper}<inplace|, inplace=True>")                                                          \
    X(Threshold, "threshold value inplace=False", "threshold={threshold}, value={value}<inplace|, inplace=True>")      \
    X(Softplus, "beta=1.0 threshold=20.0", "beta={beta}, threshold={threshold}")                                       \
    X(Hardshrink, "lambd=0.5", "{lambd}")                                                                              \
    X(Softshrink, "lambd=0.5", "{lambd}")                                                                              \
    X(Softmax, "dim=", "dim={dim}")                                                                                    \
    X(LogSoftmax, "dim=", "dim={dim}")                                                                                 \
    X(Softmin, "dim=", "dim={dim}")                                                                                    \
    X(GLU, "dim=-1", "dim={dim}")                                                                                      \
    X(Tanh, "", "")                                                                                                    \
    X(Sigmoid, "", "")                                                                                                 \
    X(Softsign, "", "")                                                                                                \
    X(Tanhshrink, "", "")                                                                                              \
    X(LogSigmoid, "", "")                                                                                              \
    X(Softmax2d, "", "")                                                                                               \
    X(Dropout, "p=0.5 inplace=False", "p={p}, inplace={inplace}")                                                      \
    X(Dropout1d, "p=0.5 inplace=False", "p={p}, inplace={inplace}")                                                    \
    X(Dropout2d, "p=0.5 inplace=False", "p={p}, inplace={inplace}")                                                    \
    X(Dropout3d, "p=0.5 inplace=False", "p={p}, inplace={inplace}")                                                    \
    X(AlphaDropout, "p=0.5 inplace=False", "p={p}, inplace={inplace}")                                                 \
    X(FeatureAlphaDropout, "p=0.5 inplace=False", "p={p}, inplace={inplace}")                                          \
    X(Flatten, "start_dim=1 end_dim=-1", "start_dim={start_dim}, end_dim={end_dim}")                                   \
    X(Unflatten, "dim unflattened_size", "dim={dim}, unflattened_size={unflattened_size}")                             \
    X(AvgPool1d, "kernel_size stride=@kernel_size padding=0 ceil_mode=False count_include_pad=True",                   \
      "kernel_size={kernel_size!1}, stride={stride!1}, padding={padding!1}")                                           \
    X(AvgPool2d, "kernel_size stride=@kernel_size padding=0 ceil_mode=False count_include_pad=True divisor_override=", \
      "kernel_size={kernel_size}, stride={stride}, padding={padding}")                                                 \
    X(AvgPool3d, "kernel_size stride=@kernel_size padding=0 ceil_mode=False count_include_pad=True divisor_override=", \
      "kernel_size={kernel_size}, stride={stride}, padding={padding}")                                                 \
    X(MaxPool1d, MAX_POOL_ARGUMENTS, MAX_POOL_EXTRA)                                                                   \
    X(MaxPool2d, MAX_POOL_ARGUMENTS, MAX_POOL_EXTRA)                                                                   \
    X(MaxPool3d, MAX_POOL_ARGUMENTS, MAX_POOL_EXTRA)                                                                   \
    X(AdaptiveAvgPool1d, "output_size", "output_size={output_size}")                                                   \
    X(AdaptiveAvgPool2d, "output_size", "output_size={output_size}")                                                   \
    X(AdaptiveAvgPool3d, "output_size", "output_size={output_size}")                                                   \
    X(AdaptiveMaxPool1d, "output_size return_indices=False", "output_size={output_size}")                              \
    X(AdaptiveMaxPool2d, "output_size return_indices=False", "output_size={output_size}")                              \
    X(ZeroPad2d, "padding", "{padding!4}")                                                                             \
    X(ReflectionPad2d, "padding", "{padding!4}")                                                                       \
    X(ReplicationPad2d, "padding", "{padding!4}")                                                                      \
    X(ConstantPad2d, "padding value", "padding={padding!4}, value={value}")                                            \
    X(PixelShuffle, "upscale_factor", "upscale_factor={upscale_factor}")                                               \
    X(PixelUnshuffle, "downscale_factor", "downscale_factor={downscale_factor}")                                       \
    X(ChannelShuffle, "groups", "groups={groups}")                                                                     \
    X(LocalResponseNorm, "size alpha=0.0001 beta=0.75 k=1.0", "{size}, alpha={alpha}, beta={beta}, k={k}")             \
    X(CosineSimilarity, "dim=1 eps=1e-08", "")                                                                         \
    X(CrossEntropyLoss, "weight= size_average= ignore_index=-100 reduce= reduction=mean label_smoothing=0.0", "")      \
    X(NLLLoss, "weight= size_average= ignore_index=-100 reduce= reduction=mean", "")                                   \
    X(MSELoss, "size_average= reduce= reduction=mean", "")                                                             \
    X(L1Loss, "size_average= reduce= reduction=mean", "")                                                              \
    X(SmoothL1Loss, "size_average= reduce= reduction=mean beta=1.0", "")                                               \
    X(HuberLoss, "reduction=mean delta=1.0", "")                                                                       \
    X(BCELoss, "weight= size_average= reduce= reduction=mean", "")                                                     \
    X(BCEWithLogitsLoss, "weight= size_average= reduce= reduction=mean pos_weight=", "")                               \
    X(KLDivLoss, "size_average= reduce= reduction=mean log_target=False", "")

#define MAX_POOL_ARGUMENTS "kernel_size stride=@kernel_size padding=0 dilation=1 return_indices=False ceil_mode=False"
#define MAX_POOL_EXTRA                                                                                                 \
    "kernel_size={kernel_size}, stride={stride}, padding={padding}, dilation={dilation}, ceil_mode={ceil_mode}"

static const struct plain {
    const char *name, *arguments, *extra;
} plains[] = {
#define ROW(name, arguments, extra) {#name, arguments, extra},
    PLAIN(ROW)
#undef ROW
};

value make_plain(vm *m, const char *name, const struct arguments *arguments)
{
    const struct plain *plain = plains;
    while (strcmp(plain->name, name) != 0)
        plain++;
    value v = new_torch_nn(m, plain->name);
    module_arguments(m, v, plain->arguments, arguments);
    if (strstr(name, "Dropout")) {
        value p = module_get(m, v, "p");
        if (!(to_double(m, p, "p") >= 0 && to_double(m, p, "p") <= 1)) {
            struct writer w = writer_start(m);
            put_str(&w, p);
            value_error(m, "dropout probability has to be between 0 and 1, but got %.*s", (int)w.n, written(&w));
        }
    }
    module_extra(m, v, plain->extra);
    return v;
}

#define FUNCTION(name, arguments_, extra)                                                                              \
    static value nn_##name(vm *m, value self, const struct arguments *arguments)                                       \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return make_plain(m, #name, arguments);                                                                        \
    }
PLAIN(FUNCTION)

static value nn_identity(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    (void)arguments; /* any are taken, none is used */
    return new_torch_nn(m, "Identity");
}

/* --- Containers ---------------------------------------------------------------------------------------------------------- */

static void add_part(vm *m, value container, value name, value part)
{
    if (!is_torch_nn(part))
        type_error(m, "%s is not a Module subclass", type_name(part));
    dict_put(m, held_dict(container, HELD_PARTS), name, part);
}

static value numbered(vm *m, size_t i)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%zu", i);
    return make_str(m, text);
}

static void add_entries(vm *m, value container, const struct dict *dict)
{
    for (size_t i = 0; i < dict->n_entries; i++)
        if (dict->entries[i].used)
            add_part(m, container, dict->entries[i].key, dict->entries[i].item);
}

static value nn_sequential(vm *m, value self, const struct arguments *arguments)
{
    value v = new_torch_nn(m, "Sequential");
    (void)self;
    if (arguments->n_named > 0)
        type_error(m, "Sequential() takes no keyword arguments");
    if (arguments->n_positional == 1 && arguments->positional[0].kind == V_DICT) {
        add_entries(m, v, arguments->positional[0].u.dict);
        return v;
    }
    for (size_t i = 0; i < arguments->n_positional; i++)
        add_part(m, v, numbered(m, i), arguments->positional[i]);
    return v;
}

static value nn_module_list(vm *m, value self, const struct arguments *arguments)
{
    value modules, v = new_torch_nn(m, "ModuleList");
    (void)self;
    take_arguments(m, "ModuleList", "modules=", arguments, &modules);
    if (is_none(modules))
        return v;
    value list = to_list(m, modules);
    for (size_t i = 0; i < list.u.seq->n; i++)
        add_part(m, v, numbered(m, i), list.u.seq->items[i]);
    return v;
}

static value nn_module_dict(vm *m, value self, const struct arguments *arguments)
{
    value modules, v = new_torch_nn(m, "ModuleDict");
    (void)self;
    take_arguments(m, "ModuleDict", "modules=", arguments, &modules);
    if (is_none(modules))
        return v;
    if (modules.kind != V_DICT)
        type_error(m, "ModuleDict() takes a dict here, not %s", type_name(modules));
    add_entries(m, v, modules.u.dict);
    return v;
}

/* --- Calls ----------------------------------------------------------------------------------------------------------------- */

static value embed(vm *m, value weight, value indices)
{
    value rows = get_item(m, weight, indices);
    if (rows.kind == V_TENSOR && rows.u.tensor->grad_fn)
        rows.u.tensor->grad_fn = "EmbeddingBackward0";
    return rows;
}

value torch_nn_call(vm *m, value self, const struct arguments *arguments)
{
    const struct torch_nn *module = torch_nn_of(self);
    value input;
    take_arguments(m, module->type, "input", arguments, &input);
    if (strcmp(module->type, "Identity") == 0)
        return input;
    if (strcmp(module->type, "Sequential") == 0) {
        const struct dict *parts = held_dict(self, HELD_PARTS);
        for (size_t i = 0; i < parts->n_entries; i++) {
            struct arguments one = {.positional = &input, .n_positional = 1};
            input = call(m, parts->entries[i].item, &one);
        }
        return input;
    }
    if (strstr(module->type, "Dropout"))
        return torch_dropout_of(m, module->type, input, module_get(m, self, "p"), module->training,
                                truth(m, module_get(m, self, "inplace")));
    if (strcmp(module->type, "RReLU") == 0 && module->training)
        return torch_rrelu_of(m, input, to_double(m, module_get(m, self, "lower"), "lower"),
                              to_double(m, module_get(m, self, "upper"), "upper"),
                              truth(m, module_get(m, self, "inplace")));
    if (strcmp(module->type, "ReLU") == 0 && !truth(m, module_get(m, self, "inplace")))
        return tensor_map(m, input, DT_NONE, MAP_RELU, 0);
    if (strcmp(module->type, "Embedding") == 0 && module_get(m, self, "max_norm").kind == V_NONE)
        return embed(m, get_attribute(m, self, "weight"), input);
    fail(m, "%s(…)(input) is not supported: what it computes is torch's own arithmetic (draws are: its parameters)",
         module->type);
}

#define ENTRY(name, arguments, extra) {#name, nn_##name, NATIVE_CLASS, 0},
const struct native torch_plain_functions[] = {
    PLAIN(ENTRY){"Identity", nn_identity, NATIVE_CLASS, 0}, {"Sequential", nn_sequential, NATIVE_CLASS, 0},
    {"ModuleList", nn_module_list, NATIVE_CLASS, 0},        {"ModuleDict", nn_module_dict, NATIVE_CLASS, 0},
    {"Parameter", torch_make_parameter, NATIVE_CLASS, 0},   {NULL, NULL, NATIVE_FUNCTION, 0}};
