/* tensor_methods.c - the methods of tensors that do not draw.
 * SPDX-License-Identifier: MIT */
#include "draw/tensor.h"

static value tensor_shape(vm *m, value self, const struct arguments *arguments)
{
    (void)arguments;
    return make_size(m, self.u.tensor->array->shape, self.u.tensor->array->n_dims);
}

static value tensor_dtype(vm *m, value self, const struct arguments *arguments)
{
    (void)m;
    (void)arguments;
    return TORCH_DTYPE(self.u.tensor->array->dt);
}

const struct native tensor_methods[] = {{"shape", tensor_shape, NATIVE_PROPERTY, 0},
                                        {"dtype", tensor_dtype, NATIVE_PROPERTY, 0},
                                        {NULL, NULL, NATIVE_FUNCTION, 0}};
