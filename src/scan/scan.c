/* scan.c - the same command with many seeds: runs what is missing in a study, and keeps what comes of it.
 * SPDX-License-Identifier: MIT */
#include "scan/scan.h"

#include <errno.h>    /* errno */
#include <inttypes.h> /* PRId64 */
#include <math.h>     /* NAN */
#include <signal.h>   /* sigaction */
#include <stdarg.h>   /* va_list */
#include <stdio.h>    /* vsnprintf */
#include <stdlib.h>   /* free, getenv */
#include <string.h>   /* strcmp */
#include <sys/stat.h> /* mkdir */
#include <time.h>     /* clock_gettime */
#include <unistd.h>   /* gethostname, chdir */

#include "common/array.h" /* ARRAY_PUSH */
#include "scan/audit.h"
#include "scan/cluster.h"
#include "scan/fingerprint.h"
#include "scan/scan_inside.h"
#include "scan/serve.h"

#define TICK_S  0.2
#define LEASE_S 60.0 /* a worker on another machine that is silent so long is taken for dead; ONESEED_LEASE_S */
#define LOOK_S  1.0

volatile sig_atomic_t scan_asked;

static void remember(int number)
{
    scan_asked = number;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

__attribute__((format(printf, 2, 3))) bool scan_refuse(struct scan *scan, const char *format, ...)
{
    va_list arguments;
    scan->stopping = true;
    if (scan->result->end == SCAN_REFUSED)
        return false; /* the first reason is the one */
    va_start(arguments, format);
    vsnprintf(scan->result->error, sizeof scan->result->error, format, arguments);
    va_end(arguments);
    scan->result->end = SCAN_REFUSED;
    return false;
}

__attribute__((format(printf, 2, 3))) void scan_say(const struct scan *scan, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (scan->listener->say)
        scan->listener->say(scan->listener->context, line);
}

/* ---- progress ---- */

static void fill_progress(struct scan *scan)
{
    struct scan_progress *progress = &scan->result->progress;
    progress->n_planned = scan->plan.n;
    progress->n_done = scan->plan.n_state[PLANNED_DONE];
    progress->n_failed = scan->plan.n_state[PLANNED_FAILED];
    progress->n_running = pool_n_busy(&scan->pool);
    progress->jobs = scan->request->jobs;
    progress->elapsed_s = now() - scan->begun;
    progress->left_s = -1;
    if (scan->n_ended > scan->n_checked)
        progress->left_s = (now() - scan->loop_begun) / (double)(scan->n_ended - scan->n_checked) *
                           (double)(scan->plan.n_state[PLANNED_OPEN] + scan->plan.n_state[PLANNED_RUNNING]);
    progress->metrics = scan->tally.metrics;
    progress->n_metrics = scan->tally.n;
}

static void tick(struct scan *scan)
{
    fill_progress(scan);
    if (scan->cluster)
        cluster_listen(scan->cluster);
    if (scan->listener->tick)
        scan->listener->tick(scan->listener->context, &scan->result->progress);
}

/* ---- storing ---- */

bool scan_step(const struct series *series, unsigned metric, size_t i, struct study_step *step_out)
{
    bool is_said = series->steps[i] != INT64_MIN;
    *step_out = (struct study_step){metric, is_said ? series->steps[i] : (int64_t)i, series->values[i]};
    return is_said || series->n > 1;
}

static void values_of(struct scan *scan, const struct measured *measured, struct study_run *run)
{
    struct study_value *values = NULL;
    struct study_step *steps = NULL;
    for (size_t k = 0; k < measured->n_series; k++) {
        const struct series *series = &measured->series[k];
        unsigned id;
        if (series->n == 0 || !tally_metric(&scan->tally, series->name, &id))
            continue;
        struct study_value value = {id, series->values[series->n - 1]};
        ARRAY_PUSH(values, run->n_values, value);
        for (size_t i = 0; scan->request->keeps_steps && i < series->n; i++) {
            struct study_step step;
            if (scan_step(series, id, i, &step))
                ARRAY_PUSH(steps, run->n_steps, step);
        }
    }
    run->values = values;
    run->steps = steps;
}

static bool store(struct scan *scan)
{
    struct study_run *runs = calloc(scan->n_waiting + 1, sizeof *runs);
    char error[STUDY_ERROR_NBYTES];
    if (!runs)
        abort();
    for (size_t k = 0; k < scan->n_waiting; k++) {
        const struct outcome *outcome = &scan->waiting[k];
        runs[k] = (struct study_run){.key = {outcome->task.seed, outcome->task.sources, outcome->task.repeat},
                                     .attempt = outcome->task.attempt,
                                     .status = outcome->status,
                                     .exit_status = outcome->exit_status,
                                     .started = outcome->started,
                                     .seconds = outcome->seconds,
                                     .peak_kib = outcome->peak_kib,
                                     .output = outcome->output,
                                     .states = outcome->states,
                                     .host = outcome->host[0] != '\0' ? outcome->host : scan->host,
                                     .tail = outcome->tail ? outcome->tail : ""};
        values_of(scan, &outcome->measured, &runs[k]);
    }
    if (scan->tally.error[0])
        scan_refuse(scan, "%s", scan->tally.error);
    bool ok = study_add(scan->study, runs, scan->n_waiting, error);
    if (!ok)
        scan_refuse(scan, "%s", error);
    for (size_t k = 0; k < scan->n_waiting; k++) {
        free((void *)runs[k].values);
        free((void *)runs[k].steps);
        if (ok)
            outcome_clear(&scan->waiting[k]);
    }
    free(runs);
    if (ok)
        scan->n_waiting = 0;
    return ok;
}

/* What could not be stored is tried once more at the end: the disk may have room again. */
static void store_the_rest(struct scan *scan)
{
    if (scan->n_waiting == 0)
        return;
    char why[sizeof scan->result->error];
    memcpy(why, scan->result->error, sizeof why);
    if (!store(scan))
        snprintf(scan->result->error, sizeof scan->result->error,
                 "%.600s; %zu runs that had ended are not in the study: mend that, then `oneseed scan --resume %.200s` "
                 "runs them again",
                 why, scan->n_waiting, scan->shown);
    else
        scan->is_new = false;
    for (size_t k = 0; k < scan->n_waiting; k++)
        outcome_clear(&scan->waiting[k]);
    scan->n_waiting = 0;
}

/* ---- what came of a run ---- */

/* What could not be controlled in a run decides what the study is worth: said when it is first seen. */
static void say_notes(struct scan *scan, const char *notes)
{
    for (size_t n; notes && *notes; notes += n + (notes[n] == '\n')) {
        n = strcspn(notes, "\n");
        size_t k = 0;
        while (k < scan->n_notes && (strncmp(scan->notes[k], notes, n) != 0 || scan->notes[k][n] != '\0'))
            k++;
        if (k < scan->n_notes || k == sizeof scan->notes / sizeof *scan->notes)
            continue;
        scan->notes[scan->n_notes++] = text_format("%.*s", (int)n, notes);
        scan_say(scan, "not controlled: %s", scan->notes[k]);
    }
}

void scan_take(struct scan *scan, struct outcome *outcome)
{
    size_t place = outcome->task.place;
    if (outcome->interrupted || scan->result->end == SCAN_REFUSED) {
        plan_reopen(&scan->plan, place);
        scan->stopping = true;
        outcome_clear(outcome);
        return;
    }
    if (outcome->error) { /* ours: no other run would fare better */
        plan_reopen(&scan->plan, place);
        scan_refuse(scan, "%s", outcome->error);
        outcome_clear(outcome);
        return;
    }
    scan->n_ended++;
    say_notes(scan, outcome->notes);
    bool again = plan_ended(&scan->plan, place, outcome->status);
    if (outcome->status != STUDY_DONE) {
        scan_say_failure(scan, outcome, again);
        scan_look_for_success(scan, outcome);
    } else {
        own_seeds_hear(scan, outcome);
        if (outcome->measured.doubt && !scan->said_doubt)
            scan_say(scan, "%s", outcome->measured.doubt);
        scan->said_doubt |= outcome->measured.doubt != NULL;
        if (!scan->knows_imports && !scan->modules && outcome->modules)
            scan->modules = text_copy(outcome->modules);
        failure_last_line(outcome->tail, scan->last_words, sizeof scan->last_words);
        if (outcome->task.repeat == 0 && outcome->task.sources[0] == '\0') {
            tally_run(&scan->tally, &outcome->measured);
            scan_look_for_metrics(scan, outcome);
        }
    }
    ARRAY_PUSH(scan->waiting, scan->n_waiting, *outcome);
}

/* The metric of --until, NULL: none, or not there yet. */
static const struct scan_metric *until_metric(const struct scan *scan)
{
    const struct request *request = scan->request;
    for (size_t k = 0; request->until_half_width > 0 && k < scan->tally.n; k++)
        if (!request->until_metric || strcmp(request->until_metric, scan->tally.metrics[k].name) == 0)
            return &scan->tally.metrics[k];
    return NULL;
}

/* What is left to be done then: runs that are going, and repetitions for the audit. */
static void stop_when_enough(struct scan *scan)
{
    const struct scan_metric *metric = until_metric(scan);
    if (!metric || scan->stopping || scan->result->end != SCAN_COMPLETE ||
        !stats_may_stop(&metric->running, 0.95, scan->request->until_half_width))
        return;
    scan->result->end = SCAN_ENOUGH;
    for (size_t k = 0; k < scan->n_claimed; k++)
        plan_reopen(&scan->plan, scan->claimed[k]);
    scan->n_claimed = 0;
    plan_drop_seeds(&scan->plan);
}

static void say_until(struct scan *scan)
{
    const struct scan_metric *metric = until_metric(scan);
    const char *name = metric ? metric->name : scan->request->until_metric ? scan->request->until_metric : "";
    if (metric && scan->result->end == SCAN_COMPLETE &&
        stats_may_stop(&metric->running, 0.95, scan->request->until_half_width))
        scan->result->end = SCAN_ENOUGH; /* nothing was left to be run */
    scan->result->until.half_width = scan->request->until_half_width;
    scan->result->until.have =
        metric && metric->running.n > 1 ? stats_running_half_width(&metric->running, 0.95) : (double)NAN;
    snprintf(scan->result->until.metric, sizeof scan->result->until.metric, "%s", name);
}

/* ---- the loop ---- */

struct task scan_task(const struct scan *scan, size_t place)
{
    struct study_key key = plan_key(&scan->plan, place);
    return (struct task){.place = place,
                         .seed = key.seed,
                         .repeat = key.repeat,
                         .attempt = scan->plan.runs[place].attempts + 1u,
                         .sources = (char *)key.sources};
}

static void died(struct scan *scan, struct pool_worker *worker)
{
    struct outcome outcome = {.status = STUDY_LOST, .exit_status = 125, .task = worker->task};
    outcome.task.sources = text_copy(worker->task.sources);
    if (!pool_replace(&scan->pool, worker) && !scan_asked) {
        if (scan->cluster)
            scan_refuse(scan, "Ray's driver has ended; `oneseed scan --resume %.300s --on ray` goes on", scan->shown);
        else
            scan_refuse(scan, "a worker died, and no process could be made in its place: %s", strerror(errno));
    }
    if (scan_asked || scan->stopping) {
        plan_reopen(&scan->plan, outcome.task.place);
        outcome_clear(&outcome);
    } else {
        scan_take(scan, &outcome);
    }
}

/* A worker elsewhere that was told to end: its machine goes, and not we. */
static void take_from(struct scan *scan, const struct pool_worker *worker, struct outcome *outcome)
{
    if (outcome->interrupted && worker->pid == 0 && !scan_asked) {
        outcome->interrupted = false;
        outcome->status = STUDY_LOST;
        outcome->exit_status = 125;
    }
    scan_take(scan, outcome);
}

/* Runs that are ours: in a file all are, in a shared study those that no other worker has. */
static bool claim(struct scan *scan)
{
    size_t places[CLAIMS], n = plan_open(&scan->plan, places, CLAIMS),
                           n_wanted = scan->pool.n < CLAIMS ? scan->pool.n : CLAIMS;
    struct study_try tries[CLAIMS];
    unsigned char states[CLAIMS];
    char error[STUDY_ERROR_NBYTES];
    if (n == 0)
        return false;
    for (size_t k = 0; k < n; k++)
        tries[k] = (struct study_try){plan_key(&scan->plan, places[k]), scan->plan.runs[places[k]].attempts + 1u};
    if (!study_claim(scan->study, tries, n, n_wanted, scan->lease_s, states, error))
        return scan_refuse(scan, "%s", error);
    for (size_t k = 0; k < n; k++) {
        if (states[k] == STUDY_CLAIMED) {
            plan_running(&scan->plan, places[k]);
            scan->claimed[scan->n_claimed++] = places[k];
        } else if (states[k] != STUDY_FREE) {
            plan_elsewhere(&scan->plan, places[k]);
        }
    }
    return true;
}

bool scan_next_place(struct scan *scan, size_t *place_out)
{
    while (scan->n_claimed == 0)
        if (scan->stopping || !claim(scan))
            return false;
    *place_out = scan->claimed[0];
    memmove(scan->claimed, scan->claimed + 1, --scan->n_claimed * sizeof *scan->claimed);
    return true;
}

static void give(struct scan *scan)
{
    size_t place;
    for (struct pool_worker *worker;
         !scan->stopping && (worker = pool_idle(&scan->pool)) && scan_next_place(scan, &place);) {
        struct task task = scan_task(scan, place);
        if (!pool_give(worker, &task))
            died(scan, worker);
    }
}

/* What other workers have done since. */
static void look_around(struct scan *scan)
{
    char error[STUDY_ERROR_NBYTES];
    if (now() < scan->next_look || scan->plan.n_state[PLANNED_OPEN] > 0 || scan->plan.n_state[PLANNED_ELSEWHERE] == 0)
        return;
    plan_look_again(&scan->plan);
    if (!study_each_known(scan->study, scan_know, scan, error))
        scan_refuse(scan, "%s", error);
    scan->next_look = now() + LOOK_S;
}

static void renew(struct scan *scan)
{
    char error[STUDY_ERROR_NBYTES];
    if (now() < scan->next_renewal)
        return;
    if (!study_renew(scan->study, scan->lease_s, error))
        scan_refuse(scan, "%s", error);
    scan->next_renewal = now() + scan->lease_s / 4;
}

static void loop(struct scan *scan)
{
    double next_tick = 0;
    scan->loop_begun = now();
    scan->n_checked = scan->n_ended;
    for (;;) {
        if (scan_asked) {
            scan->stopping = true;
            pool_leave(&scan->pool);
        }
        renew(scan);
        stop_when_enough(scan);
        give(scan);
        look_around(scan);
        if (pool_n_busy(&scan->pool) == 0 &&
            (scan->stopping || (scan->plan.n_state[PLANNED_OPEN] == 0 && scan->plan.n_state[PLANNED_ELSEWHERE] == 0)))
            break;
        struct pool_worker *worker = pool_wait(&scan->pool, TICK_S);
        struct outcome outcome;
        bool got = worker != NULL;
        if (worker && !pool_answer(worker, &outcome))
            died(scan, worker);
        else if (worker)
            take_from(scan, worker, &outcome);
        if (got) {
            stop_when_enough(scan);
            give(scan); /* before anything else: a worker shall not wait for the disk */
        }
        if (scan->n_waiting > 0 && scan->result->end != SCAN_REFUSED && store(scan) && scan->is_new) {
            scan_forget_outputs(scan);
            scan->is_new = false;
        }
        if (scan->modules && scan->n_waiting == 0 && scan->result->end != SCAN_REFUSED)
            scan_know_imports(scan);
        if (now() >= next_tick) {
            tick(scan);
            next_tick = now() + TICK_S;
        }
    }
    store_the_rest(scan);
    for (size_t k = 0; k < scan->n_claimed; k++)
        plan_reopen(&scan->plan, scan->claimed[k]);
    scan->n_claimed = 0;
    if (scan->stopping && scan->result->end == SCAN_COMPLETE && scan->plan.n_state[PLANNED_OPEN] > 0) {
        scan->result->end = SCAN_STOPPED;
        scan->result->signal = scan_asked ? scan_asked : SIGTERM; /* which one of our workers was sent */
    }
    tick(scan);
}

/* ---- beginning ---- */

static void said_by_ray(void *context, const char *line)
{
    scan_say(context, "%s", line);
}

/* Elsewhere: as many as there is room for, when --jobs does not say it. */
static bool reach_cluster(struct scan *scan)
{
    struct request *request = scan->request;
    char error[STUDY_ERROR_NBYTES];
    size_t n_places;
    char *files = fingerprint_files(request->argv), *environment = fingerprint_environment(request->argv);
    char *text = serve_text(request, files, environment);
    free(files);
    free(environment);
    const struct cluster_caller caller = {&scan_asked, said_by_ray, scan};
    scan->cluster = cluster_start(request->ray, text, &caller, &n_places, error, sizeof error);
    free(text);
    if (!scan->cluster)
        return scan_refuse(scan, "%s", error);
    if (request->jobs == 0)
        request->jobs = n_places;
    scan->pool.connect = cluster_connect;
    scan->pool.connect_context = scan->cluster;
    return true;
}

static bool start_workers(struct scan *scan)
{
    const struct request *request = scan->request;
    char error[256];
    if (request->ray && !scan->cluster && !reach_cluster(scan))
        return false;
    scan->worker = serve_options(request);
    if (request->folders && mkdir(request->folders, 0777) != 0 && errno != EEXIST)
        return scan_refuse(scan, "--folders %s: %s", request->folders, strerror(errno));
    size_t n = request->jobs < scan->plan.n ? request->jobs : scan->plan.n;
    if (!pool_start(&scan->pool, &scan->worker, n > 0 ? n : 1, error, sizeof error))
        return scan_refuse(scan, "%s", error);
    return true;
}

static bool read_lease(struct scan *scan)
{
    const char *text = getenv("ONESEED_LEASE_S");
    char *end;
    scan->lease_s = LEASE_S;
    if (!text)
        return true;
    scan->lease_s = strtod(text, &end);
    if (end != text && *end == '\0' && scan->lease_s >= 1 && scan->lease_s <= 1e6)
        return true;
    return scan_refuse(scan, "ONESEED_LEASE_S=%.60s: not a number of seconds from 1 to 1000000", text);
}

static bool plan_of(const struct request *request, struct seeds *seeds, struct plan *plan_out, char *error,
                    size_t error_nbytes)
{
    char why[256];
    if (!seeds_parse(request->seeds, seeds, why, sizeof why)) {
        snprintf(error, error_nbytes, "--seeds %.200s: %s", request->seeds, why);
        return false;
    }
    struct plan_options options = {.seeds = seeds,
                                   .varied = request->varied,
                                   .audit = request->audit,
                                   .shard = request->shard,
                                   .n_shards = request->n_shards,
                                   .retries = request->retries};
    return plan_make(&options, plan_out, error, error_nbytes);
}

static bool make_plan(struct scan *scan)
{
    char error[512];
    return plan_of(scan->request, &scan->seeds, &scan->plan, error, sizeof error) || scan_refuse(scan, "%s", error);
}

bool scan_count(const struct request *request, size_t *n_out, char *error, size_t error_nbytes)
{
    struct seeds seeds = {0};
    struct plan plan = {0};
    bool ok = plan_of(request, &seeds, &plan, error, error_nbytes);
    *n_out = plan.n;
    plan_clear(&plan);
    seeds_clear(&seeds);
    return ok;
}

/* Anew: other workers have added to a shared study. */
static bool know_values(struct scan *scan)
{
    char error[STUDY_ERROR_NBYTES];
    tally_forget(&scan->tally);
    return tally_study(&scan->tally, error) || scan_refuse(scan, "%s", error);
}

static bool declare_metrics(struct scan *scan)
{
    char error[STUDY_ERROR_NBYTES];
    scan->tally.study = scan->study;
    for (size_t k = 0; k < scan->request->n_metrics; k++) {
        unsigned id;
        if (!study_metric(scan->study, scan->request->metrics[k].name, scan->request->metrics[k].how, &id, error))
            return scan_refuse(scan, "%s", error);
        struct scan_metric *metric = tally_metric(&scan->tally, scan->request->metrics[k].name, &id);
        if (metric)
            metric->declared = true;
    }
    return true;
}

/* ---- all of it ---- */

static void forked(void *context)
{
    struct scan *scan = context;
    if (scan->study)
        study_forked(scan->study);
}

/* A new file without a run would only stand in the way of the next try. */
static void forget_empty_study(const struct scan *scan)
{
    if (scan->result->end == SCAN_REFUSED && scan->is_new && !strstr(scan->request->where, "://"))
        (void)unlink(scan->request->where);
}

void scan_run(struct request *request, bool resume, const struct scan_listener *listener, struct scan_result *result)
{
    struct scan scan = {.request = request, .listener = listener, .result = result};
    struct sigaction action = {.sa_handler = remember}, before[3];
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    memset(result, 0, sizeof *result);
    scan_asked = 0;
    for (size_t k = 0; k < 3; k++) {
        sigaction(signals[k], &action, &before[k]);
        if (before[k].sa_handler == SIG_IGN) /* nohup */
            sigaction(signals[k], &before[k], NULL);
    }
    scan.begun = now();
    scan.shown = study_shown(request->where);
    gethostname(scan.host, sizeof scan.host - 1);
    scan.pool.forked = forked;
    scan.pool.context = &scan;
    if (read_lease(&scan) && make_plan(&scan) &&
        (resume || !request->ray || reach_cluster(&scan)) /* before a study is made in vain */ &&
        scan_open_study(&scan, resume, &resume) && scan_add_metrics(&scan) && declare_metrics(&scan) &&
        (!resume || (scan_fill(&scan) && know_values(&scan)))) {
        result->has_begun = true;
        scan.n_runs_before = scan.tally.n_runs;
        result->progress.n_before = scan.plan.n_state[PLANNED_DONE] + scan.plan.n_state[PLANNED_FAILED];
        if (scan.plan.n_state[PLANNED_OPEN] > 0 && start_workers(&scan)) {
            if (!request->preload || scan_check_preload(&scan))
                loop(&scan);
            else
                store_the_rest(&scan);
        }
        char error[STUDY_ERROR_NBYTES];
        if (result->end != SCAN_REFUSED && scan_is_shared(&scan))
            know_values(&scan);
        result->audit.is_wanted = request->audit > 0;
        if (result->end != SCAN_REFUSED && request->audit > 0 && !audit_study(scan.study, &result->audit, error))
            scan_refuse(&scan, "%s", error);
    }
    if (result->end != SCAN_REFUSED)
        scan_say_missing(&scan);
    fill_progress(&scan);
    say_until(&scan);
    result->n_ended = scan.n_ended;
    pool_end(&scan.pool);
    cluster_end(scan.cluster);
    study_close(scan.study);
    forget_empty_study(&scan);
    plan_clear(&scan.plan);
    seeds_clear(&scan.seeds);
    free(scan.tally.ids); /* the metrics go with the result */
    free(scan.waiting);
    free(scan.modules);
    own_seeds_clear(&scan.own_seeds);
    for (size_t k = 0; k < scan.n_notes; k++)
        free(scan.notes[k]);
    free(scan.shown);
    for (size_t k = 0; k < 3; k++)
        sigaction(signals[k], &before[k], NULL);
}

void scan_result_clear(struct scan_result *result)
{
    for (size_t k = 0; k < result->progress.n_metrics; k++)
        free((char *)result->progress.metrics[k].name);
    free((void *)result->progress.metrics);
    *result = (struct scan_result){0};
}
