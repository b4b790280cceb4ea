/* plain.h - plain data: what the readers of pickles, text and arrays make, in memory that is bounded and freed at once.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STATE_PLAIN_H
#define ONESEED_STATE_PLAIN_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint32_t */

enum {
    VALUES_MAX_NBYTES = 256 << 20, /* of all values of one file */
    VALUES_MAX_INT_WORDS = 512,    /* of 32 bits: no generator has a larger number */
    VALUES_ERROR_NBYTES = 256
};

enum value_type {
    VALUE_NONE,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_FLOAT,
    VALUE_TEXT, /* UTF-8, as far as the file's writer kept to it */
    VALUE_BYTES,
    VALUE_LIST,  /* tuples too */
    VALUE_DICT,  /* items: key, value, key, value, ... */
    VALUE_ARRAY, /* NumPy's and torch's */
    VALUE_DTYPE, /* the element of an array: `array` without content */
    VALUE_NAME,  /* module and name of a known function or class; never called, never imported */
    VALUE_OBJECT /* a known class by its name, with its arguments and its state */
};

struct value {
    enum value_type type;
    union {
        bool truth;
        double number;
        struct {
            const uint32_t *words; /* lowest first, the last one not 0 */
            size_t n;
            bool negative;
        } integer;
        struct {
            const uint8_t *bytes;
            size_t n;
        } text; /* bytes and names too: "module name" */
        struct {
            struct value **items;
            size_t n, capacity;
        } list;
        struct {
            const uint8_t *bytes;
            size_t n_items;
            uint32_t item_nbytes;
            char kind; /* NumPy's: u i f b U S O; an array of O is a list */
            bool big_endian;
            bool scalar;
        } array;
        struct {
            const struct value *name, *arguments, *state;
        } object;
    } as;
};

/* All memory of one reading, and its error: the first one stays. */
struct values {
    struct values_block *blocks;
    size_t nbytes;
    char error[VALUES_ERROR_NBYTES];
};

void values_free(struct values *values);
/* Sets the error unless there is one. NULL, for `return`. */
void *values_fail(struct values *values, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Memory that lives as long as the values; NULL, and the error is set, when there is no more. */
void *values_alloc(struct values *values, size_t nbytes);

/* All of them give NULL on an error. Bytes are not copied: they outlive the values. */
struct value *value_new(struct values *values, enum value_type type);
struct value *value_bool(struct values *values, bool truth);
struct value *value_float(struct values *values, double number);
struct value *value_bytes(struct values *values, enum value_type type, const uint8_t *bytes, size_t n);
struct value *value_u64(struct values *values, uint64_t number);
struct value *value_i64(struct values *values, int64_t number);
/* Two's complement, lowest byte first, as pickles have it. */
struct value *value_int_bytes(struct values *values, const uint8_t *bytes, size_t n);
/* Decimal digits, or hexadecimal ones behind 0x; a sign may stand before them. */
struct value *value_int_text(struct values *values, const char *text, size_t n);
struct value *value_list(struct values *values, struct value *const *items, size_t n);
bool value_append(struct values *values, struct value *list, struct value *item);

/* What a reader of states asks. False, or NULL: it is not that. */
bool value_is_text(const struct value *value, const char *text);
/* A member of a dict. */
const struct value *value_member(const struct value *dict, const char *name);
/* Items of a list; 0 for everything else. */
size_t value_n_items(const struct value *value);
/* A number from 0 to 2^(32 * n_words) - 1, lowest word first: of an int, a text of digits, or an array of one. */
bool value_words(const struct value *value, uint32_t *words_out, size_t n_words);
bool value_to_u64(const struct value *value, uint64_t max, uint64_t *number_out);
bool value_to_double(const struct value *value, double *number_out);
/* n numbers from 0 to 2^bits - 1, bits 8 or 32 or 64, of a list, of an array, of bytes (bits 8). */
bool value_to_numbers(const struct value *value, unsigned bits, uint64_t *out, size_t n);
/* How many numbers value_to_numbers could give. */
size_t value_n_numbers(const struct value *value);

/* A name from a file as it may be printed: what is not printable ASCII becomes '?', and it ends after 60 characters. */
const char *value_printable(char out[64], const uint8_t *bytes, size_t n);

#endif
