/* reader.c - reads traces: a folder with one file per process.
 * SPDX-License-Identifier: MIT
 *
 * Opening reads the directories and the texts; what is kept is 4 bytes per block, so a trace of 8 GB takes 500 KB. */
#include "trace/reader.h"

#include <dirent.h>   /* opendir, readdir */
#include <errno.h>    /* errno */
#include <fcntl.h>    /* open */
#include <inttypes.h> /* PRIu64 */
#include <stdarg.h>   /* va_list */
#include <stdio.h>    /* snprintf */
#include <stddef.h>   /* offsetof */
#include <stdlib.h>   /* malloc, qsort */
#include <string.h>   /* strcmp, strdup */
#include <sys/stat.h> /* fstat */
#include <unistd.h>   /* close */

#include "trace/blocks.h"    /* trace_cursor_block */
#include "trace/texttable.h" /* text_table_* */
#include "trace/tracefile.h" /* trace_directory_read, trace_block_read */

/* What one file has of one lane. */
struct segment {
    uint32_t file;
    uint32_t *blocks; /* numbers, in the lane's order; block numbers fit: a file is below 2^48 bytes */
    size_t n_blocks, n_blocks_allocated;
    uint64_t thread; /* id of the thread's text */
    uint64_t n_events;
};

struct trace_file {
    char *path;
    char *lane; /* of the process */
    struct trace_header header;
    uint64_t nbytes;
    struct segment *segments;
    size_t n_segments, n_segments_allocated;
    struct segment texts;
};

struct lane_part {
    const struct segment *segment;
    uint64_t first_event;
};

struct lane {
    char *name;
    struct lane_part *parts;
    size_t n_parts;
    uint64_t n_events;
    bool complete;
    int lost;
};

struct trace {
    struct trace_file *files;
    size_t n_files;
    struct lane *lanes;
    size_t n_lanes;
    struct text_table *texts;
    uint8_t *buffer; /* one block */
    char error[512];
};

struct trace_cursor {
    struct trace *trace;
    const struct lane *lane;
    size_t part;
    size_t next_block; /* within the part */
    int fd;            /* of the part's file, -1 = not open yet */
    bool grew;         /* data has more records than when the trace was opened */
    bool has_entry;    /* block is the next one's entry, its records not read yet */
    struct trace_block block;
    uint32_t at;      /* within data */
    uint32_t n_left;  /* records of data not given out yet */
    uint64_t index;
    uint8_t data[TRACE_BLOCK_NBYTES];
};

static int fail(struct trace *trace, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Gives -1. */
static int fail(struct trace *trace, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(trace->error, sizeof trace->error, format, arguments);
    va_end(arguments);
    return -1;
}

static int fail_file(struct trace *trace, const struct trace_file *file, const char *what)
{
    return fail(trace, "%.300s: %s", file->path, what);
}

static int fail_memory(struct trace *trace)
{
    return fail(trace, "no memory");
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

static struct segment *find_segment(struct trace_file *file, uint32_t number, uint64_t thread)
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
    file->segments[file->n_segments] = (struct segment){.file = number, .thread = thread};
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
        (void)snprintf(fault->text, sizeof fault->text, "damaged: block %" PRIu64 ": text at byte %" PRIu32, block->number,
                       at);
    return -1;
}

static int add_block(struct trace *trace, struct trace_file *file, int fd, const struct trace_block *block,
                     struct trace_fault *fault)
{
    struct segment *segment = find_segment(file, (uint32_t)(file - trace->files), block->lane);
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

/* The last block that is taken. Blocks are taken in the order of their numbers, so all up to it are there already: what a
 * live writer takes while the directories are read from front to back is left out. */
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
    (void)snprintf(fault->text, sizeof fault->text, "damaged: directory entry of block %" PRIu64 ": it is empty", number);
    return -1;
}

static int scan_blocks(struct trace *trace, struct trace_file *file, int fd, uint8_t *directory, struct trace_fault *fault)
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
        return fail_file(trace, file, strerror(errno));
    struct stat status;
    int result = -1;
    uint8_t *directory = malloc(TRACE_BLOCK_NBYTES);
    if (!directory) {
        result = fail_memory(trace);
    } else if (fstat(fd, &status) != 0) {
        result = fail_file(trace, file, strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        result = fail_file(trace, file, "not a regular file");
    } else {
        file->nbytes = (uint64_t)status.st_size;
        result = scan_blocks(trace, file, fd, directory, &fault);
        if (result != 0)
            fail_file(trace, file, fault.text);
    }
    free(directory);
    close(fd);
    return result;
}

/* --- Names and order of lanes -------------------------------------------------------------------------------------- */

/* Numbers compare as numbers: their first difference, else the longer one is larger. 0 only for equal texts. */
static int compare_path(const char *a, size_t a_nbytes, const char *b, size_t b_nbytes)
{
    size_t i = 0, j = 0;
    while (i < a_nbytes && j < b_nbytes) {
        size_t m = i, n = j;
        while (m < a_nbytes && a[m] >= '0' && a[m] <= '9')
            m++;
        while (n < b_nbytes && b[n] >= '0' && b[n] <= '9')
            n++;
        if (m > i && n > j && m - i != n - j)
            return m - i < n - j ? -1 : 1;
        if (a[i] != b[j])
            return (unsigned char)a[i] < (unsigned char)b[j] ? -1 : 1;
        i++;
        j++;
    }
    return (i < a_nbytes) - (j < b_nbytes);
}

/* A process, its threads, its children. */
int trace_lane_order(const char *a, const char *b)
{
    size_t a_nbytes = strcspn(a, "/"), b_nbytes = strcspn(b, "/");
    int order = compare_path(a, a_nbytes, b, b_nbytes);
    return order != 0 ? order : compare_path(a + a_nbytes, strlen(a + a_nbytes), b + b_nbytes, strlen(b + b_nbytes));
}

/* The file's name without folder, "+k" and suffix. */
static char *lane_of_path(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = strdup(slash ? slash + 1 : path);
    if (!name)
        return NULL;
    size_t nbytes = strlen(name), suffix = sizeof TRACE_SUFFIX - 1;
    if (nbytes > suffix && strcmp(name + nbytes - suffix, TRACE_SUFFIX) == 0)
        name[nbytes - suffix] = '\0';
    char *plus = strrchr(name, '+');
    if (plus)
        *plus = '\0';
    return name;
}

/* The k of "+k" in the file's name, 0 when there is none. */
static uint32_t part_of_path(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *plus = strrchr(slash ? slash : path, '+');
    return plus ? (uint32_t)strtoul(plus + 1, NULL, 10) : 0;
}

/* The process's lane, by its text; by the file's name when the process was killed before it wrote that. */
static int name_file(struct trace *trace, struct trace_file *file)
{
    const char *text = file->header.empty ? NULL : trace_text(trace, file->header.lane);
    if (file->header.empty)
        file->header.part = part_of_path(file->path);
    file->lane = text ? strdup(text) : lane_of_path(file->path);
    if (!file->lane)
        return fail_memory(trace);
    if (!text && !file->header.empty && digest_id(file->lane, strlen(file->lane)) != file->header.lane)
        return fail_file(trace, file, "damaged: the name of its lane is missing");
    return 0;
}

static char *lane_name(struct trace *trace, const struct trace_file *file, uint64_t thread)
{
    const char *text = thread == digest_id("", 0) ? "" : trace_text(trace, thread);
    size_t nbytes = strlen(file->lane) + 32 + (text ? strlen(text) : 0);
    char *name = malloc(nbytes);
    if (!name)
        return NULL;
    if (!text) /* written by a signal handler that could not write the text */
        (void)snprintf(name, nbytes, "%s/?%016" PRIx64, file->lane, thread);
    else
        (void)snprintf(name, nbytes, text[0] ? "%s/%s" : "%s", file->lane, text);
    return name;
}

/* One file's share of a lane, while lanes are put together. */
struct share {
    char *name;
    const struct trace_file *file;
    const struct segment *segment; /* NULL: the process's own lane, without events */
};

static int compare_shares(const void *a, const void *b)
{
    const struct share *x = a, *y = b;
    int order = trace_lane_order(x->name, y->name);
    if (order == 0)
        order = (x->file->header.part > y->file->header.part) - (x->file->header.part < y->file->header.part);
    return order;
}

static int join_share(struct trace *trace, struct share *share, const struct share *before)
{
    struct lane *lane = trace->n_lanes ? &trace->lanes[trace->n_lanes - 1] : NULL;
    if (!lane || strcmp(lane->name, share->name) != 0) {
        lane = &trace->lanes[trace->n_lanes++];
        *lane = (struct lane){.name = share->name, .complete = true};
        share->name = NULL;
    } else if (before->file->header.part == share->file->header.part) {
        return fail(trace, "%.200s: lane %.40s is in %.200s too", share->file->path, lane->name, before->file->path);
    }
    struct lane_part *parts = realloc(lane->parts, (lane->n_parts + 1) * sizeof *parts);
    if (!parts)
        return fail_memory(trace);
    lane->parts = parts;
    if (share->segment) {
        parts[lane->n_parts++] = (struct lane_part){share->segment, lane->n_events};
        lane->n_events += share->segment->n_events;
    }
    lane->complete = lane->complete && share->file->header.complete;
    if (share->file->header.lost != 0)
        lane->lost = share->file->header.lost;
    return 0;
}

static int add_share(struct trace *trace, struct share *shares, size_t *n, const struct trace_file *file,
                     const struct segment *segment)
{
    char *name = segment ? lane_name(trace, file, segment->thread) : strdup(file->lane);
    if (!name)
        return fail_memory(trace);
    shares[(*n)++] = (struct share){name, file, segment};
    return 0;
}

static int make_shares(struct trace *trace, struct share *shares, size_t *n)
{
    for (size_t i = 0; i < trace->n_files; i++) {
        const struct trace_file *file = &trace->files[i];
        bool has_main = false;
        for (size_t j = 0; j < file->n_segments; j++) {
            has_main = has_main || file->segments[j].thread == digest_id("", 0);
            if (add_share(trace, shares, n, file, &file->segments[j]) != 0)
                return -1;
        }
        if (!has_main && add_share(trace, shares, n, file, NULL) != 0)
            return -1;
    }
    return 0;
}

static int make_lanes(struct trace *trace)
{
    size_t n_most = 0, n = 0;
    for (size_t i = 0; i < trace->n_files; i++) {
        if (name_file(trace, &trace->files[i]) != 0)
            return -1;
        n_most += trace->files[i].n_segments + 1;
    }
    struct share *shares = calloc(n_most, sizeof *shares);
    trace->lanes = calloc(n_most, sizeof *trace->lanes);
    int status = shares && trace->lanes ? make_shares(trace, shares, &n) : fail_memory(trace);
    if (status == 0)
        qsort(shares, n, sizeof *shares, compare_shares);
    for (size_t i = 0; i < n && status == 0; i++)
        status = join_share(trace, &shares[i], i ? &shares[i - 1] : NULL);
    for (size_t i = 0; shares && i < n; i++)
        free(shares[i].name);
    free(shares);
    return status;
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
        return fail_memory(trace);
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

static int list_folder(struct trace *trace, const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return fail(trace, "%.300s: %s", path, strerror(errno));
    size_t n_allocated = 0;
    int status = 0;
    for (struct dirent *entry; status == 0 && (entry = readdir(folder));) {
        if (has_suffix(entry->d_name))
            status = add_file(trace, &n_allocated, join_path(path, entry->d_name));
    }
    closedir(folder);
    if (status == 0 && trace->n_files == 0)
        status = fail(trace, "%.300s: no trace in this folder (no file *%s)", path, TRACE_SUFFIX);
    if (status == 0)
        qsort(trace->files, trace->n_files, sizeof *trace->files, compare_files);
    return status;
}

static int list_files(struct trace *trace, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return fail(trace, "%.300s: %s", path, strerror(errno));
    size_t n_allocated = 0;
    return S_ISDIR(status.st_mode) ? list_folder(trace, path) : add_file(trace, &n_allocated, strdup(path));
}

static int open_trace(struct trace *trace, const char *path)
{
    trace->texts = text_table_create();
    trace->buffer = malloc(TRACE_BLOCK_NBYTES);
    if (!trace->texts || !trace->buffer)
        return fail_memory(trace);
    int status = list_files(trace, path);
    for (size_t i = 0; i < trace->n_files && status == 0; i++)
        status = scan_file(trace, &trace->files[i]);
    return status == 0 ? make_lanes(trace) : status;
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

/* --- Cursors ------------------------------------------------------------------------------------------------------ */

struct trace_cursor *trace_lane_open(struct trace *trace, size_t lane)
{
    struct trace_cursor *cursor = malloc(sizeof *cursor);
    if (!cursor)
        return NULL;
    memset(cursor, 0, offsetof(struct trace_cursor, data));
    cursor->trace = trace;
    cursor->lane = &trace->lanes[lane];
    cursor->fd = -1;
    return cursor;
}

void trace_cursor_close(struct trace_cursor *cursor)
{
    if (!cursor)
        return;
    if (cursor->fd >= 0)
        close(cursor->fd);
    free(cursor);
}

uint64_t trace_cursor_index(const struct trace_cursor *cursor)
{
    return cursor->index;
}

static const struct segment *cursor_segment(const struct trace_cursor *cursor)
{
    return cursor->lane->parts[cursor->part].segment;
}

static const struct trace_file *cursor_file(const struct trace_cursor *cursor)
{
    return &cursor->trace->files[cursor_segment(cursor)->file];
}

static int cursor_fault(struct trace_cursor *cursor, const struct trace_fault *fault)
{
    return fail(cursor->trace, "%.300s: %s (lane %.40s, event %" PRIu64 ")", cursor_file(cursor)->path, fault->text,
                cursor->lane->name, cursor->index);
}

static void leave_part(struct trace_cursor *cursor)
{
    if (cursor->fd >= 0)
        close(cursor->fd);
    cursor->fd = -1;
    cursor->next_block = 0;
    cursor->part++;
}

static int have_part_open(struct trace_cursor *cursor)
{
    if (cursor->fd >= 0)
        return 0;
    cursor->fd = open(cursor_file(cursor)->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return cursor->fd >= 0 ? 0 : fail_file(cursor->trace, cursor_file(cursor), strerror(errno));
}

/* The entry of a part's block, which must be what it was when the trace was opened. */
static int read_entry(struct trace_cursor *cursor, size_t i, struct trace_block *block_out)
{
    const struct segment *segment = cursor_segment(cursor);
    struct trace_fault fault = {"damaged: it changed while it was read"};
    if (have_part_open(cursor) != 0)
        return -1;
    int status = trace_entry_read(cursor->fd, segment->blocks[i], cursor_file(cursor)->nbytes, block_out, &fault);
    if (status <= 0 || block_out->lane != segment->thread || block_out->sequence != i)
        return cursor_fault(cursor, &fault);
    return 0;
}

/* Finds the next block's entry. 1 = cursor->block has it, 0 = end of the lane, -1 = fault. */
static int next_entry(struct trace_cursor *cursor)
{
    if (cursor->has_entry)
        return 1;
    while (cursor->part < cursor->lane->n_parts && cursor->next_block >= cursor_segment(cursor)->n_blocks)
        leave_part(cursor);
    if (cursor->part >= cursor->lane->n_parts)
        return 0;
    if (read_entry(cursor, cursor->next_block, &cursor->block) != 0)
        return -1;
    cursor->next_block++;
    cursor->has_entry = true;
    return 1;
}

/* A part ends where it ended when the trace was opened; it may be growing now. */
static uint64_t events_left_in_part(const struct trace_cursor *cursor)
{
    const struct lane_part *part = &cursor->lane->parts[cursor->part];
    return part->first_event + part->segment->n_events - cursor->index;
}

/* Reads the records of the block whose entry is there. */
static int load_block(struct trace_cursor *cursor)
{
    struct trace_fault fault;
    if (trace_block_read(cursor->fd, &cursor->block, cursor->data, &fault) != 0)
        return cursor_fault(cursor, &fault);
    uint64_t most = events_left_in_part(cursor);
    cursor->n_left = cursor->block.sealed ? cursor->block.n_records : trace_records_count(&cursor->block, cursor->data);
    cursor->grew = cursor->n_left > most;
    if (cursor->grew)
        cursor->n_left = (uint32_t)most;
    cursor->at = 0;
    cursor->has_entry = false;
    return 0;
}

/* The block's records have all been given out: nothing else may be in it. */
static int finish_block(struct trace_cursor *cursor)
{
    struct trace_fault fault = {""};
    struct oneseed_event event;
    if (cursor->grew)
        return 0;
    if (cursor->block.sealed) {
        if (cursor->at == cursor->block.used_nbytes)
            return 0;
        (void)snprintf(fault.text, sizeof fault.text, "damaged: block %" PRIu64 ": its records do not fill it",
                       cursor->block.number);
        return cursor_fault(cursor, &fault);
    }
    return trace_record_decode(&cursor->block, cursor->data, cursor->at, &event, &fault) < 0 ? cursor_fault(cursor, &fault) : 0;
}

int trace_cursor_next(struct trace_cursor *cursor, struct oneseed_event *event_out)
{
    while (cursor->n_left == 0) {
        int status = next_entry(cursor);
        if (status == 1)
            status = load_block(cursor) == 0 ? 1 : -1;
        if (status == 1 && cursor->n_left == 0 && finish_block(cursor) != 0)
            status = -1;
        if (status != 1)
            return status;
    }
    struct trace_fault fault = {"damaged: a block has fewer records than its entry says"};
    int nbytes = trace_record_decode(&cursor->block, cursor->data, cursor->at, event_out, &fault);
    if (nbytes <= 0)
        return cursor_fault(cursor, &fault);
    cursor->at += (uint32_t)nbytes;
    cursor->index++;
    cursor->n_left--;
    if (cursor->n_left == 0 && finish_block(cursor) != 0)
        return -1;
    return 1;
}

int trace_cursor_block(struct trace_cursor *cursor, struct trace_block *block_out)
{
    if (cursor->n_left != 0)
        return 0;
    int status = next_entry(cursor);
    if (status == 1) {
        *block_out = cursor->block;
        block_out->sealed = block_out->sealed && block_out->n_records <= events_left_in_part(cursor);
    }
    return status;
}

void trace_cursor_skip(struct trace_cursor *cursor, const struct trace_block *block)
{
    cursor->index += block->n_records;
    cursor->has_entry = false;
}

/* The last block of the part that begins at or before event `index` of the part. */
static int find_block(struct trace_cursor *cursor, uint64_t index, size_t *found_out)
{
    size_t from = 0, to = cursor_segment(cursor)->n_blocks; /* the answer is in from ... to - 1 */
    while (to - from > 1) {
        size_t middle = from + (to - from) / 2;
        struct trace_block block;
        if (read_entry(cursor, middle, &block) != 0)
            return -1;
        if (block.first <= index)
            from = middle;
        else
            to = middle;
    }
    *found_out = from;
    return 0;
}

int trace_cursor_seek(struct trace_cursor *cursor, uint64_t index)
{
    const struct lane *lane = cursor->lane;
    size_t part = 0;
    while (part < lane->n_parts && index >= lane->parts[part].first_event + lane->parts[part].segment->n_events)
        part++;
    if (cursor->fd >= 0)
        close(cursor->fd);
    cursor->fd = -1;
    cursor->part = part;
    cursor->next_block = 0;
    cursor->has_entry = false;
    cursor->n_left = 0;
    cursor->index = lane->n_events;
    if (part == lane->n_parts)
        return 0;
    uint64_t first = lane->parts[part].first_event;
    if (find_block(cursor, index - first, &cursor->next_block) != 0 || next_entry(cursor) != 1)
        return -1;
    cursor->index = first + cursor->block.first;
    struct oneseed_event event;
    while (cursor->index < index) {
        if (trace_cursor_next(cursor, &event) != 1)
            return -1;
    }
    return 0;
}
