/* scan_words.c - what a scan says of runs that failed and of metrics that are not there; and whether that ends it.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h> /* PRId64 */
#include <stdio.h>    /* snprintf */
#include <string.h>   /* strstr */

#include "scan/scan_inside.h"

enum { LOOK_FOR_METRICS_AFTER = 10 };

static void name_run(const struct task *task, char *name, size_t name_nbytes)
{
    snprintf(name, name_nbytes, "seed %" PRId64 "%s%.100s%s%s", task->seed, task->sources[0] ? " (" : "", task->sources,
             task->sources[0] ? ")" : "", task->repeat ? " again" : "");
}

void scan_say_failure(struct scan *scan, const struct outcome *outcome, bool again)
{
    char name[160], words[FAILURE_WORDS_NBYTES], what[64];
    name_run(&outcome->task, name, sizeof name);
    failure_words(outcome->tail, outcome->exit_status, scan->request->directory, words, sizeof words);
    if (outcome->status == STUDY_TIMEOUT)
        snprintf(what, sizeof what, "not done after %g s", scan->request->timeout_s);
    else if (outcome->status == STUDY_LOST)
        snprintf(what, sizeof what, "its worker died");
    else if (outcome->exit_status > 128)
        snprintf(what, sizeof what, "ended by signal %d", outcome->exit_status - 128);
    else
        snprintf(what, sizeof what, "exit status %d", outcome->exit_status);
    scan_say(scan, "%s: %s%s%s%s", name, what, words[0] ? ": " : "", words, again ? " (will be tried again)" : "");
    if (strstr(words, "No module named 'oneseed'") && !scan->said_package) {
        scan_say(scan,
                 "the tool brings nothing into the program %s: install the package in that Python (pip install "
                 "oneseed), or %s",
                 scan->request->level == LAUNCH_BARE ? "at level bare" : "when Python is started with -I, -E or -S",
                 scan->request->level == LAUNCH_BARE ? "take another --level" : "start it without them");
        scan->said_package = true;
    }
}

/* Do all of the first runs fail? Then the next thousand will. */
void scan_look_for_success(struct scan *scan, const struct outcome *outcome)
{
    char words[FAILURE_WORDS_NBYTES];
    if (scan->request->allows_missing || scan->plan.n_state[PLANNED_DONE] > 0 ||
        scan->n_ended != LOOK_FOR_METRICS_AFTER)
        return;
    bool is_error = failure_words(outcome->tail, outcome->exit_status, scan->request->directory, words, sizeof words);
    scan_refuse(scan, "the first %d runs all failed; the last one%s: %s (--allow-missing goes on)",
                LOOK_FOR_METRICS_AFTER, is_error ? " at" : "'s last line is", words[0] ? words : "empty");
}

/* After the first runs that count: is everything there that was asked for? */
void scan_look_for_metrics(struct scan *scan, const struct outcome *outcome)
{
    char words[FAILURE_WORDS_NBYTES];
    if (scan->request->allows_missing || scan->tally.n_runs - scan->n_runs_before != LOOK_FOR_METRICS_AFTER)
        return;
    failure_last_line(outcome->tail, words, sizeof words);
    for (size_t k = 0; k < scan->tally.n; k++)
        if (scan->tally.metrics[k].declared && scan->tally.metrics[k].n_missing >= scan->tally.n_runs)
            scan_refuse(scan,
                        "--metric %s: not there in any of %s%d runs; the last one's last line is: %s (another "
                        "pattern, or "
                        "--allow-missing)",
                        scan->tally.metrics[k].name, scan->n_runs_before > 0 ? "the last " : "the first ",
                        LOOK_FOR_METRICS_AFTER, words);
}

/* Fewer runs than scan_look_for_metrics() waits for, and a metric in none of them. */
void scan_say_missing(const struct scan *scan)
{
    for (size_t k = 0; k < scan->tally.n; k++)
        if (scan->tally.metrics[k].declared && scan->tally.metrics[k].n_missing > 0 &&
            scan->tally.metrics[k].running.n == 0 && scan->tally.metrics[k].n_nan == 0 && scan->last_words[0] != '\0')
            scan_say(scan, "--metric %s: not there as a number in any run; the last one's last line is: %s",
                     scan->tally.metrics[k].name, scan->last_words);
}
