/* own_seeds.h - programs that give their generators the same seed in every run: said once, with the line.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_OWN_SEEDS_H
#define ONESEED_SCAN_OWN_SEEDS_H

#include <stdbool.h> /* bool */
#include <stdint.h>  /* int64_t */

struct outcome;
struct scan;

struct own_seeds {
    char *text; /* of one run: lines `# SEED FILE:LINE`; NULL = none yet */
    int64_t seed;
    bool said;
};

/* After each run that is done. */
void own_seeds_hear(struct scan *scan, const struct outcome *outcome);
void own_seeds_clear(struct own_seeds *own_seeds);

#endif
