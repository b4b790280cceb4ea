/* bind_jax.c - the modules of JAX: jax.config, jax.vmap, jax.dtypes, and what leads to jax.random and jax.numpy.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/bind_jax.h"
#include "draw/torch_context.h" /* CONTEXT_OF_JAX */

static const struct native none[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};

/* --- Options ------------------------------------------------------------------------------------------------------------- */

enum { NEWEST = 1002, PARTITIONABLE_SINCE = 500 };

struct jax_options jax_options_at_start(const struct draw_settings *settings)
{
    uint32_t version = settings->jax_version;
    return (struct jax_options){.version = version, .is_original = version != 0 && version < PARTITIONABLE_SINCE};
}

static value version_text(vm *m)
{
    struct writer w = writer_start(m);
    uint32_t version = m->jax.version ? m->jax.version : NEWEST;
    put_format(&w, "0.%u.%u", version / 100, version % 100);
    return make_text(m, V_STR, written(&w), w.n);
}

typedef enum option { OPTION_X64, OPTION_PARTITIONABLE, OPTION_IMPL, OPTION_IGNORED, OPTION_NONE } option;

/* What no value here depends on. */
static option option_named(const char *name)
{
    static const char *const ignored[] = {
        "jax_debug_nans",         "jax_debug_infs",          "jax_disable_jit",
        "jax_log_compiles",       "jax_platforms",           "jax_platform_name",
        "jax_check_tracer_leaks", "jax_traceback_filtering", "jax_compilation_cache_dir"};
    if (strcmp(name, "jax_enable_x64") == 0)
        return OPTION_X64;
    if (strcmp(name, "jax_threefry_partitionable") == 0)
        return OPTION_PARTITIONABLE;
    if (strcmp(name, "jax_default_prng_impl") == 0)
        return OPTION_IMPL;
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        if (strcmp(name, ignored[i]) == 0)
            return OPTION_IGNORED;
    return OPTION_NONE;
}

static unsigned impl_of_option(vm *m, value v)
{
    struct writer w = writer_start(m);
    put_str(&w, v);
    for (unsigned i = ONESEED_JAX_THREEFRY2X32; is_text(v) && i <= ONESEED_JAX_THREEFRY4X32; i++)
        if (strcmp(jax_impl_name(i), v.u.text->bytes) == 0)
            return i;
    value_error(m,
                "new enum value must be in ['threefry2x32', 'threefry4x32', 'rbg', 'unsafe_rbg', 'philox2x32', "
                "'philox4x32'], got %.100s of type <class '%s'>.",
                written(&w), type_name(v));
}

static void set_option(vm *m, const char *name, value v)
{
    switch (option_named(name)) {
    case OPTION_X64:
        m->jax.has_x64 = truth(m, v);
        break;
    case OPTION_PARTITIONABLE:
        m->jax.is_original = !truth(m, v);
        break;
    case OPTION_IMPL:
        m->jax.impl = (uint8_t)impl_of_option(m, v);
        break;
    case OPTION_IGNORED:
        break;
    default:
        if (strncmp(name, "jax_", 4) == 0)
            fail(m,
                 "AttributeError: Unrecognized config option: %s (here there are jax_enable_x64, "
                 "jax_threefry_partitionable and jax_default_prng_impl)",
                 name);
        fail(m, "AttributeError: Unrecognized config option: %s", name);
    }
}

static value get_option(vm *m, const char *name)
{
    switch (option_named(name)) {
    case OPTION_X64:
        return BOOL(m->jax.has_x64);
    case OPTION_PARTITIONABLE:
        return BOOL(!m->jax.is_original);
    case OPTION_IMPL:
        return make_str(m, jax_impl_name(m->jax.impl));
    default:
        return NOTHING;
    }
}

static const char *option_argument(vm *m, value v)
{
    if (!is_text(v))
        type_error(m, "the name of an option is a str, not %s", type_name(v));
    return v.u.text->bytes;
}

static value config_update(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "update", "name val", arguments, a);
    set_option(m, option_argument(m, a[0]), a[1]);
    return NONE;
}

static value config_read(vm *m, value self, const struct arguments *arguments)
{
    value name;
    (void)self;
    take_arguments(m, "read", "name", arguments, &name);
    value v = get_option(m, option_argument(m, name));
    if (v.kind == V_NOTHING)
        fail(m, "AttributeError: Unrecognized config option: %.100s", name.u.text->bytes);
    return v;
}

static value config_lookup(vm *m, const char *name)
{
    if (strcmp(name, "x64_enabled") == 0)
        return BOOL(m->jax.has_x64);
    return get_option(m, name);
}

static const struct native config_functions[] = {{"update", config_update, NATIVE_FUNCTION, 0},
                                                 {"read", config_read, NATIVE_FUNCTION, 0},
                                                 {NULL, NULL, NATIVE_FUNCTION, 0}};
const struct module module_jax_config = {"jax.config", config_functions, config_lookup, NULL};

/* --- Contexts ----------------------------------------------------------------------------------------------------------------- */

/* A V_CONTEXT of an option, with the value that it has within. */
static value option_context(vm *m, const struct arguments *arguments, const char *name, option which)
{
    value v;
    take_arguments(m, name, which == OPTION_IMPL ? "new_val" : "new_val=", arguments, &v);
    int64_t setting = which == OPTION_IMPL ? (int64_t)impl_of_option(m, v) : v.kind == V_NOTHING || truth(m, v);
    return (value){.kind = V_CONTEXT, .dt = (uint8_t)(CONTEXT_OF_JAX + which), .u.i = setting};
}

void jax_enter(vm *m, value context)
{
    switch (context.dt - CONTEXT_OF_JAX) {
    case OPTION_X64:
        m->jax.has_x64 = context.u.i != 0;
        break;
    case OPTION_PARTITIONABLE:
        m->jax.is_original = context.u.i == 0;
        break;
    case OPTION_IMPL:
        m->jax.impl = (uint8_t)context.u.i;
        break;
    default: /* what no value depends on */
        break;
    }
}

#define CONTEXT(name, option)                                                                                          \
    static value jax_##name(vm *m, value self, const struct arguments *arguments)                                      \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return option_context(m, arguments, #name, option);                                                            \
    }
CONTEXT(enable_x64, OPTION_X64)
CONTEXT(threefry_partitionable, OPTION_PARTITIONABLE)
CONTEXT(default_prng_impl, OPTION_IMPL)
CONTEXT(disable_jit, OPTION_IGNORED)
CONTEXT(debug_nans, OPTION_IGNORED)

/* --- jax.vmap ------------------------------------------------------------------------------------------------------------- */

/* Held: the function, and in_axes. Each operation is done for one after another, which gives the same values: they are all
 * elementwise. */
static value mapped_call(vm *m, value self, const struct arguments *arguments);
static const struct object_class mapped_class = {.name = "function", .methods = none, .call = mapped_call};

static int64_t axis_of_argument(vm *m, value in_axes, size_t i, size_t n)
{
    value axis = in_axes;
    if (is_sequence(in_axes)) {
        if (in_axes.u.seq->n != n)
            value_error(m,
                        "vmap in_axes must be an int, None, or a tuple of entries corresponding to the positional "
                        "arguments passed to the function, but got len(in_axes)=%zu, len(args)=%zu",
                        in_axes.u.seq->n, n);
        axis = in_axes.u.seq->items[i];
    }
    if (axis.kind == V_NONE)
        return -1;
    if (to_int64(m, axis, "in_axes") != 0)
        fail(m, "jax.vmap() over another axis than 0 is not supported");
    return 0;
}

static value stack_results(vm *m, const value *results, size_t n)
{
    if (is_sequence(results[0])) {
        value out = make_sequence(m, results[0].kind, results[0].u.seq->n);
        value column = make_sequence(m, V_LIST, n);
        for (size_t k = 0; k < results[0].u.seq->n; k++) {
            for (size_t i = 0; i < n; i++)
                column.u.seq->items[i] = results[i].u.seq->items[k];
            out.u.seq->items[k] = stack_results(m, column.u.seq->items, n);
        }
        return out;
    }
    value list = make_sequence(m, V_LIST, n);
    for (size_t i = 0; i < n; i++)
        list.u.seq->items[i] = results[i];
    value stacked = jax_from(m, list, DT_NONE);
    if (is_jax_numbers(results[0]))
        jax_of(stacked)->is_weak = jax_of(results[0])->is_weak;
    return stacked;
}

static value mapped_call(vm *m, value self, const struct arguments *arguments)
{
    value function = instance_of(self)->held[0], in_axes = instance_of(self)->held[1], inputs[8], parts[8];
    size_t n = arguments->n_positional;
    int64_t length = -1;
    if (n > 8 || arguments->n_named > 0)
        fail(m, "a function of jax.vmap() is called with up to 8 arguments by position here");
    for (size_t i = 0; i < n; i++) {
        inputs[i] = arguments->positional[i];
        if (axis_of_argument(m, in_axes, i, n) < 0)
            continue;
        inputs[i] = jax_argument(m, inputs[i], "vmap", (int)i);
        if (jax_n_dims(inputs[i]) == 0)
            value_error(m,
                        "vmap was requested to map its argument along axis 0, which implies that its rank should be at "
                        "least 1, but is only 0 (its shape is ())");
        unsigned impl = is_jax_keys(inputs[i]) ? jax_of(inputs[i])->impl : ONESEED_JAX_THREEFRY2X32;
        if (impl == ONESEED_JAX_RBG || impl == ONESEED_JAX_UNSAFE_RBG)
            fail(m, "jax.vmap() over keys of %s is not supported: it draws otherwise than one after another",
                 jax_impl_name(jax_of(inputs[i])->impl));
        if (length >= 0 && jax_data(inputs[i])->shape[0] != length)
            value_error(m, "vmap got inconsistent sizes for array axes to be mapped: %lld and %lld", (long long)length,
                        (long long)jax_data(inputs[i])->shape[0]);
        length = jax_data(inputs[i])->shape[0];
    }
    if (length < 0)
        value_error(m, "vmap must have at least one non-None value in in_axes");
    if (length == 0)
        fail(m, "jax.vmap() over no element is not supported");
    value results = make_sequence(m, V_LIST, (size_t)length);
    m->jax.n_traced++;
    for (int64_t k = 0; k < length; k++) {
        for (size_t i = 0; i < n; i++)
            parts[i] = axis_of_argument(m, in_axes, i, n) < 0 ? inputs[i] : jax_get(m, inputs[i], INT(k));
        struct arguments each = {.positional = parts, .n_positional = n};
        results.u.seq->items[k] = call(m, function, &each);
    }
    m->jax.n_traced--;
    return stack_results(m, results.u.seq->items, (size_t)length);
}

static value jax_vmap(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    (void)self;
    take_arguments(m, "vmap", "fun in_axes= out_axes=", arguments, a);
    if (a[2].kind != V_NOTHING && to_int64(m, a[2], "out_axes") != 0)
        fail(m, "jax.vmap() with another out_axes than 0 is not supported");
    value v = new_instance(m, &mapped_class, sizeof(struct instance), 2);
    instance_of(v)->held[0] = a[0];
    instance_of(v)->held[1] = a[1].kind == V_NOTHING ? INT(0) : a[1];
    return v;
}

static value jax_jit(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    (void)arguments;
    fail(m,
         "jax.jit() is not supported: XLA compiles the function as a whole and may round otherwise; call it without");
}

/* --- Devices --------------------------------------------------------------------------------------------------------------- */

static value jax_default_backend(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "default_backend", arguments);
    return make_str(m, "cpu");
}

static value jax_device_count(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    take_none(m, "device_count", arguments);
    return INT(1);
}

static value jax_block_until_ready(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "block_until_ready", "x", arguments, &v);
    return v;
}

static value device(vm *m);

static value jax_devices(vm *m, value self, const struct arguments *arguments)
{
    value backend, list = make_sequence(m, V_LIST, 1);
    (void)self;
    take_arguments(m, "devices", "backend=", arguments, &backend);
    if (!is_none(backend) && !(is_text(backend) && strcmp(backend.u.text->bytes, "cpu") == 0))
        fail(m, "RuntimeError: Unknown backend: only 'cpu' is here");
    list.u.seq->items[0] = device(m);
    return list;
}

static void put_device_of_jax(struct writer *w, value v)
{
    (void)v;
    put_text(w, "CpuDevice(id=0)");
}

static void put_device_str(struct writer *w, value v)
{
    (void)v;
    put_text(w, "cpu:0");
}

static const struct object_class device_class = {
    .name = "jaxlib._jax.Device", .methods = none, .put = put_device_of_jax, .put_str = put_device_str};

static value device(vm *m)
{
    return new_instance(m, &device_class, sizeof(struct instance), 0);
}

value jax_device(vm *m, value self, const struct arguments *arguments)
{
    (void)self;
    (void)arguments;
    return device(m);
}

static value jax_device_put(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    (void)self;
    take_arguments(m, "device_put", "x device=", arguments, a);
    return jax_from(m, a[0], DT_NONE);
}

static value jax_device_get(vm *m, value self, const struct arguments *arguments)
{
    value v;
    (void)self;
    take_arguments(m, "device_get", "x", arguments, &v);
    return array_value(array_from(m, v, DT_NONE));
}

#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, jax_##name, NATIVE_FUNCTION, 0                                                                          \
    }
static const struct native jax_functions[] = {FUNCTION(vmap),
                                              FUNCTION(enable_x64),
                                              FUNCTION(threefry_partitionable),
                                              FUNCTION(default_prng_impl),
                                              FUNCTION(disable_jit),
                                              FUNCTION(debug_nans),
                                              FUNCTION(jit),
                                              FUNCTION(default_backend),
                                              FUNCTION(device_count),
                                              FUNCTION(devices),
                                              {"local_devices", jax_devices, NATIVE_FUNCTION, 0},
                                              FUNCTION(device_put),
                                              FUNCTION(device_get),
                                              {"local_device_count", jax_device_count, NATIVE_FUNCTION, 0},
                                              FUNCTION(block_until_ready),
                                              {NULL, NULL, NATIVE_FUNCTION, 0}};

static value jax_lookup(vm *m, const char *name)
{
    static const struct {
        const char *name;
        const struct module *module;
    } modules[] = {{"random", &module_jax_random},      {"numpy", &module_jax_numpy}, {"config", &module_jax_config},
                   {"dtypes", &module_jax_dtypes},      {"nn", &module_jax_nn},       {"tree", &module_jax_tree},
                   {"tree_util", &module_jax_tree_util}};
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (strcmp(modules[i].name, name) == 0)
            return MODULE(modules[i].module);
    if (strcmp(name, "Array") == 0)
        return NATIVE(&jax_classes[JAX_CLASS_ANY]);
    return strcmp(name, "__version__") == 0 ? version_text(m) : NOTHING;
}

/* --- jax.dtypes -------------------------------------------------------------------------------------------------------------- */

static const struct native kinds[] = {
    {"prng_key", NULL, NATIVE_CLASS, 0}, {"extended", NULL, NATIVE_CLASS, 0}, {NULL, NULL, NATIVE_FUNCTION, 0}};

value jax_issubdtype(vm *m, value self, const struct arguments *arguments)
{
    static const struct {
        const char *name;
        bool floats, signed_integers, unsigned_integers, bools;
    } abstract[] = {{"floating", true, false, false, false},
                    {"inexact", true, false, false, false},
                    {"integer", false, true, true, false},
                    {"signedinteger", false, true, false, false},
                    {"unsignedinteger", false, false, true, false},
                    {"number", true, true, true, false},
                    {"generic", true, true, true, true}};
    value a[2];
    (void)self;
    take_arguments(m, "issubdtype", "arg1 arg2", arguments, a);
    bool is_key = is_key_dtype(a[0], &(unsigned){0});
    if (a[1].kind == V_NATIVE && (a[1].u.native == &kinds[0] || a[1].u.native == &kinds[1]))
        return BOOL(is_key);
    if (is_key)
        return BOOL(false);
    dtype dt = jax_dtype_from(m, a[0], DT_NONE);
    for (size_t i = 0; a[1].kind == V_NATIVE && i < sizeof abstract / sizeof *abstract; i++)
        if (strcmp(abstract[i].name, a[1].u.native->name) == 0)
            return BOOL(dtype_is_float(dt)      ? abstract[i].floats
                        : dt == DT_BOOL         ? abstract[i].bools
                        : dtype_is_unsigned(dt) ? abstract[i].unsigned_integers
                                                : abstract[i].signed_integers);
    return BOOL(dt == jax_dtype_from(m, a[1], DT_NONE));
}

static const struct native dtypes_functions[] = {{"issubdtype", jax_issubdtype, NATIVE_FUNCTION, 0},
                                                 {NULL, NULL, NATIVE_FUNCTION, 0}};

static value dtypes_lookup(vm *m, const char *name)
{
    (void)m;
    const struct native *kind = find_native(kinds, name);
    return kind ? NATIVE(kind) : NOTHING;
}

const struct module module_jax = {"jax", jax_functions, jax_lookup, NULL};
const struct module module_jax_dtypes = {"jax.dtypes", dtypes_functions, dtypes_lookup, NULL};

static value random_lookup(vm *m, const char *name)
{
    (void)m;
    const struct native *native = find_native(jax_key_functions, name);
    native = native ? native : find_native(jax_choose_functions, name);
    return native ? NATIVE(native) : NOTHING;
}
const struct module module_jax_random = {"jax.random", jax_random_functions, random_lookup, NULL};
