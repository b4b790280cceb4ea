/* fuzz_failure.c - the last lines of a run that failed, as whatever bytes they are.
 * SPDX-License-Identifier: MIT */
#include <stdint.h> /* uint8_t */
#include <stdlib.h> /* malloc */
#include <string.h> /* memcpy */

#include "common/utf8.h" /* utf8_is_valid */
#include "scan/failure.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    /* Two bytes say how much room there is, and the exit status: the words must fit, and be one line that a terminal can show. */
    if (n < 2)
        return 0;
    size_t room = 8 + data[0];
    char *tail = malloc(n - 1), *words = malloc(room);
    if (!tail || !words)
        abort();
    memcpy(tail, data + 2, n - 2);
    tail[n - 2] = '\0';
    (void)failure_words(tail, data[1], "/tmp/a", words, room);
    if (strlen(words) >= room || !utf8_is_valid(words) || strpbrk(words, "\n\r\t\033"))
        abort();
    failure_last_line(tail, words, room);
    if (strlen(words) >= room || !utf8_is_valid(words) || strpbrk(words, "\n\r\t\033"))
        abort();
    free(tail);
    free(words);
    return 0;
}
