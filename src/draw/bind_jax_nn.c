/* bind_jax_nn.c - jax.nn.initializers, and what else of jax.nn is exact.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/bind_jax.h"
#include "draw/sequences.h" /* sort_values */

/* --- Initializers ------------------------------------------------------------------------------------------------------------ */

enum kind { CONSTANT, UNIFORM, NORMAL, TRUNCATED, VARIANCE };

/* Held: the dtype, the axes, and the number of a constant, a scale, …. */
struct initializer {
    struct instance instance;
    uint8_t kind, distribution; /* of VARIANCE: one of the three in the middle */
    const char *mode;
};
enum { HELD_DTYPE, HELD_SCALE, HELD_LOWER, HELD_UPPER, HELD_IN, HELD_OUT, HELD_BATCH, N_HELD };

static value call_random(vm *m, const char *name, const value *positional, size_t n)
{
    struct arguments arguments = {.positional = positional, .n_positional = n};
    return find_native(jax_random_functions, name)->call(m, NONE, &arguments);
}

static int64_t product_of_axes(vm *m, value axes, int n_dims, const int64_t *shape)
{
    value list = axes;
    int64_t product = 1;
    if (!is_sequence(axes)) {
        list = make_sequence(m, V_TUPLE, 1);
        list.u.seq->items[0] = axes;
    }
    for (size_t i = 0; i < list.u.seq->n; i++) {
        int64_t axis = to_int64(m, list.u.seq->items[i], "an axis");
        if (axis < -n_dims || axis >= n_dims)
            fail(m, "IndexError: tuple index out of range");
        product *= shape[axis < 0 ? axis + n_dims : axis];
    }
    return product;
}

/* jax/_src/nn/initializers.py: _compute_fans, and what the mode makes of them. */
static double denominator(vm *m, const struct initializer *own, int n_dims, const int64_t *shape)
{
    const value *held = own->instance.held;
    if (n_dims <= 1 && held[HELD_IN].kind == V_INT && held[HELD_IN].u.i == -2)
        value_error(
            m,
            "Can't compute input and output sizes of a %d-dimensional weights tensor with default in_axis. Must "
            "be at least 2D or specify in_axis explicitly.",
            n_dims);
    int64_t in = product_of_axes(m, held[HELD_IN], n_dims, shape),
            out = product_of_axes(m, held[HELD_OUT], n_dims, shape);
    int64_t batch = product_of_axes(m, held[HELD_BATCH], n_dims, shape);
    if (in == 0 || out == 0 || batch == 0)
        fail(m, "ZeroDivisionError: division by zero");
    double field = (double)jax_shape_size(m, n_dims, shape) / (double)in / (double)out / (double)batch;
    double fan_in = (double)in * field, fan_out = (double)out * field;
    if (strcmp(own->mode, "fan_geo_avg") == 0)
        fail(m, "variance_scaling() of the mode 'fan_geo_avg' is not supported");
    return strcmp(own->mode, "fan_in") == 0    ? fan_in
           : strcmp(own->mode, "fan_out") == 0 ? fan_out
                                               : (fan_in + fan_out) / 2;
}

static value square_root(vm *m, value x)
{
    struct arguments one = {.positional = &x, .n_positional = 1};
    return find_native(jnp_functions, "sqrt")->call(m, NONE, &one);
}

static value scaled(vm *m, const struct initializer *own, value key, value shape, value type, dtype dt)
{
    value a[5] = {key, shape, type, INT(-1), NOTHING}, bounds[5] = {key, INT(-2), INT(2), shape, type}, factor;
    int64_t sizes[MAX_DIMS];
    unsigned kind = own->kind;
    if (kind == VARIANCE) {
        int n_dims = jax_shape_argument(m, shape, sizes);
        double variance = to_double(m, own->instance.held[HELD_SCALE], "scale") / denominator(m, own, n_dims, sizes);
        factor = jax_from(m, FLOAT(variance), dt);
        kind = own->distribution;
        if (kind == UNIFORM)
            factor = jax_operate(m, OP_MULTIPLY, INT(3), factor);
        factor = square_root(m, factor);
        if (kind == TRUNCATED)
            factor = jax_operate(m, OP_DIVIDE, factor, jax_from(m, FLOAT(.87962566103423978), dt));
    } else {
        factor = jax_from(m, own->instance.held[HELD_SCALE], dt);
        bounds[1] = own->instance.held[HELD_LOWER];
        bounds[2] = own->instance.held[HELD_UPPER];
    }
    value draws = kind == UNIFORM  ? call_random(m, "uniform", a, own->kind == VARIANCE ? 4 : 3)
                  : kind == NORMAL ? call_random(m, "normal", a, 3)
                                   : call_random(m, "truncated_normal", bounds, 5);
    return jax_operate(m, OP_MULTIPLY, draws, factor);
}

static value initializer_call(vm *m, value self, const struct arguments *arguments)
{
    const struct initializer *own = (const struct initializer *)(void *)self.u.o;
    value a[3];
    take_arguments(m, "init", "key shape dtype=", arguments, a);
    value type = is_none(a[2]) ? own->instance.held[HELD_DTYPE] : a[2];
    dtype dt = jax_dtype_from(m, type, jax_float(m));
    if (own->kind == CONSTANT) {
        value full[3] = {a[1], own->instance.held[HELD_SCALE], DTYPE(dt)};
        struct arguments all = {.positional = full, .n_positional = 3};
        return find_native(jnp_functions, "full")->call(m, NONE, &all);
    }
    return scaled(m, own, a[0], a[1], DTYPE(dt), dt);
}

static const struct native none[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class initializer_class = {.name = "function", .methods = none, .call = initializer_call};

static value new_initializer(vm *m, enum kind kind, value scale, value type)
{
    value v = new_instance(m, &initializer_class, sizeof(struct initializer), N_HELD);
    struct initializer *own = (struct initializer *)(void *)v.u.o;
    own->kind = (uint8_t)kind;
    own->instance.held[HELD_SCALE] = scale;
    own->instance.held[HELD_DTYPE] = is_none(type) ? NONE : type;
    own->instance.held[HELD_LOWER] = FLOAT(-2);
    own->instance.held[HELD_UPPER] = FLOAT(2);
    own->instance.held[HELD_IN] = INT(-2);
    own->instance.held[HELD_OUT] = INT(-1);
    own->instance.held[HELD_BATCH] = make_sequence(m, V_TUPLE, 0);
    own->mode = "fan_in";
    return v;
}

static value init_uniform(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "uniform", "scale= dtype=", arguments, a);
    return new_initializer(m, UNIFORM, a[0].kind == V_NOTHING ? FLOAT(1e-2) : a[0], a[1]);
}

static value init_normal(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "normal", "stddev= dtype=", arguments, a);
    return new_initializer(m, NORMAL, a[0].kind == V_NOTHING ? FLOAT(1e-2) : a[0], a[1]);
}

static value init_constant(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "constant", "value dtype=", arguments, a);
    return new_initializer(m, CONSTANT, a[0], a[1]);
}

static value init_truncated_normal(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "truncated_normal", "stddev= dtype= lower= upper=", arguments, a);
    value v = new_initializer(m, TRUNCATED, a[0].kind == V_NOTHING ? FLOAT(1e-2) : a[0], a[1]);
    for (int i = 0; i < 2; i++)
        if (a[2 + i].kind != V_NOTHING)
            instance_of(v)->held[HELD_LOWER + i] = a[2 + i];
    return v;
}

/* zeros and ones are initializers themselves. */
static value filled_with(vm *m, int64_t number, const struct arguments *arguments)
{
    return initializer_call(m, new_initializer(m, CONSTANT, INT(number), NONE), arguments);
}

static value init_zeros(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return filled_with(m, 0, arguments);
}

static value init_ones(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return filled_with(m, 1, arguments);
}

static value variance_of(vm *m, value scale, const char *mode, enum kind distribution, const value axes[3], value type)
{
    value v = new_initializer(m, VARIANCE, scale, type);
    struct initializer *own = (struct initializer *)(void *)v.u.o;
    own->mode = mode;
    own->distribution = (uint8_t)distribution;
    for (int i = 0; i < 3; i++)
        if (axes[i].kind != V_NOTHING)
            own->instance.held[HELD_IN + i] = axes[i];
    return v;
}

static value init_variance_scaling(vm *m, value self, const struct arguments *arguments)
{
    static const char *const modes[] = {"fan_in", "fan_out", "fan_avg", "fan_geo_avg"};
    static const char *const distributions[] = {"uniform", "normal", "truncated_normal"};
    value a[7];
    (void)self;
    take_arguments(m, "variance_scaling", "scale mode distribution in_axis= out_axis= batch_axis= dtype=", arguments,
                   a);
    const char *mode = NULL;
    int distribution = -1;
    for (size_t i = 0; is_text(a[1]) && i < sizeof modes / sizeof *modes; i++)
        mode = strcmp(modes[i], a[1].u.text->bytes) == 0 ? modes[i] : mode;
    for (int i = 0; is_text(a[2]) && i < 3; i++)
        distribution = strcmp(distributions[i], a[2].u.text->bytes) == 0 ? i : distribution;
    if (!mode)
        value_error(m, "invalid mode for variance scaling initializer: %.60s", is_text(a[1]) ? a[1].u.text->bytes : "");
    if (distribution < 0)
        value_error(m, "invalid distribution for variance scaling initializer: %.60s",
                    is_text(a[2]) ? a[2].u.text->bytes : "");
    return variance_of(m, a[0], mode, (enum kind)(UNIFORM + distribution), a + 3, a[6]);
}

#define NAMED(name, scale, mode, distribution)                                                                         \
    static value init_##name(vm *m, value self, const struct arguments *arguments)                                     \
    {                                                                                                                  \
        value a[4];                                                                                                    \
        (void)self;                                                                                                    \
        take_arguments(m, #name, "in_axis= out_axis= batch_axis= dtype=", arguments, a);                               \
        return variance_of(m, FLOAT(scale), mode, distribution, a, a[3]);                                              \
    }
NAMED(glorot_uniform, 1, "fan_avg", UNIFORM)
NAMED(glorot_normal, 1, "fan_avg", TRUNCATED)
NAMED(lecun_uniform, 1, "fan_in", UNIFORM)
NAMED(lecun_normal, 1, "fan_in", TRUNCATED)
NAMED(he_uniform, 2, "fan_in", UNIFORM)
NAMED(he_normal, 2, "fan_in", TRUNCATED)

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, init_##name, NATIVE_FUNCTION, 0                                                                         \
    }
#define ALIAS(name, function)                                                                                          \
    {                                                                                                                  \
#name, init_##function, NATIVE_FUNCTION, 0                                                                     \
    }
static const struct native initializers[] = {FUNCTION(zeros),
                                             FUNCTION(ones),
                                             FUNCTION(constant),
                                             FUNCTION(uniform),
                                             FUNCTION(normal),
                                             FUNCTION(truncated_normal),
                                             FUNCTION(variance_scaling),
                                             FUNCTION(glorot_uniform),
                                             FUNCTION(glorot_normal),
                                             FUNCTION(lecun_uniform),
                                             FUNCTION(lecun_normal),
                                             FUNCTION(he_uniform),
                                             FUNCTION(he_normal),
                                             ALIAS(xavier_uniform, glorot_uniform),
                                             ALIAS(xavier_normal, glorot_normal),
                                             ALIAS(kaiming_uniform, he_uniform),
                                             ALIAS(kaiming_normal, he_normal),
                                             {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct module module_jax_initializers = {"jax.nn.initializers", initializers, NULL, NULL};

/* --- jax.nn --------------------------------------------------------------------------------------------------------------------- */

static value nn_relu(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "relu", "x", arguments, a);
    a[1] = INT(0);
    struct arguments both = {.positional = a, .n_positional = 2};
    return find_native(jnp_functions, "maximum")->call(m, NONE, &both);
}

static value nn_lookup(vm *m, const char *name)
{
    (void)m;
    return strcmp(name, "initializers") == 0 ? MODULE(&module_jax_initializers) : NOTHING;
}

static const struct native nn_functions[] = {{"relu", nn_relu, NATIVE_FUNCTION, 0}, {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct module module_jax_nn = {"jax.nn", nn_functions, nn_lookup, NULL};

/* --- jax.tree ------------------------------------------------------------------------------------------------------------------- */

/* A dict by its keys in order, as JAX flattens it. */
static value tree_mapped(vm *m, value function, value tree)
{
    value out;
    enter(m);
    if (is_sequence(tree)) {
        out = make_sequence(m, tree.kind, tree.u.seq->n);
        for (size_t i = 0; i < tree.u.seq->n; i++)
            out.u.seq->items[i] = tree_mapped(m, function, tree.u.seq->items[i]);
    } else if (tree.kind == V_DICT) {
        value keys = to_list(m, tree), item;
        sort_values(m, keys.u.seq->items, keys.u.seq->n, NONE, false);
        out = make_dict(m);
        for (size_t i = 0; i < keys.u.seq->n; i++)
            if (dict_get(m, tree.u.dict, keys.u.seq->items[i], &item))
                dict_put(m, out.u.dict, keys.u.seq->items[i], tree_mapped(m, function, item));
    } else if (tree.kind == V_NONE) {
        out = tree;
    } else {
        out = call(m, function, &(struct arguments){.positional = &tree, .n_positional = 1});
    }
    leave(m);
    return out;
}

static value tree_map(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    if (arguments->n_positional > 2)
        fail(m, "jax.tree.map() over several trees is not supported");
    take_arguments(m, "tree_map", "f tree", arguments, a);
    return tree_mapped(m, a[0], a[1]);
}

static const struct native tree_functions[] = {{"map", tree_map, NATIVE_FUNCTION, 0},
                                               {"tree_map", tree_map, NATIVE_FUNCTION, 0},
                                               {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct module module_jax_tree = {"jax.tree", tree_functions, NULL, NULL};
const struct module module_jax_tree_util = {"jax.tree_util", tree_functions, NULL, NULL};
