/* postgres_write.c - adds attempts to a PostgreSQL database, and claims planned runs there.
 * SPDX-License-Identifier: MIT
 *
 * What comes in together goes over in a few statements: each column is one array. */
#include <inttypes.h> /* PRId64 */
#include <stdlib.h>   /* free, abort */
#include <string.h>   /* strlen */

#include "common/utf8.h"  /* utf8_clean */
#include "common/array.h" /* text_format */
#include "study/postgres_store.h"

enum { MOST_STEPS = 20000 }; /* in one statement */

/* Columns as arrays: {1,2,3}. */
struct columns {
    size_t n;
    FILE *files[PG_MOST_PARAMETERS];
    char *texts[PG_MOST_PARAMETERS];
    size_t nbytes[PG_MOST_PARAMETERS];
};

static void columns_open(struct columns *columns, size_t n)
{
    columns->n = n;
    for (size_t i = 0; i < n; i++) {
        columns->files[i] = open_memstream(&columns->texts[i], &columns->nbytes[i]);
        if (!columns->files[i])
            abort();
        fputc('{', columns->files[i]);
    }
}

/* Before each row but the first. */
static void columns_next(struct columns *columns, bool is_first)
{
    for (size_t i = 0; !is_first && i < columns->n; i++)
        fputc(',', columns->files[i]);
}

static bool columns_close(struct columns *columns)
{
    bool done = true;
    for (size_t i = 0; i < columns->n; i++) {
        fputc('}', columns->files[i]);
        done = fclose(columns->files[i]) == 0 && done;
    }
    return done;
}

static void columns_free(struct columns *columns)
{
    for (size_t i = 0; i < columns->n; i++)
        free(columns->texts[i]);
}

static void put_key(struct columns *columns, size_t first, const struct study_key *key, unsigned attempt)
{
    fprintf(columns->files[first], "%" PRId64, key->seed);
    pg_put_text(columns->files[first + 1], key->sources);
    fprintf(columns->files[first + 2], "%u", key->repeat);
    fprintf(columns->files[first + 3], "%u", attempt);
}

/* The metrics of a run as the text of an array, up to the last one that is there. */
static char *metrics_text(const struct study_run *run)
{
    char *text = NULL;
    size_t nbytes, n = 0;
    FILE *to = open_memstream(&text, &nbytes);
    const double **values; /* by metric */
    for (size_t i = 0; i < run->n_values; i++)
        n = run->values[i].metric >= n ? (size_t)run->values[i].metric + 1 : n;
    values = calloc(n + 1, sizeof *values);
    if (!to || !values)
        abort();
    for (size_t i = 0; i < run->n_values; i++)
        values[run->values[i].metric] = &run->values[i].value;
    fputc('{', to);
    for (size_t m = 0; m < n; m++) {
        fputs(m ? "," : "", to);
        if (values[m])
            pg_put_double(to, *values[m]);
        else
            fputs("NULL", to);
    }
    fputc('}', to);
    free(values);
    if (fclose(to) != 0)
        abort();
    return text;
}

struct addition {
    const struct study_run *runs;
    size_t n_runs;
    char batch[PG_TOKEN_NBYTES]; /* says that a run is of this very call, when its answer was lost */
    long long *ids;              /* -1: was there */
    size_t n_left_out;
};

static void put_run(struct columns *columns, const struct study_run *run)
{
    char *host = utf8_clean(run->host), *metrics = metrics_text(run);
    put_key(columns, 0, &run->key, run->attempt);
    pg_put_text(columns->files[4], study_status_name(run->status));
    fprintf(columns->files[5], "%d", run->exit_status);
    pg_put_double(columns->files[6], run->started);
    pg_put_double(columns->files[7], run->seconds);
    fprintf(columns->files[8], "%" PRId64, run->peak_kib);
    pg_put_text(columns->files[9], run->output);
    pg_put_text(columns->files[10], run->states);
    pg_put_text(columns->files[11], host);
    pg_put_text(columns->files[12], metrics);
    free(host);
    free(metrics);
}

/* Inserts those that are not there. One order for all workers: two that insert the same do not wait in a circle. */
static bool insert_runs(struct pg_study *study, struct addition *all, struct columns *columns, char *error)
{
    struct pg_query query = {
        .sql = "WITH given AS (SELECT * FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[],"
               " $7::integer[], $8::float8[], $9::float8[], $10::bigint[], $11::text[], $12::text[], $13::text[],"
               " $14::text[]) WITH ORDINALITY AS given(seed, sources, repeat, attempt, status, exit, started, seconds,"
               " peak_kib, output, states, host, metrics, n)),"
               " added AS (INSERT INTO oneseed.run(study, seed, sources, repeat, attempt, status, exit, started,"
               " seconds, peak_kib, output, states, host, metrics, batch)"
               " SELECT $1::bigint, seed, sources, repeat, attempt, status, exit, started, seconds, peak_kib, output,"
               " states, host, metrics::float8[], $15 FROM given ORDER BY seed, sources, repeat, attempt"
               " ON CONFLICT(study, seed, sources, repeat, attempt) DO NOTHING"
               " RETURNING id, seed, sources, repeat, attempt)"
               " SELECT given.n, coalesce(added.id, -1) FROM given"
               " LEFT JOIN added USING(seed, sources, repeat, attempt)",
        .n_values = 15,
        .values = {study->id_text},
    };
    PGresult *rows;
    bool done = true;
    for (size_t i = 0; i < columns->n; i++)
        query.values[i + 1] = columns->texts[i];
    query.values[14] = all->batch;
    rows = pg_ask(study, &query, error);
    if (!rows)
        return false;
    if (study->pq->PQntuples(rows) != (int)all->n_runs)
        done = study_refuse(error, "%s: the server answered something else than was asked", study->base.where);
    for (int i = 0; done && i < (int)all->n_runs; i++) {
        long long n = pg_integer(study, rows, i, 0);
        if (n >= 1 && n <= (long long)all->n_runs)
            all->ids[n - 1] = pg_integer(study, rows, i, 1);
    }
    study->pq->PQclear(rows);
    return done;
}

/* Those that were there: from an earlier try of this call, or of another worker? Their claims are over, too. */
static bool settle(struct pg_study *study, struct addition *all, struct columns *columns, char *error)
{
    const struct pg_query count = {
        .sql = "SELECT count(*) FROM oneseed.run JOIN unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[])"
               " AS given(seed, sources, repeat, attempt) USING(seed, sources, repeat, attempt)"
               " WHERE study = $1::bigint AND batch <> $6",
        .n_values = 6,
        .values = {study->id_text, columns->texts[0], columns->texts[1], columns->texts[2], columns->texts[3],
                   all->batch},
    };
    const struct pg_query end_claims = {
        .sql = "DELETE FROM oneseed.claim USING unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[])"
               " AS given(seed, sources, repeat, attempt) WHERE claim.study = $1::bigint AND claim.seed = given.seed"
               " AND claim.sources = given.sources AND claim.repeat = given.repeat AND claim.attempt = given.attempt",
        .n_values = 5,
        .values = {study->id_text, columns->texts[0], columns->texts[1], columns->texts[2], columns->texts[3]},
    };
    PGresult *rows = pg_ask(study, &count, error);
    if (!rows)
        return false;
    all->n_left_out = (size_t)pg_integer(study, rows, 0, 0);
    study->pq->PQclear(rows);
    return pg_tell(study, &end_claims, error);
}

static bool insert_tails(struct pg_study *study, const struct addition *all, char *error)
{
    struct columns columns;
    bool is_first = true, done;
    columns_open(&columns, 2);
    for (size_t i = 0; i < all->n_runs; i++) {
        char *clean;
        if (all->ids[i] < 0 || all->runs[i].tail[0] == '\0')
            continue;
        clean = utf8_clean(all->runs[i].tail);
        columns_next(&columns, is_first);
        fprintf(columns.files[0], "%lld", all->ids[i]);
        pg_put_text(columns.files[1], clean);
        free(clean);
        is_first = false;
    }
    done = columns_close(&columns) || study_refuse(error, "%s: not enough memory", study->base.where);
    if (done && !is_first) {
        const struct pg_query query = {
            .sql = "INSERT INTO oneseed.tail(run, text) SELECT * FROM unnest($1::bigint[], $2::text[])",
            .n_values = 2,
            .values = {columns.texts[0], columns.texts[1]},
        };
        done = pg_tell(study, &query, error);
    }
    columns_free(&columns);
    return done;
}

static bool tell_steps(struct pg_study *study, const struct columns *columns, char *error)
{
    const struct pg_query query = {
        .sql = "INSERT INTO oneseed.step(run, metric, n, step, value)"
               " SELECT * FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bigint[], $5::float8[])",
        .n_values = 5,
        .values = {columns->texts[0], columns->texts[1], columns->texts[2], columns->texts[3], columns->texts[4]},
    };
    return pg_tell(study, &query, error);
}

/* Those of all runs, MOST_STEPS at a time: from step *k of run *i on, which move. */
static bool insert_some_steps(struct pg_study *study, const struct addition *all, size_t *i, size_t *k, char *error)
{
    struct columns columns;
    size_t n = 0;
    bool done;
    columns_open(&columns, 5);
    for (; *i < all->n_runs && n < MOST_STEPS; ++*i, *k = 0) {
        const struct study_run *run = &all->runs[*i];
        for (; all->ids[*i] >= 0 && *k < run->n_steps && n < MOST_STEPS; ++*k) {
            columns_next(&columns, n++ == 0);
            fprintf(columns.files[0], "%lld", all->ids[*i]);
            fprintf(columns.files[1], "%u", run->steps[*k].metric);
            fprintf(columns.files[2], "%zu", *k);
            fprintf(columns.files[3], "%" PRId64, run->steps[*k].step);
            pg_put_double(columns.files[4], run->steps[*k].value);
        }
        if (all->ids[*i] >= 0 && *k < run->n_steps)
            break; /* the next part goes on within this run */
    }
    done = columns_close(&columns) || study_refuse(error, "%s: not enough memory", study->base.where);
    done = done && (n == 0 || tell_steps(study, &columns, error));
    columns_free(&columns);
    return done;
}

static bool insert_steps(struct pg_study *study, const struct addition *all, char *error)
{
    size_t i = 0, k = 0;
    while (i < all->n_runs) {
        if (!insert_some_steps(study, all, &i, &k, error))
            return false;
    }
    return true;
}

static bool add(struct pg_study *study, void *context, char *error)
{
    struct addition *all = context;
    struct columns columns;
    bool done;
    columns_open(&columns, 13);
    for (size_t i = 0; i < all->n_runs; i++) {
        columns_next(&columns, i == 0);
        put_run(&columns, &all->runs[i]);
    }
    done = columns_close(&columns) || study_refuse(error, "%s: not enough memory", study->base.where);
    done = done && insert_runs(study, all, &columns, error) && settle(study, all, &columns, error) &&
           insert_tails(study, all, error) && insert_steps(study, all, error);
    columns_free(&columns);
    return done;
}

bool pg_add(struct study *base, const struct study_run *runs, size_t n_runs, char *error)
{
    struct pg_study *study = (struct pg_study *)base;
    struct addition all = {.runs = runs, .n_runs = n_runs, .ids = calloc(n_runs, sizeof *all.ids)};
    bool done;
    if (!all.ids)
        abort();
    pg_random_token(all.batch);
    done = pg_transaction(study, "BEGIN", add, &all, error);
    study->n_left_out += done ? all.n_left_out : 0;
    free(all.ids);
    return done;
}

struct filling {
    struct addition all;
    char place[16], behind[16]; /* of the metric in the array, counted from 0, and what comes behind it */
};

/* Values that are not there yet. An array may be shorter than the metric's place. */
static bool put_values(struct pg_study *study, const struct filling *filling, const struct columns *columns,
                       char *error)
{
    const struct pg_query query = {
        .sql = "UPDATE oneseed.run SET metrics = metrics[1:$7::integer] ||"
               " array_fill(NULL::float8, ARRAY[greatest($7::integer - cardinality(metrics), 0)]) || given.value ||"
               " metrics[$8::integer:]"
               " FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::float8[]) WITH ORDINALITY"
               " AS given(seed, sources, repeat, attempt, value, n)"
               " WHERE run.study = $1::bigint AND run.seed = given.seed AND run.sources = given.sources"
               " AND run.repeat = given.repeat AND run.attempt = given.attempt AND metrics[$7::integer + 1] IS NULL"
               " RETURNING given.n, run.id",
        .n_values = 8,
        .values = {study->id_text, columns->texts[0], columns->texts[1], columns->texts[2], columns->texts[3],
                   columns->texts[4], filling->place, filling->behind},
    };
    PGresult *rows = pg_ask(study, &query, error);
    if (!rows)
        return false;
    for (int i = 0; i < study->pq->PQntuples(rows); i++) {
        long long n = pg_integer(study, rows, i, 0);
        if (n >= 1 && n <= (long long)filling->all.n_runs)
            filling->all.ids[n - 1] = pg_integer(study, rows, i, 1);
    }
    study->pq->PQclear(rows);
    return true;
}

static bool fill(struct pg_study *study, void *context, char *error)
{
    struct filling *filling = context;
    struct columns columns;
    bool done;
    columns_open(&columns, 5);
    for (size_t i = 0; i < filling->all.n_runs; i++) {
        const struct study_run *run = &filling->all.runs[i];
        filling->all.ids[i] = -1;
        columns_next(&columns, i == 0);
        put_key(&columns, 0, &run->key, run->attempt);
        pg_put_double(columns.files[4], run->values[0].value);
    }
    done = columns_close(&columns) || study_refuse(error, "%s: not enough memory", study->base.where);
    done = done && put_values(study, filling, &columns, error) && insert_steps(study, &filling->all, error);
    columns_free(&columns);
    return done;
}

bool pg_fill(struct study *base, unsigned metric, const struct study_run *runs, size_t n_runs, char *error)
{
    struct filling filling = {.all = {.runs = runs, .n_runs = n_runs, .ids = calloc(n_runs, sizeof *filling.all.ids)}};
    if (!filling.all.ids)
        abort();
    (void)snprintf(filling.place, sizeof filling.place, "%u", metric);
    (void)snprintf(filling.behind, sizeof filling.behind, "%u", metric + 2);
    bool done = pg_transaction((struct pg_study *)base, "BEGIN", fill, &filling, error);
    free(filling.all.ids);
    return done;
}

struct wish {
    const struct study_try *tries;
    size_t n_tries, n_wanted;
    char seconds[32];
    unsigned char *states;
};

/* What is there, and what others hold, in one look: an attempt that is added takes its claim away at the same time. */
static bool look(struct pg_study *study, const struct wish *wish, const struct columns *columns, char *error)
{
    const struct pg_query query = {
        .sql = "SELECT given.n, (CASE WHEN run.id IS NOT NULL THEN 3 WHEN claim.worker = $6 THEN 1"
               " WHEN claim.expires > clock_timestamp() THEN 2 ELSE 0 END)::bigint"
               " FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) WITH ORDINALITY"
               " AS given(seed, sources, repeat, attempt, n)"
               " LEFT JOIN oneseed.run ON run.study = $1::bigint AND run.seed = given.seed"
               " AND run.sources = given.sources AND run.repeat = given.repeat AND run.attempt = given.attempt"
               " LEFT JOIN oneseed.claim ON claim.study = $1::bigint AND claim.seed = given.seed"
               " AND claim.sources = given.sources AND claim.repeat = given.repeat AND claim.attempt = given.attempt",
        .n_values = 6,
        .values = {study->id_text, columns->texts[0], columns->texts[1], columns->texts[2], columns->texts[3],
                   study->worker},
    };
    static const unsigned char states[] = {STUDY_FREE, STUDY_CLAIMED, STUDY_ELSEWHERE, STUDY_THERE};
    PGresult *rows = pg_ask(study, &query, error);
    if (!rows)
        return false;
    for (int i = 0; i < study->pq->PQntuples(rows); i++) {
        long long n = pg_integer(study, rows, i, 0), state = pg_integer(study, rows, i, 1);
        if (n >= 1 && n <= (long long)wish->n_tries && state >= 0 && state < 4)
            wish->states[n - 1] = states[state];
    }
    study->pq->PQclear(rows);
    return true;
}

static bool put_claims(struct pg_study *study, const struct wish *wish, const struct columns *columns, char *error)
{
    const struct pg_query query = {
        .sql = "INSERT INTO oneseed.claim(study, seed, sources, repeat, attempt, worker, expires)"
               " SELECT $1::bigint, seed, sources, repeat, attempt, $6,"
               " clock_timestamp() + $7::float8 * interval '1 second'"
               " FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[])"
               " AS given(seed, sources, repeat, attempt) ON CONFLICT(study, seed, sources, repeat, attempt)"
               " DO UPDATE SET worker = excluded.worker, expires = excluded.expires",
        .n_values = 7,
        .values = {study->id_text, columns->texts[0], columns->texts[1], columns->texts[2], columns->texts[3],
                   study->worker, wish->seconds},
    };
    return pg_tell(study, &query, error);
}

/* One worker at a time looks and takes; n_wanted includes what is ours already. */
static bool claim(struct pg_study *study, void *context, char *error)
{
    struct wish *wish = context;
    struct columns columns;
    const struct pg_query lock = {
        .sql = "SELECT FROM oneseed.studies WHERE id = $1::bigint FOR NO KEY UPDATE",
        .n_values = 1,
        .values = {study->id_text},
    };
    size_t n = 0;
    bool done;
    memset(wish->states, STUDY_FREE, wish->n_tries);
    columns_open(&columns, 4);
    for (size_t i = 0; i < wish->n_tries; i++) {
        columns_next(&columns, i == 0);
        put_key(&columns, 0, &wish->tries[i].key, wish->tries[i].attempt);
    }
    done = columns_close(&columns) || study_refuse(error, "%s: not enough memory", study->base.where);
    done = done && pg_tell(study, &lock, error) && look(study, wish, &columns, error);
    columns_free(&columns);
    if (!done)
        return false;
    columns_open(&columns, 4);
    for (size_t i = 0; i < wish->n_tries; i++) {
        if ((wish->states[i] != STUDY_FREE && wish->states[i] != STUDY_CLAIMED) || n == wish->n_wanted)
            continue;
        wish->states[i] = STUDY_CLAIMED;
        columns_next(&columns, n++ == 0);
        put_key(&columns, 0, &wish->tries[i].key, wish->tries[i].attempt);
    }
    done = columns_close(&columns) || study_refuse(error, "%s: not enough memory", study->base.where);
    done = done && (n == 0 || put_claims(study, wish, &columns, error));
    columns_free(&columns);
    return done;
}

bool pg_claim(struct study *base, const struct study_try *tries, size_t n_tries, size_t n_wanted, double seconds,
              unsigned char *states_out, char *error)
{
    struct pg_study *study = (struct pg_study *)base;
    struct wish wish = {.tries = tries, .n_tries = n_tries, .n_wanted = n_wanted, .states = states_out};
    bool done;
    (void)snprintf(wish.seconds, sizeof wish.seconds, "%.3f", seconds);
    done = pg_transaction(study, "BEGIN", claim, &wish, error);
    study->has_claims |= done;
    return done;
}

static bool renew(struct pg_study *study, void *context, char *error)
{
    const struct pg_query query = {
        .sql = "UPDATE oneseed.claim SET expires = clock_timestamp() + $3::float8 * interval '1 second'"
               " WHERE study = $1::bigint AND worker = $2",
        .n_values = 3,
        .values = {study->id_text, study->worker, context},
    };
    return pg_tell(study, &query, error);
}

bool pg_renew(struct study *base, double seconds, char *error)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.3f", seconds);
    return pg_transaction((struct pg_study *)base, "BEGIN", renew, text, error);
}

static bool release(struct pg_study *study, void *context, char *error)
{
    const struct pg_query query = {
        .sql = "DELETE FROM oneseed.claim WHERE study = $1::bigint AND worker = $2",
        .n_values = 2,
        .values = {study->id_text, study->worker},
    };
    (void)context;
    return pg_tell(study, &query, error);
}

bool pg_release(struct study *base, char *error)
{
    return pg_transaction((struct pg_study *)base, "BEGIN", release, NULL, error);
}

bool pg_release_now(struct pg_study *study, char *error)
{
    return release(study, NULL, error);
}
