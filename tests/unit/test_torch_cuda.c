/* test_torch_cuda.c - PyTorch's CUDA generator: published values, its state, how values share words, refusals.
 * SPDX-License-Identifier: MIT */
#include "vectors.h" /* vectors_next */

#include "dialects/torch_cuda.h"      /* torch_cuda_threads */
#include "dialects/torch_cuda_math.h" /* torch_cuda_logf */

static oneseed_torch_cuda seeded(uint64_t seed, const char *gpu)
{
    oneseed_torch_cuda state = {0};
    if (strcmp(gpu, "-") != 0) {
        const oneseed_gpu *found = oneseed_gpu_find(gpu);
        assert_non_null(found);
        state.n_sms = found->n_sms;
        state.threads_per_sm = found->threads_per_sm;
    }
    oneseed_torch_cuda_manual_seed(&state, seed);
    return state;
}

/* The function's values as doubles; its name ends in the dtype when that is not float32. */
static void draw_published(oneseed_torch_cuda *state, const char *function, const double parameters[2], double *out,
                           size_t n)
{
    oneseed_torch_dtype dtype = ONESEED_TORCH_FLOAT32;
    oneseed_status status;
    void *values = malloc(n * sizeof(double));
    assert_non_null(values);
    if (strcmp(function, "rand") == 0)
        status = oneseed_torch_cuda_rand_fill(state, dtype, values, n);
    else if (strcmp(function, "uniform") == 0)
        status = oneseed_torch_cuda_uniform_fill(state, dtype, parameters[0], parameters[1], values, n);
    else if (strcmp(function, "normal") == 0)
        status = oneseed_torch_cuda_normal_fill(state, dtype, parameters[0], parameters[1], values, n);
    else if (strcmp(function, "randint") == 0) {
        dtype = ONESEED_TORCH_FLOAT64; /* fewer than 2^28 numbers: the dtype does not count */
        status =
            oneseed_torch_cuda_randint_fill(state, dtype, (int64_t)parameters[0], (int64_t)parameters[1], values, n);
    } else {
        assert_int_equal(strncmp(function, "randn", 5), 0);
        if (strcmp(function, "randn_f64") == 0)
            dtype = ONESEED_TORCH_FLOAT64;
        else if (strcmp(function, "randn_f16") == 0)
            dtype = ONESEED_TORCH_FLOAT16;
        else
            assert_string_equal(function, "randn");
        status = oneseed_torch_cuda_randn_fill(state, dtype, values, n);
    }
    assert_int_equal(status, ONESEED_OK);
    for (size_t i = 0; i < n; i++)
        out[i] = torch_load(dtype, values, i);
    free(values);
}

/* index:value,... as torch printed them: our values, printed with as many digits, are the same text. */
static void compare_printed(const struct vector_case *c, char *list, const double *values, size_t n)
{
    for (char *rest, *item = strtok_r(list, ",", &rest); item; item = strtok_r(NULL, ",", &rest)) {
        char *printed, ours[64];
        size_t index = strtoull(item, &printed, 10);
        assert_int_equal(*printed++, ':');
        assert_true(index < n);
        const char *point = strchr(printed, '.');
        (void)snprintf(ours, sizeof ours, "%.*f", point ? (int)strlen(point + 1) : 0, values[index]);
        if (strcmp(ours, printed) != 0)
            fail_msg("line %d: element %zu is %s, published %s", c->line, index, ours, printed);
    }
}

static void test_published_values(void **context)
{
    (void)context;
    static struct vector_case c;
    FILE *file = vectors_open("torch_cuda_published.txt");
    int n_cases = 0;
    for (; vectors_next(file, &c); n_cases++) {
        assert_int_equal(c.n_fields, 8);
        size_t n = strtoull(c.fields[6], NULL, 10);
        double parameters[2] = {0};
        double *values = malloc(n * sizeof *values);
        assert_non_null(values);
        oneseed_torch_cuda state = seeded(strtoull(c.fields[3], NULL, 10), c.fields[1]);
        state.version = (uint32_t)strtoul(c.fields[2], NULL, 10);
        if (strcmp(c.fields[5], "-") != 0) {
            char *second;
            parameters[0] = strtod(c.fields[5], &second);
            parameters[1] = strtod(second + 1, NULL);
        }
        if (strcmp(c.fields[4], "-") != 0)
            draw_published(&state, c.fields[0], parameters, values, strtoull(c.fields[4], NULL, 10));
        draw_published(&state, c.fields[0], parameters, values, n);
        compare_printed(&c, c.fields[7], values, n);
        free(values);
    }
    (void)fclose(file);
    assert_true(n_cases >= 20);
}

static void test_state_bytes(void **context)
{
    (void)context;
    oneseed_torch_cuda state = seeded(0x0123456789abcdef, "a100"), other = {.version = 20600};
    float values[10];
    uint8_t bytes[ONESEED_TORCH_CUDA_STATE_BYTES];
    static const uint8_t expected[] = {0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01, 8, 0, 0, 0, 0, 0, 0, 0};
    assert_int_equal(oneseed_torch_cuda_rand_fill(&state, ONESEED_TORCH_FLOAT32, values, 10), ONESEED_OK);
    assert_int_equal(oneseed_torch_cuda_rand_fill(&state, ONESEED_TORCH_FLOAT32, values, 10), ONESEED_OK);
    oneseed_torch_cuda_get_state(&state, bytes);
    assert_memory_equal(bytes, expected, sizeof bytes);
    assert_int_equal(oneseed_torch_cuda_set_state(&other, bytes, sizeof bytes), ONESEED_OK);
    assert_int_equal(other.seed, state.seed);
    assert_int_equal(other.offset, 8);
    assert_int_equal(other.version, 20600);
    assert_int_equal(oneseed_torch_cuda_set_state(&other, bytes, 8), ONESEED_OK);
    assert_int_equal(other.offset, 0);
    assert_int_equal(oneseed_torch_cuda_set_state(&other, bytes, 12), ONESEED_TORCH_CUDA_STATE_SIZE);
    uint8_t old[800 + ONESEED_TORCH_CUDA_STATE_BYTES];
    memset(old, 0xff, 800);
    memcpy(old + 800, bytes, sizeof bytes);
    assert_int_equal(oneseed_torch_cuda_set_state(&other, old, sizeof old), ONESEED_OK);
    assert_int_equal(other.offset, 8);
    assert_int_equal(oneseed_torch_cuda_set_state(&other, old, 800), ONESEED_TORCH_CUDA_STATE_SIZE);
    assert_int_equal(oneseed_torch_cuda_set_state(&other, old, 808), ONESEED_OK);
    assert_int_equal(other.offset, 0);
    bytes[8] = 6;
    assert_int_equal(oneseed_torch_cuda_set_state(&other, bytes, sizeof bytes), ONESEED_TORCH_CUDA_OFFSET);
    assert_int_equal(other.offset, 0);
    assert_int_equal(oneseed_torch_cuda_set_offset(&other, 3), ONESEED_TORCH_CUDA_OFFSET);
    assert_int_equal(oneseed_torch_cuda_set_offset(&other, 1 << 20), ONESEED_OK);
    assert_int_equal(other.offset, 1 << 20);
}

/* How the offset moves around the GPU's number of threads. pytorch/pytorch#194676 found the border of a T4 at 40960 and that of
 * an L4 at 89088 values, pytorch/pytorch#176584 that of an RTX 4090 D at 175104 and of an H20 at 159744. */
static void test_launch_shapes(void **context)
{
    (void)context;
    static const struct {
        const char *gpu;
        uint64_t threads;
    } gpus[] = {{"t4", 40960},   {"l4", 89088},    {"rtx4090d", 175104},
                {"h20", 159744}, {"a100", 221184}, {"h200", 270336}};
    for (size_t i = 0; i < sizeof gpus / sizeof *gpus; i++) {
        oneseed_torch_cuda state = seeded(0, gpus[i].gpu);
        uint64_t cap = gpus[i].threads;
        assert_int_equal(torch_cuda_threads(&state, 1), 256);
        assert_int_equal(torch_cuda_threads(&state, 256), 256);
        assert_int_equal(torch_cuda_threads(&state, 257), 512);
        assert_int_equal(torch_cuda_threads(&state, cap - 1), cap);
        assert_int_equal(torch_cuda_threads(&state, cap), cap);
        assert_int_equal(torch_cuda_threads(&state, cap + 1), cap);
        for (unsigned unroll = 2; unroll <= 4; unroll += 2) {
            assert_int_equal(torch_cuda_increment(&state, 1, unroll), 4);
            assert_int_equal(torch_cuda_increment(&state, unroll * cap, unroll), 4);
            assert_int_equal(torch_cuda_increment(&state, unroll * cap + 1, unroll), 8);
            assert_int_equal(torch_cuda_increment(&state, 5 * unroll * cap + 1, unroll), 24);
        }
        state.version = 20300; /* counted pairs as if they were four */
        assert_int_equal(torch_cuda_increment(&state, 2 * cap + 1, 2), 4);
        assert_int_equal(torch_cuda_increment(&state, 4 * cap + 1, 2), 8);
    }
}

/* Below the smaller GPU's number of threads both draw the same, with one value more they do not. */
static void test_two_gpus(void **context)
{
    (void)context;
    static float t4[40961], l4[40961];
    for (size_t n = 40960; n <= 40961; n++) {
        oneseed_torch_cuda a = seeded(7, "t4"), b = seeded(7, "l4");
        assert_int_equal(oneseed_torch_cuda_rand_fill(&a, ONESEED_TORCH_FLOAT32, t4, n), ONESEED_OK);
        assert_int_equal(oneseed_torch_cuda_rand_fill(&b, ONESEED_TORCH_FLOAT32, l4, n), ONESEED_OK);
        assert_int_equal(memcmp(t4, l4, n * sizeof *t4) != 0, n > 40960);
    }
}

/* Each element by the words' place, written down a second time: element e of step s is word (e / T) % U of thread e % T. */
static void test_each_elements_word(void **context)
{
    (void)context;
    enum { N = 20000, T = 2048 };
    static float values[N];
    static double doubles[N];
    oneseed_torch_cuda state = {.n_sms = 2, .threads_per_sm = 1024};
    oneseed_torch_cuda_manual_seed(&state, UINT64_MAX - 4);
    assert_int_equal(oneseed_torch_cuda_set_offset(&state, ((uint64_t)1 << 34) - 4), ONESEED_OK);
    assert_int_equal(oneseed_torch_cuda_rand_fill(&state, ONESEED_TORCH_FLOAT32, values, N), ONESEED_OK);
    assert_int_equal(state.offset, ((uint64_t)1 << 34) - 4 + 4 * 3);
    for (unsigned e = 0; e < N; e++) {
        uint64_t block = ((uint64_t)1 << 32) - 1 + e / T / 4;
        const uint32_t key[2] = {0xfffffffbu, 0xffffffffu};
        const uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), e % T, 0};
        uint32_t words[4];
        oneseed_philox4x32_block(counter, key, words);
        float uniform = fmaf((float)words[e / T % 4], 0x1p-32f, 0x1p-33f);
        assert_true(values[e] == (uniform == 1.0f ? 0.0f : uniform));
    }
    state.offset = 0;
    assert_int_equal(oneseed_torch_cuda_rand_fill(&state, ONESEED_TORCH_FLOAT64, doubles, N), ONESEED_OK);
    assert_int_equal(state.offset, 4 * 5);
    for (unsigned e = 0; e < N; e++) {
        const uint32_t key[2] = {0xfffffffbu, 0xffffffffu}, counter[4] = {e / T / 2, 0, e % T, 0};
        uint32_t words[4];
        unsigned pair = e / T % 2 * 2;
        oneseed_philox4x32_block(counter, key, words);
        uint64_t bits = words[pair] ^ (uint64_t)words[pair + 1] << 21;
        double uniform = fma((double)bits, 0x1p-53, 0x1p-54);
        assert_true(doubles[e] == (uniform == 1.0 ? 0.0 : uniform));
    }
}

/* A tensor too large for indices of 32 bits is drawn in halves after words that nothing takes. */
struct piece {
    size_t first, n;
};

static void put_piece(const void *call, const uint32_t words[4], size_t index, size_t stride, unsigned n_valid)
{
    struct piece *const *at = call;
    (void)words;
    (void)stride;
    (void)n_valid;
    if ((*at)->n == 0 || index < (*at)->first)
        (*at)->first = index;
    (*at)->n++;
}

static void test_large_tensors(void **context)
{
    (void)context;
    oneseed_torch_cuda state = {.n_sms = 1 << 15, .threads_per_sm = 2048};
    struct piece piece = {0}, *at = &piece;
    /* 1 GiB of a value of 2 GiB - 1 each: four values, four pieces. */
    oneseed_torch_cuda_manual_seed(&state, 0);
    torch_cuda_draw(&state, 4, INT32_MAX, 4, put_piece, &at);
    assert_int_equal(piece.n, 4);
    assert_int_equal(state.offset, 4 + 4 * 4);
    piece.n = 0;
    state.offset = 0;
    torch_cuda_draw(&state, 4, INT32_MAX / 2 + 1, 3, put_piece, &at); /* three of them: 1, then 2 */
    assert_int_equal(state.offset, 4 + 4 * 2);
    assert_int_equal(piece.n, 3);
    piece.n = 0;
    state.offset = 0;
    torch_cuda_draw(&state, 4, INT32_MAX / 2, 3, put_piece, &at); /* the last byte that has an index */
    assert_int_equal(state.offset, 4);
}

static void test_dropout_vectors(void **context)
{
    (void)context;
    enum { N = 4096 };
    static float ones[N], kept[N];
    static uint8_t mask[N];
    for (int i = 0; i < N; i++)
        ones[i] = 1;
    oneseed_torch_cuda state = seeded(3, "h200");
    assert_int_equal(oneseed_torch_cuda_native_dropout_fill(&state, ONESEED_TORCH_FLOAT32, 0.25, ones, kept, mask, N),
                     ONESEED_OK);
    assert_int_equal(state.offset, 4);
    int n_kept = 0;
    for (unsigned i = 0; i < N; i++) { /* four neighbours are the four words of one thread */
        const uint32_t key[2] = {3, 0}, counter[4] = {0, 0, i / 4, 0};
        uint32_t words[4];
        oneseed_philox4x32_block(counter, key, words);
        bool keeps = fmaf((float)words[i % 4], 0x1p-32f, 0x1p-33f) < 0.75f;
        assert_int_equal(mask[i], keeps);
        assert_true(kept[i] == (keeps ? (float)(1.0 / 0.75) : 0.0f));
        n_kept += keeps;
    }
    assert_true(n_kept > 2950 && n_kept < 3190);
    /* One value fewer than a multiple of 2: the values of a thread lie apart, so each takes its thread's first word. */
    state = seeded(3, "h200");
    assert_int_equal(
        oneseed_torch_cuda_native_dropout_fill(&state, ONESEED_TORCH_FLOAT32, 0.25, ones, kept, mask, N - 1),
        ONESEED_OK);
    for (unsigned i = 0; i < N - 1; i++) {
        const uint32_t key[2] = {3, 0}, counter[4] = {0, 0, i, 0};
        uint32_t words[4];
        oneseed_philox4x32_block(counter, key, words);
        assert_int_equal(mask[i], fmaf((float)words[0], 0x1p-32f, 0x1p-33f) < 0.75f);
    }
    /* What draws nothing. */
    state = seeded(3, "h200");
    ones[0] = -1;
    assert_int_equal(oneseed_torch_cuda_dropout_fill(&state, ONESEED_TORCH_FLOAT32, 1, ones, kept, N), ONESEED_OK);
    assert_true(kept[0] == 0 && signbit(kept[0]) && !signbit(kept[1]));
    assert_int_equal(oneseed_torch_cuda_dropout_fill(&state, ONESEED_TORCH_FLOAT32, 0, ones, kept, N), ONESEED_OK);
    assert_memory_equal(kept, ones, sizeof kept);
    assert_int_equal(state.offset, 0);
}

static void test_bernoulli(void **context)
{
    (void)context;
    static const float p[9] = {0, 1, 0.5f, 0.5f, 1, 0, 0.25f, 0.75f, 1};
    float out[9];
    uint8_t bits[9];
    oneseed_torch_cuda state = seeded(11, "-");
    assert_int_equal(
        oneseed_torch_cuda_bernoulli_tensor_fill(&state, ONESEED_TORCH_FLOAT32, p, ONESEED_TORCH_FLOAT32, out, 9),
        ONESEED_OK);
    assert_int_equal(state.offset, 12); /* 10, rounded up */
    for (unsigned i = 0; i < 9; i++) {
        const uint32_t key[2] = {11, 0}, counter[4] = {0, 0, i / 4, 0};
        uint32_t words[4];
        oneseed_philox4x32_block(counter, key, words);
        assert_true(out[i] == (float)(fmaf((float)words[i % 4], 0x1p-32f, 0x1p-33f) <= p[i]));
    }
    state = seeded(11, "-");
    assert_int_equal(oneseed_torch_cuda_bernoulli_fill(&state, ONESEED_TORCH_BOOL, 1, bits, 9), ONESEED_OK);
    for (unsigned i = 0; i < 9; i++)
        assert_int_equal(bits[i], 1);
    assert_int_equal(state.offset, 4);
}

static void test_integers(void **context)
{
    (void)context;
    enum { N = 5000, T = 2048 };
    static int64_t wide[N];
    static int32_t narrow[N];
    oneseed_torch_cuda state = {.n_sms = 2, .threads_per_sm = 1024};
    /* Below 2^28 numbers one word of 32 bits, from there on two, whatever the dtype; before 2.7 only from 2^32 on. */
    for (int is_old = 0; is_old < 2; is_old++)
        for (int is_large = 0; is_large < 2; is_large++) {
            int64_t range = ((int64_t)1 << 28) - 1 + is_large;
            state.version = is_old ? 20600 : 0;
            oneseed_torch_cuda_manual_seed(&state, 9);
            assert_int_equal(oneseed_torch_cuda_randint_fill(&state, ONESEED_TORCH_INT32, -5, range - 5, narrow, N),
                             ONESEED_OK);
            bool has_two = is_large && !is_old;
            unsigned unroll = has_two ? 2 : 4;
            assert_int_equal(state.offset, has_two ? 8 : 4);
            for (unsigned e = 0; e < N; e++) {
                const uint32_t key[2] = {9, 0}, counter[4] = {e / T / unroll, 0, e % T, 0};
                uint32_t words[4];
                unsigned i = e / T % unroll;
                oneseed_philox4x32_block(counter, key, words);
                uint64_t word = has_two ? (uint64_t)words[2 * i] << 32 | words[2 * i + 1] : words[i];
                assert_int_equal(narrow[e], (int64_t)(word % (uint64_t)range) - 5);
            }
        }
    state.version = 0;
    state.offset = 0;
    assert_int_equal(oneseed_torch_cuda_random_from_fill(&state, ONESEED_TORCH_INT64, INT64_MIN, wide, 1), ONESEED_OK);
    const uint32_t key[2] = {9, 0}, counter[4] = {0, 0, 0, 0};
    uint32_t words[4];
    oneseed_philox4x32_block(counter, key, words);
    assert_int_equal(wide[0], (int64_t)((uint64_t)words[0] << 32 | words[1]));
    state.offset = 0;
    assert_int_equal(oneseed_torch_cuda_random_fill(&state, ONESEED_TORCH_INT64, wide, 1), ONESEED_OK);
    assert_int_equal(wide[0], (int64_t)(((uint64_t)words[0] << 32 | words[1]) & INT64_MAX));
    assert_int_equal(oneseed_torch_cuda_random_from_fill(&state, ONESEED_TORCH_INT32, INT64_MIN, narrow, 1),
                     ONESEED_TORCH_CUDA_RANDOM_FULL);
    assert_int_equal(oneseed_torch_cuda_randint_fill(&state, ONESEED_TORCH_INT32, 3, 3, narrow, 1),
                     ONESEED_TORCH_RANDOM_RANGE);
}

/* Sorted by the low bits of the keys; one permutation in ten has keys twice, and of two the island's first thread decides. */
static void test_randperm(void **context)
{
    (void)context;
    enum { N = 700 };
    static int64_t order[N];
    static uint64_t memory[3 * N], keys[N];
    static bool seen[N];
    int n_islands = 0;
    for (unsigned seed = 0; seed < 400; seed++) {
        size_t n = 1 + seed % N;
        oneseed_torch_cuda state = seeded(seed, "h200"), words = state;
        assert_int_equal(oneseed_torch_cuda_randperm_fill(&state, ONESEED_TORCH_INT64, order, n, memory), ONESEED_OK);
        assert_int_equal(state.offset, 4 + (n + 3) / 4 * 4);
        memset(seen, 0, sizeof seen);
        for (size_t i = 0; i < n; i++) {
            assert_true(order[i] >= 0 && (size_t)order[i] < n && !seen[order[i]]);
            seen[order[i]] = true;
        }
        /* The keys, of 64 random bits modulo 2^32 - 1, of which the low ones count. */
        assert_int_equal(oneseed_torch_cuda_randint_fill(&words, ONESEED_TORCH_INT64, 0, UINT32_MAX, keys, n),
                         ONESEED_OK);
        double x = (double)n;
        unsigned bits = (unsigned)ceil(log2(x - (6 * x * x + 1) / (12 * log(0.9))));
        uint64_t mask = ((uint64_t)1 << bits) - 1;
        for (size_t i = 1; i < n; i++) {
            uint64_t before = keys[order[i - 1]] & mask, after = keys[order[i]] & mask;
            assert_true(before <= after);
            if (before == after) {
                n_islands++;
                if ((i == 1 || (keys[order[i - 2]] & mask) != before) &&
                    (i + 1 == n || (keys[order[i + 1]] & mask) != before)) { /* two: exchanged by one word */
                    const uint32_t key[2] = {seed, 0}, counter[4] = {1, 0, (uint32_t)i - 1, 0};
                    uint32_t drawn[4];
                    oneseed_philox4x32_block(counter, key, drawn);
                    assert_int_equal(order[i - 1] > order[i], drawn[0] % 2 == 0);
                }
            }
        }
    }
    assert_true(n_islands > 10);
    oneseed_torch_cuda state = seeded(0, "h200");
    assert_int_equal(oneseed_torch_cuda_randperm_fill(&state, ONESEED_TORCH_UINT8, order, 257, memory),
                     ONESEED_TORCH_RANDPERM_OVERFLOW);
    assert_int_equal(oneseed_torch_cuda_randperm_fill(&state, ONESEED_TORCH_UINT8, order, 0, memory), ONESEED_OK);
    assert_int_equal(state.offset, 0);
}

/* The largest quotient of each row; samples without replacement are those behind it. */
static void test_multinomial(void **context)
{
    (void)context;
    enum { ROWS = 5, N = 40 };
    float weights[ROWS * N], exponentials[ROWS * N], again[ROWS * N];
    struct {
        double value;
        int64_t index;
    } work[N];
    int64_t one[ROWS], all[ROWS * N];
    const oneseed_torch_dtype f32 = ONESEED_TORCH_FLOAT32;
    oneseed_torch_cuda state = seeded(21, "-"), copy = state, drawing = state;
    for (int i = 0; i < ROWS * N; i++)
        weights[i] = (float)(i * 7 % 11);
    assert_int_equal(oneseed_torch_cuda_multinomial_fill(&state, f32, weights, ROWS, N, 1, 1, exponentials, work, one),
                     ONESEED_OK);
    assert_int_equal(oneseed_torch_cuda_multinomial_fill(&copy, f32, weights, ROWS, N, N, 0, exponentials, work, all),
                     ONESEED_OK);
    assert_int_equal(oneseed_torch_cuda_exponential_fill(&drawing, f32, 1, again, ROWS * N), ONESEED_OK);
    assert_memory_equal(exponentials, again, sizeof again);
    assert_int_equal(state.offset, drawing.offset);
    for (int row = 0; row < ROWS; row++) {
        const float *w = weights + row * N, *e = again + row * N;
        assert_int_equal(one[row], all[row * N]);
        for (int i = 1; i < N; i++)
            assert_true(w[all[row * N + i - 1]] / e[all[row * N + i - 1]] >= w[all[row * N + i]] / e[all[row * N + i]]);
    }
    assert_int_equal(oneseed_torch_cuda_multinomial_fill(&state, f32, weights, ROWS, N, 2, 1, exponentials, work, one),
                     ONESEED_TORCH_CUDA_MULTINOMIAL);
    weights[3] = -1;
    assert_int_equal(oneseed_torch_cuda_multinomial_fill(&state, f32, weights, ROWS, N, 1, 1, exponentials, work, one),
                     ONESEED_TORCH_MULTINOMIAL_ENTRY);
    assert_int_equal(state.offset, drawing.offset);
}

static void test_refusals(void **context)
{
    (void)context;
    static float values[4096], negative[1] = {-0.5f};
    const oneseed_torch_dtype f32 = ONESEED_TORCH_FLOAT32;
    oneseed_torch_cuda state = {0};
    oneseed_torch_cuda_manual_seed(&state, 5);
    assert_int_equal(oneseed_torch_cuda_rand_fill(&state, f32, values, 2049), ONESEED_TORCH_CUDA_SHAPE);
    assert_int_equal(oneseed_torch_cuda_rand_fill(&state, f32, values, 2048), ONESEED_OK);
    assert_int_equal(state.offset, 4);
    assert_int_equal(oneseed_torch_cuda_rand_fill(&state, ONESEED_TORCH_INT64, values, 4), ONESEED_TORCH_DTYPE);
    assert_int_equal(oneseed_torch_cuda_uniform_fill(&state, f32, 1, 0, values, 4), ONESEED_TORCH_UNIFORM_RANGE);
    assert_int_equal(oneseed_torch_cuda_uniform_fill(&state, f32, 1e39, 0, values, 4), ONESEED_TORCH_FROM_BOUNDS);
    assert_int_equal(oneseed_torch_cuda_normal_fill(&state, f32, 0, -1, values, 4), ONESEED_TORCH_STD);
    assert_int_equal(oneseed_torch_cuda_bernoulli_fill(&state, f32, 1.5, values, 4), ONESEED_TORCH_BERNOULLI_P);
    assert_int_equal(oneseed_torch_cuda_bernoulli_tensor_fill(&state, f32, negative, f32, values, 1),
                     ONESEED_TORCH_CUDA_ASSERT);
    assert_int_equal(oneseed_torch_cuda_dropout_fill(&state, f32, 2, values, values, 4), ONESEED_TORCH_DROPOUT_P);
    state.n_sms = 4;
    state.threads_per_sm = 64;
    assert_int_equal(oneseed_torch_cuda_rand_fill(&state, f32, values, 4), ONESEED_TORCH_CUDA_SHAPE);
    assert_int_equal(oneseed_torch_cuda_is_valid(&state), 0);
    assert_int_equal(state.offset, 4);
}

/* The table is in order, and whoever is in it is found. */
static void test_gpus(void **context)
{
    (void)context;
    size_t n = 0;
    for (const oneseed_gpu *gpu; (gpu = oneseed_gpu_at(n)); n++) {
        assert_ptr_equal(oneseed_gpu_find(gpu->name), gpu);
        assert_true(n == 0 || strcmp(oneseed_gpu_at(n - 1)->name, gpu->name) < 0);
        assert_true(gpu->threads_per_sm % 256 == 0 && gpu->n_sms > 0);
    }
    assert_true(n > 40);
    assert_null(oneseed_gpu_find("none"));
}

/* What torch.cuda.get_device_name() printed on such machines, and names in other letters. */
static void test_gpu_names(void **context)
{
    (void)context;
    static const char *const same[][2] = {
        {"RTX4090", "rtx4090"},
        {"H100-SXM", "h100-sxm"},
        {"NVIDIA GeForce RTX 4090", "rtx4090"},
        {"GeForce RTX 2080 Ti", "rtx2080ti"},
        {"NVIDIA GeForce RTX 3090", "rtx3090"},
        {"NVIDIA A100-SXM4-80GB", "a100"},
        {"A100-SXM4-40GB", "a100"},
        {"NVIDIA A100 80GB PCIe", "a100"},
        {"NVIDIA H100 PCIe", "h100-pcie"},
        {"nvidia h200", "h200"},
        {"NVIDIA GH200 480GB", "gh200"},
        {"Tesla V100-SXM2-16GB", "v100"},
        {"Tesla T4", "t4"},
        {"NVIDIA TITAN V", "titan-v"},
        {"TITAN V", "titan-v"},
        {"NVIDIA RTX A6000", "rtxa6000"},
        {"RTX A6000", "rtxa6000"},
        {"NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "rtx6000-blackwell"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_non_null(oneseed_gpu_find(same[i][0]));
        assert_string_equal(oneseed_gpu_find(same[i][0])->name, same[i][1]);
    }
    assert_int_equal(oneseed_gpu_find("NVIDIA H100 80GB HBM3")->n_sms, 132);
    static const char *const others[] = {"",
                                         "nvidia",
                                         "NVIDIA ",
                                         "a1",
                                         "a100x",
                                         "NVIDIA A100-SXM4-40GB MIG 1g.5gb",
                                         "NVIDIA GeForce RTX 4090 Laptop GPU",
                                         "h100 ",
                                         "NVIDIA GeForce GTX 1060 3GB"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_null(oneseed_gpu_find(others[i]));
}

/* Beyond what a double can hold, and where a power of 2 alone cannot be one. */
static void test_exp_limits(void **context)
{
    (void)context;
    assert_true(torch_cuda_exp(-745.2) == 0 && torch_cuda_exp(-800) == 0 && torch_cuda_exp(-1e300) == 0);
    assert_true(isinf(torch_cuda_exp(710)) && isinf(torch_cuda_exp(1e300)));
    assert_true(fabs(torch_cuda_exp(709.5) / exp(709.5) - 1) < 4e-16);
    assert_true(fabs(torch_cuda_exp(-740) - exp(-740)) <= 0x1p-1074);
}

/* The first four values are those of the uniforms and normals of the same words. */
static void test_continuous(void **context)
{
    (void)context;
    float u[300], z[300], values[300];
    double values_f64[300];
    int64_t counts[300];
    const oneseed_torch_dtype f32 = ONESEED_TORCH_FLOAT32;
    oneseed_torch_cuda state = seeded(1, "-");
    assert_int_equal(oneseed_torch_cuda_rand_fill(&state, f32, u, 300), ONESEED_OK);
    state.offset = 0;
    assert_int_equal(oneseed_torch_cuda_randn_fill(&state, f32, z, 300), ONESEED_OK);
    state.offset = 0;
    assert_int_equal(oneseed_torch_cuda_exponential_fill(&state, f32, 2.5, values, 300), ONESEED_OK);
    for (int i = 0; i < 300; i++)
        assert_true(fabs((double)values[i] + log((double)u[i]) / 2.5) < 1e-6);
    state.offset = 0;
    assert_int_equal(oneseed_torch_cuda_cauchy_fill(&state, f32, 1, 2, values, 300), ONESEED_OK);
    for (int i = 0; i < 300; i++) {
        double expected = 1 + 2 * tan(3.14159265358979323846 * ((double)u[i] - 0.5));
        assert_true(fabs((double)values[i] - expected) < 1e-4 * (1 + expected * expected));
    }
    state.offset = 0;
    assert_int_equal(oneseed_torch_cuda_log_normal_fill(&state, f32, 1, 2, values, 300), ONESEED_OK);
    for (int i = 0; i < 300; i++)
        assert_true(fabs((double)values[i] / exp(2 * (double)z[i] + 1) - 1) < 1e-5);
    state.offset = 0;
    assert_int_equal(oneseed_torch_cuda_geometric_fill(&state, ONESEED_TORCH_INT64, 0.25, counts, 300), ONESEED_OK);
    for (int i = 0; i < 300; i++)
        assert_int_equal(counts[i], (int64_t)ceil(log((double)u[i]) / log(0.75)));
    assert_int_equal(state.offset, 4);
    state.offset = 0;
    assert_int_equal(oneseed_torch_cuda_exponential_fill(&state, ONESEED_TORCH_FLOAT64, 1, values_f64, 300),
                     ONESEED_OK);
    for (int i = 0; i < 300; i++)
        assert_true(values_f64[i] > 0 && values_f64[i] < 38);
    assert_int_equal(oneseed_torch_cuda_exponential_fill(&state, f32, 0, values, 3), ONESEED_TORCH_EXPONENTIAL_LAMBDA);
    assert_int_equal(oneseed_torch_cuda_cauchy_fill(&state, f32, 0, 0, values, 3), ONESEED_TORCH_CAUCHY_SIGMA);
    assert_int_equal(oneseed_torch_cuda_log_normal_fill(&state, f32, 0, 0, values, 3), ONESEED_TORCH_LOG_NORMAL_STD);
    assert_int_equal(oneseed_torch_cuda_geometric_fill(&state, f32, 1, values, 3), ONESEED_TORCH_GEOMETRIC_P);
}

/* Close to libm's everywhere: a wrong coefficient or a wrong quadrant would show. */
static void test_functions(void **context)
{
    (void)context;
    for (uint32_t i = 0; i < 200000; i++) {
        float u = torch_cuda_f32(i * 21475u), sine_f32, cosine_f32;
        double x = torch_cuda_f64(i * 2654435761u, i * 40503u), sine, cosine, angle = 6.283185307179586477 * x;
        assert_true(fabs((double)torch_cuda_logf(u) - log((double)u)) <= 1.2e-7 * fabs(log((double)u)) + 1e-12);
        assert_true(fabs(torch_cuda_log(x) - log(x)) <= 2.3e-16 * fabs(log(x)));
        assert_true(fabs(torch_cuda_log1p(-x) - log1p(-x)) <= 4.5e-16 * fabs(log1p(-x)));
        assert_true(fabs(torch_cuda_exp(1400 * x - 700) - exp(1400 * x - 700)) <= 3.4e-16 * exp(1400 * x - 700));
        double tangent = tan(3.14159265358979323846 * (x - 0.5));
        assert_true(fabs(torch_cuda_tan(3.14159265358979323846 * (x - 0.5)) - tangent) <= 4.5e-16 * fabs(tangent));
        assert_true(fabs((double)torch_cuda_fast_expf(u - 90) - exp((double)(u - 90))) <= 8e-6 * exp((double)(u - 90)));
        torch_cuda_sincospi(2 * x, &sine, &cosine);
        assert_true(fabs(sine - sin(angle)) < 1e-15 && fabs(cosine - cos(angle)) < 1e-15);
        torch_cuda_fast_sincosf((float)angle, &sine_f32, &cosine_f32);
        assert_true(fabs((double)sine_f32 - sin((double)(float)angle)) < 8e-7);
        assert_true(fabs((double)cosine_f32 - cos((double)(float)angle)) < 8e-7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_values),
        cmocka_unit_test(test_state_bytes),
        cmocka_unit_test(test_launch_shapes),
        cmocka_unit_test(test_two_gpus),
        cmocka_unit_test(test_each_elements_word),
        cmocka_unit_test(test_large_tensors),
        cmocka_unit_test(test_dropout_vectors),
        cmocka_unit_test(test_bernoulli),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_multinomial),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_randperm),
        cmocka_unit_test(test_gpus),
        cmocka_unit_test(test_gpu_names),
        cmocka_unit_test(test_functions),
        cmocka_unit_test(test_exp_limits),
        cmocka_unit_test(test_continuous),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
