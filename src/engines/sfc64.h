/* sfc64.h - SFC64: what the dialects inline.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_ENGINES_SFC64_H
#define ONESEED_ENGINES_SFC64_H

#include <stdint.h> /* uint64_t */

#include "common/bits.h" /* rotl64 */
#include "oneseed.h"     /* oneseed_sfc64 */

static inline uint64_t sfc64_next(oneseed_sfc64 *sfc)
{
    uint64_t *s = sfc->state;
    uint64_t out = s[0] + s[1] + s[3]++;
    s[0] = s[1] ^ s[1] >> 11;
    s[1] = s[2] + (s[2] << 3);
    s[2] = rotl64(s[2], 24) + out;
    return out;
}

#endif
