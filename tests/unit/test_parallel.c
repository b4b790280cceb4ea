/* test_parallel.c - one stream on many threads: the values and the state of one, whatever the threads do.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* assert_int_equal */
#include <stdbool.h>
#include <stdlib.h> /* malloc */
#include <string.h> /* memcmp */

#include "oneseed.h"

/* ---- who runs the jobs ---- */

struct count {
    unsigned n_runs;
    size_t n_jobs; /* of the last run */
};

static void run_forward(const oneseed_threads *threads, size_t n_jobs, void (*job)(void *, size_t), void *argument)
{
    struct count *count = threads->context;
    count->n_runs++;
    count->n_jobs = n_jobs;
    oneseed_threads ready = oneseed_pthreads(threads->n_threads);
    ready.run(&ready, n_jobs, job, argument);
}

static void run_backward(const oneseed_threads *threads, size_t n_jobs, void (*job)(void *, size_t), void *argument)
{
    struct count *count = threads->context;
    count->n_runs++;
    count->n_jobs = n_jobs;
    while (n_jobs > 0)
        job(argument, --n_jobs);
}

/* ---- draws: each fills n values from `begin` on ---- */

enum { STATE_NBYTES = 2600, MOST = 7 * (1 << 19) + 12345 };

struct draw {
    const char *name;
    int framework; /* 't', 'n' (Generator), 'l' (RandomState), 'p' */
    int mode;      /* 1: on threads; 0: on one; 2: on threads, counted first; 3: another round now and then */
    size_t bits;   /* that a value takes at least */
    size_t size;
    oneseed_torch_part torch;
    oneseed_numpy_part numpy;
    oneseed_python_part python;
};

#define DRAW(kind, state_type, type, name, call)                                                                       \
    static oneseed_status kind##_##name(state_type *s, void *argument, size_t begin, size_t n)                         \
    {                                                                                                                  \
        type *out = (type *)argument + begin;                                                                          \
        return (call);                                                                                                 \
    }
#define TORCH(type, name, call)  DRAW(torch, oneseed_torch, type, name, call)
#define NUMPY(type, name, call)  DRAW(numpy, oneseed_numpy, type, name, call)
#define PYTHON(type, name, call) DRAW(python, oneseed_python, type, name, call)
#define DONE(call)               ((call), ONESEED_OK)

TORCH(float, rand, oneseed_torch_rand_fill(s, ONESEED_TORCH_FLOAT32, out, n))
TORCH(double, rand_f64, oneseed_torch_rand_fill(s, ONESEED_TORCH_FLOAT64, out, n))
TORCH(uint16_t, rand_f16, oneseed_torch_rand_fill(s, ONESEED_TORCH_FLOAT16, out, n))
TORCH(float, randn, oneseed_torch_randn_fill(s, ONESEED_TORCH_FLOAT32, out, n))
TORCH(double, randn_f64, oneseed_torch_randn_fill(s, ONESEED_TORCH_FLOAT64, out, n))
TORCH(uint16_t, randn_bf16, oneseed_torch_randn_fill(s, ONESEED_TORCH_BFLOAT16, out, n))
TORCH(int64_t, randint, oneseed_torch_randint_fill(s, ONESEED_TORCH_INT64, -3, 1000, out, n))
TORCH(int64_t, randint_wide, oneseed_torch_randint_fill(s, ONESEED_TORCH_INT64, 0, INT64_MAX, out, n))
TORCH(uint8_t, randint_u8, oneseed_torch_randint_fill(s, ONESEED_TORCH_UINT8, 0, 256, out, n))
TORCH(float, bernoulli, oneseed_torch_bernoulli_fill(s, ONESEED_TORCH_FLOAT32, 0.3, out, n))
TORCH(float, exponential, oneseed_torch_exponential_fill(s, ONESEED_TORCH_FLOAT32, 1.5, out, n))
TORCH(float, log_normal, oneseed_torch_log_normal_fill(s, ONESEED_TORCH_FLOAT32, 0, 1, out, n))
TORCH(uint64_t, words, DONE(oneseed_torch_random_u64_fill(s, out, n)))
NUMPY(double, random, DONE(oneseed_numpy_random_fill(s, out, n)))
NUMPY(float, random_f32, DONE(oneseed_numpy_random_f32_fill(s, out, n)))
NUMPY(uint64_t, raw, DONE(oneseed_numpy_random_raw_fill(s, out, n)))
NUMPY(uint8_t, bytes, DONE(oneseed_numpy_bytes_fill(s, out, n)))
NUMPY(double, triangular, oneseed_numpy_triangular_fill(s, 0, 1, 3, out, n))
NUMPY(double, inversion, DONE(oneseed_numpy_standard_exponential_inv_fill(s, out, n)))
NUMPY(float, inversion_f32, DONE(oneseed_numpy_standard_exponential_inv_f32_fill(s, out, n)))
NUMPY(int64_t, integers, oneseed_numpy_integers_fill(s, -5, 1019, out, n))
NUMPY(int64_t, integers_10, oneseed_numpy_integers_fill(s, 0, 10, out, n))
NUMPY(int64_t, integers_refused, oneseed_numpy_integers_fill(s, 0, INT64_C(0x7ffffff0000), out, n))
NUMPY(uint8_t, integers_bool, oneseed_numpy_integers_dtype_fill(s, ONESEED_NUMPY_BOOL, 0, 1, out, n))
NUMPY(uint8_t, integers_u8, oneseed_numpy_integers_dtype_fill(s, ONESEED_NUMPY_UINT8, 0, 63, out, n))
NUMPY(int16_t, integers_i16, oneseed_numpy_integers_dtype_fill(s, ONESEED_NUMPY_INT16, 0, 0x7fff, out, n))
NUMPY(double, normal, DONE(oneseed_numpy_standard_normal_fill(s, out, n)))
NUMPY(double, gumbel, oneseed_numpy_gumbel_fill(s, 0, 1, out, n))
NUMPY(double, gamma, oneseed_numpy_gamma_fill(s, 2.5, 1, out, n))
NUMPY(double, legacy_random, DONE(oneseed_numpy_legacy_random_sample_fill(s, out, n)))
NUMPY(double, legacy_normal, DONE(oneseed_numpy_legacy_standard_normal_fill(s, out, n)))
NUMPY(double, legacy_lognormal, oneseed_numpy_legacy_lognormal_fill(s, 1, 0.5, out, n))
NUMPY(double, legacy_cauchy, DONE(oneseed_numpy_legacy_standard_cauchy_fill(s, out, n)))
NUMPY(double, legacy_exponential, oneseed_numpy_legacy_exponential_fill(s, 2, out, n))
NUMPY(int64_t, legacy_randint, oneseed_numpy_legacy_randint_fill(s, 0, 256, out, n))
NUMPY(int64_t, legacy_randint_10, oneseed_numpy_legacy_randint_fill(s, 0, 10, out, n))
NUMPY(uint8_t, legacy_bool, oneseed_numpy_legacy_randint_dtype_fill(s, ONESEED_NUMPY_BOOL, 0, 1, out, n))
PYTHON(double, random, oneseed_python_random_fill(s, out, n))
PYTHON(double, gauss, oneseed_python_gauss_fill(s, 0, 1, out, n))
PYTHON(double, normalvariate, oneseed_python_normalvariate_fill(s, 0, 1, out, n))
PYTHON(uint64_t, getrandbits, oneseed_python_getrandbits_fill(s, 40, out, n))

/* One word in 2^20 is refused: some of the jobs are not where they were thought to be. */
static oneseed_status torch_refusing(oneseed_torch *s, void *argument, size_t begin, size_t n)
{
    uint32_t *out = (uint32_t *)argument + begin;
    for (size_t i = 0; i < n; i++)
        do
            out[i] = oneseed_torch_random_u32(s);
        while (out[i] < 1u << 12);
    return ONESEED_OK;
}

#define ROW_T(name, type, mode, bits)                                                                                  \
    {                                                                                                                  \
        "torch " #name, 't', mode, bits, sizeof(type), torch_##name, NULL, NULL                                        \
    }
#define ROW_N(name, type, mode, bits)                                                                                  \
    {                                                                                                                  \
        "numpy " #name, 'n', mode, bits, sizeof(type), NULL, numpy_##name, NULL                                        \
    }
#define ROW_L(name, type, mode, bits)                                                                                  \
    {                                                                                                                  \
        "numpy " #name, 'l', mode, bits, sizeof(type), NULL, numpy_##name, NULL                                        \
    }
#define ROW_P(name, type, mode, bits)                                                                                  \
    {                                                                                                                  \
        "python " #name, 'p', mode, bits, sizeof(type), NULL, NULL, python_##name                                      \
    }
static const struct draw draws[] = {
    ROW_T(rand, float, 1, 32),
    ROW_T(rand_f64, double, 1, 64),
    ROW_T(rand_f16, uint16_t, 1, 32),
    ROW_T(randn, float, 1, 32),
    ROW_T(randn_f64, double, 1, 64),
    ROW_T(randn_bf16, uint16_t, 1, 32),
    ROW_T(randint, int64_t, 1, 32),
    ROW_T(randint_wide, int64_t, 1, 64),
    ROW_T(randint_u8, uint8_t, 1, 32),
    ROW_T(bernoulli, float, 1, 64),
    ROW_T(exponential, float, 1, 64),
    ROW_T(log_normal, float, 1, 64),
    ROW_T(words, uint64_t, 1, 64),
    ROW_T(refusing, uint32_t, 3, 32),
    ROW_N(random, double, 1, 64),
    ROW_N(random_f32, float, 1, 32),
    ROW_N(raw, uint64_t, 1, 32),
    ROW_N(bytes, uint8_t, 1, 8),
    ROW_N(triangular, double, 1, 64),
    ROW_N(inversion, double, 1, 64),
    ROW_N(inversion_f32, float, 1, 32),
    ROW_N(integers, int64_t, 1, 32),
    ROW_N(integers_10, int64_t, 1, 32),
    ROW_N(integers_refused, int64_t, 3, 64),
    ROW_N(integers_bool, uint8_t, 1, 1),
    ROW_N(integers_u8, uint8_t, 1, 8),
    ROW_N(integers_i16, int16_t, 1, 16),
    ROW_N(normal, double, 0, 64),
    ROW_N(gumbel, double, 1, 64),
    ROW_N(gamma, double, 0, 64),
    ROW_L(legacy_random, double, 1, 64),
    ROW_L(legacy_normal, double, 2, 64),
    ROW_L(legacy_lognormal, double, 2, 64),
    ROW_L(legacy_cauchy, double, 0, 64),
    ROW_L(legacy_exponential, double, 1, 64),
    ROW_L(legacy_randint, int64_t, 1, 32),
    ROW_L(legacy_randint_10, int64_t, 0, 32),
    ROW_L(legacy_bool, uint8_t, 1, 1),
    ROW_P(random, double, 1, 64),
    ROW_P(gauss, double, 1, 64),
    ROW_P(normalvariate, double, 0, 64),
    ROW_P(getrandbits, uint64_t, 1, 64),
};
enum { N_DRAWS = sizeof draws / sizeof *draws };

union state {
    oneseed_torch torch;
    oneseed_numpy numpy;
    oneseed_python python;
    char bytes[STATE_NBYTES];
};

/* After some draws: somewhere in a block, with a cached normal or half a word in some of them. */
static void seed(union state *state, const struct draw *draw, uint32_t number, oneseed_numpy_kind kind)
{
    memset(state, 0, sizeof *state);
    if (draw->framework == 't') {
        oneseed_torch_manual_seed(&state->torch, number);
        if (number % 2)
            (void)oneseed_torch_normal(&state->torch);
        for (uint32_t i = 0; i < number % 1300; i++)
            (void)oneseed_torch_random_u32(&state->torch);
    } else if (draw->framework == 'p') {
        oneseed_python_seed_i64(&state->python, number);
        for (uint32_t i = 0; i < number % 1300; i++)
            (void)oneseed_python_gauss(&state->python, 0, 1);
    } else {
        oneseed_numpy_seed(&state->numpy, kind, &number, 1, NULL, 0);
        for (uint32_t i = 0; i < number % 1300; i++)
            (void)oneseed_numpy_next_u32(&state->numpy);
        if (number % 2)
            (void)oneseed_numpy_legacy_standard_normal(&state->numpy);
    }
}

static oneseed_status fill(const struct draw *draw, union state *state, void *out, size_t n,
                           const oneseed_threads *threads)
{
    if (draw->framework == 't')
        return threads ? oneseed_torch_parallel(&state->torch, draw->torch, out, n, threads)
                       : draw->torch(&state->torch, out, 0, n);
    if (draw->framework == 'p')
        return threads ? oneseed_python_parallel(&state->python, draw->python, out, n, threads)
                       : draw->python(&state->python, out, 0, n);
    return threads ? oneseed_numpy_parallel(&state->numpy, draw->numpy, out, n, threads)
                   : draw->numpy(&state->numpy, out, 0, n);
}

/* Values of one thread and of more, with what lies around them. */
static char *expected, *found;
enum { AROUND = 64 };

static struct count compare(const struct draw *draw, const union state *start, size_t n, const oneseed_threads *how)
{
    struct count count = {0, 0};
    oneseed_threads threads = *how;
    union state one = *start, many = *start;
    size_t nbytes = n * draw->size + 2 * AROUND;
    memset(expected, 0x55, nbytes);
    memset(found, 0x55, nbytes);
    threads.context = &count;
    assert_int_equal(fill(draw, &one, expected + AROUND, n, NULL), ONESEED_OK);
    assert_int_equal(fill(draw, &many, found + AROUND, n, &threads), ONESEED_OK);
    if (memcmp(expected, found, nbytes) != 0 || memcmp(&one, &many, sizeof one) != 0)
        fail_msg("%s: %zu values on %zu threads differ from those of one", draw->name, n, how->n_threads);
    return count;
}

/* Values of a job's words at least, as src/common/parallel.h has them, for n_jobs; and whether those are two jobs at least. */
static size_t length_for(const struct draw *draw, oneseed_numpy_kind kind, size_t n_jobs, bool *is_enough)
{
    bool is_mt19937 = kind == ONESEED_NUMPY_MT19937;
    size_t bits_of_job = is_mt19937 ? (size_t)32 << 19 : (size_t)64 << 15, most = (size_t)MOST * 8 / draw->size;
    size_t n = n_jobs * bits_of_job / draw->bits + 12345;
    if (n > most)
        n = most;
    *is_enough = n / 64 * 64 * draw->bits >= 2 * bits_of_job;
    return n;
}

static void check_draw(const struct draw *draw, oneseed_numpy_kind kind, uint32_t number)
{
    static const oneseed_threads how[] = {
        {2, run_forward, NULL}, {3, run_forward, NULL}, {7, run_forward, NULL}, {3, run_backward, NULL}};
    for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
        union state start;
        bool is_enough;
        size_t n = length_for(draw, kind, how[i].n_threads, &is_enough);
        seed(&start, draw, number + (uint32_t)i, kind);
        struct count count = compare(draw, &start, n, how + i);
        bool is_split = draw->mode != 0 && kind != ONESEED_NUMPY_SFC64 && is_enough;
        if ((count.n_runs > 0) != is_split)
            fail_msg("%s, engine %d: on threads: %d", draw->name, kind, count.n_runs > 0);
        if (draw->mode == 2 && is_split && count.n_runs != 2)
            fail_msg("%s, engine %d: %u runs", draw->name, kind, count.n_runs);
        if (draw->mode == 1 && is_split && count.n_runs != 1)
            fail_msg("%s, engine %d: %u rounds", draw->name, kind, count.n_runs);
        if (draw->mode == 1 && is_split && n < (size_t)MOST * 8 / draw->size && count.n_jobs != how[i].n_threads)
            fail_msg("%s, engine %d: %zu jobs", draw->name, kind, count.n_jobs);
    }
}

static void test_mt19937_dialects(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_DRAWS; i++)
        check_draw(draws + i, ONESEED_NUMPY_MT19937, 4000 + 7 * (uint32_t)i);
}

static void test_engines_of_numpy(void **state)
{
    (void)state;
    static const oneseed_numpy_kind kinds[] = {ONESEED_NUMPY_PCG64, ONESEED_NUMPY_PCG64DXSM, ONESEED_NUMPY_PHILOX,
                                               ONESEED_NUMPY_SFC64};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < N_DRAWS; i++)
            if (draws[i].framework == 'n')
                check_draw(draws + i, kinds[k], 2600 * 9 + 11 * (uint32_t)i); /* some with half a word, some without */
}

/* RandomState(PCG64()) and the like: their normals are counted, too. */
static void test_normals_of_other_engines(void **state)
{
    (void)state;
    oneseed_threads threads = {3, run_forward, NULL};
    for (int kind = ONESEED_NUMPY_PCG64; kind <= ONESEED_NUMPY_SFC64; kind++)
        for (size_t i = 0; i < N_DRAWS; i++)
            for (uint32_t number = 500; draws[i].mode == 2 && number < 504; number++) {
                union state start;
                seed(&start, draws + i, number, (oneseed_numpy_kind)kind);
                struct count count = compare(draws + i, &start, 400000 + number, &threads);
                assert_int_equal(count.n_runs, kind == ONESEED_NUMPY_SFC64 ? 0 : 2);
            }
}

/* Any function, length and start; a few hundred thousand values each. */
static void test_random_cases(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252u;
    for (int round = 0; round < 150; round++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        const struct draw *draw = draws + random % N_DRAWS;
        oneseed_numpy_kind kind =
            draw->framework == 'n' ? (oneseed_numpy_kind)(random >> 20 & 3) : ONESEED_NUMPY_MT19937;
        size_t n = (size_t)(random >> 30) % (kind == ONESEED_NUMPY_MT19937 ? 1500000 : 300000);
        oneseed_threads how = {1 + (size_t)(random >> 10) % 9, random & 1 ? run_forward : run_backward, NULL};
        union state start;
        seed(&start, draw, (uint32_t)(random >> 33), kind);
        (void)compare(draw, &start, n, &how);
    }
}

/* ---- what is special ---- */

static void test_words(void **state)
{
    (void)state;
    oneseed_threads threads = oneseed_pthreads(3);
    for (uint32_t number = 620; number < 626; number++) {
        oneseed_mt19937 one, many;
        oneseed_mt19937_seed(&one, number);
        for (uint32_t i = 0; i < number; i++)
            (void)oneseed_mt19937_next_u32(&one);
        many = one;
        size_t n = 3 * (1 << 19) + number;
        oneseed_mt19937_fill_u32(&one, (uint32_t *)(void *)expected, n);
        oneseed_mt19937_fill_u32_parallel(&many, (uint32_t *)(void *)found, n, &threads);
        assert_memory_equal(expected, found, 4 * n);
        assert_memory_equal(&one, &many, sizeof one);
    }
}

/* The functions with _parallel, against those without. */
static void test_ready_functions(void **state)
{
    (void)state;
    oneseed_threads pair = oneseed_pthreads(2), *threads = &pair;
    size_t n = (1 << 20) + 77;
    void *a = expected, *b = found;
#define SAME(state_type, start, size, plain, parallel)                                                                 \
    do {                                                                                                               \
        state_type one = start, many = start, *s = &one;                                                               \
        void *out = a;                                                                                                 \
        (void)(plain);                                                                                                 \
        s = &many;                                                                                                     \
        out = b;                                                                                                       \
        (void)(parallel);                                                                                              \
        assert_memory_equal(a, b, n *(size));                                                                          \
        assert_memory_equal(&one, &many, sizeof one);                                                                  \
    } while (0)
#define SAME_T(size, name, ...)                                                                                        \
    SAME(oneseed_torch, torch, size, oneseed_torch_##name##_fill(s, __VA_ARGS__, out, n),                              \
         oneseed_torch_##name##_fill_parallel(s, __VA_ARGS__, out, n, threads))
    oneseed_torch torch;
    memset(&torch, 0, sizeof torch);
    oneseed_torch_manual_seed(&torch, 5);
    SAME_T(4, rand, ONESEED_TORCH_FLOAT32);
    SAME_T(8, uniform, ONESEED_TORCH_FLOAT64, -1, 2);
    SAME_T(4, randn, ONESEED_TORCH_FLOAT32);
    SAME_T(8, normal, ONESEED_TORCH_FLOAT64, 5, 2);
    SAME_T(8, randint, ONESEED_TORCH_INT64, -5, 500);
    SAME_T(1, random, ONESEED_TORCH_INT8);
    SAME_T(8, random_from, ONESEED_TORCH_INT64, INT64_MIN);
    SAME_T(1, bernoulli, ONESEED_TORCH_BOOL, 0.25);
    SAME_T(4, exponential, ONESEED_TORCH_FLOAT32, 3);
    SAME_T(2, geometric, ONESEED_TORCH_INT16, 0.2);
    SAME_T(4, cauchy, ONESEED_TORCH_FLOAT32, 0, 1);
    SAME_T(4, log_normal, ONESEED_TORCH_FLOAT32, 0, 1);
#define SAME_N(size, name, ...)                                                                                        \
    SAME(oneseed_numpy, numpy, size, oneseed_numpy_##name##_fill(s, __VA_ARGS__),                                      \
         oneseed_numpy_##name##_fill_parallel(s, __VA_ARGS__, threads))
    oneseed_numpy numpy;
    for (int kind = ONESEED_NUMPY_MT19937; kind <= ONESEED_NUMPY_SFC64; kind++) {
        const uint32_t entropy = 17;
        oneseed_numpy_seed(&numpy, (oneseed_numpy_kind)kind, &entropy, 1, NULL, 0);
        (void)oneseed_numpy_next_u32(&numpy);
        SAME_N(8, random_raw, out, n);
        SAME_N(8, random, out, n);
        SAME_N(4, random_f32, out, n);
        SAME_N(1, bytes, out, n);
        SAME_N(8, uniform, 1, 4, out, n);
        SAME_N(8, integers, 0, 64, out, n);
        SAME_N(2, integers_dtype, ONESEED_NUMPY_UINT16, 3, 1026, out, n);
    }
    oneseed_numpy_legacy_seed(&numpy, 3);
    SAME_N(8, legacy_random_sample, out, n);
    SAME_N(8, legacy_standard_normal, out, n);
    SAME_N(8, legacy_standard_exponential, out, n);
    SAME_N(1, legacy_bytes, out, n);
    SAME_N(8, legacy_uniform, 1, 4, out, n);
    SAME_N(8, legacy_randint, 0, 64, out, n);
    oneseed_python python;
    memset(&python, 0, sizeof python);
    oneseed_python_seed_i64(&python, 12);
    SAME(oneseed_python, python, 8, oneseed_python_random_fill(s, out, n),
         oneseed_python_random_fill_parallel(s, out, n, threads));
}

static void test_refusals(void **state)
{
    (void)state;
    oneseed_threads threads = oneseed_pthreads(2);
    oneseed_torch torch, before;
    memset(&torch, 0, sizeof torch);
    oneseed_torch_manual_seed(&torch, 1);
    (void)oneseed_torch_rand_fill(&torch, ONESEED_TORCH_FLOAT32, found, 3);
    torch.cpu = ONESEED_TORCH_CPU_DEFAULT;
    before = torch;
    memset(found, 0x55, 1 << 20);
    memset(expected, 0x55, 1 << 20);
    assert_int_equal(oneseed_torch_uniform_fill_parallel(&torch, ONESEED_TORCH_FLOAT32, 2, 1, found, 1 << 21, &threads),
                     ONESEED_TORCH_UNIFORM_RANGE);
    assert_int_equal(
        oneseed_torch_exponential_fill_parallel(&torch, ONESEED_TORCH_FLOAT32, -1, found, 1 << 21, &threads),
        ONESEED_TORCH_EXPONENTIAL_LAMBDA);
    assert_memory_equal(&torch, &before, sizeof torch);
    assert_memory_equal(found, expected, 1 << 20);
}

/* Before 2.7 with MKL one word seeds a whole call: nothing of it may be split. */
static void test_call_of_one_word(void **state)
{
    (void)state;
    union state start;
    oneseed_threads threads = {3, run_forward, NULL};
    memset(&start, 0, sizeof start);
    start.torch.version = 20600;
    start.torch.has_mkl = 1;
    oneseed_torch_manual_seed(&start.torch, 9);
    start.torch.cpu = ONESEED_TORCH_CPU_AVX2;
    for (size_t i = 0; i < N_DRAWS; i++)
        if (draws[i].torch == torch_bernoulli)
            (void)compare(draws + i, &start, MOST, &threads);
}

static void test_threads(void **state)
{
    (void)state;
    assert_true(oneseed_pthreads(0).n_threads >= 1);
    assert_int_equal(oneseed_pthreads(3).n_threads, 3);
    assert_int_equal(oneseed_pthreads(100000).n_threads, 256);
}

static void mark(void *argument, size_t k)
{
    ((unsigned char *)argument)[k]++;
}

static void test_each_job_once(void **state)
{
    (void)state;
    for (size_t n_threads = 1; n_threads < 12; n_threads += 5)
        for (size_t n_jobs = 0; n_jobs < 300; n_jobs += 37) {
            unsigned char done[300] = {0};
            oneseed_threads threads = oneseed_pthreads(n_threads);
            threads.run(&threads, n_jobs, mark, done);
            for (size_t k = 0; k < 300; k++)
                assert_int_equal(done[k], k < n_jobs);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mt19937_dialects),
        cmocka_unit_test(test_engines_of_numpy),
        cmocka_unit_test(test_normals_of_other_engines),
        cmocka_unit_test(test_random_cases),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_ready_functions),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_call_of_one_word),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_each_job_once),
    };
    expected = malloc((size_t)MOST * 8 + 2 * AROUND);
    found = malloc((size_t)MOST * 8 + 2 * AROUND);
    int n_failed = expected && found ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    free(expected);
    free(found);
    return n_failed;
}
