/* numpy_ziggurat_lanes.h - Generator's standard normals and exponentials in vectors. SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_NUMPY_ZIGGURAT_LANES_H
#define ONESEED_DIALECTS_NUMPY_ZIGGURAT_LANES_H

#include <stddef.h> /* size_t */

#include "dialects/numpy_ziggurat.h" /* numpy_reader64 */
#include "engines/lanes.h"           /* lane_lines */

struct ziggurat_made {
    size_t n_words, n_values; /* taken, made */
};

/* Values of a reader's words, n at most, as long as a whole vector of both is left; a last value may have taken words behind the
 * reader's, from the state. Lines that wait are stored meanwhile. On processors without AVX-512: none. */
struct ziggurat_made numpy_standard_normal_lanes(struct numpy_reader64 reader, double *out, size_t n,
                                                 struct lane_lines *waiting);
struct ziggurat_made numpy_standard_normal_f32_lanes(struct numpy_reader32 reader, float *out, size_t n,
                                                     struct lane_lines *waiting);
struct ziggurat_made numpy_standard_exponential_lanes(struct numpy_reader64 reader, double *out, size_t n,
                                                      struct lane_lines *waiting);
struct ziggurat_made numpy_standard_exponential_f32_lanes(struct numpy_reader32 reader, float *out, size_t n,
                                                          struct lane_lines *waiting);

#endif
