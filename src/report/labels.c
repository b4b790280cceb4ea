/* labels.c - short names of two studies, for the keys of a plot.
 * SPDX-License-Identifier: MIT */
#include "report/labels.h"

#include <stdlib.h> /* free */
#include <string.h> /* strlen, strcmp */

#include "common/array.h" /* text_format */
#include "common/utf8.h"  /* utf8_clean */

static size_t n_characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

size_t label_width(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) == 0x80 ? 0
             : (unsigned char)*text >= 0xe1        ? 2
                                                   : 1; /* from U+1000 on often wide */
    return n;
}

/* Where character k begins. */
static const char *character(const char *text, size_t k)
{
    for (; *text; text++)
        if (((unsigned char)*text & 0xc0) != 0x80 && k-- == 0)
            break;
    return text;
}

/* The last n parts of a path; of a study in a database its name. */
static const char *end_of(const char *path, size_t n)
{
    const char *name = strrchr(path, '#'), *at;
    path = name && strstr(path, "://") ? name + 1 : path;
    for (at = path + strlen(path); at > path; at--)
        if (at[-1] == '/' && at[0] != '\0' && --n == 0)
            break;
    return at;
}

/* From character `from` on; what is left out is an ellipsis. */
static char *shorten(const char *text, size_t from)
{
    const char *begin = character(text, from), *mark = from > 0 ? "…" : "";
    const size_t n = n_characters(begin), most = LABEL_MOST - (from > 0);
    if (n <= most)
        return text_format("%s%s", mark, begin);
    const size_t first = (most - 1) / 2;
    return text_format("%s%.*s…%s", mark, (int)(character(begin, first) - begin), begin,
                       character(begin, n - (most - 1 - first)));
}

void labels_of(const char *a, const char *b, char **label_a, char **label_b)
{
    char *clean_a = utf8_clean(a), *clean_b = utf8_clean(b);
    const char *end_a = clean_a, *end_b = clean_b;
    for (size_t n = 1; n == 1 || (strcmp(end_a, end_b) == 0 && (end_a > clean_a || end_b > clean_b) && n < 100); n++) {
        end_a = end_of(clean_a, n);
        end_b = end_of(clean_b, n);
    }
    *label_a = shorten(end_a, 0);
    *label_b = shorten(end_b, 0);
    if (strcmp(*label_a, *label_b) == 0 && strcmp(end_a, end_b) != 0) { /* from shortly before their difference on */
        size_t same = 0;
        while (end_a[same] == end_b[same])
            same++;
        while (same > 0 && ((unsigned char)end_a[same] & 0xc0) == 0x80)
            same--;
        size_t from = 0;
        for (size_t i = 0; i < same; i++)
            from += ((unsigned char)end_a[i] & 0xc0) != 0x80;
        from = from > 4 ? from - 4 : 0;
        free(*label_a);
        free(*label_b);
        *label_a = shorten(end_a, from);
        *label_b = shorten(end_b, from);
    }
    free(clean_a);
    free(clean_b);
}
