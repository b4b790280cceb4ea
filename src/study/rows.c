/* rows.c - attempts in columns: room for them, their order, and the last one of each planned run.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h> /* malloc, qsort_r */
#include <string.h> /* memcpy, strcmp */

#include "study/backend.h" /* struct study_rows */

static const uint64_t missing = 0x7ff86f6e65736564; /* a quiet NaN, "onesed" */

double study_missing(void)
{
    double value;
    memcpy(&value, &missing, sizeof value);
    return value;
}

bool study_is_missing(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits == missing;
}

void study_table_clear(struct study_table *table)
{
    for (size_t i = 0; table->sources && i < table->n; i++)
        free(table->sources[i]);
    for (size_t m = 0; table->values && table->values[m]; m++)
        free(table->values[m]);
    free(table->seeds);
    free(table->sources);
    free(table->repeats);
    free(table->attempts);
    free(table->statuses);
    free(table->seconds);
    free(table->peak_kib);
    free(table->outputs);
    free(table->states);
    free(table->values);
    memset(table, 0, sizeof *table);
}

void study_rows_clear(struct study_rows *rows)
{
    free(rows->attempts);
    rows->attempts = NULL;
    study_table_clear(&rows->table);
}

/* Grows an array to `capacity` items. */
static bool grow(void **items, size_t capacity, size_t item_nbytes)
{
    void *grown = capacity > (size_t)-1 / item_nbytes ? NULL : realloc(*items, (capacity ? capacity : 1) * item_nbytes);
    if (grown)
        *items = grown;
    return grown != NULL;
}
#define GROW(items, capacity) grow((void **)&(items), (capacity), sizeof *(items))

bool study_rows_reserve(struct study_rows *rows, size_t capacity, bool with_values, const char *where, char *error)
{
    struct study_table *table = &rows->table;
    bool grown = GROW(table->seeds, capacity) && GROW(table->repeats, capacity) && GROW(table->statuses, capacity) &&
                 GROW(rows->attempts, capacity);
    if (grown && with_values)
        grown = GROW(table->seconds, capacity) && GROW(table->peak_kib, capacity);
    if (grown && rows->with_digests)
        grown = GROW(table->outputs, capacity) && GROW(table->states, capacity);
    if (grown && with_values && !table->values) {
        table->values = calloc(rows->n_metrics + 1, sizeof *table->values); /* NULL ends them */
        grown = table->values != NULL;
    }
    for (size_t m = 0; grown && with_values && m < rows->n_metrics; m++)
        grown = GROW(table->values[m], capacity);
    if (grown && !table->sources) { /* untouched pages of zeroes cost nothing */
        table->sources = calloc(capacity ? capacity : 1, sizeof *table->sources);
        grown = table->sources != NULL;
    } else if (grown) {
        grown = GROW(table->sources, capacity);
        for (size_t i = rows->capacity; grown && i < capacity; i++)
            table->sources[i] = NULL;
    }
    if (!grown)
        return study_refuse(error, "%s: not enough memory for %zu runs", where, capacity);
    rows->capacity = capacity;
    return true;
}

static int compare(const struct study_rows *rows, size_t a, size_t b)
{
    const struct study_table *table = &rows->table;
    int order;
    if (table->seeds[a] != table->seeds[b])
        return table->seeds[a] < table->seeds[b] ? -1 : 1;
    order = table->sources ? strcmp(table->sources[a], table->sources[b]) : 0;
    if (order != 0)
        return order;
    if (table->repeats[a] != table->repeats[b])
        return table->repeats[a] < table->repeats[b] ? -1 : 1;
    return 0;
}

static int compare_attempts(const void *a, const void *b, void *context)
{
    const struct study_rows *rows = context;
    size_t one = *(const size_t *)a, other = *(const size_t *)b;
    int order = compare(rows, one, other);
    unsigned first = rows->attempts[one], second = rows->attempts[other];
    return order != 0 ? order : (first > second) - (first < second);
}

/* Runs end nearly in the order in which they were started: then each has a few places to go. False: too many. */
static bool insert_in_order(const struct study_rows *rows, size_t *order, size_t n)
{
    size_t n_moves = 0;
    for (size_t i = 1; i < n; i++) {
        size_t one = order[i], k = i;
        for (; k > 0 && compare_attempts(&order[k - 1], &one, (void *)rows) > 0; k--, n_moves++)
            order[k] = order[k - 1];
        order[k] = one;
        if (n_moves > 8 * n)
            return false; /* what there is so far is an order of the same rows */
    }
    return true;
}

static bool is_ordered(const struct study_rows *rows)
{
    for (size_t i = 1; i < rows->table.n; i++) {
        if (compare(rows, i - 1, i) >= 0)
            return false;
    }
    return true;
}

/* A column of 8-byte items goes into the one before it, so that only one needs new memory. */
struct gathering {
    const size_t *order;
    size_t n, n_rows;
    void *spare; /* n_rows items of 8 bytes */
};

/* items[k] = items[order[k]] for the first n. */
static bool gather(void **items, size_t item_nbytes, struct gathering *all)
{
    const char *from = *items;
    char *to = item_nbytes == 8 ? all->spare : NULL;
    if (!from)
        return true;
    if (!to)
        to = malloc(all->n_rows * item_nbytes);
    if (!to)
        return false;
    switch (item_nbytes) { /* moves of a known size are quick */
    case 1:
        for (size_t k = 0; k < all->n; k++)
            to[k] = from[all->order[k]];
        break;
    case 4:
        for (size_t k = 0; k < all->n; k++)
            memcpy(to + 4 * k, from + 4 * all->order[k], 4);
        break;
    case 8:
        for (size_t k = 0; k < all->n; k++)
            memcpy(to + 8 * k, from + 8 * all->order[k], 8);
        break;
    default:
        for (size_t k = 0; k < all->n; k++)
            memcpy(to + item_nbytes * k, from + item_nbytes * all->order[k], item_nbytes);
    }
    if (item_nbytes == 8)
        all->spare = *items;
    else
        free(*items);
    *items = to;
    return true;
}
#define GATHER(items) gather((void **)&(items), sizeof *(items), &all)

static bool gather_all(struct study_rows *rows, const size_t *order, size_t n)
{
    struct study_table *table = &rows->table;
    struct gathering all = {.order = order, .n = n, .n_rows = table->n};
    bool done = true;
    for (size_t m = 0; table->values && m < rows->n_metrics; m++)
        done = done && GATHER(table->values[m]);
    done = done && GATHER(table->seeds) && GATHER(table->repeats) && GATHER(table->statuses) &&
           GATHER(rows->attempts) && GATHER(table->seconds) && GATHER(table->peak_kib) && GATHER(table->outputs) &&
           GATHER(table->states) && GATHER(table->sources);
    free(all.spare);
    return done;
}

/* Readers leave NULL for "": either all are "" and nothing is kept, or each has its own text. */
static bool settle_sources(struct study_table *table)
{
    bool any = false;
    for (size_t i = 0; i < table->n && !any; i++)
        any = table->sources[i] != NULL;
    if (!any) {
        free(table->sources);
        table->sources = NULL;
    }
    for (size_t i = 0; any && i < table->n; i++) {
        if (!table->sources[i] && !(table->sources[i] = calloc(1, 1)))
            return false;
    }
    return true;
}

bool study_rows_order(struct study_rows *rows, const char *where, char *error)
{
    struct study_table *table = &rows->table;
    const size_t n_rows = table->n;
    char key[STUDY_KEY_NBYTES];
    size_t *order, n = 0;
    bool done;
    if (!settle_sources(table))
        return study_refuse(error, "%s: not enough memory for %zu runs", where, n_rows);
    if (is_ordered(rows))
        return true;
    order = malloc(n_rows * sizeof *order);
    if (!order)
        return study_refuse(error, "%s: not enough memory for %zu runs", where, n_rows);
    for (size_t i = 0; i < n_rows; i++)
        order[i] = i;
    if (!insert_in_order(rows, order, n_rows))
        qsort_r(order, n_rows, sizeof *order, compare_attempts, rows);
    for (size_t i = 1; i < n_rows; i++) {
        if (compare_attempts(&order[i - 1], &order[i], rows) == 0) {
            struct study_key twice = {.seed = table->seeds[order[i]],
                                      .sources = table->sources ? table->sources[order[i]] : "",
                                      .repeat = table->repeats[order[i]]};
            (void)study_refuse(error, "%s: the study is damaged: %s is there twice", where,
                               study_key_text(&twice, rows->attempts[order[i]], key));
            free(order);
            return false;
        }
    }
    for (size_t i = 0; i < n_rows; i++) { /* of equal keys the last attempt comes last */
        if (i + 1 < n_rows && compare(rows, order[i], order[i + 1]) == 0) {
            if (table->sources) {
                free(table->sources[order[i]]);
                table->sources[order[i]] = NULL;
            }
        } else {
            order[n++] = order[i];
        }
    }
    done = gather_all(rows, order, n);
    free(order);
    if (!done)
        return study_refuse(error, "%s: not enough memory for %zu runs", where, n_rows);
    table->n = n;
    return true;
}
