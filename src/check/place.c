/* place.c - from the site text of a trace to a line of the user's code.
 * SPDX-License-Identifier: MIT */
#include "check/place.h" /* struct check_place */

#include <errno.h>    /* errno */
#include <fcntl.h>    /* O_WRONLY */
#include <spawn.h>    /* posix_spawnp */
#include <stdio.h>    /* fdopen, getline */
#include <stdlib.h>   /* strtoul */
#include <string.h>   /* strchr, strrchr */
#include <sys/wait.h> /* waitpid */
#include <unistd.h>   /* pipe */

#include "common/array.h" /* text_copy, text_format */

extern char **environ;

static char *source_line(const char *file, unsigned line)
{
    FILE *source = line ? fopen(file, "r") : NULL;
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length = -1;

    if (!source)
        return NULL;
    for (unsigned i = 0; i < line && (length = getline(&text, &capacity, source)) >= 0; i++)
        ;
    fclose(source);
    if (length < 0) {
        free(text);
        return NULL;
    }
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r' || text[length - 1] == ' '))
        text[--length] = '\0';
    size_t indent = strspn(text, " \t");
    memmove(text, text + indent, (size_t)length - indent + 1);
    return text;
}

/* Splits "file:line:function" from its end: a file name may hold colons. */
static bool split_frame(char *frame, struct check_place *place)
{
    char *function = strrchr(frame, ':');
    char *line;

    if (!function)
        return false;
    *function = '\0';
    line = strrchr(frame, ':');
    if (!line)
        return false;
    *line = '\0';
    place->line = (unsigned)strtoul(line + 1, NULL, 10);
    place->file = text_copy(frame);
    place->function = function[1] ? text_copy(function + 1) : NULL;
    return true;
}

/* Takes "file:line" apart; false for what the debug information does not know. */
static bool split_where(char *where, struct check_place *place)
{
    char *extra = strstr(where, " (discriminator"), *colon;

    if (extra)
        *extra = '\0';
    colon = strrchr(where, ':');
    if (!colon || strncmp(where, "??", 2) == 0)
        return false;
    *colon = '\0';
    free(place->file);
    place->file = text_copy(where);
    place->line = (unsigned)strtoul(colon + 1, NULL, 10);
    return true;
}

static bool in_system_header(const char *file)
{
    return strncmp(file, "/usr/include/", 13) == 0 || strncmp(file, "/usr/lib/", 9) == 0;
}

/* Two lines of addr2line per frame, the innermost inlined one first: function, file:line. The first frame that is not in
 * a header of the system is the user's. */
static bool resolve_native(const char *module, const char *offset, struct check_place *place)
{
    char *command[] = {"addr2line", "-i", "-f", "-C", "-e", (char *)module, (char *)offset, NULL};
    posix_spawn_file_actions_t actions;
    int pipes[2], status;
    pid_t pid;
    char *function = NULL, *where = NULL;
    size_t function_size = 0, where_size = 0;
    bool found = false;

    if (pipe(pipes) != 0)
        return false;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
    posix_spawn_file_actions_addclose(&actions, pipes[0]);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    int failed = posix_spawnp(&pid, command[0], &actions, NULL, command, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipes[1]);
    if (failed) {
        close(pipes[0]);
        return false;
    }
    FILE *answer = fdopen(pipes[0], "r");
    while (answer && getline(&function, &function_size, answer) > 0 && getline(&where, &where_size, answer) > 0) {
        function[strcspn(function, "\n")] = '\0';
        where[strcspn(where, "\n")] = '\0';
        if ((found && !in_system_header(place->file)) || !split_where(where, place))
            continue;
        found = true;
        free(place->function);
        place->function = strcmp(function, "??") == 0 ? NULL : text_copy(function);
    }
    if (answer)
        fclose(answer);
    free(function);
    free(where);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return found;
}

bool place_is_users(const char *site)
{
    static char here[4096];
    const char *offset;

    if (!site || !*site || *site == '|')
        return false;
    /* `python -c "from joblib ... import main"`: how a worker is started, and what it imports, is nobody's line. */
    if (strncmp(site, "<string>:", 9) == 0 &&
        (strstr(site, "-packages/") || strstr(site, "/multiprocessing/") || strstr(site, "|<frozen importlib")))
        return false;
    offset = strstr(site, "+0x");
    if (!offset || strchr(offset, ':'))
        return true;
    if (!here[0] && !getcwd(here, sizeof here))
        return false;
    const char *library = strstr(site, ".so");
    return !library || library > offset || strncmp(site, here, strlen(here)) == 0;
}

bool place_find(const char *site, struct check_place *place_out)
{
    char *text, *library, *offset;
    bool found;

    *place_out = (struct check_place){0};
    if (!place_is_users(site))
        return false;
    text = text_copy(site);
    library = strchr(text, '|');
    if (library)
        *library++ = '\0';
    offset = strstr(text, "+0x");
    if (offset && strchr(offset, ':') == NULL) {
        *offset++ = '\0';
        found = resolve_native(text, offset, place_out);
        if (!found) {
            place_out->file = text_copy(text);
            found = true;
        }
    } else {
        found = split_frame(text, place_out);
    }
    if (found) {
        place_out->through = library && *library ? text_copy(library) : NULL;
        place_out->source = source_line(place_out->file, place_out->line);
    }
    free(text);
    return found;
}

void place_clear(struct check_place *place)
{
    free(place->file);
    free(place->function);
    free(place->through);
    free(place->source);
    *place = (struct check_place){0};
}

struct check_place place_copy(const struct check_place *place)
{
    return (struct check_place){text_copy(place->file), place->line, text_copy(place->function),
                                text_copy(place->through), text_copy(place->source)};
}

bool place_same(const struct check_place *a, const struct check_place *b)
{
    return a->file && b->file && a->line == b->line && strcmp(a->file, b->file) == 0;
}
