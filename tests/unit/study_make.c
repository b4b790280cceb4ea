/* study_make.c - fills, shows and merges studies, for the tests in Python.
 * SPDX-License-Identifier: MIT
 *
 *     study_make fill WHERE FROM TO BATCH [PAUSE_MS]
 *                                            adds what is missing of these seeds (a new study when there is none);
 *                                            prints each seed when it was said to be stored
 *     study_make work WHERE FROM TO BATCH SECONDS PAUSE_MS
 *                                            as one of many workers: claims for SECONDS, takes PAUSE_MS a batch
 *     study_make show WHERE                  each planned run: seed sources repeat status values tail's length
 *     study_make count WHERE                 how many planned runs were tried
 *     study_make hold WHERE                  is the writer until its input ends
 *     study_make merge TO FROM...
 *
 * The run of seed k has metrics a = k / 8, b = nan for every third seed, a step (STUDY_STEPS in the
 * environment: so many) and a tail. Refused: one line, exit
 * status 2. */
#include <inttypes.h> /* PRId64 */
#include <math.h>     /* NAN */
#include <stdio.h>    /* printf */
#include <stdlib.h>   /* atoll */
#include <string.h>   /* strcmp, strstr */
#include <time.h>     /* nanosleep */

#include "study/study.h"

enum { MOST_BATCH = 1000 };

extern double postgres_patience_seconds; /* STUDY_PATIENCE in the environment */
static char error[STUDY_ERROR_NBYTES];

static int refused(void)
{
    fprintf(stderr, "study_make: %s\n", error);
    return 2;
}

struct todo {
    int64_t from, to;
    unsigned char *known;
    size_t n_known;
};

static void see(void *context, const struct study_known *known)
{
    struct todo *todo = context;
    if (known->key.seed >= todo->from && known->key.seed < todo->to) {
        todo->n_known += !todo->known[known->key.seed - todo->from];
        todo->known[known->key.seed - todo->from] = 1;
    }
}

static bool open_or_make(const char *where, struct study **study_out)
{
    const char *const plan[] = {"command", "[\"true\"]", "seeds",       "0:1", "level", "seeds",
                                "script",  "s",          "environment", "e",   NULL};
    *study_out = study_open_writer(where, error);
    if (!*study_out && strstr(error, "there is no such study")) {
        *study_out = study_create(where, plan, error);
        if (!*study_out && strstr(error, "is there already")) /* another worker was quicker */
            *study_out = study_open_writer(where, error);
    }
    return *study_out != NULL;
}

static bool add_seeds(struct study *study, const int64_t *seeds, size_t n)
{
    static struct study_run runs[MOST_BATCH];
    static struct study_value values[MOST_BATCH][2];
    const size_t n_steps = getenv("STUDY_STEPS") ? (size_t)atol(getenv("STUDY_STEPS")) : 1;
    struct study_step *steps;
    unsigned a, b;
    bool done;
    if (!study_metric(study, "a", "json", &a, error) || !study_metric(study, "b", "json:loss", &b, error))
        return false;
    steps = calloc(n * n_steps, sizeof *steps);
    for (size_t i = 0; i < n; i++) {
        values[i][0] = (struct study_value){a, (double)seeds[i] / 8};
        values[i][1] = (struct study_value){b, seeds[i] % 3 == 0 ? NAN : 1};
        for (size_t k = 0; k < n_steps; k++)
            steps[i * n_steps + k] = (struct study_step){b, seeds[i] + (int64_t)k, 0.5};
        runs[i] = (struct study_run){
            .key = {.seed = seeds[i], .sources = ""},
            .attempt = 1,
            .status = seeds[i] % 7 == 0 ? STUDY_FAILED : STUDY_DONE,
            .started = 1.7e9,
            .seconds = 0.25,
            .output = "",
            .states = "",
            .host = "here",
            .tail = "last words\n",
            .values = values[i],
            .n_values = 2,
            .steps = steps + i * n_steps,
            .n_steps = n_steps,
        };
    }
    done = study_add(study, runs, n, error);
    free(steps);
    for (size_t i = 0; done && i < n; i++)
        printf("%" PRId64 "\n", seeds[i]);
    fflush(stdout);
    return done;
}

static bool known_of(struct study *study, struct todo *todo)
{
    memset(todo->known, 0, (size_t)(todo->to - todo->from));
    todo->n_known = 0;
    return study_each_known(study, see, todo, error);
}

static void pause_ms(long ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

static int fill(struct study *study, struct todo *todo, size_t batch, long ms)
{
    int64_t seeds[MOST_BATCH];
    size_t n = 0;
    if (!known_of(study, todo))
        return refused();
    for (int64_t seed = todo->from; seed < todo->to; seed++) {
        if (!todo->known[seed - todo->from])
            seeds[n++] = seed;
        if (n > 0 && (n == batch || seed == todo->to - 1)) {
            if (!add_seeds(study, seeds, n))
                return refused();
            n = 0;
            pause_ms(ms);
        }
    }
    return 0;
}

/* Until each is stored, by us or by another one. */
static int work(struct study *study, struct todo *todo, size_t batch, double seconds, long ms)
{
    const size_t n_all = (size_t)(todo->to - todo->from);
    struct study_try *tries = calloc(n_all, sizeof *tries);
    unsigned char *states = calloc(n_all, 1);
    int64_t seeds[MOST_BATCH];
    int status = 0;
    while (status == 0) {
        size_t n_tries = 0, n = 0;
        if (!known_of(study, todo)) {
            status = refused();
            break;
        }
        if (todo->n_known == n_all)
            break;
        for (size_t i = 0; i < n_all; i++) {
            if (!todo->known[i])
                tries[n_tries++] = (struct study_try){{.seed = todo->from + (int64_t)i, .sources = ""}, 1};
        }
        if (!study_claim(study, tries, n_tries, batch, seconds, states, error))
            status = refused();
        for (size_t i = 0; status == 0 && i < n_tries; i++) {
            if (states[i] == STUDY_CLAIMED)
                seeds[n++] = tries[i].key.seed;
        }
        if (n > 0)
            fprintf(stderr, "claimed %zu\n", n);
        pause_ms(n ? ms : 20);
        if (status == 0 && n > 0 && !add_seeds(study, seeds, n))
            status = refused();
    }
    fprintf(stderr, "left out: %zu\n", study_n_left_out(study));
    free(tries);
    free(states);
    return status;
}

static int show(const char *where)
{
    struct study *study = study_open_reader(where, error);
    struct study_table table;
    if (!study || !study_read(study, true, &table, error)) {
        study_close(study);
        return refused();
    }
    for (size_t m = 0; m < study_n_metrics(study); m++)
        printf("%s=%s%c", study_metric_name(study, (unsigned)m), study_metric_how(study, (unsigned)m),
               m + 1 < study_n_metrics(study) ? ' ' : '\n');
    for (size_t i = 0; i < table.n; i++) {
        struct study_key key = {table.seeds[i], table.sources ? table.sources[i] : "", table.repeats[i]};
        struct study_step *steps = NULL;
        size_t n_steps = 0;
        char *tail = NULL;
        printf("%" PRId64 " '%s' %u %s", key.seed, key.sources, key.repeat,
               study_status_name((enum study_status)table.statuses[i]));
        for (size_t m = 0; m < study_n_metrics(study); m++) {
            if (study_is_missing(table.values[m][i]))
                printf(" -");
            else
                printf(" %.17g", table.values[m][i]);
            if (!study_read_steps(study, &key, (unsigned)m, &steps, &n_steps, error))
                return refused();
            for (size_t k = 0; k < n_steps; k++)
                printf(" @%" PRId64 "=%.17g", steps[k].step, steps[k].value);
            free(steps);
        }
        if (!study_read_tail(study, &key, &tail, error))
            return refused();
        printf(" %zu\n", tail ? strlen(tail) : 0);
        free(tail);
    }
    study_table_clear(&table);
    study_close(study);
    return 0;
}

static int count(const char *where)
{
    struct study *study = study_open_reader(where, error);
    struct study_table table;
    if (!study || !study_read(study, false, &table, error)) {
        study_close(study);
        return refused();
    }
    printf("%zu\n", table.n);
    study_table_clear(&table);
    study_close(study);
    return 0;
}

static int hold(const char *where)
{
    struct study *study;
    if (!open_or_make(where, &study))
        return refused();
    printf("held\n");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    study_close(study);
    return 0;
}

int main(int argc, char **argv)
{
    const char *verb = argc > 2 ? argv[1] : "";
    char *noted;
    struct todo todo = {.from = argc > 4 ? atoll(argv[3]) : 0, .to = argc > 4 ? atoll(argv[4]) : 0};
    struct study *study;
    size_t batch = argc > 5 ? (size_t)atoll(argv[5]) : 0;
    int status;
    if (getenv("STUDY_PATIENCE"))
        postgres_patience_seconds = atof(getenv("STUDY_PATIENCE"));
    if (strcmp(verb, "show") == 0)
        return show(argv[2]);
    if (strcmp(verb, "count") == 0)
        return count(argv[2]);
    if (strcmp(verb, "hold") == 0)
        return hold(argv[2]);
    if (strcmp(verb, "merge") == 0)
        return study_merge((const char *const *)argv + 3, (size_t)argc - 3, argv[2], NULL, false, &noted, error)
                   ? 0
                   : refused();
    if ((strcmp(verb, "fill") != 0 || argc < 6) && (strcmp(verb, "work") != 0 || argc != 8)) {
        fprintf(stderr, "study_make: see its first lines\n");
        return 2;
    }
    if (batch < 1 || batch > MOST_BATCH || todo.to <= todo.from)
        return 2;
    if (!open_or_make(argv[2], &study))
        return refused();
    todo.known = calloc((size_t)(todo.to - todo.from), 1);
    status = strcmp(verb, "fill") == 0 ? fill(study, &todo, batch, argc > 6 ? atol(argv[6]) : 0)
                                       : work(study, &todo, batch, atof(argv[6]), atol(argv[7]));
    free(todo.known);
    study_close(study);
    return status;
}
