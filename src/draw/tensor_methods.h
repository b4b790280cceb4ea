/* tensor_methods.h - what the files of a tensor's methods share: their tables, and how a method is a function of `torch`, too.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_TENSOR_METHODS_H
#define ONESEED_DRAW_TENSOR_METHODS_H

#include "draw/tensor.h" /* value, vm */

/* torch.name(t, …) as t.name(…). */
value as_method(vm *m, const struct arguments *arguments, const char *name, native_function method);
int integers_of(vm *m, const struct arguments *arguments, const char *function, const char *name, int64_t *out);
/* t.reshape(shape); -1 in the shape is found. */
value tensor_reshaped(vm *m, value self, int n_dims, int64_t *shape);
value tensor_reshape(vm *m, value self, const struct arguments *arguments);

/* A copy as that dtype, laid out as clone() and to() do. */
struct array *torch_cast_like(vm *m, const struct array *a, dtype dt);
/* Sums float elements of a over its reduced axes into out, zeroed, of the axes that are left (tensor_sum.c). */
void tensor_sum_floats(vm *m, const struct array *a, const bool *reduced, struct array *out);

/* Is the sum of all elements, and of any of them, exact whatever the order? (tensor_product.c) */
bool tensor_sum_is_exact(const struct array *a);

value torch_fork_rng(vm *m, value self, const struct arguments *arguments); /* torch_context.c */

#define FUNCTION_OF(name)                                                                                              \
    static value torch_##name(vm *m, value self, const struct arguments *arguments)                                    \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        return as_method(m, arguments, #name, tensor_##name);                                                          \
    }
#define METHOD(name)                                                                                                   \
    {                                                                                                                  \
#name, tensor_##name, NATIVE_FUNCTION, 0                                                                       \
    }
#define PROPERTY(name)                                                                                                 \
    {                                                                                                                  \
#name, tensor_##name, NATIVE_PROPERTY, 0                                                                       \
    }
#define FUNCTION(name)                                                                                                 \
    {                                                                                                                  \
#name, torch_##name, NATIVE_FUNCTION, 0                                                                        \
    }

/* Each up to a NULL name. */
extern const struct native tensor_value_methods[], tensor_make_methods[], tensor_view_methods[], tensor_math_methods[],
    tensor_reduce_methods[], tensor_move_methods[], tensor_product_methods[];
extern const struct native torch_make_functions[], torch_view_functions[], torch_math_functions[],
    torch_reduce_functions[], torch_move_functions[], torch_product_functions[], torch_context_functions[];

#endif
