/* worker.c - a process that runs one planned run after the other and says what came of each.
 * SPDX-License-Identifier: MIT
 *
 * Processes and not threads: launch_run() takes the signals and the orphans of its process, and what a run breaks here breaks one worker. */
#include "scan/worker.h"

#include <errno.h>     /* errno */
#include <ftw.h>       /* nftw */
#include <inttypes.h>  /* PRId64 */
#include <signal.h>    /* SIGTERM */
#include <stdio.h>     /* snprintf */
#include <stdlib.h>    /* setenv */
#include <string.h>    /* strstr */
#include <sys/prctl.h> /* PR_SET_PDEATHSIG */
#include <sys/stat.h>  /* mkdir */
#include <time.h>      /* clock_gettime */
#include <unistd.h>    /* _exit */

#include "common/array.h"  /* text_format */
#include "common/digest.h" /* digest128 */
#include "scan/outcome.h"
#include "scan/warm.h"

enum { TAIL_LINES = 20, TAIL_NBYTES = 16384, EXIT_LOST = 3 };

struct worker {
    const struct worker_options *options;
    struct launch_session *session;
    struct warm *warm; /* NULL: every run is started anew */
    char *out, *err, *log, *states;
    bool told_imports; /* what the program imports: once is enough */
};

/* ---- {seed} and {folder} ---- */

bool worker_names(const char *text, const char *what)
{
    return text && strstr(text, what);
}

static char *replace(const char *text, const char *what, const char *with)
{
    char *result = text_copy("");
    const char *found;
    for (; (found = strstr(text, what)); text = found + strlen(what)) {
        char *longer = text_format("%s%.*s%s", result, (int)(found - text), text, with);
        free(result);
        result = longer;
    }
    char *whole = text_format("%s%s", result, text);
    free(result);
    return whole;
}

char *worker_replace(const char *text, const char *seed, const char *folder)
{
    char *half = replace(text, "{seed}", seed), *whole = replace(half, "{folder}", folder);
    free(half);
    return whole;
}

/* ---- the run's folder ---- */

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    (void)remove(path);
    return 0;
}

static void remove_folder(const char *folder)
{
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static bool wants_folder(const struct worker_options *options)
{
    if (options->folders)
        return true;
    for (char *const *word = options->argv; *word; word++)
        if (worker_names(*word, "{folder}"))
            return true;
    for (size_t k = 0; k < options->n_metrics; k++)
        if (worker_names(options->metrics[k].path, "{folder}"))
            return true;
    return false;
}

char *worker_folder(const char *parent, const struct study_key *key)
{
    char *name = text_format("%s/%" PRId64 "%s%s", parent, key->seed, key->sources[0] ? "," : "", key->sources);
    if (key->repeat == 0)
        return name;
    char *folder = text_format("%s.%u", name, key->repeat);
    free(name);
    return folder;
}

/* Empty and there; NULL with the reason in *error when it cannot be made. */
static char *make_folder(const struct worker *worker, const struct task *task, char **error)
{
    const char *parent = worker->options->folders;
    char *folder;
    if (!wants_folder(worker->options))
        return text_copy("");
    folder = parent ? worker_folder(parent, &(struct study_key){task->seed, task->sources, task->repeat})
                    : text_format("%s/folder", launch_session_folder(worker->session));
    remove_folder(folder);
    if (mkdir(folder, 0777) == 0)
        return folder;
    *error = text_format("%s: %s", folder, strerror(errno));
    free(folder);
    return NULL;
}

/* ---- what a run leaves behind ---- */

static void hex(const uint64_t digest[2], char out[33])
{
    snprintf(out, 33, "%016" PRIx64 "%016" PRIx64, digest[1], digest[0]);
}

static void digest_text(const char *text, size_t n, char out[33])
{
    uint64_t digest[2];
    digest128(text, n, digest);
    hex(digest, out);
}

static const char *line_before(const char *text, const char *line)
{
    for (line--; line > text && line[-1] != '\n';)
        line--;
    return line;
}

/* Where the last lines of a text begin, which ends with a zero. */
static const char *last_lines(const char *text, size_t n)
{
    const char *at = text + n;
    unsigned lines = 0;
    while (at > text && (size_t)(text + n - at) < TAIL_NBYTES) {
        if (at[-1] == '\n' && at != text + n && ++lines == TAIL_LINES)
            break;
        at--;
    }
    while (at > text && strncmp(at, "  ", 2) == 0) { /* a traceback is kept from its beginning */
        const char *before = line_before(text, at);
        if (text + n - before > TAIL_NBYTES)
            break;
        at = before;
    }
    return at;
}

static char *tail_of(const char *out, size_t n_out, const char *err, size_t n_err)
{
    const char *a = last_lines(out, n_out), *b = last_lines(err, n_err);
    int n_a = (int)(out + n_out - a), n_b = (int)(err + n_err - b);
    return text_format("%.*s%s%.*s", n_a, a, n_a > 0 && out[n_out - 1] != '\n' ? "\n" : "", n_b, b);
}

static bool is_declared(const struct worker_options *options, const char *name)
{
    for (size_t k = 0; k < options->n_metrics; k++)
        if (options->metrics[k].kind != METRIC_LOG && strcmp(options->metrics[k].name, name) == 0)
            return true;
    return false;
}

/* What --metric says how to read is read so, all else that was logged besides. */
static void read_log(const struct worker *worker, struct measured *measured)
{
    struct measured logged = {0};
    metric_read_log(worker->log, &logged);
    for (size_t k = 0; k < logged.n_series; k++)
        if (!is_declared(worker->options, logged.series[k].name))
            for (size_t i = 0; i < logged.series[k].n; i++)
                measured_add(measured, logged.series[k].name, logged.series[k].steps[i], logged.series[k].values[i]);
    measured_clear(&logged);
}

void worker_measure(const struct metric *metric, const char *seed, const char *folder, const char *out, size_t n_out,
                    struct measured *measured)
{
    char *path = metric->path ? worker_replace(metric->path, seed, folder) : NULL;
    switch (metric->kind) {
    case METRIC_REGEX:
        metric_read_regex(metric, out, n_out, measured);
        break;
    case METRIC_JSON:
        metric_read_json_lines(metric, out, n_out, measured);
        break;
    case METRIC_JSON_FILE:
        metric_read_json_file(metric, path, measured);
        break;
    case METRIC_CSV:
        metric_read_csv(metric, path, measured);
        break;
    case METRIC_TENSORBOARD:
        metric_read_tensorboard(metric, path, measured);
        break;
    case METRIC_MLFLOW:
        metric_read_mlflow(metric, path, measured);
        break;
    case METRIC_LOG:
        break;
    }
    free(path);
}

static void measure(const struct worker *worker, const char *seed, const char *folder, const char *out, size_t n_out,
                    struct measured *measured)
{
    for (size_t k = 0; k < worker->options->n_metrics; k++)
        worker_measure(&worker->options->metrics[k], seed, folder, out, n_out, measured);
    read_log(worker, measured);
}

/* Where the first line begins that has this letter in front; the end when there is none. */
static size_t lines_of(const char *text, size_t from, size_t n, char letter)
{
    while (from < n && text[from] != letter) {
        const char *end = memchr(text + from, '\n', n - from);
        from = end ? (size_t)(end + 1 - text) : n;
    }
    return from;
}

/* The digests of generators; then, as lines `# SEED FILE:LINE`, seeds that the program gave itself; and `@ PATH`, what it imported. */
static void read_states(const char *text, size_t n, struct outcome *outcome)
{
    size_t modules = lines_of(text, 0, n, '@'), own = lines_of(text, 0, modules, '#');
    if (own > 0)
        digest_text(text, own, outcome->states);
    if (own < modules)
        outcome->own_seeds = text_format("%.*s", (int)(modules - own), text + own);
    if (modules < n)
        outcome->modules = text_format("%.*s", (int)(n - modules), text + modules);
}

static void read_what_is_left(const struct worker *worker, const char *seed, const char *folder,
                              struct outcome *outcome)
{
    size_t n_out = 0, n_err = 0, n_states = 0;
    char *out = metric_file(worker->out, &n_out), *err = metric_file(worker->err, &n_err);
    char *states = metric_file(worker->states, &n_states);
    if (out)
        digest_text(out, n_out, outcome->output);
    if (states)
        read_states(states, n_states, outcome);
    outcome->tail = tail_of(out ? out : "", n_out, err ? err : "", n_err);
    measure(worker, seed, folder, out ? out : "", n_out, &outcome->measured);
    free(out);
    free(err);
    free(states);
}

/* ---- one run ---- */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* A value for each source that is varied: the run's seed, where its key names no other. In all runs of such a study the
 * sources draw from streams of their own, else a varied run would differ from its base in more than the source. NULL: none is varied. */
static char *sources_of(const struct worker_options *options, const struct task *task, const char *seed)
{
    char *text = NULL;
    for (char *const *name = options->varied; name && *name; name++) {
        char *own = text_format(",%s=", *name), *keyed = text_format(",%s", task->sources);
        const char *found = strstr(keyed, own);
        const char *value = found ? found + strlen(own) : seed;
        char *longer =
            text_format("%s%s%s=%.*s", text ? text : "", text ? "," : "", *name, (int)strcspn(value, ","), value);
        free(text);
        free(own);
        free(keyed);
        text = longer;
    }
    return text;
}

static void took(struct outcome *outcome, const struct launch_result *result)
{
    outcome->exit_status = result->status;
    outcome->seconds = result->seconds;
    outcome->peak_kib = result->peak_kib;
    outcome->interrupted = result->interrupted;
    outcome->status = result->timed_out ? STUDY_TIMEOUT : result->status == 0 ? STUDY_DONE : STUDY_FAILED;
    if (result->error[0] != '\0')
        outcome->error = text_copy(result->error);
    for (size_t k = 0; k < result->n_notes; k++) {
        if (strncmp(result->notes[k], "info: ", 6) == 0)
            continue;
        char *longer = text_format("%s%s\n", outcome->notes ? outcome->notes : "", result->notes[k]);
        free(outcome->notes);
        outcome->notes = longer;
    }
}

static void run_command(struct worker *worker, const char *seed, const char *folder, struct outcome *outcome)
{
    const struct worker_options *options = worker->options;
    struct launch_result result;
    size_t n = 0;
    while (options->argv[n])
        n++;
    char **argv = calloc(n + 1, sizeof *argv);
    if (!argv)
        abort();
    for (size_t k = 0; k < n; k++)
        argv[k] = worker_replace(options->argv[k], seed, folder);
    struct launch_options launch = {.argv = argv,
                                    .level = options->level,
                                    .has_seed = options->level != LAUNCH_BARE,
                                    .seed = (uint64_t)outcome->task.seed,
                                    .controls = "",
                                    .vary = options->fixed_hash_seed ? "hash-seed:0" : NULL,
                                    .stdout_path = worker->out,
                                    .stderr_path = worker->err,
                                    .stdin_null = true,
                                    .final_states = worker->states,
                                    .imports = !worker->told_imports && options->level != LAUNCH_BARE,
                                    .own_seeds = options->level == LAUNCH_BARE ? OWN_SEEDS_KEPT
                                                 : options->reseeds            ? OWN_SEEDS_SHIFTED
                                                                               : OWN_SEEDS_NOTED,
                                    .timeout_s = options->timeout_s};
    char *sources = sources_of(options, &outcome->task, seed);
    launch.sources = sources;
    setenv("ONESEED_SEED", seed, 1);
    setenv("ONESEED_LOG", worker->log, 1);
    if (worker->warm)
        warm_run(worker->warm, &launch, &result);
    else
        launch_run(worker->session, &launch, &result);
    took(outcome, &result);
    launch_result_clear(&result);
    free(sources);
    for (size_t k = 0; k < n; k++)
        free(argv[k]);
    free(argv);
}

/* Kept output lies in the run's folder under these names. */
static void keep_output(struct worker *worker, const char *folder)
{
    const char *const files[][2] = {{worker->out, "stdout"}, {worker->err, "stderr"}};
    for (size_t k = 0; k < 2; k++) {
        size_t n;
        char *text = metric_file(files[k][0], &n), *path = text_format("%s/%s", folder, files[k][1]);
        FILE *file = text ? fopen(path, "we") : NULL;
        if (file) {
            fwrite(text, 1, n, file);
            fclose(file);
        }
        free(path);
        free(text);
    }
}

static void serve_task(struct worker *worker, struct outcome *outcome)
{
    char seed[32];
    snprintf(seed, sizeof seed, "%" PRId64, outcome->task.seed);
    outcome->started = now();
    outcome->status = STUDY_FAILED;
    outcome->exit_status = 125;
    unlink(worker->log);
    unlink(worker->states);
    unlink(worker->out);
    unlink(worker->err);
    char *folder = make_folder(worker, &outcome->task, &outcome->error);
    if (!folder)
        return;
    run_command(worker, seed, folder, outcome);
    if (!outcome->interrupted)
        read_what_is_left(worker, seed, folder, outcome);
    worker->told_imports |= outcome->modules && outcome->status == STUDY_DONE;
    if (worker->options->keeps_output && folder[0])
        keep_output(worker, folder);
    if (!worker->options->folders && folder[0])
        remove_folder(folder);
    free(folder);
}

/* ---- the worker ---- */

static bool start(struct worker *worker, char *error, size_t error_nbytes)
{
    worker->session = launch_session_create(error, error_nbytes);
    if (!worker->session)
        return false;
    const char *folder = launch_session_folder(worker->session);
    worker->out = text_format("%s/stdout", folder);
    worker->err = text_format("%s/stderr", folder);
    worker->log = text_format("%s/log", folder);
    worker->states = text_format("%s/states", folder);
    if (!worker->options->preload)
        return true;
    worker->warm = warm_start(worker->session, worker->options, error, error_nbytes);
    return worker->warm;
}

static volatile sig_atomic_t asked_to_end;

static void remember(int number)
{
    asked_to_end = number;
}

/* A request to end reaches the run that goes on (launch_run() takes it there); between runs it must not keep us from tidying up.
 * What is ignored (nohup) stays so. */
static void handle_signals(void)
{
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t k = 0; k < sizeof signals / sizeof *signals; k++) {
        struct sigaction action;
        if (sigaction(signals[k], NULL, &action) == 0 && action.sa_handler != SIG_IGN) {
            action = (struct sigaction){.sa_handler = remember, .sa_flags = SA_RESTART};
            sigaction(signals[k], &action, NULL);
        }
    }
}

_Noreturn void worker_serve(int fd, const struct worker_options *options)
{
    struct worker worker = {.options = options};
    struct message message;
    char error[700] = "";
    handle_signals();
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* a run must not outlive the scan that would keep it */
    if (options->refusal)
        snprintf(error, sizeof error, "%s", options->refusal);
    bool ok = !options->refusal && start(&worker, error, sizeof error);
    while (message_receive(fd, &message)) {
        struct outcome outcome = {0};
        struct message answer = {0};
        task_take(&message, &outcome.task);
        message_clear(&message);
        (void)gethostname(outcome.host, sizeof outcome.host - 1);
        if (asked_to_end) {
            outcome.interrupted = true;
        } else if (ok) {
            serve_task(&worker, &outcome);
        } else {
            outcome.status = STUDY_FAILED;
            outcome.exit_status = 125;
            outcome.error = text_copy(error);
        }
        outcome_put(&answer, &outcome, options->keeps_steps);
        bool sent = message_send(fd, &answer);
        outcome_clear(&outcome);
        message_clear(&answer);
        if (!sent)
            break;
    }
    warm_end(worker.warm);
    launch_session_destroy(worker.session);
    _exit(0);
}
