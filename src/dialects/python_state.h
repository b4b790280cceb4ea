/* python_state.h - what the files of the dialect `python` share: versions and the doubles of random().
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_PYTHON_STATE_H
#define ONESEED_DIALECTS_PYTHON_STATE_H

#include <stdbool.h> /* bool */

#include "engines/mt19937.h" /* mt19937_next */
#include "oneseed.h"         /* oneseed_python */

enum { PYTHON_NEWEST = 315 };

static inline bool python_is_at_least(uint32_t state_version, uint32_t version)
{
    return (state_version ? state_version : PYTHON_NEWEST) >= version;
}

/* 27 bits and 26 bits: the double of genrand_res53 (M. Matsumoto, T. Nishimura and I. Wada, mt19937ar.c, 2002). */
static inline double python_double(uint32_t first, uint32_t second)
{
    return ((first >> 5) * 67108864.0 + (second >> 6)) * (1.0 / 9007199254740992.0);
}

static inline double python_next_double(oneseed_python *state)
{
    uint32_t first = mt19937_next(&state->mt19937);
    return python_double(first, mt19937_next(&state->mt19937));
}

#endif
