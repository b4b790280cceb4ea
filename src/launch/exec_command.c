/* exec_command.c - becomes a command, past the exec hooks of a preload that is in this process itself.
 * SPDX-License-Identifier: MIT
 *
 * The rules are those of glibc's posix/execvpe.c: which errors let the search in PATH go on, and that a file that the kernel
 * does not know how to execute is given to the shell. */
#include <errno.h>       /* errno */
#include <limits.h>      /* PATH_MAX */
#include <stdbool.h>     /* bool */
#include <stdio.h>       /* snprintf */
#include <stdlib.h>      /* getenv, malloc */
#include <string.h>      /* strchr */
#include <sys/syscall.h> /* SYS_execve */
#include <unistd.h>      /* syscall */

#include "launch/exec_command.h"

static void execute(const char *path, char *const *argv, char *const *environment)
{
    syscall(SYS_execve, path, argv, environment);
    if (errno != ENOEXEC)
        return;
    size_t n = 0;
    while (argv[n] != NULL)
        n++;
    const char **shell = malloc((n + 2) * sizeof *shell);
    if (shell == NULL)
        return;
    shell[0] = "/bin/sh";
    shell[1] = path;
    for (size_t i = 1; i <= n; i++)
        shell[i + 1] = argv[i];
    syscall(SYS_execve, shell[0], shell, environment);
    free(shell);
}

static bool search_goes_on(int error)
{
    return error == ENOENT || error == ENOTDIR || error == EACCES || error == ESTALE || error == ENODEV ||
           error == ETIMEDOUT;
}

void exec_command(char *const *argv, char *const *environment)
{
    const char *name = argv[0];
    if (name[0] == '\0') {
        errno = ENOENT;
        return;
    }
    if (strchr(name, '/') != NULL) {
        execute(name, argv, environment);
        return;
    }
    const char *path = getenv("PATH");
    if (path == NULL)
        path = "/bin:/usr/bin";
    bool denied = false;
    for (const char *entry = path;; entry++) {
        size_t n_entry = strcspn(entry, ":");
        char candidate[PATH_MAX];
        int n = snprintf(candidate, sizeof candidate, "%.*s%s%s", (int)n_entry, entry, n_entry > 0 ? "/" : "", name);
        errno = ENOENT;
        /* An empty entry is the working directory: the name alone is relative to it. */
        if (n > 0 && (size_t)n < sizeof candidate)
            execute(candidate, argv, environment);
        if (!search_goes_on(errno))
            return;
        denied |= errno == EACCES;
        entry += n_entry;
        if (*entry == '\0')
            break;
    }
    if (denied)
        errno = EACCES; /* found, but not to be executed: that is the better answer */
}
