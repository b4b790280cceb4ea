/* outcome.c - what is to be run, what came of it, and both as bytes between the scan and its workers.
 * SPDX-License-Identifier: MIT
 *
 * Both sides are one program, on machines of one kind: numbers go as they lie in memory. */
#include "scan/outcome.h"

#include <errno.h>      /* errno */
#include <math.h>       /* isnan */
#include <stdlib.h>     /* free */
#include <string.h>     /* memcpy */
#include <sys/socket.h> /* send */

#include "common/array.h" /* text_copy */

/* ---- bytes ---- */

static void put(struct message *message, const void *bytes, size_t n)
{
    if (message->n + n > message->at) { /* `at` is the capacity while a message is written */
        message->at = 2 * (message->n + n) + 256;
        message->bytes = realloc(message->bytes, message->at);
        if (!message->bytes)
            abort();
    }
    if (n > 0)
        memcpy(message->bytes + message->n, bytes, n);
    message->n += n;
}

static void take(struct message *message, void *out, size_t n)
{
    if (message->failed || n > message->n - message->at) {
        message->failed = true;
        memset(out, 0, n);
        return;
    }
    memcpy(out, message->bytes + message->at, n);
    message->at += n;
}

#define PUT(message, value)  put((message), &(value), sizeof(value))
#define TAKE(message, value) take((message), &(value), sizeof(value))

static void put_text(struct message *message, const char *text)
{
    size_t n = text ? strlen(text) + 1 : 0;
    PUT(message, n);
    put(message, text, n);
}

static char *take_text(struct message *message)
{
    size_t n;
    TAKE(message, n);
    if (message->failed || n > message->n - message->at) {
        message->failed = true;
        return NULL;
    }
    if (n == 0)
        return NULL;
    char *text = text_format("%.*s", (int)n - 1, (const char *)message->bytes + message->at);
    message->at += n;
    return text;
}

void message_clear(struct message *message)
{
    free(message->bytes);
    *message = (struct message){0};
}

/* ---- tasks ---- */

void task_put(struct message *message, const struct task *task)
{
    PUT(message, task->place);
    PUT(message, task->seed);
    PUT(message, task->repeat);
    PUT(message, task->attempt);
    put_text(message, task->sources);
}

void task_take(struct message *message, struct task *task_out)
{
    TAKE(message, task_out->place);
    TAKE(message, task_out->seed);
    TAKE(message, task_out->repeat);
    TAKE(message, task_out->attempt);
    task_out->sources = take_text(message);
    if (!task_out->sources)
        task_out->sources = text_copy("");
}

void task_clear(struct task *task)
{
    free(task->sources);
    *task = (struct task){0};
}

/* ---- outcomes ---- */

void outcome_put(struct message *message, const struct outcome *outcome, bool with_steps)
{
    task_put(message, &outcome->task);
    PUT(message, outcome->status);
    PUT(message, outcome->interrupted);
    PUT(message, outcome->exit_status);
    PUT(message, outcome->started);
    PUT(message, outcome->seconds);
    PUT(message, outcome->peak_kib);
    PUT(message, outcome->output);
    PUT(message, outcome->states);
    PUT(message, outcome->host);
    put_text(message, outcome->tail);
    put_text(message, outcome->error);
    put_text(message, outcome->own_seeds);
    put_text(message, outcome->modules);
    put_text(message, outcome->notes);
    put_text(message, outcome->measured.doubt);
    PUT(message, outcome->measured.n_series);
    for (size_t k = 0; k < outcome->measured.n_series; k++) {
        const struct series *series = &outcome->measured.series[k];
        size_t first = with_steps ? 0 : series->n - 1, n = series->n - first;
        put_text(message, series->name);
        PUT(message, n);
        put(message, series->steps + first, n * sizeof *series->steps);
        put(message, series->values + first, n * sizeof *series->values);
    }
}

static void take_series(struct message *message, struct measured *measured)
{
    size_t n;
    char *name = take_text(message);
    TAKE(message, n);
    if (message->failed || !name || n > (message->n - message->at) / (sizeof(int64_t) + sizeof(double))) {
        message->failed = true;
        free(name);
        return;
    }
    const unsigned char *steps = message->bytes + message->at, *values = steps + n * sizeof(int64_t);
    for (size_t k = 0; k < n; k++) {
        int64_t step;
        double value;
        memcpy(&step, steps + k * sizeof step, sizeof step);
        memcpy(&value, values + k * sizeof value, sizeof value);
        measured_add(measured, name, step, value);
    }
    message->at += n * (sizeof(int64_t) + sizeof(double));
    free(name);
}

void outcome_take(struct message *message, struct outcome *outcome_out)
{
    size_t n_series;
    *outcome_out = (struct outcome){0};
    task_take(message, &outcome_out->task);
    TAKE(message, outcome_out->status);
    TAKE(message, outcome_out->interrupted);
    TAKE(message, outcome_out->exit_status);
    TAKE(message, outcome_out->started);
    TAKE(message, outcome_out->seconds);
    TAKE(message, outcome_out->peak_kib);
    TAKE(message, outcome_out->output);
    TAKE(message, outcome_out->states);
    TAKE(message, outcome_out->host);
    outcome_out->tail = take_text(message);
    outcome_out->error = take_text(message);
    outcome_out->own_seeds = take_text(message);
    outcome_out->modules = take_text(message);
    outcome_out->notes = take_text(message);
    char *doubt = take_text(message);
    TAKE(message, n_series);
    for (size_t k = 0; k < n_series && !message->failed; k++)
        take_series(message, &outcome_out->measured);
    outcome_out->measured.doubt = doubt;
}

void outcome_clear(struct outcome *outcome)
{
    task_clear(&outcome->task);
    free(outcome->tail);
    free(outcome->error);
    free(outcome->own_seeds);
    free(outcome->modules);
    free(outcome->notes);
    measured_clear(&outcome->measured);
    *outcome = (struct outcome){0};
}

/* ---- comparing ---- */

bool same_number(double a, double b)
{
    uint64_t x, y;
    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    return x == y || (isnan(a) && isnan(b));
}

const char *outcome_difference(const struct outcome *a, const struct outcome *b)
{
    if (a->exit_status != b->exit_status)
        return "the exit status";
    if (strcmp(a->states, b->states) != 0)
        return "the generators' states at the end";
    if (a->measured.n_series != b->measured.n_series)
        return "which metrics are there";
    for (size_t k = 0; k < a->measured.n_series; k++) {
        const struct series *x = &a->measured.series[k], *y = measured_series((struct measured *)&b->measured, x->name);
        if (!y || x->n != y->n)
            return x->name;
        for (size_t i = 0; i < x->n; i++)
            if (!same_number(x->values[i], y->values[i]))
                return x->name;
    }
    return strcmp(a->output, b->output) != 0 ? OUTCOME_STDOUT : NULL;
}

/* ---- the line between them ---- */

static bool send_all(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int fd, void *bytes, size_t n)
{
    char *at = bytes;
    while (n > 0) {
        ssize_t got = recv(fd, at, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

bool message_send(int fd, const struct message *message)
{
    return send_all(fd, &message->n, sizeof message->n) && send_all(fd, message->bytes, message->n);
}

bool message_receive(int fd, struct message *message_out)
{
    *message_out = (struct message){0};
    if (!receive_all(fd, &message_out->n, sizeof message_out->n))
        return false;
    message_out->bytes = malloc(message_out->n + 1);
    if (message_out->bytes && receive_all(fd, message_out->bytes, message_out->n))
        return true;
    message_clear(message_out);
    return false;
}
