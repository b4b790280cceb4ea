/* survey.c - one pass over a trace: what happened that could make a run differ.
 * SPDX-License-Identifier: MIT */
#include "check/survey.h" /* struct survey */

#include <stdlib.h> /* free */
#include <string.h> /* strcmp, strstr */

#include "check/place.h"  /* place_is_users */
#include "common/array.h" /* ARRAY_PUSH, text_copy */

enum {
    MAX_SITES = 256,
    MAX_GENERATORS = 4096,
    MAX_WRITTEN = 65536,
    MAX_DRAW_SITES = 128,
    MAX_SPAWNS = 4096,
    MAX_PYTHONS = 4096
};

bool lane_is_child(const char *lane)
{
    for (; *lane && *lane != '/'; lane++)
        if (*lane == '.')
            return true;
    return false;
}

static const char *text_or(const struct trace *trace, uint64_t id, const char *otherwise)
{
    const char *text = id ? trace_text(trace, id) : NULL;
    return text ? text : otherwise;
}

/* The site as text when it is the user's, else `otherwise`. */
static const char *site_or(const struct trace *trace, uint64_t id, const char *otherwise)
{
    const char *text = id ? trace_text(trace, id) : NULL;
    return place_is_users(text) ? text : otherwise;
}

static struct surveyed_generator *find_generator(struct survey *survey, const char *name, const char *lane)
{
    for (size_t i = survey->n_generators; i-- > 0;)
        if (strcmp(survey->generators[i].name, name) == 0 && strcmp(survey->generators[i].lane, lane) == 0)
            return &survey->generators[i];
    if (survey->n_generators == MAX_GENERATORS)
        return NULL;
    ARRAY_PUSH(
        survey->generators, survey->n_generators,
        (struct surveyed_generator){
            .name = text_copy(name), .lane = text_copy(lane), .seed_how = text_copy(""), .seed_site = text_copy("")});
    return &survey->generators[survey->n_generators - 1];
}

static void replace(char **text, const char *with)
{
    free(*text);
    *text = text_copy(with);
}

static void add_site(struct surveyed_site **sites, size_t *n_sites, const char *site, const char *lane,
                     const char *name, uint64_t event)
{
    for (size_t i = 0; i < *n_sites; i++)
        if (strcmp((*sites)[i].site, site) == 0 && strcmp((*sites)[i].lane, lane) == 0 &&
            strcmp((*sites)[i].name, name) == 0) {
            (*sites)[i].times++;
            return;
        }
    if (*n_sites < MAX_SITES)
        ARRAY_PUSH(
            *sites, *n_sites,
            (struct surveyed_site){
                .site = text_copy(site), .lane = text_copy(lane), .name = text_copy(name), .event = event, .times = 1});
}

static void add_written(struct survey *survey, const char *path)
{
    for (size_t i = 0; i < survey->n_written; i++)
        if (strcmp(survey->written[i], path) == 0)
            return;
    if (survey->n_written < MAX_WRITTEN)
        ARRAY_PUSH(survey->written, survey->n_written, text_copy(path));
}

/* What the survey remembers between the events of one lane, to keep the hot path (draws, ops) free of text. */
struct lane_state {
    const char *name;
    uint64_t draw_site_id;
    size_t draw_site; /* index in the generator's draws of the last one, valid with draw_site_id */
    uint64_t generator_id;
    struct surveyed_generator *generator;
};

static struct surveyed_generator *lane_generator(struct survey *survey, const struct trace *trace,
                                                 struct lane_state *state, uint64_t id)
{
    if (id != state->generator_id || !state->generator) {
        state->generator = find_generator(survey, text_or(trace, id, "?"), state->name);
        state->generator_id = id;
        state->draw_site_id = 0;
    }
    return state->generator;
}

static void add_draws(struct surveyed_generator *generator, const struct trace *trace, struct lane_state *state,
                      uint64_t index, const struct oneseed_event *event)
{
    if (event->site != state->draw_site_id || event->site == 0) {
        const char *site = site_or(trace, event->site, "");
        size_t i = 0;
        while (i < generator->n_sites && strcmp(generator->draws[i].site, site) != 0)
            i++;
        if (i == MAX_DRAW_SITES)
            return;
        if (i == generator->n_sites)
            ARRAY_PUSH(generator->draws, generator->n_sites,
                       (struct surveyed_draws){.site = text_copy(site), .first = index});
        state->draw_site_id = event->site;
        state->draw_site = i;
    }
    generator->draws[state->draw_site].words += event->words;
    generator->draws[state->draw_site].times++;
    generator->draws[state->draw_site].last = index;
}

static void add_python(struct survey *survey, const char *lane)
{
    survey->has_python = true;
    if (survey->n_pythons && strcmp(survey->pythons[survey->n_pythons - 1], lane) == 0)
        return;
    if (survey->n_pythons < MAX_PYTHONS)
        ARRAY_PUSH(survey->pythons, survey->n_pythons, text_copy(lane));
}

/* A Python above: a wrapper (a shell, timeout) that starts one has no generator that a child's could come from. */
static bool below_python(const struct survey *survey, const char *lane)
{
    for (size_t i = 0; i < survey->n_pythons; i++) {
        size_t length = strlen(survey->pythons[i]);
        if (strncmp(lane, survey->pythons[i], length) == 0 && lane[length] == '.')
            return true;
    }
    return false;
}

static void survey_event(struct survey *survey, const struct trace *trace, struct lane_state *state, uint64_t index,
                         const struct oneseed_event *event)
{
    const char *site = NULL;
    struct surveyed_generator *generator;

    survey->n_events++;
    switch (event->kind) {
    case ONESEED_EVENT_PROCESS: {
        const char *command = text_or(trace, event->name, "");
        const char *end = strchr(command, ' ');
        size_t length = end ? (size_t)(end - command) : strlen(command);
        for (size_t i = 0; i + 6 <= length; i++)
            if (strncmp(command + i, "python", 6) == 0) {
                add_python(survey, state->name);
                break;
            }
        break;
    }
    case ONESEED_EVENT_SEED:
        generator = lane_generator(survey, trace, state, event->generator);
        if (generator && generator->n_draws == 0) {
            replace(&generator->seed_how, text_or(trace, event->name, ""));
            replace(&generator->seed_site, site_or(trace, event->site, ""));
            generator->seed_event = index;
            generator->seed_digest = event->out[0];
        }
        if (strcmp(text_or(trace, event->name, ""), "program") == 0)
            survey->has_program_seed = true;
        break;
    case ONESEED_EVENT_DRAW:
        survey->n_draws++;
        generator = lane_generator(survey, trace, state, event->generator);
        if (generator && generator->n_draws++ == 0)
            generator->draw_event = index;
        if (generator)
            add_draws(generator, trace, state, index, event);
        if (generator && !generator->draw_site && (site = site_or(trace, event->site, NULL))) {
            generator->draw_site = text_copy(site);
            generator->draw_name = text_copy(text_or(trace, event->name, NULL));
        }
        break;
    case ONESEED_EVENT_OP:
        survey->n_ops++;
        break;
    case ONESEED_EVENT_ENTROPY:
        /* std::random_device has a name like a generator, but no seed: its bytes are the system's. */
        if (event->generator && strcmp(text_or(trace, event->name, ""), "random_device") != 0) {
            if (strcmp(text_or(trace, event->generator, ""), "python.hash") == 0)
                add_python(survey, state->name);
        } else if ((site = site_or(trace, event->site, NULL))) {
            add_site(&survey->entropy, &survey->n_entropy, site, state->name, text_or(trace, event->name, ""), index);
        }
        break;
    case ONESEED_EVENT_CLOCK:
        if ((site = site_or(trace, event->site, NULL)))
            add_site(&survey->clock, &survey->n_clock, site, state->name, text_or(trace, event->name, ""), index);
        break;
    case ONESEED_EVENT_ENVIRONMENT:
        if ((site = site_or(trace, event->site, NULL)))
            add_site(&survey->environment, &survey->n_environment, site, state->name, text_or(trace, event->name, ""),
                     index);
        break;
    case ONESEED_EVENT_LISTING:
        add_site(&survey->listings, &survey->n_listings, site_or(trace, event->site, ""), state->name,
                 text_or(trace, event->name, ""), index);
        break;
    case ONESEED_EVENT_SPAWN:
        if (strchr(text_or(trace, event->name, ""), '/')) {
            survey->has_threads = true;
            survey->has_user_threads |= place_is_users(text_or(trace, event->site, NULL));
            break;
        }
        if (survey->n_spawns < MAX_SPAWNS)
            ARRAY_PUSH(survey->spawns, survey->n_spawns,
                       (struct surveyed_spawn){text_copy(text_or(trace, event->name, "")), text_copy(state->name),
                                               text_copy(site_or(trace, event->site, NULL)), index});
        break;
    case ONESEED_EVENT_FILE:
        if (event->flags & ONESEED_FLAG_WRITTEN)
            add_written(survey, text_or(trace, event->name, ""));
        else if (!(event->flags & (ONESEED_FLAG_MISSING | ONESEED_FLAG_LIBRARY | ONESEED_FLAG_UNDIGESTED)))
            survey->n_inputs++;
        break;
    default:
        break;
    }
}

/* The start of the nearest process at or above this lane that a user's line made. */
static const struct surveyed_spawn *started_by_user(const struct survey *survey, const char *lane)
{
    const struct surveyed_spawn *nearest = NULL;

    for (size_t i = 0; i < survey->n_spawns; i++) {
        const struct surveyed_spawn *spawn = &survey->spawns[i];
        size_t length = strlen(spawn->child);
        if (spawn->site && strncmp(lane, spawn->child, length) == 0 && (!lane[length] || strchr("./", lane[length])) &&
            (!nearest || length > strlen(nearest->child)))
            nearest = spawn;
    }
    return nearest;
}

/* A worker's library draws from a shared generator on behalf of the line that started the worker. */
static void place_workers_draws(struct survey *survey)
{
    for (size_t i = 0; i < survey->n_generators; i++) {
        struct surveyed_generator *generator = &survey->generators[i];
        const struct surveyed_spawn *spawn;

        generator->draw_lane = generator->lane;
        generator->in_child = below_python(survey, generator->lane);
        if (generator->draw_site || generator->n_draws == 0 || !generator->in_child || strchr(generator->name, '#') ||
            !(spawn = started_by_user(survey, generator->lane)))
            continue;
        generator->by_start = true;
        generator->draw_site = text_copy(spawn->site);
        generator->draw_lane = spawn->parent;
        generator->draw_event = spawn->event;
    }
}

bool survey_trace(struct trace *trace, struct survey *survey_out, char *error, size_t error_nbytes)
{
    *survey_out = (struct survey){0};
    survey_out->n_lanes = trace_n_lanes(trace);
    for (size_t lane = 0; lane < survey_out->n_lanes; lane++) {
        struct lane_state state = {.name = trace_lane_name(trace, lane)};
        struct trace_cursor *cursor = trace_lane_open(trace, lane);
        struct oneseed_event event;
        uint64_t index = 0;
        int got = cursor ? 1 : -1;

        if (strchr(state.name, '/'))
            survey_out->has_threads = true;
        else if (lane_is_child(state.name))
            survey_out->has_children = true;
        if (!trace_lane_complete(trace, lane))
            survey_out->incomplete = true;
        while (cursor && (got = trace_cursor_next(cursor, &event)) == 1)
            survey_event(survey_out, trace, &state, index++, &event);
        trace_cursor_close(cursor);
        if (got < 0) {
            snprintf(error, error_nbytes, "%s", trace_error(trace));
            return false;
        }
    }
    place_workers_draws(survey_out);
    return true;
}

static void clear_sites(struct surveyed_site *sites, size_t n_sites)
{
    for (size_t i = 0; i < n_sites; i++) {
        free(sites[i].site);
        free(sites[i].lane);
        free(sites[i].name);
    }
    free(sites);
}

void survey_clear(struct survey *survey)
{
    for (size_t i = 0; i < survey->n_generators; i++) {
        struct surveyed_generator *generator = &survey->generators[i];
        free(generator->name);
        free(generator->lane);
        free(generator->seed_how);
        free(generator->seed_site);
        free(generator->draw_site);
        free(generator->draw_name);
        for (size_t k = 0; k < generator->n_sites; k++)
            free(generator->draws[k].site);
        free(generator->draws);
    }
    free(survey->generators);
    clear_sites(survey->entropy, survey->n_entropy);
    clear_sites(survey->clock, survey->n_clock);
    clear_sites(survey->environment, survey->n_environment);
    clear_sites(survey->listings, survey->n_listings);
    for (size_t i = 0; i < survey->n_spawns; i++) {
        free(survey->spawns[i].child);
        free(survey->spawns[i].parent);
        free(survey->spawns[i].site);
    }
    free(survey->spawns);
    for (size_t i = 0; i < survey->n_pythons; i++)
        free(survey->pythons[i]);
    free(survey->pythons);
    for (size_t i = 0; i < survey->n_written; i++)
        free(survey->written[i]);
    free(survey->written);
    *survey = (struct survey){0};
}
