/* _core_digest.h - digests of Python values: equal in two processes exactly when the values are (docs/locating.md).
 * SPDX-License-Identifier: MIT
 *
 * No code of the program is run: values are read through the storage of their built-in types, and the fields of an
 * object through the descriptors that its class keeps for its dict and slots. No address, no hash enters a digest. With
 * the GIL held; nothing is raised and a current exception is kept. */
#ifndef ONESEED_CORE_DIGEST_H
#define ONESEED_CORE_DIGEST_H

#include "_core.h" /* PyObject, uint64_t */

/* How far a digest goes. What lies beyond is replaced by its type and length, and ONESEED_FLAG_TRUNCATED is set. */
struct core_digest_limits {
    unsigned depth;   /* levels of containers and fields below the value */
    uint32_t n_nodes; /* values visited */
    uint64_t
        block_nbytes; /* one buffer or text up to this size is read whole; of a longer one, blocks; 0: none of it */
    uint64_t total_nbytes; /* bytes of buffers and text in all */
};

/* What core_digest() uses. */
extern const struct core_digest_limits core_digest_limits;

enum { CORE_DIGEST_PATH = 16, CORE_DIGEST_BUFFER = 512 };

/* Text that is being digested: full buffers are folded into their first 16 bytes. */
struct core_sink {
    size_t n;
    unsigned char bytes[CORE_DIGEST_BUFFER];
};

/* A digest of several values in turn. */
struct core_walk {
    struct core_digest_limits limits; /* of the present value; nodes and total bytes are what is left */
    unsigned depth;
    uint8_t flags;
    uint64_t cost;                    /* work done so far: about one per value and per 64 bytes */
    PyObject *path[CORE_DIGEST_PATH]; /* containers around the present value: a cycle ends there */
    struct core_sink sink;
};

void core_walk_begin(struct core_walk *walk);
/* Adds a number: a position, a tag. */
void core_walk_number(struct core_walk *walk, uint64_t number);
/* Adds a value; NULL is "no value", unlike None. */
void core_walk_value(struct core_walk *walk, PyObject *value, const struct core_digest_limits *limits);
/* Adds a function, class or module by its name alone. */
void core_walk_name(struct core_walk *walk, PyObject *value);
/* The digest, never 0. */
void core_walk_end(struct core_walk *walk, uint64_t out[2]);

/* Digest of one value; adds ONESEED_FLAG_TRUNCATED or ONESEED_FLAG_UNDIGESTED to `flags`. */
void core_digest(PyObject *value, uint64_t out[2], uint8_t *flags);

/* How the tracer treats a value: what is only a name for code is not worth a walk. */
enum core_value_role { CORE_VALUE_DATA, CORE_VALUE_CODE, CORE_VALUE_INSTANCE };
enum core_value_role core_value_role(PyObject *value);

/* The field `name` of an object, a module or a class itself, read from its dict or slot without running code: a new
 * reference, or NULL when there is no such field. *method: `name` is something that a class made in
 * Python defines (a method, a property). */
PyObject *core_field(PyObject *object, PyObject *name, bool *method);

/* Adds digest() to the module. */
int core_digest_exec(PyObject *module);

#endif
