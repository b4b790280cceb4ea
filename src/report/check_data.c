/* check_data.c - the answer of a check as a report.
 * SPDX-License-Identifier: MIT */
#include "report/report.h" /* report_check */

#include <stdio.h>  /* snprintf */
#include <string.h> /* strcmp */

#include "common/array.h" /* text_format */
#include "oneseed.h"      /* oneseed_version */

json_t *report_check(const json_t *check, char *error)
{
    const char *format = json_string_value(json_object_get(check, "format"));

    if (!format || strcmp(format, "oneseed-check/1") != 0 || !json_is_string(json_object_get(check, "verdict"))) {
        snprintf(error, REPORT_ERROR_NBYTES, "it is no answer of `oneseed check --json` (format oneseed-check/1)");
        return NULL;
    }
    return json_pack("{s:s, s:s, s:s, s:O}", "format", "oneseed-report/1", "kind", "check", "version",
                     oneseed_version(), "check", check);
}

char *report_command(const json_t *command)
{
    char *text = text_format("%s", json_is_string(command) ? json_string_value(command) : "");
    size_t i;
    json_t *word;

    json_array_foreach(command, i, word)
    {
        char *longer = text_format("%s%s%s", text, i ? " " : "", json_is_string(word) ? json_string_value(word) : "?");
        free(text);
        text = longer;
    }
    return text;
}

char *report_title(const json_t *report)
{
    const json_t *study = json_object_get(report, "study"), *check = json_object_get(report, "check");
    const char *name = json_string_value(json_object_get(study, "name"));
    char *command = report_command(json_object_get(study ? study : check, "command"));
    char *title = study ? text_format("%s · oneseed report", name ? name : command)
                        : text_format("%s%soneseed check", command, *command ? " · " : "");

    free(command);
    return title;
}
