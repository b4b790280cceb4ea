/* request.c - what a scan is asked to do, and that as texts in the study, so that `--resume` knows it.
 * SPDX-License-Identifier: MIT */
#include "scan/request.h"

#include <math.h>   /* isfinite */
#include <stdio.h>  /* snprintf */
#include <stdlib.h> /* free */
#include <string.h> /* strcmp */
#include <time.h>   /* gmtime_r */

#include <jansson.h> /* json_pack */

#include "common/array.h" /* ARRAY_PUSH */

static const char *const level_names[] = {"bare", "seeds", "process", "portable"};

static char *without_blanks(const char *text)
{
    char *copy = text_copy(text), *to = copy;
    for (const char *from = copy; *from; from++)
        if (*from != ' ')
            *to++ = *from;
    *to = '\0';
    return copy;
}

bool request_until(struct request *request, const char *text)
{
    char *plain = without_blanks(text), *limit = strstr(plain, "ci<"), *end = plain, *name = NULL;
    bool none = strcmp(plain, "none") == 0;
    double width = limit ? strtod(limit + 3, &end) : 0;
    bool ok = none || (limit && end > limit + 3 && *end == '\0' && width > 0 && isfinite(width) &&
                       (limit == plain || (limit > plain + 1 && limit[-1] == ':')));
    if (ok && !none && limit > plain)
        name = text_format("%.*s", (int)(limit - 1 - plain), plain);
    if (ok) {
        free(request->until);
        free(request->until_metric);
        request->until = none ? NULL : text_copy(plain);
        request->until_metric = name;
        request->until_half_width = none ? 0 : width / 2;
    }
    free(plain);
    return ok;
}

/* ---- writing ---- */

static char *dump(json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    json_decref(json);
    return text ? text : text_copy("null");
}

/* A word that is no UTF-8 cannot be a JSON string: its bytes go as numbers. */
static json_t *word_json(const char *word)
{
    json_t *text = json_string(word);
    if (text)
        return text;
    json_t *bytes = json_array();
    for (; *word; word++)
        json_array_append_new(bytes, json_integer((unsigned char)*word));
    return bytes;
}

static char *command_text(char *const *argv)
{
    json_t *words = json_array();
    for (; *argv; argv++)
        json_array_append_new(words, word_json(*argv));
    return dump(words);
}

char *request_metrics_text(const struct request *request)
{
    json_t *metrics = json_array();
    for (size_t k = 0; k < request->n_metrics; k++)
        json_array_append_new(metrics, json_pack("{s:o,s:o}", "name", word_json(request->metrics[k].name), "how",
                                                 word_json(request->metrics[k].how)));
    return dump(metrics);
}

static char *options_text(const struct request *request)
{
    return dump(json_pack("{s:f,s:f,s:i,s:o?,s:o?,s:b,s:b,s:b,s:o*}", "timeout", request->timeout_s, "audit",
                          request->audit, "retries", (int)request->retries, "preload",
                          request->preload ? json_string(request->preload) : NULL, "folders",
                          request->folders ? word_json(request->folders) : NULL, "keep_output", request->keeps_output,
                          "steps", request->keeps_steps, "allow_missing", request->allows_missing, "reseed",
                          request->reseeds ? json_true() : NULL));
}

static char *varied_text(const struct request *request)
{
    char *text = text_copy("");
    for (char *const *name = request->varied; name && *name; name++) {
        char *longer = text_format("%s%s%s", text, text[0] ? "," : "", *name);
        free(text);
        text = longer;
    }
    return text;
}

static char *time_text(void)
{
    char text[32];
    time_t now = time(NULL);
    struct tm utc;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    return text_copy(text);
}

char **request_texts(const struct request *request, const char *files, const char *environment)
{
    char **texts = NULL;
    size_t n = 0;
    const struct {
        const char *name;
        char *text;
    } rows[] = {{"command", command_text(request->argv)}, {"directory", text_copy(request->directory)},
                {"seeds", text_copy(request->seeds)},     {"level", text_copy(level_names[request->level])},
                {"sources", varied_text(request)},        {"metrics", request_metrics_text(request)},
                {"options", options_text(request)},       {"script", text_copy(files)},
                {"environment", text_copy(environment)},  {"created", time_text()}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        ARRAY_PUSH(texts, n, text_copy(rows[k].name));
        ARRAY_PUSH(texts, n, rows[k].text);
    }
    if (request->until) {
        ARRAY_PUSH(texts, n, text_copy("until"));
        ARRAY_PUSH(texts, n, text_copy(request->until));
    }
    if (request->jobs > 1) {
        ARRAY_PUSH(texts, n, text_copy("jobs"));
        ARRAY_PUSH(texts, n, text_format("%zu", request->jobs));
    }
    if (request->n_shards > 1) {
        ARRAY_PUSH(texts, n, text_copy("shard"));
        ARRAY_PUSH(texts, n, text_format("%zu/%zu", request->shard, request->n_shards));
    }
    ARRAY_PUSH(texts, n, NULL);
    return texts;
}

void request_texts_clear(char **texts)
{
    for (char **text = texts; text && *text; text++)
        free(*text);
    free(texts);
}

/* ---- reading ---- */

static char *word_of(const json_t *json)
{
    if (json_is_string(json))
        return text_copy(json_string_value(json));
    char *text = calloc(json_array_size(json) + 1, 1);
    for (size_t k = 0; text && k < json_array_size(json); k++)
        text[k] = (char)json_integer_value(json_array_get(json, k));
    return text;
}

static bool read_command(const char *text, struct request *request)
{
    json_t *words = json_loads(text ? text : "", 0, NULL);
    size_t n = 0;
    for (size_t k = 0; k < json_array_size(words); k++)
        ARRAY_PUSH(request->argv, n, word_of(json_array_get(words, k)));
    json_decref(words);
    if (n == 0)
        return false;
    ARRAY_PUSH(request->argv, n, NULL);
    return true;
}

static bool read_metrics(const char *text, struct request *request, char *error, size_t error_nbytes)
{
    json_t *metrics = json_loads(text ? text : "", 0, NULL);
    bool ok = json_is_array(metrics);
    for (size_t k = 0; ok && k < json_array_size(metrics); k++) {
        const json_t *row = json_array_get(metrics, k);
        char *name = word_of(json_object_get(row, "name")), *how = word_of(json_object_get(row, "how"));
        struct metric metric;
        ok = metric_make(name, how, &metric, error, error_nbytes);
        if (ok)
            ARRAY_PUSH(request->metrics, request->n_metrics, metric);
        free(name);
        free(how);
    }
    json_decref(metrics);
    return ok;
}

static void read_varied(const char *text, struct request *request)
{
    size_t n = 0;
    char *copy = text_copy(text ? text : ""), *rest = NULL;
    for (char *name = strtok_r(copy, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
        ARRAY_PUSH(request->varied, n, text_copy(name));
    if (n > 0)
        ARRAY_PUSH(request->varied, n, NULL);
    free(copy);
}

static void read_options(const char *text, struct request *request)
{
    json_t *options = json_loads(text ? text : "", 0, NULL);
    const json_t *preload = json_object_get(options, "preload"), *folders = json_object_get(options, "folders");
    request->timeout_s = json_number_value(json_object_get(options, "timeout"));
    request->audit = json_number_value(json_object_get(options, "audit"));
    request->retries = (unsigned)json_integer_value(json_object_get(options, "retries"));
    request->preload = json_is_string(preload) ? word_of(preload) : NULL;
    request->folders = folders && !json_is_null(folders) ? word_of(folders) : NULL;
    request->keeps_output = json_is_true(json_object_get(options, "keep_output"));
    request->keeps_steps = json_is_true(json_object_get(options, "steps"));
    request->allows_missing = json_is_true(json_object_get(options, "allow_missing"));
    request->reseeds = json_is_true(json_object_get(options, "reseed"));
    json_decref(options);
}

/* What a call may say anew; what cannot be read is as if it had not been said. */
static void read_call(request_text_fn *text, void *context, struct request *request)
{
    const char *until = text(context, "until"), *jobs = text(context, "jobs"), *shard = text(context, "shard");
    unsigned long number, n;
    char end;
    if (until)
        (void)request_until(request, until);
    if (jobs && sscanf(jobs, "%6lu%c", &number, &end) == 1 && number >= 1 && number <= 1000)
        request->jobs = number;
    if (shard && sscanf(shard, "%7lu/%7lu%c", &number, &n, &end) == 2 && number < n) {
        request->shard = number;
        request->n_shards = n;
    }
}

bool request_read_texts(request_text_fn *text, void *context, struct request *request_out, char *error,
                        size_t error_nbytes)
{
    struct request request = {.jobs = 1, .n_shards = 1};
    const char *level = text(context, "level"), *seeds = text(context, "seeds");
    const char *directory = text(context, "directory");
    size_t k = 0;
    snprintf(error, error_nbytes, "the study does not say how it was made: it is not a scan's, or damaged");
    while (k < 4 && (!level || strcmp(level, level_names[k]) != 0))
        k++;
    if (k == 4 || !seeds || !directory || !read_command(text(context, "command"), &request) ||
        !read_metrics(text(context, "metrics"), &request, error, error_nbytes)) {
        request_clear(&request);
        return false;
    }
    request.level = (enum launch_level)k;
    request.seeds = text_copy(seeds);
    request.directory = text_copy(directory);
    read_varied(text(context, "sources"), &request);
    read_options(text(context, "options"), &request);
    read_call(text, context, &request);
    *request_out = request;
    return true;
}

static const char *of_study(void *context, const char *name)
{
    return study_text(context, name);
}

bool request_read(struct study *study, struct request *request_out, char *error, size_t error_nbytes)
{
    return request_read_texts(of_study, study, request_out, error, error_nbytes);
}

void request_clear(struct request *request)
{
    for (char **word = request->argv; word && *word; word++)
        free(*word);
    for (char **name = request->varied; name && *name; name++)
        free(*name);
    for (size_t k = 0; k < request->n_metrics; k++)
        metric_clear(&request->metrics[k]);
    for (size_t k = 0; k < request->n_added; k++)
        free(request->added[k]);
    free(request->added);
    free(request->argv);
    free(request->varied);
    free(request->metrics);
    free(request->directory);
    free(request->seeds);
    free(request->preload);
    free(request->folders);
    free(request->until);
    free(request->until_metric);
    *request = (struct request){0};
}
