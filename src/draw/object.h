/* object.h - objects of the frameworks' classes: modules, distributions, samplers, loaders, arrays that are not NumPy's. A class
 * is a table of what its objects do.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_OBJECT_H
#define ONESEED_DRAW_OBJECT_H

#include "draw/vm.h" /* value */

/* NULL where the class has nothing of the kind. */
struct object_class {
    const char *name;
    const char *(*type)(value self); /* the name of the object's own class; NULL: `name` */
    const struct native *methods;
    void (*put)(struct writer *w, value self);               /* its repr; NULL: its address, which no two runs share */
    value (*attribute)(vm *m, value self, const char *name); /* what is no method. V_NOTHING: no such name */
    bool (*set_attribute)(vm *m, value self, const char *name, value item); /* false: no such name */
    value (*call)(vm *m, value self, const struct arguments *arguments);
    value (*iterate)(vm *m, value self); /* a list or an iterator */
    uint64_t (*length)(vm *m, value self);
    value (*item)(vm *m, value self, value index);
    void (*set_item)(vm *m, value self, value index, value item);
    void (*put_str)(struct writer *w, value self); /* NULL: as its repr */
    /* An array of numbers (TensorFlow's and JAX's): np.asarray(self). Answers, truth, int() and float() read it. */
    struct array *(*array)(vm *m, value self);
    /* One of a and b, or both, are of the class; comparisons, too. */
    value (*operate)(vm *m, operator op, value a, value b);
    value (*operate_unary)(vm *m, operator op, value v);
};

/* Each begins with a struct holder: the values that it holds come first. */
struct instance {
    object header;
    size_t n_held;
    value held[MAX_HELD];
    const struct object_class *class;
};

static inline struct instance *instance_of(value v)
{
    return (struct instance *)(void *)v.u.o;
}
/* What an object that is an array reads as; NULL: v is no such object. */
struct array *object_array(vm *m, value v);
/* The number of such an object of no dimensions, as a NumPy scalar; all else as it is. */
value object_number(vm *m, value v);
/* Of a class; nbytes at least those of a struct instance. What it holds is None. */
value new_instance(vm *m, const struct object_class *class, size_t nbytes, size_t n_held);

#endif
