/* bind_keras_layers.c - layers and sequential models of Keras, for the weights that they begin with.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp, memcpy */

#include "draw/bind_keras.h"
#include "draw/object.h"           /* new_instance */
#include "draw/tensorflow_eager.h" /* tensorflow_shape */

/* --- Weights ------------------------------------------------------------------------------------------------------------------------------ */

static struct array *array_of_weight(vm *m, value self)
{
    (void)m;
    return instance_of(self)->held[0].u.array;
}

static void put_weight(struct writer *w, value self)
{
    (void)self;
    fail(w->m, "a Variable of Keras prints its path in the model: .numpy() gives its values");
}

static value weight_numpy(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "numpy", arguments);
    return array_value(array_copy(m, array_of_weight(m, self)));
}

static value weight_shape(vm *m, value self, const struct arguments *arguments)
{
    const struct array *a = array_of_weight(m, self);
    take_none(m, "shape", arguments);
    return keras_library(m).backend == ONESEED_KERAS_TENSORFLOW ? tensorflow_shape(m, a->shape, a->n_dims)
                                                                : shape_tuple(m, a->shape, a->n_dims);
}

static const struct native weight_methods[] = {{"numpy", weight_numpy, NATIVE_FUNCTION, 0},
                                               {"shape", weight_shape, NATIVE_PROPERTY, 0},
                                               {NULL, NULL, NATIVE_FUNCTION, 0}};
/* held: the array, the name. */
static const struct object_class weight_class = {
    .name = "Variable", .methods = weight_methods, .put = put_weight, .array = array_of_weight};

/* --- Layers --------------------------------------------------------------------------------------------------------------------------------- */

/* How the shape of what goes in becomes that of what comes out, without the batch. */
typedef enum shape_rule {
    SHAPE_SAME,
    SHAPE_UNITS,    /* the last axis is `units` */
    SHAPE_APPEND,   /* `units` is one axis more */
    SHAPE_CONVOLVE, /* windows over all axes but the last */
    SHAPE_POOL,
    SHAPE_GLOBAL, /* the last axis alone */
    SHAPE_FLATTEN,
    SHAPE_RECUR /* (time, features): the units, for each time where sequences are returned */
} shape_rule;

enum { MOST_SEEDS = 16 };

/* held: the weights (a list, None before build), a SeedGenerator of a Dropout. */
struct layer {
    struct instance instance;
    const char *name;
    oneseed_keras_layer library;
    shape_rule rule;
    int n_spatial;
    int64_t window[3], strides[3], dilation[3];
    bool is_same, returns_sequences;
    double rate;
    size_t n_seeds;
    int64_t seeds[MOST_SEEDS];
    int n_input; /* of input_shape, without the batch; -1: not given */
    int64_t input[MAX_DIMS];
};

static const struct object_class layer_class;

static struct layer *layer_of(value v)
{
    return (struct layer *)(void *)v.u.o;
}

static bool is_layer(value v)
{
    return v.kind == V_OBJECT && instance_of(v)->class == &layer_class;
}

static value new_layer(vm *m, const char *name, oneseed_keras_layer_kind kind, shape_rule rule)
{
    value v = new_instance(m, &layer_class, sizeof(struct layer), 2);
    struct layer *l = layer_of(v);
    (void)keras_library(m);
    l->name = name;
    l->rule = rule;
    l->n_input = -1;
    oneseed_keras_layer_defaults(&l->library, kind);
    return v;
}

/* The seeds that the constructor takes, however large the input will be. */
static void take_seeds(vm *m, struct layer *l)
{
    oneseed_keras_layer any = l->library;
    size_t n_made, n_built, n_weights;
    any.input_dim = any.input_dim > 0 ? any.input_dim : 1;
    any.channels = any.channels > 0 ? any.channels : any.groups > 0 ? any.groups : 1;
    keras_refuse(m, oneseed_keras_layer_size(&any, &n_made, &n_built, &n_weights));
    if (n_made + n_built > MOST_SEEDS)
        fail(m, "a layer with so many seeds is not supported");
    while (l->n_seeds < n_made)
        l->seeds[l->n_seeds++] = keras_default_seed(m);
}

static void build(vm *m, value v, const int64_t *shape, int n_dims)
{
    struct layer *l = layer_of(v);
    oneseed_keras k = keras_library(m);
    size_t n_made, n_built, n_weights;
    if (instance_of(v)->held[0].kind == V_LIST)
        return;
    value weights = make_sequence(m, V_LIST, 0);
    bool has_input = l->rule != SHAPE_APPEND && n_dims > 0;
    if (has_input && l->rule == SHAPE_CONVOLVE)
        l->library.channels = shape[n_dims - 1];
    else if (has_input)
        l->library.input_dim = shape[n_dims - 1];
    keras_refuse(m, oneseed_keras_layer_size(&l->library, &n_made, &n_built, &n_weights));
    while (l->n_seeds < n_made + n_built)
        l->seeds[l->n_seeds++] = keras_default_seed(m);
    for (size_t i = 0; i < n_weights; i++) {
        oneseed_keras_weight weight;
        int64_t pair[2] = {0, 0};
        keras_refuse(m, oneseed_keras_layer_weight(&k, &l->library, i, &weight));
        if (weight.seed >= 0)
            keras_refuse(m, oneseed_keras_seed(&k, l->seeds[weight.seed], pair));
        value held = new_instance(m, &weight_class, sizeof(struct instance), 2);
        instance_of(held)->held[0] =
            array_value(keras_initial(m, &weight.initializer, pair, m->keras.floatx, weight.n_dims, weight.shape));
        instance_of(held)->held[1] = make_str(m, weight.name);
        append(m, weights, held);
    }
    instance_of(v)->held[0] = weights;
}

static int64_t windows(vm *m, const struct layer *l, int axis, int64_t n)
{
    int64_t reach = (l->window[axis] - 1) * l->dilation[axis] + 1;
    int64_t count = l->is_same ? (n + l->strides[axis] - 1) / l->strides[axis] : (n - reach) / l->strides[axis] + 1;
    if (!l->is_same && n < reach)
        value_error(m, "Computed output size would be negative: an axis of %lld for a window of %lld", (long long)n,
                    (long long)reach);
    return count;
}

/* The shape that comes out, in place; gives its number of axes. */
static int output_shape(vm *m, const struct layer *l, int64_t *shape, int n_dims)
{
    int64_t n = 1;
    switch (l->rule) {
    case SHAPE_UNITS:
        shape[n_dims - 1] = l->library.units;
        return n_dims;
    case SHAPE_APPEND:
        shape[n_dims] = l->library.units;
        return n_dims + 1;
    case SHAPE_CONVOLVE:
    case SHAPE_POOL:
        for (int i = 0; i < l->n_spatial; i++)
            shape[i] = windows(m, l, i, shape[i]);
        if (l->rule == SHAPE_CONVOLVE)
            shape[n_dims - 1] = l->library.filters;
        return n_dims;
    case SHAPE_GLOBAL:
        shape[0] = shape[n_dims - 1];
        return 1;
    case SHAPE_FLATTEN:
        for (int i = 0; i < n_dims; i++)
            if (__builtin_mul_overflow(n, shape[i], &n))
                fail(m, "so large a shape is not supported");
        shape[0] = n;
        return 1;
    case SHAPE_RECUR: {
        int64_t units = l->library.units * (l->library.is_bidirectional ? 2 : 1);
        shape[l->returns_sequences ? 1 : 0] = units;
        return l->returns_sequences ? 2 : 1;
    }
    default:
        return n_dims;
    }
}

static void require_rank(vm *m, const struct layer *l, int n_dims)
{
    int least = l->rule == SHAPE_UNITS || l->rule == SHAPE_GLOBAL ? 1 : l->rule == SHAPE_RECUR ? 2 : 0;
    bool windowed = l->rule == SHAPE_CONVOLVE || l->rule == SHAPE_POOL;
    if (n_dims < least || (windowed && n_dims != l->n_spatial + 1) || (l->rule == SHAPE_RECUR && n_dims != 2) ||
        n_dims >= MAX_DIMS - 1)
        value_error(m, "Input of layer \"%s\" is incompatible with the layer: its number of dimensions is %d", l->name,
                    n_dims + 1);
}

/* (None, 3): the sizes after the batch. One that is not known may only be where it does not matter: it counts as 1. */
static int sizes_of(vm *m, value v, int64_t shape[MAX_DIMS], bool with_batch)
{
    value list = to_list(m, v);
    int n_dims = 0;
    for (size_t i = with_batch; i < list.u.seq->n && n_dims < MAX_DIMS; i++) {
        value size = list.u.seq->items[i];
        if (is_none(size) && i + 1 == list.u.seq->n && n_dims > 0)
            value_error(m, "the last dimension of the inputs should be defined. Found `None`.");
        shape[n_dims++] = is_none(size) ? 1 << 20 : to_int64(m, size, "a size");
        if (shape[n_dims - 1] < 0 || shape[n_dims - 1] > (int64_t)1 << 40)
            value_error(m, "a size of %lld is not supported", (long long)shape[n_dims - 1]);
    }
    return n_dims;
}

static value layer_build(vm *m, value self, const struct arguments *arguments)
{
    value v;
    int64_t shape[MAX_DIMS];
    take_arguments(m, "build", "input_shape", arguments, &v);
    int n_dims = sizes_of(m, v, shape, true);
    require_rank(m, layer_of(self), n_dims);
    build(m, self, shape, n_dims);
    return NONE;
}

static value weights_of(vm *m, value self)
{
    return instance_of(self)->held[0].kind == V_LIST ? instance_of(self)->held[0] : make_sequence(m, V_LIST, 0);
}

static value layer_weights(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "weights", arguments);
    return to_list(m, weights_of(m, self));
}

static void append_arrays(vm *m, value out, value weights)
{
    for (size_t i = 0; i < weights.u.seq->n; i++)
        append(m, out, array_value(array_copy(m, array_of_weight(m, weights.u.seq->items[i]))));
}

static value layer_get_weights(vm *m, value self, const struct arguments *arguments)
{
    value out = make_sequence(m, V_LIST, 0);
    take_none(m, "get_weights", arguments);
    append_arrays(m, out, weights_of(m, self));
    return out;
}

static value layer_attribute(vm *m, value self, const char *name)
{
    value weights = weights_of(m, self);
    for (size_t i = 0; i < weights.u.seq->n; i++)
        if (strcmp(instance_of(weights.u.seq->items[i])->held[1].u.text->bytes, name) == 0)
            return weights.u.seq->items[i];
    return NOTHING;
}

static void put_layer(struct writer *w, value self)
{
    fail(w->m, "a %s of Keras prints its name, which depends on what was made before: get_weights() gives its weights",
         layer_of(self)->name);
}

/* Dropout alone computes: what the others make of their input depends on the backend's sums. */
static value layer_call(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    const struct layer *l = layer_of(self);
    take_arguments(m, "__call__", "inputs training=", arguments, v);
    if (l->library.kind != ONESEED_KERAS_DROPOUT)
        fail(m, "calling a %s is not supported: the backend's sums decide the last bits (build() makes its weights)",
             l->name);
    bool training = !is_none(v[1]) && truth(m, v[1]);
    if (!training || l->rate == 0)
        return keras_tensor(m, keras_array(m, v[0]));
    const value given[] = {v[0], FLOAT(l->rate), NONE, instance_of(self)->held[1]};
    struct arguments four = {.positional = given, .n_positional = 4};
    return find_native(keras_random_functions, "dropout")->call(m, NONE, &four);
}

static const struct native layer_methods[] = {{"build", layer_build, NATIVE_FUNCTION, 0},
                                              {"weights", layer_weights, NATIVE_PROPERTY, 0},
                                              {"get_weights", layer_get_weights, NATIVE_FUNCTION, 0},
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class layer_class = {
    .name = "Layer", .methods = layer_methods, .put = put_layer, .attribute = layer_attribute, .call = layer_call};

/* --- Constructors ------------------------------------------------------------------------------------------------------------------------- */

/* Of a number, or as many as there are axes. */
static void sizes(vm *m, value v, int64_t otherwise, int n, int64_t *out)
{
    if (is_sequence(v) && (int)v.u.seq->n != n)
        value_error(m, "a tuple of %d integers is needed, got %zu", n, v.u.seq->n);
    for (int i = 0; i < n; i++)
        out[i] = is_none(v) ? otherwise : to_int64(m, is_sequence(v) ? v.u.seq->items[i] : v, "a size");
    for (int i = 0; i < n; i++)
        if (out[i] < 1 || out[i] > 1 << 20)
            value_error(m, "a size of %lld is not supported", (long long)out[i]);
}

static bool is_true(vm *m, value v, bool otherwise)
{
    return v.kind == V_NOTHING ? otherwise : truth(m, v);
}

static void read_input_shape(vm *m, struct layer *l, value v)
{
    if (!is_none(v))
        l->n_input = sizes_of(m, v, l->input, false);
}

static bool is_word(value v, const char *word)
{
    return is_text(v) && strcmp(v.u.text->bytes, word) == 0;
}

static void refuse_initializers(vm *m, const char *name, const struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->n_named; i++)
        if (strstr(arguments->names[i], "_initializer"))
            fail(m,
                 "%s() with another %s than its default is not supported: call the initializer for the weight's shape",
                 name, arguments->names[i]);
}

static value keras_Dense(vm *m, value self, const struct arguments *arguments)
{
    value v[5], made = new_layer(m, "Dense", ONESEED_KERAS_DENSE, SHAPE_UNITS);
    (void)self;
    refuse_initializers(m, "Dense", arguments);
    take_arguments(m, "Dense", "units activation= use_bias= * input_shape= name=", arguments, v);
    struct layer *l = layer_of(made);
    l->library.units = to_int64(m, v[0], "units");
    l->library.use_bias = is_true(m, v[2], true);
    if (l->library.units < 1)
        value_error(m, "Received an invalid value for `units`, expected a positive integer. Received: units=%lld",
                    (long long)l->library.units);
    read_input_shape(m, l, v[3]);
    take_seeds(m, l);
    return made;
}

static value keras_Embedding(vm *m, value self, const struct arguments *arguments)
{
    value v[3], made = new_layer(m, "Embedding", ONESEED_KERAS_EMBEDDING, SHAPE_APPEND);
    (void)self;
    take_arguments(m, "Embedding", "input_dim output_dim * name=", arguments, v);
    struct layer *l = layer_of(made);
    l->library.input_dim = to_int64(m, v[0], "input_dim");
    l->library.units = to_int64(m, v[1], "output_dim");
    take_seeds(m, l);
    return made;
}

static value convolution(vm *m, const char *name, oneseed_keras_layer_kind kind, int n,
                         const struct arguments *arguments)
{
    value v[10], made = new_layer(m, name, kind, SHAPE_CONVOLVE);
    refuse_initializers(m, name, arguments);
    take_arguments(m, name,
                   "filters kernel_size strides= padding= data_format= dilation_rate= groups= activation= use_bias= * "
                   "input_shape=",
                   arguments, v);
    struct layer *l = layer_of(made);
    l->n_spatial = n;
    l->library.filters = to_int64(m, v[0], "filters");
    sizes(m, v[1], 1, n, l->window);
    sizes(m, v[2], 1, n, l->strides);
    sizes(m, v[5], 1, n, l->dilation);
    memcpy(l->library.kernel_size, l->window, sizeof l->window);
    l->is_same = is_word(v[3], "same");
    if (!is_none(v[3]) && !l->is_same && !is_word(v[3], "valid"))
        fail(m, "%s() with another padding than 'valid' and 'same' is not supported", name);
    if (!is_none(v[4]) && !is_word(v[4], "channels_last"))
        fail(m, "%s() with another data_format than channels_last is not supported", name);
    if (!is_none(v[6]))
        l->library.groups = to_int64(m, v[6], "groups");
    l->library.use_bias = is_true(m, v[8], true);
    read_input_shape(m, l, v[9]);
    take_seeds(m, l);
    return made;
}

static value keras_Conv1D(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return convolution(m, "Conv1D", ONESEED_KERAS_CONV1D, 1, arguments);
}

static value keras_Conv2D(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return convolution(m, "Conv2D", ONESEED_KERAS_CONV2D, 2, arguments);
}

static value pooling(vm *m, const char *name, int n, const struct arguments *arguments)
{
    value v[4], made = new_layer(m, name, ONESEED_KERAS_PLAIN, SHAPE_POOL);
    take_arguments(m, name, "pool_size= strides= padding= * name=", arguments, v);
    struct layer *l = layer_of(made);
    l->n_spatial = n;
    sizes(m, v[0], 2, n, l->window);
    sizes(m, v[1], 1, n, l->strides);
    sizes(m, NONE, 1, n, l->dilation);
    if (is_none(v[1]))
        memcpy(l->strides, l->window, sizeof l->strides);
    l->is_same = is_word(v[2], "same");
    return made;
}

static value keras_MaxPooling1D(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return pooling(m, "MaxPooling1D", 1, arguments);
}

static value keras_MaxPooling2D(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return pooling(m, "MaxPooling2D", 2, arguments);
}

static value keras_AveragePooling2D(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return pooling(m, "AveragePooling2D", 2, arguments);
}

static value recurrent(vm *m, const char *name, oneseed_keras_layer_kind kind, const struct arguments *arguments)
{
    value v[6], made = new_layer(m, name, kind, SHAPE_RECUR);
    take_arguments(m, name,
                   "units activation= recurrent_activation= use_bias= * return_sequences= input_shape=", arguments, v);
    struct layer *l = layer_of(made);
    l->library.units = to_int64(m, v[0], "units");
    l->library.use_bias = is_true(m, v[3], true);
    l->returns_sequences = is_true(m, v[4], false);
    read_input_shape(m, l, v[5]);
    take_seeds(m, l);
    return made;
}

static value keras_LSTM(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return recurrent(m, "LSTM", ONESEED_KERAS_LSTM, arguments);
}

static value keras_GRU(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return recurrent(m, "GRU", ONESEED_KERAS_GRU, arguments);
}

static value keras_Dropout(vm *m, value self, const struct arguments *arguments)
{
    value v[3], made = new_layer(m, "Dropout", ONESEED_KERAS_DROPOUT, SHAPE_SAME);
    (void)self;
    take_arguments(m, "Dropout", "rate noise_shape= seed=", arguments, v);
    struct layer *l = layer_of(made);
    l->rate = to_double(m, v[0], "rate");
    if (!(l->rate >= 0 && l->rate <= 1))
        value_error(m,
                    "Invalid value received for argument `rate`. Expected a float value between 0 and 1. Received: "
                    "rate=%g",
                    l->rate);
    if (!is_none(v[1]))
        fail(m, "a Dropout with a noise_shape is not supported");
    l->library.has_dropout = l->rate > 0;
    if (l->rate > 0)
        instance_of(made)->held[1] = keras_seed_generator(m, v[2]);
    return made;
}

static value plain(vm *m, const char *name, const char *names, oneseed_keras_layer_kind kind, shape_rule rule,
                   const struct arguments *arguments)
{
    value v[3];
    take_arguments(m, name, names, arguments, v);
    return new_layer(m, name, kind, rule);
}

#define PLAIN(name, names, kind, rule)                                                                                 \
    static value keras_##name(vm *m, value self, const struct arguments *arguments)                                    \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return plain(m, #name, names, kind, rule, arguments);                                                          \
    }
PLAIN(Flatten, "* name=", ONESEED_KERAS_PLAIN, SHAPE_FLATTEN)
PLAIN(Activation, "activation * name=", ONESEED_KERAS_PLAIN, SHAPE_SAME)
PLAIN(ReLU, "* name=", ONESEED_KERAS_PLAIN, SHAPE_SAME)
PLAIN(Softmax, "* name=", ONESEED_KERAS_PLAIN, SHAPE_SAME)
PLAIN(GlobalAveragePooling1D, "* name=", ONESEED_KERAS_PLAIN, SHAPE_GLOBAL)
PLAIN(GlobalAveragePooling2D, "* name=", ONESEED_KERAS_PLAIN, SHAPE_GLOBAL)
PLAIN(BatchNormalization, "* name=", ONESEED_KERAS_BATCH_NORMALIZATION, SHAPE_SAME)
PLAIN(LayerNormalization, "* name=", ONESEED_KERAS_LAYER_NORMALIZATION, SHAPE_SAME)

/* keras.Input((3,)): a layer that only says the shape. */
static value keras_Input(vm *m, value self, const struct arguments *arguments)
{
    value v[2], made = new_layer(m, "InputLayer", ONESEED_KERAS_PLAIN, SHAPE_SAME);
    (void)self;
    take_arguments(m, "Input", "shape= * dtype=", arguments, v);
    if (is_none(v[0]))
        value_error(m, "You must pass a `shape` argument.");
    read_input_shape(m, layer_of(made), v[0]);
    return made;
}

/* --- Sequential ---------------------------------------------------------------------------------------------------------------------------- */

static const struct object_class model_class;

/* held: the layers. Built from the first one's input shape on, each as soon as it is there. */
static void build_model(vm *m, value self, const int64_t *input, int n_input)
{
    const struct sequence *layers = instance_of(self)->held[0].u.seq;
    int64_t shape[MAX_DIMS] = {0};
    int n_dims = n_input;
    memcpy(shape, input, (size_t)n_input * sizeof *shape);
    for (size_t i = 0; i < layers->n; i++) {
        require_rank(m, layer_of(layers->items[i]), n_dims);
        build(m, layers->items[i], shape, n_dims);
        n_dims = output_shape(m, layer_of(layers->items[i]), shape, n_dims);
    }
}

static void build_if_known(vm *m, value self)
{
    const struct sequence *layers = instance_of(self)->held[0].u.seq;
    if (layers->n > 0 && layer_of(layers->items[0])->n_input >= 0)
        build_model(m, self, layer_of(layers->items[0])->input, layer_of(layers->items[0])->n_input);
}

static void add_layer(vm *m, value self, value layer)
{
    if (!is_layer(layer))
        fail(m, "a Sequential takes layers of Keras here, not '%s'", type_name(layer));
    append(m, instance_of(self)->held[0], layer);
}

static value keras_Sequential(vm *m, value self, const struct arguments *arguments)
{
    value v[2], made = new_instance(m, &model_class, sizeof(struct instance), 1);
    (void)self;
    take_arguments(m, "Sequential", "layers= * name=", arguments, v);
    instance_of(made)->held[0] = make_sequence(m, V_LIST, 0);
    value layers = is_none(v[0]) ? make_sequence(m, V_LIST, 0) : to_list(m, v[0]);
    for (size_t i = 0; i < layers.u.seq->n; i++)
        add_layer(m, made, layers.u.seq->items[i]);
    build_if_known(m, made);
    return made;
}

static value model_add(vm *m, value self, const struct arguments *arguments)
{
    value layer;
    take_arguments(m, "add", "layer", arguments, &layer);
    add_layer(m, self, layer);
    build_if_known(m, self);
    return NONE;
}

static value model_build(vm *m, value self, const struct arguments *arguments)
{
    value v;
    int64_t shape[MAX_DIMS];
    take_arguments(m, "build", "input_shape", arguments, &v);
    int n_dims = sizes_of(m, v, shape, true);
    build_model(m, self, shape, n_dims);
    return NONE;
}

static value model_get_weights(vm *m, value self, const struct arguments *arguments)
{
    const struct sequence *layers = instance_of(self)->held[0].u.seq;
    value out = make_sequence(m, V_LIST, 0);
    take_none(m, "get_weights", arguments);
    for (size_t i = 0; i < layers->n; i++)
        append_arrays(m, out, weights_of(m, layers->items[i]));
    return out;
}

static value model_layers(vm *m, value self, const struct arguments *arguments)
{
    const struct sequence *layers = instance_of(self)->held[0].u.seq;
    value out = make_sequence(m, V_LIST, 0);
    take_none(m, "layers", arguments);
    for (size_t i = 0; i < layers->n; i++)
        if (strcmp(layer_of(layers->items[i])->name, "InputLayer") != 0)
            append(m, out, layers->items[i]);
    return out;
}

static void put_model(struct writer *w, value self)
{
    (void)self;
    fail(w->m,
         "a model of Keras prints its name, which depends on what was made before: get_weights() gives its weights");
}

static const struct native model_methods[] = {{"add", model_add, NATIVE_FUNCTION, 0},
                                              {"build", model_build, NATIVE_FUNCTION, 0},
                                              {"get_weights", model_get_weights, NATIVE_FUNCTION, 0},
                                              {"layers", model_layers, NATIVE_PROPERTY, 0},
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class model_class = {.name = "Sequential", .methods = model_methods, .put = put_model};

/* --- Modules --------------------------------------------------------------------------------------------------------------------------------- */

#define ENTRY(name)                                                                                                    \
    {                                                                                                                  \
#name, keras_##name, NATIVE_CLASS, 0                                                                           \
    }
static const struct native layers[] = {ENTRY(Dense),
                                       ENTRY(Embedding),
                                       ENTRY(Conv1D),
                                       ENTRY(Conv2D),
                                       ENTRY(MaxPooling1D),
                                       ENTRY(MaxPooling2D),
                                       ENTRY(AveragePooling2D),
                                       ENTRY(GlobalAveragePooling1D),
                                       ENTRY(GlobalAveragePooling2D),
                                       ENTRY(Flatten),
                                       ENTRY(Activation),
                                       ENTRY(ReLU),
                                       ENTRY(Softmax),
                                       ENTRY(Dropout),
                                       ENTRY(BatchNormalization),
                                       ENTRY(LayerNormalization),
                                       ENTRY(LSTM),
                                       ENTRY(GRU),
                                       ENTRY(Input),
                                       {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct native models[] = {ENTRY(Sequential), ENTRY(Input), {NULL, NULL, NATIVE_FUNCTION, 0}};

const struct module module_keras_layers = {"keras.layers", layers, NULL, NULL};
const struct module module_keras_models = {"keras.models", models, NULL, NULL};
