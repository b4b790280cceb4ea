/* audit.h - did seeds that were run again give the same?
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_AUDIT_H
#define ONESEED_SCAN_AUDIT_H

#include "scan/scan.h"   /* struct scan_audit */
#include "study/study.h" /* struct study */

/* Compares each repetition of a study with its run: metrics, generators' states, and whether it came to
 * an end; stdout where nothing was measured. */
bool audit_study(struct study *study, struct scan_audit *audit_out, char *error);

#endif
