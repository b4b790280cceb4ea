/* causes.c - from two runs that differ to the causes, first one first.
 * SPDX-License-Identifier: MIT */
#include "check/causes.h" /* find_causes */

#include <stdlib.h> /* free, calloc */
#include <string.h> /* strncmp, memmove */

#include "check/cause.h"  /* new_cause, isolate */
#include "check/place.h"  /* place_same */
#include "common/array.h" /* text_format */

/* Where in the run as it is does each cause's line come first? */
static void order_causes(struct work *work)
{
    struct check_result *result = work->result;
    struct run run = {0};
    uint64_t *when;

    if (result->n_causes < 2 || !may_experiment(work, 1))
        return;
    when = calloc(result->n_causes, sizeof *when);
    if (!when)
        return;
    experiment(work, "ordering the causes", 0, "lines", false, &run);
    struct trace *trace = run.ok ? trace_open(run.trace_folder, run.error, sizeof run.error) : NULL;
    for (size_t i = 0; i < result->n_causes; i++)
        when[i] = UINT64_MAX;
    for (size_t lane = 0; trace && lane < trace_n_lanes(trace); lane++) {
        struct trace_cursor *cursor = trace_lane_open(trace, lane);
        struct oneseed_event event;
        uint64_t last_site = 0, n = (uint64_t)lane << 40; /* lanes are in tree order: a parent's lines first */
        while (cursor && trace_cursor_next(cursor, &event) == 1) {
            n++;
            const char *site = event.site && event.site != last_site ? trace_text(trace, event.site) : NULL;
            last_site = event.site;
            for (size_t i = 0; site && i < result->n_causes; i++) {
                const struct check_place *place = &result->causes[i].place;
                size_t length = place->file ? strlen(place->file) : 0;
                if (when[i] == UINT64_MAX && length && strncmp(site, place->file, length) == 0 && site[length] == ':' &&
                    strtoul(site + length + 1, NULL, 10) == place->line)
                    when[i] = n;
            }
        }
        trace_cursor_close(cursor);
    }
    trace_close(trace);
    run_clear(&run);
    for (size_t i = 1; i < result->n_causes; i++) /* few: insertion sort, stable */
        for (size_t k = i; k > 0 && when[k] < when[k - 1]; k--) {
            struct check_cause cause = result->causes[k];
            uint64_t time = when[k];
            result->causes[k] = result->causes[k - 1];
            when[k] = when[k - 1];
            result->causes[k - 1] = cause;
            when[k - 1] = time;
        }
    free(when);
}

/* The controls that can act here; what cannot is said. */
static channel_set available(struct work *work)
{
    channel_set set = 0;

    for (int i = 0; i < CHANNEL_CONTROLLED; i++) {
        char reason[200];
        if (work->suspects[i].weight == 0)
            continue;
        if (i == CHANNEL_FILE_CONTENT && !work->options->fresh_directory && !keep_complete(work->runner.keep)) {
            add_note(work->result, "the working directory is too large to be put back between runs: use --fresh-dir");
            continue;
        }
        if (launch_control_available(channel_name((enum channel)i), reason, sizeof reason))
            set |= CHANNEL_BIT(i);
        else
            add_note(work->result, reason);
    }
    return set;
}

/* Without a proof: what the trace shows clearly, strongest first; at least the strongest. */
static void causes_from_trace(struct work *work)
{
    channel_set left = work->possible;
    bool any = false;

    for (int i; (i = strongest(work, left)) >= 0;) {
        left &= ~CHANNEL_BIT(i);
        if (work->suspects[i].weight < (any ? SUSPECT_EVIDENT : ALONE_WEIGHT))
            break;
        struct check_cause cause = new_cause((enum channel)i);
        take_suspect(&cause, &work->suspects[i]);
        finish_cause(work, &cause);
        any = true;
    }
    if (!any) {
        struct check_cause cause = new_cause(CHANNEL_UNKNOWN);
        finish_cause(work, &cause);
    }
}

/* Everything that can be controlled is, and the runs still differ. */
static void explain_rest(struct work *work)
{
    bool races =
        work->suspects[CHANNEL_THREAD_ORDER].weight > 0 && !(work->possible & CHANNEL_BIT(CHANNEL_THREAD_ORDER));
    struct check_cause cause = new_cause(races ? CHANNEL_THREAD_ORDER : CHANNEL_UNKNOWN);

    isolate(work, &cause, work->possible, NULL);
    finish_cause(work, &cause);
}

/* Gives a run with everything controlled but this the reference's result? What it reached is noted in `cause`, if given. */
static bool harmless(struct work *work, channel_set controls, const char *only, const struct run *reference,
                     struct check_cause *cause)
{
    struct run run;
    struct pair pair = {0};
    char error[256];
    bool equal;

    experiment_with(
        work,
        &(struct run_request){.what = "let go, all else controlled:",
                              .controls = controls,
                              .only = only,
                              .record = work->record,
                              .put_back = puts_back(controls) || !work->suspects[CHANNEL_FILE_CONTENT].weight},
        &run);
    equal = run.ok && pair_same_results(&run, reference);
    if (cause && run.ok && !equal && pair_compare(reference, &run, 0, &pair, error, sizeof error))
        fill_reached(cause, reference, &run, &pair);
    if (!only)
        note_experiment(work, controls, 1, equal);
    pair_clear(&pair);
    run_clear(&run);
    return equal;
}

/* Those that libraries made for themselves (names of temporary files, jitter) are tried together first. */
static bool library_generators_harmless(struct work *work, const struct run *reference,
                                        const struct chance_generator *list, size_t n_list)
{
    char *keys = text_copy("");
    bool result;

    for (size_t i = 0; i < n_list; i++)
        if (list[i].by_library) {
            char *longer = text_format("%s%s%s", keys, *keys ? "," : "", list[i].key);
            free(keys);
            keys = longer;
        }
    result = !*keys || harmless(work, work->possible, keys, reference, NULL);
    free(keys);
    return result;
}

/* Each generator that is left to chance is judged on its own, with all others seeded: its name and line are in the trace,
 * and another result with it alone let go is the proof. Gives the number of causes. */
static size_t generator_causes(struct work *work, enum channel channel, const struct run *reference)
{
    enum { MAX_GENERATORS = 8 };
    struct chance_generator *list;
    size_t n_list, n_found = 0;

    suspects_chance_generators(work->a, channel, &list, &n_list);
    bool skip_library =
        n_list > 1 && may_experiment(work, 1) && library_generators_harmless(work, reference, list, n_list);
    for (size_t i = 0; i < n_list && i < MAX_GENERATORS && may_experiment(work, 1); i++) {
        struct check_cause cause = proved_cause(channel, true, 2);
        if (!(list[i].by_library && skip_library))
            name_generator(&cause, work->a, list[i].key);
        if (cause.place.file && !harmless(work, work->possible, list[i].key, reference, &cause)) {
            finish_cause(work, &cause);
            n_found++;
        } else {
            drop_cause(&cause);
        }
    }
    if (n_list > MAX_GENERATORS)
        add_note(
            work->result,
            "more generators are left to chance than were tried one by one: seed the named ones, then check again");
    chance_generators_free(list, n_list);
    return n_found;
}

/* What stays controlled while a channel is looked at on its own. Some controls close a neighbour's channel too: where
 * addresses repeat, so does what lies in unwritten memory; with one thread, so does an operation. */
static channel_set others_than(const struct work *work, enum channel channel)
{
    static const channel_set neighbours[CHANNEL_CONTROLLED] = {
        [CHANNEL_UNINITIALISED_MEMORY] = CHANNEL_BIT(CHANNEL_ADDRESS),
        [CHANNEL_ADDRESS] = CHANNEL_BIT(CHANNEL_UNINITIALISED_MEMORY),
        [CHANNEL_OP] = CHANNEL_BIT(CHANNEL_THREAD_ORDER),
        [CHANNEL_THREAD_ORDER] = CHANNEL_BIT(CHANNEL_OP),
    };
    return work->possible & ~CHANNEL_BIT(channel) & ~neighbours[channel];
}

/* One channel, several generators: each that changes the result when it alone is let go is a cause. */
static bool several_generators(struct work *work, enum channel channel)
{
    struct check_result *result = work->result;
    struct chance_generator *list;
    size_t n_list, n_found;
    struct run reference = {0};
    channel_set possible = work->possible;

    if (channel != CHANNEL_UNSEEDED_RNG && channel != CHANNEL_CHILD_PROCESS)
        return false;
    suspects_chance_generators(work->a, channel, &list, &n_list);
    chance_generators_free(list, n_list);
    if (n_list < 2 || !may_experiment(work, (unsigned)n_list + 1))
        return false;
    experiment(work, "controlled:", result->controlled, work->record, true, &reference);
    work->possible = result->controlled;
    n_found = reference.ok ? generator_causes(work, channel, &reference) : 0;
    work->possible = possible;
    run_clear(&reference);
    if (n_found == 1) { /* no others after all */
        free(result->causes[result->n_causes - 1].proof);
        result->causes[result->n_causes - 1].proof = proof_words(channel, false, 2);
    }
    order_causes(work);
    return n_found > 0;
}

/* The one channel whose control alone is enough. */
static void single_cause(struct work *work, enum channel channel)
{
    if (several_generators(work, channel))
        return;
    struct check_cause cause = proved_cause(channel, false, work->equal_runs);

    if (!named_by_trace(work, &cause)) {
        isolate(work, &cause, others_than(work, channel), NULL);
        if (!cause.place.file)
            take_suspect(&cause, &work->suspects[channel]);
    }
    finish_cause(work, &cause);
}

/* A channel among several: is it a cause of its own? A race may not fire at the first try, and another hash seed may give a
 * set the same order. */
static void cause_among_others(struct work *work, enum channel channel, const struct run *reference)
{
    channel_set others = work->possible & ~CHANNEL_BIT(channel);
    unsigned n_tries = channel == CHANNEL_THREAD_ORDER || channel == CHANNEL_HASH_SEED ? 2 : 1;

    if ((channel == CHANNEL_UNSEEDED_RNG || channel == CHANNEL_CHILD_PROCESS) &&
        generator_causes(work, channel, reference) > 0)
        return;
    while (n_tries > 0 && may_experiment(work, 3) && harmless(work, others, NULL, reference, NULL))
        n_tries--;
    if (n_tries == 0 || !may_experiment(work, 2))
        return;
    struct check_cause cause = proved_cause(channel, true, 2);
    /* Where results take few values a pair is equal by chance: a second one is asked. */
    if (!isolate(work, &cause, others, NULL) && !isolate(work, &cause, others, NULL)) {
        drop_cause(&cause); /* the control itself changes the result, which repeats all the same */
        return;
    }
    if (!cause.place.file)
        take_suspect(&cause, &work->suspects[channel]);
    finish_cause(work, &cause);
}

/* The hash seed shapes dictionaries and with them where objects lie: an address repeats only when both are fixed. On one
 * and the same line that is one cause, the address. */
static void join_address_and_hash(struct check_result *result)
{
    struct check_cause *address = NULL, *hash = NULL;

    for (size_t i = 0; i < result->n_causes; i++) {
        address = result->causes[i].channel == CHANNEL_ADDRESS ? &result->causes[i] : address;
        hash = result->causes[i].channel == CHANNEL_HASH_SEED ? &result->causes[i] : hash;
    }
    if (!address || !hash || !place_same(&address->place, &hash->place))
        return;
    drop_cause(hash);
    memmove(hash, hash + 1, (size_t)(result->causes + result->n_causes - (hash + 1)) * sizeof *hash);
    result->n_causes--;
}

static channel_set cause_channels(const struct work *work)
{
    const struct check_result *result = work->result;
    channel_set set = 0;

    for (size_t i = 0; i < result->n_causes; i++) {
        const struct check_cause *cause = &result->causes[i];
        enum channel channel = cause->trigger == CHANNEL_NONE ? cause->channel : cause->trigger;
        set |= channel < CHANNEL_CONTROLLED ? CHANNEL_BIT(channel) : 0;
        if (channel == CHANNEL_ADDRESS)
            set |= work->possible & CHANNEL_BIT(CHANNEL_HASH_SEED);
    }
    return set;
}

/* A cause that two controls close, each on its own, is missed when one is let go at a time: the more telling one is it.
 * True when the causes found so far and this one are all. */
static bool doubly_closed_cause(struct work *work, const struct run *reference)
{
    /* The hash seed before the address, whose proof includes it. */
    static const enum channel candidates[] = {CHANNEL_UNINITIALISED_MEMORY, CHANNEL_HASH_SEED, CHANNEL_ADDRESS,
                                              CHANNEL_OP, CHANNEL_THREAD_ORDER};
    channel_set found = cause_channels(work);

    for (size_t i = 0; i < sizeof candidates / sizeof *candidates && may_experiment(work, 4); i++) {
        enum channel channel = candidates[i];
        channel_set set = found | CHANNEL_BIT(channel);
        if (!(work->possible & CHANNEL_BIT(channel)) || (found & CHANNEL_BIT(channel)))
            continue;
        if (channel == CHANNEL_ADDRESS)
            set |= work->possible & CHANNEL_BIT(CHANNEL_HASH_SEED);
        if (!repeats_under(work, set, reference))
            continue;
        struct check_cause cause = proved_cause(channel, found != 0, 2);
        isolate(work, &cause, others_than(work, channel), NULL);
        finish_cause(work, &cause);
        work->result->controlled = set;
        return true;
    }
    return false;
}

/* Several causes: with everything controlled as the reference, weak suspects are let go together, the others one by one. */
static void several_causes(struct work *work, const struct run *reference)
{
    struct check_result *result = work->result;
    channel_set weak = weaker_than(work, work->possible, WEAK_WEIGHT);
    channel_set left = release(work, work->possible, weak, reference), causes = 0;

    while (left && !work->runner.interrupted) {
        enum channel channel = (enum channel)strongest(work, left);
        left &= ~CHANNEL_BIT(channel);
        cause_among_others(work, channel, reference);
    }
    join_address_and_hash(result);
    causes = cause_channels(work);
    if (causes && may_experiment(work, 2) && repeats_under(work, causes, reference))
        result->controlled = causes;
    else if (!doubly_closed_cause(work, reference))
        result->controlled = work->possible;
    if (result->n_causes == 0)
        causes_from_trace(work);
    if (result->n_causes == 1 && result->causes[0].evidence == EVIDENCE_EXPERIMENT) { /* no others after all */
        free(result->causes[0].proof);
        result->causes[0].proof = proof_words(result->causes[0].trigger == CHANNEL_NONE ? result->causes[0].channel
                                                                                        : result->causes[0].trigger,
                                              false, 2);
    }
    order_causes(work);
}

/* Channels that the trace shows. */
static channel_set shown(const struct work *work)
{
    return work->possible & ~weaker_than(work, work->possible, SUSPECT_SHOWN);
}

void find_causes(struct work *work)
{
    struct check_result *result = work->result;
    char error[256];

    if (!pair_compare(work->a, work->b, 0, &work->pair, error, sizeof error)) {
        result->verdict = CHECK_INCONCLUSIVE;
        result->reason = text_copy(error);
        return;
    }
    suspects_find(work->a, work->b, &work->pair, work->suspects);
    work->possible = available(work);
    if (work->options->experiments == 0) {
        causes_from_trace(work);
        return;
    }
    channel_set tried = 0, needed;
    struct run reference = {0};
    bool several = channel_count(shown(work)) > 1; /* then none alone is enough */
    result->controlled_verdict = CHECK_SAME;
    result->has_controlled = true;
    /* The second run began with other files: all else that the traces show may follow from that. */
    bool other_files = work->suspects[CHANNEL_FILE_CONTENT].weight > SUSPECT_SHOWN;
    if ((!several || other_files) && alone(work, &tried, SUSPECT_SHOWN, &needed)) {
        single_cause(work, (enum channel)strongest(work, needed));
        return;
    }
    if (!several)
        follow_lines(work);
    for (int n_tries = 0; !several && n_tries < 3; n_tries++)
        if (alone(work, &tried, ALONE_WEIGHT, &needed)) {
            single_cause(work, (enum channel)strongest(work, needed));
            return;
        }
    if (everything_controlled(work, &reference)) {
        several_causes(work, &reference);
    } else if (!reference.ok) { /* no runs are left for it: nothing is known of what control would do */
        causes_from_trace(work);
        result->has_controlled = false;
    } else {
        result->controlled = work->possible;
        result->controlled_verdict = CHECK_DIVERGED;
        explain_rest(work);
    }
    run_clear(&reference);
}
