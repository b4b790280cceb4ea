/* postgres_store.h - a study in a PostgreSQL database: what the files of this store share.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STUDY_POSTGRES_STORE_H
#define ONESEED_STUDY_POSTGRES_STORE_H

#include <stdio.h> /* FILE */

#include "study/backend.h" /* struct study */
#include "study/libpq.h"   /* PGconn */

enum { PG_TOKEN_NBYTES = 33 };

struct pg_study {
    struct study base;
    const struct libpq *pq;
    char *address; /* with what is secret in it */
    char *name;
    PGconn *connection;           /* NULL: to be made */
    char id_text[24];             /* the study's number in the database */
    char worker[PG_TOKEN_NBYTES]; /* whose claims are ours */
    bool has_claims;
    size_t n_left_out;
    bool is_away;   /* the last connection failed because no server answered, or one that is not ready */
    bool may_retry; /* the last failure was of the connection, or of two transactions that met */
};

/* For how long a server that went away is asked again; a test makes it shorter. */
extern double postgres_patience_seconds;

enum { PG_MOST_PARAMETERS = 16 };
struct pg_query {
    const char *sql;
    int n_values;
    const char *values[PG_MOST_PARAMETERS];
};

/* The address for libpq and the study's name: what is behind `#`, or "study". Both are freed by the caller. */
void pg_split(const char *address, char **address_out, char **name_out);
/* Frees an address, and overwrites it before: it may hold a password. */
void pg_wipe(char *address);
/* With little patience, and none with a server that answers but refuses. */
bool pg_connect_first(struct pg_study *study, char *error);
/* Rows in binary form, or NULL with a line. The caller clears. */
PGresult *pg_ask(struct pg_study *study, const struct pg_query *query, char *error);
bool pg_tell(struct pg_study *study, const struct pg_query *query, char *error);
/* Runs `work` in a transaction; again, with a new connection, when the server went away. `work` may run several
 * times: it must begin anew each time. */
typedef bool pg_work_fn(struct pg_study *study, void *context, char *error);
bool pg_transaction(struct pg_study *study, const char *begin, pg_work_fn *work, void *context, char *error);

long long pg_integer(const struct pg_study *study, const PGresult *rows, int row, int column);
double pg_double(const struct pg_study *study, const PGresult *rows, int row, int column);
double pg_double_at(const char *from);
/* An array of one dimension; false: it is none, or longer than `most`. */
bool pg_read_array(const char *from, int nbytes, double *values_out, size_t most, size_t *n_out);
bool pg_load_metrics(struct pg_study *study, char *error);

/* Elements of an array parameter {…}: text quoted, numbers as PostgreSQL reads them. */
void pg_put_text(FILE *to, const char *text);
void pg_put_double(FILE *to, double value);
void pg_random_token(char token[PG_TOKEN_NBYTES]);

bool pg_fill(struct study *study, unsigned metric, const struct study_run *runs, size_t n_runs, char *error);
bool pg_add(struct study *study, const struct study_run *runs, size_t n_runs, char *error);
bool pg_read(struct study *study, bool with_values, struct study_rows *rows, char *error);
bool pg_read_steps(struct study *study, const struct study_key *key, unsigned metric, struct study_step **steps_out,
                   size_t *n_steps_out, char *error);
bool pg_read_tail(struct study *study, const struct study_key *key, char **tail_out, char *error);
bool pg_claim(struct study *study, const struct study_try *tries, size_t n_tries, size_t n_wanted, double seconds,
              unsigned char *states_out, char *error);
bool pg_renew(struct study *study, double seconds, char *error);
bool pg_release(struct study *study, char *error);
/* Without patience, at the end. */
bool pg_release_now(struct pg_study *study, char *error);

#endif
