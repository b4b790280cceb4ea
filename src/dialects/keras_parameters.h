/* keras_parameters.h - parameters that are arrays or single numbers.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_KERAS_PARAMETERS_H
#define ONESEED_DIALECTS_KERAS_PARAMETERS_H

#include <stddef.h> /* size_t */

/* n values, or one that stands for all. */
struct keras_parameter {
    const double *values;
    size_t n;
};

static inline double keras_parameter_at(struct keras_parameter parameter, size_t i)
{
    return parameter.values[parameter.n == 1 ? 0 : i];
}

#endif
