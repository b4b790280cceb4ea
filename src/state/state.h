/* state.h - states of random generators: from any of their files, into any of their forms, and how far apart they are.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_STATE_STATE_H
#define ONESEED_STATE_STATE_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint64_t */

#include "oneseed.h" /* oneseed_numpy */

enum { STATE_MAX_FILE_NBYTES = 16 << 20, STATE_ERROR_NBYTES = 512, STATE_MAX_MEMBERS = 128, STATE_NAME_NBYTES = 160 };

/* Whose state it is: that says what the cached normal belongs to, and how doubles are made of words. */
enum state_source {
    STATE_PYTHON,          /* random.getstate() */
    STATE_NUMPY,           /* RandomState and numpy.random: get_state() */
    STATE_NUMPY_GENERATOR, /* a bit generator, Generator */
    STATE_TORCH,           /* torch.get_rng_state() */
    STATE_TORCH_CUDA       /* torch.cuda.get_rng_state(): a seed and an offset */
};

struct state {
    enum state_source source;
    oneseed_numpy generator; /* the engine; has_gauss and gauss: the cached normal of whichever source; not for CUDA */
    uint64_t seed;           /* torch's initial seed, CUDA's key */
    uint64_t offset;         /* CUDA: words drawn of each thread */
    bool has_float_normal;   /* torch's second cache, which no version of torch fills */
    float float_normal;
};

/* "python", "numpy", "numpy-generator", "torch", "torch-cuda". */
const char *state_source_name(enum state_source source);
/* "MT19937", "PCG64", ...; "Philox4x32-10" for CUDA. */
const char *state_engine_name(const struct state *state);

/* Reads a state of any form that docs/oneseed-state.1 names. member: which one, of a file with several (NULL: its only one). False, and
 * one line in error: it is none. Never writes outside *state and error. */
bool state_read(const uint8_t *bytes, size_t n, const char *member, struct state *state,
                char error[STATE_ERROR_NBYTES]);

/* Every state of a file, in its order, with the name that state_read() takes as member; "" when the file is one state and nothing
 * else. False, and one line in error: there is none. */
typedef void state_visit(void *context, const char *name, const struct state *state);
bool state_visit_all(const uint8_t *bytes, size_t n, state_visit *visit, void *context, char error[STATE_ERROR_NBYTES]);

/* What torch.save() wrote, as far as the first bytes tell: only such a file may be larger than STATE_MAX_FILE_NBYTES. */
bool state_is_checkpoint(const uint8_t *bytes, size_t n);

/* torch's blob, 5056 bytes, or 5048 of old releases, which had no cache for floats. NULL, or why it is none. CUDA's has 16 bytes, and up to
 * 2.0 800 before them. */
enum { TORCH_BLOB_NBYTES = 5056, TORCH_OLD_BLOB_NBYTES = 5048, TORCH_CUDA_NBYTES = 16, TORCH_OLD_CUDA_NBYTES = 816 };
const char *state_from_torch(const uint8_t *bytes, size_t n, struct state *state);
void state_to_torch(const struct state *state, uint8_t bytes_out[TORCH_BLOB_NBYTES]);

/* --- Into other forms ---------------------------------------------------------------------------------------------- */

enum state_target {
    TARGET_PYTHON,
    TARGET_NUMPY,
    TARGET_NUMPY_GENERATOR,
    TARGET_TORCH,
    TARGET_JSON,
    TARGET_C,
    TARGET_CXX,
    N_TARGETS
};

extern const char *const state_target_names[N_TARGETS];

/* The target's bytes in *bytes_out, to be freed, and in losses_out what it cannot hold, as lines, or "". False: it cannot hold the state, and
 * losses_out says why. */
bool state_write(const struct state *state, enum state_target target, uint8_t **bytes_out, size_t *n_out,
                 char losses_out[STATE_ERROR_NBYTES]);

/* --- What a state tells -------------------------------------------------------------------------------------------- */

/* The seed of an MT19937, found by going back from its words. */
enum { SEED_MAX_WORDS = 500 };
struct state_seed {
    enum { SEED_UNKNOWN, SEED_WORD, SEED_ARRAY } kind; /* init_genrand; init_by_array */
    uint32_t words[SEED_MAX_WORDS];
    size_t n_words;
    uint64_t n_drawn; /* words since */
    char text[256];   /* the text that Python was seeded with, or "" */
    bool is_text;
};
/* How far back is looked, unless said otherwise. */
enum { STATE_SEED_WORDS = 20000000 };
/* Goes back at most max_words. */
void state_find_seed(const oneseed_mt19937 *state, uint64_t max_words, struct state_seed *seed_out);
/* The block before, as far as the recurrence tells it: the lower 31 bits of the first word are those of a block that was drawn into. */
void state_previous_block(uint32_t words[624]);

/* How many words must be drawn from `from` until it goes on as `to` does. */
enum state_distance_kind { DISTANCE_FOUND, DISTANCE_TOO_FAR, DISTANCE_OTHER };
struct state_distance {
    enum state_distance_kind kind;
    bool negative;     /* `to` comes before `from` */
    uint64_t words[4]; /* lowest first */
    char why[160];     /* DISTANCE_OTHER: one line */
};
/* max_words: as far as is searched, where there is no closed form; false: no memory. */
bool state_distance(const struct state *from, const struct state *to, uint64_t max_words, struct state_distance *out);

/* The next word (bits_out: 32 or 64) and the next double as the source's own random() gives it. */
uint64_t state_next_word(struct state *state, unsigned *bits_out);
double state_next_double(struct state *state);

/* Decimal digits of a number of n_words words of 64 bits, at most 4. */
const char *state_decimal(char out[80], const uint64_t *words, size_t n_words);

#endif
