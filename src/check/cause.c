/* cause.c - one cause: its line, its name, what it reached, and the words for it.
 * SPDX-License-Identifier: MIT */
#include "check/cause.h" /* struct check_cause */

#include <stdlib.h> /* free */
#include <string.h> /* strcmp */

#include "check/explain.h" /* explain_cause */
#include "check/place.h"   /* place_find */
#include "check/vary.h"    /* VARY_MEMORY_ZERO */
#include "common/array.h"  /* text_copy */

struct check_cause new_cause(enum channel channel)
{
    return (struct check_cause){.channel = channel, .trigger = CHANNEL_NONE, .evidence = EVIDENCE_TRACE};
}

static const char *control_words(enum channel channel)
{
    static const char *const words[] = {
        [CHANNEL_UNSEEDED_RNG] = "with unseeded generators seeded",
        [CHANNEL_CHILD_PROCESS] = "with the children's generators seeded by their place",
        [CHANNEL_HASH_SEED] = "with PYTHONHASHSEED fixed",
        [CHANNEL_ADDRESS] = "without address randomisation",
        [CHANNEL_OS_ENTROPY] = "with the system's random bytes fixed",
        [CHANNEL_CLOCK] = "with a virtual clock",
        [CHANNEL_FILE_ORDER] = "with listings sorted",
        [CHANNEL_FILE_CONTENT] = "with the files put back",
        [CHANNEL_ENVIRONMENT] = "with process ids fixed",
        [CHANNEL_THREAD_ORDER] = "with one thread after the other",
        [CHANNEL_OP] = "with deterministic algorithms",
        [CHANNEL_UNINITIALISED_MEMORY] = "with fresh memory filled",
    };
    return channel < CHANNEL_CONTROLLED ? words[channel] : "";
}

char *proof_words(enum channel channel, bool others, unsigned n_runs)
{
    return text_format("%s%s, %u of %u runs are equal", control_words(channel),
                       others ? " and the other causes controlled" : "", n_runs, n_runs);
}

struct check_cause proved_cause(enum channel channel, bool others, unsigned n_runs)
{
    struct check_cause cause = new_cause(channel);

    cause.evidence = EVIDENCE_EXPERIMENT;
    cause.proof = proof_words(channel, others, n_runs);
    return cause;
}

void drop_cause(struct check_cause *cause)
{
    struct check_result one = {.causes = malloc(sizeof *cause), .n_causes = 1};
    if (!one.causes)
        abort();
    *one.causes = *cause;
    check_result_clear(&one);
}

void fill_reached(struct check_cause *cause, const struct run *a, const struct run *b, const struct pair *pair)
{
    cause->stdout_line = run_stdout_difference(a, b);
    cause->status_differs = a->launch.status != b->launch.status;
    run_file_differences(a, b, &cause->files, &cause->n_files);
    cause->draws = pair->totals.differing_draws;
    cause->ops = pair->totals.differing_ops;
}

void name_generator(struct check_cause *cause, const struct run *run, const char *only)
{
    struct chance_generator *list;
    size_t n_list;

    suspects_chance_generators(run, cause->channel, &list, &n_list);
    for (size_t i = 0; i < n_list; i++) {
        const struct surveyed_generator *generator = list[i].generator;
        bool instance = strchr(list[i].key, ':') != NULL;
        struct check_place place;

        if ((only && strcmp(only, list[i].key) != 0) ||
            !place_find(instance ? generator->seed_site : generator->draw_site, &place))
            continue;
        if (only || n_list == 1 || !cause->place.file || place_same(&place, &cause->place)) {
            place_clear(&cause->place);
            cause->place = place;
            free(cause->generator);
            cause->generator = text_copy(generator->name);
            free(cause->lane);
            cause->lane = text_copy(instance ? generator->lane : generator->draw_lane);
            cause->event = instance ? generator->seed_event : generator->draw_event;
            break;
        }
        place_clear(&place);
    }
    chance_generators_free(list, n_list);
}

void take_origin(struct check_cause *cause, const struct origin *origin)
{
    const struct pair_difference *d = origin->difference;

    if (!d || !place_find(origin->site, &cause->place))
        return;
    cause->lane = text_copy(d->lane);
    cause->event = d->index;
    if (*d->generator)
        cause->generator = text_copy(d->generator);
    if (d->a.kind == ONESEED_EVENT_OP)
        cause->op = text_copy(d->name);
}

void take_suspect(struct check_cause *cause, const struct suspect *suspect)
{
    if (!suspect->site || !place_find(suspect->site, &cause->place))
        return;
    cause->lane = text_copy(suspect->lane);
    cause->event = suspect->event;
    cause->generator = text_copy(suspect->generator);
    if (cause->channel == CHANNEL_OP)
        cause->op = text_copy(suspect->detail);
}

/* The first operation with equal inputs and another result, for its name. */
static void name_op(struct check_cause *cause, const struct pair *pair)
{
    for (size_t i = 0; i < pair->n_differences && !cause->op; i++) {
        const struct pair_difference *d = &pair->differences[i];
        if (d->a.kind == ONESEED_EVENT_OP && d->kind == TRACE_RESULT && !(d->a.flags & ONESEED_FLAG_UNDEFINED))
            cause->op = text_copy(d->name);
    }
}

/* The pair of isolate(): as the controls leave it, or, with `fills`, with these two contents of fresh memory. */
static bool follow_pair(struct work *work, struct check_cause *cause, channel_set others, const char *only,
                        const char *const fills[2])
{
    enum channel channel = cause->channel;
    struct run_request request = {
        .what = fills ? "following other memory:" : "following the lines:",
        .controls = others,
        .only = only,
        .record = work->a->survey.n_ops && (channel == CHANNEL_OP || channel == CHANNEL_UNINITIALISED_MEMORY)
                      ? "draws,ops,lines"
                      : "draws,lines",
        .vary = fills ? fills[0] : NULL,
        .put_back = true,
    };
    struct run x = {0}, y = {0};
    struct pair pair = {0};
    char error[256];
    bool differ = false;

    if (!may_experiment(work, 2))
        return false;
    experiment_with(work, &request, &x);
    request.vary = fills ? fills[1] : NULL;
    request.put_back = fills || puts_back(others);
    if (x.ok)
        experiment_with(work, &request, &y);
    if (x.ok && y.ok && pair_compare(&x, &y, locate_skipped_kinds(channel), &pair, error, sizeof error)) {
        struct origin origin = locate_origin(&x, &pair, channel);
        if (!cause->place.file)
            take_origin(cause, &origin);
        if (channel == CHANNEL_UNSEEDED_RNG || channel == CHANNEL_CHILD_PROCESS)
            name_generator(cause, &x, only);
        if (channel == CHANNEL_OP)
            name_op(cause, &pair);
        differ = !pair_same_results(&x, &y);
        if (differ && !fills)
            fill_reached(cause, &x, &y, &pair);
    }
    pair_clear(&pair);
    run_clear(&x);
    run_clear(&y);
    return differ;
}

bool isolate(struct work *work, struct check_cause *cause, channel_set others, const char *only)
{
    static const char *const fills[2] = {VARY_MEMORY_ZERO, VARY_MEMORY_OTHER};

    /* What lies in fresh memory is the same in many a pair, or differs only where it does no harm: two contents that are
     * known to differ show the line that reads it. */
    if (cause->channel == CHANNEL_UNINITIALISED_MEMORY)
        follow_pair(work, cause, others | (work->possible & CHANNEL_BIT(CHANNEL_ADDRESS)), only, fills);
    return follow_pair(work, cause, others, only, NULL);
}

/* Can another channel decide how many draws are made, so that the draws are the thing to mend? */
static bool can_trigger(enum channel channel)
{
    return channel == CHANNEL_CLOCK || channel == CHANNEL_FILE_CONTENT || channel == CHANNEL_ENVIRONMENT ||
           channel == CHANNEL_THREAD_ORDER || channel == CHANNEL_UNKNOWN;
}

static void become_draw_count(struct work *work, struct check_cause *cause)
{
    struct moved_draws moved;
    struct check_place place;

    if (!can_trigger(cause->channel) || !suspects_moved_draws(work->a, work->b, &moved) ||
        !place_find(moved.site, &place))
        return;
    cause->trigger = cause->channel;
    cause->channel = CHANNEL_DRAW_COUNT;
    place_clear(&cause->place);
    cause->place = place;
    free(cause->generator);
    cause->generator = text_copy(moved.generator);
    free(cause->lane);
    cause->lane = text_copy(moved.lane);
    cause->event = moved.event;
    cause->words_a = moved.words_a;
    cause->words_b = moved.words_b;
}

void finish_cause(struct work *work, struct check_cause *cause)
{
    enum channel channel = cause->channel;
    static const struct suspect none = {0};
    const struct suspect *suspect = channel < CHANNEL_CONTROLLED ? &work->suspects[channel] : &none;
    bool other = suspect->generator && cause->generator && strcmp(suspect->generator, cause->generator) != 0;
    const char *detail = other ? NULL : suspect->detail; /* the name of a draw is its generator's */

    if (!cause->stdout_line && !cause->n_files && !cause->status_differs && !cause->draws && !cause->ops)
        fill_reached(cause, work->a, work->b, &work->pair);
    become_draw_count(work, cause);
    explain_cause(cause, detail);
    ARRAY_PUSH(work->result->causes, work->result->n_causes, *cause);
}

bool named_by_trace(struct work *work, struct check_cause *cause)
{
    enum channel channel = cause->channel;
    size_t n_places = 0;

    if (channel == CHANNEL_UNSEEDED_RNG || channel == CHANNEL_CHILD_PROCESS) {
        struct chance_generator *list;
        suspects_chance_generators(work->a, channel, &list, &n_places);
        if (n_places == 1)
            name_generator(cause, work->a, list[0].key);
        chance_generators_free(list, n_places);
        return cause->place.file != NULL;
    }
    if (channel == CHANNEL_OS_ENTROPY)
        n_places = work->a->survey.n_entropy;
    else if (work->suspects[channel].by_line || channel == CHANNEL_OP)
        n_places = work->suspects[channel].site != NULL;
    else if (channel == CHANNEL_FILE_ORDER && work->suspects[channel].weight >= SUSPECT_EVIDENT)
        n_places = 1;
    if (n_places == 1)
        take_suspect(cause, &work->suspects[channel]);
    return cause->place.file != NULL;
}
