/* report.h - what `oneseed report` shows: the numbers of a study or of a check, as one JSON document for the page and the plots.
 * SPDX-License-Identifier: MIT
 *
 * docs/report.md has the document, format oneseed-report/1. The page and the plots only draw: every number is made here. */
#ifndef ONESEED_REPORT_H
#define ONESEED_REPORT_H

#include <jansson.h> /* json_t */
#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

#include "report/page.h" /* REPORT_ERROR_NBYTES, report_page_write */

struct study;

/* NULL and a line in `error` when it cannot be made. */
json_t *report_check(const json_t *check, char *error);

struct report_study {
    struct study *study, *versus;      /* versus: NULL = none */
    const char *name, *versus_name;    /* as the user wrote them */
    const char *metric;                /* only this one; NULL = all */
    const char **minimize, **maximize; /* metrics of which less, or more, is better */
    size_t n_minimize, n_maximize;
};
json_t *report_study(const struct report_study *request, char *error);

/* A command's words, as one line; the caller frees it. */
char *report_command(const json_t *command);
/* Was the study scanned with --reseed? */
bool report_reseeds(struct study *study);
/* The page's title; the caller frees it. */
char *report_title(const json_t *report);

#endif
