/* outcome.h - what is to be run, what came of it, and both as bytes between the scan and its workers.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_SCAN_OUTCOME_H
#define ONESEED_SCAN_OUTCOME_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* int64_t */

#include "scan/metric.h" /* struct measured */
#include "study/study.h" /* enum study_status */

struct task {
    size_t place; /* in the plan */
    int64_t seed;
    unsigned repeat, attempt;
    char *sources; /* never NULL */
};

struct outcome {
    struct task task;
    enum study_status status;
    bool interrupted; /* we were asked to stop: not a result */
    int exit_status;
    double started, seconds;
    int64_t peak_kib;
    char output[33], states[33], host[65];
    char *tail, *error; /* error: oneseed itself could not run it; NULL = it could */
    char *modules;      /* lines `@ PATH`: the program's own files that it imported; NULL = not known */
    char *own_seeds;    /* lines `# SEED FILE:LINE`: what the program seeded its generators with; NULL = nothing */
    char *notes;        /* lines: what could not be controlled in it; NULL = everything could */
    struct measured measured;
};

/* The same bits, or both nan. */
bool same_number(double a, double b);
#define OUTCOME_STDOUT "stdout"
/* Names what differs between two outcomes of one run, OUTCOME_STDOUT when nothing else does; NULL: nothing. */
const char *outcome_difference(const struct outcome *a, const struct outcome *b);

/* Bytes that grow; `failed` after reading behind the end. */
struct message {
    unsigned char *bytes;
    size_t n, at;
    bool failed;
};

void task_put(struct message *message, const struct task *task);
void task_take(struct message *message, struct task *task_out);
void task_clear(struct task *task);
void outcome_put(struct message *message, const struct outcome *outcome, bool with_steps);
void outcome_take(struct message *message, struct outcome *outcome_out);
void outcome_clear(struct outcome *outcome);
void message_clear(struct message *message);

/* Length first, then the bytes. False when the other side is gone. */
bool message_send(int fd, const struct message *message);
bool message_receive(int fd, struct message *message_out);

#endif
