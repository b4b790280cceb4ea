/* tensorflow_shards.h - how TensorFlow's kernels cut their rows into pieces for their threads.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TENSORFLOW_SHARDS_H
#define ONESEED_DIALECTS_TENSORFLOW_SHARDS_H

#include <stdint.h> /* uint64_t */

/* Eigen's parallelFor: n units of the cost each, on n_threads. Pieces begin at the multiples of the result, at least 1. */
uint64_t tensorflow_piece_size(uint64_t n, double cost, unsigned n_threads);

#endif
