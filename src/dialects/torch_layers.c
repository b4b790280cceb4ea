/* torch_layers.c - the layers of torch.nn as descriptions: which parameters, their names, shapes and places.
 * SPDX-License-Identifier: MIT */
#include "dialects/torch_layers.h"

#include <string.h> /* memcpy, memset, strlen */

/* ---- defaults ---- */

void oneseed_torch_layer_defaults(oneseed_torch_layer *layer, oneseed_torch_layer_kind kind)
{
    memset(layer, 0, sizeof *layer);
    layer->kind = kind;
    layer->bias = 1;
    layer->affine = kind != ONESEED_TORCH_INSTANCE_NORM;
    layer->groups = 1;
    layer->num_layers = 1;
    layer->dim_feedforward = 2048;
    if (kind == ONESEED_TORCH_TRANSFORMER) {
        layer->embed_dim = 512;
        layer->num_heads = 8;
        layer->num_encoder_layers = 6;
        layer->num_decoder_layers = 6;
    }
    if (kind == ONESEED_TORCH_PRELU) {
        layer->num_features = 1;
        layer->init = 0.25;
    }
}

/* ---- small facts about kinds ---- */

static bool is_conv(oneseed_torch_layer_kind kind)
{
    return kind >= ONESEED_TORCH_CONV1D && kind <= ONESEED_TORCH_CONV_TRANSPOSE3D;
}

static bool is_transposed(oneseed_torch_layer_kind kind)
{
    return kind >= ONESEED_TORCH_CONV_TRANSPOSE1D;
}

static int conv_dims(oneseed_torch_layer_kind kind)
{
    return (int)kind - (int)(is_transposed(kind) ? ONESEED_TORCH_CONV_TRANSPOSE1D : ONESEED_TORCH_CONV1D) + 1;
}

static bool is_rnn(oneseed_torch_layer_kind kind)
{
    return kind >= ONESEED_TORCH_RNN && kind <= ONESEED_TORCH_GRU;
}

static int64_t n_gates(oneseed_torch_layer_kind kind)
{
    switch (kind) {
    case ONESEED_TORCH_LSTM:
    case ONESEED_TORCH_LSTM_CELL:
        return 4;
    case ONESEED_TORCH_GRU:
    case ONESEED_TORCH_GRU_CELL:
        return 3;
    default:
        return 1;
    }
}

static bool has_own_projections(const oneseed_torch_layer *l)
{
    return (l->kdim != 0 && l->kdim != l->embed_dim) || (l->vdim != 0 && l->vdim != l->embed_dim);
}

/* ---- parts ---- */

static oneseed_torch_layer linear(int64_t in_features, int64_t out_features, int bias)
{
    return (oneseed_torch_layer){
        .kind = ONESEED_TORCH_LINEAR, .in_features = in_features, .out_features = out_features, .bias = bias};
}

static oneseed_torch_layer layer_norm(const oneseed_torch_layer *l)
{
    return (oneseed_torch_layer){.kind = ONESEED_TORCH_LAYER_NORM,
                                 .n_normalized_dims = 1,
                                 .normalized_shape = {l->embed_dim},
                                 .affine = 1,
                                 .bias = l->bias};
}

static oneseed_torch_layer attention(const oneseed_torch_layer *l)
{
    return (oneseed_torch_layer){.kind = ONESEED_TORCH_MULTIHEAD_ATTENTION,
                                 .embed_dim = l->embed_dim,
                                 .num_heads = l->num_heads,
                                 .bias = l->bias};
}

/* The same sizes with another kind, number of layers and norm: what a transformer is made of. */
static oneseed_torch_layer inner(const oneseed_torch_layer *l, oneseed_torch_layer_kind kind, int64_t num_layers)
{
    return (oneseed_torch_layer){.kind = kind,
                                 .embed_dim = l->embed_dim,
                                 .num_heads = l->num_heads,
                                 .dim_feedforward = l->dim_feedforward,
                                 .bias = l->bias,
                                 .num_layers = num_layers,
                                 .has_norm = 1};
}

static void add(struct torch_part *parts, size_t *n, const char *name, oneseed_torch_layer layer)
{
    parts[(*n)++] = (struct torch_part){.name = name, .n_copies = 1, .layer = layer};
}

static size_t transformer_layer_parts(const oneseed_torch_layer *l, struct torch_part *parts)
{
    bool is_decoder = l->kind == ONESEED_TORCH_TRANSFORMER_DECODER_LAYER;
    size_t n = 0;
    add(parts, &n, "self_attn", attention(l));
    if (is_decoder)
        add(parts, &n, "multihead_attn", attention(l));
    add(parts, &n, "linear1", linear(l->embed_dim, l->dim_feedforward, l->bias));
    add(parts, &n, "linear2", linear(l->dim_feedforward, l->embed_dim, l->bias));
    add(parts, &n, "norm1", layer_norm(l));
    add(parts, &n, "norm2", layer_norm(l));
    if (is_decoder)
        add(parts, &n, "norm3", layer_norm(l));
    return n;
}

size_t torch_layer_parts(const oneseed_torch_layer *l, struct torch_part parts[TORCH_PARTS_MAX])
{
    size_t n = 0;
    switch (l->kind) {
    case ONESEED_TORCH_MULTIHEAD_ATTENTION:
        add(parts, &n, "out_proj", linear(l->embed_dim, l->embed_dim, l->bias));
        return n;
    case ONESEED_TORCH_TRANSFORMER_ENCODER_LAYER:
    case ONESEED_TORCH_TRANSFORMER_DECODER_LAYER:
        return transformer_layer_parts(l, parts);
    case ONESEED_TORCH_TRANSFORMER_ENCODER:
    case ONESEED_TORCH_TRANSFORMER_DECODER:
        add(parts, &n, "layers",
            inner(l,
                  l->kind == ONESEED_TORCH_TRANSFORMER_ENCODER ? ONESEED_TORCH_TRANSFORMER_ENCODER_LAYER
                                                               : ONESEED_TORCH_TRANSFORMER_DECODER_LAYER,
                  0));
        parts[0].is_list = true;
        parts[0].n_copies = l->num_layers > 0 ? (size_t)l->num_layers : 0;
        if (l->has_norm)
            add(parts, &n, "norm", layer_norm(l));
        return n;
    case ONESEED_TORCH_TRANSFORMER:
        add(parts, &n, "encoder", inner(l, ONESEED_TORCH_TRANSFORMER_ENCODER, l->num_encoder_layers));
        add(parts, &n, "decoder", inner(l, ONESEED_TORCH_TRANSFORMER_DECODER, l->num_decoder_layers));
        return n;
    default:
        return 0;
    }
}

/* ---- own parameters ---- */

static size_t n_rnn_own(const oneseed_torch_layer *l)
{
    size_t n_each = 2u + (l->bias ? 2u : 0u) + (l->proj_size > 0 ? 1u : 0u);
    return n_each * (l->bidirectional ? 2 : 1) * (size_t)l->num_layers;
}

size_t torch_layer_n_own(const oneseed_torch_layer *l)
{
    switch (l->kind) {
    case ONESEED_TORCH_RNN:
    case ONESEED_TORCH_LSTM:
    case ONESEED_TORCH_GRU:
        return n_rnn_own(l);
    case ONESEED_TORCH_RNN_CELL:
    case ONESEED_TORCH_LSTM_CELL:
    case ONESEED_TORCH_GRU_CELL:
        return l->bias ? 4 : 2;
    case ONESEED_TORCH_MULTIHEAD_ATTENTION:
        return (has_own_projections(l) ? 3u : 1u) + (l->bias ? 1u : 0u) + (l->add_bias_kv ? 2u : 0u);
    case ONESEED_TORCH_BATCH_NORM:
    case ONESEED_TORCH_INSTANCE_NORM:
    case ONESEED_TORCH_GROUP_NORM:
    case ONESEED_TORCH_LAYER_NORM:
        return l->affine ? (l->bias ? 2 : 1) : 0;
    case ONESEED_TORCH_RMS_NORM:
        return l->affine ? 1 : 0;
    case ONESEED_TORCH_EMBEDDING:
    case ONESEED_TORCH_EMBEDDING_BAG:
    case ONESEED_TORCH_PRELU:
        return 1;
    default:
        if (is_conv(l->kind) || l->kind == ONESEED_TORCH_LINEAR || l->kind == ONESEED_TORCH_BILINEAR)
            return l->bias ? 2 : 1;
        return 0;
    }
}

static void append(oneseed_torch_parameter *p, const char *text)
{
    size_t at = strlen(p->name), n = strlen(text);
    if (n > sizeof p->name - 1 - at) /* no name of torch's is that long; a list's number has at most 20 digits */
        n = sizeof p->name - 1 - at;
    memcpy(p->name + at, text, n);
    p->name[at + n] = '\0';
}

static void append_number(oneseed_torch_parameter *p, size_t number)
{
    char digits[24], *first = digits + sizeof digits - 1;
    *first = '\0';
    do
        *--first = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    append(p, first);
}

static void add_dim(oneseed_torch_parameter *p, int64_t size)
{
    p->shape[p->n_dims++] = size;
}

static void named(oneseed_torch_parameter *p, const char *name, int64_t size)
{
    append(p, name);
    add_dim(p, size);
}

static void matrix(oneseed_torch_parameter *p, const char *name, int64_t n_rows, int64_t n_columns)
{
    named(p, name, n_rows);
    add_dim(p, n_columns);
}

static void own_conv(const oneseed_torch_layer *l, size_t k, oneseed_torch_parameter *out)
{
    if (k == 1) {
        named(out, "bias", l->out_channels);
        return;
    }
    if (is_transposed(l->kind))
        matrix(out, "weight", l->in_channels, l->out_channels / l->groups);
    else
        matrix(out, "weight", l->out_channels, l->in_channels / l->groups);
    for (int i = 0; i < conv_dims(l->kind); i++)
        add_dim(out, l->kernel_size[i]);
}

/* Which of weight_ih, weight_hh, bias_ih, bias_hh, weight_hr stands at place k. */
static size_t recurrent_role(const oneseed_torch_layer *l, size_t k)
{
    return !l->bias && k >= 2 ? k + 2 : k;
}

static void own_recurrent(const oneseed_torch_layer *l, size_t role, int64_t n_inputs, int64_t n_hidden,
                          oneseed_torch_parameter *out)
{
    int64_t gates = n_gates(l->kind) * l->hidden_size;
    if (role == 0)
        matrix(out, "weight_ih", gates, n_inputs);
    else if (role == 1)
        matrix(out, "weight_hh", gates, n_hidden);
    else if (role == 4)
        matrix(out, "weight_hr", l->proj_size, l->hidden_size);
    else
        named(out, role == 2 ? "bias_ih" : "bias_hh", gates);
}

static void own_rnn(const oneseed_torch_layer *l, size_t k, oneseed_torch_parameter *out)
{
    size_t n_directions = l->bidirectional ? 2 : 1;
    size_t n_each = 2u + (l->bias ? 2u : 0u) + (l->proj_size > 0 ? 1u : 0u);
    size_t number = k / n_each / n_directions;
    int64_t n_hidden = l->proj_size > 0 ? l->proj_size : l->hidden_size;
    int64_t n_inputs = number == 0 ? l->input_size : n_hidden * (int64_t)n_directions;
    own_recurrent(l, recurrent_role(l, k % n_each), n_inputs, n_hidden, out);
    append(out, "_l");
    append_number(out, number);
    if (k / n_each % n_directions == 1)
        append(out, "_reverse");
}

static void own_attention(const oneseed_torch_layer *l, size_t k, oneseed_torch_parameter *out)
{
    static const char *const names[] = {"q_proj_weight", "k_proj_weight", "v_proj_weight"};
    int64_t e = l->embed_dim;
    const int64_t columns[] = {e, l->kdim ? l->kdim : e, l->vdim ? l->vdim : e};
    size_t n_weights = has_own_projections(l) ? 3 : 1;
    if (k < n_weights) {
        if (n_weights == 3)
            matrix(out, names[k], e, columns[k]);
        else
            matrix(out, "in_proj_weight", 3 * e, e);
        return;
    }
    k -= n_weights;
    if (l->bias && k == 0) {
        named(out, "in_proj_bias", 3 * e);
        return;
    }
    matrix(out, k == (l->bias ? 1u : 0u) ? "bias_k" : "bias_v", 1, 1);
    add_dim(out, e);
}

static void own_norm(const oneseed_torch_layer *l, size_t k, oneseed_torch_parameter *out)
{
    append(out, k == 0 ? "weight" : "bias");
    if (l->kind == ONESEED_TORCH_LAYER_NORM || l->kind == ONESEED_TORCH_RMS_NORM)
        for (int i = 0; i < l->n_normalized_dims; i++)
            add_dim(out, l->normalized_shape[i]);
    else
        add_dim(out, l->num_features);
}

static void own_shape(const oneseed_torch_layer *l, size_t k, oneseed_torch_parameter *out)
{
    switch (l->kind) {
    case ONESEED_TORCH_LINEAR:
        if (k == 0)
            matrix(out, "weight", l->out_features, l->in_features);
        else
            named(out, "bias", l->out_features);
        return;
    case ONESEED_TORCH_BILINEAR:
        if (k == 1) {
            named(out, "bias", l->out_features);
            return;
        }
        matrix(out, "weight", l->out_features, l->in_features);
        add_dim(out, l->in2_features);
        return;
    case ONESEED_TORCH_EMBEDDING:
    case ONESEED_TORCH_EMBEDDING_BAG:
        matrix(out, "weight", l->num_embeddings, l->embedding_dim);
        return;
    case ONESEED_TORCH_RNN:
    case ONESEED_TORCH_LSTM:
    case ONESEED_TORCH_GRU:
        own_rnn(l, k, out);
        return;
    case ONESEED_TORCH_RNN_CELL:
    case ONESEED_TORCH_LSTM_CELL:
    case ONESEED_TORCH_GRU_CELL:
        own_recurrent(l, recurrent_role(l, k), l->input_size, l->hidden_size, out);
        return;
    case ONESEED_TORCH_MULTIHEAD_ATTENTION:
        own_attention(l, k, out);
        return;
    default:
        if (is_conv(l->kind))
            own_conv(l, k, out);
        else
            own_norm(l, k, out);
    }
}

static size_t n_elements(const oneseed_torch_parameter *p)
{
    size_t n = 1;
    for (int i = 0; i < p->n_dims; i++)
        n *= (size_t)p->shape[i];
    return n;
}

void torch_layer_own(const oneseed_torch_layer *l, size_t k, oneseed_torch_parameter *out)
{
    memset(out, 0, sizeof *out);
    own_shape(l, k, out);
    out->n = n_elements(out);
}

/* ---- refusals, in the order of the constructors ---- */

/* Elements are counted to this many: the bytes of any dtype then fit a size_t. */
static const size_t n_elements_max = SIZE_MAX / 32;

struct total {
    size_t n_parameters, n_elements;
};

static oneseed_status add_own(const oneseed_torch_parameter *p, size_t n_times, struct total *total)
{
    size_t n = n_times;
    for (int i = 0; i < p->n_dims; i++) {
        if (p->shape[i] < 0)
            return ONESEED_TORCH_NEGATIVE_DIMENSION;
        if (p->shape[i] == 0)
            n = 0;
        else if (n > n_elements_max / (size_t)p->shape[i])
            return ONESEED_TORCH_STORAGE_SIZE;
        n *= (size_t)p->shape[i];
    }
    if (n > n_elements_max - total->n_elements || n_times > n_elements_max - total->n_parameters)
        return ONESEED_TORCH_STORAGE_SIZE;
    total->n_elements += n;
    total->n_parameters += n_times;
    return ONESEED_OK;
}

static oneseed_status check_conv(const oneseed_torch_layer *l)
{
    if (l->groups <= 0)
        return ONESEED_TORCH_CONV_GROUPS;
    if (l->in_channels % l->groups != 0)
        return ONESEED_TORCH_CONV_IN_CHANNELS;
    return l->out_channels % l->groups != 0 ? ONESEED_TORCH_CONV_OUT_CHANNELS : ONESEED_OK;
}

static oneseed_status check_embedding(const oneseed_torch_layer *l)
{
    if (l->has_padding_idx && l->padding_idx != 0 &&
        (l->padding_idx >= l->num_embeddings || l->padding_idx < -l->num_embeddings))
        return l->kind == ONESEED_TORCH_EMBEDDING ? ONESEED_TORCH_EMBEDDING_PADDING
                                                  : ONESEED_TORCH_EMBEDDING_BAG_PADDING;
    return ONESEED_OK;
}

static oneseed_status check_rnn(const oneseed_torch_layer *l)
{
    if (l->kind != ONESEED_TORCH_LSTM && l->proj_size != 0)
        return ONESEED_TORCH_RNN_PROJ_LSTM;
    if (l->input_size <= 0)
        return ONESEED_TORCH_RNN_INPUT_SIZE;
    if (l->hidden_size <= 0)
        return ONESEED_TORCH_RNN_HIDDEN_SIZE;
    if (l->num_layers <= 0)
        return ONESEED_TORCH_RNN_NUM_LAYERS;
    if (l->proj_size < 0)
        return ONESEED_TORCH_RNN_PROJ_NEGATIVE;
    return l->proj_size >= l->hidden_size ? ONESEED_TORCH_RNN_PROJ_SIZE : ONESEED_OK;
}

static oneseed_status check_attention(const oneseed_torch_layer *l)
{
    if (l->embed_dim <= 0 || l->num_heads <= 0)
        return ONESEED_TORCH_ATTENTION_SIZES;
    return l->embed_dim % l->num_heads != 0 ? ONESEED_TORCH_ATTENTION_HEADS : ONESEED_OK;
}

/* Sizes are multiplied by small numbers before they are counted. */
static bool are_sizes_small(const oneseed_torch_layer *l)
{
    const int64_t sizes[] = {l->hidden_size, l->embed_dim, l->proj_size, l->num_layers};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (sizes[i] > INT64_MAX / 32)
            return false;
    return true;
}

static oneseed_status check_kind(const oneseed_torch_layer *l)
{
    if (!are_sizes_small(l))
        return ONESEED_TORCH_STORAGE_SIZE;
    if (is_conv(l->kind))
        return check_conv(l);
    if (is_rnn(l->kind))
        return check_rnn(l);
    switch (l->kind) {
    case ONESEED_TORCH_EMBEDDING:
    case ONESEED_TORCH_EMBEDDING_BAG:
        return check_embedding(l);
    case ONESEED_TORCH_MULTIHEAD_ATTENTION:
        return check_attention(l);
    case ONESEED_TORCH_GROUP_NORM:
        return l->groups == 0                     ? ONESEED_TORCH_GROUP_NORM_ZERO
               : l->num_features % l->groups != 0 ? ONESEED_TORCH_GROUP_NORM_CHANNELS
                                                  : ONESEED_OK;
    case ONESEED_TORCH_LAYER_NORM:
    case ONESEED_TORCH_RMS_NORM:
        return l->n_normalized_dims >= 1 && l->n_normalized_dims <= 5 ? ONESEED_OK : ONESEED_TORCH_LAYER_KIND;
    default:
        return (unsigned)l->kind < ONESEED_TORCH_N_LAYER_KINDS ? ONESEED_OK : ONESEED_TORCH_LAYER_KIND;
    }
}

/* The own parameters. Of a recurrent layer those of its first two numbers stand for all: the others are as the second. */
static oneseed_status count_own(const oneseed_torch_layer *l, size_t n_times, struct total *total)
{
    size_t n_own = torch_layer_n_own(l), n_numbers = is_rnn(l->kind) ? (size_t)l->num_layers : 1;
    size_t n_looked_at = n_numbers > 2 ? n_own / n_numbers * 2 : n_own;
    for (size_t k = 0; k < n_looked_at; k++) {
        oneseed_torch_parameter p;
        torch_layer_own(l, k, &p);
        bool is_of_second = n_numbers > 2 && k >= n_looked_at / 2;
        oneseed_status status = add_own(&p, is_of_second ? n_times * (n_numbers - 1) : n_times, total);
        if (status)
            return status;
    }
    return ONESEED_OK;
}

static oneseed_status count(const oneseed_torch_layer *l, size_t n_times, struct total *total)
{
    oneseed_status status = check_kind(l);
    if (!status)
        status = count_own(l, n_times, total);
    struct torch_part parts[TORCH_PARTS_MAX];
    size_t n_parts = status ? 0 : torch_layer_parts(l, parts);
    for (size_t i = 0; i < n_parts && !status; i++)
        status = count(&parts[i].layer, n_times * parts[i].n_copies, total);
    if (!status && l->kind == ONESEED_TORCH_BILINEAR && l->in_features == 0)
        return ONESEED_TORCH_BILINEAR_IN1;
    return status;
}

void torch_layer_total(const oneseed_torch_layer *layer, size_t *n_parameters_out, size_t *n_elements_out)
{
    struct total total = {0, 0};
    (void)count(layer, 1, &total);
    *n_parameters_out = total.n_parameters;
    *n_elements_out = total.n_elements;
}

oneseed_status oneseed_torch_layer_size(const oneseed_torch_layer *layer, size_t *n_parameters_out,
                                        size_t *n_elements_out)
{
    struct total total = {0, 0};
    oneseed_status status = count(layer, 1, &total);
    if (status)
        return status;
    *n_parameters_out = total.n_parameters;
    *n_elements_out = total.n_elements;
    return ONESEED_OK;
}

/* ---- one parameter ---- */

/* Elements of the own parameters before the k-th. */
static size_t own_offset(const oneseed_torch_layer *l, size_t k)
{
    size_t n = 0, from = 0;
    if (is_rnn(l->kind)) { /* whole numbers from the second on are equal */
        size_t n_each = torch_layer_n_own(l) / (size_t)l->num_layers, number = k / n_each;
        if (number > 1) {
            size_t n_first = own_offset(l, n_each), n_second = own_offset(l, 2 * n_each - 1) - n_first;
            oneseed_torch_parameter last;
            torch_layer_own(l, 2 * n_each - 1, &last);
            n = n_first + (number - 1) * (n_second + last.n);
            from = number * n_each;
        }
    }
    for (size_t i = from; i < k; i++) {
        oneseed_torch_parameter p;
        torch_layer_own(l, i, &p);
        n += p.n;
    }
    return n;
}

static void find(const oneseed_torch_layer *l, size_t k, oneseed_torch_parameter *out)
{
    size_t n_own = torch_layer_n_own(l);
    if (k < n_own) {
        char prefix[sizeof out->name];
        memcpy(prefix, out->name, sizeof prefix);
        size_t offset = out->offset;
        torch_layer_own(l, k, out);
        oneseed_torch_parameter own = *out;
        memcpy(out->name, prefix, sizeof prefix);
        append(out, own.name);
        out->offset = offset + own_offset(l, k);
        return;
    }
    k -= n_own;
    out->offset += own_offset(l, n_own);
    struct torch_part parts[TORCH_PARTS_MAX];
    size_t n_parts = torch_layer_parts(l, parts);
    for (size_t i = 0; i < n_parts; i++) {
        size_t n_parameters, n;
        torch_layer_total(&parts[i].layer, &n_parameters, &n);
        if (k < n_parameters * parts[i].n_copies) {
            append(out, parts[i].name);
            append(out, ".");
            if (parts[i].is_list) {
                append_number(out, k / n_parameters);
                append(out, ".");
            }
            out->offset += k / n_parameters * n;
            find(&parts[i].layer, k % n_parameters, out);
            return;
        }
        k -= n_parameters * parts[i].n_copies;
        out->offset += n * parts[i].n_copies;
    }
}

oneseed_status oneseed_torch_layer_parameter(const oneseed_torch_layer *layer, size_t k, oneseed_torch_parameter *out)
{
    struct total total = {0, 0};
    oneseed_status status = count(layer, 1, &total);
    if (status)
        return status;
    if (k >= total.n_parameters)
        return ONESEED_TORCH_LAYER_KIND;
    memset(out, 0, sizeof *out);
    find(layer, k, out);
    return ONESEED_OK;
}
