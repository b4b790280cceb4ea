/* python_hash.h - hash(float) and the decoding of UTF-8, for the files of the dialect `python`.
 * SPDX-License-Identifier: MIT */
#ifndef ONESEED_DIALECTS_PYTHON_HASH_H
#define ONESEED_DIALECTS_PYTHON_HASH_H

#include <stdbool.h> /* bool */
#include <stddef.h>  /* size_t */
#include <stdint.h>  /* uint32_t */

/* hash(x); of a NaN 0, as up to 3.9. */
int64_t python_hash_f64(double x);

/* The first code point of a text and its length in bytes; 0 when it is not UTF-8 (n_bytes is at least 1). Surrogates are let
 * through when asked for, as Python's "surrogatepass" writes them. */
size_t python_decode(const char *utf8, size_t n_bytes, bool with_surrogates, uint32_t *code_out);

#endif
