/* fuzz_trace.c - the trace reader on arbitrary bytes (libFuzzer).
 * SPDX-License-Identifier: MIT
 *
 * An input that begins with an even byte is a file as it is. Else it describes a file whose checks all hold, so that
 * what lies behind them is reached: its second byte is the number of blocks, then come 24 bytes for each directory
 * entry (state, lane, sequence, first, counts), and the rest is the content of the blocks. */
#include <stddef.h>   /* size_t */
#include <stdint.h>   /* uint8_t */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* abort, calloc */
#include <string.h>   /* memcpy */
#include <sys/mman.h> /* memfd_create */
#include <unistd.h>   /* write */

#include "trace/compare.h" /* trace_compare */
#include "trace/format.h"  /* HEADER_*, ENTRY_* */
#include "trace/reader.h"  /* trace_open */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_BLOCKS = 4, ENTRY_INPUT = 24, LANES = 3 };

static void put_header(uint8_t *header, uint64_t lane, uint8_t options, uint64_t file_nbytes)
{
    memcpy(header, trace_magic, sizeof trace_magic);
    store32_le(header + HEADER_VERSION, TRACE_VERSION);
    store32_le(header + HEADER_BLOCK_NBYTES, TRACE_BLOCK_NBYTES);
    store64_le(header + HEADER_LANE, lane);
    store32_le(header + HEADER_PART, options >> 4 & 1);
    store32_le(header + HEADER_CHECK, trace_header_check(header));
    store64_le(header + HEADER_NBYTES, file_nbytes);
    store32_le(header + HEADER_N_BLOCKS, (uint32_t)(file_nbytes / TRACE_BLOCK_NBYTES));
    store32_le(header + HEADER_END_CHECK, trace_header_end_check(header));
    store32_le(header + HEADER_COMPLETE, options >> 5 & 1);
}

static void put_entry(uint8_t *entry, uint64_t number, const uint8_t *input, const uint8_t *block)
{
    const uint64_t lanes[LANES] = {0, digest_id("", 0), digest_id("t1", 2)};
    store64_le(entry + ENTRY_LANE, lanes[input[1] % LANES]);
    store64_le(entry + ENTRY_FIRST, load64_le(input + 4));
    store32_le(entry + ENTRY_SEQUENCE, load16_le(input + 2));
    store16_le(entry + ENTRY_USED, load16_le(input + 12) & 0x3fff);
    memcpy(entry + ENTRY_N_RECORDS, input + 14, 8);
    uint64_t digest[2];
    size_t used_nbytes = 8u * (load16_le(entry + ENTRY_USED) & 0x1fff);
    digest128(block, used_nbytes, digest);
    store64_le(entry + ENTRY_DIGEST, digest[0]);
    store64_le(entry + ENTRY_DIGEST + 8, digest[1]);
    store32_le(entry + ENTRY_OPEN_CHECK, trace_entry_open_check(entry, number));
    store32_le(entry + ENTRY_SEAL_CHECK, trace_entry_seal_check(entry, number));
    store32_le(entry + ENTRY_STATE, input[0] % 4);
}

/* Makes the described file; its length, 0 when the input is too short. */
static size_t build(const uint8_t *data, size_t size, uint8_t *file)
{
    size_t n_blocks = size > 1 ? data[1] % (MAX_BLOCKS + 1) : 0;
    if (size < 2 + n_blocks * ENTRY_INPUT)
        return 0;
    const uint8_t *content = data + 2 + n_blocks * ENTRY_INPUT;
    size_t content_nbytes = size - 2 - n_blocks * ENTRY_INPUT, piece = n_blocks ? content_nbytes / n_blocks : 0;
    if (piece > TRACE_BLOCK_NBYTES)
        piece = TRACE_BLOCK_NBYTES;
    size_t nbytes = (1 + n_blocks) * TRACE_BLOCK_NBYTES;
    for (size_t i = 0; i < n_blocks; i++) {
        uint8_t *block = file + (1 + i) * TRACE_BLOCK_NBYTES;
        memcpy(block, content + i * piece, piece);
        put_entry(file + (1 + i) * TRACE_ENTRY_NBYTES, 1 + i, data + 2 + i * ENTRY_INPUT, block);
    }
    put_header(file, digest_id("0", 1), data[0], nbytes);
    return nbytes;
}

static void check_line(const char *line)
{
    if (line[0] == '\0' || strchr(line, '\n'))
        abort();
}

static void read_lane(struct trace *trace, size_t lane)
{
    struct trace_cursor *cursor = trace_lane_open(trace, lane);
    struct oneseed_event event;
    uint64_t n = 0;
    int status;
    while ((status = trace_cursor_next(cursor, &event)) == 1) {
        trace_text(trace, event.site);
        n++;
    }
    if (status < 0)
        check_line(trace_error(trace));
    else if (n != trace_lane_events(trace, lane))
        abort();
    trace_cursor_seek(cursor, n / 2);
    trace_cursor_next(cursor, &event);
    trace_cursor_close(cursor);
}

static bool go_on(void *context, const struct trace_difference *difference)
{
    (void)context;
    (void)difference;
    return true;
}

static void read_trace(const char *path)
{
    char error[512] = "";
    struct trace *trace = trace_open(path, error, sizeof error);
    trace_folder_events(path);
    if (!trace) {
        check_line(error);
        return;
    }
    for (size_t i = 0; i < trace_n_lanes(trace); i++) {
        if (trace_find_lane(trace, trace_lane_name(trace, i)) != i)
            abort();
        read_lane(trace, i);
    }
    struct trace_totals totals;
    if (trace_compare(trace, trace, NULL, go_on, NULL, &totals, error, sizeof error) > 0)
        abort(); /* a trace differs from itself */
    trace_close(trace);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *file = calloc(1 + MAX_BLOCKS, TRACE_BLOCK_NBYTES);
    size_t nbytes = size > 0 && data[0] % 2 == 1 && file ? build(data, size, file) : 0;
    const uint8_t *from = nbytes != 0 ? file : data;
    size_t left = nbytes != 0 ? nbytes : size;
    int fd = memfd_create("trace", 0);
    while (fd >= 0 && left > 0) {
        ssize_t n = write(fd, from, left);
        if (n <= 0)
            break;
        from += n;
        left -= (size_t)n;
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (fd >= 0 && left == 0)
        read_trace(path);
    close(fd);
    free(file);
    return 0;
}
