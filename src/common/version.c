/* version.c - the version, from the header's macros.
 * SPDX-License-Identifier: MIT */
#include "oneseed.h" /* ONESEED_VERSION_* */

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

const char *oneseed_version(void)
{
    return TEXT(ONESEED_VERSION_MAJOR) "." TEXT(ONESEED_VERSION_MINOR) "." TEXT(ONESEED_VERSION_PATCH);
}
