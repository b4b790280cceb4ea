/* vary.c - what `--vary` can change on purpose.
 * SPDX-License-Identifier: MIT */
#include "check/vary.h" /* struct vary */

#include <stdlib.h> /* free */
#include <string.h> /* strcspn */

#include "common/array.h" /* text_format */

const struct vary vary_table[] = {
    {"hash-seed", CHANNEL_HASH_SEED, "hash-seed:1", "hash-seed:2", "Python's hash seed"},
    {"file-order", CHANNEL_FILE_ORDER, NULL, "file-order:reverse", "order of directory listings"},
    {"threads", CHANNEL_OP, "threads:1", "threads:3", "threads of OpenMP, MKL and OpenBLAS"},
    {"clock", CHANNEL_CLOCK, NULL, "clock:+34567890", "the clock, 400 days ahead"},
    {"address", CHANNEL_ADDRESS, "address:fixed", "address:random", "address randomisation"},
    {"memory", CHANNEL_UNINITIALISED_MEMORY, VARY_MEMORY_ZERO, VARY_MEMORY_OTHER,
     "what lies in memory that nobody wrote"},
    {"locale", CHANNEL_ENVIRONMENT, "locale:C", "locale:C.UTF-8", "the locale"},
    {"cpu", CHANNEL_OP, NULL, "cpu:default", "CPU capability that the libraries use"},
    {"workers", CHANNEL_ENVIRONMENT, NULL, "workers:1", "number of CPUs that the program sees"},
    {NULL, CHANNEL_NONE, NULL, NULL, NULL},
};

static const struct vary *find(const char *name, size_t length)
{
    for (const struct vary *vary = vary_table; vary->name; vary++)
        if (strlen(vary->name) == length && strncmp(vary->name, name, length) == 0)
            return vary;
    return NULL;
}

const struct vary *vary_next(const char **list)
{
    static const char *const all = "hash-seed,file-order,threads,clock,address,memory,locale,cpu,workers";
    const struct vary *vary;
    size_t length;

    if (!*list || !**list)
        return NULL;
    if (strcmp(*list, "all") == 0)
        *list = all;
    length = strcspn(*list, ",");
    vary = find(*list, length);
    *list += length + ((*list)[length] == ',');
    return vary;
}

char *vary_unknown(const char *list)
{
    if (strcmp(list, "all") == 0)
        return NULL;
    for (;;) {
        size_t length = strcspn(list, ",");
        if (!find(list, length))
            return text_format("%.*s", (int)length, list);
        if (!list[length])
            return NULL;
        list += length + 1;
    }
}
