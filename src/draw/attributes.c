/* attributes.c - a.name and a(…): which table a value's names are in.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp, strncmp */

#include "draw/evaluate.h"           /* call_function */
#include "draw/framework_settings.h" /* set_framework_flag */
#include "draw/functions.h"          /* struct function */
#include "draw/bind.h"               /* methods of generators */
#include "draw/bind_jax.h"           /* module_jax */
#include "draw/bind_keras.h"         /* module_keras */
#include "draw/bind_tensorflow.h"    /* module_tensorflow */
#include "draw/ndarray.h"            /* array_methods */
#include "draw/object.h"             /* struct object_class */
#include "draw/sequences.h"          /* list_methods */
#include "draw/tensor.h"             /* tensor_method_named */

const struct native *methods_of(value v)
{
    switch (v.kind) {
    case V_LIST:
        return list_methods;
    case V_TUPLE:
        return tuple_methods;
    case V_STR:
    case V_NPSTR:
        return str_methods;
    case V_BYTES:
        return bytes_methods;
    case V_DICT:
        return dict_methods;
    case V_SET:
        return set_methods;
    case V_RANGE:
        return range_methods;
    case V_INT:
    case V_BIG:
    case V_BOOL:
        return int_methods;
    case V_FLOAT:
        return float_methods;
    case V_SCALAR:
        return scalar_methods;
    case V_ARRAY:
        return array_methods;
    case V_DEVICE:
        return device_methods;
    case V_TORCH_DTYPE:
        return torch_dtype_methods;
    default:
        return v.kind >= V_STREAM ? holder_methods(v) : NULL;
    }
}

static const struct module *const modules[] = {&module_math,
                                               &module_itertools,
                                               &module_collections,
                                               &module_random,
                                               &module_numpy,
                                               &module_numpy_random,
                                               &module_sklearn,
                                               &module_sklearn_selection,
                                               &module_sklearn_utils,
                                               &module_sklearn_datasets,
                                               &module_torch,
                                               &module_torch_random,
                                               &module_torch_nn,
                                               &module_torch_nn_functional,
                                               &module_torch_nn_init,
                                               &module_torch_distributions,
                                               &module_torch_utils,
                                               &module_torch_utils_data,
                                               &module_torch_utils_data_distributed,
                                               &module_torch_cuda,
                                               &module_torch_backends,
                                               &module_torch_backends_cudnn,
                                               &module_torch_backends_cuda,
                                               &module_torch_backends_matmul,
                                               &module_torch_backends_mps,
                                               &module_os,
                                               &module_tensorflow,
                                               &module_tensorflow_random,
                                               &module_tensorflow_random_experimental,
                                               &module_tensorflow_math,
                                               &module_tensorflow_nn,
                                               &module_tensorflow_nn_experimental,

                                               &module_jax,
                                               &module_jax_random,
                                               &module_jax_numpy,
                                               &module_jax_dtypes,
                                               &module_keras,
                                               &module_keras_random,
                                               &module_keras_initializers,
                                               &module_keras_layers,
                                               &module_keras_models,
                                               &module_keras_utils,
                                               &module_jax_nn,
                                               &module_jax_initializers,
                                               &module_jax_tree,
                                               &module_jax_tree_util};

value module_named(const char *name)
{
    static const char inside[] = "tensorflow.";
    if (strncmp(name, inside, sizeof inside - 1) == 0 && strncmp(name + sizeof inside - 1, "keras", 5) == 0)
        name += sizeof inside - 1; /* tensorflow.keras is Keras */
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (strcmp(modules[i]->name, name) == 0)
            return MODULE(modules[i]);
    const char *last = strrchr(name, '.'), prefix[] = "torch.distributions.";
    if (last && strncmp(name, prefix, sizeof prefix - 1) == 0 && (size_t)(last - name) == sizeof prefix - 2)
        return module_torch_distributions.lookup(NULL, last + 1);
    return NOTHING;
}

/* A tensor's methods are many tables, and a torch.Size has one beside a tuple's. */
static const struct native *find_own(value v, const char *name)
{
    if (v.kind == V_TENSOR)
        return tensor_method_named(name);
    if (v.kind == V_TUPLE && v.u.seq->type == torch_size_type && find_native(torch_size_methods, name))
        return find_native(torch_size_methods, name);
    return find_native(methods_of(v), name);
}

bool find_method(vm *m, value *v, const char *name, const struct native **native_out)
{
    if (v->kind == V_MODULE) {
        if (!v->u.module->global || find_native(v->u.module->natives, name))
            return false;
        value global = v->u.module->global(m);
        *native_out = find_native(methods_of(global), name);
        if (!*native_out || (*native_out)->sort == NATIVE_PROPERTY)
            return false;
        *v = global;
        return true;
    }
    const struct native *native = find_own(*v, name);
    if (!native || native->sort == NATIVE_PROPERTY)
        return false;
    *native_out = native;
    return true;
}

bool module_has(vm *m, const struct module *module, const char *name)
{
    return find_native(module->natives, name) || (module->lookup && module->lookup(m, name).kind != V_NOTHING) ||
           (module->global && find_native(methods_of(module->global(m)), name));
}

static value module_attribute(vm *m, const struct module *module, const char *name)
{
    const struct native *native = find_native(module->natives, name);
    if (native)
        return NATIVE(native);
    value v = module->lookup ? module->lookup(m, name) : NOTHING;
    if (v.kind != V_NOTHING)
        return v;
    if (module->global && find_native(methods_of(module->global(m)), name))
        return get_attribute(m, module->global(m), name);
    bool is_torch = strncmp(module->name, "torch", 5) == 0;
    bool is_tensorflow = strncmp(module->name, "tensorflow", 10) == 0;
    const char *why = is_torch ? torch_why_not(name) : is_tensorflow ? tensorflow_why_not(name) : NULL;
    if (why)
        fail(m, "AttributeError: %s.%s is not here: %s", module->name, name, why);
    const struct native *tables[] = {module->natives, module->global ? methods_of(module->global(m)) : NULL};
    const char *near = near_name(tables, 2, name);
    near = near || module != &module_torch ? near : tensor_near_name(name, false);
    if (near)
        fail(m, "AttributeError: module '%s' has no attribute '%s' here: did you mean '%s'?", module->name, name, near);
    bool lists_a_part = module == &module_torch || module == &module_tensorflow || module == &module_tensorflow_random;
    if (!module->natives->name || lists_a_part) /* a list of a part would mislead */
        fail(m, "AttributeError: module '%s' has no attribute '%s' here (oneseed-draw(1) says what is)", module->name,
             name);
    char names[700];
    list_names(module->natives, names, sizeof names);
    fail(m, "AttributeError: module '%s' has no attribute '%s' here (supported: %s%s)", module->name, name, names,
         module == &module_numpy_random ? ", and the methods of RandomState"
         : module == &module_random     ? ", and the methods of Random"
                                        : "");
}

/* A dtype's name; of text with its bits, as long as they are known. */
static value dtype_text(vm *m, value v)
{
    struct writer w = writer_start(m);
    put_text(&w, dtype_name(v.dt));
    if (v.dt == DT_STR && v.u.i > 0)
        put_format(&w, "%lld", 32 * (long long)v.u.i);
    return make_text(m, V_STR, written(&w), w.n);
}

value get_attribute(vm *m, value v, const char *name)
{
    if (v.kind == V_MODULE)
        return module_attribute(m, v.u.module, name);
    if (v.kind == V_DTYPE && strcmp(name, "name") == 0)
        return dtype_text(m, v);
    if (v.kind == V_DTYPE && strcmp(name, "itemsize") == 0)
        return INT(v.dt == DT_STR ? 4 * v.u.i : (int64_t)dtype_nbytes(v.dt));
    if (v.kind == V_FUNCTION && strcmp(name, "__name__") == 0)
        return make_str(m, v.u.function->node->text);
    if (v.kind == V_NATIVE && v.u.native->sort == NATIVE_CLASS && strcmp(name, "__name__") == 0)
        return make_str(m, v.u.native->name);
    if (is_tensorflow_dtype(v) && tensorflow_dtype_attribute(m, v, name).kind != V_NOTHING)
        return tensorflow_dtype_attribute(m, v, name);
    const struct native *native = find_own(v, name);
    if (native && native->sort == NATIVE_PROPERTY) {
        struct arguments none = {0};
        return native->call(m, v, &none);
    }
    if (native)
        return make_method(m, v, native);
    value field = return_type_field(v, name);
    if (field.kind != V_NOTHING)
        return field;
    if (v.kind == V_OBJECT && instance_of(v)->class->attribute) {
        value found = instance_of(v)->class->attribute(m, v, name);
        if (found.kind != V_NOTHING)
            return found;
    }
    const char *why = v.kind == V_TENSOR ? torch_why_not(name) : NULL;
    if (why)
        fail(m, "AttributeError: %s() of a Tensor is not here: %s", name, why);
    const struct native *table = methods_of(v);
    const char *near = v.kind == V_TENSOR ? tensor_near_name(name, true) : near_name(&table, 1, name);
    if (near)
        fail(m, "AttributeError: '%s' object has no attribute '%s' here: did you mean '%s'?", type_name(v), name, near);
    char names[700];
    if (v.kind == V_TENSOR)
        list_tensor_methods(names, sizeof names);
    else
        list_names(methods_of(v), names, sizeof names);
    fail(m, "AttributeError: '%s' object has no attribute '%s' here%s%s%s", type_name(v), name,
         names[0] ? " (supported: " : "", names, names[0] ? ")" : "");
}

void set_attribute(vm *m, value v, const char *name, value item)
{
    if (v.kind == V_MODULE && set_framework_flag(m, v.u.module, name, item))
        return;
    if (v.kind == V_OBJECT && instance_of(v)->class->set_attribute &&
        instance_of(v)->class->set_attribute(m, v, name, item))
        return;
    if (v.kind == V_ARRAY && strcmp(name, "shape") == 0) {
        int64_t shape[MAX_DIMS];
        int n = shape_from(m, item, shape);
        const struct array *reshaped = array_reshape(m, v.u.array, n, shape);
        if (reshaped->buffer != v.u.array->buffer)
            fail(m, "AttributeError: Incompatible shape for in-place modification");
        v.u.array->n_dims = reshaped->n_dims;
        for (int i = 0; i < n; i++) {
            v.u.array->shape[i] = reshaped->shape[i];
            v.u.array->strides[i] = reshaped->strides[i];
        }
        return;
    }
    if (v.kind == V_TENSOR && strcmp(name, "requires_grad") == 0) {
        tensor_set_requires_grad(m, v.u.tensor, truth(m, item));
        return;
    }
    if (v.kind == V_TENSOR && strcmp(name, "data") == 0) {
        v.u.tensor->array = tensor_of(m, item, "data")->array;
        return;
    }
    if (v.kind == V_BITGEN && strcmp(name, "state") == 0) {
        bitgen_set_state(m, v, item);
        return;
    }
    fail(m, "AttributeError: attribute '%s' of '%s' cannot be assigned", name, type_name(v));
}

value call(vm *m, value function, const struct arguments *arguments)
{
    enter(m);
    value result;
    if (function.kind == V_NATIVE && function.u.native->call)
        result = function.u.native->call(m, NONE, arguments);
    else if (function.kind == V_METHOD)
        result = function.u.method->native->call(m, function.u.method->self, arguments);
    else if (function.kind == V_OBJECT && instance_of(function)->class->call)
        result = instance_of(function)->class->call(m, function, arguments);
    else if (function.kind == V_FUNCTION)
        result = call_function(m, function, arguments, false);
    else
        type_error(m, "'%s' object is not callable", type_name(function));
    leave(m);
    return result;
}
