/* cluster.c - workers on other machines: a driver in Python gives their tasks to Ray.
 * SPDX-License-Identifier: MIT
 *
 * One socket to the driver: first what is asked and its answer, later one end of a new socket for each worker. When it is
 * closed, by whatever ends the scan, the driver ends. */
#include "scan/cluster.h"

#include <errno.h>      /* errno */
#include <fcntl.h>      /* fcntl, open */
#include <poll.h>       /* poll */
#include <signal.h>     /* kill */
#include <stdio.h>      /* snprintf */
#include <stdlib.h>     /* free */
#include <string.h>     /* memcpy */
#include <sys/socket.h> /* socketpair, sendmsg */
#include <sys/wait.h>   /* waitpid */
#include <time.h>       /* nanosleep */
#include <unistd.h>     /* execvp */

#include <jansson.h> /* json_loadb */

#include "common/array.h"  /* text_format */
#include "launch/launch.h" /* launch_support */
#include "scan/failure.h"  /* failure_last_line */
#include "scan/outcome.h"  /* message_send */

enum { WORDS_NBYTES = 1 << 20, LINE_NBYTES = 900 };
#define PATIENCE_S 1.0 /* from then on it is said what is waited for */

struct cluster {
    pid_t driver;
    int control;
    struct cluster_caller caller;
    int words; /* what the driver writes */
    char line[LINE_NBYTES];
    size_t n_line;
};

/* ---- what the driver says ---- */

/* Its own lines are ours; others are Ray's. */
static void say_line(struct cluster *cluster)
{
    static const char ours[] = "oneseed: ";
    char words[LINE_NBYTES + 8], said[LINE_NBYTES + 16];
    cluster->line[cluster->n_line] = '\0';
    cluster->n_line = 0;
    failure_last_line(cluster->line, words, sizeof words);
    bool is_ours = strncmp(words, ours, sizeof ours - 1) == 0;
    snprintf(said, sizeof said, "%s%s", is_ours ? "" : "Ray: ", is_ours ? words + sizeof ours - 1 : words);
    if (words[0] != '\0')
        cluster->caller.say(cluster->caller.context, said);
}

void cluster_listen(struct cluster *cluster)
{
    char bytes[4096];
    for (ssize_t n; (n = read(cluster->words, bytes, sizeof bytes)) > 0;)
        for (ssize_t k = 0; k < n; k++) {
            if (bytes[k] == '\n' || cluster->n_line + 1 == sizeof cluster->line)
                say_line(cluster);
            if (bytes[k] != '\n' && bytes[k] != '\0')
                cluster->line[cluster->n_line++] = bytes[k];
        }
}

/* ---- the driver ---- */

static const char *python(void)
{
    const char *named = getenv("ONESEED_PYTHON");
    return named && named[0] != '\0' ? named : "python3";
}

/* In the driver-to-be. Its own session: what a terminal sends to the scan is for the scan to say. */
_Noreturn static void become(int control, int words, const char *script, const char *address)
{
    char number[16];
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    int null = open("/dev/null", O_RDONLY);
    snprintf(number, sizeof number, "%d", control);
    (void)setsid();
    for (size_t k = 0; k < sizeof signals / sizeof *signals; k++)
        (void)signal(signals[k], SIG_DFL);
    (void)fcntl(control, F_SETFD, 0);
    (void)dup2(null, STDIN_FILENO);
    (void)dup2(words, STDOUT_FILENO);
    (void)dup2(words, STDERR_FILENO);
    char *argv[] = {(char *)python(), (char *)script, number, (char *)address, NULL};
    execvp(argv[0], argv);
    _exit(127);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* False: we are asked to end. */
static bool wait_for(struct cluster *cluster, const char *address)
{
    struct pollfd fd = {.fd = cluster->control, .events = POLLIN};
    char line[300];
    bool is_said = false;
    for (double begun = now(); !*cluster->caller.asked;) {
        bool is_there = poll(&fd, 1, 100) > 0;
        cluster_listen(cluster);
        if (is_there)
            return true;
        if (!is_said && now() - begun > PATIENCE_S) {
            snprintf(line, sizeof line, address[0] ? "reaching Ray at %.200s …" : "starting Ray …", address);
            cluster->caller.say(cluster->caller.context, line);
            is_said = true;
        }
    }
    return false;
}

static bool greet(struct cluster *cluster, const char *address, const char *request, size_t *n_places_out, char *error,
                  size_t error_nbytes)
{
    const volatile sig_atomic_t *asked = cluster->caller.asked;
    struct message message = {.bytes = (unsigned char *)request, .n = strlen(request)};
    if (!message_send(cluster->control, &message) || !wait_for(cluster, address) ||
        !message_receive(cluster->control, &message)) {
        int status;
        bool is_unknown =
            !*asked && waitpid(cluster->driver, &status, 0) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 127;
        if (!*asked)
            cluster->driver = -1;
        snprintf(error, error_nbytes, "--on ray: %s%s", *asked ? "stopped before Ray was there" : python(),
                 is_unknown ? ": not found; ONESEED_PYTHON can name a Python that has ray"
                 : *asked   ? ""
                            : " ended before Ray was there");
        return false;
    }
    json_t *answer = json_loadb((const char *)message.bytes, message.n, 0, NULL);
    const char *why = json_string_value(json_object_get(answer, "error"));
    *n_places_out = (size_t)json_integer_value(json_object_get(answer, "places"));
    bool ok = !why && *n_places_out > 0;
    if (!ok)
        snprintf(error, error_nbytes, "--on ray: %.400s", why ? why : "its driver gave no answer");
    json_decref(answer);
    message_clear(&message);
    return ok;
}

struct cluster *cluster_start(const char *address, const char *request, const struct cluster_caller *caller,
                              size_t *n_places_out, char *error, size_t error_nbytes)
{
    char folder[4096];
    int ends[2], words[2];
    if (!launch_support(folder, sizeof folder, error, error_nbytes))
        return NULL;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        snprintf(error, error_nbytes, "--on ray: no socket: %s", strerror(errno));
        return NULL;
    }
    if (pipe2(words, O_CLOEXEC) != 0) {
        snprintf(error, error_nbytes, "--on ray: no pipe: %s", strerror(errno));
        close(ends[0]);
        close(ends[1]);
        return NULL;
    }
    (void)fcntl(words[0], F_SETFL, O_NONBLOCK);
    (void)fcntl(words[0], F_SETPIPE_SZ, WORDS_NBYTES); /* nobody listens while a study is written */
    struct cluster *cluster = calloc(1, sizeof *cluster);
    char *script = text_format("%s/_ray.py", folder);
    if (!cluster)
        abort();
    *cluster = (struct cluster){.driver = fork(), .control = ends[0], .caller = *caller, .words = words[0]};
    if (cluster->driver == 0)
        become(ends[1], words[1], script, address);
    free(script);
    close(ends[1]);
    close(words[1]);
    if (cluster->driver > 0 && greet(cluster, address, request, n_places_out, error, error_nbytes))
        return cluster;
    if (cluster->driver < 0 && error[0] == '\0')
        snprintf(error, error_nbytes, "--on ray: no process: %s", strerror(errno));
    cluster_end(cluster);
    return NULL;
}

int cluster_connect(void *context)
{
    struct cluster *cluster = context;
    int ends[2];
    char byte = 'w';
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &ends[1], sizeof(int));
    ssize_t sent = sendmsg(cluster->control, &message, MSG_NOSIGNAL);
    close(ends[1]);
    if (sent == 1)
        return ends[0];
    close(ends[0]);
    return -1;
}

void cluster_end(struct cluster *cluster)
{
    int status;
    if (!cluster)
        return;
    close(cluster->control);
    for (unsigned k = 0; cluster->driver > 0; k++) { /* it has ten seconds of its own */
        if (waitpid(cluster->driver, &status, WNOHANG) != 0)
            break;
        if (k == 240)
            kill(cluster->driver, SIGKILL);
        cluster_listen(cluster);
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
    cluster_listen(cluster);
    if (cluster->n_line > 0)
        say_line(cluster);
    close(cluster->words);
    free(cluster);
}
