/* notes.c - what could not be controlled or recorded, one line each, for the end of the run.
 * SPDX-License-Identifier: MIT */
#include <fcntl.h>  /* O_APPEND */
#include <string.h> /* strlen */
#include <unistd.h> /* write */

#include "common/digest.h"        /* digest64 */
#include "launch/preload/frame.h" /* preload_config */
#include "launch/preload/text.h"  /* struct text */

PRELOAD_REAL(open);
PRELOAD_REAL(write);
PRELOAD_REAL(close);

enum { REMEMBERED = 64 };

/* Texts that this process has written; the tool leaves out what several processes say. */
static _Atomic uint64_t written[REMEMBERED];

static bool is_new(const char *text)
{
    uint64_t hash = digest_id(text, strlen(text));
    return atomic_exchange(&written[hash % REMEMBERED], hash) != hash;
}

void preload_note(const char *text)
{
    const char *session = preload_config("session");
    if (!session || !is_new(text))
        return;
    int saved = errno;
    char bytes[PATH_MAX];
    struct text path = text_in(bytes, sizeof bytes);
    text_add(&path, session);
    text_add(&path, "/notes");
    int fd = REAL(open)(bytes, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0) {
        struct text line = text_in(bytes, sizeof bytes);
        text_add(&line, text);
        for (size_t i = 0; i < line.length; i++)
            if (bytes[i] == '\n')
                bytes[i] = ' ';
        line.length -= line.length == sizeof bytes - 1; /* room for the end */
        text_add(&line, "\n");
        ssize_t n = REAL(write)(fd, bytes, line.length); /* one write: lines of several processes do not mix */
        (void)n;                                         /* a full disk: there is nobody to tell */
        REAL(close)(fd);
    }
    errno = saved;
}
