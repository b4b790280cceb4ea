/* growfile.h - a file that grows by reserved blocks and is mapped block by block, inside a program that is not ours.
 * SPDX-License-Identifier: MIT
 *
 * All calls go through syscall() and leave errno changed: callers keep it. One user at a time (the writer's lock). */
#ifndef ONESEED_TRACE_GROWFILE_H
#define ONESEED_TRACE_GROWFILE_H

#include <stddef.h>   /* size_t */
#include <stdint.h>   /* uint64_t */
#include <sys/stat.h> /* dev_t, ino_t */

struct growfile {
    int fd; /* -1: opened again by path when it is needed */
    dev_t device;
    ino_t inode;
    uint64_t reserved_nbytes; /* disk space up to here is ours: stores there cannot fault */
    char path[4096];
};

/* Creates the file at file->path, which must not exist. 0, or an errno value. */
int growfile_create(struct growfile *file);
/* Reserves disk space up to nbytes at least. 0, or an errno value; what was reserved before stays. */
int growfile_reserve(struct growfile *file, uint64_t nbytes);
/* Maps a reserved range for reading and writing; populate: all of it will be used soon. NULL and errno when it cannot
 * be. */
uint8_t *growfile_map(struct growfile *file, uint64_t offset, size_t nbytes, int populate);
/* Gives the disk space of a range that holds only zeroes back; failure is no matter. */
void growfile_punch(struct growfile *file, uint64_t offset, uint64_t nbytes);
/* Takes disk space again where growfile_punch() gave it back. 0, or an errno value. */
int growfile_refill(struct growfile *file, uint64_t offset, uint64_t nbytes);
/* Cuts the file to nbytes. 0, or an errno value. */
int growfile_trim(struct growfile *file, uint64_t nbytes);
/* Closes the descriptor if it is still ours. */
void growfile_close(struct growfile *file);
/* Takes back growfile_create(). */
void growfile_remove(struct growfile *file);

/* Anonymous memory, zeroed; NULL when there is none. */
void *memory_map(size_t nbytes);
void memory_unmap(void *address, size_t nbytes); /* accepts NULL */

#endif
