/* crand.c - the generators of the C library: rand() and random(), which share one state, and the drand48 family.
 * SPDX-License-Identifier: MIT
 *
 * Draws come in masses, so a run of them from one place is one event: their number and a running digest of the values. A
 * generator that the program never seeded is deterministic in C; under the control it is seeded from the root seed all
 * the same, so that its numbers follow the seed and differ between children. */
#include "launch/preload/sources.h" /* caller_kind */

#include <math.h>   /* ldexp */
#include <stdlib.h> /* rand, random, drand48 */
#include <string.h> /* memcpy */

#include "launch/preload/frame.h" /* preload_process.place */

PRELOAD_REAL(rand);
PRELOAD_REAL(srand);
PRELOAD_REAL(random);
PRELOAD_REAL(srandom);
PRELOAD_REAL(initstate);
PRELOAD_REAL(setstate);
PRELOAD_REAL(drand48);
PRELOAD_REAL(lrand48);
PRELOAD_REAL(mrand48);
PRELOAD_REAL(srand48);
PRELOAD_REAL(seed48);
PRELOAD_REAL(lcong48);

enum seeding { UNSEEDED, BY_PROGRAM, BY_ONESEED };

static struct generator {
    const char *name;
    _Atomic int seeding;
    _Atomic bool used;
} c_rand = {.name = "c.rand"}, c_drand48 = {.name = "c.drand48"};

static bool seeds_unseeded;
static uint64_t shift; /* of the program's own seeds */

static uint64_t name_of(const struct generator *generator)
{
    return preload_intern(generator->name, strlen(generator->name));
}

/* --- Draws, gathered ---------------------------------------------------------------------------------------------- */

enum { DRAWS_MAX = 4096 }; /* in one event */

static __thread struct {
    const struct generator *generator; /* NULL = none pending */
    const char *function;
    void *return_address;
    uint64_t site, n, digest[2];
} pending __attribute__((tls_model("initial-exec")));

static void flush(struct preload_thread *self)
{
    if (!pending.generator)
        return;
    struct oneseed_event event = {
        .kind = ONESEED_EVENT_DRAW,
        .site = pending.site,
        .name = preload_intern(pending.function, strlen(pending.function)),
        .generator = name_of(pending.generator),
        .words = pending.n,
        .bytes = pending.n * sizeof(uint32_t),
        .out = {pending.digest[0], pending.digest[1]},
    };
    pending.generator = NULL;
    preload_emit(self, &event);
}
PRELOAD_AT(PRELOAD_BEFORE_EVENT, flush);

static void flush_at_thread_end(struct preload_thread *self)
{
    flush(self);
}
PRELOAD_AT(PRELOAD_THREAD_END, flush_at_thread_end);

static void flush_at_end(struct preload_thread *self)
{
    flush(self);
}
PRELOAD_AT(PRELOAD_BEFORE_END, flush_at_end);

/* Two multiplicative hashes side by side: order-aware, one multiplication each (constants of xxHash64 and SplitMix64). */
static void add_to_digest(uint64_t value)
{
    pending.digest[0] = (pending.digest[0] ^ value) * UINT64_C(0x9e3779b185ebca87);
    pending.digest[0] ^= pending.digest[0] >> 32;
    pending.digest[1] = (pending.digest[1] + value + 1) * UINT64_C(0xbf58476d1ce4e5b9);
    pending.digest[1] ^= pending.digest[1] >> 29;
}

static void drawn(struct preload_thread *self, struct generator *generator, const char *function, uint64_t value,
                  void *return_address)
{
    if (!preload_recording())
        return;
    if (pending.generator != generator || pending.function != function || pending.return_address != return_address) {
        flush(self);
        pending.site = preload_site(return_address);
        pending.function = function;
        pending.return_address = return_address;
        pending.n = 0;
        pending.digest[0] = pending.digest[1] = 0;
        pending.generator = generator;
    }
    add_to_digest(value);
    if (++pending.n == DRAWS_MAX)
        flush(self);
}

/* --- Seeds -------------------------------------------------------------------------------------------------------- */

static void seeded(struct preload_thread *self, struct generator *generator, const char *how, uint64_t value,
                   uint64_t site)
{
    struct oneseed_event event = {
        .kind = ONESEED_EVENT_SEED,
        .site = site,
        .name = preload_intern(how, strlen(how)),
        .generator = name_of(generator),
        .out = {value, 1},
    };
    preload_emit(self, &event);
}

/* The program seeds: from here on the generator is its own. */
static void seeded_by_program(struct generator *generator, uint64_t value, void *return_address)
{
    atomic_store(&generator->seeding, BY_PROGRAM);
    struct preload_thread *self = preload_enter();
    if (!self)
        return;
    if (preload_recording())
        seeded(self, generator, "program", value, preload_site(return_address));
    preload_leave(self);
}

/* A known generator of this process; in children of a recorder the control of children is the one that counts. */
static void look_up_control(struct preload_thread *self)
{
    (void)self;
    const char *own_seeds = preload_config("own-seeds"), *seed = preload_config("seed");
    seeds_unseeded = preload_control(preload_process.place.is_child ? "child-process" : "unseeded-rng");
    shift = 0;
    if (own_seeds && strcmp(own_seeds, "shift") == 0)
        for (; seed && *seed >= '0' && *seed <= '9'; seed++)
            shift = 10 * shift + (uint64_t)(*seed - '0');
}
PRELOAD_AT(PRELOAD_INIT, look_up_control);

static void renew(struct generator *generator)
{
    if (atomic_load(&generator->seeding) == BY_ONESEED)
        atomic_store(&generator->seeding, UNSEEDED);
    else if (atomic_load(&generator->seeding) == UNSEEDED && atomic_load(&generator->used) &&
             preload_control("child-process"))
        seeds_unseeded = true; /* it would go on as a copy of its parent's */
    atomic_store(&generator->used, false);
}

/* A child's generators get their own stream, unless the program seeded them itself. */
static void renew_in_child(struct preload_thread *self)
{
    pending.generator = NULL;
    look_up_control(self);
    renew(&c_rand);
    renew(&c_drand48);
}
PRELOAD_AT(PRELOAD_AFTER_FORK, renew_in_child);

/* Before a draw: seeds the generator if nobody has. Between enter and leave, so that its own calls are not recorded. */
static void prepare(struct preload_thread *self, struct generator *generator)
{
    int expected = UNSEEDED;

    if (!atomic_load_explicit(&generator->used, memory_order_relaxed)) {
        atomic_store(&generator->used, true);
        preload_mark_generator();
    }
    if (!seeds_unseeded || atomic_load_explicit(&generator->seeding, memory_order_relaxed) != UNSEEDED ||
        !atomic_compare_exchange_strong(&generator->seeding, &expected, BY_ONESEED))
        return;
    uint64_t value = preload_derive(generator->name, 0);
    if (generator == &c_rand)
        REAL(srandom)((unsigned)value);
    else
        REAL(srand48)((long)value);
    if (preload_recording())
        seeded(self, generator, "oneseed", value, 0);
}

/* --- Hooks -------------------------------------------------------------------------------------------------------- */

#define DRAW_HOOK(type, function, generator, bits_of)                                                                  \
    PRELOAD_EXPORT type function(void)                                                                                 \
    {                                                                                                                  \
        struct preload_thread *self = preload_enter();                                                                 \
        if (!self)                                                                                                     \
            return REAL(function)();                                                                                   \
        prepare(self, &generator);                                                                                     \
        type value = REAL(function)();                                                                                 \
        drawn(self, &generator, #function, bits_of(value), PRELOAD_CALLER);                                            \
        preload_leave(self);                                                                                           \
        return value;                                                                                                  \
    }

static uint64_t bits_of_integer(long value)
{
    return (uint64_t)value;
}

/* drand48() has 48 bits. */
static uint64_t bits_of_double(double value)
{
    return (uint64_t)ldexp(value, 48);
}

DRAW_HOOK(int, rand, c_rand, bits_of_integer)
DRAW_HOOK(long, random, c_rand, bits_of_integer)
DRAW_HOOK(double, drand48, c_drand48, bits_of_double)
DRAW_HOOK(long, lrand48, c_drand48, bits_of_integer)
DRAW_HOOK(long, mrand48, c_drand48, bits_of_integer)

PRELOAD_EXPORT void srand(unsigned seed)
{
    seed += (unsigned)shift;
    REAL(srand)(seed);
    seeded_by_program(&c_rand, seed, PRELOAD_CALLER);
}

PRELOAD_EXPORT void srandom(unsigned seed)
{
    seed += (unsigned)shift;
    REAL(srandom)(seed);
    seeded_by_program(&c_rand, seed, PRELOAD_CALLER);
}

PRELOAD_EXPORT char *initstate(unsigned seed, char *state, size_t state_nbytes)
{
    seed += (unsigned)shift;
    char *previous = REAL(initstate)(seed, state, state_nbytes);

    if (previous)
        seeded_by_program(&c_rand, seed, PRELOAD_CALLER);
    return previous;
}

/* A state that the program kept is the program's choice; what is in it, it knows. */
PRELOAD_EXPORT char *setstate(char *state)
{
    char *previous = REAL(setstate)(state);

    if (previous)
        seeded_by_program(&c_rand, 0, PRELOAD_CALLER);
    return previous;
}

PRELOAD_EXPORT void srand48(long seed)
{
    seed = (long)(uint32_t)((uint64_t)seed + shift); /* its low 32 bits count */
    REAL(srand48)(seed);
    seeded_by_program(&c_drand48, (uint32_t)seed, PRELOAD_CALLER);
}

PRELOAD_EXPORT unsigned short *seed48(unsigned short seed[3])
{
    uint64_t value =
        seed[0] | (uint64_t)seed[1] << 16 | (uint64_t)seed[2] << 32; /* `seed` may be the previous result */
    unsigned short *previous = REAL(seed48)(seed);

    seeded_by_program(&c_drand48, value, PRELOAD_CALLER);
    return previous;
}

PRELOAD_EXPORT void lcong48(unsigned short parameters[7])
{
    uint64_t digest[2];

    preload_digest(parameters, 7 * sizeof parameters[0], digest);
    REAL(lcong48)(parameters);
    seeded_by_program(&c_drand48, digest[0], PRELOAD_CALLER);
}
