/* tensor_make.c - torch.tensor and the functions that make tensors without drawing.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp */

#include "draw/tensor.h"

static value torch_tensor(vm *m, value self, const struct arguments *arguments)
{
    value a[4];
    (void)self;
    take_arguments(m, "tensor", "data * dtype= device= requires_grad=", arguments, a);
    struct array *from = a[0].kind == V_TENSOR ? tensor_values(m, a[0], "a tensor") : array_from(m, a[0], DT_NONE);
    bool plain = a[0].kind != V_TENSOR && a[0].kind != V_ARRAY;
    dtype found = plain && dtype_is_float(from->dt) ? m->torch.default_dtype : (dtype)from->dt;
    value v = make_tensor(m, tensor_cast(m, from, torch_dtype_from(m, a[1], found)));
    v.u.tensor->requires_grad = !is_none(a[3]) && truth(m, a[3]);
    return v;
}

const struct native tensor_functions[] = {{"tensor", torch_tensor, NATIVE_FUNCTION, 0},
                                          {NULL, NULL, NATIVE_FUNCTION, 0}};
