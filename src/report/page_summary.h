/* page_summary.h - what a page says without its program: numbers and sentences in plain HTML.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_REPORT_PAGE_SUMMARY_H
#define ONESEED_REPORT_PAGE_SUMMARY_H

#include <jansson.h> /* json_t */
#include <stdio.h>   /* FILE */

/* Text as HTML shows it. */
void html_text(const char *text, FILE *file);

/* The page's head: what it is of. Its program replaces it. */
void summary_head(const json_t *report, FILE *file);
/* Of a study: a section that stays. Of a check, which the program says in words: for pages without it alone. */
void summary_body(const json_t *report, FILE *file);

#endif
