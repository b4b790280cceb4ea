/* _core_lines.h - what a line of the user's code reads and binds: the plan of a code object.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CORE_LINES_H
#define ONESEED_CORE_LINES_H

#include "_core.h" /* PyObject, bool */

enum mention_base {
    MENTION_FAST,   /* a local variable, also one in a cell */
    MENTION_GLOBAL, /* looked up in the globals */
    MENTION_NAME,   /* looked up in the locals of a module or class body, then in the globals */
};

enum { MENTION_ATTRIBUTES = 4 };

/* A name with the attributes that are read from it at once: `self.model.weight`. */
struct mention {
    enum mention_base base;
    int slot;       /* FAST: among the frame's variables (before 3.12) */
    PyObject *name; /* strong */
    unsigned n_attributes;
    PyObject *attributes[MENTION_ATTRIBUTES]; /* strong */
    bool reads, binds;
    unsigned line; /* index of the line, while the plan is made */
};

struct plan_line {
    int line;
    unsigned first_mention, n_mentions;
    bool changes;  /* it stores into a subscript: what it mentions may have changed within */
    uint64_t site; /* interned, 0 until the line is executed */
    uint64_t name; /* interned, 0 until then */
    uint64_t cost; /* of all digests of this line so far */
};

struct plan {
    bool follow;       /* false: library code, and comprehensions, which are part of the line around them */
    bool is_generator; /* also a coroutine */
    bool is_watched;   /* its local events are on (from 3.12) */
    unsigned n_lines, n_mentions;
    struct plan_line *lines; /* by ascending line */
    struct mention *mentions;
};

/* How the plan maker treats an opcode; numbers are given by recorder/lines.py. */
enum opcode_action {
    ACTION_OTHER = 0,
    ACTION_NEUTRAL,
    ACTION_EXTENDED_ARG,
    ACTION_LOAD_FAST,
    ACTION_STORE_FAST,
    ACTION_LOAD_DEREF,
    ACTION_STORE_DEREF,
    ACTION_LOAD_GLOBAL,
    ACTION_STORE_GLOBAL,
    ACTION_LOAD_NAME,
    ACTION_STORE_NAME,
    ACTION_LOAD_ATTR,
    ACTION_STORE_ATTR,
    ACTION_LOAD_FAST_LOAD_FAST,
    ACTION_STORE_FAST_LOAD_FAST,
    ACTION_STORE_FAST_STORE_FAST,
    ACTION_STORE_SUBSCRIPT,
    ACTION_LOAD_CONST,
    ACTION_JUMP,
    N_ACTIONS,
};

struct opcode_table {
    unsigned char actions[256];
    int global_shift, attribute_shift; /* low bits of the argument that are flags */
    bool cells_apart;                  /* before 3.11: cells are counted by themselves, behind the locals */
};

/* Makes the plan of `code`; NULL without memory. Never raises. */
struct plan *plan_make(PyObject *code, const struct opcode_table *table);
void plan_free(struct plan *plan);

/* The line's entry, NULL when the code has no instruction on that line. */
struct plan_line *plan_find(const struct plan *plan, int line);

/* "names read > names bound", without a terminator in `text`; the number of bytes. */
size_t plan_describe(const struct plan *plan, const struct plan_line *line, char *text, size_t nbytes);

#endif
