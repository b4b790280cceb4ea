/* fuzz_draw.c - the lines of `oneseed draw`: any text ends in an answer or in one line of error (libFuzzer).
 * SPDX-License-Identifier: MIT */
#include <stddef.h> /* size_t */
#include <stdint.h> /* uint8_t */
#include <stdlib.h> /* abort */
#include <string.h> /* strchr */

#include "draw/draw.h" /* draw_run */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool write_nowhere(void *context, const char *bytes, size_t nbytes)
{
    size_t *sum = context;
    for (size_t i = 0; i < nbytes; i++) /* every byte is read: a sanitizer sees those that are not there */
        *sum += (unsigned char)bytes[i];
    return true;
}

static void aside(void *context, const char *bytes, size_t nbytes)
{
    (void)write_nowhere(context, bytes, nbytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t sum = 0;
    char error[1024] = "";
    if (size == 0)
        return 0;
    /* The first byte: settings. */
    struct draw_settings settings = {
        .numpy_version = data[0] & 64 ? 12600 : 0,
        .python_version = data[0] & 32 ? 310 : 0,
        .has_fma_products = (data[0] & 128) != 0,
        .has_hash_seed = (data[0] & 16) != 0,
        .keras_backend = data[0] >> 5 & 3,
        .format = (draw_format)((data[0] & 7) % 6),
        .explain = (data[0] & 8) != 0,
        .max_nbytes = 4 << 20,
        .max_n_steps = 20000,
        .write = write_nowhere,
        .aside = aside,
        .context = &sum,
    };
    draw_result result = draw_run(&settings, (const char *)data + 1, size - 1, error, sizeof error);
    if (result == DRAW_NOT_WRITTEN || (result == DRAW_FAILED && (error[0] == '\0' || strchr(error, '\n'))))
        abort();
    return 0;
}
