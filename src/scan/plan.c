/* plan.c - which runs there are to be, and what became of each so far.
 * SPDX-License-Identifier: MIT */
#include "scan/plan.h"

#include <inttypes.h> /* PRId64 */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* qsort_r */
#include <string.h>   /* strcmp */

#include "common/array.h"  /* ARRAY_PUSH */
#include "common/digest.h" /* digest64_seeded */
#include "stats/stats.h"   /* stats_sources_plan */

enum { MOST = 250, LOST_MOST = 3 }; /* a run whose worker died is no fault of the program's: it is tried again */

/* ---- making it ---- */

static void add(struct plan *plan, int64_t seed, unsigned sources, unsigned short repeat)
{
    struct planned run = {.seed = seed, .sources = sources, .repeat = repeat};
    ARRAY_PUSH(plan->runs, plan->n, run);
}

static void add_varied(struct plan *plan, const struct plan_options *options, size_t k)
{
    size_t n_varied = 0;
    while (options->varied[n_varied])
        n_varied++;
    for (size_t i = 0; i < n_varied; i++) {
        size_t from = stats_sources_plan(k, options->seeds->n, i, n_varied);
        char *text = text_format("%s=%" PRId64, options->varied[i], seeds_at(options->seeds, from));
        ARRAY_PUSH(plan->sources, plan->n_sources, text);
        add(plan, seeds_at(options->seeds, k), (unsigned)(plan->n_sources - 1), 0);
    }
}

static uint64_t audit_place(int64_t seed)
{
    return digest64_seeded(&seed, sizeof seed, 0x6175646974);
}

static int by_place(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Repeats that share of the seeds, one at least: those whose digests are smallest, so the same ones again on resume, and those of a smaller share
 * among those of a larger. */
static void add_audit(struct plan *plan, const struct plan_options *options)
{
    size_t n = options->seeds->n, n_audited = (size_t)(options->audit * (double)n + 0.5);
    uint64_t *places = calloc(n + 1, sizeof *places);
    if (!places)
        abort();
    if (n_audited == 0)
        n_audited = 1;
    for (size_t k = 0; k < n; k++)
        places[k] = audit_place(seeds_at(options->seeds, k));
    qsort(places, n, sizeof *places, by_place);
    uint64_t last = places[n_audited - 1];
    for (size_t k = 0; k < n; k++)
        if (audit_place(seeds_at(options->seeds, k)) <= last)
            add(plan, seeds_at(options->seeds, k), 0, 1);
    free(places);
}

static int by_key(const void *a, const void *b, void *context)
{
    const struct plan *plan = context;
    const struct planned *x = &plan->runs[*(const size_t *)a], *y = &plan->runs[*(const size_t *)b];
    if (x->seed != y->seed)
        return x->seed < y->seed ? -1 : 1;
    int texts = strcmp(plan->sources[x->sources], plan->sources[y->sources]);
    if (texts != 0)
        return texts;
    return (x->repeat > y->repeat) - (x->repeat < y->repeat);
}

static void keep_shard(struct plan *plan, size_t shard, size_t n_shards)
{
    size_t n = 0;
    for (size_t k = 0; k < plan->n; k++)
        if (k % n_shards == shard)
            plan->runs[n++] = plan->runs[k];
    plan->n = n;
}

bool plan_make(const struct plan_options *options, struct plan *plan_out, char *error, size_t error_nbytes)
{
    struct plan plan = {.retries = options->retries};
    ARRAY_PUSH(plan.sources, plan.n_sources, text_copy(""));
    if (options->varied && options->seeds->n < 3) {
        snprintf(error, error_nbytes, "--vary-source needs 3 seeds or more: each is a replication");
        plan_clear(&plan);
        return false;
    }
    for (size_t k = 0; k < options->seeds->n; k++) {
        add(&plan, seeds_at(options->seeds, k), 0, 0);
        if (options->varied)
            add_varied(&plan, options, k);
    }
    if (options->audit > 0)
        add_audit(&plan, options);
    if (options->n_shards > 1)
        keep_shard(&plan, options->shard, options->n_shards);
    plan.order = calloc(plan.n + 1, sizeof *plan.order);
    if (!plan.order)
        abort();
    for (size_t k = 0; k < plan.n; k++)
        plan.order[k] = k;
    qsort_r(plan.order, plan.n, sizeof *plan.order, by_key, &plan);
    plan.n_state[PLANNED_OPEN] = plan.n;
    *plan_out = plan;
    return true;
}

void plan_clear(struct plan *plan)
{
    for (size_t k = 0; k < plan->n_sources; k++)
        free(plan->sources[k]);
    free(plan->sources);
    free(plan->runs);
    free(plan->order);
    *plan = (struct plan){0};
}

/* ---- what became of it ---- */

static void set_state(struct plan *plan, size_t place, enum planned_state state)
{
    plan->n_state[plan->runs[place].state]--;
    plan->runs[place].state = (unsigned char)state;
    plan->n_state[state]++;
    if (state == PLANNED_OPEN && place < plan->next)
        plan->next = place;
}

static bool may_try_again(const struct plan *plan, const struct planned *run, enum study_status status)
{
    if (status == STUDY_LOST)
        return run->lost <= LOST_MOST;
    return status != STUDY_DONE && run->counted <= plan->retries;
}

struct study_key plan_key(const struct plan *plan, size_t place)
{
    const struct planned *run = &plan->runs[place];
    return (struct study_key){run->seed, plan->sources[run->sources], run->repeat};
}

/* Of a key, or plan->n. */
static size_t find(const struct plan *plan, const struct study_key *key)
{
    size_t low = 0, high = plan->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct study_key here = plan_key(plan, plan->order[middle]);
        int order = (here.seed > key->seed) - (here.seed < key->seed);
        if (order == 0)
            order = strcmp(here.sources, key->sources);
        if (order == 0)
            order = (here.repeat > key->repeat) - (here.repeat < key->repeat);
        if (order == 0)
            return plan->order[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return plan->n;
}

void plan_know(struct plan *plan, const struct study_known *known)
{
    size_t place = find(plan, &known->key);
    if (place == plan->n)
        return; /* of another shard, or of seeds that are not asked for now */
    if (plan->runs[place].state != PLANNED_OPEN)
        return; /* ours, and known */
    struct planned *run = &plan->runs[place];
    run->attempts = (unsigned char)(known->attempt > MOST ? MOST : known->attempt);
    /* Lost: its worker and all of that scan are gone. It counts as not run. */
    run->counted = known->status == STUDY_LOST ? 0 : run->attempts;
    if (known->status == STUDY_DONE)
        set_state(plan, place, PLANNED_DONE);
    else if (known->status != STUDY_LOST && !may_try_again(plan, run, known->status))
        set_state(plan, place, PLANNED_FAILED);
}

size_t plan_open(struct plan *plan, size_t *places_out, size_t n_most)
{
    size_t n = 0, n_open = plan->n_state[PLANNED_OPEN];
    while (plan->next < plan->n && plan->runs[plan->next].state != PLANNED_OPEN)
        plan->next++;
    for (size_t place = plan->next; n < n_most && n < n_open && place < plan->n; place++)
        if (plan->runs[place].state == PLANNED_OPEN)
            places_out[n++] = place;
    return n;
}

void plan_running(struct plan *plan, size_t place)
{
    set_state(plan, place, PLANNED_RUNNING);
}

void plan_elsewhere(struct plan *plan, size_t place)
{
    set_state(plan, place, PLANNED_ELSEWHERE);
}

void plan_look_again(struct plan *plan)
{
    for (size_t place = 0; place < plan->n && plan->n_state[PLANNED_ELSEWHERE] > 0; place++)
        if (plan->runs[place].state == PLANNED_ELSEWHERE)
            set_state(plan, place, PLANNED_OPEN);
}

bool plan_ended(struct plan *plan, size_t place, enum study_status status)
{
    struct planned *run = &plan->runs[place];
    if (run->attempts < MOST)
        run->attempts++;
    if (status == STUDY_LOST)
        run->lost++;
    else if (run->counted < MOST)
        run->counted++;
    bool again = may_try_again(plan, run, status);
    set_state(plan, place, status == STUDY_DONE ? PLANNED_DONE : again ? PLANNED_OPEN : PLANNED_FAILED);
    return again;
}

void plan_drop_seeds(struct plan *plan)
{
    for (size_t place = 0; place < plan->n; place++) {
        struct study_key key = plan_key(plan, place);
        unsigned char state = plan->runs[place].state;
        if (state != PLANNED_OPEN && state != PLANNED_ELSEWHERE)
            continue;
        bool repeats = key.repeat > 0;
        key.repeat = 0;
        size_t base = repeats ? find(plan, &key) : plan->n;
        if (base == plan->n || (plan->runs[base].state != PLANNED_DONE && plan->runs[base].state != PLANNED_RUNNING))
            set_state(plan, place, PLANNED_DROPPED);
    }
}

void plan_reopen(struct plan *plan, size_t place)
{
    set_state(plan, place, PLANNED_OPEN);
}
