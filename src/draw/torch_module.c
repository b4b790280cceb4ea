/* torch_module.c - torch.nn.Module: parameters, parts, print, state_dict, containers.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* strtod */
#include <string.h> /* strcmp, memcpy */

#include "draw/iterators.h"      /* iterate */
#include "draw/tensor_methods.h" /* torch_cast_like */
#include "draw/torch_module.h"

/* --- Making ---------------------------------------------------------------------------------------------------------- */

value new_torch_nn(vm *m, const char *type)
{
    value v = new_instance(m, &torch_nn_class, sizeof(struct torch_nn), N_HELD_BY_MODULE);
    struct torch_nn *module = torch_nn_of(v);
    module->type = type;
    module->training = true;
    module->layer.kind = ONESEED_TORCH_N_LAYER_KINDS;
    for (int i = 0; i < HELD_EXTRA; i++)
        module->base.held[i] = make_dict(m);
    module->base.held[HELD_EXTRA] = make_str(m, "");
    return v;
}

void module_set(vm *m, value module, int which, const char *name, value item)
{
    dict_put(m, held_dict(module, which), make_str(m, name), item);
}

static value find_in(vm *m, value module, int which, const char *name)
{
    value item;
    return dict_get(m, held_dict(module, which), make_str(m, name), &item) ? item : NOTHING;
}

value module_get(vm *m, value module, const char *attribute)
{
    value item = find_in(m, module, HELD_ATTRIBUTES, attribute);
    return item.kind == V_NOTHING ? NONE : item;
}

value tuple_of(vm *m, value v, size_t n)
{
    if (is_sequence(v))
        return v;
    value tuple = make_sequence(m, V_TUPLE, n);
    for (size_t i = 0; i < n; i++)
        tuple.u.seq->items[i] = v;
    return tuple;
}

/* --- Specifications of arguments --------------------------------------------------------------------------------------- */

enum { MAX_ARGUMENTS = 16 };

static value default_value(vm *m, value module, const char *text, size_t n)
{
    char word[40] = {0};
    memcpy(word, text, n < sizeof word ? n : sizeof word - 1);
    if (n == 0 || strcmp(word, "None") == 0)
        return NONE;
    if (strcmp(word, "True") == 0 || strcmp(word, "False") == 0)
        return BOOL(word[0] == 'T');
    if (word[0] == '@')
        return module_get(m, module, word + 1);
    if (word[0] != '-' && (word[0] < '0' || word[0] > '9'))
        return make_str(m, word);
    double x = strtod(word, NULL);
    return strpbrk(word, ".e") ? FLOAT(x) : INT((int64_t)x);
}

void module_arguments(vm *m, value module, const char *specification, const struct arguments *arguments)
{
    char names[400];
    value given[MAX_ARGUMENTS];
    size_t n_names = 0, n = 0;
    for (const char *at = specification; *at != '\0'; at += strcspn(at, " "), at += *at == ' ') {
        size_t n_name = strcspn(at, "= ");
        n_name += at[n_name] == '=';
        memcpy(names + n_names, at, n_name);
        n_names += n_name;
        names[n_names++] = ' ';
    }
    names[n_names > 0 ? n_names - 1 : 0] = '\0';
    take_arguments(m, torch_nn_of(module)->type, names, arguments, given);
    for (const char *at = specification; *at != '\0'; at += strcspn(at, " "), at += *at == ' ') {
        if (*at == '*')
            continue;
        char name[40] = {0};
        size_t n_name = strcspn(at, "= ");
        memcpy(name, at, n_name);
        value v = given[n++];
        if (v.kind == V_NOTHING || (v.kind == V_NONE && at[n_name] == '=' && at[n_name + 1] == '@'))
            v = default_value(m, module, at + n_name + 1, strcspn(at + n_name + 1, " "));
        module_set(m, module, HELD_ATTRIBUTES, name, v);
    }
}

/* --- extra_repr ---------------------------------------------------------------------------------------------------------- */

static void put_field(struct writer *w, value module, const char *field, size_t n)
{
    char name[40] = {0};
    size_t n_name = 0;
    while (n_name < n && field[n_name] != '!')
        n_name++;
    memcpy(name, field, n_name);
    value v = module_get(w->m, module, name);
    char how = n_name < n ? field[n_name + 1] : 's';
    if (how >= '1' && how <= '9')
        put_str(w, tuple_of(w->m, v, (size_t)(how - '0')));
    else if (how == 'r')
        put_repr(w, v);
    else
        put_str(w, v);
}

static bool condition_holds(vm *m, value module, const char *condition, size_t n)
{
    char name[40] = {0};
    size_t n_name = 0;
    while (n_name < n && condition[n_name] != '?' && condition[n_name] != '!')
        n_name++;
    memcpy(name, condition, n_name);
    value v = module_get(m, module, name);
    if (n_name == n)
        return truth(m, v);
    if (condition[n_name] == '?')
        return v.kind != V_NONE;
    struct writer w = writer_start(m);
    put_str(&w, v);
    size_t n_value = n - n_name - 2;
    return !(w.n == n_value && memcmp(written(&w), condition + n_name + 2, n_value) == 0);
}

void module_extra(vm *m, value module, const char *template)
{
    struct writer w = writer_start(m);
    for (const char *at = template; *at != '\0';) {
        if (*at == '{') {
            size_t n = strcspn(at, "}");
            put_field(&w, module, at + 1, n - 1);
            at += n + 1;
        } else if (*at == '<') {
            size_t n = strcspn(at, "|");
            if (!condition_holds(m, module, at + 1, n - 1)) {
                at += strcspn(at, ">") + 1;
                continue;
            }
            at += n + 1;
        } else {
            if (*at != '>')
                put(&w, at, 1);
            at++;
        }
    }
    instance_of(module)->held[HELD_EXTRA] = make_text(m, V_STR, written(&w), w.n);
}

/* --- Print --------------------------------------------------------------------------------------------------------------- */

/* Lines but the first are moved to the right by two. */
static void put_indented(struct writer *w, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put(w, text + i, 1);
        if (text[i] == '\n')
            put_text(w, "  ");
    }
}

static struct writer repr_of(vm *m, value v)
{
    struct writer w = writer_start(m);
    put_repr(&w, v);
    return w;
}

/* ModuleList: equal neighbours are one line. */
static void put_module_list(struct writer *w, const struct dict *parts)
{
    size_t first = 0, n = parts->n_entries;
    put_text(w, "(");
    while (first < n) {
        struct writer one = repr_of(w->m, parts->entries[first].item);
        size_t last = first;
        for (; last + 1 < n; last++) {
            struct writer next = repr_of(w->m, parts->entries[last + 1].item);
            if (next.n != one.n || memcmp(written(&next), written(&one), one.n) != 0)
                break;
        }
        if (last > first)
            put_format(w, "\n  (%zu-%zu): %zu x ", first, last, last - first + 1);
        else
            put_format(w, "\n  (%zu): ", first);
        put_indented(w, written(&one), one.n);
        first = last + 1;
    }
    put_text(w, n > 0 ? "\n)" : ")");
}

static void put_module(struct writer *w, value v)
{
    const struct torch_nn *module = torch_nn_of(v);
    const struct dict *parts = held_dict(v, HELD_PARTS);
    const struct text *extra = module->base.held[HELD_EXTRA].u.text;
    put_text(w, module->type);
    if (strcmp(module->type, "ModuleList") == 0) {
        put_module_list(w, parts);
        return;
    }
    put_text(w, "(");
    if (parts->n == 0) {
        put(w, extra->bytes, extra->nbytes);
        put_text(w, ")");
        return;
    }
    if (extra->nbytes > 0) {
        put_text(w, "\n  ");
        put(w, extra->bytes, extra->nbytes);
    }
    for (size_t i = 0; i < parts->n_entries; i++) {
        if (!parts->entries[i].used)
            continue;
        put_text(w, "\n  (");
        put_str(w, parts->entries[i].key);
        put_text(w, "): ");
        struct writer part = repr_of(w->m, parts->entries[i].item);
        put_indented(w, written(&part), part.n);
    }
    put_text(w, "\n)");
}

/* --- Walking the tree ------------------------------------------------------------------------------------------------------ */

/* Pairs (name, value) of one kind, of the module and of its parts. A value that was there before is not given again. */
static void collect(vm *m, value module, const char *prefix, int which, bool detached, value pairs)
{
    const struct dict *own = held_dict(module, which), *parts = held_dict(module, HELD_PARTS);
    enter(m);
    for (size_t i = 0; i < own->n_entries; i++) {
        value item = own->entries[i].item;
        if (!own->entries[i].used || item.kind == V_NONE)
            continue;
        struct writer w = writer_start(m);
        put_text(&w, prefix);
        put_str(&w, own->entries[i].key);
        if (detached) {
            value plain = make_tensor(m, item.u.tensor->array);
            item = plain;
        }
        value pair = make_sequence(m, V_TUPLE, 2);
        pair.u.seq->items[0] = make_text(m, V_STR, written(&w), w.n);
        pair.u.seq->items[1] = item;
        append(m, pairs, pair);
    }
    for (size_t i = 0; i < parts->n_entries; i++) {
        if (!parts->entries[i].used)
            continue;
        struct writer w = writer_start(m);
        put_text(&w, prefix);
        put_str(&w, parts->entries[i].key);
        put_text(&w, ".");
        put(&w, "", 1);
        collect(m, parts->entries[i].item, written(&w), which, detached, pairs);
    }
    leave(m);
}

value module_parameters(vm *m, value module)
{
    value pairs = make_sequence(m, V_LIST, 0);
    collect(m, module, "", HELD_PARAMETERS, false, pairs);
    return pairs;
}

static value as_generator(vm *m, value list)
{
    value v = iterate(m, list);
    v.u.iterator->type = "generator";
    return v;
}

static value second_of_each(value pairs)
{
    for (size_t i = 0; i < pairs.u.seq->n; i++)
        pairs.u.seq->items[i] = pairs.u.seq->items[i].u.seq->items[1];
    return pairs;
}

/* What stands under several names counts under the first, as torch's memo has it. */
static void drop_repeated(vm *m, value pairs)
{
    struct sequence *list = pairs.u.seq;
    size_t n_kept = 0;
    step(m, (uint64_t)list->n * list->n / 2);
    for (size_t i = 0; i < list->n; i++) {
        value item = list->items[i].u.seq->items[1];
        bool known = false;
        for (size_t k = 0; k < n_kept && !known; k++)
            known = list->items[k].u.seq->items[1].u.o == item.u.o;
        if (!known)
            list->items[n_kept++] = list->items[i];
    }
    list->n = n_kept;
}

static value nn_named(vm *m, value self, const struct arguments *arguments, const char *function, int which)
{
    value a[2];
    take_arguments(m, function, "prefix= recurse=", arguments, a);
    if (!is_none(a[0]) || (!is_none(a[1]) && !truth(m, a[1])))
        fail(m, "%s() with arguments is not supported", function);
    value pairs = make_sequence(m, V_LIST, 0);
    collect(m, self, "", which, false, pairs);
    drop_repeated(m, pairs);
    return pairs;
}

static value nn_named_parameters(vm *m, value self, const struct arguments *arguments)
{
    return as_generator(m, nn_named(m, self, arguments, "named_parameters", HELD_PARAMETERS));
}

static value nn_parameters(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "parameters", arguments);
    return as_generator(m, second_of_each(nn_named(m, self, arguments, "parameters", HELD_PARAMETERS)));
}

static value nn_named_buffers(vm *m, value self, const struct arguments *arguments)
{
    return as_generator(m, nn_named(m, self, arguments, "named_buffers", HELD_BUFFERS));
}

static value nn_buffers(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "buffers", arguments);
    return as_generator(m, second_of_each(nn_named(m, self, arguments, "buffers", HELD_BUFFERS)));
}

/* Of each module its parameters, then its buffers, then its parts. */
static void collect_state(vm *m, value module, const char *prefix, struct dict *out)
{
    static const int kinds[] = {HELD_PARAMETERS, HELD_BUFFERS, HELD_PARTS};
    enter(m);
    for (int k = 0; k < 3; k++) {
        const struct dict *own = held_dict(module, kinds[k]);
        for (size_t i = 0; i < own->n_entries; i++) {
            value item = own->entries[i].item;
            if (!own->entries[i].used || item.kind == V_NONE)
                continue;
            struct writer w = writer_start(m);
            put_text(&w, prefix);
            put_str(&w, own->entries[i].key);
            if (kinds[k] == HELD_PARTS) {
                put_text(&w, ".");
                put(&w, "", 1);
                collect_state(m, item, written(&w), out);
            } else {
                dict_put(m, out, make_text(m, V_STR, written(&w), w.n), make_tensor(m, item.u.tensor->array));
            }
        }
    }
    leave(m);
}

static value nn_state_dict(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "state_dict", arguments);
    value dict = make_dict(m);
    dict.u.dict->ordered = true;
    collect_state(m, self, "", dict.u.dict);
    return dict;
}

static value named_parts(vm *m, value self)
{
    const struct dict *parts = held_dict(self, HELD_PARTS);
    value pairs = make_sequence(m, V_LIST, 0);
    for (size_t i = 0; i < parts->n_entries; i++) {
        if (!parts->entries[i].used)
            continue;
        value pair = make_sequence(m, V_TUPLE, 2);
        pair.u.seq->items[0] = parts->entries[i].key;
        pair.u.seq->items[1] = parts->entries[i].item;
        append(m, pairs, pair);
    }
    return pairs;
}

static value nn_named_children(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "named_children", arguments);
    return as_generator(m, named_parts(m, self));
}

static value parts_list(vm *m, value self)
{
    return second_of_each(named_parts(m, self));
}

static value nn_children(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "children", arguments);
    return as_generator(m, parts_list(m, self));
}

static void collect_modules(vm *m, value module, const char *prefix, value pairs)
{
    const struct dict *parts = held_dict(module, HELD_PARTS);
    value pair = make_sequence(m, V_TUPLE, 2);
    enter(m);
    pair.u.seq->items[0] = make_str(m, prefix);
    pair.u.seq->items[1] = module;
    append(m, pairs, pair);
    for (size_t i = 0; i < parts->n_entries; i++) {
        if (!parts->entries[i].used)
            continue;
        struct writer w = writer_start(m);
        put_text(&w, prefix);
        put_text(&w, prefix[0] != '\0' ? "." : "");
        put_str(&w, parts->entries[i].key);
        put(&w, "", 1);
        collect_modules(m, parts->entries[i].item, written(&w), pairs);
    }
    leave(m);
}

static value nn_named_modules(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "named_modules", arguments);
    value pairs = make_sequence(m, V_LIST, 0);
    collect_modules(m, self, "", pairs);
    return as_generator(m, pairs);
}

static value nn_modules(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "modules", arguments);
    value pairs = make_sequence(m, V_LIST, 0);
    collect_modules(m, self, "", pairs);
    return as_generator(m, second_of_each(pairs));
}

/* --- Other methods ------------------------------------------------------------------------------------------------------- */

static value set_training(vm *m, value self, bool training)
{
    value pairs = make_sequence(m, V_LIST, 0);
    collect_modules(m, self, "", pairs);
    for (size_t i = 0; i < pairs.u.seq->n; i++)
        torch_nn_of(pairs.u.seq->items[i].u.seq->items[1])->training = training;
    return self;
}

static value nn_train(vm *m, value self, const struct arguments *arguments)
{
    value mode;
    take_arguments(m, "train", "mode=", arguments, &mode);
    return set_training(m, self, mode.kind == V_NOTHING || truth(m, mode));
}

static value nn_eval(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "eval", arguments);
    return set_training(m, self, false);
}

static value nn_requires_grad(vm *m, value self, const struct arguments *arguments)
{
    value on;
    take_arguments(m, "requires_grad_", "requires_grad=", arguments, &on);
    value pairs = module_parameters(m, self);
    for (size_t i = 0; i < pairs.u.seq->n; i++)
        pairs.u.seq->items[i].u.seq->items[1].u.tensor->requires_grad = on.kind == V_NOTHING || truth(m, on);
    return self;
}

/* fn of each part, then of the module itself. */
static void apply_to(vm *m, value module, value function)
{
    const struct dict *parts = held_dict(module, HELD_PARTS);
    struct arguments one = {.positional = &module, .n_positional = 1};
    enter(m);
    for (size_t i = 0; i < parts->n_entries; i++)
        if (parts->entries[i].used)
            apply_to(m, parts->entries[i].item, function);
    (void)call(m, function, &one);
    leave(m);
}

static value nn_apply(vm *m, value self, const struct arguments *arguments)
{
    value function;
    take_arguments(m, "apply", "fn", arguments, &function);
    apply_to(m, self, function);
    return self;
}

static value nn_reset_parameters(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "reset_parameters", arguments);
    const struct torch_nn *module = torch_nn_of(self);
    if (module->layer.kind == ONESEED_TORCH_N_LAYER_KINDS || held_dict(self, HELD_PARTS)->n > 0)
        fail(m, "AttributeError: '%s' object has no attribute 'reset_parameters' here", module->type);
    module_draw(m, self, &module->layer);
    return NONE;
}

static value nn_add_module(vm *m, value self, const struct arguments *arguments)
{
    value a[2];
    take_arguments(m, "add_module", "name module", arguments, a);
    if (!is_text(a[0]) || !is_torch_nn(a[1]))
        type_error(m, "add_module() takes a name and a module");
    dict_put(m, held_dict(self, HELD_PARTS), a[0], a[1]);
    return NONE;
}

static value nn_append(vm *m, value self, const struct arguments *arguments)
{
    value part;
    char name[24];
    take_arguments(m, "append", "module", arguments, &part);
    if (!is_torch_nn(part))
        type_error(m, "append() takes a module, not %s", type_name(part));
    (void)snprintf(name, sizeof name, "%zu", held_dict(self, HELD_PARTS)->n);
    module_set(m, self, HELD_PARTS, name, part);
    return self;
}

static void put_no_keys(struct writer *w, value v)
{
    (void)v;
    put_text(w, "<All keys matched successfully>");
}

/* What load_state_dict() gives. */
static const struct object_class no_keys_class = {.name = "_IncompatibleKeys", .put = put_no_keys};

static value nn_load_state_dict(vm *m, value self, const struct arguments *arguments)
{
    value a[3];
    take_arguments(m, "load_state_dict", "state_dict strict= assign=", arguments, a);
    if (a[0].kind != V_DICT || (!is_none(a[1]) && !truth(m, a[1])) || (!is_none(a[2]) && truth(m, a[2])))
        fail(m, "load_state_dict() takes a dict here, strictly");
    value own = make_dict(m);
    collect_state(m, self, "", own.u.dict);
    if (own.u.dict->n != a[0].u.dict->n)
        fail(m, "RuntimeError: Error(s) in loading state_dict for %s: other names", torch_nn_of(self)->type);
    for (size_t i = 0; i < own.u.dict->n_entries; i++) {
        value item, target = own.u.dict->entries[i].item;
        if (!dict_get(m, a[0].u.dict, own.u.dict->entries[i].key, &item) || item.kind != V_TENSOR)
            fail(m, "RuntimeError: Error(s) in loading state_dict for %s: other names", torch_nn_of(self)->type);
        const struct array *from = tensor_values(m, item, "a parameter"), *to = target.u.tensor->array;
        bool same = from->n_dims == to->n_dims;
        for (int k = 0; same && k < to->n_dims; k++)
            same = from->shape[k] == to->shape[k];
        if (!same)
            fail(m, "RuntimeError: Error(s) in loading state_dict for %s: a size mismatch", torch_nn_of(self)->type);
        tensor_copy(m, target.u.tensor->array, from);
    }
    return new_instance(m, &no_keys_class, sizeof(struct instance), 0);
}

/* Floating parameters and buffers become that dtype, in new memory (Module._apply). */
static value converted(vm *m, value self, dtype dt)
{
    static const int kinds[] = {HELD_PARAMETERS, HELD_BUFFERS};
    value pairs = make_sequence(m, V_LIST, 0);
    collect_modules(m, self, "", pairs);
    for (size_t i = 0; i < pairs.u.seq->n; i++)
        for (int k = 0; k < 2; k++) {
            const struct dict *own = held_dict(pairs.u.seq->items[i].u.seq->items[1], kinds[k]);
            for (size_t e = 0; e < own->n_entries; e++) {
                value item = own->entries[e].item;
                if (own->entries[e].used && item.kind == V_TENSOR && dtype_is_float(item.u.tensor->array->dt) &&
                    item.u.tensor->array->dt != dt)
                    item.u.tensor->array = torch_cast_like(m, item.u.tensor->array, dt);
            }
        }
    return self;
}

static value nn_to(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    take_arguments(m, "to", "device= dtype= non_blocking= * memory_format=", arguments, a);
    value device = a[0], dt = a[1];
    if (device.kind == V_TORCH_DTYPE) {
        dt = device;
        device = NONE;
    } else if (device.kind == V_TENSOR) {
        dt = TORCH_DTYPE(device.u.tensor->array->dt);
        device = make_device((device_type)device.u.tensor->device, -1);
    }
    if (!is_none(a[3]))
        fail(m, "to() of a module with a memory_format is not supported");
    if (torch_device_from(m, device).dt != DEVICE_CPU)
        fail(m, "a module on a GPU is not supported");
    if (is_none(dt))
        return self;
    dtype to = torch_dtype_from(m, dt, DT_FLOAT32);
    if (!dtype_is_float(to))
        type_error(m, "nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.%s",
                   dtype_name(to));
    return converted(m, self, to);
}

#define CONVERSION(name, dt)                                                                                           \
    static value nn_##name(vm *m, value self, const struct arguments *arguments)                                       \
    {                                                                                                                  \
        take_none(m, #name, arguments);                                                                                \
        return converted(m, self, dt);                                                                                 \
    }
CONVERSION(float, DT_FLOAT32)
CONVERSION(double, DT_FLOAT64)
CONVERSION(half, DT_FLOAT16)
CONVERSION(bfloat16, DT_BFLOAT16)

static value nn_cpu(vm *m, value self, const struct arguments *arguments)
{
    take_none(m, "cpu", arguments);
    return self;
}

static const struct native nn_methods[] = {{"to", nn_to, NATIVE_FUNCTION, 0},
                                           {"cpu", nn_cpu, NATIVE_FUNCTION, 0},
                                           {"float", nn_float, NATIVE_FUNCTION, 0},
                                           {"double", nn_double, NATIVE_FUNCTION, 0},
                                           {"half", nn_half, NATIVE_FUNCTION, 0},
                                           {"bfloat16", nn_bfloat16, NATIVE_FUNCTION, 0},
                                           {"parameters", nn_parameters, NATIVE_FUNCTION, 0},
                                           {"named_parameters", nn_named_parameters, NATIVE_FUNCTION, 0},
                                           {"buffers", nn_buffers, NATIVE_FUNCTION, 0},
                                           {"named_buffers", nn_named_buffers, NATIVE_FUNCTION, 0},
                                           {"state_dict", nn_state_dict, NATIVE_FUNCTION, 0},
                                           {"children", nn_children, NATIVE_FUNCTION, 0},
                                           {"named_children", nn_named_children, NATIVE_FUNCTION, 0},
                                           {"modules", nn_modules, NATIVE_FUNCTION, 0},
                                           {"named_modules", nn_named_modules, NATIVE_FUNCTION, 0},
                                           {"train", nn_train, NATIVE_FUNCTION, 0},
                                           {"eval", nn_eval, NATIVE_FUNCTION, 0},
                                           {"requires_grad_", nn_requires_grad, NATIVE_FUNCTION, 0},
                                           {"reset_parameters", nn_reset_parameters, NATIVE_FUNCTION, 0},
                                           {"load_state_dict", nn_load_state_dict, NATIVE_FUNCTION, 0},
                                           {"add_module", nn_add_module, NATIVE_FUNCTION, 0},
                                           {"apply", nn_apply, NATIVE_FUNCTION, 0},
                                           {"append", nn_append, NATIVE_FUNCTION, 0},
                                           {NULL, NULL, NATIVE_FUNCTION, 0}};

static value nn_attribute(vm *m, value self, const char *name)
{
    static const int order[] = {HELD_PARAMETERS, HELD_BUFFERS, HELD_PARTS, HELD_ATTRIBUTES};
    if (strcmp(name, "training") == 0)
        return BOOL(torch_nn_of(self)->training);
    if (strcmp(name, "__class__") == 0) {
        struct arguments one = {.positional = &self, .n_positional = 1};
        return find_native(builtins, "type")->call(m, NONE, &one);
    }
    for (int i = 0; i < 4; i++) {
        value item = find_in(m, self, order[i], name);
        if (item.kind != V_NOTHING)
            return item;
    }
    return NOTHING;
}

/* m.name = item for a parameter, a buffer, a part; what else a module has decides its print and what it computes. */
static bool nn_set_attribute(vm *m, value self, const char *name, value item)
{
    const struct torch_nn *module = torch_nn_of(self);
    bool was_part = find_in(m, self, HELD_PARTS, name).kind != V_NOTHING;
    bool was_parameter = find_in(m, self, HELD_PARAMETERS, name).kind != V_NOTHING;
    bool was_buffer = find_in(m, self, HELD_BUFFERS, name).kind != V_NOTHING;
    bool is_tensor = item.kind == V_TENSOR, is_parameter = is_tensor && item.u.tensor->is_parameter;
    if (strcmp(name, "training") == 0 && item.kind == V_BOOL) {
        torch_nn_of(self)->training = truth(m, item);
        return true;
    }
    if (was_part && !is_torch_nn(item) && item.kind != V_NONE)
        type_error(m, "cannot assign '%s' as child module '%s' (torch.nn.Module or None expected)", type_name(item),
                   name);
    if (was_parameter && !is_parameter && item.kind != V_NONE)
        type_error(m, "cannot assign '%s' as parameter '%s' (torch.nn.Parameter or None expected)", type_name(item),
                   name);
    bool same = (was_part && is_torch_nn(item)) || (was_parameter && is_parameter) ||
                (was_buffer && is_tensor && !is_parameter);
    if (!same)
        fail(m, "%s.%s = …: parts, parameters and buffers can be replaced by others of their kind here, no more",
             module->type, name);
    module_set(m, self, was_part ? HELD_PARTS : was_parameter ? HELD_PARAMETERS : HELD_BUFFERS, name, item);
    return true;
}

static uint64_t nn_length(vm *m, value self)
{
    if (torch_nn_of(self)->layer.kind != ONESEED_TORCH_N_LAYER_KINDS)
        type_error(m, "object of type '%s' has no len()", torch_nn_of(self)->type);
    return held_dict(self, HELD_PARTS)->n;
}

static value nn_iterate(vm *m, value self)
{
    if (torch_nn_of(self)->layer.kind != ONESEED_TORCH_N_LAYER_KINDS)
        type_error(m, "'%s' object is not iterable", torch_nn_of(self)->type);
    if (strcmp(torch_nn_of(self)->type, "ModuleDict") == 0)
        return object_value(V_DICT, held_dict(self, HELD_PARTS));
    return parts_list(m, self);
}

static value nn_item(vm *m, value self, value index)
{
    const char *type = torch_nn_of(self)->type;
    if (strcmp(type, "ModuleDict") == 0)
        return get_item(m, object_value(V_DICT, held_dict(self, HELD_PARTS)), index);
    if (strcmp(type, "Sequential") != 0 && strcmp(type, "ModuleList") != 0)
        type_error(m, "'%s' object is not subscriptable", type);
    value found = get_item(m, parts_list(m, self), index);
    if (index.kind != V_SLICE)
        return found;
    value part = new_torch_nn(m, type);
    for (size_t i = 0; i < found.u.seq->n; i++) {
        struct arguments one = {.positional = &found.u.seq->items[i], .n_positional = 1};
        nn_append(m, part, &one);
    }
    return part;
}

static const char *nn_type(value self)
{
    return torch_nn_of(self)->type;
}

const struct object_class torch_nn_class = {.name = "Module",
                                            .type = nn_type,
                                            .methods = nn_methods,
                                            .put = put_module,
                                            .attribute = nn_attribute,
                                            .set_attribute = nn_set_attribute,
                                            .call = torch_nn_call,
                                            .iterate = nn_iterate,
                                            .length = nn_length,
                                            .item = nn_item};

/* copy.deepcopy: new arrays, the same values. */
value module_copy(vm *m, value module)
{
    const struct torch_nn *from = torch_nn_of(module);
    value v = new_torch_nn(m, from->type);
    struct torch_nn *to = torch_nn_of(v);
    to->training = from->training;
    to->layer = from->layer;
    to->base.held[HELD_ATTRIBUTES] = from->base.held[HELD_ATTRIBUTES];
    to->base.held[HELD_EXTRA] = from->base.held[HELD_EXTRA];
    enter(m);
    for (int which = HELD_PARAMETERS; which <= HELD_PARTS; which++) {
        const struct dict *own = held_dict(module, which);
        for (size_t i = 0; i < own->n_entries; i++) {
            value item = own->entries[i].item;
            if (!own->entries[i].used)
                continue;
            if (which == HELD_PARTS) {
                item = module_copy(m, item);
            } else if (item.kind == V_TENSOR) {
                const struct tensor *old = item.u.tensor;
                item = make_tensor(m, array_copy(m, old->array));
                item.u.tensor->requires_grad = old->requires_grad;
                item.u.tensor->is_parameter = old->is_parameter;
            }
            dict_put(m, held_dict(v, which), own->entries[i].key, item);
        }
    }
    leave(m);
    return v;
}
