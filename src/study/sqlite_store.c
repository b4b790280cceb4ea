/* sqlite_store.c - makes and opens SQLite files of studies, and looks at what they hold before anybody trusts it.
 * SPDX-License-Identifier: MIT
 *
 * docs/scan.md, The study file, has the schema. A new file is made under another name and gets its own when it is
 * whole, so that there is no study without its plan. */
#include <errno.h>    /* errno */
#include <fcntl.h>    /* open */
#include <stdio.h>    /* rename */
#include <stdlib.h>   /* realpath, free */
#include <string.h>   /* strrchr, strerror */
#include <sys/stat.h> /* stat */
#include <unistd.h>   /* access, read, unlink */

#include "common/utf8.h"  /* utf8_clean */
#include "common/array.h" /* text_format */
#include "study/sqlite_store.h"

enum {
    MOST_WAIT_MS = 30000, /* for another program that holds the file: a backup, a prompt */
    PAGE_NBYTES = 8192,
    MOST_TEXT_NBYTES = 1 << 28
};

static const char schema[] =
    "CREATE TABLE study(key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE metric(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, how TEXT NOT NULL);"
    "CREATE TABLE run(id INTEGER PRIMARY KEY, seed INTEGER NOT NULL, sources TEXT NOT NULL, repeat INTEGER NOT NULL,"
    " attempt INTEGER NOT NULL, status TEXT NOT NULL, exit INTEGER NOT NULL, started REAL NOT NULL,"
    " seconds REAL NOT NULL, peak_kib INTEGER NOT NULL, output TEXT NOT NULL, states TEXT NOT NULL,"
    " host TEXT NOT NULL, UNIQUE(seed, sources, repeat, attempt));"
    "CREATE TABLE tail(run INTEGER PRIMARY KEY REFERENCES run(id), text TEXT NOT NULL);"
    "CREATE TABLE step(run INTEGER NOT NULL REFERENCES run(id), metric INTEGER NOT NULL REFERENCES metric(id),"
    " n INTEGER NOT NULL, step INTEGER NOT NULL, value NOT NULL, PRIMARY KEY(run, metric, n)) WITHOUT ROWID;";

/* Each column that we use must be there. */
static const char *const probes[] = {
    "SELECT key, value FROM study",
    "SELECT id, name, how FROM metric",
    ("SELECT id, seed, sources, repeat, attempt, status, exit, started, seconds, peak_kib, output, states, host"
     " FROM run"),
    "SELECT run, text FROM tail",
    "SELECT run, metric, n, step, value FROM step",
};

bool sqlite_refuse(sqlite3 *db, const char *where, char *error)
{
    const char *why = sqlite3_errmsg(db);
    int system = sqlite3_system_errno(db);
    switch (sqlite3_errcode(db)) {
    case SQLITE_FULL:
        return study_refuse(error, "%s: nothing was stored: the disk is full; free some space and try again", where);
    case SQLITE_READONLY:
        return study_refuse(error, "%s: cannot be written: %s; copy it to a place that can", where, why);
    case SQLITE_IOERR:
        return study_refuse(error, "%s: reading or writing failed: %s%s%s; what was stored before is kept: try again",
                            where, why, system ? ": " : "", system ? strerror(system) : "");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return study_refuse(error, "%s: another program holds it (%s); end that one and try again", where, why);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return study_refuse(error,
                            "%s: the study is damaged: %s; use a copy, or save what is left with "
                            "`sqlite3 FILE .recover`",
                            where, why);
    case SQLITE_CANTOPEN:
        return study_refuse(error, "%s: cannot be opened: %s%s%s", where, why, system ? ": " : "",
                            system ? strerror(system) : "");
    case SQLITE_NOMEM:
        return study_refuse(error, "%s: not enough memory", where);
    default:
        return study_refuse(error, "%s: %s", where, why);
    }
}

bool sqlite_execute(struct sqlite_study *study, const char *sql, char *error)
{
    return sqlite3_exec(study->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           sqlite_refuse(study->db, study->base.where, error);
}

bool sqlite_prepare(sqlite3 *db, const char *sql, const char *where, sqlite3_stmt **statement_out, char *error)
{
    return sqlite3_prepare_v2(db, sql, -1, statement_out, NULL) == SQLITE_OK || sqlite_refuse(db, where, error);
}

bool sqlite_begin(struct sqlite_study *study, const char *sql, char *error)
{
    return sqlite_execute(study, sql, error);
}

bool sqlite_end(struct sqlite_study *study, bool done, char *error)
{
    if (done)
        done = sqlite_execute(study, "COMMIT", error);
    if (!done && !sqlite3_get_autocommit(study->db))
        (void)sqlite3_exec(study->db, "ROLLBACK", NULL, NULL, NULL);
    return done;
}

void sqlite_forget_statements(struct sqlite_study *study)
{
    sqlite3_finalize(study->add_run);
    sqlite3_finalize(study->add_tail);
    sqlite3_finalize(study->add_step);
    study->add_run = study->add_tail = study->add_step = NULL;
}

/* file:PATH?immutable=1 with what is special there written as %xx. */
static char *immutable_name(const char *path)
{
    char *name = malloc(3 * strlen(path) + 32), *to = name;
    if (!name)
        return NULL;
    to += sprintf(to, "file:");
    for (; *path != '\0'; path++) {
        if (strchr("?#%", *path))
            to += sprintf(to, "%%%02x", (unsigned)*path);
        else
            *to++ = *path;
    }
    (void)sprintf(to, "?immutable=1");
    return name;
}

bool sqlite_connect(const char *path, enum sqlite_access access, int flags, const char *where, sqlite3 **db_out,
                    char *error)
{
    char *uri = access == ACCESS_IMMUTABLE ? immutable_name(path) : NULL;
    sqlite3 *db = NULL;
    bool done;
    flags |= SQLITE_OPEN_NOMUTEX | (uri ? SQLITE_OPEN_URI : 0);
    done = sqlite3_open_v2(uri ? uri : path, &db, flags, access == ACCESS_UNLOCKED ? "unix-none" : NULL) == SQLITE_OK;
    free(uri);
    if (!db)
        return study_refuse(error, "%s: not enough memory", where);
    if (done) {
        (void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        (void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
        (void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
        (void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, MOST_TEXT_NBYTES);
        (void)sqlite3_busy_timeout(db, MOST_WAIT_MS);
        done = sqlite3_exec(db, "PRAGMA cell_size_check = ON", NULL, NULL, NULL) == SQLITE_OK;
    }
    if (done && access == ACCESS_UNLOCKED) /* the log's index in our own memory */
        done = sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL) == SQLITE_OK;
    if (!done) {
        (void)sqlite_refuse(db, where, error);
        sqlite3_close(db);
        return false;
    }
    *db_out = db;
    return true;
}

static const char *text_of(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_TEXT ? (const char *)sqlite3_column_text(row, column) : NULL;
}

static bool load_texts(struct sqlite_study *study, char *error)
{
    const char *where = study->base.where;
    sqlite3_stmt *row;
    int code;
    if (!sqlite_prepare(study->db, "SELECT key, value FROM study ORDER BY key", where, &row, error))
        return false;
    while ((code = sqlite3_step(row)) == SQLITE_ROW) {
        const char *key = text_of(row, 0), *value = text_of(row, 1);
        if (!key || !value) {
            sqlite3_finalize(row);
            return study_refuse(error, "%s: the study is damaged: table study has a value that is no text", where);
        }
        study_keep_text(&study->base, key, value);
    }
    sqlite3_finalize(row);
    return code == SQLITE_DONE || sqlite_refuse(study->db, where, error);
}

bool sqlite_load_metrics(struct sqlite_study *study, char *error)
{
    const char *where = study->base.where;
    sqlite3_stmt *row;
    int code;
    size_t n_before = study->base.n_metrics;
    if (!sqlite_prepare(study->db, "SELECT id, name, how FROM metric WHERE id < 0 OR id >= ? ORDER BY id", where, &row,
                        error))
        return false;
    (void)sqlite3_bind_int64(row, 1, (sqlite3_int64)n_before);
    while ((code = sqlite3_step(row)) == SQLITE_ROW) {
        const char *name = text_of(row, 1), *how = text_of(row, 2);
        if (sqlite3_column_int64(row, 0) != (sqlite3_int64)study->base.n_metrics || !name || !how) {
            sqlite3_finalize(row);
            return study_refuse(error, "%s: the study is damaged: its metrics are not numbered 0, 1, 2 …", where);
        }
        study_keep_metric(&study->base, name, how);
    }
    sqlite3_finalize(row);
    if (code != SQLITE_DONE)
        return sqlite_refuse(study->db, where, error);
    for (size_t m = n_before; m < study->base.n_metrics; m++) {
        char probe[64];
        (void)snprintf(probe, sizeof probe, "SELECT m%zu FROM run", m);
        if (sqlite3_prepare_v2(study->db, probe, -1, &row, NULL) != SQLITE_OK)
            return study_refuse(error, "%s: the study is damaged: table run has no column m%zu", where, m);
        sqlite3_finalize(row);
    }
    return true;
}

/* Is it a study, of a format that we know, with the columns that we use? */
static bool look(struct sqlite_study *study, char *error)
{
    const char *where = study->base.where, *format = NULL;
    sqlite3_stmt *row;
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        if (sqlite3_prepare_v2(study->db, probes[i], -1, &row, NULL) == SQLITE_OK) {
            sqlite3_finalize(row);
        } else if (sqlite3_errcode(study->db) != SQLITE_ERROR) {
            return sqlite_refuse(study->db, where, error);
        } else if (i == 0) {
            return study_refuse(error, "%s: is no study: an SQLite file of something else", where);
        } else {
            break; /* after the format: a newer one may have other columns */
        }
        if (i == 0 && !load_texts(study, error))
            return false;
    }
    format = study_text(&study->base, "format");
    if (!format)
        return study_refuse(error, "%s: is no study: an SQLite file of something else", where);
    if (strcmp(format, STUDY_FORMAT) != 0)
        return study_refuse(error,
                            "%s: its format is '%.60s', this oneseed knows " STUDY_FORMAT "; use a newer oneseed",
                            where, format);
    for (size_t i = 1; i < sizeof probes / sizeof *probes; i++) {
        if (sqlite3_prepare_v2(study->db, probes[i], -1, &row, NULL) != SQLITE_OK)
            return study_refuse(error, "%s: the study is damaged: %s", where, sqlite3_errmsg(study->db));
        sqlite3_finalize(row);
    }
    return sqlite_load_metrics(study, error);
}

static void close_study(struct study *base)
{
    struct sqlite_study *study = (struct sqlite_study *)base;
    sqlite_forget_statements(study);
    sqlite3_close(study->db);
    study_lock_release(&study->lock);
    for (size_t i = 0; i < study->n_view_names; i++)
        free(study->view_names[i]);
    free(study->view_names);
    free(study->path);
    free(study);
}

static void forked(struct study *base)
{
    study_lock_forked(&((struct sqlite_study *)base)->lock);
}

/* One writer: nobody takes its claims. */
static bool keep_claims(struct study *study, double seconds, char *error)
{
    (void)study;
    (void)seconds;
    (void)error;
    return true;
}

static bool release_claims(struct study *study, char *error)
{
    return keep_claims(study, 0, error);
}

static size_t none_left_out(const struct study *study)
{
    (void)study;
    return 0;
}

static const struct study_backend backend = {
    .close = close_study,
    .forked = forked,
    .set_text = sqlite_set_text,
    .add_metric = sqlite_add_metric,
    .set_how = sqlite_set_how,
    .add = sqlite_add,
    .fill = sqlite_fill,
    .read = sqlite_read,
    .read_steps = sqlite_read_steps,
    .read_tail = sqlite_read_tail,
    .claim = sqlite_claim,
    .renew = keep_claims,
    .release = release_claims,
    .n_left_out = none_left_out,
};

static struct sqlite_study *new_study(const char *where, char *path, bool is_writer)
{
    struct sqlite_study *study = calloc(1, sizeof *study);
    if (!study)
        abort();
    study->base = (struct study){.backend = &backend, .where = text_copy(where), .is_writer = is_writer};
    study->path = path;
    study->lock.fd = -1;
    return study;
}

/* The name without links; of a file that is not there yet its folder's. */
static char *absolute(const char *where, char *error)
{
    char *path = realpath(where, NULL), *folder, *slash, *real;
    if (path || errno != ENOENT || where[0] == '\0') {
        if (!path)
            (void)study_refuse(error, "%s: cannot be opened: %s", where, where[0] ? strerror(errno) : "it has no name");
        return path;
    }
    folder = text_copy(where);
    slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    real = realpath(!slash ? "." : folder[0] == '\0' ? "/" : folder, NULL);
    if (!real)
        (void)study_refuse(error, "%s: its folder cannot be used: %s", where, strerror(errno));
    else
        path = text_format("%s/%s", real, slash ? strrchr(where, '/') + 1 : where);
    free(real);
    free(folder);
    return path;
}

static bool exists(const char *path, const char *suffix)
{
    char *name = text_format("%s%s", path, suffix);
    struct stat status;
    bool is_there = lstat(name, &status) == 0;
    free(name);
    return is_there;
}

/* Before SQLite sees it: it takes an empty file for an empty database. */
static bool is_database(const char *path, const char *where, char *error)
{
    static const char magic[16] = "SQLite format 3";
    char head[sizeof magic];
    struct stat status;
    ssize_t n;
    int fd;
    if (stat(path, &status) != 0 && errno == ENOENT)
        return study_refuse(error, "%s: there is no such study", where);
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return study_refuse(error, "%s: is no study: not a file", where);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return study_refuse(error, "%s: cannot be opened: %s", where, strerror(errno));
    n = read(fd, head, sizeof head);
    close(fd);
    if (n != (ssize_t)sizeof head || memcmp(head, magic, sizeof magic) != 0)
        return study_refuse(error, "%s: is no study: %s", where, n == 0 ? "it is empty" : "not an SQLite file");
    return true;
}

/* Connects and looks whether it can be read that way. */
static int try_access(struct sqlite_study *study, enum sqlite_access access, char *error)
{
    study->access = access;
    sqlite3_close(study->db);
    study->db = NULL;
    if (!sqlite_connect(study->path, access, access == ACCESS_SHARED ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY,
                        study->base.where, &study->db, error))
        return -1;
    return sqlite3_exec(study->db, "PRAGMA query_only = ON; SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL);
}

/* Who must not write the file leaves nothing beside it either: an index of the log that belongs to somebody else would
 * keep the file's owner from writing. */
static bool reads(struct sqlite_study *study, char *error)
{
    bool has_log = exists(study->path, "-wal"), has_index = exists(study->path, "-shm");
    enum sqlite_access alone = has_log ? ACCESS_UNLOCKED : ACCESS_IMMUTABLE;
    bool is_ours = access(study->path, W_OK) == 0;
    int code = try_access(study, is_ours || (has_log && has_index) ? ACCESS_SHARED : alone, error);
    if ((code == SQLITE_CANTOPEN || code == SQLITE_READONLY) && study->access == ACCESS_SHARED)
        code = try_access(study, alone, error); /* a folder that cannot be written */
    return code == SQLITE_OK || (code > 0 && sqlite_refuse(study->db, study->base.where, error));
}

static int keep_answer(void *answer, int n, char **values, char **names)
{
    (void)names;
    (void)snprintf(answer, 16, "%s", n > 0 && values[0] ? values[0] : "");
    return 0;
}

static bool writes(struct sqlite_study *study, char *error)
{
    const char *where = study->base.where;
    char mode[16] = "";
    if (!sqlite_connect(study->path, ACCESS_SHARED, SQLITE_OPEN_READWRITE, where, &study->db, error))
        return false;
    if (sqlite3_db_readonly(study->db, "main") == 1)
        return study_refuse(error, "%s: cannot be written: the file is read-only; copy it to a place that can", where);
    if (sqlite3_exec(study->db, "PRAGMA journal_mode = WAL", keep_answer, mode, NULL) != SQLITE_OK)
        return sqlite_refuse(study->db, where, error);
    if (strcmp(mode, "wal") != 0)
        return study_refuse(
            error, "%s: its file system cannot share memory, which SQLite's log needs; put it on a local disk", where);
    return sqlite_execute(study, "PRAGMA synchronous = NORMAL", error);
}

struct study *study_sqlite_open(const char *where, bool as_writer, char *error)
{
    char *path = absolute(where, error);
    struct sqlite_study *study;
    if (!path)
        return NULL;
    study = new_study(where, path, as_writer);
    if (!is_database(path, where, error) || (as_writer && !study_lock_take(&study->lock, path, where, error)) ||
        !(as_writer ? writes(study, error) : reads(study, error)) || !look(study, error)) {
        study_close(&study->base);
        return NULL;
    }
    return &study->base;
}

/* Fills the file under its first name; its connection is closed then. */
static bool make(const char *path, const char *where, const char *const *plan, char *error)
{
    struct sqlite_study *study = new_study(where, text_copy(path), true);
    char *pragma = text_format("PRAGMA page_size = %d; PRAGMA journal_mode = WAL", PAGE_NBYTES);
    bool done = sqlite_connect(path, ACCESS_SHARED, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW,
                               where, &study->db, error) &&
                sqlite_execute(study, pragma, error) && sqlite_begin(study, "BEGIN IMMEDIATE", error);
    free(pragma);
    if (done) {
        done = sqlite_execute(study, schema, error) && sqlite_make_view(study, error);
        done = done && sqlite_put_text(study, "format", STUDY_FORMAT, error);
        for (size_t i = 0; done && plan && plan[i]; i += 2) {
            char *clean = utf8_clean(plan[i + 1]);
            done = sqlite_put_text(study, plan[i], clean, error);
            free(clean);
        }
        done = sqlite_end(study, done, error);
    }
    if (done) /* into the file itself, on the disk */
        done = sqlite_execute(study, "PRAGMA wal_checkpoint(TRUNCATE)", error);
    study_close(&study->base);
    return done;
}

struct study *study_sqlite_create(const char *where, const char *const *plan, char *error)
{
    static const char *const leavings[] = {"-wal", "-shm", "-journal"};
    char *path = absolute(where, error), *first = NULL, *beside;
    struct study_lock lock = {.fd = -1};
    bool done = false;
    if (!path || !study_lock_take(&lock, path, where, error)) {
        free(path);
        return NULL;
    }
    first = text_format("%s-new", path);
    if (exists(path, "")) {
        (void)study_refuse(error, "%s: is there already; go on with it (--resume), or give another name", where);
        goto out;
    }
    for (size_t i = 0; i < sizeof leavings / sizeof *leavings; i++) {
        if (exists(path, leavings[i])) { /* SQLite would mix it into the new file */
            (void)study_refuse(error, "%s: %s%s is left of another study; remove it, or give another name", where,
                               where, leavings[i]);
            goto out;
        }
    }
    (void)unlink(first); /* of a scan that was killed while it made one */
    for (size_t i = 0; i < sizeof leavings / sizeof *leavings; i++) {
        beside = text_format("%s%s", first, leavings[i]);
        (void)unlink(beside);
        free(beside);
    }
    done = make(first, where, plan, error);
    if (done && rename(first, path) != 0)
        done = study_refuse(error, "%s: cannot be made: %s", where, strerror(errno));
    if (!done)
        (void)unlink(first);
out:
    study_lock_release(&lock);
    free(first);
    free(path);
    return done ? study_sqlite_open(where, true, error) : NULL;
}
