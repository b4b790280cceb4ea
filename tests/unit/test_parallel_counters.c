/* test_parallel_counters.c - JAX's and TensorFlow's values on threads are those of one.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* assert_int_equal */
#include <stdlib.h> /* malloc */
#include <string.h> /* memset */

#include "oneseed.h"

enum { LONGEST = 65571 };
static char *one, *many;
static unsigned n_runs;

static void run_backward(const oneseed_threads *threads, size_t n_jobs, void (*job)(void *, size_t), void *argument)
{
    (void)threads;
    n_runs++;
    while (n_jobs > 0)
        job(argument, --n_jobs);
}

static const size_t lengths[] = {0, 1, 32767, 32768, LONGEST};
enum { N_LENGTHS = sizeof lengths / sizeof *lengths };

/* `plain` and `parallel` are calls with `out`, `n` and `threads`, of values of `size` bytes. */
#define SAME(size, plain, parallel)                                                                                    \
    for (size_t i = 0; i < N_LENGTHS; i++)                                                                             \
        for (size_t n_threads = 2; n_threads <= 7; n_threads += 5) {                                                   \
            oneseed_threads ready = oneseed_pthreads(n_threads), backward = {n_threads, run_backward, NULL};           \
            const oneseed_threads *threads = n_threads == 2 ? &backward : &ready;                                      \
            size_t n = lengths[i];                                                                                     \
            char *out = one;                                                                                           \
            memset(one, 0x55, LONGEST * 8);                                                                            \
            memset(many, 0x55, LONGEST * 8);                                                                           \
            oneseed_status expected = (plain);                                                                         \
            out = many;                                                                                                \
            assert_int_equal((parallel), expected);                                                                    \
            (void)threads;                                                                                             \
            assert_memory_equal(one, many, n *(size) + 64 < LONGEST * 8 ? n * (size) + 64 : LONGEST * 8);              \
        }

static void test_jax(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 2, 4, 8};
    for (uint32_t is_original = 0; is_original < 2; is_original++)
        for (uint32_t impl = ONESEED_JAX_THREEFRY2X32; impl <= ONESEED_JAX_THREEFRY4X32; impl++) {
            oneseed_jax_key key = {.impl = impl, .is_original = is_original};
            oneseed_jax_key_seed(&key, 17);
            for (unsigned width = 8; width <= 64; width *= 2)
                SAME(width / 8, oneseed_jax_bits_fill(&key, width, out, n),
                     oneseed_jax_bits_fill_parallel(&key, width, out, n, threads))
            if (impl != ONESEED_JAX_THREEFRY2X32 && is_original)
                continue;
            for (int dtype = ONESEED_JAX_BFLOAT16; dtype <= ONESEED_JAX_FLOAT64; dtype++) {
                oneseed_jax_dtype of = (oneseed_jax_dtype)dtype;
                SAME(sizes[dtype], oneseed_jax_uniform_fill(&key, of, -1, 3, out, n),
                     oneseed_jax_uniform_fill_parallel(&key, of, -1, 3, out, n, threads))
                SAME(sizes[dtype], oneseed_jax_normal_fill(&key, of, out, n),
                     oneseed_jax_normal_fill_parallel(&key, of, out, n, threads))
            }
        }
}

static void test_tensorflow(void **state)
{
    (void)state;
    oneseed_tensorflow_philox place;
    oneseed_tensorflow_stateless_seed(&place, 3, -4);
    place.counter[0] = UINT32_MAX - 20000; /* a carry within */
    for (int dtype = ONESEED_TENSORFLOW_BFLOAT16; dtype <= ONESEED_TENSORFLOW_UINT64; dtype++) {
        oneseed_tensorflow_dtype of = (oneseed_tensorflow_dtype)dtype;
        size_t size = oneseed_tensorflow_dtype_size(of);
#define SAME_AS(name, ...)                                                                                             \
    SAME(size, oneseed_tensorflow_##name##_fill(&place, __VA_ARGS__, out, n),                                          \
         oneseed_tensorflow_##name##_fill_parallel(&place, __VA_ARGS__, out, n, threads))
        SAME_AS(uniform, of)
        SAME_AS(uniform_range, of, -2, 5)
        SAME_AS(uniform_int, of, -5, 1000)
        SAME_AS(uniform_full_int, of)
        SAME_AS(normal, of, 1, 2)
        SAME_AS(xla_uniform, of, -2, 5)
        SAME_AS(xla_normal, of, 1, 2)
    }
}

static void test_refusals(void **state)
{
    (void)state;
    oneseed_threads threads = oneseed_pthreads(2);
    oneseed_tensorflow_philox place;
    oneseed_jax_key key = {.impl = ONESEED_JAX_THREEFRY2X32};
    oneseed_tensorflow_stateless_seed(&place, 3, -4);
    oneseed_jax_key_seed(&key, 17);
    assert_int_equal(
        oneseed_tensorflow_uniform_int_fill_parallel(&place, ONESEED_TENSORFLOW_INT32, 5, 5, many, LONGEST, &threads),
        ONESEED_TENSORFLOW_BOUNDS);
    assert_int_equal(oneseed_jax_bits_fill_parallel(&key, 12, many, LONGEST, &threads), ONESEED_JAX_WIDTH);
    assert_int_equal(oneseed_jax_normal_fill_parallel(&key, ONESEED_JAX_INT8, many, LONGEST, &threads),
                     ONESEED_JAX_FLOAT_DTYPE);
    assert_true(n_runs > 0); /* the thread function of the tests above was asked */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jax),
        cmocka_unit_test(test_tensorflow),
        cmocka_unit_test(test_refusals),
    };
    one = malloc((size_t)LONGEST * 8);
    many = malloc((size_t)LONGEST * 8);
    int n_failed = one && many ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    free(one);
    free(many);
    return n_failed;
}
