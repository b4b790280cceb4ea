/* count_events.c - how many events a trace that is being written holds.
 * SPDX-License-Identifier: MIT */
#include <dirent.h>  /* opendir */
#include <fcntl.h>   /* openat */
#include <stdbool.h> /* bool */
#include <stddef.h>  /* NULL */
#include <stdlib.h>  /* malloc */
#include <string.h>  /* strcmp, memset */
#include <unistd.h>  /* pread */

#include "common/bits.h" /* load*_le */
#include "launch/count_events.h"
#include "trace/format.h" /* ENTRY_*, TRACE_BLOCK_NBYTES */

struct buffers {
    uint8_t directory[TRACE_BLOCK_NBYTES];
    uint8_t block[TRACE_BLOCK_NBYTES];
};

/* Reads one block; what lies behind the end of the file is zero. False at the end. */
static bool read_block(int fd, uint64_t number, uint8_t *block)
{
    ssize_t n = pread(fd, block, TRACE_BLOCK_NBYTES, (off_t)(number * TRACE_BLOCK_NBYTES));
    if (n <= 0)
        return false;
    memset(block + n, 0, TRACE_BLOCK_NBYTES - (size_t)n);
    return true;
}

/* Records up to the first one that is not complete: its first word is stored last. */
static uint64_t count_records(const uint8_t *block)
{
    uint64_t n = 0;
    for (size_t at = 0; at + 8 <= TRACE_BLOCK_NBYTES; n++) {
        size_t length = (size_t)(load32_le(block + at) >> 24) * 8;
        if (length == 0)
            break;
        at += length;
    }
    return n;
}

static uint64_t count_file(int fd, struct buffers *buffers)
{
    uint64_t n = 0;
    for (uint64_t chunk = 0; read_block(fd, chunk * TRACE_CHUNK, buffers->directory); chunk++) {
        for (uint64_t i = 1; i < TRACE_CHUNK; i++) {
            const uint8_t *entry = buffers->directory + i * TRACE_ENTRY_NBYTES;
            uint32_t state = load32_le(entry + ENTRY_STATE);
            if (load64_le(entry + ENTRY_LANE) == 0)
                continue; /* free, or a block of texts */
            if (state == BLOCK_SEALED)
                n += load16_le(entry + ENTRY_N_RECORDS);
            else if (state == BLOCK_OPEN && read_block(fd, chunk * TRACE_CHUNK + i, buffers->block))
                n += count_records(buffers->block);
        }
    }
    return n;
}

uint64_t trace_folder_events(const char *folder)
{
    uint64_t n = 0;
    DIR *entries = opendir(folder);
    struct buffers *buffers = malloc(sizeof *buffers);
    if (entries != NULL && buffers != NULL) {
        for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
            size_t n_name = strlen(entry->d_name), n_suffix = sizeof TRACE_SUFFIX - 1;
            if (n_name < n_suffix || strcmp(entry->d_name + n_name - n_suffix, TRACE_SUFFIX) != 0)
                continue;
            int fd = openat(dirfd(entries), entry->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
            if (fd < 0)
                continue;
            n += count_file(fd, buffers);
            close(fd);
        }
    }
    free(buffers);
    if (entries != NULL)
        closedir(entries);
    return n;
}
