/* bind_torch.c - the modules of PyTorch and what in them draws.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/bind_torch.h"
#include "draw/framework_settings.h" /* torch_setting_functions */
#include "draw/tensor_methods.h"     /* torch_fork_rng */
#include "draw/torch_module.h"       /* torch_layer_functions */

/* Names without a call: layouts and memory formats. */
static const struct native torch_names[] = {
    {"strided", NULL, NATIVE_FUNCTION, 0},          {"contiguous_format", NULL, NATIVE_FUNCTION, 0},
    {"preserve_format", NULL, NATIVE_FUNCTION, 0},  {"channels_last", NULL, NATIVE_FUNCTION, 0},
    {"channels_last_3d", NULL, NATIVE_FUNCTION, 0}, {NULL, NULL, NATIVE_FUNCTION, 0}};
static const struct native no_functions[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- Modules --------------------------------------------------------------------------------------------------------- */

static value torch_lookup(vm *m, const char *name)
{
    static const struct {
        const char *name;
        const struct module *module;
    } modules[] = {{"random", &module_torch_random},
                   {"nn", &module_torch_nn},
                   {"distributions", &module_torch_distributions},
                   {"utils", &module_torch_utils},
                   {"backends", &module_torch_backends},
                   {"cuda", &module_torch_cuda}};
    const struct native *native = tensor_function_named(name);
    native = native ? native : find_native(torch_generator_functions, name);
    native = native ? native : find_native(torch_weights_functions, name);
    native = native ? native : find_native(torch_dropout_functions, name);
    native = native ? native : find_native(torch_setting_functions, name);
    native = native ? native : find_native(torch_names, name);
    if (native)
        return NATIVE(native);
    if (strcmp(name, "default_generator") == 0)
        return torch_default_generator(m);
    value type = torch_type_named(name);
    if (type.kind != V_NOTHING)
        return type;
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (strcmp(modules[i].name, name) == 0)
            return MODULE(modules[i].module);
    return strcmp(name, "pi") == 0 || strcmp(name, "inf") == 0 || strcmp(name, "nan") == 0 || strcmp(name, "e") == 0
               ? module_math.lookup(m, name)
               : NOTHING;
}

static value random_lookup(vm *m, const char *name)
{
    static const struct native fork = {"fork_rng", torch_fork_rng, NATIVE_FUNCTION, 0};
    if (strcmp(name, fork.name) == 0)
        return NATIVE(&fork);
    return strcmp(name, "default_generator") == 0 ? torch_default_generator(m) : NOTHING;
}

/* torch.distributions.normal and the like: what they have is in torch.distributions, too. */
static value distributions_lookup(vm *m, const char *name)
{
    static const char *const files[] = {"bernoulli",      "beta",
                                        "binomial",       "categorical",
                                        "cauchy",         "chi2",
                                        "dirichlet",      "exponential",
                                        "fishersnedecor", "gamma",
                                        "geometric",      "gumbel",
                                        "half_cauchy",    "half_normal",
                                        "inverse_gamma",  "kumaraswamy",
                                        "laplace",        "log_normal",
                                        "multinomial",    "negative_binomial",
                                        "normal",         "one_hot_categorical",
                                        "pareto",         "poisson",
                                        "studentT",       "uniform",
                                        "weibull"};
    (void)m;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(files[i], name) == 0)
            return MODULE(&module_torch_distributions);
    return NOTHING;
}

static value nn_lookup(vm *m, const char *name)
{
    (void)m;
    const struct native *native = find_native(torch_layer_functions, name);
    native = native ? native : find_native(torch_transformer_functions, name);
    if (native)
        return NATIVE(native);
    return strcmp(name, "functional") == 0 ? MODULE(&module_torch_nn_functional)
           : strcmp(name, "init") == 0     ? MODULE(&module_torch_nn_init)
                                           : NOTHING;
}

static value functional_lookup(vm *m, const char *name)
{
    (void)m;
    const struct native *native = find_native(torch_exact_functions, name);
    return native ? NATIVE(native) : NOTHING;
}

static value data_lookup(vm *m, const char *name)
{
    (void)m;
    return strcmp(name, "distributed") == 0 ? MODULE(&module_torch_utils_data_distributed) : NOTHING;
}

static value utils_lookup(vm *m, const char *name)
{
    (void)m;
    return strcmp(name, "data") == 0 ? MODULE(&module_torch_utils_data) : NOTHING;
}

const struct module module_torch = {"torch", torch_random_functions, torch_lookup, NULL};
const struct module module_torch_random = {"torch.random", torch_generator_functions, random_lookup, NULL};
const struct module module_torch_nn = {"torch.nn", torch_plain_functions, nn_lookup, NULL};
const struct module module_torch_nn_functional = {"torch.nn.functional", torch_functional_functions, functional_lookup,
                                                  NULL};
const struct module module_torch_nn_init = {"torch.nn.init", torch_init_functions, NULL, NULL};
const struct module module_torch_distributions = {"torch.distributions", torch_distribution_classes,
                                                  distributions_lookup, NULL};
const struct module module_torch_utils = {"torch.utils", no_functions, utils_lookup, NULL};
const struct module module_torch_utils_data_distributed = {"torch.utils.data.distributed", torch_distributed_functions,
                                                           NULL, NULL};
const struct module module_torch_utils_data = {"torch.utils.data", torch_data_functions, data_lookup, NULL};
const struct module module_torch_cuda = {"torch.cuda", torch_cuda_functions, NULL, NULL};
