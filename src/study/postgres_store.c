/* postgres_store.c - studies in a PostgreSQL database: the tables, texts and metrics.
 * SPDX-License-Identifier: MIT
 *
 * Tables are those of the file (docs/scan.md, The study file) in the schema `oneseed`, each with the number of its
 * study. Every call is a transaction that can be run again: what it inserts has a unique key, and knows who did. */
#include <stdlib.h> /* calloc, free */
#include <string.h> /* strcmp */
#include <unistd.h> /* close */

#include "common/utf8.h"  /* utf8_clean */
#include "common/array.h" /* text_copy */
#include "study/postgres_store.h"

/* Two that make them at the same time: one waits for the other. */
#define MAKE_LOCK "SELECT pg_advisory_xact_lock(7019266991)"

#define KEY "study, seed, sources, repeat, attempt"
static const char *const tables[] = {
    "CREATE SCHEMA oneseed",
    "CREATE TABLE oneseed.studies(id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text NOT NULL UNIQUE)",
    "CREATE TABLE oneseed.study(study bigint NOT NULL REFERENCES oneseed.studies ON DELETE CASCADE, key text NOT NULL,"
    " value text NOT NULL, PRIMARY KEY(study, key))",
    "CREATE TABLE oneseed.metric(study bigint NOT NULL REFERENCES oneseed.studies ON DELETE CASCADE,"
    " id integer NOT NULL, name text NOT NULL, how text NOT NULL, PRIMARY KEY(study, id), UNIQUE(study, name))",
    "CREATE TABLE oneseed.run(id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,"
    " study bigint NOT NULL REFERENCES oneseed.studies ON DELETE CASCADE, seed bigint NOT NULL, sources text NOT NULL,"
    " repeat bigint NOT NULL, attempt bigint NOT NULL, status text NOT NULL, exit integer NOT NULL,"
    " started double precision NOT NULL, seconds double precision NOT NULL, peak_kib bigint NOT NULL,"
    " output text NOT NULL, states text NOT NULL, host text NOT NULL, metrics double precision[] NOT NULL,"
    " batch text NOT NULL, UNIQUE(" KEY "))",
    "CREATE TABLE oneseed.tail(run bigint PRIMARY KEY REFERENCES oneseed.run ON DELETE CASCADE, text text NOT NULL)",
    "CREATE TABLE oneseed.step(run bigint NOT NULL REFERENCES oneseed.run ON DELETE CASCADE, metric integer NOT NULL,"
    " n bigint NOT NULL, step bigint NOT NULL, value double precision NOT NULL, PRIMARY KEY(run, metric, n))",
    "CREATE TABLE oneseed.claim(study bigint NOT NULL REFERENCES oneseed.studies ON DELETE CASCADE,"
    " seed bigint NOT NULL, sources text NOT NULL, repeat bigint NOT NULL, attempt bigint NOT NULL,"
    " worker text NOT NULL, expires timestamptz NOT NULL, PRIMARY KEY(" KEY "))",
    "CREATE INDEX ON oneseed.claim(study, worker)",
};

static bool put_text(struct pg_study *study, const char *name, const char *text, char *error)
{
    const struct pg_query query = {
        .sql = "INSERT INTO oneseed.study(study, key, value) VALUES($1::bigint, $2, $3)"
               " ON CONFLICT(study, key) DO UPDATE SET value = excluded.value",
        .n_values = 3,
        .values = {study->id_text, name, text},
    };
    return pg_tell(study, &query, error);
}

static bool load_texts(struct pg_study *study, char *error)
{
    const struct pg_query query = {
        .sql = "SELECT key, value FROM oneseed.study WHERE study = $1::bigint ORDER BY key",
        .n_values = 1,
        .values = {study->id_text},
    };
    PGresult *rows = pg_ask(study, &query, error);
    if (!rows)
        return false;
    for (int i = 0; i < study->pq->PQntuples(rows); i++)
        study_keep_text(&study->base, study->pq->PQgetvalue(rows, i, 0), study->pq->PQgetvalue(rows, i, 1));
    study->pq->PQclear(rows);
    return true;
}

bool pg_load_metrics(struct pg_study *study, char *error)
{
    char *first = text_format("%zu", study->base.n_metrics);
    const struct pg_query query = {
        .sql = "SELECT id::bigint, name, how FROM oneseed.metric WHERE study = $1::bigint AND id >= $2::integer"
               " ORDER BY id",
        .n_values = 2,
        .values = {study->id_text, first},
    };
    PGresult *rows = pg_ask(study, &query, error);
    bool done = rows != NULL;
    free(first);
    for (int i = 0; done && i < study->pq->PQntuples(rows); i++) {
        if (pg_integer(study, rows, i, 0) != (long long)study->base.n_metrics)
            done = study_refuse(error, "%s: the study is damaged: its metrics are not numbered 0, 1, 2 …",
                                study->base.where);
        else
            study_keep_metric(&study->base, study->pq->PQgetvalue(rows, i, 1), study->pq->PQgetvalue(rows, i, 2));
    }
    if (rows)
        study->pq->PQclear(rows);
    return done;
}

static bool make_tables(struct pg_study *study, char *error)
{
    bool are_there;
    PGresult *rows;
    if (!pg_tell(study, &(struct pg_query){.sql = MAKE_LOCK}, error))
        return false;
    rows = pg_ask(study, &(struct pg_query){.sql = "SELECT to_regclass('oneseed.claim') IS NULL"}, error);
    if (!rows)
        return false;
    are_there = study->pq->PQgetvalue(rows, 0, 0)[0] == 0;
    study->pq->PQclear(rows);
    for (size_t i = 0; !are_there && i < sizeof tables / sizeof *tables; i++) {
        if (!pg_tell(study, &(struct pg_query){.sql = tables[i]}, error))
            return false;
    }
    return true;
}

static void keep_id(struct pg_study *study, long long id)
{
    (void)snprintf(study->id_text, sizeof study->id_text, "%lld", id);
}

static bool make(struct pg_study *study, void *context, char *error)
{
    const char *const *plan = context;
    const struct pg_query add = {
        .sql = "INSERT INTO oneseed.studies(name) VALUES($1) ON CONFLICT DO NOTHING RETURNING id",
        .n_values = 1,
        .values = {study->name},
    };
    PGresult *rows;
    bool done;
    if (!make_tables(study, error) || !(rows = pg_ask(study, &add, error)))
        return false;
    done = study->pq->PQntuples(rows) == 1;
    if (done)
        keep_id(study, pg_integer(study, rows, 0, 0));
    else
        (void)study_refuse(error, "%s: is there already; go on with it (--resume), or give another name behind #",
                           study->base.where);
    study->pq->PQclear(rows);
    done = done && put_text(study, "format", STUDY_FORMAT, error);
    for (size_t i = 0; done && plan && plan[i]; i += 2) {
        char *clean = utf8_clean(plan[i + 1]);
        done = put_text(study, plan[i], clean, error);
        free(clean);
    }
    return done;
}

static bool look(struct pg_study *study, void *context, char *error)
{
    const struct pg_query find = {
        .sql = "SELECT id FROM oneseed.studies WHERE name = $1", .n_values = 1, .values = {study->name}};
    PGresult *rows = pg_ask(study, &(struct pg_query){.sql = "SELECT to_regclass('oneseed.claim') IS NULL"}, error);
    const char *format;
    bool done = rows != NULL;
    (void)context;
    if (done && study->pq->PQgetvalue(rows, 0, 0)[0] != 0)
        done = study_refuse(error, "%s: there is no such study: the database has none", study->base.where);
    if (rows)
        study->pq->PQclear(rows);
    if (!done || !(rows = pg_ask(study, &find, error)))
        return false;
    if (study->pq->PQntuples(rows) == 1)
        keep_id(study, pg_integer(study, rows, 0, 0));
    else
        done = study_refuse(error, "%s: there is no such study in the database", study->base.where);
    study->pq->PQclear(rows);
    if (!done || !load_texts(study, error))
        return false;
    format = study_text(&study->base, "format");
    if (!format || strcmp(format, STUDY_FORMAT) != 0)
        return study_refuse(error,
                            "%s: its format is '%.60s', this oneseed knows " STUDY_FORMAT "; use a newer oneseed",
                            study->base.where, format ? format : "");
    return pg_load_metrics(study, error);
}

struct named_text {
    const char *name, *text;
};

static bool work_text(struct pg_study *study, void *context, char *error)
{
    const struct named_text *named = context;
    return put_text(study, named->name, named->text, error);
}

static bool set_text(struct study *study, const char *name, const char *text, char *error)
{
    struct named_text named = {name, text};
    return pg_transaction((struct pg_study *)study, "BEGIN", work_text, &named, error);
}

/* Several workers may add the same one: whoever is first gives it its number. */
static bool work_metric(struct pg_study *study, void *context, char *error)
{
    const struct named_text *named = context;
    const struct pg_query lock = {
        .sql = "SELECT FROM oneseed.studies WHERE id = $1::bigint FOR NO KEY UPDATE",
        .n_values = 1,
        .values = {study->id_text},
    };
    const struct pg_query add = {
        .sql = "INSERT INTO oneseed.metric(study, id, name, how) SELECT $1::bigint,"
               " (SELECT count(*) FROM oneseed.metric WHERE study = $1::bigint), $2, $3"
               " ON CONFLICT(study, name) DO NOTHING",
        .n_values = 3,
        .values = {study->id_text, named->name, named->text},
    };
    return pg_tell(study, &lock, error) && pg_tell(study, &add, error);
}

static bool load_only(struct pg_study *study, void *context, char *error)
{
    (void)context;
    return pg_load_metrics(study, error);
}

static bool add_metric(struct study *base, const char *name, const char *how, unsigned *metric_out, char *error)
{
    struct pg_study *study = (struct pg_study *)base;
    struct named_text named = {name, how};
    if (!pg_transaction(study, "BEGIN", work_metric, &named, error) ||
        !pg_transaction(study, "BEGIN READ ONLY", load_only, NULL, error))
        return false;
    for (size_t m = 0; m < base->n_metrics; m++) {
        if (strcmp(base->metrics[m].name, name) == 0) {
            *metric_out = (unsigned)m;
            return true;
        }
    }
    return study_refuse(error, "%s: the metric '%.60s' was not added", base->where, name);
}

static bool work_how(struct pg_study *study, void *context, char *error)
{
    const struct named_text *named = context;
    const struct pg_query query = {
        .sql = "UPDATE oneseed.metric SET how = $3 WHERE study = $1::bigint AND name = $2",
        .n_values = 3,
        .values = {study->id_text, named->name, named->text},
    };
    PGresult *rows = pg_ask(study, &query, error);
    if (rows)
        study->pq->PQclear(rows);
    return rows != NULL;
}

static bool set_how(struct study *base, unsigned metric, const char *how, char *error)
{
    struct named_text named = {base->metrics[metric].name, how};
    return pg_transaction((struct pg_study *)base, "BEGIN", work_how, &named, error);
}

static void close_study(struct study *base)
{
    struct pg_study *study = (struct pg_study *)base;
    char ignored[STUDY_ERROR_NBYTES];
    if (study->connection && study->has_claims)
        (void)pg_release_now(study, ignored); /* a server that is away lets them expire */
    if (study->connection)
        study->pq->PQfinish(study->connection);
    pg_wipe(study->address);
    free(study->name);
    free(study);
}

/* The parent's connection must not be ended by us: nothing is said to the server. */
static void forked(struct study *base)
{
    struct pg_study *study = (struct pg_study *)base;
    if (study->connection)
        close(study->pq->PQsocket(study->connection));
    study->connection = NULL;
    study->has_claims = false;
}

static size_t n_left_out(const struct study *study)
{
    return ((const struct pg_study *)study)->n_left_out;
}

static const struct study_backend backend = {
    .close = close_study,
    .forked = forked,
    .set_text = set_text,
    .add_metric = add_metric,
    .set_how = set_how,
    .add = pg_add,
    .fill = pg_fill,
    .read = pg_read,
    .read_steps = pg_read_steps,
    .read_tail = pg_read_tail,
    .claim = pg_claim,
    .renew = pg_renew,
    .release = pg_release,
    .n_left_out = n_left_out,
};

static struct study *open_with(const char *address, bool as_writer, const char *begin, pg_work_fn *work, void *context,
                               char *error)
{
    const struct libpq *pq = libpq_load(error);
    struct pg_study *study;
    if (!pq)
        return NULL;
    study = calloc(1, sizeof *study);
    if (!study)
        abort();
    study->base = (struct study){.backend = &backend, .where = study_postgres_shown(address), .is_writer = as_writer};
    study->pq = pq;
    pg_split(address, &study->address, &study->name);
    pg_random_token(study->worker);
    if (!pg_connect_first(study, error) || !pg_transaction(study, begin, work, context, error)) {
        study_close(&study->base);
        return NULL;
    }
    return &study->base;
}

struct study *study_postgres_create(const char *address, const char *const *plan, char *error)
{
    struct study *study = open_with(address, true, "BEGIN", make, (void *)plan, error);
    if (study && !pg_transaction((struct pg_study *)study, "BEGIN READ ONLY", look, NULL, error)) {
        study_close(study);
        study = NULL;
    }
    return study;
}

struct study *study_postgres_open(const char *address, bool as_writer, char *error)
{
    return open_with(address, as_writer, "BEGIN READ ONLY", look, NULL, error);
}
