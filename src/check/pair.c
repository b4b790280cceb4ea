/* pair.c - two recorded runs side by side: where their traces part.
 * SPDX-License-Identifier: MIT */
#include "check/pair.h" /* struct pair */

#include <stdlib.h> /* free */
#include <string.h> /* strcmp */

#include "check/place.h"  /* place_is_users */
#include "common/array.h" /* ARRAY_PUSH */

enum { MAX_PER_LANE = 512, MAX_PATHS = 4 }; /* looking up the line before a path costs a pass over the lane */

struct visit {
    struct pair *pair;
    struct trace *a, *b;
    size_t lane_a, lane_b;
    size_t n_in_lane, n_paths;
};

static char *text_of(const struct visit *visit, uint64_t id_a, uint64_t id_b)
{
    const char *text = id_a ? trace_text(visit->a, id_a) : NULL;
    if (!text && id_b)
        text = trace_text(visit->b, id_b);
    return text_copy(text ? text : "");
}

static char *site_of(const struct visit *visit, uint64_t id_a, uint64_t id_b)
{
    char *text = text_of(visit, id_a, id_b);
    if (!place_is_users(text))
        *text = '\0';
    return text;
}

/* The site of the last line event before event `index` of run a's lane. */
static char *line_before(const struct visit *visit, size_t lane, uint64_t index)
{
    uint64_t site = 0;
    struct trace_cursor *cursor = lane == (size_t)-1 ? NULL : trace_lane_open(visit->a, lane);
    struct oneseed_event event;

    for (uint64_t i = 0; cursor && i < index && trace_cursor_next(cursor, &event) == 1; i++)
        if (event.kind == ONESEED_EVENT_LINE)
            site = event.site;
    trace_cursor_close(cursor);
    return text_of(visit, site, 0);
}

static bool visit_difference(void *context, const struct trace_difference *difference)
{
    struct visit *visit = context;
    bool path = difference->kind == TRACE_PATH || difference->kind == TRACE_ENDED;
    const char *lane;

    if (difference->lane_a != visit->lane_a || difference->lane_b != visit->lane_b) {
        visit->lane_a = difference->lane_a;
        visit->lane_b = difference->lane_b;
        visit->n_in_lane = visit->n_paths = 0;
    }
    if (++visit->n_in_lane > MAX_PER_LANE)
        return false;
    lane = difference->lane_a != (size_t)-1 ? trace_lane_name(visit->a, difference->lane_a)
                                            : trace_lane_name(visit->b, difference->lane_b);
    ARRAY_PUSH(visit->pair->differences, visit->pair->n_differences,
               (struct pair_difference){
                   .kind = difference->kind,
                   .a = difference->a,
                   .b = difference->b,
                   .lane = text_copy(lane),
                   .site = site_of(visit, difference->a.site, difference->b.site),
                   .name = text_of(visit, difference->a.name, difference->b.name),
                   .generator = text_of(visit, difference->a.generator, difference->b.generator),
                   .before = path && visit->n_paths++ < MAX_PATHS
                                 ? line_before(visit, difference->lane_a, difference->index)
                                 : text_copy(""),
                   .index = difference->index,
               });
    return true;
}

bool pair_compare(const struct run *a, const struct run *b, uint32_t skipped_kinds, struct pair *pair_out, char *error,
                  size_t error_nbytes)
{
    struct trace_compare_options options = {
        .size = sizeof options, .values_of_all = true, .skipped_kinds = skipped_kinds};
    struct visit visit = {.pair = pair_out, .lane_a = (size_t)-2, .lane_b = (size_t)-2};
    bool ok = false;

    *pair_out = (struct pair){0};
    visit.a = trace_open(a->trace_folder, error, error_nbytes);
    visit.b = visit.a ? trace_open(b->trace_folder, error, error_nbytes) : NULL;
    if (visit.b)
        ok = trace_compare(visit.a, visit.b, &options, visit_difference, &visit, &pair_out->totals, error,
                           error_nbytes) >= 0;
    trace_close(visit.a);
    trace_close(visit.b);
    return ok;
}

void pair_clear(struct pair *pair)
{
    for (size_t i = 0; i < pair->n_differences; i++) {
        free(pair->differences[i].lane);
        free(pair->differences[i].site);
        free(pair->differences[i].name);
        free(pair->differences[i].generator);
        free(pair->differences[i].before);
    }
    free(pair->differences);
    *pair = (struct pair){0};
}

bool pair_same_results(const struct run *a, const struct run *b)
{
    static const uint32_t others = ~(1u << ONESEED_EVENT_DRAW | 1u << ONESEED_EVENT_OP);
    bool stopped = a->launch.stopped || b->launch.stopped, same = true;
    struct pair pair = {0};
    char error[256];

    if (!run_equal(a, b))
        return false;
    if ((!run_is_silent(a) && !run_is_silent(b)) || !a->trace_folder || !b->trace_folder)
        return true;
    if (!pair_compare(a, b, others, &pair, error, sizeof error))
        return true;
    for (size_t i = 0; i < pair.n_differences; i++) {
        const struct pair_difference *d = &pair.differences[i];
        bool counts = d->a.kind == ONESEED_EVENT_OP || d->b.kind == ONESEED_EVENT_OP || *d->site;
        bool cut_off = stopped && (d->kind == TRACE_ENDED || d->kind == TRACE_LANE);
        same &= !counts || cut_off || strchr(d->lane, '/');
    }
    pair_clear(&pair);
    return same;
}
