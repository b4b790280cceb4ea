/* tensorflow_libm.h - Box and Muller's normals in float32, of libm or of formulas that are known to be its own.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TENSORFLOW_LIBM_H
#define ONESEED_DIALECTS_TENSORFLOW_LIBM_H

#include "dialects/tensorflow.h" /* uint32_t, bool */

/* Whether the libm's logf, sinf and cosf are glibc's. It asks libm, which takes as long as some ten values do. */
bool tensorflow_libm_is_known(void);
/* n_pairs pairs of normals of two words each. */
void tensorflow_normals_f32(bool is_known, const uint32_t *words, float *out, size_t n_pairs);

#endif
