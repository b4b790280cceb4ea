/* array.h - growing arrays and formatted text for the tool. Running out of memory ends the tool: it holds little.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_COMMON_ARRAY_H
#define ONESEED_COMMON_ARRAY_H

#include <stdarg.h> /* va_list */
#include <stddef.h> /* size_t */
#include <stdio.h>  /* vsnprintf, fputs */
#include <stdlib.h> /* realloc, abort */
#include <string.h> /* memcpy */

static inline void *array_grow(void *items, size_t n_items, size_t item_nbytes)
{
    if (n_items & (n_items - 1)) /* capacity is the next power of two */
        return items;
    size_t capacity = n_items ? 2 * n_items : 1;
    void *grown = capacity > (size_t)-1 / item_nbytes ? NULL : realloc(items, capacity * item_nbytes);
    if (!grown) {
        fputs("oneseed: out of memory\n", stderr);
        abort();
    }
    return grown;
}

/* Appends one item (an expression) to `items`, which holds n_items. */
#define ARRAY_PUSH(items, n_items, ...)                                                                                \
    do {                                                                                                               \
        (items) = array_grow((items), (n_items), sizeof *(items));                                                     \
        (items)[(n_items)++] = __VA_ARGS__;                                                                            \
    } while (0)

static inline char *text_copy(const char *text)
{
    char *copy = text ? strdup(text) : NULL;
    if (text && !copy) {
        fputs("oneseed: out of memory\n", stderr);
        abort();
    }
    return copy;
}

__attribute__((format(printf, 1, 2))) static inline char *text_format(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = malloc((size_t)length + 1);
    if (!text) {
        fputs("oneseed: out of memory\n", stderr);
        abort();
    }
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

#endif
