/* test_trace_mutations.c - damaged traces: cut, flipped, exchanged. Nothing crashes, nothing false is read.
 * SPDX-License-Identifier: MIT
 *
 *     test_trace_mutations [N [SEED]]      N mutations (default 100000; 5000 under a sanitizer)
 *
 * What is read from a damaged trace is refused with one line, or it is what was written: all of it, or, when the
 * damaged file is that of a killed process, the front of each lane. */
#include <setjmp.h> /* jmp_buf, which cmocka needs */
#include <stdarg.h> /* va_list, which cmocka needs */
#include <stddef.h> /* size_t */
#include <stdint.h> /* uint64_t */

#include <cmocka.h> /* assert_* */

#include <fcntl.h>    /* open */
#include <stdbool.h>  /* bool */
#include <stdio.h>    /* snprintf */
#include <stdlib.h>   /* strtoull */
#include <string.h>   /* memcpy */
#include <sys/mman.h> /* memfd_create */
#include <sys/stat.h> /* fstat */
#include <unistd.h>   /* pwrite */

#include "common/bits.h"   /* rotl64 */
#include "common/digest.h" /* digest_state */
#include "trace/compare.h" /* trace_compare */
#include "trace/format.h"  /* HEADER_LOST */
#include "trace/reader.h"  /* trace_open */
#include "trace/writer.h"  /* trace_writer_open */

#if defined(__SANITIZE_ADDRESS__)
enum { DEFAULT_MUTATIONS = 5000 };
#else
enum { DEFAULT_MUTATIONS = 100000 };
#endif

static uint64_t n_mutations = DEFAULT_MUTATIONS, seed = 1;

/* xorshift64*: the same mutations for the same seed. */
static uint64_t next_random(void)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return seed * 0x2545f4914f6cdd1du;
}

static uint64_t below(uint64_t n)
{
    return next_random() % n;
}

/* What is in a lane: a chain over its events, and its value after each. */
enum { MAX_LANES = 8, MAX_EVENTS = 20000 };
struct content {
    size_t n_lanes;
    char names[MAX_LANES][32];
    uint64_t n_events[MAX_LANES];
    uint64_t *chains[MAX_LANES];
};

struct sample {
    uint8_t *bytes;
    size_t nbytes;
    bool complete;
    int fd; /* an unnamed file that holds the bytes, or a mutation of them */
    char path[32];
    struct content content;
};

static struct oneseed_event event_at(uint64_t i, const uint64_t *sites)
{
    struct oneseed_event event = {.kind = (uint8_t)(1 + i % 13), .site = sites[i % 5], .words = i * i, .out = {i, ~i}};
    if (i % 3 == 0)
        event.in[1] = i + 1;
    return event;
}

static void write_sample(const char *folder, uint64_t n_events, bool complete)
{
    int error;
    struct trace_writer *writer = trace_writer_open(folder, "0", &error);
    assert_non_null(writer);
    uint64_t sites[5];
    for (int i = 0; i < 5; i++) {
        char text[32];
        int n = snprintf(text, sizeof text, "/a.py:%d:f", i);
        sites[i] = trace_intern(writer, text, (size_t)n);
    }
    const char *const threads[3] = {"", "t1", "t1.1"};
    for (size_t lane = 0; lane < 3; lane++) {
        struct trace_lane_writer *to = trace_writer_lane(writer, threads[lane]);
        for (uint64_t i = 0; i < n_events; i++) {
            struct oneseed_event event = event_at(i + lane * 100, sites);
            trace_emit(to, &event);
            if (i == n_events / 2 && lane == 1)
                trace_lane_rest(to);
        }
    }
    if (complete)
        trace_writer_close(writer);
    else
        trace_writer_abandon(writer);
}

/* Reads everything; false when it is refused, which must be with one line that names the path. */
static bool read_all(const char *path, struct content *content, const struct sample *original)
{
    char error[512] = "";
    struct trace *trace = trace_open(path, error, sizeof error);
    bool good = trace != NULL;
    *content = (struct content){.n_lanes = trace ? trace_n_lanes(trace) : 0};
    assert_true(content->n_lanes <= MAX_LANES);
    for (size_t i = 0; i < content->n_lanes && good; i++) {
        struct trace_cursor *cursor = trace_lane_open(trace, i);
        struct oneseed_event event;
        uint64_t chain = 0, n = 0;
        int status;
        snprintf(content->names[i], sizeof content->names[i], "%s", trace_lane_name(trace, i));
        content->chains[i] = original ? NULL : calloc(MAX_EVENTS, sizeof(uint64_t));
        while ((status = trace_cursor_next(cursor, &event)) == 1) {
            const char *site = trace_text(trace, event.site);
            if (site)
                assert_true(digest_id(site, strlen(site)) == event.site);
            else /* a text at the end of an open block can be lost without a trace */
                assert_false(trace_lane_complete(trace, i));
            const uint64_t fields[] = {chain,       event.kind,   event.flags,  event.words, event.in[0],
                                       event.in[1], event.out[0], event.out[1], event.site};
            chain = digest64(fields, sizeof fields);
            assert_true(n < MAX_EVENTS);
            if (!original) {
                content->chains[i][n] = chain;
            } else if (strncmp(content->names[i], "0/?", 3) == 0) {
                assert_false(trace_lane_complete(trace, i)); /* the text that was lost is the thread's name */
            } else {
                size_t lane = 0;
                while (lane < original->content.n_lanes &&
                       strcmp(original->content.names[lane], content->names[i]) != 0)
                    lane++;
                assert_true(lane < original->content.n_lanes);
                assert_true(n < original->content.n_events[lane]);
                assert_true(original->content.chains[lane][n] == chain);
            }
            n++;
        }
        content->n_events[i] = n;
        good = status == 0;
        if (good)
            assert_true(n == trace_lane_events(trace, i));
        else
            snprintf(error, sizeof error, "%s", trace_error(trace));
        trace_cursor_close(cursor);
    }
    if (!good) {
        assert_true(strncmp(error, path, strlen(path)) == 0 && error[strlen(path)] == ':');
        assert_null(strchr(error, '\n'));
    }
    trace_close(trace);
    return good;
}

static void make_sample(struct sample *sample, uint64_t n_events, bool complete)
{
    char folder[] = "/tmp/oneseed-test.XXXXXX", path[64], command[64];
    assert_non_null(mkdtemp(folder));
    write_sample(folder, n_events, complete);
    snprintf(path, sizeof path, "%s/0.trace", folder);
    int fd = open(path, O_RDONLY);
    struct stat status;
    assert_int_equal(fstat(fd, &status), 0);
    sample->nbytes = (size_t)status.st_size;
    sample->bytes = malloc(sample->nbytes);
    assert_true(pread(fd, sample->bytes, sample->nbytes, 0) == (ssize_t)sample->nbytes);
    close(fd);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    assert_int_equal(system(command), 0);
    sample->complete = complete;
    sample->fd = memfd_create("sample", 0);
    snprintf(sample->path, sizeof sample->path, "/proc/self/fd/%d", sample->fd);
    assert_true(pwrite(sample->fd, sample->bytes, sample->nbytes, 0) == (ssize_t)sample->nbytes);
    assert_true(read_all(sample->path, &sample->content, NULL));
    assert_int_equal(sample->content.n_lanes, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(sample->content.n_events[i] == n_events);
}

/* What the mutation of now has changed. */
enum { MAX_CHANGES = 8 };
static struct change {
    size_t offset, nbytes;
} changes[MAX_CHANGES];
static size_t n_changes;

static void note_change(size_t offset, size_t nbytes)
{
    assert_true(n_changes < MAX_CHANGES);
    changes[n_changes++] = (struct change){offset, nbytes};
}

static void put(const struct sample *sample, const uint8_t *bytes, size_t nbytes, size_t offset)
{
    note_change(offset, nbytes);
    assert_true(pwrite(sample->fd, bytes, nbytes, (off_t)offset) == (ssize_t)nbytes);
}

/* Places where something is, more often than the zeroes between them. */
static size_t some_place(const struct sample *sample)
{
    size_t n_blocks = (sample->nbytes + TRACE_BLOCK_NBYTES - 1) / TRACE_BLOCK_NBYTES;
    switch (below(3)) {
    case 0:
        return below(n_blocks * TRACE_ENTRY_NBYTES);
    case 1: {
        size_t at = below(n_blocks) * TRACE_BLOCK_NBYTES + below(512);
        return at < sample->nbytes ? at : sample->nbytes - 1;
    }
    default:
        return below(sample->nbytes);
    }
}

static void flip_bits(const struct sample *sample)
{
    for (uint64_t n = 1 + below(3) * below(3); n > 0; n--) {
        size_t at = some_place(sample);
        uint8_t flipped = (uint8_t)(sample->bytes[at] ^ 1u << below(8));
        put(sample, &flipped, 1, at);
    }
}

static void overwrite(const struct sample *sample)
{
    size_t at = some_place(sample), n = 1 + below(16);
    uint8_t bytes[16];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(below(3) == 0 ? 0 : next_random());
    put(sample, bytes, n < sample->nbytes - at ? n : sample->nbytes - at, at);
}

static void truncate_file(const struct sample *sample)
{
    size_t nbytes =
        below(4) == 0 ? below(sample->nbytes / TRACE_BLOCK_NBYTES + 1) * TRACE_BLOCK_NBYTES : below(sample->nbytes);
    assert_int_equal(ftruncate(sample->fd, (off_t)nbytes), 0);
    note_change(nbytes, sample->nbytes - nbytes);
}

/* Two blocks, two directory entries, or two pieces of 64 bytes change places. */
static void swap(const struct sample *sample)
{
    size_t unit = below(3) == 0 ? TRACE_BLOCK_NBYTES : TRACE_ENTRY_NBYTES;
    size_t n_units = unit == TRACE_BLOCK_NBYTES || below(2) ? sample->nbytes / unit : 8;
    size_t a = below(n_units) * unit, b = below(n_units) * unit;
    put(sample, sample->bytes + a, unit, b);
    put(sample, sample->bytes + b, unit, a);
}

static void restore(const struct sample *sample)
{
    for (size_t i = 0; i < n_changes; i++) {
        const struct change *change = &changes[i];
        assert_true(pwrite(sample->fd, sample->bytes + change->offset, change->nbytes, (off_t)change->offset) ==
                    (ssize_t)change->nbytes);
    }
    n_changes = 0;
}

static bool ignore(void *context, const struct trace_difference *difference)
{
    (void)context;
    (void)difference;
    return true;
}

static void compare_with_sample(const struct sample *whole, const struct sample *damaged)
{
    char error[512] = "";
    struct trace *a = trace_open(whole->path, error, sizeof error), *b = trace_open(damaged->path, error, sizeof error);
    struct trace_totals totals;
    assert_non_null(a);
    if (b)
        (void)trace_compare(a, b, NULL, ignore, NULL, &totals, error, sizeof error);
    trace_close(a);
    trace_close(b);
}

static bool is_whole(const struct content *read, const struct content *original)
{
    if (read->n_lanes != original->n_lanes)
        return false;
    for (size_t i = 0; i < read->n_lanes; i++) {
        if (read->n_events[i] != original->n_events[i])
            return false;
    }
    return true;
}

static void mutations(void **state)
{
    (void)state;
    static const struct {
        uint64_t n_events;
        bool complete;
    } shapes[4] = {{60, true}, {60, false}, {3000, true}, {3000, false}};
    static struct sample samples[4];
    for (size_t i = 0; i < 4; i++)
        make_sample(&samples[i], shapes[i].n_events, shapes[i].complete);
    void (*const kinds[])(const struct sample *) = {flip_bits, flip_bits, overwrite, truncate_file, swap};
    uint64_t n_refused = 0, n_whole = 0, n_front = 0;
    for (uint64_t i = 0; i < n_mutations; i++) {
        size_t which = below(20) == 0 ? 2 + below(2) : below(2); /* the large ones take ten times as long */
        const struct sample *sample = &samples[which];
        kinds[below(5)](sample);
        struct content content;
        if (!read_all(sample->path, &content, sample)) {
            n_refused++;
        } else if (is_whole(&content, &sample->content)) {
            n_whole++;
        } else {
            n_front++;
            /* Two flips may take `complete` away and a block's entry too; one alone is always seen. */
            struct trace *trace = trace_open(sample->path, (char[512]){0}, 512);
            assert_false(sample->complete && trace_lane_complete(trace, 0));
            trace_close(trace);
        }
        if (i % 16 == 0)
            compare_with_sample(&samples[which ^ 1], sample);
        restore(sample);
    }
    print_message("%llu mutations: %llu refused, %llu read whole, %llu read in front of the damage\n",
                  (unsigned long long)n_mutations, (unsigned long long)n_refused, (unsigned long long)n_whole,
                  (unsigned long long)n_front);
    assert_true(n_refused > n_mutations / 10 && n_whole > 0);
    for (size_t i = 0; i < 4; i++) {
        assert_true(read_all(samples[i].path, &(struct content){0}, &samples[i]));
        for (size_t lane = 0; lane < samples[i].content.n_lanes; lane++)
            free(samples[i].content.chains[lane]);
        free(samples[i].bytes);
        close(samples[i].fd);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        n_mutations = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10) | 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(mutations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
