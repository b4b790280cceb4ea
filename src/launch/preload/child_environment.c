/* child_environment.c - our variables: out of the program's environment, into that of every program it starts.
 * SPDX-License-Identifier: MIT
 *
 * Built in memory that belongs to the thread: exec may be called in a vfork() child, which shares our memory and never
 * comes back to free it, so the next use takes the same memory again. */
#include <string.h>   /* strncmp */
#include <sys/mman.h> /* mmap */
#include <unistd.h>   /* environ */

#include "launch/preload/frame.h" /* struct place */
#include "launch/preload/text.h"  /* struct text */

enum { MAX_SETTINGS = 48 };

static const char config_name[] = "ONESEED_CONFIG=";
static const char lane_name[] = "ONESEED_LANE=";
static const char kept_path_name[] = "ONESEED_PYTHONPATH=";
static const char path_name[] = "PYTHONPATH=";
static const char preload_name[] = "LD_PRELOAD=";

static bool is_named(const char *entry, const char *name)
{
    return !strncmp(entry, name, strlen(name));
}

/* Is our library the file of that list entry? By name: it may be given relative, and other copies of us are us, too. */
static bool is_library(const char *entry, size_t nbytes)
{
    static const char name[] = "liboneseed_preload.so";
    size_t length = sizeof name - 1;
    return nbytes >= length && !memcmp(entry + nbytes - length, name, length) &&
           (nbytes == length || entry[nbytes - length - 1] == '/');
}

/* Our entry in the value of LD_PRELOAD, with its length; NULL when we are not in it. */
static char *find_library(char *list, size_t *nbytes_out)
{
    while (*list) {
        size_t length = strcspn(list, ": ");
        if (is_library(list, length)) {
            *nbytes_out = length;
            return list;
        }
        list += length + (list[length] != 0);
    }
    return NULL;
}

/* Takes us out of the value of LD_PRELOAD, in place. False when it was only there for us. */
static bool remove_library(char *list)
{
    size_t nbytes;
    char *entry = find_library(list, &nbytes);
    if (!entry)
        return true;
    if (entry == list && !entry[nbytes])
        return false;
    if (entry[nbytes])
        memmove(entry, entry + nbytes + 1, strlen(entry + nbytes + 1) + 1);
    else
        entry[-1] = 0;
    return true;
}

/* A PYTHONPATH without our folder in front; NULL when it had nothing else. */
static const char *own_python_path(const char *value)
{
    size_t length = strlen(preload_process.recorder_folder);
    if (strncmp(value, preload_process.recorder_folder, length) != 0 || (value[length] && value[length] != ':'))
        return value;
    return value[length] ? value + length + 1 : NULL;
}

static size_t count(char *const environment[], size_t *nbytes_out)
{
    size_t n = 0;
    for (; environment && environment[n]; n++)
        if (is_named(environment[n], path_name) || is_named(environment[n], preload_name))
            *nbytes_out += strlen(environment[n]);
    return n;
}

static char *settings_text;
static const char *settings[MAX_SETTINGS + 1]; /* "NAME=VALUE", in settings_text */

static void find_settings(struct preload_thread *self)
{
    (void)self;
    const char *text = preload_config("settings");
    settings_text = text ? strdup(text) : NULL; /* in the constructor: the program's threads are still to come */
    char *lines = settings_text;
    for (size_t n = 0; lines && *lines && n < MAX_SETTINGS; n++) {
        size_t length = strcspn(lines, "\n");
        bool last = !lines[length];
        lines[length] = 0;
        settings[n] = lines;
        lines += length + !last;
    }
}
PRELOAD_AT(PRELOAD_INIT, find_settings);

/* Has the environment a variable of the setting's name? */
static bool has_name(char *const environment[], size_t n, const char *setting)
{
    size_t length = strcspn(setting, "=") + 1;
    for (size_t i = 0; i < n; i++)
        if (!strncmp(environment[i], setting, length))
            return true;
    return false;
}

static void *take_arena(struct preload_thread *self, size_t nbytes)
{
    struct thread_more *more = lanes_more(self);
    pid_t pid = raw_getpid();
    if (!more || more->arena_user == pid)
        return NULL; /* in use: an exec in a signal handler that interrupts an exec */
    if (more->arena_nbytes < nbytes) {
        nbytes = (nbytes + 16383) / 16384 * 16384;
        void *arena = mmap(NULL, nbytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (arena == MAP_FAILED)
            return NULL;
        if (more->arena)
            munmap(more->arena, more->arena_nbytes);
        more->arena = arena;
        more->arena_nbytes = nbytes;
    }
    more->arena_user = pid;
    return more->arena;
}

void child_environment_free(struct preload_thread *self)
{
    struct thread_more *more = lanes_more(self);
    if (more)
        more->arena_user = 0;
}

/* Begins a new entry behind the last one. */
static struct text next_entry(const struct text *last)
{
    size_t used = last->length + 1;
    return text_in(last->bytes + used, last->nbytes - used);
}

char **child_environment_make(struct preload_thread *self, char *const environment[], const struct place *child,
                              enum place_pid kind, pid_t pid)
{
    enum { OURS = 5 };
    size_t nbytes = strlen(config_text()) + LANE_TEXT_NBYTES + strlen(preload_process.library) +
                    2 * strlen(preload_process.recorder_folder) + 256;
    size_t n = count(environment, &nbytes);
    size_t array_nbytes = (n + OURS + MAX_SETTINGS + 1) * sizeof(char *);
    char *memory = take_arena(self, array_nbytes + 2 * nbytes);
    if (!memory)
        return NULL;
    const char *own_path = NULL;
    const char *own_libraries = NULL;
    for (size_t i = n; i-- > 0;) {
        if (is_named(environment[i], path_name))
            own_path = own_python_path(environment[i] + sizeof path_name - 1);
        else if (is_named(environment[i], preload_name))
            own_libraries = environment[i] + sizeof preload_name - 1;
    }

    struct text config = text_in(memory + array_nbytes, 2 * nbytes);
    text_add(&config, config_name);
    text_add(&config, config_text());
    struct text lane = next_entry(&config);
    text_add(&lane, lane_name);
    const struct process *process = &preload_process;
    uint32_t n_children = child ? 0 : atomic_load(&process->family->n_children);
    lane.length += place_write(child ? child : &process->place, kind, pid, n_children, child ? 0 : process->images + 1,
                               lane.bytes + lane.length, lane.nbytes - lane.length);
    struct text library = next_entry(&lane);
    text_add(&library, preload_name);
    text_add(&library, process->library);
    if (own_libraries) { /* as the program wrote it, even when that is nothing */
        char *own = library.bytes + library.length + 1;
        text_add(&library, ":");
        text_add(&library, own_libraries);
        if (!remove_library(own))
            own[-1] = 0;
        library.length = strlen(library.bytes);
    }
    struct text path = next_entry(&library);
    text_add(&path, path_name);
    text_add(&path, process->recorder_folder);
    if (own_path && *own_path) {
        text_add(&path, ":");
        text_add(&path, own_path);
    }
    struct text kept = next_entry(&path);
    text_add(&kept, kept_path_name);
    text_add(&kept, own_path ? own_path : "");

    /* The program's order stays: what stands for its own variables stands in their place. */
    char **out = (char **)(void *)memory;
    size_t at = 0;
    bool path_placed = !process->recorder_folder[0];
    bool library_placed = false;
    for (size_t i = 0; i < n; i++) {
        char *entry = environment[i];
        if (is_named(entry, config_name) || is_named(entry, lane_name) || is_named(entry, kept_path_name))
            continue;
        if (is_named(entry, path_name) && process->recorder_folder[0]) {
            if (!path_placed)
                out[at++] = path.bytes;
            path_placed = true;
        } else if (is_named(entry, preload_name)) {
            if (!library_placed)
                out[at++] = library.bytes;
            library_placed = true;
        } else {
            out[at++] = entry;
        }
    }
    for (const char **setting = settings; *setting; setting++)
        if (!has_name(environment, n, *setting))
            memcpy(&out[at++], setting, sizeof *setting); /* takes the const away: exec does not write to it */
    if (!path_placed)
        out[at++] = path.bytes;
    if (!library_placed)
        out[at++] = library.bytes;
    out[at++] = config.bytes;
    out[at++] = lane.bytes;
    if (own_path && process->recorder_folder[0])
        out[at++] = kept.bytes;
    out[at] = NULL;
    return out;
}

void child_environment_restore(void)
{
    char **out = environ;
    char *own_path = NULL;
    for (char **entry = environ; *entry; entry++)
        if (is_named(*entry, kept_path_name))
            own_path = *entry + sizeof kept_path_name - sizeof path_name; /* ends with "PYTHONPATH=…" itself */
    for (char **entry = environ; *entry; entry++) {
        if (is_named(*entry, config_name) || is_named(*entry, lane_name) || is_named(*entry, kept_path_name))
            continue;
        if (is_named(*entry, preload_name) && !remove_library(*entry + sizeof preload_name - 1))
            continue;
        if (is_named(*entry, path_name) && !preload_process.has_interpreter &&
            own_python_path(*entry + sizeof path_name - 1) != *entry + sizeof path_name - 1) {
            if (own_path)
                *out++ = own_path;
            continue;
        }
        *out++ = *entry;
    }
    *out = NULL;
    if (own_path)
        config_set("user_pythonpath", own_path + sizeof path_name - 1);
}
