/* keep.c - keeps a working directory's files as they are, to put them back before a later run.
 * SPDX-License-Identifier: MIT */
#include "check/keep.h" /* struct keep */

#include <dirent.h>    /* opendir */
#include <errno.h>     /* errno */
#include <fcntl.h>     /* open */
#include <stdint.h>    /* uint64_t */
#include <stdio.h>     /* snprintf */
#include <stdlib.h>    /* free, qsort, bsearch */
#include <string.h>    /* strcmp */
#include <sys/ioctl.h> /* ioctl */
#include <sys/stat.h>  /* lstat, futimens */
#include <unistd.h>    /* read, write, unlink */

#if defined(__linux__)
#include <linux/fs.h> /* FICLONE */
#endif

#include "common/array.h" /* ARRAY_PUSH, text_format */

enum { MAX_FILES = 4096, MAX_DEPTH = 24 };
static const uint64_t max_bytes = 64u << 20;

struct kept_file {
    char *path;  /* absolute */
    size_t copy; /* number of the copy in the store */
};

struct keep {
    char *directory, *store;
    struct kept_file *files; /* sorted by path once made */
    size_t n_files;
    char **folders; /* that were there, sorted once made */
    size_t n_folders;
    uint64_t bytes;
    bool complete;
};

static bool skipped(const char *name)
{
    static const char *const names[] = {".",    "..",          ".git",          "__pycache__",  ".venv",
                                        "venv", ".mypy_cache", ".pytest_cache", "node_modules", ".hg"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Copies content, mode and times; shares blocks where the file system can. */
static bool copy_file(const char *from, const char *to)
{
    char buffer[65536];
    struct stat status;
    bool ok = false;
    int out = -1, in = open(from, O_RDONLY | O_CLOEXEC);

    if (in < 0 || fstat(in, &status) != 0 || !S_ISREG(status.st_mode))
        goto out;
    out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (status.st_mode & 0777) | S_IWUSR);
    if (out < 0)
        goto out;
#if defined(FICLONE)
    if (ioctl(out, FICLONE, in) == 0) {
        ok = true;
    } else
#endif
    {
        ssize_t got;
        while ((got = read(in, buffer, sizeof buffer)) > 0)
            if (write(out, buffer, (size_t)got) != got)
                goto out;
        ok = got == 0;
    }
    if (ok && fchmod(out, status.st_mode & 07777) == 0) {
        struct timespec times[2] = {status.st_atim, status.st_mtim};
        futimens(out, times);
    }
out:
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return ok;
}

static void keep_folder(struct keep *keep, const char *folder, int depth)
{
    DIR *listing = depth < MAX_DEPTH ? opendir(folder) : NULL;
    struct dirent *entry;

    if (!listing) {
        keep->complete = false;
        return;
    }
    while (keep->complete && (entry = readdir(listing))) {
        struct stat status;
        if (skipped(entry->d_name))
            continue;
        char *path = text_format("%s/%s", folder, entry->d_name);
        if (lstat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode)) {
                ARRAY_PUSH(keep->folders, keep->n_folders, text_copy(path));
                keep_folder(keep, path, depth + 1);
            } else if (S_ISREG(status.st_mode)) {
                size_t number = keep->n_files; /* the macro may count before it reads the item */
                char *copy = text_format("%s/%zu", keep->store, number);
                keep->bytes += (uint64_t)status.st_size;
                if (keep->n_files == MAX_FILES || keep->bytes > max_bytes || !copy_file(path, copy))
                    keep->complete = false;
                else
                    ARRAY_PUSH(keep->files, keep->n_files, (struct kept_file){text_copy(path), number});
                free(copy);
            }
        }
        free(path);
    }
    closedir(listing);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct kept_file *)a)->path, ((const struct kept_file *)b)->path);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct keep *keep_make(const char *directory, const char *store)
{
    struct keep *keep = calloc(1, sizeof *keep);

    if (!keep)
        return NULL;
    keep->directory = text_copy(directory);
    keep->store = text_copy(store);
    keep->complete = mkdir(store, 0700) == 0 || errno == EEXIST;
    if (keep->complete)
        keep_folder(keep, directory, 0);
    if (keep->n_files)
        qsort(keep->files, keep->n_files, sizeof *keep->files, by_path);
    if (keep->n_folders)
        qsort(keep->folders, keep->n_folders, sizeof *keep->folders, by_text);
    return keep;
}

bool keep_complete(const struct keep *keep)
{
    return keep && keep->complete;
}

void keep_free(struct keep *keep)
{
    if (!keep)
        return;
    for (size_t i = 0; i < keep->n_files; i++)
        free(keep->files[i].path);
    free(keep->files);
    for (size_t i = 0; i < keep->n_folders; i++)
        free(keep->folders[i]);
    free(keep->folders);
    free(keep->directory);
    free(keep->store);
    free(keep);
}

static bool inside(const struct keep *keep, const char *path)
{
    size_t length = strlen(keep->directory);
    return strncmp(path, keep->directory, length) == 0 && path[length] == '/';
}

/* Folders that a run made go when nothing is left in them: a later run may want to make them. */
static void remove_new_folders(const struct keep *keep, const char *folder, int depth)
{
    DIR *listing = depth < MAX_DEPTH ? opendir(folder) : NULL;
    struct dirent *entry;

    while (listing && (entry = readdir(listing))) {
        struct stat status;
        char *path = skipped(entry->d_name) ? NULL : text_format("%s/%s", folder, entry->d_name);
        if (path && lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
            remove_new_folders(keep, path, depth + 1);
            if (!keep->n_folders || !bsearch(&path, keep->folders, keep->n_folders, sizeof path, by_text))
                rmdir(path);
        }
        free(path);
    }
    if (listing)
        closedir(listing);
}

size_t keep_put_back(const struct keep *keep, char *const *paths, size_t n_paths)
{
    size_t n_failed = 0;

    for (size_t i = 0; i < n_paths; i++) {
        struct kept_file key = {.path = paths[i]};
        struct kept_file *file = keep->n_files ? bsearch(&key, keep->files, keep->n_files, sizeof key, by_path) : NULL;
        struct stat status;

        if (!inside(keep, paths[i]) ||
            strstr(paths[i], "/__pycache__/")) /* bytecode is no result; made anew it only moves memory */
            continue;
        if (file) {
            char *copy = text_format("%s/%zu", keep->store, file->copy);
            n_failed += !copy_file(copy, paths[i]);
            free(copy);
        } else if (!keep->complete) {
            n_failed++; /* it may have been there: never remove what was not kept */
        } else if (lstat(paths[i], &status) == 0 && S_ISREG(status.st_mode)) {
            n_failed += unlink(paths[i]) != 0;
        }
    }
    if (keep->complete)
        remove_new_folders(keep, keep->directory, 0);
    return n_failed;
}
