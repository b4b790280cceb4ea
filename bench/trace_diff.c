/* trace_diff.c - time and peak memory of `oneseed diff` on synthetic traces, and the writer's time per event.
 * SPDX-License-Identifier: MIT
 *
 *     build/bench/trace_diff [--json] [--events N]... [--folder DIR] [--tool PATH]
 *
 * Without --events: 10^6, 10^7 and 10^8. Traces of 10^8 events take 2 * 7 GB in DIR (default: $TMPDIR, else /tmp),
 * which are removed again. The trace is one of a training: draws and operations in four threads, 100 lines, 128-bit
 * digests.
 *
 * Pairs: `equal`; `late`: one result differs in the last thousandth; `early`: one result near the beginning and
 * every digest after it differ; `shifted`: one run has an event more in the middle, so no later block is equal. */
#include <errno.h>        /* errno */
#include <inttypes.h>     /* PRIu64 */
#include <stdbool.h>      /* bool */
#include <stdio.h>        /* printf */
#include <stdlib.h>       /* strtoull */
#include <string.h>       /* strcmp */
#include <sys/resource.h> /* struct rusage */
#include <sys/stat.h>     /* mkdir, stat */
#include <sys/wait.h>     /* wait4 */
#include <time.h>         /* clock_gettime */
#include <fcntl.h>        /* open */
#include <unistd.h>       /* fork, execv */

#include "trace/writer.h" /* trace_emit */

enum pair { EQUAL, LATE, EARLY, SHIFTED };
static const char *const pair_names[] = {"equal", "late", "early", "shifted"};

enum { N_LANES = 4, N_SITES = 100, RUN_OF_LANE = 1000 };

struct options {
    bool json;
    uint64_t sizes[8];
    size_t n_sizes;
    const char *folder, *tool;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "trace_diff: %s: %s\n", what, strerror(errno));
    exit(2);
}

static struct oneseed_event event_at(uint64_t i, const uint64_t *sites, uint64_t generator)
{
    bool draw = i % 2 == 0;
    struct oneseed_event event = {.kind = draw ? ONESEED_EVENT_DRAW : ONESEED_EVENT_OP};
    event.site = sites[i % N_SITES];
    event.name = sites[i % 7];
    event.bytes = 4096;
    if (draw) {
        event.generator = generator;
        event.words = 1 + i % 5;
    }
    event.in[0] = i * 0x9e3779b97f4a7c15u;
    event.in[1] = event.out[0] = event.in[0] ^ i << 17;
    event.out[1] = ~event.in[0];
    return event;
}

/* Writes the trace of the second run of a pair (EQUAL: of the first). Gives seconds. */
static double write_trace(const char *folder, uint64_t n_events, enum pair pair)
{
    int error;
    double begun = now();
    struct trace_writer *writer = trace_writer_open(folder, "0", &error);
    if (!writer) {
        errno = error;
        die(folder);
    }
    static const char *const threads[N_LANES] = {"", "t1", "t2", "t3"};
    struct trace_lane_writer *lanes[N_LANES];
    for (size_t i = 0; i < N_LANES; i++)
        lanes[i] = trace_writer_lane(writer, threads[i]);
    uint64_t sites[N_SITES], generator = trace_intern(writer, "numpy.global", 12);
    for (int i = 0; i < N_SITES; i++) {
        char text[64];
        int n = snprintf(text, sizeof text, "/home/a/train.py:%d:step|/lib/torch/module.py:%d:call", i, i + 1000);
        sites[i] = trace_intern(writer, text, (size_t)n);
    }
    uint64_t late = n_events - n_events / 1000, early = n_events / 1000;
    for (uint64_t i = 0; i < n_events; i++) {
        struct trace_lane_writer *lane = lanes[i / RUN_OF_LANE % N_LANES];
        struct oneseed_event event = event_at(i, sites, generator);
        if ((pair == LATE && i == late) || (pair == EARLY && i == early))
            event.out[0] ^= 1;
        if (pair == EARLY && i > early)
            event.in[0] ^= 1;
        trace_emit(lane, &event);
        if (pair == SHIFTED && i == n_events / 2) {
            event.site = sites[17];
            trace_emit(lane, &event);
        }
    }
    if (trace_writer_lost(writer) != 0) {
        errno = trace_writer_lost(writer);
        die("writing");
    }
    trace_writer_close(writer);
    return now() - begun;
}

struct cost {
    double seconds;
    double peak_mib;
    int status;
};

static struct cost run_diff(const char *tool, const char *a, const char *b)
{
    double begun = now();
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execl(tool, "oneseed", "diff", "--json", a, b, (char *)NULL);
        _exit(127);
    }
    struct rusage usage;
    int status;
    if (child < 0 || wait4(child, &status, 0, &usage) < 0)
        die("fork");
    struct cost cost = {now() - begun, (double)usage.ru_maxrss / 1024, WIFEXITED(status) ? WEXITSTATUS(status) : 128};
    return cost;
}

static void remove_trace(const char *folder)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/0.trace", folder);
    unlink(path);
}

static void make_folder(char path[4096], const struct options *options, const char *name)
{
    snprintf(path, 4096, "%s/oneseed-bench.%d.%s", options->folder, (int)getpid(), name);
    if (mkdir(path, 0700) != 0)
        die(path);
}

static void measure(const struct options *options, uint64_t n_events, bool *first)
{
    char a[4096], b[4096], file[4200];
    make_folder(a, options, "a");
    make_folder(b, options, "b");
    write_trace(a, n_events, EQUAL);
    for (enum pair pair = EQUAL; pair <= SHIFTED; pair++) {
        double write_s = write_trace(b, n_events, pair);
        struct stat status;
        snprintf(file, sizeof file, "%s/0.trace", b);
        if (stat(file, &status) != 0)
            die(file);
        struct cost cost = run_diff(options->tool, a, b);
        if (cost.status != (pair != EQUAL)) {
            fprintf(stderr, "trace_diff: %s: exit status %d\n", pair_names[pair], cost.status);
            exit(2);
        }
        double write_ns = 1e9 * write_s / (double)n_events;
        if (options->json)
            printf("%s\n  {\"events\": \"%" PRIu64
                   "\", \"pair\": \"%s\", \"trace_nbytes\": \"%lld\", \"write_ns_per_event\": %.1f, "
                   "\"diff_s\": %.3f, \"diff_peak_mib\": %.1f}",
                   *first ? "" : ",", n_events, pair_names[pair], (long long)status.st_size, write_ns, cost.seconds,
                   cost.peak_mib);
        else
            printf("%12" PRIu64 "  %-8s  %8.2f  %14.1f  %9.3f  %14.1f\n", n_events, pair_names[pair],
                   (double)status.st_size / 1e9, write_ns, cost.seconds, cost.peak_mib);
        fflush(stdout);
        *first = false;
        remove_trace(b);
    }
    remove_trace(a);
    rmdir(a);
    rmdir(b);
}

static void parse(int argc, char **argv, struct options *options)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            options->json = true;
        } else if (i + 1 < argc && strcmp(argv[i], "--events") == 0 && options->n_sizes < 8) {
            options->sizes[options->n_sizes++] = strtoull(argv[++i], NULL, 10);
        } else if (i + 1 < argc && strcmp(argv[i], "--folder") == 0) {
            options->folder = argv[++i];
        } else if (i + 1 < argc && strcmp(argv[i], "--tool") == 0) {
            options->tool = argv[++i];
        } else {
            fprintf(stderr, "usage: trace_diff [--json] [--events N]... [--folder DIR] [--tool PATH]\n");
            exit(2);
        }
    }
    if (options->n_sizes == 0) {
        const uint64_t sizes[] = {1000000, 10000000, 100000000};
        memcpy(options->sizes, sizes, sizeof sizes);
        options->n_sizes = 3;
    }
}

int main(int argc, char **argv)
{
    const char *temporary = getenv("TMPDIR");
    struct options options = {.folder = temporary ? temporary : "/tmp", .tool = BUILD_FOLDER "/oneseed"};
    parse(argc, argv, &options);
    if (options.json)
        printf("{\"format\": \"oneseed-bench-trace-diff/1\", \"rows\": [");
    else
        printf("      events  pair      trace/GB  write/(ns/ev.)  diff/s     diff peak/MiB\n");
    bool first = true;
    for (size_t i = 0; i < options.n_sizes; i++)
        measure(&options, options.sizes[i], &first);
    if (options.json)
        printf("\n]}\n");
    return 0;
}
