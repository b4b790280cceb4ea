/* bind_tensorflow.h - what TensorFlow's random operations share in `oneseed draw`: seeds, the eager kernels, draws into tensors.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_BIND_TENSORFLOW_H
#define ONESEED_DRAW_BIND_TENSORFLOW_H

#include "draw/tensorflow_eager.h" /* value, struct array */
#include "oneseed.h"               /* oneseed_tensorflow_philox */

typedef oneseed_tensorflow_philox philox_place;

/* --- Seeds and kernels (bind_tensorflow_seed.c) ---------------------------------------------------------------------------- */

/* The operations whose kernels keep a place of their own. */
typedef enum tensorflow_op {
    TF_RANDOM_UNIFORM,
    TF_RANDOM_UNIFORM_INT,
    TF_RANDOM_STANDARD_NORMAL,
    TF_TRUNCATED_NORMAL,
    TF_RANDOM_SHUFFLE,
    TF_MULTINOMIAL,
    TF_RANDOM_GAMMA,
    TF_RANDOM_POISSON
} tensorflow_op;

/* The place of the eager kernel of that operation, with its attributes (up to three dtypes) and the seeds that its argument `seed`
 * gives: a kernel that ran before goes on. An error without any seed. Valid until the next call. */
philox_place *tensorflow_kernel(vm *m, tensorflow_op op, dtype a, dtype b, value seed);
/* (seed, seed2) of an operation: consumes one of the context's numbers where `seed` is None. */
void tensorflow_operation_seeds(vm *m, value seed, int64_t seeds_out[2]);
/* tf.random.set_seed(). */
void tensorflow_set_seed(vm *m, value seed);
extern const struct native tensorflow_seed_functions[];

/* --- Draws (bind_tensorflow_random.c) --------------------------------------------------------------------------------------- */

oneseed_tensorflow_dtype tensorflow_library_dtype(dtype dt);
/* Refuses in TensorFlow's words. */
void tensorflow_refuse(vm *m, oneseed_status status);

typedef enum tensorflow_method {
    TF_UNIFORM,
    TF_UNIFORM_INT,
    TF_UNIFORM_FULL_INT,
    TF_NORMAL,
    TF_TRUNCATED
} tensorflow_method;
/* What a kernel alone gives: uniforms of [0, 1), standard normals, integers of [low, high) or all. */
struct array *tensorflow_draw(vm *m, const philox_place *place, tensorflow_method method, dtype dt, int64_t low,
                              int64_t high, int n_dims, const int64_t *shape);
/* values * scale + shift, as TensorFlow's Python does it: bounds, mean and stddev are tensors of the dtype. */
value tensorflow_scaled(vm *m, struct array *values, struct array *scale, struct array *shift);

/* What is given for the arguments of uniform(): None for minval and maxval of integers is all of them. */
struct tensorflow_uniform {
    dtype dt;
    value minval, maxval;
    bool is_full, is_stateful; /* tf.random.uniform leaves out what changes nothing */
};
/* Reads them, after `dtype`'s check; refuses as tf.random.stateless_uniform does. */
struct tensorflow_uniform tensorflow_read_uniform(vm *m, value minval, value maxval, dtype dt);
value tensorflow_uniform_at(vm *m, const philox_place *place, const struct tensorflow_uniform *u, int n_dims,
                            const int64_t *shape);
/* normal and truncated_normal with mean and stddev. */
value tensorflow_normal_at(vm *m, const philox_place *place, tensorflow_method method, dtype dt, value mean,
                           value stddev, int n_dims, const int64_t *shape);

/* An `alg` argument: 1 Philox, 2 ThreeFry, 3 what the device chooses, which is Philox. */
int tensorflow_algorithm(vm *m, value alg);
/* The place of seed=[a, b]; refuses what no CPU kernel has. */
philox_place tensorflow_stateless_place(vm *m, value seed, value alg);
value tensorflow_algorithm_named(vm *m, const char *name); /* tf.random.Algorithm.PHILOX */

extern const struct native tensorflow_random_functions[], tensorflow_stateless_functions[], tensorflow_nn_functions[],
    tensorflow_nn_experimental_functions[], tensorflow_experimental_random_functions[];
extern const struct native tensorflow_generator_functions[], tensorflow_count_functions[];
/* tf.random.Generator; the place of one that draws, and where it goes on. */
value tensorflow_generator_class(vm *m);
philox_place tensorflow_generator_place(vm *m, value generator);
void tensorflow_generator_set_place(vm *m, value generator, const philox_place *place);
value tensorflow_generator_binomial(vm *m, value self, const struct arguments *arguments);
extern const struct module module_tensorflow, module_tensorflow_random, module_tensorflow_random_experimental,
    module_tensorflow_random_algorithm, module_tensorflow_random_generator, module_tensorflow_math,
    module_tensorflow_nn, module_tensorflow_nn_experimental, module_tensorflow_data, module_tensorflow_data_dataset;

#endif
