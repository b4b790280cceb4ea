/* compare.c - aligns two traces lane by lane, in execution order, and finds where they part.
 * SPDX-License-Identifier: MIT
 *
 * Runs that did the same have blocks with equal digests (docs/trace-format.md), so the equal part of two traces costs
 * two small reads per 64 KiB. Only the rest is decoded. */
#include "trace/compare.h"

#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* calloc, free */
#include <string.h> /* memmove */

#include "trace/blocks.h" /* trace_cursor_block, trace_lane_order */

enum {
    WINDOW = 512,   /* events of each lane that are looked at for an alignment */
    ENOUGH_RUN = 8, /* a common run of this length is no accident: the nearest one is right */
    LEAST_RUN = 4,  /* shorter ones only when they reach the end of both lanes */
    /* An alignment takes about 0.2 ms. Lanes that part this often have nothing in common. */
    MAX_ALIGNMENTS_OF_LANE = 1000,
    MAX_ALIGNMENTS = 10000,
};

/* One of the two lanes, and the events that were read from it but not compared yet. */
struct side {
    struct trace *trace;
    struct trace_cursor *cursor;
    struct oneseed_event queue[WINDOW];
    uint64_t numbers[WINDOW];    /* of the queue: event numbers in the lane */
    uint64_t identities[WINDOW]; /* of the queue, while aligning */
    size_t n_queued, first_queued;
    bool ended; /* nothing comes behind the queue */
};

struct comparison {
    const struct trace_compare_options *options;
    trace_difference_visitor *visit;
    void *context;
    struct trace_totals totals;
    struct side a, b;
    size_t lane_a, lane_b;
    size_t n_alignments, n_alignments_of_lane;
    bool differs;
    const struct trace *damaged;
    uint16_t runs[2][WINDOW + 1];
};

/* --- Reading ------------------------------------------------------------------------------------------------------ */

static uint64_t side_index(const struct side *side)
{
    return side->n_queued != 0 ? side->numbers[side->first_queued] : trace_cursor_index(side->cursor);
}

static void side_pop(struct side *side, size_t n)
{
    side->first_queued += n;
    side->n_queued -= n;
    if (side->n_queued == 0)
        side->first_queued = 0;
}

static uint32_t skipped_kinds(const struct comparison *comparison)
{
    const struct trace_compare_options *options = comparison->options;
    bool told =
        options != NULL && options->size >= offsetof(struct trace_compare_options, skipped_kinds) + sizeof(uint32_t);
    return told ? options->skipped_kinds : 0;
}

/* Reads on until n events are queued or the lane ends. False: damaged. */
static bool side_fill(struct comparison *comparison, struct side *side, size_t n)
{
    if (side->first_queued + n > WINDOW) {
        memmove(side->queue, side->queue + side->first_queued, side->n_queued * sizeof *side->queue);
        memmove(side->numbers, side->numbers + side->first_queued, side->n_queued * sizeof *side->numbers);
        side->first_queued = 0;
    }
    while (side->n_queued < n && !side->ended) {
        size_t last = side->first_queued + side->n_queued;
        side->numbers[last] = trace_cursor_index(side->cursor);
        int status = trace_cursor_next(side->cursor, &side->queue[last]);
        if (status < 0) {
            comparison->damaged = side->trace;
            return false;
        }
        side->ended = status == 0;
        if (status == 1 && (skipped_kinds(comparison) >> side->queue[last].kind & 1) == 0)
            side->n_queued++;
    }
    return true;
}

/* --- Events ------------------------------------------------------------------------------------------------------- */

static bool same_identity(const struct oneseed_event *a, const struct oneseed_event *b)
{
    return a->kind == b->kind && a->site == b->site && a->name == b->name && a->generator == b->generator;
}

static uint64_t identity_of(const struct oneseed_event *event)
{
    uint64_t mixed = event->site;
    mixed = (mixed ^ event->kind) * 0x9e3779b97f4a7c15u;
    mixed = (rotl64(mixed, 29) ^ event->name) * 0xbf58476d1ce4e5b9u;
    mixed = (rotl64(mixed, 31) ^ event->generator) * 0x94d049bb133111ebu;
    return mixed ^ mixed >> 32;
}

/* A seed from the system is another one each time, too: it counts where somebody draws from it. */
static bool value_is_expected_to_differ(const struct oneseed_event *event)
{
    uint8_t kind = event->kind;
    return kind == ONESEED_EVENT_CLOCK || kind == ONESEED_EVENT_ENTROPY || kind == ONESEED_EVENT_ENVIRONMENT ||
           kind == ONESEED_EVENT_PROCESS || kind == ONESEED_EVENT_SPAWN ||
           (kind == ONESEED_EVENT_SEED && event->name == digest_id("os", 2));
}

static bool same_pair(const uint64_t a[2], const uint64_t b[2])
{
    return a[0] == b[0] && a[1] == b[1];
}

/* Do two events of one identity differ, and how? */
static bool values_differ(const struct oneseed_event *a, const struct oneseed_event *b, bool values_of_all,
                          enum trace_difference_kind *kind_out)
{
    *kind_out = TRACE_RESULT;
    unsigned flags = a->flags | b->flags;
    bool volatile_kind = value_is_expected_to_differ(a);
    if (volatile_kind && !values_of_all)
        return false;
    if (flags & ONESEED_FLAG_UNDIGESTED) /* a file that was looked for: there in one run, not in the other? */
        return a->kind == ONESEED_EVENT_FILE && ((a->flags ^ b->flags) & ONESEED_FLAG_MISSING);
    if (!same_pair(a->in, b->in)) {
        if (!volatile_kind)
            *kind_out = TRACE_INPUT;
        return true;
    }
    bool words_matter = a->kind != ONESEED_EVENT_CLOCK && !(flags & ONESEED_FLAG_WORDS_UNKNOWN);
    if (words_matter && a->words != b->words) {
        if (a->kind == ONESEED_EVENT_DRAW)
            *kind_out = TRACE_COUNT;
        return true;
    }
    if (a->bytes != b->bytes || ((a->flags ^ b->flags) & ONESEED_FLAG_MISSING))
        return true;
    bool result_matters = !(flags & ONESEED_FLAG_UNDEFINED) || values_of_all;
    return result_matters && !same_pair(a->out, b->out);
}

static bool give_out(struct comparison *comparison, struct trace_difference *difference)
{
    comparison->differs = true;
    difference->lane_a = comparison->lane_a;
    difference->lane_b = comparison->lane_b;
    return comparison->visit(comparison->context, difference);
}

/* Two events at aligned places. False: the visitor leaves the lane. */
static bool compare_pair(struct comparison *comparison, const struct oneseed_event *a, const struct oneseed_event *b)
{
    struct trace_totals *totals = &comparison->totals;
    bool draw = a->kind == ONESEED_EVENT_DRAW, op = a->kind == ONESEED_EVENT_OP;
    totals->events++;
    totals->draws += draw;
    totals->ops += op;
    totals->files += trace_event_is_input_file(a);
    struct trace_difference difference;
    bool values_of_all = comparison->options && comparison->options->values_of_all;
    if (!values_differ(a, b, values_of_all, &difference.kind))
        return true;
    totals->differing_draws += draw;
    totals->differing_ops += op;
    difference = (struct trace_difference){.kind = difference.kind, .a = *a, .b = *b};
    difference.index = side_index(&comparison->a);
    difference.index_b = side_index(&comparison->b);
    return give_out(comparison, &difference);
}

/* --- Alignment ---------------------------------------------------------------------------------------------------- */

static const uint64_t *find_identities(struct side *side)
{
    for (size_t i = 0; i < side->n_queued; i++)
        side->identities[i] = identity_of(&side->queue[side->first_queued + i]);
    return side->identities;
}

struct alignment {
    size_t a, b, run;
};

static bool better(const struct alignment *x, const struct alignment *y)
{
    bool x_enough = x->run >= ENOUGH_RUN, y_enough = y->run >= ENOUGH_RUN;
    size_t x_distance = x->a + x->b, y_distance = y->a + y->b;
    if (x_enough && y_enough)
        return x_distance < y_distance || (x_distance == y_distance && x->run > y->run);
    return x->run > y->run || (x->run == y->run && x_distance < y_distance);
}

/* Length of the common run from each pair of places, from the ends to the fronts: a row per event of a. */
static struct alignment best_alignment(struct comparison *comparison)
{
    const uint64_t *a = find_identities(&comparison->a), *b = find_identities(&comparison->b);
    size_t n_a = comparison->a.n_queued, n_b = comparison->b.n_queued;
    memset(comparison->runs, 0, sizeof comparison->runs);
    struct alignment best = {0, 0, 0};
    for (size_t i = n_a; i-- > 0;) {
        uint16_t *row = comparison->runs[i % 2];
        const uint16_t *below = comparison->runs[(i + 1) % 2];
        for (size_t j = 0; j < n_b; j++) {
            row[j] = a[i] == b[j] ? (uint16_t)(below[j + 1] + 1) : 0;
            struct alignment here = {i, j, row[j]};
            if (row[j] != 0 && (best.run == 0 || better(&here, &best)))
                best = here;
        }
    }
    return best;
}

/* Another call: gives it out, and passes over what only one of the lanes has. 1 = goes on, 0 = the lane is left,
 * -1 = damaged. */
static int align(struct comparison *comparison)
{
    struct side *a = &comparison->a, *b = &comparison->b;
    struct trace_difference difference = {.kind = TRACE_PATH, .index = side_index(a), .index_b = side_index(b)};
    difference.a = a->queue[a->first_queued];
    difference.b = b->queue[b->first_queued];
    if (!side_fill(comparison, a, WINDOW) || !side_fill(comparison, b, WINDOW))
        return -1;
    struct alignment found = {0, 0, 0};
    if (comparison->n_alignments++ < MAX_ALIGNMENTS && comparison->n_alignments_of_lane++ < MAX_ALIGNMENTS_OF_LANE)
        found = best_alignment(comparison);
    bool to_the_end = a->ended && b->ended && found.a + found.run == a->n_queued && found.b + found.run == b->n_queued;
    difference.left = found.run < LEAST_RUN && !(found.run > 0 && to_the_end);
    difference.passed_a = (uint32_t)(difference.left ? 0 : found.a);
    difference.passed_b = (uint32_t)(difference.left ? 0 : found.b);
    if (!give_out(comparison, &difference) || difference.left)
        return 0;
    side_pop(a, found.a);
    side_pop(b, found.b);
    return 1;
}

/* --- Lanes -------------------------------------------------------------------------------------------------------- */

/* Passes over a pair of equal blocks. 1 = done, 0 = there is none here, -1 = damaged. */
static int skip_equal_blocks(struct comparison *comparison)
{
    if (comparison->a.n_queued != 0 || comparison->b.n_queued != 0)
        return 0;
    struct trace_block a, b;
    int status = trace_cursor_block(comparison->a.cursor, &a);
    if (status < 0)
        comparison->damaged = comparison->a.trace;
    if (status != 1)
        return status;
    status = trace_cursor_block(comparison->b.cursor, &b);
    if (status < 0)
        comparison->damaged = comparison->b.trace;
    if (status != 1)
        return status;
    if (!a.sealed || !b.sealed || a.used_nbytes != b.used_nbytes || a.n_records != b.n_records ||
        !same_pair(a.digest, b.digest))
        return 0;
    comparison->totals.events += a.n_records;
    comparison->totals.draws += a.n_draws;
    comparison->totals.ops += a.n_ops;
    comparison->totals.files += a.n_files;
    trace_cursor_skip(comparison->a.cursor, &a);
    trace_cursor_skip(comparison->b.cursor, &b);
    return 1;
}

static void give_out_end(struct comparison *comparison)
{
    const struct side *a = &comparison->a, *b = &comparison->b;
    struct trace_difference difference = {.kind = TRACE_ENDED, .index = side_index(a), .index_b = side_index(b)};
    if (a->n_queued != 0)
        difference.a = a->queue[a->first_queued];
    if (b->n_queued != 0)
        difference.b = b->queue[b->first_queued];
    (void)give_out(comparison, &difference);
}

/* 0, or -1 = damaged. */
static int compare_events(struct comparison *comparison)
{
    struct side *a = &comparison->a, *b = &comparison->b;
    for (;;) {
        int status = skip_equal_blocks(comparison);
        if (status < 0)
            return -1;
        if (status == 1)
            continue;
        if ((a->n_queued == 0 && !side_fill(comparison, a, 1)) || (b->n_queued == 0 && !side_fill(comparison, b, 1)))
            return -1;
        if (a->n_queued == 0 || b->n_queued == 0) {
            if (a->n_queued != b->n_queued)
                give_out_end(comparison);
            return 0;
        }
        const struct oneseed_event *event_a = &a->queue[a->first_queued], *event_b = &b->queue[b->first_queued];
        if (same_identity(event_a, event_b)) {
            if (!compare_pair(comparison, event_a, event_b))
                return 0;
            side_pop(a, 1);
            side_pop(b, 1);
        } else if ((status = align(comparison)) != 1) {
            return status;
        }
    }
}

static bool side_open(struct side *side, struct trace *trace, size_t lane)
{
    side->trace = trace;
    side->cursor = trace_lane_open(trace, lane);
    side->n_queued = 0;
    side->first_queued = 0;
    side->ended = false;
    return side->cursor != NULL;
}

static void side_close(struct side *side)
{
    trace_cursor_close(side->cursor);
    side->cursor = NULL;
}

/* A lane that both have. 0, -1 = damaged, -2 = no memory. */
static int compare_lane(struct comparison *comparison, struct trace *a, struct trace *b)
{
    comparison->n_alignments_of_lane = 0;
    int status = -2;
    if (side_open(&comparison->a, a, comparison->lane_a) && side_open(&comparison->b, b, comparison->lane_b))
        status = compare_events(comparison);
    side_close(&comparison->a);
    side_close(&comparison->b);
    comparison->totals.lanes++;
    return status;
}

/* A lane that one of them lacks: its first event stands for it. */
static int give_out_lane(struct comparison *comparison, struct side *side, struct trace *trace, size_t lane,
                         struct oneseed_event *event, struct trace_difference *difference)
{
    bool filled = false;
    if (!side_open(side, trace, lane))
        return -2;
    filled = side_fill(comparison, side, 1);
    if (filled && side->n_queued != 0)
        *event = side->queue[0];
    side_close(side);
    if (!filled)
        return -1;
    (void)give_out(comparison, difference);
    return 0;
}

/* The next lane of either, in tree order. */
static int compare_next(struct comparison *comparison, struct trace *a, struct trace *b, size_t *lane_a, size_t *lane_b)
{
    bool has_a = *lane_a < trace_n_lanes(a), has_b = *lane_b < trace_n_lanes(b);
    int order = !has_a ? 1 : !has_b ? -1 : trace_lane_order(trace_lane_name(a, *lane_a), trace_lane_name(b, *lane_b));
    struct trace_difference difference = {.kind = TRACE_LANE};
    comparison->lane_a = order <= 0 ? (*lane_a)++ : (size_t)-1;
    comparison->lane_b = order >= 0 ? (*lane_b)++ : (size_t)-1;
    if (order < 0)
        return give_out_lane(comparison, &comparison->a, a, comparison->lane_a, &difference.a, &difference);
    if (order > 0)
        return give_out_lane(comparison, &comparison->b, b, comparison->lane_b, &difference.b, &difference);
    return compare_lane(comparison, a, b);
}

int trace_compare(struct trace *a, struct trace *b, const struct trace_compare_options *options,
                  trace_difference_visitor *visit, void *context, struct trace_totals *totals_out, char *error,
                  size_t error_nbytes)
{
    struct comparison *comparison = calloc(1, sizeof *comparison);
    int status = comparison ? 0 : -2;
    if (comparison) {
        comparison->options = options;
        comparison->visit = visit;
        comparison->context = context;
    }
    for (size_t i = 0, j = 0; status == 0 && (i < trace_n_lanes(a) || j < trace_n_lanes(b));)
        status = compare_next(comparison, a, b, &i, &j);
    if (status == -2)
        (void)snprintf(error, error_nbytes, "no memory");
    else if (status == -1)
        (void)snprintf(error, error_nbytes, "%s", trace_error(comparison->damaged));
    else
        status = comparison->differs;
    *totals_out = comparison ? comparison->totals : (struct trace_totals){0};
    free(comparison);
    return status == -2 ? -1 : status;
}
