/* paths.c - what a path is: made absolute, told apart from the system's and the libraries' own.
 * SPDX-License-Identifier: MIT */
#include "launch/preload/sources.h" /* path_absolute */

#include <fcntl.h>    /* AT_FDCWD */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* getenv */
#include <string.h>   /* strlen, strstr, memmove */
#include <sys/stat.h> /* statx */
#include <unistd.h>   /* getcwd, readlink */

#include "launch/preload/frame.h" /* preload_process.recorder_folder */

/* Folders whose content is the system's. /usr/src and /usr/local/src hold users' programs in containers. */
static const char *const system_folders[] = {
    "/usr/lib/",   "/usr/lib64/",   "/usr/lib32/",     "/usr/libexec/",   "/usr/bin/",        "/usr/sbin/",
    "/usr/share/", "/usr/include/", "/usr/local/bin/", "/usr/local/lib/", "/usr/local/sbin/", "/lib/",
    "/lib64/",     "/bin/",         "/sbin/",          "/etc/",           "/proc/",           "/sys/",
    "/dev/",       "/run/",         "/var/lib/",
};
/* Parts that only paths of interpreters and installed libraries have. */
static const char *const library_parts[] = {"/lib/python", "/lib64/python", "/site-packages/", "/dist-packages/",
                                            "/__pycache__/"};
static const char *const library_names[] = {"pyvenv.cfg", "pybuilddir.txt"};

/* Our own folders, and when this run began. */
static char own_folders[3][PATH_NBYTES];
static char temporary_folder[PATH_NBYTES];
static struct statx_timestamp run_start;
static bool has_run_start;

static bool later(const struct statx_timestamp *a, const struct statx_timestamp *b)
{
    return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

static void copy_folder(char out[PATH_NBYTES], const char *folder)
{
    size_t n = folder ? strlen(folder) : 0;

    if (n == 0 || n > PATH_NBYTES - 2 || folder[0] != '/')
        return;
    memcpy(out, folder, n);
    memcpy(out + n, "/", 2);
}

static void learn_folders(struct preload_thread *self)
{
    (void)self;
    struct statx status;
    const char *trace = preload_config("trace");

    copy_folder(own_folders[0], preload_config("session"));
    copy_folder(own_folders[1], trace);
    copy_folder(own_folders[2], preload_process.recorder_folder);
    copy_folder(temporary_folder, getenv("TMPDIR"));
    if (trace && statx(AT_FDCWD, trace, 0, STATX_BTIME, &status) == 0 && (status.stx_mask & STATX_BTIME)) {
        run_start = status.stx_btime;
        has_run_start = true;
    }
}
PRELOAD_AT(PRELOAD_INIT, learn_folders);

/* Removes `.`, `..` and empty parts in place; the path begins with a slash. */
static void normalise(char *path)
{
    char *out = path;

    for (const char *part = path; *part;) {
        while (*part == '/')
            part++;
        size_t n = strcspn(part, "/");
        if (n == 2 && part[0] == '.' && part[1] == '.') {
            while (out > path && *--out != '/') {
            }
        } else if (n > 0 && !(n == 1 && part[0] == '.')) {
            *out++ = '/';
            memmove(out, part, n);
            out += n;
        }
        part += n;
    }
    if (out == path)
        *out++ = '/';
    *out = '\0';
}

bool path_of_descriptor(int descriptor, char out[PATH_NBYTES])
{
    char link[40];

    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t n = readlink(link, out, PATH_NBYTES - 1);
    if (n <= 0 || out[0] != '/')
        return false;
    out[n] = '\0';
    return true;
}

bool path_absolute(int folder_descriptor, const char *path, char out[PATH_NBYTES])
{
    size_t n = 0, n_path = strlen(path);

    if (path[0] != '/') {
        if (folder_descriptor == AT_FDCWD ? getcwd(out, PATH_NBYTES) == NULL
                                          : !path_of_descriptor(folder_descriptor, out))
            return false;
        n = strlen(out);
        out[n++] = '/';
    }
    if (n_path >= PATH_NBYTES - n)
        return false;
    memcpy(out + n, path, n_path + 1);
    normalise(out);
    return true;
}

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Is it the folder (with its slash at the end), or in it? */
static bool is_within(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 || (strncmp(path, folder, n - 1) == 0 && path[n - 1] == '\0');
}

static bool has_part(const char *path, const char *part)
{
    size_t n = strlen(path), n_part = strlen(part);
    return strstr(path, part) || (n >= n_part && strncmp(path + n - n_part + 1, part, n_part - 1) == 0);
}

/* The session folder is ours, except for the copy of the working directory that a run of `check --fresh-dir` works in. */
static bool is_own(const char *path)
{
    for (size_t i = 0; i < sizeof own_folders / sizeof *own_folders; i++)
        if (own_folders[i][0] && is_within(path, own_folders[i]))
            return !(i == 0 && begins(path, own_folders[0]) && begins(path + strlen(own_folders[0]), "fresh/"));
    return false;
}

bool path_is_library(const char *path)
{
    for (size_t i = 0; i < sizeof system_folders / sizeof *system_folders; i++)
        if (is_within(path, system_folders[i]))
            return true;
    if (is_own(path))
        return true;
    for (size_t i = 0; i < sizeof library_parts / sizeof *library_parts; i++)
        if (has_part(path, library_parts[i]))
            return true;
    const char *name = strrchr(path, '/');
    for (size_t i = 0; name && i < sizeof library_names / sizeof *library_names; i++)
        if (strcmp(name + 1, library_names[i]) == 0)
            return true;
    return false;
}

static bool ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), n_end = strlen(end);
    return n > n_end && strcmp(path + n - n_end, end) == 0;
}

bool path_is_binary(const char *path)
{
    return ends_in(path, ".pyc") || ends_in(path, ".so");
}

bool path_is_code(const char *path)
{
    return path_is_binary(path) || ends_in(path, ".py") || ends_in(path, ".pth") || ends_in(path, ".egg-link");
}

/* Length of the temporary folder in front of `path`, its slash included; 0 when there is none. */
static size_t temporary_nbytes(const char *path)
{
    const char *const folders[] = {temporary_folder, "/tmp/", "/var/tmp/", "/dev/shm/"};

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (folders[i][0] && begins(path, folders[i]))
            return strlen(folders[i]);
    return 0;
}

uint64_t path_name(const char *absolute)
{
    size_t n = temporary_nbytes(absolute);
    size_t n_part = n ? strcspn(absolute + n, "/") : 0;
    char text[PATH_NBYTES];
    struct statx status;

    if (has_run_start && n_part > 0 && n + n_part < PATH_NBYTES) {
        memcpy(text, absolute, n + n_part);
        text[n + n_part] = '\0';
        if (statx(AT_FDCWD, text, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &status) == 0 && (status.stx_mask & STATX_BTIME) &&
            later(&status.stx_btime, &run_start)) {
            text[n] = '*';
            return preload_intern(text, n + 1);
        }
    }
    return preload_intern(absolute, strlen(absolute));
}
