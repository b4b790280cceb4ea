/* metric_text.c - metrics in text: JSON on stdout, JSON and CSV files, what oneseed.log() wrote.
 * SPDX-License-Identifier: MIT */
#include "scan/metric_inside.h"

#include <stdlib.h> /* free */
#include <string.h> /* memchr */

#include <jansson.h> /* json_loadb */

#include "common/array.h" /* text_format */

bool metric_next_line(const char **at, const char *end, const char **line, size_t *n)
{
    if (*at >= end)
        return false;
    *line = *at;
    while (*at < end && **at != '\n' && **at != '\r')
        ++*at;
    *n = (size_t)(*at - *line);
    ++*at;
    return true;
}

/* ---- JSON ---- */

static bool number_of(const json_t *value, double *number_out)
{
    if (json_is_number(value)) {
        *number_out = json_number_value(value);
        return true;
    }
    return json_is_string(value) && metric_number(json_string_value(value), json_string_length(value), number_out);
}

/* A key as it stands, else its parts between points, object by object. */
static const json_t *find(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    const char *point;
    for (size_t skip = 0; !value && (point = strchr(key + skip, '.')); skip = (size_t)(point - key) + 1) {
        char *first = text_format("%.*s", (int)(point - key), key);
        const json_t *inner = json_object_get(object, first);
        free(first);
        if (json_is_object(inner))
            value = find(inner, point + 1);
    }
    return value;
}

static int64_t step_of(const json_t *object)
{
    static const char *const names[] = {"step", "epoch", "iteration"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const json_t *value = json_object_get(object, names[k]);
        if (json_is_integer(value))
            return json_integer_value(value);
        if (json_is_real(value) && json_real_value(value) > -1e15 && json_real_value(value) < 1e15)
            return (int64_t)json_real_value(value);
    }
    return METRIC_NO_STEP;
}

static void take(const struct metric *metric, const json_t *object, struct measured *measured)
{
    double value;
    if (number_of(find(object, metric->key), &value))
        measured_add(measured, metric->name, step_of(object), value);
}

/* Python writes nan and infinities as NaN and Infinity, which is no JSON: such a line is read again with strings in their places. */
static json_t *load_line(const char *line, size_t n)
{
    json_t *object = json_loadb(line, n, JSON_REJECT_DUPLICATES, NULL);
    if (object || (!memmem(line, n, "NaN", 3) && !memmem(line, n, "Infinity", 8)))
        return object;
    char *copy = malloc(3 * n + 1), *to = copy;
    bool quoted = false;
    for (size_t k = 0; copy && k < n; k++) {
        size_t word = 0;
        if (line[k] == '\\' && quoted && k + 1 < n) {
            *to++ = line[k++];
        } else if (line[k] == '"') {
            quoted = !quoted;
        } else if (!quoted && n - k >= 3 && memcmp(line + k, "NaN", 3) == 0) {
            word = 3;
        } else if (!quoted && n - k >= 8 && memcmp(line + k, "Infinity", 8) == 0) {
            word = 8;
        } else if (!quoted && n - k >= 9 && memcmp(line + k, "-Infinity", 9) == 0) {
            word = 9;
        }
        if (word == 0) {
            *to++ = line[k];
            continue;
        }
        *to++ = '"';
        memcpy(to, line + k, word);
        to += word;
        *to++ = '"';
        k += word - 1;
    }
    object = copy ? json_loadb(copy, (size_t)(to - copy), JSON_REJECT_DUPLICATES, NULL) : NULL;
    free(copy);
    return object;
}

void metric_read_json_lines(const struct metric *metric, const char *text, size_t n, struct measured *measured)
{
    const char *line, *at = text;
    size_t length;
    while (metric_next_line(&at, text + n, &line, &length)) {
        while (length > 0 && (*line == ' ' || *line == '\t')) {
            line++;
            length--;
        }
        json_t *object = length > 1 && *line == '{' ? load_line(line, length) : NULL;
        if (object)
            take(metric, object, measured);
        json_decref(object);
    }
}

/* One document, an array of objects, or lines. */
void metric_read_json_file(const struct metric *metric, const char *path, struct measured *measured)
{
    size_t n, k;
    const json_t *item;
    char *text = metric_file(path, &n);
    if (!text)
        return;
    json_t *whole = load_line(text, n);
    if (json_is_object(whole)) {
        take(metric, whole, measured);
    } else if (json_is_array(whole)) {
        json_array_foreach(whole, k, item) take(metric, item, measured);
    } else {
        metric_read_json_lines(metric, text, n, measured);
    }
    json_decref(whole);
    free(text);
}

void metric_read_log(const char *path, struct measured *measured)
{
    size_t n, length;
    const char *line, *name;
    char *text = metric_file(path, &n);
    if (!text)
        return;
    for (const char *at = text; metric_next_line(&at, text + n, &line, &length);) {
        json_t *object = load_line(line, length), *value;
        int64_t step = step_of(object);
        json_object_foreach(object, name, value)
        {
            double number;
            if (strcmp(name, "step") != 0 && number_of(value, &number))
                measured_add(measured, name, step, number);
        }
        json_decref(object);
    }
    free(text);
}

/* ---- CSV (RFC 4180) ---- */

/* The next field, without its quotes, in place; *last: it ends its line. */
static char *next_field(char **at, char *end, size_t *n, bool *last)
{
    char *field = *at, *to = *at, *from = *at;
    bool quoted = from < end && *from == '"';
    from += quoted;
    for (; from < end; from++) {
        if (quoted && *from == '"') {
            if (from + 1 < end && from[1] == '"') {
                from++;
            } else {
                quoted = false;
                continue;
            }
        } else if (!quoted && (*from == ',' || *from == '\n')) {
            break;
        }
        *to++ = *from;
    }
    *last = from >= end || *from == '\n';
    if (*last && to > field && to[-1] == '\r')
        to--;
    *n = (size_t)(to - field);
    *at = from < end ? from + 1 : end;
    return field;
}

void metric_read_csv(const struct metric *metric, const char *path, struct measured *measured)
{
    size_t n, length, column = 0, step_column = (size_t)-1, wanted = (size_t)-1;
    char *text = metric_file(path, &n), *at = text, *field;
    bool last = false, head = true;
    int64_t step = METRIC_NO_STEP;
    double value = 0;
    bool has_value = false;
    if (!text)
        return;
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    while (at < text + n) {
        field = next_field(&at, text + n, &length, &last);
        if (head) {
            if (length == strlen(metric->key) && memcmp(field, metric->key, length) == 0)
                wanted = column;
            else if ((length == 4 && memcmp(field, "step", 4) == 0) || (length == 5 && memcmp(field, "epoch", 5) == 0))
                step_column = column;
        } else if (column == wanted) {
            has_value = metric_number(field, length, &value);
        } else if (column == step_column) {
            double number;
            if (metric_number(field, length, &number) && number > -1e15 && number < 1e15)
                step = (int64_t)number;
        }
        column++;
        if (!last)
            continue;
        if (has_value)
            measured_add(measured, metric->name, step, value);
        has_value = head = false;
        step = METRIC_NO_STEP;
        column = 0;
    }
    free(text);
}
