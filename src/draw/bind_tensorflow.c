/* bind_tensorflow.c - the modules of TensorFlow, and what is set beside the seeds.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/bind_keras.h" /* module_keras */
#include "draw/bind_tensorflow.h"

static const struct native none[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- tf.config ------------------------------------------------------------------------------------------------------------------- */

static value tf_enable_op_determinism(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "enable_op_determinism", arguments);
    return NONE; /* no stream is another with it */
}

static value no_gpus(vm *m, value self, const struct arguments *arguments)
{
    value type;
    (void)self;
    take_arguments(m, "list_physical_devices", "device_type", arguments, &type);
    if (!is_text(type) || strcmp(type.u.text->bytes, "GPU") != 0)
        fail(m, "list_physical_devices() is here for 'GPU'");
    return make_sequence(m, V_LIST, 0);
}

static value set_threads(vm *m, value self, const struct arguments *arguments)
{
    value n;
    (void)self;
    take_arguments(m, "set_intra_op_parallelism_threads", "num_threads", arguments, &n);
    (void)to_int64(m, n, "num_threads");
    return NONE;
}

static const struct native config_functions[] = {{"list_physical_devices", no_gpus, NATIVE_FUNCTION, 0},
                                                 {NULL, NULL, NATIVE_FUNCTION, 0}},
                           config_experimental_functions[] = {{"enable_op_determinism", tf_enable_op_determinism,
                                                               NATIVE_FUNCTION, 0},
                                                              {"list_physical_devices", no_gpus, NATIVE_FUNCTION, 0},
                                                              {NULL, NULL, NATIVE_FUNCTION, 0}},
                           threading_functions[] = {
                               {"set_intra_op_parallelism_threads", set_threads, NATIVE_FUNCTION, 0},
                               {"set_inter_op_parallelism_threads", set_threads, NATIVE_FUNCTION, 0},
                               {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct module module_config_experimental = {"tensorflow.config.experimental",
                                                         config_experimental_functions, NULL, NULL},
                           module_threading = {"tensorflow.config.threading", threading_functions, NULL, NULL};

static value config_lookup(vm *m, const char *name)
{
    (void)m;
    return strcmp(name, "experimental") == 0 ? MODULE(&module_config_experimental)
           : strcmp(name, "threading") == 0  ? MODULE(&module_threading)
                                             : NOTHING;
}

static const struct module module_config = {"tensorflow.config", config_functions, config_lookup, NULL};

/* --- What is not here ---------------------------------------------------------------------------------------------------- */

const char *tensorflow_why_not(const char *name)
{
    static const char functions[] = "Eigen computes it by a polynomial of its own, whose last bits are not known here",
                      graphs[] = "a graph seeds its operations by another rule than eager calls: draw eagerly, or by "
                                 "stateless functions";
    static const struct {
        const char *name, *why;
    } reasons[] = {{"log", functions},
                   {"exp", functions},
                   {"tanh", functions},
                   {"sigmoid", functions},
                   {"softmax", functions},
                   {"sin", functions},
                   {"cos", functions},
                   {"log1p", functions},
                   {"rsqrt", functions},
                   {"reduce_std", "the order of summation decides the last bits, and it depends on the machine"},
                   {"reduce_variance", "the order of summation decides the last bits, and it depends on the machine"},
                   {"function", graphs},
                   {"Graph", graphs},
                   {"compat", graphs},
                   {"print", "it prints on standard error: print() prints a tensor"},
                   {"GradientTape", "there are no gradients"},
                   {"experimental", "none of its parts is"}};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strcmp(reasons[i].name, name) == 0)
            return reasons[i].why;
    return NULL;
}

/* --- Modules --------------------------------------------------------------------------------------------------------------------- */

static value random_lookup(vm *m, const char *name)
{
    if (strcmp(name, "experimental") == 0)
        return MODULE(&module_tensorflow_random_experimental);
    if (strcmp(name, "Algorithm") == 0)
        return MODULE(&module_tensorflow_random_algorithm);
    if (strcmp(name, "Generator") == 0)
        return tensorflow_generator_class(m);
    const struct native *native = find_native(tensorflow_seed_functions, name);
    native = native ? native : find_native(tensorflow_generator_functions, name);
    native = native ? native : find_native(tensorflow_count_functions, name);
    return native ? NATIVE(native) : NOTHING;
}

/* What was experimental once is there under its new name, too. */
static value random_experimental_lookup(vm *m, const char *name)
{
    static const char *const moved[] = {"Algorithm", "Generator", "create_rng_state", "get_global_generator",
                                        "set_global_generator"};
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++)
        if (strcmp(moved[i], name) == 0 && module_has(m, &module_tensorflow_random, name))
            return get_attribute(m, MODULE(&module_tensorflow_random), name);
    return NOTHING;
}

static value nn_lookup(vm *m, const char *name)
{
    (void)m;
    return strcmp(name, "experimental") == 0 ? MODULE(&module_tensorflow_nn_experimental) : NOTHING;
}

static value tensorflow_lookup(vm *m, const char *name)
{
    static const struct {
        const char *name;
        const struct module *module;
    } modules[] = {
        {"random", &module_tensorflow_random}, {"math", &module_tensorflow_math}, {"nn", &module_tensorflow_nn},
        {"data", &module_tensorflow_data},     {"keras", &module_keras},          {"config", &module_config}};
    static const struct native *const tables[] = {tensorflow_math_functions, tensorflow_move_functions};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct native *native = find_native(tables[i], name);
        if (native)
            return NATIVE(native);
    }
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (strcmp(modules[i].name, name) == 0)
            return MODULE(modules[i].module);
    if (strcmp(name, "newaxis") == 0)
        return NONE;
    if (strcmp(name, "__version__") == 0)
        return make_str(m, "2.21.0");
    return tensorflow_dtype_named(name);
}

const struct module module_tensorflow = {"tensorflow", tensorflow_make_functions, tensorflow_lookup, NULL};
const struct module module_tensorflow_random = {"tensorflow.random", tensorflow_random_functions, random_lookup, NULL};
const struct module module_tensorflow_random_experimental = {
    "tensorflow.random.experimental", tensorflow_experimental_random_functions, random_experimental_lookup, NULL};
const struct module module_tensorflow_random_algorithm = {"tensorflow.random.Algorithm", none,
                                                          tensorflow_algorithm_named, NULL};
const struct module module_tensorflow_math = {"tensorflow.math", tensorflow_math_functions, NULL, NULL};
const struct module module_tensorflow_nn = {"tensorflow.nn", tensorflow_nn_functions, nn_lookup, NULL};
const struct module module_tensorflow_nn_experimental = {"tensorflow.nn.experimental",
                                                         tensorflow_nn_experimental_functions, NULL, NULL};
