/* experiment.c - reruns of the checked command with chosen controls, counted and bounded.
 * SPDX-License-Identifier: MIT */
#include "check/experiment.h" /* struct work */

#include <stdio.h>  /* snprintf */
#include <string.h> /* strcmp */

#include "check/locate.h" /* locate_skipped_kinds */
#include "common/array.h" /* ARRAY_PUSH */

enum { MAX_EXPERIMENT_RUNS = 64 }; /* above that many a user would not wait for a better answer */

/* Controls that a program may not stand: let go first when the controlled run ends in another way. */
static const channel_set risky = CHANNEL_BIT(CHANNEL_THREAD_ORDER) | CHANNEL_BIT(CHANNEL_ENVIRONMENT) |
                                 CHANNEL_BIT(CHANNEL_CLOCK) | CHANNEL_BIT(CHANNEL_UNINITIALISED_MEMORY);

void add_note(struct check_result *result, const char *text)
{
    for (size_t i = 0; i < result->n_notes; i++)
        if (strcmp(result->notes[i], text) == 0)
            return;
    ARRAY_PUSH(result->notes, result->n_notes, text_copy(text));
}

void note_experiment(struct work *work, channel_set controls, unsigned n_runs, bool equal)
{
    if (!work->runner.interrupted)
        ARRAY_PUSH(work->result->experiments, work->result->n_experiments,
                   (struct check_experiment){.controls = controls, .runs = n_runs, .equal = equal});
}

bool may_experiment(const struct work *work, unsigned n_runs)
{
    int allowed = work->options->experiments == EXPERIMENTS_AUTO ? MAX_EXPERIMENT_RUNS : 2 * work->options->experiments;
    return !work->runner.interrupted && work->experiment_runs + n_runs <= (unsigned)allowed;
}

void experiment_with(struct work *work, const struct run_request *request, struct run *run_out)
{
    char text[128], set[CHANNEL_SET_TEXT];
    struct run_request named = *request;

    if (channel_count(request->controls) > 3) /* the line has room for the events and the time, too */
        snprintf(text, sizeof text, "%s %u channels", request->what, channel_count(request->controls));
    else
        snprintf(text, sizeof text, "%s %s", request->what, channel_set_text(request->controls, set));
    named.what = text;
    named.experiment = true;
    work->experiment_runs++;
    run_make(&work->runner, &named, run_out);
}

void experiment(struct work *work, const char *what, channel_set controls, const char *record, bool put_back,
                struct run *run_out)
{
    experiment_with(work,
                    &(struct run_request){.what = what, .controls = controls, .record = record, .put_back = put_back},
                    run_out);
}

bool puts_back(channel_set controls)
{
    return (controls & CHANNEL_BIT(CHANNEL_FILE_CONTENT)) != 0;
}

bool repeats_under(struct work *work, channel_set controls, const struct run *reference)
{
    struct run x, y = {0};
    unsigned n_runs = 1;
    bool equal, files = work->suspects[CHANNEL_FILE_CONTENT].weight > 0 && !puts_back(controls);

    experiment(work, "controlled:", controls, work->record, true, &x);
    equal = x.ok && reference && !files && pair_same_results(&x, reference);
    if (x.ok && !equal) {
        experiment(work, "controlled:", controls, work->record, puts_back(controls), &y);
        equal = y.ok && pair_same_results(&x, &y);
        n_runs = 2;
        run_clear(&y);
    }
    run_clear(&x);
    note_experiment(work, controls, n_runs, equal);
    return equal && !work->runner.interrupted;
}

channel_set weaker_than(const struct work *work, channel_set set, int weight)
{
    channel_set weak = 0;
    for (int i = 0; i < CHANNEL_CONTROLLED; i++)
        if ((set & CHANNEL_BIT(i)) && work->suspects[i].weight < weight)
            weak |= CHANNEL_BIT(i);
    return weak;
}

int strongest(const struct work *work, channel_set set)
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

unsigned channel_count(channel_set set)
{
    unsigned n = 0;
    for (; set; set &= set - 1)
        n++;
    return n;
}

channel_set release(struct work *work, channel_set set, channel_set group, const struct run *reference)
{
    channel_set half = 0;

    if (!group || !may_experiment(work, 2))
        return set;
    /* All of them at once is the run as it is, which does not repeat. */
    if (group != set && repeats_under(work, set & ~group, reference))
        return set & ~group;
    if (channel_count(group) == 1)
        return set;
    while (channel_count(half) < channel_count(group) / 2)
        half |= CHANNEL_BIT(weakest(work, group & ~half));
    set = release(work, set, half, reference);
    return release(work, set, group & ~half, reference);
}

void follow_lines(struct work *work)
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

/* Chance that strikes the same way twice looks like the proof of a channel that leaves no event. */
static unsigned runs_to_prove(enum channel channel)
{
    bool no_event =
        channel == CHANNEL_HASH_SEED || channel == CHANNEL_ADDRESS || channel == CHANNEL_UNINITIALISED_MEMORY;
    return no_event ? 4 : 2;
}

/* Are n_runs runs under these controls equal? */
static bool repeats_times(struct work *work, channel_set controls, unsigned n_runs)
{
    struct run first, next;
    unsigned made = 1;
    bool equal;

    experiment(work, "controlled:", controls, work->record, true, &first);
    equal = first.ok;
    for (unsigned i = 1; i < n_runs && equal && (i == 1 || may_experiment(work, 1)); i++) {
        experiment(work, "controlled:", controls, work->record, puts_back(controls), &next);
        equal = next.ok && pair_same_results(&first, &next);
        work->equal_runs = made = i + 1;
        run_clear(&next);
    }
    run_clear(&first);
    note_experiment(work, controls, made, equal);
    return equal && !work->runner.interrupted;
}

bool alone(struct work *work, channel_set *tried, int least_weight, channel_set *needed_out)
{
    int suspect = strongest(work, work->possible & ~*tried);
    channel_set controls, hash = work->possible & CHANNEL_BIT(CHANNEL_HASH_SEED);

    if (suspect < 0 || work->suspects[suspect].weight < least_weight || !may_experiment(work, 2))
        return false;
    *needed_out = CHANNEL_BIT(suspect);
    controls = suspect == CHANNEL_ADDRESS ? *needed_out | hash : *needed_out;
    *tried |= *needed_out;
    if (!repeats_times(work, controls, runs_to_prove((enum channel)suspect)))
        return false;
    if (controls != *needed_out && !(*tried & hash) && may_experiment(work, 2)) {
        *tried |= hash;
        if (repeats_times(work, hash, runs_to_prove(CHANNEL_HASH_SEED)))
            *needed_out = controls = hash;
    }
    work->result->controlled = controls;
    return true;
}

bool everything_controlled(struct work *work, struct run *reference_out)
{
    channel_set set = work->possible;
    struct run x = {0}, y = {0};
    bool equal = false;

    while (set && may_experiment(work, 2)) {
        channel_set trouble = set & risky;
        run_clear(&x);
        experiment(work, "everything controlled", set, work->record, true, &x);
        if (x.ok && x.launch.status != work->a->launch.status && x.launch.status != work->b->launch.status && trouble) {
            set &= ~CHANNEL_BIT(weakest(work, trouble));
            continue;
        }
        if (!x.ok)
            break;
        experiment(work, "everything controlled, again", set, work->record, puts_back(set), &y);
        equal = y.ok && pair_same_results(&x, &y);
        note_experiment(work, set, 2, equal);
        break;
    }
    work->possible = set;
    run_clear(&y);
    *reference_out = x;
    return equal;
}
