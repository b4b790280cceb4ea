/* suspects.c - what two traces say about each channel: how likely it is the cause, and where it shows.
 * SPDX-License-Identifier: MIT */
#include "check/suspects.h" /* struct suspect */

#include <stdlib.h> /* free */
#include <string.h> /* strcmp */

#include "check/locate.h" /* locate_all */
#include "check/place.h"  /* place_find */
#include "common/array.h" /* text_copy */

/* Weights only order the experiments: every verdict rests on an experiment or says `evidence: trace`. */
enum {
    WEIGHT_POSSIBLE = 10,
    WEIGHT_BY_PACKAGE = 25, /* a package does it for itself: names of temporary files, jitter, most of the time */
    WEIGHT_PLAUSIBLE = 30,
    WEIGHT_LIKELY = 50,
    WEIGHT_LINE_EXPLAINED = 58,   /* a difference starts on a line that reads the clock, ... : often harmless */
    WEIGHT_LINE_UNEXPLAINED = 70, /* ... on a line where nothing recorded happens */
    WEIGHT_LINE_ELSE = 52,
    WEIGHT_SHOWN = SUSPECT_SHOWN,
    WEIGHT_SAME_LINE = 15, /* the first difference happens on the line that does this */
};

static void suspect(struct suspect *suspect, int weight, const char *site, const char *lane, const char *generator,
                    const char *detail, uint64_t event)
{
    if (weight <= suspect->weight)
        return;
    free(suspect->site); /* NOLINT(clang-analyzer-unix.Malloc): loses sight of what the last statement puts there */
    free(suspect->lane);
    free(suspect->generator);
    free(suspect->detail);
    *suspect = (struct suspect){.weight = weight,
                                .site = site && *site ? text_copy(site) : NULL,
                                .lane = text_copy(lane),
                                .generator = text_copy(generator),
                                .detail = text_copy(detail),
                                .event = event};
}

static bool globally_shared(const char *generator)
{
    return strchr(generator, '#') == NULL;
}

/* Seeded by the OS, or by nobody that we saw. */
static bool seeded_by_chance(const struct surveyed_generator *generator)
{
    if (strcmp(generator->seed_how, "program") == 0 || strcmp(generator->seed_how, "oneseed") == 0 ||
        strcmp(generator->seed_how, "fork") == 0)
        return false;
    /* Never seeded and still the same in every run: C's rand() starts from 1, torch.Generator() from a fixed seed. */
    bool fixed = strncmp(generator->name, "c.", 2) == 0 || strncmp(generator->name, "torch.Generator", 15) == 0;
    return !fixed || generator->seed_how[0];
}

/* An instance is named where it is made, a global generator where it is first drawn from. */
static bool named_by_making(const struct surveyed_generator *generator)
{
    return !globally_shared(generator->name) && generator->seed_site[0];
}

static enum channel chance_channel(const struct surveyed_generator *generator)
{
    return generator->in_child ? CHANNEL_CHILD_PROCESS : CHANNEL_UNSEEDED_RNG;
}

/* The library frame behind a site, "" when the user's own code did it; the random modules themselves do not count. */
static const char *maker(const char *site)
{
    const char *frame = strchr(site, '|');
    return frame && !strstr(frame, "/random.py:") && !strstr(frame, "/numpy/random/") ? frame + 1 : "";
}

/* Did an installed package, or an import, do it on the user's line? The standard library does what it is asked. */
static bool by_package(const char *site)
{
    const char *frame = strchr(site, '|');
    return frame && (strstr(frame, "-packages/") || strstr(frame, "importlib"));
}

void suspects_chance_generators(const struct run *run, enum channel channel, struct chance_generator **list_out,
                                size_t *n_list_out)
{
    *list_out = NULL;
    *n_list_out = 0;
    for (size_t i = 0; i < run->survey.n_generators; i++) {
        const struct surveyed_generator *generator = &run->survey.generators[i];
        char *key;
        size_t k = 0;

        if (generator->n_draws == 0 || !seeded_by_chance(generator) || chance_channel(generator) != channel)
            continue;
        if (named_by_making(generator) && !strstr(generator->seed_site, "importlib._bootstrap")) {
            key = text_format("%.*s", (int)strcspn(generator->seed_site, "|"), generator->seed_site);
            char *function = strrchr(key, ':');
            if (function)
                *function = '\0';
        } else if (globally_shared(generator->name)) {
            key = text_copy(generator->name);
        } else {
            continue; /* made by a library, or while one was imported: no line to name it by */
        }
        while (k < *n_list_out && strcmp((*list_out)[k].key, key) != 0)
            k++;
        if (k < *n_list_out)
            free(key);
        else
            ARRAY_PUSH(
                *list_out, *n_list_out,
                (struct chance_generator){key, generator, named_by_making(generator) && *maker(generator->seed_site)});
    }
}

void chance_generators_free(struct chance_generator *list, size_t n_list)
{
    for (size_t i = 0; i < n_list; i++)
        free(list[i].key);
    free(list);
}

static void suspect_generators(const struct survey *survey, struct suspect suspects[])
{
    for (size_t i = 0; i < survey->n_generators; i++) {
        const struct surveyed_generator *generator = &survey->generators[i];
        bool creation = named_by_making(generator);
        const char *site = creation ? generator->seed_site : generator->draw_site;
        enum channel channel = chance_channel(generator);

        if (generator->n_draws == 0 || !seeded_by_chance(generator))
            continue;
        int weight = !site                                      ? WEIGHT_POSSIBLE
                     : creation && *maker(generator->seed_site) ? WEIGHT_BY_PACKAGE
                                                                : WEIGHT_SHOWN;
        suspect(&suspects[channel], weight, site, creation ? generator->lane : generator->draw_lane, generator->name,
                generator->draw_name, creation ? generator->seed_event : generator->draw_event);
    }
}

static void suspect_sites(struct suspect *one, int weight, const struct surveyed_site *sites, size_t n_sites)
{
    for (size_t i = 0; i < n_sites; i++)
        suspect(one, by_package(sites[i].site) ? WEIGHT_BY_PACKAGE : weight, sites[i].site, sites[i].lane, NULL,
                sites[i].name, sites[i].event);
}

static bool written_by_command(const struct run *run, const char *path)
{
    for (size_t i = 0; i < run->survey.n_written; i++)
        if (strcmp(run->survey.written[i], path) == 0)
            return true;
    return false;
}

/* Does the operation of this difference draw? Its draw is the event behind it, or a few behind for a composed one. Then it
 * gives what its generator gives. */
static bool operation_draws(const struct pair *pair, size_t i)
{
    const struct pair_difference *op = &pair->differences[i];
    for (size_t k = i + 1; k < pair->n_differences && k <= i + 4; k++) {
        const struct pair_difference *next = &pair->differences[k];
        if (strcmp(next->lane, op->lane) != 0 || next->index > op->index + 4)
            break;
        if (next->a.kind == ONESEED_EVENT_DRAW && strncmp(next->generator, "torch.", 6) == 0)
            return strcmp(next->site, op->site) == 0;
    }
    return false;
}

static void suspect_difference(const struct run *a, const struct pair_difference *d, bool draws,
                               struct suspect suspects[])
{
    bool result = d->kind == TRACE_RESULT;

    if (d->a.kind == ONESEED_EVENT_FILE && result && !(d->a.flags & ONESEED_FLAG_WRITTEN))
        suspect(&suspects[CHANNEL_FILE_CONTENT], written_by_command(a, d->name) ? WEIGHT_SHOWN + 5 : WEIGHT_LIKELY,
                d->site, d->lane, NULL, d->name, d->index);
    if (d->a.kind == ONESEED_EVENT_LISTING && result)
        suspect(&suspects[CHANNEL_FILE_ORDER], d->a.in[0] == d->b.in[0] ? WEIGHT_SHOWN : WEIGHT_PLAUSIBLE, d->site,
                d->lane, NULL, d->name, d->index);
    if (d->a.kind == ONESEED_EVENT_OP && result && !draws && !(d->a.flags & ONESEED_FLAG_UNDEFINED))
        suspect(&suspects[CHANNEL_OP], WEIGHT_SHOWN, d->site, d->lane, NULL, d->name, d->index);
    if (d->a.kind == ONESEED_EVENT_ENVIRONMENT && result && *d->site)
        suspect(&suspects[CHANNEL_ENVIRONMENT], by_package(d->site) ? WEIGHT_BY_PACKAGE : WEIGHT_LIKELY, d->site,
                d->lane, NULL, d->name, d->index);
}

/* Sites agree in file and line? */
static bool same_line(const char *a, const char *b)
{
    size_t length_a = strcspn(a, "|"), length_b = strcspn(b, "|");
    return length_a && length_a == length_b && strncmp(a, b, length_a) == 0;
}

static void raise_same_line(struct suspect *one, const struct surveyed_site *sites, size_t n_sites, const char *site)
{
    for (size_t i = 0; i < n_sites; i++)
        if (same_line(sites[i].site, site) && !by_package(sites[i].site))
            suspect(one, WEIGHT_SHOWN + WEIGHT_SAME_LINE, sites[i].site, sites[i].lane, NULL, sites[i].name,
                    sites[i].event);
}

/* The first seeding or draw that differs: what else happens on its line? `random.seed(time.time())` is the clock's. */
static void suspect_first(const struct run *a, const struct pair *pair, struct suspect suspects[])
{
    for (size_t i = 0; i < pair->n_differences; i++) {
        const struct pair_difference *d = &pair->differences[i];
        if (d->a.kind != ONESEED_EVENT_SEED && d->a.kind != ONESEED_EVENT_DRAW)
            continue;
        if (*d->site) {
            raise_same_line(&suspects[CHANNEL_CLOCK], a->survey.clock, a->survey.n_clock, d->site);
            raise_same_line(&suspects[CHANNEL_OS_ENTROPY], a->survey.entropy, a->survey.n_entropy, d->site);
            raise_same_line(&suspects[CHANNEL_ENVIRONMENT], a->survey.environment, a->survey.n_environment, d->site);
        }
        return;
    }
}

void suspects_find(const struct run *a, const struct run *b, const struct pair *pair,
                   struct suspect suspects_out[CHANNEL_CONTROLLED])
{
    const struct survey *survey = &a->survey;

    for (int i = 0; i < CHANNEL_CONTROLLED; i++)
        suspects_out[i] = (struct suspect){0};
    suspect(&suspects_out[CHANNEL_ADDRESS], WEIGHT_POSSIBLE, NULL, NULL, NULL, NULL, 0);
    suspect(&suspects_out[CHANNEL_UNINITIALISED_MEMORY], WEIGHT_POSSIBLE + 1, NULL, NULL, NULL, NULL, 0);
    suspect(&suspects_out[CHANNEL_ENVIRONMENT], WEIGHT_POSSIBLE, NULL, NULL, NULL, NULL, 0);
    suspect(&suspects_out[CHANNEL_OS_ENTROPY], WEIGHT_POSSIBLE, NULL, NULL, NULL, NULL, 0);
    suspect(&suspects_out[CHANNEL_CLOCK], WEIGHT_POSSIBLE, NULL, NULL, NULL, NULL, 0);
    if (survey->has_python) {
        suspect(&suspects_out[CHANNEL_HASH_SEED], WEIGHT_LIKELY + 5, NULL, NULL, NULL, NULL, 0);
        suspect(&suspects_out[CHANNEL_UNSEEDED_RNG], WEIGHT_POSSIBLE, NULL, NULL, NULL, NULL, 0);
    }
    if (survey->has_children)
        suspect(&suspects_out[CHANNEL_CHILD_PROCESS], WEIGHT_POSSIBLE + 5, NULL, NULL, NULL, NULL, 0);
    if (survey->has_threads || survey->has_children) {
        /* Without Python few other channels are as likely. */
        int weight = !survey->has_python                                ? WEIGHT_LIKELY
                     : survey->has_user_threads || survey->has_children ? WEIGHT_PLAUSIBLE
                                                                        : WEIGHT_POSSIBLE;
        suspect(&suspects_out[CHANNEL_THREAD_ORDER], weight, NULL, NULL, NULL, NULL, 0);
    }
    if (survey->n_ops)
        suspect(&suspects_out[CHANNEL_OP], WEIGHT_POSSIBLE + 2, NULL, NULL, NULL, NULL, 0);
    if (survey->n_listings)
        suspect(&suspects_out[CHANNEL_FILE_ORDER], WEIGHT_POSSIBLE, NULL, NULL, NULL, NULL, 0);
    if (survey->n_written && (survey->n_inputs || b->survey.n_inputs))
        suspect(&suspects_out[CHANNEL_FILE_CONTENT], WEIGHT_POSSIBLE, NULL, NULL, NULL, NULL, 0);
    suspect_generators(survey, suspects_out);
    suspect_sites(&suspects_out[CHANNEL_OS_ENTROPY], WEIGHT_LIKELY, survey->entropy, survey->n_entropy);
    suspect_sites(&suspects_out[CHANNEL_CLOCK], WEIGHT_PLAUSIBLE + 5, survey->clock, survey->n_clock);
    for (size_t i = 0; i < pair->n_differences; i++)
        suspect_difference(a, &pair->differences[i], operation_draws(pair, i), suspects_out);
    suspect_first(a, pair, suspects_out);
}

static bool line_has(const struct surveyed_site *sites, size_t n_sites, const char *site)
{
    for (size_t i = 0; i < n_sites; i++)
        if (same_line(sites[i].site, site) && !by_package(sites[i].site))
            return true;
    return false;
}

static bool text_has_any(const char *text, const char *const words[])
{
    for (; *words; words++)
        if (strstr(text, *words))
            return true;
    return false;
}

/* Channels without events of their own: the line's text tells which is tried first. */
static enum channel channel_by_text(const char *source, const struct suspect suspects[])
{
    static const char *const races[] = {"as_completed", "imap_unordered", "Thread", "Pool", "Executor", "queue",
                                        "Queue",        ".join(",         "future", "lock", "submit",   NULL};
    static const char *const addresses[] = {"id(", "repr(", "object", "str(", "{self", "addr", NULL};
    static const char *const fresh[] = {"empty", "malloc", "ndarray(", "new(", "where=", "resize", NULL};

    if (suspects[CHANNEL_THREAD_ORDER].weight > 0 && text_has_any(source, races))
        return CHANNEL_THREAD_ORDER;
    if (text_has_any(source, fresh))
        return CHANNEL_UNINITIALISED_MEMORY;
    return text_has_any(source, addresses) && !strstr(source, "set(") ? CHANNEL_ADDRESS : CHANNEL_HASH_SEED;
}

static void suspect_line(struct suspect *one, int weight, const struct origin *origin)
{
    const struct pair_difference *d = origin->difference;

    if (one->weight == 0 || one->by_line)
        return;
    suspect(one, weight, origin->site, d->lane, *d->generator ? d->generator : NULL,
            d->a.kind == ONESEED_EVENT_OP ? d->name : NULL, d->index);
    one->by_line = one->site && strcmp(one->site, origin->site) == 0;
}

void suspects_from_lines(const struct run *a, const struct pair *pair, struct suspect suspects[CHANNEL_CONTROLLED])
{
    enum { MAX_ORIGINS = 32 };
    struct origin origins[MAX_ORIGINS];
    size_t n = locate_all(a, pair, origins, MAX_ORIGINS);

    for (size_t i = 0; i < n; i++) {
        const struct pair_difference *d = origins[i].difference;
        const char *site = origins[i].site;
        int weight = WEIGHT_LINE_EXPLAINED;
        enum channel channel;
        struct check_place place;

        if (d->a.kind == ONESEED_EVENT_OP)
            channel = CHANNEL_OP;
        else if (line_has(a->survey.entropy, a->survey.n_entropy, site))
            channel = CHANNEL_OS_ENTROPY;
        else if (line_has(a->survey.environment, a->survey.n_environment, site))
            channel = CHANNEL_ENVIRONMENT;
        else if (line_has(a->survey.clock, a->survey.n_clock, site))
            channel = CHANNEL_CLOCK;
        else if (suspects[CHANNEL_FILE_CONTENT].site && same_line(suspects[CHANNEL_FILE_CONTENT].site, site))
            channel = CHANNEL_FILE_CONTENT;
        else if (suspects[CHANNEL_UNSEEDED_RNG].site && same_line(suspects[CHANNEL_UNSEEDED_RNG].site, site))
            continue;
        else if (suspects[CHANNEL_CHILD_PROCESS].site && same_line(suspects[CHANNEL_CHILD_PROCESS].site, site))
            continue;
        else {
            bool found = place_find(site, &place);
            channel = channel_by_text(found && place.source ? place.source : "", suspects);
            weight = WEIGHT_LINE_UNEXPLAINED;
            if (found)
                place_clear(&place);
        }
        suspect_line(&suspects[channel], weight - (int)(i < 8 ? i : 8), &origins[i]);
        if (weight == WEIGHT_LINE_UNEXPLAINED) { /* the text may mislead: what else leaves no event comes next */
            suspect_line(&suspects[CHANNEL_ADDRESS], WEIGHT_LINE_ELSE, &origins[i]);
            suspect_line(&suspects[CHANNEL_UNINITIALISED_MEMORY], WEIGHT_LINE_ELSE - 1, &origins[i]);
        }
    }
}

void suspects_clear(struct suspect suspects[CHANNEL_CONTROLLED])
{
    for (int i = 0; i < CHANNEL_CONTROLLED; i++) {
        free(suspects[i].site);
        free(suspects[i].lane);
        free(suspects[i].generator);
        free(suspects[i].detail);
        suspects[i] = (struct suspect){0};
    }
}

static const struct surveyed_generator *same_generator(const struct survey *survey,
                                                       const struct surveyed_generator *generator)
{
    for (size_t i = 0; i < survey->n_generators; i++)
        if (strcmp(survey->generators[i].name, generator->name) == 0 &&
            strcmp(survey->generators[i].lane, generator->lane) == 0)
            return &survey->generators[i];
    return NULL;
}

static const struct surveyed_draws *draws_on(const struct surveyed_generator *generator, const char *site)
{
    for (size_t i = 0; i < generator->n_sites; i++)
        if (strcmp(generator->draws[i].site, site) == 0)
            return &generator->draws[i];
    return NULL;
}

/* Is there a line that draws as often in both runs, later than `extra`? As many words, or as many calls: a sampler that
 * rejects takes another number of words from moved positions. */
static bool others_moved(const struct surveyed_generator *a, const struct surveyed_generator *b,
                         const struct surveyed_draws *extra)
{
    for (size_t i = 0; i < a->n_sites; i++) {
        const struct surveyed_draws *after = &a->draws[i], *twin = draws_on(b, after->site);
        if (after != extra && twin && (twin->words == after->words || twin->times == after->times) &&
            after->last > extra->first)
            return true;
    }
    return false;
}

bool suspects_moved_draws(const struct run *a, const struct run *b, struct moved_draws *moved_out)
{
    static const struct surveyed_draws none = {0};

    for (int swapped = 0; swapped < 2; swapped++) {
        const struct survey *one = swapped ? &b->survey : &a->survey, *other = swapped ? &a->survey : &b->survey;
        for (size_t i = 0; i < one->n_generators; i++) {
            const struct surveyed_generator *x = &one->generators[i], *y = same_generator(other, x);
            /* Another seed: another generator, though it has the same name (made by a task that came elsewhere). */
            if (!y || seeded_by_chance(x) || seeded_by_chance(y) || x->seed_digest != y->seed_digest)
                continue;
            for (size_t k = 0; k < x->n_sites; k++) {
                const struct surveyed_draws *extra = &x->draws[k], *twin = draws_on(y, extra->site);
                if (!twin)
                    twin = &none;
                if (!extra->site[0] || (twin->words == extra->words && twin->times == extra->times) ||
                    !others_moved(x, y, extra))
                    continue;
                *moved_out = (struct moved_draws){
                    .generator = x->name,
                    .site = extra->site,
                    .lane = x->lane,
                    .words_a = swapped ? twin->words : extra->words,
                    .words_b = swapped ? extra->words : twin->words,
                    .event = extra->first,
                };
                return true;
            }
        }
    }
    return false;
}
