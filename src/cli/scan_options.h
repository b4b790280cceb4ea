/* scan_options.h - the options of `oneseed scan`, and what they mean together.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CLI_SCAN_OPTIONS_H
#define ONESEED_CLI_SCAN_OPTIONS_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

#include "cli/cli.h"      /* enum color_mode */
#include "scan/request.h" /* struct request */

struct scan_options {
    struct request request;
    const char *out, *resume;
    bool merge, json, no_progress, has_retries, has_timeout, has_audit, has_level, has_shard, has_until, has_jobs;
    enum color_mode color;
    char *const *rest;
    const char *emit, *image;
    unsigned long n_tasks; /* 0 = not said */
    char **said;           /* the options of the scan itself, as a batch script repeats them; NULL-terminated */
    size_t n_said;
};

/* 0 = go on, 1 = --help was answered, -1 = bad usage, said on stderr. */
int scan_options_parse(int argc, char **argv, struct scan_options *options);
/* The rest give 0, or the exit status of what they have said on stderr. */
int scan_options_shard(struct scan_options *options);
int scan_options_new(struct scan_options *options);
int scan_options_resumed(struct scan_options *options);
int scan_options_emit(const struct scan_options *options);

/* A whole number without a sign. */
bool scan_options_number(const char *text, unsigned long least, unsigned long most, unsigned long *out);

#endif
