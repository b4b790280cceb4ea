/* numpy_method.h - NumPy's distributions as a table: what bindings need to name arguments, broadcast, refuse and draw.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_NUMPY_METHOD_H
#define ONESEED_DIALECTS_NUMPY_METHOD_H

#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_numpy, oneseed_status */

typedef union numpy_number {
    double f;
    int64_t i;
} numpy_number;

typedef struct numpy_parameter {
    const char *name; /* as the keyword argument */
    bool is_integer;  /* .i is used, else .f */
    bool is_required;
    numpy_number otherwise; /* the default of an argument that is not required */
} numpy_parameter;

/* A distribution whose parameters broadcast and whose results are all alike: f64 or i64, one value per element. */
typedef struct numpy_method {
    const char *name;
    int n_parameters;
    numpy_parameter parameters[3];
    /* The checks are made for all elements before the first draw. NULL: nothing can be refused. */
    oneseed_status (*check)(const oneseed_numpy *state, const numpy_number *parameters);
    /* One of the two. */
    double (*f64)(oneseed_numpy *state, const numpy_number *parameters);
    int64_t (*i64)(oneseed_numpy *state, const numpy_number *parameters);
    /* n draws with the same parameters, quicker; NULL: there is no better way than n calls. */
    void (*fill_f64)(oneseed_numpy *state, const numpy_number *parameters, double *out, size_t n);
    void (*fill_i64)(oneseed_numpy *state, const numpy_number *parameters, int64_t *out, size_t n);
} numpy_method;

/* The table of RandomState, and that of Generator: n_methods entries. NULL when there is none of that name. */
const numpy_method *numpy_legacy_method(const char *name);
const numpy_method *numpy_generator_method(const char *name);
extern const numpy_method numpy_legacy_methods[], numpy_generator_methods[];
extern const int n_numpy_legacy_methods, n_numpy_generator_methods;

#endif
