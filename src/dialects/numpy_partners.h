/* numpy_partners.h - with whom a shuffle exchanges, of words that were made in bulk. SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_NUMPY_PARTNERS_H
#define ONESEED_DIALECTS_NUMPY_PARTNERS_H

#include <stddef.h> /* size_t */
#include <stdint.h> /* uint32_t */

enum { NUMPY_PARTNERS_SPARE = 16 }; /* what is written behind the last partner */

struct numpy_partners {
    size_t n_words, n; /* taken, made */
};

/* Partners of the positions from one down, by masked rejection: each word makes one, or none. n_words is `position` at most. Gives their
 * number; there is room for n_words and NUMPY_PARTNERS_SPARE of them. */
size_t numpy_choose_partners(const uint32_t *words, size_t n_words, uint32_t position, uint32_t *partners);

#endif
