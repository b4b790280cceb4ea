/* causes.h - from two runs that differ to the causes, first one first.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_CAUSES_H
#define ONESEED_CHECK_CAUSES_H

#include "check/experiment.h" /* struct work */

/* work->a and work->b differ: fills the result's causes and what was controlled. */
void find_causes(struct work *work);

#endif
