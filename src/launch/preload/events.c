/* events.c - the way of an event into the trace file of this process: opened late, closed in order, never in the way.
 * SPDX-License-Identifier: MIT
 *
 * The trace writer bears threads and signal handlers by itself; here is only what comes before it: opening the file, once,
 * and a flag of the thread that keeps a signal handler from waiting for what it has interrupted. */
#include <string.h>      /* strlen */
#include <sys/syscall.h> /* SYS_sched_yield */
#include <unistd.h>      /* syscall */

#include "common/digest.h"        /* digest128, digest_id */
#include "launch/preload/frame.h" /* struct thread_more */
#include "launch/preload/text.h"  /* the command line */
#include "trace/writer.h"         /* trace_emit */

PRELOAD_REAL(syscall);

extern const struct preload_hook __start_preload_hook[] __attribute__((weak, visibility("hidden")));
extern const struct preload_hook __stop_preload_hook[] __attribute__((weak, visibility("hidden")));

enum { COMMAND_NBYTES = 1024 };

static struct {
    struct trace_writer *_Atomic writer;
    struct trace_lane_writer *first_lane; /* made with the file, for the process event */
    _Atomic bool opening;
    _Atomic bool ended;
    _Atomic uint32_t generation; /* of the file */
    uint64_t argv_digest[2];
    char command[COMMAND_NBYTES];
} events;

void preload_digest(const void *bytes, size_t nbytes, uint64_t digest[2])
{
    digest128(bytes, nbytes, digest);
}

void events_digest_argv(char *const argv[], uint64_t digest[2])
{
    struct digest_state state;
    digest_start(&state);
    for (size_t i = 0; argv && argv[i]; i++)
        digest_add(&state, argv[i], strlen(argv[i]) + 1); /* the bytes of /proc/self/cmdline */
    digest128_end(&state, digest);
}

void events_begin(int argc, char **argv)
{
    struct text command = text_in(events.command, sizeof events.command);
    for (int i = 0; i < argc; i++) {
        if (i)
            text_add(&command, " ");
        text_add(&command, argv[i]);
    }
    events_digest_argv(argv, events.argv_digest);
}

void events_moment(enum preload_moment moment, struct preload_thread *self)
{
    for (const struct preload_hook *hook = __start_preload_hook; hook < __stop_preload_hook; hook++)
        if (hook->moment == moment)
            hook->hook(self);
}

/* Opens the file and writes the first event. */
static void open_writer(void)
{
    if (atomic_exchange(&events.opening, true)) {
        while (atomic_load(&events.opening))
            REAL(syscall)(SYS_sched_yield);
        return;
    }
    int error;
    bool is_open = atomic_load(&events.writer) != NULL;
    struct trace_writer *writer =
        is_open ? NULL : trace_writer_open(preload_config("trace"), preload_process.place.lane, &error);
    if (writer) {
        struct oneseed_event event = {
            .kind = ONESEED_EVENT_PROCESS,
            .name = trace_intern(writer, events.command, strlen(events.command)),
            .out = {events.argv_digest[0], events.argv_digest[1]},
        };
        events.first_lane = trace_writer_lane(writer, "");
        trace_emit(events.first_lane, &event);
        atomic_fetch_add(&events.generation, 1);
        atomic_store(&events.writer, writer);
    } else if (!is_open) {
        preload_process.recording = false;
        preload_note("a process could not be recorded: its trace file cannot be made");
    }
    atomic_store(&events.opening, false);
}

/* Gives the writer and raises the thread's flag; NULL, without the flag, when there is nothing to write to. */
static struct trace_writer *begin_writing(struct thread_more *more)
{
    if (!preload_process.recording || !more || more->emitting)
        return NULL;
    more->emitting = true;
    atomic_signal_fence(memory_order_seq_cst);
    struct trace_writer *writer = atomic_load_explicit(&events.writer, memory_order_acquire);
    if (!writer && !atomic_load(&events.ended)) {
        open_writer();
        writer = atomic_load(&events.writer);
    }
    if (!writer)
        more->emitting = false;
    return writer;
}

static void end_writing(struct thread_more *more)
{
    atomic_signal_fence(memory_order_seq_cst);
    more->emitting = false;
}

void events_open(struct preload_thread *self)
{
    struct thread_more *more = lanes_more(self);
    if (begin_writing(more))
        end_writing(more);
}

static struct trace_lane_writer *lane_writer(struct preload_thread *self, struct thread_more *more,
                                             struct trace_writer *writer)
{
    uint32_t generation = atomic_load(&events.generation);
    if (!self->writer || more->writer_generation != generation) {
        self->writer = more->name[0] ? trace_writer_lane(writer, more->name) : events.first_lane;
        more->writer_generation = generation;
    }
    return self->writer;
}

void preload_emit(struct preload_thread *self, const struct oneseed_event *event)
{
    if (!preload_process.recording)
        return;
    int saved = errno;
    struct thread_more *more = lanes_more(self);
    if (more && !more->before_event) {
        more->before_event = 1;
        events_moment(PRELOAD_BEFORE_EVENT, self);
        more->before_event = 0;
    }
    struct trace_writer *writer = begin_writing(more);
    if (writer) {
        trace_emit(lane_writer(self, more, writer), event);
        end_writing(more);
    }
    errno = saved;
}

uint64_t events_count(struct preload_thread *self)
{
    struct thread_more *more = lanes_more(self);
    struct trace_writer *writer = begin_writing(more);
    if (!writer)
        return 0;
    uint64_t n = trace_lane_count(lane_writer(self, more, writer));
    end_writing(more);
    return n;
}

uint64_t preload_intern(const char *text, size_t text_nbytes)
{
    int saved = errno;
    uint64_t id;
    struct thread_more *more = preload_process.recording ? lanes_more(preload_self()) : NULL;
    struct trace_writer *writer = begin_writing(more);
    if (writer) {
        id = trace_intern(writer, text, text_nbytes);
        end_writing(more);
    } else {
        id = digest_id(text, text_nbytes);
    }
    errno = saved;
    return id;
}

void events_close(bool goes_on)
{
    struct trace_writer *writer = atomic_load(&events.writer);
    if (!goes_on)
        atomic_store(&events.ended, true);
    if (writer)
        trace_writer_close(writer);
}

void events_resume(void)
{
    struct trace_writer *writer = atomic_load(&events.writer);
    if (writer)
        trace_writer_resume(writer);
}

void events_end_lane(struct preload_thread *self)
{
    struct thread_more *more = self->more;
    if (self->writer && more && more->writer_generation == atomic_load(&events.generation))
        trace_lane_rest(self->writer);
    self->writer = NULL;
}

void events_after_fork(void)
{
    struct trace_writer *writer = atomic_exchange(&events.writer, NULL);
    if (writer)
        trace_writer_abandon(writer);
    events.first_lane = NULL;
    atomic_store(&events.opening, false);
    atomic_store(&events.ended, false);
    atomic_fetch_add(&events.generation, 1);
}
