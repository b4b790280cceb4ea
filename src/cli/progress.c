/* progress.c - one line on a terminal's stderr that shows what goes on, and disappears before the answer.
 * SPDX-License-Identifier: MIT */
#include <stdarg.h>    /* va_list */
#include <stdio.h>     /* vsnprintf */
#include <stdlib.h>    /* getenv */
#include <string.h>    /* strcmp */
#include <sys/ioctl.h> /* TIOCGWINSZ */
#include <unistd.h>    /* write, isatty */

#include "cli/progress.h"

static const char erase_line[] = "\r\033[K";

static void write_all(const char *text, size_t text_nbytes)
{
    while (text_nbytes > 0) {
        ssize_t written = write(STDERR_FILENO, text, text_nbytes);
        if (written <= 0)
            return; /* only decoration is lost */
        text += written;
        text_nbytes -= (size_t)written;
    }
}

void progress_init(struct progress *progress, bool wanted)
{
    const char *terminal = getenv("TERM");
    progress->shown = false;
    progress->enabled = wanted && terminal != NULL && strcmp(terminal, "dumb") != 0 && isatty(STDERR_FILENO) == 1;
}

/* Number of bytes of text that fill at most n_columns; a UTF-8 sequence counts as one column and is never cut. */
static size_t fitting(const char *text, size_t n_columns)
{
    size_t n = 0, columns = 0;
    while (text[n] != '\0') {
        if (((unsigned char)text[n] & 0xc0) != 0x80 && ++columns > n_columns)
            break;
        n++;
    }
    return n;
}

void progress_show(struct progress *progress, const char *format, ...)
{
    if (!progress->enabled)
        return;
    char text[512], line[sizeof text + sizeof erase_line];
    va_list arguments;
    va_start(arguments, format);
    int n_text = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (n_text < 0)
        return;
    struct winsize size;
    size_t n_columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 79u;
    size_t n = fitting(text, n_columns);
    memcpy(line, erase_line, sizeof erase_line - 1);
    memcpy(line + sizeof erase_line - 1, text, n);
    write_all(line, sizeof erase_line - 1 + n);
    progress->shown = true;
}

void progress_erase(struct progress *progress)
{
    if (!progress->shown)
        return;
    write_all(erase_line, sizeof erase_line - 1);
    progress->shown = false;
}
