/* vectors.h - reads the files of tests/vectors: one case per line, fields between spaces, lists of hexadecimal numbers.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_TESTS_VECTORS_H
#define ONESEED_TESTS_VECTORS_H

#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>  /* fopen, fgets */
#include <stdlib.h> /* strtoull */
#include <string.h> /* strtok_r */

#include <cmocka.h> /* assert_non_null */

enum { VECTOR_FIELDS_MAX = 16, VECTOR_LINE_MAX = 65536 };

struct vector_case {
    char *fields[VECTOR_FIELDS_MAX];
    int n_fields;
    int line;
    char text[VECTOR_LINE_MAX];
};

static inline FILE *vectors_open(const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, TESTS_FOLDER "/vectors/%s", name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    return file;
}

/* The next case; 0 at the end of the file. */
static inline int vectors_next(FILE *file, struct vector_case *out)
{
    char *rest;
    while (fgets(out->text, sizeof out->text, file)) {
        out->line++;
        assert_non_null(strchr(out->text, '\n')); /* the line is whole */
        if (out->text[0] == '#' || out->text[0] == '\n')
            continue;
        out->n_fields = 0;
        for (char *field = strtok_r(out->text, " \n", &rest); field; field = strtok_r(NULL, " \n", &rest)) {
            assert_true(out->n_fields < VECTOR_FIELDS_MAX);
            out->fields[out->n_fields++] = field;
        }
        return 1;
    }
    return 0;
}

/* `hex,hex,…`, or `-` for none; gives how many. */
static inline size_t vectors_words(const char *field, uint64_t *out, size_t n_max)
{
    size_t n = 0;
    if (strcmp(field, "-") == 0)
        return 0;
    for (;;) {
        char *end;
        assert_true(n < n_max);
        out[n++] = strtoull(field, &end, 16);
        assert_true(end != field && (*end == ',' || *end == '\0'));
        if (*end == '\0')
            return n;
        field = end + 1;
    }
}

static inline size_t vectors_words_u32(const char *field, uint32_t *out, size_t n_max)
{
    uint64_t words[1024];
    size_t n = vectors_words(field, words, n_max < 1024 ? n_max : 1024);
    for (size_t k = 0; k < n; k++)
        out[k] = (uint32_t)words[k];
    return n;
}

#endif
