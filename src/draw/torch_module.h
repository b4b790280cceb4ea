/* torch_module.h - objects of torch.nn: parameters, buffers and parts by name, and what they print.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_TORCH_MODULE_H
#define ONESEED_DRAW_TORCH_MODULE_H

#include "draw/bind_torch.h" /* struct tensor */
#include "draw/object.h"     /* struct instance */

/* Held by a module, each a dict but for the last, the text of its extra_repr(). */
enum { HELD_ATTRIBUTES, HELD_PARAMETERS, HELD_BUFFERS, HELD_PARTS, HELD_EXTRA, N_HELD_BY_MODULE };

struct torch_nn {
    struct instance base;
    const char *type; /* "Linear" */
    bool training;
    oneseed_torch_layer layer; /* how reset_parameters() draws; kind N_LAYER_KINDS: it does not */
};

extern const struct object_class torch_nn_class;

static inline struct torch_nn *torch_nn_of(value v)
{
    return (struct torch_nn *)(void *)v.u.o;
}
static inline bool is_torch_nn(value v)
{
    return v.kind == V_OBJECT && instance_of(v)->class == &torch_nn_class;
}
value new_torch_nn(vm *m, const char *type);
static inline struct dict *held_dict(value module, int which)
{
    return instance_of(module)->held[which].u.dict;
}
void module_set(vm *m, value module, int which, const char *name, value item);
value module_get(vm *m, value module, const char *attribute);
/* Reads a call by a specification, "in_features bias=True eps=1e-05 stride=@kernel_size", into attributes of the module: a
 * name with `=` may be left out; its default is a number, a word, None when nothing follows, or another argument. */
void module_arguments(vm *m, value module, const char *specification, const struct arguments *arguments);
/* Sets what extra_repr() gives: {name} is an attribute's str(), {name!r} its repr(), {name!2} a tuple of two of them when it is a
 * number; <name|text> is text if the attribute is true, <name?|text> if it is not None, <name!=value|text> if it prints otherwise. */
void module_extra(vm *m, value module, const char *template);
/* All parameters as (name, parameter), as named_parameters(). */
value module_parameters(vm *m, value module);
value module_copy(vm *m, value module);
/* Gives the parameters of a layer their own arrays and fills them as the constructor does. */
void module_add_own(vm *m, value module, const oneseed_torch_layer *layer, dtype dt);
void module_draw(vm *m, value module, const oneseed_torch_layer *layer);
/* A value n times as a tuple, or the tuple. */
value tuple_of(vm *m, value v, size_t n);
/* An unnamed layer of the table: Dropout and the like. */
bool torch_prints_norm_bias(const vm *m);
value nn_linear(vm *m, value self, const struct arguments *arguments);
value make_layer_norm(vm *m, const struct arguments *arguments);
value torch_nn_call(vm *m, value self, const struct arguments *arguments);
value make_plain(vm *m, const char *name, const struct arguments *arguments);

extern const struct native torch_layer_functions[], torch_plain_functions[], torch_transformer_functions[];

#endif
