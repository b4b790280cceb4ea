/* merge.c - puts studies of one plan together: shards that other machines filled.
 * SPDX-License-Identifier: MIT
 *
 * Each study is walked in the order of its keys, all of them side by side. A planned run that is in several: attempts
 * that did not end well come first, then the one that did; two that did must agree in status, metrics and digests. */
#include <errno.h>    /* errno */
#include <math.h>     /* isnan */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* calloc, free */
#include <string.h>   /* strcmp */
#include <sys/stat.h> /* lstat */
#include <unistd.h>   /* unlink */

#include "common/array.h" /* ARRAY_PUSH, text_format, text_copy */
#include "study/sqlite_store.h"

enum { BATCH = 1000 };

/* Who differs in one of these has another plan; in the last ones he may, when that is said (--force). */
static const char *const agreeing[] = {"command", "level", "sources", "metrics", "script", "environment"};
enum { N_STRICT = 4 };

/* An attempt that owns what it points to. */
struct held {
    struct study_run run;
    char *texts[6];
    struct study_value *values;
    struct study_step *steps;
};

static void held_clear(struct held *held)
{
    for (size_t i = 0; i < sizeof held->texts / sizeof *held->texts; i++)
        free(held->texts[i]);
    free(held->values);
    free(held->steps);
}

struct source {
    struct sqlite_study *study;
    sqlite3_stmt *runs, *tails, *steps;
    unsigned *metrics; /* our number of each of its metrics */
    struct held next;  /* the attempt that comes next */
    bool has_next;
};

struct merge {
    struct source *sources;
    size_t n_sources;
    struct study *to;
    struct held *held; /* not yet added */
    size_t n_held;
    study_difference_fn *difference;
    bool force;
    char *noted; /* what differs all the same; NULL: nothing */
};

static bool damaged(const struct source *source, sqlite3_int64 id, char *error)
{
    return study_refuse(error, "%s: the study is damaged: run %lld is no proper run", source->study->base.where,
                        (long long)id);
}

static char *text_at(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_TEXT ? text_copy((const char *)sqlite3_column_text(row, column))
                                                           : NULL;
}

static bool read_tail(struct source *source, sqlite3_int64 id, char **tail_out, char *error)
{
    int code;
    (void)sqlite3_bind_int64(source->tails, 1, id);
    code = sqlite3_step(source->tails);
    *tail_out = code == SQLITE_ROW ? text_at(source->tails, 0) : text_copy("");
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        (void)sqlite_refuse(source->study->db, source->study->base.where, error);
    else if (!*tail_out)
        (void)damaged(source, id, error);
    (void)sqlite3_reset(source->tails);
    return (code == SQLITE_ROW || code == SQLITE_DONE) && *tail_out;
}

static bool read_steps(struct source *source, sqlite3_int64 id, struct held *held, char *error)
{
    size_t n_metrics = source->study->base.n_metrics;
    int code;
    (void)sqlite3_bind_int64(source->steps, 1, id);
    while ((code = sqlite3_step(source->steps)) == SQLITE_ROW) {
        sqlite3_int64 metric = sqlite3_column_int64(source->steps, 0);
        struct study_step step = {.step = sqlite3_column_int64(source->steps, 1)};
        if (metric < 0 || metric >= (sqlite3_int64)n_metrics || !sqlite_value(source->steps, 2, &step.value) ||
            study_is_missing(step.value))
            break;
        step.metric = source->metrics[metric];
        ARRAY_PUSH(held->steps, held->run.n_steps, step);
    }
    (void)sqlite3_reset(source->steps);
    if (code == SQLITE_ROW)
        return damaged(source, id, error);
    return code == SQLITE_DONE || sqlite_refuse(source->study->db, source->study->base.where, error);
}

/* seed, sources, repeat, attempt, status, exit, started, seconds, peak_kib, output, states, host, m0 …, id */
static bool read_run(struct source *source, struct held *held, char *error)
{
    static const int texts[] = {1, 4, 9, 10, 11};
    sqlite3_stmt *row = source->runs;
    size_t n_metrics = source->study->base.n_metrics;
    sqlite3_int64 id = sqlite3_column_int64(row, 12 + (int)n_metrics), seed, repeat, attempt;
    int status;
    bool proper = true;
    memset(held, 0, sizeof *held);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        proper = (held->texts[i] = text_at(row, texts[i])) != NULL && proper;
    proper = sqlite_count(row, 0, INT64_MAX, &seed) && proper;
    proper = sqlite_count(row, 2, UINT32_MAX, &repeat) && proper;
    proper = sqlite_count(row, 3, UINT32_MAX, &attempt) && proper && attempt > 0;
    status = held->texts[1] ? study_status_from(held->texts[1], strlen(held->texts[1])) : -1;
    if (!proper || status < 0)
        return damaged(source, id, error);
    held->run = (struct study_run){
        .key = {.seed = seed, .sources = held->texts[0], .repeat = (unsigned)repeat},
        .attempt = (unsigned)attempt,
        .status = (enum study_status)status,
        .exit_status = sqlite3_column_int(row, 5),
        .started = sqlite3_column_double(row, 6),
        .seconds = sqlite3_column_double(row, 7),
        .peak_kib = sqlite3_column_int64(row, 8),
        .output = held->texts[2],
        .states = held->texts[3],
        .host = held->texts[4],
    };
    for (size_t m = 0; m < n_metrics; m++) {
        struct study_value value = {.metric = source->metrics[m]};
        if (!sqlite_value(row, 12 + (int)m, &value.value))
            return damaged(source, id, error);
        if (!study_is_missing(value.value))
            ARRAY_PUSH(held->values, held->run.n_values, value);
    }
    if (!read_tail(source, id, &held->texts[5], error) || !read_steps(source, id, held, error))
        return false;
    held->run.tail = held->texts[5];
    held->run.values = held->values;
    held->run.steps = held->steps;
    return true;
}

static bool advance(struct source *source, char *error)
{
    int code = sqlite3_step(source->runs);
    source->has_next = code == SQLITE_ROW;
    if (code == SQLITE_ROW) {
        if (read_run(source, &source->next, error))
            return true;
        held_clear(&source->next);
        source->has_next = false;
        return false;
    }
    return code == SQLITE_DONE || sqlite_refuse(source->study->db, source->study->base.where, error);
}

static int compare_keys(const struct study_key *a, const struct study_key *b)
{
    int order = strcmp(a->sources, b->sources);
    if (a->seed != b->seed)
        return a->seed < b->seed ? -1 : 1;
    if (order != 0)
        return order;
    return (a->repeat > b->repeat) - (a->repeat < b->repeat);
}

static const struct study_value *value_of(const struct study_run *run, unsigned metric)
{
    for (size_t i = 0; i < run->n_values; i++) {
        if (run->values[i].metric == metric)
            return &run->values[i];
    }
    return NULL;
}

/* What differs between two results; NULL: nothing. */
static const char *different(const struct merge *merge, const struct study_run *a, const struct study_run *b)
{
    for (unsigned m = 0; m < study_n_metrics(merge->to); m++) {
        const struct study_value *one = value_of(a, m), *other = value_of(b, m);
        bool same =
            one && other ? one->value == other->value || (isnan(one->value) && isnan(other->value)) : one == other;
        if (!same)
            return study_metric_name(merge->to, m);
    }
    if (strcmp(a->states, b->states) != 0)
        return "the state of a generator at the end";
    /* Where something was measured, a line with a time in it is no other result. */
    return a->n_values == 0 && strcmp(a->output, b->output) != 0 ? "the output" : NULL;
}

static bool flush(struct merge *merge, char *error)
{
    static struct study_run runs[BATCH];
    for (size_t first = 0; first < merge->n_held; first += BATCH) {
        size_t n = merge->n_held - first < BATCH ? merge->n_held - first : BATCH;
        for (size_t i = 0; i < n; i++)
            runs[i] = merge->held[first + i].run;
        if (!study_add(merge->to, runs, n, error))
            return false;
    }
    for (size_t i = 0; i < merge->n_held; i++)
        held_clear(&merge->held[i]);
    free(merge->held);
    merge->held = NULL;
    merge->n_held = 0;
    return true;
}

/* All attempts of the least key that is left, from all studies; a done one comes last, and once. */
static bool take_one(struct merge *merge, bool *any_out, char *error)
{
    struct held *least = NULL, *done = NULL, *all = NULL, kept;
    const char *done_in = NULL;
    char key_text[STUDY_KEY_NBYTES];
    size_t n_all = 0;
    struct study_key key;
    bool good = true;
    for (size_t i = 0; i < merge->n_sources; i++) {
        struct source *source = &merge->sources[i];
        if (source->has_next && (!least || compare_keys(&source->next.run.key, &least->run.key) < 0))
            least = &source->next;
    }
    *any_out = least != NULL;
    if (!least)
        return true;
    key = least->run.key;
    key.sources = text_copy(key.sources);
    for (size_t i = 0; good && i < merge->n_sources; i++) {
        struct source *source = &merge->sources[i];
        while (good && source->has_next && compare_keys(&source->next.run.key, &key) == 0) {
            struct held *next = &source->next;
            const char *what = done && next->run.status == STUDY_DONE ? different(merge, &done->run, &next->run) : NULL;
            if (what) {
                good = study_refuse(error,
                                    "%s and %s: %s gave two results (%s differs); merge one of them only, or "
                                    "look with `oneseed check` why it does not repeat",
                                    done_in, source->study->base.where, study_key_text(&key, 0, key_text), what);
                break;
            }
            if (next->run.status == STUDY_DONE && !done) {
                kept = *next;
                done = &kept;
                done_in = source->study->base.where;
            } else if (next->run.status == STUDY_DONE) {
                held_clear(next);
            } else {
                ARRAY_PUSH(all, n_all, *next);
            }
            good = advance(source, error);
        }
    }
    if (done)
        ARRAY_PUSH(all, n_all, kept);
    for (size_t i = 0; i < n_all; i++) {
        all[i].run.attempt = (unsigned)i + 1;
        ARRAY_PUSH(merge->held, merge->n_held, all[i]);
    }
    free(all);
    free((char *)key.sources);
    return good && (merge->n_held < BATCH || flush(merge, error));
}

static int entry_length(const char *text)
{
    size_t n = strcspn(text, ",}]\n");
    return n < 60 ? (int)n : 60;
}

/* Texts may be long: only the entry of a list, or the line, that is not the same. */
static bool refuse_text(const char *where, const char *other_where, const char *name, const char *a, const char *b,
                        const char *advice, char *error)
{
    size_t at = 0;
    while (a[at] != '\0' && a[at] == b[at])
        at++;
    while (at > 0 && !strchr(",{[\n", a[at - 1]))
        at--;
    return study_refuse(error, "%.120s and %.120s are studies of two plans: %s differs (%.*s | %.*s)%s", where,
                        other_where, name, entry_length(a + at), a + at, entry_length(b + at), b + at, advice);
}

/* Is it one of the entries of a list? */
static bool has_entry(const char *list, const char *entry)
{
    size_t n = strlen(entry);
    for (const char *at = list; (at = strstr(at, entry)) != NULL; at++) {
        if ((at == list || at[-1] == ' ') && (at[n] == '\0' || at[n] == ';'))
            return true;
    }
    return false;
}

/* Adds to the list of what was gone on with all the same. Each thing stands there once. */
static void note(char **noted, const char *text)
{
    if (text[0] == '\0' || (*noted && has_entry(*noted, text)))
        return;
    char *longer = *noted ? text_format("%s; %s", *noted, text) : text_copy(text);
    free(*noted);
    *noted = longer;
}

/* Texts that may differ: in nothing that counts, or with force, which is noted. */
static bool may_be_merged(struct merge *merge, const char *where, const char *name, const char *a, const char *b)
{
    char *words = a && b && merge->difference ? merge->difference(name, a, b) : text_format("%s differs", name);
    if (words && merge->force) {
        char *text = text_format("%s in %s", words, where);
        note(&merge->noted, text);
        free(text);
    }
    bool ok = !words || merge->force;
    free(words);
    return ok;
}

static bool same_plan(struct merge *merge, char *error)
{
    struct study *first = &merge->sources[0].study->base;
    for (size_t i = 1; i < merge->n_sources; i++) {
        struct study *other = &merge->sources[i].study->base;
        for (size_t k = 0; k < sizeof agreeing / sizeof *agreeing; k++) {
            const char *a = study_text(first, agreeing[k]), *b = study_text(other, agreeing[k]);
            bool differs = !a != !b || (a && strcmp(a, b) != 0), may_differ = k >= N_STRICT;
            if (differs && !(may_differ && may_be_merged(merge, other->where, agreeing[k], a, b)))
                return refuse_text(first->where, other->where, agreeing[k], a ? a : "", b ? b : "",
                                   may_differ ? "; --force merges them all the same" : "", error);
        }
    }
    return true;
}

static void free_plan(char **plan)
{
    for (size_t i = 0; plan && plan[i]; i++)
        free(plan[i]);
    free(plan);
}

/* The list of all seeds; NULL with a line. */
static char *all_seeds(const struct merge *merge, char *error)
{
    const char **texts = NULL;
    size_t n = 0;
    char *seeds;
    for (size_t i = 0; i < merge->n_sources; i++) {
        const char *text = study_text(&merge->sources[i].study->base, "seeds");
        if (text)
            ARRAY_PUSH(texts, n, text);
    }
    seeds = study_merge_seeds(texts, n, error);
    free(texts);
    return seeds;
}

/* Does every study say the same? */
static bool is_common(const struct merge *merge, const char *name, const char *text)
{
    for (size_t i = 1; i < merge->n_sources; i++) {
        const char *other = study_text(&merge->sources[i].study->base, name);
        if (!other || strcmp(other, text) != 0)
            return false;
    }
    return true;
}

/* What was gone on with all the same, in any of them or now; NULL: nothing. */
static char *all_forced(const struct merge *merge)
{
    char *all = NULL;
    for (size_t i = 0; i < merge->n_sources; i++) {
        const char *text = study_text(&merge->sources[i].study->base, "forced");
        note(&all, text ? text : "");
    }
    note(&all, merge->noted ? merge->noted : "");
    return all;
}

/* The plan of the new study: what all say alike, all seeds, and how to go on as the first one says. NULL with a line. */
static char **plan_of(const struct merge *merge, char *error)
{
    static const char *const of_the_first[] = {"directory", "created", "options", "script", "environment"};
    struct study *first = &merge->sources[0].study->base;
    char **plan = NULL, *end = NULL, *forced = all_forced(merge);
    size_t n = 0;
    if (forced) {
        ARRAY_PUSH(plan, n, text_copy("forced"));
        ARRAY_PUSH(plan, n, forced);
    }
    for (size_t k = 0; k < first->n_texts; k++) {
        const char *name = first->texts[k].name, *text = first->texts[k].text;
        bool is_kept = is_common(merge, name, text);
        for (size_t i = 0; i < sizeof of_the_first / sizeof *of_the_first; i++)
            is_kept |= strcmp(name, of_the_first[i]) == 0;
        if (strcmp(name, "format") == 0 || strcmp(name, "forced") == 0 || strcmp(name, "shard") == 0 ||
            !(is_kept || strcmp(name, "seeds") == 0))
            continue;
        ARRAY_PUSH(plan, n, text_copy(name));
        ARRAY_PUSH(plan, n, is_kept ? text_copy(text) : all_seeds(merge, error));
        if (!plan[n - 1])
            break; /* it ends with this NULL */
    }
    if (n > 0 && !plan[n - 1]) {
        free_plan(plan);
        return NULL;
    }
    ARRAY_PUSH(plan, n, end);
    return plan;
}

static bool map_metrics(struct merge *merge, char *error)
{
    for (size_t i = 0; i < merge->n_sources; i++) {
        struct source *source = &merge->sources[i];
        struct study *from = &source->study->base;
        source->metrics = calloc(from->n_metrics + 1, sizeof *source->metrics);
        if (!source->metrics)
            abort();
        for (unsigned m = 0; m < from->n_metrics; m++) {
            const char *how = study_metric_how(from, m), *theirs;
            if (!study_metric(merge->to, study_metric_name(from, m), how, &source->metrics[m], error))
                return false;
            theirs = study_metric_how(merge->to, source->metrics[m]);
            if (strcmp(how, theirs) != 0)
                return study_refuse(error,
                                    "%s and %s are studies of two plans: metric %.60s is found in two ways "
                                    "(%.60s, %.60s)",
                                    merge->sources[0].study->base.where, from->where, study_metric_name(from, m),
                                    theirs, how);
        }
    }
    return true;
}

static bool open_rows(struct source *source, char *error)
{
    struct sqlite_study *study = source->study;
    sqlite3_str *sql = sqlite3_str_new(study->db);
    char *text;
    bool done;
    sqlite3_str_appendall(sql,
                          "SELECT seed, sources, repeat, attempt, status, exit, started, seconds, peak_kib, output,"
                          " states, host");
    for (size_t m = 0; m < study->base.n_metrics; m++)
        sqlite3_str_appendf(sql, ", m%u", (unsigned)m);
    sqlite3_str_appendall(sql, ", id FROM run ORDER BY seed, sources, repeat, attempt");
    text = sqlite3_str_finish(sql);
    done = text ? sqlite_prepare(study->db, text, study->base.where, &source->runs, error)
                : study_refuse(error, "%s: not enough memory", study->base.where);
    sqlite3_free(text);
    return done &&
           sqlite_prepare(study->db, "SELECT text FROM tail WHERE run = ?", study->base.where, &source->tails, error) &&
           sqlite_prepare(study->db, "SELECT metric, step, value FROM step WHERE run = ? ORDER BY metric, n",
                          study->base.where, &source->steps, error) &&
           advance(source, error);
}

static bool fill(struct merge *merge, char *error)
{
    bool any = true;
    if (!map_metrics(merge, error))
        return false;
    for (size_t i = 0; i < merge->n_sources; i++) {
        if (!sqlite_begin(merge->sources[i].study, "BEGIN", error) || !open_rows(&merge->sources[i], error))
            return false;
    }
    while (any) {
        if (!take_one(merge, &any, error))
            return false;
    }
    return flush(merge, error);
}

static void close_sources(struct merge *merge)
{
    for (size_t i = 0; i < merge->n_sources; i++) {
        struct source *source = &merge->sources[i];
        sqlite3_finalize(source->runs);
        sqlite3_finalize(source->tails);
        sqlite3_finalize(source->steps);
        if (source->has_next)
            held_clear(&source->next);
        free(source->metrics);
        if (source->study)
            study_close(&source->study->base);
    }
    for (size_t i = 0; i < merge->n_held; i++)
        held_clear(&merge->held[i]);
    free(merge->held);
    free(merge->sources);
}

static void remove_all(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char *name = text_format("%s%s", path, suffixes[i]);
        (void)unlink(name);
        free(name);
    }
}

static bool refuse_address(const char *address, char *error)
{
    char *shown = study_shown(address);
    (void)study_refuse(error, "%s: only files are merged; a database is one study for all workers", shown);
    free(shown);
    return false;
}

static bool open_sources(struct merge *merge, const char *const *from, char *error)
{
    for (size_t i = 0; i < merge->n_sources; i++) {
        struct study *study;
        if (study_is_address(from[i]))
            return refuse_address(from[i], error);
        study = study_open_reader(from[i], error);
        if (!study)
            return false;
        merge->sources[i].study = (struct sqlite_study *)study;
    }
    return true;
}

/* Into a file under another name, which gets its own when it is whole. */
static bool merge_into(struct merge *merge, const char *to, char *error)
{
    char *first = text_format("%s-merging", to), **plan = plan_of(merge, error);
    bool done = plan != NULL;
    if (done) {
        remove_all(first); /* of a merge that was killed */
        merge->to = study_create(first, (const char *const *)plan, error);
        done = merge->to && fill(merge, error);
        study_close(merge->to);
        if (done && rename(first, to) != 0)
            done = study_refuse(error, "%s: cannot be made: %s", to, strerror(errno));
        if (!done)
            remove_all(first);
    }
    free_plan(plan);
    free(first);
    return done;
}

/* While we hold its lock, nobody else makes a study of that name. */
static bool merge_locked(struct merge *merge, const char *to, char *error)
{
    struct study_lock lock;
    struct stat status;
    bool done;
    if (!study_lock_take(&lock, to, to, error))
        return false;
    if (lstat(to, &status) == 0)
        done = study_refuse(error, "%s: is there already; give the merged study another name", to);
    else
        done = merge_into(merge, to, error);
    study_lock_release(&lock);
    return done;
}

bool study_merge(const char *const *from, size_t n_from, const char *to, study_difference_fn *difference, bool force,
                 char **noted_out, char *error)
{
    struct merge merge = {.n_sources = n_from,
                          .sources = calloc(n_from + 1, sizeof *merge.sources),
                          .difference = difference,
                          .force = force};
    bool done;
    if (!merge.sources)
        abort();
    if (n_from == 0)
        done = study_refuse(error, "no studies to merge were named");
    else if (study_is_address(to))
        done = refuse_address(to, error);
    else
        done = open_sources(&merge, from, error) && same_plan(&merge, error) && merge_locked(&merge, to, error);
    close_sources(&merge);
    *noted_out = merge.noted;
    return done;
}
