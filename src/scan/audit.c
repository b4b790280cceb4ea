/* audit.c - did seeds that were run again give the same?
 * SPDX-License-Identifier: MIT */
#include "scan/audit.h"

#include <math.h>   /* isnan */
#include <stdio.h>  /* snprintf */
#include <string.h> /* strcmp */

#include "scan/outcome.h" /* same_number */
#include "scan/scan_inside.h"

static bool is_one_missing(const double *values, size_t a, size_t b)
{
    return study_is_missing(values[a]) != study_is_missing(values[b]);
}

static void audit_pair(const struct study_table *table, struct study *study, size_t a, size_t b,
                       struct scan_audit *audit)
{
    const char *what = NULL;
    bool measured = false;
    if (table->statuses[a] != table->statuses[b])
        what = "whether it came to an end";
    for (unsigned m = 0; !what && m < study_n_metrics(study); m++) {
        measured |= !isnan(table->values[m][a]);
        if (!same_number(table->values[m][a], table->values[m][b]) &&
            !(is_one_missing(table->values[m], a, b) && scan_was_added(study, study_metric_name(study, m))))
            what = study_metric_name(study, m);
    }
    if (!what && strcmp(table->states[a], table->states[b]) != 0)
        what = "generators' states";
    if (!what && strcmp(table->outputs[a], table->outputs[b]) != 0) {
        what = measured ? NULL : "stdout"; /* most programs print how long they took */
        audit->n_printed += measured;
    }
    audit->n++;
    audit->n_equal += !what;
    if (what && audit->n - audit->n_equal == 1) {
        audit->first = table->seeds[a];
        snprintf(audit->what, sizeof audit->what, "%s", what);
    }
}

bool audit_study(struct study *study, struct scan_audit *audit_out, char *error)
{
    struct study_table table;
    *audit_out = (struct scan_audit){.is_wanted = true};
    if (!study_read(study, true, &table, error))
        return false;
    for (size_t k = 1; k < table.n; k++) /* ordered by seed, sources, repeat: a repetition stands behind its run */
        if (table.repeats[k] > 0 && table.seeds[k - 1] == table.seeds[k] &&
            (!table.sources || strcmp(table.sources[k - 1], table.sources[k]) == 0))
            audit_pair(&table, study, k - 1, k, audit_out);
    study_table_clear(&table);
    return true;
}
