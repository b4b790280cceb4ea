/* bind.h - the generators of `oneseed draw` as its values: what they hold, and draws that are made in blocks.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DRAW_BIND_H
#define ONESEED_DRAW_BIND_H

#include "dialects/numpy_method.h" /* numpy_method */
#include "draw/ndarray.h"          /* struct array */
#include "oneseed.h"               /* oneseed_numpy, oneseed_python */

/* Each begins with a struct holder: the values that it holds come first. */
struct bitgen { /* held: the SeedSequence, or None */
    struct holder holder;
    oneseed_numpy state;
    bool seeded; /* false: the global generator before np.random.seed() */
    /* For --explain: the words before `counted`, and the state there. */
    oneseed_numpy counted;
    value n_words; /* None: not known */
    const char *label;
};

struct facade { /* RandomState, Generator. Held: the bit generator */
    struct holder holder;
};

struct seedseq { /* held: entropy, spawn key */
    struct holder holder;
    uint32_t *words;
    size_t n_words, n_key; /* entropy, then the key */
    uint32_t n_pool;
    int64_t n_spawned;
};

struct python_object {
    struct holder holder;
    oneseed_python state, counted;
    bool seeded;
    value n_words;
    const char *label;
};

struct torch_draw;

/* A draw of n values of one kind: all that it takes to make the next block. */
struct plan {
    oneseed_numpy *state;
    const numpy_method *method; /* or one of the next: */
    void (*fill_f64)(oneseed_numpy *state, double *out, size_t n);
    void (*fill_f32)(oneseed_numpy *state, float *out, size_t n);
    oneseed_status (*fill_integers)(oneseed_numpy *state, oneseed_numpy_dtype dtype, uint64_t first, uint64_t last,
                                    void *out, size_t n);
    bool raw;
    const struct torch_draw *torch;
    numpy_number parameters[3];
    uint64_t first, last;
    dtype dt;
};
void plan_fill(const struct plan *plan, void *out, size_t n);
/* The array of that shape, or where the expression may be lazy and it is large a V_STREAM. */
value plan_run(vm *m, value bitgen, const struct plan *plan, int n_dims, const int64_t *shape);

/* Threads that a draw of many values is made on. */
oneseed_threads draw_threads(const vm *m);
/* How many values are drawn together: a few thousand, or so many that threads are worth it. */
size_t block_length(const vm *m);

struct stream { /* held: the bit generator */
    struct holder holder;
    struct plan plan;
    int n_dims;
    int64_t shape[MAX_DIMS];
    uint64_t n, n_done;
    bool is_slow; /* threads are worth it */
};
/* Blocks of a stream: at most max_n more, how many there are. 0: the end. */
size_t stream_next(vm *m, struct stream *stream, void *out, size_t max_n);

static inline struct bitgen *bitgen_of(value v)
{
    return (struct bitgen *)(void *)v.u.o;
}
static inline struct python_object *python_of(value v)
{
    return (struct python_object *)(void *)v.u.o;
}
static inline struct seedseq *seedseq_of(value v)
{
    return (struct seedseq *)(void *)v.u.o;
}
static inline struct stream *stream_of(value v)
{
    return (struct stream *)(void *)v.u.o;
}

void *new_holder(vm *m, value_kind kind, size_t nbytes, size_t n_held);
value new_bitgen(vm *m, oneseed_numpy_kind kind, value seed);
value new_facade(vm *m, value_kind kind, value bitgen);
/* The bit generator of a RandomState or Generator (or the argument itself); drawing from one that has no seed is an error. */
struct bitgen *drawing(vm *m, value facade);
value new_python(vm *m);
value new_seedseq(vm *m, value entropy, value key, uint32_t n_pool);
void seed_from_seedseq(vm *m, struct bitgen *b, oneseed_numpy_kind kind, value seedseq);
/* RandomState's seeding, of an int or an array. */
void seed_legacy(vm *m, struct bitgen *b, value seed);
void bitgen_set_state(vm *m, value v, value state);
value bitgen_state(vm *m, value v);
/* Before a state is replaced: counts the words that were drawn. */
void account(vm *m, struct bitgen *b);
void account_python(vm *m, struct python_object *p);
/* What --explain says of all generators, line by line. */
void explain(vm *m, struct writer *w);
/* Registers a generator for --explain. */
void keep(vm *m, value v, const char *label);

/* The words of an integer >= 0, least significant first, at least one. */
uint32_t *integer_words(vm *m, value v, size_t *n_out);
/* Indices of n items after a shuffle by the library, put to use on a list or along the first axis of an array. */
void reorder(vm *m, value v, const int64_t *order, size_t n);
struct array *take_rows(vm *m, struct array *a, const int64_t *order, size_t n, int axis);

/* Shared by both of NumPy's APIs (bind_numpy.c). */
value draw_method(vm *m, value self, const struct arguments *arguments, const numpy_method *method);
void refuse(vm *m, oneseed_status status, bool of_arrays);
int size_shape(vm *m, value size, int64_t shape[MAX_DIMS]); /* -1: None */
value draw_integers(vm *m, value self, const struct arguments *arguments, bool legacy);
/* n for no size: the product. */
size_t shape_n(vm *m, int n_dims, const int64_t *shape);

/* The state that a random_state stands for: an int a new one, None np.random's. */
oneseed_numpy *sklearn_state(vm *m, value random_state);
/* bind_sklearn_data.c */
value sklearn_make_regression(vm *m, value self, const struct arguments *arguments);
value sklearn_make_classification(vm *m, value self, const struct arguments *arguments);

const struct native *holder_methods(value v);
void put_holder(struct writer *w, value v);
void put_holder_str(struct writer *w, value v);
void put_stream(struct writer *w, struct stream *stream); /* as repr */

void put_splitter(struct writer *w, value v);

extern const struct native splitter_methods[], bitgen_methods[], legacy_methods[], generator_methods[],
    seedseq_methods[], python_methods[];

#endif
