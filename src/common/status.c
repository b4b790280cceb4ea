/* status.c - the message of each status.
 * SPDX-License-Identifier: MIT */
#include "oneseed.h" /* ONESEED_STATUSES */

static const char *const texts[] = {
#define TEXT(name, text) (text),
    ONESEED_STATUSES(TEXT)
#undef TEXT
};

const char *oneseed_status_text(oneseed_status status)
{
    return (unsigned)status < ONESEED_N_STATUSES ? texts[status] : "not a status";
}

/* Statuses whose text for arrays is another. Of a lam that is NaN NumPy says in an array that it is too large. */
static const struct {
    oneseed_status status;
    const char *text;
} array_texts[] = {
    {ONESEED_NUMPY_RANGE_NOT_FINITE, "Range exceeds valid bounds"},
    {ONESEED_NUMPY_NSAMPLE_BELOW_1, "nsample < 1 or nsample contains NaNs"},
    {ONESEED_NUMPY_A_NOT_ABOVE_1, "a <= 1 or a contains NaNs"},
    {ONESEED_NUMPY_LAM_NAN, "lam value too large"},
    {ONESEED_NUMPY_LAM_NEGATIVE, "lam < 0 or lam contains NaNs"},
    {ONESEED_NUMPY_P_NOT_0_TO_1, "p < 0, p > 1 or p contains NaNs"},
    {ONESEED_NUMPY_P_NOT_0_TO_BELOW_1, "p < 0, p >= 1 or p contains NaNs"},
};

const char *oneseed_status_array_text(oneseed_status status)
{
    for (size_t i = 0; i < sizeof array_texts / sizeof *array_texts; i++)
        if (array_texts[i].status == status)
            return array_texts[i].text;
    return oneseed_status_text(status);
}
