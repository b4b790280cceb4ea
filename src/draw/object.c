/* object.c - how objects of the frameworks' classes are made, and read as arrays.
 * SPDX-License-Identifier: MIT */
#include "draw/object.h"

#include "draw/bind.h" /* new_holder, array_item */

value new_instance(vm *m, const struct object_class *class, size_t nbytes, size_t n_held)
{
    struct instance *o = new_holder(m, V_OBJECT, nbytes, n_held);
    o->class = class;
    return object_value(V_OBJECT, o);
}

struct array *object_array(vm *m, value v)
{
    return v.kind == V_OBJECT && instance_of(v)->class->array ? instance_of(v)->class->array(m, v) : NULL;
}

value object_number(vm *m, value v)
{
    const struct array *a = object_array(m, v);
    return a && a->n_dims == 0 ? array_item(m, a, a->offset) : v;
}
