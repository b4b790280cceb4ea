/* streams.c - one line for each bulk function and length: a digest of what it drew. Builds for different instruction sets must print
 * the same lines.
 * SPDX-License-Identifier: MIT */
#include <math.h>    /* INFINITY */
#include <stdbool.h> /* bool */
#include <stdio.h>   /* printf */
#include <stdlib.h>  /* aligned_alloc */
#include <string.h>  /* memset */

#include "oneseed.h"

/* Around the blocks of the engine (624), of the normals (16) and of the pieces (1024), and what is streamed. */
static const size_t lengths[] = {0,    1,    2,    3,    7,    15,   16,   17,     31,      32,     33,
                                 63,   64,   65,   127,  255,  256,  257,  623,    624,     625,    1023,
                                 1024, 1025, 1247, 1248, 1249, 2047, 2049, 100003, 2100001, 1100003};
enum { N_LENGTHS = sizeof lengths / sizeof *lengths, LONGEST = 2100001 };

static char *memory;

/* FNV-1a's step for eight bytes at once: bytes would take longer than the draws. */
static uint64_t digest_of(uint64_t digest, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 8) {
        uint64_t word = 0;
        memcpy(&word, (const char *)bytes + i, size - i < 8 ? size - i : 8);
        digest = (digest ^ word) * 0x100000001b3u;
        digest ^= digest >> 32;
    }
    return digest;
}

static void show(const char *what, size_t n, size_t size, const void *out, const void *state, size_t state_size)
{
    uint64_t digest = digest_of(0xcbf29ce484222325u, out, n * size);
    digest = digest_of(digest, state, state_size);
    printf("%s %zu %016llx\n", what, n, (unsigned long long)digest);
}

/* Each length goes on where the one before stopped, and lies elsewhere in memory. */
#define EACH(what, size, call)                                                                                         \
    for (size_t k = 0; k < N_LENGTHS; k++) {                                                                           \
        size_t n = lengths[k];                                                                                         \
        void *out = memory + (k % 5) * (size);                                                                         \
        memset(out, 0, n *(size));                                                                                     \
        (void)(call);                                                                                                  \
        show(what, n, size, out, &state, sizeof state);                                                                \
    }

static void words(void)
{
    oneseed_mt19937 state;
    oneseed_mt19937_seed(&state, 17);
    EACH("mt19937 words", 4, (oneseed_mt19937_fill_u32(&state, out, n), 0));
}

/* Around where polynomials begin to pay, and far away. */
static void jumps(void)
{
    static const uint64_t distances[] = {1,
                                         623,
                                         624,
                                         3833855,
                                         3834000,
                                         5000001,
                                         19937 * 624,
                                         UINT64_C(1) << 30,
                                         UINT64_C(1) << 31,
                                         999999937,
                                         UINT64_C(1) << 40,
                                         UINT64_MAX};
    oneseed_mt19937 state;
    oneseed_mt19937_seed(&state, 17);
    for (size_t k = 0; k < sizeof distances / sizeof *distances; k++) {
        oneseed_mt19937_jump(&state, distances[k]);
        show("mt19937 jump", k, 0, NULL, &state, sizeof state);
    }
}

/* Probabilities are uniforms behind the output. */
static oneseed_status tosses(oneseed_torch *state, oneseed_torch_dtype dtype, void *out, size_t n, size_t size)
{
    char *p = memory + (size_t)8 * LONGEST + 64;
    (void)oneseed_torch_rand_fill(state, dtype, p, n);
    memset(out, 1, n * size);
    return oneseed_torch_bernoulli_tensor_fill(state, dtype, p, dtype, out, n);
}

static void torch_dtype(oneseed_torch state, oneseed_torch_dtype dtype)
{
    static const int64_t ranges[] = {1, 2, 3, 10, 64, 127};
    static const int64_t wide[] = {1000, 65537, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, INT64_MAX};
    size_t size = oneseed_torch_dtype_size(dtype);
    char what[100];
#define NAMED(...) (snprintf(what, sizeof what, __VA_ARGS__), what)
    bool is_wide = dtype == ONESEED_TORCH_INT64, is_floating = dtype <= ONESEED_TORCH_BFLOAT16;
    if (is_floating) {
        EACH(NAMED("torch rand %d %u", dtype, state.cpu), size, oneseed_torch_rand_fill(&state, dtype, out, n));
        EACH(NAMED("torch uniform %d %u", dtype, state.cpu), size,
             oneseed_torch_uniform_fill(&state, dtype, -1, 2.5, out, n));
        EACH(NAMED("torch randn %d %u", dtype, state.cpu), size, oneseed_torch_randn_fill(&state, dtype, out, n));
        EACH(NAMED("torch normal %d %u", dtype, state.cpu), size,
             oneseed_torch_normal_fill(&state, dtype, 3, 0.1, out, n));
    }
    EACH(NAMED("torch bernoulli %d %u", dtype, state.cpu), size,
         oneseed_torch_bernoulli_fill(&state, dtype, 0.3, out, n));
    for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++)
        EACH(NAMED("torch randint %d %u %lld", dtype, state.cpu, (long long)ranges[r]), size,
             oneseed_torch_randint_fill(&state, dtype, 0, ranges[r], out, n));
    for (size_t r = 0; is_wide && r < sizeof wide / sizeof *wide; r++)
        EACH(NAMED("torch randint %d %u %lld", dtype, state.cpu, (long long)wide[r]), size,
             oneseed_torch_randint_fill(&state, dtype, -5, wide[r] - 5, out, n));
    if (is_floating)
        EACH(NAMED("torch bernoulli of p %d %u", dtype, state.cpu), size, tosses(&state, dtype, out, n, size));
    EACH(NAMED("torch randperm %d %u", dtype, state.cpu), size, oneseed_torch_randperm_fill(&state, dtype, out, n));
#undef NAMED
}

/* Of items that are their own numbers. */
static oneseed_status shuffled(oneseed_python *state, uint64_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = i;
    oneseed_python_shuffle(state, out, n, sizeof *out);
    return ONESEED_OK;
}

static void python(void)
{
    oneseed_python state = {0};
    oneseed_python_seed_i64(&state, 17);
    EACH("python gauss before", 8, oneseed_python_gauss_fill(&state, 0, 1, out, n % 2)); /* one is kept now and then */
    EACH("python random", 8, oneseed_python_random_fill(&state, out, n));
    EACH("python gauss", 8, oneseed_python_gauss_fill(&state, 1, 2, out, n));
    EACH("python shuffle", 8, shuffled(&state, out, n));
}

static void numpy_legacy(void)
{
    oneseed_numpy state = {0};
    oneseed_numpy_legacy_seed(&state, 17);
    EACH("legacy random_sample", 8, (oneseed_numpy_legacy_random_sample_fill(&state, out, n), 0));
    EACH("legacy standard_normal", 8, (oneseed_numpy_legacy_standard_normal_fill(&state, out, n), 0));
    EACH("legacy randint", 8, oneseed_numpy_legacy_randint_fill(&state, -3, 1000, out, n));
    EACH("legacy permutation", 8, (oneseed_numpy_legacy_permutation_fill(&state, out, n), 0));
}

static void numpy_generator(oneseed_numpy_kind kind)
{
    static const uint32_t entropy[1] = {17};
    oneseed_numpy state;
    char what[100];
#define NAMED(name) (snprintf(what, sizeof what, "numpy %d " name, (int)kind), what)
    oneseed_numpy_seed(&state, kind, entropy, 1, NULL, 0);
    EACH(NAMED("raw"), 8, (oneseed_numpy_random_raw_fill(&state, out, n), 0));
    EACH(NAMED("random"), 8, (oneseed_numpy_random_fill(&state, out, n), 0));
    EACH(NAMED("random f32"), 4, (oneseed_numpy_random_f32_fill(&state, out, n), 0));
    EACH(NAMED("random f32 behind half a word"), 4,
         (oneseed_numpy_next_u32(&state), oneseed_numpy_random_f32_fill(&state, out, n), 0));
    EACH(NAMED("random behind a word"), 8,
         (oneseed_numpy_next_u64(&state), oneseed_numpy_random_fill(&state, out, n), 0));
    if (kind == ONESEED_NUMPY_PHILOX)
        EACH(NAMED("random around the end of the counter's lowest word"), 8,
             (state.engine.philox.counter[0] = UINT64_MAX - 20, oneseed_numpy_random_fill(&state, out, n), 0));
    state.version = 12100;
    EACH(NAMED("random f32 of 1.21"), 4, (oneseed_numpy_random_f32_fill(&state, out, n), 0));
    state.version = 0;
    EACH(NAMED("standard_normal"), 8, (oneseed_numpy_standard_normal_fill(&state, out, n), 0));
    EACH(NAMED("standard_normal f32"), 4, (oneseed_numpy_standard_normal_f32_fill(&state, out, n), 0));
    EACH(NAMED("standard_exponential"), 8, (oneseed_numpy_standard_exponential_fill(&state, out, n), 0));
    EACH(NAMED("standard_exponential f32"), 4, (oneseed_numpy_standard_exponential_f32_fill(&state, out, n), 0));
    EACH(NAMED("integers"), 8, oneseed_numpy_integers_fill(&state, -3, 1000, out, n));
    EACH(NAMED("integers of many"), 8, oneseed_numpy_integers_fill(&state, -3, 0x70000000, out, n));
    EACH(NAMED("permutation"), 8, (oneseed_numpy_permutation_fill(&state, out, n), 0));
#undef NAMED
}

static void jax_key(uint32_t impl, uint32_t is_original)
{
    oneseed_jax_key state = {.impl = impl, .is_original = is_original};
    char what[100];
#define NAMED(...) (snprintf(what, sizeof what, __VA_ARGS__), what)
    oneseed_jax_key_seed(&state, 17);
    for (unsigned width = 8; width <= 64; width *= 2)
        EACH(NAMED("jax bits %u %u %u", impl, is_original, width), width / 8,
             oneseed_jax_bits_fill(&state, width, out, n));
    for (oneseed_jax_dtype dtype = ONESEED_JAX_BFLOAT16; dtype <= ONESEED_JAX_FLOAT64; dtype++) {
        const size_t size = dtype == ONESEED_JAX_FLOAT64 ? 8 : dtype == ONESEED_JAX_FLOAT32 ? 4 : 2;
        EACH(NAMED("jax uniform %u %u %d", impl, is_original, dtype), size,
             oneseed_jax_uniform_fill(&state, dtype, 0, 1, out, n));
        EACH(NAMED("jax uniform of a range %u %u %d", impl, is_original, dtype), size,
             oneseed_jax_uniform_fill(&state, dtype, -3, 0.1, out, n));
        EACH(NAMED("jax normal %u %u %d", impl, is_original, dtype), size,
             oneseed_jax_normal_fill(&state, dtype, out, n));
        if (impl != ONESEED_JAX_THREEFRY2X32 || is_original) /* what is made of uniforms is the same for all keys */
            continue;
        EACH(NAMED("jax exponential %u %u %d", impl, is_original, dtype), size,
             oneseed_jax_exponential_fill(&state, dtype, out, n));
        EACH(NAMED("jax truncated_normal %u %u %d", impl, is_original, dtype), size,
             oneseed_jax_truncated_normal_fill(&state, dtype, -(double)INFINITY, 0.5, out, n));
        EACH(NAMED("jax gumbel %u %u %d", impl, is_original, dtype), size,
             oneseed_jax_gumbel_fill(&state, dtype, out, n));
        EACH(NAMED("jax bernoulli %u %u %d", impl, is_original, dtype), 1,
             oneseed_jax_bernoulli_fill(&state, dtype, 0.3, out, n));
    }
    for (oneseed_jax_dtype dtype = ONESEED_JAX_INT8; dtype <= ONESEED_JAX_UINT64 && !is_original; dtype++) {
        EACH(NAMED("jax randint %u %u %d", impl, is_original, dtype), (size_t)1 << (dtype - ONESEED_JAX_INT8) % 4,
             oneseed_jax_randint_fill(&state, dtype, 0, 100, out, n));
        EACH(NAMED("jax randint of all %u %u %d", impl, is_original, dtype),
             (size_t)1 << (dtype - ONESEED_JAX_INT8) % 4,
             oneseed_jax_randint_fill(&state, dtype, 0, INT64_MAX, out, n));
    }
#undef NAMED
}

static oneseed_status dropped(const oneseed_tensorflow_philox *state, oneseed_tensorflow_dtype dtype, void *out,
                              size_t n)
{
    char *in = memory + (size_t)8 * LONGEST + 64;
    (void)oneseed_tensorflow_normal_fill(state, dtype, 0, 1e-36, in, n);
    return oneseed_tensorflow_dropout_fill(state, dtype, 0.3, in, out, n);
}

static oneseed_status shuffled_rows(const oneseed_tensorflow_philox *state, size_t size, void *out, size_t n)
{
    (void)oneseed_tensorflow_uniform_full_int_fill(state, ONESEED_TENSORFLOW_UINT32, out, n * size / 4);
    oneseed_tensorflow_shuffle_rows(state, out, size, n);
    return ONESEED_OK;
}

/* The counter's low word begins anew soon. */
static void tensorflow(void)
{
    oneseed_tensorflow_philox state = {{17, 18}, {0xffffffe0u, 0xffffffffu, 1, 2}};
    char what[100];
#define NAMED(...) (snprintf(what, sizeof what, __VA_ARGS__), what)
    for (oneseed_tensorflow_dtype dtype = ONESEED_TENSORFLOW_BFLOAT16; dtype <= ONESEED_TENSORFLOW_FLOAT64; dtype++) {
        const size_t size = oneseed_tensorflow_dtype_size(dtype);
        EACH(NAMED("tensorflow uniform %d", dtype), size, oneseed_tensorflow_uniform_fill(&state, dtype, out, n));
        EACH(NAMED("tensorflow uniform of a range %d", dtype), size,
             oneseed_tensorflow_uniform_range_fill(&state, dtype, -3, 0.1, out, n));
        EACH(NAMED("tensorflow uniform of a small range %d", dtype), size,
             oneseed_tensorflow_uniform_range_fill(&state, dtype, 0, 1e-37, out, n));
        EACH(NAMED("tensorflow normal %d", dtype), size, oneseed_tensorflow_normal_fill(&state, dtype, 0, 1, out, n));
        EACH(NAMED("tensorflow normal, scaled %d", dtype), size,
             oneseed_tensorflow_normal_fill(&state, dtype, 3, 0.1, out, n));
        EACH(NAMED("tensorflow truncated_normal %d", dtype), size,
             oneseed_tensorflow_truncated_normal_fill(&state, dtype, 3, 0.1, out, n));
        EACH(NAMED("tensorflow keep %d", dtype), 1, oneseed_tensorflow_keep_fill(&state, dtype, 0.3, out, n));
        EACH(NAMED("tensorflow dropout %d", dtype), size, dropped(&state, dtype, out, n));
    }
    for (oneseed_tensorflow_dtype dtype = ONESEED_TENSORFLOW_INT32; dtype <= ONESEED_TENSORFLOW_INT64; dtype++)
        EACH(NAMED("tensorflow uniform_int %d", dtype), oneseed_tensorflow_dtype_size(dtype),
             oneseed_tensorflow_uniform_int_fill(&state, dtype, -5, 1000, out, n));
    for (oneseed_tensorflow_dtype dtype = ONESEED_TENSORFLOW_INT32; dtype <= ONESEED_TENSORFLOW_UINT64; dtype++)
        EACH(NAMED("tensorflow uniform_full_int %d", dtype), oneseed_tensorflow_dtype_size(dtype),
             oneseed_tensorflow_uniform_full_int_fill(&state, dtype, out, n));
    for (size_t size = 1; size <= 12; size += size < 4 ? size : 4)
        EACH(NAMED("tensorflow shuffle %zu", size), size, shuffled_rows(&state, size, out, n));
#undef NAMED
}

int main(void)
{
    memory = aligned_alloc(64, ((size_t)16 * LONGEST + 191) / 64 * 64); /* every fifth output begins a line */
    if (!memory)
        return 1;
    words();
    python();
    jumps();
    numpy_legacy();
    for (int kind = ONESEED_NUMPY_MT19937; kind <= ONESEED_NUMPY_SFC64; kind++)
        numpy_generator((oneseed_numpy_kind)kind);
    for (uint32_t cpu = ONESEED_TORCH_CPU_DEFAULT; cpu <= ONESEED_TORCH_CPU_AVX512; cpu++)
        for (oneseed_torch_dtype dtype = ONESEED_TORCH_FLOAT32; dtype <= ONESEED_TORCH_BOOL; dtype++) {
            oneseed_torch state = {.cpu = cpu};
            oneseed_torch_manual_seed(&state, 17);
            torch_dtype(state, dtype);
        }
    jax_key(ONESEED_JAX_THREEFRY2X32, 0);
    jax_key(ONESEED_JAX_THREEFRY2X32, 1);
    jax_key(ONESEED_JAX_RBG, 0);
    tensorflow();
    free(memory);
    return 0;
}
