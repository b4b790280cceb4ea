/* metric_inside.h - what the readers of metrics share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_METRIC_INSIDE_H
#define ONESEED_SCAN_METRIC_INSIDE_H

#include "scan/metric.h"

#define METRIC_NO_STEP INT64_MIN

/* The next line without its end; false behind the last. A line may also end with the carriage return of a progress bar. */
bool metric_next_line(const char **at, const char *end, const char **line, size_t *n);

/* Compile what says where a number is. False with the reason. */
bool metric_regex_make(struct metric *metric, const char *pattern, char *error, size_t error_nbytes);
bool metric_label_make(struct metric *metric, const char *label, char *error, size_t error_nbytes);
void metric_regex_clear(struct metric *metric);

#endif
