/* torch_layer_make.c - the layers of torch.nn that have parameters: their arguments, parts, prints and first values.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <string.h> /* strcmp, strchr */

#include "draw/torch_module.h"

/* --- Parameters ------------------------------------------------------------------------------------------------------ */

static void refuse_layer(vm *m, oneseed_status status, const oneseed_torch_layer *layer)
{
    const char *text = oneseed_status_text(status);
    switch (status) {
    case ONESEED_OK:
        return;
    case ONESEED_TORCH_BILINEAR_IN1:
        value_error(m, "%s%lld)", text, (long long)layer->in_features);
    case ONESEED_TORCH_ATTENTION_SIZES:
        value_error(m, "%s%lld and num_heads=%lld instead", text, (long long)layer->embed_dim,
                    (long long)layer->num_heads);
    case ONESEED_TORCH_GROUP_NORM_CHANNELS:
        value_error(m, "num_channels (%lld) must be divisible by num_groups (%lld)", (long long)layer->num_features,
                    (long long)layer->groups);
    case ONESEED_TORCH_ATTENTION_HEADS:
    case ONESEED_TORCH_EMBEDDING_PADDING:
    case ONESEED_TORCH_EMBEDDING_BAG_PADDING:
        fail(m, "AssertionError: %s", text);
    case ONESEED_TORCH_GROUP_NORM_ZERO:
    case ONESEED_TORCH_FAN_ZERO:
        fail(m, "ZeroDivisionError: %s", text);
    case ONESEED_TORCH_NEGATIVE_DIMENSION:
    case ONESEED_TORCH_STORAGE_SIZE:
    case ONESEED_TORCH_PARAMETER_DTYPE:
        fail(m, "RuntimeError: %s", text);
    default:
        value_error(m, "%s", text);
    }
}

/* Tensors, not numbers: what is beyond is a slip of the pen. */
enum { MOST_PARAMETERS = 100000 };

void module_add_own(vm *m, value module, const oneseed_torch_layer *layer, dtype dt)
{
    size_t n_parameters, n_elements;
    refuse_layer(m, oneseed_torch_layer_size(layer, &n_parameters, &n_elements), layer);
    if (n_parameters > MOST_PARAMETERS)
        fail(m, "a layer of %zu parameters is not supported (up to %d are)", n_parameters, MOST_PARAMETERS);
    torch_nn_of(module)->layer = *layer;
    step(m, n_parameters);
    for (size_t k = 0; k < n_parameters; k++) {
        oneseed_torch_parameter parameter;
        refuse_layer(m, oneseed_torch_layer_parameter(layer, k, &parameter), layer);
        if (strchr(parameter.name, '.')) /* of a part */
            continue;
        value v = make_parameter(m, array_new(m, dt, parameter.n_dims, parameter.shape, 0));
        module_set(m, module, HELD_PARAMETERS, parameter.name, v);
    }
}

/* A layer without a draw asks for no seed. */
static bool draws(const oneseed_torch_layer *layer)
{
    return layer->kind < ONESEED_TORCH_BATCH_NORM;
}

/* What was assigned to a parameter or to its .data may be anything. */
static void require_own_memory(vm *m, value module, const struct array *a, const oneseed_torch_parameter *parameter,
                               dtype dt)
{
    bool same = a->n_dims == parameter->n_dims && a->dt == dt && array_is_contiguous(a);
    for (int i = 0; same && i < a->n_dims; i++)
        same = a->shape[i] == parameter->shape[i];
    if (!same)
        fail(m, "%s: the parameter %s was replaced by another shape, dtype or layout: it cannot be drawn again",
             torch_nn_of(module)->type, parameter->name);
}

void module_draw(vm *m, value module, const oneseed_torch_layer *layer)
{
    value pairs = module_parameters(m, module);
    size_t n = pairs.u.seq->n, n_parameters, n_elements;
    void **outs = (void **)(void *)make_sequence(m, V_LIST, n + 1).u.seq->items; /* memory that is swept */
    refuse_layer(m, oneseed_torch_layer_size(layer, &n_parameters, &n_elements), layer);
    if (n != n_parameters)
        fail(m, "%s: %zu parameters, but %zu are known", torch_nn_of(module)->type, n, n_parameters);
    dtype dt = m->torch.default_dtype;
    for (size_t k = 0; k < n; k++) {
        const value *pair = pairs.u.seq->items[k].u.seq->items;
        oneseed_torch_parameter parameter;
        refuse_layer(m, oneseed_torch_layer_parameter(layer, k, &parameter), layer);
        if (strcmp(parameter.name, pair[0].u.text->bytes) != 0)
            fail(m, "%s: the parameter %s stands where %s is known", torch_nn_of(module)->type, pair[0].u.text->bytes,
                 parameter.name);
        const struct array *a = pair[1].u.tensor->array;
        require_own_memory(m, module, a, &parameter, k > 0 ? dt : (dtype)a->dt);
        dt = (dtype)a->dt;
        outs[k] = array_bytes(a);
    }
    step(m, n_elements);
    oneseed_torch scratch = {0};
    oneseed_torch *state = draws(layer) ? &torch_drawing(m, NONE, DEVICE_CPU)->state : &scratch;
    refuse_layer(m, oneseed_torch_layer_fill(state, layer, torch_library_dtype(m, dt), outs), layer);
}

/* device= and dtype=, which every layer takes last. */
static dtype layer_dtype(vm *m, value module)
{
    if (torch_device_from(m, module_get(m, module, "device")).dt != DEVICE_CPU)
        fail(m, "%s(device='cuda') is not supported", torch_nn_of(module)->type);
    return torch_dtype_from(m, module_get(m, module, "dtype"), m->torch.default_dtype);
}

static int64_t number(vm *m, value module, const char *name)
{
    value v = module_get(m, module, name);
    if (v.kind == V_NONE)
        return 0;
    return torch_int(m, torch_nn_of(module)->type, v.kind == V_BOOL ? INT(v.u.i) : v, name);
}

static bool flag(vm *m, value module, const char *name)
{
    return truth(m, module_get(m, module, name));
}

/* After the draw of a layer whose name has a bias that is not wanted: the attribute is None, as a parameter that is none. */
static void no_bias(vm *m, value module, const char *name)
{
    if (!flag(m, module, "bias"))
        module_set(m, module, HELD_PARAMETERS, name, NONE);
}

static value finish(vm *m, value module, const oneseed_torch_layer *layer, const char *template)
{
    module_add_own(m, module, layer, layer_dtype(m, module));
    module_draw(m, module, layer);
    module_extra(m, module, template);
    return module;
}

/* --- Linear, Bilinear, Embedding ---------------------------------------------------------------------------------------- */

value nn_linear(vm *m, value self, const struct arguments *arguments)
{
    oneseed_torch_layer layer;
    value v = new_torch_nn(m, "Linear");
    (void)self;
    module_arguments(m, v, "in_features out_features bias=True device= dtype=", arguments);
    oneseed_torch_layer_defaults(&layer, ONESEED_TORCH_LINEAR);
    layer.in_features = number(m, v, "in_features");
    layer.out_features = number(m, v, "out_features");
    layer.bias = flag(m, v, "bias");
    no_bias(m, v, "bias");
    return finish(m, v, &layer, "in_features={in_features}, out_features={out_features}, bias={bias}");
}

static value nn_bilinear(vm *m, value self, const struct arguments *arguments)
{
    oneseed_torch_layer layer;
    value v = new_torch_nn(m, "Bilinear");
    (void)self;
    module_arguments(m, v, "in1_features in2_features out_features bias=True device= dtype=", arguments);
    oneseed_torch_layer_defaults(&layer, ONESEED_TORCH_BILINEAR);
    layer.in_features = number(m, v, "in1_features");
    layer.in2_features = number(m, v, "in2_features");
    layer.out_features = number(m, v, "out_features");
    layer.bias = flag(m, v, "bias");
    no_bias(m, v, "bias");
    return finish(m, v, &layer,
                  "in1_features={in1_features}, in2_features={in2_features}, out_features={out_features}, bias={bias}");
}

static value embedding(vm *m, value v, oneseed_torch_layer_kind kind, const char *template)
{
    oneseed_torch_layer layer;
    oneseed_torch_layer_defaults(&layer, kind);
    layer.num_embeddings = number(m, v, "num_embeddings");
    layer.embedding_dim = number(m, v, "embedding_dim");
    value padding = module_get(m, v, "padding_idx");
    layer.has_padding_idx = padding.kind != V_NONE;
    layer.padding_idx = number(m, v, "padding_idx");
    if (module_get(m, v, "_weight").kind != V_NONE)
        fail(m, "%s(_weight=…) is not supported", torch_nn_of(v)->type);
    if (layer.has_padding_idx && layer.padding_idx < 0) {
        value counted = INT(layer.padding_idx + layer.num_embeddings);
        module_set(m, v, HELD_ATTRIBUTES, "padding_idx", counted);
    }
    return finish(m, v, &layer, template);
}

static value nn_embedding(vm *m, value self, const struct arguments *arguments)
{
    value v = new_torch_nn(m, "Embedding");
    (void)self;
    module_arguments(m, v,
                     "num_embeddings embedding_dim padding_idx= max_norm= norm_type=2.0 scale_grad_by_freq=False "
                     "sparse=False _weight= _freeze=False device= dtype=",
                     arguments);
    return embedding(m, v, ONESEED_TORCH_EMBEDDING,
                     "{num_embeddings}, {embedding_dim}<padding_idx?|, padding_idx={padding_idx}><max_norm?|, "
                     "max_norm={max_norm}><norm_type!=2.0|, norm_type={norm_type}><scale_grad_by_freq|, "
                     "scale_grad_by_freq={scale_grad_by_freq}><sparse|, sparse=True>");
}

static value nn_embedding_bag(vm *m, value self, const struct arguments *arguments)
{
    value v = new_torch_nn(m, "EmbeddingBag");
    (void)self;
    module_arguments(m, v,
                     "num_embeddings embedding_dim max_norm= norm_type=2.0 scale_grad_by_freq=False mode=mean "
                     "sparse=False _weight= include_last_offset=False padding_idx= device= dtype=",
                     arguments);
    return embedding(m, v, ONESEED_TORCH_EMBEDDING_BAG,
                     "{num_embeddings}, {embedding_dim}<max_norm?|, max_norm={max_norm}><norm_type!=2.0|, "
                     "norm_type={norm_type}><scale_grad_by_freq|, scale_grad_by_freq={scale_grad_by_freq}>, "
                     "mode={mode!r}<padding_idx?|, padding_idx={padding_idx}>");
}

/* --- Convolutions -------------------------------------------------------------------------------------------------------- */

static void spread_sizes(vm *m, value v, const char *name, size_t n)
{
    value given = module_get(m, v, name);
    if (!is_text(given))
        module_set(m, v, HELD_ATTRIBUTES, name, tuple_of(m, given, n));
}

static value convolution(vm *m, const struct arguments *arguments, const char *type, oneseed_torch_layer_kind kind,
                         size_t n_dims, bool transposed)
{
    oneseed_torch_layer layer;
    char template[400];
    value v = new_torch_nn(m, type);
    module_arguments(m, v,
                     transposed
                         ? "in_channels out_channels kernel_size stride=1 padding=0 output_padding=0 groups=1 "
                           "bias=True dilation=1 padding_mode=zeros device= dtype="
                         : "in_channels out_channels kernel_size stride=1 padding=0 dilation=1 groups=1 bias=True "
                           "padding_mode=zeros device= dtype=",
                     arguments);
    static const char *const sizes[] = {"kernel_size", "stride", "padding", "dilation"};
    for (size_t i = 0; i < 4; i++)
        spread_sizes(m, v, sizes[i], n_dims);
    if (transposed)
        spread_sizes(m, v, "output_padding", n_dims);
    oneseed_torch_layer_defaults(&layer, kind);
    layer.in_channels = number(m, v, "in_channels");
    layer.out_channels = number(m, v, "out_channels");
    layer.groups = number(m, v, "groups");
    layer.bias = flag(m, v, "bias");
    value kernel = module_get(m, v, "kernel_size");
    if (kernel.u.seq->n != n_dims)
        value_error(m, "%s: a kernel_size of %zu numbers is needed", type, n_dims);
    for (size_t i = 0; i < n_dims; i++)
        layer.kernel_size[i] = torch_int(m, type, kernel.u.seq->items[i], "kernel_size");
    no_bias(m, v, "bias");
    static const char *const zeros[] = {"(0,)", "(0, 0)", "(0, 0, 0)"}, *const ones[] = {"(1,)", "(1, 1)", "(1, 1, 1)"};
    (void)snprintf(template, sizeof template,
                   "{in_channels}, {out_channels}, kernel_size={kernel_size}, stride={stride}<padding!=%s|, "
                   "padding={padding}><dilation!=%s|, dilation={dilation}>%s%s%s<groups!=1|, "
                   "groups={groups}><bias!=True|, bias=False><padding_mode!=zeros|, padding_mode={padding_mode}>",
                   zeros[n_dims - 1], ones[n_dims - 1], transposed ? "<output_padding!=" : "",
                   transposed ? zeros[n_dims - 1] : "", transposed ? "|, output_padding={output_padding}>" : "");
    module_set(m, v, HELD_ATTRIBUTES, "bias", BOOL(layer.bias));
    return finish(m, v, &layer, template);
}

#define CONVOLUTION(function, type, kind, n_dims, transposed)                                                          \
    static value function(vm *m, value self, const struct arguments *arguments)                                        \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return convolution(m, arguments, type, kind, n_dims, transposed);                                              \
    }
CONVOLUTION(nn_conv1d, "Conv1d", ONESEED_TORCH_CONV1D, 1, false)
CONVOLUTION(nn_conv2d, "Conv2d", ONESEED_TORCH_CONV2D, 2, false)
CONVOLUTION(nn_conv3d, "Conv3d", ONESEED_TORCH_CONV3D, 3, false)
CONVOLUTION(nn_conv_transpose1d, "ConvTranspose1d", ONESEED_TORCH_CONV_TRANSPOSE1D, 1, true)
CONVOLUTION(nn_conv_transpose2d, "ConvTranspose2d", ONESEED_TORCH_CONV_TRANSPOSE2D, 2, true)
CONVOLUTION(nn_conv_transpose3d, "ConvTranspose3d", ONESEED_TORCH_CONV_TRANSPOSE3D, 3, true)

/* --- Recurrent layers ---------------------------------------------------------------------------------------------------- */

static value recurrent(vm *m, const struct arguments *arguments, const char *type, oneseed_torch_layer_kind kind)
{
    oneseed_torch_layer layer;
    value v = new_torch_nn(m, type);
    module_arguments(
        m, v,
        kind == ONESEED_TORCH_RNN
            ? "input_size hidden_size num_layers=1 nonlinearity=tanh bias=True batch_first=False dropout=0.0 "
              "bidirectional=False device= dtype="
        : kind == ONESEED_TORCH_LSTM ? "input_size hidden_size num_layers=1 bias=True batch_first=False dropout=0.0 "
                                       "bidirectional=False proj_size=0 device= dtype="
                                     : "input_size hidden_size num_layers=1 bias=True batch_first=False dropout=0.0 "
                                       "bidirectional=False device= dtype=",
        arguments);
    oneseed_torch_layer_defaults(&layer, kind);
    layer.input_size = number(m, v, "input_size");
    layer.hidden_size = number(m, v, "hidden_size");
    layer.num_layers = number(m, v, "num_layers");
    layer.bias = flag(m, v, "bias");
    layer.bidirectional = flag(m, v, "bidirectional");
    layer.proj_size = number(m, v, "proj_size");
    if (kind != ONESEED_TORCH_LSTM)
        module_set(m, v, HELD_ATTRIBUTES, "proj_size", INT(0));
    value dropout = module_get(m, v, "dropout");
    if (!is_number(dropout) || !(to_double(m, dropout, "dropout") >= 0 && to_double(m, dropout, "dropout") <= 1))
        value_error(m, "dropout should be a number in range [0, 1] representing the probability of an element being "
                       "zeroed");
    module_set(m, v, HELD_ATTRIBUTES, "dropout", FLOAT(to_double(m, dropout, "dropout")));
    return finish(m, v, &layer,
                  "{input_size}, {hidden_size}<proj_size|, proj_size={proj_size}><num_layers!=1|, "
                  "num_layers={num_layers}><bias!=True|, bias={bias}><batch_first|, "
                  "batch_first={batch_first}><dropout|, dropout={dropout}><bidirectional|, "
                  "bidirectional={bidirectional}>");
}

static value recurrent_cell(vm *m, const struct arguments *arguments, const char *type, oneseed_torch_layer_kind kind)
{
    oneseed_torch_layer layer;
    value v = new_torch_nn(m, type);
    bool plain = kind == ONESEED_TORCH_RNN_CELL;
    module_arguments(m, v,
                     plain ? "input_size hidden_size bias=True nonlinearity=tanh device= dtype="
                           : "input_size hidden_size bias=True device= dtype=",
                     arguments);
    oneseed_torch_layer_defaults(&layer, kind);
    layer.input_size = number(m, v, "input_size");
    layer.hidden_size = number(m, v, "hidden_size");
    layer.bias = flag(m, v, "bias");
    no_bias(m, v, "bias_ih");
    no_bias(m, v, "bias_hh");
    return finish(m, v, &layer,
                  plain ? "{input_size}, {hidden_size}<bias!=True|, bias={bias}><nonlinearity!=tanh|, "
                          "nonlinearity={nonlinearity}>"
                        : "{input_size}, {hidden_size}<bias!=True|, bias={bias}>");
}

#define RECURRENT(function, type, kind, make)                                                                          \
    static value function(vm *m, value self, const struct arguments *arguments)                                        \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return make(m, arguments, type, kind);                                                                         \
    }
RECURRENT(nn_rnn, "RNN", ONESEED_TORCH_RNN, recurrent)
RECURRENT(nn_lstm, "LSTM", ONESEED_TORCH_LSTM, recurrent)
RECURRENT(nn_gru, "GRU", ONESEED_TORCH_GRU, recurrent)
RECURRENT(nn_rnn_cell, "RNNCell", ONESEED_TORCH_RNN_CELL, recurrent_cell)
RECURRENT(nn_lstm_cell, "LSTMCell", ONESEED_TORCH_LSTM_CELL, recurrent_cell)
RECURRENT(nn_gru_cell, "GRUCell", ONESEED_TORCH_GRU_CELL, recurrent_cell)

/* BatchNorm and the like print their bias in 2.13. */
bool torch_prints_norm_bias(const vm *m)
{
    return m->settings.torch_version == 0 || m->settings.torch_version >= 21300;
}

/* --- Norms: nothing is drawn --------------------------------------------------------------------------------------------- */

static void add_running(vm *m, value v, dtype dt, int64_t n)
{
    struct array *mean = array_new(m, dt, 1, &n, 0), *var = array_new(m, dt, 1, &n, 0);
    for (int64_t i = 0; i < n; i++)
        tensor_store(dt, array_bytes(var) + i * (int64_t)var->item_nbytes, 1);
    module_set(m, v, HELD_BUFFERS, "running_mean", make_tensor(m, mean));
    module_set(m, v, HELD_BUFFERS, "running_var", make_tensor(m, var));
    module_set(m, v, HELD_BUFFERS, "num_batches_tracked", make_tensor(m, array_new(m, DT_INT64, 0, NULL, 0)));
}

static value feature_norm(vm *m, const struct arguments *arguments, const char *type, oneseed_torch_layer_kind kind)
{
    oneseed_torch_layer layer;
    value v = new_torch_nn(m, type);
    bool batch = kind == ONESEED_TORCH_BATCH_NORM;
    module_arguments(m, v,
                     batch
                         ? "num_features eps=1e-05 momentum=0.1 affine=True track_running_stats=True device= dtype= * "
                           "bias=True"
                         : "num_features eps=1e-05 momentum=0.1 affine=False track_running_stats=False device= dtype= "
                           "* bias=True",
                     arguments);
    oneseed_torch_layer_defaults(&layer, kind);
    layer.num_features = number(m, v, "num_features");
    layer.affine = flag(m, v, "affine");
    layer.bias = layer.affine && flag(m, v, "bias");
    module_set(m, v, HELD_ATTRIBUTES, "bias", BOOL(layer.bias));
    finish(m, v, &layer,
           torch_prints_norm_bias(m) ? "{num_features}, eps={eps}, momentum={momentum}, affine={affine}, bias={bias}, "
                                       "track_running_stats={track_running_stats}"
                                     : "{num_features}, eps={eps}, momentum={momentum}, affine={affine}, "
                                       "track_running_stats={track_running_stats}");
    if (!layer.affine)
        module_set(m, v, HELD_PARAMETERS, "weight", NONE);
    if (!layer.bias)
        module_set(m, v, HELD_PARAMETERS, "bias", NONE);
    if (flag(m, v, "track_running_stats"))
        add_running(m, v, layer_dtype(m, v), layer.num_features);
    return v;
}

#define NORM(function, type, kind)                                                                                     \
    static value function(vm *m, value self, const struct arguments *arguments)                                        \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return feature_norm(m, arguments, type, kind);                                                                 \
    }
NORM(nn_batch_norm1d, "BatchNorm1d", ONESEED_TORCH_BATCH_NORM)
NORM(nn_batch_norm2d, "BatchNorm2d", ONESEED_TORCH_BATCH_NORM)
NORM(nn_batch_norm3d, "BatchNorm3d", ONESEED_TORCH_BATCH_NORM)
NORM(nn_instance_norm1d, "InstanceNorm1d", ONESEED_TORCH_INSTANCE_NORM)
NORM(nn_instance_norm2d, "InstanceNorm2d", ONESEED_TORCH_INSTANCE_NORM)
NORM(nn_instance_norm3d, "InstanceNorm3d", ONESEED_TORCH_INSTANCE_NORM)

static value nn_group_norm(vm *m, value self, const struct arguments *arguments)
{
    oneseed_torch_layer layer;
    value v = new_torch_nn(m, "GroupNorm");
    (void)self;
    module_arguments(m, v, "num_groups num_channels eps=1e-05 affine=True device= dtype= * bias=True", arguments);
    oneseed_torch_layer_defaults(&layer, ONESEED_TORCH_GROUP_NORM);
    layer.groups = number(m, v, "num_groups");
    layer.num_features = number(m, v, "num_channels");
    layer.affine = flag(m, v, "affine");
    layer.bias = layer.affine && flag(m, v, "bias");
    module_set(m, v, HELD_ATTRIBUTES, "bias", BOOL(layer.bias));
    return finish(m, v, &layer,
                  torch_prints_norm_bias(m) ? "{num_groups}, {num_channels}, eps={eps}, affine={affine}, bias={bias}"
                                            : "{num_groups}, {num_channels}, eps={eps}, affine={affine}");
}

static void normalized_shape(vm *m, value v, oneseed_torch_layer *layer)
{
    value tuple = make_sequence(m, V_TUPLE, 0);
    value given = tuple_of(m, module_get(m, v, "normalized_shape"), 1);
    for (size_t i = 0; i < given.u.seq->n; i++)
        append(m, tuple, given.u.seq->items[i]);
    if (tuple.u.seq->n < 1 || tuple.u.seq->n > 5)
        fail(m, "a normalized_shape of 1 to 5 dimensions is supported");
    layer->n_normalized_dims = (int)tuple.u.seq->n;
    for (int i = 0; i < layer->n_normalized_dims; i++)
        layer->normalized_shape[i] = torch_int(m, torch_nn_of(v)->type, tuple.u.seq->items[i], "normalized_shape");
    module_set(m, v, HELD_ATTRIBUTES, "normalized_shape", tuple);
    layer->affine = flag(m, v, "elementwise_affine");
}

value make_layer_norm(vm *m, const struct arguments *arguments)
{
    oneseed_torch_layer layer;
    value v = new_torch_nn(m, "LayerNorm");
    module_arguments(m, v, "normalized_shape eps=1e-05 elementwise_affine=True bias=True device= dtype=", arguments);
    oneseed_torch_layer_defaults(&layer, ONESEED_TORCH_LAYER_NORM);
    normalized_shape(m, v, &layer);
    layer.bias = layer.affine && flag(m, v, "bias");
    module_set(m, v, HELD_ATTRIBUTES, "bias", BOOL(layer.bias));
    return finish(m, v, &layer,
                  torch_prints_norm_bias(m)
                      ? "{normalized_shape}, eps={eps}, elementwise_affine={elementwise_affine}, bias={bias}"
                      : "{normalized_shape}, eps={eps}, elementwise_affine={elementwise_affine}");
}

static value nn_layer_norm(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return make_layer_norm(m, arguments);
}

static value nn_rms_norm(vm *m, value self, const struct arguments *arguments)
{
    oneseed_torch_layer layer;
    value v = new_torch_nn(m, "RMSNorm");
    (void)self;
    module_arguments(m, v, "normalized_shape eps= elementwise_affine=True device= dtype=", arguments);
    oneseed_torch_layer_defaults(&layer, ONESEED_TORCH_RMS_NORM);
    normalized_shape(m, v, &layer);
    return finish(m, v, &layer, "{normalized_shape}, eps={eps}, elementwise_affine={elementwise_affine}");
}

static value nn_prelu(vm *m, value self, const struct arguments *arguments)
{
    oneseed_torch_layer layer;
    value v = new_torch_nn(m, "PReLU");
    (void)self;
    module_arguments(m, v, "num_parameters=1 init=0.25 device= dtype=", arguments);
    oneseed_torch_layer_defaults(&layer, ONESEED_TORCH_PRELU);
    layer.num_features = number(m, v, "num_parameters");
    layer.init = torch_double(m, "PReLU", module_get(m, v, "init"), "init");
    return finish(m, v, &layer, "num_parameters={num_parameters}");
}

#define CLASS(name, function)                                                                                          \
    {                                                                                                                  \
        name, function, NATIVE_CLASS, 0                                                                                \
    }
const struct native torch_layer_functions[] = {CLASS("Linear", nn_linear),
                                               CLASS("Bilinear", nn_bilinear),
                                               CLASS("Embedding", nn_embedding),
                                               CLASS("EmbeddingBag", nn_embedding_bag),
                                               CLASS("Conv1d", nn_conv1d),
                                               CLASS("Conv2d", nn_conv2d),
                                               CLASS("Conv3d", nn_conv3d),
                                               CLASS("ConvTranspose1d", nn_conv_transpose1d),
                                               CLASS("ConvTranspose2d", nn_conv_transpose2d),
                                               CLASS("ConvTranspose3d", nn_conv_transpose3d),
                                               CLASS("RNN", nn_rnn),
                                               CLASS("LSTM", nn_lstm),
                                               CLASS("GRU", nn_gru),
                                               CLASS("RNNCell", nn_rnn_cell),
                                               CLASS("LSTMCell", nn_lstm_cell),
                                               CLASS("GRUCell", nn_gru_cell),
                                               CLASS("BatchNorm1d", nn_batch_norm1d),
                                               CLASS("BatchNorm2d", nn_batch_norm2d),
                                               CLASS("BatchNorm3d", nn_batch_norm3d),
                                               CLASS("InstanceNorm1d", nn_instance_norm1d),
                                               CLASS("InstanceNorm2d", nn_instance_norm2d),
                                               CLASS("InstanceNorm3d", nn_instance_norm3d),
                                               CLASS("GroupNorm", nn_group_norm),
                                               CLASS("LayerNorm", nn_layer_norm),
                                               CLASS("RMSNorm", nn_rms_norm),
                                               CLASS("PReLU", nn_prelu),
                                               {NULL, NULL, NATIVE_FUNCTION, 0}};
