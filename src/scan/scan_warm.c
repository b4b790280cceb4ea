/* scan_warm.c - warm starts are checked against cold ones, one run after the other.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h> /* PRId64 */
#include <string.h>   /* strcmp */

#include "scan/scan_inside.h"

static bool run_one(struct pool *pool, const struct task *task, struct outcome *outcome_out)
{
    *outcome_out = (struct outcome){0};
    return pool_give(&pool->workers[0], task) && pool_answer(&pool->workers[0], outcome_out);
}

/* Metrics and states are equal and stdout is not: do cold starts print the same? A time that is printed says nothing about warm
 * starts, and rounded it may be the same a few times. */
static bool prints_anything(struct scan *scan, struct pool *cold, const struct task *task, const struct outcome *before)
{
    bool differs = scan->prints_anything;
    for (unsigned k = 0; k < 4 && !differs && !scan_asked; k++) {
        struct outcome again;
        bool ran = run_one(cold, task, &again) && !again.interrupted && !again.error;
        differs = ran && strcmp(before->output, again.output) != 0;
        outcome_clear(&again);
    }
    if (differs && !scan->prints_anything)
        scan_say(
            scan,
            "--preload: what the program prints differs between two cold starts as well (a time, perhaps): metrics and "
            "generators' states are compared, stdout is not");
    scan->prints_anything = differs;
    return differs;
}

static bool check_one(struct scan *scan, struct pool *cold, size_t place)
{
    struct task task = scan_task(scan, place);
    struct outcome a, b;
    bool ok = true, ran = run_one(cold, &task, &a) && !a.interrupted && !a.error;
    ran = run_one(&scan->pool, &task, &b) && ran && !b.interrupted && !b.error;
    const char *what = ran ? outcome_difference(&a, &b) : NULL;
    if (what && strcmp(what, OUTCOME_STDOUT) == 0 && prints_anything(scan, cold, &task, &a))
        what = NULL;
    if (!ran && !scan_asked && b.error) /* it begins with --preload */
        ok = scan_refuse(scan, "%s", b.error);
    else if (!ran && !scan_asked)
        ok = scan_refuse(scan, "--preload: the first run did not come to an end: %s",
                         a.error ? a.error : "its worker died");
    else if (what)
        ok = scan_refuse(
            scan,
            "--preload: with seed %" PRId64
            " a warm start gives other results than a cold one: %s differs. Do not preload: run this scan cold",
            task.seed, what);
    if (ran && ok) {
        scan_take(scan, &b);
    } else {
        plan_reopen(&scan->plan, place);
        outcome_clear(&b);
    }
    outcome_clear(&a);
    return ok;
}

bool scan_check_preload(struct scan *scan)
{
    struct worker_options cold_options = scan->worker;
    struct pool cold = {0};
    char error[256];
    size_t place;
    bool ok = true;
    cold_options.preload = NULL;
    cold_options.fixed_hash_seed = true;
    if (!pool_start(&cold, &cold_options, 1, error, sizeof error))
        return scan_refuse(scan, "%s", error);
    for (unsigned k = 0; ok && !scan_asked && k < scan->request->preload_check && scan_next_place(scan, &place); k++)
        ok = check_one(scan, &cold, place);
    pool_end(&cold);
    return ok;
}
