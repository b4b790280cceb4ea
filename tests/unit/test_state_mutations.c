/* test_state_mutations.c - damaged files of states: every cut of each seed, and 100000 mutations; each is read or refused in one line.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h> /* cmocka.h needs these four */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* assert_int_equal */
#include <dirent.h> /* opendir */
#include <stdio.h>  /* fopen */
#include <stdlib.h> /* malloc */
#include <string.h> /* memcpy */

#include "state/state.h" /* state_read */

enum { MAX_SEEDS = 128, N_MUTATIONS = 100000 };

struct seed {
    char name[64];
    uint8_t *bytes;
    size_t n;
};

static struct seed seeds[MAX_SEEDS];
static size_t n_seeds;

static void load(const char *name)
{
    char path[512];
    struct seed *seed = &seeds[n_seeds];
    (void)snprintf(path, sizeof path, TESTS_FOLDER "/fuzz/state/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    seed->bytes = malloc(1 << 16);
    assert_non_null(seed->bytes);
    seed->n = fread(seed->bytes, 1, 1 << 16, file);
    assert_true(seed->n > 0 && seed->n < 1 << 16);
    (void)snprintf(seed->name, sizeof seed->name, "%.60s", name);
    fclose(file);
    n_seeds++;
}

static int set_up(void **state)
{
    (void)state;
    DIR *folder = opendir(TESTS_FOLDER "/fuzz/state");
    if (!folder)
        return -1;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.' && n_seeds < MAX_SEEDS)
            load(entry->d_name);
    }
    closedir(folder);
    return n_seeds > 50 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    while (n_seeds > 0)
        free(seeds[--n_seeds].bytes);
    return 0;
}

static void count(void *context, const char *name, const struct state *state)
{
    size_t *n = context;
    assert_true(strlen(name) < STATE_NAME_NBYTES);
    assert_true(state->source == STATE_TORCH_CUDA || oneseed_numpy_is_valid(&state->generator));
    ++*n;
}

/* From a copy of just this length, so that a sanitizer sees every byte beyond. True: it was read. */
static bool reads(const uint8_t *bytes, size_t n, const char *member)
{
    uint8_t *copy = malloc(n > 0 ? n : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, n);
    struct state state;
    memset(&state, 0xca, sizeof state);
    struct state before = state;
    char error[STATE_ERROR_NBYTES];
    size_t n_listed = 0;
    bool is_listed = state_visit_all(copy, n, count, &n_listed, error);
    assert_true(is_listed ? n_listed > 0 && error[0] == '\0' : error[0] != '\0' && !strchr(error, '\n'));
    bool ok = state_read(copy, n, member, &state, error);
    assert_true(!ok || is_listed);
    free(copy);
    if (ok) {
        assert_string_equal(error, "");
        assert_true(state.source == STATE_TORCH_CUDA || oneseed_numpy_is_valid(&state.generator));
    } else {
        assert_true(error[0] != '\0' && !strchr(error, '\n'));
        assert_memory_equal(&state, &before, sizeof state);
    }
    return ok;
}

static void test_seeds_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_seeds; i++) {
        const char *member = strcmp(seeds[i].name, "several.zip") == 0        ? "cuda.0"
                             : strncmp(seeds[i].name, "checkpoint.", 11) == 0 ? "rng.torch.cuda.0"
                                                                              : NULL;
        if (!reads(seeds[i].bytes, seeds[i].n, member))
            fail_msg("%s was not read", seeds[i].name);
    }
}

/* Text may be cut where it is still text; every other file ends before its end. */
static void test_cut_files_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_seeds; i++) {
        size_t step = seeds[i].n > 2000 ? seeds[i].n / 500 : 1;
        for (size_t n = 0; n < seeds[i].n; n += step) {
            if (reads(seeds[i].bytes, n, NULL) && n != 16) /* 16 bytes are a CUDA state */
                fail_msg("the first %zu bytes of %s were read", n, seeds[i].name);
        }
    }
}

static uint64_t random_word(oneseed_sfc64 *random)
{
    return oneseed_sfc64_next_u64(random);
}

static void mutate(oneseed_sfc64 *random, uint8_t *bytes, size_t *n)
{
    static const uint8_t likely[] = {0,   1,   0x7f, 0x80, 0xff, '(',  ')', '.', 'R', 'b',
                                     'c', 't', 'h',  'q',  0x93, 0x94, '0', '9', '[', ','};
    size_t at = random_word(random) % *n, length = 1 + random_word(random) % 16;
    if (length > *n - at)
        length = *n - at;
    switch (random_word(random) % 5) {
    case 0: /* a bit */
        bytes[at] ^= (uint8_t)(1 << random_word(random) % 8);
        break;
    case 1: /* a byte that means something */
        bytes[at] = likely[random_word(random) % sizeof likely];
        break;
    case 2: /* a number */
        for (size_t k = 0; k < length && k < 4; k++)
            bytes[at + k] = (uint8_t)(random_word(random) % 3 == 0 ? 0xff : 0);
        break;
    case 3: /* left out */
        memmove(bytes + at, bytes + at + length, *n - at - length);
        *n -= length;
        break;
    default: /* twice */
        memmove(bytes + at + length, bytes + at, *n - at);
        *n += length;
    }
    if (*n == 0)
        *n = 1;
}

static void test_mutated_files(void **state)
{
    (void)state;
    static uint8_t bytes[(1 << 16) + 64];
    static const uint64_t seed[3] = {20261122, 7, 1};
    oneseed_sfc64 random;
    oneseed_sfc64_seed(&random, seed);
    size_t n_read = 0;
    for (int i = 0; i < N_MUTATIONS; i++) {
        const struct seed *from = &seeds[random_word(&random) % n_seeds];
        size_t n = from->n;
        memcpy(bytes, from->bytes, n);
        for (uint64_t k = 1 + random_word(&random) % 4; k > 0; k--)
            mutate(&random, bytes, &n);
        n_read += reads(bytes, n, NULL);
    }
    assert_true(n_read > N_MUTATIONS / 50 &&
                n_read < N_MUTATIONS); /* the mutations are neither harmless nor hopeless */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seeds_are_read),
        cmocka_unit_test(test_cut_files_are_refused),
        cmocka_unit_test(test_mutated_files),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
