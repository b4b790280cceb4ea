/* fuzz_state.c - the readers of states on arbitrary bytes (libFuzzer), and every form of what they take.
 * SPDX-License-Identifier: MIT
 *
 * What was read goes into each form that holds it, and comes back as it was. */
#include <stddef.h> /* size_t */
#include <stdint.h> /* uint8_t */
#include <stdlib.h> /* abort, free */
#include <string.h> /* strchr, strstr */

#include "state/state.h" /* state_read */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const members[] = {"python", "numpy", "cpu", "cuda.0", "0", "0.0"};

static void check_line(const char *line)
{
    if (line[0] == '\0' || strchr(line, '\n'))
        abort();
}

static void check_same(const struct state *a, const struct state *b)
{
    struct state_distance distance;
    if (!state_distance(a, b, 0, &distance) ||
        (distance.kind != DISTANCE_FOUND && a->generator.kind != ONESEED_NUMPY_PHILOX) ||
        (distance.kind == DISTANCE_FOUND &&
         (distance.words[0] | distance.words[1] | distance.words[2] | distance.words[3]) != 0))
        abort();
    if (a->generator.has_uint32 != b->generator.has_uint32 || a->generator.uinteger != b->generator.uinteger)
        abort();
}

/* Into the form, and read again. */
static void go_through(const struct state *state, enum state_target target)
{
    char text[STATE_ERROR_NBYTES];
    uint8_t *bytes;
    size_t n;
    struct state again;
    if (!state_write(state, target, &bytes, &n, text)) {
        check_line(text);
        return;
    }
    if (target != TARGET_C) {
        if (!state_read(bytes, n, NULL, &again, text))
            abort();
        if (target == TARGET_JSON || target == TARGET_NUMPY_GENERATOR)
            check_same(state, &again);
        if (target == TARGET_JSON &&
            (again.source != state->source || again.seed != state->seed || again.offset != state->offset ||
             again.generator.has_gauss != state->generator.has_gauss ||
             again.has_float_normal != state->has_float_normal))
            abort();
    }
    free(bytes);
}

/* `choice` chooses one form: all of them would take most of the time. */
static void use(const struct state *state, size_t choice)
{
    struct state copy = *state;
    struct state_seed seed;
    unsigned bits;
    if (state->source != STATE_TORCH_CUDA) {
        for (int i = 0; i < 8; i++)
            (void)state_next_word(&copy, &bits);
        (void)state_next_double(&copy);
        if (state->generator.kind == ONESEED_NUMPY_MT19937)
            state_find_seed(&state->generator.engine.mt19937, 624, &seed);
    }
    enum state_target target = (enum state_target)(choice % N_TARGETS);
    if (target != TARGET_TORCH || state->source == STATE_TORCH) /* others look far back for torch's seed */
        go_through(state, target);
}

static void visit(void *choice, const char *name, const struct state *state)
{
    (void)name;
    use(state, *(const size_t *)choice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[STATE_ERROR_NBYTES];
    struct state state;
    if (state_read(data, size, NULL, &state, error))
        use(&state, size);
    else
        check_line(error);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (!strstr(error, "--member"))
            break;
        if (state_read(data, size, members[i], &state, error))
            use(&state, size);
        else
            check_line(error);
    }
    if (!state_visit_all(data, size, visit, &size, error))
        check_line(error);
    return 0;
}
