/* utf8.h - text of programs, which may hold any byte, as valid UTF-8 (RFC 3629): what JSON, stores and other tools can read back.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_COMMON_UTF8_H
#define ONESEED_COMMON_UTF8_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdio.h>   /* fputs */
#include <stdlib.h>  /* malloc, abort */
#include <string.h>  /* memcpy, strlen */

/* Bytes of the character at `text`; 0 = it is none. No overlong forms, no surrogates, nothing after U+10FFFF. */
static inline size_t utf8_character(const unsigned char *text)
{
    unsigned char first = text[0], least = 0x80, most = 0xbf;
    size_t n = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (n < 2)
        return n;
    if (first == 0xe0)
        least = 0xa0;
    else if (first == 0xed)
        most = 0x9f;
    else if (first == 0xf0)
        least = 0x90;
    else if (first == 0xf4)
        most = 0x8f;
    if (text[1] < least || text[1] > most)
        return 0;
    for (size_t i = 2; i < n; i++) {
        if (text[i] < 0x80 || text[i] > 0xbf)
            return 0;
    }
    return n;
}

static inline bool utf8_is_valid(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at != 0) {
        size_t n = utf8_character(at);
        if (n == 0)
            return false;
        at += n;
    }
    return true;
}

/* What is no character becomes U+FFFD. The caller frees it; running out of memory ends the tool. */
static inline char *utf8_clean(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    char *clean = calloc(3 * strlen(text) + 1, 1), *to = clean; /* U+FFFD has three bytes */
    if (!clean) {
        fputs("oneseed: out of memory\n", stderr);
        abort();
    }
    while (*at != 0) {
        size_t n = utf8_character(at);
        if (n == 0) {
            memcpy(to, "\xef\xbf\xbd", 3);
            to += 3;
            at++;
        } else {
            memcpy(to, at, n);
            to += n;
            at += n;
        }
    }
    *to = '\0';
    return clean;
}

#endif
