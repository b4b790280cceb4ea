/* launch.c - runs a command with chosen controls and recording: the session folder, the environment, the notes.
 * SPDX-License-Identifier: MIT */
#include <dirent.h>          /* opendir: does a folder hold a trace? */
#include <dlfcn.h>           /* dlsym: an outer session's table */
#include <errno.h>           /* errno */
#include <fcntl.h>           /* open */
#include <ftw.h>             /* nftw: removes the session folder */
#include <limits.h>          /* PATH_MAX */
#include <stdarg.h>          /* va_list */
#include <stdio.h>           /* snprintf, getline */
#include <stdlib.h>          /* mkdtemp, getenv */
#include <string.h>          /* strerror, strdup */
#include <sys/personality.h> /* ADDR_NO_RANDOMIZE */
#include <sys/stat.h>        /* mkdir, stat */
#include <unistd.h>          /* readlink, symlink, access */

#include "launch/command_environment.h" /* environment_build */
#include "launch/inspect.h"             /* inspect_command */
#include "launch/launch.h"
#include "launch/preload/recorder.h" /* struct oneseed_recorder */
#include "launch/settings.h"         /* settings_controls */
#include "launch/supervise.h"        /* process_run */
#include "trace/format.h"            /* TRACE_SUFFIX */
#include "trace/reader.h"            /* trace_folder_events */

struct launch_session {
    char folder[PATH_MAX];
};

/* --- Session ------------------------------------------------------------------------------------------------------- */

struct launch_session *launch_session_create(char *error, size_t error_nbytes)
{
    const char *parent = getenv("TMPDIR");
    char absolute[PATH_MAX];
    if (parent == NULL || parent[0] == '\0')
        parent = "/tmp";
    if (realpath(parent, absolute) == NULL) {
        snprintf(error, error_nbytes, "%s: %s (set TMPDIR to a folder that can be written to)", parent,
                 strerror(errno));
        return NULL;
    }
    struct launch_session *session = malloc(sizeof *session);
    if (session == NULL) {
        snprintf(error, error_nbytes, "out of memory");
        return NULL;
    }
    int n = snprintf(session->folder, sizeof session->folder, "%s/oneseed-XXXXXX", absolute);
    if (n < 0 || (size_t)n >= sizeof session->folder)
        errno = ENAMETOOLONG;
    else if (mkdtemp(session->folder) != NULL)
        return session;
    snprintf(error, error_nbytes, "%s: %s (set TMPDIR to a folder that can be written to)", parent, strerror(errno));
    free(session);
    return NULL;
}

const char *launch_session_folder(const struct launch_session *session)
{
    return session->folder;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    remove(path);
    return 0; /* go on: what is left over is only rubbish in the temporary folder */
}

static void remove_tree(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void launch_session_destroy(struct launch_session *session)
{
    if (session == NULL)
        return;
    remove_tree(session->folder);
    free(session);
}

/* What the processes of the run before have left in the session folder (docs/architecture.md, Between processes). */
static void empty_session(const struct launch_session *session)
{
    static const char *const names[] = {"claims", "notes", "pids", "trace"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[PATH_MAX + 16];
        snprintf(path, sizeof path, "%s/%s", session->folder, names[i]);
        if (unlink(path) != 0 && errno == EISDIR)
            remove_tree(path);
    }
}

/* --- Notes --------------------------------------------------------------------------------------------------------- */

static void add_note(struct launch_result *result, const char *text)
{
    for (size_t i = 0; i < result->n_notes; i++)
        if (strcmp(result->notes[i], text) == 0)
            return;
    char **notes = realloc(result->notes, (result->n_notes + 1) * sizeof *notes);
    char *copy = strdup(text);
    if (notes != NULL)
        result->notes = notes;
    if (notes == NULL || copy == NULL) {
        free(copy);
        return; /* without memory for a line there is nobody to tell it */
    }
    result->notes[result->n_notes++] = copy;
}

static void read_notes(const struct launch_session *session, struct launch_result *result)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/notes", session->folder);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    char *line = NULL;
    size_t line_nbytes = 0;
    for (ssize_t n; (n = getline(&line, &line_nbytes, file)) > 0;) {
        if (line[n - 1] == '\n')
            line[n - 1] = '\0';
        if (line[0] != '\0')
            add_note(result, line);
    }
    free(line);
    fclose(file);
}

void launch_result_clear(struct launch_result *result)
{
    for (size_t i = 0; i < result->n_notes; i++)
        free(result->notes[i]);
    free(result->notes);
    result->notes = NULL;
    result->n_notes = 0;
}

/* --- Controls ------------------------------------------------------------------------------------------------------ */

/* Would the kernel let us fix addresses? Our own layout does not change: the flag acts at exec. */
static bool personality_allowed(void)
{
    int persona = personality(0xffffffff);
    if (persona < 0)
        return false;
    if (persona & ADDR_NO_RANDOMIZE)
        return true;
    if (personality((unsigned long)persona | ADDR_NO_RANDOMIZE) < 0)
        return false;
    personality((unsigned long)persona);
    return true;
}

bool launch_source_is_known(const char *name)
{
    static const char *const known[] = {"init", "order", "split", "dropout", "augment", "other"};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strcmp(name, known[k]) == 0)
            return true;
    return false;
}

bool launch_control_available(const char *control, char *reason, size_t reason_nbytes)
{
    static const char *const names[] = {
        "unseeded-rng", "child-process", "hash-seed",    "address", "os-entropy",           "clock",
        "file-order",   "environment",   "thread-order", "op",      "uninitialised-memory", "cpu",
        "file-content"};
    if (settings_listed(control, "address") && !personality_allowed()) {
        snprintf(reason, reason_nbytes,
                 "addresses could not be fixed: personality() is refused here (container seccomp profile)");
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (settings_listed(control, names[i]))
            return true;
    snprintf(reason, reason_nbytes, "there is no control for %s", control);
    return false;
}

/* --- What a run needs ---------------------------------------------------------------------------------------------- */

/* Everything that is worked out before the command starts. Each step below fills its part, or says in the result why it cannot
 * and gives false. */
struct plan {
    const struct launch_session *session;
    const struct launch_options *options;
    struct launch_result *result;
    char controls[SETTINGS_CONTROLS_NBYTES];
    bool with_support;           /* the preload and the recorder are needed */
    char support[PATH_MAX + 16]; /* their folder */
    char trace[PATH_MAX];        /* the trace folder; empty = none */
    char link[PATH_MAX + 16];    /* the trace folder as the processes see it; empty = none */
    struct inspection inspection;
    struct environment environment;
    struct process_options process;
};

__attribute__((format(printf, 2, 3))) static bool refuse(const struct plan *plan, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(plan->result->error, sizeof plan->result->error, format, arguments);
    va_end(arguments);
    plan->result->status = 125;
    return false;
}

static bool plan_controls(struct plan *plan)
{
    const struct launch_options *options = plan->options;
    if (!settings_controls(options, plan->controls, sizeof plan->controls))
        return refuse(plan, "%s: too long a list of controls", options->controls);
    plan->with_support = options->trace_folder != NULL || plan->controls[0] != '\0' ||
                         (options->vary != NULL && options->vary[0] != '\0');
    return true;
}

/* --- Support folder */

static bool holds_preload(const char *folder)
{
    char path[2 * PATH_MAX + 32];
    int n = snprintf(path, sizeof path, "%s/liboneseed_preload.so", folder);
    return n > 0 && (size_t)n < sizeof path && access(path, R_OK) == 0;
}

/* $ONESEED_SUPPORT, or beside our executable (build tree), or where an installation has it. */
bool launch_support(char *folder_out, size_t folder_nbytes, char *error, size_t error_nbytes)
{
    static const char *const places[] = {"lib/oneseed", "../lib/oneseed"};
    const char *given = getenv("ONESEED_SUPPORT");
    char path[PATH_MAX + 32], executable[PATH_MAX], found[PATH_MAX];
    if (given != NULL && given[0] != '\0') {
        if (holds_preload(given) && realpath(given, found) != NULL)
            return snprintf(folder_out, folder_nbytes, "%s", found) < (int)folder_nbytes;
        snprintf(error, error_nbytes, "ONESEED_SUPPORT=%s: liboneseed_preload.so is not there", given);
        return false;
    }
    ssize_t n = readlink("/proc/self/exe", executable, sizeof executable - 1);
    if (n <= 0) {
        snprintf(error, error_nbytes, "/proc/self/exe: %s", strerror(errno));
        return false;
    }
    executable[n] = '\0';
    *strrchr(executable, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", executable, places[i]);
        if (holds_preload(path) && realpath(path, found) != NULL)
            return snprintf(folder_out, folder_nbytes, "%s", found) < (int)folder_nbytes;
    }
    snprintf(error, error_nbytes,
             "%s/lib/oneseed: liboneseed_preload.so is not there (ONESEED_SUPPORT can name its folder)", executable);
    return false;
}

static bool plan_support(struct plan *plan)
{
    if (!plan->with_support)
        return true;
    char why[sizeof plan->result->error];
    if (!launch_support(plan->support, sizeof plan->support, why, sizeof why))
        return refuse(plan, "%s", why);
    if (strpbrk(plan->support, " :") == NULL)
        return true;
    /* LD_PRELOAD is split at spaces and colons, PYTHONPATH at colons: such a folder is reached through a link. */
    char link[sizeof plan->support];
    int n = snprintf(link, sizeof link, "%s/support", plan->session->folder);
    if (n < 0 || (size_t)n >= sizeof link || strpbrk(link, " :") != NULL ||
        (symlink(plan->support, link) != 0 && errno != EEXIST))
        return refuse(plan, "%s: LD_PRELOAD cannot name a folder with a space or a colon", plan->support);
    memcpy(plan->support, link, sizeof link);
    return true;
}

/* --- Trace folder */

static bool holds_trace(const char *folder)
{
    static const char suffix[] = TRACE_SUFFIX;
    DIR *entries = opendir(folder);
    bool found = false;
    if (entries == NULL)
        return false;
    for (struct dirent *entry; !found && (entry = readdir(entries)) != NULL;) {
        size_t n = strlen(entry->d_name);
        found = n >= sizeof suffix - 1 && strcmp(entry->d_name + n - (sizeof suffix - 1), suffix) == 0;
    }
    closedir(entries);
    return found;
}

static bool plan_trace(struct plan *plan)
{
    const char *folder = plan->options->trace_folder;
    struct stat status;
    if (folder == NULL)
        return true;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return refuse(plan, "%s: %s", folder, strerror(errno));
    if (realpath(folder, plan->trace) == NULL || stat(plan->trace, &status) != 0)
        return refuse(plan, "%s: %s", folder, strerror(errno));
    if (!S_ISDIR(status.st_mode))
        return refuse(plan, "%s: %s", folder, strerror(ENOTDIR));
    if (access(plan->trace, W_OK | X_OK) != 0)
        return refuse(plan, "%s: %s", folder, strerror(errno));
    if (holds_trace(plan->trace))
        return refuse(plan, "%s: holds a trace already", folder);
    if (!plan->process.captured) {
        /* It may have children that outlive the session: they get the folder itself. */
        snprintf(plan->link, sizeof plan->link, "%s", plan->trace);
        return true;
    }
    /* In all runs of a session the same path, whichever folder it leads to. */
    int n = snprintf(plan->link, sizeof plan->link, "%s/trace", plan->session->folder);
    if (n < 0 || (size_t)n >= sizeof plan->link || symlink(plan->trace, plan->link) != 0)
        return refuse(plan, "%s: %s", plan->link, strerror(errno));
    return true;
}

/* --- Command */

static bool plan_command(struct plan *plan)
{
    inspect_command(plan->options->argv, plan->options->directory, &plan->inspection);
    if (plan->inspection.privileged && settings_listed(plan->controls, "os-entropy"))
        return refuse(plan, "%s: seeded OS entropy is refused for a program with privileges", plan->inspection.path);
    if (plan->with_support && plan->inspection.note[0] != '\0')
        add_note(plan->result, plan->inspection.note);
    return true;
}

static bool tick(void *context, double elapsed_s)
{
    const struct plan *plan = context;
    const struct launch_options *options = plan->options;
    uint64_t n_events = plan->trace[0] != '\0' ? trace_folder_events(plan->trace) : 0;
    if (options->tick != NULL)
        options->tick(options->tick_context, elapsed_s, n_events);
    return options->stop_after_events > 0 && n_events >= options->stop_after_events;
}

/* From the controls and variants to what happens between fork and exec. */
static bool plan_process(struct plan *plan)
{
    const struct launch_options *options = plan->options;
    struct process_options *process = &plan->process;
    char variant[64], reason[160];
    const char *address = settings_variant(options->vary, "address", variant, sizeof variant);
    if (address != NULL)
        process->address = strcmp(address, "random") == 0 ? -1 : 1;
    else if (settings_listed(plan->controls, "address"))
        process->address = 1;
    process->top_down = plan->inspection.own_map;
    if (process->address != 0 && !launch_control_available("address", reason, sizeof reason)) {
        add_note(plan->result, reason);
        process->address = 0;
    }
    if (settings_listed(plan->controls, "thread-order")) {
        process->n_cpus = 1;
        process->batch = true;
    }
    const char *workers = settings_variant(options->vary, "workers", variant, sizeof variant);
    if (workers != NULL)
        process->n_cpus = strtoul(workers, NULL, 10);
    if (options->tick != NULL || options->stop_after_events > 0) {
        process->tick = tick;
        process->tick_context = plan;
    }
    return true;
}

static bool plan_environment(struct plan *plan)
{
    struct environment_inputs inputs = {.options = plan->options,
                                        .controls = plan->controls,
                                        .session = plan->session->folder,
                                        .trace = plan->link[0] != '\0' ? plan->link : NULL,
                                        .support = plan->with_support ? plan->support : NULL,
                                        .preload = !plan->inspection.harmed};
    environment_build(&plan->environment, &inputs);
    if (plan->environment.failed)
        return refuse(plan, "out of memory");
    plan->process.environment = plan->environment.entries;
    plan->process.lane_digits = plan->environment.lane;
    plan->process.n_lane_digits = ENVIRONMENT_PID_DIGITS;
    return true;
}

/* Oneseed under oneseed: the inner one controls and records its command, so the outer one must say that it does not. */
static void tell_outer_session(void)
{
    const struct oneseed_recorder *outer = dlsym(RTLD_DEFAULT, "oneseed_recorder");
    if (outer != NULL && outer->version == ONESEED_RECORDER_VERSION && outer->config("session") != NULL)
        outer->note("a command that was started by another oneseed");
}

/* --- Streams */

/* Opens a file for the command on a descriptor that is none of the standard ones, which may be closed and shall stay so. */
static bool plan_stream(const struct plan *plan, const char *path, int flags, int *fd_out)
{
    if (path == NULL)
        return true;
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return refuse(plan, "%s: %s", path, strerror(errno));
    *fd_out = fd;
    if (fd > STDERR_FILENO)
        return true;
    *fd_out = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return *fd_out >= 0 || refuse(plan, "%s: %s", path, strerror(errno));
}

static bool plan_streams(struct plan *plan)
{
    /* Append: the same file may be given for both streams. */
    const int capture = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND;
    return plan_stream(plan, plan->options->stdin_null ? "/dev/null" : NULL, O_RDONLY, &plan->process.fd_in) &&
           plan_stream(plan, plan->options->stdout_path, capture, &plan->process.fd_out) &&
           plan_stream(plan, plan->options->stderr_path, capture, &plan->process.fd_err);
}

static void plan_clear(struct plan *plan)
{
    const int fds[] = {plan->process.fd_in, plan->process.fd_out, plan->process.fd_err};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    environment_clear(&plan->environment);
}

/* --- Run ----------------------------------------------------------------------------------------------------------- */

void launch_run(struct launch_session *session, const struct launch_options *options, struct launch_result *result)
{
    struct plan plan = {.session = session,
                        .options = options,
                        .result = result,
                        .process = {.argv = options->argv,
                                    .directory = options->directory,
                                    .fd_in = -1,
                                    .fd_out = -1,
                                    .fd_err = -1,
                                    .captured = options->stdout_path != NULL || options->stderr_path != NULL,
                                    .timeout_s = options->timeout_s}};
    struct process_result ended;
    memset(result, 0, sizeof *result);
    result->status = 125;
    empty_session(session);
    if (plan_controls(&plan) && plan_support(&plan) && plan_trace(&plan) && plan_command(&plan) &&
        plan_process(&plan) && plan_environment(&plan) && plan_streams(&plan)) {
        if (plan.with_support)
            tell_outer_session();
        process_run(&plan.process, &ended);
        result->status = ended.status;
        result->timed_out = ended.timed_out;
        result->interrupted = ended.interrupted;
        result->stopped = ended.stopped;
        result->seconds = ended.seconds;
        result->peak_kib = ended.peak_kib;
        memcpy(result->error, ended.error, sizeof result->error);
        read_notes(session, result);
    }
    plan_clear(&plan);
}
