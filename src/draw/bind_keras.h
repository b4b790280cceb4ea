/* bind_keras.h - Keras 3 in `oneseed draw`: its backend, seeds, and tensors as the backend has them.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_BIND_KERAS_H
#define ONESEED_DRAW_BIND_KERAS_H

#include "draw/ndarray.h" /* struct array */
#include "oneseed.h"      /* oneseed_keras */

/* The versions and the backend of this run. The first use of Keras decides on the backend: KERAS_BACKEND of os.environ after it changes
 * nothing. */
oneseed_keras keras_library(vm *m);
/* KERAS_BACKEND; refuses what is no backend. */
void keras_set_backend(vm *m, value name);
/* Of a name of a backend; -1: none. */
int keras_backend_named(const char *name);

/* A tensor of the backend on that array. */
value keras_tensor(vm *m, struct array *a);
/* What a function of the backend makes of an argument that is a tensor, or should be one. */
struct array *keras_array(vm *m, value v);
/* A shape argument, as the backend reads it. */
int keras_shape_from(vm *m, value v, int64_t shape[MAX_DIMS]);
/* The dtype of an argument; None: floatx(). */
dtype keras_dtype_from(vm *m, value v, dtype otherwise);
oneseed_keras_dtype keras_library_dtype(vm *m, dtype dt);
/* An array for what a function of the library gives when it is asked for that dtype. */
struct array *keras_result(vm *m, dtype dt, int n_dims, const int64_t *shape);
void keras_refuse(vm *m, oneseed_status status);

/* The pair of the argument `seed`: of a SeedGenerator its next one, of None the global one's. */
void keras_draw_seed(vm *m, value seed, int64_t pair_out[2]);
/* make_default_seed(): one number of Python's random. */
int64_t keras_default_seed(vm *m);
/* keras.random.SeedGenerator(seed). */
value keras_seed_generator(vm *m, value seed);

/* What an initializer gives for that pair of seeds (bind_keras_initializers.c). */
struct array *keras_initial(vm *m, const oneseed_keras_initializer *initializer, const int64_t pair[2], dtype dt,
                            int n_dims, const int64_t *shape);

extern const struct native keras_random_functions[];
extern const struct module module_keras, module_keras_random, module_keras_utils, module_keras_initializers,
    module_keras_layers, module_keras_models;

#endif
