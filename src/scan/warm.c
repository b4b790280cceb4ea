/* warm.c - a Python that has imported its modules, and is forked for each run.
 * SPDX-License-Identifier: MIT
 *
 * launch_run() waits for its command, so a process of its own waits there, while we talk to the Python on a socket: one JSON object a line. */
#include "scan/warm.h"

#include <errno.h>      /* errno */
#include <fcntl.h>      /* fcntl */
#include <inttypes.h>   /* PRIu64 */
#include <poll.h>       /* poll */
#include <signal.h>     /* kill */
#include <stdio.h>      /* snprintf */
#include <stdlib.h>     /* free */
#include <string.h>     /* strrchr */
#include <sys/prctl.h>  /* PR_SET_PDEATHSIG */
#include <sys/socket.h> /* socketpair */
#include <sys/wait.h>   /* waitpid */
#include <time.h>       /* clock_gettime */
#include <unistd.h>     /* fork */

#include <jansson.h> /* json_loads */

#include "common/array.h" /* text_format */

enum { LINE_NBYTES = 65536 };
#define GRACE_S 2.0

struct warm {
    pid_t keeper; /* waits in launch_run() for the Python */
    int fd;
    char line[LINE_NBYTES];
    size_t n; /* bytes of the line that are there */
};

/* ---- the command ---- */

static bool is_python(const char *word)
{
    const char *name = strrchr(word, '/');
    name = name ? name + 1 : word;
    return strncmp(name, "python", 6) == 0;
}

/* Where the interpreter's options end: the script, -m or -c. 0 when there is none. */
static size_t program_at(char *const *argv)
{
    size_t k = 1;
    for (; argv[k] && argv[k][0] == '-' && argv[k][1] != '\0'; k++) {
        const char *option = argv[k];
        if (option[1] == 'm' || option[1] == 'c')
            return option[2] == '\0' && argv[k + 1] ? k : 0;
        if ((option[1] == 'X' || option[1] == 'W') && option[2] == '\0' && argv[k + 1])
            k++;
    }
    return argv[k] && strcmp(argv[k], "-") != 0 ? k : 0;
}

bool warm_possible(char *const *argv, char *error, size_t error_nbytes)
{
    for (size_t k = 0; argv[k]; k++) {
        json_t *text = json_string(argv[k]);
        json_decref(text);
        if (text)
            continue;
        snprintf(error, error_nbytes, "argument %zu of the command is no UTF-8: a warm start cannot pass it on", k);
        return false;
    }
    if (argv[0] && is_python(argv[0]) && program_at(argv) > 0)
        return true;
    snprintf(error, error_nbytes,
             "%s: a warm start needs a command like `python train.py`, `python -m …` or `python -c …`",
             argv[0] ? argv[0] : "nothing");
    return false;
}

/* ---- lines ---- */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* The next object, waiting until a moment (0: for ever); NULL: none by then (*gone false), or the Python is gone. */
static json_t *receive(struct warm *warm, double until, bool *gone)
{
    *gone = false;
    for (;;) {
        char *end = memchr(warm->line, '\n', warm->n);
        if (end) {
            json_t *object = json_loadb(warm->line, (size_t)(end - warm->line), 0, NULL);
            warm->n -= (size_t)(end + 1 - warm->line);
            memmove(warm->line, end + 1, warm->n);
            *gone = !object;
            return object;
        }
        struct pollfd poll_fd = {.fd = warm->fd, .events = POLLIN};
        double left = until > 0 ? until - now() : 3600;
        int n_ready = poll(&poll_fd, 1, left <= 0 ? 0 : (int)(left * 1000) + 1);
        if (n_ready < 0 && errno == EINTR)
            continue;
        if (n_ready == 0) {
            if (until > 0 && now() >= until)
                return NULL;
            continue;
        }
        ssize_t got = recv(warm->fd, warm->line + warm->n, sizeof warm->line - warm->n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            *gone = true;
            return NULL;
        }
        warm->n += (size_t)got;
    }
}

static bool send_object(struct warm *warm, const json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    char *line = text ? text_format("%s\n", text) : NULL;
    bool ok = line != NULL;
    for (size_t done = 0, n = line ? strlen(line) : 0; ok && done < n;) {
        ssize_t sent = send(warm->fd, line + done, n - done, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        ok = sent > 0;
        done += ok ? (size_t)sent : 0;
    }
    free(text);
    free(line);
    return ok;
}

/* ---- the Python ---- */

/* In the keeper: becomes the Python's parent until it ends. */
_Noreturn static void keep(struct launch_session *session, const struct worker_options *options, char **argv)
{
    struct launch_result result;
    char *err = text_format("%s/warm", launch_session_folder(session));
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    struct launch_options launch = {.argv = argv,
                                    .level = options->level,
                                    .has_seed = options->level != LAUNCH_BARE,
                                    .own_seeds = options->reseeds ? OWN_SEEDS_SHIFTED : OWN_SEEDS_NOTED,
                                    .controls = "",
                                    .vary = "hash-seed:0",
                                    .stdout_path = err,
                                    .stderr_path = err,
                                    .stdin_null = true};
    launch_run(session, &launch, &result);
    _exit(result.status);
}

static char **python_command(const struct worker_options *options, int fd, char *error, size_t error_nbytes)
{
    char support[4096], **argv = NULL;
    size_t n = 0, program = program_at(options->argv);
    if (!launch_support(support, sizeof support, error, error_nbytes))
        return NULL;
    for (size_t k = 0; k < program; k++)
        ARRAY_PUSH(argv, n, options->argv[k]);
    ARRAY_PUSH(argv, n, text_format("%s/recorder/warm.py", support));
    ARRAY_PUSH(argv, n, text_format("%d", fd));
    ARRAY_PUSH(argv, n, text_copy(options->preload));
    for (size_t k = program; options->argv[k]; k++)
        ARRAY_PUSH(argv, n, options->argv[k]);
    ARRAY_PUSH(argv, n, NULL);
    return argv; /* kept as long as the worker lives */
}

/* The last line that it wrote before it ended. */
static void last_words(struct launch_session *session, char *error, size_t error_nbytes)
{
    char *path = text_format("%s/warm", launch_session_folder(session));
    size_t n;
    char *text = metric_file(path, &n), *rest = NULL, *last = NULL;
    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest))
        last = line;
    snprintf(error, error_nbytes, "--preload: Python ended before the modules were imported%s%s", last ? ": " : "",
             last ? last : "");
    free(text);
    free(path);
}

struct warm *warm_start(struct launch_session *session, const struct worker_options *options, char *error,
                        size_t error_nbytes)
{
    int ends[2];
    struct warm *warm = calloc(1, sizeof *warm);
    if (!warm || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        snprintf(error, error_nbytes, "--preload: %s", strerror(errno));
        free(warm);
        return NULL;
    }
    warm->fd = ends[0];
    fcntl(ends[1], F_SETFD, 0);
    char **argv = python_command(options, ends[1], error, error_nbytes);
    warm->keeper = argv ? fork() : -1;
    if (warm->keeper == 0) {
        close(ends[0]);
        keep(session, options, argv);
    }
    close(ends[1]);
    free(argv);
    bool gone = true;
    json_t *hello = warm->keeper > 0 ? receive(warm, 0, &gone) : NULL;
    const char *refused = json_string_value(json_object_get(hello, "refused"));
    if (refused)
        snprintf(error, error_nbytes, "--preload: %s", refused);
    else if (gone && warm->keeper > 0)
        last_words(session, error, error_nbytes);
    bool ok = !refused && json_is_array(json_object_get(hello, "ready"));
    json_decref(hello);
    if (ok)
        return warm;
    warm_end(warm);
    return NULL;
}

void warm_end(struct warm *warm)
{
    if (!warm)
        return;
    close(warm->fd); /* the Python sees the end of the line, and ends */
    if (warm->keeper > 0) {
        int status;
        while (waitpid(warm->keeper, &status, 0) < 0 && errno == EINTR)
            ;
    }
    free(warm);
}

/* ---- a run ---- */

static volatile sig_atomic_t asked;

static void remember(int number)
{
    asked = number;
}

static json_t *request_of(const struct launch_options *launch)
{
    char seed[32];
    snprintf(seed, sizeof seed, "%" PRIu64, launch->seed);
    json_t *request = json_object(), *argv = json_array(), *environment = json_object();
    for (size_t k = program_at(launch->argv); launch->argv[k]; k++)
        json_array_append_new(argv, json_string(launch->argv[k]));
    json_object_set_new(environment, "ONESEED_LOG", json_string(getenv("ONESEED_LOG")));
    json_object_set_new(environment, "ONESEED_SEED", json_string(seed));
    json_object_set_new(request, "seed", json_string(seed));
    json_object_set_new(request, "argv", argv);
    json_object_set_new(request, "stdout", json_string(launch->stdout_path));
    json_object_set_new(request, "stderr", json_string(launch->stderr_path));
    json_object_set_new(request, "environment", environment);
    if (launch->final_states)
        json_object_set_new(request, "final", json_string(launch->final_states));
    if (launch->imports)
        json_object_set_new(request, "imports", json_string("1"));
    if (launch->sources)
        json_object_set_new(request, "sources", json_string(launch->sources));
    return request;
}

/* Ends the run's process group: SIGTERM, some time, SIGKILL. */
static void end_run(pid_t pid, unsigned *step, double *next)
{
    if (now() < *next)
        return;
    kill(-pid, *step == 0 ? SIGTERM : SIGKILL);
    ++*step;
    *next = now() + GRACE_S;
}

static void wait_for_run(struct warm *warm, const struct launch_options *launch, struct launch_result *result)
{
    double begin = now(), next = 0;
    pid_t pid = 0;
    unsigned step = 0;
    bool gone = false;
    for (;;) {
        json_t *object = receive(warm, now() + 0.1, &gone);
        const json_t *number = json_object_get(object, "pid"), *status = json_object_get(object, "status");
        if (number)
            pid = (pid_t)json_integer_value(number);
        if (status) {
            result->status = (int)json_integer_value(status);
            result->peak_kib = (long)json_integer_value(json_object_get(object, "peak_kib"));
            result->seconds = json_number_value(json_object_get(object, "seconds"));
        }
        json_decref(object);
        if (status)
            return;
        if (gone) {
            result->status = 125;
            result->seconds = now() - begin;
            snprintf(result->error, sizeof result->error, "the warm Python has ended (status of its run unknown)");
            return;
        }
        if (asked)
            result->interrupted = true;
        if (launch->timeout_s > 0 && now() - begin >= launch->timeout_s)
            result->timed_out = true;
        if (pid > 1 && (result->interrupted || result->timed_out))
            end_run(pid, &step, &next);
    }
}

void warm_run(struct warm *warm, const struct launch_options *launch, struct launch_result *result)
{
    struct sigaction action = {.sa_handler = remember}, before[2];
    memset(result, 0, sizeof *result);
    asked = 0;
    sigaction(SIGINT, &action, &before[0]);
    sigaction(SIGTERM, &action, &before[1]);
    json_t *request = request_of(launch);
    if (send_object(warm, request)) {
        wait_for_run(warm, launch, result);
    } else {
        result->status = 125;
        snprintf(result->error, sizeof result->error, "the warm Python has ended");
    }
    json_decref(request);
    sigaction(SIGINT, &before[0], NULL);
    sigaction(SIGTERM, &before[1], NULL);
}
