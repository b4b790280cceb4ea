/* channels.c - the names of the channels.
 * SPDX-License-Identifier: MIT */
#include <string.h> /* strcmp, strcat */

#include "check/check.h" /* enum channel */

static const char *const names[] = {
    [CHANNEL_UNSEEDED_RNG] = "unseeded-rng",
    [CHANNEL_CHILD_PROCESS] = "child-process",
    [CHANNEL_HASH_SEED] = "hash-seed",
    [CHANNEL_ADDRESS] = "address",
    [CHANNEL_OS_ENTROPY] = "os-entropy",
    [CHANNEL_CLOCK] = "clock",
    [CHANNEL_FILE_ORDER] = "file-order",
    [CHANNEL_FILE_CONTENT] = "file-content",
    [CHANNEL_ENVIRONMENT] = "environment",
    [CHANNEL_THREAD_ORDER] = "thread-order",
    [CHANNEL_OP] = "op",
    [CHANNEL_UNINITIALISED_MEMORY] = "uninitialised-memory",
    [CHANNEL_DRAW_COUNT] = "draw-count",
    [CHANNEL_UNKNOWN] = "unknown",
};

const char *channel_name(enum channel channel)
{
    return channel == CHANNEL_NONE ? "none" : names[channel];
}

enum channel channel_parse(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return (enum channel)i;
    return CHANNEL_NONE;
}

const char *channel_set_text(channel_set set, char *buffer)
{
    buffer[0] = '\0';
    for (int i = 0; i < CHANNEL_CONTROLLED; i++)
        if (set & CHANNEL_BIT(i)) {
            if (buffer[0])
                strcat(buffer, ","); /* all names with commas are 145 bytes: they fit CHANNEL_SET_TEXT */
            strcat(buffer, names[i]);
        }
    return buffer;
}
