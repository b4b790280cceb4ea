/* stats_csv.c - the runs of a study as a table for other programs: `oneseed stats --csv`.
 * SPDX-License-Identifier: MIT
 *
 * RFC 4180 but for the line ends, which are those of Unix. All planned runs that were tried, with their last attempts. */
#include <inttypes.h> /* PRId64 */
#include <math.h>     /* isnan */
#include <stdio.h>    /* printf */
#include <stdlib.h>   /* strtod */
#include <string.h>   /* strpbrk */

#include "cli/stats_study.h" /* struct stats_study */

static void put_text(const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

/* The shortest digits that give the number back; a number that is not there is empty. */
static void put_number(double value)
{
    char text[32];
    if (study_is_missing(value))
        return;
    if (isnan(value)) { /* whatever its sign */
        fputs("nan", stdout);
        return;
    }
    for (int precision = 15; precision <= 17; precision++) {
        (void)snprintf(text, sizeof text, "%.*g", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    fputs(text, stdout);
}

void stats_print_csv(const struct stats_study *opened, const size_t *numbers, size_t n_numbers)
{
    const struct study_table *table = &opened->table;
    fputs("seed,sources,repeat,attempt,status,seconds", stdout);
    for (size_t k = 0; k < n_numbers; k++) {
        putchar(',');
        put_text(study_metric_name(opened->study, (unsigned)numbers[k]));
    }
    putchar('\n');
    for (size_t row = 0; row < table->n; row++) {
        printf("%" PRId64 ",", table->seeds[row]);
        put_text(stats_sources(table, row));
        printf(",%u,%u,%s,", table->repeats[row], table->attempts[row],
               study_status_name((enum study_status)table->statuses[row]));
        put_number(table->seconds[row]);
        for (size_t k = 0; k < n_numbers; k++) {
            putchar(',');
            put_number(table->values[numbers[k]][row]);
        }
        putchar('\n');
    }
}
