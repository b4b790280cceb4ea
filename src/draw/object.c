/* object.c - how objects of PyTorch's classes are made.
 * SPDX-License-Identifier: MIT */
#include "draw/object.h"

#include "draw/bind.h" /* new_holder */

value new_instance(vm *m, const struct object_class *class, size_t nbytes, size_t n_held)
{
    struct instance *o = new_holder(m, V_OBJECT, nbytes, n_held);
    o->class = class;
    return object_value(V_OBJECT, o);
}
