/* _core_draws.h - known generators, and the draw event that is being gathered.
 * SPDX-License-Identifier: MIT
 *
 * Where a generator stands is known without reading its state: a digest of the seed or state that it was given last, and
 * the words drawn since. Consecutive draws of one function from one generator at one site are gathered in one event. It
 * is emitted when another draw, any other event of the thread, the thread's end or the 4096th draw comes. */
#ifndef ONESEED_CORE_DRAWS_H
#define ONESEED_CORE_DRAWS_H

#include "_core.h" /* PyObject */

struct core_generator {
    const void *object; /* identity, not a reference */
    uint64_t name;      /* interned */
    uint64_t origin[2]; /* digest of the seed or state given last */
    uint64_t words;     /* drawn since */
};

/* The generator of an object; `class_name` names it ("python.Random" gives "python.Random#3") when it is new. NULL only
 * without memory. The pointer is valid until the next call. */
struct core_generator *core_generator_of(const void *object, const char *class_name);
/* The same for an object that was just made: whatever was known of that address is void. */
struct core_generator *core_generator_new(const void *object, const char *class_name);
/* Gives the object's generator this name ("python.global"). */
void core_generator_name(const void *object, const char *name);

/* The generator was seeded: `how` is program, os, oneseed or fork (core_set_seeding_as goes before). */
void core_record_seed(struct core_generator *generator, const char *how, const void *value, size_t value_nbytes);

/* One call of a drawing function: begins an event or is gathered in the one that is pending. */
struct core_draw {
    uint64_t function; /* interned */
    uint64_t words;
    uint64_t bytes;
    uint64_t result[2]; /* digest of the result, or the result itself */
    uint8_t flags;
    const void *state; /* before the draw; NULL: the generator's origin and words tell */
    size_t state_nbytes;
};
void core_record_draw(struct core_generator *generator, const struct core_draw *draw);

/* Digest and size of what a drawing function gave: exact for numbers and buffers, else the digest of the value. */
void core_digest_result(PyObject *result, struct core_draw *draw);

/* Seeds that the recorder has derived on this thread so far: a seeding during which it grows was oneseed's. */
unsigned *core_n_derived(void);

/* What each library adds to the module. */
int core_random_exec(PyObject *module);
int core_numpy_exec(PyObject *module);
int core_torch_draws_exec(PyObject *module);

#endif
