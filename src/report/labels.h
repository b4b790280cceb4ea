/* labels.h - short names of two studies, for the keys of a plot.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_REPORT_LABELS_H
#define ONESEED_REPORT_LABELS_H

#include <stddef.h> /* size_t */

enum { LABEL_MOST = 32 }; /* characters */

/* The ends of their paths from where they differ on, valid UTF-8, at most LABEL_MOST characters. Equal only where the names are. The
 * caller frees both. */
void labels_of(const char *a, const char *b, char **label_a, char **label_b);

/* How wide a text is, in letters. */
size_t label_width(const char *text);

#endif
