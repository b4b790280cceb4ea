/* stats_study.c - a study as `oneseed stats` sees it: which of its runs, and their values.
 * SPDX-License-Identifier: MIT */
#include "cli/stats_study.h"

#include <jansson.h> /* json_loads */
#include <stdio.h>   /* fputs */
#include <stdlib.h>  /* malloc, abort */
#include <string.h>  /* strcmp */

#include "cli/cli.h"       /* message */
#include "report/report.h" /* report_command */
#include "scan/seeds.h"    /* seeds_parse */

const char *stats_sources(const struct study_table *table, size_t row)
{
    return table->sources ? table->sources[row] : "";
}

enum { RANGES_MOST = 1000 }; /* of a plan: of more, runs are counted without a look at their seeds */

static bool is_base(const struct study_table *table, size_t row)
{
    return table->repeats[row] == 0 && stats_sources(table, row)[0] == '\0';
}

static void choose_rows(struct stats_study *opened)
{
    const struct study_table *table = &opened->table;
    struct stats_runs *runs = &opened->runs;
    opened->rows = malloc((table->n ? table->n : 1) * sizeof *opened->rows);
    if (!opened->rows) {
        fputs("oneseed: out of memory\n", stderr);
        abort();
    }
    for (size_t row = 0; row < table->n; row++) {
        if (table->repeats[row] > 0) {
            runs->n_repeats++;
            continue;
        }
        if (stats_sources(table, row)[0] != '\0') {
            runs->n_varied++;
            continue;
        }
        const int64_t seed = table->seeds[row]; /* ascending */
        struct seed_stretch *stretch = runs->n_stretches > 0 && runs->n_stretches <= STATS_STRETCHES
                                           ? &runs->stretches[runs->n_stretches - 1]
                                           : NULL;
        if (runs->n == 0 || (uint64_t)seed - (uint64_t)runs->last_seed > 1) {
            if (runs->n_stretches < STATS_STRETCHES)
                runs->stretches[runs->n_stretches] = (struct seed_stretch){seed, seed};
            runs->n_stretches++;
        } else if (stretch) {
            stretch->last = seed;
        }
        runs->first_seed = runs->n == 0 || table->seeds[row] < runs->first_seed ? table->seeds[row] : runs->first_seed;
        runs->last_seed = runs->n == 0 || table->seeds[row] > runs->last_seed ? table->seeds[row] : runs->last_seed;
        runs->n++;
        runs->n_failed += table->statuses[row] == STUDY_FAILED;
        runs->n_timeout += table->statuses[row] == STUDY_TIMEOUT;
        runs->n_lost += table->statuses[row] == STUDY_LOST;
        if (table->statuses[row] == STUDY_DONE)
            opened->rows[opened->n_rows++] = row;
    }
    runs->n_done = opened->n_rows;
    if (opened->n_rows == table->n) {
        free(opened->rows);
        opened->rows = NULL;
    }
}

/* How many runs the plan has, and how many of those are not there yet. Of a shard with varied sources it is not known: its runs are of some
 * seeds the base, of some varied. */
static void compare_with_plan(struct stats_study *opened)
{
    struct stats_runs *runs = &opened->runs;
    const struct study_table *table = &opened->table;
    const char *shard_text = study_text(opened->study, "shard"), *sources = study_text(opened->study, "sources");
    unsigned long shard = 0, n_shards = 1;
    struct seeds seeds;
    char why[200];
    if (shard_text && (sscanf(shard_text, "%7lu/%7lu", &shard, &n_shards) != 2 || shard >= n_shards ||
                       (sources && *sources && n_shards > 1)))
        return;
    if (!runs->seeds || !seeds_parse(runs->seeds, &seeds, why, sizeof why))
        return;
    runs->n_planned = seeds.n / n_shards + (shard < seeds.n % n_shards);
    size_t n_here = seeds.n_ranges <= RANGES_MOST ? 0 : runs->n;
    for (size_t row = 0; row < table->n && seeds.n_ranges <= RANGES_MOST; row++)
        n_here += is_base(table, row) && seeds_have(&seeds, table->seeds[row]);
    runs->n_left = runs->n_planned > n_here ? runs->n_planned - n_here : 0;
    runs->planned = true;
    seeds_clear(&seeds);
}

/* One line for a terminal. */
static char *command_of(struct study *study)
{
    const char *text = study_text(study, "command");
    json_t *words = text ? json_loads(text, 0, NULL) : NULL;
    char *command = report_command(words);
    for (char *at = command; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 127)
            *at = ' ';
    json_decref(words);
    return command;
}

bool stats_open_study(const char *path, struct stats_study *opened)
{
    char error[STUDY_ERROR_NBYTES];
    opened->shown = study_shown(path);
    opened->study = study_open_reader(path, error);
    if (!opened->study || !study_read(opened->study, false, &opened->table, error)) {
        message("%s", error);
        return false;
    }
    opened->runs.shown = opened->shown;
    opened->runs.forced = study_text(opened->study, "forced");
    opened->runs.seeds = study_text(opened->study, "seeds");
    opened->runs.until = study_text(opened->study, "until");
    opened->runs.own_seeds = study_text(opened->study, "own_seeds");
    opened->runs.command = command_of(opened->study);
    opened->runs.reseeds = report_reseeds(opened->study);
    if (opened->runs.until && strcmp(opened->runs.until, "none") == 0)
        opened->runs.until = NULL;
    choose_rows(opened);
    compare_with_plan(opened);
    return true;
}

void stats_close_study(struct stats_study *opened)
{
    study_table_clear(&opened->table);
    study_close(opened->study);
    free(opened->shown);
    free(opened->runs.command);
    free(opened->rows);
}

size_t stats_row(const struct stats_study *opened, size_t k)
{
    return opened->rows ? opened->rows[k] : k;
}

/* The chosen runs' values of a metric; *own_out is to be freed when they are a copy. */
const double *stats_values(const struct stats_study *opened, size_t metric, double **own_out)
{
    const double *column = opened->table.values[metric];
    *own_out = NULL;
    if (!opened->rows)
        return column;
    double *values = malloc((opened->n_rows ? opened->n_rows : 1) * sizeof *values);
    if (!values) {
        fputs("oneseed: out of memory\n", stderr);
        abort();
    }
    for (size_t k = 0; k < opened->n_rows; k++)
        values[k] = column[opened->rows[k]];
    *own_out = values;
    return values;
}

bool stats_find_metric(const struct study *study, const char *name, size_t *number_out)
{
    for (size_t k = 0; k < study_n_metrics(study); k++) {
        if (strcmp(study_metric_name(study, (unsigned)k), name) == 0) {
            *number_out = k;
            return true;
        }
    }
    return false;
}
