/* text.h - builds short texts in fixed memory, without stdio.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_PRELOAD_TEXT_H
#define ONESEED_PRELOAD_TEXT_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */
#include <string.h>  /* memcpy */

/* What does not fit is left out, and `cut` says so; the text always ends with a zero byte. */
struct text {
    char *bytes;
    size_t nbytes; /* of the memory */
    size_t length;
    bool cut;
};

static inline struct text text_in(char *bytes, size_t nbytes)
{
    bytes[0] = 0;
    return (struct text){bytes, nbytes, 0, false};
}

static inline void text_add_bytes(struct text *text, const char *bytes, size_t nbytes)
{
    size_t room = text->nbytes - 1 - text->length;
    if (nbytes > room) {
        nbytes = room;
        text->cut = true;
    }
    memcpy(text->bytes + text->length, bytes, nbytes);
    text->length += nbytes;
    text->bytes[text->length] = 0;
}

static inline void text_add(struct text *text, const char *string)
{
    text_add_bytes(text, string, strlen(string));
}

static inline void text_add_number(struct text *text, uint64_t number, unsigned base, size_t min_digits)
{
    char digits[64];
    size_t n = 0;
    while (number || n < min_digits || !n) {
        digits[sizeof digits - ++n] = "0123456789abcdef"[number % base];
        number /= base;
    }
    text_add_bytes(text, digits + sizeof digits - n, n);
}

static inline void text_add_decimal(struct text *text, uint64_t number)
{
    text_add_number(text, number, 10, 1);
}

#endif
