/* writer.c - appends events to the trace file of one process, from any thread, without locks on the hot path.
 * SPDX-License-Identifier: MIT
 *
 * A thread writes to its own block, mapped shared, and commits each record by one 8-byte store. The lock is taken for a
 * new block, a new text and a new lane only. A signal handler that interrupts its holder is refused instead of waiting.
 *
 * docs/trace-format.md is the specification of the file. */
#include "trace/writer.h"

#include <errno.h>       /* errno, E* */
#include <stdatomic.h>   /* atomic_* */
#include <stdbool.h>     /* bool */
#include <string.h>      /* memcpy, strlen, strchr, stpcpy */
#include <sys/syscall.h> /* SYS_nanosleep */
#include <time.h>        /* struct timespec */
#include <unistd.h>      /* syscall */

#include "common/bits.h"    /* store64_le, word64_le */
#include "common/digest.h"  /* digest_id, digest128 */
#include "trace/format.h"   /* HEADER_*, ENTRY_*, FIELD_* */
#include "trace/growfile.h" /* growfile_*, memory_map */
#include "trace/ownlock.h"  /* ownlock_* */

enum {
    N_BUCKETS = 256,
    MAX_OPEN_LANES = 4096, /* each holds two mappings; a process may have 65530 */
    ARENA_NBYTES = 65536,
    FIRST_SET_SLOTS = 1024,
    PUNCH_NBYTES = 4096, /* smaller holes give nothing back */
    WAIT_ROUNDS = 50,    /* of 100 µs, at close, for a thread in the middle of an event */
};

enum writer_state { RECORDING, CLOSED, STOPPED, ABANDONED };

/* A block that is being written: its bytes, and the directory that its entry is in. */
struct open_block {
    uint8_t *data; /* NULL: none */
    uint8_t *directory;
    uint64_t number, salt;
    uint32_t used;
    uint16_t n_records, n_draws, n_ops, n_files;
};

struct trace_lane_writer {
    atomic_uint busy;  /* taken by the thread for an event, by close for the seal */
    bool taken;        /* by close */
    uint32_t sequence; /* blocks so far */
    struct open_block block;
    _Atomic uint64_t n_events;
    uint64_t thread; /* id of its text */
    struct trace_writer *writer;
    struct trace_lane_writer *next;
};

/* Open addressing; ids are never 0. Readers take no lock: a slot goes from 0 to its id once. */
struct id_set {
    size_t n_slots, n_used;
    _Atomic uint64_t slots[];
};

struct trace_writer {
    _Atomic int state; /* enum writer_state */
    _Atomic int lost;
    struct ownlock lock;
    struct growfile file;
    uint64_t n_blocks; /* taken from the file, directories included */
    uint8_t *header;   /* the first directory */
    struct open_block texts;
    uint32_t texts_sequence;
    uint64_t n_texts;
    _Atomic(struct id_set *) ids;
    uint32_t n_open_lanes;
    uint8_t *arena; /* where the next lane lies */
    size_t arena_left;
    _Atomic(struct trace_lane_writer *) lanes[N_BUCKETS]; /* lists that only grow, at their heads */
};

static void commit32(uint8_t *to, uint32_t value)
{
    atomic_store_explicit((_Atomic uint32_t *)(void *)to, word32_le(value), memory_order_release);
}

static void commit64(uint8_t *to, uint64_t value)
{
    atomic_store_explicit((_Atomic uint64_t *)(void *)to, word64_le(value), memory_order_release);
}

static bool recording(struct trace_writer *writer)
{
    return atomic_load(&writer->state) == RECORDING;
}

static void lose(struct trace_writer *writer, int error)
{
    atomic_store(&writer->lost, error);
    commit32(writer->header + HEADER_LOST, (uint32_t)error);
}

static void stop(struct trace_writer *writer, int error)
{
    int expected = RECORDING;
    if (atomic_compare_exchange_strong(&writer->state, &expected, STOPPED))
        lose(writer, error);
}

/* --- Blocks ------------------------------------------------------------------------------------------------------- */

static void fill_header(uint8_t *header, uint64_t lane, uint32_t part, uint32_t chunk)
{
    memcpy(header + HEADER_MAGIC + 1, trace_magic + 1, sizeof trace_magic - 1);
    store32_le(header + HEADER_VERSION, TRACE_VERSION);
    store32_le(header + HEADER_BLOCK_NBYTES, TRACE_BLOCK_NBYTES);
    store64_le(header + HEADER_LANE, lane);
    store32_le(header + HEADER_PART, part);
    store32_le(header + HEADER_CHUNK, chunk);
    /* The check is over the whole magic; its first byte is stored last, so that a header is there or is not. */
    uint8_t copy[HEADER_CHECK];
    memcpy(copy, header, sizeof copy);
    copy[HEADER_MAGIC] = trace_magic[0];
    store32_le(header + HEADER_CHECK, trace_header_check(copy));
    atomic_store_explicit((_Atomic uint8_t *)(void *)header, trace_magic[0], memory_order_release);
}

/* Takes the next block of the file. Under the lock. 0, or an errno value. */
static int take_block(struct trace_writer *writer, uint64_t lane, uint32_t sequence, uint64_t first,
                      struct open_block *block_out)
{
    uint64_t number = writer->n_blocks;
    bool new_chunk = number % TRACE_CHUNK == 0;
    if (new_chunk)
        number++;
    int error = growfile_reserve(&writer->file, (number + 1) * TRACE_BLOCK_NBYTES);
    if (error != 0)
        return error;
    uint64_t chunk = number / TRACE_CHUNK;
    uint8_t *directory =
        growfile_map(&writer->file, chunk * TRACE_CHUNK * TRACE_BLOCK_NBYTES, TRACE_BLOCK_NBYTES, false);
    if (!directory)
        return errno;
    uint8_t *data = growfile_map(&writer->file, number * TRACE_BLOCK_NBYTES, TRACE_BLOCK_NBYTES, sequence > 0);
    if (!data) {
        error = errno;
        memory_unmap(directory, TRACE_BLOCK_NBYTES);
        return error;
    }
    if (new_chunk)
        fill_header(directory, load64_le(writer->header + HEADER_LANE), load32_le(writer->header + HEADER_PART),
                    (uint32_t)chunk);
    writer->n_blocks = number + 1;
    uint8_t *entry = directory + number % TRACE_CHUNK * TRACE_ENTRY_NBYTES;
    store64_le(entry + ENTRY_LANE, lane);
    store64_le(entry + ENTRY_FIRST, first);
    store32_le(entry + ENTRY_SEQUENCE, sequence);
    store32_le(entry + ENTRY_OPEN_CHECK, trace_entry_open_check(entry, number));
    commit32(entry + ENTRY_STATE, BLOCK_OPEN);
    *block_out = (struct open_block){.directory = directory, .number = number};
    block_out->salt = trace_block_salt(lane, sequence);
    block_out->data = data;
    return 0;
}

/* Forgets first and unmaps then: a fork between the two leaves a mapping too much in the child, never one too few. */
static void drop_block(struct open_block *block)
{
    uint8_t *data = block->data, *directory = block->directory;
    block->data = NULL;
    block->directory = NULL;
    atomic_signal_fence(memory_order_seq_cst);
    memory_unmap(data, TRACE_BLOCK_NBYTES);
    memory_unmap(directory, TRACE_BLOCK_NBYTES);
}

/* Needs no lock: the block and its entry are the caller's own. */
static void seal_block(struct open_block *block)
{
    uint8_t *entry = block->directory + block->number % TRACE_CHUNK * TRACE_ENTRY_NBYTES;
    uint64_t digest[2];
    digest128(block->data, block->used, digest);
    store16_le(entry + ENTRY_USED, (uint16_t)(block->used / 8));
    store16_le(entry + ENTRY_N_RECORDS, block->n_records);
    store16_le(entry + ENTRY_N_DRAWS, block->n_draws);
    store16_le(entry + ENTRY_N_OPS, block->n_ops);
    store16_le(entry + ENTRY_N_FILES, block->n_files);
    store64_le(entry + ENTRY_DIGEST, digest[0]);
    store64_le(entry + ENTRY_DIGEST + 8, digest[1]);
    store32_le(entry + ENTRY_SEAL_CHECK, trace_entry_seal_check(entry, block->number));
    commit32(entry + ENTRY_STATE, BLOCK_SEALED);
}

/* The end of a block that will not be filled, or not soon. Under the lock. */
static void give_back_tail(struct trace_writer *writer, uint64_t number, uint32_t used)
{
    uint64_t from = (uint64_t)(used + PUNCH_NBYTES - 1) / PUNCH_NBYTES * PUNCH_NBYTES;
    if (from + PUNCH_NBYTES <= TRACE_BLOCK_NBYTES)
        growfile_punch(&writer->file, number * TRACE_BLOCK_NBYTES + from, TRACE_BLOCK_NBYTES - from);
}

/* --- Texts -------------------------------------------------------------------------------------------------------- */

static size_t id_set_nbytes(size_t n_slots)
{
    return sizeof(struct id_set) + n_slots * sizeof(uint64_t);
}

static bool id_set_has(struct id_set *set, uint64_t id)
{
    for (size_t i = id & (set->n_slots - 1);; i = (i + 1) & (set->n_slots - 1)) {
        uint64_t found = atomic_load_explicit(&set->slots[i], memory_order_acquire);
        if (found == id)
            return true;
        if (found == 0)
            return false;
    }
}

/* There is room. Under the lock. */
static void id_set_put(struct id_set *set, uint64_t id)
{
    size_t i = id & (set->n_slots - 1);
    while (atomic_load_explicit(&set->slots[i], memory_order_relaxed) != 0)
        i = (i + 1) & (set->n_slots - 1);
    atomic_store_explicit(&set->slots[i], id, memory_order_release);
    set->n_used++;
}

/* Doubles the set at half full. The old one stays mapped, others may be reading it; all old ones together are smaller
 * than the new one. Without memory the set stays as it is until it is nearly full. */
static bool id_set_grow(struct trace_writer *writer)
{
    struct id_set *set = atomic_load(&writer->ids);
    if (set->n_used < set->n_slots / 2)
        return true;
    struct id_set *larger = memory_map(id_set_nbytes(set->n_slots * 2));
    if (!larger)
        return set->n_used < set->n_slots - 1;
    larger->n_slots = set->n_slots * 2;
    for (size_t i = 0; i < set->n_slots; i++) {
        uint64_t id = atomic_load_explicit(&set->slots[i], memory_order_relaxed);
        if (id != 0)
            id_set_put(larger, id);
    }
    atomic_store(&writer->ids, larger);
    return true;
}

static void seal_texts(struct trace_writer *writer)
{
    if (!writer->texts.data)
        return;
    seal_block(&writer->texts);
    drop_block(&writer->texts);
}

/* Under the lock. */
static void write_text(struct trace_writer *writer, uint64_t id, const char *text, uint32_t text_nbytes)
{
    if (!id_set_grow(writer)) {
        stop(writer, ENOMEM);
        return;
    }
    uint32_t record_nbytes = trace_text_record_nbytes(text_nbytes);
    struct open_block *block = &writer->texts;
    if (block->data && block->used + record_nbytes > TRACE_BLOCK_NBYTES)
        seal_texts(writer);
    if (!block->data) {
        int error = take_block(writer, 0, writer->texts_sequence, writer->n_texts, block);
        if (error != 0) {
            stop(writer, error);
            return;
        }
        writer->texts_sequence++;
    }
    uint8_t *record = block->data + block->used;
    memcpy(record + 8, text, text_nbytes);
    commit64(record, (uint64_t)text_nbytes | id << 32);
    block->used += record_nbytes;
    block->n_records++;
    writer->n_texts++;
    id_set_put(atomic_load(&writer->ids), id);
}

uint64_t trace_intern(struct trace_writer *writer, const char *text, size_t text_nbytes)
{
    if (text_nbytes > TRACE_TEXT_MAX)
        text_nbytes = TRACE_TEXT_MAX;
    uint64_t id = digest_id(text, text_nbytes);
    if (!writer || id_set_has(atomic_load_explicit(&writer->ids, memory_order_acquire), id) || !recording(writer))
        return id;
    int saved_errno = errno;
    if (ownlock_take(&writer->lock)) {
        if (recording(writer) && !id_set_has(atomic_load(&writer->ids), id))
            write_text(writer, id, text, (uint32_t)text_nbytes);
        ownlock_give(&writer->lock);
    }
    errno = saved_errno;
    return id;
}

/* --- Lanes -------------------------------------------------------------------------------------------------------- */

/* Under the lock. */
static struct trace_lane_writer *find_or_make_lane(struct trace_writer *writer, uint64_t thread)
{
    struct trace_lane_writer *first = atomic_load(&writer->lanes[thread % N_BUCKETS]);
    for (struct trace_lane_writer *lane = first; lane; lane = lane->next) {
        if (lane->thread == thread)
            return lane;
    }
    size_t nbytes = (sizeof(struct trace_lane_writer) + 127) / 128 * 128; /* no cache line of two lanes */
    if (writer->arena_left < nbytes) {
        writer->arena = memory_map(ARENA_NBYTES);
        writer->arena_left = writer->arena ? ARENA_NBYTES : 0;
        if (!writer->arena)
            return NULL;
    }
    struct trace_lane_writer *lane = (struct trace_lane_writer *)(void *)writer->arena;
    writer->arena += nbytes;
    writer->arena_left -= nbytes;
    lane->thread = thread;
    lane->writer = writer;
    lane->next = first;
    atomic_store(&writer->lanes[thread % N_BUCKETS], lane);
    return lane;
}

struct trace_lane_writer *trace_writer_lane(struct trace_writer *writer, const char *thread)
{
    if (!writer)
        return NULL;
    uint64_t id = trace_intern(writer, thread, strlen(thread));
    int saved_errno = errno;
    struct trace_lane_writer *lane = NULL;
    if (ownlock_take(&writer->lock)) {
        lane = find_or_make_lane(writer, id);
        ownlock_give(&writer->lock);
    }
    errno = saved_errno;
    return lane;
}

/* Seals what the lane has. The caller holds lane->busy. */
static void seal_lane(struct trace_lane_writer *lane)
{
    if (!lane->block.data)
        return;
    seal_block(&lane->block);
    drop_block(&lane->block);
}

static void next_block(struct trace_lane_writer *lane)
{
    struct trace_writer *writer = lane->writer;
    int saved_errno = errno;
    bool had_one = lane->block.data != NULL;
    seal_lane(lane);
    if (ownlock_take(&writer->lock)) {
        if (!recording(writer)) {
            writer->n_open_lanes -= (uint32_t)had_one;
        } else if (!had_one && writer->n_open_lanes >= MAX_OPEN_LANES) {
            lose(writer, EAGAIN);
        } else {
            uint64_t first = atomic_load_explicit(&lane->n_events, memory_order_relaxed);
            int error = take_block(writer, lane->thread, lane->sequence, first, &lane->block);
            if (error != 0)
                stop(writer, error);
            else
                lane->sequence++;
            writer->n_open_lanes += (uint32_t)(error == 0) - (uint32_t)had_one;
        }
        ownlock_give(&writer->lock);
    } else {
        lose(writer, EDEADLK);
    }
    errno = saved_errno;
}

static void append(struct trace_lane_writer *lane, const struct oneseed_event *event)
{
    uint8_t body[TRACE_EVENT_MAX_NBYTES];
    unsigned mask = 0, nbytes = 0;
    const uint64_t single[5] = {event->site, event->name, event->generator, event->words, event->bytes};
    for (unsigned i = 0; i < 5; i++) {
        if (single[i] != 0) {
            mask |= 1u << i;
            store64_le(body + nbytes, single[i]);
            nbytes += 8;
        }
    }
    const uint64_t *const pairs[2] = {event->in, event->out};
    for (unsigned i = 0; i < 2; i++) {
        if ((pairs[i][0] | pairs[i][1]) != 0) {
            mask |= (unsigned)FIELD_IN << i;
            store64_le(body + nbytes, pairs[i][0]);
            store64_le(body + nbytes + 8, pairs[i][1]);
            nbytes += 16;
        }
    }
    struct open_block *block = &lane->block;
    if (!block->data || block->used + 8 + nbytes > TRACE_BLOCK_NBYTES) {
        next_block(lane);
        if (!block->data)
            return;
    }
    uint32_t head = trace_event_head(event->kind, event->flags, mask, 1 + nbytes / 8);
    uint8_t *record = block->data + block->used;
    memcpy(record + 8, body, nbytes);
    commit64(record, head | (uint64_t)trace_event_check(head, body, nbytes, block->salt, block->used) << 32);
    block->used += 8 + nbytes;
    block->n_records++;
    block->n_draws = (uint16_t)(block->n_draws + (event->kind == ONESEED_EVENT_DRAW));
    block->n_ops = (uint16_t)(block->n_ops + (event->kind == ONESEED_EVENT_OP));
    block->n_files = (uint16_t)(block->n_files + trace_event_is_input_file(event));
    atomic_store_explicit(&lane->n_events, atomic_load_explicit(&lane->n_events, memory_order_relaxed) + 1,
                          memory_order_relaxed);
}

void trace_emit(struct trace_lane_writer *lane, const struct oneseed_event *event)
{
    if (!lane || atomic_exchange(&lane->busy, 1) != 0)
        return;
    if (recording(lane->writer))
        append(lane, event);
    atomic_store_explicit(&lane->busy, 0, memory_order_release);
}

uint64_t trace_lane_count(const struct trace_lane_writer *lane)
{
    return lane ? atomic_load_explicit(&lane->n_events, memory_order_relaxed) : 0;
}

void trace_lane_rest(struct trace_lane_writer *lane)
{
    if (!lane || atomic_exchange(&lane->busy, 1) != 0)
        return;
    struct trace_writer *writer = lane->writer;
    if (recording(writer) && lane->block.data) {
        int saved_errno = errno;
        uint64_t number = lane->block.number;
        uint32_t used = lane->block.used;
        seal_lane(lane);
        if (ownlock_take(&writer->lock)) {
            writer->n_open_lanes--;
            give_back_tail(writer, number, used);
            ownlock_give(&writer->lock);
        }
        errno = saved_errno;
    }
    atomic_store_explicit(&lane->busy, 0, memory_order_release);
}

/* --- The file ----------------------------------------------------------------------------------------------------- */

static int make_path(char path[4096], const char *folder, const char *lane, uint32_t part)
{
    char digits[12];
    size_t n_digits = 0;
    for (uint32_t rest = part; rest != 0; rest /= 10)
        digits[n_digits++] = (char)('0' + rest % 10);
    if (lane[0] == '\0' || strchr(lane, '/'))
        return EINVAL;
    if (strlen(folder) + 1 + strlen(lane) + 1 + n_digits + sizeof TRACE_SUFFIX > 4096)
        return ENAMETOOLONG;
    char *to = stpcpy(path, folder);
    *to++ = '/';
    to = stpcpy(to, lane);
    if (n_digits != 0)
        *to++ = '+';
    while (n_digits != 0)
        *to++ = digits[--n_digits];
    memcpy(to, TRACE_SUFFIX, sizeof TRACE_SUFFIX);
    return 0;
}

static int create_file(struct trace_writer *writer, const char *folder, const char *lane)
{
    enum { MAX_PARTS = 10000 }; /* a program that execs itself for ever does not search for ever */
    int error = EEXIST;
    uint32_t part = 0;
    for (; error == EEXIST && part < MAX_PARTS; part++) {
        error = make_path(writer->file.path, folder, lane, part);
        if (error == 0)
            error = growfile_create(&writer->file);
    }
    if (error != 0)
        return error;
    error = growfile_reserve(&writer->file, TRACE_BLOCK_NBYTES);
    if (error == 0) {
        writer->header = growfile_map(&writer->file, 0, TRACE_BLOCK_NBYTES, false);
        error = writer->header ? 0 : errno;
    }
    if (error != 0) {
        growfile_remove(&writer->file);
        return error;
    }
    fill_header(writer->header, digest_id(lane, strlen(lane)), part - 1, 0);
    writer->n_blocks = 1;
    return 0;
}

static int open_writer(struct trace_writer *writer, const char *folder, const char *lane)
{
    struct id_set *ids = memory_map(id_set_nbytes(FIRST_SET_SLOTS));
    if (!ids)
        return ENOMEM;
    ids->n_slots = FIRST_SET_SLOTS;
    atomic_store(&writer->ids, ids);
    int error = create_file(writer, folder, lane);
    if (error != 0)
        memory_unmap(ids, id_set_nbytes(FIRST_SET_SLOTS));
    return error;
}

struct trace_writer *trace_writer_open(const char *folder, const char *lane, int *error_out)
{
    int saved_errno = errno;
    struct trace_writer *writer = memory_map(sizeof *writer);
    *error_out = writer ? open_writer(writer, folder, lane) : ENOMEM;
    if (*error_out != 0) {
        memory_unmap(writer, sizeof *writer);
        writer = NULL;
    } else {
        trace_intern(writer, lane, strlen(lane));
    }
    errno = saved_errno;
    return writer;
}

int trace_writer_lost(const struct trace_writer *writer)
{
    return atomic_load(&writer->lost);
}

/* Takes the lane from its thread, which may be in the middle of an event. */
static bool take_lane(struct trace_lane_writer *lane)
{
    for (int round = 0; round < WAIT_ROUNDS; round++) {
        if (atomic_exchange(&lane->busy, 1) == 0)
            return true;
        syscall(SYS_nanosleep, &(struct timespec){.tv_nsec = 100000}, NULL);
    }
    return false;
}

/* Without the lock, which a thread in the middle of an event may be waiting for. */
static void take_all_lanes(struct trace_writer *writer)
{
    for (size_t i = 0; i < N_BUCKETS; i++) {
        for (struct trace_lane_writer *lane = atomic_load(&writer->lanes[i]); lane; lane = lane->next)
            lane->taken = take_lane(lane);
    }
}

/* Seals the lanes that were taken, and lets them go. One whose thread did not let go keeps its block: it is readable
 * unsealed. Under the lock. */
static void seal_all(struct trace_writer *writer)
{
    for (size_t i = 0; i < N_BUCKETS; i++) {
        for (struct trace_lane_writer *lane = atomic_load(&writer->lanes[i]); lane; lane = lane->next) {
            if (!lane->taken)
                continue;
            if (lane->block.data) {
                if (lane->block.number != writer->n_blocks - 1)
                    give_back_tail(writer, lane->block.number, lane->block.used);
                seal_lane(lane);
                writer->n_open_lanes--;
            }
            lane->taken = false;
            atomic_store_explicit(&lane->busy, 0, memory_order_release);
        }
    }
    if (writer->texts.data && writer->texts.number != writer->n_blocks - 1)
        give_back_tail(writer, writer->texts.number, writer->texts.used);
    seal_texts(writer);
}

/* The directory entries that no block has. Under the lock. */
static void give_back_entries(struct trace_writer *writer)
{
    uint64_t n_entries = writer->n_blocks % TRACE_CHUNK;
    if (n_entries != 0)
        give_back_tail(writer, writer->n_blocks - n_entries, (uint32_t)n_entries * TRACE_ENTRY_NBYTES);
}

/* Where the file can be cut: behind the last block's records if it is sealed, else behind the last block. */
static uint64_t end_of_file(struct trace_writer *writer)
{
    uint64_t last = writer->n_blocks - 1;
    uint64_t end = writer->n_blocks * TRACE_BLOCK_NBYTES;
    if (last % TRACE_CHUNK == 0)
        return end;
    uint8_t *directory = writer->header;
    if (last >= TRACE_CHUNK)
        directory = growfile_map(&writer->file, last / TRACE_CHUNK * TRACE_CHUNK * TRACE_BLOCK_NBYTES,
                                 TRACE_BLOCK_NBYTES, false);
    if (!directory)
        return end;
    const uint8_t *entry = directory + last % TRACE_CHUNK * TRACE_ENTRY_NBYTES;
    if (load32_le(entry + ENTRY_STATE) == BLOCK_SEALED)
        end = last * TRACE_BLOCK_NBYTES + 8u * load16_le(entry + ENTRY_USED);
    if (directory != writer->header)
        memory_unmap(directory, TRACE_BLOCK_NBYTES);
    return end;
}

/* Under the lock. */
static void complete_file(struct trace_writer *writer)
{
    uint64_t nbytes = end_of_file(writer);
    give_back_entries(writer);
    if (growfile_trim(&writer->file, nbytes) != 0)
        nbytes = writer->file.reserved_nbytes;
    store64_le(writer->header + HEADER_NBYTES, nbytes);
    store32_le(writer->header + HEADER_N_BLOCKS, (uint32_t)writer->n_blocks);
    store32_le(writer->header + HEADER_END_CHECK, trace_header_end_check(writer->header));
    commit32(writer->header + HEADER_COMPLETE, 1);
    growfile_close(&writer->file);
}

void trace_writer_close(struct trace_writer *writer)
{
    if (!writer)
        return;
    int state = atomic_load(&writer->state);
    do {
        if (state != RECORDING && state != STOPPED)
            return;
    } while (!atomic_compare_exchange_weak(&writer->state, &state, CLOSED));
    int saved_errno = errno;
    take_all_lanes(writer);
    if (ownlock_take(&writer->lock)) {
        seal_all(writer);
        complete_file(writer);
        ownlock_give(&writer->lock);
    }
    errno = saved_errno;
}

void trace_writer_resume(struct trace_writer *writer)
{
    if (!writer)
        return;
    int saved_errno = errno;
    if (ownlock_take(&writer->lock)) {
        if (atomic_load(&writer->state) == CLOSED) {
            commit32(writer->header + HEADER_COMPLETE, 0);
            /* The directory's free entries were given back to the disk. */
            uint64_t directory = (writer->n_blocks - 1) / TRACE_CHUNK * TRACE_CHUNK * TRACE_BLOCK_NBYTES;
            int error = growfile_refill(&writer->file, directory, TRACE_BLOCK_NBYTES);
            if (error != 0)
                lose(writer, error);
            atomic_store(&writer->state, error == 0 ? RECORDING : STOPPED);
        }
        ownlock_give(&writer->lock);
    }
    errno = saved_errno;
}

void trace_writer_abandon(struct trace_writer *writer)
{
    if (!writer || atomic_exchange(&writer->state, ABANDONED) == ABANDONED)
        return;
    int saved_errno = errno;
    for (size_t i = 0; i < N_BUCKETS; i++) {
        for (struct trace_lane_writer *lane = atomic_load(&writer->lanes[i]); lane; lane = lane->next)
            drop_block(&lane->block);
    }
    drop_block(&writer->texts);
    growfile_close(&writer->file);
    errno = saved_errno;
}
