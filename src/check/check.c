/* check.c - does a command repeat, and if not, why. docs/check.md has the steps.
 * SPDX-License-Identifier: MIT */
#include "check/check.h" /* check_run */

#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* free, qsort */
#include <string.h> /* strcmp */

#include "check/explain.h"  /* explain_cause */
#include "check/locate.h"   /* locate_origin */
#include "check/pair.h"     /* pair_compare */
#include "check/place.h"    /* place_find */
#include "check/run.h"      /* run_make */
#include "check/suspects.h" /* suspects_find */
#include "check/vary.h"     /* vary_find */
#include "common/array.h"   /* ARRAY_PUSH, text_format */

/* Above that many runs a user would not wait for a better answer. */
enum { MAX_EXPERIMENT_RUNS = 64, MAX_RUNS = 1000, WEAK_WEIGHT = 30, ALONE_WEIGHT = 45 };

/* Controls that a program may not stand: let go first when the controlled run ends in another way. */
static const channel_set risky = CHANNEL_BIT(CHANNEL_THREAD_ORDER) | CHANNEL_BIT(CHANNEL_ENVIRONMENT) |
                                 CHANNEL_BIT(CHANNEL_CLOCK) | CHANNEL_BIT(CHANNEL_UNINITIALISED_MEMORY);

struct work {
    const struct check_options *options;
    struct check_result *result;
    struct runner runner;
    const struct run *a, *b; /* two runs as they are whose results differ */
    struct pair pair;
    struct suspect suspects[CHANNEL_CONTROLLED];
    channel_set possible; /* channels with weight and an available control */
    unsigned experiment_runs;
};

static void add_note(struct check_result *result, const char *text)
{
    for (size_t i = 0; i < result->n_notes; i++)
        if (strcmp(result->notes[i], text) == 0)
            return;
    ARRAY_PUSH(result->notes, result->n_notes, text_copy(text));
}

static bool may_experiment(const struct work *work, unsigned n_runs)
{
    int allowed = work->options->experiments == EXPERIMENTS_AUTO ? MAX_EXPERIMENT_RUNS : 2 * work->options->experiments;
    return !work->runner.interrupted && work->experiment_runs + n_runs <= (unsigned)allowed;
}

static void experiment_with(struct work *work, const char *what, channel_set controls, const char *only,
                            const char *record, bool put_back, struct run *run_out)
{
    char text[128], set[CHANNEL_SET_TEXT];
    struct run_request request = {
        .controls = controls, .only = only, .record = record, .put_back = put_back, .experiment = true};

    snprintf(text, sizeof text, "%s %s", what, channel_set_text(controls, set));
    request.what = text;
    work->experiment_runs++;
    run_make(&work->runner, &request, run_out);
}

static void experiment(struct work *work, const char *what, channel_set controls, const char *record, bool put_back,
                       struct run *run_out)
{
    experiment_with(work, what, controls, NULL, record, put_back, run_out);
}

static bool puts_back(channel_set controls)
{
    return (controls & CHANNEL_BIT(CHANNEL_FILE_CONTENT)) != 0;
}

/* Do runs under these controls repeat? One run when it gives the reference's result, else a second one to compare with.
 * The first starts from the files as they were, like the first run of all; the second from what the first left, unless
 * the files are among what is controlled. */
static bool repeats_under(struct work *work, channel_set controls, const struct run *reference)
{
    struct run x, y = {0};
    bool equal, files = work->suspects[CHANNEL_FILE_CONTENT].weight > 0 && !puts_back(controls);

    experiment(work, "controlled:", controls, "", true, &x);
    equal = x.ok && reference && !files && run_equal(&x, reference);
    if (x.ok && !equal) {
        experiment(work, "controlled:", controls, "", puts_back(controls), &y);
        equal = y.ok && run_equal(&x, &y);
        run_clear(&y);
    }
    run_clear(&x);
    return equal && !work->runner.interrupted;
}

static channel_set weaker_than(const struct work *work, channel_set set, int weight)
{
    channel_set weak = 0;
    for (int i = 0; i < CHANNEL_CONTROLLED; i++)
        if ((set & CHANNEL_BIT(i)) && work->suspects[i].weight < weight)
            weak |= CHANNEL_BIT(i);
    return weak;
}

static int strongest(const struct work *work, channel_set set)
{
    int best = -1;
    for (int i = 0; i < CHANNEL_CONTROLLED; i++)
        if ((set & CHANNEL_BIT(i)) && (best < 0 || work->suspects[i].weight > work->suspects[best].weight))
            best = i;
    return best;
}

static int weakest(const struct work *work, channel_set set)
{
    int best = -1;
    for (int i = 0; i < CHANNEL_CONTROLLED; i++)
        if ((set & CHANNEL_BIT(i)) && (best < 0 || work->suspects[i].weight < work->suspects[best].weight))
            best = i;
    return best;
}

static unsigned count(channel_set set)
{
    unsigned n = 0;
    for (; set; set &= set - 1)
        n++;
    return n;
}

/* From a set under which runs repeat, lets a group go that is not needed: all of it, or by halves. */
static channel_set release(struct work *work, channel_set set, channel_set group, const struct run *reference)
{
    channel_set half = 0;

    if (!group || !may_experiment(work, 2))
        return set;
    /* All of them at once is the run as it is, which does not repeat. */
    if (group != set && repeats_under(work, set & ~group, reference))
        return set & ~group;
    if (count(group) == 1)
        return set;
    while (count(half) < count(group) / 2)
        half |= CHANNEL_BIT(weakest(work, group & ~half));
    set = release(work, set, half, reference);
    return release(work, set, group & ~half, reference);
}

/* What the lines say, when the traces of draws and files do not say enough. */
static void follow_lines(struct work *work)
{
    struct run x = {0}, y = {0};
    struct pair pair = {0};
    char error[256];

    if (!work->a->survey.has_python || !may_experiment(work, 2))
        return;
    experiment(work, "following the lines", 0, "draws,lines", true, &x);
    if (x.ok)
        experiment(work, "following the lines, again", 0, "draws,lines", false, &y);
    if (x.ok && y.ok && pair_compare(&x, &y, locate_skipped_kinds(CHANNEL_NONE), &pair, error, sizeof error))
        suspects_from_lines(&x, &pair, work->suspects);
    pair_clear(&pair);
    run_clear(&x);
    run_clear(&y);
}

/* Is the strongest suspect alone the cause? The hash seed shapes dictionaries and with them where objects lie, so an
 * address repeats only when both are fixed: then the hash seed on its own must not be enough. */
static bool alone(struct work *work, channel_set *tried, int least_weight, channel_set *needed_out)
{
    int suspect = strongest(work, work->possible & ~*tried);
    channel_set controls, hash = work->possible & CHANNEL_BIT(CHANNEL_HASH_SEED);

    if (suspect < 0 || work->suspects[suspect].weight < least_weight || !may_experiment(work, 2))
        return false;
    *needed_out = CHANNEL_BIT(suspect);
    controls = suspect == CHANNEL_ADDRESS ? *needed_out | hash : *needed_out;
    *tried |= *needed_out;
    if (!repeats_under(work, controls, NULL))
        return false;
    if (controls != *needed_out && !(*tried & hash) && may_experiment(work, 2)) {
        *tried |= hash;
        if (repeats_under(work, hash, NULL))
            *needed_out = controls = hash;
    }
    work->result->controlled = controls;
    return true;
}

/* A pair with everything controlled that can be. True when it repeats: its first run is then the reference. A control that
 * makes the command end in another way is let go. */
static bool everything_controlled(struct work *work, struct run *reference_out)
{
    channel_set set = work->possible;
    struct run x = {0}, y = {0};
    bool equal = false;

    while (set && may_experiment(work, 2)) {
        channel_set trouble = set & risky;
        run_clear(&x);
        experiment(work, "everything controlled", set, "draws", true, &x);
        if (x.ok && x.launch.status != work->a->launch.status && x.launch.status != work->b->launch.status && trouble) {
            set &= ~CHANNEL_BIT(weakest(work, trouble));
            continue;
        }
        if (!x.ok)
            break;
        experiment(work, "everything controlled, again", set, "", puts_back(set), &y);
        equal = y.ok && run_equal(&x, &y);
        break;
    }
    work->possible = set;
    run_clear(&y);
    *reference_out = x;
    return equal;
}

static void fill_reached(struct check_cause *cause, const struct run *a, const struct run *b, const struct pair *pair)
{
    cause->stdout_line = run_stdout_difference(a, b);
    cause->status_differs = a->launch.status != b->launch.status;
    run_file_differences(a, b, &cause->files, &cause->n_files);
    cause->draws = pair->totals.differing_draws;
    cause->ops = pair->totals.differing_ops;
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

/* For generators the trace knows more than the lines: an instance is named where it is made, a global one where it is
 * first drawn from, and both by name. With `only`, that generator; else the one of the located line, or the first. */
static void name_generator(struct check_cause *cause, const struct run *run, const char *only)
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
            cause->lane = text_copy(generator->lane);
            cause->event = instance ? generator->seed_event : generator->draw_event;
            break;
        }
        place_clear(&place);
    }
    chance_generators_free(list, n_list);
}

static void take_origin(struct check_cause *cause, const struct origin *origin)
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

static void take_suspect(struct check_cause *cause, const struct suspect *suspect)
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

/* A pair in which only this channel (of it, only the generators `only`) is left to chance, following the user's lines.
 * True when the results differed, so that the cause stands on its own. */
static bool isolate(struct work *work, struct check_cause *cause, channel_set others, const char *only)
{
    enum channel channel = cause->channel;
    const char *record = work->a->survey.n_ops && (channel == CHANNEL_OP || channel == CHANNEL_UNINITIALISED_MEMORY)
                             ? "draws,ops,lines"
                             : "draws,lines";
    struct run x = {0}, y = {0};
    struct pair pair = {0};
    char error[256];
    bool differ = false;

    if (!may_experiment(work, 2))
        return false;
    experiment_with(work, "following the lines:", others, only, record, true, &x);
    if (x.ok)
        experiment_with(work, "following the lines:", others, only, record, puts_back(others), &y);
    if (x.ok && y.ok && pair_compare(&x, &y, locate_skipped_kinds(channel), &pair, error, sizeof error)) {
        struct origin origin = locate_origin(&x, &pair, channel);
        take_origin(cause, &origin);
        if (channel == CHANNEL_UNSEEDED_RNG || channel == CHANNEL_CHILD_PROCESS)
            name_generator(cause, &x, only);
        if (channel == CHANNEL_OP)
            name_op(cause, &pair);
        differ = !run_equal(&x, &y);
        if (differ)
            fill_reached(cause, &x, &y, &pair);
    }
    pair_clear(&pair);
    run_clear(&x);
    run_clear(&y);
    return differ;
}

static struct check_cause new_cause(enum channel channel)
{
    return (struct check_cause){.channel = channel, .trigger = CHANNEL_NONE, .evidence = EVIDENCE_TRACE};
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

static void finish_cause(struct work *work, struct check_cause *cause)
{
    enum channel channel = cause->channel;
    const char *detail = channel < CHANNEL_CONTROLLED ? work->suspects[channel].detail : NULL;

    if (!cause->stdout_line && !cause->n_files && !cause->status_differs && !cause->draws && !cause->ops)
        fill_reached(cause, work->a, work->b, &work->pair);
    become_draw_count(work, cause);
    explain_cause(cause, detail);
    ARRAY_PUSH(work->result->causes, work->result->n_causes, *cause);
}

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

static char *proof_words(enum channel channel, bool others)
{
    return text_format("%s%s, 2 of 2 runs are equal", control_words(channel),
                       others ? " and the other causes controlled" : "");
}

static struct check_cause proved_cause(enum channel channel, bool others)
{
    struct check_cause cause = new_cause(channel);

    cause.evidence = EVIDENCE_EXPERIMENT;
    cause.proof = proof_words(channel, others);
    return cause;
}

static void drop_cause(struct check_cause *cause)
{
    struct check_result one = {.causes = malloc(sizeof *cause), .n_causes = 1};
    if (!one.causes)
        abort();
    *one.causes = *cause;
    check_result_clear(&one);
}

/* Gives a run with everything controlled but this the reference's result? What it reached is noted in `cause`, if given. */
static bool harmless(struct work *work, channel_set controls, const char *only, const struct run *reference,
                     struct check_cause *cause)
{
    struct run run;
    struct pair pair = {0};
    char error[256];
    bool equal;

    experiment_with(work, "let go, all else controlled:", controls, only, "draws",
                    puts_back(controls) || !work->suspects[CHANNEL_FILE_CONTENT].weight, &run);
    equal = run.ok && run_equal(&run, reference);
    if (cause && run.ok && !equal && pair_compare(reference, &run, 0, &pair, error, sizeof error))
        fill_reached(cause, reference, &run, &pair);
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
        struct check_cause cause = proved_cause(channel, true);
        if (!(list[i].by_library && skip_library))
            name_generator(&cause, work->a, list[i].key);
        if (cause.place.file && !harmless(work, work->possible, list[i].key, reference, &cause)) {
            finish_cause(work, &cause);
            n_found++;
        } else {
            drop_cause(&cause);
        }
    }
    chance_generators_free(list, n_list);
    return n_found;
}

/* The only cause, and the trace leaves one line for it: no need to follow the lines. */
static bool named_by_trace(struct work *work, struct check_cause *cause)
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

/* The one channel whose control alone is enough. */
static void single_cause(struct work *work, enum channel channel)
{
    struct check_cause cause = proved_cause(channel, false);

    if (!named_by_trace(work, &cause)) {
        isolate(work, &cause, others_than(work, channel), NULL);
        if (!cause.place.file)
            take_suspect(&cause, &work->suspects[channel]);
    }
    finish_cause(work, &cause);
}

/* A channel among several: is it a cause of its own? A race may not fire at the first try. */
static void cause_among_others(struct work *work, enum channel channel, const struct run *reference)
{
    channel_set others = work->possible & ~CHANNEL_BIT(channel);
    unsigned n_tries = channel == CHANNEL_THREAD_ORDER ? 2 : 1;

    if ((channel == CHANNEL_UNSEEDED_RNG || channel == CHANNEL_CHILD_PROCESS) &&
        generator_causes(work, channel, reference) > 0)
        return;
    while (n_tries > 0 && may_experiment(work, 3) && harmless(work, others, NULL, reference, NULL))
        n_tries--;
    if (n_tries == 0 || !may_experiment(work, 2))
        return;
    struct check_cause cause = proved_cause(channel, true);
    if (!isolate(work, &cause, others, NULL)) {
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
    static const enum channel candidates[] = {CHANNEL_UNINITIALISED_MEMORY, CHANNEL_ADDRESS, CHANNEL_OP,
                                              CHANNEL_THREAD_ORDER};
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
        struct check_cause cause = proved_cause(channel, found != 0);
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
        result->causes[0].proof = proof_words(
            result->causes[0].trigger == CHANNEL_NONE ? result->causes[0].channel : result->causes[0].trigger, false);
    }
    order_causes(work);
}

/* Channels that the trace shows. */
static channel_set shown(const struct work *work)
{
    return work->possible & ~weaker_than(work, work->possible, SUSPECT_SHOWN);
}

static void find_causes(struct work *work)
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
    bool several = count(shown(work)) > 1; /* then none alone is enough */
    result->controlled_verdict = CHECK_SAME;
    result->has_controlled = true;
    if (!several && alone(work, &tried, SUSPECT_SHOWN, &needed)) {
        single_cause(work, (enum channel)strongest(work, needed));
        return;
    }
    if (!several)
        follow_lines(work);
    if (!several && alone(work, &tried, ALONE_WEIGHT, &needed)) {
        single_cause(work, (enum channel)strongest(work, needed));
        return;
    }
    if (everything_controlled(work, &reference)) {
        several_causes(work, &reference);
    } else {
        result->controlled = work->possible;
        result->controlled_verdict = CHECK_DIVERGED;
        explain_rest(work);
    }
    result->has_controlled = work->experiment_runs > 0;
    run_clear(&reference);
}

static void compared(struct check_result *result, const struct run *run)
{
    result->draws = run->survey.n_draws;
    result->ops = run->survey.n_ops;
    result->inputs = run->survey.n_inputs;
    result->lanes = run->survey.n_lanes;
    result->n_files = run->n_files;
    result->status = run->launch.status;
}

static void take_notes(struct check_result *result, const struct run *run)
{
    for (size_t i = 0; i < run->launch.n_notes; i++)
        add_note(result, run->launch.notes[i]);
}

static unsigned distinct_results(const struct run *runs, unsigned n_runs)
{
    unsigned distinct = 0;
    for (unsigned i = 0; i < n_runs; i++) {
        unsigned k = 0;
        while (k < i && !run_equal(&runs[i], &runs[k]))
            k++;
        distinct += k == i;
    }
    return distinct;
}

/* A command that leaves nothing to compare is judged by what it drew and computed, in its main threads. */
static bool silent_difference(struct work *work)
{
    char error[256];
    bool differs = false;

    if (!run_is_silent(work->a) || !pair_compare(work->a, work->b, 0, &work->pair, error, sizeof error))
        return false;
    for (size_t i = 0; i < work->pair.n_differences; i++) {
        const struct pair_difference *d = &work->pair.differences[i];
        bool counts = d->a.kind == ONESEED_EVENT_OP || (d->a.kind == ONESEED_EVENT_DRAW && *d->site);
        differs |= counts && !strchr(d->lane, '/');
    }
    pair_clear(&work->pair);
    return differs;
}

static const char *limiting_note(const struct check_result *result)
{
    for (size_t i = 0; i < result->n_notes; i++)
        if (strncmp(result->notes[i], "info:", 5) != 0)
            return result->notes[i];
    return NULL;
}

static void judge(struct work *work, struct run *runs)
{
    struct check_result *result = work->result;
    unsigned n_runs = work->options->runs, other = 1;

    compared(result, &runs[0]);
    for (unsigned i = 0; i < n_runs; i++)
        take_notes(result, &runs[i]);
    result->distinct = distinct_results(runs, n_runs);
    while (other + 1 < n_runs && run_equal(&runs[0], &runs[other]))
        other++;
    work->a = &runs[0];
    work->b = &runs[other];
    if (runs[0].launch.timed_out || runs[other].launch.timed_out) {
        result->verdict = CHECK_INCONCLUSIVE;
        result->reason = text_format("the command did not end within %g s (--timeout)", work->options->timeout_s);
    } else if (result->distinct > 1 || silent_difference(work)) {
        result->verdict = CHECK_DIVERGED;
        find_causes(work);
    } else if (limiting_note(result)) {
        result->verdict = CHECK_INCONCLUSIVE;
        result->reason = text_format("the results are equal, but not everything was seen: %s", limiting_note(result));
    } else {
        result->verdict = CHECK_SAME;
    }
}

/* What the result depends on although it repeats here. */
static void vary(struct work *work)
{
    struct check_result *result = work->result;
    const struct vary *what;

    for (const char *list = work->options->vary; (what = vary_next(&list)) && !work->runner.interrupted;) {
        struct check_vary_answer answer = {.what = text_copy(what->name)};
        struct run x = {0}, y = {0};
        struct pair pair = {0};
        char error[256];
        struct run_request request = {
            .what = what->name, .record = "draws,lines", .vary = what->one, .experiment = true};

        run_make(&work->runner, &request, &x);
        request.vary = what->other;
        if (x.ok)
            run_make(&work->runner, &request, &y);
        if (!x.ok || !y.ok) {
            answer.problem = text_copy(x.ok ? y.error : x.error);
        } else if (!run_equal(&x, &y)) {
            answer.depends = true;
            if (pair_compare(&x, &y, locate_skipped_kinds(what->channel), &pair, error, sizeof error)) {
                struct check_cause cause = new_cause(what->channel);
                struct origin origin = locate_origin(&x, &pair, what->channel);
                cause.evidence = EVIDENCE_EXPERIMENT;
                cause.proof = text_format("%s: the results differ between %s and %s", what->name,
                                          what->one ? what->one : "as it is", what->other ? what->other : "as it is");
                take_origin(&cause, &origin);
                fill_reached(&cause, &x, &y, &pair);
                explain_cause(&cause, NULL);
                ARRAY_PUSH(result->causes, result->n_causes, cause);
            }
            result->verdict = CHECK_DIVERGED;
        }
        ARRAY_PUSH(result->varied, result->n_varied, answer);
        pair_clear(&pair);
        run_clear(&x);
        run_clear(&y);
    }
}

void check_run(const struct check_options *options, struct check_result *result_out)
{
    struct work work = {.options = options, .result = result_out};
    struct run *runs;
    char error[512] = "";
    unsigned made = 0;

    *result_out = (struct check_result){.runs = options->runs, .verdict = CHECK_INCONCLUSIVE};
    if (!runner_start(&work.runner, options, error, sizeof error)) {
        result_out->problem = text_copy(error);
        return;
    }
    runs = calloc(options->runs, sizeof *runs);
    for (; runs && made < options->runs; made++) {
        char what[64];
        struct run_request request = {.what = what, .record = options->record_ops ? "draws,ops" : "draws"};
        snprintf(what, sizeof what, "run %u of %u", made + 1, options->runs);
        run_make(&work.runner, &request, &runs[made]);
        if (options->show_output && runs[made].ok)
            run_show(&runs[made]);
        if (!runs[made].ok) {
            result_out->problem = work.runner.interrupted ? NULL : text_copy(runs[made].error);
            made++;
            break;
        }
    }
    if (made == options->runs && runs && runs[made - 1].ok) {
        judge(&work, runs);
        if (options->vary && result_out->verdict != CHECK_DIVERGED)
            vary(&work);
    }
    result_out->interrupted = work.runner.interrupted;
    result_out->total_runs = work.runner.n_runs;
    for (unsigned i = 0; runs && i < made; i++)
        run_clear(&runs[i]);
    free(runs);
    pair_clear(&work.pair);
    suspects_clear(work.suspects);
    runner_end(&work.runner);
}

void check_result_clear(struct check_result *result)
{
    for (size_t i = 0; i < result->n_causes; i++) {
        struct check_cause *cause = &result->causes[i];
        place_clear(&cause->place);
        free(cause->message);
        free(cause->fix);
        free(cause->generator);
        free(cause->op);
        free(cause->lane);
        free(cause->proof);
        for (size_t k = 0; k < cause->n_files; k++)
            free(cause->files[k]);
        free(cause->files);
    }
    free(result->causes);
    for (size_t i = 0; i < result->n_notes; i++)
        free(result->notes[i]);
    free(result->notes);
    for (size_t i = 0; i < result->n_varied; i++) {
        free(result->varied[i].what);
        free(result->varied[i].problem);
    }
    free(result->varied);
    free(result->reason);
    free(result->problem);
    *result = (struct check_result){0};
}
