/* message.c - what the tool says on stderr, and the careful end of stdout.
 * SPDX-License-Identifier: MIT */
#include <errno.h>     /* errno */
#include <stdarg.h>    /* va_list */
#include <stdio.h>     /* vsnprintf, stdout */
#include <stdio_ext.h> /* __fpending */
#include <string.h>    /* strerror */
#include <unistd.h>    /* write */

#include "cli/cli.h" /* message, usage_error, finish_stdout */

/* One write per line, so that lines of a child that shares our stderr do not mix with it. */
static void write_line(const char *prefix, const char *format, va_list arguments)
{
    char line[4096];
    int n_prefix = snprintf(line, sizeof line, "oneseed: %s%s", prefix, prefix[0] ? ": " : "");
    size_t n = n_prefix < 0 ? 0 : (size_t)n_prefix;
    if (n > sizeof line - 2)
        n = sizeof line - 2;
    int n_text = vsnprintf(line + n, sizeof line - 1 - n, format, arguments);
    if (n_text > 0)
        n += (size_t)n_text < sizeof line - 2 - n ? (size_t)n_text : sizeof line - 2 - n;
    line[n++] = '\n';
    for (size_t done = 0; done < n;) {
        ssize_t written = write(STDERR_FILENO, line + done, n - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        done += (size_t)written;
    }
}

void message(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line("", format, arguments);
    va_end(arguments);
}

int usage_error(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(command != NULL ? command : "", format, arguments);
    va_end(arguments);
    message("try `oneseed %s%s--help`", command != NULL ? command : "", command != NULL ? " " : "");
    return CLI_UNDECIDED;
}

int finish_stdout(int status)
{
    bool pending = __fpending(stdout) != 0;
    bool failed = ferror(stdout) != 0;
    errno = 0;
    /* A stdout that was closed from the start is no failure as long as nothing was written to it. */
    if (fclose(stdout) != 0 && (pending || errno != EBADF))
        failed = true;
    if (!failed)
        return status;
    message("stdout: %s", errno != 0 ? strerror(errno) : "a write failed");
    return CLI_UNDECIDED;
}
