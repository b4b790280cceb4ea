/* torch_layer_fill.c - the initial values of a layer's parameters, drawn in the order of its constructor.
 * SPDX-License-Identifier: MIT
 *
 * After reset_parameters() in torch/nn/modules of 2.13: linear.py, conv.py, sparse.py, rnn.py, activation.py,
 * transformer.py. 1.13 to 2.13 draw in the same order. */
#include "dialects/torch_init.h"
#include "dialects/torch_layers.h"

#include <math.h>   /* sqrt */
#include <string.h> /* memcpy, memset */

#include "dialects/torch.h" /* torch_is_floating */

/* Where the parameters of a layer go: outs[first + k], or flat at its offset; with neither they are drawn and dropped. */
struct target {
    oneseed_torch *state;
    oneseed_torch_dtype dtype;
    void *const *outs;
    char *flat;
    size_t first, offset;
};

static void *place(const struct target *t, size_t k, size_t offset)
{
    if (t->outs)
        return t->outs[t->first + k];
    return t->flat ? t->flat + (t->offset + offset) * oneseed_torch_dtype_size(t->dtype) : NULL;
}

/* What torch draws for a layer of which it keeps no copy: only uniform ones, and those element by element. */
static oneseed_status drop_uniform(const struct target *t, double bound, size_t n)
{
    double dropped[128];
    oneseed_status status = ONESEED_OK;
    for (size_t n_now; n > 0 && !status; n -= n_now) {
        n_now = n < 128 ? n : 128;
        status = oneseed_torch_uniform_fill(t->state, t->dtype, -bound, bound, dropped, n_now);
    }
    return status;
}

/* A bound of 0 is Python's integer, and so is its negative: from is no -0.0. */
static oneseed_status uniform(const struct target *t, double bound, void *out, size_t n)
{
    if (!out)
        return drop_uniform(t, bound, n);
    return oneseed_torch_uniform_fill(t->state, t->dtype, bound > 0.0 ? -bound : 0.0, bound, out, n);
}

/* fill_(value); what is dropped needs none. */
static oneseed_status constant(const struct target *t, double value, void *out, size_t n)
{
    return out ? oneseed_torch_init_constant_fill(t->dtype, value, out, n) : ONESEED_OK;
}

/* The k-th of the layer's own parameters, with its offset within the layer. */
static void *own(const struct target *t, const oneseed_torch_layer *l, size_t k, size_t *offset,
                 oneseed_torch_parameter *p)
{
    torch_layer_own(l, k, p);
    void *out = place(t, k, *offset);
    *offset += p->n;
    return out;
}

static double xavier_bound(const oneseed_torch_parameter *p)
{
    int64_t fan_in = 0, fan_out = 0;
    (void)oneseed_torch_init_fans(p->shape, p->n_dims, &fan_in, &fan_out);
    return torch_sqrt_3 * torch_xavier_std(1.0, (double)fan_in, (double)fan_out);
}

/* ---- leaves ---- */

/* Linear and convolutions: kaiming_uniform_(a=sqrt(5)), then a bias within 1 / sqrt(fan_in). An empty weight draws nothing; before
 * 2.12 torch left the bias of a convolution without inputs as the memory was. */
static oneseed_status fill_affine(const struct target *t, const oneseed_torch_layer *l)
{
    oneseed_torch_parameter p;
    size_t offset = 0;
    int64_t fan_in = 0, fan_out = 0;
    void *out = own(t, l, 0, &offset, &p);
    (void)oneseed_torch_init_fans(p.shape, p.n_dims, &fan_in, &fan_out);
    oneseed_status status = ONESEED_OK;
    if (p.n > 0)
        status = uniform(t, torch_sqrt_3 * torch_leaky_std(sqrt(5.0), (double)fan_in), out, p.n);
    bool is_left_alone = fan_in == 0 && l->kind != ONESEED_TORCH_LINEAR && torch_version(t->state) < 21200;
    if (status || !l->bias || is_left_alone)
        return status;
    out = own(t, l, 1, &offset, &p);
    return uniform(t, fan_in > 0 ? 1.0 / sqrt((double)fan_in) : 0.0, out, p.n);
}

/* Every own parameter within the same bound: Bilinear, recurrent layers and cells. */
static oneseed_status fill_within(const struct target *t, const oneseed_torch_layer *l, double bound)
{
    size_t n_own = torch_layer_n_own(l), offset = 0;
    oneseed_status status = ONESEED_OK;
    for (size_t k = 0; k < n_own && !status; k++) {
        oneseed_torch_parameter p;
        void *out = own(t, l, k, &offset, &p);
        status = uniform(t, bound, out, p.n);
    }
    return status;
}

static oneseed_status fill_embedding(const struct target *t, const oneseed_torch_layer *l)
{
    oneseed_torch_parameter p;
    size_t offset = 0, n_row_bytes = (size_t)l->embedding_dim * oneseed_torch_dtype_size(t->dtype);
    char *out = own(t, l, 0, &offset, &p);
    oneseed_status status = oneseed_torch_normal_fill(t->state, t->dtype, 0.0, 1.0, out, p.n);
    if (status || !l->has_padding_idx || p.n == 0)
        return status;
    int64_t row = l->padding_idx < 0 ? l->num_embeddings + l->padding_idx : l->padding_idx;
    memset(out + (size_t)row * n_row_bytes, 0, n_row_bytes);
    return ONESEED_OK;
}

/* Norms and PReLU: the weight is one value, the bias 0. */
static oneseed_status fill_constant(const struct target *t, const oneseed_torch_layer *l, double weight)
{
    size_t n_own = torch_layer_n_own(l), offset = 0;
    oneseed_status status = ONESEED_OK;
    for (size_t k = 0; k < n_own && !status; k++) {
        oneseed_torch_parameter p;
        void *out = own(t, l, k, &offset, &p);
        status = constant(t, k == 0 ? weight : 0.0, out, p.n);
    }
    return status;
}

/* ---- attention and transformers ---- */

static oneseed_status fill(const struct target *t, const oneseed_torch_layer *l);

/* out_proj is drawn when it is made, before the projections; of its bias zeros are left. */
static oneseed_status fill_attention(const struct target *t, const oneseed_torch_layer *l)
{
    size_t n_own = torch_layer_n_own(l), offset = 0;
    struct torch_part parts[TORCH_PARTS_MAX];
    oneseed_torch_parameter p;
    (void)torch_layer_parts(l, parts);
    for (size_t k = 0; k < n_own; k++)
        (void)own(t, l, k, &offset, &p);
    struct target out_proj = *t;
    out_proj.first += n_own;
    out_proj.offset += offset;
    oneseed_status status = fill(&out_proj, &parts[0].layer);
    offset = 0;
    for (size_t k = 0; k < n_own && !status; k++) {
        void *out = own(t, l, k, &offset, &p);
        if (p.n_dims == 1) {
            status = constant(t, 0.0, out, p.n);
            size_t n_weight = 0;
            oneseed_torch_parameter bias;
            (void)own(&out_proj, &parts[0].layer, 0, &n_weight, &bias);
            out = own(&out_proj, &parts[0].layer, 1, &n_weight, &bias);
            status = status ? status : constant(t, 0.0, out, bias.n);
        } else if (p.n_dims == 2) {
            status = uniform(t, xavier_bound(&p), out, p.n);
        } else {
            status = oneseed_torch_init_xavier_normal_fill(t->state, t->dtype, p.shape, p.n_dims, 1.0, out);
        }
    }
    return status;
}

/* Copies of the first layer of a list: deep copies draw nothing. */
static void copy_part(const struct target *t, const oneseed_torch_layer *part, size_t n_parameters, size_t copy)
{
    size_t n_bytes = oneseed_torch_dtype_size(t->dtype), n_elements, n;
    torch_layer_total(part, &n, &n_elements);
    for (size_t k = 0; k < n_parameters; k++) {
        oneseed_torch_parameter p;
        (void)oneseed_torch_layer_parameter(part, k, &p);
        void *from = place(t, k, p.offset), *to = place(t, copy * n_parameters + k, copy * n_elements + p.offset);
        if (to && p.n > 0)
            memcpy(to, from, p.n * n_bytes);
    }
}

static oneseed_status fill_parts(const struct target *t, const oneseed_torch_layer *l)
{
    struct torch_part parts[TORCH_PARTS_MAX];
    size_t n_parts = torch_layer_parts(l, parts);
    struct target next = *t;
    oneseed_status status = ONESEED_OK;
    for (size_t i = 0; i < n_parts && !status; i++) {
        size_t n_parameters, n_elements;
        torch_layer_total(&parts[i].layer, &n_parameters, &n_elements);
        struct target first = next;
        if (parts[i].n_copies == 0) {
            first.outs = NULL;
            first.flat = NULL;
        }
        status = fill(&first, &parts[i].layer);
        for (size_t copy = 1; copy < parts[i].n_copies; copy++)
            copy_part(&next, &parts[i].layer, n_parameters, copy);
        next.first += n_parameters * parts[i].n_copies;
        next.offset += n_elements * parts[i].n_copies;
    }
    return status;
}

/* nn.Transformer draws every parameter of more than one dimension once more. */
static oneseed_status fill_transformer(const struct target *t, const oneseed_torch_layer *l)
{
    size_t n_parameters, n_elements;
    torch_layer_total(l, &n_parameters, &n_elements);
    oneseed_status status = fill_parts(t, l);
    for (size_t k = 0; k < n_parameters && !status; k++) {
        oneseed_torch_parameter p;
        (void)oneseed_torch_layer_parameter(l, k, &p);
        if (p.n_dims > 1)
            status = uniform(t, xavier_bound(&p), place(t, k, p.offset), p.n);
    }
    return status;
}

static oneseed_status fill(const struct target *t, const oneseed_torch_layer *l)
{
    switch (l->kind) {
    case ONESEED_TORCH_BILINEAR:
        return fill_within(t, l, 1.0 / sqrt((double)l->in_features));
    case ONESEED_TORCH_EMBEDDING:
    case ONESEED_TORCH_EMBEDDING_BAG:
        return fill_embedding(t, l);
    case ONESEED_TORCH_RNN:
    case ONESEED_TORCH_LSTM:
    case ONESEED_TORCH_GRU:
    case ONESEED_TORCH_RNN_CELL:
    case ONESEED_TORCH_LSTM_CELL:
    case ONESEED_TORCH_GRU_CELL:
        return fill_within(t, l, l->hidden_size > 0 ? 1.0 / sqrt((double)l->hidden_size) : 0.0);
    case ONESEED_TORCH_BATCH_NORM:
    case ONESEED_TORCH_INSTANCE_NORM:
    case ONESEED_TORCH_GROUP_NORM:
    case ONESEED_TORCH_LAYER_NORM:
    case ONESEED_TORCH_RMS_NORM:
        return fill_constant(t, l, 1.0);
    case ONESEED_TORCH_PRELU:
        return fill_constant(t, l, l->init);
    case ONESEED_TORCH_MULTIHEAD_ATTENTION:
        return fill_attention(t, l);
    case ONESEED_TORCH_TRANSFORMER_ENCODER_LAYER:
    case ONESEED_TORCH_TRANSFORMER_DECODER_LAYER:
    case ONESEED_TORCH_TRANSFORMER_ENCODER:
    case ONESEED_TORCH_TRANSFORMER_DECODER:
        return fill_parts(t, l);
    case ONESEED_TORCH_TRANSFORMER:
        return fill_transformer(t, l);
    default:
        return fill_affine(t, l);
    }
}

static oneseed_status check(const oneseed_torch_layer *layer, oneseed_torch_dtype dtype)
{
    size_t n_parameters, n_elements;
    oneseed_status status = oneseed_torch_layer_size(layer, &n_parameters, &n_elements);
    if (!status && n_parameters > 0 && !torch_is_floating(dtype))
        return ONESEED_TORCH_PARAMETER_DTYPE;
    return status;
}

oneseed_status oneseed_torch_layer_fill(oneseed_torch *state, const oneseed_torch_layer *layer,
                                        oneseed_torch_dtype dtype, void *const *outs)
{
    oneseed_status status = check(layer, dtype);
    struct target t = {.state = state, .dtype = dtype, .outs = outs};
    return status ? status : fill(&t, layer);
}

oneseed_status oneseed_torch_layer_flat_fill(oneseed_torch *state, const oneseed_torch_layer *layer,
                                             oneseed_torch_dtype dtype, void *out)
{
    oneseed_status status = check(layer, dtype);
    struct target t = {.state = state, .dtype = dtype, .flat = out};
    return status ? status : fill(&t, layer);
}
