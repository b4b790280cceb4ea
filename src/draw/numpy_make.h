/* numpy_make.h - the functions of numpy_make.c and numpy_shapes.c, for the table of numpy_functions.c.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_NUMPY_MAKE_H
#define ONESEED_DRAW_NUMPY_MAKE_H

#include "draw/vm.h" /* value */

value numpy_array(vm *m, value self, const struct arguments *arguments);
value numpy_asarray(vm *m, value self, const struct arguments *arguments);
value numpy_zeros(vm *m, value self, const struct arguments *arguments);
value numpy_ones(vm *m, value self, const struct arguments *arguments);
value numpy_full(vm *m, value self, const struct arguments *arguments);
value numpy_zeros_like(vm *m, value self, const struct arguments *arguments);
value numpy_ones_like(vm *m, value self, const struct arguments *arguments);
value numpy_eye(vm *m, value self, const struct arguments *arguments);
value numpy_arange(vm *m, value self, const struct arguments *arguments);
value numpy_linspace(vm *m, value self, const struct arguments *arguments);
value numpy_concatenate(vm *m, value self, const struct arguments *arguments);
value numpy_isnan(vm *m, value self, const struct arguments *arguments);
value numpy_sign(vm *m, value self, const struct arguments *arguments);
value numpy_clip(vm *m, value self, const struct arguments *arguments);
value numpy_median(vm *m, value self, const struct arguments *arguments);
value numpy_vstack(vm *m, value self, const struct arguments *arguments);
value numpy_hstack(vm *m, value self, const struct arguments *arguments);
value numpy_stack(vm *m, value self, const struct arguments *arguments);
value numpy_tile(vm *m, value self, const struct arguments *arguments);
value numpy_diag(vm *m, value self, const struct arguments *arguments);
value numpy_nonzero(vm *m, value self, const struct arguments *arguments);
value numpy_dot(vm *m, value self, const struct arguments *arguments);
value integer_product(vm *m, value left, value right);
value make_dtype(vm *m, value self, const struct arguments *arguments);
value convert_bool(vm *m, value self, const struct arguments *arguments);
value convert_int8(vm *m, value self, const struct arguments *arguments);
value convert_uint8(vm *m, value self, const struct arguments *arguments);
value convert_int16(vm *m, value self, const struct arguments *arguments);
value convert_uint16(vm *m, value self, const struct arguments *arguments);
value convert_int32(vm *m, value self, const struct arguments *arguments);
value convert_uint32(vm *m, value self, const struct arguments *arguments);
value convert_int64(vm *m, value self, const struct arguments *arguments);
value convert_uint64(vm *m, value self, const struct arguments *arguments);
value convert_float16(vm *m, value self, const struct arguments *arguments);
value convert_float32(vm *m, value self, const struct arguments *arguments);
value convert_float64(vm *m, value self, const struct arguments *arguments);

#endif
