/* torch_distribution.h - torch.distributions as a table: what bindings need to name arguments, broadcast, refuse and
 * draw.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_TORCH_DISTRIBUTION_H
#define ONESEED_DIALECTS_TORCH_DISTRIBUTION_H

#include <stdbool.h> /* bool */

#include "oneseed.h" /* oneseed_torch, oneseed_torch_distribution */

/* torch.distributions.constraints, by the check and by the text that a refusal has. */
enum torch_constraint {
    TORCH_REAL,
    TORCH_POSITIVE,
    TORCH_NONNEGATIVE,
    TORCH_NONNEGATIVE_NUMBER, /* greater_than_eq(0), whose text has no point */
    TORCH_NONNEGATIVE_INTEGER,
    TORCH_UNIT_INTERVAL,
    TORCH_HALF_OPEN_INTERVAL,
    TORCH_BELOW_HIGH, /* Uniform's low and high: the text has the other one's value */
    TORCH_ABOVE_LOW
};

typedef struct torch_parameter {
    const char *name; /* as the keyword argument */
    enum torch_constraint constraint;
    bool is_required;
    double otherwise;
} torch_parameter;

/* A distribution whose parameters broadcast, with one value for each of their elements. */
typedef struct torch_distribution {
    const char *name; /* of the class */
    int n_parameters;
    torch_parameter parameters[3];
    /* As oneseed_torch_distribution_fill; nothing is checked. */
    oneseed_status (*draw)(oneseed_torch *state, oneseed_torch_dtype dtype, const void *const *parameters,
                           size_t n_batch, void *work, void *out, size_t n);
} torch_distribution;

extern const torch_distribution torch_distributions[ONESEED_TORCH_N_DISTRIBUTIONS];
/* NULL when there is none of that name. */
const torch_distribution *torch_distribution_named(const char *name);
/* The text of a constraint, as repr() has it; NULL for the two with a value in them. */
const char *torch_constraint_text(enum torch_constraint constraint);
/* The first parameter, in the order in which torch looks at them, of which a value is not as it must be; -1: none. */
int torch_distribution_invalid(const torch_distribution *distribution, oneseed_torch_dtype dtype,
                               const void *const *parameters, size_t n);

#endif
