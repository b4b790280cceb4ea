/* lane_table.c - the lanes of a trace: their names, their order, and what each file has of them.
 * SPDX-License-Identifier: MIT */
#include <inttypes.h> /* PRIx64 */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* calloc, qsort */
#include <string.h>   /* strcmp, strdup */

#include "trace/blocks.h" /* trace_lane_order */
#include "trace/opened.h" /* struct trace */
#include "trace/reader.h" /* trace_text */

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
        return trace_fail_memory(trace);
    if (!text && !file->header.empty && digest_id(file->lane, strlen(file->lane)) != file->header.lane)
        return trace_fail_file(trace, file, "damaged: the name of its lane is missing");
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
    const struct trace_segment *segment; /* NULL: the process's own lane, without events */
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
    struct trace_lane *lane = trace->n_lanes ? &trace->lanes[trace->n_lanes - 1] : NULL;
    if (!lane || strcmp(lane->name, share->name) != 0) {
        lane = &trace->lanes[trace->n_lanes++];
        *lane = (struct trace_lane){.name = share->name, .complete = true};
        share->name = NULL;
    } else if (before->file->header.part == share->file->header.part) {
        return trace_fail(trace, "%.200s: lane %.40s is in %.200s too", share->file->path, lane->name,
                          before->file->path);
    }
    struct trace_lane_part *parts = realloc(lane->parts, (lane->n_parts + 1) * sizeof *parts);
    if (!parts)
        return trace_fail_memory(trace);
    lane->parts = parts;
    if (share->segment) {
        parts[lane->n_parts++] = (struct trace_lane_part){share->segment, lane->n_events};
        lane->n_events += share->segment->n_events;
    }
    lane->complete = lane->complete && share->file->header.complete;
    if (share->file->header.lost != 0)
        lane->lost = share->file->header.lost;
    return 0;
}

static int add_share(struct trace *trace, struct share *shares, size_t *n, const struct trace_file *file,
                     const struct trace_segment *segment)
{
    char *name = segment ? lane_name(trace, file, segment->thread) : strdup(file->lane);
    if (!name)
        return trace_fail_memory(trace);
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

int trace_make_lanes(struct trace *trace)
{
    size_t n_most = 1, n = 0;
    for (size_t i = 0; i < trace->n_files; i++) {
        if (name_file(trace, &trace->files[i]) != 0)
            return -1;
        n_most += trace->files[i].n_segments + 1;
    }
    struct share *shares = calloc(n_most, sizeof *shares);
    trace->lanes = calloc(n_most, sizeof *trace->lanes);
    int status = shares && trace->lanes ? make_shares(trace, shares, &n) : trace_fail_memory(trace);
    if (shares && status == 0)
        qsort(shares, n, sizeof *shares, compare_shares);
    for (size_t i = 0; shares && i < n && status == 0; i++)
        status = join_share(trace, &shares[i], i ? &shares[i - 1] : NULL);
    for (size_t i = 0; shares && i < n; i++)
        free(shares[i].name);
    free(shares);
    return status;
}
