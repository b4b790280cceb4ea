/* locate.c - the line where two runs part, from a pair that followed the user's lines.
 * SPDX-License-Identifier: MIT */
#include "check/locate.h" /* struct origin */

#include <string.h> /* strcmp, strchr */

uint32_t locate_skipped_kinds(enum channel channel)
{
    uint32_t skipped = 1u << ONESEED_EVENT_PROCESS | 1u << ONESEED_EVENT_ENTROPY | 1u << ONESEED_EVENT_CLOCK |
                       1u << ONESEED_EVENT_SPAWN | 1u << ONESEED_EVENT_EXIT | 1u << ONESEED_EVENT_ENVIRONMENT;

    if (channel != CHANNEL_FILE_CONTENT)
        skipped |= 1u << ONESEED_EVENT_FILE;
    if (channel != CHANNEL_FILE_ORDER)
        skipped |= 1u << ONESEED_EVENT_LISTING;
    return skipped;
}

/* Does a line collect what others have finished? Then the order enters there. */
static bool collects(const struct pair_difference *d)
{
    static const char *const words[] = {"as_completed", "imap", "map", "get", "result", "wait", "Parallel", "recv"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(d->name, words[i]))
            return true;
    return false;
}

/* Does a difference start something, and on which line? */
static const char *origin_site(const struct pair_difference *d, enum channel channel, bool shared_budget,
                               bool *certain_out)
{
    *certain_out = true;
    if (d->kind == TRACE_PATH || d->kind == TRACE_ENDED) {
        /* The program went another way: the line that decided is the last one that both executed. */
        if (*d->before)
            return d->before;
        *certain_out = false;
        return d->site;
    }
    switch (d->a.kind) {
    case ONESEED_EVENT_LINE:
        /* A line that starts or awaits a thread sees what the thread has done by then: not where the race is. */
        if (channel == CHANNEL_THREAD_ORDER && (strstr(d->name, ".start") || strstr(d->name, ".join")))
            return "";
        /* Budgets are shared by threads: which of them digests a big value in full is part of the race. */
        if (d->a.flags != d->b.flags || (shared_budget && (d->a.flags & ONESEED_FLAG_TRUNCATED) && !collects(d)))
            return "";
        *certain_out = d->kind == TRACE_RESULT;
        return d->site;
    case ONESEED_EVENT_SEED: /* that the OS gave another seed is no news; that the program did is */
        *certain_out = d->kind == TRACE_RESULT;
        return strcmp(d->name, "program") == 0 ? d->site : "";
    case ONESEED_EVENT_DRAW:
        *certain_out = d->kind == TRACE_RESULT || d->kind == TRACE_COUNT;
        return strstr(d->site, "|<frozen importlib") ? "" : d->site; /* what a library draws for itself at its import */
    case ONESEED_EVENT_OP:
        *certain_out = d->kind == TRACE_RESULT && !(d->a.flags & ONESEED_FLAG_UNDEFINED);
        return d->site;
    case ONESEED_EVENT_OUTPUT:
        return d->kind == TRACE_RESULT ? d->site : "";
    case ONESEED_EVENT_FILE:
        return channel == CHANNEL_FILE_CONTENT && d->kind == TRACE_RESULT ? d->site : "";
    case ONESEED_EVENT_LISTING:
        return channel == CHANNEL_FILE_ORDER && d->kind == TRACE_RESULT ? d->site : "";
    default:
        return "";
    }
}

/* Do threads of the program's own run lines that differ? Threads inside a library's operation do not. */
static bool lines_in_threads(const struct pair *pair)
{
    for (size_t i = 0; i < pair->n_differences; i++)
        if (pair->differences[i].a.kind == ONESEED_EVENT_LINE && strchr(pair->differences[i].lane, '/'))
            return true;
    return false;
}

/* First certain origin of the lane that starts at *i; the first uncertain one otherwise. Leaves *i at the next lane. */
static struct origin lane_origin(const struct pair *pair, size_t *i, enum channel channel)
{
    struct origin best = {0};
    const char *lane = pair->differences[*i].lane;
    bool shared = channel == CHANNEL_THREAD_ORDER && lines_in_threads(pair);
    bool racing =
        channel == CHANNEL_THREAD_ORDER && strchr(lane, '/'); /* what it reads first differs by the race itself */

    for (; *i < pair->n_differences && strcmp(pair->differences[*i].lane, lane) == 0; ++*i) {
        const struct pair_difference *d = &pair->differences[*i];
        bool certain;
        const char *site = best.certain ? "" : origin_site(d, channel, shared, &certain);
        if (*site && (!best.difference || (certain && !racing)))
            best = (struct origin){d, site, certain};
    }
    return best;
}

/* Was the child that `lane` belongs to made before that event of its ancestor's lane? */
static bool made_before(const struct run *run, const char *lane, const char *ancestor, uint64_t event)
{
    for (size_t i = 0; i < run->survey.n_spawns; i++) {
        const struct surveyed_spawn *spawn = &run->survey.spawns[i];
        size_t length = strlen(spawn->child);
        if (strcmp(spawn->parent, ancestor) == 0 && strncmp(lane, spawn->child, length) == 0 &&
            (lane[length] == '\0' || lane[length] == '.' || lane[length] == '/'))
            return spawn->event < event;
    }
    return false;
}

/* Does a process that was started before this difference part on a line of its own? Then this is what its starter sees of
 * that. */
static bool seen_of_child(const struct run *run, const struct pair *pair, const struct pair_difference *d)
{
    for (size_t i = 0; i < pair->n_differences; i++) {
        const struct pair_difference *other = &pair->differences[i];
        bool certain;
        if (strcmp(other->lane, d->lane) != 0 && lane_is_child(other->lane) &&
            *origin_site(other, CHANNEL_NONE, false, &certain) && certain &&
            made_before(run, other->lane, d->lane, d->index))
            return true;
    }
    return false;
}

size_t locate_all(const struct run *run, const struct pair *pair, struct origin *origins_out, size_t n_max)
{
    size_t n = 0;

    for (int seen = 0; seen <= 1; seen++) {
        for (size_t i = 0; i < pair->n_differences && n < n_max; i++) {
            const struct pair_difference *d = &pair->differences[i];
            bool certain, known = false;
            const char *site = origin_site(d, CHANNEL_NONE, false, &certain);
            for (size_t k = 0; k < n; k++)
                known |= strcmp(origins_out[k].site, site) == 0;
            if (*site && certain && !known && seen_of_child(run, pair, d) == (seen == 1))
                origins_out[n++] = (struct origin){d, site, certain};
        }
    }
    return n;
}

/* The better of two lanes' origins. Nothing orders events of different lanes, except that a child's come after its making:
 * a difference that starts in a child made before the parent's own is taken for the source of what the parent collects. */
static struct origin earlier(const struct run *run, struct origin a, struct origin b)
{
    if (!a.difference || !b.difference)
        return a.difference ? a : b;
    if (a.certain != b.certain)
        return a.certain ? a : b;
    if (lane_is_child(b.difference->lane) &&
        made_before(run, b.difference->lane, a.difference->lane, a.difference->index))
        return b;
    return a;
}

struct origin locate_origin(const struct run *a, const struct pair *pair, enum channel channel)
{
    struct origin best = {0}, in_threads = {0};

    for (size_t i = 0; i < pair->n_differences;) {
        struct origin lane = lane_origin(pair, &i, channel);
        if (channel == CHANNEL_THREAD_ORDER && lane.difference && strchr(lane.difference->lane, '/'))
            in_threads = earlier(a, in_threads, lane);
        else
            best = earlier(a, best, lane);
    }
    /* Besides collecting, the starter only happens to look at what the threads are changing. */
    if (in_threads.difference && (!best.difference || !best.certain || !collects(best.difference)))
        return in_threads;
    return best;
}
