/* bind_keras.c - Keras's modules, its backend, and the seeds that its functions draw with.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp, strlen */

#include "draw/bind.h" /* python_of */
#include "draw/bind_jax.h"
#include "draw/bind_keras.h"
#include "draw/bind_tensorflow.h"
#include "draw/bind_torch.h" /* make_tensor */

/* --- The backend ------------------------------------------------------------------------------------------------------------------------ */

static const char *const backends[] = {[ONESEED_KERAS_TENSORFLOW] = "tensorflow",
                                       [ONESEED_KERAS_JAX] = "jax",
                                       [ONESEED_KERAS_TORCH] = "torch",
                                       [ONESEED_KERAS_NUMPY] = "numpy"};

int keras_backend_named(const char *name)
{
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++)
        if (strcmp(backends[i], name) == 0)
            return (int)i;
    return -1;
}

void keras_set_backend(vm *m, value name)
{
    int backend = keras_backend_named(name.u.text->bytes);
    if (backend < 0)
        value_error(m, "Unable to import backend : %.80s", name.u.text->bytes);
    if (!m->keras.is_used)
        m->keras.backend = (uint8_t)backend;
}

oneseed_keras keras_library(vm *m)
{
    m->keras.is_used = true;
    oneseed_keras k = {.backend = m->keras.backend, .version = m->settings.keras_version};
    if (k.backend == ONESEED_KERAS_JAX) {
        k.backend_version = m->jax.version;
        k.is_original = m->jax.is_original;
        k.has_x64 = m->jax.has_x64;
    }
    if (k.backend == ONESEED_KERAS_TORCH) {
        k.backend_version = m->settings.torch_version;
        k.cpu = m->settings.torch_cpu;
    }
    return k;
}

/* --- Tensors ------------------------------------------------------------------------------------------------------------------------------- */

static const struct {
    oneseed_keras_dtype library;
    dtype dt;
} dtypes[] = {
    {ONESEED_KERAS_BFLOAT16, DT_BFLOAT16}, {ONESEED_KERAS_FLOAT16, DT_FLOAT16}, {ONESEED_KERAS_FLOAT32, DT_FLOAT32},
    {ONESEED_KERAS_FLOAT64, DT_FLOAT64},   {ONESEED_KERAS_INT8, DT_INT8},       {ONESEED_KERAS_INT16, DT_INT16},
    {ONESEED_KERAS_INT32, DT_INT32},       {ONESEED_KERAS_INT64, DT_INT64},     {ONESEED_KERAS_UINT8, DT_UINT8},
    {ONESEED_KERAS_UINT16, DT_UINT16},     {ONESEED_KERAS_UINT32, DT_UINT32},   {ONESEED_KERAS_UINT64, DT_UINT64}};

oneseed_keras_dtype keras_library_dtype(vm *m, dtype dt)
{
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
        if (dtypes[i].dt == dt)
            return dtypes[i].library;
    type_error(m, "Keras draws no %s", dtype_name(dt));
}

struct array *keras_result(vm *m, dtype dt, int n_dims, const int64_t *shape)
{
    oneseed_keras k = keras_library(m);
    oneseed_keras_dtype given = oneseed_keras_result_dtype(&k, keras_library_dtype(m, dt));
    dtype own = DT_FLOAT32;
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
        if (dtypes[i].library == given)
            own = dtypes[i].dt;
    struct array *out = array_new(m, own, n_dims, shape, 0);
    step(m, 4 * (uint64_t)array_size(out));
    return out;
}

value keras_tensor(vm *m, struct array *a)
{
    switch (keras_library(m).backend) {
    case ONESEED_KERAS_TENSORFLOW:
        return tensorflow_tensor(m, a);
    case ONESEED_KERAS_JAX:
        return make_jax(m, a, false);
    case ONESEED_KERAS_TORCH:
        return make_tensor(m, a);
    default:
        return array_value(a);
    }
}

struct array *keras_array(vm *m, value v)
{
    switch (keras_library(m).backend) {
    case ONESEED_KERAS_TENSORFLOW:
        return tensorflow_convert(m, v, DT_NONE);
    case ONESEED_KERAS_JAX:
        return jax_data(jax_argument(m, v, "a function of Keras", 0));
    case ONESEED_KERAS_TORCH:
        return v.kind == V_TENSOR ? tensor_values(m, v, "x") : array_from(m, v, DT_NONE);
    default:
        return array_from(m, v, DT_NONE);
    }
}

int keras_shape_from(vm *m, value v, int64_t shape[MAX_DIMS])
{
    bool is_long;
    if (keras_library(m).backend == ONESEED_KERAS_TENSORFLOW)
        return tensorflow_shape_from(m, v, shape, &is_long);
    return shape_from(m, v, shape);
}

dtype keras_dtype_from(vm *m, value v, dtype otherwise)
{
    return tensorflow_dtype_from(m, v, otherwise == DT_NONE ? m->keras.floatx : otherwise);
}

void keras_refuse(vm *m, oneseed_status status)
{
    const char *text = oneseed_status_text(status);
    if (status == ONESEED_OK)
        return;
    if (status == ONESEED_INVALID_STATE)
        fail(m, "this function of Keras is not supported on the backend %s", backends[keras_library(m).backend]);
    if (status == ONESEED_KERAS_SEED_UINT32)
        fail(m, "OverflowError: %s", text);
    if (status == ONESEED_KERAS_SEED_INT32)
        fail(m, "RuntimeError: %s", text);
    if (keras_library(m).backend == ONESEED_KERAS_TENSORFLOW && strncmp(text, "keras", 5) != 0)
        tensorflow_refuse(m, status);
    value_error(m, "%s", text);
}

/* --- Seeds ------------------------------------------------------------------------------------------------------------------------------------ */

struct seed_generator {
    struct instance instance;
    int64_t state[2];
};

static const struct object_class seed_generator_class;

static struct seed_generator *generator_of(value v)
{
    return (struct seed_generator *)(void *)v.u.o;
}

int64_t keras_default_seed(vm *m)
{
    struct python_object *p = python_of(module_random.global(m));
    if (!p->seeded)
        fail(m,
             "Keras takes a seed from Python's random, which has none: call keras.utils.set_random_seed(N) first, or "
             "give seed=");
    return oneseed_keras_default_seed(&p->state);
}

/* An int of Python's that a seed can be. */
static int64_t seed_of(vm *m, value seed)
{
    if (seed.kind == V_BIG)
        fail(m, "a seed of more than 64 bits is not supported");
    return seed.u.i;
}

value keras_seed_generator(vm *m, value seed)
{
    oneseed_keras k = keras_library(m);
    value v = new_instance(m, &seed_generator_class, sizeof(struct seed_generator), 0);
    if (!is_none(seed) && seed.kind != V_INT && seed.kind != V_BOOL && seed.kind != V_BIG) {
        struct writer w = writer_start(m);
        put_str(&w, seed);
        value_error(m, "Argument `seed` must be an integer. Received: seed=%.80s", written(&w));
    }
    int64_t number = is_none(seed) ? keras_default_seed(m) : seed_of(m, seed);
    keras_refuse(m, oneseed_keras_seed_generator(&k, number, generator_of(v)->state));
    return v;
}

void keras_draw_seed(vm *m, value seed, int64_t pair_out[2])
{
    oneseed_keras k = keras_library(m);
    bool is_global = is_none(seed);
    if (is_global && m->globals.keras_generator.kind == V_NOTHING)
        m->globals.keras_generator = keras_seed_generator(m, NONE);
    value generator = is_global ? m->globals.keras_generator : seed;
    if (generator.kind == V_OBJECT && instance_of(generator)->class == &seed_generator_class) {
        oneseed_keras_seed_next(&k, generator_of(generator)->state, !is_global, pair_out);
        return;
    }
    if (seed.kind != V_INT && seed.kind != V_BOOL && seed.kind != V_BIG) {
        struct writer w = writer_start(m);
        put_str(&w, seed);
        value_error(m,
                    "Argument `seed` must be either an integer or an instance of `SeedGenerator`. Received: seed=%.80s "
                    "(of type <class '%s'>)",
                    written(&w), type_name(seed));
    }
    if (seed.kind == V_BOOL && k.backend == ONESEED_KERAS_TENSORFLOW)
        value_error(m, "Can't convert Python sequence with mixed types to Tensor.");
    keras_refuse(m, oneseed_keras_seed(&k, seed_of(m, seed), pair_out));
}

/* A pair as the tensor that Keras has it in. */
static value pair_tensor(vm *m, const int64_t pair[2])
{
    oneseed_keras k = keras_library(m);
    bool early = k.version != 0 && k.version < 30500;
    dtype dt = early || k.backend == ONESEED_KERAS_JAX || k.backend == ONESEED_KERAS_NUMPY ? DT_UINT32
               : k.backend == ONESEED_KERAS_TENSORFLOW                                     ? DT_INT64
                                                                                           : DT_INT32;
    int64_t two = 2;
    struct array *a = array_new(m, dt, 1, &two, 0);
    for (int i = 0; i < 2; i++)
        store_integer(dt, a->buffer->bytes + (size_t)i * a->item_nbytes, pair[i]);
    return keras_tensor(m, a);
}

static value generator_next(vm *m, value self, const struct arguments *arguments)
{
    value ordered;
    int64_t pair[2];
    oneseed_keras k = keras_library(m);
    take_arguments(m, "next", "ordered=", arguments, &ordered);
    oneseed_keras_seed_next(&k, generator_of(self)->state, ordered.kind == V_NOTHING || truth(m, ordered), pair);
    return pair_tensor(m, pair);
}

static const struct native generator_methods_table[] = {{"next", generator_next, NATIVE_FUNCTION, 0},
                                                        {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct object_class seed_generator_class = {.name = "SeedGenerator", .methods = generator_methods_table};

static value keras_SeedGenerator(vm *m, value self, const struct arguments *arguments)
{
    value v[2];
    (void)self;
    take_arguments(m, "SeedGenerator", "seed= name=", arguments, v);
    return keras_seed_generator(m, v[0]);
}

/* --- keras.utils -------------------------------------------------------------------------------------------------------------------------- */

static void call_with(vm *m, value function, value argument)
{
    struct arguments one = {.positional = &argument, .n_positional = 1};
    (void)call(m, function, &one);
}

/* rng_utils.set_random_seed of Keras 3.15: Python's, NumPy's, TensorFlow's (where it is installed) and PyTorch's generators. */
static value keras_set_random_seed(vm *m, value self, const struct arguments *arguments)
{
    value seed;
    (void)self;
    take_arguments(m, "set_random_seed", "seed", arguments, &seed);
    if (seed.kind != V_INT && seed.kind != V_BOOL && seed.kind != V_BIG) {
        struct writer w = writer_start(m);
        put_str(&w, seed);
        value_error(m, "Expected `seed` argument to be an integer. Received: seed=%.80s (of type <class '%s'>)",
                    written(&w), type_name(seed));
    }
    oneseed_keras k = keras_library(m);
    if (k.version == 0 || k.version >= 31300)
        m->globals.keras_generator = NOTHING;
    call_with(m, get_attribute(m, MODULE(&module_random), "seed"), seed);
    call_with(m, get_attribute(m, MODULE(&module_numpy_random), "seed"), seed);
    tensorflow_set_seed(m, seed);
    if (k.backend == ONESEED_KERAS_TORCH)
        call_with(m, get_attribute(m, MODULE(&module_torch), "manual_seed"), seed);
    return NONE;
}

/* --- keras.config, keras.backend ---------------------------------------------------------------------------------------------------------- */

static value keras_backend(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "backend", arguments);
    return make_str(m, backends[keras_library(m).backend]);
}

static value keras_floatx(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "floatx", arguments);
    return make_str(m, dtype_name(m->keras.floatx));
}

static value keras_set_floatx(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "set_floatx", "value", arguments, &v);
    dtype dt = is_text(v) ? tensorflow_dtype_from(m, v, DT_NONE) : DT_NONE;
    if (!dtype_is_float(dt)) {
        struct writer w = writer_start(m);
        put_str(&w, v);
        value_error(m, "Unknown `floatx` value: %.80s. Expected one of {'bfloat16', 'float16', 'float32', 'float64'}",
                    written(&w));
    }
    m->keras.floatx = dt;
    return NONE;
}

/* --- keras.ops: what tensors are made of -------------------------------------------------------------------------------------------------- */

static value keras_constants(vm *m, const char *name, int64_t number, const struct arguments *arguments)
{
    value v[2];
    int64_t shape[MAX_DIMS];
    take_arguments(m, name, "shape dtype=", arguments, v);
    int n_dims = keras_shape_from(m, v[0], shape);
    struct array *out = keras_result(m, keras_dtype_from(m, v[1], DT_NONE), n_dims, shape);
    for (int64_t i = 0; number != 0 && i < array_size(out); i++)
        store_integer(out->dt, out->buffer->bytes + (size_t)i * out->item_nbytes, number);
    return keras_tensor(m, out);
}

static value keras_zeros(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return keras_constants(m, "zeros", 0, arguments);
}

static value keras_ones(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return keras_constants(m, "ones", 1, arguments);
}

static value keras_convert_to_numpy(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "convert_to_numpy", "x", arguments, &v);
    return array_value(array_copy(m, array_from(m, v, DT_NONE)));
}

/* --- Modules ----------------------------------------------------------------------------------------------------------------------------------- */

static const struct native none[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct native utils_functions[] = {{"set_random_seed", keras_set_random_seed, NATIVE_FUNCTION, 0},
                                                {NULL, NULL, NATIVE_FUNCTION, 0}},
                           config_functions[] = {{"backend", keras_backend, NATIVE_FUNCTION, 0},
                                                 {"floatx", keras_floatx, NATIVE_FUNCTION, 0},
                                                 {"set_floatx", keras_set_floatx, NATIVE_FUNCTION, 0},
                                                 {NULL, NULL, NATIVE_FUNCTION, 0}},
                           ops_functions[] = {{"zeros", keras_zeros, NATIVE_FUNCTION, 0},
                                              {"ones", keras_ones, NATIVE_FUNCTION, 0},
                                              {"convert_to_numpy", keras_convert_to_numpy, NATIVE_FUNCTION, 0},
                                              {NULL, NULL, NATIVE_FUNCTION, 0}},
                           generator_classes[] = {{"SeedGenerator", keras_SeedGenerator, NATIVE_CLASS, 0},
                                                  {NULL, NULL, NATIVE_FUNCTION, 0}};

static value random_lookup(vm *m, const char *name)
{
    (void)m;
    const struct native *native = find_native(generator_classes, name);
    return native ? NATIVE(native) : NOTHING;
}

static const struct module module_config = {"keras.config", config_functions, NULL, NULL},
                           module_backend = {"keras.backend", config_functions, NULL, NULL},
                           module_ops = {"keras.ops", ops_functions, NULL, NULL};

static value keras_lookup(vm *m, const char *name)
{
    static const struct {
        const char *name;
        const struct module *module;
    } modules[] = {{"random", &module_keras_random},
                   {"utils", &module_keras_utils},
                   {"initializers", &module_keras_initializers},
                   {"layers", &module_keras_layers},
                   {"models", &module_keras_models},
                   {"config", &module_config},
                   {"backend", &module_backend},
                   {"ops", &module_ops}};
    m->keras.is_used = true;
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (strcmp(modules[i].name, name) == 0)
            return MODULE(modules[i].module);
    if (strcmp(name, "Sequential") == 0 || strcmp(name, "Input") == 0)
        return NATIVE(find_native(module_keras_models.natives, name));
    if (strcmp(name, "__version__") == 0) {
        struct writer w = writer_start(m);
        uint32_t version = m->settings.keras_version;
        put_format(&w, "%u.%u.%u", version / 10000, version / 100 % 100, version % 100);
        return make_str(m, version == 0 ? "3.15.1" : written(&w));
    }
    return NOTHING;
}

const struct module module_keras = {"keras", none, keras_lookup, NULL};
const struct module module_keras_random = {"keras.random", keras_random_functions, random_lookup, NULL};
const struct module module_keras_utils = {"keras.utils", utils_functions, NULL, NULL};
