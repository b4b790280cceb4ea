/* check.h - does a command repeat, and if not, why: the work behind `oneseed check`, which prints it.
 * SPDX-License-Identifier: MIT
 *
 * docs/check.md says how the answer is found. */
#ifndef ONESEED_CHECK_H
#define ONESEED_CHECK_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

/* The closed list of channels by which a difference comes in. */
enum channel {
    CHANNEL_UNSEEDED_RNG,
    CHANNEL_CHILD_PROCESS,
    CHANNEL_HASH_SEED,
    CHANNEL_ADDRESS,
    CHANNEL_OS_ENTROPY,
    CHANNEL_CLOCK,
    CHANNEL_FILE_ORDER,
    CHANNEL_FILE_CONTENT,
    CHANNEL_ENVIRONMENT,
    CHANNEL_THREAD_ORDER,
    CHANNEL_OP,
    CHANNEL_UNINITIALISED_MEMORY,
    CHANNEL_CONTROLLED, /* number of channels that a control can close; those below have none */
    CHANNEL_DRAW_COUNT = CHANNEL_CONTROLLED,
    CHANNEL_UNKNOWN,
    CHANNEL_NONE = -1,
};
const char *channel_name(enum channel channel);
enum channel channel_parse(const char *name); /* CHANNEL_NONE when it is none */

/* A set of channels that have a control. */
typedef unsigned channel_set;
#define CHANNEL_BIT(channel) (1u << (unsigned)(channel))
#define CHANNEL_SET_TEXT     256
/* "hash-seed,clock" in the order of the enum; buffer of CHANNEL_SET_TEXT bytes. */
const char *channel_set_text(channel_set set, char *buffer);

enum check_verdict { CHECK_SAME, CHECK_DIVERGED, CHECK_INCONCLUSIVE };
enum check_evidence { EVIDENCE_TRACE, EVIDENCE_EXPERIMENT };
enum { EXPERIMENTS_AUTO = -1 }; /* else the number of experiments that may be made */

/* Where in the user's code. Texts are NULL when unknown. */
struct check_place {
    char *file;    /* absolute path */
    unsigned line; /* from 1, 0 = unknown */
    char *function;
    char *through; /* the library frame directly behind the user's: file:line:function */
    char *source;  /* the text of the line */
};

struct check_cause {
    enum channel channel;
    enum channel trigger; /* draw-count: what decided the number of draws; else CHANNEL_NONE */
    enum check_evidence evidence;
    struct check_place place;
    char *message; /* one sentence, the user's terms */
    char *fix;
    char *generator; /* NULL when none is involved */
    char *op;
    char *lane;
    uint64_t event;            /* number within the lane */
    uint64_t words_a, words_b; /* drawn in the first and the second run (draw-count) */
    char *proof;               /* the experiment in words, NULL without one */
    /* What it reaches when everything else is controlled. */
    unsigned stdout_line; /* first differing line of stdout, 0 = stdout equal */
    bool status_differs;
    char **files;
    size_t n_files;
    uint64_t draws, ops;
};

struct check_vary_answer {
    char *what; /* `hash-seed`, `threads` ... */
    bool depends;
    char *problem; /* why it could not be varied; NULL */
};

/* Runs under chosen controls, to find or to prove a cause. */
struct check_experiment {
    channel_set controls;
    unsigned runs;
    bool equal;
};

/* The lanes of the first two runs that differ (else of the first two), for pictures. */
enum { CHECK_LANES = 64, CHECK_CELLS = 100, CHECK_KINDS = 14 };
const char *check_kind_name(unsigned kind); /* of an event: `draw`, `op` ... */
struct check_cell {
    uint64_t kinds[CHECK_KINDS]; /* number of events by kind */
    uint64_t differences;
};
struct check_bar { /* a lane in one run */
    bool there, complete;
    uint64_t n_events;
    uint64_t started; /* number of the event in the parent's lane that made it */
    struct check_cell cells[CHECK_CELLS];
    size_t n_cells; /* of equal width; never more than events */
};
struct check_lane {
    char *name, *parent; /* parent: NULL for the command */
    struct check_bar a, b;
    uint64_t n_differences; /* counted up to a million in all */
    const char *first_kind; /* `result`, `input`, `count`, `path`, `ended`, `lane`; NULL when nothing differs */
    uint64_t first_a, first_b;
    char *first_what, *first_site; /* `draw normal of numpy.global`; the site's text, NULL when unknown */
};

struct check_options {
    char *const *argv;
    unsigned runs;        /* >= 2 */
    uint64_t seed;        /* root seed of the controlled runs */
    const char *vary;     /* comma-separated names, NULL = none */
    char *const *outputs; /* n_outputs globs; relative ones belong to the working directory */
    size_t n_outputs;
    int experiments;
    double timeout_s; /* per run, 0 = none */
    uint64_t stop_after_events;
    bool fresh_directory;
    bool show_output;
    bool record_ops;
    bool timeline; /* fill in result.timeline: one pass over two traces */
    void (*progress)(void *context, const char *what, double elapsed_s, uint64_t n_events);
    void *progress_context;
};

struct check_result {
    enum check_verdict verdict;
    char *reason;  /* inconclusive: why, one line; NULL */
    char *problem; /* the check could not be made at all (command not found ...): one line, NULL */
    unsigned runs, distinct;
    int status;       /* exit status of the first run */
    bool stopped;     /* --stop-after ended it */
    char *last_words; /* last line of its stderr, when it failed; NULL = none */
    bool interrupted;
    struct check_cause *causes; /* first one first */
    size_t n_causes;
    uint64_t draws, ops, inputs, lanes; /* compared; inputs = files read */
    size_t n_files;                     /* written files compared */
    bool has_controlled;
    channel_set controlled; /* the controls of the proof */
    enum check_verdict controlled_verdict;
    char **notes;
    size_t n_notes;
    struct check_vary_answer *varied;
    size_t n_varied;
    unsigned total_runs;
    struct check_experiment *experiments; /* in the order in which they were made */
    size_t n_experiments;
    unsigned stdout_line; /* of the two runs that differ: the first line that does, 0 = none */
    char *stdout_a, *stdout_b;
    struct check_lane *timeline; /* lanes in tree order */
    size_t n_timeline, n_timeline_left_out;
};

/* Always fills *result_out; check_result_clear frees what it holds. */
void check_run(const struct check_options *options, struct check_result *result_out);
void check_result_clear(struct check_result *result);

#endif
