/* keras_layers.c - layers of Keras: their weights, and the default seeds that they take.
 * SPDX-License-Identifier: MIT
 *
 * After keras/src/layers of 3.5 to 3.15: which initializers and seed generators a constructor makes, in which order. */
#include <string.h> /* memcpy, strlen */

#include "dialects/keras.h"

/* A weight without its prefix: dimensions, initializer, seed. */
struct weight {
    const char *name;
    int n_dims;
    int64_t shape[5];
    oneseed_keras_initializer_kind kind;
    int seed;
    int64_t fan_in, fan_out;
};

enum { WEIGHTS_MAX = 8 };

struct layer {
    size_t n_made, n_built, n_weights;
    struct weight weights[WEIGHTS_MAX];
};

void oneseed_keras_layer_defaults(oneseed_keras_layer *layer, oneseed_keras_layer_kind kind)
{
    *layer = (oneseed_keras_layer){
        .kind = kind, .use_bias = 1, .reset_after = 1, .groups = 1, .depth_multiplier = 1, .kernel_size = {1, 1, 1}};
}

static void add(struct layer *layer, const char *name, int n_dims, const int64_t *shape,
                oneseed_keras_initializer_kind kind, int seed)
{
    struct weight *const weight = &layer->weights[layer->n_weights++];
    *weight = (struct weight){.name = name, .n_dims = n_dims, .kind = kind, .seed = seed};
    memcpy(weight->shape, shape, (size_t)n_dims * sizeof *shape);
}

static void add_vector(struct layer *layer, const char *name, int64_t n, oneseed_keras_initializer_kind kind)
{
    add(layer, name, 1, &n, kind, -1);
}

static void add_matrix(struct layer *layer, const char *name, int64_t n_rows, int64_t n_columns,
                       oneseed_keras_initializer_kind kind, int seed)
{
    const int64_t shape[2] = {n_rows, n_columns};
    add(layer, name, 2, shape, kind, seed);
}

/* A kernel: the spatial sizes, then two of channels. */
static void add_kernel(struct layer *layer, const char *name, int n_spatial, const int64_t *sizes, int64_t in,
                       int64_t out, oneseed_keras_initializer_kind kind, int seed)
{
    int64_t shape[5];
    for (int k = 0; k < n_spatial; k++)
        shape[k] = sizes[k];
    shape[n_spatial] = in;
    shape[n_spatial + 1] = out;
    add(layer, name, n_spatial + 2, shape, kind, seed);
}

static void add_bias(const oneseed_keras_layer *given, struct layer *layer, int64_t n)
{
    if (given->use_bias)
        add_vector(layer, "bias", n, ONESEED_KERAS_ZEROS);
}

/* Kernel of kinds that come for 1, 2 and 3 dimensions. */
static void describe_convolution(const oneseed_keras_layer *given, struct layer *layer, oneseed_keras_layer_kind first)
{
    static const int64_t ones[3] = {1, 1, 1};
    const int n_spatial = (int)(given->kind - first) + 1;
    const int64_t *const sizes = given->kernel_size;
    const int64_t n_deep = given->channels * given->depth_multiplier;
    const oneseed_keras_initializer_kind glorot = ONESEED_KERAS_GLOROT_UNIFORM;
    layer->n_made = 1;
    switch (first) {
    case ONESEED_KERAS_CONV1D:
        add_kernel(layer, "kernel", n_spatial, sizes, given->channels / given->groups, given->filters, glorot, 0);
        add_bias(given, layer, given->filters);
        break;
    case ONESEED_KERAS_CONV1D_TRANSPOSE:
        add_kernel(layer, "kernel", n_spatial, sizes, given->filters, given->channels, glorot, 0);
        add_bias(given, layer, given->filters);
        break;
    case ONESEED_KERAS_DEPTHWISE_CONV1D:
        add_kernel(layer, "kernel", n_spatial, sizes, given->channels, given->depth_multiplier, glorot, 0);
        add_bias(given, layer, n_deep);
        break;
    case ONESEED_KERAS_SEPARABLE_CONV1D:
        layer->n_made = 2;
        add_kernel(layer, "depthwise_kernel", n_spatial, sizes, given->channels, given->depth_multiplier, glorot, 0);
        add_kernel(layer, "pointwise_kernel", n_spatial, ones, n_deep, given->filters, glorot, 1);
        add_bias(given, layer, given->filters);
        break;
    default: /* ConvLSTM; its cell takes a seed for its own generator first */
        layer->n_made = 3;
        add_kernel(layer, "kernel", n_spatial, sizes, given->channels, 4 * given->filters, glorot, 1);
        add_kernel(layer, "recurrent_kernel", n_spatial, sizes, given->filters, 4 * given->filters,
                   ONESEED_KERAS_ORTHOGONAL, 2);
        if (given->use_bias)
            add_vector(layer, "bias", 4 * given->filters, ONESEED_KERAS_FORGET_BIAS);
    }
}

/* The generator of a cell's dropout takes the first seed of a SimpleRNN's, the last of the others'. */
static void describe_recurrent(const oneseed_keras_layer *given, struct layer *layer)
{
    const int64_t n_gates = given->kind == ONESEED_KERAS_LSTM ? 4 : given->kind == ONESEED_KERAS_GRU ? 3 : 1;
    const int64_t width = n_gates * given->units;
    const int first = given->kind == ONESEED_KERAS_SIMPLE_RNN ? 1 : 0;
    layer->n_made = 3;
    add_matrix(layer, "kernel", given->input_dim, width, ONESEED_KERAS_GLOROT_UNIFORM, first);
    add_matrix(layer, "recurrent_kernel", given->units, width, ONESEED_KERAS_ORTHOGONAL, first + 1);
    if (!given->use_bias)
        return;
    if (given->kind == ONESEED_KERAS_GRU && given->reset_after)
        add_matrix(layer, "bias", 2, width, ONESEED_KERAS_ZEROS, -1);
    else
        add_vector(layer, "bias", width,
                   given->kind == ONESEED_KERAS_LSTM ? ONESEED_KERAS_FORGET_BIAS : ONESEED_KERAS_ZEROS);
}

/* A projection of input_dim features to the heads. */
static void add_projection(const oneseed_keras_layer *given, struct layer *layer, const char *kernel, const char *bias,
                           int64_t head_dim, int seed)
{
    const int64_t shape[3] = {given->input_dim, given->num_heads, head_dim};
    add(layer, kernel, 3, shape, ONESEED_KERAS_GLOROT_UNIFORM, seed);
    layer->weights[layer->n_weights - 1].fan_in = shape[0];
    layer->weights[layer->n_weights - 1].fan_out = shape[1] * shape[2];
    if (given->use_bias)
        add(layer, bias, 2, shape + 1, ONESEED_KERAS_ZEROS, -1);
}

/* The constructor's own initializer is only copied: each projection takes a seed when it is built, then the dropout. */
static void describe_attention(const oneseed_keras_layer *given, struct layer *layer)
{
    const int64_t value_dim = given->value_dim ? given->value_dim : given->key_dim;
    const int64_t shape[3] = {given->num_heads, value_dim, given->input_dim};
    layer->n_made = 1;
    layer->n_built = given->has_dropout ? 5 : 4;
    add_projection(given, layer, "query/kernel", "query/bias", given->key_dim, 1);
    add_projection(given, layer, "key/kernel", "key/bias", given->key_dim, 2);
    add_projection(given, layer, "value/kernel", "value/bias", value_dim, 3);
    add(layer, "attention_output/kernel", 3, shape, ONESEED_KERAS_GLOROT_UNIFORM, given->has_dropout ? 5 : 4);
    layer->weights[layer->n_weights - 1].fan_in = shape[0] * shape[1];
    layer->weights[layer->n_weights - 1].fan_out = shape[2];
    if (given->use_bias)
        add_vector(layer, "attention_output/bias", given->input_dim, ONESEED_KERAS_ZEROS);
}

static void describe(const oneseed_keras_layer *given, struct layer *layer)
{
    static const oneseed_keras_layer_kind firsts[] = {ONESEED_KERAS_CONV1D, ONESEED_KERAS_CONV1D_TRANSPOSE,
                                                      ONESEED_KERAS_DEPTHWISE_CONV1D, ONESEED_KERAS_SEPARABLE_CONV1D,
                                                      ONESEED_KERAS_CONV_LSTM1D};
    *layer = (struct layer){0};
    switch (given->kind) {
    case ONESEED_KERAS_DENSE:
        layer->n_made = 1;
        add_matrix(layer, "kernel", given->input_dim, given->units, ONESEED_KERAS_GLOROT_UNIFORM, 0);
        add_bias(given, layer, given->units);
        break;
    case ONESEED_KERAS_EMBEDDING:
        layer->n_made = 1;
        add_matrix(layer, "embeddings", given->input_dim, given->units, ONESEED_KERAS_RANDOM_UNIFORM, 0);
        break;
    case ONESEED_KERAS_SIMPLE_RNN:
    case ONESEED_KERAS_GRU:
    case ONESEED_KERAS_LSTM:
        describe_recurrent(given, layer);
        break;
    case ONESEED_KERAS_MULTI_HEAD_ATTENTION:
        describe_attention(given, layer);
        break;
    case ONESEED_KERAS_BATCH_NORMALIZATION:
    case ONESEED_KERAS_LAYER_NORMALIZATION:
        add_vector(layer, "gamma", given->input_dim, ONESEED_KERAS_ONES);
        add_vector(layer, "beta", given->input_dim, ONESEED_KERAS_ZEROS);
        if (given->kind == ONESEED_KERAS_BATCH_NORMALIZATION) {
            add_vector(layer, "moving_mean", given->input_dim, ONESEED_KERAS_ZEROS);
            add_vector(layer, "moving_variance", given->input_dim, ONESEED_KERAS_ONES);
        }
        break;
    case ONESEED_KERAS_PRELU:
        add_vector(layer, "alpha", given->input_dim, ONESEED_KERAS_ZEROS);
        break;
    case ONESEED_KERAS_DROPOUT:
        layer->n_made = given->has_dropout ? 1 : 0;
        break;
    case ONESEED_KERAS_PLAIN:
        break;
    default:
        for (size_t k = sizeof firsts / sizeof *firsts; k-- > 0;)
            if (given->kind >= firsts[k] && given->kind < firsts[k] + 3) {
                describe_convolution(given, layer, firsts[k]);
                break;
            }
    }
}

/* Bidirectional makes two layers more from the given one's configuration, which takes no seed along. */
static bool is_two(const oneseed_keras_layer *layer)
{
    const bool is_recurrent = layer->kind >= ONESEED_KERAS_SIMPLE_RNN && layer->kind <= ONESEED_KERAS_LSTM;
    return layer->is_bidirectional && is_recurrent;
}

oneseed_status oneseed_keras_layer_size(const oneseed_keras_layer *layer, size_t *n_seeds_made_out,
                                        size_t *n_seeds_built_out, size_t *n_weights_out)
{
    struct layer found;
    if ((unsigned)layer->kind >= ONESEED_KERAS_N_LAYER_KINDS || layer->groups < 1)
        return ONESEED_KERAS_LAYER;
    describe(layer, &found);
    for (size_t k = 0; k < found.n_weights; k++)
        for (int d = 0; d < found.weights[k].n_dims; d++)
            if (found.weights[k].shape[d] < 1)
                return ONESEED_KERAS_LAYER;
    *n_seeds_made_out = found.n_made * (is_two(layer) ? 3 : 1);
    *n_seeds_built_out = found.n_built;
    *n_weights_out = found.n_weights * (is_two(layer) ? 2 : 1);
    return ONESEED_OK;
}

oneseed_status oneseed_keras_layer_weight(const oneseed_keras *keras, const oneseed_keras_layer *layer, size_t k,
                                          oneseed_keras_weight *out)
{
    size_t n_made, n_built, n_weights;
    struct layer found;
    const oneseed_status status = oneseed_keras_layer_size(layer, &n_made, &n_built, &n_weights);
    if (status)
        return status;
    if (k >= n_weights)
        return ONESEED_KERAS_LAYER;
    describe(layer, &found);
    const size_t part = k / found.n_weights;
    const struct weight *const weight = &found.weights[k % found.n_weights];
    const char *const prefix = !is_two(layer) ? "" : part == 0 ? "forward/" : "backward/";
    *out = (oneseed_keras_weight){.n_dims = weight->n_dims, .n = 1, .seed = weight->seed};
    memcpy(out->name, prefix, strlen(prefix)); /* the longest name has 25 letters, the rest is zeros */
    memcpy(out->name + strlen(prefix), weight->name, strlen(weight->name));
    for (int d = 0; d < weight->n_dims; d++) {
        out->shape[d] = weight->shape[d];
        out->n *= (size_t)weight->shape[d];
    }
    if (weight->seed >= 0 && is_two(layer))
        out->seed += 3 * (1 + (int)part);
    oneseed_keras_initializer_defaults(&out->initializer, weight->kind);
    if (!keras_before(keras, 31500)) {
        out->initializer.fan_in = weight->fan_in;
        out->initializer.fan_out = weight->fan_out;
    }
    return ONESEED_OK;
}
