/* study_growth.c - a study of 10^4 to 10^6 runs with 10 metrics, and `oneseed stats` of it: build/bench/study_growth [MOST_RUNS [FOLDER]]
 * SPDX-License-Identifier: MIT
 *
 * Runs come in 100 at a time, as of a busy scan; seeds in order but for neighbours that change places, as of two jobs.
 * `read` opens the file anew and brings all columns into memory. Peak memory is that of a process that only reads, and of
 * `oneseed stats`. */
#include <stdint.h>       /* int64_t */
#include <stdio.h>        /* printf */
#include <stdlib.h>       /* atoll, mkdtemp */
#include <sys/resource.h> /* getrusage */
#include <sys/stat.h>     /* stat */
#include <sys/wait.h>     /* wait4 */
#include <time.h>         /* clock_gettime */
#include <unistd.h>       /* fork, execl */

#include "study/study.h"

enum { FEWEST = 10000, BATCH = 100, N_METRICS = 10 };

static char error[STUDY_ERROR_NBYTES];

static _Noreturn void fail(void)
{
    fprintf(stderr, "study_growth: %s\n", error);
    _exit(2);
}

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Seconds for adding runs from..to. */
static double add(struct study *study, int64_t from, int64_t to)
{
    static struct study_run runs[BATCH];
    static struct study_value values[BATCH][N_METRICS];
    double begun = now();
    for (int64_t first = from; first < to; first += BATCH) {
        for (int64_t i = 0; i < BATCH; i++) {
            for (unsigned m = 0; m < N_METRICS; m++)
                values[i][m] = (struct study_value){m, 1.0 / (double)(first + i + m + 1)};
            runs[i] = (struct study_run){
                .key = {.seed = (first + i) ^ 1, .sources = ""},
                .attempt = 1,
                .status = STUDY_DONE,
                .started = 1.7e9 + (double)(first + i),
                .seconds = 0.05 + 1e-9 * (double)i,
                .peak_kib = 34567,
                .output = "0123456789abcdef0123456789abcdef",
                .states = "fedcba9876543210fedcba9876543210",
                .host = "node-17",
                .tail = "",
                .values = values[i],
                .n_values = N_METRICS,
            };
        }
        if (!study_add(study, runs, BATCH, error))
            fail();
    }
    return now() - begun;
}

/* In a process of its own: seconds by a pipe, most memory from the system. */
static double read_all(const char *path, int64_t n, double *peak_mib_out)
{
    struct rusage usage;
    double seconds = 0;
    int ends[2], status;
    pid_t child;
    fflush(stdout);
    if (pipe(ends) != 0 || (child = fork()) < 0)
        return 0;
    if (child == 0) {
        double begun = now();
        struct study_table table;
        struct study *study = study_open_reader(path, error);
        if (!study || !study_read(study, false, &table, error))
            fail();
        if ((int64_t)table.n != n || table.seeds[n - 1] != n - 1 ||
            table.values[3][7] != 1.0 / (double)((7 ^ 1) + 3 + 1))
            _exit(3);
        seconds = now() - begun;
        _exit(write(ends[1], &seconds, sizeof seconds) != (ssize_t)sizeof seconds);
    }
    if (read(ends[0], &seconds, sizeof seconds) != (ssize_t)sizeof seconds || wait4(child, &status, 0, &usage) < 0 ||
        status != 0) {
        (void)snprintf(error, sizeof error, "what was read is not what was written");
        fail();
    }
    close(ends[0]);
    close(ends[1]);
    *peak_mib_out = (double)usage.ru_maxrss / 1024;
    return seconds;
}

/* `oneseed stats` of the study: as read_all(). */
static double summarize(const char *path, double *peak_mib_out)
{
    struct rusage usage;
    int status;
    double begun = now();
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stdout))
            _exit(3);
        execl(BUILD_FOLDER "/oneseed", "oneseed", "stats", path, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0 || status != 0) {
        (void)snprintf(error, sizeof error, "oneseed stats of it: wait status %d", child < 0 ? -1 : status);
        fail();
    }
    *peak_mib_out = (double)usage.ru_maxrss / 1024;
    return now() - begun;
}

int main(int argc, char **argv)
{
    int64_t most = argc > 1 ? atoll(argv[1]) : 1000000, n = 0;
    char folder[300], path[320];
    struct study *study;
    (void)snprintf(folder, sizeof folder, "%s/oneseed-growth-XXXXXX", argc > 2 ? argv[2] : "/tmp");
    if (most < FEWEST || !mkdtemp(folder)) {
        fprintf(stderr, "study_growth: at least %d runs, and a folder\n", FEWEST);
        return 2;
    }
    (void)snprintf(path, sizeof path, "%s/study.db", folder);
    study = study_create(path, NULL, error);
    for (unsigned m = 0; study && m < N_METRICS; m++) {
        char name[16];
        unsigned number;
        (void)snprintf(name, sizeof name, "metric%u", m);
        if (!study_metric(study, name, "json", &number, error))
            fail();
    }
    if (!study)
        fail();
    printf("| runs | added a second | bytes a run | open and read, s | peak MiB | `oneseed stats`, s | peak MiB |\n"
           "|---|---|---|---|---|---|---|\n");
    for (int64_t to = FEWEST; to <= most; to *= 10) {
        double added = (double)(to - n) / add(study, n, to), seconds, peak_mib = 0, stats_mib = 0;
        struct stat status;
        study_close(study);
        (void)stat(path, &status);
        seconds = read_all(path, to, &peak_mib);
        const double stats_seconds = summarize(path, &stats_mib);
        printf("| %lld | %.0f | %.0f | %.3f | %.1f | %.2f | %.0f |\n", (long long)to, added,
               (double)status.st_size / (double)to, seconds, peak_mib, stats_seconds, stats_mib);
        fflush(stdout);
        study = study_open_writer(path, error);
        if (!study)
            fail();
        n = to;
    }
    study_close(study);
    (void)unlink(path);
    (void)rmdir(folder);
    return 0;
}
