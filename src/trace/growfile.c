/* growfile.c - a file that grows by reserved blocks and is mapped block by block, inside a program that is not ours.
 * SPDX-License-Identifier: MIT */
#include "trace/growfile.h"

#include <errno.h>        /* E* */
#include <fcntl.h>        /* O_*, F_DUPFD_CLOEXEC, AT_FDCWD */
#include <linux/falloc.h> /* FALLOC_FL_* */
#include <stdbool.h>      /* bool */
#include <string.h>       /* memset */
#include <sys/mman.h>     /* PROT_*, MAP_* */
#include <sys/resource.h> /* RLIMIT_* */
#include <sys/syscall.h>  /* SYS_* */
#include <unistd.h>       /* syscall */

/* Programs close, dup2 onto and count the low descriptors; shells use those up to 255. */
enum { LOWEST_FD = 512 };

/* Space is reserved a quarter of the file ahead, within these bounds: few calls for long traces, little waste for the
 * many short ones. */
enum { STEP_MIN = 4 * 65536, STEP_MAX = 128 * 65536 };

static void close_fd(int fd)
{
    syscall(SYS_close, fd);
}

/* The descriptor may have been closed by the program, and its number used again. */
static bool fd_is_ours(const struct growfile *file)
{
    struct stat status;
    return file->fd >= 0 && syscall(SYS_fstat, file->fd, &status) == 0 && status.st_dev == file->device &&
           status.st_ino == file->inode;
}

static int move_high(int fd)
{
    struct rlimit limit;
    int lowest = LOWEST_FD;
    if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) == 0 && limit.rlim_cur <= LOWEST_FD)
        lowest = limit.rlim_cur > 16 ? (int)limit.rlim_cur - 8 : 3;
    long high = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest);
    if (high < 0)
        return fd;
    close_fd(fd);
    return (int)high;
}

static int open_path(struct growfile *file, int flags)
{
    long fd;
    do
        fd = syscall(SYS_openat, AT_FDCWD, file->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | flags, 0600);
    while (fd < 0 && errno == EINTR);
    if (fd < 0)
        return errno;
    file->fd = move_high((int)fd);
    return 0;
}

int growfile_create(struct growfile *file)
{
    int error = open_path(file, O_CREAT | O_EXCL);
    if (error != 0)
        return error;
    struct stat status;
    if (syscall(SYS_fstat, file->fd, &status) != 0) {
        error = errno;
        close_fd(file->fd);
        file->fd = -1;
        return error;
    }
    file->device = status.st_dev;
    file->inode = status.st_ino;
    file->reserved_nbytes = 0;
    return 0;
}

/* 0, or an errno value: the descriptor is gone and so is the path. */
static int have_fd(struct growfile *file)
{
    if (fd_is_ours(file))
        return 0;
    file->fd = -1; /* a number that is not ours is not ours to close */
    int error = open_path(file, 0);
    if (error != 0)
        return error;
    if (fd_is_ours(file))
        return 0;
    close_fd(file->fd);
    file->fd = -1;
    return ESTALE;
}

/* For file systems without fallocate(): zeroes reserve space too. */
static int write_zeroes(const struct growfile *file, uint64_t from, uint64_t to)
{
    static const uint8_t zeroes[4096];
    while (from < to) {
        uint64_t piece = to - from < sizeof zeroes ? to - from : sizeof zeroes;
        long written = syscall(SYS_pwrite64, file->fd, zeroes, (size_t)piece, (off_t)from);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? errno : ENOSPC;
        from += (uint64_t)written;
    }
    return 0;
}

static int reserve_to(struct growfile *file, uint64_t nbytes)
{
    /* Past this limit the kernel would send SIGXFSZ, which ends a program. */
    struct rlimit limit;
    if (syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, NULL, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        nbytes > limit.rlim_cur)
        return EFBIG;
    long status;
    do
        status =
            syscall(SYS_fallocate, file->fd, 0, (off_t)file->reserved_nbytes, (off_t)(nbytes - file->reserved_nbytes));
    while (status != 0 && errno == EINTR);
    int error = status == 0 ? 0 : errno;
    if (error == EOPNOTSUPP || error == ENOSYS)
        error = write_zeroes(file, file->reserved_nbytes, nbytes);
    if (error == 0)
        file->reserved_nbytes = nbytes;
    return error;
}

int growfile_reserve(struct growfile *file, uint64_t nbytes)
{
    if (nbytes <= file->reserved_nbytes)
        return 0;
    int error = have_fd(file);
    if (error != 0)
        return error;
    uint64_t step = file->reserved_nbytes / 4 / STEP_MIN * STEP_MIN;
    if (step > STEP_MAX)
        step = STEP_MAX;
    if (step < STEP_MIN)
        step = STEP_MIN;
    uint64_t ahead = file->reserved_nbytes + step;
    if (ahead > nbytes && reserve_to(file, ahead) == 0)
        return 0;
    return reserve_to(file, nbytes);
}

uint8_t *growfile_map(struct growfile *file, uint64_t offset, size_t nbytes, int populate)
{
    int error = have_fd(file);
    if (error != 0) {
        errno = error;
        return NULL;
    }
    int flags = MAP_SHARED | (populate ? MAP_POPULATE : 0);
    long address = syscall(SYS_mmap, NULL, nbytes, PROT_READ | PROT_WRITE, flags, file->fd, (off_t)offset);
    return address == -1 ? NULL : (uint8_t *)address;
}

void growfile_punch(struct growfile *file, uint64_t offset, uint64_t nbytes)
{
    if (nbytes > 0 && have_fd(file) == 0)
        syscall(SYS_fallocate, file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)nbytes);
}

int growfile_refill(struct growfile *file, uint64_t offset, uint64_t nbytes)
{
    int error = have_fd(file);
    if (error != 0)
        return error;
    long status;
    do
        status = syscall(SYS_fallocate, file->fd, 0, (off_t)offset, (off_t)nbytes);
    while (status != 0 && errno == EINTR);
    /* Where the file system cannot do this, it could not punch either. */
    return status == 0 || errno == EOPNOTSUPP || errno == ENOSYS ? 0 : errno;
}

int growfile_trim(struct growfile *file, uint64_t nbytes)
{
    int error = have_fd(file);
    if (error != 0)
        return error;
    if (syscall(SYS_ftruncate, file->fd, (off_t)nbytes) != 0)
        return errno;
    file->reserved_nbytes = nbytes;
    return 0;
}

void growfile_remove(struct growfile *file)
{
    growfile_close(file);
    syscall(SYS_unlinkat, AT_FDCWD, file->path, 0);
}

void growfile_close(struct growfile *file)
{
    if (fd_is_ours(file))
        close_fd(file->fd);
    file->fd = -1;
}

void *memory_map(size_t nbytes)
{
    long address = syscall(SYS_mmap, NULL, nbytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, (off_t)0);
    return address == -1 ? NULL : (void *)address;
}

void memory_unmap(void *address, size_t nbytes)
{
    if (address)
        syscall(SYS_munmap, address, nbytes);
}
