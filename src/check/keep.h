/* keep.h - keeps a working directory's files as they are, to put them back before a later run.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_KEEP_H
#define ONESEED_CHECK_KEEP_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */

struct keep;

/* Copies `directory` (regular files; not .git, __pycache__, virtual environments, node_modules) into `store` as long as
 * it holds at most 4,096 files and 64 MiB; above that only the list of names is kept and changed files cannot be put
 * back. Never fails: keep_complete tells. */
struct keep *keep_make(const char *directory, const char *store);
bool keep_complete(const struct keep *keep);
void keep_free(struct keep *keep); /* accepts NULL; the store is the caller's */

/* Puts each of the paths back: content as kept, or removed when it was not there. Paths outside the directory and those
 * that were not kept are left alone. Gives the number that could not be put back. */
size_t keep_put_back(const struct keep *keep, char *const *paths, size_t n_paths);

#endif
