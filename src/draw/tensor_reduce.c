/* tensor_reduce.c - sums, means, extremes of tensors, in torch's order of summation.
 * SPDX-License-Identifier: MIT */
#include "draw/tensor_methods.h"

const struct native tensor_reduce_methods[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};
const struct native torch_reduce_functions[] = {{NULL, NULL, NATIVE_FUNCTION, 0}};
