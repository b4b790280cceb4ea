/* place.h - from the site text of a trace to a line of the user's code.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_CHECK_PLACE_H
#define ONESEED_CHECK_PLACE_H

#include <stdbool.h> /* bool */

#include "check/check.h" /* struct check_place */

/* Is a site on a line of the user's? Not when it is empty, has library frames only ("|..."), or lies in a shared library
 * outside the working directory. */
bool place_is_users(const char *site);

/* "file:line:function|library frame", or "module+0xoffset" (resolved with the module's debug information by addr2line,
 * when that is installed). False when nothing was found: *place_out is then empty. */
bool place_find(const char *site, struct check_place *place_out);
void place_clear(struct check_place *place);
struct check_place place_copy(const struct check_place *place);

/* Same file and line? */
bool place_same(const struct check_place *a, const struct check_place *b);

#endif
