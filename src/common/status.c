/* status.c - the message of each status.
 * SPDX-License-Identifier: MIT */
#include "oneseed.h" /* ONESEED_STATUSES */

static const char *const texts[] = {
#define TEXT(name, text) text,
    ONESEED_STATUSES(TEXT)
#undef TEXT
};

const char *oneseed_status_text(oneseed_status status)
{
    return (unsigned)status < ONESEED_N_STATUSES ? texts[status] : "not a status";
}
