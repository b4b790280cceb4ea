/* reader.c - opens traces: a folder with one file per process. Lanes are in lane_table.c, cursors in cursor.c.
 * SPDX-License-Identifier: MIT
 *
 * Opening reads the directories and the texts; what is kept is 4 bytes per block, so a trace of 8 GB takes 500 KB. */
#include "trace/reader.h"

#include <dirent.h>      /* opendir, readdir */
#include <errno.h>       /* errno */
#include <fcntl.h>       /* open */
#include <inttypes.h>    /* PRIu64 */
#include <stdarg.h>      /* va_list */
#include <stdio.h>       /* snprintf */
#include <stdlib.h>      /* malloc, qsort */
#include <string.h>      /* strcmp, strdup */
#include <sys/stat.h>    /* fstat */
#include <sys/statvfs.h> /* statvfs: why is there no trace? */
#include <unistd.h>      /* close */

#include "trace/blocks.h"    /* trace_lane_order */
#include "trace/opened.h"    /* struct trace */
#include "trace/texttable.h" /* text_table_* */
#include "trace/tracefile.h" /* trace_directory_read, trace_block_read */

int trace_fail(struct trace *trace, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(trace->error, sizeof trace->error, format, arguments);
    va_end(arguments);
    return -1;
}

int trace_fail_file(struct trace *trace, const struct trace_file *file, const char *what)
{
    return trace_fail(trace, "%.300s: %s", file->path, what);
}

int trace_fail_memory(struct trace *trace)
{
    return trace_fail(trace, "no memory");
}

/* Room for one more item; false: no memory. */
static bool have_room(void *array, size_t item_nbytes, size_t n, size_t *n_allocated)
{
    if (n < *n_allocated)
        return true;
    size_t larger = *n_allocated ? *n_allocated * 2 : 4;
    void **items = array;
    void *moved = realloc(*items, larger * item_nbytes);
    if (!moved)
        return false;
    *items = moved;
    *n_allocated = larger;
    return true;
}

/* --- Scanning a file ---------------------------------------------------------------------------------------------- */

static struct trace_segment *find_segment(struct trace_file *file, uint32_t number, uint64_t thread)
{
    if (thread == 0)
        return &file->texts;
    /* The latest lanes first: a lane's blocks come close together. */
    for (size_t i = file->n_segments; i-- > 0;) {
        if (file->segments[i].thread == thread)
            return &file->segments[i];
    }
    void *segments = file->segments;
    if (!have_room(&segments, sizeof *file->segments, file->n_segments, &file->n_segments_allocated))
        return NULL;
    file->segments = segments;
    file->segments[file->n_segments] = (struct trace_segment){.file = number, .thread = thread};
    return &file->segments[file->n_segments++];
}

static int add_texts(struct trace *trace, const struct trace_file *file, int fd, const struct trace_block *block,
                     struct trace_fault *fault)
{
    if (trace_block_read(fd, block, trace->buffer, fault) != 0)
        return -1;
    uint32_t at;
    uint64_t offset = block->number * TRACE_BLOCK_NBYTES;
    if (text_table_add(trace->texts, (uint32_t)(file - trace->files), offset, trace->buffer,
                       block->sealed ? (int64_t)block->n_records : -1, &at))
        return 0;
    if (at == UINT32_MAX)
        (void)snprintf(fault->text, sizeof fault->text, "no memory");
    else
        (void)snprintf(fault->text, sizeof fault->text, "damaged: block %" PRIu64 ": text at byte %" PRIu32,
                       block->number, at);
    return -1;
}

static int add_block(struct trace *trace, struct trace_file *file, int fd, const struct trace_block *block,
                     struct trace_fault *fault)
{
    struct trace_segment *segment = find_segment(file, (uint32_t)(file - trace->files), block->lane);
    void *blocks = segment ? segment->blocks : NULL;
    if (!segment || !have_room(&blocks, sizeof *segment->blocks, segment->n_blocks, &segment->n_blocks_allocated)) {
        (void)snprintf(fault->text, sizeof fault->text, "no memory");
        return -1;
    }
    segment->blocks = blocks;
    if (block->sequence != segment->n_blocks || block->first != segment->n_events) {
        (void)snprintf(fault->text, sizeof fault->text, "damaged: block %" PRIu64 ": not the next of its lane",
                       block->number);
        return -1;
    }
    segment->blocks[segment->n_blocks++] = (uint32_t)block->number;
    segment->n_events += block->n_records;
    if (block->lane == 0)
        return add_texts(trace, file, fd, block, fault);
    if (block->sealed)
        return 0;
    if (trace_block_read(fd, block, trace->buffer, fault) != 0)
        return -1;
    segment->n_events += trace_records_count(block, trace->buffer);
    return 0;
}

/* The last block that is taken. Blocks are taken in the order of their numbers, so all up to it are there already: what
 * a live writer takes while the directories are read from front to back is left out. */
static uint64_t find_last_block(int fd, uint64_t file_nbytes, uint8_t *directory)
{
    for (uint64_t chunk = file_nbytes / TRACE_BLOCK_NBYTES / TRACE_CHUNK + 1; chunk-- > 0;) {
        long n = read_at(fd, directory, TRACE_BLOCK_NBYTES, chunk * TRACE_CHUNK * TRACE_BLOCK_NBYTES);
        for (long i = n / TRACE_ENTRY_NBYTES - 1; i > 0; i--) {
            if (load32_le(directory + i * TRACE_ENTRY_NBYTES + ENTRY_STATE) != BLOCK_FREE)
                return chunk * TRACE_CHUNK + (uint64_t)i;
        }
    }
    return 0;
}

static int missing_block(uint64_t number, struct trace_fault *fault)
{
    (void)snprintf(fault->text, sizeof fault->text, "damaged: directory entry of block %" PRIu64 ": it is empty",
                   number);
    return -1;
}

static int scan_blocks(struct trace *trace, struct trace_file *file, int fd, uint8_t *directory,
                       struct trace_fault *fault)
{
    if (file->nbytes / TRACE_BLOCK_NBYTES >= UINT32_MAX) {
        (void)snprintf(fault->text, sizeof fault->text, "too large: %" PRIu64 " bytes", file->nbytes);
        return -1;
    }
    uint64_t last = find_last_block(fd, file->nbytes, directory);
    for (uint32_t chunk = 0;; chunk++) {
        int status = trace_directory_read(fd, file->nbytes, chunk, directory, &file->header, fault);
        if (status <= 0 || file->header.empty)
            return status < 0 ? -1 : 0;
        if (file->header.complete)
            last = file->header.n_blocks == 0 ? 0 : file->header.n_blocks - 1;
        for (uint32_t i = 1; i < TRACE_CHUNK && (uint64_t)chunk * TRACE_CHUNK + i <= last; i++) {
            uint64_t number = (uint64_t)chunk * TRACE_CHUNK + i;
            struct trace_block block;
            status = trace_entry_parse(directory + i * TRACE_ENTRY_NBYTES, number, file->nbytes, &block, fault);
            if (status == 0)
                status = missing_block(number, fault);
            if (status < 0 || add_block(trace, file, fd, &block, fault) != 0)
                return -1;
        }
    }
}

static int scan_file(struct trace *trace, struct trace_file *file)
{
    struct trace_fault fault = {""};
    int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return trace_fail_file(trace, file, strerror(errno));
    struct stat status;
    int result = -1;
    uint8_t *directory = malloc(TRACE_BLOCK_NBYTES);
    if (!directory) {
        result = trace_fail_memory(trace);
    } else if (fstat(fd, &status) != 0) {
        result = trace_fail_file(trace, file, strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        result = trace_fail_file(trace, file, "not a regular file");
    } else {
        file->nbytes = (uint64_t)status.st_size;
        result = scan_blocks(trace, file, fd, directory, &fault);
        if (result != 0)
            trace_fail_file(trace, file, fault.text);
    }
    free(directory);
    close(fd);
    return result;
}

/* --- Opening ------------------------------------------------------------------------------------------------------ */

static bool has_suffix(const char *name)
{
    size_t nbytes = strlen(name), suffix = sizeof TRACE_SUFFIX - 1;
    return nbytes > suffix && strcmp(name + nbytes - suffix, TRACE_SUFFIX) == 0;
}

static int add_file(struct trace *trace, size_t *n_allocated, char *path)
{
    void *files = trace->files;
    if (!path || !have_room(&files, sizeof *trace->files, trace->n_files, n_allocated)) {
        free(path);
        return trace_fail_memory(trace);
    }
    trace->files = files;
    trace->files[trace->n_files++] = (struct trace_file){.path = path};
    return 0;
}

static char *join_path(const char *folder, const char *name)
{
    size_t nbytes = strlen(folder) + strlen(name) + 2;
    char *path = malloc(nbytes);
    if (path)
        (void)snprintf(path, nbytes, "%s/%s", folder, name);
    return path;
}

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct trace_file *)a)->path, ((const struct trace_file *)b)->path);
}

static bool is_full(const char *path)
{
    struct statvfs disk;
    return statvfs(path, &disk) == 0 && disk.f_bavail == 0;
}

static int list_folder(struct trace *trace, const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return trace_fail(trace, "%.300s: %s", path, strerror(errno));
    size_t n_allocated = 0;
    int status = 0;
    for (struct dirent *entry; status == 0 && (entry = readdir(folder));) {
        if (has_suffix(entry->d_name))
            status = add_file(trace, &n_allocated, join_path(path, entry->d_name));
    }
    closedir(folder);
    if (status == 0 && trace->n_files == 0)
        status = trace_fail(trace, "%.300s: no trace in this folder (no file *%s%s)", path, TRACE_SUFFIX,
                            is_full(path) ? ", and no space is left on its disk" : "");
    if (status == 0)
        qsort(trace->files, trace->n_files, sizeof *trace->files, compare_files);
    return status;
}

static int list_files(struct trace *trace, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return trace_fail(trace, "%.300s: %s", path, strerror(errno));
    size_t n_allocated = 0;
    return S_ISDIR(status.st_mode) ? list_folder(trace, path) : add_file(trace, &n_allocated, strdup(path));
}

static int open_trace(struct trace *trace, const char *path)
{
    trace->texts = text_table_create();
    trace->buffer = malloc(TRACE_BLOCK_NBYTES);
    if (!trace->texts || !trace->buffer)
        return trace_fail_memory(trace);
    int status = list_files(trace, path);
    for (size_t i = 0; i < trace->n_files && status == 0; i++)
        status = scan_file(trace, &trace->files[i]);
    return status == 0 ? trace_make_lanes(trace) : status;
}

struct trace *trace_open(const char *path, char *error, size_t error_nbytes)
{
    struct trace *trace = calloc(1, sizeof *trace);
    if (!trace) {
        (void)snprintf(error, error_nbytes, "%s: no memory", path);
        return NULL;
    }
    if (open_trace(trace, path) != 0) {
        (void)snprintf(error, error_nbytes, "%s", trace->error);
        trace_close(trace);
        return NULL;
    }
    return trace;
}

void trace_close(struct trace *trace)
{
    if (!trace)
        return;
    for (size_t i = 0; i < trace->n_lanes; i++) {
        free(trace->lanes[i].name);
        free(trace->lanes[i].parts);
    }
    for (size_t i = 0; i < trace->n_files; i++) {
        struct trace_file *file = &trace->files[i];
        for (size_t j = 0; j < file->n_segments; j++)
            free(file->segments[j].blocks);
        free(file->segments);
        free(file->texts.blocks);
        free(file->path);
        free(file->lane);
    }
    free(trace->lanes);
    free(trace->files);
    free(trace->buffer);
    text_table_destroy(trace->texts);
    free(trace);
}

uint64_t trace_folder_events(const char *path)
{
    struct trace *trace = calloc(1, sizeof *trace);
    uint8_t *directory = malloc(TRACE_BLOCK_NBYTES);
    uint8_t *data = malloc(TRACE_BLOCK_NBYTES);
    uint64_t n = 0;
    bool listed = trace && directory && data && list_files(trace, path) == 0;
    for (size_t i = 0; listed && i < trace->n_files; i++) {
        struct trace_header header;
        struct trace_fault fault;
        struct stat status;
        int fd = open(trace->files[i].path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
            continue;
        uint64_t nbytes = fstat(fd, &status) == 0 ? (uint64_t)status.st_size : 0;
        for (uint32_t chunk = 0; trace_directory_read(fd, nbytes, chunk, directory, &header, &fault) > 0; chunk++) {
            struct trace_block block;
            for (uint32_t j = 1; j < TRACE_CHUNK; j++) {
                uint64_t number = (uint64_t)chunk * TRACE_CHUNK + j;
                if (trace_entry_parse(directory + j * TRACE_ENTRY_NBYTES, number, nbytes, &block, &fault) <= 0 ||
                    block.lane == 0)
                    continue;
                if (block.sealed)
                    n += block.n_records;
                else if (trace_block_read(fd, &block, data, &fault) == 0)
                    n += trace_records_count(&block, data);
            }
            if (header.empty)
                break;
        }
        close(fd);
    }
    free(directory);
    free(data);
    trace_close(trace);
    return n;
}

size_t trace_n_lanes(const struct trace *trace)
{
    return trace->n_lanes;
}

const char *trace_lane_name(const struct trace *trace, size_t lane)
{
    return trace->lanes[lane].name;
}

uint64_t trace_lane_events(const struct trace *trace, size_t lane)
{
    return trace->lanes[lane].n_events;
}

size_t trace_find_lane(const struct trace *trace, const char *name)
{
    size_t from = 0, to = trace->n_lanes;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = trace_lane_order(name, trace->lanes[middle].name);
        if (order == 0)
            return middle;
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return (size_t)-1;
}

bool trace_lane_complete(const struct trace *trace, size_t lane)
{
    return trace->lanes[lane].complete;
}

int trace_lane_lost(const struct trace *trace, size_t lane)
{
    return trace->lanes[lane].lost;
}

const char *trace_error(const struct trace *trace)
{
    return trace->error;
}

/* --- Texts -------------------------------------------------------------------------------------------------------- */

/* Reads the text record at offset, whose id must be the given one. */
static const char *read_text(struct trace *trace, const struct trace_file *file, uint64_t offset, uint64_t id)
{
    uint8_t *record = trace->buffer;
    int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return NULL;
    long n = read_at(fd, record, 8 + TRACE_TEXT_MAX, offset);
    close(fd);
    uint32_t text_nbytes = n >= 8 ? load32_le(record) : UINT32_MAX;
    if (text_nbytes > TRACE_TEXT_MAX || n < 8 + (long)text_nbytes || digest_id(record + 8, text_nbytes) != id)
        return NULL;
    return text_table_keep(trace->texts, id, (const char *)record + 8, text_nbytes);
}

/* For texts that found no room in the index. */
static const char *search_text(struct trace *trace, uint64_t id)
{
    for (size_t i = 0; i < trace->n_files; i++) {
        const struct trace_file *file = &trace->files[i];
        int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        for (size_t j = 0; fd >= 0 && j < file->texts.n_blocks; j++) {
            struct trace_block block;
            struct trace_fault fault;
            if (trace_entry_read(fd, file->texts.blocks[j], file->nbytes, &block, &fault) <= 0 ||
                trace_block_read(fd, &block, trace->buffer, &fault) != 0)
                continue;
            int64_t at = text_block_search(trace->buffer, id);
            if (at >= 0) {
                close(fd);
                return read_text(trace, file, block.number * TRACE_BLOCK_NBYTES + (uint64_t)at, id);
            }
        }
        if (fd >= 0)
            close(fd);
    }
    return NULL;
}

const char *trace_text(const struct trace *constant, uint64_t id)
{
    struct trace *trace = (struct trace *)constant; /* texts are loaded at the first question */
    const char *kept = text_table_kept(trace->texts, id);
    if (kept || id == 0)
        return kept;
    uint32_t file;
    uint64_t offset;
    if (text_table_find(trace->texts, id, &file, &offset))
        return read_text(trace, &trace->files[file], offset, id);
    return text_table_overflows(trace->texts) ? search_text(trace, id) : NULL;
}
