/* sources_data.c - from a study's varied runs to the shares of the variance, and from its repeated ones to the audit.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h> /* calloc, free, abort */
#include <string.h> /* strcmp, memcpy */

#include "report/shares.h"      /* shares_plan_read */
#include "report/study_data.h"  /* sources_json */
#include "report/report_text.h" /* report_number */
#include "report/words.h"       /* words_no_shares */

enum { DIFFERENT_MOST = 100 };

static json_t *share_json(const char *name, const struct stats_share *share)
{
    json_t *object = json_object();
    json_object_set_new(object, "name", report_text(name));
    json_object_set_new(object, "first", report_number(share->first));
    json_object_set_new(object, "first_ci", interval_json(&share->first_ci));
    json_object_set_new(object, "total", report_number(share->total));
    json_object_set_new(object, "total_ci", interval_json(&share->total_ci));
    json_object_set_new(object, "n", json_integer((json_int_t)share->n_total));
    return object;
}

static void add_note(json_t *notes, char *text)
{
    if (text)
        json_array_append_new(notes, report_text(text));
    free(text);
}

/* Adds a metric's shares, or why there are none. */
static void add_shares(json_t *sources, const struct columns *columns, const struct shares_plan *plan, unsigned metric)
{
    struct stats_share *shares = calloc(plan->n_names + 1, sizeof *shares);
    struct stats_shares all;

    if (!shares)
        abort();
    const bool any = shares_of_metric(plan, &columns->table, metric, NULL, shares, &all);
    json_t *object = json_object(), *list = any ? json_array() : json_null(), *notes = json_array();
    for (size_t i = 0; any && i < plan->n_names; i++)
        json_array_append_new(list, share_json(plan->names[i], &shares[i]));
    json_object_set_new(object, "metric", report_text(study_metric_name(columns->study, metric)));
    json_object_set_new(object, "shares", list);
    json_object_set_new(object, "n", json_integer((json_int_t)all.n));
    json_object_set_new(object, "sure", json_boolean(any && stats_shares_sure(shares, plan->n_names, &all)));
    json_object_set_new(object, "left_out", json_integer((json_int_t)plan->n_left_out));
    json_object_set_new(object, "variance", report_number(all.variance));
    json_object_set_new(object, "rest", report_number(all.rest));
    json_object_set_new(object, "rest_ci", interval_json(&all.rest_ci));
    if (any) {
        add_note(notes, words_beyond(shares, plan->n_names, &all));
        add_note(notes, words_replications(shares, plan->n_names, &all));
    } else {
        add_note(notes, words_no_shares(&all));
    }
    json_object_set_new(object, "notes", notes);
    json_array_append_new(sources, object);
    free(shares);
}

json_t *sources_json(const struct columns *columns)
{
    struct shares_plan plan;
    json_t *sources = json_null();

    if (shares_plan_read(&columns->table, &plan)) {
        sources = json_array();
        for (unsigned i = 0; i < study_n_metrics(columns->study); i++)
            add_shares(sources, columns, &plan, i);
    }
    shares_plan_clear(&plan);
    return sources;
}

static bool same_bits(double a, double b)
{
    uint64_t bits_a, bits_b;
    memcpy(&bits_a, &a, sizeof bits_a);
    memcpy(&bits_b, &b, sizeof bits_b);
    return bits_a == bits_b;
}

/* Did the repetition give the same? Values as bits: nan is equal to itself. */
static bool same_results(const struct columns *columns, size_t a, size_t b)
{
    const struct study_table *table = &columns->table;
    bool same = table->statuses[a] == table->statuses[b];

    for (unsigned i = 0; same && i < study_n_metrics(columns->study); i++)
        same = same_bits(table->values[i][a], table->values[i][b]);
    return same && (!table->outputs || strcmp(table->outputs[a], table->outputs[b]) == 0);
}

/* Rows are ordered by seed, sources, repeat: a run's repetitions follow it. */
json_t *audit_json(const struct columns *columns)
{
    const struct study_table *table = &columns->table;
    json_t *different = json_array();
    size_t n_repeats = 0, n_different = 0, first = 0;

    for (size_t i = 0; i < table->n; i++) {
        if (table->repeats[i] == 0) {
            first = i;
            continue;
        }
        bool of_first = table->repeats[first] == 0 && table->seeds[first] == table->seeds[i] &&
                        (!table->sources || strcmp(table->sources[first], table->sources[i]) == 0);
        if (!of_first)
            continue;
        n_repeats++;
        if (!same_results(columns, first, i) && n_different++ < DIFFERENT_MOST)
            json_array_append_new(different, seed_json(table->seeds[i]));
    }
    if (n_repeats == 0) {
        json_decref(different);
        return json_null();
    }
    return json_pack("{s:I, s:I, s:o}", "repeated", (json_int_t)n_repeats, "different", (json_int_t)n_different,
                     "seeds", different);
}
