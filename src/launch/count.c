/* count.c - about how many events a trace that is being written holds.
 * SPDX-License-Identifier: MIT */
#include <dirent.h>   /* opendir */
#include <fcntl.h>    /* AT_SYMLINK_NOFOLLOW */
#include <stddef.h>   /* NULL */
#include <sys/stat.h> /* fstatat */

#include "launch/count.h"

/* Space of one event on average: a record with a site, a name and two digests, and its share of the interned texts. */
enum { EVENT_NBYTES = 64 };

uint64_t trace_folder_events(const char *folder)
{
    uint64_t nbytes = 0;
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        struct stat status;
        if (fstatat(dirfd(entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode))
            nbytes += (uint64_t)status.st_blocks * 512u; /* reserved space is not counted before it is written to */
    }
    closedir(entries);
    return nbytes / EVENT_NBYTES;
}
