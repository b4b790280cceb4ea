/* metric.c - what `--metric NAME=HOW` means, and where the values go.
 * SPDX-License-Identifier: MIT */
#include "scan/metric_inside.h"

#include <errno.h>    /* errno */
#include <fcntl.h>    /* open */
#include <math.h>     /* NAN, INFINITY */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* strtod */
#include <string.h>   /* strncmp */
#include <strings.h>  /* strcasecmp */
#include <sys/stat.h> /* fstat */
#include <unistd.h>   /* read */

#include "common/array.h" /* ARRAY_PUSH */

/* ---- NAME=HOW ---- */

enum { NAME_NBYTES = 64 };

static bool is_word(const char *how, const char *word, const char **rest)
{
    size_t n = strlen(word);
    if (strncmp(how, word, n) != 0 || (how[n] != ':' && how[n] != '\0'))
        return false;
    *rest = how[n] == ':' ? how + n + 1 : "";
    return true;
}

/* KEY@PATH: the last @ parts them, as tags have some, too. */
static bool split(struct metric *metric, const char *rest, const char *what, char *error, size_t error_nbytes)
{
    const char *at = strrchr(rest, '@');
    if (!at || at[1] == '\0') {
        snprintf(error, error_nbytes, "%s: no path: want %s", metric->how, what);
        return false;
    }
    metric->key = at == rest ? text_copy(metric->name) : text_format("%.*s", (int)(at - rest), rest);
    metric->path = text_copy(at + 1);
    return true;
}

static bool understand(struct metric *metric, char *error, size_t error_nbytes)
{
    const char *rest;
    if (is_word(metric->how, "log", &rest) && rest[0] == '\0') {
        metric->kind = METRIC_LOG;
        return true;
    }
    if (is_word(metric->how, "json", &rest)) {
        metric->kind = strchr(rest, '@') ? METRIC_JSON_FILE : METRIC_JSON;
        if (metric->kind == METRIC_JSON_FILE)
            return split(metric, rest, "json:KEY@FILE", error, error_nbytes);
        metric->key = text_copy(rest[0] ? rest : metric->name);
        return true;
    }
    if (is_word(metric->how, "csv", &rest)) {
        metric->kind = METRIC_CSV;
        return split(metric, rest, "csv:COLUMN@FILE", error, error_nbytes);
    }
    if (is_word(metric->how, "tensorboard", &rest)) {
        metric->kind = METRIC_TENSORBOARD;
        return split(metric, rest, "tensorboard:TAG@FOLDER", error, error_nbytes);
    }
    if (is_word(metric->how, "mlflow", &rest)) {
        metric->kind = METRIC_MLFLOW;
        return split(metric, rest, "mlflow:KEY@FOLDER", error, error_nbytes);
    }
    metric->kind = METRIC_REGEX;
    if (is_word(metric->how, "text", &rest))
        metric->key = text_copy(rest[0] ? rest : metric->name);
    return true;
}

bool metric_make(const char *name, const char *how, struct metric *metric_out, char *error, size_t error_nbytes)
{
    *metric_out = (struct metric){0};
    if (name[0] == '\0' || strlen(name) >= NAME_NBYTES) {
        snprintf(error, error_nbytes, "a metric's name has 1 to %d bytes", NAME_NBYTES - 1);
        return false;
    }
    if (how[0] == '\0') {
        snprintf(error, error_nbytes,
                 "nothing says where it is: want %s=REGEX, or text, json, csv, tensorboard, mlflow, log", name);
        return false;
    }
    metric_out->name = text_copy(name);
    metric_out->how = text_copy(how);
    bool ok = understand(metric_out, error, error_nbytes);
    if (ok && metric_out->kind == METRIC_REGEX)
        ok = metric_out->key ? metric_label_make(metric_out, metric_out->key, error, error_nbytes)
                             : metric_regex_make(metric_out, metric_out->how, error, error_nbytes);
    if (!ok)
        metric_clear(metric_out);
    return ok;
}

bool metric_parse(const char *text, struct metric *metric_out, char *error, size_t error_nbytes)
{
    const char *equals = strchr(text, '=');
    if (!equals && (strpbrk(text, "[\\{*") || strstr(text, "(?"))) {
        snprintf(error, error_nbytes, "an expression needs a name in front: NAME='%s'", text);
        return false;
    }
    if (!equals)
        return metric_make(text, "text", metric_out, error, error_nbytes);
    char *name = text_format("%.*s", (int)(equals - text), text);
    bool ok = metric_make(name, equals + 1, metric_out, error, error_nbytes);
    free(name);
    return ok;
}

void metric_clear(struct metric *metric)
{
    free(metric->name);
    free(metric->how);
    free(metric->key);
    free(metric->path);
    metric_regex_clear(metric);
    *metric = (struct metric){0};
}

/* ---- what was measured ---- */

struct series *measured_series(struct measured *measured, const char *name)
{
    for (size_t k = 0; k < measured->n_series; k++)
        if (strcmp(measured->series[k].name, name) == 0)
            return &measured->series[k];
    return NULL;
}

void measured_add(struct measured *measured, const char *name, int64_t step, double value)
{
    struct series *series = measured_series(measured, name);
    if (!series) {
        struct series fresh = {.name = text_copy(name)};
        ARRAY_PUSH(measured->series, measured->n_series, fresh);
        series = &measured->series[measured->n_series - 1];
    }
    size_t n = series->n;
    ARRAY_PUSH(series->steps, n, step);
    ARRAY_PUSH(series->values, series->n, value);
}

void measured_clear(struct measured *measured)
{
    for (size_t k = 0; k < measured->n_series; k++) {
        free(measured->series[k].name);
        free(measured->series[k].steps);
        free(measured->series[k].values);
    }
    free(measured->series);
    free(measured->doubt);
    *measured = (struct measured){0};
}

/* ---- numbers and files ---- */

bool metric_number(const char *text, size_t n, double *value_out)
{
    char copy[400], *end;
    while (n > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        n--;
    }
    while (n > 0 && strchr(" \t\r\n%", text[n - 1]) && text[n - 1] != '\0')
        n--;
    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    const char *word = copy + (copy[0] == '-' || copy[0] == '+');
    if (strcasecmp(word, "nan") == 0) {
        *value_out = (double)NAN;
        return true;
    }
    if (strcasecmp(word, "inf") == 0 || strcasecmp(word, "infinity") == 0) {
        *value_out = copy[0] == '-' ? -(double)INFINITY : (double)INFINITY;
        return true;
    }
    if ((*word < '0' || *word > '9') && *word != '.')
        return false;
    if (strpbrk(word, "xX"))
        return false;
    *value_out = strtod(copy, &end); /* in the locale "C": the tool never calls setlocale() */
    return *end == '\0';
}

char *metric_file(const char *path, size_t *n_out)
{
    const size_t most = (size_t)1 << 30;
    struct stat status;
    char *text = NULL;
    size_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe in its place must not stop us */
    if (fd < 0)
        return NULL;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || (uint64_t)status.st_size > most ||
        !(text = malloc((size_t)status.st_size + 1)))
        goto out;
    while (n < (size_t)status.st_size) {
        ssize_t got = read(fd, text + n, (size_t)status.st_size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    text[n] = '\0';
    *n_out = n;
out:
    close(fd);
    return text;
}
