/* shares.c - a study's varied runs as stats_variance_shares() takes them: which source has the seed of which replication.
 * SPDX-License-Identifier: MIT */
#include "report/shares.h" /* shares_plan_read */

#include <math.h>   /* isfinite, NAN, fmin */
#include <stdlib.h> /* strtoll, qsort, calloc, free */
#include <string.h> /* strchr, strcmp */

#include "common/array.h" /* ARRAY_PUSH, text_copy, text_format */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The replication with that seed; (size_t)-1: none. Rows are ordered by seed. */
static size_t find_base(const struct shares_plan *plan, const struct study_table *table, int64_t seed)
{
    size_t low = 0, high = plan->n_bases;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->seeds[plan->bases[middle]] < seed)
            low = middle + 1;
        else
            high = middle;
    }
    return low < plan->n_bases && table->seeds[plan->bases[low]] == seed ? low : (size_t)-1;
}

/* "init=3" is one source and its seed; several at once are none of the plan's. */
static bool split_source(const char *text, char **name_out, int64_t *seed_out)
{
    const char *equals = strchr(text, '=');
    char *end;

    if (!equals || equals == text || strchr(text, ','))
        return false;
    *seed_out = strtoll(equals + 1, &end, 10);
    if (end == equals + 1 || *end)
        return false;
    *name_out = text_format("%.*s", (int)(equals - text), text);
    return true;
}

static size_t find_name(const struct shares_plan *plan, const char *name)
{
    size_t i = 0;
    while (i < plan->n_names && strcmp(plan->names[i], name) != 0)
        i++;
    return i;
}

static bool is_varied(const struct study_table *table, size_t row)
{
    return table->sources && table->sources[row][0] && table->repeats[row] == 0 && table->statuses[row] == STUDY_DONE;
}

bool shares_plan_read(const struct study_table *table, struct shares_plan *plan_out)
{
    struct shares_plan plan = {0};
    char *name;
    int64_t seed;

    for (size_t i = 0; table->sources && i < table->n; i++) {
        if (is_varied(table, i) && split_source(table->sources[i], &name, &seed)) {
            if (find_name(&plan, name) == plan.n_names)
                ARRAY_PUSH(plan.names, plan.n_names, text_copy(name));
            free(name);
        } else if (!table->sources[i][0] && table->repeats[i] == 0 && table->statuses[i] == STUDY_DONE) {
            ARRAY_PUSH(plan.bases, plan.n_bases, i);
        }
    }
    if (plan.n_names)
        qsort(plan.names, plan.n_names, sizeof *plan.names, compare_names);
    for (size_t i = 0; plan.n_names && i < table->n; i++) {
        if (!is_varied(table, i))
            continue;
        struct shares_run run = {.row = i, .from = (size_t)-1};
        if (split_source(table->sources[i], &name, &seed)) {
            run.source = find_name(&plan, name);
            run.base = find_base(&plan, table, table->seeds[i]);
            run.from = run.base == (size_t)-1 ? (size_t)-1 : find_base(&plan, table, seed);
            free(name);
        }
        if (run.from != (size_t)-1)
            ARRAY_PUSH(plan.runs, plan.n_runs, run);
        else
            plan.n_left_out++;
    }
    *plan_out = plan;
    return plan.n_runs != 0;
}

void shares_plan_clear(struct shares_plan *plan)
{
    for (size_t i = 0; i < plan->n_names; i++)
        free(plan->names[i]);
    free(plan->names);
    free(plan->bases);
    free(plan->runs);
    *plan = (struct shares_plan){0};
}

bool shares_of_metric(const struct shares_plan *plan, const struct study_table *table, unsigned metric,
                      const struct stats_options *options, struct stats_share *shares_out, struct stats_shares *out)
{
    const double *values = table->values[metric];
    double *base = calloc(plan->n_bases + 1, sizeof *base), low = INFINITY, high = -INFINITY;
    struct stats_varied *varied = calloc(plan->n_runs + 1, sizeof *varied);
    size_t n_varied = 0;
    bool ok;

    if (!base || !varied)
        abort();
    for (size_t i = 0; i < plan->n_bases; i++)
        base[i] = isfinite(values[plan->bases[i]]) ? values[plan->bases[i]] : NAN;
    for (size_t i = 0; i < plan->n_runs; i++) {
        const struct shares_run *run = &plan->runs[i];
        if (isfinite(values[run->row]))
            varied[n_varied++] = (struct stats_varied){run->source, run->base, run->from, values[run->row]};
    }
    for (size_t i = 0; i < plan->n_bases; i++) {
        low = fmin(low, base[i]); /* fmin passes over nan */
        high = fmax(high, base[i]);
    }
    for (size_t i = 0; i < plan->n_bases && !stats_spread(low, high); i++) /* rounding alone is shared out by nobody */
        base[i] = isfinite(base[i]) ? low : NAN;
    ok = stats_variance_shares(base, plan->n_bases, varied, n_varied, plan->n_names, options, shares_out, out);
    free(base);
    free(varied);
    return ok;
}
