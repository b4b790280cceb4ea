/* framework_settings.c - what seeding functions set and no draw on a CPU depends on: torch.backends, deterministic algorithms, threads,
 * os.environ. It is kept, for what reads it back.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/bind_keras.h" /* keras_set_backend */
#include "draw/framework_settings.h"
#include "draw/object.h" /* struct object_class */

/* --- torch.backends ---------------------------------------------------------------------------------------------------- */

static const struct {
    const struct module *module;
    const char *name;
    bool otherwise; /* as torch starts */
} flags[] = {{&module_torch_backends_cudnn, "deterministic", false},
             {&module_torch_backends_cudnn, "benchmark", false},
             {&module_torch_backends_cudnn, "enabled", true},
             {&module_torch_backends_cudnn, "allow_tf32", true},
             {&module_torch_backends_matmul, "allow_tf32", false},
             {&module_torch_backends_matmul, "allow_fp16_reduced_precision_reduction", true},
             {&module_torch_backends_matmul, "allow_bf16_reduced_precision_reduction", true}};
enum { N_FLAGS = sizeof flags / sizeof *flags };

static value flag_of(vm *m, const struct module *module, const char *name)
{
    for (unsigned i = 0; i < N_FLAGS; i++)
        if (flags[i].module == module && strcmp(flags[i].name, name) == 0)
            return BOOL(((m->flags_changed >> i) & 1) != flags[i].otherwise);
    return NOTHING;
}

bool set_framework_flag(vm *m, const struct module *module, const char *name, value item)
{
    for (unsigned i = 0; i < N_FLAGS; i++)
        if (flags[i].module == module && strcmp(flags[i].name, name) == 0) {
            if (item.kind != V_BOOL)
                fail(m, "RuntimeError: %s.%s expected a bool, but got %s", module->name, name, type_name(item));
            unsigned bit = 1U << i;
            m->flags_changed = truth(m, item) != flags[i].otherwise ? m->flags_changed | bit : m->flags_changed & ~bit;
            return true;
        }
    return false;
}

static value cudnn_lookup(vm *m, const char *name)
{
    return flag_of(m, &module_torch_backends_cudnn, name);
}

static value matmul_lookup(vm *m, const char *name)
{
    return flag_of(m, &module_torch_backends_matmul, name);
}

static value cuda_lookup(vm *m, const char *name)
{
    (void)m;
    return strcmp(name, "matmul") == 0 ? MODULE(&module_torch_backends_matmul) : NOTHING;
}

static value mps_is_available(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "is_available", arguments);
    return BOOL(false); /* of a Mac alone */
}

static value backends_lookup(vm *m, const char *name)
{
    (void)m;
    return strcmp(name, "cudnn") == 0  ? MODULE(&module_torch_backends_cudnn)
           : strcmp(name, "cuda") == 0 ? MODULE(&module_torch_backends_cuda)
           : strcmp(name, "mps") == 0  ? MODULE(&module_torch_backends_mps)
                                       : NOTHING;
}

static const struct native none[] = {{NULL, NULL, NATIVE_FUNCTION, 0}},
                           mps_functions[] = {{"is_available", mps_is_available, NATIVE_FUNCTION, 0},
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct module module_torch_backends = {"torch.backends", none, backends_lookup, NULL};
const struct module module_torch_backends_cudnn = {"torch.backends.cudnn", none, cudnn_lookup, NULL};
const struct module module_torch_backends_cuda = {"torch.backends.cuda", none, cuda_lookup, NULL};
const struct module module_torch_backends_matmul = {"torch.backends.cuda.matmul", none, matmul_lookup, NULL};
const struct module module_torch_backends_mps = {"torch.backends.mps", mps_functions, NULL, NULL};

/* --- Functions of torch --------------------------------------------------------------------------------------------------- */

static value torch_use_deterministic_algorithms(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "use_deterministic_algorithms", "mode * warn_only=", arguments, a);
    m->torch.is_deterministic = truth(m, a[0]);
    return NONE;
}

static value torch_are_deterministic_algorithms_enabled(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "are_deterministic_algorithms_enabled", arguments);
    return BOOL(m->torch.is_deterministic);
}

/* The draws of torch do not depend on it; what does (sums of 32768 floats and more) is refused. */
static value set_threads(vm *m, const struct arguments *arguments, const char *function)
{
    value n;
    take_arguments(m, function, "int", arguments, &n);
    if (n.kind != V_INT)
        type_error(m, "%s expects an int, but got %s", function, type_name(n));
    if (n.u.i <= 0)
        fail(m, "RuntimeError: %s expects a positive integer", function);
    return NONE;
}

static value torch_set_num_threads(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return set_threads(m, arguments, "set_num_threads");
}

static value torch_set_num_interop_threads(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    return set_threads(m, arguments, "set_num_interop_threads");
}

static value torch_set_float32_matmul_precision(vm *m, value self, const struct arguments *arguments)
{
    static const char *const precisions[] = {"highest", "high", "medium"};
    value precision;
    (void)self;
    take_arguments(m, "set_float32_matmul_precision", "precision", arguments, &precision);
    for (size_t i = 0; precision.kind == V_STR && i < sizeof precisions / sizeof *precisions; i++)
        if (strcmp(precision.u.text->bytes, precisions[i]) == 0)
            return NONE;
    fail(m, "set_float32_matmul_precision() takes 'highest', 'high' or 'medium'");
}

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, torch_##name, NATIVE_FUNCTION, 0                                                                        \
    }
const struct native torch_setting_functions[] = {FUNCTION(use_deterministic_algorithms),
                                                 FUNCTION(are_deterministic_algorithms_enabled),
                                                 FUNCTION(set_num_threads),
                                                 FUNCTION(set_num_interop_threads),
                                                 FUNCTION(set_float32_matmul_precision),
                                                 {NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- os.environ --------------------------------------------------------------------------------------------------------------- */

/* Held: a dict of what the lines set. What they did not set is another thing on every machine. */
static const struct object_class environ_class;

static value environment(vm *m)
{
    if (m->globals.environ.kind == V_NOTHING) {
        m->globals.environ = new_instance(m, &environ_class, sizeof(struct instance), 1);
        instance_of(m->globals.environ)->held[0] = make_dict(m);
    }
    return m->globals.environ;
}

static value environ_item(vm *m, value self, value key)
{
    value item;
    if (!dict_get(m, instance_of(self)->held[0].u.dict, key, &item))
        fail(m, "os.environ: what the lines did not set is not read: it differs from machine to machine");
    return item;
}

static void environ_set_item(vm *m, value self, value key, value item)
{
    if (!is_text(key) || !is_text(item))
        type_error(m, "str expected, not %s", type_name(is_text(key) ? item : key));
    if (strcmp(key.u.text->bytes, "ATEN_CPU_CAPABILITY") == 0)
        fail(m, "os.environ['ATEN_CPU_CAPABILITY'] counts before torch is imported: say --with cpu=%.20s",
             item.u.text->bytes);
    if (strcmp(key.u.text->bytes, "KERAS_BACKEND") == 0)
        keras_set_backend(m, item);
    dict_put(m, instance_of(self)->held[0].u.dict, key, item);
}

static const struct object_class environ_class = {
    .name = "_Environ", .methods = none, .item = environ_item, .set_item = environ_set_item};

static value os_lookup(vm *m, const char *name)
{
    return strcmp(name, "environ") == 0 ? environment(m) : NOTHING;
}

const struct module module_os = {"os", none, os_lookup, NULL};
