/* check_json.c - the answer of `oneseed check` as JSON. docs/check.md has its fields.
 * SPDX-License-Identifier: MIT */
#include "cli/check_json.h" /* check_json */

#include <stdio.h>  /* fopen, getline, printf */
#include <stdlib.h> /* free */
#include <string.h> /* strlen */

#include "report/report_text.h" /* report_text */

enum { CONTEXT_LINES = 5 }; /* on either side of a cause's line */

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, report_text(text));
}

static void set_count(json_t *object, const char *key, uint64_t count)
{
    json_object_set_new(object, key, json_integer((json_int_t)count));
}

static json_t *texts(char *const *items, size_t n_items)
{
    json_t *array = json_array();
    for (size_t i = 0; i < n_items; i++)
        json_array_append_new(array, report_text(items[i]));
    return array;
}

static json_t *reached_json(const struct check_cause *cause)
{
    json_t *reached = json_object();

    json_object_set_new(reached, "stdout_line", cause->stdout_line ? json_integer(cause->stdout_line) : json_null());
    json_object_set_new(reached, "status", json_boolean(cause->status_differs));
    json_object_set_new(reached, "files", texts(cause->files, cause->n_files));
    set_count(reached, "draws", cause->draws);
    set_count(reached, "ops", cause->ops);
    return reached;
}

/* The lines around the cause's, null when the file cannot be read. */
static json_t *context_json(const struct check_place *place)
{
    FILE *source = place->file && place->line ? fopen(place->file, "r") : NULL;
    unsigned first = place->line > CONTEXT_LINES ? place->line - CONTEXT_LINES : 1, at = 1;
    json_t *context, *lines;
    char *text = NULL;
    size_t capacity = 0;

    if (!source)
        return json_null();
    context = json_object();
    lines = json_array();
    for (ssize_t length; at <= place->line + CONTEXT_LINES && (length = getline(&text, &capacity, source)) >= 0; at++) {
        while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
            text[--length] = '\0';
        if (at >= first)
            json_array_append_new(lines, report_text(text));
    }
    free(text);
    fclose(source);
    json_object_set_new(context, "first", json_integer(first));
    json_object_set_new(context, "lines", lines);
    return context;
}

static json_t *cause_json(const struct check_cause *cause)
{
    json_t *object = json_object();

    set_text(object, "channel", channel_name(cause->channel));
    set_text(object, "message", cause->message);
    set_text(object, "file", cause->place.file);
    json_object_set_new(object, "line", cause->place.line ? json_integer(cause->place.line) : json_null());
    set_text(object, "function", cause->place.function);
    set_text(object, "source", cause->place.source);
    json_object_set_new(object, "context", context_json(&cause->place));
    set_text(object, "library", cause->place.through);
    set_text(object, "generator", cause->generator);
    set_text(object, "op", cause->op);
    set_text(object, "lane", cause->lane);
    set_count(object, "event", cause->event);
    if (cause->channel == CHANNEL_DRAW_COUNT)
        json_object_set_new(object, "words",
                            json_pack("[I, I]", (json_int_t)cause->words_a, (json_int_t)cause->words_b));
    set_text(object, "trigger", cause->trigger == CHANNEL_NONE ? NULL : channel_name(cause->trigger));
    set_text(object, "fix", cause->fix);
    set_text(object, "evidence", cause->evidence == EVIDENCE_EXPERIMENT ? "experiment" : "trace");
    set_text(object, "proof", cause->proof);
    json_object_set_new(object, "reached", reached_json(cause));
    return object;
}

static const char *verdict_text(enum check_verdict verdict)
{
    static const char *const names[] = {"same", "diverged", "inconclusive"};
    return names[verdict];
}

static json_t *channels_json(channel_set set)
{
    json_t *channels = json_array();
    for (int i = 0; i < CHANNEL_CONTROLLED; i++)
        if (set & CHANNEL_BIT(i))
            json_array_append_new(channels, json_string(channel_name((enum channel)i)));
    return channels;
}

static json_t *controlled_json(const struct check_result *result)
{
    if (!result->has_controlled)
        return json_null();
    json_t *object = json_object();
    set_text(object, "verdict", verdict_text(result->controlled_verdict));
    json_object_set_new(object, "channels", channels_json(result->controlled));
    return object;
}

static json_t *experiments_json(const struct check_result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->n_experiments; i++) {
        const struct check_experiment *experiment = &result->experiments[i];
        json_t *object = json_object();
        json_object_set_new(object, "controls", channels_json(experiment->controls));
        set_count(object, "runs", experiment->runs);
        json_object_set_new(object, "same", json_boolean(experiment->equal));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *varied_json(const struct check_result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->n_varied; i++) {
        json_t *answer = json_object();
        set_text(answer, "what", result->varied[i].what);
        json_object_set_new(answer, "depends", json_boolean(result->varied[i].depends));
        set_text(answer, "problem", result->varied[i].problem);
        json_array_append_new(array, answer);
    }
    return array;
}

static json_t *stdout_json(const struct check_result *result)
{
    if (!result->stdout_line)
        return json_null();
    json_t *object = json_object();
    set_count(object, "line", result->stdout_line);
    set_text(object, "a", result->stdout_a);
    set_text(object, "b", result->stdout_b);
    return object;
}

static void add_number(json_t *object, const char *key, uint64_t number)
{
    json_t *numbers = json_object_get(object, key);
    if (!numbers)
        json_object_set_new(object, key, numbers = json_array());
    json_array_append_new(numbers, json_integer((json_int_t)number));
}

static json_t *bar_json(const struct check_bar *bar)
{
    uint64_t totals[CHECK_KINDS] = {0};
    json_t *object, *kinds;

    if (!bar->there)
        return json_null();
    object = json_object();
    kinds = json_object();
    for (size_t i = 0; i < bar->n_cells; i++)
        for (unsigned kind = 0; kind < CHECK_KINDS; kind++)
            totals[kind] += bar->cells[i].kinds[kind];
    json_object_set_new(object, "differences", json_array());
    for (size_t i = 0; i < bar->n_cells; i++) {
        add_number(object, "differences", bar->cells[i].differences);
        for (unsigned kind = 0; kind < CHECK_KINDS; kind++)
            if (totals[kind])
                add_number(kinds, check_kind_name(kind), bar->cells[i].kinds[kind]);
    }
    set_count(object, "events", bar->n_events);
    set_count(object, "started", bar->started);
    json_object_set_new(object, "complete", json_boolean(bar->complete));
    json_object_set_new(object, "kinds", kinds);
    return object;
}

static json_t *lane_json(const struct check_lane *lane)
{
    json_t *object = json_object(), *first = json_null();

    if (lane->first_kind) {
        first = json_object();
        set_text(first, "kind", lane->first_kind);
        set_text(first, "what", lane->first_what);
        set_text(first, "site", lane->first_site);
        set_count(first, "event", lane->first_a);
        set_count(first, "event_b", lane->first_b);
    }
    set_text(object, "lane", lane->name);
    set_text(object, "parent", lane->parent);
    json_object_set_new(object, "a", bar_json(&lane->a));
    json_object_set_new(object, "b", bar_json(&lane->b));
    set_count(object, "differences", lane->n_differences);
    json_object_set_new(object, "first", first);
    return object;
}

static json_t *timeline_json(const struct check_result *result)
{
    json_t *object = json_object(), *lanes = json_array();

    for (size_t i = 0; i < result->n_timeline; i++)
        json_array_append_new(lanes, lane_json(&result->timeline[i]));
    json_object_set_new(object, "lanes", lanes);
    set_count(object, "left_out", result->n_timeline_left_out);
    return object;
}

json_t *check_json(const struct check_result *result, char *const *argv)
{
    json_t *root = json_object(), *causes = json_array();
    size_t argc = 0;

    while (argv[argc])
        argc++;
    set_text(root, "format", "oneseed-check/1");
    set_text(root, "verdict", verdict_text(result->verdict));
    set_text(root, "reason", result->problem ? result->problem : result->reason);
    json_object_set_new(root, "command", texts(argv, argc));
    set_count(root, "runs", result->runs);
    set_count(root, "distinct", result->distinct);
    json_object_set_new(root, "status", json_integer(result->status));
    json_object_set_new(root, "stopped", json_boolean(result->stopped));
    json_object_set_new(root, "first", result->n_causes ? cause_json(&result->causes[0]) : json_null());
    for (size_t i = 0; i < result->n_causes; i++)
        json_array_append_new(causes, cause_json(&result->causes[i]));
    json_object_set_new(root, "causes", causes);
    json_object_set_new(root, "compared",
                        json_pack("{s:I, s:I, s:I, s:I, s:I, s:b}", "draws", (json_int_t)result->draws, "ops",
                                  (json_int_t)result->ops, "files", (json_int_t)result->n_files, "inputs",
                                  (json_int_t)result->inputs, "lanes", (json_int_t)result->lanes, "stdout", 1));
    json_object_set_new(root, "stdout", stdout_json(result));
    json_object_set_new(root, "controlled", controlled_json(result));
    json_object_set_new(root, "experiments", experiments_json(result));
    json_object_set_new(root, "vary", varied_json(result));
    json_object_set_new(root, "notes", texts(result->notes, result->n_notes));
    set_count(root, "total_runs", result->total_runs);
    json_object_set_new(root, "timeline", timeline_json(result));
    return root;
}

/* A field a line; the time line's many numbers are one line. */
void check_json_print(const json_t *document)
{
    json_t *rest = json_copy((json_t *)(uintptr_t)document), *timeline = json_object_get(document, "timeline");
    json_object_del(rest, "timeline");
    char *text = json_dumps(rest, JSON_INDENT(1)), *numbers = json_dumps(timeline, JSON_COMPACT);

    if (text && numbers)
        printf("%.*s,\n \"timeline\": %s\n}\n", (int)(strlen(text) - 2), text, numbers); /* without "\n}" */
    free(text);
    free(numbers);
    json_decref(rest);
}
