/* pickle.h - a reader of Python's pickles that can only build plain data.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STATE_PICKLE_H
#define ONESEED_STATE_PICKLE_H

#include "state/plain.h" /* struct value */

/* Where the storages of torch's files are. Either member may be NULL: then tensors come out as None. */
struct pickle_storages {
    const void *context;
    /* May be NULL: every storage that is asked for, with the bytes of an item, 0 when they are not known. False: no memory. */
    bool (*see)(const void *context, const uint8_t *key, size_t n_key, uint32_t item_nbytes);
    /* The bytes of a storage; false when there is none of that key. */
    bool (*find)(const void *context, const uint8_t *key, size_t n_key, const uint8_t **bytes_out, size_t *n_out);
};

/* Reads one pickle, of any protocol from 0 to 5, that begins at bytes; n_used_out (may be NULL): how long it is. The names that it may
 * ask for are those of pickle_call; they are looked up in a table, never imported. NULL: values->error says why. */
const struct value *pickle_read(struct values *values, const uint8_t *bytes, size_t n,
                                const struct pickle_storages *storages, unsigned depth, size_t *n_used_out);

/* A file of torch.save() as it was before 1.6, and as torch pickles a tensor: five pickles, then the storages. */
const struct value *pickle_read_torch(struct values *values, const uint8_t *bytes, size_t n, unsigned depth);
bool pickle_is_torch(const uint8_t *bytes, size_t n);

/* Is the name known? "module name". */
bool pickle_knows(const struct value *name);
/* What the known function or class makes of its arguments, as data. NULL on an error. */
struct value *pickle_call(struct values *values, const struct value *name, const struct value *arguments,
                          unsigned depth);
/* __setstate__ of an array, a dtype or a known object. */
bool pickle_set_state(struct values *values, struct value *object, const struct value *state);
/* The storage that a persistent id of torch's names, as an array. */
struct value *pickle_storage(struct values *values, const struct value *id, const struct pickle_storages *storages);

#endif
