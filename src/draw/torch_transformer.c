/* torch_transformer.c - attention and transformers of torch.nn: layers that are made of layers.
 * SPDX-License-Identifier: MIT */
#include <stdio.h> /* snprintf */

#include "draw/torch_module.h"

struct sizes {
    int64_t width, n_heads, feedforward;
    value dropout, eps, dtype;
    bool bias;
};

static value named_call(vm *m, value (*make)(vm *m, value self, const struct arguments *arguments),
                        const value *positional, size_t n, const char *const *names, const value *named, size_t n_named)
{
    struct arguments arguments = {positional, n, names, named, n_named};
    return make(m, NONE, &arguments);
}

static value part_linear(vm *m, int64_t in, int64_t out, bool bias, dtype dt, const char *type)
{
    oneseed_torch_layer layer;
    value v = new_torch_nn(m, type);
    module_set(m, v, HELD_ATTRIBUTES, "in_features", INT(in));
    module_set(m, v, HELD_ATTRIBUTES, "out_features", INT(out));
    module_set(m, v, HELD_ATTRIBUTES, "bias", BOOL(bias));
    oneseed_torch_layer_defaults(&layer, ONESEED_TORCH_LINEAR);
    layer.in_features = in;
    layer.out_features = out;
    layer.bias = bias;
    module_add_own(m, v, &layer, dt);
    if (!bias)
        module_set(m, v, HELD_PARAMETERS, "bias", NONE);
    module_extra(m, v, "in_features={in_features}, out_features={out_features}, bias={bias}");
    return v;
}

static value layer_norm_of(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return make_layer_norm(m, arguments);
}

static value part_norm(vm *m, const struct sizes *s)
{
    static const char *const names[] = {"eps", "bias", "dtype"};
    value width = INT(s->width), named[] = {s->eps, BOOL(s->bias), s->dtype};
    return named_call(m, layer_norm_of, &width, 1, names, named, 3);
}

static value part_dropout(vm *m, const struct sizes *s)
{
    struct arguments arguments = {.positional = &s->dropout, .n_positional = 1};
    return make_plain(m, "Dropout", &arguments);
}

/* With in_proj_weight and the others, undrawn. */
static value part_attention(vm *m, const oneseed_torch_layer *layer, dtype dt)
{
    value v = new_torch_nn(m, "MultiheadAttention");
    module_add_own(m, v, layer, dt);
    module_set(m, v, HELD_PARTS, "out_proj",
               part_linear(m, layer->embed_dim, layer->embed_dim, layer->bias, dt, "NonDynamicallyQuantizableLinear"));
    module_set(m, v, HELD_ATTRIBUTES, "embed_dim", INT(layer->embed_dim));
    module_set(m, v, HELD_ATTRIBUTES, "num_heads", INT(layer->num_heads));
    return v;
}

static value self_attention(vm *m, const struct sizes *s, dtype dt)
{
    oneseed_torch_layer layer;
    oneseed_torch_layer_defaults(&layer, ONESEED_TORCH_MULTIHEAD_ATTENTION);
    layer.embed_dim = s->width;
    layer.num_heads = s->n_heads;
    layer.bias = s->bias;
    return part_attention(m, &layer, dt);
}

static void add(vm *m, value module, const char *name, value part)
{
    module_set(m, module, HELD_PARTS, name, part);
}

/* A TransformerEncoderLayer or -DecoderLayer in the order of its parts. */
static value transformer_layer(vm *m, const struct sizes *s, bool decoder, dtype dt)
{
    value v = new_torch_nn(m, decoder ? "TransformerDecoderLayer" : "TransformerEncoderLayer");
    add(m, v, "self_attn", self_attention(m, s, dt));
    if (decoder)
        add(m, v, "multihead_attn", self_attention(m, s, dt));
    add(m, v, "linear1", part_linear(m, s->width, s->feedforward, s->bias, dt, "Linear"));
    add(m, v, "dropout", part_dropout(m, s));
    add(m, v, "linear2", part_linear(m, s->feedforward, s->width, s->bias, dt, "Linear"));
    add(m, v, "norm1", part_norm(m, s));
    add(m, v, "norm2", part_norm(m, s));
    if (decoder)
        add(m, v, "norm3", part_norm(m, s));
    add(m, v, "dropout1", part_dropout(m, s));
    add(m, v, "dropout2", part_dropout(m, s));
    if (decoder)
        add(m, v, "dropout3", part_dropout(m, s));
    return v;
}

/* What a transformer's arguments say; `module` holds them as attributes. */
static struct sizes read_sizes(vm *m, value module, dtype *dt_out)
{
    if (torch_device_from(m, module_get(m, module, "device")).dt != DEVICE_CPU)
        fail(m, "%s(device='cuda') is not supported", torch_nn_of(module)->type);
    value dtype_given = module_get(m, module, "dtype");
    *dt_out = torch_dtype_from(m, dtype_given, m->torch.default_dtype);
    return (struct sizes){.width = torch_int(m, torch_nn_of(module)->type, module_get(m, module, "d_model"), "d_model"),
                          .n_heads = torch_int(m, torch_nn_of(module)->type, module_get(m, module, "nhead"), "nhead"),
                          .feedforward = torch_int(m, torch_nn_of(module)->type,
                                                   module_get(m, module, "dim_feedforward"), "dim_feedforward"),
                          .dropout = module_get(m, module, "dropout"),
                          .eps = module_get(m, module, "layer_norm_eps"),
                          .dtype = dtype_given,
                          .bias = truth(m, module_get(m, module, "bias"))};
}

static oneseed_torch_layer described(const struct sizes *s, oneseed_torch_layer_kind kind)
{
    oneseed_torch_layer layer;
    oneseed_torch_layer_defaults(&layer, kind);
    layer.embed_dim = s->width;
    layer.num_heads = s->n_heads;
    layer.dim_feedforward = s->feedforward;
    layer.bias = s->bias;
    return layer;
}

static value make_layer(vm *m, const struct arguments *arguments, bool decoder)
{
    dtype dt;
    value read = new_torch_nn(m, decoder ? "TransformerDecoderLayer" : "TransformerEncoderLayer");
    module_arguments(m, read,
                     "d_model nhead dim_feedforward=2048 dropout=0.1 activation=relu layer_norm_eps=1e-05 "
                     "batch_first=False norm_first=False bias=True device= dtype=",
                     arguments);
    struct sizes s = read_sizes(m, read, &dt);
    oneseed_torch_layer layer =
        described(&s, decoder ? ONESEED_TORCH_TRANSFORMER_DECODER_LAYER : ONESEED_TORCH_TRANSFORMER_ENCODER_LAYER);
    value v = transformer_layer(m, &s, decoder, dt);
    module_draw(m, v, &layer);
    return v;
}

static value nn_encoder_layer(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return make_layer(m, arguments, false);
}

static value nn_decoder_layer(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return make_layer(m, arguments, true);
}

enum { MOST_LAYERS = 10000 };

/* Copies of a layer: nothing is drawn. */
static value copies(vm *m, value layer, int64_t n)
{
    if (n > MOST_LAYERS)
        fail(m, "a stack of %lld layers is not supported (up to %d are)", (long long)n, MOST_LAYERS);
    value list = new_torch_nn(m, "ModuleList");
    char name[24];
    for (int64_t i = 0; i < n; i++) {
        (void)snprintf(name, sizeof name, "%lld", (long long)i);
        add(m, list, name, module_copy(m, layer));
    }
    return list;
}

static value stack(vm *m, const char *type, value layer, int64_t n, value norm)
{
    value v = new_torch_nn(m, type);
    add(m, v, "layers", copies(m, layer, n));
    module_set(m, v, HELD_ATTRIBUTES, "num_layers", INT(n));
    if (norm.kind != V_NONE)
        add(m, v, "norm", norm);
    return v;
}

static value make_stack(vm *m, const struct arguments *arguments, const char *type, const char *specification,
                        const char *layer_name)
{
    value read = new_torch_nn(m, type);
    module_arguments(m, read, specification, arguments);
    value layer = module_get(m, read, layer_name), norm = module_get(m, read, "norm");
    if (!is_torch_nn(layer) || (norm.kind != V_NONE && !is_torch_nn(norm)))
        type_error(m, "%s() takes a layer, how many of it, and a norm", type);
    return stack(m, type, layer, torch_int(m, type, module_get(m, read, "num_layers"), "num_layers"), norm);
}

static value nn_encoder(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return make_stack(m, arguments, "TransformerEncoder",
                      "encoder_layer num_layers norm= enable_nested_tensor=True mask_check=True", "encoder_layer");
}

static value nn_decoder(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return make_stack(m, arguments, "TransformerDecoder", "decoder_layer num_layers norm=", "decoder_layer");
}

static value nn_transformer(vm *m, value self, const struct arguments *arguments)
{
    dtype dt;
    value v = new_torch_nn(m, "Transformer");
    (void)self;
    module_arguments(m, v,
                     "d_model=512 nhead=8 num_encoder_layers=6 num_decoder_layers=6 dim_feedforward=2048 dropout=0.1 "
                     "activation=relu custom_encoder= custom_decoder= layer_norm_eps=1e-05 batch_first=False "
                     "norm_first=False bias=True device= dtype=",
                     arguments);
    if (module_get(m, v, "custom_encoder").kind != V_NONE || module_get(m, v, "custom_decoder").kind != V_NONE)
        fail(m, "Transformer() with an encoder or decoder of one's own is not supported");
    struct sizes s = read_sizes(m, v, &dt);
    oneseed_torch_layer layer = described(&s, ONESEED_TORCH_TRANSFORMER);
    layer.num_encoder_layers =
        torch_int(m, "Transformer", module_get(m, v, "num_encoder_layers"), "num_encoder_layers");
    layer.num_decoder_layers =
        torch_int(m, "Transformer", module_get(m, v, "num_decoder_layers"), "num_decoder_layers");
    add(m, v, "encoder",
        stack(m, "TransformerEncoder", transformer_layer(m, &s, false, dt), layer.num_encoder_layers,
              part_norm(m, &s)));
    add(m, v, "decoder",
        stack(m, "TransformerDecoder", transformer_layer(m, &s, true, dt), layer.num_decoder_layers, part_norm(m, &s)));
    module_draw(m, v, &layer);
    return v;
}

static value nn_attention(vm *m, value self, const struct arguments *arguments)
{
    oneseed_torch_layer layer;
    value read = new_torch_nn(m, "MultiheadAttention");
    (void)self;
    module_arguments(m, read,
                     "embed_dim num_heads dropout=0.0 bias=True add_bias_kv=False add_zero_attn=False kdim= vdim= "
                     "batch_first=False device= dtype=",
                     arguments);
    if (torch_device_from(m, module_get(m, read, "device")).dt != DEVICE_CPU)
        fail(m, "MultiheadAttention(device='cuda') is not supported");
    dtype dt = torch_dtype_from(m, module_get(m, read, "dtype"), m->torch.default_dtype);
    value kdim = module_get(m, read, "kdim"), vdim = module_get(m, read, "vdim");
    oneseed_torch_layer_defaults(&layer, ONESEED_TORCH_MULTIHEAD_ATTENTION);
    layer.embed_dim = torch_int(m, "MultiheadAttention", module_get(m, read, "embed_dim"), "embed_dim");
    layer.num_heads = torch_int(m, "MultiheadAttention", module_get(m, read, "num_heads"), "num_heads");
    layer.bias = truth(m, module_get(m, read, "bias"));
    layer.add_bias_kv = truth(m, module_get(m, read, "add_bias_kv"));
    layer.kdim = kdim.kind == V_NONE ? 0 : torch_int(m, "MultiheadAttention", kdim, "kdim");
    layer.vdim = vdim.kind == V_NONE ? 0 : torch_int(m, "MultiheadAttention", vdim, "vdim");
    value v = part_attention(m, &layer, dt);
    module_draw(m, v, &layer);
    return v;
}

const struct native torch_transformer_functions[] = {{"MultiheadAttention", nn_attention, NATIVE_CLASS, 0},
                                                     {"TransformerEncoderLayer", nn_encoder_layer, NATIVE_CLASS, 0},
                                                     {"TransformerDecoderLayer", nn_decoder_layer, NATIVE_CLASS, 0},
                                                     {"TransformerEncoder", nn_encoder, NATIVE_CLASS, 0},
                                                     {"TransformerDecoder", nn_decoder, NATIVE_CLASS, 0},
                                                     {"Transformer", nn_transformer, NATIVE_CLASS, 0},
                                                     {NULL, NULL, NATIVE_FUNCTION, 0}};
