/* tracefile.c - one trace file as the reader sees it: checked headers, checked directory entries, bounded reads.
 * SPDX-License-Identifier: MIT */
#include "trace/tracefile.h"

#include <errno.h>    /* errno, EINTR */
#include <inttypes.h> /* PRIu64 */
#include <stdarg.h>   /* va_list */
#include <stdio.h>    /* vsnprintf */
#include <string.h>   /* memset, memcmp, strerror */
#include <unistd.h>   /* pread */

static int fault_at(struct trace_fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Gives -1, for `return fault_at(...)`. */
static int fault_at(struct trace_fault *fault, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    return -1;
}

long read_at(int fd, void *buffer, size_t nbytes, uint64_t offset)
{
    size_t done = 0;
    while (done < nbytes) {
        ssize_t n = pread(fd, (uint8_t *)buffer + done, nbytes - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        done += (size_t)n;
    }
    return (long)done;
}

static bool all_zero(const uint8_t *bytes, size_t nbytes)
{
    uint8_t any = 0;
    for (size_t i = 0; i < nbytes; i++)
        any |= bytes[i];
    return any == 0;
}

static int parse_header(const uint8_t *header, uint64_t file_nbytes, uint32_t chunk, struct trace_header *header_out,
                        struct trace_fault *fault)
{
    if (memcmp(header, trace_magic, sizeof trace_magic) != 0)
        return chunk == 0 ? fault_at(fault, "not a oneseed trace: its first bytes are others")
                          : fault_at(fault, "damaged: header of chunk %" PRIu32, chunk);
    uint32_t version = load32_le(header + HEADER_VERSION);
    if (load32_le(header + HEADER_CHECK) != trace_header_check(header))
        return fault_at(fault, "damaged: header of chunk %" PRIu32 ": checksum", chunk);
    if (version != TRACE_VERSION)
        return fault_at(fault, "version %" PRIu32 " of the trace format: this oneseed reads version %u", version,
                        TRACE_VERSION);
    if (load32_le(header + HEADER_BLOCK_NBYTES) != TRACE_BLOCK_NBYTES || load32_le(header + HEADER_CHUNK) != chunk)
        return fault_at(fault, "damaged: header of chunk %" PRIu32 ": it belongs elsewhere", chunk);
    uint64_t lane = load64_le(header + HEADER_LANE);
    uint32_t part = load32_le(header + HEADER_PART);
    if (chunk != 0)
        return header_out->lane == lane && header_out->part == part
                   ? 1
                   : fault_at(fault, "damaged: header of chunk %" PRIu32 ": it belongs to another file", chunk);
    uint32_t complete = load32_le(header + HEADER_COMPLETE);
    uint32_t lost = load32_le(header + HEADER_LOST);
    if (complete > 1 || lost > 4095)
        return fault_at(fault, "damaged: header: end part");
    if (complete == 1) {
        if (load32_le(header + HEADER_END_CHECK) != trace_header_end_check(header))
            return fault_at(fault, "damaged: header: end part: checksum");
        uint64_t nbytes = load64_le(header + HEADER_NBYTES);
        if (nbytes != file_nbytes)
            return fault_at(fault, "%s: it has %" PRIu64 " of its %" PRIu64 " bytes",
                            file_nbytes < nbytes ? "truncated" : "damaged", file_nbytes, nbytes);
    }
    *header_out = (struct trace_header){.complete = complete == 1, .lost = (int)lost, .lane = lane, .part = part};
    if (header_out->complete)
        header_out->n_blocks = load32_le(header + HEADER_N_BLOCKS);
    return 1;
}

int trace_directory_read(int fd, uint64_t file_nbytes, uint32_t chunk, uint8_t directory[TRACE_BLOCK_NBYTES],
                         struct trace_header *header_out, struct trace_fault *fault)
{
    uint64_t offset = (uint64_t)chunk * TRACE_CHUNK * TRACE_BLOCK_NBYTES;
    if (chunk != 0 && offset >= file_nbytes)
        return 0;
    long n = read_at(fd, directory, TRACE_BLOCK_NBYTES, offset);
    if (n < 0)
        return fault_at(fault, "cannot be read: %s", strerror(errno));
    memset(directory + n, 0, TRACE_BLOCK_NBYTES - (size_t)n);
    bool whole = (size_t)n == TRACE_BLOCK_NBYTES;
    if (all_zero(directory, TRACE_BLOCK_NBYTES)) {
        if (chunk == 0) {
            *header_out = (struct trace_header){.empty = true};
            return 1;
        }
        return header_out->complete ? fault_at(fault, "damaged: header of chunk %" PRIu32 ": it is empty", chunk) : 0;
    }
    int status = parse_header(directory, file_nbytes, chunk, header_out, fault);
    if (status == 1 && !whole)
        return fault_at(fault, "truncated: within the directory of chunk %" PRIu32, chunk);
    return status;
}

int trace_entry_parse(const uint8_t *entry, uint64_t number, uint64_t file_nbytes, struct trace_block *block_out,
                      struct trace_fault *fault)
{
    uint32_t state = load32_le(entry + ENTRY_STATE);
    if (state == BLOCK_FREE)
        return 0;
    if (state > BLOCK_SEALED || load32_le(entry + ENTRY_OPEN_CHECK) != trace_entry_open_check(entry, number))
        return fault_at(fault, "damaged: directory entry of block %" PRIu64, number);
    struct trace_block block = {
        .number = number,
        .sealed = state == BLOCK_SEALED,
        .lane = load64_le(entry + ENTRY_LANE),
        .first = load64_le(entry + ENTRY_FIRST),
        .sequence = load32_le(entry + ENTRY_SEQUENCE),
        .used_nbytes = TRACE_BLOCK_NBYTES,
    };
    if (block.sealed) {
        block.used_nbytes = 8u * load16_le(entry + ENTRY_USED);
        block.n_records = load16_le(entry + ENTRY_N_RECORDS);
        block.n_draws = load16_le(entry + ENTRY_N_DRAWS);
        block.n_ops = load16_le(entry + ENTRY_N_OPS);
        block.n_files = load16_le(entry + ENTRY_N_FILES);
        block.digest[0] = load64_le(entry + ENTRY_DIGEST);
        block.digest[1] = load64_le(entry + ENTRY_DIGEST + 8);
        if (load32_le(entry + ENTRY_SEAL_CHECK) != trace_entry_seal_check(entry, number) ||
            block.used_nbytes > TRACE_BLOCK_NBYTES || block.n_records > block.used_nbytes / 8 ||
            block.n_draws + block.n_ops + block.n_files > block.n_records)
            return fault_at(fault, "damaged: directory entry of block %" PRIu64 ": seal", number);
    }
    if (number * TRACE_BLOCK_NBYTES + block.used_nbytes > file_nbytes)
        return fault_at(fault, "truncated: block %" PRIu64 " is cut off", number);
    *block_out = block;
    return 1;
}

int trace_entry_read(int fd, uint64_t number, uint64_t file_nbytes, struct trace_block *block_out,
                     struct trace_fault *fault)
{
    uint8_t entry[TRACE_ENTRY_NBYTES];
    uint64_t directory = number / TRACE_CHUNK * TRACE_CHUNK * TRACE_BLOCK_NBYTES;
    long n = read_at(fd, entry, sizeof entry, directory + number % TRACE_CHUNK * TRACE_ENTRY_NBYTES);
    if (n < 0)
        return fault_at(fault, "cannot be read: %s", strerror(errno));
    if ((size_t)n != sizeof entry)
        return fault_at(fault, "truncated: directory entry of block %" PRIu64, number);
    return trace_entry_parse(entry, number, file_nbytes, block_out, fault);
}

int trace_block_read(int fd, const struct trace_block *block, uint8_t data[TRACE_BLOCK_NBYTES],
                     struct trace_fault *fault)
{
    long n = read_at(fd, data, block->used_nbytes, block->number * TRACE_BLOCK_NBYTES);
    if (n < 0)
        return fault_at(fault, "cannot be read: %s", strerror(errno));
    if ((size_t)n != block->used_nbytes)
        return fault_at(fault, "truncated: block %" PRIu64 " is cut off", block->number);
    if (block->sealed) {
        uint64_t digest[2];
        digest128(data, block->used_nbytes, digest);
        if (digest[0] != block->digest[0] || digest[1] != block->digest[1])
            return fault_at(fault, "damaged: block %" PRIu64 ": checksum", block->number);
        if (block->used_nbytes < TRACE_BLOCK_NBYTES)
            memset(data + block->used_nbytes, 0, TRACE_BLOCK_NBYTES - block->used_nbytes);
    }
    return 0;
}

/* Length of a record in units of 8 bytes, by its mask. */
static unsigned mask_length(unsigned mask)
{
    unsigned length = 1;
    for (unsigned bits = mask & (FIELD_SITE | FIELD_NAME | FIELD_GENERATOR | FIELD_WORDS | FIELD_BYTES); bits != 0;
         bits &= bits - 1)
        length++;
    return length + (mask & FIELD_IN ? 2 : 0) + (mask & FIELD_OUT ? 2 : 0);
}

static const uint8_t *take_u64(const uint8_t *from, unsigned mask, unsigned field, uint64_t *value_out)
{
    bool there = (mask & field) != 0;
    *value_out = there ? load64_le(from) : 0;
    return from + (there ? 8 : 0);
}

static const uint8_t *take_pair(const uint8_t *from, unsigned mask, unsigned field, uint64_t value_out[2])
{
    bool there = (mask & field) != 0;
    value_out[0] = there ? load64_le(from) : 0;
    value_out[1] = there ? load64_le(from + 8) : 0;
    return from + (there ? 16 : 0);
}

int trace_record_decode(const struct trace_block *block, const uint8_t *data, uint32_t at,
                        struct oneseed_event *event_out, struct trace_fault *fault)
{
    if (at + 8 > TRACE_BLOCK_NBYTES)
        return 0;
    const uint8_t *record = data + at;
    uint32_t head = load32_le(record);
    if (head == 0 && load32_le(record + 4) == 0)
        return 0;
    unsigned kind = head & 0xff, flags = head >> 8 & 0xff, mask = head >> 16 & 0xff, length = head >> 24;
    if (kind == 0 || mask > 127 || length != mask_length(mask) || at + 8 * length > TRACE_BLOCK_NBYTES)
        return fault_at(fault, "damaged: record at byte %" PRIu32 " of its block", at);
    if (!block->sealed &&
        load32_le(record + 4) !=
            trace_event_check(head, record + 8, 8 * length - 8, trace_block_salt(block->lane, block->sequence), at))
        return fault_at(fault, "damaged: record at byte %" PRIu32 " of its block: checksum", at);
    event_out->kind = (uint8_t)kind;
    event_out->flags = (uint8_t)flags;
    const uint8_t *field = record + 8;
    field = take_u64(field, mask, FIELD_SITE, &event_out->site);
    field = take_u64(field, mask, FIELD_NAME, &event_out->name);
    field = take_u64(field, mask, FIELD_GENERATOR, &event_out->generator);
    field = take_u64(field, mask, FIELD_WORDS, &event_out->words);
    field = take_u64(field, mask, FIELD_BYTES, &event_out->bytes);
    field = take_pair(field, mask, FIELD_IN, event_out->in);
    (void)take_pair(field, mask, FIELD_OUT, event_out->out);
    return (int)(8 * length);
}

uint32_t trace_records_count(const struct trace_block *block, const uint8_t *data)
{
    struct oneseed_event event;
    struct trace_fault fault;
    uint32_t at = 0, n = 0;
    for (int length; (length = trace_record_decode(block, data, at, &event, &fault)) > 0; n++)
        at += (uint32_t)length;
    return n;
}
